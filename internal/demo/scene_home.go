package demo

import (
	"image/color"
	"math"
)

// The scenes of a home: the kitchen, what there is to eat, and the clothes rail.

// kitchen is where somebody cooks: 1 a stove with a pan, 2 a big pot and nine jars.
func kitchen(b *brush, variant int) {
	tile := rgb(0xe9e2d2)
	if variant == 2 {
		tile = rgb(0xc8d6cc)
	}
	b.fade(tile, mix(tile, rgb(0xb9a98c), 0.3), 0, b.h)
	for i := range 12 {
		b.rect(mix(tile, black, 0.1), 0, float64(i)*120, b.w, 4)
		for k := range 10 {
			b.rect(mix(tile, black, 0.1), float64(k)*120+60*float64(i%2), float64(i)*120, 4, 120)
		}
	}
	if variant == 2 {
		jamPot(b)
		return
	}
	b.glow(rgb(0xfff2cf), b.w*0.8, b.h*0.16, 620, 0.5)
	b.stroke(rgb(0x5d4a3a), 14, pt{120, b.h * 0.17}, pt{b.w - 120, b.h * 0.17})
	for i := range 5 {
		x := 200 + float64(i)*150
		b.line(rgb(0x5d4a3a), 7, pt{x, b.h * 0.17}, pt{x + 12, b.h*0.17 + 24}, pt{x, b.h*0.17 + 40})
		c := b.one(rgb(0x8d9396), rgb(0x9a7350), rgb(0xb5653f))
		b.stroke(c, 15, pt{x, b.h*0.17 + 46}, pt{x, b.h*0.17 + 200})
		switch i % 3 {
		case 0:
			b.ellipse(c, x, b.h*0.17+236, 38, 54)
		case 1:
			b.box(c, x-40, b.h*0.17+196, 80, 100, 14)
			for k := range 3 {
				b.rect(tile, x-24+float64(k)*19, b.h*0.17+214, 9, 64)
			}
		default:
			b.disc(c, x, b.h*0.17+240, 46)
			b.disc(mix(c, black, 0.25), x, b.h*0.17+240, 34)
		}
	}
	counter := b.h * 0.66
	b.rect(rgb(0xd0b28a), 0, counter, b.w, 36)
	b.rect(rgb(0x6b7f78), 0, counter+36, b.w, b.h)
	for i := range 3 {
		b.box(rgb(0x5b6f68), 30+float64(i)*330, counter+80, 296, b.h, 10)
		b.box(rgb(0xd9c9a4), 140+float64(i)*330, counter+120, 84, 16, 8)
	}
	b.box(rgb(0x2b2d30), b.w*0.3, counter-34, b.w*0.48, 40, 10)
	for i := range 7 {
		fx := b.w*0.42 + float64(i)*34
		b.blob(rgb(0x5aa0d6), pt{fx - 10, counter - 34}, pt{fx, counter - 66}, pt{fx + 10, counter - 34})
	}
	b.box(rgb(0x34363a), b.w*0.36, counter-120, 330, 74, 30)
	b.stroke(rgb(0x4a3527), 24, pt{b.w*0.36 + 320, counter - 96}, pt{b.w * 0.92, counter - 150})
	b.ellipse(rgb(0x494c51), b.w*0.36+165, counter-120, 165, 24)
	for range 9 {
		b.box(rgb(0xe98f35), b.w*0.36+b.between(30, 280), counter-136+b.between(-6, 8), 62, 17, 8)
	}
	for i := range 3 {
		sx := b.w*0.44 + float64(i)*80
		b.line(thin(white, 0.55), 14, pt{sx, counter - 160}, pt{sx + 24, counter - 240}, pt{sx - 18, counter - 310}, pt{sx + 14, counter - 380})
	}
	for i := range 2 { // two sweet potatoes
		x, y := 120+float64(i)*96, counter-24-float64(i)*4
		b.blob(b.one(rgb(0xa8513f), rgb(0x98463a)), pt{x - 84, y}, pt{x - 30, y - 42}, pt{x + 50, y - 38}, pt{x + 92, y + 4}, pt{x + 20, y + 24})
	}
}

