package studio

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"

	"loam"
	"loam/internal/text"
)

// The rewrites that need no model. Each gives her own words, some left out or moved, with
// marks of the closed list between them; a number or a negation is never left out, except
// by fixing limits, which cuts what has no room.
const (
	RewriteShorten    = "shorten"
	RewriteConclusion = "conclusion"
	RewriteSplit      = "split"
	RewriteList       = "list"
	RewriteJoin       = "join"
	RewriteTidy       = "tidy"
	RewriteEmoji      = "emoji"
	RewriteLimits     = "limits"
	RewriteWorn       = "worn" // off by default: only where she asks for it
)

// RewriteOptions are what a rewrite depends on beside the text: the profile and whether it
// is a title, the mark of her lists, how many emoji she uses in 100 characters.
type RewriteOptions struct {
	Profile text.Profile
	Title   bool
	Bullet  string
	Emoji   float64
}

// rewrites are the functions by name.
func rewrites() map[string]func(*reviser, RewriteOptions) {
	return map[string]func(*reviser, RewriteOptions){
		RewriteShorten:    func(r *reviser, _ RewriteOptions) { r.shorten() },
		RewriteConclusion: func(r *reviser, _ RewriteOptions) { r.conclusion() },
		RewriteSplit:      func(r *reviser, _ RewriteOptions) { r.split() },
		RewriteList:       func(r *reviser, o RewriteOptions) { r.list(o.Bullet) },
		RewriteJoin:       func(r *reviser, _ RewriteOptions) { r.join() },
		RewriteTidy:       func(r *reviser, _ RewriteOptions) { r.tidy() },
		RewriteEmoji:      func(r *reviser, o RewriteOptions) { r.emoji(o.Emoji) },
		RewriteLimits:     (*reviser).limits,
		RewriteWorn:       func(r *reviser, _ RewriteOptions) { r.worn() },
	}
}

// Rewrite rewrites a text without a model. Parts of hers are From "text", byte spans of s;
// the rest is scaffold. An unknown name is Invalid, "rewrite.unknown".
func Rewrite(op, s string, o RewriteOptions) ([]Part, error) {
	f, ok := rewrites()[op]
	if !ok {
		return nil, loam.Fail(loam.Invalid, "rewrite.unknown")
	}
	r := &reviser{s: s}
	f(r, o)
	return r.parts(), nil
}

// reviser collects the changes of a text: stretches to leave out, each with what stands in
// their place. moved is a stretch that goes to the front.
type reviser struct {
	s     string
	cuts  []change
	moved *span
	glue  string // between the moved stretch and the rest
}

type change struct {
	start, end int
	put        string
}

// cut leaves a stretch out, unless a number or a negation stands in it.
func (r *reviser) cut(start, end int) {
	if start < end && !keeps(r.s[start:end]) {
		r.put(start, end, "")
	}
}

func (r *reviser) put(start, end int, s string) {
	r.cuts = append(r.cuts, change{start, end, s})
}

// keeps reports a stretch that may not go: it holds a number or turns a meaning.
func keeps(s string) bool {
	return strings.ContainsFunc(s, func(c rune) bool {
		return unicode.IsDigit(c) || unicode.IsNumber(c) || strings.ContainsRune("不没无别未非莫勿一二三四五六七八九十百千万两半几", c)
	}) || negated(s)
}

func negated(s string) bool {
	for w := range strings.FieldsFuncSeq(strings.ToLower(s), func(c rune) bool { return !unicode.IsLetter(c) && c != '\'' && c != '’' }) {
		if w == "not" || w == "no" || w == "never" || w == "without" || w == "none" || strings.HasSuffix(w, "n't") || strings.HasSuffix(w, "n’t") {
			return true
		}
	}
	return false
}

func (r *reviser) parts() []Part {
	slices.SortStableFunc(r.cuts, func(a, b change) int { return a.start - b.start })
	var out []Part
	keep := func(from, to int) {
		if from < to {
			out = append(out, Part{Text: r.s[from:to], From: "text", Start: from, End: to})
		}
	}
	if r.moved != nil {
		keep(r.moved.start, r.moved.end)
		if r.glue != "" {
			out = append(out, scaffold(r.glue))
		}
		r.cuts = []change{{r.moved.start, r.moved.end, ""}}
	}
	at := 0
	for _, c := range r.cuts {
		if c.start < at {
			continue
		}
		keep(at, c.start)
		if c.put != "" {
			out = append(out, scaffold(c.put))
		}
		at = c.end
	}
	keep(at, len(r.s))
	return out
}

