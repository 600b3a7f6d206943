-- +goose Up
-- The works of a training set are put in while it is being built, a few at a time, and its leaf last:
-- one act for a million of them would keep everybody else from writing.
CREATE TABLE builds (
	id TEXT PRIMARY KEY, -- that of the corpus's leaf to be
	begun BIGINT NOT NULL
);
INSERT INTO builds (id, begun) SELECT leaf, at FROM corpora;
CREATE TABLE corpus_works_new (
	corpus TEXT NOT NULL REFERENCES builds (id),
	work TEXT NOT NULL REFERENCES works (id),
	version TEXT NOT NULL REFERENCES versions (id),
	salt TEXT NOT NULL, -- hexadecimal, of the commitment of its record; '' once erased
	PRIMARY KEY (corpus, work)
);
INSERT INTO corpus_works_new (corpus, work, version, salt) SELECT corpus, work, version, salt FROM corpus_works;
DROP TABLE corpus_works;
ALTER TABLE corpus_works_new RENAME TO corpus_works;
CREATE INDEX corpus_works_work ON corpus_works (work);
CREATE INDEX pseudonyms_name ON pseudonyms (noun, name); -- a training set is gone through by name
