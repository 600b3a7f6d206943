// Package gateway speaks to language models, and is the only part that does.
//
// It stands apart because a model call costs money and its text is a stranger's: a call
// is committed before it is sent, made at most once per idempotency key and never
// repeated by a machine; a prompt is scanned before it leaves, and text reaches a person
// only after the scan, sentence by sentence.
package gateway

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"log/slog"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"loam"
)

// Model is an OpenAI-compatible endpoint: URL is its base (…/v1), Name the model, Key the
// bearer token, empty for a local engine. Price is micro-yuan per 1,000 tokens, 0 if unknown.
type Model struct {
	URL   string
	Name  string
	Key   string
	Price int64
}

// Store is what the gateway keeps of a call.
type Store interface {
	BeginGeneration(ctx context.Context, g loam.Generation, dayCap int64) (loam.Generation, bool, error)
	KeepGeneration(ctx context.Context, id, text string) error
	EndGeneration(ctx context.Context, g loam.Generation) error
}

// Scan reports whether a text may pass: the phrase scan of screening.
type Scan func(text string) bool

// Config is what a Gateway needs. Cap gives how much one person may spend in a legal day, in
// micro-yuan, 0 for no cap; nil is no cap. Quiet is how long a model may say nothing; Longest how
// long a whole answer may take.
type Config struct {
	Store  Store
	Client *http.Client
	Scan   Scan
	// May is nil for a prompt that an account may send, else why not; a nil May lets all pass.
	May     func(ctx context.Context, account, prompt string) error
	Clock   loam.Clock
	Log     *slog.Logger
	Cap     func(context.Context) (int64, error)
	Quiet   time.Duration
	Longest time.Duration
}

// maxText bounds what is kept of one answer, in bytes.
const maxText = 64 << 10

// Gateway makes model calls. Close ends those that run.
type Gateway struct {
	Config
	mu     sync.Mutex
	model  Model
	calls  sync.WaitGroup
	ctx    context.Context //nolint:containedctx // the life of calls that outlive their request
	cancel context.CancelFunc
	stops  map[string]context.CancelFunc
}

// New makes a Gateway without a model.
func New(c Config) *Gateway {
	if c.Quiet == 0 {
		c.Quiet = 30 * time.Second
	}
	if c.Longest == 0 {
		c.Longest = 3 * time.Minute
	}
	ctx, cancel := context.WithCancel(context.Background())
	return &Gateway{Config: c, ctx: ctx, cancel: cancel, stops: map[string]context.CancelFunc{}}
}

// Use sets the model for calls from now on; an empty URL means none.
func (g *Gateway) Use(m Model) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.model = m
}

// Model is the model in use, its key left out.
func (g *Gateway) Model() Model {
	m := g.current()
	m.Key = ""
	return m
}

func (g *Gateway) current() Model {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.model
}

// Close stops running calls and waits for their records.
func (g *Gateway) Close() {
	g.cancel()
	g.calls.Wait()
}

// Stop ends one running call; what came is kept.
func (g *Gateway) Stop(id string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if stop, ok := g.stops[id]; ok {
		stop()
	}
}

// Prompt is what is asked: the rules, and the person's text as data. MaxTokens bounds the
// answer, Temperature (0 to 2, as text) how freely it is worded; "" leaves that to the model.
type Prompt struct {
	System      string
	User        string
	MaxTokens   int
	Temperature string
}

// mostTokens is the bound of an answer that names none.
const mostTokens = 3000

func (p Prompt) most() int {
	if p.MaxTokens <= 0 {
		return mostTokens
	}
	return p.MaxTokens
}

// sent is the prompt as it is kept and hashed.
func (p Prompt) sent() string { return p.System + "\n" + p.User }

// tokens is our own count of a text: a Han character is about one, four letters are one.
func tokens(s string) int64 {
	units := int64(0)
	for _, r := range s {
		if r < 0x2E80 {
			units++
		} else {
			units += 4
		}
	}
	return (units + 3) / 4
}

// Estimate is what a call would come to: by the length of the prompt and an answer of the
// usual length, and at most.
type Estimate struct {
	Tokens int64 // of the prompt
	Likely int64 // micro-yuan
	Most   int64 // micro-yuan: what is reserved
}

// Estimate counts a prompt before anything is sent; all is 0 where no price is known.
func (g *Gateway) Estimate(p Prompt) Estimate {
	return g.current().estimate(p)
}

func (m Model) estimate(p Prompt) Estimate {
	n := tokens(p.sent())
	return Estimate{Tokens: n, Likely: m.cost(n + int64(p.most())/3), Most: m.cost(n + int64(p.most()))}
}

// cost is the price of some tokens, rounded up.
func (m Model) cost(tokens int64) int64 { return (tokens*m.Price + 999) / 1000 }

