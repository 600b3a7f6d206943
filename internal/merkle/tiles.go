package merkle

import (
	"encoding/binary"
	"errors"
	"fmt"
	"iter"

	"golang.org/x/mod/sumdb/tlog"

	"loam"
)

const (
	height = 8           // of a tile, fixed by c2sp.org/tlog-tiles
	width  = 1 << height // hashes in a full tile, entries in a full bundle
)

// entries is the level of bundles in TilePath, below level 0.
const entries = -1

// TilePath is where a log keeps the n-th tile of a level, or with level -1 the n-th bundle of
// entries, w wide (1 to 256).
func TilePath(level int, n int64, w int) string {
	name := "entries"
	if level != entries {
		name = fmt.Sprint(level)
	}
	number := fmt.Sprintf("%03d", n%1000)
	for n /= 1000; n > 0; n /= 1000 {
		number = fmt.Sprintf("x%03d/%s", n%1000, number)
	}
	if w < width {
		number += fmt.Sprintf(".p/%d", w)
	}
	return "tile/" + name + "/" + number
}

// tile reads a tile, or what a full one begins with where a log that has grown deleted the
// partial one.
func (f Files) tile(level int, n int64, w int) ([]byte, error) {
	size := w * tlog.HashSize
	path := TilePath(level, n, w)
	data, err := f(path)
	if err == nil && len(data) != size {
		err = fmt.Errorf("%d bytes instead of %d", len(data), size)
	} else if err != nil && w < width {
		if full, fullErr := f(TilePath(level, n, width)); fullErr == nil && len(full) == width*tlog.HashSize {
			return full[:size], nil
		}
	}
	if err != nil {
		return nil, broken("log.tile", path, err)
	}
	return data, nil
}

// bundle reads w entries, in the same way.
func (f Files) bundle(n int64, w int) ([][]byte, error) {
	path := TilePath(entries, n, w)
	data, err := f(path)
	held := w
	if err != nil && w < width {
		if full, fullErr := f(TilePath(entries, n, width)); fullErr == nil {
			data, held, err = full, width, nil
		}
	}
	if err != nil {
		return nil, broken("log.entries", path, err)
	}
	list, err := ParseBundle(data, held)
	if err != nil {
		return nil, broken("log.entries", path, err)
	}
	return list[:w], nil
}

// Tile names one file of a log: hashes of a level, or with level -1 entries.
type Tile struct {
	Level int
	N     int64
	Width int // 1 to 256
}

// Path is where the log keeps it.
func (t Tile) Path() string { return TilePath(t.Level, t.N, t.Width) }

// Full reports whether it will never change.
func (t Tile) Full() bool { return t.Width == width }

// TilesOf lists every file of a tree but its checkpoint: the entries, then the levels from below.
func TilesOf(size int64) iter.Seq[Tile] {
	return func(yield func(Tile) bool) {
		for level, nodes := entries, size; nodes > 0; level++ {
			for n := int64(0); n*width < nodes; n++ {
				if !yield(Tile{level, n, int(min(width, nodes-n*width))}) {
					return
				}
			}
			if level > entries {
				nodes /= width
			}
		}
	}
}

// Read reads a file, unproven, exactly as wide as it is named: where the log has grown since and
// keeps a wider one alone, that one's beginning.
func (f Files) Read(t Tile) ([]byte, error) {
	if t.Level != entries {
		return f.tile(t.Level, t.N, t.Width)
	}
	list, err := f.bundle(t.N, t.Width)
	if err != nil {
		return nil, err
	}
	var out []byte
	for _, e := range list {
		out = append(binary.BigEndian.AppendUint16(out, uint16(len(e))), e...)
	}
	return out, nil
}

// ParseBundle cuts a bundle into its w entries; they share its memory.
func ParseBundle(data []byte, w int) ([][]byte, error) {
	if w < 1 || w > width {
		return nil, errors.New("a bundle has 1 to 256 entries")
	}
	list := make([][]byte, 0, w)
	for range w {
		if len(data) < 2 {
			return nil, errors.New("entries are missing")
		}
		n := int(binary.BigEndian.Uint16(data))
		if len(data) < 2+n {
			return nil, errors.New("an entry is cut off")
		}
		list = append(list, data[2:2+n:2+n])
		data = data[2+n:]
	}
	if len(data) > 0 {
		return nil, errors.New("bytes after the last entry")
	}
	return list, nil
}

// Entry reads one entry of a tree of that size, unproven.
func (f Files) Entry(size, index int64) ([]byte, error) {
	if index < 0 || index >= size || size > MaxSize {
		return nil, loam.Fail(loam.Invalid, "log.index", index, size)
	}
	list, err := f.bundle(index>>height, int(min(width, size-index&^(width-1))))
	if err != nil {
		return nil, err
	}
	return list[index&(width-1)], nil
}

// ProveEntry makes the proof that the entry at an index is in a tree. It reads at most two
// tiles a level and holds them against the tree's root first.
func (f Files) ProveEntry(tree tlog.Tree, index int64) (tlog.RecordProof, error) {
	if index < 0 || index >= tree.N || tree.N > MaxSize {
		return nil, loam.Fail(loam.Invalid, "log.index", index, tree.N)
	}
	return tlog.ProveRecord(tree.N, index, tlog.TileHashReader(tree, tiles{f}))
}

// ProveGrowth makes the proof that a tree begins with the first old entries, 1 ≤ old ≤ tree.N;
// tlog.CheckTree checks it.
func (f Files) ProveGrowth(tree tlog.Tree, old int64) (tlog.TreeProof, error) {
	if old < 1 || old > tree.N || tree.N > MaxSize {
		return nil, loam.Fail(loam.Invalid, "log.index", old, tree.N)
	}
	return tlog.ProveTree(tree.N, old, tlog.TileHashReader(tree, tiles{f}))
}

// tiles lets x/mod read C2SP tiles.
type tiles struct{ files Files }

func (tiles) Height() int                     { return height }
func (tiles) SaveTiles([]tlog.Tile, [][]byte) {}

func (t tiles) ReadTiles(list []tlog.Tile) ([][]byte, error) {
	out := make([][]byte, len(list))
	for i, one := range list {
		var err error
		if out[i], err = t.files.tile(one.L, one.N, one.W); err != nil {
			return nil, err
		}
	}
	return out, nil
}
