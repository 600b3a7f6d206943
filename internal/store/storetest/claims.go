package storetest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"loam"
)

// claimsPaged: pages of any size give every claim once, newest first, also those of one notice,
// which are of one moment.
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
	for size := 1; size <= len(want)+1; size++ {
		var got []string
		for before := ""; ; before = got[len(got)-1] {
			page, err := b.Against(ctx, b.author.ID, before, size)
			must(t, err)
			if len(page) > size {
				t.Fatalf("a page of %d has %d", size, len(page))
			}
			for _, k := range page {
				got = append(got, k.ID)
			}
			if len(page) < size {
				break
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("by pages of %d: %s", size, diff)
		}
	}
	if page, err := b.Against(ctx, b.cy.ID, want[0], 10); err != nil || len(page) != 0 {
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
