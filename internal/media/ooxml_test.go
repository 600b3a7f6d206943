package media

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"strings"
	"testing"

	"loam"
)

const (
	ooxmlHead  = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\r\n"
	plainTypes = ooxmlHead + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`
	plainRels  = ooxmlHead + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`
	document   = ooxmlHead + `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>a line of text</w:t></w:r></w:p></w:body></w:document>`
)

// docx is a document of one line. custom is its custom properties, "" for none.
func docx(tb testing.TB, custom string) []byte {
	tb.Helper()
	types, rels := plainTypes, plainRels
	parts := [][2]string{}
	if custom != "" {
		types = strings.Replace(types, "</Types>", `<Override PartName="/docProps/custom.xml" ContentType="`+customType+`"/></Types>`, 1)
		rels = strings.Replace(rels, "</Relationships>", `<Relationship Id="rId7" Type="`+customRel+`" Target="docProps/custom.xml"/></Relationships>`, 1)
		parts = append(parts, [2]string{"docProps/custom.xml", custom})
	}
	return zipOf(tb, append([][2]string{{ooxmlTypes, types}, {ooxmlRels, rels}, {"word/document.xml", document}}, parts...)...)
}

func zipOf(tb testing.TB, parts ...[2]string) []byte {
	tb.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i, p := range parts {
		f, err := w.CreateHeader(&zip.FileHeader{Name: p[0], Method: uint16(8 * (1 - i%2))})
		if err == nil {
			_, err = io.WriteString(f, p[1])
		}
		if err != nil {
			tb.Fatal(err)
		}
	}
	if err := w.SetComment("a comment"); err != nil {
		tb.Fatal(err)
	}
	if err := w.Close(); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

func properties(inner string) string {
	return ooxmlHead + `<Properties xmlns="` + nsCustom + `" xmlns:vt="` + nsVariant + `">` + inner + `</Properties>`
}

func property(pid int, name, kind, value string) string {
	return fmt.Sprintf(`<property fmtid="%s" pid="%d" name="%s"><vt:%s>%s</vt:%s></property>`, customFormat, pid, name, kind, value, kind)
}

func docs(tb testing.TB) map[string][]byte {
	client := property(2, "Client", "lpwstr", "一")
	label := func(pid int) string { return property(pid, "AIGC", "lpwstr", escaped(strictJSON)) }
	unlinked := zipOf(tb, [2]string{ooxmlTypes, plainTypes}, [2]string{ooxmlRels, plainRels}, [2]string{"docProps/custom.xml", properties(label(2))})
	return map[string][]byte{
		"none":        docx(tb, ""),
		"others":      docx(tb, properties(client)),
		"labelled":    docx(tb, properties(label(3)+client)),
		"two":         docx(tb, properties(client+label(3)+label(4))),
		"dirty":       docx(tb, properties(client+property(3, "aigc", "lpstr", `{&quot;Label&quot;:1}`))),
		"closed root": docx(tb, ooxmlHead+`<op:Properties xmlns:op="`+nsCustom+`"/>`),
		"strict":      docx(tb, ooxmlHead+`<Properties xmlns="`+nsStrict+`"></Properties>`),
		"unlinked":    unlinked,
	}
}

func TestOOXML(t *testing.T) {
	t.Parallel()
	want := map[string][]string{
		"labelled": {"ooxml.custom"}, "two": {"ooxml.custom duplicate", "ooxml.custom duplicate"},
		"dirty": {"ooxml.custom type missing_key type name"}, "unlinked": {"ooxml.custom unlinked"},
	}
	for name, in := range docs(t) {
		if name != "dirty" {
			reads(t, name, in, want[name]...)
		}
		out := onlyLabel(t, name, in)
		before, after := zipRaw(t, in), zipRaw(t, out)
		for part, raw := range before {
			changes := part == ooxmlCustom || part == ooxmlTypes || part == ooxmlRels
			if got := after[part]; got == "" || !changes && got != raw {
				t.Errorf("%s: %s changed", name, part)
			}
		}
		z, err := zip.NewReader(bytes.NewReader(out), int64(len(out)))
		if err != nil || z.Comment != "a comment" || z.File[0].Name != ooxmlTypes {
			t.Fatalf("%s: %v", name, err)
		}
		for _, f := range z.File {
			r, err := f.Open()
			if err != nil {
				t.Fatal(err)
			}
			text, err := io.ReadAll(r)
			if err != nil {
				t.Errorf("%s: %s: %v", name, f.Name, err)
			}
			if n := strings.Count(string(text), "custom-properties"); f.Name == ooxmlTypes && n != 1 || f.Name == ooxmlRels && n != 1 {
				t.Errorf("%s: %s names the properties %d times:\n%s", name, f.Name, n, text)
			}
			if f.Name == ooxmlCustom && bytes.Contains(in, []byte("Client")) && !strings.Contains(string(text), property(2, "Client", "lpwstr", "一")) {
				t.Errorf("%s: another property changed:\n%s", name, text)
			}
		}
	}
}

// zipRaw is each member as it stands, local header and all.
func zipRaw(tb testing.TB, b []byte) map[string]string {
	tb.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		tb.Fatal(err)
	}
	out := map[string]string{}
	for _, f := range z.File {
		at, err := f.DataOffset()
		if err != nil {
			tb.Fatal(err)
		}
		out[f.Name] = string(b[at-30-int64(len(f.Name)) : at+int64(f.CompressedSize64)])
	}
	return out
}

func TestOOXMLRefuses(t *testing.T) {
	t.Parallel()
	bomb := docx(t, properties(strings.Repeat(" ", 40<<20)))
	good := docx(t, properties(""))
	overlap := bytes.Clone(good)
	at := bytes.LastIndex(overlap, []byte(zipCentral))
	binary.LittleEndian.PutUint32(overlap[at+42:], 0)
	wrong := bytes.Replace(good, []byte("PK\x01\x02"), []byte("PK\x01\x03"), 1)
	for name, in := range map[string][]byte{
		"bomb":        bomb,
		"not XML":     docx(t, "<Properties><property"),
		"entities":    docx(t, `<!DOCTYPE a [<!ENTITY b "c">]><Properties>&b;</Properties>`),
		"other root":  docx(t, "<a/>"),
		"overlapping": overlap,
	} {
		if _, err := Plan(bytes.NewReader(in), strictMark()); loam.KindOf(err) != loam.Invalid {
			t.Errorf("%s: Plan: %v", name, err)
		}
	}
	for name, in := range map[string][]byte{
		"a directory that lies": wrong, "cut": good[:len(good)-10], "any archive": zipOf(t, [2]string{"a.txt", "b"}),
	} {
		if _, err := Identify(bytes.NewReader(in)); loam.CodeOf(err) != "file.type" {
			t.Errorf("%s: Identify: %v", name, err)
		}
	}
}

func FuzzOOXML(f *testing.F) {
	for _, b := range docs(f) {
		f.Add(b)
	}
	f.Fuzz(neverPanics)
}
