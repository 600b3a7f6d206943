package render

import (
	"image/color"
	"math"

	"loam/internal/fonts"
)

// The printed looks: what comes off a press.

// newsLook is the front page of a small paper.
func newsLook() look {
	l := look{
		ink: hex(0x1f1c18), soft: hex(0x5b554b), accent: hex(0x1f1c18), on: hex(0xf6f1e6), rule: hex(0xcfc6b4),
		ground: hex(0xf3ede0), title: fonts.Heavy, body: fonts.Sans, room: room{92, 228, 896, 1010}, plate: bands,
	}
	l.paper = func(s *sheet) {
		s.fill(s.ground)
		s.rect(64, 64, 952, 10, s.ink)
		s.print("生活小报", fonts.Serif, 56, 64, 92, 952, 0.5, s.ink)
		s.rect(64, 168, 952, 3, s.ink)
		s.rect(64, 176, 952, 3, s.ink)
	}
	l.cover = func(s *sheet) {
		s.fill(s.ground)
		s.rect(64, 64, 952, 12, s.ink)
		s.print("生活小报", fonts.Serif, 156, 64, 104, 952, 0.5, s.ink)
		s.rect(64, 296, 952, 4, s.ink)
		s.print("号外", fonts.Sans, 34, 64, 313, 300, 0, s.soft)
		s.print("街坊自己的事，自己写", fonts.Sans, 34, 240, 313, 600, 0.5, s.soft)
		s.print("第一版", fonts.Sans, 34, 716, 313, 300, 1, s.soft)
		s.rect(64, 362, 952, 4, s.ink)
		s.rect(64, 370, 952, 2, s.ink)
		b := s.heading(952, 560, 176)
		sub := s.set(s.page.Sub, s.body, subBox(952))
		s.lay(b, 64, 418, 952, 0, s.ink)
		y := 418 + b.height() + gapIf(sub, 44)
		s.lay(sub, 64, y, 952, 0, s.soft)
		s.galley(math.Round(y+sub.height()+52), 1376)
	}
	return l
}

// galley fills the rest of a front page with greeked columns around a halftone picture.
func (s *sheet) galley(top, bottom float64) {
	s.rect(64, top, 952, 3, s.ink)
	top += 30
	const w, gap = 296.0, 32.0
	grey := mix(s.ground, s.ink, 0.26)
	for col := range 3 {
		x, y := 64+float64(col)*(w+gap), top
		if col == 2 {
			h := math.Min(math.Floor((bottom-top)*0.62/18)*18, 380)
			s.halftone(x, y, w, h)
			y += h + 22
		}
		for i := 0; y+10 <= bottom; i++ {
			n := w
			if noise(i+37*col) < 0.16 {
				n = math.Round(w * (0.35 + 0.4*noise(i+col)))
			}
			s.rect(x, y, n, 10, grey)
			y += 26
		}
		if col > 0 {
			s.rect(x-gap/2-1, top, 2, bottom-top, s.rule)
		}
	}
}

// halftone is a printed landscape in dots.
func (s *sheet) halftone(x, y, w, h float64) {
	s.rect(x, y, w, h, mix(s.ground, s.ink, 0.08))
	const pitch = 18.0
	for r := 0.0; r < h/pitch; r++ {
		for c := 0.0; c < math.Floor(w/pitch); c++ {
			px, py := (c+0.5)*pitch/w, (r+0.5)*pitch/h
			dark := 0.28
			if math.Hypot(px-0.7, (py-0.3)*h/w) < 0.14 {
				dark = 0
			}
			if py > 0.62+0.14*math.Sin(px*6) {
				dark = 0.62
			}
			if py > 0.8-0.1*math.Sin(px*4+1) {
				dark = 0.95
			}
			if dark > 0 {
				s.disc(x+(c+0.5)*pitch+4, y+(r+0.5)*pitch, dark*9, s.ink)
			}
		}
	}
}

// receiptLook is a till receipt on a coloured counter.
func receiptLook() look {
	l := look{
		ink: hex(0x26221f), soft: hex(0x6b645d), accent: hex(0xa8371f), on: hex(0xffffff), rule: hex(0xddd7cf),
		ground: hex(0xfdfcf8), title: fonts.Heavy, body: fonts.Sans, room: room{168, 196, 744, 1030},
	}
	slip := func(s *sheet) {
		s.fill(hex(0xf0a898))
		s.rect(122, 112, 860, 1240, hex(0xd98a79))
		s.rect(110, 96, 860, 1240, s.ground)
		s.teeth(110, 97, 860, -26, 26, s.ground)
		s.teeth(110, 1335, 860, 26, 26, s.ground)
	}
	l.paper = func(s *sheet) {
		slip(s)
		s.dashes(168, 152, 744, 4, 16, 12, s.soft)
		s.dashes(168, 1310, 744, 4, 16, 12, s.soft)
	}
	l.cover = func(s *sheet) {
		slip(s)
		s.print("生活小票", fonts.Heavy, 60, 168, 150, 744, 0.5, s.ink)
		s.dashes(168, 250, 744, 4, 16, 12, s.soft)
		sub := s.set(s.page.Sub, s.body, subBox(744))
		b := s.heading(744, 640-sub.height(), 150)
		y := centre(290, 1000-sub.height(), b.height())
		s.lay(b, 168, y, 744, 0, s.ink)
		if len(sub.lines) > 0 {
			s.dashes(168, 1040-sub.height(), 744, 4, 16, 12, s.soft)
		}
		s.lay(sub, 168, 1080-sub.height(), 744, 0, s.accent)
		s.dashes(168, 1116, 744, 4, 16, 12, s.soft)
		s.bars(168, 1152, 744, 124, s.ink)
	}
	return l
}

