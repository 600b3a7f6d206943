package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"loam"
	"loam/internal/media"
	"loam/internal/screen"
	"loam/internal/text"
)

// benchNotes is how many notes a line benchmark publishes, and benchRate how many a second.
const (
	benchNotes = 300
	benchRate  = 20
)

// BenchmarkConfirmToVisible confirms prepared notes at a steady pace, while others read the
// feed and the notes, and times each from the moment its confirmation is sent until a
// stranger is answered 200 by its page. One operation is the whole run of benchNotes.
func BenchmarkConfirmToVisible(b *testing.B) {
	h := newHouse(b, nil)
	ready := prepare(b, h, benchNotes)
	for b.Loop() {
		if ready == nil {
			b.Fatal("the notes were confirmed before; use -benchtime 1x")
		}
		took, reads := confirmAll(b, h, ready)
		ready = nil
		slices.Sort(took)
		b.ReportMetric(ms(took[len(took)/2]), "p50-ms")
		b.ReportMetric(ms(took[len(took)*99/100]), "p99-ms")
		b.ReportMetric(ms(took[len(took)-1]), "max-ms")
		b.ReportMetric(reads, "reads/s")
	}
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// readyNote is a note that waits for its creator's confirmation only.
type readyNote struct {
	owner *client
	*promise
}

// prepare takes n notes through screening and labelling, as their creators would.
func prepare(b *testing.B, h *house, n int) []readyNote {
	b.Helper()
	out := make([]readyNote, n)
	var wg sync.WaitGroup
	const people = 6 // each has an address, and so a rate limit, of her own
	for i := range people {
		c := h.person(fmt.Sprint("person", i))
		wg.Go(func() {
			for k := i; k < n; k += people {
				out[k] = readyNote{c, &promise{key: fmt.Sprintf("bench-note-%016d", k), idea: words(fmt.Sprint("bench", k))}}
				for out[k].hash == "" {
					if _, err := out[k].advance(c); err != nil {
						b.Error(err)
						return
					}
				}
				// Labelled may come before screened: wait for both.
				c.until(out[k].version, "settled", settled)
			}
		})
	}
	wg.Wait()
	if b.Failed() {
		b.FailNow()
	}
	return out
}

// confirmAll confirms at the pace of benchRate and gives each note's time and how many pages
// a second were read meanwhile.
func confirmAll(b *testing.B, h *house, ready []readyNote) (took []time.Duration, reads float64) {
	b.Helper()
	ctx, stop := context.WithCancel(b.Context())
	defer stop()
	var live atomic.Int64 // notes that were seen
	var pages atomic.Int64
	var readers, confirms sync.WaitGroup
	for r := range 4 {
		c := h.visitor()
		readers.Go(func() {
			tick := time.NewTicker(50 * time.Millisecond)
			defer tick.Stop()
			for i := r; ; i++ {
				select {
				case <-ctx.Done():
					return
				case <-tick.C:
				}
				path := "/"
				if n := live.Load(); i%2 == 1 && n > 0 {
					path = "/p/" + ready[int64(i)%n].work
				}
				if a, err := c.send("GET", path, nil); err != nil || a.status >= 500 {
					b.Errorf("GET %s: %d %v", path, a.status, err)
					return
				}
				pages.Add(1)
			}
		})
	}
	took = make([]time.Duration, len(ready))
	begun := time.Now()
	tick := time.NewTicker(time.Second / benchRate)
	defer tick.Stop()
	for i, n := range ready {
		<-tick.C
		confirms.Go(func() {
			stranger := h.visitor()
			sent := time.Now()
			if _, err := n.advance(n.owner); err != nil {
				b.Error(err)
				return
			}
			for {
				a, err := stranger.send("GET", "/p/"+n.work, nil)
				if err != nil || time.Since(sent) > 10*time.Second {
					b.Errorf("note %d is not visible: %d %v", i, a.status, err)
					return
				}
				if a.status == 200 {
					break
				}
				pause(b.Context(), 2*time.Millisecond)
			}
			took[i] = time.Since(sent)
			live.Add(1)
		})
	}
	confirms.Wait()
	elapsed := time.Since(begun)
	stop()
	readers.Wait()
	return took, float64(pages.Load()) / elapsed.Seconds()
}

// BenchmarkStart measures process start to first page: on an empty folder, whose database is
// made first, and on one that a killed server left.
func BenchmarkStart(b *testing.B) {
	b.Run("new", func(b *testing.B) { startOn(b, func() string { return b.TempDir() }) })
	dir := b.TempDir()
	b.Run("again", func(b *testing.B) { startOn(b, func() string { return dir }) })
}

func startOn(b *testing.B, dir func() string) {
	b.Helper()
	var all, worst time.Duration
	for b.Loop() {
		begun := time.Now()
		c := startChild(b, "--data", dir())
		h := &house{t: b, url: c.url}
		h.visitor().must("GET", "/", nil, nil)
		took := time.Since(begun)
		all, worst = all+took, max(worst, took)
		c.kill()
	}
	b.ReportMetric(ms(all)/float64(b.N), "ms/first-page")
	b.ReportMetric(ms(worst), "worst-ms")
}

// BenchmarkIdle reads the resident memory of a server that does nothing: ten seconds after
// its start, and for the demo ten seconds after all of it was filled in.
func BenchmarkIdle(b *testing.B) {
	for _, args := range [][]string{{}, {"--demo"}} {
		name := "empty"
		if len(args) > 0 {
			name = "demo"
		}
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				c := startChild(b, append([]string{"--data", b.TempDir()}, args...)...)
				h := &house{t: b, url: c.url}
				rest(b, h.visitor(), c.cmd.Process.Pid)
				before := ticks(b, c.cmd.Process.Pid)
				pause(b.Context(), 10*time.Second)
				b.ReportMetric(float64(ticks(b, c.cmd.Process.Pid)-before)/10, "%-of-a-core")
				now, most := memory(b, c.cmd.Process.Pid)
				b.ReportMetric(now, "MB-idle")
				b.ReportMetric(most, "MB-most")
				c.kill()
			}
		})
	}
}

