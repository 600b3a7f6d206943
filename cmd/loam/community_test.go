package main

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"loam"
	"loam/internal/community"
	"loam/internal/web"
)

// formType is how a script-free form is sent, and browser what a reader's browser calls itself.
const (
	formType = "application/x-www-form-urlencoded"
	browser  = "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/140.0"
)

// send sends a script-free form and follows where it leads.
func (c *client) sendForm(path string, fields url.Values) answer {
	c.h.t.Helper()
	return c.do("POST", path, strings.NewReader(fields.Encode()), "Content-Type", formType)
}

// says comments by the API.
func (c *client) says(note, parent, text string) web.CommentView {
	c.h.t.Helper()
	var v web.CommentView
	c.must("POST", "/api/works/"+note+"/comments", map[string]string{"text": text, "parent": parent}, &v, "Idempotency-Key", loam.NewSecret())
	return v
}

func (c *client) comments(note string) web.DiscussionView {
	c.h.t.Helper()
	var d web.DiscussionView
	c.must("GET", "/api/works/"+note+"/comments", nil, &d)
	return d
}

// TestCommentLine: a comment is a version on the line. It is screened, labelled, confirmed by
// the person who sends it, seen, reported, removed by a person, appealed and restored.
func TestCommentLine(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	ann, bo := h.person("ann"), h.person("bo")
	rita, rosa := h.person("rita", loam.Reviewer), h.person("rosa", loam.Reviewer)
	note := ann.publish("周末去湖边的咖啡馆，人均35，靠窗，拿铁好喝，停车难", nil).Work
	key := "loam_" + loam.NewSecret()
	if err := h.db.CreateKey(t.Context(), bo.account.ID, web.Digest(key), "test"); err != nil {
		t.Fatal(err)
	}
	program := h.visitor()
	program.key = key
	said := map[string]string{"text": "停车场在后面那条街"}
	program.refused(403, "session.person", "POST", "/api/works/"+note+"/comments", said, "Idempotency-Key", "k")
	h.visitor().refused(401, "session.needed", "POST", "/api/works/"+note+"/comments", said, "Idempotency-Key", "k")
	bo.refused(422, "comment.key_missing", "POST", "/api/works/"+note+"/comments", said)

	c := bo.says(note, "", "停车场在后面那条街")
	if c.State != loam.Released || c.Text != "停车场在后面那条街" || c.AI != loam.NotAI || !c.Own || c.Creator {
		t.Fatalf("comment: %+v", c)
	}
	v, err := h.db.Version(t.Context(), c.Version)
	if err != nil || v.ConfirmedBy != bo.account.ID || !v.Labelled || v.ReleaseHash == "" || v.Content.On != note || v.Content.Body != said["text"] {
		t.Fatalf("version: %+v, %v", v, err)
	}
	if verdict, err := h.db.Verdict(t.Context(), v.ID); err != nil || verdict.Action != loam.Allow {
		t.Fatalf("verdict: %+v, %v", verdict, err)
	}
	answer := ann.says(note, c.Work, "谢谢，我去看看")
	again := bo.says(note, answer.Work, "不客气呀")
	if answer.Parent != c.Work || again.Parent != c.Work || !answer.Creator {
		t.Errorf("a thread is one level deep: %+v, %+v", answer, again)
	}
	d := h.visitor().comments(note)
	if d.Count != 3 || len(d.Comments) != 1 || len(d.Comments[0].First) != 2 || d.Comments[0].Answers != 2 || !d.Open {
		t.Fatalf("discussion: %+v", d)
	}
	page := h.visitor().must("GET", "/p/"+note, nil, nil)
	page.has(t, "停车场在后面那条街", "谢谢，我去看看", "作者", `href="/p/`+c.Work+`/report"`)
	h.visitor().must("GET", "/p/"+c.Work+"/report", nil, nil).has(t, "停车场在后面那条街", `action="/p/`+c.Work+`/report"`)
	bo.must("GET", "/p/"+note+"/comments?thread="+c.Work+"&to="+answer.Work, nil, nil).has(t, `name="parent" value="`+answer.Work+`"`, "回复 ann")

	a := h.visitor().sendForm("/p/"+c.Work+"/report", url.Values{"risk": {"rumor"}, "text": {"没有停车场"}})
	if a.status != 200 {
		t.Fatalf("report: %d %s", a.status, a.body)
	}
	job := rita.take(0)
	if job.Content.Body != said["text"] || job.Note == nil || job.Note.Work != note || job.Note.Author != "ann" || job.Note.Title == "" {
		t.Fatalf("a reviewer's context: %+v", job.Note)
	}
	rita.must("POST", "/api/review/cases/"+job.ID+"/decision", ruling(job, loam.RuleRemove, "rumor"), nil)
	bo.until(c.Version, "removed", func(v web.VersionView) bool { return v.State == loam.Removed })
	if d := h.visitor().comments(note); d.Count != 0 || len(d.Comments) != 0 {
		t.Errorf("after the removal: %+v", d)
	}
	mine := bo.comments(note).Mine
	if len(mine) != 1 || mine[0].State != loam.Removed || !strings.Contains(mine[0].Reason, "虚假") || !mine[0].Plead {
		t.Fatalf("what its writer reads: %+v", mine)
	}
	bo.must("GET", "/p/"+note, nil, nil).has(t, mine[0].Reason, "/plead")
	if a := bo.sendForm("/p/"+note+"/comments/"+c.Version+"/plead", url.Values{"text": {"我昨天刚停过"}}); a.status != 200 {
		t.Fatalf("appeal: %d %s", a.status, a.body)
	}
	job = rosa.take(0)
	rosa.must("POST", "/api/review/cases/"+job.ID+"/decision", ruling(job, loam.RuleAllow, "ok"), nil)
	bo.until(c.Version, "restored", released)
	if d := h.visitor().comments(note); d.Count != 3 {
		t.Errorf("after the appeal: %+v", d)
	}

	held := bo.says(note, "", "这里有沃土测试复核词")
	if held.State != loam.Held || held.Reason == "" {
		t.Errorf("held: %+v", held)
	}
	blocked := bo.says(note, "", "这里有沃土测试违禁词")
	if blocked.State != loam.Refused || !blocked.Plead {
		t.Errorf("refused: %+v", blocked)
	}
	if d := h.visitor().comments(note); d.Count != 3 || len(d.Mine) != 0 {
		t.Errorf("others see what is held: %+v", d)
	}
	for {
		var list []loam.Case
		rita.must("GET", "/api/review/queue", nil, &list)
		if len(list) == 0 {
			break
		}
		job := rita.take(0)
		rita.must("POST", "/api/review/cases/"+job.ID+"/decision", ruling(job, loam.RuleAllow, "ok"), nil)
	}
	bo.until(held.Version, "let out", released)

	bo.refused(404, "version.not_found", "POST", "/api/versions/"+answer.Version+"/withdraw", nil)
	if a := bo.sendForm("/p/"+note+"/comments/"+c.Version+"/take", url.Values{}); a.status != 200 || strings.Contains(string(a.body), said["text"]) {
		t.Errorf("after taking it back: %d", a.status)
	}
	if a := h.visitor().do("GET", "/p/"+c.Work, nil); a.status != 410 {
		t.Errorf("a comment that is gone: %d", a.status)
	}
}

