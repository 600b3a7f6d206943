package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"

	"loam"
	"loam/internal/gateway"
	"loam/internal/intake"
	"loam/internal/media"
	"loam/internal/screen"
	"loam/internal/store"
	"loam/internal/studio"
	"loam/internal/text"
	"loam/internal/web"
)

// intakeDesk is intake as web asks for it.
type intakeDesk struct{ *intake.Desk }

// TextAI is a draft's state under the installation's rules.
func (i intakeDesk) TextAI(d loam.Draft, declared bool) loam.AIState {
	return i.Desk.TextAI(d, declared)
}

// screenDesk is screening as web asks for it.
type screenDesk struct{ *screen.Screener }

// Policy is the policy in force.
func (s screenDesk) Policy() web.PolicyView {
	p := s.Screener.Policy()
	return web.PolicyView{Hash: p.Hash(), Text: p.Text()}
}

// Sentence is a rule's words.
func (s screenDesk) Sentence(rule, lang string) string {
	return s.Screener.Policy().Sentence(rule, lang)
}

// Judge judges a text, a picture's bytes, or both.
func (s screenDesk) Judge(ctx context.Context, id, text string, picture []byte) loam.Verdict {
	in := screen.Input{}
	if text != "" || picture == nil {
		in.Fields = []screen.Field{{Text: text}}
	}
	if picture != nil {
		in.Pictures = []*screen.Picture{screen.NewPicture(picture)}
	}
	return s.Alone(ctx, id, in)
}

// Detectors says how the detectors are.
func (s screenDesk) Detectors(ctx context.Context) []web.DetectorView {
	var out []web.DetectorView
	for _, d := range s.Screener.Detectors(ctx) {
		v := web.DetectorView{
			Name: d.Name, Version: d.Version, Health: "ok", Trouble: d.Trouble, Looks: d.Looks, Failed: d.Failed, Absent: d.Absent,
			Price: d.About.Cost, Cost: d.Cost, P50: d.P50.Microseconds(), P99: d.P99.Microseconds(),
		}
		switch {
		case errors.Is(d.Health, screen.ErrAbsent):
			v.Health, v.Trouble = "absent", d.Health.Error()
		case d.Health != nil:
			v.Health, v.Trouble = "failing", d.Health.Error()
		}
		out = append(out, v)
	}
	return out
}

// operateDesk is what operators see and do.
type operateDesk struct{ n *node }

func (o operateDesk) Figures(ctx context.Context) (loam.Figures, error) { return o.n.db.Figures(ctx) }

func (o operateDesk) DeadJobs(ctx context.Context, limit int) ([]loam.DeadJob, error) {
	return o.n.queue.DeadJobs(ctx, limit)
}

func (o operateDesk) Waiting(ctx context.Context) (map[string]int, error) {
	return o.n.queue.Waiting(ctx)
}

// RetryJob works a dead step again. A version that failed goes back to the beginning of
// the line, where both its stages run anew.
func (o operateDesk) RetryJob(ctx context.Context, id int64) (loam.DeadJob, error) {
	j, err := o.n.queue.Retry(ctx, id)
	if err != nil || j.Step == store.JobDecide {
		return j, err
	}
	if err := o.n.db.Retry(ctx, j.Ref); err != nil && loam.KindOf(err) != loam.Conflict {
		return j, err
	}
	return j, nil
}

func (o operateDesk) Phrases(ctx context.Context) ([]loam.Phrase, error) { return o.n.db.Phrases(ctx) }

func (o operateDesk) AddPhrases(ctx context.Context, by string, list []loam.Phrase) (int64, error) {
	return addPhrases(ctx, o.n.db, by, list)
}

func (o operateDesk) RemovePhrase(ctx context.Context, id string) error {
	return o.n.db.RemovePhrase(ctx, id)
}

// modelDesk is the language model as web asks for it.
type modelDesk struct{ n *node }

// promptOf is the studio's prompt as the gateway takes it.
func promptOf(p studio.Prompt) gateway.Prompt {
	return gateway.Prompt{System: p.System, User: p.User, MaxTokens: p.MaxTokens, Temperature: p.Temperature}
}

func (m modelDesk) Start(ctx context.Context, g loam.Generation, p studio.Prompt) (loam.Generation, error) {
	return m.n.model.Start(ctx, g, promptOf(p))
}

// Spend is what a call would cost and what of today's money is left.
func (m modelDesk) Spend(ctx context.Context, account string, p studio.Prompt) (web.Spend, error) {
	e := m.n.model.Estimate(promptOf(p))
	s := web.Spend{Tokens: e.Tokens, Likely: e.Likely, Most: e.Most, Priced: m.n.model.Model().Price > 0}
	var err error
	if s.Cap, err = m.n.dayCap(ctx); err != nil {
		return s, err
	}
	s.Opens = loam.DayStart(m.n.clock.Now()) + 24*60*60*1000
	s.Spent, err = m.n.db.Spent(ctx, account)
	return s, err
}

// SetCap sets how much one person may spend in a day.
func (m modelDesk) SetCap(ctx context.Context, micro int64) error {
	return m.n.db.SetSetting(ctx, "spend.day", strconv.FormatInt(micro, 10))
}

// Cap is how much one person may spend in a day.
func (m modelDesk) Cap(ctx context.Context) (int64, error) { return m.n.dayCap(ctx) }

