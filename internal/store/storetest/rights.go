package storetest

import (
	"errors"
	"math"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"loam"
	"loam/internal/ledger"
)

// rightsHold walks random answers of two accounts, for single works and for all, with time going
// on: the lists, May and a fold of the very leaves that go into the log never disagree.
func rightsHold(t *testing.T, b *bundle) {
	ctx := t.Context()
	r := rand.New(rand.NewPCG(1, 2))
	works := []string{b.release(t, "a").Work, b.release(t, "b").Work, b.release(t, "c").Work}
	uses := loam.Uses()
	for range 60 {
		c := loam.UseChoice{Allowed: r.IntN(3) > 0, Uses: []loam.Use{uses[r.IntN(len(uses))], uses[r.IntN(len(uses))]}}
		if c.Allowed && r.IntN(3) == 0 {
			c.From = b.clock.Now().UnixMilli() + int64(r.IntN(3))*1000
			c.Until = c.From + 1 + int64(r.IntN(3))*1000
		}
		switch r.IntN(6) {
		case 0:
			must(t, b.SetNoAI(ctx, b.author.ID, r.IntN(2) == 0))
		case 1:
			_, err := b.Choose(ctx, b.author.ID, nil, c)
			must(t, err)
		default:
			_, err := b.Choose(ctx, b.author.ID, works[:1+r.IntN(len(works))], c)
			must(t, err)
		}
		b.clock.Pass(time.Duration(r.IntN(1500)) * time.Millisecond)
		b.agree(t, works)
	}
	_, err := b.Choose(ctx, b.cy.ID, works, loam.UseChoice{Uses: uses[:1], Allowed: true})
	wantKind(t, err, loam.NotFound)
	said := b.says(t, b.author, "said of it", works[0], "", "一").Work
	_, err = b.Choose(ctx, b.author.ID, []string{said}, loam.UseChoice{Uses: []loam.Use{loam.UseTrainText}, Allowed: true})
	wantKind(t, err, loam.NotFound)
	b.wantMay(t, said, loam.UseTrainText, false)
}

// agree compares the lists readers get, the answers for each work, and a fold of the outbox.
func (b *bundle) agree(t *testing.T, works []string) {
	t.Helper()
	ctx := t.Context()
	waiting, err := b.WaitingLeaves(ctx, 10_000)
	must(t, err)
	state := ledger.NewState()
	last := map[string]int64{}
	for i, w := range waiting {
		if w.N != last[w.Owner]+1 {
			t.Fatalf("leaf %d of an account comes after %d", w.N, last[w.Owner])
		}
		last[w.Owner] = w.N
		l, err := ledger.Decode(w.Leaf)
		must(t, err)
		if got := state.Apply(int64(i), &l, ledger.Unchecked); got != ledger.Applied {
			t.Fatalf("a leaf of kind %s is %s", l.Kind, got)
		}
	}
	feed, err := b.Feed(ctx, false, loam.Place{}, 10)
	must(t, err)
	listed := map[string]bool{}
	for _, r := range feed {
		listed[r.Version.Work] = true
	}
	for _, work := range works {
		list, err := b.Uses(ctx, work)
		must(t, err)
		for _, p := range list {
			may, err := b.May(ctx, work, p.Use)
			must(t, err)
			name, err := b.LedgerName(ctx, work)
			must(t, err)
			d := state.Decide(ledger.ID{}, ledger.ID{}, name, p.Use, b.clock.Now().UnixMilli())
			if may != p.Allowed || may != d.Allow || p.Reason != d.Reason.String() || p.Level != d.Level.String() {
				t.Fatalf("%s: May says %v, the list %+v, the log %+v", p.Use, may, p, d)
			}
			if p.Use == loam.UseRecommend && listed[work] != may {
				t.Fatalf("in the feed %v, may be recommended %v", listed[work], may)
			}
		}
	}
}

