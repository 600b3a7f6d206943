package studio

import (
	"fmt"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"loam"
	"loam/internal/text"
)

// sentencesOf are the sentences of a text with nothing but what can be read, in order.
func sentencesOf(s string) []string {
	var out []string
	for _, line := range strings.FieldsFunc(s, func(r rune) bool { return r == '\n' || r == '|' || isStop(r) }) {
		var b strings.Builder
		for _, r := range line {
			if unicode.IsLetter(r) || unicode.IsDigit(r) {
				b.WriteRune(r)
			}
		}
		if b.Len() > 0 {
			out = append(out, b.String())
		}
	}
	return out
}

// readable is a text's letters and digits in their order.
func readable(s string) string { return strings.Join(sentencesOf(s), "") }

// pagesText is what stands on the pages behind the cover, a table's repeated head left out.
func pagesText(a Arranged) string {
	var b strings.Builder
	heads := map[string]bool{}
	for _, p := range a.Pages[1:] {
		b.WriteString(p.Title + "\n")
		for _, l := range p.Lines {
			b.WriteString(l + "\n")
		}
		for i, r := range p.Rows {
			row := strings.Join(r, "|")
			if i == 0 && heads[row] {
				continue
			}
			if i == 0 {
				heads[row] = true
			}
			b.WriteString(row + "\n")
		}
	}
	return b.String()
}

// articles are texts of at least so many blocks.
func articles(least int) *rapid.Generator[string] {
	phrase := rapid.SampledFrom(strings.Fields(`湖边的早晨很安静 我把车停在堤岸下面 老板说豆子是自己烘的 一杯35元 走到桥头大概十分钟 她笑着摇头 雨停了 不建议周末来 这一点我想了很久 iPhone拍的 路上遇见3只猫 最后还是买了票`))
	sentence := rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(phrase, 1, 5).Draw(t, "clauses"), "，") + rapid.SampledFrom([]string{"。", "！", "？", "……", "；"}).Draw(t, "stop")
	})
	return rapid.Custom(func(t *rapid.T) string {
		var b strings.Builder
		blocks := rapid.IntRange(least, 40).Draw(t, "blocks")
		if rapid.IntRange(0, 19).Draw(t, "long") == 19 {
			blocks = 300
		}
		for i := range blocks {
			switch rapid.IntRange(0, 11).Draw(t, "block") {
			case 0:
				fmt.Fprintf(&b, "%s第%d节 %s\n\n", rapid.SampledFrom([]string{"", "## "}).Draw(t, "mark"), i, phrase.Draw(t, "head"))
			case 1:
				fmt.Fprintf(&b, "| 款式%d | 价格 | 感受 |\n| --- | --- | --- |\n", i)
				for k := range rapid.IntRange(1, 12).Draw(t, "rows") {
					fmt.Fprintf(&b, "| %d号 | %d元 | %s |\n", k, k*7, phrase.Draw(t, "cell"))
				}
				b.WriteString("\n")
			case 2:
				for range rapid.IntRange(1, 6).Draw(t, "items") {
					b.WriteString(rapid.SampledFrom([]string{"- ", "1. ", "· "}).Draw(t, "bullet") + phrase.Draw(t, "item") + "\n")
				}
				b.WriteString("\n")
			default:
				for range rapid.IntRange(1, 9).Draw(t, "sentences") {
					b.WriteString(sentence.Draw(t, "sentence"))
				}
				b.WriteString(rapid.SampledFrom([]string{"\n", "\n\n"}).Draw(t, "gap"))
			}
		}
		return b.String()
	})
}