func jamPot(b *brush) {
	counter := b.h * 0.7
	b.rect(rgb(0x8a6444), 0, b.h*0.14, b.w, 26)
	for i := range 5 { // four jars above, five below
		jar(b, 110+float64(i)*120, b.h*0.14, i == 4)
	}
	b.rect(rgb(0x9a7350), 0, counter, b.w, b.h*0.3)
	b.rect(rgb(0xb98d60), 0, counter, b.w, 22)
	for i := range 5 {
		jar(b, 100+float64(i)*112, counter+b.h*0.2, false)
	}
	x, y := b.w*0.68, counter
	b.box(rgb(0x2b2d30), x-230, y-26, 460, 34, 8)
	b.box(rgb(0xb8442f), x-200, y-270, 400, 250, 44)
	b.box(rgb(0x9c3626), x-200, y-110, 400, 90, 44)
	b.ellipse(rgb(0x7d2a1e), x, y-268, 200, 46)
	b.ellipse(rgb(0xe98b2c), x, y-262, 178, 36)
	for range 16 {
		b.disc(b.one(rgb(0xf5b04d), rgb(0xd9741f)), x+b.between(-150, 150), y-262+b.between(-22, 22), b.between(7, 15))
	}
	b.stroke(rgb(0x8a5d36), 22, pt{x + 40, y - 270}, pt{x + 190, y - 520})
	b.box(rgb(0x3a2b22), x-262, y-230, 66, 34, 15)
	b.box(rgb(0x3a2b22), x+196, y-230, 66, 34, 15)
	for i := range 3 {
		sx := x - 110 + float64(i)*70
		b.line(thin(white, 0.55), 15, pt{sx, y - 320}, pt{sx + 26, y - 390}, pt{sx - 16, y - 450}, pt{sx + 14, y - 520})
	}
	for range 5 {
		ox, oy := b.between(40, 280), counter-30
		b.disc(b.one(rgb(0xe98a27), rgb(0xf2a23c)), ox, oy, 38)
		b.disc(rgb(0x4b7a3c), ox, oy-34, 6)
	}
}

// jar of orange jam standing on y; an empty one is clear.
func jar(b *brush, x, y float64, empty bool) {
	fill := rgb(0xe68a2a)
	if empty {
		fill = rgb(0xdbe4de)
	}
	b.box(mix(fill, white, 0.35), x-42, y-118, 84, 118, 18)
	b.box(fill, x-36, y-92, 72, 86, 14)
	b.rect(thin(white, 0.5), x-28, y-84, 12, 66)
	b.box(rgb(0xd8cdb8), x-40, y-140, 80, 30, 8)
	b.box(rgb(0xf7f0de), x-22, y-66, 50, 36, 4)
}

// plate is what there is to eat: 1 a baby's bowl, 2 bread on a board.
func plate(b *brush, variant int) {
	if variant == 2 {
		bread(b)
		return
	}
	b.fade(rgb(0xbfd8d2), rgb(0xa9c7c0), 0, b.h)
	for i := range 8 { // a checked cloth
		b.rect(thin(white, 0.28), float64(i)*140, 0, 70, b.h)
		b.rect(thin(white, 0.28), 0, float64(i)*140, b.w, 70)
	}
	x, y := 450.0, 520.0
	b.disc(thin(black, 0.16), x+22, y+28, 330)
	b.disc(rgb(0xfaf5e8), x, y, 326)
	b.disc(rgb(0xe8dfca), x, y, 280)
	b.disc(rgb(0xefa63c), x, y+4, 262)
	b.blob(rgb(0xf6bd5c), pt{x - 180, y - 60}, pt{x - 40, y - 190}, pt{x + 130, y - 150}, pt{x + 60, y - 60}, pt{x - 90, y + 20})
	b.line(rgb(0xdd902c), 14, pt{x - 120, y + 90}, pt{x - 20, y + 140}, pt{x + 100, y + 100}, pt{x + 150, y + 10})
	for range 44 {
		a, r := b.between(0, 6.28), 230*math.Sqrt(b.Float64())
		b.disc(b.one(rgb(0xf9dc9a), rgb(0xf3cf7d)), x+r*math.Cos(a), y+r*math.Sin(a), b.between(4, 8))
	}
	b.stroke(thin(black, 0.14), 40, pt{862, 240}, pt{822, 660})
	b.stroke(rgb(0xe07a5f), 40, pt{846, 220}, pt{806, 640})
	b.ellipse(rgb(0xe07a5f), 788, 760, 64, 96)
	b.ellipse(rgb(0xc9654c), 788, 764, 44, 74)
	b.ellipse(rgb(0xefa63c), 788, 780, 36, 50)
	b.blob(rgb(0xe9c9a0), pt{60, 800}, pt{220, 780}, pt{330, 880}, pt{240, 960}, pt{80, 950})
	b.blob(rgb(0xe98f35), pt{90, 820}, pt{210, 800}, pt{290, 880}, pt{220, 930}, pt{100, 920})
	for range 7 {
		b.ellipse(rgb(0xf7e3b8), b.between(130, 230), b.between(846, 900), 13, 8)
	}
	b.blob(rgb(0x6d9456), pt{880, 880}, pt{930, 840}, pt{970, 890}, pt{920, 930})
}

