package main

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"mime/multipart"
	"strconv"
	"strings"
	"testing"

	"loam"
	"loam/internal/media"
	"loam/internal/web"
)

// TestLine walks the whole line by the API: an idea, edits, choices, confirmation, readers.
func TestLine(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	ann := h.person("ann")
	s := ann.begin("周末去杭州西湖边的咖啡馆，人均35，靠窗，拿铁好喝，停车难")
	if s.Title == "" || s.Counters.Title.Count > s.Counters.Title.Max || len(s.Proposals.Titles) < 3 {
		t.Fatalf("draft: title %q, %d proposals", s.Title, len(s.Proposals.Titles))
	}
	title := "湖边咖啡馆｜停车难但值得"
	ann.must("PUT", "/api/works/"+s.ID+"/draft", map[string]any{"revision": s.Revision, "title": title}, &s)
	v := ann.submit(s, nil)
	if v.Content.Title != title || v.AI != loam.NotAI || v.Content.Declaration.Locked {
		t.Errorf("frozen: %q, ai %s, locked %v", v.Content.Title, v.AI, v.Content.Declaration.Locked)
	}
	if again := ann.submit(s, nil); again.ID != v.ID {
		t.Errorf("a second submit of the same draft made version %s beside %s", again.ID, v.ID)
	}
	v = ann.until(v.ID, "settled", settled)
	ann.must("POST", "/api/versions/"+v.ID+"/confirm", map[string]string{"release_hash": v.ReleaseHash}, &v)
	ann.until(v.ID, "released", released)
	reader := h.visitor()
	reader.must("GET", "/p/"+s.ID, nil, nil).has(t, title, "report")
	reader.must("GET", "/", nil, nil).has(t, title)
	cover := reader.must("GET", "/p/"+s.ID+"/1", nil, nil)
	if img, err := png.Decode(bytes.NewReader(cover.body)); err != nil || img.Bounds().Dx() != 1080 {
		t.Errorf("cover: %v", err)
	}
	var uses []loam.Permission
	ann.must("PUT", "/api/works/"+s.ID+"/uses/recommend", map[string]bool{"allowed": false}, &uses)
	if a := reader.must("GET", "/", nil, nil); strings.Contains(string(a.body), title) {
		t.Error("the feed shows a note whose creator does not allow recommending")
	}
	ann.must("POST", "/api/versions/"+v.ID+"/withdraw", nil, nil)
	if a := reader.do("GET", "/p/"+s.ID, nil); a.status != 410 {
		t.Errorf("withdrawn note: got %d, want 410", a.status)
	}
}

// TestDeclaredIsLabelled: what a creator declares is written into every file, read back
// here by the lenient reader.
func TestDeclaredIsLabelled(t *testing.T) {
	t.Parallel()
	h := newHouse(t, withProducer)
	ann := h.person("ann")
	s := ann.begin("在家做空气炸锅红薯干，180度烤15分钟，翻面再烤10分钟，不用放油")
	photo := ann.upload(s.ID, noisyJPEG(t, 800, 600))
	pages := append(s.Draft.Pages, loam.Page{Kind: loam.PagePhoto, Asset: photo.ID})
	ann.must("PUT", "/api/works/"+s.ID+"/draft", map[string]any{"revision": s.Revision, "pages": pages, "pictures": []loam.Picture{{Asset: photo.ID, Alt: "烤好的红薯干"}}}, &s)
	v := ann.submit(s, func(c *loam.Choice) { c.AI = true })
	v = ann.until(v.ID, "settled", settled)
	if v.AI != loam.MayAI || v.LabelText == "" {
		t.Errorf("declared: %s, %q", v.AI, v.LabelText)
	}
	ann.must("POST", "/api/versions/"+v.ID+"/confirm", map[string]string{"release_hash": v.ReleaseHash}, nil)
	ann.until(v.ID, "released", released)
	for i, p := range v.Pictures {
		got := h.visitor().must("GET", "/p/"+s.ID+"/"+strconv.Itoa(i+1), nil, nil)
		marks, err := media.Read(got.body)
		if err != nil || len(marks) != 1 || !marks[0].Strict() || marks[0].State != loam.MayAI {
			t.Errorf("picture %d (%s): marks %+v, %v", i+1, p.URL, marks, err)
		}
	}
	text := h.visitor().must("GET", "/p/"+s.ID+"/text", nil, nil)
	if marks, err := media.Read(text.body); err != nil || len(marks) != 1 || marks[0].State != loam.MayAI {
		t.Errorf("text: marks %+v, %v", marks, err)
	}
}

// TestNoProducer: without a producer nothing that needs a label can be submitted, and
// everything else works.
func TestNoProducer(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	ann := h.person("ann")
	s := ann.begin("今天下班走回家，路上买了糖炒栗子，很甜")
	c := loam.Choice{Revision: s.Revision, AI: true, Uses: map[loam.Use]bool{}, Audience: loam.Public}
	ann.refused(409, "label.producer_missing", "POST", "/api/works/"+s.ID+"/submit", c)
	ann.publish("今天下班走回家，路上买了糖炒栗子，很香", nil)
}

