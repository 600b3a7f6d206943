package studio

import (
	"regexp"
	"strings"
	"unicode"

	"loam/internal/text"
)

// role is what a clause is in a note.
type role uint8

const (
	roleText       role = iota // none of the below: stays a line
	rolePrice                  // 人均35, 299元
	roleTime                   // 周末, 3月2日, 早上10点
	roleSpan                   // 用了三个月, 20分钟
	roleBody                   // 158cm 48kg
	roleAudience               // 我是油皮, 适合新手
	roleShort                  // a short plain clause: 靠窗
	rolePlus                   // praise
	roleMinus                  // a complaint
	roleOwn                    // 我第一次切太细就烤糊了
	roleReason                 // 因为…
	roleQuestion               // 为什么…
	roleConclusion             // 总结…
	roleRoute                  // 龙翔桥站走8分钟
	roleOrder                  // 拿铁28, 点了…
	roleKey                    // A款, 第一本, X：
	roleDay                    // 第一天, Day2
	roleStep
	roleIngredient
)

// Patterns of facts; all are linear, as Go's are. A number is digits or Chinese numerals.
const (
	num     = `(?:\d+(?:[.,]\d+)*|[一二两三四五六七八九十百千万半几]+)`
	tail    = `(?:左右|上下|起|出头|多|以内)?`
	amounts = `\d+(?:\.\d+)?\s?(?:克|g|kg|ml|毫升|小?勺|茶匙|汤匙|杯|片|颗|根|斤|个|只|碗|瓣|块)|[一二两三四五六七八九十半]+(?:小?勺|个|根|片|颗|碗|斤|把|块|茶匙|瓣)|适量|少许`
	each    = `(?:[/／每一]?(?:人|份|杯|个|位|晚|天|次|件|双|支|瓶|盒|套|张|斤))?`
)

