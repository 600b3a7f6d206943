package storetest

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"loam"
)

const day = 24 * time.Hour

// filed sends a notice about works; its number is what says it.
func (b *bundle) filed(t testing.TB, number string, works ...string) loam.Notice {
	t.Helper()
	n, err := b.FileNotice(t.Context(), notice(number), works, number)
	must(t, err)
	return n
}

func notice(says string) loam.Notice {
	return loam.Notice{Right: loam.RightCopyright, Name: "周宁", Contact: says + "@example.com", Standing: loam.AsOwner, Text: says, Links: []string{"https://example.com/mine"}, Address: "of " + says}
}

// decides leases the open case of a claim and rules, which is not in effect yet.
func (b *bundle) decides(t testing.TB, who loam.Account, claim string, r loam.Ruling, reason, phrase string) loam.Decision {
	t.Helper()
	c := b.claimCase(t, who, claim)
	held, err := b.Lease(t.Context(), who.ID, c)
	must(t, err)
	d, err := b.Decide(t.Context(), loam.Decision{Case: c, Ruling: r, Reason: reason, Reviewer: who.ID, Phrase: phrase}, held.Token)
	must(t, err)
	return d
}

// rules decides a claim, with effect.
func (b *bundle) rules(t testing.TB, who loam.Account, claim string, r loam.Ruling, reason, phrase string) {
	t.Helper()
	d := b.decides(t, who, claim, r, reason, phrase)
	b.clock.Pass(6 * time.Second)
	must(t, b.Apply(t.Context(), d.ID))
}

// claimCase is the open case of a claim in somebody's queue, "" for none.
func (b *bundle) claimCase(t testing.TB, who loam.Account, claim string) string {
	t.Helper()
	queue, err := b.Queue(t.Context(), who.ID, 100)
	must(t, err)
	for _, c := range queue {
		if c.Appeal == claim && c.Kind == loam.CaseNotice {
			return c.ID
		}
	}
	return ""
}

func (b *bundle) claimOf(t testing.TB, number string) loam.Claim {
	t.Helper()
	n, err := b.Notice(t.Context(), number)
	must(t, err)
	return n.Claims[0]
}

// wantUses checks which uses of a work are denied by a dispute or ruling, and that readers see it
// or not.
func (b *bundle) wantUses(t testing.TB, work, reason string, denied []loam.Use, seen bool) {
	t.Helper()
	list, err := b.Uses(t.Context(), work)
	must(t, err)
	var got []loam.Use
	for _, p := range list {
		if p.Reason == reason {
			got = append(got, p.Use)
		}
		if p.Allowed && slices.Contains(denied, p.Use) {
			t.Errorf("%s is allowed", p.Use)
		}
	}
	if diff := cmp.Diff(denied, got); diff != "" {
		t.Errorf("%s: %s", reason, diff)
	}
	if _, err := b.ByWork(t.Context(), work); (err == nil) != seen {
		t.Errorf("readers see it: %v, want %v", err, seen)
	}
}

