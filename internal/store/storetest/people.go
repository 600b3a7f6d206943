package storetest

import (
	"testing"
	"time"

	"loam"
)

func people(t *testing.T, b *bundle) {
	_, err := b.CreateAccount(t.Context(), loam.Account{Handle: "ana", Name: "x"}, "h")
	wantKind(t, err, loam.Conflict)
	a, pw, err := b.AccountByHandle(t.Context(), "ana")
	must(t, err)
	if a.ID != b.ana.ID || pw != "hash" || !a.Has(loam.Reviewer) || a.Has(loam.Operator) {
		t.Fatalf("got %+v %q", a, pw)
	}
	_, err = b.Account(t.Context(), "nobody")
	wantKind(t, err, loam.NotFound)
	must(t, b.CreateKey(t.Context(), a.ID, "keyhash", "n"))
	if got, err := b.AccountByKey(t.Context(), "keyhash"); err != nil || got.ID != a.ID {
		t.Fatalf("got %+v, %v", got, err)
	}
}

func inviteOnce(t *testing.T, b *bundle) {
	must(t, b.CreateInvite(t.Context(), "h1", []loam.Role{loam.Admin}))
	a, err := b.UseInvite(t.Context(), "h1", loam.Account{Handle: "root", Name: "root"}, "pw")
	must(t, err)
	if !a.Has(loam.Operator) {
		t.Fatalf("got roles %v, want admin", a.Roles)
	}
	_, err = b.UseInvite(t.Context(), "h1", loam.Account{Handle: "root2", Name: "root"}, "pw")
	wantKind(t, err, loam.Gone)
	must(t, b.CreateInvite(t.Context(), "h2", []loam.Role{loam.Admin}))
	b.clock.Pass(25 * time.Hour)
	_, err = b.UseInvite(t.Context(), "h2", loam.Account{Handle: "late", Name: "late"}, "pw")
	wantKind(t, err, loam.Gone)
	if ok, err := b.Staffed(t.Context()); err != nil || !ok {
		t.Fatalf("got staffed %v, %v", ok, err)
	}
}

func sessions(t *testing.T, b *bundle) {
	s := b.Sessions()
	must(t, s.Commit("tok", []byte{0, 1, 255}, b.clock.Now().Add(time.Hour)))
	data, ok, err := s.Find("tok")
	must(t, err)
	if !ok || len(data) != 3 {
		t.Fatalf("got %v %v", data, ok)
	}
	b.clock.Pass(2 * time.Hour)
	if _, ok, _ := s.Find("tok"); ok {
		t.Fatal("an expired session is found")
	}
	must(t, s.Delete("tok"))
}
