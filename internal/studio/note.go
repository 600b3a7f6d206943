package studio

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"loam"
)

// note is what was read of an input: her clauses, and what they make together.
type note struct {
	input   Input
	ideas   *source
	form    form
	kind    loam.NoteKind
	tongue  tongue
	clauses []clause // of the idea
	answers []clause // of the answers, in the order of Input.Answers
	cut     []string
	subject subject
	items   []item
	days    []day
	steps   []int // clauses that are steps
	listed  int   // the clause of a list that joins its things by 、, -1 if none
	sure    bool  // the kind was named, or cues spoke for it
	regroup bool
	unread  int // characters beyond maxRead
}

// item is one thing of several: its key and what was said of it.
type item struct {
	key      int // clause of the key
	price    int // clause of its price, -1 if none
	clauses  []int
	from, to int // all its clauses, key and price too
}

// day is one day of a journey.
type day struct {
	key     int
	clauses []int
}

// understand reads an input.
func understand(in Input) *note {
	n := &note{input: in, cut: []string{}}
	idea, from := in.Idea, 0
	if k := strings.IndexFunc(idea, isWordy); k > maxRead {
		from = k // thousands of marks before the first word
	}
	if k := from + runeOffset(idea[from:], maxRead); k < len(idea) {
		n.unread = utf8.RuneCountInString(idea[k:])
		idea = idea[:k]
	}
	n.ideas = &source{from: "idea", text: idea}
	n.form = formOf(idea[from:])
	n.tongue = chinese
	if strings.IndexFunc(idea, isHan) < 0 && strings.IndexFunc(idea, unicode.IsLetter) >= 0 {
		n.tongue = english
	}
	r := read(idea, from, n.form)
	if len(r.pieces) == 0 { // nothing but fillers: then they are what she says
		n.form = formIdea
		r = read(idea, from, n.form)
	}
	n.cut = append(n.cut, r.cut...)
	n.clauses = clausesOf(n.ideas, r, n.drop)
	n.readAnswers()
	n.kind, n.sure = in.Kind, true
	if n.kind == "" {
		n.kind, n.sure = n.guess()
	}
	n.subject = n.readSubject()
	n.markDishes()
	n.findItems()
	n.scope()
	n.findListed()
	n.findDays()
	n.findIngredients()
	n.findSteps()
	if c := n.clauses[n.subject.clause]; c.item > 0 || c.day > 0 || c.role == roleStep || c.role == roleIngredient || c.role == roleKey || c.role == roleDay {
		n.subject = subject{clause: -1, none: true}
	}
	n.keepLessons()
	n.regroup = n.worthRegrouping()
	return n
}

// markDishes makes a thing with its price a line of the price list.
func (n *note) markDishes() {
	if n.kind != loam.KindShop {
		return
	}
	for i := range n.clauses {
		if c := &n.clauses[i]; i != n.subject.clause && (c.role == roleShort || c.role == roleText) && dishPattern.MatchString(c.text()) {
			c.role = roleOrder
		}
	}
}

// keepLessons lets what came of it stay with what she did: 我第一次忘了选表头，结果全乱了.
func (n *note) keepLessons() {
	for i := 1; i < len(n.clauses); i++ {
		c, before := &n.clauses[i], n.clauses[i-1]
		if before.role != roleOwn || !n.joins(i-1, i) || c.role == roleStep || c.role.isFact() {
			continue
		}
		switch c.words[0].Text {
		case "结果", "就", "所以", "后来", "才", "于是":
			c.role = roleOwn
		}
	}
}

func (n *note) drop(s string) {
	if n.form == formRubble {
		n.cut = append(n.cut, strings.TrimSpace(s))
	}
}

