package studio

import (
	"strings"

	"loam/internal/text"
)

// plusWords and minusWords are what praises and what complains, as whole words: 体重 is no
// complaint though 重 is one.
var (
	plusWords  = wordSet(`好喝 好吃 好看 好用 好闻 好玩 好拍 好穿 好洗 好装 好学 好做 好打理 好推开 好抹开 好停车 好清洗 快 便宜 划算 实惠 值 值得 方便 舒服 舒适 安静 干净 宽敞 新鲜 香 软糯 酥脆 外酥里嫩 爆汁 绵密 顺滑 清爽 浓郁 醇厚 解腻 解馋 管饱 入味 筋道 劲道 Q弹 弹牙 香脆 鲜嫩 多汁 不腻 下饭 零失败 显瘦 显高 显白 显腿长 显腰细 百搭 透气 亲肤 柔软 垂感好 有垂感 不勒 不透 抗皱 厚实 轻薄 耐脏 不闷 挺括 保暖 暖和 大方 高级 洋气 减龄 遮肉 服帖 水润 清透 滋润 温和 不粘 不油 不干 显色 蓬松 柔顺 有光泽 实用 耐用 结实 轻便 便携 省事 省力 省心 省空间 静音 颜值高 易懂 上手快 够用 够大 解压 治愈 有趣 好懂 清晰 真香 出片 出片率高 人少 小众 地道 正宗 性价比高 平价 服务好 上菜快 不踩雷 喜欢 推荐 惊喜 满意 不错 稳 贴合 贴身 耐看 合身 持妆 控油 保湿 免费 亲人 护眼 嫩滑 嫩 明亮 热情 耐心 温柔 有用 有效 管用 灵活 省钱 省时 明亮 采光好 续航长 自然 漂亮 友好 轻松 简单 快乐 开心 治好 到位 细腻 流畅 great good nice love loved cozy cosy quiet cheap friendly comfortable comfy easy fast delicious tasty fresh clean bright worth beautiful helpful light smooth soft sturdy useful`)
	minusWords = wordSet(`难喝 难吃 难看 难用 难洗 难装 难懂 难推开 难清洗 慢 贵 破 不好 不好找 难找 有意见 弯多 声音大 贵替 吵 吵闹 挤 拥挤 脏 臭 腥 咸 苦 酸涩 油腻 齁甜 甜腻 太甜 偏咸 偏甜 偏酸 发酸 夹生 寡淡 人多 坑人 宰客 态度差 上菜慢 停车难 显黑 显老 显胖 显臃肿 勒 闷热 闷 透 扎人 扎 起球 掉色 褪色 缩水 变形 易皱 皱 起皱 起静电 掉毛 磨脚 土气 卷边 卡裆 拖地 厚重 假白 假滑 粘腻 黏腻 不显色 搓泥 卡粉 拔干 脱妆 浮粉 斑驳 暗沉 闷痘 爆痘 泛红 刺痛 辣眼睛 糊眼睛 晕染 脱皮 起皮 掉发 出油 扁塌 毛躁 打结 鸡肋 智商税 占地方 占地 太吵 不值 不划算 漏水 掉漆 生锈 卡顿 发热 发烫 断连 续航短 掉电快 充电慢 偏贵 偏小 偏大 偏重 太贵 太重 太大 太小 太薄 太厚 太硬 太软 太细 太粗 太干 太湿 太咸 太油 太短 太长 太热 太冷 太慢 太挤 太远 太累 太辣 太酸 不够 啰嗦 无聊 吃灰 踩雷 踩坑 烤糊 炒糊 烤焦 糊 失败 后悔 失望 翻车 坏 坏了 断 碎 味道大 排队 麻烦 费劲 复杂 远 塌 腻 差 累 冷清 模糊 生硬 头疼 难受 别扭 hard expensive noisy crowded slow pills pill pilling greasy dry burnt stale soggy bland itchy stiff rainy salty flimsy dirty bad small heavy rude cold bitter boring fragile sticky greasy difficult pricey loud tiring far`)
	// negators turn what follows within two words.
	negators = wordSet(`不 没 没有 无 别 不会 不太 不怎么 没那么 没有那么 不再 从不 毫不 未 非 并不 也不 都不 不算 不是 not no never isn't wasn't don't didn't without`)
	// unneeded make anything after them good: 不用放油, 不用排队.
	unneeded = wordSet(`不用 不需要 无需 不必 免`)
	// toomuch make a quality a complaint: 有点油, 太贵.
	toomuch = wordSet(`有点 有点儿 有一点 稍微 稍稍 略 略微 偏 过于 太 容易 too`)
	// lastPlus and lastMinus judge only as the last word of a clause: 气氛好, but not 接好零线.
	lastPlus  = wordSet(`好 大气 很快`)
	lastMinus = wordSet(`一般 难 重 短 紧`)
	// easily are what 容易 praises.
	easily = wordSet(`上手 学 做 打理 操作 清洗 洗 懂 理解 成功 复制 买到 to`)
)

