package media

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"loam"
)

// realFile is a file of a container that is only read, made by an encoder of other people's.
type realFile struct {
	name string
	typ  Type
	make string // the program, and what it is told beside the picture
}

// TestOraclesHEIF: pictures as encoders make them, labelled by exiftool in each place it knows, are
// read as it reads them, and not written.
func TestOraclesHEIF(t *testing.T) {
	t.Parallel()
	ffmpeg, exiftool := tool(t, "ffmpeg", "ffmpeg"), tool(t, "exiftool", "libimage-exiftool-perl")
	tool(t, "heif-enc", "libheif-examples")
	tool(t, "avifenc", "libavif-bin")
	dir := t.TempDir()
	still := filepath.Join(dir, "still.png")
	run(t, ffmpeg, strings.Fields("-v error "+picturesIn+"-frames:v 1 "+still)...)
	packet := save(t, filepath.Join(dir, "packet.xmp"), attributePacket())
	wrapped := `{"AIGC":` + strictJSON + "}"
	element := save(t, filepath.Join(dir, "element.xmp"), xmpOf(`<rdf:Description rdf:about="" xmlns:TC260="`+nsAIGC+`"><TC260:AIGC>`+escaped(strictJSON)+`</TC260:AIGC></rdf:Description>`))
	for _, f := range []realFile{
		{"a.heic", HEIF, "heif-enc -q 50 IN -o OUT"},
		{"thumbnail.heic", HEIF, "heif-enc -t 32 IN -o OUT"},
		{"libheif.avif", AVIF, "heif-enc -A IN -o OUT"},
		{"a.avif", AVIF, "avifenc -s 8 IN OUT"},
	} {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			plain := filepath.Join(dir, f.name)
			args := strings.Fields(strings.NewReplacer("IN", still, "OUT", plain).Replace(f.make))
			say(t, args[0], args[1:]...)
			if typ, found, err := marksOf(t, plain); typ != f.typ || len(found) != 0 || err != nil {
				t.Fatalf("unlabelled: %s %+v, %v", typ, found, err)
			}
			for _, l := range []struct{ write, read, want, place string }{
				{"-XMP<=" + packet, "-XMP:AIGC", strictJSON, "heif.xmp"},
				{"-XMP<=" + element, "-XMP:AIGC", strictJSON, "heif.xmp"},
				{"-EXIF:ImageDescription=" + wrapped, "-EXIF:ImageDescription", wrapped, "heif.exif.ImageDescription"},
				{"-EXIF:UserComment=" + wrapped, "-EXIF:UserComment", wrapped, "heif.exif.UserComment"},
			} {
				marked := filepath.Join(t.TempDir(), f.name)
				run(t, exiftool, "-q", "-o", marked, l.write, plain)
				diff(t, "exiftool, "+l.read, l.want, strings.TrimSpace(run(t, exiftool, "-b", l.read, marked)))
				typ, found, err := marksOf(t, marked)
				if err != nil || typ != f.typ || len(found) != 1 || found[0].Place != l.place || found[0].Mark != strictMark() || found[0].State != loam.IsAI {
					t.Errorf("%s: %s %+v, %v", l.write, typ, found, err)
				}
				b, err := os.ReadFile(marked)
				if err != nil {
					t.Fatal(err)
				}
				if _, err := Write(b, strictMark()); loam.CodeOf(err) != "file.read_only" {
					t.Errorf("written: %v", err)
				}
			}
		})
	}
}

// TestOraclesAVI: films as ffmpeg makes them are read with a label among their INFO, in which
// ffmpeg puts no name of its own: the test names a comment's place anew.
func TestOraclesAVI(t *testing.T) {
	t.Parallel()
	ffmpeg, exiftool := tool(t, "ffmpeg", "ffmpeg"), tool(t, "exiftool", "libimage-exiftool-perl")
	for name, args := range map[string]string{
		"mpeg4.avi": bothIn + "-c:v mpeg4 -c:a mp3", "frames.avi": bothIn + "-c:v mjpeg -c:a pcm_s16le -metadata title=a", "h264.avi": picturesIn + "-c:v libx264",
	} {
		path := filepath.Join(t.TempDir(), name)
		run(t, ffmpeg, append(strings.Fields("-v error "+args), "-metadata", "comment="+strictJSON, path)...)
		if typ, found, err := marksOf(t, path); typ != AVI || len(found) != 0 || err != nil {
			t.Errorf("%s, a comment: %s %+v, %v", name, typ, found, err)
		}
		b, err := os.ReadFile(path)
		if err != nil || bytes.Count(b, []byte("ICMT")) != 1 {
			t.Fatal("no comment", err)
		}
		save(t, path, bytes.Replace(b, []byte("ICMT"), []byte("AIGC"), 1))
		isLabel(t, "exiftool", strings.Trim(run(t, exiftool, "-b", "-u", "-RIFF:Unknown_AIGC", path), "\x00\n"))
		typ, found, err := marksOf(t, path)
		if err != nil || typ != AVI || len(found) != 1 || found[0].Mark != strictMark() || found[0].State != loam.IsAI {
			t.Errorf("%s: %s %+v, %v", name, typ, found, err)
		}
		diff(t, name+" decoded", frames(t, ffmpeg, path, ""), frames(t, ffmpeg, save(t, filepath.Join(t.TempDir(), name), b), ""))
	}
}

func marksOf(t *testing.T, path string) (Type, []Found, error) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return Marks(bytes.NewReader(b))
}
