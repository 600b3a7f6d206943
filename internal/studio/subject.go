package studio

import (
	"strings"

	"loam/internal/text"
)

// subject is what a note is about, in her words.
type subject struct {
	clause   int      // where it stands
	full     []Part   // as the body's first line has it
	variants [][]Part // for titles, longest first; the whole clause if nothing was proven
	head     []Part   // its last noun, nil if nothing was proven
	chips    []Part   // facts that stood in its clause: 周末, 用了三个月
	proven   bool
	none     bool // every clause belongs to an item, a day or a step
}

// openers are the verbs of which one may go before the thing itself.
var openers = wordSet(`去 去了 逛 吃 喝 用 买 做 学 测 试 入手 推荐 住 分享 到 逛了 吃了 买了 用了 打卡 介绍 来 教 路过`)

// reviews are what follows the thing itself: 三款蓝牙耳机对比.
var reviews = wordSet(`对比 测评 实测 横评 开箱 分享 推荐 合集 攻略 教程`)

// maxSubject is how wide a proven subject may be.
const maxSubject = 14

// readSubject takes the subject from the first clause, or from the second if the first is
// only a fact. What cannot be proven to be a noun phrase is used as the whole clause.
func (n *note) readSubject() subject {
	i := 0
	for i < len(n.clauses)-1 && i < 2 && (n.clauses[i].role.isFact() || n.clauses[i].role == roleKey || isHollow(n.clauses[i].words)) {
		i++
	}
	if n.clauses[i].role == roleKey || n.clauses[i].role == roleDay || n.clauses[i].role.isFact() {
		i = 0
	}
	c := &n.clauses[i]
	s := subject{clause: i, full: []Part{c.part()}}
	s.variants = [][]Part{s.full}
	words := stripTail(c.words)
	words, s.chips = n.stripHead(c, words)
	if !isPhrase(words) {
		s.chips = nil
		if k := len(words) - 1; k > 0 && reviews[words[k].Text] && isPhrase(words[:k]) {
			s.variants = append(s.variants, []Part{c.sub(words[0].Start, words[k-1].End)})
			h := headOf(words[:k])
			s.head = []Part{c.sub(h[0].Start, h[len(h)-1].End)}
			return s
		}
		s.tail(c)
		return s
	}
	s.proven = true
	part := func(w []text.Word) Part { return c.sub(w[0].Start, w[len(w)-1].End) }
	s.full = []Part{part(words)}
	s.variants = nil
	short := words
	if len(short) > 2 && short[0].Tag == "ns" && (short[1].Tag == "ns" || short[1].Tag == "s") {
		short = short[1:]
	}
	pieces := [][]text.Word{short}
	for k, w := range short {
		if w.Text == "做" && k > 0 && k < len(short)-1 {
			pieces = [][]text.Word{short[:k], short[k+1:]}
		}
	}
	s.add(c, pieces)
	s.add(c, without(pieces, "的"))
	if k := len(words) - 1; k > 0 && reviews[words[k].Text] {
		words = words[:k]
	}
	s.head = []Part{part(headOf(words))}
	if len(s.head[0].Text) >= len("二字") {
		s.variants = append(s.variants, s.head)
	}
	return s
}

// tail gives a clause that ends in 的 and a noun that noun as its head: of 入手半年的折叠收纳箱,
// 折叠收纳箱. The clause itself stays whole.
func (s *subject) tail(c *clause) {
	words := stripTail(c.words)
	at := -1
	for i, w := range words {
		switch {
		case w.Text == "的":
			at = i
		case w.Tag == "r" && w.Text != "我" && w.Text != "我们", w.Text == "是":
			return
		}
	}
	if at < 1 || at == len(words)-1 {
		return
	}
	tail := words[at+1:]
	made := len(tail) > 1 && tail[0].Tag == "v" && width(tail[0].Text) >= 2 // 折叠收纳箱
	if !isPhrase(tail) && !(made && isPhrase(tail[1:])) {
		return
	}
	h := headOf(tail)
	s.head = []Part{c.sub(h[0].Start, h[len(h)-1].End)}
	if whole := []Part{c.sub(tail[0].Start, tail[len(tail)-1].End)}; width(flat(whole)) >= 3 {
		s.variants = append(s.variants, whole)
	}
}

func (s *subject) add(c *clause, pieces [][]text.Word) {
	var parts []Part
	for _, p := range pieces {
		if len(p) > 0 {
			parts = append(parts, c.sub(p[0].Start, p[len(p)-1].End))
		}
	}
	if len(s.variants) == 0 || flat(parts) != flat(s.variants[len(s.variants)-1]) {
		s.variants = append(s.variants, parts)
	}
}

