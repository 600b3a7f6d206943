package storetest

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"loam"
	"loam/internal/ledger"
	"loam/internal/store"
)

// arrives takes an account's works, after random answers for them, into an empty database: what
// was frozen keeps its hash and is seen by nobody, nothing is more permitted than where it came
// from, now or later, and it is the platform's word; her leaves are hers to take along again.
func arrives(t *testing.T, b *bundle, fresh func() *store.DB) {
	ctx := t.Context()
	r := rand.New(rand.NewPCG(5, 6))
	works := []string{b.release(t, "a").Work, b.release(t, "b").Work, b.release(t, "c").Work}
	registered := b.asks(t, b.author, loam.ProtectVoice, "林晚", "")
	b.registers(t, b.ana, registered.ID)
	taken := b.asks(t, b.author, loam.ProtectBrand, "禾木茶舍", "")
	must(t, b.WithdrawProtection(ctx, b.author.ID, taken.ID))
	draft, err := b.CreateWork(ctx, b.author.ID, "only a draft", loam.Draft{Idea: "湖边"})
	must(t, err)
	uses, open := loam.Uses(), 0
	for round := range 12 {
		for range 8 {
			c := loam.UseChoice{Allowed: r.IntN(3) > 0, Uses: []loam.Use{uses[r.IntN(len(uses))], uses[r.IntN(len(uses))]}}
			if c.Allowed && r.IntN(3) == 0 {
				c.From = b.clock.Now().UnixMilli() + int64(r.IntN(3))*1000
				c.Until = c.From + 1 + int64(r.IntN(3))*1000
			}
			on := works[:1+r.IntN(len(works))]
			if r.IntN(5) == 0 {
				on = nil
			}
			_, err := b.Choose(ctx, b.author.ID, on, c)
			must(t, err)
			b.clock.Pass(time.Duration(r.IntN(900)) * time.Millisecond)
		}
		must(t, b.SetNoAI(ctx, b.author.ID, round%3 == 0))
		switch round {
		case 4:
			b.filed(t, "first", works[1])
		case 8:
			b.rules(t, b.ana, b.claimOf(t, "first").ID, loam.RuleAllow, "permitted", "")
			b.filed(t, "second", works[0])
		}
		to := fresh()
		a := b.arrival(t)
		account, err := to.Arrive(ctx, a)
		must(t, err)
		now, err := to.Account(ctx, account.ID)
		must(t, err)
		if now.NoAI != (round%3 == 0) || now.Handle != "author" || !slices.Equal(now.Roles, []loam.Role{loam.Creator}) {
			t.Fatalf("she is %+v", now)
		}
		_, err = to.Arrive(ctx, a)
		wantKind(t, err, loam.Conflict)
		list, err := to.Uses(ctx, works[0])
		must(t, err)
		for _, p := range list {
			if now.NoAI && p.Use.NeedsAI() && p.What != "no_ai" {
				t.Fatalf("her switch came along without its leaf: %+v", p)
			}
		}
		for range 3 {
			open += b.noMore(t, to, works)
			b.clock.Pass(1100 * time.Millisecond)
		}
		must(t, b.SetNoAI(ctx, b.author.ID, false))
		must(t, to.SetNoAI(ctx, account.ID, false))
		open += b.noMore(t, to, works)
		if _, err := to.Work(ctx, account.ID, draft); err != nil {
			t.Fatal(err)
		}
	}
	if open == 0 {
		t.Fatal("nothing was ever open")
	}
	b.protectionsArrive(t, fresh(), registered, works[0])
	bad := b.arrival(t)
	bad.Leaves[0].N, bad.Leaves[1].N = bad.Leaves[1].N, bad.Leaves[0].N
	_, err = fresh().Arrive(ctx, bad)
	wantKind(t, err, loam.Invalid)
	bad = b.arrival(t)
	bad.Leaves = slices.Delete(bad.Leaves, 3, 4)
	_, err = fresh().Arrive(ctx, bad)
	wantKind(t, err, loam.Invalid)
	for _, l := range b.arrival(t).Leaves {
		if leaf, err := ledger.Decode(l.Leaf); err != nil || leaf.Kind == ledger.Dispute && l.Salt != "" {
			t.Errorf("with the salt of a notice its claimant's contact can be found out: %v", err)
		}
	}
	bad = b.arrival(t)
	bad.Leaves[0].Salt = bad.Leaves[0].Salt[1:] + "0"
	_, err = fresh().Arrive(ctx, bad)
	wantKind(t, err, loam.Invalid)
	bad = b.arrival(t)
	last, err := ledger.Decode(bad.Leaves[len(bad.Leaves)-1].Leaf)
	must(t, err)
	far := ledger.Leaf{
		V: 1, Kind: ledger.Grant, ID: ledger.ID{7}, At: last.At + 1, Account: last.Account, Actor: ledger.Creator,
		Uses: []loam.Use{loam.UseIndex}, Until: math.MaxInt64, Terms: ledger.Terms{Price: ledger.Free},
	}
	raw, err := far.Encode()
	must(t, err)
	bad.Leaves = append(bad.Leaves, loam.ArchivedLeaf{N: int64(len(bad.Leaves)) + 1, ID: far.ID.String(), Leaf: raw})
	if _, err = fresh().Arrive(ctx, bad); loam.CodeOf(err) != "rights.times_range" {
		t.Errorf("a yes until the year 292 million arrives: %v", err)
	}
	bad = b.arrival(t)
	twice := bad.Works
	bad.Works = func(f func(loam.ArchivedWork) error) error {
		if err := twice(f); err != nil {
			return err
		}
		return twice(f)
	}
	_, err = fresh().Arrive(ctx, bad)
	wantKind(t, err, loam.Invalid)
}

