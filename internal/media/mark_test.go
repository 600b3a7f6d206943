package media

import (
	"bytes"
	"compress/zlib"
	"encoding/base64"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"loam"
)

func strictMark() loam.Mark {
	return loam.Mark{
		Label: "1", ContentProducer: "001191000000000000000K10000", ProduceID: "p-1", ReservedCode1: `a"b`,
		ContentPropagator: "001191000000000000000K20000", PropagateID: "m-1",
	}
}

const strictJSON = `{"Label":"1","ContentProducer":"001191000000000000000K10000","ProduceID":"p-1","ReservedCode1":"a\"b",` +
	`"ContentPropagator":"001191000000000000000K20000","PropagateID":"m-1","ReservedCode2":""}`

func codes(f Found) []string {
	out := []string{}
	for _, d := range f.Defects {
		out = append(out, d.Code)
	}
	return out
}

// TestReadRaw follows the vectors J1 to J15 of the label facts and the dirty forms seen
// in real files.
func TestReadRaw(t *testing.T) {
	t.Parallel()
	with := func(label string) string { return strings.Replace(strictJSON, `"Label":"1"`, `"Label":`+label, 1) }
	tests := []struct {
		name, raw string
		state     loam.AIState
		defects   []string
	}{
		{"J1 strict", strictJSON, loam.IsAI, []string{}},
		{"J1 wrapped", `{"AIGC":` + strictJSON + `}`, loam.IsAI, []string{}},
		{"may", with(`"2"`), loam.MayAI, []string{}},
		{"suspected", with(`"3"`), loam.SuspectedAI, []string{}},
		{"J3 zero", with(`"0"`), loam.SuspectedAI, []string{"label_value"}},
		{"J3 four", with(`"4"`), loam.SuspectedAI, []string{"label_value"}},
		{"J3 empty", with(`""`), loam.SuspectedAI, []string{"label_value"}},
		{"J3 full width", with(`"１"`), loam.IsAI, []string{"charset", "label_value"}},
		{"J4 number", with(`1`), loam.IsAI, []string{"type"}},
		{"J5 AIGC", with(`"AIGC"`), loam.IsAI, []string{"label_value"}},
		{"J6 case", strings.Replace(strictJSON, `"Label"`, `"label"`, 1), loam.IsAI, []string{"key_case"}},
		{"J6 spelling", strings.Replace(strictJSON, `ContentProducer`, `ContentProducerr`, 1), loam.IsAI, []string{"unknown_key", "missing_key"}},
		{"J7 doubled", strings.Replace(strictJSON, `{`, `{"Label":"3",`, 1), loam.IsAI, []string{"duplicate_key"}},
		{"J7 doubled, strongest first", strings.Replace(with(`"3"`), `{`, `{"Label":"1",`, 1), loam.IsAI, []string{"duplicate_key"}},
		{"J8 Chinese", strings.Replace(strictJSON, "p-1", "一 号", 1), loam.IsAI, []string{"charset"}},
		{"J8 escaped", strings.Replace(strictJSON, "p-1", `\u003c`, 1), loam.IsAI, []string{"charset"}},
		{"J8 backslash", strings.Replace(strictJSON, "p-1", `a\\b`, 1), loam.IsAI, []string{"charset"}},
		{"J10 ends of the range", strings.Replace(strictJSON, "p-1", "!#[]~", 1), loam.IsAI, []string{}},
		{"J11 missing", strings.Replace(strictJSON, `"PropagateID":"m-1",`, "", 1), loam.IsAI, []string{"missing_key"}},
		{"J14 cut", strictJSON[:40], loam.IsAI, []string{"json", "missing_key"}},
		{"J14 deep", strings.Repeat(`{"AIGC":`, 5000), loam.SuspectedAI, []string{"json", "missing_key", "label_value"}},
		{"J15 foreign", `{"ServiceProvider":"x","ServiceUser":"y","Time":"1","ContentId":"2"}`, loam.IsAI, []string{"unknown_key", "foreign_schema", "missing_key", "label_value"}},
		{"bom and nul", "\ufeff" + strictJSON + "\x00\n", loam.IsAI, []string{"padding"}},
		{"base64", base64.StdEncoding.EncodeToString([]byte(strictJSON)), loam.IsAI, []string{"encoded"}},
		{"url", url.QueryEscape(strictJSON), loam.IsAI, []string{"encoded"}},
		{"string in a string", `{"AIGC":"{\"Label\":\"1\"}"}`, loam.IsAI, []string{"nested_string", "missing_key"}},
		{"bad code", strings.Replace(strictJSON, "K10000", "X10000", 1), loam.IsAI, []string{"producer_code"}},
		{"name", strings.Replace(strictJSON, "001191000000000000000K10000", "Loam", 1), loam.IsAI, []string{}},
		{"empty", "", loam.SuspectedAI, []string{"json", "missing_key", "label_value"}},
		{"garbage", "\xff\xfe{{{", loam.SuspectedAI, []string{"json", "missing_key", "label_value"}},
		{"a megabyte", `{"Label":"1","x":"` + strings.Repeat("a", 1<<20), loam.IsAI, []string{"too_long", "json", "missing_key"}},
	}
	for _, tt := range tests {
		got := readRaw(tt.raw, "test")
		if got.State != tt.state {
			t.Errorf("%s: state got %s, want %s", tt.name, got.State, tt.state)
		}
		diff(t, tt.name, tt.defects, codes(got))
	}
	if got := readRaw(strictJSON, "test"); got.Mark != strictMark() {
		t.Errorf("mark: got %+v", got.Mark)
	}
}

