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
			if f.Detector == loam.ProtectedDetector {
				found = append(found, f)
			}
		}
		if len(found) != tt.found || slices.Contains(got.Missing, loam.ProtectedDetector) != tt.missing {
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

// TestDeniedSound: what sounds like something an upheld claim removed goes to people, whoever uploads
// it and however short it is; what can be compared with nothing does too, but only as soon as there
// is something to compare it with.
func TestDeniedSound(t *testing.T) {
	t.Parallel()
	song := loam.DeniedSound{Version: "v1", Work: "w1", Hash: "song", Denied: loam.RightVoice}
	other := loam.DeniedSound{Version: "v2", Work: "w2", Hash: "other", Denied: loam.RightCopyright}
	lies := loam.DeniedSound{Version: "v3", Work: "w3", Hash: "lies", Denied: loam.RightCopyright}
	prints := map[string]subject.Print{"song": printOf(1), "cut": printOf(1)[40:200], "other": printOf(2), "new": printOf(3), "short": nil}
	for _, tt := range []struct {
		name, hash string
		denied     []loam.DeniedSound
		work       string // of the finding, "" for none
		second     string
		missing    bool
	}{
		{"a part of it", "cut", []loam.DeniedSound{other, song}, "w1", "0", false},
		{"beside what has no fingerprint", "cut", []loam.DeniedSound{lies, song}, "w1", "0", false},
		{"another sound", "new", []loam.DeniedSound{song, other}, "", "", false},
		{"too short to tell", "short", []loam.DeniedSound{song}, "", "", false},
		{"the same bytes, without the program", "unheard", []loam.DeniedSound{song, {Version: "v4", Work: "w4", Hash: "unheard", Denied: loam.RightOther}}, "w4", "0", false},
		{"without the program", "unheard", []loam.DeniedSound{song}, "", "", true},
		{"without the program, nothing denied", "unheard", nil, "", "", false},
	} {
		b := setup(t)
		b.store.denied = tt.denied
		b.config.Sound = func(_ context.Context, hash string) (subject.Print, error) {
			if p, ok := prints[hash]; ok {
				return p, nil
			}
			if hash == "lies" {
				return nil, loam.Fail(loam.Invalid, "film.failed")
			}
			return nil, loam.Fail(loam.Unavailable, "program.missing", "fpcalc", "libchromaprint-tools")
		}
		v := version()
		v.Content.Sound = &loam.SoundRef{Hash: tt.hash, Type: "audio/mpeg"}
		r, err := New(b.config).Screen(t.Context(), v)
		if err != nil {
			t.Fatal(err)
		}
		var work, second string
		for _, f := range r.Verdict.Findings {
			if f.Detector == "sounds" {
				work, second = f.Facts["work"], f.Facts["second"]
			}
		}
		if missing := slices.Contains(r.Verdict.Missing, "sounds"); work != tt.work || second != tt.second || missing != tt.missing {
			t.Errorf("%s: found %q at %q, missing %v", tt.name, work, second, r.Verdict.Missing)
		}
		if want := tt.work != "" || tt.missing; (r.Verdict.Action == loam.Review) != want {
			t.Errorf("%s: %s", tt.name, r.Verdict.Action)
		}
	}
}

// BenchmarkDeniedSound compares a sound of three minutes with a thousand that were denied.
func BenchmarkDeniedSound(b *testing.B) {
	long := func(seed uint32) (p subject.Print) {
		for i := range uint32(6) {
			p = append(p, printOf(6*seed+i)...)
		}
		return p
	}
	denied := make([]loam.DeniedSound, 1000)
	for i := range denied {
		denied[i] = loam.DeniedSound{Hash: "denied", Print: long(uint32(i + 7)).String()}
	}
	s := &sounds{store: &records{denied: denied}, print: func(context.Context, string) (subject.Print, error) { return long(3), nil }}
	v := version()
	v.Content.Sound = &loam.SoundRef{Hash: "new"}
	for b.Loop() {
		if found, err := s.Detect(b.Context(), Input{Version: &v}); err != nil || len(found) != 0 {
			b.Fatal(found, err)
		}
	}
}
