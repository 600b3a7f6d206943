package studio

import (
	"slices"
	"strings"

	"loam"
)

// layTaken makes a page of the things a recipe names with a number inside its steps, where
// she made no list of them.
func (n *note) layTaken(c *carousel, sections []section) {
	if n.kind != loam.KindFood || slices.ContainsFunc(sections, func(s section) bool { return s.place == placeIngredients }) {
		return
	}
	page := sheet{kind: loam.PageIngredients, title: n.heading(n.tongue.ingredients)}
	for _, i := range n.steps {
		if p, ok := counted(n.clauses[i]); ok && len(page.rows) < 6 {
			page.rows = append(page.rows, amountAt(p))
		}
	}
	if len(page.rows) > 0 {
		c.sheets = append(c.sheets, page)
	}
}

// lay puts one section on pages of its own.
func (n *note) lay(c *carousel, i int, s section, room int, all []section) {
	switch s.place {
	case placeHead:
		c.at[[2]int{i, 0}] = 1
	case placeFacts:
		n.layFacts(c, i, s)
	case placeOrder:
		n.layOrder(c, i, s, room)
	case placeSteps:
		n.laySteps(c, i, s, room)
	case placeItem:
		n.layItem(c, i, s, room, all)
	case placePlus, placeMinus, placeRoute:
		n.layVerdict(c, i, s, room, all)
	case placeList:
		kind := loam.PageList
		if n.kind == loam.KindList {
			kind = loam.PageChecklist
		}
		c.lines(i, s, sheet{kind: kind, title: n.subjectShort()}, room, 3)
	case placeDay:
		n.layDay(c, i, s, room, all)
	case placeIngredients:
		n.layIngredients(c, i, s, room)
	case placeReady:
		c.lines(i, s, sheet{kind: loam.PageList, title: s.heading}, room, 6)
	case placeText:
		if i > 0 && n.explained(i-1, all) && c.at[[2]int{i, 0}] > 0 {
			return // it stands under its question
		}
		if n.explained(i, all) {
			n.layQuestion(c, i, all)
			return
		}
		if n.onCover(c, s) {
			c.at[[2]int{i, 0}] = 1
			return
		}
		kind := sheet{kind: loam.PageText}
		if len(s.lines) == 1 && s.lines[0].mark == "" && width(flat(s.lines[0].parts)) <= 24 && (n.kind == loam.KindKnowledge || n.kind == loam.KindDaily) {
			kind.kind = loam.PageQuote
		}
		if len(s.lines) > 0 && s.lines[0].mark == "*" {
			kind.kind = loam.PageList
		}
		c.lines(i, s, kind, room, 8)
	default:
		c.lines(i, s, sheet{kind: loam.PageText, title: s.heading}, room, 8)
	}
}

// lines fills pages like the first one with the lines of a section: no line is parted that
// fits a page, and plain pages that follow one another share a page while there is room.
func (c *carousel) lines(i int, s section, like sheet, room, most int) {
	if len(s.lines) == 0 {
		if len(s.heading) > 0 {
			c.sheets = append(c.sheets, like)
		}
		return
	}
	page, used := like, 0
	if k := len(c.sheets) - 1; like.kind == loam.PageText && c.sheets[k].kind == loam.PageText && len(like.title) == 0 && len(c.sheets[k].title) == 0 {
		page, c.sheets = c.sheets[k], c.sheets[:k]
		for _, l := range page.lines {
			used += width(flat(l)) + 1
		}
	}
	for k, l := range s.lines {
		for j, parts := range chunks(l.parts, room) {
			wide := width(flat(parts)) + 1
			if len(page.lines) > 0 && (used+wide > room || len(page.lines) >= most) {
				c.sheets = append(c.sheets, page)
				page, used = like, 0
			}
			page.lines = append(page.lines[:len(page.lines):len(page.lines)], parts)
			used += wide
			if j == 0 {
				c.at[[2]int{i, k}] = len(c.sheets) + 1
			}
		}
	}
	c.sheets = append(c.sheets, page)
}

// chunks parts a line that is wider than a page between words.
func chunks(parts []Part, room int) [][]Part {
	if width(flat(parts)) <= room {
		return [][]Part{parts}
	}
	var out [][]Part
	var now []Part
	used := 0
	for _, p := range parts {
		for p.Text != "" {
			s := cutWords(p.Text, func(s string) bool { return used+width(s) <= room })
			if s == "" && used > 0 {
				out, now, used = append(out, now), nil, 0
				continue
			}
			if s == "" { // wider than a page in one piece
				s = p.Text
			}
			q := p
			q.Text = s
			if p.From != "" {
				q.End = p.Start + len(s)
				p.Start = q.End
			}
			p.Text = p.Text[len(s):]
			now = append(now, q)
			used += width(s)
		}
	}
	if len(now) > 0 {
		out = append(out, now)
	}
	return out
}

