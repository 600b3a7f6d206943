package media

import (
	"bytes"
	"crypto/md5"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"loam"
)

// withExtended is a JPEG whose XMP goes on in an extension, cut into parts of n bytes.
func withExtended(b, packet []byte, n int) []byte {
	guid := fmt.Sprintf("%X", md5.Sum(packet))
	for at := (len(packet) - 1) / n * n; at >= 0; at -= n {
		data := append([]byte(xmpMoreHeader), guid...)
		data = binary.BigEndian.AppendUint32(data, uint32(len(packet)))
		data = binary.BigEndian.AppendUint32(data, uint32(at))
		b = withSegment(b, mAPP1, append(data, packet[at:min(len(packet), at+n)]...))
	}
	return withSegment(b, mAPP1, append([]byte(xmpHeader), xmpOf(`<rdf:Description rdf:about="" xmlns:xmpNote="http://ns.adobe.com/xmp/note/" xmpNote:HasExtendedXMP="`+guid+`"/>`)...))
}

// specials are JPEG and PNG with labels where few look.
func specials(tb testing.TB) map[string][]byte {
	img := picture(32, 24, 9)
	p, j := pngOf(tb, img), jpegOf(tb, img)
	wrapped := `{"AIGC":` + strictJSON + `}`
	element := xmpOf(`<rdf:Description xmlns:T="` + nsAIGC + `"><T:AIGC>` + escaped(strictJSON) + `</T:AIGC></rdf:Description>`)
	end := len(j) - 2
	segment := newSegment(0xe9, []byte("AIGC"+strictJSON)).raw
	comment := append([]byte("UNICODE\x00"), utf16Of(binary.LittleEndian, false, wrapped)...)
	icc := append([]byte(iccHeader), 1, 1, 'p')
	return map[string][]byte{
		"extended":     withSegment(withExtended(j, element, 300), mAPP2, icc),
		"late segment": splice(j, end, end, string(segment)),
		"behind EOI":   append(bytes.Clone(j), "\r\nAIGC"+strictJSON+"\r\nand more"...),
		"Unicode":      withSegment(j, mAPP1, append([]byte(exifHeader), exifOf(exifField{tagUserComment, 7, comment})...)),
		"two packets":  withSegment(withSegment(j, mAPP1, append([]byte(xmpHeader), element...)), mAPP1, append([]byte(xmpHeader), element...)),
		"behind IEND":  append(bytes.Clone(p), `<x AIGC='`+escaped(strictJSON)+`'>`...),
		"two chunks":   withChunk(tb, withChunk(tb, p, xmpChunk(element), false), xmpChunk(element), true),
	}
}

func TestSpecialPlaces(t *testing.T) {
	t.Parallel()
	want := map[string][]string{
		"extended": {"jpeg.xmp_extension"}, "late segment": {"jpeg.late"}, "behind EOI": {"jpeg.late"}, "Unicode": {"jpeg.exif.UserComment"},
		"two packets": {"jpeg.xmp duplicate", "jpeg.xmp duplicate"}, "behind IEND": {"png.trailer"}, "two chunks": {"png.xmp duplicate", "png.xmp duplicate"},
	}
	for name, in := range specials(t) {
		reads(t, name, in, want[name]...)
		out := onlyLabel(t, name, in)
		a, _, err1 := Decode(in)
		b, _, err2 := Decode(out)
		if err1 != nil || err2 != nil || !samePixels(a, b) {
			t.Errorf("%s: pixels changed (%v, %v)", name, err1, err2)
		}
		if bytes.HasSuffix(in, []byte("\r\nand more")) != bytes.HasSuffix(out, []byte("\r\nand more")) {
			t.Errorf("%s: what follows the picture changed", name)
		}
	}
}

// TestExtendedXMPKeepsItsName: the extension is named by the digest of what it now holds, in
// every part and in the main packet.
func TestExtendedXMPKeepsItsName(t *testing.T) {
	t.Parallel()
	out := onlyLabel(t, "extended", specials(t)["extended"])
	parts, _, err := jpegParts(bytes.NewReader(out))
	if err != nil {
		t.Fatal(err)
	}
	all := extensions(parts)
	if len(all) != 1 || !all[0].whole || len(all[0].parts) < 2 {
		t.Fatalf("got %d extensions: %+v", len(all), all)
	}
	guid := fmt.Sprintf("%X", md5.Sum(all[0].packet))
	if n := bytes.Count(out, []byte(guid)); n != len(all[0].parts)+1 {
		t.Errorf("named %d times, want %d", n, len(all[0].parts)+1)
	}
}

