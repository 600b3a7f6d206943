package main

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"loam"
	"loam/internal/web"
)

// noticeOn is a notice about addresses as an integrator sends it.
func noticeOn(addresses ...string) map[string]any {
	return map[string]any{
		"right": "copyright", "works": addresses, "name": "周宁", "contact": "zhou@example.com", "standing": "owner",
		"text": "第二张图是我 2024 年拍的，原片在我这里。", "links": []string{"https://example.com/original"}, "truthful": true,
	}
}

// rules leases the open case about a claim and decides it with effect.
func (c *client) rules(claim, ruling, reason string) {
	c.h.t.Helper()
	var queue []loam.Case
	c.must("GET", "/api/review/queue", nil, &queue)
	for _, q := range queue {
		if q.Appeal != claim {
			continue
		}
		var held web.CaseView
		c.must("POST", "/api/review/cases/"+q.ID+"/lease", nil, &held)
		var d web.DecisionView
		c.must("POST", "/api/review/cases/"+q.ID+"/decision", map[string]any{"token": held.Token, "ruling": ruling, "reason": reason}, &d)
		if d.Statement == "" || strings.Contains(d.Statement, "statement.") {
			c.h.t.Errorf("she is told %q", d.Statement)
		}
		if err := c.h.db.Apply(c.h.t.Context(), d.ID); err != nil {
			c.h.t.Fatal(err)
		}
		return
	}
	c.h.t.Fatalf("no case of claim %s among %d", claim, len(queue))
}

// TestNotices: a notice by a program, from receipt to restoration: who may read what of it, and
// what each side is told.
func TestNotices(t *testing.T) {
	t.Parallel()
	h := newHouse(t, withProducer)
	ann, bob, rita, remy := h.person("ann"), h.person("bob"), h.person("rita", loam.Reviewer), h.person("remy", loam.Reviewer)
	v := ann.publish("湖边的两支防晒，都用了一个夏天", nil)
	visitor := h.visitor()
	var n web.NoticeView
	a := visitor.must("POST", "/api/notices", noticeOn(h.url+"/p/"+v.Work), &n)
	if strings.Contains(string(a.body), "zhou@") || strings.Contains(string(a.body), "周宁") || len(n.Number) != 32 || len(n.Claims) != 1 || n.Claims[0].State != loam.ClaimOpen {
		t.Fatalf("the receipt is %s", a.body)
	}
	page := visitor.must("GET", "/notice/"+n.Number, nil, nil)
	page.has(t, n.Number, "等待处理", "转给发布者", `content="noindex"`)
	if strings.Contains(string(page.body), "zhou@") {
		t.Error("the page says how to reach the claimant")
	}
	h.visitor().must("GET", "/p/"+v.Work, nil, nil)
	visitor.refused(409, "notice.twice", "POST", "/api/notices", noticeOn(h.url+"/p/"+v.Work))

	var claims []web.ClaimView
	a = ann.must("GET", "/api/claims", nil, &claims)
	if len(claims) != 1 || claims[0].Name != "周宁" || claims[0].Title == "" || strings.Contains(string(a.body), "zhou@") || strings.Contains(string(a.body), n.Number) {
		t.Fatalf("the uploader reads %s", a.body)
	}
	bob.must("GET", "/api/claims", nil, &claims)
	if len(claims) != 0 {
		t.Errorf("another creator reads %+v", claims)
	}
	claim := n.Claims[0].ID
	rita.rules(claim, "limit", "evidence")
	visitor.must("GET", "/notice/"+n.Number, nil, nil).has(t, "审核员问", "提交回复")
	visitor.must("POST", "/api/notices/"+n.Number+"/claims/"+claim, map[string]any{"text": "原片的元数据在链接里，请看。"}, nil)
	rita.rules(claim, "remove", "infringes")
	if a := visitor.do("GET", "/p/"+v.Work, nil); a.status != http.StatusGone {
		t.Errorf("after it was upheld readers get %d", a.status)
	}
	var view web.VersionView
	ann.must("GET", "/api/versions/"+v.ID, nil, &view)
	if view.Statement == nil || view.Statement.Claim != claim || !strings.Contains(view.Reason, "侵权通知") {
		t.Errorf("she is told %q, %+v", view.Reason, view.Statement)
	}
	ann.refused(409, "appeal.notice", "POST", "/api/versions/"+v.ID+"/appeal", map[string]string{"text": "不是"})
	counter := map[string]any{"text": "这张是我自己拍的，底片在这里。", "links": []string{"https://example.com/mine"}}
	bob.refused(404, "claim.not_found", "POST", "/api/claims/"+claim+"/counter", counter)
	ann.must("POST", "/api/claims/"+claim+"/counter", counter, nil)
	ann.refused(409, "claim.countered", "POST", "/api/claims/"+claim+"/counter", counter)
	visitor.must("GET", "/notice/"+n.Number, nil, nil).has(t, "底片在这里", "到时恢复", "没有收到你已投诉或起诉")
	remy.rules(claim, "allow", "permitted")
	visitor.must("GET", "/p/"+v.Work, nil, nil)
	visitor.must("GET", "/notice/"+n.Number, nil, nil).has(t, "已恢复", "发布者有授权")
	visitor.refused(409, "claim.over", "DELETE", "/api/notices/"+n.Number, nil)
}

