package media

import (
	"cmp"
	"slices"
)

// Index finds the hashes near to one among millions, all of them: multi-index hashing
// (Norouzi, Punjani, Fleet 2012). Cut in 16 chunks of 16 bits, two hashes within HashNear
// have a chunk that differs in at most one bit, so 17 lists a chunk hold every candidate.
// What was added since Tidy is looked at one by one. It takes 96 bytes a hash. Searches may
// run beside each other, not beside Add or Tidy.
type Index struct {
	hashes []Hash
	tables [chunks]table
	tidy   int // how many, from the first on, are in order, without doubles and in tables
}

const (
	chunks    = 16
	chunkBits = HashBits / chunks
)

// table lists by the value of one chunk where its hashes stand: those of v lie in at from
// start[v] to start[v+1].
type table struct{ start, at []uint32 }

// Len is how many hashes there are.
func (x *Index) Len() int { return len(x.hashes) }

// Untidy is how many hashes were added since Tidy ran last.
func (x *Index) Untidy() int { return len(x.hashes) - x.tidy }

// Add puts hashes in; doubles stay until Tidy.
func (x *Index) Add(hashes ...Hash) { x.hashes = append(x.hashes, hashes...) }

// Has reports whether a hash is there.
func (x *Index) Has(h Hash) bool {
	_, found := slices.BinarySearchFunc(x.hashes[:x.tidy], h, compare)
	return found || slices.Contains(x.hashes[x.tidy:], h)
}

func compare(a, b Hash) int { return slices.Compare(a[:], b[:]) }

// Tidy drops doubles and lists all hashes in the tables. It takes about a second for a
// million.
func (x *Index) Tidy() {
	slices.SortFunc(x.hashes, compare)
	x.hashes = slices.Clip(slices.Compact(x.hashes))
	x.tidy = len(x.hashes)
	for c := range x.tables {
		x.tables[c] = x.list(c)
	}
}

func (x *Index) list(c int) table {
	t := table{make([]uint32, 1<<chunkBits+1), make([]uint32, len(x.hashes))}
	for _, h := range x.hashes {
		t.start[h.chunk(c)]++
	}
	sum := uint32(0)
	for v, n := range t.start {
		sum += n
		t.start[v] = sum
	}
	for i, h := range slices.Backward(x.hashes) {
		v := h.chunk(c)
		t.start[v]--
		t.at[t.start[v]] = uint32(i)
	}
	return t
}

func (h *Hash) chunk(c int) uint16 { return uint16(h[c/4] >> (c % 4 * chunkBits)) }

// Match is a hash of the Index near to the Of-th that was sought.
type Match struct {
	Of       int
	Hash     Hash
	Distance int
}

// Search finds every hash within HashNear of one of those sought, the nearest first.
func (x *Index) Search(sought ...Hash) []Match {
	var out []Match
	for of, s := range sought {
		out = x.listed(out, of, s)
		for _, h := range x.hashes[x.tidy:] {
			if d := h.Distance(s); d <= HashNear {
				out = append(out, Match{of, h, d})
			}
		}
	}
	slices.SortFunc(out, func(a, b Match) int {
		return cmp.Or(cmp.Compare(a.Distance, b.Distance), cmp.Compare(a.Of, b.Of), compare(a.Hash, b.Hash))
	})
	return slices.Compact(out) // several chunks may lead to one
}

func (x *Index) listed(out []Match, of int, sought Hash) []Match {
	if x.tidy == 0 {
		return out
	}
	for c := range chunks {
		v := uint32(sought.chunk(c))
		for near := range chunkBits + 1 { // the last bit is beyond the chunk: v itself
			value := v ^ 1<<near&(1<<chunkBits-1)
			t := &x.tables[c]
			for _, i := range t.at[t.start[value]:t.start[value+1]] {
				if d := x.hashes[i].Distance(sought); d <= HashNear {
					out = append(out, Match{of, x.hashes[i], d})
				}
			}
		}
	}
	return out
}
