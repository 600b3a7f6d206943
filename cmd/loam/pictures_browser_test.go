package main

import (
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// TestBrowserNextPicture: with a mouse a reader is told how to see the next picture, and that is how.
func TestBrowserNextPicture(t *testing.T) {
	t.Parallel()
	h := newHouse(t, withProducer)
	v := h.person("ann").publish("教大家用空气炸锅做红薯干：两个红薯去皮切条，泡水十分钟，沥干，180度烤15分钟，翻面再烤10分钟", nil).Version
	p := openPage(t, h.url, 1440, 900)
	p.open("/p/" + v.Work)
	p.sees("点一下图")
	p.wait("more than one picture", `document.querySelectorAll(".pictures img").length > 1`)
	if eval[bool](p, `document.body.innerText.includes("左右滑动")`) {
		t.Error("nothing is swiped with a mouse")
	}
	p.click(".pictures img")
	p.press(kb.ArrowRight)
	p.wait("the second picture", `(b => Math.abs(document.querySelectorAll(".pictures img")[1].getBoundingClientRect().left - b.left) < 2)(document.querySelector(".pictures").getBoundingClientRect())`)
	p.quiet()
}
