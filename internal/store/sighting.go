package store

import (
	"context"
	"encoding/json"
	"slices"

	"loam"
)

// protectedDetector is whose findings are sightings.
const protectedDetector = "protected"

// sighted is where in a version a protection was found: by a face or voice in bodies, otherwise in
// fields.
type sighted struct {
	id, by         string
	fields, bodies []string
}

// sightedBy are the ways a protection is found; a sighting has the last. Those that end with the consent
// to be compared come first.
var sightedBy = []string{loam.SightedFace, loam.SightedVoice, loam.SightedName, loam.SightedPicture, loam.SightedSound}

// seenIn gathers what was found of each protection, in the order of the findings.
func seenIn(findings []loam.Finding) []sighted {
	var out []sighted
	for _, f := range findings {
		id := f.Facts["protection"]
		if f.Detector != protectedDetector || id == "" {
			continue
		}
		i := slices.IndexFunc(out, func(s sighted) bool { return s.id == id })
		if i < 0 {
			i, out = len(out), append(out, sighted{id: id, by: f.Facts["by"], fields: []string{}, bodies: []string{}})
		}
		s := &out[i]
		if by := f.Facts["by"]; slices.Index(sightedBy, by) > slices.Index(sightedBy, s.by) {
			s.by = by
		}
		where := &s.fields
		if f.Bodily() {
			where = &s.bodies
		}
		if !slices.Contains(*where, f.Field) {
			*where = append(*where, f.Field)
		}
	}
	return out
}

// sight keeps where findings saw registered protections of others, tells who holds them, and gives
// how many are new.
func (t *tx) sight(ctx context.Context, v loam.Version, findings []loam.Finding) (fresh int, err error) {
	for _, s := range seenIn(findings) {
		fields, err := json.Marshal(s.fields)
		if err != nil {
			return fresh, err
		}
		bodies, err := json.Marshal(s.bodies)
		if err != nil {
			return fresh, err
		}
		n, err := t.exec(ctx, `INSERT INTO sightings (id, protection, version, work, fields, bodies, found_by, at)
			SELECT ?, p.id, ?, ?, ?, CASE WHEN p.compare = '' THEN '[]' ELSE ? END, ?, ? FROM protections p WHERE p.id = ? AND p.state = 'registered' AND p.owner <> ?
			AND (p.compare <> '' OR ? NOT IN ('face','voice')) ON CONFLICT (protection, version) DO NOTHING`,
			t.id(), v.ID, v.Work, string(fields), string(bodies), s.by, t.now, s.id, v.Owner, s.by)
		if err != nil {
			return fresh, err
		}
		if n == 0 {
			continue // withdrawn since, or found there before
		}
		fresh++
		var owner string
		if err := t.row(ctx, `SELECT owner FROM protections WHERE id = ?`, s.id).Scan(&owner); err != nil {
			return fresh, err
		}
		if err := t.event(ctx, owner, TopicProtection, s.id); err != nil {
			return fresh, err
		}
	}
	return fresh, nil
}

// everLooked is how far a protection was looked for when all that was out was looked through.
const everLooked = "~"

// Unlooked are the registered protections that not all of what was out was looked through for, and
// the version after which to go on.
func (db *DB) Unlooked(ctx context.Context) (ids []string, after string, err error) {
	_, err = all(ctx, db.read(), func(s scanner) (id string, err error) {
		var looked string
		err = s.Scan(&id, &looked)
		if len(ids) == 0 {
			after = looked
		}
		ids = append(ids, id)
		return id, err
	}, `SELECT id, looked FROM protections WHERE state = 'registered' AND looked <> ? ORDER BY looked`, everLooked)
	return ids, after, err
}

// Out lists versions that readers see, by id, after one.
func (db *DB) Out(ctx context.Context, after string, limit int) ([]loam.Version, error) {
	return all(ctx, db.read(), scanVersion, `SELECT `+versionColumns+` FROM versions WHERE state = 'released' AND id > ? ORDER BY id LIMIT ?`, after, limit)
}

// Looked keeps how far what was out was looked through for protections, "" for all of it.
func (db *DB) Looked(ctx context.Context, ids []string, upto string) error {
	if upto == "" {
		upto = everLooked
	}
	return db.write(ctx, func(t *tx) error {
		for _, id := range ids {
			if _, err := t.exec(ctx, `UPDATE protections SET looked = ? WHERE id = ?`, upto, id); err != nil {
				return err
			}
		}
		return nil
	})
}

// SightOut keeps where protections were seen in a version that is out, tells who holds them, and has
// people look at it. Of one that is out no longer, and of what was seen before, it keeps nothing.
func (db *DB) SightOut(ctx context.Context, version string, findings []loam.Finding) error {
	return db.write(ctx, func(t *tx) error {
		v, err := t.version(ctx, version)
		if err != nil || v.State != loam.Released {
			return err
		}
		fresh, err := t.sight(ctx, v, findings)
		if err != nil || fresh == 0 {
			return err
		}
		_, err = t.reported(ctx, v, findings[0].Risk)
		return err
	})
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

const sightingSelect = `SELECT s.id, s.protection, p.name, p.kind, coalesce(r.work, ''), coalesce(v.content, '{}'), s.fields, s.bodies, s.found_by, s.at, s.answer, s.answered_at
	FROM sightings s JOIN protections p ON p.id = s.protection
	LEFT JOIN releases r ON r.version = s.version AND r.removed_at = 0 AND r.audience <> 'me' LEFT JOIN versions v ON v.id = r.version `

func scanSighting(s scanner) (loam.Sighting, error) {
	var x loam.Sighting
	var content, fields, bodies string
	err := s.Scan(&x.ID, &x.Protection, &x.Name, &x.Kind, &x.Work, &content, &fields, &bodies, &x.By, &x.At, &x.Answer, &x.AnsweredAt)
	if err == nil {
		x.Title, err = titleOf(content)
	}
	if err == nil {
		err = json.Unmarshal([]byte(fields), &x.Fields)
	}
	var also []string
	if err == nil {
		err = json.Unmarshal([]byte(bodies), &also)
	}
	for _, f := range also {
		if !slices.Contains(x.Fields, f) {
			x.Fields = append(x.Fields, f)
		}
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
