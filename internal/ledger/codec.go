package ledger

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"math"
	"unicode/utf8"

	"loam"
	"loam/internal/merkle"
)

const (
	maxList = 4096 // elements of an array
	maxText = 32   // bytes of a text
)

// fields lists a leaf's fields by ascending key: the one list that writing, reading and
// Validate share.
func (l *Leaf) fields(c *codec) {
	c.code(1, &l.V, 1)
	c.code(2, (*uint8)(&l.Kind), uint8(Erase))
	c.fixed(3, l.ID[:])
	c.number(4, &l.At)
	c.fixed(5, l.Account[:])
	c.fixed(6, l.Collection[:])
	c.fixed(7, l.Work[:])
	c.uses(8, &l.Uses)
	c.number(9, &l.From)
	c.number(10, &l.Until)
	c.code(11, (*uint8)(&l.Terms.Price), uint8(Paid))
	c.fixed(12, l.Terms.RateCard[:])
	c.flag(13, &l.Terms.Attribution)
	c.fixed(14, l.Body[:])
	c.code(15, (*uint8)(&l.Actor), uint8(Panel))
	c.fixed(16, l.Sig[:])
	c.fixed(17, l.Signer[:])
	c.fixed(18, l.Key[:])
	c.fixed(19, l.Hash[:])
	c.number(20, &l.Size)
	c.numbers(21, &l.Refs)
	c.fixed(22, l.Ref[:])
	c.code(23, (*uint8)(&l.What), uint8(Brand))
	c.flag(24, &l.Lift)
	c.code(25, (*uint8)(&l.Result), uint8(Dismissed))
	c.fixed(26, l.Policy[:])
	c.fixed(27, l.Code[:])
	c.text(28, &l.Period)
	c.number(29, &l.Pool)
	c.number(30, &l.Total)
	c.fixed(31, l.Recovery[:])
}

// Encode writes the leaf as deterministic CBOR (RFC 8949 §4.2.1): a map with ascending
// unsigned keys, in which an absent key is the zero value.
func (l *Leaf) Encode() ([]byte, error) {
	c := writer()
	l.fields(&c)
	return c.written()
}

// Decode reads what Encode writes and nothing else, so that a leaf has one form. It keeps uses
// it does not know; the fold denies them.
func Decode(data []byte) (Leaf, error) {
	var l Leaf
	c := reader(data)
	l.fields(&c)
	if err := c.read(); err != nil {
		return Leaf{}, err
	}
	return l, nil
}

func writer() codec { return codec{writing: true, buf: make([]byte, 2, 256)} }

// written puts the map's head before what was written.
func (c *codec) written() ([]byte, error) {
	if c.err == nil && len(c.buf) > merkle.MaxEntry {
		c.err = errors.New("too long")
	}
	if c.err != nil {
		return nil, loam.Fail(loam.Invalid, "ledger.leaf").Because(c.err)
	}
	if c.pairs < 24 {
		c.buf[1] = 0xa0 | byte(c.pairs)
		return c.buf[1:], nil
	}
	c.buf[0], c.buf[1] = 0xb8, byte(c.pairs)
	return c.buf, nil
}

func reader(data []byte) codec {
	c := codec{buf: data}
	if len(data) > merkle.MaxEntry {
		c.err = errors.New("too long")
	}
	c.pairs = int(c.head(majorMap, math.MaxUint8))
	c.next()
	return c
}

// read reports what was wrong, or that something is left over.
func (c *codec) read() error {
	if c.err == nil && c.pairs > 0 {
		c.err = errors.New("a key that is unknown or out of order")
	}
	if c.err == nil && len(c.buf) > 0 {
		c.err = errors.New("bytes after the end")
	}
	if c.err != nil {
		return loam.Fail(loam.Invalid, "ledger.leaf").Because(c.err)
	}
	return nil
}

// codec goes through a list of fields once, writing them or reading them. Reading, a field
// whose key does not stand next is absent; so whatever stands at no field's turn is left over
// at the end.
type codec struct {
	writing bool
	buf     []byte // what was written, or what is left to read
	pairs   int    // written, or left to read
	key     uint64 // reading: the key that stands next, if pairs > 0
	seen    uint64 // bits of the keys written or read
	err     error
}

