package merkle

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"slices"

	"loam"
)

// Key places a leaf in a sorted tree. The all-zero and the all-one key are the ends of every
// tree and never a caller's.
type Key [32]byte

// Domain bytes keep the nodes of sorted trees apart from those of the log (0x00, 0x01).
const (
	sortedLeaf byte = 2 + iota
	sortedNode
	sortedRoot
)

// leafHash commits to a key and the hash of its value, so that a proof of absence shows a
// neighbour's key but not her record.
func leafHash(k Key, value Hash) Hash {
	var b [1 + 2*32]byte
	b[0] = sortedLeaf
	copy(b[1:], k[:])
	copy(b[33:], value[:])
	return sha256.Sum256(b[:])
}

func nodeHash(l, r Hash) Hash {
	var b [1 + 2*32]byte
	b[0] = sortedNode
	copy(b[1:], l[:])
	copy(b[33:], r[:])
	return sha256.Sum256(b[:])
}

// rootHash binds the number of leaves, without which adjacency could be feigned.
func rootHash(size int64, top Hash) Hash {
	var b [1 + 8 + 32]byte
	b[0] = sortedRoot
	binary.BigEndian.PutUint64(b[1:], uint64(size))
	copy(b[9:], top[:])
	return sha256.Sum256(b[:])
}

func lowest() Key { return Key{} }

func highest() Key { return Key(bytes.Repeat([]byte{0xff}, 32)) }

// errUnsorted is returned for keys that do not ascend strictly between the two ends.
func errUnsorted() error { return loam.Fail(loam.Invalid, "log.unsorted") }

// Summer computes the root of a sorted tree from leaves in order, in logarithmic memory.
type Summer struct {
	size  int64
	last  Key
	peaks []Hash // roots of complete subtrees, largest first: one for each bit of size
}

// NewSummer begins a tree with its lower end.
func NewSummer() *Summer {
	s := &Summer{}
	s.push(lowest(), nil)
	return s
}

// Add appends a leaf. Keys must ascend strictly between the two ends.
func (s *Summer) Add(k Key, value []byte) error {
	if bytes.Compare(k[:], s.last[:]) <= 0 || k == highest() {
		return errUnsorted()
	}
	s.push(k, value)
	return nil
}

func (s *Summer) push(k Key, value []byte) {
	h := leafHash(k, sha256.Sum256(value))
	for n := s.size; n&1 == 1; n >>= 1 {
		h = nodeHash(s.peaks[len(s.peaks)-1], h)
		s.peaks = s.peaks[:len(s.peaks)-1]
	}
	s.peaks = append(s.peaks, h)
	s.size++
	s.last = k
}

// Root closes the tree with its upper end. The Summer is spent.
func (s *Summer) Root() Hash {
	s.push(highest(), nil)
	top := s.peaks[len(s.peaks)-1]
	for i := len(s.peaks) - 2; i >= 0; i-- {
		top = nodeHash(s.peaks[i], top)
	}
	return rootHash(s.size, top)
}

// Sorted is a sorted tree that can prove what it holds and what it does not. It takes about
// 130 bytes a leaf.
type Sorted struct {
	keys   []Key
	values []Hash
	levels [][]Hash // from the leaves to the top; the last node of an odd level goes up as it is
}

// NewSorted builds a tree. Keys must ascend strictly between the two ends; value gives the
// bytes of the i-th, and may reuse them.
func NewSorted(keys []Key, value func(i int) []byte) (*Sorted, error) {
	s := &Sorted{keys: make([]Key, 0, len(keys)+2), values: make([]Hash, 0, len(keys)+2)}
	end := Hash(sha256.Sum256(nil))
	s.keys, s.values = append(s.keys, lowest()), append(s.values, end)
	for i, k := range keys {
		if bytes.Compare(k[:], s.keys[i][:]) <= 0 || k == highest() {
			return nil, errUnsorted()
		}
		s.keys, s.values = append(s.keys, k), append(s.values, sha256.Sum256(value(i)))
	}
	s.keys, s.values = append(s.keys, highest()), append(s.values, end)
	level := make([]Hash, len(s.keys))
	for i := range level {
		level[i] = leafHash(s.keys[i], s.values[i])
	}
	for s.levels = append(s.levels, level); len(level) > 1; s.levels = append(s.levels, level) {
		above := make([]Hash, (len(level)+1)/2)
		for i := range len(level) / 2 {
			above[i] = nodeHash(level[2*i], level[2*i+1])
		}
		if len(level)%2 == 1 {
			above[len(above)-1] = level[len(level)-1]
		}
		level = above
	}
	return s, nil
}

