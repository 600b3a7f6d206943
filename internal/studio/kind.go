package studio

import (
	"slices"
	"strings"

	"loam"
	"loam/internal/text"
)

// cues are the words that speak for a kind, as whole words of the segmented input; a word
// after + counts double.
var cues = map[loam.NoteKind]map[string]int{
	loam.KindShop:      cueSet("店 馆 人均 排队 招牌 靠窗 探店 老板 服务 菜单 套餐 团购 等位 堂食 包间 停车难 好停车 上菜慢 上菜快 地铁站 地铁口 预约 seat seats latte espresso croissant brunch menu parking queue waiter coffee noodle noodles broth lunch station shops ramen + cafe café restaurant 猫咖 古着店 咖啡馆 咖啡店 咖啡厅 餐厅 餐馆 小馆 面馆 酒馆 小酒馆 甜品店 面包店 书店 火锅店 烤肉店 日料店 私房菜 茶馆 必点 点了 停车"),
	loam.KindTutorial:  cueSet("教 设置 打开 点击 选择 导入 导出 步骤 快捷键 模板 插件 技巧 软件 下载 安装 教大家 保存 复制 粘贴 剪辑 调色 修图 录屏 备份 app settings click tutorial + 教程 方法 怎么做 第一步 第二步 第三步 字幕 快捷指令 透视表"),
	loam.KindTest:      cueSet("成膜 搓泥 油皮 干皮 半年 一个月 续航 降噪 音质 粉底 粉底液 持妆 + 测评 对比 防晒 实测 横评 哪款 哪个好 A款 B款 C款 review reviewed versus vs compared tested sunscreens"),
	loam.KindList:      cueSet("必带 要带 第一本 第二本 第三本 推荐 盘点 收藏 books list packing checklist + 清单 书单 片单 歌单 合集 购物清单"),
	loam.KindOutfit:    cueSet("身高 体重 外套 尺码 衬衫 卫衣 毛衣 针织衫 大衣 牛仔裤 阔腿裤 半身裙 连衣裙 风衣 西装 内搭 上身 面料 版型 裤子 裙子 鞋 小个子 梨形 微胖 乐福鞋 显高 开衫 针织开衫 显白 码 公斤 裤长 outfit jeans coat + 穿搭 显瘦 显腿长 叠穿"),
	loam.KindTravel:    cueSet("高铁 门票 住 机票 酒店 民宿 景区 行程 日出 缆车 自驾 徒步 爬山 海边 古镇 旅行 旅游 看海 日落 海鲜 五一 travel trip hotel ferry train tram museum hostel flight airport island itinerary + 自驾 看海 两日游 三日游 一日游 攻略 两天一夜 三天两夜"),
	loam.KindFood:      cueSet("克 勺 牛奶 奶泡 倒进去 切 烤 焯水 煮 炒 腌 蒸 煎 炖 揉面 面粉 生抽 蚝油 料酒 淀粉 盐 糖 黄油 鸡蛋 烤箱 空气炸锅 电饭煲 小火 大火 中火 下锅 出锅 泡水 腌制 食材 做法 红薯 bake oven flour stir boil fry fryer roast simmer soak chop knead dough recipe tbsp tsp salt sugar butter garlic onion + 减脂餐 焯 预热 翻面 翻炒 用料"),
	loam.KindKnowledge: cueSet("区别 原理 因为 所以 其实 误区 科普 知识 研究 why because + 原因 为什么 是什么 怎么回事"),
	loam.KindGoods:     cueSet("收纳 好用 难用 平替 结实 耐用 颜值 价格 买 收纳盒 垃圾桶 台灯 加湿器 保温杯 行李箱 耳机 键盘 吸尘器 扫地机 枕头 吹风机 宿舍 护眼 小桌板 洗脸巾 + bought 小物 加湿器 入手 回购 好物 囤货 闲置 智商税 吃灰 平替"),
	loam.KindDaily:     cueSet("今天 下班 心情 妈妈 爸爸 奶奶 外婆 突然 想起 路上 回家 晚上 我们 朋友 一天 today felt + 日记 碎碎念 日常"),
}

