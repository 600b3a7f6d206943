package studio

import "testing"

// TestTurnAlone: a but with nothing after it is what she said, not the start of something.
func TestTurnAlone(t *testing.T) {
	t.Parallel()
	for _, idea := range []string{"but ？", "But…", "但是？", "就是。", "优点：？", "缺点：", "嗯嗯 but ？", "第一本：？", "1. ？a"} {
		a, err := Arrange(Input{Idea: idea})
		if err != nil || len(a.Titles) == 0 || a.Body == "" {
			t.Errorf("%q: %d titles, body %q, %v", idea, len(a.Titles), a.Body, err)
		}
	}
}
