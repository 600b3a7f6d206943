package text

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// Compile builds the automaton of a list. Phrases are folded as texts are, without the
// space around them; one that folds to nothing stays in the list (see Empty) and never
// matches. The same phrase twice matches twice.
func Compile(phrases []Phrase) *Automaton {
	a := &Automaton{phrases: slices.Clone(phrases), lengths: make([]int32, len(phrases))}
	folded := make([][]rune, len(phrases))
	count := map[rune]int{}
	for i, p := range phrases {
		a.allows = a.allows || p.Allow
		folded[i] = foldPhrase(p.Text)
		a.lengths[i] = int32(len(folded[i]))
		a.depth = max(a.depth, len(folded[i]))
		for _, r := range folded[i] {
			count[r]++
		}
	}
	classes := classify(count)
	a.classTable(classes)
	b := builder{a: a, keys: make([]key, 0, len(phrases))}
	for i, f := range folded {
		if len(f) == 0 {
			continue
		}
		of := make([]uint32, len(f))
		for j, r := range f {
			of[j] = classes[r]
		}
		b.keys = append(b.keys, newKey(of, int32(i)))
	}
	b.build()
	a.filter(b.keys)
	return a
}

// filter sets the bits of all beginnings, and marks the classes that are a phrase alone.
func (a *Automaton) filter(keys []key) {
	a.pairs = make([]uint64, pairsBits/64)
	alone := map[uint32]bool{}
	for _, k := range keys {
		if len(k.classes) == 1 {
			alone[k.classes[0]] = true
			continue
		}
		bit := beginning(k.classes[0], k.classes[1])
		a.pairs[bit/64] |= 1 << (bit % 64)
	}
	if len(alone) == 0 {
		return
	}
	for p := range a.pages {
		for i, c := range a.pages[p] {
			if c != 0 && c < classMany && alone[c] {
				a.pages[p][i] = c | classAlone
			}
		}
	}
}

func foldPhrase(s string) []rune {
	f := Fold(s)
	out := make([]rune, len(f.Units))
	for i, u := range f.Units {
		out[i] = u.Rune
	}
	return []rune(strings.TrimSpace(string(out)))
}

// classify numbers the runes of the list from 1, the frequent first: small numbers keep
// the double array dense.
func classify(count map[rune]int) map[rune]uint32 {
	runes := make([]rune, 0, len(count))
	for r := range count {
		runes = append(runes, r)
	}
	slices.SortFunc(runes, func(x, y rune) int {
		return cmp.Or(cmp.Compare(count[y], count[x]), cmp.Compare(x, y))
	})
	classes := make(map[rune]uint32, len(runes))
	for i, r := range runes {
		classes[r] = uint32(i + 1)
	}
	return classes
}

// classTable fuses folding and classes: what the scan needs to know of an original rune.
func (a *Automaton) classTable(classes map[rune]uint32) {
	a.pages = make([][256]uint32, 1, 500)
	t := folding()
	for block, page := range t.index {
		if page == 0 {
			continue
		}
		for low, e := range t.pages[page] {
			if e != 0 {
				a.setClass(rune(block<<8|low), a.classOf(t, e, classes))
			}
		}
	}
	for _, r := range slices.Sorted(maps.Keys(classes)) { // in order, so that one list compiles to one form
		if t.at(r) == 0 {
			a.setClass(r, classes[r])
		}
	}
}

func (a *Automaton) classOf(t *foldTable, e entry, classes map[rune]uint32) uint32 {
	switch {
	case e&entryDrop != 0:
		return classDrop
	case e&entryMany == 0:
		return classes[rune(e&entryRune)]
	}
	var many []uint32
	known := false
	for _, r := range t.many[e&entryRune] {
		many = append(many, classes[r])
		known = known || classes[r] != 0
	}
	if !known {
		return 0
	}
	a.many = append(a.many, many)
	return classMany | uint32(len(a.many)-1)
}

func (a *Automaton) setClass(r rune, c uint32) {
	if c == 0 {
		return
	}
	if a.index[r>>8] == 0 {
		a.index[r>>8] = uint16(len(a.pages))
		a.pages = append(a.pages, [256]uint32{})
	}
	a.pages[a.index[r>>8]][r&0xff] = c
}

// builder lays the trie of the sorted keys into the double array, level by level: a node
// is a range of keys with a common prefix, so no trie is ever built beside it. Going by
// levels, the state a failure leads to always has its children placed already.
type builder struct {
	a     *Automaton
	keys  []key
	trie  bool // no failures: it is only walked from the root
	queue []node
	// children are those of the node in hand.
	children []node
	hint     int32   // free slot where families look first, 0 for the first one
	tail     int32   // no slot from here on is taken
	next     []int32 // free slots as a ring through slot 0, which is the root and so never free
	prev     []int32
}

type key struct {
	head    uint64 // the first three classes, so that most comparisons are of one number
	classes []uint32
	phrase  int32
}

func newKey(classes []uint32, phrase int32) key {
	k := key{classes: classes, phrase: phrase}
	for i := range 3 {
		k.head <<= 21
		if i < len(classes) {
			k.head |= uint64(classes[i])
		}
	}
	return k
}

func (k key) compare(l key) int {
	return cmp.Or(cmp.Compare(k.head, l.head), slices.Compare(k.classes, l.classes), cmp.Compare(k.phrase, l.phrase))
}

