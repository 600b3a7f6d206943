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
		b := s.set(s.page.Title, s.title, titleBox(816, 760, 168))
		sub := s.set(s.page.Sub, s.body, subBox(816))
		y := centre(200, 1240, b.height()+gapIf(sub, 76)+sub.height())
		s.underline(b, 132, y, pen)
		s.lay(b, 132, y, 816, 0, s.ink)
		s.lay(sub, 132, y+b.height()+76, 816, 0, s.soft)
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
	s.poly(mix(back, hex(0), 0.06), point{x + 10, y + 14}, point{x + w + 8, y + 14 + fold}, point{x + w + 8, y + h + 12}, point{x + 10, y + h + 12})
	s.poly(paper, point{x, y}, point{x + w - fold, y}, point{x + w, y + fold}, point{x + w, y + h}, point{x, y + h})
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
		ink: hex(0x1d1d1f), soft: hex(0x6b6b70), accent: hex(0x9a6700), on: hex(0xffffff), rule: hex(0xe6e2d6),
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
		b := s.set(s.page.Title, s.title, titleBox(888, 820, 150))
		pitch := b.size * b.leading
		top := 250.0
		for y := top + b.size*1.14; y < 1330; y += pitch {
			s.rect(96, math.Round(y), 888, 3, s.rule)
		}
		s.lay(b, 96, top, 888, 0, s.ink)
		sub := s.set(s.page.Sub, s.body, subBox(888))
		y := top + float64(len(b.lines))*pitch
		s.lay(sub, 96, y+pitch/2-sub.size/2, 888, 0, s.soft)
	}
	return l
}
