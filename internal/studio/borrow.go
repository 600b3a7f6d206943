package studio

import (
	"slices"
	"strings"

	"loam"
)

// borrowed finds the stretches of a text that repeat a model's texts of the account. own
// is what of the text may be repeated: her own words, wherever a model echoed them.
func borrowed(from, text, own string, generated []told) []loam.Borrowed {
	if !strings.ContainsFunc(text, isWordy) {
		return nil
	}
	var out []loam.Borrowed
	at := 0
	for _, r := range retrace(nil, text, own, generated) {
		if r.Origin == loam.ByModel {
			out = append(out, loam.Borrowed{From: from, Start: at, End: at + len(r.Text), Generation: r.Generation})
		}
		at += len(r.Text)
	}
	return out
}

// ownWords is what she wrote herself in her idea and answers: repeating that is hers. The
// borrowed stretches are left out, so that they clear nothing.
func ownWords(d loam.Draft) string {
	var b strings.Builder
	write := func(from, text string) {
		for _, r := range cutRuns(text, from, 0, d.Borrowed) {
			if r.Origin == loam.ByPerson {
				b.WriteString(r.Text)
			}
			b.WriteByte('\n')
		}
	}
	write("idea", d.Idea)
	for _, a := range d.Answers {
		write(a.Slot, a.Text)
	}
	return b.String()
}

// runsOf is Runs with the borrowed stretches a model's.
func runsOf(parts []Part, b []loam.Borrowed) []loam.Run {
	if len(b) == 0 {
		return Runs(parts)
	}
	out := []loam.Run{}
	for _, p := range parts {
		runs := Runs([]Part{p})
		if p.From != "" {
			runs = cutRuns(p.Text, p.From, p.Start, b)
		}
		for _, r := range runs {
			if k := len(out) - 1; k >= 0 && sameOrigin(out[k], r) {
				out[k].Text += r.Text
				continue
			}
			out = append(out, r)
		}
	}
	return out
}

func sameOrigin(a, b loam.Run) bool {
	return a.Origin == b.Origin && a.Added == b.Added && a.Generation == b.Generation
}

// cutRuns splits a stretch of a source, start being its offset there, into her runs and
// the borrowed ones.
func cutRuns(text, from string, start int, b []loam.Borrowed) []loam.Run {
	var cuts []loam.Borrowed
	for _, c := range b {
		c.Start, c.End = max(c.Start-start, 0), min(c.End-start, len(text))
		if c.From == from && c.Start < c.End {
			cuts = append(cuts, c)
		}
	}
	slices.SortFunc(cuts, func(x, y loam.Borrowed) int { return x.Start - y.Start })
	var out []loam.Run
	at := 0
	for _, c := range cuts {
		if c.End <= at {
			continue
		}
		c.Start = max(c.Start, at)
		if c.Start > at {
			out = append(out, loam.Run{Text: text[at:c.Start], Origin: loam.ByPerson})
		}
		out = append(out, loam.Run{Text: text[c.Start:c.End], Origin: loam.ByModel, Generation: c.Generation})
		at = c.End
	}
	if at < len(text) {
		out = append(out, loam.Run{Text: text[at:], Origin: loam.ByPerson})
	}
	return out
}

// fromModel reports whether words of a page are a piece of a borrowed stretch, too short
// to be known by themselves.
func fromModel(d loam.Draft, words, own string) bool {
	if !strings.ContainsFunc(words, isWordy) || isScaffold(words) || strings.Contains(own, words) {
		return false
	}
	holds := func(from, text string) bool {
		for _, r := range cutRuns(text, from, 0, d.Borrowed) {
			if r.Origin == loam.ByModel && strings.Contains(r.Text, words) {
				return true
			}
		}
		return false
	}
	return holds("idea", d.Idea) || slices.ContainsFunc(d.Answers, func(a loam.Answer) bool { return holds(a.Slot, a.Text) })
}

// touching are the model texts that could have given any of the words.
func touching(words []string, generated []told) []told {
	if len(generated) == 0 {
		return nil
	}
	known := map[uint64]struct{}{}
	var short [][]token
	for _, w := range words {
		list := tokens(w)
		if len(list) > 0 && len(list) < shared {
			short = append(short, list)
		}
		for _, g := range grams(list) {
			known[g] = struct{}{}
		}
	}
	var out []told
	for _, g := range generated {
		found := slices.ContainsFunc(short, func(w []token) bool { return within(g.tokens, w) })
		for _, gram := range grams(g.tokens) {
			if found {
				break
			}
			_, found = known[gram]
		}
		if found {
			out = append(out, g)
		}
	}
	return out
}