// TestCommentRules: what is refused, what is one, and who may close.
func TestCommentRules(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	ann, bo := h.person("ann"), h.person("bo")
	note := ann.publish("周末去湖边的咖啡馆，人均35，靠窗，拿铁好喝，停车难", nil).Work
	path := "/api/works/" + note + "/comments"
	var one, two web.CommentView
	bo.must("POST", path, map[string]string{"text": "好喝"}, &one, "Idempotency-Key", "a")
	bo.must("POST", path, map[string]string{"text": "好喝"}, &two, "Idempotency-Key", "a")
	if one.Work != two.Work || ann.comments(note).Count != 1 {
		t.Errorf("sent twice under one key: %s, %s", one.Work, two.Work)
	}
	bo.refused(409, "comment.key", "POST", path, map[string]string{"text": "不好喝"}, "Idempotency-Key", "a")
	bo.refused(409, "comment.same", "POST", path, map[string]string{"text": "好喝！！"}, "Idempotency-Key", "b")
	bo.refused(404, "comment.not_found", "POST", path, map[string]string{"text": "回", "parent": loam.NewID(time.Now())}, "Idempotency-Key", "c")
	bo.refused(404, "note.not_found", "POST", "/api/works/"+one.Work+"/comments", map[string]string{"text": "评论的评论"}, "Idempotency-Key", "d")
	bo.refused(404, "work.not_found", "GET", "/api/works/"+one.Work, nil)
	bo.refused(404, "work.not_found", "POST", "/api/works/"+one.Work+"/submit", loam.Choice{Revision: 1, Audience: loam.Public, Uses: map[loam.Use]bool{}})
	bo.refused(404, "work.not_found", "PUT", path, map[string]bool{"open": false})
	ann.must("PUT", path, map[string]bool{"open": false}, nil)
	bo.refused(409, "comment.closed", "POST", path, map[string]string{"text": "晚了"}, "Idempotency-Key", "e")
	h.visitor().must("GET", "/p/"+note, nil, nil).has(t, "作者关闭了评论", "好喝")
	a := bo.sendForm("/p/"+note+"/comments", url.Values{"text": {"我写了很久"}, "key": {"f"}})
	if a.status != 409 || !strings.Contains(string(a.body), "我写了很久") {
		t.Errorf("a form that is refused keeps what was written: %d %.300s", a.status, a.body)
	}
	if a := ann.sendForm("/p/"+note+"/comments/open", url.Values{"open": {"yes"}}); a.status != 200 {
		t.Errorf("open again: %d", a.status)
	}
	mine := ann.publish("今天下班走回家，路上买了糖炒栗子，很甜", func(c *loam.Choice) { c.Audience = loam.OnlyMe }).Work
	own := ann.says(mine, "", "记得下次带人来")
	for _, path := range []string{"/p/" + own.Work, "/p/" + own.Work + "/text", "/api/works/" + mine + "/comments"} {
		if a := bo.do("GET", path, nil); a.status != 404 {
			t.Errorf("a comment on a private note, %s: %d", path, a.status)
		}
	}
	bo.refused(404, "note.not_found", "POST", "/api/works/"+own.Work+"/reports", map[string]string{"risk": "abuse"})
	bo.must("GET", "/p/"+note+"/comments?thread="+one.Work, nil, nil).has(t, "好喝")
	for _, path := range []string{"/comments?thread=" + loam.NewID(time.Now()), "/comments?thread=x", "/comments?cursor=x"} {
		if a := bo.do("GET", "/p/"+note+path, nil); a.status != 404 && a.status != 422 {
			t.Errorf("%s: %d", path, a.status)
		}
	}
	for i := 0; ; i++ {
		a := bo.do("POST", path, map[string]string{"text": fmt.Sprint("第", i, "条，说一句不同的")}, "Idempotency-Key", fmt.Sprint("storm", i))
		if a.status == 429 && a.code() == "comment.too_often" {
			break
		}
		if i > 40 {
			t.Fatal("40 comments in a row and no limit")
		}
	}
}

