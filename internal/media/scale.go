package media

import (
	"image"
	"image/draw"

	xdraw "golang.org/x/image/draw"
)

// Shrink is a picture with its longer side at most edge pixels, opaque on white: what
// pages are cut from.
func Shrink(img image.Image, edge int) *image.RGBA {
	w, h := img.Bounds().Dx(), img.Bounds().Dy()
	if m := max(w, h); m > edge {
		w, h = max(w*edge/m, 1), max(h*edge/m, 1)
	}
	return scaled(img, img.Bounds(), w, h)
}

// Cut is the part of a picture within crop (thousandths of its sides as x, y, width and
// height), filling w×h: what is too wide or too tall of it is left out evenly on both sides.
func Cut(img image.Image, crop [4]int, w, h int) *image.RGBA {
	b := img.Bounds()
	x, y := b.Min.X+b.Dx()*crop[0]/1000, b.Min.Y+b.Dy()*crop[1]/1000
	r := image.Rect(x, y, x+max(b.Dx()*crop[2]/1000, 1), y+max(b.Dy()*crop[3]/1000, 1)).Intersect(b)
	if r.Empty() {
		r = b
	}
	if r.Dx()*h > r.Dy()*w {
		d := r.Dx() - max(r.Dy()*w/h, 1)
		r.Min.X, r.Max.X = r.Min.X+d/2, r.Max.X-(d-d/2)
	} else {
		d := r.Dy() - max(r.Dx()*h/w, 1)
		r.Min.Y, r.Max.Y = r.Min.Y+d/2, r.Max.Y-(d-d/2)
	}
	return scaled(img, r, w, h)
}

// scaled is a part of a picture at another size.
func scaled(img image.Image, part image.Rectangle, w, h int) *image.RGBA {
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(out, out.Rect, image.White, image.Point{}, draw.Src)
	switch {
	case part.Dx() == w && part.Dy() == h:
		draw.Draw(out, out.Rect, img, part.Min, draw.Over)
	case part.Dx() > 2*w: // the sharper kernel costs twice as much and shows nothing more here
		xdraw.BiLinear.Scale(out, out.Rect, img, part, xdraw.Over, nil)
	default:
		xdraw.CatmullRom.Scale(out, out.Rect, img, part, xdraw.Over, nil)
	}
	return out
}

// Carry writes the strongest AI mark of a picture's marks into a copy made of it: what was
// said of a photo is said of the page that shows it (Labelling Measures Art. 10).
func Carry(b []byte, marks []Found) ([]byte, error) { return carry(b, marks) }
