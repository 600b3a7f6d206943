package screen

import (
	"context"
	"slices"
	"testing"

	"loam"
	"loam/internal/policy"
	"loam/internal/subject"
)

// printOf is a made-up fingerprint of half a minute.
func printOf(seed uint32) subject.Print {
	p := make(subject.Print, 240)
	for i := range p {
		seed = seed*1664525 + 1013904223
		p[i] = seed
	}
	return p
}

// TestProtectedSound: a sound that has a registered recording in it is sent to people; without the
// program that takes fingerprints every sound is, as soon as anything is registered, and none
// before.
func TestProtectedSound(t *testing.T) {
	t.Parallel()
	p, err := policy.Parse(policy.Default())
	if err != nil {
		t.Fatal(err)
	}
	registered := []loam.Registered{{ID: "1", Owner: "wan", Kind: loam.ProtectVoice, Names: []string{"林晚"}, Sounds: []string{printOf(1).String()}}}
	sounds := map[string]subject.Print{"hers": printOf(1), "another": printOf(2), "short": nil}
	for _, tt := range []struct {
		name, hash, owner string
		registered        []loam.Registered
		found             int
		missing           bool
	}{
		{"hers by another", "hers", "ann", registered, 1, false},
		{"hers by herself", "hers", "wan", registered, 0, false},
		{"another sound", "another", "ann", registered, 0, false},
		{"one too short to tell", "short", "ann", registered, 0, false},
		{"without the program", "unheard", "ann", registered, 0, true},
		{"without the program, nothing registered", "unheard", "ann", nil, 0, false},
	} {
		m := subject.New(tt.registered)
		s := New(Config{
			Policy: p, Protections: &Protections{
				Matcher: func() *subject.Matcher { return m },
				Open:    func(context.Context, string, []loam.Use) (bool, error) { return false, nil },
				Gate:    func(_ context.Context, decode func() error) error { return decode() },
			},
			Sound: func(_ context.Context, hash string) (subject.Print, error) {
				if p, ok := sounds[hash]; ok {
					return p, nil
				}
				return nil, loam.Fail(loam.Unavailable, "program.missing", "fpcalc", "libchromaprint-tools")
			},
		})
		v := loam.Version{Owner: tt.owner, Content: loam.Content{Title: "夏夜", Sound: &loam.SoundRef{Hash: tt.hash, Type: "audio/mpeg"}}}
		got := s.judge(t.Context(), s.now.Load(), s.ofAny(s.now.Load()), Input{Fields: Fields(v.Content), Version: &v})
		var found []loam.Finding
		for _, f := range got.Findings {
			if f.Detector == ProtectedDetector {
				found = append(found, f)
			}
		}
		if len(found) != tt.found || slices.Contains(got.Missing, ProtectedDetector) != tt.missing {
			t.Errorf("%s: found %+v, missing %v", tt.name, found, got.Missing)
		}
		if want := tt.found > 0 || tt.missing; (got.Action == loam.Review) != want {
			t.Errorf("%s: %s", tt.name, got.Action)
		}
		if len(found) > 0 && (found[0].Field != loam.SoundField || found[0].Facts["by"] != loam.SightedSound || found[0].Facts["second"] != "0" || found[0].Risk != loam.Likeness) {
			t.Errorf("%s: %+v", tt.name, found[0])
		}
	}
}
