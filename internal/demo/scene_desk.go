package demo

import (
	"image/color"
	"math"
)

// The scenes on a table: desks from above and from the front, and books.

// desk is where somebody works: 1 a notebook and six pens from above, 2 a lamp and a
// timer at night, 3 an office with plants, 4 a drawing table.
func desk(b *brush, variant int) {
	switch variant {
	case 2:
		nightDesk(b)
	case 3:
		officeDesk(b)
	case 4:
		drawingTable(b)
	default:
		pens(b)
	}
}

// wood is a table top seen from above.
func wood(b *brush, light, dark color.NRGBA) {
	b.fade(light, mix(light, dark, 0.5), 0, b.h)
	for i := range 6 {
		b.rect(thin(dark, 0.35), 0, b.h*float64(i)/6, b.w, 5)
		for range 7 {
			y := b.h * (float64(i) + b.between(0.15, 0.9)) / 6
			x := b.w * b.Float64()
			b.line(thin(dark, 0.22), 4, pt{x, y}, pt{x + 120, y - 8}, pt{x + 260, y + 6}, pt{x + 400, y})
		}
	}
}

func pens(b *brush) {
	wood(b, rgb(0xd3a877), rgb(0xa87b4d))
	x, y := b.w*0.08, b.h*0.12
	b.box(thin(black, 0.2), x+22, y+26, b.w*0.54, b.h*0.76, 16)
	b.box(rgb(0xfaf5e6), x, y, b.w*0.54, b.h*0.76, 14)
	b.rect(rgb(0xe4dcc6), x+b.w*0.27-5, y, 10, b.h*0.76)
	for i := range 12 {
		ly := y + 74 + float64(i)*54
		b.rect(rgb(0xdfe6e2), x+34, ly, b.w*0.2, 4)
		b.rect(rgb(0xdfe6e2), x+b.w*0.3, ly, b.w*0.2, 4)
		if i < 6 { // a line of writing by each pen
			b.line(rgb(0x2c3038), 4+float64(i%3)*1.6, pt{x + 40, ly - 10}, pt{x + 90, ly - 24}, pt{x + 130, ly - 8}, pt{x + 180, ly - 26}, pt{x + 230, ly - 10}, pt{x + 262, ly - 18})
		}
	}
	b.ellipse(thin(rgb(0x2c3038), 0.28), x+210, y+330, 70, 16) // where the hand smeared
	inks := []color.NRGBA{rgb(0x23262d), rgb(0x2d4a6b), rgb(0x7b3b35), rgb(0x3d5b49), rgb(0xc9a03a), rgb(0x6b4a72)}
	for i, c := range inks {
		px, py := b.w*0.7+float64(i%2)*16, b.h*0.14+float64(i)*124
		b.stroke(thin(black, 0.2), 34, pt{px + 8, py + 22}, pt{px + 300, py + 2})
		b.stroke(c, 34, pt{px, py + 8}, pt{px + 290, py - 12})
		b.stroke(mix(c, white, 0.35), 6, pt{px + 30, py - 4}, pt{px + 220, py - 17})
		b.poly(rgb(0xd9d3c4), pt{px - 16, py + 24}, pt{px - 14, py - 6}, pt{px - 58, py + 14})
		b.stroke(rgb(0xcfc8b6), 8, pt{px + 180, py - 22}, pt{px + 276, py - 29})
	}
}

