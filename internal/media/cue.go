package media

import (
	"encoding/binary"
	"math"
	"time"

	"loam"
)

// CueUnit is the length of a short of the audible label; a long is three of them. The rest
// between the label and what it is put beside is as long as a long.
const CueUnit = 120 * time.Millisecond

// What the audible label sounds like: loud enough beside music at full scale, and soft
// edges, since a tone that begins at once clicks.
const (
	cueTone = 880 // Hz
	cueEdge = 5 * time.Millisecond
	cueRest = 3 // units
)

// cuePeak is -12 dB of full scale.
var cuePeak = math.Pow(10, -12.0/20)

// rhythm is 短长 短短, Morse for "AI" (GB 45438-2025, 5.3): sounds in units, a pause of one
// between those of a letter.
var rhythm = [2][2]int{{1, 3}, {1, 1}}

// Sound is PCM: 16 bits, little-endian, the channels of a moment side by side.
type Sound struct {
	Rate     int // samples a second
	Channels int
	PCM      []byte
}

// Duration is how long it sounds.
func (s Sound) Duration() time.Duration {
	return time.Duration(float64(len(s.PCM)/2/s.Channels) / float64(s.Rate) * float64(time.Second))
}

// Rhythm is the audible label as a rhythm, of equal loudness in every channel. The standard
// leaves open how long the pause between its letters is: gap is that in units, 0 for one.
// A sound of other than 8,000 to 384,000 samples a second, 1 to 16 channels and a gap of 1 to
// 7 is Invalid, "film.sound".
func Rhythm(rate, channels, gap int) (Sound, error) {
	gap = max(gap, 1)
	if rate < 8000 || rate > 384_000 || channels < 1 || channels > 16 || gap > 7 {
		return Sound{}, loam.Fail(loam.Invalid, "film.sound")
	}
	s := Sound{Rate: rate, Channels: channels}
	unit := 0
	pause := func(units int) {
		unit += units
		s.silence(s.at(unit))
	}
	for i, letter := range rhythm {
		if i > 0 {
			pause(gap)
		}
		for j, units := range letter {
			if j > 0 {
				pause(1)
			}
			unit += units
			s.tone(s.at(unit))
		}
	}
	return s, nil
}

// at is the sample a number of units begins with.
func (s *Sound) at(units int) int {
	return int(math.Round(float64(units) * CueUnit.Seconds() * float64(s.Rate)))
}

func (s *Sound) silence(until int) {
	s.PCM = append(s.PCM, make([]byte, until*2*s.Channels-len(s.PCM))...)
}

// tone sounds until a sample; its edges are halves of a cosine.
func (s *Sound) tone(until int) {
	n := until - len(s.PCM)/2/s.Channels
	edge := cueEdge.Seconds() * float64(s.Rate)
	for i := range n {
		v := cuePeak * math.Sin(2*math.Pi*cueTone*float64(i)/float64(s.Rate))
		if near := float64(min(i, n-1-i)); near < edge {
			v *= (1 - math.Cos(math.Pi*near/edge)) / 2
		}
		s.add(int16(math.Round(v * math.MaxInt16)))
	}
}

// add puts one sample into every channel.
func (s *Sound) add(v int16) {
	for range s.Channels {
		s.PCM = binary.LittleEndian.AppendUint16(s.PCM, uint16(v))
	}
}

// Rested is a label with a rest at the side of what it is put beside: behind it at the start,
// before it at the end.
func (s Sound) Rested(atEnd bool) Sound {
	rest := make([]byte, s.at(cueRest)*2*s.Channels)
	if atEnd {
		s.PCM = append(rest, s.PCM...)
	} else {
		s.PCM = append(s.PCM[:len(s.PCM):len(s.PCM)], rest...)
	}
	return s
}

// Speech reads what a speaking program wrote: WAV, PCM of 16 bits, one channel, whatever
// length its header claims. Silence around the words is left out, and they are as loud as a
// Rhythm. Anything else, and silence, is Invalid, "media.broken".
func Speech(wav []byte) (Sound, error) {
	const head = 44
	if len(wav) < head || string(wav[:4]) != "RIFF" || string(wav[8:16]) != "WAVEfmt " || string(wav[36:40]) != "data" {
		return Sound{}, damaged("wav: no speech")
	}
	form, channels, bits := binary.LittleEndian.Uint16(wav[20:]), binary.LittleEndian.Uint16(wav[22:]), binary.LittleEndian.Uint16(wav[34:])
	rate := binary.LittleEndian.Uint32(wav[24:])
	if form != 1 || channels != 1 || bits != 16 || rate < 8000 || rate > 96_000 {
		return Sound{}, damaged("wav: no speech of one channel")
	}
	var samples []int
	peak := 0
	for b := wav[head:]; len(b) >= 2; b = b[2:] {
		v := int(int16(binary.LittleEndian.Uint16(b)))
		samples, peak = append(samples, v), max(peak, v, -v)
	}
	const quiet = 100 // of a peak: below it nobody hears
	first, last := -1, -1
	for i, v := range samples {
		if max(v, -v)*quiet > peak {
			if first < 0 {
				first = i
			}
			last = i
		}
	}
	if first < 0 {
		return Sound{}, damaged("wav: silence")
	}
	s := Sound{Rate: int(rate), Channels: 1}
	for _, v := range samples[first : last+1] {
		s.add(int16(math.Round(float64(v) / float64(peak) * cuePeak * math.MaxInt16)))
	}
	return s, nil
}

// Spread is a sound of one channel in several, all alike.
func (s Sound) Spread(channels int) Sound {
	out := Sound{Rate: s.Rate, Channels: channels}
	for b := s.PCM; len(b) >= 2; b = b[2:] {
		out.add(int16(binary.LittleEndian.Uint16(b)))
	}
	return out
}
