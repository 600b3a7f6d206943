package studio

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxRead bounds what is read clause by clause, in characters. A longer text is an article:
// its beginning is read for titles, its blocks are laid out as they stand.
const maxRead = 6000

// form is how an input was written.
type form uint8

const (
	formIdea    form = iota // clauses with punctuation
	formList                // lines with bullets, numbers, or short ones
	formArticle             // long, with paragraphs
	formRubble              // voice typing: hardly any punctuation
	formChat                // what several people said
)

// String is the form's name in the API.
func (f form) String() string {
	return [...]string{"idea", "list", "article", "rubble", "chat"}[f]
}

// articleRead is how much of an article is read clause by clause, for its titles and tags.
const articleRead = 3000

// source is one text of hers: the idea, or the answer to a slot.
type source struct {
	from, text string
}

// piece is a stretch of a source that was found between separators.
type piece struct {
	start, end int
	line       int  // of the source
	sentence   int  // of the source
	marked     bool // its line began with a bullet or number
	first      bool // it begins its line
	loose      bool // something was cut out, or a line ended, right before it
}

// reader cuts a source into pieces.
type reader struct {
	text     string
	pieces   []piece
	cut      []Cut
	line     int
	sentence int
	loose    bool
	marked   bool
	first    bool
	prose    bool // what stands before a colon names no item
}

// structured reports a text with a heading or a table: somebody gave it its form, however
// short it is.
func structured(s string) bool {
	for line := range strings.SplitSeq(s, "\n") {
		if line = strings.TrimSpace(line); markdownHead.MatchString(line) || ruleOf(line) {
			return true
		}
	}
	return false
}

// longText is more than anybody writes as an idea, in characters.
const longText = 2500

// formOf tells the form of a text that is no chat.
func formOf(s string) form {
	han, marks, chars, long := 0, 0, 0, 0
	lines, short, bullets, paragraphs := 0, 0, 0, 0
	for line := range strings.SplitSeq(s, "\n") {
		trimmed := strings.TrimSpace(line)
		if trimmed == "" {
			continue
		}
		lines++
		n := utf8.RuneCountInString(trimmed)
		if n <= 30 {
			short++
		} else {
			long++
		}
		if bulletLen(trimmed) > 0 {
			bullets++
		}
		if n >= 40 {
			paragraphs++
		}
	}
	for _, r := range s {
		chars++
		switch {
		case isHan(r):
			han++
		case isBreak(r) || r == '、':
			marks++
		}
	}
	switch {
	case structured(s), chars > maxRead, chars > longText && lines >= 3 && bullets*2 < lines:
		return formArticle
	case lines >= 3 && (bullets >= 3 && bullets*3 >= lines*2 || short == lines):
		return formList
	case chars > 600 && paragraphs >= 3:
		return formArticle
	case han >= 30 && marks*25 < chars, han >= 14 && marks == 0 && lines == 1:
		return formRubble
	}
	return formIdea
}

// isBreak reports punctuation that ends a clause.
func isBreak(r rune) bool {
	switch r {
	case '，', ',', '。', '！', '!', '？', '?', '；', ';', '…', '\n', '～':
		return true
	}
	return false
}

// isStop reports punctuation that ends a sentence.
func isStop(r rune) bool {
	switch r {
	case '。', '！', '!', '？', '?', '；', ';', '…', '\n':
		return true
	}
	return false
}

// read cuts a text from a byte offset on into pieces by its form.
func read(s string, start int, f form) *reader {
	r := &reader{text: s}
	for start <= len(s) {
		end := strings.IndexByte(s[start:], '\n')
		if end < 0 {
			end = len(s) - start
		}
		r.readLine(start, start+end, f)
		start += end + 1
	}
	return r
}

func (r *reader) readLine(start, end int, f form) {
	start, end = trim(r.text, start, end)
	if start >= end {
		return
	}
	r.line++
	r.sentence++
	r.loose, r.first = true, true
	b := bulletLen(r.text[start:end])
	if !hasWord(r.text[start+b : end]) {
		b = 0
	}
	r.marked = b > 0
	start += b
	if f == formRubble {
		r.rubble(start, end)
		return
	}
	r.clauses(start, end)
}

// clauses cuts [start, end) of one line at its punctuation.
func (r *reader) clauses(start, end int) {
	from := start
	for i := start; i < end; {
		c, size := utf8.DecodeRuneInString(r.text[i:end])
		if skip := wholeLen(r.text[i:end]); skip > size {
			i += skip
			continue
		}
		switch {
		case c == utf8.RuneError && size == 1, unicode.IsControl(c), unicode.Is(unicode.Bidi_Control, c):
			r.add(from, i)
			r.loose = true
			from = i + size
		case r.breaks(c, i, size, end):
			if c == '？' || c == '?' {
				i, from = r.question(from, i, size)
				continue
			}
			r.add(from, i)
			from = i + size
			if isStop(c) || c == '.' {
				r.sentence++
			}
		}
		i += size
	}
	r.add(from, end)
}

// question adds a piece with its question mark, and gives where reading goes on.
func (r *reader) question(from, i, size int) (int, int) {
	if s, _ := trim(r.text, from, i); s < i {
		r.add(from, i+size)
	}
	i += size
	r.sentence++
	return i, i
}

