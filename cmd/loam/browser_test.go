package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	cdpage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"loam"
)

// page is one tab of a real Chromium, driven by keyboard.
type page struct {
	close func() // ends the browser; it is ended with the test anyway
	t     testing.TB
	ctx   context.Context //nolint:containedctx // the tab is the context
	base  string
	mu    sync.Mutex
	said  []string // what the page complained of
}

// chromium finds the browser that scripts/need.sh installs.
func chromium(t testing.TB) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Fatal("no Chromium; run scripts/need.sh test")
	return ""
}

// openPage starts a browser with nothing in it: no cookies, no cache.
func openPage(t testing.TB, base string, width, height int) *page {
	t.Helper()
	options := []chromedp.ExecAllocatorOption{
		chromedp.ExecPath(chromium(t)), chromedp.NoFirstRun, chromedp.NoDefaultBrowserCheck, chromedp.Headless, chromedp.NoSandbox,
		chromedp.DisableGPU, chromedp.WindowSize(width, height), chromedp.UserDataDir(t.TempDir()),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true), chromedp.Flag("accept-lang", "zh-CN"), chromedp.Flag("hide-scrollbars", true),
	}
	alloc, stop := chromedp.NewExecAllocator(context.WithoutCancel(t.Context()), options...)
	ctx, cancel := chromedp.NewContext(alloc)
	ctx, timeout := context.WithTimeout(ctx, 4*time.Minute)
	p := &page{t: t, ctx: ctx, base: base}
	p.close = sync.OnceFunc(func() {
		timeout()
		_ = chromedp.Cancel(ctx) // waits for the browser to be gone, so that its folder can be removed
		cancel()
		stop()
	})
	t.Cleanup(p.close)
	if err := chromedp.Listen(ctx, p.hear); err != nil {
		t.Fatal(err)
	}
	p.run(chromedp.EmulateViewport(int64(width), int64(height)))
	return p
}

// tab opens a page of the house as its pictures are taken, and gives the width as they are named:
// LOAM_TEST_NARROW makes it a phone's, and dark.
func (h *house) tab() (*page, string) {
	h.t.Helper()
	if os.Getenv("LOAM_TEST_NARROW") == "" {
		return openPage(h.t, h.url, 1440, 900), "1440"
	}
	p := openPage(h.t, h.url, 360, 900)
	p.theme("dark")
	return p, "360"
}

// hear keeps what the page complains of.
func (p *page) hear(ev any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch ev := ev.(type) {
	case *cdpage.EventJavascriptDialogOpening:
		// Leaving with unsent words asks first; the person leaves. Not in the listener: it would
		// wait for itself.
		go func() {
			_, _ = chromedp.Call(p.ctx, cdpage.HandleJavaScriptDialog, cdpage.HandleJavaScriptDialogParams{Accept: true}) // the tab may be gone
		}()
	case *runtime.EventExceptionThrown:
		p.said = append(p.said, exceptionText(ev.ExceptionDetails))
	case *runtime.EventConsoleAPICalled:
		if ev.Type == "error" {
			parts := []string{}
			for _, a := range ev.Args {
				parts = append(parts, string(a.Value))
			}
			p.said = append(p.said, strings.Join(parts, " "))
		}
	}
}

// run does actions or ends the test with what the page shows.
func (p *page) run(actions ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	if err := chromedp.Do(p.ctx, actions...); err != nil {
		p.fail(err)
	}
}

func (p *page) fail(err error) {
	p.t.Helper()
	look, cancel := context.WithTimeout(p.ctx, 5*time.Second)
	defer cancel()
	shown, _ := chromedp.Run(look, chromedp.Evaluate[string](`location.pathname + "\n" + document.body.innerText`))
	if dir := os.Getenv("LOAM_TEST_SHOTS"); dir != "" {
		p.shot(dir + "/failed.png")
	}
	p.t.Fatalf("%v\nthe page shows: %.1500s\nit said: %v", err, shown, p.said)
}

func (p *page) open(path string) {
	p.t.Helper()
	p.run(chromedp.Navigate(p.base+path), chromedp.WaitReady("body"))
}

// eval gives the value of an expression, promises awaited.
func eval[T any](p *page, js string) T {
	p.t.Helper()
	v, err := chromedp.Run(p.ctx, chromedp.Evaluate[T](js, chromedp.EvalAwaitPromise))
	if err != nil {
		p.fail(err)
	}
	return v
}

