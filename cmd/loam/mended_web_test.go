package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"loam"
	"loam/internal/web"
)

const modelBody = "雨点敲在玻璃上，杯子里的热气慢慢散开。"

// generated asks the model for a draft of a work and waits for it.
func (c *client) generated(work string) web.GenerationView {
	c.h.t.Helper()
	var g web.GenerationView
	c.must("POST", "/api/works/"+work+"/generations", nil, &g, "Idempotency-Key", loam.NewSecret())
	return c.ended(g.ID)
}

// TestPastedModelText: a model's words stay a model's when they come back as a new idea or
// as an answer, and clear nothing afterwards.
func TestPastedModelText(t *testing.T) {
	t.Parallel()
	h := newHouse(t, withModel(newEngine(t, wellBehaved)))
	ann := h.person("ann")
	ann.generated(ann.begin("周末去湖边的咖啡馆，人均35，靠窗").ID)

	s := ann.begin(modelBody)
	if s.TextAI != loam.IsAI || s.Share.Model == 0 {
		t.Errorf("as an idea: ai %s, share %+v", s.TextAI, s.Share)
	}
	ann.must("PUT", "/api/works/"+s.ID+"/draft", map[string]any{"revision": s.Revision, "title": "雨天", "body": "我在窗边。"}, &s)
	ann.must("PUT", "/api/works/"+s.ID+"/draft", map[string]any{"revision": s.Revision, "body": "我在窗边。" + modelBody}, &s)
	if s.TextAI != loam.IsAI {
		t.Errorf("an edit that repeats the idea: ai %s, %+v", s.TextAI, s.Draft.Body)
	}
	ann.must("PUT", "/api/works/"+s.ID+"/draft", map[string]any{"revision": s.Revision, "body": "我在窗边。"}, &s)
	v := ann.submit(s, nil)
	for _, a := range v.Content.Assets {
		if a.AI != loam.IsAI {
			t.Errorf("%s shows the idea's words: ai %s, pages %+v", a.Field, a.AI, v.Content.Pages)
		}
	}

	for name, edited := range map[string]bool{"an answer": false, "an answer to an edited body": true} {
		s = ann.begin("周末去湖边的咖啡馆，人均35，靠窗")
		if s.TextAI != loam.NotAI {
			t.Fatalf("her own idea: ai %s", s.TextAI)
		}
		if edited {
			ann.must("PUT", "/api/works/"+s.ID+"/draft", map[string]any{"revision": s.Revision, "body": "靠窗坐了一下午。"}, &s)
		}
		ann.must("POST", "/api/works/"+s.ID+"/arrange", map[string]any{
			"revision": s.Revision, "kind": s.Draft.Kind, "attempt": 0,
			"answers": []loam.Answer{{Slot: s.Proposals.Asks[0].Slot, Text: modelBody}},
		}, &s)
		if s.TextAI != loam.IsAI || s.Share.Model == 0 {
			t.Errorf("%s: ai %s, share %+v", name, s.TextAI, s.Share)
		}
		ann.must("PUT", "/api/works/"+s.ID+"/draft", map[string]any{"revision": s.Revision, "body": "靠窗。"}, &s)
		ann.must("PUT", "/api/works/"+s.ID+"/draft", map[string]any{"revision": s.Revision, "body": modelBody}, &s)
		if s.TextAI != loam.IsAI {
			t.Errorf("%s, brought back by an edit: ai %s", name, s.TextAI)
		}
	}
}

