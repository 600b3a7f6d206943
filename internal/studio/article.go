package studio

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"loam"
	"loam/internal/text"
)

// blockKind is what a block of an article is.
type blockKind uint8

const (
	blockText blockKind = iota
	blockHead
	blockItem // a line of a list
	blockTable
)

// block is a paragraph, heading, list item or table of an article, by its bytes in the
// idea. Rows are the cells of a table.
type block struct {
	kind       blockKind
	start, end int
	rows       [][]span
	near       bool // it follows the block before it without an empty line
}

// span is a stretch of the idea.
type span struct{ start, end int }

var (
	markdownHead = regexp.MustCompile(`^#{1,6}\s+`)
	closedHead   = regexp.MustCompile(`\s+#+$`)
	numberedHead = regexp.MustCompile(`^(?:第[一二三四五六七八九十百\d]+[章节部分篇]|[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十\d]{1,3}[)）])`)
	tableRule    = regexp.MustCompile(`^\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?$`)
)

// headWidth is the columnsMost line that may be a heading.
const headWidth = 24

// blocksOf cuts an article into blocks, in order. Marks of markdown and rules of tables are
// left out; everything else stands in exactly one block.
func blocksOf(s string, from int) []block {
	type row struct {
		start, end int
		empty      bool
	}
	var lines []row
	for start := from; start <= len(s); {
		end := strings.IndexByte(s[start:], '\n')
		if end < 0 {
			end = len(s) - start
		}
		a, b := bare(s, start, start+end)
		lines = append(lines, row{a, b, a == b})
		start += end + 1
	}
	var out []block
	near := false
	for i := 0; i < len(lines); i++ {
		l := lines[i]
		if l.empty || !seen(s[l.start:l.end]) {
			near = false
			continue
		}
		b := block{start: l.start, end: l.end, near: near}
		near = true
		isRule := func(k int) bool { return k < len(lines) && ruleOf(s[lines[k].start:lines[k].end]) }
		if isRule(i) {
			continue // of a table without a head
		}
		ruled := isRule(i + 1)
		if k := i; cellsOf(s, l.start, l.end, ruled) != nil {
			var rows [][]span
			for ; k < len(lines) && !lines[k].empty; k++ {
				if isRule(k) {
					continue
				}
				cells := cellsOf(s, lines[k].start, lines[k].end, ruled)
				if cells == nil || len(rows) > 0 && len(cells) != len(rows[0]) && !(ruled && len(cells) < len(rows[0])) {
					break
				}
				for len(rows) > 0 && len(cells) < len(rows[0]) { // Markdown's own reading of a short row
					cells = append(cells, span{lines[k].end, lines[k].end})
				}
				rows = append(rows, cells)
				b.end = lines[k].end
			}
			if len(rows) >= 2 || ruled || framed(s[l.start:l.end]) {
				b.kind, b.rows = blockTable, rows
				out = append(out, b)
				i = k - 1
				continue
			}
			b.end = l.end
		}
		t := s[l.start:l.end]
		switch m := markdownHead.FindString(t); {
		case m != "":
			b.kind = blockHead
			b.start += len(m)
			if k := closedHead.FindStringIndex(s[b.start:b.end]); k != nil {
				b.end = b.start + k[0]
			}
		case strings.HasPrefix(t, ">"):
			b.start, _ = bare(s, l.start+1, l.end)
		case bulletLen(t) > 0 && hasWord(t[bulletLen(t):]):
			b.kind = blockItem
			if t[0] < '0' || t[0] > '9' { // her own numbers stay
				b.start += bulletLen(t)
			}
		case width(t) <= headWidth && !isSentence(t) && (numberedHead.MatchString(t) || !b.near && i+1 < len(lines) && next(lines[i+1:], func(r row) bool { return !r.empty }, func(r row) bool { return width(s[r.start:r.end]) > headWidth })):
			b.kind = blockHead
		}
		if b.start < b.end {
			out = append(out, b)
		}
	}
	return out
}

// next reports a property of the first row of a kind.
func next[T any](rows []T, kind, property func(T) bool) bool {
	for _, r := range rows {
		if kind(r) {
			return property(r)
		}
	}
	return false
}

// seen reports a text that shows something: more than marks of controls.
func seen(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return !isUnclean(r) && r > ' ' })
}

