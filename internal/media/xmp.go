package media

import (
	"bytes"
	"cmp"
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

// Bounds of the XMP packet that is parsed, of how deep its elements stand, and of the labels
// one file is searched for: a thousand are as bad as a million.
const (
	maxPacket = 1 << 20
	maxDepth  = 200
	maxMarks  = 256
)

// hit is one property of a packet: an element, or an attribute of a start tag.
type hit struct {
	from, to int // of the element, or of the start tag that has the attribute
	attr     string
	space    string
	value    []byte
	source   bool // a digital source type, not a label
	odd      bool // a label by a name in another case
}

// packet is what a walk through XMP sees: where labels are and where one can be put.
type packet struct {
	hits    []hit
	sources []hit
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
	if crowded(b) {
		return p, errString("xmp: more attributes than are held")
	}
	d := xml.NewDecoder(bytes.NewReader(b))
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	var in *hit
	depth, nested := 0, 0
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
			if nested++; nested > maxDepth || len(p.hits)+len(p.sources) > maxMarks {
				return p, errString("xmp: too deep, or too many labels")
			}
			if in != nil {
				depth++
				continue
			}
			p.attributes(t, at, end)
			if isProperty(t.Name) || isSource(t.Name) {
				in = &hit{from: at, space: t.Name.Space, source: isSource(t.Name), odd: t.Name.Local != aigcKey, value: resource(t)}
			} else if p.open == 0 && t.Name.Space == nsRDF && t.Name.Local == "Description" {
				p.open, p.closed, p.name = end, bytes.HasSuffix(b[at:end], []byte("/>")), tagName(b[at:end])
			}
		case xml.CharData:
			if in != nil {
				in.value = append(in.value, t...)
			}
		case xml.EndElement:
			nested--
			switch {
			case in != nil && depth > 0:
				depth--
			case in != nil:
				in.to = end
				p.found(*in)
				in = nil
			case t.Name.Space == nsRDF && t.Name.Local == "RDF" && end > at:
				p.rdfEnd, p.rdfName = at, strings.TrimPrefix(tagName(b[at:end]), "/")
			}
		}
	}
}

func (p *packet) found(h hit) {
	if h.source {
		p.sources = append(p.sources, h)
	} else {
		p.hits = append(p.hits, h)
	}
}

func (p *packet) attributes(t xml.StartElement, at, end int) {
	for _, a := range t.Attr {
		if (isProperty(a.Name) || isSource(a.Name)) && a.Name.Space != "xmlns" {
			p.found(hit{from: at, to: end, attr: a.Name.Local, space: a.Name.Space, value: []byte(a.Value), source: isSource(a.Name), odd: a.Name.Local != aigcKey})
		}
	}
}

// isProperty matches the label by its namespace, or by its name under a wrong one.
func isProperty(n xml.Name) bool { return strings.EqualFold(n.Local, aigcKey) }

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
	if out, wide := wideMarks(b, place); wide {
		return out
	}
	p, own := written(b)
	var err error
	if !own {
		p, err = xmpWalk(b)
	}
	if err != nil {
		out := xmpScan(b, place)
		for i := range out {
			out[i].warn("xml")
		}
		return append(out, sourceType(b, place)...)
	}
	var out []Found
	for _, h := range p.hits {
		f := readRaw(string(h.value[:min(len(h.value), maxRaw+1)]), place)
		if h.space != nsAIGC {
			f.warn("namespace")
		}
		if h.attr != "" {
			f.warn("attribute")
		}
		if h.odd {
			f.warn("name")
		}
		out = append(out, f)
	}
	return append(out, p.sourceMarks(place)...)
}

// xmpScan finds the first label in bytes that cannot be parsed: JSON behind the letters
// AIGC.
func xmpScan(b []byte, place string) []Found {
	if !bytes.Contains(b, []byte("AIGC")) {
		return nil
	}
	for _, at := range scanLabels(b) {
		return []Found{scanned(b, at, place)}
	}
	return []Found{readRaw("", place)}
}

// span is a stretch of bytes.
type span struct{ from, to int }

// scanLabels finds JSON close behind the letters AIGC, those included.
func scanLabels(b []byte) []span {
	const near = 256 // an element's namespace may stand between
	var out []span
	open, end := seeker{b, '{', -1}, seeker{b, '}', -1}
	for at := 0; len(out) < maxMarks; {
		i := bytes.Index(b[at:], []byte("AIGC"))
		if i < 0 {
			return out
		}
		i += at
		at = i + len("AIGC")
		from := open.next(at)
		if to := end.next(from); from-i < near && to-i < maxRaw && to < len(b) {
			out = append(out, span{i, to + 1})
			at = to + 1
		}
	}
	return out
}

// seeker finds a byte at or behind places that never go back, so that all of them together
// cost one pass. at is where it was found last, -1 before the first.
type seeker struct {
	b  []byte
	c  byte
	at int
}

// next is the place of the byte, that of the end if there is none.
func (s *seeker) next(at int) int {
	if at = min(at, len(s.b)); s.at < at {
		if i := bytes.IndexByte(s.b[at:], s.c); i >= 0 {
			s.at = at + i
		} else {
			s.at = len(s.b)
		}
	}
	return s.at
}

