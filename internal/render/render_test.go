package render

import (
	"bytes"
	"testing"

	"loam"
	"loam/internal/fonts"
)

// renderer draws with the embedded fonts, which `make test` fetches first.
func renderer(tb testing.TB) *Renderer {
	tb.Helper()
	set, err := fonts.Load()
	if err != nil {
		tb.Fatalf("%v: run `make fonts` first", err)
	}
	return &Renderer{Faces: set}
}

var longTitle = "iPhone 16 Pro用了30天：真实续航、发热、拍照全记录，值不值得买？看完这一篇就够了"

// specimens is one page of each kind.
func specimens() []loam.Page {
	return []loam.Page{
		{Kind: loam.PageCover, Title: "第一次去成都🐼必吃的8家小店（人均50元）", Sub: "本地人带路👨‍👩‍👧‍👦"},
		{Kind: loam.PageText, Title: "为什么去", Lines: []string{"上周六下午两点，我一个人去了巷子里的这家店。", "手冲28元一杯。"}},
		{Kind: loam.PageFacts, Title: "基本信息", Rows: [][]string{{"地址", "箍桶巷12号"}, {"人均", "58元"}, {"时间", "10:00–21:30，周一休息"}}},
		{Kind: loam.PageList, Title: "清单", Lines: []string{"充电宝（20000毫安以内）", "雨伞：下午常下雨☔", "防晒霜 SPF50+"}},
		{Kind: loam.PageTable, Title: "对比", Rows: [][]string{{"型号", "价格", "续航"}, {"甲", "1299元", "30小时"}, {"乙", "899元", "24小时"}}},
		{Kind: loam.PageStep, Title: "醒发", Number: 3, Lines: []string{"盖上湿布，室温放40分钟。"}},
		{Kind: loam.PageQuote, Lines: []string{"好的生活不是没有麻烦，而是麻烦里还有一点甜。"}},
		{Kind: loam.PagePhoto, Title: "窗边的位置"},
		{Kind: loam.PagePrices, Title: "点了什么", Rows: [][]string{{"手冲·埃塞", "28元", "酸，花香"}, {"巴斯克", "32元"}, {"牛油果吐司", "46元"}}},
		{Kind: loam.PageTimeline, Title: "第一天", Rows: [][]string{{"7:40", "高铁到杭州东"}, {"10:00", "灵隐寺，先约好门票"}, {"12:30", "龙井村吃面"}, {"17:20", "湖边看日落"}}},
		{Kind: loam.PageIngredients, Title: "用料", Rows: [][]string{{"红薯", "2个"}, {"盐", "1勺"}, {"低筋面粉", "120克"}, {"鸡蛋", "3个"}, {"薄荷叶", ""}}},
		{Kind: loam.PageSize, Title: "短款风衣", Rows: [][]string{{"身高", "160cm"}, {"体重", "52kg"}, {"尺码", "S"}}, Lines: []string{"肩宽的话拿大一码"}},
		{Kind: loam.PageChecklist, Title: "出门前", Lines: []string{"身份证", "充电宝", "窗户关好，煤气关好", "给花浇水"}},
		{Kind: loam.PageQuestion, Title: "面包为什么第二天就硬了？", Lines: []string{"淀粉回生，水还在", "冷藏最快，冷冻反而慢。", "喷点水烤三分钟就软了。"}},
	}
}

func TestEveryStyleDrawsEveryKind(t *testing.T) {
	t.Parallel()
	r := renderer(t)
	for _, st := range Styles() {
		for i, p := range specimens() {
			img, err := r.Page(Drawing{Style: st, Page: p, Index: i, Total: 8})
			if err != nil {
				t.Fatalf("%s, %s: %v", st.Name, p.Kind, err)
			}
			if b := img.Bounds(); b.Dx() != Width || b.Dy() != Height || !img.Opaque() {
				t.Errorf("%s, %s: %v, opaque %v", st.Name, p.Kind, b, img.Opaque())
			}
		}
	}
}

func TestUnknownIsInvalid(t *testing.T) {
	t.Parallel()
	r := renderer(t)
	if _, err := r.Page(Drawing{Style: Styles()[0], Page: loam.Page{Kind: "film"}, Total: 1}); loam.CodeOf(err) != "page.kind" {
		t.Errorf("page kind: got %v", err)
	}
	if _, err := Find("nonsense"); loam.CodeOf(err) != "style.unknown" {
		t.Errorf("Find: got %v", err)
	}
	if _, err := r.Cover(Style{}, loam.Page{}); loam.CodeOf(err) != "style.unknown" {
		t.Errorf("zero style: got %v", err)
	}
}

func TestSamePageSamePicture(t *testing.T) {
	t.Parallel()
	r := renderer(t)
	for _, st := range Styles() {
		a, err := r.Cover(st, specimens()[0])
		if err != nil {
			t.Fatal(err)
		}
		b, err := r.Cover(st, specimens()[0])
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(a.Pix, b.Pix) {
			t.Errorf("%s: two drawings differ", st.Name)
		}
	}
}

func BenchmarkCover(b *testing.B) {
	r := renderer(b)
	for _, st := range Styles() {
		b.Run(st.Name, func(b *testing.B) {
			size := 0
			for b.Loop() {
				img, err := r.Cover(st, loam.Page{Title: longTitle, Sub: "三十天真实体验"})
				if err != nil {
					b.Fatal(err)
				}
				var out bytes.Buffer
				if err := Encode(&out, img); err != nil {
					b.Fatal(err)
				}
				size = out.Len()
			}
			b.ReportMetric(float64(size)/1024, "KiB/cover")
		})
	}
}

func BenchmarkCarousel(b *testing.B) {
	r := renderer(b)
	for _, st := range Styles() {
		b.Run(st.Name, func(b *testing.B) {
			for b.Loop() {
				for i := range 9 {
					img, err := r.Page(Drawing{Style: st, Page: specimens()[i], Index: i, Total: 9})
					if err != nil {
						b.Fatal(err)
					}
					var out bytes.Buffer
					if err := Encode(&out, img); err != nil {
						b.Fatal(err)
					}
				}
			}
		})
	}
}
