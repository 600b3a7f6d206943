package render

import (
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"io"
	"slices"
	"strings"
	"testing"
	"unicode"

	xdraw "golang.org/x/image/draw"
	"pgregory.net/rapid"

	"loam"
)

// busyBut is a picture of noise with one calm ninth.
func busyBut(n ninth) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, Width, Height))
	for i := 0; i < len(img.Pix); i += 4 {
		v := uint8(noise(i/4*7) * 255)
		img.Pix[i], img.Pix[i+1], img.Pix[i+2], img.Pix[i+3] = v, v, v, 255
	}
	r := image.Rect(n.col*Width/3, n.row*Height/3, (n.col+1)*Width/3, (n.row+1)*Height/3)
	draw.Draw(img, r, image.NewUniform(color.RGBA{90, 130, 160, 255}), image.Point{}, draw.Src)
	return img
}

// TestPlateLiesInTheCalmestNinth: wherever the calm ninth is, the title goes there.
func TestPlateLiesInTheCalmestNinth(t *testing.T) {
	t.Parallel()
	r := renderer(t)
	for col := range 3 {
		for row := range 3 {
			photo := busyBut(ninth{col, row})
			for i, st := range Styles() {
				if (i+col+row)%2 > 0 {
					continue
				}
				if st.look.plate == scrim && row == 1 {
					continue // it fades towards an edge
				}
				c := newCanvas(Width, Height, &shaper{set: r.Faces})
				d := Drawing{Style: st, Page: loam.Page{Kind: loam.PagePhoto, Title: "湖边", Photos: make([]loam.Photo, 1)}, Photos: []image.Image{photo}}
				if _, err := r.drawOn(c, d); err != nil {
					t.Fatal(err)
				}
				for _, l := range c.placed {
					at := image.Pt(l.X+l.W/2, l.Y+l.Size/2)
					if got := (ninth{at.X * 3 / Width, at.Y * 3 / Height}); got != (ninth{col, row}) {
						t.Errorf("%s: calm at %d,%d, %q at %d,%d", st.Name, col, row, l.Text, got.col, got.row)
					}
				}
			}
		}
	}
}

// TestCalmestIsTheLeastBusy holds the measure against counting pixel by pixel.
func TestCalmestIsTheLeastBusy(t *testing.T) {
	t.Parallel()
	img := busyBut(ninth{2, 0})
	c := measureCalm(img)
	if calmest, busiest := c.busy(room{2 * Width / 3, 0, Width / 3, Height / 3}), c.busy(room{0, 0, Width / 3, Height / 3}); calmest > 1 || busiest < 20 {
		t.Errorf("calm %.1f, busy %.1f", calmest, busiest)
	}
	r := room{56, 72, Width - 112, Height - 200}
	best := c.calmest(r, 300, 200, false)
	for col := range 3 {
		for row := range 3 {
			n := ninth{col, row}
			if col*row != 1 && c.busy(n.place(r, 300, 200)) < c.busy(best.place(r, 300, 200)) {
				t.Errorf("%v is calmer than %v", n, best)
			}
		}
	}
}

// TestFrames: photos lie within the page, apart from each other, and drawing them at the
// size of their frames changes none of their pixels.
func TestFrames(t *testing.T) {
	t.Parallel()
	page := image.Rect(0, 0, Width, Height)
	for _, st := range Styles() {
		for _, layout := range append(loam.Layouts(), "") {
			for n := range 5 {
				for _, kind := range []loam.PageKind{loam.PageCover, loam.PagePhoto, loam.PageText} {
					p := loam.Page{Kind: kind, Title: "湖", Layout: layout, Photos: make([]loam.Photo, n)}
					frames := Frames(st, p)
					if want := n; kind == loam.PageText && len(frames) != 0 || kind != loam.PageText && len(frames) != want {
						t.Errorf("%s, %s of %d: %d frames", kind, layout, n, len(frames))
					}
					for i, f := range frames {
						if f.Empty() || !f.In(page) {
							t.Errorf("%s, %s: frame %v", st.Name, layout, f)
						}
						for _, g := range frames[:i] {
							if f.Overlaps(g) {
								t.Errorf("%s, %s: %v overlaps %v", st.Name, layout, f, g)
							}
						}
					}
				}
			}
		}
	}
}

