package studio

import (
	"context"
	"slices"
	"strings"

	"loam"
)

// Edit is a change of a draft; what is nil stays.
type Edit struct {
	Revision int64
	Title    *string
	Body     *string
	Tags     *[]string
	Pages    *[]loam.Page
	Style    *string
	Brand    *loam.Brand // an empty one takes it off
	Pictures *[]loam.Picture
	Sound    *loam.Sound // an empty one takes it off
}

// Save applies an edit to the revision it was made on, and computes origins anew. An edit
// of an older revision is a Conflict: nobody's words are overwritten.
func (s *Studio) Save(ctx context.Context, owner, id string, e Edit) (Sheet, error) {
	return s.save(ctx, owner, id, e, loam.ActEdit)
}

func (s *Studio) save(ctx context.Context, owner, id string, e Edit, act loam.Act) (Sheet, error) {
	w, err := s.Store.Work(ctx, owner, id)
	if err != nil {
		return Sheet{}, err
	}
	if err := s.apply(ctx, &w, e); err != nil {
		return Sheet{}, err
	}
	if _, err := s.Store.SaveDraft(ctx, owner, id, e.Revision, w.Draft, act); err != nil {
		return Sheet{}, err
	}
	return s.Open(ctx, owner, id)
}

func (s *Studio) apply(ctx context.Context, w *loam.Work, e Edit) error {
	d := &w.Draft
	d.Before = nil // she went on: there is nothing to take back
	if e.Title != nil || e.Body != nil {
		was := loam.Plain(d.Title)
		if err := s.retrace(ctx, w, e); err != nil {
			return err
		}
		d.Pages = retitled(d.Pages, was, loam.Plain(d.Title))
	}
	if e.Tags != nil {
		d.Tags = clean(*e.Tags)
	}
	if e.Style != nil {
		if !slices.Contains(s.Styles, *e.Style) {
			return loam.Fail(loam.Invalid, "style.unknown", *e.Style)
		}
		d.Style = *e.Style
	}
	if e.Pictures != nil {
		d.Pictures = *e.Pictures
	}
	if e.Sound != nil {
		if err := e.Sound.Check(); err != nil {
			return err
		}
		if d.Sound = e.Sound; e.Sound.Asset == "" {
			d.Sound = nil
		}
	}
	if e.Brand != nil {
		if err := e.Brand.Check(); err != nil {
			return err
		}
		if d.Brand = e.Brand; *e.Brand == (loam.Brand{}) {
			d.Brand = nil
		}
	}
	if e.Pages != nil {
		for _, p := range *e.Pages {
			if err := p.Check(); err != nil {
				return err
			}
		}
		d.Pages = *e.Pages
	}
	return s.ownAssets(ctx, w.Owner, d)
}

// retitled lets a cover that shows the note's title show its new one.
func retitled(pages []loam.Page, was, now string) []loam.Page {
	if was == now || now == "" || len(pages) == 0 || pages[0].Kind != loam.PageCover {
		return pages
	}
	head, tail, _ := strings.Cut(was, "｜")
	cover := pages[0]
	if cover.Title != head && cover.Title != was {
		return pages // it says something of its own
	}
	first, second, _ := strings.Cut(now, "｜")
	cover.Title = first
	if rest, ok := strings.CutPrefix(cover.Sub, tail); ok && tail != "" {
		cover.Sub = strings.TrimLeft(second+rest, " ·")
	}
	pages = slices.Clone(pages)
	pages[0] = cover
	return pages
}

// retrace computes the origins of the edited title and body.
func (s *Studio) retrace(ctx context.Context, w *loam.Work, e Edit) error {
	generated, err := s.Store.Generated(ctx, w.Owner, loam.Recalled)
	if err != nil {
		return err
	}
	var words []string
	for _, s := range []*string{e.Title, e.Body} {
		if s != nil {
			words = append(words, *s)
		}
	}
	touched, err := s.touched(ctx, w.Owner, words, generated)
	if err != nil {
		return err
	}
	d := &w.Draft
	own := ownWords(*d)
	if e.Title != nil {
		title := strings.Join(strings.Fields(strings.ToValidUTF8(*e.Title, "")), " ")
		if runs, ok := s.proposed(*w, title); ok {
			d.Title = runs
		} else {
			d.Title = retrace(d.Title, title, own, touched)
		}
	}
	if e.Body != nil {
		d.Body = retrace(d.Body, strings.ToValidUTF8(strings.ReplaceAll(*e.Body, "\r\n", "\n"), ""), own, touched)
	}
	return nil
}

// touched are the model texts that could have given any of the words, with what each was
// given to read.
func (s *Studio) touched(ctx context.Context, owner string, words []string, generated []loam.Generation) ([]told, error) {
	out := touching(words, readAll(generated))
	for i, g := range out {
		whole, err := s.Store.Generation(ctx, owner, g.ID)
		if err != nil {
			return nil, err
		}
		out[i] = g.with(whole.Prompt)
	}
	return out, nil
}

// proposed gives the runs of a title that is one of the writer's proposals.
func (s *Studio) proposed(w loam.Work, title string) ([]loam.Run, bool) {
	a, err := s.Try(s.input(w))
	if err != nil {
		return nil, false
	}
	for _, t := range a.Titles {
		if t.Text == title {
			return runsOf(t.Parts, w.Draft.Borrowed), true
		}
	}
	return nil, false
}