// TestCommentTakedown: an operator takes a comment down from the page it is reported by;
// nobody else is offered it, and its writer reads why.
func TestCommentTakedown(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	ann, bo, olga := h.person("ann"), h.person("bo"), h.person("olga", loam.Operator)
	note := ann.publish("周末去湖边的咖啡馆，人均35，靠窗，拿铁好喝，停车难", nil).Work
	c := bo.says(note, "", "老板是个骗子")
	takedown := "/p/" + c.Work + "/takedown"
	if a := ann.must("GET", "/p/"+c.Work+"/report", nil, nil); strings.Contains(string(a.body), takedown) {
		t.Error("the note's creator is offered the takedown")
	}
	olga.must("GET", "/p/"+c.Work+"/report", nil, nil).has(t, `action="`+takedown+`"`)
	if a := ann.sendForm(takedown, url.Values{"risk": {"abuse"}}); a.status != 403 {
		t.Errorf("by a creator: %d", a.status)
	}
	if a := olga.sendForm(takedown, url.Values{"risk": {"abuse"}}); a.status != 410 {
		t.Errorf("after the takedown: %d", a.status)
	}
	mine := bo.comments(note).Mine
	if d := h.visitor().comments(note); d.Count != 0 || len(mine) != 1 || mine[0].State != loam.Removed || !mine[0].Plead {
		t.Errorf("after the takedown: %d comments, her own %+v", d.Count, mine)
	}
}