// noticeLine: a notice freezes what one can earn by, a measure what readers find it by, an upheld
// one takes the work away; a counter-notice nobody answers brings it back.
func noticeLine(t *testing.T, b *bundle) {
	ctx := t.Context()
	v := b.release(t, "a")
	must(t, b.choose(ctx, b.author.ID, v.Work, loam.UseStyle, true))
	k := b.filed(t, "one", v.Work).Claims[0]
	b.wantUses(t, v.Work, "contested", loam.FrozenUses(), true)
	b.wantMay(t, v.Work, loam.UseStyle, false)
	b.wantMay(t, v.Work, loam.UseRecommend, true)
	b.agree(t, []string{v.Work})
	against, err := b.Against(ctx, b.author.ID, loam.ClaimPlace{}, 10)
	must(t, err)
	if len(against) != 1 || against[0].ID != k.ID || against[0].Title != "a" {
		t.Fatalf("she is told %+v", against)
	}

	b.rules(t, b.ana, k.ID, loam.RuleLimit, loam.ReasonUrgent, "")
	b.wantUses(t, v.Work, "contested", loam.Uses(), true)
	if got := b.claimOf(t, "one"); got.State != loam.ClaimPaused || got.FirstAt == 0 || got.DecidedAt != 0 {
		t.Errorf("after a measure: %+v", got)
	}
	if b.claimCase(t, b.ana, k.ID) != "" {
		t.Error("what waits is in the queue")
	}
	b.clock.Pass(16 * day)
	must(t, b.SweepNotices(ctx))
	b.rules(t, b.ana, k.ID, loam.RuleRemove, "infringes", "周宁的猫")
	b.wantUses(t, v.Work, "ruled", loam.Uses(), false)
	b.wantState(t, v.ID, loam.Removed)
	_, err = b.FileAppeal(ctx, b.author.ID, v.ID, "这是我写的")
	wantKind(t, err, loam.Conflict)
	st, err := b.Statement(ctx, b.wantState(t, v.ID, loam.Removed))
	must(t, err)
	if st.By != "person" || st.Reason != string(loam.IP) || st.Claim != k.ID || st.AppealBy != 0 {
		t.Errorf("she reads %+v", st)
	}
	phrases, err := b.Phrases(ctx)
	must(t, err)
	if len(phrases) != 1 || phrases[0].Source != "notice "+k.ID || phrases[0].Tier != loam.TierReview {
		t.Errorf("the list has %+v", phrases)
	}

	must(t, b.Counter(ctx, b.author.ID, k.ID, loam.Pleading{Text: "底片在我这里"}))
	wantKind(t, b.Counter(ctx, b.author.ID, k.ID, loam.Pleading{Text: "再说一次"}), loam.Conflict)
	if got := b.claimOf(t, "one"); got.RestoreAt != b.clock.Now().UnixMilli()+15*day.Milliseconds() || len(got.Pleadings) != 1 {
		t.Errorf("countered: %+v", got)
	}
	if b.claimCase(t, b.ana, k.ID) != "" || b.claimCase(t, b.bo, k.ID) == "" {
		t.Error("who decided is asked again, or nobody is")
	}
	b.clock.Pass(15*day - time.Second)
	must(t, b.SweepNotices(ctx))
	b.wantState(t, v.ID, loam.Removed)
	b.clock.Pass(time.Second)
	must(t, b.SweepNotices(ctx))
	must(t, b.SweepNotices(ctx))
	b.wantState(t, v.ID, loam.Released)
	b.wantUses(t, v.Work, "contested", nil, true)
	b.wantMay(t, v.Work, loam.UseStyle, true)
	b.agree(t, []string{v.Work})
	if phrases, err := b.Phrases(ctx); err != nil || len(phrases) != 0 {
		t.Errorf("its phrase stays: %+v, %v", phrases, err)
	}
	if got := b.claimOf(t, "one"); got.State != loam.ClaimRestored || got.EndedAt == 0 || b.claimCase(t, b.bo, k.ID) != "" {
		t.Errorf("restored: %+v", got)
	}
	wantKind(t, b.WithdrawNotice(ctx, "one"), loam.Conflict)
	wantKind(t, b.Counter(ctx, b.author.ID, k.ID, loam.Pleading{Text: "再说"}), loam.Conflict)
}

