package main

import (
	"encoding/json"
	"testing"

	"loam"
	"loam/internal/web"
)

// TestBrowserConfirmsWhatItShows: while a choice did not reach the server, nothing is
// confirmed; tried again, what goes out is what the sheet shows. A sheet opened again shows
// what its version was frozen with.
func TestBrowserConfirmsWhatItShows(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	ann := h.person("ann")
	s := ann.begin("周末去杭州西湖边的咖啡馆，人均35，靠窗，拿铁好喝，停车难")
	p := openPage(t, h.url, 1440, 900)
	p.signIn("ann")
	p.open("/app/note/" + s.ID)
	p.click("#continue")
	p.wait("a version to confirm", `document.querySelector("#confirm:not([disabled])")`)
	p.click(".confirm details summary")
	training := `[...document.querySelectorAll(".confirm .ant-checkbox-wrapper")].find(x => x.innerText.includes("用文字训练模型"))`
	tick := func() { eval[bool](p, training+`.click(), true`) }
	tick()
	p.wait("frozen with it", training+`.querySelector("input").checked && document.querySelector("#confirm:not([disabled])")`)
	p.offline(true)
	tick()
	p.sees("网络断开了")
	if eval[bool](p, training+`.querySelector("input").checked`) {
		t.Error("what she chose is gone from the sheet")
	}
	if !eval[bool](p, `document.querySelector("#confirm").disabled`) {
		t.Error("a version that allows training can be confirmed under a sheet that does not say so")
	}
	p.offline(false)
	eval[bool](p, `[...document.querySelectorAll(".confirm .ant-alert button")].at(-1).click(), true`)
	p.wait("a version that says so", `document.querySelector("#confirm:not([disabled])")`)
	p.click("#confirm")
	p.wait("out", `document.querySelector(".confirm a[href^='/p/']")`)
	var sheet web.Sheet
	ann.must("GET", "/api/works/"+s.ID, nil, &sheet)
	v, err := h.db.Version(t.Context(), sheet.Latest.ID)
	if err != nil {
		t.Fatal(err)
	}
	if v.Content.Uses[loam.UseTrainText] {
		raw, _ := json.Marshal(v.Content.Uses)
		t.Errorf("it went out allowing what the sheet did not show: %s", raw)
	}
}
