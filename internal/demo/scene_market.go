package demo

import (
	"image/color"
	"math"
)

// The scenes of buying and finding: markets, an orchard, maps drawn by hand.

// market is a place to buy: 1 vegetables at dawn, 2 flowers, 3 an orange grove.
func market(b *brush, variant int) {
	switch variant {
	case 2:
		flowerMarket(b)
	case 3:
		grove(b)
	default:
		stalls(b)
	}
}

func stalls(b *brush) {
	b.fade(rgb(0xf2c9a0), rgb(0xf7e7c9), 0, b.h*0.6)
	b.glow(rgb(0xfff1cf), b.w*0.16, b.h*0.34, 420, 0.8)
	for i := range 7 {
		b.rect(b.one(rgb(0xd7b79a), rgb(0xcba98b), rgb(0xe0c4a6)), float64(i)*b.w/7, b.h*b.between(0.14, 0.26), b.w/7+4, b.h*0.5)
	}
	b.fade(rgb(0xb89f83), rgb(0x94806a), b.h*0.62, b.h*0.38)
	awnings := []color.NRGBA{rgb(0x2f6f63), rgb(0xc9563d), rgb(0xd9a53c)}
	for i := range 3 {
		x, w := b.w*(0.02+0.33*float64(i)), b.w*0.3
		c := awnings[i]
		b.rect(rgb(0x4a382b), x+10, b.h*0.3, 12, b.h*0.42)
		b.rect(rgb(0x4a382b), x+w-22, b.h*0.3, 12, b.h*0.42)
		b.poly(c, pt{x + 20, b.h * 0.24}, pt{x + w - 20, b.h * 0.24}, pt{x + w + 10, b.h * 0.36}, pt{x - 10, b.h * 0.36})
		for k := range 6 {
			if k%2 == 0 {
				sx, sw := x-10+float64(k)*(w+20)/6, (w+20)/6
				b.poly(mix(c, white, 0.75), pt{x + 20 + float64(k)*(w-40)/6, b.h * 0.24}, pt{x + 20 + float64(k+1)*(w-40)/6, b.h * 0.24}, pt{sx + sw, b.h * 0.36}, pt{sx, b.h * 0.36})
				b.dome(mix(c, white, 0.75), sx+sw/2, b.h*0.36, sw/2, -24)
			} else {
				sx, sw := x-10+float64(k)*(w+20)/6, (w+20)/6
				b.dome(c, sx+sw/2, b.h*0.36, sw/2, -24)
			}
		}
		b.rect(rgb(0xfff0cf), x+w/2-3, b.h*0.36, 6, 40)
		b.disc(rgb(0xfff3d0), x+w/2, b.h*0.36+52, 18)
		b.glow(rgb(0xffe3a0), x+w/2, b.h*0.36+52, 190, 0.7)
		if i != 1 {
			person(b, x+w*0.4, b.h*0.66, 1.15, b.one(rgb(0x44596b), rgb(0x7a4b45), rgb(0x5b6b4a)))
		}
		b.rect(rgb(0x8a6444), x, b.h*0.64, w, 34)
		b.rect(rgb(0x6d4e35), x+6, b.h*0.64+34, w-12, b.h*0.12)
		greens(b, x, b.h*0.64, w, i)
	}
	steamPot(b, b.w*0.52, b.h*0.62)
	for i := range 3 {
		x, y := b.w*(0.08+0.3*float64(i)), b.h*0.86
		b.rect(rgb(0x9a7350), x, y, 210, 84)
		b.rect(rgb(0x7c5b3e), x, y+36, 210, 8)
		greens(b, x, y, 210, i+1)
	}
}

// greens are what lies on a stall's top y: three rows, of one kind more than of others.
func greens(b *brush, x, y, w float64, kind int) {
	sets := [][]color.NRGBA{
		{rgb(0x5d8f4a), rgb(0x7cab5c), rgb(0x3f7040)},
		{rgb(0xd9553c), rgb(0xe77a4e), rgb(0xc03f34)},
		{rgb(0xe39a35), rgb(0xefb957), rgb(0xd58228)},
		{rgb(0x7a4b73), rgb(0x93608a), rgb(0x5f3a5c)},
	}
	for row := range 3 {
		n := int(w / 46)
		for i := range n {
			c := sets[(kind+i*3/max(n, 1))%4]
			b.disc(c[b.IntN(3)], x+24+float64(i)*46+b.between(-6, 6), y-4-float64(row)*26, b.between(20, 27))
		}
		w -= 40
		x += 20
	}
}

