package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"loam"
)

// permission is what a creator's own table says of one use of a work, of all with work "".
func (c *client) permission(work string, u loam.Use) loam.Permission {
	c.h.t.Helper()
	var table loam.RightsTable
	c.must("GET", "/api/rights", nil, &table)
	at := slices.Index(loam.Uses(), u)
	for _, w := range table.Works {
		if w.Work == work {
			return w.Uses[at]
		}
	}
	return table.Account[at]
}

// TestBrowserRights: a creator allows a use by one click and takes it back by another, reads why
// and keeps the receipt; answers for two works at once with an end, and takes that back.
func TestBrowserRights(t *testing.T) {
	t.Parallel()
	h := newHouse(t, withProducer)
	ann := h.person("ann", loam.Creator)
	lake := ann.publish("湖边的两支防晒，都用了一个夏天", nil).Version
	nuts := ann.publish("下班买了糖炒栗子，25元一袋，很甜", nil).Version
	p := openPage(t, h.url, 1440, 900)
	p.signIn("ann")
	p.click(`.top nav a[href="/app/rights"]`)
	style := fmt.Sprintf(`tr[data-work=%q] .switch[aria-label$="模仿风格"]`, lake.Work)
	stands := func(checked bool) {
		t.Helper()
		p.wait(fmt.Sprintf("the switch at %v", checked), fmt.Sprintf(`document.querySelector(%s)?.matches('[aria-checked="%v"][aria-busy="false"]')`, quote(style), checked))
		if got := ann.permission(lake.Work, loam.UseStyle); got.Allowed != checked {
			t.Errorf("the server says %+v, want allowed: %v", got, checked)
		}
	}
	p.click(style)
	stands(true)
	p.sees("已允许模仿风格")
	p.wait("the receipt", `document.querySelector(".timeline li:first-child.grant .receipt")`)
	p.click(".timeline li:first-child .receipt summary")
	p.sees("这张凭证证明什么")
	p.wait("how to verify it", `/^loam-verify --key '.+' --receipt loam-\d+\.tlog-proof http.+\/log$/.test(document.querySelector(".timeline pre")?.innerText)`)
	if got := eval[string](p, `fetch(document.querySelector(".timeline a[download]").href).then(r => r.text())`); !strings.HasPrefix(got, "c2sp.org/tlog-proof") {
		t.Errorf("the download is %.80q", got)
	}
	p.click(style + " + .brief")
	p.sees("你说了允许")
	p.sees("只为这一篇")
	p.sees("已记账，有凭证")
	p.press(kb.Escape)
	p.wait("why to be gone", `!document.querySelector(".why-box")`)
	p.click(style)
	stands(false)
	p.click(style + " + .brief")
	p.sees("你说了不允许")
	p.press(kb.Escape)
	p.click(`tr[data-work="` + nuts.Work + `"] .switch[aria-label$="使用声音"] + .brief`)
	p.sees("没有人决定过")
	p.press(kb.Escape)

	p.click(`thead .pick`)
	p.sees("已选 2 篇")
	p.click(`thead .pick`)
	p.wait("nothing ticked", `!document.querySelector(".bulk")`)
	p.click(`tbody tr:nth-child(2) .pick`)
	p.sees("已选 1 篇")
	eval[bool](p, `document.querySelector("tbody tr:last-child .pick").dispatchEvent(new MouseEvent("click", {bubbles: true, shiftKey: true}))`)
	p.sees("已选 2 篇")
	p.click(`.bulk [data-use="train.text"]`)
	p.click(`.bulk [data-use="retrieve"]`)
	p.put(`.bulk input[type="date"]`, "2999-01-31")
	p.click(`.bulk .ant-checkbox-input`)
	p.click("#allow")
	p.sees("等 2 篇")
	for _, work := range []string{lake.Work, nuts.Work} {
		for _, u := range []loam.Use{loam.UseTrainText, loam.UseRetrieve} {
			p.eventually("a yes with its terms", func() bool {
				got := ann.permission(work, u)
				return got.Allowed && got.Attribution && got.Until > 32e12
			})
		}
	}
	p.wait("the offer to undo", `document.querySelector("#undo")`)
	p.press("z")
	p.eventually("both taken back", func() bool {
		return !ann.permission(lake.Work, loam.UseTrainText).Chosen && !ann.permission(nuts.Work, loam.UseRetrieve).Chosen
	})
	if !ann.permission(nuts.Work, loam.UseIndex).Allowed {
		t.Error("what was not changed was taken back too")
	}
	p.write(`.works input[type="search"]`, "糖炒")
	p.wait("one work", `document.querySelectorAll("tbody tr").length === 2`)
	p.quiet()
}