// wait waits until an expression holds.
func (p *page) wait(what, js string) {
	p.t.Helper()
	end := time.Now().Add(30 * time.Second)
	for time.Now().Before(end) {
		// An error is a page that is just being left.
		if ok, err := chromedp.Run(p.ctx, chromedp.Evaluate[bool]("!!("+js+")")); err == nil && ok {
			return
		}
		pause(p.ctx, 50*time.Millisecond)
	}
	p.fail(fmt.Errorf("waited in vain for %s", what))
}

// sees waits for a text on the page.
func (p *page) sees(text string) {
	p.t.Helper()
	p.wait(fmt.Sprintf("%q", text), fmt.Sprintf("document.body.innerText.includes(%s)", quote(text)))
}

func quote(s string) string {
	raw, err := json.Marshal(s)
	if err != nil {
		return `""`
	}
	return string(raw)
}

// tabTo presses Tab until the focus is on an element that matches: what cannot be reached
// so cannot be reached by keyboard at all.
func (p *page) tabTo(selector string) {
	p.t.Helper()
	p.wait(selector, fmt.Sprintf("[...document.querySelectorAll(%s)].some(e => !e.disabled && e.getClientRects().length)", quote(selector)))
	for range 200 {
		if eval[bool](p, fmt.Sprintf("!!document.activeElement && document.activeElement.matches(%s)", quote(selector))) {
			return
		}
		p.press(kb.Tab)
	}
	p.fail(fmt.Errorf("200 tabs do not reach %s", selector))
}

func (p *page) press(keys string) {
	p.t.Helper()
	p.run(chromedp.KeyEvent(keys))
}

// typeInto replaces what a field holds.
func (p *page) typeInto(selector, text string) {
	p.t.Helper()
	p.tabTo(selector)
	eval[bool](p, "document.activeElement.select(), true")
	p.press(text)
}

// push presses a button by keyboard.
func (p *page) push(selector string) {
	p.t.Helper()
	p.tabTo(selector)
	p.press(kb.Enter)
}

// shot saves what the window shows.
func (p *page) shot(file string) {
	p.t.Helper()
	png, err := chromedp.Run(p.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(file, png, 0o644); err != nil {
		p.t.Fatal(err)
	}
}

// quiet fails the test if the page complained.
func (p *page) quiet() {
	p.t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, s := range p.said {
		p.t.Errorf("the page said: %s", s)
	}
}

// theme makes the page light or dark, as the person's system would.
func (p *page) theme(name string) {
	p.t.Helper()
	_, err := chromedp.Call(p.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: name}}})
	if err != nil {
		p.fail(err)
	}
}

// signIn signs a person in by the form.
func (p *page) signIn(handle string) {
	p.t.Helper()
	p.open("/app/sign-in")
	p.typeInto("#handle", handle)
	p.typeInto("#password", password)
	p.press(kb.Enter)
	p.wait("signing in", `!location.pathname.endsWith("/sign-in")`)
}

