package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"loam"
	"loam/internal/gateway"
	"loam/internal/outbound"
	"loam/internal/policy"
	"loam/internal/screen"
	"loam/internal/studio"
	"loam/internal/text"
)

// maxIdea bounds an idea in characters, as the studio does.
const maxIdea = 60_000

// draftCmd makes a draft of an idea without a server and keeps nothing.
type draftCmd struct {
	Idea   string `help:"The idea; - reads it from standard input." required:"" placeholder:"TEXT"`
	Kind   string `help:"Kind of note (shop, tutorial …); guessed if not given." placeholder:"KIND"`
	Writer string `help:"offline, or a model's name at LOAM_MODEL_URL." default:"offline" placeholder:"offline|MODEL"`
	JSON   bool   `help:"One JSON object, as whenever the output is not a terminal."`
}

// drafted is the draft. Asks are the questions whose answers would make it better.
type drafted struct {
	Titles []string `json:"titles"`
	Body   string   `json:"body"`
	Tags   []string `json:"tags"`
	Asks   []string `json:"asks"`
	Kind   string   `json:"kind"`
	Writer string   `json:"writer"`
	// What follows is the offline writer's: where each piece of the body comes from, what to
	// look at, the pages, what was left out, what could be worked out, and where in the idea a
	// further note has to begin (a byte offset, 0 for none).
	Parts   []studio.Part    `json:"parts"`
	Checks  []studio.Check   `json:"checks"`
	Pages   []loam.Page      `json:"pages"`
	Cut     []studio.Cut     `json:"cut"`
	Derived []studio.Derived `json:"derived"`
	Form    string           `json:"form"`
	Rest    int              `json:"rest"`
}

// Run writes the draft.
func (c *draftCmd) Run(a *app) error {
	if c.Idea == "-" {
		b, err := a.read("-", maxIdea*utf8.UTFMax)
		if err != nil {
			return err
		}
		c.Idea = strings.TrimRight(string(b), "\r\n") // the shell's, not hers
	}
	if utf8.RuneCountInString(c.Idea) > maxIdea {
		return loam.Fail(loam.TooLarge, "idea.too_long", maxIdea)
	}
	kind := loam.NoteKind(c.Kind)
	if c.Kind != "" && !slices.Contains(loam.NoteKinds(), kind) {
		return fmt.Errorf("%w: no kind is called %q; they are %s", errUse, c.Kind, kindNames())
	}
	arranged, err := studio.Arrange(studio.Input{Idea: c.Idea, Kind: kind})
	if err != nil {
		return err
	}
	out := drafted{
		Titles: []string{}, Tags: []string{}, Asks: []string{}, Kind: string(arranged.Kind), Writer: c.Writer, Form: arranged.Form,
		Parts: []studio.Part{}, Checks: []studio.Check{}, Pages: []loam.Page{}, Cut: []studio.Cut{}, Derived: []studio.Derived{},
	}
	if c.Writer == "offline" {
		out.fill(arranged)
	} else if err := out.ask(a, c.Idea); err != nil {
		return err
	}
	if c.JSON || !a.terminal() {
		return a.json(out)
	}
	return out.print(a.out)
}

func kindNames() string {
	var names []string
	for _, k := range loam.NoteKinds() {
		names = append(names, string(k))
	}
	return strings.Join(names, ", ")
}

func (d *drafted) fill(a studio.Arranged) {
	for _, t := range a.Titles {
		d.Titles = append(d.Titles, t.Text)
	}
	for _, t := range a.Tags {
		d.Tags = append(d.Tags, t.Name)
	}
	for _, q := range a.Asks {
		d.Asks = append(d.Asks, q.Text)
	}
	d.Body, d.Parts, d.Pages, d.Cut, d.Derived, d.Rest = a.Body, a.BodyParts, a.Pages, a.Cut, a.Derived, a.Rest
	d.Checks = append(d.Checks, a.Checks...)
	if len(a.Titles) > 0 {
		d.Checks = append(d.Checks, studio.Checks(text.Xiaohongshu(), a.Titles[0].Text, a.Body, d.Tags, a.Pages)...)
	}
}

