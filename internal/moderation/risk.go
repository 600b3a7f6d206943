package moderation

import (
	"slices"
	"unicode/utf8"

	"loam"
)

// names is what one of Loam's risks is called by the services; empty is no equivalent.
type names struct {
	risk        loam.Risk
	openai      []string // categories
	aliyun      string   // Label of TextModerationPlus
	tencent     string   // Label
	perspective []string // attributes
}

// table maps every risk, from the services' public documentation as read in 2026. A risk
// stands in one row; what a service cannot say is left empty.
func table() []names {
	return []names{
		{loam.Politics, nil, "political_n", "Polity", nil},
		{loam.Terror, []string{"violence", "illicit/violent"}, "violent_extremist", "Terror", []string{"THREAT"}},
		{loam.Violence, []string{"violence"}, "violent_incidents", "Terror", []string{"THREAT"}},
		{loam.Porn, []string{"sexual"}, "pornographic_adult", "Porn", []string{"SEXUALLY_EXPLICIT"}},
		{loam.Rumor, nil, "inappropriate_nonsense", "Illegal", nil},
		{loam.Discrimination, []string{"hate"}, "inappropriate_discrimination", "Abuse", []string{"IDENTITY_ATTACK", "TOXICITY"}},
		{loam.Abuse, []string{"harassment"}, "inappropriate_profanity", "Abuse", []string{"INSULT", "TOXICITY"}},
		{loam.Gambling, []string{"illicit"}, "contraband_gambling", "Illegal", nil},
		{loam.Drugs, []string{"illicit"}, "contraband_drug", "Illegal", nil},
		{loam.Fraud, []string{"illicit"}, "contraband_act", "Illegal", nil},
		{loam.Privacy, nil, "", "Custom", nil},
		{loam.Likeness, nil, "", "Custom", nil},
		{loam.IP, nil, "", "Custom", nil},
		{loam.Minors, nil, "inappropriate_ethics", "Illegal", nil},
		{loam.Advertising, nil, "pt_by_recruitment", "Ad", nil},
		{loam.Diversion, nil, "pt_to_contact", "Ad", nil},
		{loam.Copy, nil, "", "Custom", nil},
		{loam.Quality, nil, "", "Spam", nil},
		{loam.Limits, nil, "", "Custom", nil},
		{loam.Injection, nil, "", "Custom", nil},
	}
}

func named(r loam.Risk) names {
	t := table()
	if i := slices.IndexFunc(t, func(n names) bool { return n.risk == r }); i >= 0 {
		return t[i]
	}
	return names{risk: r}
}

// weight is what a Verdict says of each risk: the surest Finding's score, and whether a rule
// that asks for people or blocks rests on one.
type weight struct {
	risk    loam.Risk
	score   float64
	acted   loam.Action // the strongest rule that rests on a finding of the risk
	phrases []string
	found   []loam.Finding
}

// weigh sums a Verdict up by risk, the gravest first: by action, then by score.
func weigh(v loam.Verdict) []weight {
	var out []weight
	at := func(r loam.Risk) *weight {
		i := slices.IndexFunc(out, func(w weight) bool { return w.risk == r })
		if i < 0 {
			out = append(out, weight{risk: r, acted: loam.Allow})
			i = len(out) - 1
		}
		return &out[i]
	}
	for _, f := range v.Findings {
		w := at(f.Risk)
		w.score = max(w.score, f.Score)
		w.found = append(w.found, f)
		if f.Detector == "phrases" && f.Text != "" && !slices.Contains(w.phrases, f.Text) {
			w.phrases = append(w.phrases, f.Text)
		}
	}
	for _, hit := range v.Rules {
		on := []loam.Risk{loam.Risk(hit.Reason)}
		for _, i := range hit.Findings {
			on = append(on, v.Findings[i].Risk)
		}
		for _, r := range on {
			if w := at(r); hit.Action.Severity() > w.acted.Severity() {
				w.acted = hit.Action
			}
		}
	}
	slices.SortStableFunc(out, func(x, y weight) int {
		if d := y.acted.Severity() - x.acted.Severity(); d != 0 {
			return d
		}
		switch {
		case x.score > y.score:
			return -1
		case x.score < y.score:
			return 1
		}
		return 0
	})
	return out
}

// flagged are the Verdicts that keep a text from its readers for now or for good.
func flagged(a loam.Action) bool { return a == loam.Review || a == loam.Block }

// pointer turns byte offsets of a text into code points. Offsets that come in order cost one
// pass over the text together.
type pointer struct {
	text       string
	at, points int
}

func (p *pointer) span(start, end int) (from, to int) {
	if start < p.at {
		p.at, p.points = 0, 0
	}
	p.points += utf8.RuneCountInString(p.text[p.at:start])
	p.at = start
	return p.points, p.points + utf8.RuneCountInString(p.text[start:end])
}

// Join is one Verdict on several parts of one input: the strongest action, all that was found.
func Join(a, b loam.Verdict) loam.Verdict {
	n := len(a.Findings)
	a.Findings = append(slices.Clip(a.Findings), b.Findings...)
	for _, hit := range b.Rules {
		on := make([]int, len(hit.Findings))
		for i, k := range hit.Findings {
			on[i] = k + n
		}
		hit.Findings = on
		a.Rules = append(slices.Clip(a.Rules), hit)
	}
	if b.Action.Severity() > a.Action.Severity() {
		a.Action = b.Action
	}
	a.Missing, a.Absent = union(a.Missing, b.Missing), union(a.Absent, b.Absent)
	a.Looks = append(slices.Clip(a.Looks), b.Looks...)
	a.Cost, a.Millis = a.Cost+b.Cost, a.Millis+b.Millis
	return a
}

func union(a, b []string) []string {
	out := append(slices.Clone(a), b...)
	slices.Sort(out)
	return slices.Compact(out)
}
