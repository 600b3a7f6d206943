package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"loam"
)

// TestScreensRights takes pictures of the creator's page of rights in each of its states, as
// TestScreens of all other pages.
func TestScreensRights(t *testing.T) {
	dir := screensFolder(t)
	h := newHouse(t, withProducer)
	ann, works := h.decided()
	h.person("new", loam.Creator)
	for _, width := range []int{360, 1440} {
		p := openPage(t, h.url, width, 900)
		p.signIn("ann")
		for _, theme := range []string{"light", "dark"} {
			p.theme(theme)
			for _, lang := range []string{"zh", "en"} {
				eval[bool](p, fmt.Sprintf(`document.cookie = "lang=%s; path=/", true`, lang))
				shot := func(name string) {
					pause(p.ctx, 200*time.Millisecond)
					p.shotWhole(filepath.Join(dir, fmt.Sprintf("rights-%s-%d-%s-%s.png", name, width, theme, lang)))
				}
				page := func(name string, states func()) {
					if only := os.Getenv("LOAM_TEST_SCREENS_ONLY"); strings.Contains("rights-"+name, only) {
						p.open("/app/rights")
						p.wait(name, `document.querySelector(".works [role=switch], .cards summary") && !document.querySelector(".ant-skeleton, .recording")`)
						states()
						shot(name)
					}
				}
				card := func(work string) string {
					row := fmt.Sprintf(`[data-work=%q]`, work)
					if width == 360 {
						p.click(row + " summary")
					}
					return row
				}
				page("grid", func() {})
				page("why", func() {
					row := card(works[0])
					p.click(row + ` .switch[aria-checked="true"] + .brief`)
					p.wait("why", `document.querySelector(".why-box")`)
				})
				page("proof", func() {
					row := card(works[0])
					p.click(row + ` .switch[aria-checked="true"] + .brief`)
					p.click(".why-box summary")
					p.wait("the proof", `document.querySelector(".why-box pre")`)
				})
				page("receipt", func() {
					p.click(".timeline .receipt summary")
					p.wait("the receipt", `document.querySelector(".timeline pre")`)
				})
				page("bulk", func() {
					p.click(fmt.Sprintf(`[data-work=%q] .pick`, works[0]))
					p.click(fmt.Sprintf(`[data-work=%q] .pick`, works[1]))
					p.click(`.chip[data-use="style"]`)
				})
				page("foreign", func() {
					p.click(".foreign > summary")
					p.write(`.foreign input[name="at"]`, "https://ann.example/posts/1")
					p.write(".foreign textarea", "User-agent: *\nDisallow:\nContent-Signal: search=yes, ai-input=yes, ai-train=no\nLicense: https://ann.example/license.xml\n")
					p.click("#foreign-look")
					p.wait("what it would change", `document.querySelector(".takes")`)
					eval[bool](p, `document.querySelector(".foreign textarea").scrollIntoView(), true`)
				})
				if width == 360 {
					page("card", func() { p.click(card(works[0]) + " .hint") })
				}
				ann.must("PUT", "/api/account", map[string]any{"name": "ann", "bio": "", "no_ai": true}, nil)
				page("switch", func() { card(works[0]) })
				ann.must("PUT", "/api/account", map[string]any{"name": "ann", "bio": "", "no_ai": false}, nil)
				page("lost", func() {
					p.write(`.works input[type="search"]`, "滑雪")
					p.wait("nothing found", `document.querySelector(".works .empty")`)
				})
			}
		}
		p.open("/app/sign-in")
		eval[int](p, `fetch("/api/session", {method: "DELETE"}).then(r => r.status)`)
		p.signIn("new")
		p.open("/app/rights")
		p.wait("nothing yet", `document.querySelector(".works .empty")`)
		p.shotWhole(filepath.Join(dir, fmt.Sprintf("rights-empty-%d.png", width)))
	}
}

