package studio

import (
	"context"
	"maps"
	"slices"
	"strings"

	"loam"
)

// The parts of a note that can be asked for again by themselves.
const (
	PartTitle = "title"
	PartBody  = "body"
	PartTags  = "tags"
	PartPages = "pages"
)

// Turn is a new arrangement: another kind, answers to the questions, another attempt, other
// choices (nil keeps them). Part asks for one part again, whatever became of it, and keeps
// the others; then the rest of the turn is not read.
type Turn struct {
	Revision int64
	Kind     loam.NoteKind
	Answers  []loam.Answer
	Attempt  int
	Choices  *loam.Choices
	Part     string
}

// again arranges one part anew and keeps the others. What stood there comes back by Undo.
func (s *Studio) again(ctx context.Context, w loam.Work, turn Turn) (Sheet, error) {
	d := &w.Draft
	d.Before = before(*d)
	if turn.Part == PartTitle {
		d.Attempt++
	} else {
		d.Choices.Again = maps.Clone(d.Choices.Again)
		if d.Choices.Again == nil {
			d.Choices.Again = map[string]int{}
		}
		d.Choices.Again[turn.Part]++
	}
	if turn.Part == PartBody {
		if err := s.dress(ctx, w.Owner, &d.Choices); err != nil {
			return Sheet{}, err
		}
	}
	a, err := s.Try(s.input(w))
	if err != nil {
		return Sheet{}, err
	}
	switch turn.Part {
	case PartTitle:
		d.Title = firstTitle(a, d.Borrowed)
	case PartBody:
		d.Body = runsOf(a.BodyParts, d.Borrowed)
	case PartTags:
		d.Tags = tagNames(a)
	case PartPages:
		d.Pages = withPhotos(a.Pages, d.Pages, s.Profile.PagesMax)
	default:
		return Sheet{}, loam.Fail(loam.Invalid, "part.unknown")
	}
	if _, err := s.Store.SaveDraft(ctx, w.Owner, w.ID, turn.Revision, *d, loam.ActAgain); err != nil {
		return Sheet{}, err
	}
	return s.Open(ctx, w.Owner, w.ID)
}

// withPhotos keeps the pages that show a picture of hers, behind the new ones.
func withPhotos(fresh, old []loam.Page, most int) []loam.Page {
	var photos []loam.Page
	for _, p := range old {
		if p.Asset != "" {
			photos = append(photos, p)
		}
	}
	return slices.Concat(fresh[:max(1, min(len(fresh), most-len(photos)))], photos)
}

// Rearrange arranges the idea again. What she edited by hand stays hers: title, body, tags
// and pages are replaced only where they still are what the writer proposed; an answer to
// an edited body is added as its own line.
func (s *Studio) Rearrange(ctx context.Context, owner, id string, turn Turn) (Sheet, error) {
	w, err := s.Store.Work(ctx, owner, id)
	if err != nil {
		return Sheet{}, err
	}
	if turn.Part != "" {
		return s.again(ctx, w, turn)
	}
	before, err := s.Try(s.input(w))
	if err != nil {
		return Sheet{}, err
	}
	d := &w.Draft
	answered := fresh(d.Answers, turn.Answers)
	if err := s.borrow(ctx, owner, d, turn.Answers); err != nil {
		return Sheet{}, err
	}
	d.Kind, d.Answers, d.Attempt, d.Before = turn.Kind, orEmpty(turn.Answers), turn.Attempt, nil
	if turn.Choices != nil {
		d.Choices = chosen(*turn.Choices, d.Choices)
	}
	after, err := s.Try(s.input(w))
	if err != nil {
		return Sheet{}, err
	}
	d.Kind = after.Kind
	if slices.ContainsFunc(before.Titles, func(t Title) bool { return t.Text == loam.Plain(d.Title) }) {
		d.Title = firstTitle(after, d.Borrowed)
	}
	if loam.Plain(d.Body) == before.Body {
		d.Body = runsOf(after.BodyParts, d.Borrowed)
	} else {
		for _, a := range answered {
			answer := Part{Text: a.Text, From: a.Slot, End: len(a.Text)}
			d.Body = append(d.Body, loam.Run{Text: "\n", Origin: loam.ByPerson})
			d.Body = append(d.Body, runsOf([]Part{answer}, d.Borrowed)...)
		}
	}
	if slices.Equal(d.Tags, tagNames(before)) {
		d.Tags = tagNames(after)
	}
	if samePages(d.Pages, before.Pages) {
		d.Pages = after.Pages
	}
	if _, err := s.Store.SaveDraft(ctx, owner, id, turn.Revision, *d, loam.ActArrange); err != nil {
		return Sheet{}, err
	}
	return s.Open(ctx, owner, id)
}

// borrow finds what of new answers a model wrote; what was found of kept ones stays. What
// she wrote herself before is hers, even where a model echoed it since.
func (s *Studio) borrow(ctx context.Context, owner string, d *loam.Draft, answers []loam.Answer) error {
	generated, err := s.Store.Generated(ctx, owner, loam.Recalled)
	if err != nil {
		return err
	}
	said := readAll(generated)
	elsewhere, err := s.elsewhere(ctx, owner, touching(answerTexts(answers), said))
	if err != nil {
		return err
	}
	own := ownWords(*d) + elsewhere
	var out []loam.Borrowed
	for _, b := range d.Borrowed {
		kept := func(a loam.Answer) bool { return a.Slot == b.From && slices.Contains(d.Answers, a) }
		if b.From == "idea" || slices.ContainsFunc(answers, kept) {
			out = append(out, b)
		}
	}
	for _, a := range fresh(d.Answers, answers) {
		out = append(out, borrowed(a.Slot, a.Text, own, said)...)
	}
	d.Borrowed = out
	return nil
}

// elsewhere is what she wrote herself in the works of these model texts: who begins anew
// with an idea that a model once echoed wrote it all the same.
func (s *Studio) elsewhere(ctx context.Context, owner string, touched []told) (string, error) {
	var own strings.Builder
	seen := map[string]bool{}
	for _, g := range touched {
		if seen[g.Work] {
			continue
		}
		seen[g.Work] = true
		w, err := s.Store.Work(ctx, owner, g.Work)
		if loam.KindOf(err) == loam.NotFound {
			continue // deleted, and her words with it
		}
		if err != nil {
			return "", err
		}
		own.WriteString("\n" + ownWords(w.Draft))
	}
	return own.String(), nil
}

func answerTexts(answers []loam.Answer) []string {
	var out []string
	for _, a := range answers {
		out = append(out, a.Text)
	}
	return out
}
