// Package community is what readers do: see the feed, search, open a note, talk about it,
// like it, report it; and what its creator learns of that.
//
// It stands apart from publishing because readers decide nothing: a report opens a case for
// people, it never removes by itself, and a comment goes out by the same door as a note.
//
// Its invariants: every list asks what its creator allows (the feed and related notes ask
// recommend; search, topics and creators' pages ask index), no page of the feed holds more
// model-made notes than the operator's share, and who read what is never kept.
package community

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"loam"
	"loam/internal/ledger"
)

// Store is what readers touch.
type Store interface {
	Feed(ctx context.Context, made bool, from loam.Place, limit int) ([]loam.Release, error)
	ByWork(ctx context.Context, work string) (loam.Release, error)
	ByCreator(ctx context.Context, owner string, herself bool, from loam.Place, limit int) ([]loam.Release, error)
	ByTopic(ctx context.Context, topic string, from loam.Place, limit int) ([]loam.Release, error)
	Related(ctx context.Context, work string, limit int) ([]loam.Release, error)
	Search(ctx context.Context, words []loam.Sought, offset, limit int) ([]loam.Release, error)
	TopicsLike(ctx context.Context, prefix string, limit int) ([]string, error)

	Comments(ctx context.Context, note, parent string, from loam.Place, limit int) ([]loam.Comment, error)
	Comment(ctx context.Context, work string) (loam.Comment, error)
	Unseen(ctx context.Context, account, note string, limit int) ([]loam.Comment, error)
	Discussion(ctx context.Context, note string) (count int, open bool, err error)
	SetDiscussion(ctx context.Context, owner, note string, open bool) error

	React(ctx context.Context, account, work string, kind loam.Reaction, on bool) error
	Reactions(ctx context.Context, account, work string) (map[loam.Reaction]int64, []loam.Reaction, error)
	AddViews(ctx context.Context, list []loam.Views) error
	ViewsSince(ctx context.Context, owner, work, day string) ([]loam.Views, error)
	Tallies(ctx context.Context, owner string, limit int) ([]loam.Tally, error)

	Exposure(ctx context.Context, day string) (total, human int64, err error)
	RecentTitles(ctx context.Context, limit int) ([]string, error)
	FirstReleases(ctx context.Context, accounts []string) (map[string]int64, error)
	Record(ctx context.Context, since int64) (loam.Record, error)
	NoticeFigures(ctx context.Context) (ledger.NoticeFigures, error)

	FileReport(ctx context.Context, r loam.Report) (loam.Report, error)
	Feedback(ctx context.Context, work, account, answer string) error
	Setting(ctx context.Context, name string) (string, error)
	SetSetting(ctx context.Context, name, value string) error
}

// Square is where notes are read. Topics gives the community's topics, most used first; it
// may be nil. Views counts what is read, Glass keeps the public figures.
type Square struct {
	Store  Store
	Clock  loam.Clock
	Topics func() []string
	Views  *Counter
	Glass  *Glass
}

// Note is what a viewer may see of a work: what has the audience "me" exists for its owner
// only, a comment for whoever may see its note.
func (s Square) Note(ctx context.Context, viewer, work string) (loam.Release, error) {
	r, err := s.Store.ByWork(ctx, work)
	if err != nil {
		return r, err
	}
	c := r.Version.Content
	if c.Form == loam.FormComment {
		if _, err := s.Note(ctx, viewer, c.On); err != nil {
			return loam.Release{}, err
		}
	}
	if c.Audience == loam.OnlyMe && r.Version.Owner != viewer {
		return loam.Release{}, loam.Fail(loam.NotFound, "note.not_found")
	}
	return r, nil
}

// Report records a reader's complaint about a note, a comment or a profile.
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

// React sets or takes back a reader's like or collect.
func (s Square) React(ctx context.Context, account, work string, kind loam.Reaction, on bool) error {
	if !slices.Contains(loam.Reactions(), kind) {
		return loam.Fail(loam.Invalid, "reaction.unknown")
	}
	if _, err := s.Note(ctx, account, work); err != nil {
		return err
	}
	return s.Store.React(ctx, account, work, kind, on)
}
