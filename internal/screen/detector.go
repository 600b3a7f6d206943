package screen

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"loam"
)

// Detector looks for one thing. An error of Detect means that it could not look: the
// Verdict names it among the missing, or, for ErrAbsent, among the absent.
type Detector interface {
	About() About
	Detect(ctx context.Context, in Input) ([]loam.Finding, error)
	// Health is nil for one that works as far as can be told without a look, ErrAbsent for one whose optional part is not
	// installed or not configured.
	Health(ctx context.Context) error
}

// About says what a detector is.
type About struct {
	Name    string        // as Findings carry it
	Version string        // grows with every change that may change what it finds
	Cost    int64         // micro-yuan a look; 0 for what runs on this machine
	Within  time.Duration // the longest a look may take; 0 for one that computes and asks nobody
}

// ErrAbsent is what a detector answers whose optional part is not installed: nobody promised
// that it looks, so the policy's word for the missing does not apply; the Verdict names it.
var ErrAbsent = errors.New("the part is not installed")

// errOff is what a detector answers that nobody asked to look: it did not, and the Verdict
// says nothing of it.
var errOff = errors.New("not configured")

// local is the Health of a detector that is nothing but code.
type local struct{}

func (local) Health(context.Context) error { return nil }

// Status is a detector as the operator sees it. Latencies are those of the last looks.
type Status struct {
	About
	Health  error
	Looks   int64 // since the start of the process
	Failed  int64
	Absent  int64
	Cost    int64         // micro-yuan, of all looks
	P50     time.Duration // 0 before the first look
	P99     time.Duration
	Trouble string // the last error's words
}

// board counts what detectors do. The zero value is ready.
type board struct {
	mu     sync.Mutex
	counts map[string]*tally
}

type tally struct {
	looks, failed, absent, cost int64
	trouble                     string
	ailing                      bool            // the last look failed
	took                        []time.Duration // a ring of the last lastLooks
}

const lastLooks = 512

func (b *board) note(a About, took time.Duration, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.counts == nil {
		b.counts = map[string]*tally{}
	}
	t := b.counts[a.Name]
	if t == nil {
		t = &tally{}
		b.counts[a.Name] = t
	}
	switch {
	case errors.Is(err, errOff):
		return
	case errors.Is(err, ErrAbsent):
		t.absent++
		return
	case err != nil:
		t.failed++
		t.trouble, t.ailing = err.Error(), true
	default:
		t.cost += a.Cost
		t.ailing = false
	}
	if len(t.took) < lastLooks {
		t.took = append(t.took, took)
	} else {
		t.took[t.looks%lastLooks] = took
	}
	t.looks++
}

func (b *board) status(a About) Status {
	b.mu.Lock()
	defer b.mu.Unlock()
	s := Status{About: a}
	if t := b.counts[a.Name]; t != nil {
		s.Looks, s.Failed, s.Absent, s.Cost, s.Trouble = t.looks, t.failed, t.absent, t.cost, t.trouble
		if t.ailing {
			s.Health = errors.New(t.trouble)
		}
		if took := slices.Sorted(slices.Values(t.took)); len(took) > 0 {
			s.P50, s.P99 = took[len(took)/2], took[len(took)*99/100]
		}
	}
	return s
}

// looked is what one detector answered.
type looked struct {
	found []loam.Finding
	look  loam.Look
	err   error
}

// look lets one detector look, within its time, and counts it.
func (s *Screener) look(ctx context.Context, d Detector, in Input) looked {
	a := d.About()
	if a.Within > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, a.Within)
		defer cancel()
	}
	begun := s.clock()
	found, err := guarded(ctx, d, in)
	took := s.clock().Sub(begun)
	s.board.note(a, took, err)
	out := looked{found: found, err: err, look: loam.Look{Detector: a.Name, Version: a.Version, Micros: took.Microseconds()}}
	if err == nil {
		out.look.Cost = a.Cost
	}
	for i := range out.found {
		f := &out.found[i]
		f.Detector, f.Version = a.Name, a.Version
		if f.Layers == nil {
			f.Layers = []string{}
		}
	}
	return out
}

// guarded turns a panic into an error: one broken detector must not stop the line.
func guarded(ctx context.Context, d Detector, in Input) (found []loam.Finding, err error) {
	defer func() {
		if p := recover(); p != nil {
			found, err = nil, fmt.Errorf("detector %s panicked: %v", d.About().Name, p)
		}
	}()
	return d.Detect(ctx, in)
}

// everyLook lets all detectors look: those that wait for somebody beside each other, those
// that only compute one after another meanwhile. Answers come in the order of detectors.
func (s *Screener) everyLook(ctx context.Context, detectors []Detector, in Input) []looked {
	out := make([]looked, len(detectors))
	var waiting sync.WaitGroup
	for i, d := range detectors {
		if d.About().Within > 0 {
			waiting.Go(func() { out[i] = s.look(ctx, d, in) })
		}
	}
	for i, d := range detectors {
		if d.About().Within == 0 {
			out[i] = s.look(ctx, d, in)
		}
	}
	waiting.Wait()
	return out
}
