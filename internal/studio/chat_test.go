package studio

import (
	"slices"
	"strings"
	"testing"
)

const exampleChat = `阿禾 10:21
周末去了湖边那家书店
小满 10:22
哪家？
阿禾 10:23
就龙翔桥那家，人均40，二楼靠窗，安静
[图片]
小满 10:24
我上次去要排队半小时
阿禾 10:25
停车难，但是咖啡好喝`

// TestChat: speakers are found, names and times are dropped, other people's words stay out
// until she lets them in.
func TestChat(t *testing.T) {
	t.Parallel()
	a, err := Arrange(Input{Idea: exampleChat})
	if err != nil {
		t.Fatal(err)
	}
	if a.Form != "chat" || a.Chat == nil || len(a.Chat.Speakers) != 2 || a.Chat.Me != "阿禾" || a.Chat.Told {
		t.Fatalf("form %s, chat %+v", a.Form, a.Chat)
	}
	all := a.Body + flatPages(a)
	for _, s := range []string{"小满", "阿禾", "10:2", "排队", "图片", "哪家"} {
		if strings.Contains(all, s) {
			t.Errorf("%q is in the note: %s", s, a.Body)
		}
	}
	for _, s := range []string{"人均40", "停车难", "咖啡好喝"} {
		if !strings.Contains(all, s) {
			t.Errorf("%q is lost: %s", s, a.Body)
		}
	}
	in := Input{Idea: exampleChat}
	in.Choices.Me, in.Choices.Lines = "阿禾", []int{3}
	if a, err = Arrange(in); err != nil || !a.Chat.Told || !strings.Contains(a.Body, "排队半小时") {
		t.Errorf("ticked: %v, %s", err, a.Body)
	}
	in.Choices.Me, in.Choices.Lines = "小满", nil
	if a, err = Arrange(in); err != nil || strings.Contains(a.Body, "停车难") || !strings.Contains(a.Body, "排队半小时") {
		t.Errorf("the other one: %v, %s", err, a.Body)
	}
}

func flatPages(a Arranged) string {
	var b strings.Builder
	for _, p := range a.Pages {
		b.WriteString(strings.Join(p.Words(), "\n"))
	}
	return b.String()
}

func TestReadChat(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		in    string
		names []string
	}{
		"name and colon":      {"小林：到了吗\n阿木：到了\n小林：门口见", []string{"小林", "阿木", "小林"}},
		"half width":          {"Ann: here?\nBo: yes\nAnn: at the door", []string{"Ann", "Bo", "Ann"}},
		"time first":          {"10:21 小林\n到了吗\n10:22 阿木\n到了\n10:25 小林\n门口见", []string{"小林", "阿木", "小林"}},
		"date and name":       {"小林 2026/3/2 10:21:05\n到了吗\n阿木 2026/3/2 10:22:11\n到了\n小林 2026/3/2 10:23:00\n好", []string{"小林", "阿木", "小林"}},
		"brackets":            {"[10:21] 小林: 到了吗\n[10:22] 阿木: 到了\n[10:23] 小林: 好", []string{"小林", "阿木", "小林"}},
		"several lines":       {"小林：到了吗\n我在门口\n阿木：到了\n小林：好", []string{"小林", "阿木", "小林"}},
		"items, not speakers": {"A款：38元\nB款：89元\nC款：60元", nil},
		"once each":           {"拿铁：28元\n司康：22元\n摩卡：30元", nil},
		"headings":            {"优点：便宜\n缺点：吵\n优点：近", nil},
		"times":               {"9:00 起床\n10:00 出门\n11:00 到了", nil},
		"an address":          {"https://a.example/1\nhttps://a.example/2\nhttps://a.example/3", nil},
		"two lines":           {"小林：到了吗\n小林：喂", nil},
	} {
		var got []string
		for _, m := range readChat(c.in) {
			got = append(got, m.name)
		}
		if !slices.Equal(got, c.names) {
			t.Errorf("%s: got %v, want %v", name, got, c.names)
		}
	}
}

// TestDerived: what was worked out shows its arithmetic and stays out until it is ticked.
func TestDerived(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		in              Input
		code, sum, line string
	}{
		"difference": {Input{Idea: exampleTest}, "gap", "89 − 38 = 51", "差价51元"},
		"minutes":    {Input{Idea: exampleFood}, "minutes.烤", "15 + 10 = 25", "烤制合计25分钟"},
		"all steps":  {Input{Idea: exampleFood}, "minutes", "10 + 15 + 10 = 35", "步骤时间合计35分钟"},
		"bill":       {Input{Idea: "去了湖边的咖啡馆，拿铁28，司康22元，安静"}, "bill", "28 + 22 = 50", "合计50元"},
	} {
		a, err := Arrange(c.in)
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(a.Derived, func(d Derived) bool { return d.Code == c.code })
		if i < 0 || a.Derived[i].Sum != c.sum || a.Derived[i].Text != c.line || a.Derived[i].Ticked || strings.Contains(a.Body, c.line) {
			t.Errorf("%s: %+v in %s", name, a.Derived, a.Body)
			continue
		}
		c.in.Choices.Derived = []string{c.code}
		if a, err = Arrange(c.in); err != nil || !a.Derived[i].Ticked || !strings.Contains(a.Body, c.line) {
			t.Errorf("%s ticked: %v, %s", name, err, a.Body)
		}
	}
}
