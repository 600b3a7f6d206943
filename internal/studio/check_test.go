package studio

import (
	"slices"
	"strings"
	"testing"

	"loam"
	"loam/internal/text"
)

var cover = []loam.Page{{Kind: loam.PageCover, Title: "湖边"}}

func TestChecks(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		title, body string
		tags        []string
		pages       []loam.Page
		want        string // rules, those of level fix with !
	}{
		"clean":               {"湖边的咖啡馆", "人均35，靠窗。", []string{"咖啡馆"}, cover, ""},
		"empty":               {" ", "\n", nil, nil, "!title_empty !body_empty !pages_none"},
		"long title":          {strings.Repeat("湖", 21), "好", nil, cover, "!title_long"},
		"forty letters":       {strings.Repeat("a", 40), "好", nil, cover, ""},
		"long body":           {"湖", strings.Repeat("好", 1001), nil, cover, "!body_long"},
		"tags":                {"湖", "好", []string{"a b", "#湖", "", strings.Repeat("长", 21), "好"}, cover, "!tag_form !tag_form !tag_form !tag_long"},
		"many tags":           {"湖", "好", strings.Fields("a1 a2 a3 a4 a5 a6 a7 a8 a9 a10 a11"), cover, "!tags_many"},
		"empty page":          {"湖", "好", nil, []loam.Page{cover[0], {Kind: loam.PageText}}, "!page_empty"},
		"photo without words": {"湖", "好", nil, []loam.Page{cover[0], {Kind: loam.PagePhoto, Asset: "x"}}, ""},
		"crowded page":        {"湖", "好", nil, []loam.Page{{Kind: loam.PageText, Lines: []string{strings.Repeat("好", 400)}}}, "!page_long"},
		"many pages":          {"湖", "好", nil, slices.Repeat(cover, 19), "!pages_many"},
		"blank":               {"湖", "人均〔价格〕", nil, []loam.Page{{Kind: loam.PageCover, Title: "〔店名〕"}}, "!blank !blank"},
		"advert words":        {"全网最低价", "最好喝的拿铁，最近很红，最后一天", nil, cover, "extreme extreme"},
		"cure and gain":       {"湖", "喝了三天排毒，稳赚", nil, cover, "medical money"},
		"contact":             {"湖", "加微信 hupan2024，电话13812345678", nil, cover, "contact contact"},
		"sum":                 {"湖", "一共 38+89=117，又 2 + 2 = 4", nil, cover, "sum"},
		"weekday":             {"湖", "2026年3月7日周日去的，2026年3月8日（周日）回的", nil, cover, "weekday"},
		"count":               {"读完的5本书", "1. 《活着》\n2. 《秋园》\n3. 《城南旧事》", nil, cover, "count"},
		"count holds":         {"读完的3本书", "1. 《活着》\n2. 《秋园》\n3. 《城南旧事》", nil, cover, ""},
		"months are no count": {"用了三个月的两支防晒", "1. A款\n2. B款", nil, cover, ""},
		"two prices":          {"人均35", "靠窗，人均50", nil, cover, "price"},
		"numbering":           {"湖", "1. 切\n2. 煮\n4. 盛", nil, cover, "numbering"},
		"twice":               {"湖", "· 拿铁很好喝\n· 靠窗的位置\n· 拿铁很好喝", nil, cover, "twice"},
		"gift":                {"湖", "品牌方寄来的", nil, cover, "gift"},
		"disclosure":          {"两支防晒测评", "A款好用", nil, cover, "disclosure"},
		"paid herself":        {"两支防晒测评", "A款好用，自费", nil, cover, ""},
		"sun":                 {"湖", "两支防晒，通勤够用", nil, cover, "sun"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, k := range Checks(text.Xiaohongshu(), c.title, c.body, c.tags, c.pages) {
				mark := ""
				if k.Level == LevelFix {
					mark = "!"
				}
				got = append(got, mark+k.Rule)
				field := map[string]string{"title": c.title, "body": c.body}[k.Field]
				if k.Start < 0 || k.End < k.Start || k.End > len(field) && field != "" || strings.Contains(k.Text, "{") || k.Text == k.Code || k.Args == nil {
					t.Errorf("%+v", k)
				}
			}
			if s := strings.Join(got, " "); s != c.want {
				t.Errorf("got %q, want %q", s, c.want)
			}
		})
	}
}

func TestRepairCuts(t *testing.T) {
	t.Parallel()
	p := text.Xiaohongshu()
	for s, want := range map[string]string{
		"湖边的咖啡馆": "湖边的咖啡馆",
		"停车难，但拿铁好喝，而且靠窗能看湖｜杭州西湖边的咖啡馆": "停车难，但拿铁好喝，而且靠窗能看湖",
		"周末去杭州西湖边的咖啡馆喝了一下午拿铁真的很好喝":    "周末去杭州西湖边的咖啡馆喝了一下午拿铁",
		"  湖边 \n 小坐  ":                                    "湖边 小坐",
		"〔店名〕湖边小坐":                                        "湖边小坐",
		"👨‍👩‍👧‍👦👨‍👩‍👧‍👦":                                  "👨‍👩‍👧‍👦",
		strings.Repeat("好", 18) + "👨‍👩‍👧‍👦":               strings.Repeat("好", 18),
		"Sunday brunch at a small cafe by the river side": "Sunday brunch at a small cafe by the",
	} {
		if got, _, _, _ := Repair(p, s, "好", nil, cover); got != want {
			t.Errorf("%q: got %q, want %q", s, got, want)
		}
	}
	long := strings.Repeat("院子里的树和去年冬天的雪。", 100)
	_, body, tags, pages := Repair(p, "", long, []string{"#湖 边", "湖边", ""}, []loam.Page{{Kind: loam.PageList, Title: "院子", Lines: slices.Repeat([]string{strings.Repeat("雪", 100)}, 5)}})
	if !strings.HasSuffix(body, "雪。") || text.BodyLength(body) > p.BodyMax || text.BodyLength(body) < 900 {
		t.Errorf("body of %d ends %q", text.BodyLength(body), body[len(body)-30:])
	}
	if !slices.Equal(tags, []string{"湖边"}) || len(pages) != 2 || len(pages[0].Lines)+len(pages[1].Lines) != 5 {
		t.Errorf("tags %q, %d pages", tags, len(pages))
	}
	title, _, _, pages := Repair(p, "", "院子里的树。\n雪", nil, nil)
	if title != "院子里的树。" || len(pages) != 1 || pages[0].Kind != loam.PageCover {
		t.Errorf("title %q, pages %+v", title, pages)
	}
}
