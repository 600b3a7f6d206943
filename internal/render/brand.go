package render

import (
	"image/color"
	"math"
	"strconv"

	"loam"
	"loam/internal/fonts"
)

// take puts a brand's colour in the place of the look's accent, lightened or darkened
// until it can be read on the ground.
func (s *sheet) take(b *loam.Brand) {
	if b == nil || b.Accent == "" || b.Check() != nil {
		return
	}
	v, _ := strconv.ParseUint(b.Accent[1:], 16, 32) // Check has parsed it
	ground := s.ground
	if s.lined.A > 0 {
		ground = s.lined
	}
	s.accent = readable(hex(uint32(v)), ground)
	s.on = inkOn(s.accent)
}

// least is the contrast every text has with its ground (WCAG 2.2, 1.4.3), and a little.
const least = 4.6

// readable moves a colour towards black or white, away from its ground, until it has a
// text's contrast.
func readable(c, ground color.RGBA) color.RGBA {
	end := hex(0xffffff)
	if contrast(hex(0), ground) > contrast(end, ground) {
		end = hex(0)
	}
	for p := 0.0; p < 1; p += 0.04 {
		if m := mix(c, end, p); contrast(m, ground) >= least {
			return m
		}
	}
	return end
}

// inkOn is black or white, whichever reads better: one of them always has 4.58:1.
func inkOn(c color.RGBA) color.RGBA {
	if w := hex(0xffffff); contrast(w, c) >= contrast(hex(0), c) {
		return w
	}
	return hex(0)
}

// sign sets a brand's sign on a tab at the foot of the page, where no look writes.
func (s *sheet) sign(b *loam.Brand) {
	if b == nil || b.Sign == "" {
		return
	}
	const size, pad, h = 32.0, 30.0, 60.0
	t := s.set(b.Sign, fonts.Sans, box{w: 700, h: size * 1.2, max: size, min: size, leading: 1, lines: 1})
	if len(t.lines) == 0 {
		return
	}
	w := math.Ceil(t.width()) + 2*pad
	x := Width - 64 - w
	s.round(x, Height-h, w, h+30, 18, s.accent)
	s.lay(t, x+pad, Height-h+14, w-2*pad, 0, s.on)
}
