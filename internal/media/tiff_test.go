package media

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strings"
	"testing"

	"golang.org/x/image/tiff"

	"loam"
)

type tiffTestField struct {
	tag, kind uint16
	value     []byte
}

// tiffOf is a TIFF of 8×4 grey pixels, or none where pages beyond the first say so, with
// further fields in each page.
func tiffOf(order binary.AppendByteOrder, wide bool, pages ...[]tiffTestField) []byte {
	put := order
	n16 := func(v uint16) []byte { return put.AppendUint16(nil, v) }
	offset := func(v int) []byte {
		if wide {
			return put.AppendUint64(nil, uint64(v))
		}
		return put.AppendUint32(nil, uint32(v))
	}
	b := []byte("II")
	if order == binary.AppendByteOrder(binary.BigEndian) {
		b = []byte("MM")
	}
	if wide {
		b = append(b, n16(43)...)
		b = append(append(b, n16(8)...), 0, 0)
	} else {
		b = append(b, n16(42)...)
	}
	link := len(b)
	b = append(b, offset(0)...)
	pixels := len(b)
	for i := range 32 {
		b = append(b, byte(i*8))
	}
	for _, page := range pages {
		fields := append([]tiffTestField{
			{256, 3, n16(8)},
			{257, 3, n16(4)},
			{258, 3, n16(8)},
			{259, 3, n16(1)},
			{262, 3, n16(1)},
			{273, 4, put.AppendUint32(nil, uint32(pixels))},
			{278, 3, n16(4)},
			{279, 4, put.AppendUint32(nil, 32)},
		}, page...)
		slices.SortFunc(fields, func(a, b tiffTestField) int { return int(a.tag) - int(b.tag) })
		at := make([]int, len(fields))
		for i, f := range fields {
			at[i] = len(b)
			if len(f.value) > len(offset(0)) {
				b = append(b, f.value...)
				b = append(b, make([]byte, len(b)&1)...)
			}
		}
		copy(b[link:], offset(len(b)))
		if wide {
			b = put.AppendUint64(b, uint64(len(fields)))
		} else {
			b = append(b, n16(uint16(len(fields)))...)
		}
		for i, f := range fields {
			b = append(append(b, n16(f.tag)...), n16(f.kind)...)
			b = append(b, offset(len(f.value)/int(tiffSize(f.kind)))...)
			if len(f.value) > len(offset(0)) {
				b = append(b, offset(at[i])...)
			} else {
				b = append(b, append(bytes.Clone(f.value), make([]byte, 8)...)[:len(offset(0))]...)
			}
		}
		link = len(b)
		b = append(b, offset(0)...)
	}
	return b
}

func tiffs() map[string][]byte {
	le, be := binary.AppendByteOrder(binary.LittleEndian), binary.AppendByteOrder(binary.BigEndian)
	labelled := xmpOf(`<rdf:Description xmlns:T="` + nsAIGC + `"><T:AIGC>` + escaped(strictJSON) + `</T:AIGC></rdf:Description>`)
	roomy := append(bytes.Clone(labelled[:len(labelled)-len(`<?xpacket end="w"?>`)]), strings.Repeat(" ", 900)+`<?xpacket end="w"?>`...)
	tight := []byte(`<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="` + nsRDF + `"><rdf:Description rdf:about="" xmlns:dc="u" dc:title="一"/></rdf:RDF></x:xmpmeta>`)
	wrapped := []byte(`{"AIGC":` + strictJSON + "}\x00")
	maker := tiffTestField{271, 2, []byte("a maker of cameras\x00")}
	return map[string][]byte{
		"little":        tiffOf(le, false, []tiffTestField{maker}),
		"big":           tiffOf(be, false, []tiffTestField{maker}),
		"BigTIFF":       tiffOf(le, true, []tiffTestField{maker}),
		"BigTIFF, big":  tiffOf(be, true, []tiffTestField{maker, {tagXMP, 7, labelled}}),
		"roomy":         tiffOf(le, false, []tiffTestField{maker, {tagXMP, 7, roomy}}),
		"type 1":        tiffOf(be, false, []tiffTestField{{tagXMP, 1, labelled}, {33432, 2, []byte("a right\x00")}}),
		"tight":         tiffOf(le, false, []tiffTestField{maker, {tagXMP, 1, tight}}),
		"description":   tiffOf(le, false, []tiffTestField{{270, 2, wrapped}}),
		"second page":   tiffOf(be, false, []tiffTestField{maker}, []tiffTestField{{tagXMP, 7, labelled}}),
		"pages, shared": tiffOf(le, false, []tiffTestField{{tagXMP, 7, labelled}}, []tiffTestField{{tagXMP, 7, labelled}}),
	}
}

