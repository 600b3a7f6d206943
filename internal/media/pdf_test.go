package media

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"loam"
)

// pdfBuilder writes PDFs whose cross-references are right.
type pdfBuilder struct {
	b       bytes.Buffer
	objects []pdfMoved
	prev    string
}

func (p *pdfBuilder) object(number int64, format string, args ...any) {
	p.objects = append(p.objects, pdfMoved{number, 0, int64(p.b.Len())})
	fmt.Fprintf(&p.b, "%d 0 obj\n"+format+"\nendobj\n", append([]any{number}, args...)...)
}

func (p *pdfBuilder) data(number int64, dict, data string) {
	p.object(number, "<<%s/Length %d>>\nstream\n%s\nendstream", dict, len(data), data)
}

// table ends a revision with a table, stream with a cross-reference stream.
func (p *pdfBuilder) table(trailer string) {
	at := p.b.Len()
	p.b.WriteString("xref\n0 1\n0000000000 65535 f \n")
	for _, o := range p.objects {
		fmt.Fprintf(&p.b, "%d 1\n%010d %05d n \n", o.number, o.at, o.gen)
	}
	fmt.Fprintf(&p.b, "trailer\n<<%s%s>>\nstartxref\n%d\n%%%%EOF\n", trailer, p.prev, at)
	p.prev, p.objects = fmt.Sprintf("/Prev %d", at), nil
}

// stream has a PNG predictor, as most files have; held are the objects of an object stream.
func (p *pdfBuilder) stream(number, holder int64, held []int64, trailer string) {
	at := p.b.Len()
	p.objects = append(p.objects, pdfMoved{number, 0, int64(at)})
	index := "0 1"
	rows := [][]byte{{0, 0, 0, 0, 0}}
	for _, o := range p.objects {
		index += fmt.Sprintf(" %d 1", o.number)
		rows = append(rows, []byte{1, byte(o.at >> 16), byte(o.at >> 8), byte(o.at), 0})
	}
	for i, n := range held {
		index += fmt.Sprintf(" %d 1", n)
		rows = append(rows, []byte{2, 0, byte(holder >> 8), byte(holder), byte(i)})
	}
	var filtered []byte
	before := make([]byte, 5)
	for _, r := range rows {
		filtered = append(filtered, 2)
		for i := range r {
			filtered = append(filtered, r[i]-before[i])
		}
		before = r
	}
	data := packed(string(filtered))
	fmt.Fprintf(&p.b, "%d 0 obj\n<</Type/XRef/W[1 3 1]/Index[%s]/Filter/FlateDecode/DecodeParms<</Columns 5/Predictor 12>>/Length %d%s%s>>\nstream\n%s\nendstream\nendobj\n",
		number, index, len(data), trailer, p.prev, data)
	fmt.Fprintf(&p.b, "startxref\n%d\n%%%%EOF\n", at)
	p.prev, p.objects = fmt.Sprintf("/Prev %d", at), nil
}

// page is a document of one page with a line on it; info is its information dictionary.
func (p *pdfBuilder) page(catalog string) {
	p.b.WriteString("%PDF-1.5\n%\xe2\xe3\xcf\xd3\n")
	p.object(1, "<</Type/Catalog/Pages 2 0 R%s>>", catalog)
	p.object(2, "<</Type/Pages/Kids[3 0 R]/Count 1>>")
	p.object(3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]/Contents 4 0 R/Resources<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>")
	p.data(4, "", "BT /F 12 Tf 20 40 Td (a line of text) Tj ET")
}

func hexUTF16(s string) string {
	var out strings.Builder
	out.WriteString("<FEFF")
	for _, r := range s {
		fmt.Fprintf(&out, "%04X", r)
	}
	return out.String() + ">"
}

