package storetest

import (
	"strings"
	"testing"
	"time"

	"loam"
	"loam/internal/ledger"
)

// signedBy is a prepared act as a key would sign it; the store does not look at the signature.
func signedBy(t testing.TB, act loam.PreparedAct, cose string) loam.SignedAct {
	t.Helper()
	l, err := ledger.Decode(act.Raw)
	must(t, err)
	b := ledger.Bundle{Key: []byte(cose), Client: []byte("c"), AuthData: []byte("a"), Signature: []byte("s")}
	l.Sig, err = b.Commitment()
	must(t, err)
	l.Signer = ledger.KeyHash(b.Key)
	raw, err := l.Encode()
	must(t, err)
	bundle, err := b.Encode()
	must(t, err)
	return loam.SignedAct{Leaf: act.Leaf, Owner: act.Owner, Raw: raw, Bundle: bundle}
}

func (b *bundle) addKey(t testing.TB, owner, cose string) loam.Passkey {
	t.Helper()
	k, _, err := b.AddPasskey(t.Context(), owner, loam.NewPasskey{Name: cose, Credential: cose, COSE: []byte(cose)})
	must(t, err)
	b.clock.Pass(time.Second)
	return k
}

// passkeysFold: what the list says of passkeys is what a fold of the very leaves says, through
// adding, retiring and a recovery by two.
func passkeysFold(t *testing.T, b *bundle) {
	ctx, owner := t.Context(), b.author.ID
	states := func(want string) {
		t.Helper()
		list, err := b.Passkeys(ctx, owner)
		must(t, err)
		waiting, err := b.WaitingLeaves(ctx, 100)
		must(t, err)
		fold, account := ledger.NewState(), ledger.ID{}
		for i, w := range waiting {
			l, err := ledger.Decode(w.Leaf)
			must(t, err)
			account = l.Account
			fold.Apply(int64(i), &l, ledger.Good)
		}
		active, _ := fold.Keys(account)
		var got []string
		n := 0
		for _, k := range list {
			got = append(got, string(k.State))
			if k.State == loam.PasskeyActive {
				n++
			}
		}
		if strings.Join(got, " ") != want || n != len(active) {
			t.Fatalf("the keys are %v, want %s; in the fold %d count", got, want, len(active))
		}
	}
	states("")
	first := b.addKey(t, owner, "k1")
	states("active")
	second, act, err := b.AddPasskey(ctx, owner, loam.NewPasskey{Name: "b", Credential: "k2", COSE: []byte("k2")})
	must(t, err)
	if second.State != loam.PasskeyWaiting || act == nil {
		t.Fatalf("a second key is %+v with %+v", second, act)
	}
	states("active")
	wantKind(t, b.SignActs(ctx, []loam.SignedAct{signedBy(t, *act, "k2")}), loam.Conflict) // not by itself
	states("active")
	must(t, b.SignActs(ctx, []loam.SignedAct{signedBy(t, *act, "k1")}))
	states("active active")
	b.clock.Pass(time.Second)
	_, _, err = b.AddPasskey(ctx, b.cy.ID, loam.NewPasskey{Name: "b", Credential: "k2", COSE: []byte("k9")})
	wantKind(t, err, loam.Conflict)
	wantKind(t, b.RetirePasskey(ctx, b.cy.ID, first.ID), loam.NotFound)
	must(t, b.RetirePasskey(ctx, owner, first.ID))
	must(t, b.RetirePasskey(ctx, owner, first.ID))
	states("retired active")

	lost, _, err := b.AddPasskey(ctx, owner, loam.NewPasskey{Name: "c", Credential: "k3", COSE: []byte("k3"), Recover: true})
	must(t, err)
	states("retired active recovering")
	must(t, b.RetirePasskey(ctx, owner, lost.ID)) // takes the wish back
	states("retired active")
	lost, _, err = b.AddPasskey(ctx, owner, loam.NewPasskey{Name: "c", Credential: "k4", COSE: []byte("k4"), Recover: true})
	must(t, err)
	wantKind(t, b.Vouch(ctx, owner, lost.ID, "me"), loam.Denied)
	must(t, b.Vouch(ctx, b.ana.ID, lost.ID, "seen"))
	wantKind(t, b.Vouch(ctx, b.ana.ID, lost.ID, "again"), loam.Conflict)
	list, err := b.Recoveries(ctx)
	if err != nil || len(list) != 1 || list[0].Handle != "author" || len(list[0].Vouched) != 1 {
		t.Errorf("recoveries: %+v, %v", list, err)
	}
	states("retired active recovering")
	must(t, b.Vouch(ctx, b.bo.ID, lost.ID, "heard"))
	states("retired retired active")
	wantKind(t, b.Vouch(ctx, b.bo.ID, lost.ID, "late"), loam.NotFound)
	if list, err = b.Recoveries(ctx); err != nil || len(list) != 0 {
		t.Errorf("recoveries after one was done: %+v, %v", list, err)
	}
}

