package demo

import "image/color"

// The three cats.

// cat is one of the three: 1 before the trays, 2 in the sink, 3 all in a box.
func cat(b *brush, variant int) {
	switch variant {
	case 2:
		sinkCat(b)
	case 3:
		boxCats(b)
	default:
		trayCat(b)
	}
}

// headOf draws a cat's face of some size; a sleepy one has its eyes closed.
func headOf(b *brush, c color.NRGBA, x, y, s float64, sleepy bool) {
	dark := mix(c, black, 0.25)
	for _, d := range []float64{-1, 1} {
		b.poly(c, pt{x + d*92*s, y - 30*s}, pt{x + d*84*s, y - 128*s}, pt{x + d*16*s, y - 78*s})
		b.poly(rgb(0xe9a9a0), pt{x + d*80*s, y - 50*s}, pt{x + d*76*s, y - 106*s}, pt{x + d*36*s, y - 74*s})
	}
	b.ellipse(c, x, y, 100*s, 84*s)
	for i := range 3 {
		b.stroke(dark, 9*s, pt{x + (float64(i)-1)*24*s, y - 80*s}, pt{x + (float64(i)-1)*20*s, y - 48*s})
	}
	b.ellipse(mix(c, white, 0.6), x, y+32*s, 44*s, 32*s)
	for _, d := range []float64{-1, 1} {
		if sleepy {
			b.line(rgb(0x2b2320), 7*s, pt{x + d*62*s, y - 4*s}, pt{x + d*42*s, y + 10*s}, pt{x + d*22*s, y - 4*s})
		} else {
			b.ellipse(rgb(0xf2d25c), x+d*42*s, y-6*s, 22*s, 24*s)
			b.ellipse(rgb(0x1f1a18), x+d*42*s, y-6*s, 8*s, 20*s)
			b.disc(white, x+d*42*s+6*s, y-14*s, 5*s)
		}
		for k := range 3 {
			b.stroke(thin(white, 0.8), 3*s, pt{x + d*40*s, y + 30*s + float64(k)*9*s}, pt{x + d*140*s, y + 14*s + float64(k)*20*s})
		}
	}
	b.poly(rgb(0xd9776b), pt{x - 12*s, y + 18*s}, pt{x + 12*s, y + 18*s}, pt{x, y + 32*s})
	b.line(rgb(0x4a3a34), 4*s, pt{x - 20*s, y + 44*s}, pt{x - 8*s, y + 50*s}, pt{x, y + 34*s}, pt{x + 8*s, y + 50*s}, pt{x + 20*s, y + 44*s})
}

// sitting is a cat that sits on y.
func sitting(b *brush, c color.NRGBA, x, y, s float64) {
	dark := mix(c, black, 0.22)
	b.ellipse(thin(black, 0.22), x+20*s, y, 190*s, 24*s)
	b.line(c, 44*s, pt{x + 110*s, y - 30*s}, pt{x + 220*s, y - 20*s}, pt{x + 262*s, y - 100*s}, pt{x + 220*s, y - 160*s})
	b.blob(c, pt{x - 136*s, y}, pt{x - 120*s, y - 170*s}, pt{x - 50*s, y - 300*s}, pt{x + 50*s, y - 300*s}, pt{x + 130*s, y - 160*s}, pt{x + 142*s, y})
	for i := range 4 {
		b.stroke(dark, 13*s, pt{x + (96-float64(i)*6)*s, y - (110+float64(i)*42)*s}, pt{x + (50-float64(i)*4)*s, y - (104+float64(i)*42)*s})
	}
	b.blob(mix(c, white, 0.6), pt{x - 50*s, y - 40*s}, pt{x - 44*s, y - 220*s}, pt{x, y - 264*s}, pt{x + 40*s, y - 220*s}, pt{x + 42*s, y - 40*s})
	b.box(c, x-74*s, y-120*s, 60*s, 122*s, 28*s)
	b.box(c, x+8*s, y-120*s, 60*s, 122*s, 28*s)
	b.stroke(dark, 5*s, pt{x - 3*s, y - 100*s}, pt{x - 3*s, y - 6*s})
	headOf(b, c, x, y-360*s, s*1.05, false)
}