// Major types of RFC 8949 §3.1, shifted into place.
const (
	majorUint  = 0 << 5
	majorBytes = 2 << 5
	majorText  = 3 << 5
	majorArray = 4 << 5
	majorMap   = 5 << 5
	cborTrue   = 7<<5 | 21
)

// put begins a field that is written.
func (c *codec) put(key uint64) {
	c.pairs++
	c.seen |= 1 << key
	c.buf = appendHead(c.buf, majorUint, key)
}

// turn reports whether the key stands next.
func (c *codec) turn(key uint64) bool {
	if c.err != nil || c.pairs == 0 || c.key != key {
		return false
	}
	c.seen |= 1 << key
	return true
}

// done ends a field that was read: one that holds the zero value should be absent.
func (c *codec) done(zero bool) {
	if c.err == nil && zero {
		c.err = errors.New("a zero value that is written")
	}
	c.pairs--
	c.next()
}

func (c *codec) next() {
	if c.err == nil && c.pairs > 0 {
		c.key = c.head(majorUint, math.MaxUint8)
	}
}

func appendHead(b []byte, major byte, n uint64) []byte {
	switch {
	case n < 24:
		return append(b, major|byte(n))
	case n <= math.MaxUint8:
		return append(b, major|24, byte(n))
	case n <= math.MaxUint16:
		return binary.BigEndian.AppendUint16(append(b, major|25), uint16(n))
	case n <= math.MaxUint32:
		return binary.BigEndian.AppendUint32(append(b, major|26), uint32(n))
	}
	return binary.BigEndian.AppendUint64(append(b, major|27), n)
}

// head reads the head of an item: its number in the shortest form, at most limit.
func (c *codec) head(major byte, limit uint64) uint64 {
	if c.err != nil {
		return 0
	}
	if len(c.buf) == 0 || c.buf[0]&0xe0 != major || c.buf[0]&0x1f > 27 {
		c.err = errors.New("another type than the field's")
		return 0
	}
	n, size := uint64(c.buf[0]&0x1f), 0
	if n >= 24 {
		size = 1 << (n - 24)
		if len(c.buf) < 1+size {
			c.err = errors.New("cut off")
			return 0
		}
		var wide [8]byte
		copy(wide[8-size:], c.buf[1:1+size])
		n = binary.BigEndian.Uint64(wide[:])
	}
	shortest := size == 0 || size == 1 && n >= 24 || size > 1 && n>>(4*size) > 0
	if !shortest || n > limit {
		c.err = errors.New("a number too large or not in its shortest form")
		return 0
	}
	c.buf = c.buf[1+size:]
	return n
}

// take reads n bytes.
func (c *codec) take(n uint64) []byte {
	if c.err == nil && uint64(len(c.buf)) < n {
		c.err = errors.New("cut off")
	}
	if c.err != nil {
		return nil
	}
	b := c.buf[:n]
	c.buf = c.buf[n:]
	return b
}

func (c *codec) code(key uint64, p *uint8, limit uint8) {
	n := int64(*p)
	c.bounded(key, &n, uint64(limit))
	*p = uint8(n)
}

func (c *codec) number(key uint64, p *int64) { c.bounded(key, p, math.MaxInt64) }

func (c *codec) bounded(key uint64, p *int64, limit uint64) {
	switch {
	case c.writing && (*p < 0 || uint64(*p) > limit):
		c.err = errors.New("a number out of range")
	case c.writing && *p != 0:
		c.put(key)
		c.buf = appendHead(c.buf, majorUint, uint64(*p))
	case !c.writing && c.turn(key):
		*p = int64(c.head(majorUint, limit))
		c.done(*p == 0)
	}
}

