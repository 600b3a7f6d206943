package text

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math"
	"slices"
	"sync"
	"unsafe"

	"loam"
)

// A compiled index is an Automaton with its Disguises as they lie in memory, so that reading
// one is checking it: magic, fingerprint of the tables it was compiled with, checksum
// (CRC-32C) of what follows; then sections, each its length in bytes and its bytes, padded to
// eight. Numbers are little endian.
const (
	indexMagic = "loam.index.v1\n\x00\x00"
	indexHead  = len(indexMagic) + sha256.Size + 8
)

// errIndex is what is said of bytes that are no index; the code names what can be done.
func errIndex(why string) error {
	return loam.Fail(loam.Invalid, "phrases.compiled").Because(errors.New("compiled phrases: " + why))
}

// Save writes the index.
func (d *Disguises) Save(w io.Writer) error {
	a := d.words
	offsets, words, allow := make([]uint32, 1, len(a.phrases)+1), []byte{}, make([]byte, len(a.phrases))
	for i, p := range a.phrases {
		words = append(words, p.Text...)
		offsets = append(offsets, uint32(len(words)))
		if p.Allow {
			allow[i] = 1
		}
	}
	if len(words) > math.MaxUint32 {
		return loam.Fail(loam.TooLarge, "phrases.compiled")
	}
	counts, many := []uint32{}, []uint32{}
	for _, m := range a.many {
		counts, many = append(counts, uint32(len(m))), append(many, m...)
	}
	sizes := make([]byte, len(d.bags.sizes))
	for i, s := range d.bags.sizes {
		if s {
			sizes[i] = 1
		}
	}
	body := [][]byte{
		stored(offsets), words, allow, stored(a.index[:]), stored(a.pages), stored(counts), stored(many),
		stored(a.pairs), stored(a.states), stored(a.ends), stored(a.lengths), stored(a.depths),
		stored(d.sounds.pairs), stored(d.sounds.states), stored(d.sounds.ends), stored(d.sounds.lengths), stored(d.sounds.depths),
		stored(d.threes), stored(d.bags.filter), stored(d.bags.sums.keys), stored(d.bags.sums.phrases), sizes,
		stored(d.initials.keys), stored(d.initials.phrases),
	}
	sum := crc32.New(crc32.MakeTable(crc32.Castagnoli))
	if err := sections(sum, body); err != nil {
		return err
	}
	print := tablesPrint()
	head := append([]byte(indexMagic), print[:]...)
	head = binary.LittleEndian.AppendUint64(head, uint64(sum.Sum32()))
	if _, err := w.Write(head); err != nil {
		return err
	}
	return sections(w, body)
}

func sections(w io.Writer, body [][]byte) error {
	for _, b := range body {
		var length [8]byte
		binary.LittleEndian.PutUint64(length[:], uint64(len(b)))
		for _, part := range [][]byte{length[:], b, make([]byte, -len(b)&7)} {
			if _, err := w.Write(part); err != nil {
				return err
			}
		}
	}
	return nil
}

// Load reads an index. It keeps b and relies on nobody changing it; b should begin at an
// address divisible by eight, as allocated and mapped memory does, or it is copied. What is
// no index, is damaged, or was compiled with other tables is Invalid, "phrases.compiled".
func Load(b []byte) (*Automaton, *Disguises, error) {
	print := tablesPrint()
	switch {
	case len(b) < indexHead || string(b[:len(indexMagic)]) != indexMagic:
		return nil, nil, errIndex("not a compiled list")
	case [sha256.Size]byte(b[len(indexMagic):indexHead-8]) != print:
		return nil, nil, errIndex("made by another version of Loam; compile the list again")
	}
	var sum uint32
	var summed sync.WaitGroup
	whole := b
	summed.Go(func() { sum = crc32.Checksum(whole[indexHead:], crc32.MakeTable(crc32.Castagnoli)) })
	if uintptr(unsafe.Pointer(&b[0]))%8 != 0 {
		b = append(make([]byte, 0, len(b)), b...)
	}
	r := sectionReader{rest: b[indexHead:]}
	a, d := r.index()
	valid := !r.bad && len(r.rest) == 0 && d.valid()
	summed.Wait()
	switch {
	case uint64(sum) != binary.LittleEndian.Uint64(whole[indexHead-8:]):
		return nil, nil, errIndex("damaged")
	case !valid:
		return nil, nil, errIndex("its parts contradict each other")
	}
	return a, d, nil
}

