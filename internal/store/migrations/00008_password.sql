-- +goose Up
-- When a password was last changed: sessions from before it are over.
ALTER TABLE accounts ADD COLUMN password_at BIGINT NOT NULL DEFAULT 0;