// layFacts makes a card of name and value of the line of facts.
func (n *note) layFacts(c *carousel, i int, s section) {
	if len(s.lines) == 0 {
		return
	}
	title := n.subjectShort()
	if len(title) == 0 {
		title = n.heading(n.tongue.facts)
	}
	if len(s.lines) > 1 || len(s.lines[0].parts) > 1 {
		for k, l := range s.lines {
			card := sheet{kind: loam.PageFacts, title: title}
			card.rows = n.factRows(l.parts)
			if kind, name := n.cardKind(card.rows); kind != card.kind {
				card.kind = kind
				if name != nil {
					card.title = name
				}
				if kind == loam.PageSize {
					card.rows, card.lines = n.remarks(card.rows)
				}
			}
			c.sheets = append(c.sheets, card)
			c.at[[2]int{i, k}] = len(c.sheets)
		}
		return
	}
	c.at[[2]int{i, 0}] = 1
	cover, fact := &c.sheets[0], s.lines[0].parts
	if all := flat(cover.title) + flat(cover.sub); strings.Contains(all, fact[0].Text) || width(flat(cover.sub)+flat(fact)) > 22 {
		return
	}
	if len(cover.sub) > 0 {
		fact = slices.Concat(cover.sub, []Part{scaffold(n.tongue.dot)}, fact)
	}
	cover.sub = fact
}

// factRows name the facts of a line; those without a name share one row at the end.
func (n *note) factRows(parts []Part) [][][]Part {
	var rows [][][]Part
	var rest []Part
	for _, p := range parts {
		if p.From == "" {
			continue
		}
		row := n.factRow(p)
		if flat(row[0]) != n.tongue.also || row[0][0].From != "" {
			rows = append(rows, row)
			continue
		}
		if len(rest) > 0 {
			rest = append(rest, scaffold(n.tongue.list))
		}
		rest = append(rest, p)
	}
	if len(rest) > 0 {
		rows = append(rows, [][]Part{n.heading(n.tongue.also), rest})
	}
	return rows
}

// factRow names a fact by what it is; 人均35 names itself.
func (n *note) factRow(p Part) [][]Part {
	t := n.tongue
	name := func(s string) [][]Part { return [][]Part{one(scaffold(s)), one(p)} }
	switch {
	case pricePattern.MatchString(p.Text):
		if k := strings.IndexAny(p.Text, "0123456789¥￥$€£"); k > 0 && p.Text[:k] != "" && p.From != "" {
			a, b := p, p
			a.Text, a.End = p.Text[:k], p.Start+k
			b.Text, b.Start = p.Text[k:], p.Start+k
			return [][]Part{one(a), one(b)}
		}
		return name(t.price)
	case timePattern.MatchString(p.Text):
		return name(t.when)
	case strings.HasPrefix(p.Text, "用了") && len(p.Text) > len("用了"):
		a, b := p, p
		a.Text, a.End = "用了", p.Start+len("用了")
		b.Text, b.Start = p.Text[len("用了"):], p.Start+len("用了")
		return [][]Part{one(a), one(b)}
	case bodyPattern.MatchString(p.Text):
		return name(t.body)
	}
	return name(t.also)
}

// layOrder makes a price list where dishes have prices.
func (n *note) layOrder(c *carousel, i int, s section, room int) {
	menu := sheet{kind: loam.PagePrices, title: n.heading(n.tongue.menu)}
	for _, l := range s.lines {
		p := l.parts[0]
		if k := strings.IndexAny(p.Text, "0123456789¥￥$€£"); len(l.parts) == 1 && dishPattern.MatchString(p.Text) && k > 0 {
			a, b := p, p
			name := strings.TrimRight(p.Text[:k], " ")
			a.Text, a.End = name, p.Start+len(name)
			b.Text, b.Start = p.Text[k:], p.Start+k
			menu.rows = append(menu.rows, [][]Part{one(a), one(b)})
		}
	}
	if len(menu.rows) == 0 || len(menu.rows) < len(s.lines) || len(menu.rows) > 8 {
		c.lines(i, s, sheet{kind: loam.PageList, title: s.heading}, room, 6)
		return
	}
	c.sheets = append(c.sheets, menu)
	for k := range s.lines {
		c.at[[2]int{i, k}] = len(c.sheets)
	}
}

