package media

import (
	"encoding/binary"
	"strings"

	"loam"
)

// The Vorbis comment block (Vorbis I specification, 5): FLAC, Vorbis, Opus, Theora and Speex
// share it.

// maxComments bounds the comments of a block, each of which takes four bytes at least.
const maxComments = 100_000

// comments is a parsed block: views into its bytes.
type comments struct {
	vendor []byte
	list   [][]byte
	rest   []byte // behind the comments: a framing bit, padding
}

func readComments(b []byte) (comments, error) {
	var c comments
	var ok bool
	if c.vendor, b, ok = counted(b); !ok || len(b) < 4 {
		return c, damaged("vorbis comment: shorter than it says")
	}
	n := binary.LittleEndian.Uint32(b)
	b = b[4:]
	if n > maxComments || uint64(n)*4 > uint64(len(b)) {
		return c, damaged("vorbis comment: more comments than bytes")
	}
	for range n {
		var one []byte
		if one, b, ok = counted(b); !ok {
			return c, damaged("vorbis comment: shorter than it says")
		}
		c.list = append(c.list, one)
	}
	c.rest = b
	return c, nil
}

// counted takes bytes off b that stand behind their number.
func counted(b []byte) (taken, rest []byte, ok bool) {
	if len(b) < 4 {
		return nil, b, false
	}
	n := uint64(binary.LittleEndian.Uint32(b))
	if n > uint64(len(b)-4) {
		return nil, b, false
	}
	return b[4 : 4+n], b[4+n:], true
}

// labelOf is a comment's value if its name is a label's; names have no case.
func labelOf(comment []byte) (value string, exact, ok bool) {
	name, value, found := strings.Cut(string(comment[:min(len(comment), maxRaw+128)]), "=")
	return value, strings.EqualFold(name, "AIGC"), found && isAIGC(name)
}

func (c comments) marked() bool {
	for _, one := range c.list {
		if _, _, ok := labelOf(one); ok {
			return true
		}
	}
	return false
}

func (c comments) marks(place string) []Found {
	var out []Found
	for _, one := range c.list {
		value, exact, ok := labelOf(one)
		if !ok {
			continue
		}
		f := readRaw(value, place)
		if !exact {
			f.warn("name")
		}
		if out = append(out, f); len(out) > maxMarks {
			break
		}
	}
	return out
}

// with is the block with this label as its only one, without any where raw is empty.
func (c comments) with(raw string) []byte {
	var list [][]byte
	done := raw == ""
	put := func() {
		if !done {
			list = append(list, []byte("AIGC="+raw))
			done = true
		}
	}
	for _, one := range c.list {
		if _, _, ok := labelOf(one); ok {
			put()
			continue
		}
		list = append(list, one)
	}
	put()
	out := appendCounted(nil, c.vendor)
	out = binary.LittleEndian.AppendUint32(out, uint32(len(list)))
	for _, one := range list {
		out = appendCounted(out, one)
	}
	return append(out, c.rest...)
}

func appendCounted(b, data []byte) []byte {
	return append(binary.LittleEndian.AppendUint32(b, uint32(len(data))), data...)
}

// errNoRoom is a label that the container's own bounds leave no place for.
func errNoRoom() error { return loam.Fail(loam.TooLarge, "label.no_room") }
