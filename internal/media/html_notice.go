package media

import (
	"bytes"
	"slices"
	"strings"

	"golang.org/x/net/html"

	"loam"
)

// noticeStart opens the notice of an HTML document. It is a paragraph of its own and not the
// page's style sheet's: without one it still reads, and it stays in view while one scrolls.
const noticeStart = `<p role="note" class="loam-ai-label" style="position:sticky;top:0;z-index:2147483647;margin:0;padding:.5em 1em;` +
	`background:#181614;color:#ffffff;font:bold 1rem/1.4 sans-serif;text-align:start">`

// headOnly are the elements that stand before a document's body; those with text have it
// read as text, not as elements.
var (
	headOnly = []string{"html", "head", "base", "basefont", "bgsound", "link", "meta", "noframes", "noscript", "script", "style", "template", "title"}
	headText = []string{"noframes", "noscript", "script", "style", "template", "title"}
)

// Notice puts words as a visible notice at the start of an HTML document's body, once: a
// document that begins with this notice is given back as it is. The words are text, whatever
// characters they have. A frameset has no body to hold it: Invalid, "label.invisible"; a
// document that ends before its body could begin is Invalid, "media.broken".
func Notice(b []byte, words string) ([]byte, error) {
	if isUTF16(b) {
		return nil, errUTF16()
	}
	at, err := htmlBody(b)
	if err != nil {
		return nil, err
	}
	notice := []byte(noticeStart + html.EscapeString(words) + "</p>")
	if bytes.HasPrefix(b[at:], notice) {
		return b, nil
	}
	out := slices.Concat(b[:at], notice, b[at:])
	if back, err := htmlBody(out); err != nil || back != at {
		return nil, damaged("html: it ends within a comment or a tag")
	}
	return out, nil
}

// htmlBody is where a document's body begins: behind its start tag, or where the first thing
// stands that opens one unsaid (HTML, 13.2.6.4.3 to 13.2.6.4.6).
func htmlBody(b []byte) (int, error) {
	z := html.NewTokenizer(bytes.NewReader(b))
	z.SetMaxBuf(MaxBytes)
	within := "" // the element of the head whose text this is
	for at := 0; ; {
		kind := z.Next()
		if kind == html.ErrorToken {
			if within != "" || at < len(b) {
				return 0, damaged("html: it ends within an element of its head")
			}
			return at, nil
		}
		from := at
		raw := z.Raw()
		at += len(raw)
		if kind == html.TextToken {
			text := bytes.TrimPrefix(raw, []byte("\ufeff"))
			if within == "" && len(bytes.TrimLeft(text, " \t\r\n\f")) > 0 {
				return at - len(bytes.TrimLeft(text, " \t\r\n\f")), nil
			}
			continue
		}
		name, _ := z.TagName()
		tag := string(name)
		switch {
		case kind == html.EndTagToken && tag == within:
			within = ""
		case kind != html.StartTagToken && kind != html.SelfClosingTagToken || within != "":
		case tag == "body":
			return at, nil
		case tag == "frameset":
			return 0, loam.Fail(loam.Invalid, "label.invisible", string(HTML))
		case !slices.Contains(headOnly, tag):
			return from, nil
		case slices.Contains(headText, tag) && !strings.HasSuffix(string(raw), "/>"):
			within = tag
		}
	}
}
