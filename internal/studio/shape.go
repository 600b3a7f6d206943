package studio

import (
	"hash/fnv"
	"slices"
	"strings"

	"loam"
)

// place says which part of a note a section is; pages are laid out by it.
type place uint8

const (
	placeHead place = iota
	placeFacts
	placeText
	placeReady
	placeIngredients
	placeOrder
	placeItem
	placeList
	placeDay
	placeSteps
	placePlus
	placeMinus
	placeRoute
	placeClose
	placeOwn
)

// section is a part of a note: a heading, and lines of parts under it.
type section struct {
	place   place
	heading []Part
	lines   []line
}

// line is one line of a section. Mark is the scaffold before it: "" none, "*" the
// account's bullet, "#" its number, else itself.
type line struct {
	mark  string
	parts []Part
	role  role
}

// look is how one account sets its notes.
type look struct {
	bullet  string
	heading [2]string
	order   uint32 // of three: plain, what sums up first, what to mind before what pleases
}

// orders is how many orders of the body there are.
const orders = 3

// lookOf chooses a look; nobody's is the first.
func lookOf(account string) look {
	if account == "" {
		return look{bullet: bullets[0], heading: headings[0]}
	}
	h := fnv.New32a()
	h.Write([]byte(account))
	k := h.Sum32()
	return look{bullet: bullets[k%uint32(len(bullets))], heading: headings[k/7%uint32(len(headings))]}
}

// look is how this note is set: as its account's are, and where the body was asked for
// again in the next order, with the next marks.
func (n *note) look() look {
	l := lookOf(n.input.Account)
	if c := n.input.Choices; slices.Contains(bullets[:], c.Bullet) {
		l.bullet = c.Bullet
		for _, h := range headings {
			if h[0] == c.Heading {
				l.heading = h
			}
		}
	}
	k := n.again(PartBody)
	if k == 0 {
		return l
	}
	at := slices.Index(bullets[:], l.bullet)
	head := slices.Index(headings[:], l.heading)
	return look{bullets[(at+k)%len(bullets)], headings[(head+k)%len(headings)], uint32(k % orders)}
}

// again is how often a part was asked for again.
func (n *note) again(part string) int {
	return max(0, min(n.input.Choices.Again[part], 1000))
}

// shape orders a note's clauses into sections by its kind, or keeps her order.
func (n *note) shape() []section {
	if n.form == formArticle {
		return n.articleSections()
	}
	var out []section
	if n.regroup {
		out = n.grouped()
	} else {
		out = n.paragraphs()
	}
	return slices.DeleteFunc(n.withDerived(n.withAnswers(out)), func(s section) bool {
		return len(s.lines) == 0 && s.place != placeItem && s.place != placeDay
	})
}

func one(p Part) []Part { return []Part{p} }

func (n *note) heading(s string) []Part { return one(scaffold(s)) }

// grouped is the order of a note whose parts are known.
func (n *note) grouped() []section {
	t := n.tongue
	s := n.subject
	headLine := section{place: placeHead}
	if !s.none {
		headLine.lines = []line{{parts: s.full}}
	}
	facts := section{place: placeFacts, lines: n.facts()}
	plus := section{place: placePlus, heading: n.heading(t.plus), lines: n.loose("*", rolePlus)}
	if len(n.steps) > 0 {
		plus = section{place: placeText, lines: n.loose("", rolePlus)}
	}
	minus := section{place: placeMinus, heading: n.heading(t.minus), lines: n.loose("*", roleMinus)}
	closing := section{place: placeClose, lines: n.loose("", roleConclusion)}
	order := n.look().order
	before, after := n.textLines()
	out := []section{headLine, facts}
	if order == 1 {
		out = append(out, closing)
		closing.lines = nil
	}
	out = append(out, section{place: placeText, lines: before})
	if order == 2 {
		out = append(out, minus)
		minus.lines = nil
	}
	if len(n.steps) > 0 {
		out = append(out, plus)
	}
	out = append(out,
		section{place: placeIngredients, heading: n.heading(t.ingredients), lines: n.ingredients()},
		section{place: placeOrder, heading: n.heading(n.orderHeading()), lines: n.loose("*", roleOrder)})
	out = append(out, n.itemSections()...)
	out = append(out, n.daySections()...)
	out = append(out, section{place: placeSteps, heading: n.heading(t.steps), lines: n.stepLines()})
	if len(n.steps) == 0 {
		out = append(out, plus)
	}
	if len(after) > 0 {
		out = append(out, section{place: placeOwn, lines: after})
	}
	return append(out,
		minus,
		section{place: placeRoute, heading: n.heading(t.route), lines: n.loose("*", roleRoute)},
		closing,
		section{place: placeOwn, lines: n.together(n.taken(roleOwn), "")})
}

