package media

import (
	"bytes"
	"math"

	"loam"
)

// correct gives a table's content with its places moved, nil if none moves.
func (m *mover) correct(t offsetTable) ([]byte, error) {
	old, err := read(m.src, t.body, t.end-t.body)
	if err != nil {
		return nil, err
	}
	c := &corrected{m: m, b: bytes.Clone(old)}
	switch t.kind {
	case "stco":
		c.list(8, 4)
	case "co64":
		c.list(8, 8)
	case "saio":
		c.auxiliary()
	case "tfhd":
		c.place(8, 8)
	case "tfra":
		c.randomAccess()
	case "sidx":
		c.segmentIndex(t.box)
	case "iloc":
		c.items()
	}
	if c.err != nil || bytes.Equal(c.b, old) {
		return nil, c.err
	}
	return c.b, nil
}

// corrected is a table's content being corrected. The first error stays; reading and
// writing beyond the content are errors.
type corrected struct {
	m   *mover
	b   []byte
	err error
}

func (c *corrected) fail(err error) {
	if c.err == nil {
		c.err = err
	}
}

// at reads the big-endian number of size bytes at a place of the content; no bytes are 0.
func (c *corrected) at(i, size int) uint64 {
	if i+size > len(c.b) {
		c.fail(damaged("bmff: table shorter than it says"))
		return 0
	}
	return bigEndian(c.b[i : i+size])
}

func bigEndian(b []byte) uint64 {
	var n uint64
	for _, x := range b {
		n = n<<8 | uint64(x)
	}
	return n
}

// set writes a number; one that does not fit is an error.
func (c *corrected) set(i, size int, n uint64) {
	if c.err != nil {
		return
	}
	if size < 8 && n>>(8*size) != 0 {
		c.fail(loam.Fail(loam.Invalid, "media.offsets").Because(errString("bmff: offset outgrows its field")))
		return
	}
	for k := size - 1; k >= 0; k-- {
		c.b[i+k] = byte(n)
		n >>= 8
	}
}

// place moves the absolute place in a field.
func (c *corrected) place(i, size int) {
	if n := c.at(i, size); c.err == nil && n <= math.MaxInt64 {
		c.set(i, size, uint64(c.m.moved(int64(n))))
	}
}

// list moves the places of a table whose count stands in the four bytes before start.
func (c *corrected) list(start, size int) {
	n := c.at(start-4, 4)
	if n > uint64(len(c.b)/size) {
		c.fail(damaged("bmff: table shorter than it says"))
	}
	for k := 0; c.err == nil && k < int(n); k++ {
		c.place(start+k*size, size)
	}
}

// auxiliary moves a saio box's places (ISO 14496-12, 8.7.9).
func (c *corrected) auxiliary() {
	head := c.at(0, 4)
	start, size := 8, 4
	if head&1 != 0 {
		start += 8
	}
	if head>>24 != 0 {
		size = 8
	}
	c.list(start, size)
}

// randomAccess moves the fragments' places of a tfra box (ISO 14496-12, 8.8.10).
func (c *corrected) randomAccess() {
	size := 4
	if c.at(0, 4)>>24 == 1 {
		size = 8
	}
	lengths := c.at(8, 4)
	entry := 2*size + 3 + int(lengths&3) + int(lengths>>2&3) + int(lengths>>4&3)
	n := c.at(12, 4)
	if n > uint64(len(c.b)/entry) {
		c.fail(damaged("bmff: table shorter than it says"))
	}
	for k := 0; c.err == nil && k < int(n); k++ {
		c.place(16+k*entry+size, size)
	}
}

