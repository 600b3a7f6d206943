package main

import (
	"context"
	"runtime/debug"
	"time"

	"loam"
	"loam/internal/demo"
	"loam/internal/store"
)

// fillDemo fills the seeded community: what the first screen and the review desk need now,
// the rest behind the server's back.
func (n *node) fillDemo(ctx context.Context) error {
	return demo.Fill(ctx, world{n})
}

// fillRest fills in what lies below the first screen.
func (n *node) fillRest(ctx context.Context) {
	err := world{n}.profiles(ctx)
	if err == nil {
		err = demo.Later(ctx, world{n})
	}
	if err != nil && ctx.Err() == nil {
		n.log.ErrorContext(ctx, "fill the rest of the demo", "error", err)
	}
	if err := demo.Traces(ctx, world{n}, n.clock()); err != nil && ctx.Err() == nil {
		n.log.ErrorContext(ctx, "let readers into the demo", "error", err)
	}
	debug.FreeOSMemory() // a server that now rests would keep what drawing took for minutes
}

// world takes the demo's notes down the real line: uploads, submission, screening, labels.
// Its people are invented, so their confirmations are too: this is the one place beside
// package publish that records one, and only `serve --demo` comes here.
type world struct{ n *node }

var _ demo.World = world{}

// Filled reports whether a stage was filled before.
func (w world) Filled(ctx context.Context, stage string) (bool, error) {
	v, err := w.n.db.Setting(ctx, stage)
	return v != "", err
}

// MarkFilled remembers a stage.
func (w world) MarkFilled(ctx context.Context, stage string) error {
	return w.n.db.SetSetting(ctx, stage, "filled")
}

// CreateAccount stores a demo person; she has no password and signs in by one click.
func (w world) CreateAccount(ctx context.Context, a loam.Account) (loam.Account, error) {
	a.Demo = true
	made, err := w.n.db.CreateAccount(ctx, a, "")
	if loam.KindOf(err) == loam.Conflict {
		made, _, err = w.n.db.AccountByHandle(ctx, a.Handle)
	}
	return made, err
}

