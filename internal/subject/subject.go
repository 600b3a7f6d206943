// Package subject recognises protected voices, likenesses, style names, characters and brands: by
// name where somebody says that a machine made it or asks a machine to, and by picture.
//
// It stands apart because studio, gateway and screening must get the same answer: one matcher,
// made of what is registered, over one folding. A name alone is no hit: people write about people.
//
// Invariant: every function is pure and linear in its input; what is found can only send a text to
// people or keep a prompt from being sent, and every place is a byte range of the original.
package subject

import (
	"slices"
	"strings"
	"unicode"

	"loam"
	"loam/internal/media"
	"loam/internal/text"
)

// Matcher finds what is registered. It never changes and is safe for concurrent use.
type Matcher struct {
	entries  []loam.Registered
	names    finder
	of       []int            // the entry of a name
	short    []bool           // of a name: two Han characters
	sounds   map[string][]han // Han names by the syllable they begin with
	cues     finder
	index    media.Index
	pictures map[media.Hash][]int
	sounding map[int][]Print // recordings by their entry
}

// han is a name of Han characters.
type han struct {
	entry int
	runes []rune
}

// finder is a list of phrases with its disguises.
type finder struct {
	words     *text.Automaton
	disguises *text.Disguises
}

func newFinder(list []string) finder {
	phrases := make([]text.Phrase, len(list))
	for i, p := range list {
		phrases[i].Text = p
	}
	words := text.Compile(phrases)
	return finder{words, words.Disguises()}
}

// span is where a phrase stands.
type span struct {
	phrase, start, end int
	disguised          bool
}

// find gives every place of a phrase. Initials and letters in another order are too little to
// name somebody by.
func (f finder) find(s string) []span {
	var out []span
	for m := range f.words.All(s) {
		out = append(out, span{m.Phrase, m.Start, m.End, false})
	}
	for h := range f.disguises.Find(s) {
		if h.Layers&(text.Initials|text.Shuffle) == 0 {
			out = append(out, span{h.Phrase, h.Start, h.End, true})
		}
	}
	return out
}

// leastLetters is how many letters a reading must have for a name to be looked for by it.
const leastLetters = 5

// New makes a Matcher of what is registered. Names that fold to nothing are never found, hashes
// that are none are left out.
func New(entries []loam.Registered) *Matcher {
	m := &Matcher{entries: entries, sounds: map[string][]han{}, cues: newFinder(cues()), pictures: map[media.Hash][]int{}, sounding: map[int][]Print{}}
	var names []string
	read := readings{}
	add := func(entry int, name string, short bool) {
		names, m.of, m.short = append(names, name), append(m.of, entry), append(m.short, short)
	}
	for i, e := range entries {
		for _, name := range e.Names {
			runes, isHan := hanName(name)
			add(i, name, isHan && len(runes) == leastHan)
			if full, _ := text.Pinyin(strings.TrimSpace(name)); len(full) > 0 {
				for _, reading := range full {
					if len(reading) >= leastLetters {
						add(i, reading, false)
					}
				}
			}
			if isHan {
				for _, syllable := range read.of(runes[0]) {
					m.sounds[syllable] = append(m.sounds[syllable], han{i, runes})
				}
			}
		}
		for _, p := range e.PDQs {
			if pdq, err := media.ParsePDQ(p); err == nil && !pdq.Plain() {
				m.index.Add(pdq.Hash)
				m.pictures[pdq.Hash] = append(m.pictures[pdq.Hash], i)
			}
		}
	}
	m.hear()
	m.names = newFinder(names)
	m.index.Tidy()
	return m
}

// hear reads the fingerprints of the recordings; what is none is left out.
func (m *Matcher) hear() {
	for i, e := range m.entries {
		for _, s := range e.Sounds {
			if p, err := ParsePrint(s); err == nil && len(p) > 0 {
				m.sounding[i] = append(m.sounding[i], p)
			}
		}
	}
}

// Len is how many are registered.
func (m *Matcher) Len() int { return len(m.entries) }

// Place is where somebody's name stands.
type Place struct {
	Of         loam.Registered
	Field      string
	Start, End int
	Cue        string // the words that make it a hit
}

// name is where the name of an entry stands.
type name struct{ entry, start, end int }

// named gives every place where a name stands, disguised or not, the first of each first.
func (m *Matcher) named(s string) []name {
	if len(m.entries) == 0 {
		return nil
	}
	var out []name
	cut := newWords(s)
	for _, h := range m.names.find(s) {
		switch {
		case !lettersEnd(s, h.start, h.end):
		case m.short[h.phrase] && !h.disguised && cut.splits(h.start):
		default:
			out = append(out, name{m.of[h.phrase], h.start, h.end})
		}
	}
	out = append(out, m.readAs(s, cut)...)
	slices.SortFunc(out, func(a, b name) int {
		if a.start != b.start {
			return a.start - b.start
		}
		if a.end != b.end {
			return a.end - b.end
		}
		return a.entry - b.entry
	})
	return slices.Compact(out)
}

// Han names of so many characters are also looked for split and by sound.
const (
	leastHan = 2
	mostHan  = 4
	// mostBetween is how many marks may stand between two characters.
	mostBetween = 3
)

