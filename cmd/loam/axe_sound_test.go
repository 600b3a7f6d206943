package main

import (
	"os"
	"testing"

	"github.com/chromedp/chromedp"

	"loam"
	"loam/internal/media"
)

// TestAxeSound has axe look at every page that shows a sound, a notice or what a file says, in both
// themes; TestAxe at all others.
func TestAxeSound(t *testing.T) {
	t.Parallel()
	needSoundPrograms(t)
	h := newHouse(t, func(c *config) { withProducer(c); c.RepeatNotices = 2 })
	ann, cyn, rita := h.person("ann", loam.Creator), h.person("cyn", loam.Creator), h.person("rita", loam.Reviewer)
	h.person("remy", loam.Reviewer)
	marked, err := media.Write(melody(2), loam.Mark{Label: "1", ContentProducer: "loam-test-other", ProduceID: "p1", ContentPropagator: "loam-test-other", PropagateID: "q1"})
	if err != nil {
		t.Fatal(err)
	}
	out := cyn.withSound("雨停了，用模型写了一段小调，一遍过", "雨夜小调", marked)
	cyn.confirm(cyn.submit(out, nil))
	draft := cyn.withSound("用模型写的第二段小调，还没有发出去", "雨夜小调（第三遍）", marked)
	addresses := h.contested(ann, rita)
	file := t.TempDir() + "/a.wav"
	if err := os.WriteFile(file, marked, 0o600); err != nil {
		t.Fatal(err)
	}
	visitor, creator := openPage(t, h.url, 360, 900), openPage(t, h.url, 1280, 900)
	studio, reviewer := openPage(t, h.url, 1280, 900), openPage(t, h.url, 1280, 900)
	creator.signIn("ann")
	studio.signIn("cyn")
	reviewer.signIn("remy")
	for _, theme := range []string{"light", "dark"} {
		visitor.open("/")
		for _, p := range []*page{visitor, creator, studio, reviewer} {
			p.theme(theme)
		}
		for what, path := range map[string]string{
			"a note with a sound": "/p/" + out.ID, "its terms": "/p/" + out.ID + "/terms", "the form of a notice": addresses["form"],
			"a notice": addresses["asked"], "a notice that was answered": addresses["countered"], "a notice on two works": addresses["several"],
		} {
			visitor.open(path)
			visitor.axe(what + ", " + theme)
		}
		visitor.open("/verify")
		visitor.run(chromedp.SetUploadFiles("#file", []string{file}))
		visitor.push(".verify button")
		visitor.wait("what it says", `document.querySelector(".verdict")`)
		visitor.axe("what a sound says, " + theme)
		creator.open("/app/notices")
		creator.click(".claim summary")
		creator.axe("notices with the counter-notice, " + theme)
		creator.open("/app/rights")
		creator.click(".foreign > summary")
		creator.axe("terms from elsewhere, " + theme)
		studio.open("/app/note/" + draft.ID)
		studio.wait("the sound", `document.querySelector("#sound audio")`)
		studio.axe("a draft with a sound, " + theme)
		studio.push("#continue")
		studio.wait("the sheet", `document.querySelector("#confirm:not([disabled])")`)
		studio.click(".why .link")
		studio.wait("the appeal", `document.querySelector(".challenge textarea") && document.getAnimations().every(a => a.playState === "finished")`)
		studio.axe("the sheet with an appeal of its label, " + theme)
		reviewer.open("/app/review")
		reviewer.wait("the case", `document.querySelector(".rulings") && document.querySelector(".notice-case")`)
		reviewer.axe("a notice to decide on, " + theme)
	}
	for _, p := range []*page{visitor, creator, studio, reviewer} {
		p.quiet()
	}
}

// axe fails the test with what axe finds wrong with the page as it stands.
func (p *page) axe(what string) {
	p.t.Helper()
	axe, err := os.ReadFile("../../internal/ui/node_modules/axe-core/axe.min.js")
	if err != nil {
		p.t.Fatalf("%v: run scripts/ui.sh", err)
	}
	eval[int](p, string(axe)+";0")
	bad := eval[[]string](p, `axe.run(document, {resultTypes: ["violations"]}).then(r => r.violations.flatMap(v => v.nodes.map(n => v.id + ": " + n.html.slice(0, 160) + " " + (n.any[0]?.message ?? n.all[0]?.message ?? n.none[0]?.message ?? ""))))`)
	for _, b := range bad {
		p.t.Errorf("%s: %s", what, b)
	}
}
