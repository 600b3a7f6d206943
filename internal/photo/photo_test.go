package photo

import (
	"bytes"
	"flag"
	"image"
	"image/draw"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	xdraw "golang.org/x/image/draw"

	"loam"
	"loam/internal/demo"
)

var sheets = flag.String("sheets", "", "folder to draw contact sheets of every style into, for a person to look at")

func scene(tb testing.TB, name string) *image.RGBA {
	tb.Helper()
	var s demo.Scene
	if err := s.UnmarshalText([]byte(name)); err != nil {
		tb.Fatal(err)
	}
	return s.Draw()
}

// TestSheets draws nothing unless asked to: go test -run Sheets -sheets /tmp/sheets.
func TestSheets(t *testing.T) {
	if *sheets == "" {
		t.Skip("no -sheets folder given")
	}
	scenes := []string{"lake/1/tall", "cat/1/tall", "plate/1/tall", "corner/1/tall"}
	const w, h = 540, 720
	for _, p := range loam.Prints() {
		out := image.NewRGBA(image.Rect(0, 0, len(scenes)*(w+8), h))
		for i, name := range scenes {
			m := Apply(p, scene(t, name))
			xdraw.BiLinear.Scale(out, image.Rect(i*(w+8), 0, i*(w+8)+w, h), m, m.Rect, draw.Src, nil)
			if i == 1 {
				f, err := os.Create(filepath.Join(*sheets, string(p)+"-full.png"))
				if err != nil {
					t.Fatal(err)
				}
				if err := png.Encode(f, m); err != nil {
					t.Fatal(err)
				}
				f.Close()
			}
		}
		f, err := os.Create(filepath.Join(*sheets, string(p)+".png"))
		if err != nil {
			t.Fatal(err)
		}
		if err := png.Encode(f, out); err != nil {
			t.Fatal(err)
		}
		f.Close()
	}
}

func TestSamePictureSamePixels(t *testing.T) {
	t.Parallel()
	img := image.NewRGBA(image.Rect(0, 0, 270, 360))
	src := scene(t, "cat/1/tall")
	xdraw.BiLinear.Scale(img, img.Rect, src, src.Rect, draw.Src, nil)
	before := bytes.Clone(img.Pix)
	seen := map[string]loam.Print{}
	for _, p := range loam.Prints() {
		a, b := Apply(p, img), Apply(p, img)
		if !bytes.Equal(a.Pix, b.Pix) {
			t.Errorf("%s: two renderings differ", p)
		}
		if a.Rect != img.Rect || !a.Opaque() {
			t.Errorf("%s: %v, opaque %v", p, a.Rect, a.Opaque())
		}
		if bytes.Equal(a.Pix, img.Pix) {
			t.Errorf("%s: nothing was done", p)
		}
		if q, ok := seen[string(a.Pix)]; ok {
			t.Errorf("%s and %s are the same", p, q)
		}
		seen[string(a.Pix)] = p
	}
	if !bytes.Equal(before, img.Pix) {
		t.Error("the picture itself was changed")
	}
}

// TestAnySize: no size, not even of one pixel, and no picture of one colour breaks a style.
func TestAnySize(t *testing.T) {
	t.Parallel()
	for _, p := range loam.Prints() {
		for _, size := range []image.Point{{1, 1}, {1, 40}, {40, 1}, {3, 2}, {17, 31}, {64, 64}} {
			for _, c := range []image.Image{image.Black, image.White, image.Transparent} {
				img := image.NewRGBA(image.Rectangle{Max: size})
				draw.Draw(img, img.Rect, c, image.Point{}, draw.Src)
				if got := Apply(p, img).Rect.Size(); got != size {
					t.Errorf("%s of %v is %v", p, size, got)
				}
			}
		}
		whole := image.NewRGBA(image.Rect(0, 0, 50, 50))
		part := whole.SubImage(image.Rect(10, 20, 40, 45)).(*image.RGBA)
		if got := Apply(p, part).Rect.Size(); got != image.Pt(30, 25) {
			t.Errorf("%s of a part is %v", p, got)
		}
	}
	if img := image.NewRGBA(image.Rectangle{}); Apply(loam.PrintOil, img) != img {
		t.Error("an empty picture is not left alone")
	}
}

func BenchmarkApply(b *testing.B) {
	img := scene(b, "corner/1/tall")
	for _, p := range loam.Prints() {
		b.Run(string(p), func(b *testing.B) {
			for b.Loop() {
				Apply(p, img)
			}
		})
	}
}