// leavesPlaced: what the appender placed is not given to it again, and its owner alone finds it.
func leavesPlaced(t *testing.T, b *bundle) {
	ctx := t.Context()
	work := b.release(t, "a").Work
	waiting, err := b.WaitingLeaves(ctx, 10)
	must(t, err)
	if len(waiting) != 2 {
		t.Fatalf("a first release wrote %d leaves, not that the work exists and what it allows", len(waiting))
	}
	for i := range waiting {
		waiting[i].Place = int64(40 + i)
	}
	must(t, b.PlaceLeaves(ctx, waiting))
	must(t, b.PlaceLeaves(ctx, []loam.WaitingLeaf{{Owner: waiting[0].Owner, N: 1, Place: 90}})) // appended once more after a crash
	if again, err := b.WaitingLeaves(ctx, 10); err != nil || len(again) != 0 {
		t.Errorf("waiting again: %+v, %v", again, err)
	}
	acts, err := b.RightsActs(ctx, b.author.ID, 0, 10)
	must(t, err)
	if len(acts) != 2 || acts[0].Kind != "grant" || acts[0].Place != 41 || acts[1].Kind != "work" || acts[1].Work != work || acts[0].Title == "" {
		t.Fatalf("her acts are %+v", acts)
	}
	place, err := b.LeafPlace(ctx, b.author.ID, acts[1].ID)
	if err != nil || place != 40 {
		t.Errorf("her leaf is at %d, %v", place, err)
	}
	_, err = b.LeafPlace(ctx, b.cy.ID, acts[1].ID)
	wantKind(t, err, loam.NotFound)
	must(t, b.choose(ctx, b.author.ID, work, loam.UseStyle, true))
	again, err := b.WaitingLeaves(ctx, 10)
	if err != nil || len(again) != 1 || again[0].N != 3 {
		t.Errorf("her next leaf: %+v, %v", again, err)
	}
	acts, err = b.RightsActs(ctx, b.author.ID, 0, 10)
	must(t, err)
	reopened, next, err := b.ReopenLeaves(ctx, 41)
	if err != nil || reopened != 1 || next != 41 {
		t.Errorf("of a log of 41 leaves %d wait again, the next is %d, %v", reopened, next, err)
	}
	found, err := b.FindLeaves(ctx, map[string]int64{acts[0].ID: 50, acts[2].ID: 51, "other": 52})
	if err != nil || found != 1 {
		t.Errorf("%d were found, %v", found, err)
	}
	again, err = b.WaitingLeaves(ctx, 10)
	if err != nil || len(again) != 1 || again[0].N != 2 {
		t.Errorf("what waits of the log that lacked it: %+v, %v", again, err)
	}
}

// heldByOne: of two that want the sole right one has it, until it lets it run out.
func heldByOne(t *testing.T, b *bundle) {
	ctx := t.Context()
	for _, want := range []struct {
		holder string
		held   bool
		wait   int64
	}{{"a", true, 0}, {"b", false, 500}, {"a", true, 900}, {"b", false, 200}, {"b", true, 0}, {"a", false, 0}} {
		held, err := b.Hold(ctx, "ledger", want.holder, 1000)
		must(t, err)
		if held != want.held {
			t.Errorf("%s holds: %v", want.holder, held)
		}
		b.clock.Pass(time.Duration(want.wait) * time.Millisecond)
	}
}

// earlierOnce: choices from before there was a ledger become leaves at one start, as the
// platform's word, and no later start says them again over what she chose since.
func earlierOnce(t *testing.T, b *bundle) {
	ctx := t.Context()
	for _, allowed := range []string{"1", "0"} {
		work := b.release(t, "before "+allowed).Work
		_, err := b.Pool().ExecContext(ctx, `INSERT INTO earlier_uses (work, name, allowed, at) VALUES ('`+work+`', 'recommend', `+allowed+`, 1)`)
		must(t, err)
		must(t, b.LogEarlierUses(ctx))
		b.wantMay(t, work, loam.UseRecommend, allowed == "1")
		list, err := b.Uses(ctx, work)
		must(t, err)
		if p := list[1]; allowed == "1" && (p.Use != loam.UseRecommend || p.Evidence != ledger.Asserted.String()) {
			t.Errorf("a choice from before counts as %s", p.Evidence)
		}
		must(t, b.choose(ctx, b.author.ID, work, loam.UseRecommend, allowed != "1"))
		must(t, b.LogEarlierUses(ctx))
		b.wantMay(t, work, loam.UseRecommend, allowed != "1")
	}
}

