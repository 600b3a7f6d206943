-- +goose Up
-- How far who applied was identified, and how each file was handed over.
ALTER TABLE waivers ADD COLUMN identity TEXT NOT NULL DEFAULT 'account';
ALTER TABLE deliveries ADD COLUMN channel TEXT NOT NULL DEFAULT 'download';
