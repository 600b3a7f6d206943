package web

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"loam"
	"loam/internal/community"
)

// ReactionsView are the counts of a note's reactions, and which are the caller's.
type ReactionsView struct {
	Likes     int64 `json:"likes"`
	Collects  int64 `json:"collects"`
	Liked     bool  `json:"liked"`
	Collected bool  `json:"collected"`
}

// reactionView is one button under a note.
type reactionView struct {
	Kind  loam.Reaction
	Count int64
	On    bool
}

func (s *Server) reactions(ctx context.Context, work string) ([]reactionView, error) {
	counts, own, err := s.Square.Store.Reactions(ctx, callerOf(ctx).id(), work)
	var out []reactionView
	for _, k := range loam.Reactions() {
		out = append(out, reactionView{k, counts[k], slices.Contains(own, k)})
	}
	return out, err
}

func (s *Server) reactionsView(ctx context.Context, work string) (ReactionsView, error) {
	list, err := s.reactions(ctx, work)
	var v ReactionsView
	for _, r := range list {
		switch r.Kind {
		case loam.Like:
			v.Likes, v.Liked = r.Count, r.On
		case loam.Collect:
			v.Collects, v.Collected = r.Count, r.On
		}
	}
	return v, err
}

// MeasureView is a public figure with its words.
type MeasureView struct {
	community.Measure
	Name string `json:"name"`
	How  string `json:"how"` // how it is computed
	// Proof is where the log lies that it is computed from, "" for what the database says.
	Proof string `json:"proof,omitempty"`
}

// Transparency are the public figures at a moment.
type Transparency struct {
	At      int64         `json:"at"`
	Figures []MeasureView `json:"figures"`
}

func (s *Server) transparency(ctx context.Context, lang string) (Transparency, error) {
	t := Transparency{Figures: []MeasureView{}}
	list, err := s.Square.Transparency(ctx)
	for _, m := range list {
		t.At = m.To
		v := MeasureView{Measure: m, Name: sentence(lang, "glass."+m.Code), How: sentence(lang, "glass."+m.Code+".how")}
		if strings.HasPrefix(m.Code, "notices") && s.Ledger != nil {
			v.Proof = "/log/checkpoint"
		}
		t.Figures = append(t.Figures, v)
	}
	return t, err
}

func (s *Server) figureRoutes() {
	op(s, "GET", "/api/works/{id}/reactions", "reactions", "How often a note was liked and collected", func(ctx context.Context, in *Ref) (*body[ReactionsView], error) {
		if _, err := s.discussed(ctx, in.ID); err != nil {
			return nil, err
		}
		return answer(s.reactionsView(ctx, in.ID))
	})
	type react struct {
		Ref
		Kind string `path:"kind" enum:"like,collect"`
		Body struct {
			On bool `json:"on"`
		}
	}
	op(s, "PUT", "/api/works/{id}/reactions/{kind}", "put-reaction", "Like or collect a note, or take it back", func(ctx context.Context, in *react) (*body[ReactionsView], error) {
		if err := s.Square.React(ctx, callerOf(ctx).id(), in.ID, loam.Reaction(in.Kind), in.Body.On); err != nil {
			return nil, err
		}
		return answer(s.reactionsView(ctx, in.ID))
	})
	s.handle("POST /p/{work}/react", s.form(func(r *http.Request) error {
		return s.Square.React(r.Context(), callerOf(r.Context()).id(), r.PathValue("work"), loam.Reaction(r.PostForm.Get("kind")), r.PostForm.Get("on") == "yes")
	}))
	op(s, "GET", "/api/figures", "creator-figures", "What one's own notes met with, against one's own median", func(ctx context.Context, _ *struct{}) (*body[community.NoteFigures], error) {
		return answer(s.Square.Figures(ctx, callerOf(ctx).id(), ""))
	})
	op(s, "GET", "/api/works/{id}/figures", "note-figures", "The same with the days and sources of one note", func(ctx context.Context, in *Ref) (*body[community.NoteFigures], error) {
		return answer(s.Square.Figures(ctx, callerOf(ctx).id(), in.ID))
	})
	op(s, "GET", "/api/transparency", "transparency", "The public figures: each with its moment, unit and how it is computed", func(ctx context.Context, _ *struct{}) (*body[Transparency], error) {
		return answer(s.transparency(ctx, callerOf(ctx).lang))
	})
	s.handle("GET /transparency", func(w http.ResponseWriter, r *http.Request) {
		t, err := s.transparency(r.Context(), langOf(r))
		if err != nil {
			s.failPage(w, r, err)
			return
		}
		s.render(w, r, http.StatusOK, "transparency.html", view{Title: sentence(langOf(r), "glass.title"), Data: t})
	})
}