type sectionReader struct {
	rest []byte
	bad  bool
}

func (r *sectionReader) next() []byte {
	if r.bad || len(r.rest) < 8 {
		r.bad = true
		return nil
	}
	n := binary.LittleEndian.Uint64(r.rest)
	if n > uint64(len(r.rest)-8) || n+(-n&7) > uint64(len(r.rest)-8) {
		r.bad = true
		return nil
	}
	out := r.rest[8 : 8+n]
	r.rest = r.rest[8+n+(-n&7):]
	return out
}

func (r *sectionReader) index() (*Automaton, *Disguises) {
	a, s := &Automaton{}, &Automaton{}
	offsets, words, allow := view[uint32](r), r.next(), r.next()
	a.phrases = r.phrases(offsets, words, allow)
	index := view[uint16](r)
	if len(index) == len(a.index) {
		copy(a.index[:], index)
	} else {
		r.bad = true
	}
	a.pages = view[[256]uint32](r)
	a.many = r.lists()
	for _, m := range []*Automaton{a, s} {
		m.pairs = view[uint64](r)
		m.states, m.ends, m.lengths, m.depths = view[state](r), view[end](r), view[int32](r), view[int32](r) // a trie's depths are empty
	}
	s.phrases = a.phrases
	d := &Disguises{words: a, sounds: s, bags: &bags{a: a}, t: disguiseTable()}
	d.threes, d.bags.filter = view[uint64](r), view[uint64](r)
	d.bags.sums = lookup{view[uint64](r), view[int32](r)}
	sizes := r.next()
	for i := range d.bags.sizes {
		d.bags.sizes[i] = i < len(sizes) && sizes[i] == 1
	}
	d.initials = lookup{view[uint64](r), view[int32](r)}
	for i, p := range a.phrases {
		a.allows = a.allows || p.Allow
		if i < len(a.lengths) {
			a.depth = max(a.depth, int(a.lengths[i]))
		}
	}
	return a, d
}

func (r *sectionReader) phrases(offsets []uint32, words, allow []byte) []Phrase {
	if len(offsets) != len(allow)+1 || offsets[0] != 0 || int(offsets[len(allow)]) != len(words) || !slices.IsSorted(offsets) {
		r.bad = true
		return nil
	}
	out := make([]Phrase, len(allow))
	for i := range out {
		if n := offsets[i+1] - offsets[i]; n > 0 {
			out[i].Text = unsafe.String(&words[offsets[i]], int(n))
		}
		out[i].Allow = allow[i] == 1
	}
	return out
}

func (r *sectionReader) lists() [][]uint32 {
	counts, flat := view[uint32](r), view[uint32](r)
	out := make([][]uint32, len(counts))
	for i, n := range counts {
		if uint64(n) > uint64(len(flat)) || n > maxExpansion {
			r.bad = true
			return nil
		}
		out[i], flat = flat[:n], flat[n:]
	}
	return out
}

// valid reports whether a search through the parts stays inside them and ends: what a
// checksum cannot say of bytes somebody made on purpose.
func (d *Disguises) valid() bool {
	a, n := d.words, int32(len(d.words.phrases))
	if int(n) != len(a.lengths) || len(d.sounds.lengths) != int(n) || len(d.threes) != threesBits/64 || len(d.bags.filter) != bagBits/64 {
		return false
	}
	if len(a.depths) == 0 {
		return false
	}
	deepest := slices.Max(a.depths) // less than there are states, once these are valid
	if slices.ContainsFunc(a.lengths, func(l int32) bool { return l < 0 || l > deepest }) {
		return false
	}
	for _, p := range a.index {
		if int(p) >= len(a.pages) {
			return false
		}
	}
	for i := range a.pages {
		for _, c := range a.pages[i] {
			if c >= classMany && c < classDrop && int(c&^classMany) >= len(a.many) {
				return false
			}
		}
	}
	for _, m := range a.many {
		if slices.ContainsFunc(m, func(c uint32) bool { return c > classBits }) {
			return false
		}
	}
	for _, l := range []lookup{d.bags.sums, d.initials} {
		if len(l.keys) != len(l.phrases) || slices.ContainsFunc(l.phrases, func(p int32) bool { return p < 0 || p >= n || a.phrases[p].Allow }) {
			return false
		}
	}
	var words, sounds bool
	var both sync.WaitGroup
	both.Go(func() { words = a.valid(n, false) })
	both.Go(func() { sounds = d.sounds.valid(n, true) })
	both.Wait()
	return words && sounds
}

