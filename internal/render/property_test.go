package render

import (
	"image"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"loam"
)

// pairs is a breaker whose words are longer than one character: Han two by two.
func pairs(text string) []string {
	var out []string
	for _, w := range Runs(text) {
		n := len(out) - 1
		if n >= 0 && len(w) == 3 && len(out[n]) == 3 && w > "一" && out[n] > "一" && w < "龥" && out[n] < "龥" {
			out[n] += w
			continue
		}
		out = append(out, w)
	}
	return out
}

// texts are what creators type: Chinese, English, numbers, emoji, marks in every order.
func texts(largest int) *rapid.Generator[string] {
	token := rapid.SampledFrom([]string{
		"阳台", "番茄", "第一次", "的", "了", "怎么选", "防晒", "踩坑", "窗帘布料", "妈", "龘", "\u3000", "\n",
		"iPhone", "SPF50+", "a", "don't", "10:30", "3.5", "￥38", "60天", "180度", "Donaudampfschifffahrt", "https://example.test/a/b?c=d",
		"🍅", "👨‍👩‍👧‍👦", "☔", "1️⃣", "🇨🇳", "❤️", " ", "  ",
		"，", "。", "！", "？", "；", "：", "、", "）", "」", "』", "】", "》", "”", "’", "…", "……", "——", "～", "%", "!", ",",
		"（", "「", "『", "【", "《", "“", "‘", "(", "「（", "。」", "！？",
	})
	return rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(token, 1, largest).Draw(t, "tokens"), "")
	})
}

func pages(t *rapid.T) loam.Page {
	text := texts(14)
	p := loam.Page{
		Kind: rapid.SampledFrom(loam.PageKinds()).Draw(t, "kind"), Title: text.Draw(t, "title"),
		Sub: text.Draw(t, "sub"), Number: rapid.IntRange(0, 99).Draw(t, "number"),
		Lines: rapid.SliceOfN(texts(30), 0, 6).Draw(t, "lines"),
	}
	for range rapid.IntRange(0, 9).Draw(t, "rows") {
		p.Rows = append(p.Rows, rapid.SliceOfN(texts(8), 0, 5).Draw(t, "row"))
	}
	if p.Kind == loam.PageCover || p.Kind == loam.PagePhoto {
		p.Photos = make([]loam.Photo, rapid.IntRange(0, 4).Draw(t, "photos"))
		p.Layout = rapid.SampledFrom(append(loam.Layouts(), "")).Draw(t, "layout")
		for range rapid.IntRange(0, 9).Draw(t, "callouts") {
			p.Callouts = append(p.Callouts, loam.Callout{
				X: rapid.IntRange(0, 1000).Draw(t, "x"), Y: rapid.IntRange(0, 1000).Draw(t, "y"), Text: texts(6).Draw(t, "callout"),
			})
		}
	}
	return p
}

// brands are colours and signs anybody may have, and none.
func brands(t *rapid.T) *loam.Brand {
	if rapid.Bool().Draw(t, "plain") {
		return nil
	}
	return &loam.Brand{
		Accent: rapid.StringMatching("#[0-9a-f]{6}").Draw(t, "accent"), Sign: rapid.SampledFrom([]string{"", "@小满", "山山而川 · 手作", "W"}).Draw(t, "sign"),
	}
}

// paintings are photos that make reading hard: black, white, noise, stripes.
func paintings() []image.Image {
	var out []image.Image
	for k := range 4 {
		img := image.NewRGBA(image.Rect(0, 0, 90, 120))
		for i := 0; i < len(img.Pix); i += 4 {
			v := []uint8{0, 255, uint8(i * i >> 3 * 7), uint8(i / 360 % 2 * 255)}[k]
			img.Pix[i], img.Pix[i+1], img.Pix[i+2], img.Pix[i+3] = v, v, v, 255
		}
		out = append(out, img)
	}
	return out
}

// TestAnyPageInAnyStyle holds the package's invariant over random pages; run more with
// -rapid.checks.
func TestAnyPageInAnyStyle(t *testing.T) {
	t.Parallel()
	r := renderer(t)
	rapid.Check(t, func(t *rapid.T) {
		r := Renderer{Faces: r.Faces, Words: rapid.SampledFrom([]Breaker{Runs, pairs}).Draw(t, "breaker")}
		st := rapid.SampledFrom(Styles()).Draw(t, "style")
		photos := paintings()
		for range len(photos) {
			photos = append(photos[1:], photos[rapid.IntRange(0, 3).Draw(t, "photo")])
		}
		check(t, &r, Drawing{Style: st, Brand: brands(t), Page: pages(t), Index: 3, Total: 12, Photos: photos})
	})
}

