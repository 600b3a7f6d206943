package parts

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"testing"

	"loam"
	"loam/internal/media"
	"loam/internal/media/mediatest"
	"loam/internal/subject"
)

const tuneRate = 22050

// tune is a made-up tune: a melody with a bass and a beat, as a WAV file.
func tune(seed uint64, seconds int) []byte {
	r := rand.New(rand.NewPCG(seed, 11))
	n := seconds * tuneRate
	samples := make([]float64, n)
	tone := func(from, length int, hertz, loud float64) {
		for i := range length {
			if from+i >= n {
				return
			}
			t := float64(i) / tuneRate
			fade := math.Exp(-3 * float64(i) / float64(length))
			for h := 1; h <= 5; h++ {
				samples[from+i] += loud * fade / float64(h) * math.Sin(2*math.Pi*hertz*float64(h)*t)
			}
		}
	}
	scale := []int{0, 2, 3, 5, 7, 8, 10, 12, 14, 15, 17, 19}
	for at := 0; at < n; {
		length := tuneRate / 8 * (1 + r.IntN(5))
		tone(at, length, 220*math.Pow(2, float64(scale[r.IntN(len(scale))])/12), 0.35)
		if r.IntN(3) == 0 {
			tone(at, 3*length, 110*math.Pow(2, float64(scale[r.IntN(7)])/12), 0.3)
		}
		for i := range min(600, n-at) {
			samples[at+i] += 0.15 * (r.Float64() - 0.5)
		}
		at += length
	}
	out := make([]int16, n)
	for i, v := range samples {
		out[i] = int16(20000 * math.Tanh(v))
	}
	return mediatest.WAV(tuneRate, out)
}

func printed(t *testing.T, typ media.Type, data []byte) subject.Print {
	t.Helper()
	p, err := Fingerprint(t.Context(), typ, data)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestRecordings: a registered recording is found in its re-encodings, quieter and cut, and in
// nothing else; the figures stand in docs/detectors/protected.md. Another tempo is not promised.
func TestRecordings(t *testing.T) {
	t.Parallel()
	needPrograms(t)
	const registered, others, seconds = 8, 16, 40
	var tunes [][]byte
	var prints []subject.Print
	var entries []loam.Registered
	for i := range uint64(registered) {
		data := tune(i, seconds)
		p := printed(t, media.WAV, data)
		tunes, prints = append(tunes, data), append(prints, p)
		entries = append(entries, loam.Registered{ID: fmt.Sprint(i), Kind: loam.ProtectVoice, Names: []string{"林晚"}, Sounds: []string{p.String()}})
	}
	m := subject.New(entries)
	wrong := 0
	for _, change := range []struct {
		name  string
		typ   media.Type
		ext   string
		least int
		args  []string
	}{
		{"mp3 64 kbit/s", media.MP3, "mp3", registered, []string{"-c:a", "libmp3lame", "-b:a", "64k"}},
		{"ogg", media.OGG, "ogg", registered, []string{"-c:a", "libvorbis", "-q:a", "2"}},
		{"a tenth as loud", media.WAV, "wav", registered, []string{"-af", "volume=0.1"}},
		{"15 s from the 12th on", media.WAV, "wav", registered, []string{"-ss", "12", "-t", "15"}},
		{"15 s as mp3 64 kbit/s", media.MP3, "mp3", registered, []string{"-ss", "7.3", "-t", "15", "-c:a", "libmp3lame", "-b:a", "64k"}},
		{"5 % faster", media.WAV, "wav", 0, []string{"-af", "atempo=1.05"}},
	} {
		found := 0
		for i, data := range tunes {
			for _, h := range m.Sound(printed(t, change.typ, mediatest.Remade(t, data, "out."+change.ext, change.args...))) {
				if h.Of.ID == entries[i].ID {
					found++
				} else {
					wrong++
				}
			}
		}
		t.Logf("%s: %d of %d", change.name, found, registered)
		if found < change.least {
			t.Errorf("%s: %d found, want %d", change.name, found, change.least)
		}
	}
	for i := range uint64(others) {
		wrong += len(m.Sound(printed(t, media.WAV, tune(1000+i, seconds))))
	}
	least := 1.0
	for i, p := range prints {
		for _, q := range prints[:i] {
			a, _ := p.Alike(q)
			least = min(least, a.Errors)
		}
	}
	t.Logf("others found: %d of %d comparisons; the nearest two unlike differ in %.2f of their bits", wrong, registered*(others+registered*6-6), least)
	if wrong > 0 {
		t.Error("a recording is found in another")
	}
}

// TestNoSound: what is no sound is refused, silence is like nothing.
func TestNoSound(t *testing.T) {
	t.Parallel()
	needPrograms(t)
	if _, err := Fingerprint(t.Context(), media.WAV, []byte("RIFF....WAVEfmt broken")); loam.KindOf(err) != loam.Invalid {
		t.Errorf("got %v", err)
	}
	if _, err := Fingerprint(t.Context(), media.PNG, nil); loam.KindOf(err) != loam.Invalid {
		t.Errorf("got %v", err)
	}
	quiet := tune(1, 20)
	clear(quiet[44:])
	p := printed(t, media.WAV, quiet)
	if a, ok := p.Alike(p); ok {
		t.Errorf("silence is like silence: %+v", a)
	}
}

// needPrograms skips the test where fpcalc or ffmpeg is missing; the gate needs both.
func needPrograms(t *testing.T) {
	t.Helper()
	err := CanFingerprint()
	if err == nil {
		_, err = exec.LookPath("ffmpeg")
	}
	switch {
	case err == nil:
	case os.Getenv("LOAM_TEST_POSTGRES") != "":
		t.Fatalf("the gate needs fpcalc and ffmpeg: %v", err)
	default:
		t.Skip("no fpcalc or ffmpeg: apt-get install libchromaprint-tools ffmpeg")
	}
}
