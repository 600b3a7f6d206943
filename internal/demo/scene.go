package demo

import (
	"fmt"
	"hash/fnv"
	"image"
	"image/draw"
	"strconv"
	"strings"

	xdraw "golang.org/x/image/draw"
)

// Scene names a picture: a generator, the number of its variant, a shape and whether it is
// cropped or, from nearer, turned left to right, written as lake/3/tall, lake/3/tall/crop or
// lake/3/tall/mirror.
type Scene struct {
	Name    string
	Variant int
	Shape   string // tall, square or wide
	Crop    bool   // a strip of each edge is gone, as where somebody hid a signature
	Mirror  bool
}

// painter paints a scene's variant; variants beyond those it knows repeat.
type painter func(b *brush, variant int)

// painters are the scenes there are.
func painters() map[string]painter {
	return map[string]painter{
		"lake": lake, "corner": corner, "desk": desk, "rail": rail, "kitchen": kitchen, "books": books,
		"map": handMap, "window": window, "market": market, "cat": cat, "plate": plate, "road": road,
	}
}

var shapes = map[string]image.Point{"tall": {X: 1080, Y: 1440}, "square": {X: 1080, Y: 1080}, "wide": {X: 1440, Y: 1080}}

// UnmarshalText reads a scene as content files write it.
func (s *Scene) UnmarshalText(text []byte) error {
	parts := strings.Split(string(text), "/")
	if len(parts) < 3 || len(parts) > 4 || len(parts) == 4 && parts[3] != "crop" && parts[3] != "mirror" {
		return fmt.Errorf("scene %q is not name/variant/shape", text)
	}
	n, err := strconv.Atoi(parts[1])
	if err != nil || n < 1 {
		return fmt.Errorf("scene %q: no such variant", text)
	}
	if _, ok := shapes[parts[2]]; !ok {
		return fmt.Errorf("scene %q: no such shape", text)
	}
	if painters()[parts[0]] == nil {
		return fmt.Errorf("scene %q: no such painter", text)
	}
	last := parts[len(parts)-1]
	*s = Scene{Name: parts[0], Variant: n, Shape: parts[2], Crop: last == "crop", Mirror: last == "mirror"}
	return nil
}

// String is the scene as content files write it.
func (s Scene) String() string {
	text := fmt.Sprintf("%s/%d/%s", s.Name, s.Variant, s.Shape)
	if s.Crop {
		text += "/crop"
	}
	if s.Mirror {
		text += "/mirror"
	}
	return text
}

// Draw paints the scene: the same scene is the same picture every time.
func (s Scene) Draw() *image.RGBA {
	h := fnv.New64a()
	fmt.Fprintf(h, "%s/%d/%s", s.Name, s.Variant, s.Shape)
	b := newBrush(shapes[s.Shape], h.Sum64())
	painters()[s.Name](b, s.Variant)
	b.grain(7)
	switch {
	case s.Crop:
		return cropped(b.img, 60)
	case s.Mirror: // turned alone it would be found as a copy
		return mirrored(cropped(b.img, 7))
	}
	return b.img
}

// cropped is a picture without a share of each edge, one in so many of its width, blown up
// again.
func cropped(img *image.RGBA, share int) *image.RGBA {
	r := img.Rect
	out := image.NewRGBA(r)
	xdraw.ApproxBiLinear.Scale(out, r, img, r.Inset(r.Dx()/share), draw.Src, nil)
	return out
}

// mirrored is a picture turned left to right.
func mirrored(img *image.RGBA) *image.RGBA {
	r := img.Rect
	out := image.NewRGBA(r)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			out.SetRGBA(r.Max.X-1-x+r.Min.X, y, img.RGBAAt(x, y))
		}
	}
	return out
}
