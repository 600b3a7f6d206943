package media

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"loam"
)

// TestPDFPreamble: bytes before a PDF's header, as many as its readers allow, are kept; the
// places in the file count from its header or from its start, as before.
func TestPDFPreamble(t *testing.T) {
	t.Parallel()
	qpdf := oracle(t, "qpdf", "apt-get install qpdf")
	pdfinfo := oracle(t, "pdfinfo", "apt-get install poppler-utils")
	dir := t.TempDir()
	for name, before := range map[string]string{"http": "HTTP/1.0 200 OK\r\n\r\n", "most that qpdf takes": strings.Repeat("x", 1000), "binary": "\x00\x01\x02"} {
		for _, kind := range []string{"plain", "literal"} {
			in := append([]byte(before), pdfs()[kind]...)
			out := onlyLabel(t, name, in)
			if !bytes.HasPrefix(out, in[:len(in)-100]) {
				t.Errorf("%s: the file was written anew", name)
			}
			path := filepath.Join(dir, strings.ReplaceAll(name, " ", "-")+kind+".pdf")
			if err := os.WriteFile(path, out, 0o600); err != nil {
				t.Fatal(err)
			}
			say(t, qpdf, "--check", path)
			_, label, _ := strings.Cut(say(t, pdfinfo, "-custom", path), "AIGC:")
			label, _, _ = strings.Cut(label, "\n")
			isLabel(t, name, strings.TrimSpace(label))
		}
	}
	onlyLabel(t, "most", append([]byte(strings.Repeat("x", pdfBefore)), pdfs()["plain"]...))
	p := &pdfBuilder{}
	p.b.WriteString("\x00\x01\n")
	p.page("")
	p.table("/Size 5/Root 1 0 R")
	onlyLabel(t, "counted from the start", p.b.Bytes())
	for name, in := range map[string]string{
		"words of PDF": "# How a PDF begins\n\n%PDF-1.7\n\nand ends: startxref\n", "too far": strings.Repeat("x", 1025) + string(pdfs()["plain"]),
	} {
		if typ, _, _ := Marks(strings.NewReader(in)); typ == PDF {
			t.Errorf("%s: taken for a PDF", name)
		}
	}
	if _, _, err := Marks(strings.NewReader("\x00\x01%PDF-1.7\nstartxref\n9\n")); loam.CodeOf(err) != "media.broken" {
		t.Errorf("broken: %v", err)
	}
}

// TestUTF16Page: a page in UTF-16 is read in either order, and its label is not written.
func TestUTF16Page(t *testing.T) {
	t.Parallel()
	page := fmt.Sprintf(`<!DOCTYPE html><html><head><meta name="AIGC" content='%s'></head><body>湖边</body></html>`, strictJSON)
	for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
		var in []byte
		for _, u := range utf16.Encode([]rune("\ufeff" + page)) {
			in = order.AppendUint16(in, u)
		}
		for _, b := range [][]byte{in, in[:len(in)-1]} {
			typ, found, err := Marks(bytes.NewReader(b))
			if err != nil || typ != HTML || len(found) != 1 || !found[0].Strict() || found[0].Mark != strictMark() {
				t.Errorf("%v: %s %+v, %v", order, typ, found, err)
			}
		}
		_, err := Plan(bytes.NewReader(in), strictMark())
		if loam.CodeOf(err) != "file.read_only" {
			t.Errorf("%v: written: %v", order, err)
		}
		if _, err := Notice(in, "AI生成"); loam.CodeOf(err) != "file.read_only" {
			t.Errorf("%v: a notice: %v", order, err)
		}
	}
	if typ, _, _ := Marks(bytes.NewReader(slices.Concat([]byte("\xff\xfe"), []byte("a\x00b\x00")))); typ == HTML {
		t.Error("words in UTF-16 are taken for a page")
	}
}
