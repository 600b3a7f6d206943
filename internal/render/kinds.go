package render

import (
	"math"
	"strings"

	"loam"
	"loam/internal/fonts"
)

// The kinds whose rows and lines are more than running text.

// figureScale is how much larger than its text a figure is set where it is what the page is for.
const figureScale = 2.2

// prices are things with what they cost, a dotted leader between; a third cell says a few
// words under the thing.
func (s *sheet) prices(rows [][]string, w float64) []item {
	grow := 1.3
	if len(rows) <= 4 {
		grow = figureScale
	}
	var out []item
	for _, row := range rows {
		name, price, note := s.paragraph(cell(row, 0), s.body), s.paragraph(cell(row, 1), fonts.Heavy), s.paragraph(cell(row, 2), s.body)
		s.cut = s.cut || len(row) > 3
		out = append(out, func(size, limit float64) (float64, func(float64)) {
			b := s.fitted(price, fonts.Heavy, box{w: math.Round(w * 0.42), h: limit, max: max(size*grow, MinBody), min: MinBody, leading: 1.2, lines: 2, balanced: true})
			left := w - b.width() - size*0.8
			a := s.fitted(name, s.body, fixedBox(left, limit, size))
			h := max(a.height(), b.height())
			c := s.fitted(note, s.body, fixedBox(w, max(limit-h-size*0.3, MinBody), max(size*0.8, MinBody)))
			if h+size*0.3+c.height() > limit {
				s.cut = s.cut || len(c.lines) > 0
				c = &block{}
			}
			return h + gapIf(c, size*0.3) + c.height(), func(y float64) {
				low := y + h - max(size*0.18, 6)
				s.lay(a, s.room.x, y+h-a.height(), left, 0, s.ink)
				s.lay(b, s.room.x, y+h-b.height(), w, 1, s.accent)
				from := s.room.x + size*0.4
				if n := len(a.lines); n > 0 {
					from += a.lines[n-1].width * a.size
				}
				for x := from; x < s.room.x+w-b.width()-size*0.4; x += 18 {
					s.disc(x, low, 4, s.rule)
				}
				s.lay(c, s.room.x, y+h+size*0.3, w, 0, s.soft)
			}
		})
	}
	return out
}

// timeline sets what happened when along a line.
func (s *sheet) timeline(r room) {
	const indent = 74.0
	var ys []float64
	var out []item
	for _, row := range s.page.Rows {
		when, what := s.paragraph(cell(row, 0), fonts.Heavy), s.paragraph(strings.Join(row[min(1, len(row)):], "\n"), s.body)
		out = append(out, func(size, limit float64) (float64, func(float64)) {
			a := s.fitted(when, fonts.Heavy, fixedBox(r.w-indent, limit, size))
			gap := gapIf(a, size*0.38)
			b := s.fitted(what, s.body, fixedBox(r.w-indent, max(limit-a.height()-gap, MinBody), max(size*0.92, MinBody)))
			if a.height()+gap+b.height() > limit {
				s.cut = s.cut || len(b.lines) > 0
				b = &block{}
			}
			return max(a.height()+gap+b.height(), size), func(y float64) {
				ys = append(ys, y+size/2)
				s.lay(a, r.x+indent, y, r.w-indent, 0, s.accent)
				s.lay(b, r.x+indent, y+a.height()+gap, r.w-indent, 0, s.ink)
			}
		})
	}
	s.flow(out, r, bodyMax)
	for i, y := range ys {
		if i > 0 {
			s.rect(r.x+17, math.Round(ys[i-1])+22, 6, math.Round(y)-math.Round(ys[i-1])-44, s.rule)
		}
		s.ring(r.x+20, y, 20, 8, s.accent, s.ground)
	}
}

