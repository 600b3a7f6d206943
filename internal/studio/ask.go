package studio

import (
	"strconv"
	"strings"

	"loam"
	"loam/internal/text"
)

func itoa(n int) string { return strconv.Itoa(n) }

// asksMost is how many questions stand under a draft.
const asksMost = 3

// question is one thing a note of a kind may lack. Known reports that the note says it
// already; args fill the sentence's blanks.
type question struct {
	slot  string
	code  string // ask.<code>; the slot if empty
	known func(*note) bool
	args  func(*note) []string
}

// questions are the kinds' questions in the order they are asked.
func questions(kind loam.NoteKind) []question {
	switch kind {
	case loam.KindShop:
		return []question{
			{slot: "name", known: (*note).placed},
			{slot: "hours", known: says("营业", "排队", "等位", "点开门", "点关门")},
			{slot: "order", known: hasRole(roleOrder)},
			{slot: "paid", known: paidKnown},
		}
	case loam.KindTutorial:
		return []question{
			{slot: "tools", known: says("版本", "用的是", "软件", "工具")},
			{slot: "hardest", known: hasRole(roleMinus, roleOwn)},
			{slot: "total", known: says("分钟", "小时")},
		}
	case loam.KindTest:
		return []question{
			{slot: "names", code: "names", known: says("全名", "规格"), args: namesArgs},
			{slot: "paid", known: paidKnown},
			{slot: "scope", known: func(n *note) bool { return n.unscoped() < 0 }, args: func(n *note) []string { return []string{n.clauses[n.unscoped()].text()} }},
			{slot: "unfit", known: says("不适合")},
		}
	case loam.KindList:
		return []question{
			{slot: "count", known: func(n *note) bool {
				return len(n.items) > 0 && n.stated() == len(n.items) || n.stated() == 0 && len(n.items) > 0
			}},
			{slot: "sort", known: says("按", "排名", "顺序")},
			{slot: "reason", known: reasonsGiven},
		}
	case loam.KindOutfit:
		return []question{
			{slot: "size", known: says("码")},
			{slot: "fabric", known: says("面料", "棉", "羊毛", "牛仔", "亚麻", "真丝", "针织")},
			{slot: "fit", known: hasRole(roleMinus)},
		}
	case loam.KindTravel:
		return []question{
			{slot: "when", known: says("月", "春节", "国庆", "五一", "端午", "暑假", "寒假", "清明", "元旦")},
			{slot: "cost", known: says("人均", "花了", "一共", "总共", "预算")},
			{slot: "book", known: says("预约", "提前订", "抢票")},
		}
	case loam.KindFood:
		return []question{
			{slot: "amount", known: func(n *note) bool { return says("人份", "人吃")(n) || len(n.ingredients()) > 1 }, code: "amount", args: amountArgs},
			{slot: "heat", known: says("度", "小火", "中火", "大火", "℃")},
			{slot: "keep", known: says("冷藏", "能存", "能放", "冷冻"), code: "keep"},
		}
	case loam.KindKnowledge:
		return []question{
			{slot: "source", known: says("研究", "论文", "指南", "据", "来源", "医生说")},
			{slot: "except", known: says("例外", "除非", "但如果")},
			{slot: "audience", known: hasRole(roleAudience)},
		}
	case loam.KindGoods:
		return []question{
			{slot: "buy", known: func(n *note) bool {
				return hasRole(rolePrice)(n) && says("店", "买的", "淘宝", "京东", "拼多多", "超市", "网上")(n)
			}},
			{slot: "used", known: says("用了", "半年", "个月", "一年", "两年")},
			{slot: "paid", known: paidKnown},
		}
	case loam.KindDaily: // she tells a day: nothing is missing
	}
	return nil
}

// asks are the questions the note does not answer yet.
func (n *note) asks() []Ask {
	out := []Ask{}
	if n.form == formArticle { // it is written already
		return out
	}
	for _, q := range questions(n.kind) {
		if len(out) == asksMost || n.answered(q.slot) || q.known(n) {
			continue
		}
		a := Ask{Slot: q.slot, Code: "ask." + q.slot, Args: []string{}, Why: sentence("ask.why")}
		if q.args != nil {
			a.Args = q.args(n)
		}
		if q.slot == "amount" && a.Args[0] == "" {
			a.Code, a.Args = "ask.amount_any", []string{}
		}
		if q.slot == "keep" && strings.ContainsAny(n.ideas.text, "烤炸") {
			a.Code = "ask.keep_cold"
		}
		if q.slot == "paid" {
			a.Why = sentence("ask.paid.why")
		}
		a.Text = sentence(a.Code, a.Args...)
		out = append(out, a)
	}
	return out
}

