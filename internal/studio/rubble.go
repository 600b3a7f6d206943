package studio

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"loam/internal/text"
)

// fillers are what people say while they think; longest first, so that 就是教大家 goes whole.
var fillers = []string{
	"差不多就这样", "大概就这样", "就这样吧", "就是教大家", "我来给大家说一下", "我给大家说一下", "给大家说一下", "跟大家说一下", "我来讲一下", "我来教一下", "我教一下", "我来说一下", "教大家怎么", "怎么说呢", "你知道吗", "就是说呢", "那个什么", "然后的话", "教大家", "就是说", "然后呢", "那个啥", "反正就是",
	"是这样的", "对吧", "嗯嗯", "对了", "嗯", "呃", "额", "哈", "那么",
}

// links start something new and are dropped where they do; numbered steps need none.
var links = []string{"然后", "首先", "接着", "随后", "最后", "另外", "还有就是", "还有"}

// turns start something new and stay; see clause.turned.
var turns = []string{"但是", "不过", "可惜", "但", "所以"}

// rubble cuts [start, end) of one line of voice typing: fillers out, breaks before links
// and turns, and after a duration or price that something else follows.
func (r *reader) rubble(start, end int) {
	words := text.Segment(r.text[start:end])
	from, i := start, 0
	for i < len(words) {
		at := start + words[i].Start
		rest := r.text[at:end]
		if n := r.filler(rest, words, i, at == from); n > 0 {
			r.close(from, at)
			r.drop(at, at+n)
			from = at + n
			for i < len(words) && start+words[i].Start < from {
				i++
			}
			continue
		}
		if i > 0 && at > from && (startsTurn(words, i) || ownHistory(rest) || startsAgain(r.text[from:at], words, i) || dayPattern.MatchString(rest) && width(r.text[from:at]) >= 4 || startsThing(rest, words, i) || endsFact(words, i)) {
			r.close(from, at)
			from = at
		}
		i++
	}
	r.close(from, end)
}

// close ends a piece of rubble: what punctuation it has still cuts it.
func (r *reader) close(start, end int) {
	if start < end {
		r.loose = true
		r.clauses(start, end)
	}
}

func (r *reader) drop(start, end int) {
	r.cut = append(r.cut, Cut{Text: r.text[start:end], Start: start, End: end})
	r.loose = true
}

// opener is how people begin to speak before they say anything.
var opener = regexp.MustCompile(`^(?:那个)?(?:就是)?我?(?:今天|现在)?就?(?:是?想|要|来)?(?:给|跟|和)(?:大家|你们)(?:说|讲|聊|分享|介绍)(?:一下|一说)?|^(?:那个)?(?:就是)?我?(?:今天|现在)?就?是?(?:想|要)(?:说|讲|聊|分享|介绍)(?:一下|一说)`)

// filler is the length of a filler or link at the start of rest, 0 if none stands there.
// Opening says that a piece would begin there.
func (r *reader) filler(rest string, words []text.Word, i int, opening bool) int {
	if m := opener.FindString(rest); opening && m != "" {
		return len(m)
	}
	for _, f := range fillers {
		if strings.HasPrefix(rest, f) && !(f == "对了" && i > 0 && rightly[words[i-1].Text]) && !(f == "哈" && words[i].Text != f) {
			return len(f)
		}
	}
	if words[i].Text == "那个" && i+1 < len(words) && isNoun(words[i+1].Tag) && (opening || words[i-1].Text == "嗯" || words[i-1].Text == "呃" || words[i-1].Text == "就是") {
		return len("那个")
	}
	for _, l := range links {
		if words[i].Text == l {
			return len(l)
		}
	}
	// 先把, 先切: a number says so too.
	if words[i].Text == "就是" && (opening || words[i-1].Text == "嗯" || words[i-1].Text == "呃") {
		return len("就是")
	}
	if words[i].Text == "先" && i+1 < len(words) && (words[i+1].Text == "把" || words[i+1].Text == "将" || words[i+1].Tag == "v") {
		return len("先")
	}
	return 0
}

// hollow are words that say nothing by themselves, however many of them stand together.
var hollow = wordSet(`那个 这个 就是 就 是 我 你 大家 你们 我们 今天 现在 想 要 来 给 跟 和 说 讲 聊 分享 介绍 一下 一 下 然后 嗯 呃 额 其实 反正 差不多 大概 这样 那样 这么 那么 吧 了 的 啊 呢 嘛 哈 对 好 还有 什么 怎么说 可能 应该 觉得 就是说`)

// isHollow reports words that only fill.
func isHollow(words []text.Word) bool {
	for _, w := range words {
		if !hollow[strings.ToLower(w.Text)] && w.Tag != "y" && w.Tag != "x" {
			return false
		}
	}
	return len(words) > 1
}

// rightly are verbs after which 对了 says that it was right.
var rightly = wordSet(`做 说 猜 答 选 配 算 找 买 来 问 走 看 写 记 用 放`)

// someone are the persons a new clause begins with.
var someone = wordSet(`我 我们 他 她 它 他们 她们`)

// takers are words a person belongs to who stands behind them.
var takers = wordSet(`说 觉得 让 给 看 看到 看着 叫 陪 找 帮 问 告诉 教 送 跟 和 与 对 把 被 等 等着 带 带着 骂 夸 冲 离 比 像 是 有 知道 发现 以为 听 听到 希望 感觉 认识 抱 抱着 喊 请 拉 连 替 为 在`)