// ingredients are cells two and two: the amount large, the thing under it.
func (s *sheet) ingredients(rows [][]string, w float64) []item {
	const gap = 24.0
	cw := math.Floor((w - gap) / 2)
	fill := mix(s.ground, s.rule, 0.4)
	type laid struct{ a, b *block }
	var out []item
	for i := 0; i < len(rows); i += 2 {
		var names, amounts []*paragraph
		for _, row := range rows[i:min(i+2, len(rows))] {
			names = append(names, s.paragraph(cell(row, 0), s.body))
			amounts = append(amounts, s.paragraph(strings.Join(row[min(1, len(row)):], " "), fonts.Heavy))
		}
		out = append(out, func(size, limit float64) (float64, func(float64)) {
			pad := size * 0.55
			tall := max(limit-2*pad, MinBody)
			var cells []laid
			h := 0.0
			for k := range names {
				a := s.fitted(amounts[k], fonts.Heavy, box{w: cw - 2*pad, h: tall, max: max(size*1.5, MinBody), min: MinBody, leading: 1.25, lines: 2})
				b := s.fitted(names[k], s.body, fixedBox(cw-2*pad, max(tall-a.height()-gapIf(a, size*0.3), MinBody), max(size*0.9, MinBody)))
				if a.height()+gapIf(a, size*0.3)+b.height() > tall {
					s.cut = s.cut || len(b.lines) > 0
					b = &block{}
				}
				cells = append(cells, laid{a, b})
				h = max(h, a.height()+gapIf(a, size*0.3)+b.height())
			}
			h = math.Ceil(h + 2*pad)
			return h, func(y float64) {
				y = math.Round(y)
				for k, c := range cells {
					x := s.room.x + float64(k)*(cw+gap)
					s.round(x, y, cw, h, 22, fill)
					s.rect(x, y+math.Round(pad), 8, math.Round(min(size, h-2*pad)), s.accent)
					s.lay(c.a, x+pad, y+pad, cw-2*pad, 0, s.ink)
					s.lay(c.b, x+pad, y+pad+c.a.height()+gapIf(c.a, size*0.3), cw-2*pad, 0, s.ink)
				}
			}
		})
	}
	return out
}

// sizes is a garment's tag: names with their measures large, remarks under it.
func (s *sheet) sizes(r room) {
	r = s.head(r)
	room := r
	if len(s.page.Lines) > 0 {
		room.h = math.Round(r.h * 0.72)
	}
	grow := figureScale
	if len(s.page.Rows) > 4 {
		grow = 1.4
	}
	const pad = 44.0
	inner := room.w - 2*pad
	var items []item
	for i, row := range s.page.Rows {
		name, value := s.paragraph(cell(row, 0), s.body), s.paragraph(strings.Join(row[min(1, len(row)):], " "), fonts.Heavy)
		items = append(items, func(size, limit float64) (float64, func(float64)) {
			limit -= size * 0.5
			b := s.fitted(value, fonts.Heavy, box{w: math.Round(inner * 0.62), h: max(limit, MinBody), max: max(size*grow, MinBody), min: MinBody, leading: 1.15, lines: 2})
			left := inner - b.width() - size*0.6
			a := s.fitted(name, s.body, fixedBox(left, max(limit, MinBody), max(size*0.86, MinBody)))
			h := max(a.height(), b.height())
			return h + size*0.5, func(y float64) {
				s.lay(a, r.x+pad, y+h-a.height(), left, 0, s.soft)
				s.lay(b, r.x+pad, y+h-b.height(), inner, 1, s.ink)
				if i < len(s.page.Rows)-1 {
					s.rect(r.x+pad, math.Round(y+h+size*0.5), inner, 2, s.rule)
				}
			}
		})
	}
	size := s.largest(items, room.h-pad-130, 60)
	h := math.Ceil(min(total(items, size), room.h-pad-130))
	if len(items) > 0 {
		s.tag(room.x, room.y, room.w, h+pad+130)
		s.flow(items, roomOf(room.x, room.y+110, room.w, h+pad/2), size)
	} else {
		h = -pad - 130
	}
	below := roomOf(r.x, room.y+h+pad+130+48, r.w, 0)
	below.h = r.y + r.h - below.y
	if len(s.page.Lines) > 0 {
		s.flow(s.texts(s.page.Lines, r.w), below, 54)
	}
}

