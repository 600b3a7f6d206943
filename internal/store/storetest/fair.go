package storetest

import (
	"context"
	"strings"
	"testing"
	"time"

	"loam"
	"loam/internal/store"
)

// usesAtRelease: what a version allows holds from its release on, not from its submission.
func usesAtRelease(t *testing.T, b *bundle) {
	ctx := t.Context()
	v := b.release(t, "a")
	_, err := b.SaveDraft(ctx, b.author.ID, v.Work, 1, loam.Draft{Kind: loam.KindDaily, Idea: "b"}, loam.ActEdit)
	must(t, err)
	next, err := b.Submit(ctx, loam.Submission{Owner: b.author.ID, Revision: 2, Content: loam.Content{
		Work: v.Work, Kind: loam.KindDaily, Title: "b", Body: "正文", TextAI: loam.NotAI, Audience: loam.Public,
		Uses: map[loam.Use]bool{loam.UseTrainText: true},
	}})
	must(t, err)
	b.wantMay(t, v.Work, loam.UseTrainText, false)
	b.wantMay(t, v.Work, loam.UseRecommend, true)
	b.verdict(t, next.ID, loam.Allow)
	b.confirm(t, next, b.label(t, next))
	b.wantMay(t, v.Work, loam.UseTrainText, true)
}

// choose answers for one use of one work.
func (b *bundle) choose(ctx context.Context, owner, work string, u loam.Use, allowed bool) error {
	_, err := b.Choose(ctx, owner, []string{work}, loam.UseChoice{Uses: []loam.Use{u}, Allowed: allowed})
	return err
}

func (b *bundle) wantMay(t testing.TB, work string, u loam.Use, want bool) {
	t.Helper()
	got, err := b.May(t.Context(), work, u)
	must(t, err)
	if got != want {
		t.Errorf("May %s: got %v, want %v", u, got, want)
	}
}

// editVoids: an edit after the confirmation of a version nobody sees yet takes the
// confirmation back.
func editVoids(t *testing.T, b *bundle) {
	ctx := t.Context()
	v := b.submit(t, "a")
	b.verdict(t, v.ID, loam.Review)
	b.confirm(t, v, b.label(t, v))
	_, err := b.SaveDraft(ctx, b.author.ID, v.Work, 1, loam.Draft{Kind: loam.KindDaily, Idea: "changed"}, loam.ActEdit)
	must(t, err)
	d := b.decide(t, b.ana, v.ID, loam.RuleAllow)
	must(t, b.Apply(ctx, d.ID))
	if got := b.wantState(t, v.ID, loam.Cleared); got.ConfirmedAt != 0 {
		t.Error("the confirmation outlived the edit")
	}
}

// reportBesidePending: a report that comes while a ruling can still be undone joins its case.
func reportBesidePending(t *testing.T, b *bundle) {
	ctx := t.Context()
	v := b.release(t, "a")
	report := func() {
		_, err := b.FileReport(ctx, loam.Report{Work: v.Work, Risk: loam.Fraud})
		must(t, err)
	}
	report()
	d := b.decide(t, b.ana, v.ID, loam.RuleRemove)
	report()
	c, err := b.Undo(ctx, b.ana.ID, d.ID)
	must(t, err)
	if c.Reports != 2 {
		t.Errorf("got %d reports, want 2", c.Reports)
	}
	d, err = b.Decide(ctx, loam.Decision{Case: c.ID, Ruling: loam.RuleRemove, Reason: "fraud", Reviewer: b.ana.ID}, c.Token)
	must(t, err)
	report()
	must(t, b.Apply(ctx, d.ID))
	_, err = b.FileAppeal(ctx, b.author.ID, v.ID, "不是真的")
	must(t, err)
	queue, err := b.Queue(ctx, b.bo.ID, 10)
	must(t, err)
	if len(queue) != 1 || queue[0].Kind != loam.CaseAppeal {
		t.Errorf("got queue %+v, want the appeal alone", queue)
	}
}

// takedownBesidePending: a takedown settles the matter; a ruling under way does not stumble.
func takedownBesidePending(t *testing.T, b *bundle) {
	ctx := t.Context()
	v := b.release(t, "a")
	_, err := b.FileReport(ctx, loam.Report{Work: v.Work, Risk: loam.Fraud})
	must(t, err)
	d := b.decide(t, b.ana, v.ID, loam.RuleAllow)
	must(t, b.Takedown(ctx, b.cy.ID, v.Work, "ip", ""))
	must(t, b.Apply(ctx, d.ID))
	b.wantState(t, v.ID, loam.Removed)
	b.clock.Pass(2 * time.Minute)
	overdue, err := b.Overdue(ctx)
	must(t, err)
	if len(overdue) != 0 {
		t.Errorf("overdue for ever: %v", overdue)
	}
}