func nightDesk(b *brush) {
	b.fade(rgb(0x1f2f45), rgb(0x2b405a), 0, b.h*0.7)
	b.glow(rgb(0xffe3a6), b.w*0.42, b.h*0.5, 560, 0.62)
	b.rect(rgb(0x2a3a52), b.w*0.62, b.h*0.1, 270, 320) // the window
	b.rect(rgb(0x101b30), b.w*0.62+14, b.h*0.1+14, 242, 292)
	for range 18 {
		b.rect(b.one(rgb(0xf2cf85), rgb(0x3f4f70), rgb(0x3f4f70)), b.w*0.62+26+float64(b.IntN(8))*28, b.h*0.1+120+float64(b.IntN(6))*28, 13, 15)
	}
	b.rect(rgb(0x2a3a52), b.w*0.62+128, b.h*0.1, 12, 320)
	b.box(rgb(0xf4e3a1), b.w*0.14, b.h*0.16, 130, 130, 4) // the note with a date
	for i := range 3 {
		b.rect(rgb(0x8a7a45), b.w*0.14+22, b.h*0.16+34+float64(i)*28, 84-float64(i)*20, 7)
	}
	b.fade(rgb(0x9a6a42), rgb(0x6d4528), b.h*0.7, b.h*0.3)
	b.rect(rgb(0xb78455), 0, b.h*0.7, b.w, 18)
	x, y := b.w*0.26, b.h*0.71
	b.poly(thin(rgb(0xffe7b0), 0.4), pt{x + 90, b.h * 0.44}, pt{x + 250, b.h * 0.48}, pt{b.w * 0.98, b.h * 0.98}, pt{b.w * 0.06, b.h * 0.98}, pt{b.w * 0.14, b.h * 0.72})
	b.ellipse(rgb(0x263238), x, y, 96, 24)
	b.stroke(rgb(0x2f3d45), 17, pt{x, y}, pt{x - 56, b.h * 0.52}, pt{x + 70, b.h * 0.4})
	b.poly(rgb(0xd2573e), pt{x + 34, b.h*0.4 - 20}, pt{x + 100, b.h*0.4 - 44}, pt{x + 268, b.h * 0.47}, pt{x + 74, b.h * 0.47})
	b.ellipse(rgb(0xfff3ce), x+170, b.h*0.47, 92, 15)
	b.poly(rgb(0xf7f1e0), pt{b.w * 0.3, b.h * 0.86}, pt{b.w * 0.5, b.h * 0.82}, pt{b.w * 0.52, b.h * 0.93}, pt{b.w * 0.28, b.h * 0.97}) // the book
	b.poly(rgb(0xe9e0ca), pt{b.w * 0.5, b.h * 0.82}, pt{b.w * 0.72, b.h * 0.85}, pt{b.w * 0.77, b.h * 0.96}, pt{b.w * 0.52, b.h * 0.93})
	for i := range 7 {
		o := float64(i) * 17
		b.stroke(rgb(0x9e9583), 4, pt{b.w*0.315 - o*0.2, b.h*0.872 + o*0.85}, pt{b.w*0.48 + o*0.05, b.h*0.838 + o*0.85})
		b.stroke(rgb(0x9e9583), 4, pt{b.w*0.535 + o*0.1, b.h*0.838 + o*0.85}, pt{b.w*0.7 + o*0.3, b.h*0.862 + o*0.85})
	}
	tx, ty := b.w*0.84, b.h*0.76
	b.ellipse(thin(black, 0.3), tx, ty+84, 110, 18)
	b.disc(rgb(0xe9e2d0), tx, ty, 92)
	b.disc(rgb(0xc9463a), tx, ty, 74)
	b.poly(rgb(0xf0d9c4), append(oval(tx, ty, 74, 74, -math.Pi/2, math.Pi/4), pt{tx, ty})...)
	b.disc(rgb(0xf7f1e0), tx, ty, 24)
	b.stroke(rgb(0x3a2d26), 8, pt{tx, ty}, pt{tx, ty - 60})
}

