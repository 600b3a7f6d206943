package studio

import (
	"reflect"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"loam"
	"loam/internal/text"
)

// noteWords are the stuff notes are made of; shuffled they are ideas nobody foresaw.
var noteWords = strings.Fields(`周末 去 杭州 西湖边的咖啡馆 人均35 靠窗 拿铁好喝 停车难 但是 不过 就是 有点贵 太甜 不搓泥 用了三个月的 两支防晒 A款 B款 38元 89元 ¥12.5 我是油皮
	第一次 我第一次切太细就烤糊了 第一天 第二天 Day3 先把 然后 最后 嗯 对了 泡水十分钟 180度烤15分钟 两个红薯 切条 沥干 为什么 因为 所以 ？ ！ 。 ， 、 ； … ： 「 」 《活着》 （ ） 158cm 48kg 显瘦 尺码M
	https://example.org/a?b=1,2 @小半山 #话题 1. 2. 3、 - · ① 今年读完的5本书 3.5 1,200 今天 下班 突然 想起 妈妈 说 latte great but noisy hard iPhone T恤 第一本 第二本 总结 适合新手 面粉100克 鸡蛋2个、糖30克 打开 设置 点击 步骤1 优点：便宜 缺点 停车场 地铁站 走8分钟 的 了 不 很 〔价格〕 详见图 加分`)

var oddRunes = []rune("a1好Ａ１, .\u200b\u200d\ufe0f\u0301\u202e\x00\x1f\t\r\n😀👨‍👩‍👧‍👦❤️🇨🇳é\U000e0041\ufffd\u3000〔〕·￥%万")

func ideas() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		switch rapid.IntRange(0, 19).Draw(t, "form") {
		case 0, 1, 2:
			return rapid.String().Draw(t, "any")
		case 3, 4, 5:
			return string(rapid.SliceOfN(rapid.SampledFrom(oddRunes), 0, 60).Draw(t, "odd"))
		case 6, 7:
			return string(rapid.SliceOfN(rapid.Byte(), 0, 60).Draw(t, "bytes"))
		case 8, 9, 10:
			lines := rapid.SliceOfN(rapid.SliceOfN(rapid.SampledFrom(noteWords), 0, 5), 0, 12).Draw(t, "lines")
			var b strings.Builder
			for _, l := range lines {
				b.WriteString(rapid.SampledFrom([]string{"- ", "1. ", "", "· ", "2、", "①"}).Draw(t, "bullet") + strings.Join(l, "") + "\n")
			}
			return b.String()
		case 11:
			unit := strings.Join(rapid.SliceOfN(rapid.SampledFrom(noteWords), 1, 40).Draw(t, "unit"), rapid.SampledFrom([]string{"", "，", "\n", " "}).Draw(t, "joint"))
			return strings.Repeat(unit, 1+rapid.SampledFrom([]int{1, 4, 5000, 9000}).Draw(t, "size")/len(unit))
		default:
			return strings.Join(rapid.SliceOfN(rapid.SampledFrom(noteWords), 1, 25).Draw(t, "words"), rapid.SampledFrom([]string{"", "，", "。", " "}).Draw(t, "joint"))
		}
	})
}

func inputs() *rapid.Generator[Input] {
	return rapid.Custom(func(t *rapid.T) Input {
		in := Input{Idea: ideas().Draw(t, "idea"), Account: rapid.SampledFrom([]string{"", "u1", "u2", "u3"}).Draw(t, "account")}
		if rapid.Bool().Draw(t, "more") {
			in.Kind = rapid.SampledFrom(append(loam.NoteKinds(), "")).Draw(t, "kind")
			in.Attempt = rapid.IntRange(0, 9).Draw(t, "attempt")
			in.Community.Topics = []Topic{{Name: "西湖", Uses: 3}, {Name: "latte", Aliases: []string{"拿铁"}, Uses: 9}, {Name: "防晒"}}
			for range rapid.IntRange(0, 2).Draw(t, "answers") {
				in.Answers = append(in.Answers, loam.Answer{
					Slot: rapid.SampledFrom([]string{"name", "order", "amount", "paid", "unfit", "keep", "x"}).Draw(t, "slot"),
					Text: rapid.OneOf(rapid.SampledFrom(noteWords), rapid.String()).Draw(t, "answer"),
				})
			}
		}
		return in
	})
}

