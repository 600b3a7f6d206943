package render

import "loam/internal/fonts"

// The loud looks: colour and large type.

// posterLook fills the page with one colour and the title.
func posterLook() look {
	l := look{
		ink: hex(0xfff6e5), soft: hex(0xffe9c9), accent: hex(0xffd75e), on: hex(0x5b1a0c), rule: hex(0xc9604a),
		ground: hex(0xa93a22), title: fonts.Heavy, body: fonts.Sans, room: room{88, 140, 904, 1110},
	}
	l.paper = func(s *sheet) {
		s.fill(s.ground)
		s.rect(88, 84, 904, 6, s.rule)
	}
	l.cover = func(s *sheet) {
		s.fill(s.ground)
		b := s.set(s.page.Title, s.title, box{w: 920, h: 980, max: 236, min: 72, leading: 1.16, lines: 7, balanced: true})
		s.lay(b, 80, 110, 920, 0, s.ink)
		sub := s.set(s.page.Sub, s.body, subBox(904))
		y := 1340 - sub.height()
		s.rect(80, y-52, 920, 6, s.accent)
		s.lay(sub, 80, y, 904, 0, s.accent)
	}
	return l
}