func officeDesk(b *brush) {
	b.fade(rgb(0xdcd9cf), rgb(0xc9c6ba), 0, b.h*0.72)
	b.rect(rgb(0x8c9aa0), 0, b.h*0.22, b.w, b.h*0.5)
	b.rect(rgb(0x76858b), 0, b.h*0.22, b.w, 20)
	for range 9 {
		c := b.one(rgb(0xf2dd84), rgb(0xf0b7a4), rgb(0xbfd6b0), rgb(0xf3efe2))
		x, y := b.w*b.between(0.44, 0.9), b.h*b.between(0.28, 0.44)
		b.rect(thin(black, 0.1), x+5, y+6, 82, 82)
		b.rect(c, x, y, 82, 82)
		b.rect(mix(c, black, 0.35), x+14, y+24, 50, 5)
		b.rect(mix(c, black, 0.35), x+14, y+42, 36, 5)
	}
	b.glow(rgb(0xfff0c4), b.w*0.3, b.h*0.54, 430, 0.85)
	b.fade(rgb(0xe6dcc8), rgb(0xcdbfa4), b.h*0.72, b.h*0.28)
	b.rect(rgb(0xf3ebdb), 0, b.h*0.72, b.w, 16)
	x, y := b.w*0.12, b.h*0.22 // the clip lamp
	b.box(rgb(0x23272b), x-34, y-26, 74, 74, 10)
	b.line(rgb(0x33383d), 15, pt{x, y}, pt{x + 10, y - 180}, pt{x + 170, y - 190}, pt{x + 220, y - 40})
	b.poly(rgb(0x23272b), pt{x + 190, y - 50}, pt{x + 258, y - 50}, pt{x + 310, y + 70}, pt{x + 138, y + 70})
	b.ellipse(rgb(0xfff6da), x+224, y+70, 86, 14)
	b.poly(thin(rgb(0xfff2c8), 0.26), pt{x + 138, y + 70}, pt{x + 310, y + 70}, pt{b.w * 0.66, b.h * 0.9}, pt{-30, b.h * 0.9})
	for i := range 4 {
		potted(b, b.w*(0.12+0.2*float64(i)), b.h*(0.8+0.03*float64(i%2)), 0.8+0.2*float64((i+1)%3), i)
	}
	b.box(rgb(0x3d4247), b.w*0.72, b.h*0.5, 330, 230, 12) // the screen
	b.rect(rgb(0xa9c1c8), b.w*0.72+14, b.h*0.5+14, 302, 192)
	for i := range 5 {
		b.rect(rgb(0xe4edee), b.w*0.72+36, b.h*0.5+36+float64(i)*32, b.between(90, 240), 10)
	}
	b.rect(rgb(0x3d4247), b.w*0.72+140, b.h*0.5+230, 40, 90)
	b.ellipse(rgb(0x33383d), b.w*0.72+160, b.h*0.735, 100, 16)
	b.box(rgb(0x4f6f8f), b.w*0.62, b.h*0.86, 88, 104, 14)
	b.line(rgb(0x4f6f8f), 15, pt{b.w*0.62 + 84, b.h*0.86 + 20}, pt{b.w*0.62 + 128, b.h*0.86 + 44}, pt{b.w*0.62 + 84, b.h*0.86 + 76})
	b.rect(rgb(0xf7f3e6), b.w*0.74, b.h*0.9, 230, 110)
	for i := range 4 {
		b.rect(rgb(0xb5b0a2), b.w*0.74+24, b.h*0.9+22+float64(i)*20, 180-float64(i)*24, 5)
	}
}

// potted is a plant in a pot that stands on y.
func potted(b *brush, x, y, s float64, kind int) {
	leaf := b.one(rgb(0x4c7f4f), rgb(0x5f9459), rgb(0x3c6b48))
	switch kind % 4 {
	case 0:
		for i := range 7 { // broad leaves
			a := -1.2 + 0.4*float64(i)
			lx, ly := x+150*s*math.Sin(a), y-110*s-150*s*math.Cos(a)
			b.line(mix(leaf, black, 0.2), 7*s, pt{x, y - 90*s}, pt{(x+lx)/2 - 8, (y - 90*s + ly) / 2}, pt{lx, ly})
			b.blob(leaf, pt{lx, ly + 44*s}, pt{lx - 46*s, ly}, pt{lx, ly - 52*s}, pt{lx + 46*s, ly})
			b.stroke(mix(leaf, white, 0.3), 3*s, pt{lx, ly + 36*s}, pt{lx, ly - 40*s})
		}
	case 1:
		for i := range 6 { // swords
			a := -0.5 + 0.2*float64(i)
			h := b.between(190, 280) * s
			b.poly(leaf, pt{x - 17*s + 60*a*s, y - 90*s}, pt{x + 17*s + 60*a*s, y - 90*s}, pt{x + a*170*s, y - 90*s - h})
			b.stroke(rgb(0xcbd58a), 3*s, pt{x - 14*s + 60*a*s, y - 90*s}, pt{x + a*170*s, y - 90*s - h})
		}
	case 2:
		for range 30 { // a bush
			b.disc(b.one(leaf, mix(leaf, white, 0.18), mix(leaf, black, 0.15)), x+b.between(-86, 86)*s, y-b.between(100, 240)*s, b.between(16, 34)*s)
		}
	default:
		b.box(leaf, x-38*s, y-270*s, 76*s, 190*s, 38*s) // a cactus
		b.line(leaf, 36*s, pt{x + 30*s, y - 150*s}, pt{x + 88*s, y - 156*s}, pt{x + 90*s, y - 214*s})
		for i := range 5 {
			b.stroke(mix(leaf, white, 0.4), 3*s, pt{x - 22*s + 11*s*float64(i), y - 250*s}, pt{x - 22*s + 11*s*float64(i), y - 100*s})
		}
		b.disc(rgb(0xe98aa0), x, y-276*s, 17*s)
	}
	c := b.one(rgb(0xc07a55), rgb(0xd9cdb6), rgb(0x7f8f99))
	b.ellipse(thin(black, 0.18), x+8*s, y, 82*s, 14*s)
	b.poly(c, pt{x - 72*s, y - 96*s}, pt{x + 72*s, y - 96*s}, pt{x + 54*s, y}, pt{x - 54*s, y})
	b.rect(mix(c, black, 0.14), x-78*s, y-104*s, 156*s, 24*s)
}

