package text

import (
	"cmp"
	"iter"
	"slices"
	"unicode"
	"unicode/utf8"
)

// Phrase is what an Automaton looks for. An allowed phrase is never reported; it takes
// back the shorter phrases found inside it.
type Phrase struct {
	Text  string
	Allow bool
}

// Match is one phrase found: its index in the list and its bytes in the original text.
type Match struct {
	Phrase     int
	Start, End int
}

// Automaton finds all of many phrases in one pass over a text, both folded. It is built
// once and never changes; a new list is a new Automaton. Safe for concurrent use.
//
// It is Aho and Corasick's machine (1975) in a double array over rune classes: one lookup
// takes an original rune to the class of what it folds to, so that the scan never writes a
// folded text.
type Automaton struct {
	phrases []Phrase
	index   [0x1100]uint16
	pages   [][256]uint32 // original rune → class, classDrop, or classMany and an index
	many    [][]uint32
	pairs   []uint64 // a bit for the first two classes of each phrase
	states  []state
	ends    []end
	lengths []int32 // folded runes of each phrase; 0 for one that folds to nothing
	depths  []int32 // of each state; nil for a trie that is only walked from its root
	depth   int
	allows  bool
}

// state is a slot of the double array: the child by class c lies at base+c if its check is
// this state. Four fit a cache line. The root is 0; a free slot has check -1.
type state struct {
	base, check, fail int32
	ends              int32 // 1 + index into Automaton.ends, 0 for none
}

// end is one phrase that ends at a state, and the next, shorter or equal.
type end struct {
	phrase, next int32
}

const (
	classDrop uint32 = 1 << 31
	classMany uint32 = 1 << 30
	// classAlone marks the class of a rune that is a phrase by itself.
	classAlone uint32 = 1 << 29
	classBits         = classAlone - 1

	// pairsBits is the size of the filter of beginnings: 128 KB, so it stays near the core.
	pairsBits = 1 << pairsLog
	pairsLog  = 20
)

// beginning is the bit of two classes.
func beginning(first, second uint32) uint32 {
	return (first*0x9E3779B1 ^ second*0x85EBCA77) >> (32 - pairsLog)
}

// begins reports whether some phrase may begin with the two classes; no is certain.
func (a *Automaton) begins(first, second uint32) bool {
	bit := beginning(first, second)
	return a.pairs[bit/64]&(1<<(bit%64)) != 0
}

// Depth is the longest phrase in folded runes: no match spans more.
func (a *Automaton) Depth() int { return a.depth }

// Phrases is how many phrases are looked for, those that fold to nothing included.
func (a *Automaton) Phrases() int { return len(a.phrases) }

// Phrase is a phrase by its index.
func (a *Automaton) Phrase(i int) Phrase { return a.phrases[i] }

// Empty reports whether the phrase folds to nothing and so can never be found.
func (a *Automaton) Empty(phrase int) bool { return a.lengths[phrase] == 0 }

// class is 0 for a rune no phrase has.
func (a *Automaton) class(r rune) uint32 {
	c := a.pages[a.index[r>>8]][r&0xff]
	if c < classMany {
		c &= classBits
	}
	return c
}

// step follows one class. Class 0 always leads to the root.
func (a *Automaton) step(s int32, c uint32) int32 {
	if c == 0 {
		return 0
	}
	for {
		if t := a.states[s].base + int32(c); uint(t) < uint(len(a.states)) && a.states[t].check == s {
			return t
		}
		if s == 0 {
			return 0
		}
		s = a.states[s].fail
	}
}

// All gives every match, overlapping ones included, but for those inside a longer allowed
// phrase; by end, and longest first where ends are equal.
func (a *Automaton) All(s string) iter.Seq[Match] {
	return func(yield func(Match) bool) {
		sc := Scanner{a: a, whole: s}
		_ = sc.write(s, yield) && sc.close(yield)
	}
}

// Longest gives matches that do not overlap: of those that start leftmost the longest,
// then on from its end.
func (a *Automaton) Longest(s string) iter.Seq[Match] {
	return func(yield func(Match) bool) {
		var found []Match
		for m := range a.All(s) {
			found = append(found, m)
		}
		sortMatches(found)
		from := 0
		for _, m := range found {
			if m.Start < from {
				continue
			}
			if !yield(m) {
				return
			}
			from = m.End
		}
	}
}

// Scanner is a scan in progress: a text may come in any pieces, cut anywhere, and gives
// the same matches as the whole. It belongs to one goroutine.
type Scanner struct {
	a       *Automaton
	state   int32
	at      int    // bytes read
	whole   string // the text, where it is there as a whole
	to      int    // of the whole, the end of the last rune read
	ahead   int    // folded runes of that rune that are still to be read
	runes   int    // folded runes read
	starts  []int  // ring: original start of the last folded runes; nil for a whole text
	partial [utf8.UTFMax]byte
	have    int     // bytes of a rune cut by the end of a piece
	waiting []Match // found, but a longer allowed phrase may still cover them
	allowed []Match
	crowded int // so many allowed phrases are gone through for those that are of no more use
}

