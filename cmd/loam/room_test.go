package main

import (
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"

	"loam"
	"loam/internal/web"
)

// TestBrowserRoom is the pages of a note in a browser: typed and drawn, moved, removed and brought
// back, photos dropped on them, each asked for anew.
func TestBrowserRoom(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	ann := h.person("ann")
	s := ann.begin("周末去杭州西湖边的咖啡馆，人均35，靠窗，拿铁28元，拿铁好喝，停车难")
	p := openPage(t, h.url, 1440, 1000)
	p.signIn("ann")
	p.open("/app/note/" + s.ID)
	draft := func(what string, ok func(loam.Draft) bool) {
		t.Helper()
		p.wait(what+" saved", `document.querySelector(".status [role=status]")?.innerText.match(/已自动保存|Saved/)`)
		var now web.Sheet
		for range 100 {
			ann.must("GET", "/api/works/"+s.ID, nil, &now)
			if ok(now.Draft) {
				return
			}
			now = web.Sheet{}
			pause(p.ctx, 100*time.Millisecond)
		}
		t.Fatalf("%s: %+v", what, now.Draft.Pages)
	}
	drawn := func() string { return eval[string](p, `document.querySelector("#live")?.src ?? ""`) }
	p.wait("the first page", `document.querySelector("#live")?.naturalWidth === 1080`)

	was := drawn()
	p.typeInto("#page-title", "周末喝什么")
	p.wait("drawn while typed", fmt.Sprintf(`document.querySelector("#live").src !== %s && document.querySelector("#live").naturalWidth === 1080`, quote(was)))
	draft("title", func(d loam.Draft) bool { return d.Pages[0].Title == "周末喝什么" })

	n := len(s.Draft.Pages)
	p.push("#add-page")
	p.push("#add-prices")
	p.wait("a page of prices", `document.querySelector("#page-2[aria-pressed=true]") && document.querySelector("[data-cell='0.0']")`)
	p.typeInto("[data-cell='0.0']", "手冲")
	p.press(kb.Tab)
	p.press("28元")
	p.press(kb.Enter)
	p.press("32元")
	draft("rows", func(d loam.Draft) bool {
		return len(d.Pages) == n+1 && d.Pages[1].Kind == loam.PagePrices && len(d.Pages[1].Rows) == 2 && d.Pages[1].Rows[1][1] == "32元"
	})

	eval[bool](p, `document.querySelector("#page-2").focus(), true`)
	eval[bool](p, `document.querySelector("#page-2").dispatchEvent(new KeyboardEvent("keydown", {key: "ArrowRight", altKey: true, bubbles: true})), true`)
	draft("moved", func(d loam.Draft) bool { return d.Pages[2].Kind == loam.PagePrices })
	p.wait("focus on the moved page", `document.activeElement.id === "page-3"`)
	p.press(kb.Delete)
	draft("removed", func(d loam.Draft) bool { return len(d.Pages) == n })
	eval[bool](p, `document.querySelector(".undo-act").click(), true`)
	draft("brought back", func(d loam.Draft) bool { return len(d.Pages) == n+1 && d.Pages[2].Kind == loam.PagePrices })

	p.push("#page-redraw")
	draft("another layout", func(d loam.Draft) bool { return len(d.Pages) == n+1 && d.Pages[2].Kind != loam.PagePrices })

	eval[bool](p, `(async () => {
		const d = new DataTransfer();
		for (const colour of ["teal", "tomato"]) {
			const c = new OffscreenCanvas(600, 800), g = c.getContext("2d");
			g.fillStyle = colour; g.fillRect(0, 0, 600, 800);
			d.items.add(new File([await c.convertToBlob({type: "image/jpeg"})], colour + ".jpg", {type: "image/jpeg"}));
		}
		d.items.add(new File(["x"], "IMG_1.HEIC"));
		document.querySelector(".room").dispatchEvent(new DragEvent("drop", {bubbles: true, dataTransfer: d}));
		return true;
	})()`)
	draft("two photos", func(d loam.Draft) bool { return len(d.Pictures) == 2 && len(d.Pages) == n+3 })
	p.sees("兼容性最佳")
	p.push("#clear-uploads")
	eval[bool](p, `document.querySelector("#page-1").click(), true`)
	p.push("#put-1")
	p.push("#print-cyano")
	draft("a photo on the cover, printed", func(d loam.Draft) bool {
		return len(d.Pages[0].Photos) == 1 && d.Pages[0].Print == loam.PrintCyano && d.Pages[0].Title == "周末喝什么"
	})
	p.push("#crop-1")
	p.tabTo("#crop-window")
	p.press("+")
	p.press(kb.ArrowLeft)
	p.push("#crop-done")
	draft("cropped", func(d loam.Draft) bool {
		c := d.Pages[0].Photos[0].Crop
		return c != nil && c.W < 1000 && c.X+c.W <= 1000
	})
	p.push("#point")
	eval[bool](p, `(() => { const i = document.querySelector("#live"), r = i.getBoundingClientRect(); i.dispatchEvent(new MouseEvent("click", {bubbles: true, clientX: r.left + r.width / 4, clientY: r.top + r.height * .75})); return true })()`)
	draft("a point", func(d loam.Draft) bool {
		return len(d.Pages[0].Callouts) == 1 && d.Pages[0].Callouts[0].X/10 >= 24 && d.Pages[0].Callouts[0].X/10 <= 25 && d.Pages[0].Callouts[0].Y/10 >= 74
	})
	p.typeInto("#brand-sign", "@小满")
	draft("a sign", func(d loam.Draft) bool { return d.Brand != nil && d.Brand.Sign == "@小满" })
	p.quiet()
}
