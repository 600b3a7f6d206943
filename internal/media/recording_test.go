package media

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"loam"
)

// secrets are what ffmpeg is told to write into a file beside its sound.
const secrets = "-metadata title=SECRET -metadata artist=SECRET -metadata comment=SECRET -metadata location=+31.2304+121.4737/ "

// recordings are three seconds of sound in every kind of file that is taken in.
func recordings(t testing.TB) map[string][]byte {
	t.Helper()
	ffmpeg, dir := tool(t, "ffmpeg", "ffmpeg"), t.TempDir()
	out := map[string][]byte{}
	for name, args := range map[string]string{
		"a.mp3":      "-c:a libmp3lame -b:a 64k -write_id3v1 1",
		"low.mp3":    "-c:a libmp3lame -ar 22050 -b:a 32k",
		"bare.mp3":   "-c:a libmp3lame -write_xing 0 -id3v2_version 0",
		"a.m4a":      "-c:a aac",
		"first.m4a":  "-c:a aac -movflags +faststart",
		"keys.m4a":   "-c:a aac -f mp4 -movflags use_metadata_tags",
		"a.wav":      "",
		"8.wav":      "-c:a pcm_u8 -ar 11025",
		"float.wav":  "-c:a pcm_f32le",
		"24.wav":     "-c:a pcm_s24le -ac 2",
		"a.flac":     "",
		"vorbis.ogg": "-c:a libvorbis",
		"a.opus":     "-c:a libopus",
	} {
		file := filepath.Join(dir, name)
		run(t, ffmpeg, append(strings.Fields("-v error -f lavfi -i sine=d=3 "+secrets+args), file)...)
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		out[name] = b
	}
	return out
}

// samples is the checksum of what ffmpeg decodes, and lasts how long ffprobe says it is.
func decoded(t *testing.T, b []byte, name string) (samples string, lasts float64) {
	t.Helper()
	file := save(t, filepath.Join(t.TempDir(), name), b)
	samples = run(t, tool(t, "ffmpeg", "ffmpeg"), "-v", "error", "-i", file, "-map", "0:a", "-f", "md5", "-")
	var said struct{ Format struct{ Duration string } }
	raw := run(t, tool(t, "ffprobe", "ffmpeg"), "-v", "error", "-show_format", "-of", "json", file)
	if err := json.Unmarshal([]byte(raw), &said); err != nil {
		t.Fatal(err)
	}
	lasts, err := strconv.ParseFloat(said.Format.Duration, 64)
	if err != nil {
		t.Fatal(err)
	}
	return samples, lasts
}

// TestCleanSound: what is kept of a sound decodes to the very same samples, is as long as ffprobe
// says it is, and has none of its tags; its label stays, the only one.
func TestCleanSound(t *testing.T) {
	t.Parallel()
	mark := loam.Mark{Label: "1", ContentProducer: "their", ProduceID: "p1", ContentPropagator: "their", PropagateID: "p1"}
	for name, b := range recordings(t) {
		if !bytes.Contains(b, []byte("SECRET")) && name != "bare.mp3" {
			t.Errorf("%s: ffmpeg wrote no tags", name)
		}
		r, err := CleanSound(b)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		was, lasts := decoded(t, b, name)
		is, _ := decoded(t, r.Data, name)
		if was != is {
			t.Errorf("%s: it decodes to something else", name)
		}
		if math.Abs(r.Length.Seconds()-lasts) > 0.1 {
			t.Errorf("%s: %v long, ffprobe says %.3f s", name, r.Length, lasts)
		}
		if bytes.Contains(r.Data, []byte("SECRET")) || bytes.Contains(r.Data, []byte("121.4737")) || r.AI != loam.NotAI {
			t.Errorf("%s: its tags are kept, or it is %s", name, r.AI)
		}
		again, err := CleanSound(r.Data)
		if err != nil || !bytes.Equal(again.Data, r.Data) || again.Length != r.Length {
			t.Errorf("%s: cleaned again it is another: %v", name, err)
		}
		marked, err := Write(b, mark)
		if err != nil {
			t.Fatal(err)
		}
		if r, err = CleanSound(marked); err != nil {
			t.Errorf("%s, labelled: %v", name, err)
			continue
		}
		found, err := Read(r.Data)
		if err != nil || r.AI != loam.IsAI || len(found) != 1 || found[0].Mark != mark || bytes.Contains(r.Data, []byte("SECRET")) {
			t.Errorf("%s, labelled: %s, %+v, %v", name, r.AI, found, err)
		}
	}
}

// wavOf is silence of so many samples, 8,000 a second.
func wavOf(samples int) []byte {
	form := []byte{1, 0, 1, 0, 0x40, 0x1f, 0, 0, 0x40, 0x1f, 0, 0, 1, 0, 8, 0}
	return riffOf("WAVE", newRIFFChunk("fmt ", form), newRIFFChunk("data", bytes.Repeat([]byte{0x80}, samples)))
}

