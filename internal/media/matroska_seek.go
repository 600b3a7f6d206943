package media

import "slices"

// index rewrites the seek head: without entries for what is gone, the others' places moved,
// and one more entry. It may grow into Void directly behind it from used on; false if
// there is no room.
func (p *tagPlan) index(used int64, entry []byte, to func(int64) int64) bool {
	if p.seek == nil || p.seek.end-p.seek.at > maxIndex {
		return entry == nil
	}
	data, err := p.entries(to)
	if err != nil {
		return false
	}
	data = append(data, entry...)
	fixCRC(data)
	fresh := newElement(idSeekHead, data)
	lit, ok := fit(fresh, p.seek.end-p.seek.at)
	if !ok {
		i := slices.IndexFunc(p.holes, func(h element) bool { return h.at == p.seek.end && h.end != used && !p.changed(h.at) })
		if i < 0 {
			return false
		}
		if lit, ok = fit(fresh, p.holes[i].end-p.seek.at); !ok {
			return false
		}
	}
	p.changes = append(p.changes, change{at: p.seek.at, end: p.seek.at + int64(len(lit)), lit: lit})
	return true
}

func (p *tagPlan) changed(at int64) bool {
	return slices.ContainsFunc(p.changes, func(c change) bool { return c.at == at })
}

// entries gives the data of the seek head without Void and what is gone.
func (p *tagPlan) entries(to func(int64) int64) ([]byte, error) {
	var out []byte
	err := elements(p.src, p.seek.body, p.seek.end, &p.left, func(e element) error {
		if e.id == idVoid {
			return nil
		}
		b, err := read(p.src, e.at, e.end-e.at)
		if err != nil {
			return err
		}
		if e.id != idSeek {
			out = append(out, b...)
			return nil
		}
		id, at, width := uint64(0), int64(-1), 1
		err = elements(p.src, e.body, e.end, &p.left, func(f element) error {
			v, err := f.data(p.src, 8)
			switch f.id {
			case idSeekID:
				id = bigEndian(v)
			case idSeekPosition:
				at, width = int64(bigEndian(v)), len(v)
			}
			return err
		})
		switch {
		case err != nil:
			return err
		case id == idTags && slices.Contains(p.gone, p.segment.body+at):
		case at < 0 || to(at) == at:
			out = append(out, b...)
		default:
			out = append(out, seekEntry(uint32(id), to(at), width)...)
		}
		return nil
	})
	return out, err
}

// seekEntry is an entry of a seek head, its place of at least width bytes.
func seekEntry(id uint32, at int64, width int) []byte {
	n := 8
	for n > width && at>>(8*(n-1)) == 0 {
		n--
	}
	place := make([]byte, n)
	for k := range place {
		place[k] = byte(at >> (8 * (n - 1 - k)))
	}
	return newElement(idSeek, newElement(idSeekID, appendID(nil, id)), newElement(idSeekPosition, place))
}
