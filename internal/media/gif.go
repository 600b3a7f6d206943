package media

import (
	"bytes"
	"slices"

	"loam"
)

// The XMP application extension (XMP specification part 3, 1.1.2): the packet stands unblocked,
// and a trailer makes readers that take it for sub-blocks land on the terminator wherever
// they come from.
const (
	gifXMP      = "\x21\xff\x0bXMP DataXMP"
	gifTrailerN = 258
)

// gifTrailer is the magic trailer with the terminator.
func gifTrailer() []byte {
	b := []byte{1}
	for i := 255; i >= 0; i-- {
		b = append(b, byte(i))
	}
	return append(b, 0)
}

// gifBlock is one extension with a packet of XMP, or with a label.
type gifBlock struct {
	from, to int
	packet   []byte
	label    []Found // it is a comment that is a label
}

// gifBlocks follows a GIF89a (or 87a) up to its trailer and gives the extensions with XMP; fresh is
// where a new one goes: before the first picture, behind the applications' own, which tell how
// often an animation repeats; end is the place behind the trailer.
func gifBlocks(b []byte) (blocks []gifBlock, fresh, end int, err error) {
	if len(b) < 13 || string(b[:3]) != "GIF" {
		return nil, 0, 0, broken("gif: no screen descriptor")
	}
	at := 13 + gifTable(b[10])
	if fresh = at; at > len(b) {
		return nil, 0, 0, broken("gif: ends inside its colours")
	}
	left := allowed(bytes.NewReader(b))
	apps := true // nothing but applications' own so far
	for n := 0; n < maxChunks && at < len(b); n++ {
		from := at
		switch b[at] {
		case 0x3b:
			return blocks, fresh, at + 1, nil
		case 0: // some writers leave a terminator too many
			at++
			continue
		case 0x21:
			apps = apps && at+1 < len(b) && b[at+1] == 0xff
			at += 2
		case 0x2c:
			if len(b)-at < 11 {
				return blocks, fresh, 0, broken("gif: ends inside a picture")
			}
			apps = false
			at += 10 + gifTable(b[at+9]) + 1
		default:
			return blocks, fresh, 0, broken("gif: no block where one must be")
		}
		if at = gifSkip(b, at); at < 0 {
			return blocks, fresh, 0, broken("gif: ends inside a block")
		}
		if apps {
			fresh = at
		}
		if bytes.HasPrefix(b[from:at], []byte(gifXMP)) {
			g := gifBlock{from: from, to: at, packet: gifPacket(b[from+len(gifXMP) : at])}
			if !left.packet(int64(len(g.packet))) {
				return blocks, fresh, 0, broken("gif: more XMP than is parsed")
			}
			blocks = append(blocks, g)
		}
		if bytes.HasPrefix(b[from:at], []byte("\x21\xfe")) {
			if f, ok := commentLabel(gifData(b[from+2:at]), "gif.comment"); ok {
				blocks = append(blocks, gifBlock{from: from, to: at, label: []Found{f}})
			}
		}
		if len(blocks) > maxMarks {
			return blocks, fresh, 0, broken("gif: too many packets")
		}
	}
	if at < len(b) {
		return blocks, fresh, 0, broken("gif: too many blocks")
	}
	return blocks, fresh, at, nil // without a trailer, as many are
}

// gifTable is the length of the colour table a descriptor's flags tell of.
func gifTable(flags byte) int {
	if flags&0x80 == 0 {
		return 0
	}
	return 3 << (flags&7 + 1)
}

// gifSkip is the place behind a chain of sub-blocks, -1 if it has no end.
func gifSkip(b []byte, at int) int {
	for at < len(b) {
		n := int(b[at])
		if at += 1 + n; n == 0 {
			return at
		}
	}
	return -1
}

// gifPacket is the packet in an extension's data: before the trailer, or, as some write it,
// in sub-blocks.
func gifPacket(data []byte) []byte {
	if bare, ok := bytes.CutSuffix(data, gifTrailer()); ok {
		return append([]byte{}, bare...)
	}
	if end := bytes.Index(data, []byte("\x01\xff\xfe\xfd")); end >= 0 {
		return append([]byte{}, data[:end]...)
	}
	return gifData(data)
}

// gifData is what stands in a chain of sub-blocks.
func gifData(data []byte) []byte {
	out := []byte{}
	for at := 0; at < len(data); {
		n := int(data[at])
		out = append(out, data[at+1:min(len(data), at+1+n)]...)
		at += 1 + n
	}
	return out
}

func gifMarks(b []byte) ([]Found, error) {
	blocks, _, end, err := gifBlocks(b)
	var out []Found
	for _, g := range blocks {
		if out = append(out, g.label...); g.label == nil {
			out = append(out, xmpMarks(g.packet, "gif.xmp")...)
		}
		if len(out) > maxMarks {
			return out, broken("gif: too many labels")
		}
	}
	return lateMarks(bytes.NewReader(b), int64(end), "gif.late", out, err)
}

// gifPut puts the label into the XMP extension, making one before the first picture, behind
// the applications' own, which tell how often an animation repeats.
func gifPut(src Source, raw, term string) (*Edit, error) {
	b, err := whole(src)
	if err != nil {
		return nil, err
	}
	blocks, at, end, err := gifBlocks(b)
	if err != nil {
		return nil, err
	}
	late, err := behind(src, int64(end), "gif.late")
	if err != nil {
		return nil, err
	}
	var packet []byte
	own := slices.IndexFunc(blocks, func(g gifBlock) bool { return g.label == nil })
	if own >= 0 {
		packet = blocks[own].packet
	}
	if packet, err = xmpWrite(packet, raw, term); err != nil {
		return nil, err
	}
	e := new(Edit)
	e.add([]byte("GIF89a")) // 87a has no extensions
	done := int64(6)
	set := func(from, to int, packet []byte) {
		e.keep(src, done, int64(from))
		e.add(append(append([]byte(gifXMP), packet...), gifTrailer()...))
		done = int64(to)
	}
	if own < 0 {
		set(at, at, packet)
	}
	for i, g := range blocks {
		switch {
		case g.label != nil:
			e.keep(src, done, int64(g.from))
			done = int64(g.to)
		case i == own:
			set(g.from, g.to, packet)
		case len(xmpMarks(g.packet, "")) > 0:
			less, err := xmpRemove(g.packet)
			if err != nil {
				return nil, err
			}
			set(g.from, g.to, less)
		}
	}
	e.keepLess(src, done, src.Size(), late)
	return e, nil
}

// gifLabel is gifPut without a source type.
func gifLabel(src Source, _ loam.Mark, raw string) (*Edit, error) { return gifPut(src, raw, "") }
