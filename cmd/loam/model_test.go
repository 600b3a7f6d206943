package main

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"loam"
	"loam/internal/web"
)

// engine is an OpenAI-compatible server that answers as a test says, and counts its calls.
type engine struct {
	*httptest.Server
	calls atomic.Int64
}

func newEngine(t testing.TB, answer http.HandlerFunc) *engine {
	t.Helper()
	e := &engine{}
	e.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/chat/completions") {
			e.calls.Add(1)
		}
		_, _ = io.Copy(io.Discard, r.Body) // a server hears of a client's leaving only behind the body
		answer(w, r)
	}))
	t.Cleanup(func() {
		e.CloseClientConnections()
		e.Close()
	})
	return e
}

func withModel(e *engine) func(*config) {
	return func(c *config) {
		c.ModelURL, c.ModelName, c.ModelKey = e.URL+"/v1", "test-model", "secret"
		c.LabelProducer = "loam-test-producer"
	}
}

// chunk writes one piece of streamed text.
func chunk(w http.ResponseWriter, text string) {
	fmt.Fprintf(w, "data: {\"choices\":[{\"delta\":{\"content\":%q}}]}\n\n", text)
	_ = http.NewResponseController(w).Flush()
}

const modelAnswer = "标题:雨天的湖边咖啡\n标题:湖边坐一下午\n标题:拿铁和雨\n正文:\n雨点敲在玻璃上，杯子里的热气慢慢散开。\n标签:咖啡 西湖\n"

func wellBehaved(w http.ResponseWriter, _ *http.Request) {
	for line := range strings.SplitAfterSeq(modelAnswer, "\n") {
		chunk(w, line)
	}
	fmt.Fprint(w, "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}],\"usage\":{\"total_tokens\":321}}\n\ndata: [DONE]\n\n")
}

func (c *client) ended(id string) web.GenerationView {
	c.h.t.Helper()
	var g web.GenerationView
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); {
		g = web.GenerationView{}
		c.must("GET", "/api/generations/"+id, nil, &g)
		if g.State != loam.Calling {
			return g
		}
		pause(c.h.t.Context(), 20*time.Millisecond)
	}
	c.h.t.Fatalf("generation %s does not end", id)
	return g
}

// TestModelDraft: a model's words are streamed, adopted, known as a model's, locked as AI
// and labelled in every file; the same key never calls twice.
func TestModelDraft(t *testing.T) {
	t.Parallel()
	e := newEngine(t, wellBehaved)
	h := newHouse(t, withModel(e))
	ann := h.person("ann")
	s := ann.begin("周末去湖边的咖啡馆，人均35，靠窗")
	key := loam.NewSecret()
	var g, again web.GenerationView
	ann.must("POST", "/api/works/"+s.ID+"/generations", nil, &g, "Idempotency-Key", key)
	ann.must("POST", "/api/works/"+s.ID+"/generations", nil, &again, "Idempotency-Key", key)
	g = ann.ended(g.ID)
	if again.ID != g.ID || e.calls.Load() != 1 {
		t.Errorf("a double click: generations %s and %s, %d upstream calls", g.ID, again.ID, e.calls.Load())
	}
	if g.State != loam.Done || g.Tokens != 321 || len(g.Draft.Titles) != 3 {
		t.Errorf("generation: %+v", g)
	}
	events := ann.must("GET", "/api/generations/"+g.ID+"/events", nil, nil)
	events.has(t, "event: text", "event: end")
	resumed := ann.must("GET", "/api/generations/"+g.ID+"/events", nil, nil, "Last-Event-ID", fmt.Sprint(len(g.Text)))
	for line := range strings.SplitSeq(string(resumed.body), "\n") {
		if line == "event: text" {
			t.Error("a resumed stream sends text again")
		}
	}
	ann.must("PUT", "/api/works/"+s.ID+"/draft", map[string]any{"revision": s.Revision, "title": g.Draft.Titles[0], "body": g.Draft.Body}, &s)
	if s.Share.Model == 0 || s.TextAI != loam.IsAI {
		t.Errorf("adopted text: share %+v, ai %s", s.Share, s.TextAI)
	}
	v := ann.submit(s, nil) // she does not declare it
	if !v.Content.Declaration.Locked || !v.Content.Declaration.AI || v.AI != loam.IsAI {
		t.Errorf("declaration: %+v, ai %s", v.Content.Declaration, v.AI)
	}
	v = ann.until(v.ID, "settled", settled)
	ann.must("POST", "/api/versions/"+v.ID+"/confirm", map[string]string{"release_hash": v.ReleaseHash}, nil)
	ann.until(v.ID, "released", released)
	h.visitor().must("GET", "/p/"+v.Work, nil, nil).has(t, "内容由AI生成", `name="AIGC"`)
}