func isWordy(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

func isHan(r rune) bool { return unicode.Is(unicode.Han, r) }

// readAnswers reads each answer as clauses; a stroke parts them too.
func (n *note) readAnswers() {
	for _, a := range n.input.Answers {
		if !hasWord(a.Text) || a.Slot == "" || a.Slot == "idea" {
			continue
		}
		src := &source{from: a.Slot, text: a.Text[:runeOffset(a.Text, 300)]}
		r := &reader{text: src.text}
		for start := 0; start < len(src.text); {
			end := strings.IndexAny(src.text[start:], "/／\n")
			if end < 0 {
				end = len(src.text) - start
			}
			r.line++
			r.loose = true
			r.clauses(start, start+end)
			start += end + 1
			for start < len(src.text) && !utf8.RuneStart(src.text[start]) {
				start++
			}
		}
		n.answers = append(n.answers, clausesOf(src, r, func(string) {})...)
	}
}

// findItems groups clauses under their keys. An item ends at the next key, at an audience
// or conclusion, and where a list item's line ends.
func (n *note) findItems() {
	if n.kind == loam.KindDaily || n.kind == loam.KindTutorial || n.kind == loam.KindFood {
		return
	}
	keys := 0
	for _, c := range n.clauses {
		if c.role == roleKey {
			keys++
		}
	}
	lines := n.form == formList && n.kind == loam.KindList && keys < 2
	if keys < 2 && !lines {
		return
	}
	var now *item
	for i := range n.clauses {
		c := &n.clauses[i]
		switch {
		case lines && c.first && (i > 0 || c.marked) && (c.marked || !n.anyMarked()), !lines && c.role == roleKey:
			n.items = append(n.items, item{key: i, price: -1, from: i, to: i})
			now = &n.items[len(n.items)-1]
			if c.role != roleKey {
				now.clauses = append(now.clauses, i)
			}
		case now == nil:
			continue
		case lines && c.first, !lines && (c.role == roleAudience || c.role == roleConclusion) && n.kind != loam.KindList:
			now = nil
			continue
		case c.role == rolePrice && now.price < 0:
			now.price = i
		default:
			now.clauses = append(now.clauses, i)
		}
		now.to = i
		c.item = len(n.items)
	}
}

// findListed finds the one clause of a list without items that names them all.
func (n *note) findListed() {
	n.listed = -1
	if n.kind != loam.KindList || len(n.items) > 0 {
		return
	}
	for i := range n.clauses {
		c := &n.clauses[i]
		if i != n.subject.clause && (c.role == roleText || c.role == roleShort) && strings.Count(c.text(), "、") >= 2 {
			n.listed, c.role = i, roleIngredient
			return
		}
	}
}

func (n *note) anyMarked() bool {
	for _, c := range n.clauses {
		if c.marked {
			return true
		}
	}
	return false
}

// findDays groups clauses under 第N天.
func (n *note) findDays() {
	if len(n.items) > 0 || n.kind == loam.KindDaily {
		return
	}
	for i := range n.clauses {
		c := &n.clauses[i]
		if c.role == roleDay {
			n.days = append(n.days, day{key: i})
			c.day = len(n.days)
			continue
		}
		if len(n.days) == 0 {
			continue
		}
		if c.role == rolePrice && wholePrice.MatchString(c.text()) {
			continue
		}
		last := &n.days[len(n.days)-1]
		if c.sentence != n.clauses[last.key].sentence && (c.role == roleConclusion || c.role == rolePrice || c.role == roleMinus && c.first) {
			return
		}
		last.clauses = append(last.clauses, i)
		c.day = len(n.days)
	}
}

// findSteps finds the steps of a recipe or tutorial: from the first clause that does
// something to the last, whatever stands between, but not what she tells of herself.
func (n *note) findSteps() {
	if n.kind != loam.KindFood && n.kind != loam.KindTutorial {
		return
	}
	first, last := -1, -1
	for i := range n.clauses {
		if (i != n.subject.clause || n.clauses[i].marked) && n.isStep(i) {
			if first < 0 {
				first = i
			}
			last = i
		}
	}
	if first < 0 {
		return
	}
	for first > 0 && first-1 != n.subject.clause && n.leadsIn(first-1) {
		first--
	}
	var steps []int
	for i := first; i <= last; i++ {
		switch n.clauses[i].role {
		case roleOwn, roleAudience, roleQuestion, roleConclusion, roleReason, roleIngredient:
			continue
		case roleText, roleShort, roleSpan, roleTime, roleStep:
		default:
			if !n.isStep(i) {
				continue
			}
		}
		if i != n.subject.clause || n.clauses[i].marked {
			steps = append(steps, i)
		}
	}
	if len(steps) < 2 {
		return
	}
	n.steps = steps
	for _, i := range steps {
		n.clauses[i].role = roleStep
	}
}

// findIngredients marks what a recipe takes: a clause that is an amount of something, or a
// list of them.
func (n *note) findIngredients() {
	if n.kind != loam.KindFood {
		return
	}
	for i := range n.clauses {
		c := &n.clauses[i]
		s := c.text()
		if doing[c.words[0].Text] || c.role == roleOwn || i == n.subject.clause && !ingredientsPattern.MatchString(s) {
			continue
		}
		if ingredientPattern.MatchString(s) || strings.Contains(s, "、") && len(amountPattern.FindAllString(s, 2)) == 2 || ingredientsPattern.MatchString(s) {
			c.role = roleIngredient
		}
	}
}

// doing are verbs that begin a step.
var doing = wordSet(`把 将 先 再 切 洗 煮 炒 炸 蒸 煎 烤 炖 焖 腌 泡 拌 揉 撒 淋 倒 放 加 加入 放入 倒入 撒上 淋上 刷 刷上 打 打入 搅 搅拌 拌匀 搅匀 下锅 出锅 起锅 盛出 装盘 焯 焯水 沥干 泡水 浸泡 腌制 去皮 切条 切丁 切片 切丝 切块 翻面 翻炒 预热 冷藏 冷冻 醒发 发酵 揉面 过筛 打发 擀开 铺平 铺上 静置 放凉 晾凉 收汁 勾芡 爆香 煮开 煮熟 蒸熟 烤熟 压扁 打开 点击 点 点开 选择 选中 选 设置 导入 导出 输入 拖 勾选 下载 安装 登录 复制 粘贴 保存 搜索 搜 关闭 关掉 新建 插入 调 长按 双击 扫码 注册 上传 拖到 拍 录 剪 写 贴 量 剪下 折 缝 卧 下 按 按下 倒扣 脱模 开 关 拧 拧下 接 接好 装 装上 preheat mix add bake stir pour cut chop boil fry open click choose select press save whisk fold serve`)

// leadsIn reports a plain clause with a verb right before the first step: 水开下面.
func (n *note) leadsIn(i int) bool {
	c := n.clauses[i]
	if c.role != roleText && c.role != roleShort {
		return false
	}
	if n.kind == loam.KindFood {
		return !isNoun(c.words[len(c.words)-1].Tag)
	}
	for _, w := range c.words {
		if w.Tag == "v" {
			return true
		}
	}
	return false
}

// isStep reports a clause that by itself reads as a step.
func (n *note) isStep(i int) bool {
	c := &n.clauses[i]
	if c.role == roleOwn || c.role == roleAudience || c.role == roleQuestion || c.role == roleConclusion || c.role == roleReason || c.role == rolePrice || c.role == roleIngredient || len(c.words) == 0 {
		return false
	}
	if c.marked && n.form == formList {
		return true
	}
	s := c.text()
	if stepPattern.MatchString(s) {
		return true
	}
	if unneeded[c.words[0].Text] || toomuch[c.words[0].Text] || negators[c.words[0].Text] {
		return false
	}
	at := 0
	for at < len(c.words)-1 && (c.words[at].Text == "然后" || c.words[at].Text == "接着" || c.words[at].Text == "最后" || c.words[at].Text == "首先" || c.words[at].Text == " " || c.words[at].Text == "用" || c.words[at].Text == "全部") {
		at++
	}
	if w := c.words[at]; doing[strings.ToLower(w.Text)] || w.Tag == "v" && doing[firstRune(w.Text)] {
		return true
	}
	if c.polarity == 0 && width(s) <= 20 {
		for _, w := range c.words {
			if doing[w.Text] && width(w.Text) >= 2 {
				return true
			}
		}
	}
	if timedPattern.MatchString(s) && width(s) <= 20 {
		for _, w := range c.words {
			if doing[w.Text] {
				return true
			}
		}
	}
	return false
}

func firstRune(s string) string {
	_, size := utf8.DecodeRuneInString(s)
	return s[:size]
}

// worthRegrouping: half the clauses are typed, or both praise and complaint are there, or
// items, days or steps. Otherwise her order is the better one.
func (n *note) worthRegrouping() bool {
	if n.kind == loam.KindDaily || n.form == formArticle {
		return false
	}
	if len(n.items) > 0 || len(n.days) > 0 || len(n.steps) > 0 || n.listed >= 0 {
		return true
	}
	typed, plus, minus := 0, false, false
	for _, c := range n.clauses {
		if c.role != roleText {
			typed++
		}
		plus = plus || c.role == rolePlus
		minus = minus || c.role == roleMinus
	}
	if n.kind == loam.KindKnowledge {
		return false
	}
	return typed*2 >= len(n.clauses) || plus && minus
}
