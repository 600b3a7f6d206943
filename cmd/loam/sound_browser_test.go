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
	"loam/internal/media"
	"loam/internal/media/mediatest"
)

// plays is whether a player has read its sound's head and knows how long it is.
func (p *page) plays(selector string, seconds int) {
	p.t.Helper()
	eval[bool](p, fmt.Sprintf(`(() => { const a = document.querySelector(%q); a.preload = "metadata"; a.load(); return true })()`, selector))
	p.wait("the player "+selector, fmt.Sprintf(`Math.round(document.querySelector(%q).duration) === %d`, selector, seconds))
}

// TestBrowserSound: a creator adds a sound, hears it, names it, takes it off and brings it back, adds
// another in its place, confirms what she hears; readers hear it beside its label, and a reviewer
// only once she turns it on.
func TestBrowserSound(t *testing.T) {
	t.Parallel()
	needSoundPrograms(t)
	h := newHouse(t, withProducer)
	wan, ann, rita := h.person("wan", loam.Creator), h.person("ann", loam.Creator), h.person("rita", loam.Reviewer)
	dir := t.TempDir()
	file := func(name string, data []byte) string {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	s := ann.begin("雨停了，录了一段自己写的小调，一遍过")
	p := openPage(t, h.url, 1440, 900)
	p.signIn("ann")
	p.open("/app/note/" + s.ID)
	p.wait("the room", `document.querySelector("#sound-file")`)
	upload := func(path string) { p.run(chromedp.SetUploadFiles("#sound-file", []string{path})) }
	upload(file("不是声音.mp3", []byte("just words")))
	p.sees("只接受 MP3")
	upload(file("雨夜小调.mp3", mediatest.Remade(t, melody(1), "a.mp3", "-c:a", "libmp3lame")))
	p.wait("the sound", `document.querySelector("#sound-name")?.value === "雨夜小调"`)
	p.plays("#sound audio", 20)
	p.click("#remove-sound")
	p.wait("no sound", `!document.querySelector("#sound")`)
	p.click(".undo-act")
	p.wait("the sound again", `document.querySelector("#sound-name")?.value === "雨夜小调"`)
	upload(file("新的一段.wav", melody(2)))
	p.wait("the other sound", `document.querySelector("#sound-name")?.value === "新的一段"`)
	p.typeInto("#sound-name", "窗边小调")
	p.wait("it saved", `document.querySelector(".status [role=status]").innerText.startsWith("已自动保存")`)
	p.click("#continue")
	p.wait("the sheet", `document.querySelector("#confirm:not([disabled])")`)
	p.wait("its sound", `document.querySelector(".confirm .phone audio")`)
	p.plays(".confirm .phone audio", 20)
	p.click("#confirm")
	p.wait("the published note", `document.querySelector("#note-link")`)
	p.quiet()

	reader := openPage(t, h.url, 360, 800)
	reader.open("/p/" + s.ID)
	reader.sees("窗边小调")
	reader.plays(".sound audio", 20)
	reader.open("/")
	reader.sees("0:20")
	reader.quiet()

	wan.registersSong(rita, "林晚", melody(1))
	song := ann.withSound("今天录的第一首歌，弹错了两次，凑合听", "夏夜", melody(1))
	ann.until(ann.submit(song, nil).ID, "settled", settled)
	r := openPage(t, h.url, 1440, 900)
	r.signIn("rita")
	r.open("/app/review")
	r.sees("像登记的录音")
	if !eval[bool](r, `document.querySelector(".heard audio").muted`) {
		t.Error("the reviewer hears it unasked")
	}
	r.press("m")
	r.wait("it on", `!document.querySelector(".heard audio").muted && document.querySelector("#sound-on").getAttribute("aria-pressed") === "true"`)
	r.sees("有声音和「林晚」登记的录音很像")
	r.quiet()
}

// TestScreensSound takes pictures of a sound wherever one is seen, as TestScreens of all others.
func TestScreensSound(t *testing.T) {
	dir := screensFolder(t)
	needSoundPrograms(t)
	h := newHouse(t, withProducer)
	wan, ann, rita := h.person("wan", loam.Creator), h.person("ann", loam.Creator), h.person("rita", loam.Reviewer)
	wan.registersSong(rita, "林晚", melody(1))
	marked, err := media.Write(melody(2), loam.Mark{Label: "1", ContentProducer: "loam-test-other", ProduceID: "p1", ContentPropagator: "loam-test-other", PropagateID: "q1"})
	if err != nil {
		t.Fatal(err)
	}
	out := ann.withSound("雨停了，用模型写了一段小调，一遍过，耳机听效果最好", "雨夜小调（第二遍，加了一点混响和窗外的雨声）", marked)
	ann.confirm(ann.submit(out, nil))
	ann.confirm(ann.submit(ann.withSound("在窗边弹了一下午，录下来自己听", "窗边", melody(5)), nil))
	draft := ann.withSound("用模型写的第二段小调，还没有发出去，先放着", "雨夜小调（第三遍）", marked)
	held := ann.withSound("今天录的第一首歌，弹错了两次，凑合听", "夏夜", melody(1))
	ann.until(ann.submit(held, nil).ID, "settled", settled)
	for _, width := range []int{360, 1440} {
		p, r := openPage(t, h.url, width, 2400), openPage(t, h.url, width, 1600)
		p.signIn("ann")
		r.signIn("rita")
		for _, theme := range []string{"light", "dark"} {
			for _, lang := range []string{"zh", "en"} {
				for _, x := range []*page{p, r} {
					x.theme(theme)
					eval[bool](x, fmt.Sprintf(`document.cookie = "lang=%s; path=/", true`, lang))
				}
				shot := func(x *page, name, path, ready string) {
					if only := os.Getenv("LOAM_TEST_SCREENS_ONLY"); !strings.Contains("sound-"+name, only) {
						return
					}
					x.open(path)
					x.wait(name, ready)
					if name == "confirm" {
						x.push("#continue")
						x.wait("the sheet", `document.querySelector("#confirm:not([disabled])")`)
					}
					pause(x.ctx, 300*time.Millisecond)
					x.shotWhole(filepath.Join(dir, fmt.Sprintf("sound-%s-%d-%s-%s.png", name, width, theme, lang)))
				}
				shot(p, "note", "/p/"+out.ID, `document.querySelector(".sound audio")`)
				shot(p, "feed", "/", `document.querySelector(".sounds")`)
				shot(p, "editor", "/app/note/"+draft.ID, `document.querySelector("#sound audio")`)
				shot(p, "confirm", "/app/note/"+draft.ID, `document.querySelector("#sound audio")`)
				shot(r, "review", "/app/review", `document.querySelector(".heard audio")`)
			}
		}
	}
}
