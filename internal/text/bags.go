package text

import (
	"slices"
)

// bags finds phrases whose characters stand in another order: a window of text is held
// against the phrases as a bag of characters.
type bags struct {
	a      *Automaton
	filter []uint64 // two bits for each bag's sum (Bloom 1970), so that most windows cost a look
	sums   lookup
	sizes  [mostBag + 1]bool
}

// Bags have from leastBag to mostBag characters: fewer are in order by chance too often,
// more are no disguise anybody could read.
const (
	leastBag = 3
	mostBag  = 8
	bagBits  = 1 << 20
)

func newBags(a *Automaton) *bags {
	b := &bags{a: a, filter: make([]uint64, bagBits/64)}
	var sums []keyed
	for i, p := range a.phrases {
		runes := foldPhrase(p.Text)
		if p.Allow || len(runes) < leastBag || len(runes) > mostBag || slices.Max(runes) == slices.Min(runes) {
			continue
		}
		var sum uint64
		for _, r := range runes {
			sum += scatter(r)
		}
		for _, bit := range bagMarks(sum) {
			b.filter[bit/64] |= 1 << (bit % 64)
		}
		sums = append(sums, keyed{sum, int32(i)})
		b.sizes[len(runes)] = true
	}
	b.sums = newLookup(sums)
	return b
}

// bagMarks are the bits of a sum.
func bagMarks(sum uint64) [2]uint64 { return [2]uint64{sum % bagBits, sum >> 32 % bagBits} }

// listed reports whether some bag may have the sum; no is certain.
func (b *bags) listed(sum uint64) bool {
	m := bagMarks(sum)
	return b.filter[m[0]/64]&(1<<(m[0]%64)) != 0 && b.filter[m[1]/64]&(1<<(m[1]%64)) != 0
}

// scatter gives each rune bits of its own (the finaliser of MurmurHash3, public domain).
func scatter(r rune) uint64 {
	x := uint64(r) + 0x9E3779B97F4A7C15
	x ^= x >> 33
	x *= 0xFF51AFD7ED558CCD
	x ^= x >> 33
	x *= 0xC4CEB9FE1A85EC53
	return x ^ x>>33
}

// find looks at every window of characters, marks left out, and has what it finds given on.
func (b *bags) find(w *walk, give func() bool) {
	at := make([]int, 0, len(w.units)) // units that are no marks
	sums := make([]uint64, 1, len(w.units)+1)
	for i, u := range w.units {
		if w.d.t.kind(u.Rune)&kindMark == 0 {
			at = append(at, i)
			sums = append(sums, sums[len(sums)-1]+scatter(u.Rune))
		}
	}
	for n := leastBag; n <= mostBag; n++ {
		if !b.sizes[n] {
			continue
		}
		for i := 0; i+n < len(sums); i++ {
			sum := sums[i+n] - sums[i]
			if b.listed(sum) {
				if b.check(w, at[i:i+n], sum); len(w.found) > 0 && !give() {
					return
				}
			}
		}
	}
}

// check reports the phrases a window's characters make, if not in their own order.
func (b *bags) check(w *walk, at []int, sum uint64) {
	if at[len(at)-1]-at[0] >= 2*len(at) {
		return // more marks than characters: no one word
	}
	for _, p := range b.sums.at(sum) {
		listed := foldPhrase(b.a.phrases[p].Text)
		if len(listed) != len(at) {
			continue
		}
		window := make([]rune, len(at))
		for i, u := range at {
			window[i] = w.units[u].Rune
		}
		if slices.Equal(window, listed) {
			continue
		}
		slices.Sort(window)
		slices.Sort(listed)
		if slices.Equal(window, listed) {
			w.found = append(w.found, Hit{Phrase: int(p), Start: at[0], End: at[len(at)-1] + 1, Layers: Shuffle})
		}
	}
}
