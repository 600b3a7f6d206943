package parts

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"loam/internal/media"
)

// recording is a sound that ffmpeg makes.
type recording struct {
	name  string
	args  string
	typ   media.Type
	exact bool          // it loses nothing: its samples stay what they are
	slack time.Duration // by how much what is decoded may be longer or shorter than its samples
}

const (
	// Two seconds that begin and end loud.
	music  = "-f lavfi -i sine=frequency=330:d=2:sample_rate=44100,volume=4 "
	stereo = music + "-ac 2 "
)

func recordings() []recording {
	return []recording{
		{name: "a.wav", typ: media.WAV, args: stereo, exact: true},
		{name: "deep.wav", typ: media.WAV, args: stereo + "-c:a pcm_s24le", exact: true},
		{name: "float.wav", typ: media.WAV, args: stereo + "-c:a pcm_f32le", exact: true},
		{name: "six.wav", typ: media.WAV, args: music + "-ac 6 -ar 48000", exact: true},
		{name: "phone.wav", typ: media.WAV, args: music + "-ar 8000 -c:a pcm_mulaw", exact: true},
		{name: "a.flac", typ: media.FLAC, args: stereo, exact: true},
		{name: "deep.flac", typ: media.FLAC, args: stereo + "-ar 96000 -sample_fmt s32 -bits_per_raw_sample 24", exact: true},
		{name: "a.mp3", typ: media.MP3, args: stereo + "-b:a 128k"},
		{name: "a.ogg", typ: media.OGG, args: stereo + "-c:a libvorbis"},
		{name: "a.opus", typ: media.OGG, args: stereo + "-c:a libopus", slack: 20 * time.Millisecond},
		{name: "a.m4a", typ: media.MP4, args: stereo + "-c:a aac", slack: 24 * time.Millisecond},
		{name: "alac.m4a", typ: media.MP4, args: stereo + "-c:a alac", exact: true},
		{name: "a.mka", typ: media.Matroska, args: stereo + "-c:a libopus", slack: 20 * time.Millisecond},
	}
}

// decoded is a sound's samples, the channels of a moment side by side.
func decoded(t testing.TB, file string) (samples []float32, rate, channels int) {
	t.Helper()
	told := strings.Split(strings.TrimSpace(string(run(t, "ffprobe -v error -select_streams a:0 -show_entries stream=sample_rate,channels -of csv=p=0 "+file))), ",")
	rate, err := strconv.Atoi(told[0])
	if err != nil {
		t.Fatal(err)
	}
	if channels, err = strconv.Atoi(told[1]); err != nil {
		t.Fatal(err)
	}
	b := run(t, "ffmpeg -v error -i "+file+" -map 0:a:0 -f f32le -c:a pcm_f32le -")
	for ; len(b) >= 4; b = b[4:] {
		samples = append(samples, math.Float32frombits(binary.LittleEndian.Uint32(b)))
	}
	return samples, rate, channels
}

// rings lists when a channel sounds, by its energy in windows of 4 ms, 1 ms apart: beginnings
// and ends in milliseconds.
func rings(samples []float32, rate, channels, channel int) (edges []int) {
	moments := len(samples) / channels
	on := false
	for ms := 0; (ms+4)*rate/1000 <= moments; ms++ {
		sum, n := 0.0, 0
		for i := ms * rate / 1000; i < (ms+4)*rate/1000; i++ {
			v := float64(samples[i*channels+channel])
			sum, n = sum+v*v, n+1
		}
		if loud := 10*math.Log10(sum/float64(n)+1e-12) > -21; loud != on { // a tone of -12 dBFS is one of -15 dB of energy
			edges, on = append(edges, ms+2), loud
		}
	}
	if on {
		edges = append(edges, moments*1000/rate)
	}
	return edges
}

