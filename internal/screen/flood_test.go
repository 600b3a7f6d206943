package screen

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"loam"
)

const floodTemplate = "姐妹们听我的，这个{}真的太好用了！我一开始也不信，后来被{}按头安利，用了7天就回不去了。\n" +
	"先说{}，它不会{}，也不会{}，早上起来还是{}的。再说{}，我的{}以前总是{}，现在好多了。\n" +
	"如果你也有{}的烦恼，那就听我一句，别再买{}了！49块钱就能搞定，真的不要太香。\n你们还有什么想问的吗？我都会一条一条回。"

func fill(r *rand.Rand, template string) string {
	words := strings.Fields("洗面奶 防晒 口红 闺蜜 同事 室友 妈妈 底妆 黑头 毛孔 出油 卡粉 起皮 泛红 暗沉 眼影 香水 面膜 头发 发缝 脱妆 干燥 鼻翼 皮肤 精华 喷雾 唇釉 粉底 睫毛 化妆棉")
	for strings.Contains(template, "{}") {
		template = strings.Replace(template, "{}", words[r.IntN(len(words))], 1)
	}
	return template
}

// posted screens notes of as many accounts, ten minutes apart, and gives their verdicts.
func posted(t *testing.T, b *bundle, bodies []string) []loam.Verdict {
	t.Helper()
	s := New(b.config)
	var out []loam.Verdict
	for i, body := range bodies {
		v := version()
		v.ID, v.Owner = fmt.Sprint("v", i), fmt.Sprint("account", i)
		v.SubmittedAt += int64(i) * 600_000
		v.Content.Title, v.Content.Body = fmt.Sprint("第", i, "篇"), body
		r, err := s.Screen(context.Background(), v)
		if err != nil || len(r.Verdict.Missing) > 0 {
			t.Fatal(err, r.Verdict.Missing)
		}
		b.store.built = append(b.store.built, onRecord{loam.Alike{Version: v.ID, Owner: v.Owner, At: v.SubmittedAt}, r.Traits.Structure})
		out = append(out, r.Verdict)
	}
	return out
}

func TestScreenFlood(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(4, 4))
	var bodies []string
	for range 30 {
		bodies = append(bodies, fill(r, floodTemplate))
	}
	for i, v := range posted(t, setup(t), bodies) {
		want := loam.Allow
		switch {
		case i >= 10:
			want = loam.Review
		case i >= 5:
			want = loam.LimitReach
		}
		if v.Action != want {
			t.Errorf("note %d of the flood: %s, want %s: %+v", i, v.Action, want, v.Findings)
		}
		if i == 29 && (v.Findings[0].Facts["accounts"] != "29" || v.Findings[0].Facts["hours"] != "5") {
			t.Errorf("got %+v", v.Findings)
		}
	}
}

func TestNoFlood(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(5, 5))
	b := setup(t)
	b.config.Own = func(string) string { return "" } // what is left of a body that tools wrote
	var bodies []string
	for range 12 {
		bodies = append(bodies, fill(r, floodTemplate))
	}
	for i, v := range posted(t, b, bodies) {
		if v.Action != loam.Allow {
			t.Errorf("note %d: %s for %+v", i, v.Action, v.Findings)
		}
	}
	// One account's own notes are no flood, nor are those of the day before.
	b = setup(t)
	posted(t, b, bodies)
	for i := range b.store.built {
		b.store.built[i].Owner = "me"
		if i%2 == 0 {
			b.store.built[i].Owner, b.store.built[i].At = fmt.Sprint("other", i), 0
		}
	}
	v := version()
	v.Content.Title, v.Content.Body = "今天", fill(r, floodTemplate)
	if verdict, places := judged(t, b, v); verdict.Action != loam.Allow {
		t.Errorf("got %s for %s", verdict.Action, places)
	}
}
