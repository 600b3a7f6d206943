-- +goose Up
-- How far what was out before a protection was registered was looked through for it: the id of the
-- last version, '~', which is behind every id, at the end.
ALTER TABLE protections ADD COLUMN looked TEXT NOT NULL DEFAULT '';