func roomOf(x, y, w, h float64) room { return room{x, y, w, h} }

// largest is the size at which items fill a height, at most most.
func (s *sheet) largest(items []item, h, most float64) float64 {
	cut := s.cut
	size := most
	for ; size > MinBody && total(items, size) > h; size -= 2 {
	}
	s.cut = cut // what was cut in trying is not cut on the page
	return size
}

// tag outlines a hanging tag with its hole.
func (s *sheet) tag(x, y, w, h float64) {
	s.round(x, y, w, h, 30, s.accent)
	s.round(x+6, y+6, w-12, h-12, 25, s.ground)
	s.ring(x+w/2, y+58, 24, 8, s.accent, s.ground)
}

// checks are lines with a ticked box before each.
func (s *sheet) checks(lines []string, w float64) []item {
	var out []item
	for _, l := range lines {
		p := s.paragraph(l, s.body)
		out = append(out, func(size, limit float64) (float64, func(float64)) {
			indent := size * 1.75
			b := s.fitted(p, s.body, fixedBox(w-indent, limit, size))
			return max(b.height(), size), func(y float64) {
				d := math.Round(size * 1.1)
				x, top := s.room.x, math.Round(y-(d-size)/2)
				s.round(x, top, d, d, d*0.24, s.accent)
				s.round(x+5, top+5, d-10, d-10, d*0.2, s.ground)
				s.tick(x, top, d)
				s.lay(b, s.room.x+indent, y, w-indent, 0, s.ink)
			}
		})
	}
	return out
}

// tick is a check mark in a square of side d.
func (s *sheet) tick(x, y, d float64) {
	at := func(px, py float64) point { return point{x + px*d, y + py*d} }
	s.poly(s.accent, at(0.20, 0.50), at(0.30, 0.41), at(0.44, 0.56), at(0.80, 0.17), at(0.90, 0.27), at(0.45, 0.77))
}

// question asks large, answers larger still on a field of colour, and says why below.
func (s *sheet) question(r room) {
	s.text("？", fonts.Heavy, box{w: 220, h: 220, max: 210, min: 210, leading: 1, lines: 1}, r.x-10, r.y-24, 0, s.accent)
	q := s.text(s.page.Title, s.title, box{w: r.w, h: math.Round(r.h * 0.3), max: 92, min: 52, leading: 1.3, balanced: true}, r.x, r.y+210, 0, s.ink)
	y := math.Round(r.y + 210 + q.height() + 48)
	lines := s.page.Lines
	if len(lines) > 0 {
		const pad = 44.0
		most := r.y + r.h - y - 2*pad
		if len(lines) > 1 {
			most *= 0.55
		}
		a := s.set(lines[0], fonts.Heavy, box{w: r.w - 2*pad, h: max(most, MinBody), max: 84, min: MinBody, leading: 1.35, balanced: true})
		h := math.Ceil(a.height()) + 2*pad
		if len(a.lines) > 0 && y+h <= r.y+r.h+1 {
			s.round(r.x, y, r.w, h, 26, s.accent)
			s.lay(a, r.x+pad, y+pad, r.w-2*pad, 0, s.on)
			y += h + 44
		} else {
			s.cut = s.cut || len(a.lines) > 0
		}
		lines = lines[1:]
	}
	if rest := roomOf(r.x, y, r.w, r.y+r.h-y); len(lines) > 0 && rest.h >= MinBody {
		s.flow(s.texts(lines, r.w), rest, 54)
	} else {
		s.cut = s.cut || len(lines) > 0
	}
}

// isPictured tells a page that shows photos.
func isPictured(p loam.Page) bool {
	return len(p.Photos) > 0 && (p.Kind == loam.PageCover || p.Kind == loam.PagePhoto)
}
