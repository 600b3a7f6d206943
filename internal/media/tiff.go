package media

import (
	"bytes"
	"encoding/binary"
)

// TIFF 6.0 and BigTIFF.
const (
	tagXMP    = 0x02bc
	kindByte  = 1
	kindBytes = 7 // UNDEFINED
	maxIFDs   = 1 << 16
	maxFields = 1 << 16
)

// tiffFile is a TIFF's form: byte order and the width of its offsets.
type tiffFile struct {
	src   Source
	walk  Source // src as directories are read
	order binary.ByteOrder
	wide  bool // BigTIFF
	first int64
	left  int64 // bytes that are still read: directories and texts may share theirs

	packets *allowance
	reach   int64 // where the last ends of what was read of directories, values and pixels
}

// tiffDir is one directory (IFD): its entries, all of them as they stand in raw, and where the next
// one is.
type tiffDir struct {
	at, end int64
	fields  []tiffField
	raw     []byte
	next    []byte
}

// tiffField is one entry, the i-th of its directory: n are the bytes of its value, at their place; n
// is -1 for a value that lies outside the file.
type tiffField struct {
	tag, kind uint16
	i         int32
	at, n     int64
}

// tiffSizes are the bytes of a value of each type, BigTIFF's included.
func tiffSize(kind uint16) int64 {
	sizes := [...]int64{0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8}
	if int(kind) >= len(sizes) {
		return 0
	}
	return sizes[kind]
}

func tiffIs(head []byte, _ Source) bool {
	for _, magic := range []string{"II*\x00", "MM\x00*", "II+\x00\x08\x00\x00\x00", "MM\x00+\x00\x08\x00\x00"} {
		if bytes.HasPrefix(head, []byte(magic)) {
			return true
		}
	}
	return false
}

func tiffOpen(src Source) (*tiffFile, error) {
	head, err := read(src, 0, min(16, src.Size()))
	if err != nil || !tiffIs(head, src) || len(head) < 8 {
		return nil, broken("tiff: no header")
	}
	t := &tiffFile{src: src, walk: windowed(src), order: binary.LittleEndian, left: 2*src.Size() + 4*maxRaw, packets: allowed(src)}
	if head[0] == 'M' {
		t.order = binary.BigEndian
	}
	if t.wide = t.order.Uint16(head[2:]) == 43; t.wide && len(head) < 16 {
		return nil, broken("tiff: no header")
	}
	t.first = t.offset(head[t.firstAt():])
	return t, nil
}

// firstAt is where the header says where the first directory is.
func (t *tiffFile) firstAt() int64 {
	if t.wide {
		return 8
	}
	return 4
}

// offset reads an offset of the file's own width; one beyond any file is -1.
func (t *tiffFile) offset(b []byte) int64 {
	if !t.wide {
		return int64(t.order.Uint32(b))
	}
	return int64(min(t.order.Uint64(b), 1<<62))
}

func (t *tiffFile) appendOffset(b []byte, v int64) []byte {
	if t.wide {
		return t.order.(binary.AppendByteOrder).AppendUint64(b, uint64(v))
	}
	return t.order.(binary.AppendByteOrder).AppendUint32(b, uint32(v))
}

// widths are the bytes of an entry, of an offset and of the number of entries.
func (t *tiffFile) widths() (entry, offset, count int64) {
	if t.wide {
		return 20, 8, 8
	}
	return 12, 4, 2
}

func (t *tiffFile) dir(at int64) (tiffDir, error) {
	entry, offset, count := t.widths()
	d := tiffDir{at: at}
	head, err := read(t.walk, at, count)
	if err != nil {
		return d, broken("tiff: a directory outside the file")
	}
	n := int64(0)
	if t.wide {
		n = t.offset(head)
	} else {
		n = int64(t.order.Uint16(head))
	}
	if n < 1 || n > maxFields {
		return d, broken("tiff: a directory of no sensible length")
	}
	if err := t.spend(n*entry + offset); err != nil {
		return d, err
	}
	b, err := read(t.walk, at+count, n*entry+offset)
	if err != nil {
		return d, broken("tiff: a directory longer than the file")
	}
	d.raw, d.next = b[:n*entry], b[n*entry:]
	d.fields = make([]tiffField, 0, n)
	for i := range n {
		raw := t.entry(d, i)
		f := tiffField{tag: t.order.Uint16(raw), kind: t.order.Uint16(raw[2:]), i: int32(i)}
		number := t.offset(raw[4:])
		size := tiffSize(f.kind)
		if f.n = -1; size == 0 || number <= t.src.Size()/size {
			f.n = number * size
		}
		if f.at = t.entryAt(d, f) + 4 + offset; f.n > offset {
			f.at = t.offset(raw[4+offset:])
		}
		if f.at > t.src.Size()-f.n {
			f.at, f.n = 0, -1
		}
		t.reach = max(t.reach, f.at+f.n)
		d.fields = append(d.fields, f)
	}
	d.end = at + count + int64(len(b))
	t.reach = max(t.reach, d.end)
	return d, nil
}