// defaultDayCap is five yuan: some hundred drafts of a usual model.
const defaultDayCap = 5_000_000

func (n *node) dayCap(ctx context.Context) (int64, error) {
	v, err := n.db.Setting(ctx, "spend.day")
	if err != nil || v == "" {
		return defaultDayCap, err
	}
	return strconv.ParseInt(v, 10, 64)
}

func (m modelDesk) Stop(id string) { m.n.model.Stop(id) }

func (m modelDesk) Connected() web.ModelView {
	c := m.n.model.Model()
	return web.ModelView{URL: c.URL, Name: c.Name}
}

// Offered lists local models that were found.
func (m modelDesk) Offered(ctx context.Context) []web.ModelView {
	var out []web.ModelView
	for _, f := range m.n.model.Find(ctx) {
		out = append(out, web.ModelView{URL: f.URL, Name: f.Name})
	}
	return out
}

// Accept uses a model that was found, the configured one again, or none if name is empty. An
// address nobody offered is refused: only the configuration can name one.
func (m modelDesk) Accept(ctx context.Context, url, name string) error {
	var chosen, kept gateway.Model
	switch configured := m.n.config.model(); {
	case name == "":
	case url == configured.URL && name == configured.Name:
		chosen = configured // which is not kept beside the configuration
	default:
		for _, f := range m.n.model.Find(ctx) {
			if f.URL == url && f.Name == name {
				chosen, kept = f, f
			}
		}
		if chosen.Name == "" {
			return loam.Fail(loam.NotFound, "model.unknown")
		}
	}
	for setting, value := range map[string]string{"model.url": kept.URL, "model.name": kept.Name} {
		if err := m.n.db.SetSetting(ctx, setting, value); err != nil {
			return err
		}
	}
	m.n.model.Use(chosen)
	return nil
}

// Try makes one small real call.
func (m modelDesk) Try(ctx context.Context) (string, error) {
	return m.n.model.TryConnected(ctx)
}

func (c *config) model() gateway.Model {
	return gateway.Model{URL: c.ModelURL, Name: c.ModelName, Key: c.ModelKey, Price: c.ModelPrice}
}

// guard asks the configured guard model, if there is one.
func (n *node) guard() screen.Guard {
	m := gateway.Model{URL: n.config.GuardURL, Name: n.config.GuardName, Key: n.config.GuardKey}
	g := screen.Guard{Model: m.Name, Cost: n.config.GuardCost}
	if m.URL != "" {
		g.Ask = func(ctx context.Context, text string) (string, error) { return n.model.Judge(ctx, m, text) }
	}
	return g
}

// chooseModel uses the configured model, else the one an operator accepted.
func (n *node) chooseModel(ctx context.Context) error {
	m := n.config.model()
	if m.URL == "" {
		var err error
		if m.URL, err = n.db.Setting(ctx, "model.url"); err != nil {
			return err
		}
		if m.Name, err = n.db.Setting(ctx, "model.name"); err != nil {
			return err
		}
	}
	n.model.Use(m)
	return nil
}

// limitsOf makes the limits detector of a platform profile.
func limitsOf(p text.Profile) func(loam.Content) []loam.Finding {
	return func(c loam.Content) []loam.Finding {
		var out []loam.Finding
		if c.Form != loam.FormNote {
			return nil // intake let in what has room; a note's limits are not a comment's
		}
		for _, k := range studio.Unfit(p, c.Title, c.Body, c.Tags, c.Pages) {
			if k.Level == studio.LevelFix {
				out = append(out, loam.Finding{
					Risk: loam.Limits, Field: k.Field, Start: k.Start, End: k.End, Score: 1, Tier: loam.TierBlock,
					Facts: map[string]string{"rule": k.Rule, "count": strconv.Itoa(k.End - k.Start)},
				})
			}
		}
		return out
	}
}

// thumbnail gives a small JPEG of a stored picture, kept beside the blobs: it is a function
// of them and may be deleted at any time.
func (n *node) thumbnail(ctx context.Context, hash string, edge int) ([]byte, error) {
	file := filepath.Join(n.config.Data, "cache", hash+"."+strconv.Itoa(edge)+".jpg")
	if b, err := os.ReadFile(file); err == nil && len(b) > 0 {
		return b, nil
	}
	var small []byte
	err := n.gate.run(ctx, func() error {
		b, err := n.blobs.Read(hash)
		if err == nil {
			small, err = media.Thumbnail(b, edge)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	if err := keep(file, small); err != nil {
		n.log.WarnContext(ctx, "keep thumbnail", "error", err) // it is drawn anew next time
	}
	return small, nil
}

// warm makes the small picture of a version's cover before anybody asks for it.
func (n *node) warm(ctx context.Context, version string) {
	v, err := n.db.Version(ctx, version)
	if err != nil || len(v.Labels) < 2 {
		return // it is drawn when it is asked for
	}
	if _, err := n.thumbnail(ctx, v.Labels[1].Result, web.ThumbEdge); err != nil {
		n.log.WarnContext(ctx, "small picture", "version", version, "error", err)
	}
}

func keep(file string, b []byte) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return err
	}
	aside := file + "." + loam.NewSecret()
	if err := os.WriteFile(aside, b, 0o600); err != nil {
		return err
	}
	return os.Rename(aside, file)
}
