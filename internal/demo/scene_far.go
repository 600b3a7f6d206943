package demo

import (
	"image/color"
	"math"
)

// The scenes far away: water, roads, streets and maps.

// lake is water under mountains: 1 at dusk, 2 from a train, 3 a beach at low tide, 4 blue
// under snow.
func lake(b *brush, variant int) {
	switch variant {
	case 2:
		river(b)
	case 3:
		beach(b)
	case 4:
		snowLake(b)
	default:
		duskLake(b)
	}
}

func duskLake(b *brush) {
	horizon := b.h * 0.52
	b.fade(rgb(0x4d4a78), rgb(0xf2b27c), 0, horizon)
	b.glow(rgb(0xffe2a8), b.w*0.64, horizon-40, 460, 0.9)
	b.disc(rgb(0xfff0c9), b.w*0.64, horizon-96, 58)
	for i := range 3 {
		y := horizon*0.28 + float64(i)*92
		b.ellipse(thin(rgb(0xf7c9a0), 0.35), b.w*b.between(0.1, 0.9), y, b.between(180, 340), 15)
	}
	b.peaks(rgb(0x8b6f92), horizon-290, horizon-90, horizon, 3)
	b.peaks(rgb(0x5f5479), horizon-190, horizon-40, horizon, 4)
	b.ridge(rgb(0x3d3b5c), horizon, horizon-60, horizon-88, horizon-30, horizon-52, horizon-96, horizon-40)
	b.fade(rgb(0xd79a80), rgb(0x3b3f66), horizon, b.h-horizon)
	for i := range 46 { // the hills' reflection, broken by ripples, and the sun's path
		y := horizon + 8 + math.Pow(float64(i)/46, 1.5)*(b.h-horizon)
		b.ellipse(thin(rgb(0x3d3b5c), 0.34), b.w*b.between(0, 1), y, b.between(90, 300), 3+float64(i)/12)
		b.ellipse(thin(rgb(0xffe6b5), 0.55), b.w*0.64+b.between(-60, 60), y, b.between(16, 70), 2+float64(i)/16)
	}
	boat(b, b.w*0.3, b.h*0.74, 1)
	reeds(b, rgb(0x24263f), 22, 0, b.w*0.26)
	reeds(b, rgb(0x24263f), 10, b.w*0.86, b.w)
	b.line(thin(rgb(0xfff0d0), 0.8), 4, pt{b.w - 150, b.h - 46}, pt{b.w - 128, b.h - 70}, pt{b.w - 108, b.h - 40}, pt{b.w - 84, b.h - 64}, pt{b.w - 56, b.h - 48})
}

func boat(b *brush, x, y, s float64) {
	dark := rgb(0x2a2338)
	b.ellipse(thin(dark, 0.4), x, y+26*s, 120*s, 8*s)
	b.poly(dark, pt{x - 120*s, y - 12*s}, pt{x + 128*s, y - 16*s}, pt{x + 88*s, y + 22*s}, pt{x - 84*s, y + 22*s})
	b.stroke(dark, 6*s, pt{x - 8*s, y}, pt{x - 2*s, y - 96*s})
	b.disc(dark, x-2*s, y-104*s, 17*s)
	b.poly(dark, pt{x - 34*s, y - 10*s}, pt{x - 18*s, y - 86*s}, pt{x + 16*s, y - 86*s}, pt{x + 26*s, y - 10*s})
	b.stroke(dark, 5*s, pt{x + 10*s, y - 66*s}, pt{x + 110*s, y + 30*s})
}

// reeds stand at the foot of the picture between two x.
func reeds(b *brush, c color.NRGBA, n int, from, to float64) {
	for range n {
		x, top := b.between(from, to), b.h-b.between(90, 300)
		lean := b.between(-40, 40)
		b.line(c, 6, pt{x, b.h}, pt{x + lean*0.4, (b.h + top) / 2}, pt{x + lean, top})
		b.ellipse(c, x+lean, top-18, 8, 30)
	}
}

