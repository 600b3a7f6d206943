package media

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// TestCommentLabels: labels where tools leave them that know no XMP are read with a fault, and
// taken out when one is written.
func TestCommentLabels(t *testing.T) {
	t.Parallel()
	label := []byte(`{"AIGC":` + strictJSON + `}`)
	photo, png, still := jpegOf(t, picture(8, 8, 1)), pngOf(t, picture(8, 8, 1)), gifOf(t, picture(8, 8, 1))
	comment := []byte("\x21\xfe")
	for rest := label; len(rest) > 0; {
		n := min(200, len(rest))
		comment = append(append(comment, byte(n)), rest[:n]...)
		rest = rest[n:]
	}
	packet := func(name string) []byte {
		return xmpOf(`<rdf:Description xmlns:T="` + nsAIGC + `"><dc:title xmlns:dc="u">kept</dc:title><T:` + name + `>` + escaped(strictJSON) + `</T:` + name + `></rdf:Description>`)
	}
	raw := []byte(fmt.Sprintf("\nxmp\n%8d\n%s\n", len(packet("AIGC")), hex.EncodeToString(packet("AIGC"))))
	wide := utf16Of(binary.BigEndian, true, string(packet("AIGC")))
	wide = wide[:len(wide)-2]
	chunked := func(kind, head string, data []byte) []byte {
		return cat(png[:33], newChunk(kind, append([]byte(head), data...)).raw, png[33:])
	}
	for name, tt := range map[string]struct {
		in           []byte
		place, fault string
	}{
		"JPEG comment":               {withSegment(photo, mCOM, label), "jpeg.comment", "name"},
		"GIF comment":                {cat(still[:781], comment, []byte{0}, still[781:]), "gif.comment", "name"},
		"PNG Comment":                {chunked("tEXt", "Comment\x00", label), "png.tEXt", "name"},
		"PNG Description":            {chunked("zTXt", "Description\x00\x00", packed(string(label))), "png.zTXt", "name"},
		"ImageMagick's packet":       {chunked("zTXt", "Raw profile type xmp\x00\x00", packed(string(raw))), "png.zTXt", "encoded"},
		"ImageMagick's packet, bare": {chunked("tEXt", "Raw profile type xmp\x00", raw), "png.tEXt", "encoded"},
		"lower case":                 {withSegment(photo, mAPP1, append([]byte(xmpHeader), packet("aigc")...)), "jpeg.xmp", "name"},
		"UTF-16":                     {withSegment(photo, mAPP1, append([]byte(xmpHeader), wide...)), "jpeg.xmp", "encoded"},
	} {
		found, err := Read(tt.in)
		labels := implicit(found)
		if err != nil || len(labels) != 1 || labels[0].Place != tt.place || labels[0].Mark != strictMark() || !slices.Contains(codes(labels[0]), tt.fault) {
			t.Errorf("%s: %+v, %v", name, found, err)
			continue
		}
		out := onlyLabel(t, name, tt.in)
		if n := bytes.Count(out, []byte("ContentProducer")); n != 1 {
			t.Errorf("%s: %d labels in what was written", name, n)
		}
		if strings.Contains(name, "packet") && !bytes.Contains(out, []byte("Raw profile type xmp")) {
			t.Errorf("%s: the rest of the packet is gone", name)
		}
		if (name == "UTF-16" || name == "lower case") && !bytes.Contains(out, []byte("kept")) {
			t.Errorf("%s: the rest of the packet is gone", name)
		}
	}
	for name, in := range map[string][]byte{
		"JPEG": withSegment(photo, mCOM, []byte("about AIGC labels")), "PNG": chunked("tEXt", "Comment\x00", []byte(`{"a":1}`)),
		"a packet that is none": chunked("tEXt", "Raw profile type xmp\x00", []byte("\nxmp\n 7\nzz")),
	} {
		if found, err := Read(in); err != nil || len(found) > 0 {
			t.Errorf("%s: %+v, %v", name, found, err)
		}
	}
}
