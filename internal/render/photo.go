package render

import (
	"image"
	"image/color"
	"image/draw"
	"math"
	"strconv"
	"unicode/utf8"

	xdraw "golang.org/x/image/draw"

	"loam"
	"loam/internal/fonts"
)

// Photos on a page: where they lie, the plate of the title, numbered points.

// plate is how a look sets words on a photo.
type plate int

const (
	card   plate = iota // a sheet of the ground
	bands               // each line on its own strip
	scrim               // the photo fades into the ground behind the words
	hard                // a box with a hard shadow
	taped               // a sheet held by tape
	spoken              // a speech bubble
)

// gutter is between the photos of one page.
const gutter = 12

// Frames are the places of a page's photos in pixels, in their order; none where a page
// shows none. Their sizes are what Drawing.Photos must have.
func Frames(style Style, p loam.Page) []image.Rectangle {
	if !isPictured(p) {
		return nil
	}
	const w, h, g = Width, Height, gutter
	switch p.Arrangement() {
	case loam.LayoutFramed:
		r := style.look.room
		if p.Title != "" && p.Kind == loam.PagePhoto || p.Kind == loam.PageCover && p.Title+p.Sub != "" {
			r.h -= captionHeight(p)
		}
		return []image.Rectangle{image.Rect(int(r.x), int(r.y), int(r.x+r.w), int(r.y+r.h))}
	case loam.LayoutCompare:
		return []image.Rectangle{image.Rect(0, 0, w/2-g/2, h), image.Rect(w/2+g/2, 0, w, h)}
	case loam.LayoutGrid:
		switch len(p.Photos) {
		case 2:
			return []image.Rectangle{image.Rect(0, 0, w, h/2-g/2), image.Rect(0, h/2+g/2, w, h)}
		case 3:
			return []image.Rectangle{
				image.Rect(0, 0, w, 852), image.Rect(0, 852+g, w/2-g/2, h), image.Rect(w/2+g/2, 852+g, w, h),
			}
		default:
			return []image.Rectangle{
				image.Rect(0, 0, w/2-g/2, h/2-g/2), image.Rect(w/2+g/2, 0, w, h/2-g/2),
				image.Rect(0, h/2+g/2, w/2-g/2, h), image.Rect(w/2+g/2, h/2+g/2, w, h),
			}
		}
	default:
		return []image.Rectangle{image.Rect(0, 0, w, h)}
	}
}

// captionHeight is the room under a framed photo.
func captionHeight(p loam.Page) float64 {
	if p.Kind == loam.PageCover {
		return 330
	}
	return 190
}

// pictured draws a page with photos.
func (s *sheet) pictured(frames []image.Rectangle) {
	framed := s.page.Arrangement() == loam.LayoutFramed
	if framed {
		s.paper(s)
	} else {
		s.fill(s.ground)
	}
	for i, f := range frames {
		var photo image.Image
		if i < len(s.Photos) {
			photo = s.Photos[i]
		}
		s.photo(f, photo)
	}
	if framed {
		f := roomOf(float64(frames[0].Min.X), float64(frames[0].Min.Y), float64(frames[0].Dx()), float64(frames[0].Dy()))
		s.taken = []room{
			{0, 0, Width, f.y}, {0, f.y + f.h, Width, Height - f.y - f.h}, {0, 0, f.x, Height}, {f.x + f.w, 0, Width - f.x - f.w, Height},
		}
		s.caption(frames[0])
		s.callouts()
		s.number()
		return
	}
	// What lies under words must be known before any is drawn.
	quiet := measureCalm(s.img)
	s.titlePlate(quiet)
	if s.page.Arrangement() == loam.LayoutCompare {
		s.names(frames)
	}
	s.callouts()
}

