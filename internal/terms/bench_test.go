package terms

import (
	"fmt"
	"testing"

	"loam"
)

// BenchmarkExport writes one work's terms in each vocabulary.
func BenchmarkExport(b *testing.B) {
	w := telling()[2]
	for _, e := range []struct {
		name  string
		write func() int
	}{
		{"CAWG", func() int { return len(w.CAWG()) }},
		{"RSL", func() int { return len(w.RSL()) }},
		{"ContentUsage", func() int { return len(w.ContentUsage()) }},
		{"ContentSignal", func() int { return len(w.ContentSignal()) }},
		{"TDMHeader", func() int {
			r, p := w.TDMHeader()
			return len(r) + len(p)
		}},
		{"Robots", func() int { return len(Robots([]Work{w}, w.Licence)) }},
		{"Line", func() int { return len(w.Line(func(code string, _ ...string) string { return code })) }},
	} {
		b.Run(e.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if e.write() == 0 {
					b.Fatal("nothing was written")
				}
			}
		})
	}
}

// BenchmarkSite writes the two files of a site of 10,000 works.
func BenchmarkSite(b *testing.B) {
	works := make([]Work, 10_000)
	for i := range works {
		works[i] = decided(0, loam.Uses()[:i%len(loam.Uses())+1]...)
		works[i].URL = fmt.Sprintf("https://loam.example/w/%d", i)
	}
	b.Run("Robots", func(b *testing.B) {
		for b.Loop() {
			b.SetBytes(int64(len(Robots(works, ""))))
		}
	})
	b.Run("TDMRep", func(b *testing.B) {
		for b.Loop() {
			b.SetBytes(int64(len(TDMRep(works, ""))))
		}
	})
}

// BenchmarkRead reads what was written.
func BenchmarkRead(b *testing.B) {
	w := telling()[2]
	entries, rsl, usage, robots := w.CAWG(), w.RSL(), w.ContentUsage(), Robots([]Work{w}, "")
	for name, read := range map[string]func() Signals{
		"CAWG":         func() Signals { return ReadCAWG(entries, w.Media, w.Domain) },
		"RSL":          func() Signals { return ReadRSL(rsl, w.URL, w.Media) },
		"ContentUsage": func() Signals { return ReadContentUsage(usage, w.Media) },
		"Robots": func() Signals {
			s, _ := ReadRobots(robots, w.URL, w.Media)
			return s
		},
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if len(read()) == 0 {
					b.Fatal("nothing was read")
				}
			}
		})
	}
}
