package text

import (
	"cmp"
	"iter"
	"slices"
	"sync"
	"unicode"
)

// Hit is a phrase found in disguise: its index in the list, its bytes in the original text,
// and the layers it needed, one of Costly at least.
type Hit struct {
	Phrase     int
	Start, End int
	Layers     Layer
}

// Disguises finds the phrases of an Automaton where they are written as emoji, as the parts
// of characters, with marks between, with repeats, by sound or in another order. It reads a
// text once, from each place only as far as some phrase goes. What the Automaton finds by
// itself is not found again. Safe for concurrent use.
//
// A text is a lattice here: from each place several readings lead on, and a phrase is found
// if any way through spells it. The work from one place is bounded (see most), so a text
// made to have many readings costs no more than others.
type Disguises struct {
	words    *Automaton // the phrases by folded rune
	sounds   *Automaton // the phrases of at least three Han characters by syllable
	initials lookup
	threes   []uint64 // a bit for the first three classes of each phrase among sounds
	bags     *bags
	t        *disguiseTables
}

const (
	// most bounds the steps from one place: beyond it nothing more is found there.
	most = 64
	// mostMarks is how many marks in a row are passed over between two characters.
	mostMarks = 3
	// leastMarked is how many characters a phrase must have to be found with marks between: of
	// two, an end of one sentence and the beginning of the next make many.
	leastMarked = 3
	// leastSounds is how many syllables a phrase must have to be found by them: of two,
	// every second benign text has some.
	leastSounds = 3
	// mostSounds bounds in how many ways a phrase is read, where characters have several
	// readings.
	mostSounds = 8
)

// Disguises prepares the search for an automaton's phrases in disguise.
func (a *Automaton) Disguises() *Disguises {
	t := disguiseTable()
	d := &Disguises{words: a, bags: newBags(a), initials: newInitials(a, t), threes: make([]uint64, threesBits/64), t: t}
	var keys []key
	d.sounds, keys = soundTrie(a, t)
	for _, k := range keys {
		bit := three(k.classes[0], k.classes[1], k.classes[2])
		d.threes[bit/64] |= 1 << (bit % 64)
	}
	return d
}

// threesBits is the size of the filter of three sounds: of three syllables in a row of a text
// most begin no phrase, while of two nearly all do.
const threesBits = 1 << threesLog

const threesLog = 21

func three(a, b, c uint32) uint64 {
	return (uint64(a)*0x9E3779B97F4A7C15 ^ uint64(b)*0xC2B2AE3D27D4EB4F ^ uint64(c)*0x165667B19E3779F9) >> (64 - threesLog)
}

// silent reports that no phrase sounds like what begins at unit i: three Han characters that
// begin none.
func (w *walk) silent(i int) bool {
	if i+3 > len(w.units) {
		return false
	}
	var c [3]uint32
	for n := range c {
		r := w.units[i+n].Rune
		if w.d.t.kind(r)&kindHan == 0 {
			return false
		}
		list := w.d.t.readings(r)
		if len(list) == 0 {
			return true
		}
		c[n] = list[0]
	}
	bit := three(c[0], c[1], c[2])
	return w.d.threes[bit/64]&(1<<(bit%64)) == 0
}

// soundTrie lays the phrases into a trie of syllables. It is no automaton to scan with: its
// classes are syllables, and then the classes of other runes.
func soundTrie(a *Automaton, t *disguiseTables) (*Automaton, []key) {
	s := &Automaton{phrases: a.phrases, lengths: make([]int32, len(a.phrases))}
	b := builder{a: s, trie: true}
	for i, p := range a.phrases {
		runes := foldPhrase(p.Text)
		ways := [][]uint32{nil}
		han := 0
		for _, r := range runes {
			var readings []uint32
			if unicode.Is(unicode.Han, r) {
				han++
				readings = t.readings(r)
			} else if c := a.class(r); c != 0 && c < classMany {
				readings = []uint32{t.otherSound(c)}
			}
			ways = spread(ways, readings)
		}
		if han < leastSounds || p.Allow {
			continue
		}
		s.lengths[i] = int32(len(runes))
		for _, w := range ways {
			b.keys = append(b.keys, newKey(w, int32(i)))
		}
	}
	b.build()
	s.filter(b.keys)
	return s, b.keys
}