// TestCommentHostile: what somebody writes into a comment stays words.
func TestCommentHostile(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	ann, bo := h.person("ann"), h.person("bo")
	note := ann.publish("周末去湖边的咖啡馆，人均35，靠窗，拿铁好喝，停车难", nil).Work
	evil := `<script>alert(1)</script><img src=x onerror=alert(2)>{{.}} </p></li> javascript:alert(3)`
	if c := bo.says(note, "", evil); c.Text != evil {
		t.Errorf("the words were changed: %q", c.Text)
	}
	a := h.visitor().must("GET", "/p/"+note, nil, nil)
	if strings.Contains(string(a.body), "<script>") || strings.Contains(string(a.body), "<img src=x") {
		t.Error("a comment became part of the page")
	}
	a.has(t, "&lt;script&gt;alert(1)")
	for _, text := range []string{"a\u202eb", "z" + strings.Repeat("\u0351", 20), "nul\x00", strings.Repeat("长", 1001), strings.Repeat("a\n", 60), "  "} {
		if a := bo.do("POST", "/api/works/"+note+"/comments", map[string]string{"text": text}, "Idempotency-Key", loam.NewSecret()); a.status != 422 {
			t.Errorf("%.20q: %d %s", text, a.status, a.body)
		}
	}
}

// TestCommentOfAModelIsLabelled: pasted model text is a model's under a note too.
func TestCommentOfAModelIsLabelled(t *testing.T) {
	t.Parallel()
	h := newHouse(t, withModel(newEngine(t, wellBehaved)))
	ann := h.person("ann")
	v := ann.publish("周末去湖边的咖啡馆，人均35，靠窗，拿铁好喝，停车难", nil)
	ann.generated(ann.begin("在家做空气炸锅红薯干，180度烤15分钟").ID)
	c := ann.says(v.Work, "", "雨点敲在玻璃上，杯子里的热气慢慢散开。")
	if c.AI != loam.IsAI || c.Notice == "" {
		t.Errorf("pasted model text: %+v", c)
	}
	if c := ann.says(v.Work, "", "外面在下雨"); c.AI != loam.NotAI {
		t.Errorf("her own words: %+v", c)
	}
	h.visitor().must("GET", "/p/"+v.Work, nil, nil).has(t, "内容由AI生成")

	var her web.CreatorView
	ann.must("PUT", "/api/account", map[string]any{"name": "安安", "bio": "外面在下雨", "no_ai": false}, nil)
	if h.visitor().must("GET", "/api/creators/ann", nil, &her); her.AI != loam.NotAI || her.Notice != "" {
		t.Errorf("her own bio: %+v", her)
	}
	ann.must("PUT", "/api/account", map[string]any{"name": "安安", "bio": "雨点敲在玻璃上，杯子里的热气慢慢散开。", "no_ai": false}, nil)
	if h.visitor().must("GET", "/api/creators/ann", nil, &her); her.AI != loam.IsAI || her.Notice == "" {
		t.Errorf("a bio of a model's: %+v", her)
	}
	h.visitor().must("GET", "/u/ann", nil, nil).has(t, her.Bio+"</p>", `<span class="notice">`+her.Notice)
}

// TestRenameMidPublish: a new name travels the line; what is on its way beside it goes out
// exactly as it was confirmed.
func TestRenameMidPublish(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	ann := h.person("ann")
	v := ann.submit(ann.begin("周末去湖边的咖啡馆，人均35，靠窗，拿铁好喝，停车难"), nil)
	v = ann.until(v.ID, "settled", settled)
	var me web.Me
	rename := func(name, bio string) {
		ann.must("PUT", "/api/account", map[string]any{"name": name, "bio": bio, "no_ai": false}, &me)
	}
	rename("安安", "湖边的人")
	if me.Account.Name != "安安" || me.Account.Bio != "湖边的人" {
		t.Fatalf("renamed: %+v", me.Account)
	}
	ann.must("POST", "/api/versions/"+v.ID+"/confirm", map[string]string{"release_hash": v.ReleaseHash}, nil)
	out := ann.until(v.ID, "released", released)
	if out.ReleaseHash != v.ReleaseHash || out.Hash != v.Hash {
		t.Errorf("a rename changed what was confirmed: %s, %s", out.ReleaseHash, v.ReleaseHash)
	}
	h.visitor().must("GET", "/u/ann", nil, nil).has(t, "安安", "湖边的人", out.Content.Title, "report")
	rename("沃土测试违禁词", "湖边的人")
	if me.Account.Name != "安安" {
		t.Errorf("a refused name is shown: %q", me.Account.Name)
	}
	var p web.ProfileView
	ann.must("GET", "/api/profile", nil, &p)
	if p.State != loam.Refused || p.Wanted != "沃土测试违禁词" || p.Reason == "" || !p.Plead {
		t.Errorf("profile: %+v", p)
	}
	rename("安安", "新的简介")
	if me.Account.Bio != "新的简介" {
		t.Errorf("after a refused name: %+v", me.Account)
	}
	profile, err := h.db.Profile(t.Context(), ann.account.ID)
	if err != nil || profile.State != loam.Released {
		t.Fatalf("profile: %+v, %v", profile, err)
	}
	h.person("olga", loam.Operator).must("POST", "/api/works/"+profile.Work+"/takedown", map[string]string{"reason": "abuse"}, nil)
	ann.must("GET", "/api/session", nil, &me)
	if me.Account.Name != "ann" || me.Account.Bio != "" {
		t.Errorf("a name that was taken down is still shown: %+v", me.Account)
	}
	var works []web.WorkLine
	ann.must("GET", "/api/works", nil, &works)
	if len(works) != 1 {
		t.Errorf("the list of notes has %d works: %+v", len(works), works)
	}
	fresh := h.visitor()
	fresh.must("POST", "/api/accounts", map[string]string{"handle": "newbie", "name": "新来的", "password": password}, &me)
	if me.Account.Name != "新来的" {
		t.Errorf("a new account is called %q", me.Account.Name)
	}
	h.visitor().must("POST", "/api/accounts", map[string]string{"handle": "newbie2", "name": "沃土测试违禁词", "password": password}, &me)
	if me.Account.Name != "newbie2" {
		t.Errorf("a new account got past screening: %q", me.Account.Name)
	}
}

