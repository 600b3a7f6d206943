package render

import (
	"flag"
	"image"
	"os"
	"path/filepath"
	"strings"
	"testing"

	xdraw "golang.org/x/image/draw"

	"loam"
	"loam/internal/demo"
)

var sheets = flag.String("sheets", "", "folder to draw contact sheets of every style into, for a person to look at")

// covers are the titles a style must look good with.
var covers = []loam.Page{
	{Title: "阳台种番茄60天记录", Sub: "从育苗到第一口，花了143元"},
	{Title: "第一次自己装窗帘踩过的七个坑都写在这里了", Sub: "新手慢慢看"},
	{Title: "周末去赶海🦀🐚捡了一桶🪣", Sub: "退潮时间：早上6:40🌊"},
	{Title: "My first 10 km run", Sub: "58 minutes, two blisters"},
	{Title: "茶", Sub: ""},
	{Title: "38元和89元的防晒怎么选？", Sub: "油皮用了三个月"},
}

// TestSheets draws nothing unless asked to: go test -run Sheets -sheets /tmp/sheets.
func TestSheets(t *testing.T) {
	if *sheets == "" {
		t.Skip("no -sheets folder given")
	}
	r := renderer(t)
	r.Words = few
	for i, c := range covers {
		var row []image.Image
		for _, st := range Styles() {
			row = append(row, drawn(t, r, st, loam.Page{Kind: loam.PageCover, Title: c.Title, Sub: c.Sub}, 0))
		}
		contact(t, "cover"+string(rune('1'+i)), row, 4)
	}
	for i := range specimens() {
		var row []image.Image
		for _, st := range Styles() {
			row = append(row, drawn(t, r, st, specimens()[i], i))
		}
		contact(t, "page-"+string(specimens()[i].Kind), row, 4)
	}
	scenes := []string{"lake/1/tall", "cat/1/tall", "window/1/tall", "plate/1/tall"}
	for i, p := range photoPages() {
		var row []image.Image
		for _, st := range Styles() {
			l := Drawing{Style: st, Page: p, Index: i, Total: 8, Brand: &loam.Brand{Accent: "#2f6fb0", Sign: "@小满的手帐"}}
			for k := range Frames(st, p) {
				l.Photos = append(l.Photos, scene(t, scenes[(i+k)%4]))
			}
			img, err := r.Page(l)
			if err != nil {
				t.Fatal(err)
			}
			row = append(row, img)
		}
		contact(t, "photo-"+string(rune('1'+i)), row, 4)
	}
	for _, st := range Styles() {
		var row []image.Image
		for i, p := range specimens() {
			row = append(row, drawn(t, r, st, p, i))
		}
		contact(t, "style-"+st.Name, row, 4)
	}
}

func drawn(t *testing.T, r *Renderer, st Style, p loam.Page, i int) image.Image {
	img, err := r.Page(Drawing{Style: st, Page: p, Index: i, Total: 8})
	if err != nil {
		t.Fatal(err)
	}
	return img
}

// photoPages is a page of each layout.
func photoPages() []loam.Page {
	one, two := []loam.Photo{{}}, []loam.Photo{{}, {}}
	return []loam.Page{
		{Kind: loam.PageCover, Title: "第一次去西湖边骑车🚲", Sub: "一圈10公里，两个小时", Photos: one},
		{Kind: loam.PageCover, Title: "猫来了以后", Photos: one},
		{Kind: loam.PagePhoto, Title: "窗边的位置要早来", Photos: one, Callouts: []loam.Callout{{X: 300, Y: 300, Text: "下午有太阳"}, {X: 700, Y: 620, Text: "插座在桌子下面"}}},
		{Kind: loam.PagePhoto, Title: "窗边的位置", Photos: one, Layout: loam.LayoutFramed},
		{Kind: loam.PageCover, Title: "三天两夜，人均600", Sub: "杭州", Photos: two},
		{Kind: loam.PageCover, Title: "租的房子改了一面墙", Photos: two, Layout: loam.LayoutCompare, Lines: []string{"之前", "之后"}},
		{Kind: loam.PageCover, Title: "本周吃了什么", Sub: "都在家做", Photos: []loam.Photo{{}, {}, {}}},
		{Kind: loam.PagePhoto, Photos: []loam.Photo{{}, {}, {}, {}}},
	}
}

func scene(t *testing.T, name string) image.Image {
	var s demo.Scene
	if err := s.UnmarshalText([]byte(name)); err != nil {
		t.Fatal(err)
	}
	return s.Draw()
}

// few knows the words of covers, as the dictionary would.
func few(text string) []string {
	known := []string{"阳台", "番茄", "记录", "第一次", "自己", "窗帘", "踩过", "写在", "这里", "周末", "赶海", "一桶", "防晒", "怎么选", "成都", "必吃", "小店"}
	var out []string
next:
	for text != "" {
		for _, w := range known {
			if strings.HasPrefix(text, w) {
				out, text = append(out, w), text[len(w):]
				continue next
			}
		}
		w := Runs(text)[0]
		out, text = append(out, w), text[len(w):]
	}
	return out
}

// contact puts pictures side by side at a third of their size.
func contact(t *testing.T, name string, imgs []image.Image, cols int) {
	const w, h = Width / 3, Height / 3
	rows := (len(imgs) + cols - 1) / cols
	out := image.NewRGBA(image.Rect(0, 0, cols*(w+12), rows*(h+12)))
	for i, m := range imgs {
		x, y := i%cols*(w+12)+6, i/cols*(h+12)+6
		xdraw.ApproxBiLinear.Scale(out, image.Rect(x, y, x+w, y+h), m, m.Bounds(), xdraw.Src, nil)
	}
	f, err := os.Create(filepath.Join(*sheets, name+".png"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := Encode(f, out); err != nil {
		t.Fatal(err)
	}
}