// ills are better the less there is of them, virtues the more: 噪音小, 吸力大.
var (
	ills    = wordSet(`噪音 噪声 异味 油烟 阻力 重量 误差`)
	virtues = wordSet(`吸力 续航 容量 动力 亮度 弹性 风力 风量 音质 气氛 吸水性 支撑力`)
	plenty  = wordSet(`大 高 多 强 足 长 重 久 好 很大 强劲`)
	scarce  = wordSet(`小 低 少 轻 弱 短 差 不足 不大 不重 不高 很小 不多`)
)

// measured is +1 where much is said of the word at i, -1 where little, 0 where nothing.
func measured(words []text.Word, i int) int {
	sign := 1
	for _, w := range words[i+1 : min(len(words), i+4)] {
		switch {
		case scarce[w.Text]:
			return -sign
		case plenty[w.Text]:
			return sign
		case w.Text == "不" || w.Text == "没" || w.Text == "不太" || w.Text == "不算":
			sign = -sign
		case w.Tag != "d" && w.Tag != "zg" && w.Text != "也" && w.Text != "比较" && w.Text != "有点":
			return 0
		}
	}
	return 0
}

func wordSet(words string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		m[w] = true
	}
	return m
}

// polarity is +1 for praise, -1 for a complaint, 0 for neither. It reads whole words and
// looks two words back for what turns them.
func polarity(words []text.Word) int {
	sum := 0
	for i, w := range words {
		word := strings.ToLower(w.Text)
		switch {
		case unneeded[word]:
			return 1
		case ills[word] || virtues[word]:
			if k := measured(words, i); k != 0 && ills[word] {
				return -k
			} else if k != 0 {
				return k
			}
			if ills[word] {
				sum -= turned(words, i)
			}
		case toomuch[word] && i+1 < len(words):
			return tooMuch(words, i)
		case plusWords[word], lastPlus[word] && judges(words, i):
			sum += turned(words, i)
		case minusWords[word], lastMinus[word] && judges(words, i):
			sum -= turned(words, i)
		}
	}
	return max(-1, min(1, sum))
}

// judges reports a last word that says something of the noun or after the adverb before it.
func judges(words []text.Word, i int) bool {
	if i != len(words)-1 {
		return false
	}
	return i == 0 || words[i].Text == "一般" || words[i].Text == "很快" || (isNoun(words[i-1].Tag) || words[i-1].Tag == "d" || words[i-1].Tag == "l" || words[i-1].Tag == "a")
}

// tooMuch judges what follows 有点, 太, 容易.
func tooMuch(words []text.Word, i int) int {
	next := strings.ToLower(words[i+1].Text)
	sign := -1
	switch {
	case words[i].Text == "容易" && (easily[next] || next == "的"):
		sign = 1
	case words[i].Text == "太" && plusWords[next]:
		sign = 1
	case words[i].Text == "稍微" || words[i].Text == "稍稍":
		if !minusWords[next] {
			return 0
		}
	}
	return sign * turned(words, i)
}

// turned is -1 if one of the two words before i negates it, else 1.
func turned(words []text.Word, i int) int {
	for k := i - 1; k >= 0 && k >= i-2; k-- {
		w := strings.ToLower(words[k].Text)
		if negators[w] {
			return -1
		}
		if words[k].Tag == "x" && w != " " {
			break
		}
	}
	return 1
}
