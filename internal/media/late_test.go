package media

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strings"
	"testing"

	"loam"
)

// ended are files of every container whose own end is told or can be, without a label, and where
// one behind it is found.
func ended(tb testing.TB) map[string]struct {
	in    []byte
	place string
} {
	return map[string]struct {
		in    []byte
		place string
	}{
		"JPEG":     {jpegOf(tb, picture(8, 8, 1)), "jpeg.late"},
		"PNG":      {pngOf(tb, picture(8, 8, 1)), "png.trailer"},
		"GIF":      {gifOf(tb, picture(8, 8, 1)), "gif.late"},
		"WebP":     {webp1x1Lossless(), "webp.late"},
		"TIFF":     {tiffOf(binary.LittleEndian, false, []tiffTestField{{0x010f, 2, []byte("a camera\x00")}}), "tiff.late"},
		"WAV":      {riffOf("WAVE", soundFormat(), newRIFFChunk("data", make([]byte, 8))), "wav.late"},
		"FLAC":     {flacs()["comments"], "flac.late"},
		"MP3":      {cat(id3Of(3, 0, frameOf(3, "TIT2", []byte("\x00a"))), sound(3)), "mp3.late"},
		"bare MP3": {sound(3), "mp3.late"},
		"Matroska": {reel{gap: 400}.bytes(), "matroska.late"},
		"MP4":      {movie(nil, nil, nil), "mp4.trailer"},
	}
}

// TestLateLabels: a label behind the end of a file, of whatever container, is found whatever stands
// before it there, and is gone when another is written; a film with a tail is not written.
func TestLateLabels(t *testing.T) {
	t.Parallel()
	wrapped := []byte(`{"AIGC":` + strictJSON + `}`)
	for container, c := range ended(t) {
		for tail, behind := range map[string][]byte{
			"bare": wrapped, "behind zeros": cat(make([]byte, 8), wrapped), "behind odd bytes": cat([]byte("odd"), wrapped, []byte("\n")),
			"in XMP": xmpOf(`<rdf:Description xmlns:T="` + nsAIGC + `"><T:AIGC>` + escaped(strictJSON) + `</T:AIGC></rdf:Description>`),
		} {
			name := container + ", " + tail
			in := cat(c.in, behind)
			_, found, err := Marks(bytes.NewReader(in))
			if labels := implicit(found); len(labels) != 1 || labels[0].Place != c.place || labels[0].Mark != strictMark() {
				t.Errorf("%s: read %+v, %v", name, found, err)
				continue
			}
			if container == "MP4" {
				if _, err := Plan(bytes.NewReader(in), strictMark()); loam.CodeOf(err) != "media.trailing" {
					t.Errorf("%s: written: %v", name, err)
				}
				continue
			}
			out := onlyLabel(t, name, in)
			if n := bytes.Count(out, []byte("ContentProducer")); n != 1 {
				t.Errorf("%s: %d labels stand in what was written", name, n)
			}
			if !strings.HasPrefix(tail, "in") && !bytes.Contains(out, cat(bytes.TrimSuffix(behind, wrapped)[:min(3, len(behind)-len(wrapped))])) {
				t.Errorf("%s: what stood before the label is gone", name)
			}
		}
		if _, found, err := Marks(bytes.NewReader(cat(c.in, make([]byte, 64)))); err != nil || len(found) > 0 {
			t.Errorf("%s: zeros behind it: %+v, %v", container, found, err)
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
