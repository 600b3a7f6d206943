package demo

import (
	"image/color"
	"math"
)

// The scenes of a street: its corners, and its windows from both sides.

// corner is a street: 1 somebody with a red scarf, 2 an old corner with a bicycle, 3 a
// stairwell.
func corner(b *brush, variant int) {
	switch variant {
	case 2:
		bicycleCorner(b)
	case 3:
		stairwell(b)
	default:
		scarfCorner(b)
	}
}

func scarfCorner(b *brush) {
	b.fade(rgb(0xc4ccd2), rgb(0xdfe0dc), 0, b.h)
	b.rect(rgb(0x9a9c9b), 0, 0, b.w*0.66, b.h*0.8)
	for range 50 { // the wall's patches
		b.rect(thin(b.one(rgb(0x8b8d8c), rgb(0xa8aaa8), rgb(0x919391)), 0.6), b.w*b.between(-0.05, 0.62), b.h*b.between(0, 0.78), b.between(40, 120), b.between(16, 34))
	}
	for i := range 3 {
		x, y := b.w*0.06+float64(i)*190, b.h*0.08
		b.rect(rgb(0x5c5450), x, y, 132, 190)
		b.rect(rgb(0xb9c6c9), x+12, y+12, 108, 166)
		b.rect(rgb(0x5c5450), x+62, y+12, 8, 166)
		b.rect(rgb(0x716863), x-10, y+190, 152, 16)
	}
	b.rect(rgb(0x6f6a66), b.w*0.66, b.h*0.1, b.w*0.34, b.h*0.66)
	b.poly(rgb(0x47443f), pt{b.w * 0.62, b.h * 0.1}, pt{b.w * 1.02, b.h * 0.03}, pt{b.w * 1.02, b.h * 0.1})
	b.rect(rgb(0x3f6b5c), b.w*0.74, b.h*0.44, 170, b.h*0.33)
	b.rect(rgb(0x2f5347), b.w*0.74+80, b.h*0.44, 10, b.h*0.33)
	b.fade(rgb(0xb7b2a8), rgb(0x9b968c), b.h*0.76, b.h*0.24)
	b.rect(rgb(0x86827a), 0, b.h*0.76, b.w, 14)
	for i := range 7 {
		b.stroke(thin(rgb(0x827d73), 0.7), 4, pt{b.w * (float64(i)/6*1.4 - 0.2), b.h}, pt{b.w * (0.3 + 0.4*float64(i)/6), b.h * 0.775})
	}
	b.rect(rgb(0x3a3834), b.w*0.6, b.h*0.16, 16, b.h*0.64)
	b.dome(rgb(0x3a3834), b.w*0.6-52, b.h*0.19, 54, 34)
	b.disc(rgb(0xfff1c4), b.w*0.6-52, b.h*0.193, 20)
	x, y := b.w*0.38, b.h*0.9
	b.ellipse(thin(black, 0.25), x+30, y, 120, 16)
	b.stroke(rgb(0x26282d), 34, pt{x - 20, y - 190}, pt{x - 54, y - 10})
	b.stroke(rgb(0x1f2126), 34, pt{x + 18, y - 190}, pt{x + 60, y - 16})
	b.blob(rgb(0x2f5a48), pt{x - 74, y - 170}, pt{x - 66, y - 330}, pt{x - 24, y - 400}, pt{x + 30, y - 400}, pt{x + 66, y - 330}, pt{x + 76, y - 170})
	b.stroke(rgb(0x274b3c), 34, pt{x + 50, y - 350}, pt{x + 96, y - 230})
	b.disc(rgb(0xe0b18c), x+6, y-452, 46)
	b.blob(rgb(0x241d1b), pt{x - 48, y - 420}, pt{x - 46, y - 490}, pt{x + 6, y - 512}, pt{x + 46, y - 482}, pt{x + 8, y - 476}, pt{x - 14, y - 440})
	b.line(rgb(0xc9302c), 44, pt{x - 40, y - 402}, pt{x + 4, y - 388}, pt{x + 46, y - 404})
	b.line(rgb(0xd8433a), 36, pt{x - 36, y - 396}, pt{x - 120, y - 370}, pt{x - 176, y - 402}, pt{x - 250, y - 366})
}

