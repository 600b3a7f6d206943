package parts

import (
	"bytes"
	stdcmp "cmp"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/color"
	"math"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"loam"
	"loam/internal/fonts"
	"loam/internal/label"
	"loam/internal/media"
	"loam/internal/render"
)

// ffmpegHere skips the test where there is no ffmpeg; the gate needs it.
func ffmpegHere(t testing.TB, names ...string) {
	t.Helper()
	for _, name := range append(names, "ffmpeg", "ffprobe") {
		if _, err := exec.LookPath(name); err == nil {
			continue
		}
		if os.Getenv("LOAM_TEST_POSTGRES") != "" {
			t.Fatalf("the gate needs %s", name)
		}
		t.Skipf("no %s: apt-get install ffmpeg espeak-ng", name)
	}
}

// run gives what a program prints and fails if it complains.
func run(t testing.TB, words string) []byte {
	t.Helper()
	var said, complaint bytes.Buffer
	f := strings.Fields(words)
	c := exec.CommandContext(t.Context(), f[0], f[1:]...)
	c.Stdout, c.Stderr = &said, &complaint
	if err := c.Run(); err != nil || complaint.Len() > 0 {
		t.Fatalf("%s: %v\n%s", words, err, complaint.String())
	}
	return said.Bytes()
}

var pen = sync.OnceValue(func() *render.Renderer {
	faces, err := fonts.Load()
	if err != nil {
		panic(err)
	}
	return &render.Renderer{Faces: faces}
})

func plateIn(at render.Corner) func(int, int) (image.Image, error) {
	return label.Options{Draw: pen(), Corner: at}.Plate
}

// shown is a film as a player shows it: each picture's brightness, upright, and when.
type shown struct {
	w, h     int
	pictures [][]byte
	at       []time.Duration // from the first picture on
	rate     string
}

func play(t testing.TB, file string) shown {
	t.Helper()
	// a picture of PGM says its size; its bytes are those of one plane
	b := run(t, "ffmpeg -v error -i "+file+" -map 0:v:0 -fps_mode passthrough -pix_fmt gray -c:v pgm -f image2pipe -")
	var s shown
	for len(b) > 0 {
		var most int
		if _, err := fmt.Sscanf(string(b[:min(len(b), 40)]), "P5\n%d %d\n%d\n", &s.w, &s.h, &most); err != nil {
			t.Fatal(err)
		}
		head := len(fmt.Sprintf("P5\n%d %d\n%d\n", s.w, s.h, most))
		s.pictures = append(s.pictures, b[head:head+s.w*s.h])
		b = b[head+s.w*s.h:]
	}
	var told struct {
		Frames []struct {
			At string `json:"best_effort_timestamp_time"`
		} `json:"frames"`
		Streams []json.RawMessage `json:"streams"`
	}
	const ask = "ffprobe -v error -select_streams v:0 -show_entries frame=best_effort_timestamp_time:stream=avg_frame_rate,width,height,sample_aspect_ratio -of json "
	if err := json.Unmarshal(run(t, ask+file), &told); err != nil {
		t.Fatal(err)
	}
	for _, f := range told.Frames {
		at, err := strconv.ParseFloat(f.At, 64)
		if err != nil {
			t.Fatal(err)
		}
		s.at = append(s.at, time.Duration(math.Round(at*1e6))*time.Microsecond)
	}
	if len(s.at) != len(s.pictures) {
		t.Fatalf("%d pictures at %d times", len(s.pictures), len(s.at))
	}
	for i := len(s.at) - 1; i >= 0; i-- {
		s.at[i] -= s.at[0]
	}
	s.rate = fmt.Sprintf("%s", told.Streams)
	return s
}

// apart is how far two pictures are from each other on average, within the plate and outside.
func apart(a, b []byte, plate []bool) (within, outside float64) {
	var sums, n [2]float64
	for i := range a {
		k := 1
		if plate[i] {
			k = 0
		}
		sums[k] += math.Abs(float64(a[i]) - float64(b[i]))
		n[k]++
	}
	return sums[0] / n[0], sums[1] / n[1]
}

