package subject

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"loam"
	"loam/internal/media"
)

// registered is who the red-team set is about; none of them exists.
func registered() []loam.Registered {
	return []loam.Registered{
		{ID: "1", Owner: "a", Kind: loam.ProtectVoice, Names: []string{"林晚", "Wanwan Lin"}},
		{ID: "2", Owner: "b", Kind: loam.ProtectLikeness, Names: []string{"陆知遥"}},
		{ID: "3", Owner: "c", Kind: loam.ProtectStyle, Names: []string{"青禾絮语"}},
		{ID: "4", Owner: "d", Kind: loam.ProtectCharacter, Names: []string{"团团兔"}},
		{ID: "5", Owner: "d", Kind: loam.ProtectBrand, Names: []string{"禾木茶舍"}},
	}
}

// found is the kinds that a line of the set is a hit for.
func found(m *Matcher, where string, f []string) []string {
	var places []Place
	if where == "prompt" {
		places = m.Asked(f[0])
	} else {
		fields := []Field{{"title", f[0], true}, {"body", f[1], false}}
		if f[2] != "" {
			fields = append(fields, Field{"tags.0", f[2], true})
		}
		places = m.Made(fields)
	}
	var out []string
	for _, p := range places {
		out = append(out, string(p.Of.Kind))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// TestRedTeam: of names and prompts, plain and disguised, nearly all are found, and nobody is held
// for writing about somebody. Lines marked hard are mentions of what others did with a machine:
// they go to people, and are counted apart. The figures stand in docs/rights.md.
func TestRedTeam(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("testdata/redteam.tsv")
	if err != nil {
		t.Fatal(err)
	}
	m := New(registered())
	type tally struct{ hit, of int }
	plain, disguised, passes, hard := tally{}, tally{}, tally{}, tally{}
	cases := 0
	for line := range strings.Lines(string(raw)) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if strings.HasPrefix(line, "#") {
			continue
		}
		cases++
		where, want, how := f[0], f[1], f[2]
		got := found(m, where, append(f[3:], "", "", ""))
		of, hit := &disguised, slices.Contains(got, want)
		switch {
		case want == "pass":
			of, hit = &passes, len(got) > 0
		case want == "hard":
			of, hit = &hard, len(got) > 0
		case slices.Contains([]string{"plain", "tag", "alias"}, how):
			of = &plain
		}
		of.of++
		if hit {
			of.hit++
		}
		if hit != (want != "pass") && want != "hard" {
			t.Logf("%s %s %s: found %v in %q", where, want, how, got, f[3])
		}
	}
	t.Logf("%d cases: plain %d of %d, disguised %d of %d; honest mentions held %d of %d, mentions of what machines did %d of %d",
		cases, plain.hit, plain.of, disguised.hit, disguised.of, passes.hit, passes.of, hard.hit, hard.of)
	if plain.hit < plain.of || disguised.hit*100 < disguised.of*85 || passes.hit > 0 {
		t.Error("fewer are found, or more are held, than the documents say")
	}
}

// scene is a made-up photo: patches of light and shade, some of them slanted.
func scene(seed uint64) *image.RGBA {
	const wide, high = 240, 320
	r := rand.New(rand.NewPCG(seed, 7))
	img := image.NewRGBA(image.Rect(0, 0, wide, high))
	draw.Draw(img, img.Bounds(), image.White, image.Point{}, draw.Src)
	for range 60 {
		x, y, w, h, slant, v := r.IntN(wide), r.IntN(high), 10+r.IntN(90), 10+r.IntN(90), r.IntN(3), uint8(r.IntN(256))
		for dy := range h {
			for dx := range w {
				img.SetRGBA(x+dx+slant*dy/3, y+dy, color.RGBA{v, v / 2, 255 - v, 255})
			}
		}
	}
	return img
}

func mirrored(in image.Image) image.Image {
	b := in.Bounds()
	out := image.NewRGBA(b)
	for y := range b.Dy() {
		for x := range b.Dx() {
			out.Set(b.Dx()-1-x, y, in.At(b.Min.X+x, b.Min.Y+y))
		}
	}
	return out
}

func jpegged(t *testing.T, in image.Image, quality int) image.Image {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, in, &jpeg.Options{Quality: quality}); err != nil {
		t.Fatal(err)
	}
	out, err := jpeg.Decode(&b)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func cropped(in *image.RGBA, share float64) image.Image {
	b := in.Bounds()
	dx, dy := int(float64(b.Dx())*share/2), int(float64(b.Dy())*share/2)
	return in.SubImage(image.Rect(dx, dy, b.Dx()-dx, b.Dy()-dy))
}

// TestPictures: a registered picture is found again however it was encoded, scaled or mirrored,
// and cut a little; another's never is.
func TestPictures(t *testing.T) {
	t.Parallel()
	const registeredPictures, others = 20, 200
	e := loam.Registered{ID: "1", Owner: "a", Kind: loam.ProtectLikeness, Names: []string{"陆知遥"}}
	var originals []*image.RGBA
	for i := range uint64(registeredPictures) {
		img := scene(i)
		originals, e.PDQs = append(originals, img), append(e.PDQs, media.PDQOf(img).String())
	}
	m := New([]loam.Registered{e})
	share := func(name string, least int, change func(*image.RGBA) image.Image) {
		n := 0
		for _, img := range originals {
			if len(m.Picture(media.PDQOf(change(img)))) > 0 {
				n++
			}
		}
		t.Logf("%s: %d of %d", name, n, registeredPictures)
		if n < least {
			t.Errorf("%s: %d found, want %d at least", name, n, least)
		}
	}
	share("JPEG quality 30", registeredPictures, func(i *image.RGBA) image.Image { return jpegged(t, i, 30) })
	share("half the size", registeredPictures*3/4, func(i *image.RGBA) image.Image { return media.Cut(i, [4]int{0, 0, 1000, 1000}, 120, 160) })
	share("mirrored", registeredPictures, func(i *image.RGBA) image.Image { return mirrored(i) })
	share("mirrored, JPEG quality 50", registeredPictures, func(i *image.RGBA) image.Image { return jpegged(t, mirrored(i), 50) })
	share("2 % cut off", registeredPictures*3/4, func(i *image.RGBA) image.Image { return cropped(i, 0.02) })
	share("10 % cut off", 0, func(i *image.RGBA) image.Image { return cropped(i, 0.10) })
	hits := 0
	for i := range uint64(others) {
		hits += len(m.Picture(media.PDQOf(scene(1000 + i))))
	}
	t.Logf("others' pictures held: %d of %d", hits, others)
	if hits > 0 {
		t.Error("another's picture is taken for a registered one")
	}
}

// TestNothingRegistered: an empty matcher finds nothing in anything.
func TestNothingRegistered(t *testing.T) {
	t.Parallel()
	m := New(nil)
	if got := m.Made([]Field{{"title", "AI翻唱林晚", true}}); got != nil {
		t.Errorf("found %v", got)
	}
	if got := m.Asked("模仿林晚的风格写"); got != nil {
		t.Errorf("found %v", got)
	}
	if got := m.Picture(media.PDQOf(scene(1))); got != nil {
		t.Errorf("found %v", got)
	}
}

// TestNameAlone: whatever stands around a name, without a word that a machine made it nothing is
// found, and with one in the title it always is.
func TestNameAlone(t *testing.T) {
	t.Parallel()
	m := New(registered())
	rapid.Check(t, func(t *rapid.T) {
		e := rapid.SampledFrom(registered()).Draw(t, "who")
		around := rapid.StringMatching(`[，。、 今天去看很开心下雨0-9]{0,40}`)
		body := around.Draw(t, "before") + "「" + e.Names[0] + "」" + around.Draw(t, "after")
		if got := m.Made([]Field{{"title", "随手记", true}, {"body", body, false}}); len(got) > 0 {
			t.Fatalf("a mention is held: %+v", got)
		}
		got := m.Made([]Field{{"title", "AI生成", true}, {"body", body, false}})
		if len(got) != 1 || got[0].Of.ID != e.ID || !strings.Contains(body[got[0].Start:got[0].End], e.Names[0]) {
			t.Fatalf("found %+v in %q", got, body)
		}
	})
}

func FuzzMatcher(f *testing.F) {
	m := New(registered())
	f.Add("AI翻唱林晚", "用陆知遥的脸")
	f.Add("A.I.林\u200b晚", "\xff模仿\x00青禾絮语")
	f.Fuzz(func(t *testing.T, title, body string) {
		fields := []Field{{"title", title, true}, {"body", body, false}}
		for i, places := range [][]Place{m.Made(fields), m.Asked(title)} {
			for _, p := range places {
				s := title
				if i == 0 && p.Field == "body" {
					s = body
				}
				if p.Start < 0 || p.End > len(s) || p.Start >= p.End || p.Of.ID == "" {
					t.Fatalf("place %+v in %q", p, s)
				}
			}
		}
	})
}

// BenchmarkMade looks through a note of 900 characters for 1,000 registered names of three
// characters.
func BenchmarkMade(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	word := func(n int) string {
		var out []rune
		for range n {
			out = append(out, rune(0x4E00+r.IntN(3000)))
		}
		return string(out)
	}
	var list []loam.Registered
	for range 1000 {
		list = append(list, loam.Registered{ID: "1", Kind: loam.ProtectVoice, Names: []string{word(3)}})
	}
	m := New(list)
	body := strings.Repeat("今天去湖边走了很久，风很大，咖啡人均三十五，靠窗的位置能看到整片水面。", 25)
	for b.Loop() {
		m.Made([]Field{{"title", "湖边的下午", true}, {"body", body, false}})
	}
}
