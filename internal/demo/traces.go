package demo

import (
	"context"
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"time"

	"loam"
)

// Remark is a comment on a note, or an answer to the Re-th comment on it, from 1.
type Remark struct {
	On   string // the note's key
	By   string
	Ago  time.Duration
	Re   int
	Text string
}

// stageTraces is what readers left behind.
const stageTraces = "demo.traces"

// Traces lets four weeks of readers pass over the notes: comments, likes, collects, views by
// day and source, and how publishing felt. Nobody of it is real; the same build leaves the
// same traces, but for the day it is.
func Traces(ctx context.Context, w World, now time.Time) error {
	return once(ctx, w, stageTraces, func(c Content, people map[string]loam.Account) error {
		works := map[string]string{}
		var views []loam.Views
		for _, n := range c.Notes {
			p, err := w.Note(ctx, people[n.By], n.Key)
			if err != nil {
				return named(n.Key, err)
			}
			if p.State != loam.Released {
				continue
			}
			works[n.Key] = p.Work
			if err := receive(ctx, w, c, people, n, p.Work); err != nil {
				return named(n.Key, err)
			}
			views = append(views, seen(n, p.Work, now)...)
		}
		if err := remark(ctx, w, c, people, works); err != nil {
			return err
		}
		return w.AddViews(ctx, views) // at the end: what is added twice counts twice
	})
}

// dice are a note's own: what happens to one does not change with another.
func dice(key, about string) *rand.Rand {
	h := fnv.New64a()
	fmt.Fprintf(h, "%s/%s", about, key)
	return rand.New(rand.NewPCG(h.Sum64(), 20260501))
}

// receive is what members do with a note by one click, and what its creator thought of
// publishing it.
func receive(ctx context.Context, w World, c Content, people map[string]loam.Account, n Note, work string) error {
	r := dice(n.Key, "received")
	liked := 0.05 + 0.5*r.Float64()*r.Float64()
	for _, p := range c.People {
		if len(p.Roles) > 0 || p.Handle == n.By {
			continue
		}
		if r.Float64() >= liked {
			continue
		}
		if err := w.React(ctx, people[p.Handle], work, loam.Like); err != nil {
			return err
		}
		if r.Float64() < 0.55 {
			if err := w.React(ctx, people[p.Handle], work, loam.Collect); err != nil {
				return err
			}
		}
	}
	felt := ""
	switch x := r.Float64(); {
	case x < 0.5:
		felt = "smooth"
	case x < 0.65:
		felt = "soso"
	case x < 0.7:
		felt = "rough"
	default:
		return nil
	}
	return w.Feedback(ctx, people[n.By], work, felt)
}

// seen are a note's views by day: most on the first, then fewer, search longer than the feed.
func seen(n Note, work string, now time.Time) []loam.Views {
	r := dice(n.Key, "seen")
	first := 12 * math.Exp(3*r.Float64()) // 12 to 240 on its first day
	mix := []struct {
		from  loam.ViewSource
		share float64
		fades float64 // days to a third
	}{
		{loam.FromFeed, 0.62, 1.6}, {loam.FromSearch, 0.18, 9}, {loam.FromTopic, 0.1, 4}, {loam.FromCreator, 0.06, 5}, {loam.FromLink, 0.04, 3},
	}
	var out []loam.Views
	for age := n.Ago; age >= 0; age -= 24 * time.Hour {
		day := loam.Day(now.Add(-age).UnixMilli())
		since := (n.Ago - age).Hours() / 24
		for _, m := range mix {
			count := int64(first * m.share * math.Exp(-since/m.fades) * (0.7 + 0.6*r.Float64()))
			if count > 0 {
				out = append(out, loam.Views{Work: work, Day: day, Source: m.from, Count: count})
			}
		}
	}
	return out
}

// remark writes the comments, an answer after what it answers.
func remark(ctx context.Context, w World, c Content, people map[string]loam.Account, works map[string]string) error {
	said := map[string][]string{} // by note, the works of its comments
	for i, m := range c.Comments {
		if works[m.On] == "" {
			continue // it is not out
		}
		parent := ""
		if m.Re > 0 {
			parent = said[m.On][m.Re-1]
		}
		work, err := w.Comment(ctx, people[m.By], fmt.Sprintf("demo.%s.%d", m.On, i), works[m.On], parent, m.Text, m.Ago)
		if err != nil {
			return named(m.On, err)
		}
		said[m.On] = append(said[m.On], work)
	}
	return nil
}