// decided is a creator who decided something in every way she can.
func (h *house) decided() (c *client, works []string) {
	h.t.Helper()
	ann := h.person("ann", loam.Creator)
	for _, idea := range []string{
		"周末去杭州西湖边的咖啡馆，人均35，靠窗，拿铁好喝，停车难", "下班买了糖炒栗子，25元一袋，很甜",
		"入手了一个二手书架，99元，用了三个月，很稳，就是搬上楼的时候把腰闪了一下，记得叫人一起抬", "湖边的两支防晒，都用了一个夏天",
	} {
		works = append(works, ann.publish(idea, nil).Version.Work)
	}
	soon := time.Now().Add(40 * 24 * time.Hour).UnixMilli()
	for _, choice := range []map[string]any{
		{"works": []string{}, "uses": []string{"retrieve", "train.text"}, "allowed": true},
		{"works": works[:2], "uses": []string{"train.image", "style"}, "allowed": true, "until": soon, "attribution": true},
		{"works": works[2:3], "uses": []string{"train.text", "retrieve"}, "allowed": false},
		{"works": works[3:], "uses": []string{"commercial"}, "allowed": true, "from": soon},
		{"works": works[3:], "uses": []string{"third.party"}, "allowed": true, "from": 946684800000, "until": 946684800001},
		{"works": works[:1], "uses": []string{"commercial"}, "allowed": true, "attribution": true},
	} {
		ann.must("PUT", "/api/rights", choice, nil)
	}
	return ann, works
}

// TestScreensPasskeys takes pictures of what a creator sees of her passkeys, and the staff of
// those who lost theirs.
func TestScreensPasskeys(t *testing.T) {
	dir := screensFolder(t)
	h := nameHouse(t)
	ann, works := h.decided()
	phone, desk := newPasskey(t, h.url, false), newPasskey(t, h.url, true)
	ann.register(phone, nil, false)
	ann.register(desk, phone, false)
	ann.signs(desk, ann.prepare(works[0], true, "style", "train.image"))
	ann.signs(phone, ann.prepare("", false, "voice"))
	ann.receipt(ann.permission(works[0], loam.UseStyle).Leaf)
	var list []loam.Passkey
	ann.must("GET", "/api/passkeys", nil, &list)
	ann.must("DELETE", "/api/passkeys/"+list[0].ID, nil, nil)
	lost := h.person("lost", loam.Creator)
	lost.register(newPasskey(t, h.url, false), nil, false)
	lost.register(newPasskey(t, h.url, false), nil, true)
	h.person("new", loam.Creator)
	h.person("rita", loam.Operator)
	for _, width := range []int{360, 1440} {
		for _, page := range []struct{ who, path, name, ready, open string }{
			{"ann", "/app/rights", "signed", ".passkeys li.active", ".passkeys summary"},
			{"lost", "/app/rights", "lost", ".passkeys li.recovering", ".passkeys summary, .passkeys .lost summary"},
			{"new", "/app/rights", "first", ".passkeys form", ""},
			{"rita", "/app/operate/recoveries", "recoveries", "textarea", ""},
		} {
			if only := os.Getenv("LOAM_TEST_SCREENS_ONLY"); !strings.Contains("passkeys-"+page.name, only) {
				continue
			}
			p := openPage(t, h.url, width, 900)
			p.signIn(page.who)
			for _, theme := range []string{"light", "dark"} {
				p.theme(theme)
				for _, lang := range []string{"zh", "en"} {
					eval[bool](p, fmt.Sprintf(`document.cookie = "lang=%s; path=/", true`, lang))
					p.open(page.path)
					p.wait(page.name, fmt.Sprintf(`document.querySelector(%s) && !document.querySelector(".ant-skeleton, .recording")`, quote(page.ready)))
					for _, s := range strings.Split(page.open, ", ") {
						if s != "" {
							p.click(s)
						}
					}
					pause(p.ctx, 200*time.Millisecond)
					p.shotWhole(filepath.Join(dir, fmt.Sprintf("passkeys-%s-%d-%s-%s.png", page.name, width, theme, lang)))
				}
			}
			p.close()
		}
	}
}