// yesOvertaken: a yes whose signature was asked for before a no was logged, for the work or for all,
// opens nothing, whichever dialog was opened first.
func yesOvertaken(t *testing.T, b *bundle) {
	ctx, owner := t.Context(), b.author.ID
	work := b.release(t, "a").Work
	b.addKey(t, owner, "k1")
	uses := []loam.Use{loam.UseStyle}
	for _, of := range []string{work, ""} {
		no, err := b.PrepareChoice(ctx, owner, of, loam.UseChoice{Uses: uses})
		must(t, err)
		b.clock.Pass(time.Second)
		yes, err := b.PrepareChoice(ctx, owner, work, loam.UseChoice{Uses: uses, Allowed: true})
		must(t, err)
		must(t, b.SignActs(ctx, []loam.SignedAct{signedBy(t, *no, "k1")}))
		if err := b.SignActs(ctx, []loam.SignedAct{signedBy(t, *yes, "k1")}); loam.CodeOf(err) != "passkey.overtaken" {
			t.Errorf("asked for before the no of %q was signed: %v", of, err)
		}
		b.wantMay(t, work, loam.UseStyle, false)
	}
	yes, err := b.PrepareChoice(ctx, owner, work, loam.UseChoice{Uses: uses, Allowed: true})
	must(t, err)
	again, err := b.PrepareChoice(ctx, owner, work, loam.UseChoice{Uses: uses, Allowed: true})
	must(t, err)
	must(t, b.SignActs(ctx, []loam.SignedAct{signedBy(t, *yes, "k1"), signedBy(t, *again, "k1")}))
	b.wantMay(t, work, loam.UseStyle, true)
	// A narrower yes that was said meanwhile is newer too.
	yes, err = b.PrepareChoice(ctx, owner, work, loam.UseChoice{Uses: uses, Allowed: true})
	must(t, err)
	_, err = b.Choose(ctx, owner, []string{work}, loam.UseChoice{Uses: uses, Allowed: true, Attribution: true})
	must(t, err)
	if err := b.SignActs(ctx, []loam.SignedAct{signedBy(t, *yes, "k1")}); loam.CodeOf(err) != "passkey.overtaken" {
		t.Errorf("asked for before a narrower yes: %v", err)
	}
}

