package demo

import (
	"image"
	"image/color"
	"image/draw"
	"math"
	"math/rand/v2"

	"golang.org/x/image/vector"
)

// brush paints a scene. Coordinates are units of a thousandth of the shorter edge, so
// that a scene may be painted tall, square or wide: x runs to w, y to h.
type brush struct {
	*rand.Rand
	img   *image.RGBA
	ras   *vector.Rasterizer
	w, h  float64
	scale float64 // pixels of a unit
}

type pt struct{ x, y float64 }

func newBrush(size image.Point, seed uint64) *brush {
	short := float64(min(size.X, size.Y))
	return &brush{
		Rand: rand.New(rand.NewPCG(seed, 0x5eed)), img: image.NewRGBA(image.Rectangle{Max: size}),
		ras: vector.NewRasterizer(1, 1), w: float64(size.X) / short * 1000, h: float64(size.Y) / short * 1000, scale: short / 1000,
	}
}

// rgb is an opaque colour from 0xRRGGBB.
func rgb(v uint32) color.NRGBA { return color.NRGBA{uint8(v >> 16), uint8(v >> 8), uint8(v), 255} }

// thin is a colour seen through: a of 1 is opaque.
func thin(c color.NRGBA, a float64) color.NRGBA {
	c.A = uint8(255 * a)
	return c
}

// mix is a colour p of the way from a to b.
func mix(a, b color.NRGBA, p float64) color.NRGBA {
	f := func(x, y uint8) uint8 { return uint8(math.Round(float64(x) + (float64(y)-float64(x))*p)) }
	return color.NRGBA{f(a.R, b.R), f(a.G, b.G), f(a.B, b.B), 255}
}

var black, white = rgb(0x000000), rgb(0xffffff)

// between is a number of [lo,hi).
func (b *brush) between(lo, hi float64) float64 { return lo + (hi-lo)*b.Float64() }

// one is one of several colours.
func (b *brush) one(cs ...color.NRGBA) color.NRGBA { return cs[b.IntN(len(cs))] }

// poly fills a polygon.
func (b *brush) poly(c color.NRGBA, ps ...pt) {
	lo, hi := pt{math.Inf(1), math.Inf(1)}, pt{math.Inf(-1), math.Inf(-1)}
	for _, p := range ps {
		lo, hi = pt{min(lo.x, p.x), min(lo.y, p.y)}, pt{max(hi.x, p.x), max(hi.y, p.y)}
	}
	r := image.Rect(int(lo.x*b.scale), int(lo.y*b.scale), int(hi.x*b.scale)+2, int(hi.y*b.scale)+2).Intersect(b.img.Rect)
	if r.Empty() || len(ps) < 3 {
		return
	}
	b.ras.Reset(r.Dx(), r.Dy())
	at := func(p pt) (float32, float32) {
		return float32(p.x*b.scale) - float32(r.Min.X), float32(p.y*b.scale) - float32(r.Min.Y)
	}
	x, y := at(ps[0])
	b.ras.MoveTo(x, y)
	for _, p := range ps[1:] {
		x, y = at(p)
		b.ras.LineTo(x, y)
	}
	b.ras.ClosePath()
	b.ras.Draw(b.img, r, image.NewUniform(c), image.Point{})
}

// rect fills an upright rectangle.
func (b *brush) rect(c color.NRGBA, x, y, w, h float64) {
	s := b.scale
	r := image.Rect(int(math.Round(x*s)), int(math.Round(y*s)), int(math.Round((x+w)*s)), int(math.Round((y+h)*s)))
	draw.Draw(b.img, r, image.NewUniform(c), image.Point{}, draw.Over)
}

// fade fills a band with a colour that turns into another on its way down.
func (b *brush) fade(top, bottom color.NRGBA, y, h float64) {
	from, to := int(y*b.scale), int(math.Ceil((y+h)*b.scale))
	for py := max(from, 0); py < min(to, b.img.Rect.Dy()); py++ {
		c := mix(top, bottom, float64(py-from)/float64(max(to-from, 1)))
		draw.Draw(b.img, image.Rect(0, py, b.img.Rect.Dx(), py+1), image.NewUniform(c), image.Point{}, draw.Src)
	}
}

// smooth gives a curve through points; closed, it comes back to the first.
func smooth(closed bool, ps ...pt) []pt {
	n := len(ps)
	get := func(i int) pt {
		if closed {
			return ps[(i+n)%n]
		}
		return ps[min(max(i, 0), n-1)]
	}
	last := n - 1
	if closed {
		last = n
	}
	const parts = 10
	out := make([]pt, 0, last*parts+1)
	for i := range last {
		p, q, r, s := get(i-1), get(i), get(i+1), get(i+2)
		for k := range parts {
			t := float64(k) / parts
			out = append(out, pt{spline(p.x, q.x, r.x, s.x, t), spline(p.y, q.y, r.y, s.y, t)})
		}
	}
	return append(out, get(last))
}

// spline is the Catmull-Rom curve from q to r at t.
func spline(p, q, r, s, t float64) float64 {
	return 0.5 * (2*q + (r-p)*t + (2*p-5*q+4*r-s)*t*t + (3*q-p-3*r+s)*t*t*t)
}

// blob fills a closed curve through points.
func (b *brush) blob(c color.NRGBA, ps ...pt) { b.poly(c, smooth(true, ps...)...) }

// ellipse fills an ellipse.
func (b *brush) ellipse(c color.NRGBA, x, y, rx, ry float64) {
	b.poly(c, oval(x, y, rx, ry, 0, 2*math.Pi)...)
}

// disc fills a circle.
func (b *brush) disc(c color.NRGBA, x, y, r float64) { b.ellipse(c, x, y, r, r) }

