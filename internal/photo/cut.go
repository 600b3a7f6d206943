package photo

import "image"

// The styles made with a knife: woodcut, paper cut, torn paper, stained glass.

// woodcut cuts lines that follow the forms, thicker where it is darker, into a block.
func woodcut(p picture) *image.RGBA {
	w, h := p.size()
	light := p.light().stretch(0.02, 0.97)
	small := light.half()
	local := small.blur(p.px(60) / 2)
	lines := flowOf(small.blur(p.px(2)), p.px(9)/2, 28, 12)
	// Noise as wide as a line, drawn out along the forms, is what the knife leaves.
	cuts := lines.along(speckle(small.w, small.h, 31).box(max(p.px(2.6)/2, 1)), p.px(44)/2)
	cuts.even()
	tone := newField(small.w, small.h)
	for i, v := range small.v {
		v += 0.5 * (v - local.v[i]) // what lies beside light is darker to the eye
		tone.v[i] = clamp(1.28*(v-0.5)+0.53, 1)
	}
	tone = tone.blur(p.px(2) / 2)
	ridge := small.edges(p.px(2.4) / 2)
	for i := range tone.v {
		tone.v[i] -= 0.75 * step(0.03, 0.12, ridge.v[i])
	}
	out := p.blank()
	ink, paper := hex(0x231d1a), hex(0xf2e7d2)
	a, b := tone.rows(w, h), cuts.rows(w, h)
	for y := range h {
		t, c := a(y), b(y)
		for x := range w {
			v := t[x]
			var white float32
			switch {
			case v > 0.9:
				white = 1
			case v < 0.1:
				white = 0
			default:
				white = step(-0.07, 0.07, v-(0.06+0.88*c[x]))
			}
			// The block prints a little unevenly.
			wear := 0.94 + 0.06*grain(x/2, y/2, 32)
			if white < 0.5 && grain(x, y, 33) > 0.985 {
				white = max(white, 0.35)
			}
			paper.mix(ink, (1-white)*wear).put(out.Pix[4*(y*w+x):])
		}
	}
	return out
}

// edges is how much darker a place is than what lies around it: a difference of two bells.
func (f field) edges(r int) field {
	r = max(r, 1)
	fine, broad := f.box(r), f.blur(2*r)
	for i, v := range fine.v {
		broad.v[i] = max(broad.v[i]-v, 0)
	}
	return broad
}

// pen draws contours with ink and hatches what is dark.
func pen(p picture) *image.RGBA {
	w, h := p.size()
	light := p.light().stretch(0.01, 0.99)
	small := light.half()
	lines := flowOf(small.blur(max(p.px(2)/2, 1)), max(p.px(7)/2, 1), 40, 0)
	fine, broad := small.blur(max(p.px(2.2)/2, 1)), small.blur(max(p.px(6)/2, 2))
	dog := newField(small.w, small.h)
	for i := range dog.v {
		dog.v[i] = max(fine.v[i], broad.v[i]) - fine.v[i]
	}
	dog = lines.along(dog, p.px(12)/2)
	tone := small.blur(max(p.px(5)/2, 1))
	wobble := clouds(w, h, p.px(70), 41)
	out := p.blank()
	ink, paper := hex(0x2a2b33), hex(0xfaf8f3)
	a, b := dog.rows(w, h), tone.rows(w, h)
	u := 1 / p.unit
	for y := range h {
		d, t := a(y), b(y)
		for x := range w {
			dark := step(0.012, 0.034, d[x])
			// Hatching in two directions, the pen pressed harder where it is darker.
			wob := 9 * wobble.v[y*w+x]
			v := t[x]
			press := 0.72 + 0.28*grain(x/6, y/6, 42)
			if v < 0.46 {
				dark = max(dark, hatch((float32(x)+float32(y))*0.707*u+wob, 11, clamp((0.46-v)*1.1+0.09, 0.42))*press)
			}
			if v < 0.27 {
				dark = max(dark, hatch((float32(x)-float32(y))*0.707*u+wob, 11, clamp((0.27-v)*1.1+0.09, 0.42))*press)
			}
			if v < 0.12 {
				dark = max(dark, hatch(float32(y)*u+wob, 9, clamp((0.12-v)*2+0.12, 0.5))*press)
			}
			paper.scale(1-0.018*grain(x, y, 43)).mix(ink, dark*0.94).put(out.Pix[4*(y*w+x):])
		}
	}
	return out
}

// hatch is a pen's stroke every gap units, covering a share of it.
func hatch(at, gap, share float32) float32 {
	t := at / gap
	t = abs(t - floor(t) - 0.5) // 0 in the middle of a stroke
	return 1 - step(share/2-0.03, share/2+0.06, t)
}

