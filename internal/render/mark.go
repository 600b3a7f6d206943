package render

import (
	"image"
	"image/color"
	"image/draw"
	"math"

	"loam"
	"loam/internal/fonts"
)

// minInk is the least ink in pixels that Chinese can be read at.
const minInk = 12

// MarkHeight is the least height of a visible AI mark's ink on a picture: 5 % of its
// shortest side (GB 45438-2025, 5.2), rounded up, and what can be read.
func MarkHeight(w, h int) int { return max((min(w, h)*5+99)/100, minInk) }

// Corner is where a visible mark stands: GB 45438-2025, 5.2 asks for an edge or a corner.
type Corner string

// The corners; the empty one is BottomLeft.
const (
	BottomLeft  Corner = "bottom-left"
	BottomRight Corner = "bottom-right"
	TopLeft     Corner = "top-left"
	TopRight    Corner = "top-right"
)

// Mark draws words on a plate in a corner, at least MarkHeight of ink high: the visible
// label of a picture a model made. The plate is opaque, so the words are legible on any
// picture. One too narrow for the words is Invalid, "label.too_small".
func (r *Renderer) Mark(src image.Image, words string, at Corner) (*image.RGBA, error) {
	b := src.Bounds()
	w, h := b.Dx(), b.Dy()
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(out, out.Bounds(), src, b.Min, draw.Src)
	c := newCanvas(1, 1, &shaper{set: r.Faces})
	c.img = out
	cs, err := c.sh.shape(words, fonts.Heavy)
	if err != nil {
		return nil, err
	}
	p := newParagraph(cs, []string{words})
	need := MarkHeight(w, h)
	// CJK ink is about nine tenths of the em; what is drawn is measured below all the same.
	for size := math.Ceil(float64(need) * 1.12); ; size++ {
		pad := math.Ceil(size * 0.35)
		width := math.Ceil(p.sums[len(p.clusters)]*size) + 2*pad
		if width > float64(w) || size+2*pad > float64(h) {
			return nil, loam.Fail(loam.Invalid, "label.too_small")
		}
		if c.inkHeight(p, size) < need {
			continue
		}
		left, top := 0.0, float64(h)-size-2*pad
		if at == TopLeft || at == TopRight {
			top = 0
		}
		if at == BottomRight || at == TopRight {
			left = float64(w) - width
		}
		c.rect(left, top, width, size+2*pad, color.RGBA{24, 22, 20, 255})
		c.lay(&block{para: p, lines: []line{{0, len(p.clusters), p.sums[len(p.clusters)]}}, size: size, leading: 1}, left+pad, top+pad, width, 0, color.RGBA{255, 255, 255, 255})
		return out, c.err
	}
}

// inkHeight draws a line alone and measures how many rows its ink covers.
func (c *canvas) inkHeight(p *paragraph, size float64) int {
	trial := newCanvas(int(p.sums[len(p.clusters)]*size)+8, int(2*size)+8, c.sh)
	trial.lay(&block{para: p, lines: []line{{0, len(p.clusters), p.sums[len(p.clusters)]}}, size: size, leading: 1}, 4, size/2, 0, 0, color.RGBA{0, 0, 0, 255})
	first, last := -1, -2
	for y := range trial.img.Rect.Dy() {
		for x := range trial.img.Rect.Dx() {
			if trial.img.RGBAAt(x, y).A > 127 {
				if first < 0 {
					first = y
				}
				last = y
				break
			}
		}
	}
	return last - first + 1
}