// without splits pieces at a word and leaves it out.
func without(pieces [][]text.Word, word string) [][]text.Word {
	var out [][]text.Word
	for _, p := range pieces {
		from := 0
		for i, w := range p {
			if w.Text == word {
				out = append(out, p[from:i])
				from = i + 1
			}
		}
		out = append(out, p[from:])
	}
	return out
}

// stripHead takes 我, a time, 用了N月的 and one opening verb off a phrase.
func (n *note) stripHead(c *clause, words []text.Word) ([]text.Word, []Part) {
	var chips []Part
	for len(words) > 1 {
		w := words[0].Text
		s := c.src.text[c.start+words[0].Start : c.end]
		switch {
		case w == "我" || w == "我们" || w == " ":
			words = words[1:]
			continue
		case w == "穿" && words[1].Text == "的" && len(words) > 2:
			words = words[2:]
			continue
		case w == "教" && (words[1].Text == "大家" || words[1].Text == "你"):
			words = words[2:]
			continue
		case strings.HasPrefix(s, "用了") || strings.HasPrefix(s, "穿了") || strings.HasPrefix(s, "住了"):
			if k := strings.Index(s, "的"); k > 0 && spanPattern.MatchString(s[:k]) {
				chips = append(chips, c.sub(words[0].Start, words[0].Start+k))
				words = after(words, words[0].Start+k+len("的"))
				continue
			}
		}
		if m := timeHead.FindString(s); m != "" {
			if rest := after(words, words[0].Start+len(m)); len(rest) > 1 && rest[0].Start == words[0].Start+len(m) && (openers[rest[0].Text] || rest[0].Text == "我" || rest[0].Text == "我们") {
				chips = append(chips, c.sub(words[0].Start, words[0].Start+len(m)))
				words = rest
				continue
			}
		}
		break
	}
	if len(words) > 1 && openers[words[0].Text] {
		words = words[1:]
		if len(words) > 1 && (words[0].Text == "了" || words[0].Text == "过") {
			words = words[1:]
		}
	}
	return words, chips
}

// after gives the words from a byte offset on.
func after(words []text.Word, at int) []text.Word {
	for len(words) > 0 && words[0].Start < at {
		words = words[1:]
	}
	return words
}

// stripTail takes a sentence's last particle off.
func stripTail(words []text.Word) []text.Word {
	for len(words) > 1 && (words[len(words)-1].Tag == "y" || words[len(words)-1].Text == "了") {
		words = words[:len(words)-1]
	}
	return words
}

// isPhrase proves a noun phrase by its tags: nouns, places, numbers with measures, 的, one
// 做 inside; no adverb, no question word; it ends in a noun.
func isPhrase(words []text.Word) bool {
	if len(words) == 0 {
		return false
	}
	wide := 0
	made := 0
	for i, w := range words {
		wide += width(w.Text)
		switch w.Tag {
		case "n", "ns", "nr", "nt", "nz", "vn", "s", "j", "f", "m", "q", "eng", "b", "t", "an":
		case "a":
			// 好喝的咖啡, 小个子: an adjective only before 的 or a noun
			if i == len(words)-1 || words[i+1].Tag != "u" && !isNoun(words[i+1].Tag) {
				return false
			}
		case "u":
			if w.Text != "的" || i == 0 || i == len(words)-1 {
				return false
			}
		case "v":
			if w.Text != "做" || i == 0 || made > 0 {
				return false
			}
			made++
		case "x":
			if w.Text != " " && !strings.ContainsAny(w.Text, "《》「」·&") {
				return false
			}
		default:
			return false
		}
	}
	last := words[len(words)-1]
	return wide <= maxSubject && (isNoun(last.Tag) || last.Tag == "eng" || last.Text == "》" || last.Text == "」") && !(len(words) == 1 && last.Tag == "eng" && wide < 2)
}

// headOf is the last run of nouns.
func headOf(words []text.Word) []text.Word {
	i := len(words)
	for i > 0 && (isNoun(words[i-1].Tag) || words[i-1].Tag == "eng" || words[i-1].Tag == "x") && width(joinWords(words[i-1:])) <= 8 {
		i--
	}
	if i == len(words) {
		i--
	}
	for i < len(words)-1 && words[i].Text == " " {
		i++
	}
	return words[i:]
}

func joinWords(words []text.Word) string {
	var b strings.Builder
	for _, w := range words {
		b.WriteString(w.Text)
	}
	return b.String()
}

// flat is the text of parts.
func flat(parts []Part) string {
	var b strings.Builder
	for _, p := range parts {
		b.WriteString(p.Text)
	}
	return b.String()
}
