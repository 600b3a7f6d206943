package store

import (
	"context"
	"encoding/json"
	"errors"

	"loam"
)

const (
	// minute is of what history keeps the last draft whole.
	minute = 60 * 1000
	// keptDrafts is how many drafts of a work history keeps whole; of older ones only the
	// line of the log stays.
	keptDrafts = 200
)

// logEdit writes down that a draft became another, and thins the drafts kept whole.
func (t *tx) logEdit(ctx context.Context, work string, revision int64, act loam.Act, before, after loam.Draft) error {
	hash, err := loam.DraftHash(after)
	if err != nil {
		return err
	}
	fields, err := json.Marshal(loam.Changed(before, after))
	if err != nil {
		return err
	}
	doc, err := json.Marshal(after)
	if err != nil {
		return err
	}
	share := loam.ShareOf(after.Title, after.Body)
	_, err = t.exec(ctx, `INSERT INTO edits (work, revision, at, act, fields, hash, person, arranged, model, doc) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		work, revision, t.now, string(act), string(fields), hash, share.Person, share.Arranged, share.Model, string(doc))
	if err != nil {
		return err
	}
	// Typing replaces what was typed in the same minute.
	if act == loam.ActEdit {
		_, err = t.exec(ctx, `UPDATE edits SET doc = '' WHERE work = ? AND revision = ? AND at >= ? AND act = ?`,
			work, revision-1, t.now-t.now%minute, string(loam.ActEdit))
		if err != nil {
			return err
		}
	}
	_, err = t.exec(ctx, `UPDATE edits SET doc = '' WHERE work = ? AND doc <> '' AND revision <=
		coalesce((SELECT revision FROM edits WHERE work = ? AND doc <> '' ORDER BY revision DESC LIMIT 1 OFFSET ?), 0)`,
		work, work, keptDrafts)
	return err
}

const editColumns = `e.revision, e.at, e.act, e.fields, e.hash, e.person, e.arranged, e.model, CASE WHEN e.doc = '' THEN 0 ELSE 1 END`

func scanEdit(s scanner) (loam.Edit, error) {
	var e loam.Edit
	var fields string
	if err := s.Scan(&e.Revision, &e.At, &e.Act, &fields, &e.Hash, &e.Share.Person, &e.Share.Arranged, &e.Share.Model, &e.Kept); err != nil {
		return e, err
	}
	return e, json.Unmarshal([]byte(fields), &e.Fields)
}

// Edits lists what became of an owner's draft, newest first, before a revision (0: from the
// newest).
func (db *DB) Edits(ctx context.Context, owner, work string, before int64, limit int) ([]loam.Edit, error) {
	if before <= 0 {
		before = 1 << 62
	}
	return all(ctx, db.read(), scanEdit, `SELECT `+editColumns+` FROM edits e JOIN works w ON w.id = e.work
		WHERE e.work = ? AND w.owner = ? AND w.deleted = 0 AND e.revision < ? ORDER BY e.revision DESC LIMIT ?`, work, owner, before, limit)
}

// Earlier reads a draft as it was at a revision; NotFound where only its line was kept.
func (db *DB) Earlier(ctx context.Context, owner, work string, revision int64) (loam.Draft, error) {
	var d loam.Draft
	var doc string
	err := db.read().row(ctx, `SELECT e.doc FROM edits e JOIN works w ON w.id = e.work
		WHERE e.work = ? AND w.owner = ? AND w.deleted = 0 AND e.revision = ? AND e.doc <> ''`, work, owner, revision).Scan(&doc)
	if err != nil {
		return d, missing(err, "history.not_kept")
	}
	return d, json.Unmarshal([]byte(doc), &d)
}

// maxTemplates bounds what one account keeps.
const maxTemplates = 50

// SaveTemplate keeps a template under its name; the same name replaces it.
func (db *DB) SaveTemplate(ctx context.Context, owner string, m loam.Template) (loam.Template, error) {
	doc, err := json.Marshal(m.Shape)
	if err != nil {
		return m, err
	}
	err = db.write(ctx, func(t *tx) error {
		m.At = t.now
		err := t.row(ctx, `SELECT id FROM templates WHERE owner = ? AND name = ?`, owner, m.Name).Scan(&m.ID)
		if err == nil {
			_, err = t.exec(ctx, `UPDATE templates SET doc = ?, at = ? WHERE id = ?`, string(doc), t.now, m.ID)
			return err
		}
		if loam.KindOf(missing(err, "template.not_found")) != loam.NotFound {
			return err
		}
		n := 0
		if err := t.row(ctx, `SELECT count(*) FROM templates WHERE owner = ?`, owner).Scan(&n); err != nil {
			return err
		}
		if n >= maxTemplates {
			return loam.Fail(loam.TooLarge, "template.too_many", maxTemplates)
		}
		m.ID = t.id()
		_, err = t.exec(ctx, `INSERT INTO templates (id, owner, name, doc, at) VALUES (?, ?, ?, ?, ?)`, m.ID, owner, m.Name, string(doc), t.now)
		return err
	})
	return m, err
}

// Templates lists an account's templates, newest first.
func (db *DB) Templates(ctx context.Context, owner string) ([]loam.Template, error) {
	return all(ctx, db.read(), func(s scanner) (loam.Template, error) {
		var m loam.Template
		var doc string
		err := s.Scan(&m.ID, &m.Name, &m.At, &doc)
		return m, errors.Join(err, json.Unmarshal([]byte(doc), &m.Shape))
	}, `SELECT id, name, at, doc FROM templates WHERE owner = ? ORDER BY at DESC, id DESC`, owner)
}

// DeleteTemplate drops a template of its owner.
func (db *DB) DeleteTemplate(ctx context.Context, owner, id string) error {
	return db.write(ctx, func(t *tx) error {
		n, err := t.exec(ctx, `DELETE FROM templates WHERE id = ? AND owner = ?`, id, owner)
		if err == nil && n == 0 {
			err = loam.Fail(loam.NotFound, "template.not_found")
		}
		return err
	})
}

// CreationLog gathers how a work of its owner came to be, oldest first, from one moment.
func (db *DB) CreationLog(ctx context.Context, owner, work string) (loam.CreationLog, error) {
	w, err := db.Work(ctx, owner, work)
	if err != nil {
		return loam.CreationLog{}, err
	}
	a, err := db.Account(ctx, owner)
	if err != nil {
		return loam.CreationLog{}, err
	}
	l := loam.CreationLog{Format: loam.CreationLogFormat, Work: work, Creator: a.Handle, Made: db.clock.Now(), Draft: w.Draft, Pictures: []loam.Asset{}}
	q := db.read()
	if l.Edits, err = all(ctx, q, scanEdit, `SELECT `+editColumns+` FROM edits e WHERE e.work = ? ORDER BY e.revision`, work); err != nil {
		return l, err
	}
	if l.Generations, err = all(ctx, q, scanGeneration, `SELECT `+generationColumns+` FROM generations WHERE work = ? ORDER BY started, id`, work); err != nil {
		return l, err
	}
	if l.Versions, err = all(ctx, q, scanVersion, `SELECT `+versionColumns+` FROM versions WHERE work = ? ORDER BY number`, work); err != nil {
		return l, err
	}
	for _, p := range w.Draft.Pictures {
		a, err := db.Asset(ctx, owner, p.Asset)
		if err != nil {
			return l, err
		}
		l.Pictures = append(l.Pictures, a)
	}
	if s := w.Draft.Sound; s != nil {
		a, err := db.Asset(ctx, owner, s.Asset)
		if err != nil {
			return l, err
		}
		l.Sound = &a
	}
	return l, nil
}
