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
	var out []Found
	i, err := find(src, at, at+n, []byte("AIGC"))
	if err != nil {
		return nil, err
	}
	if i >= 0 {
		b, err := read(src, i, min(2*maxRaw, at+n-i))
		if err != nil {
			return nil, err
		}
		out = xmpScan(b, place)
	}
	for k := range out {
		out[k].warn("xml")
		out[k].bad("too_long")
	}
	said, err := packetSource(src, at, at+n, place)
	return append(out, said...), err
}

// packetSource finds the first source type in a packet too long to be parsed that says AI.
func packetSource(src Source, at, end int64, place string) ([]Found, error) {
	for _, v := range aiTerms {
		there, err := containsBefore(src, at, end, "digitalsourcetype/"+v)
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