var (
	pricePattern       = regexp.MustCompile(`^(?:一?[\p{Han}]{0,3}(?:人均|均价|单价|票价|票|价格|价|总共|一共|合计|花费|花了|预算|客单|茶位费)(?:才|只要|大概|约)?[¥￥]?` + num + `(?:元|块钱?|刀|日元|w|万|k)?|[¥￥]` + num + `|` + num + `(?:元钱?|块(?:钱|` + num + `(?:毛钱?)?)?|毛钱?|刀|日元|rmb|RMB)|[$€£]?\d+ ?(?:per person|each|a night|a person|a head)|(?:costs? |only |about |around )?(?:[$€£]\d+(?:\.\d+)?|\d+(?:\.\d+)? ?(?:dollars?|euros?|pounds?|yuan|bucks))(?: (?:each|per person|a person|a night|a cup|a head))?)` + each + tail + `$`)
	priceStart         = regexp.MustCompile(`^[¥￥]?` + num + `(?:元钱?|块(?:钱|` + num + `毛钱?)?|毛钱|刀|日元)`)
	pricePrefix        = regexp.MustCompile(`^[¥￥]\d+(?:\.\d+)?`)
	timePattern        = regexp.MustCompile(`^(?:今天|昨天|前天|今年|去年|上周|这周|上个?周?末|周[一二三四五六日天末]|星期[一二三四五六日天]|工作日|节假日|早上|上午|中午|下午|傍晚|晚上|凌晨|` + num + `月(?:` + num + `[日号])?|` + num + `点(?:半|` + num + `分?)?|\d{1,2}:\d{2})+(?:去的?|到` + num + `点(?:半)?|[-–~～]\d{1,2}(?::\d{2})?点?|营业|开门|关门)?$`)
	timeHead           = regexp.MustCompile(`^(?:今天|昨天|前天|上周|这周|周[一二三四五六日天末]|星期[一二三四五六日天]|端午|国庆|五一|春节|清明|元旦|中秋|早上|上午|中午|下午|傍晚|晚上|` + num + `月(?:` + num + `[日号])?){1,3}`)
	spanPattern        = regexp.MustCompile(`^(?:我?(?:已经)?(?:用了?|穿了?|住了?|吃了?|坚持了?|练了?|前后|全程|总共|大概)){0,2}` + num + `个?(?:秒|分钟|小时|钟头|天|晚|周|星期|月|年)(?:半)?` + tail + `$`)
	bodyPattern        = regexp.MustCompile(`^(?:身高|体重|胸围|腰围|臀围|净身高)?\s*\d{2,3}(?:\.\d)?\s*(?:cm|CM|kg|KG|厘米|公斤|斤)?(?:\s*[/／ ]?\s*(?:体重)?\d{2,3}(?:\.\d)?\s*(?:cm|CM|kg|KG|厘米|公斤|斤)?)?(?:左右)?$`)
	audiencePattern    = regexp.MustCompile(`^(?:我是|本人是?|适合|推荐给|不适合|写给)[^，。]{2,8}$|^(?i:my skin is [a-z]+|I have [a-z]+ skin)$`)
	audienceKnown      = regexp.MustCompile(`^(?:油皮|干皮|混油皮|混干皮|敏感肌|痘肌|黄皮|黄黑皮|小个子|高个子|梨形|梨形身材|苹果型|微胖|微胖女生|新手|学生党|上班族|打工人|宝妈|租房党)$`)
	ownPattern         = regexp.MustCompile(`^我?(?:第一次|上次|一开始|之前|以前|去年|前年)[^？]{3,}|^(?i:my first|the first time|last time)\b|(?i:\bthe first time\b)`)
	reasonPattern      = regexp.MustCompile(`^(?:因为|由于|原因是|是因为|主要是因为)`)
	endPattern         = regexp.MustCompile(`^(?:总结|结论|总之|总的来说|一句话|综上|最终选|我的选择)`)
	askPattern         = regexp.MustCompile(`^(?:怎么|如何|到底|什么是|是不是|要不要|哪|有没有必要)|为什么|[？?]$|(?:吗|怎么办|怎么选)$`)
	flavourPattern     = regexp.MustCompile(`^(?:唯一的?)?(优点|加分项|缺点|不足|扣分项)(?:是|就是|：|:|，)`)
	warnPattern        = regexp.MustCompile(`(?:不要|别|慎)(?:买|入|去|来|选|放|用)|不适合|不建议|不推荐`)
	routePattern       = regexp.MustCompile(`地铁|公交|号线|站[^。]{0,2}走|出口|步行\d|走路?` + num + `分钟|导航|停车场|打车|骑车`)
	orderPattern       = regexp.MustCompile(`^(?:点了|必点|招牌|推荐菜|点的是?|我们点)`)
	dishPattern        = regexp.MustCompile(`^[\p{Han}A-Za-z]{2,8}\s?[¥￥]?\d+(?:\.\d+)?(?:元|块钱?)?(?:[/／一]?[个份杯只块碗盘位]|起)?$|^[A-Za-z][A-Za-z ]{1,24} [$€£]\d+(?:\.\d+)?$`)
	keyPattern         = regexp.MustCompile(`^(?:[A-Za-z甲乙丙丁]款|第` + num + `(?:本|款|个|家|支|件|部|条|套|双|只|道|站|集|首))(?:是|就是)?[：:、 ]?`)
	bareCost           = regexp.MustCompile(`^([$€£]?\d+(?:\.\d+)?(?: (?:dollars?|euros?|pounds?|yuan))?)(?: and |$)`)
	headPattern        = regexp.MustCompile(`^[A-Z][A-Za-z']*(?: [A-Za-z0-9'-]+){2,9}: `)
	letterPattern      = regexp.MustCompile(`^([A-E甲乙丙丁])(?:(?: (?:is|was|costs?|has))? |(?:那|这)[个款支台家双件把瓶](?:是|要)?|的|就是|是|要|[：:、]|\b)`)
	namedPattern       = regexp.MustCompile(`^([^：:，。\s]{1,14}|[A-Za-z]{1,12} [A-Za-z0-9]{1,6})[：:]\s*`)
	dayPattern         = regexp.MustCompile(`^(?:第` + num + `天|[Dd]ay\s?\d{1,2}|[Dd]ay (?:one|two|three|four|five|six|seven)\b|D\d{1,2})[：:、 ]?`)
	stepPattern        = regexp.MustCompile(`^(?:第` + num + `步|步骤` + num + `|[Ss]tep ?\d)[：:、 ]?`)
	amountPattern      = regexp.MustCompile(amounts)
	timedPattern       = regexp.MustCompile(num + `(?:分钟|小时|秒|天)|\d+度|\d+℃`)
	ingredientPattern  = regexp.MustCompile(`^[\p{Han}]{1,8}\s?(?:` + amounts + `)$|^(?:` + amounts + `)[\p{Han}]{1,6}$`)
	ingredientsPattern = regexp.MustCompile(`^(?:用料|食材|材料|配料|准备)[：:是有 ]?`)
	weekdayKey         = regexp.MustCompile(`^(?:周|星期|礼拜)[一二三四五六日天](?:[：: ]|[^早上中下傍晚凌的去到末]|$)`)
	askedPattern       = regexp.MustCompile(`^(?:问|答|[Qq]|提问|回答)[：:]\s*`)
	moneyWords         = regexp.MustCompile(num + `(?:块|毛|元)` + num + `?(?:毛)?钱`)
	pureNumber         = regexp.MustCompile(`^` + num + `$`)
	weighedPattern     = regexp.MustCompile(`\d+\s?(?:克|g|ml|毫升)|[半一二两三\d]+(?:小?勺|茶匙)`)
	wholePrice         = regexp.MustCompile(`^(?:人均|总共|一共|合计|花费|花了|预算)`)
	heightPattern      = regexp.MustCompile(`^我?1[4-9]\d$`)
	minutePattern      = regexp.MustCompile(`(?:^|[^\d.一二两三四五六七八九十半几])(\d{1,4}|[一二两三四五六七八九十]{1,3})分钟`)
	nameCount          = regexp.MustCompile(`^(?:个月|个人|个小时|个半|个周末|个星期|个晚上|件套|道题)`)
	countPattern       = regexp.MustCompile(`(\d+|[一二两三四五六七八九十]+)(?:本|个|款|家|支|件|部|条|套|双|只|道|种|样|步|招|集|首)`)
)

