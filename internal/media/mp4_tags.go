package media

import (
	"encoding/binary"
	"slices"
)

// metaTags is a meta box: QuickTime's of names in keys and values in ilst, or iTunes's with
// ilst alone.
type metaTags struct {
	box
	in         []box
	handler    box
	keys, list *box
	others     bool // it holds more than handler, keys and list

	mdta    bool
	keysEnd int64    // behind the last key
	count   uint32   // of keys
	labels  []uint32 // the keys, from 1, that name a label
	exact   uint32   // the first of them that is spelled right, 0 if none
	listEnd int64    // behind the last item
	highest uint32   // key of an item
	items   int
	marked  int // items that are labels
	own     *box
}

// part notes a box of the meta box.
func (m *metaTags) part(b box) {
	switch {
	case b.kind == "hdlr":
		m.handler = b
	case b.kind == "keys" && m.keys == nil:
		m.keys = &b
	case b.kind == "ilst" && m.list == nil:
		m.list = &b
	default:
		m.others = true
	}
}

// strict tells the place where a writer puts the label: moov.udta.meta.
func (m *metaTags) strict(f *film) bool {
	return m.mdta && f.udta != nil && len(m.in) == 2 && m.in[1].at == f.udta.at
}

// onlyLabels tells a box of keys that holds nothing but labels.
func (m *metaTags) onlyLabels() bool {
	return m.mdta && m.marked > 0 && m.marked == m.items && !m.others && int(m.count) == len(m.labels)
}

// readTags reads the keys and finds the items that are labels.
func (f *film) readTags(m *metaTags) error {
	if m.list == nil {
		return nil
	}
	src := windowed(f.src)
	if h, err := m.handler.content(src, 12); err != nil {
		return err
	} else if m.mdta = len(h) == 12 && string(h[8:]) == "mdta"; m.mdta && m.keys != nil {
		if err := m.readKeys(src); err != nil {
			return err
		}
	}
	place := f.name + ".meta"
	switch {
	case m.strict(f):
		place = f.name + ".keys"
	case !m.mdta:
		place = f.name + ".ilst"
	}
	in := append(m.in[:len(m.in):len(m.in)], m.box, *m.list)
	left := partsOf(src, leastBox)
	m.listEnd = m.list.body
	return boxes(src, m.list.body, m.list.end, &left, func(item box) error {
		m.items++
		m.listEnd, m.highest = item.end, max(m.highest, binary.BigEndian.Uint32([]byte(item.kind)))
		label, err := m.isLabel(src, item)
		if err != nil || !label {
			return err
		}
		m.marked++
		marks, err := itemMarks(src, item, place)
		if err != nil {
			return err
		}
		if m.own == nil && m.mdta && m.exact != 0 && binary.BigEndian.Uint32([]byte(item.kind)) == m.exact {
			m.own = &item
		}
		return f.spot(spot{box: item, in: in, marks: marks})
	})
}

func (m *metaTags) readKeys(src Source) error {
	if m.keys.end-m.keys.body > maxKeys {
		return damaged("bmff: too many keys")
	}
	b, err := m.keys.content(src, maxKeys)
	if err != nil {
		return err
	}
	r := &fields{b: b}
	r.next(4)
	m.count = uint32(r.next(4))
	for k := uint32(1); k <= m.count; k++ {
		size := int(r.next(4))
		if r.over || size < 8 || size-4 > len(b)-r.i {
			return damaged("bmff: keys longer than their box")
		}
		space, name := string(b[r.i:r.i+4]), string(b[r.i+4:r.i+size-4])
		r.i += size - 4
		if isAIGC(name) {
			if len(m.labels) >= maxLabels {
				return damaged("bmff: too many labels")
			}
			m.labels = append(m.labels, k)
			if m.exact == 0 && space == "mdta" && name == aigcKey {
				m.exact = k
			}
		}
	}
	m.keysEnd = m.keys.body + int64(r.i)
	return nil
}

// isLabel tells an item under a key that names a label, or one of iTunes's free form.
func (m *metaTags) isLabel(src Source, item box) (bool, error) {
	if m.mdta && slices.Contains(m.labels, binary.BigEndian.Uint32([]byte(item.kind))) || isAIGC(item.kind) {
		return true, nil
	}
	if item.kind != "----" {
		return false, nil
	}
	found := false
	left := 16
	err := boxes(src, item.body, item.end, &left, func(b box) error {
		if b.kind != "name" {
			return nil
		}
		name, err := b.content(src, 256)
		found = found || isAIGC(string(name))
		return err
	})
	return found, err
}

// itemMarks reads the values of an item; one without any is an empty label.
func itemMarks(src Source, item box, place string) ([]Found, error) {
	var out []Found
	left := 16
	err := boxes(src, item.body, item.end, &left, func(b box) error {
		if b.kind != "data" {
			return nil
		}
		data, err := b.content(src, 2*maxRaw)
		out = append(out, readRaw(dataText(data), place))
		return err
	})
	if len(out) == 0 {
		out = append(out, readRaw("", place))
	}
	return out, err
}

// set gives the changes that make the label an item of this box, in the place of its own
// one if it has one.
func (m *metaTags) set(raw string) []change {
	around := append(m.in[:len(m.in):len(m.in)], m.box)
	list := append(around[:len(around):len(around)], *m.list)
	if m.own != nil {
		return []change{{at: m.own.at, end: m.own.end, lit: newItem(m.exact, raw), in: list}}
	}
	key := m.exact
	var more []change
	if key == 0 {
		key = m.count + 1
		more = []change{
			{at: m.keys.body + 4, end: m.keys.body + 8, lit: binary.BigEndian.AppendUint32(nil, key)},
			{at: m.keysEnd, end: m.keysEnd, lit: newBox("mdta", []byte(aigcKey)), in: append(around[:len(around):len(around)], *m.keys)},
		}
	}
	return append([]change{{at: m.listEnd, end: m.listEnd, lit: newItem(key, raw), in: list}}, more...)
}
