package main

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"loam"
	"loam/internal/studio"
	"loam/internal/web"
)

// TestAskedForAgain: each part is asked for again alone and the others are kept; what stood
// there comes back.
func TestAskedForAgain(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	ann := h.person("ann")
	s := ann.begin("周末去杭州西湖边的咖啡馆，人均35，靠窗，拿铁好喝，停车难，总之值得再去")
	for _, part := range []string{"title", "body", "tags", "pages"} {
		was := s
		ann.must("POST", "/api/works/"+s.ID+"/arrange", map[string]any{"revision": s.Revision, "part": part}, &s)
		changed := map[string]bool{
			"title": was.Title != s.Title, "body": was.Body != s.Body,
			"tags": strings.Join(was.Draft.Tags, " ") != strings.Join(s.Draft.Tags, " "), "pages": len(was.Draft.Pages) != len(s.Draft.Pages),
		}
		for other, did := range changed {
			if did && other != part {
				t.Errorf("asking for the %s again changed the %s", part, other)
			}
		}
		if !changed[part] && part != "pages" && part != "tags" { // short notes have one way to be laid out
			t.Errorf("asked again, the %s is the same: %q %q", part, s.Title, s.Body)
		}
		if s.Share.Model != 0 || !s.Undo {
			t.Errorf("%s: share %+v, undo %v", part, s.Share, s.Undo)
		}
		after := s
		ann.must("POST", "/api/works/"+s.ID+"/undo", map[string]any{"revision": s.Revision}, &s)
		if s.Title != was.Title || s.Body != was.Body {
			t.Errorf("%s: undo brought %q, want %q", part, s.Title, was.Title)
		}
		ann.must("POST", "/api/works/"+s.ID+"/undo", map[string]any{"revision": s.Revision}, &s)
		if s.Title != after.Title || s.Body != after.Body {
			t.Errorf("%s: undone twice is %q, want %q", part, s.Title, after.Title)
		}
	}
	ann.refused(422, "request.invalid", "POST", "/api/works/"+s.ID+"/arrange", map[string]any{"revision": s.Revision, "part": "cover"})
}

// TestChatIsAskedAbout: her choices of a pasted chat are kept with the draft.
func TestChatIsAskedAbout(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	ann := h.person("ann")
	s := ann.begin("阿禾：周末去了湖边那家书店\n小满：我上次去要排队半小时\n阿禾：人均40，安静\n小满：停车难\n")
	if s.Proposals.Chat == nil || s.Proposals.Chat.Me != "阿禾" || strings.Contains(s.Body, "排队") || strings.Contains(s.Body, "小满") {
		t.Fatalf("chat %+v, body %s", s.Proposals.Chat, s.Body)
	}
	ann.must("POST", "/api/works/"+s.ID+"/arrange", map[string]any{
		"revision": s.Revision, "kind": s.Draft.Kind, "answers": []any{}, "attempt": 0, "choices": map[string]any{"me": "阿禾", "lines": []int{1}},
	}, &s)
	if !s.Proposals.Chat.Told || !strings.Contains(s.Body, "排队半小时") || strings.Contains(s.Body, "停车难") {
		t.Errorf("ticked: %s", s.Body)
	}
}