// earlierComment: a row about a comment, of which nothing is ever allowed, keeps no installation from
// starting.
func earlierComment(t *testing.T, b *bundle) {
	ctx := t.Context()
	says := b.says(t, b.cy, "k", b.release(t, "a").Work, "", "一").Work
	_, err := b.Pool().ExecContext(ctx, `INSERT INTO earlier_uses (work, name, allowed, at) VALUES ('`+says+`', 'train.text', 1, 1)`)
	must(t, err)
	must(t, b.LogEarlierUses(ctx))
	b.wantMay(t, says, loam.UseTrainText, false)
}

// choicesOnce: a work named twice is answered once, many works are answered in one fold as they are
// one by one, and what was never released has no word.
func choicesOnce(t *testing.T, b *bundle) {
	ctx := t.Context()
	works := []string{b.release(t, "a").Work, b.release(t, "b").Work}
	first, err := b.Choose(ctx, b.author.ID, []string{works[0], works[1], works[0]}, loam.UseChoice{Uses: []loam.Use{loam.UseStyle, loam.UseVoice}, Allowed: true})
	must(t, err)
	if len(first) != 2 || first[0] == first[1] {
		t.Fatalf("two works gave the leaves %v", first)
	}
	b.agree(t, works)
	no := loam.UseChoice{Uses: []loam.Use{loam.UseStyle}}
	_, err = b.Choose(ctx, b.author.ID, works, no)
	must(t, err)
	b.agree(t, works)
	draft, err := b.CreateWork(ctx, b.author.ID, "draft", loam.Draft{Idea: "湖边"})
	must(t, err)
	_, err = b.Choose(ctx, b.author.ID, []string{draft}, no)
	wantKind(t, err, loam.Conflict)
}

// timesInReach: a yes with a time before 2000 or after 9999 is refused, as one that ends before it begins
// is, where she says it and where she asks to sign it; the first and last moments are not.
func timesInReach(t *testing.T, b *bundle) {
	ctx, owner := t.Context(), b.author.ID
	work := b.release(t, "a").Work
	b.addKey(t, owner, "k1")
	first, last := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).UnixMilli(), time.Date(9999, 12, 31, 23, 59, 59, 999_000_000, time.UTC).UnixMilli()
	for _, c := range []struct {
		from, until int64
		code        string
	}{
		{0, 0, ""},
		{first, last, ""},
		{0, last, ""},
		{last, 0, ""},
		{0, math.MaxInt64, "rights.times_range"},
		{0, last + 1, "rights.times_range"},
		{last + 1, 0, "rights.times_range"},
		{first - 1, 0, "rights.times_range"},
		{0, first - 1, "rights.times_range"},
		{-1, 0, "rights.times_range"},
		{math.MinInt64, 0, "rights.times_range"},
		{last, first, "rights.times"},
		{first, first, "rights.times"},
	} {
		choice := loam.UseChoice{Uses: []loam.Use{loam.UseStyle}, Allowed: true, From: c.from, Until: c.until}
		fits := func(what string, err error) {
			t.Helper()
			if (err != nil || c.code != "") && (loam.CodeOf(err) != c.code || loam.KindOf(err) != loam.Invalid) {
				t.Errorf("%s from %d until %d: %v, want %q", what, c.from, c.until, err, c.code)
			}
		}
		_, err := b.Choose(ctx, owner, []string{work}, choice)
		fits("said", err)
		_, err = b.Choose(ctx, owner, nil, choice)
		fits("said of all", err)
		_, err = b.PrepareChoice(ctx, owner, work, choice)
		fits("to sign", err)
	}
	for _, c := range []loam.UseChoice{{From: first}, {Until: last}, {Attribution: true}} {
		c.Uses = []loam.Use{loam.UseStyle}
		if _, err := b.Choose(ctx, owner, []string{work}, c); loam.CodeOf(err) != "rights.times" {
			t.Errorf("a no with conditions: %+v, %v", c, err)
		}
	}
}

