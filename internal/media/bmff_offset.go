package media

import (
	"cmp"
	"encoding/binary"
	"math"
	"slices"

	"loam"
)

// Limits of what is corrected: tables of a day of video take a tenth of it.
const (
	maxOffsetTables = 1 << 16
	maxOffsetBytes  = 16 << 20
	maxItems        = 1 << 20 // bytes of an iloc box
)

// change replaces the bytes from at up to end by lit; the boxes around it grow with it.
type change struct {
	at, end int64
	lit     []byte
	in      []box
}

func (s change) growth() int64 { return int64(len(s.lit)) - (s.end - s.at) }

// offsetTable is a box that holds absolute places in the file.
type offsetTable struct {
	box
	in []box
}

// mover knows where each byte of a file goes when changes are made in it.
type mover struct {
	src     Source
	changes []change // in the order of the file, none overlaps
}

// bmffSplice plans a file with these changes, the lengths of the boxes around them and all
// absolute offsets corrected: sample tables, auxiliary information, item locations,
// fragments and their indexes. A 32-bit sample table that a place outgrows becomes one of 64
// bits. What cannot be corrected is Invalid, "media.offsets".
func bmffSplice(src Source, changes []change) (*Edit, error) {
	m := &mover{src: src, changes: slices.Clone(changes)}
	m.sort()
	tables, err := m.tables()
	if err != nil {
		return nil, err
	}
	if tables, err = m.widen(tables); err != nil {
		return nil, err
	}
	var patches []change
	for _, t := range tables {
		p, err := m.correct(t)
		if err != nil {
			return nil, err
		}
		if p != nil {
			patches = append(patches, change{at: t.body, end: t.end, lit: p})
		}
	}
	lengths, err := m.lengths()
	if err != nil {
		return nil, err
	}
	m.changes = append(append(m.changes, patches...), lengths...)
	m.sort()
	return m.edit()
}

func (m *mover) sort() {
	slices.SortStableFunc(m.changes, func(a, b change) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.end, b.end)) })
}

func (m *mover) edit() (*Edit, error) {
	e := new(Edit)
	var at int64
	for _, s := range m.changes {
		if s.at < at {
			return nil, damaged("bmff: boxes that overlap")
		}
		e.keep(m.src, at, s.at)
		e.add(s.lit)
		at = s.end
	}
	e.keep(m.src, at, m.src.Size())
	return e, nil
}

// moved is where the byte at a place goes.
func (m *mover) moved(x int64) int64 {
	to := x
	for _, s := range m.changes {
		if s.end <= x {
			to += s.growth()
		}
	}
	return to
}

// movedEnd is where what ends before a place ends afterwards.
func (m *mover) movedEnd(x int64) int64 {
	to := x
	for _, s := range m.changes {
		if s.at < x {
			to += s.growth()
		}
	}
	return to
}

// tables lists the boxes whose content is to be corrected.
func (m *mover) tables() ([]offsetTable, error) {
	var out []offsetTable
	var bytes int64
	around := []string{"moov", "trak", "mdia", "minf", "dinf", "stbl", "udta", "meta", "moof", "traf", "mfra"}
	err := boxWalk(m.src, around, func(b box, in []box) error {
		has, err := m.holdsOffsets(b, in)
		if err != nil || !has {
			return err
		}
		bytes += b.end - b.body
		if len(out) >= maxOffsetTables || bytes > maxOffsetBytes {
			return loam.Fail(loam.TooLarge, "media.offsets").Because(errString("bmff: offset tables too large"))
		}
		out = append(out, offsetTable{b, in})
		return nil
	})
	return out, err
}

// holdsOffsets tells the boxes that hold absolute places, in their own file: samples in
// another one, and a compressed movie, cannot be corrected.
func (m *mover) holdsOffsets(b box, in []box) (bool, error) {
	switch b.kind {
	case "stco", "co64", "saio": // in a fragment the last is relative
		return under(in, "stbl"), nil
	case "iloc":
		if b.end-b.body > maxItems {
			return false, loam.Fail(loam.TooLarge, "media.offsets").Because(errString("bmff: too many items"))
		}
		return under(in, "meta"), nil
	case "tfhd":
		flags, err := b.content(m.src, 4)
		return under(in, "moof", "traf") && len(flags) == 4 && flags[3]&1 != 0, err
	case "tfra":
		return under(in, "mfra"), nil
	case "sidx":
		return len(in) == 0, nil
	case "cmov":
		return false, loam.Fail(loam.Invalid, "media.offsets").Because(errString("bmff: compressed movie"))
	case "dref":
		return false, m.selfContained(b)
	}
	return false, nil
}