// clip is a film that ffmpeg makes, and what is marked of it.
type clip struct {
	name    string
	args    string
	typ     media.Type
	matrix  []int32 // how it is turned, written into its track
	corner  render.Corner
	closing bool
	wide    float64 // of one pixel; 0 is square
}

const (
	bars  = "-f lavfi -i testsrc=size=192x108:rate=25:d=4.4 "
	tone  = "-f lavfi -i sine=d=4.4 "
	h264  = "-c:v libx264 -preset ultrafast -pix_fmt yuv420p -c:a aac "
	small = "-f lavfi -i testsrc=size=200x120:rate=10:d=2.5 "
	// A rate that changes, and a picture that stands from 1.7 s to 2.4 s.
	uneven = "-vf select='not(between(t,1.7,2.4))*(lt(mod(n,7),3)+eq(mod(n,11),0))' -fps_mode passthrough "
)

func films() []clip {
	quarter, half := []int32{0, 1 << 16, -1 << 16, 0}, []int32{-1 << 16, 0, 0, -1 << 16}
	threeQuarters, mirror := []int32{0, -1 << 16, 1 << 16, 0}, []int32{-1 << 16, 0, 0, 1 << 16}
	return []clip{
		{name: "plain.mp4", typ: media.MP4, args: bars + tone + h264},
		{name: "closing.mp4", typ: media.MP4, args: bars + tone + h264, closing: true, corner: render.TopRight},
		{name: "uneven.mp4", typ: media.MP4, args: bars + tone + uneven + h264, closing: true},
		{name: "short.mp4", typ: media.MP4, args: "-f lavfi -i testsrc=size=192x108:rate=25:d=1.5 " + h264},
		{name: "ntsc.mp4", typ: media.MP4, args: "-f lavfi -i testsrc=size=192x108:rate=30000/1001:d=3 " + h264 + "-bf 2"},
		{name: "portrait.mp4", typ: media.MP4, args: bars + tone + h264, matrix: quarter},
		{name: "other.mov", typ: media.MP4, args: bars + tone + h264, matrix: threeQuarters, corner: render.TopLeft},
		{name: "over.mp4", typ: media.MP4, args: bars + h264, matrix: half, corner: render.BottomRight},
		{name: "mirror.mp4", typ: media.MP4, args: bars + h264, matrix: mirror},
		{name: "late.mp4", typ: media.MP4, args: tone + "-itsoffset 0.52 " + bars + h264},
		{name: "anamorphic.mp4", typ: media.MP4, args: "-f lavfi -i testsrc=size=144x256:rate=10:d=3 -vf setsar=3/2 " + h264, wide: 1.5},
		{name: "uneven.mkv", typ: media.Matroska, args: bars + tone + uneven + h264},
		{name: "deep.mkv", typ: media.Matroska, args: small + "-c:v libx265 -preset ultrafast -x265-params log-level=error -pix_fmt yuv420p10le"},
		{name: "vp8.webm", typ: media.Matroska, args: small + "-pix_fmt yuv420p -c:v libvpx -b:v 2M"},
		{name: "vp9.webm", typ: media.Matroska, args: small + tone + "-pix_fmt yuv420p -c:v libvpx-vp9 -cpu-used 8 -c:a libopus", closing: true},
		{name: "av1.mp4", typ: media.MP4, args: "-f lavfi -i testsrc=size=200x120:rate=4:d=2.5 -pix_fmt yuv420p -c:v libaom-av1 -cpu-used 8"},
		{name: "phone.mp4", typ: media.MP4, args: "-f lavfi -i testsrc=size=1280x720:rate=3:d=2.5 " + h264, matrix: quarter},
	}
}

