-- +goose Up
-- The passkeys of creators. Whether one counts is what the fold of its owner's leaves says.
CREATE TABLE passkeys (
	id TEXT PRIMARY KEY,
	owner TEXT NOT NULL REFERENCES accounts (id),
	name TEXT NOT NULL,
	credential TEXT NOT NULL UNIQUE, -- what the authenticator calls it, base64url
	cose TEXT NOT NULL UNIQUE, -- the public key, base64
	leaf TEXT NOT NULL, -- the id of the leaf that adds it, '' while staff have to vouch
	retired TEXT NOT NULL DEFAULT '', -- the id of the leaf that retired it by her own word
	at BIGINT NOT NULL
);
CREATE INDEX passkeys_owner ON passkeys (owner, at);
CREATE INDEX passkeys_leaf ON passkeys (leaf);

-- Who of the staff vouched for a creator that lost her passkeys, and how each made sure.
CREATE TABLE vouchers (
	passkey TEXT NOT NULL REFERENCES passkeys (id),
	staff TEXT NOT NULL REFERENCES accounts (id),
	statement TEXT NOT NULL,
	at BIGINT NOT NULL,
	PRIMARY KEY (passkey, staff)
);

-- Leaves that wait for their owner's signature: each for one use and for minutes.
CREATE TABLE preparations (
	leaf TEXT PRIMARY KEY, -- the leaf's id, 32 hexadecimal digits
	owner TEXT NOT NULL REFERENCES accounts (id),
	work TEXT NOT NULL, -- '' for the account itself
	raw TEXT NOT NULL, -- the leaf without its signature, base64
	expires BIGINT NOT NULL
);
CREATE INDEX preparations_expire ON preparations (expires);

-- The signature bundles behind signed leaves; '' once erased, until the file beside the log is
-- gone too.
CREATE TABLE bundles (
	leaf TEXT PRIMARY KEY REFERENCES leaves (id),
	owner TEXT NOT NULL REFERENCES accounts (id),
	bundle TEXT NOT NULL -- base64
);
CREATE INDEX bundles_owner ON bundles (owner);
CREATE INDEX bundles_erased ON bundles (leaf) WHERE bundle = '';
