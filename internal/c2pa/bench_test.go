package c2pa

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"math/rand/v2"
	"testing"

	"loam"
	"loam/internal/media"
)

// photo is a JPEG of about 150 KB, as a phone's picture is after it was made smaller.
func photo(tb testing.TB) []byte {
	tb.Helper()
	r := rand.New(rand.NewPCG(1, 2))
	img := image.NewRGBA(image.Rect(0, 0, 640, 480))
	for y := range 480 {
		for x := range 640 {
			n := uint8(r.IntN(64))
			img.Set(x, y, color.RGBA{uint8(x/3) + n, uint8(y/3) + n, uint8(x*y/2000) + n, 255})
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 89}); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

func gbLabel() loam.Mark {
	const code = "001191000000000000000K10000"
	return loam.Mark{Label: "1", ContentProducer: code, ProduceID: "01JCQ5V8Y2N8", ContentPropagator: code, PropagateID: "01JCQ5V8Y2N8"}
}

// marked writes the GB label, then the manifest, into a file in memory.
func marked(tb testing.TB, out *bytes.Buffer, b []byte, s Signer) {
	tb.Helper()
	e, err := media.Plan(bytes.NewReader(b), gbLabel())
	if err != nil {
		tb.Fatal(err)
	}
	if e, err = Sign(e, generated(), s); err != nil {
		tb.Fatal(err)
	}
	out.Reset()
	if _, err = e.WriteTo(out); err != nil {
		tb.Fatal(err)
	}
}

// BenchmarkSign writes both marks into a buffer that is used again, as a server does.
func BenchmarkSign(b *testing.B) {
	s, file := setup(b), photo(b)
	var out bytes.Buffer
	b.SetBytes(int64(len(file)))
	b.ReportAllocs()
	for b.Loop() {
		marked(b, &out, file, s.Signer)
	}
}

// BenchmarkSignReadBack also reads both marks back from the bytes and checks them.
func BenchmarkSignReadBack(b *testing.B) {
	s, file := setup(b), photo(b)
	var out bytes.Buffer
	b.SetBytes(int64(len(file)))
	b.ReportAllocs()
	for b.Loop() {
		marked(b, &out, file, s.Signer)
		found, err := media.Read(out.Bytes())
		if err != nil || !strict(found) {
			b.Fatal(found, err)
		}
		if r := inspect(b, out.Bytes(), s.Trust); r.State != Trusted {
			b.Fatal(r)
		}
	}
}

// strict reports whether there is exactly one GB label, the one written.
func strict(found []media.Found) bool {
	n := 0
	for _, f := range found {
		if f.Kind == media.KindImplicit {
			n++
			if !f.Strict() || f.Mark != gbLabel() {
				return false
			}
		}
	}
	return n == 1
}

func BenchmarkInspect(b *testing.B) {
	s := setup(b)
	var out bytes.Buffer
	marked(b, &out, photo(b), s.Signer)
	b.SetBytes(int64(out.Len()))
	b.ReportAllocs()
	for b.Loop() {
		if r := inspect(b, out.Bytes(), s.Trust); r.State != Trusted {
			b.Fatal(r)
		}
	}
}
