package text

import (
	"slices"
	"unicode"
)

// Letters are a text's letters and digits, folded, with where they stand: punctuation, space
// and disguises make no difference to what texts are compared by.
type Letters struct {
	runes []rune
	at    [][2]int32 // start and end in the text, in bytes
}

// LettersOf reads a text once for all comparisons.
func LettersOf(s string) Letters {
	var l Letters
	for _, u := range Fold(s).Units {
		if unicode.IsLetter(u.Rune) || unicode.IsDigit(u.Rune) {
			l.runes = append(l.runes, u.Rune)
			l.at = append(l.at, [2]int32{u.Start, u.End})
		}
	}
	return l
}

// Len is how many there are.
func (l Letters) Len() int { return len(l.runes) }

// The size of a sketch. One letter in ten changed leaves 0.57 of the trigrams in common, and
// such texts share a band with probability 1-(1-0.57⁴)³² = 0.97; unlike texts of one topic
// have up to 0.1 in common, and share one in 3 of 1,000 cases.
const (
	sketchSlots = 128
	sketchBands = 32
	bandRows    = sketchSlots / sketchBands

	// sketchLeast is the fewest letters and digits a text needs to be compared at all.
	sketchLeast = 20
)

// Sketch is a one-permutation MinHash (Li, Owen, Zhang 2012) of a text's folded trigrams,
// empty slots filled from their neighbour (Shrivastava, Li 2014). nil is no sketch.
type Sketch []uint64

// Sketch is nil for fewer than 20 letters.
func (l Letters) Sketch() Sketch {
	if l.Len() < sketchLeast {
		return nil
	}
	return minHash(l.grams(3), sketchSlots)
}

// minHash is nil for no hashes.
func minHash(hashes []uint64, slots int) Sketch {
	if len(hashes) == 0 {
		return nil
	}
	sketch, filled := make(Sketch, slots), make([]bool, slots)
	for _, h := range hashes {
		slot, v := h%uint64(slots), h/uint64(slots)
		if !filled[slot] || v < sketch[slot] {
			sketch[slot], filled[slot] = v, true
		}
	}
	sketch.fill(filled)
	return sketch
}

// grams hashes every run of n letters, in their order.
func (l Letters) grams(n int) []uint64 {
	if l.Len() < n {
		return nil
	}
	out := make([]uint64, l.Len()-n+1)
	for i := range out {
		h := uint64(n)
		for _, r := range l.runes[i : i+n] {
			h = mix(h ^ uint64(r))
		}
		out[i] = h
	}
	return out
}

// fill gives every empty slot the value of the next filled one, with the distance mixed in
// so that two empty slots agree only where the texts do.
func (s Sketch) fill(filled []bool) {
	for i := range s {
		if filled[i] {
			continue
		}
		d := 1
		for !filled[(i+d)%len(s)] {
			d++
		}
		s[i] = mix(s[(i+d)%len(s)] + uint64(d))
	}
}

// Bands are the keys under which near copies meet, nil for no sketch.
func (s Sketch) Bands() []uint64 { return s.bands(bandRows) }

func (s Sketch) bands(rows int) []uint64 {
	var out []uint64
	for band := range slices.Chunk(s, rows) {
		h := uint64(len(out))
		for _, v := range band {
			h = mix(h ^ v)
		}
		out = append(out, h)
	}
	return out
}

// Similarity is the share of trigrams two texts have in common, 0 to 1 (Jaccard); 0 if
// either is too short to be compared.
func (l Letters) Similarity(m Letters) float64 {
	if l.Len() < sketchLeast || m.Len() < sketchLeast {
		return 0
	}
	mine := map[uint64]struct{}{}
	for _, h := range l.grams(3) {
		mine[h] = struct{}{}
	}
	common, theirs := 0, 0
	seen := map[uint64]bool{}
	for _, h := range m.grams(3) {
		if seen[h] {
			continue
		}
		seen[h] = true
		theirs++
		if _, ok := mine[h]; ok {
			common++
		}
	}
	return float64(common) / float64(len(mine)+theirs-common)
}

// mix is the finaliser of SplitMix64: every input bit moves every output bit.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
