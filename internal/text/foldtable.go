package text

import (
	"maps"
	"slices"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// An entry says what one rune folds to: 0 is itself; otherwise the low 21 bits hold the
// folded rune (or, with entryMany, an index into foldTable.many) and the layers lie above.
type entry uint32

const (
	entryRune  entry = 1<<21 - 1
	layerShift       = 21
	entryDrop  entry = 1 << 30
	entryMany  entry = 1 << 31

	// maxExpansion bounds what one rune becomes: U+FDFA alone would be eighteen. Lists and
	// texts are cut alike, so they still match.
	maxExpansion = 4
)

func (e entry) layers() Layer { return Layer(e >> layerShift & 0x7f) }

// foldTable is the folding of every rune, in pages of 256; page 0 is shared by all runes
// that stay as they are.
type foldTable struct {
	index [0x1100]uint16
	pages [][256]entry
	many  [][]rune
}

func (t *foldTable) at(r rune) entry {
	if uint32(r) > unicode.MaxRune {
		return 0
	}
	return t.pages[t.index[r>>8]][r&0xff]
}

// changing covers every rune that compatibility decomposition, case, dropping or styles
// may change; characters with a simplified form are added from their table. A test walks
// all of Unicode to hold it true.
var changing = [...][2]rune{
	{0x0000, 0x0590},
	{0x0600, 0x0700},
	{0x070F, 0x0710},
	{0x0890, 0x08A0},
	{0x08E2, 0x08E3},
	{0x0900, 0x1200},
	{0x13A0, 0x1400},
	{0x1700, 0x1810},
	{0x1900, 0x2C00},
	{0x2C00, 0x3400},
	{0xA640, 0xA830},
	{0xAB30, 0xAC00},
	{0xF900, 0x10000},
	{0x101FD, 0x101FE},
	{0x102E0, 0x102E1},
	{0x10400, 0x10600},
	{0x10780, 0x107C0},
	{0x10C80, 0x10D90},
	{0x110BD, 0x110CE},
	{0x11000, 0x11200},
	{0x11300, 0x11400},
	{0x11480, 0x114C0},
	{0x11580, 0x115C0},
	{0x118A0, 0x118E0},
	{0x11930, 0x11940},
	{0x13430, 0x13440},
	{0x16D60, 0x16D70},
	{0x16E40, 0x16EC0},
	{0x1BCA0, 0x1BCB0},
	{0x1CCD0, 0x1CD00},
	{0x1CF00, 0x1CF50},
	{0x1D100, 0x1D200},
	{0x1D400, 0x1D800},
	{0x1E030, 0x1E070},
	{0x1E900, 0x1E950},
	{0x1EE00, 0x1EF00},
	{0x1F100, 0x1F300},
	{0x1FBF0, 0x1FBFA},
	{0x2F800, 0x2FA20},
	{0xE0000, 0xE0200},
}

// folding builds the table once, in a few milliseconds.
var folding = sync.OnceValue(func() *foldTable {
	t := &foldTable{pages: make([][256]entry, 1, 400)}
	simple := traditional()
	for _, span := range changing {
		for r := span[0]; r < span[1]; r++ {
			t.set(r, simple)
		}
	}
	for _, r := range slices.Sorted(maps.Keys(simple)) { // in order, so that every process has the same table
		t.set(r, simple)
	}
	for _, row := range "一二三四五六七八九零壹贰叁肆伍陆柒捌玖" {
		t.set(row, simple)
	}
	return t
})

func (t *foldTable) set(r rune, simple map[rune]rune) {
	out, layers := foldRune(r, simple)
	if len(out) == 1 && out[0] == r {
		return
	}
	e := entry(layers) << layerShift
	switch len(out) {
	case 0:
		e |= entryDrop
	case 1:
		e |= entry(out[0])
	default:
		e |= entryMany | entry(len(t.many))
		t.many = append(t.many, out)
	}
	if t.index[r>>8] == 0 {
		t.index[r>>8] = uint16(len(t.pages))
		t.pages = append(t.pages, [256]entry{})
	}
	t.pages[t.index[r>>8]][r&0xff] = e
}

// foldRune takes one rune through the layers until nothing changes any more, so that a
// folded text folds to itself.
func foldRune(r rune, simple map[rune]rune) ([]rune, Layer) {
	if hidden(r) {
		return nil, Invisible
	}
	var layers Layer
	out := []rune{r}
	if s := styled(r); s != 0 {
		out[0], layers = s, Style // before they decompose to "(1)" or "1."
	} else if d := decompose(r); d != nil {
		out, layers = d, Width
	}
	kept := out[:0:len(out)]
	for _, c := range out {
		for {
			next, layer := foldOnce(c, simple)
			if next == c {
				break
			}
			c, layers = next, layers|layer
		}
		kept = append(kept, c)
	}
	if len(kept) > maxExpansion {
		kept = kept[:maxExpansion]
	}
	return kept, layers
}

// foldOnce is one step of layers 3 to 5 for a rune that does not decompose.
func foldOnce(r rune, simple map[rune]rune) (rune, Layer) {
	if l := unicode.ToLower(r); l != r {
		return l, Case
	}
	if s, ok := simple[r]; ok && s < r || ok && simple[s] != r {
		return s, Traditional
	}
	if s := smallCapital(r); s != 0 {
		return s, Style
	}
	if n := numeral(r); n != 0 {
		return n, Numeral
	}
	return r, 0
}

// decompose is the compatibility decomposition without marks, nil if there is none.
// Composition (the C of NFKC) would need its neighbours; taking the marks off both forms
// makes them equal without. Hangul syllables stay whole.
func decompose(r rune) []rune {
	if r < 0x80 || r >= 0xAC00 && r <= 0xD7A3 {
		return nil
	}
	var in [utf8.UTFMax]byte
	d := norm.NFKD.Properties(in[:utf8.EncodeRune(in[:], r)]).Decomposition()
	if d == nil {
		return nil
	}
	out := make([]rune, 0, maxExpansion)
	for len(d) > 0 {
		c, size := utf8.DecodeRune(d)
		d = d[size:]
		if !hidden(c) {
			out = append(out, unicode.ToLower(c))
		}
	}
	return out
}

// hidden reports whether a rune has no shape of its own: format characters, variation
// selectors, fillers, marks that any letter can carry, and control characters but for
// tabs and line ends.
func hidden(r rune) bool {
	switch {
	case r < 0x20:
		return r != '\t' && r != '\n' && r != '\r'
	case r < 0x7f:
		return false
	case r == 0x115F, r == 0x1160, r == 0x17B4, r == 0x17B5, r == 0x2800, r == 0x3164, r == 0xFFA0:
		return true
	case r >= 0xE0000 && r <= 0xE01FF:
		return true
	}
	return unicode.In(r, unicode.Cf, unicode.Variation_Selector) || unicode.Is(unicode.Cc, r) && r != 0x85 ||
		unicode.Is(unicode.Inherited, r) && unicode.Is(unicode.M, r)
}
