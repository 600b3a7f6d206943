package text

import (
	"cmp"
	"slices"
	"sort"
	"strings"
	"sync"
	"unicode"
)

// ContactKind is a way to reach somebody outside the community.
type ContactKind string

// The kinds of contact.
const (
	ContactPhone  ContactKind = "phone"
	ContactWeChat ContactKind = "wechat"
	ContactQQ     ContactKind = "qq"
	ContactEmail  ContactKind = "email"
	ContactURL    ContactKind = "url"
	ContactCall   ContactKind = "call" // an invitation without an address: 加我, 私我, 主页有
)

// Contact is one contact detail, or a call to make contact, at bytes [Start, End) of the
// original. Score is how sure it is one, 0 to 1; Disguised says it was written to be missed.
type Contact struct {
	Kind       ContactKind
	Start, End int
	Score      float64
	Layers     Layer
	Disguised  bool
}

// Contacts finds contact details, plain or lightly disguised, in order and without
// overlaps. Prices, dates, sizes, order numbers and angles are none.
func Contacts(s string) []Contact {
	c := contacts{text: s, f: Fold(s)}
	c.cued()
	c.phones()
	c.addresses()
	return c.settle()
}

type contacts struct {
	text  string
	f     Folded
	found []Contact
}

func (c *contacts) add(kind ContactKind, from, to int, score float64, disguised bool) {
	start, end, layers := c.f.Span(from, to)
	for i := from; i < to; i++ { // a colon in full width is no disguise, a digit is
		u := c.f.Units[i]
		disguised = disguised || wordy(u.Rune) && u.Layers&^(Case|Traditional|Invisible) != 0 || i > from && wordy(u.Rune) && u.Layers&Invisible != 0
	}
	c.found = append(c.found, Contact{kind, start, end, score, layers, disguised})
}

// settle orders what was found; of two that overlap the surer one stays, else the longer.
func (c *contacts) settle() []Contact {
	slices.SortStableFunc(c.found, func(x, y Contact) int { return cmp.Compare(x.Start, y.Start) })
	kept := c.found[:0]
	for _, k := range c.found {
		last := len(kept) - 1
		switch {
		case last < 0 || kept[last].End <= k.Start:
			kept = append(kept, k)
		case cmp.Or(cmp.Compare(k.Score, kept[last].Score), cmp.Compare(k.End-k.Start, kept[last].End-kept[last].Start)) > 0:
			kept[last] = k
		}
	}
	return kept
}

// at is the folded rune at a unit, 0 beyond the text.
func (c *contacts) at(i int) rune {
	if i < 0 || i >= len(c.f.Units) {
		return 0
	}
	return c.f.Units[i].Rune
}

// unit is the index of the first unit that starts at or behind an original offset.
func (c *contacts) unit(offset int) int {
	return sort.Search(len(c.f.Units), func(i int) bool { return int(c.f.Units[i].Start) >= offset })
}

// cue is a word that announces an address.
type cue struct {
	text      string
	kind      ContactKind
	alone     float64 // score without an address behind it; 0: nothing without one
	disguised bool
}

