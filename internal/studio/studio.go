package studio

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"

	"loam"
	"loam/internal/text"
)

// Store is what the studio keeps.
type Store interface {
	CreateWork(ctx context.Context, owner, key string, d loam.Draft) (string, error)
	Work(ctx context.Context, owner, id string) (loam.Work, error)
	SaveDraft(ctx context.Context, owner, work string, revision int64, d loam.Draft, act loam.Act) (int64, error)
	Generated(ctx context.Context, account string, limit int) ([]loam.Generation, error)
	Generation(ctx context.Context, account, id string) (loam.Generation, error)
	Asset(ctx context.Context, owner, id string) (loam.Asset, error)
	Earlier(ctx context.Context, owner, work string, revision int64) (loam.Draft, error)
	Persona(ctx context.Context, account string) (loam.PersonaEdits, error)
	SavePersona(ctx context.Context, account string, e loam.PersonaEdits) error
	DeletePersona(ctx context.Context, account string) error
	Styled(ctx context.Context, account string, limit int) ([]loam.Styled, error)
}

// Studio is the creation tools of signed-in people. Styles are the names of the cover
// styles, the first is the default.
type Studio struct {
	Store     Store
	Profile   text.Profile
	Community func() Community
	Styles    []string
}

// maxIdea bounds an idea in characters: the longest article anyone pastes, and no more.
const maxIdea = 60_000

// Sheet is a work on the studio table: the draft, what the offline writer proposes for
// it, and what is to be mended before it can go out.
type Sheet struct {
	Work     loam.Work
	Arranged Arranged
	Checks   []Check
	Share    loam.Share
	Marks    []Merit // of the title as it is
}

// Try arranges an idea without keeping anything, for somebody not signed in.
func (s *Studio) Try(in Input) (Arranged, error) {
	if utf8.RuneCountInString(in.Idea) > maxIdea {
		return Arranged{}, loam.Fail(loam.TooLarge, "idea.too_long", maxIdea)
	}
	in.Community = s.Community()
	return Arrange(in.showable())
}

// showable is an input without what must not stand among others' words, which a paste may
// bring along unseen.
func (in Input) showable() Input {
	in.Idea, in.Answers = text.Showable(in.Idea), slices.Clone(in.Answers)
	for i := range in.Answers {
		in.Answers[i].Text = text.Showable(in.Answers[i].Text)
	}
	return in
}

// Begin makes a work from an idea. The key makes it idempotent: a double click begins one.
func (s *Studio) Begin(ctx context.Context, owner, key string, in Input) (Sheet, error) {
	in = in.showable()
	in.Account = owner
	in.Choices = chosen(in.Choices, loam.Choices{})
	if err := s.dress(ctx, owner, &in.Choices); err != nil {
		return Sheet{}, err
	}
	a, err := s.Try(in)
	if err != nil {
		return Sheet{}, err
	}
	d := loam.Draft{Kind: a.Kind, Idea: in.Idea, Answers: orEmpty(in.Answers), Attempt: in.Attempt, Choices: in.Choices, Style: s.Styles[0], Pictures: []loam.Picture{}, Writer: "offline"}
	generated, err := s.Store.Generated(ctx, owner, loam.Recalled)
	if err != nil {
		return Sheet{}, err
	}
	said := readAll(generated)
	elsewhere, err := s.elsewhere(ctx, owner, touching(append(answerTexts(d.Answers), d.Idea), said))
	if err != nil {
		return Sheet{}, err
	}
	d.Borrowed = borrowed("idea", d.Idea, elsewhere, said)
	own := ownWords(d) + elsewhere
	for _, answer := range d.Answers {
		d.Borrowed = append(d.Borrowed, borrowed(answer.Slot, answer.Text, own, said)...)
	}
	d.Title, d.Body, d.Tags, d.Pages = firstTitle(a, d.Borrowed), runsOf(a.BodyParts, d.Borrowed), tagNames(a), a.Pages
	id, err := s.Store.CreateWork(ctx, owner, key, d)
	if err != nil {
		return Sheet{}, err
	}
	return s.Open(ctx, owner, id)
}

// Open lays a work on the table.
func (s *Studio) Open(ctx context.Context, owner, id string) (Sheet, error) {
	w, err := s.Store.Work(ctx, owner, id)
	if err != nil {
		return Sheet{}, err
	}
	in := s.input(w)
	if in.Recent, err = s.recent(ctx, owner, id); err != nil {
		return Sheet{}, err
	}
	a, err := s.Try(in)
	if err != nil && loam.KindOf(err) != loam.Invalid {
		return Sheet{}, err
	}
	d := w.Draft
	in.Community = s.Community()
	return Sheet{
		Marks: Judge(in, loam.Plain(d.Title)),
		Work:  w, Arranged: a, Share: loam.ShareOf(d.Title, d.Body),
		Checks: Checks(s.Profile, loam.Plain(d.Title), loam.Plain(d.Body), d.Tags, d.Pages),
	}, nil
}

// recentTitles is how many of her own titles a new one is held against.
const recentTitles = 5

// recent are the titles of her other published notes.
func (s *Studio) recent(ctx context.Context, owner, work string) ([]string, error) {
	styled, err := s.Store.Styled(ctx, owner, recentTitles+1)
	var out []string
	for _, n := range styled {
		if n.Work != work && len(out) < recentTitles {
			out = append(out, n.Content.Title)
		}
	}
	return out, err
}

func (s *Studio) input(w loam.Work) Input {
	in := inputOf(w.Draft)
	in.Account = w.Owner
	return in
}

// chosen are the choices a client may make, with the rest as it was.
func chosen(c, was loam.Choices) loam.Choices {
	was.Me = c.Me
	was.Lines = slices.DeleteFunc(slices.Clone(c.Lines), func(n int) bool { return n < 0 || n > maxIdea })
	was.Derived = slices.DeleteFunc(slices.Clone(c.Derived), func(code string) bool { return len(code) > 40 })
	return was
}

func firstTitle(a Arranged, b []loam.Borrowed) []loam.Run {
	if len(a.Titles) == 0 {
		return []loam.Run{}
	}
	return runsOf(a.Titles[0].Parts, b)
}

func tagNames(a Arranged) []string {
	out := []string{}
	for _, t := range a.Tags {
		out = append(out, t.Name)
	}
	return out
}

// fresh are the answers that were not there before.
func fresh(before, after []loam.Answer) []loam.Answer {
	var out []loam.Answer
	for _, a := range after {
		if !slices.Contains(before, a) && strings.TrimSpace(a.Text) != "" {
			out = append(out, a)
		}
	}
	return out
}

// samePages compares what would be stored: an empty list of lines is none.
func samePages(a, b []loam.Page) bool {
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && bytes.Equal(x, y)
}

func clean(tags []string) []string {
	out := []string{}
	for _, t := range tags {
		t = strings.Join(strings.Fields(strings.TrimLeft(strings.ToValidUTF8(t, ""), "#＃")), "")
		if t != "" && !slices.Contains(out, t) {
			out = append(out, t)
		}
	}
	return out
}

func orEmpty[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}
