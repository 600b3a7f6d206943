package main

import (
	"testing"

	cdpage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// TestBusyServer: a server that cannot say who asks signs nobody out; the page says so and asks again.
func TestBusyServer(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	h.person("ann")
	p := openPage(t, h.url, 1440, 900)
	p.signIn("ann")
	busy := `sessionStorage.busy ??= "1"; const real = window.fetch; window.fetch = (u, o) => sessionStorage.busy === "1" && String(u).endsWith("/api/session")
		? Promise.resolve(new Response(JSON.stringify({ status: 503, code: "busy", detail: "busy" }), { status: 503, headers: { "Content-Type": "application/problem+json" } })) : real(u, o);`
	if _, err := chromedp.Call(p.ctx, cdpage.AddScriptToEvaluateOnNewDocument, cdpage.AddScriptToEvaluateOnNewDocumentParams{Source: busy}); err != nil {
		t.Fatal(err)
	}
	p.open("/app/rights")
	p.wait("the reason", `document.querySelector("main [role=alert] button")`)
	eval[bool](p, `sessionStorage.busy = "0", true`)
	p.click("main [role=alert] button")
	p.wait("her page", `location.pathname === "/app/rights" && document.querySelector("h1")`)
}
