package media

import (
	"slices"

	"loam"
)

// matroskaPut writes the label as a simple tag of the whole file, before the first cluster,
// where readers look that do not read the film: in the place of the one it has; else into
// Void; else as an element of its own, with all places corrected. Where a place outgrows
// its field the tag goes behind everything, with an entry in the seek head. Old labels
// become Void.
func matroskaPut(src Source, _ loam.Mark, raw string) (*Edit, error) {
	r, err := recordingScan(src)
	if err != nil {
		return nil, err
	}
	p := &tagPlan{recording: r, label: simpleTagOf(raw), tail: r.last}
	if err := p.clear(); err != nil {
		return nil, err
	}
	if p.placed {
		p.forget(0)
	} else if err := p.place(newElement(idTags, newElement(idTag, newElement(idTargets), p.label))); err != nil {
		return nil, err
	}
	p.length()
	late, err := behind(src, r.segment.end, "matroska.late")
	if err != nil {
		return nil, err
	}
	for _, l := range late {
		p.changes = append(p.changes, l.blanked())
	}
	m := &mover{src: src, changes: p.changes}
	m.sort()
	return m.edit()
}

func simpleTagOf(raw string) []byte {
	return newElement(idSimpleTag, newElement(idTagName, []byte(aigcKey)), newElement(idTagString, []byte(raw)))
}

// tagPlan is the label being put into a recording.
type tagPlan struct {
	*recording
	label   []byte
	placed  bool
	changes []change
	gone    []int64 // where Tags elements were
	tail    int64   // where what is behind everything starts
}

// clear takes the old labels out; the first is replaced if the new one fits its place.
func (p *tagPlan) clear() error {
	for _, t := range p.tags {
		if !slices.ContainsFunc(p.labels, func(l simpleTag) bool { return l.tags == t }) {
			continue
		}
		if t.end-t.at > maxTagsElement {
			return errNoRoom()
		}
		b, err := read(p.src, t.at, t.end-t.at)
		if err != nil {
			return err
		}
		empty, err := p.clearTags(t, b)
		if err != nil {
			return err
		}
		switch {
		case !empty:
			fixCRC(b[t.body-t.at:])
			p.changes = append(p.changes, change{at: t.at, end: t.end, lit: b})
		case t.end == p.last:
			p.tail, p.gone = t.at, append(p.gone, t.at)
			p.changes = append(p.changes, change{at: t.at, end: t.end})
		default:
			p.gone = append(p.gone, t.at)
			erase(b)
			p.changes = append(p.changes, change{at: t.at, end: t.end, lit: b})
			if p.cluster == 0 || t.at < p.cluster {
				p.holes = append(p.holes, t)
			}
		}
	}
	return nil
}

// clearTags makes Void of the labels in the bytes of a Tags element, and of a Tag with
// nothing else; empty tells that no Tag is left.
func (p *tagPlan) clearTags(t element, b []byte) (empty bool, err error) {
	empty = true
	err = elements(p.src, t.body, t.end, &p.left, func(tag element) error {
		if tag.id != idTag {
			empty = empty && (tag.id == idVoid || tag.id == idCRC)
			return nil
		}
		kept := false
		err := elements(p.src, tag.body, tag.end, &p.left, func(s element) error {
			own := slices.ContainsFunc(p.labels, func(l simpleTag) bool { return l.element == s })
			kept = kept || !own && s.id != idTargets && s.id != idVoid && s.id != idCRC
			return nil
		})
		for _, l := range p.labels {
			if l.at < tag.at || l.end > tag.end {
				continue
			}
			part := b[l.at-t.at : l.end-t.at]
			if lit, ok := fit(p.label, int64(len(part))); ok && !p.placed && !l.aside {
				clear(part)
				copy(part, lit)
				p.placed, kept = true, true
				continue
			}
			erase(part)
		}
		if kept {
			empty = false
		} else {
			erase(b[tag.at-t.at : tag.end-t.at])
		}
		return err
	})
	return empty, err
}

