package render

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math"

	"github.com/go-text/typesetting/font"
	xdraw "golang.org/x/image/draw"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/f64"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"
)

// placed records one line of text as it was laid out, for tests that must not depend on
// pixels.
type placed struct {
	Text          string
	X, Y, W, Size int
	contrast      float64 // with what lay below it, if the canvas audits
	block         *block
	index         int // of the line in its block
}

// canvas is a picture being drawn. Its transform applies to shapes and text alike.
type canvas struct {
	img    *image.RGBA
	sh     *shaper
	ras    *vector.Rasterizer
	xf     f64.Aff3
	placed []placed
	audit  bool
	pics   map[uint32]image.Image // emoji decoded so far
	err    error                  // the first failure; the drawing goes on without effect
}

var identity = f64.Aff3{1, 0, 0, 0, 1, 0}

func newCanvas(w, h int, sh *shaper) *canvas {
	return &canvas{
		img: image.NewRGBA(image.Rect(0, 0, w, h)), sh: sh, ras: vector.NewRasterizer(1, 1), xf: identity,
		pics: map[uint32]image.Image{},
	}
}

// hex is an opaque colour from 0xRRGGBB.
func hex(v uint32) color.RGBA { return color.RGBA{uint8(v >> 16), uint8(v >> 8), uint8(v), 255} }

// mix is a colour p of the way from a to b.
func mix(a, b color.RGBA, p float64) color.RGBA {
	f := func(x, y uint8) uint8 { return uint8(math.Round(float64(x) + (float64(y)-float64(x))*p)) }
	return color.RGBA{f(a.R, b.R), f(a.G, b.G), f(a.B, b.B), 255}
}

// fill covers the whole picture.
func (c *canvas) fill(col color.RGBA) {
	draw.Draw(c.img, c.img.Bounds(), image.NewUniform(col), image.Point{}, draw.Src)
}

// turned draws with everything rotated by degrees about a point.
func (c *canvas) turned(degrees, x, y float64, f func()) {
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	before := c.xf
	c.xf = mul(before, f64.Aff3{cos, -sin, x - cos*x + sin*y, sin, cos, y - sin*x - cos*y})
	f()
	c.xf = before
}

func mul(a, b f64.Aff3) f64.Aff3 {
	return f64.Aff3{
		a[0]*b[0] + a[1]*b[3], a[0]*b[1] + a[1]*b[4], a[0]*b[2] + a[1]*b[5] + a[2],
		a[3]*b[0] + a[4]*b[3], a[3]*b[1] + a[4]*b[4], a[3]*b[2] + a[4]*b[5] + a[5],
	}
}

type point struct{ x, y float64 }

func (c *canvas) at(p point) point {
	return point{c.xf[0]*p.x + c.xf[1]*p.y + c.xf[2], c.xf[3]*p.x + c.xf[4]*p.y + c.xf[5]}
}

// path is an outline in page coordinates: each part starts with its first point, and
// every further point comes with its control points.
type path struct {
	ops []op
}

type op struct {
	kind byte // m, l, q, c
	p    [3]point
}

func (p *path) move(x, y float64) { p.ops = append(p.ops, op{'m', [3]point{{x, y}}}) }
func (p *path) line(x, y float64) { p.ops = append(p.ops, op{'l', [3]point{{x, y}}}) }
func (p *path) cube(a, b, d point) {
	p.ops = append(p.ops, op{'c', [3]point{a, b, d}})
}

// paint fills a path. The rasterizer covers only the path's own box: one of the whole
// page for every glyph would cost a hundred times as much.
func (c *canvas) paint(p *path, col color.Color) {
	lo, hi := point{math.Inf(1), math.Inf(1)}, point{math.Inf(-1), math.Inf(-1)}
	for i := range p.ops {
		o := &p.ops[i]
		for k := range o.count() {
			q := c.at(o.p[k])
			o.p[k] = q
			lo = point{min(lo.x, q.x), min(lo.y, q.y)}
			hi = point{max(hi.x, q.x), max(hi.y, q.y)}
		}
	}
	r := image.Rect(int(math.Floor(lo.x)), int(math.Floor(lo.y)), int(math.Ceil(hi.x))+1, int(math.Ceil(hi.y))+1)
	r = r.Intersect(c.img.Bounds()) // the rasterizer clips paths, but not what it draws on
	if len(p.ops) == 0 || r.Empty() {
		return
	}
	x, y := float32(r.Min.X), float32(r.Min.Y)
	c.ras.Reset(r.Dx(), r.Dy())
	for i, o := range p.ops {
		a, b, d := o.p[0], o.p[1], o.p[2]
		switch o.kind {
		case 'm':
			if i > 0 {
				c.ras.ClosePath()
			}
			c.ras.MoveTo(float32(a.x)-x, float32(a.y)-y)
		case 'l':
			c.ras.LineTo(float32(a.x)-x, float32(a.y)-y)
		case 'q':
			c.ras.QuadTo(float32(a.x)-x, float32(a.y)-y, float32(b.x)-x, float32(b.y)-y)
		case 'c':
			c.ras.CubeTo(float32(a.x)-x, float32(a.y)-y, float32(b.x)-x, float32(b.y)-y, float32(d.x)-x, float32(d.y)-y)
		}
	}
	c.ras.ClosePath()
	c.ras.Draw(c.img, r, image.NewUniform(col), image.Point{})
}

