package main

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"loam"
	"loam/internal/web"
)

// TestSchedule: a confirmed note waits for its moment; the line of states says until when.
func TestSchedule(t *testing.T) {
	t.Parallel()
	h := newHouse(t, withProducer)
	ana := h.person("ana")
	s := ana.begin("周末去杭州西湖边的咖啡馆，人均35，靠窗，拿铁好喝，停车难")
	at := time.Now().Add(2 * time.Hour).UnixMilli()
	for _, wrong := range []int64{1, time.Now().UnixMilli(), time.Now().Add(59 * time.Minute).UnixMilli(), time.Now().Add(15 * 24 * time.Hour).UnixMilli()} {
		ana.refused(422, "schedule.out_of_range", "POST", "/api/works/"+s.ID+"/submit",
			loam.Choice{Revision: s.Revision, Uses: map[loam.Use]bool{}, Audience: loam.Public, Scheduled: wrong})
	}
	v := ana.submit(s, func(c *loam.Choice) { c.Scheduled = at })
	v = ana.until(v.ID, "settled", settled)
	ana.must("POST", "/api/versions/"+v.ID+"/confirm", map[string]string{"release_hash": v.ReleaseHash}, &v)
	if v.State != loam.Cleared || v.Content.Scheduled != at || v.ConfirmedAt == 0 {
		t.Fatalf("got %s, scheduled %d, confirmed %d", v.State, v.Content.Scheduled, v.ConfirmedAt)
	}
	if a := h.visitor().do("GET", "/p/"+s.ID, nil); a.status != 404 {
		t.Errorf("readers see it already: %d", a.status)
	}
	var list []web.WorkLine
	ana.must("GET", "/api/works", nil, &list)
	if list[0].Latest.Scheduled != at || !list[0].Latest.Confirmed {
		t.Errorf("got %+v", list[0].Latest)
	}
}

// TestHistory: what was overwritten can be read and brought back; nobody else can.
func TestHistory(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	ana, bo := h.person("ana"), h.person("bo")
	s := ana.begin("今天下班走回家，风很舒服")
	first := s.Body
	ana.must("PUT", "/api/works/"+s.ID+"/draft", map[string]any{"revision": s.Revision, "body": "全删了"}, &s)
	var edits []loam.Edit
	ana.must("GET", "/api/works/"+s.ID+"/edits", nil, &edits)
	if len(edits) != 2 || !slices.Equal(edits[0].Fields, []string{"body"}) {
		t.Fatalf("got %+v", edits)
	}
	var was web.Earlier
	ana.must("GET", "/api/works/"+s.ID+"/edits/1", nil, &was)
	if was.Body != first {
		t.Errorf("got %q, want %q", was.Body, first)
	}
	bo.refused(404, "history.not_kept", "GET", "/api/works/"+s.ID+"/edits/1", nil)
	bo.refused(404, "history.not_kept", "POST", "/api/works/"+s.ID+"/restore", map[string]any{"revision": s.Revision, "from": 1})
	ana.refused(409, "draft.changed", "POST", "/api/works/"+s.ID+"/restore", map[string]any{"revision": 1, "from": 1})
	ana.must("POST", "/api/works/"+s.ID+"/restore", map[string]any{"revision": s.Revision, "from": 1}, &s)
	if s.Body != first || s.Revision != 3 {
		t.Errorf("got %q at %d", s.Body, s.Revision)
	}
}

