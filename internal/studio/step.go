package studio

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"loam"
)

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
		s = moneyWords.ReplaceAllString(s, "") // 四块钱 is no amount
		if doing[c.words[0].Text] || c.role == roleOwn || i == n.subject.clause && !c.marked && !ingredientsPattern.MatchString(s) && len(amountPattern.FindAllString(s, 3)) < 3 {
			continue
		}
		if ingredientPattern.MatchString(s) || strings.Contains(s, "、") && len(amountPattern.FindAllString(s, 2)) == 2 || ingredientsPattern.MatchString(s) {
			c.role = roleIngredient
		}
	}
}

// doing are verbs that begin a step.
var doing = wordSet(`把 将 先 再 调到 拉到 连拍 对焦 挑开 选中 切 洗 煮 炒 炸 蒸 煎 烤 炖 焖 腌 泡 拌 揉 撒 淋 倒 放 加 加入 放入 倒入 撒上 淋上 刷 刷上 打 打入 搅 搅拌 拌匀 搅匀 下锅 出锅 起锅 盛出 装盘 焯 焯水 沥干 泡水 浸泡 腌制 去皮 切条 切丁 切片 切丝 切块 翻面 翻炒 预热 冷藏 冷冻 醒发 发酵 揉面 过筛 打发 擀开 铺平 铺上 静置 放凉 晾凉 收汁 勾芡 爆香 煮开 煮熟 蒸熟 烤熟 压扁 打开 点击 点 点开 选择 选中 选 设置 导入 导出 输入 拖 勾选 下载 安装 登录 复制 粘贴 保存 搜索 搜 关闭 关掉 新建 插入 调 长按 双击 扫码 注册 上传 拖到 拍 录 剪 写 贴 量 剪下 折 缝 卧 下 按 按下 倒扣 脱模 开 关 拧 拧下 接 接好 装 装上 preheat mix add bake stir pour cut chop boil fry open click choose select press save soak turn flip slice roast simmer grind filter leave let knead drain rinse peel heat cook put whisk fold serve`)

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
	if stepPattern.MatchString(s) || n.kind == loam.KindFood && moreTime.MatchString(s) {
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

// moreTime is a time by itself after another: 10 more.
var moreTime = regexp.MustCompile(`^(?:another )?\d+ (?:minutes? )?more\b`)

func firstRune(s string) string {
	_, size := utf8.DecodeRuneInString(s)
	return s[:size]
}