// free reports a clause that no item, day, step or subject has taken.
func (n *note) free(i int) bool {
	c := n.clauses[i]
	return c.item == 0 && c.day == 0 && c.role != roleStep && i != n.subject.clause
}

// together makes lines of clauses: neighbours in one sentence share a line.
func (n *note) together(take []int, mark string) []line {
	var out []line
	for k := 0; k < len(take); {
		end := k + 1
		for end < len(take) && n.joins(take[end-1], take[end]) {
			end++
		}
		out = append(out, line{mark: mark, parts: n.span(take[k], take[end-1])})
		k = end
	}
	return out
}

// joins reports whether clause b follows a in her text within a sentence, nothing cut out.
func (n *note) joins(a, b int) bool {
	x, y := n.clauses[a], n.clauses[b]
	return b == a+1 && x.src == y.src && x.sentence == y.sentence && !y.loose
}

// span gives her text from clause a to clause b, as one part where nothing was cut out of
// it and joined by commas where something was.
func (n *note) span(a, b int) []Part {
	out := one(n.clauses[a].part())
	for i := a + 1; i <= b; i++ {
		c := n.clauses[i]
		last := &out[len(out)-1]
		if !c.loose && last.From == c.src.from {
			last.End = c.end
			last.Text = c.src.text[last.Start:last.End]
			continue
		}
		out = append(out, scaffold(n.tongue.comma), c.part())
	}
	return out
}

// paragraph bounds a paragraph, in characters' width, where she made none herself.
const paragraph = 70

// paragraphs keeps her order: her lines are paragraphs; a long line is parted at sentences.
func (n *note) paragraphs() []section {
	var out []section
	room := [...]int{paragraph, paragraph / 2, paragraph * 3 / 2}[n.again(PartBody)%orders]
	for i := 0; i < len(n.clauses); {
		wide := width(n.clauses[i].text())
		end := i + 1
		for end < len(n.clauses) && n.clauses[end].line == n.clauses[i].line {
			c := n.clauses[end]
			if n.kind == loam.KindKnowledge && n.clauses[end-1].role == roleQuestion || wide > room && c.sentence != n.clauses[end-1].sentence || wide > 2*room {
				break
			}
			wide += width(c.text())
			end++
		}
		mark := ""
		if n.clauses[i].marked && n.clauses[i].first {
			mark = "*"
		}
		l := line{mark: mark, parts: n.closed(n.span(i, end-1))}
		if k := len(out) - 1; mark == "*" && k >= 0 && out[k].lines[0].mark == "*" {
			out[k].lines = append(out[k].lines, l)
		} else {
			out = append(out, section{place: placeText, lines: []line{l}})
		}
		i = end
	}
	return out
}

// closed adds her own end of sentence to a paragraph's last part.
func (n *note) closed(parts []Part) []Part {
	last := &parts[len(parts)-1]
	rest := n.ideas.text[last.End:]
	for _, stop := range []string{"。", "！", "!", "……", "…", ".", "～", "~", "；"} {
		if strings.HasPrefix(rest, stop) {
			last.End += len(stop)
			last.Text = n.ideas.text[last.Start:last.End]
			break
		}
	}
	return parts
}
