package studio

import "testing"

func TestOwn(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		"":                "",
		"周末去了湖边。\n\n风很大。": "周末去了湖边。\n\n风很大。",
		"【步骤】\n1. 先揉泥\n2. 再拉坯\n·":        "先揉泥\n再拉坯\n·",
		"▍加分\n· 老师耐心\n• 有猫":              "老师耐心\n有猫",
		"＋ 老师耐心\n－ 有点远\n价格：128元\n记：下次早点": "老师耐心\n有点远\n128元\n记：下次早点",
		"Steps\n- knead": "knead",
		"我说：步骤要慢":        "我说：步骤要慢",
	} {
		if got := Own(body); got != want {
			t.Errorf("%q: got %q, want %q", body, got, want)
		}
	}
}
