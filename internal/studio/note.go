package studio

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"loam"
)

// note is what was read of an input: her clauses, and what they make together.
type note struct {
	input   Input
	ideas   *source
	form    form
	kind    loam.NoteKind
	tongue  tongue
	clauses []clause // of the idea
	answers []clause // of the answers, in the order of Input.Answers
	cut     []Cut
	chat    *Chat   // nil if the idea is none
	blocks  []block // of an article
	offered []fact  // what can be worked out of her facts
	subject subject
	items   []item
	days    []day
	steps   []int // clauses that are steps
	listed  int   // the clause of a list that joins its things by 、, -1 if none
	several bool  // she speaks of several things, and which clause is of which was not found
	sure    bool  // the kind was named, or cues spoke for it
	regroup bool
	unread  int // characters that found no room, and were not read
	rest    int // where in the idea they begin
}

// item is one thing of several: its key and what was said of it.
type item struct {
	key      int // clause of the key
	price    int // clause of its price, -1 if none
	clauses  []int
	from, to int // all its clauses, key and price too
}

// day is one day of a journey.
type day struct {
	key     int
	clauses []int
}

// understand reads an input.
func understand(in Input) *note {
	n := &note{input: in, cut: []Cut{}}
	idea, from := in.Idea, 0
	if k := strings.IndexFunc(idea, isWordy); k > maxRead {
		from = k // thousands of marks before the first word
	}
	n.ideas = &source{from: "idea", text: idea}
	messages := readChat(idea)
	if messages != nil {
		n.form, n.chat = formChat, chatOf(idea, messages, in.Choices.Me, in.Choices.Lines)
	} else if n.form = formOf(idea[from:]); n.form == formArticle {
		n.blocks = blocksOf(idea, from)
		idea = idea[:from+runeOffset(idea[from:], articleRead)]
	}
	n.tongue = chinese
	if strings.IndexFunc(idea, isHan) < 0 && strings.IndexFunc(idea, unicode.IsLetter) >= 0 {
		n.tongue = english
	}
	var r *reader
	if n.chat != nil {
		r = n.readMessages(messages)
	} else if n.form == formArticle {
		r = n.readBlocks()
	} else {
		r = read(idea, from, n.form)
	}
	if len(r.pieces) == 0 { // nothing but fillers: then they are what she says
		n.form = formIdea
		r = read(idea, from, n.form)
	}
	if len(r.pieces) == 0 { // nothing but marks around a letter or digit
		last := strings.LastIndexFunc(idea, isWordy)
		_, size := utf8.DecodeRuneInString(idea[last:])
		r.put(strings.IndexFunc(idea, isWordy), last+size)
	}
	n.cut = append(n.cut, r.cut...)
	n.clauses = clausesOf(n.ideas, r, n.drop)
	n.readAnswers()
	n.kind, n.sure = in.Kind, true
	if n.kind == "" {
		n.kind, n.sure = n.guess()
	}
	n.subject = n.readSubject()
	n.markDishes()
	n.findItems()
	n.several = n.namesSeveral()
	n.scope()
	n.findListed()
	n.findDays()
	n.findIngredients()
	n.findSteps()
	if c := n.clauses[n.subject.clause]; c.item > 0 || c.day > 0 || c.role == roleStep || c.role == roleIngredient || c.role == roleKey || c.role == roleDay {
		n.subject = subject{clause: -1, none: true}
	}
	n.keepLessons()
	n.offered = n.derive()
	n.regroup = n.worthRegrouping()
	return n
}

// markDishes makes a thing with its price a line of the price list.
func (n *note) markDishes() {
	if n.kind != loam.KindShop {
		return
	}
	for i := range n.clauses {
		if c := &n.clauses[i]; i != n.subject.clause && (c.role == roleShort || c.role == roleText) && dishPattern.MatchString(c.text()) {
			c.role = roleOrder
		}
	}
}

