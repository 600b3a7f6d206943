package studio

import (
	"iter"
	"slices"
	"strings"
	"unicode"

	"loam"
)

// shared is how many characters in a row make pasted text known: shorter runs of common
// words occur in anyone's writing.
const shared = 6

// Retrace computes the origins of an edited text: characters kept from before keep their
// origin, new ones are the person's, unless they repeat a model's text of the account,
// which stays a model's however it was brought back. own is what the person wrote
// elsewhere (her idea, her answers): repeating that is hers, even where a model echoed it.
func Retrace(before []loam.Run, after string, own string, generated []loam.Generation) []loam.Run {
	old, marks := explode(before)
	text := []rune(after)
	out := make([]loam.Run, len(text)) // Text unused: one entry a rune
	for i := range out {
		out[i].Origin = loam.ByPerson
	}
	kept := match(old, text)
	for i, j := range kept {
		if j >= 0 {
			out[i] = marks[j]
		}
	}
	claim(text, kept, out, own, generated)
	return join(text, out)
}

// explode gives a text's runes and for each the run it belongs to.
func explode(runs []loam.Run) ([]rune, []loam.Run) {
	var text []rune
	var marks []loam.Run
	for _, r := range runs {
		for _, c := range r.Text {
			text = append(text, c)
			marks = append(marks, loam.Run{Origin: r.Origin, Added: r.Added, Generation: r.Generation})
		}
	}
	return text, marks
}

func join(text []rune, marks []loam.Run) []loam.Run {
	out := []loam.Run{}
	var b strings.Builder
	for i, c := range text {
		if i > 0 && marks[i] != marks[i-1] {
			r := marks[i-1]
			r.Text = b.String()
			out = append(out, r)
			b.Reset()
		}
		b.WriteRune(c)
	}
	if b.Len() > 0 {
		r := marks[len(text)-1]
		r.Text = b.String()
		out = append(out, r)
	}
	return out
}

// claim gives new text that repeats a model's its origin: every stretch of at least
// `shared` characters found there, or a whole new text that equals one of its lines.
func claim(text []rune, kept []int, out []loam.Run, own string, generated []loam.Generation) {
	whole := strings.TrimSpace(string(text))
	short := len([]rune(whole)) < shared
	var places map[string][]int // where each stretch of the text begins
	var hers map[string]struct{}
	if !short && len(generated) > 0 {
		places = map[string][]int{}
		for i := 0; i+shared <= len(text); i++ {
			if gram := string(text[i : i+shared]); wordy(gram) {
				places[gram] = append(places[gram], i)
			}
		}
		hers = gramsOf([]rune(own))
	}
	for _, g := range generated {
		mark := loam.Run{Origin: loam.ByModel, Generation: g.ID}
		if short {
			if whole != "" && isLine(g.Text, whole) && !strings.Contains(own, whole) {
				set(out, kept, 0, len(text), mark)
			}
			continue
		}
		for gram := range gramsIn(g.Text) {
			at := places[gram]
			if len(at) == 0 {
				continue
			}
			if _, ok := hers[gram]; ok {
				continue
			}
			for _, i := range at {
				set(out, kept, i, i+shared, mark)
			}
		}
	}
}

// gramsIn are the stretches of a text, cut out of it without a copy.
func gramsIn(text string) iter.Seq[string] {
	return func(yield func(string) bool) {
		var starts [shared]int // of the latest characters
		n := 0
		for i := range text {
			if n >= shared && !yield(text[starts[n%shared]:i]) {
				return
			}
			starts[n%shared] = i
			n++
		}
		if n >= shared {
			yield(text[starts[n%shared]:])
		}
	}
}

func gramsOf(text []rune) map[string]struct{} {
	grams := make(map[string]struct{}, len(text))
	for i := 0; i+shared <= len(text); i++ {
		grams[string(text[i:i+shared])] = struct{}{}
	}
	return grams
}

func isLine(text, line string) bool {
	for l := range strings.SplitSeq(text, "\n") {
		l = strings.TrimSpace(l)
		if l == line || strings.HasSuffix(l, "："+line) || strings.HasSuffix(l, "#"+line) || strings.HasSuffix(l, ". "+line) {
			return true
		}
	}
	return false
}

// wordy reports whether a stretch holds letters enough to be somebody's words.
func wordy(s string) bool {
	n := 0
	for _, r := range s {
		if unicode.IsLetter(r) {
			n++
		}
	}
	return n >= shared-2
}

func set(out []loam.Run, kept []int, from, to int, mark loam.Run) {
	for i := from; i < to; i++ {
		if kept[i] < 0 {
			out[i] = mark
		}
	}
}

