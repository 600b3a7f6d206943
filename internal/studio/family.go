package studio

import (
	"slices"
	"strings"

	"loam"
	"loam/internal/text"
)

// family makes the titles of one kind from a note. Weight is how much such a title is
// worth before its own merits count.
type family struct {
	name   string
	weight int
	make   func(*note, func(...[]Part))
}

// families in no order; the weight decides. To add one: name the facts it needs, put only
// parts of hers and scaffold together, and give it a sentence why.<name> in sentence.go.
func families() []family {
	return []family{
		{"own", 96, (*note).ownTitles},
		{"compare", 90, (*note).compareTitles},
		{"lesson", 86, (*note).lessonTitles},
		{"question", 84, (*note).questionTitles},
		{"contrast", 80, (*note).contrastTitles},
		{"number", 74, (*note).numberTitles},
		{"points", 70, (*note).pointTitles},
		{"route", 72, (*note).routeTitles},
		{"audience", 62, (*note).audienceTitles},
		{"pair", 60, (*note).pairTitles},
		{"community", 66, (*note).skeletonTitles},
		{"quote", 50, (*note).quoteTitles},
		{"pair", 40, (*note).pricePairs},
		{"pair", 36, (*note).placedTitles},
		{"last", 0, (*note).lastTitles},
	}
}

// all gives the parts of every clause of a role outside items.
func (n *note) all(r role, most int) []Part {
	var out []Part
	for i, c := range n.clauses {
		if c.role == r && c.item == 0 && c.day == 0 && i != n.subject.clause && len(out) < most {
			out = append(out, n.fact(c))
		}
	}
	for _, c := range n.answers {
		if c.role == r && len(out) < most && slotPlace[c.src.from] != placeHead {
			out = append(out, c.part())
		}
	}
	return out
}

func (n *note) compareTitles(emit func(...[]Part)) {
	if len(n.items) < 2 || n.items[0].price < 0 || n.items[1].price < 0 {
		return
	}
	t := n.tongue
	a, b := n.clauses[n.items[0].price].part(), n.clauses[n.items[1].price].part()
	if n.subject.head == nil {
		n.withSubject(emit, slices.Concat(n.keyed(n.items[0], a), one(scaffold(t.comma)), n.keyed(n.items[1], b))...)
		return
	}
	base := []Part{a, scaffold(t.and), b, scaffold(t.of)}
	base = append(base, n.subject.head...)
	base = append(base, added(t.choose), scaffold(t.ask))
	var who, long []Part
	for i, c := range n.clauses {
		if c.role == roleAudience && n.free(i) && who == nil {
			who = one(n.fact(c))
		}
	}
	if len(n.subject.chips) > 0 {
		long = n.subject.chips[:1]
	}
	for _, tail := range [][]Part{slices.Concat(who, long), who, long, nil} {
		if width(flat(base)+flat(tail)) <= titleMax {
			emit(base, tail)
			return
		}
	}
}

func (n *note) lessonTitles(emit func(...[]Part)) {
	for i, c := range n.clauses {
		if c.role != roleOwn || c.item > 0 || strings.Contains(c.text(), "这样") {
			continue
		}
		p := c.part()
		if i+1 < len(n.clauses) && n.clauses[i+1].role == roleOwn && n.joins(i, i+1) {
			long := n.span(i, i+1)[0]
			if width(long.Text) <= titleMax {
				p = long
			}
		}
		if rest, ok := strings.CutPrefix(p.Text, "我"); ok {
			p.Text, p.Start = rest, p.Start+len("我")
		}
		n.withSubject(emit, p)
	}
}

// articleQuestions is how many bare questions of an article become titles: it says more
// than it asks.
const articleQuestions = 2

