-- +goose Up
-- A skip ends after an hour: it needs its moment. Older skips have ended.
ALTER TABLE case_skips ADD COLUMN at BIGINT NOT NULL DEFAULT 0;
