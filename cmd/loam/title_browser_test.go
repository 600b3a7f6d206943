package main

import (
	"strings"
	"testing"

	"loam/internal/web"
)

// TestBrowserCoverFollows: another of the eight titles is on the cover too, at once and in
// what is saved; a cover with words of its own keeps them.
func TestBrowserCoverFollows(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	ann := h.person("ann")
	s := ann.begin("周末去杭州西湖边的咖啡馆，人均35，靠窗，拿铁好喝，停车难")
	p := openPage(t, h.url, 1440, 1000)
	p.signIn("ann")
	p.open("/app/note/" + s.ID)
	p.wait("the room", `document.querySelector("#page-title")`)
	p.click(".proposal:nth-child(2)")
	title := s.Proposals.Titles[1].Text
	p.wait("the title", `document.querySelector("#title").value === `+quote(title))
	first, _, _ := strings.Cut(title, "｜")
	p.wait("the cover", `document.querySelector("#page-title").value === `+quote(first))
	ann.must("GET", "/api/works/"+s.ID, nil, &s)
	if s.Draft.Pages[0].Title != first {
		t.Errorf("saved: %+v", s.Draft.Pages[0])
	}
	p.write("#page-title", "我写的封面")
	p.click(".proposal:nth-child(1)")
	p.wait("the other title", `document.querySelector("#title").value === `+quote(s.Proposals.Titles[0].Text))
	saved := func() web.Sheet {
		var now web.Sheet
		ann.must("GET", "/api/works/"+s.ID, nil, &now)
		return now
	}
	p.wait("saved", `document.querySelector(".status [role=status]").innerText.startsWith("已自动保存")`)
	if got := saved(); got.Draft.Pages[0].Title != "我写的封面" {
		t.Errorf("a cover of her own: %+v", got.Draft.Pages[0])
	}
}
