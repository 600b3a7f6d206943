package text

import (
	"slices"
	"strings"
	"unicode"
)

// digitRun is digits with at most one sign between groups: units [from, to).
type digitRun struct {
	from, to int
	digits   []byte
	groups   []int
}

// phones finds mobile numbers (11 digits, 13 to 19) and numbers with an area code.
func (c *contacts) phones() {
	for i := 0; i < len(c.f.Units); {
		if !digit(c.at(i)) {
			i++
			continue
		}
		run := c.digitRun(i)
		i = run.to
		c.phone(run)
	}
}

func digit(r rune) bool { return r >= '0' && r <= '9' }

func (c *contacts) digitRun(from int) digitRun {
	run := digitRun{from: from, to: from}
	for i := from; digit(c.at(i)); {
		n := 0
		for ; digit(c.at(i)); i++ {
			run.digits = append(run.digits, byte(c.at(i)))
			n++
		}
		run.groups, run.to = append(run.groups, n), i
		if r := c.at(i); r != 0 && strings.ContainsRune(" -.·_~*", r) {
			i++
		}
	}
	return run
}

func (c *contacts) phone(run digitRun) {
	if c.numbered(run.from) || c.benignUnit(run.to) || latin(c.at(run.from-1)) || c.at(run.from-1) == '.' {
		return
	}
	d, g := string(run.digits), run.groups
	if rest, ok := strings.CutPrefix(d, "86"); ok && len(rest) == 11 {
		d = rest
		if len(g) > 1 && g[0] == 2 {
			g = g[1:]
		}
	}
	switch {
	case len(d) == 11 && d[0] == '1' && d[1] >= '3' && mobileGroups(g):
		c.add(ContactPhone, run.from, run.to, 0.95, len(g) > 3)
	case len(d) >= 10 && len(d) <= 12 && d[0] == '0' && d[1] != '0' && len(g) == 2 && (g[0] == 3 || g[0] == 4) && g[1] >= 7:
		c.add(ContactPhone, run.from, run.to, 0.6, false)
	}
}

// mobileGroups tells a number written in groups from a list of sizes or years.
func mobileGroups(g []int) bool {
	switch {
	case len(g) == 1, slices.Equal(g, []int{3, 4, 4}), slices.Equal(g, []int{4, 3, 4}), slices.Equal(g, []int{3, 8}):
		return true
	}
	ones := 0
	for _, n := range g {
		if n > 2 {
			return false
		}
		if n == 1 {
			ones++
		}
	}
	return ones*2 > len(g)
}

// numbered reports whether the word before calls the digits an order or product number.
func (c *contacts) numbered(from int) bool {
	var before []rune
	for i := max(from-8, 0); i < from; i++ {
		before = append(before, c.at(i))
	}
	s := string(before)
	for _, w := range []string{"订单", "单号", "编号", "货号", "款号", "条码", "型号", "快递", "运单", "isbn", "no."} {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}

func latin(r rune) bool { return r >= 'a' && r <= 'z' }

// topDomains are the endings a bare host is believed with; anything goes behind http:// or www.
var topDomains = []string{"com", "cn", "net", "org", "top", "xyz", "vip", "cc", "shop", "link", "club", "site", "info", "ltd", "wang", "icu"}

// addresses finds e-mail addresses and links around each dot.
func (c *contacts) addresses() {
	for i := 0; i < len(c.f.Units); {
		if !hostRune(c.at(i)) {
			i++
			continue
		}
		i = c.addressAt(i)
	}
}

func hostRune(r rune) bool {
	return latin(r) || digit(r) || r == '-' || r == '.' || r == '_' || r == '@' || r == ':' || r == '/' || r == '%' || r == '+' || r == '?' || r == '=' || r == '&'
}

// addressAt reads the run of address characters from a unit and gives its end.
func (c *contacts) addressAt(from int) int {
	to, disguised := from, false
	var b strings.Builder
	for ; ; to++ {
		r := c.at(to)
		if (r == '点' || r == '。') && latin(c.at(to+1)) && to > from && (latin(c.at(to-1)) || digit(c.at(to-1))) {
			r, disguised = '.', true
		}
		if !hostRune(r) {
			break
		}
		b.WriteRune(r)
	}
	s := b.String()
	if kind, start, end, ok := readAddress(s); ok {
		c.add(kind, from+start, from+end, 0.9, disguised)
	}
	return to
}

// readAddress finds a link or e-mail address in a run of ASCII; start and end are bytes.
func readAddress(s string) (kind ContactKind, start, end int, ok bool) {
	end = len(strings.TrimRight(s, ".:/-?=&+"))
	for _, scheme := range []string{"http://", "https://", "www."} {
		if i := strings.Index(s[:end], scheme); i >= 0 && end > i+len(scheme)+2 && strings.Contains(s[i+len(scheme):end], ".") {
			return ContactURL, i, end, true
		}
	}
	start = len(s) - len(strings.TrimLeft(s, ".:/-?=&+_@"))
	if start >= end {
		return "", 0, 0, false
	}
	if name, host, found := strings.Cut(s[start:end], "@"); found {
		if i := strings.LastIndexAny(name, ":/?=&"); i >= 0 {
			start, name = start+i+1, name[i+1:]
		}
		return ContactEmail, start, end, name != "" && validHost(host)
	}
	host, _, _ := strings.Cut(s[start:end], "/")
	return ContactURL, start, end, validHost(host)
}

// validHost is a name of labels with a letter among them and an ending that is known.
func validHost(host string) bool {
	host, _, _ = strings.Cut(host, ":")
	labels := strings.Split(host, ".")
	if len(labels) < 2 || !slices.Contains(topDomains, labels[len(labels)-1]) {
		return false
	}
	for _, l := range labels {
		if l == "" || strings.Trim(l, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
			return false
		}
	}
	name := labels[len(labels)-2]
	return len(name) >= 2 && strings.ContainsFunc(host, unicode.IsLetter)
}