// TestSounds: the rhythm is heard before or behind the sound, in every channel, with a rest
// between; the sound grows by exactly that and is otherwise the same.
func TestSounds(t *testing.T) {
	t.Parallel()
	ffmpegHere(t)
	want := []int{120, 120, 360, 120, 120, 120, 120}
	for i, c := range recordings() {
		ends := []bool{i%2 == 1}
		if i == 0 {
			ends = []bool{false, true}
		}
		for _, atEnd := range ends {
			t.Run(fmt.Sprintf("%s/%t", c.name, atEnd), func(t *testing.T) {
				t.Parallel()
				dir := t.TempDir()
				in, out := filepath.Join(dir, "in-"+c.name), filepath.Join(dir, c.name)
				run(t, "ffmpeg -v error "+c.args+" "+in)
				if err := (Films{}).Mark(t.Context(), in, out, c.typ, Visible{Cue: RhythmCue, AtEnd: atEnd}); err != nil {
					t.Fatal(err)
				}
				before, rate, channels := decoded(t, in)
				after, r, n := decoded(t, out)
				if rate != r || channels != n {
					t.Fatalf("it was %d Hz of %d channels, is %d of %d", rate, channels, r, n)
				}
				cue := int(math.Round(12*0.120*float64(rate))) * channels
				if grown := time.Duration(len(after)-len(before)-cue) * time.Second / time.Duration(rate*channels); c.exact && len(after)-len(before) != cue || grown.Abs() > c.slack {
					t.Errorf("it is %v longer than by its cue", grown)
				}
				for channel := range channels {
					if name := rings(before, rate, channels, channel); len(name) == 0 {
						continue // ffmpeg leaves a channel of six empty
					}
					edges := rings(after, rate, channels, channel)
					if len(edges) < 10 {
						t.Fatalf("channel %d sounds at %v", channel, edges)
					}
					label, rest := edges[:8], edges[8]-edges[7]
					if atEnd {
						label = edges[len(edges)-8:]
						rest = label[0] - edges[len(edges)-9]
					}
					for i := range want {
						if got := label[i+1] - label[i]; math.Abs(float64(got-want[i])) > 10 {
							t.Errorf("channel %d: part %d lasts %d ms, not %d: %v", channel, i, got, want[i], edges)
						}
					}
					if rest < 340 {
						t.Errorf("channel %d: the rest is %d ms: %v", channel, rest, edges)
					}
				}
				if !c.exact {
					return
				}
				kept := after[min(cue, len(after)):]
				if atEnd {
					kept = after[:len(before)]
				}
				if !slices.Equal(before, kept) {
					t.Error("the sound itself is another")
				}
			})
		}
	}
}