func bicycleCorner(b *brush) {
	b.fade(rgb(0xf0dfbe), rgb(0xe6c99a), 0, b.h*0.7)
	b.rect(rgb(0xd99a6a), 0, b.h*0.1, b.w*0.52, b.h*0.62)
	b.rect(rgb(0xc17f52), b.w*0.52, b.h*0.18, b.w*0.48, b.h*0.54)
	b.poly(rgb(0x8a4f35), pt{-20, b.h * 0.1}, pt{b.w * 0.5, b.h * 0.02}, pt{b.w * 0.56, b.h * 0.1})
	for i := range 2 {
		x := b.w*0.07 + float64(i)*230
		b.rect(rgb(0x6a3d2a), x, b.h*0.2, 150, 220)
		b.rect(rgb(0xf7e6ba), x+14, b.h*0.2+14, 122, 192)
		b.rect(rgb(0x6a3d2a), x+70, b.h*0.2, 10, 220)
		for k := range 5 {
			b.disc(b.one(rgb(0x4e7d4a), rgb(0x6a9756)), x+10+float64(k)*32, b.h*0.2+226, 24)
		}
	}
	b.rect(rgb(0x4c3527), b.w*0.68, b.h*0.38, 200, b.h*0.34)
	for i := range 6 {
		b.rect(rgb(0x5d4332), b.w*0.68+10+float64(i)*32, b.h*0.39, 20, b.h*0.33)
	}
	b.poly(rgb(0x2f6f73), pt{b.w * 0.62, b.h * 0.38}, pt{b.w * 0.95, b.h * 0.38}, pt{b.w * 0.98, b.h * 0.45}, pt{b.w * 0.59, b.h * 0.45})
	b.poly(thin(rgb(0x7a4a2a), 0.35), pt{0, b.h * 0.72}, pt{b.w * 0.3, b.h * 0.72}, pt{b.w * 0.62, b.h * 0.18}, pt{b.w * 0.52, b.h * 0.1}, pt{0, b.h * 0.5})
	b.fade(rgb(0xcdb592), rgb(0xa98f6c), b.h*0.72, b.h*0.28)
	for i := range 26 {
		y := b.h*0.74 + float64(i/4)*46
		b.ellipse(thin(rgb(0x8d7454), 0.4), b.w*b.Float64(), y, b.between(40, 90), 8)
	}
	x, y := b.w*0.3, b.h*0.84
	frame, tyre := rgb(0x23423c), rgb(0x2b2522)
	for _, d := range []float64{-130, 140} {
		b.ellipse(tyre, x+d, y, 92, 92)
		b.ellipse(rgb(0xc4ab86), x+d, y, 80, 80)
		for k := range 6 {
			sin, cos := math.Sincos(float64(k) * math.Pi / 6)
			b.stroke(rgb(0x6f6455), 3, pt{x + d - 80*cos, y - 80*sin}, pt{x + d + 80*cos, y + 80*sin})
		}
	}
	b.stroke(frame, 12, pt{x - 130, y}, pt{x - 50, y - 130}, pt{x + 100, y - 130})
	b.stroke(frame, 12, pt{x - 50, y - 130}, pt{x, y}, pt{x - 130, y})
	b.stroke(frame, 12, pt{x, y}, pt{x + 100, y - 130}, pt{x + 140, y})
	b.stroke(frame, 10, pt{x + 100, y - 130}, pt{x + 92, y - 178}, pt{x + 150, y - 190})
	b.stroke(frame, 10, pt{x - 50, y - 130}, pt{x - 60, y - 164})
	b.box(rgb(0x6b3f2a), x-104, y-184, 84, 24, 12)
	b.poly(rgb(0xb88a52), pt{x + 112, y - 176}, pt{x + 208, y - 176}, pt{x + 192, y - 98}, pt{x + 126, y - 98})
	for i := range 5 {
		b.disc(b.one(rgb(0xe2604a), rgb(0xf2c14e), rgb(0xe98aa0)), x+122+float64(i)*19, y-188+b.between(-14, 10), 16)
	}
}

