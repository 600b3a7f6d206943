package text

import (
	"embed"
	"strings"
)

// all: takes the placeholder too, so that the pattern matches before the first generate.
//
//go:embed all:table
var tables embed.FS

// commonPairs are everyday characters, traditional then simplified: what a build folds
// that was made before `go generate ./internal/text`.
const commonPairs = "萬万與与東东絲丝兩两嚴严個个豐丰臨临為为麗丽舉举義义烏乌樂乐習习鄉乡書书買买亂乱爭争" +
	"雲云產产親亲億亿僅仅從从倉仓儀仪們们價价眾众優优會会偉伟傳传傷伤倫伦體体餘余傭佣" +
	"債债傾倾償偿兒儿黨党蘭兰關关興兴養养獸兽內内岡冈冊册寫写軍军農农馮冯沖冲決决況况" +
	"凍冻淨净涼凉減减幾几鳳凤憑凭凱凯擊击劃划劉刘則则剛刚創创刪删別别劑剂劍剑務务動动" +
	"勞劳勢势勝胜區区醫医華华協协單单賣卖盧卢衛卫卻却廠厂廳厅歷历壓压參参雙双發发變变" +
	"敘叙葉叶號号嘆叹後后嚇吓聽听啟启員员國国圖图圓圆場场壞坏塊块堅坚壇坛墳坟聲声處处" +
	"備备復复夠够頭头夾夹奪夺奮奋獎奖婦妇媽妈孫孙學学寧宁寶宝實实審审對对導导將将專专" +
	"尋寻壽寿爾尔塵尘嘗尝層层屆届屬属歲岁島岛幣币帥帅師师帳帐帶带幫帮幹干並并廣广莊庄" +
	"慶庆庫库應应廟庙開开異异棄弃張张彈弹強强歸归當当錄录徹彻徑径憶忆懷怀態态總总戀恋" +
	"惡恶戲戏戰战戶户撲扑執执擴扩掃扫揚扬擾扰撫抚搶抢護护報报擔担擁拥擇择換换據据擲掷" +
	"攝摄敵敌數数齋斋鬥斗斬斩斷断無无舊旧時时顯显曬晒術术機机殺杀雜杂權权條条來来楊杨" +
	"極极構构槍枪標标樹树樣样橋桥檢检歡欢歐欧毀毁畢毕氣气漢汉湯汤溝沟沒没淚泪潔洁測测" +
	"濟济濃浓濤涛滅灭燈灯靈灵災灾爐炉點点煉炼熱热愛爱爺爷牽牵獨独獄狱環环現现電电畫画" +
	"暢畅療疗瘋疯皺皱盤盘確确碼码禮礼禍祸離离種种積积稱称穩稳窮穷競竞筆笔簡简簽签糧粮" +
	"紅红約约級级紀纪純纯網网線线組组細细終终經经結结給给絕绝統统編编緣缘練练縣县績绩" +
	"續续維维綠绿羅罗罰罚職职聯联聰聪腦脑臉脸脫脱藝艺節节蘇苏藥药營营獲获蟲虫補补裝装" +
	"規规視视覺觉觀观訂订計计討讨讓让訓训議议記记許许論论設设訪访證证評评識识訴诉詞词" +
	"試试話话語语誤误說说請请讀读課课調调談谈謝谢譯译貝贝負负財财責责賢贤敗败貨货質质" +
	"貪贪貧贫購购貴贵貸贷費费賀贺賊贼資资賭赌賞赏賠赔賴赖贈赠贏赢趕赶趙赵躍跃車车軌轨" +
	"轉转輪轮軟软輕轻載载較较輔辅輛辆輩辈輸输辦办達达遷迁過过運运還还這这進进遠远違违" +
	"連连遲迟選选遺遗鄧邓鄭郑鄰邻釋释裡里錢钱鐵铁銀银銷销鎖锁鍋锅錯错鋼钢鏡镜長长門门" +
	"閉闭問问闖闯間间聞闻閱阅陽阳陰阴陣阵階阶際际陸陆陳陈險险隨随隱隐難难預预領领頻频" +
	"題题顏颜額额風风飛飞飯饭飲饮飾饰餅饼館馆馬马騎骑騙骗驗验驚惊魚鱼鮮鲜鳥鸟雞鸡鴨鸭" +
	"麥麦黃黄齊齐齒齿龍龙龜龟票票薦荐鑽钻貳贰參参"

// traditional maps a character to its simplified form, chains resolved: the generated
// table over the common pairs.
func traditional() map[rune]rune {
	m := make(map[rune]rune, 4600)
	addPairs(m, commonPairs)
	if table, err := tables.ReadFile("table/ts.txt"); err == nil {
		addPairs(m, strings.ReplaceAll(string(table), "\n", ""))
	}
	for from, to := range m {
		// Eight steps end any cycle of a bad table; a cycle's members then map to one another.
		for range 8 {
			next, ok := m[to]
			if !ok || next == from {
				break
			}
			to = next
		}
		m[from] = to
	}
	return m
}

func addPairs(m map[rune]rune, pairs string) {
	var from rune
	for _, r := range pairs {
		if from == 0 {
			from = r
			continue
		}
		if from != r {
			m[from] = r
		}
		from = 0
	}
}