// TestEchoedIdea: what she wrote before a model repeated it is hers, in her idea, her
// answers and her edits.
func TestEchoedIdea(t *testing.T) {
	t.Parallel()
	const hers = "周末去湖边的咖啡馆，人均35，靠窗"
	h := newHouse(t, withModel(newEngine(t, func(w http.ResponseWriter, _ *http.Request) {
		chunk(w, "正文:\n"+hers+"，真是难忘的一个下午。\n")
		fmt.Fprint(w, "data: [DONE]\n\n")
	})))
	ann := h.person("ann")
	s := ann.begin(hers)
	ann.generated(s.ID)
	ann.must("PUT", "/api/works/"+s.ID+"/draft", map[string]any{"revision": s.Revision, "title": "湖边", "body": "好。"}, &s)
	ann.must("PUT", "/api/works/"+s.ID+"/draft", map[string]any{"revision": s.Revision, "body": hers + "，下次还来"}, &s)
	ann.must("POST", "/api/works/"+s.ID+"/arrange", map[string]any{
		"revision": s.Revision, "kind": s.Draft.Kind, "attempt": 1, "answers": []loam.Answer{{Slot: s.Proposals.Asks[0].Slot, Text: "周末去湖边的咖啡馆，等了十分钟"}},
	}, &s)
	if s.TextAI != loam.NotAI {
		t.Errorf("her own words: ai %s, %+v", s.TextAI, s.Draft.Body)
	}
	if again := ann.begin(hers); again.TextAI != loam.NotAI {
		t.Errorf("the same idea begun again: ai %s, %+v", again.TextAI, again.Draft.Body)
	}
	if model := ann.begin("真是难忘的一个下午。"); model.TextAI != loam.IsAI {
		t.Errorf("what the model added: ai %s", model.TextAI)
	}
}

// TestPermissionShown: what the page and the version say is allowed is what holds, the
// account's switch counted in; what she chose stays readable to her.
func TestPermissionShown(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	ann := h.person("ann")
	v := ann.publish("在阳台种了两盆薄荷，浇水三天一次，长得很快", func(c *loam.Choice) { c.Uses[loam.UseTrainText] = true })
	page := "/p/" + v.Work
	trained := func() web.UseView {
		ann.must("GET", "/api/versions/"+v.ID, nil, &v)
		for _, u := range v.Shown {
			if u.Use == loam.UseTrainText {
				return u
			}
		}
		return web.UseView{}
	}
	if u := trained(); !u.Allowed || !u.Chosen || u.Overruled {
		t.Errorf("chosen: %+v", u)
	}
	h.visitor().must("GET", page, nil, nil).has(t, "用文字训练模型：允许")
	ann.must("PUT", "/api/account", map[string]any{"name": "ann", "bio": "", "no_ai": true}, nil)
	if u := trained(); u.Allowed || !u.Chosen || !u.Overruled {
		t.Errorf("with the switch on: %+v", u)
	}
	a := h.visitor().must("GET", page, nil, nil)
	a.has(t, "用文字训练模型：不允许", "被搜索到：允许", "作者允许：被搜索到、被推荐；")
	var uses []web.UseView
	ann.must("PUT", "/api/works/"+v.Work+"/uses/train.image", map[string]bool{"allowed": true}, &uses)
	for _, u := range uses {
		if u.Use == loam.UseTrainImage && (u.Allowed || !u.Overruled) {
			t.Errorf("allowed under the switch: %+v", u)
		}
	}
	ann.must("GET", page, nil, nil).has(t, "不要对我的内容用 AI")
}

// TestNoIndex: a note nobody may search for says so on its page, pictures and words.
func TestNoIndex(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	ann := h.person("ann")
	shown := ann.publish("今天下班走回家，路上买了糖炒栗子，很甜", nil)
	denied := ann.publish("在家做了番茄鸡蛋面，放了两个番茄，很鲜", func(c *loam.Choice) { c.Uses[loam.UseIndex] = false })
	hidden := ann.publish("入手了一个二手书架，99元，用了三个月，很稳", func(c *loam.Choice) { c.Audience = loam.Unlisted })
	for _, c := range []struct {
		v    web.VersionView
		want string
	}{{shown, ""}, {denied, "noindex"}, {hidden, "noindex"}} {
		for _, path := range []string{"", "/1", "/1/small", "/text"} {
			a := h.visitor().must("GET", "/p/"+c.v.Work+path, nil, nil)
			if got := a.header.Get("X-Robots-Tag"); got != c.want {
				t.Errorf("%s%s: X-Robots-Tag %q, want %q", c.v.Content.Title, path, got, c.want)
			}
			if path == "" && strings.Contains(string(a.body), `<meta name="robots"`) != (c.want != "") {
				t.Errorf("%s: robots meta tag, want %v", c.v.Content.Title, c.want != "")
			}
		}
	}
}

