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
