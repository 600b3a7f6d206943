package main

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"hash/crc32"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"loam"
	"loam/internal/web"
)

// pngBomb is a PNG whose header promises w×h pixels and whose data inflate to nothing of
// the kind.
func pngBomb(w, h uint32) []byte {
	var out bytes.Buffer
	out.WriteString("\x89PNG\r\n\x1a\n")
	chunk := func(kind string, data []byte) {
		_ = binary.Write(&out, binary.BigEndian, uint32(len(data)))
		body := append([]byte(kind), data...)
		out.Write(body)
		_ = binary.Write(&out, binary.BigEndian, crc32.ChecksumIEEE(body))
	}
	head := binary.BigEndian.AppendUint32(nil, w)
	head = binary.BigEndian.AppendUint32(head, h)
	chunk("IHDR", append(head, 8, 6, 0, 0, 0))
	var z bytes.Buffer
	zw := zlib.NewWriter(&z)
	_, _ = zw.Write(make([]byte, 1<<20))
	_ = zw.Close()
	chunk("IDAT", z.Bytes())
	chunk("IEND", nil)
	return out.Bytes()
}

// TestHostilePictures: each is refused with a sentence, and nothing of it is kept.
func TestHostilePictures(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	ann := h.person("ann")
	s := ann.begin("今天的猫")
	whole := noisyJPEG(t, 300, 200)
	for _, c := range []struct {
		name   string
		data   []byte
		status int
		code   string
	}{
		{"truncated", whole[:len(whole)/2], 422, "picture.broken"},
		{"text that says jpeg", append([]byte{0xff, 0xd8, 0xff, 0xe0}, "hello"...), 422, "picture.broken"},
		{"html", []byte("<!doctype html><script>alert(1)</script>"), 422, "picture.type"},
		{"svg", []byte("<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>"), 422, "picture.type"},
		{"pixel bomb", pngBomb(60_000, 60_000), 413, "picture.too_large"},
		{"lying header", pngBomb(4000, 4000), 422, "picture.broken"},
		{"empty", nil, 422, "picture.type"},
	} {
		body, kind := form(t, c.data)
		a := ann.do("POST", "/api/works/"+s.ID+"/pictures", body, "Content-Type", kind)
		if a.status != c.status || a.code() != c.code {
			t.Errorf("%s: got %d %s, want %d %s", c.name, a.status, a.code(), c.status, c.code)
		}
	}
	ann.refused(422, "picture.form", "POST", "/api/works/"+s.ID+"/pictures", map[string]string{})
}

// endless is a body of n zero bytes that costs no memory.
type endless struct{ n int64 }

func (e *endless) Read(p []byte) (int, error) {
	if e.n <= 0 {
		return 0, io.EOF
	}
	k := min(int64(len(p)), e.n)
	e.n -= k
	return int(k), nil
}

// TestHugeUpload: 100 MB end at the limit.
func TestHugeUpload(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	ann := h.person("ann")
	s := ann.begin("今天的猫")
	const border = "loamborder"
	body := io.MultiReader(
		strings.NewReader("--"+border+"\r\nContent-Disposition: form-data; name=\"picture\"; filename=\"a.jpg\"\r\n\r\n"),
		&endless{100 << 20}, strings.NewReader("\r\n--"+border+"--\r\n"))
	req, err := http.NewRequestWithContext(t.Context(), "POST", h.url+"/api/works/"+s.ID+"/pictures", body)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "multipart/form-data; boundary="+border)
	res, err := ann.http.Do(req)
	if err != nil {
		return // the server closed the connection while we were still sending, as it may
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("100 MB: got %d, want 413", res.StatusCode)
	}
}

