package studio

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	narrow "golang.org/x/text/width"
	"pgregory.net/rapid"

	"loam"
	"loam/internal/text"
)

func rewritten1(t interface{ Fatal(args ...any) }, op, s string, o RewriteOptions) string {
	o.Profile = text.Xiaohongshu()
	if o.Bullet == "" {
		o.Bullet = "· "
	}
	parts, err := Rewrite(op, s, o)
	if err != nil {
		t.Fatal(err)
	}
	return flat(parts)
}

func TestRewrite(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, op, in, want string }{
		{"filler at the start", RewriteShorten, "其实，这家店很安静。说实话咖啡一般。", "这家店很安静。咖啡一般。"},
		{"said twice", RewriteShorten, "靠窗很安静，人均35，靠窗很安静。", "靠窗很安静，人均35。"},
		{"adverb twice", RewriteShorten, "非常非常好喝", "非常好喝"},
		{"a negation said twice stays", RewriteShorten, "周末不用排队，停车难，周末不用排队。", "周末不用排队，停车难，周末不用排队。"},
		{"nothing to do", RewriteShorten, "人均35，靠窗。", "人均35，靠窗。"},
		{"conclusion", RewriteConclusion, "拿铁好喝。停车难。总之值得再去。", "总之值得再去。拿铁好喝。停车难。"},
		{"conclusion on its line", RewriteConclusion, "拿铁好喝\n停车难\n结论：值得", "结论：值得\n拿铁好喝\n停车难\n"},
		{"split", RewriteSplit, "早上六点的湖面没有风栈道上只有跑步的人，我在第三张长椅上坐下来，把这一周的事情从头到尾想了一遍。", "早上六点的湖面没有风栈道上只有跑步的人。我在第三张长椅上坐下来，把这一周的事情从头到尾想了一遍。"},
		{"short stays", RewriteSplit, "拿铁好喝，停车难。", "拿铁好喝，停车难。"},
		{"list", RewriteList, "拿铁好喝。停车难。人均35。", "· 拿铁好喝\n· 停车难\n· 人均35"},
		{"list of clauses", RewriteList, "雨伞、充电宝、身份证", "· 雨伞\n· 充电宝\n· 身份证"},
		{"join", RewriteJoin, "· 拿铁好喝\n· 停车难\n· 人均35", "拿铁好喝，停车难，人均35。"},
		{"join keeps numbers", RewriteJoin, "1. 切条\n2. 泡水", "1. 切条，2. 泡水。"},
		{"tidy", RewriteTidy, "人均 35 元 ，，靠窗, 安静!!\n\n\n\n１２月去的 ", "人均 35元，靠窗，安静！\n\n12月去的"},
		{"emoji", RewriteEmoji, "好喝😋靠窗☕️1️⃣号桌", "好喝靠窗1号桌"},
		{"worn", RewriteWorn, "谁懂啊！这家店绝绝子，安静", "这家店，安静"},
	} {
		if got := rewritten1(t, c.op, c.in, RewriteOptions{}); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
	if got := rewritten1(t, RewriteEmoji, "好喝😋靠窗☕️安静🌿", RewriteOptions{Emoji: 12}); got != "好喝😋靠窗安静" {
		t.Errorf("to her rate: %q", got)
	}
	if got := rewritten1(t, RewriteLimits, strings.Repeat("湖边的咖啡馆，", 5), RewriteOptions{Title: true}); text.TitleLength(got) > 20 || got == "" {
		t.Errorf("limits: %q", got)
	}
}

var (
	numbers   = regexp.MustCompile(`\d+|[一二三四五六七八九十百千万两半]+`)
	negations = regexp.MustCompile(`不|没|无|别|未|非常|非|莫|勿|\bnot\b|\bnever\b|n't`)
)

