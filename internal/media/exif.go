package media

import (
	"bytes"
	"encoding/binary"
	"strings"
	"unicode/utf16"
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

// exifFields lists the fields of IFD0 and of the Exif IFD. Nothing else is followed, so a
// chain that loops cannot hold the reader.
func exifFields(b []byte) ([]exifField, binary.ByteOrder) {
	var order binary.ByteOrder
	switch {
	case len(b) < 8:
		return nil, nil
	case string(b[:4]) == "II*\x00":
		order = binary.LittleEndian
	case string(b[:4]) == "MM\x00*":
		order = binary.BigEndian
	default:
		return nil, nil
	}
	out := ifd(b, order, order.Uint32(b[4:]))
	for _, f := range out {
		if f.tag == tagExifIFD && len(f.value) >= 4 {
			return append(out, ifd(b, order, order.Uint32(f.value))...), order
		}
	}
	return out, order
}

// exifSizes are the bytes of a value of each type.
var exifSizes = [...]uint64{0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8}

func ifd(b []byte, order binary.ByteOrder, at uint32) []exifField {
	if uint64(at)+2 > uint64(len(b)) {
		return nil
	}
	n := int(order.Uint16(b[at:]))
	var out []exifField
	for i := range n {
		e := uint64(at) + 2 + uint64(i)*12
		if e+12 > uint64(len(b)) {
			break
		}
		f := exifField{tag: order.Uint16(b[e:]), kind: order.Uint16(b[e+2:])}
		if int(f.kind) >= len(exifSizes) {
			continue
		}
		size := exifSizes[f.kind] * uint64(order.Uint32(b[e+4:]))
		start := e + 8
		if size > 4 {
			start = uint64(order.Uint32(b[e+8:]))
		}
		if start > uint64(len(b)) {
			continue
		}
		f.value = b[start:min(start+size, uint64(len(b)))]
		out = append(out, f)
	}
	return out
}

func exifOrientation(b []byte) int {
	fields, order := exifFields(b)
	for _, f := range fields {
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
	fields, order := exifFields(b)
	for _, f := range fields {
		if f.tag == tagOrientation && f.kind == 3 && len(f.value) >= 2 {
			order.PutUint16(f.value, 1)
		}
	}
	return b
}

// exifMarks reads labels out of UserComment and ImageDescription. Fields that share their
// bytes to make more text than there is are told as one label that is too long.
func exifMarks(b []byte, place string) []Found {
	var out []Found
	fields, _ := exifFields(b)
	left := 2*len(b) + maxRaw
	for _, f := range fields {
		if f.tag != tagUserComment && f.tag != tagDescription {
			continue
		}
		if left -= len(f.value); left < 0 {
			return append(out, tooLong("", place))
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
	u := make([]uint16, len(b)/2)
	for i := range u {
		u[i] = order.Uint16(b[2*i:])
	}
	return string(utf16.Decode(u))
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
	fields, _ := exifFields(b)
	for _, f := range fields {
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
