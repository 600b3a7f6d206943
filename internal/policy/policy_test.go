package policy

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"loam"
)

func parse(tb testing.TB, text string) *Policy {
	tb.Helper()
	p, err := Parse(text)
	if err != nil {
		tb.Fatal(err)
	}
	return p
}

func phrase(tier loam.Tier, layers ...string) loam.Finding {
	return loam.Finding{Risk: loam.Abuse, Detector: "phrases", Tier: tier, Score: 0.9, Layers: layers}
}

func contact(score float64, disguised string) loam.Finding {
	return loam.Finding{Risk: loam.Diversion, Detector: "contacts", Score: score, Facts: map[string]string{"disguised": disguised}}
}

// Each rule of the default policy has a hit and a near miss.
func flooded(accounts string) loam.Finding {
	return loam.Finding{Risk: loam.Quality, Detector: "flood", Facts: map[string]string{"accounts": accounts}}
}

func copied(kind, length string, score float64) loam.Finding {
	return loam.Finding{Risk: loam.Copy, Detector: "copies", Score: score, Facts: map[string]string{"kind": kind, "length": length}}
}

func TestDefault(t *testing.T) {
	t.Parallel()
	p := parse(t, Default())
	cases := []struct {
		name  string
		in    Input
		want  loam.Action
		rules string
	}{
		{"nothing", Input{}, loam.Allow, ""},
		{"block", Input{Findings: []loam.Finding{phrase(loam.TierBlock, "traditional", "width")}}, loam.Block, "phrase.block[0]abuse"},
		{"block by numerals", Input{Findings: []loam.Finding{phrase(loam.TierBlock, "numeral")}}, loam.Review, "phrase.block.uncertain[0]abuse"},
		{"review", Input{Findings: []loam.Finding{phrase(loam.TierReview)}}, loam.Review, "phrase.review[0]abuse"},
		{"signal", Input{Findings: []loam.Finding{phrase(loam.TierSignal), phrase(loam.TierSignal), phrase(loam.TierSignal)}}, loam.Allow, ""},
		{
			"signals of a new account",
			Input{Findings: []loam.Finding{phrase(loam.TierSignal), phrase(loam.TierSignal), phrase(loam.TierSignal)}, Note: Note{NewAccount: true}},
			loam.Review, "phrase.signals[0 1 2]abuse",
		},
		{"disguised contact", Input{Findings: []loam.Finding{contact(0.95, "yes")}}, loam.Review, "contact.disguised[0]diversion contact.plain[0]diversion"},
		{"plain contact", Input{Findings: []loam.Finding{contact(0.95, "no")}}, loam.LimitReach, "contact.plain[0]diversion"},
		{"weak call", Input{Findings: []loam.Finding{contact(0.4, "no")}}, loam.Allow, ""},
		{"advertising", Input{Findings: []loam.Finding{{Risk: loam.Advertising, Detector: "advertising", Score: 0.7}}}, loam.LimitReach, "advertising.undisclosed[0]advertising"},
		{"hardly advertising", Input{Findings: []loam.Finding{{Risk: loam.Advertising, Detector: "advertising", Score: 0.69}}}, loam.Allow, ""},
		{"learned", Input{Findings: []loam.Finding{{Risk: loam.Gambling, Detector: "classifier", Score: 0.9}}}, loam.Review, "classifier.review[0]gambling"},
		{"learned, not sure", Input{Findings: []loam.Finding{{Risk: loam.Gambling, Detector: "classifier", Score: 0.89}}}, loam.Allow, ""},
		{"learned from COLD", Input{Findings: []loam.Finding{{Risk: loam.Discrimination, Detector: "classifier", Score: 0.98}}}, loam.Review, "classifier.discrimination[0]discrimination"},
		{"learned from COLD, not sure", Input{Findings: []loam.Finding{{Risk: loam.Discrimination, Detector: "classifier", Score: 0.97}}}, loam.Allow, ""},
		{"limits", Input{Findings: []loam.Finding{{Risk: loam.Limits, Detector: "limits", Score: 1}}}, loam.Block, "limits[0]limits"},
		{"copy", Input{Findings: []loam.Finding{copied("whole", "90", 0.4)}}, loam.Review, "copy.text[0]copy"},
		{"not quite a copy", Input{Findings: []loam.Finding{copied("whole", "90", 0.39)}}, loam.Allow, ""},
		{"most of a short note", Input{Findings: []loam.Finding{copied("excerpt", "30", 0.6)}}, loam.Review, "copy.excerpt[0]copy"},
		{"a long passage", Input{Findings: []loam.Finding{copied("excerpt", "70", 0.1)}}, loam.Review, "copy.excerpt[0]copy"},
		{"a quotation", Input{Findings: []loam.Finding{copied("excerpt", "69", 0.59)}}, loam.Allow, ""},
		{"a pay code", Input{Findings: []loam.Finding{{Risk: loam.Diversion, Detector: "qr", Facts: map[string]string{"what": "pay"}}}}, loam.Review, "code.contact[0]diversion"},
		{"a link code", Input{Findings: []loam.Finding{{Risk: loam.Diversion, Detector: "qr", Facts: map[string]string{"what": "url"}}}}, loam.LimitReach, "code.link[0]diversion"},
		{"a code that says something", Input{Findings: []loam.Finding{{Risk: loam.Diversion, Detector: "qr", Facts: map[string]string{"what": "text"}}}}, loam.Allow, ""},
		{"a few built alike", Input{Findings: []loam.Finding{flooded("4")}}, loam.Allow, ""},
		{"some built alike", Input{Findings: []loam.Finding{flooded("5")}}, loam.LimitReach, "flood.some[0]quality"},
		{"many built alike", Input{Findings: []loam.Finding{flooded("10")}}, loam.Review, "flood.some[0]quality flood.many[0]quality"},
		{"picture", Input{Findings: []loam.Finding{{Risk: loam.Copy, Detector: "pictures", Score: 0.88}}}, loam.Review, "copy.picture[0]copy"},
		{"another picture", Input{Findings: []loam.Finding{{Risk: loam.Copy, Detector: "pictures", Score: 0.86}}}, loam.Allow, ""},
		{"unsafe picture", Input{Findings: []loam.Finding{{Risk: loam.Porn, Detector: "unsafe", Score: 0.7}}}, loam.Review, "picture.unsafe[0]porn"},
		{"safer picture", Input{Findings: []loam.Finding{{Risk: loam.Porn, Detector: "unsafe", Score: 0.69}}}, loam.Allow, ""},
		{"hidden", Input{Findings: []loam.Finding{{Risk: loam.Quality, Detector: "hidden", Score: 0.9}}}, loam.Review, "hidden.characters[0]quality"},
		{"one hidden", Input{Findings: []loam.Finding{{Risk: loam.Quality, Detector: "hidden", Score: 0.3}}}, loam.Allow, ""},
		{"often refused", Input{Findings: []loam.Finding{contact(0.6, "no")}, Note: Note{Refused: 3}}, loam.Review, "contact.plain[0]diversion account.refused[0]diversion"},
		{"often refused, nothing now", Input{Note: Note{Refused: 9}}, loam.Allow, ""},
		{"missing", Input{Missing: []string{"copies"}}, loam.Review, "missing[]quality"},
		{"missing does not soften", Input{Findings: []loam.Finding{phrase(loam.TierBlock)}, Missing: []string{"copies"}}, loam.Block, "phrase.block[0]abuse missing[]quality"},
	}
	for _, c := range cases {
		v := p.Judge(c.in)
		var rules []string
		for _, r := range v.Rules {
			rules = append(rules, fmt.Sprintf("%s%v%s", r.Rule, r.Findings, r.Reason))
			if p.Sentence(r.Rule, "zh") == "" || p.Sentence(r.Rule, "en") == "" {
				t.Errorf("%s has no sentence", r.Rule)
			}
		}
		if got := strings.Join(rules, " "); v.Action != c.want || got != c.rules {
			t.Errorf("%s: %s by %q, want %s by %q", c.name, v.Action, got, c.want, c.rules)
		}
		if v.Policy != p.Hash() || v.Findings == nil || v.Missing == nil || v.Rules == nil {
			t.Errorf("%s: an incomplete verdict %+v", c.name, v)
		}
	}
}