// TestGate: however many pictures come at once, two are decoded; who waits leaves with its
// context.
func TestGate(t *testing.T) {
	t.Parallel()
	g := newGate()
	var now, peak atomic.Int64
	var all sync.WaitGroup
	for range 40 {
		all.Go(func() {
			err := g.run(t.Context(), func() error {
				for n := now.Add(1); ; {
					if p := peak.Load(); n <= p || peak.CompareAndSwap(p, n) {
						break
					}
				}
				pause(t.Context(), time.Millisecond)
				now.Add(-1)
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if peak.Load() > decodes {
		t.Errorf("%d at once, want at most %d", peak.Load(), decodes)
	}
}

// TestUploadsWait: while both slots are taken nothing is decoded for an upload or a small
// picture, and each is done when a slot is free.
func TestUploadsWait(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	ann := h.person("ann")
	s := ann.begin("在阳台种了两盆薄荷，浇水三天一次，长得很快")
	a := ann.upload(s.ID, noisyJPEG(t, 64, 48))
	for range decodes {
		h.gate <- struct{}{}
	}
	short, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := h.node.intake.Accept(short, ann.account.ID, noisyJPEG(t, 65, 48)); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("upload: %v", err)
	}
	if _, err := h.thumbnail(short, a.Hash, 32); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("small picture: %v", err)
	}
	var all sync.WaitGroup
	for i := range 6 {
		all.Go(func() { ann.upload(s.ID, noisyJPEG(t, 70+i, 48)) })
	}
	pause(t.Context(), 20*time.Millisecond)
	for range decodes {
		<-h.gate
	}
	all.Wait()
}

// TestTooOften: costly routes and one handle's sign-ins are bounded, with a sentence and
// when to come again; an autosave is not.
func TestTooOften(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	ann := h.person("ann")
	var last answer
	for range 400 {
		last = ann.do("POST", "/api/works/"+loam.NewID(h.clock())+"/mend", map[string]int{"revision": 1})
		if last.status == http.StatusTooManyRequests {
			break
		}
	}
	if last.status != http.StatusTooManyRequests || last.header.Get("Retry-After") == "" || last.code() != "request.too_often" {
		t.Errorf("400 calls: got %d %s, headers %v", last.status, last.body, last.header)
	}
	h.person("bea").refused(404, "work.not_found", "POST", "/api/works/"+loam.NewID(h.clock())+"/mend", map[string]int{"revision": 1})
	for range 40 {
		last = h.visitor().do("POST", "/api/session", map[string]string{"handle": "Nobody ", "password": "wrong password"})
		if last.status == http.StatusTooManyRequests {
			break
		}
	}
	if last.status != http.StatusTooManyRequests || last.header.Get("Retry-After") == "" {
		t.Errorf("40 sign-ins of one handle from as many addresses: got %d %s", last.status, last.body)
	}
}

// TestRulingPreview: what a reviewer is shown is what the creator will read.
func TestRulingPreview(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	ann, rita := h.person("ann"), h.person("rita", loam.Reviewer)
	v := ann.publish("入手了一个二手书架，99元，用了三个月，很稳，就是有点重", nil)
	h.visitor().must("POST", "/api/works/"+v.Work+"/reports", map[string]string{"risk": "fraud", "text": "价格不对"}, nil)
	c := rita.take(0)
	var d web.DecisionView
	rita.must("POST", "/api/review/cases/"+c.ID+"/decision", ruling(c, loam.RuleLimit, "fraud"), &d)
	if !strings.Contains(d.Statement, "不会被推荐") {
		t.Errorf("a limit: %q", d.Statement)
	}
	rita.must("POST", "/api/review/decisions/"+d.ID+"/undo", nil, &c)
	rita.must("POST", "/api/review/cases/"+c.ID+"/decision", ruling(c, loam.RuleRemove, "fraud"), &d)
	gone := ann.until(v.ID, "removed", func(v web.VersionView) bool { return v.State == loam.Removed })
	if !strings.Contains(d.Statement, "已下架") || d.Statement != gone.Reason {
		t.Errorf("a removal: the reviewer reads %q, the creator %q", d.Statement, gone.Reason)
	}
}

// TestLateEvents: an event committed seconds after its moment is told, and a stream that
// broke goes on where it was.
func TestLateEvents(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	ann := h.person("ann")
	put := func(age time.Duration) string {
		at := time.Now().Add(-age)
		id := loam.NewID(at)
		if _, err := h.db.Pool().ExecContext(t.Context(), `INSERT INTO events (id, audience, topic, ref, at) VALUES ('`+id+`', '`+ann.account.ID+`', 'version', 'x', `+fmt.Sprint(at.UnixMilli())+`)`); err != nil {
			t.Fatal(err)
		}
		return id
	}
	listen := func(last string, missed func() string) {
		t.Helper()
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		req, err := http.NewRequestWithContext(ctx, "GET", h.url+"/api/events", nil)
		if err != nil {
			t.Fatal(err)
		}
		if last != "" {
			req.Header.Set("Last-Event-ID", last)
		}
		res, err := ann.http.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		want := missed()
		seen := map[string]bool{}
		for lines := bufio.NewScanner(res.Body); !seen[want] && lines.Scan(); {
			if id, ok := strings.CutPrefix(lines.Text(), "id: "); ok {
				if seen[id] || id == last {
					t.Errorf("%s was sent twice", id)
				}
				seen[id] = true
			}
		}
		if !seen[want] {
			t.Errorf("%s was not told after %q", want, last)
		}
	}
	listen("", func() string {
		pause(t.Context(), 1500*time.Millisecond)
		return put(3 * time.Second)
	})
	first := put(time.Minute)
	second := put(50 * time.Second)
	listen(first, func() string { return second })
}

// TestHonestRefusals: what huma and the mux refuse is a problem document in the caller's
// language that repeats nothing of what was sent.
func TestHonestRefusals(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	ann := h.person("ann")
	secret := strings.Repeat("geheim", 100)
	for _, lang := range []string{"zh", "en"} {
		v := h.visitor()
		a := v.do("POST", "/api/session", map[string]string{"handle": "ann", "password": secret}, "Accept-Language", lang)
		if a.status != 422 || a.code() != "request.invalid" || strings.Contains(string(a.body), "geheim") {
			t.Errorf("%s: a password too long: %d %.300s", lang, a.status, a.body)
		}
		a.has(t, "password")
		if strings.Contains(string(a.body), "expected") || strings.Contains(string(a.body), "请求") != (lang == "zh") {
			t.Errorf("%s: not in her language: %s", lang, a.body)
		}
		a = v.do("POST", "/api/session", strings.NewReader(`{"handle": geheim`), "Content-Type", "application/json", "Accept-Language", lang)
		if a.status < 400 || a.status > 422 || a.code() != "request.invalid" || strings.Contains(string(a.body), "geheim") {
			t.Errorf("%s: no JSON: %d %s", lang, a.status, a.body)
		}
	}
	for _, c := range []struct {
		status             int
		code, method, path string
	}{{404, "request.no_route", "GET", "/api/nothing"}, {404, "request.no_route", "POST", "/api/nothing"}, {405, "request.method", "DELETE", "/api/site"}} {
		a := ann.do(c.method, c.path, nil)
		if a.status != c.status || a.code() != c.code || a.header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s %s: got %d %s %s", c.method, c.path, a.status, a.header.Get("Content-Type"), a.body)
		}
	}
	big := strings.NewReader(`{"style": "` + strings.Repeat("x", 300<<10) + `"}`)
	ann.refused(413, "request.too_large", "POST", "/api/covers", big, "Content-Type", "application/json")
	ann.refused(413, "request.too_large", "POST", "/api/works", map[string]string{"idea": strings.Repeat("x", 2<<20)})
	form := h.visitor().do("POST", "/p/x/report", strings.NewReader("text="+strings.Repeat("x", 100<<10)), "Content-Type", "application/x-www-form-urlencoded")
	if form.status != 413 || strings.Contains(string(form.body), "图片") {
		t.Errorf("a report too long: %d", form.status)
	}
	form.has(t, "请删减")
}
