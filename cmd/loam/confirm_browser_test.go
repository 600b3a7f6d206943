package main

import (
	"testing"

	"github.com/chromedp/chromedp"

	"loam"
	"loam/internal/web"
)

// TestBrowserConfirmFits: the confirm sheet and its button fit the window, however long the
// note is.
func TestBrowserConfirmFits(t *testing.T) {
	t.Parallel()
	h := newHouse(t, withProducer)
	ann := h.person("ann")
	s := ann.begin(word(t, "first.c", 0))
	p := openPage(t, h.url, 1366, 768)
	p.signIn("ann")
	for _, lang := range []string{"zh", "en"} {
		eval[bool](p, `document.cookie = "lang=`+lang+`; path=/", true`)
		for _, size := range [][2]int64{{1366, 768}, {1440, 900}} {
			p.run(chromedp.EmulateViewport(size[0], size[1]))
			p.open("/app/note/" + s.ID)
			p.push("#continue")
			p.tabTo("#confirm:not([disabled])")
			p.wait("pictures", `[...document.querySelectorAll(".confirm img")].every(i => i.complete && i.naturalWidth)`)
			over := eval[int](p, `(e => e.scrollHeight - e.clientHeight)(document.querySelector(".confirm").closest(".ant-drawer-body"))`)
			p.shots("fits-" + lang)
			if over > 0 {
				t.Errorf("%s, %v: the sheet is %d px too high", lang, size, over)
			}
		}
	}
	p.quiet()
}

// TestBrowserContinueAfterRemoval: to continue is with the draft as it is now; the version
// that was taken down, and its appeal, stay where versions are looked at.
func TestBrowserContinueAfterRemoval(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	ann := h.person("ann")
	v := ann.publish("周末去湖边的咖啡馆，人均35，靠窗，拿铁好喝", nil)
	var s web.Sheet
	ann.must("GET", "/api/works/"+v.Work, nil, &s)
	ann.must("PUT", "/api/works/"+v.Work+"/draft", map[string]any{"revision": s.Revision, "title": "改过的标题"}, &s)
	h.person("olga", loam.Operator).must("POST", "/api/works/"+v.Work+"/takedown", map[string]string{"reason": "abuse"}, nil)
	ann.until(v.ID, "removed", func(v web.VersionView) bool { return v.State == loam.Removed })
	p := openPage(t, h.url, 1280, 900)
	p.signIn("ann")
	p.open("/app/note/" + v.Work)
	p.push("#open-version")
	p.tabTo("#appeal")
	p.open("/app/note/" + v.Work)
	p.push("#continue")
	p.tabTo("#confirm:not([disabled])")
	p.wait("the draft as it is", `document.querySelector(".confirm .phone h3").innerText === "改过的标题"`)
	p.quiet()
}
