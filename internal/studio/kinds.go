package studio

import (
	"regexp"
	"slices"
	"strings"

	"loam"
)

// The page kinds of their own that some notes ask for, where her words have the facts.

// amountAt parts a thing from its amount: 低筋面粉120克 is 低筋面粉 and 120克, 两个红薯 is 红薯
// and 两个. A thing without one is all thing.
func amountAt(p Part) [][]Part {
	whole := [][]Part{one(p)}
	if p.From == "" {
		return whole
	}
	at := amountPattern.FindStringIndex(p.Text)
	if at == nil || moneyWords.MatchString(p.Text) {
		return whole
	}
	cut := func(from, to int) Part {
		q := p
		from, to = trim(p.Text, from, to)
		q.Text, q.Start, q.End = p.Text[from:to], p.Start+from, p.Start+to
		return q
	}
	switch {
	case at[1] == len(p.Text) && hasWord(p.Text[:at[0]]):
		return [][]Part{one(cut(0, at[0])), one(cut(at[0], at[1]))}
	case at[0] == 0 && hasWord(p.Text[at[1]:]):
		return [][]Part{one(cut(at[1], len(p.Text))), one(cut(0, at[1]))}
	}
	return whole
}

// cellsPage is how many cells of ingredients a page has room for.
const cellsPage = 10

// layIngredients makes cells of a recipe's things. One that is a sentence stays in a list.
func (n *note) layIngredients(c *carousel, i int, s section, room int) {
	long := func(l line) bool { return len(l.parts) != 1 || width(l.parts[0].Text) > 20 }
	if slices.ContainsFunc(s.lines, long) {
		c.lines(i, s, sheet{kind: loam.PageList, title: s.heading}, room, 6)
		return
	}
	for at := 0; at < len(s.lines); at += cellsPage {
		page := sheet{kind: loam.PageIngredients, title: s.heading}
		for k, l := range s.lines[at:min(at+cellsPage, len(s.lines))] {
			page.rows = append(page.rows, amountAt(l.parts[0]))
			c.at[[2]int{i, at + k}] = len(c.sheets) + 1
		}
		c.sheets = append(c.sheets, page)
	}
}

// daysPage is how many days one timeline takes.
const daysPage = 5

// layDay makes one timeline of all days of a short journey, and a page each of a long one.
func (n *note) layDay(c *carousel, i int, s section, room int, all []section) {
	page := sheet{kind: loam.PageTimeline, title: n.subjectShort()}
	first := -1
	for k, o := range all {
		if o.place != placeDay {
			continue
		}
		if first < 0 {
			first = k
		}
		var what []Part
		for j, l := range o.lines {
			if j > 0 {
				what = append(what, scaffold(n.tongue.comma))
			}
			what = append(what, l.parts...)
		}
		page.rows = append(page.rows, [][]Part{o.heading, what})
	}
	if len(page.rows) < 2 || len(page.rows) > daysPage || page.width() > room {
		c.lines(i, s, sheet{kind: loam.PageList, title: s.heading}, room, 6)
		return
	}
	if i == first {
		c.sheets = append(c.sheets, page)
	}
	for k := range s.lines {
		c.at[[2]int{i, k}] = len(c.sheets)
	}
}

// sizePattern is what stands on a garment's tag.
var sizePattern = regexp.MustCompile(`^(?:尺码|码数|穿|选|拿|买)?(?:[SMLX]{1,4}|均)码?$|^\d{2}码$`)

// cardKind is the kind of a card of facts: sizes on an outfit's, costs on a journey's.
func (n *note) cardKind(rows [][][]Part) (loam.PageKind, []Part) {
	sizes, costs := 0, 0
	for _, r := range rows {
		v := flat(r[len(r)-1])
		if bodyPattern.MatchString(v) || heightPattern.MatchString(v) || sizePattern.MatchString(v) {
			sizes++
		}
		if pricePattern.MatchString(flat(r[0])+v) || pricePattern.MatchString(v) {
			costs++
		}
	}
	switch {
	case n.kind == loam.KindOutfit && sizes > 0:
		return loam.PageSize, nil
	case n.kind == loam.KindTravel && costs > 1 && costs == len(rows):
		return loam.PagePrices, n.heading(n.tongue.costs)
	}
	return loam.PageFacts, nil
}

// remarks takes what has no name out of a card's rows: it stands under the card.
func (n *note) remarks(rows [][][]Part) (kept [][][]Part, lines [][]Part) {
	for _, r := range rows {
		if len(r) == 2 && flat(r[0]) == n.tongue.also && r[0][0].From == "" {
			lines = append(lines, r[1])
		} else {
			kept = append(kept, named(r)...)
		}
	}
	return kept, lines
}

// measurePattern is a measure with its name: 身高165.
var measurePattern = regexp.MustCompile(`(身高|净身高|体重|胸围|腰围|臀围|肩宽)\s*(\d[^\p{Han}]*(?:厘米|公斤|斤)?)`)

// named parts measures that name themselves into a row each: 身高165体重60.
func named(row [][]Part) [][][]Part {
	if len(row) != 2 || len(row[1]) != 1 || row[1][0].From == "" {
		return [][][]Part{row}
	}
	p, end := row[1][0], 0
	var out [][][]Part
	for _, m := range measurePattern.FindAllStringSubmatchIndex(p.Text, -1) {
		if m[0] != end {
			break
		}
		a, b := p, p
		a.Text, a.Start, a.End = p.Text[m[2]:m[3]], p.Start+m[2], p.Start+m[3]
		b.Text, b.Start, b.End = p.Text[m[4]:m[5]], p.Start+m[4], p.Start+m[5]
		out, end = append(out, [][]Part{one(a), one(b)}), m[1]
	}
	if end != len(p.Text) || len(out) == 0 {
		return [][][]Part{row}
	}
	return out
}

// explained reports the section of a knowledge note that is its question, answered by the next.
func (n *note) explained(i int, all []section) bool {
	if n.kind != loam.KindKnowledge || i+1 >= len(all) || all[i].place != placeText || all[i+1].place != placeText {
		return false
	}
	q, a := all[i].lines, all[i+1].lines
	if len(q) != 1 || len(a) != 1 || q[0].mark != "" || a[0].mark != "" {
		return false
	}
	text := flat(q[0].parts)
	return askPattern.MatchString(text) && width(text) <= 30 && width(flat(a[0].parts)) <= 60
}

// layQuestion sets a question large over its answer.
func (n *note) layQuestion(c *carousel, i int, all []section) {
	page := sheet{kind: loam.PageQuestion, title: n.asked(all[i].lines[0].parts), lines: [][]Part{all[i+1].lines[0].parts}}
	c.sheets = append(c.sheets, page)
	c.at[[2]int{i, 0}], c.at[[2]int{i + 1, 0}] = len(c.sheets), len(c.sheets)
}

// asked ends a question with its mark.
func (n *note) asked(parts []Part) []Part {
	if strings.HasSuffix(flat(parts), "？") || strings.HasSuffix(flat(parts), "?") {
		return parts
	}
	return append(parts[:len(parts):len(parts)], scaffold(n.tongue.ask))
}
