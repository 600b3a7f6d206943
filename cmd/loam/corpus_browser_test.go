package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"loam"
)

// usedWorks is a creator with works in one of two training sets: one she still allows, one she
// took back, and a model that was withdrawn.
func usedWorks(h *house) (ann *client) {
	h.t.Helper()
	ann, works := h.decided()
	bob := h.person("bob", loam.Creator)
	his := bob.publish("阳台上的薄荷，三天浇一次水", nil).Version.Work
	allow := func(who *client, allowed bool, works ...string) {
		var leaves []string
		who.must("PUT", "/api/rights", map[string]any{"works": works, "uses": []string{"train.text"}, "allowed": allowed}, &leaves)
		who.receipt(leaves[0])
	}
	allow(ann, true, works[:2]...)
	allow(bob, true, his)
	h.corpus("第一批笔记")
	first, _, _ := strings.Cut(h.does("corpus", "list", "--data", h.node.config.Data), "\t")
	for _, name := range []string{"沃土小模型 0.1", "沃土小模型 0.2"} {
		h.does("corpus", "model", "--data", h.node.config.Data, "--name", name, first)
	}
	old := strings.Fields(strings.Split(h.does("corpus", "list", "--data", h.node.config.Data), "\n")[1])[0]
	h.does("corpus", "retire", "--data", h.node.config.Data, old)
	allow(ann, false, works...)
	h.corpus("第二批笔记，名字很长很长，长到在手机上一行放不下的一个训练集")
	return ann
}

// does runs a command that has to succeed, and gives what it prints.
func (h *house) does(args ...string) string {
	h.t.Helper()
	code, out, errs := loamRun(h.t, args...)
	if code != 0 {
		h.t.Fatalf("%v: exit %d, %s%s", args, code, out, errs)
	}
	return out
}

// corpus builds a training set of texts.
func (h *house) corpus(name string) {
	h.t.Helper()
	h.does("corpus", "build", "--data", h.node.config.Data, "--use", "train.text", "--name", name, "-o", filepath.Join(h.t.TempDir(), "set"))
}

// TestBrowserUsed: a creator reads where her works were used, and takes away what proves that they
// are in one set and not in another; the command the page gives her says the same.
func TestBrowserUsed(t *testing.T) {
	t.Parallel()
	h := newHouse(t, withProducer)
	usedWorks(h)
	p := openPage(t, h.url, 1440, 900)
	p.signIn("ann")
	p.open("/app/rights")
	p.click(".takeout button")
	p.sees("1 个训练集里有你的作品（一共建过 2 个）")
	p.sees("沃土小模型 0.2")
	p.sees("使用中")
	p.click(`section.with summary`)
	p.wait("her works", `document.querySelectorAll("section.with .taken li").length === 3`)
	p.sees("你已收回")
	for _, c := range []struct{ section, button, says string }{
		{"section.with", "证明用了哪些、没用哪些", "3 works proven to be in a corpus, 1 proven not to be"},
		{"section:not(.with)", "证明没有我的作品", "0 works proven to be in a corpus, 4 proven not to be"},
	} {
		if got := eval[string](p, fmt.Sprintf(`document.querySelector(%q).innerText`, c.section+" > button")); got != c.button {
			t.Errorf("the button says %s", got)
		}
		p.click(c.section + " > button")
		p.wait("the command", fmt.Sprintf(`document.querySelector(%q)`, c.section+" pre"))
		command := eval[string](p, fmt.Sprintf(`document.querySelector(%q).innerText`, c.section+" pre"))
		extract := eval[string](p, fmt.Sprintf(`fetch(document.querySelector(%q).href).then(r => r.text())`, c.section+" a[download]"))
		args := strings.Fields(strings.ReplaceAll(command, "'", ""))
		file := filepath.Join(t.TempDir(), args[4])
		if err := os.WriteFile(file, []byte(extract), 0o600); err != nil {
			t.Fatal(err)
		}
		args[4] = file
		if args[0] != "loam-verify" || args[3] != "--extract" {
			t.Fatalf("the command is %s", command)
		}
		if out := h.does(append([]string{"ledger", "verify"}, args[1:]...)...); !strings.Contains(out, c.says) {
			t.Errorf("%s: %s", command, out)
		}
	}
	p.quiet()
}

// TestScreensUsed takes pictures of the page in each of its states.
func TestScreensUsed(t *testing.T) {
	dir := screensFolder(t)
	h := newHouse(t, withProducer)
	usedWorks(h)
	h.person("new", loam.Creator)
	empty := newHouse(t, withProducer)
	empty.person("ann", loam.Creator)
	for _, width := range []int{360, 1440} {
		for _, c := range []struct {
			name string
			h    *house
			who  string
		}{{"hers", h, "ann"}, {"not", h, "new"}, {"none", empty, "ann"}} {
			p := openPage(t, c.h.url, width, 900)
			p.signIn(c.who)
			for _, theme := range []string{"light", "dark"} {
				p.theme(theme)
				for _, lang := range []string{"zh", "en"} {
					eval[bool](p, fmt.Sprintf(`document.cookie = "lang=%s; path=/", true`, lang))
					p.open("/app/rights/used")
					p.wait("the page", `document.querySelector("main.used section") && !document.querySelector(".ant-skeleton")`)
					if c.name == "hers" {
						p.click("section.with summary")
						p.wait("her works", `document.querySelector(".taken li")`)
						p.click("section.with > button")
						p.wait("the proof", `document.querySelector(".proof pre")`)
					}
					pause(p.ctx, 200*time.Millisecond)
					p.shotWhole(filepath.Join(dir, fmt.Sprintf("used-%s-%d-%s-%s.png", c.name, width, theme, lang)))
				}
			}
		}
	}
}
