package studio

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"loam"
	"loam/internal/text"
)

// Merit is one thing a title has or lacks. Like is the title it is too like, of the marks
// that compare.
type Merit struct {
	Code string `json:"code" enum:"concrete,early,turn,length,fresh,apart,unworn"`
	Has  bool   `json:"has"`
	Like string `json:"like"`
}

// tooLike is the share of letter pairs from which two titles read alike.
const tooLike = 0.75

// judge holds a title against the list every title is held against: something concrete, the
// subject early, a turn or question, a good length, unlike her last ones and published
// ones, and a form that is not worn out.
func (n *note) judge(s string) []Merit {
	marks := []Merit{
		{Code: "concrete", Has: n.concrete(s)},
		{Code: "early", Has: n.early(s)},
		{Code: "turn", Has: turning(s)},
		{Code: "length", Has: text.TitleLength(s) >= goodFrom && text.TitleLength(s) <= goodTo},
	}
	fresh := Merit{Code: "fresh", Has: true}
	for _, r := range n.input.Recent {
		if alike(s, r) >= tooLike {
			fresh.Has, fresh.Like = false, r
			break
		}
	}
	apart := Merit{Code: "apart", Has: true}
	if like, ok := n.input.Community.Titles.Near(s, n.input.Account); ok {
		apart.Has, apart.Like = false, like
	}
	worn := n.input.Community.Worn[n.kind][familyOf(s)]
	return append(marks, fresh, apart, Merit{Code: "unworn", Has: !worn})
}

// concrete reports a number, a place, a name in marks or the thing itself.
func (n *note) concrete(s string) bool {
	if strings.ContainsFunc(s, unicode.IsDigit) || strings.ContainsAny(s, "《「") {
		return true
	}
	for _, w := range text.Segment(s) {
		if w.Tag == "ns" || w.Tag == "nz" || w.Tag == "eng" && len(w.Text) > 1 {
			return true
		}
	}
	head := flat(n.subject.head)
	return head != "" && strings.Contains(s, head)
}

// early reports the subject or a topic people look for in the first ten characters.
func (n *note) early(s string) bool {
	start := s[:runeOffset(s, 10)]
	if head := flat(n.subject.head); head != "" && strings.Contains(start, head) {
		return true
	}
	start = strings.ToLower(start)
	return slices.ContainsFunc(n.input.Community.Topics, func(t Topic) bool {
		return utf8.RuneCountInString(t.Name) >= 2 && topicAt(start, t.Name) >= 0
	})
}

// turning reports a contrast or a question.
func turning(s string) bool {
	for _, w := range []string{"但", "却", "可惜", "不过", "就是", "反而", "？", "?", "怎么", "为什么", " but ", "why", "how "} {
		if strings.Contains(strings.ToLower(s), w) {
			return true
		}
	}
	return false
}

// familyOf tells the family of a published title by its form; "" for one that has none to
// be worn out.
func familyOf(s string) string {
	switch {
	case strings.Contains(s, "怎么选"):
		return "compare"
	case strings.Contains(s, "第一次") || strings.Contains(s, "上次"):
		return "lesson"
	case strings.ContainsAny(s, "？?"):
		return "question"
	case strings.Contains(s, "，但") || strings.Contains(s, ", but "):
		return "contrast"
	case strings.ContainsAny(s, "｜|") && strings.ContainsFunc(s, unicode.IsDigit):
		return "number"
	case strings.Contains(s, "｜") && strings.Contains(s, "、"):
		return "points"
	}
	return ""
}

const (
	wornShare = 3  // percent of a kind's titles in seven days
	wornLeast = 50 // titles of a kind, before a share says anything
)

// Wear counts the families of the titles of the last seven days: those of more than three
// in a hundred of a kind's titles are worn out.
func Wear(titles map[loam.NoteKind][]string) map[loam.NoteKind]map[string]bool {
	out := map[loam.NoteKind]map[string]bool{}
	for kind, list := range titles {
		if len(list) < wornLeast {
			continue
		}
		counts := map[string]int{}
		for _, t := range list {
			counts[familyOf(t)]++
		}
		out[kind] = map[string]bool{}
		for f, k := range counts {
			out[kind][f] = f != "" && k*100 > wornShare*len(list)
		}
	}
	return out
}

// lettersOf are a title's pairs of letters and digits, folded.
func lettersOf(s string) []uint64 {
	var runes []rune
	for _, u := range text.Fold(s).Units {
		if unicode.IsLetter(u.Rune) || unicode.IsDigit(u.Rune) {
			runes = append(runes, u.Rune)
		}
	}
	var out []uint64
	for i := 0; i+2 <= len(runes); i++ {
		out = append(out, uint64(runes[i])<<32|uint64(runes[i+1]))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// alike is the share of pairs two titles have in common.
func alike(a, b string) float64 {
	x, y := lettersOf(a), lettersOf(b)
	if len(x) < 3 || len(y) < 3 {
		return 0
	}
	both := 0
	for _, p := range x {
		if _, ok := slices.BinarySearch(y, p); ok {
			both++
		}
	}
	return float64(both) / float64(len(x)+len(y)-both)
}

// TitleIndex finds published titles that are nearly the same. The zero pointer is empty.
type TitleIndex struct {
	titles []ownedTitle
	at     map[uint64][]int32
}

type ownedTitle struct {
	text, owner string
	pairs       int
}

// NewTitleIndex indexes titles by their owners; titles[i] is owners[i]'s.
func NewTitleIndex(titles, owners []string) *TitleIndex {
	x := &TitleIndex{at: map[uint64][]int32{}}
	for i, t := range titles {
		pairs := lettersOf(t)
		if len(pairs) < 3 {
			continue
		}
		for _, p := range pairs {
			x.at[p] = append(x.at[p], int32(len(x.titles)))
		}
		x.titles = append(x.titles, ownedTitle{t, owners[i], len(pairs)})
	}
	return x
}

// Near gives a title of somebody else that reads alike.
func (x *TitleIndex) Near(s, account string) (string, bool) {
	if x == nil {
		return "", false
	}
	pairs := lettersOf(s)
	if len(pairs) < 3 {
		return "", false
	}
	both := map[int32]int{}
	for _, p := range pairs {
		for _, i := range x.at[p] {
			both[i]++
		}
	}
	best, most := "", 0.0
	for i, k := range both {
		t := x.titles[i]
		share := float64(k) / float64(len(pairs)+t.pairs-k)
		if t.owner != account && (share > most || share == most && t.text < best) {
			best, most = t.text, share
		}
	}
	return best, most >= tooLike
}
