package text

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestSegment(t *testing.T) {
	t.Parallel()
	if !HasWords() {
		t.Fatal("the word list is missing: run go generate ./internal/text")
	}
	for s, want := range map[string]string{
		"周末去杭州西湖边的咖啡馆":      "周末/n 去/v 杭州/ns 西湖/ns 边/f 的/u 咖啡馆/n",
		"拿铁好喝，停车难":          "拿铁/n 好喝/a ，/x 停车难/i",
		"空气炸锅做红薯干":          "空气炸锅/n 做/v 红薯干/n",
		"A款38元成膜快但搓泥":       "A/eng 款/q 38/m 元/q 成膜/v 快/a 但/c 搓泥/v",
		"为什么面包第二天会变硬":       "为什么/r 面包/n 第二天/m 会/z 变硬/v",
		"体重不重":              "体重/n 不/d 重/a",
		"1,200.5元 iPhone15": "1,200.5/m 元/q  /x iPhone/eng 15/m",
		"第一次切太细就烤糊了":        "第一次/m 切/v 太细/a 就/d 烤糊/v 了/u",
		"４０ｃｍ 乾淨的咖啡館":       "４０/m ｃｍ/eng  /x 乾淨/a 的/u 咖啡館/n", // full width and traditional
		"\xff好\x00":         "\xff/x 好/a \x00/x",
		"":                  "",
	} {
		var got []string
		for _, w := range Segment(s) {
			got = append(got, w.Text+"/"+w.Tag)
		}
		if g := strings.Join(got, " "); g != want {
			t.Errorf("%q: got %q, want %q", s, g, want)
		}
	}
}

// TestSegmentWithout holds that a build without the word list still segments: one word a
// character, digits and letters together.
func TestSegmentWithout(t *testing.T) {
	t.Parallel()
	l := newLattice("拿铁 38元 ok")
	l.solve(nil)
	var got []string
	for _, w := range l.path() {
		got = append(got, w.Text)
	}
	if want := []string{"拿", "铁", " ", "38", "元", " ", "ok"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// joins holds that the words joined are the text, each where it says it is.
func joins(t interface{ Fatalf(string, ...any) }, s string) {
	at := 0
	for _, w := range Segment(s) {
		if w.Start != at || w.End <= w.Start || s[w.Start:w.End] != w.Text || w.Tag == "" {
			t.Fatalf("%q: word %+v at %d", s, w, at)
		}
		at = w.End
	}
	if at != len(s) {
		t.Fatalf("%q: %d of %d bytes", s, at, len(s))
	}
}

func TestSegmentJoins(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		joins(t, rapid.OneOf(rapid.String(), rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) }),
			rapid.StringOf(rapid.RuneFrom([]rune("空气炸锅做红薯干的不第一次10.,aB ")))).Draw(t, "s"))
	})
}

// TestSegmentLinear gives the segmenter what would hurt a quadratic one.
func TestSegmentLinear(t *testing.T) {
	t.Parallel()
	for _, unit := range []string{"中华人民共和国", "一", "1", "a", "\xff", "第一", "，", "，好"} {
		s := strings.Repeat(unit, 200_000/len(unit))
		start := time.Now()
		joins(t, s)
		if d := time.Since(start); d > 5*time.Second {
			t.Errorf("%q: %v for 200 kB", unit, d)
		}
	}
}

func FuzzSegment(f *testing.F) {
	for _, s := range []string{"周末去杭州西湖边的咖啡馆", "\xff\xfe好", "1,2.3a", "４Ｓ店"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if joins(t, s); strings.Join(Words(s), "") != s {
			t.Errorf("the words of %q are not the text", s)
		}
	})
}

func BenchmarkSegment(b *testing.B) {
	s := "用了三个月的两支防晒，A款38元成膜快但搓泥，B款89元不搓泥就是有点油，我是油皮，通勤够用，海边都不够"
	b.SetBytes(int64(len(s)))
	b.ReportAllocs()
	for b.Loop() {
		Segment(s)
	}
}