// TestOtherSegmentsStay: a label changes its own segment or chunk and no other byte, and
// stands where XMP stood before.
func TestOtherSegmentsStay(t *testing.T) {
	t.Parallel()
	img := picture(32, 24, 9)
	packet := xmpOf(`<rdf:Description rdf:about=""/>`)
	j := withSegment(jpegOf(t, img), mAPP1, append([]byte(xmpHeader), packet...))
	j = withSegment(withSegment(j, mAPP2, append([]byte(iccHeader), 1, 1, 'p')), mAPP1, append([]byte(exifHeader), exifOf(orientation(1))...))
	p := withChunk(t, pngOf(t, img), xmpChunk(packet), false)
	p = withChunk(t, p, newChunk("gAMA", []byte{0, 0, 0xb1, 0x8f}), false)
	labelled, err := xmpWrite(packet, strictJSON, "")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ in, was, now []byte }{
		"jpeg": {j, newSegment(mAPP1, append([]byte(xmpHeader), packet...)).raw, newSegment(mAPP1, append([]byte(xmpHeader), labelled...)).raw},
		"png":  {p, xmpChunk(packet).raw, xmpChunk(labelled).raw},
	} {
		if got, want := onlyLabel(t, name, c.in), bytes.Replace(c.in, c.was, c.now, 1); !bytes.Equal(got, want) {
			t.Errorf("%s: got\n%.600q\nwant\n%.600q", name, got, want)
		}
	}
}

func TestAttributesAreCutExactly(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		`<a b="x:AIGC = 1" c:AIGC="{}" d='2'/>`:                       `<a b="x:AIGC = 1" d='2'/>`,
		`<a xmlns:AIGC="u" T:AIGC = '{"a":1}'>`:                       `<a xmlns:AIGC="u">`,
		"<a\n\tAIGC=\"\"\n\tb='>'/>":                                  "<a\n\tb='>'/>",
		`<a x:AIGCs="1" y:AIGC="2" z:AIGC="3">`:                       `<a x:AIGCs="1">`,
		`<rdf:Description rdf:about="" TC260:AIGC="{}" q:z="y:AIGC">`: `<rdf:Description rdf:about="" q:z="y:AIGC">`,
	} {
		if got := string(dropAttributes([]byte(in), "AIGC")); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}

func TestSourceTypes(t *testing.T) {
	t.Parallel()
	const uri = "http://cv.iptc.org/newscodes/digitalsourcetype/"
	ns := ` xmlns:I="` + nsIPTC + `"`
	for name, c := range map[string]struct {
		inner string
		state loam.AIState
		raw   string
		codes []string
	}{
		"element":   {`<rdf:Description` + ns + `><I:DigitalSourceType>` + uri + `trainedAlgorithmicMedia</I:DigitalSourceType></rdf:Description>`, loam.IsAI, "trainedAlgorithmicMedia", []string{}},
		"attribute": {`<rdf:Description` + ns + ` I:DigitalSourceType="` + uri + `compositeWithTrainedAlgorithmicMedia"/>`, loam.IsAI, "compositeWithTrainedAlgorithmicMedia", []string{}},
		"resource":  {`<rdf:Description` + ns + `><I:DigitalSourceType rdf:resource="` + uri + `algorithmicallyEnhanced"/></rdf:Description>`, loam.IsAI, "algorithmicallyEnhanced", []string{}},
		"C2PA's":    {`<rdf:Description` + ns + ` I:DigitalSourceType="http://c2pa.org/digitalsourcetype/trainedAlgorithmicData"/>`, loam.IsAI, "trainedAlgorithmicData", []string{}},
		"bare":      {`<rdf:Description` + ns + ` I:DigitalSourceType="trainedAlgorithmicMedia"/>`, loam.IsAI, "trainedAlgorithmicMedia", []string{"vocabulary"}},
		"https":     {`<rdf:Description` + ns + ` I:DigitalSourceType="https://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"/>`, loam.IsAI, "trainedAlgorithmicMedia", []string{"vocabulary"}},
		"namespace": {`<rdf:Description xmlns:I="u" I:DigitalSourceType="` + uri + `trainedAlgorithmicMedia"/>`, loam.IsAI, "trainedAlgorithmicMedia", []string{"namespace"}},
		"a camera":  {`<rdf:Description` + ns + ` I:DigitalSourceType="` + uri + `digitalCapture"/>`, loam.NotAI, "", nil},
		"in words":  {`<rdf:Description xmlns:dc="u" dc:title="not digitalsourcetype/trainedAlgorithmicMedia"/>`, loam.NotAI, "", nil},
	} {
		found := xmpMarks(xmpOf(c.inner), "test")
		if State(found) != c.state || len(found) != min(1, len(c.raw)) {
			t.Errorf("%s: got %+v", name, found)
			continue
		}
		if len(found) > 0 {
			if found[0].Raw != c.raw || found[0].Kind != KindSource {
				t.Errorf("%s: got %+v", name, found[0])
			}
			diff(t, name, c.codes, codes(found[0]))
		}
	}
}

