package demo

import (
	"bytes"
	"flag"
	"fmt"
	"image"
	"image/jpeg"
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
	hashes := make([]media.PDQ, len(scenes))
	for i, s := range scenes {
		img := s.Draw()
		if !img.Opaque() {
			t.Errorf("%v is not painted everywhere", s)
		}
		hashes[i] = media.PDQOf(img)
	}
	for i, a := range scenes {
		for k, b := range scenes[:i] {
			d := min(hashes[i].Hash.Distance(hashes[k].Hash), hashes[i].Mirrored.Distance(hashes[k].Hash))
			copied := a.Crop != b.Crop && a.Name == b.Name && a.Variant == b.Variant
			if copied && (d > media.HashNear || hashes[i].Plain() || hashes[k].Plain()) {
				t.Errorf("%v (quality %d) is %d bits from %v (quality %d): not found as its copy", a, hashes[i].Quality, d, b, hashes[k].Quality)
			} else if !copied && d <= media.HashNear && !hashes[i].Plain() && !hashes[k].Plain() {
				t.Errorf("%v is only %d bits from %v", a, d, b)
			}
		}
	}
}

// TestCopiesOfScenesAreFound prints how often a picture is still found after what re-posting
// does to it, and insists on what PDQ promises.
func TestCopiesOfScenesAreFound(t *testing.T) {
	t.Parallel()
	scaled := func(img *image.RGBA, w, h int) image.Image {
		out := image.NewRGBA(image.Rect(0, 0, w, h))
		xdraw.ApproxBiLinear.Scale(out, out.Rect, img, img.Rect, xdraw.Src, nil)
		return out
	}
	changes := []struct {
		name  string
		least float64 // share that must be found
		do    func(*image.RGBA) image.Image
	}{
		{"JPEG, quality 20", 0.95, func(img *image.RGBA) image.Image {
			var b bytes.Buffer
			if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 20}); err != nil {
				t.Fatal(err)
			}
			out, err := jpeg.Decode(&b)
			if err != nil {
				t.Fatal(err)
			}
			return out
		}},
		{"a quarter of its size", 0.95, func(img *image.RGBA) image.Image { return scaled(img, img.Rect.Dx()/4, img.Rect.Dy()/4) }},
		{"stretched to 4:3", 0.95, func(img *image.RGBA) image.Image { return scaled(img, 800, 600) }},
		{"darker by a third", 0.9, func(img *image.RGBA) image.Image {
			out := image.NewRGBA(img.Rect)
			for i, v := range img.Pix {
				out.Pix[i] = v - v/3*uint8(min(1, (i+1)%4))
			}
			return out
		}},
		{"a caption on a twentieth", 0, func(img *image.RGBA) image.Image {
			out := image.NewRGBA(img.Rect)
			copy(out.Pix, img.Pix)
			r := img.Rect
			xdraw.Draw(out, image.Rect(r.Dx()/10, r.Dy()*9/10, r.Dx()*6/10, r.Dy()), image.White, image.Point{}, xdraw.Src)
			return out
		}},
		{"mirrored", 0.95, func(img *image.RGBA) image.Image { return mirrored(img) }},
		{"1/60 cut off each edge", 0, func(img *image.RGBA) image.Image { return cropped(img, 60) }},
		{"1/40 cut off each edge", 0, func(img *image.RGBA) image.Image { return cropped(img, 40) }},
		{"1/20 cut off each edge", 0, func(img *image.RGBA) image.Image { return cropped(img, 20) }},
		{"turned by 90 degrees", 0, func(img *image.RGBA) image.Image {
			out := image.NewRGBA(image.Rect(0, 0, img.Rect.Dy(), img.Rect.Dx()))
			for y := range img.Rect.Dy() {
				for x := range img.Rect.Dx() {
					out.SetRGBA(img.Rect.Dy()-1-y, x, img.RGBAAt(x, y))
				}
			}
			return out
		}},
	}
	found, all := make([]int, len(changes)), 0
	for i, s := range used(t) {
		if i%3 > 0 { // a third of them says it, in a third of the time
			continue
		}
		img := s.Draw()
		if codes := media.Codes(img); len(codes) > 0 {
			t.Errorf("%v: a QR code where none is: %v", s, codes)
		}
		h := media.PDQOf(img)
		if h.Plain() {
			continue
		}
		all++
		for i, c := range changes {
			p := media.PDQOf(c.do(img))
			if !p.Plain() && min(p.Hash.Distance(h.Hash), p.Mirrored.Distance(h.Hash)) <= media.HashNear {
				found[i]++
			}
		}
	}
	for i, c := range changes {
		share := float64(found[i]) / float64(all)
		t.Logf("%-26s found %3d of %d", c.name, found[i], all)
		if share < c.least {
			t.Errorf("%s: found %.2f, want %.2f", c.name, share, c.least)
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