func stairwell(b *brush) {
	b.fade(rgb(0xdcd8cb), rgb(0xcfc9b8), 0, b.h)
	b.rect(rgb(0x8fae9c), 0, b.h*0.52, b.w, b.h*0.3)
	b.rect(rgb(0x7c9a89), 0, b.h*0.52, b.w, 10)
	b.poly(rgb(0xb3ada0), pt{0, b.h * 0.82}, pt{b.w, b.h * 0.82}, pt{b.w, b.h}, pt{0, b.h})
	for i := range 8 {
		b.stroke(thin(rgb(0x97917f), 0.8), 4, pt{b.w * (float64(i)/7*1.5 - 0.25), b.h}, pt{b.w * float64(i) / 7, b.h * 0.82})
	}
	x := b.w * 0.12 // the door
	b.rect(rgb(0x5a4634), x-22, b.h*0.2, 384, b.h*0.62)
	b.rect(rgb(0x7d5f45), x, b.h*0.215, 340, b.h*0.605)
	for i := range 2 {
		b.rect(rgb(0x6d523b), x+40, b.h*0.26+float64(i)*b.h*0.27, 260, b.h*0.22)
	}
	b.disc(rgb(0xd9b35a), x+306, b.h*0.54, 16)
	b.box(rgb(0xefe7d2), x+128, b.h*0.235, 84, 40, 6)
	b.poly(rgb(0xc9463a), pt{x + 110, b.h * 0.31}, pt{x + 170, b.h*0.31 - 60}, pt{x + 230, b.h * 0.31}, pt{x + 170, b.h*0.31 + 60})
	cx, cy := b.w*0.56, b.h*0.56 // the cabinet in the way
	b.poly(thin(black, 0.18), pt{cx - 20, b.h * 0.88}, pt{cx + 400, b.h * 0.88}, pt{cx + 440, b.h * 0.92}, pt{cx - 40, b.h * 0.92})
	b.rect(rgb(0xb98d5d), cx, cy, 390, b.h*0.33)
	for i := range 3 {
		y := cy + 24 + float64(i)*(b.h*0.33-24)/3
		b.rect(rgb(0x7d5a37), cx+18, y, 354, b.h*0.085)
		for k := range 3 {
			c := b.one(rgb(0x31454f), rgb(0xa8453a), rgb(0xe5ddcc), rgb(0x3d3a38), rgb(0x6d8c7a))
			sx := cx + 36 + float64(k)*112
			b.poly(c, append(smooth(false, pt{sx, y + b.h*0.083}, pt{sx + 6, y + 46}, pt{sx + 40, y + 44}, pt{sx + 60, y + 74}, pt{sx + 92, y + b.h*0.083}), pt{sx, y + b.h*0.083})...)
		}
	}
	for i, c := range []color.NRGBA{rgb(0x2f5d7a), rgb(0xd6a03a)} { // two umbrellas
		ux := cx - 44 - float64(i)*46
		b.poly(c, pt{ux - 16, b.h * 0.6}, pt{ux + 16, b.h * 0.6}, pt{ux + 4, b.h * 0.86}, pt{ux - 4, b.h * 0.86})
		b.line(rgb(0x4a3526), 9, pt{ux, b.h * 0.6}, pt{ux, b.h * 0.55}, pt{ux + 20, b.h * 0.54})
	}
	b.glow(rgb(0xfff3d0), b.w*0.5, 20, 620, 0.5)
	b.dome(rgb(0xf7f0dc), b.w*0.5, 40, 84, 40)
}

// window looks out or in: 1 a café's, 2 a flower shop's in the rain, 3 a dim room's.
func window(b *brush, variant int) {
	switch variant {
	case 2:
		rainyWindow(b)
	case 3:
		dimRoom(b)
	default:
		cafeWindow(b)
	}
}

