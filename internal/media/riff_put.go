package media

import (
	"bytes"
	"encoding/binary"
	"slices"

	"loam"
)

// newRIFFChunk makes a chunk with its padding.
func newRIFFChunk(id string, data []byte) []byte {
	out := append(make([]byte, 0, len(data)+9), id...)
	out = binary.LittleEndian.AppendUint32(out, uint32(len(data)))
	out = append(out, data...)
	if len(data)&1 == 1 {
		out = append(out, 0)
	}
	return out
}

// riffPlan plans changes to a RIFF file and the lengths that follow from them.
type riffPlan struct {
	*riffFile
	changes []change
	lists   map[int64]int64 // how much a LIST grows, by its place
}

// replace puts other bytes in a chunk's place, none to take it out.
func (p *riffPlan) replace(c riffChunk, lit []byte) {
	if p.changes = append(p.changes, change{at: c.at, end: c.next, lit: lit}); c.list != nil {
		p.lists[c.list.at] += int64(len(lit)) - (c.next - c.at)
	}
}

// clear takes the labels of every chunk out but that of keep.
func (p *riffPlan) clear(keep int64) error {
	for _, s := range p.spots {
		if s.at == keep || !slices.ContainsFunc(s.marks, func(m Found) bool { return m.Kind == KindImplicit }) {
			continue
		}
		if isAIGC(s.id) {
			p.replace(s.riffChunk, nil)
			continue
		}
		if s.end-s.body > maxPacket {
			return p.broken("a label in a packet too long to be written anew")
		}
		b, err := read(p.src, s.body, s.end-s.body)
		if err != nil {
			return err
		}
		if s.id == "EXIF" {
			skip := 0
			if bytes.HasPrefix(b, []byte(exifHeader)) {
				skip = len(exifHeader)
			}
			less, err := exifClean(b[skip:])
			if err != nil {
				return err
			}
			p.changes = append(p.changes, change{at: s.body, end: s.end, lit: append(b[:skip:skip], less...)})
			continue
		}
		less, err := xmpRemove(b)
		if err != nil {
			return err
		}
		p.replace(s.riffChunk, newRIFFChunk(s.id, less))
	}
	return nil
}

// append puts a chunk at a place among the file's, padded if the one before is not. What
// goes before it is to be cleared first.
func (p *riffPlan) append(at int64, chunk []byte) {
	changed := slices.ContainsFunc(p.changes, func(c change) bool { return c.end == at && c.at < at })
	if at&1 == 1 && !changed {
		chunk = append([]byte{0}, chunk...)
	}
	p.changes = append(p.changes, change{at: at, end: at, lit: chunk})
}

// edit blanks labels behind the file's end and corrects the lengths of lists and of the file.
func (p *riffPlan) edit() (*Edit, error) {
	for _, l := range p.late {
		p.changes = append(p.changes, l.blanked())
	}
	growth := int64(0)
	for _, c := range p.changes {
		if c.at < p.end || c.at == p.end && c.growth() > 0 {
			growth += c.growth()
		}
	}
	for _, c := range p.chunks {
		if g := p.lists[c.at]; g != 0 {
			p.changes = append(p.changes, change{at: c.at + 4, end: c.at + 8, lit: binary.LittleEndian.AppendUint32(nil, uint32(c.end-c.body+g))})
		}
	}
	size := p.end - 8 + growth
	switch {
	case p.long != nil:
		p.changes = append(p.changes, change{at: p.long.body, end: p.long.body + 8, lit: binary.LittleEndian.AppendUint64(nil, uint64(size))})
	case p.unsized:
	case size >= chunkSize64:
		return nil, loam.Fail(loam.TooLarge, "label.no_room")
	default:
		p.changes = append(p.changes, change{at: 4, end: 8, lit: binary.LittleEndian.AppendUint32(nil, uint32(size))})
	}
	m := &mover{src: p.src, changes: p.changes}
	m.sort()
	return m.edit()
}

// wavPut writes the label as chunk AIGC: in the place of the one the file has, else behind
// its chunks, else, in a file that ends with sound of unknown length, before that.
func wavPut(src Source, _ loam.Mark, raw string) (*Edit, error) {
	f, err := riffScan(src)
	if err != nil {
		return nil, err
	}
	p := &riffPlan{riffFile: f, lists: map[int64]int64{}}
	chunk := newRIFFChunk(aigcKey, []byte(raw))
	own := slices.IndexFunc(f.spots, func(s riffSpot) bool { return s.id == aigcKey && s.list == nil && s.at < f.end })
	if own >= 0 {
		c := f.spots[own].riffChunk
		p.replace(c, chunk)
		if err := p.clear(c.at); err != nil {
			return nil, err
		}
		return p.edit()
	}
	if err := p.clear(-1); err != nil {
		return nil, err
	}
	at := f.last
	if sound := slices.IndexFunc(f.chunks, func(c riffChunk) bool { return c.id == "data" }); f.open && sound >= 0 {
		at = f.chunks[sound].at
	}
	p.append(at, chunk)
	return p.edit()
}
