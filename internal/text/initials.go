package text

import "unicode"

// Initials have from leastInitials letters, fewer are a word or a unit by chance, to
// mostInitials.
const (
	leastInitials = 4
	mostInitials  = 8
)

// newInitials are the phrases of Han characters alone by the first letters of their commonest
// readings.
func newInitials(a *Automaton, t *disguiseTables) lookup {
	var out []keyed
	for i, p := range a.phrases {
		runes := foldPhrase(p.Text)
		if p.Allow || len(runes) < leastInitials || len(runes) > mostInitials {
			continue
		}
		var packed uint64
		for _, r := range runes {
			letter := t.initial(r)
			if letter == 0 {
				packed = 0
				break
			}
			packed = packed<<5 | letter
		}
		if packed != 0 {
			out = append(out, keyed{packed, int32(i)})
		}
	}
	return newLookup(out)
}

// initial is the first letter of a Han character's commonest reading, a as 1; 0 for none.
func (t *disguiseTables) initial(r rune) uint64 {
	if !unicode.Is(unicode.Han, r) {
		return 0
	}
	if list := t.readings(r); len(list) > 0 {
		return uint64(t.firsts[list[0]])
	}
	return 0
}

// initials finds, at the first letter of a word of the right length, the phrases it abbreviates.
func (w *walk) initials(i int) {
	letter := func(i int) bool {
		return i >= 0 && i < len(w.units) && w.d.t.kind(w.units[i].Rune)&kindLetter != 0
	}
	if !letter(i) || letter(i-1) {
		return
	}
	var packed uint64
	n := 0
	for ; letter(i + n); n++ {
		if n == mostInitials {
			return
		}
		packed = packed<<5 | uint64(w.units[i+n].Rune-'a'+1)
	}
	if n < leastInitials {
		return
	}
	for _, p := range w.d.initials.at(packed) {
		w.found = append(w.found, Hit{Phrase: int(p), Start: i, End: i + n, Layers: Initials})
	}
}