// isSentence reports a line that ends as sentences do.
func isSentence(s string) bool {
	r, _ := utf8.DecodeLastRuneInString(s)
	return isBreak(r) || r == '：' || r == ':' || r == '.' || r == '”' || r == '」'
}

// ruleOf reports the rule between a table's head and its rows.
func ruleOf(line string) bool { return strings.Contains(line, "|") && tableRule.MatchString(line) }

// framed reports a row with strokes at both ends: it is one of a table even by itself.
func framed(line string) bool {
	return len(line) > 2 && strings.HasPrefix(line, "|") && strings.HasSuffix(line, "|")
}

// cellsOf gives the cells of a table's row, parted by | or tabs; nil for any other line. Of
// a ruled table one stroke is enough.
func cellsOf(s string, start, end int, ruled bool) []span {
	line := s[start:end]
	mark := "|"
	if strings.Count(line, "|") < 1 {
		if mark = "\t"; !strings.Contains(line, mark) {
			return nil
		}
	} else if !ruled && strings.Count(line, "|") < 2 && !strings.HasPrefix(line, "|") {
		return nil // one stroke parts a title, not a row
	}
	if mark == "|" {
		if strings.HasPrefix(line, mark) {
			start++
		}
		if strings.HasSuffix(s[start:end], mark) {
			end--
		}
	}
	var out []span
	for start <= end {
		k := strings.Index(s[start:end], mark)
		if k < 0 {
			k = end - start
		}
		a, b := bare(s, start, start+k)
		out = append(out, span{a, b})
		start += k + 1
	}
	if len(out) < 2 && !ruled || len(out) > 40 || mark == "\t" && len(out) > columnsMost {
		return nil
	}
	return out
}

// columnsMost is how many columns a page's table has room for; a wider one goes on as text.
const columnsMost = 6

// layout lays blocks on pages, one after the other, nothing left out between them.
type layout struct {
	n      *note
	room   int
	apart  bool // a heading begins a page
	sheets []sheet
	used   int
	began  int // the page the block at hand begins on; 0 before it does
	rest   int // where what found no room begins; -1 while all did
}

// layArticle lays an article out as airily as it fits eighteen pages; one that does not fit
// at its densest goes on where rest begins. at gives the page each block begins on.
func (n *note) layArticle(title Title) (c carousel, rest int) {
	for _, try := range []struct {
		room  int
		apart bool
	}{{rooms[0], true}, {rooms[1], true}, {rooms[2], true}, {rooms[2], false}} {
		l := layout{n: n, room: try.room, apart: try.apart, rest: -1, sheets: []sheet{n.cover(title)}}
		at := map[[2]int]int{}
		for i, b := range n.blocks {
			l.began = 0
			l.block(b)
			at[[2]int{i, 0}] = l.began
			if l.rest >= 0 {
				break
			}
		}
		if l.rest < 0 {
			l.answers()
		}
		if c, rest = (carousel{sheets: l.sheets, at: at}), l.rest; rest < 0 {
			return c, 0
		}
	}
	return c, rest
}

// parts are a stretch of the idea as text of hers; what cannot be shown in a line is left
// out, a tab is a space.
func (n *note) parts(a span) []Part {
	var out []Part
	s := n.ideas.text
	put := func(from, to int) {
		if from < to {
			out = append(out, Part{Text: s[from:to], From: "idea", Start: from, End: to})
		}
	}
	from := a.start
	for at := a.start; at < a.end; {
		r, size := utf8.DecodeRuneInString(s[at:a.end])
		if isUnclean(r) {
			put(from, at)
			if from = at + size; r == '\t' && len(out) > 0 {
				out = append(out, scaffold(" "))
			}
		}
		at += size
	}
	put(from, a.end)
	return out
}

// begins notes on which page the block that is being laid begins.
func (l *layout) begins() {
	if l.began == 0 {
		l.began = len(l.sheets)
	}
}

// open begins a page; false where there is no further one.
func (l *layout) open(s sheet, start int) bool {
	if len(l.sheets) == pageLimit {
		l.rest = start
		return false
	}
	l.sheets, l.used = append(l.sheets, s), width(flat(s.title))
	return true
}