// valid is the states' part: every failure leads to a shallower state, every chain of ends
// runs down, and no phrase is longer than the way to its end. A trie has neither failures nor
// depths.
func (a *Automaton) valid(phrases int32, trie bool) bool {
	n := int32(len(a.states))
	if n == 0 || len(a.pairs) != pairsBits/64 || a.states[0].check != -2 || trie && len(a.depths) > 0 || !trie && (len(a.depths) != int(n) || a.depths[0] != 0) {
		return false
	}
	length := func(e int32) int32 { return a.lengths[a.ends[e-1].phrase] }
	for i, e := range a.ends {
		if e.phrase < 0 || e.phrase >= phrases || e.next < 0 || int(e.next) > i || a.lengths[e.phrase] < 1 {
			return false
		}
		if e.next > 0 && length(e.next) > a.lengths[e.phrase] {
			return false
		}
	}
	for i := range a.states {
		s := &a.states[i]
		switch {
		case s.ends < 0 || int(s.ends) > len(a.ends) || s.fail < 0 || s.fail >= n:
			return false
		case i == 0 || s.check == -1:
			if s.ends != 0 || s.fail != 0 || !trie && a.depths[i] != 0 {
				return false
			}
		case s.check < 0 || s.check >= n || trie && s.fail != 0:
			return false
		case trie:
		case a.depths[i] < 1 || a.depths[s.check] != a.depths[i]-1 || a.depths[s.fail] >= a.depths[i] || s.ends > 0 && length(s.ends) > a.depths[i]:
			return false
		}
	}
	return true
}

var littleEndian = binary.NativeEndian.Uint16([]byte{1, 0}) == 1

// stored is the memory of numbers, or of structures and arrays of 32-bit ones, as it is
// written.
func stored[T any](s []T) []byte {
	if len(s) == 0 {
		return nil
	}
	b := unsafe.Slice((*byte)(unsafe.Pointer(&s[0])), len(s)*int(unsafe.Sizeof(s[0])))
	if littleEndian {
		return b
	}
	return turned[T](b)
}

// view is a section as a slice of what stored wrote.
func view[T any](r *sectionReader) []T {
	b := r.next()
	size := int(unsafe.Sizeof(*new(T)))
	if len(b)%size != 0 {
		r.bad = true
		return nil
	}
	if len(b) == 0 {
		return nil
	}
	if !littleEndian {
		b = turned[T](b)
	}
	return unsafe.Slice((*T)(unsafe.Pointer(&b[0])), len(b)/size)
}

// turned swaps the bytes of each number.
func turned[T any](b []byte) []byte {
	word := int(unsafe.Alignof(*new(T)))
	out := make([]byte, (len(b)+7)/8*8)[:len(b)]
	for i := 0; i < len(b); i += word {
		for k := range word {
			out[i+k] = b[i+word-1-k]
		}
	}
	return out
}

// tablesPrint tells apart versions of the tables that an index was compiled with.
var tablesPrint = sync.OnceValue(func() [sha256.Size]byte {
	h := sha256.New()
	f, t := folding(), disguiseTable()
	for _, part := range [][]byte{
		stored(f.index[:]), stored(f.pages), stored(t.index[:]), stored(t.kinds), stored(t.sounds), t.firsts,
	} {
		_, _ = h.Write(part) // a hash never fails
	}
	for _, m := range f.many {
		_, _ = h.Write(stored(m))
	}
	for _, l := range t.lists {
		_, _ = h.Write(stored(l))
	}
	fmt.Fprint(h, maxExpansion, leastBag, mostBag, leastInitials, mostInitials, leastSounds, mostSounds)
	return [sha256.Size]byte(h.Sum(nil))
})
