package main

import (
	"os"
	"path/filepath"
	"testing"

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
	if err := os.WriteFile(original, noisyJPEG(t, 640, 480), 0o600); err != nil {
		t.Fatal(err)
	}
	width, name := 1440, "1440"
	if os.Getenv("LOAM_TEST_NARROW") != "" {
		width, name = 360, "360"
	}
	p := openPage(t, h.url, width, 900)
	if width == 360 {
		p.theme("dark")
	}
	p.signIn("ann")
	p.open("/app/note/" + s.ID)
	p.click("#continue")
	p.wait("a version to confirm", `document.querySelector("#confirm:not([disabled])")`)
	p.sees("内容疑似AI生成合成")
	p.click(".why summary")
	p.sees("Stable Diffusion")
	p.click(".why .link")
	p.write(".challenge textarea", "这是我自己拍的，用修图软件改过亮度；相机原图在证据里")
	p.run(chromedp.SetUploadFiles(".challenge input[type=file]", []string{original}))
	p.sees("IMG_2043")
	p.shots("label-appeal-" + name)
	p.click(".challenge .ant-btn-primary")
	p.sees("已申诉，等审核员看")

	r := openPage(t, h.url, width, 900)
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
		list, err := h.db.LabelRulings(t.Context(), ann.account.ID, []string{v.Content.Assets[0].Hash})
		return err == nil && len(list) == 1
	})
	ann.must("GET", "/api/works/"+s.ID, nil, &s)
	p.open("/app/note/" + s.ID)
	p.click("#continue")
	p.wait("a version to confirm", `document.querySelector("#confirm:not([disabled])")`)
	p.sees("没有 AI 做的文字和图片")
	p.quiet()
}
