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
			if !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl) || strings.ContainsFunc(s, turns) || utf8.RuneCountInString(s) > loam.NoticeLine || s == "" {
				t.Fatalf("one line is %q", s)
			}
		}
		if !utf8.ValidString(n.Text) || strings.ContainsRune(n.Text, 0) || utf8.RuneCountInString(n.Text) > loam.NoticeText {
			t.Fatalf("the text is %q", n.Text)
		}
		for _, l := range n.Links {
			if u, err := url.Parse(l); err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || strings.TrimSpace(l) != l || strings.ContainsFunc(l, func(r rune) bool { return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp) }) {
				t.Fatalf("a link is %q", l)
			}
		}
	})
}

func turns(r rune) bool { return unicode.Is(unicode.Bidi_Control, r) }

// TestNoticeDirection: what makes words look like others is refused in a name, a contact and a
// link, and said back without it.
func TestNoticeDirection(t *testing.T) {
	t.Parallel()
	good := NoticeForm{Right: loam.RightVoice, Standing: loam.AsAgent, Truthful: true, Name: "周宁", Contact: "zhou@example.com", Text: "第二张图是我拍的，原片在我这里。", Links: []string{"https://example.com/a"}}
	if _, err := noticeOf(good); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		change func(f *NoticeForm, with string)
		code   string
	}{
		{func(f *NoticeForm, with string) { f.Name += with + "x" }, "notice.direction"},
		{func(f *NoticeForm, with string) { f.Contact += with + "x" }, "notice.direction"},
		{func(f *NoticeForm, with string) { f.Links = []string{"https://example.com/" + with + "gnp.exe"} }, "notice.link"},
	} {
		for _, with := range []string{"\u202e", "\u2066", "\u200f", "\u061c"} {
			f := good
			c.change(&f, with)
			_, err := noticeOf(f)
			if loam.CodeOf(err) != c.code || strings.Contains(problem("zh", err).Detail, with) {
				t.Errorf("with %+q: %v", with, err)
			}
		}
	}
	for _, with := range []string{"\u200b", "\u2028", "\u0085", "\ufeff"} {
		f := good
		f.Links = []string{"https://example.com/a" + with + "b"}
		if _, err := noticeOf(f); loam.CodeOf(err) != "notice.link" {
			t.Errorf("a link with %+q: %v", with, err)
		}
	}
}

// TestCounteredTwice: who counters again is told a sentence.
func TestCounteredTwice(t *testing.T) {
	t.Parallel()
	for lang, end := range map[string]string{"zh": "。", "en": "."} {
		if says := problem(lang, loam.Fail(loam.Conflict, "claim.countered")).Detail; !strings.HasSuffix(says, end) {
			t.Errorf("%s: %q", lang, says)
		}
	}
}