// photo lays a photo into its frame.
func (s *sheet) photo(f image.Rectangle, photo image.Image) {
	if photo == nil || photo.Bounds().Empty() {
		draw.Draw(s.img, f, image.NewUniform(mix(s.ground, s.ink, 0.1)), image.Point{}, draw.Src)
		return
	}
	b := photo.Bounds()
	if b.Size() == f.Size() {
		draw.Draw(s.img, f, photo, b.Min, draw.Over)
		return
	}
	draw.Draw(s.img, f, image.White, image.Point{}, draw.Src)
	xdraw.ApproxBiLinear.Scale(s.img, f, photo, middle(b, f.Dx(), f.Dy()), xdraw.Over, nil)
}

// caption sets title and second line under a framed photo.
func (s *sheet) caption(f image.Rectangle) {
	x, w, y := float64(f.Min.X), float64(f.Dx()), float64(f.Max.Y)+34
	if s.page.Kind == loam.PageCover {
		b := s.text(s.page.Title, s.title, box{w: w, h: 176, max: 104, min: 56, leading: 1.22, lines: 2, balanced: true}, x, y, 0, s.ink)
		s.text(s.page.Sub, s.body, box{w: w, h: 100, max: 48, min: MinBody, leading: 1.3, lines: 2}, x, y+b.height()+gapIf(b, 24), 0, s.soft)
		return
	}
	b := s.text(s.page.Title, s.body, box{w: w, h: 66, max: 54, min: MinBody, leading: 1.4, lines: 1}, x, y, 0, s.ink)
	s.text(s.page.Sub, s.body, box{w: w, h: 60, max: MinBody, min: MinBody, leading: 1.3, lines: 1}, x, y+b.height()+gapIf(b, 20), 0, s.soft)
}

// names set what a before and an after are called on chips over them.
func (s *sheet) names(frames []image.Rectangle) {
	for i, f := range frames {
		if i >= len(s.page.Lines) {
			return
		}
		b := s.set(s.page.Lines[i], fonts.Heavy, box{w: float64(f.Dx()) - 120, h: 60, max: 46, min: MinBody, leading: 1, lines: 1})
		if len(b.lines) == 0 {
			continue
		}
		fill, ink := s.ground, s.ink
		if i == 1 {
			fill, ink = s.accent, s.on
		}
		w := math.Ceil(b.width()) + 56
		r := room{float64(f.Min.X) + 36, 44, w, b.size + 34}
		s.round(r.x, r.y, r.w, r.h, 20, fill)
		s.lay(b, r.x+28, r.y+17, w-56, 0, ink)
		s.taken = append(s.taken, r)
	}
}

// plateRoom is where a plate may lie: clear of the edges, of the label a model's picture
// gets at the foot, and of the brand's tab.
func (s *sheet) plateRoom() room {
	r := room{56, 72, Width - 112, Height - 72 - 128}
	if s.page.Arrangement() == loam.LayoutCompare {
		r.y, r.h = r.y+90, r.h-90
	}
	return r
}

