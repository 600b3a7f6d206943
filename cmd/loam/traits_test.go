package main

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"loam"
	"loam/internal/screen"
)

// TestOldTraitsAreTakenAgain: a note screened by a build that hashed pictures otherwise is
// found as the original of a copy once its traits were taken again; a note whose picture is
// lost does not stop the others.
func TestOldTraitsAreTakenAgain(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	n, err := openNode(ctx, config{place: place{Data: t.TempDir()}, LabelArranged: "none"}, time.Now, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = n.close(context.WithoutCancel(ctx)) })
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	photo, err := benchPhoto()
	must(err)
	submit := func(handle, picture string) loam.Version {
		a, err := n.db.CreateAccount(ctx, loam.Account{Handle: handle, Name: handle, Roles: []loam.Role{loam.Creator}}, "")
		must(err)
		if picture == "" {
			taken, err := n.intake.Accept(ctx, a.ID, photo)
			must(err)
			picture = taken.Hash
		}
		work, err := n.db.CreateWork(ctx, a.ID, "traits-of-"+handle+"-0123456", loam.Draft{Idea: "湖边"})
		must(err)
		w, err := n.db.Work(ctx, a.ID, work)
		must(err)
		v, err := n.db.Submit(ctx, loam.Submission{Owner: a.ID, Revision: w.Revision, Content: loam.Content{
			Work: work, Kind: loam.KindShop, Title: "湖边", Body: words(handle), Tags: []string{"湖边"}, TextAI: loam.NotAI, Audience: loam.Public,
			Pages: []loam.Page{{Kind: loam.PagePhoto, Asset: "a"}}, Assets: []loam.AssetRef{{Field: "picture.1", Hash: picture, Type: "image/jpeg"}},
		}})
		must(err)
		return v
	}
	release := func(v loam.Version, traits loam.Traits) {
		must(n.db.PutVerdict(ctx, v.ID, loam.Verdict{Action: loam.Allow}, traits))
		must(n.db.PutLabels(ctx, v.ID, nil, "hash", nil))
		_, err := n.db.Confirm(ctx, v.Owner, v.ID, "hash")
		must(err)
	}
	release(submit("lost", "0000000000000000000000000000000000000000000000000000000000000000"), loam.Traits{})
	first := submit("first", "")
	release(first, loam.Traits{Rules: 1, Pictures: map[string]string{"picture.1": "0123456789abcdef0123456789abcdef"}})
	must(n.db.SetPictureHash(ctx, first.Content.Assets[0].Hash, "0123456789abcdef0123456789abcdef"))
	copied := submit("copier", "")
	found := func() (out []string) {
		r, err := n.screen.Screen(ctx, copied)
		must(err)
		for _, f := range r.Verdict.Findings {
			if f.Detector == "pictures" {
				out = append(out, f.Facts["version"])
			}
		}
		return out
	}
	if got := found(); len(got) > 0 {
		t.Errorf("found %v by hashes of another kind", got)
	}
	must(n.retake(ctx))
	if got := found(); len(got) != 1 || got[0] != first.ID {
		t.Errorf("found %v, want %s", got, first.ID)
	}
	if left, err := n.db.Untaken(ctx, screen.TraitRules, "", 9); err != nil || len(left) != 0 {
		t.Errorf("%d still to take, %v", len(left), err)
	}
}
