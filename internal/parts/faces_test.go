package parts

import (
	"context"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"loam"
	"loam/internal/demo"
)

// ellipse paints one with soft edges.
func ellipse(on *image.RGBA, x, y, a, b, soft float64, c color.RGBA) {
	for py := int(y - b); py <= int(y+b); py++ {
		for px := int(x - a); px <= int(x+a); px++ {
			dx, dy := (float64(px)-x)/a, (float64(py)-y)/b
			m := min(1, max(0, (1-dx*dx-dy*dy)/soft))
			old := on.RGBAAt(px, py)
			mix := func(from, to uint8) uint8 { return uint8(float64(from)*(1-m) + float64(to)*m) }
			on.SetRGBA(px, py, color.RGBA{mix(old.R, c.R), mix(old.G, c.G), mix(old.B, c.B), 255})
		}
	}
}

// paintFace paints the face of nobody, u a hundredth of its height.
func paintFace(on *image.RGBA, x, y, u float64) {
	e := func(dx, dy, a, b, soft float64, c color.RGBA) { ellipse(on, x+dx*u, y+dy*u, a*u, b*u, soft, c) }
	e(0, -12, 44, 56, .15, color.RGBA{45, 35, 30, 255})
	e(0, 0, 36, 50, .35, color.RGBA{220, 170, 140, 255})
	for _, side := range []float64{-1, 1} {
		e(15*side, -8, 8, 4, .6, color.RGBA{190, 145, 120, 255})
		e(15*side, -8, 6.5, 2.8, .5, color.RGBA{235, 235, 235, 255})
		e(15*side, -8, 2.8, 2.8, .4, color.RGBA{50, 35, 30, 255})
		e(15*side, -17, 9, 1.8, .6, color.RGBA{70, 50, 40, 255})
		e(4*side, 13, 2, 1.3, .6, color.RGBA{140, 90, 70, 255})
	}
	e(0, 5, 3, 10, .9, color.RGBA{235, 190, 160, 255})
	e(0, 27, 13, 3.6, .5, color.RGBA{180, 90, 90, 255})
	e(0, 26.5, 11, .9, .5, color.RGBA{110, 50, 50, 255})
}

func ground(wide, high int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, wide, high))
	draw.Draw(img, img.Bounds(), image.NewUniform(color.RGBA{150, 170, 190, 255}), image.Point{}, draw.Src)
	return img
}

func facesOf(t *testing.T, p *Parts, img image.Image) []Face {
	t.Helper()
	faces, err := p.Faces(t.Context(), jpegOf(t, img))
	if err != nil {
		t.Fatal(err)
	}
	return faces
}

func distance(a, b []float32) float64 {
	sum := 0.0
	for i := range a {
		d := float64(a[i] - b[i])
		sum += d * d
	}
	return math.Sqrt(sum)
}

// Painted faces are found where they are, the largest first, but not the one that is too
// small; another child says exactly the same.
func TestFindsFaces(t *testing.T) {
	t.Parallel()
	p := installed(t)
	img := ground(1000, 700)
	paintFace(img, 700, 300, 3)
	paintFace(img, 250, 350, 1.5)
	paintFace(img, 450, 600, 0.4)
	faces := facesOf(t, p, img)
	if len(faces) != 2 {
		t.Fatalf("found %d faces: %+v", len(faces), faces)
	}
	for i, at := range []image.Point{{700, 300}, {250, 350}} {
		if f := faces[i]; !at.In(f.Box) || f.Box.Dx() > 400/(i+1) || !f.Box.In(img.Bounds()) {
			t.Errorf("face %d at %v is found at %v", i, at, f.Box)
		}
	}
	if diff := cmp.Diff(faces, facesOf(t, installed(t), img)); diff != "" {
		t.Error("another child says:", diff)
	}
}

// A face has nearly the same numbers moved, mirrored, and at the ends of a
// picture much longer than wide.
func TestFaceStays(t *testing.T) {
	t.Parallel()
	p := installed(t)
	one := ground(500, 600)
	paintFace(one, 250, 300, 3)
	first := facesOf(t, p, one)
	if len(first) != 1 {
		t.Fatalf("found %+v", first)
	}
	mirrored := image.NewRGBA(one.Bounds())
	for y := range 600 {
		for x := range 500 {
			mirrored.Set(499-x, y, one.At(x, y))
		}
	}
	long := ground(600, 4000)
	paintFace(long, 330, 3600, 2)
	wide := ground(3000, 500)
	paintFace(wide, 1500, 260, 2)
	edge := ground(500, 600)
	paintFace(edge, 250, 170, 3)
	for name, img := range map[string]image.Image{"mirrored": mirrored, "long": long, "wide": wide, "at the edge": edge} {
		faces := facesOf(t, p, img)
		if len(faces) != 1 {
			t.Errorf("%s: found %+v", name, faces)
			continue
		}
		d := distance(first[0].Vector, faces[0].Vector)
		t.Logf("%s: %.3f apart", name, d)
		if d > 0.3 {
			t.Errorf("%s: %.3f apart", name, d)
		}
	}
}