func cueSet(s string) map[string]int {
	m := map[string]int{}
	plain, strong, _ := strings.Cut(s, "+")
	for w := range strings.FieldsSeq(plain) {
		m[w] = 1
	}
	for w := range strings.FieldsSeq(strong) {
		m[w] = 2
	}
	return m
}

// guess counts cues; what the roles of the clauses say counts too. Without any cue a note
// is 日常: its order is kept.
func (n *note) guess() (kind loam.NoteKind, sure bool) {
	score := map[loam.NoteKind]int{}
	for i, c := range n.clauses {
		for _, w := range c.words {
			word := strings.ToLower(w.Text)
			for kind, set := range cues {
				score[kind] += cueOf(set, word)
			}
			for _, end := range [...]string{"馆", "店"} {
				if w.Tag == "n" && strings.HasSuffix(word, end) && cues[loam.KindShop][word] == 0 && !public[word] {
					score[loam.KindShop]++
				}
			}
		}
		n.guessRole(c, i == 0, score)
	}
	best, most := loam.KindDaily, 1
	for _, k := range loam.NoteKinds() {
		if score[k] > most || score[k] == most && k == loam.KindDaily {
			best, most = k, score[k]
		}
	}
	return best, score[best] > 1
}

// public are houses nobody writes 探店 about.
var public = wordSet(`图书馆 博物馆 美术馆 体育馆 便利店`)

// cueOf is what a word says for a kind: a cue, or a longer noun that ends in one.
func cueOf(set map[string]int, word string) int {
	if k := set[word]; k > 0 {
		return k
	}
	for i := range word {
		if rest := word[i:]; i > 0 && len(rest) >= len("二字") && set[rest] > 0 {
			return set[rest]
		}
	}
	return 0
}

// marksCount is how much bullets speak for a list: a recipe has them too.
const marksCount = 3

func (n *note) guessRole(c clause, opening bool, score map[loam.NoteKind]int) {
	s := c.text()
	if opening && severalPattern.MatchString(s) && slices.ContainsFunc(c.words, func(w text.Word) bool { return cueOf(cues[loam.KindGoods], w.Text) > 0 }) {
		score[loam.KindTest] += 2 // 三台吸尘器
	}
	if opening && strings.HasPrefix(strings.ToLower(s), "how to ") {
		score[loam.KindTutorial] += 2
	}
	switch c.role {
	case roleDay:
		score[loam.KindTravel] += 2
	case roleBody:
		score[loam.KindOutfit] += 3
	case roleQuestion:
		if opening || strings.HasPrefix(s, "为什么") {
			score[loam.KindKnowledge] += 2
		}
	case roleReason:
		score[loam.KindKnowledge]++
	case roleKey:
		if strings.HasSuffix(s, "款") || isLetterKey(s) {
			score[loam.KindTest] += 2
		} else {
			score[loam.KindList]++
		}
	}
	if weekdayKey.MatchString(s) && strings.Contains(n.clauses[0].text(), "清单") {
		score[loam.KindList]++
	}
	if c.marked && score[loam.KindList] < marksCount {
		score[loam.KindList]++
	}
	if strings.Contains(s, "用了") && strings.ContainsAny(s, "月年周") {
		score[loam.KindTest]++
		score[loam.KindGoods]++
	}
	if last := c.words[len(c.words)-1]; opening && last.Tag == "ns" {
		score[loam.KindTravel] += 2
	} else if opening && isNoun(last.Tag) && cueOf(cues[loam.KindGoods], last.Text) > 0 {
		score[loam.KindGoods]++
	}
	if strings.Count(s, "、") >= 3 {
		score[loam.KindList]++
	}
	if weighedPattern.MatchString(s) {
		score[loam.KindFood]++
	}
	if n.form != formRubble && opening && n.stated() > 2 {
		score[loam.KindList]++
	}
}
