package store

import (
	"context"

	"loam"
)

// protectedDetector is whose findings are sightings.
const protectedDetector = "protected"

// sight keeps where a verdict found registered protections of others, and tells who holds them.
func (t *tx) sight(ctx context.Context, v loam.Version, verdict loam.Verdict) error {
	for _, f := range verdict.Findings {
		id := f.Facts["protection"]
		if f.Detector != protectedDetector || id == "" {
			continue
		}
		by := loam.SightedName
		if f.Facts["by"] == loam.SightedPicture {
			by = loam.SightedPicture
		}
		n, err := t.exec(ctx, `INSERT INTO sightings (id, protection, version, work, field, found_by, at)
			SELECT ?, p.id, ?, ?, ?, ?, ? FROM protections p WHERE p.id = ? AND p.state = 'registered' AND p.owner <> ?
			ON CONFLICT (protection, version, field) DO NOTHING`, t.id(), v.ID, v.Work, f.Field, by, t.now, id, v.Owner)
		if err != nil {
			return err
		}
		if n == 0 {
			continue // withdrawn since, or found there before
		}
		var owner string
		if err := t.row(ctx, `SELECT owner FROM protections WHERE id = ?`, id).Scan(&owner); err != nil {
			return err
		}
		if err := t.event(ctx, owner, TopicProtection, id); err != nil {
			return err
		}
	}
	return nil
}

// Sightings lists where an account's protections were seen, newest first. Of what readers do not
// see it says that there is something, not what.
func (db *DB) Sightings(ctx context.Context, owner string, limit int) ([]loam.Sighting, error) {
	return all(ctx, db.read(), scanSighting, sightingSelect+`WHERE p.owner = ? ORDER BY s.at DESC, s.id DESC LIMIT ?`, owner, limit)
}

// SightingsIn lists what was seen in a version, for who judges it.
func (db *DB) SightingsIn(ctx context.Context, version string) ([]loam.Sighting, error) {
	return all(ctx, db.read(), scanSighting, sightingSelect+`WHERE s.version = ? ORDER BY s.at, s.id`, version)
}

const sightingSelect = `SELECT s.id, s.protection, p.name, p.kind, coalesce(r.work, ''), coalesce(v.content, '{}'), s.field, s.found_by, s.at, s.answer, s.answered_at
	FROM sightings s JOIN protections p ON p.id = s.protection
	LEFT JOIN releases r ON r.version = s.version AND r.removed_at = 0 AND r.audience <> 'me' LEFT JOIN versions v ON v.id = r.version `

func scanSighting(s scanner) (loam.Sighting, error) {
	var x loam.Sighting
	var content string
	err := s.Scan(&x.ID, &x.Protection, &x.Name, &x.Kind, &x.Work, &content, &x.Field, &x.By, &x.At, &x.Answer, &x.AnsweredAt)
	if err == nil {
		x.Title, err = titleOf(content)
	}
	return x, err
}

// AnswerSighting is what who holds a protection says to one place it was seen in; she may change
// her mind.
func (db *DB) AnswerSighting(ctx context.Context, owner, id, answer string) error {
	return db.write(ctx, func(t *tx) error {
		n, err := t.exec(ctx, `UPDATE sightings SET answer = ?, answered_at = ? WHERE id = ? AND protection IN (SELECT id FROM protections WHERE owner = ?)`,
			answer, t.now, id, owner)
		if err != nil {
			return err
		}
		if n == 0 {
			return loam.Fail(loam.NotFound, "sighting.not_found")
		}
		return t.event(ctx, staff, "queue", id)
	})
}
