package classify

import (
	"math"
	"math/bits"
	"unicode"

	"loam/internal/text"
)

// The shape of the features: every run of one to longest runes, hashed into Buckets. Hashing keeps no vocabulary (Weinberger et al., "Feature Hashing for Large Scale
// Multitask Learning", 2009); runs of characters need no segmentation and bear misspelling
// (Cavnar, Trenkle, "N-Gram-Based Text Categorization", 1994).
const (
	bucketBits    = 18
	longest       = 4
	leastFeatures = 60
)

// Buckets is how many weights an output has.
const Buckets = 1 << bucketBits

// A sentence of fewer than shortestSentence folded runes goes with the next; one that does
// not end is cut at longestSentence.
const (
	shortestSentence = 8
	longestSentence  = 140
)

// sentence is a stretch of a text as features see it: where it stands in the original, and
// its runes.
type sentence struct {
	start, end int // bytes of the original
	runes      []rune
}

// cutter cuts a text where a sentence ends, or after longestSentence runes where none does.
type cutter struct {
	out   []sentence
	runes []rune // of all sentences, one after the other
	from  int    // where the current one begins in runes
	cur   sentence
	word  uint64 // the hash of the word in letters that is being read, 0 for none
	at    text.Unit
}

func sentences(s string) []sentence {
	f := text.Fold(s)
	c := cutter{runes: make([]rune, 0, len(f.Units))}
	for _, u := range f.Units {
		if u.Rune >= 'a' && u.Rune <= 'z' {
			c.letter(u)
			continue
		}
		c.endWord()
		c.add(u)
		if n := len(c.runes) - c.from; ends(u.Rune) && n >= shortestSentence || n >= longestSentence {
			c.endSentence()
		}
	}
	c.endWord()
	c.endSentence()
	return c.out
}

// letter reads on in a word: four letters in a row say little of it, so that the whole word
// is one rune to the features.
func (c *cutter) letter(u text.Unit) {
	if c.word == 0 {
		c.at = u
	}
	c.word = (c.word ^ uint64(u.Rune)) * 0x9e3779b97f4a7c15
	c.at.End = u.End
}

// wordRunes is where the runes of words begin: above all of Unicode.
const wordRunes = unicode.MaxRune + 1

func (c *cutter) endWord() {
	if c.word == 0 {
		return
	}
	c.at.Rune = wordRunes + rune(c.word>>40)
	c.word = 0
	c.add(c.at)
}

func (c *cutter) add(u text.Unit) {
	r, ok := written(c.runes[c.from:], u.Rune)
	if !ok {
		return
	}
	if len(c.runes) == c.from {
		c.cur.start = int(u.Start)
	}
	c.cur.end = int(u.End)
	c.runes = append(c.runes, r)
}

func (c *cutter) endSentence() {
	if len(c.runes) > c.from {
		c.cur.runes = c.runes[c.from:len(c.runes):len(c.runes)]
		c.out = append(c.out, c.cur)
	}
	c.from = len(c.runes)
}

func ends(r rune) bool {
	switch r {
	case '\n', '\r', '。', '!', '?', ';', '.':
		return true
	}
	return false
}

// written is the rune as features have it, false for one that is left out: space, the third
// and later of one character said many times, the third and later digit of a number.
func written(before []rune, r rune) (rune, bool) {
	if unicode.IsSpace(r) || r == unicode.ReplacementChar {
		return 0, false
	}
	n := len(before)
	if n >= 2 && before[n-1] == r && before[n-2] == r {
		return 0, false
	}
	if n >= 2 && digit(r) && digit(before[n-1]) && digit(before[n-2]) {
		return 0, false
	}
	return r, true
}

func digit(r rune) bool { return r >= '0' && r <= '9' }

// said remembers the runs of longest runes of one sentence.
type said [Buckets / 64]uint64

func (s *said) add(bucket uint32) (again bool) {
	bit := uint64(1) << (bucket % 64)
	again = s[bucket/64]&bit != 0
	s[bucket/64] |= bit
	return again
}

// grams appends the bucket of every run of one to longest runes of a sentence. What starts
// where the next longest runes have been said before adds nothing: a word said a hundred
// times weighs as one.
func (s *said) grams(buckets []uint32, runes []rune) []uint32 {
	from := len(buckets)
	for i := range runes {
		var h uint64
		start := len(buckets)
		for _, r := range runes[i:min(i+longest, len(runes))] {
			h = (bits.RotateLeft64(h, 23) ^ uint64(r)) * 0x9e3779b97f4a7c15
			buckets = append(buckets, uint32(h>>(64-bucketBits)))
		}
		if s.add(buckets[len(buckets)-1]) {
			buckets = buckets[:start]
		}
	}
	for _, b := range buckets[from:] {
		s[b/64] = 0
	}
	return buckets
}

// Features are the buckets of a text read as one look, repeated as often as they occur.
func Features(text string) []uint32 {
	var out []uint32
	var s said
	for _, t := range sentences(text) {
		out = s.grams(out, t.runes)
	}
	return out
}

// Norm is what a look's sum is divided by: the length of its vector were no feature to occur
// twice, and that of leastFeatures for a shorter text, so that three characters alone
// never weigh as much as a sentence.
func Norm(features int) float64 { return math.Sqrt(float64(max(features, leastFeatures))) }
