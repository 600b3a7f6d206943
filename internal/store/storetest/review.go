package storetest

import (
	"testing"
	"time"

	"loam"
	"loam/internal/store"
)

func leaseFences(t *testing.T, b *bundle) {
	ctx := t.Context()
	v := b.submit(t, "a")
	b.verdict(t, v.ID, loam.Review)
	b.wantState(t, v.ID, loam.Held)
	c := b.caseOf(t, b.ana, v.ID)
	first, err := b.Lease(ctx, b.ana.ID, c.ID)
	must(t, err)
	_, err = b.Lease(ctx, b.bo.ID, c.ID)
	wantKind(t, err, loam.Conflict)
	if again, err := b.Lease(ctx, b.ana.ID, c.ID); err != nil || again.Token != first.Token {
		t.Fatalf("renewing changed the token: %d, %v", again.Token, err)
	}
	b.clock.Pass(11 * time.Minute)
	second, err := b.Lease(ctx, b.bo.ID, c.ID)
	must(t, err)
	_, err = b.Decide(ctx, loam.Decision{Case: c.ID, Ruling: loam.RuleAllow, Reviewer: b.ana.ID}, first.Token)
	wantKind(t, err, loam.Conflict)
	_, err = b.Decide(ctx, loam.Decision{Case: c.ID, Ruling: loam.RuleAllow, Reason: "ok", Reviewer: b.bo.ID}, second.Token)
	must(t, err)
	_, err = b.Decide(ctx, loam.Decision{Case: c.ID, Ruling: loam.RuleRemove, Reason: "ok", Reviewer: b.bo.ID}, second.Token)
	wantKind(t, err, loam.Conflict)
	must(t, func() error {
		w := b.submit(t, "skip")
		b.verdict(t, w.ID, loam.Review)
		return b.Skip(ctx, b.ana.ID, b.caseOf(t, b.ana, w.ID).ID)
	}())
	queue, err := b.Queue(ctx, b.ana.ID, 10)
	must(t, err)
	if len(queue) != 0 {
		t.Fatalf("a skipped case is offered again: %v", queue)
	}
}

func nobodyJudgesHerself(t *testing.T, b *bundle) {
	ctx := t.Context()
	v := b.submit(t, "a")
	b.verdict(t, v.ID, loam.Review)
	c := b.caseOf(t, b.ana, v.ID)
	_, err := b.Lease(ctx, b.author.ID, c.ID)
	wantKind(t, err, loam.Denied)
	d := b.decide(t, b.ana, v.ID, loam.RuleRemove)
	b.clock.Pass(6 * time.Second)
	must(t, b.Apply(ctx, d.ID))
	b.wantState(t, v.ID, loam.Refused)
	_, err = b.FileAppeal(ctx, b.author.ID, v.ID, "请再看一次")
	must(t, err)
	_, err = b.FileAppeal(ctx, b.author.ID, v.ID, "再来")
	wantKind(t, err, loam.Conflict)
	appeal := b.caseOf(t, b.bo, v.ID)
	_, err = b.Lease(ctx, b.ana.ID, appeal.ID)
	wantKind(t, err, loam.Denied)
	d = b.decide(t, b.bo, v.ID, loam.RuleAllow)
	b.clock.Pass(6 * time.Second)
	must(t, b.Apply(ctx, d.ID))
	b.wantState(t, v.ID, loam.Cleared)
	a, err := b.Appeal(ctx, v.ID)
	must(t, err)
	if a.Outcome != "overturned" {
		t.Fatalf("got outcome %q", a.Outcome)
	}
}

func undoInFive(t *testing.T, b *bundle) {
	ctx := t.Context()
	v := b.submit(t, "a")
	b.verdict(t, v.ID, loam.Review)
	d := b.decide(t, b.ana, v.ID, loam.RuleRemove)
	if last := b.jobs[len(b.jobs)-1]; last.Kind != store.JobDecide || last.At != d.Effective || d.Effective-d.At != 5000 {
		t.Fatalf("got job %+v for %+v", last, d)
	}
	_, err := b.Undo(ctx, b.bo.ID, d.ID)
	wantKind(t, err, loam.Conflict)
	c, err := b.Undo(ctx, b.ana.ID, d.ID)
	must(t, err)
	must(t, b.Apply(ctx, d.ID)) // its job comes all the same
	b.wantState(t, v.ID, loam.Held)
	d, err = b.Decide(ctx, loam.Decision{Case: c.ID, Ruling: loam.RuleLimit, Reason: "quality", Reviewer: b.ana.ID}, c.Token)
	must(t, err)
	must(t, b.Apply(ctx, d.ID))
	must(t, b.Apply(ctx, d.ID))
	_, err = b.Undo(ctx, b.ana.ID, d.ID)
	wantKind(t, err, loam.Conflict)
	if got := b.wantState(t, v.ID, loam.Cleared); got.Reach != loam.LimitReach {
		t.Fatalf("got reach %s", got.Reach)
	}
	b.confirm(t, v, b.label(t, v))
	feed, err := b.Feed(ctx, false, loam.Place{}, 10)
	must(t, err)
	if len(feed) != 0 {
		t.Fatal("a note of limited reach is in the feed")
	}
	_, err = b.ByWork(ctx, v.Work)
	must(t, err)
}

func reportToRestore(t *testing.T, b *bundle) {
	ctx := t.Context()
	v := b.release(t, "a")
	for range 3 {
		_, err := b.FileReport(ctx, loam.Report{Work: v.Work, Risk: loam.Fraud, Text: "骗人"})
		must(t, err)
	}
	if c := b.caseOf(t, b.ana, v.ID); c.Reports != 3 || c.Kind != loam.CaseReport {
		t.Fatalf("got case %+v, want one with 3 reports", c)
	}
	d := b.decide(t, b.ana, v.ID, loam.RuleRemove)
	must(t, b.Apply(ctx, d.ID))
	_, err := b.ByWork(ctx, v.Work)
	wantKind(t, err, loam.Gone)
	s, err := b.Statement(ctx, b.wantState(t, v.ID, loam.Removed))
	must(t, err)
	if s.By != "person" || s.Reason != "fraud" || s.AppealBy == 0 {
		t.Fatalf("got statement %+v", s)
	}
	_, err = b.FileAppeal(ctx, b.author.ID, v.ID, "都是真的")
	must(t, err)
	d = b.decide(t, b.bo, v.ID, loam.RuleAllow)
	must(t, b.Apply(ctx, d.ID))
	b.wantState(t, v.ID, loam.Released)
	_, err = b.ByWork(ctx, v.Work)
	must(t, err)
	_, err = b.FileReport(ctx, loam.Report{Work: v.Work, Risk: loam.Fraud})
	must(t, err)
	queue, err := b.Queue(ctx, b.bo.ID, 10)
	must(t, err)
	if len(queue) != 0 {
		t.Fatal("a repeat report reopened a version people had cleared")
	}
	wantKind(t, b.Takedown(ctx, b.author.ID, v.Work, "ip", ""), loam.Denied)
	must(t, b.Takedown(ctx, b.cy.ID, v.Work, "ip", "权利人通知"))
	b.wantState(t, v.ID, loam.Removed)
}