var cues = []cue{
	{"微信", ContactWeChat, 0, false},
	{"weixin", ContactWeChat, 0, false},
	{"wechat", ContactWeChat, 0, false},
	{"加微信", ContactWeChat, 0.7, false},
	{"加个微信", ContactWeChat, 0.7, false},
	{"加我微信", ContactWeChat, 0.85, false},
	{"加weixin", ContactWeChat, 0.8, false},
	{"+微信", ContactWeChat, 0.7, false},
	{"➕微信", ContactWeChat, 0.85, true},
	{"薇信", ContactWeChat, 0.85, true},
	{"徽信", ContactWeChat, 0.8, true},
	{"溦信", ContactWeChat, 0.85, true},
	{"薇芯", ContactWeChat, 0.7, true},
	{"葳信", ContactWeChat, 0.85, true},
	{"微❤", ContactWeChat, 0.85, true},
	{"微♥", ContactWeChat, 0.85, true},
	{"微💗", ContactWeChat, 0.8, true},
	{"薇❤", ContactWeChat, 0.85, true},
	{"v❤", ContactWeChat, 0.8, true},
	{"v♥", ContactWeChat, 0.8, true},
	{"v信", ContactWeChat, 0.85, true},
	{"威信", ContactWeChat, 0, true},
	{"维信", ContactWeChat, 0, true},
	{"卫星", ContactWeChat, 0, true},
	{"微x", ContactWeChat, 0, true},
	{"vx", ContactWeChat, 0, true},
	{"wx", ContactWeChat, 0, true},
	{"v号", ContactWeChat, 0, true},
	{"加vx", ContactWeChat, 0.85, true},
	{"加wx", ContactWeChat, 0.85, true},
	{"+vx", ContactWeChat, 0.85, true},
	{"+wx", ContactWeChat, 0.8, true},
	{"➕vx", ContactWeChat, 0.85, true},
	{"加v", ContactWeChat, 0.8, true},
	{"+v", ContactWeChat, 0.7, true},
	{"➕v", ContactWeChat, 0.85, true},
	{"加我v", ContactWeChat, 0.85, true},
	{"加薇", ContactWeChat, 0.8, true},
	{"加微", ContactWeChat, 0.7, true},
	{"➕微", ContactWeChat, 0.85, true},
	{"➕薇", ContactWeChat, 0.85, true},
	{"绿泡泡", ContactWeChat, 0.6, true},
	{"小绿软件", ContactWeChat, 0.7, true},
	{"qq", ContactQQ, 0, false},
	{"扣扣", ContactQQ, 0, true},
	{"抠抠", ContactQQ, 0, true},
	{"企鹅号", ContactQQ, 0, true},
	{"🐧", ContactQQ, 0, true},
	{"q群", ContactQQ, 0, true},
	{"扣群", ContactQQ, 0.7, true},
	{"加qq", ContactQQ, 0.7, false},
	{"加q", ContactQQ, 0.7, true},
	{"加扣", ContactQQ, 0.7, true},
	{"私我", ContactCall, 0.55, false},
	{"加我好友", ContactCall, 0.6, false},
	{"加我领", ContactCall, 0.7, false},
	{"加我拿", ContactCall, 0.7, false},
	{"加我咨询", ContactCall, 0.7, false},
	{"加我私", ContactCall, 0.6, false},
	{"滴滴我", ContactCall, 0.55, false},
	{"滴我", ContactCall, 0.5, false},
	{"dd我", ContactCall, 0.5, false},
	{"戳我头像", ContactCall, 0.6, false},
	{"戳头像", ContactCall, 0.5, false},
	{"点我头像", ContactCall, 0.6, false},
	{"主页有联系", ContactCall, 0.8, false},
	{"主页有方式", ContactCall, 0.75, false},
	{"主页有微", ContactCall, 0.8, true},
	{"联系方式在主页", ContactCall, 0.8, false},
	{"主页有群", ContactCall, 0.7, false},
	{"进群领", ContactCall, 0.7, false},
	{"扫码进群", ContactCall, 0.75, false},
	{"扫码加", ContactCall, 0.7, false},
	{"私信我领", ContactCall, 0.6, false},
	{"私信领", ContactCall, 0.55, false},
	{"加我", ContactCall, 0.5, false},
	{"主页有", ContactCall, 0.5, false},
}

var cueFinder = sync.OnceValue(func() *Automaton {
	list := make([]Phrase, len(cues))
	for i, c := range cues {
		list[i].Text = c.text
	}
	return Compile(list)
})