// fixed is a byte string of one length.
func (c *codec) fixed(key uint64, p []byte) {
	switch {
	case c.writing && !zero(p):
		c.put(key)
		c.buf = append(appendHead(c.buf, majorBytes, uint64(len(p))), p...)
	case !c.writing && c.turn(key):
		n := c.head(majorBytes, merkle.MaxEntry)
		if c.err == nil && n != uint64(len(p)) {
			c.err = errors.New("a byte string of another length")
		}
		copy(p, c.take(n))
		c.done(zero(p))
	}
}

func zero(p []byte) bool {
	for _, b := range p {
		if b != 0 {
			return false
		}
	}
	return true
}

// bytes is a byte string of any length.
func (c *codec) bytes(key uint64, p *[]byte) {
	switch {
	case c.writing && len(*p) > 0:
		c.put(key)
		c.buf = append(appendHead(c.buf, majorBytes, uint64(len(*p))), *p...)
	case !c.writing && c.turn(key):
		*p = bytes.Clone(c.take(c.head(majorBytes, merkle.MaxEntry)))
		c.done(len(*p) == 0)
	}
}

func (c *codec) flag(key uint64, p *bool) {
	switch {
	case c.writing && *p:
		c.put(key)
		c.buf = append(c.buf, cborTrue)
	case !c.writing && c.turn(key):
		b := c.take(1)
		*p = len(b) == 1 && b[0] == cborTrue
		c.done(!*p)
	}
}

func (c *codec) text(key uint64, p *string) {
	switch {
	case c.writing && *p != "":
		c.put(key)
		c.writeText(*p)
	case !c.writing && c.turn(key):
		*p = c.readText()
		c.done(false)
	}
}

func (c *codec) writeText(s string) {
	if len(s) == 0 || len(s) > maxText || !utf8.ValidString(s) {
		c.err = errors.New("a text that is empty, too long or no UTF-8")
	}
	c.buf = append(appendHead(c.buf, majorText, uint64(len(s))), s...)
}

func (c *codec) readText() string {
	b := c.take(c.head(majorText, maxText))
	if c.err == nil && (len(b) == 0 || !utf8.Valid(b)) {
		c.err = errors.New("a text that is empty, too long or no UTF-8")
	}
	return string(b)
}

// uses is an array of texts in strictly ascending byte order.
func (c *codec) uses(key uint64, p *[]loam.Use) {
	switch {
	case c.writing && len(*p) > 0:
		c.put(key)
		c.writeLength(len(*p))
		for _, u := range *p {
			c.writeText(string(u))
		}
	case !c.writing && c.turn(key):
		*p = make([]loam.Use, c.readLength())
		for i := range *p {
			(*p)[i] = loam.Use(c.readText())
		}
		c.done(len(*p) == 0)
	}
	if c.err == nil && !ascending(*p) {
		c.err = errors.New("uses that are not in order")
	}
}

// numbers is an array of numbers, in strictly ascending order.
func (c *codec) numbers(key uint64, p *[]int64) {
	switch {
	case c.writing && len(*p) > 0:
		c.put(key)
		c.writeLength(len(*p))
		for _, n := range *p {
			if n < 0 {
				c.err = errors.New("a number out of range")
			}
			c.buf = appendHead(c.buf, majorUint, uint64(n))
		}
	case !c.writing && c.turn(key):
		*p = make([]int64, c.readLength())
		for i := range *p {
			(*p)[i] = int64(c.head(majorUint, math.MaxInt64))
		}
		c.done(len(*p) == 0)
	}
	if c.err == nil && !ascending(*p) {
		c.err = errors.New("numbers that are not in order")
	}
}

func ascending[T cmp.Ordered](list []T) bool {
	for i := 1; i < len(list); i++ {
		if list[i-1] >= list[i] {
			return false
		}
	}
	return true
}

func (c *codec) writeLength(n int) {
	if n > maxList {
		c.err = errors.New("a list too long")
	}
	c.buf = appendHead(c.buf, majorArray, uint64(n))
}

// readLength refuses a list longer than what is left, before anything is allocated for it.
func (c *codec) readLength() int {
	n := int(c.head(majorArray, maxList))
	if n > len(c.buf) {
		c.err = errors.New("cut off")
		return 0
	}
	return n
}
