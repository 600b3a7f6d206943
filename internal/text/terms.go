package text

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"loam"
)

// TermRules is the number of these rules: it grows when a note's terms become others.
const TermRules = 1

// Term is what a note can be found by, and how much it says about the note.
type Term struct {
	Text   string
	Weight int
}

// Weights: a word of the title says more than a topic, and that more than one of the body.
const (
	titleWeight = 12
	tagWeight   = 6
	bodyWeight  = 1
	bodyMost    = 3 // a word the body repeats counts up to so often
	mostTerms   = 600
)

// What stands before a reading, so that no word of a text is taken for one.
const (
	readingMark  = "p:"
	initialsMark = "i:"
)

// Terms are the words a note is found by: folded (simplified, lower case), cut by
// segmentation, longer words by the words in them too, and the readings of the words that
// name things. At most 600, in no order.
func Terms(title string, tags []string, body string) []Term {
	t := terms{weight: map[string]int{}}
	t.add(title, titleWeight, titleWeight, true)
	for _, tag := range tags {
		t.add(tag, tagWeight, tagWeight, true)
	}
	t.add(body, bodyWeight, bodyMost, false)
	out := make([]Term, len(t.order))
	for i, s := range t.order {
		out[i] = Term{s, t.weight[s]}
	}
	return out
}

type terms struct {
	weight map[string]int
	order  []string
}

// add counts each word of a text up to a most. Names and things of the body can be found by
// reading as well; every word of the title and tags can, and by initials.
func (t *terms) add(s string, weight, most int, prominent bool) {
	counted := map[string]int{}
	count := func(term string) {
		if counted[term] >= most {
			return
		}
		counted[term] += weight
		if _, known := t.weight[term]; !known {
			if len(t.order) >= mostTerms {
				return
			}
			t.order = append(t.order, term)
		}
		t.weight[term] += weight
	}
	for _, w := range searchWords(s) {
		for _, term := range w.terms {
			count(term)
		}
		if utf8.RuneCountInString(w.terms[0]) < 2 || !prominent && !strings.HasPrefix(w.tag, "n") {
			continue
		}
		full, initials := Pinyin(w.terms[0])
		for _, p := range full {
			count(readingMark + p)
		}
		if prominent {
			for _, p := range initials {
				count(initialsMark + p)
			}
		}
	}
}

// searchWord is a word of a text with the terms it can be found by: itself folded first.
type searchWord struct {
	Word
	terms []string
	tag   string
}

// searchWords cuts a text into the words that can be searched for.
func searchWords(s string) []searchWord {
	var out []searchWord
	for _, w := range Segment(s) {
		folded := Fold(w.Text).String()
		if !said(folded, w.Tag) {
			continue
		}
		out = append(out, searchWord{w, append([]string{folded}, within(folded)...), w.Tag})
	}
	return out
}

// said reports whether a word says anything: particles and the like do not, nor do single
// adverbs and pronouns, nor what has no letter or digit.
func said(folded, tag string) bool {
	if !strings.ContainsFunc(folded, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
		return false
	}
	switch tag {
	case "u", "y", "e", "o", "p", "c", "k":
		return false
	case "d", "r", "q":
		return utf8.RuneCountInString(folded) > 1
	}
	return true
}

// within are the dictionary's words inside a longer word: 咖啡馆 is found by 咖啡.
func within(word string) []string {
	runes := []rune(word)
	fst := dictionary()
	if len(runes) < 3 || fst == nil || !unicode.Is(unicode.Han, runes[0]) {
		return nil
	}
	var out []string
	for i := range runes {
		for j := i + 2; j <= len(runes) && j-i < len(runes); j++ {
			part := string(runes[i:j])
			if ok, err := fst.Contains([]byte(part)); err == nil && ok && !slices.Contains(out, part) {
				out = append(out, part)
			}
		}
	}
	return out
}

// mostWords bounds the words of one search.
const mostWords = 8