func scanned(b []byte, at span, place string) Found {
	text := string(b[at.from:at.to])
	return readRaw(html.UnescapeString(text[strings.IndexByte(text, '{'):]), place)
}

// xmpRemove gives the packet without any label, everything else byte for byte; one in UTF-16
// in UTF-8.
func xmpRemove(b []byte) ([]byte, error) {
	b, _ = narrowed(b)
	p, err := xmpWalk(b)
	if err != nil {
		return nil, loam.Fail(loam.Invalid, "label.xmp").Because(err)
	}
	return cutHits(b, p.hits), nil
}

// cutHits gives a packet without these properties.
func cutHits(b []byte, hits []hit) []byte {
	hits = slices.Clone(hits)
	slices.SortFunc(hits, func(a, b hit) int { return cmp.Or(a.from-b.from, b.to-a.to) })
	var out []byte
	at := 0
	for _, h := range hits {
		if h.from < at {
			continue // gone with the one around it, or with the first of its name
		}
		out = append(out, b[at:h.from]...)
		if h.attr != "" {
			out = append(out, dropAttributes(b[h.from:h.to], h.attr)...)
		}
		at = h.to
	}
	return append(out, b[at:]...)
}

// dropAttributes gives a start tag without its attributes of a name, whatever their prefix.
func dropAttributes(tag []byte, name string) []byte {
	const blank = " \t\r\n"
	var out []byte
	kept, at := 0, bytes.IndexAny(tag, blank)
	for at >= 0 && at < len(tag) {
		from := at
		for at < len(tag) && strings.IndexByte(blank, tag[at]) >= 0 {
			at++
		}
		eq := bytes.IndexByte(tag[at:], '=')
		if eq < 0 {
			break
		}
		key := string(bytes.TrimRight(tag[at:at+eq], blank))
		open := bytes.IndexAny(tag[at+eq:], `"'`)
		if open < 0 {
			break
		}
		open += at + eq
		end := bytes.IndexByte(tag[open+1:], tag[open])
		if end < 0 {
			break
		}
		at = open + 1 + end + 1
		prefix, local, ok := strings.Cut(key, ":")
		if !ok {
			prefix, local = "", key
		}
		if local == name && prefix != "xmlns" {
			out = append(out, tag[kept:from]...)
			kept = at
		}
	}
	return append(out, tag[kept:]...)
}

// A packet of our own: its head and tail, and the two properties that may stand in it.
const (
	xmpHead = `<?xpacket begin="` + "\ufeff" + `" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="` +
		nsRDF + `"><rdf:Description rdf:about="">`
	xmpTail      = `</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>`
	xmpLabel     = `<TC260:AIGC xmlns:TC260="` + nsAIGC + `">`
	xmpLabelEnd  = `</TC260:AIGC>`
	xmpSource    = `<Iptc4xmpExt:DigitalSourceType xmlns:Iptc4xmpExt="` + nsIPTC + `">` + SourceURI
	xmpSourceEnd = `</Iptc4xmpExt:DigitalSourceType>`
)

// written reads what stands in a packet that is, byte for byte, one xmpWrite makes of a label:
// most packets read here are, and a parser is the dearest part of reading them. Places are
// not told.
func written(b []byte) (packet, bool) {
	s, ok := strings.CutPrefix(string(b), xmpHead+xmpLabel)
	value, s, ended := strings.Cut(s, xmpLabelEnd)
	if !ok || !ended {
		return packet{}, false
	}
	var term string
	if rest, there := strings.CutPrefix(s, xmpSource); there {
		term, _, _ = strings.Cut(rest, xmpSourceEnd)
		if strings.ContainsFunc(term, func(r rune) bool { return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z') }) {
			return packet{}, false // what stands there is XML, and may hold another label
		}
	}
	raw := html.UnescapeString(value)
	if again, err := xmpWrite(nil, raw, term); err != nil || !bytes.Equal(again, b) {
		return packet{}, false
	}
	p := packet{hits: []hit{{space: nsAIGC, value: []byte(raw)}}}
	if term != "" {
		p.sources = []hit{{space: nsIPTC, value: []byte(SourceURI + term), source: true}}
	}
	return p, true
}

// xmpWrite puts the label into a packet as its only one: other properties stay byte for
// byte. A nil packet gives a new one. term also states the IPTC source type, in the place of
// any that stood there; "" leaves what is there alone.
func xmpWrite(b []byte, raw, term string) ([]byte, error) {
	var value bytes.Buffer
	if err := xml.EscapeText(&value, []byte(raw)); err != nil {
		return nil, err
	}
	element := xmpLabel + value.String() + xmpLabelEnd
	if term != "" {
		element += xmpSource + term + xmpSourceEnd
	}
	b, _ = narrowed(b)
	if len(bytes.TrimSpace(b)) == 0 {
		return []byte(xmpHead + element + xmpTail), nil
	}
	p, err := xmpWalk(b)
	if err != nil {
		return nil, loam.Fail(loam.Invalid, "label.xmp").Because(err)
	}
	b = cutHits(b, p.hits)
	if term != "" {
		if p, err = xmpWalk(b); err == nil {
			b = cutHits(b, p.sources)
		}
	}
	if err == nil {
		p, err = xmpWalk(b)
	}
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
	return slices.Concat(bytes.TrimRight(b[:i], " \r\n\t"), b[i:])
}
