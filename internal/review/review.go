// Package review is where people decide what machines cannot: a queue of cases with
// leases, a ruling with a reason code that can be undone for five seconds, and the appeal
// that somebody else decides.
//
// It stands apart so that the rules of a fair desk are in one place: nobody decides on
// her own work or her own earlier decision, every ruling has a reason, and a creator's
// text is never lost. Who holds what and when it takes effect is settled by conditional
// UPDATEs of the store.
package review

import (
	"context"
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

	"loam"
)

// Store is what the desk reads and writes.
type Store interface {
	Queue(ctx context.Context, reviewer string, limit int) ([]loam.Case, error)
	Lease(ctx context.Context, reviewer, id string) (loam.Case, error)
	Skip(ctx context.Context, reviewer, id string) error
	Release(ctx context.Context, reviewer, id string) error
	Escalate(ctx context.Context, reviewer, id string, token int64) error
	Decide(ctx context.Context, d loam.Decision, token int64) (loam.Decision, error)
	Undo(ctx context.Context, reviewer, id string) (loam.Case, error)
	Apply(ctx context.Context, decision string) error
	Overdue(ctx context.Context) ([]string, error)
	FileAppeal(ctx context.Context, owner, version, text string) (loam.Appeal, error)
}

// ReasonOK is the reason code of a ruling that found nothing wrong.
const ReasonOK = "ok"

// ReasonLabel is the reason code of a ruling that a label stands.
const ReasonLabel = "label"

// Reasons lists the reason codes a ruling may give: ok, label, every risk, and those of claims.
func Reasons() []string {
	out := []string{ReasonOK, ReasonLabel}
	for _, r := range loam.Risks() {
		out = append(out, string(r))
	}
	for _, r := range loam.Rulings() {
		out = append(out, loam.ClaimReasons(r)...)
	}
	return out
}

// Desk is the review desk. Findable tells whether a phrase can be found in a text at all.
type Desk struct {
	Store    Store
	Findable func(phrase string) bool
}

// A phrase of fewer characters would stop half of what comes in, one of more nothing.
const (
	phraseLeast = 2
	phraseMost  = 40
)

// Queue lists what a reviewer may take, gravest first.
func (d Desk) Queue(ctx context.Context, reviewer string) ([]loam.Case, error) {
	return d.Store.Queue(ctx, reviewer, 100)
}

// Take leases a case for ten minutes.
func (d Desk) Take(ctx context.Context, reviewer, id string) (loam.Case, error) {
	return d.Store.Lease(ctx, reviewer, id)
}

// Release ends the reviewer's lease on a case she leaves undecided; she may take it again.
func (d Desk) Release(ctx context.Context, reviewer, id string) error {
	return d.Store.Release(ctx, reviewer, id)
}

// Skip gives a case back and keeps it from her for an hour.
func (d Desk) Skip(ctx context.Context, reviewer, id string) error {
	return d.Store.Skip(ctx, reviewer, id)
}

// Escalate passes a case to a colleague.
func (d Desk) Escalate(ctx context.Context, reviewer, id string, token int64) error {
	return d.Store.Escalate(ctx, reviewer, id, token)
}

// Decide rules on a leased case. A limit or removal needs a risk as its reason.
func (d Desk) Decide(ctx context.Context, dec loam.Decision, token int64) (loam.Decision, error) {
	switch {
	case !slices.Contains(loam.Rulings(), dec.Ruling):
		return dec, loam.Fail(loam.Invalid, "ruling.unknown", dec.Ruling)
	case !slices.Contains(Reasons(), dec.Reason):
		return dec, loam.Fail(loam.Invalid, "reason.unknown", dec.Reason)
	case dec.Ruling != loam.RuleAllow && dec.Reason == ReasonOK:
		return dec, loam.Fail(loam.Invalid, "reason.needed")
	case utf8.RuneCountInString(dec.Note) > 2000:
		return dec, loam.Fail(loam.TooLarge, "note.too_long", 2000)
	}
	dec.Phrase = strings.TrimSpace(dec.Phrase)
	if n := utf8.RuneCountInString(dec.Phrase); dec.Phrase != "" && (n < phraseLeast || n > phraseMost || !d.Findable(dec.Phrase)) {
		return dec, loam.Fail(loam.Invalid, "claim.phrase_length", phraseLeast, phraseMost)
	}
	return d.Store.Decide(ctx, dec, token)
}

// Undo takes a ruling back within five seconds.
func (d Desk) Undo(ctx context.Context, reviewer, decision string) (loam.Case, error) {
	return d.Store.Undo(ctx, reviewer, decision)
}

// Apply lets a ruling take effect; the decide job calls it.
func (d Desk) Apply(ctx context.Context, decision string) error {
	return d.Store.Apply(ctx, decision)
}

// Sweep applies rulings whose job was lost.
func (d Desk) Sweep(ctx context.Context) error {
	ids, err := d.Store.Overdue(ctx)
	if err != nil {
		return err
	}
	for _, id := range ids {
		err = errors.Join(err, d.Store.Apply(ctx, id)) // one that fails holds up no other
	}
	return err
}

// Appeal challenges a refusal or removal, in the creator's words.
func (d Desk) Appeal(ctx context.Context, owner, version, text string) (loam.Appeal, error) {
	text = strings.TrimSpace(strings.ToValidUTF8(text, ""))
	if n := utf8.RuneCountInString(text); n == 0 || n > 2000 {
		return loam.Appeal{}, loam.Fail(loam.Invalid, "appeal.length", 2000)
	}
	return d.Store.FileAppeal(ctx, owner, version, text)
}