// profiles takes what the people are called down the line, so that it can be reported and
// taken down like anybody's.
func (w world) profiles(ctx context.Context) error {
	c, err := demo.Load()
	if err != nil {
		return err
	}
	for _, p := range c.People {
		a, _, err := w.n.db.AccountByHandle(ctx, p.Handle)
		if err != nil {
			return err
		}
		if _, err := w.n.db.Profile(ctx, a.ID); loam.KindOf(err) != loam.NotFound {
			continue // she has one, maybe of her own
		}
		v, err := w.n.intake.Profile(ctx, a.ID, a.Name, a.Bio)
		if err == nil {
			err = w.settle(ctx, v.ID)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Publish takes a note as far as it goes by itself.
func (w world) Publish(ctx context.Context, owner loam.Account, note demo.Note, pictures []demo.Picture) (demo.Published, error) {
	p := demo.Published{}
	work, err := w.draft(ctx, owner, note, pictures)
	if err != nil {
		return p, err
	}
	p.Work = work.ID
	if note.Unfinished {
		return p, nil
	}
	v := work.Latest
	if v == nil {
		choice := note.Choice()
		choice.Revision = work.Revision
		made, err := w.n.intake.Submit(ctx, owner.ID, work.ID, choice)
		if err != nil {
			return p, err
		}
		v = &made
	}
	if err := w.settle(ctx, v.ID); err != nil {
		return p, err
	}
	at := w.n.clock().Add(-note.Ago).UnixMilli()
	if err := w.n.db.Backdate(ctx, work.ID, at); err != nil {
		return p, err
	}
	now, err := w.n.db.Version(ctx, v.ID)
	p.Version, p.State = now.ID, now.State
	return p, err
}

// draft makes the work with its pictures, or finds the one an earlier try made.
func (w world) draft(ctx context.Context, owner loam.Account, note demo.Note, pictures []demo.Picture) (loam.Work, error) {
	id, err := w.n.db.CreateWork(ctx, owner.ID, note.Key, note.Draft(map[int]string{}, ""))
	if err != nil {
		return loam.Work{}, err
	}
	work, err := w.n.db.Work(ctx, owner.ID, id)
	if err != nil || work.Revision > 1 || work.Latest != nil {
		return work, err
	}
	assets := map[int]string{}
	for _, p := range pictures {
		a, err := w.n.intake.Accept(ctx, owner.ID, p.JPEG)
		if err != nil {
			return work, err
		}
		assets[p.Page] = a.ID
	}
	generation := ""
	if note.Model {
		if generation, err = w.generation(ctx, owner, id, note); err != nil {
			return work, err
		}
	}
	if _, err := w.n.db.SaveDraft(ctx, owner.ID, id, work.Revision, note.Draft(assets, generation), loam.ActEdit); err != nil {
		return work, err
	}
	return w.n.db.Work(ctx, owner.ID, id)
}

// generation records the call a model-made note would have come from.
func (w world) generation(ctx context.Context, owner loam.Account, work string, note demo.Note) (string, error) {
	g, _, err := w.n.db.BeginGeneration(ctx, loam.Generation{Account: owner.ID, Work: work, Purpose: "draft", Key: "demo." + note.Key, Model: "示例模型"}, 0)
	if err != nil {
		return "", err
	}
	g.State, g.Text, g.Tokens = loam.Done, note.Body, int64(len([]rune(note.Body)))
	return g.ID, w.n.db.EndGeneration(ctx, g)
}

// settle runs the stages the queue would run, and confirms for an invented person.
func (w world) settle(ctx context.Context, version string) error {
	workers := w.n.workers()
	for _, step := range []string{store.JobScreen, store.JobLabel} {
		run, cancel := context.WithTimeout(ctx, time.Minute)
		err := workers[step].Work(run, version)
		cancel()
		if err != nil {
			return err
		}
	}
	v, err := w.n.db.Version(ctx, version)
	if err != nil || v.ConfirmedAt > 0 || v.State != loam.Cleared && v.State != loam.Held {
		return err
	}
	_, err = w.n.db.Confirm(ctx, v.Owner, v.ID, v.ReleaseHash)
	return err
}

// Report files a reader's complaint. A note that screening holds has its case already, and
// no reader saw it.
func (w world) Report(ctx context.Context, r loam.Report) error {
	v, err := w.n.db.Version(ctx, r.Version)
	if err != nil || v.State != loam.Released {
		return err
	}
	_, err = w.n.db.FileReport(ctx, r)
	return err
}

// Remove takes a work down as an operator does.
func (w world) Remove(ctx context.Context, by loam.Account, work string, r demo.Removal) error {
	err := w.n.db.Takedown(ctx, by.ID, work, string(r.Risk), r.Note)
	if err != nil {
		return err
	}
	return w.n.db.BackdateDecision(ctx, work, w.before(r.Ago), r.Waited.Milliseconds(), 0)
}

// before is a moment so long ago.
func (w world) before(ago time.Duration) int64 { return w.n.clock().Add(-ago).UnixMilli() }

// waiting is the open case of a work, leased by a reviewer; ok is false if none is open.
func (w world) waiting(ctx context.Context, by loam.Account, work string) (c loam.Case, ok bool, err error) {
	queue, err := w.n.db.Queue(ctx, by.ID, 100)
	if err != nil {
		return c, false, err
	}
	for _, q := range queue {
		if q.Work == work {
			c, err = w.n.db.Lease(ctx, by.ID, q.ID)
			return c, err == nil, err
		}
	}
	return c, false, nil
}

// Rule decides the open case of a work, and lets it have been decided then.
func (w world) Rule(ctx context.Context, by loam.Account, work string, r demo.Ruled) error {
	c, ok, err := w.waiting(ctx, by, work)
	if err != nil || !ok {
		return err
	}
	d, err := w.n.db.Decide(ctx, loam.Decision{Case: c.ID, Reviewer: by.ID, Ruling: r.Ruling, Reason: r.Reason, Note: r.Note}, c.Token)
	if err == nil {
		err = w.n.db.Apply(ctx, d.ID)
	}
	if err != nil {
		return err
	}
	return w.n.db.BackdateDecision(ctx, work, w.before(r.Ago), r.Waited.Milliseconds(), r.Seconds)
}

// Escalate passes the open case of a work on to a second reviewer.
func (w world) Escalate(ctx context.Context, by loam.Account, work string) error {
	c, ok, err := w.waiting(ctx, by, work)
	if err != nil || !ok {
		return err
	}
	return w.n.db.Escalate(ctx, by.ID, c.ID, c.Token)
}

// Appeal challenges a removal in its owner's name.
func (w world) Appeal(ctx context.Context, owner loam.Account, version, text string) error {
	_, err := w.n.db.FileAppeal(ctx, owner.ID, version, text)
	return err
}

// Note finds a note by its key.
func (w world) Note(ctx context.Context, owner loam.Account, key string) (demo.Published, error) {
	id, err := w.n.db.WorkByKey(ctx, owner.ID, key)
	if err != nil {
		return demo.Published{}, err
	}
	work, err := w.n.db.Work(ctx, owner.ID, id)
	if err != nil || work.Latest == nil {
		return demo.Published{Work: id}, err
	}
	return demo.Published{Work: id, Version: work.Latest.ID, State: work.Latest.State}, nil
}

// Comment takes an invented person's comment down the line.
func (w world) Comment(ctx context.Context, by loam.Account, key, note, parent, text string, ago time.Duration) (string, error) {
	v, err := w.n.intake.Comment(ctx, by.ID, key, note, parent, text)
	if err != nil {
		return "", err
	}
	if err := w.settle(ctx, v.ID); err != nil {
		return "", err
	}
	return v.Work, w.n.db.Backdate(ctx, v.Work, w.n.clock().Add(-ago).UnixMilli())
}

// React is a like or a collect.
func (w world) React(ctx context.Context, by loam.Account, work string, kind loam.Reaction) error {
	return w.n.db.React(ctx, by.ID, work, kind, true)
}

// Feedback is how publishing felt.
func (w world) Feedback(ctx context.Context, owner loam.Account, work, answer string) error {
	return w.n.db.Feedback(ctx, work, owner.ID, answer)
}

// AddViews adds readers of the past weeks.
func (w world) AddViews(ctx context.Context, views []loam.Views) error {
	return w.n.db.AddViews(ctx, views)
}
