package media

import (
	"bytes"
	"image"
	"slices"
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
