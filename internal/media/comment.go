package media

import (
	"bytes"
	"regexp"
	"strings"
)

// commentLabel reads a label that stands as JSON where any words may, in a picture's comment:
// the field is not named for it (GB 45438-2025, E a).
func commentLabel(text []byte, place string) (Found, bool) {
	v := bytes.Trim(text, "\x00 \r\n\t")
	if !bytes.HasPrefix(v, []byte("{")) || !bytes.Contains(v, []byte(`"AIGC"`)) {
		return Found{}, false
	}
	f := readRaw(string(v[:min(len(v), maxRaw+1)]), place)
	f.warn("name")
	return f, true
}

// wideEncoding is what an XML declaration says of UTF-16.
var wideEncoding = regexp.MustCompile(`(?i)(encoding\s*=\s*["'])UTF-16(?:BE|LE)?`)

// maxDeclaration bounds an XML declaration, with which a document begins.
const maxDeclaration = 256

// isWide reports whether a packet is in UTF-16, which XMP allows outside pictures (XMP part 1, 7.1).
func isWide(b []byte) bool {
	for _, begins := range []string{"\xff\xfe", "\xfe\xff", "<\x00", "\x00<"} {
		if bytes.HasPrefix(b, []byte(begins)) {
			return true
		}
	}
	return false
}

// narrowed gives a packet in UTF-16, of a length that is parsed, in UTF-8.
func narrowed(b []byte) ([]byte, bool) {
	if !isWide(b) || len(b) > maxPacket {
		return b, false
	}
	if b[0] >= 0xfe {
		b = b[2:]
	}
	text := strings.TrimPrefix(utf16Text(b), "\ufeff")
	declared := min(len(text), maxDeclaration)
	return []byte(wideEncoding.ReplaceAllString(text[:declared], "${1}UTF-8") + text[declared:]), true
}

// wideMarks are the labels of a packet in UTF-16.
func wideMarks(b []byte, place string) (out []Found, wide bool) {
	if !isWide(b) {
		return nil, false
	}
	text, parsed := narrowed(b)
	if !parsed {
		out, _ = packetMarks(bytes.NewReader(b), 0, int64(len(b)), place, nil) // memory has no error
		return out, true
	}
	out = xmpMarks(text, place)
	for i := range out {
		out[i].warn("encoded")
	}
	return out, true
}

// widened is ASCII as it stands in UTF-16, of either order, from its first letter on to its last.
func widened(s string) string { return strings.Join(strings.Split(s, ""), "\x00") }