// rest waits until a server is ready and takes less than a tenth of a core.
func rest(b *testing.B, c *client, pid int) {
	b.Helper()
	for c.do("GET", "/readyz", nil).status != 200 {
		pause(b.Context(), 100*time.Millisecond)
	}
	for begun, last := time.Now(), 0; ; {
		spent := ticks(b, pid)
		if last > 0 && spent-last < 20 {
			return
		}
		if time.Since(begun) > 2*time.Minute {
			b.Fatal("the server does not come to rest")
		}
		last = spent
		pause(b.Context(), 2*time.Second)
	}
}

// ticks is the processor time a process spent, in hundredths of a second (proc(5), stat).
func ticks(b *testing.B, pid int) int {
	b.Helper()
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		b.Skip("processor time is read from Linux's /proc")
	}
	fields := strings.Fields(string(raw[strings.LastIndexByte(string(raw), ')')+1:]))
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	return user + system
}

// memory is a process's resident memory in MB, now and at most (proc(5), status).
func memory(b *testing.B, pid int) (now, most float64) {
	b.Helper()
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		b.Skip("memory is read from Linux's /proc")
	}
	for line := range strings.Lines(string(raw)) {
		name, value, _ := strings.Cut(line, ":")
		kib, _ := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(value), " kB"), 64)
		switch name {
		case "VmRSS":
			now = kib / 1024
		case "VmHWM":
			most = kib / 1024
		}
	}
	return now, most
}