// river is seen through a train's window.
func river(b *brush) {
	horizon := b.h * 0.44
	b.fade(rgb(0x9fc5cf), rgb(0xf1ead0), 0, horizon)
	b.peaks(rgb(0x9db9b6), horizon-220, horizon-60, horizon, 3)
	b.ridge(rgb(0x6f9a84), horizon+10, horizon-70, horizon-130, horizon-50, horizon-90, horizon-40)
	b.fade(rgb(0x86ab6c), rgb(0x567f4c), horizon, b.h-horizon)
	b.poly(rgb(0x9cc6d2), append(smooth(false, pt{b.w * 0.62, horizon}, pt{b.w * 0.5, horizon + 90}, pt{b.w * 0.66, horizon + 210}, pt{b.w * 0.3, b.h}),
		append([]pt{{b.w * 0.78, b.h}}, smooth(false, pt{b.w * 0.84, horizon + 230}, pt{b.w * 0.6, horizon + 96}, pt{b.w * 0.66, horizon})...)...)...)
	for range 14 {
		x, y := b.w*b.between(0, 0.5), horizon+b.between(30, 300)
		r := 16 + (y-horizon)*0.09
		b.rect(rgb(0x5b4a36), x-3, y, 6, r*1.2)
		b.disc(b.one(rgb(0x3f6b45), rgb(0x4c7b4c), rgb(0x5f8b4f)), x, y-r*0.3, r)
	}
	frame, inner := rgb(0x2f5d4a), rgb(0x234738)
	b.rect(frame, 0, 0, b.w, 84)
	b.rect(frame, 0, b.h-190, b.w, 190)
	b.rect(frame, 0, 0, 96, b.h)
	b.rect(frame, b.w-96, 0, 96, b.h)
	b.rect(inner, 0, b.h-190, b.w, 16)
	b.rect(rgb(0xcdd6c8), 96, b.h*0.36, b.w-192, 12)
	b.box(rgb(0xe9e3cf), b.w*0.1, b.h-150, b.w*0.34, 26, 10)
	b.box(rgb(0xd6cfb8), b.w*0.16, b.h-270, 74, 122, 12) // a cup on the sill
	b.box(rgb(0x7a4a34), b.w*0.16, b.h-292, 74, 30, 12)
	for i := range 3 { // three oranges
		b.disc(rgb(0xe88f2e), b.w*0.29+float64(i)*62, b.h-180, 34)
		b.disc(rgb(0x4b7a3c), b.w*0.29+float64(i)*62, b.h-212, 6)
	}
	b.poly(thin(white, 0.1), pt{b.w * 0.52, 84}, pt{b.w * 0.7, 84}, pt{b.w * 0.46, b.h - 190}, pt{b.w * 0.28, b.h - 190})
}

func beach(b *brush) {
	b.fade(rgb(0xbfe0e6), rgb(0xfbeed6), 0, b.h*0.36)
	b.glow(rgb(0xfff6da), b.w*0.22, b.h*0.3, 420, 0.8)
	b.fade(rgb(0x6fb3bd), rgb(0x9ed3cf), b.h*0.34, b.h*0.24)
	for i := range 5 {
		b.ellipse(thin(white, 0.75), b.w*b.between(0, 1), b.h*(0.37+float64(i)*0.026), b.between(110, 300), 5)
	}
	b.poly(rgb(0xe6cf9f), append(smooth(false, pt{0, b.h * 0.53}, pt{b.w * 0.3, b.h * 0.5}, pt{b.w * 0.62, b.h * 0.55}, pt{b.w, b.h * 0.5}), pt{b.w, b.h}, pt{0, b.h})...)
	b.poly(thin(rgb(0xb9925f), 0.5), append(smooth(false, pt{0, b.h * 0.53}, pt{b.w * 0.3, b.h * 0.5}, pt{b.w * 0.62, b.h * 0.55}, pt{b.w, b.h * 0.5}),
		smooth(false, pt{b.w, b.h * 0.58}, pt{b.w * 0.6, b.h * 0.63}, pt{b.w * 0.3, b.h * 0.57}, pt{0, b.h * 0.62})...)...)
	b.line(rgb(0xfffaf0), 12, pt{0, b.h * 0.53}, pt{b.w * 0.3, b.h * 0.5}, pt{b.w * 0.62, b.h * 0.55}, pt{b.w, b.h * 0.5})
	for i := range 9 { // two lines of small feet
		t := float64(i) / 9
		foot(b, b.w*(0.2+0.34*t)+float64(i%2)*34, b.h*(0.95-0.33*t), 1-t*0.6)
		foot(b, b.w*(0.42+0.2*t)+float64(i%2)*24, b.h*(0.97-0.35*t), 0.75-t*0.45)
	}
	x, y := b.w*0.76, b.h*0.84
	b.ellipse(thin(rgb(0x8c6a3d), 0.35), x+16, y+74, 110, 18)
	b.poly(rgb(0xd4553f), pt{x - 92, y - 60}, pt{x + 92, y - 60}, pt{x + 70, y + 74}, pt{x - 70, y + 74})
	b.ellipse(rgb(0x9c3527), x, y-60, 92, 20)
	b.line(rgb(0xf6f1e4), 9, pt{x - 88, y - 62}, pt{x - 60, y - 150}, pt{x + 60, y - 150}, pt{x + 88, y - 62})
	b.stroke(rgb(0x2f7d8c), 18, pt{x + 128, y + 84}, pt{x + 178, y - 90})
	b.blob(rgb(0x2f7d8c), pt{x + 96, y + 72}, pt{x + 152, y + 88}, pt{x + 140, y + 150}, pt{x + 100, y + 140})
	b.blob(rgb(0xe9a08a), pt{b.w * 0.12, b.h * 0.72}, pt{b.w * 0.17, b.h * 0.7}, pt{b.w * 0.19, b.h * 0.75}, pt{b.w * 0.13, b.h * 0.77})
}

