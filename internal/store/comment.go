package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"loam"
)

// SubmitText freezes a comment, or the next version of a profile: a work without a draft
// somebody edits. It is neither labelled nor screened yet. The key makes it idempotent per
// owner: a comment sent twice under one key is one, and under the same key with other words a
// Conflict.
func (db *DB) SubmitText(ctx context.Context, key string, s loam.Submission) (loam.Version, error) {
	var v loam.Version
	err := db.write(ctx, func(t *tx) error {
		s := s // a repeated transaction begins with what was given
		if s.Content.Form == loam.FormComment {
			if err := t.commentable(ctx, s.Owner, &s.Content); err != nil {
				return err
			}
		}
		var err error
		if v, err = t.earlier(ctx, key, &s); err != nil || v.ID != "" {
			return err
		}
		if s.Content.Work == "" {
			if err := t.createText(ctx, key, &s); err != nil {
				return err
			}
		}
		v, err = t.freeze(ctx, s)
		return err
	})
	return v, err
}

// commentable is nil where an account may comment now. An answer to an answer stands under
// the comment that began the thread.
func (t *tx) commentable(ctx context.Context, account string, c *loam.Content) error {
	var audience loam.Audience
	var owner string
	var closed bool
	err := t.row(ctx, `SELECT r.audience, r.owner, w.closed FROM releases r JOIN works w ON w.id = r.work
		WHERE r.work = ? AND r.form = '' AND r.removed_at = 0`, c.On).Scan(&audience, &owner, &closed)
	switch {
	case err != nil:
		return missing(err, "note.not_found")
	case audience == loam.OnlyMe && owner != account:
		return loam.Fail(loam.NotFound, "note.not_found")
	case closed:
		return loam.Fail(loam.Conflict, "comment.closed")
	case c.Parent == "":
		return nil
	}
	var top string
	err = t.row(ctx, `SELECT parent FROM releases WHERE work = ? AND on_work = ? AND removed_at = 0`, c.Parent, c.On).Scan(&top)
	if top != "" {
		c.Parent = top
	}
	return missing(err, "comment.not_found")
}

// earlier finds the work a key made before: its version, where it is the same comment, or a
// profile that stands as it would be frozen. A profile's work takes the next version.
func (t *tx) earlier(ctx context.Context, key string, s *loam.Submission) (loam.Version, error) {
	var work string
	err := t.row(ctx, `SELECT id FROM works WHERE owner = ? AND key = ?`, s.Owner, key).Scan(&work)
	if errors.Is(err, sql.ErrNoRows) {
		return loam.Version{}, nil
	}
	if err != nil {
		return loam.Version{}, err
	}
	v, err := scanVersion(t.row(ctx, `SELECT `+versionColumns+` FROM versions WHERE work = ? ORDER BY number DESC LIMIT 1`, work))
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return v, err
	}
	c, d := v.Content, s.Content
	same := c.Form == d.Form && c.Title == d.Title && c.Body == d.Body && c.On == d.On && c.Parent == d.Parent
	switch {
	case same && v.State != loam.Withdrawn && (d.Form == loam.FormComment || v.State != loam.Refused && v.State != loam.Removed):
		return v, nil
	case d.Form != loam.FormProfile:
		return loam.Version{}, loam.Fail(loam.Conflict, "comment.key")
	}
	s.Content.Work = work
	if _, err := t.exec(ctx, `UPDATE works SET deleted = 0, updated = ? WHERE id = ?`, t.now, work); err != nil {
		return loam.Version{}, err
	}
	return loam.Version{}, t.row(ctx, `SELECT revision FROM drafts WHERE work = ?`, work).Scan(&s.Revision)
}