func trayCat(b *brush) {
	b.fade(rgb(0xdcd3e0), rgb(0xc6bacb), 0, b.h*0.62)
	b.rect(rgb(0xf3eef0), 0, b.h*0.56, b.w, 60)
	b.fade(rgb(0xd9b98f), rgb(0xbd9867), b.h*0.62, b.h*0.38)
	b.rect(rgb(0x8d7f9a), b.w*0.62, b.h*0.08, 270, 270)
	b.rect(rgb(0xf7f0e2), b.w*0.62+18, b.h*0.08+18, 234, 234)
	b.blob(rgb(0xe0a070), pt{b.w*0.62 + 70, b.h*0.08 + 200}, pt{b.w*0.62 + 90, b.h*0.08 + 110}, pt{b.w*0.62 + 150, b.h*0.08 + 90}, pt{b.w*0.62 + 190, b.h*0.08 + 200})
	sitting(b, rgb(0xd98d4a), b.w*0.5, b.h*0.76, 1.1)
	for i, c := range []color.NRGBA{rgb(0x7fa38f), rgb(0x6f8fb0), rgb(0xc9786a)} {
		x, y := b.w*(0.19+0.31*float64(i)), b.h*0.9
		b.ellipse(thin(black, 0.2), x, y+56, 150, 16)
		b.poly(mix(c, black, 0.15), pt{x - 144, y - 44}, pt{x + 144, y - 44}, pt{x + 112, y + 56}, pt{x - 112, y + 56})
		b.ellipse(c, x, y-44, 146, 34)
		b.ellipse(b.one(rgb(0xf0e6cf), rgb(0xe0d2b6), rgb(0xcfc4b2)), x, y-40, 126, 24)
		for range 26 {
			b.disc(thin(rgb(0x8f8068), 0.7), x+b.between(-106, 106), y-40+b.between(-16, 16), 4)
		}
	}
}

func sinkCat(b *brush) {
	b.fade(rgb(0xd3e0dd), rgb(0xb7cbc7), 0, b.h)
	for i := range 13 {
		b.rect(rgb(0xc0d1cd), 0, float64(i)*110, b.w, 4)
		b.rect(rgb(0xc0d1cd), float64(i)*110, 0, 4, b.h*0.66)
	}
	b.box(rgb(0x8fa9a6), b.w*0.2, b.h*0.06, b.w*0.6, b.h*0.3, 24)
	b.box(rgb(0xe9f1f0), b.w*0.2+18, b.h*0.06+18, b.w*0.6-36, b.h*0.3-36, 16)
	b.poly(thin(white, 0.7), pt{b.w * 0.3, b.h*0.06 + 18}, pt{b.w * 0.42, b.h*0.06 + 18}, pt{b.w * 0.32, b.h*0.36 - 18}, pt{b.w*0.2 + 18, b.h*0.36 - 18}, pt{b.w*0.2 + 18, b.h * 0.2})
	sitting(b, rgb(0x6d6f75), b.w*0.4, b.h*0.7, 1.15)
	y := b.h * 0.66
	b.rect(rgb(0xf7f5ef), 0, y, b.w, 60)
	b.rect(rgb(0xd9d5ca), 0, y+54, b.w, 12)
	b.poly(rgb(0xfbf9f4), pt{b.w * 0.08, y + 30}, pt{b.w * 0.92, y + 30}, pt{b.w * 0.84, b.h * 0.9}, pt{b.w * 0.16, b.h * 0.9})
	b.poly(rgb(0xe4e0d6), pt{b.w * 0.6, y + 60}, pt{b.w * 0.92, y + 60}, pt{b.w * 0.84, b.h * 0.9}, pt{b.w * 0.62, b.h * 0.9})
	b.rect(rgb(0x8c6b4d), 0, b.h*0.9, b.w, b.h*0.1)
	b.line(rgb(0xaab4b6), 44, pt{b.w * 0.84, y + 10}, pt{b.w * 0.84, y - 240}, pt{b.w * 0.74, y - 300}, pt{b.w * 0.64, y - 260}, pt{b.w * 0.63, y - 220})
	b.line(rgb(0xdfe5e6), 10, pt{b.w*0.84 - 12, y}, pt{b.w*0.84 - 12, y - 236}, pt{b.w * 0.74, y - 312})
	b.box(rgb(0x8f9a9d), b.w*0.84-76, y-30, 152, 44, 16)
	b.rect(thin(rgb(0x8fc6dd), 0.85), b.w*0.63-10, y-200, 20, 206)
	for range 10 {
		b.disc(thin(rgb(0x8fc6dd), 0.9), b.w*0.63+b.between(-50, 50), y-b.between(-10, 40), b.between(4, 10))
	}
}