// Pictures without people have hardly a face.
func TestScenesHaveNoFaces(t *testing.T) {
	t.Parallel()
	p := installed(t)
	pictures, wrong := 0, 0
	look := func(name string, img image.Image) {
		pictures++
		for _, f := range facesOf(t, p, img) {
			wrong++
			t.Logf("%s: %v, %.2f", name, f.Box, f.Score)
		}
	}
	for _, c := range covers(t) {
		look("cover "+c.style, c.img)
	}
	for _, name := range []string{"lake", "corner", "desk", "rail", "kitchen", "books", "map", "window", "market", "cat", "plate", "road"} {
		s := demo.Scene{Name: name, Variant: 1, Shape: "tall"}
		look(s.String(), s.Draw())
	}
	t.Logf("%d faces in %d pictures", wrong, pictures)
	if wrong > 2 {
		t.Error("faces are seen in nothing")
	}
}

// echo stands for the models: its answer is the picture.
const echo = `
import struct, sys
i, o = sys.stdin.buffer, sys.stdout.buffer
def give(b): o.write(struct.pack(">I", len(b)) + b); o.flush()
give(b'{"ready": true}')
while head := i.read(4): give(i.read(struct.unpack(">I", head)[0])[1:])
`

// facesAt is the answer of a child that found faces with these boxes and scores.
func facesAt(t testing.TB, numbers int, number any, scoredBoxes ...[]float64) string {
	t.Helper()
	var faces []map[string]any
	for _, b := range scoredBoxes {
		vector := []any{}
		for range numbers {
			vector = append(vector, number)
		}
		faces = append(faces, map[string]any{"box": b[1:], "score": b[0], "vector": vector})
	}
	body, err := json.Marshal(map[string]any{"faces": faces})
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// Nothing but faces is believed of a child.
func TestFacesBelieved(t *testing.T) {
	t.Parallel()
	p := stubbed(t, Config{})
	p.script = echo
	large, small := []float64{.9, 0, 0, 200, 100}, []float64{.7, 300, 20, 350, 90}
	for name, c := range map[string]struct{ said, want string }{
		"two":                {facesAt(t, 128, .5, large, small), "(0,0)-(200,100) (300,20)-(350,90)"},
		"none":               {`{"faces": []}`, ""},
		"no picture":         {`{"error": "not a picture"}`, "invalid"},
		"the words":          {`{"lines": []}`, "unavailable"},
		"null":               {`{"faces": null}`, "unavailable"},
		"no numbers":         {facesAt(t, 0, .5, large), "unavailable"},
		"too few numbers":    {facesAt(t, 127, .5, large), "unavailable"},
		"too many numbers":   {facesAt(t, 129, .5, large), "unavailable"},
		"a large number":     {facesAt(t, 128, 1.01, large), "unavailable"},
		"a huge number":      {facesAt(t, 128, 1e300, large), "unavailable"},
		"not a number":       {strings.ReplaceAll(facesAt(t, 128, .5, large), "0.5", "NaN"), "unavailable"},
		"a word":             {facesAt(t, 128, "0", large), "unavailable"},
		"the smallest first": {facesAt(t, 128, .5, small, large), "unavailable"},
		"a high score":       {facesAt(t, 128, .5, []float64{1.1, 0, 0, 9, 9}), "unavailable"},
		"an empty box":       {facesAt(t, 128, .5, []float64{.9, 5, 5, 5, 9}), "unavailable"},
		"a turned box":       {facesAt(t, 128, .5, []float64{.9, 9, 9, 5, 5}), "unavailable"},
		"a box outside":      {facesAt(t, 128, .5, []float64{.9, -1, 0, 5, 5}), "unavailable"},
		"a box far away":     {facesAt(t, 128, .5, []float64{.9, 0, 0, 5, 5e7 + 1}), "unavailable"},
		"half a pixel":       {facesAt(t, 128, .5, []float64{.9, 0, 0, 5.5, 5}), "unavailable"},
		"three corners":      {facesAt(t, 128, .5, []float64{.9, 0, 0, 5}), "unavailable"},
		"five corners":       {facesAt(t, 128, .5, []float64{.9, 0, 0, 5, 5, 5}), "unavailable"},
		"seventeen":          {facesAt(t, 128, .5, times(17, large)...), "unavailable"},
	} {
		if got := boxes(t.Context(), p, c.said); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

// times is n times the same box.
func times(n int, box []float64) (out [][]float64) {
	for range n {
		out = append(out, box)
	}
	return out
}

// boxes is where faces are, or how it went wrong.
func boxes(ctx context.Context, p *Parts, picture string) string {
	faces, err := p.Faces(ctx, []byte(picture))
	if err != nil {
		return loam.KindOf(err).String()
	}
	var out []string
	for _, f := range faces {
		out = append(out, fmt.Sprint(f.Box))
	}
	return strings.Join(out, " ")
}

func FuzzFaces(f *testing.F) {
	for _, s := range []string{
		`{"error": "MemoryError"}`, `{"faces": []}`, facesAt(f, 128, .25, []float64{.9, 0, 0, 200, 100}), facesAt(f, 127, .25, []float64{.9, 0, 0, 200, 100}),
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		a, err := parse(wantFaces, body)
		if err != nil || a.Error != "" {
			return
		}
		if a.Faces == nil || len(a.Faces) > 16 {
			t.Fatalf("%q is taken for faces", body)
		}
		last := math.MaxInt
		for _, f := range a.Faces {
			r := f.rectangle()
			if area := r.Dx() * r.Dy(); r.Empty() || area > last || r.Min.X < 0 || r.Min.Y < 0 {
				t.Errorf("%q: a face at %v", body, r)
			} else {
				last = area
			}
			if len(f.Vector) != 128 || distance(f.Vector, make([]float32, 128)) > math.Sqrt(128) {
				t.Errorf("%q: %v", body, f.Vector)
			}
		}
	})
}