// TestBrand: any colour becomes one that reads on its ground, and what stands on it too.
func TestBrand(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		any := func(name string) color.RGBA { return hex(rapid.Uint32Range(0, 0xffffff).Draw(t, name)) }
		c, ground := any("accent"), any("ground")
		got := readable(c, ground)
		if v := contrast(got, ground); v < 4.5 {
			t.Errorf("%v on %v becomes %v: %.2f", c, ground, got, v)
		}
		if v := contrast(inkOn(got), got); v < 4.5 {
			t.Errorf("ink on %v: %.2f", got, v)
		}
		if contrast(c, ground) >= least && got != c {
			t.Errorf("%v reads on %v and was changed", c, ground)
		}
	})
}

// TestReadOnAPhone: at 1080 pixels the words of a page are never smaller than MinBody.
func TestReadOnAPhone(t *testing.T) {
	t.Parallel()
	r := renderer(t)
	pages := append(specimens(), photoPages()...)
	for i, st := range Styles() {
		for k, p := range pages {
			if (i+k)%3 > 0 {
				continue // every style and every page, not every pair
			}
			c := newCanvas(Width, Height, &shaper{set: r.Faces})
			if _, err := r.drawOn(c, Drawing{Style: st, Page: p, Index: 1, Total: 9}); err != nil {
				t.Fatal(err)
			}
			all := strings.Join(p.Words(), "\n")
			for _, l := range c.placed {
				word := strings.TrimRight(l.Text, "…")
				digits := strings.IndexFunc(word, func(r rune) bool { return !unicode.IsDigit(r) }) < 0
				if len([]rune(word)) > 1 && !digits && strings.Contains(all, word) && l.Size < MinBody {
					t.Errorf("%s, %s: %q is %d px", st.Name, p.Kind, l.Text, l.Size)
				}
			}
		}
	}
}

// TestHostileWords: what somebody may type or paste to break a page is drawn, bounded, in
// every kind; the invariant holds.
func TestHostileWords(t *testing.T) {
	t.Parallel()
	r := renderer(t)
	zalgo := "湖" + strings.Repeat("\u0301\u0316\u0353", 400) + "边"
	texts := []string{
		"مرحبا بالعالم، هذا نص طويل من اليمين إلى اليسار", "\u202egnp.exe\u202c שלום", zalgo, strings.Repeat(zalgo, 20),
		strings.Repeat("龘", 5<<20/3), strings.Repeat("W", 5000), strings.Repeat("👨‍👩‍👧‍👦", 300), "\x00\xff\xfe", "\n\n\n", "　　",
	}
	for i, s := range texts {
		st := Styles()[i%len(Styles())]
		for n, k := range loam.PageKinds() {
			if (n+i)%4 > 0 {
				continue
			}
			p := loam.Page{
				Kind: k, Title: s, Sub: s, Lines: []string{s, s}, Rows: [][]string{{s, s, s}, {s, s, s}}, Number: 1 << 30,
				Photos: make([]loam.Photo, i%5), Callouts: []loam.Callout{{X: 500, Y: 500, Text: s}, {X: 500, Y: 500, Text: s}, {X: 1000, Y: 0, Text: s}},
			}
			check(t, r, Drawing{Style: st, Brand: &loam.Brand{Accent: "#ffff00", Sign: s}, Page: p, Index: 98, Total: 99, Photos: paintings()})
		}
	}
}

// TestManyItems: a page of a hundred thousand lines and rows costs no more than one of forty,
// and says that it does not show all.
func TestManyItems(t *testing.T) {
	t.Parallel()
	r := renderer(t)
	for _, k := range loam.PageKinds() {
		p := loam.Page{Kind: k, Title: "很多", Lines: slices.Repeat([]string{"一行"}, 100_000), Rows: slices.Repeat([][]string{{"名", "值"}}, 100_000)}
		if ok, err := r.Fits(Styles()[0], p); err != nil || ok {
			t.Errorf("%s: fits %v, %v", k, ok, err)
		}
	}
}

func BenchmarkPhotoCover(b *testing.B) {
	r := renderer(b)
	photo := busyBut(ninth{0, 0})
	xdraw.ApproxBiLinear.Scale(photo, photo.Rect, photo.SubImage(image.Rect(0, 0, 90, 120)), image.Rect(0, 0, 90, 120), draw.Src, nil)
	for _, st := range Styles() {
		b.Run(st.Name, func(b *testing.B) {
			for b.Loop() {
				img, err := r.Page(Drawing{Style: st, Page: loam.Page{Kind: loam.PageCover, Title: "第一次去西湖边骑车", Sub: "一圈10公里", Photos: make([]loam.Photo, 1)}, Total: 9, Photos: []image.Image{photo}})
				if err == nil {
					err = jpeg.Encode(io.Discard, img, &jpeg.Options{Quality: 90})
				}
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