func boxCats(b *brush) {
	b.fade(rgb(0xe6cfc0), rgb(0xd4b5a1), 0, b.h*0.6)
	b.fade(rgb(0x9c7a63), rgb(0x7d5d48), b.h*0.6, b.h*0.4)
	b.ellipse(rgb(0x5f7f86), b.w*0.5, b.h*0.86, b.w*0.44, 120)
	b.ellipse(rgb(0x779aa0), b.w*0.5, b.h*0.86, b.w*0.38, 96)
	b.rect(rgb(0xb28a6f), b.w*0.78, b.h*0.3, 190, b.h*0.3) // beds nobody uses
	b.dome(rgb(0xc9a58c), b.w*0.86, b.h*0.6, 110, 120)
	b.dome(rgb(0x6b4a3a), b.w*0.86, b.h*0.6, 56, 74)
	b.stroke(rgb(0x6b4a3a), 10, pt{60, b.h * 0.2}, pt{60, b.h * 0.6})
	b.line(rgb(0x87a08a), 22, pt{60, b.h * 0.28}, pt{170, b.h * 0.4}, pt{290, b.h * 0.28})
	b.stroke(rgb(0x6b4a3a), 10, pt{290, b.h * 0.2}, pt{290, b.h * 0.6})
	x, y := b.w*0.5, b.h*0.88
	b.poly(rgb(0xa97c4c), pt{x - 330, b.h * 0.52}, pt{x + 330, b.h * 0.52}, pt{x + 330, y}, pt{x - 330, y})
	headOf(b, rgb(0xd98d4a), x-170, b.h*0.54, 1.25, true)
	headOf(b, rgb(0x6d6f75), x+40, b.h*0.46, 1.2, false)
	headOf(b, rgb(0xf3ece0), x+200, b.h*0.57, 1.1, true)
	card := rgb(0xc99a62)
	b.poly(card, pt{x - 340, b.h * 0.62}, pt{x + 340, b.h * 0.62}, pt{x + 330, y}, pt{x - 330, y})
	b.poly(mix(card, black, 0.12), pt{x - 340, b.h * 0.62}, pt{x - 430, b.h * 0.7}, pt{x - 400, b.h * 0.76}, pt{x - 334, b.h * 0.7})
	b.poly(mix(card, white, 0.15), pt{x + 340, b.h * 0.62}, pt{x + 440, b.h * 0.66}, pt{x + 420, b.h * 0.73}, pt{x + 336, b.h * 0.69})
	b.rect(rgb(0xe3c48f), x-60, b.h*0.62, 120, y-b.h*0.62)
	for i := range 2 { // this side up
		ax := x - 220 + float64(i)*80
		b.poly(rgb(0x6b4a2a), pt{ax - 34, b.h * 0.77}, pt{ax, b.h * 0.71}, pt{ax + 34, b.h * 0.77})
		b.rect(rgb(0x6b4a2a), ax-11, b.h*0.77, 22, 66)
	}
	b.poly(thin(rgb(0xd9cdb0), 0.9), pt{x + 150, b.h * 0.7}, pt{x + 300, b.h * 0.69}, pt{x + 300, b.h * 0.74}, pt{x + 150, b.h * 0.75})
}
