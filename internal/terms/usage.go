package terms

import "strings"

// category is a key of AIPREF's vocabulary.
type category struct {
	label string
	word  word
}

// categories are the three of the working group's text (draft-ietf-aipref-vocab; whoever knows
// only two ignores the third).
func categories() []category {
	return []category{{"search", search}, {"ai-use", input}, {"train-ai", train}}
}

// former are labels of earlier drafts, and of CC signals. What they covered differs from draft
// to draft, so only their no is heard.
func former() []category {
	return []category{
		{"train-genai", train},
		{"genai", train},
		{"ai", ai},
		{"tdm", ai},
		{"ai-input", input},
		{"ai-output", input},
		{"bots", everything},
		{"all", everything},
	}
}

// ContentUsage is the value of an HTTP field Content-Usage for the work, and what follows the
// path in a Content-Usage rule of robots.txt (draft-ietf-aipref-attach).
func (w *Work) ContentUsage() string { return contentUsage(w.yes()) }

// yeses are what the words about search, answers and training come to where no condition can
// be said.
type yeses struct{ search, input, train bool }

func (w *Work) yes() yeses {
	return yeses{w.search().free(), w.input().free(), w.train().free()}
}

func (y yeses) and(z yeses) yeses {
	return yeses{y.search && z.search, y.input && z.input, y.train && z.train}
}

func contentUsage(y yeses) string {
	return "search=" + letterOf(y.search) + ", ai-use=" + letterOf(y.input) + ", train-ai=" + letterOf(y.train)
}

func letterOf(yes bool) string {
	if yes {
		return "y"
	}
	return "n"
}

// ReadContentUsage reads a value of Content-Usage; several fields are joined by commas. A key
// that is repeated, or whose value is neither y nor n, is a no, where AIPREF takes the last and
// the unknown.
func ReadContentUsage(field string, media []Medium) Signals {
	members, err := dictionary(field)
	if err != nil {
		return refused(FromContentUsage, search, ai)
	}
	s := silent(FromContentUsage)
	count := map[string]int{}
	for _, m := range members {
		count[m.key]++
	}
	for _, m := range members {
		for _, c := range categories() {
			if c.label == m.key {
				s.hear(c.word, answerOf(m.value, "y", count[m.key]), known(media), FromContentUsage)
			}
		}
		for _, c := range former() {
			if c.label == m.key && m.value == "n" {
				s.hear(c.word, Deny, nil, FromContentUsage)
			}
		}
	}
	return s
}

// answerOf weighs a value that stands there so many times.
func answerOf(value, yes string, times int) Answer {
	if value == yes && times == 1 {
		return Allow
	}
	return Deny
}

// ContentSignal is the value of a Content-Signal line of robots.txt for a site that has this
// work only.
func (w *Work) ContentSignal() string { return contentSignal(w.yes()) }

func contentSignal(y yeses) string {
	return "search=" + yesNo(y.search) + ", ai-input=" + yesNo(y.input) + ", ai-train=" + yesNo(y.train)
}

func yesNo(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
}

// signals are the keys of Content-Signal; the others that are in use say how, not whether.
func signals() []category {
	return []category{{"search", search}, {"ai-input", input}, {"ai-train", train}}
}

// ReadContentSignal reads a value of Content-Signal: pairs between commas, spaces around
// anything, large letters as small ones. A pair that is none closes all three.
func ReadContentSignal(value string, media []Medium) Signals {
	if len(value) > maxField {
		return refused(FromContentSignal, search, ai)
	}
	var pairs []member
	count := map[string]int{}
	for part := range strings.SplitSeq(value, ",") {
		key, v, ok := strings.Cut(strings.ToLower(part), "=")
		key, v = strings.TrimSpace(key), strings.TrimSpace(v)
		if !ok && key != "" || ok && key == "" {
			return refused(FromContentSignal, search, ai)
		}
		pairs = append(pairs, member{key, v})
		count[key]++
	}
	s := silent(FromContentSignal)
	for _, m := range pairs {
		for _, c := range signals() {
			if c.label == m.key {
				s.hear(c.word, answerOf(m.value, "yes", count[m.key]), known(media), FromContentSignal)
			}
		}
		if m.key == "use" && m.value != "full" { // whatever it limits, nothing here keeps to the limit
			s.hear(input, Deny, nil, FromContentSignal)
		}
	}
	return s
}