// TestNoticeForm: the page works without a script, says what is wrong and keeps what was typed,
// and nothing that was typed is markup.
func TestNoticeForm(t *testing.T) {
	t.Parallel()
	h := newHouse(t, withProducer)
	ann := h.person("ann")
	v := ann.publish("湖边的两支防晒，都用了一个夏天", nil)
	c := h.visitor()
	c.must("GET", "/p/"+v.Work, nil, nil).has(t, "/notice?work=/p/"+v.Work)
	c.must("GET", "/notice?work=/p/"+v.Work, nil, nil).has(t, "/p/"+v.Work+"</textarea>")
	send := func(change url.Values) answer {
		t.Helper()
		f := url.Values{
			"right": {"voice"}, "works": {"/p/" + v.Work}, "name": {"周宁"}, "contact": {"13800000000"}, "standing": {"agent"},
			"text": {"录音里是我的声音，<b>没有同意</b>。"}, "truthful": {"yes"},
		}
		for k, list := range change {
			f[k] = list
		}
		return c.do("POST", "/notice", strings.NewReader(f.Encode()), "Content-Type", "application/x-www-form-urlencoded")
	}
	for name, bad := range map[string]struct {
		change url.Values
		status int
		says   string
	}{
		"no right":    {url.Values{"right": {"all"}}, 422, "请选择侵犯的是哪种权利"},
		"elsewhere":   {url.Values{"works": {"https://elsewhere.example/p/" + v.Work}}, 422, "不在这个社区"},
		"no address":  {url.Values{"works": {"<script>alert(1)</script>"}}, 422, "&lt;script&gt;"},
		"unknown":     {url.Values{"works": {"/p/" + loam.NewID(time.Now())}}, 404, "不存在"},
		"not true":    {url.Values{"truthful": {""}}, 422, "请确认内容属实"},
		"a bad link":  {url.Values{"links": {"javascript:alert(1)"}}, 422, "不是能用的链接"},
		"long":        {url.Values{"text": {strings.Repeat("长", 5001)}}, 422, "10–5000"},
		"many works":  {url.Values{"works": {strings.Repeat("/p/"+v.Work+"\n", 21)}}, 422, "1–20"},
		"no name":     {url.Values{"name": {"\x00\x01"}}, 422, "姓名要"},
		"no standing": {url.Values{"standing": {"fan"}}, 422, "请选择你的身份"},
	} {
		c.address = fmt.Sprintf("10.9.%d.1", len(name)) // each from a house of its own
		a := send(bad.change)
		if a.status != bad.status {
			t.Errorf("%s: %d", name, a.status)
		}
		a.has(t, bad.says, "13800000000", `role="alert"`)
		if strings.Contains(string(a.body), "<b>没有") || strings.Contains(string(a.body), "<script>alert") {
			t.Errorf("%s: what was typed is markup", name)
		}
	}
	huge := c.do("POST", "/notice", strings.NewReader("text="+strings.Repeat("a", 20<<20)), "Content-Type", "application/x-www-form-urlencoded")
	if huge.status != http.StatusRequestEntityTooLarge {
		t.Errorf("20 MB: %d", huge.status)
	}
	c.refused(413, "request.too_large", "POST", "/api/notices", map[string]any{"text": strings.Repeat("a", 20<<20)})
	a := send(nil) // the client follows to the page of the number
	a.has(t, "侵权通知的受理编号", "&lt;b&gt;没有同意")
}