// Query reads what a person searches for as notes are read. Latin letters are looked for as
// the beginning of a reading too. It is empty where nothing can be looked for.
func Query(q string) []loam.Sought {
	var out []loam.Sought
	seen := map[string]bool{}
	for _, w := range searchWords(q) {
		if len(out) == mostWords {
			break
		}
		term := w.terms[0]
		if seen[term] {
			continue
		}
		seen[term] = true
		s := loam.Sought{Terms: []string{term}, Prefixes: []string{}}
		switch plain := strings.ReplaceAll(term, "ü", "v"); {
		case strings.Trim(plain, "abcdefghijklmnopqrstuvwxyz") != "" || len(plain) < 2:
		case len(plain) == 2: // initials, or a whole reading: as its beginning it would mean half the dictionary
			s.Terms, s.Prefixes = append(s.Terms, readingMark+plain), append(s.Prefixes, initialsMark+plain)
		default:
			s.Prefixes = append(s.Prefixes, readingMark+plain, initialsMark+plain, plain)
		}
		out = append(out, s)
	}
	return out
}

// Piece is a stretch of a text; Hit says that it is one of the words that were sought.
type Piece struct {
	Text string
	Hit  bool
}

// Highlight cuts a text where sought words stand in it. The pieces joined are the text.
func Highlight(s string, sought []loam.Sought) []Piece {
	var out []Piece
	at := 0
	for _, w := range searchWords(s) {
		if !slices.ContainsFunc(sought, func(q loam.Sought) bool { return hits(w, q) }) {
			continue
		}
		if w.Start > at {
			out = append(out, Piece{s[at:w.Start], false})
		}
		out = append(out, Piece{s[w.Start:w.End], true})
		at = w.End
	}
	if at < len(s) {
		out = append(out, Piece{s[at:], false})
	}
	return out
}

func hits(w searchWord, q loam.Sought) bool {
	for _, t := range w.terms {
		if slices.Contains(q.Terms, t) {
			return true
		}
	}
	if len(q.Prefixes) == 0 {
		return false
	}
	names := []string{w.terms[0]}
	full, initials := Pinyin(w.terms[0])
	for _, p := range full {
		names = append(names, readingMark+p)
	}
	for _, p := range initials {
		names = append(names, initialsMark+p)
	}
	for _, p := range q.Prefixes {
		for _, n := range names {
			if strings.HasPrefix(n, p) {
				return true
			}
		}
	}
	return false
}

// Topic is a tag as notes of one topic are brought together: folded, without the number
// sign and the space around it. It is empty for a tag of nothing else, and for one with
// control characters.
func Topic(tag string) string {
	if strings.ContainsFunc(tag, unicode.IsControl) {
		return ""
	}
	return strings.TrimSpace(strings.Trim(strings.TrimSpace(Fold(tag).String()), "#"))
}

// piled is how many marks one letter has at most: no script has more, and what is drawn with
// more covers its neighbours.
const piled = 4

// Unshowable finds the first character that cannot stand among others' words: an embedding,
// override or isolate of direction (UAX #9 §2), which turns what follows, or one more mark on
// a letter that has four. It gives the character's bytes [start, end).
func Unshowable(s string) (start, end int, found bool) {
	n := 0
	for i, r := range s {
		if unicode.Is(unicode.M, r) {
			n++
		} else {
			n = 0
		}
		if n > piled || r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069 {
			return i, i + utf8.RuneLen(r), true
		}
	}
	return 0, 0, false
}

// Showable is a text without the characters Unshowable finds.
func Showable(s string) string {
	at, _, found := Unshowable(s)
	if !found {
		return s
	}
	var b strings.Builder
	for found {
		b.WriteString(s[:at])
		_, size := utf8.DecodeRuneInString(s[at:])
		s = s[at+size:]
		// The marks that follow are of the same letter.
		for r, n := utf8.DecodeRuneInString(s); unicode.Is(unicode.M, r); r, n = utf8.DecodeRuneInString(s) {
			s = s[n:]
		}
		at, _, found = Unshowable(s)
	}
	b.WriteString(s)
	return b.String()
}

// Skeleton is a title's structure: what says something becomes "·", a number "0", and what
// is left are the words and signs that hold it together. Titles of one skeleton sound alike.
func Skeleton(title string) string {
	var b strings.Builder
	last := ""
	for _, w := range Segment(title) {
		folded := Fold(w.Text).String()
		part := folded
		switch {
		case strings.TrimSpace(folded) == "":
			continue
		case w.Tag == "m" && strings.ContainsFunc(folded, unicode.IsDigit):
			part = "0"
		case said(folded, w.Tag):
			part = "·"
		}
		if part != last {
			b.WriteString(part)
		}
		last = part
	}
	return b.String()
}
