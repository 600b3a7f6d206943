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
	in   string // what ffmpeg must be told to read it
}

const (
	picturesIn = "-f lavfi -i testsrc=size=64x64:rate=10:d=1 "
	soundIn    = "-f lavfi -i sine=d=1 "
	bothIn     = picturesIn + soundIn
	h264       = "-c:v libx264 -c:a aac "
	aKey       = "00112233445566778899aabbccddeeff"
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
		{
			name: "encrypted.mp4", args: bothIn + h264 + "-encryption_scheme cenc-aes-ctr -encryption_key " + aKey + " -encryption_kid " + aKey + " -movflags +faststart",
			in: "-decryption_key " + aKey, tag: "AIGC", exif: "Keys:AIGC",
		},
		{name: "a.mkv", args: bothIn + h264 + "-metadata title=a", tag: "AIGC", exif: "Matroska:AIGC"},
		{name: "tagged.mkv", args: bothIn + h264 + "-metadata AIGC={}", tag: "AIGC", exif: "Matroska:AIGC"},
		{name: "cues-first.mkv", args: bothIn + h264 + "-g 2 -reserve_index_space 1000", tag: "AIGC", exif: "Matroska:AIGC"},
		{name: "a.webm", args: bothIn + vp8, tag: "AIGC", exif: "Matroska:AIGC"},
		{name: "live.webm", args: bothIn + vp8 + "-live 1", tag: "AIGC", exif: "Matroska:AIGC"},
		{name: "dash.webm", args: picturesIn + "-c:v libvpx -dash 1", tag: "AIGC", exif: "Matroska:AIGC"},
		{name: "a.wav", args: soundIn, exif: "RIFF:Unknown_AIGC"},
		{name: "long.wav", args: soundIn + "-rf64 always"},
		{name: "still.webp", args: picturesIn + "-frames:v 1", exif: "XMP:AIGC"},
		{name: "lossless.webp", args: "-f lavfi -i color=red@0.5:size=65x33,format=rgba -frames:v 1 -lossless 1", exif: "XMP:AIGC"},
		{name: "a.m4a", args: soundIn + "-c:a aac -metadata title=a", tag: "AIGC", exif: "Keys:AIGC"},
	}
}

// changing are what exiftool tells of places and lengths that must move, and the handler, of
// which a film has several and exiftool's list one.
var changing = []string{
	"Matroska:SeekPosition", "Matroska:CRC-32", "Matroska:CueClusterPosition", "Matroska:VoidElement", "RIFF:RIFFSize64",
	"QuickTime:MediaDataOffset", "QuickTime:MovieDataOffset", "QuickTime:HandlerType", "Track1:HandlerType", "Track2:HandlerType", "Track3:HandlerType", "SourceFile",
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
			diff(t, "frames", frames(t, ffmpeg, plain, c.in), frames(t, ffmpeg, marked, c.in))
			if film := filepath.Ext(c.name); film == ".mp4" || film == ".mov" || film == ".m4a" {
				boxed := filepath.Join(filepath.Dir(plain), "boxed-"+c.name)
				insertOnDisk(t, marked, boxed)
				diff(t, "frames with one more box", frames(t, ffmpeg, plain, c.in), frames(t, ffmpeg, boxed, c.in))
			}
			if c.tag != "" {
				diff(t, "ffprobe", strictJSON, probe(t, ffprobe, marked, strings.Fields(c.in)...)[c.tag])
			}
			before, after := exifTags(t, exiftool, plain, marked)
			if c.exif != "" {
				diff(t, "exiftool", strictJSON, strings.Trim(run(t, exiftool, "-b", "-u", "-"+c.exif, marked), "\x00\n"))
			}
			for name, value := range before {
				if !slices.Contains(changing, name) && !isAIGC(name) && after[name] != value {
					t.Errorf("exiftool: %s was %q, is %q", name, value, after[name])
				}
			}
		})
	}
}

// frames gives the digest of each frame ffmpeg decodes, from the start and from a place that
// must be looked up.
func frames(t testing.TB, ffmpeg, file, in string) string {
	t.Helper()
	args := strings.Fields("-v error " + in + " -i FILE " + in + " -ss 0.55 -i FILE -map 0 -map 1 -dn -f framemd5 -")
	for i := range args {
		args[i] = strings.Replace(args[i], "FILE", file, 1)
	}
	return run(t, ffmpeg, args...)
}