// TestArticleLosesNothing: what an article says stands on the pages in its order, and where
// it is longer than eighteen pages, on those of the notes that follow, each within limits.
func TestArticleLosesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		whole := articles(12).Draw(t, "article")
		var got strings.Builder
		for idea, notes := whole, 0; idea != ""; notes++ {
			if formOf(idea) != formArticle {
				if notes == 0 {
					t.Skip("no article")
				}
				got.WriteString(readable(idea)) // the tail is a short note: rules_test holds it
				break
			}
			a, err := Arrange(Input{Idea: idea})
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range Checks(text.Xiaohongshu(), a.Titles[0].Text, a.Body, tagNames(a), a.Pages) {
				if c.Level == LevelFix {
					t.Fatalf("note %d is out of limits: %s", notes, c.Text)
				}
			}
			// The heading an article begins with may stand on the cover alone; which of the two it
			// is, the article says.
			said := readable(pagesText(a))
			if with := readable(a.Pages[0].Title) + said; strings.HasPrefix(readable(whole)[got.Len():], with) {
				said = with
			}
			got.WriteString(said)
			if a.Rest == 0 {
				break
			}
			if a.Rest >= len(idea) {
				t.Fatalf("rest at %d of %d", a.Rest, len(idea))
			}
			idea = idea[a.Rest:]
		}
		if want := readable(whole); got.String() != want {
			i := 0
			for i < min(len(want), got.Len()) && want[i] == got.String()[i] {
				i++
			}
			from := max(0, i-60)
			t.Fatalf("lost or moved at %d:\nwant …%.200s\ngot  …%.200s", i, strings.ToValidUTF8(want[from:], ""), strings.ToValidUTF8(got.String()[min(from, got.Len()):], ""))
		}
	})
}

// TestShortMarkdown: one heading or table makes a text structured however short it is; nothing
// of it is lost, and its marks are no words of a title, a cover or a quote.
func TestShortMarkdown(t *testing.T) {
	t.Parallel()
	begins := []string{"# 湖边住一周 #\n", "|款式|价格|\n|-|-|\n|A款|59元|\n|B款|\n\n", "款式 | 价格\n--- | ---\nA款 | 59元\n\n", "|一|二|三|四|五|六|七|\n|---|---|---|---|---|---|---|\n|1|2|3|4|5|6|7|\n\n"}
	rapid.Check(t, func(t *rapid.T) {
		whole := rapid.SampledFrom(begins).Draw(t, "begins")
		if rapid.Bool().Draw(t, "more") {
			whole += articles(1).Draw(t, "article")
		}
		a, err := Arrange(Input{Idea: whole})
		if err != nil {
			t.Fatal(err)
		}
		if a.Form != "article" {
			t.Fatalf("form %s", a.Form)
		}
		shown := []string{a.Pages[0].Title, a.Pages[0].Sub}
		for _, title := range a.Titles {
			shown = append(shown, title.Text)
		}
		for _, p := range a.Pages {
			if p.Kind == loam.PageQuote {
				shown = append(shown, p.Lines...)
			}
		}
		for _, s := range shown {
			if strings.ContainsAny(s, "#|") {
				t.Errorf("a mark of Markdown is shown: %q", s)
			}
		}
		if a.Rest > 0 {
			return // TestArticleLosesNothing reads on
		}
		want, got := readable(whole), readable(pagesText(a))
		if got != want && readable(a.Pages[0].Title)+got != want {
			t.Fatalf("lost or moved:\nwant %s\ngot  %s", want, got)
		}
	})
}

// TestArticleShape: headings are titles of pages, a table is a table, the body is her lead.
func TestArticleShape(t *testing.T) {
	t.Parallel()
	lead := strings.Repeat("早上六点的湖面没有风，栈道上只有跑步的人，我在第三张长椅坐下来，把这一周的事想了一遍。", 4)
	a, err := Arrange(Input{Idea: "# 湖边住一周\n\n" + lead + "\n\n## 三家民宿\n\n| 名字 | 价格 | 早餐 |\n|---|---|---|\n| 望山 | 280元 | 有 |\n| 听雨 | 360元 | 无 |\n\n" + lead + "\n\n" + lead + "\n"})
	if err != nil {
		t.Fatal(err)
	}
	if a.Titles[0].Text != "湖边住一周" || a.Titles[0].Family != "own" {
		t.Errorf("title %q %s", a.Titles[0].Text, a.Titles[0].Family)
	}
	table := loam.Page{}
	for _, p := range a.Pages {
		if p.Kind == loam.PageTable {
			table = p
		}
	}
	if table.Title != "三家民宿" || len(table.Rows) != 3 || table.Rows[2][1] != "360元" {
		t.Errorf("table %+v", table)
	}
	if !strings.HasPrefix(a.Body, "湖边住一周\n") || !strings.Contains(a.Body, "早上六点") {
		t.Errorf("body %.80q", a.Body)
	}
}
