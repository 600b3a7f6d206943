package label

import (
	"bytes"
	"context"
	"errors"
	"testing"

	"loam"
	"loam/internal/media"
)

// leaving is a file whose reader's client leaves at the n-th read.
type leaving struct {
	media.Source
	n, reads int
	leave    context.CancelFunc
}

func (l *leaving) ReadAt(p []byte, at int64) (int, error) {
	if l.reads++; l.reads == l.n {
		l.leave()
	}
	return l.Source.ReadAt(p, at)
}

// TestCheckStops: at whichever part of a file its client leaves, no other part is read, and what
// was found up to there is nobody's answer.
func TestCheckStops(t *testing.T) {
	t.Parallel()
	page := []byte("<!doctype html><html><head><title>湖边</title></head><body><h1>湖边</h1></body></html>\n")
	for name, in := range map[string][]byte{
		"png": pngOf(t, colours(64, 64)), "jpeg": jpegOf(t, colours(64, 64)), "film": mp4(), "sound": wav(), "page": page, "text": []byte("湖边\n"),
	} {
		o := options(loam.IsAI)
		if name == "png" || name == "jpeg" || name == "film" {
			o.Manifest = signing(t, "trainedAlgorithmicMedia")
		}
		labelled, _, err := File(in, o)
		if err != nil {
			t.Fatal(name, err)
		}
		all := &leaving{Source: bytes.NewReader(labelled)}
		if r, err := Check(t.Context(), all, Known{}); err != nil || r.State != loam.IsAI {
			t.Fatalf("%s: %+v, %v", name, r, err)
		}
		for n := 1; n <= all.reads; n++ {
			ctx, leave := context.WithCancel(t.Context())
			src := &leaving{Source: bytes.NewReader(labelled), n: n, leave: leave}
			r, err := Check(ctx, src, Known{})
			leave()
			if !errors.Is(err, context.Canceled) || r.Marks != nil || src.reads != n {
				t.Errorf("%s: left at read %d of %d: %d reads, %+v, %v", name, n, all.reads, src.reads, r, err)
			}
		}
	}
}
