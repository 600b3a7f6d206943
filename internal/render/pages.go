package render

import (
	"fmt"
	"image"
	"math"
	"strconv"

	"loam"
	"loam/internal/fonts"
)

// inner draws a page behind the cover: ground, title, what its kind asks for, number.
func (s *sheet) inner() error {
	s.paper(s)
	r := s.room
	switch s.page.Kind {
	case loam.PageText:
		s.flow(s.texts(s.page.Lines, r.w), s.head(r), bodyMax)
	case loam.PageList:
		s.flow(s.list(s.page.Lines, r.w), s.head(r), bodyMax)
	case loam.PageFacts:
		s.flow(s.facts(s.page.Rows, r.w), s.head(r), bodyMax)
	case loam.PageTable:
		s.flow(s.table(s.page.Rows, r.w), s.head(r), bodyMax)
	case loam.PageStep:
		s.step(r)
	case loam.PageQuote:
		s.quote(r)
	case loam.PagePrices:
		s.flow(s.prices(s.page.Rows, r.w), s.head(r), bodyMax)
	case loam.PageTimeline:
		s.timeline(s.head(r))
	case loam.PageIngredients:
		s.flow(s.ingredients(s.page.Rows, r.w), s.head(r), bodyMax)
	case loam.PageSize:
		s.sizes(r)
	case loam.PageChecklist:
		s.flow(s.checks(s.page.Lines, r.w), s.head(r), bodyMax)
	case loam.PageQuestion:
		s.question(r)
	case loam.PagePhoto:
		s.flow(s.texts(s.page.Lines, r.w), s.head(r), bodyMax) // a page whose photo is still to come
	default:
		return loam.Fail(loam.Invalid, "page.kind", s.page.Kind)
	}
	s.number()
	return nil
}

// number shows where in the carousel the page is.
func (s *sheet) number() {
	if s.Total < 2 {
		return
	}
	b := s.set(fmt.Sprintf("%d / %d", s.Index+1, s.Total), fonts.Sans, box{w: 300, h: 60, max: 32, min: 32, leading: 1})
	s.lay(b, s.room.x, s.room.y+s.room.h+18, s.room.w, 1, s.soft)
}

// head draws the page's title with a short rule and gives the room below it.
func (s *sheet) head(r room) room {
	if s.page.Title == "" {
		return r
	}
	b := s.text(s.page.Title, s.title, box{w: r.w, h: 250, max: 88, min: 52, leading: 1.3, lines: 2, balanced: true}, r.x, r.y, 0, s.ink)
	s.rect(r.x, math.Round(r.y+b.height()+30), 72, 8, s.accent)
	used := math.Round(b.height() + 92)
	return room{r.x, r.y + used, r.w, r.h - used}
}

// item is a part of a page that flows with others: laid out for a size within a height,
// it tells the height it takes and draws itself at y.
type item func(size, limit float64) (height float64, draw func(y float64))

const (
	bodyMax     = 66
	bodyLeading = 1.5
	bodyGap     = 0.62 // between items, in font sizes
)

// flow draws items below each other at the largest size at which all fit, at most
// largest; at MinBody the last that fits is shortened.
func (s *sheet) flow(items []item, r room, largest float64) {
	size := largest
	for ; size > MinBody; size -= 2 {
		if total(items, size) <= r.h {
			break
		}
	}
	gap := bodyGap * size
	if n := float64(len(items)); n > 1 {
		blank := (r.h - total(items, size)) / (n - 1)
		gap = min(gap+max(blank, 0), gap*2.2)
	}
	y, end := r.y, r.y+r.h
	for i, it := range items {
		if end-y < size {
			s.cut = s.cut || i < len(items)
			return
		}
		h, paint := it(size, end-y+0.5) // the last one fits to a rounding error
		if i > 0 && y+h > end+1 {       // even its shortest form is too high
			s.cut = true
			return
		}
		paint(y)
		y += h + gap
	}
}

func total(items []item, size float64) float64 {
	h := bodyGap * size * float64(len(items)-1)
	for _, it := range items {
		n, _ := it(size, math.Inf(1))
		h += n
	}
	return h
}

// fixedBox is running text of one size.
func fixedBox(w, h, size float64) box {
	return box{w: w, h: h, max: size, min: size, leading: bodyLeading}
}

func (s *sheet) texts(lines []string, w float64) []item {
	var out []item
	for _, l := range lines {
		p := s.paragraph(l, s.body)
		out = append(out, func(size, limit float64) (float64, func(float64)) {
			b := s.fitted(p, s.body, fixedBox(w, limit, size))
			return b.height(), func(y float64) { s.lay(b, s.room.x, y, w, 0, s.ink) }
		})
	}
	return out
}

// list numbers its items; the numbers stand in discs of the accent colour.
func (s *sheet) list(lines []string, w float64) []item {
	var out []item
	for i, l := range lines {
		p := s.paragraph(l, s.body)
		n := s.paragraph(strconv.Itoa(i+1), fonts.Heavy)
		out = append(out, func(size, limit float64) (float64, func(float64)) {
			indent := size * 1.75
			b := s.fitted(p, s.body, fixedBox(w-indent, limit, size))
			// An item of blanks still has its number.
			return max(b.height(), size), func(y float64) {
				x, d := s.room.x, size*1.24
				s.disc(x+d/2, y+size/2, d/2, s.accent)
				k := s.fitted(n, fonts.Heavy, box{w: d * 0.8, h: d, max: size * 0.66, min: 10, leading: 1})
				s.lay(k, x, y+(size-k.size)/2, d, 0.5, s.on)
				s.lay(b, x+indent, y, w-indent, 0, s.ink)
			}
		})
	}
	return out
}

