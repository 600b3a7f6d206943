package web

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"loam"
	"loam/internal/studio"
)

// Model is the connected language model, if there is one.
type Model interface {
	Start(ctx context.Context, g loam.Generation, system, user string) (loam.Generation, error)
	Stop(id string)
	Connected() ModelView
	Offered(ctx context.Context) []ModelView
	Accept(ctx context.Context, url, name string) error
	Try(ctx context.Context) (string, error)
}

// ModelView is a model without its key.
type ModelView struct {
	URL  string `json:"url"`
	Name string `json:"name"` // "" where none is connected
}

// GenerationView is a model call and what can be read out of its answer so far.
type GenerationView struct {
	loam.Generation
	Draft   studio.ModelDraft `json:"draft"`
	Message string            `json:"message"` // what went wrong and what to do; "" if nothing
}

func generationView(lang string, g loam.Generation) GenerationView {
	v := GenerationView{Generation: g, Draft: studio.ReadModel(g.Text)}
	if g.Error != "" {
		v.Message = sentence(lang, g.Error)
	}
	return v
}

func (s *Server) modelRoutes() {
	type ask struct {
		Ref
		Key string `header:"Idempotency-Key" minLength:"8" maxLength:"64" required:"true" doc:"The same key never calls the model twice"`
	}
	op(s, "POST", "/api/works/{id}/generations", "generate", "Ask the connected model for a draft", func(ctx context.Context, in *ask) (*body[GenerationView], error) {
		c := callerOf(ctx)
		if !s.slow.allow("model " + c.id()) {
			return nil, loam.Fail(loam.Limited, "request.too_often")
		}
		w, err := s.Studio.Store.Work(ctx, c.id(), in.ID)
		if err != nil {
			return nil, err
		}
		system, user := studio.ModelPrompt(w.Draft)
		g, err := s.Model.Start(ctx, loam.Generation{Account: c.id(), Work: w.ID, Purpose: "draft", Key: in.Key}, system, user)
		return answer(generationView(c.lang, g), err)
	})
	op(s, "GET", "/api/generations/{id}", "get-generation", "A model call and its text so far", func(ctx context.Context, in *Ref) (*body[GenerationView], error) {
		c := callerOf(ctx)
		g, err := s.Library.Generation(ctx, c.id(), in.ID)
		return answer(generationView(c.lang, g), err)
	})
	op(s, "POST", "/api/generations/{id}/stop", "void-stop-generation", "Stop a model call; what came is kept", func(ctx context.Context, in *Ref) (*struct{}, error) {
		g, err := s.Library.Generation(ctx, callerOf(ctx).id(), in.ID)
		if err == nil {
			s.Model.Stop(g.ID)
		}
		return nil, err
	})
	s.handle("GET /api/generations/{id}/events", s.generationEvents)
}

// generationEvents streams a call's stored text. The event id is the length sent so far,
// so a reload goes on where it was (Last-Event-ID) and never calls again.
func (s *Server) generationEvents(w http.ResponseWriter, r *http.Request) {
	c := callerOf(r.Context())
	sent, err := strconv.Atoi(r.Header.Get("Last-Event-ID"))
	if err != nil || sent < 0 {
		sent = 0
	}
	g, err := s.Library.Generation(r.Context(), c.id(), r.PathValue("id"))
	if err != nil {
		s.fail(w, r, err)
		return
	}
	stream := startStream(w)
	for {
		if sent > len(g.Text) {
			sent = 0
		}
		if len(g.Text) > sent {
			if !stream.send("text", strconv.Itoa(len(g.Text)), g.Text[sent:]) {
				return
			}
			sent = len(g.Text)
		}
		if g.State != loam.Calling {
			stream.send("end", strconv.Itoa(sent), generationView(c.lang, g))
			return
		}
		if !stream.wait(r.Context(), 150*time.Millisecond) {
			return
		}
		if g, err = s.Library.Generation(r.Context(), c.id(), g.ID); err != nil {
			return // the stream breaks; the client asks again and learns why
		}
	}
}
