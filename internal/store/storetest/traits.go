package storetest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"loam"
)

func nearTexts(t *testing.T, b *bundle) {
	ctx := t.Context()
	v := b.submit(t, "a")
	must(t, b.PutVerdict(ctx, v.ID, loam.Verdict{Action: loam.Allow}, loam.Traits{Rules: 2, Bands: []uint64{1, 1 << 63, 3}}))
	b.confirm(t, v, b.label(t, v))
	near, err := b.NearTexts(ctx, b.cy.ID, []uint64{9, 1 << 63}, 10)
	must(t, err)
	if len(near) != 1 || near[0].ID != v.ID {
		t.Fatalf("got %d near texts", len(near))
	}
	if own, _ := b.NearTexts(ctx, b.author.ID, []uint64{1}, 10); len(own) != 0 {
		t.Fatal("one's own work counts as a copy")
	}
	for i := range 3 { // what nobody sees does not hide what is seen
		hidden := b.submit(t, fmt.Sprint("hidden", i))
		must(t, b.PutVerdict(ctx, hidden.ID, loam.Verdict{Action: loam.Review}, loam.Traits{Rules: 2, Bands: []uint64{1, 1 << 63, 3}}))
	}
	if near, err = b.NearTexts(ctx, b.cy.ID, []uint64{1, 1 << 63, 3}, 2); err != nil || len(near) != 1 || near[0].ID != v.ID {
		t.Errorf("%d near texts behind those nobody sees, %v", len(near), err)
	}
}

func sharedPassages(t *testing.T, b *bundle) {
	ctx := t.Context()
	v := b.submit(t, "a")
	must(t, b.PutVerdict(ctx, v.ID, loam.Verdict{Action: loam.Allow}, loam.Traits{Rules: 2, Passages: []uint64{5, 1 << 63, 7}}))
	sharing := func(owner string, passages ...uint64) int {
		list, err := b.SharedPassages(ctx, owner, passages, 10)
		must(t, err)
		return len(list)
	}
	if sharing(b.cy.ID, 5, 7) != 0 {
		t.Fatal("a passage counts before it is released")
	}
	b.confirm(t, v, b.label(t, v))
	if sharing(b.cy.ID, 5, 1<<63, 8) != 1 || sharing(b.cy.ID, 5, 8) != 0 || sharing(b.cy.ID) != 0 || sharing(b.author.ID, 5, 7) != 0 {
		t.Fatal("two shared passages do not tell")
	}
	for i := range 3 { // what nobody sees does not hide what is seen
		hidden := b.submit(t, fmt.Sprint("hidden", i))
		must(t, b.PutVerdict(ctx, hidden.ID, loam.Verdict{Action: loam.Review}, loam.Traits{Rules: 2, Passages: []uint64{5, 1 << 63, 7, 9}}))
	}
	if list, err := b.SharedPassages(ctx, b.cy.ID, []uint64{5, 1 << 63, 7, 9}, 2); err != nil || len(list) != 1 || list[0].ID != v.ID {
		t.Errorf("%d excerpts behind those nobody sees, %v", len(list), err)
	}
	for i := range 70 { // nor does it take the place of what will be
		held := b.submit(t, fmt.Sprint("held", i))
		must(t, b.PutVerdict(ctx, held.ID, loam.Verdict{Action: loam.Review}, loam.Traits{Rules: 2, Passages: []uint64{200, 201}}))
	}
	late := b.submit(t, "late")
	must(t, b.PutVerdict(ctx, late.ID, loam.Verdict{Action: loam.Allow}, loam.Traits{Rules: 2, Passages: []uint64{200, 201}}))
	b.confirm(t, late, b.label(t, late))
	if sharing(b.cy.ID, 200, 201) != 1 {
		t.Error("copies that are held take the place of the work they were taken from")
	}
	for i := range 70 { // what everybody writes finds nobody
		v := b.submit(t, fmt.Sprint("common", i))
		must(t, b.PutVerdict(ctx, v.ID, loam.Verdict{Action: loam.Allow}, loam.Traits{Rules: 2, Passages: []uint64{100, 101, uint64(1000 + i)}}))
		b.confirm(t, v, b.label(t, v))
	}
	if list, err := b.SharedPassages(ctx, b.cy.ID, []uint64{100, 101}, 100); err != nil || len(list) != 64 {
		t.Errorf("%d with a common phrase, %v", len(list), err)
	}
}

