package parts

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"loam"
	"loam/internal/media"
	"loam/internal/media/mediatest"
	"loam/internal/screen"
)

// voicesSaid is what a child says of n voices whose vectors have a length.
func voicesSaid(n int, length float64) string {
	var all []string
	for i := range n {
		vector := fmt.Sprint(length) + strings.Repeat(",0", voiceSize-1)
		all = append(all, fmt.Sprintf(`{"second": %d, "vector": [%s]}`, 12*i, vector))
	}
	return `{"voices": [` + strings.Join(all, ",") + `]}`
}

func TestParseVoices(t *testing.T) {
	t.Parallel()
	a, err := parse(wantVoices, []byte(voicesSaid(3, 1)))
	if err != nil || len(a.Voices) != 3 || a.Voices[2].Second != 24 {
		t.Errorf("three voices: got %d, %v", len(a.Voices), err)
	}
	if a, err := parse(wantVoices, []byte(`{"voices": []}`)); err != nil || a.Voices == nil {
		t.Errorf("no voice: got %+v, %v", a, err)
	}
	two := voicesSaid(2, 1)
	for name, s := range map[string]string{
		"words":          `{"lines": []}`,
		"null":           `{"voices": null}`,
		"short":          voicesSaid(1, 0.99),
		"too large":      voicesSaid(1, 1e300),
		"nothing":        voicesSaid(1, 0),
		"no number":      strings.Replace(two, "1,", `"1",`, 1),
		"NaN":            strings.Replace(two, "1,", "NaN,", 1),
		"one too few":    strings.Replace(two, ",0]", "]", 1),
		"one too many":   strings.Replace(two, ",0]", ",0,0]", 1),
		"no vector":      `{"voices": [{"second": 0}]}`,
		"same second":    strings.Replace(two, `"second": 12`, `"second": 0`, 1),
		"before it":      strings.Replace(two, `"second": 0`, `"second": -1`, 1),
		"behind its end": strings.Replace(two, `"second": 12`, `"second": 601`, 1),
		"too many":       voicesSaid(maxVoices+1, 1),
	} {
		if a, err := parse(wantVoices, []byte(s)); err == nil {
			t.Errorf("%s: got %d voices", name, len(a.Voices))
		}
	}
	if a, err := parse(wantWords, []byte(two)); err == nil {
		t.Errorf("voices for words: got %+v", a)
	}
}

// listening are the real parts on a machine that decodes sounds.
func listening(t testing.TB) *Parts {
	t.Helper()
	ffmpegHere(t)
	return installed(t)
}

// spoken is a WAV file of a text in a voice of espeak-ng.
func spoken(t *testing.T, voice string, pitch int, words string) []byte {
	t.Helper()
	ffmpegHere(t, "espeak-ng")
	out, err := exec.CommandContext(t.Context(), "espeak-ng", "-v", voice, "-p", fmt.Sprint(pitch), "--stdout", words).Output()
	if err != nil {
		t.Fatal(err)
	}
	if len(out) < 44 {
		t.Fatalf("%d bytes of speech", len(out))
	}
	var samples []int16 // its header tells no length
	for b := out[44:]; len(b) >= 2; b = b[2:] {
		samples = append(samples, int16(binary.LittleEndian.Uint16(b)))
	}
	return mediatest.WAV(int(binary.LittleEndian.Uint32(out[24:])), samples)
}

