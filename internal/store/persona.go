package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"loam"
)

// Persona reads what an account set of its persona; nothing set is the zero value: off.
func (db *DB) Persona(ctx context.Context, account string) (loam.PersonaEdits, error) {
	var e loam.PersonaEdits
	var doc string
	err := db.read().row(ctx, `SELECT doc FROM personas WHERE account = ?`, account).Scan(&doc)
	if errors.Is(err, sql.ErrNoRows) {
		return e, nil
	}
	if err != nil {
		return e, err
	}
	return e, json.Unmarshal([]byte(doc), &e)
}

// SavePersona keeps what an account set of its persona.
func (db *DB) SavePersona(ctx context.Context, account string, e loam.PersonaEdits) error {
	doc, err := json.Marshal(e)
	if err != nil {
		return err
	}
	return db.write(ctx, func(t *tx) error {
		_, err := t.exec(ctx, `INSERT INTO personas (account, active, doc, updated) VALUES (?, ?, ?, ?)
			ON CONFLICT (account) DO UPDATE SET active = excluded.active, doc = excluded.doc, updated = excluded.updated`,
			account, e.On, string(doc), t.now)
		return err
	})
}

// DeletePersona forgets what an account set; the persona is off again.
func (db *DB) DeletePersona(ctx context.Context, account string) error {
	return db.write(ctx, func(t *tx) error {
		_, err := t.exec(ctx, `DELETE FROM personas WHERE account = ?`, account)
		return err
	})
}

// Styled lists an account's own notes that readers see, newest first, each with the answer
// of the one rule (loam.Permit) for its style use at this moment.
func (db *DB) Styled(ctx context.Context, account string, limit int) ([]loam.Styled, error) {
	now := db.clock.Now()
	return all(ctx, db.read(), func(s scanner) (loam.Styled, error) {
		var out loam.Styled
		var doc string
		if err := s.Scan(&out.Work, &doc, &out.Allowed); err != nil {
			return out, err
		}
		return out, json.Unmarshal([]byte(doc), &out.Content)
	}, `SELECT r.work, v.content, u.work IS NOT NULL FROM releases r
		JOIN versions v ON v.id = r.version JOIN works w ON w.id = r.work
		LEFT JOIN permits u ON u.work = r.work AND u.name = 'style'`+holds+`
		WHERE r.owner = ? AND r.form = '' AND r.removed_at = 0 AND w.deleted = 0 ORDER BY r.released_at DESC LIMIT ?`, now, now, account, limit)
}

// TitleLine is the title of a public note for the writer: its kind, whose it is, when it
// came out, whether its owner lets its style be learned from, and how often it was collected.
type TitleLine struct {
	Title, Kind, Owner string
	At                 int64
	Style              bool
	Collects           int
}

// Titles lists the titles of the newest public notes.
func (db *DB) Titles(ctx context.Context, limit int) ([]TitleLine, error) {
	now := db.clock.Now()
	return all(ctx, db.read(), func(s scanner) (TitleLine, error) {
		var out TitleLine
		var doc string
		if err := s.Scan(&out.Owner, &out.At, &doc, &out.Style, &out.Collects); err != nil {
			return out, err
		}
		var c struct{ Title, Kind string }
		err := json.Unmarshal([]byte(doc), &c)
		out.Title, out.Kind = c.Title, c.Kind
		return out, err
	}, `SELECT r.owner, r.released_at, v.content, u.work IS NOT NULL,
		(SELECT count(*) FROM reactions c WHERE c.work = r.work AND c.kind = 'collect') FROM releases r
		JOIN versions v ON v.id = r.version JOIN works w ON w.id = r.work
		LEFT JOIN permits u ON u.work = r.work AND u.name = 'style'`+holds+`
		WHERE r.form = '' AND r.removed_at = 0 AND w.deleted = 0 AND r.audience = 'public' AND r.reach = 'allow' ORDER BY r.released_at DESC LIMIT ?`, now, now, limit)
}
