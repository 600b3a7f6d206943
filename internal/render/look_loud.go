package render

import (
	"image/color"
	"math"
	"strings"
	"unicode"

	"loam/internal/fonts"
)

// The loud looks: colour and large type.

// posterLook fills the page with one colour and the title.
func posterLook() look {
	l := look{
		ink: hex(0xfff6e5), soft: hex(0xffe9c9), accent: hex(0xffd75e), on: hex(0x5b1a0c), rule: hex(0xc9604a),
		ground: hex(0xa93a22), title: fonts.Heavy, body: fonts.Sans, room: room{88, 140, 904, 1110}, plate: bands,
	}
	l.paper = func(s *sheet) {
		s.fill(s.ground)
		s.rect(88, 84, 904, 6, s.rule)
	}
	l.cover = func(s *sheet) {
		s.fill(s.ground)
		b := s.heading(920, 980, 226)
		s.lay(b, 80, 110, 920, 0, s.ink)
		sub := s.set(s.page.Sub, s.body, subBox(904))
		y := 1340 - sub.height()
		s.rect(80, y-52, 920, 6, s.accent)
		s.lay(sub, 80, y, 904, 0, s.accent)
	}
	return l
}

// blocksLook sets the title on one field above a row of quarter and half discs.
func blocksLook() look {
	l := look{
		ink: hex(0x1d3436), soft: hex(0x5a5f58), accent: hex(0xb3402c), on: hex(0xfff8ea), rule: hex(0xddd0b6),
		ground: hex(0xf6ecd8), title: fonts.Heavy, body: fonts.Sans, room: room{104, 204, 872, 1030}, plate: bands,
	}
	teal, mustard, coral, cream := hex(0x1a4a4d), hex(0xe8b03c), hex(0xe2654a), hex(0xfbf2df)
	l.paper = func(s *sheet) {
		s.fill(s.ground)
		s.rect(0, 0, Width, 24, teal)
		s.quarter(Width, 0, -150, 150, coral)
		s.quarter(Width-150, 0, -150, 150, mustard)
		s.quarter(0, Height, 120, -120, teal)
	}
	l.cover = func(s *sheet) {
		s.fill(teal)
		st := s.stack(room{96, 96, 888, 780}, 190, 56)
		s.layStack(st, 96, 888, 0, cream, hex(0xf4d48a))
		s.tiles([]color.RGBA{teal, mustard, coral, cream})
	}
	return l
}

// tiles is a row of three patterned squares at the foot of a page, with a narrow one
// above.
func (s *sheet) tiles(c []color.RGBA) {
	const t, y = Width / 3, Height - 360
	teal, mustard, coral, cream := c[0], c[1], c[2], c[3]
	s.rect(0, y-90, Width, 90, cream)
	for i := range 12 {
		s.arch(45+float64(i)*90, y, 45, []color.RGBA{coral, mustard, teal}[i%3])
	}
	s.rect(0, y, t, t, mustard)
	s.quarter(0, y, t, t, coral)
	s.disc(t-90, y+t-90, 44, teal)
	s.rect(t, y, t, t, coral)
	s.arch(t+t/2, y+t/2, t/2, cream)
	s.arch(t+t/2, y+t, t/2, teal)
	s.rect(2*t, y, t, t, cream)
	s.quarter(Width, y+t, -t, -t, teal)
	s.quarter(Width, y+t, -t/2, -t/2, mustard)
}

