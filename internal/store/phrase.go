package store

import (
	"context"

	"loam"
)

// Phrases lists the standing phrases in the order they were added.
func (db *DB) Phrases(ctx context.Context) ([]loam.Phrase, error) {
	return all(ctx, db.read(), func(s scanner) (p loam.Phrase, err error) {
		return p, s.Scan(&p.ID, &p.Text, &p.Risk, &p.Tier, &p.Source, &p.AddedBy, &p.At, &p.Hits)
	}, `SELECT id, text, risk, tier, source, added_by, at, hits FROM phrases ORDER BY at, id`)
}

// AddPhrases stores phrases; one that is there for the same risk takes the new tier and
// source. It gives how many are new or changed.
func (db *DB) AddPhrases(ctx context.Context, by string, phrases []loam.Phrase) (int64, error) {
	var n int64
	err := db.write(ctx, func(t *tx) error {
		n = 0
		for _, p := range phrases {
			m, err := t.exec(ctx, `INSERT INTO phrases (id, text, risk, tier, source, added_by, at) VALUES (?, ?, ?, ?, ?, ?, ?)
				ON CONFLICT (text, risk) DO UPDATE SET tier = excluded.tier, source = excluded.source, added_by = excluded.added_by, at = excluded.at
				WHERE phrases.tier <> excluded.tier OR phrases.source <> excluded.source`,
				t.id(), p.Text, string(p.Risk), string(p.Tier), p.Source, by, t.now)
			if err != nil {
				return err
			}
			n += m
		}
		return t.event(ctx, staff, "phrases", "")
	})
	return n, err
}

// RemovePhrase deletes one phrase.
func (db *DB) RemovePhrase(ctx context.Context, id string) error {
	return db.write(ctx, func(t *tx) error {
		n, err := t.exec(ctx, `DELETE FROM phrases WHERE id = ?`, id)
		if err != nil {
			return err
		}
		if n == 0 {
			return loam.Fail(loam.NotFound, "phrase.not_found")
		}
		return t.event(ctx, staff, "phrases", "")
	})
}