// cued finds cues, and the addresses behind them.
func (c *contacts) cued() {
	for m := range cueFinder().All(c.text) {
		k := cues[m.Phrase]
		from, to := c.unit(m.Start), c.unit(m.End)
		if _, _, layers := c.f.Span(from, to); layers&Numeral != 0 || !c.standsAlone(k, from) {
			continue
		}
		if end, sure := c.address(k, to); end > to {
			if sure || k.disguised || k.alone > 0 {
				c.add(k.kind, from, end, 0.95, k.disguised)
			}
			continue
		}
		if k.alone > 0 && c.endsWell(k, to) {
			c.add(k.kind, from, to, k.alone, k.disguised)
		}
	}
}

// standsAlone rejects a Latin cue in the middle of a Latin word or number, and 加 as the
// end of another word.
func (c *contacts) standsAlone(k cue, from int) bool {
	first, before := []rune(k.text)[0], c.at(from-1)
	if first < 0x80 && before < 0x80 && (unicode.IsLetter(before) || unicode.IsDigit(before)) {
		return false
	}
	if first == '加' && strings.ContainsRune("参增更添附追施强再", before) && before != 0 {
		return false
	}
	return !(k.text == "主页有" && before != 0 && strings.ContainsRune("店官", before))
}

// endsWell rejects cues that go on as an everyday word: 加微辣, V 领, VIP, 加我一个.
func (c *contacts) endsWell(k cue, to int) bool {
	next := c.at(to)
	boundary := next == 0 || !unicode.IsLetter(next) && c.f.Units[to].Layers&Numeral == 0
	switch k.text {
	case "加微", "加薇", "➕微", "➕薇":
		return boundary || strings.ContainsRune("信芯聊私", next)
	case "加v", "+v", "➕v", "加我v", "加q", "加扣", "v信":
		return !(next < 0x80 && unicode.IsLetter(next) || next == '领' || next == '字' || next == '弹')
	case "加我":
		return boundary || strings.ContainsRune("吧呀哦进了解咨", next)
	case "主页有":
		return boundary || strings.ContainsRune("详更同链店", next)
	case "私我":
		return boundary || strings.ContainsRune("领拿哦呀吧发要看咨", next)
	case "微❤", "微♥", "微💗", "薇❤", "v❤", "v♥":
		return true
	}
	return true
}

// address reads what stands behind a cue: connecting signs, then an id. Sure means that
// only an id looks so.
func (c *contacts) address(k cue, from int) (end int, sure bool) {
	i, announced := from, false
	for ; i < from+8; i++ {
		r := c.at(i)
		if r == ':' || r == '号' || r == '=' {
			announced = true
		} else if r == 0 || !strings.ContainsRune(" \t,，是群—-~→>()[]【】「」|/👉⬇加我+", r) {
			break
		}
	}
	j, digits, letters := i, 0, 0
	for ; j < i+24; j++ {
		r := c.at(j)
		switch {
		case r >= '0' && r <= '9':
			digits++
		case r >= 'a' && r <= 'z':
			letters++
		case (r == '_' || r == '-') && j > i:
		default:
			r = 0
		}
		if r == 0 || r >= 0x80 {
			break
		}
	}
	if c.benignUnit(j) {
		return from, false
	}
	switch n := j - i; {
	case letters == 0 && digits >= 5 && digits <= 11 && digits == n:
		return j, announced || digits >= 6
	case k.kind == ContactWeChat && letters > 0 && c.at(i) >= 'a' && n >= 6 && n <= 20:
		if digits == 0 && !announced && (i == from || !k.disguised) {
			return from, false // a Latin word behind it, not an id
		}
		return j, announced || digits > 0
	}
	return from, false
}

// benignUnit reports whether what follows makes a number a quantity.
func (c *contacts) benignUnit(i int) bool {
	if c.at(i) == ' ' {
		i++
	}
	r := c.at(i)
	return r != 0 && strings.ContainsRune("元块万亿千人次个年月日度%米克斤ml吨分秒步粉赞", r)
}
