-- +goose Up
-- What was sent to a model and how, for the creation log; what a person spent in a day; the
-- habits learned from her own notes.
ALTER TABLE generations ADD COLUMN prompt TEXT NOT NULL DEFAULT '';
ALTER TABLE generations ADD COLUMN params TEXT NOT NULL DEFAULT '{}';
CREATE INDEX generations_account ON generations (account, started);

CREATE TABLE personas (
	account TEXT PRIMARY KEY REFERENCES accounts (id),
	active BIGINT NOT NULL DEFAULT 0,
	doc TEXT NOT NULL,
	updated BIGINT NOT NULL
);