// TestPublicPages: a page keeps its query in the other language, a tag of dots and strokes
// has a page like any other, and no cache keeps what one reader sees for the next.
func TestPublicPages(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	ann := h.person("ann")
	s := ann.begin("周末去湖边的咖啡馆，人均35，靠窗，拿铁好喝，停车难")
	ann.must("PUT", "/api/works/"+s.ID+"/draft", map[string]any{"revision": s.Revision, "tags": []string{"../../x", "50%?a"}}, &s)
	v := ann.until(ann.submit(s, nil).ID, "settled", settled)
	ann.must("POST", "/api/versions/"+v.ID+"/confirm", map[string]string{"release_hash": v.ReleaseHash}, nil)
	ann.until(v.ID, "released", released)
	see := h.visitor()
	note := see.must("GET", "/p/"+s.ID, nil, nil)
	note.has(t, `href="/t/..%2F..%2Fx"`, `href="/t/50%25%3Fa"`)
	if got := note.header.Get("Cache-Control"); got != "private, no-cache" {
		t.Errorf("a note is cached as %q", got)
	}
	for _, path := range []string{"/t/..%2F..%2Fx", "/t/50%25%3Fa"} {
		see.must("GET", path, nil, nil).has(t, v.Content.Title)
	}
	see.must("GET", "/search?q=%E5%92%96%E5%95%A1&offset=0", nil, nil).has(t, `href="?lang=en&amp;offset=0&amp;q=%E5%92%96%E5%95%A1"`)
	if lost := see.do("GET", "/nowhere", nil); lost.header.Get("Cache-Control") != "private, no-cache" {
		t.Errorf("a missing page is cached as %q", lost.header.Get("Cache-Control"))
	}
}

// TestIdeaForm: the box on the feed needs no script; what it sends stands in the app's page
// as words, whatever they are, and no cache keeps it.
func TestIdeaForm(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	see := h.visitor()
	page := see.sendForm("/app/", url.Values{"idea": {"一\r\n</template><script>"}, "kind": {"food"}})
	page.has(t, `<template id="given" data-kind="food">一`+"\n"+`&lt;/template&gt;&lt;script&gt;</template><div id="root">`)
	if got := page.header.Get("Cache-Control"); got != "no-store" {
		t.Errorf("cached as %q", got)
	}
	see.sendForm("/app/", url.Values{"example": {"b"}, "kind": {`"><b>`}}).has(t, `<template id="given" data-kind="">嗯就是教大家用空气炸锅`)
	if a := see.do("POST", "/app/", strings.NewReader("idea="), "Content-Type", formType, "Sec-Fetch-Site", "cross-site"); a.status != 403 {
		t.Errorf("another site's form: %d", a.status)
	}
}

