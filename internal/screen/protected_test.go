package screen

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"image/png"
	"slices"
	"testing"

	"loam"
	"loam/internal/media"
	"loam/internal/policy"
	"loam/internal/subject"
)

// checked is a picture of squares, as PNG.
func checked(t *testing.T) []byte {
	t.Helper()
	img := image.NewGray(image.Rect(0, 0, 128, 128))
	for y := range 128 {
		for x := range 128 {
			img.SetGray(x, y, color.Gray{uint8((x/9*37 ^ y/11*59) % 256)})
		}
	}
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestProtected: names with a cue and near pictures are findings that only send to people; what is
// the author's own or open to everybody is none; a picture that cannot be compared is missing.
func TestProtected(t *testing.T) {
	t.Parallel()
	picture := checked(t)
	img, _, err := media.Decode(picture)
	if err != nil {
		t.Fatal(err)
	}
	m := subject.New([]loam.Registered{
		{ID: "1", Owner: "wan", Kind: loam.ProtectVoice, Names: []string{"林晚"}},
		{ID: "2", Owner: "lu", Kind: loam.ProtectLikeness, Names: []string{"陆知遥"}, PDQs: []string{media.PDQOf(img).String()}},
	})
	opened := ""
	p, err := policy.Parse(policy.Default())
	if err != nil {
		t.Fatal(err)
	}
	s := New(Config{Policy: p, Protections: &Protections{
		Matcher: func() *subject.Matcher { return m },
		Open:    func(_ context.Context, owner string, _ []loam.Use) (bool, error) { return owner == opened, nil },
		Gate:    func(_ context.Context, decode func() error) error { return decode() },
	}})
	kinds := func(v loam.Verdict) []string {
		var out []string
		for _, f := range v.Findings {
			if f.Detector == loam.ProtectedDetector {
				out = append(out, f.Facts["kind"]+" "+f.Facts["by"]+" "+f.Text)
				if f.Tier != loam.TierReview {
					t.Errorf("%+v may do more than send to people", f)
				}
			}
		}
		return out
	}
	v := s.Alone(t.Context(), "x", Input{Fields: []Field{{"title", "AI翻唱林晚"}}, Pictures: []*Picture{NewPicture(picture)}})
	if got := kinds(v); !slices.Equal(got, []string{"likeness picture ", "voice name 林晚"}) || v.Action != loam.Review {
		t.Errorf("%s: found %q", v.Action, got)
	}
	opened = "wan"
	if got := kinds(s.Text(t.Context(), "x", "AI翻唱林晚")); len(got) > 0 {
		t.Errorf("open to everybody, found %q", got)
	}
	opened = ""
	for owner, want := range map[string]int{"wan": 0, "ann": 1} {
		found, err := s.Protected(t.Context(), owner, loam.Content{Title: "AI翻唱林晚"})
		if err != nil || len(found) != want {
			t.Errorf("of %s: found %+v, %v", owner, found, err)
		}
	}
	if v := s.Alone(t.Context(), "x", Input{Pictures: []*Picture{NewPicture([]byte("no picture"))}}); !slices.Contains(v.Missing, loam.ProtectedDetector) {
		t.Errorf("missing are %v", v.Missing)
	}
	broken := errors.New("broken")
	s = New(Config{Policy: p, Protections: &Protections{
		Matcher: func() *subject.Matcher { return m },
		Open:    func(context.Context, string, []loam.Use) (bool, error) { return false, broken },
		Gate:    func(_ context.Context, decode func() error) error { return decode() },
	}})
	if v := s.Text(t.Context(), "x", "AI翻唱林晚"); !slices.Contains(v.Missing, loam.ProtectedDetector) || v.Action != loam.Review {
		t.Errorf("where nobody knows what is open: %s, missing %v", v.Action, v.Missing)
	}
}