// noticeAnswered: an answer stops the clock; then a decision brings the work back, or the claimant
// herself does.
func noticeAnswered(t *testing.T, b *bundle) {
	ctx := t.Context()
	v := b.release(t, "a")
	k := b.filed(t, "one", v.Work).Claims[0]
	wantKind(t, b.Answer(ctx, "one", k.ID, loam.Pleading{Text: "没人问"}), loam.Conflict)
	b.rules(t, b.ana, k.ID, loam.RuleLimit, "evidence", "")
	if got := b.claimOf(t, "one"); got.Question != "evidence" || got.State != loam.ClaimOpen || got.FirstAt == 0 {
		t.Errorf("asked: %+v", got)
	}
	wantKind(t, b.Answer(ctx, "two", k.ID, loam.Pleading{Text: "不是我的"}), loam.NotFound)
	must(t, b.Answer(ctx, "one", k.ID, loam.Pleading{Text: "原图在这里"}))
	must(t, b.Counter(ctx, b.author.ID, k.ID, loam.Pleading{Text: "有授权"}))
	b.rules(t, b.ana, k.ID, loam.RuleRemove, "infringes", "")
	if got := b.claimOf(t, "one"); got.RestoreAt == 0 {
		t.Error("a counter-notice from before the decision has no clock")
	}
	must(t, b.Answer(ctx, "one", k.ID, loam.Pleading{Text: "已经起诉，案号在这里"}))
	b.clock.Pass(30 * day)
	must(t, b.SweepNotices(ctx))
	b.wantState(t, v.ID, loam.Removed)
	b.rules(t, b.bo, k.ID, loam.RuleAllow, "permitted", "")
	b.wantState(t, v.ID, loam.Released)
	if got := b.claimOf(t, "one"); got.State != loam.ClaimRestored || len(got.Pleadings) != 3 {
		t.Errorf("overturned: %+v", got)
	}

	w := b.release(t, "b")
	other := b.filed(t, "two", w.Work).Claims[0]
	b.rules(t, b.ana, other.ID, loam.RuleRemove, "admitted", "")
	must(t, b.WithdrawNotice(ctx, "two"))
	b.wantState(t, w.ID, loam.Released)
	b.filed(t, "two again", w.Work)
	b.agree(t, []string{v.Work, w.Work})
}

// noticesRefused: what is no notice is told why, and leaves nothing behind.
func noticesRefused(t *testing.T, b *bundle) {
	ctx := t.Context()
	v, gone, hers := b.release(t, "a"), b.release(t, "b"), b.release(t, "c")
	must(t, b.DeleteWork(ctx, b.author.ID, gone.Work))
	b.filed(t, "one", v.Work)
	again := notice("one")
	own := notice("own")
	own.Account = b.author.ID
	for name, c := range map[string]struct {
		n     loam.Notice
		works []string
		kind  loam.Kind
		code  string
	}{
		"twice":         {again, []string{v.Work}, loam.Conflict, "notice.twice"},
		"deleted":       {notice("x"), []string{hers.Work, gone.Work}, loam.NotFound, "notice.work"},
		"unknown":       {notice("x"), []string{"nowhere"}, loam.NotFound, "notice.work"},
		"one's own":     {own, []string{v.Work}, loam.Conflict, "notice.own"},
		"a work twice":  {notice("x"), []string{v.Work, v.Work}, loam.Invalid, "notice.work_twice"},
		"not submitted": {notice("x"), []string{b.submit(t, "d").Work}, loam.NotFound, "notice.work"},
	} {
		_, err := b.FileNotice(ctx, c.n, c.works, name)
		if loam.KindOf(err) != c.kind || loam.CodeOf(err) != c.code {
			t.Errorf("%s: %v", name, err)
		}
		_, err = b.Notice(ctx, name)
		wantKind(t, err, loam.NotFound)
	}
	b.wantUses(t, hers.Work, "contested", nil, true)
	wantKind(t, b.Counter(ctx, b.cy.ID, b.claimOf(t, "one").ID, loam.Pleading{}), loam.NotFound)
	b.agree(t, []string{v.Work, hers.Work})
}

