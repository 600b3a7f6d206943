-- +goose Up
-- What changed a draft: a person's typing, or something she let the machine do.
ALTER TABLE edits ADD COLUMN act TEXT NOT NULL DEFAULT 'edit';
