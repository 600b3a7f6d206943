package main

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"loam"
)

// click waits for a button and presses it with the mouse, where it is on the page: what lies
// under something else cannot be pressed.
func (p *page) click(selector string) {
	p.t.Helper()
	p.wait(selector, `(e => e && !e.disabled && e.getClientRects().length)(document.querySelector(`+quote(selector)+`))`)
	// Drawers and popovers move in: their place counts when they have stood for a while, also
	// on a machine that draws a frame a second.
	p.wait(selector+" to stand still", `(e => { e.scrollIntoView({block: "center"}); const r = e.getBoundingClientRect(), k = r.x + "," + r.y; e.dataset.stood = e.dataset.at === k ? +(e.dataset.stood || 0) + 1 : 0; e.dataset.at = k; return e.dataset.stood >= 3; })(document.querySelector(`+quote(selector)+`))`)
	p.run(chromedp.Click(selector))
}

// write clicks into a field and replaces what it holds.
func (p *page) write(selector, text string) {
	p.t.Helper()
	p.click(selector)
	eval[bool](p, "document.activeElement.select(), true")
	p.press(text)
}

// TestBrowserMouse is the whole line once more with the mouse: an idea becomes a carousel, a
// page is added and edited while it is drawn, the note is confirmed, found in the feed and by
// a search in pinyin, liked and talked about, reported, removed, appealed and restored.
func TestBrowserMouse(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	for _, who := range []struct {
		handle string
		roles  []loam.Role
	}{{"ann", []loam.Role{loam.Creator}}, {"bo", []loam.Role{loam.Creator}}, {"rita", []loam.Role{loam.Reviewer}}, {"rosa", []loam.Role{loam.Reviewer}}} {
		if _, err := h.db.CreateAccount(t.Context(), loam.Account{Handle: who.handle, Name: who.handle, Roles: who.roles}, passwordHash); err != nil {
			t.Fatal(err)
		}
	}
	ann := openPage(t, h.url, 1440, 1000)
	ann.signIn("ann")
	ann.open("/app/")
	ann.write("#idea", "周末去杭州西湖边的咖啡馆，人均35，靠窗，拿铁好喝，停车难")
	ann.click("main.first .go")
	ann.wait("a note of its own", `location.pathname.startsWith("/app/note/")`)
	ann.wait("the outline", `document.querySelectorAll(".outline [id^=page-]").length > 1`)
	pages := eval[int](ann, `document.querySelectorAll(".outline [id^=page-]").length`)
	ann.click("#add-page")
	ann.click("#add-quote")
	ann.wait("one more page", `document.querySelectorAll(".outline [id^=page-]").length === `+strconv.Itoa(pages+1))
	ann.write("#page-lines", "靠窗那张要碰运气")
	ann.wait("the page drawn", `document.querySelector("#live")?.naturalWidth === 1080`)
	ann.click("#style-film")
	ann.click("#continue")
	ann.click("#confirm")
	ann.wait("the published note", `document.querySelector("#note-link")`)
	ann.click("#note-link")
	ann.wait("the public page", `location.pathname.startsWith("/p/")`)
	note := eval[string](ann, "location.pathname")
	title := eval[string](ann, `document.querySelector("h1").innerText`)
	work := strings.TrimPrefix(note, "/p/")

	bo := openPage(t, h.url, 1440, 1000)
	bo.signIn("bo")
	bo.open("/")
	bo.sees(title)
	bo.write(`input[name="q"]`, "kafeiguan")
	bo.press(kb.Enter) // a search box needs no button
	bo.wait("the find", `document.querySelector("main a[href*='`+work+`']")`)
	bo.click(`main a[href*="` + work + `"]`)
	bo.wait("the note", `location.pathname === `+quote(note))
	bo.click(`form[action$="/react"] button`)
	bo.wait("the like", `document.querySelector('form[action$="/react"] button[aria-pressed=true]')`)
	bo.write("#say", "停车难这句要置顶")
	bo.click("form.say button")
	bo.sees("停车难这句要置顶")
	bo.click("#report summary")
	bo.click(`#report input[type="radio"]`)
	bo.click("#report form button")
	bo.sees("已收到你的举报")

	// rule has a reviewer find the note's case and rule on it.
	rule := func(who, button string, reason bool, done func() bool) {
		t.Helper()
		p := openPage(t, h.url, 1440, 1000)
		p.signIn(who)
		p.open("/app/review")
		p.sees(title)
		if reason {
			p.click(".reasons button")
		}
		p.click(button)
		p.wait("the ruling", `document.querySelector("#undo")`)
		for end := time.Now().Add(20 * time.Second); !done(); pause(t.Context(), 100*time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("the ruling of %s does not take effect", who)
			}
		}
		p.quiet()
	}
	removed := func() bool {
		_, err := h.db.ByWork(t.Context(), work)
		return loam.KindOf(err) == loam.Gone
	}
	rule("rita", ".rulings button:nth-of-type(3)", true, removed)
	ann.open("/app/note/" + work)
	ann.click("#open-version")
	ann.write("#appeal", "价格是当天的小票")
	ann.click("#send-appeal")
	ann.sees("另一位审核员")
	rule("rosa", ".rulings button:nth-of-type(1)", false, func() bool { return !removed() })
	bo.open(note)
	bo.sees(title)
	bo.sees("停车难这句要置顶")
	ann.quiet()
	bo.quiet()
}
