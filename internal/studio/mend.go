package studio

import (
	"context"

	"loam"
)

// Mended is what a draft would be within the platform's limits.
type Mended struct {
	Title string      `json:"title"`
	Body  string      `json:"body"`
	Tags  []string    `json:"tags"`
	Pages []loam.Page `json:"pages"`
}

// Mending shows what Mend would make of a draft, and changes nothing.
func (s *Studio) Mending(ctx context.Context, owner, id string) (Mended, error) {
	w, err := s.Store.Work(ctx, owner, id)
	if err != nil {
		return Mended{}, err
	}
	var m Mended
	m.Title, m.Body, m.Tags, m.Pages = Repair(s.Profile, loam.Plain(w.Draft.Title), loam.Plain(w.Draft.Body), w.Draft.Tags, w.Draft.Pages)
	return m, nil
}

// Mend brings everything within the platform's limits in one step.
func (s *Studio) Mend(ctx context.Context, owner, id string, revision int64) (Sheet, error) {
	m, err := s.Mending(ctx, owner, id)
	if err != nil {
		return Sheet{}, err
	}
	return s.save(ctx, owner, id, Edit{Revision: revision, Title: &m.Title, Body: &m.Body, Tags: &m.Tags, Pages: &m.Pages}, loam.ActMend)
}
