package main

import (
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"

	"loam"
	"loam/internal/web"
)

// eventually waits until something outside the page holds.
func (p *page) eventually(what string, ok func() bool) {
	p.t.Helper()
	for end := time.Now().Add(20 * time.Second); !ok(); pause(p.ctx, 100*time.Millisecond) {
		if time.Now().After(end) {
			p.fail(fmt.Errorf("waited in vain for %s", what))
		}
	}
}

// TestBrowserTakeBack: a published note is taken back and a note is deleted by keyboard; for
// five seconds that can be undone, and a page that is left does not wait so long.
func TestBrowserTakeBack(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	ann := h.person("ann")
	v := ann.publish("周末去湖边的咖啡馆，人均35，靠窗，拿铁好喝", nil)
	seen := func() int { return h.visitor().do("GET", "/p/"+v.Work, nil).status }
	p := openPage(t, h.url, 1280, 900)
	p.signIn("ann")
	p.open("/app/note/" + v.Work)
	p.wait("what it allows", `[...document.querySelectorAll("aside .panel")].some(x => x.innerText.includes("训练 否"))`)
	p.push("#withdraw")
	p.wait("the focus on the undo", `document.activeElement.matches(".undo-act")`)
	p.sees("读者看不到这篇了")
	p.press(kb.Enter)
	p.wait("the focus where it was", `!document.querySelector(".undo-act")`)
	pause(p.ctx, 6*time.Second) // longer than it can be undone
	if got := seen(); got != 200 {
		t.Errorf("after the undo: %d", got)
	}
	p.push("#withdraw")
	p.wait("the undo", `document.querySelector(".undo-act")`)
	p.open("/app/")
	p.eventually("the withdrawal", func() bool { return seen() == 410 })

	p.open("/app/note/" + v.Work)
	p.wait("the draft", `document.querySelector("#body").value.includes("湖边") && !document.querySelector("#withdraw")`)
	p.push("#delete")
	p.wait("the first page", `location.pathname === "/app" || location.pathname === "/app/"`)
	p.eventually("the deletion", func() bool { return ann.do("GET", "/api/works/"+v.Work, nil).status == 404 })
	p.quiet()
}

// TestBrowserTemplates: a template gives its kind and as many of its topics as there is room
// for, on top of what is typed but not yet saved; dropping one can be undone.
func TestBrowserTemplates(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	ann := h.person("ann")
	put := func(s *web.Sheet, change map[string]any) {
		change["revision"] = s.Revision
		ann.must("PUT", "/api/works/"+s.ID+"/draft", change, s)
	}
	shape := ann.begin("周末去湖边的咖啡馆，人均35，靠窗，拿铁好喝")
	put(&shape, map[string]any{"tags": []string{"咖啡", "探店", "西湖"}})
	ann.must("POST", "/api/templates", map[string]any{"name": "探店用", "work": shape.ID, "pages": false}, nil)
	s := ann.begin("今天下班走回家，风很舒服，路边的桂花开了")
	put(&s, map[string]any{"tags": []string{"一", "二", "三", "四", "五", "六", "七", "八"}})
	p := openPage(t, h.url, 1280, 900)
	p.signIn("ann")
	note := s.ID
	p.open("/app/note/" + note)
	p.typeInto("#body", "刚写的，还没存")
	p.push("#templates")
	p.push(".templates .chip")
	p.sees("有 1 个没放进来")
	p.eventually("the shape", func() bool {
		var s web.Sheet
		ann.must("GET", "/api/works/"+note, nil, &s)
		return s.Draft.Kind == shape.Draft.Kind && len(s.Draft.Tags) == 10 && s.Draft.Tags[7] == "八" && s.Draft.Tags[9] == "探店" && s.Body == "刚写的，还没存"
	})

	list := func() (n int) {
		var all []loam.Template
		ann.must("GET", "/api/templates", nil, &all)
		return len(all)
	}
	p.push(".templates li button:last-child")
	p.wait("it is gone", `!document.querySelector(".templates li")`)
	p.push(".undo-act")
	p.wait("it is back", `document.querySelector(".templates li")`)
	p.push(".templates li button:last-child")
	p.wait("it is gone", `!document.querySelector(".templates li")`)
	if list() != 1 {
		t.Error("it was deleted at once")
	}
	p.open("/app/")
	p.eventually("the deletion", func() bool { return list() == 0 })
	p.quiet()
}

// TestBrowserNotes: the list of notes stands in groups and goes on beyond the newest fifty.
func TestBrowserNotes(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	ann := h.person("ann")
	v := ann.publish("周末去湖边的咖啡馆，人均35，靠窗，拿铁好喝", nil)
	last := ""
	for i := range 52 {
		last = ann.begin(fmt.Sprintf("第%d天，下班走回家，风很舒服", i)).ID
	}
	p := openPage(t, h.url, 1280, 900)
	p.signIn("ann")
	p.open("/app/note/" + last)
	p.wait("fifty notes", `document.querySelectorAll(".notes section[aria-label='草稿'] li").length === 50`)
	p.push("#more-notes")
	p.wait("all notes", `document.querySelectorAll(".notes section[aria-label='草稿'] li").length === 52`)
	p.wait("the published one", `document.querySelector(".notes section[aria-label='已发布'] a[href$='`+v.Work+`']")`)
	p.quiet()
}
