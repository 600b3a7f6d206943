package text

import (
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/blevesearch/vellum"
)

// Word is one word of a text: Text is the original bytes [Start, End), Tag its part of
// speech in the letters of the dictionary (n noun, v verb, a adjective, d adverb, m number,
// q measure, r pronoun, u particle, f position, t time, …), "m" for digits, "eng" for other
// letters, "x" for what is no word or not known.
type Word struct {
	Text       string
	Start, End int
	Tag        string
}

const (
	// longestWord bounds the walk from one place, and so keeps segmentation linear.
	longestWord = 16
	// unknownCost is what a character costs that stands in no word list: more than two rare
	// words, so that a known word is always preferred.
	unknownCost = 400
	// CostScale is how many units of cost a factor e of frequency is.
	CostScale = 8
)

// Tags are the parts of speech a dictionary entry may have; its value holds the index.
// Both the generator and the reader use this order.
var Tags = [...]string{
	"x", "n", "v", "a", "d", "m", "q", "r", "u", "f", "t", "p", "c", "s", "b", "nr", "ns", "nt", "nz", "vn", "i", "l", "y", "z", "j", "o", "e", "k", "an", "ad",
}

// TagBits is how many low bits of a dictionary value hold the tag; its cost lies above.
const TagBits = 5

// dictionary is the generated word list, nil in a build made before go generate: Segment
// then gives one word a character.
var dictionary = sync.OnceValue(func() *vellum.FST {
	data, err := tables.ReadFile("table/words.fst")
	if err != nil {
		return nil
	}
	fst, err := vellum.Load(data)
	if err != nil {
		return nil
	}
	return fst
})

// HasWords reports whether this build holds the word list.
func HasWords() bool { return dictionary() != nil }

// Segment cuts a text into words by the most probable path through the dictionary. White
// space, punctuation and invalid bytes are words too: the words joined are the text.
func Segment(s string) []Word {
	l := newLattice(s)
	l.solve(dictionary())
	return l.path()
}

// Words gives the words of Segment as strings.
func Words(s string) []string {
	words := Segment(s)
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = w.Text
	}
	return out
}

// lattice is the table of the search: for every rune where it lies, what it folds to, the
// cheapest cost of reaching its start and where that path came from.
type lattice struct {
	text string
	at   []int32 // byte offset of each rune, and the end
	fold []rune
	cost []int64
	from []int32
	tag  []uint8
}

func newLattice(s string) *lattice {
	n := utf8.RuneCountInString(s)
	l := &lattice{text: s, at: make([]int32, 0, n+1), fold: make([]rune, 0, n)}
	t := folding()
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		l.at = append(l.at, int32(i))
		if e := t.at(r); e != 0 && e&(entryDrop|entryMany) == 0 && e.layers()&Numeral == 0 {
			r = rune(e & entryRune)
		}
		l.fold = append(l.fold, r)
		i += size
	}
	l.at = append(l.at, int32(len(s)))
	return l
}

const unreached = 1<<63 - 1

func (l *lattice) solve(fst *vellum.FST) {
	n := len(l.fold)
	l.cost, l.from, l.tag = make([]int64, n+1), make([]int32, n+1), make([]uint8, n+1)
	for i := 1; i <= n; i++ {
		l.cost[i] = unreached
	}
	for i := range n {
		if l.cost[i] == unreached {
			continue
		}
		end, tag := l.atom(i)
		l.reach(i, end, unknownCost, tag)
		if fst != nil {
			l.known(fst, i)
		}
	}
}

// atom is the word at a place where the dictionary has none: digits together, letters of
// one kind together, any other character alone.
func (l *lattice) atom(i int) (int, uint8) {
	class := classOf(l.fold[i])
	end := i + 1
	if class == classDigit || class == classLetter {
		for end < len(l.fold) && (classOf(l.fold[end]) == class || class == classDigit && l.point(end)) {
			end++
		}
	}
	return end, class
}

// point reports whether a decimal point or a comma between thousands stands at i.
func (l *lattice) point(i int) bool {
	return (l.fold[i] == '.' || l.fold[i] == ',') && i+1 < len(l.fold) && classOf(l.fold[i+1]) == classDigit
}

// The classes double as tags of unknown words, see tagName.
const (
	classOther  uint8 = 0
	classDigit  uint8 = 5 // "m"
	classLetter uint8 = 31
)

func classOf(r rune) uint8 {
	switch {
	case r >= '0' && r <= '9':
		return classDigit
	case r < 0x2E80 && (unicode.IsLetter(r) || r == '\'' || r == '_'):
		return classLetter
	}
	return classOther
}

func (l *lattice) known(fst *vellum.FST, i int) {
	state, value := fst.Start(), uint64(0)
	var buf [utf8.UTFMax]byte
	for end := i; end < len(l.fold) && end < i+longestWord; end++ {
		for _, b := range buf[:utf8.EncodeRune(buf[:], l.fold[end])] {
			next, v := fst.AcceptWithVal(state, b)
			if next == noState {
				return
			}
			state, value = next, value+v
		}
		if ok, v := fst.IsMatchWithVal(state); ok && l.whole(i, end+1) {
			v += value
			l.reach(i, end+1, int64(v>>TagBits), uint8(v&(1<<TagBits-1)))
		}
	}
}

// noState is what vellum answers where no word goes on.
const noState = 1

// whole reports whether [i, end) cuts no run of letters or digits in two.
func (l *lattice) whole(i, end int) bool {
	return !l.joined(i) && !l.joined(end)
}

func (l *lattice) joined(i int) bool {
	if i == 0 || i >= len(l.fold) {
		return false
	}
	class := classOf(l.fold[i])
	return class != classOther && class == classOf(l.fold[i-1])
}

func (l *lattice) reach(from, to int, cost int64, tag uint8) {
	if c := l.cost[from] + cost; c < l.cost[to] {
		l.cost[to], l.from[to], l.tag[to] = c, int32(from), tag
	}
}

func (l *lattice) path() []Word {
	n := 0
	for i := len(l.fold); i > 0; i = int(l.from[i]) {
		n++
	}
	words := make([]Word, n)
	for i := len(l.fold); i > 0; i = int(l.from[i]) {
		n--
		start, end := int(l.at[l.from[i]]), int(l.at[i])
		words[n] = Word{Text: l.text[start:end], Start: start, End: end, Tag: tagName(l.tag[i])}
	}
	return words
}

func tagName(tag uint8) string {
	if int(tag) < len(Tags) {
		return Tags[tag]
	}
	return "eng"
}
