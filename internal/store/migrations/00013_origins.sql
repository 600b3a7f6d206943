-- +goose Up
-- What is kept of the Content Credentials a picture came in with, by its hash; '' for none.
ALTER TABLE assets ADD COLUMN credentials TEXT NOT NULL DEFAULT '';
