package storetest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"loam"
)

// claimsPaged: pages of any size give every claim once, those that wait for her first and the newest of
// each first, also those of one notice, which are of one moment.
func claimsPaged(t *testing.T, b *bundle) {
	ctx := t.Context()
	works := []string{}
	for i := range 4 {
		works = append(works, b.release(t, fmt.Sprint(i)).Work)
	}
	var want []string
	for i := range 3 {
		for _, k := range b.filed(t, fmt.Sprint("n", i), works...).Claims {
			want = append(want, k.ID)
		}
		b.clock.Pass(time.Minute)
	}
	slices.Reverse(want)
	// One she countered, one that is over, and one that is upheld and still waits for her.
	countered, over := want[1], want[10]
	must(t, b.Counter(ctx, b.author.ID, countered, loam.Pleading{Text: "有授权"}))
	b.rules(t, b.ana, over, loam.RuleAllow, "unproven", "")
	b.rules(t, b.ana, want[6], loam.RuleRemove, "infringes", "")
	want = append(slices.DeleteFunc(want, func(id string) bool { return id == countered || id == over }), countered, over)
	for size := 1; size <= len(want)+1; size++ {
		var got []string
		for after := (loam.ClaimPlace{}); ; {
			page, err := b.Against(ctx, b.author.ID, after, size)
			must(t, err)
			if len(page) > size {
				t.Fatalf("a page of %d has %d", size, len(page))
			}
			for _, k := range page {
				got, after = append(got, k.ID), k.Place()
			}
			if len(page) < size {
				break
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("by pages of %d: %s", size, diff)
		}
	}
	// The last of a page is countered before the next is asked for.
	page, err := b.Against(ctx, b.author.ID, loam.ClaimPlace{}, 3)
	must(t, err)
	last := page[2]
	must(t, b.Counter(ctx, b.author.ID, last.ID, loam.Pleading{Text: "有授权"}))
	next, err := b.Against(ctx, b.author.ID, last.Place(), 1)
	must(t, err)
	if len(next) != 1 || next[0].ID != want[3] {
		t.Errorf("after one that was countered comes %+v, want %s", next, want[3])
	}
	if page, err := b.Against(ctx, b.cy.ID, loam.ClaimPlace{Waited: true, ID: want[0]}, 10); err != nil || len(page) != 0 {
		t.Errorf("another reads %+v, %v", page, err)
	}
}

// commentNotPaused: a comment has no uses to freeze, so that a measure on it would be none; it is
// removed or kept.
func commentNotPaused(t *testing.T, b *bundle) {
	ctx := t.Context()
	said := b.says(t, b.author, "k", b.release(t, "a").Work, "", "一")
	k := b.filed(t, "one", said.Work).Claims[0].ID
	c := b.claimCase(t, b.ana, k)
	held, err := b.Lease(ctx, b.ana.ID, c)
	must(t, err)
	_, err = b.Decide(ctx, loam.Decision{Case: c, Ruling: loam.RuleLimit, Reason: loam.ReasonUrgent, Reviewer: b.ana.ID}, held.Token)
	if loam.CodeOf(err) != "claim.no_pause" {
		t.Errorf("a measure on a comment: %v", err)
	}
	if got := b.claimOf(t, "one"); got.State != loam.ClaimOpen {
		t.Errorf("it is %s", got.State)
	}
	b.rules(t, b.ana, k, loam.RuleRemove, "infringes", "")
	b.wantState(t, said.ID, loam.Removed)
}

// suspensionExtended: a further upheld notice extends a suspension, which can be challenged again
// whatever became of the challenge before, by nobody who decided on any of its claims.
func suspensionExtended(t *testing.T, b *bundle) {
	ctx := t.Context()
	b.SetNoticeRules(loam.NoticeRules{Wait: day.Milliseconds(), Repeat: 2, Within: 180 * day.Milliseconds(), Pause: 30 * day.Milliseconds()})
	works := []string{b.release(t, "a").Work, b.release(t, "b").Work, b.release(t, "c").Work, b.release(t, "d").Work}
	strike := func(who loam.Account, i int) {
		b.rules(t, who, b.filed(t, fmt.Sprint(i), works[i]).Claims[0].ID, loam.RuleRemove, "infringes", "")
	}
	offered := func(who loam.Account) string {
		queue, err := b.Queue(ctx, who.ID, 100)
		must(t, err)
		for _, c := range queue {
			if c.Kind == loam.CaseBarred {
				return c.ID
			}
		}
		return ""
	}
	current := func() loam.Suspension {
		list, err := b.Suspensions(ctx, b.author.ID)
		must(t, err)
		if len(list) != 1 {
			t.Fatalf("she has %+v", list)
		}
		return list[0]
	}
	strike(b.ana, 0)
	strike(b.bo, 1)
	s := current()
	must(t, b.AppealSuspension(ctx, b.author.ID, s.ID, "误会"))
	if offered(b.ana) != "" || offered(b.bo) != "" {
		t.Error("who decided on a claim of it is asked")
	}
	c := offered(b.cy)
	held, err := b.Lease(ctx, b.cy.ID, c)
	must(t, err)
	_, err = b.Lease(ctx, b.ana.ID, c)
	wantKind(t, err, loam.Conflict)
	d, err := b.Decide(ctx, loam.Decision{Case: c, Ruling: loam.RuleRemove, Reason: "ip", Reviewer: b.cy.ID}, held.Token)
	must(t, err)
	b.clock.Pass(6 * time.Second)
	must(t, b.Apply(ctx, d.ID))
	wantKind(t, b.AppealSuspension(ctx, b.author.ID, s.ID, "再说"), loam.Conflict)

	b.clock.Pass(day)
	strike(b.ana, 2)
	if got := current(); got.Until <= s.Until || got.Appeal != "" || got.AppealedAt != 0 || got.Outcome != "" || len(got.Claims) != 3 {
		t.Errorf("extended: %+v", got)
	}
	must(t, b.AppealSuspension(ctx, b.author.ID, s.ID, "第三条也是误会"))
	c = offered(b.cy)
	if c == "" {
		t.Fatal("nobody is asked about the extension")
	}
	held, err = b.Lease(ctx, b.cy.ID, c)
	must(t, err)
	d, err = b.Decide(ctx, loam.Decision{Case: c, Ruling: loam.RuleAllow, Reason: "ok", Reviewer: b.cy.ID}, held.Token)
	must(t, err)

	// A ruling under way is about less than it rests on by now.
	fourth := b.filed(t, "3", works[3]).Claims[0].ID
	k := b.claimCase(t, b.bo, fourth)
	held, err = b.Lease(ctx, b.bo.ID, k)
	must(t, err)
	more, err := b.Decide(ctx, loam.Decision{Case: k, Ruling: loam.RuleRemove, Reason: "infringes", Reviewer: b.bo.ID}, held.Token)
	must(t, err)
	must(t, b.Apply(ctx, more.ID))
	must(t, b.Apply(ctx, d.ID))
	if got := current(); got.LiftedAt != 0 || got.Outcome != "" || len(got.Claims) != 4 {
		t.Errorf("extended over a ruling: %+v", got)
	}
	must(t, b.AppealSuspension(ctx, b.author.ID, s.ID, "第四条"))
}

// claimantsForgotten: the network address goes when the same claim would be taken in again, the contact
// the set time after the last that happened; the texts stay.
func claimantsForgotten(t *testing.T, b *bundle) {
	ctx := t.Context()
	rules := loam.DefaultNoticeRules()
	rules.Keep = 100 * day.Milliseconds()
	b.SetNoticeRules(rules)
	works := []string{b.release(t, "a").Work, b.release(t, "b").Work, b.release(t, "c").Work, b.release(t, "d").Work}
	both := b.filed(t, "both", works[0], works[1])
	b.rules(t, b.ana, both.Claims[0].ID, loam.RuleRemove, "infringes", "")
	has := func(number string, contact, address bool) {
		t.Helper()
		n, err := b.Notice(ctx, number)
		must(t, err)
		if (n.Contact != "") != contact || (n.Address != "") != address || n.Text != number || n.Name == "" {
			t.Errorf("kept of %q: %+v", number, n)
		}
	}
	b.rules(t, b.ana, both.Claims[1].ID, loam.RuleRemove, "infringes", "")
	has("both", true, true) // both may be dismissed yet
	b.filed(t, "open", works[2])
	withdrawn := b.filed(t, "withdrawn", works[3])
	must(t, b.WithdrawNotice(ctx, "withdrawn"))
	b.clock.Pass((loam.NoticeAgain + 1) * day)
	must(t, b.SweepNotices(ctx))
	has("both", true, false)
	b.clock.Pass(19 * day)
	must(t, b.Counter(ctx, b.author.ID, both.Claims[0].ID, loam.Pleading{Text: "不是"}))
	must(t, b.Answer(ctx, "both", both.Claims[0].ID, loam.Pleading{Text: "已经起诉"}))
	b.clock.Pass(51 * day)
	must(t, b.SweepNotices(ctx))
	has("withdrawn", false, false)
	nameless, err := b.CreateAccount(ctx, loam.Account{Handle: "nameless", Roles: []loam.Role{loam.Reviewer}}, "hash")
	must(t, err)
	if sent, err := b.SentNotice(ctx, nameless.ID, withdrawn.Claims[0].ID); err != nil || sent {
		t.Errorf("a contact that is forgotten is taken for one without a name: %v", err)
	}
	has("both", true, false)
	has("open", true, true)
	b.clock.Pass(50 * day)
	must(t, b.SweepNotices(ctx))
	has("both", false, false)
	has("open", true, true)
	b.filed(t, "withdrawn again", works[3])
}

// phraseHeld: a phrase that two upheld claims put on the list stays until both have fallen.
func phraseHeld(t *testing.T, b *bundle) {
	ctx := t.Context()
	for i, number := range []string{"one", "two", "three"} {
		n := notice(number)
		if i == 2 {
			n.Right = loam.RightPrivacy // on a list of its own
		}
		n, err := b.FileNotice(ctx, n, []string{b.release(t, number).Work}, number)
		must(t, err)
		b.rules(t, b.ana, n.Claims[0].ID, loam.RuleRemove, "infringes", "周宁的猫")
	}
	sources := func() (of []string) {
		list, err := b.Phrases(ctx)
		must(t, err)
		for _, p := range list {
			of = append(of, string(p.Risk)+" of "+p.Source)
		}
		slices.Sort(of)
		return of
	}
	source := func(number string) string { return "notice " + b.claimOf(t, number).ID }
	must(t, b.WithdrawNotice(ctx, "one"))
	if diff := cmp.Diff([]string{"ip of " + source("two"), "privacy of " + source("three")}, sources()); diff != "" {
		t.Error(diff)
	}
	must(t, b.WithdrawNotice(ctx, "two"))
	if diff := cmp.Diff([]string{"privacy of " + source("three")}, sources()); diff != "" {
		t.Error(diff)
	}
}