func bread(b *brush) {
	wood(b, rgb(0x6f5a4b), rgb(0x4b3b31))
	b.glow(rgb(0xffe9c4), b.w*0.3, b.h*0.2, 800, 0.28)
	b.poly(rgb(0xe9e3d6), pt{-20, b.h * 0.14}, pt{b.w * 0.5, b.h * 0.04}, pt{b.w * 0.7, b.h * 0.3}, pt{b.w * 0.1, b.h * 0.5})
	for i := range 4 {
		o := float64(i) * 26
		b.stroke(rgb(0xb5655a), 6, pt{-20, b.h*0.17 + o}, pt{b.w*0.5 + o, b.h*0.07 + o})
	}
	x, y := b.w*0.52, b.h*0.52
	b.box(thin(black, 0.3), 96, b.h*0.26+26, b.w-150, b.h*0.54, 60)
	b.box(rgb(0xc8975e), 70, b.h*0.26, b.w-150, b.h*0.54, 60)
	for i := range 7 {
		b.line(rgb(0xb5834c), 6, pt{100, b.h*0.31 + float64(i)*96}, pt{400, b.h*0.31 + float64(i)*96 + b.between(-14, 14)}, pt{b.w - 120, b.h*0.31 + float64(i)*96})
	}
	b.blob(thin(black, 0.3), pt{x - 330, y + 30}, pt{x - 200, y - 190}, pt{x + 100, y - 200}, pt{x + 320, y + 10}, pt{x + 250, y + 200}, pt{x - 200, y + 230})
	crust := rgb(0xa9622c)
	b.blob(crust, pt{x - 350, y + 10}, pt{x - 210, y - 220}, pt{x + 90, y - 230}, pt{x + 300, y - 20}, pt{x + 230, y + 160}, pt{x - 210, y + 190})
	b.blob(rgb(0xc98244), pt{x - 300, y - 10}, pt{x - 190, y - 190}, pt{x + 60, y - 200}, pt{x + 190, y - 110}, pt{x - 40, y - 60}, pt{x - 180, y + 60})
	for i := range 4 { // the scores, floured
		sx := x - 210 + float64(i)*112
		b.line(rgb(0x6e3a17), 30, pt{sx - 30, y + 30}, pt{sx + 8, y - 60}, pt{sx + 74, y - 150})
		b.line(rgb(0xf0dfbd), 17, pt{sx - 26, y + 20}, pt{sx + 10, y - 62}, pt{sx + 70, y - 142})
	}
	for range 90 {
		b.disc(thin(white, 0.4), x+b.between(-300, 240), y+b.between(-210, 150), b.between(1.5, 4))
	}
	sx, sy := x+30, y+310 // a slice
	b.blob(crust, pt{sx - 240, sy + 40}, pt{sx - 200, sy - 110}, pt{sx, sy - 150}, pt{sx + 210, sy - 100}, pt{sx + 250, sy + 50}, pt{sx, sy + 80})
	b.blob(rgb(0xf0d9ae), pt{sx - 212, sy + 26}, pt{sx - 178, sy - 92}, pt{sx, sy - 126}, pt{sx + 186, sy - 82}, pt{sx + 220, sy + 34}, pt{sx, sy + 56})
	for range 40 {
		b.ellipse(rgb(0xd9b680), sx+b.between(-170, 170), sy+b.between(-80, 34), b.between(5, 19), b.between(4, 12))
	}
	b.stroke(rgb(0x3a2a20), 40, pt{b.w - 90, b.h * 0.98}, pt{b.w - 130, b.h * 0.84})
	b.poly(rgb(0xcfd3d3), pt{b.w - 154, b.h * 0.84}, pt{b.w - 106, b.h * 0.835}, pt{b.w - 180, b.h * 0.5}, pt{b.w - 212, b.h * 0.52})
}

