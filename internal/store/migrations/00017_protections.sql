-- +goose Up
-- Protected voices, likenesses, style names, characters and brands, the files that prove them, and
-- where they were seen in what others publish.
CREATE TABLE protections (
	id TEXT PRIMARY KEY,
	owner TEXT NOT NULL REFERENCES accounts (id), -- the account that holds it
	kind TEXT NOT NULL CHECK (kind IN ('voice','likeness','style','character','brand')),
	name TEXT NOT NULL,
	aliases TEXT NOT NULL,
	text TEXT NOT NULL,
	subject TEXT NOT NULL, -- whose it is
	consenter TEXT NOT NULL CHECK (consenter IN ('subject','guardian')),
	guardian TEXT NOT NULL,
	agreement TEXT NOT NULL, -- version of the consent she gave
	salt TEXT NOT NULL, -- hexadecimal, of its leaf's commitment
	state TEXT NOT NULL DEFAULT 'asked' CHECK (state IN ('asked','registered','refused','withdrawn')),
	reason TEXT NOT NULL DEFAULT '',
	decided_by TEXT NOT NULL DEFAULT '',
	leaf TEXT NOT NULL DEFAULT '',
	at BIGINT NOT NULL,
	decided_at BIGINT NOT NULL DEFAULT 0,
	withdrawn_at BIGINT NOT NULL DEFAULT 0,
	CHECK (decided_by <> owner),
	CHECK (state = 'withdrawn' OR (consenter = 'guardian') = (guardian <> '')),
	-- of what was withdrawn nothing is left
	CHECK (state <> 'withdrawn' OR (name = '' AND aliases = '[]' AND text = '' AND subject = '' AND guardian = '' AND salt = ''))
);
CREATE INDEX protections_owner ON protections (owner, at);
CREATE INDEX protections_state ON protections (state, at);

CREATE TABLE proofs (
	id TEXT PRIMARY KEY,
	owner TEXT NOT NULL REFERENCES accounts (id),
	protection TEXT NOT NULL DEFAULT '', -- '' before it is asked for
	holder TEXT NOT NULL, -- whose file it is
	name TEXT NOT NULL,
	digest TEXT NOT NULL, -- SHA-256 of what was sent
	size BIGINT NOT NULL,
	type TEXT NOT NULL,
	picture TEXT NOT NULL, -- hash of a clean copy that can be shown, '' if there is none
	pdq TEXT NOT NULL,
	sound TEXT NOT NULL, -- acoustic fingerprint of a recording
	facts TEXT NOT NULL,
	at BIGINT NOT NULL
);
CREATE INDEX proofs_owner ON proofs (owner, protection);
CREATE INDEX proofs_protection ON proofs (protection);

CREATE TABLE sightings (
	id TEXT PRIMARY KEY,
	protection TEXT NOT NULL REFERENCES protections (id),
	version TEXT NOT NULL REFERENCES versions (id),
	work TEXT NOT NULL REFERENCES works (id),
	fields TEXT NOT NULL, -- where in the version
	found_by TEXT NOT NULL CHECK (found_by IN ('name','picture')),
	at BIGINT NOT NULL,
	answer TEXT NOT NULL DEFAULT '' CHECK (answer IN ('','mine','takedown')),
	answered_at BIGINT NOT NULL DEFAULT 0,
	UNIQUE (protection, version)
);
CREATE INDEX sightings_version ON sightings (version);
