package main

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"loam"
)

// TestBrowserLabelAppeal: a creator sees why her photo is labelled, challenges it with a file;
// a reviewer sees both and lifts the label; confirmed again the photo goes out without it.
func TestBrowserLabelAppeal(t *testing.T) {
	t.Parallel()
	h := newHouse(t, withProducer)
	ann := h.person("ann")
	h.person("rita", loam.Reviewer)
	s := ann.begin("周末去杭州西湖边的咖啡馆，人均35，靠窗，拿铁好喝，停车难")
	v := ann.shows(&s, ann.upload(s.ID, traced(t)), false)
	original := filepath.Join(t.TempDir(), "IMG_2043 相机原图.jpg")
	if err := os.WriteFile(original, noisyJPEG(t, 160, 120), 0o600); err != nil {
		t.Fatal(err)
	}
	p, name := h.tab()
	p.signIn("ann")
	if _, err := chromedp.Call(p.ctx, emulation.SetLocaleOverride, emulation.SetLocaleOverrideParams{Locale: "de-DE"}); err != nil { // a browser of another language than the page
		t.Fatal(err)
	}
	p.open("/app/note/" + s.ID)
	p.click("#continue")
	p.wait("a version to confirm", `document.querySelector("#confirm:not([disabled])")`)
	p.sees("内容疑似AI生成合成")
	p.sees("Stable Diffusion")
	p.click(".why .link")
	p.write(".challenge textarea", "这是我自己拍的，用修图软件改过亮度；相机原图在证据里")
	p.run(chromedp.SetUploadFiles(".challenge input[type=file]", []string{original}))
	p.sees("IMG_2043")
	p.click(".exhibits button")
	p.wait("the file taken out", `!document.querySelector(".exhibits li")`)
	p.click(".undo-act")
	p.sees("IMG_2043")
	p.shots("label-appeal-" + name)
	p.narrows(360)
	if over := eval[float64](p, `document.querySelector(".challenge").getBoundingClientRect().right - document.querySelector(".why").getBoundingClientRect().right`); over > 0 {
		t.Errorf("at 360 the appeal is %v wider than what it stands in", over)
	}
	if name != "360" {
		p.narrows(1440)
	}
	if said := eval[string](p, `document.querySelector(".challenge").innerText`); !regexp.MustCompile(`\b[1-9]\d*\.\d KB`).MatchString(said) {
		t.Errorf("the file's size is not told as Chinese does: %s", said)
	}
	p.click(".challenge .ant-btn-primary")
	p.sees("已申诉，等审核员看")

	r, _ := h.tab()
	r.signIn("rita")
	r.open("/app/review")
	r.wait("the case", `document.querySelector(".exhibits img")?.complete`)
	r.sees("Stable Diffusion")
	r.shots("label-case-" + name)
	if eval[bool](r, `[...document.querySelectorAll(".rulings button")].some(b => b.innerText.includes("限流"))`) {
		t.Error("a label can be limited")
	}
	r.press("a")
	r.sees("不再标 AI")
	r.quiet()
	p.eventually("the picture without its label", func() bool {
		_, ruled, err := h.db.LabelRuling(t.Context(), ann.account.ID, v.Content.Assets[0].Hash)
		return err == nil && ruled
	})
	ann.must("GET", "/api/works/"+s.ID, nil, &s)
	p.open("/app/note/" + s.ID)
	p.click("#continue")
	p.wait("a version to confirm", `document.querySelector("#confirm:not([disabled])")`)
	p.sees("没有 AI 做的文字和图片")
	p.quiet()
}

// TestBrowserVerify: a visitor drops a file on the page and reads what it says of its making,
// by keyboard and without script; a creator takes a file without its visible label, and the
// operator sees that she did.
func TestBrowserVerify(t *testing.T) {
	t.Parallel()
	h := newHouse(t, withModel(newEngine(t, wellBehaved)))
	ann := h.person("ann")
	h.person("olga", loam.Operator)
	s := ann.begin("周末去湖边的咖啡馆，人均35，靠窗")
	g := ann.generated(s.ID)
	ann.must("PUT", "/api/works/"+s.ID+"/draft", map[string]any{"revision": s.Revision, "title": g.Draft.Titles[0], "body": g.Draft.Body, "pages": []loam.Page{{Kind: loam.PageCover, Title: g.Draft.Titles[0]}}}, &s)
	v := ann.until(ann.submit(s, nil).ID, "settled", settled)
	file := filepath.Join(t.TempDir(), "一张名字非常非常长的图片-周末去湖边的咖啡馆坐了一下午-最终版-真的最终版-2026-11-26.png")
	if err := os.WriteFile(file, ann.must("GET", "/api/versions/"+v.ID+"/pictures/1", nil, nil).body, 0o600); err != nil {
		t.Fatal(err)
	}
	p, name := h.tab()
	p.open("/verify")
	p.run(chromedp.SetUploadFiles("#file", []string{file}))
	p.push("form[action='/verify'] button")
	p.sees("这是 AI 生成合成的内容")
	p.sees("loam-test-producer")
	p.sees("内容凭证")
	p.sees("有效，是本平台认识的签名者")
	p.shots("verify-result-" + name)
	p.quiet()

	c, _ := h.tab()
	c.signIn("ann")
	c.open("/app/note/" + s.ID)
	c.click("#continue")
	c.wait("a version to confirm", `document.querySelector("#confirm:not([disabled])")`)
	c.click(".confirm .take summary")
	c.click(".take .take summary")
	c.write("#recipient", "楼下的印刷厂")
	c.write("#purpose", "印展板")
	c.click(".take .take .ant-checkbox-input")
	c.shots("waiver-" + name)
	c.click(".take .take .challenge button")
	c.sees("每次下载都有记录")
	if !eval[bool](c, `[...document.querySelectorAll(".take .take a[download]")].length > 0`) {
		t.Error("nothing to download")
	}
	eval[bool](c, `fetch(document.querySelector(".take .take a[download]").href).then(r => r.ok)`)
	c.quiet()

	o, _ := h.tab()
	o.signIn("olga")
	o.open("/app/operate/waivers")
	o.sees("楼下的印刷厂")
	o.sees("@ann")
	o.shots("waivers-log-" + name)
	o.quiet()
}

// narrows gives the page another width.
func (p *page) narrows(width int) {
	p.t.Helper()
	if _, err := chromedp.Call(p.ctx, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: int64(width), Height: 900, DeviceScaleFactor: 1}); err != nil {
		p.fail(err)
	}
}