// keepLessons lets what came of it stay with what she did: 我第一次忘了选表头，结果全乱了.
func (n *note) keepLessons() {
	for i := 1; i < len(n.clauses); i++ {
		c, before := &n.clauses[i], n.clauses[i-1]
		if before.role != roleOwn || !n.joins(i-1, i) || c.role == roleStep || c.role.isFact() {
			continue
		}
		switch c.words[0].Text {
		case "结果", "就", "所以", "后来", "才", "于是":
			c.role = roleOwn
		}
	}
}

func (n *note) drop(start, end int) {
	if n.form == formRubble {
		n.cut = append(n.cut, Cut{Text: strings.TrimSpace(n.ideas.text[start:end]), Start: start, End: end})
	}
}

func isWordy(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

func isHan(r rune) bool { return unicode.Is(unicode.Han, r) }

// readAnswers reads each answer as clauses; a stroke parts them too.
func (n *note) readAnswers() {
	for _, a := range n.input.Answers {
		if !hasWord(a.Text) || a.Slot == "" || a.Slot == "idea" {
			continue
		}
		src := &source{from: a.Slot, text: a.Text[:runeOffset(a.Text, 300)]}
		r := &reader{text: src.text}
		for start := 0; start < len(src.text); {
			end := strings.IndexAny(src.text[start:], "/／\n")
			if end < 0 {
				end = len(src.text) - start
			}
			r.line++
			r.loose = true
			r.clauses(start, start+end)
			start += end + 1
			for start < len(src.text) && !utf8.RuneStart(src.text[start]) {
				start++
			}
		}
		n.answers = append(n.answers, clausesOf(src, r, func(int, int) {})...)
	}
}

// findItems groups clauses under their keys. An item ends at the next key, at an audience
// or conclusion, and where a list item's line ends.
func (n *note) findItems() {
	if n.kind == loam.KindDaily || n.kind == loam.KindTutorial || n.kind == loam.KindFood {
		return
	}
	keys := 0
	for _, c := range n.clauses {
		if c.role == roleKey {
			keys++
		}
	}
	if keys < 2 && n.kind == loam.KindList && n.weekly() {
		return
	}
	lines := n.form == formList && n.kind == loam.KindList && keys < 2
	if keys < 2 && !lines {
		return
	}
	var now *item
	for i := range n.clauses {
		c := &n.clauses[i]
		if !lines && c.role == roleShort && n.mentions(c) {
			c.role = roleText // torn from its sentence it would name no occasion
		}
		switch {
		case lines && c.first && (i > 0 || c.marked) && (c.marked || !n.anyMarked()), !lines && c.role == roleKey:
			n.items = append(n.items, item{key: i, price: -1, from: i, to: i})
			now = &n.items[len(n.items)-1]
			if c.role != roleKey {
				now.clauses = append(now.clauses, i)
			}
		case now == nil:
			continue
		case !lines && n.leaves(i, now):
			now = nil
			continue
		case lines && c.first, !lines && (c.role == roleAudience || c.role == roleConclusion) && n.kind != loam.KindList && !n.ofKey(i, now):
			now = nil
			continue
		case c.role == rolePrice && now.price < 0:
			now.price = i
		default:
			now.clauses = append(now.clauses, i)
		}
		now.to = i
		c.item = len(n.items)
	}
}

// weekly makes an item of every weekday that begins what she says, with what follows in
// its sentence, if there are three.
func (n *note) weekly() bool {
	var days []item
	for i, c := range n.clauses {
		if k := len(days) - 1; weekdayKey.MatchString(c.text()) {
			days = append(days, item{key: i, price: -1, clauses: []int{i}, from: i, to: i})
		} else if k >= 0 && days[k].to == i-1 && c.words[0].Text != "都" && c.sentence == n.clauses[days[k].from].sentence {
			days[k].clauses, days[k].to = append(days[k].clauses, i), i
		}
	}
	if len(days) < 3 {
		return false
	}
	n.items = days
	for k, d := range days {
		for i := d.from; i <= d.to; i++ {
			n.clauses[i].item = k + 1
		}
	}
	for i := days[0].from; i < len(n.clauses); i++ {
		if c := &n.clauses[i]; c.item == 0 && c.role == roleShort {
			c.role = roleText // it belongs to its sentence
		}
	}
	return true
}

// leaves reports a clause that speaks of more than the item before it: of all of them, of
// another by its key, or in another message or sentence of things that have but a letter.
func (n *note) leaves(i int, of *item) bool {
	c, key := &n.clauses[i], n.clauses[of.key]
	return n.mentions(c) || c.words[0].Text == "都" || c.sentence != key.sentence && (n.chat != nil || isLetterKey(key.text()))
}

// mentions reports a clause with the key of an item inside it: 在家用A.
func (n *note) mentions(c *clause) bool {
	return slices.ContainsFunc(n.clauses, func(k clause) bool {
		if c.role == roleKey || k.role != roleKey || !isLetterKey(k.text()) && !keyPattern.MatchString(k.text()) {
			return false
		}
		before, after, ok := strings.Cut(c.text(), k.text())
		return ok && (!isLetterKey(k.text()) || !endsLatin(before) && !startsLatin(after))
	})
}

func endsLatin(s string) bool { return s != "" && s[len(s)-1] < utf8.RuneSelf && s[len(s)-1] != ' ' }

func startsLatin(s string) bool { return s != "" && s[0] < utf8.RuneSelf && s[0] != ' ' }

// ofKey reports a clause that stands in one breath with its item's key: A款适合通勤 is of A.
func (n *note) ofKey(i int, of *item) bool {
	return i == of.key+1 && n.clauses[i].start == n.clauses[of.key].end
}

// findListed finds the one clause of a list without items that names them all.
func (n *note) findListed() {
	n.listed = -1
	if n.kind != loam.KindList || len(n.items) > 0 {
		return
	}
	for i := range n.clauses {
		c := &n.clauses[i]
		if i != n.subject.clause && (c.role == roleText || c.role == roleShort) && strings.Count(c.text(), "、") >= 2 {
			n.listed, c.role = i, roleIngredient
			return
		}
	}
}

func (n *note) anyMarked() bool {
	for _, c := range n.clauses {
		if c.marked {
			return true
		}
	}
	return false
}

// findDays groups clauses under 第N天.
func (n *note) findDays() {
	if len(n.items) > 0 || n.kind == loam.KindDaily {
		return
	}
	for i := range n.clauses {
		c := &n.clauses[i]
		if c.role == roleDay {
			n.days = append(n.days, day{key: i})
			c.day = len(n.days)
			continue
		}
		if len(n.days) == 0 {
			continue
		}
		if c.role == rolePrice && wholePrice.MatchString(c.text()) {
			continue
		}
		last := &n.days[len(n.days)-1]
		if c.sentence != n.clauses[last.key].sentence && (c.role == roleConclusion || c.role == rolePrice || c.role == roleMinus && c.first) {
			return
		}
		last.clauses = append(last.clauses, i)
		c.day = len(n.days)
	}
}

// worthRegrouping: half the clauses are typed, or both praise and complaint are there, or
// items, days or steps. Otherwise her order is the better one.
func (n *note) worthRegrouping() bool {
	if n.kind == loam.KindDaily || n.form == formArticle || n.several {
		return false
	}
	if len(n.items) > 0 || len(n.days) > 0 || len(n.steps) > 0 || n.listed >= 0 {
		return true
	}
	typed, plus, minus := 0, false, false
	for _, c := range n.clauses {
		if c.role != roleText {
			typed++
		}
		plus = plus || c.role == rolePlus
		minus = minus || c.role == roleMinus
	}
	if n.kind == loam.KindKnowledge {
		return false
	}
	return typed*2 >= len(n.clauses) || plus && minus
}