// TestBrowserLine is the whole line in real Chromium by keyboard alone: an idea, a draft, one
// more page, the confirm sheet, the published page; then the feed, a search, a report, a
// removal, an appeal and what a second reviewer makes of it.
func TestBrowserLine(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	rita, rosa := "rita", "rosa"
	for _, name := range []string{rita, rosa} {
		if _, err := h.db.CreateAccount(t.Context(), loam.Account{Handle: name, Name: name, Roles: []loam.Role{loam.Reviewer}}, passwordHash); err != nil {
			t.Fatal(err)
		}
	}

	ann := openPage(t, h.url, 1280, 900)
	ann.open("/")
	ann.typeInto("#idea", "周末去杭州西湖边的咖啡馆，人均35，靠窗，拿铁好喝，停车难")
	ann.push("form.idea .row button")
	ann.wait("the studio", `location.pathname.startsWith("/app/")`)
	ann.sees("个标题，挑一个")
	ann.open("/app/sign-in")
	ann.push("form .ant-btn-link")
	ann.typeInto("#handle", "ann")
	ann.typeInto("#name", "安安")
	ann.typeInto("#password", password)
	ann.press(kb.Enter)
	ann.wait("the studio after signing up", `location.pathname === "/app" && !document.querySelector("header a[href$=sign-in]")`)
	ann.push("main.first .go")
	ann.wait("a note of its own", `location.pathname.startsWith("/app/note/")`)
	ann.typeInto("#title", "停车难，但拿铁好喝")
	pages := eval[int](ann, `document.querySelectorAll(".outline [id^=page-]").length`)
	ann.push("#add-page")
	ann.push("#add-quote")
	ann.wait("one more page", fmt.Sprintf(`document.querySelectorAll(".outline [id^=page-]").length === %d`, pages+1))
	ann.typeInto("#page-lines", "靠窗那张要碰运气")
	ann.wait("the page drawn", `document.querySelector("#live")?.naturalWidth === 1080`)
	ann.push("#continue")
	ann.tabTo("#confirm:not([disabled])")
	ann.press(kb.Enter)
	ann.wait("the published note", `document.querySelector("#note-link")`)
	ann.push("#note-link")
	ann.wait("the public page", `location.pathname.startsWith("/p/")`)
	ann.sees("停车难，但拿铁好喝")
	note := eval[string](ann, "location.pathname")

	reader := openPage(t, h.url, 390, 844)
	reader.open("/")
	reader.sees("停车难，但拿铁好喝")
	reader.typeInto(`input[name="q"]`, "tingche")
	reader.press(kb.Enter)
	reader.wait("what was searched", `location.pathname === "/search"`)
	reader.push(`main a[href="` + note + `"]`)
	reader.wait("the note", `location.pathname === "`+note+`"`)
	reader.push("#report summary")
	reader.tabTo(`#report input[type="radio"]`)
	reader.press(" ")
	reader.push("#report button")
	reader.sees("已收到你的举报")

	first := openPage(t, h.url, 1280, 900)
	first.signIn(rita)
	first.open("/app/review")
	first.sees("停车难，但拿铁好喝")
	first.press("1")
	first.press("r")
	first.wait("the ruling", `document.querySelector("#undo")`)

	work := strings.TrimPrefix(note, "/p/")
	removed := func() bool {
		r, err := h.db.ByWork(t.Context(), work)
		return loam.KindOf(err) == loam.Gone || r.RemovedAt > 0
	}
	for end := time.Now().Add(20 * time.Second); !removed(); pause(t.Context(), 100*time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the removal does not take effect")
		}
	}
	ann.open("/app/note/" + work)
	ann.push("#open-version")
	ann.typeInto("#appeal", "价格是当天的小票，可以提供照片")
	ann.push("#send-appeal")
	ann.sees("另一位审核员")

	second := openPage(t, h.url, 1280, 900)
	second.signIn(rosa)
	second.open("/app/review")
	second.sees("价格是当天的小票")
	second.press("a")
	second.wait("the ruling", `document.querySelector("#undo")`)
	for end := time.Now().Add(20 * time.Second); removed(); pause(t.Context(), 100*time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the won appeal does not restore the note")
		}
	}
	reader.open(note)
	reader.sees("停车难，但拿铁好喝")
	for _, p := range []*page{ann, reader, first, second} {
		p.quiet()
	}
}

