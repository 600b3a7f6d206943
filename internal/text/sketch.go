package text

import "unicode"

// The size of a sketch: enough that a similarity of 0.8 is estimated within about 0.1, and
// that two texts that similar share a band in all but one case of a few thousand.
const (
	sketchSlots = 64
	sketchBands = 16
	bandRows    = sketchSlots / sketchBands

	// sketchLeast is the fewest letters and digits a text needs to be compared at all.
	sketchLeast = 20
)

// Sketch is a one-permutation MinHash (Li, Owen, Zhang 2012) of a text's folded trigrams,
// empty slots filled from their neighbour (Shrivastava, Li 2014). nil is no sketch.
type Sketch []uint64

// NewSketch sketches the letters and digits of a text; punctuation, space and disguises
// make no difference. It is nil for a text of fewer than 20 of them.
func NewSketch(s string) Sketch {
	runes := make([]rune, 0, len(s)/3)
	for _, u := range Fold(s).Units {
		if unicode.IsLetter(u.Rune) || unicode.IsDigit(u.Rune) {
			runes = append(runes, u.Rune)
		}
	}
	if len(runes) < sketchLeast {
		return nil
	}
	sketch := make(Sketch, sketchSlots)
	var filled [sketchSlots]bool
	for i := 0; i+3 <= len(runes); i++ {
		h := mix(uint64(runes[i])<<42 ^ uint64(runes[i+1])<<21 ^ uint64(runes[i+2]))
		slot, v := h%sketchSlots, h/sketchSlots
		if !filled[slot] || v < sketch[slot] {
			sketch[slot], filled[slot] = v, true
		}
	}
	sketch.fill(filled)
	return sketch
}

// fill gives every empty slot the value of the next filled one, with the distance mixed in
// so that two empty slots agree only where the texts do.
func (s Sketch) fill(filled [sketchSlots]bool) {
	for i := range s {
		if filled[i] {
			continue
		}
		d := 1
		for !filled[(i+d)%sketchSlots] {
			d++
		}
		s[i] = mix(s[(i+d)%sketchSlots] + uint64(d))
	}
}

// Bands are the keys under which near copies meet: texts of similarity s share one with
// probability 1-(1-s⁴)¹⁶, 0.9998 at 0.8 and 0.03 at 0.2. nil for no sketch.
func (s Sketch) Bands() []uint64 {
	if len(s) != sketchSlots {
		return nil
	}
	out := make([]uint64, sketchBands)
	for i := range out {
		h := uint64(i)
		for _, v := range s[i*bandRows : (i+1)*bandRows] {
			h = mix(h ^ v)
		}
		out[i] = h
	}
	return out
}

// Similarity estimates the share of trigrams two texts have in common, 0 to 1; 0 if either
// has no sketch.
func (s Sketch) Similarity(t Sketch) float64 {
	if len(s) != sketchSlots || len(t) != sketchSlots {
		return 0
	}
	same := 0
	for i := range s {
		if s[i] == t[i] {
			same++
		}
	}
	return float64(same) / sketchSlots
}

// mix is the finaliser of SplitMix64: every input bit moves every output bit.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
