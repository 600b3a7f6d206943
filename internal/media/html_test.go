package media

import (
	"bytes"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"loam"
)

func pages() map[string]string {
	meta := `<meta name="AIGC" content='` + strictJSON + `'>`
	return map[string]string{
		"plain":         "<!DOCTYPE html>\n<html lang=zh>\n<head>\n<meta charset=utf-8>\n<title>一</title></head><body>b</body></html>",
		"no head":       "<!doctype html><title>a</title><p>b",
		"only a body":   "<html><body>b</body></html>",
		"upper case":    "\ufeff <HTML><HEAD><META CHARSET='utf-8'></HEAD></HTML>",
		"comment first": "<!-- a --><!DOCTYPE html><html></html>",
		"XHTML":         `<?xml version="1.0"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml"><head/></html>`,
		"labelled":      "<!doctype html><head>" + meta + "<title>a</title></head>",
		"entities":      `<!doctype html><head><META NAME=AIGC CONTENT="` + escaped(strictJSON) + `" /></head>`,
		"in the body":   "<!doctype html><head><title>a</title></head><body><p>b</p>" + meta + "c",
		"property":      `<!doctype html><head><meta property="og:aigc" content='` + strictJSON + `'></head>`,
		"two":           "<!doctype html>" + meta + "<meta charset=utf-8><p>" + meta,
		"not a label":   "<!doctype html><head><!-- " + meta + " --><script>'" + meta + "'</script><title>" + meta + "</title></head>",
		"charset late":  "<!doctype html><head>" + meta + "<meta http-equiv=Content-Type content='text/html; charset=gbk'></head>",
	}
}

func TestHTML(t *testing.T) {
	t.Parallel()
	want := map[string][]string{
		"labelled": {"html.meta"}, "entities": {"html.meta"}, "in the body": {"html.meta"}, "charset late": {"html.meta"},
		"property": {"html.meta name"}, "two": {"html.meta duplicate", "html.meta duplicate"},
	}
	for name, in := range pages() {
		if typ, err := Identify(strings.NewReader(in)); typ != HTML || err != nil {
			t.Errorf("%s: %s, %v", name, typ, err)
			continue
		}
		reads(t, name, []byte(in), want[name]...)
		out := string(onlyLabel(t, name, []byte(in)))
		meta := `<meta name="AIGC" content='` + strictJSON + `'>`
		at := strings.Index(out, meta)
		if name == "not a label" {
			continue
		}
		if at < 0 || strings.Count(out, meta) != 1 {
			t.Errorf("%s: no label in\n%s", name, out)
			continue
		}
		rest := in
		for _, old := range []string{meta, `<META NAME=AIGC CONTENT="` + escaped(strictJSON) + `" />`, `<meta property="og:aigc" content='` + strictJSON + `'>`} {
			rest = strings.ReplaceAll(rest, old, "")
		}
		if got := out[:at] + out[at+len(meta):]; got != rest {
			t.Errorf("%s: the rest changed:\n%s\nwas\n%s", name, got, rest)
		}
		inHead(t, name, out)
	}
}

// inHead: a parser of the standard's puts the label into the head, and one before no charset.
func inHead(t *testing.T, name, page string) {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(strings.TrimPrefix(page, "\ufeff")))
	if err != nil {
		t.Fatal(err)
	}
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode || n.Data != "meta" {
			continue
		}
		for _, a := range n.Attr {
			if a.Val == "AIGC" && n.Parent.Data != "head" {
				t.Errorf("%s: the label is in %s", name, n.Parent.Data)
			}
		}
	}
	if i := strings.Index(strings.ToLower(page), "charset"); i > strings.Index(page, `name="AIGC"`) {
		t.Errorf("%s: the charset stands behind the label", name)
	}
}

func TestHTMLIsToldFromMarkdown(t *testing.T) {
	t.Parallel()
	for _, in := range []string{
		"# a\n<html>", "<div align=center>a</div>\n\n# b", "<!-- a comment -->\n# b", "<!-- not closed", "<htmlish>", "<p>a", "<table><tr>", "a < b", "<!doctype xml>", "<headline>",
	} {
		if typ, err := Identify(strings.NewReader(in)); typ != Markdown {
			t.Errorf("%q: %s, %v", in, typ, err)
		}
	}
}

// TestWordsLikeHTML: what a person wrote is labelled as the text it is.
func TestWordsLikeHTML(t *testing.T) {
	t.Parallel()
	const words = "<html> is how a page begins"
	out, err := Write([]byte(words), strictMark(), As(Markdown))
	if err != nil || !strings.HasSuffix(string(out), "---\n"+words) {
		t.Fatalf("got %q, %v", out, err)
	}
	reads(t, "words", out, "text.front_matter")
	if _, err := Write([]byte(words), strictMark(), As("text/x-other")); loam.CodeOf(err) != "file.type" {
		t.Errorf("another type: %v", err)
	}
}

// TestHTMLKeepsOddValues: characters that are HTML's own come back as they were.
func TestHTMLKeepsOddValues(t *testing.T) {
	t.Parallel()
	m := strictMark()
	m.ReservedCode1 = `<&'>"&amp;&#39;<!--`
	planned(t, "odd", []byte("<!doctype html><p>a"), m)
}

func FuzzHTML(f *testing.F) {
	for _, s := range pages() {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		neverPanics(t, append([]byte("<!doctype html>"), bytes.TrimLeft(b, "\ufeff")...))
	})
}