// spread continues every way by every reading, at most mostSounds; none without a reading.
// Where each way goes on alone it grows in place, so that a long phrase costs its length.
func spread(ways [][]uint32, readings []uint32) [][]uint32 {
	if len(readings) == 1 || len(readings) > 0 && len(ways) == mostSounds {
		for i := range ways {
			ways[i] = append(ways[i], readings[0])
		}
		return ways
	}
	var out [][]uint32
	for _, r := range readings {
		for _, w := range ways {
			if len(out) < mostSounds {
				out = append(out, append(slices.Clone(w), r))
			}
		}
	}
	return out
}

// child is the state a class leads to in a trie, -1 for none.
func (a *Automaton) child(s int32, c uint32) int32 {
	from := &a.states[s]
	if c == 0 || from.check == 0 && !a.begins(uint32(s), c) { // a state one class deep is that class
		return -1
	}
	if t := from.base + int32(c); uint(t) < uint(len(a.states)) && a.states[t].check == s {
		return t
	}
	return -1
}

// Find gives the hits of a text, each phrase once a place by the fewest layers: by start and
// the longest first, then those in another order.
func (d *Disguises) Find(s string) iter.Seq[Hit] {
	return func(yield func(Hit) bool) {
		f := Fold(s)
		w := walk{d: d, units: f.Units}
		for i := range f.Units {
			w.start = i
			w.budget = most
			w.word(i, 0, 0, 0, -1)
			if !w.silent(i) {
				w.budget = most
				w.sound(i, 0, 0, false, 0)
			}
			w.initials(i)
			if len(w.found) > 0 && !w.give(f, yield) {
				return
			}
		}
		d.bags.find(&w, func() bool { return w.give(f, yield) })
	}
}

// walk is one search; found counts units, not bytes.
type walk struct {
	d       *Disguises
	units   []Unit
	start   int
	budget  int
	found   []Hit
	allowed []reach
}

// reach is, of the allowed phrases that begin at or before a unit, the one that goes
// farthest.
type reach struct {
	at       int // the unit
	from, to int
}

// allow remembers an allowed phrase; they come by start, and there is one for each.
func (w *walk) allow(from, to int) {
	r := reach{from, from, to}
	n := len(w.allowed)
	if n > 0 && w.allowed[n-1].to >= to {
		r.from, r.to = w.allowed[n-1].from, w.allowed[n-1].to
	}
	if n > 0 && w.allowed[n-1].at == from {
		w.allowed[n-1] = r
		return
	}
	w.allowed = append(w.allowed, r)
}

// covered reports whether a longer allowed phrase lies over a hit.
func (w *walk) covered(h Hit) bool {
	n, exact := slices.BinarySearchFunc(w.allowed, h.Start, func(r reach, at int) int { return cmp.Compare(r.at, at) })
	if exact {
		n++
	}
	if n == 0 {
		return false
	}
	r := w.allowed[n-1]
	return r.to >= h.End && r.to-r.from > h.End-h.Start
}

// word goes on at unit i from a state of the words' trie. marks counts those just passed
// over; last is the rune spelled before.
func (w *walk) word(i int, state int32, layers Layer, marks int, last rune) {
	a := w.d.words
	if state != 0 {
		w.ends(a, state, i, layers)
	}
	if i >= len(w.units) || w.budget == 0 {
		return
	}
	w.budget--
	r := w.units[i].Rune
	k := w.d.t.kind(r)
	if c := a.class(r); c != 0 && c < classMany {
		if to := a.child(state, c); to >= 0 {
			w.word(i+1, to, layers, 0, r)
		}
	}
	if k&kindPart != 0 {
		w.join(i, state, layers)
	}
	if k&kindEmoji != 0 {
		w.emoji(i, state, layers)
	}
	switch {
	case state == 0:
	case r == last:
		w.word(i+1, state, layers|Repeat, marks, last)
	case k&(kindMark|kindEmoji) != 0 && marks < mostMarks:
		w.word(i+1, state, layers|Separator, marks+1, last)
	}
}

