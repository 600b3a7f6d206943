package label

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/hex"
	"image"
	"slices"
	"testing"
	"time"

	"loam"
	"loam/internal/media"
)

// TestMoved: a label that was moved to another file keeps a right seal, and the record says
// whose it was; the file itself, and a smaller copy of the picture, are told to be its own.
func TestMoved(t *testing.T) {
	t.Parallel()
	pub, seal, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	s, l := setup(t, loam.IsAI, loam.IsAI, loam.MayAI)
	detailed := patches(480, 640, 1)
	if s.version.Content.Assets[0].Hash, err = s.Put(pngOf(t, detailed)); err != nil {
		t.Fatal(err)
	}
	l.Seal = seal
	if err := l.Apply(t.Context(), "v1"); err != nil {
		t.Fatal(err)
	}
	s.version.Labels = s.labels
	text, picture := s.bytes[s.labels[0].Result], s.bytes[s.labels[1].Result]
	small, err := media.Thumbnail(picture, 300)
	if err != nil {
		t.Fatal(err)
	}
	onOther, err := media.Write(pngOf(t, patches(480, 640, 2)), s.labels[1].Mark)
	if err != nil {
		t.Fatal(err)
	}
	handed := bytes.Replace(text, []byte("湖边"), []byte("湖畔"), 1)
	s.delivered = digest(handed)
	passed := s.labels[1].Mark
	passed.ContentPropagator, passed.PropagateID = propagatorOf(testProducer), "v9.picture.1"
	if passed, err = (Options{Seal: seal}).seal(passed, false); err != nil {
		t.Fatal(err)
	}
	again, err := media.Write(pngOf(t, patches(480, 640, 2)), passed)
	if err != nil {
		t.Fatal(err)
	}
	foreign := s.labels[0].Mark
	foreign.PropagateID, foreign.ProduceID = "v1.text.9", "v1.text.9"
	if foreign, err = (Options{Seal: seal}).seal(foreign, true); err != nil {
		t.Fatal(err)
	}
	unknown, err := media.Write(text, foreign)
	if err != nil {
		t.Fatal(err)
	}
	numbered := func(b []byte, m loam.Mark, id string) []byte { // as its producer alone sealed it
		m.PropagateID = id
		out, err := media.Write(b, m)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	for _, c := range []struct {
		name, signature string
		file            []byte
		moved           bool
	}{
		{"the words", SignedTrusted, text, false},
		{"the picture", SignedTrusted, picture, false},
		{"a smaller copy", SignedKnown, small, false},
		{"handed out without its visible label", SignedTrusted, handed, false},
		{"moved, then published here", SignedKnown, again, true},
		{"on another picture", SignedKnown, onOther, true},
		{"on other words", SignedKnown, bytes.Replace(text, []byte("杯子"), []byte("盘子"), 1), true},
		{"a number of no record", SignedKnown, unknown, false},
		{"a number nobody sealed, on another picture", SignedKnown, numbered(onOther, s.labels[1].Mark, "v1.picture.9"), true},
		{"a number nobody sealed, that of this picture", SignedKnown, numbered(picture, s.labels[0].Mark, s.labels[1].Mark.PropagateID), true},
	} {
		src := bytes.NewReader(c.file)
		k := Known{Keys: []string{hex.EncodeToString(pub)}, Now: time.UnixMilli(1), Record: func(id string) (Match, error) {
			return l.Match(t.Context(), src, id)
		}}
		r, err := Check(t.Context(), src, k)
		if err != nil {
			t.Fatal(c.name, err)
		}
		m := r.Marks[0]
		moved := slices.ContainsFunc(m.Defects, func(f Fault) bool { return f.Code == faultMoved })
		if m.Signature != c.signature || moved != c.moved {
			t.Errorf("%s: %q, %v", c.name, m.Signature, m.Defects)
		}
	}
}

// patches is a picture of big patches of grey, others for another seed.
func patches(w, h int, seed uint32) image.Image {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			v := (uint32(x/60)*2654435761 + uint32(y/60)*40503 + seed*97) * 2246822519
			g := byte(v >> 24)
			o := img.PixOffset(x, y)
			copy(img.Pix[o:], []byte{g, g, g, 255})
		}
	}
	return img
}
