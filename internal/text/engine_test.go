package text

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// plainHits counts the places of every phrase in folded texts by searching for each phrase by
// itself: what an automaton must find, found without one.
func plainHits(phrases []Phrase, texts []string) int {
	var all strings.Builder
	for _, s := range texts {
		all.WriteString(Fold(s).String() + "\x00")
	}
	n := 0
	for _, p := range phrases {
		want := string(foldPhrase(p.Text))
		if want == "" {
			continue
		}
		for rest := all.String(); ; n++ {
			i := strings.Index(rest, want)
			if i < 0 {
				break
			}
			_, size := utf8.DecodeRuneInString(rest[i:])
			rest = rest[i+size:]
		}
	}
	return n
}

// heap is what is reachable, in bytes.
func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// BenchmarkEngine is the engine's promise in one run: memory with 65,143 phrases (all of it:
// automaton, disguises and tables), nanoseconds a character through layers 1 to 5 and through
// every layer, and hits equal to the plain search's. It reads each of COLD's dev comments once
// an operation.
func BenchmarkEngine(b *testing.B) {
	before := heap()
	phrases := houbb(b)
	comments := texts(b, "cold/dev.csv", 4)
	begun := time.Now()
	a := Compile(phrases)
	compiled := time.Since(begun)
	d := a.Disguises()
	prepared := time.Since(begun)
	mb := float64(heap()-before) / 1e6
	runes, hits := 0, 0
	for _, s := range comments {
		runes += utf8.RuneCountInString(s)
		for range a.All(s) {
			hits++
		}
	}
	plain := plainHits(phrases, comments)
	if hits != plain {
		b.Fatalf("%d hits, the plain search has %d", hits, plain)
	}
	b.Logf("%d phrases, %d comments, %d characters, %d hits = %d of the plain search; compiled in %v, with disguises %v",
		len(phrases), len(comments), runes, hits, plain, compiled.Round(time.Millisecond), prepared.Round(time.Millisecond))
	var plainly, all time.Duration
	for b.Loop() {
		begun := time.Now()
		for _, s := range comments {
			for range a.All(s) {
				hits++
			}
		}
		middle := time.Now()
		for _, s := range comments {
			for range a.All(s) {
				hits++
			}
			for range d.Find(s) {
				hits++
			}
		}
		plainly, all = plainly+middle.Sub(begun), all+time.Since(middle)
	}
	n := float64(b.N) * float64(runes)
	b.ReportMetric(mb, "MB")
	b.ReportMetric(float64(plainly.Nanoseconds())/n, "ns/char(1-5)")
	b.ReportMetric(float64(all.Nanoseconds())/n, "ns/char(all)")
	b.ReportMetric(float64(b.N*len(comments))/all.Seconds(), "texts/s(all)")
	runtime.KeepAlive(fmt.Sprint(hits))
	runtime.KeepAlive(d)
}
