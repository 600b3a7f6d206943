package studio

import (
	"slices"
	"strings"

	"loam"
)

// loose gives the free clauses of a role, each on its line.
func (n *note) loose(mark string, r role) []line {
	var out []line
	for i, c := range n.clauses {
		if n.free(i) && c.role == r {
			out = append(out, line{mark: mark, parts: one(c.part()), role: r})
		}
	}
	return out
}

// factsLine is how many facts one line takes.
const factsLine = 6

// facts are the lines of what is known at a glance: 周末 · 人均35 · 靠窗.
func (n *note) facts() []line {
	facts := slices.Clone(n.subject.chips)
	for i, c := range n.clauses {
		if n.free(i) && (c.role.isFact() || c.role == roleShort) {
			facts = append(facts, n.fact(c))
		}
	}
	var out []line
	for group := range slices.Chunk(facts, factsLine) {
		var l line
		for i, p := range group {
			if i > 0 {
				l.parts = append(l.parts, scaffold(n.tongue.dot))
			}
			l.parts = append(l.parts, p)
		}
		out = append(out, l)
	}
	return out
}

// fact is a fact as it stands among others: 我是油皮 is 油皮.
func (n *note) fact(c clause) Part {
	s := c.text()
	for _, p := range []string{"我是", "本人是", "本人", "我"} {
		if rest, ok := strings.CutPrefix(s, p); ok && (c.role == roleAudience || c.role == roleBody) && hasWord(rest) {
			return c.sub(len(p), len(s))
		}
	}
	return c.part()
}

// orderHeading says she ordered it only where she does.
func (n *note) orderHeading() string {
	for i := range n.clauses {
		if n.free(i) && n.clauses[i].role == roleOrder && orderPattern.MatchString(n.clauses[i].text()) {
			return n.tongue.order
		}
	}
	return n.tongue.menu
}

// textLines are the plain clauses, those that stand together in her text on one line with
// her punctuation: those before the steps, items or days, and those after.
func (n *note) textLines() (before, after []line) {
	last := len(n.clauses)
	if len(n.steps) > 0 {
		last = n.steps[len(n.steps)-1]
	} else if k := len(n.items); k > 0 {
		last = n.items[k-1].to
	}
	var head, tail []int
	for _, i := range n.taken(roleText, roleReason, roleQuestion, roleKey, roleDay) {
		if i > last {
			tail = append(tail, i)
		} else {
			head = append(head, i)
		}
	}
	return n.together(head, ""), n.together(tail, "")
}

// taken are the free clauses of some roles.
func (n *note) taken(roles ...role) []int {
	var out []int
	for i, c := range n.clauses {
		if n.free(i) && slices.Contains(roles, c.role) {
			out = append(out, i)
		}
	}
	return out
}

// ingredients are the things a recipe takes, a list at 、 taken apart.
func (n *note) ingredients() []line {
	var out []line
	for i, c := range n.clauses {
		if !n.free(i) || c.role != roleIngredient || i == n.listed {
			continue
		}
		for _, p := range splitList(c) {
			out = append(out, line{mark: "*", parts: one(p), role: roleIngredient})
		}
	}
	return out
}

// splitList takes a list joined by 、 apart, and its heading off.
func splitList(c clause) []Part {
	s := c.text()
	at := 0
	if m := ingredientsPattern.FindString(s); m != "" && len(m) < len(s) {
		at = len(m)
	}
	var out []Part
	for at < len(s) {
		end := strings.Index(s[at:], "、")
		if end < 0 {
			end = len(s) - at
		}
		if from, to := trim(c.src.text, c.start+at, c.start+at+end); from < to {
			out = append(out, c.sub(from-c.start, to-c.start))
		}
		at += end + len("、")
	}
	return out
}

// itemSections are cards for a test, numbered lines for a list, bulleted ones elsewhere.
func (n *note) itemSections() []section {
	if len(n.items) == 0 {
		return n.joinedList()
	}
	var out []section
	if n.cards() {
		for _, it := range n.items {
			out = append(out, n.card(it))
		}
		return out
	}
	s := section{place: placeList}
	mark := "*"
	if n.kind == loam.KindList {
		mark = "#"
	}
	for _, it := range n.items {
		from := it.from
		if c := n.clauses[from]; mark == "#" && c.role == roleKey && strings.HasPrefix(c.text(), "第") && it.to > from {
			from++
		}
		s.lines = append(s.lines, line{mark: mark, parts: n.span(from, it.to)})
	}
	return []section{s}
}

// joinedList takes the one clause of a list that joins its things by 、 apart.
func (n *note) joinedList() []section {
	s := section{place: placeList}
	if n.listed < 0 {
		return nil
	}
	for _, p := range splitList(n.clauses[n.listed]) {
		s.lines = append(s.lines, line{mark: "#", parts: one(p)})
	}
	return []section{s}
}

func (n *note) cards() bool {
	return n.kind == loam.KindTest || n.kind == loam.KindGoods && n.items[0].price >= 0
}

func (n *note) card(it item) section {
	s := section{place: placeItem, heading: one(n.clauses[it.key].part())}
	if it.price >= 0 {
		s.heading = append(s.heading, scaffold(n.tongue.bar), n.clauses[it.price].part())
	}
	for _, r := range []role{rolePlus, roleMinus, roleText} {
		for _, i := range it.clauses {
			c := n.clauses[i]
			switch {
			case r == rolePlus && c.role == r:
				s.lines = append(s.lines, line{mark: "＋ ", parts: one(c.part()), role: r})
			case r == roleMinus && c.role == r:
				s.lines = append(s.lines, line{mark: "－ ", parts: one(c.part()), role: r})
			case r == roleText && c.role != rolePlus && c.role != roleMinus:
				s.lines = append(s.lines, line{mark: "*", parts: one(c.part()), role: r})
			}
		}
	}
	return s
}

func (n *note) daySections() []section {
	var out []section
	for _, d := range n.days {
		out = append(out, section{place: placeDay, heading: one(n.clauses[d.key].part()), lines: n.together(d.clauses, "*")})
	}
	return out
}

func (n *note) stepLines() []line {
	var out []line
	for _, i := range n.steps {
		out = append(out, line{mark: "#", parts: one(n.step(i)), role: roleStep})
	}
	return out
}

// step is a step without the words its number stands for.
func (n *note) step(i int) Part {
	c := n.clauses[i]
	s := c.text()
	if m := stepPattern.FindString(s); m != "" && hasWord(s[len(m):]) {
		from, _ := trim(c.src.text, c.start+len(m), c.end)
		return c.sub(from-c.start, len(s))
	}
	for _, w := range []string{"首先", "接着", "然后", "随后", "最后", "先"} {
		if rest, ok := strings.CutPrefix(s, w); ok && hasWord(rest) {
			from, _ := trim(c.src.text, c.start+len(w), c.end)
			return c.sub(from-c.start, len(s))
		}
	}
	return c.part()
}
