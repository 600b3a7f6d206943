package studio

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"loam"
	"loam/internal/text"
)

const (
	tagsMost = 8
	tagMax   = 20 // UTF-16 units
)

// kindTopic is the topic word of each kind.
var kindTopic = map[loam.NoteKind]string{
	loam.KindShop: "探店", loam.KindTutorial: "教程", loam.KindTest: "测评", loam.KindList: "清单", loam.KindOutfit: "穿搭",
	loam.KindTravel: "旅行", loam.KindFood: "美食", loam.KindKnowledge: "知识", loam.KindGoods: "好物", loam.KindDaily: "日常",
}

// tags proposes topics of the community the input names, then place and kind, the kind, and
// what the note is about. Without a community they are proposed unproven, with no uses.
func (n *note) tags() []Tag {
	t := tagger{note: n, topics: map[string]Topic{}, out: []Tag{}}
	for _, topic := range n.input.Community.Topics {
		t.topics[topic.Name] = topic
	}
	t.named()
	t.own()
	if k := n.again(PartTags); k > 0 && len(t.out) > 1 { // the next ones, then the first again
		k %= len(t.out)
		if len(t.out) > tagsMost {
			k = n.again(PartTags) * tagsMost % len(t.out)
		}
		t.out = slices.Concat(t.out[k:], t.out[:k])
	}
	return t.out[:min(len(t.out), tagsMost)]
}

// tagsRead bounds how many tags are weighed.
const tagsRead = 24

type tagger struct {
	note   *note
	topics map[string]Topic
	out    []Tag
}

func (t *tagger) add(name, code string) {
	name = strings.Join(strings.Fields(name), "")
	if vague[name] {
		return
	}
	if len(t.out) >= tagsRead || width(name) < 2 || timePattern.MatchString(name) || text.BodyLength(name) > tagMax || !hasWord(name) || strings.ContainsAny(name, "#＃,，、《》「」") {
		return
	}
	if slices.ContainsFunc(t.out, func(x Tag) bool { return strings.EqualFold(x.Name, name) }) {
		return
	}
	t.out = append(t.out, Tag{Name: name, Uses: t.topics[name].Uses, Why: sentence(code), Code: code})
}

// vague nouns name nothing anybody looks for.
var vague = wordSet(`方法 东西 时候 地方 原因 问题 事情 推荐 用料 步骤 攻略`)

// named are the community's topics that occur in her words, the earliest and most used
// first. A topic inside a longer one that stands at the same place gives way to it.
func (t *tagger) named() {
	words := strings.ToLower(t.note.words())
	type hit struct {
		topic Topic
		at    int
	}
	var hits []hit
	for _, topic := range t.note.input.Community.Topics {
		at := topicAt(words, topic.Name)
		for _, a := range topic.Aliases {
			if k := topicAt(words, a); k >= 0 && (at < 0 || k < at) {
				at = k
			}
		}
		if at >= 0 {
			hits = append(hits, hit{topic, at})
		}
	}
	slices.SortStableFunc(hits, func(a, b hit) int {
		return cmp.Or(cmp.Compare(len(b.topic.Name), len(a.topic.Name)), cmp.Compare(b.topic.Uses, a.topic.Uses), cmp.Compare(a.at, b.at))
	})
	most := tagsMost - 2
	if t.note.again(PartTags) > 0 {
		most = tagsRead - 8
	}
	hits = hits[:min(len(hits), most)]
	slices.SortStableFunc(hits, func(a, b hit) int { return cmp.Compare(a.at, b.at) })
	for _, h := range hits {
		t.add(h.topic.Name, "tag.topic")
	}
}

// topicAt is where a topic stands in the words, at the border of words if it is Latin.
func topicAt(words, name string) int {
	name = strings.ToLower(strings.TrimSpace(name))
	if name == "" {
		return -1
	}
	for from := 0; ; {
		k := strings.Index(words[from:], name)
		if k < 0 {
			return -1
		}
		k += from
		if !isLetter(name[0]) || (k == 0 || !isLetter(words[k-1])) && (k+len(name) == len(words) || !isLetter(words[k+len(name)])) {
			return k
		}
		from = k + len(name)
	}
}

func isLetter(b byte) bool { return b >= 'a' && b <= 'z' }

// own are place and kind, kind and subject; only what the community knows, if it knows any.
func (t *tagger) own() {
	n := t.note
	open := len(t.topics) == 0
	head := flat(n.subject.head)
	offer := func(name, code string) {
		if _, ok := t.topics[name]; ok || open {
			t.add(name, code)
		}
	}
	for _, p := range n.places() {
		if !open {
			offer(p+head, "tag.place")
			offer(p+kindTopic[n.kind], "tag.place")
		}
		offer(p, "tag.place")
	}
	for _, w := range n.subjectNouns() {
		offer(w, "tag.subject")
	}
	if width(head) <= 5 && strings.IndexFunc(head, unicode.IsDigit) < 0 {
		offer(head, "tag.subject")
	}
	if n.sure {
		offer(kindTopic[n.kind], "tag.kind")
	}
	for _, c := range n.clauses {
		if c.role == roleAudience && audienceKnown.MatchString(n.fact(c).Text) {
			offer(n.fact(c).Text, "tag.subject")
		}
	}
}

// subjectNouns are the nouns of a proven subject, the first three.
func (n *note) subjectNouns() []string {
	var out []string
	if !n.subject.proven {
		return nil
	}
	for _, w := range n.clauses[n.subject.clause].words {
		if (w.Tag == "n" || w.Tag == "nz") && width(w.Text) >= 2 && len(out) < 3 && strings.Contains(flat(n.subject.full), w.Text) {
			out = append(out, w.Text)
		}
	}
	return out
}

// places are the place names of the subject's clause, at most two.
func (n *note) places() []string {
	var out []string
	if n.subject.none {
		return nil
	}
	for _, c := range n.clauses[n.subject.clause : n.subject.clause+1] {
		for _, w := range c.words {
			if w.Tag == "ns" && len(out) < 2 && width(w.Text) >= 2 && !slices.Contains(out, w.Text) {
				out = append(out, w.Text)
			}
		}
	}
	return out
}

// words is all she wrote, for finding topics in it.
func (n *note) words() string {
	var b strings.Builder
	if n.form == formChat || n.form == formArticle { // what others said is not hers
		for _, c := range n.clauses {
			b.WriteString(c.text() + "\n")
		}
	} else {
		b.WriteString(n.ideas.text)
	}
	for _, a := range n.input.Answers {
		b.WriteString("\n")
		b.WriteString(a.Text)
	}
	return b.String()
}
