package main

import (
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// offline cuts the page off, or joins it again.
func (p *page) offline(cut bool) {
	p.t.Helper()
	p.network(network.Conditions{Offline: cut, DownloadThroughput: -1, UploadThroughput: -1})
}

// network sets how the window is connected.
func (p *page) network(c network.Conditions) {
	p.t.Helper()
	_, err := chromedp.Call(p.ctx, network.Enable, network.EnableParams{})
	if err == nil {
		_, err = chromedp.Call(p.ctx, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{
			MatchedNetworkConditions: []*network.Conditions{&c},
		})
	}
	if err == nil {
		_, err = chromedp.Call(p.ctx, network.OverrideNetworkState, network.OverrideNetworkStateParams{Offline: c.Offline, Latency: c.Latency, DownloadThroughput: c.DownloadThroughput, UploadThroughput: c.UploadThroughput})
	}
	if err != nil {
		p.fail(err)
	}
}

// TestBrowserTwoWindows: what two windows change in different fields both stays; in the same
// field she decides; nothing overwrites anything silently.
func TestBrowserTwoWindows(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	ann := h.person("ann")
	s := ann.begin("今天下班走回家，风很舒服，路边的桂花开了")
	one, two := openPage(t, h.url, 1280, 900), openPage(t, h.url, 1280, 900)
	for _, p := range []*page{one, two} {
		p.signIn("ann")
		p.open("/app/note/" + s.ID)
		p.wait("the note", `document.querySelector("#body")`)
	}
	saved := `document.querySelector(".status [role=status]").innerText.startsWith("已自动保存")`
	one.typeInto("#title", "桂花开了")
	one.wait("saving", saved)
	two.wait("the other window's title", `document.querySelector("#title").value === "桂花开了"`)

	// Both at once, in different fields: the second has not heard of the first.
	two.offline(true)
	two.typeInto("#body", "第二个窗口写的正文")
	two.sees("网断了")
	one.typeInto("#title", "桂花真的开了")
	one.wait("saving", saved)
	two.offline(false)
	two.wait("both changes", saved+` && document.querySelector("#title").value === "桂花真的开了" && document.querySelector("#body").value === "第二个窗口写的正文"`)

	// The same field: she is asked.
	one.wait("the second's text", `document.querySelector("#body").value === "第二个窗口写的正文"`)
	two.offline(true)
	two.typeInto("#body", "二号的话")
	two.sees("网断了")
	one.typeInto("#body", "一号的话")
	one.wait("saving", saved)
	two.offline(false)
	two.sees("两处都改过")
	two.tabTo(`input[name="clash-body"]:checked`)
	two.press("\u0303") // arrow down, twice: mine, theirs, both
	two.press("\u0303")
	// She writes on while she is asked: what she chose is whose words stay, not how they read then.
	two.typeInto("#body", "二号的话，又写了一句")
	two.typeInto("#title", "桂花都开了")
	pause(two.ctx, time.Second) // longer than a save waits
	two.push("#settle")
	two.wait("both texts", saved+` && document.querySelector("#body").value === "二号的话，又写了一句\n\n一号的话"`)
	ann.must("GET", "/api/works/"+s.ID, nil, &s)
	if s.Body != "二号的话，又写了一句\n\n一号的话" || s.Title != "桂花都开了" {
		t.Errorf("got %q, %q", s.Title, s.Body)
	}
	one.push("#history")
	one.sees("现在这份")
}

// TestBrowserOffline: a minute without a network loses nothing, not even when the window is
// closed meanwhile.
func TestBrowserOffline(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	ann := h.person("ann")
	s := ann.begin("今天下班走回家，风很舒服")
	p := openPage(t, h.url, 1280, 900)
	p.signIn("ann")
	p.open("/app/note/" + s.ID)
	p.wait("the note", `document.querySelector("#body")`)
	p.offline(true)
	p.typeInto("#body", "断网时写的")
	p.sees("网断了")
	p.offline(false)
	p.open("/app/note/" + s.ID) // at once: perhaps before it was sent
	p.wait("what was typed", `document.querySelector("#body")?.value === "断网时写的"`)
	p.wait("saving", `document.querySelector(".status [role=status]").innerText.startsWith("已自动保存")`)
	ann.must("GET", "/api/works/"+s.ID, nil, &s)
	if s.Body != "断网时写的" {
		t.Errorf("got %q", s.Body)
	}
}
