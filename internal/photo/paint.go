package photo

import "image"

// The painted styles: oil and pixels.

// oil paints strokes along the forms; their ridges catch the light.
func oil(p picture) *image.RGBA {
	w, h := p.size()
	smooth := picture{p.oilSmooth(p.px(7)), p.unit}
	again := picture{smooth.oilSmooth(p.px(4)), p.unit}
	small := again.light().half()
	lines := flowOf(small, max(p.px(10)/2, 1), 35, 80)
	bristle := lines.along(speckle(small.w, small.h, 81).box(max(p.px(4)/2, 1)), p.px(36)/2)
	bristle.even()
	bristle = bristle.box(1)
	dabs := clouds(small.w, small.h, max(p.px(60)/2, 1), 82)
	ridge := bristle.rows(w, h)
	next := bristle.rows(w, h)
	hue := dabs.rows(w, h)
	out := p.blank()
	for y := range h {
		a := ridge(y)
		b := next(max(y-p.px(2), 0))
		d := hue(y)
		for x := range w {
			i := y*w + x
			// Light comes from above left: a slope towards it is bright.
			slope := a[x] - b[max(x-p.px(2), 0)]
			c := at(again.Pix[4*i:]).vivid(1.22 + 0.2*(d[x]-0.5))
			c = c.scale(1 + 0.1*(a[x]-0.5))
			k := slope * 38
			rgb{c[0] + k, c[1] + k, c[2] + k*0.92}.put(out.Pix[4*i:])
		}
	}
	return out
}

// pixels are 72 across, of few colours, two of which mix in a checked pattern.
func pixels(p picture) *image.RGBA {
	w, h := p.size()
	const across = 72
	cols := min(across, w)
	rows := max(cols*h/w, 1)
	small := image.NewRGBA(image.Rect(0, 0, cols, rows))
	for r := range rows {
		for c := range cols {
			x0, x1, y0, y1 := c*w/cols, (c+1)*w/cols, r*h/rows, (r+1)*h/rows
			var sum rgb
			n := float32(0)
			for y := y0; y < max(y1, y0+1); y++ {
				for x := x0; x < max(x1, x0+1); x++ {
					q := p.Pix[4*(y*w+x):]
					sum = rgb{sum[0] + float32(q[0]), sum[1] + float32(q[1]), sum[2] + float32(q[2])}
					n++
				}
			}
			sum.scale(1 / n).vivid(1.25).put(small.Pix[4*(r*cols+c):])
			small.Pix[4*(r*cols+c)+3] = 255
		}
	}
	colours := palette(small, 22)
	bayer := [4][4]float32{{0, 8, 2, 10}, {12, 4, 14, 6}, {3, 11, 1, 9}, {15, 7, 13, 5}}
	out := p.blank()
	for r := range rows {
		for c := range cols {
			q := at(small.Pix[4*(r*cols+c):])
			off := (bayer[r%4][c%4]/15 - 0.5) * 13
			k := colours[nearest(colours, rgb{q[0] + off, q[1] + off, q[2] + off})]
			x0, x1, y0, y1 := c*w/cols, (c+1)*w/cols, r*h/rows, (r+1)*h/rows
			for y := y0; y < y1; y++ {
				for x := x0; x < x1; x++ {
					v := k
					if y == y0 || x == x0 { // a seam, as between tiles
						v = k.scale(0.94)
					}
					v.put(out.Pix[4*(y*w+x):])
				}
			}
		}
	}
	return out
}
