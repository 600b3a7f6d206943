package web

import (
	"context"
	"strconv"

	"loam"
	"loam/internal/moderation"
)

// Screen is what web asks of screening.
type Screen interface {
	Text(ctx context.Context, id, text string) loam.Verdict
	// Judge judges a text, a picture's bytes, or both.
	Judge(ctx context.Context, id, text string, picture []byte) loam.Verdict
	// Likely is how likely each risk is that a calibrated model speaks of.
	Likely(text string) map[loam.Risk]float64
	Detectors(ctx context.Context) []DetectorView
	Policy() PolicyView
	Sentence(rule, lang string) string // a rule's words
}

// PolicyView is the policy in force.
type PolicyView struct {
	Hash string `json:"hash"`
	Text string `json:"text"`
}

// DetectorView is a detector as the operator sees it, since the server started. Latencies are
// of the last 512 looks, in microseconds; costs are micro-yuan.
type DetectorView struct {
	Name    string `json:"name"`
	Version string `json:"version"`
	Health  string `json:"health" enum:"ok,absent,failing"`
	Trouble string `json:"trouble"` // what ails it, or ailed it last
	Looks   int64  `json:"looks"`
	Failed  int64  `json:"failed"`
	Absent  int64  `json:"absent"` // looks that a part not installed did not have
	Price   int64  `json:"price"`  // of one look
	Cost    int64  `json:"cost"`   // of all
	P50     int64  `json:"p50"`
	P99     int64  `json:"p99"`
}

// Operate is what operators see and do.
type Operate interface {
	Figures(ctx context.Context) (loam.Figures, error)
	DeadJobs(ctx context.Context, limit int) ([]loam.DeadJob, error)
	Waiting(ctx context.Context) (map[string]int, error)
	RetryJob(ctx context.Context, id int64) (loam.DeadJob, error)
	Phrases(ctx context.Context) ([]loam.Phrase, error)
	AddPhrases(ctx context.Context, by string, list []loam.Phrase) (int64, error)
	RemovePhrase(ctx context.Context, id string) error
}

// Jobs is the queue: how many steps wait, and which gave up.
type Jobs struct {
	Waiting map[string]int `json:"waiting"`
	Dead    []loam.DeadJob `json:"dead"`
}

// Models are the model in use and the local ones that were found.
type Models struct {
	Connected ModelView   `json:"connected"`
	Offered   []ModelView `json:"offered"`
}

func (s *Server) operateRoutes() {
	op(s, "GET", "/api/operate/figures", "figures", "The operator's counts now", func(ctx context.Context, _ *struct{}) (*body[loam.Figures], error) {
		return answer(s.Operate.Figures(ctx))
	})
	op(s, "GET", "/api/operate/jobs", "jobs", "Steps that wait and steps that gave up", func(ctx context.Context, _ *struct{}) (*body[Jobs], error) {
		dead, err := s.Operate.DeadJobs(ctx, 100)
		if err != nil {
			return nil, err
		}
		waiting, err := s.Operate.Waiting(ctx)
		return answer(Jobs{Waiting: waiting, Dead: dead}, err)
	})
	type job struct {
		ID string `path:"id" maxLength:"20"`
	}
	op(s, "POST", "/api/operate/jobs/{id}/retry", "retry-job", "Work a dead step again", func(ctx context.Context, in *job) (*body[loam.DeadJob], error) {
		n, err := strconv.ParseInt(in.ID, 10, 64)
		if err != nil {
			return nil, loam.Fail(loam.NotFound, "job.not_found")
		}
		return answer(s.Operate.RetryJob(ctx, n))
	})
	op(s, "GET", "/api/operate/policy", "policy", "The policy in force", func(context.Context, *struct{}) (*body[PolicyView], error) {
		return &body[PolicyView]{s.Screen.Policy()}, nil
	})
	op(s, "GET", "/api/operate/detectors", "detectors", "The detectors: health, latency, cost", func(ctx context.Context, _ *struct{}) (*body[[]DetectorView], error) {
		return &body[[]DetectorView]{s.Screen.Detectors(ctx)}, nil
	})
	s.phraseRoutes()
	s.settingRoutes()
	op(s, "GET", "/api/operate/models", "models", "The connected model, and local ones that were found", func(ctx context.Context, _ *struct{}) (*body[Models], error) {
		m := Models{Connected: s.Model.Connected(), Offered: s.Model.Offered(ctx)}
		if m.Offered == nil {
			m.Offered = []ModelView{}
		}
		return &body[Models]{m}, nil
	})
	type accept struct{ Body ModelView }
	op(s, "PUT", "/api/operate/model", "accept-model", "Use a local model that was found; an empty name disconnects", func(ctx context.Context, in *accept) (*body[ModelView], error) {
		if err := s.Model.Accept(ctx, in.Body.URL, in.Body.Name); err != nil {
			return nil, err
		}
		return &body[ModelView]{s.Model.Connected()}, nil
	})
	type said struct {
		Said string `json:"said"`
	}
	op(s, "POST", "/api/operate/model/test", "test-model", "Make one small real call", func(ctx context.Context, _ *struct{}) (*body[said], error) {
		text, err := s.Model.Try(ctx)
		return answer(said{text}, err)
	})
	type screened struct {
		Body struct {
			ID   string `json:"id,omitempty" maxLength:"200"`
			Text string `json:"text" maxLength:"1000000"`
		}
	}
	op(s, "POST", "/api/screen", "screen-text", "Screen a text: findings with their places, and the verdict", func(ctx context.Context, in *screened) (*body[loam.Verdict], error) {
		return answer(s.judgeOne(ctx, in.Body.ID, moderation.Item{Text: in.Body.Text}))
	})
}

