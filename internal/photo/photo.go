// Package photo renders photographs in the manner of a craft: riso, woodcut, cut paper and
// others.
//
// It stands apart because it is pure arithmetic on pixels. No model takes part and no
// example was learned from: every style is a handful of rules written down here, so a page
// may say 「没有学过任何人的作品」 and mean it.
//
// Invariant: the same picture in the same style is the same pixels every time, the
// result has the size of the picture and is opaque, and the picture itself is left as it was.
package photo

import (
	"image"

	"loam"
)

// Apply renders a picture in a style; an empty one, or one it does not know, gives the
// picture itself. What a style draws is in proportion to the picture's width, so a sample
// looks like the page. At 1080×1440 each takes less than half a second on one core.
func Apply(p loam.Print, img *image.RGBA) *image.RGBA {
	style := styles()[p]
	if style == nil || img.Rect.Empty() {
		return img
	}
	return style(picture{RGBA: flat(img), unit: float32(img.Rect.Dx()) / 1080})
}

func styles() map[loam.Print]func(picture) *image.RGBA {
	return map[loam.Print]func(picture) *image.RGBA{
		loam.PrintRiso: riso, loam.PrintWoodcut: woodcut, loam.PrintPapercut: papercut, loam.PrintLine: pen,
		loam.PrintPixel: pixels, loam.PrintHalftone: halftone, loam.PrintOil: oil, loam.PrintGlass: glass,
		loam.PrintCyano: cyano, loam.PrintTorn: torn,
	}
}

// picture is what is rendered. Unit is how many pixels a length of the 1080 wide page has.
type picture struct {
	*image.RGBA
	unit float32
}

// px is a length of the 1080 wide page in pixels, at least 1.
func (p picture) px(units float32) int { return max(int(units*p.unit+0.5), 1) }

// size is the picture's width and height.
func (p picture) size() (int, int) { return p.Rect.Dx(), p.Rect.Dy() }

// blank is a picture of the same size.
func (p picture) blank() *image.RGBA {
	out := image.NewRGBA(image.Rect(0, 0, p.Rect.Dx(), p.Rect.Dy()))
	for i := 3; i < len(out.Pix); i += 4 {
		out.Pix[i] = 255
	}
	return out
}

// flat is a picture whose rows follow one another from 0, 0.
func flat(img *image.RGBA) *image.RGBA {
	w := img.Rect.Dx()
	if img.Rect.Min == (image.Point{}) && img.Stride == 4*w {
		return img
	}
	out := image.NewRGBA(image.Rect(0, 0, w, img.Rect.Dy()))
	for y := range img.Rect.Dy() {
		copy(out.Pix[y*out.Stride:][:4*w], img.Pix[img.PixOffset(img.Rect.Min.X, img.Rect.Min.Y+y):])
	}
	return out
}

// rgb is a colour of 0 to 255 a channel.
type rgb [3]float32

func hex(v uint32) rgb { return rgb{float32(v >> 16), float32(v >> 8 & 255), float32(v & 255)} }

func (c rgb) luma() float32 { return 0.299*c[0] + 0.587*c[1] + 0.114*c[2] }

// mix is p of the way from c to d.
func (c rgb) mix(d rgb, p float32) rgb {
	return rgb{c[0] + (d[0]-c[0])*p, c[1] + (d[1]-c[1])*p, c[2] + (d[2]-c[2])*p}
}

// vivid moves a colour away from its own grey.
func (c rgb) vivid(by float32) rgb {
	l := c.luma()
	return rgb{l + (c[0]-l)*by, l + (c[1]-l)*by, l + (c[2]-l)*by}
}

func (c rgb) scale(k float32) rgb { return rgb{c[0] * k, c[1] * k, c[2] * k} }

// put writes a colour, held within 0 to 255.
func (c rgb) put(pix []uint8) {
	pix[0], pix[1], pix[2] = octet(c[0]), octet(c[1]), octet(c[2])
}

func at(pix []uint8) rgb { return rgb{float32(pix[0]), float32(pix[1]), float32(pix[2])} }

func octet(v float32) uint8 {
	switch {
	case v <= 0:
		return 0
	case v >= 255:
		return 255
	}
	return uint8(v + 0.5)
}

// step is 0 below lo, 1 above hi, and a smooth passage between.
func step(lo, hi, v float32) float32 {
	t := (v - lo) / (hi - lo)
	switch {
	case t <= 0:
		return 0
	case t >= 1:
		return 1
	}
	return t * t * (3 - 2*t)
}

// clamp holds v within 0 and hi.
func clamp(v, hi float32) float32 { return max(0, min(hi, v)) }

// grain is a fixed irregular number of [0,1) for a place.
func grain(x, y int, seed uint32) float32 {
	h := uint32(x)*0x9E3779B1 ^ uint32(y)*0x85EBCA77 ^ seed*0xC2B2AE3D
	h ^= h >> 15
	h *= 0x2C1B3C6D
	h ^= h >> 12
	h *= 0x297A2D39
	h ^= h >> 15
	return float32(h>>8) / (1 << 24)
}