func xmpOf(inner string) []byte {
	return []byte(`<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="` + nsRDF + `">` +
		inner + `</rdf:RDF></x:xmpmeta>` + strings.Repeat(" ", 100) + `<?xpacket end="w"?>`)
}

func escaped(s string) string { return strings.ReplaceAll(s, `"`, "&quot;") }

func TestXMPForms(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, packet string
		n            int
		defects      []string
	}{
		{"element", string(xmpOf(`<rdf:Description xmlns:T="` + nsAIGC + `"><T:AIGC>` + escaped(strictJSON) + `</T:AIGC></rdf:Description>`)), 1, []string{}},
		{"CDATA", string(xmpOf(`<rdf:Description xmlns:T="` + nsAIGC + `"><T:AIGC><![CDATA[` + strictJSON + `]]></T:AIGC></rdf:Description>`)), 1, []string{}},
		{"attribute", string(xmpOf(`<rdf:Description xmlns:TC260="` + nsAIGC + `" TC260:AIGC="` + escaped(strictJSON) + `"/>`)), 1, []string{"attribute"}},
		{"wrong prefix", string(xmpOf(`<rdf:Description xmlns:C260="http://x/"><C260:AIGC>` + escaped(strictJSON) + `</C260:AIGC></rdf:Description>`)), 1, []string{"namespace"}},
		{"undeclared", string(xmpOf(`<rdf:Description><C260:AIGC>` + escaped(strictJSON) + `</C260:AIGC></rdf:Description>`)), 1, []string{"namespace"}},
		{"not XML", `<rdf:Description TC260:AIGC="` + escaped(strictJSON), 1, []string{"xml"}},
		{"entity", `<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>`, 0, nil},
		{"none", string(xmpOf(`<rdf:Description/>`)), 0, nil},
	}
	for _, tt := range tests {
		got := xmpMarks([]byte(tt.packet), "test")
		if len(got) != tt.n {
			t.Errorf("%s: %d marks, want %d", tt.name, len(got), tt.n)
			continue
		}
		if tt.n > 0 {
			diff(t, tt.name, tt.defects, codes(got[0]))
			if got[0].Mark != strictMark() {
				t.Errorf("%s: mark got %+v", tt.name, got[0].Mark)
			}
		}
	}
}

