-- +goose Up
-- The line: people, works, versions, verdicts, cases, labels, releases.
-- One text for SQLite and PostgreSQL: ids and codes are TEXT, times BIGINT milliseconds UTC,
-- money BIGINT micro-yuan, truth values BIGINT 0 or 1, documents TEXT holding JSON.

CREATE TABLE accounts (
	id TEXT PRIMARY KEY,
	handle TEXT NOT NULL UNIQUE,
	name TEXT NOT NULL,
	bio TEXT NOT NULL DEFAULT '',
	password TEXT NOT NULL,
	roles TEXT NOT NULL,
	no_ai BIGINT NOT NULL DEFAULT 0,
	disabled BIGINT NOT NULL DEFAULT 0,
	demo BIGINT NOT NULL DEFAULT 0,
	created BIGINT NOT NULL
);

CREATE TABLE invites (
	token TEXT PRIMARY KEY,
	roles TEXT NOT NULL,
	expires BIGINT NOT NULL,
	used BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE sessions (
	token TEXT PRIMARY KEY,
	data TEXT NOT NULL,
	expires BIGINT NOT NULL
);
CREATE INDEX sessions_expires ON sessions (expires);

CREATE TABLE api_keys (
	id TEXT PRIMARY KEY,
	account TEXT NOT NULL REFERENCES accounts (id),
	hash TEXT NOT NULL UNIQUE,
	name TEXT NOT NULL,
	created BIGINT NOT NULL,
	revoked BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE settings (
	name TEXT PRIMARY KEY,
	value TEXT NOT NULL,
	at BIGINT NOT NULL
);

CREATE TABLE works (
	id TEXT PRIMARY KEY,
	owner TEXT NOT NULL REFERENCES accounts (id),
	key TEXT NOT NULL,
	created BIGINT NOT NULL,
	updated BIGINT NOT NULL,
	deleted BIGINT NOT NULL DEFAULT 0,
	UNIQUE (owner, key)
);
CREATE INDEX works_owner ON works (owner, updated);

CREATE TABLE drafts (
	work TEXT PRIMARY KEY REFERENCES works (id),
	revision BIGINT NOT NULL,
	doc TEXT NOT NULL,
	updated BIGINT NOT NULL
);

CREATE TABLE blobs (
	hash TEXT PRIMARY KEY,
	size BIGINT NOT NULL,
	type TEXT NOT NULL,
	at BIGINT NOT NULL
);

CREATE TABLE assets (
	id TEXT PRIMARY KEY,
	owner TEXT NOT NULL REFERENCES accounts (id),
	hash TEXT NOT NULL REFERENCES blobs (hash),
	type TEXT NOT NULL,
	size BIGINT NOT NULL,
	width BIGINT NOT NULL,
	height BIGINT NOT NULL,
	phash TEXT NOT NULL,
	ai TEXT NOT NULL,
	at BIGINT NOT NULL
);
CREATE INDEX assets_owner ON assets (owner, at);

CREATE TABLE generations (
	id TEXT PRIMARY KEY,
	account TEXT NOT NULL REFERENCES accounts (id),
	work TEXT NOT NULL REFERENCES works (id),
	purpose TEXT NOT NULL,
	key TEXT NOT NULL,
	model TEXT NOT NULL,
	input TEXT NOT NULL,
	output TEXT NOT NULL DEFAULT '',
	text TEXT NOT NULL DEFAULT '',
	state TEXT NOT NULL,
	error TEXT NOT NULL DEFAULT '',
	tokens BIGINT NOT NULL DEFAULT 0,
	cost BIGINT NOT NULL DEFAULT 0,
	started BIGINT NOT NULL,
	ended BIGINT NOT NULL DEFAULT 0,
	UNIQUE (account, key)
);
CREATE INDEX generations_work ON generations (work, started);

CREATE TABLE versions (
	id TEXT PRIMARY KEY,
	work TEXT NOT NULL REFERENCES works (id),
	owner TEXT NOT NULL REFERENCES accounts (id),
	number BIGINT NOT NULL,
	revision BIGINT NOT NULL,
	hash TEXT NOT NULL,
	content TEXT NOT NULL,
	ai TEXT NOT NULL, -- the strongest AI state of its parts, for counting
	state TEXT NOT NULL CHECK (state IN ('submitted','held','cleared','released','refused','removed','failed','withdrawn')),
	reach TEXT NOT NULL DEFAULT 'allow' CHECK (reach IN ('allow','limit')),
	labelled BIGINT NOT NULL DEFAULT 0,
	labels TEXT NOT NULL DEFAULT '[]',
	release_hash TEXT NOT NULL DEFAULT '',
	confirmed_by TEXT NOT NULL DEFAULT '',
	confirmed_at BIGINT NOT NULL DEFAULT 0,
	submitted_at BIGINT NOT NULL,
	updated_at BIGINT NOT NULL,
	UNIQUE (work, number),
	CHECK (confirmed_at = 0 OR (confirmed_by = owner AND release_hash <> '')),
	CHECK (state <> 'released' OR (labelled = 1 AND confirmed_at > 0))
);
CREATE INDEX versions_work ON versions (work, number);
CREATE UNIQUE INDEX versions_live ON versions (work) WHERE state = 'released';

CREATE TABLE verdicts (
	id TEXT PRIMARY KEY,
	version TEXT NOT NULL REFERENCES versions (id),
	action TEXT NOT NULL,
	policy TEXT NOT NULL,
	doc TEXT NOT NULL,
	at BIGINT NOT NULL
);
CREATE INDEX verdicts_version ON verdicts (version, at);

CREATE TABLE cases (
	id TEXT PRIMARY KEY,
	kind TEXT NOT NULL CHECK (kind IN ('screen','report','appeal')),
	version TEXT NOT NULL REFERENCES versions (id),
	work TEXT NOT NULL,
	owner TEXT NOT NULL,
	appeal TEXT NOT NULL DEFAULT '',
	risk TEXT NOT NULL,
	priority BIGINT NOT NULL,
	reports BIGINT NOT NULL DEFAULT 0,
	opened_at BIGINT NOT NULL,
	leased_by TEXT NOT NULL DEFAULT '',
	leased_at BIGINT NOT NULL DEFAULT 0,
	lease_until BIGINT NOT NULL DEFAULT 0,
	token BIGINT NOT NULL DEFAULT 0,
	escalated BIGINT NOT NULL DEFAULT 0,
	closed_at BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX cases_open ON cases (version) WHERE closed_at = 0;
CREATE INDEX cases_queue ON cases (closed_at, priority, opened_at);

CREATE TABLE case_skips (
	case_id TEXT NOT NULL REFERENCES cases (id),
	reviewer TEXT NOT NULL,
	PRIMARY KEY (case_id, reviewer)
);

CREATE TABLE decisions (
	id TEXT PRIMARY KEY,
	case_id TEXT NOT NULL REFERENCES cases (id),
	version TEXT NOT NULL REFERENCES versions (id),
	ruling TEXT NOT NULL CHECK (ruling IN ('allow','limit','remove')),
	reason TEXT NOT NULL,
	note TEXT NOT NULL,
	reviewer TEXT NOT NULL,
	at BIGINT NOT NULL,
	effective BIGINT NOT NULL,
	undone BIGINT NOT NULL DEFAULT 0,
	applied BIGINT NOT NULL DEFAULT 0,
	seconds BIGINT NOT NULL
);
CREATE UNIQUE INDEX decisions_one ON decisions (case_id) WHERE undone = 0;
CREATE INDEX decisions_version ON decisions (version, at);

CREATE TABLE appeals (
	id TEXT PRIMARY KEY,
	version TEXT NOT NULL UNIQUE REFERENCES versions (id),
	text TEXT NOT NULL,
	at BIGINT NOT NULL,
	outcome TEXT NOT NULL DEFAULT ''
);

CREATE TABLE reports (
	id TEXT PRIMARY KEY,
	work TEXT NOT NULL REFERENCES works (id),
	version TEXT NOT NULL REFERENCES versions (id),
	risk TEXT NOT NULL,
	text TEXT NOT NULL,
	contact TEXT NOT NULL,
	at BIGINT NOT NULL
);
CREATE INDEX reports_version ON reports (version, at);

CREATE TABLE releases (
	version TEXT PRIMARY KEY REFERENCES versions (id),
	work TEXT NOT NULL REFERENCES works (id),
	owner TEXT NOT NULL REFERENCES accounts (id),
	release_hash TEXT NOT NULL,
	verdict TEXT NOT NULL,
	decision TEXT NOT NULL,
	confirmed_by TEXT NOT NULL,
	confirmed_at BIGINT NOT NULL,
	audience TEXT NOT NULL,
	reach TEXT NOT NULL,
	released_at BIGINT NOT NULL,
	removed_at BIGINT NOT NULL DEFAULT 0,
	CHECK (verdict <> '' OR decision <> '')
);
CREATE UNIQUE INDEX releases_live ON releases (work) WHERE removed_at = 0;
CREATE INDEX releases_feed ON releases (removed_at, audience, reach, released_at);

CREATE TABLE uses (
	work TEXT NOT NULL REFERENCES works (id),
	name TEXT NOT NULL,
	allowed BIGINT NOT NULL,
	at BIGINT NOT NULL,
	PRIMARY KEY (work, name)
);

CREATE TABLE phrases (
	id TEXT PRIMARY KEY,
	text TEXT NOT NULL,
	risk TEXT NOT NULL,
	tier TEXT NOT NULL CHECK (tier IN ('block','review','signal')),
	source TEXT NOT NULL,
	added_by TEXT NOT NULL,
	at BIGINT NOT NULL,
	hits BIGINT NOT NULL DEFAULT 0,
	UNIQUE (text, risk)
);

CREATE TABLE sketches (
	version TEXT NOT NULL REFERENCES versions (id),
	band BIGINT NOT NULL,
	value BIGINT NOT NULL,
	PRIMARY KEY (version, band)
);
CREATE INDEX sketches_band ON sketches (band, value);

CREATE TABLE picture_hashes (
	version TEXT NOT NULL REFERENCES versions (id),
	field TEXT NOT NULL,
	phash TEXT NOT NULL,
	PRIMARY KEY (version, field)
);

CREATE TABLE feedback (
	work TEXT NOT NULL REFERENCES works (id),
	account TEXT NOT NULL,
	answer TEXT NOT NULL,
	at BIGINT NOT NULL,
	PRIMARY KEY (work, account)
);

CREATE TABLE events (
	id TEXT PRIMARY KEY,
	audience TEXT NOT NULL,
	topic TEXT NOT NULL,
	ref TEXT NOT NULL,
	at BIGINT NOT NULL
);
CREATE INDEX events_at ON events (at);
