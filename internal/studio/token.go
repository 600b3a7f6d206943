package studio

import (
	"iter"
	"sync"
	"unicode"
	"unicode/utf8"

	"loam"
	"loam/internal/text"
)

// token is what texts are compared by: a character, or in scripts that put spaces between
// their words a word. Marks, spaces and what cannot be seen are none, and the other ways of
// writing one (width, case, traditional) are the same.
type token struct {
	id       uint64 // of what it says
	from, to int    // where it stands, in bytes
	letters  bool   // not a number
}

// tokens reads a text.
func tokens(s string) []token {
	out := make([]token, 0, len(s)/3)
	open := false // the last token is a word that may go on
	for _, u := range text.Fold(s).Units {
		letter := unicode.IsLetter(u.Rune)
		switch {
		case unicode.IsMark(u.Rune):
		case !letter && !unicode.IsDigit(u.Rune):
			open = false
		case spaced(u.Rune):
			if !open {
				out = append(out, token{id: offset64, from: int(u.Start)})
			}
			last := &out[len(out)-1]
			last.id, last.to, last.letters = mix(last.id, uint64(u.Rune)), int(u.End), last.letters || letter
			open = true
		default:
			out = append(out, token{mix(offset64, uint64(u.Rune)), int(u.Start), int(u.End), true})
			open = false
		}
	}
	return out
}

// spaced are the scripts whose words stand apart, and numbers.
func spaced(r rune) bool {
	return r < utf8.RuneSelf || unicode.In(r, unicode.Latin, unicode.Greek, unicode.Cyrillic, unicode.Digit)
}

// FNV-1a, 64 bits (Fowler, Noll, Vo), over whole numbers instead of bytes.
const (
	offset64 = 14695981039346656037
	prime64  = 1099511628211
)

func mix(h, v uint64) uint64 { return (h ^ v) * prime64 }

// shared is how many tokens in a row make text known: shorter runs of common words occur in
// anyone's writing.
const shared = 6

// grams are the stretches of `shared` tokens, each with the place of its first, that hold
// letters enough to be somebody's words.
func grams(list []token) iter.Seq2[int, uint64] {
	return func(yield func(int, uint64) bool) {
		for i := 0; i+shared <= len(list); i++ {
			id, letters := uint64(offset64), 0
			for _, t := range list[i : i+shared] {
				id = mix(id, t.id)
				if t.letters {
					letters++
				}
			}
			if letters >= shared-2 && !yield(i, id) {
				return
			}
		}
	}
}

func gramSet(s string) map[uint64]struct{} {
	out := map[uint64]struct{}{}
	for _, g := range grams(tokens(s)) {
		out[g] = struct{}{}
	}
	return out
}

// within reports whether words, however few, stand in a text.
func within(all, words []token) bool {
	for i := 0; i+len(words) <= len(all); i++ {
		if sameWords(all[i:i+len(words)], words) {
			return len(words) > 0
		}
	}
	return false
}

func sameWords(a, b []token) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].id != b[i].id {
			return false
		}
	}
	return true
}

// told is a model's text, read once.
type told struct {
	loam.Generation
	tokens []token
	given  func() map[uint64]struct{} // the stretches it was given to read
}

func readAll(generated []loam.Generation) []told {
	out := make([]told, len(generated))
	for i, g := range generated {
		out[i] = told{Generation: g, tokens: tokens(g.Text)}.with(g.Prompt)
	}
	return out
}

// with is a model's text with what it was given to read.
func (t told) with(prompt string) told {
	t.Prompt = prompt
	t.given = sync.OnceValue(func() map[uint64]struct{} { return gramSet(prompt) })
	return t
}
