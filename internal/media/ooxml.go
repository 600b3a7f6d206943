package media

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"

	"loam"
)

// Custom document properties (ISO/IEC 29500-1, 15.2.12.2 and 22.3; part 4 gives the
// transitional names, which nearly every file has).
const (
	ooxmlTypes  = "[Content_Types].xml"
	ooxmlRels   = "_rels/.rels"
	ooxmlCustom = "docProps/custom.xml"
	customType  = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
	customRel   = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties"
	strictRel   = "http://purl.oclc.org/ooxml/officeDocument/relationships/customProperties"
	nsCustom    = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
	nsStrict    = "http://purl.oclc.org/ooxml/officeDocument/customProperties"
	nsVariant   = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
	nsVariantST = "http://purl.oclc.org/ooxml/officeDocument/docPropsVTypes"
	// customFormat is the one format id of properties that people name (22.3.2.2).
	customFormat = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
)

func equalFold(a, b string) bool { return strings.EqualFold(a, b) }

func ooxmlIs(head []byte, src Source) bool {
	if !bytes.HasPrefix(head, []byte(zipLocal)) {
		return false
	}
	z, err := zipOpen(src)
	return err == nil && z.find(ooxmlTypes) >= 0
}

// customProperty is one property of custom.xml that is a label.
type customProperty struct {
	at    span
	name  string
	pid   int
	kind  string // lpwstr
	value string
}

// customProperties are the labels among a document's properties, and where one can be put.
type customProperties struct {
	labels []customProperty
	end    int // before the root's end tag; of a root that closes itself, behind it
	closed bool
	root   xml.Name
	tag    string // the root's name as it stands
	maxPID int
}

func readCustom(b []byte) (customProperties, error) {
	var p customProperties
	if crowded(b) {
		return p, errString("custom.xml: more attributes than are held")
	}
	d := xml.NewDecoder(bytes.NewReader(b))
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	depth := 0
	var in *customProperty
	var text []byte
	for {
		at := int(d.InputOffset())
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return p, err
		}
		end := int(d.InputOffset())
		switch t := t.(type) {
		case xml.StartElement:
			depth++
			switch {
			case depth > maxDepth || len(p.labels) > maxMarks:
				return p, errString("custom.xml: too deep, or too many labels")
			case depth == 1:
				p.root, p.tag, p.closed = t.Name, tagName(b[at:end]), bytes.HasSuffix(b[at:end], []byte("/>"))
			case depth == 2 && t.Name.Local == "property":
				c := customProperty{at: span{from: at}}
				c.attributes(t)
				if p.maxPID = max(p.maxPID, c.pid); isAIGC(c.name) {
					in, text = &c, nil
				}
			case depth == 3 && in != nil:
				in.kind = t.Name.Local
			}
		case xml.CharData:
			if in != nil && depth >= 3 {
				text = append(text, t[:min(len(t), maxRaw+1-min(len(text), maxRaw+1))]...)
			}
		case xml.EndElement:
			if depth == 2 && in != nil {
				in.at.to, in.value = end, string(text[:min(len(text), maxRaw+1)])
				p.labels = append(p.labels, *in)
				in = nil
			}
			if depth == 1 {
				p.end = at
			}
			depth--
		}
	}
	if p.root.Local != "Properties" {
		return p, errString("custom.xml: no properties")
	}
	return p, nil
}

func (c *customProperty) attributes(t xml.StartElement) {
	for _, a := range t.Attr {
		switch a.Name.Local {
		case "name":
			c.name = a.Value
		case "pid":
			if n, err := strconv.ParseInt(a.Value, 10, 31); err == nil {
				c.pid = int(n)
			}
		}
	}
}

// customPart is the name of the part the package's relationships call its custom
// properties, "" if they name none.
func customPart(rels []byte) (string, error) {
	if crowded(rels) {
		return "", errString("rels: more attributes than are held")
	}
	d := xml.NewDecoder(bytes.NewReader(rels))
	for {
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			return "", nil
		}
		if err != nil {
			return "", err
		}
		s, ok := t.(xml.StartElement)
		if !ok {
			continue
		}
		var kind, target string
		for _, a := range s.Attr {
			switch a.Name.Local {
			case "Type":
				kind = a.Value
			case "Target":
				target = a.Value
			}
		}
		if kind == customRel || kind == strictRel {
			return strings.TrimPrefix(path.Clean("/"+target), "/"), nil
		}
	}
}

// ooxml is an office document: its package and its custom properties.
type ooxml struct {
	z      *zipFile
	name   string // of the part
	index  int    // of the part, -1 if there is none
	named  bool   // the relationships name it
	custom []byte
	props  customProperties
}

// ooxmlOpen reads the custom properties of a document; with an error, those before what is wrong.
func ooxmlOpen(src Source) (o *ooxml, err error) {
	o = &ooxml{name: ooxmlCustom}
	if o.z, err = zipOpen(src); err != nil {
		return o, err
	}
	i := o.z.find(ooxmlRels)
	if i < 0 {
		return o, damaged("ooxml: no relationships")
	}
	rels, err := o.z.part(i)
	if err != nil {
		return o, err
	}
	name, err := customPart(rels)
	if err != nil {
		return o, damaged("ooxml: relationships that cannot be read")
	}
	if name != "" {
		o.name, o.named = name, true
	}
	if o.index = o.z.find(o.name); o.index < 0 {
		return o, nil
	}
	if o.custom, err = o.z.part(o.index); err != nil {
		return o, err
	}
	if o.props, err = readCustom(o.custom); err != nil {
		return o, damaged("ooxml: custom properties that cannot be read")
	}
	return o, nil
}