// selfContained refuses a track whose samples lie in another file (ISO 14496-12, 8.7.2).
func (m *mover) selfContained(dref box) error {
	left := 1 << 10
	return boxes(m.src, min(dref.body+8, dref.end), dref.end, &left, func(e box) error {
		flags, err := read(m.src, e.body, min(4, e.end-e.body))
		if err != nil {
			return err
		}
		if len(flags) == 4 && flags[3]&1 == 0 {
			return loam.Fail(loam.Invalid, "media.offsets").Because(errString("bmff: samples in another file"))
		}
		return nil
	})
}

// widen turns each stco whose places no longer fit 32 bits into a co64. That grows the file
// and may push more of them over. The tables that stay are given back.
func (m *mover) widen(tables []offsetTable) ([]offsetTable, error) {
	fresh := map[int64][]byte{} // by the place of the old table
	for again := true; again; {
		again = false
		for _, t := range tables {
			if t.kind != "stco" || fresh[t.at] != nil {
				continue
			}
			over, err := m.outgrows(t)
			if err != nil {
				return nil, err
			}
			if over {
				fresh[t.at] = make([]byte, 16+8*((t.end-t.body-8)/4))
				m.changes = append(m.changes, change{at: t.at, end: t.end, lit: fresh[t.at], in: t.in})
				m.sort()
				again = true
			}
		}
	}
	var out []offsetTable
	for _, t := range tables {
		lit := fresh[t.at]
		if lit == nil {
			out = append(out, t)
			continue
		}
		if err := m.fillWide(t, lit); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// fillWide writes the co64 box that stands for a stco box.
func (m *mover) fillWide(t offsetTable, lit []byte) error {
	b, err := read(m.src, t.body, t.end-t.body)
	if err != nil {
		return err
	}
	binary.BigEndian.PutUint32(lit, uint32(len(lit)))
	copy(lit[4:], "co64")
	copy(lit[8:], b[:8])
	for k := range (len(b) - 8) / 4 {
		binary.BigEndian.PutUint64(lit[16+8*k:], uint64(m.moved(int64(binary.BigEndian.Uint32(b[8+4*k:])))))
	}
	return nil
}

// outgrows tells whether a place of a 32-bit table goes beyond 4 GiB.
func (m *mover) outgrows(t offsetTable) (bool, error) {
	var growth int64
	for _, s := range m.changes {
		growth += max(0, s.growth())
	}
	if m.src.Size()+growth <= math.MaxUint32 {
		return false, nil
	}
	b, err := read(m.src, t.body, t.end-t.body)
	if err != nil {
		return false, err
	}
	if len(b) < 8 {
		return false, damaged("bmff: table shorter than it says")
	}
	var last uint32
	for k := 8; k+4 <= len(b); k += 4 {
		last = max(last, binary.BigEndian.Uint32(b[k:]))
	}
	return m.moved(int64(last)) > math.MaxUint32, nil
}

// lengths gives the new lengths of the boxes around the changes.
func (m *mover) lengths() ([]change, error) {
	around := map[int64]box{}
	growth := map[int64]int64{}
	for _, s := range m.changes {
		for _, b := range s.in {
			around[b.at] = b
			growth[b.at] += s.growth()
		}
	}
	var out []change
	for at, b := range around {
		size := b.end - b.at + growth[at]
		switch {
		case b.open || growth[at] == 0:
		case b.wide:
			out = append(out, change{at: at + 8, end: at + 16, lit: binary.BigEndian.AppendUint64(nil, uint64(size))})
		case size > math.MaxUint32:
			return nil, loam.Fail(loam.TooLarge, "media.offsets")
		default:
			out = append(out, change{at: at, end: at + 4, lit: binary.BigEndian.AppendUint32(nil, uint32(size))})
		}
	}
	return out, nil
}