func TestXMPSetKeepsTheRest(t *testing.T) {
	t.Parallel()
	const other = `<dc:title xmlns:dc="http://purl.org/dc/elements/1.1/">一幅画 &amp; 框</dc:title>`
	for name, inner := range map[string]string{
		"element":     `<rdf:Description rdf:about="" xmlns:T="` + nsAIGC + `">` + other + `<T:AIGC>{}</T:AIGC></rdf:Description>`,
		"attribute":   `<rdf:Description rdf:about="" xmlns:T="` + nsAIGC + `" T:AIGC='{}' >` + other + `</rdf:Description>`,
		"two":         `<rdf:Description xmlns:T="` + nsAIGC + `"><T:AIGC>{}</T:AIGC>` + other + `<T:AIGC>{"Label":"3"}</T:AIGC></rdf:Description>`,
		"none":        `<rdf:Description rdf:about="">` + other + `</rdf:Description>`,
		"self-closed": `<rdf:Description rdf:about="" x:a="1" xmlns:x="u"/><rdf:Description>` + other + `</rdf:Description>`,
		"empty":       other,
	} {
		got, err := xmpWrite(xmpOf(inner), strictJSON, "")
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		marks := xmpMarks(got, "test")
		if len(marks) != 1 || !marks[0].Strict() || marks[0].Mark != strictMark() {
			t.Errorf("%s: read back %+v from\n%s", name, marks, got)
		}
		if !bytes.Contains(got, []byte(other)) {
			t.Errorf("%s: the title is gone from\n%s", name, got)
		}
		again, err := xmpWrite(got, strictJSON, "")
		if err != nil || !bytes.Equal(got, again) {
			t.Errorf("%s: a second write changes the packet (%v)", name, err)
		}
		if other, err := xmpWrite(got, `{"Label":"2"}`, ""); err != nil {
			t.Errorf("%s: %v", name, err)
		} else if back, err := xmpWrite(other, strictJSON, ""); err != nil || !bytes.Equal(got, back) {
			t.Errorf("%s: another label in between changes the packet (%v)", name, err)
		}
	}
}

func packed(s string) []byte {
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	_, _ = z.Write([]byte(s))
	_ = z.Close()
	return b.Bytes()
}

// dirty are files with a label in every place and form that is read.
func dirty(t testing.TB) map[string][]byte {
	img := picture(32, 24, 9)
	p, j := pngOf(t, img), jpegOf(t, img)
	wrapped := `{"AIGC":` + strictJSON + `}`
	attr := xmpOf(`<rdf:Description xmlns:TC260="` + nsAIGC + `" TC260:AIGC="` + escaped(strictJSON) + `"/>`)
	broken := withChunk(t, p, newChunk("tEXt", []byte("AIGC\x00"+wrapped)), false)
	i := bytes.Index(broken, []byte("AIGC\x00"))
	broken[i+len("AIGC\x00")+len(wrapped)] ^= 1
	return map[string][]byte{
		"png.xmp":             withChunk(t, p, xmpChunk(attr), false),
		"png.xmp late":        withChunk(t, p, xmpChunk(attr), true),
		"png.xmp packed":      withChunk(t, p, newChunk("iTXt", append([]byte(xmpKeyword+"\x00\x01\x00\x00\x00"), packed(string(attr))...)), false),
		"png.tEXt":            withChunk(t, p, newChunk("tEXt", []byte("AIGC\x00"+wrapped)), false),
		"png.tEXt crc":        broken,
		"png.zTXt":            withChunk(t, p, newChunk("zTXt", append([]byte("AIGC\x00\x00"), packed(wrapped)...)), true),
		"png.eXIf":            withChunk(t, p, newChunk("eXIf", exifOf(exifField{tagDescription, 2, []byte(wrapped + "\x00")})), false),
		"jpeg.xmp":            withSegment(j, mAPP1, append([]byte(xmpHeader), attr...)),
		"jpeg.exif":           withSegment(j, mAPP1, append([]byte(exifHeader), exifOf(exifField{tagUserComment, 7, []byte("ASCII\x00\x00\x00" + wrapped)})...)),
		"jpeg.exif describes": withSegment(j, mAPP1, append([]byte(exifHeader), exifOf(exifField{tagDescription, 2, []byte(wrapped)})...)),
		"jpeg.app":            withSegment(j, 0xe9, []byte("AIGC"+strictJSON)),
	}
}

