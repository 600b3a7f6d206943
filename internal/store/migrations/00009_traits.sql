-- +goose Up
-- What notes are compared by: PDQ hashes of pictures in place of the ones before, wider
-- bands, passages and structures of texts. Everything is taken anew, in the background.
UPDATE assets SET phash = '';
DELETE FROM picture_hashes;
DELETE FROM sketches;
DROP INDEX sketches_band;
CREATE INDEX sketches_value ON sketches (value); -- a value tells its band

ALTER TABLE versions ADD COLUMN traits BIGINT NOT NULL DEFAULT 0; -- the rules its traits were taken by
CREATE INDEX versions_traits ON versions (traits) WHERE state = 'released';

ALTER TABLE picture_hashes ADD COLUMN at BIGINT NOT NULL DEFAULT 0;
CREATE INDEX picture_hashes_at ON picture_hashes (at);
CREATE INDEX picture_hashes_phash ON picture_hashes (phash);

CREATE TABLE passages (
	version TEXT NOT NULL REFERENCES versions (id),
	value BIGINT NOT NULL,
	PRIMARY KEY (version, value)
);
CREATE INDEX passages_value ON passages (value);

CREATE TABLE structures (
	version TEXT NOT NULL REFERENCES versions (id),
	value BIGINT NOT NULL,
	owner TEXT NOT NULL,
	at BIGINT NOT NULL,
	PRIMARY KEY (version, value)
);
CREATE INDEX structures_value ON structures (value, at);
CREATE INDEX structures_at ON structures (at);
CREATE INDEX versions_ended ON versions (owner) WHERE state IN ('refused', 'removed'); -- an account's history, at every screening
