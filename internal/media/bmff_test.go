package media

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"testing"

	"pgregory.net/rapid"

	"loam"
)

func be16(n int) []byte   { return binary.BigEndian.AppendUint16(nil, uint16(n)) }
func be32(n int) []byte   { return binary.BigEndian.AppendUint32(nil, uint32(n)) }
func be64(n int64) []byte { return binary.BigEndian.AppendUint64(nil, uint64(n)) }

func anyHolder() []string {
	return []string{"moov", "trak", "mdia", "minf", "dinf", "stbl", "udta", "meta", "moof", "traf", "mfra"}
}

// cat joins bytes.
func cat(parts ...[]byte) []byte { return bytes.Join(parts, nil) }

// wideBox is a box whose length has 64 bits.
func wideBox(kind string, data []byte) []byte {
	return cat(be32(1), []byte(kind), be64(int64(len(data)+16)), data)
}

// target is what every place of a synthetic film points to.
const target = "\xabSAMPLE\xba"

// sampleFilm is a file with every table of absolute places, all of them at a target. Places are
// found by building it twice.
func sampleFilm(tail bool) []byte {
	var places []int64
	var b []byte
	for range 2 {
		next := 0
		place := func() int64 {
			if next++; next <= len(places) {
				return places[next-1]
			}
			return 0
		}
		p32 := func() []byte { return be32(int(place())) }
		p64 := func() []byte { return be64(place()) }
		dref := newBox("dinf", newBox("dref", be32(0), be32(1), newBox("url ", be32(1))))
		stbl := newBox("stbl", newBox("stco", be32(0), be32(2), p32(), p32()), newBox("co64", be32(0), be32(1), p64()),
			newBox("saio", be32(1), be32(7), be32(0), be32(1), p32()), newBox("saio", be32(1<<24), be32(1), p64()))
		items := newBox("iloc", be32(1<<24), []byte{0x44, 0x40}, be16(2), be16(1), be16(0), be16(0), be32(0), be16(1), p32(), be32(8),
			be16(2), be16(1), be16(0), be32(0), be16(1), be32(3), be32(8))
		moov := newBox("moov", newBox("trak", newBox("mdia", newBox("minf", dref, stbl))), newBox("meta", be32(0), newBox("hdlr", make([]byte, 25)), items))
		data := newBox("mdat", bytes.Repeat([]byte(target), 5))
		moof := newBox("moof", newBox("traf", newBox("tfhd", be32(1), be32(1), p64())))
		mfra := newBox("mfra", newBox("tfra", be32(1<<24), be32(1), be32(0), be32(1), be64(0), p64(), []byte{1, 1, 1}),
			newBox("tfra", be32(0), be32(1), be32(0x3f), be32(1), be32(0), p32(), make([]byte, 12)))
		ftyp := newBox("ftyp", []byte("isom"), be32(512), []byte("isom"))
		part := cat(moof, wideBox("mdat", []byte(target)))
		sidx := newBox("sidx", be32(0), be32(1), be32(1000), be32(0), be32(0), be16(0), be16(2), be32(len(part)), be32(0), be32(0), be32(len(part)), be32(0), be32(0))
		if tail {
			b = cat(ftyp, data, moov, sidx, part, part, mfra)
		} else {
			b = cat(ftyp, moov, data, sidx, part, part, mfra)
		}
		if places == nil {
			for i := 0; i < len(b); {
				k := bytes.Index(b[i:], []byte(target))
				if k < 0 {
					break
				}
				places = append(places, int64(i+k))
				i += k + 1
			}
			for len(places) < 20 {
				places = append(places, places...)
			}
		}
	}
	return b
}

