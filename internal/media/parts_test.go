package media

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// tinyParts are files of about size bytes that are nothing but the smallest parts their
// container has.
func tinyParts(tb testing.TB, size int) map[string][]byte {
	repeat := func(part []byte) []byte { return bytes.Repeat(part, size/len(part)) }
	png := pngOf(tb, picture(8, 8, 1))
	page := oggPage{serial: 9, lacing: []byte{}}
	var archive bytes.Buffer
	z := zip.NewWriter(&archive)
	for i := range min(size/100, 60_000) {
		if _, err := z.Create(fmt.Sprint(i)); err != nil {
			tb.Fatal(err)
		}
	}
	if _, err := z.Create(ooxmlTypes); err != nil {
		tb.Fatal(err)
	}
	if err := z.Close(); err != nil {
		tb.Fatal(err)
	}
	return map[string][]byte{
		"boxes":           cat(newBox("ftyp", []byte("isom"), be32(512)), repeat(newBox("moov", newBox("udta")))),
		"boxes in one":    cat(newBox("ftyp", []byte("isom"), be32(512)), newBox("moov", newBox("udta", repeat(newBox("free"))))),
		"items":           movie(nil, newBox("meta", be32(0), newBox("hdlr", make([]byte, 8), []byte("mdta"), make([]byte, 13)), newBox("keys", be32(0), be32(0)), newBox("ilst", repeat(newBox("\x00\x00\x00\x01")))), nil),
		"metas":           cat(newBox("ftyp", []byte("isom"), be32(512)), newBox("moov", repeat(newBox("meta", be32(0))))),
		"elements":        cat(ebmlHead("matroska"), newElement(idSegment, repeat([]byte{idVoid, 0x80}))),
		"tags":            cat(ebmlHead("matroska"), newElement(idSegment, newElement(idTags, newElement(idTag, repeat(newElement(idSimpleTag)))))),
		"unsized cluster": cat(ebmlHead("matroska"), unsized(idSegment, unsized(idCluster, repeat([]byte{idVoid, 0x80})))),
		"RIFF chunks":     riffOf("WAVE", soundFormat(), repeat(newRIFFChunk("junk", nil))),
		"INFO chunks":     riffOf("AVI ", newRIFFChunk("LIST", cat([]byte("INFO"), repeat(newRIFFChunk("junk", nil))))),
		"PNG chunks":      cat(png[:33], repeat(newChunk("teSt", nil).raw), png[33:]),
		"JPEG segments":   cat([]byte("\xff\xd8"), repeat([]byte{0xff, 0xe2, 0, 2})),
		"JPEG scans":      cat(jpegOf(tb, picture(8, 8, 1)), []byte("AIGC"), repeat([]byte{0xff, 0xe2, 0, 2})),
		"Ogg pages":       repeat(page.bytes(nil)),
		"FLV tags":        cat([]byte("FLV\x01\x05"), be32(9), be32(0), repeat(flvTag(9, nil))),
		"FLAC blocks":     cat([]byte("fLaC"), []byte{0, 0, 0, 34}, make([]byte, 34), repeat([]byte{1, 0, 0, 0})),
		"ID3 frames":      id3Of(3, 0, repeat([]byte("TXXX\x00\x00\x00\x01\x00\x00\x00"))),
		"GIF blocks":      cat(gifOf(tb, picture(8, 8, 1))[:781], repeat([]byte("\x21\xfe\x00"))),
		"TIFF directories": func() []byte {
			b := []byte("II*\x00\x08\x00\x00\x00")
			for len(b) < size {
				b = binary.LittleEndian.AppendUint16(b, 1)
				b = append(b, make([]byte, 12)...)
				b = binary.LittleEndian.AppendUint32(b, uint32(len(b)+4))
			}
			return b
		}(),
		"PDF revisions":  tinyRevisions(size),
		"archive":        archive.Bytes(),
		"HTML elements":  cat([]byte("<!doctype html>"), repeat([]byte("<b>"))),
		"XMP properties": withChunk(tb, png, xmpChunk(xmpOf(`<rdf:Description>`+string(bytes.Repeat([]byte("<a/>"), min(size, maxPacket/2)/4))+`</rdf:Description>`)), false),
	}
}

// tinyRevisions is a PDF of as many cross-reference tables as find room, each of one part.
func tinyRevisions(size int) []byte {
	b := []byte("%PDF-1.7\n")
	prev := ""
	at := 0
	for len(b) < size {
		at = len(b)
		b = fmt.Appendf(b, "xref\n0 0\ntrailer\n<</Size 1%s>>\n", prev)
		prev = fmt.Sprintf("/Prev %d", at)
	}
	return fmt.Appendf(b, "startxref\n%d\n%%%%EOF\n", at)
}

// TestTinyParts: a file of nothing but tiny parts is read in stretches, not part by part, and
// not again and again.
func TestTinyParts(t *testing.T) {
	t.Parallel()
	for name, b := range tinyParts(t, 1<<20) {
		n, calls := int64(0), int64(0)
		_, _, _ = Marks(metered{bytes.NewReader(b), &n, &calls}) // whether it can be followed is another question
		if most := int64(len(b))/windowLeast + 5*maxRevisions; calls > most {
			t.Errorf("%s: %d reads of %d bytes", name, calls, len(b))
		}
		if n > 4*int64(len(b))+1<<20 {
			t.Errorf("%s: %d bytes were read of %d", name, n, len(b))
		}
	}
}

// BenchmarkTinyParts is what the worst of 8 MB costs a reader, from the disk.
func BenchmarkTinyParts(b *testing.B) {
	for name, in := range tinyParts(b, 8<<20) {
		b.Run(name, func(b *testing.B) {
			path := filepath.Join(b.TempDir(), "in")
			if err := os.WriteFile(path, in, 0o600); err != nil {
				b.Fatal(err)
			}
			file, err := os.Open(path)
			if err != nil {
				b.Fatal(err)
			}
			defer file.Close()
			var bad error
			for b.Loop() {
				_, _, bad = Marks(onDisk{file, int64(len(in))})
			}
			b.Log(len(in), bad)
		})
	}
}
