package c2pa

import (
	"bytes"
	"crypto/rand"
	"crypto/x509"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"testing"
	"time"

	"loam/internal/media"
)

// day is when everything in these tests happens.
var day = time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)

type bundle struct {
	Signer
	root *x509.Certificate
}

// setup is an installation with keys of its own that it trusts.
func setup(t testing.TB) bundle {
	t.Helper()
	a, err := NewAuthority(rand.Reader, day, "Test")
	if err != nil {
		t.Fatal(err)
	}
	leaf, key, err := a.Leaf(rand.Reader, day)
	if err != nil {
		t.Fatal(err)
	}
	return bundle{Signer{Chain: []*x509.Certificate{leaf, a.Root}, Key: key, Rand: rand.Reader, Now: day, Trust: NewTrust(a.Root)}, a.Root}
}

func picture(w, h int) image.Image {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			img.Set(x, y, color.RGBA{uint8(x * 7), uint8(y * 5), uint8(x * y), 255})
		}
	}
	return img
}

func jpegOf(t testing.TB, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func pngOf(t testing.TB, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func generated() Claim {
	return Claim{
		Generator: Agent{"loam", "1"}, Title: "note", Created: true, SourceType: SourceGenerated, Agent: Agent{"model", "2"},
		AI: &Disclosure{ModelType: "c2pa.types.model", ModelName: "model", HumanOversight: "none"},
	}
}

func sign(t testing.TB, b []byte, c Claim, s Signer) []byte {
	t.Helper()
	e, err := Sign(bytes.NewReader(b), c, s)
	if err != nil {
		t.Fatal(err)
	}
	out, err := e.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func inspect(t testing.TB, b []byte, trust *Trust) Report {
	t.Helper()
	r, err := Inspect(bytes.NewReader(b), trust, day)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

var _ media.Source = (*bytes.Reader)(nil)

func TestSign(t *testing.T) {
	t.Parallel()
	s := setup(t)
	for name, file := range map[string][]byte{"jpeg": jpegOf(t, picture(64, 48)), "png": pngOf(t, picture(64, 48))} {
		out := sign(t, file, generated(), s.Signer)
		r := inspect(t, out, s.Trust)
		if r.State != Trusted {
			t.Errorf("%s: %+v", name, r)
		}
		again := sign(t, out, generated(), s.Signer)
		if r := inspect(t, again, s.Trust); r.State != Trusted || len(r.Manifests) != 2 {
			t.Errorf("%s twice: %+v", name, r)
		}
	}
}