func (l *layout) block(b block) {
	last := &l.sheets[len(l.sheets)-1]
	switch b.kind {
	case blockHead:
		p := l.n.parts(span{b.start, b.end})
		if l.began = len(l.sheets); len(l.sheets) == 1 && flat(p) == flat(last.title) {
			return // it stands on the cover
		}
		if l.apart || last.kind != loam.PageText || l.used+width(flat(p))+24 > l.room {
			l.open(sheet{kind: loam.PageText, title: p}, b.start)
			l.began = len(l.sheets)
			return
		}
		last.lines = append(last.lines, p)
		l.used += width(flat(p)) + 1
	case blockTable:
		l.table(b)
	default:
		l.text(span{b.start, b.end})
	}
}

// table is a page of its own, with the rows of a second one under the same head; a row that
// no page takes goes on as text.
func (l *layout) table(b block) {
	row := func(cells []span) (out [][]Part, wide int) {
		for _, c := range cells {
			out = append(out, l.n.parts(c))
			wide += width(flat(out[len(out)-1])) + 1
		}
		return out, wide
	}
	head, headWide := row(b.rows[0])
	open := false
	for i, r := range b.rows {
		cells, wide := row(r)
		if wide+headWide > rooms[2] || len(r) > columnsMost {
			for _, c := range r {
				if l.text(c); l.rest >= 0 {
					return
				}
			}
			open = false
			continue
		}
		last := &l.sheets[len(l.sheets)-1]
		if !open || l.used+wide > rooms[2] || len(last.rows) >= 9 {
			s := sheet{kind: loam.PageTable}
			if last.kind == loam.PageText && len(last.lines) == 0 && len(last.title) > 0 { // a heading alone
				s.title = last.title
				l.sheets = l.sheets[:len(l.sheets)-1]
			}
			if i > 0 {
				s.rows = [][][]Part{head}
			}
			if !l.open(s, r[0].start) {
				return
			}
			open = true
			l.used += headWide
			last = &l.sheets[len(l.sheets)-1]
		}
		last.rows = append(last.rows, cells)
		l.used += wide
		l.begins()
	}
}

// text sets a paragraph: whole where it fits a page, else sentence by sentence.
func (l *layout) text(a span) {
	if a.start >= a.end { // an empty cell
		return
	}
	last := &l.sheets[len(l.sheets)-1]
	if last.kind != loam.PageText {
		if !l.open(sheet{kind: loam.PageText}, a.start) {
			return
		}
	}
	wide := width(l.n.ideas.text[a.start:a.end]) + 1
	switch {
	case l.used+wide <= l.room:
		l.put(a, wide)
		return
	case wide <= l.room && l.used*2 > l.room: // it stays whole on the next page
		if l.open(sheet{kind: loam.PageText}, a.start) {
			l.put(a, wide)
		}
		return
	}
	for a.start < a.end {
		end := l.n.fits(a, l.room-l.used-1, l.room)
		if end == a.start {
			if !l.open(sheet{kind: loam.PageText}, a.start) {
				return
			}
			continue
		}
		l.put(span{a.start, end}, width(l.n.ideas.text[a.start:end])+1)
		a.start, _ = bare(l.n.ideas.text, end, a.end)
	}
}

func (l *layout) put(a span, wide int) {
	last := &l.sheets[len(l.sheets)-1]
	last.lines = append(last.lines, l.n.parts(a))
	l.used += wide
	l.begins()
}

// answers stand after the article, where there is room for them.
func (l *layout) answers() {
	for _, c := range l.n.answers {
		wide := width(c.text()) + 1
		if last := l.sheets[len(l.sheets)-1]; last.kind != loam.PageText || l.used+wide > l.room {
			if len(l.sheets) == pageLimit {
				return
			}
			l.sheets, l.used = append(l.sheets, sheet{kind: loam.PageText}), 0
		}
		last := &l.sheets[len(l.sheets)-1]
		last.lines = append(last.lines, one(c.part()))
		l.used += wide
	}
}

