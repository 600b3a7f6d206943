package studio

import (
	"regexp"
	"slices"
	"strings"

	"loam/internal/text"
)

// clause is one thing she said: the bytes [start, end) of a source.
type clause struct {
	src        *source
	start, end int
	words      []text.Word // of the clause; offsets count from its start
	role       role
	polarity   int
	line       int
	sentence   int
	marked     bool // its line is a list item
	first      bool // it begins its line
	loose      bool // what stands before it in the source was cut or ends a line
	turned     bool // it began with but
	item       int  // of which item, from 1; 0 of none
	day        int
}

func (c *clause) text() string { return c.src.text[c.start:c.end] }

func (c *clause) part() Part {
	return Part{Text: c.text(), From: c.src.from, Start: c.start, End: c.end}
}

// from gives the part of the clause between two byte offsets counted from its start.
func (c *clause) sub(from, to int) Part {
	return Part{Text: c.src.text[c.start+from : c.start+to], From: c.src.from, Start: c.start + from, End: c.start + to}
}

// clausesOf turns the pieces of a source into clauses: turns inside them begin a new one,
// keys and prices at their start stand by themselves.
func clausesOf(src *source, r *reader, drop func(start, end int)) []clause {
	var out []clause
	k := keys{lettered: lettered(src.text, r.pieces), days: countsDays(src.text, r.pieces), prose: r.prose}
	for _, p := range r.pieces {
		for i, span := range splitTurns(src.text, p.start, p.end) {
			c := clause{src: src, start: span[0], end: span[1], line: p.line, sentence: p.sentence, marked: p.marked, first: p.first && i == 0, loose: p.loose && i == 0}
			if n := leadingTurn(c.text()); n > 0 && hasWord(c.text()[n:]) {
				drop(c.start, c.start+n)
				c.start, _ = trim(src.text, c.start+n, c.end)
				c.turned = true
			}
			if r.prose {
				if m := askedPattern.FindString(c.text()); m != "" && hasWord(c.text()[len(m):]) {
					c.start += len(m)
				}
			}
			out = append(out, peel(c, k)...)
		}
	}
	headKeys(out)
	for i := range out {
		out[i].words = text.Segment(out[i].text())
		if out[i].role != roleText { // a key or a day
			continue
		}
		forced := out[i].polarity
		if out[i].role, out[i].polarity = classify(out[i].text(), out[i].words); forced > 0 {
			out[i].role, out[i].polarity = rolePlus, 1
		} else if forced < 0 {
			out[i].role, out[i].polarity = roleMinus, -1
		}
		out[i].turn(out, i)
	}
	return out
}

// headKeys makes what stands before the only colon plain text again: it is a heading.
func headKeys(all []clause) {
	keys := 0
	for _, c := range all {
		if c.role == roleKey {
			keys++
		}
	}
	for i := range all {
		c := &all[i]
		if c.role != roleKey || keyPattern.MatchString(c.text()) || isLetterKey(c.text()) {
			continue
		}
		if keys < 2 {
			c.role = roleText
		}
	}
}

// turn gives a neutral clause after a but the opposite of what it turns from.
func (c *clause) turn(all []clause, i int) {
	if !c.turned || c.polarity != 0 || i == 0 || (c.role != roleText && c.role != roleShort) {
		return
	}
	switch all[i-1].polarity {
	case 1:
		c.role, c.polarity = roleMinus, -1
	case -1:
		c.role, c.polarity = rolePlus, 1
	}
}

// leadingTurn is the length of a but at the start of a clause that may go.
func leadingTurn(s string) int {
	for _, t := range []string{"但是", "不过", "可惜", "但"} {
		if rest, ok := strings.CutPrefix(s, t); ok && hasWord(rest) {
			return len(t)
		}
	}
	if rest, ok := strings.CutPrefix(s, "就是"); ok && (isTurnedTo(rest) || rest == "油" || rest == "干" || polarity(text.Segment(rest)) < 0) {
		return len("就是")
	}
	for _, t := range []string{"but ", "But "} {
		if strings.HasPrefix(s, t) {
			return len(t)
		}
	}
	return 0
}

// splitTurns cuts [start, end) before every but inside it.
func splitTurns(s string, start, end int) [][2]int {
	whole := s[start:end]
	if !strings.Contains(whole, "但") && !strings.Contains(whole, "就是") && !strings.Contains(whole, "不过") && !strings.Contains(whole, "可惜") && !strings.Contains(whole, " but ") {
		return [][2]int{{start, end}}
	}
	var out [][2]int
	from := start
	words := text.Segment(whole)
	skip := 0
	for i, w := range words {
		at := start + w.Start
		if n := wholeLen(whole[w.Start:]); n > len(w.Text) {
			skip = max(skip, w.Start+n)
		}
		if i == 0 || w.Start < skip || at <= from || w.Text == "所以" || !startsTurn(words, i) {
			continue
		}
		_, to := trim(s, from, at)
		out = append(out, [2]int{from, to})
		from = at
	}
	return append(out, [2]int{from, end})
}