// TestUsesAsked: each list asks what its creator allows.
func TestUsesAsked(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	ann := h.person("ann")
	for i, c := range []struct {
		index, recommend               bool
		audience                       loam.Audience
		feed, search, creator, related bool
	}{
		{true, true, loam.Public, true, true, true, true},
		{true, false, loam.Public, false, true, true, false},
		{false, true, loam.Public, true, false, false, true},
		{false, false, loam.Public, false, false, false, false},
		{true, true, loam.Unlisted, false, false, false, false},
		{true, true, loam.OnlyMe, false, false, false, false},
	} {
		word := []string{"薄荷", "茉莉", "月季", "桂花", "茶花", "兰花"}[i]
		s := ann.begin("在阳台种了两盆" + word + "，浇水三天一次，长得很快")
		ann.must("PUT", "/api/works/"+s.ID+"/draft", map[string]any{"revision": s.Revision, "title": "阳台上的" + word, "tags": []string{"阳台"}}, &s)
		v := ann.submit(s, func(x *loam.Choice) {
			x.Audience, x.Uses = c.audience, map[loam.Use]bool{loam.UseIndex: c.index, loam.UseRecommend: c.recommend}
		})
		v = ann.until(v.ID, "settled", settled)
		ann.must("POST", "/api/versions/"+v.ID+"/confirm", map[string]string{"release_hash": v.ReleaseHash}, &v)
		ann.until(v.ID, "released", released)
		reader := h.visitor()
		listed := func(who *client, path string) bool {
			return strings.Contains(string(who.must("GET", path, nil, nil).body), `"`+v.Work+`"`)
		}
		anchor := ann.begin("阳台的另一盆" + word + "，也长得快")
		ann.must("PUT", "/api/works/"+anchor.ID+"/draft", map[string]any{"revision": anchor.Revision, "title": "也是" + word, "tags": []string{"阳台"}}, &anchor)
		a := ann.submit(anchor, nil)
		a = ann.until(a.ID, "settled", settled)
		ann.must("POST", "/api/versions/"+a.ID+"/confirm", map[string]string{"release_hash": a.ReleaseHash}, &a)
		ann.until(a.ID, "released", released)
		for _, l := range []struct {
			name string
			path string
			want bool
		}{
			{"feed", "/api/feed", c.feed},
			{"search", "/api/search?q=" + url.QueryEscape("阳台上的"+word), c.search},
			{"topic", "/api/topics/" + url.PathEscape("阳台"), c.search},
			{"creator", "/api/creators/ann", c.creator},
			{"related", "/api/works/" + anchor.ID + "/related", c.related},
		} {
			if got := listed(reader, l.path); got != l.want {
				t.Errorf("%s with index %v, recommend %v, audience %s: listed %v, want %v", l.name, c.index, c.recommend, c.audience, got, l.want)
			}
		}
		if got := listed(ann, "/api/creators/ann"); got != (c.audience == loam.Public) {
			t.Errorf("her own page with index %v, audience %s: listed %v", c.index, c.audience, got)
		}
		if c.search {
			ann.must("PUT", "/api/works/"+v.Work+"/uses/index", map[string]bool{"allowed": false}, nil)
			if listed(reader, "/api/search?q="+url.QueryEscape(word)) {
				t.Errorf("%s is found after index was denied", word)
			}
		}
		ann.must("POST", "/api/versions/"+v.ID+"/withdraw", nil, nil)
		if listed(reader, "/api/search?q="+url.QueryEscape("阳台上的"+word)) || listed(reader, "/api/topics/"+url.PathEscape("阳台")) {
			t.Errorf("%s is found after it left", word)
		}
	}
}