const head = "version: 1\nname: t\nrules:\n"

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	for text, code := range map[string]string{
		"":                                 "policy.syntax",
		"version: 2":                       "policy.version",
		"version: 1\nrule: []":             "policy.syntax",
		"version: 1\n---\nversion: 1":      "policy.syntax",
		"version: 1\nmissing: ignore":      "policy.action",
		"version: 1\nphrases: [{text: x}]": "policy.phrase",
		head + "- {name: a, of: 'finding.scores > 1.0', then: block, zh: 一, en: a}":             "policy.rule",
		head + "- {name: a, of: 'finding.score', then: block, zh: 一, en: a}":                    "policy.rule",
		head + "- {name: a, of: 'true', then: stop, zh: 一, en: a}":                              "policy.rule",
		head + "- {name: a, of: 'true', then: block, zh: 一}":                                    "policy.rule",
		head + "- {name: a, of: 'true', then: block, reason: other, zh: 一, en: a}":              "policy.rule",
		head + "- {name: a, then: block, zh: 一, en: a}":                                         "policy.rule",
		head + "- {name: a, when: 'true', then: block, zh: 一, en: a}":                           "policy.rule",
		head + "- {name: missing, of: 'true', then: block, zh: 一, en: a}":                       "policy.rule",
		head + "- {name: a, of: '" + strings.Repeat("(", 100) + "', then: block, zh: 一, en: a}": "policy.rule",
		strings.Repeat(" ", maxText+1):                                                          "policy.too_large",
	} {
		if _, err := Parse(text); loam.CodeOf(err) != code {
			t.Errorf("%.60q: got %v, want %s", text, err, code)
		}
	}
}

