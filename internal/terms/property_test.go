package terms

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"loam"
)

// free is the state itself, in other words than the package's: a use is free if there is a yes,
// no no, and no condition.
func free(w *Work, u loam.Use) bool {
	yes := false
	for _, p := range w.Permissions {
		if p.Use == u {
			if !p.Allowed || p.Until != 0 {
				return false
			}
			yes = true
		}
	}
	return yes && !slices.Contains(w.Attribution, u) && !slices.Contains(w.Paid, u)
}

// some draws a few of a list, mostly all or none.
func some[T any](t *rapid.T, list []T) []T {
	switch rapid.IntRange(0, 3).Draw(t, "how many") {
	case 0:
		return nil
	case 1:
		return list
	}
	var out []T
	for _, v := range list {
		if rapid.Bool().Draw(t, "in") {
			out = append(out, v)
		}
	}
	return out
}

func drawWork(t *rapid.T) Work {
	w := Work{
		URL:     "https://loam.example" + rapid.SampledFrom([]string{"/w/1", "/w/10", "/w/1?x=1", "/w/*", "/w/$", "/笔记/a b", "/", "/w/%2a", "/W/1"}).Draw(t, "url"),
		Owner:   rapid.String().Draw(t, "owner"),
		Licence: rapid.SampledFrom([]string{"", "https://loam.example/terms?a=1&b=<2>"}).Draw(t, "licence"),
		Contact: rapid.SampledFrom([]string{"", "mailto:a@loam.example"}).Draw(t, "contact"),
		Media:   some(t, Media()),
		Domain:  rapid.SampledFrom([]string{"", "example.loam", "cawg", "c2pa"}).Draw(t, "domain"),
	}
	yes := some(t, loam.Uses())
	for _, u := range append(loam.Uses(), some(t, loam.Uses())...) {
		p := loam.Permission{Use: u, Allowed: slices.Contains(yes, u) != (rapid.IntRange(0, 30).Draw(t, "flip") == 0)}
		if p.Allowed && rapid.IntRange(0, 8).Draw(t, "ends") == 0 {
			p.From, p.Until = rapid.Int64Range(0, 1<<41).Draw(t, "from"), rapid.Int64Range(1, 1<<42).Draw(t, "until")
		}
		w.Permissions = append(w.Permissions, p)
	}
	if rapid.Bool().Draw(t, "conditions") {
		w.Attribution, w.Paid = some(t, loam.Uses()), some(t, loam.Uses())
	}
	return w
}

// trip is one vocabulary, out and in again.
type trip struct {
	name  string
	there func(w *Work) Signals
	words []word // those it can say
}

func trips() []trip {
	three := []word{search, input, train}
	return []trip{
		{"cawg", func(w *Work) Signals { return ReadCAWG(w.CAWG(), w.Media, w.Domain) }, []word{input, train}},
		{"rsl", func(w *Work) Signals { return ReadRSL(w.RSL(), w.URL, w.Media) }, three},
		{"content_usage", func(w *Work) Signals { return ReadContentUsage(w.ContentUsage(), w.Media) }, three},
		{"content_signal", func(w *Work) Signals { return ReadContentSignal(w.ContentSignal(), w.Media) }, three},
		{"tdm header", func(w *Work) Signals {
			r, p := w.TDMHeader()
			return ReadTDMHeader(r, p, w.Media)
		}, nil},
		{"tdmrep", func(w *Work) Signals { return ReadTDMRep(TDMRep([]Work{*w}, w.Licence), w.URL, w.Media) }, nil},
		{"robots", func(w *Work) Signals {
			s, _ := ReadRobots(Robots([]Work{*w}, w.Licence), w.URL, w.Media)
			return s
		}, nil},
	}
}

// TestNeverMorePermissive: what a vocabulary says, read again, allows nothing that is not
// allowed without any condition. Where the vocabulary has a word of its own for a use, what is
// read is just what was decided: it neither forgets a yes nor leaves a no unsaid.
func TestNeverMorePermissive(t *testing.T) {
	t.Parallel()
	for _, v := range trips() {
		t.Run(v.name, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				w := drawWork(t)
				heard := v.there(&w)
				if len(heard) != len(loam.Uses()) {
					t.Fatalf("answers on %d uses", len(heard))
				}
				for u, s := range heard {
					if s.Answer == Allow && !free(&w, u) {
						t.Fatalf("%s is opened", u)
					}
				}
				for _, a := range v.words {
					uses := a.opens(w.Media)
					if a == train && len(uses) == 0 {
						continue // a yes to no medium, or to all of them
					}
					want := Allow
					for _, u := range uses {
						if !free(&w, u) {
							want = Deny
						}
					}
					for _, u := range uses {
						if heard[u].Answer != want {
							t.Fatalf("%s reads %v, want %v", u, heard[u].Answer, want)
						}
					}
				}
			})
		})
	}
}

// TestSitesAreNeverMorePermissive: in the files of a whole site no work, and no page beside or
// below one, is given what another has.
func TestSitesAreNeverMorePermissive(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		works := rapid.SliceOfN(rapid.Custom(drawWork), 0, 5).Draw(t, "works")
		seen := map[string]bool{}
		works = slices.DeleteFunc(works, func(w Work) bool {
			was := seen[w.URL]
			seen[w.URL] = true
			return was
		})
		robots, tdm := Robots(works, ""), TDMRep(works, "")
		of := rapid.IntRange(0, len(works)).Draw(t, "named")
		some := RobotsOfSome(works[:of])
		for i := range works {
			w := &works[i]
			for _, below := range []string{"", "/x", "0", "?y", "#z"} {
				fromRobots, _ := ReadRobots(robots, w.URL+below, w.Media)
				fromSome, _ := ReadRobots(some, w.URL+below, w.Media)
				if own := below == "" || below == "#z"; !own && seen[w.URL+below] {
					continue
				} else if fromTDM := ReadTDMRep(tdm, w.URL+below, w.Media); !own {
					fromRobots = Combine(fromRobots, fromTDM)
				} else {
					opened(t, w, fromTDM)
				}
				opened(t, w, fromRobots)
				opened(t, w, fromSome)
			}
		}
	})
}

func opened(t *rapid.T, w *Work, s Signals) {
	t.Helper()
	for u, heard := range s {
		if heard.Answer == Allow && !free(w, u) {
			t.Fatalf("%s is opened for %s by %s", w.URL, u, heard.Source)
		}
	}
}

func drawSignals(t *rapid.T) Signals {
	s := silent(Source(fmt.Sprint(rapid.IntRange(0, 9).Draw(t, "source"))))
	for _, u := range loam.Uses() {
		s[u] = Signal{Answer(rapid.IntRange(0, 2).Draw(t, "answer")), s[u].Source}
	}
	return s
}

// TestCombine: the most restrictive answer, in whatever order, and never a use opened by it.
func TestCombine(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		all := rapid.SliceOfN(rapid.Custom(drawSignals), 0, 4).Draw(t, "signals")
		got := Combine(all...)
		slices.Reverse(all)
		back := Combine(all...)
		for _, u := range loam.Uses() {
			want := Unknown
			for _, s := range all {
				want = max(want, s[u].Answer)
			}
			if got[u].Answer != want || back[u].Answer != want {
				t.Fatalf("%s: %v and %v, want %v", u, got[u].Answer, back[u].Answer, want)
			}
			if got.Permits(loam.Permission{Use: u}) || got.Permits(loam.Permission{Use: u, Allowed: true}) != (want != Deny) {
				t.Fatalf("%s: %v permits the wrong thing", u, want)
			}
		}
	})
}
