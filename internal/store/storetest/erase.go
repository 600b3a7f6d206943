package storetest

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"loam"
	"loam/internal/ledger"
	"loam/internal/store"
)

// accountErased: nothing of an account is left that was hers alone, in the tables too; the ledger says
// that it is gone and denies every use; what a case or notice needs stands under a name that says
// nothing. Done again it does nothing, and others keep theirs.
func accountErased(t *testing.T, b *bundle) {
	ctx := t.Context()
	const secret = "秘密暗号"
	must(t, b.SetPassword(ctx, b.author.ID, secret))
	noted, plain := b.release(t, "noted"), b.release(t, "plain")
	b.filed(t, "number", noted.Work)
	her := b.author
	b.author = b.cy
	theirs := b.release(t, "theirs")
	b.author = her
	said := b.says(t, b.author, "k", theirs.Work, "", "评论"+secret)
	must(t, b.React(ctx, b.author.ID, theirs.Work, loam.Like, true))
	draft, err := b.CreateWork(ctx, b.author.ID, "draft", loam.Draft{Idea: secret})
	must(t, err)
	g, _, err := b.BeginGeneration(ctx, loam.Generation{Account: b.author.ID, Work: draft, Purpose: "draft", Key: "g", Model: "m", Input: secret, Prompt: secret}, 0)
	must(t, err)
	g.State, g.Text, g.Output = loam.Done, secret, secret
	must(t, b.EndGeneration(ctx, g))
	words := []string{secret}
	must(t, b.SavePersona(ctx, b.author.ID, loam.PersonaEdits{On: true, Words: &words}))
	_, err = b.SaveTemplate(ctx, b.author.ID, loam.Template{Name: secret, Shape: loam.TemplateForm{Kind: loam.KindFood, Pages: []loam.Page{}}})
	must(t, err)
	must(t, b.CreateKey(ctx, b.author.ID, "hash of her key", secret))
	unused, err := b.CreateAsset(ctx, loam.Asset{Owner: b.author.ID, Hash: secret, Type: "image/jpeg", Size: 9})
	must(t, err)
	registered := b.asks(t, b.author, loam.ProtectVoice, secret, "")
	b.registers(t, b.ana, registered.ID)
	b.asks(t, b.author, loam.ProtectBrand, secret+"茶舍", "")
	_, err = b.AddProof(ctx, loam.Proof{Owner: b.author.ID, Name: secret, Digest: "d", Type: "text/plain", Facts: map[string]string{}}, loam.Asset{})
	must(t, err)
	b.addKey(t, b.author.ID, "k1")
	_, act, err := b.AddPasskey(ctx, b.author.ID, loam.NewPasskey{Name: secret, Credential: "c2", COSE: []byte("k2")})
	must(t, err)
	must(t, b.SignActs(ctx, []loam.SignedAct{signedBy(t, *act, "k1")}))
	lost, _, err := b.AddPasskey(ctx, b.author.ID, loam.NewPasskey{Name: secret, Credential: "c3", COSE: []byte("k3"), Recover: true})
	must(t, err)
	must(t, b.Vouch(ctx, b.ana.ID, lost.ID, secret))
	yes, err := b.PrepareChoice(ctx, b.author.ID, plain.Work, loam.UseChoice{Uses: []loam.Use{loam.UseStyle}, Allowed: true})
	must(t, err)
	must(t, b.SignActs(ctx, []loam.SignedAct{signedBy(t, *yes, "k1")}))
	_, err = b.PrepareChoice(ctx, b.author.ID, plain.Work, loam.UseChoice{Uses: []loam.Use{loam.UseVoice}, Allowed: true})
	must(t, err)
	_, err = b.Choose(ctx, b.author.ID, nil, loam.UseChoice{Uses: []loam.Use{loam.UseTrainText}, Allowed: true})
	must(t, err)
	b.clock.Pass(time.Minute)

	done, err := b.EraseAccount(ctx, "author")
	must(t, err)
	if want := (store.Erasure{Account: b.author.ID, Works: 4, Protections: 2, Passkeys: 2, Signatures: 2}); done != want {
		t.Errorf("erased %+v, want %+v", done, want)
	}

	a, err := b.Account(ctx, b.author.ID)
	must(t, err)
	if a.Handle != b.author.ID || a.Name != "" || a.Bio != "" || !a.Disabled || len(a.Roles) != 0 || a.PasswordAt != b.clock.Now().UnixMilli() {
		t.Errorf("she is %+v", a)
	}
	_, _, err = b.AccountByHandle(ctx, "author")
	wantKind(t, err, loam.NotFound)
	_, err = b.AccountByKey(ctx, "hash of her key")
	wantKind(t, err, loam.NotFound)
	_, err = b.Asset(ctx, b.author.ID, unused.ID)
	wantKind(t, err, loam.NotFound)
	_, err = b.Comment(ctx, said.Work)
	wantKind(t, err, loam.NotFound)
	if list, err := b.Passkeys(ctx, b.author.ID); err != nil || len(list) != 0 {
		t.Errorf("passkeys: %+v, %v", list, err)
	}
	if list, err := b.Registered(ctx); err != nil || len(list) != 0 {
		t.Errorf("protections: %+v, %v", list, err)
	}
	if feed, err := b.Feed(ctx, false, loam.Place{}, 10); err != nil || len(feed) != 1 || feed[0].Version.ID != theirs.ID {
		t.Errorf("the feed: %+v, %v", feed, err)
	}
	var rows bytes.Buffer
	_, err = b.Dump(ctx, &rows)
	must(t, err)
	for row := range strings.Lines(rows.String()) {
		// What was frozen is what cases and verdicts rest on, and readers do not see it.
		if strings.Contains(row, secret) && !strings.HasPrefix(row, `{"t":"versions"`) {
			t.Errorf("left: %s", row)
		}
	}

	leaves, err := b.ArchivedLeaves(ctx, b.author.ID)
	must(t, err)
	state := ledger.NewState()
	var account ledger.ID
	erased := 0
	for i, l := range leaves {
		leaf, err := ledger.Decode(l.Leaf)
		must(t, err)
		if l.Salt != "" {
			t.Errorf("the salt of a leaf of kind %s is left", leaf.Kind)
		}
		if leaf.Kind == ledger.Erase && l.Work == "" {
			account, erased = leaf.Account, erased+1
		}
		if got := state.Apply(int64(i), &leaf, ledger.Unchecked); got != ledger.Applied {
			t.Errorf("a leaf of kind %s is %s", leaf.Kind, got)
		}
	}
	if d := state.Decide(account, ledger.ID{}, ledger.ID{}, loam.UseTrainText, b.clock.Now().UnixMilli()); erased != 1 || d.Allow || d.Reason != ledger.Erased {
		t.Errorf("the log says %d times that she is gone, and decides %+v", erased, d)
	}
	for _, work := range []string{noted.Work, plain.Work} {
		list, err := b.Uses(ctx, work)
		must(t, err)
		if slices.ContainsFunc(list, func(p loam.Permission) bool { return p.Allowed || p.Reason != ledger.Erased.String() }) {
			t.Errorf("of a note of hers: %+v", list)
		}
	}
	if n, err := b.Notice(ctx, "number"); err != nil || len(n.Claims) != 1 {
		t.Errorf("the notice is %+v, %v", n, err)
	}
	b.wantMay(t, theirs.Work, loam.UseIndex, true)

	again, err := b.EraseAccount(ctx, b.author.ID)
	if want := (store.Erasure{Account: b.author.ID}); err != nil || again != want {
		t.Errorf("erased again: %+v, %v", again, err)
	}
	if now, err := b.ArchivedLeaves(ctx, b.author.ID); err != nil || len(now) != len(leaves) {
		t.Errorf("erased again, %d leaves became %d, %v", len(leaves), len(now), err)
	}
	_, err = b.EraseAccount(ctx, "author")
	wantKind(t, err, loam.NotFound)
	fresh, err := b.CreateAccount(ctx, loam.Account{Handle: "author", Name: "another"}, "hash")
	must(t, err)
	if _, err = b.EraseAccount(ctx, b.author.ID); err != nil {
		t.Fatal(err)
	}
	if a, err := b.Account(ctx, fresh.ID); err != nil || a.Handle != "author" || a.Disabled {
		t.Errorf("who took the name is %+v, %v", a, err)
	}

	root, err := b.CreateAccount(ctx, loam.Account{Handle: "root", Roles: []loam.Role{loam.Admin}}, "hash")
	must(t, err)
	if _, err := b.EraseAccount(ctx, "root"); loam.CodeOf(err) != "account.last_admin" {
		t.Errorf("the last administrator: %v", err)
	}
	if a, err := b.Account(ctx, root.ID); err != nil || a.Disabled {
		t.Errorf("the last administrator is %+v, %v", a, err)
	}
	// Who never said or made anything is in no ledger, and need not be.
	nobody, err := b.CreateAccount(ctx, loam.Account{Handle: "nobody", Name: "nobody"}, "hash")
	must(t, err)
	_, err = b.EraseAccount(ctx, "nobody")
	must(t, err)
	if list, err := b.ArchivedLeaves(ctx, nobody.ID); err != nil || len(list) != 0 {
		t.Errorf("of who was in no ledger: %+v, %v", list, err)
	}
}