func foot(b *brush, x, y, s float64) {
	c := thin(rgb(0xa98555), 0.75)
	b.ellipse(c, x, y, 15*s, 26*s)
	for k := range 4 {
		b.disc(c, x+(float64(k)-1.5)*9*s, y-34*s, 4.5*s)
	}
}

func snowLake(b *brush) {
	horizon := b.h * 0.5
	b.fade(rgb(0x5b8fc4), rgb(0xd5e6f0), 0, horizon)
	b.blob(thin(white, 0.8), pt{b.w * 0.08, b.h * 0.14}, pt{b.w * 0.2, b.h * 0.1}, pt{b.w * 0.36, b.h * 0.13}, pt{b.w * 0.3, b.h * 0.16}, pt{b.w * 0.14, b.h * 0.17})
	for _, m := range []struct{ x, top, half float64 }{{0.22, 0.2, 0.34}, {0.56, 0.13, 0.4}, {0.9, 0.24, 0.32}} {
		x, top := b.w*m.x, b.h*m.top
		l, r := x-b.w*m.half, x+b.w*m.half
		b.poly(rgb(0x6b7f9c), pt{l, horizon}, pt{x, top}, pt{r, horizon})
		b.poly(rgb(0x52667f), pt{x, top}, pt{r, horizon}, pt{x + 30, horizon})
		b.poly(rgb(0xf4f8fb), pt{x, top}, pt{x + (r-x)*0.4, top + (horizon-top)*0.4}, pt{x + 40, top + (horizon-top)*0.3}, pt{x - 10, top + (horizon-top)*0.46},
			pt{x - 60, top + (horizon-top)*0.3}, pt{x + (l-x)*0.4, top + (horizon-top)*0.4})
	}
	b.ridge(rgb(0x4a6353), horizon+8, horizon-26, horizon-60, horizon-20, horizon-44, horizon-70, horizon-30)
	b.fade(rgb(0x2aa3c4), rgb(0x0e5f8f), horizon, b.h-horizon)
	for i := range 26 {
		y := horizon + math.Pow(float64(i)/26, 1.4)*(b.h-horizon)
		b.ellipse(thin(white, 0.22), b.w*b.between(0, 1), y, b.between(60, 240), 3)
		b.ellipse(thin(rgb(0x0b4a70), 0.3), b.w*b.between(0, 1), y, b.between(80, 260), 5)
	}
	for range 22 {
		x, y, r := b.w*b.between(0, 1), b.h-b.between(-20, 170), b.between(26, 92)
		if y < b.h-60 && x > b.w*0.25 && x < b.w*0.8 {
			continue
		}
		c := b.one(rgb(0x8d8a84), rgb(0x716f6c), rgb(0xa5a099))
		b.blob(c, pt{x - r, y}, pt{x - r*0.3, y - r*0.6}, pt{x + r*0.6, y - r*0.4}, pt{x + r, y + r*0.2}, pt{x, y + r*0.5})
		b.blob(thin(white, 0.25), pt{x - r*0.6, y - r*0.1}, pt{x - r*0.2, y - r*0.5}, pt{x + r*0.4, y - r*0.35}, pt{x, y - r*0.1})
	}
}

