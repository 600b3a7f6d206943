-- +goose Up
-- Screening looks a photo up by its bytes.
CREATE INDEX assets_hash ON assets (hash);