// startsAgain reports a person, a reason or a moment that begins a clause in speech.
func startsAgain(said string, words []text.Word, i int) bool {
	before := words[i-1]
	switch w := words[i].Text; {
	case someone[w]:
		return width(said) >= 6 && !takers[before.Text] && before.Text != "结果" && before.Tag != "p" && before.Tag != "c" && before.Tag != "u"
	case w == "结果": // of it, not 检查结果
		return width(said) >= 2 && i+1 < len(words) && (someone[words[i+1].Text] || words[i+1].Tag == "r" || words[i+1].Tag == "d" || words[i-1].Tag == "v" || words[i-1].Tag == "u")
	case w == "因为" || w == "后来" || w == "突然" || w == "其实":
		return width(said) >= 4
	}
	return false
}

func startsTurn(words []text.Word, i int) bool {
	if slices.Contains(turns, words[i].Text) {
		return true
	}
	if words[i].Text == "but" {
		return i > 1 && words[i-2].Text != "nothing" && words[i-2].Text != "all"
	}
	return words[i].Text == "就是" && i+1 < len(words) && (isTurnedTo(words[i+1].Text) || minusWords[words[i+1].Text])
}

// isTurnedTo reports a word after which 就是 means but.
func isTurnedTo(w string) bool {
	for _, t := range []string{"有点", "有一点", "太", "不", "容易", "会", "贵", "重", "慢", "偏", "略", "稍", "没", "难", "吵", "远", "小"} {
		if strings.HasPrefix(w, t) {
			return true
		}
	}
	return false
}

// startsThing reports an item's key, 用了 with a time, or a step of a tutorial.
func startsThing(rest string, words []text.Word, i int) bool {
	before := words[i-1]
	switch {
	case keyPattern.MatchString(rest):
		return before.Tag != "v" && before.Tag != "p" && before.Tag != "c"
	case (words[i].Text == "用" || words[i].Text == "穿") && i+2 < len(words) && words[i+1].Text == "了":
		return words[i+2].Tag == "m" && isNoun(before.Tag)
	}
	return clicking[words[i].Text] && (isNoun(before.Tag) || before.Tag == "v") && before.Text != "先"
}

// clicking are the verbs that always begin a step.
var clicking = wordSet(`点击 打开 选择 导入 导出 保存 输入 搜索 勾选`)

func ownHistory(rest string) bool {
	return strings.HasPrefix(rest, "我第一次") || strings.HasPrefix(rest, "我上次") || strings.HasPrefix(rest, "我一开始")
}

// endsFact reports whether a duration or price ends before word i and something new begins
// there: 泡水十分钟｜沥干, 人均35元｜靠窗. Or a judgement of a thing: 拿铁好喝｜停车难.
func endsFact(words []text.Word, i int) bool {
	w := words[i]
	if (w.Text == "人均" || w.Text == "均价" || w.Text == "门票") && i+1 < len(words) && words[i+1].Tag == "m" {
		return true
	}
	if w.Tag == "u" || w.Tag == "y" || w.Tag == "m" || w.Tag == "q" && w.Text != "把" || w.Tag == "f" || w.Tag == "c" {
		return false
	}
	if c, _ := utf8.DecodeRuneInString(w.Text); strings.ContainsRune("钱毛多几一二两三四五六七八九", c) {
		return false // 四块｜钱 is one amount, 一块｜五毛钱 too
	}
	last := words[i-1].Text
	numbered := i >= 2 && words[i-2].Tag == "m" || words[i-1].Tag == "m" && len(last) > 3
	switch {
	case numbered && hasAnySuffix(last, "分钟", "小时", "秒", "钟头"):
		return w.Tag == "v" || w.Tag == "p" || w.Text == "把" || w.Text == "再"
	case numbered && hasAnySuffix(last, "元", "块", "块钱", "公斤", "斤", "个月", "月", "年"):
		return true
	}
	return i >= 2 && predicate(words[:i]) && beginsAnew(words, i)
}

// predicate reports words that end in a judgement of something: 拿铁好喝, 人特别多.
func predicate(words []text.Word) bool {
	last, before := words[len(words)-1].Text, words[len(words)-2]
	if !plusWords[last] && !minusWords[last] && last != "多" && last != "少" && last != "大" && last != "小" {
		return false
	}
	return isNoun(before.Tag) || before.Tag == "c" || before.Tag == "d" || before.Tag == "l" || toomuch[before.Text]
}

// beginsAnew reports a word that begins the next thing after a judgement, not one that the
// judgement belongs to: 很快做完.
func beginsAnew(words []text.Word, i int) bool {
	switch words[i].Tag {
	case "v":
		return words[i-2].Tag == "d" && !wayWords[words[i-1].Text]
	case "r", "i", "s":
		return true
	}
	return isNoun(words[i].Tag)
}

// wayWords say how something is done when a verb follows.
var wayWords = wordSet(`快 慢 多 少 大 小 方便 轻松 适合 简单 容易 难`)

func hasAnySuffix(s string, suffixes ...string) bool {
	for _, x := range suffixes {
		if strings.HasSuffix(s, x) {
			return true
		}
	}
	return false
}

func isNoun(tag string) bool {
	switch tag {
	case "n", "ns", "nr", "nt", "nz", "vn", "s", "j", "an":
		return true
	}
	return false
}