// road is the night outside: 1 a bridge with a noodle shop, 2 a railway at dawn, 3 a
// mountain road under stars, 4 a taxi's tail lights.
func road(b *brush, variant int) {
	switch variant {
	case 2:
		railway(b)
	case 3:
		mountainRoad(b)
	case 4:
		taxi(b)
	default:
		bridge(b)
	}
}

// stars are n of them above a height.
func stars(b *brush, n int, below float64) {
	for range n {
		b.disc(thin(rgb(0xf3eeda), b.between(0.3, 0.95)), b.w*b.Float64(), below*b.Float64(), b.between(1.4, 3.6))
	}
}

func bridge(b *brush) {
	b.fade(rgb(0x10182e), rgb(0x2a3350), 0, b.h*0.7)
	stars(b, 60, b.h*0.3)
	b.rect(rgb(0x0c1120), 0, b.h*0.34, b.w, 96) // the railway above
	for i := range 9 {
		b.rect(rgb(0x1b2440), float64(i)*130+20, b.h*0.34-34, 10, 34)
	}
	b.rect(rgb(0x1b2440), 0, b.h*0.34-40, b.w, 10)
	for _, x := range []float64{0.02, 0.82} {
		b.rect(rgb(0x161e36), b.w*x, b.h*0.4, 170, b.h*0.3)
	}
	b.fade(rgb(0x232a40), rgb(0x12172a), b.h*0.68, b.h*0.32)
	x, y := b.w*0.3, b.h*0.46
	b.glow(rgb(0xffcf7a), x+210, y+150, 620, 0.75)
	b.rect(rgb(0x3a2a22), x, y, 420, b.h*0.24)
	b.rect(rgb(0xffdf9c), x+26, y+84, 368, b.h*0.24-84)
	b.rect(rgb(0xb5482f), x-24, y+40, 468, 62)
	for i := range 6 {
		b.rect(rgb(0xf0dcc0), x-24+float64(i)*78, y+40, 39, 62)
	}
	b.rect(rgb(0x6b4a35), x+26, y+b.h*0.24-96, 368, 96)
	b.ellipse(rgb(0xd8d2c4), x+120, y+b.h*0.24-104, 56, 14)
	b.rect(rgb(0x6f6a62), x+74, y+b.h*0.24-104, 92, 26)
	for i := range 3 { // steam
		sx := x + 96 + float64(i)*26
		b.line(thin(white, 0.5), 7, pt{sx, y + b.h*0.24 - 124}, pt{sx + 16, y + b.h*0.24 - 158}, pt{sx - 8, y + b.h*0.24 - 190}, pt{sx + 12, y + b.h*0.24 - 224})
	}
	person(b, x+288, y+b.h*0.24-92, 0.9, rgb(0x53352a))
	b.disc(rgb(0xfff3cf), x+210, y+122, 20)
	b.rect(rgb(0x0c1120), x+207, y+84, 6, 22)
	b.poly(thin(rgb(0xffd88c), 0.28), pt{x, y + b.h*0.24}, pt{x + 420, y + b.h*0.24}, pt{x + 560, b.h}, pt{x - 140, b.h})
	for i := range 4 {
		b.box(rgb(0x4a3a30), x+40+float64(i)*98, y+b.h*0.24+30, 62, 16, 6)
		b.rect(rgb(0x2a211b), x+50+float64(i)*98, y+b.h*0.24+46, 8, 34)
		b.rect(rgb(0x2a211b), x+84+float64(i)*98, y+b.h*0.24+46, 8, 34)
	}
}

// person is somebody from the waist up, standing behind y.
func person(b *brush, x, y, s float64, coat color.NRGBA) {
	b.blob(coat, pt{x - 40*s, y}, pt{x - 44*s, y - 80*s}, pt{x - 14*s, y - 128*s}, pt{x + 14*s, y - 128*s}, pt{x + 44*s, y - 80*s}, pt{x + 40*s, y})
	b.disc(rgb(0xd9a982), x, y-146*s, 27*s)
	b.dome(rgb(0x2b211d), x, y-150*s, 28*s, 26*s)
}