// BenchmarkScreenStored screens notes as the line does: every local detector, 65,000
// phrases, and a community of a thousand released notes with pictures on SQLite: the words
// alone, with a photo compared with others, and with that photo looked into.
func BenchmarkScreenStored(b *testing.B) {
	n, v := crowd(b)
	config := n.screening(n.screen.Policy(), nil, text.Xiaohongshu())
	config.More = nil // what looks into pictures
	only := screen.New(config)
	only.Use(n.screen.Policy(), manyPhrases())
	run := func(b *testing.B, s *screen.Screener, v loam.Version) {
		for b.Loop() {
			r, err := s.Screen(b.Context(), v)
			if err != nil || len(r.Verdict.Missing) > 0 {
				b.Fatal(err, r.Verdict.Missing)
			}
		}
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "notes/s")
	}
	b.Run("words", func(b *testing.B) { run(b, only, v) })
	photo, err := benchPhoto()
	if err != nil {
		b.Fatal(err)
	}
	taken, err := n.intake.Accept(b.Context(), v.Owner, photo)
	if err != nil {
		b.Fatal(err)
	}
	hash := taken.Hash
	v.Content.Pages = append(v.Content.Pages, loam.Page{Kind: loam.PagePhoto, Asset: "a"})
	v.Content.Assets = make([]loam.AssetRef, len(v.Content.Pages))
	for i := range v.Content.Assets {
		v.Content.Assets[i] = loam.AssetRef{Field: loam.PictureField(i + 1), Hash: hash, Type: "image/jpeg", Width: 1080, Height: 1440}
	}
	b.Run("photo", func(b *testing.B) { run(b, only, v) })
	b.Run("looked-into", func(b *testing.B) { run(b, n.screen, v) })
}

// crowd opens an installation with a thousand released notes by one account and gives a
// submitted note of another. Its queue never runs.
func crowd(b *testing.B) (*node, loam.Version) {
	b.Helper()
	ctx := b.Context()
	n, err := openNode(ctx, config{place: place{Data: b.TempDir()}, LabelArranged: "none"}, time.Now, slog.New(slog.DiscardHandler))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = n.close(context.WithoutCancel(ctx)) })
	people := map[string]string{}
	for _, name := range []string{"ann", "bo"} {
		a, err := n.db.CreateAccount(ctx, loam.Account{Handle: name, Name: name, Roles: []loam.Role{loam.Creator}}, "")
		if err != nil {
			b.Fatal(err)
		}
		people[name] = a.ID
	}
	submit := func(owner, key, title, body string, pages int) loam.Version {
		c := loam.Content{Kind: loam.KindShop, Title: title, Body: body, Tags: []string{"陶艺", "周末去哪", "湖边"}, TextAI: loam.NotAI, Audience: loam.Public}
		for range pages {
			c.Pages = append(c.Pages, loam.Page{Kind: loam.PageText, Lines: strings.Split(benchIdea, "\n")})
		}
		work, err := n.db.CreateWork(ctx, people[owner], key, loam.Draft{Idea: body})
		if err != nil {
			b.Fatal(err)
		}
		w, err := n.db.Work(ctx, people[owner], work)
		if err != nil {
			b.Fatal(err)
		}
		c.Work = work
		v, err := n.db.Submit(ctx, loam.Submission{Content: c, Owner: people[owner], Revision: w.Revision})
		if err != nil {
			b.Fatal(err)
		}
		return v
	}
	for i := range 1000 {
		v := submit("bo", fmt.Sprintf("bench-crowd-%016d", i), "湖边", words(fmt.Sprint("crowd", i)), 1)
		r, err := n.screen.Screen(ctx, v)
		if err != nil {
			b.Fatal(err)
		}
		one := uint64(i) * 0x9e3779b97f4a7c15
		r.Traits.Pictures = map[string]string{"picture.1": media.Hash{one, one * 3, one * 5, one * 7}.String()}
		r.Verdict.Action = loam.Allow
		for _, err := range []error{
			n.db.PutVerdict(ctx, v.ID, r.Verdict, r.Traits),
			n.db.PutLabels(ctx, v.ID, nil, "hash", nil),
		} {
			if err != nil {
				b.Fatal(err)
			}
		}
		if v, err = n.db.Confirm(ctx, people["bo"], v.ID, "hash"); err != nil || v.State != loam.Released {
			b.Fatal(v.State, err)
		}
	}
	n.screen.Use(n.screen.Policy(), manyPhrases())
	return n, submit("ann", "bench-crowd-of-ann-1", "湖边陶艺两小时", benchBody, 6)
}
