package main

import (
	"bufio"
	"bytes"
	"crypto/ed25519"
	"fmt"
	"html"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"loam"
	"loam/internal/c2pa"
	"loam/internal/label"
)

// TestVerify: whoever holds a file learns what marks it has, as a page and as data, without
// an account; nothing of the file stays, and no mark is worded honestly.
func TestVerify(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	plain := noisyJPEG(t, 320, 240)
	marked, mark, err := label.File(plain, label.Options{State: loam.IsAI, Producer: "demo", ContentID: "n1"})
	if err != nil {
		t.Fatal(err)
	}
	visitor := h.visitor()
	before := blobsOf(t, h)

	var r label.Report
	visitor.must("POST", "/api/inspect", bytes.NewReader(marked), &r, "Content-Type", "image/jpeg")
	if r.State != loam.IsAI || len(r.Marks) != 1 || r.Marks[0].Producer != mark.ContentProducer || r.Marks[0].ContentID != "n1" || len(r.Marks[0].Defects) != 0 {
		t.Errorf("as the body: %+v", r)
	}
	body, kind := fileForm(t, "<b>湖.jpg", marked)
	visitor.must("POST", "/api/inspect", body, &r, "Content-Type", kind)
	if r.State != loam.IsAI {
		t.Errorf("as a form: %+v", r)
	}
	visitor.refused(422, "inspect.file", "POST", "/api/inspect", bytes.NewReader(nil), "Content-Type", "image/jpeg")
	visitor.refused(422, "file.type", "POST", "/api/inspect", strings.NewReader("\x00\x01\x02"), "Content-Type", "image/jpeg")

	for i, tt := range []struct {
		name, lang string
		file       []byte
		status     int
		want       []string
	}{
		{"<b>湖.jpg", "zh", marked, 200, []string{"这是 AI 生成合成的内容", "demo", "n1", "jpeg.xmp", "<b>湖.jpg", "写法合规", "没有签名"}},
		{"plain.jpg", "zh", plain, 200, []string{"没有找到标识", "这不等于内容不是 AI 生成的"}},
		{"plain.jpg", "en", plain, 200, []string{"No mark found", "does not mean that no AI was used"}},
		{"cut.jpg", "zh", marked[:8], 200, []string{"没有找到标识", "读到的部分里没有标识", "image/jpeg"}},
		{"cut.jpg", "en", plain[:len(plain)-100], 200, []string{"No mark found", "what is left carries no mark"}},
		{"cut.jpg", "zh", marked[:len(marked)-100], 200, []string{"这是 AI 生成合成的内容", "下面是断开之前找到的"}},
		{"two.mp4", "zh", append([]byte("\x00\x00\x00\x10ftypisom\x00\x00\x02\x00\x00\x00\x00\x08moov"), plain...), 200, []string{"没有找到标识", "影片后面还接着别的内容", "video/mp4"}},
		{"noise.jpg", "zh", []byte("\x00\x01\x02"), 422, []string{"查标识"}},
		{"note.md", "zh", []byte("---\nAIGC:\n  Label: 1\n---\n湖边\n"), 200, []string{"标识的写法不合规", "七个字段不齐", "GB 45438-2025"}},
	} {
		body, kind := fileForm(t, tt.name, tt.file)
		a := visitor.do("POST", "/verify?lang="+tt.lang, body, "Content-Type", kind, "X-Forwarded-For", fmt.Sprintf("10.76.0.%d", i))
		text := html.UnescapeString(string(a.body))
		if a.status != tt.status {
			t.Errorf("%s: got %d", tt.name, a.status)
		}
		for _, w := range tt.want {
			if !strings.Contains(text, w) {
				t.Errorf("%s: the page does not say %q:\n%s", tt.name, w, text)
			}
		}
		if strings.Contains(string(a.body), "<b>湖") {
			t.Error("a file's name is markup")
		}
		// The file is gone: what leads to the other language says so, in that language, and nothing else does.
		again := map[string]string{"zh": "To read this in English, switch the language and choose the file again; it was not kept.", "en": "用中文看结果"}[tt.lang]
		if n := strings.Count(text, `hreflang="`); n != 1 || !strings.Contains(text, again) {
			t.Errorf("%s: %d links to the other language, and %q is not said", tt.name, n, again)
		}
	}
	if a := visitor.do("GET", "/verify?lang=zh", nil); strings.Count(string(a.body), `hreflang="en"`) != 1 || strings.Contains(string(a.body), "choose the file again") {
		t.Errorf("before a check:\n%s", a.body)
	}
	if after := blobsOf(t, h); after != before {
		t.Errorf("%d blobs before, %d after", before, after)
	}
	for range 20 {
		if a := visitor.do("POST", "/api/inspect", bytes.NewReader(plain)); a.status == 429 {
			return
		}
	}
	t.Error("a visitor may ask without end")
}

