package studio

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"loam"
)

func person(s string) loam.Run   { return loam.Run{Text: s, Origin: loam.ByPerson} }
func arranged(s string) loam.Run { return loam.Run{Text: s, Origin: loam.ByArranged} }
func model(s string) loam.Run    { return loam.Run{Text: s, Origin: loam.ByModel, Generation: "g1"} }

// letters writes runs as text with p, a, m or + before each.
func letters(runs []loam.Run) string {
	var b strings.Builder
	for _, r := range runs {
		switch {
		case r.Added:
			b.WriteString("+")
		default:
			b.WriteString(string(r.Origin)[:1])
		}
		fmt.Fprintf(&b, "[%s]", r.Text)
	}
	return b.String()
}

func TestRetrace(t *testing.T) {
	t.Parallel()
	generated := []loam.Generation{{ID: "g1", Text: "标题：湖边小坐\n正文：\n午后的阳光落在木桌上，咖啡刚好。"}}
	for name, c := range map[string]struct {
		before []loam.Run
		after  string
		own    string
		want   string
	}{
		"untouched":             {[]loam.Run{person("靠窗"), arranged("\n加分")}, "靠窗\n加分", "", "p[靠窗]a[\n加分]"},
		"a word of hers inside": {[]loam.Run{arranged("加分\n"), person("好喝")}, "加分\n很好喝", "", "a[加分\n]p[很好喝]"},
		"cut out":               {[]loam.Run{person("靠窗"), arranged(" · "), person("好喝")}, "靠窗好喝", "", "p[靠窗好喝]"},
		"everything new":        {[]loam.Run{arranged("加分")}, "今天很累", "", "p[今天很累]"},
		"empty":                 {[]loam.Run{person("靠窗")}, "", "", ""},
		"from nothing":          {nil, "靠窗", "", "p[靠窗]"},
		"a model's kept":        {[]loam.Run{model("午后的阳光"), person("。")}, "午后的阳光！", "", "m[午后的阳光]p[！]"},
		"a model's pasted":      {nil, "我说：午后的阳光落在木桌上", "", "p[我说：]m[午后的阳光落在木桌上]"},
		"a model's short line":  {nil, "湖边小坐", "", "m[湖边小坐]"},
		"her own words, echoed": {nil, "午后的阳光落在木桌上", "午后的阳光落在木桌上，我在发呆", "p[午后的阳光落在木桌上]"},
		"added words stay":      {[]loam.Run{{Text: "关于", Origin: loam.ByArranged, Added: true}, person("湖")}, "关于湖水", "", "+[关于]p[湖水]"},
		"moved lines":           {[]loam.Run{person("一二三"), arranged("\n"), model("四五六")}, "四五六\n一二三", "", "m[四五六]p[\n一二三]"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := letters(Retrace(c.before, c.after, c.own, generated)); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

// TestRetraceSeesThrough: a model's text stays a model's however it is brought back: cut
// up first and joined again, with spaces or what cannot be seen in it, in other widths,
// cases and scripts, over lines.
func TestRetraceSeesThrough(t *testing.T) {
	t.Parallel()
	const said = "午后的阳光落在木桌上，咖啡刚好。The light moved slowly over the wooden table and nobody spoke."
	generated := []loam.Generation{{ID: "g1", Text: "正文：\n" + said}}
	between := func(sep string, every int) string {
		var b strings.Builder
		for i, c := range []rune("午后的阳光落在木桌上，咖啡刚好。") {
			if i > 0 && i%every == 0 {
				b.WriteString(sep)
			}
			b.WriteRune(c)
		}
		return b.String()
	}
	for name, text := range map[string]string{
		"as it is": said, "a space in it": between(" ", 5), "a thin space": between("\u2009", 5), "a line each": between("\n", 5), "one each": between("\n", 1),
		"a zero-width space": between("\u200b", 3), "a soft hyphen": between("\u00ad", 2), "a variation selector": between("\ufe0e", 4), "a bar": between("|", 5),
		"traditional": "午後的陽光落在木桌上，咖啡剛好。", "no marks": "午后的阳光落在木桌上咖啡刚好",
		"capitals": "THE LIGHT MOVED SLOWLY OVER THE WOODEN TABLE", "full width": "Ｔｈｅ ｌｉｇｈｔ ｍｏｖｅｄ ｓｌｏｗｌｙ ｏｖｅｒ ｔｈｅ ｗｏｏｄｅｎ ｔａｂｌｅ",
	} {
		runs := Retrace(nil, text, "", generated)
		if s := loam.ShareOf(runs); s.Person > 2 || loam.Plain(runs) != text {
			t.Errorf("%s: %s", name, letters(runs))
		}
	}
	for name, sep := range map[string]string{"letters": "x", "numbers": "7", "characters": "的"} {
		first := Retrace(nil, between(sep, 1), "", generated)
		then := Retrace(first, between("", 1), "", generated)
		if s := loam.ShareOf(then); s.Person > 1 {
			t.Errorf("%s between, then taken out: %s", name, letters(then))
		}
	}
	whole := Retrace(Retrace(nil, "湖x边小坐", "", []loam.Generation{{ID: "g1", Text: "标题：湖边小坐"}}), "湖边小坐", "", []loam.Generation{{ID: "g1", Text: "标题：湖边小坐"}})
	if letters(whole) != "m[湖边小坐]" {
		t.Errorf("a short line in two steps: %s", letters(whole))
	}
}

// TestRetraceHers: what she wrote stays hers where a model says it after her, and where
// only common words are shared.
func TestRetraceHers(t *testing.T) {
	t.Parallel()
	hers := "周末去湖边的咖啡馆坐了一下午"
	echo := loam.Generation{ID: "g1", Prompt: "她写的：" + hers, Text: hers + "，风很舒服。"}
	other := loam.Generation{ID: "g2", Text: "We had coffee near the lake at the end of a long day."}
	for name, c := range map[string]struct {
		before []loam.Run
		after  string
		given  loam.Generation
		want   string
	}{
		"there before":                    {[]loam.Run{person(hers)}, hers + "。", loam.Generation{ID: "g1", Text: hers}, "p[" + hers + "。]"},
		"there before, a mark put in":     {[]loam.Run{person(hers)}, "周末，去湖边的咖啡馆，坐了一下午", loam.Generation{ID: "g1", Text: hers}, "p[周末，去湖边的咖啡馆，坐了一下午]"},
		"the model was given it":          {[]loam.Run{person("周末真去湖边的咖啡馆坐了一下午")}, hers, echo, "p[" + hers + "]"},
		"what the model put to it is not": {[]loam.Run{person(hers)}, hers + "，风很舒服。真的", loam.Generation{ID: "g1", Prompt: hers, Text: hers + "，这里的风很舒服。"}, "p[" + hers + "，风很舒服。真的]"},
		"a word of English":               {nil, "coffee and a long walk", other, "p[coffee and a long walk]"},
		"six words of English":            {nil, "at the end of a long day, home", other, "m[at the end of a long day]p[, home]"},
	} {
		if got := letters(Retrace(c.before, c.after, "", []loam.Generation{c.given})); got != c.want {
			t.Errorf("%s: got %s, want %s", name, got, c.want)
		}
	}
}

// TestRetraceKeeps holds for any edit: the runs are the text, no two neighbours are alike,
// an edit that changes nothing keeps every run, and nothing becomes a model's or the
// writer's that was not before.
func TestRetraceKeeps(t *testing.T) {
	t.Parallel()
	words := rapid.StringOf(rapid.RuneFrom([]rune("一二三四五\n ab")))
	rapid.Check(t, func(t *rapid.T) {
		var before []loam.Run
		for range rapid.IntRange(0, 6).Draw(t, "runs") {
			r := rapid.SampledFrom([]loam.Run{person(""), arranged(""), model("")}).Draw(t, "run")
			if r.Text = words.Draw(t, "text"); r.Text != "" && (len(before) == 0 || before[len(before)-1].Origin != r.Origin) {
				before = append(before, r)
			}
		}
		after := words.Draw(t, "after")
		runs := Retrace(before, after, "", nil)
		if loam.Plain(runs) != after {
			t.Fatalf("%q became %q", after, loam.Plain(runs))
		}
		for i := 1; i < len(runs); i++ {
			if runs[i].Origin == runs[i-1].Origin {
				t.Fatalf("neighbours alike: %s", letters(runs))
			}
		}
		if same := Retrace(before, loam.Plain(before), "", nil); letters(same) != letters(before) {
			t.Fatalf("untouched: %s became %s", letters(before), letters(same))
		}
		was, is := loam.ShareOf(before), loam.ShareOf(runs)
		if is.Model > was.Model || is.Arranged > was.Arranged {
			t.Fatalf("%s became %s", letters(before), letters(runs))
		}
	})
}

// TestRetraceLong edits a text too long for the table: whole lines keep their origin.
func TestRetraceLong(t *testing.T) {
	t.Parallel()
	var before []loam.Run
	var after strings.Builder
	for i := range 600 {
		before = append(before, model(fmt.Sprintf("第%d行写了些什么\n", i)))
		fmt.Fprintf(&after, "第%d行写了些什么\n", 599-i)
	}
	runs := Retrace(before, after.String(), "", nil)
	if s := loam.ShareOf(runs); s.Model < 4000 || loam.Plain(runs) != after.String() {
		t.Errorf("shares %+v", s)
	}
}

func TestShares(t *testing.T) {
	t.Parallel()
	got := loam.ShareOf([]loam.Run{person("靠窗 "), arranged("\n加分\n")}, []loam.Run{model("好 喝"), {Text: "又", Origin: ""}})
	if want := (loam.Share{Person: 3, Arranged: 2, Model: 2}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestTextAI(t *testing.T) {
	t.Parallel()
	added := loam.Run{Text: "关于", Origin: loam.ByArranged, Added: true}
	for name, c := range map[string]struct {
		arrangedIs, declared bool
		runs                 []loam.Run
		want                 loam.AIState
	}{
		"hers":                      {false, false, []loam.Run{person("靠窗")}, loam.NotAI},
		"hers with scaffold":        {false, false, []loam.Run{person("靠窗"), arranged("加分")}, loam.NotAI},
		"scaffold where it is AI":   {true, false, []loam.Run{person("靠窗"), arranged("加分")}, loam.IsAI},
		"added words":               {false, false, []loam.Run{added, person("湖")}, loam.IsAI},
		"one character of a model":  {false, false, []loam.Run{person("靠窗"), model("好")}, loam.IsAI},
		"declared":                  {false, true, []loam.Run{person("靠窗")}, loam.MayAI},
		"declared, and a model's":   {false, true, []loam.Run{model("好")}, loam.IsAI},
		"nothing written, declared": {false, true, nil, loam.MayAI},
	} {
		if got := TextAI(c.arrangedIs, c.declared, c.runs); got != c.want {
			t.Errorf("%s: got %s, want %s", name, got, c.want)
		}
	}
}

// TestRuns holds that the writer's own proposals are hers but for the added words.
func TestRuns(t *testing.T) {
	t.Parallel()
	a, err := Arrange(Input{Idea: exampleTest})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := letters(Runs(a.Titles[0].Parts)), "p[38元]a[和]p[89元]a[的]p[防晒]+[怎么选]a[？]p[油皮用了三个月]"; got != want {
		t.Errorf("title: got %s, want %s", got, want)
	}
	if TextAI(false, false, Runs(a.Titles[0].Parts)) != loam.IsAI || TextAI(false, false, Runs(a.Titles[1].Parts), Runs(a.BodyParts)) != loam.NotAI {
		t.Error("怎么选 are added words, A款搓泥 is hers")
	}
	if loam.Plain(Runs(a.BodyParts)) != a.Body {
		t.Error("the runs are not the body")
	}
}

// TestPageAI: a cover that still shows the writer's added words is AI though the note's
// title is hers again; her own words on a page are not.
func TestPageAI(t *testing.T) {
	t.Parallel()
	d := loam.Draft{
		Kind: loam.KindTest, Idea: "用了三个月的两支防晒，A款38元成膜快但搓泥，B款89元不搓泥就是有点油，我是油皮，通勤够用，海边都不够",
		Title: []loam.Run{{Text: "两支防晒", Origin: loam.ByPerson}}, Body: []loam.Run{{Text: "成膜快", Origin: loam.ByPerson}},
	}
	added := addedTitles(d)
	if len(added) == 0 {
		t.Fatal("no proposal has added words")
	}
	if got := PageAI(false, d, nil)(loam.Page{Kind: loam.PageCover, Title: added[0]}); got != loam.IsAI {
		t.Errorf("cover %q: got %s, want is", added[0], got)
	}
	if got := PageAI(false, d, nil)(loam.Page{Kind: loam.PageCover, Title: "两支防晒"}); got != loam.NotAI {
		t.Errorf("her own cover: got %s, want none", got)
	}
	model := []loam.Generation{{ID: "g", Text: "雨点敲在玻璃上，杯子里的热气慢慢散开。"}}
	for _, lines := range [][]string{{"雨点敲在玻璃上，杯子里"}, {"雨点敲在玻", "璃上，杯子", "里的热气慢"}} {
		if got := PageAI(false, d, model)(loam.Page{Kind: loam.PageText, Lines: lines}); got != loam.IsAI {
			t.Errorf("a model's words %q: got %s, want is", lines, got)
		}
	}
	d.Brand = &loam.Brand{Sign: "雨点敲在玻璃上的声音"}
	if got := PageAI(false, d, model)(loam.Page{Kind: loam.PageText, Lines: []string{"成膜快"}}); got != loam.IsAI {
		t.Errorf("a model's words as the sign on a page: got %s, want is", got)
	}
}