// TestNoticeNumbers: a guess gets the same answer every time and soon none, and a number gives
// nothing of another notice.
func TestNoticeNumbers(t *testing.T) {
	t.Parallel()
	h := newHouse(t, withProducer)
	ann := h.person("ann")
	v, w := ann.publish("湖边的两支防晒，都用了一个夏天", nil), ann.publish("下班买了糖炒栗子，25元一袋，很甜", nil)
	c := h.visitor()
	var one, two web.NoticeView
	c.must("POST", "/api/notices", noticeOn("/p/"+v.Work), &one)
	c.must("POST", "/api/notices", noticeOn("/p/"+w.Work), &two)
	c.refused(404, "notice.not_found", "POST", "/api/notices/"+one.Number+"/claims/"+two.Claims[0].ID, map[string]any{"text": "想说点别的事情，和这个编号无关。"})
	c.refused(404, "notice.not_found", "GET", "/api/notices/"+web.Digest(one.Number), nil)
	guesser := h.visitor()
	first := guesser.do("GET", "/api/notices/"+loam.NewSecret(), nil)
	limited := 0
	for range 40 {
		switch a := guesser.do("GET", "/api/notices/"+loam.NewSecret(), nil); {
		case a.status == http.StatusTooManyRequests:
			limited++
		case string(a.body) != string(first.body) || a.status != first.status:
			t.Errorf("a guess gets %d %s, another %d %s", a.status, a.body, first.status, first.body)
		}
	}
	if limited == 0 {
		t.Error("who guesses is never stopped")
	}
	ann.refused(409, "notice.own", "POST", "/api/notices", noticeOn("/p/"+w.Work, "/p/"+v.Work))
	c.must("DELETE", "/api/notices/"+one.Number, nil, nil)
	c.refused(409, "claim.over", "DELETE", "/api/notices/"+one.Number, nil)
	c.must("POST", "/api/notices", noticeOn("/p/"+v.Work), nil)
}

// TestNoticeCase: a reviewer sees who sent it and the registration; a reviewer who sent it does
// not.
func TestNoticeCase(t *testing.T) {
	t.Parallel()
	h := newHouse(t, withProducer)
	ann, rita, remy := h.person("ann"), h.person("rita", loam.Reviewer), h.person("remy", loam.Reviewer)
	v := ann.publish("湖边的两支防晒，都用了一个夏天", nil)
	rita.must("POST", "/api/notices", noticeOn("/p/"+v.Work), nil)
	var queue []loam.Case
	rita.must("GET", "/api/review/queue", nil, &queue)
	if len(queue) != 0 {
		t.Errorf("her own notice is offered: %+v", queue)
	}
	remy.must("GET", "/api/review/queue", nil, &queue)
	rita.refused(403, "review.own_work", "GET", "/api/review/cases/"+queue[0].ID, nil)
	var c web.CaseView
	remy.must("GET", "/api/review/cases/"+queue[0].ID, nil, &c)
	if c.Notice == nil || c.Notice.Notice.Contact != "zhou@example.com" || c.Notice.Own.Work != v.Work || c.Notice.Open != 1 {
		t.Errorf("the case has %+v", c.Notice)
	}
	remy.must("POST", "/api/review/cases/"+queue[0].ID+"/lease", nil, &c)
	decide := func(status int, code, ruling, reason, phrase string) {
		t.Helper()
		remy.refused(status, code, "POST", "/api/review/cases/"+queue[0].ID+"/decision", map[string]any{"token": c.Token, "ruling": ruling, "reason": reason, "phrase": phrase})
	}
	decide(422, "reason.unknown", "remove", "fraud", "")
	decide(422, "claim.phrase_length", "remove", "infringes", "猫")
	decide(422, "claim.phrase_length", "remove", "infringes", "\u200b\u200b")
	decide(422, "claim.phrase", "allow", "unproven", "湖边的猫")
}

// TestRepeatInfringer: enough upheld notices keep her from publishing, she reads why and appeals.
func TestRepeatInfringer(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(c *config) { withProducer(c); c.RepeatNotices = 1 })
	ann, rita, remy := h.person("ann"), h.person("rita", loam.Reviewer), h.person("remy", loam.Reviewer)
	v := ann.publish("湖边的两支防晒，都用了一个夏天", nil)
	var n web.NoticeView
	h.visitor().must("POST", "/api/notices", noticeOn("/p/"+v.Work), &n)
	rita.rules(n.Claims[0].ID, "remove", "infringes")
	s := ann.begin("下班买了糖炒栗子，25元一袋，很甜")
	ann.refused(403, "account.barred", "POST", "/api/works/"+s.ID+"/submit", loam.Choice{Revision: s.Revision, Audience: loam.Public, Uses: map[loam.Use]bool{}})
	var list []loam.Suspension
	ann.must("GET", "/api/suspensions", nil, &list)
	if len(list) != 1 || len(list[0].Claims) != 1 || list[0].Until < time.Now().UnixMilli() {
		t.Fatalf("she reads %+v", list)
	}
	ann.must("POST", "/api/suspensions/"+list[0].ID+"/appeal", map[string]string{"text": "这是误会"}, nil)
	var queue []loam.Case
	remy.must("GET", "/api/review/queue", nil, &queue)
	var c web.CaseView
	remy.must("GET", "/api/review/cases/"+queue[0].ID, nil, &c)
	if c.Kind != loam.CaseBarred || c.Barred == nil || c.Barred.Appeal != "这是误会" {
		t.Fatalf("the case is %+v", c.Case)
	}
	remy.rules(list[0].ID, "allow", "ok")
	ann.publish("下班买了糖炒栗子，25元一袋，很甜", nil)
}
