package web

import (
	"net/url"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"loam"
)

// FuzzNotice: whatever is sent, what is taken in is text within its bounds, on one line where it is
// one line, and its links lead to web pages.
func FuzzNotice(f *testing.F) {
	f.Add("周宁", "zhou@example.com", "第二张图是我拍的，原片在我这里。", "https://example.com/a")
	f.Add("a\x00b", "\xff\xfe12345", strings.Repeat("长", 5001), "javascript:alert(1)")
	f.Add("a\nb", "1\u20282345", "<b>"+strings.Repeat(" ", 10), "https://\x7f")
	f.Fuzz(func(t *testing.T, name, contact, text, link string) {
		n, err := noticeOf(NoticeForm{Right: loam.RightVoice, Standing: loam.AsAgent, Truthful: true, Name: name, Contact: contact, Text: text, Links: []string{link, " "}})
		if err != nil {
			if k := loam.KindOf(err); k != loam.Invalid {
				t.Fatalf("refused as %s", k)
			}
			return
		}
		for _, s := range []string{n.Name, n.Contact} {
			if !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl) || utf8.RuneCountInString(s) > loam.NoticeLine || s == "" {
				t.Fatalf("one line is %q", s)
			}
		}
		if !utf8.ValidString(n.Text) || strings.ContainsRune(n.Text, 0) || utf8.RuneCountInString(n.Text) > loam.NoticeText {
			t.Fatalf("the text is %q", n.Text)
		}
		for _, l := range n.Links {
			if u, err := url.Parse(l); err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || strings.TrimSpace(l) != l {
				t.Fatalf("a link is %q", l)
			}
		}
	})
}
