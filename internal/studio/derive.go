package studio

import (
	"strconv"
	"strings"
)

// checks are what the input itself contradicts, and what could be worked out of it: shown
// with its arithmetic, never put into the text.
func (n *note) checks(c carousel) []Check {
	k := checker{out: []Check{}}
	if s, have := n.stated(), len(n.items); s > 0 && have > 1 && s != have {
		k.add(LevelLook, "count", "body", 0, 0, itoa(s), itoa(have))
	}
	if left := c.left + n.unread; left > 0 {
		k.add(LevelLook, "rest", "body", 0, 0, itoa(left))
	}
	n.gap(&k)
	n.minutes(&k)
	return k.out
}

// gap is the difference of two prices.
func (n *note) gap(k *checker) {
	if len(n.items) != 2 || n.items[0].price < 0 || n.items[1].price < 0 {
		return
	}
	a, b := digitsOf(n.clauses[n.items[0].price].text()), digitsOf(n.clauses[n.items[1].price].text())
	if a > b {
		a, b = b, a
	}
	if a > 0 && a != b {
		k.add(LevelLook, "gap", "body", 0, 0, itoa(b), itoa(a), itoa(b-a))
	}
}

// minutes adds up the time of steps that do the same: 烤 15 + 10 = 25.
func (n *note) minutes(k *checker) {
	for _, verb := range []string{"烤", "煮", "蒸", "炖", "冷藏"} {
		var terms []string
		sum := 0
		for _, i := range n.steps {
			s := n.clauses[i].text()
			at := strings.Index(s, verb)
			if at < 0 {
				continue
			}
			if m := minutePattern.FindStringSubmatch(s[at:]); m != nil {
				v, _ := strconv.Atoi(m[1])
				sum += v
				terms = append(terms, m[1])
			}
		}
		if len(terms) > 1 {
			k.add(LevelLook, "minutes", "body", 0, 0, verb, strings.Join(terms, " + "), itoa(sum))
		}
	}
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
