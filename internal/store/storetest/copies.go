package storetest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"loam"
)

// copyOf brings a work of another author in front of readers whose screening found it to be a
// copy of these.
func (b *bundle) copyOf(t *testing.T, owner loam.Account, key string, originals ...string) loam.Version {
	t.Helper()
	work, err := b.CreateWork(t.Context(), owner.ID, key, loam.Draft{Kind: loam.KindDaily, Idea: key})
	must(t, err)
	return b.reissue(t, owner, work, 1, originals...)
}

// reissue releases the next version of a work, which allows everything.
func (b *bundle) reissue(t *testing.T, owner loam.Account, work string, revision int64, originals ...string) loam.Version {
	t.Helper()
	uses := map[loam.Use]bool{}
	for _, u := range loam.Uses() {
		uses[u] = true
	}
	v, err := b.Submit(t.Context(), loam.Submission{Owner: owner.ID, Revision: revision, Content: loam.Content{
		Work: work, Kind: loam.KindDaily, Title: "标题", Body: fmt.Sprint("正文 ", work, originals), TextAI: loam.NotAI, Audience: loam.Public, Uses: uses,
	}})
	must(t, err)
	verdict := loam.Verdict{Action: loam.Allow, Policy: "p", Rules: []loam.RuleHit{{Rule: "r", Action: loam.Allow, Reason: "fraud"}}}
	if len(originals) > 0 {
		verdict.Findings = []loam.Finding{{Risk: loam.Copy, Facts: map[string]string{"work": originals[0], "others": strings.Join(originals[1:], " ")}}}
	}
	must(t, b.PutVerdict(t.Context(), v.ID, verdict, loam.Traits{}))
	_, err = b.Confirm(t.Context(), owner.ID, v.ID, b.label(t, v))
	must(t, err)
	return b.wantState(t, v.ID, loam.Released)
}

// wantUse checks May, the list of uses, the rights page and the creator's style at once.
func (b *bundle) wantUse(t *testing.T, v loam.Version, u loam.Use, want bool, reason string) {
	t.Helper()
	ctx := t.Context()
	may, err := b.May(ctx, v.Work, u)
	must(t, err)
	if may != want {
		t.Errorf("%s of %s: may %v, want %v", u, v.Work, may, want)
	}
	list, err := b.Uses(ctx, v.Work)
	must(t, err)
	table, _, err := b.RightsWorks(ctx, v.Owner, "", loam.Place{}, 50)
	must(t, err)
	for _, w := range table.Works {
		if w.Work == v.Work {
			list = append(list, w.Uses...)
		}
	}
	n := 0
	for _, p := range list {
		if p.Use == u {
			n++
			if p.Allowed != want || p.Reason != reason {
				t.Errorf("%s of %s: %+v, want %v by %q", u, v.Work, p, want, reason)
			}
		}
	}
	styled, err := b.Styled(ctx, v.Owner, 50)
	must(t, err)
	for _, x := range styled {
		if u == loam.UseStyle && x.Work == v.Work && x.Allowed != want {
			t.Errorf("the list of her style: %v, want %v", x.Allowed, want)
		}
	}
	if n != 2 {
		t.Errorf("%s is listed %d times", u, n)
	}
}

