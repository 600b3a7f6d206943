package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"

	"loam"
	"loam/internal/screen"
)

// screening is an item on its way through a worker to the output, which keeps the order.
type screening struct {
	item
	err     error
	verdict chan loam.Verdict
}

// all screens every item of a source on every core. What was screened before a bad item is
// written; its error is the one that counts.
func (c *screenCmd) all(a *app, s *screen.Screener, src source, size int64) error {
	ctx, stop := context.WithCancel(a.ctx)
	defer stop()
	workers := runtime.GOMAXPROCS(0)
	order := make(chan *screening, 16*workers) // bounds what is in memory
	work := make(chan *screening, 16*workers)
	go feed(ctx, src, work, order)
	for range workers {
		go func() {
			for j := range work {
				j.verdict <- s.Alone(ctx, "", j.input)
			}
		}()
	}
	out := bufio.NewWriter(a.out)
	enc := encoder(out)
	tally := newTally(a, c.Summary, size)
	for j := range order {
		err := j.err
		if err == nil {
			v := <-j.verdict
			err = errors.Join(ctx.Err(), enc.Encode(line(j.id, v)))
			tally.add(v, src.read())
		}
		if err == nil && len(order) == 0 {
			err = out.Flush() // whoever waits for an answer to what she sent gets it
		}
		if err != nil {
			tally.clear()
			return errors.Join(fmt.Errorf("%s %d: %w", src.unit(), j.number, err), out.Flush())
		}
	}
	err := out.Flush()
	tally.end(src)
	return err
}

// feed reads items until there are no more, or one that is bad.
func feed(ctx context.Context, src source, work, order chan<- *screening) {
	defer close(order)
	defer close(work)
	for {
		it, err := src.next()
		if errors.Is(err, io.EOF) {
			return
		}
		j := &screening{item: it, err: err, verdict: make(chan loam.Verdict, 1)}
		if err == nil {
			select {
			case work <- j:
			case <-ctx.Done():
				j.err = ctx.Err()
			}
		}
		order <- j
		if j.err != nil {
			return
		}
	}
}

// tally counts verdicts for the summary, and shows on a terminal how far the work is.
type tally struct {
	out      io.Writer
	terminal bool
	summary  bool
	size     int64
	begun    time.Time
	shown    time.Time
	n        int
	actions  map[loam.Action]int
	risks    map[loam.Risk]map[loam.Action]int
	absent   map[string]int
	missing  map[string]int
}

func newTally(a *app, summary bool, size int64) *tally {
	file, isFile := a.err.(*os.File)
	now := time.Now()
	return &tally{
		out: a.err, terminal: isFile && isTerminal(file), summary: summary, size: size, begun: now, shown: now,
		actions: map[loam.Action]int{}, risks: map[loam.Risk]map[loam.Action]int{}, absent: map[string]int{}, missing: map[string]int{},
	}
}

// add counts a verdict, and each of its risks once.
func (t *tally) add(v loam.Verdict, read int64) {
	t.n++
	t.actions[v.Action]++
	seen := map[loam.Risk]bool{}
	for _, f := range v.Findings {
		if seen[f.Risk] {
			continue
		}
		seen[f.Risk] = true
		if t.risks[f.Risk] == nil {
			t.risks[f.Risk] = map[loam.Action]int{}
		}
		t.risks[f.Risk][v.Action]++
	}
	for _, d := range v.Absent {
		t.absent[d]++
	}
	for _, d := range v.Missing {
		t.missing[d]++
	}
	if now := time.Now(); t.terminal && now.Sub(t.shown) > 100*time.Millisecond {
		t.shown = now
		t.show(read)
	}
}

// show draws the bar over itself; without a known size it counts.
func (t *tally) show(read int64) {
	bar := ""
	if t.size > 0 {
		done := min(1, float64(read)/float64(t.size))
		bar = fmt.Sprintf("%s %3.0f %%  ", meter(done), done*100)
	}
	fmt.Fprintf(t.out, "\r\x1b[K%s%d, %.0f a second", bar, t.n, t.rate())
}

// meter draws how much of some work is done, 0 to 1.
func meter(done float64) string {
	const width = 30
	n := int(done * width)
	return strings.Repeat("█", n) + strings.Repeat("░", width-n)
}

func (t *tally) rate() float64 { return float64(t.n) / max(time.Since(t.begun).Seconds(), 1e-9) }

func (t *tally) clear() {
	if t.terminal {
		fmt.Fprint(t.out, "\r\x1b[K")
	}
}

// end writes the summary.
func (t *tally) end(src source) {
	t.clear()
	if !t.terminal && !t.summary {
		return
	}
	took := time.Since(t.begun)
	fmt.Fprintf(t.out, "%d in %.1f s, %.0f a second", t.n, took.Seconds(), t.rate())
	if src.unit() != "picture" {
		fmt.Fprintf(t.out, ", %.1f MB/s", float64(src.read())/1e6/max(took.Seconds(), 1e-9))
	}
	actions := []loam.Action{loam.Block, loam.Review, loam.LimitReach, loam.Allow}
	fmt.Fprintln(t.out)
	fmt.Fprintf(t.out, "%-16s", "")
	for _, a := range actions {
		fmt.Fprintf(t.out, "%10s", a)
	}
	fmt.Fprintf(t.out, "\n%-16s", "all")
	for _, a := range actions {
		fmt.Fprintf(t.out, "%10d", t.actions[a])
	}
	fmt.Fprintln(t.out)
	sum := func(r loam.Risk) (n int) {
		for _, k := range t.risks[r] {
			n += k
		}
		return n
	}
	for _, r := range slices.SortedFunc(maps.Keys(t.risks), func(x, y loam.Risk) int { return cmp.Or(sum(y)-sum(x), cmp.Compare(x, y)) }) {
		fmt.Fprintf(t.out, "%-16s", r)
		for _, a := range actions {
			fmt.Fprintf(t.out, "%10d", t.risks[r][a])
		}
		fmt.Fprintln(t.out)
	}
	for _, d := range slices.Sorted(maps.Keys(t.missing)) {
		fmt.Fprintf(t.out, "%s did not answer for %d\n", d, t.missing[d])
	}
	for _, d := range slices.Sorted(maps.Keys(t.absent)) {
		fmt.Fprintf(t.out, "%s is not installed and did not look at %d; loam doctor says how to get it\n", d, t.absent[d])
	}
}
