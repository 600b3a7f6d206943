package media

import (
	"bytes"
	"encoding/binary"
	"slices"

	"loam"
)

// tiffPut puts the label into the XMP of the first page. Where the packet there has room it
// is written over; otherwise packet and directory are written anew at the end of the file,
// and the header names that directory. Pixels stay where they are.
func tiffPut(src Source, raw, term string) (*Edit, error) {
	t, err := tiffOpen(src)
	if err != nil {
		return nil, err
	}
	var first *tiffDir
	var over []overwrite
	var own *tiffField
	err = t.dirs(func(d tiffDir) error {
		err := t.texts(d, func(f tiffField) error {
			if first == nil && f.tag == tagXMP && own == nil {
				own = &f
				return nil
			}
			o, err := t.blank(f)
			over = append(over, o...)
			return err
		})
		if first == nil {
			first = &d
		}
		return err
	})
	end := int64(0)
	if err == nil {
		end, err = tiffPixels(src)
	}
	var late []lateLabel
	if err == nil {
		late, err = behind(src, max(end, t.reach), "tiff.late")
	}
	if err != nil {
		return nil, err
	}
	for _, l := range late {
		c := l.blanked()
		over = append(over, overwrite{c.at, c.lit})
	}
	var packet []byte
	if own != nil {
		if own.n > MaxBytes {
			return nil, loam.Fail(loam.Invalid, "label.xmp")
		}
		if packet, err = read(src, own.at, own.n); err != nil {
			return nil, err
		}
	}
	fresh, err := xmpWrite(bytes.TrimRight(packet, "\x00"), raw, term)
	if err != nil {
		return nil, err
	}
	if own != nil && int64(len(xmpTrim(fresh))) <= own.n && !touches(over, own) {
		over = append(over, overwrite{own.at, xmpPad(fresh, int(own.n))}, overwrite{t.entryAt(*first, *own) + 2, t.short(kindBytes)})
		return overwritten(src, over, src.Size()), nil
	}
	return t.appended(*first, own, fresh, over)
}

func (t *tiffFile) short(v uint16) []byte {
	return t.order.(binary.AppendByteOrder).AppendUint16(nil, v)
}

// blank takes the label out of a field and leaves it as long as it was.
func (t *tiffFile) blank(f tiffField) ([]overwrite, error) {
	found, err := t.found(f, "")
	if err != nil || len(found) == 0 {
		return nil, err
	}
	if f.n > MaxBytes {
		return nil, broken("tiff: a label that is too long to be taken out")
	}
	value, err := read(t.src, f.at, f.n)
	if err != nil {
		return nil, err
	}
	if f.tag == tagXMP {
		less, err := xmpRemove(bytes.TrimRight(value, "\x00"))
		if err != nil {
			return nil, err
		}
		if int64(len(xmpTrim(less))) > f.n {
			return nil, errNoRoom()
		}
		return []overwrite{{f.at, xmpPad(less, int(f.n))}}, nil
	}
	skip := int64(0)
	if f.tag == tagUserComment {
		skip = min(8, f.n)
	}
	return []overwrite{{f.at + skip, make([]byte, f.n-skip)}}, nil
}

// xmpPad brings a packet to a length, with blanks before its end (XMP part 1, 7.3.2).
func xmpPad(b []byte, n int) []byte {
	if len(b) > n {
		b = xmpTrim(b)
	}
	at := bytes.LastIndex(b, []byte("<?xpacket"))
	if at <= 0 {
		at = len(b)
	}
	return splice(b, at, at, string(bytes.Repeat([]byte{' '}, max(0, n-len(b)))))
}

// appended writes packet and first directory at the end of the file. What a former write
// left there is replaced; a former packet elsewhere is blanked, so that no tool that only
// searches bytes finds a label that no longer holds.
func (t *tiffFile) appended(d tiffDir, own *tiffField, packet []byte, over []overwrite) (*Edit, error) {
	end := t.src.Size()
	if own != nil {
		if t.atEnd(d, own) {
			end = own.at
		} else {
			over = append(over, overwrite{own.at, bytes.Repeat([]byte{' '}, int(own.n))})
		}
	}
	at := end + end&1
	dirAt := at + int64(len(packet)) + int64(len(packet))&1
	if !t.wide && dirAt > 1<<32-1<<20 {
		return nil, errNoRoom()
	}
	over = append(over, overwrite{t.firstAt(), t.appendOffset(nil, dirAt)})
	over = slices.DeleteFunc(over, func(o overwrite) bool { return o.at >= end })
	e := overwritten(t.src, over, end)
	e.add(make([]byte, end&1))
	e.add(packet)
	e.add(make([]byte, len(packet)&1))
	e.add(t.build(d, at, int64(len(packet))))
	return e, nil
}

// atEnd tells whether the file ends with the packet and the directory behind it, and nothing
// else of the directory's lies between.
func (t *tiffFile) atEnd(d tiffDir, own *tiffField) bool {
	if d.end != t.src.Size() || own.at+own.n+own.n&1 != d.at {
		return false
	}
	_, offset, _ := t.widths()
	for _, f := range d.fields {
		if f.tag != tagXMP && f.n > offset && f.at+f.n > own.at {
			return false
		}
	}
	return true
}

// build is the directory with its XMP entry, entries in the order of their tags.
func (t *tiffFile) build(d tiffDir, at, n int64) []byte {
	a := t.order.(binary.AppendByteOrder)
	own := a.AppendUint16(a.AppendUint16(nil, tagXMP), kindBytes)
	own = t.appendOffset(t.appendOffset(own, n), at)
	var list []byte
	count, done := int64(0), false
	put := func(raw []byte) {
		list = append(list, raw...)
		count++
	}
	for _, f := range d.fields {
		if !done && f.tag >= tagXMP {
			put(own)
			done = true
		}
		if f.tag != tagXMP {
			put(t.entry(d, int64(f.i)))
		}
	}
	if !done {
		put(own)
	}
	var out []byte
	if t.wide {
		out = a.AppendUint64(nil, uint64(count))
	} else {
		out = a.AppendUint16(nil, uint16(count))
	}
	return append(append(out, list...), d.next...)
}

// overwrite is bytes that stand in the place of as many others.
type overwrite struct {
	at int64
	b  []byte
}

// touches tells whether a packet shares bytes with what is written over: pages may name one
// and the same.
func touches(over []overwrite, own *tiffField) bool {
	return slices.ContainsFunc(over, func(o overwrite) bool { return o.at < own.at+own.n && own.at < o.at+int64(len(o.b)) })
}

// overwritten is a source up to an end, with bytes of it written over.
func overwritten(src Source, over []overwrite, end int64) *Edit {
	slices.SortStableFunc(over, func(a, b overwrite) int { return int(max(-1, min(1, a.at-b.at))) })
	e, at := new(Edit), int64(0)
	for _, o := range over {
		if o.at < at {
			continue // two fields that share their bytes
		}
		e.keep(src, at, o.at)
		e.add(o.b)
		at = o.at + int64(len(o.b))
	}
	e.keep(src, at, end)
	return e
}

func tiffLabel(src Source, _ loam.Mark, raw string) (*Edit, error) { return tiffPut(src, raw, "") }
