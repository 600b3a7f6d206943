package demo

import (
	"flag"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	xdraw "golang.org/x/image/draw"

	"loam/internal/media"
)

var sheet = flag.String("sheet", "", "folder to draw every scene into, for a person to look at")

// used lists every scene of the content once, in the content's order.
func used(tb testing.TB) []Scene {
	tb.Helper()
	seen := map[Scene]bool{}
	var out []Scene
	for _, n := range content(tb).Notes {
		for _, p := range n.Carousel() {
			if p.Scene != nil && !seen[*p.Scene] {
				seen[*p.Scene] = true
				out = append(out, *p.Scene)
			}
		}
	}
	return out
}

// TestSheet draws nothing unless asked to: go test -run Sheet -sheet /tmp/scenes.
func TestSheet(t *testing.T) {
	if *sheet == "" {
		t.Skip("no -sheet folder given")
	}
	byName := map[string][]Scene{}
	for _, s := range used(t) {
		byName[s.Name] = append(byName[s.Name], s)
	}
	for name, list := range byName {
		out := image.NewRGBA(image.Rect(0, 0, len(list)*500, 660))
		for i, s := range list {
			img := s.Draw()
			b := img.Bounds()
			w := 490
			h := w * b.Dy() / b.Dx()
			xdraw.ApproxBiLinear.Scale(out, image.Rect(i*500, 0, i*500+w, h), img, b, xdraw.Src, nil)
			fmt.Println(name, i, s)
		}
		f, err := os.Create(filepath.Join(*sheet, name+".png"))
		if err != nil {
			t.Fatal(err)
		}
		if err := png.Encode(f, out); err != nil {
			t.Fatal(err)
		}
		f.Close()
	}
}

// TestScenesAreApart: no two pictures may be taken for copies of each other, but the one
// that is meant to.
func TestScenesAreApart(t *testing.T) {
	t.Parallel()
	scenes := used(t)
	hashes := make([]media.Hash, len(scenes))
	for i, s := range scenes {
		img := s.Draw()
		if !img.Opaque() {
			t.Errorf("%v is not painted everywhere", s)
		}
		hashes[i] = media.HashOf(img)
	}
	for i, a := range scenes {
		for k, b := range scenes[:i] {
			d := hashes[i].Distance(hashes[k])
			if copied := a.Crop != b.Crop && a.Name == b.Name && a.Variant == b.Variant; copied && d > 14 {
				t.Errorf("%v is %d bits from %v, too far to be found as its copy", a, d, b)
			} else if !copied && d <= 22 {
				t.Errorf("%v is only %d bits from %v", a, d, b)
			}
		}
	}
}

func TestSceneNames(t *testing.T) {
	t.Parallel()
	for _, s := range used(t) {
		var back Scene
		if err := back.UnmarshalText([]byte(s.String())); err != nil || back != s {
			t.Errorf("%v reads back as %v: %v", s, back, err)
		}
	}
	for _, bad := range []string{"", "lake", "lake/1", "lake/x/tall", "lake/0/tall", "lake/1/round", "lake/1/tall/cut", "sea/1/tall"} {
		if err := new(Scene).UnmarshalText([]byte(bad)); err == nil {
			t.Errorf("%q is taken for a scene", bad)
		}
	}
}

func BenchmarkScene(b *testing.B) {
	for _, s := range used(b) {
		b.Run(s.String(), func(b *testing.B) {
			for b.Loop() {
				s.Draw()
			}
		})
	}
}
