package studio

import "strings"

// slotPlace says where the answer to a question goes, where its own words do not say it
// better: 龙翔桥站走8分钟 is the way there whatever was asked.
var slotPlace = map[string]place{
	"name": placeHead, "names": placeFacts, "hours": placeFacts, "paid": placeFacts, "total": placeFacts, "size": placeFacts, "fabric": placeFacts,
	"when": placeFacts, "cost": placeFacts, "audience": placeFacts, "buy": placeFacts, "used": placeFacts,
	"order": placeOrder, "tools": placeReady, "amount": placeIngredients,
	"hardest": placeMinus, "unfit": placeMinus, "fit": placeMinus, "book": placeMinus,
}

// name is the name she answered with, nil if she gave none.
func (n *note) name() []Part {
	for _, c := range n.answers {
		if n.placeOf(c) == placeHead {
			return one(c.part())
		}
	}
	return nil
}

func (n *note) placeOf(c clause) place {
	s := c.text()
	switch {
	case c.role == roleRoute:
		return placeRoute
	case strings.Contains(s, "人份"):
		return placeFacts
	case c.src.from == "order" || c.src.from == "name" && dishPattern.MatchString(s):
		return placeOrder
	case c.src.from == "name" && (c.role.isFact() || width(s) > 12 || !n.firstAnswer(c)):
		return placeFacts
	}
	if p, ok := slotPlace[c.src.from]; ok {
		return p
	}
	return placeOwn
}

// firstAnswer reports the first name of its answer: what follows it is something else.
func (n *note) firstAnswer(c clause) bool {
	for _, a := range n.answers {
		if a.src.from == c.src.from && a.role != roleRoute && !a.role.isFact() {
			return a.start == c.start
		}
	}
	return true
}

// itemNamed is the item, from 1, whose key an answer names; 0 if it names none.
func (n *note) itemNamed(s string) int {
	for i, it := range n.items {
		if strings.Contains(s, n.clauses[it.key].text()) {
			return i + 1
		}
	}
	return 0
}

// scope moves a judgement to the item she says it is about.
func (n *note) scope() {
	for _, a := range n.answers {
		i := n.unscoped()
		k := n.itemNamed(a.text())
		if a.src.from != "scope" || k == 0 || i < 0 {
			continue
		}
		n.clauses[i].item = k
		n.items[k-1].clauses = append(n.items[k-1].clauses, i)
	}
}

// withAnswers puts each answer into its section, making it where there is none.
func (n *note) withAnswers(out []section) []section {
	t := n.tongue
	for _, c := range n.answers {
		if c.src.from == "scope" && n.itemNamed(c.text()) > 0 {
			continue // it moved the judgement to the item
		}
		p := n.placeOf(c)
		l := line{mark: "*", parts: one(c.part()), role: c.role}
		var heading []Part
		switch p {
		case placeHead:
			out = n.named(out, c)
			continue
		case placeFacts:
			out = n.addFact(out, c)
			continue
		case placeRoute:
			heading = n.heading(t.route)
		case placeOrder:
			heading, l.role = n.heading(t.order), roleOrder
		case placeReady:
			heading = n.heading(t.ready)
		case placeIngredients:
			heading = n.heading(t.ingredients)
		case placeMinus:
			heading, l.role = n.heading(t.minus), roleMinus
		default:
			l.mark = ""
		}
		out = n.addLine(out, p, heading, l)
	}
	return out
}

func (n *note) addLine(out []section, p place, heading []Part, l line) []section {
	at := len(out)
	for i, s := range out {
		if s.place == p && (p != placeText || len(s.heading) == 0) {
			if len(s.lines) == 0 {
				out[i].heading = heading
			}
			out[i].lines = append(out[i].lines, l)
			return out
		}
		if s.place > p && at == len(out) {
			at = i
		}
	}
	s := section{place: p, heading: heading, lines: []line{l}}
	return append(out[:at], append([]section{s}, out[at:]...)...)
}

// named puts a name before the subject: 半山｜杭州西湖边的咖啡馆.
func (n *note) named(out []section, c clause) []section {
	for i, s := range out {
		if s.place != placeHead || len(s.lines) == 0 {
			continue
		}
		l := &out[i].lines[0]
		if strings.Contains(flat(l.parts), c.text()) {
			return out
		}
		l.parts = append([]Part{c.part(), scaffold(n.tongue.bar)}, l.parts...)
		return out
	}
	s := section{place: placeHead, lines: []line{{parts: one(c.part())}}}
	return append([]section{s}, out...)
}

func (n *note) addFact(out []section, c clause) []section {
	for i, s := range out {
		if s.place == placeFacts && len(s.lines) > 0 {
			l := &out[i].lines[0]
			l.parts = append(l.parts, scaffold(n.tongue.dot), n.fact(c))
			return out
		}
	}
	l := line{parts: one(n.fact(c))}
	if !n.regroup { // her own order stays first
		return append(out, section{place: placeFacts, lines: []line{l}})
	}
	return n.addLine(out, placeFacts, nil, l)
}
