package studio

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"loam"
)

// TestNextLayout: going on and on comes back to where it began, and no word is lost or
// added on the way.
func TestNextLayout(t *testing.T) {
	t.Parallel()
	letters := func(p loam.Page) string {
		var s []string
		for _, w := range p.Words() {
			s = append(s, strings.NewReplacer("：", "", "\n", "").Replace(w))
		}
		return strings.Join(s, "")
	}
	for name, p := range map[string]loam.Page{
		"facts":    {Kind: loam.PageFacts, Title: "信息", Rows: [][]string{{"地址", "箍桶巷12号"}, {"人均", "58元"}}},
		"long":     {Kind: loam.PageTimeline, Rows: [][]string{{"第一天", "灵隐寺，先约好门票，再去龙井村吃面"}}},
		"list":     {Kind: loam.PageList, Title: "带什么", Lines: []string{"雨伞", "充电宝"}},
		"sentence": {Kind: loam.PageQuote, Lines: []string{"好的生活不是没有麻烦"}},
		"step":     {Kind: loam.PageStep, Number: 2, Lines: []string{"泡水十分钟"}},
		"named":    {Kind: loam.PageText, Title: "尺码", Lines: []string{"身高：160cm", "尺码：S"}},
	} {
		seen := []loam.PageKind{}
		now := p
		for range 20 {
			if slices.Contains(seen, now.Kind) {
				break
			}
			seen = append(seen, now.Kind)
			if letters(now) != letters(p) {
				t.Errorf("%s as %s: %q, want %q", name, now.Kind, letters(now), letters(p))
			}
			now = nextLayout(now)
		}
		if now.Kind != p.Kind {
			t.Errorf("%s: %v never comes back, stands at %s", name, seen, now.Kind)
		}
		if name == "facts" && len(seen) < 6 {
			t.Errorf("facts have only %v", seen)
		}
	}
}

func TestNextLayoutOfTables(t *testing.T) {
	t.Parallel()
	p := loam.Page{Kind: loam.PageTable, Rows: [][]string{{"", "甲", "乙"}, {"价格", "38元"}}}
	turned := nextLayout(p)
	if got := fmt.Sprint(turned.Rows); got != "[[ 价格] [甲 38元] [乙 ]]" {
		t.Errorf("turned: %s", got)
	}
	if got := fmt.Sprint(nextLayout(turned).Rows); got != "[[ 甲 乙] [价格 38元 ]]" {
		t.Errorf("and back: %s", got)
	}
	tall := loam.Page{Kind: loam.PageTable, Rows: make([][]string, 5)}
	if got := nextLayout(tall).Rows; len(got) != 5 {
		t.Errorf("a table of five rows: %v", got)
	}
}

func TestNextLayoutOfPhotos(t *testing.T) {
	t.Parallel()
	two := loam.Page{Kind: loam.PageCover, Photos: []loam.Photo{{Asset: "a"}, {Asset: "b"}}}
	next := nextLayout(two)
	if next.Arrangement() != loam.LayoutCompare || nextLayout(next).Arrangement() != loam.LayoutGrid {
		t.Errorf("two photos: %s", next.Arrangement())
	}
	one := loam.Page{Kind: loam.PagePhoto, Photos: []loam.Photo{{Asset: "a"}}}
	if got := nextLayout(one).Arrangement(); got != loam.LayoutFramed {
		t.Errorf("one photo: %s", got)
	}
}

func TestFromBody(t *testing.T) {
	t.Parallel()
	d := loam.Draft{
		Body: []loam.Run{{Text: "湖边咖啡馆\n· 拿铁很好喝，奶泡细\n· 周末停车难，早点去\n第一次去迷路了"}},
		Pages: []loam.Page{
			{Kind: loam.PageCover, Title: "湖边咖啡馆"},
			{Kind: loam.PageList, Title: "加分", Lines: []string{"拿铁很好喝", "店员没说的话"}},
			{Kind: loam.PageFacts, Rows: [][]string{{"留意", "停车难，早去"}}},
			{Kind: loam.PageText},
		},
	}
	if got := fromBody(d, 1).Lines; !slices.Equal(got, []string{"拿铁很好喝", "店员没说的话"}) {
		t.Errorf("words that still stand in the body, and words that never did: %v", got)
	}
	if got := fromBody(d, 2).Rows[0][1]; got != "周末停车难，早点去" {
		t.Errorf("a changed line: %q", got)
	}
	if got := fromBody(d, 3).Lines; !slices.Contains(got, "第一次去迷路了") || slices.Contains(got, "湖边咖啡馆") {
		t.Errorf("an empty page: %v", got)
	}
	if len(d.Pages[1].Lines) != 2 || d.Pages[2].Rows[0][1] != "停车难，早去" {
		t.Error("the draft itself was changed")
	}
}
