package terms

import (
	"slices"
	"strings"
	"testing"

	"loam"
	"loam/internal/c2pa"
)

// sound holds for whatever was read: there is an answer on every use and no other, and nothing
// is opened that no foreign word can open.
func sound(t *testing.T, s Signals) {
	t.Helper()
	if len(s) != len(loam.Uses()) {
		t.Fatalf("answers on %d uses", len(s))
	}
	for _, u := range loam.Uses() {
		heard, ok := s[u]
		if !ok || heard.Answer > Deny {
			t.Fatalf("%s: %v", u, heard)
		}
		if heard.Answer == Allow && u != loam.UseIndex && u != loam.UseRetrieve && !slices.Contains(allTraining(), u) {
			t.Fatalf("%s is opened", u)
		}
	}
}

func FuzzContentUsage(f *testing.F) {
	f.Fuzz(func(t *testing.T, field string) {
		s := ReadContentUsage(field, Media())
		sound(t, s)
		// What is added can only close: a field joined to another is at most what either says.
		for u, joined := range ReadContentUsage(field+", train-ai=n", Media()) {
			if joined.Answer == Allow && s[u].Answer != Allow || u == loam.UseTrainText && joined.Answer != Deny {
				t.Fatalf("%s: %v beside a no, %v alone", u, joined.Answer, s[u].Answer)
			}
		}
	})
}

func FuzzContentSignal(f *testing.F) {
	f.Fuzz(func(t *testing.T, value string) {
		s := ReadContentSignal(value, Media())
		sound(t, s)
		for u, joined := range ReadContentSignal(value+", ai-train=no", Media()) {
			if joined.Answer == Allow && s[u].Answer != Allow || u == loam.UseTrainText && joined.Answer != Deny {
				t.Fatalf("%s: %v beside a no, %v alone", u, joined.Answer, s[u].Answer)
			}
		}
	})
}

func FuzzCAWG(f *testing.F) {
	f.Fuzz(func(t *testing.T, lines, domain string) {
		entries := map[string]c2pa.Use{}
		for line := range strings.SplitSeq(lines, "\n") {
			name, use, _ := strings.Cut(line, "=")
			use, words, _ := strings.Cut(use, ";")
			entries[name] = c2pa.Use{Use: use, Constraints: words}
		}
		sound(t, ReadCAWG(entries, Media(), ""))
		ReadCAWG(entries, Media(), domain)
	})
}

func FuzzRSL(f *testing.F) {
	f.Fuzz(func(t *testing.T, doc []byte) {
		s := ReadRSL(doc, "https://loam.example/w/1", Media())
		sound(t, s)
		no := []byte(`<content url=""><license><prohibits type="usage">ai-train</prohibits></license></content></rsl>`)
		if at := strings.LastIndex(string(doc), "</rsl>"); at >= 0 {
			for u, joined := range ReadRSL(slices.Concat(doc[:at], no), "https://loam.example/w/1", Media()) {
				if joined.Answer == Allow && s[u].Answer == Deny || u == loam.UseTrainText && joined.Answer == Allow {
					t.Fatalf("%s: %v beside a no, %v alone", u, joined.Answer, s[u].Answer)
				}
			}
		}
	})
}

func FuzzRobots(f *testing.F) {
	f.Fuzz(func(t *testing.T, body []byte, path string) {
		s, licences := ReadRobots(body, "https://loam.example/"+path, Media())
		sound(t, s)
		if len(licences) > maxLicences {
			t.Fatalf("%d licences", len(licences))
		}
		closed, _ := ReadRobots(append(slices.Clone(body), "\nUser-agent: *\nDisallow: /\n"...), "https://loam.example/"+path, Media())
		for u, heard := range closed {
			if heard.Answer == Allow && s[u].Answer == Deny {
				t.Fatalf("%s: a Disallow opens", u)
			}
		}
	})
}

func FuzzTDMRep(f *testing.F) {
	f.Fuzz(func(t *testing.T, doc []byte, reservation, policy string) {
		sound(t, ReadTDMRep(doc, "https://loam.example/w/1", Media()))
		sound(t, ReadTDMHeader(reservation, policy, Media()))
	})
}