func (n *note) questionTitles(emit func(...[]Part)) {
	bare := 0
	for i, c := range n.clauses {
		if c.role != roleQuestion || c.item > 0 {
			continue
		}
		q := []Part{c.part()}
		if !strings.HasSuffix(c.text(), "？") && !strings.HasSuffix(c.text(), "?") {
			q = append(q, scaffold(n.tongue.ask))
		}
		done := false
		for k := i + 1; k < len(n.clauses) && k <= i+3; k++ {
			if a := n.clauses[k]; a.role != roleQuestion && a.role != roleStep && width(flat(q)+a.text()) <= titleMax {
				emit(q, one(a.part()))
				done = true
				break
			}
		}
		if bare++; !done && (bare <= articleQuestions || n.form != formArticle) {
			emit(q)
		}
	}
}

func (n *note) contrastTitles(emit func(...[]Part)) {
	t := n.tongue
	if len(n.items) >= 2 && n.cards() {
		for _, sign := range []role{roleMinus, rolePlus} {
			a, b := n.first(n.items[0], sign), n.first(n.items[1], sign)
			if a != nil && b != nil {
				n.withSubject(emit, slices.Concat(n.keyed(n.items[0], *a), one(scaffold(t.comma)), n.keyed(n.items[1], *b))...)
			}
		}
		for _, it := range n.items {
			if m, p := n.first(it, roleMinus), n.first(it, rolePlus); m != nil && p != nil {
				n.withSubject(emit, slices.Concat(n.keyed(it, *m), one(scaffold(t.but)), one(*p))...)
			}
		}
		return
	}
	for _, m := range n.all(roleMinus, 3) {
		if warnPattern.MatchString(m.Text) { // it tells others what to do, and turns from nothing
			continue
		}
		for _, p := range n.all(rolePlus, 3) {
			if !n.parted(m, p) {
				n.withSubject(emit, m, scaffold(t.but), p)
			}
		}
	}
}

// parted reports a price or another thing between two judgements: they are of two things, and setting one
// against the other would say what she does not.
func (n *note) parted(a, b Part) bool {
	if a.From != "idea" || b.From != "idea" || n.kind == loam.KindShop || n.kind == loam.KindTravel {
		return false // there a price is the place's
	}
	from, to := min(a.Start, b.Start), max(a.Start, b.Start)
	for _, c := range n.clauses {
		if c.start <= from || c.start >= to || wholePrice.MatchString(c.text()) {
			continue
		}
		if (n.kind == loam.KindGoods || n.kind == loam.KindList) && c.polarity == 0 && isPhrase(c.words) {
			return true // another thing is named
		}
		if c.role == rolePrice || strings.Trim(c.text(), "0123456789.") == "" {
			return true
		}
	}
	return false
}

// keyed is something said of an item with its key before it, apart where their letters
// would run together.
func (n *note) keyed(it item, p Part) []Part {
	key := n.clauses[it.key].part()
	if n.tongue.bar == english.bar || endsLatin(key.Text) && startsLatin(p.Text) {
		return []Part{key, scaffold(" "), p}
	}
	return []Part{key, p}
}

// first is an item's first clause of a role.
func (n *note) first(it item, r role) *Part {
	for _, i := range it.clauses {
		if n.clauses[i].role == r {
			p := n.clauses[i].part()
			return &p
		}
	}
	return nil
}

func (n *note) numberTitles(emit func(...[]Part)) {
	t := n.tongue
	if len(n.steps) >= 2 {
		plus := n.all(rolePlus, 2)
		for _, p := range plus {
			n.subjectFirst(emit, p, scaffold(t.comma), scaffold(itoa(len(n.steps))), scaffold(t.count))
		}
		if len(plus) == 0 {
			n.subjectFirst(emit, scaffold(itoa(len(n.steps))), scaffold(t.count))
		}
	}
	if len(n.items) >= 2 {
		return
	}
	if n.kind == loam.KindDaily {
		return
	}
	for _, r := range []role{rolePrice, roleBody, roleSpan} {
		for _, p := range n.all(r, 2) {
			n.withSubject(emit, p)
		}
	}
	for _, p := range n.subject.chips {
		if spanPattern.MatchString(p.Text) {
			n.withSubject(emit, p)
		}
	}
}

