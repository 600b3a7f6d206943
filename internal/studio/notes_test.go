package studio

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"loam"
	"loam/internal/text"
)

func arrange(t *testing.T, in Input) Arranged {
	t.Helper()
	a, err := Arrange(in)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// under gives the lines under a heading of a body.
func under(body, heading string) string {
	_, rest, _ := strings.Cut(body, heading+"\n")
	rest, _, _ = strings.Cut(rest, "\n\n")
	return rest
}

// TestFalseNotes keeps what the prototype got wrong: each idea, and what must not come of it.
func TestFalseNotes(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		idea string
		bad  func(Arranged) bool
	}{
		"体重 is no complaint":        {"身高160体重50，通勤穿搭，阔腿裤显瘦，衬衫容易皱", func(a Arranged) bool { return strings.Contains(under(a.Body, "留意"), "体重") }},
		"不搓泥 is praise":             {exampleTest, func(a Arranged) bool { return !strings.Contains(a.Body, "＋ 不搓泥") }},
		"不够 is none":                {exampleTest, func(a Arranged) bool { return strings.Contains(under(a.Body, "加分"), "不够") }},
		"周末人多 is not when she went": {"湖边的咖啡馆，人均35，周末人多，拿铁好喝", func(a Arranged) bool { return strings.Contains(strings.Split(a.Body, "\n\n")[0], "周末") }},
		"为什么面包 is no subject": {"为什么面包第二天会变硬，因为淀粉老化", func(a Arranged) bool {
			return anyTitle(a, func(s string) bool { return s == "为什么面包" || strings.HasSuffix(s, "｜为什么面包") })
		}},
		"自动识别字幕 is cut out of no clause": {"用剪映自动识别字幕，打开文本，点击识别，最后导出", func(a Arranged) bool {
			return anyTitle(a, func(s string) bool {
				return strings.HasPrefix(s, "自动识别字幕") || strings.HasSuffix(s, "｜自动识别字幕")
			})
		}},
		"an item's clause beside the whole": {"今年读完的5本书，第一本《活着》哭了两次，第二本《秋园》写外婆", func(a Arranged) bool {
			return anyTitle(a, func(s string) bool {
				return s == "今年读完的5本书｜哭了两次" || s == "5本书｜哭了两次"
			})
		}},
		"a story is no list":                       {"很凶的狗其实只是怕生。它冲我叫了十分钟；后来我用毛巾擦它的爪子，它就不叫了。", func(a Arranged) bool { return strings.Contains(a.Body, "· ") }},
		"a step with an unknown verb stays a step": {"电饭煲焖饭，先把香肠切丁，土豆滚刀，再煮20分钟，加盐出锅", func(a Arranged) bool { return !strings.Contains(a.Body, "2. 土豆滚刀") }},
		"难 inside a word":                          {"周末去了灾难博物馆，门票20，讲解清晰，馆里冷清", func(a Arranged) bool { return strings.Contains(under(a.Body, "留意"), "灾难") }},
		"a turn keeps its but":                     {"今天想起奶奶，她说话很凶但每次都把鱼肚子留给我", func(a Arranged) bool { return !strings.Contains(a.Body, "很凶但每次") }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if a := arrange(t, Input{Idea: c.idea}); c.bad(a) {
				t.Errorf("%s", show(a))
			}
		})
	}
}

func anyTitle(a Arranged, bad func(string) bool) bool {
	return slices.ContainsFunc(a.Titles, func(x Title) bool { return bad(x.Text) })
}

// claims are what only she may say.
var claims = []string{"亲测", "后悔", "全网", "被问爆", "闭眼", "必", "绝", "最", "神", "谁懂", "关注我", "姐妹", "宝子"}

// TestNothingClaimed holds that no list of the writer's holds a claim.
func TestNothingClaimed(t *testing.T) {
	t.Parallel()
	all := slices.Concat(chinese.words(), []string{chinese.choose, chinese.about, chinese.record}, marks, bullets[:])
	for _, w := range all {
		for _, c := range claims {
			if strings.Contains(w, c) {
				t.Errorf("%q claims %q", w, c)
			}
		}
	}
}

