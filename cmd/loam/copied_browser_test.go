package main

import (
	"strings"
	"testing"

	cdbrowser "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"

	"loam"
	"loam/internal/web"
)

// clipboard lets pages of this browser read what was copied.
func (p *page) clipboard() {
	p.t.Helper()
	for _, name := range []string{"clipboard-read", "clipboard-write"} {
		_, err := chromedp.Call(p.ctx, cdbrowser.SetPermission, cdbrowser.SetPermissionParams{Permission: &cdbrowser.PermissionDescriptor{Name: name}, Setting: cdbrowser.PermissionSettingGranted})
		if err != nil {
			p.fail(err)
		}
	}
}

// selects has the reader select what an expression gives two ends of: a node and an offset each.
func (p *page) selects(ends string) {
	p.t.Helper()
	eval[bool](p, `(([a, i, b, j]) => { getSelection().setBaseAndExtent(a, i, b, j); return true; })(`+ends+`)`)
}

// pasted presses Ctrl+C and gives the text that is on the clipboard then, and its HTML.
func (p *page) pasted() (text, html string) {
	p.t.Helper()
	p.run(chromedp.KeyEvent("c", chromedp.KeyModifiers(chromedp.ModifierCtrl), func(k *input.DispatchKeyEventParams) { k.Commands = []string{"copy"} }))
	text = eval[string](p, `navigator.clipboard.readText()`)
	html = eval[string](p, `navigator.clipboard.read().then(([x]) => x.types.includes("text/html") ? x.getType("text/html").then(b => b.text()) : "")`)
	return text, html
}

// TestBrowserCopied: whoever copies words off a note's page has their AI notice with them, once;
// what nobody labelled, and what she typed herself, is copied as it stands. Without scripts the
// notice stands beside the words.
func TestBrowserCopied(t *testing.T) {
	t.Parallel()
	h := newHouse(t, withModel(newEngine(t, wellBehaved)))
	ann := h.person("ann")
	declared := ann.publish("周末去湖边的咖啡馆，人均35，靠窗，拿铁好喝", func(c *loam.Choice) { c.AI = true })
	plain := ann.publish("下班买了糖炒栗子，25元一袋，很甜", nil)
	own := ann.begin("入手了一个二手书架，99元，用了三个月，很稳")
	g := ann.generated(own.ID)
	ann.must("PUT", "/api/works/"+own.ID+"/draft", map[string]any{"revision": own.Revision, "title": g.Draft.Titles[0], "body": g.Draft.Body}, &own)
	made := ann.confirm(ann.until(ann.submit(own, nil).ID, "settled", settled))
	p := openPage(t, h.url, 1280, 900)
	p.clipboard()
	p.signIn("ann")

	part := `[document.querySelector(".note .body p").firstChild, 0, document.querySelector(".note .body p").firstChild, 4]`
	title := `[document.querySelector(".note h1").firstChild, 0, document.querySelector(".note h1").firstChild, 3]`
	for _, tt := range []struct {
		name  string
		v     web.VersionView
		state loam.AIState
	}{{"declared", declared, loam.MayAI}, {"a model's", made, loam.IsAI}, {"her own", plain, loam.NotAI}} {
		if tt.v.Content.TextAI != tt.state {
			t.Fatalf("%s: the words are %s, want %s", tt.name, tt.v.Content.TextAI, tt.state)
		}
		p.open("/p/" + tt.v.Work)
		notice := web.Notice(tt.state)
		for what, ends := range map[string]string{"part of the text": part, "part of the title": title} {
			p.selects(ends)
			chosen := eval[string](p, `getSelection().toString()`)
			text, html := p.pasted()
			want := chosen
			if notice != "" {
				want += "\n\n" + notice
			}
			if text != want || !strings.Contains(html, notice) {
				t.Errorf("%s, %s: copied %q and %q, want %q", tt.name, what, text, html, want)
			}
		}
		p.selects(`[document.querySelector(".note"), 0, document.querySelector(".note"), document.querySelector(".note").childNodes.length]`)
		if text, _ := p.pasted(); notice != "" && strings.Count(text, notice) != 1 {
			t.Errorf("%s, all of it: %q", tt.name, text)
		}
	}

	p.open("/p/" + made.Work)
	p.selects(`[document.querySelector("footer p"), 0, document.querySelector("footer p"), 1]`)
	if text, _ := p.pasted(); text == "" || strings.Contains(text, "AI生成") {
		t.Errorf("what is not of the note: %q", text)
	}
	p.write("#say", "我自己写的")
	eval[bool](p, `document.querySelector("#say").select(), true`)
	if text, _ := p.pasted(); text != "我自己写的" {
		t.Errorf("her own words in a field: %q", text)
	}
	p.quiet()

	if _, err := chromedp.Call(p.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		t.Fatal(err)
	}
	p.run(chromedp.Navigate(h.url+"/p/"+made.Work), chromedp.WaitVisible(".notice.big"))
}

// TestBrowserTakeAway: each text that is copied on the confirm sheet, and each of the pack, has the
// notice of the words, which may be weaker than that of the pictures beside them.
func TestBrowserTakeAway(t *testing.T) {
	t.Parallel()
	h := newHouse(t, withModel(newEngine(t, wellBehaved)))
	ann := h.person("ann")
	s := ann.begin("周末去杭州西湖边的咖啡馆，人均35，靠窗，拿铁好喝，停车难")
	p := openPage(t, h.url, 1280, 900)
	p.clipboard()
	p.signIn("ann")
	copied := func(button string) string {
		t.Helper()
		eval[bool](p, `navigator.clipboard.writeText("").then(() => true)`)
		p.click(button)
		p.wait("something copied", `navigator.clipboard.readText().then(s => s !== "")`)
		return eval[string](p, `navigator.clipboard.readText()`)
	}
	take := func(want web.VersionView, notice string) {
		t.Helper()
		p.open("/app/note/" + s.ID)
		p.click("#continue")
		p.wait("a version to confirm", `document.querySelector("#confirm:not([disabled])")`)
		p.click(".confirm .take summary")
		title, body := want.Content.Title, want.Content.Body
		if notice != "" {
			title, body = title+"（"+notice+"）", body+"\n\n"+notice
		}
		files := unzipped(t, ann.must("GET", "/api/versions/"+want.ID+"/pack", nil, nil).body)
		if got := copied("#copy-title"); got != title || string(files["title.txt"]) != title+"\n" {
			t.Errorf("the title is copied as %q, packed as %q, want %q", got, files["title.txt"], title)
		}
		if got := copied("#copy-body"); got != body || string(files["body.txt"]) != body+"\n" {
			t.Errorf("the body is copied as %q, packed as %q, want %q", got, files["body.txt"], body)
		}
	}
	v := ann.shows(&s, ann.upload(s.ID, traced(t)), false)
	if v.Content.TextAI != loam.NotAI || v.AI != loam.SuspectedAI {
		t.Fatalf("the words are %s, the note %s", v.Content.TextAI, v.AI)
	}
	take(v, "")

	s = ann.begin("周末去湖边的咖啡馆，人均35，靠窗")
	g := ann.generated(s.ID)
	ann.must("PUT", "/api/works/"+s.ID+"/draft", map[string]any{"revision": s.Revision, "title": g.Draft.Titles[0], "body": g.Draft.Body}, &s)
	v = ann.until(ann.submit(s, nil).ID, "settled", settled)
	take(v, web.Notice(loam.IsAI))
	p.quiet()
}
