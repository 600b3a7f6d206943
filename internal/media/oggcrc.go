package media

import (
	"encoding/binary"
	"slices"
)

// oggPoly is the generator of the pages' check sum: CRC-32 without reflection, from zero and
// with nothing added (RFC 3533, 6).
const oggPoly = 0x04c11db7

func oggCRC(b []byte) uint32 {
	var c uint32
	table := oggTable()
	for _, x := range b {
		c = c<<8 ^ table[byte(c>>24)^x]
	}
	return c
}

func oggTable() *[256]uint32 {
	var t [256]uint32
	for i := range t {
		t[i] = oggTimes(uint32(i)<<24, 8)
	}
	return &t
}

// oggTimes is c·xⁿ for small n.
func oggTimes(c uint32, n int) uint32 {
	for range n {
		if c>>31 != 0 {
			c = c<<1 ^ oggPoly
		} else {
			c <<= 1
		}
	}
	return c
}

// oggAhead is the check sum c after n bytes of zero: c·x⁸ⁿ modulo the generator.
func oggAhead(c uint32, n int64) uint32 {
	for power := oggTimes(1, 8); n > 0; n >>= 1 {
		if n&1 != 0 {
			c = oggProduct(c, power)
		}
		power = oggProduct(power, power)
	}
	return c
}

func oggProduct(a, b uint32) uint32 {
	var out uint32
	for i := 31; i >= 0; i-- {
		out = oggTimes(out, 1)
		if b>>i&1 != 0 {
			out ^= a
		}
	}
	return out
}

// renumbered is a source whose pages have other numbers, by what was added before them. The
// check sum is linear: it changes by that of the changed bits alone, so that no page has to be
// read whole, and a page that was damaged stays so.
type renumbered struct {
	Source
	pages []movedPage // in the order of the file
}

type movedPage struct {
	at int64
	by uint32
}

// ReadAt reads the source with the numbers as they are now (io.ReaderAt).
func (r *renumbered) ReadAt(b []byte, at int64) (int, error) {
	n, err := r.Source.ReadAt(b, at)
	i, found := slices.BinarySearchFunc(r.pages, at, func(p movedPage, at int64) int { return int(max(-1, min(1, p.at-at))) })
	if !found && i > 0 {
		i--
	}
	for ; i < len(r.pages) && r.pages[i].at < at+int64(n); i++ {
		if r.pages[i].at+pageHead <= at {
			continue
		}
		head, bad := r.header(r.pages[i])
		if bad != nil {
			return 0, bad
		}
		for k, x := range head {
			if to := r.pages[i].at + 18 + int64(k) - at; to >= 0 && to < int64(n) {
				b[to] = x
			}
		}
	}
	return n, err
}

// header is the number and the check sum of a moved page.
func (r *renumbered) header(m movedPage) ([]byte, error) {
	p, err := readPage(r.Source, m.at)
	if err != nil {
		return nil, err
	}
	seq := p.seq + m.by
	var change [4]byte
	binary.LittleEndian.PutUint32(change[:], seq^p.seq)
	crc := p.crc ^ oggAhead(oggCRC(change[:]), p.end()-m.at-22)
	return binary.LittleEndian.AppendUint32(binary.LittleEndian.AppendUint32(nil, seq), crc), nil
}