// TestBrowserRightsUndo: what is taken back comes back with the terms it had, also under the
// switch that overrules it.
func TestBrowserRightsUndo(t *testing.T) {
	t.Parallel()
	h := newHouse(t, withProducer)
	ann := h.person("ann", loam.Creator)
	work := ann.publish("湖边的两支防晒，都用了一个夏天", nil).Version.Work
	ann.must("PUT", "/api/rights", map[string]any{"works": []string{work}, "uses": []string{"style"}, "allowed": true, "until": int64(4e12), "attribution": true}, nil)
	ann.must("PUT", "/api/account", map[string]any{"name": "ann", "bio": "", "no_ai": true}, nil)
	p := openPage(t, h.url, 360, 800)
	p.signIn("ann")
	p.open("/app/rights")
	p.sees("喂给模型的用途现在一律不允许")
	p.click(fmt.Sprintf(`[data-work=%q] summary`, work))
	style := fmt.Sprintf(`[data-work=%q] [data-use="style"] `, work)
	p.click(style + ".brief")
	p.sees("它压过每一篇的选择")
	p.sees("你自己选的是「允许」")
	p.click(".why-box .close")
	p.wait("why to be gone", `!document.querySelector(".why-box")`)
	p.click(style + ".switch.held")
	p.wait("the offer to undo", `document.querySelector("#undo")`)
	if got := ann.permission(work, loam.UseStyle); got.Chosen {
		t.Errorf("taken back: %+v", got)
	}
	p.click("#undo")
	p.sees("已撤销")
	if got := ann.permission(work, loam.UseStyle); !got.Chosen || got.Allowed || got.Until != 4e12 || !got.Attribution {
		t.Errorf("brought back as %+v", got)
	}
	if over := eval[float64](p, `document.documentElement.scrollWidth - innerWidth`); over > 0 {
		t.Errorf("at 360 the page is %v wider than the window", over)
	}
	p.quiet()
}

// TestBrowserRightsKeys: the grid is one stop of the Tab order, arrows move in it, Space
// allows, W says why, and ? lists the keys.
func TestBrowserRightsKeys(t *testing.T) {
	t.Parallel()
	h := newHouse(t, withProducer)
	ann := h.person("ann", loam.Creator)
	work := ann.publish("湖边的两支防晒，都用了一个夏天", nil).Version.Work
	p := openPage(t, h.url, 1440, 900)
	p.signIn("ann")
	p.open("/app/rights")
	p.tabTo(`.uses [role="switch"]`)
	here := func(want string) {
		t.Helper()
		if got := eval[string](p, `document.activeElement.getAttribute("aria-label") ?? document.activeElement.innerText`); !strings.HasSuffix(got, want) {
			t.Errorf("the focus is on %q, want %q", got, want)
		}
	}
	here("所有作品的默认：被搜索到")
	p.press(kb.ArrowDown)
	p.press(kb.ArrowRight)
	p.press(kb.ArrowRight)
	here("供问答引用")
	p.press(" ")
	p.eventually("a yes by keyboard", func() bool { return ann.permission(work, loam.UseRetrieve).Allowed })
	p.wait("it to be done", `document.activeElement.getAttribute("aria-busy") === "false"`)
	p.press("w")
	p.sees("你说了允许")
	p.press(kb.Escape)
	p.wait("why to be gone", `!document.querySelector(".why-box")`)
	here("供问答引用")
	p.press(" ")
	p.eventually("a no by keyboard", func() bool { return !ann.permission(work, loam.UseRetrieve).Chosen })
	p.press(kb.End)
	here("提供给第三方")
	p.press(kb.ArrowUp)
	p.press(kb.ArrowUp)
	here("第三方")
	p.sees("可以把它交给站外的公司和机构")
	p.press(kb.Home)
	p.press(kb.ArrowDown)
	here("选中《湖边的两支防晒》")
	p.press("x")
	p.sees("已选 1 篇")
	p.press("?")
	p.wait("the keys", `document.querySelector("dialog.keys[open]")?.innerText.includes("允许或不允许")`)
	p.press(kb.Escape)
	p.push(`.timeline summary`)
	p.sees("这张凭证证明什么")
	p.quiet()
}