func steamPot(b *brush, x, y float64) {
	b.rect(rgb(0x5b5f63), x-70, y-74, 140, 84)
	b.ellipse(rgb(0x7b8084), x, y-74, 70, 18)
	b.ellipse(rgb(0xf3ecd9), x, y-74, 58, 13)
	for i := range 3 {
		sx := x - 34 + float64(i)*34
		b.line(thin(white, 0.6), 12, pt{sx, y - 90}, pt{sx + 22, y - 150}, pt{sx - 14, y - 200}, pt{sx + 14, y - 260})
	}
}

func flowerMarket(b *brush) {
	b.fade(rgb(0x39465e), rgb(0x8d93a0), 0, b.h*0.4)
	b.poly(rgb(0x2b3242), pt{0, 0}, pt{b.w, 0}, pt{b.w * 0.62, b.h * 0.3}, pt{b.w * 0.38, b.h * 0.3})
	for i := range 5 {
		t := float64(i) / 5
		y := b.h * (0.04 + 0.24*t)
		b.rect(rgb(0x566074), b.w*(0.05+0.32*t), y, b.w*(0.9-0.64*t), 8)
		b.glow(rgb(0xffedc0), b.w*0.5, y+20, 240-150*t, 0.7)
		b.box(rgb(0xfff5d8), b.w*0.5-60*(1-t*0.7), y+12, 120*(1-t*0.7), 12, 6)
	}
	b.fade(rgb(0x6f7274), rgb(0x4f5254), b.h*0.34, b.h*0.66)
	b.poly(rgb(0x85888a), pt{b.w * 0.42, b.h * 0.34}, pt{b.w * 0.58, b.h * 0.34}, pt{b.w * 0.78, b.h}, pt{b.w * 0.22, b.h})
	person(b, b.w*0.5, b.h*0.56, 1, rgb(0x34505c))
	b.stroke(rgb(0x26343b), 22, pt{b.w*0.5 - 14, b.h * 0.55}, pt{b.w*0.5 - 18, b.h * 0.62})
	b.stroke(rgb(0x26343b), 22, pt{b.w*0.5 + 14, b.h * 0.55}, pt{b.w*0.5 + 20, b.h * 0.62})
	for row := range 4 {
		t := float64(row+1) / 4
		y, s := b.h*(0.42+0.56*t*t), 0.42+0.95*t
		for k := range 2 {
			bucket(b, b.w*(0.34-0.2*t)-float64(k)*150*s, y, s, row+k)
			bucket(b, b.w*(0.66+0.2*t)+float64(k)*150*s, y, s, row+k+2)
		}
	}
}

func grove(b *brush) {
	b.fade(rgb(0xa9cfd8), rgb(0xf3edd4), 0, b.h*0.5)
	b.ridge(rgb(0x8fae8d), b.h, b.h*0.36, b.h*0.28, b.h*0.38, b.h*0.3)
	b.ridge(rgb(0x7d9a5e), b.h, b.h*0.5, b.h*0.4, b.h*0.46, b.h*0.56)
	b.ridge(rgb(0x94ab62), b.h, b.h*0.72, b.h*0.62, b.h*0.6, b.h*0.66)
	for row := range 3 {
		for i := range 5 {
			x, y := b.w*(0.04+0.22*float64(i)+0.08*float64(row%2)), b.h*(0.46+0.13*float64(row))+b.between(-16, 16)
			orangeTree(b, x, y, 0.55+0.28*float64(row))
		}
	}
	x, y := b.w*0.66, b.h*0.9
	b.ellipse(thin(rgb(0x4f5c2c), 0.5), x+10, y+70, 200, 26)
	for range 20 {
		ox, oy := x+b.between(-126, 126), y-b.between(46, 110)
		b.disc(b.one(rgb(0xe98a27), rgb(0xf2a23c), rgb(0xdc7a1f)), ox, oy, 36)
		b.disc(thin(white, 0.3), ox-10, oy-12, 8)
	}
	b.poly(rgb(0xb98850), pt{x - 170, y - 50}, pt{x + 170, y - 50}, pt{x + 130, y + 76}, pt{x - 130, y + 76})
	for i := range 5 {
		b.stroke(rgb(0x96693a), 7, pt{x - 166 + 8*float64(i), y - 40 + 25*float64(i)}, pt{x + 166 - 8*float64(i), y - 40 + 25*float64(i)})
	}
	b.rect(rgb(0x8a5d30), x-178, y-62, 356, 20)
}

