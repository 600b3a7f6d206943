package store

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"slices"

	"loam"
	"loam/internal/ledger"
)

func unbase64(s string) ([]byte, error) { return base64.StdEncoding.DecodeString(s) }

// evidence is the fold of the leaves that came with an archive.
type evidence struct {
	account ledger.ID
	state   *ledger.State
	works   map[string]ledger.ID // what the log they come from calls her works
	order   []string             // works as they were registered
	shields []ledger.Leaf
}

// arriveRights logs what the leaves of an archive leave in force, as the platform's word: grants
// without a price that hold or will hold, and every no. Works come first, in their order, which
// is their priority between copies.
func (t *tx) arriveRights(ctx context.Context, account loam.Account, leaves []loam.ArchivedLeaf, hashes map[string][]string) error {
	e, err := foldEvidence(leaves, hashes)
	if err != nil {
		return err
	}
	for _, work := range e.order {
		if list := hashes[work]; len(list) > 0 {
			if err := t.register(ctx, account.ID, work, list[len(list)-1]); err != nil {
				return err
			}
		}
	}
	noAI := func(l ledger.Leaf) bool { return l.What == ledger.NoAI }
	if account.NoAI && !slices.ContainsFunc(e.shields, noAI) {
		e.shields = append(e.shields, ledger.Leaf{What: ledger.NoAI})
	}
	for _, l := range e.shields {
		if _, err := t.log(ctx, account.ID, "", ledger.Leaf{Kind: ledger.Protect, Actor: ledger.Platform, What: l.What}, ""); err != nil {
			return err
		}
	}
	for _, work := range append([]string{""}, e.order...) {
		if work != "" && len(hashes[work]) == 0 {
			continue
		}
		for _, c := range e.choices(work, t.now) {
			if err := t.choose(ctx, account.ID, work, ledger.Platform, c); err != nil {
				return err
			}
		}
	}
	return t.permit(ctx, account.ID, "")
}

// foldEvidence checks the leaves and folds them. They are of one account, in their order without a gap, and
// a work's commits to one of its versions, where both came along.
func foldEvidence(leaves []loam.ArchivedLeaf, hashes map[string][]string) (evidence, error) {
	e := evidence{state: ledger.NewState(), works: map[string]ledger.ID{}}
	damaged := loam.Fail(loam.Invalid, "import.damaged")
	last := int64(0)
	for _, a := range leaves {
		l, err := ledger.Decode(a.Leaf)
		if err != nil || a.N != last+1 || l.ID.String() != a.ID {
			return e, damaged.Because(err)
		}
		if last = a.N; e.account == (ledger.ID{}) {
			e.account = l.Account
		}
		if !e.fits(&l, a.Work) {
			return e, damaged
		}
		if _, known := e.works[a.Work]; !known && a.Work != "" && l.Kind != ledger.Ruling {
			e.works[a.Work] = l.Work
		}
		if l.Kind == ledger.Work {
			if !commits(l, a.Salt, hashes[a.Work]) {
				return e, damaged
			}
			e.order = append(e.order, a.Work)
		}
		if l.Kind == ledger.Protect && a.Work == "" {
			e.shields = slices.DeleteFunc(e.shields, func(s ledger.Leaf) bool { return s.What == l.What })
			if !l.Lift {
				e.shields = append(e.shields, l)
			}
		}
		e.state.Apply(a.N, &l, ledger.Unchecked)
	}
	return e, nil
}

// fits reports whether a leaf is about the account and the work it came with. A dispute may be
// anybody's, and a ruling names its dispute alone: both only close.
func (e *evidence) fits(l *ledger.Leaf, work string) bool {
	if l.Kind == ledger.Ruling {
		return true
	}
	name, named := e.works[work]
	return (l.Account == e.account || l.Kind == ledger.Dispute) && (work == "") == (l.Work == ledger.ID{}) && (!named || name == l.Work)
}

// commits reports whether a work's leaf is about one of these contents. Where the salt was
// erased, or the work did not come along, nothing can be said against it.
func commits(l ledger.Leaf, salt string, hashes []string) bool {
	if salt == "" || len(hashes) == 0 {
		return true
	}
	var s [32]byte
	if len(salt) != 2*len(s) {
		return false
	}
	if _, err := hex.Decode(s[:], []byte(salt)); err != nil {
		return false
	}
	return slices.ContainsFunc(hashes, func(h string) bool { return ledger.Commit(s, []byte(h)) == l.Hash })
}

// choices are what holds of a work, or of all works (work ""), by an explicit word at that
// level: those that open something by their terms, then one for all that is shut.
func (e *evidence) choices(work string, now int64) []loam.UseChoice {
	var out []loam.UseChoice
	shut, level := loam.UseChoice{}, ledger.AccountLevel
	if work != "" {
		level = ledger.WorkLevel
	}
	for _, u := range loam.Uses() {
		d := e.state.Decide(e.account, ledger.ID{}, e.works[work], u, now)
		open := (d.Reason == ledger.Granted || d.Reason == ledger.NotYet) && d.Terms.Price == ledger.Free
		switch {
		case d.Level != ledger.NoLevel && d.Level != level, d.Reason == ledger.Undecided, d.Reason == ledger.UnknownWork:
			continue // a wider word, which is logged by itself, or none
		case !open:
			shut.Uses = append(shut.Uses, u)
			continue
		}
		c := loam.UseChoice{Allowed: true, From: d.From, Until: d.Until, Attribution: d.Terms.Attribution}
		i := slices.IndexFunc(out, func(o loam.UseChoice) bool {
			return o.From == c.From && o.Until == c.Until && o.Attribution == c.Attribution
		})
		if i < 0 {
			i, out = len(out), append(out, c)
		}
		out[i].Uses = append(out[i].Uses, u)
	}
	if len(shut.Uses) > 0 {
		out = append(out, shut)
	}
	return out
}