// TestCreationLog: the log is a signed note that x/mod's own verifier accepts, and one
// changed byte breaks it.
func TestCreationLog(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	ana, bo := h.person("ana"), h.person("bo")
	v := ana.publish("今天下班走回家，风很舒服", nil)
	var site web.Site
	ana.must("GET", "/api/site", nil, &site)
	signed := ana.must("GET", "/api/works/"+v.Work+"/log", nil, nil).body
	verifier, err := note.NewVerifier(site.Key)
	if err != nil {
		t.Fatal(err)
	}
	n, err := note.Open(signed, note.VerifierList(verifier))
	if err != nil {
		t.Fatal(err)
	}
	var l loam.CreationLog
	if err := json.Unmarshal([]byte(n.Text), &l); err != nil {
		t.Fatal(err)
	}
	if l.Format != loam.CreationLogFormat || l.Creator != "ana" || len(l.Edits) != 1 || len(l.Versions) != 1 ||
		l.Versions[0].ReleaseHash != v.ReleaseHash || l.Draft.Idea == "" {
		t.Errorf("got %+v", l)
	}
	file := filepath.Join(t.TempDir(), "log.txt")
	for what, raw := range map[string][]byte{"": signed, "changed": bytes.Replace(signed, []byte("风很舒服"), []byte("风很舒坦"), 1)} {
		var out, errs bytes.Buffer
		a := &app{ctx: t.Context(), in: bytes.NewReader(raw), out: &out, err: &errs, getenv: func(string) string { return "" }}
		if err := a.write(file+what, raw); err != nil {
			t.Fatal(err)
		}
		code := run(a, []string{"creation", "verify", "--key", site.Key, file + what})
		if want := map[string]int{"": 0, "changed": 1}[what]; code != want {
			t.Errorf("%q: got exit code %d, want %d: %s", what, code, want, &errs)
		}
	}
	var out, errs bytes.Buffer
	a := &app{ctx: t.Context(), out: &out, err: &errs, getenv: func(string) string { return "" }}
	if code := run(a, []string{"creation", "verify", "--read", "--key", site.Key, file}); code != 0 {
		t.Fatalf("got exit code %d: %s", code, &errs)
	}
	answer{body: out.Bytes()}.has(t, `by @"ana"`, `draft 1	"begin"`, "model 0 %", "confirmed by its creator")
	bo.refused(404, "work.not_found", "GET", "/api/works/"+v.Work+"/log", nil)
}

// TestPack: what leaves by hand leaves with its labels.
func TestPack(t *testing.T) {
	t.Parallel()
	h := newHouse(t, withProducer)
	ana, bo := h.person("ana"), h.person("bo")
	v := ana.submit(ana.begin("周末去杭州西湖边的咖啡馆，人均35，靠窗，拿铁好喝"), func(c *loam.Choice) { c.AI = true })
	v = ana.until(v.ID, "settled", settled)
	raw := ana.must("GET", "/api/versions/"+v.ID+"/pack", nil, nil).body
	files := map[string]string{}
	for name, b := range unzipped(t, raw) {
		files[name] = string(b)
	}
	if !strings.HasPrefix(files["title.txt"], v.Content.Title) || !strings.Contains(files["title.txt"], web.Notice(v.Content.TextAI)) || !strings.Contains(files["body.txt"], web.Notice(v.Content.TextAI)) ||
		!strings.HasPrefix(files["tags.txt"], "#") && len(v.Content.Tags) > 0 || files["note.md"] == "" || files["note.json"] == "" {
		t.Errorf("got %q", files)
	}
	for i := range v.Content.Assets {
		name := "pictures/" + string(rune('1'+i)) + ".png"
		var found struct{ State string }
		var out bytes.Buffer
		a := &app{ctx: t.Context(), in: strings.NewReader(files[name]), out: &out, err: &out, getenv: func(string) string { return "" }}
		if code := run(a, []string{"inspect", "--json", "-"}); code != 0 {
			t.Fatalf("%s: %s", name, &out)
		}
		if err := json.Unmarshal(out.Bytes(), &found); err != nil || found.State == "none" {
			t.Errorf("%s carries no label: %s", name, &out)
		}
	}
	bo.refused(404, "version.not_found", "GET", "/api/versions/"+v.ID+"/pack", nil)
}

// TestTemplates: the shape of one note begins the next.
func TestTemplates(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	ana, bo := h.person("ana"), h.person("bo")
	s := ana.begin("周末去杭州西湖边的咖啡馆，人均35，靠窗，拿铁好喝")
	var m loam.Template
	ana.must("POST", "/api/templates", map[string]any{"name": " 我的 探店 ", "work": s.ID, "pages": true}, &m)
	if m.Name != "我的 探店" || m.Shape.Style != s.Draft.Style || len(m.Shape.Pages) != len(s.Draft.Pages) {
		t.Errorf("got %+v", m)
	}
	bo.refused(404, "work.not_found", "POST", "/api/templates", map[string]any{"name": "x", "work": s.ID, "pages": true})
	ana.refused(422, "template.name", "POST", "/api/templates", map[string]any{"name": "  ", "work": s.ID, "pages": false})
	ana.refused(413, "template.name_long", "POST", "/api/templates", map[string]any{"name": strings.Repeat("长", 41), "work": s.ID, "pages": false})
	bo.refused(404, "template.not_found", "DELETE", "/api/templates/"+m.ID, nil)
	ana.must("DELETE", "/api/templates/"+m.ID, nil, nil)
	var list []loam.Template
	ana.must("GET", "/api/templates", nil, &list)
	if len(list) != 0 {
		t.Errorf("got %d templates", len(list))
	}
}