// claimDecided: who may decide on a claim, by which reasons, and that what came in between a
// ruling and its effect is looked at.
func claimDecided(t *testing.T, b *bundle) {
	ctx := t.Context()
	v := b.release(t, "a")
	n := notice("ana's")
	n.Account = b.ana.ID
	n, err := b.FileNotice(ctx, n, []string{v.Work}, "ana's")
	must(t, err)
	k := n.Claims[0].ID
	if b.claimCase(t, b.ana, k) != "" {
		t.Error("a claimant is offered her own notice")
	}
	c := b.claimCase(t, b.bo, k)
	_, err = b.Lease(ctx, b.ana.ID, c)
	wantKind(t, err, loam.Denied)
	held, err := b.Lease(ctx, b.bo.ID, c)
	must(t, err)
	for _, d := range []loam.Decision{
		{Ruling: loam.RuleRemove, Reason: "fraud"}, {Ruling: loam.RuleAllow, Reason: "infringes"}, {Ruling: loam.RuleAllow, Reason: "unproven", Phrase: "词"},
	} {
		d.Case, d.Reviewer = c, b.bo.ID
		_, err := b.Decide(ctx, d, held.Token)
		wantKind(t, err, loam.Invalid)
	}
	d, err := b.Decide(ctx, loam.Decision{Case: c, Ruling: loam.RuleRemove, Reason: "infringes", Reviewer: b.bo.ID}, held.Token)
	must(t, err)
	b.clock.Pass(time.Second)
	must(t, b.Counter(ctx, b.author.ID, k, loam.Pleading{Text: "等等"}))
	back, err := b.Undo(ctx, b.bo.ID, d.ID) // its case is hers again, and there is no other
	must(t, err)
	d, err = b.Decide(ctx, loam.Decision{Case: c, Ruling: loam.RuleRemove, Reason: "infringes", Reviewer: b.bo.ID}, back.Token)
	must(t, err)
	must(t, b.Apply(ctx, d.ID))
	b.wantState(t, v.ID, loam.Removed)

	// A notice withdrawn within the five seconds overtakes the ruling, which then cannot be undone.
	x := b.release(t, "c")
	taken := b.filed(t, "taken", x.Work).Claims[0].ID
	d = b.decides(t, b.ana, taken, loam.RuleRemove, "infringes", "")
	must(t, b.WithdrawNotice(ctx, "taken"))
	_, err = b.Undo(ctx, b.ana.ID, d.ID)
	wantKind(t, err, loam.Conflict)
	must(t, b.Apply(ctx, d.ID))
	b.wantState(t, x.ID, loam.Released)

	w := b.release(t, "b")
	late := b.filed(t, "late", w.Work).Claims[0].ID
	d = b.decides(t, b.ana, late, loam.RuleRemove, "infringes", "")
	b.clock.Pass(time.Second)
	must(t, b.Counter(ctx, b.author.ID, late, loam.Pleading{Text: "等等"}))
	must(t, b.Apply(ctx, d.ID))
	if b.claimCase(t, b.bo, late) == "" || b.claimOf(t, "late").RestoreAt == 0 {
		t.Error("a counter-notice within the five seconds is not looked at, or has no clock")
	}
}

// claimedSignedOut: whoever writes a reviewer's handle, page or name for a contact keeps her from nothing:
// anybody can. Who sent it signed in is kept from it.
func claimedSignedOut(t *testing.T, b *bundle) {
	ctx := t.Context()
	account, err := b.Account(ctx, b.ana.ID)
	must(t, err)
	v := b.release(t, "a")
	for _, contact := range []string{account.Handle, "@" + strings.ToUpper(account.Handle), "https://loam.example/u/" + account.Handle, ""} {
		n := notice(contact)
		n.Name, n.Address = account.Name, "of "+contact
		hers := contact == ""
		if hers {
			n.Account = b.ana.ID
		} else {
			n.Contact = contact
		}
		n, err := b.FileNotice(ctx, n, []string{v.Work}, "number "+contact)
		must(t, err)
		k := n.Claims[0].ID
		if sent, err := b.SentNotice(ctx, b.ana.ID, k); err != nil || sent != hers {
			t.Errorf("%q: sent by her %v, %v", contact, sent, err)
		}
		if offered := b.claimCase(t, b.ana, k) != ""; offered == hers {
			t.Errorf("%q: offered to her %v", contact, offered)
		}
		c := b.claimCase(t, b.bo, k)
		if c == "" {
			t.Fatalf("%q: nobody is offered it", contact)
		}
		_, err = b.Lease(ctx, b.ana.ID, c)
		if got := loam.KindOf(err) == loam.Denied; got != hers {
			t.Errorf("%q: she leases it: %v", contact, err)
		}
	}
}

