package terms

import (
	"strings"

	"loam"
)

// Line is the work's terms in one line for people: what is allowed and on which conditions, and
// that the rest is not. say gives a sentence of the catalogue by its code, its blanks filled in:
// use.*, and terms.line, none, and, until, attribution and paid.
func (w *Work) Line(say func(code string, args ...string) string) string {
	var allowed []string
	for _, u := range loam.Uses() {
		g := w.grant(u)
		if !g.allowed {
			continue
		}
		s := say("use." + string(u))
		if g.attribution {
			s = say("terms.attribution", s)
		}
		if g.paid {
			s = say("terms.paid", s)
		}
		if g.until != 0 {
			s = say("terms.until", s, g.end())
		}
		allowed = append(allowed, s)
	}
	if len(allowed) == 0 {
		return say("terms.none")
	}
	return say("terms.line", strings.Join(allowed, say("terms.and")))
}
