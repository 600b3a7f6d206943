package screen

import (
	"context"
	"slices"
	"unicode"

	"loam"
	"loam/internal/text"
)

// phrases finds the phrases of the policy and the installation, disguised or not.
type phrases struct {
	local
	list      []loam.Phrase // entries from len(list) on in the automaton are allowed words
	automaton *text.Automaton
	disguises *text.Disguises
	digits    []bool // the phrase is digits only
}

func newPhrases(list []loam.Phrase, allowed []string) *phrases {
	p := &phrases{list: list, digits: make([]bool, len(list))}
	all := make([]text.Phrase, 0, len(list)+len(allowed))
	for i, e := range list {
		all = append(all, text.Phrase{Text: e.Text})
		p.digits[i] = onlyDigits(e.Text)
	}
	for _, a := range allowed {
		all = append(all, text.Phrase{Text: a, Allow: true})
	}
	p.automaton = text.Compile(all)
	p.disguises = p.automaton.Disguises()
	return p
}

func onlyDigits(s string) bool {
	for _, u := range text.Fold(s).Units {
		if !unicode.IsDigit(u.Rune) && !unicode.IsSpace(u.Rune) {
			return false
		}
	}
	return true
}

func (*phrases) About() About { return About{Name: "phrases", Version: "3"} }

func (p *phrases) Detect(_ context.Context, in Input) ([]loam.Finding, error) {
	var out []loam.Finding
	for _, f := range in.Fields {
		found, err := p.scan(f)
		out = append(out, found...)
		if err != nil {
			return out, err
		}
	}
	return out, nil
}

// blocks reports whether a phrase of tier block is in the text, Chinese numerals aside.
func (p *phrases) blocks(s string) bool {
	for m := range p.automaton.All(s) {
		if p.list[m.Phrase].Tier == loam.TierBlock && p.automaton.Layers(s, m)&text.Numeral == 0 {
			return true
		}
	}
	return false
}

// scan gives a finding for each place, risk and tier; where several entries of a list say
// the same, the one written most like the text.
func (p *phrases) scan(f Field) ([]loam.Finding, error) {
	type place struct {
		start, end int
		risk       loam.Risk
		tier       loam.Tier
	}
	var out []loam.Finding
	seen := map[place]int{}
	for m := range p.automaton.All(f.Text) {
		if len(out) == maxFindings {
			return out, errTooMany
		}
		layers := p.automaton.Layers(f.Text, m)
		if layers&text.Numeral != 0 && p.digits[m.Phrase] {
			continue // 八九十 is no way to write a number that is listed
		}
		e := p.list[m.Phrase]
		found := loam.Finding{
			Risk: e.Risk, Tier: e.Tier, Field: f.Name, Start: m.Start, End: m.End,
			Text: excerpt(f.Text[m.Start:m.End]), Score: likelihood(e.Tier, layers), Layers: layers.Names(),
		}
		at := place{m.Start, m.End, e.Risk, e.Tier}
		if i, ok := seen[at]; !ok {
			seen[at] = len(out)
			out = append(out, found)
		} else if len(found.Layers) < len(out[i].Layers) {
			out[i] = found
		}
	}
	return p.disguised(f, out)
}

// disguised adds what is found only through the costly layers. Such a find may send a note
// to people, never stop it: a block becomes a review, and initials are a hint.
func (p *phrases) disguised(f Field, out []loam.Finding) ([]loam.Finding, error) {
	last, plain := text.Hit{End: -1}, out
	for h := range p.disguises.Find(f.Text) {
		if len(out) == maxFindings {
			return out, errTooMany
		}
		e := p.list[h.Phrase]
		if h.Start == last.Start && h.End == last.End && e.Risk == p.list[last.Phrase].Risk || p.digits[h.Phrase] {
			continue // the same place by another entry, or a number with marks in it
		}
		said := func(o loam.Finding) bool { return o.Risk == e.Risk && o.Start < h.End && h.Start < o.End }
		if slices.ContainsFunc(plain, said) {
			continue // around what stands there undisguised
		}
		last = h
		tier := e.Tier
		switch {
		case h.Layers&text.Initials != 0:
			tier = loam.TierSignal
		case tier == loam.TierBlock:
			tier = loam.TierReview
		}
		out = append(out, loam.Finding{
			Risk: e.Risk, Tier: tier, Field: f.Name, Start: h.Start, End: h.End, Text: excerpt(f.Text[h.Start:h.End]),
			Score: likelihood(tier, h.Layers), Layers: h.Layers.Names(),
		})
	}
	return out, nil
}

// likelihood is how sure a phrase's tier says its hit is, until a list brings evidence of
// its own; a hit by Chinese numerals or a costly layer is weaker.
func likelihood(t loam.Tier, layers text.Layer) float64 {
	score := map[loam.Tier]float64{loam.TierBlock: 0.95, loam.TierReview: 0.7, loam.TierSignal: 0.4}[t]
	if layers&(text.Numeral|text.Costly) != 0 {
		score *= 0.6
	}
	return score
}

// Findable reports whether the phrase says anything once folded: one that does not can never
// be found.
func Findable(phrase string) bool {
	return slices.ContainsFunc(text.Fold(phrase).Units, func(u text.Unit) bool { return !unicode.IsSpace(u.Rune) })
}
