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
	Start(ctx context.Context, g loam.Generation, p studio.Prompt) (loam.Generation, error)
	Spend(ctx context.Context, account string, p studio.Prompt) (Spend, error)
	Cap(ctx context.Context) (int64, error)
	SetCap(ctx context.Context, micro int64) error
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

// Spend is what a model call would cost and what of today's money is left, all in
// micro-yuan: Likely for an answer of the usual length, Most as it is reserved. Opens is
// when the next legal day (Asia/Shanghai) begins. Priced is false where no price is known,
// as with a local engine; then all sums are 0.
type Spend struct {
	Tokens int64 `json:"tokens"` // of the prompt, by our own count
	Likely int64 `json:"likely"`
	Most   int64 `json:"most"`
	Priced bool  `json:"priced"`
	Spent  int64 `json:"spent"`
	Cap    int64 `json:"cap"` // 0: none
	Opens  int64 `json:"opens"`
}

// DayCap is how much one person may spend in a legal day, micro-yuan, 0 for no cap.
type DayCap struct {
	Cap int64 `json:"cap" minimum:"0" maximum:"1000000000000"`
}

// GenerationLine is a model call in the list of a note: what it was for and what it cost.
type GenerationLine struct {
	ID      string               `json:"id"`
	Purpose string               `json:"purpose"`
	Model   string               `json:"model"`
	State   loam.GenerationState `json:"state"`
	Tokens  int64                `json:"tokens"`
	Cost    int64                `json:"cost"` // micro-yuan
	Started int64                `json:"started"`
	Ended   int64                `json:"ended"`
	Params  map[string]string    `json:"params"`
}

// purposed is what a model is asked for. End 0 is the whole field.
type purposed struct {
	Purpose string `json:"purpose,omitempty" enum:"draft,title,body,tags,pages,rewrite,expand,warmer,plainer" doc:"draft if not given"`
	Field   string `json:"field,omitempty" enum:"title,body" doc:"Of a rewrite"`
	Start   int    `json:"start,omitempty" minimum:"0" maximum:"1000000" doc:"Bytes of UTF-8"`
	End     int    `json:"end,omitempty" minimum:"0" maximum:"1000000"`
}

func (p *purposed) order(ctx context.Context, s *Server, work string) (string, studio.Prompt, map[string]string, error) {
	if p == nil {
		p = &purposed{}
	}
	purpose := p.Purpose
	if purpose == "" {
		purpose = studio.PurposeDraft
	}
	prompt, params, err := s.Studio.Order(ctx, callerOf(ctx).id(), work, purpose, studio.Stretch{Field: p.Field, Start: p.Start, End: p.End})
	return purpose, prompt, params, err
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
		Key  string `header:"Idempotency-Key" minLength:"8" maxLength:"64" required:"true" doc:"The same key never calls the model twice"`
		Body *purposed
	}
	op(s, "POST", "/api/works/{id}/generations", "generate", "Ask the connected model for a draft, for one part of it, or for a rewrite of a stretch", func(ctx context.Context, in *ask) (*body[GenerationView], error) {
		c := callerOf(ctx)
		if !s.slow.allow("model " + c.id()) {
			return nil, loam.Fail(loam.Limited, "request.too_often")
		}
		purpose, prompt, params, err := in.Body.order(ctx, s, in.ID)
		if err != nil {
			return nil, err
		}
		g, err := s.Model.Start(ctx, loam.Generation{Account: c.id(), Work: in.ID, Purpose: purpose, Key: in.Key, Params: params}, prompt)
		return answer(generationView(c.lang, g), err)
	})
	type price struct {
		Ref
		Body *purposed
	}
	op(s, "POST", "/api/works/{id}/cost", "cost", "What a model call would cost, before it is made", func(ctx context.Context, in *price) (*body[Spend], error) {
		_, prompt, _, err := in.Body.order(ctx, s, in.ID)
		if err != nil {
			return nil, err
		}
		return answer(s.Model.Spend(ctx, callerOf(ctx).id(), prompt))
	})
	op(s, "GET", "/api/works/{id}/generations", "list-generations", "The model calls of a work, newest first, and what each cost", func(ctx context.Context, in *Ref) (*body[[]GenerationLine], error) {
		list, err := s.Library.Generations(ctx, callerOf(ctx).id(), in.ID, 100)
		lines := []GenerationLine{}
		for _, g := range list {
			lines = append(lines, GenerationLine{g.ID, g.Purpose, g.Model, g.State, g.Tokens, g.Cost, g.Started, g.Ended, g.Params})
		}
		return answer(lines, err)
	})
	op(s, "GET", "/api/operate/spend", "day-cap", "How much one person may spend in a day", func(ctx context.Context, _ *struct{}) (*body[DayCap], error) {
		micro, err := s.Model.Cap(ctx)
		return answer(DayCap{micro}, err)
	})
	type setCap struct{ Body DayCap }
	op(s, "PUT", "/api/operate/spend", "set-day-cap", "Set how much one person may spend in a day; 0 is no cap", func(ctx context.Context, in *setCap) (*body[DayCap], error) {
		return answer(in.Body, s.Model.SetCap(ctx, in.Body.Cap))
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
