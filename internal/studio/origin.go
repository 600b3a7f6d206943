package studio

import (
	"slices"
	"strings"
	"sync"

	"loam"
)

// Retrace computes the origins of an edited text: characters kept from before keep their
// origin, new ones are the person's, unless they repeat a model's text of the account,
// which stays a model's however it was brought back: what stood in the text as it stands now
// is told by where it came from, never what was only put together again. own is what the
// person wrote elsewhere (her idea, her answers): repeating that is hers, even where a model
// echoed it, and so is what the model was given to read, where its Prompt is known.
func Retrace(before []loam.Run, after string, own string, generated []loam.Generation) []loam.Run {
	return retrace(before, after, own, readAll(generated))
}

func retrace(before []loam.Run, after string, own string, generated []told) []loam.Run {
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
	if len(generated) > 0 {
		c := newClaim(old, after, kept, out)
		c.make(own, generated)
	}
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

// claim gives text that repeats a model's its origin: every stretch of `shared` tokens found
// there, or a whole text shorter than that which is one of its lines.
type claim struct {
	old    []rune
	kept   []int // for each rune of the text the one of old it was, or -1
	out    []loam.Run
	tokens []token
	rune   []int // for each byte of the text where a rune begins, and its end, the rune's number
}

func newClaim(old []rune, after string, kept []int, out []loam.Run) claim {
	c := claim{old: old, kept: kept, out: out, tokens: tokens(after), rune: make([]int, len(after)+1)}
	n := 0
	for i := range after {
		c.rune[i] = n
		n++
	}
	c.rune[len(after)] = n
	return c
}

func (c claim) make(own string, generated []told) {
	if len(c.tokens) < shared {
		c.short(own, generated)
		return
	}
	places := map[uint64][]int{} // where each stretch of the text begins
	for i, g := range grams(c.tokens) {
		if !c.stood(c.tokens[i : i+shared]) {
			places[g] = append(places[g], i)
		}
	}
	if len(places) == 0 {
		return
	}
	hers := sync.OnceValue(func() map[uint64]struct{} { return gramSet(own) })
	for _, g := range generated {
		for _, gram := range grams(g.tokens) {
			at := places[gram]
			if len(at) == 0 {
				continue
			}
			if _, wrote := hers()[gram]; wrote {
				continue
			}
			if _, read := g.given()[gram]; read {
				continue
			}
			for _, i := range at {
				c.set(c.tokens[i:i+shared], g.ID)
			}
		}
	}
}

// short claims a text of few words as a whole.
func (c claim) short(own string, generated []told) {
	if len(c.tokens) == 0 || c.stood(c.tokens) {
		return
	}
	for _, g := range generated {
		if !within(g.tokens, c.tokens) || !isLine(g.Text, c.tokens) || within(tokens(g.Prompt), c.tokens) {
			continue
		}
		if !within(tokens(own), c.tokens) {
			c.set(c.tokens, g.ID)
		}
		return
	}
}

// stood reports whether tokens stood in the old text as they stand now, with no other letter
// or digit between them.
func (c claim) stood(list []token) bool {
	last := -1
	for _, t := range list {
		for i := c.rune[t.from]; i < c.rune[t.to]; i++ {
			j := c.kept[i]
			switch {
			case j < 0 || j <= last:
				return false
			case last >= 0 && slices.ContainsFunc(c.old[last+1:j], isWordy):
				return false
			}
			last = j
		}
	}
	return true
}

// set marks tokens and what stands between them as a model's; what is one's already stays.
func (c claim) set(list []token, generation string) {
	for i := c.rune[list[0].from]; i < c.rune[list[len(list)-1].to]; i++ {
		if c.out[i].Origin != loam.ByModel {
			c.out[i] = loam.Run{Origin: loam.ByModel, Generation: generation}
		}
	}
}

// isLine reports whether words are a line of a text, or what follows its label.
func isLine(text string, words []token) bool {
	for l := range strings.SplitSeq(text, "\n") {
		if sameWords(tokens(l), words) {
			return true
		}
		for _, mark := range [...]string{"：", ": ", "#", ". "} {
			if i := strings.LastIndex(l, mark); i >= 0 && sameWords(tokens(l[i:]), words) {
				return true
			}
		}
	}
	return false
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
	own, proposed, all := ownWords(d), addedTitles(d), readAll(generated)
	return func(p loam.Page) loam.AIState {
		said := p.Words()
		if d.Brand != nil && d.Brand.Sign != "" {
			said = append(said, d.Brand.Sign) // it stands on every page
		}
		said = append(said, strings.Join(said, "\n")) // and one text over lines and cells
		return pageAI(arrangedIs, d, said, own, proposed, touching(said, all))
	}
}

func pageAI(arrangedIs bool, d loam.Draft, said []string, own string, proposed []string, generated []told) loam.AIState {
	title := loam.Plain(d.Title)
	for _, words := range said {
		if fromModel(d, words, own) {
			return loam.IsAI
		}
		if words == title && TextAI(arrangedIs, false, d.Title) == loam.IsAI || slices.Contains(proposed, words) {
			return loam.IsAI
		}
		if TextAI(arrangedIs, false, retrace(d.Body, words, own, generated)) == loam.IsAI && repeats(d.Body, words) {
			return loam.IsAI
		}
		if TextAI(false, false, retrace(nil, words, own, generated)) == loam.IsAI {
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
		said := gramSet(r.Text)
		for _, g := range grams(tokens(words)) {
			if _, ok := said[g]; ok {
				return true
			}
		}
	}
	return false
}
