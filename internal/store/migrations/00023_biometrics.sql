-- +goose Up
-- Who agrees to be compared by face or voice, the numbers taken of them, and that something was found
-- by them.
ALTER TABLE protections ADD COLUMN compare TEXT NOT NULL DEFAULT ''
	CHECK (compare = '' OR (consenter = 'subject' AND kind IN ('voice','likeness') AND state <> 'withdrawn'));
ALTER TABLE proofs ADD COLUMN biometric TEXT NOT NULL DEFAULT '';

CREATE TABLE seen (
	id TEXT PRIMARY KEY,
	protection TEXT NOT NULL REFERENCES protections (id),
	version TEXT NOT NULL REFERENCES versions (id),
	work TEXT NOT NULL REFERENCES works (id),
	fields TEXT NOT NULL, -- where in the version
	found_by TEXT NOT NULL CHECK (found_by IN ('name','picture','sound','face','voice')),
	at BIGINT NOT NULL,
	answer TEXT NOT NULL DEFAULT '' CHECK (answer IN ('','mine','takedown')),
	answered_at BIGINT NOT NULL DEFAULT 0,
	UNIQUE (protection, version)
);
INSERT INTO seen SELECT id, protection, version, work, fields, found_by, at, answer, answered_at FROM sightings;
DROP TABLE sightings;
ALTER TABLE seen RENAME TO sightings;
CREATE INDEX sightings_version ON sightings (version);