// TestCleanSoundRefuses: what is no sound, or none that a note may carry, is refused by name.
func TestCleanSoundRefuses(t *testing.T) {
	t.Parallel()
	ffmpeg, dir, files := tool(t, "ffmpeg", "ffmpeg"), t.TempDir(), recordings(t)
	made := func(name, args string) []byte {
		file := filepath.Join(dir, name)
		run(t, ffmpeg, append(strings.Fields("-v error "+args), file)...)
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	wav := files["a.wav"]
	for name, tt := range map[string]struct {
		b    []byte
		code string
	}{
		"nothing":          {nil, "sound.type"},
		"a picture":        {pngOf(t, picture(8, 8, 1)), "sound.type"},
		"words":            {[]byte("夏夜.mp3"), "sound.type"},
		"a page":           {[]byte("<!doctype html><script>"), "sound.type"},
		"a film":           {made("a.mp4", bothIn+h264), "sound.film"},
		"WebM":             {made("a.webm", soundIn+"-c:a libopus"), "sound.type"},
		"MP2":              {made("a.mp2", soundIn+"-c:a mp2"), "sound.codec"},
		"ALAC":             {made("alac.m4a", soundIn+"-c:a alac"), "sound.codec"},
		"fragments":        {made("frag.m4a", soundIn+"-c:a aac -movflags frag_keyframe+empty_moov"), "sound.codec"},
		"two tracks":       {made("two.m4a", soundIn+soundIn+"-map 0 -map 1 -c:a aac"), "sound.tracks"},
		"ADPCM":            {made("adpcm.wav", soundIn+"-c:a adpcm_ms"), "sound.codec"},
		"FLAC in Ogg":      {made("flac.ogg", soundIn+"-c:a flac"), "sound.codec"},
		"11 minutes":       {wavOf(8000 * 660), "sound.too_long"},
		"more than 20 MB":  {append(bytes.Clone(wav), make([]byte, SoundBytes)...), "sound.too_large"},
		"half a WAV":       {wav[:len(wav)/2], "sound.broken"},
		"half an M4A":      {files["a.m4a"][:len(files["a.m4a"])/2], "sound.broken"},
		"half a FLAC head": {files["a.flac"][:20], "sound.broken"},
		"half an Ogg":      {files["a.opus"][:len(files["a.opus"])-20], "sound.broken"},
		"a WAV of nothing": {wavOf(0), "sound.broken"},
		"a film behind it": {append(bytes.Clone(files["a.m4a"]), "PK\x03\x04 and more of another file"...), "sound.broken"},
	} {
		if _, err := CleanSound(tt.b); loam.CodeOf(err) != tt.code {
			t.Errorf("%s: got %v, want %s", name, err, tt.code)
		}
	}
}

// TestCleanBoxes: of an M4A only the boxes are kept that it takes to hear it, at whatever depth.
func TestCleanBoxes(t *testing.T) {
	t.Parallel()
	file := recordings(t)["first.m4a"]
	want, err := CleanSound(file)
	if err != nil {
		t.Fatal(err)
	}
	odd := newBox("abcd", []byte("SECRET"))
	inside := func(holders ...string) change { // behind the head of the innermost
		var c change
		err := boxWalk(bytes.NewReader(file), holders, func(b box, in []box) error {
			if len(in) == len(holders)-1 && b.kind == holders[len(in)] {
				c = change{at: b.body, end: b.body, lit: odd, in: append(in[:len(in):len(in)], b)}
			}
			return nil
		})
		if err != nil || c.at == 0 {
			t.Fatalf("%v: %+v, %v", holders, c, err)
		}
		return c
	}
	for _, holders := range [][]string{{"moov"}, {"moov", "trak"}, {"moov", "trak", "mdia"}, {"moov", "trak", "mdia", "minf"}, {"moov", "trak", "mdia", "minf", "stbl"}} {
		e, err := bmffSplice(bytes.NewReader(file), []change{inside(holders...)})
		if err != nil {
			t.Fatal(err)
		}
		b, err := e.Bytes()
		if err != nil || !bytes.Contains(b, []byte("SECRET")) {
			t.Fatalf("%v: %v", holders, err)
		}
		if r, err := CleanSound(b); err != nil || !bytes.Equal(r.Data, want.Data) {
			t.Errorf("in %v: %d bytes are kept of %d, %v", holders, len(r.Data), len(want.Data), err)
		}
	}
	if r, err := CleanSound(cat(file, odd)); err != nil || !bytes.Equal(r.Data, want.Data) {
		t.Errorf("behind the film: %d bytes are kept of %d, %v", len(r.Data), len(want.Data), err)
	}
}

// TestCleanMPEG: what stands between frames is no sound, and a tag that looks like a frame none.
func TestCleanMPEG(t *testing.T) {
	t.Parallel()
	frames := sound(40)
	r, err := CleanSound(cat(frames[:10*len(frames)/40], []byte("words \xff\xfb\x90\x00 between"), frames[10*len(frames)/40:], []byte("TAG"), make([]byte, 125)))
	if err != nil || !bytes.Equal(r.Data, frames) {
		t.Errorf("%d bytes of %d are kept, %v", len(r.Data), len(frames), err)
	}
	if want := 40 * 1152 * time.Second / 44100; (r.Length - want).Abs() > time.Millisecond {
		t.Errorf("%v long, want %v", r.Length, want)
	}
}

// FuzzCleanSound: whatever comes is refused as such, or kept as a sound that is taken in again, as
// long and as much AI as it was.
func FuzzCleanSound(f *testing.F) {
	for _, list := range []map[string][]byte{mp3s(), oggs(), flacs(), dirtySounds(), dirtyFilms()} {
		for _, b := range list {
			f.Add(b)
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := CleanSound(b)
		if err != nil {
			if k := loam.KindOf(err); k != loam.Invalid && k != loam.TooLarge {
				t.Fatal(err)
			}
			return
		}
		again, err := CleanSound(r.Data)
		if err != nil || again.Length != r.Length || again.Type != r.Type || r.AI.Stronger(again.AI) != r.AI {
			t.Fatalf("taken in again: %v; %v %s %s, was %v %s %s", err, again.Length, again.Type, again.AI, r.Length, r.Type, r.AI)
		}
		if len(r.Marks) == 0 && !bytes.Equal(again.Data, r.Data) {
			t.Fatal("taken in again it is another")
		}
	})
}
