package media

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode/decoder"
	"github.com/makiuchi-d/gozxing/qrcode/encoder"
	xdraw "golang.org/x/image/draw"
	"golang.org/x/image/math/f64"
)

// coded draws a QR code of words with its quiet zone, edge pixels wide.
func coded(tb testing.TB, words string, edge int, inverted bool) *image.RGBA {
	tb.Helper()
	hints := map[gozxing.EncodeHintType]interface{}{gozxing.EncodeHintType_CHARACTER_SET: "UTF-8"}
	code, err := encoder.Encoder_encode(words, decoder.ErrorCorrectionLevel_M, hints)
	if err != nil {
		tb.Fatal(err)
	}
	m := code.GetMatrix()
	modules := m.GetWidth() + 8
	ink, paper := color.RGBA{20, 20, 30, 255}, color.RGBA{250, 250, 245, 255}
	if inverted {
		ink, paper = paper, ink
	}
	img := image.NewRGBA(image.Rect(0, 0, edge, edge))
	for y := range edge {
		for x := range edge {
			c := paper
			mx, my := x*modules/edge-4, y*modules/edge-4
			if mx >= 0 && my >= 0 && mx < m.GetWidth() && my < m.GetHeight() && m.Get(mx, my) == 1 {
				c = ink
			}
			img.SetRGBA(x, y, c)
		}
	}
	return img
}

// onto sets a picture into another, turned by degrees about its middle at (x, y).
func onto(ground, img *image.RGBA, x, y, degrees float64) *image.RGBA {
	out := image.NewRGBA(ground.Bounds())
	copy(out.Pix, ground.Pix)
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	half := float64(img.Bounds().Dx()) / 2
	m := f64.Aff3{cos, -sin, x - cos*half + sin*half, sin, cos, y - sin*half - cos*half}
	xdraw.BiLinear.Transform(out, m, img, img.Bounds(), xdraw.Over, nil)
	return out
}

func compressed(tb testing.TB, img image.Image, quality int) image.Image {
	tb.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: quality}); err != nil {
		tb.Fatal(err)
	}
	out, err := jpeg.Decode(&b)
	if err != nil {
		tb.Fatal(err)
	}
	return out
}

// TestCodesAreRead prints how many codes are read at each size, over angles, JPEG
// qualities, both inks, photos and pages as grounds.
func TestCodesAreRead(t *testing.T) {
	t.Parallel()
	words := []string{"https://u.wechat.com/EAbCdEfGhIjKlMnOpQrS", "wxp://f2f0aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789", "加我好友：陶艺小馆，电话 13812345678"}
	grounds := map[string]*image.RGBA{"photo": patches(720, 960, 5), "soft photo": picture(720, 960, 8), "page": image.NewRGBA(image.Rect(0, 0, 720, 960))}
	xdraw.Draw(grounds["page"], grounds["page"].Bounds(), image.NewUniform(color.RGBA{246, 240, 228, 255}), image.Point{}, xdraw.Src)
	sizes := []struct {
		edge  int
		least float64
	}{{100, 0}, {150, 0.9}, {200, 0.95}, {300, 0.95}, {500, 0.95}, {700, 0.9}}
	for s, size := range sizes {
		read, all := 0, 0
		missed := map[string]int{}
		for i, w := range words {
			for name, ground := range grounds {
				for k, degrees := range []float64{0, 8, 45, 90, 200} {
					if size.edge == 700 && degrees == 45 || (i+k+s)%2 > 0 {
						continue // does not fit, or is as good as its neighbours
					}
					quality := []int{90, 60, 35}[(i+k)%3]
					inverted := (i+k)%4 == 3
					img := compressed(t, onto(ground, coded(t, w, size.edge, inverted), 360, 480, degrees), quality)
					all++
					got := Codes(img)
					if len(got) == 1 && got[0].Text == w && image.Pt(360, 480).In(got[0].Place) {
						read++
					} else {
						missed[fmt.Sprintf("%s, %.0f°, quality %d, inverted %v", name, degrees, quality, inverted)]++
					}
				}
			}
		}
		share := float64(read) / float64(all)
		t.Logf("%4d pixels: %2d of %d read; missed %v", size.edge, read, all, missed)
		if share < size.least {
			t.Errorf("%d pixels: %.2f read, want %.2f", size.edge, share, size.least)
		}
	}
}

func TestSeveralCodes(t *testing.T) {
	t.Parallel()
	ground := picture(1080, 1440, 9)
	want := map[string]bool{}
	for i, words := range []string{"weixin://dl/business/one", "https://example.com/two", "three"} {
		ground = onto(ground, coded(t, words, 260, i == 1), 250+float64(i%2)*500, 300+float64(i)*400, float64(10*i))
		want[words] = true
	}
	got := map[string]bool{}
	for _, c := range Codes(compressed(t, ground, 70)) {
		got[c.Text] = true
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// Pictures without a code have none, and hostile ones cost no more than others.
func TestNoCodes(t *testing.T) {
	t.Parallel()
	rings := coded(t, "x", 200, false).SubImage(image.Rect(20, 20, 80, 80)).(*image.RGBA) // a finder pattern and a bit
	tiled := image.NewRGBA(image.Rect(0, 0, 1600, 1600))
	for y := 0; y < 1600; y += 60 {
		for x := 0; x < 1600; x += 60 {
			xdraw.Draw(tiled, image.Rect(x, y, x+60, y+60), rings, rings.Bounds().Min, xdraw.Src)
		}
	}
	for name, img := range map[string]image.Image{
		"photo": patches(1080, 1440, 1), "noise": picture(333, 777, 1), "tiled": tiled, "sliver": image.NewGray(image.Rect(0, 0, 1, 900)), "empty": image.NewGray(image.Rectangle{}),
		"checks": shape(900, 900, func(x, y float64) bool { return (int(x*90)+int(y*90))%2 == 0 }),
	} {
		if got := Codes(img); len(got) > 0 {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func FuzzCodes(f *testing.F) {
	code := coded(f, "weixin://x", 58, false)
	for y := range 58 {
		for x := range 58 {
			code.Pix[(y*58+x)*4] = code.Pix[(y*58+x)*4+1]
		}
	}
	f.Add(code.Pix, 58)
	f.Add([]byte{1, 2, 3}, 1)
	f.Fuzz(func(_ *testing.T, pix []byte, w int) {
		if w < 1 || w > len(pix)/4 || len(pix) > 1<<20 {
			return
		}
		Codes(&image.RGBA{Pix: pix, Stride: 4 * w, Rect: image.Rect(0, 0, w, len(pix)/4/w)})
	})
}

// BenchmarkCodes looks through a decoded photo of 1080×1440 without a code, and one with.
func BenchmarkCodes(b *testing.B) {
	ground := patches(1080, 1440, 5)
	for name, img := range map[string]image.Image{
		"none": compressed(b, ground, 85), "one": compressed(b, onto(ground, coded(b, "https://u.wechat.com/EAbCdEfGhIjKlMnOpQrS", 300, false), 600, 800, 12), 85),
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				Codes(img)
			}
		})
	}
}
