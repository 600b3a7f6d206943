package studio

import (
	"regexp"
	"slices"
	"strings"

	"loam"
)

// severalPattern is a number of things each of which may be praised or blamed for itself.
var severalPattern = regexp.MustCompile(`(?:[2-9]|[两二三四五六七八九])(?:[台款支只把瓶件双条盒种]|个(?:[^月人小半朋孩周星晚钟多老男女]|$))`)

// severalPlaces is a number of places in a note about going to one.
var severalPlaces = regexp.MustCompile(`(?:[2-9]|[两三四五六七八九])家(?:[^人]|$)|(?i:\b(?:two|three|four|five|[2-5]) (?:[a-z]+ )?(?:shops|cafes|cafés|restaurants|places|bakeries|bars)\b)`)

// severalEnglish is the same in English; units count no things.
var severalEnglish = regexp.MustCompile(`(?i)\b(?:two|three|four|five|[2-5]) (?:[a-z]+ )?([a-z]+s)\b`)

// units are what a number measures.
var units = wordSet(`days weeks months years hours minutes seconds times dollars euros pounds yuan cents stops miles litres liters cups spoons grams steps people friends kids nights`)

// countsThings reports a clause that says there are several of a thing.
func (n *note) countsThings(s string) bool {
	judged := n.kind != loam.KindDaily || slices.ContainsFunc(n.clauses, func(c clause) bool { return c.polarity != 0 })
	if m := severalEnglish.FindStringSubmatch(s); judged && m != nil && !units[strings.ToLower(m[1])] {
		return true
	}
	return severalPattern.MatchString(s)
}

// ownPrice is a clause that gives a thing by name its price: 小米599元噪音小.
var ownPrice = regexp.MustCompile(`^([\p{Han}A-Za-z][\p{Han}A-Za-z0-9 ]{0,12}?)(?:的|是|那个|才|只要|要|卖)?[¥￥]?\d+(?:\.\d+)?(?:元|块)`)

// namesSeveral reports a note of several things whose clauses could not be given to them.
// Then a fact away from its sentence would be a fact of any of them.
func (n *note) namesSeveral() bool {
	switch n.kind {
	case loam.KindShop:
		return len(n.items) == 0 && slices.ContainsFunc(n.clauses[:min(3, len(n.clauses))], func(c clause) bool { return severalPlaces.MatchString(c.text()) })
	case loam.KindTest, loam.KindGoods, loam.KindDaily, loam.KindOutfit, loam.KindKnowledge:
	default:
		return false
	}
	if len(n.items) > 0 {
		return false
	}
	keys, priced := 0, map[string]bool{}
	for i, c := range n.clauses {
		if c.role == roleKey {
			keys++
		}
		if i < 3 && n.countsThings(c.text()) {
			return true
		}
		if name := pricedThing(c); name != "" {
			priced[name] = true
		}
	}
	return keys >= 2 || len(priced) >= 2
}

// pricedThing is the thing a clause gives a price, "" if it gives none.
func pricedThing(c clause) string {
	m := ownPrice.FindStringSubmatch(c.text())
	if m == nil || hasAnySuffix(m[1], "价", "费", "人均", "一共", "总共", "合计", "花了", "预算", "大概", "才", "只要") {
		return ""
	}
	return strings.TrimSpace(m[1])
}

// opens reports a clause that says itself what it is about: it begins its sentence, or
// names its thing.
func (n *note) opens(i int) bool {
	c := n.clauses[i]
	return i == 0 || n.clauses[i-1].sentence != c.sentence || c.role == roleKey || pricedThing(c) != ""
}

// sound reports a title whose parts may stand together. Two stretches of hers are joined
// only if they come from one sentence, or one is what the note is about, or each has its
// item's key or day before it. Of several things that could not be told apart, it has to be
// one stretch that begins where its thing is named.
func (n *note) sound(family string, parts []Part) bool {
	var at []int
	for _, p := range parts {
		if p.From != "idea" {
			continue
		}
		name := n.ofSubject(p)
		for i := range n.clauses {
			c := &n.clauses[i]
			if c.start >= p.End {
				break
			}
			if p.Start >= c.end {
				continue
			}
			if c.start == p.Start && c.end == p.End && isHollow(c.words) {
				return false
			}
			if !name {
				at = append(at, i)
			}
		}
	}
	for k, i := range at {
		c := &n.clauses[i]
		if n.several {
			if k == 0 && !n.opens(i) || k > 0 && (i != at[k-1]+1 || c.sentence != n.clauses[at[0]].sentence) {
				return false
			}
			continue
		}
		if n.form == formArticle && family == "number" && n.kind != loam.KindShop && n.kind != loam.KindTravel && !n.subject.none && c.sentence != n.clauses[n.subject.clause].sentence {
			return false // a sum of one part is not that of all
		}
		if n.ofOne(family, parts) {
			continue
		}
		if c.item == 0 && c.day == 0 && family != "compare" && family != "community" && c.sentence != n.clauses[at[0]].sentence {
			return false
		}
	}
	return !n.several || family != "contrast" && family != "points"
}

// ofOne reports judgements set beside the one thing the note is proven to be about.
func (n *note) ofOne(family string, parts []Part) bool {
	if family != "contrast" && family != "points" || !n.subject.proven && n.kind != loam.KindShop || n.form == formArticle {
		return false
	}
	return slices.ContainsFunc(parts, n.ofSubject)
}

// ofSubject reports a part that is the subject, or a part of it.
func (n *note) ofSubject(p Part) bool {
	within := func(v []Part) bool {
		return slices.ContainsFunc(v, func(q Part) bool { return q.From == p.From && q.Start <= p.Start && p.End <= q.End })
	}
	return within(n.subject.full) || within(n.subject.head) || slices.ContainsFunc(n.subject.variants, within)
}
