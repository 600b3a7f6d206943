package storetest

import (
	"testing"

	"loam"
)

// staff: roles and sign-in are given and taken, and an administrator is always left.
func staff(t *testing.T, b *bundle) {
	ctx := t.Context()
	_, err := b.SetRoles(ctx, "cy", []loam.Role{loam.Creator, loam.Admin})
	must(t, err)
	for _, roles := range [][]loam.Role{{loam.Creator}, {}} {
		_, err = b.SetRoles(ctx, "cy", roles)
		wantKind(t, err, loam.Conflict)
	}
	_, err = b.SetDisabled(ctx, "cy", true)
	wantKind(t, err, loam.Conflict)
	_, err = b.SetRoles(ctx, "nobody", []loam.Role{loam.Creator})
	wantKind(t, err, loam.NotFound)

	bo, err := b.SetRoles(ctx, "bo", []loam.Role{loam.Admin})
	must(t, err)
	if !bo.Has(loam.Admin) {
		t.Fatalf("got roles %v", bo.Roles)
	}
	_, err = b.SetDisabled(ctx, "bo", true)
	must(t, err)
	_, err = b.SetRoles(ctx, "cy", []loam.Role{loam.Creator}) // bo cannot sign in
	wantKind(t, err, loam.Conflict)
	_, err = b.SetDisabled(ctx, "bo", false)
	must(t, err)
	_, err = b.SetRoles(ctx, "cy", []loam.Role{loam.Reviewer, loam.Creator})
	must(t, err)

	list, err := b.Accounts(ctx)
	must(t, err)
	if len(list) != 4 || list[0].Handle != "ana" || list[3].Handle != "cy" || len(list[3].Roles) != 2 || list[2].Disabled {
		t.Fatalf("got %+v", list)
	}
}

// keys are listed without their hash and end for good.
func keys(t *testing.T, b *bundle) {
	ctx := t.Context()
	must(t, b.CreateKey(ctx, b.cy.ID, "h1", "one"))
	must(t, b.CreateKey(ctx, b.bo.ID, "h2", "two"))
	everyone, err := b.Keys(ctx, "")
	must(t, err)
	mine, err := b.Keys(ctx, "cy")
	must(t, err)
	if len(everyone) != 2 || len(mine) != 1 || mine[0].Name != "one" || mine[0].Account != "cy" || mine[0].Revoked {
		t.Fatalf("got %+v and %+v", everyone, mine)
	}
	must(t, b.RevokeKey(ctx, mine[0].ID))
	wantKind(t, b.RevokeKey(ctx, mine[0].ID), loam.NotFound)
	_, err = b.AccountByKey(ctx, "h1")
	wantKind(t, err, loam.NotFound)
	if mine, _ = b.Keys(ctx, "cy"); !mine[0].Revoked {
		t.Fatal("the revoked key does not say so")
	}
}

// releaseLease: a case that is given back is free for everybody, her who gave it back too.
func releaseLease(t *testing.T, b *bundle) {
	ctx := t.Context()
	v := b.submit(t, "a")
	must(t, b.PutVerdict(ctx, v.ID, loam.Verdict{Action: loam.Review}, loam.Traits{}))
	queue, err := b.Queue(ctx, b.ana.ID, 10)
	must(t, err)
	id := queue[0].ID
	_, err = b.Lease(ctx, b.ana.ID, id)
	must(t, err)
	must(t, b.Release(ctx, b.bo.ID, id)) // not hers: nothing happens
	_, err = b.Lease(ctx, b.bo.ID, id)
	wantKind(t, err, loam.Conflict)
	must(t, b.Release(ctx, b.ana.ID, id))
	c, err := b.Lease(ctx, b.bo.ID, id)
	must(t, err)
	must(t, b.Release(ctx, b.bo.ID, id))
	again, err := b.Lease(ctx, b.ana.ID, id)
	must(t, err)
	if again.Token <= c.Token {
		t.Fatalf("token %d does not fence %d", again.Token, c.Token)
	}
}
