package media

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	xdraw "golang.org/x/image/draw"
	"pgregory.net/rapid"
)

// drawn are the pictures whose hashes Meta's program was asked for: photo-like, flat, with
// hard edges, odd and extreme sizes, and JPEG files as their decoder sees them.
func drawn() map[string]image.Image {
	out := map[string]image.Image{}
	sizes := [][2]int{{400, 300}, {300, 400}, {64, 64}, {65, 63}, {1080, 1440}, {511, 513}, {127, 129}, {5, 900}, {31, 17}, {2000, 333}}
	for i, s := range sizes {
		for seed := range uint64(3) {
			out[fmt.Sprintf("photo-%dx%d-%d", s[0], s[1], seed)] = picture(s[0], s[1], 100*uint64(i)+seed)
		}
		out[fmt.Sprintf("rings-%dx%d", s[0], s[1])] = shape(s[0], s[1], func(x, y float64) bool { return int(20*(x*x+y*y))%2 == 0 })
		out[fmt.Sprintf("words-%dx%d", s[0], s[1])] = shape(s[0], s[1], func(x, y float64) bool { return y < 0.4 && int(9*y)%2 == 0 && int(40*x*x)%3 > 0 })
	}
	for seed := range uint64(10) {
		var b bytes.Buffer
		if err := jpeg.Encode(&b, picture(600, 450, 5000+seed), &jpeg.Options{Quality: 80}); err != nil {
			panic(err)
		}
		img, err := jpeg.Decode(&b)
		if err != nil {
			panic(err)
		}
		out[fmt.Sprintf("jpeg-%d", seed)] = img
	}
	return out
}

// shape paints where in is true; x and y go from 0 to 1.
func shape(w, h int, in func(x, y float64) bool) image.Image {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.NRGBA{240, 230, 220, 255}
			if in(float64(x)/float64(w), float64(y)/float64(h)) {
				c = color.NRGBA{40, 60, 120, 255}
			}
			img.SetNRGBA(x, y, c)
		}
	}
	return img
}

// TestPDQIsMetas compares with what Meta's own program says of the same pictures, as
// scripts/pdq-check.sh asked it: exactly, but for bits whose term lies at the median within
// the rounding of its 32-bit floats, and for JPEG files, whose luminance is read here as it
// stands and there from their colours.
// LOAM_PDQ_DIR names a folder the pictures are written into.
func TestPDQIsMetas(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile(filepath.Join("testdata", "pdq.txt"))
	if err != nil {
		t.Fatal(err)
	}
	pictures := drawn()
	if dir := os.Getenv("LOAM_PDQ_DIR"); dir != "" {
		for name, img := range pictures {
			var b bytes.Buffer
			if err := png.Encode(&b, img); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, name+".png"), b.Bytes(), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		return
	}
	exact, drawn, n, farthest := 0, 0, 0, 0
	for line := range strings.Lines(string(raw)) {
		var name, hash, mirrored string
		var quality int
		if _, err := fmt.Sscan(line, &name, &hash, &mirrored, &quality); err != nil {
			t.Fatal(err)
		}
		want, err := ParsePDQ(fmt.Sprintf("%s.%s.%d", hash, mirrored, quality))
		if err != nil {
			t.Fatal(err)
		}
		got := PDQOf(pictures[name])
		n++
		if !strings.HasPrefix(name, "jpeg") {
			drawn++
			if got == want {
				exact++
			}
		}
		d := max(got.Hash.Distance(want.Hash), got.Mirrored.Distance(want.Mirrored))
		farthest = max(farthest, d)
		if d > 10 || max(got.Quality-want.Quality, want.Quality-got.Quality) > 1 {
			t.Errorf("%s: distance %d, quality %d, Meta's %d", name, d, got.Quality, want.Quality)
		}
	}
	t.Logf("%d of %d drawn pictures exact in hash, mirrored hash and quality; farthest of all %d: %d bits", exact, drawn, n, farthest)
	if n != len(pictures) || exact*100 < drawn*95 {
		t.Errorf("%d of %d exact, of %d pictures", exact, drawn, len(pictures))
	}
}

// patches is a picture with edges and areas of every size, as photos have them.
func patches(w, h int, seed uint64) *image.RGBA {
	r := rand.New(rand.NewPCG(seed, 2))
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for i := range 200 {
		size := 1 + (200-i)*w/400
		at := image.Pt(r.IntN(w)-size/2, r.IntN(h)-size/2)
		c := color.RGBA{uint8(r.IntN(256)), uint8(r.IntN(256)), uint8(r.IntN(256)), 255}
		xdraw.Draw(img, image.Rectangle{at, at.Add(image.Pt(size, size))}, image.NewUniform(c), image.Point{}, xdraw.Src)
	}
	return img
}

