package studio

import (
	"strings"
	"testing"

	"loam"
	"loam/internal/text"
)

const (
	exampleShop = "周末去杭州西湖边的咖啡馆，人均35，靠窗，拿铁好喝，停车难"
	exampleFood = "嗯就是教大家用空气炸锅做红薯干然后呢先把两个红薯去皮切条大概一厘米然后泡水十分钟沥干最后180度烤15分钟翻面再烤10分钟对了不用放油我第一次切太细就烤糊了"
	exampleTest = "用了三个月的两支防晒，A款38元成膜快但搓泥，B款89元不搓泥就是有点油，我是油皮，通勤够用，海边都不够"
)

// TestExamples holds the worked examples of the specification as they are written there.
func TestExamples(t *testing.T) {
	t.Parallel()
	if !text.HasWords() {
		t.Fatal("the word list is missing: run go generate ./internal/text")
	}
	for name, c := range map[string]struct {
		in     Input
		kind   loam.NoteKind
		titles []string
		body   string
		asks   []string
		cut    string
	}{
		"A": {
			Input{Idea: exampleShop},
			loam.KindShop,
			[]string{"停车难，但拿铁好喝｜西湖边的咖啡馆", "人均35｜西湖边的咖啡馆", "西湖边的咖啡馆｜靠窗、拿铁好喝"},
			"杭州西湖边的咖啡馆\n周末 · 人均35 · 靠窗\n\n加分\n· 拿铁好喝\n\n留意\n· 停车难",
			[]string{"店名叫什么、离哪个地铁站近？", "营业到几点、要不要排队？", "点了什么、各多少钱？"},
			"",
		},
		"A answered": {
			Input{Idea: exampleShop, Answers: []loam.Answer{{Slot: "name", Text: "半山 / 龙翔桥站走8分钟 / 拿铁28"}}},
			loam.KindShop,
			[]string{"半山｜停车难，但拿铁好喝"},
			"半山｜杭州西湖边的咖啡馆\n周末 · 人均35 · 靠窗\n\n点了什么\n· 拿铁28\n\n加分\n· 拿铁好喝\n\n留意\n· 停车难\n\n怎么去\n· 龙翔桥站走8分钟",
			[]string{"营业到几点、要不要排队？", "点了什么、各多少钱？", "自费还是送的？"},
			"",
		},
		"B": {
			Input{Idea: exampleFood},
			loam.KindFood,
			[]string{"第一次切太细就烤糊了｜空气炸锅红薯干", "空气炸锅红薯干｜不用放油，5步", "空气炸锅红薯干｜180度烤15分钟"},
			"空气炸锅做红薯干\n不用放油\n\n步骤\n1. 把两个红薯去皮切条大概一厘米\n2. 泡水十分钟\n3. 沥干\n4. 180度烤15分钟\n5. 翻面再烤10分钟\n\n我第一次切太细就烤糊了",
			[]string{"红薯大概多重、几人份？", "放凉了能存几天？"},
			"嗯 就是教大家 然后呢 先 然后 最后 对了",
		},
		"C": {
			Input{Idea: exampleTest},
			loam.KindTest,
			[]string{"38元和89元的防晒怎么选？油皮用了三个月", "A款搓泥，B款有点油｜两支防晒", "通勤够用，海边都不够｜两支防晒"},
			"两支防晒\n用了三个月 · 油皮\n\nA款｜38元\n＋ 成膜快\n－ 搓泥\n\nB款｜89元\n＋ 不搓泥\n－ 有点油\n\n加分\n· 通勤够用\n\n留意\n· 海边都不够",
			[]string{"两款全名和防晒指数？", "自费还是送的？", "「通勤够用」说的是哪一款？"},
			"",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, err := Arrange(c.in)
			if err != nil {
				t.Fatal(err)
			}
			if a.Kind != c.kind {
				t.Errorf("kind: got %s, want %s", a.Kind, c.kind)
			}
			for i, want := range c.titles {
				if a.Titles[i].Text != want {
					t.Errorf("title %d: got %s, want %s", i+1, a.Titles[i].Text, want)
				}
			}
			if a.Body != c.body {
				t.Errorf("body: got\n%s\nwant\n%s", a.Body, c.body)
			}
			var asks []string
			for _, q := range a.Asks {
				asks = append(asks, q.Text)
			}
			if got, want := strings.Join(asks, "\n"), strings.Join(c.asks, "\n"); got != want {
				t.Errorf("asks: got\n%s\nwant\n%s", got, want)
			}
			if got := cutWordsOf(a); got != c.cut {
				t.Errorf("cut: got %s, want %s", got, c.cut)
			}
		})
	}
}

// TestNoClause: an idea that reads as a list mark and nothing else still becomes a draft.
func TestNoClause(t *testing.T) {
	t.Parallel()
	for _, idea := range []string{"0)\x80\"", "1.", "1)", "- 1", "1、\n2、\n3、"} {
		a, err := Arrange(Input{Idea: idea})
		if err != nil || len(a.Titles) < 3 || a.Body == "" {
			t.Errorf("%q: %d titles, body %q, %v", idea, len(a.Titles), a.Body, err)
		}
	}
}
