package text

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Layer is a set of folding layers.
type Layer uint16

// The layers, in their order; each undoes one kind of disguise.
const (
	Invisible   Layer = 1 << iota // zero-width and bidi characters, variation selectors, stray marks
	Width                         // compatibility forms: full width, circled, accents
	Case                          // upper case
	Traditional                   // traditional characters, rune by rune
	Style                         // digits and letters in circles, squares, small capitals
	Numeral                       // Chinese numerals for digits: a hit that needed it is weaker

	// The costly layers: what is found only through one of them may send a text to people,
	// never stop it.
	Emoji     // an emoji for a word it is called by
	Repeat    // a character said more than once
	Separator // marks and spaces put between characters
	Component // a character written as its parts side by side
	Sound     // syllables for characters, in letters or in characters that sound alike
	Shuffle   // characters in another order
	Initials  // the first letters of the readings: a hint at most
)

// Costly are the layers whose hits may only route.
const Costly = Emoji | Repeat | Separator | Component | Sound | Shuffle | Initials

var layerNames = [...]string{
	"invisible", "width", "case", "traditional", "style", "numeral", "emoji", "repeat", "separator", "component", "sound", "shuffle", "initials",
}

// Names lists the layers as Findings carry them, in their order; never nil.
func (l Layer) Names() []string {
	out := []string{}
	for i, name := range layerNames {
		if l&(1<<i) != 0 {
			out = append(out, name)
		}
	}
	return out
}

// Unit is one folded rune and the original bytes [Start, End) it stands for. One original
// rune may become up to four units with the same range. Layers are those it needed;
// Invisible means something was dropped right before it.
type Unit struct {
	Rune       rune
	Start, End int32
	Layers     Layer
}

// Folded is a text with its disguises taken off and the way back to the original.
type Folded struct {
	Units []Unit
	// Hidden counts format characters between two letters or digits, where they serve
	// nothing but to hide a word; joined emoji do not count.
	Hidden int
}

// Fold takes layers 1 to 5 off a text of less than 2 GB. An invalid byte becomes U+FFFD.
func Fold(s string) Folded {
	t := folding()
	f := Folded{Units: make([]Unit, 0, utf8.RuneCountInString(s))}
	var pending Layer
	formats := 0
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		e := t.at(r)
		if e&entryDrop != 0 {
			pending = Invisible
			if unicode.Is(unicode.Cf, r) {
				formats++
			}
			i += size
			continue
		}
		if formats > 0 {
			if len(f.Units) > 0 && wordy(f.Units[len(f.Units)-1].Rune) && wordy(r) {
				f.Hidden += formats
			}
			formats = 0
		}
		u := Unit{Rune: r, Start: int32(i), End: int32(i + size), Layers: e.layers() | pending}
		pending = 0
		switch {
		case e&entryMany != 0:
			for _, m := range t.many[e&entryRune] {
				u.Rune = m
				f.Units = append(f.Units, u)
			}
		case e != 0:
			u.Rune = rune(e & entryRune)
			fallthrough
		default:
			f.Units = append(f.Units, u)
		}
		i += size
	}
	return f
}

func wordy(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// String is the folded text.
func (f Folded) String() string {
	var b strings.Builder
	b.Grow(len(f.Units) * 3)
	for _, u := range f.Units {
		b.WriteRune(u.Rune)
	}
	return b.String()
}

// Span is the original byte range of the units [from, to), and the layers they needed;
// what was dropped before the first of them does not belong to it.
func (f Folded) Span(from, to int) (start, end int, layers Layer) {
	if from >= to {
		return 0, 0, 0
	}
	for i := from; i < to; i++ {
		l := f.Units[i].Layers
		if i == from {
			l &^= Invisible
		}
		layers |= l
	}
	return int(f.Units[from].Start), int(f.Units[to-1].End), layers
}