func sameStructure(t *testing.T, b *bundle) {
	ctx := t.Context()
	v := b.submit(t, "a")
	must(t, b.PutVerdict(ctx, v.ID, loam.Verdict{Action: loam.Review}, loam.Traits{Rules: 2, Structure: []uint64{1, 1 << 63, 3, 4}}))
	alike := func(owner string, since int64, least int, bands ...uint64) []loam.Alike {
		list, err := b.SameStructure(ctx, owner, bands, since, least)
		must(t, err)
		return list
	}
	want := []loam.Alike{{Version: v.ID, Owner: b.author.ID, At: v.SubmittedAt, Bands: 3}}
	if diff := cmp.Diff(want, alike(b.cy.ID, v.SubmittedAt, 3, 1, 1<<63, 3, 9)); diff != "" {
		t.Fatal(diff)
	}
	if len(alike(b.cy.ID, v.SubmittedAt, 4, 1, 1<<63, 3, 9)) != 0 || len(alike(b.cy.ID, v.SubmittedAt+1, 1, 1)) != 0 ||
		len(alike(b.author.ID, 0, 1, 1)) != 0 || len(alike(b.cy.ID, 0, 1)) != 0 {
		t.Fatal("too few bands, an older note or one's own count")
	}
	for i := range 5 {
		v := b.submit(t, fmt.Sprint("more", i))
		must(t, b.PutVerdict(ctx, v.ID, loam.Verdict{Action: loam.Review}, loam.Traits{Rules: 2, Structure: []uint64{1}}))
	}
	if n := len(alike(b.cy.ID, 0, 1, 1)); n != 4 {
		t.Errorf("%d notes of one account are kept", n)
	}
	must(t, b.SweepStructures(ctx))
	if len(alike(b.cy.ID, 0, 1, 3)) != 1 {
		t.Fatal("a fresh structure is swept")
	}
	b.clock.Pass(49 * time.Hour)
	must(t, b.SweepStructures(ctx))
	if len(alike(b.cy.ID, 0, 1, 1)) != 0 {
		t.Fatal("an old structure is kept")
	}
	must(t, b.PutTraits(ctx, v.ID, loam.Traits{Rules: 2, Structure: []uint64{1}}))
	if len(alike(b.cy.ID, 0, 1, 1)) != 0 {
		t.Fatal("the structure of an old note is kept")
	}
}

func nearPictures(t *testing.T, b *bundle) {
	ctx := t.Context()
	v := b.submit(t, "a")
	screened := b.clock.Now().UnixMilli()
	must(t, b.PutVerdict(ctx, v.ID, loam.Verdict{Action: loam.Allow}, loam.Traits{Rules: 2, Pictures: map[string]string{"picture.1": "ff"}}))
	each := func(since int64) (out []string) {
		must(t, b.EachPicture(ctx, since, func(hash string, at int64) error {
			if at < since {
				t.Errorf("%s of %d, asked from %d", hash, at, since)
			}
			out = append(out, hash)
			return nil
		}))
		return out
	}
	of := func(owner string, hashes ...string) int {
		list, err := b.PicturesOf(ctx, owner, hashes, 10)
		must(t, err)
		return len(list)
	}
	if len(each(0)) != 1 || len(each(screened)) != 1 || len(each(screened+1)) != 0 || of(b.cy.ID, "ff") != 0 {
		t.Fatal("a screened picture is not listed once, or seen before its release")
	}
	b.confirm(t, v, b.label(t, v))
	if of(b.cy.ID, "00", "ff") != 1 || of(b.cy.ID, "00") != 0 || of(b.cy.ID) != 0 || of(b.author.ID, "ff") != 0 {
		t.Fatal("a released picture is not found by its hash, by others only")
	}
	must(t, b.Withdraw(ctx, b.author.ID, v.ID))
	if of(b.cy.ID, "ff") != 0 {
		t.Fatal("a withdrawn picture is still found")
	}
}

// What an older build took is taken again, once.
func takenAgain(t *testing.T, b *bundle) {
	ctx := t.Context()
	var ids []string
	for _, key := range []string{"a", "b"} {
		v := b.submit(t, key)
		must(t, b.PutVerdict(ctx, v.ID, loam.Verdict{Action: loam.Allow}, loam.Traits{Rules: 1, Bands: []uint64{1}, Pictures: map[string]string{"picture.1": "aa"}}))
		b.confirm(t, v, b.label(t, v))
		ids = append(ids, v.ID)
	}
	slices.Sort(ids)
	untaken := func(after string) (out []string) {
		list, err := b.Untaken(ctx, 2, after, 10)
		must(t, err)
		for _, v := range list {
			out = append(out, v.ID)
		}
		return out
	}
	if diff := cmp.Diff(ids, untaken("")); diff != "" {
		t.Fatal(diff)
	}
	if diff := cmp.Diff(ids[1:], untaken(ids[0])); diff != "" {
		t.Fatal(diff)
	}
	must(t, b.PutTraits(ctx, ids[0], loam.Traits{Rules: 2, Bands: []uint64{7}, Pictures: map[string]string{"picture.1": "bb"}}))
	if diff := cmp.Diff(ids[1:], untaken("")); diff != "" {
		t.Fatal(diff)
	}
	for band, want := range map[uint64]int{1: 1, 7: 1} {
		if near, err := b.NearTexts(ctx, b.cy.ID, []uint64{band}, 10); err != nil || len(near) != want {
			t.Errorf("%d texts with band %d, %v", len(near), band, err)
		}
	}
	v := b.submit(t, "c")
	must(t, b.SetPictureHash(ctx, "no such bytes", "x"))
	wantKind(t, b.PutTraits(ctx, "no such version", loam.Traits{}), loam.NotFound)
	if len(untaken("")) != 1 || v.State != loam.Submitted {
		t.Error("a version that is not released is taken again")
	}
}
