-- +goose Up
-- Training sets and what was trained on them; their leaves are the installation's own. SQLite
-- cannot drop what refers to an account from a column, so the leaves move into a new table, and
-- with them what refers to them.
CREATE TABLE leaves_new (
	owner TEXT NOT NULL, -- whose works it is about; '' for what the installation itself says
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
INSERT INTO leaves_new (owner, n, id, work, kind, leaf, signature, salt, at, place)
	SELECT owner, n, id, work, kind, leaf, signature, salt, at, place FROM leaves;
CREATE TABLE bundles_new (
	leaf TEXT PRIMARY KEY REFERENCES leaves_new (id),
	owner TEXT NOT NULL REFERENCES accounts (id),
	bundle TEXT NOT NULL -- base64; '' once erased, until the file beside the log is gone too
);
INSERT INTO bundles_new (leaf, owner, bundle) SELECT leaf, owner, bundle FROM bundles;
DROP TABLE bundles;
DROP TABLE leaves;
ALTER TABLE leaves_new RENAME TO leaves;
ALTER TABLE bundles_new RENAME TO bundles;
CREATE INDEX leaves_work ON leaves (owner, work, n);
CREATE INDEX leaves_waiting ON leaves (at, owner, n) WHERE place < 0;
CREATE INDEX leaves_place ON leaves (place);
CREATE INDEX bundles_owner ON bundles (owner);
CREATE INDEX bundles_erased ON bundles (leaf) WHERE bundle = '';

CREATE TABLE corpora (
	leaf TEXT PRIMARY KEY REFERENCES leaves (id),
	name TEXT NOT NULL,
	for_use TEXT NOT NULL,
	size BIGINT NOT NULL, -- leaves of the log below its snapshot
	records BIGINT NOT NULL,
	root TEXT NOT NULL, -- of its manifest, 64 hexadecimal digits
	at BIGINT NOT NULL -- of its snapshot
);
CREATE INDEX corpora_at ON corpora (at);

CREATE TABLE corpus_works (
	corpus TEXT NOT NULL REFERENCES corpora (leaf),
	work TEXT NOT NULL REFERENCES works (id),
	version TEXT NOT NULL REFERENCES versions (id),
	salt TEXT NOT NULL, -- hexadecimal, of the commitment of its record; '' once erased
	PRIMARY KEY (corpus, work)
);
CREATE INDEX corpus_works_work ON corpus_works (work);

CREATE TABLE models (
	leaf TEXT PRIMARY KEY REFERENCES leaves (id),
	name TEXT NOT NULL,
	at BIGINT NOT NULL,
	retired TEXT NOT NULL DEFAULT '', -- the leaf that withdraws it
	retired_at BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE model_corpora (
	model TEXT NOT NULL REFERENCES models (leaf),
	corpus TEXT NOT NULL REFERENCES corpora (leaf),
	PRIMARY KEY (model, corpus)
);
CREATE INDEX model_corpora_corpus ON model_corpora (corpus);
