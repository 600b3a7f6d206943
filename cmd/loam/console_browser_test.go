package main

import (
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"loam"
)

// down presses a key and keeps it down as long as it takes to be heard so often.
func (p *page) down(key string, times int) {
	p.t.Helper()
	for i := range times {
		again := i > 0
		p.key(input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyDown, Key: key, Text: key, AutoRepeat: &again})
	}
}

// up lets a key go.
func (p *page) up(key string) {
	p.t.Helper()
	p.key(input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyUp, Key: key})
}

func (p *page) key(k input.DispatchKeyEventParams) {
	p.t.Helper()
	if _, err := chromedp.Call(p.ctx, input.DispatchKeyEvent, k); err != nil {
		p.fail(err)
	}
}

// heldComments are so many comments on a note that a reviewer has to look at.
func (h *house) heldComments(n int) {
	h.t.Helper()
	bo := h.person("bo")
	v := bo.publish("周末去湖边的咖啡馆，人均35，靠窗，拿铁好喝，停车难", nil)
	for i := range n {
		bo.says(v.Work, "", fmt.Sprintf("第%d条，这里有沃土测试复核词", i+1))
	}
}

// TestReviewKeys: a key kept down rules on one case, rulings are taken back one by one as
// long as the server still can, and under the sheet of keys nothing is ruled.
func TestReviewKeys(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	h.heldComments(4)
	rita := h.person("rita", loam.Reviewer)
	p := openPage(t, h.url, 1440, 1000)
	p.signIn("rita")
	p.open("/app/review")
	shows := func(n int) {
		t.Helper()
		p.wait(fmt.Sprintf("%d cases", n), fmt.Sprintf(`document.querySelectorAll(".queue li").length === %d && document.querySelector(".rulings")`, n))
	}
	shows(4)
	p.down("a", 30)
	p.up("a")
	shows(3)
	p.press("z")
	shows(4)
	p.press("l") // no reason yet: nothing is ruled
	p.press("a")
	shows(3)
	p.press("a")
	shows(2)
	p.press("zzz") // once more than there are
	shows(4)

	p.press("?")
	p.wait("the sheet", `document.querySelector("dialog.keys[open]").innerText.includes("通过")`)
	p.press("a")
	p.press(kb.Escape)
	p.wait("the sheet closed", `!document.querySelector("dialog.keys[open]")`)
	pause(p.ctx, 500*time.Millisecond)
	shows(4)
	var queue []loam.Case
	if rita.must("GET", "/api/review/queue", nil, &queue); len(queue) != 4 {
		t.Errorf("%d cases wait, want 4", len(queue))
	}
	p.quiet()
}