// laySteps gives each step its page under a large number; many steps share list pages.
func (n *note) laySteps(c *carousel, i int, s section, room int) {
	if len(s.lines) > 9 {
		c.lines(i, s, sheet{kind: loam.PageList, title: s.heading}, room, 4)
		return
	}
	for k, l := range s.lines {
		for j, parts := range chunks(l.parts, room) {
			p := sheet{kind: loam.PageStep, number: k + 1, lines: [][]Part{parts}}
			if j > 0 {
				p = sheet{kind: loam.PageText, lines: [][]Part{parts}}
			}
			c.sheets = append(c.sheets, p)
			if j == 0 {
				c.at[[2]int{i, k}] = len(c.sheets)
			}
		}
	}
}

// layItem makes one table of two or three things, a page each of more.
func (n *note) layItem(c *carousel, i int, s section, room int, all []section) {
	cards, first := 0, -1
	for k, o := range all {
		if o.place == placeItem {
			cards++
			if first < 0 {
				first = k
			}
		}
	}
	if cards > 3 || n.table(all).width() > rooms[1] {
		c.lines(i, s, sheet{kind: loam.PageList, title: s.heading}, room, 6)
		return
	}
	if i == first {
		c.sheets = append(c.sheets, n.table(all))
	}
	var rest []line // the table has no row for them
	for k, l := range s.lines {
		c.at[[2]int{i, k}] = len(c.sheets)
		if l.mark == "*" {
			rest = append(rest, l)
		}
	}
	if len(rest) > 0 {
		c.lines(len(all), section{place: s.place, lines: rest}, sheet{kind: loam.PageList, title: s.heading[:1]}, room, 6)
	}
}

// table compares the items: their keys, then price, praise and complaint.
func (n *note) table(all []section) sheet {
	t := sheet{kind: loam.PageTable, title: n.subjectShort()}
	head := [][]Part{nil}
	price := [][]Part{one(scaffold(n.tongue.price))}
	plus := [][]Part{one(scaffold("＋"))}
	minus := [][]Part{one(scaffold("－"))}
	for _, s := range all {
		if s.place != placeItem {
			continue
		}
		head = append(head, s.heading[:1])
		if len(s.heading) > 2 {
			price = append(price, s.heading[2:])
		} else {
			price = append(price, nil)
		}
		plus = append(plus, n.cell(s, "＋ "))
		minus = append(minus, n.cell(s, "－ "))
	}
	t.rows = [][][]Part{head}
	for _, row := range [][][]Part{price, plus, minus} {
		for _, cell := range row[1:] {
			if len(cell) > 0 {
				t.rows = append(t.rows, row)
				break
			}
		}
	}
	return t
}

func (n *note) cell(s section, mark string) []Part {
	var out []Part
	for _, l := range s.lines {
		if l.mark == mark {
			if len(out) > 0 {
				out = append(out, scaffold(n.tongue.list))
			}
			out = append(out, l.parts...)
		}
	}
	return out
}

// onCover sets one short line of a recipe under the subject on the cover, where a page of
// its own would be nearly empty.
func (n *note) onCover(c *carousel, s section) bool {
	cover := &c.sheets[0]
	if len(s.lines) == 1 && len(n.steps) > 0 && strings.Contains(flat(cover.title)+flat(cover.sub), flat(s.lines[0].parts)) {
		return true
	}
	if len(c.sheets) > 1 || len(n.steps) == 0 || len(s.lines) != 1 || len(cover.sub) == 0 || width(flat(cover.sub)+flat(s.lines[0].parts)) > 22 {
		return false
	}
	cover.sub = slices.Concat(cover.sub, []Part{scaffold(n.tongue.dot)}, s.lines[0].parts)
	return true
}

// layVerdict sets praise, complaint and the way there: together on one page where they
// have room, else on a page each.
func (n *note) layVerdict(c *carousel, i int, s section, room int, all []section) {
	verdict := sheet{kind: loam.PageFacts, title: n.subjectShort()}
	wide, first, sections := 0, -1, 0
	for k, o := range all {
		if o.place != placePlus && o.place != placeMinus && o.place != placeRoute {
			continue
		}
		sections++
		if first < 0 {
			first = k
		}
		for _, l := range o.lines {
			verdict.rows = append(verdict.rows, [][]Part{o.heading, l.parts})
			wide += width(flat(l.parts)) + 3
		}
	}
	if sections < 2 || len(verdict.rows) > 6 || wide > min(room, rooms[0]) {
		c.lines(i, s, sheet{kind: loam.PageList, title: s.heading}, room, 6)
		return
	}
	if i == first {
		c.sheets = append(c.sheets, verdict)
	}
	for k := range s.lines {
		c.at[[2]int{i, k}] = len(c.sheets)
	}
}