// TestReactionsAndFigures: what readers do is counted once, without them, and its creator
// reads it against her own median.
func TestReactionsAndFigures(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	ann, bo := h.person("ann"), h.person("bo")
	note := ann.publish("周末去湖边的咖啡馆，人均35，靠窗，拿铁好喝，停车难", nil).Work
	var r web.ReactionsView
	for range 2 {
		bo.must("PUT", "/api/works/"+note+"/reactions/like", map[string]bool{"on": true}, &r)
	}
	if r.Likes != 1 || !r.Liked || r.Collects != 0 {
		t.Errorf("liked twice: %+v", r)
	}
	if a := bo.sendForm("/p/"+note+"/react", url.Values{"kind": {"collect"}, "on": {"yes"}}); a.status != 200 || !strings.Contains(string(a.body), `aria-pressed="true"`) {
		t.Errorf("collect by form: %d", a.status)
	}
	h.visitor().must("GET", "/api/works/"+note+"/reactions", nil, &r)
	if r.Likes != 1 || r.Collects != 1 || r.Liked {
		t.Errorf("as somebody else: %+v", r)
	}
	bo.refused(422, "request.invalid", "PUT", "/api/works/"+note+"/reactions/love", map[string]bool{"on": true})
	bo.says(note, "", "好喝")

	look := func(c *client, agent, from string) {
		header := []string{"User-Agent", agent}
		if from != "" {
			header = append(header, "Referer", h.url+from)
		}
		c.must("GET", "/p/"+note, nil, nil, header...)
	}
	reader := h.visitor()
	look(reader, browser, "/")
	look(reader, browser, "/search?q=x") // within half an hour
	look(h.visitor(), browser, "/search?q=x")
	look(h.visitor(), browser, "")
	look(h.visitor(), browser, "/u/ann")
	look(h.visitor(), browser, "/t/湖边")
	look(h.visitor(), "Googlebot/2.1", "/")
	look(h.visitor(), "", "")
	look(ann, browser, "/")
	h.visitor().must("GET", "/p/"+note, nil, nil, "User-Agent", browser, "Sec-Purpose", "prefetch")
	var f community.NoteFigures
	ann.must("GET", "/api/works/"+note+"/figures", nil, &f)
	if len(f.Notes) != 1 || len(f.Daily) != 28 || f.Daily[27].Day != loam.Day(time.Now().UnixMilli()) || f.Daily[27].Views != 5 {
		t.Fatalf("figures: %+v", f)
	}
	n := f.Notes[0]
	if n.Views != 5 || n.Likes != 1 || n.Collects != 1 || n.Comments != 1 {
		t.Errorf("tally: %+v", n)
	}
	for _, s := range loam.ViewSources() {
		if n.Sources[s] != 1 || f.Sources[s] != 1 {
			t.Errorf("from %s: %d", s, n.Sources[s])
		}
	}
	if f.Median.Notes != 1 || f.Median.Enough || f.Median.Views != 5 {
		t.Errorf("median: %+v", f.Median)
	}
	bo.refused(404, "work.not_found", "GET", "/api/works/"+note+"/figures", nil)
	var all struct {
		Figures []web.MeasureView
	}
	h.visitor().must("GET", "/api/transparency", nil, &all)
	if len(all.Figures) < 10 {
		t.Fatalf("%d public figures", len(all.Figures))
	}
	for _, m := range all.Figures {
		if m.Name == "glass."+m.Code || m.How == "glass."+m.Code+".how" || m.Unit == "" || m.To == 0 {
			t.Errorf("figure %+v", m)
		}
		if m.Code == "human.exposure" && (m.Value != 100 || m.Base != 5) {
			t.Errorf("exposure: %+v", m)
		}
	}
	h.visitor().must("GET", "/transparency", nil, nil).has(t, "公开数据", "真人笔记")
}

// TestFeedShare: an operator sets how much of the feed models may have made.
func TestFeedShare(t *testing.T) {
	t.Parallel()
	h := newHouse(t, withProducer)
	ann, olga := h.person("ann"), h.person("olga", loam.Operator)
	for i, idea := range []string{"下班买了糖炒栗子，25元一袋，很甜", "阳台的薄荷长得很快，三天浇一次", "旧书店淘到一本菜谱，8元", "夜里下雨，煮了一锅姜茶"} {
		ann.publish(idea, func(c *loam.Choice) { c.AI = i%2 == 1 })
	}
	count := func() (all, made int) {
		var f web.Feed
		h.visitor().must("GET", "/api/feed", nil, &f)
		for _, n := range f.Notes {
			if n.AI != loam.NotAI {
				made++
			}
		}
		return len(f.Notes), made
	}
	if all, made := count(); all != 2 || made != 0 {
		t.Errorf("at 30 %%: %d of %d", made, all)
	}
	ann.refused(403, "role.needed", "PUT", "/api/settings/feed", map[string]int{"most_made_percent": 50})
	olga.refused(422, "request.invalid", "PUT", "/api/settings/feed", map[string]int{"most_made_percent": 101})
	olga.must("PUT", "/api/settings/feed", map[string]int{"most_made_percent": 50}, nil)
	if all, made := count(); all != 4 || made != 2 {
		t.Errorf("at 50 %%: %d of %d", made, all)
	}
	olga.must("PUT", "/api/settings/feed", map[string]int{"most_made_percent": 0}, nil)
	if all, made := count(); all != 2 || made != 0 {
		t.Errorf("at 0 %%: %d of %d", made, all)
	}
	h.visitor().must("GET", "/transparency", nil, nil).has(t, "首页 AI 笔记上限")
	if a := h.visitor().do("GET", "/api/feed?cursor=zzzz", nil); a.status != http.StatusUnprocessableEntity {
		t.Errorf("a broken cursor: %d", a.status)
	}
}