func heard(t *testing.T, p *Parts, typ media.Type, data []byte) []Voice {
	t.Helper()
	v, err := p.Voices(t.Context(), typ, data)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// likest is the highest cosine between voices of two sounds.
func likest(a, b []Voice) float64 {
	best := math.Inf(-1)
	for _, v := range a {
		for _, w := range b {
			sum := 0.0
			for i, x := range v.Vector {
				sum += float64(x) * float64(w.Vector[i])
			}
			best = max(best, sum)
		}
	}
	return best
}

const (
	proseA = `In the morning the lake is quiet, and the boats lie in a row along the wooden bridge. An old man sells tea
 and bread there, as he has done for thirty years. He knows everybody by name, and he asks each one how the night was.
 Later the children come with their bags, and the first bus goes up into the hills.`
	proseB = `Whoever moves to another town should measure the rooms before buying a table. We did not, and so our first
 evening was spent on the floor with a saw, a lamp and two bowls of noodles. The neighbours laughed, then they brought
 four chairs, and since then we have been eating together every second Friday.`
)

// TestVoices: a synthetic voice is nearer to itself, saying something else, than to another one
// or to a tune, also encoded anew; the figures for people stand in docs/detectors/voices.md.
func TestVoices(t *testing.T) {
	t.Parallel()
	p := listening(t)
	low, again, high := spoken(t, "en-us", 20, proseA), spoken(t, "en-us", 20, proseB), spoken(t, "en-us+f4", 80, proseA)
	who := heard(t, p, media.WAV, low)
	if len(who) == 0 || who[0].Second > 1 {
		t.Fatalf("%d voices", len(who))
	}
	if diff := cmp.Diff(who, heard(t, p, media.WAV, low)); diff != "" {
		t.Errorf("the same sound again: %s", diff)
	}
	same := likest(who, heard(t, p, media.WAV, again))
	encoded := likest(who, heard(t, p, media.MP3, mediatest.Remade(t, again, "out.mp3", "-c:a", "libmp3lame", "-b:a", "64k")))
	other, music := likest(who, heard(t, p, media.WAV, high)), likest(who, heard(t, p, media.WAV, tune(5, 30)))
	t.Logf("itself %.3f, as MP3 %.3f, another %.3f, a tune %.3f", same, encoded, other, music)
	if min(same, encoded) < max(other, music)+0.1 {
		t.Errorf("itself %.3f, as MP3 %.3f, another %.3f, a tune %.3f", same, encoded, other, music)
	}
}

// TestStretches: where voices begin, and that silence and what is short have none.
func TestStretches(t *testing.T) {
	t.Parallel()
	p := listening(t)
	const rate = 8000
	noise := func(seconds, loud int) []int16 {
		out := make([]int16, seconds*rate)
		for i := range out {
			out[i] = int16(loud * ((i*i*7919)%2001 - 1000) / 1000)
		}
		return out
	}
	for _, c := range []struct {
		name    string
		samples []int16
		want    []float64
	}{
		{"nothing", nil, nil},
		{"silence", noise(30, 0), nil},
		{"a hiss nobody hears", noise(30, 10), nil},
		{"short", noise(3, 9000), nil},
		{"five seconds", noise(5, 9000), []float64{0}},
		{"a pause first", append(noise(6, 0), noise(6, 9000)...), []float64{5.8}},
		{"two stretches", noise(20, 9000), []float64{0, 12}},
		{"a rest too short for another", noise(15, 9000), []float64{0}},
		{"a long one", noise(240, 9000), []float64{0, 12, 36, 48, 60, 72, 96, 108, 120, 132, 156, 168, 180, 192, 216, 228}},
	} {
		var got []float64
		voices, err := p.Voices(t.Context(), media.WAV, mediatest.WAV(rate, c.samples))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		for _, v := range voices {
			got = append(got, math.Round(10*v.Second)/10)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}

func TestHostileSounds(t *testing.T) {
	t.Parallel()
	p := listening(t)
	plain := tune(3, 6)
	for name, c := range map[string]struct {
		typ  media.Type
		data []byte
	}{
		"nothing":       {media.WAV, nil},
		"prose":         {media.MP3, []byte("湖边的早晨很安静。")},
		"a broken head": {media.WAV, []byte("RIFF....WAVEfmt broken")},
		"a picture":     {media.PNG, plain},
		"a playlist":    {media.MP4, []byte("#EXTM3U\nfile:///etc/passwd\n")},
		"another kind":  {media.FLAC, plain},
	} {
		if _, err := p.Voices(t.Context(), c.typ, c.data); loam.KindOf(err) != loam.Invalid {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if _, err := p.Voices(t.Context(), media.WAV, plain); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}

// A child that says anything but voices is refused and does not live on.
func TestVoicesOfBrokenChildren(t *testing.T) {
	t.Parallel()
	ffmpegHere(t)
	p := stubbed(t, Config{})
	p.script = strings.Replace(stub, "want, p = r[:1], r[1:].decode()", `want, p = r[:1], "other"`, 1)
	if _, err := p.Voices(t.Context(), media.WAV, tune(3, 6)); loam.KindOf(err) != loam.Unavailable {
		t.Errorf("classes for voices: got %v", err)
	}
	p.script = strings.Replace(stub, "want, p = r[:1], r[1:].decode()", `want, p = r[:1], "broken"`, 1)
	if _, err := p.Voices(t.Context(), media.WAV, tune(3, 6)); loam.KindOf(err) != loam.Unavailable {
		t.Errorf("a failure: got %v", err)
	}
	absent := Open(Config{Dir: filepath.Join(t.TempDir(), "none")})
	defer absent.Close()
	if _, err := absent.Voices(t.Context(), media.WAV, nil); !errors.Is(err, screen.ErrAbsent) {
		t.Errorf("without the parts: got %v", err)
	}
}

func TestVoiceModel(t *testing.T) {
	t.Parallel()
	p := Open(Config{})
	defer p.Close()
	name := p.VoiceModel()
	for i := range p.models {
		if p.models[i].name == "voice.onnx" {
			p.models[i].sum = strings.Repeat("0", 64)
		}
	}
	if other := p.VoiceModel(); other == name || len(other) != len(name) {
		t.Errorf("another model is %q, this one %q", other, name)
	}
}
