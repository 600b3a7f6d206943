package screen

import (
	"cmp"
	"context"
	"slices"
	"unicode"

	"loam"
	"loam/internal/text"
)

// phrases finds the phrases of the policy and the installation, disguised or not.
type phrases struct {
	local
	lists *lists
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
	found := false
	p.lists.each(func(x *Lexicon, skip map[int]bool) bool {
		for m := range x.automaton.All(s) {
			if !skip[m.Phrase] && x.entries[m.Phrase].Tier() == loam.TierBlock && x.automaton.Layers(s, m)&text.Numeral == 0 {
				found = true
				break
			}
		}
		return !found
	})
	return found
}

// phraseScan is the search of one field.
type phraseScan struct {
	field Field
	out   []loam.Finding
	seen  map[place]int
	tried map[place]int
	full  bool
}

// mostAlike is how many entries that fold alike are held against a place for the one written
// most like it.
const mostAlike = 64

type place struct {
	start, end int
	risk       loam.Risk
	tier       loam.Tier
}

// scan searches plainly first, then for what is disguised.
func (p *phrases) scan(f Field) ([]loam.Finding, error) {
	s := phraseScan{field: f, seen: map[place]int{}, tried: map[place]int{}}
	p.lists.each(func(x *Lexicon, skip map[int]bool) bool { return s.plainly(x, skip) })
	plain := s.out
	p.lists.each(func(x *Lexicon, skip map[int]bool) bool { return s.disguised(x, skip, plain) })
	if s.full {
		return s.out, errTooMany
	}
	slices.SortFunc(s.out, func(x, y loam.Finding) int {
		return cmp.Or(cmp.Compare(x.Start, y.Start), cmp.Compare(y.End, x.End), cmp.Compare(x.Risk, y.Risk), cmp.Compare(x.Tier, y.Tier))
	})
	return s.out, nil
}

// plainly gives a finding for each place, risk and tier; where several entries of a list say
// the same, the one written most like the text.
func (s *phraseScan) plainly(x *Lexicon, skip map[int]bool) bool {
	for m := range x.automaton.All(s.field.Text) {
		if s.full = len(s.out) == maxFindings; s.full {
			return false
		}
		e := x.entries[m.Phrase]
		at := place{m.Start, m.End, e.Risk(), e.Tier()}
		if s.tried[at]++; s.tried[at] > mostAlike {
			continue
		}
		layers := x.automaton.Layers(s.field.Text, m)
		if skip[m.Phrase] || layers&text.Numeral != 0 && e.digits == 1 {
			continue // 八九十 is no way to write a number that is listed
		}
		found := s.finding(e, e.Tier(), m.Start, m.End, layers)
		if i, ok := s.seen[at]; !ok {
			s.seen[at] = len(s.out)
			s.out = append(s.out, found)
		} else if len(found.Layers) < len(s.out[i].Layers) {
			s.out[i] = found
		}
	}
	return true
}

// disguised adds what is found only through the costly layers. Such a find may send a note
// to people, never stop it: a block becomes a review, and initials are a hint.
func (s *phraseScan) disguised(x *Lexicon, skip map[int]bool, plain []loam.Finding) bool {
	for h := range x.disguises.Find(s.field.Text) {
		if s.full = len(s.out) == maxFindings; s.full {
			return false
		}
		e := x.entries[h.Phrase]
		if e.digits == 1 || skip[h.Phrase] {
			continue // a number with marks in it
		}
		said := func(o loam.Finding) bool { return o.Risk == e.Risk() && o.Start < h.End && h.Start < o.End }
		if slices.ContainsFunc(plain, said) {
			continue // around what stands there undisguised
		}
		tier := e.Tier()
		switch {
		case h.Layers&text.Initials != 0:
			tier = loam.TierSignal
		case tier == loam.TierBlock:
			tier = loam.TierReview
		}
		s.keep(s.finding(e, tier, h.Start, h.End, h.Layers))
	}
	return true
}

// keep has one disguised finding for each place and risk: the strongest, and of those the one
// that needed the fewest layers.
func (s *phraseScan) keep(f loam.Finding) {
	at := place{f.Start, f.End, f.Risk, ""}
	i, ok := s.seen[at]
	switch {
	case !ok:
		s.seen[at] = len(s.out)
		s.out = append(s.out, f)
	case cmp.Or(cmp.Compare(f.Score, s.out[i].Score), cmp.Compare(len(s.out[i].Layers), len(f.Layers)), slices.Compare(s.out[i].Layers, f.Layers)) > 0:
		s.out[i] = f
	}
}

func (s *phraseScan) finding(e entry, tier loam.Tier, start, end int, layers text.Layer) loam.Finding {
	return loam.Finding{
		Risk: e.Risk(), Tier: tier, Field: s.field.Name, Start: start, End: end, Text: excerpt(s.field.Text[start:end]),
		Score: likelihood(tier, layers), Layers: layers.Names(),
	}
}

// likelihood is how sure a phrase's tier says its hit is, until a list brings evidence of
// its own; a hit by Chinese numerals or a costly layer is weaker.
func likelihood(t loam.Tier, layers text.Layer) float64 {
	score := 0.4
	switch t {
	case loam.TierBlock:
		score = 0.95
	case loam.TierReview:
		score = 0.7
	case loam.TierSignal:
	}
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
