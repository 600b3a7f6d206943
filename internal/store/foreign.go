package store

import (
	"context"
	"slices"

	"loam"
	"loam/internal/ledger"
)

// CloseUses takes over a no that foreign terms say of uses of an account's works, all or none: no
// works stands for all she has and will have. It opens nothing, and nothing that is open later for
// all her works opens a work it named. The leaves are the platform's word (L0): who wrote the terms
// is not proven. It gives what of her word it takes back, works in the order they were released in;
// with write false nothing is written. Errors are those of Choose.
func (db *DB) CloseUses(ctx context.Context, owner string, works []string, uses []loam.Use, write bool) ([]loam.Closing, error) {
	var out []loam.Closing
	err := db.write(ctx, func(t *tx) (err error) {
		out, err = t.closeUses(ctx, owner, works, uses, write)
		return err
	})
	return out, err
}

func (t *tx) closeUses(ctx context.Context, owner string, works []string, uses []loam.Use, write bool) ([]loam.Closing, error) {
	for _, work := range works {
		_, err := t.releasedHash(ctx, owner, work)
		if err == nil && write {
			err = t.registerOwn(ctx, owner, work)
		}
		if err != nil {
			return nil, err
		}
	}
	held, known, err := t.foldOf(ctx, owner, "")
	if err != nil {
		return nil, err
	}
	list, err := t.titled(ctx, owner, known)
	if err != nil {
		return nil, err
	}
	every := len(works) == 0
	if every {
		list = append([]titledWork{{}}, list...)
	} else {
		list = slices.DeleteFunc(list, func(w titledWork) bool { return !slices.Contains(works, w.work) })
	}
	out := []loam.Closing{}
	for _, w := range list {
		open, say := held.closes(w.name, uses, every, t.now)
		if len(open) > 0 {
			out = append(out, loam.Closing{Work: w.work, Title: w.title, Uses: open})
		}
		if len(say) == 0 || !write {
			continue
		}
		if _, err := t.logChoice(ctx, held, owner, w.work, ledger.Platform, loam.UseChoice{Uses: say}); err != nil {
			return nil, err
		}
	}
	if !write {
		return out, nil
	}
	return out, t.permitBy(ctx, held, owner, "", known)
}

// closes are, of some uses, those her word leaves open for a work, and those for which a no has to
// be logged: where it is for all her works, that is a work's own yes, and else whatever is no no of
// its own.
func (c consent) closes(work ledger.ID, uses []loam.Use, every bool, now int64) (open, say []loam.Use) {
	own := ledger.WorkLevel
	if work == (ledger.ID{}) {
		own, every = ledger.AccountLevel, false
	}
	for _, u := range uses {
		d := c.chosen.Decide(c.account, ledger.ID{}, work, u, now)
		yes := d.Reason == ledger.Granted || d.Reason == ledger.NotYet
		if yes {
			open = append(open, u)
		}
		if every && yes && d.Level == own || !every && !(d.Reason == ledger.Revoked && d.Level == own) {
			say = append(say, u)
		}
	}
	return open, say
}

// titledWork is a work by the name it has in the ledger and the title readers know it by.
type titledWork struct {
	named
	title string
}

// titled puts works in the order of their first release, with the titles of the last; one that was
// taken down is among them.
func (t *tx) titled(ctx context.Context, owner string, works []named) ([]titledWork, error) {
	type release struct{ work, content string }
	list, err := all(ctx, t.querier, func(s scanner) (r release, err error) { return r, s.Scan(&r.work, &r.content) },
		`SELECT r.work, v.content FROM releases r JOIN versions v ON v.id = r.version WHERE r.owner = ? ORDER BY r.released_at, r.version`, owner)
	if err != nil {
		return nil, err
	}
	names, at := map[string]named{}, map[string]int{}
	for _, n := range works {
		names[n.work] = n
	}
	var out []titledWork
	for _, r := range list {
		n, known := names[r.work]
		if !known {
			continue
		}
		if _, there := at[r.work]; !there {
			at[r.work] = len(out)
			out = append(out, titledWork{named: n})
		}
		if out[at[r.work]].title, err = titleOf(r.content); err != nil {
			return nil, err
		}
	}
	return out, nil
}