// decidesWhatIsRead: what either side says while a reviewer has the case before her is read before she
// decides.
func decidesWhatIsRead(t *testing.T, b *bundle) {
	ctx := t.Context()
	k := b.filed(t, "number", b.release(t, "a").Work).Claims[0].ID
	c := b.claimCase(t, b.ana, k)
	taken, err := b.Lease(ctx, b.ana.ID, c)
	must(t, err)
	b.clock.Pass(time.Second)
	must(t, b.Counter(ctx, b.author.ID, k, loam.Pleading{Text: "我有授权，见链接"}))
	ruling := loam.Decision{Case: c, Reviewer: b.ana.ID, Ruling: loam.RuleRemove, Reason: "infringes"}
	_, err = b.Decide(ctx, ruling, taken.Token)
	if loam.CodeOf(err) != "case.lease_lost" {
		t.Errorf("decided without what was said: %v", err)
	}
	taken, err = b.Lease(ctx, b.ana.ID, c)
	must(t, err)
	_, err = b.Decide(ctx, ruling, taken.Token)
	must(t, err)
}

// claimsBeside: two notices about one work, and rulings of other kinds: it is seen again only when
// nothing is against it.
func claimsBeside(t *testing.T, b *bundle) {
	ctx := t.Context()
	v := b.release(t, "a")
	one, two := b.filed(t, "one", v.Work).Claims[0].ID, b.filed(t, "two", v.Work).Claims[0].ID
	b.rules(t, b.ana, one, loam.RuleRemove, "infringes", "")
	b.rules(t, b.ana, two, loam.RuleRemove, "infringes", "")
	must(t, b.WithdrawNotice(ctx, "one"))
	b.wantState(t, v.ID, loam.Removed)
	b.wantUses(t, v.Work, "ruled", loam.Uses(), false)
	must(t, b.WithdrawNotice(ctx, "two"))
	b.wantState(t, v.ID, loam.Released)

	// A new version of what was taken down comes by a person; then the old one stays away.
	w := b.release(t, "b")
	k := b.filed(t, "three", w.Work).Claims[0].ID
	b.rules(t, b.ana, k, loam.RuleRemove, "infringes", "")
	next := b.freeze(t, w.Work, 1, "改过")
	b.verdict(t, next.ID, loam.Allow)
	b.wantState(t, next.ID, loam.Held)
	b.decide(t, b.bo, next.ID, loam.RuleAllow)
	b.clock.Pass(6 * time.Second)
	must(t, b.Apply(ctx, b.lastDecision(t, next.ID)))
	b.confirm(t, next, b.label(t, next))
	b.wantState(t, next.ID, loam.Released)
	must(t, b.WithdrawNotice(ctx, "three"))
	b.wantState(t, w.ID, loam.Withdrawn)
	b.wantState(t, next.ID, loam.Released)

	// What its creator deleted stays deleted.
	x := b.release(t, "c")
	k = b.filed(t, "four", x.Work).Claims[0].ID
	b.rules(t, b.ana, k, loam.RuleRemove, "infringes", "")
	must(t, b.DeleteWork(ctx, b.author.ID, x.Work))
	must(t, b.WithdrawNotice(ctx, "four"))
	b.wantState(t, x.ID, loam.Withdrawn)
	gone := b.release(t, "d")
	k = b.filed(t, "five", gone.Work).Claims[0].ID
	must(t, b.DeleteWork(ctx, b.author.ID, gone.Work))
	b.rules(t, b.ana, k, loam.RuleRemove, "infringes", "")
	if got := b.claimOf(t, "five"); got.State != loam.ClaimUpheld {
		t.Errorf("of a deleted work: %+v", got)
	}
	b.agree(t, []string{v.Work, w.Work})
}

