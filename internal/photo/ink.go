package photo

import (
	"image"
	"math"
)

// The styles of few inks: riso, halftone, cyanotype.

// riso prints two inks, each in dots and grain, the second a little out of register.
func riso(p picture) *image.RGBA {
	w, h := p.size()
	paper := hex(0xf6f1e4)
	a, b := inks(p, paper)
	table := separations(paper, a, b)
	one, two := newField(w, h), newField(w, h)
	for i := range one.v {
		q := p.Pix[4*i : 4*i+3 : 4*i+3]
		s := table[int(q[0]>>3)<<10|int(q[1]>>3)<<5|int(q[2]>>3)]
		one.v[i], two.v[i] = float32(s[0])/255, float32(s[1])/255
	}
	one, two = one.box(p.px(1.5)), two.box(p.px(1.5))
	uneven := clouds(w, h, p.px(150), 11)
	out := p.blank()
	screenA, screenB := newScreen(7.5*p.unit, 45), newScreen(7.5*p.unit, 75)
	shiftX, shiftY := p.px(5), p.px(3)
	for y := range h {
		by := max(0, min(h-1, y-shiftY))
		for x := range w {
			i := y*w + x
			k := by*w + max(0, min(w-1, x-shiftX))
			density := 0.9 + 0.12*uneven.v[i]
			ca := screenA.ink(x, y, one.v[i], 0.42*(grain(x, y, 1)-0.5)) * density
			cb := screenB.ink(x, y, two.v[k], 0.42*(grain(x, y, 2)-0.5)) * density
			if grain(x, y, 3) > 0.993 { // where the drum left no ink
				ca *= 0.3
			}
			fibre := 1 - 0.035*grain(x/2, y, 4)
			c := overprint(overprint(paper, a, ca), b, cb)
			c.scale(fibre).put(out.Pix[4*i:])
		}
	}
	return out
}

// overprint lays a share of a see-through ink on what is there.
func overprint(on, ink rgb, share float32) rgb {
	for k := range on {
		on[k] *= 1 - share*(1-ink[k]/255)
	}
	return on
}

// inks chooses the pair of two inks that comes nearest to a picture.
func inks(p picture, paper rgb) (a, b rgb) {
	pairs := [][2]rgb{
		{hex(0xf15060), hex(0x2a5aa8)}, // red, blue
		{hex(0xff8a3d), hex(0x1f5c74)}, // orange, petrol
		{hex(0xf2b632), hex(0x3d4f9f)}, // sunflower, indigo
		{hex(0xff6fa3), hex(0x0f7a66)}, // pink, green
	}
	w, h := p.size()
	gap := max(w/40, 1)
	least := float32(math.MaxFloat32)
	for _, pair := range pairs {
		sum := float32(0)
		for y := gap / 2; y < h; y += gap {
			for x := gap / 2; x < w; x += gap {
				c := at(p.Pix[4*(y*w+x):])
				best := float32(math.MaxFloat32)
				for i := range 5 {
					for k := range 5 {
						best = min(best, apart(c, overprint(overprint(paper, pair[0], float32(i)/4), pair[1], float32(k)/4)))
					}
				}
				sum += best
			}
		}
		if sum < least {
			least, a, b = sum, pair[0], pair[1]
		}
	}
	return a, b
}

// separations is how much of two inks each colour, of five bits a channel, is made of.
func separations(paper, a, b rgb) [][2]uint8 {
	const n = 17
	var mixed [n * n]rgb
	for i := range n {
		for k := range n {
			mixed[i*n+k] = overprint(overprint(paper, a, float32(i)/(n-1)), b, float32(k)/(n-1))
		}
	}
	out := make([][2]uint8, 1<<15)
	for j := range out {
		// Two inks cannot be as dark as black nor as bright as white paper: the range is drawn in.
		c := rgb{float32(j>>10)*8 + 4, float32(j>>5&31)*8 + 4, float32(j&31)*8 + 4}.vivid(1.25)
		best, least := 0, float32(math.MaxFloat32)
		for m, q := range mixed {
			if d := apart(c, q); d < least {
				best, least = m, d
			}
		}
		out[j] = [2]uint8{uint8(best / n * 255 / (n - 1)), uint8(best % n * 255 / (n - 1))}
	}
	return out
}

// screen is a printer's grid of dots.
type screen struct{ cos, sin, soft float32 }

func newScreen(cell float32, degrees float64) screen {
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	k := 1 / max(cell, 2)
	return screen{float32(cos) * k, float32(sin) * k, 1.1 * k}
}

