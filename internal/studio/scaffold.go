package studio

import (
	"slices"
	"strings"
)

// tongue is the closed list of words and marks the writer may put between hers, in one
// language. Nothing else is ever added, except the frames of last resort, which are marked
// as added.
type tongue struct {
	plus, minus, steps, ingredients, ready, order, route, close, more        string // headings
	price, when, where, used, body, size, also, overview, menu, facts, costs string // names of rows and pages
	bar, but, comma, list, and, of, ask, count, see, dot                     string // connectives
	gap, total, stepTime, yuan, minutes                                      string // of facts worked out
	choose, about, record, on                                                string // added words
}

var chinese = tongue{
	plus: "加分", minus: "留意", steps: "步骤", ingredients: "用料", ready: "准备", order: "点了什么", route: "怎么去", close: "结论", more: "补充",
	price: "价格", when: "时间", where: "位置", used: "用了", body: "身材", size: "尺码", also: "还有", overview: "总览", menu: "价目", facts: "信息", costs: "花费",
	bar: "｜", but: "，但", comma: "，", list: "、", and: "和", of: "的", ask: "？", count: "步", see: "详见图 ", dot: " · ",
	gap: "差价", total: "合计", stepTime: "步骤时间合计", yuan: "元", minutes: "分钟",
	choose: "怎么选", about: "关于", record: "记：", on: "：",
}

var english = tongue{
	plus: "Good", minus: "Mind", steps: "Steps", ingredients: "Ingredients", ready: "Before", order: "Ordered", route: "Getting there", close: "In short", more: "More",
	price: "Price", when: "When", where: "Where", used: "Used", body: "Body", size: "Size", also: "Also", overview: "Overview", menu: "Menu", facts: "Facts", costs: "Costs",
	bar: " | ", but: ", but ", comma: ", ", list: ", ", and: " or ", of: " ", ask: "?", count: " steps", see: "See picture ", dot: " · ",
	gap: "Difference ", total: "Total ", stepTime: "All steps ", yuan: " yuan", minutes: " minutes",
	choose: "which", about: "About ", record: "Note: ", on: ": ",
}

// bullets are the sets of marks and headings the styles of heading; an account keeps one.
var (
	bullets  = [...]string{"· ", "- ", "• ", "▪ "}
	headings = [...][2]string{{"", ""}, {"【", "】"}, {"▍", ""}}
)

// marks are scaffold in every language.
var marks = []string{"烤制", "煮制", "蒸制", "炖煮", "冷藏", "发酵", "\n", "\n\n", "＋ ", "－ ", "＋", "－", ". ", "…", "（", "）", "，", " ", "、"}

func (t tongue) words() []string {
	return []string{
		t.plus, t.minus, t.steps, t.ingredients, t.ready, t.order, t.route, t.close, t.more,
		t.price, t.when, t.where, t.used, t.body, t.size, t.also, t.overview, t.menu, t.facts, t.costs,
		t.bar, t.but, t.comma, t.list, t.and, t.of, t.ask, t.count, t.see, t.dot,
		t.gap, t.total, t.stepTime, t.yuan, t.minutes,
	}
}

// isScaffold reports whether a token belongs to the closed list; numbers do.
func isScaffold(s string) bool {
	if s != "" && len(s) <= 6 && isDigits(s) {
		return true
	}
	if slices.Contains(marks, s) || slices.Contains(bullets[:], s) {
		return true
	}
	for _, h := range headings {
		if s != "" && (s == h[0] || s == h[1]) {
			return true
		}
	}
	return slices.Contains(chinese.words(), s) || slices.Contains(english.words(), s)
}

func isDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// scaffold makes a Part of a token of the closed list.
func scaffold(s string) Part { return Part{Text: s} }

// added makes a Part of a frame's words.
func added(s string) Part { return Part{Text: s, Added: true} }

// Own is a body without the closed scaffold: its marks, headings and labels are the same in
// everybody's notes and say nothing about how their authors write.
func Own(body string) string {
	lines := strings.Split(body, "\n")
	own := lines[:0]
	for _, line := range lines {
		line = strings.TrimSpace(line)
		for _, b := range bullets {
			line = strings.TrimPrefix(line, b)
		}
		line = strings.TrimLeft(line, "＋－▍【 ")
		if number, rest, ok := strings.Cut(line, ". "); ok && isScaffold(number) {
			line = rest
		}
		if label, rest, ok := strings.Cut(line, chinese.on); ok && isScaffold(strings.TrimRight(label, "】")) {
			line = rest
		}
		if !isScaffold(strings.TrimRight(line, "】")) {
			own = append(own, line)
		}
	}
	return strings.Join(own, "\n")
}