// place finds room for a Tags element.
func (p *tagPlan) place(tags []byte) error {
	for _, h := range p.holes {
		lit, ok := fit(tags, h.end-h.at)
		if !ok {
			continue
		}
		i := slices.IndexFunc(p.changes, func(c change) bool { return c.at == h.at })
		if i >= 0 { // a Tags element was here, now zeros
			erase(p.changes[i].lit)
			copy(p.changes[i].lit, lit)
		} else {
			p.changes = append(p.changes, change{at: h.at, end: h.at + int64(len(lit)), lit: lit})
		}
		p.forget(h.end)
		return nil
	}
	n := len(p.changes)
	if p.cluster > 0 {
		err := p.before(tags)
		if loam.CodeOf(err) != "label.no_room" {
			return err
		}
		p.changes = p.changes[:n]
	}
	p.changes = append(p.changes, change{at: p.tail, end: p.tail, lit: tags})
	if p.cluster > 0 && !p.index(0, seekEntry(idTags, p.tail-p.segment.body, 1), stay) {
		return errNoRoom()
	}
	return nil
}

func stay(at int64) int64 { return at }

// forget takes entries for what is gone out of the seek head, where that is possible: a
// reader that follows one finds Void or the file's end.
func (p *tagPlan) forget(used int64) {
	if len(p.gone) > 0 {
		p.index(used, nil, stay)
	}
}

// before puts a Tags element before the first cluster and corrects the places in the seek
// head, the cues and the clusters.
func (p *tagPlan) before(tags []byte) error {
	p.left = partsOf(p.src, leastElement) // the file is walked once more
	first := p.cluster - p.segment.body
	shifted := func(at int64) int64 {
		if at >= first {
			return at + int64(len(tags))
		}
		return at
	}
	if !p.index(0, nil, shifted) {
		return errNoRoom()
	}
	for _, x := range p.indexes {
		if p.seek != nil && x.at == p.seek.at {
			continue
		}
		if x.end-x.at > maxIndex {
			return errNoRoom()
		}
		b, err := read(p.src, x.body, x.end-x.body)
		if err != nil {
			return err
		}
		if err := p.shift(b, x, shifted); err != nil {
			return err
		}
		fixCRC(b)
		p.changes = append(p.changes, change{at: x.body, end: x.end, lit: b})
	}
	p.changes = append(p.changes, change{at: p.cluster, end: p.cluster, lit: tags})
	return p.each(func(e element) error {
		if e.id != idCluster {
			return nil
		}
		return p.shiftCluster(e, shifted)
	})
}

// shiftCluster corrects the place a cluster may tell of itself, among its first elements.
func (p *tagPlan) shiftCluster(c element, to func(int64) int64) error {
	head, err := c.data(p.src, 64)
	if err != nil {
		return err
	}
	summed := false
	for at := c.body; at-c.body < int64(len(head)); {
		e, err := elementAt(p.src, at, c.end)
		if err != nil {
			return err
		}
		switch e.id {
		case idCRC:
			summed = true
		case idPosition:
			b, err := e.data(p.src, 8)
			if err != nil || int64(bigEndian(b)) != c.at-p.segment.body { // live ones do not know it
				return err
			}
			if summed || e.end-e.body > 8 || !putBigEndian(b, uint64(to(int64(bigEndian(b))))) {
				return errNoRoom()
			}
			p.changes = append(p.changes, change{at: e.body, end: e.end, lit: b})
			return nil
		case idTimestamp, idVoid:
		default:
			return nil
		}
		at = e.end
	}
	return nil
}

// putBigEndian fills b with a number; false if it is too large.
func putBigEndian(b []byte, n uint64) bool {
	for k := len(b) - 1; k >= 0; k-- {
		b[k] = byte(n)
		n >>= 8
	}
	return n == 0
}

// shift corrects the places in the data b of an index in their own widths.
func (p *tagPlan) shift(b []byte, x element, to func(int64) int64) error {
	var walk func(from, end int64) error
	walk = func(from, end int64) error {
		return elements(p.src, from, end, &p.left, func(e element) error {
			switch e.id {
			case idSeek, idCuePoint, idCueTrack:
				return walk(e.body, e.end)
			case idSeekPosition, idCueCluster:
				field := b[e.body-x.body : e.end-x.body]
				if len(field) > 8 {
					return damaged("matroska: place of more than 64 bits")
				}
				if !putBigEndian(field, uint64(to(int64(bigEndian(field))))) {
					return errNoRoom()
				}
			}
			return nil
		})
	}
	return walk(x.body, x.end)
}

// length corrects the segment's length, in its own width if that is enough.
func (p *tagPlan) length() {
	var growth int64
	for _, c := range p.changes {
		growth += c.growth()
	}
	s := p.segment
	if growth == 0 || s.unknown {
		return
	}
	size := s.end - s.body + growth
	width := max(int(s.body-s.at)-4, sizeWidth(size))
	p.changes = append(p.changes, change{at: s.at + 4, end: s.body, lit: appendSize(nil, size, width)})
}