// TestBrowserRightsMore: works beyond the first page come when asked for, and are answered for
// as the others.
func TestBrowserRightsMore(t *testing.T) {
	t.Parallel()
	h := newHouse(t, withProducer)
	ann := h.person("ann", loam.Creator)
	var oldest string
	for i := range 51 {
		v := ann.publish(fmt.Sprintf("第%d天：%c的早餐%d元", i, '一'+rune(i*97), i), nil).Version
		if i == 0 {
			oldest = v.Work
		}
	}
	p := openPage(t, h.url, 768, 900)
	p.signIn("ann")
	p.open("/app/rights")
	p.wait("a page of works", `document.querySelectorAll("tbody tr").length === 51`)
	p.click(".works > .ant-btn")
	p.wait("all works", `document.querySelectorAll("tbody tr").length === 52 && !document.querySelector(".works > .ant-btn")`)
	p.click(fmt.Sprintf(`tr[data-work=%q] .switch[aria-label$="模仿风格"]`, oldest))
	p.eventually("a yes", func() bool {
		var table loam.RightsTable
		ann.must("GET", "/api/rights?q=第0天", nil, &table)
		return len(table.Works) == 1 && table.Works[0].Uses[slices.Index(loam.Uses(), loam.UseStyle)].Allowed
	})
	p.wait("as many works as before", `document.querySelectorAll("tbody tr").length === 52 && !document.querySelector('[aria-busy="true"]')`)
	p.quiet()
}

// TestBrowserForeign: a creator brings in terms from elsewhere, sees what they would take back of her
// word before anything is written, and has it taken back; a yes in them opens nothing. Undoing a
// first answer says that a word of its own stays.
func TestBrowserForeign(t *testing.T) {
	t.Parallel()
	h := newHouse(t, withProducer)
	ann := h.person("ann", loam.Creator)
	lake, nuts := ann.publish("湖边的两支防晒，都用了一个夏天", nil).Version.Work, ann.publish("下班买了糖炒栗子，25元一袋，很甜", nil).Version.Work
	ann.must("PUT", "/api/rights", map[string]any{"works": []string{lake, nuts}, "uses": []string{"train.text", "style"}, "allowed": true}, nil)
	p := openPage(t, h.url, 1440, 900)
	p.signIn("ann")
	p.open("/app/rights")
	p.click(".foreign > summary")
	p.write(`.foreign textarea`, "User-agent: *\nDisallow:\nContent-Signal: search=yes, ai-input=yes, ai-train=no\n")
	p.click("#foreign-look")
	p.sees("请填它说的那个页面的网址")
	p.write(`.foreign input[name="at"]`, "https://ann.example/posts/1")
	p.click("#foreign-look")
	p.sees("这些你原来允许，会被收回")
	p.sees("它说可以：被搜索到、供问答引用")
	if got := eval[int](p, `document.querySelectorAll(".takes li").length`); got != 2 || !ann.permission(lake, loam.UseStyle).Allowed {
		t.Errorf("%d works are shown, and something is written: %+v", got, ann.permission(lake, loam.UseStyle))
	}
	p.click("#foreign-apply")
	p.sees("已记进账本，不许")
	for _, u := range []loam.Use{loam.UseTrainText, loam.UseStyle} {
		if got := ann.permission(lake, u); got.Allowed || got.Chosen || got.Evidence != "L0" {
			t.Errorf("%s: %+v", u, got)
		}
	}
	if ann.permission(lake, loam.UseRetrieve).Chosen || !ann.permission(lake, loam.UseIndex).Allowed {
		t.Error("a yes from elsewhere opened something, or a use it does not deny was closed")
	}
	if over := eval[float64](p, `document.documentElement.scrollWidth - innerWidth`); over > 0 {
		t.Errorf("the page is %v wider than the window", over)
	}

	sells := fmt.Sprintf(`tr[data-work=%q] .switch[aria-label$="商业使用"]`, nuts)
	p.click(sells)
	p.wait("the offer to undo", `document.querySelector("#undo")`)
	p.press("z")
	p.sees("回不到「没说过」")
	p.eventually("a no of its own", func() bool { got := ann.permission(nuts, loam.UseCommercial); return !got.Chosen && got.Set })
	p.click(sells + " + .brief")
	p.sees("所以不跟着「所有作品的默认」变")
	p.quiet()

	ann.refused(422, "terms.at", "POST", "/api/rights/terms/import", map[string]any{"source": "robots", "text": "x", "works": []string{}})
	ann.refused(422, "terms.empty", "POST", "/api/rights/terms/import", map[string]any{"source": "rsl", "text": " ", "works": []string{}})
}