// A rule that fails or costs too much counts as review and is seen.
func TestRuleFails(t *testing.T) {
	t.Parallel()
	p := parse(t, head+`
- {name: absent, of: 'finding.facts["share"] == "1"', then: block, zh: 一, en: a}
- {name: long, when: 'findings.all(a, findings.all(b, findings.all(c, a.score + b.score + c.score >= 0.0)))', then: allow, reason: quality, zh: 一, en: a}
`)
	v := p.Judge(Input{Findings: make([]loam.Finding, 200)})
	if v.Action != loam.Review {
		t.Errorf("action %s, want review", v.Action)
	}
	if diff := cmp.Diff([]string{"rule:absent", "rule:long"}, v.Missing); diff != "" {
		t.Error(diff)
	}
}

// The order of rules changes the trace, never the action; judging twice gives the same.
func TestJudgeProperties(t *testing.T) {
	t.Parallel()
	p, back := parse(t, Default()), parse(t, reversed(Default()))
	f := rapid.Custom(func(t *rapid.T) loam.Finding {
		return loam.Finding{
			Risk:     rapid.SampledFrom(loam.Risks()).Draw(t, "risk"),
			Detector: rapid.SampledFrom([]string{"phrases", "contacts", "copies", "pictures", "hidden", "limits"}).Draw(t, "detector"),
			Score:    rapid.Float64Range(0, 1).Draw(t, "score"),
			Tier:     rapid.SampledFrom([]loam.Tier{"", loam.TierBlock, loam.TierReview, loam.TierSignal}).Draw(t, "tier"),
			Layers:   rapid.SliceOf(rapid.SampledFrom([]string{"case", "numeral"})).Draw(t, "layers"),
			Facts:    map[string]string{"disguised": rapid.SampledFrom([]string{"yes", "no"}).Draw(t, "disguised")},
		}
	})
	rapid.Check(t, func(t *rapid.T) {
		in := Input{Findings: rapid.SliceOfN(f, 0, 6).Draw(t, "findings"), Note: Note{Refused: rapid.IntRange(0, 5).Draw(t, "refused")}}
		v := p.Judge(in)
		if diff := cmp.Diff(v, p.Judge(in)); diff != "" {
			t.Fatal(diff)
		}
		if w := back.Judge(in); w.Action != v.Action {
			t.Fatalf("%s, with the rules the other way round %s", v.Action, w.Action)
		}
	})
}

func reversed(text string) string {
	start, rules, _ := strings.Cut(text, "\nrules:\n")
	parts := strings.Split(rules, "  - name: ")
	var b strings.Builder
	b.WriteString(start + "\nrules:\n")
	for i := len(parts) - 1; i > 0; i-- {
		b.WriteString("  - name: " + parts[i])
	}
	return b.String()
}

func FuzzParse(f *testing.F) {
	f.Add(Default())
	f.Add(head + "- {name: a, of: 'finding.score > 0.5', then: block, zh: 一, en: a}")
	f.Add("a: &a [*a]")
	f.Fuzz(func(_ *testing.T, text string) {
		if p, err := Parse(text); err == nil {
			p.Judge(Input{Findings: []loam.Finding{phrase(loam.TierBlock)}})
		}
	})
}

func BenchmarkJudge(b *testing.B) {
	p := parse(b, Default())
	in := Input{Findings: []loam.Finding{phrase(loam.TierReview), phrase(loam.TierSignal, "case"), contact(0.6, "no")}}
	for b.Loop() {
		p.Judge(in)
	}
	evaluations := float64(len(p.rules) * len(in.Findings))
	b.ReportMetric(evaluations*float64(b.N)/b.Elapsed().Seconds(), "evaluations/s")
}

func BenchmarkParse(b *testing.B) {
	for b.Loop() {
		if _, err := Parse(Default()); err != nil {
			b.Fatal(err)
		}
	}
}