func (n *note) answered(slot string) bool {
	for _, a := range n.input.Answers {
		if a.Slot == slot && hasWord(a.Text) {
			return true
		}
	}
	return false
}

// says reports whether one of the words occurs in what she wrote.
func says(words ...string) func(*note) bool {
	return func(n *note) bool {
		all := n.words()
		for _, w := range words {
			if strings.Contains(all, w) {
				return true
			}
		}
		return false
	}
}

func hasRole(roles ...role) func(*note) bool {
	return func(n *note) bool {
		for _, c := range n.clauses {
			for _, r := range roles {
				if c.role == r {
					return true
				}
			}
		}
		return false
	}
}

func (n *note) placed() bool { return says("站走", "号线", "地铁")(n) }

// paidKnown: she said who paid, or there is no named thing or shop to ask about. Example C
// names its things by letters only and is asked all the same: a test names things.
func paidKnown(n *note) bool {
	if says("自费", "送的", "赠", "自己买", "广告", "合作", "品牌方")(n) {
		return true
	}
	return n.kind == loam.KindShop && n.name() == nil
}

// spec is what readers of a test ask of a thing.
var spec = map[string]string{
	"防晒": "防晒指数", "防晒霜": "防晒指数", "粉底": "色号", "粉底液": "色号", "口红": "色号", "唇釉": "色号", "气垫": "色号",
	"鞋": "尺码", "牛仔裤": "尺码", "耳机": "型号", "键盘": "型号", "手机": "型号",
}

func namesArgs(n *note) []string {
	count := ""
	if k := len(n.items); k >= 2 {
		count = numeralOf(k) + "款"
	}
	s := spec[flat(n.subject.head)]
	if s == "" {
		s = "规格"
	}
	return []string{count, s}
}

func numeralOf(k int) string {
	if k >= 2 && k <= 9 {
		return []string{"两", "三", "四", "五", "六", "七", "八", "九"}[k-2]
	}
	return itoa(k)
}

// unscoped is the first judgement that belongs to no item of several, -1 if there is none.
func (n *note) unscoped() int {
	if len(n.items) < 2 {
		return -1
	}
	for i, c := range n.clauses {
		if i > n.items[len(n.items)-1].to && n.free(i) && (c.role == rolePlus || c.role == roleMinus) {
			return i
		}
	}
	return -1
}

// stated is how many things her first clause says there are, 0 if it says nothing.
func (n *note) stated() int {
	k, _, _ := countIn(n.clauses[0].text())
	return k
}

// countIn finds the last number of things a text says there are; months and people count
// no things, and 第 makes it a place in a row.
func countIn(s string) (k, start, end int) {
	for _, m := range countPattern.FindAllStringSubmatchIndex(s, 8) {
		if nameCount.MatchString(s[m[3]:]) || strings.HasSuffix(s[:m[0]], "第") {
			continue
		}
		if v := numberOf(s[m[2]:m[3]]); v > 0 {
			k, start, end = v, m[0], m[1]
		}
	}
	return k, start, end
}

func numberOf(s string) int {
	if k, err := strconv.Atoi(s); err == nil {
		return k
	}
	k := strings.Index("一二三四五六七八九十", s)
	switch {
	case s == "两":
		return 2
	case k >= 0 && len(s) == len("一"):
		return k/len("一") + 1
	}
	return 0
}

func reasonsGiven(n *note) bool {
	for _, it := range n.items {
		if it.from == it.to && width(n.clauses[it.from].text()) < 8 {
			return false
		}
	}
	return len(n.items) > 0
}

// amountArgs names the first thing a recipe takes a number of: of 两个红薯, 红薯.
func amountArgs(n *note) []string {
	for _, c := range n.clauses {
		if p, ok := counted(c); ok {
			words := text.Segment(p.Text)
			return []string{words[len(words)-1].Text}
		}
	}
	return []string{""}
}

// counted is the number and the thing it counts in a clause: 两个红薯.
func counted(c clause) (Part, bool) {
	for i, w := range c.words {
		if i == 0 || w.Tag != "n" || !hasAnySuffix(c.words[i-1].Text, "个", "只", "根", "块", "颗", "条", "把", "片", "勺") {
			continue
		}
		from, measure := i-1, c.words[i-1].Text
		number := strings.TrimRight(measure, "个只根块颗条把片勺")
		if c.words[from].Tag == "q" && from > 0 && c.words[from-1].Tag == "m" {
			from--
			number = c.words[from].Text // 十分钟把 counts nothing
		}
		if c.words[from].Tag == "m" && pureNumber.MatchString(number) && !strings.Contains(w.Text, "钱") {
			return c.sub(c.words[from].Start, w.End), true
		}
	}
	return Part{}, false
}
