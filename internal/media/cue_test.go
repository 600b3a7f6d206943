package media

import (
	"bytes"
	"encoding/binary"
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"loam"
)

// samples are those of one channel.
func (s Sound) samples(channel int) []int16 {
	var out []int16
	for i := channel; i < len(s.PCM)/2; i += s.Channels {
		out = append(out, int16(binary.LittleEndian.Uint16(s.PCM[2*i:])))
	}
	return out
}

// heard lists how many milliseconds it sounds and is silent, in turn, from the first sound to
// the last; a zero between two waves is no silence.
func heard(samples []int16, rate int) []int {
	var edges []int // where a sound begins and ends
	last := 0
	for i, v := range samples {
		if v == 0 {
			continue
		}
		if len(edges) == 0 || i-last > rate/100 {
			if len(edges) > 0 {
				edges = append(edges, last+1)
			}
			edges = append(edges, i)
		}
		last = i
	}
	edges = append(edges, last+1)
	var out []int
	for i := range edges[1:] {
		out = append(out, int(math.Round(float64(edges[i+1]-edges[i])*1000/float64(rate))))
	}
	return out
}

func TestRhythm(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		rate, channels, gap int
		want                []int
		lasts               time.Duration
	}{
		{44100, 1, 0, []int{120, 120, 360, 120, 120, 120, 120}, 1080 * time.Millisecond},
		{48000, 2, 1, []int{120, 120, 360, 120, 120, 120, 120}, 1080 * time.Millisecond},
		{8000, 6, 3, []int{120, 120, 360, 360, 120, 120, 120}, 1320 * time.Millisecond},
	} {
		s, err := Rhythm(c.rate, c.channels, c.gap)
		if err != nil {
			t.Fatal(err)
		}
		if s.Duration() != c.lasts {
			t.Errorf("%+v: it lasts %v", c, s.Duration())
		}
		for channel := range c.channels {
			got := heard(s.samples(channel), c.rate)
			for i := range c.want {
				if len(got) != len(c.want) || math.Abs(float64(got[i]-c.want[i])) > 1 {
					t.Errorf("%+v: channel %d: %s", c, channel, cmp.Diff(c.want, got))
					break
				}
			}
		}
	}
	for _, bad := range [][3]int{{7999, 1, 1}, {384_001, 1, 1}, {48000, 0, 1}, {48000, 17, 1}, {48000, 1, 8}} {
		if _, err := Rhythm(bad[0], bad[1], bad[2]); loam.CodeOf(err) != "film.sound" {
			t.Errorf("%v: got %v", bad, err)
		}
	}
}

// TestRhythmIsSoft: at any rate the tones reach -12 dB of full scale and no more, and no
// sample jumps by more than a wave of that height does: it does not click.
func TestRhythmIsSoft(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		rate := rapid.IntRange(8000, 192_000).Draw(t, "rate")
		s, err := Rhythm(rate, 1, rapid.IntRange(0, 7).Draw(t, "gap"))
		if err != nil {
			t.Fatal(err)
		}
		peak, jump, before := 0.0, 0.0, 0.0
		for _, v := range s.samples(0) {
			peak, jump, before = max(peak, math.Abs(float64(v))), max(jump, math.Abs(float64(v)-before)), float64(v)
		}
		full := cuePeak * math.MaxInt16
		if peak > full+1 || peak < full*0.95 {
			t.Errorf("peak %.1f dB", 20*math.Log10(peak/math.MaxInt16))
		}
		if most := full*2*math.Pi*cueTone/float64(rate) + 2; jump > most {
			t.Errorf("a sample jumps by %.0f, a wave by %.0f", jump, most)
		}
	})
}

func TestRested(t *testing.T) {
	t.Parallel()
	s, err := Rhythm(48000, 2, 1)
	if err != nil {
		t.Fatal(err)
	}
	rest := make([]byte, 48000*2*2*36/100)
	if got := s.Rested(false); !bytes.Equal(got.PCM, append(bytes.Clone(s.PCM), rest...)) {
		t.Error("at the start the rest is behind it")
	}
	if got := s.Rested(true); !bytes.Equal(got.PCM, append(rest, s.PCM...)) {
		t.Error("at the end the rest is before it")
	}
}

// spoken is a WAV of some samples.
func spoken(samples ...int16) []byte {
	b := []byte("RIFF\xff\xff\xff\x7fWAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x22\x56\x00\x00\x44\xac\x00\x00\x02\x00\x10\x00data\xff\xff\xff\x7f")
	for _, v := range samples {
		b = binary.LittleEndian.AppendUint16(b, uint16(v))
	}
	return b
}

func TestSpeech(t *testing.T) {
	t.Parallel()
	s, err := Speech(spoken(0, 1, 1000, -math.MaxInt16-1, 500, 0, 2000, 0, 0))
	if err != nil {
		t.Fatal(err)
	}
	want := []int16{251, -8231, 126, 0, 502}
	if d := cmp.Diff(want, s.samples(0)); d != "" || s.Rate != 22050 || s.Channels != 1 {
		t.Errorf("%d Hz, %d channels: %s", s.Rate, s.Channels, d)
	}
	two := s.Spread(2)
	if d := cmp.Diff(want, two.samples(1)); d != "" || two.Duration() != s.Duration() {
		t.Errorf("spread: %s", d)
	}
	stereo := spoken(1)
	stereo[22] = 2
	for name, b := range map[string][]byte{"silence": spoken(0, 0), "nothing": spoken(), "short": []byte("RIFF"), "text": bytes.Repeat([]byte("a"), 99), "two channels": stereo} {
		if _, err := Speech(b); loam.CodeOf(err) != "media.broken" {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func FuzzSpeech(f *testing.F) {
	f.Add(spoken(0, 5, -5, 0))
	f.Add(spoken())
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := Speech(b)
		if err == nil && (len(s.PCM) == 0 || len(s.PCM) > len(b) || s.Duration() <= 0) {
			t.Fatalf("%d bytes gave %d, %v", len(b), len(s.PCM), s.Duration())
		}
	})
}
