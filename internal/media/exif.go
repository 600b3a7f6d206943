package media

import (
	"bytes"
	"encoding/binary"
	"iter"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// EXIF tags that are read (EXIF 2.32).
const (
	tagDescription = 0x010e
	tagOrientation = 0x0112
	tagExifIFD     = 0x8769
	tagUserComment = 0x9286
)

// exifField is one field of a TIFF structure: value is a view into its bytes, as many of them
// as there are.
type exifField struct {
	tag   uint16
	kind  uint16
	value []byte
}

// exifOrder is the byte order of a TIFF structure, nil of what is none.
func exifOrder(b []byte) binary.ByteOrder {
	switch {
	case len(b) < 8:
	case string(b[:4]) == "II*\x00":
		return binary.LittleEndian
	case string(b[:4]) == "MM\x00*":
		return binary.BigEndian
	}
	return nil
}

// exifFields are the fields of IFD0 and of the Exif IFD, in turn. Nothing else is followed, so a
// chain that loops cannot hold the reader.
func exifFields(b []byte) iter.Seq[exifField] {
	order := exifOrder(b)
	if order == nil {
		return noFields
	}
	return func(yield func(exifField) bool) {
		below := uint32(0)
		for f := range ifd(b, order, order.Uint32(b[4:])) {
			if f.tag == tagExifIFD && len(f.value) >= 4 && below == 0 {
				below = order.Uint32(f.value)
			}
			if !yield(f) {
				return
			}
		}
		if below == 0 {
			return
		}
		for f := range ifd(b, order, below) {
			if !yield(f) {
				return
			}
		}
	}
}

// noFields are the fields of what is no structure.
func noFields(func(exifField) bool) {}

// exifSizes are the bytes of a value of each type.
var exifSizes = [...]uint64{0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8}

// ifd are the fields of the directory at a place.
func ifd(b []byte, order binary.ByteOrder, at uint32) iter.Seq[exifField] {
	return func(yield func(exifField) bool) {
		if uint64(at)+2 > uint64(len(b)) {
			return
		}
		for i := range uint64(order.Uint16(b[at:])) {
			e := uint64(at) + 2 + i*12
			if e+12 > uint64(len(b)) {
				return
			}
			if f, ok := exifFieldAt(b, order, e); ok && !yield(f) {
				return
			}
		}
	}
}

// exifFieldAt reads the entry at a place; ok is false for one of no known type or outside b.
func exifFieldAt(b []byte, order binary.ByteOrder, e uint64) (f exifField, ok bool) {
	f = exifField{tag: order.Uint16(b[e:]), kind: order.Uint16(b[e+2:])}
	if int(f.kind) >= len(exifSizes) {
		return f, false
	}
	size := exifSizes[f.kind] * uint64(order.Uint32(b[e+4:]))
	start := e + 8
	if size > 4 {
		start = uint64(order.Uint32(b[e+8:]))
	}
	if start > uint64(len(b)) {
		return f, false
	}
	f.value = b[start:min(start+size, uint64(len(b)))]
	return f, true
}

func exifOrientation(b []byte) int {
	order := exifOrder(b)
	for f := range exifFields(b) {
		if f.tag == tagOrientation && f.kind == 3 && len(f.value) >= 2 {
			if v := int(order.Uint16(f.value)); v >= 1 && v <= 8 {
				return v
			}
		}
	}
	return 1
}

// exifUpright gives the structure with its orientation set to 1.
func exifUpright(b []byte) []byte {
	b = bytes.Clone(b)
	order := exifOrder(b)
	for f := range exifFields(b) {
		if f.tag == tagOrientation && f.kind == 3 && len(f.value) >= 2 {
			order.PutUint16(f.value, 1)
		}
	}
	return b
}

// exifMarks reads labels out of UserComment and ImageDescription. Fields that share their
// bytes to make more text than there is are told as one label that is too long.
func exifMarks(b []byte, place string) []Found {
	if exifOrder(b) == nil {
		return nil // of which there may be as many as a file has parts
	}
	var out []Found
	left := 2*len(b) + maxRaw
	for f := range exifFields(b) {
		if f.tag != tagUserComment && f.tag != tagDescription {
			continue
		}
		if left -= len(f.value); left < 0 {
			out = append(out, tooLong("", place))
			break
		}
		if m, ok := f.mark(place); ok {
			out = append(out, m)
		}
	}
	return out
}

// mark is the field's label, if it is one.
func (f exifField) mark(place string) (Found, bool) {
	text, ok := f.label()
	switch {
	case !ok:
		return Found{}, false
	case f.tag == tagUserComment:
		place += ".UserComment"
	default:
		place += ".ImageDescription"
	}
	if len(f.value) > maxRaw {
		return tooLong(text, place), true
	}
	return readRaw(text, place), true
}

// tooLong is a label whose text, with what pads it, is longer than any may be.
func tooLong(text, place string) Found {
	f := readRaw(text, place)
	f.bad("too_long")
	return f
}

// label is the field's text if it is a label, JSON that names AIGC, cut where it is too long
// for one.
func (f exifField) label() (string, bool) {
	v, unicode := f.value, false
	switch {
	case f.tag == tagUserComment && bytes.HasPrefix(v, []byte("UNICODE\x00")):
		v, unicode = v[8:], true
	case f.tag == tagUserComment && len(v) >= 8:
		v = v[8:] // the character code
	case f.tag != tagDescription:
		return "", false
	}
	at := blankEnd(v)
	switch {
	case at == len(v) || v[at] != '{':
		return "", false
	case !unicode:
		v = v[at:]
		return strings.Trim(string(v[:min(len(v), maxRaw+1)]), exifBlanks), bytes.Contains(v, []byte("AIGC"))
	}
	v = v[at&^1:] // with the zero that begins it in big-endian order
	text := utf16Text(v[:min(len(v), 2*maxRaw+2)])
	return strings.Trim(text, exifBlanks), bytes.Contains(v, []byte("A\x00I\x00G\x00C"))
}

// exifBlanks may stand around a label.
const exifBlanks = "\ufeff\x00 \r\n\t"

// blankEnd is where blanks and byte order marks of either encoding end.
func blankEnd(v []byte) int {
	for i, c := range v {
		if strings.IndexByte("\x00 \r\n\t\xef\xbb\xbf\xff\xfe", c) < 0 {
			return i
		}
	}
	return len(v)
}

// utf16Text reads UTF-16 whose byte order its writers do not agree on: a label is ASCII, so
// the zero bytes tell.
func utf16Text(b []byte) string {
	order := binary.ByteOrder(binary.LittleEndian)
	if len(b) > 1 && b[0] == 0 {
		order = binary.BigEndian
	}
	var text strings.Builder
	text.Grow(len(b) / 2)
	for at := 0; at+1 < len(b); at += 2 {
		r := rune(order.Uint16(b[at:]))
		if utf16.IsSurrogate(r) && at+3 < len(b) {
			if both := utf16.DecodeRune(r, rune(order.Uint16(b[at+2:]))); both != utf8.RuneError {
				r, at = both, at+2
			}
		}
		text.WriteRune(r)
	}
	return text.String()
}

// exifClean gives the structure without its labels, each blanked where it stands; fields that
// cannot be blanked are an error.
func exifClean(b []byte) ([]byte, error) {
	clean := exifErase(b)
	if len(exifMarks(clean, "")) > 0 {
		return nil, broken("exif: labels that cannot be taken out")
	}
	return clean, nil
}

// exifErase gives the structure with its labels blanked in place: no offset moves.
func exifErase(b []byte) []byte {
	b = bytes.Clone(b)
	for f := range exifFields(b) {
		if _, ok := f.label(); ok {
			v := f.value
			if f.tag == tagUserComment {
				v = v[8:]
			}
			clear(v)
		}
	}
	return b
}
