package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"loam"
	"loam/internal/web"
)

// TestScreensNotices takes pictures of everything a notice is seen by, as TestScreens of all other
// pages: the form, the claimant's page in its states, the uploader's, the console.
func TestScreensNotices(t *testing.T) {
	dir := screensFolder(t)
	h := newHouse(t, func(c *config) { withProducer(c); c.RepeatNotices = 2 })
	ann, rita := h.person("ann", loam.Creator), h.person("rita", loam.Reviewer)
	h.person("remy", loam.Reviewer)
	h.person("new", loam.Creator)
	addresses := h.contested(ann, rita)
	for _, width := range []int{360, 1440} {
		visitor, uploader, reviewer := openPage(t, h.url, width, 2000), openPage(t, h.url, width, 2000), openPage(t, h.url, width, 2000)
		visitor.open("/notice")
		uploader.signIn("ann")
		reviewer.signIn("remy")
		for _, theme := range []string{"light", "dark"} {
			for _, lang := range []string{"zh", "en"} {
				for _, p := range []*page{visitor, uploader, reviewer} {
					p.theme(theme)
					eval[bool](p, fmt.Sprintf(`document.cookie = "lang=%s; path=/", true`, lang))
				}
				shot := func(p *page, name string, open func()) {
					if only := os.Getenv("LOAM_TEST_SCREENS_ONLY"); strings.Contains("notices-"+name, only) {
						open()
						pause(p.ctx, 200*time.Millisecond)
						p.shotWhole(filepath.Join(dir, fmt.Sprintf("notices-%s-%d-%s-%s.png", name, width, theme, lang)))
					}
				}
				shot(visitor, "form", func() { visitor.open(addresses["form"]) })
				shot(visitor, "wrong", func() {
					visitor.open("/notice?work=/p/nowhere")
					eval[bool](visitor, `document.querySelector("#notice form").noValidate = true, document.querySelector("#notice button").click(), true`)
					visitor.wait("what is wrong", `document.querySelector("[role=alert]")`)
				})
				for _, name := range []string{"asked", "countered", "several"} {
					shot(visitor, name, func() { visitor.open(addresses[name]) })
				}
				shot(visitor, "glass", func() {
					visitor.open("/transparency")
					eval[bool](visitor, `document.querySelector(".glass a").scrollIntoView({block: "center"}), true`)
				})
				shot(uploader, "mine", func() {
					uploader.open("/app/notices")
					uploader.wait("the claims", `document.querySelector(".claim .clock") && document.querySelector(".barred li")`)
					uploader.click(".claim summary")
				})
				shot(reviewer, "case", func() {
					reviewer.open("/app/review")
					reviewer.wait("the case", `document.querySelector(".rulings") && document.querySelector(".notice-case")`)
				})
			}
		}
	}
}

// contested are notices in each of their states, and where they are read.
func (h *house) contested(ann, rita *client) map[string]string {
	h.t.Helper()
	works := []string{}
	for _, idea := range []string{
		"湖边的两支防晒，都用了一个夏天", "下班买了糖炒栗子，25元一袋，很甜", "周末去杭州西湖边的咖啡馆，人均35，靠窗，拿铁好喝，停车难", "入手了一个二手书架，99元，用了三个月，很稳",
	} {
		works = append(works, ann.publish(idea, nil).Version.Work)
	}
	out := map[string]string{"form": "/notice?work=" + h.url + "/p/" + works[0]}
	file := func(name, right string, of ...string) web.NoticeView {
		h.t.Helper()
		form := noticeOn(of...)
		form["right"] = right
		var n web.NoticeView
		h.visitor().must("POST", "/api/notices", form, &n)
		out[name] = "/notice/" + n.Number
		return n
	}
	asked := file("asked", "likeness", "/p/"+works[0])
	rita.rules(asked.Claims[0].ID, "limit", "evidence")
	countered := file("countered", "copyright", "/p/"+works[1])
	rita.rules(countered.Claims[0].ID, "remove", "infringes")
	ann.must("POST", "/api/claims/"+countered.Claims[0].ID+"/counter", map[string]any{"text": "这张是我自己拍的，底片和当天的行程都在这里。", "links": []string{"https://example.com/negatives/2024/summer/lake"}}, nil)
	several := file("several", "trademark", "/p/"+works[2], "/p/"+works[3])
	for i, ruling := range [][2]string{{"remove", "admitted"}, {"allow", "citation"}} {
		rita.rules(several.Claims[i].ID, ruling[0], ruling[1])
	}
	return out
}
