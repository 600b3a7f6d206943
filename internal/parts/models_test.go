package parts

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"

	"loam"
	"loam/internal/demo"
	"loam/internal/fonts"
	"loam/internal/photo"
	"loam/internal/render"
	"loam/internal/text"
)

// installed are the real parts; a machine without them skips.
func installed(t testing.TB) *Parts {
	t.Helper()
	dir := os.Getenv("LOAM_PARTS")
	if dir == "" {
		dir = filepath.Join("..", "..", ".cache", "parts")
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		t.Fatal(err)
	}
	p := Open(Config{Dir: dir})
	t.Cleanup(p.Close)
	if err := p.Health(t.Context()); err != nil {
		t.Skip(err)
	}
	return p
}

func jpegOf(t testing.TB, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 85}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// covered is a note's picture and the words on it.
type covered struct {
	style, words string
	img          image.Image
}

func covers(t testing.TB) []covered {
	t.Helper()
	faces, err := fonts.Load()
	if err != nil {
		t.Skip("drawing needs the fonts:", err)
	}
	pen := &render.Renderer{Faces: faces, Words: text.Words}
	var out []covered
	for i, s := range render.Styles() {
		page := []loam.Page{
			{Title: "三天两晚厦门这样玩不踩雷", Sub: "人均八百，不用早起"},
			{Title: "租房改造只花了五百块", Sub: "前后对比，附清单"},
			{Title: "2026年考研英语复习计划", Sub: "每天三小时，五个月"},
			{Title: "新手养猫前先看这八条", Sub: "疫苗、驱虫、绝育时间表"},
		}[i%4]
		img, err := pen.Cover(s, page)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, covered{s.Name, page.Title + page.Sub, img})
	}
	return out
}

// letters are what counts of a text.
func letters(s string) []rune {
	return []rune(strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, s))
}

// inOrder is how many characters of a stand in b in the same order: the longest common
// subsequence.
func inOrder(a, b []rune) int {
	row := make([]int, len(b)+1)
	for _, x := range a {
		before := 0
		for j, y := range b {
			above := row[j+1]
			if x == y {
				row[j+1] = before + 1
			} else {
				row[j+1] = max(above, row[j])
			}
			before = above
		}
	}
	return row[len(b)]
}

// The words of covers in every style, and how many of their characters are read.
func TestReadsCovers(t *testing.T) {
	t.Parallel()
	p := installed(t)
	all, read := 0, 0
	for _, c := range covers(t) {
		lines, err := p.Words(t.Context(), jpegOf(t, c.img))
		if err != nil {
			t.Fatal(err)
		}
		var got []rune
		for _, l := range lines {
			got = append(got, letters(l.Text)...)
		}
		want := letters(c.words)
		n := inOrder(want, got)
		if all, read = all+len(want), read+n; n < len(want) {
			t.Logf("%s: %d of %d: %s", c.style, n, len(want), string(got))
		}
	}
	share := float64(read) / float64(all)
	t.Logf("%d of %d characters, %.2f %%", read, all, 100*share)
	if share < 0.98 {
		t.Errorf("only %.3f of the characters are read", share)
	}
}

// unsafeAt is the score at which the default policy asks a person.
const unsafeAt = 0.7

// Ordinary pictures are not taken for unsafe ones: covers, painted scenes, and those in the
// manner of a craft.
func TestOrdinaryPictures(t *testing.T) {
	t.Parallel()
	p := installed(t)
	pictures := map[string]image.Image{}
	for _, c := range covers(t) {
		pictures["cover "+c.style] = c.img
	}
	prints := []loam.Print{"", loam.PrintRiso, loam.PrintWoodcut, loam.PrintHalftone, loam.PrintOil}
	for i, name := range []string{"lake", "corner", "desk", "rail", "kitchen", "books", "map", "window", "market", "cat", "plate", "road"} {
		for variant := range 2 {
			s := demo.Scene{Name: name, Variant: variant + 1, Shape: "tall"}
			pictures[s.String()] = s.Draw()
			print := prints[(i+variant)%len(prints)]
			pictures[s.String()+" "+string(print)] = photo.Apply(print, s.Draw())
		}
	}
	var scores []float64
	for name, img := range pictures {
		is, err := p.Classes(t.Context(), jpegOf(t, img))
		if err != nil {
			t.Fatal(err)
		}
		score := is["porn"] + is["hentai"]
		if scores = append(scores, score); score >= unsafeAt {
			t.Errorf("%s: %v", name, is)
		}
	}
	slices.Sort(scores)
	n := len(scores)
	t.Logf("%d pictures: median %.3f, 95 %% below %.3f, most %.3f", n, scores[n/2], scores[n*95/100], scores[n-1])
}