func (d *drafted) print(w io.Writer) error {
	var b strings.Builder
	for _, t := range d.Titles {
		fmt.Fprintln(&b, "·", t)
	}
	fmt.Fprintf(&b, "\n%s\n", d.Body)
	if len(d.Tags) > 0 {
		fmt.Fprintf(&b, "\n#%s\n", strings.Join(d.Tags, " #"))
	}
	for i, q := range d.Asks {
		if i == 0 {
			fmt.Fprintln(&b)
		}
		fmt.Fprintln(&b, "?", q)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// ask has the model write. It goes through the gateway like every call: the prompt is
// scanned before it leaves, the answer before anybody sees it.
func (d *drafted) ask(a *app, idea string) error {
	m := gateway.Model{URL: a.getenv("LOAM_MODEL_URL"), Name: d.Writer, Key: a.getenv("LOAM_MODEL_KEY")}
	if m.URL == "" {
		return fmt.Errorf("%w: --writer %s needs LOAM_MODEL_URL, the base of an OpenAI-compatible endpoint (…/v1)", errUse, d.Writer)
	}
	p, err := policy.Parse(policy.Default())
	if err != nil {
		return err
	}
	clock := loam.Clock(time.Now)
	call := &oneCall{ended: make(chan loam.Generation, 1), progress: progressOf(a)}
	g := gateway.New(gateway.Config{
		Store: call, Client: outbound.Operator(), Scan: screen.New(screen.Config{Policy: p, Clock: clock}).Passes,
		Clock: clock, Log: slog.New(slog.NewTextHandler(a.err, nil)), Quiet: time.Minute, Longest: 10 * time.Minute,
	})
	defer g.Close()
	g.Use(m)
	prompt, err := studio.PromptOf(studio.Order{Purpose: studio.PurposeDraft, Draft: loam.Draft{Idea: idea}})
	if err != nil {
		return err
	}
	gen, err := g.Start(a.ctx, loam.Generation{ID: loam.NewID(clock()), Purpose: "draft", Key: loam.NewSecret()}, promptOf(prompt))
	if err != nil {
		return err
	}
	select {
	case gen = <-call.ended:
	case <-a.ctx.Done():
		g.Stop(gen.ID)
		gen = <-call.ended
	}
	if gen.State != loam.Done {
		if strings.TrimSpace(gen.Text) != "" { // it may have been paid for
			fmt.Fprintf(a.err, "loam: this much came:\n%s\n", gen.Text)
		}
		return loam.Fail(loam.Unavailable, gen.Error)
	}
	answer := studio.ReadModel(gen.Text)
	d.Titles, d.Body, d.Tags = answer.Titles, answer.Body, answer.Tags
	return nil
}

// oneCall is the record of a single model call that nobody keeps.
type oneCall struct {
	ended    chan loam.Generation
	progress func(characters int)
}

// BeginGeneration takes the call as new.
func (o *oneCall) BeginGeneration(_ context.Context, g loam.Generation, _ int64) (loam.Generation, bool, error) {
	return g, true, nil
}

// KeepGeneration tells how far it is.
func (o *oneCall) KeepGeneration(_ context.Context, _, text string) error {
	o.progress(utf8.RuneCountInString(text))
	return nil
}

// EndGeneration hands the finished call over.
func (o *oneCall) EndGeneration(_ context.Context, g loam.Generation) error {
	o.ended <- g
	return nil
}

// progressOf shows on a terminal how many characters came; elsewhere nothing.
func progressOf(a *app) func(int) {
	file, ok := a.err.(*os.File)
	if !ok || !isTerminal(file) {
		return func(int) {}
	}
	return func(n int) { fmt.Fprintf(file, "\r%d 字 ", n) }
}