// peel takes a key or a day, and after a key a price, off the start of a clause.
func peel(c clause, k keys) []clause {
	var out []clause
	s := c.text()
	if m := flavourPattern.FindStringSubmatch(s); m != nil && hasWord(s[len(m[0]):]) {
		c.start, _ = trim(c.src.text, c.start+len(m[0]), c.end)
		c.polarity = -1
		if m[1] == "优点" || m[1] == "加分项" {
			c.polarity = 1
		}
		return []clause{c}
	}
	if m := headPattern.FindString(s); m != "" && c.first && !k.prose && hasWord(s[len(m):]) {
		out, c = c.take(out, len(m), roleText)
		s = c.text()
	}
	if m := dayPattern.FindString(s); m != "" && k.days {
		out, c = c.take(out, len(m), roleDay)
	} else if m := keyPattern.FindString(s); m != "" && len(m) < len(s) && !countsNothing(s[len(m):]) {
		out, c = c.take(out, len(m), roleKey)
	} else if m := letterOf(s); k.lettered && m != nil && len(m[0]) < len(s) {
		out, c = c.take(out, len(m[0]), roleKey)
		out[len(out)-1].end = out[len(out)-1].start + len(m[1])
	} else if m := namedPattern.FindStringSubmatch(s); !k.prose && m != nil && len(m[0]) < len(s) && isName(m[1]) {
		rest := s[len(m[0]):]
		if next := namedPattern.FindStringSubmatch(rest); next != nil && len(next[0]) < len(rest) && isName(next[1]) || keyPattern.MatchString(rest) || k.lettered && letterOf(rest) != nil {
			out, c = c.take(out, len(m[0]), roleText) // a heading before the first item
			return append(out, peel(c, k)...)
		}
		out, c = c.take(out, len(m[0]), roleKey)
	}
	if n := len(out); n > 0 && out[n-1].role == roleKey {
		s = c.text()
		costs := strings.Contains(c.src.text[out[n-1].end:c.start], "cost") // a number by itself may be a size
		if m := bareCost.FindStringSubmatch(s); m != nil && k.lettered && (costs || !isDigits(m[1])) {
			out, c = c.take(out, len(m[0]), rolePrice)
			out[len(out)-1].end = out[len(out)-1].start + len(m[1])
			s = c.text()
		}
		m := priceStart.FindString(s)
		if m == "" {
			m = pricePrefix.FindString(s)
		}
		if m != "" && len(m) < len(s) {
			out, c = c.take(out, len(m), roleText)
		}
	}
	if c.start < c.end {
		out = append(out, c)
	}
	return out
}

// keys are what names items and days in a text.
type keys struct {
	lettered bool // A and B do
	days     bool // 第一天 does: a 第二天 by itself only says the next day
	prose    bool // what stands before a colon does not
}

// firstDay begins a journey told by days.
var firstDay = regexp.MustCompile(`^(?:第一天|第1天|[Dd]ay ?(?:1|one)\b|D1\b)`)

func countsDays(s string, pieces []piece) bool {
	days := 0
	for _, p := range pieces {
		said := s[p.start:p.end]
		if firstDay.MatchString(said) {
			return true
		}
		if dayPattern.MatchString(said) {
			days++
		}
	}
	return days >= 2
}

// lettered reports a text that calls its things A and B: both begin what it says.
func lettered(s string, pieces []piece) bool {
	a, b := false, false
	for _, p := range pieces {
		said := s[p.start:p.end]
		if m := namedPattern.FindString(said); m != "" && len(m) > len("A：") {
			said = said[len(m):]
		}
		if m := letterOf(said); m != nil {
			a = a || m[1] == "A" || m[1] == "甲"
			b = b || m[1] == "B" || m[1] == "乙"
		}
	}
	return a && b
}

// letterOf is the letter a text begins with as the name of a thing, not of a word like
// A股 or B站, and what belongs to it.
func letterOf(s string) []string {
	m := letterPattern.FindStringSubmatch(s)
	if m == nil || len(m[0]) == 1 && hasAnyPrefix(s[1:], "股", "站", "超", "轮", "座", "区", "班", "级", "型", "类", "罩", "面", "楼", "栋", "口", "组", "队", "线", "餐") {
		return nil
	}
	return m
}

func hasAnyPrefix(s string, prefixes ...string) bool {
	return slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(s, p) })
}

// isLetterKey reports a key that is one letter.
func isLetterKey(s string) bool {
	return len(s) == 1 || s == "甲" || s == "乙" || s == "丙" || s == "丁"
}

// countsNothing reports what 第一件 counts when it is no item: 第一件事, 第一个月.
func countsNothing(rest string) bool {
	for _, w := range []string{"事", "月", "星期", "小时", "人", "念头", "反应", "问题"} {
		if strings.HasPrefix(rest, w) {
			return true
		}
	}
	return false
}

// isName reports what may be a name before a colon: no time, no address.
func isName(s string) bool {
	return !strings.HasPrefix(s, "http") && !isDigits(s) && !isFlavour(s)
}

// isFlavour reports headings people write before a colon, which name no item.
func isFlavour(s string) bool {
	switch s {
	case "优点", "缺点", "地址", "时间", "价格", "人均", "总结", "结论", "用料", "材料", "准备", "步骤", "做法", "注意", "tips", "Tips", "PS", "ps", "标题", "标签", "备注":
		return true
	}
	return false
}

// take splits the first n bytes off a clause.
func (c clause) take(out []clause, n int, r role) ([]clause, clause) {
	first := c
	first.start, first.end = trim(c.src.text, c.start, c.start+n)
	if r == roleKey || r == roleDay {
		first.end = c.start + len(strings.TrimSuffix(strings.TrimSuffix(c.src.text[c.start:first.end], "就是"), "是"))
	}
	first.role = r
	c.start, c.end = trim(c.src.text, c.start+n, c.end)
	c.first, c.loose = false, false
	if first.start < first.end {
		out = append(out, first)
	}
	return out, c
}
