package media

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// tool finds a program that is not ours. Without it the test is skipped, but the gate needs it.
func tool(t testing.TB, name, pkg string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err == nil {
		return path
	}
	if os.Getenv("LOAM_TEST_POSTGRES") != "" {
		t.Fatalf("the gate needs %s: apt-get install %s", name, pkg)
	}
	t.Skipf("no %s; apt-get install %s", name, pkg)
	return ""
}

// run gives what a program prints and fails if it complains.
func run(t testing.TB, program string, args ...string) string {
	t.Helper()
	var said, complaint bytes.Buffer
	c := exec.CommandContext(t.Context(), program, args...)
	c.Stdout, c.Stderr = &said, &complaint
	if err := c.Run(); err != nil || complaint.Len() > 0 {
		t.Fatalf("%s %q: %v\n%s", filepath.Base(program), args, err, complaint.String())
	}
	return said.String()
}

// clip is a second of picture and sound in a container.
type clip struct {
	name string
	args string // how ffmpeg makes it
	tag  string // under which ffprobe tells the label, "" if it does not read it there
	exif string // under which exiftool does
}

const (
	picturesIn = "-f lavfi -i testsrc=size=64x64:rate=10:d=1 "
	soundIn    = "-f lavfi -i sine=d=1 "
	bothIn     = picturesIn + soundIn
	h264       = "-c:v libx264 -c:a aac "
	vp8        = "-c:v libvpx -c:a libopus "
)

func clips() []clip {
	return []clip{
		{name: "last.mp4", args: bothIn + h264, tag: "AIGC", exif: "Keys:AIGC"},
		{name: "first.mp4", args: bothIn + h264 + "-movflags +faststart", tag: "AIGC", exif: "Keys:AIGC"},
		{name: "tagged.mp4", args: bothIn + h264 + "-metadata title=a -metadata AIGC={} -movflags +faststart+use_metadata_tags", tag: "AIGC", exif: "Keys:AIGC"},
		{name: "fragments.mp4", args: bothIn + h264 + "-g 2 -movflags frag_keyframe+empty_moov", tag: "AIGC", exif: "Keys:AIGC"},
		{name: "relative.mp4", args: bothIn + h264 + "-g 2 -movflags frag_keyframe+empty_moov+default_base_moof", tag: "AIGC", exif: "Keys:AIGC"},
		{name: "indexed.mp4", args: bothIn + h264 + "-g 2 -movflags dash+global_sidx+frag_keyframe", tag: "AIGC", exif: "Keys:AIGC"},
		{name: "qt.mov", args: bothIn + h264 + "-metadata title=a", tag: "AIGC", exif: "Keys:AIGC"},
		{name: "first.mov", args: bothIn + h264 + "-timecode 00:00:00:00 -movflags +faststart", tag: "AIGC", exif: "Keys:AIGC"},
		{name: "a.mkv", args: bothIn + h264 + "-metadata title=a", tag: "AIGC", exif: "Matroska:AIGC"},
		{name: "tagged.mkv", args: bothIn + h264 + "-metadata AIGC={}", tag: "AIGC", exif: "Matroska:AIGC"},
		{name: "cues-first.mkv", args: bothIn + h264 + "-g 2 -reserve_index_space 1000", tag: "AIGC", exif: "Matroska:AIGC"},
		{name: "a.webm", args: bothIn + vp8, tag: "AIGC", exif: "Matroska:AIGC"},
		{name: "live.webm", args: bothIn + vp8 + "-live 1", tag: "AIGC", exif: "Matroska:AIGC"},
		{name: "dash.webm", args: picturesIn + "-c:v libvpx -dash 1", tag: "AIGC", exif: "Matroska:AIGC"},
		{name: "a.m4a", args: soundIn + "-c:a aac -metadata title=a", tag: "AIGC", exif: "Keys:AIGC"},
	}
}

