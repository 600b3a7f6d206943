package studio

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode"

	"loam"
	"loam/internal/text"
)

// Skeleton is the form many titles share: their facts, places and things are slots, the
// words between them are what is common. It rests on titles whose owners allow their style
// to be learned from, and says on how many.
type Skeleton struct {
	Kind    loam.NoteKind
	Slots   []Slot
	Authors int
	Notes   int
	Above   int // notes collected more often than their owner's median
	Counted int // notes that can be compared so
}

// Slot is a piece of a skeleton: common words, or a place for hers.
type Slot struct {
	Words string // "" for a slot
	Kind  slotKind
}

type slotKind uint8

const (
	slotWords slotKind = iota
	slotNumber
	slotTown
	slotThing
)

// Published is a title the skeletons are looked for in. Collects is how often it was
// collected.
type Published struct {
	Title, Owner string
	Kind         loam.NoteKind
	Collects     int
}

// A form is common where this many titles by this many people share it: what fewer share
// could be somebody's own.
const (
	skeletonNotes   = 20
	skeletonAuthors = 10
	skeletonsMost   = 40
)

// Skeletons finds the forms common among titles. The caller gives those whose owners allow
// it, and nobody else's; asked again after a withdrawal, the withdrawn are gone.
func Skeletons(titles []Published) []Skeleton {
	type group struct {
		slots []Slot
		kind  loam.NoteKind
		notes []Published
		by    map[string]bool
	}
	groups := map[string]*group{}
	collects := map[string][]int{}
	for _, t := range titles {
		collects[t.Owner] = append(collects[t.Owner], t.Collects)
		slots := slotsOf(t.Title)
		if !common(slots) {
			continue
		}
		key := string(t.Kind) + "\n" + slotsKey(slots)
		g := groups[key]
		if g == nil {
			g = &group{slots: slots, kind: t.Kind, by: map[string]bool{}}
			groups[key] = g
		}
		g.notes = append(g.notes, t)
		g.by[t.Owner] = true
	}
	var out []Skeleton
	for _, g := range groups {
		if len(g.notes) < skeletonNotes || len(g.by) < skeletonAuthors {
			continue
		}
		s := Skeleton{Kind: g.kind, Slots: g.slots, Authors: len(g.by), Notes: len(g.notes)}
		for _, t := range g.notes {
			if all := collects[t.Owner]; len(all) >= 3 {
				s.Counted++
				if t.Collects > median(all) {
					s.Above++
				}
			}
		}
		out = append(out, s)
	}
	slices.SortFunc(out, func(a, b Skeleton) int {
		return cmp.Or(cmp.Compare(b.Notes, a.Notes), strings.Compare(slotsKey(a.Slots), slotsKey(b.Slots)))
	})
	return out[:min(len(out), skeletonsMost)]
}

func median(all []int) int {
	all = slices.Sorted(slices.Values(all))
	return all[len(all)/2]
}

// common reports a form with both words of its own and a slot.
func common(slots []Slot) bool {
	words, places := false, false
	for _, s := range slots {
		words = words || strings.ContainsFunc(s.Words, unicode.IsLetter)
		places = places || s.Words == ""
	}
	return words && places && len(slots) <= 8
}

func slotsKey(slots []Slot) string {
	var b strings.Builder
	for _, s := range slots {
		if s.Words == "" {
			b.WriteByte(byte(s.Kind))
		}
		b.WriteString(s.Words)
	}
	return b.String()
}

// slotsOf replaces a title's numbers, places and things by slots.
func slotsOf(title string) []Slot {
	var out []Slot
	put := func(k slotKind, words string) {
		if i := len(out) - 1; i >= 0 && out[i].Kind == k && (k != slotWords) {
			return
		} else if i >= 0 && k == slotWords && out[i].Kind == k {
			out[i].Words += words
			return
		}
		if k != slotWords {
			words = ""
		}
		out = append(out, Slot{words, k})
	}
	words := text.Segment(title)
	for i, w := range words {
		switch {
		case w.Tag == "m" || strings.ContainsFunc(w.Text, unicode.IsDigit):
			put(slotNumber, "")
		case w.Tag == "q" && i > 0 && (words[i-1].Tag == "m" || strings.ContainsFunc(words[i-1].Text, unicode.IsDigit)):
		case w.Tag == "ns":
			put(slotTown, "")
		case isNoun(w.Tag) || w.Tag == "eng":
			put(slotThing, "")
		default:
			put(slotWords, w.Text)
		}
	}
	return out
}

// Wilson is the 95 % interval of a share, in percent (Wilson 1927); 0 and 100 where nothing
// was counted.
func Wilson(hits, of int) (from, to int) {
	if of == 0 {
		return 0, 100
	}
	const z = 1.96
	n, p := float64(of), float64(hits)/float64(of)
	middle := (p + z*z/(2*n)) / (1 + z*z/n)
	half := z * math.Sqrt(p*(1-p)/n+z*z/(4*n*n)) / (1 + z*z/n)
	return int(math.Floor(100 * max(0, middle-half))), int(math.Ceil(100 * min(1, middle+half)))
}

// skeletonTitles fill the community's forms with her facts, her place and her thing; the
// words between them are not hers and are marked as added.
func (n *note) skeletonTitles(emit func(...[]Part)) {
	for _, s := range n.input.Community.Skeletons {
		if s.Kind != n.kind {
			continue
		}
		if parts := n.fill(s); parts != nil {
			emit(parts)
		}
	}
}

// fill gives a skeleton's title, nil where she has nothing for a slot.
func (n *note) fill(s Skeleton) []Part {
	var numbers []Part
	for _, r := range []role{rolePrice, roleSpan, roleBody} {
		numbers = append(numbers, n.all(r, 2)...)
	}
	var out []Part
	used := 0
	for _, slot := range s.Slots {
		switch slot.Kind {
		case slotWords:
			out = append(out, added(slot.Words))
		case slotNumber:
			if used == len(numbers) {
				return nil
			}
			out = append(out, numbers[used])
			used++
		case slotTown:
			p, ok := n.placePart()
			if !ok {
				return nil
			}
			out = append(out, p)
		case slotThing:
			if len(n.subject.head) == 0 {
				return nil
			}
			out = append(out, n.subject.head...)
		}
	}
	return out
}

// placePart is the first place of the subject's clause.
func (n *note) placePart() (Part, bool) {
	if n.subject.none {
		return Part{}, false
	}
	c := n.clauses[n.subject.clause]
	for _, w := range c.words {
		if w.Tag == "ns" && width(w.Text) >= 2 {
			return c.sub(w.Start, w.End), true
		}
	}
	return Part{}, false
}

// restsOn says what a skeleton's title rests on.
func (n *note) restsOn(title string) []string {
	for _, s := range n.input.Community.Skeletons {
		if s.Kind != n.kind || flat(n.fill(s)) != title {
			continue
		}
		if s.Counted == 0 {
			return []string{itoa(s.Authors), itoa(s.Notes)}
		}
		from, to := Wilson(s.Above, s.Counted)
		return []string{itoa(s.Authors), itoa(s.Notes), itoa(s.Above * 100 / s.Counted), itoa(from), itoa(to)}
	}
	return nil
}
