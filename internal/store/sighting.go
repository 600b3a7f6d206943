package store

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"loam"
)

// way is one way a protection was found in a version, and where.
type way struct {
	By     string   `json:"by"`
	Fields []string `json:"fields"`
}

// sighted is how and where a protection was found in a version.
type sighted struct {
	id   string
	ways []way
}

// sightedBy are the ways a protection is found, what says most last: a sighting is told by that.
var sightedBy = []string{loam.SightedName, loam.SightedFace, loam.SightedVoice, loam.SightedPicture, loam.SightedSound}

// seenIn gathers what was found of each protection, in the order of the findings.
func seenIn(findings []loam.Finding) []sighted {
	var out []sighted
	for _, f := range findings {
		id := f.Facts["protection"]
		if f.Detector != loam.ProtectedDetector || id == "" {
			continue
		}
		i := slices.IndexFunc(out, func(s sighted) bool { return s.id == id })
		if i < 0 {
			i, out = len(out), append(out, sighted{id: id})
		}
		out[i].ways = joinWays(out[i].ways, way{cmp.Or(f.Facts["by"], loam.SightedName), []string{f.Field}})
	}
	return out
}

// joinWays adds to ways what is not among them yet.
func joinWays(ways []way, more ...way) []way {
	for _, m := range more {
		i := slices.IndexFunc(ways, func(w way) bool { return w.By == m.By })
		if i < 0 {
			i, ways = len(ways), append(ways, way{By: m.By})
		}
		for _, f := range m.Fields {
			if !slices.Contains(ways[i].Fields, f) {
				ways[i].Fields = append(ways[i].Fields, f)
			}
		}
	}
	return ways
}

func parseWays(text string) (ways []way, err error) {
	return ways, json.Unmarshal([]byte(text), &ways)
}

// sight keeps where findings saw registered protections of others, tells who holds them, and gives
// how many were not seen there, or not so, before.
func (t *tx) sight(ctx context.Context, v loam.Version, findings []loam.Finding) (fresh int, err error) {
	for _, s := range seenIn(findings) {
		var owner string
		err := t.row(ctx, `SELECT owner FROM protections WHERE id = ? AND state = 'registered' AND owner <> ?`, s.id, v.Owner).Scan(&owner)
		if errors.Is(err, sql.ErrNoRows) {
			continue // withdrawn since
		}
		if err != nil {
			return fresh, err
		}
		changed, err := t.sightOne(ctx, v, s)
		if err != nil {
			return fresh, err
		}
		if !changed {
			continue
		}
		fresh++
		if err := t.event(ctx, owner, TopicProtection, s.id); err != nil {
			return fresh, err
		}
	}
	return fresh, nil
}

// sightOne keeps one sighting, or adds to it the ways in which it was not seen before.
func (t *tx) sightOne(ctx context.Context, v loam.Version, s sighted) (changed bool, err error) {
	var id, text string
	err = t.row(ctx, `SELECT id, found FROM sightings WHERE protection = ? AND version = ?`, s.id, v.ID).Scan(&id, &text)
	if errors.Is(err, sql.ErrNoRows) {
		found, err := json.Marshal(s.ways)
		if err != nil {
			return false, err
		}
		_, err = t.exec(ctx, `INSERT INTO sightings (id, protection, version, work, found, at) VALUES (?, ?, ?, ?, ?, ?)`, t.id(), s.id, v.ID, v.Work, string(found), t.now)
		return err == nil, err
	}
	if err != nil {
		return false, err
	}
	was, err := parseWays(text)
	if err != nil {
		return false, err
	}
	before := places(was)
	ways := joinWays(was, s.ways...)
	if places(ways) == before {
		return false, nil
	}
	return true, t.setWays(ctx, id, ways)
}

// places counts what ways found.
func places(ways []way) (n int) {
	for _, w := range ways {
		n += len(w.Fields)
	}
	return n
}