// wonAppealBesideNewer: a won appeal never takes a newer, confirmed note from its readers.
func wonAppealBesideNewer(t *testing.T, b *bundle) {
	ctx := t.Context()
	old := b.release(t, "a")
	must(t, b.Takedown(ctx, b.cy.ID, old.Work, "ip", ""))
	_, err := b.FileAppeal(ctx, b.author.ID, old.ID, "是我自己拍的")
	must(t, err)
	_, err = b.SaveDraft(ctx, b.author.ID, old.Work, 1, loam.Draft{Kind: loam.KindDaily, Idea: "b"}, loam.ActEdit)
	must(t, err)
	newer := b.freeze(t, old.Work, 2, "b")
	b.verdict(t, newer.ID, loam.Allow)
	b.confirm(t, newer, b.label(t, newer))
	d := b.decide(t, b.bo, newer.ID, loam.RuleAllow)
	must(t, b.Apply(ctx, d.ID))
	d = b.decide(t, b.ana, old.ID, loam.RuleAllow)
	must(t, b.Apply(ctx, d.ID))
	b.wantState(t, newer.ID, loam.Released)
	b.wantState(t, old.ID, loam.Withdrawn)
	a, err := b.Appeal(ctx, old.ID)
	must(t, err)
	if a.Outcome != "overturned" {
		t.Errorf("got outcome %q", a.Outcome)
	}
}

// invitesEnd: a new first link spends the ones before, and none makes a second first administrator.
func invitesEnd(t *testing.T, b *bundle) {
	ctx := t.Context()
	roles := []loam.Role{loam.Creator, loam.Admin}
	must(t, b.CreateInvite(ctx, "one", roles))
	must(t, b.CreateInvite(ctx, "two", roles))
	_, err := b.UseInvite(ctx, "one", loam.Account{Handle: "first", Name: "f"}, "hash")
	wantKind(t, err, loam.Gone)
	_, err = b.UseInvite(ctx, "two", loam.Account{Handle: "first", Name: "f"}, "hash")
	must(t, err)
	must(t, b.CreateInvite(ctx, "three", roles))
	_, err = b.UseInvite(ctx, "three", loam.Account{Handle: "second", Name: "s"}, "hash")
	wantKind(t, err, loam.Gone)
}

// skipsEnd: a skipped case comes back after an hour; until then the answer says why.
func skipsEnd(t *testing.T, b *bundle) {
	ctx := t.Context()
	v := b.submit(t, "a")
	b.verdict(t, v.ID, loam.Review)
	c := b.caseOf(t, b.ana, v.ID)
	must(t, b.Skip(ctx, b.ana.ID, c.ID))
	_, err := b.Lease(ctx, b.ana.ID, c.ID)
	if loam.CodeOf(err) != "case.skipped" {
		t.Errorf("lease of a skipped case: %v", err)
	}
	b.clock.Pass(time.Hour + time.Minute)
	c, err = b.Lease(ctx, b.ana.ID, c.ID)
	must(t, err)
	must(t, b.Escalate(ctx, b.ana.ID, c.ID, c.Token))
	b.clock.Pass(time.Hour + time.Minute)
	b.caseOf(t, b.ana, v.ID)
}

// dumpAndLoad: a dump goes into an empty database, and into no other.
func dumpAndLoad(t *testing.T, b *bundle, fresh func() *store.DB) {
	ctx := t.Context()
	v := b.release(t, "a")
	b.addKey(t, b.author.ID, "k1")
	act, err := b.PrepareChoice(ctx, b.author.ID, v.Work, loam.UseChoice{Uses: []loam.Use{loam.UseStyle}, Allowed: true})
	must(t, err)
	must(t, b.SignActs(ctx, []loam.SignedAct{signedBy(t, *act, "k1")}))
	var out strings.Builder
	rows, err := b.Dump(ctx, &out)
	must(t, err)
	_, err = b.Load(ctx, strings.NewReader(out.String()))
	wantKind(t, err, loam.Conflict)
	other := fresh()
	got, err := other.Load(ctx, strings.NewReader(out.String()))
	must(t, err)
	if got != rows {
		t.Errorf("loaded %d of %d rows", got, rows)
	}
	r, err := other.ByWork(ctx, v.Work)
	must(t, err)
	if r.Version.Hash != v.Hash || r.Version.State != loam.Released {
		t.Errorf("got %+v", r.Version)
	}
	if got, err := other.LeafBundle(ctx, b.author.ID, act.Leaf); err != nil || got == nil {
		t.Errorf("of her signature: %x, %v", got, err)
	}
}