// join reads the units from i on as the parts of one character.
func (w *walk) join(i int, state int32, layers Layer) {
	if i+1 == len(w.units) {
		return
	}
	t := w.d.t
	two := pair(t.alone(w.units[i].Rune), t.alone(w.units[i+1].Rune))
	if t.pairs[two%pairBits/64]&(1<<(two%64)) == 0 {
		return
	}
	for _, j := range t.joins[two] {
		to := w.d.words.child(state, w.d.words.class(j.whole))
		if to < 0 || i+len(j.parts) > len(w.units) {
			continue
		}
		whole := true
		for n, p := range j.parts {
			whole = whole && t.alone(w.units[i+n].Rune) == p
		}
		if whole {
			w.word(i+len(j.parts), to, layers|Component, 0, j.whole)
		}
	}
}

// pair is two parts as one number, spread over the bits of the filter.
func pair(a, b rune) uint64 { return scatter(a)*31 + scatter(b) }

// pairBits is the size of the filter of pairs: most characters beside each other are none.
const pairBits = 1 << 18

// emoji reads unit i as each of its names.
func (w *walk) emoji(i int, state int32, layers Layer) {
	for _, name := range w.d.t.names[w.units[i].Rune] {
		to := state
		for _, r := range name {
			if to = w.d.words.child(to, w.d.words.class(r)); to < 0 {
				break
			}
		}
		if to >= 0 {
			w.word(i+1, to, layers|Emoji, 0, -1)
		}
	}
}

// ends keeps the phrases that end at a state, if they needed a costly layer. By sound, a
// phrase that stands there as it is listed is no find.
func (w *walk) ends(a *Automaton, state int32, i int, layers Layer) {
	for e := a.states[state].ends; e != 0; e = a.ends[e-1].next {
		p := a.ends[e-1].phrase
		if a.depths != nil && a.lengths[p] != a.depths[state] {
			return // the rest are shorter phrases that end here too, found from their own start
		}
		switch h := (Hit{Phrase: int(p), Start: w.start, End: i, Layers: layers}); {
		case a.phrases[p].Allow:
			w.allow(h.Start, h.End)
		case layers&Sound != 0 && w.plainSound(a.phrases[p].Text, i):
		case layers&Separator != 0 && a.lengths[p] < leastMarked:
		case layers&Costly != 0:
			w.found = append(w.found, h)
		}
	}
}

// sound goes on at unit i from a state of the sounds' trie. letters says that the syllable
// before was spelled: between those, marks and spaces are passed over.
func (w *walk) sound(i int, state int32, layers Layer, letters bool, marks int) {
	a, t := w.d.sounds, w.d.t
	if state != 0 {
		w.ends(a, state, i, layers|Sound)
	}
	if i >= len(w.units) || w.budget == 0 {
		return
	}
	w.budget--
	r := w.units[i].Rune
	switch k := t.kind(r); {
	case k&kindHan != 0:
		// The commonest reading alone: rare ones make words of what is none.
		if list := t.readings(r); len(list) > 0 {
			if to := a.child(state, list[0]); to >= 0 {
				w.sound(i+1, to, layers, false, 0)
			}
		}
	case k&kindLetter != 0:
		w.spelled(i, state, layers)
		fallthrough
	case k&kindMark == 0:
		if c := w.d.words.class(r); c != 0 && c < classMany {
			if to := a.child(state, t.otherSound(c)); to >= 0 {
				w.sound(i+1, to, layers, false, 0)
			}
		}
	case letters && marks < mostMarks:
		w.sound(i+1, state, layers|Separator, true, marks+1)
	}
}

