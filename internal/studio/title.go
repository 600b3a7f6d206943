package studio

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"loam/internal/text"
)

const (
	titleMax   = 20
	titlesMost = 8
	// A title reads best at 12 to 18.
	goodFrom, goodTo = 12, 18
)

// candidate is a title before it is chosen.
type candidate struct {
	family string
	parts  []Part
	score  int
	order  int
}

// titles proposes up to eight titles, the first three of three families where there are
// so many. Attempt turns the list.
func (n *note) titles() []Title {
	var all []candidate
	seen := map[string]bool{}
	for _, f := range families() {
		f.make(n, func(slots ...[]Part) {
			parts := slices.Concat(slots...)
			s := flat(parts)
			if s == "" || text.TitleLength(s) > titleMax || seen[s] || len(all) > 200 || f.name != "last" && !n.sound(f.name, parts) {
				return
			}
			seen[s] = true
			frame := 0
			if f.name == "last" && slices.ContainsFunc(parts, func(p Part) bool { return p.Added }) {
				frame = 12 // her own words come first
			}
			all = append(all, candidate{f.name, parts, f.weight + n.merit(s) - n.stale(f.name, s) - frame, len(all)})
		})
	}
	slices.SortStableFunc(all, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.order, b.order))
	})
	return n.choose(all)
}

// merit is what a title has for itself: something concrete, a good length, the subject or
// a number early, contrast.
func (n *note) merit(s string) int {
	m := 0
	length := text.TitleLength(s)
	switch {
	case length >= goodFrom && length <= goodTo:
		m += 6
	case length >= 9:
		m += 3
	case length < 6:
		m -= 8
	}
	if strings.IndexFunc(s, unicode.IsDigit) >= 0 {
		m += 3
	}
	if head := flat(n.subject.head); head != "" && strings.Contains(s, head) {
		m += 2
	}
	return m
}

// stale is what a title loses for being like a published one, or of a worn-out family.
func (n *note) stale(family, s string) int {
	m := 0
	if n.input.Community.Worn[n.kind][family] {
		m += 8
	}
	if _, near := n.input.Community.Titles.Near(s, n.input.Account); near {
		m += 30
	}
	return m
}

func (n *note) choose(all []candidate) []Title {
	if k := n.input.Attempt; k > 0 && len(all) > 1 {
		// Frames of last resort never come first.
		own := slices.IndexFunc(all, func(c candidate) bool { return c.family == "last" })
		if own < 0 {
			own = len(all)
		}
		if own > 1 {
			k %= own
			all = slices.Concat(all[k:own], all[:k], all[own:])
		}
	}
	var first, rest []candidate
	used := map[string]bool{}
	for _, c := range all {
		if len(first) < 3 && !used[c.family] && c.family != "last" {
			used[c.family] = true
			first = append(first, c)
		} else {
			rest = append(rest, c)
		}
	}
	out := []Title{}
	count := map[string]int{}
	// Three of a family; more of one, if they say something, where there would not be eight.
	var spare []candidate
	all = slices.Concat(first, rest)
	for _, c := range all {
		if count[c.family]++; count[c.family] > 3 && count[c.family] <= 5 && width(flat(c.parts)) >= 6 {
			spare = append(spare, c)
		}
	}
	clear(count)
	for i, c := range slices.Concat(all, spare) {
		if count[c.family]++; len(out) == titlesMost || c.family == "last" && len(out) >= 3 || i < len(all) && count[c.family] > 3 {
			continue
		}
		t := c.title(n.tongue)
		t.Marks, t.Rests = n.judge(t.Text), []string{}
		if t.Family == "community" {
			if t.Rests = n.restsOn(t.Text); len(t.Rests) == 5 {
				t.Why = sentence("why.community_above", t.Rests...)
			} else {
				t.Why = sentence("why.community", t.Rests...)
			}
		}
		out = append(out, t)
	}
	return out
}

func (c candidate) title(n tongue) Title {
	s := flat(c.parts)
	t := Title{Text: s, Length: text.TitleLength(s), Family: c.family, Parts: c.parts, Added: []string{}, Why: sentence("why." + c.family)}
	for i, p := range c.parts {
		switch w := strings.Trim(p.Text, "｜、，·?？ |,:："); {
		case p.From != "" || w == "" || w == n.of || w == n.and: // marks and the joints of a list
		case isDigits(w) && i+1 < len(c.parts): // 5步 is one word
		case i > 0 && isDigits(c.parts[i-1].Text) && c.parts[i-1].From == "":
			t.Added = append(t.Added, c.parts[i-1].Text+p.Text)
		default:
			t.Added = append(t.Added, w)
		}
	}
	return t
}

// about gives the subject's variants with a bar before them, the best length first, then
// nothing: the slot may stay empty.
func (n *note) about(before int) [][]Part {
	var good, fits [][]Part // short ones count as fitting only
	for _, v := range n.names() {
		slot := append([]Part{scaffold(n.tongue.bar)}, v...)
		switch length := before + width(flat(slot)); {
		case length >= 9 && length <= goodTo:
			good = append(good, slot)
		case length <= titleMax:
			fits = append(fits, slot)
		}
	}
	return append(append(good, fits...), nil)
}

// names are what the note is about, the name she answered with first.
func (n *note) names() [][]Part {
	var out [][]Part
	if name := n.name(); name != nil {
		out = append(out, name)
	}
	return append(out, n.subject.variants...)
}

// isName reports the name she answered with.
func (n *note) isName(v []Part) bool {
	name := n.name()
	return name != nil && flat(name) == flat(v)
}

// withSubject emits parts with the subject after them, in the variant that fits best; by
// themselves if none does and they say enough.
func (n *note) withSubject(emit func(...[]Part), parts ...Part) {
	s := flat(parts)
	for _, v := range n.names() {
		if strings.Contains(s, flat(v)) || strings.Contains(flat(v), s) {
			if width(s) >= 6 {
				emit(parts)
			}
			return
		}
	}
	for _, slot := range n.about(width(s)) {
		if slot != nil && n.isName(slot[1:]) { // a shop is called first: 半山｜停车难
			emit(slot[1:], slot[:1], parts)
			return
		}
		if slot != nil || width(s) >= 6 {
			emit(parts, slot)
			return
		}
	}
}

// subjectFirst emits the subject with parts after it.
func (n *note) subjectFirst(emit func(...[]Part), parts ...Part) {
	s := flat(parts)
	for _, slot := range n.about(width(s)) {
		if slot != nil && !strings.Contains(s, flat(slot[1:])) && !strings.Contains(flat(slot[1:]), s) {
			if last := flat(slot[1:]); strings.HasSuffix(last, "？") || strings.HasSuffix(last, "?") {
				emit(slot[1:], parts)
			} else {
				emit(slot[1:], slot[:1], parts)
			}
			return
		}
	}
}
