package main

import (
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"loam"
	"loam/internal/web"
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

// TestReviewCase: every picture of a case is veiled until V is held, a comment stands with its
// note and what it answers, evidence is in words, the queue folds and stays so, and a queue
// that cannot be fetched is not called empty.
func TestReviewCase(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	h.alike()
	h.person("rita", loam.Reviewer)
	p := openPage(t, h.url, 1440, 1000)
	p.signIn("rita")
	p.open("/app/review")
	p.wait("the queue", `document.querySelectorAll(".queue li").length === 2`)

	reach := func(what, js string) {
		t.Helper()
		p.wait("a case", `document.querySelector(".rulings")`)
		if !eval[bool](p, "!!("+js+")") {
			p.press("j")
			p.wait(what, js)
		}
	}
	veiled := `[...document.querySelectorAll("main img")].every(i => getComputedStyle(i).filter.includes("blur"))`
	bare := `[...document.querySelectorAll("main img")].every(i => getComputedStyle(i).filter === "none")`
	reach("the near copy", `document.querySelectorAll(".copy img").length === 2`)
	p.wait("veils", veiled)
	p.down("v", 5)
	p.wait("no veils", bare)
	p.up("v")
	p.wait("veils again", veiled)
	p.sees("文字比对")

	p.open("/app/review")
	reach("the comment", `document.querySelector(".context")`)
	p.wait("its heading", `document.querySelector("h1").innerText === "评论"`)
	for _, part := range []string{"写在这篇笔记下面", "旧书店", "@ann", "回复这条", "老板在吗", "词表"} {
		p.sees(part)
	}

	p.press("q")
	p.wait("a folded queue", `!document.querySelector(".queue").getClientRects().length && document.querySelector(".fold[aria-expanded=false]")`)
	p.open("/app/review")
	p.wait("a queue still folded", `document.querySelector(".fold[aria-expanded=false]")`)

	p.open("/app/figures")
	p.wait("the figures", `document.querySelector("main.measures") && !document.querySelector(".ant-skeleton")`)
	eval[int](p, `fetch("/api/session", {method: "DELETE"}).then(r => r.status)`) // as another window would
	p.push(`header a[href$="/review"]`)
	p.wait("the fault", `document.querySelector("main [role=alert]")?.innerText.includes("再试一次")`)
	if eval[bool](p, `document.body.innerText.includes("队列空了")`) {
		t.Error("a queue that cannot be fetched is called empty")
	}
}

// alike makes two cases: a note of bo that is like one of ann, and a comment in answer to
// another.
func (h *house) alike() {
	h.t.Helper()
	ann, bo := h.person("ann"), h.person("bo")
	const idea = "周末去湖边的旧书店，二楼靠窗的位置能看见整片湖，老板养了两只橘猫，买书送手写书签，咖啡二十八一杯，下午三点后人就少了，回来坐的末班车"
	v := ann.publish(idea, nil)
	c := ann.says(v.Work, "", "老板在吗")
	bo.says(v.Work, c.Work, "在，这里有沃土测试复核词")
	w := bo.submit(bo.begin(idea), nil)
	bo.until(w.ID, "held", func(v web.VersionView) bool { return v.State == loam.Held })
}

// TestOperateUndo: a phrase removed and a model disconnected come back.
func TestOperateUndo(t *testing.T) {
	t.Parallel()
	e := newEngine(t, wellBehaved)
	h := newHouse(t, withModel(e))
	olga := h.person("olga", loam.Operator)
	olga.must("POST", "/api/operate/phrases", map[string]any{"source": "list", "phrases": []map[string]string{{"text": "某个词", "risk": "fraud", "tier": "review"}}}, nil)
	p := openPage(t, h.url, 1280, 900)
	p.signIn("olga")
	p.open("/app/operate/phrases")
	p.push(`tr[data-row-key] button`)
	p.sees("已删除「某个词」")
	p.press("z")
	p.wait("the phrase", `document.querySelector("tr[data-row-key]")?.innerText.includes("某个词")`)

	p.open("/app/operate/models")
	p.push("#disconnect")
	p.sees("没有接模型")
	p.click("#undo")
	p.sees("正在用 test-model")
	olga.must("POST", "/api/operate/model/test", nil, nil)
	p.quiet()
}