// fits is the end of the longest start of a paragraph that has room: whole sentences, or on
// an empty page clauses or words; the start itself where nothing fits.
func (n *note) fits(a span, room, page int) int {
	s := n.ideas.text[a.start:a.end]
	stop, mark, at, used := 0, 0, 0, 0
	for at < len(s) {
		r, size := utf8.DecodeRuneInString(s[at:])
		used += text.TitleLength(s[at:at+size]) * 2
		if r < 128 {
			used-- // two Latin letters are one Han
		}
		if used > 2*room {
			break
		}
		at += size
		switch {
		case isStop(r) || r == '.' && strings.HasPrefix(s[at:], " "):
			for at < len(s) && (strings.HasPrefix(s[at:], "”") || strings.HasPrefix(s[at:], "」") || strings.HasPrefix(s[at:], "）")) {
				at += len("”")
			}
			stop = at
		case isBreak(r) || r == '、':
			mark = at
		}
	}
	switch {
	case at >= len(s):
		return a.end
	case stop > 0:
		return a.start + stop
	case room < page-12: // the next page has more room for it
		return a.start
	case mark*2 > at:
		return a.start + mark
	}
	k := len(cutWords(s, func(t string) bool { return width(t) <= room }))
	return a.start + max(k, 1)
}

// articleSections are the blocks as sections, for the body: paragraphs, headings above what
// follows them.
func (n *note) articleSections() []section {
	out := make([]section, 0, len(n.blocks))
	units := 0
	for _, b := range n.blocks {
		if units > 1200 { // the body holds no more
			out = append(out, section{place: placeText})
			continue
		}
		s := section{place: placeText}
		if b.near && b.kind == blockItem {
			s.place = placeList
		}
		switch b.kind {
		case blockTable:
			for _, r := range b.rows {
				var parts []Part
				for i, c := range r {
					if i > 0 {
						parts = append(parts, scaffold(n.tongue.bar))
					}
					parts = append(parts, n.parts(c)...)
				}
				s.lines = append(s.lines, line{parts: parts})
			}
		case blockItem:
			mark := "*"
			if c := n.ideas.text[b.start]; c >= '0' && c <= '9' {
				mark = ""
			}
			s.lines = []line{{mark: mark, parts: n.parts(span{b.start, b.end})}}
		default:
			s.lines = []line{{parts: n.parts(span{b.start, b.end})}}
		}
		for _, l := range s.lines {
			units += text.BodyLength(flat(l.parts))
		}
		out = append(out, s)
	}
	for _, c := range n.answers {
		out = append(out, section{place: placeOwn, lines: []line{{parts: one(c.part())}}})
	}
	return out
}

// ownTitles is the heading an article begins with.
func (n *note) ownTitles(emit func(...[]Part)) {
	if len(n.blocks) > 0 && n.blocks[0].kind == blockHead {
		emit(n.parts(span{n.blocks[0].start, n.blocks[0].end}))
	}
}

// headings are those under the article's own title, as they stand.
func (n *note) headings() [][]Part {
	var out [][]Part
	for i, b := range n.blocks {
		if b.kind == blockHead && (i > 0 || len(n.blocks) == 1) && b.start < n.ideasRead() {
			out = append(out, n.parts(span{b.start, b.end}))
		}
	}
	return out
}

// ideasRead is the byte offset up to which her text was read clause by clause.
func (n *note) ideasRead() int { return n.clauses[len(n.clauses)-1].end }

// readBlocks reads the first blocks of an article clause by clause, for its titles and tags;
// tables say nothing by clauses, unless there is nothing else.
func (n *note) readBlocks() *reader {
	r := &reader{text: n.ideas.text, prose: true}
	defer n.readTables(r)
	left := articleRead
	for _, b := range n.blocks {
		if b.kind == blockTable {
			continue
		}
		if left <= 0 {
			break
		}
		end := b.start + runeOffset(r.text[b.start:b.end], left)
		left -= utf8.RuneCountInString(r.text[b.start:end])
		r.readLine(b.start, end, formArticle)
	}
	return r
}

// readTables reads the heads of an article that is nothing but tables: a fact of a row says
// nothing without the thing it is about.
func (n *note) readTables(r *reader) {
	if len(r.pieces) > 0 {
		return
	}
	for _, b := range n.blocks {
		for _, row := range b.rows {
			for _, c := range row {
				r.readLine(c.start, c.start+runeOffset(r.text[c.start:c.end], maxClause), formArticle)
			}
			if len(r.pieces) > 0 {
				return
			}
		}
	}
}
