-- +goose Up
-- Which earlier works of others the released Version of a work is a copy of, as its screening
-- found it: a denial follows them.
CREATE TABLE copies (
	work TEXT NOT NULL REFERENCES works (id),
	original TEXT NOT NULL REFERENCES works (id),
	at BIGINT NOT NULL,
	PRIMARY KEY (work, original)
);
CREATE INDEX copies_original ON copies (original);