// facts are names with values, a thin rule under each.
func (s *sheet) facts(rows [][]string, w float64) []item {
	var out []item
	for _, row := range rows {
		name, value := s.paragraph(cell(row, 0), s.body), s.paragraph(cell(row, 1), fonts.Heavy)
		out = append(out, func(size, limit float64) (float64, func(float64)) {
			left := math.Round(w * 0.3)
			limit -= size * 0.6 // of the rule under it
			a := s.fitted(name, s.body, fixedBox(left-size/2, limit, max(size*0.86, MinBody)))
			b := s.fitted(value, fonts.Heavy, fixedBox(w-left, limit, size))
			h := max(a.height(), b.height())
			return h + size*0.6, func(y float64) {
				s.lay(a, s.room.x, y+(size-a.size)/2, left, 0, s.soft)
				s.lay(b, s.room.x+left, y, w-left, 0, s.ink)
				s.rect(s.room.x, math.Round(y+h+size*0.6), w, 2, s.rule)
			}
		})
	}
	return out
}

func cell(row []string, i int) string {
	if i < len(row) {
		return row[i]
	}
	return ""
}

// tableColumns is how many columns a page of this width can show in readable type.
const tableColumns = 4

// table sets rows in columns as wide as their contents ask; the first row is the head.
func (s *sheet) table(rows [][]string, w float64) []item {
	cols, paras := s.columns(rows, w)
	var out []item
	for i, row := range paras {
		face, ink := s.body, s.ink
		if i == 0 {
			face, ink = fonts.Heavy, s.on
		}
		out = append(out, func(size, limit float64) (float64, func(float64)) {
			size = max(size*0.84, MinBody)
			pad := size * 0.4
			h := size
			blocks := make([]*block, len(row))
			for k, p := range row {
				blocks[k] = s.fitted(p, face, fixedBox(cols[k]-pad, limit-2*pad, size))
				h = max(h, blocks[k].height())
			}
			return h + pad, func(y float64) {
				if i == 0 {
					s.round(s.room.x-pad, y-pad, w+2*pad, h+2*pad, 14, s.accent)
				} else {
					s.rect(s.room.x, math.Round(y+h+pad), w, 2, s.rule)
				}
				x := s.room.x
				for k, b := range blocks {
					s.lay(b, x, y, cols[k], 0, ink)
					x += cols[k]
				}
			}
		})
	}
	return out
}

// columns shares the width by the longest cell of each column, none under a fifth.
func (s *sheet) columns(rows [][]string, w float64) ([]float64, [][]*paragraph) {
	n := 0
	for _, row := range rows {
		n = max(n, min(len(row), tableColumns))
		s.cut = s.cut || len(row) > tableColumns
	}
	wide, sum := make([]float64, n), 0.0
	paras := make([][]*paragraph, len(rows))
	for i, row := range rows {
		face := s.body
		if i == 0 {
			face = fonts.Heavy
		}
		for k := range n {
			p := s.paragraph(cell(row, k), face)
			paras[i] = append(paras[i], p)
			wide[k] = max(wide[k], min(p.sums[len(p.clusters)], 10), 2)
		}
	}
	for _, v := range wide {
		sum += v
	}
	for k := range wide {
		wide[k] = math.Floor(w * (0.2 + (1-0.2*float64(n))*wide[k]/sum))
	}
	return wide, paras
}

// step is one step of a tutorial under its large number.
func (s *sheet) step(r room) {
	n := s.text(strconv.Itoa(s.page.Number), fonts.Heavy, box{w: r.w, h: 290, max: 280, min: 120, leading: 1}, r.x, r.y-30, 0, s.accent)
	used := n.height() + 10
	s.flow(s.texts(s.page.Lines, r.w), s.head(room{r.x, r.y + used, r.w, r.h - used}), 84)
}

// quote sets its lines large, centred in height.
func (s *sheet) quote(r room) {
	text := ""
	for i, l := range s.page.Lines {
		if i > 0 {
			text += "\n"
		}
		text += l
	}
	b := s.set(text, s.title, box{w: r.w, h: r.h - 180, max: 96, min: 48, leading: 1.5, balanced: true})
	y := r.y + 90 + (r.h-180-b.height())/2
	s.marks(r.x, y-120, 1)
	s.lay(b, r.x, y, r.w, 0, s.ink)
}

// marks draws a pair of opening quotation marks, 90 px high at scale 1.
func (s *sheet) marks(x, y, scale float64) {
	for i := range 2 {
		left := x + float64(i)*64*scale
		s.disc(left+24*scale, y+62*scale, 24*scale, s.accent)
		var p path
		p.move(left, y+62*scale)
		p.cube(point{left, y + 26*scale}, point{left + 18*scale, y + 6*scale}, point{left + 44*scale, y})
		p.line(left+47*scale, y+11*scale)
		p.cube(point{left + 30*scale, y + 18*scale}, point{left + 22*scale, y + 30*scale}, point{left + 24*scale, y + 40*scale})
		p.line(left+24*scale, y+62*scale)
		s.paint(&p, s.accent)
	}
}

// middle is the largest part of b with the proportions w:h, centred.
func middle(b image.Rectangle, w, h int) image.Rectangle {
	if b.Dx()*h > b.Dy()*w {
		d := b.Dx() - max(b.Dy()*w/h, 1)
		return image.Rect(b.Min.X+d/2, b.Min.Y, b.Max.X-(d-d/2), b.Max.Y)
	}
	d := b.Dy() - max(b.Dx()*h/w, 1)
	return image.Rect(b.Min.X, b.Min.Y+d/2, b.Max.X, b.Max.Y-(d-d/2))
}
