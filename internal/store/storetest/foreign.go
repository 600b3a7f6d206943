package storetest

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"loam"
)

// foreignCloses walks random answers of hers and random noes from elsewhere: a no opens nothing, closes
// what it says, says beforehand what it takes back and writes nothing then, stays when she later opens
// the use for all, and gives way to her own later word for the very work.
func foreignCloses(t *testing.T, b *bundle) {
	ctx := t.Context()
	r := rand.New(rand.NewPCG(7, 8))
	works := []string{b.release(t, "a").Work, b.release(t, "b").Work, b.release(t, "c").Work}
	uses := loam.Uses()
	some := func() []loam.Use { return []loam.Use{uses[r.IntN(len(uses))], uses[r.IntN(len(uses))]} }
	taken := 0
	for range 60 {
		c := loam.UseChoice{Allowed: r.IntN(4) > 0, Uses: some()}
		if c.Allowed && r.IntN(4) == 0 {
			c.From = b.clock.Now().UnixMilli() + int64(r.IntN(3))*1000
			c.Until = c.From + 1 + int64(r.IntN(3))*1000
		}
		on := works[:1+r.IntN(len(works))]
		if r.IntN(4) == 0 {
			on = nil
		}
		_, err := b.Choose(ctx, b.author.ID, on, c)
		must(t, err)
		if r.IntN(3) > 0 {
			continue
		}
		closed := slices.Compact(slices.Sorted(slices.Values(some())))
		on = works[:r.IntN(len(works)+1)]
		before := b.chosen(t, works)
		acts, err := b.RightsActs(ctx, b.author.ID, 0, 1000)
		must(t, err)
		seen, err := b.CloseUses(ctx, b.author.ID, on, closed, false)
		must(t, err)
		if again, err := b.RightsActs(ctx, b.author.ID, 0, 1000); err != nil || len(again) != len(acts) {
			t.Fatalf("looking wrote %d leaves, %v", len(again)-len(acts), err)
		}
		done, err := b.CloseUses(ctx, b.author.ID, on, closed, true)
		must(t, err)
		if diff := cmp.Diff(seen, done); diff != "" {
			t.Fatalf("done is not what was shown: %s", diff)
		}
		after := b.chosen(t, works)
		for work, list := range after {
			told := slices.IndexFunc(seen, func(k loam.Closing) bool { return k.Work == work })
			for u, yes := range list {
				within := slices.Contains(closed, u) && (len(on) == 0 || slices.Contains(on, work))
				if yes && !before[work][u] || yes && within || yes != before[work][u] && !within {
					t.Fatalf("%q, %s: from %v to %v by a no to %v of %v", work, u, before[work][u], yes, closed, on)
				}
				if taken := before[work][u] && !yes; taken != (told >= 0 && slices.Contains(seen[told].Uses, u)) {
					t.Fatalf("%q, %s: taken back %v, shown %+v", work, u, taken, seen)
				}
			}
		}
		taken += len(seen)
		b.agree(t, works)
		b.clock.Pass(time.Duration(r.IntN(1500)) * time.Millisecond)
	}
	if taken == 0 {
		t.Fatal("nothing was ever taken back")
	}

	_, err := b.CloseUses(ctx, b.author.ID, works[:1], []loam.Use{loam.UseStyle}, true)
	must(t, err)
	_, err = b.Choose(ctx, b.author.ID, nil, loam.UseChoice{Uses: []loam.Use{loam.UseStyle}, Allowed: true})
	must(t, err)
	b.wantMay(t, works[0], loam.UseStyle, false)
	list, err := b.Uses(ctx, works[0])
	must(t, err)
	if p := list[slices.Index(uses, loam.UseStyle)]; p.Evidence != "L0" || p.Reason != "revoked" || p.Level != "work" {
		t.Errorf("it reads %+v", p)
	}
	must(t, b.choose(ctx, b.author.ID, works[0], loam.UseStyle, true))
	b.wantMay(t, works[0], loam.UseStyle, true)
	_, err = b.CloseUses(ctx, b.cy.ID, works[:1], uses, true)
	wantKind(t, err, loam.NotFound)
	_, err = b.CloseUses(ctx, b.author.ID, []string{b.submit(t, "d").Work}, uses, false)
	wantKind(t, err, loam.Conflict)
	b.wantMay(t, works[0], loam.UseStyle, true)
}

// chosen is what her word allows of works and, under "", of all without one of their own.
func (b *bundle) chosen(t *testing.T, works []string) map[string]map[loam.Use]bool {
	t.Helper()
	table, _, err := b.RightsWorks(t.Context(), b.author.ID, "", loam.Place{}, 100)
	must(t, err)
	of := func(list []loam.Permission) map[loam.Use]bool {
		out := map[loam.Use]bool{}
		for _, p := range list {
			out[p.Use] = p.Chosen
		}
		return out
	}
	out := map[string]map[loam.Use]bool{"": of(table.Account)}
	for _, w := range table.Works {
		out[w.Work] = of(w.Uses)
	}
	if len(out) != len(works)+1 {
		t.Fatalf("the table has %d works", len(out)-1)
	}
	return out
}