// oval is the part of an ellipse between two angles, clockwise from the right.
func oval(x, y, rx, ry, from, to float64) []pt {
	n := int(max(rx, ry)/3) + 16
	out := make([]pt, n+1)
	for i := range out {
		sin, cos := math.Sincos(from + (to-from)*float64(i)/float64(n))
		out[i] = pt{x + rx*cos, y + ry*sin}
	}
	return out
}

// dome fills the upper half of an ellipse that stands on y, bowl the lower.
func (b *brush) dome(c color.NRGBA, x, y, rx, ry float64) {
	b.poly(c, oval(x, y, rx, ry, math.Pi, 2*math.Pi)...)
}

func (b *brush) bowl(c color.NRGBA, x, y, rx, ry float64) {
	b.poly(c, oval(x, y, rx, ry, 0, math.Pi)...)
}

// box fills a rectangle with rounded corners.
func (b *brush) box(c color.NRGBA, x, y, w, h, r float64) {
	r = min(r, w/2, h/2)
	var ps []pt
	for i, p := range []pt{{x + w - r, y + h - r}, {x + r, y + h - r}, {x + r, y + r}, {x + w - r, y + r}} {
		ps = append(ps, oval(p.x, p.y, r, r, float64(i)*math.Pi/2, float64(i+1)*math.Pi/2)...)
	}
	b.poly(c, ps...)
}

// line draws a smooth line of some width through points, with round ends.
func (b *brush) line(c color.NRGBA, width float64, ps ...pt) {
	if len(ps) > 2 {
		ps = smooth(false, ps...)
	}
	b.stroke(c, width, ps...)
}

// stroke draws straight pieces; as one outline, so that a thin colour stays even.
func (b *brush) stroke(c color.NRGBA, width float64, ps ...pt) {
	n := len(ps)
	left, right := make([]pt, 0, 2*n+8), make([]pt, 0, n)
	for i, p := range ps {
		q, r := ps[max(i-1, 0)], ps[min(i+1, n-1)]
		dx, dy := r.x-q.x, r.y-q.y
		l := max(math.Hypot(dx, dy), 1e-9)
		nx, ny := -dy/l*width/2, dx/l*width/2
		left = append(left, pt{p.x + nx, p.y + ny})
		right = append(right, pt{p.x - nx, p.y - ny})
	}
	for i := n - 1; i >= 0; i-- {
		left = append(left, right[i])
	}
	b.poly(c, left...)
	if c.A == 255 {
		b.disc(c, ps[0].x, ps[0].y, width/2)
		b.disc(c, ps[n-1].x, ps[n-1].y, width/2)
	}
}

// ridge fills what lies under a smooth line of heights at even distances, down to bottom.
func (b *brush) ridge(c color.NRGBA, bottom float64, heights ...float64) {
	ps := make([]pt, len(heights))
	for i, y := range heights {
		ps[i] = pt{b.w * float64(i) / float64(len(heights)-1), y}
	}
	b.poly(c, append(smooth(false, ps...), pt{b.w, bottom}, pt{0, bottom})...)
}

// peaks fills a range of mountains between two heights, down to bottom: n summits with
// straight, broken sides.
func (b *brush) peaks(c color.NRGBA, high, low, bottom float64, n int) {
	ps := []pt{{0, b.between(high, low)}}
	for i := range n {
		x := b.w * (float64(i) + b.between(0.3, 0.7)) / float64(n)
		ps = append(ps, pt{x, b.between(high, high+(low-high)*0.4)})
		end := b.w * float64(i+1) / float64(n)
		ps = append(ps, pt{(x + end) / 2, b.between(high+(low-high)*0.35, low)}, pt{end, b.between(high+(low-high)*0.6, low)})
	}
	b.poly(c, append(ps, pt{b.w, bottom}, pt{0, bottom})...)
}

// glow lights a round place: strength 1 turns its middle into the colour.
func (b *brush) glow(c color.NRGBA, x, y, r, strength float64) {
	cx, cy, cr := x*b.scale, y*b.scale, r*b.scale
	box := image.Rect(int(cx-cr), int(cy-cr), int(cx+cr)+1, int(cy+cr)+1).Intersect(b.img.Rect)
	for py := box.Min.Y; py < box.Max.Y; py++ {
		row := b.img.Pix[b.img.PixOffset(box.Min.X, py):]
		dy := (float64(py) - cy) / cr
		for px := range box.Dx() {
			dx := (float64(box.Min.X+px) - cx) / cr
			d := 1 - dx*dx - dy*dy
			if d <= 0 {
				continue
			}
			a := uint32(d * d * strength * 256)
			p := row[px*4 : px*4+3]
			p[0] += uint8((uint32(max(c.R, p[0])-p[0]) * a) >> 8)
			p[1] += uint8((uint32(max(c.G, p[1])-p[1]) * a) >> 8)
			p[2] += uint8((uint32(max(c.B, p[2])-p[2]) * a) >> 8)
		}
	}
}

// grain roughens the whole picture like paper, and darkens its edges a little.
func (b *brush) grain(amount int) {
	const tile = 256
	var noise [tile * tile]int16
	for i := range noise {
		noise[i] = int16(b.IntN(2*amount+1) - amount)
	}
	w, h := b.img.Rect.Dx(), b.img.Rect.Dy()
	for y := range h {
		row := b.img.Pix[y*b.img.Stride : y*b.img.Stride+4*w]
		v := math.Abs(float64(2*y-h)) / float64(h)
		edge := int16(9 * v * v * v)
		n := noise[(y*7%tile)*tile : (y*7%tile+1)*tile]
		for x := range w {
			d := n[(x+y*13)%tile] - edge
			for k := range 3 {
				row[4*x+k] = uint8(min(max(int16(row[4*x+k])+d, 0), 255))
			}
		}
	}
}
