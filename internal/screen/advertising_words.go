package screen

import (
	"strings"
	"sync"

	"loam/internal/text"
)

// cue is what a word says about a note's being an advertisement.
type cue int

const (
	cueBrand  cue = iota // whose goods they are
	cuePraise            // more than a buyer's calm word
	cueBuy               // where or how to buy: a link, a code, a price to pay
	cueHurry             // buy soon
	cueTold              // the note says that it is paid for
	cueOwn               // the goods are the writer's own
	cueWarn              // it warns, or complains
	cueSums              // it keeps accounts
	cueNone              // takes back a shorter word inside it
)

// cueWords is our own list, Chinese of notes as they are written in 2026. A longer word
// beats one inside it.
func cueWords() map[cue]string {
	return map[cue]string{
		cueBrand: `旗舰店 官方店 官旗 专柜 品牌 同款 家的 家旗下 正品 自营 新品 系列 天猫 京东 牌子 这款 这家 店铺`,
		cuePraise: `绝绝子 绝了 太绝 真的绝 真的绝绝子 闭眼入 无脑入 必入 必买 必备 一定要买 买它 不踩雷 谁用谁知道 天花板 吹爆 封神 宝藏 神器 神仙 秘籍
			强烈推荐 强烈安利 安利 种草 回购 空瓶 无限回购 必打卡 救星 救命 救了 亲妈 太香了 真香 香到 挖到宝 爱了 愿称之为 秒杀 碾压 完爆
			好吃到 好用到 好喝到 嫩到 轻到 美到 一绝 拉满 超高 问爆 都来要 都要链接 都说好 我只服 首选 性价比绝 看过来 听我的 听好了 逆袭
			真的别错过 别错过 一夜没 说拜拜 太好用 太好吃 超好吃 超好用 选它 显高 显瘦 进步飞快 yyds 零负担 无脑 冲就完了 炸裂`,
		cueBuy: `链接 优惠码 折扣码 优惠券 领券 领完券 元券 减券 满减券 到手价 到手 下单 拍下 今天拍 今晚拍 直接拍 左下角 橱窗 购物车 小黄车 购物袋 直播间
			团购 拼团 套餐 报名链接 报我名字 报暗号 备注我的名字 立减 直降 再减 满99减 满减 包邮 买一送一 拍一发 拍二发 第二件半价 第二只半价
			半价 两件七折 五折 打八折 秒杀价 秒杀价 限时价 抢券 抢购 戳主页 戳我主页 点进主页 价格直接 店铺搜 搜店铺 点链接 点击购买 点下方 下方链接 订房找`,
		cueHurry: `赶紧 赶快 快冲 冲鸭 速囤 囤起来 囤货 囤 手慢无 手慢就没 限时 限量 名额有限 仅限 只限 库存 快没 快断 断了 最后 今晚 今天下单 快去抢
			快抢 抢到 抢就 赶快抢 就是赚 姐妹们 宝妈们 冲`,
		cueTold: `广告 推广 赞助 恰饭 合作 商务 品牌方送 品牌方寄 品牌寄 寄来的 寄来 受邀 邀请 置换 体验装 体验官 试用报告 赠书 免费入住 免费试吃 收了 利益相关
			含佣金 带货 商单`,
		cueOwn: `自家店 自家做 自家用 自家木 自家猫舍 自家 我家店 我家小馆 我们店 我们球馆 本店 小店 店主 老板亲 自己做的 自己画的 自己开的 自己打版 我自己 手工缝 我手工
			我和姐姐 我和先生 开业 出窑 上新啦`,
		cueWarn: `踩雷 踩坑 避雷 避坑 别买 别去 别囤 别再 别贪 不推荐 不会再 难用 难吃 难喝 退货 退了 退不掉 后悔 差评 投诉 过敏 被骗 被坑 骗 白花钱 打水漂 打脸 漏水
			起球 失望 气死 谨慎 推荐坑 吐槽 一般般`,
		cueSums: `账单 记账 一共 总共 花了 花费 花销 开销 开支 清单 人均三千 小票 预算`,
		cueNone: `不是广告 非广告 无广告 没广告 不是推广 非广 无广 没恰饭 不恰饭 我家的 自家的 人家的 大家的 老家的 全家的 国家的 回家的 在家的 咱家的 你家的 他家的 她家的 别人家的
			广告公司 广告牌 商务车 商务座 商务出差 合作社 团队合作 小组合作 骗不了 不后悔 没踩雷 从不踩雷 外链接 冲洗 冲刷 冲水 冲咖啡 冲牛奶 冲凉 冲澡 手冲 冲浪 冲锋 缓冲 俯冲
			最后一章 最后一页 冲奶 冲突 冲动 冲刺`,
	}
}

// cues is the machine over cueWords, and the cue of each of its phrases.
type cues struct {
	automaton *text.Automaton
	of        []cue
}

// newCues is made once: the words never change while Loam runs.
var newCues = sync.OnceValue(func() *cues {
	c := &cues{}
	var list []text.Phrase
	words := cueWords()
	for k := range cueNone + 1 {
		for _, w := range strings.Fields(words[k]) {
			list = append(list, text.Phrase{Text: w})
			c.of = append(c.of, k)
		}
	}
	c.automaton = text.Compile(list)
	return c
})