type node struct {
	state, lo, hi, depth int32
}

// maxTries bounds the search for a place: past it the children go behind everything, which
// costs a little memory and no time.
const maxTries = 4096

func (b *builder) build() {
	slices.SortFunc(b.keys, key.compare)
	nodes := b.nodes()
	room := nodes + nodes/2 + 2048 // what slots there are in the end
	b.a.states = append(make([]state, 0, room), state{check: -2})
	b.a.depths = make([]int32, 1, room)
	b.next, b.prev = make([]int32, 1, room), make([]int32, 1, room)
	b.grow(1024)
	b.queue = append(make([]node, 0, nodes), node{hi: int32(len(b.keys))})
	for i := 0; i < len(b.queue); i++ {
		b.expand(b.queue[i])
	}
	used := len(b.a.states)
	for used > 1 && b.a.states[used-1].check == -1 {
		used--
	}
	b.a.states = slices.Clip(slices.Clone(b.a.states[:used]))
	if b.a.depths = slices.Clip(slices.Clone(b.a.depths[:used])); b.trie {
		b.a.depths = nil // every end of a state is its own
	}
}

// nodes counts the nodes of the trie: what each key does not share with the one before.
func (b *builder) nodes() int {
	n := 1
	for i, k := range b.keys {
		same := 0
		if i > 0 {
			last := b.keys[i-1].classes
			for same < min(len(last), len(k.classes)) && last[same] == k.classes[same] {
				same++
			}
		}
		n += len(k.classes) - same
	}
	return n
}

// expand takes the ends of a node and places its children.
func (b *builder) expand(n node) {
	a := b.a
	a.states[n.state].ends = b.chain(&n)
	children := b.children[:0]
	defer func() { b.children = children }()
	for i := n.lo; i < n.hi; {
		c := b.keys[i].classes[n.depth]
		j := i + 1
		for j < n.hi && b.keys[j].classes[n.depth] == c {
			j++
		}
		children = append(children, node{state: int32(c), lo: i, hi: j, depth: n.depth + 1})
		i = j
	}
	if len(children) == 0 {
		return
	}
	base := int32(0)
	if n.depth > 0 {
		base = b.place(children)
	} else {
		b.grow(int(children[len(children)-1].state) + 1)
	}
	a.states[n.state].base = base
	for _, child := range children {
		c := uint32(child.state)
		fail := int32(0)
		if n.depth > 0 && !b.trie {
			fail = a.step(a.states[n.state].fail, c)
		}
		child.state += base
		b.take(child.state)
		a.states[child.state] = state{check: n.state, fail: fail}
		a.depths[child.state] = child.depth
		b.queue = append(b.queue, child)
	}
}

// chain takes the keys that end at a node off its range, and gives the chain of all that
// end there: its own, then those of where it fails to.
func (b *builder) chain(n *node) int32 {
	a := b.a
	next := int32(0)
	if n.depth > 0 {
		next = a.states[a.states[n.state].fail].ends
	}
	first := n.lo
	for n.lo < n.hi && len(b.keys[n.lo].classes) == int(n.depth) {
		n.lo++
	}
	for i := n.lo - 1; i >= first; i-- {
		a.ends = append(a.ends, end{phrase: b.keys[i].phrase, next: next})
		next = int32(len(a.ends))
	}
	return next
}

// place finds a base at which every child's slot is free. A lone child fits almost
// anywhere and fills the gaps; families search from where the last long search stopped.
func (b *builder) place(children []node) int32 {
	first, last := children[0].state, children[len(children)-1].state
	p, tries := b.next[0], 0
	if len(children) > 1 && b.hint != 0 {
		p = b.hint
	}
	for ; p != 0 && p < b.tail && tries < maxTries; p = b.next[p] {
		base := p - first
		if base < 0 {
			continue
		}
		tries++
		b.grow(int(base+last) + 1)
		if b.fits(base, children[1:]) {
			return base
		}
	}
	if tries == maxTries && len(children) > 1 {
		b.hint = p
	}
	base := max(b.tail-first, 0)
	b.grow(int(base+last) + 1)
	return base
}

func (b *builder) fits(base int32, children []node) bool {
	for _, c := range children {
		if b.a.states[base+c.state].check != -1 {
			return false
		}
	}
	return true
}

// take removes a slot from the free ring.
func (b *builder) take(p int32) {
	if p == b.hint {
		b.hint = b.next[p]
	}
	b.tail = max(b.tail, p+1)
	b.next[b.prev[p]], b.prev[b.next[p]] = b.next[p], b.prev[p]
}

// grow makes at least n slots; new ones are free.
func (b *builder) grow(n int) {
	old := len(b.a.states)
	if n <= old {
		return
	}
	n = max(n, old+old/4)
	for p := old; p < n; p++ {
		b.a.states = append(b.a.states, state{check: -1})
		b.a.depths = append(b.a.depths, 0)
		last := b.prev[0]
		b.next, b.prev = append(b.next, 0), append(b.prev, last)
		b.next[last], b.prev[0] = int32(p), int32(p)
	}
}

// sortMatches orders by start, then longest first, then phrase.
func sortMatches(m []Match) {
	slices.SortFunc(m, func(x, y Match) int {
		return cmp.Or(cmp.Compare(x.Start, y.Start), cmp.Compare(y.End, x.End), cmp.Compare(x.Phrase, y.Phrase))
	})
}