// TestRewriteIsChosenByHunk: an offline rewrite is shown as a difference, taken in part, and
// what it adds is the writer's, not hers and not a model's.
func TestRewriteIsChosenByHunk(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	ann := h.person("ann")
	s := ann.begin("今天下班走了很远的路，心情慢慢好了")
	ann.must("PUT", "/api/works/"+s.ID+"/draft", map[string]any{"revision": s.Revision, "body": "其实，靠窗很安静。说实话咖啡一般。不用排队，人均35。"}, &s)
	base := s.Share.Arranged // of the title
	ask := map[string]any{"field": "body", "op": "shorten"}
	var r studioRewriting
	ann.must("POST", "/api/works/"+s.ID+"/rewrites", ask, &r)
	if r.Hunks != 2 || r.Origin != loam.ByArranged {
		t.Fatalf("rewriting %+v", r)
	}
	ann.must("PUT", "/api/works/"+s.ID+"/rewrites", map[string]any{"revision": s.Revision, "rewrite": ask, "hunks": []int{2}}, &s)
	if s.Body != "其实，靠窗很安静。咖啡一般。不用排队，人均35。" || s.Share.Arranged != base {
		t.Errorf("part taken: %q, %+v", s.Body, s.Share)
	}
	list := map[string]any{"field": "body", "op": "list"}
	ann.must("PUT", "/api/works/"+s.ID+"/rewrites", map[string]any{"revision": s.Revision, "rewrite": list}, &s)
	if !strings.Contains(s.Body, "\n") || s.Share.Arranged <= base || s.TextAI != loam.NotAI {
		t.Errorf("list: %q, %+v, %s", s.Body, s.Share, s.TextAI)
	}
	ann.must("POST", "/api/works/"+s.ID+"/undo", map[string]any{"revision": s.Revision}, &s)
	if s.Body != "其实，靠窗很安静。咖啡一般。不用排队，人均35。" || s.Share.Arranged != base {
		t.Errorf("undone: %q, %+v", s.Body, s.Share)
	}
	ann.refused(422, "stretch.invalid", "POST", "/api/works/"+s.ID+"/rewrites", map[string]any{"field": "body", "op": "tidy", "start": 1, "end": 2})
	h.person("bo").refused(404, "work.not_found", "POST", "/api/works/"+s.ID+"/rewrites", ask)
}

type studioRewriting struct {
	Hunks  int         `json:"hunks"`
	Origin loam.Origin `json:"origin"`
	Pieces []struct {
		Hunk int    `json:"hunk"`
		Add  string `json:"add"`
	} `json:"pieces"`
}

// TestModelRewrite: a model's rewrite of a stretch is the model's where it changed a word
// and hers where it did not, its cost is told before and kept after, and a day's cap holds.
func TestModelRewrite(t *testing.T) {
	t.Parallel()
	e := newEngine(t, func(w http.ResponseWriter, _ *http.Request) {
		chunk(w, "靠窗的位置很安静，像在家里一样。")
		chunk(w, "")
		_, _ = w.Write([]byte("data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}],\"usage\":{\"total_tokens\":500}}\n\ndata: [DONE]\n\n"))
	})
	h := newHouse(t, func(c *config) { withModel(e)(c); c.ModelPrice = 1_000_000 }) // one yuan for 1,000 tokens
	ann := h.person("ann")
	s := ann.begin("今天下班去了湖边")
	ann.must("PUT", "/api/works/"+s.ID+"/draft", map[string]any{"revision": s.Revision, "body": "靠窗的位置很安静。停车难。"}, &s)
	stretch := map[string]any{"purpose": "warmer", "field": "body", "start": 0, "end": len("靠窗的位置很安静。")}
	var cost web.Spend
	ann.must("POST", "/api/works/"+s.ID+"/cost", stretch, &cost)
	if !cost.Priced || cost.Likely <= 0 || cost.Most <= cost.Likely || cost.Spent != 0 || cost.Cap != defaultDayCap {
		t.Errorf("before: %+v", cost)
	}
	var g web.GenerationView
	ann.must("POST", "/api/works/"+s.ID+"/generations", stretch, &g, "Idempotency-Key", loam.NewSecret())
	g = ann.ended(g.ID)
	if g.State != loam.Done || g.Cost != 500_000 || g.Params["field"] != "body" || g.Params["temperature"] == "" || !strings.Contains(g.Prompt, "靠窗的位置很安静。") {
		t.Errorf("after: %+v", g.Generation)
	}
	var list []web.GenerationLine
	ann.must("GET", "/api/works/"+s.ID+"/generations", nil, &list)
	if len(list) != 1 || list[0].Cost != 500_000 || list[0].Purpose != "warmer" {
		t.Errorf("list: %+v", list)
	}
	rewrite := map[string]any{"field": "body", "start": 0, "end": len("靠窗的位置很安静。"), "generation": g.ID}
	var r studioRewriting
	ann.must("POST", "/api/works/"+s.ID+"/rewrites", rewrite, &r)
	if r.Origin != loam.ByModel || r.Hunks == 0 {
		t.Fatalf("rewriting: %+v", r)
	}
	ann.must("PUT", "/api/works/"+s.ID+"/rewrites", map[string]any{"revision": s.Revision, "rewrite": rewrite}, &s)
	if s.Body != "靠窗的位置很安静，像在家里一样。停车难。" || s.TextAI != loam.IsAI || s.Share.Person < 10 {
		t.Errorf("adopted: %q, %s, %+v", s.Body, s.TextAI, s.Share)
	}
	ann.refused(409, "rewrite.moved", "PUT", "/api/works/"+s.ID+"/rewrites", map[string]any{"revision": s.Revision, "rewrite": map[string]any{"field": "body", "generation": g.ID}})

	h.person("olga", loam.Operator).must("PUT", "/api/operate/spend", map[string]any{"cap": 600_000}, nil)
	ann.refused(429, "spend.cap", "POST", "/api/works/"+s.ID+"/generations", stretch, "Idempotency-Key", loam.NewSecret())
	if e.calls.Load() != 1 {
		t.Errorf("%d calls upstream", e.calls.Load())
	}
}