func drawingTable(b *brush) {
	wood(b, rgb(0xc9b79c), rgb(0x94805f))
	b.poly(thin(black, 0.18), pt{170, 130}, pt{800, 92}, pt{846, 902}, pt{206, 940})
	b.poly(rgb(0xfbf8ee), pt{150, 110}, pt{780, 76}, pt{824, 884}, pt{186, 920})
	b.blob(rgb(0xe9dcc0), pt{230, 740}, pt{500, 690}, pt{770, 730}, pt{780, 830}, pt{500, 860}, pt{240, 850})
	brown := rgb(0x7a5a43)
	b.blob(brown, pt{322, 800}, pt{296, 620}, pt{352, 430}, pt{480, 360}, pt{606, 420}, pt{668, 610}, pt{640, 800}, pt{480, 830})
	b.disc(brown, 392, 330, 46)
	b.disc(brown, 568, 322, 46)
	b.disc(mix(brown, black, 0.2), 392, 332, 24)
	b.disc(mix(brown, black, 0.2), 568, 324, 24)
	b.disc(brown, 480, 370, 118)
	b.disc(mix(brown, white, 0.12), 482, 800, 40)
	for range 70 { // fur
		x, y := b.between(330, 640), b.between(440, 780)
		b.stroke(mix(brown, black, b.between(0.05, 0.3)), 4, pt{x, y}, pt{x + b.between(-8, 8), y + b.between(18, 34)})
	}
	for i := range 5 {
		b.stroke(rgb(0x9fb07c), 6, pt{250 + float64(i)*120, 776}, pt{240 + float64(i)*120 + b.between(-10, 24), 720})
	}
	b.stroke(thin(rgb(0x55504a), 0.6), 4, pt{240, 180}, pt{400, 172})
	b.stroke(thin(rgb(0x55504a), 0.6), 4, pt{240, 210}, pt{340, 206})
	cups := []color.NRGBA{rgb(0x7a5a43), rgb(0x9fb07c), rgb(0xe0b25a), rgb(0x55768c), rgb(0xc65f4a)}
	for i, c := range cups {
		x, y := 902.0, 140+float64(i)*124
		b.disc(thin(black, 0.15), x+8, y+10, 52)
		b.disc(rgb(0xf3eee0), x, y, 52)
		b.disc(c, x, y, 38)
	}
	b.stroke(rgb(0x3f3128), 16, pt{700, 990}, pt{868, 800})
	b.stroke(rgb(0xc9a24e), 18, pt{868, 800}, pt{884, 782})
	b.blob(rgb(0x5b4032), pt{880, 792}, pt{876, 766}, pt{914, 740}, pt{904, 776})
	b.stroke(rgb(0xd9a53c), 18, pt{56, 420}, pt{92, 740})
	b.poly(rgb(0xe9d7b4), pt{84, 738}, pt{102, 736}, pt{97, 780})
}

