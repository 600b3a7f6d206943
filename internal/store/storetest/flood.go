package storetest

import (
	"fmt"
	"testing"
	"time"

	"loam"
)

// noticesBounded: one address, or one account, has so many claims under way, whatever contact the
// notices give; who is named in another's notices may still send her own.
func noticesBounded(t *testing.T, b *bundle) {
	ctx := t.Context()
	works := []string{b.release(t, "a").Work, b.release(t, "b").Work}
	file := func(number, address, account string, works ...string) error {
		n := notice(number)
		n.Contact, n.Address, n.Account = "zhou@example.com", address, account
		_, err := b.FileNotice(ctx, n, works, number)
		return err
	}
	for i := range loam.OpenClaims / 2 {
		must(t, file(fmt.Sprint(i), "10.1.0.1", b.cy.ID, works...))
	}
	for name, by := range map[string][2]string{"an address": {"10.1.0.1", ""}, "an account": {"10.1.0.2", b.cy.ID}} {
		if err := file("x", by[0], by[1], works[0]); loam.CodeOf(err) != "notice.many" {
			t.Errorf("%s has one more: %v", name, err)
		}
	}
	must(t, file("hers", "10.1.0.3", "", works[0]))
	// What is taken back counts for a day: it froze, and stands in the ledger.
	must(t, b.WithdrawNotice(ctx, "0"))
	b.clock.Pass(day - time.Minute)
	must(t, b.SweepNotices(ctx))
	if err := file("again", "10.1.0.1", "", works[0]); loam.CodeOf(err) != "notice.many" {
		t.Errorf("what was taken back does not count: %v", err)
	}
	b.clock.Pass(2 * time.Minute)
	must(t, b.SweepNotices(ctx))
	must(t, file("x", "10.1.0.1", "", works[0]))
	if err := file("y", "10.1.0.1", "", works...); loam.CodeOf(err) != "notice.many" {
		t.Errorf("a notice's own works are not counted in: %v", err)
	}
	b.agree(t, works)
}

// dismissedRests: what a reviewer dismissed is not taken in again from the same address or account
// for a while; another right or another sender is.
func dismissedRests(t *testing.T, b *bundle) {
	ctx := t.Context()
	work := b.release(t, "a").Work
	n := notice("one")
	n.Account = b.cy.ID
	n, err := b.FileNotice(ctx, n, []string{work}, "one")
	must(t, err)
	b.rules(t, b.ana, n.Claims[0].ID, loam.RuleAllow, "unproven", "")
	file := func(number string, right loam.Right, address, account string) error {
		n := notice(number)
		n.Right, n.Address, n.Account = right, address, account
		_, err := b.FileNotice(ctx, n, []string{work}, number)
		return err
	}
	for _, by := range [][2]string{{"of one", ""}, {"", b.cy.ID}} {
		err := file("two", loam.RightCopyright, by[0], by[1])
		wantKind(t, err, loam.Conflict)
		if loam.CodeOf(err) != "notice.decided" {
			t.Errorf("again by %v: %v", by, err)
		}
	}
	must(t, file("three", loam.RightPrivacy, "of one", b.cy.ID))
	must(t, file("four", loam.RightCopyright, "elsewhere", b.bo.ID))
	b.clock.Pass(loam.NoticeAgain*day - time.Minute)
	wantKind(t, file("five", loam.RightCopyright, "of one", ""), loam.Conflict)
	must(t, b.SweepNotices(ctx))
	if n, err := b.Notice(ctx, "one"); err != nil || n.Address == "" {
		t.Errorf("the address is forgotten too early: %+v, %v", n, err)
	}
	b.clock.Pass(2 * time.Minute)
	must(t, b.SweepNotices(ctx))
	if n, err := b.Notice(ctx, "one"); err != nil || n.Address != "" {
		t.Errorf("the address is kept: %+v, %v", n, err)
	}
	must(t, file("six", loam.RightCopyright, "of one", b.cy.ID))
}

// upheldThenDismissed: the same claim rests as long where the first decision upheld it, however long the
// second takes; who sent it is forgotten as long after the first if nobody looks again.
func upheldThenDismissed(t *testing.T, b *bundle) {
	ctx := t.Context()
	again := func(number, address, work string) error {
		n := notice(number)
		n.Address = address
		_, err := b.FileNotice(ctx, n, []string{work}, number)
		return err
	}
	forgotten := func(number string) bool {
		must(t, b.SweepNotices(ctx))
		n, err := b.Notice(ctx, number)
		must(t, err)
		return n.Address == ""
	}
	soon, late, stands := b.release(t, "a").Work, b.release(t, "b").Work, b.release(t, "c").Work
	claims := map[string]string{}
	for number, work := range map[string]string{"soon": soon, "late": late, "stands": stands} {
		claims[number] = b.filed(t, number, work).Claims[0].ID
		b.rules(t, b.ana, claims[number], loam.RuleRemove, "infringes", "")
	}
	b.clock.Pass((loam.NoticeAgain - 1) * day)
	must(t, b.Counter(ctx, b.author.ID, claims["soon"], loam.Pleading{Text: "底片在我这里"}))
	b.rules(t, b.bo, claims["soon"], loam.RuleAllow, "earlier", "")
	must(t, b.Counter(ctx, b.author.ID, claims["late"], loam.Pleading{Text: "底片在我这里"}))
	must(t, b.Answer(ctx, "late", claims["late"], loam.Pleading{Text: "请再看"}))
	b.clock.Pass((loam.NoticeAgain - 2) * day)
	if !forgotten("stands") {
		t.Error("the address of what nobody countered is kept")
	}
	if forgotten("soon") || loam.CodeOf(again("soon again", "of soon", soon)) != "notice.decided" {
		t.Error("what was dismissed soon after is taken in again")
	}
	b.clock.Pass(3 * day)
	if forgotten("late") {
		t.Error("the address is forgotten while a reviewer looks again")
	}
	d := b.decides(t, b.bo, claims["late"], loam.RuleAllow, "earlier", "")
	if forgotten("late") {
		t.Error("the address is forgotten while a ruling can be undone")
	}
	b.clock.Pass(6 * time.Second)
	must(t, b.Apply(ctx, d.ID))
	if forgotten("late") || loam.CodeOf(again("late again", "of late", late)) != "notice.decided" {
		t.Error("what was dismissed late is taken in again")
	}
	b.clock.Pass(loam.NoticeAgain * day)
	if !forgotten("soon") || !forgotten("late") {
		t.Error("an address is kept")
	}
}

// queueShared: a flood of one kind leaves half of the queue's places to the others, and takes what
// they leave.
func queueShared(t *testing.T, b *bundle) {
	const places = 6
	work := b.release(t, "a").Work
	for i := range 2 * places {
		b.filed(t, fmt.Sprint(i), work)
	}
	count := func() map[loam.CaseKind]int {
		queue, err := b.Queue(t.Context(), b.ana.ID, places)
		must(t, err)
		of := map[loam.CaseKind]int{}
		for _, c := range queue {
			of[c.Kind]++
		}
		return of
	}
	if of := count(); of[loam.CaseNotice] != places {
		t.Errorf("alone they have %v", of)
	}
	for i := range places {
		v := b.release(t, fmt.Sprint("r", i))
		_, err := b.FileReport(t.Context(), loam.Report{Work: v.Work, Risk: loam.Quality})
		must(t, err)
		if want := min(i+1, places/2); count()[loam.CaseReport] != want {
			t.Errorf("of %d reports %v are listed, want %d", i+1, count(), want)
		}
	}
}
