package label

import (
	"archive/zip"
	"bytes"
	"fmt"
	"image/gif"
	"testing"

	"golang.org/x/image/tiff"
	"pgregory.net/rapid"

	"loam"
	"loam/internal/media"
)

// containers are a small file of each container that a label is written into.
func containers(t *testing.T) map[media.Type][]byte {
	t.Helper()
	var moving, scanned, document bytes.Buffer
	if err := gif.Encode(&moving, colours(8, 8), nil); err != nil {
		t.Fatal(err)
	}
	if err := tiff.Encode(&scanned, colours(8, 8), nil); err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(&document)
	for name, text := range map[string]string{
		"[Content_Types].xml": `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"></Types>`,
		"_rels/.rels":         `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>`,
	} {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write([]byte(text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	page := func(flags byte, packet string) string {
		return "OggS\x00" + string(flags) + string(make([]byte, 20)) + "\x01" + string(rune(len(packet))) + packet
	}
	return map[media.Type][]byte{
		media.JPEG: jpegOf(t, colours(8, 8)), media.PNG: pngOf(t, colours(8, 8)), media.GIF: moving.Bytes(), media.TIFF: scanned.Bytes(),
		media.WebP: []byte("RIFF\x12\x00\x00\x00WEBPVP8L\x06\x00\x00\x00\x2f\x00\x00\x00\x00\x00"),
		media.MP4:  mp4(), media.WAV: wav(), media.OOXML: document.Bytes(),
		media.Matroska: []byte("\x1a\x45\xdf\xa3\x8b\x42\x82\x88matroska\x18\x53\x80\x67\x80"),
		media.MP3:      []byte("ID3\x03\x00\x00\x00\x00\x00\x00"),
		media.FLAC:     append([]byte("fLaC\x80\x00\x00\x22"), make([]byte, 34)...),
		media.OGG:      []byte(page(2, "OpusHead") + page(0, "OpusTags\x00\x00\x00\x00\x00\x00\x00\x00")),
		media.PDF:      pdf(), media.HTML: []byte("<!doctype html><title>一</title><p>b"), media.Markdown: []byte("湖边\n"),
	}
}

// pdf is a document without pages.
func pdf() []byte {
	b := []byte("%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n")
	pages := len(b)
	b = append(b, "2 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\n"...)
	return fmt.Appendf(b, "xref\n0 3\n0000000000 65535 f \n%010d 00000 n \n%010d 00000 n \ntrailer\n<</Size 3/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", 9, pages, len(b))
}

// TestPrecedenceOfMarks follows P1 and P4 to P9 of the label facts over every container: who
// labels a file again, however often and whatever weaker she says or a detector finds, leaves
// the strongest state and the first producer's number.
func TestPrecedenceOfMarks(t *testing.T) {
	t.Parallel()
	states := []loam.AIState{loam.SuspectedAI, loam.MayAI, loam.IsAI}
	for typ, in := range containers(t) {
		t.Run(string(typ), func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(r *rapid.T) {
				src := media.Source(bytes.NewReader(in))
				want := loam.NotAI
				var first loam.Mark
				for i, s := range rapid.SliceOfN(rapid.SampledFrom(states), 1, 4).Draw(r, "states") {
					o := options(s)
					o.ContentID = fmt.Sprintf("number.%d", i)
					if i > 0 {
						o.Producer = rapid.SampledFrom([]string{testProducer, "Somebody.Else"}).Draw(r, "producer")
					}
					e, mark, err := Plan(src, o)
					if err != nil {
						r.Fatal(err)
					}
					if i == 0 {
						first = mark
					}
					want = want.Stronger(s)
					report, err := Check(t.Context(), e, Known{})
					if err != nil || report.Type != typ || report.State != want || len(report.Marks) != 1 {
						r.Fatalf("%d: %+v, %v, want %s", i, report, err, want)
					}
					if producerOf(mark) != producerOf(first) || mark.PropagateID != o.ContentID || report.Marks[0].ContentID != "number.0" {
						r.Fatalf("%d: whose label is it: %+v", i, mark)
					}
					src = e
				}
			})
		})
	}
}
