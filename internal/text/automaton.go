package text

import (
	"iter"
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
	states  []state
	ends    []end
	lengths []int32 // folded runes of each phrase; 0 for one that folds to nothing
	depths  []int32 // of each state
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
)

// Depth is the longest phrase in folded runes: no match spans more.
func (a *Automaton) Depth() int { return a.depth }

// Phrases is how many phrases are looked for, those that fold to nothing included.
func (a *Automaton) Phrases() int { return len(a.phrases) }

// Empty reports whether the phrase folds to nothing and so can never be found.
func (a *Automaton) Empty(phrase int) bool { return a.lengths[phrase] == 0 }

// class is 0 for a rune no phrase has.
func (a *Automaton) class(r rune) uint32 { return a.pages[a.index[r>>8]][r&0xff] }

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
		sc := a.Scan()
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
	at      int   // bytes read
	runes   int   // folded runes read
	starts  []int // ring: original start of the last folded runes
	partial [utf8.UTFMax]byte
	have    int     // bytes of a rune cut by the end of a piece
	waiting []Match // found, but a longer allowed phrase may still cover them
	allowed []Match
}

// Scan starts a scan at the beginning of a text.
func (a *Automaton) Scan() *Scanner {
	n := 1
	for n < a.depth+1 {
		n *= 2
	}
	return &Scanner{a: a, starts: make([]int, n)}
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
	n := s.at - s.have
	if d := s.liveDepth(); d > 0 {
		n = s.starts[(s.runes-d)&(len(s.starts)-1)]
	}
	return n
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

// plain reads a piece that begins with a whole rune. It is the hot loop: a rune costs one
// lookup of its class and, mostly, one step.
func (s *Scanner) plain(piece string, yield func(Match) bool) bool {
	a, base := s.a, s.at
	mask := len(s.starts) - 1
	for i := 0; i < len(piece); {
		r, size := rune(piece[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(piece[i:])
			if size == 1 && !utf8.FullRuneInString(piece[i:]) {
				s.have = copy(s.partial[:], piece[i:])
				break
			}
		}
		c := a.pages[a.index[r>>8]][r&0xff]
		if c >= classMany {
			if !s.rune(r, base+i, base+i+size, yield) {
				return false
			}
			i += size
			continue
		}
		s.starts[s.runes&mask] = base + i
		s.runes++
		i += size
		if c == 0 {
			s.state = 0
			if len(s.waiting) > 0 && !s.release(yield) {
				return false
			}
			continue
		}
		s.state = a.step(s.state, c)
		if a.states[s.state].ends != 0 || len(s.waiting) > 0 {
			if !s.report(base+i, yield) {
				return false
			}
		}
	}
	s.at = base + len(piece)
	return true
}

// rune reads one rune that lies at [start, to), whatever it folds to.
func (s *Scanner) rune(r rune, start, to int, yield func(Match) bool) bool {
	c := s.a.class(r)
	if c&classDrop != 0 {
		return true
	}
	one := [1]uint32{c}
	classes := one[:]
	if c&classMany != 0 {
		classes = s.a.many[c&^classMany]
	}
	for _, c := range classes {
		s.starts[s.runes&(len(s.starts)-1)] = start
		s.runes++
		s.state = s.a.step(s.state, c)
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
		m := Match{Phrase: int(p), Start: s.starts[(s.runes-int(a.lengths[p]))&(len(s.starts)-1)], End: to}
		switch {
		case a.phrases[p].Allow:
			s.allowed = append(s.allowed, m)
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
		live = s.starts[(s.runes-d)&(len(s.starts)-1)]
	}
	for len(s.waiting) > 0 && s.waiting[0].Start < live {
		m := s.waiting[0]
		s.waiting = s.waiting[1:]
		if !s.covered(m) && !yield(m) {
			return false
		}
	}
	if len(s.waiting) == 0 {
		s.waiting, s.allowed = s.waiting[:0:0], s.dropAllowed(live)
	}
	return true
}

// dropAllowed forgets allowed phrases that nothing found from now on can lie inside.
func (s *Scanner) dropAllowed(live int) []Match {
	kept := s.allowed[:0]
	for _, m := range s.allowed {
		if m.End > live {
			kept = append(kept, m)
		}
	}
	return kept
}

func (s *Scanner) covered(m Match) bool {
	for _, w := range s.allowed {
		if w.Start <= m.Start && m.End <= w.End && w.End-w.Start > m.End-m.Start {
			return true
		}
	}
	return false
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