// entry is the i-th entry of a directory as it stands, entryAt where one stands.
func (t *tiffFile) entry(d tiffDir, i int64) []byte {
	entry, _, _ := t.widths()
	return d.raw[i*entry : (i+1)*entry]
}

func (t *tiffFile) entryAt(d tiffDir, f tiffField) int64 {
	entry, _, count := t.widths()
	return d.at + count + int64(f.i)*entry
}

// spend counts what is read.
func (t *tiffFile) spend(n int64) error {
	if t.left -= n; t.left < 0 {
		return broken("tiff: more directories and texts than its bytes can hold apart")
	}
	return nil
}

// dirs calls do for the directory of each page in turn.
func (t *tiffFile) dirs(do func(tiffDir) error) error {
	seen := map[int64]bool{}
	for at := t.first; at != 0; {
		if seen[at] {
			return broken("tiff: directories in a circle")
		}
		if len(seen) >= maxIFDs {
			return broken("tiff: too many directories")
		}
		seen[at] = true
		d, err := t.dir(at)
		if err == nil {
			err = do(d)
		}
		if err != nil {
			return err
		}
		at = t.offset(d.next)
	}
	if len(seen) == 0 {
		return broken("tiff: no directory")
	}
	return nil
}

// texts calls do for each field of a directory, and of the EXIF one below it, that can hold a label.
func (t *tiffFile) texts(d tiffDir, do func(tiffField) error) error {
	for _, f := range d.fields {
		var err error
		switch {
		case f.n < 0 && (f.tag == tagXMP || f.tag == tagDescription || f.tag == tagUserComment || f.tag == tagExifIFD):
			err = broken("tiff: a value outside the file")
		case f.tag == tagXMP && (f.kind == kindByte || f.kind == kindBytes), f.tag == tagDescription, f.tag == tagUserComment:
			err = do(f)
		case f.tag == tagExifIFD && f.n > 0:
			err = t.comments(f, do)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// comments calls do for each text of the EXIF directory that a field names.
func (t *tiffFile) comments(f tiffField, do func(tiffField) error) error {
	value, err := read(t.src, f.at, min(f.n, 8))
	if err != nil || len(value) < 4 || t.wide && len(value) < 8 {
		return err
	}
	sub, err := t.dir(t.offset(value))
	if err != nil {
		return err
	}
	for _, f := range sub.fields {
		if f.tag != tagUserComment && f.tag != tagDescription {
			continue
		}
		if f.n < 0 {
			return broken("tiff: a value outside the file")
		}
		if err := do(f); err != nil {
			return err
		}
	}
	return nil
}

func tiffMarks(src Source) ([]Found, error) {
	t, err := tiffOpen(src)
	if err != nil {
		return nil, err
	}
	out, err := t.marks("tiff")
	end := int64(0)
	if err == nil {
		end, err = tiffPixels(src)
	}
	return lateMarks(src, max(end, t.reach), "tiff.late", out, err)
}

// marks finds the labels in every directory; place names the container.
func (t *tiffFile) marks(place string) ([]Found, error) {
	var out []Found
	err := t.dirs(func(d tiffDir) error {
		return t.texts(d, func(f tiffField) error {
			found, err := t.found(f, place)
			if out = append(out, found...); err == nil && len(out) > maxMarks {
				err = broken("tiff: too many labels")
			}
			return err
		})
	})
	return out, err
}

// found reads the labels of a field. One too long to be held is searched where it lies.
func (t *tiffFile) found(f tiffField, place string) ([]Found, error) {
	if err := t.spend(f.n); err != nil {
		return nil, err
	}
	if f.tag == tagXMP {
		found, err := packetMarks(t.src, f.at, f.n, place+".xmp", t.packets)
		for i := range found {
			if f.kind != kindBytes {
				found[i].warn("type")
			}
		}
		return found, err
	}
	x := exifField{tag: f.tag, kind: f.kind}
	var err error
	if x.value, err = read(t.src, f.at, min(f.n, MaxBytes)); err != nil {
		return nil, err
	}
	if m, ok := x.mark(place); ok {
		return []Found{m}, nil
	}
	if at := blankEnd(x.value); f.n > MaxBytes && (at == len(x.value) || x.value[at] == '{') {
		there, err := containsBefore(t.src, f.at, f.at+f.n, "AIGC")
		if there {
			return []Found{tooLong("", place)}, err
		}
		return nil, err
	}
	return nil, nil
}
