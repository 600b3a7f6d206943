package text

import (
	"strings"
	"unicode"
)

// grammar are the characters that hold a Chinese sentence together: particles, pronouns,
// adverbs of degree, conjunctions, prepositions, measure and question words. The rest is what
// it talks about.
const grammar = "的地得了着过是有在不没别也都就还又再才只很太更最真超巨好这那哪此我你您他她它们咱谁啥什么怎样多少几个些点把被让给对跟和与或但而且虽然因为所以如果要会能可想该" +
	"吗呢吧啊呀哦嘛哈啦诶从到向往于以之其每各上下里外前后中先已经一二两三第次遍种条"

// The sketch of a structure: 16 bands of 3. Two structures share a band with probability s³,
// s being the share of steps they have in common.
const (
	structureBands = 16
	structureRows  = 3
	// leastSteps is the fewest steps that make a structure: less is how anybody writes.
	leastSteps = 8
)

// Structure gives the bands of how a text is built, whatever it talks about: what holds each
// clause together is kept, what fills it becomes "·", a number 0, Latin letters a, an emoji ☺;
// two clauses in a row are a step. nil for a text of fewer than 8 steps that say something.
func Structure(s string) []uint64 {
	steps := map[uint64]bool{}
	last, holds := "", 0
	clauses(Fold(s), func(clause string, n int) {
		if last != "" && n+holds >= 3 {
			h := uint64(1)
			for _, r := range last + "/" + clause {
				h = mix(h ^ uint64(r))
			}
			steps[h] = true
		}
		last, holds = clause, n
	})
	if len(steps) < leastSteps {
		return nil
	}
	sketch := make(Sketch, structureBands*structureRows)
	for i := range sketch {
		sketch[i] = ^uint64(0)
		for h := range steps {
			sketch[i] = min(sketch[i], mix(h+uint64(i)*0x9e3779b97f4a7c15))
		}
	}
	return sketch.bands(structureRows)
}

// ends reports whether a clause ends here.
func ends(r rune) bool {
	switch r {
	case '。', '，', '！', '？', '；', '!', '?', ';', ',', '.', '\n', '…', '~':
		return true
	}
	return false
}

// clauses gives the skeleton of each clause and how many of its characters are grammar.
func clauses(f Folded, give func(skeleton string, holds int)) {
	held := make(map[rune]bool, len(grammar)/3)
	for _, r := range grammar {
		held[r] = true
	}
	var b strings.Builder
	holds, last := 0, rune(0)
	for _, u := range f.Units {
		r := u.Rune
		switch {
		case ends(r):
			if b.Len() > 0 {
				if r == '？' || r == '?' || r == '！' || r == '!' {
					b.WriteRune(r)
				}
				give(b.String(), holds)
				b.Reset()
			}
			holds, last = 0, 0
			continue
		case unicode.IsDigit(r):
			r = '0'
		case unicode.Is(unicode.Han, r):
			if held[r] {
				holds++
			} else {
				r = '·'
			}
		case unicode.IsLetter(r):
			r = 'a'
		case unicode.Is(unicode.So, r):
			r = '☺'
		default:
			continue
		}
		if r != last || held[r] {
			b.WriteRune(r)
		}
		last = r
	}
	if b.Len() > 0 {
		give(b.String(), holds)
	}
}
