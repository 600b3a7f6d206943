// Package publish lets a version out to readers, and takes it back.
//
// It stands apart because of one rule: nothing goes out without a person's confirmation
// of exactly the bytes that go out. Confirm is the only door to it in the whole program;
// models, keys, jobs and imports end at a draft.
package publish

import (
	"context"
	"slices"

	"loam"
)

// Store is what publishing moves.
type Store interface {
	Confirm(ctx context.Context, owner, version, releaseHash string) (loam.Version, error)
	Withdraw(ctx context.Context, owner, version string) error
	Takedown(ctx context.Context, operator, work, reason, note string) error
	Choose(ctx context.Context, owner string, works []string, c loam.UseChoice) ([]string, error)
}

// Desk is where a version goes out.
type Desk struct{ Store Store }

// Person is a signed-in human being: only web's session makes one, never an API key or a job.
type Person struct{ account string }

// Present makes a Person of an account that signed in with a session of her own. The
// authorisation tests walk every caller.
func Present(account string) Person { return Person{account} }

// Release confirms the exact bytes behind releaseHash for the person who owns the
// version. Readers see it at once if it is labelled and cleared, else as soon as the last
// of these is done.
func (d Desk) Release(ctx context.Context, p Person, version, releaseHash string) (loam.Version, error) {
	if p.account == "" {
		return loam.Version{}, loam.Fail(loam.Denied, "confirm.person")
	}
	if releaseHash == "" {
		return loam.Version{}, loam.Fail(loam.Invalid, "confirm.not_ready")
	}
	return d.Store.Confirm(ctx, p.account, version, releaseHash)
}

// Withdraw takes a version back for its owner.
func (d Desk) Withdraw(ctx context.Context, owner, version string) error {
	return d.Store.Withdraw(ctx, owner, version)
}

// Takedown removes a note at once; its creator gets a statement of reasons and can appeal.
func (d Desk) Takedown(ctx context.Context, operator, work string, reason loam.Risk, note string) error {
	if !slices.Contains(loam.Risks(), reason) {
		return loam.Fail(loam.Invalid, "reason.unknown", reason)
	}
	return d.Store.Takedown(ctx, operator, work, string(reason), note)
}

// Allow records what a creator allows for her work.
func (d Desk) Allow(ctx context.Context, owner, work string, u loam.Use, allowed bool) error {
	if !slices.Contains(loam.Uses(), u) {
		return loam.Fail(loam.Invalid, "use.unknown", u)
	}
	_, err := d.Store.Choose(ctx, owner, []string{work}, loam.UseChoice{Uses: []loam.Use{u}, Allowed: allowed})
	return err
}