// removedComesBackByAPerson: after a removal neither a version on its way nor a new one goes
// out before a person looked; once a person let it be, the next needs none.
func removedComesBackByAPerson(t *testing.T, b *bundle) {
	ctx := t.Context()
	v := b.release(t, "a")
	_, err := b.SaveDraft(ctx, b.author.ID, v.Work, 1, loam.Draft{Kind: loam.KindDaily, Idea: "b"}, loam.ActEdit)
	must(t, err)
	pending := b.freeze(t, v.Work, 2, "b")
	b.verdict(t, pending.ID, loam.Allow)
	hash := b.label(t, pending)
	must(t, b.Takedown(ctx, b.cy.ID, v.Work, "ip", ""))
	b.wantState(t, pending.ID, loam.Withdrawn)
	_, err = b.Confirm(ctx, b.author.ID, pending.ID, hash)
	wantKind(t, err, loam.Conflict)
	_, err = b.SaveDraft(ctx, b.author.ID, v.Work, 2, loam.Draft{Kind: loam.KindDaily, Idea: "c"}, loam.ActEdit)
	must(t, err)
	again := b.freeze(t, v.Work, 3, "c")
	b.verdict(t, again.ID, loam.Allow)
	b.confirm(t, again, b.label(t, again))
	b.wantState(t, again.ID, loam.Held)
	if c := b.caseOf(t, b.ana, again.ID); c.Risk != loam.IP {
		t.Errorf("got a case for %s, want ip", c.Risk)
	}
	d := b.decide(t, b.ana, again.ID, loam.RuleAllow)
	must(t, b.Apply(ctx, d.ID))
	b.wantState(t, again.ID, loam.Released)
	_, err = b.SaveDraft(ctx, b.author.ID, v.Work, 3, loam.Draft{Kind: loam.KindDaily, Idea: "d"}, loam.ActEdit)
	must(t, err)
	next := b.freeze(t, v.Work, 4, "d")
	b.verdict(t, next.ID, loam.Allow)
	b.wantState(t, next.ID, loam.Cleared)
}

// precedents: a case shows earlier rulings of its risk, the likest first, never its own work's.
func precedents(t *testing.T, b *bundle) {
	ctx := t.Context()
	rule := func(key string, bands []uint64) loam.Version {
		v := b.submit(t, key)
		must(t, b.PutVerdict(ctx, v.ID, loam.Verdict{Action: loam.Review, Policy: "p", Rules: []loam.RuleHit{{Rule: "r", Action: loam.Review, Reason: "fraud"}}}, loam.Traits{Bands: bands}))
		return v
	}
	far, near := rule("far", []uint64{1, 2, 3}), rule("near", []uint64{7, 8, 9})
	for _, v := range []loam.Version{near, far} {
		d := b.decide(t, b.ana, v.ID, loam.RuleRemove)
		b.clock.Pass(10 * time.Second)
		must(t, b.Apply(ctx, d.ID))
	}
	v := rule("now", []uint64{7, 8, 1})
	list, err := b.Precedents(ctx, v, loam.Fraud, 10)
	must(t, err)
	if len(list) != 2 || list[0].Title != "near" || list[0].Alike != 2 || list[1].Alike != 0 || list[0].Ruling != loam.RuleRemove {
		t.Errorf("got %+v", list)
	}
	if other, err := b.Precedents(ctx, v, loam.Porn, 10); err != nil || len(other) != 0 {
		t.Errorf("got %+v, %v for another risk", other, err)
	}
	if own, err := b.Precedents(ctx, near, loam.Fraud, 10); err != nil || len(own) != 1 {
		t.Errorf("got %+v, %v for the work itself", own, err)
	}
}

// reviewDay: time on cases adds up by the legal day; a pause of five minutes ends a stretch.
func reviewDay(t *testing.T, b *bundle) {
	ctx := t.Context()
	rule := func(key string, takes time.Duration) {
		v := b.submit(t, key)
		b.verdict(t, v.ID, loam.Review)
		c := b.caseOf(t, b.ana, v.ID)
		c, err := b.Lease(ctx, b.ana.ID, c.ID)
		must(t, err)
		b.clock.Pass(takes)
		_, err = b.Decide(ctx, loam.Decision{Case: c.ID, Ruling: loam.RuleAllow, Reason: "ok", Reviewer: b.ana.ID}, c.Token)
		must(t, err)
	}
	rule("a", time.Minute)
	b.clock.Pass(6 * time.Minute)
	began := b.clock.Now().UnixMilli()
	rule("b", time.Minute)
	b.clock.Pass(time.Minute)
	rule("c", 2*time.Minute)
	d, err := b.ReviewDay(ctx, b.ana.ID)
	must(t, err)
	if want := (loam.ReviewDay{Decided: 3, Seconds: 240, Since: began}); d != want {
		t.Errorf("got %+v, want %+v", d, want)
	}
	b.clock.Pass(5 * time.Minute)
	if d, err = b.ReviewDay(ctx, b.ana.ID); err != nil || d.Since != 0 {
		t.Errorf("got %+v, %v after a rest", d, err)
	}
	b.clock.Pass(24 * time.Hour)
	if d, err = b.ReviewDay(ctx, b.ana.ID); err != nil || d != (loam.ReviewDay{}) {
		t.Errorf("got %+v, %v the next day", d, err)
	}
}
