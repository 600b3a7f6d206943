package media

import (
	"encoding/binary"
	"iter"
	"strings"

	"loam"
)

// The Vorbis comment block (Vorbis I specification, 5): FLAC, Vorbis, Opus, Theora and Speex
// share it.

// maxComments bounds the comments of a block, each of which takes four bytes at least.
const maxComments = 100_000

// comments are a parsed block: views into its bytes. The comments stand as they are: of a block of
// nothing but the smallest a list of them would take many times its bytes.
type comments struct {
	vendor []byte
	body   []byte // comments, each behind its length
	rest   []byte // behind the comments: a framing bit, padding
}

// readComments reads a block; with an error, the comments before what is wrong.
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
	c.rest = b
	for range n {
		if _, c.rest, ok = counted(c.rest); !ok {
			return c, damaged("vorbis comment: shorter than it says")
		}
		c.body = b[:len(b)-len(c.rest)]
	}
	return c, nil
}

// all are the comments in their order.
func (c comments) all() iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		for b := c.body; len(b) > 0; {
			one, rest, ok := counted(b)
			if !ok || !yield(one) {
				return
			}
			b = rest
		}
	}
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
	for one := range c.all() {
		if _, _, ok := labelOf(one); ok {
			return true
		}
	}
	return false
}

func (c comments) marks(place string) []Found {
	var out []Found
	for one := range c.all() {
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
	out := appendCounted(nil, c.vendor)
	count := len(out)
	out = append(out, 0, 0, 0, 0)
	n, done := uint32(0), raw == ""
	add := func(one []byte) {
		out = appendCounted(out, one)
		n++
	}
	put := func() {
		if !done {
			add([]byte("AIGC=" + raw))
			done = true
		}
	}
	for one := range c.all() {
		if _, _, ok := labelOf(one); ok {
			put()
			continue
		}
		add(one)
	}
	put()
	binary.LittleEndian.PutUint32(out[count:], n)
	return append(out, c.rest...)
}

func appendCounted(b, data []byte) []byte {
	return append(binary.LittleEndian.AppendUint32(b, uint32(len(data))), data...)
}

// errNoRoom is a label that the container's own bounds leave no place for.
func errNoRoom() error { return loam.Fail(loam.TooLarge, "label.no_room") }
