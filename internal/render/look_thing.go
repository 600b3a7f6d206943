package render

import (
	"image/color"

	"loam/internal/fonts"
)

// The looks of things: what lies on a table or hangs on a wall.

// tapeLook is a torn note held by two strips of tape; its page hangs a little askew.
func tapeLook() look {
	l := look{
		ink: hex(0x3a2c22), soft: hex(0x6f5b48), accent: hex(0x9a4a2a), on: hex(0xfff9ee), rule: hex(0xe6d6b4),
		ground: hex(0xfff6dc), title: fonts.Round, body: fonts.Sans, room: room{150, 216, 780, 1000}, plate: taped,
	}
	note := func(s *sheet, lean float64) {
		s.fill(hex(0xc7ab83))
		for i := range 90 {
			x, y := noise(i)*Width, noise(i+500)*Height
			s.rect(float64(int(x)), float64(int(y)), 14, 3, hex(0xbb9d73))
		}
		s.turned(lean, Width/2, Height/2, func() {
			shade := hex(0xa98a60)
			s.rect(996, 134, 14, 1180, shade)
			for i, col := range []color.RGBA{shade, s.ground} {
				d := 14 * float64(1-i)
				var p path
				p.move(84+d, 1200)
				p.line(996+d, 1200)
				p.torn(996+d, 84+d, 1318+d, 34, 22)
				s.paint(&p, col)
			}
			s.rect(84, 120, 912, 1081, s.ground)
		})
	}
	l.paper = func(s *sheet) {
		note(s, 0)
		s.tape(540, 118, 260, 76, -2, hex(0x9fc2a8))
	}
	l.cover = func(s *sheet) {
		note(s, -1.6)
		s.turned(-1.6, Width/2, Height/2, func() {
			st := s.stack(room{150, 230, 780, 880}, 178, 64)
			s.layStack(st, 150, 780, 0, s.ink, s.soft)
			s.flower(840, 1172, 40)
			for i := range 3 {
				s.round(150+float64(i)*220, 1190, 170, 8, 4, s.rule)
			}
		})
		s.tape(170, 130, 250, 78, -34, hex(0x9fc2a8))
		s.tape(920, 112, 250, 78, 31, hex(0xe6a08c))
	}
	return l
}

// flower is a doodle.
func (s *sheet) flower(x, y, r float64) {
	for i := range 6 {
		s.turned(float64(i)*60, x, y, func() { s.ellipse(x, y-r, r*0.5, r*0.78, hex(0xe58f7b)) })
	}
	s.disc(x, y, r*0.52, hex(0xf1c453))
}

// bubbleLook is a chat: the title is said, the second line answers.
func bubbleLook() look {
	l := look{
		ink: hex(0x1f2429), soft: hex(0x5a636b), accent: hex(0x1f7a4d), on: hex(0xffffff), rule: hex(0xdfe5ea),
		ground: hex(0xffffff), title: fonts.Heavy, body: fonts.Sans, room: room{140, 240, 800, 960}, plate: spoken,
	}
	wall := hex(0xdfe8ee)
	chat := func(s *sheet) {
		s.fill(wall)
		s.rect(0, 0, Width, 128, hex(0xf4f7f9))
		s.rect(0, 126, Width, 2, hex(0xcfd9e0))
		s.poly(s.ink, point{64, 66}, point{90, 40}, point{98, 48}, point{80, 66}, point{98, 84}, point{90, 92})
		s.print("悄悄话", s.body, 44, 0, 42, Width, 0.5, s.ink)
		for i := range 3 {
			s.disc(958+float64(i)*26, 66, 6, s.ink)
		}
	}
	l.paper = func(s *sheet) {
		chat(s)
		s.poly(s.ground, point{110, 1290}, point{110, 1360}, point{190, 1298})
		s.round(84, 180, 912, 1124, 48, s.ground)
	}
	l.cover = func(s *sheet) {
		chat(s)
		sub := s.set(s.page.Sub, s.body, box{w: 640, h: 200, max: 52, min: MinBody, leading: 1.4, lines: 3, balanced: true})
		b := s.heading(716, 790-sub.height(), 150)
		h, answer := b.height()+112, sub.height()+76
		y := centre(180, 1230, h+gapIf(sub, 60)+answer)
		s.face(110, y+58, hex(0xf2a65a))
		s.poly(s.ground, point{178, y + 42}, point{214, y + 30}, point{214, y + 76})
		w := max(b.width()+104, 300)
		s.round(206, y, w, h, 44, s.ground)
		s.lay(b, 258, y+52, 716, 0, s.ink)
		if len(sub.lines) > 0 {
			y += h + 60
			w := sub.width() + 88
			s.face(970, y+56, hex(0x6fa8c9))
			s.poly(hex(0xbfe6a8), point{902, y + 40}, point{866, y + 28}, point{866, y + 74})
			s.round(874-w, y, w, answer, 40, hex(0xbfe6a8))
			s.lay(sub, 874-w, y+36, w, 0.5, hex(0x1c3a1e))
		}
		s.rect(0, 1310, Width, 130, hex(0xf4f7f9))
		s.round(120, 1334, 760, 82, 41, s.ground)
		s.ring(66, 1375, 30, 5, s.soft, hex(0xf4f7f9))
		s.ring(1012, 1375, 30, 5, s.soft, hex(0xf4f7f9))
		s.rect(998, 1372, 28, 6, s.soft)
		s.rect(1009, 1361, 6, 28, s.soft)
	}
	return l
}