func (t *tx) createText(ctx context.Context, key string, s *loam.Submission) error {
	doc, err := json.Marshal(loam.Draft{})
	if err != nil {
		return err
	}
	c := &s.Content
	c.Work, s.Revision = t.id(), 1
	_, err = t.exec(ctx, `INSERT INTO works (id, owner, key, created, updated, form, on_work) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		c.Work, s.Owner, key, t.now, t.now, string(c.Form), c.On)
	if err == nil {
		_, err = t.exec(ctx, `INSERT INTO drafts (work, revision, doc, updated) VALUES (?, 1, ?, ?)`, c.Work, string(doc), t.now)
	}
	return err
}

// answers is how many comments readers see under r.
const answers = `(SELECT count(*) FROM releases x WHERE x.on_work = r.on_work AND x.parent = r.work AND x.removed_at = 0)`

func scanComment(s scanner) (loam.Comment, error) {
	var r loam.Release
	var roles string
	var n int
	a := &r.Author
	v, err := scanVersion(alongside{s, append(accountFields(a, &roles), &r.ReleasedAt, &n)})
	a.Roles = splitRoles(roles)
	return loam.Comment{
		Work: v.Work, Version: v.ID, On: v.Content.On, Parent: v.Content.Parent, Author: *a, Text: v.Content.Body, AI: v.Content.AI(),
		State: v.State, Reach: v.Reach, At: r.ReleasedAt, Answers: n,
	}, err
}

// Comments lists what readers see under a note, newest first, or, with a parent, the answers
// to one comment, oldest first.
func (db *DB) Comments(ctx context.Context, note, parent string, from loam.Place, limit int) ([]loam.Comment, error) {
	order, after, args := "DESC", before, []any{note, parent}
	if parent != "" {
		order, after = "ASC", ` AND r.released_at >= ? AND (r.released_at > ? OR r.version > ?) `
		args = append(args, from.At, from.At, from.Version)
	} else {
		args = append(args, beforeArgs(from)...)
	}
	return all(ctx, db.read(), scanComment, `SELECT `+releasedColumns()+`, `+answers+releasedFrom+
		`WHERE r.on_work = ? AND r.parent = ? AND r.removed_at = 0`+after+
		`ORDER BY r.released_at `+order+`, r.version `+order+` LIMIT ?`, append(args, limit)...)
}

// Comment reads a comment that readers see.
func (db *DB) Comment(ctx context.Context, work string) (loam.Comment, error) {
	c, err := scanComment(db.read().row(ctx, `SELECT `+releasedColumns()+`, `+answers+releasedFrom+`WHERE r.work = ? AND r.form = 'comment' AND r.removed_at = 0`, work))
	return c, missing(err, "comment.not_found")
}

// Unseen lists an account's own comments under a note that are confirmed and not before
// readers: being checked, held, refused or removed. Newest first.
func (db *DB) Unseen(ctx context.Context, account, note string, limit int) ([]loam.Comment, error) {
	return all(ctx, db.read(), scanComment, `SELECT `+of("v", versionColumns)+`, `+of("a", accountColumns)+`, v.submitted_at, 0
		FROM works w JOIN versions v ON v.work = w.id JOIN accounts a ON a.id = w.owner
		WHERE w.on_work = ? AND w.owner = ? AND w.deleted = 0 AND v.confirmed_at > 0 AND v.state NOT IN ('released','withdrawn')
		ORDER BY v.submitted_at DESC, v.id DESC LIMIT ?`, note, account, limit)
}

// RecentComments gives the words of an account's latest confirmed comments since a moment,
// but for the one an idempotency key made.
func (db *DB) RecentComments(ctx context.Context, account, except string, since int64, limit int) ([]string, error) {
	docs, err := all(ctx, db.read(), scanString, `SELECT v.content FROM works w JOIN versions v ON v.work = w.id
		WHERE w.owner = ? AND w.updated >= ? AND w.form = 'comment' AND w.key <> ? AND v.confirmed_at >= ? ORDER BY w.updated DESC LIMIT ?`, account, since, except, since, limit)
	if err != nil {
		return nil, err
	}
	out := make([]string, len(docs))
	for i, doc := range docs {
		var c struct{ Body string }
		if err := json.Unmarshal([]byte(doc), &c); err != nil {
			return nil, err
		}
		out[i] = c.Body
	}
	return out, nil
}

// Discussion is how many comments readers see under a note, and whether it takes more.
func (db *DB) Discussion(ctx context.Context, note string) (count int, open bool, err error) {
	q := db.read()
	err = q.row(ctx, `SELECT count(*) FROM releases r WHERE r.on_work = ? AND r.removed_at = 0 AND (r.parent = ''
		OR EXISTS (SELECT 1 FROM releases p WHERE p.work = r.parent AND p.removed_at = 0))`, note).Scan(&count)
	if err != nil {
		return 0, false, err
	}
	var closed bool
	err = q.row(ctx, `SELECT closed FROM works WHERE id = ?`, note).Scan(&closed)
	return count, !closed, missing(err, "note.not_found")
}

// SetDiscussion opens or closes a note for comments; those that are there stay.
func (db *DB) SetDiscussion(ctx context.Context, owner, note string, open bool) error {
	return db.write(ctx, func(t *tx) error {
		n, err := t.exec(ctx, `UPDATE works SET closed = ? WHERE id = ? AND owner = ? AND form = '' AND deleted = 0`, !open, note, owner)
		if err == nil && n == 0 {
			err = loam.Fail(loam.NotFound, "work.not_found")
		}
		return err
	})
}

// Profile reads the newest version of an account's profile, NotFound if she never wrote one.
func (db *DB) Profile(ctx context.Context, account string) (loam.Version, error) {
	v, err := scanVersion(db.read().row(ctx, `SELECT `+of("v", versionColumns)+` FROM works w JOIN versions v ON v.work = w.id
		WHERE w.owner = ? AND w.form = 'profile' AND v.confirmed_at > 0 AND v.state <> 'withdrawn' ORDER BY v.number DESC LIMIT 1`, account))
	return v, missing(err, "version.not_found")
}