func orangeTree(b *brush, x, y, s float64) {
	b.ellipse(thin(rgb(0x3d4a22), 0.35), x, y+66*s, 100*s, 16*s)
	b.rect(rgb(0x5d4630), x-10*s, y, 20*s, 70*s)
	for _, d := range [][3]float64{{-56, 0, 66}, {56, 4, 62}, {0, -52, 78}, {0, 6, 70}} {
		b.disc(b.one(rgb(0x3f6b3d), rgb(0x4c7b45), rgb(0x386138)), x+d[0]*s, y+d[1]*s, d[2]*s)
	}
	for range 11 {
		b.disc(b.one(rgb(0xf09a33), rgb(0xe6832a)), x+b.between(-96, 96)*s, y+b.between(-104, 52)*s, 13*s)
	}
}

// handMap is a map somebody drew at night: 1 a mountain, 2 the lanes of an old town.
func handMap(b *brush, variant int) {
	if variant == 2 {
		townMap(b)
		return
	}
	b.fade(rgb(0xefe3c8), rgb(0xe7d8b6), 0, b.h)
	for i := 8; i > 0; i-- { // contour lines
		t := float64(i) / 8
		var ps []pt
		for k := range 12 {
			sin, cos := math.Sincos(float64(k) / 12 * 2 * math.Pi)
			wob := 1 + 0.18*math.Sin(float64(k)*1.7+1.2)
			ps = append(ps, pt{b.w*0.54 + cos*b.w*0.5*t*wob, b.h*0.4 + sin*b.h*0.38*t*wob})
		}
		b.blob(mix(rgb(0x8d9c66), rgb(0xe9dfbb), t), ps...)
		for j := range ps {
			ps[j] = pt{b.w*0.54 + (ps[j].x-b.w*0.54)*0.975, b.h*0.4 + (ps[j].y-b.h*0.4)*0.975}
		}
		b.blob(mix(rgb(0x9eac76), rgb(0xeee6c9), t), ps...)
	}
	b.blob(rgb(0x7da8b4), pt{b.w * 0.06, b.h * 0.86}, pt{b.w * 0.2, b.h * 0.8}, pt{b.w * 0.36, b.h * 0.86}, pt{b.w * 0.3, b.h * 0.95}, pt{b.w * 0.1, b.h * 0.96})
	for i := range 4 {
		b.line(thin(white, 0.5), 5, pt{b.w*0.1 + float64(i)*60, b.h * 0.9}, pt{b.w*0.13 + float64(i)*60, b.h*0.9 - 10}, pt{b.w*0.16 + float64(i)*60, b.h * 0.9})
	}
	route := smooth(false, pt{b.w * 0.3, b.h * 0.82}, pt{b.w * 0.22, b.h * 0.7}, pt{b.w * 0.36, b.h * 0.62}, pt{b.w * 0.28, b.h * 0.5}, pt{b.w * 0.46, b.h * 0.46}, pt{b.w * 0.54, b.h * 0.38})
	dashed(b, rgb(0xb3392b), route)
	dashed(b, rgb(0x4a5f86), smooth(false, pt{b.w * 0.54, b.h * 0.38}, pt{b.w * 0.7, b.h * 0.48}, pt{b.w * 0.66, b.h * 0.62}, pt{b.w * 0.84, b.h * 0.74}, pt{b.w * 0.78, b.h * 0.86}))
	x, y := b.w*0.54, b.h*0.38
	b.stroke(rgb(0x3a2d22), 7, pt{x, y}, pt{x, y - 110})
	b.poly(rgb(0xb3392b), pt{x, y - 110}, pt{x + 82, y - 84}, pt{x, y - 58})
	for _, p := range []pt{{b.w * 0.3, b.h * 0.82}, {b.w * 0.66, b.h * 0.62}, {b.w * 0.78, b.h * 0.86}} {
		b.disc(rgb(0x3a2d22), p.x, p.y, 20)
		b.disc(rgb(0xf6efdb), p.x, p.y, 12)
	}
	for range 26 {
		tx, ty := b.w*b.between(0.04, 0.96), b.h*b.between(0.06, 0.94)
		if math.Hypot(tx-x, ty-y) > 330 {
			b.poly(rgb(0x5f7a4b), pt{tx - 18, ty}, pt{tx + 18, ty}, pt{tx, ty - 46})
		}
	}
	compass(b, b.w*0.86, b.h*0.1)
}

