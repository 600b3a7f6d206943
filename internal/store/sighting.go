package store

import (
	"context"
	"encoding/json"
	"slices"

	"loam"
)

// protectedDetector is whose findings are sightings.
const protectedDetector = "protected"

// sighted is where in a version a protection was found.
type sighted struct {
	id, by string
	fields []string
}

// seenIn gathers what a verdict found of each protection, in the order of its findings.
func seenIn(verdict loam.Verdict) []sighted {
	var out []sighted
	for _, f := range verdict.Findings {
		id := f.Facts["protection"]
		if f.Detector != protectedDetector || id == "" {
			continue
		}
		i := slices.IndexFunc(out, func(s sighted) bool { return s.id == id })
		if i < 0 {
			i, out = len(out), append(out, sighted{id: id, by: loam.SightedName})
		}
		if by := f.Facts["by"]; by == loam.SightedPicture || by == loam.SightedSound {
			out[i].by = by
		}
		if !slices.Contains(out[i].fields, f.Field) {
			out[i].fields = append(out[i].fields, f.Field)
		}
	}
	return out
}

// sight keeps where a verdict found registered protections of others, and tells who holds them.
func (t *tx) sight(ctx context.Context, v loam.Version, verdict loam.Verdict) error {
	for _, s := range seenIn(verdict) {
		fields, err := json.Marshal(s.fields)
		if err != nil {
			return err
		}
		n, err := t.exec(ctx, `INSERT INTO sightings (id, protection, version, work, fields, found_by, at)
			SELECT ?, p.id, ?, ?, ?, ?, ? FROM protections p WHERE p.id = ? AND p.state = 'registered' AND p.owner <> ?
			ON CONFLICT (protection, version) DO NOTHING`, t.id(), v.ID, v.Work, string(fields), s.by, t.now, s.id, v.Owner)
		if err != nil {
			return err
		}
		if n == 0 {
			continue // withdrawn since, or found there before
		}
		var owner string
		if err := t.row(ctx, `SELECT owner FROM protections WHERE id = ?`, s.id).Scan(&owner); err != nil {
			return err
		}
		if err := t.event(ctx, owner, TopicProtection, s.id); err != nil {
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

const sightingSelect = `SELECT s.id, s.protection, p.name, p.kind, coalesce(r.work, ''), coalesce(v.content, '{}'), s.fields, s.found_by, s.at, s.answer, s.answered_at
	FROM sightings s JOIN protections p ON p.id = s.protection
	LEFT JOIN releases r ON r.version = s.version AND r.removed_at = 0 AND r.audience <> 'me' LEFT JOIN versions v ON v.id = r.version `

func scanSighting(s scanner) (loam.Sighting, error) {
	var x loam.Sighting
	var content, fields string
	err := s.Scan(&x.ID, &x.Protection, &x.Name, &x.Kind, &x.Work, &content, &fields, &x.By, &x.At, &x.Answer, &x.AnsweredAt)
	if err == nil {
		x.Title, err = titleOf(content)
	}
	if err == nil {
		err = json.Unmarshal([]byte(fields), &x.Fields)
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
