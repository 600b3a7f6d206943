package community

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"regexp"
	"sync"
	"time"

	"loam"
)

const (
	again     = 30 * time.Minute // a reader who comes back sooner is not counted again
	mostSeen  = 200_000          // readers remembered at once; the rest count each time
	mostCount = 10_000           // counts that wait to be kept
)

// Visit is somebody opening a note. Address and Agent tell a repetition and a machine; they
// are forgotten within half an hour and never stored.
type Visit struct {
	Work    string
	Address string
	Agent   string
	Source  loam.ViewSource
	Owner   bool
}

// Counter counts views in memory, to be kept by Flush. Of who read what it holds a hash under
// a salt that changes every legal day, and that for half an hour. What was not kept when the
// process ends is not counted.
type Counter struct {
	clock  loam.Clock
	mu     sync.Mutex
	day    string
	salt   [32]byte
	seen   map[[16]byte]int64
	counts map[loam.Views]int64 // by a Views without its count
}

// NewCounter makes a Counter.
func NewCounter(clock loam.Clock) *Counter {
	return &Counter{clock: clock, seen: map[[16]byte]int64{}, counts: map[loam.Views]int64{}}
}

// machine is what programs that read pages call themselves.
var machine = regexp.MustCompile(`(?i)bot|spider|crawl|slurp|preview|monitor|curl|wget|python|java/|go-http-client|headless|scrapy|http-?client|axios|node-fetch`)

// See counts a visit unless it is the owner's, a machine's, or a repetition. It reports
// whether it was counted.
func (c *Counter) See(v Visit) bool {
	if v.Owner || v.Agent == "" || machine.MatchString(v.Agent) {
		return false
	}
	now := c.clock.Now()
	day := loam.Day(now)
	c.mu.Lock()
	defer c.mu.Unlock()
	if day != c.day {
		c.day = day
		_, _ = rand.Read(c.salt[:]) // crypto/rand never fails since Go 1.24
		clear(c.seen)
	}
	sum := sha256.Sum256([]byte(string(c.salt[:]) + v.Address + "\x00" + v.Agent + "\x00" + v.Work))
	who := [16]byte(sum[:16])
	if at, ok := c.seen[who]; ok && now-at < again.Milliseconds() {
		return false
	}
	if len(c.seen) >= mostSeen {
		c.forget(now)
	}
	if len(c.seen) < mostSeen {
		c.seen[who] = now
	}
	key := loam.Views{Work: v.Work, Day: day, Source: v.Source}
	if _, ok := c.counts[key]; !ok && len(c.counts) >= mostCount {
		return false
	}
	c.counts[key]++
	return true
}

func (c *Counter) forget(now int64) {
	for who, at := range c.seen {
		if now-at >= again.Milliseconds() {
			delete(c.seen, who)
		}
	}
}

// take gives what was counted since it was last taken.
func (c *Counter) take() []loam.Views {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.forget(c.clock.Now())
	out := make([]loam.Views, 0, len(c.counts))
	for v, n := range c.counts {
		v.Count = n
		out = append(out, v)
	}
	clear(c.counts)
	return out
}

// giveBack counts again what could not be kept.
func (c *Counter) giveBack(list []loam.Views) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, v := range list {
		n := v.Count
		v.Count = 0
		c.counts[v] += n
	}
}

// Flush keeps what was counted.
func (s Square) Flush(ctx context.Context) error {
	list := s.Views.take()
	if len(list) == 0 {
		return nil
	}
	err := s.Store.AddViews(ctx, list)
	if err != nil {
		s.Views.giveBack(list)
	}
	return err
}