// insertOnDisk puts a box behind ftyp, where a provenance manifest goes.
func insertOnDisk(t testing.TB, from, to string) {
	t.Helper()
	b, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	first, err := boxAt(bytes.NewReader(b), 0, int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	e, err := bmffInsert(bytes.NewReader(b), first.end, uuidBox(uuidC2PA, make([]byte, 1001)))
	if err != nil {
		t.Fatal(err)
	}
	if b, err = e.Bytes(); err != nil {
		t.Fatal(err)
	}
	onlyStrict(t, b)
	if err := os.WriteFile(to, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestOraclesAnimation: libwebp's own programs see the same frames and the label's packet,
// and nothing wrong.
func TestOraclesAnimation(t *testing.T) {
	t.Parallel()
	ffmpeg, info, mux := tool(t, "ffmpeg", "ffmpeg"), tool(t, "webpinfo", "webp"), tool(t, "webpmux", "webp")
	dir := t.TempDir()
	plain, marked := filepath.Join(dir, "plain.webp"), filepath.Join(dir, "marked.webp")
	run(t, ffmpeg, strings.Fields("-v error "+picturesIn+"-r 3 -loop 0 "+plain)...)
	labelFile(t, plain, marked)
	if said := run(t, info, "-quiet", marked); strings.Contains(strings.ToLower(said), "error") && !strings.Contains(said, "No error detected.") {
		t.Error(said)
	}
	frame := func(file, n string) []byte {
		out := filepath.Join(dir, "frame.webp")
		_ = exec.CommandContext(t.Context(), mux, "-get", "frame", n, file, "-o", out).Run()
		b, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	for _, n := range []string{"1", "2", "3"} {
		if !bytes.Equal(frame(plain, n), frame(marked, n)) {
			t.Errorf("frame %s is another", n)
		}
	}
	packet := filepath.Join(dir, "packet.xmp")
	if said, err := exec.CommandContext(t.Context(), mux, "-get", "xmp", marked, "-o", packet).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	b, err := os.ReadFile(packet)
	if found := xmpMarks(b, "xmp"); err != nil || len(found) != 1 || !found[0].Strict() {
		t.Errorf("packet %+v, %v", found, err)
	}
}

// TestOraclesMutagen: a reader of other people's sees the same tags and length as before,
// and the chunk of a WAV file.
func TestOraclesMutagen(t *testing.T) {
	t.Parallel()
	ffmpeg := tool(t, "ffmpeg", "ffmpeg")
	python, err := filepath.Abs("../../.cache/oracles/bin/python")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(python); err != nil {
		if os.Getenv("LOAM_TEST_POSTGRES") != "" {
			t.Fatal("the gate needs mutagen: scripts/tools.sh")
		}
		t.Skip("no mutagen; scripts/tools.sh")
	}
	const ask = `
import sys, mutagen, mutagen._riff
f = mutagen.File(sys.argv[1])
print(type(f).__name__, f.info.length, f.tags and f.tags.pprint())
if sys.argv[1].endswith(".wav") and "-marked" in sys.argv[1]:
    print(mutagen._riff.RiffFile(open(sys.argv[1], "rb"))["AIGC"].read().decode())
`
	dir := t.TempDir()
	for _, name := range []string{"a.m4a", "a.mp4", "a.wav"} {
		args := "-c:a aac -metadata title=a -metadata artist=b "
		if strings.HasSuffix(name, "wav") {
			args = ""
		}
		plain, marked := filepath.Join(dir, name), filepath.Join(dir, strings.Replace(name, ".", "-marked.", 1))
		run(t, ffmpeg, strings.Fields("-v error "+soundIn+args+plain)...)
		labelFile(t, plain, marked)
		want := run(t, python, "-c", ask, plain)
		if strings.HasSuffix(name, "wav") {
			want += strictJSON + "\n"
		}
		diff(t, name, want, run(t, python, "-c", ask, marked))
	}
}

// TestOraclesLost: a program that copies a file into another without being told to keep
// labels loses them, and that is seen (vector K9).
func TestOraclesLost(t *testing.T) {
	t.Parallel()
	ffmpeg := tool(t, "ffmpeg", "ffmpeg")
	dir := t.TempDir()
	for _, name := range []string{"a.mp4", "a.mov", "a.wav"} {
		plain, marked, copied := filepath.Join(dir, "plain-"+name), filepath.Join(dir, "marked-"+name), filepath.Join(dir, name)
		run(t, ffmpeg, append(strings.Fields("-v error "+soundIn), plain)...)
		labelFile(t, plain, marked)
		run(t, ffmpeg, "-v", "error", "-i", marked, "-c", "copy", copied)
		b, err := os.ReadFile(copied)
		if err != nil {
			t.Fatal(err)
		}
		if found, err := Read(b); err != nil || len(found) != 0 {
			t.Errorf("%s: after a copy %+v, %v", name, found, err)
		}
		if name == "a.wav" {
			continue
		}
		run(t, ffmpeg, "-v", "error", "-y", "-i", marked, "-c", "copy", "-movflags", "use_metadata_tags", copied)
		if b, err = os.ReadFile(copied); err != nil {
			t.Fatal(err)
		}
		onlyStrict(t, b)
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
func probe(t testing.TB, ffprobe, file string, in ...string) map[string]string {
	t.Helper()
	var said struct {
		Format struct{ Tags map[string]string }
	}
	if err := json.Unmarshal([]byte(run(t, ffprobe, append(in, "-v", "error", "-of", "json", "-show_entries", "format_tags", file)...)), &said); err != nil {
		t.Fatal(err)
	}
	return said.Format.Tags
}

// exifTags gives what exiftool says of two files but for their names and times.
func exifTags(t testing.TB, exiftool, plain, marked string) (before, after map[string]string) {
	t.Helper()
	var said []map[string]any
	if err := json.Unmarshal([]byte(run(t, exiftool, "-q", "-j", "-G1", "-a", "-u", "--File:all", "--System:all", "--ExifTool:all", plain, marked)), &said); err != nil || len(said) != 2 {
		t.Fatal(err)
	}
	maps := []map[string]string{{}, {}}
	for i, tags := range said {
		for k, v := range tags {
			if s, ok := v.(string); ok {
				maps[i][k] = s
				continue
			}
			b, _ := json.Marshal(v)
			maps[i][k] = string(b)
		}
	}
	return maps[0], maps[1]
}

// TestOraclesPhone: in a film with metadata of its own in moov, as phones write it, ffprobe
// and exiftool read both that and the label.
func TestOraclesPhone(t *testing.T) {
	t.Parallel()
	ffmpeg, ffprobe, exiftool := tool(t, "ffmpeg", "ffmpeg"), tool(t, "ffprobe", "ffmpeg"), tool(t, "exiftool", "libimage-exiftool-perl")
	dir := t.TempDir()
	plain, marked := filepath.Join(dir, "plain.mov"), filepath.Join(dir, "marked.mov")
	for name, tt := range map[string]struct {
		args  string
		first bool // the phone's metadata stands before the user data
	}{
		"behind user data": {"", false},
		"no user data":     {"-fflags +bitexact -map_metadata -1 ", false},
		"before user data": {"", true},
	} {
		run(t, ffmpeg, append(strings.Fields("-v error -y "+picturesIn+"-c:v libx264 -movflags +faststart "+tt.args), plain)...)
		phone(t, plain, tt.first)
		labelFile(t, plain, marked)
		tags := probe(t, ffprobe, marked)
		if !tt.first { // else ffprobe, which goes by the first list of keys, does not find ours
			diff(t, name, strictJSON, tags["AIGC"])
		}
		diff(t, name, []string{"Maker", "Phone"}, []string{tags["com.apple.quicktime.make"], tags["com.apple.quicktime.model"]})
		diff(t, name, strictJSON, strings.TrimSpace(run(t, exiftool, "-b", "-Keys:AIGC", marked)))
		_, after := exifTags(t, exiftool, plain, marked)
		diff(t, name, []string{"Maker", "Phone"}, []string{after["Keys:Make"], after["Keys:Model"]})
	}
}

// phone puts metadata as phones write it into a film.
func phone(t testing.TB, file string, first bool) {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	src := bytes.NewReader(b)
	f, err := filmScan(src, "mp4")
	if err != nil {
		t.Fatal(err)
	}
	quick := tagsOf("com.apple.quicktime.make", "Maker", "com.apple.quicktime.model", "Phone")
	if first {
		f.moov.last = f.udta.at
	}
	e, err := bmffSplice(src, []change{f.moov.append(newBox("meta", quick[12:]))})
	if err != nil {
		t.Fatal(err)
	}
	if b, err = e.Bytes(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, b, 0o600); err != nil {
		t.Fatal(err)
	}
}
