package main

import (
	"net/http"
	"strings"
	"testing"

	"loam"
	"loam/internal/terms"
)

// TestTerms: what a creator decided is said to machines with her note, in robots.txt and on a page
// for people, and what she takes back is taken back everywhere at once; a note that is not to be
// found stands nowhere in them.
func TestTerms(t *testing.T) {
	t.Parallel()
	h := newHouse(t, withProducer)
	ann := h.person("ann", loam.Creator)
	work := ann.publish("湖边的两支防晒", func(c *loam.Choice) { c.Uses = map[loam.Use]bool{loam.UseIndex: true} }).Version.Work
	hidden := ann.publish("山上的三双鞋", func(c *loam.Choice) { c.Uses = map[loam.Use]bool{} }).Version.Work
	visitor := h.visitor()
	page := h.url + "/p/" + work
	media := []terms.Medium{terms.Text, terms.Image}
	wants := func(name string, retrieve, train terms.Answer) {
		t.Helper()
		note := visitor.do("GET", "/p/"+work, nil)
		usage := terms.ReadContentUsage(note.header.Get("Content-Usage"), media)
		rsl := terms.ReadRSL(visitor.do("GET", "/p/"+work+"/license.xml", nil).body, page, media)
		robots, _ := terms.ReadRobots(visitor.do("GET", "/robots.txt", nil).body, page, media)
		for u, want := range map[loam.Use]terms.Answer{loam.UseTrainText: train, loam.UseRetrieve: retrieve} {
			if got := robots[u].Answer; got == terms.Allow && want != terms.Allow { // its site-wide signal is a no as long as one note is
				t.Errorf("%s, %s by robots.txt: %v", name, u, got)
			}
		}
		for vocabulary, s := range map[string]terms.Signals{"Content-Usage": usage, "RSL": rsl} {
			if got := s[loam.UseTrainText].Answer; got != train {
				t.Errorf("%s, training by %s: %v", name, vocabulary, got)
			}
			if got := s[loam.UseRetrieve].Answer; got != retrieve {
				t.Errorf("%s, answers by %s: %v", name, vocabulary, got)
			}
		}
		if got := note.header.Get("tdm-reservation"); got != "1" {
			t.Errorf("%s: tdm-reservation %q", name, got)
		}
	}
	// Which of them a condition closes for search, robots.txt does not know: it says nothing of search.
	ann.must("PUT", "/api/rights", map[string]any{"works": []string{work}, "uses": []string{"index"}, "allowed": true, "attribution": true}, nil)
	if robots, _ := terms.ReadRobots(visitor.do("GET", "/robots.txt", nil).body, page, media); robots[loam.UseIndex].Answer == terms.Allow {
		t.Error("robots.txt allows search of a note whose page does not")
	}
	ann.must("PUT", "/api/rights", map[string]any{"works": []string{work}, "uses": []string{"index"}, "allowed": true}, nil)
	all := []string{"retrieve", "train.text", "train.image"}
	wants("at first", terms.Deny, terms.Deny)
	ann.must("PUT", "/api/rights", map[string]any{"works": []string{work}, "uses": all, "allowed": true}, nil)
	wants("granted", terms.Allow, terms.Allow)
	ann.must("PUT", "/api/rights", map[string]any{"works": []string{hidden}, "uses": all, "allowed": true}, nil)
	if b := string(visitor.do("GET", "/robots.txt", nil).body); strings.Contains(b, hidden) || !strings.Contains(b, work) {
		t.Errorf("robots.txt tells of what is not to be found:\n%s", b)
	}
	ann.must("PUT", "/api/rights", map[string]any{"works": []string{work}, "uses": all[1:2], "allowed": false}, nil)
	wants("training on words taken back", terms.Allow, terms.Deny)

	for lang, want := range map[string][]string{"zh": {"的使用条款", "作者不允许", "Content-Signal"}, "en": {"Terms of", "its creator does not allow it", "tdm-reservation: 1"}} {
		a := visitor.do("GET", "/p/"+work+"/terms?lang="+lang, nil)
		for _, w := range want {
			if !strings.Contains(string(a.body), w) {
				t.Errorf("%s: the page does not say %q", lang, w)
			}
		}
		if a.status != http.StatusOK {
			t.Errorf("%s: %d", lang, a.status)
		}
	}
	if a := visitor.do("GET", "/.well-known/tdmrep.json", nil); a.status != http.StatusOK || !strings.Contains(string(a.body), `"tdm-reservation"`) {
		t.Errorf("tdmrep.json: %d %s", a.status, a.body)
	}
	visitor.refused(404, "note.not_found", "GET", "/p/nothing/license.xml", nil)
}