func pdfs() map[string][]byte {
	const title = "/Title(a (nested) title\\051)/Producer<FEFF4E00>"
	files := map[string][]byte{}
	add := func(name string, make func(p *pdfBuilder)) {
		p := new(pdfBuilder)
		make(p)
		files[name] = bytes.Clone(p.b.Bytes())
	}
	withInfo := func(info, catalog string, also func(p *pdfBuilder)) func(p *pdfBuilder) {
		return func(p *pdfBuilder) {
			p.page(catalog)
			p.object(5, "<<%s>>", info)
			size := 6
			if also != nil {
				also(p)
				size++
			}
			p.table(fmt.Sprintf("/Size %d/Root 1 0 R/Info 5 0 R/ID[<00><01>]", size))
		}
	}
	label := "/AIGC" + pdfQuote(strictJSON)
	xmp := string(xmpOf(`<rdf:Description xmlns:T="` + nsAIGC + `"><T:AIGC>` + escaped(strictJSON) + `</T:AIGC></rdf:Description>`))
	add("no Info", func(p *pdfBuilder) { p.page(""); p.table("/Size 5/Root 1 0 R") })
	add("plain", withInfo(title, "", nil))
	add("literal", withInfo(title+label, "", nil))
	add("hex", withInfo(title+"/AIGC <"+fmt.Sprintf("%X", strictJSON)+">", "", nil))
	add("UTF-16", withInfo("/AIGC"+hexUTF16(strictJSON)+title, "", nil))
	add("name", withInfo("/#41IGC 6 0 R"+title, "", func(p *pdfBuilder) { p.object(6, "%s", pdfQuote(`{"AIGC":`+strictJSON+`}`)) }))
	add("XMP", withInfo(title, "/Metadata 6 0 R", func(p *pdfBuilder) { p.data(6, "/Type/Metadata/Subtype/XML", xmp) }))
	add("XMP packed", withInfo(title+label, "/Metadata 6 0 R", func(p *pdfBuilder) {
		p.data(6, "/Type/Metadata/Subtype/XML/Filter[/FlateDecode]", string(packed(xmp)))
	}))
	add("updated", func(p *pdfBuilder) {
		withInfo(title+label, "", nil)(p)
		p.object(5, "<<%s>>", title)
		p.table("/Size 6/Root 1 0 R/Info 5 0 R")
	})
	held := func(info string) func(p *pdfBuilder) {
		return func(p *pdfBuilder) {
			p.page("")
			first := fmt.Sprintf("5 0 6 %d ", len(info)+5)
			p.data(7, fmt.Sprintf("/Type/ObjStm/N 2/First %d/Filter/FlateDecode", len(first)), string(packed(first+"<<"+info+">> (another)")))
			p.stream(8, 7, []int64{5, 6}, "/Size 9/Root 1 0 R/Info 5 0 R/ID[<00><01>]")
		}
	}
	add("object stream", held(title+label))
	add("object stream, plain", held(title))
	add("no end of line", func(p *pdfBuilder) { withInfo(title, "", nil)(p); p.b.Truncate(p.b.Len() - 1) })
	return files
}

func TestPDF(t *testing.T) {
	t.Parallel()
	want := map[string][]string{
		"literal": {"pdf.info"}, "hex": {"pdf.info"}, "UTF-16": {"pdf.info"}, "name": {"pdf.info"}, "XMP": {"pdf.xmp"}, "object stream": {"pdf.info"},
		"XMP packed": {"pdf.info duplicate", "pdf.xmp duplicate"},
	}
	for name, in := range pdfs() {
		reads(t, name, in, want[name]...)
		out := onlyLabel(t, name, in)
		if !bytes.HasPrefix(out, in) {
			t.Errorf("%s: what was there changed", name)
		}
		f, err := pdfOpen(bytes.NewReader(out))
		if err != nil {
			t.Fatal(err)
		}
		n, err := f.notes()
		if err != nil {
			t.Fatal(err)
		}
		d, _ := pdfReadDict(n.info.value)
		if title, _ := pdfString(d.get("Title")); name != "no Info" && (title != "a (nested) title)" || string(d.get("Producer")) != "<FEFF4E00>") {
			t.Errorf("%s: other entries changed: %s", name, n.info.value)
		}
	}
}

