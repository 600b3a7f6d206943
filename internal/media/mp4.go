package media

import (
	"cmp"
	"encoding/binary"
	"io"
	"slices"
	"strings"
	"unicode/utf16"

	"loam"
)

// The user types of uuid boxes that are read: XMP (XMP part 3, 1.2.7) and C2PA (C2PA 2.2,
// A.5.1).
const (
	uuidXMP  = "be7acfcb97a942e89c71999491e3afac"
	uuidC2PA = "d8fec3d61b0e483c92975828877ec481"
)

const (
	maxKeys   = 1 << 20 // bytes of a keys box
	maxLabels = 256     // in one file
)

// aigcKey is the name under which the standard's guide for videos puts the label
// (TC260-PG-20257A), and ffmpeg with use_metadata_tags.
const aigcKey = "AIGC"

// isMP4 tells an MP4, MOV or M4A file; those of QuickTime may lack the ftyp box. Words of a
// text give lengths beyond any text.
func isMP4(head []byte, src Source) bool {
	first, err := boxAt(src, 0, src.Size())
	if err != nil || isHEIF(head, src) || isAVIF(head, src) {
		return false
	}
	switch first.kind {
	case "ftyp", "styp", "moov", "mdat", "wide", "free", "skip", "pnot":
		return true
	}
	return false
}

// film is what a walk through an MP4 file sees of labels and of where one can stand.
type film struct {
	src   Source
	name  string // of the container in places
	spots []spot
	metas []*metaTags
	meta  map[int64]*metaTags // by their places
	moov  *holder
	udta  *holder
	left  *allowance
}

// spot is one place with marks: a packet of XMP, a box that is nothing but a label, or one of no
// known kind with labels somewhere in it.
type spot struct {
	box
	in     []box
	packet bool
	late   []lateLabel
	marks  []Found
}

// holder is a box that can take another one behind those it holds.
type holder struct {
	box
	in   []box
	last int64 // where the last of its boxes ends
}

func (h *holder) append(b []byte) change {
	return change{at: h.last, end: h.last, lit: b, in: append(h.in[:len(h.in):len(h.in)], h.box)}
}

func mp4Marks(src Source) ([]Found, error) {
	f, err := filmScan(src, "mp4")
	out := f.marks()
	if at, ok := tailOf(err); ok {
		late, e := lateMarks(src, at, "mp4.trailer", out, nil)
		out, err = late, cmp.Or(e, err)
	}
	return out, err
}

func (f *film) marks() []Found {
	var out []Found
	for _, s := range f.spots {
		out = append(out, s.marks...)
	}
	return out
}

// filmScan finds every place with marks; with an error, those before what is wrong.
func filmScan(src Source, name string) (*film, error) {
	f := &film{src: src, name: name, meta: map[int64]*metaTags{}, left: allowed(src)}
	err := boxWalk(src, []string{"moov", "trak", "udta", "meta"}, f.visit)
	for _, m := range f.metas {
		if e := f.readTags(m); e != nil && err == nil {
			err = e
		}
	}
	slices.SortStableFunc(f.spots, func(a, b spot) int { return int(max(-1, min(1, a.at-b.at))) })
	return f, err
}

func (f *film) visit(b box, in []box) error {
	if n := len(in) - 1; n >= 0 {
		for _, h := range []*holder{f.moov, f.udta} {
			if h != nil && h.at == in[n].at {
				h.last = b.end
			}
		}
	}
	switch {
	case b.kind == "moov" && f.moov == nil && len(in) == 0:
		f.moov = &holder{b, in, b.body}
	case b.kind == "udta" && f.udta == nil && f.moov != nil && len(in) == 1 && in[0].at == f.moov.at:
		f.udta = &holder{b, in, b.body}
	case b.kind == "cmov":
		return damaged("bmff: compressed movie")
	case b.user == uuidXMP, b.kind == "XMP_" && under(in, "udta"):
		return f.packet(b, in)
	case b.user == uuidC2PA, b.kind == "jumb":
		marks, err := packetSource(f.src, b.body, b.end, f.name+".c2pa", false)
		if err != nil {
			return err
		}
		return f.spot(spot{box: b, packet: true, marks: marks})
	case isAIGC(b.kind) && under(in, "udta"):
		data, err := b.content(f.src, maxRaw+16)
		if err != nil {
			return err
		}
		return f.spot(spot{box: b, in: in, marks: []Found{readRaw(userText(data), f.name+".udta")}})
	case b.kind == "meta":
		m := &metaTags{box: b, in: in}
		f.metas, f.meta[b.at] = append(f.metas, m), m
		if len(f.metas) > maxLabels {
			return damaged("bmff: too many metadata boxes")
		}
	case under(in, "meta"):
		f.meta[in[len(in)-1].at].part(b)
	case len(in) == 0 && !slices.Contains(topBoxes, b.kind):
		return f.unknown(b)
	}
	return nil
}

// unknown looks for labels in a box of no known kind beside the film's own, as behind its end.
func (f *film) unknown(b box) error {
	late, err := behind(io.NewSectionReader(f.src, 0, b.end), b.body, f.name+".box")
	s := spot{box: b, late: late}
	for _, l := range late {
		s.marks = append(s.marks, l.found)
	}
	return cmp.Or(f.spot(s), err)
}