// ink is how much ink a share of cover leaves at a pixel; off moves the threshold.
func (s screen) ink(x, y int, cover, off float32) float32 {
	u := float32(x)*s.cos + float32(y)*s.sin
	v := float32(y)*s.cos - float32(x)*s.sin
	u, v = u-floor(u)-0.5, v-floor(v)-0.5
	// A tent over each cell: its level sets are dots below half cover and holes above.
	t := 1 - abs(u) - abs(v)
	if off != 0 {
		t += off
	}
	edge := 1 - cover
	return step(edge-s.soft, edge+s.soft, t)
}

func floor(v float32) float32 {
	t := float32(int32(v))
	if t > v {
		t--
	}
	return t
}

func abs(v float32) float32 { return max(v, -v) }

// halftone prints four inks in dots at the angles of offset printing.
func halftone(p picture) *image.RGBA {
	w, h := p.size()
	paper := hex(0xfbf8f0)
	inks := [4]rgb{hex(0x13a4dc), hex(0xe6318b), hex(0xffe01f), hex(0x25211f)}
	covers := [4]field{}
	for k := range covers {
		covers[k] = newField(w, h)
	}
	for i := range w * h {
		c := at(p.Pix[4*i:]).vivid(1.2)
		cy, m, y := 1-clamp(c[0]/255, 1), 1-clamp(c[1]/255, 1), 1-clamp(c[2]/255, 1)
		k := min(cy, m, y)
		black := k * k * 0.9
		covers[0].v[i], covers[1].v[i], covers[2].v[i], covers[3].v[i] = cy-black*0.8, m-black*0.8, y-black*0.8, black
	}
	cell := 11 * p.unit
	screens := [4]screen{newScreen(cell, 15), newScreen(cell, 75), newScreen(cell, 0), newScreen(cell, 45)}
	for k := range covers {
		covers[k] = covers[k].box(p.px(cell / p.unit / 3))
	}
	out := p.blank()
	for y := range h {
		for x := range w {
			i := y*w + x
			c := paper
			for k := range inks {
				if v := covers[k].v[i]; v > 0.02 {
					c = overprint(c, inks[k], screens[k].ink(x, y, v, 0))
				}
			}
			c.put(out.Pix[4*i:])
		}
	}
	return out
}

// cyano is a sun print: Prussian blue where light fell, on paper that was brushed by hand.
func cyano(p picture) *image.RGBA {
	w, h := p.size()
	light := p.light().stretch(0.01, 0.99)
	glow := light.blur(p.px(14))
	coat := brushed(p)
	deep, blue, pale, paper := hex(0x0a2140), hex(0x1e5a92), hex(0xbcd8e4), hex(0xf3f0e6)
	fleck := clouds(w, h, p.px(3), 5)
	out := p.blank()
	for i, v := range light.v {
		v = clamp(v+0.35*(v-glow.v[i]), 1) // a print has bite
		v += 0.07 * (fleck.v[i] - 0.5)
		var c rgb
		switch {
		case v < 0.4:
			c = deep.mix(blue, v/0.4)
		case v < 0.8:
			c = blue.mix(pale, (v-0.4)/0.4)
		default:
			c = pale.mix(paper, min((v-0.8)/0.2, 1))
		}
		c = paper.mix(c, coat.v[i])
		x, y := i%w, i/w
		c.scale(1 - 0.03*grain(x, y/2, 6)).put(out.Pix[4*i:])
	}
	return out
}

// brushed is where a broad brush coated the paper: 0 at the edges, 1 within, in strokes.
func brushed(p picture) field {
	w, h := p.size()
	out := newField(w, h)
	left, right := clouds(1, h, p.px(5), 21), clouds(1, h, p.px(5), 22)
	slow := clouds(w, h, p.px(220), 23)
	top, bottom := clouds(w, 1, p.px(40), 24), clouds(w, 1, p.px(40), 25)
	u := p.unit
	for y := range h {
		streak := 0.94 + 0.06*grain(0, y/p.px(3), 26)
		for x := range w {
			i := y*w + x
			wave := 26 * u * slow.v[i]
			l := float32(x) - (30*u + 20*u*left.v[y] + wave)
			r := float32(w-x) - (30*u + 20*u*right.v[y] + wave)
			t := float32(y) - (28*u + 16*u*top.v[x] + wave)
			b := float32(h-y) - (28*u + 16*u*bottom.v[x] + wave)
			d := min(l, r, t, b)
			// The brush leaves a little more of the coat at the very edge.
			rim := 0.06 * (1 - step(0, 20*u, abs(d-14*u)))
			out.v[i] = min(step(-3*u, 5*u, d+6*u*(grain(x/2, y/2, 27)-0.5))*streak+rim, 1)
		}
	}
	return out
}