// TestReviewEvidence: a case shows the work it is alike to, and earlier rulings of its risk.
func TestReviewEvidence(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	ann, bo, rita := h.person("ann"), h.person("bo"), h.person("rita", loam.Reviewer)
	const idea = "周末去湖边的旧书店，二楼靠窗的位置能看见整片湖，老板养了两只橘猫，买书送手写书签，咖啡二十八一杯，下午三点后人就少了，回来坐的末班车"
	first := ann.publish(idea, nil)
	caseOf := func(v web.VersionView) web.CaseView {
		t.Helper()
		v = bo.until(v.ID, "held", func(v web.VersionView) bool { return v.State == loam.Held })
		var queue []loam.Case
		rita.must("GET", "/api/review/queue", nil, &queue)
		i := slices.IndexFunc(queue, func(c loam.Case) bool { return c.Version == v.ID })
		if i < 0 {
			t.Fatal("no case in the queue")
		}
		var c web.CaseView
		rita.must("POST", "/api/review/cases/"+queue[i].ID+"/lease", nil, &c)
		return c
	}
	c := caseOf(bo.submit(bo.begin(idea), nil))
	if len(c.Copies) != 1 || c.Copies[0].Work != first.Work || c.Copies[0].Handle != "ann" || len(c.Precedents) != 0 {
		t.Errorf("got copies %+v, precedents %+v", c.Copies, c.Precedents)
	}
	rita.must("POST", "/api/review/cases/"+c.ID+"/decision", map[string]any{"token": c.Token, "ruling": "remove", "reason": "copy"}, nil)
	var day loam.ReviewDay
	rita.must("GET", "/api/review/day", nil, &day)
	if day.Decided != 1 {
		t.Errorf("got %+v", day)
	}
	ann.refused(403, "role.needed", "GET", "/api/review/day", nil)
	for end := time.Now().Add(20 * time.Second); ; pause(t.Context(), 200*time.Millisecond) {
		if v, err := h.db.Version(t.Context(), c.Version); err != nil || v.State == loam.Refused {
			break
		}
		if time.Now().After(end) {
			t.Fatal("the ruling does not take effect")
		}
	}
	again := caseOf(bo.submit(bo.begin(idea), nil))
	if len(again.Precedents) != 1 || again.Precedents[0].Alike == 0 || again.Precedents[0].Ruling != loam.RuleRemove {
		t.Errorf("got precedents %+v", again.Precedents)
	}
}

// TestStatementRests: a statement of reasons names what its decision rests on, and nothing
// else that was found.
func TestStatementRests(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	ann, boss := h.person("ann"), h.person("boss", loam.Operator)
	v := ann.submit(ann.begin("在阳台种了两盆薄荷，这里有沃土测试违禁词"), nil)
	v = ann.until(v.ID, "refused", func(v web.VersionView) bool { return v.State == loam.Refused })
	for _, f := range v.Statement.Findings {
		if f.Detector != "phrases" {
			t.Errorf("refused for %s, and named: %+v", v.Statement.Rule, f)
		}
	}
	if v.Statement.By != "machine" || len(v.Statement.Findings) == 0 {
		t.Errorf("got %+v", v.Statement)
	}

	v = ann.publish("今天下班走回家，路上买了糖炒栗子，很甜", nil) // the account is new: that was found
	boss.must("POST", "/api/works/"+v.Work+"/takedown", map[string]string{"reason": "ip"}, nil)
	ann.must("GET", "/api/versions/"+v.ID, nil, &v)
	if s := v.Statement; s == nil || s.By != "person" || s.Reason != "ip" || len(s.Findings) != 0 {
		t.Errorf("taken down: %+v", s)
	}
}