func railway(b *brush) {
	horizon := b.h * 0.46
	b.fade(rgb(0x6d7f9a), rgb(0xf3cfae), 0, horizon)
	b.glow(rgb(0xfff0d2), b.w*0.46, horizon, 420, 0.8)
	b.ridge(rgb(0x8494a0), horizon+20, horizon-90, horizon-50, horizon-120, horizon-40, horizon-80)
	b.ridge(thin(rgb(0xd9dbd6), 0.6), horizon+30, horizon-20, horizon-44, horizon-12, horizon-40, horizon-18)
	b.fade(rgb(0x8c9277), rgb(0x565b43), horizon, b.h-horizon)
	vx := b.w * 0.46
	b.poly(rgb(0x77706a), pt{vx - 6, horizon}, pt{vx + 6, horizon}, pt{b.w * 0.98, b.h}, pt{b.w * 0.02, b.h})
	for i := range 22 {
		t := math.Pow(float64(i+1)/22, 2.1)
		y, half := horizon+t*(b.h-horizon), 12+t*b.w*0.42
		b.rect(rgb(0x4f3f33), vx+(b.w*0.5-vx)*t-half, y, 2*half, 4+t*36)
	}
	for _, side := range []float64{-1, 1} {
		b.poly(rgb(0xc9c4bb), pt{vx + side*3, horizon}, pt{vx + side*5, horizon}, pt{b.w*0.5 + side*b.w*0.32, b.h}, pt{b.w*0.5 + side*b.w*0.285, b.h})
	}
	x := b.w * 0.78
	b.rect(rgb(0x3b3a3c), x, horizon-210, 14, 330)
	b.box(rgb(0x2b2a2c), x-32, horizon-290, 78, 130, 26)
	b.disc(rgb(0xe4593f), x+7, horizon-252, 24)
	b.disc(rgb(0x4d4a4a), x+7, horizon-196, 24)
	b.glow(rgb(0xff9a7a), x+7, horizon-252, 120, 0.6)
	b.rect(rgb(0xe9e2d2), b.w*0.08, horizon-40, 250, 190) // the little station
	b.poly(rgb(0xa1553f), pt{b.w*0.08 - 26, horizon - 40}, pt{b.w*0.08 + 125, horizon - 120}, pt{b.w*0.08 + 276, horizon - 40})
	b.rect(rgb(0x6d4b3a), b.w*0.08+98, horizon+52, 56, 98)
	b.rect(rgb(0xffdf9c), b.w*0.08+26, horizon+26, 48, 56)
	b.rect(rgb(0xffdf9c), b.w*0.08+178, horizon+26, 48, 56)
}

func mountainRoad(b *brush) {
	b.fade(rgb(0x0b1330), rgb(0x30406b), 0, b.h*0.6)
	for i := range 40 { // the milky way, bottom left to top right
		t := float64(i) / 40
		x, y := b.w*(0.1+0.9*t), b.h*(0.62-0.66*t)
		b.glow(rgb(0xc9cfe6), x+b.between(-40, 40), y+b.between(-30, 30), b.between(90, 200), b.between(0.05, 0.14))
		for range 8 {
			b.disc(thin(rgb(0xf6f2e6), b.between(0.3, 0.9)), x+b.between(-90, 90), y+b.between(-70, 70), b.between(1, 2.6))
		}
	}
	stars(b, 260, b.h*0.56)
	b.peaks(rgb(0x1c2850), b.h*0.42, b.h*0.56, b.h, 2)
	b.peaks(rgb(0x131c3a), b.h*0.54, b.h*0.64, b.h, 3)
	b.ridge(rgb(0x0c132a), b.h, b.h*0.7, b.h*0.66, b.h*0.73, b.h*0.69, b.h*0.74)
	b.poly(rgb(0x2a3150), append(smooth(false, pt{b.w * 0.66, b.h * 0.69}, pt{b.w * 0.5, b.h * 0.74}, pt{b.w * 0.62, b.h * 0.82}, pt{b.w * 0.14, b.h}),
		append([]pt{{b.w * 0.7, b.h}}, smooth(false, pt{b.w * 0.82, b.h * 0.82}, pt{b.w * 0.56, b.h * 0.745}, pt{b.w * 0.69, b.h * 0.69})...)...)...)
	b.line(thin(rgb(0xf2e3a8), 0.8), 6, pt{b.w * 0.66, b.h * 0.835}, pt{b.w * 0.6, b.h * 0.87}, pt{b.w * 0.5, b.h * 0.93})
	b.glow(rgb(0xffe9b0), b.w*0.55, b.h*0.75, 150, 0.8)
	b.disc(rgb(0xfff6da), b.w*0.54, b.h*0.75, 7)
	b.disc(rgb(0xfff6da), b.w*0.56, b.h*0.75, 7)
	x, y := b.w*0.2, b.h*0.86 // somebody with a telescope
	dark := rgb(0x060a18)
	b.stroke(dark, 26, pt{x - 20, y - 100}, pt{x + 86, y - 200})
	for _, d := range []float64{-60, 0, 60} {
		b.stroke(dark, 8, pt{x + 20, y - 130}, pt{x + d, y + 30})
	}
	b.blob(dark, pt{x - 120, y + 40}, pt{x - 112, y - 60}, pt{x - 74, y - 104}, pt{x - 40, y - 60}, pt{x - 44, y + 40})
	b.disc(dark, x-66, y-126, 28)
}

