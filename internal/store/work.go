package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"loam"
)

// CreateWork stores a new work with its first draft. The key makes it idempotent per
// owner: the same key gives the work that exists; with another idea it is a Conflict,
// "work.key_used".
func (db *DB) CreateWork(ctx context.Context, owner, key string, d loam.Draft) (string, error) {
	doc, err := json.Marshal(d)
	if err != nil {
		return "", err
	}
	var id string
	err = db.write(ctx, func(t *tx) error {
		var begun string
		err := t.row(ctx, `SELECT w.id, d.doc FROM works w JOIN drafts d ON d.work = w.id WHERE w.owner = ? AND w.key = ?`, owner, key).Scan(&id, &begun)
		if err == nil {
			var was struct{ Idea string }
			if err := json.Unmarshal([]byte(begun), &was); err != nil {
				return err
			}
			if was.Idea != d.Idea {
				return loam.Fail(loam.Conflict, "work.key_used")
			}
			return nil
		}
		if !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		id = t.id()
		if _, err := t.exec(ctx, `INSERT INTO works (id, owner, key, created, updated) VALUES (?, ?, ?, ?, ?)`, id, owner, key, t.now, t.now); err != nil {
			return err
		}
		if _, err = t.exec(ctx, `INSERT INTO drafts (work, revision, doc, updated) VALUES (?, 1, ?, ?)`, id, string(doc), t.now); err != nil {
			return err
		}
		return t.logEdit(ctx, id, 1, loam.ActBegin, loam.Draft{}, d)
	})
	return id, err
}

const workColumns = `w.id, w.owner, w.created, d.updated, d.revision, d.doc`

func scanWork(s scanner) (loam.Work, error) {
	var w loam.Work
	var doc string
	if err := s.Scan(&w.ID, &w.Owner, &w.Created, &w.Updated, &w.Revision, &doc); err != nil {
		return w, err
	}
	return w, json.Unmarshal([]byte(doc), &w.Draft)
}

// Work reads a note of its owner; another's is NotFound, as if it did not exist, and so are
// comments and profiles, which are not edited as drafts.
func (db *DB) Work(ctx context.Context, owner, id string) (loam.Work, error) {
	q := db.read()
	w, err := scanWork(q.row(ctx, `SELECT `+workColumns+` FROM works w JOIN drafts d ON d.work = w.id
		WHERE w.id = ? AND w.owner = ? AND w.deleted = 0 AND w.form = ''`, id, owner))
	if err != nil {
		return w, missing(err, "work.not_found")
	}
	return w, versionsOf(ctx, q, &w)
}

// Works lists an owner's notes, newest first, before a moment (0: from the newest).
func (db *DB) Works(ctx context.Context, owner string, before int64, limit int) ([]loam.Work, error) {
	if before <= 0 {
		before = 1 << 62
	}
	q := db.read()
	works, err := all(ctx, q, scanWork, `SELECT `+workColumns+` FROM works w JOIN drafts d ON d.work = w.id
		WHERE w.owner = ? AND w.deleted = 0 AND w.form = '' AND d.updated < ? ORDER BY d.updated DESC, w.id DESC LIMIT ?`, owner, before, limit)
	if err != nil {
		return nil, err
	}
	for i := range works {
		if err := versionsOf(ctx, q, &works[i]); err != nil {
			return nil, err
		}
	}
	return works, nil
}

func versionsOf(ctx context.Context, q querier, w *loam.Work) error {
	v, err := scanVersion(q.row(ctx, `SELECT `+versionColumns+` FROM versions
		WHERE work = ? AND state <> 'withdrawn' ORDER BY number DESC LIMIT 1`, w.ID))
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil
	case err != nil:
		return err
	}
	w.Latest = &v
	err = q.row(ctx, `SELECT version FROM releases WHERE work = ? AND removed_at = 0`, w.ID).Scan(&w.Live)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return err
}

// SaveDraft replaces a draft if the revision is still the one the writer saw, and gives
// the new one; else it is a Conflict and nothing is lost.
func (db *DB) SaveDraft(ctx context.Context, owner, work string, revision int64, d loam.Draft, act loam.Act) (int64, error) {
	doc, err := json.Marshal(d)
	if err != nil {
		return 0, err
	}
	err = db.write(ctx, func(t *tx) error {
		before, err := scanWork(t.row(ctx, `SELECT `+workColumns+` FROM works w JOIN drafts d ON d.work = w.id
			WHERE w.id = ? AND w.owner = ? AND w.deleted = 0`, work, owner))
		if err != nil {
			return missing(err, "work.not_found")
		}
		n, err := t.exec(ctx, `UPDATE drafts SET revision = revision + 1, doc = ?, updated = ? WHERE work = ? AND revision = ?
			AND work IN (SELECT id FROM works WHERE id = ? AND owner = ? AND deleted = 0 AND form = '')`, string(doc), t.now, work, revision, work, owner)
		if err != nil {
			return err
		}
		if n == 0 {
			return loam.Fail(loam.Conflict, "draft.changed")
		}
		if err := t.logEdit(ctx, work, revision+1, act, before.Draft, d); err != nil {
			return err
		}
		// An edit takes back the confirmation of what nobody sees yet.
		_, err = t.exec(ctx, `UPDATE versions SET confirmed_by = '', confirmed_at = 0 WHERE work = ? AND confirmed_at > 0
			AND state IN ('submitted','held','cleared','refused','failed')`, work)
		if err != nil {
			return err
		}
		return t.event(ctx, owner, "draft", work)
	})
	return revision + 1, err
}

// DeleteWork hides a work, erases it in the ledger, and withdraws what readers see of it: nobody can
// decide for it afterwards, and the log would say yes for good.
func (db *DB) DeleteWork(ctx context.Context, owner, work string) error {
	return db.write(ctx, func(t *tx) error {
		n, err := t.exec(ctx, `UPDATE works SET deleted = ? WHERE id = ? AND owner = ? AND deleted = 0`, t.now, work, owner)
		if err != nil {
			return err
		}
		if n == 0 {
			return loam.Fail(loam.NotFound, "work.not_found")
		}
		if err := t.eraseWork(ctx, owner, work); err != nil {
			return err
		}
		return t.withdrawAll(ctx, work, "")
	})
}