// papercut stacks sheets of coloured paper, the lighter on the darker, each with its shadow.
func papercut(p picture) *image.RGBA {
	w, h := p.size()
	smooth := picture{p.oilSmooth(p.px(7)), p.unit}
	const n = 10
	sheets := palette(smooth.RGBA, n)
	of := majority(labels(smooth.RGBA, sheets), w, h, n, p.px(11))
	for i := range sheets {
		c := sheets[i].vivid(1.3)
		sheets[i] = c.mix(hex(0xfff6e6), 0.06)
	}
	return layered(p, of, sheets, nil)
}

// torn lays scraps of the picture over each other, their torn edges white.
func torn(p picture) *image.RGBA {
	w, h := p.size()
	smooth := picture{p.oilSmooth(p.px(6)), p.unit}
	const n = 5
	sheets := palette(smooth.RGBA, n)
	of := majority(labels(smooth.RGBA, sheets), w, h, n, p.px(22))
	// A torn edge wanders: each place looks up its scrap a little aside.
	mx, my := clouds(w, h, p.px(26), 51), clouds(w, h, p.px(26), 52)
	fx, fy := clouds(w, h, p.px(5), 53), clouds(w, h, p.px(5), 54)
	wander := func(a, b float32) int { return int((a-0.5)*26*p.unit + (b-0.5)*9*p.unit) }
	moved := make([]uint8, len(of))
	for y := range h {
		for x := range w {
			i := y*w + x
			sx, sy := max(0, min(w-1, x+wander(mx.v[i], fx.v[i]))), max(0, min(h-1, y+wander(my.v[i], fy.v[i])))
			moved[i] = of[sy*w+sx]
		}
	}
	for i := range sheets {
		sheets[i] = sheets[i].vivid(1.15)
	}
	return layered(p, moved, sheets, smooth.RGBA)
}

// layered paints sheets lying over each other, the higher label on top. With a photo the
// sheets are scraps of it whose edges show the white of the paper.
func layered(p picture, of []uint8, sheets []rgb, photo *image.RGBA) *image.RGBA {
	w, h := p.size()
	height := newField(w, h)
	for i, k := range of {
		height.v[i] = float32(k)
	}
	shade := height.half().blur(p.px(9) / 2)
	dx, dy := p.px(6), p.px(9)
	row := shade.rows(w, h)
	shadow := newField(w, h)
	for y := range h {
		copy(shadow.v[y*w:], row(y))
	}
	fibre := clouds(w, h, p.px(2.5), 61)
	rim, rimX := p.px(2), p.px(2)
	edge := clouds(w, h, p.px(8), 62)
	out := p.blank()
	for y := range h {
		for x := range w {
			i := y*w + x
			k := of[i]
			c := sheets[k]
			if photo != nil {
				c = at(photo.Pix[4*i:]).mix(c, 0.45)
			}
			// The sheet nearest above and left casts its shadow down here.
			up := shadow.v[max(0, y-dy)*w+max(0, x-dx)] - float32(k)
			dark := clamp(up*0.42, 0.42)
			c = c.scale(1 + 0.07*(fibre.v[i]-0.5))
			if photo != nil {
				r := int((5 + 11*edge.v[i]) * p.unit)
				if of[min(h-1, y+r)*w+min(w-1, x+r/2)] < k || of[min(h-1, y+r/2)*w+max(0, x-r)] < k {
					c = hex(0xf8f4ea).scale(0.95 + 0.07*fibre.v[i])
				}
			} else if of[max(0, y-rim)*w+max(0, x-rimX)] < k {
				c = c.mix(hex(0xffffff), 0.28) // light on the cut edge
			}
			c.scale(1 - dark).put(out.Pix[4*i:])
		}
	}
	return out
}