func TestDirtyFilesAreReadAndWrittenClean(t *testing.T) {
	t.Parallel()
	for name, in := range dirty(t) {
		place, _, _ := strings.Cut(name, " ")
		got, err := Read(in)
		if err != nil || len(got) != 1 || got[0].State != loam.IsAI || !strings.HasPrefix(got[0].Place, place) {
			t.Errorf("%s: got %+v, %v", name, got, err)
			continue
		}
		if strings.HasSuffix(name, "crc") && !strings.Contains(strings.Join(codes(got[0]), " "), "crc") {
			t.Errorf("%s: defect not seen", name)
		}
		if strings.HasSuffix(name, "crc") {
			continue // the decoder refuses the file as a picture
		}
		kept, err := Clean(in)
		if err != nil || kept.AI != loam.IsAI {
			t.Errorf("%s: Clean: state %q, %v", name, kept.AI, err)
			continue
		}
		if again, _ := Read(kept.Data); State(again) != loam.IsAI || len(again) != 1 {
			t.Errorf("%s: Clean lost the mark: %+v", name, again)
		}
		out, err := Write(in, strictMark())
		if err != nil {
			t.Errorf("%s: Write: %v", name, err)
			continue
		}
		marks, err := Read(out)
		if err != nil || len(marks) != 1 || !marks[0].Strict() || marks[0].Mark != strictMark() {
			t.Errorf("%s: read back %+v, %v", name, marks, err)
		}
		a, _, _ := Decode(in)
		b, _, err := Decode(out)
		if err != nil || !samePixels(a, b) {
			t.Errorf("%s: Write changed pixels (%v)", name, err)
		}
	}
}

func TestDuplicatesShowTheStrongest(t *testing.T) {
	t.Parallel()
	p := withChunk(t, pngOf(t, picture(8, 8, 1)), newChunk("tEXt", []byte(`AIGC`+"\x00"+`{"Label":"3"}`)), false)
	p = withChunk(t, p, newChunk("tEXt", []byte(`AIGC`+"\x00"+strictJSON)), true)
	got, err := Read(p)
	if err != nil || len(got) != 2 || State(got) != loam.IsAI {
		t.Fatalf("got %+v, %v", got, err)
	}
	for _, f := range got {
		if !strings.Contains(strings.Join(codes(f), " "), "duplicate") {
			t.Errorf("%s: not flagged", f.Place)
		}
	}
}

