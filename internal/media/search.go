package media

import (
	"bytes"
	"errors"
	"io"
)

// contains reports whether text stands in a source behind a place.
func contains(src Source, at int64, text string) (bool, error) {
	return containsBefore(src, at, src.Size(), text)
}

// containsBefore reports whether text stands in a source between two places.
func containsBefore(src Source, at, end int64, text string) (bool, error) {
	found, err := find(src, at, end, []byte(text))
	return found >= 0, err
}

// searchBuffer is how much of a source is searched at once.
const searchBuffer = 4 << 10

// find is the place of text in a source between two places, -1 if it is not there.
func find(src Source, at, end int64, text []byte) (int64, error) {
	end = min(end, src.Size())
	b := make([]byte, min(searchBuffer, max(0, end-at)))
	for at+int64(len(text)) <= end {
		n, err := src.ReadAt(b[:min(int64(len(b)), end-at)], at)
		if i := bytes.Index(b[:n], text); i >= 0 {
			return at + int64(i), nil
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return -1, err
		}
		if n < len(text) {
			return -1, nil
		}
		at += int64(n - len(text) + 1)
	}
	return -1, nil
}

// findLast is the last place of text in the last so many bytes of a source, -1 if it is not there.
func findLast(src Source, text string, within int64) (int64, error) {
	least := max(0, src.Size()-within)
	b := make([]byte, min(searchBuffer, src.Size()-least))
	for end := src.Size(); ; {
		from := max(least, end-int64(len(b)))
		n, err := src.ReadAt(b[:end-from], from)
		if err != nil && !errors.Is(err, io.EOF) {
			return -1, err
		}
		if i := bytes.LastIndex(b[:n], []byte(text)); i >= 0 {
			return from + int64(i), nil
		}
		if from == least {
			return -1, nil
		}
		end = from + int64(len(text)) - 1
	}
}

// packetMarks reads the labels of an XMP packet that lies in a source. One too long to be
// parsed is searched for the first of its labels, which is told to be too long. More packets than
// are allowed are Invalid, "media.broken".
func packetMarks(src Source, at, n int64, place string, left *allowance) ([]Found, error) {
	if !left.packet(n) {
		return nil, errPackets()
	}
	if n <= maxPacket {
		b, err := read(src, at, n)
		if err != nil {
			return nil, err
		}
		return xmpMarks(b, place), nil
	}
	head, err := read(src, at, 4)
	if err != nil {
		return nil, err
	}
	wide := isWide(head)
	out, err := longPacket(src, at, n, place, wide)
	if err != nil {
		return nil, err
	}
	said, err := packetSource(src, at, at+n, place, wide)
	return append(out, said...), err
}

// longPacket finds the first label in a packet too long to be parsed, in UTF-16 or not.
func longPacket(src Source, at, n int64, place string, wide bool) (out []Found, err error) {
	letters := aigcKey
	if wide {
		letters = widened(letters)
	}
	i, err := find(src, at, at+n, []byte(letters))
	if err != nil || i < 0 {
		return nil, err
	}
	b, err := read(src, i, min(2*maxRaw, at+n-i))
	if err != nil {
		return nil, err
	}
	if wide {
		b = []byte(utf16Text(b)) // from its first letter on either order reads as the lower one
	}
	out = xmpScan(b, place)
	for k := range out {
		if wide {
			out[k].warn("encoded")
		}
		out[k].warn("xml")
		out[k].bad("too_long")
	}
	return out, nil
}

// packetSource finds the first source type in a packet too long to be parsed, in UTF-16 or not,
// that says AI.
func packetSource(src Source, at, end int64, place string, wide bool) ([]Found, error) {
	for _, v := range aiTerms {
		text := "digitalsourcetype/" + v
		if wide {
			text = widened(text)
		}
		there, err := containsBefore(src, at, end, text)
		if err != nil {
			return nil, err
		}
		if there {
			return sourceType([]byte("digitalsourcetype/"+v), place), nil
		}
	}
	return nil, nil
}

// exifLies reads the labels of an EXIF structure that lies in a source. One too long to be
// held is followed where it lies.
func exifLies(src Source, at, n int64, place string) ([]Found, error) {
	head, err := read(src, at, min(n, int64(len(exifHeader))))
	if err != nil {
		return nil, err
	}
	if string(head) == exifHeader {
		at, n = at+int64(len(head)), n-int64(len(head))
	}
	if n <= maxPacket {
		b, err := read(src, at, n)
		return exifMarks(b, place), err
	}
	t, err := tiffOpen(io.NewSectionReader(src, at, n))
	if err != nil {
		return nil, nil //nolint:nilerr // a structure of another form holds nothing that is read
	}
	return t.marks(place)
}