// Root is the tree's root; it binds the number of leaves.
func (s *Sorted) Root() Hash { return rootHash(int64(len(s.keys)), s.levels[len(s.levels)-1][0]) }

// Place is a proof that a leaf stands at an index of a sorted tree.
type Place struct {
	Index, Size int64 // both count the lower end
	Path        []Hash
}

// Absence is a proof that no leaf stands between two adjacent ones.
type Absence struct {
	Left, Right Neighbour
}

// Neighbour is a leaf beside a gap: its key and the hash of its value.
type Neighbour struct {
	Key   Key
	Value Hash
	Place Place
}

func (s *Sorted) place(i int) Place {
	p := Place{Index: int64(i), Size: int64(len(s.keys))}
	for _, level := range s.levels[:len(s.levels)-1] {
		if beside := i ^ 1; beside < len(level) {
			p.Path = append(p.Path, level[beside])
		}
		i >>= 1
	}
	return p
}

// Prove makes the proof for a key, if the tree has it.
func (s *Sorted) Prove(k Key) (Place, bool) {
	i, ok := s.find(k)
	if !ok {
		return Place{}, false
	}
	return s.place(i), true
}

// ProveAbsence makes the proof that a key is not there, unless it is.
func (s *Sorted) ProveAbsence(k Key) (Absence, bool) {
	i, there := s.find(k)
	if there || i == 0 || i == len(s.keys) {
		return Absence{}, false
	}
	return Absence{
		Neighbour{s.keys[i-1], s.values[i-1], s.place(i - 1)},
		Neighbour{s.keys[i], s.values[i], s.place(i)},
	}, true
}

func (s *Sorted) find(k Key) (int, bool) {
	return slices.BinarySearchFunc(s.keys, k, func(a, b Key) int { return bytes.Compare(a[:], b[:]) })
}

// Verify reports whether the tree with that root holds the value under the key there.
func (p Place) Verify(root Hash, k Key, value []byte) bool {
	return k != lowest() && k != highest() && p.leads(root, leafHash(k, sha256.Sum256(value)))
}

// leads climbs from a leaf to the root; the index says on which side each sibling stands, and
// the size which levels have none.
func (p Place) leads(root, h Hash) bool {
	if p.Index < 0 || p.Index >= p.Size || p.Size > MaxSize {
		return false
	}
	path := p.Path
	for i, last := p.Index, p.Size-1; last > 0; i, last = i>>1, last>>1 {
		if i == last && i&1 == 0 {
			continue
		}
		if len(path) == 0 {
			return false
		}
		if i&1 == 1 {
			h = nodeHash(path[0], h)
		} else {
			h = nodeHash(h, path[0])
		}
		path = path[1:]
	}
	return len(path) == 0 && rootHash(p.Size, h) == root
}

// Verify reports whether the tree with that root has nothing under the key. It relies on the
// tree being sorted, which whoever replays the ledger checks. That both neighbours stand in a
// tree of one size follows from their leading to one root.
func (a Absence) Verify(root Hash, k Key) bool {
	return bytes.Compare(a.Left.Key[:], k[:]) < 0 && bytes.Compare(k[:], a.Right.Key[:]) < 0 &&
		a.Right.Place.Index == a.Left.Place.Index+1 &&
		a.Left.Place.leads(root, leafHash(a.Left.Key, a.Left.Value)) &&
		a.Right.Place.leads(root, leafHash(a.Right.Key, a.Right.Value))
}

// Append encodes the place: index and size as unsigned varints, then the path.
func (p Place) Append(b []byte) []byte {
	b = binary.AppendUvarint(b, uint64(p.Index))
	b = binary.AppendUvarint(b, uint64(p.Size))
	for _, h := range p.Path {
		b = append(b, h[:]...)
	}
	return b
}

// ParsePlace reads what Append wrote, and nothing else.
func ParsePlace(b []byte) (Place, error) {
	index, n := binary.Uvarint(b)
	size, m := binary.Uvarint(b[max(n, 0):])
	if n <= 0 || m <= 0 || index >= size || size > MaxSize {
		return Place{}, loam.Fail(loam.Invalid, "log.proof").Because(errors.New("no index"))
	}
	p := Place{Index: int64(index), Size: int64(size)}
	rest := b[n+m:]
	if len(rest)%32 != 0 || len(rest)/32 > maxHashes {
		return Place{}, loam.Fail(loam.Invalid, "log.proof").Because(errors.New("no path"))
	}
	for ; len(rest) > 0; rest = rest[32:] {
		p.Path = append(p.Path, Hash(rest[:32]))
	}
	if !bytes.Equal(p.Append(nil), b) {
		return Place{}, loam.Fail(loam.Invalid, "log.proof").Because(errors.New("a longer form of a number"))
	}
	return p, nil
}