// compass points up.
func compass(b *brush, x, y float64) {
	b.disc(rgb(0x3a2d22), x, y, 62)
	b.disc(rgb(0xf3ead2), x, y, 55)
	b.poly(rgb(0xb3392b), pt{x, y - 46}, pt{x + 14, y}, pt{x - 14, y})
	b.poly(rgb(0x3a2d22), pt{x, y + 46}, pt{x + 14, y}, pt{x - 14, y})
}

// dashed draws every other piece of a line.
func dashed(b *brush, c color.NRGBA, ps []pt) {
	for i := 0; i+2 < len(ps); i += 4 {
		b.stroke(c, 10, ps[i], ps[i+1], ps[i+2])
	}
}

func townMap(b *brush) {
	b.fade(rgb(0xf5f0e2), rgb(0xebe3cf), 0, b.h)
	streets := [][]pt{
		{{80, 140}, {420, 180}, {930, 120}},
		{{100, 420}, {480, 380}, {940, 440}},
		{{60, 700}, {420, 660}, {940, 720}},
		{{120, 930}, {500, 890}, {920, 930}},
		{{180, 60}, {220, 420}, {160, 950}},
		{{470, 80}, {450, 420}, {500, 940}},
		{{760, 60}, {800, 430}, {740, 950}},
	}
	for _, s := range streets {
		b.line(rgb(0xd6c7a4), 56, s...)
	}
	for _, s := range streets {
		b.line(rgb(0xfaf6ea), 44, s...)
	}
	blocks := []color.NRGBA{rgb(0xdb8d6b), rgb(0xc9a86a), rgb(0x8fa98f), rgb(0x7f98ab), rgb(0xcf7a63), rgb(0xb6b08e)}
	for gx := range 4 {
		for gy := range 4 {
			x0, y0 := []float64{40, 232, 512, 822}[gx], []float64{40, 218, 470, 752}[gy]
			w, h := []float64{100, 170, 190, 120}[gx], []float64{66, 130, 160, 100}[gy]
			for k := range 3 {
				bw := w / 3.4
				c := blocks[b.IntN(len(blocks))]
				x, top := x0+float64(k)*w/3, y0+b.between(0, h*0.3)
				b.rect(c, x, top, bw, h*0.7)
				b.poly(mix(c, black, 0.35), pt{x - 5, top}, pt{x + bw/2, top - 24}, pt{x + bw + 5, top})
				b.rect(mix(c, white, 0.6), x+bw*0.3, top+14, bw*0.36, 20)
			}
		}
	}
	b.poly(rgb(0x86b0ba), append(smooth(false, pt{0, 820}, pt{300, 790}, pt{620, 840}, pt{1000, 800}), smooth(false, pt{1000, 850}, pt{620, 890}, pt{300, 840}, pt{0, 870})...)...)
	walk := smooth(false, pt{930, 120}, pt{470, 170}, pt{220, 420}, pt{190, 690}, pt{500, 660}, pt{480, 900}, pt{745, 930}, pt{800, 440}, pt{930, 130})
	dashed(b, rgb(0xc0392b), walk)
	for _, p := range []pt{{220, 420}, {500, 660}, {745, 930}} { // three wells
		b.disc(rgb(0x35505a), p.x, p.y, 30)
		b.disc(rgb(0xd9ecef), p.x, p.y, 19)
	}
	x, y := 800.0, 440.0
	b.poly(rgb(0xc0392b), pt{x, y + 8}, pt{x - 36, y - 56}, pt{x + 36, y - 56})
	b.disc(rgb(0xc0392b), x, y-64, 38)
	b.disc(white, x, y-66, 16)
	compass(b, 90, 90)
}
