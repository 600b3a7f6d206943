package studio

import (
	"testing"

	"loam"
)

// TestDisclosed: the answer to 自费还是送的 is the disclosure; where nobody can tell, nothing is.
func TestDisclosed(t *testing.T) {
	t.Parallel()
	const open = loam.Sponsorship("open")
	compared := "用了三个月的两支防晒，A款38元成膜快但搓泥，B款89元不搓泥就是有点油"
	for _, c := range []struct {
		idea, answer string
		want         loam.Sponsorship
	}{
		{compared, "", open},
		{compared, "不想说", open},
		{compared, "自费", loam.OwnMoney},
		{compared, "都是自己买的", loam.OwnMoney},
		{compared, "I bought both", loam.OwnMoney},
		{compared, "品牌送的", loam.Gifted},
		{compared, "送的", loam.Gifted},
		{compared, "不是品牌送的，自费", loam.OwnMoney},
		{compared, "不是广告，自己买的", loam.OwnMoney},
		{compared, "不是自费", open},
		{compared, "朋友送的", open},
		{compared, "A款自费，B款品牌寄来的", loam.Gifted},
		{compared, "品牌付费合作", loam.Sponsored},
		{compared, "收了钱的", loam.Sponsored},
		{compared, "没有收钱", open},
		{compared, "It was a gift from the brand", loam.Gifted},
		{compared, "no ads, paid for it myself", loam.OwnMoney},
		{compared, "sponsored", loam.Sponsored},
		{compared + "，自费", "", loam.OwnMoney},
		{compared + "，自费", "品牌送的", loam.Gifted},
		{compared + "，都是品牌方送的", "", loam.Gifted},
		{"周末去了湖边的咖啡馆，人均35，店里送的饼干好吃，停车难", "", ""},
		{"今天下班走路回家，看见一只猫，心情好了", "", ""},
	} {
		in := Input{Idea: c.idea}
		if c.answer != "" {
			in.Answers = []loam.Answer{{Slot: "paid", Text: c.answer}}
		}
		a, err := Arrange(in)
		if err != nil {
			t.Fatal(err)
		}
		got := open
		if a.Sponsorship != nil {
			got = *a.Sponsorship
		}
		if got != c.want {
			t.Errorf("%s / %s: %q, want %q", c.idea, c.answer, got, c.want)
		}
	}
}