// maxPoint is how wide a point of a title may be.
const maxPoint = 7

func (n *note) pointTitles(emit func(...[]Part)) {
	var points []Part
	for i, c := range n.clauses {
		if n.free(i) && width(c.text()) <= maxPoint && (c.role == roleShort || c.role == rolePlus) {
			points = append(points, c.part())
		}
	}
	for i := 0; i+1 < len(points) && i < 3; i++ {
		n.subjectFirst(emit, points[i], scaffold(n.tongue.list), points[i+1])
	}
	if names := n.itemNames(); len(names) >= 2 && !n.cards() {
		n.subjectFirst(emit, names[0], scaffold(n.tongue.list), names[1])
		if len(names) >= 3 {
			n.subjectFirst(emit, names[0], scaffold(n.tongue.list), names[1], scaffold(n.tongue.list), names[2])
		}
		if n.subject.none {
			var all []Part
			for i, p := range names {
				if i > 0 {
					all = append(all, scaffold(n.tongue.list))
				}
				all = append(all, p)
			}
			emit(all)
		}
	}
	for _, i := range n.steps {
		if s := n.clauses[i].text(); timedPattern.MatchString(s) && width(s) >= 6 {
			n.subjectFirst(emit, n.step(i))
		}
	}
}

// itemNames are the names of a list's things: what stands in 《》, the key, or a short line.
func (n *note) itemNames() []Part {
	var out []Part
	for _, it := range n.items {
		c := n.clauses[it.from]
		if c.role == roleKey && strings.HasPrefix(c.text(), "第") && it.to > it.from {
			c = n.clauses[it.from+1]
		}
		s := c.text()
		from, to := strings.Index(s, "《"), strings.Index(s, "》")
		switch {
		case from >= 0 && to > from:
			out = append(out, c.sub(from, to+len("》")))
		case width(s) <= maxPoint+1:
			out = append(out, c.part())
		}
	}
	return out
}

func (n *note) routeTitles(emit func(...[]Part)) {
	for _, d := range n.days {
		if len(d.clauses) > 0 {
			n.subjectFirst(emit, n.dayParts(d)...)
		}
	}
	if k := len(n.days); k >= 2 && n.subject.none && len(n.days[0].clauses) > 0 && len(n.days[1].clauses) > 0 {
		a, b := n.days[0], n.days[1]
		first, second := n.clauses[a.clauses[0]].part(), n.clauses[b.clauses[0]].part()
		emit(n.dayParts(a), one(scaffold(n.tongue.bar)), n.dayParts(b))
		emit([]Part{first, scaffold(n.tongue.bar), second})
	}
	if k := len(n.days); k >= 2 {
		n.subjectFirst(emit, n.clauses[n.days[0].key].part(), scaffold(n.tongue.list), n.clauses[n.days[1].key].part())
	}
}

// dayParts are a day and what was done first, apart where their letters would run together.
func (n *note) dayParts(d day) []Part {
	out := []Part{n.clauses[d.key].part()}
	if n.tongue.bar == english.bar {
		out = append(out, scaffold(" "))
	}
	return append(out, n.clauses[d.clauses[0]].part())
}

func (n *note) audienceTitles(emit func(...[]Part)) {
	for i, c := range n.clauses {
		if c.role == roleAudience && n.free(i) {
			n.withSubject(emit, n.fact(c))
		}
	}
	for _, c := range n.answers {
		if c.src.from == "audience" {
			n.withSubject(emit, c.part())
		}
	}
}

