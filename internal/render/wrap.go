package render

import (
	"math"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Breaker cuts text into words; joined they are the text again. The dictionary is not
// this package's: the caller hands it over.
type Breaker func(string) []string

// Runs is the breaker for want of a dictionary: letters and digits stay together, every
// Han character stands alone.
func Runs(text string) []string {
	var out []string
	start := 0
	var before rune
	for i, r := range text {
		if i > 0 && !(inWord(before) && inWord(r)) {
			out = append(out, text[start:i])
			start = i
		}
		before = r
	}
	if start < len(text) {
		out = append(out, text[start:])
	}
	return out
}

func inWord(r rune) bool {
	return r < 0x2E80 && (unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r) || strings.ContainsRune("'’-_.@/&+", r))
}

// strength says how gladly a line is broken before a cluster.
type strength int

const (
	never   strength = iota
	forced           // against the rules for marks; only if nothing else fits
	inside           // inside a word wider than the line
	between          // between two words
	phrase           // after a mark or a space: where one breathes
	always           // the author broke here
)

// strengths gives for each cluster how a line may be broken before it.
func strengths(cs []cluster, words []string) []strength {
	out := make([]strength, len(cs))
	next, w, at := 0, 0, 0 // byte where word w ends, its index, byte of the cluster
	for i := range cs {
		start := false
		for at >= next && w < len(words) {
			start = at == next
			next += len(words[w])
			w++
		}
		at += len(cs[i].text)
		if i > 0 {
			out[i] = border(&cs[i-1], &cs[i], start)
		}
	}
	return out
}

func border(a, b *cluster, wordStart bool) strength {
	switch {
	case a.class == classBreak:
		return always
	case b.class == classBreak || b.class == classSpace:
		return never // spaces hang at the end of the line they follow
	case b.class == classClose || a.class == classOpen:
		return forced
	case a.class == classSpace:
		return phrase
	case !wordStart || unit(a, b) || asciiMark(a) && b.class == classWord:
		return inside // 12:30, 3.5, a/b
	case b.class == classOpen || strings.Contains(breaths, a.text):
		return phrase
	}
	return between
}

// breaths are the marks after which one breathes.
const breaths = "，。！？、：；…～,.!?;:"

func asciiMark(c *cluster) bool { return c.class == classClose && c.text < "\x80" }

// measures are the characters that directly count or measure a number.
const measures = "元块天个家步款分秒岁年月日号次人杯件米克斤度层楼折倍级种條条只张本页瓦斤篇颗包盒双"

// unit keeps a number with its measure: 58元, 3天, ￥58.
func unit(a, b *cluster) bool {
	r, _ := utf8.DecodeLastRuneInString(a.text)
	q, _ := utf8.DecodeRuneInString(b.text)
	if unicode.IsDigit(r) {
		return b.class == classHan && strings.ContainsRune(measures, q)
	}
	return unicode.IsDigit(q) && strings.ContainsRune("￥¥$€£第#", r)
}

// line is a range of clusters and its visible width in em: without the spaces at its
// end, and without the empty half of a mark at either end.
type line struct {
	from, to int
	width    float64
}

// paragraph is text ready to be broken at any size.
type paragraph struct {
	clusters []cluster
	breaks   []strength
	sums     []float64 // width of clusters[:i]
}

func newParagraph(cs []cluster, words []string) *paragraph {
	p := &paragraph{clusters: cs, breaks: strengths(cs, words), sums: make([]float64, len(cs)+1)}
	for i, c := range cs {
		p.sums[i+1] = p.sums[i] + c.width
	}
	return p
}

// visible is the width of clusters[from:to] as a line.
func (p *paragraph) visible(from, to int) float64 {
	for to > from && (p.clusters[to-1].class == classSpace || p.clusters[to-1].class == classBreak) {
		to--
	}
	w := p.sums[to] - p.sums[from]
	if to > from && half(&p.clusters[to-1]) {
		w -= 0.5
	}
	if to > from && fullOpen(&p.clusters[from]) {
		w -= 0.5
	}
	return w
}

// atoms are the borders between which a line of the given width is not broken: those of
// words, and inside a word that is wider than the line its weaker ones too. whole is
// false if a word had to be cut.
func (p *paragraph) atoms(width float64) (borders []int, whole bool) {
	whole = true
	borders = []int{0}
	for i := 1; i <= len(p.clusters); i++ {
		if i < len(p.clusters) && p.breaks[i] < between {
			continue
		}
		last := borders[len(borders)-1]
		if p.visible(last, i) > width {
			whole = false
			borders = p.cut(borders, last, i, width, inside)
		}
		borders = append(borders, i)
	}
	return borders, whole
}

// cut appends borders inside [from,to) so that no piece is wider than the line, at the
// strongest places there are.
func (p *paragraph) cut(borders []int, from, to int, width float64, at strength) []int {
	last := from
	for i := from + 1; i <= to; i++ {
		if i < to && p.breaks[i] < at {
			continue
		}
		if at > forced && p.visible(last, i) > width {
			borders = p.cut(borders, last, i, width, at-1)
		}
		if i < to {
			borders = append(borders, i)
		}
		last = i
	}
	return borders
}

// wrap breaks the paragraph into the fewest lines of at most width em, and among those
// evenly: balanced weighs the last line like the others (titles), otherwise only a last
// line of one or two characters is avoided (running text).
func (p *paragraph) wrap(width float64, balanced bool) (lines []line, whole bool) {
	if len(p.clusters) == 0 {
		return nil, true
	}
	borders, whole := p.atoms(width)
	n := len(borders)
	type best struct {
		lines int
		cost  float64
		from  int
	}
	table := make([]best, n)
	for j := 1; j < n; j++ {
		table[j] = best{lines: math.MaxInt}
		for i := j - 1; i >= 0; i-- {
			w := p.visible(borders[i], borders[j])
			if w > width && i < j-1 {
				break
			}
			last := j == n-1 || p.breaks[borders[j]] == always
			cost := table[i].cost + p.cost(width, w, borders[j], last, balanced)
			if l := table[i].lines + 1; l < table[j].lines || l == table[j].lines && cost < table[j].cost {
				table[j] = best{l, cost, i}
			}
			if p.breaks[borders[i]] == always {
				break
			}
		}
	}
	for j := n - 1; j > 0; j = table[j].from {
		from, to := borders[table[j].from], borders[j]
		lines = append(lines, line{from, to, p.visible(from, to)})
	}
	for i, j := 0, len(lines)-1; i < j; i, j = i+1, j-1 {
		lines[i], lines[j] = lines[j], lines[i]
	}
	return lines, whole
}

// cost of a line that ends at a border: the square of the blank it leaves, less where
// one would breathe anyway.
func (p *paragraph) cost(width, w float64, end int, last, balanced bool) float64 {
	blank := (width - w) / width
	if last && !balanced {
		if w < 2.5 {
			return 0.3
		}
		return 0
	}
	c := blank * blank
	if !last && p.breaks[end] != phrase {
		c += 0.06
	}
	return c
}
