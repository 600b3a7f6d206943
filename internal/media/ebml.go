package media

import (
	"hash/crc32"
	"math/bits"
)

// Elements of EBML and Matroska that are read (RFC 8794, RFC 9559), by their ids with the
// length marker.
const (
	idEBML          = 0x1a45dfa3
	idVoid          = 0xec
	idCRC           = 0xbf
	idSegment       = 0x18538067
	idSeekHead      = 0x114d9b74
	idSeek          = 0x4dbb
	idSeekID        = 0x53ab
	idSeekPosition  = 0x53ac
	idInfo          = 0x1549a966
	idTracks        = 0x1654ae6b
	idCluster       = 0x1f43b675
	idCues          = 0x1c53bb6b
	idTimestamp     = 0xe7
	idPosition      = 0xa7
	idCuePoint      = 0xbb
	idCueTrack      = 0xb7
	idCueCluster    = 0xf1
	idAttachments   = 0x1941a469
	idChapters      = 0x1043a770
	idTags          = 0x1254c367
	idTag           = 0x7373
	idTargets       = 0x63c0
	idTagTrack      = 0x63c5
	idTagEdition    = 0x63c9
	idTagChapter    = 0x63c4
	idTagAttachment = 0x63c6
	idSimpleTag     = 0x67c8
	idTagName       = 0x45a3
	idTagString     = 0x4487
	idTagBinary     = 0x4485
)

// leastElement bounds a walk, in bytes: frames have far more.
const leastElement = 8

// element is one EBML element: it starts at at, its data at body, and it ends before end.
type element struct {
	id            uint32
	at, body, end int64
	unknown       bool // it has no length; end is then the limit
}

// elementAt reads the header of the element at a place, which must end before limit.
func elementAt(src Source, at, limit int64) (element, error) {
	h, err := read(src, at, min(12, limit-at))
	if err != nil {
		return element{}, err
	}
	if len(h) < 2 || h[0] < 0x10 {
		return element{}, damaged("ebml: no element where one must be")
	}
	e := element{at: at}
	n := bits.LeadingZeros8(h[0]) + 1
	if len(h) <= n || h[n] == 0 {
		return e, damaged("ebml: no length where one must be")
	}
	e.id = uint32(bigEndian(h[:n]))
	width := bits.LeadingZeros8(h[n]) + 1
	if len(h) < n+width {
		return e, damaged("ebml: ends inside a header")
	}
	size := bigEndian(h[n:n+width]) &^ (1 << (7 * width))
	e.body = at + int64(n+width)
	if size == 1<<(7*width)-1 {
		e.unknown, e.end = true, limit
		return e, nil
	}
	if size > uint64(limit-e.body) {
		return e, damaged("ebml: element longer than what holds it")
	}
	e.end = e.body + int64(size)
	return e, nil
}

// elements calls do for each element between two places and counts them down in left. One
// without length is an error here.
func elements(src Source, from, to int64, left *int, do func(element) error) error {
	for at := from; at < to; {
		if *left--; *left < 0 {
			return damaged("ebml: too many elements")
		}
		e, err := elementAt(src, at, to)
		if err != nil {
			return err
		}
		if e.unknown {
			return damaged("ebml: element of no length")
		}
		if err := do(e); err != nil {
			return err
		}
		at = e.end
	}
	return nil
}

// data reads the beginning of an element's data, at most limit bytes.
func (e element) data(src Source, limit int64) ([]byte, error) {
	return read(src, e.body, min(e.end-e.body, limit))
}

// appendID appends an id, which has its length marker in it.
func appendID(b []byte, id uint32) []byte {
	for shift := (bits.Len32(id) - 1) / 8 * 8; shift >= 0; shift -= 8 {
		b = append(b, byte(id>>shift))
	}
	return b
}

// sizeWidth is how many bytes a length needs; all ones mean that there is none.
func sizeWidth(n int64) int {
	width := 1
	for n >= 1<<(7*width)-1 {
		width++
	}
	return width
}

// appendSize appends a length in so many bytes.
func appendSize(b []byte, n int64, width int) []byte {
	coded := uint64(n) | 1<<(7*width)
	for k := width - 1; k >= 0; k-- {
		b = append(b, byte(coded>>(8*k)))
	}
	return b
}

// newElement makes an element of parts.
func newElement(id uint32, parts ...[]byte) []byte {
	var n int64
	for _, p := range parts {
		n += int64(len(p))
	}
	out := appendSize(appendID(make([]byte, 0, n+12), id), n, sizeWidth(n))
	for _, p := range parts {
		out = append(out, p...)
	}
	return out
}

// stretched is an element with one byte more in its length, for a gap too small for Void.
func stretched(b []byte) []byte {
	n := bits.LeadingZeros8(b[0]) + 1
	width := bits.LeadingZeros8(b[n]) + 1
	size := int64(bigEndian(b[n:n+width]) &^ (1 << (7 * width)))
	return append(appendSize(append(make([]byte, 0, len(b)+1), b[:n]...), size, width+1), b[n+width:]...)
}

// voidHeader begins a Void element of n bytes in all, at least two.
func voidHeader(n int64) []byte {
	if n-2 < 1<<7-1 {
		return appendSize([]byte{idVoid}, n-2, 1)
	}
	return appendSize([]byte{idVoid}, n-9, 8)
}

// fit gives an element and what begins the Void behind it so that both fill n bytes; ok is
// false if it is too long.
func fit(b []byte, n int64) (lit []byte, ok bool) {
	switch gap := n - int64(len(b)); {
	case gap == 0:
		return b, true
	case gap == 1:
		return stretched(b), true
	case gap > 1:
		return append(b[:len(b):len(b)], voidHeader(gap)...), true
	}
	return nil, false
}

// erase makes a Void of zeros of a stretch of bytes.
func erase(b []byte) {
	clear(b)
	copy(b, voidHeader(int64(len(b))))
}

// fixCRC renews the checksum of an element's data, if it begins with one (RFC 8794, 11.3.1).
func fixCRC(data []byte) {
	if len(data) >= 6 && data[0] == idCRC && data[1] == 0x84 {
		sum := crc32.ChecksumIEEE(data[6:])
		data[2], data[3], data[4], data[5] = byte(sum), byte(sum>>8), byte(sum>>16), byte(sum>>24)
	}
}