// TestRules holds the five rules over 10,000 ideas.
func TestRules(t *testing.T) {
	t.Parallel()
	for range 100 { // of a hundred each
		rapid.Check(t, func(t *rapid.T) {
			in := inputs().Draw(t, "input")
			if broken := rules(in); broken != "" {
				t.Fatal(broken)
			}
		})
		if t.Failed() {
			return
		}
	}
}

// TestStrangeInput: right to left, stacked accents, only emoji, nothing but digits and a
// paste of 50,000 characters keep the rules as anything does.
func TestStrangeInput(t *testing.T) {
	t.Parallel()
	for name, idea := range map[string]string{
		"right to left": "קפה ליד האגם, 35 שקל, שקט, אין חניה",
		"arabic":        "مقهى قرب البحيرة، 35 للشخص، هادئ، موقف السيارات صعب",
		"bidi marks":    "周末\u202e去咖啡馆\u202c，人均35，\u2067靠窗\u2069",
		"zalgo":         "c\u0301\u0302\u0303\u0304o\u0315\u031b\u0358f\u0336\u0337f\u0321e\u0345e" + strings.Repeat("\u0301", 300) + " 很好喝",
		"only emoji":    strings.Repeat("😋☕️👨‍👩‍👧‍👦", 30),
		"digits":        "1234567890 13800000000",
		"one digit":     "7",
		"long digits":   strings.Repeat("9", 50_000),
		"long emoji":    strings.Repeat("😋", 30_000) + "好",
		"no line break": strings.Repeat("湖边的早晨很安静，", 6000),
		"no stop":       strings.Repeat("湖边的早晨很安静", 7000),
		"spaces":        strings.Repeat("湖 ", 25_000),
		"table only":    "| a | b |\n|---|---|\n" + strings.Repeat("| 湖边 | 早晨 |\n", 3000),
		"heads only":    strings.Repeat("# 湖边\n", 9000),
		"chat":          strings.Repeat("小林 10:21\n到了吗\n阿木 10:22\n人均35，安静\n", 2500),
	} {
		if broken := rules(Input{Idea: idea}); broken != "" {
			t.Errorf("%s: %.300s", name, broken)
		}
	}
}

// TestItemOverLines: what stands under a list's key on the next line is no title with it.
func TestItemOverLines(t *testing.T) {
	t.Parallel()
	if broken := rules(Input{Idea: "- \n- 周末\n- 就是：周末\n"}); broken != "" {
		t.Error(broken)
	}
}

// rules gives what is wrong with the draft of an input, "" if nothing is.
func rules(in Input) string {
	in = in.showable()
	a, err := Arrange(in)
	empty := strings.IndexFunc(in.Idea, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) < 0
	if err != nil {
		if !empty || loam.CodeOf(err) != "idea.empty" {
			return "refused: " + err.Error()
		}
		return ""
	}
	if empty {
		return "an empty idea was arranged"
	}
	again, _ := Arrange(in)
	if !reflect.DeepEqual(a, again) {
		return "not the same twice"
	}
	if len(a.Titles) < 3 || len(a.Titles) > titlesMost || strings.TrimSpace(a.Body) == "" {
		return "too few titles, or no body"
	}
	seen := map[string]bool{}
	for _, title := range a.Titles {
		if seen[title.Text] {
			return "a title twice: " + title.Text
		}
		seen[title.Text] = true
		if flat(title.Parts) != title.Text || title.Length != text.TitleLength(title.Text) || strings.ContainsAny(title.Text, "\n\r") {
			return "a title is not its parts: " + title.Text
		}
		if s := traced(in, title.Parts); s != "" {
			return "title: " + s
		}
		for _, c := range Checks(text.Xiaohongshu(), title.Text, a.Body, tagNames(a), a.Pages) {
			if c.Level == LevelFix && c.Rule != "blank" {
				return "out of limits: " + c.Text
			}
		}
	}
	if flat(a.BodyParts) != a.Body {
		return "the body is not its parts"
	}
	if s := traced(in, a.BodyParts); s != "" {
		return "body: " + s
	}
	if len(a.Asks) > asksMost || a.Asks == nil || a.Tags == nil || a.Cut == nil || a.Checks == nil {
		return "asks or lists"
	}
	if len(a.Pages) == 0 || a.Pages[0].Kind != loam.PageCover {
		return "no cover"
	}
	return tracedPages(in)
}

