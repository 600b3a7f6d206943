package text

import (
	"math/rand/v2"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

const template = "姐妹们听我的，这个{0}真的太好用了！我一开始也不信，后来被{1}按头安利，用了{n}天就回不去了。\n" +
	"先说{2}，它不会{3}，也不会{4}，早上起来还是{5}的。再说{6}，我的{7}以前总是{8}，现在好多了。\n" +
	"如果你也有{9}的烦恼，那就听我一句，别再买{10}了！{n}块钱就能搞定，真的不要太香。\n你们还有什么想问的吗？我都会一条一条回。"

// nouns stand for what a template is filled with.
var nouns = strings.Fields("洗面奶 防晒 口红 闺蜜 同事 室友 妈妈 底妆 黑头 毛孔 出油 卡粉 起皮 泛红 暗沉 眼影 香水 面膜 头发 发缝 脱妆 干燥 鼻翼 皮肤 精华 喷雾 唇釉 粉底 睫毛 化妆棉")

// filled puts other words into the template.
func filled(r *rand.Rand) string {
	s := template
	for strings.Contains(s, "{") {
		i := strings.IndexByte(s, '{')
		k := strings.IndexByte(s, '}')
		word := nouns[r.IntN(len(nouns))]
		if s[i:k+1] == "{n}" {
			word = string(rune('1' + r.IntN(9)))
		}
		s = s[:i] + word + s[k+1:]
	}
	return s
}

func sameBands(a, b []uint64) (n int) {
	for i := range a {
		if len(b) == len(a) && a[i] == b[i] {
			n++
		}
	}
	return n
}

func TestStructure(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 3))
	base := Structure(filled(r))
	found := 0
	for range 200 {
		if sameBands(base, Structure(filled(r))) >= 5 {
			found++
		}
	}
	t.Logf("%d of 200 fillings of one template share 5 of 16 bands", found)
	if found < 190 {
		t.Errorf("%d of 200 found", found)
	}
	if n := sameBands(base, Structure(note+otherNote)); n > 0 {
		t.Errorf("another text shares %d bands", n)
	}
	if Structure("很好，不错，下次再来。") != nil || Structure("") != nil {
		t.Error("a few words have a structure")
	}
}

// TestStructuresOfReviews prints how many reviews share the structure of others: they are by
// people who fill no template. It needs LOAM_SHARED_DATA.
func TestStructuresOfReviews(t *testing.T) {
	t.Parallel()
	all := reviews(t, 60)
	if all == nil {
		t.Skip("LOAM_SHARED_DATA names no shared data")
	}
	var bands [][]uint64
	for _, s := range all {
		if b := Structure(s); b != nil {
			bands = append(bands, b)
		}
	}
	hist := map[int]int{}
	others := make([]int, len(bands))
	for i := range bands {
		for k := range i {
			if n := sameBands(bands[i], bands[k]); n > 0 {
				hist[n]++
				if n >= 5 {
					others[i]++
					others[k]++
				}
			}
		}
	}
	flooded := 0
	for _, n := range others {
		if n >= 5 {
			flooded++
		}
	}
	t.Logf("%d of %d reviews have a structure; pairs by shared bands %v; %d reviews are built as 5 others", len(bands), len(all), hist, flooded)
	if flooded*1000 > len(all) {
		t.Errorf("%d of %d reviews are taken for a flood", flooded, len(all))
	}
}

func TestStructureIsBounded(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		b := Structure(rapid.String().Draw(t, "text"))
		if b != nil && len(b) != structureBands {
			t.Fatalf("%d bands", len(b))
		}
	})
}

func BenchmarkStructure(b *testing.B) {
	s := strings.Repeat(note, 5)
	for b.Loop() {
		Structure(s)
	}
}
