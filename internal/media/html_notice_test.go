package media

import (
	"bytes"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"loam"
)

// firstOfBody is the first thing in a document's body, as a browser builds the tree.
func firstOfBody(t testing.TB, b []byte) *html.Node {
	t.Helper()
	doc, err := html.Parse(bytes.NewReader(bytes.TrimPrefix(b, []byte("\ufeff"))))
	if err != nil {
		t.Fatal(err)
	}
	for n := range doc.Descendants() {
		if n.Type == html.ElementNode && n.Data == "body" {
			first := n.FirstChild
			for first != nil && first.Type == html.TextNode && strings.TrimSpace(first.Data) == "" {
				first = first.NextSibling
			}
			return first
		}
	}
	return nil
}

func TestNotice(t *testing.T) {
	t.Parallel()
	const words = `AI<生成>&"`
	for name, page := range map[string]string{
		"whole":              "<!doctype html><html><head><title>一</title></head><body class=a>\n<h1>湖边</h1></body></html>",
		"body in the title":  "<!doctype html><title><body>x</title><p>一",
		"body in a script":   "<!doctype html><script>'<body>'</script><p>一",
		"body in a comment":  "<!doctype html><!-- <body> --><p>一",
		"body in a style":    "<html><head><style>/*<body>*/</style><body>一",
		"no body tag":        "<!doctype html><meta charset=utf-8><title>一</title><p>b",
		"text":               "\ufeff<!doctype html>\n 一",
		"nothing":            "<!doctype html><title>一</title>",
		"upper case":         "<!DOCTYPE HTML><HTML><BODY ID=x>一",
		"void with a slash":  "<!doctype html><meta charset=utf-8 /><link rel=a href=b /><img src=c>",
		"template":           "<!doctype html><template><p>t</p></template><p>一",
		"another's notice":   `<!doctype html><p role="note" class="loam-ai-label">别人</p>`,
		"notice in comments": `<!doctype html><!--` + noticeStart + `AI&lt;生成&gt;&amp;&#34;</p>--><p>一`,
	} {
		out, err := Notice([]byte(page), words)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		n := firstOfBody(t, out)
		if n == nil || n.Data != "p" || n.FirstChild == nil || n.FirstChild.Data != words {
			t.Errorf("%s: the body does not begin with the notice: %s", name, out)
		}
		if rest := strings.Replace(string(out), noticeStart+html.EscapeString(words)+"</p>", "", 1); name != "notice in comments" && rest != page {
			t.Errorf("%s: it was %q, is %q", name, page, rest)
		}
		if again, err := Notice(out, words); err != nil || !bytes.Equal(again, out) {
			t.Errorf("%s: written twice: %s, %v", name, again, err)
		}
	}
	if _, err := Notice([]byte("<html><frameset><frame src=a></frameset>"), words); loam.CodeOf(err) != "label.invisible" {
		t.Errorf("a frameset: got %v", err)
	}
}

// FuzzNotice: whatever the document, nothing of it is lost and writing twice is writing once.
func FuzzNotice(f *testing.F) {
	for _, seed := range []string{"<!doctype html><p>一", "<html><title><body>", "<html><head><style></head>", "<body", "<!doctype html><script><!--<script></script>"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		out, err := Notice(b, "内容由AI生成")
		if err != nil {
			return
		}
		again, err := Notice(out, "内容由AI生成")
		if err != nil || !bytes.Equal(again, out) {
			t.Fatalf("twice: %q, %v", again, err)
		}
		notice := []byte(noticeStart + "内容由AI生成</p>")
		if !bytes.Equal(bytes.Replace(out, notice, nil, 1), bytes.Replace(b, notice, nil, 1)) && !bytes.Equal(out, b) {
			t.Fatalf("%q became %q", b, out)
		}
	})
}
