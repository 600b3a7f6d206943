package studio

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// fact is something worked out of her facts: the arithmetic, and the parts of the line that
// would stand in the note.
type fact struct {
	code   string
	sum    string
	values []string
	line   []Part
	place  place
}

// derivedMost bounds how many worked-out facts are offered.
const derivedMost = 6

// spentPattern finds what something cost: 高铁73元, 住宿260, 门票80.
var spentPattern = regexp.MustCompile(`^(\p{Han}{1,6}?)(?:一共|总共|花了|是|要)?[¥￥]?(\d{1,6})(?:元|块钱?)?(?:[/／每一](?:人|晚|张))?$`)

// derive works out what her facts give: a difference of two prices, the sum of a bill, the
// time of steps that do the same and of all of them.
func (n *note) derive() []fact {
	var out []fact
	if n.form == formArticle || n.tongue.bar == english.bar {
		return out
	}
	out = append(out, n.gap()...)
	out = append(out, n.bill()...)
	out = append(out, n.minutes()...)
	return out[:min(len(out), derivedMost)]
}

// gap is the difference of two prices.
func (n *note) gap() []fact {
	if len(n.items) != 2 || n.items[0].price < 0 || n.items[1].price < 0 {
		return nil
	}
	x, y := n.clauses[n.items[0].price].text(), n.clauses[n.items[1].price].text()
	a, b := digitsOf(x), digitsOf(y)
	if a > b {
		a, b = b, a
	}
	if a == 0 || a == b {
		return nil
	}
	return []fact{{"gap", itoa(b) + " − " + itoa(a) + " = " + itoa(b-a), []string{x, y}, n.sumLine(n.tongue.gap, b-a, n.tongue.yuan), placeClose}}
}

// bill is the sum of what she says things cost, where she says no sum herself.
func (n *note) bill() []fact {
	if len(n.items) > 0 || says("一共", "总共", "合计", "人均", "总价", "总花费")(n) {
		return nil
	}
	var values, terms []string
	sum := 0
	add := func(s string) {
		m := spentPattern.FindStringSubmatch(s)
		if m == nil {
			return
		}
		v, _ := strconv.Atoi(m[2])
		sum += v
		values, terms = append(values, s), append(terms, m[2])
	}
	for i, c := range n.clauses {
		if i != n.subject.clause && (c.role == roleOrder || c.role == rolePrice) {
			add(c.text())
		}
	}
	for _, c := range n.answers {
		if c.src.from == "order" || c.src.from == "cost" || c.src.from == "name" && c.role == roleOrder {
			add(c.text())
		}
	}
	if len(terms) < 2 || sum > 999_999 {
		return nil
	}
	return []fact{{"bill", strings.Join(terms, " + ") + " = " + itoa(sum), values, n.sumLine(n.tongue.total, sum, n.tongue.yuan), placeClose}}
}

// minutes add up the time of steps that do the same, and of all steps.
func (n *note) minutes() []fact {
	var out []fact
	for verb, name := range timedWork {
		var values, terms []string
		sum := 0
		for _, i := range n.steps {
			s := n.clauses[i].text()
			at := strings.Index(s, verb)
			if at < 0 {
				continue
			}
			if v := minutesIn(s[at:]); v > 0 {
				sum += v
				values, terms = append(values, s), append(terms, itoa(v))
			}
		}
		if len(terms) > 1 {
			parts := append([]Part{scaffold(name)}, n.sumLine(n.tongue.total, sum, n.tongue.minutes)...)
			out = append(out, fact{"minutes." + verb, strings.Join(terms, " + ") + " = " + itoa(sum), values, parts, placeClose})
		}
	}
	var values, terms []string
	sum := 0
	for _, i := range n.steps {
		if v := minutesIn(n.clauses[i].text()); v > 0 {
			sum += v
			values, terms = append(values, n.clauses[i].text()), append(terms, itoa(v))
		}
	}
	if len(terms) > 1 && (len(out) == 0 || strings.Count(out[0].sum, "+")+1 < len(terms)) {
		out = append(out, fact{"minutes", strings.Join(terms, " + ") + " = " + itoa(sum), values, n.sumLine(n.tongue.stepTime, sum, n.tongue.minutes), placeClose})
	}
	return out
}

// timedWork are the verbs whose times add up, with the name of the sum.
func timedWork(yield func(verb, name string) bool) {
	for _, w := range [][2]string{{"烤", "烤制"}, {"煮", "煮制"}, {"蒸", "蒸制"}, {"炖", "炖煮"}, {"冷藏", "冷藏"}, {"发酵", "发酵"}} {
		if !yield(w[0], w[1]) {
			return
		}
	}
}

// minutesIn is the first whole number of minutes in a text below a day, in digits or
// numerals up to 99; 0 if there is none.
func minutesIn(s string) int {
	m := minutePattern.FindStringSubmatch(s)
	if m == nil {
		return 0
	}
	v, err := strconv.Atoi(m[1])
	if err != nil {
		v = numeral(m[1])
	}
	if v >= 24*60 {
		return 0
	}
	return v
}

// numeral reads 二十五 and its like.
func numeral(s string) int {
	tens, ones, found := strings.Cut(s, "十")
	if !found {
		return numberOf(s)
	}
	v := 10
	if tens != "" {
		v = 10 * numberOf(tens)
	}
	if v == 0 || ones != "" && numberOf(ones) == 0 {
		return 0
	}
	return v + numberOf(ones)
}

func (n *note) sumLine(name string, v int, unit string) []Part {
	return []Part{scaffold(name), scaffold(itoa(v)), scaffold(unit)}
}

// worked are the facts as a person is shown them.
func (n *note) worked() []Derived {
	out := []Derived{}
	for _, f := range n.offered {
		out = append(out, Derived{Code: f.code, Text: flat(f.line), Sum: f.sum, Values: f.values, Ticked: slices.Contains(n.input.Choices.Derived, f.code)})
	}
	return out
}

// withDerived adds the facts she ticked, each a line.
func (n *note) withDerived(out []section) []section {
	for _, f := range n.offered {
		if slices.Contains(n.input.Choices.Derived, f.code) {
			out = n.addLine(out, f.place, nil, line{mark: "*", parts: f.line})
		}
	}
	return out
}

// checks are what the input itself contradicts, what found no room, and the names of others
// that slipped into the note.
func (n *note) checks(c carousel, body string) []Check {
	k := checker{out: []Check{}}
	if s, have := n.stated(), len(n.items); n.form != formArticle && s > 0 && have > 1 && s != have { // an article's tables count too
		k.add(LevelLook, "count", "body", 0, 0, itoa(s), itoa(have))
	}
	if left := c.left + n.unread; left > 0 {
		k.add(LevelLook, "rest", "body", 0, 0, itoa(left))
	}
	if n.chat != nil {
		for _, p := range n.chat.Speakers {
			if utf8.RuneCountInString(p.Name) < 2 || p.Name == n.chat.Me {
				continue
			}
			if at := strings.Index(body, p.Name); at >= 0 {
				k.add(LevelLook, "person", "body", at, at+len(p.Name), p.Name)
			}
		}
	}
	return k.out
}

// digitsOf is the first whole number in s below a million, 0 if there is none.
func digitsOf(s string) int {
	from := strings.IndexAny(s, "0123456789")
	if from < 0 {
		return 0
	}
	to := from
	for to < len(s) && s[to] >= '0' && s[to] <= '9' {
		to++
	}
	if to < len(s) && s[to] == '.' {
		return 0
	}
	v, err := strconv.Atoi(s[from:to])
	if err != nil || v > 999_999 {
		return 0
	}
	return v
}