// pointed gives the bytes each absolute place of a film leads to.
func pointed(t interface{ Fatal(...any) }, b []byte) []string {
	var out []string
	at := func(n int64) {
		if n < 0 || n+8 > int64(len(b)) {
			t.Fatal("place beyond the file:", n)
		}
		out = append(out, string(b[n:n+8]))
	}
	u32 := func(d []byte, i int) int64 { return int64(binary.BigEndian.Uint32(d[i:])) }
	u64 := func(d []byte, i int) int64 { return int64(binary.BigEndian.Uint64(d[i:])) }
	err := boxWalk(bytes.NewReader(b), anyHolder(), func(x box, in []box) error {
		d := b[x.body:x.end]
		switch x.kind {
		case "stco":
			for k := range int(u32(d, 4)) {
				at(u32(d, 8+4*k))
			}
		case "co64":
			for k := range int(u32(d, 4)) {
				at(u64(d, 8+8*k))
			}
		case "saio":
			if d[0] == 0 {
				at(u32(d, 16))
			} else {
				at(u64(d, 8))
			}
		case "iloc":
			items, err := itemPlaces(d)
			if err != nil {
				return err
			}
			at(int64(items[0].extents[0].offset))
			if items[1].extents[0].offset != 3 {
				t.Fatal("a place inside idat moved")
			}
		case "tfhd":
			at(u64(d, 8))
		case "tfra":
			if d[0] == 1 {
				at(u64(d, 24))
			} else {
				at(u32(d, 20))
			}
		case "sidx":
			n := x.end + u32(d, 16)
			for k := range 2 {
				out = append(out, string(b[n+4:n+8]))
				n += u32(d, 24-4+4+12*k)
			}
			out = append(out, string(b[n+4:n+8]))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestInsertKeepsPlaces: wherever a box is put in, each place in the file leads to what it
// led to before, and without the box the rest is what it was.
func TestInsertKeepsPlaces(t *testing.T) {
	t.Parallel()
	for _, tail := range []bool{false, true} {
		b := sampleFilm(tail)
		want := pointed(t, b)
		starts := []int64{int64(len(b))}
		left := 100
		_ = boxes(bytes.NewReader(b), 0, int64(len(b)), &left, func(x box) error { starts = append(starts, x.at); return nil })
		for _, at := range starts {
			fresh := newBox("free", []byte("something new"))
			e, err := bmffInsert(bytes.NewReader(b), at, fresh)
			if err != nil {
				t.Fatal(err)
			}
			got, err := e.Bytes()
			if err != nil || !bytes.Equal(got[at:at+int64(len(fresh))], fresh) || len(got) != len(b)+len(fresh) {
				t.Fatalf("at %d: not there (%v)", at, err)
			}
			if at == 0 || !between(b, at) { // there the index's own end moves against what it lists
				diff(t, "what places lead to", want, pointed(t, got))
			}
		}
		if _, err := bmffInsert(bytes.NewReader(b), 3, newBox("free")); loam.CodeOf(err) != "media.broken" {
			t.Errorf("inside a box: got %v", err)
		}
	}
}

// between tells a place among the segments an index lists: a new box there becomes part of
// the segment before it.
func between(b []byte, at int64) bool {
	return at > int64(bytes.Index(b, []byte("sidx")))+100
}

// grown is a file with a gap of zeros behind from, so that places go beyond 32 bits without
// such a file.
type grown struct {
	b    []byte
	from int64
	gap  int64
}

func (g grown) Size() int64 { return int64(len(g.b)) + g.gap }

func (g grown) ReadAt(p []byte, at int64) (int, error) {
	for i := range p {
		switch x := at + int64(i); {
		case x < g.from:
			p[i] = g.b[x]
		case x < g.from+g.gap:
			p[i] = 0
		case x < g.Size():
			p[i] = g.b[x-g.gap]
		default:
			return i, io.EOF
		}
	}
	return len(p), nil
}

// TestInsertWidens: a place that no longer fits 32 bits makes its table one of 64 bits.
func TestInsertWidens(t *testing.T) {
	t.Parallel()
	const gap = 1<<32 - 400
	head := newBox("ftyp", []byte("isom"), be32(0))
	stbl := func(places ...int) []byte {
		var p []byte
		for _, n := range places {
			p = append(p, be32(n)...)
		}
		return newBox("moov", newBox("trak", newBox("mdia", newBox("minf", newBox("stbl", newBox("stco", be32(0), be32(len(places)), p))))))
	}
	n := len(head) + len(stbl(0, 0)) + 16
	moov := stbl(n, n+gap)
	b := cat(head, moov, be32(1), []byte("mdat"), be64(16+gap+8), []byte(target))
	src := grown{b, int64(n), gap}
	fresh := newBox("free", make([]byte, 400))
	e, err := bmffInsert(src, int64(len(head)), fresh)
	if err != nil {
		t.Fatal(err)
	}
	var found []int64
	err = boxWalk(e, anyHolder(), func(x box, _ []box) error {
		if x.kind != "co64" {
			return nil
		}
		d, err := x.content(e, 100)
		found = append(found, int64(binary.BigEndian.Uint64(d[8:])), int64(binary.BigEndian.Uint64(d[16:])))
		return err
	})
	if err != nil || len(found) != 2 {
		t.Fatalf("got %v, %v", found, err)
	}
	for i, at := range found {
		if back, err := read(e, at, 8); err != nil || i == 1 && string(back) != target || i == 0 && !bytes.Equal(back, make([]byte, 8)) {
			t.Errorf("place %d leads to %q, %v", i, back, err)
		}
	}
}

// TestInsertRefuses: what cannot be corrected is not moved.
func TestInsertRefuses(t *testing.T) {
	t.Parallel()
	trak := func(parts ...[]byte) []byte {
		return newBox("moov", newBox("trak", newBox("mdia", newBox("minf", parts...))))
	}
	for name, in := range map[string][]byte{
		"samples in another file": trak(newBox("dinf", newBox("dref", be32(0), be32(1), newBox("url ", be32(0), []byte("x\x00"))))),
		"compressed":              newBox("moov", newBox("cmov")),
	} {
		if _, err := bmffInsert(bytes.NewReader(in), 0, newBox("free")); loam.CodeOf(err) != "media.offsets" {
			t.Errorf("%s: got %v", name, err)
		}
	}
	deep := newBox("free")
	for range 40 {
		deep = newBox("moov", deep)
	}
	for name, in := range map[string][]byte{
		"deep":        deep,
		"long":        cat(be32(100), []byte("free")),
		"short":       cat(be32(7), []byte("free")),
		"4 GB":        cat(be32(1), []byte("mdat"), be64(-1)),
		"no count":    newBox("moov", newBox("trak", newBox("mdia", newBox("minf", newBox("stbl", newBox("stco", be32(0))))))),
		"wrong count": newBox("moov", newBox("trak", newBox("mdia", newBox("minf", newBox("stbl", newBox("stco", be32(0), be32(9))))))),
	} {
		if _, err := bmffInsert(bytes.NewReader(in), 0, newBox("free")); loam.CodeOf(err) != "media.broken" {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// FuzzInsert: a box put into a film reads back, and the film without it has its old length.
func FuzzInsert(f *testing.F) {
	f.Add(sampleFilm(false))
	f.Add(sampleFilm(true))
	f.Fuzz(func(t *testing.T, b []byte) {
		fresh := newBox("uuid", make([]byte, 30))
		e, err := bmffInsert(bytes.NewReader(b), 0, fresh)
		if err != nil {
			return
		}
		got, err := e.Bytes()
		if err != nil || !bytes.HasPrefix(got, fresh) || len(got) < len(b)+len(fresh) {
			t.Fatalf("got %d bytes of %d, %v", len(got), len(b), err)
		}
		if x, err := boxAt(bytes.NewReader(got), 0, int64(len(got))); err != nil || x.end != int64(len(fresh)) {
			t.Fatalf("not a box: %+v, %v", x, err)
		}
	})
}

// TestPlacesAreCorrected draws items of every field size.
func TestPlacesAreCorrected(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		sizes := []int{0, 4, 8}
		version := rapid.IntRange(0, 2).Draw(t, "version")
		offset, base := rapid.SampledFrom(sizes[1:]).Draw(t, "offset"), rapid.SampledFrom(sizes).Draw(t, "base")
		field := func(size int, n int64) []byte { return be64(n)[8-size:] }
		at := rapid.Int64Range(0, 1<<20).Draw(t, "at")
		b := cat(be32(version<<24), []byte{byte(offset<<4 | 4), byte(base << 4)}, be16(1))
		if version > 1 {
			b = cat(b[:6], be32(1))
			b = append(b, be32(7)...)
		} else {
			b = append(b, be16(7)...)
		}
		if version > 0 {
			b = append(b, be16(0)...)
		}
		b = cat(b, be16(0), field(base, 0), be16(1), field(offset, at), be32(10))
		where := rapid.Int64Range(0, 1<<20).Draw(t, "where")
		m := &mover{src: bytes.NewReader(b), changes: []change{{at: where, end: where, lit: make([]byte, 100)}}}
		got, err := m.correct(offsetTable{box: box{kind: "iloc", end: int64(len(b))}})
		if err != nil {
			t.Fatal(err)
		}
		if got == nil {
			got = b
		}
		want := at
		if where <= at {
			want += 100
		}
		items, err := itemPlaces(got)
		if err != nil || len(items) != 1 || items[0].id != 7 || int64(items[0].base+items[0].extents[0].offset) != want {
			t.Fatalf("got %+v, %v, want %d", items, err, want)
		}
	})
}

// TestBoxesEnd: user data that QuickTime ends with a zero is followed to its end.
func TestBoxesEnd(t *testing.T) {
	t.Parallel()
	var kinds []string
	stop := errors.New("stop")
	b := cat(newBox("moov", newBox("udta", newBox("name"), be32(0)), newBox("udta", newBox("name"), be64(0)), newBox("trak")), be32(0), []byte("mdat...."))
	err := boxWalk(bytes.NewReader(b), anyHolder(), func(x box, _ []box) error {
		kinds = append(kinds, x.kind)
		if x.kind == "mdat" {
			return stop
		}
		return nil
	})
	if !errors.Is(err, stop) {
		t.Error(err)
	}
	diff(t, "boxes", []string{"moov", "udta", "name", "udta", "name", "trak", "mdat"}, kinds)
}

// itemPlaces are the items of an iloc box's content.
func itemPlaces(b []byte) (out []itemPlace, err error) {
	err = eachItem(b, func(it itemPlace) error { out = append(out, it); return nil })
	return out, err
}