// bomb is a PNG that says it is 30,000 pixels wide and high.
func bomb(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 64, 64))); err != nil {
		t.Fatal(err)
	}
	file := b.Bytes()
	header := file[12:29] // IHDR, its type included
	binary.BigEndian.PutUint32(header[4:], 30_000)
	binary.BigEndian.PutUint32(header[8:], 30_000)
	binary.BigEndian.PutUint32(file[29:], crc32.ChecksumIEEE(header))
	return file
}

func TestHostilePictures(t *testing.T) {
	t.Parallel()
	p := installed(t)
	plain := jpegOf(t, image.NewGray(image.Rect(0, 0, 300, 400)))
	for name, file := range map[string][]byte{
		"nothing": {}, "prose": []byte("湖边"), "a bomb": bomb(t), "half a JPEG's head": plain[:30],
		"a format Loam does not take in": []byte("II*\x00\x08\x00\x00\x00"), "one pixel": jpegOf(t, image.NewGray(image.Rect(0, 0, 1, 1))),
	} {
		if _, err := p.Words(t.Context(), file); loam.KindOf(err) != loam.Invalid {
			t.Errorf("%s: got %v", name, err)
		}
		if _, err := p.Classes(t.Context(), file); loam.KindOf(err) != loam.Invalid {
			t.Errorf("%s: got %v", name, err)
		}
		if _, err := p.Faces(t.Context(), file); loam.KindOf(err) != loam.Invalid {
			t.Errorf("%s: got %v", name, err)
		}
		if _, err := p.Words(t.Context(), plain); err != nil {
			t.Errorf("after %s: %v", name, err)
		}
	}
}

// The largest picture Loam takes in, very long ones and those with transparency fit into a
// child's memory and are looked at.
func TestUnusualPictures(t *testing.T) {
	t.Parallel()
	p := installed(t)
	encoded := func(img image.Image) []byte {
		var b bytes.Buffer
		if err := png.Encode(&b, img); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	clear := image.NewNRGBA(image.Rect(0, 0, 400, 300))
	clear.Set(5, 5, color.NRGBA{R: 200, A: 255})
	deep := image.NewRGBA64(image.Rect(0, 0, 400, 300))
	for name, file := range map[string][]byte{
		"50 megapixels": jpegOf(t, image.NewRGBA(image.Rect(0, 0, 6250, 8000))),
		"with alpha":    encoded(image.NewNRGBA(image.Rect(0, 0, 5000, 5000))),
		"long":          jpegOf(t, image.NewGray(image.Rect(0, 0, 600, 20_000))),
		"wide":          jpegOf(t, image.NewGray(image.Rect(0, 0, 9000, 40))),
		"clear":         encoded(clear),
		"16 bits":       encoded(deep),
		"a line":        jpegOf(t, image.NewGray(image.Rect(0, 0, 2, 60_000))),
	} {
		if _, err := p.Words(t.Context(), file); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := p.Classes(t.Context(), file); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if faces, err := p.Faces(t.Context(), file); err != nil || len(faces) > 0 {
			t.Errorf("%s: %v, %v", name, faces, err)
		}
	}
}

// BenchmarkPicture looks at a cover for words and for what is unsafe, in one child.
func BenchmarkPicture(b *testing.B) {
	p := installed(b)
	for _, c := range covers(b)[:4] {
		file := jpegOf(b, c.img)
		b.Run(c.style, func(b *testing.B) {
			for b.Loop() {
				if _, err := p.Words(b.Context(), file); err != nil {
					b.Fatal(err)
				}
				if _, err := p.Classes(b.Context(), file); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
