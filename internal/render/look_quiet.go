package render

import (
	"image/color"
	"math"

	"loam/internal/fonts"
)

// The quiet looks: paper, memo and their like.

// titleBox is a cover title's box of the usual proportions.
func titleBox(w, h, largest float64) box {
	return box{w: w, h: h, max: largest, min: 60, leading: 1.26, lines: 6, balanced: true}
}

// subBox is a cover's second line.
func subBox(w float64) box {
	return box{w: w, h: 220, max: 50, min: MinBody, leading: 1.5, lines: 3, balanced: true}
}

// paperLook is a sheet of warm paper with a folded corner; the title's lines are
// underlined with a broad pen.
func paperLook() look {
	l := look{
		ink: hex(0x2b2622), soft: hex(0x6e6257), accent: hex(0x2f7d4f), on: hex(0xffffff), rule: hex(0xe2d9cb),
		ground: hex(0xfbf7ef), title: fonts.Heavy, body: fonts.Sans, room: room{132, 196, 816, 1040},
	}
	pen := hex(0xbfe3c8)
	sheetOf := func(s *sheet) {
		s.fill(hex(0xe9e0d0))
		s.foldedSheet(56, 72, 968, 1296, 120, s.ground, hex(0xd6c9b3))
	}
	l.paper = sheetOf
	l.cover = func(s *sheet) {
		sheetOf(s)
		st := s.stack(room{132, 200, 816, 1040}, 168, 76)
		s.underline(st.title, 132, st.y, pen)
		s.layStack(st, 132, 816, 0, s.ink, s.soft)
		for i := range 3 {
			s.disc(148+float64(i)*44, 148, 12, []color.RGBA{s.accent, hex(0xe0b84c), hex(0xc9745a)}[i])
		}
	}
	return l
}

// centre is where something of height h starts to stand a little above the middle
// between top and bottom.
func centre(top, bottom, h float64) float64 {
	return math.Round(top + max(bottom-top-h, 0)*0.46)
}

// gapIf is the gap before a block that may be empty.
func gapIf(b *block, gap float64) float64 {
	if len(b.lines) == 0 {
		return 0
	}
	return gap
}

// foldedSheet is a sheet with its top right corner folded over.
func (s *sheet) foldedSheet(x, y, w, h, fold float64, paper, back color.RGBA) {
	shade := mix(back, hex(0), 0.06)
	s.rect(x+w, y+14+fold, 8, h-2-fold, shade)
	s.rect(x+10, y+h, w-2, 12, shade)
	s.rect(x, y, w-fold, fold, paper)
	s.rect(x, y+fold, w, h-fold, paper)
	s.poly(paper, point{x + w - fold, y}, point{x + w, y + fold}, point{x + w - fold, y + fold})
	s.poly(back, point{x + w - fold, y}, point{x + w, y + fold}, point{x + w - fold, y + fold})
}

// underline draws a broad stroke under each line of a block that stands left.
func (s *sheet) underline(b *block, x, y float64, col color.RGBA) {
	for i, l := range b.lines {
		top := y + b.size*(float64(i)*b.leading+0.66)
		s.round(x-10, top, l.width*b.size+20, b.size*0.34, 8, col)
	}
}

// memoLook is a phone's memo page: ruled lines, the title on them.
func memoLook() look {
	l := look{
		ink: hex(0x1d1d1f), soft: hex(0x5c5c61), accent: hex(0x8a5c00), on: hex(0xffffff), rule: hex(0xe6e2d6),
		ground: hex(0xfffdf6), title: fonts.Heavy, body: fonts.Sans, room: room{96, 208, 888, 1050},
	}
	bar := func(s *sheet) {
		s.fill(s.ground)
		s.poly(s.accent, point{96, 118}, point{122, 92}, point{132, 102}, point{116, 118}, point{132, 134}, point{122, 144})
		b := s.set("备忘录", s.body, box{w: 400, h: 60, max: 44, min: 44, leading: 1})
		s.lay(b, 146, 96, 400, 0, s.accent)
		for i := range 3 {
			s.disc(912+float64(i)*30, 118, 7, s.accent)
		}
	}
	l.paper = bar
	l.cover = func(s *sheet) {
		bar(s)
		b := s.heading(888, 820, 150)
		pitch := b.size * b.leading
		top := 250.0
		y := top + b.size*1.14
		for i := 0; y < 1330; i++ {
			s.rect(96, math.Round(y), 888, 3, s.rule)
			if y += pitch; i >= len(b.lines)-1 {
				y += min(170-pitch, 0)
			}
		}
		s.lay(b, 96, top, 888, 0, s.ink)
		sub := s.set(s.page.Sub, s.body, subBox(888))
		y = top + b.size*1.14 + float64(len(b.lines)-1)*pitch
		s.lay(sub, 96, y+36, 888, 0, s.soft)
	}
	return l
}