// rail is a clothes rail: 1 jumpers and a hat, 2 coats of different lengths.
func rail(b *brush, variant int) {
	if variant == 2 {
		coats(b)
		return
	}
	b.fade(rgb(0xe9dfcf), rgb(0xdccdb6), 0, b.h)
	b.rect(rgb(0xc2ab8a), 0, b.h*0.88, b.w, b.h*0.12)
	b.stroke(rgb(0x7d5a3c), 22, pt{40, 130}, pt{960, 130})
	colours := []color.NRGBA{rgb(0xb85c46), rgb(0x5f7d6e), rgb(0xe0b45c), rgb(0x6b7f99)}
	for i, c := range colours {
		jumper(b, 150+float64(i)*210, 130, c, i)
	}
	x, y := 884.0, 700.0 // the hat on its hook, with a ball
	b.stroke(rgb(0x6b4a30), 12, pt{x, y - 120}, pt{x, y - 60})
	b.dome(rgb(0xa34a6a), x, y+70, 104, 150)
	b.box(rgb(0x8a3d5a), x-112, y+56, 224, 56, 22)
	for i := range 9 {
		b.stroke(mix(rgb(0xa34a6a), white, 0.2), 4, pt{x - 90 + float64(i)*22, y + 52}, pt{x - 50 + float64(i)*12, y - 60})
	}
	b.disc(rgb(0xf0dcc9), x, y-84, 34)
	b.disc(rgb(0x5f7d6e), 110, 850, 60) // a ball of wool and two needles
	for i := range 6 {
		b.line(rgb(0x7d9b8b), 5, pt{58 + float64(i)*8, 830}, pt{110, 800 + float64(i)*16}, pt{162, 834 + float64(i)*8})
	}
	b.stroke(rgb(0xd9c29a), 9, pt{60, 930}, pt{230, 770})
	b.stroke(rgb(0xd9c29a), 9, pt{150, 940}, pt{60, 760})
}

// hanger hangs from (x, y), w to each side.
func hanger(b *brush, x, y, w float64) {
	b.line(rgb(0x6b5b4d), 8, pt{x, y - 8}, pt{x + 18, y - 24}, pt{x + 4, y + 8}, pt{x, y + 40})
	b.line(rgb(0x9a7350), 12, pt{x - w, y + 80}, pt{x, y + 38}, pt{x + w, y + 80})
}

func jumper(b *brush, x, y float64, c color.NRGBA, kind int) {
	hanger(b, x, y, 86)
	h := 400 + float64(kind%2)*50
	b.blob(thin(black, 0.12), pt{x - 98, y + 96}, pt{x + 130, y + 96}, pt{x + 112, y + h + 18}, pt{x - 84, y + h + 18})
	for _, side := range []float64{-1, 1} { // sleeves
		b.poly(mix(c, black, 0.14), pt{x + side*60, y + 70}, pt{x + side*108, y + 110}, pt{x + side*128, y + h*0.82}, pt{x + side*84, y + h*0.84}, pt{x + side*70, y + 190})
		b.box(mix(c, black, 0.25), x+side*106-26, y+h*0.8, 52, 36, 10)
	}
	b.poly(c, pt{x - 86, y + 78}, pt{x - 34, y + 58}, pt{x + 34, y + 58}, pt{x + 86, y + 78}, pt{x + 88, y + h}, pt{x - 88, y + h})
	b.box(mix(c, black, 0.2), x-90, y+h-26, 180, 46, 12)
	b.bowl(mix(c, black, 0.3), x, y+56, 36, 30)
	switch kind {
	case 0:
		for i := range 5 {
			b.rect(mix(c, white, 0.5), x-86, y+150+float64(i)*52, 172, 14)
		}
	case 1:
		for i := range 4 { // cables
			for k := range 5 {
				b.ellipse(mix(c, white, 0.22), x-60+float64(i)*40, y+150+float64(k)*56, 11, 24)
			}
		}
	case 2:
		for i := range 6 {
			for k := range 4 {
				b.poly(mix(c, rgb(0x9a4a2c), 0.7), pt{x - 66 + float64(k)*40, y + 150 + float64(i)*46}, pt{x - 50 + float64(k)*40, y + 132 + float64(i)*46}, pt{x - 34 + float64(k)*40, y + 150 + float64(i)*46}, pt{x - 50 + float64(k)*40, y + 168 + float64(i)*46})
			}
		}
	default:
		b.box(mix(c, white, 0.3), x-24, y+200, 90, 90, 8)
	}
}