// classify gives the role of a clause standing by itself, before its neighbours and the
// kind of note are known.
func classify(s string, words []text.Word) (role, int) {
	p := polarity(words)
	switch {
	case askPattern.MatchString(s):
		return roleQuestion, 0
	case width(s) > maxFact:
		return classifyText(s, p)
	case pricePattern.MatchString(s):
		return rolePrice, 0
	case bodyPattern.MatchString(s) && strings.IndexFunc(s, unicode.IsDigit) >= 0 && (strings.ContainsAny(s, "cCkK米斤") || strings.Contains(s, "身高")):
		return roleBody, 0
	case heightPattern.MatchString(s) && strings.HasPrefix(s, "我"):
		return roleBody, 0
	case timePattern.MatchString(s):
		return roleTime, 0
	case spanPattern.MatchString(s):
		return roleSpan, 0
	case audienceKnown.MatchString(s), audiencePattern.MatchString(s) && (p == 0 || !strings.HasPrefix(s, "我是")):
		return roleAudience, p
	}
	return classifyText(s, p)
}

// maxFact is how wide a fact may be.
const maxFact = 16

// classifyText gives the role of a clause that is more than a fact.
func classifyText(s string, p int) (role, int) {
	switch {
	case reasonPattern.MatchString(s):
		return roleReason, 0
	case endPattern.MatchString(s):
		return roleConclusion, p
	case ownPattern.MatchString(s):
		return roleOwn, p
	case routePattern.MatchString(s) && p >= 0:
		return roleRoute, p
	case orderPattern.MatchString(s):
		return roleOrder, p
	case p > 0:
		return rolePlus, p
	case p < 0:
		return roleMinus, p
	case width(s) <= shortClause:
		return roleShort, 0
	}
	return roleText, 0
}

// shortClause is the widest plain clause that may stand among the facts under the subject.
const shortClause = 6

// width is a text's width in Han characters, a Latin letter being half of one.
func width(s string) int { return text.TitleLength(s) }

// isFact reports a role whose whole clause is one fact.
func (r role) isFact() bool {
	switch r {
	case rolePrice, roleTime, roleSpan, roleBody, roleAudience:
		return true
	}
	return false
}