// TestReviewAndAppeal: a reader's report, a removal with its reason, an appeal that
// somebody else decides.
func TestReviewAndAppeal(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	ann := h.person("ann")
	rita, rosa := h.person("rita", loam.Reviewer), h.person("rosa", loam.Reviewer)
	v := ann.publish("入手了一个二手书架，99元，用了三个月，很稳，就是有点重", nil)
	h.visitor().must("POST", "/api/works/"+v.Work+"/reports", map[string]string{"risk": "fraud", "text": "价格不对"}, nil)
	c := rita.take(0)
	if c.Kind != loam.CaseReport || len(c.Told) != 1 || c.Content.Title != v.Content.Title {
		t.Fatalf("case: %+v", c.Case)
	}
	rosa.refused(409, "case.leased", "POST", "/api/review/cases/"+c.ID+"/lease", nil)
	rita.refused(422, "reason.needed", "POST", "/api/review/cases/"+c.ID+"/decision", ruling(c, loam.RuleRemove, "ok"))
	var d web.DecisionView
	rita.must("POST", "/api/review/cases/"+c.ID+"/decision", ruling(c, loam.RuleRemove, "fraud"), &d)
	if !strings.Contains(d.Statement, "欺诈") {
		t.Errorf("statement: %q", d.Statement)
	}
	rita.must("POST", "/api/review/decisions/"+d.ID+"/undo", nil, &c)
	rita.must("POST", "/api/review/cases/"+c.ID+"/decision", ruling(c, loam.RuleRemove, "fraud"), &d)
	gone := ann.until(v.ID, "removed", func(v web.VersionView) bool { return v.State == loam.Removed })
	if gone.Statement == nil || gone.Statement.By != "person" || !strings.Contains(gone.Reason, "欺诈") {
		t.Errorf("statement of reasons: %+v %q", gone.Statement, gone.Reason)
	}
	if a := h.visitor().do("GET", "/p/"+v.Work, nil); a.status != 410 {
		t.Errorf("removed note: got %d, want 410", a.status)
	}
	rita.refused(409, "decision.in_effect", "POST", "/api/review/decisions/"+d.ID+"/undo", nil)
	ann.must("POST", "/api/versions/"+v.ID+"/appeal", map[string]string{"text": "有发票，可以提供"}, nil)
	ann.refused(409, "appeal.twice", "POST", "/api/versions/"+v.ID+"/appeal", map[string]string{"text": "再说一次"})
	var mine []loam.Case
	rita.must("GET", "/api/review/queue", nil, &mine)
	if len(mine) != 0 {
		t.Errorf("the reviewer of the removal is offered the appeal: %+v", mine)
	}
	c = rosa.take(0)
	if c.Kind != loam.CaseAppeal || c.Appeals == nil {
		t.Fatalf("case: %+v", c.Case)
	}
	rosa.must("POST", "/api/review/cases/"+c.ID+"/decision", ruling(c, loam.RuleAllow, "ok"), nil)
	ann.until(v.ID, "restored", released)
	h.visitor().must("GET", "/p/"+v.Work, nil, nil)
}

// take leases the n-th case of the queue.
func (c *client) take(n int) web.CaseView {
	c.h.t.Helper()
	var list []loam.Case
	c.must("GET", "/api/review/queue", nil, &list)
	if n >= len(list) {
		c.h.t.Fatalf("queue has %d cases", len(list))
	}
	var v web.CaseView
	c.must("POST", "/api/review/cases/"+list[n].ID+"/lease", nil, &v)
	return v
}

func ruling(c web.CaseView, r loam.Ruling, reason string) map[string]any {
	return map[string]any{"token": c.Token, "ruling": r, "reason": reason}
}

// upload sends a picture into a work.
func (c *client) upload(work string, data []byte) loam.Asset {
	c.h.t.Helper()
	body, kind := form(c.h.t, data)
	var a loam.Asset
	c.must("POST", "/api/works/"+work+"/pictures", body, &a, "Content-Type", kind)
	return a
}

func form(t testing.TB, data []byte) (*bytes.Buffer, string) {
	t.Helper()
	return formOf(t, "picture", "photo.jpg", data)
}

// formOf is a form of one file, as a browser sends it.
func formOf(t testing.TB, field, name string, data []byte) (*bytes.Buffer, string) {
	t.Helper()
	var out bytes.Buffer
	w := multipart.NewWriter(&out)
	part, err := w.CreateFormFile(field, name)
	if err == nil {
		_, err = part.Write(data)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return &out, w.FormDataContentType()
}

// noisyJPEG is a picture of its own kind each size: bands of colour.
func noisyJPEG(t testing.TB, w, h int) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			img.SetRGBA(x, y, color.RGBA{uint8(x * 7), uint8(y * 5), uint8(x ^ y), 255})
		}
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, nil); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestTakedown: an operator takes a note down from its page; nobody else is offered it, and
// a stranger's form cannot do it for her.
func TestTakedown(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	ann, olga := h.person("ann"), h.person("olga", loam.Operator)
	v := ann.publish("入手了一个二手书架，99元，用了三个月，很稳，就是有点重", nil)
	page, path := "/p/"+v.Work, "/p/"+v.Work+"/takedown"
	if a := ann.must("GET", page, nil, nil); strings.Contains(string(a.body), "takedown") {
		t.Error("a creator is offered the takedown")
	}
	olga.must("GET", page, nil, nil).has(t, `action="`+path+`"`)
	body := func() *strings.Reader { return strings.NewReader("risk=ip&note=权利人通知") }
	const form = "application/x-www-form-urlencoded"
	ann.refused(403, "role.needed", "POST", path, body(), "Content-Type", form)
	olga.refused(403, "request.cross_origin", "POST", path, body(), "Content-Type", form, "Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example")
	if a := olga.do("POST", path, body(), "Content-Type", form); a.status != 410 {
		t.Errorf("after the takedown: got %d, want the page to be gone", a.status)
	}
	gone := ann.until(v.ID, "removed", func(v web.VersionView) bool { return v.State == loam.Removed })
	if gone.Statement == nil || gone.Statement.Reason != "ip" {
		t.Errorf("statement: %+v", gone.Statement)
	}
}