// glass sets panes of one colour in lead. The panes are cells that gather round like colours.
func glass(p picture) *image.RGBA {
	w, h := p.size()
	smooth := p.oilSmooth(p.px(6))
	gap := max(42*p.unit, 3)
	cols, rows := max(int(float32(w)/gap), 1), max(int(float32(h)/gap), 1)
	seeds := make([]seed, cols*rows)
	for r := range rows {
		for c := range cols {
			x := (float32(c) + 0.5 + 0.7*(grain(c, r, 71)-0.5)) * float32(w) / float32(cols)
			y := (float32(r) + 0.5 + 0.7*(grain(c, r, 72)-0.5)) * float32(h) / float32(rows)
			i := min(int(y), h-1)*w + min(int(x), w-1)
			seeds[r*cols+c] = seed{x, y, at(smooth.Pix[4*i:])}
		}
	}
	for range 3 { // on every third pixel: only the seeds move
		gather(smooth, seeds, cols, rows, 3, nil)
	}
	of := make([]int32, w*h)
	gather(smooth, seeds, cols, rows, 1, of)
	join(seeds, cols, of)
	lead := newField(w, h)
	for y := range h {
		for x := range w {
			i := y*w + x
			if of[i] != of[y*w+min(x+1, w-1)] || of[i] != of[min(y+1, h-1)*w+x] {
				lead.v[i] = 1
			}
		}
	}
	near := lead.box(p.px(2)).box(p.px(1.6))
	glow := near.half().blur(p.px(9) / 2)
	ripple := clouds(w, h, p.px(24), 73)
	out := p.blank()
	came := hex(0x1b1a1d)
	inner := glow.rows(w, h)
	for y := range h {
		g := inner(y)
		for x := range w {
			i := y*w + x
			c := seeds[of[i]].colour.vivid(1.55)
			c = c.mix(hex(0xfff7df), 0.08).scale(1.12 - 0.9*min(g[x], 0.35) + 0.16*(ripple.v[i]-0.5))
			// Each pane was cast by itself.
			c = c.scale(0.95 + 0.1*grain(int(of[i]), 0, 74))
			l := step(0.05, 0.12, near.v[i])
			// The lead is round: light runs along its upper side.
			up := near.v[max(0, y-p.px(2))*w+max(0, x-p.px(2))]
			metal := came.scale(1 + 2.2*clamp((near.v[i]-up)*4, 0.5))
			c.mix(metal, l).put(out.Pix[4*i:])
		}
	}
	return out
}

// join makes larger panes of neighbours of one colour, as a glazier would.
func join(seeds []seed, cols int, of []int32) {
	const most, alike = 2, 500
	group, size := make([]int32, len(seeds)), make([]int, len(seeds))
	for i := range group {
		group[i], size[i] = int32(i), 1
	}
	root := func(i int) int {
		for int(group[i]) != i {
			i = int(group[i])
		}
		return i
	}
	for i := range seeds {
		next := []int{i + 1, i + cols}
		if grain(i, 0, 75) < 0.5 {
			next[0], next[1] = next[1], next[0]
		}
		for _, k := range next {
			if k >= len(seeds) || k == i+1 && k%cols == 0 {
				continue
			}
			a, b := root(i), root(k)
			if a == b || size[a]+size[b] > most || apart(seeds[a].colour, seeds[b].colour) > alike || grain(i, k, 76) < 0.6 {
				continue
			}
			group[b], size[a] = int32(a), size[a]+size[b]
		}
	}
	for i, k := range of {
		of[i] = int32(root(int(k)))
	}
}

// seed is the middle of a pane and its colour.
type seed struct {
	x, y   float32
	colour rgb
}

// gather gives each pixel to the seed that is near in place and colour, among those of the
// nine cells around it, and moves the seeds to the middle of what they got. Panes go into
// of, if it is there.
func gather(img *image.RGBA, seeds []seed, cols, rows, every int, of []int32) {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	sums := make([]seed, len(seeds))
	counts := make([]float32, len(seeds))
	cw, ch := float32(w)/float32(cols), float32(h)/float32(rows)
	const colour = 0.06 // how much colour weighs against place
	place := 1000 / (cw * ch)
	for y := 0; y < h; y += every {
		r0 := min(int(float32(y)/ch), rows-1)
		for x := 0; x < w; x += every {
			c0 := min(int(float32(x)/cw), cols-1)
			q := at(img.Pix[4*(y*w+x):])
			best, least := 0, float32(1e12)
			for r := max(r0-1, 0); r <= min(r0+1, rows-1); r++ {
				for c := max(c0-1, 0); c <= min(c0+1, cols-1); c++ {
					s := &seeds[r*cols+c]
					dx, dy := s.x-float32(x), s.y-float32(y)
					d := (dx*dx+dy*dy)*place + colour*apart(s.colour, q)
					if d < least {
						best, least = r*cols+c, d
					}
				}
			}
			if of != nil {
				of[y*w+x] = int32(best)
			}
			s := &sums[best]
			s.x, s.y = s.x+float32(x), s.y+float32(y)
			s.colour = rgb{s.colour[0] + q[0], s.colour[1] + q[1], s.colour[2] + q[2]}
			counts[best]++
		}
	}
	for i := range seeds {
		if k := counts[i]; k > 0 {
			seeds[i] = seed{sums[i].x / k, sums[i].y / k, sums[i].colour.scale(1 / k)}
		}
	}
}