// TestModelTrouble: whatever a model does, the person reads what happened, and what came
// is kept.
func TestModelTrouble(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		answer http.HandlerFunc
		state  loam.GenerationState
		code   string
		text   string
	}{
		{"429", func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Retry-After", "7"); w.WriteHeader(429) }, loam.Broken, "model.limited", ""},
		{"401", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(401) }, loam.Broken, "model.key", ""},
		{"500", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) }, loam.Broken, "model.refused", ""},
		{"garbage", func(w http.ResponseWriter, _ *http.Request) {
			chunk(w, "第一句。")
			fmt.Fprint(w, "data: <html>\n\n")
		}, loam.Broken, "model.garbage", "第一句。"},
		{"cut", func(w http.ResponseWriter, _ *http.Request) {
			chunk(w, "第一句。第二")
			panic(http.ErrAbortHandler)
		}, loam.Broken, "model.cut", "第一句。"},
		{"endless", func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				chunk(w, strings.Repeat("很长。", 1000))
			}
		}, loam.Broken, "model.too_long", ""},
		{"forbidden words", func(w http.ResponseWriter, _ *http.Request) {
			chunk(w, "好的。这里有沃土测试违禁词。再见。")
		}, loam.Withheld, "generation.withheld", ""},
		{"hangs", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, loam.Broken, "model.quiet", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			e := newEngine(t, c.answer)
			h := newHouse(t, withModel(e))
			h.model.Quiet = 400 * time.Millisecond
			ann := h.person("ann")
			s := ann.begin("周末去湖边的咖啡馆")
			var g web.GenerationView
			ann.must("POST", "/api/works/"+s.ID+"/generations", nil, &g, "Idempotency-Key", loam.NewSecret())
			g = ann.ended(g.ID)
			if g.State != c.state || g.Error != c.code || g.Message == "" || g.Message == c.code {
				t.Errorf("got %s %s %q, want %s %s and a sentence", g.State, g.Error, g.Message, c.state, c.code)
			}
			if c.text != "" && g.Text != c.text {
				t.Errorf("kept %q, want %q", g.Text, c.text)
			}
			if strings.Contains(g.Text, "违禁词") {
				t.Errorf("withheld words reached the person: %q", g.Text)
			}
			var after web.Sheet
			ann.must("GET", "/api/works/"+s.ID, nil, &after)
			if after.Body != s.Body {
				t.Error("the draft changed")
			}
		})
	}
}

// TestModelStopped: stopping keeps what came.
func TestModelStopped(t *testing.T) {
	t.Parallel()
	e := newEngine(t, func(w http.ResponseWriter, r *http.Request) {
		chunk(w, "第一句。")
		<-r.Context().Done()
	})
	h := newHouse(t, withModel(e))
	ann := h.person("ann")
	s := ann.begin("周末去湖边的咖啡馆")
	var g web.GenerationView
	ann.must("POST", "/api/works/"+s.ID+"/generations", nil, &g, "Idempotency-Key", loam.NewSecret())
	for g.Text == "" {
		pause(t.Context(), 20*time.Millisecond)
		ann.must("GET", "/api/generations/"+g.ID, nil, &g)
	}
	ann.must("POST", "/api/generations/"+g.ID+"/stop", nil, nil)
	if g = ann.ended(g.ID); g.State != loam.Stopped || g.Text != "第一句。" {
		t.Errorf("got %s %q", g.State, g.Text)
	}
}

// TestModelOffered: a local engine is offered, and nothing is sent to it before an
// operator accepts it; an address nobody offered is refused.
func TestModelAccepted(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	op := h.person("olga", loam.Operator)
	op.refused(404, "model.unknown", "PUT", "/api/operate/model", map[string]string{"url": "http://169.254.169.254/v1", "name": "x"})
	op.refused(409, "model.none", "POST", "/api/operate/model/test", nil)
}

// TestModelAway: an operator who tests a model that is not there reads which address does
// not answer, and so does who asks the doctor.
func TestModelAway(t *testing.T) {
	t.Parallel()
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	h := newHouse(t, func(c *config) { c.ModelURL, c.ModelName = gone.URL, "away" })
	op := h.person("olga", loam.Operator)
	op.refused(503, "engine.no_answer", "POST", "/api/operate/model/test", nil)
	op.do("POST", "/api/operate/model/test", nil, "Accept-Language", "en").has(t, gone.URL+" does not answer")
	doctor := doctorCmd{config: config{ModelURL: gone.URL, ModelName: "away"}}
	if err := doctor.modelFound(t.Context()); err == nil {
		t.Error("the doctor finds it")
	}
}

// TestEvents: a person hears that her version changed.
func TestEvents(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	ann := h.person("ann")
	req, err := http.NewRequestWithContext(t.Context(), "GET", h.url+"/api/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("X-Forwarded-For", ann.address)
	res, err := ann.http.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	v := ann.submit(ann.begin("今天煮了番茄面，放了两个番茄"), nil)
	lines := bufio.NewScanner(res.Body)
	for lines.Scan() {
		if strings.Contains(lines.Text(), v.ID) {
			return
		}
	}
	t.Errorf("the stream ended without the version: %v", lines.Err())
}
