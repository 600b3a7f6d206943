package studio

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"loam"
	"loam/internal/text"
)

// Checks lists what is out of the profile's limits (level fix: it cannot be confirmed so)
// and what a careful reader would look at twice (level look). The order is that of the
// fields.
func Checks(p text.Profile, title, body string, tags []string, pages []loam.Page) []Check {
	c := checker{out: Unfit(p, title, body, tags, pages)}
	for _, f := range []field{{"title", title}, {"body", body}} {
		c.claims(f)
		c.contacts(f)
		c.privacy(f)
		c.sums(f)
		c.dates(f)
	}
	c.counts(title, body)
	c.prices(title, body)
	c.numbering(body)
	c.twice(body)
	c.disclosure(title, body, tags)
	return c.out
}

// Unfit lists only what is out of the profile's limits: a tenth of the work of Checks.
func Unfit(p text.Profile, title, body string, tags []string, pages []loam.Page) []Check {
	c := checker{out: []Check{}}
	c.limits(p, title, body)
	c.tags(p, tags)
	c.pages(p, pages)
	for _, f := range []field{{"title", title}, {"body", body}} {
		c.blanks(f)
		c.shown(f)
	}
	return c.out
}

type field struct {
	name, text string
}

type checker struct {
	out []Check
}

// most bounds how many checks of one rule a field may have.
const mostChecks = 5

func (c *checker) add(level, rule, field string, start, end int, args ...string) {
	n := 0
	for _, k := range c.out {
		if k.Rule == rule && k.Field == field {
			n++
		}
	}
	if n >= mostChecks {
		return
	}
	if args == nil {
		args = []string{}
	}
	code := "check." + rule
	c.out = append(c.out, Check{Rule: rule, Level: level, Field: field, Start: start, End: end, Text: sentence(code, args...), Code: code, Args: args})
}

func (c *checker) limits(p text.Profile, title, body string) {
	if strings.TrimSpace(title) == "" {
		c.add(LevelFix, "title_empty", "title", 0, 0)
	} else if n := text.TitleLength(title); n > p.TitleMax {
		c.add(LevelFix, "title_long", "title", 0, len(title), itoa(n), itoa(p.TitleMax))
	}
	if strings.TrimSpace(body) == "" {
		c.add(LevelFix, "body_empty", "body", 0, 0)
	} else if n := text.BodyLength(body); n > p.BodyMax {
		c.add(LevelFix, "body_long", "body", bodyOffset(body, p.BodyMax), len(body), itoa(n), itoa(p.BodyMax))
	}
}

// bodyOffset is the byte offset of the character that crosses n UTF-16 units.
func bodyOffset(s string, n int) int {
	used := 0
	for i, r := range s {
		if used += utf16Len(r); used > n {
			return i
		}
	}
	return len(s)
}

func utf16Len(r rune) int {
	if r > 0xFFFF {
		return 2
	}
	return 1
}

func (c *checker) tags(p text.Profile, tags []string) {
	if len(tags) > p.TagsMax {
		c.add(LevelFix, "tags_many", "tags", 0, 0, itoa(len(tags)), itoa(p.TagsMax))
	}
	for _, t := range tags {
		switch {
		case !goodTag(t):
			c.add(LevelFix, "tag_form", "tags", 0, 0, t)
		case text.BodyLength(t) > p.TagMax:
			c.add(LevelFix, "tag_long", "tags", 0, 0, t, itoa(p.TagMax))
		}
	}
}

// goodTag reports a tag that can be typed: something to read, no spaces, no #.
func goodTag(t string) bool {
	_, _, found := text.Unshowable(t)
	return !found && hasWord(t) && !strings.ContainsAny(t, " \t\n#＃　")
}

func (c *checker) pages(p text.Profile, pages []loam.Page) {
	if len(pages) < p.PagesMin {
		c.add(LevelFix, "pages_none", "pages", 0, 0)
	}
	if len(pages) > p.PagesMax {
		c.add(LevelFix, "pages_many", "pages", 0, 0, itoa(len(pages)), itoa(p.PagesMax))
	}
	for i, page := range pages {
		name, all := "page."+itoa(i+1), pageText(page)
		switch {
		case len(page.Assets()) == 0 && strings.TrimSpace(all) == "":
			c.add(LevelFix, "page_empty", name, 0, 0, itoa(i+1))
		case width(all) > p.PageMax:
			c.add(LevelFix, "page_long", name, 0, 0, itoa(i+1), itoa(width(all)), itoa(p.PageMax))
		}
		if slices.ContainsFunc(page.Words(), func(s string) bool { _, _, found := text.Unshowable(s); return found }) {
			c.add(LevelFix, "unshowable", name, 0, 0)
		}
		if slices.ContainsFunc(page.Words(), blankPattern.MatchString) {
			c.add(LevelFix, "blank", name, 0, 0)
		}
	}
}

