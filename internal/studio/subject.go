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
}

// openers are the verbs of which one may go before the thing itself.
var openers = wordSet(`去 去了 逛 吃 喝 用 买 做 学 测 试 入手 推荐 住 分享 到 逛了 吃了 买了 用了 打卡 介绍 来 教`)

// maxSubject is how wide a proven subject may be.
const maxSubject = 14

// readSubject takes the subject from the first clause, or from the second if the first is
// only a fact. What cannot be proven to be a noun phrase is used as the whole clause.
func (n *note) readSubject() subject {
	i := 0
	for i < len(n.clauses)-1 && i < 2 && (n.clauses[i].role.isFact() || n.clauses[i].role == roleKey) {
		i++
	}
	if n.clauses[i].role == roleKey || n.clauses[i].role == roleDay || n.clauses[i].role.isFact() {
		i = 0
	}
	c := &n.clauses[i]
	s := subject{clause: i, full: []Part{c.part()}}
	s.variants = [][]Part{s.full}
	words := c.words
	words = stripTail(words)
	words, s.chips = n.stripHead(c, words)
	if !isPhrase(words) {
		s.chips = nil
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
	s.head = []Part{part(headOf(words))}
	if len(s.head[0].Text) >= len("二字") {
		s.variants = append(s.variants, s.head)
	}
	return s
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
		case w == "我" || w == "我们" || w == "和朋友" || w == " ":
			words = words[1:]
			continue
		case strings.HasPrefix(s, "用了") || strings.HasPrefix(s, "穿了") || strings.HasPrefix(s, "住了"):
			if k := strings.Index(s, "的"); k > 0 && spanPattern.MatchString(s[:k]) {
				chips = append(chips, c.sub(words[0].Start, words[0].Start+k))
				words = after(words, words[0].Start+k+len("的"))
				continue
			}
		}
		if m := timeHead.FindString(s); m != "" {
			if rest := after(words, words[0].Start+len(m)); len(rest) > 0 && rest[0].Start == words[0].Start+len(m) && rest[0].Text != "的" {
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