// protectionsArrive: a registered protection waits for a reviewer where it arrives and is compared with
// nothing until then; what it shielded at home stays shut as the platform's word.
func (b *bundle) protectionsArrive(t *testing.T, to *store.DB, was loam.Protection, work string) {
	t.Helper()
	ctx := t.Context()
	a := b.arrival(t)
	a.Protections = slices.DeleteFunc(a.Protections, func(p loam.ArchivedProtection) bool { return p.State == loam.ProtectionWithdrawn })
	a.Protections[0].Files[0].Name = "录音\u202efdp\u009b.exe" // kept by an installation that let it stand
	account, err := to.Arrive(ctx, a)
	must(t, err)
	list, err := to.ArchivedProtections(ctx, account.ID)
	must(t, err)
	if got := list[0].Files[0].Name; got != "录音fdp.exe" {
		t.Errorf("a proof is called %q", got)
	}
	if len(list) != 1 || list[0].State != loam.ProtectionAsked || list[0].Name != was.Name || list[0].Subject != was.Subject || list[0].Leaf != "" ||
		len(list[0].Files) != 1 || list[0].Files[0].Holder != "录音师" || list[0].Files[0].PDQ != a.Protections[0].Files[0].PDQ {
		t.Errorf("arrived %+v", list)
	}
	if found, err := to.Registered(ctx); err != nil || len(found) != 0 {
		t.Errorf("nobody here decided, and it is found: %+v, %v", found, err)
	}
	if asked, err := to.AskedProtections(ctx, "", 10); err != nil || len(asked) != 1 {
		t.Errorf("waiting for a reviewer: %+v, %v", asked, err)
	}
	uses, err := to.Uses(ctx, work)
	must(t, err)
	if p := uses[slices.Index(loam.Uses(), loam.UseVoice)]; p.Allowed || p.Reason != "protected" {
		t.Errorf("what it shielded is %+v", p)
	}
	must(t, to.WithdrawProtection(ctx, account.ID, list[0].ID)) // nobody here decided on it
	if uses, err = to.Uses(ctx, work); err != nil || uses[slices.Index(loam.Uses(), loam.UseVoice)].Reason == "protected" {
		t.Errorf("withdrawn, it still shields: %+v, %v", uses, err)
	}
}

// arrival is the author's archive as it would come into another database.
func (b *bundle) arrival(t *testing.T) loam.Arrival {
	t.Helper()
	ctx := t.Context()
	account, err := b.Account(ctx, b.author.ID)
	must(t, err)
	leaves, err := b.ArchivedLeaves(ctx, b.author.ID)
	must(t, err)
	protections, err := b.ArchivedProtections(ctx, b.author.ID)
	must(t, err)
	return loam.Arrival{
		Account: account, Password: "hash", Leaves: leaves, Protections: protections,
		Works: func(f func(loam.ArchivedWork) error) error { return b.EachArchived(ctx, b.author.ID, f) },
	}
}

// noMore compares every use of works in two databases and gives how many are open in both.
func (b *bundle) noMore(t *testing.T, to *store.DB, works []string) (open int) {
	t.Helper()
	ctx := t.Context()
	for _, work := range works {
		was, err := b.Uses(ctx, work)
		must(t, err)
		is, err := to.Uses(ctx, work)
		must(t, err)
		for i, p := range is {
			if p.Allowed && (!was[i].Allowed || p.Evidence != "L0" || p.Attribution != was[i].Attribution) {
				t.Fatalf("%s was %+v, is %+v", p.Use, was[i], p)
			}
			if p.Allowed {
				open++
			}
			if may, err := to.May(ctx, work, p.Use); err != nil || may {
				t.Fatalf("%s of a work nobody released: %v, %v", p.Use, may, err)
			}
		}
		if _, err := to.ByWork(ctx, work); loam.KindOf(err) != loam.NotFound {
			t.Fatalf("readers see it: %v", err)
		}
	}
	return open
}