// TestOracles: what others decode of a labelled file is what they decode of the file before,
// frame by frame and with no complaint, and they find the label.
func TestOracles(t *testing.T) {
	t.Parallel()
	ffmpeg, ffprobe := tool(t, "ffmpeg", "ffmpeg"), tool(t, "ffprobe", "ffmpeg")
	exiftool := tool(t, "exiftool", "libimage-exiftool-perl")
	for _, c := range clips() {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			plain := filepath.Join(t.TempDir(), "plain-"+c.name)
			run(t, ffmpeg, append(strings.Fields("-v error "+c.args), plain)...)
			marked := filepath.Join(filepath.Dir(plain), c.name)
			labelFile(t, plain, marked)
			for _, from := range []string{"0", "0.55"} {
				frames := func(file string) string {
					return run(t, ffmpeg, "-v", "error", "-ss", from, "-i", file, "-map", "0", "-dn", "-f", "framemd5", "-")
				}
				diff(t, "frames from "+from, frames(plain), frames(marked))
			}
			if c.tag != "" {
				diff(t, "ffprobe", strictJSON, probe(t, ffprobe, marked)[c.tag])
			}
			if c.exif != "" {
				diff(t, "exiftool", strictJSON, strings.TrimSpace(run(t, exiftool, "-b", "-"+c.exif, marked)))
			}
			moved := []string{"Matroska:SeekPosition", "Matroska:CRC-32", "Matroska:CueClusterPosition", "Matroska:VoidElement"}
			before, after := exifTags(t, exiftool, plain), exifTags(t, exiftool, marked)
			for name, value := range before {
				if !slices.Contains(moved, name) && !strings.HasSuffix(strings.ToUpper(name), "AIGC") && after[name] != value {
					t.Errorf("exiftool: %s was %q, is %q", name, value, after[name])
				}
			}
		})
	}
}

// labelFile labels a file and reads it back with our own reader.
func labelFile(t testing.TB, from, to string) {
	t.Helper()
	b, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	out := labelled(t, b)
	if err := os.WriteFile(to, out, 0o600); err != nil {
		t.Fatal(err)
	}
}

// labelled writes a label twice and checks that it is the only one, strict, and that the
// second write changes nothing.
func labelled(t testing.TB, b []byte) []byte {
	t.Helper()
	out, err := Write(b, strictMark())
	if err != nil {
		t.Fatal(err)
	}
	onlyStrict(t, out)
	again, err := Write(out, strictMark())
	if err != nil || !bytes.Equal(out, again) {
		t.Fatalf("a second write changes the file (%v)", err)
	}
	return out
}

func onlyStrict(t testing.TB, b []byte) {
	t.Helper()
	found, err := Read(b)
	n := 0
	for _, f := range found {
		if f.Kind != KindImplicit {
			continue
		}
		n++
		if !f.Strict() || f.Mark != strictMark() {
			t.Fatalf("read back %+v", f)
		}
	}
	if err != nil || n != 1 {
		t.Fatalf("read back %+v, %v", found, err)
	}
}

// probe gives the tags ffprobe reads of a file.
func probe(t testing.TB, ffprobe, file string) map[string]string {
	t.Helper()
	var said struct {
		Format struct{ Tags map[string]string }
	}
	if err := json.Unmarshal([]byte(run(t, ffprobe, "-v", "error", "-of", "json", "-show_entries", "format_tags", file)), &said); err != nil {
		t.Fatal(err)
	}
	return said.Format.Tags
}

// exifTags gives what exiftool says of a file but for its name and places, and the handler,
// of which a file has several and exiftool's list one.
func exifTags(t testing.TB, exiftool, file string) map[string]string {
	t.Helper()
	var said []map[string]any
	if err := json.Unmarshal([]byte(run(t, exiftool, "-j", "-G1", "-a", "-u", "--File:all", "--System:all", "--ExifTool:all", "--MediaDataOffset", "--MovieDataOffset", "--HandlerType", file)), &said); err != nil || len(said) != 1 {
		t.Fatal(err)
	}
	out := map[string]string{}
	for k, v := range said[0] {
		b, _ := json.Marshal(v)
		out[k] = string(b)
	}
	delete(out, "SourceFile")
	return out
}
