package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"loam"
	"loam/internal/ledger"
)

// copyReason is why a use is not allowed of a work whose owner allows it: it is a copy of an
// earlier work whose owner does not.
const copyReason = "copy"

// keepCopies records, at its release, of which works of others a Version is a copy. One that was
// found to be a copy of this work is none of them: whose came first was decided then.
func (t *tx) keepCopies(ctx context.Context, v loam.Version) error {
	var doc string
	err := t.row(ctx, `SELECT doc FROM verdicts WHERE version = ? ORDER BY at DESC, id DESC LIMIT 1`, v.ID).Scan(&doc)
	if errors.Is(err, sql.ErrNoRows) {
		doc, err = "{}", nil
	}
	if err != nil {
		return err
	}
	var verdict loam.Verdict
	if err := json.Unmarshal([]byte(doc), &verdict); err != nil {
		return err
	}
	var found []string
	for _, f := range verdict.Findings {
		if f.Risk == loam.Copy && f.Facts["work"] != "" {
			found = append(append(found, f.Facts["work"]), strings.Fields(f.Facts["others"])...)
		}
	}
	was, err := all(ctx, t.querier, scanString, `SELECT original FROM copies WHERE work = ?`, v.Work)
	if err != nil {
		return err
	}
	for _, original := range was {
		if slices.Contains(found, original) {
			continue // since when is kept: a ruling after it freed the work
		}
		// What was copied from the work while it was a copy still is one.
		_, err := t.exec(ctx, `INSERT INTO copies (work, original, at) SELECT c.work, ?, c.at FROM copies c JOIN works w ON w.id = c.work JOIN works o ON o.id = ?
			WHERE c.original = ? AND w.owner <> o.owner AND w.id <> o.id ON CONFLICT DO NOTHING`, original, original, v.Work)
		if err != nil {
			return err
		}
		if _, err := t.exec(ctx, `DELETE FROM copies WHERE work = ? AND original = ?`, v.Work, original); err != nil {
			return err
		}
	}
	for _, original := range found {
		_, err := t.exec(ctx, `INSERT INTO copies (work, original, at) SELECT ?, w.id, ? FROM works w WHERE w.id = ? AND w.owner <> ?
			AND NOT EXISTS (SELECT 1 FROM copies c WHERE c.work = w.id AND c.original = ?) ON CONFLICT DO NOTHING`,
			v.Work, t.now, original, v.Owner, v.Work)
		if err != nil {
			return err
		}
	}
	return nil
}

// source is a work a copy was made from, directly or by way of another copy, and since when the
// copy is held to be one.
type source struct {
	work, owner string
	since       int64
}

func scanSource(s scanner) (o source, err error) { return o, s.Scan(&o.work, &o.owner, &o.since) }

// sources are those of a work.
func (q querier) sources(ctx context.Context, work string) ([]source, error) {
	return all(ctx, q, scanSource, `WITH RECURSIVE o (work, since) AS (SELECT original, at FROM copies WHERE work = ?
			UNION SELECT c.original, o.since FROM copies c JOIN o ON c.work = o.work)
		SELECT w.id, w.owner, min(o.since) FROM o JOIN works w ON w.id = o.work WHERE w.id <> ? GROUP BY w.id, w.owner ORDER BY w.id`, work, work)
}

// copiesFrom are the works that are copies of a work, directly or by way of another, or of any
// work of an account. Most have none, which one look at an index says.
func (q querier) copiesFrom(ctx context.Context, owner, work string) ([]source, error) {
	seed, args := `SELECT c.work FROM copies c WHERE c.original = ?`, []any{work}
	if work == "" {
		seed, args = `SELECT c.work FROM copies c JOIN works w ON w.id = c.original WHERE w.owner = ?`, []any{owner}
	}
	var one string
	err := q.row(ctx, seed+` LIMIT 1`, args...).Scan(&one)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return all(ctx, q, scanSource, `WITH RECURSIVE o (work) AS (`+seed+`
			UNION SELECT c.work FROM copies c JOIN o ON c.original = o.work)
		SELECT w.id, w.owner, 0 FROM o JOIN works w ON w.id = o.work ORDER BY w.id`, args...)
}

// freed is when a reviewer last decided, on a notice of an account, that a work does not infringe
// what she made because it is the earlier one or was permitted; 0 if nobody did. A notice that
// was withdrawn, lapsed, or failed for another reason says nothing of that, nor does anybody
// else's.
func (q querier) freed(ctx context.Context, work, by string) (at int64, err error) {
	err = q.row(ctx, `SELECT coalesce(max(k.decided_at), 0) FROM claims k JOIN notices n ON n.id = k.notice
		WHERE k.work = ? AND n.account = ? AND n.violated = ? AND k.state IN ('dismissed','restored') AND k.reason IN ('earlier','permitted')`,
		work, by, string(loam.RightCopyright)).Scan(&at)
	return at, err
}

// copied are the works of an account that are copies of others'.
func (q querier) copied(ctx context.Context, owner string) (map[string]bool, error) {
	list, err := all(ctx, q, scanString, `SELECT DISTINCT c.work FROM copies c JOIN works w ON w.id = c.work WHERE w.owner = ?`, owner)
	out := map[string]bool{}
	for _, work := range list {
		out[work] = true
	}
	return out, err
}

// limits are when the owners of what a work is a copy of allow the uses in which a denial
// follows copies; a use that is not among them is not limited.
func (q querier) limits(ctx context.Context, work string, now int64) (map[loam.Use]span, error) {
	from, err := q.sources(ctx, work)
	if err != nil || len(from) == 0 {
		return nil, err
	}
	out := map[loam.Use]span{}
	for _, o := range from {
		freed, err := q.freed(ctx, work, o.owner)
		if err != nil {
			return nil, err
		}
		if freed > o.since {
			continue
		}
		theirs, err := q.consentOf(ctx, o.owner, o.work)
		if err != nil {
			return nil, err
		}
		source, err := q.workName(ctx, o.work)
		if err != nil {
			return nil, err
		}
		for _, u := range loam.Uses() {
			if !u.Follows() {
				continue
			}
			s := spanOf(theirs.holds.Decide(theirs.account, ledger.ID{}, source, u, now))
			if was, there := out[u]; there {
				s = was.and(s)
			}
			out[u] = s
		}
	}
	return out, nil
}

// follow denies of a copy what the owners of its sources do not allow now.
func follow(list []loam.Permission, limits map[loam.Use]span, now int64) {
	for i := range list {
		s, limited := limits[list[i].Use]
		if limited && list[i].Allowed && (now < s.since || now >= s.until) {
			list[i].Allowed, list[i].Reason = false, copyReason
		}
	}
}