// titlePlate sets the title where the photo is calmest.
func (s *sheet) titlePlate(quiet calm) {
	if s.page.Title == "" && s.page.Sub == "" {
		return
	}
	cover := s.page.Kind == loam.PageCover
	most, small := 118.0, 60.0
	if !cover {
		most, small = 66, MinBody
	}
	pad := 48.0
	if s.plate == bands || s.plate == scrim {
		pad = 30
	}
	r := s.plateRoom()
	w := r.w*0.84 - 2*pad
	if utf8.RuneCountInString(s.page.Title) > 8 {
		most = min(most, 102) // two lines hide less of the photo than three
	}
	t := s.set(s.page.Title, s.title, box{w: w, h: 470, max: most, min: small, leading: 1.28, lines: 4, balanced: true})
	u := s.set(s.page.Sub, s.body, box{w: w, h: 150, max: 48, min: MinBody, leading: 1.4, lines: 2, balanced: true})
	if len(t.lines)+len(u.lines) == 0 {
		return
	}
	gap := 0.0
	if len(t.lines) > 0 {
		gap = gapIf(u, 34)
	}
	top := pad
	if s.plate == card {
		top += 20 // under the rule
	}
	pw, ph := math.Ceil(max(t.width(), u.width())+2*pad), math.Ceil(t.height()+gap+u.height()+top+pad)
	n := quiet.calmest(r, pw, ph, s.plate == scrim)
	p := n.place(r, pw, ph)
	s.taken = append(s.taken, p)
	align := float64(n.col) / 2
	if s.plate != bands && s.plate != scrim {
		align = 0
	}
	ink, soft := s.ink, s.soft
	switch s.plate {
	case bands:
		s.bandsUnder(t, p.x, p.y+top, pw, align, s.ground)
		s.bandsUnder(u, p.x, p.y+top+t.height()+gap, pw, align, s.accent)
		soft = s.on
	case scrim:
		s.fade(p, n, ink, soft)
	case hard:
		s.hard(p.x, p.y, pw-18, ph-18, s.ground, s.ink)
	case taped:
		s.rect(p.x+10, p.y+12, pw, ph, color.NRGBA{0, 0, 0, 0x30})
		s.rect(p.x, p.y, pw, ph, s.ground)
		s.tape(p.x+pw/2, p.y, 190, 56, -3, hex(0x9fc2a8))
	case spoken:
		x := p.x + 90
		s.poly(s.ground, point{x, p.y + ph - 2}, point{x + 70, p.y + ph - 2}, point{x - 14, p.y + ph + 48})
		s.round(p.x, p.y, pw, ph, 44, s.ground)
	default:
		s.round(p.x+6, p.y+10, pw, ph, 24, color.NRGBA{0, 0, 0, 0x2c})
		s.round(p.x, p.y, pw, ph, 24, s.ground)
		s.rect(p.x+pad, p.y+34, 64, 8, s.accent)
	}
	s.lay(t, p.x+pad, p.y+top, pw-2*pad, align, ink)
	s.lay(u, p.x+pad, p.y+top+t.height()+gap, pw-2*pad, align, soft)
}

// bandsUnder draws a strip under each line of a block that will be laid within w.
func (s *sheet) bandsUnder(b *block, x, y, w, align float64, col color.RGBA) {
	const side = 22.0
	for i, l := range b.lines {
		lw := math.Ceil(l.width*b.size) + 2*side
		left := math.Round(x + 30 - side + (w-60-l.width*b.size)*align)
		top := math.Round(y + b.size*(float64(i)*b.leading-0.12))
		s.rect(left, top, lw, math.Ceil(b.size*b.leading)+1, col)
	}
}

// fade lets the photo pass into the ground behind a plate: wholly enough under the words
// that all of them can be read, not at all at some distance.
func (s *sheet) fade(p room, n ninth, inks ...color.RGBA) {
	a := s.veil(p, inks)
	const reach = 260.0
	for y := range Height {
		d := max(p.y-float64(y), float64(y)-(p.y+p.h), 0)
		if n.row == 0 && float64(y) < p.y || n.row == 2 && float64(y) > p.y+p.h {
			d = 0 // towards the edge it stays
		}
		k := a * smooth(1-d/reach)
		if k <= 0 {
			continue
		}
		row := s.img.Pix[s.img.PixOffset(0, y):][:4*Width]
		f := int(k * 256)
		for i := 0; i < len(row); i += 4 {
			row[i] = uint8((int(row[i])*(256-f) + int(s.ground.R)*f) >> 8)
			row[i+1] = uint8((int(row[i+1])*(256-f) + int(s.ground.G)*f) >> 8)
			row[i+2] = uint8((int(row[i+2])*(256-f) + int(s.ground.B)*f) >> 8)
		}
	}
}

func smooth(t float64) float64 {
	t = max(0, min(1, t))
	return t * t * (3 - 2*t)
}

// veil is how much ground a place needs over it until every ink reads on each of its
// pixels.
func (s *sheet) veil(p room, inks []color.RGBA) float64 {
	a := 0.45
	for y := int(p.y); y < int(p.y+p.h); y += 3 {
		for x := int(p.x); x < int(p.x+p.w); x += 3 {
			q := s.img.RGBAAt(x, y)
			for a < 0.97 && !readsOn(mix(q, s.ground, a), inks) {
				a += 0.04
			}
		}
	}
	return min(a, 0.97)
}