// spelled reads the letters from i on as one syllable, of each length there is.
func (w *walk) spelled(i int, state int32, layers Layer) {
	var packed uint32
	for n := 0; n < longestSyllable && i+n < len(w.units); n++ {
		r := w.units[i+n].Rune
		if r < 'a' || r > 'z' {
			return
		}
		packed = packed<<5 | uint32(r-'a'+1)
		if c := w.d.t.syllables[packed]; c != 0 {
			if to := w.d.sounds.child(state, c); to >= 0 {
				w.sound(i+n+1, to, layers, true, 0)
			}
		}
	}
}

// everyday are characters that stand in any sentence: where one sounds like a listed one, it
// is grammar, not disguise.
const everyday = "的一是不了在有我他她它这那个们来上下大小为和到以说时要就出会可也你对能而子得于着过后里都很还没去看点太再又吧吗呢啊把被从给让"

// plainSound reports whether what was read by sound up to unit i is no disguise: it is the
// phrase as it is listed, which the words find, or differs from it by grammar.
func (w *walk) plainSound(phrase string, i int) bool {
	runes := foldPhrase(phrase)
	units := w.units[w.start:i]
	if len(units) != len(runes) {
		return false // spelled
	}
	same := true
	for n, u := range units {
		if u.Rune == runes[n] {
			continue
		}
		same = false
		if w.d.t.kind(u.Rune)&kindEveryday != 0 {
			return true
		}
	}
	return same
}

// give hands over what was found from one place, in bytes of the text, but for what lies in
// a longer allowed phrase; that one begins no later, so it is known by now.
func (w *walk) give(f Folded, yield func(Hit) bool) bool {
	slices.SortFunc(w.found, func(a, b Hit) int {
		return cmp.Or(cmp.Compare(b.End, a.End), cmp.Compare(a.Phrase, b.Phrase), cmp.Compare(a.Layers, b.Layers))
	})
	defer func() { w.found = w.found[:0] }()
	for i, h := range w.found {
		if i > 0 && h.Phrase == w.found[i-1].Phrase && h.End == w.found[i-1].End {
			continue
		}
		if w.covered(h) {
			continue
		}
		start, end, layers := f.Span(h.Start, h.End)
		if !yield(Hit{Phrase: h.Phrase, Start: start, End: end, Layers: h.Layers | layers}) {
			return false
		}
	}
	return true
}

// Kinds of rune a disguise is made of.
const (
	kindHan uint8 = 1 << iota
	kindLetter
	kindMark // neither letter, digit, Han nor emoji: what is put between
	kindEmoji
	kindPart // begins a character written as its parts
	kindEveryday
)

// disguiseTables are what the tables of the build say, the same for every list.
type disguiseTables struct {
	index     [0x1100]uint16
	kinds     [][256]uint8
	sounds    [][256]uint32 // 1 + index into lists, by the index of kinds
	lists     [][]uint32
	syllables map[uint32]uint32 // packed letters → class of the syllable
	firsts    []uint8           // first letter of a syllable by its class, a as 1
	joins     map[uint64][]join // by the pair of their first parts
	pairs     []uint64          // a bit for each pair
	aliases   [][256]rune       // radicals as the characters they are alone, by the index of kinds
	names     map[rune][][]rune
}

type join struct {
	whole rune
	parts []rune
}

func (t *disguiseTables) kind(r rune) uint8 { return t.kinds[t.index[r>>8]][r&0xff] }

// alone is the character a part is written as where it stands by itself.
func (t *disguiseTables) alone(r rune) rune {
	if a := t.aliases[t.index[r>>8]][r&0xff]; a != 0 {
		return a
	}
	return r
}

// readings are the syllables of a Han character.
func (t *disguiseTables) readings(r rune) []uint32 {
	if i := t.sounds[t.index[r>>8]][r&0xff]; i != 0 {
		return t.lists[i-1]
	}
	return nil
}

// otherSound is the class of a rune that is no syllable, by its class among the words.
func (t *disguiseTables) otherSound(c uint32) uint32 { return uint32(len(t.syllables)) + 1 + c }

var disguiseTable = sync.OnceValue(newDisguiseTables)