func coats(b *brush) {
	b.fade(rgb(0xd6dcd8), rgb(0xbcc7c4), 0, b.h*0.86)
	b.poly(thin(white, 0.35), pt{b.w * 0.5, 0}, pt{b.w * 0.9, 0}, pt{b.w * 0.5, b.h * 0.86}, pt{b.w * 0.06, b.h * 0.86})
	b.fade(rgb(0xa78d6c), rgb(0x8f7555), b.h*0.86, b.h*0.14)
	y := b.h * 0.14
	b.stroke(rgb(0x2f3335), 16, pt{60, y}, pt{b.w - 60, y})
	b.stroke(rgb(0x2f3335), 16, pt{80, y}, pt{80, b.h * 0.93})
	b.stroke(rgb(0x2f3335), 16, pt{b.w - 80, y}, pt{b.w - 80, b.h * 0.93})
	for i, s := range []struct {
		c color.NRGBA
		h float64
	}{{rgb(0xb98d5f), 0.66}, {rgb(0x6f767b), 0.54}, {rgb(0x2f3d52), 0.6}, {rgb(0x8c4a41), 0.47}} {
		x, h := 210+float64(i)*196, b.h*s.h
		hanger(b, x, y, 84)
		b.poly(thin(black, 0.16), pt{x - 64, y + 90}, pt{x + 120, y + 90}, pt{x + 136, y + h + 14}, pt{x - 84, y + h + 14})
		for _, side := range []float64{-1, 1} {
			b.poly(mix(s.c, black, 0.18), pt{x + side*60, y + 74}, pt{x + side*106, y + 120}, pt{x + side*116, y + h*0.62}, pt{x + side*72, y + h*0.63}, pt{x + side*64, y + 220})
		}
		b.poly(s.c, pt{x - 84, y + 82}, pt{x - 30, y + 56}, pt{x + 30, y + 56}, pt{x + 84, y + 82}, pt{x + 100, y + h}, pt{x - 100, y + h})
		b.rect(mix(s.c, black, 0.22), x-3, y+150, 6, h-150)
		b.poly(mix(s.c, white, 0.14), pt{x - 34, y + 58}, pt{x, y + 200}, pt{x - 70, y + 160})
		b.poly(mix(s.c, white, 0.14), pt{x + 34, y + 58}, pt{x, y + 200}, pt{x + 70, y + 160})
		b.poly(rgb(0xf0ebe0), pt{x - 28, y + 56}, pt{x + 28, y + 56}, pt{x, y + 170})
		for k := range 3 {
			b.disc(mix(s.c, black, 0.4), x+18, y+230+float64(k)*90, 9)
		}
		b.rect(mix(s.c, black, 0.2), x-78, y+h*0.62, 58, 14)
		b.rect(mix(s.c, black, 0.2), x+20, y+h*0.62, 58, 14)
	}
	for i := range 8 { // the tape somebody measures with
		b.rect(rgb(0xf2d25c), b.w*0.93-20, b.h*0.2+float64(i)*56, 34, 56)
		b.rect(rgb(0x6b5a1c), b.w*0.93-20, b.h*0.2+float64(i)*56, 18, 5)
	}
	for i := range 2 {
		bx := b.w * (0.3 + 0.36*float64(i))
		b.poly(b.one(rgb(0x4a352a), rgb(0x23262b)), append(smooth(false, pt{bx, b.h * 0.92}, pt{bx + 8, b.h * 0.86}, pt{bx + 70, b.h * 0.885}, pt{bx + 120, b.h * 0.92}), pt{bx, b.h * 0.92})...)
	}
}