// TestHostileText: huge, invalid, invisible and turned-round text.
func TestHostileText(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	ann := h.person("ann")
	s := ann.begin("今天的猫在窗边睡觉")
	draft := "/api/works/" + s.ID + "/draft"
	huge := ann.do("PUT", draft, map[string]any{"revision": s.Revision, "title": strings.Repeat("长", 5<<20/3)})
	if huge.status != 413 && huge.status != 422 {
		t.Errorf("5 MB title: got %d %.200s", huge.status, huge.body)
	}
	for name, idea := range map[string]string{
		"bidi": "正常\u202e文字\u202c的样子", "nul": "前\x00后", "controls": "a\x1b[31mb",
		"long": strings.Repeat("没有标点的长句子", 600), "digits": "1",
	} {
		w := ann.begin(idea)
		if w.Counters.Title.Count > w.Counters.Title.Max || w.Counters.Body.Count > w.Counters.Body.Max || w.Title == "" {
			t.Errorf("%s: counters %+v, title %q", name, w.Counters, w.Title)
		}
	}
	for _, empty := range []string{"", "  ", "!!??", "。。。", "\u200b\u200b", strings.Repeat("👨‍👩‍👧‍👦", 200)} {
		ann.refused(422, "idea.empty", "POST", "/api/works", map[string]any{"idea": empty}, "Idempotency-Key", loam.NewSecret())
	}
	raw := ann.do("POST", "/api/works", strings.NewReader("{\"idea\":\"\xff\xfe你好\"}"), "Content-Type", "application/json", "Idempotency-Key", loam.NewSecret())
	if raw.status >= 500 {
		t.Errorf("invalid UTF-8: got %d %s", raw.status, raw.body)
	}
	long := s
	ann.must("PUT", draft, map[string]any{"revision": s.Revision, "title": strings.Repeat("长", 30)}, &long)
	ann.refused(422, "draft.limits", "POST", "/api/works/"+s.ID+"/submit", loam.Choice{Revision: long.Revision, Uses: map[loam.Use]bool{}, Audience: loam.Public})
	ann.must("POST", "/api/works/"+s.ID+"/mend", map[string]any{"revision": long.Revision}, &long)
	if long.Counters.Title.Count > long.Counters.Title.Max {
		t.Errorf("mended title: %+v %q", long.Counters.Title, long.Title)
	}
	ann.submit(long, nil)
}

// TestOthersIds: what is another's does not exist.
func TestOthersIds(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	ann, eve := h.person("ann"), h.person("eve")
	s := ann.begin("只给自己看的草稿")
	photo := ann.upload(s.ID, noisyJPEG(t, 320, 240))
	v := ann.submit(s, nil)
	mine := eve.begin("我的草稿")
	eve.refused(404, "work.not_found", "GET", "/api/works/"+s.ID, nil)
	eve.refused(404, "work.not_found", "DELETE", "/api/works/"+s.ID, nil)
	eve.refused(404, "work.not_found", "PUT", "/api/works/"+s.ID+"/draft", map[string]any{"revision": 1, "title": "x"})
	eve.refused(404, "work.not_found", "GET", "/api/works/"+s.ID+"/pages/0", nil)
	eve.refused(404, "asset.not_found", "GET", "/api/assets/"+photo.ID, nil)
	eve.refused(404, "version.not_found", "GET", "/api/versions/"+v.ID, nil)
	eve.refused(404, "version.not_found", "GET", "/api/versions/"+v.ID+"/pictures/1", nil)
	eve.refused(404, "version.not_found", "POST", "/api/versions/"+v.ID+"/withdraw", nil)
	eve.refused(404, "work.not_found", "PUT", "/api/works/"+s.ID+"/uses/style", map[string]bool{"allowed": true})
	eve.refused(404, "asset.not_found", "PUT", "/api/works/"+mine.ID+"/draft",
		map[string]any{"revision": mine.Revision, "pages": []loam.Page{{Kind: loam.PageCover, Title: "x"}, {Kind: loam.PagePhoto, Asset: photo.ID}}})
}