// figureLook shows the first number of the title as large as the page, and a quotation
// mark where there is none.
func figureLook() look {
	l := look{
		ink: hex(0x1b1b1b), soft: hex(0x4f4420), accent: hex(0x1b1b1b), on: hex(0xffd84a), rule: hex(0xd9b12c),
		ground: hex(0xffd84a), title: fonts.Heavy, body: fonts.Sans, room: room{88, 180, 904, 1060}, plate: bands,
	}
	l.paper = func(s *sheet) {
		s.fill(s.ground)
		s.rect(88, 96, 904, 12, s.ink)
	}
	l.cover = func(s *sheet) {
		s.fill(s.ground)
		s.rect(80, 96, 920, 12, s.ink)
		sub := s.set(s.page.Sub, s.body, subBox(920))
		s.lay(sub, 80, 1352-sub.height(), 920, 0, s.soft)
		f := figure(s.page.Title)
		b := s.heading(920, min(560, 1352-sub.height()-gapIf(sub, 48)-748), 124)
		switch {
		case f != "":
			n := s.set(f, fonts.Heavy, box{w: 920, h: 470, max: 470, min: 60, leading: 1, lines: 1})
			s.lay(n, 80, 150+(470-n.size)/2, 920, 0, s.ink)
		case len(b.lines) == 1 && b.size > 150: // the few characters are the figure
			b = s.heading(920, 940, 240)
			s.lay(b, 80, 190, 920, 0, s.ink)
			return
		default:
			s.marks(80, 210, 3.2)
		}
		s.rect(80, 690, 160, 12, s.ink)
		s.lay(b, 80, 748, 920, 0, s.ink)
	}
	return l
}

// figure is the first number of a text with what directly measures it: 38元, 60天, 10 km.
func figure(text string) string {
	text = clean(text, false)
	rs := []rune(text)
	for i := 0; i < len(rs); i++ {
		if !unicode.IsDigit(rs[i]) {
			continue
		}
		from, to := i, i
		for to < len(rs) && (unicode.IsDigit(rs[to]) || strings.ContainsRune(".:：%％", rs[to])) {
			to++
		}
		if from > 0 && strings.ContainsRune("¥￥$€£第", rs[from-1]) {
			from--
		}
		if to < len(rs) && strings.ContainsRune(measures, rs[to]) {
			to++
		}
		if to-from <= 6 {
			return strings.TrimRight(string(rs[from:to]), ".:：")
		}
		i = to
	}
	return ""
}

// windowLook is a window of an old computer, with hard shadows.
func windowLook() look {
	l := look{
		ink: hex(0x17171c), soft: hex(0x55535f), accent: hex(0x5b3fd1), on: hex(0xffffff), rule: hex(0xd5d0e6),
		ground: hex(0xfffdf8), title: fonts.Heavy, body: fonts.Sans, room: room{128, 252, 808, 980}, plate: hard,
	}
	desk := hex(0xb9a7f2)
	window := func(s *sheet) {
		s.fill(desk)
		for y := 30.0; y < Height; y += 60 {
			for x := 30 + 30*math.Mod(y/60-0.5, 2); x < Width; x += 60 {
				s.rect(x, y, 6, 6, hex(0xa792ea))
			}
		}
		s.hard(72, 96, 912, 1236, s.ground, s.ink)
		s.rect(80, 104, 896, 84, hex(0xffcf56))
		s.rect(72, 188, 912, 8, s.ink)
		for i, c := range []color.RGBA{hex(0xf4735e), hex(0xfffdf8), hex(0x63c08b)} {
			s.ring(128+float64(i)*58, 146, 22, 6, s.ink, c)
		}
		s.rect(880, 130, 48, 8, s.ink)
		s.rect(880, 146, 48, 8, s.ink)
		s.rect(880, 162, 48, 8, s.ink)
	}
	l.paper = window
	l.cover = func(s *sheet) {
		window(s)
		sub := s.set(s.page.Sub, fonts.Heavy, box{w: 700, h: 150, max: 46, min: MinBody, leading: 1.35, lines: 2, balanced: true})
		low := 1264 - sub.height() - gapIf(sub, 100)
		b := s.heading(808, low-240, 170)
		s.lay(b, 128, centre(240, low, b.height()), 808, 0, s.ink)
		if len(sub.lines) > 0 {
			w, h := sub.width()+88, sub.height()+56
			y := 1264 - h
			s.hard(128, y, math.Ceil(w), math.Ceil(h), s.accent, s.ink)
			s.lay(sub, 128, y+28, math.Ceil(w), 0.5, s.on)
		}
	}
	return l
}

// hard is a box with a thick outline and an unblurred shadow below right.
func (s *sheet) hard(x, y, w, h float64, fill, line color.RGBA) {
	s.rect(x+w, y+18, 18, h, line)
	s.rect(x+18, y+h, w-18, 18, line)
	s.rect(x, y, w, h, line)
	s.rect(x+8, y+8, w-16, h-16, fill)
}
