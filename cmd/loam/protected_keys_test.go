package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"

	"loam"
)

// TestBrowserProtectionKeys: by keyboard alone, in English, a creator asks for the protection of her
// voice with the further consent to be compared by it, and stops the comparison again: the question
// is the next thing Tab reaches, and the focus is never lost.
func TestBrowserProtectionKeys(t *testing.T) {
	t.Parallel()
	needSoundPrograms(t)
	h := withBodies(t)
	wan := h.person("wan")
	wan.must("POST", "/api/protections", wan.protection(loam.ProtectCharacter, "团团兔", noisyJPEG(t, 64, 64)), nil)
	dir := t.TempDir()
	var files []string
	for name, data := range map[string][]byte{
		"my voice.wav": spoken(t, "cmn-latn-pinyin", "今天天气很好，我们去湖边走了一圈，拍了很多照片。"), "nobody.jpg": noisyJPEG(t, 320, 240), "contract.pdf": []byte("%PDF-1.4\n%%EOF\n"),
	} {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, data, 0o600); err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	p := openPage(t, h.url, 1440, 900)
	p.signIn("wan")
	eval[bool](p, `document.cookie = "lang=en; path=/", true`)
	p.open("/app/rights/protections")
	p.push("#ask")
	p.wait("the focus on the form", `document.activeElement.closest(".challenge")`)
	p.typeInto(`input[name="name"]`, "Lin Wan")
	p.typeInto(`textarea[name="text"]`, "singing since 2019")
	p.typeInto(`input[name="subject"]`, "Lin Wan")
	p.tabTo("#compare")
	p.press(" ")
	p.sees("Tick this first")
	p.tabTo(`.challenge input[type="file"]`)
	p.run(chromedp.SetUploadFiles(`.challenge input[type="file"]`, files)) // the system's own dialog
	p.sees("features of the voice kept")
	p.sees("no clear face or voice")
	p.wait("three files", `document.querySelectorAll(".proofs li").length === 3`)
	if got := eval[string](p, `[...document.querySelectorAll(".proofs li")].find(x => x.innerText.includes("contract")).querySelector("bdi").innerText.trim()`); got != "contract.pdf" {
		t.Errorf("of a file that shows and says nobody it says %q", got)
	}
	for range files {
		p.tabTo(".proofs input:placeholder-shown")
		p.press("Lin Wan")
	}
	for _, tick := range []string{"#consent", "#truthful"} {
		p.tabTo(tick)
		p.press(" ")
	}
	for _, theme := range []string{"light", "dark"} {
		p.theme(theme)
		p.wait("its colours", `document.getAnimations().every(a => a.playState === "finished")`)
		p.axe("the filled form, " + theme)
	}
	p.push("#send")
	p.sees("Compared by voice")
	p.wait("the focus back on the button", `document.activeElement.id === "ask"`)

	p.push(`[data-protection] .row:not(.between) .ant-btn`)
	p.wait("the question", `document.querySelector(".ant-popconfirm:not(.ant-popover-hidden) .ant-btn-primary") && document.getAnimations().every(a => a.playState === "finished")`)
	p.press("\t")
	if !eval[bool](p, `!!document.activeElement.closest(".ant-popconfirm")`) {
		t.Error("Tab passes by the question: ", eval[string](p, `document.activeElement.outerHTML.slice(0, 120)`))
	}
	p.axe("the question")
	p.push(".ant-popconfirm .ant-btn-primary")
	p.sees("Stopped and deleted")
	p.wait("the focus on what it was about", `document.activeElement.dataset.protection && !document.body.innerText.includes("Compared by voice")`)
	p.quiet()
}