// books are on a shelf (1) or in a pile (2).
func books(b *brush, variant int) {
	if variant == 2 {
		pile(b)
		return
	}
	b.fade(rgb(0x5b4232), rgb(0x4a3426), 0, b.h)
	inks := []color.NRGBA{rgb(0x8c3b2f), rgb(0x2f4f5b), rgb(0xc9a45a), rgb(0x566b4a), rgb(0xd9cbb0), rgb(0x6b3f52), rgb(0x394a6b), rgb(0xa8683f), rgb(0xe5dcc8)}
	const rows = 4
	for row := range rows {
		floor := b.h * (float64(row+1)/rows - 0.02)
		b.rect(rgb(0x3a281c), 0, floor-b.h/rows+20, b.w, b.h/rows-20)
		for x := 14.0; x < b.w-30; {
			w, h := b.between(34, 78), b.h/rows*b.between(0.62, 0.88)
			c := inks[b.IntN(len(inks))]
			if b.Float64() < 0.08 { // one leans
				b.poly(c, pt{x + 40, floor}, pt{x + 40 + w, floor}, pt{x + w + 4, floor - h}, pt{x + 4, floor - h})
				x += w + 46
				continue
			}
			if row == 1 && x > b.w*0.4 && x < b.w*0.48 { // the one that is pulled out
				b.rect(thin(black, 0.3), x+w, floor-h, 16, h)
				h += 24
			}
			b.rect(c, x, floor-h, w, h)
			b.rect(mix(c, white, 0.16), x, floor-h, w*0.2, h)
			b.rect(mix(c, black, 0.25), x+w-5, floor-h, 5, h)
			gold := mix(c, rgb(0xf3e2b0), 0.75)
			switch b.IntN(4) {
			case 0:
				b.rect(gold, x, floor-h*0.86, w, 7)
				b.rect(gold, x, floor-h*0.16, w, 7)
			case 1:
				b.rect(gold, x+w*0.22, floor-h*0.8, w*0.56, h*0.34)
				for k := range 3 {
					b.rect(c, x+w*0.36, floor-h*0.76+float64(k)*h*0.1, w*0.28, h*0.06)
				}
			case 2:
				for k := range 4 {
					b.rect(gold, x+w*0.34, floor-h*0.74+float64(k)*h*0.12, w*0.32, h*0.07)
				}
			default:
				b.disc(gold, x+w/2, floor-h*0.2, w*0.2)
			}
			x += w + 3
		}
		b.rect(rgb(0x86603f), 0, floor, b.w, 24)
		b.rect(rgb(0x6b4a30), 0, floor+18, b.w, 8)
	}
	b.glow(rgb(0xffe2a8), b.w*0.4, b.h*0.3, 640, 0.28)
}

func pile(b *brush) {
	b.fade(rgb(0xf0e8d8), rgb(0xdfd2b8), 0, b.h)
	b.fade(rgb(0xa98860), rgb(0x8b6c48), b.h*0.8, b.h*0.2)
	b.poly(thin(white, 0.3), pt{b.w * 0.55, 0}, pt{b.w, 0}, pt{b.w, b.h * 0.5}, pt{b.w * 0.4, b.h * 0.8}, pt{b.w * 0.1, b.h * 0.8})
	y := b.h * 0.84
	b.ellipse(thin(black, 0.28), b.w*0.42, y+6, 420, 24)
	for i := range 6 {
		h, w := 84.0, 680+b.between(-24, 24)
		x := b.w*0.42 - w/2 + b.between(-22, 22)
		c := mix(rgb(0xb8935c), rgb(0xa37e49), b.Float64())
		b.box(c, x, y-h, w, h, 8)
		b.rect(rgb(0xf7f1e0), x+14, y-h+13, w-14, h-26)
		for k := range 4 {
			b.rect(rgb(0xd8cfb9), x+14, y-h+22+float64(k)*13, w-14, 3)
		}
		if i%2 == 1 { // the cuts of an old blade
			for k := range 9 {
				b.rect(rgb(0xc4b795), x+60+float64(k)*66, y-h+13, 4, h-26)
			}
		}
		b.box(c, x, y-h, 26, h, 8)
		for k := range 5 {
			b.rect(rgb(0xf0e3c4), x+8, y-h+12+float64(k)*14, 12, 5)
		}
		y -= h + 4
	}
	b.stroke(rgb(0x22303d), 22, pt{b.w * 0.2, y - 14}, pt{b.w*0.2 + 330, y - 26}) // a fountain pen on top
	b.stroke(rgb(0xc9a24e), 24, pt{b.w*0.2 + 150, y - 20}, pt{b.w*0.2 + 164, y - 21})
	b.poly(rgb(0xd9b45c), pt{b.w*0.2 + 340, y - 37}, pt{b.w*0.2 + 340, y - 17}, pt{b.w*0.2 + 396, y - 28})
	bx, by := b.w*0.83, b.h*0.84
	b.ellipse(thin(black, 0.25), bx, by, 100, 16)
	b.box(rgb(0x2d4a6b), bx-76, by-150, 152, 150, 22) // ink
	b.box(rgb(0x3c5f86), bx-62, by-136, 40, 116, 14)
	b.rect(rgb(0x23262d), bx-40, by-196, 80, 52)
	b.box(rgb(0xf0e8d5), bx-46, by-104, 92, 60, 6)
}
