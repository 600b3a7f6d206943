package studio

import "strings"

// sentences are what the writer says to the person, in Chinese; the catalogues of web hold
// the same codes in every language of the interface.
var sentences = map[string]string{
	"why.own":             "你自己的标题",
	"why.compare":         "两个价钱放在一起，等着看怎么选的人最多",
	"why.lesson":          "第一次的教训，是别人没有的",
	"why.question":        "先问再答，想知道的人会点开",
	"why.contrast":        "好的和不好的一起说，可信",
	"why.number":          "有具体的数",
	"why.points":          "说的是什么，加上两点",
	"why.route":           "行程一眼看到",
	"why.audience":        "说明写给谁",
	"why.community":       "{0} 位作者允许参考的写法 · {1} 篇",
	"why.community_above": "{0} 位作者允许参考的写法 · {1} 篇 · 收藏高于各自中位数的占 {2}%（95% 区间 {3}–{4}%）",
	"why.pair":            "你的两句话放在一起",
	"why.quote":           "就是你的原话",
	"why.last":            "材料还少，先这样记下",

	"tag.topic":   "社区里的话题，你写到了",
	"tag.place":   "写到的地方",
	"tag.kind":    "这类笔记常用",
	"tag.subject": "写的就是它",

	"check.title_empty": "还没有标题",
	"check.title_long":  "标题 {0} 字，最多 {1} 字",
	"check.body_empty":  "还没有正文",
	"check.body_long":   "正文 {0} 字，最多 {1} 字",
	"check.tags_many":   "{0} 个话题，最多 {1} 个",
	"check.tag_form":    "话题「{0}」里有空格、井号，或是空的",
	"check.tag_long":    "话题「{0}」太长，最多 {1} 字",
	"check.pages_none":  "还没有图",
	"check.pages_many":  "{0} 张图，最多 {1} 张",
	"check.page_empty":  "第 {0} 张图是空的",
	"check.page_long":   "第 {0} 张图有 {1} 字，超过 {2} 字就看不清了",
	"check.unshowable":  "有反转方向或叠加的符号，别人看不清",
	"check.blank":       "还有没填的空",
	"check.extreme":     "「{0}」是广告法不许用的说法",
	"check.medical":     "「{0}」说的是疗效，没有依据不能写",
	"check.money":       "「{0}」是收益或结果的保证，不能写",
	"check.sun":         "防晒写「够用」，读者会问防晒指数",
	"check.contact":     "「{0}」像是联系方式",
	"check.sum":         "{0} + {1} 是 {2}，写的是 {3}",
	"check.weekday":     "那天是星期{0}",
	"check.count":       "说了 {0}，列出来的是 {1}",
	"check.price":       "「{0}」有两个价：{1} 和 {2}",
	"check.numbering":   "编号 {0} 后面是 {1}",
	"check.twice":       "这一行写了两遍",
	"check.gift":        "写到「{0}」：确认时请说明是赠送还是合作",
	"check.disclosure":  "没说是自费还是送的，读者会问",
	"check.rest":        "还有 {0} 字放不下，仍在你的原话里",
	"check.person":      "「{0}」是聊天里别人的名字，留着要她同意",
	"check.plate":       "「{0}」像是车牌号",
	"check.identity":    "「{0}」像是身份证号",

	"ask.why":      "读的人会问；答了就放进正文，不答也可以",
	"ask.paid.why": "写到的东西有名有姓，读者会先问是不是推广",

	"ask.name":       "店名叫什么、离哪个地铁站近？",
	"ask.hours":      "营业到几点、要不要排队？",
	"ask.order":      "点了什么、各多少钱？",
	"ask.paid":       "自费还是送的？",
	"ask.tools":      "用的什么工具、哪个版本？",
	"ask.hardest":    "哪一步最容易错？",
	"ask.total":      "做完一共要多久？",
	"ask.names":      "{0}全名和{1}？",
	"ask.scope":      "「{0}」说的是哪一款？",
	"ask.unfit":      "对谁不合适？",
	"ask.count":      "一共几样？和标题对得上吗？",
	"ask.sort":       "按什么排的？",
	"ask.reason":     "每一样用一句话说说理由？",
	"ask.size":       "穿的什么尺码？",
	"ask.fabric":     "什么面料、适合哪个季节？",
	"ask.fit":        "哪里不合身、不舒服？",
	"ask.when":       "几月去的？",
	"ask.cost":       "人均花了多少？",
	"ask.book":       "什么要提前预约？",
	"ask.amount":     "{0}大概多重、几人份？",
	"ask.amount_any": "几人份、用量各多少？",
	"ask.heat":       "多大的火、多久？",
	"ask.keep":       "能存几天、怎么存？",
	"ask.keep_cold":  "放凉了能存几天？",
	"ask.source":     "出处是哪里？",
	"ask.except":     "有例外吗？",
	"ask.audience":   "适合谁？",
	"ask.buy":        "哪里买的、多少钱？",
	"ask.used":       "用了多久？",
}

// sentence fills a sentence's blanks; a code without one stands for itself.
func sentence(code string, args ...string) string {
	s, ok := sentences[code]
	if !ok {
		return code
	}
	for i, a := range args {
		s = strings.ReplaceAll(s, "{"+itoa(i)+"}", a)
	}
	return s
}