// match aligns two texts: for every rune of b the index in a it was kept from, or -1. The
// common head and tail first, then the longest common subsequence of what lies between,
// or, where that is too long to compute, of its lines.
func match(a, b []rune) []int {
	out := make([]int, len(b))
	for i := range out {
		out[i] = -1
	}
	head := 0
	for head < len(a) && head < len(b) && a[head] == b[head] {
		out[head] = head
		head++
	}
	tail := 0
	for tail < len(a)-head && tail < len(b)-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
		out[len(b)-tail] = len(a) - tail
	}
	middle(a[head:len(a)-tail], b[head:len(b)-tail], out[head:len(b)-tail], head)
	return out
}

// cells bounds the table of the subsequence: 4 M cells are 16 MB for a moment.
const cells = 4 << 20

func middle(a, b []rune, out []int, offset int) {
	if len(a) == 0 || len(b) == 0 {
		return
	}
	if len(a)*len(b) > cells {
		byLine(a, b, out, offset)
		return
	}
	width := len(b) + 1
	table := make([]int32, (len(a)+1)*width)
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				table[i*width+j] = table[(i+1)*width+j+1] + 1
			} else {
				table[i*width+j] = max(table[(i+1)*width+j], table[i*width+j+1])
			}
		}
	}
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] == b[j]:
			out[j] = offset + i
			i, j = i+1, j+1
		case table[(i+1)*width+j] >= table[i*width+j+1]:
			i++
		default:
			j++
		}
	}
}

// byLine keeps lines that occur in both texts; each line of a is kept at most once.
func byLine(a, b []rune, out []int, offset int) {
	places := map[string][]int{}
	for start, line := range linesOf(a) {
		places[line] = append(places[line], start)
	}
	for start, line := range linesOf(b) {
		at := places[line]
		if len(at) == 0 {
			continue
		}
		places[line] = at[1:]
		for k := range []rune(line) {
			out[start+k] = offset + at[0] + k
		}
	}
}

func linesOf(text []rune) func(func(int, string) bool) {
	return func(yield func(int, string) bool) {
		start := 0
		for i := 0; i <= len(text); i++ {
			if i == len(text) || text[i] == '\n' {
				if i > start && !yield(start, string(text[start:i])) {
					return
				}
				start = i + 1
			}
		}
	}
}

// TextAI is what the law makes of a text's origins: a model's words, or words the writer
// added beyond scaffold and connectives (automatic writing, deep-synthesis rules
// Art. 17(1)), are AI. arrangedIs is the operator's label.arranged = is: then scaffold is
// too. declared is the creator's own word.
func TextAI(arrangedIs, declared bool, texts ...[]loam.Run) loam.AIState {
	for _, runs := range texts {
		for _, r := range runs {
			if r.Origin == loam.ByModel || r.Added || (arrangedIs && r.Origin == loam.ByArranged) {
				return loam.IsAI
			}
		}
	}
	if declared {
		return loam.MayAI
	}
	return loam.NotAI
}

// PageAI is TextAI of one drawn page: what its words repeat of the draft's AI text, or of
// the account's model texts, makes it AI as well. What all pages are held against is read
// once; the function may be called from several goroutines.
func PageAI(arrangedIs bool, d loam.Draft, generated []loam.Generation) func(loam.Page) loam.AIState {
	own, proposed := ownWords(d), addedTitles(d)
	return func(p loam.Page) loam.AIState {
		return pageAI(arrangedIs, d, p, own, proposed, touching(p.Words(), generated))
	}
}

func pageAI(arrangedIs bool, d loam.Draft, p loam.Page, own string, proposed []string, generated []loam.Generation) loam.AIState {
	title := loam.Plain(d.Title)
	for _, words := range p.Words() {
		if fromModel(d, words, own) {
			return loam.IsAI
		}
		if words == title && TextAI(arrangedIs, false, d.Title) == loam.IsAI || slices.Contains(proposed, words) {
			return loam.IsAI
		}
		if TextAI(arrangedIs, false, Retrace(d.Body, words, own, generated)) == loam.IsAI && repeats(d.Body, words) {
			return loam.IsAI
		}
		if TextAI(false, false, Retrace(nil, words, own, generated)) == loam.IsAI {
			return loam.IsAI
		}
	}
	return loam.NotAI
}

// addedTitles are the writer's proposals with words beyond scaffold: a cover may still
// show one after its note got another title.
func addedTitles(d loam.Draft) []string {
	a, err := Arrange(inputOf(d))
	if err != nil {
		return nil // an idea without words: nothing was proposed
	}
	var out []string
	for _, t := range a.Titles {
		if slices.ContainsFunc(t.Parts, func(p Part) bool { return p.Added }) {
			out = append(out, t.Text)
		}
	}
	return out
}

// repeats reports whether words stand in the AI runs of a text, or hold one.
func repeats(runs []loam.Run, words string) bool {
	for _, r := range runs {
		if r.Origin != loam.ByModel && !r.Added {
			continue
		}
		grams := gramsOf([]rune(r.Text))
		text := []rune(words)
		for i := 0; i+shared <= len(text); i++ {
			if _, ok := grams[string(text[i:i+shared])]; ok {
				return true
			}
		}
	}
	return false
}
