-- +goose Up
-- Her newest leaf when an act was prepared: a no that was logged after it is newer than the signature.
ALTER TABLE preparations ADD COLUMN newest BIGINT NOT NULL DEFAULT 0;