func cafeWindow(b *brush) {
	b.fade(rgb(0x6b4a36), rgb(0x543827), 0, b.h)
	x, y, w, h := b.w*0.12, b.h*0.07, b.w*0.76, b.h*0.56
	b.rect(rgb(0x3b2619), x-26, y-26, w+52, h+52)
	b.rect(rgb(0xdfe8df), x, y, w, h)
	b.rect(rgb(0xcbbfa6), x, y+h*0.18, w*0.34, h*0.82) // the alley
	b.rect(rgb(0xb7a88c), x+w*0.62, y, w*0.38, h)
	b.poly(rgb(0x5d6b6a), pt{x, y + h*0.18}, pt{x + w*0.36, y + h*0.22}, pt{x + w*0.36, y + h*0.27}, pt{x, y + h*0.25})
	for i := range 3 {
		b.rect(rgb(0x6d5a45), x+w*0.7, y+h*(0.08+0.26*float64(i)), w*0.16, h*0.17)
		b.rect(rgb(0xa9bdbd), x+w*0.715, y+h*(0.09+0.26*float64(i)), w*0.13, h*0.15)
	}
	b.poly(rgb(0xb0a48f), pt{x + w*0.34, y + h}, pt{x + w*0.46, y + h*0.6}, pt{x + w*0.52, y + h*0.6}, pt{x + w*0.62, y + h})
	b.line(rgb(0x50453a), 4, pt{x, y + h*0.3}, pt{x + w*0.4, y + h*0.36}, pt{x + w*0.62, y + h*0.3})
	for i := range 4 { // blue cloths on the line
		cx := x + w*0.06 + float64(i)*w*0.14
		b.poly(b.one(rgb(0x33587d), rgb(0x274766), rgb(0x4a739a)), pt{cx, y + h*0.33}, pt{cx + w*0.11, y + h*0.345}, pt{cx + w*0.105, y + h*0.58}, pt{cx + 6, y + h*0.56})
	}
	for range 20 {
		b.disc(b.one(rgb(0x5d8a55), rgb(0x76a066), rgb(0x47713f)), x+w*b.between(0.4, 0.64), y+h*b.between(0.0, 0.2), b.between(22, 54))
	}
	b.rect(rgb(0x624431), x, y-120, w, 94) // leaves end at the frame
	b.rect(rgb(0x3b2619), x-26, y-26, w+52, 26)
	b.rect(rgb(0x3b2619), x+w*0.48, y, 16, h)
	b.rect(rgb(0x3b2619), x, y+h*0.4, w, 14)
	b.poly(thin(white, 0.16), pt{x + w*0.1, y}, pt{x + w*0.3, y}, pt{x + w*0.06, y + h}, pt{x - 0, y + h}, pt{x, y + h*0.4})
	b.rect(rgb(0x3b2619), x-50, y+h+20, w+100, 30)
	b.glow(rgb(0xffe6b8), b.w*0.5, y+h*0.6, 700, 0.28)
	b.poly(rgb(0xc08a58), pt{-20, b.h * 0.8}, pt{b.w + 20, b.h * 0.76}, pt{b.w + 20, b.h}, pt{-20, b.h})
	b.poly(rgb(0xd39e6a), pt{-20, b.h * 0.8}, pt{b.w + 20, b.h * 0.76}, pt{b.w + 20, b.h * 0.775}, pt{-20, b.h * 0.815})
	b.poly(thin(rgb(0xffe9c2), 0.35), pt{b.w * 0.3, b.h * 0.792}, pt{b.w * 0.74, b.h * 0.777}, pt{b.w * 0.9, b.h}, pt{b.w * 0.16, b.h})
	latte(b, b.w*0.4, b.h*0.885)
	b.ellipse(thin(rgb(0x5a371c), 0.35), b.w*0.77+10, b.h*0.9+16, 128, 30)
	b.ellipse(rgb(0xe9e1cf), b.w*0.77, b.h*0.9, 128, 34)
	b.poly(rgb(0xe6b565), pt{b.w*0.77 - 60, b.h*0.9 - 10}, pt{b.w*0.77 + 76, b.h*0.9 - 26}, pt{b.w*0.77 + 70, b.h*0.9 - 84}, pt{b.w*0.77 - 56, b.h*0.9 - 66})
	b.poly(rgb(0x6e4323), pt{b.w*0.77 - 60, b.h*0.9 - 66}, pt{b.w*0.77 + 74, b.h*0.9 - 84}, pt{b.w*0.77 + 30, b.h*0.9 - 108}, pt{b.w*0.77 - 40, b.h*0.9 - 92})
}

