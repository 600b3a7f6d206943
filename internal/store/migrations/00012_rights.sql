-- +goose Up
-- What the ledger calls an account or a work: a random name that says nothing outside it.
CREATE TABLE pseudonyms (
	noun TEXT NOT NULL CHECK (noun IN ('account','work')),
	id TEXT NOT NULL,
	name TEXT NOT NULL UNIQUE, -- 32 hexadecimal digits
	PRIMARY KEY (noun, id)
);

-- The leaves of the rights ledger, written by the act's own transaction: what decides here
-- at once, and what the appender puts into the log.
CREATE TABLE leaves (
	owner TEXT NOT NULL REFERENCES accounts (id), -- whose works it is about
	n BIGINT NOT NULL, -- the order of her leaves, from 1 without a gap
	id TEXT NOT NULL UNIQUE, -- the leaf's own, 32 hexadecimal digits
	work TEXT NOT NULL, -- '' for the account itself
	kind TEXT NOT NULL,
	leaf TEXT NOT NULL, -- as it stands in the log, base64
	signature BIGINT NOT NULL, -- what is known of it: 0 none at hand, 1 good, 2 forged
	salt TEXT NOT NULL, -- hexadecimal, of the leaf's commitment; '' if it has none or was erased
	at BIGINT NOT NULL, -- never falls from one of her leaves to the next
	place BIGINT NOT NULL DEFAULT -1, -- its index in the log, -1 until it is there
	PRIMARY KEY (owner, n)
);
CREATE INDEX leaves_work ON leaves (owner, work, n);
CREATE INDEX leaves_waiting ON leaves (at, owner, n) WHERE place < 0;
CREATE INDEX leaves_place ON leaves (place);

-- What the decision rule makes of the leaves for each work, for lists to join: a use is open
-- from since until until, both as times. May asks the leaves themselves.
CREATE TABLE permits (
	work TEXT NOT NULL REFERENCES works (id),
	name TEXT NOT NULL,
	since BIGINT NOT NULL,
	until BIGINT NOT NULL,
	PRIMARY KEY (work, name)
);

-- Who alone may do something on several nodes, and until when nobody else tries.
CREATE TABLE leases (
	name TEXT PRIMARY KEY,
	holder TEXT NOT NULL,
	until BIGINT NOT NULL
);

-- Choices made before there was a ledger; they become leaves at the next start.
ALTER TABLE uses RENAME TO earlier_uses;
