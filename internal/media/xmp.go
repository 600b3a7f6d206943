package media

import (
	"bytes"
	"encoding/xml"
	"errors"
	"html"
	"io"
	"slices"
	"strings"

	"loam"
)

// The XMP property (GB 45438-2025 Annex E through TC260-PG-20259A).
const (
	nsAIGC = "http://www.tc260.org.cn/ns/AIGC/1.0/"
	nsRDF  = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
)

// maxPacket bounds the XMP packet that is parsed.
const maxPacket = 1 << 20

// hit is one AIGC property of a packet: an element, or an attribute of a start tag.
type hit struct {
	from, to int // of the element, or of the start tag that has the attribute
	attr     string
	space    string
	value    string
}

// packet is what a walk through XMP sees: where labels are and where one can be put.
type packet struct {
	hits    []hit
	open    int  // behind the first rdf:Description's start tag, 0 if there is none
	closed  bool // that tag closes itself
	name    string
	rdfEnd  int // before </rdf:RDF>, 0 if there is none
	rdfName string
}

// xmpWalk reads a packet. Entities other than XML's own are errors, so nothing expands.
func xmpWalk(b []byte) (packet, error) {
	var p packet
	if len(b) > maxPacket {
		return p, errString("xmp: packet too large")
	}
	d := xml.NewDecoder(bytes.NewReader(b))
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	var in *hit
	depth := 0
	for {
		at := int(d.InputOffset())
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			return p, nil
		}
		if err != nil {
			return p, err
		}
		end := int(d.InputOffset())
		switch t := t.(type) {
		case xml.StartElement:
			if in != nil {
				depth++
				continue
			}
			p.attributes(t, at, end)
			if isProperty(t.Name) {
				in = &hit{from: at, space: t.Name.Space}
			} else if p.open == 0 && t.Name.Space == nsRDF && t.Name.Local == "Description" {
				p.open, p.closed, p.name = end, bytes.HasSuffix(b[at:end], []byte("/>")), tagName(b[at:end])
			}
		case xml.CharData:
			if in != nil {
				in.value += string(t)
			}
		case xml.EndElement:
			switch {
			case in != nil && depth > 0:
				depth--
			case in != nil:
				in.to = end
				p.hits = append(p.hits, *in)
				in = nil
			case t.Name.Space == nsRDF && t.Name.Local == "RDF" && end > at:
				p.rdfEnd, p.rdfName = at, strings.TrimPrefix(tagName(b[at:end]), "/")
			}
		}
	}
}

func (p *packet) attributes(t xml.StartElement, at, end int) {
	for _, a := range t.Attr {
		if isProperty(a.Name) && a.Name.Space != "xmlns" {
			p.hits = append(p.hits, hit{from: at, to: end, attr: a.Name.Local, space: a.Name.Space, value: a.Value})
		}
	}
}

// isProperty matches the label by its namespace, or by its name under a wrong one.
func isProperty(n xml.Name) bool { return n.Local == "AIGC" }

// tagName is the qualified name in the bytes of a tag.
func tagName(tag []byte) string {
	s := strings.TrimLeft(string(tag), "< ")
	if i := strings.IndexAny(s, " \t\r\n/>"); i > 0 {
		return s[:i]
	} else if i == 0 {
		return "/" + strings.TrimRight(s[1:], "> \t\r\n")
	}
	return s
}

// xmpMarks reads every label of a packet; one that is not XML is searched as text.
func xmpMarks(b []byte, place string) []Found {
	p, err := xmpWalk(b)
	if err != nil {
		out := xmpScan(b, place)
		for i := range out {
			out[i].warn("xml")
		}
		return out
	}
	var out []Found
	for _, h := range p.hits {
		f := readRaw(h.value, place)
		if h.space != nsAIGC {
			f.warn("namespace")
		}
		if h.attr != "" {
			f.warn("attribute")
		}
		out = append(out, f)
	}
	return append(out, sourceType(b, place)...)
}

// xmpScan finds labels in bytes that cannot be parsed: JSON behind the letters AIGC.
func xmpScan(b []byte, place string) []Found {
	i := bytes.Index(b, []byte("AIGC"))
	if i < 0 {
		return nil
	}
	rest := b[i:min(len(b), i+maxRaw)]
	from, to := bytes.IndexByte(rest, '{'), bytes.IndexByte(rest, '}')
	if from < 0 || to < from {
		return []Found{readRaw("", place)}
	}
	return []Found{readRaw(html.UnescapeString(string(rest[from:to+1])), place)}
}