// spare are words that say nothing of their own; longest first.
var spare = []string{
	"说实话的话", "怎么说呢", "就是说呢", "不得不说", "说实话", "讲真的", "老实说", "总的来讲", "其实吧", "其实呢", "就是说", "然后呢", "那个啥", "那什么", "你知道吗", "基本上来说",
	"讲真", "其实", "反正", "真的是", "对吧", "嗯嗯", "嗯", "呃", "to be honest, ", "To be honest, ", "basically ", "actually ", "kind of ", "you know, ",
}

// doubled are adverbs that say no more when they are said twice.
var doubled = wordSet(`非常 很 特别 超级 超 真的 十分 好 太 巨 挺 相当 really very so`)

// shorten leaves out fillers, adverbs said twice and clauses said twice.
func (r *reviser) shorten() {
	words := text.Segment(r.s)
	skip := 0
	for i, w := range words {
		if w.Start < skip {
			continue
		}
		rest := r.s[w.Start:]
		if n := spareAt(rest, w.Start == 0 || atClause(r.s, w.Start)); n > 0 {
			end := w.Start + n
			if opens := w.Start == 0 || atClause(r.s, w.Start); opens {
				for _, m := range []string{"，", "、", ","} {
					if strings.HasPrefix(r.s[end:], m) {
						end += len(m)
						break
					}
				}
			}
			r.cut(w.Start, end)
			skip = end
			continue
		}
		if i > 0 && w.Text == words[i-1].Text && doubled[w.Text] && words[i-1].End == w.Start {
			r.put(w.Start, w.End, "") // 非 in 非常 turns nothing
		} else if half := w.Text[:len(w.Text)/2]; w.Text == half+half && doubled[half] {
			r.put(w.Start+len(half), w.End, "")
		}
	}
	r.repeated()
}

// spareAt is the length of a filler at the start of s. Latin ones and those that may mean
// something inside a clause count only at its beginning.
func spareAt(s string, opens bool) int {
	for _, f := range spare {
		if strings.HasPrefix(s, f) && (opens || len(f) > len("其实") && f[0] > 127 || f == "其实" || f == "嗯" || f == "呃") {
			return len(f)
		}
	}
	return 0
}

// atClause reports whether a clause begins at an offset.
func atClause(s string, at int) bool {
	c, _ := utf8.DecodeLastRuneInString(strings.TrimRight(s[:at], " "))
	return isBreak(c) || c == '.'
}

// repeated leaves out a clause that stands there word for word already.
func (r *reviser) repeated() {
	seen := map[string]bool{}
	from := 0
	for i := 0; i <= len(r.s); {
		c, size := utf8.DecodeRuneInString(r.s[i:])
		if i < len(r.s) && !isBreak(c) {
			i += size
			continue
		}
		clause := strings.TrimSpace(r.s[from:i])
		if utf8.RuneCountInString(clause) >= 4 {
			if seen[clause] && from > 0 {
				start := from
				if p, n := utf8.DecodeLastRuneInString(r.s[:from]); p == '，' || p == ',' {
					start -= n
				}
				r.cut(start, i)
			}
			seen[clause] = true
		}
		i += max(size, 1)
		from = min(i, len(r.s))
	}
}

// conclusion brings the sentence that sums up to the front.
func (r *reviser) conclusion() {
	type sentence struct{ start, end int }
	var all []sentence
	from := 0
	for i := 0; i < len(r.s); {
		c, size := utf8.DecodeRuneInString(r.s[i:])
		i += size
		if isStop(c) || i == len(r.s) {
			all = append(all, sentence{from, i})
			from = i
		}
	}
	for k, x := range all {
		a, b := bare(r.s, x.start, x.end)
		if k == 0 || !endPattern.MatchString(r.s[a:b]) {
			continue
		}
		r.moved = &span{a, b}
		last, _ := utf8.DecodeLastRuneInString(r.s[a:b])
		switch {
		case x.start > 0 && r.s[x.start-1] == '\n':
			r.glue = "\n"
			if x.end > b || x.end == len(r.s) { // the line goes whole
				r.moved.start = a
			}
		case !isStop(last):
			r.glue = "。"
		}
		return
	}
}

// long is how wide a sentence may be before it is split.
const long = 40

