package store

import (
	"context"
	"database/sql"
	"errors"

	"loam"
)

func (t *tx) setUse(ctx context.Context, work string, u loam.Use, allowed bool) error {
	_, err := t.exec(ctx, `INSERT INTO uses (work, name, allowed, at) VALUES (?, ?, ?, ?)
		ON CONFLICT (work, name) DO UPDATE SET allowed = excluded.allowed, at = excluded.at`, work, string(u), allowed, t.now)
	return err
}

// SetUse records a creator's answer for one use of her work.
func (db *DB) SetUse(ctx context.Context, owner, work string, u loam.Use, allowed bool) error {
	return db.write(ctx, func(t *tx) error {
		var n int
		if err := t.row(ctx, `SELECT count(*) FROM works WHERE id = ? AND owner = ? AND deleted = 0`, work, owner).Scan(&n); err != nil {
			return err
		}
		if n == 0 {
			return loam.Fail(loam.NotFound, "work.not_found")
		}
		return t.setUse(ctx, work, u, allowed)
	})
}

// Uses lists a work's answer for every use, in the order of loam.Uses.
func (db *DB) Uses(ctx context.Context, work string) ([]loam.Permission, error) {
	rows, err := all(ctx, db.read(), func(s scanner) (p loam.Permission, err error) {
		p.Set = true
		return p, s.Scan(&p.Use, &p.Allowed, &p.At)
	}, `SELECT name, allowed, at FROM uses WHERE work = ?`, work)
	if err != nil {
		return nil, err
	}
	set := map[loam.Use]loam.Permission{}
	for _, p := range rows {
		set[p.Use] = p
	}
	out := make([]loam.Permission, 0, len(loam.Uses()))
	for _, u := range loam.Uses() {
		p := set[u]
		p.Use = u
		out = append(out, p)
	}
	return out, nil
}

// May decides whether a work may be used so, now: the only door to any use. It reads the
// database and never waits; unknown is no.
func (db *DB) May(ctx context.Context, work string, u loam.Use) (bool, error) {
	p := loam.Permission{Use: u}
	var noAI bool
	var live int
	q := db.read()
	err := q.row(ctx, `SELECT a.no_ai, (SELECT count(*) FROM releases r WHERE r.work = w.id AND r.removed_at = 0)
		FROM works w JOIN accounts a ON a.id = w.owner WHERE w.id = ? AND w.deleted = 0`, work).Scan(&noAI, &live)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	err = q.row(ctx, `SELECT allowed FROM uses WHERE work = ? AND name = ?`, work, string(u)).Scan(&p.Allowed)
	p.Set = err == nil
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return loam.Permit(u, p, noAI, live > 0), err
}