// calendarLook is a leaf of a tear-off calendar.
func calendarLook() look {
	l := look{
		ink: hex(0x24211f), soft: hex(0x66605a), accent: hex(0xb32d22), on: hex(0xfff7ec), rule: hex(0xe4dccf),
		ground: hex(0xfffcf5), title: fonts.Serif, body: fonts.Sans, room: room{132, 256, 816, 980},
	}
	leaf := func(s *sheet, head float64) {
		s.fill(hex(0xcfdcd6))
		s.round(84, 112, 912, 1262, 26, hex(0xb3c4bd))
		s.round(84, 102, 912, 1258, 26, hex(0xeae3d6))
		s.round(84, 90, 912, 1256, 26, s.ground)
		s.round(84, 90, 912, head, 26, s.accent)
		s.rect(84, 90+head-30, 912, 30, s.accent)
		for _, x := range []float64{300, 780} {
			s.disc(x, 140, 22, hex(0x7d1f17))
			s.round(x-11, 46, 22, 102, 11, hex(0x8d9994))
			s.round(x-11, 46, 10, 102, 5, hex(0xb9c4bf))
		}
	}
	l.paper = func(s *sheet) { leaf(s, 110) }
	l.cover = func(s *sheet) {
		leaf(s, 250)
		s.print("今日小记", fonts.Serif, 92, 84, 206, 912, 0.5, s.on)
		st := s.stack(room{132, 380, 816, 690}, 190, 60)
		s.layStack(st, 132, 816, 0.5, s.ink, s.soft)
		s.rect(132, 1110, 816, 3, s.rule)
		for i := range 14 {
			x, y := 171+float64(i%7)*123, 1170+float64(i/7)*96
			if i == 9 {
				s.disc(x, y, 36, s.accent)
				s.disc(x, y, 10, s.on)
			} else {
				s.disc(x, y, 10, mix(s.ground, s.soft, 0.45))
			}
		}
	}
	return l
}

// textbookLook is a schoolbook somebody learnt from: marker, wavy line, a hint in red.
func textbookLook() look {
	l := look{
		ink: hex(0x22252b), soft: hex(0x5c6068), accent: hex(0xc02c24), on: hex(0xffffff), rule: hex(0xdcdfe4),
		ground: hex(0xfdfcf7), title: fonts.Heavy, body: fonts.Sans, room: room{168, 208, 816, 1030}, plate: bands,
	}
	marker := hex(0xffe76a)
	book := func(s *sheet) {
		s.fill(s.ground)
		s.rect(0, 0, 44, Height, hex(0x3f6fb0))
		s.rect(44, 0, 14, Height, hex(0xd9e4f2))
		s.rect(112, 0, 3, Height, hex(0xeeb0aa))
		s.rect(121, 0, 3, Height, hex(0xeeb0aa))
		s.rect(168, 142, 816, 3, s.rule)
	}
	l.paper = func(s *sheet) {
		book(s)
		s.print("随堂笔记", fonts.Sans, 34, 168, 92, 816, 0, s.soft)
	}
	l.cover = func(s *sheet) {
		book(s)
		s.print("生活常识 · 课本", fonts.Sans, 38, 168, 88, 816, 0, s.soft)
		s.round(168, 210, 236, 84, 16, hex(0x2f5c99))
		s.print("划重点", fonts.Heavy, 48, 168, 228, 236, 0.5, s.on)
		b := s.heading(816, 700, 156)
		y := 366.0
		for i, ln := range b.lines {
			s.round(156, y+b.size*(float64(i)*b.leading-0.04), ln.width*b.size+24, b.size*1.08, 14, marker)
		}
		s.lay(b, 168, y, 816, 0, s.ink)
		sub := s.set(s.page.Sub, fonts.Round, box{w: 720, h: 200, max: 58, min: MinBody, leading: 1.5, lines: 3, balanced: true})
		end := y + b.height() + 34
		s.wave(168, end, 400, 7, 7, s.accent)
		if len(sub.lines) > 0 {
			s.arrow(180, end+44, s.accent)
			s.lay(sub, 262, end+74, 720, 0, s.accent)
		}
		s.ruler(1330)
	}
	return l
}

// arrow is a hand's hooked arrow that points right.
func (s *sheet) arrow(x, y float64, col color.Color) {
	s.round(x, y, 7, 62, 3, col)
	s.round(x, y+56, 58, 7, 3, col)
	s.poly(col, point{x + 48, y + 44}, point{x + 70, y + 59}, point{x + 48, y + 75})
}

// ruler lies along the foot of a page.
func (s *sheet) ruler(y float64) {
	s.rect(168, y, 816, 110, hex(0xf3cf8e))
	for i := range 55 {
		h := 22.0
		if i%5 == 0 {
			h = 40
		}
		s.rect(180+float64(i)*14.5, y, 3, h, hex(0x8a6320))
	}
}