func ooxmlMarks(src Source) ([]Found, error) {
	o, err := ooxmlOpen(src)
	var out []Found
	for _, c := range o.props.labels {
		f := readRaw(c.value, "ooxml.custom")
		if c.kind != "lpwstr" {
			f.warn("type")
		}
		if c.name != "AIGC" {
			f.warn("name")
		}
		if !o.named {
			f.warn("unlinked")
		}
		out = append(out, f)
	}
	if o.z == nil {
		return out, err
	}
	out, late := lateMarks(src, o.z.ends, "ooxml.late", out, nil)
	return out, cmp.Or(err, late)
}

// ooxmlPut puts the label into the custom properties, making their part and its entries in
// the package if there is none. All other parts stay as they are packed.
func ooxmlPut(src Source, _ loam.Mark, raw string) (*Edit, error) {
	o, err := ooxmlOpen(src)
	if err != nil {
		return nil, err
	}
	changed, added := map[int][]byte{}, map[string][]byte{}
	var names []string
	if o.index >= 0 {
		if changed[o.index], err = o.labelled(raw); err != nil {
			return nil, err
		}
	} else {
		names = []string{o.name}
		added[o.name] = []byte(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n" + `<Properties xmlns="` + nsCustom + `">` +
			customElement(nsCustom, nsVariant, 2, raw) + `</Properties>`)
	}
	for _, link := range []struct {
		part, root, element string
		there               func(xml.StartElement) bool
	}{
		{ooxmlTypes, "Types", `<Override xmlns="http://schemas.openxmlformats.org/package/2006/content-types" PartName="/` + o.name + `" ContentType="` + customType + `"/>`, func(s xml.StartElement) bool {
			return s.Name.Local == "Override" && slices.ContainsFunc(s.Attr, func(a xml.Attr) bool { return a.Name.Local == "PartName" && equalFold(a.Value, "/"+o.name) })
		}},
		{ooxmlRels, "Relationships", `<Relationship xmlns="http://schemas.openxmlformats.org/package/2006/relationships" Id="%s" Type="` + customRel + `" Target="` + o.name + `"/>`, func(xml.StartElement) bool { return o.named }},
	} {
		i := o.z.find(link.part)
		if i < 0 {
			return nil, damaged("ooxml: no list of types")
		}
		b, err := o.z.part(i)
		if err != nil {
			return nil, err
		}
		linked, err := ooxmlLink(b, link.root, link.element, link.there)
		if err != nil {
			return nil, err
		}
		if !bytes.Equal(linked, b) {
			changed[i] = linked
		}
	}
	if bytes.Equal(changed[o.index], o.custom) {
		delete(changed, o.index)
	}
	late, err := behind(src, o.z.ends, "ooxml.late")
	if err != nil {
		return nil, err
	}
	return o.z.rewrite(changed, names, added, late)
}

// labelled is the custom properties with this label as their only one.
func (o *ooxml) labelled(raw string) ([]byte, error) {
	p, b := o.props, o.custom
	space, variant := nsCustom, nsVariant
	if p.root.Space == nsStrict {
		space, variant = nsStrict, nsVariantST
	}
	pid := max(p.maxPID, 1) + 1 // 0 and 1 are reserved (22.3.2.2)
	if len(p.labels) > 0 && p.labels[0].pid > 1 {
		pid = p.labels[0].pid
	}
	element := customElement(space, variant, pid, raw)
	if p.closed {
		end := bytes.LastIndex(b[:p.end], []byte("/>"))
		if end < 0 {
			return nil, damaged("ooxml: custom properties that cannot be read")
		}
		return splice(b, end, end+2, ">"+element+"</"+p.tag+">"), nil
	}
	if len(p.labels) == 0 {
		return splice(b, p.end, p.end, element), nil
	}
	for i, l := range slices.Backward(p.labels) {
		put := ""
		if i == 0 {
			put = element
		}
		b = splice(b, l.at.from, l.at.to, put)
	}
	return b, nil
}

func customElement(space, variant string, pid int, raw string) string {
	var value bytes.Buffer
	_ = xml.EscapeText(&value, []byte(raw)) // into memory
	return fmt.Sprintf(`<property xmlns="%s" fmtid="%s" pid="%d" name="AIGC"><vt:lpwstr xmlns:vt="%s">%s</vt:lpwstr></property>`, space, customFormat, pid, variant, value.Bytes())
}

// ooxmlLink puts an element at the end of one of the package's lists unless it is there. A
// %s in it becomes an id that is free.
func ooxmlLink(b []byte, root, element string, there func(xml.StartElement) bool) ([]byte, error) {
	ids := map[string]bool{}
	d := xml.NewDecoder(bytes.NewReader(b))
	for {
		at := int(d.InputOffset())
		t, err := d.Token()
		if err != nil {
			return nil, damaged("ooxml: a list of the package that cannot be read")
		}
		switch t := t.(type) {
		case xml.StartElement:
			if there(t) {
				return b, nil
			}
			for _, a := range t.Attr {
				if a.Name.Local == "Id" {
					ids[a.Value] = true
				}
			}
		case xml.EndElement:
			if t.Name.Local != root || bytes.HasSuffix(b[:at], []byte("/>")) && int(d.InputOffset()) == at {
				continue
			}
			if strings.Contains(element, "%s") {
				n := 1
				for ids[fmt.Sprintf("rId%d", n)] {
					n++
				}
				element = fmt.Sprintf(element, fmt.Sprintf("rId%d", n))
			}
			return splice(b, at, at, element), nil
		}
	}
}
