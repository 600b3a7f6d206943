-- +goose Up
-- When a version is to go out: 0 at once. Beside its content, for finding what is due.
ALTER TABLE versions ADD COLUMN scheduled BIGINT NOT NULL DEFAULT 0;
CREATE INDEX versions_scheduled ON versions (scheduled) WHERE scheduled > 0 AND state = 'cleared';

-- Every change of a draft, for its creator's history and the creation log. doc is '' once a
-- later one of the same minute stands for it.
CREATE TABLE edits (
	work TEXT NOT NULL REFERENCES works (id),
	revision BIGINT NOT NULL,
	at BIGINT NOT NULL,
	fields TEXT NOT NULL, -- JSON list of what changed
	hash TEXT NOT NULL, -- SHA-256 of the draft's canonical JSON
	person BIGINT NOT NULL,
	arranged BIGINT NOT NULL,
	model BIGINT NOT NULL,
	doc TEXT NOT NULL,
	PRIMARY KEY (work, revision)
);

CREATE TABLE templates (
	id TEXT PRIMARY KEY,
	owner TEXT NOT NULL REFERENCES accounts (id),
	name TEXT NOT NULL,
	doc TEXT NOT NULL,
	at BIGINT NOT NULL,
	UNIQUE (owner, name)
);

-- What a reviewer decided today, and what was decided of a risk.
CREATE INDEX decisions_reviewer ON decisions (reviewer, at);
CREATE INDEX decisions_effective ON decisions (effective);
