package terms

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"loam"
)

// sentences are the catalogue's own, as the page says them.
func sentences(t testing.TB, lang string) func(code string, args ...string) string {
	t.Helper()
	b, err := os.ReadFile("../web/catalog/" + lang + ".json")
	if err != nil {
		t.Fatal(err)
	}
	list := map[string]string{}
	if err := json.Unmarshal(b, &list); err != nil {
		t.Fatal(err)
	}
	return func(code string, args ...string) string {
		s, ok := list[code]
		if !ok {
			t.Errorf("no sentence for %q", code)
		}
		for i, a := range args {
			s = strings.ReplaceAll(s, fmt.Sprintf("{%d}", i), a)
		}
		return s
	}
}

func TestLine(t *testing.T) {
	t.Parallel()
	en, zh := sentences(t, "en"), sentences(t, "zh")
	var yearEn, yearZh []string
	for _, u := range telling()[4].Permissions {
		yearEn = append(yearEn, en("use."+string(u.Use))+" (naming the creator) (before 2027-11-27)")
		yearZh = append(yearZh, zh("use."+string(u.Use))+"（须署名）（2027-11-27 前）")
	}
	table(t, func(w *Work) string { return w.Line(en) },
		"Every use is reserved: ask first.",
		"Allowed: Be found in search, Be recommended. Every other use is reserved.",
		"Allowed: Be found in search, Be recommended, Be quoted in answers. Every other use is reserved.",
		"Allowed: Be found in search, Be recommended, Be quoted in answers, Train models on the text, Train models on the pictures, "+
			"Train models on video, Train models on audio. Every other use is reserved.",
		"Allowed: "+strings.Join(yearEn, ", ")+". Every other use is reserved.")
	table(t, func(w *Work) string { return w.Line(zh) },
		"所有用途一律保留，未经同意不得使用。",
		"允许：被搜索到、被推荐。其他用途一律保留。",
		"允许：被搜索到、被推荐、供问答引用。其他用途一律保留。",
		"允许：被搜索到、被推荐、供问答引用、用文字训练模型、用图片训练模型、用视频训练模型、用声音训练模型。其他用途一律保留。",
		"允许："+strings.Join(yearZh, "、")+"。其他用途一律保留。")
	paid := decided(0, loam.UseRetrieve)
	paid.Paid = loam.Uses()
	diff(t, "paid", "Allowed: Be quoted in answers (for a price). Every other use is reserved.", paid.Line(en))
}