// readAs finds Han names that are split by marks or written by sound, which for short ones is
// too little for the disguises of any text: only a cue beside them makes it enough.
func (m *Matcher) readAs(s string, cut *words) []name {
	if len(m.sounds) == 0 {
		return nil
	}
	var out []name
	units := hanUnits(s)
	read := readings{}
	for i := range units {
		for _, syllable := range read.of(units[i].Rune) {
			for _, h := range m.sounds[syllable] {
				end, way := h.at(units, i, read)
				if end == 0 {
					continue
				}
				from, to := int(units[i].Start), int(units[end-1].End)
				switch {
				case way == asListed: // the words find it
				case way == bySound && end-i == len(h.runes) && cut.is(from, to): // a word of its own
				case len(h.runes) == leastHan && (cut.splits(from) || way == bySound && end-i > leastHan):
				default:
					out = append(out, name{h.entry, from, to})
				}
			}
		}
	}
	return out
}

// How a Han name was found.
const (
	asListed = iota
	apart
	bySound
)

// at reads the name from unit i on; end is 0 where it is another.
func (h han) at(units []text.Unit, i int, read readings) (end, way int) {
	for n, r := range h.runes {
		if n > 0 {
			from := i
			for i < len(units) && i-from < mostBetween && !unicode.IsLetter(units[i].Rune) && !unicode.IsDigit(units[i].Rune) {
				i++
			}
			if i > from {
				way = max(way, apart)
			}
		}
		switch {
		case i >= len(units):
			return 0, way
		case units[i].Rune == r:
		case read.alike(units[i].Rune, r):
			way = bySound
		default:
			return 0, way
		}
		i++
	}
	return i, way
}

// readings are those of the characters of one text, in letters.
type readings map[rune][]string

func (r readings) of(c rune) []string {
	if !unicode.Is(unicode.Han, c) {
		return nil
	}
	list, known := r[c]
	if !known {
		list, _ = text.Pinyin(string(c))
		r[c] = list
	}
	return list
}

func (r readings) alike(a, b rune) bool {
	return slices.ContainsFunc(r.of(a), func(s string) bool { return slices.Contains(r.of(b), s) })
}

// hanUnits is a text folded, but for characters that are numerals too: 陆 is a name as well as a six.
func hanUnits(s string) []text.Unit {
	units := text.Fold(s).Units
	for i, u := range units {
		if r := firstRune(s[u.Start:]); u.Layers&text.Numeral != 0 && unicode.Is(unicode.Han, r) {
			units[i].Rune = r
		}
	}
	return units
}

// hanName is a name of Han characters alone, folded.
func hanName(s string) ([]rune, bool) {
	var out []rune
	for _, u := range hanUnits(strings.TrimSpace(s)) {
		if !unicode.Is(unicode.Han, u.Rune) {
			return nil, false
		}
		out = append(out, u.Rune)
	}
	return out, len(out) >= leastHan && len(out) <= mostHan
}

// lettersEnd reports that letters of an alphabet do not go on beyond a place.
func lettersEnd(s string, start, end int) bool {
	first, last := []rune(s[start:end]), []rune(s[start:end])
	if len(first) == 0 {
		return false
	}
	return !(latin(first[0]) && latin(lastRune(s[:start]))) && !(latin(last[len(last)-1]) && latin(firstRune(s[end:])))
}

func latin(r rune) bool { return unicode.IsLetter(r) && r < 0x2E80 }

func firstRune(s string) rune {
	for _, r := range s {
		return r
	}
	return ' '
}

func lastRune(s string) rune {
	r := []rune(s[max(0, len(s)-4):])
	if len(r) == 0 {
		return ' '
	}
	return r[len(r)-1]
}

// words is where a text's words lie, cut when somebody asks.
type words struct {
	text  string
	edges []int // of each word's end
}

func newWords(s string) *words { return &words{text: s} }

func (w *words) cut() {
	if w.edges != nil || w.text == "" {
		return
	}
	at := 0
	for _, word := range text.Words(w.text) {
		at += len(word)
		w.edges = append(w.edges, at)
	}
}

// splits reports that a place begins inside a word: 林晚 in 森林晚上.
func (w *words) splits(start int) bool {
	w.cut()
	_, edge := slices.BinarySearch(w.edges, start)
	return start > 0 && !edge
}

// is reports that a place is one word of the dictionary.
func (w *words) is(start, end int) bool {
	w.cut()
	i, ok := slices.BinarySearch(w.edges, end)
	from := 0
	if ok && i > 0 {
		from = w.edges[i-1]
	}
	return ok && from == start
}

// Near is a registered picture near to another.
type Near struct {
	Of       loam.Registered
	Distance int
	Mirrored bool
}

// Picture gives the entries that have a picture within media.HashNear of this one or its mirror
// image, each once, the nearest first; none for a plain one.
func (m *Matcher) Picture(p media.PDQ) []Near {
	if p.Plain() || len(m.pictures) == 0 {
		return nil
	}
	var out []Near
	seen := map[int]bool{}
	for _, near := range m.index.Search(p.Hash, p.Mirrored) {
		for _, i := range m.pictures[near.Hash] {
			if !seen[i] {
				seen[i] = true
				out = append(out, Near{m.entries[i], near.Distance, near.Of == 1})
			}
		}
	}
	return out
}