// breaks reports whether the character at i ends a clause where it stands.
func (r *reader) breaks(c rune, i, size, end int) bool {
	before, _ := utf8.DecodeLastRuneInString(r.text[:i])
	after, _ := utf8.DecodeRuneInString(r.text[i+size : end])
	switch c {
	case ',':
		return !(isDigit(before) && isDigit(after))
	case '.':
		if isDigit(before) { // 28. Day 3, but not 3.5 and no list's 1.
			next, _ := utf8.DecodeRuneInString(strings.TrimLeft(r.text[i+size:end], " "))
			return after == ' ' && unicode.IsUpper(next)
		}
		return (i+size == end || after == ' ') && i > 0 && before != '.'
	case ' ', '\u3000', '\u00a0':
		return unicode.Is(unicode.Han, before) && unicode.Is(unicode.Han, after) || isSpace(after)
	case '—':
		return after == '—' || before == '—'
	case '|', '｜':
		return true
	}
	return isBreak(c)
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' || r >= '０' && r <= '９' }

func isSpace(r rune) bool { return unicode.IsSpace(r) }

// pairs are the marks whose inside is never cut, if it is short and they close.
var pairs = map[rune]rune{'「': '」', '『': '』', '《': '》', '“': '”', '（': '）', '(': ')', '【': '】', '[': ']', '〈': '〉'}

// maxQuote is how many bytes a quote may hold to stay whole.
const maxQuote = 120

// wholeLen is the length of what must not be cut at the start of s: a quote, a bracket, an
// address on the web; 0 for anything else.
func wholeLen(s string) int {
	c, size := utf8.DecodeRuneInString(s)
	if shut, ok := pairs[c]; ok {
		inside := s[size:min(len(s), size+maxQuote)]
		if k := strings.IndexRune(inside, shut); k >= 0 && strings.IndexFunc(inside[:k], isUnclean) < 0 {
			return size + k + utf8.RuneLen(shut)
		}
		return 0
	}
	if strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "https://") || strings.HasPrefix(s, "www.") {
		k := strings.IndexFunc(s, func(r rune) bool { return r > 127 || r <= ' ' })
		if k < 0 {
			k = len(s)
		}
		return k
	}
	return 0
}

func isUnclean(r rune) bool {
	return r == utf8.RuneError || unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r)
}

// maxClause is the longest clause in characters; a longer one is cut between words.
const maxClause = 180

func (r *reader) add(start, end int) {
	start, end = trim(r.text, start, end)
	if !hasWord(r.text[start:end]) {
		return
	}
	for utf8.RuneCountInString(r.text[start:end]) > maxClause {
		at := start + len(head(r.text[start:end], maxClause))
		r.put(start, at)
		r.loose = false
		start = at
	}
	r.put(start, end)
}

func (r *reader) put(start, end int) {
	if start, end = trim(r.text, start, end); start >= end {
		return
	}
	r.pieces = append(r.pieces, piece{start, end, r.line, r.sentence, r.marked, r.first, r.loose})
	r.loose, r.first = false, false
}

// hasWord reports whether a text says anything: a letter, a digit or a symbol.
func hasWord(s string) bool {
	for _, r := range s {
		// An invalid byte decodes to U+FFFD, which counts as a symbol.
		if unicode.IsLetter(r) || unicode.IsDigit(r) || r != utf8.RuneError && unicode.Is(unicode.So, r) {
			return true
		}
	}
	return false
}

// trim narrows [start, end) to leave out white space, marks of punctuation at the borders
// and what cannot be shown.
func trim(s string, start, end int) (int, int) {
	for start < end {
		c, size := utf8.DecodeRuneInString(s[start:end])
		if !atBorder(c, size) {
			break
		}
		start += size
	}
	for end > start {
		c, size := utf8.DecodeLastRuneInString(s[start:end])
		if c == '？' || c == '?' || !atBorder(c, size) {
			break
		}
		end -= size
	}
	return start, end
}

func atBorder(c rune, size int) bool {
	return unicode.IsSpace(c) || isUnclean(c) && (size == 1 || c != utf8.RuneError) || isBreak(c) || c == '、' || c == '：' || c == ':' || c == '—' || c == '\u200b' || c == '\ufeff'
}

// bulletLen is the length of the bullet or number a line begins with, 0 if there is none.
func bulletLen(s string) int {
	c, size := utf8.DecodeRuneInString(s)
	switch {
	case strings.ContainsRune("·•▪●○■◆◇▶►✅☑✔✓★☆-–*+＋", c):
		rest := strings.TrimLeft(s[size:], " \t\ufe0f")
		if c == '-' && rest != "" && isDigit(rune(rest[0])) && rest == s[size:] {
			return 0 // -5 is a number
		}
		return len(s) - len(rest)
	case c >= '①' && c <= '⑳':
		return len(s) - len(strings.TrimLeft(s[size:], " \t"))
	}
	digits := 0
	for digits < len(s) && digits < 3 && s[digits] >= '0' && s[digits] <= '9' {
		digits++
	}
	if digits == 0 {
		return 0
	}
	rest := s[digits:]
	for _, mark := range []string{". ", "、", "）", ") ", ")", "．", "."} {
		if after, ok := strings.CutPrefix(rest, mark); ok {
			if after != "" && isDigit(rune(after[0])) {
				return 0 // 3.5
			}
			return len(s) - len(strings.TrimLeft(after, " \t"))
		}
	}
	return 0
}