// segmentIndex corrects a sidx box: its places count from its own end, and each
// subsegment is as long as what now lies in it (ISO 14496-12, 8.16.3).
func (c *corrected) segmentIndex(b box) {
	size := 4
	if c.at(0, 4)>>24 != 0 {
		size = 8
	}
	first := 12 + size
	offset, n := c.at(first, size), int(c.at(first+size+2, 2))
	if c.err != nil || offset > uint64(c.m.src.Size()-b.end) {
		c.fail(damaged("bmff: segment index beyond the file"))
		return
	}
	at := b.end + int64(offset)
	c.set(first, size, uint64(c.m.moved(at)-c.m.moved(b.at)-(b.end-b.at)))
	for k := range n {
		i := first + size + 4 + 12*k
		word := c.at(i, 4)
		next := at + int64(word&math.MaxInt32)
		if c.err != nil {
			return
		}
		end := c.m.moved(next)
		if k == n-1 {
			end = c.m.movedEnd(next)
		}
		length := uint64(end - c.m.moved(at))
		if length > math.MaxInt32 {
			c.fail(loam.Fail(loam.Invalid, "media.offsets").Because(errString("bmff: subsegment too long")))
			return
		}
		c.set(i, 4, word&(1<<31)|length)
		at = next
	}
}

// items moves the extents of an iloc box that lie in the file itself (ISO 14496-12, 8.11.3).
func (c *corrected) items() {
	err := eachItem(c.b, func(it itemPlace) error {
		if it.method == 0 && !it.elsewhere {
			c.item(it)
		}
		return nil
	})
	if err != nil {
		c.fail(err)
	}
}

func (c *corrected) item(it itemPlace) {
	var by int64
	for k, x := range it.extents {
		at := it.base + x.offset
		if at > math.MaxInt64 {
			c.fail(damaged("bmff: item beyond the file"))
			return
		}
		d := c.m.moved(int64(at)) - int64(at)
		switch {
		case x.size > 0:
			c.set(x.field, x.size, x.offset+uint64(d))
		case k > 0 && d != by:
			c.fail(loam.Fail(loam.Invalid, "media.offsets").Because(errString("bmff: item in two parts")))
			return
		}
		by = d
	}
	if len(it.extents) > 0 && it.extents[0].size == 0 && by != 0 {
		c.set(it.field, it.size, it.base+uint64(by))
	}
}

// itemPlace is one item of an iloc box; field and size tell where its base stands in the
// box's content, and an extent's where its offset stands.
type itemPlace struct {
	id        uint32
	method    int  // 0: in the file, 1: in the idat box, 2: in another item
	elsewhere bool // in another file
	base      uint64
	field     int
	size      int
	extents   []extent
}

type extent struct {
	offset, length uint64
	field, size    int
}

// eachItem calls do for each item of an iloc box's content: a list of them would take many times its
// bytes.
func eachItem(b []byte, do func(itemPlace) error) error {
	r := &fields{b: b}
	version := r.next(4) >> 24
	sizes := int(r.next(2))
	offset, length, base, index := sizes>>12, sizes>>8&15, sizes>>4&15, 0
	idSize := 2
	if version > 0 {
		index = sizes & 15
	}
	if version > 1 {
		idSize = 4
	}
	if version > 2 || offset > 8 || length > 8 || base > 8 || index > 8 {
		return damaged("bmff: unknown item locations")
	}
	for n := r.next(idSize); n > 0 && !r.over; n-- {
		it := itemPlace{id: uint32(r.next(idSize)), size: base}
		if version > 0 {
			it.method = int(r.next(2) & 15)
		}
		it.elsewhere = r.next(2) != 0
		it.field = r.i
		it.base = r.next(base)
		k := r.next(2)
		it.extents = make([]extent, 0, min(int(k), (len(b)-r.i)/max(1, index+offset+length)))
		for ; k > 0 && !r.over; k-- {
			r.next(index)
			x := extent{field: r.i, size: offset}
			x.offset, x.length = r.next(offset), r.next(length)
			if offset+length+index == 0 && k > 1 {
				return damaged("bmff: item in many parts of no length")
			}
			it.extents = append(it.extents, x)
		}
		if r.over {
			break
		}
		if err := do(it); err != nil {
			return err
		}
	}
	if r.over {
		return damaged("bmff: table shorter than it says")
	}
	return nil
}

// fields reads big-endian numbers one behind the other.
type fields struct {
	b    []byte
	i    int
	over bool // something beyond the end was asked for
}

func (r *fields) next(size int) uint64 {
	if size > len(r.b)-r.i {
		r.over, r.i = true, len(r.b)
		return 0
	}
	n := bigEndian(r.b[r.i : r.i+size])
	r.i += size
	return n
}
