-- +goose Up
-- What an upheld claim removed may have a sound, which others' are compared with.
ALTER TABLE claims ADD COLUMN sound TEXT NOT NULL DEFAULT ''; -- SHA-256, hexadecimal
CREATE INDEX claims_sound ON claims (id) WHERE state = 'upheld' AND sound <> '';
