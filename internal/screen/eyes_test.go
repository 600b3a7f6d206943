package screen

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"loam"
)

// eyes see in a picture what its bytes say.
type eyes struct{}

func (eyes) Words(_ context.Context, picture []byte) ([]Line, error) {
	switch string(picture) {
	case "broken":
		return nil, loam.Fail(loam.Invalid, "picture.broken")
	case "away":
		return nil, fmt.Errorf("eyes: %w", ErrAbsent)
	case "blank":
		return []Line{}, nil
	}
	return []Line{{"這裡代開發票", 0.9}, {"|||", 0.49}, {string(picture), 0.5}}, nil
}

func (eyes) Classes(_ context.Context, picture []byte) (map[string]float64, error) {
	if string(picture) == "away" {
		return nil, ErrAbsent
	}
	if string(picture) == "beach" {
		return map[string]float64{"drawing": 0, "hentai": 0, "neutral": 0.3, "porn": 0.1, "sexy": 0.6}, nil
	}
	porn := 0.02
	if strings.HasPrefix(string(picture), "bare") {
		porn = 0.72
	}
	return map[string]float64{"drawing": 0, "hentai": 0.1, "neutral": 0.9 - porn - 0.05, "porn": porn, "sexy": 0.05}, nil
}

func (eyes) Health(context.Context) error { return ErrAbsent }

// seeing is a Screener with eyes, and a version with a picture for each text.
func seeing(t *testing.T, pictures ...string) (*Screener, loam.Version) {
	t.Helper()
	b := setup(t)
	v := version()
	shows := map[string]string{}
	for i, text := range pictures {
		shows[fmt.Sprint(i)] = text
		v.Content.Assets = append(v.Content.Assets, loam.AssetRef{Field: fmt.Sprint("picture.", i+2), Hash: fmt.Sprint(i)})
	}
	b.config.Bytes = func(_ context.Context, hash string) ([]byte, error) {
		if shows[hash] == "lost" {
			return nil, errors.New("no such blob")
		}
		return []byte(shows[hash]), nil
	}
	b.config.Readers = []Reader{OCR{Eyes: eyes{}, Model: "m 1"}}
	b.config.More = []Detector{Unsafe{Eyes: eyes{}, Model: "n 2"}}
	return New(b.config), v
}

func TestEyes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, want string
		pictures   []string
	}{
		{"no picture", "allow [] []", nil},
		{"a blank one", "allow [] []", []string{"blank"}},
		{"words are screened as the note's own", "block [] [] phrases picture.2.read", []string{"cat"}},
		{"a broken one hides no other", "block [ocr] [] phrases picture.3.read", []string{"broken", "cat"}},
		{"an unsafe one goes to a person", "review [] [] unsafe picture.3 0.82", []string{"blank", "bare"}},
		{"a revealing one is told of, no more", "allow [] [] unsafe picture.2 0.1", []string{"beach"}},
		{"one that is lost", "review [ocr unsafe] []", []string{"lost"}},
		{"nobody looks", "allow [] [ocr unsafe]", []string{"away"}},
	} {
		s, v := seeing(t, c.pictures...)
		if strings.Contains(c.want, "unsafe picture") {
			s.Use(s.Policy(), nil) // the words are not the point
		}
		r, err := s.Screen(t.Context(), v)
		if err != nil {
			t.Fatal(err)
		}
		got := fmt.Sprint(r.Verdict.Action, " ", r.Verdict.Missing, " ", r.Verdict.Absent)
		for _, f := range r.Verdict.Findings {
			if f.Detector == "classifier" {
				continue // what it makes of the words is its own test's
			}
			got += fmt.Sprint(" ", f.Detector, " ", f.Field)
			if f.Detector == "unsafe" {
				got += fmt.Sprint(" ", f.Score)
				if f.Score < 0.7 {
					continue
				}
				want := map[string]string{"class": "porn", "drawing": "0.00", "hentai": "0.10", "neutral": "0.13", "porn": "0.72", "sexy": "0.05"}
				if diff := cmp.Diff(want, f.Facts); diff != "" || f.Version != "n 2" {
					t.Errorf("%s: version %s, facts %s", c.name, f.Version, diff)
				}
			}
		}
		if got != c.want {
			t.Errorf("%s:\ngot  %s\nwant %s", c.name, got, c.want)
		}
	}
}

func TestRead(t *testing.T) {
	t.Parallel()
	in := Input{Pictures: []*Picture{NewPicture([]byte("cat")), NewPicture([]byte(strings.Repeat("字", maxRead)))}}
	got, err := OCR{Eyes: eyes{}}.Read(t.Context(), in)
	if err != nil || len(got) != 2 {
		t.Fatalf("got %d fields, %v", len(got), err)
	}
	if diff := cmp.Diff(Field{"read", "這裡代開發票\ncat"}, got[0]); diff != "" {
		t.Error(diff)
	}
	if n := len(got[1].Text); n > maxRead || n < maxRead-3 || !strings.HasSuffix(got[1].Text, "字") {
		t.Errorf("kept %d bytes, ending in %q", n, got[1].Text[n-6:])
	}
}