func TestNearPicturesHaveNearHashes(t *testing.T) {
	t.Parallel()
	a := patches(400, 300, 1)
	h := PDQOf(a)
	again, _, err := Decode(jpegOf(t, a))
	if err != nil {
		t.Fatal(err)
	}
	small, err := Thumbnail(jpegOf(t, a), 200)
	if err != nil {
		t.Fatal(err)
	}
	tiny, _, err := Decode(small)
	if err != nil {
		t.Fatal(err)
	}
	mirror := image.NewRGBA(a.Bounds())
	for y := range 300 {
		for x := range 400 {
			mirror.SetRGBA(399-x, y, a.RGBAAt(x, y))
		}
	}
	double := image.NewNRGBA(image.Rect(0, 0, 800, 600))
	xdraw.CatmullRom.Scale(double, double.Bounds(), a, a.Bounds(), xdraw.Src, nil)
	for name, d := range map[string]int{
		"JPEG": h.Hash.Distance(PDQOf(again).Hash), "half": h.Hash.Distance(PDQOf(tiny).Hash), "double": h.Hash.Distance(PDQOf(double).Hash),
		"mirrored": h.Mirrored.Distance(PDQOf(mirror).Hash), "mirrored back": h.Hash.Distance(PDQOf(mirror).Mirrored),
	} {
		if d > HashNear {
			t.Errorf("%s: distance %d", name, d)
		}
	}
	if d := h.Hash.Distance(PDQOf(patches(400, 300, 2)).Hash); d < 80 {
		t.Errorf("another picture: distance %d", d)
	}
	if PDQOf(image.NewRGBA(image.Rect(0, 0, 4, 900))).Quality != 0 || !PDQOf(image.NewGray(image.Rect(0, 0, 90, 90))).Plain() {
		t.Error("a sliver or a flat picture is comparable")
	}
}

// The kinds of image the decoders give must not matter, nor where their bounds begin.
func TestPDQOfEveryKind(t *testing.T) {
	t.Parallel()
	base := picture(120, 90, 3)
	want := PDQOf(base)
	moved := image.NewRGBA(image.Rect(7, 5, 127, 95))
	straight := image.NewNRGBA(base.Bounds())
	deep := image.NewNRGBA64(base.Bounds())
	xdraw.Draw(moved, moved.Bounds(), base, image.Point{}, xdraw.Src)
	xdraw.Draw(straight, base.Bounds(), base, image.Point{}, xdraw.Src)
	xdraw.Draw(deep, base.Bounds(), base, image.Point{}, xdraw.Src)
	for _, img := range []image.Image{moved, straight, deep} {
		if got := PDQOf(img); got != want {
			t.Errorf("%T: %v, want %v", img, got, want)
		}
	}
	if a := PDQOf(image.NewRGBA(base.Bounds())); a.Quality != 0 {
		t.Errorf("what is clear has quality %d", a.Quality)
	}
}

func aHash() *rapid.Generator[Hash] {
	return rapid.Custom(func(t *rapid.T) (h Hash) {
		for i := range h {
			h[i] = rapid.Uint64().Draw(t, "word")
		}
		return h
	})
}

func TestDistanceIsAMetric(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		a, b, c := aHash().Draw(r, "a"), aHash().Draw(r, "b"), aHash().Draw(r, "c")
		if a.Distance(b) != b.Distance(a) || a.Distance(a) != 0 || a.Distance(c) > a.Distance(b)+b.Distance(c) || a.Distance(b) > HashBits {
			r.Fatalf("%v %v %v", a, b, c)
		}
		p := PDQ{a, b, rapid.IntRange(0, 100).Draw(r, "quality")}
		if back, err := ParsePDQ(p.String()); err != nil || back != p {
			r.Fatalf("%v reads back as %v, %v", p, back, err)
		}
	})
}

func FuzzParsePDQ(f *testing.F) {
	f.Add(PDQ{Quality: 70}.String())
	f.Add("..")
	f.Fuzz(func(t *testing.T, s string) {
		p, err := ParsePDQ(s)
		if err != nil {
			return
		}
		if again, err := ParsePDQ(p.String()); err != nil || again != p {
			t.Fatalf("%q reads as %v, then %v, %v", s, p, again, err)
		}
	})
}

// BenchmarkPDQOf hashes a decoded photo of 1080×1440, and one of 12 megapixels.
func BenchmarkPDQOf(b *testing.B) {
	for _, s := range [][2]int{{1080, 1440}, {4000, 3000}} {
		img := image.NewYCbCr(image.Rect(0, 0, s[0], s[1]), image.YCbCrSubsampleRatio420)
		b.Run(fmt.Sprintf("%dx%d", s[0], s[1]), func(b *testing.B) {
			for b.Loop() {
				PDQOf(img)
			}
		})
	}
}
