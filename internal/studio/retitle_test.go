package studio

import (
	"testing"

	"loam"
)

// TestRetitled: the cover follows the title it shows, and only that.
func TestRetitled(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ title, sub, was, now, wantTitle, wantSub string }{
		"title and place":      {"停车难，但拿铁好喝", "西湖边的咖啡馆", "停车难，但拿铁好喝｜西湖边的咖啡馆", "人均35｜西湖边", "人均35", "西湖边"},
		"a sub that says more": {"切太细就烤糊了", "红薯干 · 不用放油", "切太细就烤糊了｜红薯干", "不用放油｜空气炸锅", "不用放油", "空气炸锅 · 不用放油"},
		"no second part":       {"切太细就烤糊了", "红薯干 · 不用放油", "切太细就烤糊了｜红薯干", "烤红薯干", "烤红薯干", "不用放油"},
		"its own words":        {"我写的封面", "小字", "旧标题", "新标题", "我写的封面", "小字"},
		"the same":             {"旧标题", "", "旧标题", "旧标题", "旧标题", ""},
		"nothing yet":          {"旧标题", "小字", "旧标题", "", "旧标题", "小字"},
	} {
		pages := []loam.Page{{Kind: loam.PageCover, Title: c.title, Sub: c.sub}, {Kind: loam.PageText, Title: c.was}}
		got := retitled(pages, c.was, c.now)
		if got[0].Title != c.wantTitle || got[0].Sub != c.wantSub || got[1].Title != c.was || pages[0].Title != c.title {
			t.Errorf("%s: got %+v", name, got)
		}
	}
}
