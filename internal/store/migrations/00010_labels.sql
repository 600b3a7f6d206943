-- +goose Up
-- Why an upload has the state it has, the appeal of a label with its evidence, what was
-- ruled on exactly these bytes, and who took files without a visible label.
ALTER TABLE assets ADD COLUMN signs TEXT NOT NULL DEFAULT '[]';

ALTER TABLE cases ADD COLUMN about TEXT NOT NULL DEFAULT ''; -- '' the version itself, 'label' one of its labels
ALTER TABLE decisions ADD COLUMN about TEXT NOT NULL DEFAULT '';
DROP INDEX cases_open;
CREATE UNIQUE INDEX cases_open ON cases (version, about) WHERE closed_at = 0;

CREATE TABLE exhibits (
	id TEXT PRIMARY KEY,
	owner TEXT NOT NULL REFERENCES accounts (id),
	version TEXT NOT NULL REFERENCES versions (id),
	name TEXT NOT NULL,
	digest TEXT NOT NULL, -- SHA-256 of what was sent
	size BIGINT NOT NULL,
	type TEXT NOT NULL,
	picture TEXT NOT NULL, -- hash of a clean copy that can be shown, '' if there is none
	facts TEXT NOT NULL,
	at BIGINT NOT NULL
);
CREATE INDEX exhibits_version ON exhibits (version, at);

CREATE TABLE label_appeals (
	id TEXT PRIMARY KEY,
	version TEXT NOT NULL REFERENCES versions (id),
	owner TEXT NOT NULL,
	field TEXT NOT NULL,
	source TEXT NOT NULL, -- SHA-256 of the bytes the label is about
	was TEXT NOT NULL,
	text TEXT NOT NULL,
	exhibits TEXT NOT NULL, -- ids
	at BIGINT NOT NULL,
	outcome TEXT NOT NULL DEFAULT '',
	decided_at BIGINT NOT NULL DEFAULT 0,
	UNIQUE (version, field)
);
CREATE INDEX label_appeals_source ON label_appeals (owner, source);

CREATE TABLE label_rulings (
	owner TEXT NOT NULL,
	source TEXT NOT NULL,
	state TEXT NOT NULL,
	appeal TEXT NOT NULL REFERENCES label_appeals (id),
	at BIGINT NOT NULL,
	PRIMARY KEY (owner, source)
);

CREATE TABLE waivers (
	id TEXT PRIMARY KEY,
	owner TEXT NOT NULL REFERENCES accounts (id),
	handle TEXT NOT NULL, -- as it was: the log stands by itself
	version TEXT NOT NULL REFERENCES versions (id),
	recipient TEXT NOT NULL,
	purpose TEXT NOT NULL,
	agreement TEXT NOT NULL,
	at BIGINT NOT NULL,
	keep_until BIGINT NOT NULL
);
CREATE INDEX waivers_at ON waivers (at);
CREATE INDEX waivers_keep ON waivers (keep_until);

CREATE TABLE deliveries (
	id TEXT PRIMARY KEY,
	waiver TEXT NOT NULL REFERENCES waivers (id),
	field TEXT NOT NULL,
	produce_id TEXT NOT NULL,
	digest TEXT NOT NULL, -- SHA-256 of the file that was handed out
	at BIGINT NOT NULL
);
CREATE INDEX deliveries_waiver ON deliveries (waiver);