// pageText is all the words of a page.
func pageText(p loam.Page) string { return strings.Join(p.Words(), "\n") }

// Patterns of the checks. Advert words: 广告法 Art. 9(3) and the lists platforms publish.
var (
	blankPattern   = regexp.MustCompile(`〔[^〔〕]*〕`)
	extremePattern = regexp.MustCompile(`全网最低|史上最|世界级|国家级|宇宙级|顶级|顶尖|极品|独一无二|绝无仅有|前无古人|万能|唯一|首选|第一品牌|销量第一|全国第一|全网第一|排名第一|最(?:好|佳|强|优|大|低价|便宜|高级|先进|安全|有效|正宗|划算|值得)|100%|百分之百|零风险|永久|best ever|the best|number one`)
	medicalPattern = regexp.MustCompile(`根治|治疗|疗效|药到病除|消炎|杀菌率|抗癌|降血糖|降血压|排毒|无副作用|包治|月瘦|[瘦减]了?\d+斤|\d+天瘦|永不反弹|祛斑|生发`)
	moneyPattern   = regexp.MustCompile(`稳赚|保本|躺赚|日入|月入过万|年化|零投入|稳赢|内幕消息|包过|保过`)
	sumPattern     = regexp.MustCompile(`(\d{1,6})(?:元|块|分钟)?\s*[+＋]\s*(\d{1,6})(?:元|块|分钟)?\s*[=＝]\s*(\d{1,7})`)
	datePattern    = regexp.MustCompile(`(\d{4})年(\d{1,2})月(\d{1,2})[日号][，（(\s]?(?:周|星期)([一二三四五六日天])`)
	labelPattern   = regexp.MustCompile(`(人均|均价|门票|单价|原价|房费|[A-Za-z]款)(?:才|只要)?[¥￥]?(\d+(?:\.\d+)?)(?:元|块)?`)
	numberedLine   = regexp.MustCompile(`(?m)^(\d{1,2})[.、．]\s?\S`)
	giftPattern    = regexp.MustCompile(`品牌方|寄给我|寄来|送的|赠送|置换|合作款|推广|恰饭`)
	ownMoney       = regexp.MustCompile(`自费|自己买|自购|自掏|没收钱`)
	namedThing     = regexp.MustCompile(`测评|横评|对比|探店|种草|回购`)
)

func (c *checker) blanks(f field) {
	for _, m := range blankPattern.FindAllStringIndex(f.text, mostChecks) {
		c.add(LevelFix, "blank", f.name, m[0], m[1])
	}
}

func (c *checker) shown(f field) {
	if start, end, found := text.Unshowable(f.text); found {
		c.add(LevelFix, "unshowable", f.name, start, end)
	}
}

func (c *checker) claims(f field) {
	for _, k := range []struct {
		rule    string
		pattern *regexp.Regexp
	}{{"extreme", extremePattern}, {"medical", medicalPattern}, {"money", moneyPattern}} {
		for _, m := range k.pattern.FindAllStringIndex(f.text, mostChecks) {
			c.add(LevelLook, k.rule, f.name, m[0], m[1], f.text[m[0]:m[1]])
		}
	}
	if k := strings.Index(f.text, "够用"); k >= 0 && strings.Contains(f.text, "防晒") && !strings.Contains(strings.ToUpper(f.text), "SPF") && !strings.Contains(f.text, "指数") {
		c.add(LevelLook, "sun", f.name, k, k+len("够用"))
	}
}

// plates and identity numbers are nobody's to publish (PIPL Art. 28: sensitive personal
// information).
var (
	platePattern    = regexp.MustCompile(`[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z][·• ]?[A-HJ-NP-Z0-9]{5,6}`)
	identityPattern = regexp.MustCompile(`[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]`)
)

