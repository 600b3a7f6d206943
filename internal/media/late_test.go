package media

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strings"
	"testing"

	"loam"
)

// endedFile is a file without a label: where one behind it is found, and with which code it is
// refused to be written, "" if it is not.
type endedFile struct {
	in      []byte
	place   string
	refused string
}

// ended are files of every container whose own end is told or can be.
func ended(tb testing.TB) map[string]endedFile {
	tb.Helper()
	readOnly := "file.read_only"
	still := func(brand string) []byte {
		return cat(newBox("ftyp", []byte(brand), be32(0), []byte("mif1"+brand)), newBox("meta", be32(0), newBox("hdlr", make([]byte, 8), []byte("pict"), make([]byte, 13))), newBox("mdat", []byte("pixels")))
	}
	return map[string]endedFile{
		"JPEG":          {jpegOf(tb, picture(8, 8, 1)), "jpeg.late", ""},
		"PNG":           {pngOf(tb, picture(8, 8, 1)), "png.trailer", ""},
		"GIF":           {gifOf(tb, picture(8, 8, 1)), "gif.late", ""},
		"WebP":          {webp1x1Lossless(), "webp.late", ""},
		"TIFF":          {tiffOf(binary.LittleEndian, false, []tiffTestField{{0x010f, 2, []byte("a camera\x00")}}), "tiff.late", ""},
		"HEIF":          {still("heic"), "heif.trailer", readOnly},
		"AVIF":          {still("avif"), "heif.trailer", readOnly},
		"WAV":           {riffOf("WAVE", soundFormat(), newRIFFChunk("data", make([]byte, 8))), "wav.late", ""},
		"AVI":           {riffOf("AVI ", newRIFFChunk("LIST", []byte("movi"))), "avi.late", readOnly},
		"FLV":           {flvOf(metaData(amfName("a"), []byte{5}), flvTag(9, make([]byte, 40)), flvTag(15, []byte("of a server"))), "flv.late", readOnly},
		"FLAC":          {flacs()["comments"], "flac.late", ""},
		"MP3":           {cat(id3Of(3, 0, frameOf(3, "TIT2", []byte("\x00a"))), sound(3)), "mp3.late", ""},
		"bare MP3":      {sound(3), "mp3.late", ""},
		"Matroska":      {reel{gap: 400}.bytes(), "matroska.late", ""},
		"MP4":           {movie(nil, nil, nil), "mp4.trailer", "media.trailing"},
		"Vorbis":        {oggs()["vorbis"], "ogg.late", ""},
		"Opus":          {oggs()["opus"], "ogg.late", ""},
		"Ogg, chained":  {join(vorbisOf(7, 3, commentsOf("TITLE=一")), opusOf(7, 255, commentsOf())), "ogg.late", ""},
		"PDF":           {pdfs()["plain"], "pdf.late", ""},
		"PDF, no line":  {pdfs()["no end of line"], "pdf.late", ""},
		"PDF, packed":   {pdfs()["object stream, plain"], "pdf.late", ""},
		"PDF, preamble": {cat([]byte("\x00\x01\n"), pdfs()["plain"]), "pdf.late", ""},
		"DOCX":          {docs(tb)["none"], "ooxml.late", ""},
		"DOCX, others":  {docs(tb)["others"], "ooxml.late", ""},
	}
}

