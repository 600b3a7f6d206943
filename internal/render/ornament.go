package render

import (
	"image/color"
	"math"

	"loam/internal/fonts"
)

// Ornaments that several looks share. None of them carries text that claims anything.

// stack is a cover's title with its second line below, measured but not drawn.
type stack struct {
	title, sub *block
	y, subY    float64
}

// stack measures title and second line for a room and places them around its middle.
func (s *sheet) stack(r room, largest, gap float64) stack {
	st := stack{sub: s.set(s.page.Sub, s.body, subBox(r.w))}
	gap = gapIf(st.sub, gap)
	st.title = s.heading(r.w, r.h-st.sub.height()-gap, largest)
	st.y = centre(r.y, r.y+r.h, st.title.height()+gap+st.sub.height())
	st.subY = st.y + st.title.height() + gap
	return st
}

// layStack draws a measured stack.
func (s *sheet) layStack(st stack, x, w, align float64, ink, soft color.RGBA) {
	s.lay(st.title, x, st.y, w, align, ink)
	s.lay(st.sub, x, st.subY, w, align, soft)
}

// heading measures the cover's title. A title of one to four characters is a picture
// more than a line, so it may be larger than the others.
func (s *sheet) heading(w, h, largest float64) *block {
	p := s.paragraph(s.page.Title, s.title)
	switch n := p.sums[len(p.clusters)]; {
	case n <= 1.3:
		largest *= 2.3
	case n <= 2.6:
		largest *= 1.7
	case n <= 4.2:
		largest *= 1.3
	}
	return s.fitted(p, s.title, titleBox(w, h, largest))
}

// ellipse fills an ellipse.
func (c *canvas) ellipse(x, y, rx, ry float64, col color.Color) {
	var p path
	kx, ky := rx*kappa, ry*kappa
	p.move(x+rx, y)
	p.cube(point{x + rx, y + ky}, point{x + kx, y + ry}, point{x, y + ry})
	p.cube(point{x - kx, y + ry}, point{x - rx, y + ky}, point{x - rx, y})
	p.cube(point{x - rx, y - ky}, point{x - kx, y - ry}, point{x, y - ry})
	p.cube(point{x + kx, y - ry}, point{x + rx, y - ky}, point{x + rx, y})
	c.paint(&p, col)
}

// ring strokes a circle inwards.
func (c *canvas) ring(x, y, r, thick float64, line, inner color.Color) {
	c.disc(x, y, r, line)
	c.disc(x, y, r-thick, inner)
}

// quarter fills a quarter of a disc about (x, y), towards the signs of dx and dy.
func (c *canvas) quarter(x, y, dx, dy float64, col color.Color) {
	var p path
	p.move(x, y)
	p.line(x+dx, y)
	p.cube(point{x + dx, y + dy*kappa}, point{x + dx*kappa, y + dy}, point{x, y + dy})
	c.paint(&p, col)
}

// arch fills the half disc that stands on (x-r … x+r, y).
func (c *canvas) arch(x, y, r float64, col color.Color) {
	var p path
	k := r * kappa
	p.move(x-r, y)
	p.cube(point{x - r, y - k}, point{x - k, y - r}, point{x, y - r})
	p.cube(point{x + k, y - r}, point{x + r, y - k}, point{x + r, y})
	c.paint(&p, col)
}

// hill fills what lies under a smooth curve through points at even distances across
// the width, down to bottom.
func (c *canvas) hill(x, w, bottom float64, col color.Color, heights ...float64) {
	var p path
	step := w / float64(len(heights)-1)
	p.move(x, bottom)
	p.line(x, heights[0])
	for i := 1; i < len(heights); i++ {
		a, b := x+step*float64(i-1), x+step*float64(i)
		p.cube(point{a + step/2, heights[i-1]}, point{b - step/2, heights[i]}, point{b, heights[i]})
	}
	p.line(x+w, bottom)
	c.paint(&p, col)
}

