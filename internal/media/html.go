package media

import (
	"bytes"
	"errors"
	"io"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/text/encoding/unicode"

	"loam"
)

// htmlIs tells an HTML document by how it begins: a document type, or one of the elements
// only a document's start can have. Markdown that begins with a comment, a table or any
// other piece of HTML is Markdown.
func htmlIs(head []byte, src Source) bool {
	b := bytes.TrimPrefix(utf8Of(head), []byte("\ufeff"))
	for {
		b = bytes.TrimLeft(b, " \t\r\n\f")
		end := ""
		switch {
		case bytes.HasPrefix(b, []byte("<!--")):
			end = "-->"
		case bytes.HasPrefix(b, []byte("<?xml")):
			end = "?>"
		}
		i := bytes.Index(b, []byte(end))
		if end == "" || i < 0 {
			break
		}
		b = b[i+len(end):]
	}
	start := strings.ToLower(string(b[:min(len(b), 16)]))
	for _, s := range []string{"<!doctype html", "<html", "<head", "<meta", "<title", "<body"} {
		if rest, ok := strings.CutPrefix(start, s); ok && (rest == "" || strings.ContainsAny(rest[:1], " \t\r\n\f/>")) {
			return src.Size() <= MaxBytes
		}
	}
	return false
}

// htmlPage is what a walk through a document sees: its labels, and where one can be put.
type htmlPage struct {
	labels []htmlLabel
	at     int // of the document's charset, its head's start tag, or what comes first
}

// htmlLabel is a meta element that is a label.
type htmlLabel struct {
	span
	found Found
}

// htmlWalk follows a document's tokens. Comments, scripts and text hold no element, so what
// stands in them is no label.
func htmlWalk(b []byte) (p htmlPage, err error) {
	mark := "\ufeff"
	if !bytes.HasPrefix(b, []byte(mark)) {
		mark = ""
	}
	return htmlTokens(bytes.NewReader(b), len(mark), MaxBytes)
}

// htmlTokens follows the tokens of a document in UTF-8, which begins behind its byte order mark. One of
// most bytes is Invalid, "media.broken".
func htmlTokens(b io.Reader, begins, most int) (p htmlPage, err error) {
	z := html.NewTokenizer(b)
	z.SetMaxBuf(most)
	p.at = begins
	rank := 0 // of what p.at stands behind
	later := func(r, at int) {
		if r > rank {
			rank, p.at = r, at
		}
	}
	body := false
	for at := 0; ; {
		kind := z.Next()
		if kind == html.ErrorToken {
			if errors.Is(z.Err(), html.ErrBufferExceeded) {
				err = damaged("html: a piece longer than is held")
			}
			return p, err // the end: bytes in memory have no other error
		}
		from := at
		at += len(z.Raw())
		if kind == html.DoctypeToken {
			later(1, at)
		}
		if kind != html.StartTagToken && kind != html.SelfClosingTagToken {
			continue
		}
		name, _ := z.TagName()
		switch string(name) {
		case "html":
			later(2, at)
		case "head":
			later(3, at)
		case "body":
			body = true
		case "meta":
			l, charset := htmlMeta(z)
			if charset && !body {
				later(4, at)
			}
			if l != nil {
				p.labels = append(p.labels, htmlLabel{span{from, at}, *l})
			}
			if len(p.labels) > maxMarks {
				return p, damaged("html: too many labels")
			}
		}
	}
}

// htmlMeta reads a meta element: the label it is, and whether it states the charset, which
// has to stand in a document's first 1024 bytes.
func htmlMeta(z *html.Tokenizer) (label *Found, charset bool) {
	var name, key, content string
	for more := true; more; {
		var k, v []byte
		k, v, more = z.TagAttr()
		switch string(k) {
		case "name", "property", "itemprop":
			if name == "" || isAIGC(string(v)) {
				key, name = string(k), string(v)
			}
		case "content":
			content = string(v)
		case "charset":
			charset = true
		case "http-equiv":
			charset = charset || strings.EqualFold(string(v), "content-type")
		}
	}
	if !isAIGC(name) {
		return nil, charset
	}
	f := readRaw(content, "html.meta")
	if name != "AIGC" || key != "name" {
		f.warn("name")
	}
	return &f, charset
}

// isUTF16 tells a page by the byte order mark that decides its encoding (WHATWG Encoding, 6).
func isUTF16(b []byte) bool {
	return bytes.HasPrefix(b, []byte("\xff\xfe")) || bytes.HasPrefix(b, []byte("\xfe\xff"))
}

// inUTF8 is a page in UTF-16 in UTF-8, as it is read.
func inUTF8(b []byte) io.Reader {
	return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder().Reader(bytes.NewReader(b))
}

// utf8Of is the beginning of a page in UTF-8, whatever was left of its last character.
func utf8Of(head []byte) []byte {
	if !isUTF16(head) {
		return head
	}
	out, _ := io.ReadAll(inUTF8(head)) // memory has no error
	return out
}

// errUTF16 is a page that is read and not written: all of it would be another encoding's.
func errUTF16() error { return loam.Fail(loam.Invalid, "file.read_only", string(HTML)+", UTF-16") }

// maxWidePiece bounds one token of a page in UTF-16: in UTF-8 it may be longer than the page.
const maxWidePiece = 1 << 20

func htmlMarks(b []byte) ([]Found, error) {
	var p htmlPage
	var err error
	if isUTF16(b) {
		p, err = htmlTokens(inUTF8(b), 0, maxWidePiece)
	} else {
		p, err = htmlWalk(b)
	}
	var out []Found
	for _, l := range p.labels {
		out = append(out, l.found)
	}
	return out, err
}

// htmlPut writes <meta name="AIGC" content='…'>: the value is the label's JSON as it is, but
// for the characters that HTML would take for its own. It stands in the head behind the
// charset, which must not move out of the first 1024 bytes; a document without a head element
// has one all the same, and begins it with this.
func htmlPut(src Source, _ loam.Mark, raw string) (*Edit, error) {
	b, err := whole(src)
	if err != nil {
		return nil, err
	}
	if isUTF16(b) {
		return nil, errUTF16()
	}
	b, p, err := htmlStrip(b)
	if err != nil {
		return nil, err
	}
	value := strings.NewReplacer("&", "&amp;", "'", "&#39;", "<", "&lt;", ">", "&gt;").Replace(raw)
	e := new(Edit)
	e.add(b[:p.at])
	e.add([]byte(`<meta name="AIGC" content='` + value + `'>`))
	e.add(b[p.at:])
	return e, nil
}

// Unlabelled is a page without its labels, everything else byte for byte.
func Unlabelled(page []byte) ([]byte, error) {
	less, _, err := htmlStrip(page)
	return less, err
}

// htmlStrip takes a document's labels out. What stood around one may make another when it
// comes together; a document made so that this goes on is refused.
func htmlStrip(b []byte) ([]byte, htmlPage, error) {
	for range 4 {
		p, err := htmlWalk(b)
		if err != nil || len(p.labels) == 0 {
			return b, p, err
		}
		var out []byte
		at := 0
		for _, l := range p.labels {
			out = append(out, b[at:l.from]...)
			at = l.to
		}
		b = append(out, b[at:]...)
	}
	return nil, htmlPage{}, damaged("html: labels within labels")
}
