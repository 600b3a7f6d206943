package terms

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"
)

// nsRSL is the namespace of RSL 1.0.
const nsRSL = "https://rslstandard.org/rsl"

// RSLType is the media type of what RSL writes.
const RSLType = "application/rsl+xml"

// usages are the values of RSL's type "usage" that are one thing each (RSL 1.0, 3.5); "ai-all"
// is all but the first of them, "all" is any use whatever. AI indexes and AI answers are one
// use of Loam's.
func usages() []string { return []string{"search", "ai-index", "ai-input", "ai-train"} }

// RSL writes the licence document of one work (RSL 1.0). What is free stands in one licence,
// what asks for the creator's name in another whose payment is attribution by the terms of
// w.Licence; each names what neither permits. Where nothing is permitted, all is prohibited.
// RSL has no words for an end, and Loam none here for a price: both are a no.
func (w *Work) RSL() []byte {
	var free, named, rest []string
	said := []grant{w.search(), w.input(), w.input(), w.train()}
	for i, u := range usages() {
		switch {
		case said[i].free():
			free = append(free, u)
		case said[i].named() && w.Licence != "":
			named = append(named, u)
		default:
			rest = append(rest, u)
		}
	}
	var b bytes.Buffer
	b.WriteString(xml.Header + `<rsl xmlns="` + nsRSL + `">` + "\n  <content url=\"")
	escape(&b, unpatterned(w.URL))
	b.WriteString("\">\n")
	element(&b, "    ", "copyright", "", w.Owner)
	element(&b, "    ", "terms", "", w.Licence)
	if len(free) > 0 {
		w.licence(&b, free, rest, `      <payment type="free"/>`+"\n")
	}
	if len(named) > 0 {
		var standard bytes.Buffer
		element(&standard, "", "standard", "", w.Licence)
		w.licence(&b, named, rest, `      <payment type="attribution">`+strings.TrimSpace(standard.String())+"</payment>\n")
	}
	if len(free)+len(named) == 0 {
		w.licence(&b, nil, []string{"all"}, "")
	}
	b.WriteString("  </content>\n</rsl>\n")
	return b.Bytes()
}

func (w *Work) licence(b *bytes.Buffer, permits, prohibits []string, payment string) {
	b.WriteString("    <license>\n")
	element(b, "      ", "permits", ` type="usage"`, strings.Join(permits, " "))
	element(b, "      ", "prohibits", ` type="usage"`, strings.Join(prohibits, " "))
	b.WriteString(payment)
	element(b, "      ", "legal", ` type="contact"`, w.Contact)
	b.WriteString("    </license>\n")
}

// element writes an element with text, and nothing where there is none.
func element(b *bytes.Buffer, indent, name, attributes, content string) {
	if content == "" {
		return
	}
	b.WriteString(indent + "<" + name + attributes + ">")
	escape(b, content)
	b.WriteString("</" + name + ">\n")
}

func escape(b *bytes.Buffer, s string) {
	_ = xml.EscapeText(b, []byte(s)) // a Buffer takes everything
}

// Bounds of an RSL document that is read.
const (
	maxRSL     = 256 << 10
	maxDepth   = 32
	maxLicence = 1000
)

// ReadRSL reads what a licence document says of the work at a URL, from every content element
// that covers it. A licence that asks for anything (payment, a server, reporting, certain users
// or places, or what is not understood) is a no to what it permits. A document that is not
// well-formed, contradicts itself, or has a DOCTYPE or entities of its own is a no to everything.
func ReadRSL(doc []byte, at string, media []Medium) Signals {
	host, path, err := page(at)
	r := rslReader{host: host, page: path}
	if err != nil || len(doc) > maxRSL || r.read(doc) != nil || r.broken || r.none {
		return refused(FromRSL, everything)
	}
	s := silent(FromRSL)
	s.hear(search, r.answer(0), nil, FromRSL)
	s.hear(input, both(r.answer(1), r.answer(2)), nil, FromRSL)
	s.hear(train, r.answer(3), known(media), FromRSL)
	return s
}

var errRSL = errors.New("rsl: not understood")

// licence is one license element while it is read.
type licence struct {
	permits, prohibits []string
	seen               []string // permits and prohibits by name and type
	asks               bool     // something beside the use itself
	contradicts        bool     // a type twice
}

// heard is what all licences say of one usage.
type heard struct{ yes, no, left bool } // left: licences permit things and none of them this

type rslReader struct {
	host     string
	page     string
	heard    [4]heard // in the order of usages
	none     bool     // all is prohibited
	broken   bool     // a licence contradicts itself
	licences int
	path     []string // of open elements, "?" for those of other namespaces
	covers   bool     // the content element is about the work
	asks     bool     // and its own attributes ask for something
	licence  *licence
	list     *[]string // what text goes to
	text     strings.Builder
}