func TestTagsOfTheCommunity(t *testing.T) {
	t.Parallel()
	topics := []Topic{{Name: "杭州咖啡馆", Uses: 40}, {Name: "西湖", Uses: 90}, {Name: "咖啡馆", Uses: 300}, {Name: "拿铁", Uses: 12}, {Name: "上海咖啡馆", Uses: 800}, {Name: "减肥", Uses: 999}}
	a := arrange(t, Input{Idea: exampleShop, Community: Community{Topics: topics}})
	names := tagNames(a)
	for _, want := range []string{"杭州咖啡馆", "西湖", "咖啡馆", "拿铁"} {
		if !slices.Contains(names, want) {
			t.Errorf("%s is missing in %v", want, names)
		}
	}
	for _, bad := range []string{"上海咖啡馆", "减肥", "探店"} { // not hers, not hers, not the community's
		if slices.Contains(names, bad) {
			t.Errorf("%s is offered", bad)
		}
	}
	for _, tag := range a.Tags {
		if tag.Uses == 0 || tag.Code == "" || tag.Why == "" {
			t.Errorf("%+v", tag)
		}
	}
}

// TestAgain holds that another attempt begins with another title, and that accounts keep a
// look of their own.
func TestAgain(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for k := range 4 {
		seen[arrange(t, Input{Idea: exampleShop, Attempt: k}).Titles[0].Text] = true
	}
	if len(seen) != 4 {
		t.Errorf("four attempts begin with %d titles", len(seen))
	}
	looks := map[string]bool{}
	for k := range 40 {
		looks[arrange(t, Input{Idea: exampleShop, Account: fmt.Sprint("u", k)}).Body] = true
	}
	if len(looks) < 8 {
		t.Errorf("forty accounts have %d looks", len(looks))
	}
}

// TestKinds holds that a kind she chose is kept, whatever the words say.
func TestKinds(t *testing.T) {
	t.Parallel()
	for _, k := range loam.NoteKinds() {
		if a := arrange(t, Input{Idea: exampleShop, Kind: k}); a.Kind != k {
			t.Errorf("got %s, want %s", a.Kind, k)
		}
	}
}

// TestArticle holds that nothing of an article is lost: each sentence stands in the body or
// on a page, in her order.
func TestArticle(t *testing.T) {
	t.Parallel()
	var idea strings.Builder
	var sentences []string
	for i := range 30 {
		for k := range 3 {
			s := fmt.Sprintf("第%d段第%d句说的是院子里的树和去年冬天的雪", i, k)
			sentences = append(sentences, s)
			idea.WriteString(s + "。")
		}
		idea.WriteString("\n")
	}
	a := arrange(t, Input{Idea: idea.String()})
	var all strings.Builder
	for _, p := range a.Pages {
		all.WriteString(strings.Join(append([]string{p.Title, p.Sub}, p.Lines...), "\n"))
	}
	for _, s := range sentences {
		if !strings.Contains(a.Body, s) && !strings.Contains(all.String(), s) {
			t.Errorf("lost: %s", s)
		}
	}
	if !strings.Contains(a.Body, "详见图 ") || text.BodyLength(a.Body) < 700 {
		t.Errorf("the body does not say where the rest is:\n%s", a.Body)
	}
}

// TestLeft holds that what finds no room is counted.
func TestLeft(t *testing.T) {
	t.Parallel()
	a := arrange(t, Input{Idea: strings.Repeat("院子里的树和去年冬天的雪。", 1000)})
	if !slices.ContainsFunc(a.Checks, func(c Check) bool { return c.Rule == "rest" && c.Args[0] > "0" }) {
		t.Errorf("checks %+v", a.Checks)
	}
}

// TestSentences holds the writer's Chinese to the catalogue's, and every code to a
// sentence in both languages.
func TestSentences(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"zh", "en"} {
		raw, err := os.ReadFile("../web/catalog/" + lang + ".json")
		if err != nil {
			t.Fatal(err)
		}
		var catalogue map[string]string
		if err := json.Unmarshal(raw, &catalogue); err != nil {
			t.Fatal(err)
		}
		for code, s := range sentences {
			if lang == "zh" && catalogue[code] != s || catalogue[code] == "" {
				t.Errorf("%s %s: got %q, want %q", lang, code, catalogue[code], s)
			}
		}
	}
	for _, f := range families() {
		if sentences["why."+f.name] == "" {
			t.Errorf("family %s has no sentence", f.name)
		}
	}
	for _, k := range loam.NoteKinds() {
		for _, q := range questions(k) {
			if sentences["ask."+q.slot] == "" && !slices.Contains(slices.Collect(maps.Keys(sentences)), "ask."+q.slot) {
				t.Errorf("slot %s has no sentence", q.slot)
			}
		}
	}
}
