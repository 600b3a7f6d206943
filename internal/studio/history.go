package studio

import (
	"context"

	"loam"
)

// Restore brings a draft back as it was at an earlier revision. It is an edit like any
// other: what it replaces stays in the history, and an edit made meanwhile is a Conflict.
func (s *Studio) Restore(ctx context.Context, owner, id string, revision, earlier int64) (Sheet, error) {
	d, err := s.Store.Earlier(ctx, owner, id, earlier)
	if err != nil {
		return Sheet{}, err
	}
	if err := s.ownAssets(ctx, owner, &d); err != nil {
		return Sheet{}, err
	}
	if _, err := s.Store.SaveDraft(ctx, owner, id, revision, d, loam.ActRestore); err != nil {
		return Sheet{}, err
	}
	return s.Open(ctx, owner, id)
}

// Shape is what a template keeps of a work; its own photos stay with the work.
func (s *Studio) Shape(ctx context.Context, owner, id string, pages bool) (loam.TemplateForm, error) {
	w, err := s.Store.Work(ctx, owner, id)
	if err != nil {
		return loam.TemplateForm{}, err
	}
	f := loam.TemplateForm{Kind: w.Draft.Kind, Style: w.Draft.Style, Brand: w.Draft.Brand, Tags: orEmpty(w.Draft.Tags), Pages: []loam.Page{}}
	if pages {
		for _, p := range w.Draft.Pages {
			if p.Asset == "" {
				f.Pages = append(f.Pages, p)
			}
		}
	}
	return f, nil
}
