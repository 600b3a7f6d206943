package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"loam"
)

// screensFolder is where pictures go; without one a test that takes them is skipped.
func screensFolder(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("LOAM_TEST_SCREENS")
	if dir == "" {
		t.Skip("make screens names a folder")
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestScreens takes pictures of every page of the demo community at two widths, in two
// themes and both languages, into the folder LOAM_TEST_SCREENS names: `make screens`.
func TestScreens(t *testing.T) {
	dir := screensFolder(t)
	h := newHouse(t, func(c *config) { c.Demo = true })
	note := talkedAbout(t, h)
	only := os.Getenv("LOAM_TEST_SCREENS_ONLY")
	for _, width := range []int{360, 1440} {
		p := openPage(t, h.url, width, map[int]int{360: 740, 1440: 900}[width])
		for _, who := range []string{"", "demo", "reviewer", "operator"} {
			mine := ""
			p.open("/app/sign-in")
			if who != "" {
				eval[int](p, fmt.Sprintf(`fetch("/api/demo-session", {method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify({handle: %q})}).then(r => r.status)`, who))
			}
			if who == "demo" {
				mine = eval[string](p, `fetch("/api/works", {method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify({idea: "嗯就是教大家用空气炸锅做红薯干然后呢先把两个红薯去皮切条大概一厘米然后泡水十分钟沥干最后180度烤15分钟翻面再烤10分钟对了不用放油我第一次切太细就烤糊了"})}).then(r => r.json()).then(s => s.id)`)
				eval[bool](p, fmt.Sprintf(`(async () => {
					const work = "/api/works/%s", form = new FormData();
					form.append("picture", await (await fetch("/p/%s/1")).blob());
					const photo = await (await fetch(work + "/pictures", {method: "POST", body: form})).json();
					const s = await (await fetch(work)).json();
					s.draft.pages[0].photos = [{asset: photo.id}];
					const r = await fetch(work + "/draft", {method: "PUT", headers: {"Content-Type": "application/json"}, body: JSON.stringify({revision: s.revision, pages: s.draft.pages, pictures: [{asset: photo.id, alt: ""}]})});
					return r.ok;
				})()`, mine, note))
			}
			for _, theme := range []string{"light", "dark"} {
				p.theme(theme)
				for _, lang := range []string{"zh", "en"} {
					eval[bool](p, fmt.Sprintf(`document.cookie = "lang=%s; path=/", true`, lang))
					for name, path := range screensOf(who, note, mine) {
						if only != "" && !strings.Contains(name, only) {
							continue
						}
						p.open(path)
						p.wait(name, `!document.querySelector(".ant-skeleton, .loading") && [...document.images].filter(i => i.getBoundingClientRect().top < innerHeight && i.getBoundingClientRect().left < innerWidth).every(i => i.complete && i.naturalWidth)`)
						if name == "review" { // the story of one contact written four ways
							for i := 0; i < 15 && !eval[bool](p, `/loam-demo|ｌｏａｍ/.test(document.body.innerText)`); i++ {
								p.press("j")
								pause(p.ctx, 400*time.Millisecond)
							}
						}
						if name == "pages" {
							p.wait("the room", `document.querySelector("#live") && document.querySelectorAll(".outline img").length > 1`)
							eval[bool](p, `document.querySelector(".room").scrollIntoView(), true`)
							p.wait("samples", `[...document.querySelectorAll(".bench img")].every(i => i.complete && i.naturalWidth)`)
						}
						if name == "confirm" {
							p.push("#continue")
							p.wait("labels", `document.querySelector("#confirm:not([disabled])")`)
							p.wait("pictures", `[...document.images].every(i => i.complete)`)
						}
						pause(p.ctx, 150*time.Millisecond)
						p.shotWhole(filepath.Join(dir, fmt.Sprintf("%s-%d-%s-%s.png", name, width, theme, lang)))
					}
				}
			}
		}
	}
}

// talkedAbout is the newest note of the demo with comments, once it has some.
func talkedAbout(t *testing.T, h *house) string {
	t.Helper()
	for end := time.Now().Add(2 * time.Minute); time.Now().Before(end); pause(t.Context(), 500*time.Millisecond) {
		feed, err := h.db.Feed(t.Context(), false, loam.Place{}, 24)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range feed {
			if n, _, err := h.db.Discussion(t.Context(), r.Version.Work); err == nil && n > 2 {
				return r.Version.Work
			}
		}
	}
	t.Fatal("nobody talks in the demo")
	return ""
}

func screensOf(who, note, mine string) map[string]string {
	switch who {
	case "":
		return map[string]string{"feed": "/", "note": "/p/" + note, "nowhere": "/nowhere", "search": "/search?q=咖啡", "lost": "/search?q=滑雪", "creator": "/u/banshan", "topic": "/t/咖啡", "transparency": "/transparency", "verify": "/verify", "terms": "/p/" + note + "/terms", "comments": "/p/" + note + "/comments", "sign-in": "/app/sign-in", "first": "/app/"}
	case "demo":
		return map[string]string{"studio": "/app/", "editor": "/app/note/" + mine, "pages": "/app/note/" + mine, "confirm": "/app/note/" + mine, "account": "/app/account", "persona": "/app/persona", "measures": "/app/figures", "rights": "/app/rights", "signed-note": "/p/" + note}
	case "reviewer":
		return map[string]string{"review": "/app/review"}
	default:
		return map[string]string{"operate": "/app/operate", "jobs": "/app/operate/jobs", "phrases": "/app/operate/phrases", "policy": "/app/operate/policy", "detectors": "/app/operate/detectors", "waivers": "/app/operate/waivers", "models": "/app/operate/models", "settings": "/app/operate/settings"}
	}
}

// shotWhole saves the whole page, not more than three screens of it.
func (p *page) shotWhole(file string) {
	p.t.Helper()
	png, err := chromedp.Run(p.ctx, chromedp.CaptureScreenshot())
	if err == nil {
		err = os.WriteFile(file, png, 0o644)
	}
	if err != nil {
		p.t.Fatal(err)
	}
}
