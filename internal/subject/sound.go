package subject

import (
	"cmp"
	"encoding/base64"
	"encoding/binary"
	"math/bits"
	"slices"

	"loam"
)

// Print is a recording's acoustic fingerprint as Chromaprint gives it (Lalinský, 2010): 32 bits for
// each eighth of a second.
type Print []uint32

// mostPrint bounds a Print: ten minutes of sound and some.
const mostPrint = 6000

// String is the base64 of the words, high byte first: what is stored.
func (p Print) String() string {
	b := make([]byte, 0, 4*len(p))
	for _, w := range p {
		b = binary.BigEndian.AppendUint32(b, w)
	}
	return base64.StdEncoding.EncodeToString(b)
}

// ParsePrint reads what String gives; anything else is Invalid, "hash.form".
func ParsePrint(s string) (Print, error) {
	b, err := base64.StdEncoding.Strict().DecodeString(s)
	if err != nil || len(b)%4 != 0 || len(b) > 4*mostPrint {
		return nil, loam.Fail(loam.Invalid, "hash.form")
	}
	p := make(Print, len(b)/4)
	for i := range p {
		p[i] = binary.BigEndian.Uint32(b[4*i:])
	}
	if p.String() != s { // line ends, which the decoder passes over
		return nil, loam.Fail(loam.Invalid, "hash.form")
	}
	return p, nil
}

// Two recordings are alike where so many words in a row (ten seconds) differ in at most such a
// share of their bits; of unlike ones half do. The alignment is one of those that most words
// vote for, by the high bits that noise changes least.
const (
	alikeWords  = 80
	alikeErrors = 0.25
	voteBits    = 12
	mostShifts  = 8
	// mostPlaces bounds how often one value may vote in a recording: silence says nothing.
	mostPlaces = 40
)

// Alike is how the best stretch of two recordings compares. At is where in the first it begins, in
// words.
type Alike struct {
	At     int
	Errors float64 // share of differing bits, 0 to 1
}

// wordsASecond is how many words of a fingerprint a second of sound has: one for each 1365 samples
// at 11025 Hz (a third of a frame of 4096).
const wordsASecond = 11025.0 / 1365

// Seconds is where in the first sound the stretch begins.
func (a Alike) Seconds() float64 { return float64(a.At) / wordsASecond }

// Lasts is how long a sound of such a fingerprint is, in seconds, to within three.
func (p Print) Lasts() float64 { return float64(len(p)) / wordsASecond }

// Alike reports whether a stretch of ten seconds of one recording is in the other.
func (p Print) Alike(q Print) (Alike, bool) {
	best := Alike{Errors: 1}
	for _, shift := range p.shifts(q) {
		if a, ok := p.stretch(q, shift); ok && a.Errors < best.Errors {
			best = a
		}
	}
	return best, best.Errors <= alikeErrors
}

// shifts are the alignments most words vote for: word i of p lies on word i-shift of q.
func (p Print) shifts(q Print) []int {
	places := map[uint32][]int{}
	for j, w := range q {
		if k := w >> (32 - voteBits); len(places[k]) < mostPlaces {
			places[k] = append(places[k], j)
		}
	}
	votes := map[int]int{}
	for i, w := range p {
		for _, j := range places[w>>(32-voteBits)] {
			votes[i-j]++
		}
	}
	out := make([]int, 0, len(votes))
	for shift := range votes {
		out = append(out, shift)
	}
	slices.SortFunc(out, func(a, b int) int { return cmp.Or(votes[b]-votes[a], a-b) })
	return out[:min(len(out), mostShifts)]
}

// stretch is the best ten seconds of an alignment; false where there are none, or nothing sounds
// in them.
func (p Print) stretch(q Print, shift int) (Alike, bool) {
	from, to := max(0, shift), min(len(p), len(q)+shift)
	best, found, wrong := Alike{Errors: 1}, false, 0
	for i := from; i < to; i++ {
		wrong += bits.OnesCount32(p[i] ^ q[i-shift])
		if i-from >= alikeWords {
			wrong -= bits.OnesCount32(p[i-alikeWords] ^ q[i-alikeWords-shift])
		}
		if i-from+1 < alikeWords {
			continue
		}
		at := i - alikeWords + 1
		if e := float64(wrong) / (32 * alikeWords); e < best.Errors && varied(p[at:i+1]) {
			best, found = Alike{at, e}, true
		}
	}
	return best, found
}

// leastVaried is how many different words a stretch must have: a held tone or silence is like any
// other.
const leastVaried = 16

func varied(p Print) bool {
	seen := make(map[uint32]bool, leastVaried)
	for _, w := range p {
		if seen[w] = true; len(seen) == leastVaried {
			return true
		}
	}
	return false
}

// Heard is a registered recording found in another.
type Heard struct {
	Of loam.Registered
	Alike
}

// Sound gives the entries that have a recording alike to this one, each once, the nearest first.
func (m *Matcher) Sound(p Print) []Heard {
	var out []Heard
	for i, list := range m.sounding {
		best, found := Alike{Errors: 1}, false
		for _, q := range list {
			if a, ok := p.Alike(q); ok && a.Errors < best.Errors {
				best, found = a, true
			}
		}
		if found {
			out = append(out, Heard{m.entries[i], best})
		}
	}
	slices.SortFunc(out, func(a, b Heard) int { return cmp.Or(cmp.Compare(a.Errors, b.Errors), cmp.Compare(a.Of.ID, b.Of.ID)) })
	return out
}