// denialFollows: what the owner of the earlier work does not allow is not allowed of a copy,
// directly or by way of another copy, from the same moment on; whether readers find a copy is its
// owner's word.
func denialFollows(t *testing.T, b *bundle) {
	ctx := t.Context()
	original := b.release(t, "original")
	first := b.copyOf(t, b.cy, "first", original.Work)
	second := b.copyOf(t, b.bo, "second", first.Work)
	for _, v := range []loam.Version{first, second} {
		b.wantUse(t, v, loam.UseTrainText, false, "copy")
		b.wantUse(t, v, loam.UseCommercial, false, "copy")
		b.wantUse(t, v, loam.UseIndex, true, "granted")
	}
	must(t, b.choose(ctx, original.Owner, original.Work, loam.UseTrainText, true))
	b.wantUse(t, first, loam.UseTrainText, true, "granted")
	b.wantUse(t, second, loam.UseTrainText, true, "granted")
	b.wantUse(t, second, loam.UseStyle, false, "copy")
	must(t, b.choose(ctx, first.Owner, first.Work, loam.UseTrainText, false))
	b.wantUse(t, second, loam.UseTrainText, false, "copy")
	must(t, b.choose(ctx, first.Owner, first.Work, loam.UseTrainText, true))
	must(t, b.SetNoAI(ctx, original.Owner, true))
	b.wantUse(t, first, loam.UseTrainText, false, "copy")
	b.wantUse(t, second, loam.UseTrainText, false, "copy")
	must(t, b.SetNoAI(ctx, original.Owner, false))
	b.wantUse(t, second, loam.UseTrainText, true, "granted")
	// A grant with an end ends for the copies too.
	until := b.clock.Now().UnixMilli() + 1000
	_, err := b.Choose(ctx, original.Owner, []string{original.Work}, loam.UseChoice{Uses: []loam.Use{loam.UseStyle}, Allowed: true, Until: until})
	must(t, err)
	b.wantUse(t, second, loam.UseStyle, true, "granted")
	b.clock.Pass(2e9)
	b.wantUse(t, second, loam.UseStyle, false, "copy")
	// An edit that is no copy any more is free; what was copied from it before is not.
	first = b.reissue(t, b.cy, first.Work, 1)
	b.wantUse(t, first, loam.UseCommercial, true, "granted")
	b.wantUse(t, second, loam.UseCommercial, false, "copy")
	// Whoever came first stays first: the original's owner edits, and is found to be like her copy.
	again := b.copyOf(t, b.cy, "again", original.Work)
	original = b.reissue(t, b.author, original.Work, 1, again.Work)
	b.wantUse(t, original, loam.UseCommercial, true, "granted")
	b.wantUse(t, again, loam.UseCommercial, true, "granted")
	must(t, b.choose(ctx, again.Owner, again.Work, loam.UseCommercial, false))
	b.wantUse(t, original, loam.UseCommercial, true, "granted")
	// Nor does deleting what was copied open the copies; what is posted again comes after them, or a
	// quotation that was deleted would be a way to take the whole.
	must(t, b.DeleteWork(ctx, original.Owner, original.Work))
	b.wantUse(t, again, loam.UseTrainText, false, "copy")
	anew := b.copyOf(t, b.author, "anew", again.Work)
	b.wantUse(t, anew, loam.UseCommercial, false, "copy")
}

// dismissedFrees: a reviewer who finds, on a notice of the earlier work's owner, that a copy is the
// earlier one or was permitted frees it, also after the next edit. A notice of anybody else, about
// another right, withdrawn, unproven, or lapsed after it was upheld does not.
func dismissedFrees(t *testing.T, b *bundle) {
	ctx := t.Context()
	original := b.release(t, "original")
	held := b.copyOf(t, b.cy, "held", original.Work)
	file := func(number, by string, right loam.Right) {
		t.Helper()
		n := notice(number)
		n.Account, n.Right = by, right
		_, err := b.FileNotice(ctx, n, []string{held.Work}, number)
		must(t, err)
		b.clock.Pass(time.Second)
	}
	rule := func(number string, r loam.Ruling, reason string) {
		t.Helper()
		b.rules(t, b.ana, b.claimOf(t, number).ID, r, reason, "")
	}
	file("anybody", "", loam.RightCopyright)
	rule("anybody", loam.RuleAllow, "permitted")
	b.wantUse(t, held, loam.UseTrainText, false, "copy")
	file("another", b.bo.ID, loam.RightCopyright)
	rule("another", loam.RuleAllow, "earlier")
	b.wantUse(t, held, loam.UseTrainText, false, "copy")
	file("withdrawn", original.Owner, loam.RightCopyright)
	must(t, b.WithdrawNotice(ctx, "withdrawn"))
	b.wantUse(t, held, loam.UseTrainText, false, "copy")
	file("privacy", original.Owner, loam.RightPrivacy)
	rule("privacy", loam.RuleAllow, "permitted")
	b.wantUse(t, held, loam.UseTrainText, false, "copy")
	file("unproven", original.Owner, loam.RightCopyright)
	rule("unproven", loam.RuleAllow, "unproven")
	b.wantUse(t, held, loam.UseTrainText, false, "copy")
	b.clock.Pass(31 * day) // the same is not asked again before
	file("permitted", original.Owner, loam.RightCopyright)
	rule("permitted", loam.RuleAllow, "permitted")
	b.wantUse(t, held, loam.UseTrainText, true, "granted")
	held = b.reissue(t, b.cy, held.Work, 1, original.Work, original.Work)
	b.wantUse(t, held, loam.UseTrainText, true, "granted")
	more := b.release(t, "more")
	held = b.reissue(t, b.cy, held.Work, 1, original.Work, more.Work)
	b.wantUse(t, held, loam.UseTrainText, false, "copy") // of that work nothing was said
}