// pairTitles are two of her clauses side by side.
func (n *note) pairTitles(emit func(...[]Part)) {
	for i := 0; i+1 < len(n.clauses) && i < 40; i++ {
		a, b := n.clauses[i], n.clauses[i+1]
		if !n.sayable(i) || !n.sayable(i+1) || a.item > 0 || b.item > 0 || a.day != b.day {
			continue
		}
		if n.joins(i, i+1) && i != n.subject.clause {
			span := n.span(i, i+1)
			if a.role == roleAudience || b.role == roleAudience {
				continue
			}
			if width(flat(span)) <= goodTo {
				n.withSubject(emit, span...)
				continue
			}
		}
		if s := a.text(); !strings.HasSuffix(s, "？") && !strings.HasSuffix(s, "?") {
			emit(one(a.part()), one(scaffold(n.tongue.bar)), one(b.part()))
		}
	}
}

// pricePairs are a price and the short clause beside it: 人均35，靠窗｜咖啡馆. They come late,
// a price has titles of its own.
func (n *note) pricePairs(emit func(...[]Part)) {
	for i := 0; i+1 < len(n.clauses) && i < 40; i++ {
		c, after := n.clauses[i], n.clauses[i+1]
		if c.role == rolePrice && n.free(i) && n.free(i+1) && n.joins(i, i+1) && width(after.text()) <= maxPoint && (after.role == roleShort || after.role == rolePlus) {
			n.withSubject(emit, n.span(i, i+1)...)
		}
	}
}

// placedTitles are one clause and what the note is about.
func (n *note) placedTitles(emit func(...[]Part)) {
	if !n.subject.proven || n.clauses[n.subject.clause].polarity != 0 || len(n.steps) > 0 || len(n.days) > 0 || n.kind == loam.KindDaily || n.kind == loam.KindKnowledge {
		return
	}
	for i := range n.clauses {
		if c := n.clauses[i]; i < 40 && n.sayable(i) && n.free(i) && width(c.text()) <= goodFrom && c.role != roleQuestion {
			n.withSubject(emit, c.part())
		}
	}
}

// sayable reports a clause that says something outside its place: no step, no bare fact.
func (n *note) sayable(i int) bool {
	c := n.clauses[i]
	if first := c.words[0].Text; n.kind != loam.KindDaily && dangling[first] || first == "结果" || first == "于是" {
		return false
	}
	return c.role != roleStep && c.role != roleKey && c.role != roleDay && c.role != roleIngredient && c.role != rolePrice && c.role != roleTime && c.role != roleSpan && width(c.text()) >= 3
}

// dangling are first words that lean on what was said before.
var dangling = wordSet(`因为 所以 结果 就 后来 再 还 还是 都 也 其实 而且 它 反而 又 才`)

func (n *note) quoteTitles(emit func(...[]Part)) {
	for _, h := range n.headings() {
		if emit(h); n.blocks[0].kind == blockHead {
			n.withSubject(emit, h...)
		}
	}
	for i, c := range n.clauses {
		if n.form == formArticle && c.role == roleQuestion {
			continue // questionTitles choose
		}
		if i < 40 && (n.sayable(i) || i == n.listed && c.role == roleIngredient) && c.item == 0 {
			emit(one(c.part()))
		}
	}
	if n.subject.none {
		for _, it := range n.items {
			if s := n.span(it.from, it.to); !strings.ContainsAny(flat(s), "\n\r") { // an item may go on in the next line, a title not
				emit(s)
			}
		}
		for _, i := range n.steps {
			emit(one(n.step(i)))
		}
	}
	if len(n.subject.variants) > 0 {
		emit(n.subject.variants[0])
	}
}

// lastTitles cut a clause, or frame it; only these add words.
func (n *note) lastTitles(emit func(...[]Part)) {
	t := n.tongue
	c := n.clauses[0]
	for i, x := range n.clauses {
		if i == n.subject.clause || n.subject.none && x.role != roleKey && x.role != roleDay {
			c = x
			break
		}
	}
	cut := func(room int) []Part {
		s := cutWords(c.text(), func(s string) bool { return text.TitleLength(s) <= room })
		return one(c.sub(0, len(strings.TrimRight(s, " "))))
	}
	emit(cut(titleMax))
	for _, frame := range []string{t.about, t.record} {
		emit(one(added(frame)), cut(titleMax-width(frame)))
	}
}