// latte is a cup on a saucer about its middle.
func latte(b *brush, x, y float64) {
	b.ellipse(thin(rgb(0x5a371c), 0.4), x+14, y+44, 190, 44)
	b.ellipse(rgb(0xf2ebdd), x, y+28, 186, 46)
	b.ellipse(rgb(0xd9cfbc), x, y+26, 150, 34)
	b.line(rgb(0xf2ebdd), 24, pt{x + 110, y - 60}, pt{x + 176, y - 50}, pt{x + 160, y + 6}, pt{x + 96, y + 12})
	b.poly(rgb(0xfaf5ea), append(oval(x, y-80, 132, 40, math.Pi, 0), smooth(false, pt{x + 132, y - 80}, pt{x + 112, y}, pt{x + 60, y + 34}, pt{x - 60, y + 34}, pt{x - 112, y}, pt{x - 132, y - 80})...)...)
	b.ellipse(rgb(0xfaf5ea), x, y-80, 132, 40)
	b.ellipse(rgb(0xa86b3c), x, y-78, 116, 32)
	b.blob(rgb(0xf3e2c4), pt{x, y - 54}, pt{x - 56, y - 80}, pt{x - 26, y - 100}, pt{x, y - 90}, pt{x + 26, y - 100}, pt{x + 56, y - 80})
}

func rainyWindow(b *brush) {
	b.fade(rgb(0x5e7480), rgb(0x47595f), 0, b.h)
	b.rect(rgb(0x35524a), 0, 0, b.w, b.h*0.16)
	for i := range 10 {
		b.rect(b.one(rgb(0xe9e0cc), rgb(0xe9e0cc), rgb(0xdcd2bc)), float64(i)*b.w/10, b.h*0.1, b.w/20, b.h*0.09)
		b.dome(rgb(0xe9e0cc), float64(i)*b.w/10+b.w/40, b.h*0.19, b.w/40, -22)
		b.rect(rgb(0x7fa38f), float64(i)*b.w/10+b.w/20, b.h*0.1, b.w/20, b.h*0.09)
		b.dome(rgb(0x7fa38f), float64(i)*b.w/10+b.w*3/40, b.h*0.19, b.w/40, -22)
	}
	x, y, w, h := b.w*0.1, b.h*0.24, b.w*0.8, b.h*0.58
	b.rect(rgb(0x2c3f3a), x-20, y-20, w+40, h+40)
	b.fade(rgb(0xf3dcae), rgb(0xe3bf85), y, h)
	b.rect(rgb(0x47595f), 0, y, x-20, h)
	b.rect(rgb(0x47595f), x+w+20, y, b.w-x-w, h)
	b.rect(rgb(0x2c3f3a), x-20, y-20, 20, h+40)
	b.rect(rgb(0x2c3f3a), x+w, y-20, 20, h+40)
	b.glow(rgb(0xfff0c8), b.w*0.5, y+h*0.2, 460, 0.7)
	b.rect(rgb(0x8a5d3b), x, y+h*0.84, w, h*0.16)
	for i := range 4 {
		bucket(b, x+w*(0.14+0.24*float64(i)), y+h*0.86, b.between(0.8, 1.05), i)
	}
	b.disc(rgb(0x3c2b20), b.w*0.5, y, 8)
	b.poly(rgb(0x2c3f3a), pt{b.w*0.5 - 60, y + 80}, pt{b.w*0.5 + 60, y + 80}, pt{b.w*0.5 + 28, y + 24}, pt{b.w*0.5 - 28, y + 24})
	b.disc(rgb(0xfff6d6), b.w*0.5, y+84, 24)
	b.fade(rgb(0x52646a), rgb(0x394a50), b.h*0.86, b.h*0.14)
	for range 34 {
		b.ellipse(thin(rgb(0xf0d5a0), 0.22), b.w*b.Float64(), b.h*b.between(0.88, 0.99), b.between(30, 120), 5)
	}
	for range 130 { // rain
		x, y, l := b.w*b.Float64(), b.h*b.Float64(), b.between(30, 90)
		b.stroke(thin(rgb(0xdfe9ec), b.between(0.15, 0.4)), 2.6, pt{x, y}, pt{x - l*0.18, y + l})
	}
	for range 40 {
		b.ellipse(thin(white, 0.28), x+w*b.Float64(), y+h*b.Float64(), 4, b.between(5, 11))
	}
}