func (r *rslReader) read(doc []byte) error {
	d := xml.NewDecoder(bytes.NewReader(doc))
	root := false
	for {
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			if !root {
				return errRSL
			}
			return nil
		}
		if err != nil {
			return err
		}
		switch t := t.(type) {
		case xml.StartElement:
			if len(r.path) >= maxDepth || len(r.path) == 0 && (root || !ours(t.Name) || t.Name.Local != "rsl") {
				return errRSL
			}
			root = true
			if err := r.start(t); err != nil {
				return err
			}
		case xml.CharData:
			if r.list != nil {
				r.text.Write(t)
			} else if len(r.path) == 0 && len(bytes.TrimSpace(t)) > 0 {
				return errRSL
			}
		case xml.EndElement:
			r.end()
		case xml.Directive:
			return errRSL
		}
	}
}

func ours(n xml.Name) bool { return n.Space == nsRSL || n.Space == "" }

func (r *rslReader) start(t xml.StartElement) error {
	name := t.Name.Local
	if !ours(t.Name) {
		name = "?"
	}
	r.path = append(r.path, name)
	switch place := strings.Join(r.path, " "); place {
	case "rsl content":
		return r.content(t)
	case "rsl content license":
		if r.licences++; r.licences > maxLicence {
			return errRSL
		}
		r.licence = &licence{asks: r.asks}
	case "rsl content license permits", "rsl content license prohibits":
		kind, err := attribute(t, "type")
		r.limit(name, kind)
		return err
	case "rsl content license payment":
		kind, err := attribute(t, "type")
		r.licence.asks = r.licence.asks || kind != "free" && kind != ""
		return err
	case "rsl content license legal":
	default:
		if name == "license" || name == "permits" || name == "prohibits" {
			return errRSL // at no place that says what it is about
		}
		if r.licence != nil {
			r.licence.asks = true
		}
	}
	return nil
}

// content begins what is said of some pages: those whose URL begins like one, in which "*" and
// "$" are as in robots.txt, or all.
func (r *rslReader) content(t xml.StartElement) error {
	pattern, errURL := attribute(t, "url")
	server, errServer := attribute(t, "server")
	encrypted, errEncrypted := attribute(t, "encrypted")
	if err := errors.Join(errURL, errServer, errEncrypted); err != nil {
		return err
	}
	r.asks = server != "" || encrypted != "" && encrypted != "false" && encrypted != "0"
	r.covers = true
	if pattern == "" {
		return nil
	}
	host, path, err := split(pattern)
	if err != nil {
		return err
	}
	matches, err := match(path, r.page)
	r.covers = matches && (host == "" || r.host == "" || host == r.host)
	return err
}

// limit begins a permits or prohibits. One of a type other than usage limits who may do what
// is permitted, or where.
func (r *rslReader) limit(name, kind string) {
	l := r.licence
	kind = cmp.Or(kind, "usage")
	if slices.Contains(l.seen, name+" "+kind) {
		l.contradicts = true
	}
	l.seen = append(l.seen, name+" "+kind)
	switch {
	case kind != "usage":
		l.asks = true
		return
	case name == "permits":
		r.list = &l.permits
	default:
		r.list = &l.prohibits
	}
	r.text.Reset()
}

func (r *rslReader) end() {
	switch strings.Join(r.path, " ") {
	case "rsl content license permits", "rsl content license prohibits":
		if r.list != nil {
			// The standard separates by spaces; commas are common.
			*r.list = append(*r.list, strings.FieldsFunc(strings.ToLower(r.text.String()), func(c rune) bool { return strings.ContainsRune(" \t\r\n,", c) })...)
			r.list = nil
		}
	case "rsl content license":
		if r.covers {
			r.weigh(r.licence)
		}
		r.licence = nil
	}
	r.path = r.path[:len(r.path)-1]
}

// weigh takes what a licence says. Where it permits something, what it does not name is not
// permitted by it; where it only asks for something, it asks for all.
func (r *rslReader) weigh(l *licence) {
	r.broken = r.broken || l.contradicts
	r.none = r.none || slices.Contains(l.prohibits, "all")
	for _, name := range l.prohibits {
		l.asks = l.asks || name != "all" && name != "ai-all" && !slices.Contains(usages(), name)
	}
	limited := slices.Contains(l.seen, "permits usage")
	for i := range usages() {
		h := &r.heard[i]
		permitted := names(l.permits, i)
		h.no = h.no || names(l.prohibits, i) || l.asks && (permitted || !limited)
		h.yes = h.yes || permitted
		h.left = h.left || limited && !permitted
	}
}

// names reports whether a list names the i-th usage, alone or with others.
func names(list []string, i int) bool {
	return slices.Contains(list, usages()[i]) || slices.Contains(list, "all") || i > 0 && slices.Contains(list, "ai-all")
}

func (r *rslReader) answer(i int) Answer {
	switch h := r.heard[i]; {
	case h.no:
		return Deny
	case h.yes:
		return Allow
	case h.left:
		return Deny
	}
	return Unknown
}

// attribute is the value of an attribute, "" for none. One that stands there twice is an error,
// which encoding/xml lets pass.
func attribute(t xml.StartElement, name string) (string, error) {
	value, n := "", 0
	for _, a := range t.Attr {
		if ours(a.Name) && a.Name.Local == name {
			value, n = strings.TrimSpace(a.Value), n+1
		}
	}
	if n > 1 {
		return "", errRSL
	}
	return value, nil
}