func readsOn(c color.RGBA, inks []color.RGBA) bool {
	for _, k := range inks {
		if contrast(k, c) < least+0.2 {
			return false
		}
	}
	return true
}

// callouts draw numbered points and their words beside them, none over another.
func (s *sheet) callouts() {
	type mark struct {
		at   point
		text string
	}
	var marks []mark
	for i, c := range s.page.Callouts {
		at, ok := s.free(72, 72, s.around(float64(c.X)*Width/1000, float64(c.Y)*Height/1000, 72, 72, 0))
		if !ok {
			s.cut = true
			continue
		}
		x, y := at.x+36, at.y+36
		s.disc(x, y, 36, s.ground)
		s.disc(x, y, 31, s.accent)
		b := s.set(strconv.Itoa(i+1), fonts.Heavy, box{w: 60, h: 50, max: 40, min: 20, leading: 1, lines: 1})
		s.lay(b, x-30, y-b.size/2, 60, 0.5, s.on)
		marks = append(marks, mark{point{x, y}, c.Text})
	}
	for _, m := range marks {
		b := s.set(m.text, s.body, box{w: 420, h: 120, max: 46, min: MinBody, leading: 1.3, lines: 2, balanced: true})
		if len(b.lines) == 0 {
			continue
		}
		w, h := math.Ceil(b.width())+44, math.Ceil(b.height())+36
		at, ok := s.free(w, h, s.around(m.at.x, m.at.y, w, h, 48))
		if !ok {
			s.cut = true
			continue
		}
		s.leader(m.at, room{at.x, at.y, w, h})
		s.round(at.x, at.y, w, h, 18, s.ground)
		s.lay(b, at.x+22, at.y+18, w-44, 0, s.ink)
	}
}

// leader joins a number to words that found no room beside it.
func (s *sheet) leader(p point, r room) {
	q := point{max(r.x, min(r.x+r.w, p.x)), max(r.y, min(r.y+r.h, p.y))}
	dx, dy := q.x-p.x, q.y-p.y
	d := math.Hypot(dx, dy)
	if d < 40 {
		return
	}
	ux, uy := dx/d, dy/d
	a := point{p.x + 36*ux, p.y + 36*uy}
	s.poly(s.ground, point{a.x - 3*uy, a.y + 3*ux}, point{q.x - 3*uy, q.y + 3*ux}, point{q.x + 3*uy, q.y - 3*ux}, point{a.x + 3*uy, a.y - 3*ux})
}

// around are places for w×h about a point, the nearest first: to its right, its left,
// then in rings below and above. Away is the distance that leaves the point itself free.
func (s *sheet) around(x, y, w, h, away float64) []point {
	out := []point{{x + away, y - h/2}, {x - away - w, y - h/2}}
	if away == 0 {
		out = []point{{x - w/2, y - h/2}}
	}
	for d := 60.0; d < Height; d += 44 {
		for _, dy := range []float64{d, -d} {
			out = append(out, point{x + away, y - h/2 + dy}, point{x - away - w, y - h/2 + dy}, point{x - w/2, y - h/2 + dy})
		}
	}
	return out
}

// free takes the first of several places that lies on the page and on nothing taken.
func (s *sheet) free(w, h float64, at []point) (point, bool) {
	for _, p := range at {
		p = point{math.Round(max(20, min(Width-20-w, p.x))), math.Round(max(20, min(Height-120-h, p.y)))}
		r := room{p.x, p.y, w, h}
		ok := true
		for _, t := range s.taken {
			if r.x < t.x+t.w+6 && t.x < r.x+r.w+6 && r.y < t.y+t.h+6 && t.y < r.y+r.h+6 {
				ok = false
				break
			}
		}
		if ok {
			s.taken = append(s.taken, r)
			return p, true
		}
	}
	return point{}, false
}