func (o *op) count() int {
	switch o.kind {
	case 'q':
		return 2
	case 'c':
		return 3
	default:
		return 1
	}
}

// rect fills an upright rectangle.
func (c *canvas) rect(x, y, w, h float64, col color.Color) {
	if c.xf == identity && whole(x, y, w, h) {
		r := image.Rect(int(x), int(y), int(x+w), int(y+h))
		draw.Draw(c.img, r, image.NewUniform(col), image.Point{}, draw.Over)
		return
	}
	c.poly(col, point{x, y}, point{x + w, y}, point{x + w, y + h}, point{x, y + h})
}

// poly fills a polygon.
func (c *canvas) poly(col color.Color, ps ...point) {
	var p path
	for i, q := range ps {
		if i == 0 {
			p.move(q.x, q.y)
		} else {
			p.line(q.x, q.y)
		}
	}
	c.paint(&p, col)
}

// kappa makes a quarter circle of a cubic curve.
const kappa = 0.5522847498

// round fills a rectangle with rounded corners.
func (c *canvas) round(x, y, w, h, r float64, col color.Color) {
	r = min(r, w/2, h/2)
	if k := math.Ceil(r); c.xf == identity && h-2*k > 40 && whole(x, y, w, h) {
		// The rasterizer costs by area: most of a large box needs none of it.
		c.half(x, y, w, k, r, true, col)
		c.rect(x, y+k, w, h-2*k, col)
		c.half(x, y+h-k, w, k, r, false, col)
		return
	}
	var p path
	p.round(x, y, w, h, r)
	c.paint(&p, col)
}

// half fills the upper or lower end, h high, of a box with rounded corners.
func (c *canvas) half(x, y, w, h, r float64, upper bool, col color.Color) {
	far, near, k := y+h, y, kappa*r
	if !upper {
		far, near, k = y, y+h, -kappa*r
		r = -r
	}
	a := math.Abs(r)
	var p path
	p.move(x, far)
	p.line(x, near+r)
	p.cube(point{x, near + r - k}, point{x + a - math.Abs(k), near}, point{x + a, near})
	p.line(x+w-a, near)
	p.cube(point{x + w - a + math.Abs(k), near}, point{x + w, near + r - k}, point{x + w, near + r})
	p.line(x+w, far)
	c.paint(&p, col)
}

func whole(vs ...float64) bool {
	for _, v := range vs {
		if v != math.Trunc(v) {
			return false
		}
	}
	return true
}

func (p *path) round(x, y, w, h, r float64) {
	r = min(r, w/2, h/2)
	k := r * (1 - kappa)
	p.move(x+r, y)
	p.line(x+w-r, y)
	p.cube(point{x + w - k, y}, point{x + w, y + k}, point{x + w, y + r})
	p.line(x+w, y+h-r)
	p.cube(point{x + w, y + h - k}, point{x + w - k, y + h}, point{x + w - r, y + h})
	p.line(x+r, y+h)
	p.cube(point{x + k, y + h}, point{x, y + h - k}, point{x, y + h - r})
	p.line(x, y+r)
	p.cube(point{x, y + k}, point{x + k, y}, point{x + r, y})
}

// disc fills a circle.
func (c *canvas) disc(x, y, r float64, col color.Color) { c.round(x-r, y-r, 2*r, 2*r, r, col) }

// dashes draws a broken horizontal line.
func (c *canvas) dashes(x, y, w, thick, on, off float64, col color.Color) {
	for at := x; at < x+w; at += on + off {
		c.rect(at, y, math.Floor(min(on, x+w-at)), thick, col)
	}
}

// lay draws a block with its top left em corner at (x, y); align 0 is left, 0.5 centred
// and 1 right within width w.
func (c *canvas) lay(b *block, x, y, w, align float64, col color.RGBA) {
	for i, l := range b.lines {
		left := x + (w-l.width*b.size)*align
		c.line(b, i, left, y+float64(i)*b.size*b.leading, col)
	}
}