// teeth fills a row of triangles on the line y, pointing by depth (up if negative).
func (c *canvas) teeth(x, y, w, depth float64, n int, col color.Color) {
	var p path
	step := w / float64(n)
	p.move(x, y)
	for i := range n {
		p.line(x+(float64(i)+0.5)*step, y+depth)
		p.line(x+float64(i+1)*step, y)
	}
	c.paint(&p, col)
}

// wave draws a hand's wavy line.
func (c *canvas) wave(x, y, w, height, thick float64, col color.Color) {
	var p path
	n := max(math.Round(w/44), 1)
	step := w / n
	side := func(at, from, to float64) {
		d := (to - from) / 3
		p.cube(point{from + d, at - height}, point{to - d, at + height}, point{to, at})
	}
	p.move(x, y)
	for i := range int(n) {
		side(y, x+float64(i)*step, x+float64(i+1)*step)
	}
	p.line(x+w, y+thick)
	for i := int(n); i > 0; i-- {
		d := step / 3
		to := x + float64(i-1)*step
		p.cube(point{to + step - d, y + thick + height}, point{to + d, y + thick - height}, point{to, y + thick})
	}
	c.paint(&p, col)
}

// torn is the lower edge of a torn sheet: from right to left, each step its own depth.
func (p *path) torn(right, left, y, depth float64, n int) {
	step := (right - left) / float64(n)
	for i := range n {
		p.line(right-step*(float64(i)+0.5), y-depth*noise(2*i))
		p.line(right-step*float64(i+1), y-depth*noise(2*i+1))
	}
}

// noise gives a fixed irregular number of [0,1) for each i: the same paper every time.
func noise(i int) float64 {
	_, f := math.Modf(math.Abs(math.Sin(float64(i)*12.9898+4.1)) * 43758.5453)
	return f
}

// tape is a strip of translucent tape about a point, with cut ends.
func (c *canvas) tape(x, y, w, h, degrees float64, col color.RGBA) {
	thin := color.NRGBA{col.R, col.G, col.B, 0xc8}
	c.turned(degrees, x, y, func() {
		var p path
		l, r, t := x-w/2, x+w/2, y-h/2
		p.move(l, t)
		p.line(r, t)
		for i := range 4 {
			p.line(r-8*float64((i+1)%2), t+h*float64(i+1)/4)
		}
		p.line(l, t+h)
		for i := range 4 {
			p.line(l+8*float64((i+1)%2), t+h*float64(3-i)/4)
		}
		c.paint(&p, thin)
	})
}

// bars draws a barcode of no meaning.
func (c *canvas) bars(x, y, w, h float64, col color.Color) {
	for i, at := 0, 0.0; at < w; i++ {
		thick := []float64{4, 8, 4, 12, 4, 6}[int(noise(i)*6)]
		c.rect(x+at, y, min(thick, w-at), h, col)
		at += thick + []float64{4, 6, 10, 4}[int(noise(i+99)*4)]
	}
}

// star is a four-pointed glint.
func (c *canvas) star(x, y, r float64, col color.Color) {
	k := r * 0.16
	c.poly(col, point{x, y - r}, point{x + k, y - k}, point{x + r, y}, point{x + k, y + k},
		point{x, y + r}, point{x - k, y + k}, point{x - r, y}, point{x - k, y - k})
}

// grid draws fine lines every pitch pixels inside a rectangle.
func (c *canvas) grid(x, y, w, h, pitch float64, col color.Color) {
	for at := x; at < x+w; at += pitch {
		c.rect(at, y, 2, h, col)
	}
	for at := y; at < y+h; at += pitch {
		c.rect(x, at, w, 2, col)
	}
}

// print draws a short line of a look's own at a fixed size.
func (s *sheet) print(text string, f fonts.Name, size, x, y, w, align float64, col color.RGBA) {
	s.text(text, f, box{w: w, h: size * 1.2, max: size, min: size, leading: 1, lines: 1}, x, y, align, col)
}