// face is a round avatar of nobody.
func (s *sheet) face(x, y float64, col color.RGBA) {
	s.disc(x, y, 56, col)
	dark := mix(col, hex(0), 0.62)
	s.disc(x-19, y-8, 7, dark)
	s.disc(x+19, y-8, 7, dark)
	s.arch(x, y+16, 17, dark)
	s.arch(x, y+10, 19, col)
	s.ellipse(x, y+16, 17, 12, dark)
	s.rect(float64(int(x-20)), float64(int(y+2)), 40, 14, col)
}

// filmLook is a strip of film; its frame is a landscape under a flat sky.
func filmLook() look {
	l := look{
		ink: hex(0xf7efe0), soft: hex(0xd2c4ab), accent: hex(0xf0a64c), on: hex(0x1b1712), rule: hex(0x4b423a),
		ground: hex(0x241f1b), title: fonts.Heavy, body: fonts.Sans, room: room{176, 176, 728, 1064}, plate: scrim,
	}
	strip := func(s *sheet) {
		s.fill(hex(0x14110e))
		for y := 18.0; y < Height; y += 94 {
			s.round(34, y, 56, 64, 14, hex(0xe9dfcc))
			s.round(990, y, 56, 64, 14, hex(0xe9dfcc))
		}
	}
	l.paper = func(s *sheet) {
		strip(s)
		s.round(124, 72, 832, 1296, 20, s.ground)
	}
	l.cover = func(s *sheet) {
		strip(s)
		s.round(124, -60, 832, 130, 20, hex(0x3a5a52))
		s.round(124, 1370, 832, 130, 20, hex(0xb96a45))
		s.print("LOAM 400", fonts.Sans, 28, 150, 86, 400, 0, s.accent)
		s.print("12A", fonts.Sans, 28, 530, 86, 400, 1, s.accent)
		s.landscape(124, 132, 832, 1176)
		st := s.stack(room{184, 190, 712, 660}, 160, 46)
		s.layStack(st, 184, 712, 0, s.ink, hex(0xffe2b4))
		s.print("▷ 13", fonts.Sans, 28, 150, 1322, 400, 0, s.accent)
	}
	return l
}

// landscape is hills before an evening sky, all flat.
func (s *sheet) landscape(x, y, w, h float64) {
	s.round(x, y, w, h, 20, hex(0x1f4a55))
	s.disc(x+w*0.7, y+h*0.78, 120, hex(0xf2a254))
	s.hill(x, w, y+h*0.9, hex(0xc9693f), y+h*0.8, y+h*0.74, y+h*0.82, y+h*0.77, y+h*0.84)
	s.hill(x, w, y+h-20, hex(0x8c4435), y+h*0.86, y+h*0.9, y+h*0.83, y+h*0.9, y+h*0.86)
	s.hill(x, w, y+h-20, hex(0x4a2b2c), y+h*0.95, y+h*0.9, y+h*0.95, y+h*0.91, y+h*0.96)
	s.round(x, y+h-44, w, 44, 20, hex(0x4a2b2c))
}
