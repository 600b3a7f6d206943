package screen

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"
	"testing"

	"loam"
	"loam/internal/media"
	"loam/internal/policy"
	"loam/internal/subject"
)

// made-up numbers of two people.
var (
	wansFace  = loam.Biometric{Kind: loam.BiometricFace, Model: "m", Vectors: [][]float32{{1, 0}}}
	annsFace  = loam.Biometric{Kind: loam.BiometricFace, Model: "m", Vectors: [][]float32{{0, 1}}}
	wansVoice = loam.Biometric{Kind: loam.BiometricVoice, Model: "m", Vectors: [][]float32{{1, 0}}}
	annsVoice = loam.Biometric{Kind: loam.BiometricVoice, Model: "m", Vectors: [][]float32{{0, 1}}}
)

// table gives Biometrics by hand: what takes them is tried in internal/parts.
type table struct {
	faces  []loam.Biometric
	voices []loam.Biometric
	err    error
	looked int
}

func (b *table) Model(loam.BiometricKind) string { return "m" }

func (b *table) Faces(context.Context, []byte) ([]loam.Biometric, error) {
	b.looked++
	return b.faces, b.err
}

func (b *table) Voices(context.Context, string) ([]loam.Biometric, []float64, error) {
	b.looked++
	seconds := make([]float64, len(b.voices))
	for i := range seconds {
		seconds[i] = float64(12 * i)
	}
	return b.voices, seconds, b.err
}

// TestBodies: a face counts where a machine had a part in the picture or the note says so, a voice
// always; neither is taken while nobody agreed to be compared; what cannot be compared is missing.
func TestBodies(t *testing.T) {
	t.Parallel()
	p, err := policy.Parse(policy.Default())
	if err != nil {
		t.Fatal(err)
	}
	picture := checked(t)
	img, _, err := media.Decode(picture)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(picture)
	hash := hex.EncodeToString(sum[:])
	agreed := []loam.Registered{
		{ID: "1", Owner: "wan", Kind: loam.ProtectLikeness, Names: []string{"林晚"}, Biometrics: []loam.Biometric{wansFace}},
		{ID: "2", Owner: "wan", Kind: loam.ProtectVoice, Names: []string{"林晚"}, Biometrics: []loam.Biometric{wansVoice}},
	}
	broken := errors.New("broken")
	for _, tt := range []struct {
		name, owner, title string
		state              loam.AIState
		registered         []loam.Registered
		bodies             table
		found              []string
		missing            bool
		looked             int
	}{
		{"a camera's picture of her", "ann", "和林晚吃饭", loam.NotAI, agreed, table{faces: []loam.Biometric{wansFace}}, nil, false, 1},
		{"her face, it is said", "ann", "一键换脸教程", loam.NotAI, agreed, table{faces: []loam.Biometric{annsFace, wansFace, wansFace}}, []string{"face picture.1"}, false, 2},
		{"her face, labelled", "ann", "今天的照片", loam.SuspectedAI, agreed, table{faces: []loam.Biometric{wansFace}}, []string{"face picture.1"}, false, 2},
		{"another face", "ann", "一键换脸教程", loam.IsAI, agreed, table{faces: []loam.Biometric{annsFace}}, nil, false, 2},
		{"her own note", "wan", "一键换脸教程", loam.IsAI, agreed, table{faces: []loam.Biometric{wansFace}, voices: []loam.Biometric{wansVoice}}, nil, false, 2},
		{"her voice", "ann", "录了一段", loam.NotAI, agreed, table{voices: []loam.Biometric{annsVoice, wansVoice, wansVoice}}, []string{"voice sound 12"}, false, 1},
		{"nobody agreed", "ann", "一键换脸教程", loam.IsAI, agreed[:0], table{faces: []loam.Biometric{wansFace}, voices: []loam.Biometric{wansVoice}}, nil, false, 0},
		{"cannot be compared", "ann", "一键换脸教程", loam.IsAI, agreed, table{err: broken}, nil, true, 2},
	} {
		m := subject.New(tt.registered)
		s := New(Config{
			Policy: p, Protections: &Protections{
				Matcher: func() *subject.Matcher { return m },
				Open:    func(context.Context, string, []loam.Use) (bool, error) { return false, nil },
				Gate:    func(_ context.Context, decode func() error) error { return decode() },
				Bodies:  &tt.bodies,
			},
			Bytes:   func(context.Context, string) ([]byte, error) { return picture, nil },
			Picture: func(context.Context, string) (string, error) { return media.PDQOf(img).String(), nil },
			Sound:   func(context.Context, string) (subject.Print, error) { return printOf(3), nil },
		})
		found, err := s.Protected(t.Context(), tt.owner, loam.Content{
			Title:  tt.title,
			Assets: []loam.AssetRef{{Field: "picture.1", Hash: hash, AI: tt.state}},
			Sound:  &loam.SoundRef{Hash: "sound"},
		})
		var got []string
		for _, f := range found {
			if by := f.Facts["by"]; by == loam.SightedFace || by == loam.SightedVoice {
				words := by + " " + f.Field
				if by == loam.SightedVoice {
					words += " " + f.Facts["second"]
				}
				got = append(got, words)
			}
			if f.Tier != loam.TierReview {
				t.Errorf("%s: %+v may do more than send to people", tt.name, f)
			}
		}
		alone := s.Alone(t.Context(), "x", Input{Fields: []Field{{"title", "一键换脸教程"}}, Pictures: []*Picture{NewPicture(picture)}})
		if slices.ContainsFunc(alone.Findings, func(f loam.Finding) bool { return f.Facts["by"] == loam.SightedFace }) {
			t.Errorf("%s: whoever screens a picture alone is told whom it is like", tt.name)
		}
		if !slices.Equal(got, tt.found) || (err != nil) != tt.missing || tt.bodies.looked != tt.looked {
			t.Errorf("%s: found %q, %v, looked %d times", tt.name, got, err, tt.bodies.looked)
		}
	}
}
