package media

import (
	"bytes"
	"image"
	"image/jpeg"
	"slices"
	"strings"
	"testing"

	"loam"
)

// TestPNGLongLabel: a label in a chunk that is too long to be read is told of, and a file with
// one is not written.
func TestPNGLongLabel(t *testing.T) {
	t.Parallel()
	label := append([]byte(`AIGC`+"\x00"+`{"Label":"1"`), bytes.Repeat([]byte(" "), MaxBytes)...)
	b := pngOf(t, image.NewGray(image.Rect(0, 0, 2, 2)))
	b = slices.Concat(b[:33], newChunk("tEXt", label).raw, b[33:])
	found, err := Read(b)
	if err != nil || len(found) != 1 || found[0].State != loam.IsAI || found[0].Strict() {
		t.Fatalf("%d marks, %v", len(found), err)
	}
	if _, err := Plan(bytes.NewReader(b), strictMark()); loam.KindOf(err) != loam.Invalid {
		t.Errorf("labelled a second time: %v", err)
	}
}

// TestLongLabelIsCarried: a strict label with a long integrity field is in a clean copy and a
// thumbnail as it was.
func TestLongLabelIsCarried(t *testing.T) {
	t.Parallel()
	m := strictMark()
	m.ReservedCode1 = strings.Repeat("x", 20_000)
	img := image.NewRGBA(image.Rect(0, 0, 20, 20))
	var photo bytes.Buffer
	if err := jpeg.Encode(&photo, img, nil); err != nil {
		t.Fatal(err)
	}
	for _, b := range [][]byte{pngOf(t, img), photo.Bytes()} {
		marked, err := Write(b, m)
		if err != nil {
			t.Fatal(err)
		}
		p, err := Clean(marked)
		if err != nil {
			t.Fatal(err)
		}
		small, err := Thumbnail(marked, 10)
		if err != nil {
			t.Fatal(err)
		}
		for _, copied := range [][]byte{p.Data, small} {
			if found, err := Read(copied); err != nil || len(found) != 1 || !found[0].Strict() || found[0].Mark != m {
				t.Errorf("%s: %d marks, %v", p.Type, len(found), err)
			}
		}
	}
}

// TestHeldMetadata: what is held of a file's metadata is bounded, however much there is, and
// so is the padding that is walked.
func TestHeldMetadata(t *testing.T) {
	t.Parallel()
	b := pngOf(t, image.NewGray(image.Rect(0, 0, 2, 2)))
	many := newChunk("tEXt", append([]byte("Comment\x00"), make([]byte, MaxBytes/2)...)).raw
	src := slices.Concat(b[:33], many, many, newChunk("tEXt", []byte("AIGC\x00"+`{"Label":"1"}`)).raw, many, b[33:])
	f, err := pngRead(bytes.NewReader(src))
	held := 0
	for _, p := range f.parts {
		held += len(p.c.raw)
	}
	if err != nil || held > 1<<10 {
		t.Errorf("%d bytes are held, %v", held, err)
	}
	if found, err := Read(src); err != nil || State(found) != loam.IsAI {
		t.Errorf("%+v, %v", found, err)
	}
	head := []byte{0xff, 0xd8}
	if _, _, err := jpegParts(bytes.NewReader(append(head, bytes.Repeat([]byte{0xff}, 1<<20)...))); loam.KindOf(err) != loam.Invalid {
		t.Errorf("fill bytes without end: %v", err)
	}
	long := slices.Concat([]byte{0xff, 0xe1, 0xff, 0xff}, make([]byte, 65533))
	parts2, _, err := jpegParts(bytes.NewReader(append(head, bytes.Repeat(long, 700)...)))
	if loam.KindOf(err) != loam.Invalid || len(parts2) > 650 {
		t.Errorf("%d segments are held, %v", len(parts2), err)
	}
}
