-- +goose Up
-- A note may carry one sound: how long it is, its acoustic fingerprint ('' until it was taken), and
-- that a protection was found by it.
ALTER TABLE assets ADD COLUMN millis BIGINT NOT NULL DEFAULT 0;
ALTER TABLE assets ADD COLUMN print TEXT NOT NULL DEFAULT '';

CREATE TABLE seen (
	id TEXT PRIMARY KEY,
	protection TEXT NOT NULL REFERENCES protections (id),
	version TEXT NOT NULL REFERENCES versions (id),
	work TEXT NOT NULL REFERENCES works (id),
	fields TEXT NOT NULL, -- where in the version
	found_by TEXT NOT NULL CHECK (found_by IN ('name','picture','sound')),
	at BIGINT NOT NULL,
	answer TEXT NOT NULL DEFAULT '' CHECK (answer IN ('','mine','takedown')),
	answered_at BIGINT NOT NULL DEFAULT 0,
	UNIQUE (protection, version)
);
INSERT INTO seen SELECT id, protection, version, work, fields, found_by, at, answer, answered_at FROM sightings;
DROP TABLE sightings;
ALTER TABLE seen RENAME TO sightings;
CREATE INDEX sightings_version ON sightings (version);
