-- +goose Up
-- Takedown notices, each about some works; who may not publish for a time; phrases an upheld one gave.
CREATE TABLE notices (
	id TEXT PRIMARY KEY,
	number TEXT NOT NULL UNIQUE, -- SHA-256 of the receipt number: who has the number reads and answers
	digest TEXT NOT NULL, -- of what it says and who says it
	violated TEXT NOT NULL, -- the right
	name TEXT NOT NULL,
	contact TEXT NOT NULL,
	standing TEXT NOT NULL,
	text TEXT NOT NULL,
	links TEXT NOT NULL,
	account TEXT NOT NULL, -- '' if nobody was signed in
	address TEXT NOT NULL, -- of the network, '' once nothing is under way
	salt TEXT NOT NULL, -- hexadecimal, of its leaves' commitment
	at BIGINT NOT NULL,
	withdrawn_at BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX notices_once ON notices (digest) WHERE withdrawn_at = 0;
CREATE INDEX notices_address ON notices (address) WHERE address <> '';

CREATE TABLE claims (
	id TEXT PRIMARY KEY,
	notice TEXT NOT NULL REFERENCES notices (id),
	work TEXT NOT NULL REFERENCES works (id),
	owner TEXT NOT NULL REFERENCES accounts (id),
	version TEXT NOT NULL REFERENCES versions (id), -- what readers saw when it came in
	state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open','paused','upheld','dismissed','restored','withdrawn')),
	reason TEXT NOT NULL DEFAULT '',
	question TEXT NOT NULL DEFAULT '',
	frozen TEXT NOT NULL DEFAULT '', -- the dispute's leaf over what one can earn by or learn from
	hidden TEXT NOT NULL DEFAULT '', -- and that over being found
	removed TEXT NOT NULL DEFAULT '', -- the version it took from readers
	at BIGINT NOT NULL,
	first_at BIGINT NOT NULL DEFAULT 0,
	decided_at BIGINT NOT NULL DEFAULT 0,
	countered_at BIGINT NOT NULL DEFAULT 0,
	answered_at BIGINT NOT NULL DEFAULT 0,
	due_at BIGINT NOT NULL DEFAULT 0, -- when something follows by itself: a new look, or the restoration
	ended_at BIGINT NOT NULL DEFAULT 0,
	UNIQUE (notice, work)
);
CREATE INDEX claims_work ON claims (work, state);
CREATE INDEX claims_owner ON claims (owner, at);
CREATE INDEX claims_removed ON claims (removed) WHERE state = 'upheld';
CREATE INDEX claims_due ON claims (due_at) WHERE due_at > 0;

CREATE TABLE pleadings (
	id TEXT PRIMARY KEY,
	claim TEXT NOT NULL REFERENCES claims (id),
	side TEXT NOT NULL CHECK (side IN ('claimant','uploader')),
	text TEXT NOT NULL,
	links TEXT NOT NULL,
	at BIGINT NOT NULL
);
CREATE INDEX pleadings_claim ON pleadings (claim, id);

CREATE TABLE suspensions (
	id TEXT PRIMARY KEY,
	account TEXT NOT NULL REFERENCES accounts (id),
	claims TEXT NOT NULL, -- ids of those it rests on
	at BIGINT NOT NULL,
	until BIGINT NOT NULL,
	lifted_at BIGINT NOT NULL DEFAULT 0,
	appeal TEXT NOT NULL DEFAULT '',
	appealed_at BIGINT NOT NULL DEFAULT 0,
	outcome TEXT NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX suspensions_one ON suspensions (account) WHERE lifted_at = 0;

ALTER TABLE decisions ADD COLUMN phrase TEXT NOT NULL DEFAULT '';

-- A version may have several claims under review at once, beside one case of each other kind.
DROP INDEX cases_open;
CREATE UNIQUE INDEX cases_open ON cases (version, about) WHERE closed_at = 0 AND about <> 'notice';
CREATE UNIQUE INDEX cases_claim ON cases (appeal) WHERE closed_at = 0 AND about = 'notice';
CREATE INDEX leaves_kind ON leaves (kind, place) WHERE kind IN ('dispute', 'ruling');
