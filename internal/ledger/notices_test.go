package ledger_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"loam/internal/ledger"
)

// TestNoticeTally: what a stranger counts of leaves in their order.
func TestNoticeTally(t *testing.T) {
	t.Parallel()
	const minute = 60_000
	id := func(n byte) ledger.ID { return ledger.ID{n} }
	one, two := ledger.Hash{1}, ledger.Hash{2}
	dispute := func(n byte, body ledger.Hash, work byte, at int64) ledger.Leaf {
		return ledger.Leaf{Kind: ledger.Dispute, ID: id(n), Body: body, Work: id(work), At: at * minute}
	}
	ruling := func(of byte, by ledger.Actor, r ledger.Result, at int64) ledger.Leaf {
		return ledger.Leaf{Kind: ledger.Ruling, ID: id(of + 100), Ref: id(of), Actor: by, Result: r, At: at * minute}
	}
	for name, c := range map[string]struct {
		leaves []ledger.Leaf
		want   ledger.NoticeFigures
	}{
		"nothing":             {nil, ledger.NoticeFigures{}},
		"one about two works": {[]ledger.Leaf{dispute(1, one, 1, 0), dispute(2, one, 2, 0)}, ledger.NoticeFigures{Notices: 1, Claims: 2}},
		"no commitment: each by itself": {
			[]ledger.Leaf{dispute(1, ledger.Hash{}, 1, 0), dispute(2, ledger.Hash{}, 1, 0)}, ledger.NoticeFigures{Notices: 2, Claims: 2},
		},
		"a measure is the first action": {
			[]ledger.Leaf{dispute(1, one, 1, 0), dispute(2, one, 1, 7), ruling(1, ledger.Panel, ledger.Upheld, 60), ruling(2, ledger.Panel, ledger.Upheld, 60)},
			ledger.NoticeFigures{Notices: 1, Claims: 1, Acted: 1, Minutes: 7, Decided: 1, Upheld: 1},
		},
		"overturned": {
			[]ledger.Leaf{dispute(1, one, 1, 0), ruling(1, ledger.Panel, ledger.Upheld, 5), ruling(1, ledger.Panel, ledger.Dismissed, 9)},
			ledger.NoticeFigures{Notices: 1, Claims: 1, Acted: 1, Minutes: 5, Decided: 1},
		},
		"lapsed": {
			[]ledger.Leaf{dispute(1, one, 1, 0), ruling(1, ledger.Panel, ledger.Upheld, 5), ruling(1, ledger.Platform, ledger.Dismissed, 9)},
			ledger.NoticeFigures{Notices: 1, Claims: 1, Acted: 1, Minutes: 5, Decided: 1},
		},
		"withdrawn before anybody looked": {
			[]ledger.Leaf{dispute(1, one, 1, 0), ruling(1, ledger.Platform, ledger.Dismissed, 9)}, ledger.NoticeFigures{Notices: 1, Claims: 1},
		},
		"the middle of two": {
			[]ledger.Leaf{dispute(1, one, 1, 0), dispute(2, two, 1, 0), ruling(1, ledger.Panel, ledger.Dismissed, 10), ruling(2, ledger.Panel, ledger.Upheld, 30)},
			ledger.NoticeFigures{Notices: 2, Claims: 2, Acted: 2, Minutes: 20, Decided: 2, Upheld: 1},
		},
		"a clock set back": {
			[]ledger.Leaf{dispute(1, one, 1, 9), ruling(1, ledger.Panel, ledger.Dismissed, 3)}, ledger.NoticeFigures{Notices: 1, Claims: 1, Acted: 1, Decided: 1},
		},
		"nobody's dispute": {[]ledger.Leaf{ruling(9, ledger.Panel, ledger.Upheld, 1), {Kind: ledger.Grant}}, ledger.NoticeFigures{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var tally ledger.NoticeTally
			for i := range c.leaves {
				tally.Add(&c.leaves[i])
			}
			if diff := cmp.Diff(c.want, tally.Figures()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestNoticeTallyBounds: whatever comes, no part is larger than its whole.
func TestNoticeTallyBounds(t *testing.T) {
	t.Parallel()
	small := rapid.Uint8Range(0, 3)
	rapid.Check(t, func(t *rapid.T) {
		var tally ledger.NoticeTally
		for range rapid.IntRange(0, 40).Draw(t, "leaves") {
			l := ledger.Leaf{
				Kind: rapid.SampledFrom([]ledger.Kind{ledger.Dispute, ledger.Ruling, ledger.Work}).Draw(t, "kind"),
				ID:   ledger.ID{small.Draw(t, "id")}, Ref: ledger.ID{small.Draw(t, "ref")}, Work: ledger.ID{small.Draw(t, "work")},
				Body: ledger.Hash{small.Draw(t, "body")}, Actor: ledger.Actor(small.Draw(t, "actor")), Result: ledger.Result(small.Draw(t, "result")),
				At: rapid.Int64Range(0, 1e12).Draw(t, "at"),
			}
			tally.Add(&l)
		}
		f := tally.Figures()
		if f.Upheld > f.Decided || f.Decided > f.Acted || f.Acted > f.Claims || f.Notices > f.Claims || f.Minutes < 0 {
			t.Fatalf("%+v", f)
		}
	})
}