// TestFilms: the label stands on each picture that is shown in the first two seconds, and the
// last if asked, on no other, upright and high enough; everything else is as it was.
func TestFilms(t *testing.T) {
	t.Parallel()
	ffmpegHere(t)
	for _, c := range films() {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			in, out := filepath.Join(dir, "in-"+c.name), filepath.Join(dir, c.name)
			run(t, "ffmpeg -v error "+c.args+" "+in)
			if c.matrix != nil {
				turn(t, in, c.matrix)
			}
			if err := (Films{}).Mark(t.Context(), in, out, c.typ, Visible{Plate: plateIn(c.corner), Closing: c.closing}); err != nil {
				t.Fatal(err)
			}
			before, after := play(t, in), play(t, out)
			if d := cmp.Diff(before.at, after.at); d != "" {
				t.Fatalf("times: %s", d)
			}
			if before.rate != after.rate || before.w != after.w || before.h != after.h {
				t.Errorf("it was %d×%d, %s, is %d×%d, %s", before.w, before.h, before.rate, after.w, after.h, after.rate)
			}
			if c.matrix != nil && (before.h > before.w) != (c.matrix[0] == 0) {
				t.Errorf("the test's film is not turned: %d×%d", before.w, before.h)
			}
			c.onEach(t, before, after)
			sounds(t, in, out)
		})
	}
}

// onEach compares every picture of a film.
func (c clip) onEach(t *testing.T, before, after shown) {
	t.Helper()
	plate := c.mask(t, before.w, before.h)
	end := before.at[len(before.at)-1] + 40*time.Millisecond
	marked := 0
	for i, at := range before.at {
		until := end
		if i+1 < len(before.at) {
			until = before.at[i+1]
		}
		want := at < 2*time.Second || c.closing && until > end-2*time.Second
		within, outside := apart(before.pictures[i], after.pictures[i], plate)
		if outside > 4 || (within > 20) != want {
			t.Errorf("picture %d at %v: %.1f within the plate, %.1f outside; marked should be %t", i, at, within, outside, want)
		}
		if want {
			marked++
		}
	}
	first, width, height := after.pictures[0], before.w, before.h
	if c.wide != 0 {
		width = int(float64(width) * c.wide)
	}
	if ink, need := inked(first, plate, before.w), render.MarkHeight(width, height); ink < need {
		t.Errorf("the ink is %d pixels high, not %d", ink, need)
	}
	if marked == 0 {
		t.Error("no picture is to be marked")
	}
}

// mask is where the plate is on a film's pictures as they are shown.
func (c clip) mask(t *testing.T, w, h int) []bool {
	t.Helper()
	wide := max(c.wide, 1)
	img, err := plateIn(c.corner)(int(float64(w)*wide), h)
	if err != nil {
		t.Fatal(err)
	}
	out := make([]bool, w*h)
	n := 0
	for y := range h {
		for x := range w {
			if _, _, _, a := img.At(int((float64(x)+0.5)*wide), y).RGBA(); a > 0 {
				out[y*w+x] = true
				n++
			}
		}
	}
	if n == 0 || n == len(out) {
		t.Fatalf("a plate of %d pixels", n)
	}
	return out
}

// inked is how many rows of a plate have ink.
func inked(picture []byte, plate []bool, w int) int {
	first, last := -1, -2
	for i, p := range picture {
		if plate[i] && p > 140 {
			if first < 0 {
				first = i / w
			}
			last = i / w
		}
	}
	return last - first + 1
}