func (c *checker) privacy(f field) {
	for _, k := range []struct {
		rule    string
		pattern *regexp.Regexp
	}{{"plate", platePattern}, {"identity", identityPattern}} {
		for _, m := range k.pattern.FindAllStringIndex(f.text, mostChecks) {
			c.add(LevelLook, k.rule, f.name, m[0], m[1], f.text[m[0]:m[1]])
		}
	}
}

func (c *checker) contacts(f field) {
	for _, k := range text.Contacts(f.text) {
		if k.Score >= 0.5 {
			c.add(LevelLook, "contact", f.name, k.Start, k.End, f.text[k.Start:k.End])
		}
	}
}

func (c *checker) sums(f field) {
	for _, m := range sumPattern.FindAllStringSubmatchIndex(f.text, mostChecks) {
		at := func(i int) string { return f.text[m[2*i]:m[2*i+1]] }
		a, _ := strconv.Atoi(at(1))
		b, _ := strconv.Atoi(at(2))
		if s, _ := strconv.Atoi(at(3)); a+b != s {
			c.add(LevelLook, "sum", f.name, m[0], m[1], at(1), at(2), itoa(a+b), at(3))
		}
	}
}

func (c *checker) dates(f field) {
	for _, m := range datePattern.FindAllStringSubmatchIndex(f.text, mostChecks) {
		at := func(i int) int { n, _ := strconv.Atoi(f.text[m[2*i]:m[2*i+1]]); return n }
		said := f.text[m[8]:m[9]]
		day := time.Date(at(1), time.Month(at(2)), at(3), 0, 0, 0, 0, time.UTC)
		is := []string{"日", "一", "二", "三", "四", "五", "六"}[day.Weekday()]
		if is != strings.Replace(said, "天", "日", 1) {
			c.add(LevelLook, "weekday", f.name, m[0], m[1], is)
		}
	}
}

// counts compares what the title says there is with the numbered lines of the body. One
// thing is no list, and of several lists none is known to be the title's.
func (c *checker) counts(title, body string) {
	stated, start, end := countIn(title)
	found, lists := 0, 0
	for _, m := range numberedLine.FindAllStringSubmatch(body, 100) {
		if found++; m[1] == "1" {
			lists++
		}
	}
	if stated > 1 && found > 1 && lists < 2 && stated != found {
		c.add(LevelLook, "count", "title", start, end, itoa(stated), itoa(found))
	}
}

// prices finds one thing with two prices.
func (c *checker) prices(title, body string) {
	said := map[string]string{}
	for _, f := range []field{{"title", title}, {"body", body}} {
		for _, m := range labelPattern.FindAllStringSubmatchIndex(f.text, 100) {
			label, price := f.text[m[2]:m[3]], f.text[m[4]:m[5]]
			if before, ok := said[label]; ok && before != price {
				c.add(LevelLook, "price", f.name, m[0], m[1], label, before, price)
			} else {
				said[label] = price
			}
		}
	}
}

// numbering finds a numbered list with a hole or a number twice.
func (c *checker) numbering(body string) {
	last := 0
	for _, m := range numberedLine.FindAllStringSubmatchIndex(body, 100) {
		n, _ := strconv.Atoi(body[m[2]:m[3]])
		if n != 1 && last > 0 && n != last+1 {
			c.add(LevelLook, "numbering", "body", m[2], m[3], itoa(last), itoa(n))
		}
		last = n
	}
}

func (c *checker) twice(body string) {
	seen := map[string]bool{}
	at := 0
	for line := range strings.SplitSeq(body, "\n") {
		if t := strings.TrimLeft(line, "·-•▪ "); utf8.RuneCountInString(t) >= 5 {
			if seen[t] {
				c.add(LevelLook, "twice", "body", at, at+len(line))
			}
			seen[t] = true
		}
		at += len(line) + 1
	}
}

// disclosure reminds of saying who paid: where something was given, and where a test names
// things and nothing is said.
func (c *checker) disclosure(title, body string, tags []string) {
	all := title + "\n" + body + "\n" + strings.Join(tags, "\n")
	if m := giftPattern.FindStringIndex(body); m != nil {
		c.add(LevelLook, "gift", "body", m[0], m[1], body[m[0]:m[1]])
		return
	}
	if namedThing.MatchString(all) && !ownMoney.MatchString(all) {
		c.add(LevelLook, "disclosure", "body", 0, 0)
	}
}
