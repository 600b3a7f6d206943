package media

import (
	"bytes"
	"encoding/binary"
	"io"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"loam"
)

// storeOf is a manifest store of n bytes in all, with nothing in it that says anything.
func storeOf(n int) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(n))
	b = append(b, "jumb\x00\x00\x00\x1ejumd"+storeUUID+"\x03c2pa\x00"...)
	for i := len(b); i < n; i++ {
		b = append(b, byte(i*7))
	}
	return b
}

// carriers are a file of each container that carries a manifest.
func carriers() map[string][]byte {
	jpeg := joinSegments([]segment{newSegment(mAPP0, []byte("JFIF\x00")), newSegment(mAPP1, []byte(exifHeader+"MM")), newSegment(mAPP1, []byte(xmpHeader))}, []byte{0xff, mSOS, 0, 2, 1, 2, 3})
	other := joinSegments([]segment{newSegment(mAPP11, []byte("JP\x00\x07\x00\x00\x00\x01another box"))}, []byte{0xff, mSOS, 0, 2, 1, 2, 3})
	png := joinChunks([]chunk{newChunk("IHDR", make([]byte, 13)), newChunk("IDAT", []byte("pixels")), newChunk("IEND", nil)})
	webp := []byte("RIFF\x10\x00\x00\x00WEBPVP8L\x04\x00\x00\x00abcd")
	return map[string][]byte{
		"jpeg": jpeg, "jpeg with another box": other, "png": png, "webp": webp, "webp with more behind it": append(webp, "tail"...),
		"mp4": slices.Concat(newBox("ftyp", []byte("isom\x00\x00\x00\x00")), newBox("moov", newBox("mvhd", make([]byte, 100))), newBox("mdat", []byte("samples"))),
	}
}

// TestManifest: a store of any length is found as it was put, in its place and alone; the
// rest of the file stays.
func TestManifest(t *testing.T) {
	t.Parallel()
	for name, file := range carriers() {
		bare := Source(bytes.NewReader(file))
		for _, n := range []int{40, 41, maxSegment - 8, maxSegment, 200_001} {
			m, err := Manifest(bare)
			if err != nil || m.Bytes != nil && n == 40 {
				t.Fatalf("%s: %v", name, err)
			}
			e, hole, err := m.Put(storeOf(n))
			if err != nil {
				t.Fatalf("%s, %d: %v", name, n, err)
			}
			m, err = Manifest(e)
			if err != nil || !bytes.Equal(m.Bytes, storeOf(n)) || len(m.Spans) != 1 {
				t.Fatalf("%s, %d: %v, %d spans", name, n, err, len(m.Spans))
			}
			if s := m.Spans[0]; s.From != hole.From || s.To < hole.To || s.To > hole.To+1 {
				t.Errorf("%s, %d: lies in %v, said %v", name, n, s, hole)
			}
			bare = e
		}
		out, err := bare.(*Edit).Bytes()
		if err != nil {
			t.Fatal(err)
		}
		m, err := Manifest(bare)
		if err != nil {
			t.Fatal(err)
		}
		s := m.Spans[0]
		rest := slices.Concat(out[:s.From], out[s.To:])
		if strings.HasPrefix(name, "webp") {
			copy(rest[4:8], file[4:8]) // the file's length
		}
		if !bytes.Equal(rest, file) {
			t.Errorf("%s: more than the manifest changed: %q", name, rest)
		}
	}
}

