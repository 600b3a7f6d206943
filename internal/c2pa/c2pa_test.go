package c2pa

import (
	"bytes"
	"crypto/rand"
	"crypto/x509"
	"encoding/binary"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"testing"
	"time"
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

// webpOf and mp4Of are the smallest files that have the form; nobody decodes them.
func webpOf(body int) []byte {
	chunk := binary.LittleEndian.AppendUint32([]byte("VP8L"), uint32(body))
	chunk = append(chunk, bytes.Repeat([]byte{0x2f}, body+body&1)...)
	b := binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(4+len(chunk)))
	return append(append(b, "WEBP"...), chunk...)
}

func boxOf(kind string, parts ...[]byte) []byte {
	body := bytes.Join(parts, nil)
	return append(append(binary.BigEndian.AppendUint32(nil, uint32(8+len(body))), kind...), body...)
}

func mp4Of() []byte {
	ftyp := boxOf("ftyp", []byte("isom\x00\x00\x02\x00isommp41"))
	return bytes.Join([][]byte{
		ftyp, boxOf("free", make([]byte, 8)), boxOf("moov", boxOf("mvhd", make([]byte, 100))), boxOf("mdat", bytes.Repeat([]byte{7}, 300)),
	}, nil)
}

// files are one small file of each container by its name.
func files(t testing.TB) map[string][]byte {
	t.Helper()
	return map[string][]byte{
		"jpeg": jpegOf(t, picture(16, 12)), "png": pngOf(t, picture(16, 12)), "webp": webpOf(40), "webp of odd length": webpOf(41), "mp4": mp4Of(),
	}
}