func (s *Server) phraseRoutes() {
	op(s, "GET", "/api/operate/phrases", "list-phrases", "The standing phrases", func(ctx context.Context, _ *struct{}) (*body[[]loam.Phrase], error) {
		return answer(s.Operate.Phrases(ctx))
	})
	type newPhrase struct {
		Text string    `json:"text" minLength:"1" maxLength:"200"`
		Risk loam.Risk `json:"risk"`
		Tier loam.Tier `json:"tier" enum:"block,review,signal"`
	}
	type add struct {
		Body struct {
			Source  string      `json:"source" maxLength:"200"`
			Phrases []newPhrase `json:"phrases" maxItems:"10000"`
		}
	}
	type changed struct {
		Changed int64 `json:"changed"`
	}
	op(s, "POST", "/api/operate/phrases", "add-phrases", "Add phrases to the standing list", func(ctx context.Context, in *add) (*body[changed], error) {
		list := make([]loam.Phrase, len(in.Body.Phrases))
		for i, p := range in.Body.Phrases {
			list[i] = loam.Phrase{Text: p.Text, Risk: p.Risk, Tier: p.Tier, Source: in.Body.Source}
		}
		n, err := s.Operate.AddPhrases(ctx, callerOf(ctx).id(), list)
		return answer(changed{n}, err)
	})
	op(s, "DELETE", "/api/operate/phrases/{id}", "remove-phrase", "Remove a phrase", func(ctx context.Context, in *Ref) (*struct{}, error) {
		return nil, s.Operate.RemovePhrase(ctx, in.ID)
	})
}

// FeedSettings is how the feed is made up.
type FeedSettings struct {
	MostMade int `json:"most_made_percent" minimum:"0" maximum:"100" doc:"The greatest share of model-made notes on any page of the feed, in percent"`
}

func (s *Server) settingRoutes() {
	op(s, "GET", "/api/settings/feed", "get-feed-settings", "How the feed is made up", func(ctx context.Context, _ *struct{}) (*body[FeedSettings], error) {
		n, err := s.Square.Share(ctx)
		return answer(FeedSettings{n}, err)
	})
	op(s, "PUT", "/api/settings/feed", "put-feed-settings", "Set the greatest share of model-made notes in the feed", func(ctx context.Context, in *body[FeedSettings]) (*body[FeedSettings], error) {
		return answer(in.Body, s.Square.SetShare(ctx, in.Body.MostMade))
	})
}

func itoa(n int) string { return strconv.Itoa(n) }