// Scan starts a scan at the beginning of a text.
func (a *Automaton) Scan() *Scanner {
	n := 1
	for n < a.depth+1 {
		n *= 2
	}
	return &Scanner{a: a, starts: make([]int, n)}
}

// start is the original offset of the nth-last folded rune.
func (s *Scanner) start(n int) int {
	if s.starts != nil {
		return s.starts[(s.runes-n)&(len(s.starts)-1)]
	}
	at := s.to
	for n += s.ahead; n > 0; {
		r, size := utf8.DecodeLastRuneInString(s.whole[:at])
		at -= size
		switch c := s.a.class(r); {
		case c&classDrop != 0:
		case c&classMany != 0:
			n -= len(s.a.many[c&^classMany])
		default:
			n--
		}
	}
	return at
}

// Write reads the next piece and hands over the matches that are now certain. Their
// offsets count from the beginning of the first piece.
func (s *Scanner) Write(piece string, found func(Match)) {
	s.write(piece, func(m Match) bool { found(m); return true })
}

// Close ends the text and hands over what was still open.
func (s *Scanner) Close(found func(Match)) {
	s.close(func(m Match) bool { found(m); return true })
}

// Settled is the offset up to which the text is free of anything that further text could
// turn into a match: all before it may be shown.
func (s *Scanner) Settled() int {
	if d := s.liveDepth(); d > 0 {
		return s.start(d)
	}
	return s.at - s.have
}

// write and close report false once yield did.
func (s *Scanner) write(piece string, yield func(Match) bool) bool {
	for s.have > 0 && piece != "" {
		s.partial[s.have] = piece[0]
		piece = piece[1:]
		s.have++
		s.at++
		for s.have > 0 && utf8.FullRune(s.partial[:s.have]) {
			r, size := utf8.DecodeRune(s.partial[:s.have])
			start := s.at - s.have
			copy(s.partial[:], s.partial[size:s.have])
			s.have -= size
			if !s.rune(r, start, start+size, yield) {
				return false
			}
		}
	}
	return s.plain(piece, yield)
}

// plain reads a piece that begins with a whole rune. It is the hot loop. Most runes neither
// begin nor continue a phrase: while the state is at most one rune deep, the filter of
// beginnings says so from the last two classes, and no state is looked at.
func (s *Scanner) plain(piece string, yield func(Match) bool) bool {
	a, base := s.a, s.at
	mask := len(s.starts) - 1
	state, last, shallow := s.state, uint32(0), s.state == 0
	for i := 0; i < len(piece); {
		r, size := rune(piece[i]), 1
		if r >= utf8.RuneSelf {
			if r&0xF0 == 0xE0 && r != 0xE0 && r != 0xED && i+2 < len(piece) && piece[i+1]&0xC0 == 0x80 && piece[i+2]&0xC0 == 0x80 {
				r, size = (r&0x0F)<<12|rune(piece[i+1]&0x3F)<<6|rune(piece[i+2]&0x3F), 3
			} else if r, size = utf8.DecodeRuneInString(piece[i:]); size == 1 && !utf8.FullRuneInString(piece[i:]) {
				s.have = copy(s.partial[:], piece[i:])
				break
			}
		}
		c := a.pages[a.index[r>>8]][r&0xff]
		if c >= classAlone {
			if s.state = state; shallow {
				s.state = a.first(last)
			}
			if !s.rune(r, base+i, base+i+size, yield) {
				return false
			}
			i += size
			state, shallow, last = s.state, s.state == 0, 0
			continue
		}
		if mask >= 0 {
			s.starts[s.runes&mask] = base + i
			s.runes++
		}
		i += size
		if shallow {
			if !a.begins(last, c) && len(s.waiting) == 0 {
				last = c
				continue
			}
			state = a.first(last)
		}
		state = a.step(state, c)
		shallow, last = state == 0 || state == int32(c) && a.states[c].check == 0, c
		if a.states[state].ends != 0 || len(s.waiting) > 0 {
			if s.state, s.to = state, base+i; !s.report(base+i, yield) {
				return false
			}
		}
	}
	if s.state = state; shallow {
		s.state = a.first(last)
	}
	s.at = base + len(piece)
	s.to = s.at - s.have
	return true
}

// first is the state after one rune.
func (a *Automaton) first(c uint32) int32 {
	if c != 0 && int(c) < len(a.states) && a.states[c].check == 0 {
		return int32(c)
	}
	return 0
}

// rune reads one rune that lies at [start, to), whatever it folds to.
func (s *Scanner) rune(r rune, start, to int, yield func(Match) bool) bool {
	c := s.a.class(r)
	if c&classDrop != 0 {
		return true
	}
	s.to = to
	one := [1]uint32{c}
	classes := one[:]
	if c&classMany != 0 {
		classes = s.a.many[c&^classMany]
	}
	for i, c := range classes {
		if s.starts != nil {
			s.starts[s.runes&(len(s.starts)-1)] = start
			s.runes++
		}
		s.state = s.a.step(s.state, c)
		s.ahead = len(classes) - 1 - i
		if !s.report(to, yield) {
			return false
		}
	}
	return true
}