// gridLook is a squared notebook on rings, written by hand.
func gridLook() look {
	l := look{
		ink: hex(0x20324f), soft: hex(0x566379), accent: hex(0xa53a30), on: hex(0xffffff), rule: hex(0xcfdbe8),
		ground: hex(0xfbfcfd), lined: hex(0xdde7f0), title: fonts.Round, body: fonts.Sans, room: room{140, 236, 800, 1000},
	}
	book := func(s *sheet) {
		s.fill(hex(0x9db8a4))
		s.round(72, 104, 944, 1284, 24, hex(0x7f9c88))
		s.round(64, 92, 944, 1284, 24, s.ground)
		s.grid(88, 184, 896, 1168, 56, s.lined)
		for i := range 12 {
			x := 116 + float64(i)*76.4
			s.disc(x, 138, 15, hex(0x7f9c88))
			s.round(x-8, 52, 16, 92, 8, hex(0x4d5a57))
			s.round(x-8, 52, 6, 92, 3, hex(0x87938f))
		}
	}
	l.paper = book
	l.cover = func(s *sheet) {
		book(s)
		st := s.stack(room{140, 270, 800, 880}, 184, 70)
		n := len(st.title.lines) - 1
		if n >= 0 {
			y := st.y + st.title.size*(float64(n)*st.title.leading+0.62)
			s.round(128, y, st.title.lines[n].width*st.title.size+24, st.title.size*0.4, 12, hex(0xffe08a))
		}
		s.layStack(st, 140, 800, 0, s.ink, s.soft)
		s.wave(140, 1262, 300, 8, 7, s.accent)
		for i := range 3 {
			s.star(800+float64(i)*64, 1262-30*float64(i%2), 30, hex(0xf1b93f))
		}
	}
	return l
}

// magazineLook is a quiet page with fine vertical rules and one disc of colour.
func magazineLook() look {
	l := look{
		ink: hex(0x26211d), soft: hex(0x6b6159), accent: hex(0x9c4a2e), on: hex(0xfffaf3), rule: hex(0xd8cfc3),
		ground: hex(0xf6f2ea), title: fonts.Serif, body: fonts.Sans, room: room{168, 196, 800, 1040}, plate: scrim,
	}
	rules := func(s *sheet) {
		s.fill(s.ground)
		s.rect(112, 88, 3, 1264, s.ink)
		s.rect(96, 88, 3, 1264, s.rule)
	}
	l.paper = func(s *sheet) {
		rules(s)
		s.disc(940, 116, 28, s.accent)
	}
	l.cover = func(s *sheet) {
		rules(s)
		s.disc(836, 1176, 226, hex(0xd99a73))
		s.disc(676, 1270, 118, hex(0x3f5d52))
		s.print("生活志", s.title, 60, 168, 92, 500, 0, s.accent)
		s.print("LIVING", fonts.Sans, 30, 500, 112, 480, 1, s.soft)
		s.rect(168, 180, 812, 3, s.ink)
		b := s.heading(812, 660, 190)
		s.lay(b, 168, 240, 812, 0, s.ink)
		sub := s.set(s.page.Sub, s.body, subBox(370))
		s.lay(sub, 168, 1340-sub.height(), 370, 0, s.ink)
	}
	return l
}

// nightLook is a sky after dark above one lit window.
func nightLook() look {
	l := look{
		ink: hex(0xf3ead7), soft: hex(0xc3c6d6), accent: hex(0xf2c66d), on: hex(0x14203c), rule: hex(0x3a4a72),
		ground: hex(0x14203c), title: fonts.Serif, body: fonts.Sans, room: room{104, 176, 872, 1040}, plate: scrim,
	}
	sky := func(s *sheet, n int) {
		s.fill(s.ground)
		for i := range n {
			x, y := 40+noise(i)*1000, 30+noise(i+200)*1000
			s.disc(x, y, 2+2.5*noise(i+400), hex(0x5f6e9b))
		}
	}
	l.paper = func(s *sheet) {
		sky(s, 0)
		s.moon(936, 112, 46)
		s.hill(0, Width, Height, hex(0x0e1730), 1380, 1340, 1390, 1350, 1385)
	}
	l.cover = func(s *sheet) {
		sky(s, 70)
		s.moon(860, 210, 96)
		s.star(196, 190, 34, s.accent)
		s.star(286, 262, 18, s.accent)
		st := s.stack(room{104, 350, 872, 620}, 180, 52)
		s.layStack(st, 104, 872, 0, s.ink, s.accent)
		s.hill(0, Width, Height, hex(0x22335c), 1180, 1090, 1200, 1120, 1190)
		s.hill(0, Width, Height, hex(0x192648), 1270, 1240, 1180, 1280, 1240)
		s.house(690, 1258)
		s.hill(0, Width, Height, hex(0x0e1730), 1330, 1380, 1300, 1310, 1360)
	}
	return l
}

// moon is a crescent.
func (s *sheet) moon(x, y, r float64) {
	s.disc(x, y, r, s.accent)
	s.disc(x-r*0.42, y-r*0.2, r*0.86, s.ground)
}

// house stands on the line y with its window lit.
func (s *sheet) house(x, y float64) {
	dark := hex(0x0b1226)
	s.rect(x, y-90, 170, 160, dark)
	s.poly(dark, point{x - 24, y - 84}, point{x + 85, y - 176}, point{x + 194, y - 84})
	s.rect(x+120, y-180, 26, 70, dark)
	s.rect(x+52, y-56, 66, 66, s.accent)
	s.rect(x+82, y-56, 6, 66, dark)
	s.rect(x+52, y-26, 66, 6, dark)
}