// TestVerifyClaims: a seal is not said to cover the file, nor traces to be a label.
func TestVerifyClaims(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	visitor, plain := h.visitor(), noisyJPEG(t, 64, 64)
	_, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	sealed, _, err := label.File(plain, label.Options{State: loam.IsAI, Producer: "demo", ContentID: "n2", Seal: key})
	if err != nil {
		t.Fatal(err)
	}
	signer, err := h.manifests.signer()
	if err != nil {
		t.Fatal(err)
	}
	agent := c2pa.Agent{Name: "Loam"}
	broken, _, err := label.File(plain, label.Options{State: loam.IsAI, Producer: "demo", ContentID: "n3", Manifest: &label.Manifest{
		Signer: signer, Claim: c2pa.Claim{Generator: agent, Created: true, SourceType: c2pa.SourceGenerated, Agent: agent},
	}})
	if err != nil {
		t.Fatal(err)
	}
	broken[len(broken)-8] ^= 1
	const settings = "湖, Steps: 20, Sampler: Euler a"
	traced := slices.Concat(plain[:2], []byte{0xff, 0xfe, 0, byte(2 + len(settings))}, []byte(settings), plain[2:])
	for _, tt := range []struct {
		file []byte
		want []string
	}{
		{sealed, []string{"签名只管标识里的文字", "没有人担保"}},
		{broken, []string{"有一处签名无效", "文件在签名之后被改过", "assertion.dataHash.mismatch"}},
		{traced, []string{"文件里没有标识，但有生成工具留下的痕迹", "Stable Diffusion"}},
	} {
		body, kind := fileForm(t, "a.jpg", tt.file)
		a := visitor.do("POST", "/verify?lang=zh", body, "Content-Type", kind)
		for _, w := range tt.want {
			if !strings.Contains(string(a.body), w) {
				t.Errorf("the page does not say %q:\n%s", w, a.body)
			}
		}
	}
}

// TestVerifySlowly: files that do not come to their end keep nobody else's from being read;
// one address sends two at once, and one that breaks off is told so.
func TestVerifySlowly(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	u, err := url.Parse(h.url)
	if err != nil {
		t.Fatal(err)
	}
	begin := func(address string) net.Conn {
		conn, err := net.Dial("tcp", u.Host)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { conn.Close() })
		_ = conn.SetDeadline(time.Now().Add(20 * time.Second))
		fmt.Fprintf(conn, "POST /api/inspect HTTP/1.1\r\nHost: %s\r\nX-Forwarded-For: %s\r\nContent-Type: text/plain\r\nContent-Length: 9\r\n\r\n# a", u.Host, address)
		return conn
	}
	status := func(conn net.Conn) int {
		_ = conn.(*net.TCPConn).CloseWrite()
		res, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Fatal(err)
		}
		return res.StatusCode
	}
	var slow []net.Conn
	for i := range 6 {
		slow = append(slow, begin(fmt.Sprintf("10.77.0.%d", i/2)))
	}
	third := 0
	for end := time.Now().Add(10 * time.Second); third != http.StatusTooManyRequests && time.Now().Before(end); pause(t.Context(), 20*time.Millisecond) {
		third = status(begin("10.77.0.0")) // once the first two are being read
	}
	if third != http.StatusTooManyRequests {
		t.Errorf("a third from one address: got %d", third)
	}
	visitor := h.visitor()
	visitor.http.Timeout = 10 * time.Second
	visitor.must("POST", "/api/inspect", strings.NewReader("# a"), nil, "Content-Type", "text/plain")
	if got := status(slow[5]); got != http.StatusUnprocessableEntity {
		t.Errorf("broken off: got %d", got)
	}
}

func blobsOf(t *testing.T, h *house) int {
	t.Helper()
	n := 0
	if err := h.blobs.Each(func(string, string, time.Time) error { n++; return nil }); err != nil {
		t.Fatal(err)
	}
	return n
}

func fileForm(t *testing.T, name string, data []byte) (*bytes.Buffer, string) {
	t.Helper()
	return formOf(t, "file", name, data)
}