// TestSearchPage: a note is found by words, reading and script, on a page without scripts.
func TestSearchPage(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	ann := h.person("ann")
	v := ann.publish("周末去杭州西湖边的咖啡馆，人均35，靠窗，拿铁好喝，停车难", nil)
	for _, q := range []string{"咖啡", "西湖 拿铁", "kafei", "咖啡館", "xihu", "停車"} {
		a := h.visitor().must("GET", "/search?q="+url.QueryEscape(q), nil, nil)
		a.has(t, "/p/"+v.Work, "<mark>")
	}
	h.visitor().must("GET", "/search?q="+url.QueryEscape("滑雪"), nil, nil).has(t, "没有找到")
	h.visitor().must("GET", "/search", nil, nil)
	a := h.visitor().must("GET", "/search?q="+url.QueryEscape(`"><script>x</script>`), nil, nil)
	if strings.Contains(string(a.body), "<script>x") {
		t.Error("a search became part of the page")
	}
	if a := h.visitor().do("GET", "/search?q="+strings.Repeat("a", 200), nil); a.status != 413 {
		t.Errorf("a long search: %d", a.status)
	}
	if a := h.visitor().do("GET", "/search?q=a&offset=999999", nil); a.status != 422 {
		t.Errorf("a far page: %d", a.status)
	}
}

// mostPage is what a note's page may weigh beside its pictures.
const mostPage = 100 << 10

// TestCommentStorm: ten thousand comments, each as long as may be, make a page no heavier,
// and all of them can be read.
func TestCommentStorm(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	ann, bo := h.person("ann"), h.person("bo")
	note := ann.publish("周末去湖边的咖啡馆，人均35，靠窗，拿铁好喝，停车难", nil).Work
	top := bo.says(note, "", "第一条").Work
	const storm = 10_000
	for _, q := range []string{
		`INSERT INTO works (id, owner, key, created, updated, form, on_work) SELECT printf('w%025d', n), ?2, printf('storm%05d', n), n, n, 'comment', ?1 FROM s`,
		`INSERT INTO versions (id, work, owner, number, revision, hash, content, ai, state, labelled, release_hash, confirmed_by, confirmed_at, submitted_at, updated_at)
			SELECT printf('v%025d', n), printf('w%025d', n), ?2, 1, 1, '', json_object('form', 'comment', 'on', ?1, 'parent', CASE n % 2 WHEN 0 THEN ?3 ELSE '' END, 'body', ?4 || n), 'none', 'released', 1, 'h', ?2, n, n, n FROM s`,
		`INSERT INTO releases (version, work, owner, release_hash, verdict, decision, confirmed_by, confirmed_at, audience, reach, released_at, form, on_work, parent)
			SELECT printf('v%025d', n), printf('w%025d', n), ?2, 'h', 'v', '', ?2, n, 'public', 'allow', n, 'comment', ?1, CASE n % 2 WHEN 0 THEN ?3 ELSE '' END FROM s`,
	} {
		series := fmt.Sprintf(`WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < %d) `, storm)
		if _, err := h.db.Pool().ExecContext(t.Context(), strings.Replace(q, "SELECT", series+"SELECT", 1), note, bo.account.ID, top, strings.Repeat("长", 990)); err != nil {
			t.Fatal(err)
		}
	}
	for _, path := range []string{"/p/" + note, "/p/" + note + "/comments"} {
		a := bo.must("GET", path, nil, nil)
		a.has(t, "评论 10001")
		if len(a.body) > mostPage {
			t.Errorf("%s weighs %d KB, want at most %d", path, len(a.body)>>10, mostPage>>10)
		}
	}
	seen, pages, next := map[string]bool{}, 0, ""
	for {
		var d web.DiscussionView
		bo.must("GET", "/api/works/"+note+"/comments?thread="+top+"&cursor="+next, nil, &d)
		for _, c := range d.Comments {
			if seen[c.Work] {
				t.Fatalf("%s comes twice", c.Work)
			}
			seen[c.Work] = true
		}
		if pages++; d.Next == "" {
			break
		}
		next = d.Next
	}
	if len(seen) != storm/2 {
		t.Errorf("%d answers in %d pages, want %d", len(seen), pages, storm/2)
	}
}