// saidAtOnce: what an account says at the same time is written, all of it, one after the other.
func saidAtOnce(t *testing.T, b *bundle) {
	ctx := t.Context()
	work := b.release(t, "a").Work
	before, err := b.RightsActs(ctx, b.author.ID, 0, 100)
	must(t, err)
	const many = 50
	errs := make([]error, many)
	var all sync.WaitGroup
	for i := range many {
		all.Go(func() { errs[i] = b.choose(ctx, b.author.ID, work, loam.UseTrainText, i%2 == 0) })
	}
	all.Wait()
	must(t, errors.Join(errs...))
	after, err := b.RightsActs(ctx, b.author.ID, 0, 100)
	if err != nil || len(after) != len(before)+many {
		t.Errorf("%d acts became %d, %v", len(before), len(after), err)
	}
	b.wantMay(t, work, loam.UseTrainText, after[0].Kind == ledger.Grant.String())
}

// deletedIsClosed: of a note that is deleted every use is taken back and the note erased, in the log
// too, whatever is allowed of all works later, and no salt is left of it; of one that was never released
// nothing is said.
func deletedIsClosed(t *testing.T, b *bundle) {
	ctx := t.Context()
	work := b.release(t, "a").Work
	must(t, b.choose(ctx, b.author.ID, work, loam.UseTrainText, true))
	salts := func() (n int) {
		t.Helper()
		leaves, err := b.ArchivedLeaves(ctx, b.author.ID)
		must(t, err)
		for _, l := range leaves {
			if l.Work == work && l.Salt != "" {
				n++
			}
		}
		return n
	}
	if salts() == 0 {
		t.Fatal("nothing to destroy")
	}
	must(t, b.DeleteWork(ctx, b.author.ID, work))
	if n := salts(); n != 0 {
		t.Errorf("%d salts are left", n)
	}
	_, err := b.Choose(ctx, b.author.ID, nil, loam.UseChoice{Uses: loam.Uses(), Allowed: true})
	must(t, err)
	list, err := b.Uses(ctx, work)
	must(t, err)
	for _, p := range list {
		if p.Allowed || p.Reason != ledger.Erased.String() || p.Level != ledger.WorkLevel.String() {
			t.Errorf("of a deleted note: %+v", p)
		}
	}
	// One that was deleted before the log was told of it is erased at a start, once.
	earlier := b.release(t, "earlier").Work
	must(t, b.choose(ctx, b.author.ID, earlier, loam.UseTrainText, true))
	_, err = b.Pool().ExecContext(ctx, `UPDATE works SET deleted = 1 WHERE id = '`+earlier+`'`)
	must(t, err)
	work = earlier
	if salts() == 0 {
		t.Fatal("nothing to destroy")
	}
	must(t, b.EraseDeleted(ctx))
	list, err = b.Uses(ctx, earlier)
	must(t, err)
	if n := salts(); n != 0 || list[0].Reason != ledger.Erased.String() {
		t.Errorf("%d salts are left of what was deleted earlier: %+v", n, list[0])
	}
	// Since then none is: it is not looked for again.
	work = b.release(t, "by hand").Work
	must(t, b.choose(ctx, b.author.ID, work, loam.UseTrainText, true))
	_, err = b.Pool().ExecContext(ctx, `UPDATE works SET deleted = 1 WHERE id = '`+work+`'`)
	must(t, err)
	before, err := b.RightsActs(ctx, b.author.ID, 0, 100)
	must(t, err)
	must(t, b.EraseDeleted(ctx))
	if salts() == 0 {
		t.Error("deleted notes are looked for at every start")
	}
	must(t, b.DeleteWork(ctx, b.author.ID, b.submit(t, "never").Work))
	if after, err := b.RightsActs(ctx, b.author.ID, 0, 100); err != nil || len(after) != len(before) {
		t.Errorf("%d acts after %d, %v", len(after), len(before), err)
	}
}