func TestTIFF(t *testing.T) {
	t.Parallel()
	want := map[string][]string{
		"BigTIFF, big": {"tiff.xmp"}, "roomy": {"tiff.xmp"}, "type 1": {"tiff.xmp type"}, "description": {"tiff.ImageDescription"}, "second page": {"tiff.xmp"},
		"pages, shared": {"tiff.xmp duplicate", "tiff.xmp duplicate"},
	}
	for name, in := range tiffs() {
		reads(t, name, in, want[name]...)
		out := onlyLabel(t, name, in)
		for _, kept := range []string{"a maker of cameras\x00", "a right\x00", `dc:title="一"`} {
			if bytes.Contains(in, []byte(kept)) != bytes.Contains(out, []byte(kept)) {
				t.Errorf("%s: %q is gone", name, kept)
			}
		}
		if at := bytes.Index(in, []byte{0, 8, 16, 24}); !bytes.Equal(in[at:at+32], out[at:at+32]) {
			t.Errorf("%s: pixels moved", name)
		}
		if n := bytes.Count(out, []byte("001191000000000000000K10000")); n != 1 {
			t.Errorf("%s: the bytes of %d labels", name, n)
		}
		if strings.HasPrefix(name, "BigTIFF") {
			continue // the decoder does not know it
		}
		a, err1 := tiff.Decode(bytes.NewReader(in))
		b, err2 := tiff.Decode(bytes.NewReader(out))
		if err1 != nil || err2 != nil || !samePixels(a, b) {
			t.Errorf("%s: pixels changed (%v, %v)", name, err1, err2)
		}
	}
	if out := onlyLabel(t, "roomy", tiffs()["roomy"]); len(out) != len(tiffs()["roomy"]) {
		t.Error("the packet had room, and the file grew")
	}
}

// TestTIFFDoesNotGrow: labels that come and go leave one packet and one directory behind the
// file as it was.
func TestTIFFDoesNotGrow(t *testing.T) {
	t.Parallel()
	in := tiffs()["big"]
	b := planned(t, "first", in, strictMark())
	first := len(b)
	for n := range 5 {
		m := strictMark()
		m.PropagateID = strings.Repeat("longer", n+1)
		b = planned(t, "again", b, m)
	}
	if grown := len(b) - first; grown > 64 {
		t.Errorf("five labels later the file is %d bytes longer", grown)
	}
}

func TestTIFFBroken(t *testing.T) {
	t.Parallel()
	circle := tiffs()["little"]
	binary.LittleEndian.PutUint32(circle[len(circle)-4:], binary.LittleEndian.Uint32(circle[4:]))
	two := tiffs()["pages, shared"]
	for name, c := range map[string]struct {
		in    []byte
		found int
	}{
		"circle":   {circle, 0},
		"cut":      {two[:len(two)-5], 1},
		"no pages": {[]byte("II*\x00\x00\x00\x00\x00"), 0},
		"far":      {[]byte("II*\x00\xff\xff\xff\xff"), 0},
		"short":    {[]byte("MM\x00+\x00\x08\x00\x00\x00"), 0},
	} {
		_, found, err := Marks(bytes.NewReader(c.in))
		if loam.KindOf(err) != loam.Invalid || len(found) != c.found {
			t.Errorf("%s: %d found, %v", name, len(found), err)
		}
		if _, err := Plan(bytes.NewReader(c.in), strictMark()); loam.KindOf(err) != loam.Invalid {
			t.Errorf("%s: Plan: %v", name, err)
		}
	}
}

// TestTIFFPixels: a file whose pixels lie beyond its end is read and told to be cut, and is not
// labelled: strips or tiles, many or one, on a page or below it.
func TestTIFFPixels(t *testing.T) {
	t.Parallel()
	le := binary.AppendByteOrder(binary.LittleEndian)
	longs := func(v ...uint32) []byte {
		var b []byte
		for _, x := range v {
			b = le.AppendUint32(b, x)
		}
		return b
	}
	many := make([]uint32, 3*numbersAtOnce)
	for i := range many {
		many[i] = 8
	}
	far := slices.Clone(many)
	far[len(far)-1] = 1 << 30
	label := tiffTestField{tagXMP, 7, xmpOf(`<rdf:Description xmlns:T="` + nsAIGC + `"><T:AIGC>` + escaped(strictJSON) + `</T:AIGC></rdf:Description>`)}
	tiles := func(at []uint32, bytes ...uint32) []tiffTestField {
		return []tiffTestField{label, {tagTileAt, 4, longs(at...)}, {tagTileBytes, 4, longs(bytes...)}}
	}
	short := tiffOf(le, false, []tiffTestField{label})
	binary.LittleEndian.PutUint32(short[bytes.Index(short, longs(tagStripBytes|4<<16))+8:], 1<<20)
	astray := tiffOf(le, false, tiles(many, many...))
	binary.LittleEndian.PutUint32(astray[bytes.Index(astray, longs(tagTileBytes|4<<16))+8:], 1<<20)
	for name, tt := range map[string]struct {
		in  []byte
		cut bool
	}{
		"strips":                {short, true},
		"tiles":                 {tiffOf(le, false, tiles(many, many...)), false},
		"tiles without lengths": {tiffOf(le, false, tiles(many)), false},
		"the last tile":         {tiffOf(le, false, tiles(far, many...)), true},
		"a tile's length":       {tiffOf(le, false, tiles(many, far...)), true},
		"BigTIFF":               {tiffOf(le, true, []tiffTestField{label, {tagTileAt, 16, le.AppendUint64(nil, 1<<63)}}), true},
		"lengths astray":        {astray, true},
		"below":                 {tiffOf(le, false, []tiffTestField{label, {tagSubIFDs, 4, longs(1 << 30)}}), true},
	} {
		_, found, err := Marks(bytes.NewReader(tt.in))
		if len(found) != 1 || Broken(err) != tt.cut {
			t.Errorf("%s: %d found, %v", name, len(found), err)
		}
		if _, err := Plan(bytes.NewReader(tt.in), strictMark()); (err != nil) != tt.cut || tt.cut && loam.CodeOf(err) != "picture.broken" {
			t.Errorf("%s: Plan: %v", name, err)
		}
	}
}

func FuzzTIFF(f *testing.F) {
	for _, b := range tiffs() {
		f.Add(b)
	}
	f.Fuzz(neverPanics)
}