// TestWithSource: label and source type in one pass, in the place of another source type,
// read back by our reader as strictly as it can.
func TestWithSource(t *testing.T) {
	t.Parallel()
	img := picture(32, 24, 9)
	camera := xmpOf(`<rdf:Description rdf:about="" xmlns:I="` + nsIPTC + `" I:DigitalSourceType="` + SourceURI + `digitalCapture"><I:DigitalSourceType>old</I:DigitalSourceType></rdf:Description>`)
	files := map[string][]byte{
		"png": pngOf(t, img), "jpeg": jpegOf(t, img), "gif": animation(t, 2), "tiff": tiffs()["little"],
		"png, camera":  withChunk(t, pngOf(t, img), xmpChunk(camera), false),
		"jpeg, camera": withSegment(jpegOf(t, img), mAPP1, append([]byte(xmpHeader), camera...)),
	}
	for name, in := range files {
		for _, term := range SourceTerms() {
			out := onlyLabel(t, name, in, WithSource(term))
			_, found, err := Marks(bytes.NewReader(out))
			var terms []string
			for _, f := range found {
				if f.Kind == KindSource && len(f.Defects) == 0 {
					terms = append(terms, f.Raw)
				}
			}
			diff(t, name, []string{term}, terms)
			if err != nil || strings.Contains(string(out), "digitalCapture") || bytes.Count(out, []byte(":DigitalSourceType")) != 2 {
				t.Errorf("%s: more than one source type (%v)", name, err)
			}
			again := planned(t, name, out, strictMark())
			if !bytes.Contains(again, []byte(SourceURI+term)) {
				t.Errorf("%s: a label without source type takes the one that was there away", name)
			}
		}
	}
	for name, c := range map[string]struct {
		in   []byte
		term string
	}{"a term that is not AI": {files["png"], "digitalCapture"}, "no XMP": {[]byte("words"), "trainedAlgorithmicMedia"}} {
		if _, err := Plan(bytes.NewReader(c.in), strictMark(), WithSource(c.term)); loam.CodeOf(err) != "label.source" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzJPEG(f *testing.F) {
	for name, b := range specials(f) {
		if b[0] == 0xff {
			f.Add(b)
		} else {
			f.Logf("%s is no JPEG", name)
		}
	}
	f.Fuzz(neverPanics)
}

func FuzzPNG(f *testing.F) {
	for _, b := range specials(f) {
		if b[0] != 0xff {
			f.Add(b)
		}
	}
	f.Fuzz(neverPanics)
}

// TestScanLabels holds the scan of unknown bytes against one that looks at each place anew.
func TestScanLabels(t *testing.T) {
	t.Parallel()
	slow := func(b string) (out []span) {
		for at := 0; ; {
			i := strings.Index(b[at:], "AIGC")
			if i < 0 {
				return out
			}
			i += at
			at = i + 4
			from := strings.IndexByte(b[at:], '{')
			if from < 0 {
				continue
			}
			if to := strings.IndexByte(b[at+from:], '}'); to >= 0 && at+from-i < 256 {
				out = append(out, span{i, at + from + to + 1})
				at += from + to + 1
			}
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		b := strings.Join(rapid.SliceOfN(rapid.SampledFrom([]string{"AIGC", "{", "}", "x", strings.Repeat(" ", 250)}), 0, 30).Draw(t, "parts"), "")
		if got, want := scanLabels([]byte(b)), slow(b); !slices.Equal(got, want) {
			t.Fatalf("%q: got %v, want %v", b, got, want)
		}
	})
}
