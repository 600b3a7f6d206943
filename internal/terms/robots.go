package terms

import (
	"bytes"
	"slices"
	"strings"
)

// maxRobots is how much of a robots.txt every crawler reads (RFC 9309, 2.5).
const maxRobots = 500 << 10

// Robots writes the lines of a robots.txt for a site of works; what follows them must not be a
// rule for everybody. Content-Signal speaks of the whole site, so it says yes to what every
// work that may be crawled says yes to; so does the Content-Usage of "/", above which stand the
// works that allow more. A work that is not to be found in search is not to be crawled, lest it
// close the search for all. Works beyond the first 500 KiB have what "/" has; if those not to
// be crawled do not fit, the whole site is a no. licence is the URL of an RSL document about
// the site, "" for none.
func Robots(works []Work, licence string) []byte { return robots(works, licence, false) }

// RobotsOfSome writes it for a site of which works are some, those that allow most: the rest allows no
// answers and no training, and of search each page speaks for itself, so "/" says nothing of it.
func RobotsOfSome(works []Work) []byte { return robots(works, "", true) }

func robots(works []Work, licence string, some bool) []byte {
	var closed bytes.Buffer
	var open []string
	at := map[string]yeses{} // two works at one place have what both have
	all := yeses{!some, !some, !some}
	for i := range works {
		path, ok := literal(works[i].URL)
		y := works[i].yes()
		if !y.search {
			closed.WriteString("Disallow: " + path + "\n")
			continue
		}
		all = all.and(y)
		if other, was := at[path]; was {
			at[path] = y.and(other)
		} else if ok {
			at[path], open = y, append(open, path)
		}
	}
	if len(open) == 0 && !some || closed.Len() > maxRobots/2 {
		all, open, some = yeses{}, nil, false
		closed.Reset()
	}
	var b bytes.Buffer
	signal, usage := contentSignal(all), contentUsage(all)
	if some {
		_, signal, _ = strings.Cut(signal, ", ")
		_, usage, _ = strings.Cut(usage, ", ")
	}
	b.WriteString("User-agent: *\nContent-Signal: " + signal + "\nContent-Usage: / " + usage + "\n")
	b.Write(closed.Bytes())
	for _, path := range open {
		line := "Content-Usage: " + path + "$ " + contentUsage(at[path]) + "\n"
		if at[path] != all && b.Len()+len(line)+len(licence)*3+len("License: \n") <= maxRobots {
			b.WriteString(line)
		}
	}
	if licence != "" {
		b.WriteString("License: " + oneLine(licence) + "\n")
	}
	return b.Bytes()
}

// literal is the pattern of a page and whatever begins like it, the root's for what is no URL.
func literal(u string) (path string, ok bool) {
	_, path, err := page(u)
	if err != nil || len(path) >= maxPattern {
		return "/", false
	}
	return path, true
}

func oneLine(s string) string {
	return strings.NewReplacer("\r", "%0D", "\n", "%0A", " ", "%20", "#", "%23").Replace(s)
}

// crawlers are user agents that makers of models give as the one to turn away: those that
// gather training data, and those that fetch for answers. To turn one away is a no to its
// trade, whoever carries it on.
func crawlers() map[string]word {
	return map[string]word{
		"gptbot": train, "ccbot": train, "claudebot": train, "anthropic-ai": train, "google-extended": train,
		"applebot-extended": train, "bytespider": train, "meta-externalagent": train, "cohere-ai": train,
		"oai-searchbot": input, "chatgpt-user": input, "perplexitybot": input, "claude-user": input,
	}
}

// rule is an Allow or Disallow.
type rule struct {
	pattern string
	allow   bool
}

// group is what robots.txt says to some agents.
type group struct {
	agents []string
	rules  []rule
}

// Bounds of what is kept of one robots.txt.
const (
	maxRules    = 20_000
	maxLicences = 16
)

// ReadRobots reads what a robots.txt says of the page at a URL, and which RSL documents it
// names: their words count too, and one that cannot be fetched is a no. A Disallow for
// everybody closes everything, one for a crawler of models what the crawler is for. A
// Content-Signal or Content-Usage that says no counts in whatever group it stands, one that
// says yes only in the group for everybody. What no crawler has to read is not read, and makes
// the file a no to everything.
func ReadRobots(body []byte, at string, media []Medium) (Signals, []string) {
	_, path, err := page(at)
	if err != nil || len(body) > maxRobots {
		return refused(FromRobots, everything), nil
	}
	r := robotsReader{path: path, media: known(media), s: silent(FromRobots)}
	text := strings.TrimPrefix(string(body), "\ufeff")
	for line := range strings.SplitSeq(strings.ReplaceAll(text, "\r", "\n"), "\n") {
		line, _, _ = strings.Cut(line, "#")
		label, value, ok := strings.Cut(line, ":")
		if ok {
			r.line(strings.ToLower(strings.Trim(label, " \t")), strings.Trim(value, " \t"))
		}
	}
	r.finish()
	if r.broken {
		return refused(FromRobots, everything), r.licences
	}
	return r.s, r.licences
}

