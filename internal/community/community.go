// Package community is what readers do: see the feed, open a note, report it.
//
// It stands apart from publishing because readers need no account and decide nothing: a
// report opens a case for people, it never removes by itself.
package community

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"loam"
)

// Store is what readers touch.
type Store interface {
	Feed(ctx context.Context, before int64, beforeVersion string, limit int) ([]loam.Release, error)
	ByWork(ctx context.Context, work string) (loam.Release, error)
	FileReport(ctx context.Context, r loam.Report) (loam.Report, error)
	Feedback(ctx context.Context, work, account, answer string) error
}

// Square is where notes are read.
type Square struct{ Store Store }

// Page is how many notes one page of the feed holds.
const Page = 24

// Feed gives the page after a cursor.
func (s Square) Feed(ctx context.Context, before int64, beforeVersion string) ([]loam.Release, error) {
	return s.Store.Feed(ctx, before, beforeVersion, Page)
}

// Note is what a viewer may see of a work: a note of audience "me" exists for its owner only.
func (s Square) Note(ctx context.Context, viewer, work string) (loam.Release, error) {
	r, err := s.Store.ByWork(ctx, work)
	if err != nil {
		return r, err
	}
	if r.Version.Content.Audience == loam.OnlyMe && r.Version.Owner != viewer {
		return loam.Release{}, loam.Fail(loam.NotFound, "note.not_found")
	}
	return r, nil
}

// Report records a reader's complaint about a note.
func (s Square) Report(ctx context.Context, r loam.Report) (loam.Report, error) {
	r.Text = strings.TrimSpace(strings.ToValidUTF8(r.Text, ""))
	r.Contact = strings.TrimSpace(strings.ToValidUTF8(r.Contact, ""))
	switch {
	case !slices.Contains(loam.Risks(), r.Risk):
		return r, loam.Fail(loam.Invalid, "report.reason")
	case utf8.RuneCountInString(r.Text) > 1000 || utf8.RuneCountInString(r.Contact) > 200:
		return r, loam.Fail(loam.TooLarge, "report.too_long", 1000)
	}
	return s.Store.FileReport(ctx, r)
}

// Answers to 这次用得顺吗.
const (
	Smooth = "smooth"
	Soso   = "soso"
	Rough  = "rough"
)

// Feedback records how publishing felt.
func (s Square) Feedback(ctx context.Context, work, account, answer string) error {
	if !slices.Contains([]string{Smooth, Soso, Rough}, answer) {
		return loam.Fail(loam.Invalid, "feedback.unknown", answer)
	}
	if r, err := s.Store.ByWork(ctx, work); err != nil || r.Version.Owner != account {
		return loam.Fail(loam.NotFound, "work.not_found").Because(err)
	}
	return s.Store.Feedback(ctx, work, account, answer)
}
