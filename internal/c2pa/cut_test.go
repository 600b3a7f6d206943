package c2pa

import (
	"bytes"
	"encoding/binary"
	"slices"
	"testing"

	"loam"
	"loam/internal/media"
)

// TestCut: of a file that breaks off behind its manifest the signature and the assertions are
// judged, and the file is told to be another one, wherever it ends.
func TestCut(t *testing.T) {
	t.Parallel()
	s := setup(t)
	for name, file := range files(t) {
		b := sign(t, file, generated(), s.Signer)
		m, err := media.Manifest(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		wrong := codeDataWrong
		if m.Type == media.MP4 {
			wrong = codeBMFFWrong
		}
		if m.Type == media.WebP { // the store is its last chunk
			b = append(b, "EXIF\x08\x00\x00\x00 a photo"...)
			binary.LittleEndian.PutUint32(b[4:], uint32(len(b)-8))
		}
		end := int(m.Spans[len(m.Spans)-1].To)
		if end == len(b) {
			t.Fatalf("%s: nothing stands behind the store", name)
		}
		for n := end; n < len(b); n++ {
			r, err := Inspect(bytes.NewReader(b[:n]), s.Trust, day)
			if err != nil || r.State != Invalid || !r.Has(codeSignatureRight) || !r.Has(codeAssertionMatch) || !r.Has(wrong) || r.Has(codeBMFFMalformed) || r.Active() == nil || r.Active().Signer == "" {
				t.Fatalf("%s, %d bytes of %d: %+v, %v", name, n, len(b), r, err)
			}
		}
		if r, err := Inspect(bytes.NewReader(b[:m.Spans[0].To-5]), s.Trust, day); len(r.Manifests) != 0 || err != nil && !media.Broken(err) {
			t.Errorf("%s, cut in the store: %+v, %v", name, r, err)
		}
	}
}

// TestCutTwoStores: a second store is none to fall back from, cut or whole.
func TestCutTwoStores(t *testing.T) {
	t.Parallel()
	s := setup(t)
	b := sign(t, pngOf(t, picture(4, 4)), generated(), s.Signer)
	m, err := media.Manifest(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	at := m.Spans[0]
	two := slices.Insert(bytes.Clone(b), int(at.From), b[at.From:at.To]...)
	for _, n := range []int{len(two), len(two) - 6} {
		if r, err := Inspect(bytes.NewReader(two[:n]), s.Trust, day); loam.CodeOf(err) != "media.broken" || r.State != None || len(r.Manifests) != 0 {
			t.Errorf("%d bytes: %+v, %v", n, r, err)
		}
	}
}