// TestRewriteKeepsFacts: whatever is rewritten without a model, no number and no negation
// is lost, every character is hers or of the closed list, and it is the same twice.
func TestRewriteKeepsFacts(t *testing.T) {
	t.Parallel()
	ops := []string{RewriteShorten, RewriteConclusion, RewriteSplit, RewriteList, RewriteJoin, RewriteTidy, RewriteEmoji}
	words := slices.Concat(noteWords, strings.Fields("其实 说实话 不用排队 没有停车位 非常非常 真的真的 别去 总之值得 结论：不推荐 嗯 😋 1️⃣ １２元 \n \n\n 反正不贵 第2次 don't basically 无糖 未必 ，， !! 35 元"))
	inputs := rapid.OneOf(ideas(), rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(rapid.SampledFrom(words), 1, 30).Draw(t, "words"), rapid.SampledFrom([]string{"", "，", "。", "\n", " "}).Draw(t, "joint"))
	}))
	rapid.Check(t, func(t *rapid.T) {
		s, op := strings.ToValidUTF8(inputs.Draw(t, "text"), ""), rapid.SampledFrom(ops).Draw(t, "op")
		if len(s) > 6000 {
			s = s[:runeOffset(s, 2000)]
		}
		parts, err := Rewrite(op, s, RewriteOptions{Profile: text.Xiaohongshu(), Bullet: "· "})
		if err != nil {
			t.Fatal(err)
		}
		got := flat(parts)
		for _, p := range parts {
			if p.From == "text" && s[p.Start:p.End] != p.Text || p.From == "" && utf8.RuneCountInString(p.Text) > 4 {
				t.Fatalf("%s: a part that is neither hers nor a mark: %+v", op, p)
			}
		}
		for _, pattern := range []*regexp.Regexp{numbers, negations} {
			want, have := pattern.FindAllString(narrow.Narrow.String(s), -1), pattern.FindAllString(narrow.Narrow.String(got), -1)
			if pattern == negations {
				plain := func(x string) bool { return x == "非常" }
				want, have = slices.DeleteFunc(want, plain), slices.DeleteFunc(have, plain)
			}
			slices.Sort(want)
			slices.Sort(have)
			if strings.Join(want, "") != strings.Join(have, "") {
				t.Fatalf("%s: %q became %q: %q is not %q", op, s, got, have, want)
			}
		}
		if again := rewritten1(t, op, s, RewriteOptions{}); again != got {
			t.Fatalf("%s is not the same twice", op)
		}
	})
}

// TestDiffer: the pieces of a difference are the two texts, and taking no change gives the
// first, taking all the second.
func TestDiffer(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := strings.ToValidUTF8(ideas().Draw(t, "before"), "")
		b := strings.ToValidUTF8(ideas().Draw(t, "after"), "")
		if rapid.Bool().Draw(t, "near") {
			b = rewritten1(t, RewriteShorten, a, RewriteOptions{})
		}
		a, b = a[:runeOffset(a, 3000)], b[:runeOffset(b, 3000)]
		oldAt, newAt := 0, 0
		for _, h := range differ(a, b) {
			if h.oldFrom != oldAt || h.newFrom != newAt || h.number == 0 && a[h.oldFrom:h.oldTo] != b[h.newFrom:h.newTo] {
				t.Fatalf("%q to %q: %+v", a, b, h)
			}
			oldAt, newAt = h.oldTo, h.newTo
		}
		if oldAt != len(a) || newAt != len(b) {
			t.Fatalf("%q to %q ends at %d and %d", a, b, oldAt, newAt)
		}
	})
}

func TestRewritten(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"“湖边的早晨。”":         "湖边的早晨。",
		"「一」和「二」":          "「一」和「二」",
		"<选段>\n好\n</选段>\n": "好",
	} {
		if got := rewritten(in, "body"); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
	if got := rewritten("湖边\n早晨", "title"); got != "湖边 早晨" {
		t.Errorf("title: %q", got)
	}
}

func TestStretch(t *testing.T) {
	t.Parallel()
	d := loam.Draft{Title: []loam.Run{{Text: "湖边"}}, Body: []loam.Run{}}
	for _, s := range []Stretch{{"body", 0, 0}, {"title", 1, 3}, {"title", 0, 99}, {"title", 3, 3}, {"tags", 0, 1}, {"title", -1, 3}} {
		if _, _, _, _, err := s.of(d); loam.CodeOf(err) != "stretch.invalid" {
			t.Errorf("%+v: %v", s, err)
		}
	}
	if _, _, from, to, err := (Stretch{"title", 3, 0}).of(d); err != nil || from != 3 || to != 6 {
		t.Errorf("to the end: %d %d %v", from, to, err)
	}
}