func (t *tx) setWays(ctx context.Context, sighting string, ways []way) error {
	found, err := json.Marshal(ways)
	if err != nil {
		return err
	}
	_, err = t.exec(ctx, `UPDATE sightings SET found = ? WHERE id = ?`, string(found), sighting)
	return err
}

// LookedBack is how far what was out was looked through for a protection.
type LookedBack struct {
	After  string // the last version, "" for none
	Missed bool   // something of it could not be compared for the time being
	Done   bool   // it was all
}

// How the database writes it. Both ends are behind every id, so what is left to do comes first.
const (
	lookedAll    = "~"
	lookedExcept = "}"
	lookedMissed = "!" // behind the last version
)

func (l LookedBack) String() string {
	switch {
	case l.Done && l.Missed:
		return lookedExcept
	case l.Done:
		return lookedAll
	case l.Missed:
		return l.After + lookedMissed
	}
	return l.After
}

func readLooked(s string) (l LookedBack) {
	switch s {
	case lookedAll:
		l.Done = true
	case lookedExcept:
		l.Done, l.Missed = true, true
	default:
		l.After, l.Missed = strings.CutSuffix(s, lookedMissed)
	}
	return l
}

// Unlooked are the registered protections that not all of what was out was looked through for, and
// how far that came for the one that needs most.
func (db *DB) Unlooked(ctx context.Context) (ids []string, least LookedBack, err error) {
	_, err = all(ctx, db.read(), func(s scanner) (id string, err error) {
		var looked string
		err = s.Scan(&id, &looked)
		if len(ids) == 0 {
			least = readLooked(looked)
		}
		ids = append(ids, id)
		return id, err
	}, `SELECT id, looked FROM protections WHERE state = 'registered' AND looked <> ? ORDER BY looked`, lookedAll)
	return ids, least, err
}

// Out lists versions that readers see, by id, after one.
func (db *DB) Out(ctx context.Context, after string, limit int) ([]loam.Version, error) {
	return all(ctx, db.read(), scanVersion, `SELECT `+versionColumns+` FROM versions WHERE state = 'released' AND id > ? ORDER BY id LIMIT ?`, after, limit)
}

// Looked keeps how far what was out was looked through for protections.
func (db *DB) Looked(ctx context.Context, ids []string, upto LookedBack) error {
	return db.write(ctx, func(t *tx) error {
		for _, id := range ids {
			if _, err := t.exec(ctx, `UPDATE protections SET looked = ? WHERE id = ?`, upto.String(), id); err != nil {
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
		agreed, err := t.stillAgreed(ctx, loam.Verdict{Findings: findings})
		if err != nil {
			return err
		}
		fresh, err := t.sight(ctx, v, agreed.Findings)
		if err != nil || fresh == 0 {
			return err
		}
		_, err = t.reported(ctx, v, agreed.Findings[0].Risk)
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

const sightingSelect = `SELECT s.id, s.protection, p.name, p.kind, coalesce(r.work, ''), coalesce(v.content, '{}'), s.found, s.at, s.answer, s.answered_at
	FROM sightings s JOIN protections p ON p.id = s.protection
	LEFT JOIN releases r ON r.version = s.version AND r.removed_at = 0 AND r.audience <> 'me' LEFT JOIN versions v ON v.id = r.version `

func scanSighting(s scanner) (loam.Sighting, error) {
	var x loam.Sighting
	var content, found string
	err := s.Scan(&x.ID, &x.Protection, &x.Name, &x.Kind, &x.Work, &content, &found, &x.At, &x.Answer, &x.AnsweredAt)
	if err == nil {
		x.Title, err = titleOf(content)
	}
	if err != nil {
		return x, err
	}
	ways, err := parseWays(found)
	for _, w := range ways {
		if x.By == "" || slices.Index(sightedBy, w.By) > slices.Index(sightedBy, x.By) {
			x.By = w.By
		}
		for _, f := range w.Fields {
			if !slices.Contains(x.Fields, f) {
				x.Fields = append(x.Fields, f)
			}
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