func TestSourceTypeIsEvidence(t *testing.T) {
	t.Parallel()
	j := withSegment(jpegOf(t, picture(8, 8, 1)), mAPP11, []byte("JP jumb http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"))
	got, err := Clean(j)
	if err != nil || got.AI != loam.IsAI || got.Marks[0].Kind != KindSource {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestLargeXMPStillFits(t *testing.T) {
	t.Parallel()
	big := xmpOf(`<rdf:Description rdf:about=""><a:b xmlns:a="u">` + strings.Repeat("x", 60<<10) + `</a:b></rdf:Description>`)
	j := withSegment(jpegOf(t, picture(8, 8, 1)), mAPP1, append([]byte(xmpHeader), big...))
	if out, err := Write(j, strictMark()); err != nil || !bytes.Contains(out, bytes.Repeat([]byte("x"), 60<<10)) {
		t.Errorf("60 KB: %v", err)
	}
	full := xmpOf(`<rdf:Description rdf:about=""><a:b xmlns:a="u">` + strings.Repeat("x", 65_000) + `</a:b></rdf:Description>`)
	j = withSegment(jpegOf(t, picture(8, 8, 1)), mAPP1, append([]byte(xmpHeader), full...))
	if _, err := Write(j, strictMark()); loam.CodeOf(err) != "label.no_room" {
		t.Errorf("full: got %v", err)
	}
}

// TestInflateBombIsNotRead: a label that is packed beyond all measure is seen, not unpacked,
// and a written label takes its place.
func TestInflateBombIsNotRead(t *testing.T) {
	t.Parallel()
	p := withChunk(t, pngOf(t, picture(8, 8, 1)), newChunk("zTXt", append([]byte("AIGC\x00\x00"), packed(strings.Repeat("{", 64<<20))...)), false)
	got, err := Read(p)
	if err != nil || len(got) != 1 || got[0].State != loam.SuspectedAI || !strings.Contains(strings.Join(codes(got[0]), " "), "packed") {
		t.Errorf("got %+v, %v", got, err)
	}
	onlyLabel(t, "bomb", p)
}

func TestWriteRefuses(t *testing.T) {
	t.Parallel()
	p := pngOf(t, picture(8, 8, 1))
	for name, change := range map[string]func(*loam.Mark){
		"state":   func(m *loam.Mark) { m.Label = "0" },
		"space":   func(m *loam.Mark) { m.ContentProducer = "Loam Inc" },
		"Chinese": func(m *loam.Mark) { m.ProduceID = "一" },
		"quote":   func(m *loam.Mark) { m.PropagateID = `a"` },
		"empty":   func(m *loam.Mark) { m.ContentPropagator = "" },
		"slash":   func(m *loam.Mark) { m.ReservedCode2 = `a\b` },
	} {
		m := strictMark()
		change(&m)
		if _, err := Write(p, m); loam.KindOf(err) != loam.Invalid {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if _, err := Write([]byte("\x00\x01binary"), strictMark()); loam.CodeOf(err) != "file.type" {
		t.Errorf("binary: got %v", err)
	}
}

func TestText(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in, body string }{
		{"plain", "一段话\n第二行\n", "一段话\n第二行\n"},
		{"empty", "", ""},
		{"front matter", "---\ntitle: 一\ntags: [a, b]\n---\n正文\n", "---\n正文\n"},
		{"CRLF", "---\r\ntitle: a\r\n---\r\nbody\r\n", "---\r\nbody\r\n"},
		{"labelled before", "---\nAIGC:\n  Label: 1\n  X: 2\ntitle: a\n---\nbody", "title: a\nAIGC:"},
		{"labelled last", "---\ntitle: a\nAIGC: '{\"Label\":\"3\"}'\n---\nbody", "---\nbody"},
		{"a rule, not front matter", "---\nnot closed\n", "---\nnot closed\n"},
		{"two rules", "---\njust words\n---\n", "---\njust words\n---\n"},
		{"bom", "\ufeff---\ntitle: a\n---\nx", "---\nx"},
	}
	for _, tt := range tests {
		out, err := Write([]byte(tt.in), strictMark())
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		got, err := Read(out)
		if err != nil || len(got) != 1 || !got[0].Strict() || got[0].Mark != strictMark() {
			t.Errorf("%s: read back %+v, %v from\n%s", tt.name, got, err, out)
		}
		if !strings.Contains(string(out), tt.body) {
			t.Errorf("%s: %q is not in\n%s", tt.name, tt.body, out)
		}
		again, err := Write(out, strictMark())
		if err != nil || !bytes.Equal(out, again) {
			t.Errorf("%s: a second write changes it (%v)", tt.name, err)
		}
	}
	got, _ := Read([]byte("---\nAIGC:\n  Label: 1\n---\nx"))
	if len(got) != 1 || got[0].State != loam.IsAI || codes(got[0])[0] != "type" {
		t.Errorf("unquoted: got %+v", got)
	}
	for _, in := range []string{"---\na: [\n---\n", "---\n{a: 1}\n---\n"} {
		if _, err := Write([]byte(in), strictMark()); loam.CodeOf(err) != "label.front_matter" {
			t.Errorf("%q: got %v", in, err)
		}
	}
}

func TestWriteReadIsTheSame(t *testing.T) {
	t.Parallel()
	img := picture(16, 16, 1)
	files := map[string][]byte{"png": pngOf(t, img), "jpeg": jpegOf(t, img), "text": []byte("words\n")}
	id := rapid.StringMatching(`[\x21\x23-\x5B\x5D-\x7E]{1,60}`)
	data := rapid.StringMatching(`[\x21-\x5B\x5D-\x7E]{0,60}`)
	rapid.Check(t, func(r *rapid.T) {
		m := loam.Mark{
			Label: rapid.SampledFrom([]string{"1", "2", "3"}).Draw(r, "label"), ContentProducer: id.Draw(r, "producer"), ProduceID: id.Draw(r, "id"),
			ReservedCode1: data.Draw(r, "r1"), ContentPropagator: id.Draw(r, "propagator"), PropagateID: id.Draw(r, "pid"), ReservedCode2: data.Draw(r, "r2"),
		}
		for name, in := range files {
			out, err := Write(in, m)
			if err != nil {
				r.Fatalf("%s: %v", name, err)
			}
			got, err := Read(out)
			if err != nil || len(got) != 1 || got[0].Mark != m {
				r.Fatalf("%s: wrote %+v, read %+v, %v", name, m, got, err)
			}
		}
	})
}

// TestExiftoolReadsTheLabel asks a tool we did not write.
func TestExiftoolReadsTheLabel(t *testing.T) {
	t.Parallel()
	tool, err := exec.LookPath("exiftool")
	if err != nil {
		if os.Getenv("LOAM_ORACLES") == "1" {
			t.Fatal("exiftool is not installed; on Debian: apt-get install -y libimage-exiftool-perl")
		}
		t.Skip("exiftool is not installed")
	}
	img := picture(64, 64, 1)
	for name, in := range map[string][]byte{"a.png": pngOf(t, img), "a.jpg": jpegOf(t, img)} {
		out, err := Write(in, strictMark())
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, out, 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := exec.Command(tool, "-XMP:all", "-s", "-s", "-s", "-validate", "-XMP:AIGC", path).CombinedOutput()
		if err != nil || !strings.Contains(string(got), strictJSON) {
			t.Errorf("%s: exiftool says %s (%v)", name, got, err)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, b := range dirty(f) {
		f.Add(b)
	}
	f.Add(webp1x1)
	f.Add([]byte("---\nAIGC:\n  Label: \"1\"\n---\nx"))
	f.Add([]byte("\x21\xff\x0bXMP DataXMP<a"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if _, err := Read(b); err != nil {
			return
		}
		out, err := Write(b, strictMark())
		if err != nil {
			return
		}
		got, err := Read(out)
		labels := 0
		for _, m := range got {
			if m.Kind == KindImplicit {
				labels++
			}
		}
		if err != nil || labels < 1 {
			t.Fatalf("after Write: %+v, %v", got, err)
		}
	})
}

func FuzzClean(f *testing.F) {
	for _, b := range dirty(f) {
		f.Add(b)
	}
	f.Add(webp1x1)
	f.Fuzz(func(t *testing.T, b []byte) {
		if h, err := Head(b); err != nil || h.Width*h.Height > 1<<20 {
			return
		}
		got, err := Clean(b)
		if err != nil {
			return
		}
		if _, h, err := Decode(got.Data); err != nil || h.Type != got.Type || h.Width != got.Width || h.Height != got.Height {
			t.Fatalf("what Clean gave cannot be shown: %+v, %v", h, err)
		}
	})
}

func FuzzXMP(f *testing.F) {
	f.Add(xmpOf(`<rdf:Description xmlns:T="` + nsAIGC + `" T:AIGC="{}"/>`))
	f.Add(xmpOf(`<rdf:Description><T:AIGC>` + escaped(strictJSON) + `</T:AIGC></rdf:Description>`))
	f.Fuzz(func(t *testing.T, b []byte) {
		xmpMarks(b, "fuzz")
		if out, err := xmpWrite(b, strictJSON, ""); err == nil && len(out) < maxPacket {
			if got := xmpMarks(out, "fuzz"); len(got) == 0 {
				t.Fatalf("set, but not found in %q", out)
			}
		}
	})
}

func FuzzMark(f *testing.F) {
	f.Add(strictJSON)
	f.Add(`{"AIGC":"{\"Label\":1}"}`)
	f.Fuzz(func(_ *testing.T, s string) { readRaw(s, "fuzz") })
}

func FuzzExif(f *testing.F) {
	f.Add(exifOf(orientation(6), exifField{tagDescription, 2, []byte(`{"AIGC":1}`)}))
	f.Fuzz(func(_ *testing.T, b []byte) {
		exifMarks(exifErase(exifUpright(b)), "fuzz")
		exifOrientation(b)
	})
}