type robotsReader struct {
	path     string
	media    []Medium
	s        Signals
	groups   []group
	rules    int
	naming   bool // the last line named an agent
	usage    [2]longest
	licences []string
	broken   bool
}

// longest is the Content-Usage of the longest pattern that matches, of the groups for everybody
// and of the others.
type longest struct {
	n int
	s Signals
}

func (r *robotsReader) line(label, value string) {
	if label == "user-agent" {
		if !r.naming {
			r.groups = append(r.groups, group{})
		}
		g := &r.groups[len(r.groups)-1]
		g.agents = append(g.agents, strings.ToLower(value))
		r.naming = true
		return
	}
	switch label {
	case "allow", "disallow":
		r.naming = false
		r.rule(label == "allow", value)
	case "content-signal":
		r.naming = false
		r.take(r.heard(ReadContentSignal(value, r.media)))
	case "content-usage":
		r.naming = false
		r.contentUsage(value)
	case "license":
		if !slices.Contains(r.licences, value) && value != "" {
			if len(r.licences) == maxLicences {
				r.broken = true
				return
			}
			r.licences = append(r.licences, value)
		}
	}
}

// everybody reports whether the group that is being read is for everybody. What stands before
// any group is.
func (r *robotsReader) everybody() bool {
	return len(r.groups) == 0 || slices.Contains(r.groups[len(r.groups)-1].agents, "*")
}

// heard leaves of what a group says to some agents what counts for all.
func (r *robotsReader) heard(s Signals) Signals {
	if r.everybody() {
		return s
	}
	for u, signal := range s {
		if signal.Answer == Allow {
			s[u] = Signal{Unknown, signal.Source}
		}
	}
	return s
}

func (r *robotsReader) take(s Signals) { r.s = Combine(r.s, s) }

// contentUsage takes a rule "path preferences". One without a path is read as the whole site's.
func (r *robotsReader) contentUsage(value string) {
	pattern := "/"
	if strings.HasPrefix(value, "/") || strings.HasPrefix(value, "*") {
		pattern, value = value, ""
		if i := strings.IndexAny(pattern, " \t"); i >= 0 {
			pattern, value = pattern[:i], strings.Trim(pattern[i:], " \t")
		}
	}
	matches, err := match(pattern, r.path)
	if err != nil {
		r.broken = true
		return
	}
	l := &r.usage[0]
	if !r.everybody() {
		l = &r.usage[1]
	}
	switch s := r.heard(ReadContentUsage(value, r.media)); {
	case !matches || len(pattern) < l.n:
	case len(pattern) == l.n:
		l.s = Combine(l.s, s)
	default:
		*l = longest{len(pattern), s}
	}
}

func (r *robotsReader) rule(allow bool, pattern string) {
	if pattern == "" { // an empty Disallow turns nobody away
		return
	}
	if r.rules++; r.rules > maxRules {
		r.broken = true
		return
	}
	if !strings.HasPrefix(pattern, "/") && !strings.HasPrefix(pattern, "*") {
		pattern = "/" + pattern
	}
	if len(r.groups) == 0 {
		r.groups = append(r.groups, group{agents: []string{"*"}})
	}
	g := &r.groups[len(r.groups)-1]
	g.rules = append(g.rules, rule{pattern, allow})
}

// finish weighs whom the file turns away, and which Content-Usage applies.
func (r *robotsReader) finish() {
	agents := crawlers()
	agents["*"] = everything
	for agent, w := range agents {
		var rules []rule
		for _, g := range r.groups {
			if slices.Contains(g.agents, agent) {
				rules = append(rules, g.rules...)
			}
		}
		turned, err := disallowed(rules, r.path)
		if err != nil {
			r.broken = true
		}
		if turned {
			r.s.hear(w, Deny, nil, FromRobots)
		}
	}
	for _, l := range r.usage {
		if l.s != nil {
			r.take(l.s)
		}
	}
}

// disallowed reports whether the longest rule that matches turns away. Of two as long the
// stricter counts, against RFC 9309.
func disallowed(rules []rule, path string) (bool, error) {
	n, turned := -1, false
	for _, r := range rules {
		ok, err := match(r.pattern, path)
		if err != nil {
			return true, err
		}
		if l := len(r.pattern); ok && (l > n || l == n && !r.allow) {
			n, turned = l, !r.allow
		}
	}
	return turned, nil
}