func (b *bundle) lastDecision(t testing.TB, version string) string {
	t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, j := range slices.Backward(b.jobs) {
		if j.Kind == "decide" {
			return j.Ref
		}
	}
	t.Fatalf("no decision on %s", version)
	return ""
}

// repeatInfringer: so many upheld notices in the time, and she may not publish for a while; it is
// lifted when one of them falls, or by an appeal somebody else decides.
func repeatInfringer(t *testing.T, b *bundle) {
	ctx := t.Context()
	b.SetNoticeRules(loam.NoticeRules{Wait: 15 * day.Milliseconds(), Repeat: 3, Within: 180 * day.Milliseconds(), Pause: 30 * day.Milliseconds()})
	waiting := b.submit(t, "waiting")
	work := func(key string) string { return b.release(t, key).Work }
	strike := func(number, work string) string {
		t.Helper()
		k := b.filed(t, number, work).Claims[0].ID
		b.rules(t, b.ana, k, loam.RuleRemove, "infringes", "")
		return k
	}
	works := []string{work("a"), work("b"), work("c"), work("d"), work("e")}
	barred := func() bool {
		t.Helper()
		list, err := b.Suspensions(ctx, b.author.ID)
		must(t, err)
		return len(list) > 0 && list[0].LiftedAt == 0 && list[0].Until > b.clock.Now().UnixMilli()
	}
	strike("old", works[0])
	b.clock.Pass(181 * day)
	strike("one", works[1])
	n := b.filed(t, "two", works[2], works[3]) // two works, one notice
	for _, k := range n.Claims {
		b.rules(t, b.ana, k.ID, loam.RuleRemove, "infringes", "")
	}
	if barred() {
		t.Fatal("barred by two notices within the time")
	}
	hers := notice("three")
	hers.Account = b.cy.ID
	n, err := b.FileNotice(ctx, hers, works[4:], "three")
	must(t, err)
	b.rules(t, b.ana, n.Claims[0].ID, loam.RuleRemove, "infringes", "")
	if !barred() {
		t.Fatal("not barred by three")
	}
	_, err = b.Submit(ctx, loam.Submission{Owner: b.author.ID, Revision: 1, Content: loam.Content{Work: works[0]}})
	wantKind(t, err, loam.Denied)
	b.verdict(t, waiting.ID, loam.Allow)
	b.confirm(t, waiting, b.label(t, waiting))
	b.wantState(t, waiting.ID, loam.Cleared)
	must(t, b.GoOut(ctx, waiting.ID))
	b.wantState(t, waiting.ID, loam.Cleared)

	list, err := b.Suspensions(ctx, b.author.ID)
	must(t, err)
	if len(list) != 1 || len(list[0].Claims) != 4 {
		t.Fatalf("it rests on %+v", list)
	}
	wantKind(t, b.AppealSuspension(ctx, b.cy.ID, list[0].ID, "不是我"), loam.NotFound)
	must(t, b.AppealSuspension(ctx, b.author.ID, list[0].ID, "有一条是误会"))
	wantKind(t, b.AppealSuspension(ctx, b.author.ID, list[0].ID, "再说"), loam.Conflict)
	queue, err := b.Queue(ctx, b.bo.ID, 100)
	must(t, err)
	at := slices.IndexFunc(queue, func(c loam.Case) bool { return c.Kind == loam.CaseBarred && c.Appeal == list[0].ID })
	if at < 0 {
		t.Fatalf("nobody is asked: %+v", queue)
	}
	for _, who := range []loam.Account{b.ana, b.cy} { // who decided, and who sent a notice it rests on
		_, err = b.Lease(ctx, who.ID, queue[at].ID)
		wantKind(t, err, loam.Denied)
	}
	held, err := b.Lease(ctx, b.bo.ID, queue[at].ID)
	must(t, err)
	_, err = b.Decide(ctx, loam.Decision{Case: queue[at].ID, Ruling: loam.RuleLimit, Reason: "ip", Reviewer: b.bo.ID}, held.Token)
	wantKind(t, err, loam.Invalid)
	d, err := b.Decide(ctx, loam.Decision{Case: queue[at].ID, Ruling: loam.RuleRemove, Reason: "ip", Reviewer: b.bo.ID}, held.Token)
	must(t, err)
	b.clock.Pass(6 * time.Second)
	must(t, b.Apply(ctx, d.ID))
	if !barred() {
		t.Error("an upheld suspension is lifted")
	}
	b.clock.Pass(day)
	last, err := b.Notice(ctx, "three")
	must(t, err)
	must(t, b.Counter(ctx, b.author.ID, last.Claims[0].ID, loam.Pleading{Text: "没有"}))
	b.rules(t, b.bo, last.Claims[0].ID, loam.RuleRemove, "infringes", "")
	if again, err := b.Suspensions(ctx, b.author.ID); err != nil || again[0].Until != list[0].Until {
		t.Errorf("what was confirmed counts once more: %+v, %v", again, err)
	}
	must(t, b.WithdrawNotice(ctx, "one"))
	if barred() {
		t.Error("barred by what was withdrawn")
	}
	b.wantState(t, waiting.ID, loam.Released)
	strike("four", b.release(t, "f").Work)
	if !barred() {
		t.Error("not barred anew")
	}
	b.clock.Pass(30 * day)
	b.release(t, "after")
	open, upheld, err := b.NoticeRecord(ctx, b.author.ID)
	if err != nil || open != 0 || upheld != 4 {
		t.Errorf("her record is %d, %d, %v", open, upheld, err)
	}
}