// bucket of flowers standing on y.
func bucket(b *brush, x, y, s float64, kind int) {
	colours := [][]color.NRGBA{
		{rgb(0xe2604a), rgb(0xf08a70)}, {rgb(0xf2c14e), rgb(0xf7dc8a)}, {rgb(0xb28cc4), rgb(0x9270ab)}, {rgb(0xf3e9e4), rgb(0xe9a9b4)},
	}[kind%4]
	for range 12 {
		fx, fy := x+b.between(-84, 84)*s, y-b.between(170, 330)*s
		b.line(rgb(0x4d7a48), 6*s, pt{x + (fx-x)*0.3, y - 90*s}, pt{x + (fx-x)*0.7, (y - 120*s + fy) / 2}, pt{fx, fy})
	}
	for range 8 {
		b.ellipse(b.one(rgb(0x4d7a48), rgb(0x699a5c), rgb(0x3b6540)), x+b.between(-80, 80)*s, y-b.between(120, 220)*s, 24*s, 40*s)
	}
	for range 16 {
		fx, fy, r := x+b.between(-92, 92)*s, y-b.between(180, 350)*s, b.between(22, 38)*s
		b.disc(colours[b.IntN(2)], fx, fy, r)
		b.disc(mix(colours[0], black, 0.15), fx, fy, r*0.45)
		b.disc(mix(colours[1], white, 0.3), fx-r*0.2, fy-r*0.2, r*0.2)
	}
	c := rgb(0x8aa0a3)
	b.poly(c, pt{x - 78*s, y - 130*s}, pt{x + 78*s, y - 130*s}, pt{x + 60*s, y}, pt{x - 60*s, y})
	b.poly(mix(c, black, 0.16), pt{x + 20*s, y - 130*s}, pt{x + 78*s, y - 130*s}, pt{x + 60*s, y}, pt{x + 16*s, y})
	b.rect(mix(c, white, 0.3), x-82*s, y-138*s, 164*s, 16*s)
}

func dimRoom(b *brush) {
	b.fade(rgb(0x8a7460), rgb(0x5e4c3f), 0, b.h*0.7)
	b.fade(rgb(0x6d4d36), rgb(0x4c3527), b.h*0.7, b.h*0.3)
	x, y, w, h := b.w*0.52, b.h*0.1, b.w*0.36, b.h*0.4
	b.rect(rgb(0x3d2c20), x-18, y-18, w+36, h+36)
	b.rect(rgb(0xf4ddb0), x, y, w, h)
	for i := range 14 { // blinds
		b.rect(rgb(0xb99a70), x, y+float64(i)*h/14, w, h/14*0.55)
	}
	b.poly(thin(rgb(0xffe7b5), 0.16), pt{x, y}, pt{x + w, y}, pt{x + w*0.4, b.h}, pt{-100, b.h})
	b.glow(rgb(0xffdf9f), b.w*0.2, b.h*0.44, 430, 0.8)
	b.rect(rgb(0x3d2c20), b.w*0.2-5, b.h*0.46, 10, b.h*0.26)
	b.poly(rgb(0xfff0cc), pt{b.w*0.2 - 66, b.h * 0.38}, pt{b.w*0.2 + 66, b.h * 0.38}, pt{b.w*0.2 + 104, b.h * 0.47}, pt{b.w*0.2 - 104, b.h * 0.47})
	b.ellipse(rgb(0x3d2c20), b.w*0.2, b.h*0.72, 74, 14)
	b.box(rgb(0xcdb89a), b.w*0.3, b.h*0.7, b.w*0.62, 130, 30) // the couch
	b.box(rgb(0xe5d6bd), b.w*0.3, b.h*0.66, b.w*0.62, 90, 36)
	b.box(rgb(0xf3ebdb), b.w*0.74, b.h*0.61, 190, 92, 40)
	b.poly(rgb(0x8fa58b), append(smooth(false, pt{b.w * 0.34, b.h * 0.665}, pt{b.w * 0.5, b.h * 0.64}, pt{b.w * 0.66, b.h * 0.665}), pt{b.w * 0.66, b.h * 0.78}, pt{b.w * 0.34, b.h * 0.78})...)
	b.rect(rgb(0x3b291d), b.w*0.33, b.h*0.7+128, 26, 80)
	b.rect(rgb(0x3b291d), b.w*0.87, b.h*0.7+128, 26, 80)
	for i := range 5 {
		a := -0.9 + 0.45*float64(i)
		b.line(rgb(0x4a6d4b), 16, pt{b.w * 0.92, b.h * 0.92}, pt{b.w*0.92 + 60*a, b.h * 0.84}, pt{b.w*0.92 + 150*a, b.h*0.8 + 50*math.Abs(a)})
	}
	b.box(rgb(0x9c5a3f), b.w*0.92-60, b.h*0.91, 120, 110, 14)
}
