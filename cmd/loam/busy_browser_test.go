package main

import (
	"fmt"
	"testing"

	cdpage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"loam"
)

// TestBusyServer: a server that cannot say who asks signs nobody out; the page says so and asks again.
func TestBusyServer(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	h.person("ann")
	p := openPage(t, h.url, 1440, 900)
	p.signIn("ann")
	p.busy("/api/session$")
	p.open("/app/rights")
	p.wait("the reason", `document.querySelector("main [role=alert] button")`)
	p.busy("")
	p.click("main [role=alert] button")
	p.wait("her page", `location.pathname === "/app/rights" && document.querySelector("h1")`)
}

// busy has the server answer 503 to every GET of a path that matches from now on; nothing matches "".
func (p *page) busy(paths string) {
	p.t.Helper()
	const answer = `const real = window.fetch; window.fetch = (u, o) => {
		if (!sessionStorage.busy || (o?.method ?? "GET") !== "GET" || !RegExp(sessionStorage.busy).test(String(u))) return real(u, o);
		window.refused = (window.refused ?? 0) + 1;
		return Promise.resolve(new Response(JSON.stringify({ status: 503, code: "busy", detail: "busy" }), { status: 503, headers: { "Content-Type": "application/problem+json" } }));
	};`
	if eval[bool](p, fmt.Sprintf(`sessionStorage.busy = %q, !sessionStorage.answers && (sessionStorage.answers = "1", true)`, paths)) {
		if _, err := chromedp.Call(p.ctx, cdpage.AddScriptToEvaluateOnNewDocument, cdpage.AddScriptToEvaluateOnNewDocumentParams{Source: answer}); err != nil {
			p.fail(err)
		}
	}
}

// TestBusyEditor: a note that cannot be fetched can be fetched again; one that is on the table stays
// there when the server is busy afterwards, with what became of it.
func TestBusyEditor(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	s := h.person("ann").begin("周末去湖边的咖啡馆，人均35，靠窗")
	p := openPage(t, h.url, 1440, 900)
	p.signIn("ann")
	p.busy("/api/works")
	p.open("/app/note/" + s.ID)
	p.wait("the reason", `document.querySelector("main [role=alert] button")`)
	p.busy("")
	p.click("main [role=alert] button")
	p.click("#continue")
	p.wait("a version to confirm", `document.querySelector("#confirm:not([disabled])")`)
	p.busy("/api/works/" + s.ID)
	p.click("#confirm")
	p.wait("the server's third excuse", `window.refused >= 3`)
	p.sees("busy")
	p.wait("what became of it", `document.querySelector(".confirm a[href^='/p/']")`)
}

// TestBusyDesk: a desk that is out of reach says so once, and a list she is working from stays.
func TestBusyDesk(t *testing.T) {
	t.Parallel()
	h := newHouse(t, withProducer)
	wan := h.person("wan")
	h.person("rita", loam.Reviewer)
	wan.must("POST", "/api/protections", wan.protection(loam.ProtectVoice, "林晚", noisyJPEG(t, 64, 64)), nil)
	p := openPage(t, h.url, 1440, 900)
	p.signIn("rita")
	p.busy("/api/review/(queue|protections)")
	p.open("/app/review")
	p.wait("the reason", `document.querySelector("main [role=alert] button")`)
	p.wait("every answer", `window.refused >= 3`)
	if n := eval[int](p, `document.querySelectorAll("main [role=alert]").length`); n != 1 {
		t.Errorf("it says so %d times", n)
	}
	p.busy("")
	p.click("main [role=alert] button")
	p.click(".asked summary")
	p.sees("林晚")
	p.busy("/api/review/protections")
	eval[bool](p, `window.refused = 0, true`)
	p.wait("the next three answers", `window.refused >= 3`)
	p.wait("the reason", `document.querySelector("main [role=alert] button")`)
	if !eval[bool](p, `document.querySelector(".asked")?.open ?? false`) {
		t.Error("what she was reading is gone")
	}
}
