package store

import (
	"context"
	"encoding/hex"
	"math"

	"loam"
	"loam/internal/ledger"
)

// always is the end of a permit that has none.
const always = math.MaxInt64

// holds is the condition that a permit u is open at the moment that stands for both question
// marks.
const holds = ` AND u.since <= ? AND u.until > ? `

// span is when a use is open; the zero span is never.
type span struct{ since, until int64 }

// spanOf is when a decision lets a use be open.
func spanOf(d ledger.Decision) span {
	switch {
	case d.Reason != ledger.Granted && d.Reason != ledger.NotYet:
		return span{}
	case d.Until == 0:
		return span{d.From, always}
	default:
		return span{d.From, d.Until}
	}
}

// and is when both are open.
func (s span) and(o span) span {
	s.since, s.until = max(s.since, o.since), min(s.until, o.until)
	if s.until <= s.since {
		return span{}
	}
	return s
}

// permitKey is one use of one work.
type permitKey struct{ work, use string }

// permit brings the permits of a work, or of all of an account's, up to what the leaves say, and
// those of their copies.
func (t *tx) permit(ctx context.Context, owner, work string) error {
	c, works, err := t.foldOf(ctx, owner, work)
	if err != nil {
		return err
	}
	return t.permitBy(ctx, c, owner, work, works)
}

// worksOf chooses the works of an account, or one of them by its index: with one text for both, who
// decides about each of her thousand works would have all of them read a thousand times.
func worksOf(ownerColumn, owner, workColumn, work string) clause {
	if work == "" {
		return clause{ownerColumn + ` = ?`, []any{owner}}
	}
	return clause{ownerColumn + ` = ? AND ` + workColumn + ` = ?`, []any{owner, work}}
}

// foldOf folds the leaves of an account, or those about one work, and names the works they are
// about.
func (t *tx) foldOf(ctx context.Context, owner, work string) (consent, []named, error) {
	c, err := t.consentOf(ctx, owner, work)
	if err != nil {
		return c, nil, err
	}
	these := worksOf("l.owner", owner, "l.work", work)
	works, err := all(ctx, t.querier, scanNamed,
		`SELECT l.work, p.name FROM leaves l JOIN pseudonyms p ON p.noun = 'work' AND p.id = l.work WHERE l.kind = 'work' AND `+these.sql, these.args...)
	return c, works, err
}

// permitBy does it by a fold that is at hand, of works by what the ledger calls them.
func (t *tx) permitBy(ctx context.Context, c consent, owner, work string, works []named) error {
	if err := t.permitOwn(ctx, c, owner, work, works); err != nil {
		return err
	}
	copies, err := t.copiesFrom(ctx, owner, work)
	if err != nil {
		return err
	}
	for _, o := range copies {
		c, works, err := t.foldOf(ctx, o.owner, o.work)
		if err == nil {
			err = t.permitOwn(ctx, c, o.owner, o.work, works)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// permitOwn writes what changes alone: a word for all works may concern thousands.
func (t *tx) permitOwn(ctx context.Context, c consent, owner, work string, works []named) error {
	want, err := t.permits(ctx, c, owner, works)
	if err != nil {
		return err
	}
	have, err := t.permitted(ctx, owner, work)
	if err != nil {
		return err
	}
	for k := range have {
		if _, still := want[k]; still {
			continue
		}
		if _, err := t.exec(ctx, `DELETE FROM permits WHERE work = ? AND name = ?`, k.work, k.use); err != nil {
			return err
		}
	}
	for k, s := range want {
		if have[k] == s {
			continue
		}
		_, err := t.exec(ctx, `INSERT INTO permits (work, name, since, until) VALUES (?, ?, ?, ?)
			ON CONFLICT (work, name) DO UPDATE SET since = excluded.since, until = excluded.until`, k.work, k.use, s.since, s.until)
		if err != nil {
			return err
		}
	}
	return nil
}

// named is a work with its name in the ledger.
type named struct {
	work string
	name ledger.ID
}

func scanNamed(s scanner) (n named, err error) {
	var name string
	if err = s.Scan(&n.work, &name); err == nil {
		_, err = hex.Decode(n.name[:], []byte(name))
	}
	return n, err
}

// permits are what the leaves open of works of an account.
func (t *tx) permits(ctx context.Context, c consent, owner string, works []named) (map[permitKey]span, error) {
	copied, err := t.copied(ctx, owner)
	if err != nil {
		return nil, err
	}
	out := map[permitKey]span{}
	for _, w := range works {
		var limits map[loam.Use]span
		if copied[w.work] {
			if limits, err = t.limits(ctx, w.work, t.now); err != nil {
				return nil, err
			}
		}
		for _, u := range loam.Uses() {
			s := spanOf(c.holds.Decide(c.account, ledger.ID{}, w.name, u, t.now))
			if l, limited := limits[u]; limited {
				s = s.and(l)
			}
			if s != (span{}) {
				out[permitKey{w.work, string(u)}] = s
			}
		}
	}
	return out, nil
}

// permitted are the permits as they stand.
func (t *tx) permitted(ctx context.Context, owner, work string) (map[permitKey]span, error) {
	type row struct {
		permitKey
		span
	}
	these := worksOf("w.owner", owner, "p.work", work)
	rows, err := all(ctx, t.querier, func(s scanner) (r row, err error) { return r, s.Scan(&r.work, &r.use, &r.since, &r.until) },
		`SELECT p.work, p.name, p.since, p.until FROM permits p JOIN works w ON w.id = p.work WHERE `+these.sql, these.args...)
	out := make(map[permitKey]span, len(rows))
	for _, r := range rows {
		out[r.permitKey] = r.span
	}
	return out, err
}
