package web

import (
	"loam"
	"loam/internal/text"
)

// counters counts a draft by the platform's own rules.
func (s *Server) counters(title, body string, tags []string, pages []loam.Page) Counters {
	p := s.Studio.Profile
	return Counters{
		Title: Counter{text.TitleLength(title), p.TitleMax}, Body: Counter{text.BodyLength(body), p.BodyMax},
		Tags: Counter{len(tags), p.TagsMax}, Pages: Counter{len(pages), p.PagesMax},
	}
}
