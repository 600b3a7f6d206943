package render

import (
	"image"
	"math"
)

// calm measures how busy a picture is: a summed table of the steps of lightness between
// neighbours, on every fourth pixel.
type calm struct {
	w, h int
	sum  []float64 // (w+1)×(h+1)
}

const calmStep = 4

// lightness is a pixel's luma of 0 to 255, near enough to what the eye takes for detail.
func lightness(p []uint8) int { return (299*int(p[0]) + 587*int(p[1]) + 114*int(p[2])) / 1000 }

func measureCalm(img *image.RGBA) calm {
	c := calm{w: img.Rect.Dx() / calmStep, h: img.Rect.Dy() / calmStep}
	c.sum = make([]float64, (c.w+1)*(c.h+1))
	at := func(x, y int) int {
		return lightness(img.Pix[img.PixOffset(img.Rect.Min.X+min(x, c.w-1)*calmStep, img.Rect.Min.Y+min(y, c.h-1)*calmStep):])
	}
	for y := range c.h {
		row := 0.0
		for x := range c.w {
			v := at(x, y)
			dx, dy := at(x+1, y)-v, at(x, y+1)-v
			row += math.Abs(float64(dx)) + math.Abs(float64(dy))
			c.sum[(y+1)*(c.w+1)+x+1] = c.sum[y*(c.w+1)+x+1] + row
		}
	}
	return c
}

// busy is the mean step of lightness in a place on the page.
func (c calm) busy(r room) float64 {
	clamp := func(v float64, most int) int { return max(0, min(most, int(v/calmStep))) }
	x0, y0, x1, y1 := clamp(r.x, c.w), clamp(r.y, c.h), clamp(r.x+r.w, c.w), clamp(r.y+r.h, c.h)
	n := (x1 - x0) * (y1 - y0)
	if n == 0 {
		return math.Inf(1)
	}
	s := func(x, y int) float64 { return c.sum[y*(c.w+1)+x] }
	return (s(x1, y1) - s(x0, y1) - s(x1, y0) + s(x0, y0)) / float64(n)
}

// ninth is one of nine places on a page, 0 to 2 across and down.
type ninth struct{ col, row int }

// place is where something of w×h lies in a ninth of the room.
func (n ninth) place(r room, w, h float64) room {
	return room{math.Round(r.x + (r.w-w)*float64(n.col)/2), math.Round(r.y + (r.h-h)*float64(n.row)/2), w, h}
}

// calmest is the ninth of a room where something of w×h hides the least. The middle is
// what a picture is of: it must be calmer by a third to be chosen. Outer leaves the middle
// row out.
func (c calm) calmest(r room, w, h float64, outer bool) ninth {
	best, least := ninth{0, 2}, math.Inf(1)
	for _, n := range []ninth{{0, 0}, {0, 2}, {1, 0}, {1, 2}, {2, 0}, {2, 2}, {0, 1}, {2, 1}, {1, 1}} {
		if outer && n.row == 1 {
			continue
		}
		v := c.busy(n.place(r, w, h)) + 0.05
		if n.col == 1 && n.row == 1 {
			v *= 1.5
		}
		if v < least {
			best, least = n, v
		}
	}
	return best
}