// turn writes a matrix into the first track of an MP4 (ISO/IEC 14496-12, 8.3.2).
func turn(t *testing.T, file string, m []int32) {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	at := bytes.Index(b, []byte("tkhd")) + 4 + 40
	for i, v := range []int32{m[0], m[1], 0, m[2], m[3], 0, 0, 0, 1 << 30} {
		binary.BigEndian.PutUint32(b[at+4*i:], uint32(v))
	}
	if err := os.WriteFile(file, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

// sounds compares the packets of two films' sounds, and when they are heard beside the picture:
// to 7 ms, see apace.
func sounds(t *testing.T, in, out string) {
	t.Helper()
	start := func(file string) map[string]float64 {
		out := map[string]float64{}
		for line := range strings.Lines(string(run(t, "ffprobe -v error -show_entries stream=codec_type,start_time -of csv=p=0 "+file))) {
			kind, at, _ := strings.Cut(strings.Trim(line, ",\n"), ",")
			if v, err := strconv.ParseFloat(at, 64); err == nil {
				out[kind] = v
			}
		}
		return out
	}
	was, is := start(in), start(out)
	if len(was) != len(is) {
		t.Fatalf("it had %v, has %v", was, is)
	}
	if _, ok := was["audio"]; !ok {
		return
	}
	if a, b := was["video"]-was["audio"], is["video"]-is["audio"]; math.Abs(a-b) > 0.0075 {
		t.Errorf("the picture began %.3f s after the sound, now %.3f s", a, b)
	}
	sum := func(file string) string {
		return string(run(t, "ffmpeg -v error -i "+file+" -c copy -map 0:a -f md5 -"))
	}
	if a, b := sum(in), sum(out); a != b {
		t.Errorf("the sound was %s, is %s", a, b)
	}
}

// TestFilmsKeep: chapters, tags and subtitles stay.
func TestFilmsKeep(t *testing.T) {
	t.Parallel()
	ffmpegHere(t)
	dir := t.TempDir()
	notes := filepath.Join(dir, "notes")
	words := filepath.Join(dir, "words.srt")
	if err := errors.Join(
		os.WriteFile(notes, []byte(";FFMETADATA1\ntitle=湖边\nmine=x\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=1000\nEND=2000\ntitle=二\n"), 0o600),
		os.WriteFile(words, []byte("1\n00:00:01,000 --> 00:00:02,000\n湖\n"), 0o600)); err != nil {
		t.Fatal(err)
	}
	for name, args := range map[string]string{"a.mp4": "-c:s mov_text -movflags use_metadata_tags ", "a.mkv": "-c:s srt "} {
		in, out := filepath.Join(dir, "in-"+name), filepath.Join(dir, name)
		run(t, "ffmpeg -v error "+small+"-i "+words+" -i "+notes+" -map 0 -map 1 -map_metadata 2 -map_chapters 2 -metadata:s:s:0 language=chi "+h264+args+in)
		typ := media.MP4
		if name == "a.mkv" {
			typ = media.Matroska
		}
		if err := (Films{}).Mark(t.Context(), in, out, typ, Visible{Plate: plateIn("")}); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		// where a film lies in the file, and who wrote it, may change
		tell := func(file string) string {
			return strings.ToLower(string(run(t, "ffprobe -v error -show_chapters -show_entries format_tags=title,mine:stream=codec_name,codec_type:stream_tags=language -of json "+file)))
		}
		if d := cmp.Diff(tell(in), tell(out)); d != "" || !strings.Contains(tell(in), "湖边") || !strings.Contains(tell(in), "二") {
			t.Errorf("%s: %s", name, d)
		}
	}
}

// TestFilmsRefuse: what cannot be marked is an error that says why, and leaves nothing.
func TestFilmsRefuse(t *testing.T) {
	t.Parallel()
	ffmpegHere(t)
	dir := t.TempDir()
	file := func(name string, b []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	made := func(name, args string) string {
		path := filepath.Join(dir, name)
		run(t, "ffmpeg -v error "+args+" "+path)
		return path
	}
	whole := made("whole.mp4", small+h264)
	b, err := os.ReadFile(whole)
	if err != nil {
		t.Fatal(err)
	}
	slanted := file("slanted.mp4", b)
	turn(t, slanted, []int32{46341, 46341, -46341, 46341})
	holes := bytes.Clone(b)
	for i := len(b) / 3; i < len(b)/2; i++ {
		holes[i] = 0xff
	}
	for _, c := range []struct {
		name, in string
		typ      media.Type
		kind     loam.Kind
		code     string
	}{
		{"a playlist", file("list.mp4", []byte("#EXTM3U\n#EXTINF:1,\n"+whole+"\n")), media.MP4, loam.Invalid, "film.failed"},
		{"a list of files", file("concat.mkv", []byte("ffconcat version 1.0\nfile "+whole+"\n")), media.Matroska, loam.Invalid, "film.failed"},
		{"nothing", file("nothing.mp4", nil), media.MP4, loam.Invalid, "film.failed"},
		{"half a film", file("half.mp4", b[:len(b)/2]), media.MP4, loam.Invalid, "film.failed"},
		{"holes", file("holes.mp4", holes), media.MP4, loam.Invalid, "film.failed"},
		{"slanted", slanted, media.MP4, loam.Invalid, "film.turned"},
		{"an old codec", made("old.mkv", small+"-c:v mpeg4"), media.Matroska, loam.Invalid, "film.codec"},
		{"two films", made("two.mkv", small+small+"-map 0 -map 1 "+h264), media.Matroska, loam.Invalid, "film.streams"},
		{"two sounds", made("two.mp4", tone+tone+"-map 0 -map 1 -c:a aac"), media.MP4, loam.Invalid, "film.streams"},
		{"too small", made("tiny.mp4", "-f lavfi -i testsrc=size=64x64:rate=10:d=1 "+h264), media.MP4, loam.Invalid, "label.too_small"},
		{"a picture", file("a.png", []byte("\x89PNG")), media.PNG, loam.Invalid, "label.invisible"},
	} {
		out := filepath.Join(dir, "out")
		err := Films{}.Mark(t.Context(), c.in, out, c.typ, Visible{Plate: plateIn("")})
		if loam.KindOf(err) != c.kind || loam.CodeOf(err) != c.code {
			t.Errorf("%s: got %v, want %s", c.name, err, c.code)
		}
		if _, err := os.Stat(out); err == nil {
			t.Errorf("%s: something was written", c.name)
		}
	}
	err = Films{Longest: time.Nanosecond}.Mark(t.Context(), whole, filepath.Join(dir, "out"), media.MP4, Visible{Plate: plateIn("")})
	if loam.CodeOf(err) != "film.slow" {
		t.Errorf("no time: got %v", err)
	}
	left, err := filepath.Glob(filepath.Join(dir, ".loam-*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %q, %v", left, err)
	}
}

// TestProgram: a program that is not ours gets no more than its limits, sees no environment
// and, where the system allows, no network.
func TestProgram(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	l := limits{memory: 64 << 20, cpu: 2 * time.Second, file: 1 << 20, answer: 1000}
	sh := func(script string) (string, error) {
		b, err := program(t.Context(), l, dir, "/bin/sh", "-c", script)
		return string(b), err
	}
	got, err := sh("ulimit -c; ulimit -d; ulimit -t; ulimit -f; pwd")
	if want := fmt.Sprintf("0\n%d\n3\n%d\n%s\n", 64<<10, 2049, dir); err != nil || got != want {
		t.Errorf("got %q, %v, want %q", got, err, want)
	}
	if got, err := sh("exec env"); err != nil || strings.Contains(got, "HOME=") || strings.Contains(got, "PATH=") {
		t.Errorf("its environment: %q, %v", got, err)
	}
	if _, err := sh("while :; do echo aaaaaaaaaaaaaaaaaaaaaaaaaaaaa; done"); !errors.Is(err, errAnswer) {
		t.Errorf("says too much: %v", err)
	}
	if _, err := sh("while :; do :; done"); err == nil {
		t.Error("it may take all the time it likes")
	}
	if _, err := sh("while :; do echo aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa; done > f"); err == nil {
		t.Error("it may fill the disk")
	}
	if _, err := sh("echo its last words >&2; exit 3"); err == nil || !strings.Contains(err.Error(), "its last words") {
		t.Errorf("got %v", err)
	}
	if got, err := sh("cat /proc/net/dev"); err == nil && cells()[0].attr != nil {
		c, alone := stubbed(t, Config{}).Try(t.Context())
		if alone == nil && c && strings.Count(got, ":") != 1 {
			t.Errorf("it sees a network: %s", got)
		}
	}
}

// TestWhen: the expression for ffmpeg counts from the file's start to the tick.
func TestWhen(t *testing.T) {
	t.Parallel()
	s := stream{Base: "1/1000"}
	times := []span{{500, 40}, {540, 2000}, {2540, 100}, {2640, 2900}, {5540, 60}}
	for _, c := range []struct {
		closing bool
		start   string
		want    string
	}{
		{false, "0.000000", "lt(t,2.499500000)"},
		{false, "0.500000", "lt(t,1.999500000)"},
		{true, "N/A", "lt(t,2.499500000)+gte(t,2.639500000)"},
	} {
		got, err := s.when(times, c.start, c.closing)
		if err != nil || got != c.want {
			t.Errorf("%+v: got %q, %v", c, got, err)
		}
	}
	if got := s.seconds(1500); got.Cmp(big.NewRat(3, 2)) != 0 {
		t.Errorf("got %v", got)
	}
}

// FuzzTurned: whatever ffprobe says of a film's turn, it is one of eight or refused.
func FuzzTurned(f *testing.F) {
	f.Add("\n00000000:            0       65536           0\n00000001:       -65536           0           0\n00000002:            0           0  1073741824\n")
	f.Add("\n00000000: 1 2 3 4\n")
	f.Fuzz(func(t *testing.T, said string) {
		var s stream
		if err := json.Unmarshal([]byte(`{"side_data_list":[{}]}`), &s); err != nil {
			t.Fatal(err)
		}
		s.Side[0].Matrix = said
		m, err := s.turned()
		if det := m[0]*m[3] - m[1]*m[2]; err == nil && det != 1 && det != -1 {
			t.Fatalf("%q: %v", said, m)
		}
	})
}

// FuzzSpans: whatever ffprobe says of a stream's packets, what comes of it is in order.
func FuzzSpans(f *testing.F) {
	f.Add([]byte("0,512,K__\n1024,N/A,__\n512,512,_D\n-5,1,___\n"))
	f.Add([]byte("N/A,N/A,K__\n"))
	f.Fuzz(func(t *testing.T, said []byte) {
		got, err := spans(said)
		if err != nil {
			return
		}
		if len(got) == 0 || !slices.IsSortedFunc(got, func(a, b span) int { return stdcmp.Compare(a.from, b.from) }) {
			t.Fatalf("%q: %v", said, got)
		}
	})
}

// TestLay: a picture laid as a film's lie is upright once the film is turned.
func TestLay(t *testing.T) {
	t.Parallel()
	up := image.NewNRGBA(image.Rect(0, 0, 3, 2)) // 1 2 3 / 4 5 6
	for i := range 6 {
		up.SetNRGBA(i%3, i/3, color.NRGBA{uint8(i + 1), 0, 0, 255})
	}
	for _, c := range []struct {
		m    [4]int
		want [][]uint8
	}{
		{[4]int{1, 0, 0, 1}, [][]uint8{{1, 2, 3}, {4, 5, 6}}},
		{[4]int{-1, 0, 0, -1}, [][]uint8{{6, 5, 4}, {3, 2, 1}}},
		{[4]int{-1, 0, 0, 1}, [][]uint8{{3, 2, 1}, {6, 5, 4}}},
		{[4]int{0, 1, -1, 0}, [][]uint8{{3, 6}, {2, 5}, {1, 4}}},
		{[4]int{0, -1, 1, 0}, [][]uint8{{4, 1}, {5, 2}, {6, 3}}},
	} {
		img := lay(up, len(c.want[0]), len(c.want), c.m)
		var got [][]uint8
		for y := range len(c.want) {
			row := []uint8{}
			for x := range len(c.want[0]) {
				r, _, _, _ := img.At(x, y).RGBA()
				row = append(row, uint8(r>>8))
			}
			got = append(got, row)
		}
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%v: %s", c.m, d)
		}
	}
}
