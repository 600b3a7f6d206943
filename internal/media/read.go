package media

import (
	"bytes"
	"encoding/binary"
	"unicode/utf8"

	"loam"
)

// Read finds every AI mark of a file: JPEG, PNG, WebP and GIF pictures, and text with
// front matter. The list is empty for a file without marks, never an error; bytes of no
// known type are Invalid, "file.type". More than one label is itself a defect of each.
func Read(b []byte) ([]Found, error) {
	out := []Found{}
	t, err := Sniff(b)
	if err != nil {
		if !IsText(b) {
			return nil, loam.Fail(loam.Invalid, "file.type")
		}
		return append(out, textMarks(b)...), nil
	}
	var found []Found
	switch t {
	case PNG:
		found, err = pngMarks(b)
	case JPEG:
		found, err = jpegMarks(b)
	case WebP:
		found, err = webpMarks(b)
	case GIF:
		found = gifMarks(b)
	}
	if err != nil {
		return nil, err
	}
	labels := 0
	for _, f := range found {
		if f.Kind == KindImplicit {
			labels++
		}
	}
	for _, f := range found {
		if labels > 1 && f.Kind == KindImplicit {
			f.bad("duplicate")
		}
		out = append(out, f)
	}
	return out, nil
}

// IsText reports whether bytes are UTF-8 text without NUL.
func IsText(b []byte) bool {
	return len(b) <= MaxBytes && utf8.Valid(b) && !bytes.ContainsRune(b, 0)
}

// Write puts a label into a PNG, a JPEG or a text as its only one and gives the new
// bytes; pixels, words and other metadata stay as they are. Other containers are Invalid,
// "picture.container". The caller reads back what it needs to be sure of.
func Write(b []byte, m loam.Mark) ([]byte, error) {
	raw, err := encodeMark(m)
	if err != nil {
		return nil, err
	}
	if t, err := Sniff(b); err != nil {
		if t == "" && !IsText(b) {
			return nil, loam.Fail(loam.Invalid, "file.type")
		}
		return textWrite(b, m)
	}
	return write(b, raw)
}

// write puts a label's text into a picture.
func write(b []byte, raw string) ([]byte, error) {
	t, err := Sniff(b)
	if err != nil {
		return nil, err
	}
	switch t {
	case PNG:
		return pngWrite(b, raw)
	case JPEG:
		return jpegWrite(b, raw)
	default:
		return nil, loam.Fail(loam.Invalid, "picture.container", string(t))
	}
}

// webpMarks reads the XMP and EXIF chunks of a RIFF file.
func webpMarks(b []byte) ([]Found, error) {
	var out []Found
	for at, n := 12, 0; len(b)-at >= 8 && n < maxChunks; n++ {
		size := int(binary.LittleEndian.Uint32(b[at+4:]))
		if size > len(b)-at-8 {
			return nil, broken("webp: chunk longer than the file")
		}
		data := b[at+8 : at+8+size]
		switch string(b[at : at+4]) {
		case "XMP ":
			out = append(out, xmpMarks(data, "webp.xmp")...)
		case "EXIF":
			out = append(out, exifMarks(bytes.TrimPrefix(data, []byte(exifHeader)), "webp.exif")...)
		case "C2PA":
			out = append(out, sourceType(data, "webp.c2pa")...)
		}
		at += 8 + size + size&1
	}
	return out, nil
}

// gifMarks reads an XMP application extension, which holds its packet unblocked.
func gifMarks(b []byte) []Found {
	head := []byte("\x21\xff\x0bXMP DataXMP")
	i := bytes.Index(b, head)
	if i < 0 {
		return nil
	}
	data := b[i+len(head):]
	if end := bytes.Index(data, []byte("\x01\xff\xfe\xfd")); end >= 0 {
		data = data[:end] // the magic trailer (XMP part 3, 1.1.2)
	}
	return xmpMarks(data, "gif.xmp")
}