// report collects the phrases that end here and hands over what is certain.
func (s *Scanner) report(to int, yield func(Match) bool) bool {
	a := s.a
	for e := a.states[s.state].ends; e != 0; e = a.ends[e-1].next {
		p := a.ends[e-1].phrase
		m := Match{Phrase: int(p), Start: s.start(int(a.lengths[p])), End: to}
		switch {
		case a.phrases[p].Allow:
			s.allow(m)
		case a.allows:
			s.waiting = append(s.waiting, m)
		case !yield(m):
			return false
		}
	}
	return len(s.waiting) == 0 && len(s.allowed) == 0 || s.release(yield)
}

// release hands over, in order, the waiting matches that start before anything still in
// progress, but for those a longer allowed phrase covers.
func (s *Scanner) release(yield func(Match) bool) bool {
	live := int(^uint(0) >> 1)
	if d := s.liveDepth(); d > 0 {
		live = s.start(d)
	}
	for len(s.waiting) > 0 && s.waiting[0].Start < live {
		m := s.waiting[0]
		s.waiting = s.waiting[1:]
		if !s.covered(m) && !yield(m) {
			return false
		}
	}
	if len(s.waiting) == 0 {
		s.waiting = s.waiting[:0:0]
	}
	s.dropAllowed(live)
	return true
}

// allow remembers an allowed phrase. They come by end, longest first; one inside another
// takes nothing back that the other does not, so those that are kept come by start too.
func (s *Scanner) allow(m Match) {
	n := len(s.allowed)
	if n > 0 && s.allowed[n-1].End == m.End && s.allowed[n-1].Start <= m.Start {
		return
	}
	for n > 0 && s.allowed[n-1].Start >= m.Start {
		n--
	}
	s.allowed = append(s.allowed[:n], m)
}

// dropAllowed forgets allowed phrases that nothing waiting, or found from now on, can lie
// inside. While something waits it looks only once there are twice as many as were left.
func (s *Scanner) dropAllowed(live int) {
	if len(s.waiting) > 0 && len(s.allowed) < s.crowded {
		return
	}
	for _, m := range s.waiting {
		live = min(live, m.Start)
	}
	n := 0
	for n < len(s.allowed) && s.allowed[n].End <= live {
		n++
	}
	s.allowed = s.allowed[n:]
	s.crowded = 2*len(s.allowed) + 16
}

// covered reports whether a longer allowed phrase lies over a match: if any does, then the
// last one that begins no later.
func (s *Scanner) covered(m Match) bool {
	n, _ := slices.BinarySearchFunc(s.allowed, m.Start+1, func(w Match, start int) int { return cmp.Compare(w.Start, start) })
	if n == 0 {
		return false
	}
	w := s.allowed[n-1]
	return m.End <= w.End && w.End-w.Start > m.End-m.Start
}

// liveDepth is how many of the last folded runes may be the beginning of a phrase.
func (s *Scanner) liveDepth() int {
	return int(s.a.depths[s.state])
}

func (s *Scanner) close(yield func(Match) bool) bool {
	for ; s.have > 0; s.have-- { // what is left of a cut rune is as many invalid bytes
		if at := s.at - s.have; !s.rune(utf8.RuneError, at, at+1, yield) {
			return false
		}
	}
	s.state = 0
	return s.release(yield)
}

// Layers is what a match in s needed: the layers at which the original text and the phrase
// as listed are written differently. None if they are the same bytes.
func (a *Automaton) Layers(s string, m Match) Layer {
	listed := Fold(a.phrases[m.Phrase].Text)
	for len(listed.Units) > 0 && unicode.IsSpace(listed.Units[0].Rune) {
		listed.Units = listed.Units[1:]
	}
	n := int(a.lengths[m.Phrase])
	place := Fold(s[m.Start:m.End])
	for from := 0; from+n <= len(place.Units) && n <= len(listed.Units); from++ {
		if layers, same := difference(s[m.Start:], place.Units[from:from+n], a.phrases[m.Phrase].Text, listed.Units[:n]); same {
			return layers
		}
	}
	return 0
}

// difference compares folded runes one by one, and where they agree but their originals do
// not, collects the layers of both.
func difference(s string, place []Unit, phrase string, listed []Unit) (layers Layer, same bool) {
	for i, u := range place {
		l := listed[i]
		if u.Rune != l.Rune {
			return 0, false
		}
		if i > 0 {
			layers |= (u.Layers ^ l.Layers) & Invisible
		}
		if s[u.Start:u.End] != phrase[l.Start:l.End] {
			layers |= (u.Layers | l.Layers) &^ Invisible
		}
	}
	return layers, true
}
