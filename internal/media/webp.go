package media

import (
	"encoding/binary"
	"slices"

	"loam"
)

// The flags of a VP8X chunk that are read or set (RFC 9649, 2.7).
const (
	webpXMP   = 0x04
	webpAlpha = 0x10
)

// webpMarks finds the labels of a WebP, and what generators left beside its picture.
func webpMarks(src Source) ([]Found, error) {
	f, err := riffScan(src)
	return append(f.found(), f.traces...), err
}

func webpLabel(src Source, _ loam.Mark, raw string) (*Edit, error) { return webpPut(src, raw, "") }

// webpPut writes the label into the XMP chunk, behind the picture and its EXIF; a simple
// file becomes an extended one.
func webpPut(src Source, raw, term string) (*Edit, error) {
	f, err := riffScan(src)
	if err != nil {
		return nil, err
	}
	if len(f.chunks) == 0 {
		return nil, broken("webp: no picture")
	}
	p := &riffPlan{riffFile: f, lists: map[int64]int64{}}
	if err := p.extend(f.chunks[0]); err != nil {
		return nil, err
	}
	keep, packet, err := p.packet()
	if err != nil {
		return nil, err
	}
	if packet, err = xmpWrite(packet, raw, term); err != nil {
		return nil, err
	}
	chunk := newRIFFChunk("XMP ", packet)
	if keep != nil {
		p.replace(*keep, chunk)
		err = p.clear(keep.at)
	} else if err = p.clear(-1); err == nil {
		p.append(p.pictureEnd(), chunk)
	}
	if err != nil {
		return nil, err
	}
	return p.edit()
}

// packet reads the first XMP chunk.
func (p *riffPlan) packet() (*riffChunk, []byte, error) {
	i := slices.IndexFunc(p.chunks, func(c riffChunk) bool { return c.id == "XMP " && c.at < p.end })
	if i < 0 {
		return nil, nil, nil
	}
	c := p.chunks[i]
	b, err := read(p.src, c.body, min(c.end-c.body, maxPacket+1))
	return &c, b, err
}

// pictureEnd is where the XMP chunk belongs: behind the last chunk of the picture or EXIF.
func (p *riffPlan) pictureEnd() int64 {
	end := p.chunks[0].next
	for _, c := range p.chunks {
		if c.at < p.end && slices.Contains([]string{"VP8X", "ICCP", "ANIM", "ANMF", "ALPH", "VP8 ", "VP8L", "EXIF"}, c.id) {
			end = c.next
		}
	}
	return end
}

// extend sets the flag of XMP, in a new VP8X chunk if the file is a simple one.
func (p *riffPlan) extend(first riffChunk) error {
	b, err := read(p.src, first.body, min(10, first.end-first.body))
	if err != nil {
		return err
	}
	flags := byte(webpXMP)
	var width, height int
	switch {
	case first.id == "VP8X" && len(b) == 10:
		p.changes = append(p.changes, change{at: first.body, end: first.body + 1, lit: []byte{b[0] | webpXMP}})
		return nil
	case first.id == "VP8 " && len(b) == 10 && string(b[3:6]) == "\x9d\x01\x2a":
		width, height = int(binary.LittleEndian.Uint16(b[6:])&0x3fff), int(binary.LittleEndian.Uint16(b[8:])&0x3fff)
	case first.id == "VP8L" && len(b) >= 5 && b[0] == 0x2f:
		n := binary.LittleEndian.Uint32(b[1:])
		width, height = int(n&0x3fff)+1, int(n>>14&0x3fff)+1
		if n>>28&1 == 1 {
			flags |= webpAlpha
		}
	}
	if width == 0 || height == 0 {
		return broken("webp: no picture first")
	}
	w, h := uint32(width-1), uint32(height-1)
	data := []byte{flags, 0, 0, 0, byte(w), byte(w >> 8), byte(w >> 16), byte(h), byte(h >> 8), byte(h >> 16)}
	p.changes = append(p.changes, change{at: first.at, end: first.at, lit: newRIFFChunk("VP8X", data)})
	return nil
}
