package merkle

import (
	"bytes"
	"crypto/sha256"
	"errors"

	"golang.org/x/mod/sumdb/tlog"

	"loam"
)

// Walk reads the first size entries in order and recomputes every tile of every level from
// them: a file that is missing, cut off or differs by one byte ends it with an error. visit is
// called with each entry before it is counted; prefix gives the root of all entries before it.
// Walk returns the root of all. It keeps one tile per level in memory.
func (f Files) Walk(size int64, visit func(index int64, entry []byte, prefix func() Hash) error) (Hash, error) {
	if size < 0 || size > MaxSize {
		return Hash{}, loam.Fail(loam.Invalid, "log.index", size, size)
	}
	var w walk
	for first := int64(0); first < size; first += width {
		list, err := f.bundle(first>>height, int(min(width, size-first)))
		if err != nil {
			return Hash{}, err
		}
		for i, entry := range list {
			if err := visit(first+int64(i), entry, w.root); err != nil {
				return Hash{}, err
			}
			if err := w.add(f, 0, recordHash(entry)); err != nil {
				return Hash{}, err
			}
		}
	}
	for level := range w.levels {
		if err := w.compare(f, level); err != nil {
			return Hash{}, err
		}
	}
	return w.root(), nil
}

// walk is the right edge of a growing tree: of each level the hashes of its last tile.
type walk struct {
	levels []edge
}

type edge struct {
	n      int64 // the tile's number
	hashes []Hash
}

func (w *walk) add(f Files, level int, h Hash) error {
	if level == len(w.levels) {
		w.levels = append(w.levels, edge{hashes: make([]Hash, 0, width)})
	}
	e := &w.levels[level]
	e.hashes = append(e.hashes, h)
	if len(e.hashes) < width {
		return nil
	}
	if err := w.compare(f, level); err != nil {
		return err
	}
	above := fold(e.hashes)
	e.n++
	e.hashes = e.hashes[:0]
	return w.add(f, level+1, above)
}

// compare holds what was computed against the log's file; an empty tile has none.
func (w *walk) compare(f Files, level int) error {
	e := w.levels[level]
	if len(e.hashes) == 0 {
		return nil
	}
	data, err := f.tile(level, e.n, len(e.hashes))
	if err != nil {
		return err
	}
	for i := range e.hashes {
		if !bytes.Equal(data[i*tlog.HashSize:][:tlog.HashSize], e.hashes[i][:]) {
			return broken("log.tile", TilePath(level, e.n, len(e.hashes)), errors.New("not the hashes of the entries"))
		}
	}
	return nil
}

// root joins the edges from below: what is left of a lower level is smaller than one hash of
// the level above, so it stands as that level's last node.
func (w *walk) root() Hash {
	var rest []Hash
	for _, e := range w.levels {
		list := append(append(make([]Hash, 0, width+1), e.hashes...), rest...)
		if len(list) > 0 {
			rest = []Hash{fold(list)}
		}
	}
	if len(rest) == 0 {
		return sha256.Sum256(nil)
	}
	return rest[0]
}

// fold is the RFC 6962 root over nodes: complete subtrees of one size, the last one perhaps
// smaller.
func fold(list []Hash) Hash {
	if len(list) == 1 {
		return list[0]
	}
	half := 1
	for half*2 < len(list) {
		half *= 2
	}
	return tlog.NodeHash(fold(list[:half]), fold(list[half:]))
}

// recordHash is tlog.RecordHash for short entries without the allocation.
func recordHash(entry []byte) Hash {
	var b [256]byte
	return sha256.Sum256(append(b[:1], entry...))
}
