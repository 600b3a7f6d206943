package text

import (
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/mozillazg/go-pinyin"
	"golang.org/x/text/unicode/rangetable"
)

// longestSyllable is zhuang, shuang, chuang.
const longestSyllable = 6

// newDisguiseTables reads the tables, in some 20 ms.
func newDisguiseTables() *disguiseTables {
	t := &disguiseTables{
		kinds: make([][256]uint8, 1, 700), sounds: make([][256]uint32, 1, 700), syllables: map[uint32]uint32{}, firsts: []uint8{0}, joins: map[uint64][]join{},
		pairs: make([]uint64, pairBits/64), aliases: make([][256]rune, 1, 700), names: map[rune][][]rune{},
	}
	t.readAliases()
	t.readNames()
	t.setKinds(t.readJoins())
	t.readSounds()
	return t
}

// page is the page of kinds a rune lies in, made if there is none.
func (t *disguiseTables) page(r rune) *[256]uint8 {
	if t.index[r>>8] == 0 {
		t.index[r>>8] = uint16(len(t.kinds))
		t.kinds, t.sounds = append(t.kinds, [256]uint8{}), append(t.sounds, [256]uint32{})
		t.aliases = append(t.aliases, [256]rune{})
	}
	return &t.kinds[t.index[r>>8]]
}

// setKinds says of every rune what it is; of two kinds that exclude each other the later
// stands. first are the characters a split one can begin with.
func (t *disguiseTables) setKinds(first map[rune]bool) {
	set := func(r rune, k uint8) { t.page(r)[r&0xff] = k }
	each := func(k uint8, tables ...*unicode.RangeTable) {
		for _, table := range tables {
			rangetable.Visit(table, func(r rune) { set(r, k) })
		}
	}
	each(kindMark, unicode.Punct, unicode.Symbol, unicode.White_Space)
	for _, r := range slices.Sorted(maps.Keys(t.names)) { // in order, so that every process has the same tables
		set(r, kindEmoji)
	}
	for r := 'a'; r <= 'z'; r++ {
		set(r, kindLetter)
	}
	each(kindHan, unicode.Han)
	for _, r := range everyday {
		set(r, kindHan|kindEveryday)
	}
	for _, r := range slices.Sorted(maps.Keys(first)) {
		t.page(r)[r&0xff] |= kindPart
	}
	for _, r := range radicals {
		if first[t.alone(r)] {
			t.page(r)[r&0xff] |= kindPart
		}
	}
}

// readNames reads what emoji are called.
func (t *disguiseTables) readNames() {
	raw, err := tables.ReadFile("table/emoji.txt")
	if err != nil {
		return // a build before the first generate
	}
	for line := range strings.Lines(string(raw)) {
		words := strings.Fields(line)
		r, _ := utf8.DecodeRuneInString(words[0])
		if folded := foldPhrase(string(r)); len(folded) > 0 {
			for _, name := range words[1:] {
				t.names[folded[0]] = append(t.names[folded[0]], foldPhrase(name))
			}
		}
	}
}

// readJoins reads which characters are made of which, and gives those that come first.
func (t *disguiseTables) readJoins() map[rune]bool {
	first := map[rune]bool{}
	raw, err := tables.ReadFile("table/parts.txt")
	if err != nil {
		return first // as above
	}
	for line := range strings.Lines(string(raw)) {
		runes := []rune(strings.TrimSpace(line))
		whole := foldPhrase(string(runes[0]))
		j := join{}
		for _, p := range runes[1:] {
			for _, f := range foldPhrase(string(p)) {
				j.parts = append(j.parts, t.alone(f))
			}
		}
		if len(whole) != 1 || len(j.parts) < 2 || whole[0] != runes[0] {
			continue // a traditional character: its simplified form has its own line
		}
		j.whole = whole[0]
		two := pair(j.parts[0], j.parts[1])
		t.joins[two] = append(t.joins[two], j)
		t.pairs[two%pairBits/64] |= 1 << (two % 64)
		first[j.parts[0]] = true
	}
	return first
}

// radicals stand where the character of the same place in alone is meant.
const (
	radicals = "亻氵讠扌钅饣纟艹忄犭礻衤攵刂灬辶阝冫⺙⺮訁釒飠糹爫罒⻊⺼"
	alone    = "人水言手金食丝草心犬示衣文刀火走耳冰文竹言金食丝爪四足月"
)

// readAliases lets a radical stand for its character.
func (t *disguiseTables) readAliases() {
	to := []rune(alone)
	for i, r := range []rune(radicals) {
		t.page(r)
		t.aliases[t.index[r>>8]][r&0xff] = to[i]
	}
}

// readSounds numbers the syllables and gives every Han character its readings.
func (t *disguiseTables) readSounds() {
	lists, classes := map[string]uint32{}, map[string]uint32{}
	class := func(marked string) uint32 {
		c, ok := classes[marked]
		if !ok {
			c = t.syllable(plainSyllable(marked))
			classes[marked] = c
		}
		return c
	}
	for _, code := range slices.Sorted(maps.Keys(pinyin.PinyinDict)) { // in order: compiled lists hold the numbers
		marked := pinyin.PinyinDict[code]
		var list []uint32
		for _, s := range strings.Split(marked, ",") {
			c := class(s)
			known := c == 0 || len(list) == 3
			for _, o := range list {
				known = known || o == c
			}
			if !known {
				list = append(list, c)
			}
		}
		if len(list) == 0 {
			continue
		}
		name := string(rune(list[0])) + string(rune(len(list)))
		for _, c := range list {
			name += string(rune(c))
		}
		if lists[name] == 0 {
			t.lists = append(t.lists, list)
			lists[name] = uint32(len(t.lists))
		}
		r := rune(code)
		t.page(r)
		t.sounds[t.index[r>>8]][r&0xff] = lists[name]
	}
}

// syllable is the class of a syllable, given when it is first met; 0 for none.
func (t *disguiseTables) syllable(s string) uint32 {
	if s == "" || len(s) > longestSyllable {
		return 0
	}
	var packed uint32
	for _, r := range s {
		if r < 'a' || r > 'z' {
			return 0
		}
		packed = packed<<5 | uint32(r-'a'+1)
	}
	if t.syllables[packed] == 0 {
		t.syllables[packed] = uint32(len(t.syllables) + 1)
		t.firsts = append(t.firsts, s[0]-'a'+1)
	}
	return t.syllables[packed]
}

// plainSyllable takes the tone off; ü is v.
func plainSyllable(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case strings.ContainsRune("üǖǘǚǜ", r):
			b.WriteByte('v')
		default:
			for _, u := range Fold(string(r)).Units {
				b.WriteRune(u.Rune)
			}
		}
	}
	return b.String()
}