// TestPersona: how she writes is learned from her own notes that allow style, is off until
// she switches it on, and a withdrawn note is out of it at once.
func TestPersona(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(c *config) { c.LabelProducer = "loam-test-producer" })
	ann := h.person("ann")
	var p studio.PersonaView
	ann.must("GET", "/api/persona", nil, &p)
	if p.On || len(p.Notes) != 0 || len(p.Learned.Words) != 0 {
		t.Fatalf("nothing published: %+v", p)
	}
	s := ann.begin("今天下班走了很远的路，心情慢慢好了")
	ann.must("PUT", "/api/works/"+s.ID+"/draft", map[string]any{"revision": s.Revision, "body": "今天慢慢走了很远的路。\n• 慢慢地看河\n• 慢慢地回家\n心情特别安静，特别好。"}, &s)
	v := ann.until(ann.submit(s, nil).ID, "settled", settled)
	ann.must("POST", "/api/versions/"+v.ID+"/confirm", map[string]string{"release_hash": v.ReleaseHash}, nil)
	ann.until(v.ID, "released", released)

	ann.must("GET", "/api/persona", nil, &p)
	if len(p.Notes) != 1 || p.Notes[0].Allowed || len(p.Learned.Words) != 0 {
		t.Fatalf("style is no until she says yes: %+v", p)
	}
	ann.must("PUT", "/api/works/"+s.ID+"/uses/style", map[string]bool{"allowed": true}, nil)
	ann.must("GET", "/api/persona", nil, &p)
	if !slices.Contains(p.Learned.Words, "慢慢") || p.Learned.Bullet != "• " || p.Learned.Sentence == 0 || p.On {
		t.Fatalf("learned: %+v", p.Learned)
	}
	plain := ann.begin("周末去湖边的咖啡馆，人均35，拿铁好喝，停车难")
	ann.must("PUT", "/api/persona", map[string]any{"on": true, "emoji": 20}, &p)
	if !p.On || p.Now.Emoji != 20 || p.Now.Bullet != "• " || p.Learned.Emoji != 0 {
		t.Errorf("switched on: %+v", p)
	}
	dressed := ann.begin("周末去湖边的咖啡馆，人均35，拿铁好喝，停车难")
	if !strings.Contains(dressed.Body, "• 拿铁好喝") {
		t.Errorf("her bullets: %q, without %q", dressed.Body, plain.Body)
	}
	ann.must("PUT", "/api/works/"+s.ID+"/uses/style", map[string]bool{"allowed": false}, nil)
	ann.must("GET", "/api/persona", nil, &p)
	if len(p.Learned.Words) != 0 || p.Learned.Bullet != "" || p.Now.Emoji != 20 {
		t.Errorf("withdrawn: %+v", p)
	}
	ann.refused(422, "persona.mark", "PUT", "/api/persona", map[string]any{"on": true, "bullet": "买它"})
	ann.must("DELETE", "/api/persona", nil, nil)
	ann.must("GET", "/api/persona", nil, &p)
	if p.On || p.Now.Emoji != 0 {
		t.Errorf("deleted: %+v", p)
	}
}

