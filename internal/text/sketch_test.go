package text

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

const note = "周末去了城西新开的陶艺工作室，老师很耐心，从揉泥开始教，两个小时能做一只杯子。釉色可以自己选，我选了雾蓝，" +
	"烧好大概要三周，可以寄到家里。店里有猫，不怕人，会趴在转盘旁边看你做。建议提前一天约，周六下午人最多。"

func TestSketch(t *testing.T) {
	t.Parallel()
	near := strings.Replace(note, "雾蓝", "米白", 1) + "推荐"
	other := "给第一次租房的朋友列一份清单：看房先看水压和朝向，签约前拍下每个房间，押金条单独写明退还时间，水电表读数写进合同。"
	base := NewSketch(note)
	cases := []struct {
		name, text string
		low, high  float64
	}{
		{"itself", note, 1, 1},
		{"with spaces and traditional forms", strings.ReplaceAll(strings.ReplaceAll(note, "，", " , "), "开", "開"), 1, 1},
		{"a word changed", near, 0.8, 1},
		{"another note", other, 0, 0.1},
		{"too short", "太短了", 0, 0},
	}
	for _, c := range cases {
		got := NewSketch(c.text)
		if s := base.Similarity(got); s < c.low || s > c.high {
			t.Errorf("%s: similarity %.2f, want %.2f to %.2f", c.name, s, c.low, c.high)
		}
		shares := slices.ContainsFunc(got.Bands(), func(b uint64) bool { return slices.Contains(base.Bands(), b) })
		if shares != (c.low >= 0.8) {
			t.Errorf("%s: shares a band: %v", c.name, shares)
		}
	}
	if NewSketch("太短了").Bands() != nil {
		t.Error("a short text has bands")
	}
}

func TestSketchSymmetric(t *testing.T) {
	t.Parallel()
	text := rapid.StringOfN(rapid.SampledFrom([]rune("去看山吃面喝茶走路")), 0, 60, -1)
	rapid.Check(t, func(t *rapid.T) {
		a, b := NewSketch(text.Draw(t, "a")), NewSketch(text.Draw(t, "b"))
		if x, y := a.Similarity(b), b.Similarity(a); x != y || x < 0 || x > 1 {
			t.Fatalf("similarity %v and %v", x, y)
		}
		if a != nil && a.Similarity(a) != 1 {
			t.Fatal("a text is not like itself")
		}
	})
}

func BenchmarkSketch(b *testing.B) {
	for b.Loop() {
		NewSketch(note)
	}
}
