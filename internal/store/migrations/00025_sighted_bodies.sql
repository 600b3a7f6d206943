-- +goose Up
-- Where a face or voice alone was found, apart from what names, pictures and sounds found: who stops
-- being compared takes the one back and keeps the other.
ALTER TABLE sightings ADD COLUMN bodies TEXT NOT NULL DEFAULT '[]';
UPDATE sightings SET bodies = fields, fields = '[]' WHERE found_by IN ('face','voice');
