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
	}
}

func TestEveryStyleDrawsEveryKind(t *testing.T) {
	t.Parallel()
	r := renderer(t)
	for _, st := range Styles() {
		for i, p := range specimens() {
			img, err := r.Page(st, p, i, 8, nil)
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
	if _, err := r.Page(Styles()[0], loam.Page{Kind: "film"}, 0, 1, nil); loam.CodeOf(err) != "page.kind" {
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
					img, err := r.Page(st, specimens()[i%8], i, 9, nil)
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