// TestAxe has axe look at every page, in both themes.
func TestAxe(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	ann := h.person("ann", loam.Creator, loam.Admin)
	v := ann.publish("周末去湖边的咖啡馆，人均35，靠窗，拿铁好喝，停车难", nil)
	h.visitor().must("POST", "/api/works/"+v.Work+"/reports", map[string]string{"risk": "fraud"}, nil)
	bo := h.person("bo")
	w := bo.publish("下班买了糖炒栗子，25元一袋，很甜", nil)
	h.visitor().must("POST", "/api/works/"+w.Work+"/reports", map[string]string{"risk": "abuse", "text": "不好"}, nil)
	c := bo.says(v.Work, "", "停车场在后面那条街")
	ann.says(v.Work, c.Work, "谢谢")
	ann.says(v.Work, "", "这里有沃土测试违禁词")
	bo.must("POST", "/api/protections", bo.protection(loam.ProtectBrand, "禾木茶舍", noisyJPEG(t, 320, 240)), nil)
	var leaves []string
	ann.must("PUT", "/api/rights", map[string]any{"works": []string{v.Work}, "uses": []string{"train.text"}, "allowed": true}, &leaves)
	ann.receipt(leaves[0])
	h.corpus("一批笔记")
	p := openPage(t, h.url, 1280, 900)
	p.signIn("ann")
	look := (*page).axe
	paths := []string{"/", "/p/" + v.Work, "/nowhere", "/p/" + v.Work + "/comments", "/p/" + c.Work + "/report", "/p/" + v.Work + "/comments?thread=" + c.Work, "/search?q=咖啡", "/search?q=滑雪", "/u/bo", "/u/ann", "/t/咖啡", "/transparency", "/notice", "/verify", "/app/operate/waivers", "/app/operate/detectors", "/app/figures", "/app/figures/" + v.Work, "/app/", "/app/note/" + v.Work, "/app/review", "/app/operate", "/app/operate/jobs", "/app/operate/phrases", "/app/operate/policy", "/app/operate/models", "/app/operate/recoveries", "/app/operate/settings", "/app/account", "/app/rights", "/app/rights/protections", "/app/rights/used", "/app/notices", "/app/persona", "/app/sign-in", "/app/setup"}
	for _, theme := range []string{"light", "dark"} {
		p.theme(theme)
		for _, path := range paths {
			p.open(path)
			p.wait("the page "+path, `!document.querySelector(".ant-skeleton, .loading") && document.querySelector("main, .empty")`)
			look(p, path+", "+theme)
			if !strings.HasPrefix(path, "/app/") {
				continue
			}
			eval[bool](p, "document.activeElement.blur(), true") // a field that has the focus takes the key for itself
			p.press("?")
			p.wait("the keys of "+path, `document.querySelector("dialog.keys[open]")`)
			look(p, "the keys of "+path+", "+theme)
		}
		p.open("/app/rights")
		p.click("tbody .pick")
		p.click(".bulk .chip")
		p.wait("colours to stand", `document.querySelector("#allow:not([disabled])") && document.getAnimations().every(a => a.playState === "finished")`)
		look(p, "works to be answered for together, "+theme)
		p.click(`.switch[aria-checked="true"] + .brief`)
		p.click(".why-box .receipt summary")
		p.wait("the receipt", `document.querySelector(".why-box pre")`)
		look(p, "why with its receipt, "+theme)
		p.open("/app/rights/protections")
		p.click("#ask")
		p.wait("the form", `document.querySelector("#consent")`)
		look(p, "the form of a protection, "+theme)
		p.open("/app/rights/used")
		p.click("section.with summary")
		p.click("section.with > button")
		p.wait("the works and their proof", `document.querySelector(".taken li") && document.querySelector(".proof pre")`)
		look(p, "a training set with one's works, "+theme)
		p.open("/app/review")
		p.click(".asked summary")
		look(p, "a protection to decide on, "+theme)
	}
	p.quiet()

	desk := newHouse(t, nil)
	desk.alike()
	desk.person("rita", loam.Reviewer)
	p = openPage(t, desk.url, 1280, 900)
	p.signIn("rita")
	for _, theme := range []string{"light", "dark"} {
		p.theme(theme)
		for _, state := range []string{".copy img", ".context"} {
			p.open("/app/review")
			p.wait("a case", `document.querySelector(".rulings")`)
			if !eval[bool](p, `!!document.querySelector(`+quote(state)+`)`) {
				p.press("j")
			}
			p.wait(state, `document.querySelector(`+quote(state)+`)`)
			look(p, "a case with "+state+", "+theme)
		}
	}
	p.quiet()
}

func exceptionText(d *runtime.ExceptionDetails) string {
	if d.Exception != nil && d.Exception.Description != "" {
		return d.Exception.Description
	}
	return d.Text
}

// TestBrowserModel: a model's draft is asked for, survives a reload without a second call, is
// adopted, and comes out locked as AI and labelled.
func TestBrowserModel(t *testing.T) {
	t.Parallel()
	e := newEngine(t, wellBehaved)
	h := newHouse(t, withModel(e))
	ann := h.person("ann")
	s := ann.begin("周末去湖边的咖啡馆，人均35，靠窗")
	p := openPage(t, h.url, 1280, 900)
	p.signIn("ann")
	p.open("/app/note/" + s.ID)
	p.push("#ask-model")
	p.tabTo("#use-body")
	p.open("/app/note/" + s.ID)
	p.push("#use-body")
	p.wait("the adopted text with its rail", `document.querySelector("#body").value.includes("雨点敲在玻璃上") && document.querySelector(".by-model")`)
	p.push("#continue")
	p.wait("the locked declaration", `document.querySelector(".confirm button[role=switch][aria-checked=true][disabled]")`)
	p.tabTo("#confirm:not([disabled])")
	p.press(kb.Enter)
	p.push("#note-link")
	p.sees("内容由AI生成")
	if n := e.calls.Load(); n != 1 {
		t.Errorf("%d upstream calls, want 1", n)
	}
	p.quiet()
}

// choose opens the menu of the button that has the focus and goes down to an entry by arrow.
func (p *page) choose(name string) {
	p.t.Helper()
	p.press(kb.Enter)
	p.wait("the menu", `document.activeElement.closest(".ant-dropdown-menu")`)
	for range 40 {
		if eval[string](p, `document.querySelector(".ant-dropdown-menu-item-active")?.innerText ?? ""`) == name {
			p.press(kb.Enter)
			return
		}
		p.press(kb.ArrowDown)
	}
	p.fail(fmt.Errorf("the menu has no %q", name))
}