// actsSigned: a signed act holds at once and counts as signed until its bundle is erased; it is
// written once, in time, and all of several or none.
func actsSigned(t *testing.T, b *bundle) {
	ctx, owner := t.Context(), b.author.ID
	work := b.release(t, "a").Work
	style := loam.UseChoice{Uses: []loam.Use{loam.UseStyle}, Allowed: true}
	_, err := b.PrepareChoice(ctx, owner, work, style)
	wantKind(t, err, loam.Conflict)
	key := b.addKey(t, owner, "k1")
	_, err = b.PrepareChoice(ctx, b.cy.ID, work, style)
	wantKind(t, err, loam.Conflict)
	b.addKey(t, b.cy.ID, "k9")
	_, err = b.PrepareChoice(ctx, b.cy.ID, work, style)
	wantKind(t, err, loam.NotFound)

	_, err = b.PrepareChoice(ctx, owner, b.submit(t, "d").Work, style) // before her passkey is asked for
	if loam.KindOf(err) != loam.Conflict || loam.CodeOf(err) != "rights.unreleased" {
		t.Errorf("of a work that was never released: %v", err)
	}

	one, err := b.PrepareChoice(ctx, owner, work, style)
	must(t, err)
	two, err := b.PrepareChoice(ctx, owner, "", loam.UseChoice{Uses: []loam.Use{loam.UseVoice}, Allowed: true})
	must(t, err)
	_, err = b.Prepared(ctx, b.cy.ID, one.Leaf)
	wantKind(t, err, loam.NotFound)
	swapped := signedBy(t, *two, "k1")
	swapped.Leaf = one.Leaf
	wantKind(t, b.SignActs(ctx, []loam.SignedAct{swapped}), loam.Invalid)
	wantKind(t, b.SignActs(ctx, []loam.SignedAct{signedBy(t, *one, "k1"), signedBy(t, *two, "k9")}), loam.Conflict)
	b.wantMay(t, work, loam.UseStyle, false)
	b.clock.Pass(time.Minute)
	must(t, b.choose(ctx, owner, work, loam.UseStyle, false)) // whoever kept a signature from before cannot open it again
	if err := b.SignActs(ctx, []loam.SignedAct{signedBy(t, *two, "k1"), signedBy(t, *one, "k1")}); loam.CodeOf(err) != "passkey.overtaken" {
		t.Errorf("signed before she took it back: %v", err)
	}
	b.wantMay(t, work, loam.UseStyle, false)
	one, err = b.PrepareChoice(ctx, owner, work, style)
	must(t, err)
	must(t, b.SignActs(ctx, []loam.SignedAct{signedBy(t, *one, "k1"), signedBy(t, *two, "k1")}))
	b.wantMay(t, work, loam.UseStyle, true)
	wantKind(t, b.SignActs(ctx, []loam.SignedAct{signedBy(t, *one, "k1")}), loam.Conflict)
	b.agree(t, []string{work})
	evidence := func(want string) {
		t.Helper()
		list, err := b.Uses(ctx, work)
		must(t, err)
		for _, p := range list {
			if (p.Use == loam.UseStyle || p.Use == loam.UseVoice) && (!p.Allowed || p.Evidence != want) {
				t.Errorf("%s is %+v, want %s", p.Use, p, want)
			}
		}
	}
	evidence("L3")

	late, err := b.PrepareChoice(ctx, owner, work, style)
	must(t, err)
	b.clock.Pass(11 * time.Minute)
	wantKind(t, b.SignActs(ctx, []loam.SignedAct{signedBy(t, *late, "k1")}), loam.Gone)
	late, err = b.PrepareChoice(ctx, owner, work, style)
	must(t, err)
	must(t, b.RetirePasskey(ctx, owner, key.ID))
	wantKind(t, b.SignActs(ctx, []loam.SignedAct{signedBy(t, *late, "k1")}), loam.Conflict)
	evidence("L3") // what the key signed while it counted

	waiting, err := b.WaitingLeaves(ctx, 100)
	must(t, err)
	withBundle := 0
	for i := range waiting {
		waiting[i].Place = int64(i)
		if waiting[i].Bundle != nil {
			withBundle++
		}
	}
	must(t, b.PlaceLeaves(ctx, waiting))
	placed, err := b.PlacedBundles(ctx, "", 10)
	if err != nil || len(placed) != 2 || withBundle != 2 || placed[0].Leaf > placed[1].Leaf {
		t.Errorf("bundles of leaves in the log: %+v, %v; %d came with their leaf", placed, err, withBundle)
	}
	if next, err := b.PlacedBundles(ctx, placed[0].Leaf, 10); err != nil || len(next) != 1 {
		t.Errorf("after the first: %+v, %v", next, err)
	}
	if got, err := b.LeafBundle(ctx, b.cy.ID, one.Leaf); err != nil || got != nil {
		t.Errorf("another reads %x, %v", got, err)
	}
	n, err := b.EraseBundles(ctx, owner)
	if err != nil || n != 2 {
		t.Errorf("%d were erased, %v", n, err)
	}
	evidence("L1")
	b.agree(t, nil)
	if got, err := b.LeafBundle(ctx, owner, one.Leaf); err != nil || got != nil {
		t.Errorf("erased, she reads %x, %v", got, err)
	}
	erased, err := b.ErasedBundles(ctx, 10)
	if err != nil || len(erased) != 2 {
		t.Errorf("to remove: %v, %v", erased, err)
	}
	must(t, b.ForgetBundles(ctx, erased))
	if erased, err = b.ErasedBundles(ctx, 10); err != nil || len(erased) != 0 {
		t.Errorf("removed, and again to remove: %v, %v", erased, err)
	}
}