// TestCoversInEveryStyle holds it for the titles people look at, in every style.
func TestCoversInEveryStyle(t *testing.T) {
	t.Parallel()
	r := renderer(t)
	titles := slices.Clone(covers)
	titles = append(titles, loam.Page{}, loam.Page{Title: longTitle, Sub: longTitle}, loam.Page{Title: strings.Repeat("，", 40)},
		loam.Page{Title: strings.Repeat("👨‍👩‍👧‍👦", 20)}, loam.Page{Title: strings.Repeat("W", 80), Sub: "x"})
	for _, st := range Styles() {
		t.Run(st.Name, func(t *testing.T) {
			t.Parallel()
			for _, p := range titles {
				p.Kind = loam.PageCover
				check(t, r, Drawing{Style: st, Page: p, Index: 3, Total: 12})
			}
		})
	}
}

type failer interface {
	Helper()
	Fatalf(string, ...any)
	Errorf(string, ...any)
}

func check(t failer, r *Renderer, d Drawing) {
	t.Helper()
	st, p := d.Style, d.Page
	c := newCanvas(Width, Height, &shaper{set: r.Faces})
	c.audit = true
	if _, err := r.drawOn(c, d); err != nil {
		t.Fatalf("%s, %+v: %v", st.Name, p, err)
	}
	for i, l := range c.placed {
		for _, k := range c.placed[:i] {
			if l.block != k.block && l.Text != "" && k.Text != "" && l.rect().Overlaps(k.rect()) {
				t.Errorf("%s, %s: %q and %q overlap, %v %v", st.Name, p.Kind, k.Text, l.Text, k.rect(), l.rect())
			}
		}
		if l.X < 0 || l.Y < 0 || l.X+l.W > Width || l.Y+l.Size > Height {
			t.Errorf("%s, %s: %q at %d,%d, %d wide, size %d, leaves the page", st.Name, p.Kind, l.Text, l.X, l.Y, l.W, l.Size)
		}
		if l.contrast < 4.5 {
			t.Errorf("%s, %s: %q at %d,%d has contrast %.1f", st.Name, p.Kind, l.Text, l.X, l.Y, l.contrast)
		}
		if why := badBreak(l); why != "" {
			t.Errorf("%s, %s: line %d %q of %d em %s", st.Name, p.Kind, l.index, l.Text, int(l.block.room), why)
		}
	}
}

func (l placed) rect() image.Rectangle { return image.Rect(l.X, l.Y, l.X+l.W, l.Y+l.Size) }

// badBreak says what is wrong with where a line starts, if anything is. A piece that is
// wider than a whole line must be broken somewhere, and only such a one may be.
func badBreak(l placed) string {
	b, i := l.block, l.block.lines[l.index].from
	if w := b.lines[l.index].width; w > b.room+1e-9 && b.lines[l.index].to-i > 1 {
		return "is wider than its box"
	}
	if l.index == 0 || i >= len(b.para.breaks) {
		return ""
	}
	at := b.para.breaks[i]
	if at >= between {
		return ""
	}
	if at == never {
		return "starts where no line may"
	}
	from, to := i-1, i+1
	for from > 0 && b.para.breaks[from] <= at {
		from--
	}
	for to < len(b.para.clusters) && b.para.breaks[to] <= at {
		to++
	}
	short := b.cut && to >= len(b.para.clusters)-1 // an ellipsis hides how long the piece was
	if short || b.para.visible(from, to) > b.room {
		return ""
	}
	if at == forced {
		return "starts with a closing mark, or follows an opening one"
	}
	return "starts inside a word that fits a line"
}

func TestEllipsis(t *testing.T) {
	t.Parallel()
	r := renderer(t)
	for _, st := range Styles() {
		if ok, err := r.Fits(st, loam.Page{Kind: loam.PageCover, Title: "阳台种番茄60天记录"}); err != nil || !ok {
			t.Errorf("%s: a short title does not fit: %v", st.Name, err)
		}
		long := loam.Page{Kind: loam.PageCover, Title: strings.Repeat("阳台「种番茄」，", 60)}
		if ok, err := r.Fits(st, long); err != nil || ok {
			t.Errorf("%s: a title of 480 characters fits: %v", st.Name, err)
		}
		c := newCanvas(Width, Height, &shaper{set: r.Faces})
		if _, err := r.drawOn(c, Drawing{Style: st, Page: long, Total: 1}); err != nil {
			t.Fatal(err)
		}
		if !slices.ContainsFunc(c.placed, func(l placed) bool { return l.block.cut && strings.HasSuffix(l.Text, "…") }) {
			t.Errorf("%s: no ellipsis", st.Name)
		}
		for _, l := range c.placed {
			if before, ok := strings.CutSuffix(l.Text, "…"); ok && strings.ContainsAny(before[max(0, len(before)-3):], "「，") {
				t.Errorf("%s: ellipsis after a mark: %q", st.Name, l.Text)
			}
		}
	}
}
