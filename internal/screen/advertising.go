package screen

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"loam"
	"loam/internal/classify"
)

// advertising finds notes that sell and do not say so: a brand, praise, and a call to buy,
// with no word that it is an advertisement. What introduces knowledge, shares an experience
// or tests goods and adds a way to buy must be marked 广告 (互联网广告管理办法, 2023, Art. 9).
//
// It is a scorecard: each kind of cue adds to the log-odds, the first of a kind most. Nothing
// is found without praise, and without goods and a way to buy them.
type advertising struct{ local }

func (advertising) About() About { return About{Name: "advertising", Version: "1"} }

// worth is what the first, second and third cue of a kind add to the log-odds; further ones
// add nothing.
func worth(c cue) [3]float64 {
	switch c {
	case cueBrand:
		return [3]float64{1.5, 0.3, 0}
	case cuePraise:
		return [3]float64{1.2, 1, 0.6}
	case cueBuy:
		return [3]float64{1.6, 1.4, 0.8}
	case cueHurry:
		return [3]float64{1, 0.6, 0.3}
	case cueWarn:
		return [3]float64{-2.5, -1.5, 0}
	case cueSums:
		return [3]float64{-1.5, -1, 0}
	case cueOwn:
		return [3]float64{-3, -1, 0}
	default:
		return [3]float64{}
	}
}

const (
	unsold     = -5.0 // the log-odds where nothing is said
	ownMoney   = -0.5 // added where its creator declares to have paid for the goods herself
	mostQuoted = 3    // of each kind of cue, in the facts
)

// named is a brand in Latin letters or a model: Lumora, X3, Air2. Everyday abbreviations are
// in plainLatin.
var (
	named      = regexp.MustCompile(`[A-Z][A-Za-z]{3,}\d{0,3}|[A-Z][A-Za-z]{0,4}\d{1,3}|[A-Z]{4,}`)
	plainLatin = []string{"VLOG", "Vlog", "OOTD", "WiFi", "HTTP", "https", "Plog", "PLOG", "CityWalk", "Citywalk", "KTV", "Live", "Todo"}
)

// seen are the cues of a note: their words, and where the first call to buy stands.
type seen struct {
	words map[cue][]string
	place loam.Finding
}

func (advertising) Detect(_ context.Context, in Input) ([]loam.Finding, error) {
	odds := unsold
	if v := in.Version; v != nil {
		switch v.Content.Declaration.Sponsorship {
		case loam.Gifted, loam.Sponsored:
			return nil, nil // readers are told beside the note
		case loam.OwnMoney:
			odds += ownMoney
		}
	}
	s := cuesOf(in.Fields)
	if len(s.words[cueTold]) > 0 || len(s.words[cuePraise]) == 0 || !s.sells() {
		return nil, nil
	}
	for k := range cueNone {
		for i, w := range worth(k) {
			if i < len(s.words[k]) {
				odds += w
			}
		}
	}
	p := classify.Logistic(odds)
	if p < likely {
		return nil, nil
	}
	f := s.place
	f.Risk, f.Tier, f.Score = loam.Advertising, loam.TierSignal, p
	f.Facts = map[string]string{
		"p": strconv.FormatFloat(p, 'f', 2, 64), "brand": s.quoted(cueBrand), "praise": s.quoted(cuePraise), "call": s.quoted(cueBuy, cueHurry),
		"disclosure": "none",
	}
	return []loam.Finding{f}, nil
}

// sells reports whether goods can be told and bought: a brand and a way to buy, or two ways,
// which name the goods where the brand is a word we do not know.
func (s seen) sells() bool {
	n := len(s.words[cueBuy])
	return n >= 2 || n == 1 && len(s.words[cueBrand]) > 0
}

// quoted lists the words of some kinds, for the people who decide.
func (s seen) quoted(kinds ...cue) string {
	var all []string
	for _, k := range kinds {
		all = append(all, s.words[k]...)
	}
	return strings.Join(all[:min(len(all), mostQuoted)], " ")
}

// cuesOf collects each different word once: one said ten times persuades nobody ten times.
func cuesOf(fields []Field) seen {
	c := newCues()
	s := seen{words: map[cue][]string{}}
	for _, f := range fields {
		for m := range c.automaton.Longest(f.Text) {
			s.add(c.of[m.Phrase], f, m.Start, m.End)
		}
		for _, m := range named.FindAllStringIndex(f.Text, -1) {
			if !slices.Contains(plainLatin, f.Text[m[0]:m[1]]) {
				s.add(cueBrand, f, m[0], m[1])
			}
		}
	}
	return s
}

func (s *seen) add(k cue, f Field, start, end int) {
	word := excerpt(f.Text[start:end])
	if k == cueNone || len(s.words[k]) == mostCues || slices.Contains(s.words[k], word) {
		return
	}
	if k == cueBuy && len(s.words[k]) == 0 {
		s.place = loam.Finding{Field: f.Name, Start: start, End: end, Text: word}
	}
	s.words[k] = append(s.words[k], word)
}

// mostCues bounds the different words of a kind that are kept.
const mostCues = 10