func TestManifestRefuses(t *testing.T) {
	t.Parallel()
	framed := jpegFrame(storeOf(100_000))
	one := 4 + maxSegment
	jpeg := func(parts ...[]byte) []byte {
		return slices.Concat([]byte{0xff, mSOI}, slices.Concat(parts...), []byte{0xff, mSOS, 0, 2})
	}
	png := func(cs ...chunk) []byte {
		return joinChunks(slices.Concat([]chunk{newChunk("IHDR", make([]byte, 13))}, cs, []chunk{newChunk("IEND", nil)}))
	}
	bad := newChunk("caBX", storeOf(40))
	bad.raw[len(bad.raw)-1] ^= 1
	c2pa := func(purpose string) []byte {
		return newBox("uuid", []byte(ManifestUser+purpose+bmffNoMore), storeOf(40))
	}
	ftyp := newBox("ftyp", []byte("isom\x00\x00\x00\x00"))
	for _, tt := range []struct {
		name string
		file []byte
	}{
		{"jpeg: the second segment first", jpeg(framed[one:], framed[:one])},
		{"jpeg: the first segment twice", jpeg(framed[:one], framed[:one])},
		{"jpeg: without its last segment", jpeg(framed[:one])},
		{"jpeg: no scan", slices.Concat([]byte{0xff, mSOI}, framed)},
		{"jpeg: a segment of 0 bytes", []byte{0xff, mSOI, 0xff, mAPP1, 0, 0}},
		{"png: two", png(newChunk("caBX", storeOf(40)), newChunk("caBX", storeOf(40)))},
		{"png: checksum", png(bad)},
		{"png: no IHDR", joinChunks([]chunk{newChunk("caBX", storeOf(40))})},
		{"png: cut off", png(newChunk("caBX", storeOf(40)))[:70]},
		{"webp: two", []byte("RIFF\x1c\x00\x00\x00WEBPC2PA\x04\x00\x00\x00abcdC2PA\x04\x00\x00\x00abcd")},
		{"webp: longer than the file", []byte("RIFF\xff\x00\x00\x00WEBPC2PA\x04\x00\x00\x00abcd")},
		{"webp: a chunk longer than the file", []byte("RIFF\x10\x00\x00\x00WEBPC2PA\xff\xff\xff\xffabcd")},
		{"mp4: two", slices.Concat(ftyp, c2pa(bmffPurpose), c2pa(bmffPurpose))},
		{"mp4: of another purpose", slices.Concat(ftyp, c2pa("\x00\x00\x00\x00merkle\x00\x00\x00"))},
		{"mp4: cut off", slices.Concat(ftyp, newBox("uuid", []byte(ManifestUser+bmffPurpose)))},
	} {
		if _, err := Manifest(bytes.NewReader(tt.file)); loam.KindOf(err) != loam.Invalid {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
	if _, err := Manifest(bytes.NewReader([]byte("GIF89a"))); loam.CodeOf(err) != "manifest.container" {
		t.Errorf("gif: %v", err)
	}
	for name, file := range carriers() {
		m, err := Manifest(bytes.NewReader(file))
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := m.Put(make([]byte, MaxManifest+1)); loam.KindOf(err) != loam.TooLarge {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// readerAt is a source that is not in memory.
type readerAt struct{ *io.SectionReader }

// TestCopyRange: edits upon edits copy the bytes that they read, whatever lies below.
func TestCopyRange(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		content := rapid.SliceOfN(rapid.Byte(), 1, 300).Draw(r, "content")
		var src Source = bytes.NewReader(content)
		if rapid.Bool().Draw(r, "not in memory") {
			src = readerAt{io.NewSectionReader(bytes.NewReader(content), 0, int64(len(content)))}
		}
		want := content
		for range rapid.IntRange(0, 3).Draw(r, "edits") {
			at := rapid.IntRange(0, len(want)).Draw(r, "at")
			fresh := rapid.SliceOfN(rapid.Byte(), 0, 40).Draw(r, "fresh")
			e := new(Edit)
			e.keep(src, 0, int64(at))
			e.add(fresh)
			e.keep(src, int64(at), src.Size())
			src, want = e, slices.Concat(want[:at], fresh, want[at:])
		}
		from := rapid.IntRange(0, len(want)).Draw(r, "from")
		to := rapid.IntRange(from, len(want)).Draw(r, "to")
		var got bytes.Buffer
		if err := CopyRange(&got, src, int64(from), int64(to)); err != nil || !bytes.Equal(got.Bytes(), want[from:to]) {
			r.Fatalf("%d to %d: %x, want %x: %v", from, to, got.Bytes(), want[from:to], err)
		}
		if err := CopyRange(io.Discard, src, int64(from), src.Size()+1); err == nil {
			r.Fatal("more than there is")
		}
	})
}