func taxi(b *brush) {
	b.fade(rgb(0x1a1f2e), rgb(0x3b3a4a), 0, b.h*0.5)
	for i := range 12 { // houses on both sides, a few windows lit
		w, top := 120.0, b.h*b.between(0.08, 0.3)
		x := float64(i) * w
		if x > b.w*0.3 && x < b.w*0.62 {
			top = b.h * 0.4
		}
		b.rect(b.one(rgb(0x20263a), rgb(0x262c42), rgb(0x1b2032)), x, top, w+2, b.h*0.55-top)
		for y := top + 36; y < b.h*0.48; y += 66 {
			for k := range 2 {
				if b.Float64() < 0.16 {
					b.rect(rgb(0xf2c879), x+24+float64(k)*48, y, 22, 30)
				}
			}
		}
	}
	b.fade(rgb(0x2a2b36), rgb(0x15161d), b.h*0.5, b.h*0.5)
	for i := range 7 {
		t := math.Pow(float64(i+1)/7, 1.8)
		y := b.h*0.52 + t*b.h*0.48
		b.poly(thin(rgb(0xe8e2d0), 0.7), pt{b.w*0.4 - 3 - 12*t, y}, pt{b.w*0.4 + 3 + 12*t, y}, pt{b.w*0.4 + 5 + 18*t, y + 10 + 80*t}, pt{b.w*0.4 - 5 - 18*t, y + 10 + 80*t})
	}
	for i := range 4 { // lamps
		t := float64(i) / 4
		x, y, s := b.w*(0.56+0.4*t*t), b.h*(0.42-0.3*t*t), 0.3+t
		b.glow(rgb(0xffd890), x, y, 150*s, 0.7)
		b.rect(rgb(0x11131c), x+30*s, y, 8*s, b.h*0.56-y+60*s)
		b.box(rgb(0xfff0c8), x-20*s, y-6*s, 56*s, 12*s, 6)
	}
	x, y := b.w*0.64, b.h*0.66
	b.ellipse(thin(black, 0.5), x, y+210, 250, 26)
	b.box(rgb(0x2f6f73), x-220, y, 440, 170, 46)
	b.poly(rgb(0x2f6f73), pt{x - 160, y + 20}, pt{x - 120, y - 96}, pt{x + 120, y - 96}, pt{x + 160, y + 20})
	b.poly(rgb(0x9fb7bd), pt{x - 128, y + 8}, pt{x - 102, y - 78}, pt{x + 102, y - 78}, pt{x + 128, y + 8})
	b.box(rgb(0xffd25a), x-58, y-140, 116, 44, 12)
	b.box(rgb(0x1a1a1e), x-196, y+148, 84, 70, 16)
	b.box(rgb(0x1a1a1e), x+112, y+148, 84, 70, 16)
	b.box(rgb(0xf5efe0), x-70, y+96, 140, 42, 8)
	for _, d := range []float64{-166, 166} {
		b.glow(rgb(0xff6a4d), x+d, y+66, 190, 0.85)
		b.box(rgb(0xff4a32), x+d-38, y+44, 76, 42, 14)
		b.poly(thin(rgb(0xff5a3d), 0.22), pt{x + d - 40, y + 214}, pt{x + d + 40, y + 214}, pt{x + d + 70, b.h}, pt{x + d - 70, b.h})
	}
}
