package media

import (
	"bytes"
	"compress/zlib"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
)

// profileKeyword is how the keywords begin under which ImageMagick writes a packet or EXIF into a
// PNG, in hexadecimal: xmp, exif, or APP1, which is the segment of a JPEG and either of the two.
const profileKeyword = "raw profile type "

// rawProfile is what stands in such a text: its bytes, of which the first head are a JPEG's header.
type rawProfile struct {
	name string
	data []byte
	head int
	exif bool
}

// profileKind is the end of a keyword, "" where it is of no profile with a label.
func profileKind(keyword string) string {
	switch kind, _ := strings.CutPrefix(strings.ToLower(keyword), profileKeyword); kind {
	case "xmp", "exif", "app1":
		return kind
	}
	return ""
}

// readProfile reads the text of a profile: its name, its length and its bytes, in lines.
func readProfile(kind string, text []byte) (p rawProfile, ok bool) {
	name, rest := firstWord(text)
	length, rest := firstWord(rest)
	if _, err := strconv.ParseUint(string(length), 10, 32); err != nil {
		return p, false
	}
	p = rawProfile{name: string(name), data: make([]byte, 0, len(rest)/2), exif: kind == "exif"}
	for rest = bytes.TrimLeft(rest, blanks); len(rest) > 1; rest = bytes.TrimLeft(rest, blanks) {
		var b [1]byte
		if _, err := hex.Decode(b[:], rest[:2]); err != nil {
			return p, false
		}
		p.data, rest = append(p.data, b[0]), rest[2:]
	}
	switch {
	case bytes.HasPrefix(p.data, []byte(xmpHeader)):
		p.head = len(xmpHeader)
	case bytes.HasPrefix(p.data, []byte(exifHeader)):
		p.head, p.exif = len(exifHeader), true
	case kind == "app1":
		return p, false
	}
	return p, true
}

// blanks stand between the words and lines of a profile.
const blanks = " \t\r\n"

// firstWord cuts the first word off a text.
func firstWord(b []byte) (word, rest []byte) {
	b = bytes.TrimLeft(b, blanks)
	if end := bytes.IndexAny(b, blanks); end >= 0 {
		return b[:end], b[end:]
	}
	return b, nil
}

// marks are the labels of a profile.
func (p rawProfile) marks(place string) []Found {
	var out []Found
	if body := p.data[p.head:]; p.exif {
		out = exifMarks(body, place)
	} else {
		out = xmpMarks(body, place)
	}
	for i := range out {
		out[i].warn("encoded")
	}
	return out
}

// clean is the chunk of a profile without its labels.
func (p rawProfile) clean(c chunk) (chunk, error) {
	body, remove := p.data[p.head:], xmpRemove
	if p.exif {
		remove = exifClean
	}
	less, err := remove(body)
	if err != nil {
		return chunk{}, err
	}
	less = append(p.data[:p.head:p.head], less...)
	said := fmt.Sprintf("\n%s\n%8d\n%x\n", p.name, len(less), less)
	if c.kind == "tEXt" {
		return newChunk(c.kind, []byte(c.keyword()+"\x00"+said)), nil
	}
	var b bytes.Buffer
	b.WriteString(c.keyword() + "\x00\x00")
	z := zlib.NewWriter(&b)
	if _, err = z.Write([]byte(said)); err == nil {
		err = z.Close()
	}
	return newChunk("zTXt", b.Bytes()), err
}