// tracedPages holds the first rule over the pages, before their parts become text.
func tracedPages(in Input) string {
	n := understand(in)
	c := n.layOut(n.shape(), n.titles()[0])
	for _, s := range c.sheets {
		all := append([][]Part{s.title, s.sub}, s.lines...)
		for _, r := range s.rows {
			all = append(all, r...)
		}
		for _, parts := range all {
			if s := traced(in, parts); s != "" {
				return "page: " + s
			}
		}
	}
	return ""
}

// traced holds that every part is a span of what she wrote, scaffold, or marked as added.
func traced(in Input, parts []Part) string {
	for _, p := range parts {
		if !utf8.ValidString(p.Text) {
			return "invalid text " + p.Text
		}
		if p.From == "" {
			t := chinese
			if !p.Added && !isScaffold(p.Text) || p.Added && p.Text != t.choose && p.Text != t.about && p.Text != t.record && p.Text != english.choose && p.Text != english.about && p.Text != english.record {
				return "neither hers nor scaffold: " + p.Text
			}
			continue
		}
		found := false
		for _, src := range append([]loam.Answer{{Slot: "idea", Text: in.Idea}}, in.Answers...) {
			found = found || src.Slot == p.From && p.Start >= 0 && p.Start <= p.End && p.End <= len(src.Text) && src.Text[p.Start:p.End] == p.Text
		}
		if !found {
			return "no such span of " + p.From + ": " + p.Text
		}
	}
	return ""
}

// TestRepair holds that whatever is given, what comes back needs no mending.
func TestRepair(t *testing.T) {
	t.Parallel()
	p := text.Xiaohongshu()
	rapid.Check(t, func(t *rapid.T) {
		title, body := ideas().Draw(t, "title"), ideas().Draw(t, "body")
		tags := rapid.SliceOfN(ideas(), 0, 14).Draw(t, "tags")
		var pages []loam.Page
		for range rapid.IntRange(0, 22).Draw(t, "pages") {
			pages = append(pages, loam.Page{
				Kind: rapid.SampledFrom(loam.PageKinds()).Draw(t, "kind"), Title: ideas().Draw(t, "page"), Sub: rapid.String().Draw(t, "sub"),
				Lines: rapid.SliceOfN(ideas(), 0, 4).Draw(t, "lines"), Rows: rapid.SliceOfN(rapid.SliceOfN(ideas(), 0, 3), 0, 3).Draw(t, "rows"),
			})
		}
		t2, b2, g2, p2 := Repair(p, title, body, tags, pages)
		said := hasWord(title) || hasWord(body)
		for _, c := range Checks(p, t2, b2, g2, p2) {
			if c.Level == LevelFix && (said || c.Rule != "title_empty" && c.Rule != "body_empty" && c.Rule != "pages_none") {
				t.Fatalf("still %s %v in %s: title %q", c.Rule, c.Args, c.Field, t2)
			}
		}
		t3, b3, g3, p3 := Repair(p, t2, b2, g2, p2)
		if said && (t3 != t2 || b3 != b2 || !reflect.DeepEqual(g3, g2) || !samePages(p3, p2)) {
			t.Fatalf("repaired twice is not repaired once: %q %q", t2, t3)
		}
	})
}

func FuzzArrange(f *testing.F) {
	for _, s := range []string{exampleShop, exampleFood, exampleTest, "7", "", "but ？", "优点：？", "\xff\x00好", "- a\n- b\n- c", "为什么？因为好。"} {
		f.Add(s, "name", "半山 / 拿铁28")
	}
	f.Fuzz(func(t *testing.T, idea, slot, answer string) {
		if len(idea) > 20_000 {
			return
		}
		if broken := rules(Input{Idea: idea, Answers: []loam.Answer{{Slot: slot, Text: answer}}}); broken != "" {
			t.Fatal(broken)
		}
	})
}
