package media

import (
	"bytes"
	"compress/zlib"
	"encoding/hex"
	"fmt"
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

// rawProfile is the keyword under which ImageMagick writes a packet in hexadecimal into a PNG.
const rawProfile = "Raw profile type xmp"

// profilePacket is the packet in such a text: its name, its length and its bytes, in lines.
func profilePacket(text []byte) ([]byte, bool) {
	fields := bytes.Fields(text)
	if len(fields) < 3 || string(fields[0]) != "xmp" {
		return nil, false
	}
	digits := bytes.Join(fields[2:], nil)
	out := make([]byte, hex.DecodedLen(len(digits)))
	_, err := hex.Decode(out, digits)
	return out, err == nil
}

// profileMarks reads the labels of such a text.
func profileMarks(text []byte, place string) []Found {
	packet, ok := profilePacket(text)
	if !ok {
		return nil
	}
	out := xmpMarks(packet, place)
	for i := range out {
		out[i].warn("encoded")
	}
	return out
}

// profileClean is such a chunk without the labels in its packet.
func profileClean(kind string, text []byte) (chunk, error) {
	packet, _ := profilePacket(text)
	less, err := xmpRemove(packet)
	if err != nil {
		return chunk{}, err
	}
	said := fmt.Sprintf("\nxmp\n%8d\n%x\n", len(less), less)
	if kind == "tEXt" {
		return newChunk(kind, []byte(rawProfile+"\x00"+said)), nil
	}
	var b bytes.Buffer
	b.WriteString(rawProfile + "\x00\x00")
	z := zlib.NewWriter(&b)
	if _, err = z.Write([]byte(said)); err == nil {
		err = z.Close()
	}
	return newChunk("zTXt", b.Bytes()), err
}

// wideEncoding is what an XML declaration says of UTF-16.
var wideEncoding = regexp.MustCompile(`(?i)(encoding\s*=\s*["'])UTF-16(?:BE|LE)?`)

// narrowed gives a packet in UTF-16, which XMP allows outside pictures (XMP part 1, 7.1), in UTF-8.
func narrowed(b []byte) ([]byte, bool) {
	for _, begins := range []string{"\xff\xfe", "\xfe\xff", "<\x00", "\x00<"} {
		if !bytes.HasPrefix(b, []byte(begins)) {
			continue
		}
		order := b
		if begins == "\xfe\xff" || begins == "\xff\xfe" {
			order = b[2:]
		}
		text := strings.TrimPrefix(utf16Text(order), "\ufeff")
		return []byte(wideEncoding.ReplaceAllString(text, "${1}UTF-8")), true
	}
	return b, false
}