// split ends a sentence that is too long at the commas nearest to its middle.
func (r *reviser) split() {
	from := 0
	for i := 0; i <= len(r.s); {
		c, size := utf8.DecodeRuneInString(r.s[i:])
		if i < len(r.s) && !isStop(c) {
			i += size
			continue
		}
		r.splitOne(from, i)
		i += max(size, 1)
		from = min(i, len(r.s))
	}
}

func (r *reviser) splitOne(start, end int) {
	whole := width(r.s[start:end])
	if whole <= long {
		return
	}
	best, away := -1, whole
	from, left := start, 0 // how wide the text is up to from
	for i := start; i < end; {
		c, size := utf8.DecodeRuneInString(r.s[i:end])
		if n := wholeLen(r.s[i:end]); n > size {
			i += n
			continue
		}
		if c == '，' {
			left += width(r.s[from:i])
			from = i
			if d := max(left, whole-left) - min(left, whole-left); left >= 8 && whole-left >= 8 && d < away {
				best, away = i, d
			}
		}
		i += size
	}
	if best < 0 {
		return
	}
	r.put(best, best+len("，"), "。")
	r.splitOne(start, best)
	r.splitOne(best+len("，"), end)
}

// list sets each sentence on a line with her bullet; clauses, where there is one sentence.
func (r *reviser) list(bullet string) {
	items := r.pieces(isStop)
	if len(items) < 2 {
		items = r.pieces(func(c rune) bool { return isStop(c) || c == '，' || c == '、' })
	}
	if len(items) < 2 {
		return
	}
	at := 0
	for i, it := range items {
		mark := bullet
		if bulletLen(r.s[it.start:it.end]) > 0 {
			mark = ""
		}
		if i > 0 {
			mark = "\n" + mark
		}
		r.between(at, it.start, mark)
		at = it.end
	}
	r.between(at, len(r.s), "")
}

// between replaces what stands between two items; question and exclamation marks stay.
func (r *reviser) between(from, to int, put string) {
	for from < to {
		c, size := utf8.DecodeRuneInString(r.s[from:to])
		if c != '？' && c != '！' && c != '?' && c != '!' {
			break
		}
		from += size
	}
	if from < to || put != "" {
		r.put(from, to, put)
	}
}

// pieces are the stretches between marks.
func (r *reviser) pieces(mark func(rune) bool) []span {
	var out []span
	from := 0
	add := func(to int) {
		if a, b := bare(r.s, from, to); hasWord(r.s[a:b]) {
			out = append(out, span{a, b})
		}
	}
	for i := 0; i < len(r.s); {
		c, size := utf8.DecodeRuneInString(r.s[i:])
		if n := wholeLen(r.s[i:]); n > size {
			i += n
			continue
		}
		if mark(c) {
			add(i)
			from = i + size
		}
		i += size
	}
	add(len(r.s))
	return out
}

// join makes one paragraph of lines; bullets go, her numbers stay.
func (r *reviser) join() {
	lines := r.pieces(func(c rune) bool { return c == '\n' })
	if len(lines) < 2 {
		return
	}
	at := 0
	for i, l := range lines {
		start := l.start
		if n := bulletLen(r.s[l.start:l.end]); n > 0 && !keeps(r.s[l.start:l.start+n]) {
			start += n
		}
		glue := ""
		if i > 0 {
			if last, _ := utf8.DecodeLastRuneInString(r.s[:at]); !isBreak(last) && last != '：' && last != ':' {
				glue = "，"
			}
		}
		if at < start || glue != "" {
			r.put(at, start, glue)
		}
		at = l.end
	}
	if last, _ := utf8.DecodeLastRuneInString(r.s[:at]); !isBreak(last) {
		r.put(at, len(r.s), "。")
	}
}