// Start begins a model call for an account's work and returns at once; the text is read
// from the store as it comes. The same key gives the call that was made: a reload, a
// crash or a double click never pays twice.
func (g *Gateway) Start(ctx context.Context, gen loam.Generation, p Prompt) (loam.Generation, error) {
	m := g.current()
	if m.URL == "" {
		return gen, loam.Fail(loam.Conflict, "model.none")
	}
	if gen.Key == "" {
		return gen, loam.Fail(loam.Invalid, "generation.key")
	}
	if !g.Scan(p.User) {
		return gen, loam.Fail(loam.Invalid, "prompt.blocked")
	}
	if g.May != nil {
		if err := g.May(ctx, gen.Account, p.User); err != nil {
			return gen, err
		}
	}
	dayCap := int64(0)
	if g.Cap != nil {
		var err error
		if dayCap, err = g.Cap(ctx); err != nil {
			return gen, err
		}
	}
	gen.Model, gen.Prompt, gen.Input, gen.Cost = m.Name, p.sent(), digest(p.sent()), m.estimate(p).Most
	gen.Params = maps.Clone(gen.Params)
	if gen.Params == nil {
		gen.Params = map[string]string{}
	}
	gen.Params["max_tokens"] = strconv.Itoa(p.most())
	if p.Temperature != "" {
		gen.Params["temperature"] = p.Temperature
	}
	gen, fresh, err := g.Store.BeginGeneration(ctx, gen, dayCap)
	if err != nil || !fresh {
		return gen, err
	}
	call, stop := context.WithTimeout(g.ctx, g.Longest)
	g.mu.Lock()
	g.stops[gen.ID] = stop
	g.mu.Unlock()
	g.calls.Go(func() {
		defer stop()
		g.run(call, m, gen, p)
		g.mu.Lock()
		delete(g.stops, gen.ID)
		g.mu.Unlock()
	})
	return gen, nil
}

// run makes the one upstream call and settles its record whatever happens.
func (g *Gateway) run(ctx context.Context, m Model, gen loam.Generation, p Prompt) {
	gate := &sentences{scan: g.Scan, keep: func(text string) error {
		return g.Store.KeepGeneration(context.WithoutCancel(ctx), gen.ID, text)
	}}
	used, err := g.stream(ctx, m, p, gate.write)
	if err == nil {
		err = gate.end()
	}
	gen.Text, gen.Tokens = gate.passed(), used
	gen.State, gen.Error = settle(ctx, err)
	if used == 0 && !refused(gen) { // a server that reports no usage is settled by our own count
		gen.Tokens = tokens(p.sent()) + tokens(gate.seen())
	}
	gen.Cost = m.cost(gen.Tokens)
	gen.Output = digest(gen.Text)
	if err := g.Store.EndGeneration(context.WithoutCancel(ctx), gen); err != nil {
		g.Log.ErrorContext(ctx, "settle model call", "generation", gen.ID, "error", err)
	}
	if err != nil {
		g.Log.WarnContext(ctx, "model call", "generation", gen.ID, "model", m.Name, "state", gen.State, "error", err)
	}
}

// refused reports a call the model never took on: it costs nothing.
func refused(gen loam.Generation) bool {
	switch gen.Error {
	case "model.unreachable", "model.limited", "model.key", "model.not_found", "model.refused":
		return gen.Text == ""
	}
	return false
}

func settle(ctx context.Context, err error) (loam.GenerationState, string) {
	switch {
	case err == nil:
		return loam.Done, ""
	case errors.Is(err, errWithheld):
		return loam.Withheld, "generation.withheld"
	case errors.Is(ctx.Err(), context.Canceled):
		return loam.Stopped, "generation.stopped"
	case loam.KindOf(err) != loam.Internal:
		return loam.Broken, loam.CodeOf(err)
	default:
		return loam.Broken, "model.unreachable"
	}
}

func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

var errWithheld = errors.New("the scan withheld the text")

// sentences is the first gate: text is held until its sentence ends, scanned together
// with what passed before it, and only then kept where a person can read it.
type sentences struct {
	scan func(string) bool
	keep func(string) error
	text strings.Builder
	held strings.Builder
}

func (s *sentences) write(chunk string) error {
	if s.text.Len()+s.held.Len()+len(chunk) > maxText {
		return loam.Fail(loam.TooLarge, "model.too_long")
	}
	s.held.WriteString(chunk)
	held := s.held.String()
	if end := lastSentence(held); end > 0 {
		return s.pass(held, end)
	}
	return nil
}

func (s *sentences) end() error { return s.pass(s.held.String(), s.held.Len()) }

func (s *sentences) pass(held string, end int) error {
	all := s.text.String() + held[:end]
	// The tail before the new sentence is scanned again, so that a phrase across the
	// border is seen; 200 bytes exceed any phrase of a list.
	from := max(0, s.text.Len()-200)
	for from > 0 && all[from]&0xC0 == 0x80 {
		from--
	}
	if !s.scan(all[from:]) {
		return errWithheld
	}
	s.text.WriteString(held[:end])
	s.held.Reset()
	s.held.WriteString(held[end:])
	return s.keep(all)
}

func (s *sentences) passed() string { return s.text.String() }

// seen is all that came, also what was held back: it was paid for.
func (s *sentences) seen() string { return s.text.String() + s.held.String() }

// lastSentence is the end of the last whole sentence in s, 0 if there is none.
func lastSentence(s string) int {
	end := 0
	for i, r := range s {
		switch r {
		case '。', '！', '？', '；', '\n', '!', '?':
			end = i + len(string(r))
		}
	}
	return end
}