// TestLateLabels: labels behind the end of a file, of whatever container, are found whatever stands
// before them there, and are gone when another is written; a film with a tail is not written.
func TestLateLabels(t *testing.T) {
	t.Parallel()
	wrapped := []byte(`{"AIGC":` + strictJSON + `}`)
	for container, c := range ended(t) {
		for tail, behind := range map[string][]byte{
			"bare": wrapped, "behind zeros": cat(make([]byte, 8), wrapped), "behind odd bytes": cat([]byte("odd"), wrapped, []byte("\n")),
			"in XMP": xmpOf(`<rdf:Description xmlns:T="` + nsAIGC + `"><T:AIGC>` + escaped(strictJSON) + `</T:AIGC></rdf:Description>`),
			"two":    cat([]byte("odd"), wrapped, make([]byte, 300), wrapped), "far": cat([]byte("odd"), bytes.Repeat([]byte("a line\n"), 20_000), wrapped),
		} {
			name := container + ", " + tail
			in, want := cat(c.in, behind), bytes.Count(behind, wrapped)
			_, found, err := Marks(bytes.NewReader(in))
			if labels := implicit(found); len(labels) != max(1, want) || labels[0].Place != c.place || labels[0].Mark != strictMark() || labels[len(labels)-1].Mark != strictMark() {
				t.Errorf("%s: read %+v, %v", name, found, err)
				continue
			}
			if c.refused != "" {
				if _, err := Plan(bytes.NewReader(in), strictMark()); loam.CodeOf(err) != c.refused {
					t.Errorf("%s: written: %v", name, err)
				}
				continue
			}
			out := onlyLabel(t, name, in)
			if n := bytes.Count(out, []byte("ContentProducer")); n != 1 && (n != 0 || c.place != "ooxml.late") {
				t.Errorf("%s: %d labels stand in what was written", name, n)
			}
			if !strings.HasPrefix(tail, "in") && !bytes.Contains(out, behind[:min(3, bytes.Index(behind, wrapped))]) {
				t.Errorf("%s: what stood before the label is gone", name)
			}
		}
		if _, found, err := Marks(bytes.NewReader(cat(c.in, make([]byte, 64)))); err != nil || len(found) > 0 {
			t.Errorf("%s: zeros behind it: %+v, %v", container, found, err)
		}
	}
}

// TestCutUpdate: a PDF whose last update breaks off is told to, and not written; what it said
// before stands.
func TestCutUpdate(t *testing.T) {
	t.Parallel()
	whole := pdfs()["updated"]
	first := bytes.Index(whole, []byte("%%EOF\n")) + len("%%EOF\n")
	for n := first + len("5 0 obj"); n < bytes.LastIndex(whole, []byte("startxref")); n++ {
		_, found, err := Marks(bytes.NewReader(whole[:n]))
		if len(implicit(found)) != 1 || !Broken(err) {
			t.Fatalf("%d bytes of %d: %+v, %v", n, len(whole), found, err)
		}
		if _, err := Plan(bytes.NewReader(whole[:n]), strictMark()); !Broken(err) {
			t.Fatalf("%d bytes of %d: written: %v", n, len(whole), err)
		}
	}
}

// TestLongTail: of a tail longer than is searched the first 40 MB are, and that there is more is
// told; the file's own label stands.
func TestLongTail(t *testing.T) {
	t.Parallel()
	far := cat(make([]byte, MaxBytes+10), []byte(`AIGC`+strictJSON))
	for name, in := range map[string][]byte{"JPEG": jpegOf(t, picture(8, 8, 1)), "PNG": pngOf(t, picture(8, 8, 1)), "WebP": webp1x1Lossless()} {
		good, err := Write(in, strictMark())
		if err != nil {
			t.Fatal(err)
		}
		_, found, err := Marks(bytes.NewReader(cat(good, far)))
		if labels := implicit(found); !Broken(err) || len(labels) != 1 || !labels[0].Strict() {
			t.Errorf("%s: %+v, %v", name, found, err)
		}
		_, found, err = Marks(bytes.NewReader(cat(good, []byte("AIGC"+strictJSON), far)))
		if labels := implicit(found); !Broken(err) || len(labels) != 2 || !slices.Contains(codes(labels[0]), "duplicate") {
			t.Errorf("%s: %+v, %v", name, found, err)
		}
		if _, err := Plan(bytes.NewReader(cat(good, far)), strictMark()); !Broken(err) {
			t.Errorf("%s: written: %v", name, err)
		}
		if _, found, err = Marks(bytes.NewReader(cat(good, make([]byte, MaxBytes+10)))); err != nil || len(found) != 1 {
			t.Errorf("%s: nothing behind it: %+v, %v", name, found, err)
		}
	}
}
