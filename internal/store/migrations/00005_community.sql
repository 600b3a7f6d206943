-- +goose Up
-- The community: comments and profiles on the line, reactions, views, words to search by.
ALTER TABLE works ADD COLUMN form TEXT NOT NULL DEFAULT '';
ALTER TABLE works ADD COLUMN on_work TEXT NOT NULL DEFAULT '';
ALTER TABLE works ADD COLUMN closed BIGINT NOT NULL DEFAULT 0; -- no more comments
CREATE INDEX works_on ON works (on_work, owner);

ALTER TABLE releases ADD COLUMN form TEXT NOT NULL DEFAULT '';
ALTER TABLE releases ADD COLUMN on_work TEXT NOT NULL DEFAULT '';
ALTER TABLE releases ADD COLUMN parent TEXT NOT NULL DEFAULT '';
ALTER TABLE releases ADD COLUMN made BIGINT NOT NULL DEFAULT 0; -- a model made a part of it: AI state is or may
ALTER TABLE releases ADD COLUMN indexed BIGINT NOT NULL DEFAULT 0; -- the rules its terms were cut by
UPDATE releases SET made = 1 WHERE version IN (SELECT id FROM versions WHERE ai IN ('is','may'));
DROP INDEX releases_feed;
CREATE INDEX releases_feed ON releases (form, removed_at, audience, reach, made, released_at, version);
CREATE INDEX releases_owner ON releases (owner, form, removed_at, released_at, version);
CREATE INDEX releases_on ON releases (on_work, parent, removed_at, released_at, version);
CREATE INDEX releases_indexed ON releases (indexed, form, removed_at, audience);

CREATE TABLE search_terms (
	term TEXT NOT NULL,
	work TEXT NOT NULL REFERENCES works (id),
	weight BIGINT NOT NULL,
	PRIMARY KEY (work, term)
);
CREATE INDEX search_terms_term ON search_terms (term, weight DESC, work DESC);

CREATE TABLE topics (
	topic TEXT NOT NULL, -- folded
	work TEXT NOT NULL REFERENCES works (id),
	at BIGINT NOT NULL, -- of the release
	PRIMARY KEY (work, topic)
);
CREATE INDEX topics_topic ON topics (topic, at DESC, work DESC);

CREATE TABLE reactions (
	work TEXT NOT NULL REFERENCES works (id),
	account TEXT NOT NULL REFERENCES accounts (id),
	kind TEXT NOT NULL CHECK (kind IN ('like','collect')),
	at BIGINT NOT NULL,
	PRIMARY KEY (work, kind, account)
);

CREATE TABLE note_views (
	work TEXT NOT NULL REFERENCES works (id),
	day TEXT NOT NULL,
	source TEXT NOT NULL,
	count BIGINT NOT NULL,
	PRIMARY KEY (work, day, source)
);
CREATE INDEX note_views_day ON note_views (day, work);