// tidy sets spaces, widths and marks as printers do: 35 元 is 35元, ，，is ，, １ is 1.
func (r *reviser) tidy() {
	before := rune(0)
	for i := 0; i < len(r.s); {
		c, size := utf8.DecodeRuneInString(r.s[i:])
		after, _ := utf8.DecodeRuneInString(r.s[i+size:])
		switch {
		case c >= '０' && c <= '９' || c >= 'Ａ' && c <= 'Ｚ' || c >= 'ａ' && c <= 'ｚ':
			r.put(i, i+size, string(c-0xFEE0))
		case (c == ' ' || c == '\u3000' || c == '\t') && (before == 0 || before == '\n' || after == '\n' || i+size == len(r.s) || isSpaced(before) && isSpaced(after) || after == ' ' || after == '\u3000' || unicode.IsDigit(before) && strings.ContainsRune("元块度个分天月年斤克号点", after)):
			r.put(i, i+size, "")
			i += size
			continue // what stood before it still does
		case c == '\n' && strings.HasSuffix(r.s[:i], "\n\n"):
			r.put(i, i+size, "")
		case isBreak(c) && c != '\n' && c != '…' && c == before, c == '、' && before == c:
			r.put(i, i+size, "")
		case c == ',' && isHan(before) && (isHan(after) || after == '\n' || after == ' ' || after == utf8.RuneError):
			r.put(i, i+size, "，")
			c = '，'
		case c == '!' && isHan(before):
			r.put(i, i+size, "！")
		case c == '?' && isHan(before):
			r.put(i, i+size, "？")
		}
		before = c
		i += size
	}
}

// isSpaced reports a character of full width: no space belongs between two of them.
func isSpaced(c rune) bool {
	return isHan(c) || c >= 0x3000 && c <= 0x303F || c >= 0xFF01 && c <= 0xFF0F || c == '：' || c == '；' || c == '？'
}

// emoji leaves emoji out beyond her own rate in a hundred characters; all, if it is 0.
func (r *reviser) emoji(rate float64) {
	allowed := int(rate * float64(utf8.RuneCountInString(r.s)) / 100)
	state := -1
	at := 0
	for rest := r.s; rest != ""; {
		var c string
		c, rest, _, state = uniseg.FirstGraphemeClusterInString(rest, state)
		if isEmoji(c) {
			if allowed > 0 {
				allowed--
			} else if d := strings.TrimRight(c, "\ufe0f\u20e3"); d != c && keeps(d) {
				r.put(at+len(d), at+len(c), "") // a digit in a box is a digit
			} else {
				r.cut(at, at+len(c))
			}
		}
		at += len(c)
	}
}

// isEmoji reports a cluster that is shown as a picture.
func isEmoji(c string) bool {
	if strings.ContainsAny(c, "\ufe0f\u20e3") {
		return true
	}
	for _, r := range c {
		if r >= 0x1F000 && r <= 0x1FAFF || r >= 0x2600 && r <= 0x27BF || r == 0x2B50 || r == 0x2B55 || r >= 0x231A && r <= 0x231B || r == 0x2728 {
			return true
		}
	}
	return false
}

// limits brings the text within the platform's limit: shortened first, then cut.
func (r *reviser) limits(o RewriteOptions) {
	mended := mendBody(o.Profile, r.s)
	if o.Title {
		mended = mendTitle(o.Profile, r.s)
	}
	if k := strings.Index(r.s, mended); k >= 0 && len(mended) < len(r.s) {
		r.put(0, k, "")
		r.put(k+len(mended), len(r.s), "")
	}
}

// wornPhrases are what everybody writes, with the plain word in their place, "" for none.
var wornPhrases = [][2]string{
	{"谁懂啊家人们", ""},
	{"家人们谁懂啊", ""},
	{"真的绝绝子", ""},
	{"谁懂啊", ""},
	{"绝绝子", ""},
	{"家人们", ""},
	{"宝子们", ""},
	{"姐妹们", ""},
	{"集美们", ""},
	{"真的会谢", ""},
	{"YYDS", ""},
	{"yyds", ""},
	{"直接封神", ""},
	{"给我冲", ""},
	{"闭眼入", ""},
	{"狠狠拿捏", ""},
	{"拿捏了", ""},
	{"不仅仅是", "是"},
	{"更是", "也是"},
}

// worn leaves out what everybody writes.
func (r *reviser) worn() {
	for i := 0; i < len(r.s); {
		n := 0
		for _, w := range wornPhrases {
			if strings.HasPrefix(r.s[i:], w[0]) && (w[0] != "更是" || strings.Contains(r.s[:i], "不仅")) {
				n = len(w[0])
				end := i + n
				if w[1] == "" {
					for _, m := range []string{"！", "，", "～", "!", "~", ","} {
						if strings.HasPrefix(r.s[end:], m) && (i == 0 || atClause(r.s, i)) {
							end += len(m)
							break
						}
					}
				}
				r.put(i, end, w[1])
				n = end - i
				break
			}
		}
		if n == 0 {
			_, n = utf8.DecodeRuneInString(r.s[i:])
		}
		i += n
	}
}