// TestPDFDoesNotGrow: Loam's own last update gives way to the next.
func TestPDFDoesNotGrow(t *testing.T) {
	t.Parallel()
	for name, in := range pdfs() {
		m := strictMark()
		m.PropagateID = "x-9"
		other := planned(t, name, in, m)
		want := planned(t, name, in, strictMark())
		if name == "literal" || name == "hex" || name == "UTF-16" || name == "name" || name == "object stream" {
			continue // a label that was there before stays in its old revision, unless it is the very same
		}
		if got := planned(t, name, other, strictMark()); !bytes.Equal(got, want) {
			t.Errorf("%s: %d bytes, want %d", name, len(got), len(want))
		}
	}
}

func TestPDFRefuses(t *testing.T) {
	t.Parallel()
	good := pdfs()["literal"]
	sealed := new(pdfBuilder)
	sealed.page("")
	sealed.object(5, "<</AIGC<00112233>>>")
	sealed.table("/Size 8/Root 1 0 R/Info 5 0 R/Encrypt<</Filter/Standard>>")
	circle := bytes.Replace(good, []byte("/ID[<00><01>]"), fmt.Appendf(nil, "/Prev %d", bytes.LastIndex(good, []byte("xref\n0 1"))), 1)
	for name, c := range map[string]struct {
		in   []byte
		code string
	}{
		"encrypted":         {sealed.b.Bytes(), "media.encrypted"},
		"cut":               {good[:len(good)/2], "media.broken"},
		"circle":            {circle, "media.broken"},
		"wrong startxref":   {append(good[:len(good):len(good)], "startxref\n17\n%%EOF"...), "media.broken"},
		"no startxref":      {[]byte("%PDF-1.4\n"), "media.broken"},
		"deep":              {[]byte("%PDF-1.4\nxref\ntrailer" + strings.Repeat("[", 1<<20) + "\nstartxref\n9\n%%EOF"), "media.broken"},
		"an object astray":  {bytes.Replace(good, []byte("\n5 0 obj"), []byte("\n6 0 obj"), 1), "media.broken"},
		"a table that lies": {bytes.Replace(good, []byte("\n5 1\n"), []byte("\n5 9\n"), 1), "media.broken"},
	} {
		_, found, err := Marks(bytes.NewReader(c.in))
		if loam.CodeOf(err) != c.code || len(found) > 0 {
			t.Errorf("%s: %d found, %v", name, len(found), err)
		}
		if _, err := Plan(bytes.NewReader(c.in), strictMark()); loam.CodeOf(err) != c.code {
			t.Errorf("%s: Plan: %v", name, err)
		}
	}
}

func TestPDFBombIsNotRead(t *testing.T) {
	t.Parallel()
	p := new(pdfBuilder)
	p.page("/Metadata 6 0 R")
	p.data(6, "/Filter/FlateDecode", string(packed(strings.Repeat(" ", 80<<20))))
	p.table("/Size 8/Root 1 0 R")
	if _, found, err := Marks(bytes.NewReader(p.b.Bytes())); loam.KindOf(err) != loam.Invalid || len(found) > 0 {
		t.Errorf("%d found, %v", len(found), err)
	}
}

func TestPDFStrings(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		`(a\(b\)c)`: "a(b)c", `(a(b)c)`: "a(b)c", `(\101\1012\60)`: "AA20", "(a\\\nb\r\nc)": "ab\nc", `(\n\\\x)`: "\n\\x",
		"<48 65 6>": "He`", "<FEFF4E00>": "一", "(\xef\xbb\xbf一)": "一", "(\xe9)": "é",
	} {
		if got, ok := pdfString([]byte(in)); !ok || got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
		if end := pdfSkip([]byte(in+" x"), 0, 0); end != len(in) {
			t.Errorf("%q: its end is at %d, want %d", in, end, len(in))
		}
	}
}

func FuzzPDF(f *testing.F) {
	for _, b := range pdfs() {
		f.Add(b)
	}
	f.Fuzz(neverPanics)
}