// ascent is where a CJK baseline lies below the top of the em box.
const ascent = 0.88

// line draws line n of a block with its em box at (x, y).
func (c *canvas) line(b *block, n int, x, y float64, col color.RGBA) {
	l := b.lines[n]
	p := placed{
		Text: b.text(l), X: int(math.Round(x)), Y: int(math.Round(y)), W: int(math.Round(l.width * b.size)),
		Size: int(math.Round(b.size)), block: b, index: n,
	}
	if c.audit {
		p.contrast = c.contrastBelow(x, y, l.width*b.size, b.size, col)
	}
	c.placed = append(c.placed, p)
	for i, cl := range b.para.clusters[l.from:l.to] {
		if i == 0 && fullOpen(&cl) {
			x -= 0.5 * b.size
		}
		for _, g := range cl.glyphs {
			gx := x + g.shift*b.size
			if g.font == nil {
				c.emoji(g, gx, y, b.size)
			} else {
				c.outline(g, gx, y+ascent*b.size, b.size, col)
			}
		}
		x += cl.width * b.size
	}
}

// outline draws a glyph with its origin at (x, y).
func (c *canvas) outline(g glyph, x, y, size float64, col color.RGBA) {
	segs, err := g.font.LoadGlyph(&c.sh.buf, sfnt.GlyphIndex(g.id), fixed.Int26_6(size*64), nil)
	if err != nil {
		c.fail(err)
		return
	}
	p := path{ops: make([]op, len(segs))}
	for i, s := range segs {
		o := op{kind: "mlqc"[s.Op]}
		for k := range o.count() {
			o.p[k] = point{x + float64(s.Args[k].X)/64, y + float64(s.Args[k].Y)/64}
		}
		p.ops[i] = o
	}
	c.paint(&p, col)
}

// emoji draws a bitmap glyph in the em box at (x, y), its width to that of emojiEm.
func (c *canvas) emoji(g glyph, x, y, size float64) {
	src, err := c.picture(g.id)
	if err != nil {
		c.fail(err)
		return
	}
	b := src.Bounds()
	w := (emojiEm - 0.1) * size
	s := w / float64(b.Dx())
	top := y + size/2 - s*float64(b.Dy())/2
	m := mul(c.xf, f64.Aff3{s, 0, x + 0.05*size, 0, s, top})
	xdraw.CatmullRom.Transform(c.img, m, src, b, xdraw.Over, nil)
}

func (c *canvas) picture(id uint32) (image.Image, error) {
	if p, ok := c.pics[id]; ok {
		return p, nil
	}
	data, ok := c.sh.emoji.GlyphData(font.GID(id)).(font.GlyphBitmap)
	if !ok {
		return image.NewRGBA(image.Rect(0, 0, 1, 1)), nil
	}
	p, err := png.Decode(bytes.NewReader(data.Data))
	if err == nil {
		c.pics[id] = p
	}
	return p, err
}

func (c *canvas) fail(err error) {
	if c.err == nil {
		c.err = err
	}
}

// contrastBelow is the contrast (WCAG 2.2) between a text's colour and what lies where
// it will stand; the worst 2 % of the pixels are a line or a dot it crosses.
func (c *canvas) contrastBelow(x, y, w, h float64, col color.RGBA) float64 {
	var hist [256]int
	n := 0
	for py := y; py < y+h; py += 3 {
		for px := x; px < x+w; px += 3 {
			q := c.at(point{px, py})
			ip := image.Pt(int(q.x), int(q.y))
			if !ip.In(c.img.Bounds()) {
				continue
			}
			v := contrast(col, c.img.RGBAAt(ip.X, ip.Y))
			hist[min(int(v*10), 255)]++
			n++
		}
	}
	seen := 0
	for i, k := range hist {
		if seen += k; k > 0 && seen*50 > n {
			return float64(i) / 10
		}
	}
	return 21
}

// contrast is the ratio of WCAG 2.2, 1 to 21.
func contrast(a, b color.RGBA) float64 {
	l, m := luminance(a), luminance(b)
	return (max(l, m) + 0.05) / (min(l, m) + 0.05)
}

func luminance(c color.RGBA) float64 {
	return 0.2126*linear[c.R] + 0.7152*linear[c.G] + 0.0722*linear[c.B]
}

// linear is the light of each value of sRGB.
var linear = func() (t [256]float64) {
	for v := range t {
		x := float64(v) / 255
		if x <= 0.04045 {
			t[v] = x / 12.92
		} else {
			t[v] = math.Pow((x+0.055)/1.055, 2.4)
		}
	}
	return t
}()