func (f *film) spot(s spot) error {
	if len(s.marks) == 0 {
		return nil
	}
	if len(f.spots) >= maxLabels {
		return damaged("bmff: too many labels")
	}
	f.spots = append(f.spots, s)
	return nil
}

func (f *film) packet(b box, in []box) error {
	marks, err := packetMarks(f.src, b.body, b.end-b.body, f.name+".xmp", f.left)
	if err != nil {
		return err
	}
	return f.spot(spot{box: b, in: in, packet: true, marks: marks})
}

// userText is a text of QuickTime's user data without the length, language or version that
// may stand before it.
func userText(b []byte) string {
	s := string(b)
	if i := strings.IndexByte(s[:min(len(s), 9)], '{'); i > 0 {
		return s[i:]
	}
	return s
}

// mp4Put writes the label as item AIGC of the mdta metadata in moov.udta: that of the file
// if it has one, else a new one behind what is there.
func mp4Put(src Source, _ loam.Mark, raw string) (*Edit, error) {
	f, err := filmScan(src, "mp4")
	if err != nil {
		return nil, err
	}
	if f.moov == nil {
		return nil, damaged("bmff: no movie box")
	}
	var changes []change
	at := f.strict()
	kept := int64(-1)
	if at != nil {
		changes = at.set(raw)
		if at.own != nil {
			kept = at.own.at
		}
	} else {
		c, err := f.fresh(raw)
		if err != nil {
			return nil, err
		}
		changes = append(changes, c)
	}
	for _, m := range f.metas {
		if m != at && m.onlyLabels() {
			changes = append(changes, change{at: m.at, end: m.end, in: m.in})
			f.spots = slices.DeleteFunc(f.spots, func(s spot) bool { return s.at > m.at && s.end <= m.end })
		}
	}
	for _, s := range f.spots {
		if s.at == kept || !slices.ContainsFunc(s.marks, func(m Found) bool { return m.Kind == KindImplicit }) {
			continue
		}
		for _, l := range s.late {
			changes = append(changes, l.blanked())
		}
		if len(s.late) > 0 {
			continue
		}
		c := change{at: s.at, end: s.end, in: s.in}
		if s.packet {
			if c, err = f.clearPacket(s); err != nil {
				return nil, err
			}
		}
		changes = append(changes, c)
	}
	return bmffSplice(src, changes)
}

// clearPacket takes the labels out of an XMP packet.
func (f *film) clearPacket(s spot) (change, error) {
	data, err := s.content(f.src, maxPacket+1)
	if err != nil {
		return change{}, err
	}
	less, err := xmpRemove(data)
	return change{at: s.body, end: s.end, lit: less, in: append(s.in[:len(s.in):len(s.in)], s.box)}, err
}

// strict is the metadata box the label belongs into: the one that has it, or the first with
// keys for all its items.
func (f *film) strict() *metaTags {
	var first *metaTags
	for _, m := range f.metas {
		switch {
		case !m.strict(f) || m.keys == nil || m.list == nil:
		case m.own != nil:
			return m
		case first == nil && m.highest <= m.count:
			first = m
		}
	}
	return first
}

// fresh is a metadata box for the label where the file has none. ffmpeg knows one list of
// keys in a file, the first: where moov has metadata of its own, as phones write it, the new
// list begins with its keys and stands before it if it can.
func (f *film) fresh(raw string) (change, error) {
	i := slices.IndexFunc(f.metas, func(m *metaTags) bool {
		return m.mdta && m.keys != nil && len(m.in) == 1 && m.in[0].at == f.moov.at && !m.onlyLabels()
	})
	place, count, key, names := *f.moov, uint32(1), uint32(1), newBox("mdta", []byte(aigcKey))
	if i >= 0 {
		m := f.metas[i]
		theirs, err := read(f.src, m.keys.body+8, m.keysEnd-m.keys.body-8)
		if err != nil {
			return change{}, err
		}
		if key, count = m.exact, m.count; key == 0 {
			key, count = m.count+1, m.count+1
			theirs = append(theirs, names...)
		}
		place.last, names = m.at, theirs
	}
	handler := newBox("hdlr", make([]byte, 8), []byte("mdta"), make([]byte, 13))
	keys := newBox("keys", make([]byte, 4), binary.BigEndian.AppendUint32(nil, count), names)
	meta := newBox("meta", make([]byte, 4), handler, keys, newBox("ilst", newItem(key, raw)))
	if f.udta != nil {
		return f.udta.append(meta), nil
	}
	return place.append(newBox("udta", meta)), nil
}

// newItem is an item of a list: UTF-8 text without a country or language (QuickTime file
// format, metadata item atoms).
func newItem(key uint32, raw string) []byte {
	return newBox(string(binary.BigEndian.AppendUint32(nil, key)), newBox("data", []byte{0, 0, 0, 1, 0, 0, 0, 0}, []byte(raw)))
}

// dataText is the text of a data box's content by its type: 2 is UTF-16, else UTF-8.
func dataText(b []byte) string {
	if len(b) < 8 {
		return ""
	}
	kind, b := b[3], b[8:]
	if kind != 2 {
		return string(b)
	}
	units := make([]uint16, len(b)/2)
	for i := range units {
		units[i] = binary.BigEndian.Uint16(b[2*i:])
	}
	return string(utf16.Decode(units))
}