// TestHostileWords: stretches that are not there, hunks nobody offered, choices out of all
// bounds and another's ids get an answer that says so.
func TestHostileWords(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	ann, bo := h.person("ann"), h.person("bo")
	s := ann.begin("周末去湖边的咖啡馆，人均35，靠窗，拿铁好喝，停车难")
	at := "/api/works/" + s.ID
	huge := strings.Repeat("长", 3000)
	for _, c := range []struct {
		status       int
		code, method string
		path         string
		body         any
	}{
		{422, "stretch.invalid", "POST", at + "/rewrites", map[string]any{"field": "body", "op": "tidy", "start": 900_000, "end": 900_001}},
		{422, "stretch.invalid", "POST", at + "/rewrites", map[string]any{"field": "body", "op": "tidy", "start": 6, "end": 3}},
		{422, "rewrite.unknown", "POST", at + "/rewrites", map[string]any{"field": "body"}},
		{422, "request.invalid", "POST", at + "/rewrites", map[string]any{"field": "tags", "op": "tidy"}},
		{404, "generation.not_found", "POST", at + "/rewrites", map[string]any{"field": "body", "generation": "nobody's"}},
		{409, "draft.changed", "PUT", at + "/rewrites", map[string]any{"revision": 99, "rewrite": map[string]any{"field": "body", "op": "tidy"}, "hunks": []int{-1, 1 << 40}}},
		{409, "undo.none", "POST", at + "/undo", map[string]any{"revision": s.Revision}},
		{422, "request.invalid", "POST", at + "/cost", map[string]any{"purpose": "everything"}},
		{422, "stretch.invalid", "POST", at + "/cost", map[string]any{"purpose": "warmer"}},
		{422, "request.invalid", "PUT", "/api/persona", map[string]any{"on": true, "emoji": -1}},
		{422, "persona.mark", "PUT", "/api/persona", map[string]any{"on": true, "heading": huge[:3]}},
		{422, "request.invalid", "POST", at + "/arrange", map[string]any{"revision": s.Revision, "choices": map[string]any{"me": huge}}},
	} {
		ann.refused(c.status, c.code, c.method, c.path, c.body)
	}
	bo.refused(404, "work.not_found", "POST", at+"/rewrites", map[string]any{"field": "body", "op": "tidy"})
	bo.refused(404, "work.not_found", "POST", at+"/undo", map[string]any{"revision": 1})
	bo.refused(404, "work.not_found", "POST", at+"/cost", map[string]any{"purpose": "draft"})
	var tried web.Tried
	h.visitor().must("POST", "/api/ideas", map[string]any{"idea": "湖边的咖啡馆，安静", "choices": map[string]any{
		"lines": []int{-5, 1 << 40}, "derived": []string{huge}, "again": map[string]int{"body": 1 << 40, "pages": -9, "tags": 1 << 40, huge: 3}, "bullet": "x", "heading": "【",
	}}, &tried)
	if strings.Contains(tried.Proposals.Body, "x") {
		t.Errorf("a mark of nobody's list: %q", tried.Proposals.Body)
	}
}