// TestSoundsKeep: kind, tags, chapters and cover stay; what is told of a time is told of the
// later one.
func TestSoundsKeep(t *testing.T) {
	t.Parallel()
	ffmpegHere(t)
	dir := t.TempDir()
	notes, cover := filepath.Join(dir, "notes"), filepath.Join(dir, "cover.png")
	if err := os.WriteFile(notes, []byte(";FFMETADATA1\ntitle=湖边\nartist=x\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=500\nEND=1500\ntitle=二\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	run(t, "ffmpeg -v error -f lavfi -i testsrc=size=64x64 -frames:v 1 "+cover)
	art := "-i " + cover + " -i " + notes + " -map 0 -map 1 -map_metadata 2 -map_chapters 2 -disposition:v attached_pic "
	for _, c := range []struct {
		name, args string
		typ        media.Type
		chapter    string // where it begins afterwards, "" where ffmpeg writes no place to compare
	}{
		{"a.mp3", art, media.MP3, "1.9"},
		{"a.flac", art, media.FLAC, ""},
		{"a.m4a", art + "-c:v png -c:a aac ", media.MP4, ""},
		{"a.ogg", "-i " + notes + " -map_metadata 1 -map_chapters 1 -c:a libvorbis ", media.OGG, ""},
		{"a.wav", "-metadata title=湖边 -metadata artist=x ", media.WAV, ""},
	} {
		in, out := filepath.Join(dir, "in-"+c.name), filepath.Join(dir, c.name)
		run(t, "ffmpeg -v error "+music+c.args+in)
		if err := (Films{}).Mark(t.Context(), in, out, c.typ, Visible{Cue: RhythmCue}); err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		// a sound that loses something may lose it at another rate of bits
		tell := func(file string) string {
			return string(run(t, "ffprobe -v error -show_entries format_tags=title,artist:stream=codec_name,sample_rate,channels,width:stream_tags=title,artist -of json "+file))
		}
		if d := cmp.Diff(tell(in), tell(out)); d != "" || !strings.Contains(tell(in), "湖边") {
			t.Errorf("%s: %s", c.name, d)
		}
		if at := string(run(t, "ffprobe -v error -show_entries chapter=start_time -of default=nk=1:nw=1 "+out)); c.chapter != "" && !strings.HasPrefix(at, c.chapter) {
			t.Errorf("%s: the chapter begins at %s", c.name, at)
		}
	}
}

// TestSpeak: the words are spoken as Chinese, at normal speed, as loud as the rhythm, and are
// put beside a sound.
func TestSpeak(t *testing.T) {
	t.Parallel()
	ffmpegHere(t, speaker)
	s, err := Speak(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if rate := 10 / s.Duration().Minutes(); rate < spokenSlowest || rate > spokenFastest {
		t.Errorf("%.0f characters a minute, %v", rate, s.Duration())
	}
	// a phoneme of another language would be announced in brackets
	if said := run(t, speaker+" -q -x -b 1 -v "+voice+" "+SpokenWords); bytes.Contains(said, []byte("(en)")) || len(bytes.Split(bytes.TrimSpace(said), []byte(" "))) != 10 {
		t.Errorf("it says %s", said)
	}
	dir := t.TempDir()
	in, out := filepath.Join(dir, "in.flac"), filepath.Join(dir, "out.flac")
	run(t, "ffmpeg -v error "+stereo+" "+in)
	if err := (Films{}).Mark(t.Context(), in, out, media.FLAC, Visible{Cue: SpokenCue, AtEnd: true}); err != nil {
		t.Fatal(err)
	}
	before, rate, channels := decoded(t, in)
	after, _, _ := decoded(t, out)
	grown := float64(len(after)-len(before)) / float64(rate*channels)
	if want := s.Duration().Seconds() + 0.36; math.Abs(grown-want) > 0.001 {
		t.Errorf("it grew by %.3f s, not %.3f", grown, want)
	}
	if !slices.Equal(before, after[:len(before)]) {
		t.Error("the sound itself is another")
	}
	peak := float32(0)
	for _, v := range after[len(before):] {
		peak = max(peak, v, -v)
	}
	if peak < 0.2 || peak > 0.3 {
		t.Errorf("its peak is %.2f", peak)
	}
}

// TestSoundsRefuse: what is no sound, or one of a kind that is not written.
func TestSoundsRefuse(t *testing.T) {
	t.Parallel()
	ffmpegHere(t)
	dir := t.TempDir()
	made := func(name, args string) string {
		path := filepath.Join(dir, name)
		run(t, "ffmpeg -v error "+args+" "+path)
		return path
	}
	junk := filepath.Join(dir, "junk.mp3")
	if err := os.WriteFile(junk, bytes.Repeat([]byte("\xff\xfb\x90\x64 no sound"), 9), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, in string
		typ      media.Type
		code     string
	}{
		{"an old codec", made("adpcm.wav", music+"-c:a adpcm_ima_wav"), media.WAV, "film.codec"},
		{"too slow", made("slow.wav", music+"-ar 4000"), media.WAV, "film.sound"},
		{"junk", junk, media.MP3, "film.failed"},
		{"another container", made("true.flac", music), media.OGG, "film.failed"},
	} {
		out := filepath.Join(dir, "out")
		err := Films{}.Mark(t.Context(), c.in, out, c.typ, Visible{Cue: RhythmCue})
		if err == nil || !strings.Contains(err.Error(), c.code) {
			t.Errorf("%s: got %v, want %s", c.name, err, c.code)
		}
		if _, err := os.Stat(out); err == nil {
			t.Errorf("%s: something was written", c.name)
		}
	}
}
