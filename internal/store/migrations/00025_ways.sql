-- +goose Up
-- Each way a protection was found in a version, and where: what a face or voice found is forgotten
-- with the consent to it, and the rest stays.
ALTER TABLE sightings ADD COLUMN found TEXT NOT NULL DEFAULT '[]';
UPDATE sightings SET found = '[{"by":"' || found_by || '","fields":' || fields || '}]';
ALTER TABLE sightings DROP COLUMN found_by;
ALTER TABLE sightings DROP COLUMN fields;
