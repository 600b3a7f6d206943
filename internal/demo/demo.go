// Package demo is the seeded community 「拾光」: its people, their notes, the pictures in
// them, and the reports and refusals that give the review desk something to do.
//
// It stands apart because none of it is true: every person, shop and brand is invented,
// and nothing outside this package may depend on what is said here. It knows no store and
// no stage; what fills a server is a World, which takes each note down the real line.
//
// Invariant: the same build makes the same community, picture by picture, and filling a
// server twice is filling it once.
package demo

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	"loam"
)

// World is the server a community is filled into. Its methods are used by two goroutines
// at once, and an error of any ends the filling.
type World interface {
	// Filled reports whether MarkFilled was ever called with this stage.
	Filled(ctx context.Context, stage string) (bool, error)
	MarkFilled(ctx context.Context, stage string) error

	// CreateAccount stores a demo person with everything the Account says (NoAI too) and
	// gives it with its ID; a handle that exists gives the account that has it.
	CreateAccount(ctx context.Context, a loam.Account) (loam.Account, error)

	// Publish takes a note down the line as far as it goes by itself: n.Draft with the
	// pictures' assets, n.Choice, screening, label, and the owner's confirmation where it
	// is cleared. It returns when the version is released, held or refused. A note that is
	// Unfinished stays a draft and has no version. n.Ago is how long before now it
	// happened; n.Key makes it idempotent: the same key again gives what is there.
	Publish(ctx context.Context, owner loam.Account, n Note, pictures []Picture) (Published, error)

	// Report is a reader's complaint; it opens or joins a case of the work.
	Report(ctx context.Context, r loam.Report) error
	// Remove takes a released work down, as an operator does, with a statement of reasons; it
	// happened r.Ago before now.
	Remove(ctx context.Context, by loam.Account, work string, r Removal) error
	// Rule lets a reviewer decide the open case of a work as long ago as r says; a case that
	// is closed stays as it is.
	Rule(ctx context.Context, by loam.Account, work string, r Ruled) error
	// Escalate lets a reviewer pass the open case of a work on to another, once.
	Escalate(ctx context.Context, by loam.Account, work string) error
	// Appeal challenges a refusal or removal in its owner's name.
	Appeal(ctx context.Context, owner loam.Account, version, text string) error

	// Note finds what Publish made of a key; a note that was never published has no work.
	Note(ctx context.Context, owner loam.Account, key string) (Published, error)
	// Comment takes a comment down the line as Publish takes a note, and gives its work.
	Comment(ctx context.Context, by loam.Account, key, note, parent, text string, ago time.Duration) (string, error)
	React(ctx context.Context, by loam.Account, work string, kind loam.Reaction) error
	// Feedback is the creator's answer to 这次用得顺吗: smooth, soso or rough.
	Feedback(ctx context.Context, owner loam.Account, work, answer string) error
	AddViews(ctx context.Context, views []loam.Views) error
}

// Published is where a note stands after Publish.
type Published struct {
	Work    string
	Version string // "" of a draft
	State   loam.State
}

// Picture is a photo of a note, ready to be uploaded: Page counts from 0.
type Picture struct {
	Page int
	Alt  string
	JPEG []byte
}

// The stages a World remembers.
const (
	stageFirst = "demo.first"
	stageRest  = "demo.rest"
)

// firstScreen is how many of the newest notes readers see before the rest is drawn.
const firstScreen = 24

// Fill makes the people, the notes of the first screen, and everything the stories and
// the review queue need. After it a server may call itself ready; Later brings the rest.
func Fill(ctx context.Context, w World) error {
	return once(ctx, w, stageFirst, func(c Content, people map[string]loam.Account) error {
		first, _ := c.split()
		return fill(ctx, w, people, first)
	})
}

// Later fills in the notes below the first screen.
func Later(ctx context.Context, w World) error {
	return once(ctx, w, stageRest, func(c Content, people map[string]loam.Account) error {
		_, rest := c.split()
		return fill(ctx, w, people, rest)
	})
}

// once runs a stage unless it was run before. People are made anew each time: that a
// handle exists is no error, and a stage that was cut short starts over.
func once(ctx context.Context, w World, stage string, run func(Content, map[string]loam.Account) error) error {
	done, err := w.Filled(ctx, stage)
	if err != nil || done {
		return err
	}
	c, err := Load()
	if err != nil {
		return err
	}
	people := map[string]loam.Account{}
	for _, p := range c.People {
		if people[p.Handle], err = w.CreateAccount(ctx, p.Account()); err != nil {
			return named(p.Handle, err)
		}
	}
	if err := run(c, people); err != nil {
		return err
	}
	return w.MarkFilled(ctx, stage)
}

// fill publishes notes and lets happen to them what the content says. A note that comes
// after another one (a copy after its original) waits until all others are out.
func fill(ctx context.Context, w World, people map[string]loam.Account, notes []Note) error {
	out := make([]Published, len(notes))
	for _, follower := range []bool{false, true} {
		g, ctx := errgroup.WithContext(ctx)
		g.SetLimit(2)
		for i, n := range notes {
			if (n.After != "") != follower {
				continue
			}
			g.Go(func() error {
				if err := ctx.Err(); err != nil { // another note failed: draw no more
					return err
				}
				pictures, err := n.Pictures()
				if err == nil {
					out[i], err = w.Publish(ctx, people[n.By], n, pictures)
				}
				return named(n.Key, err)
			})
		}
		if err := g.Wait(); err != nil {
			return err
		}
	}
	for i, n := range notes {
		if err := aftermath(ctx, w, people, n, out[i]); err != nil {
			return named(n.Key, err)
		}
	}
	return nil
}

// aftermath is what readers and staff did with a note.
func aftermath(ctx context.Context, w World, people map[string]loam.Account, n Note, p Published) error {
	for _, r := range n.Reports {
		if err := w.Report(ctx, loam.Report{Work: p.Work, Version: p.Version, Risk: r.Risk, Text: r.Text}); err != nil {
			return err
		}
	}
	if n.Ruled != nil {
		if err := w.Rule(ctx, people[n.Ruled.By], p.Work, *n.Ruled); err != nil {
			return err
		}
	}
	if n.Escalated != "" {
		if err := w.Escalate(ctx, people[n.Escalated], p.Work); err != nil {
			return err
		}
	}
	if n.Removed == nil {
		return nil
	}
	if err := w.Remove(ctx, people[Operator], p.Work, *n.Removed); err != nil {
		return err
	}
	if n.Removed.Appeal == "" {
		return nil
	}
	return w.Appeal(ctx, people[n.By], p.Version, n.Removed.Appeal)
}

// named says at whom or at which note filling failed.
func named(who string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("demo: %s: %w", who, err)
}