// xmpRemove gives the packet without any label, everything else byte for byte.
func xmpRemove(b []byte) ([]byte, error) {
	p, err := xmpWalk(b)
	if err != nil {
		return nil, loam.Fail(loam.Invalid, "label.xmp").Because(err)
	}
	slices.SortStableFunc(p.hits, func(a, b hit) int { return a.from - b.from })
	var out []byte
	at := 0
	for _, h := range p.hits {
		if h.from < at {
			continue // a second attribute of one tag: gone with the first
		}
		out = append(out, b[at:h.from]...)
		if h.attr != "" {
			out = append(out, dropAttributes(b[h.from:h.to])...)
		}
		at = h.to
	}
	return append(out, b[at:]...), nil
}

// dropAttributes gives a start tag without its attributes named AIGC.
func dropAttributes(tag []byte) []byte {
	s := string(tag)
	for {
		i := strings.Index(s, ":AIGC")
		if i < 0 {
			return []byte(s)
		}
		from := strings.LastIndexAny(s[:i], " \t\r\n")
		eq := strings.IndexByte(s[i:], '=')
		if from < 0 || eq < 0 {
			return []byte(s)
		}
		open := strings.IndexAny(s[i+eq:], `"'`)
		if open < 0 {
			return []byte(s)
		}
		open += i + eq
		end := strings.IndexByte(s[open+1:], s[open])
		if end < 0 {
			return []byte(s)
		}
		s = s[:from] + s[open+1+end+1:]
	}
}

// xmpSet puts the label into a packet as its only one: other properties stay byte for
// byte. A nil packet gives a new one.
func xmpSet(b []byte, raw string) ([]byte, error) {
	var value bytes.Buffer
	if err := xml.EscapeText(&value, []byte(raw)); err != nil {
		return nil, err
	}
	element := `<TC260:AIGC xmlns:TC260="` + nsAIGC + `">` + value.String() + `</TC260:AIGC>`
	if len(bytes.TrimSpace(b)) == 0 {
		return []byte(`<?xpacket begin="` + "\ufeff" + `" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="` +
			nsRDF + `"><rdf:Description rdf:about="">` + element + `</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>`), nil
	}
	b, err := xmpRemove(b)
	if err != nil {
		return nil, err
	}
	p, err := xmpWalk(b)
	if err != nil {
		return nil, loam.Fail(loam.Invalid, "label.xmp").Because(err)
	}
	switch {
	case p.open > 0 && p.closed:
		return splice(b, p.open-len("/>"), p.open, ">"+element+"</"+p.name+">"), nil
	case p.open > 0:
		return splice(b, p.open, p.open, element), nil
	case p.rdfEnd > 0:
		prefix, _, _ := strings.Cut(p.rdfName, ":")
		return splice(b, p.rdfEnd, p.rdfEnd, "<"+prefix+`:Description `+prefix+`:about="">`+element+"</"+prefix+":Description>"), nil
	}
	return nil, loam.Fail(loam.Invalid, "label.xmp")
}

func splice(b []byte, from, to int, s string) []byte {
	out := make([]byte, 0, len(b)+len(s))
	out = append(out, b[:from]...)
	out = append(out, s...)
	return append(out, b[to:]...)
}

// xmpTrim takes the padding out of a packet (XMP part 1, 7.3.2): blanks before its end.
func xmpTrim(b []byte) []byte {
	i := bytes.LastIndex(b, []byte("<?xpacket"))
	if i <= 0 {
		return bytes.TrimRight(b, " \r\n\t")
	}
	return append(bytes.TrimRight(b[:i:i], " \r\n\t"), b[i:]...)
}

// sourceType reads what C2PA and IPTC say of a picture's making, without checking the
// manifest: said in metadata, it counts as evidence (Labelling Measures Art. 6).
func sourceType(b []byte, place string) []Found {
	for _, v := range []string{"trainedAlgorithmicMedia", "compositeWithTrainedAlgorithmicMedia", "trainedAlgorithmicData"} {
		if bytes.Contains(b, []byte("digitalsourcetype/"+v)) {
			return []Found{{Kind: KindSource, State: loam.IsAI, Place: place, Raw: v, Defects: []Defect{}}}
		}
	}
	return nil
}