// TestSessions: a wrong password, an expired session, too many tries, another host.
func TestSessions(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	ann := h.person("ann")
	v := h.visitor()
	v.refused(401, "session.wrong", "POST", "/api/session", map[string]string{"handle": "ann", "password": "wrong password"})
	v.refused(401, "session.wrong", "POST", "/api/session", map[string]string{"handle": "nobody", "password": "wrong password"})
	last := 0
	for range 20 {
		last = v.do("POST", "/api/session", map[string]string{"handle": "ann", "password": "wrong password"}).status
	}
	if last != http.StatusTooManyRequests {
		t.Errorf("22 tries: got %d, want 429", last)
	}
	if _, err := h.db.Pool().ExecContext(t.Context(), `UPDATE sessions SET expires = 1`); err != nil {
		t.Fatal(err)
	}
	ann.refused(401, "session.needed", "GET", "/api/works", nil)
	req, err := http.NewRequestWithContext(t.Context(), "GET", h.url+"/", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Host = "evil.example"
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusMisdirectedRequest {
		t.Errorf("foreign host: got %d, want 421", res.StatusCode)
	}
	h.visitor().refused(404, "demo.off", "POST", "/api/demo-session", map[string]string{"handle": "demo"})
}

// TestTwoTabs: an edit made on an older revision is refused and nothing is lost.
func TestTwoTabs(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	ann := h.person("ann")
	s := ann.begin("两个标签页里的同一篇")
	var first web.Sheet
	ann.must("PUT", "/api/works/"+s.ID+"/draft", map[string]any{"revision": s.Revision, "title": "先到的标题"}, &first)
	ann.refused(409, "draft.changed", "PUT", "/api/works/"+s.ID+"/draft", map[string]any{"revision": s.Revision, "title": "后到的标题"})
	ann.refused(409, "draft.changed", "POST", "/api/works/"+s.ID+"/submit", loam.Choice{Revision: s.Revision, Uses: map[loam.Use]bool{}, Audience: loam.Public})
	key := loam.NewSecret()
	var one, two web.Sheet
	ann.must("POST", "/api/works", map[string]any{"idea": "双击"}, &one, "Idempotency-Key", key)
	ann.must("POST", "/api/works", map[string]any{"idea": "双击"}, &two, "Idempotency-Key", key)
	if one.ID != two.ID {
		t.Error("a double click began two works")
	}
}

// TestSecureHeaders: every kind of answer has them, and no page has inline script.
func TestSecureHeaders(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	ann := h.person("ann")
	v := ann.publish("今天煮了番茄面，放了两个番茄", nil)
	for _, path := range []string{"/", "/p/" + v.Work, "/p/" + v.Work + "/1", "/app/", "/api/site", "/nowhere", "/api/nowhere"} {
		a := h.visitor().do("GET", path, nil)
		if a.header.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(a.header.Get("Content-Security-Policy"), "default-src 'none'") {
			t.Errorf("%s: headers %v", path, a.header)
		}
		if strings.Contains(string(a.body), "<script>") || strings.Contains(string(a.body), " onload=") {
			t.Errorf("%s has inline script", path)
		}
		if csp := a.header.Get("Content-Security-Policy"); strings.Contains(csp, "script-src") && strings.Contains(csp, "script-src 'self' 'unsafe") {
			t.Errorf("%s: %s", path, csp)
		}
	}
}

// TestPhrasesInForce: a list from the command line is in force within a second.
func TestPhrasesInForce(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	ann := h.person("ann")
	var before, after loam.Verdict
	ann.must("POST", "/api/screen", map[string]string{"text": "这里有沃柚测试二号词"}, &before)
	if _, err := addPhrases(t.Context(), h.db, "test", []loam.Phrase{{Text: "沃柚测试二号词", Risk: loam.Fraud, Tier: loam.TierBlock, Source: "test"}}); err != nil {
		t.Fatal(err)
	}
	begun := time.Now()
	for after.Action != loam.Block && time.Since(begun) < 10*time.Second {
		pause(t.Context(), 50*time.Millisecond)
		ann.must("POST", "/api/screen", map[string]string{"text": "这里有沃柚测试二号词"}, &after)
	}
	if before.Action != loam.Allow || after.Action != loam.Block {
		t.Errorf("before %s, after %s", before.Action, after.Action)
	}
	t.Log("in force after", time.Since(begun))
}

// TestMetricsByRoute: the figures name the route, never the path.
func TestMetricsByRoute(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	olga := h.person("olga", loam.Operator)
	olga.must("GET", "/api/site", nil, nil)
	olga.must("GET", "/metrics", nil, nil).has(t, `loam_request_seconds_count{route="GET /api/site",status="OK"}`)
}