// deniedPictures: the pictures of what an upheld claim removed are found, also in their uploader's
// own next note, until it falls; who was there longer is known.
func deniedPictures(t *testing.T, b *bundle) {
	ctx := t.Context()
	put := func(key string) loam.Version {
		v := b.submit(t, key)
		must(t, b.PutVerdict(ctx, v.ID, loam.Verdict{Action: loam.Allow}, loam.Traits{Rules: 2, Bands: []uint64{1, 2}, Pictures: map[string]string{"picture.1": "ff"}}))
		b.confirm(t, v, b.label(t, v))
		b.clock.Pass(time.Minute)
		return v
	}
	first, v := put("a"), put("b")
	k := b.filed(t, "one", v.Work).Claims[0].ID
	b.rules(t, b.ana, k, loam.RuleRemove, "infringes", "")
	of := func(owner string) (denied []loam.Right) {
		list, err := b.PicturesOf(ctx, owner, []string{"ff"}, 10)
		must(t, err)
		for _, p := range list {
			denied = append(denied, p.Denied)
		}
		return denied
	}
	if diff := cmp.Diff([]loam.Right{loam.RightCopyright}, of(b.author.ID)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]loam.Right{"", loam.RightCopyright}, of(b.cy.ID)); diff != "" {
		t.Error(diff)
	}
	own, older, err := b.Registrations(ctx, v.Work, v.ID, 3)
	must(t, err)
	if own.Work != v.Work || len(older) != 1 || older[0].Work != first.Work || older[0].Alike != 3 || older[0].At >= own.At {
		t.Errorf("registered as %+v after %+v", own, older)
	}
	must(t, b.WithdrawNotice(ctx, "one"))
	if got := of(b.author.ID); len(got) != 0 {
		t.Errorf("after it fell: %v", got)
	}
}
