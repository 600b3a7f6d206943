package media

import (
	"cmp"
	"math"
	"slices"
)

// corner is the middle of what looks like the finder pattern of a QR code (ISO/IEC 18004,
// 6.3.3): on every line through it ink, gap, ink, gap and ink are as 1:1:3:1:1.
type corner struct {
	x, y, module float64
	seen         int // lines that met it
}

// corners finds the places that look like finder patterns, those met by most lines first.
func (p *planes) corners(ink uint8) []corner {
	var out []corner
	for y := 1; y < p.h; y += 3 {
		row := p.pix[y*p.w:][:p.w]
		var ends [6]int // where the last runs ended; the last of ends[1:] is where x stands
		on := false
		for x := 0; x <= p.w; x++ {
			if x < p.w && (row[x] == ink) == on {
				continue
			}
			copy(ends[:], ends[1:])
			ends[5] = x
			if on {
				out = p.meet(out, ink, ends, y)
			}
			on = !on
		}
	}
	slices.SortStableFunc(out, func(a, b corner) int { return cmp.Compare(b.seen, a.seen) })
	return out[:min(len(out), mostCorners)]
}

// meet takes a run of ink that ended on row y as the right rim of a pattern.
func (p *planes) meet(out []corner, ink uint8, ends [6]int, y int) []corner {
	runs := [5]int{ends[1] - ends[0], ends[2] - ends[1], ends[3] - ends[2], ends[4] - ends[3], ends[5] - ends[4]}
	module, ok := pattern(runs)
	if !ok {
		return out
	}
	x := float64(ends[2]+ends[3]) / 2
	cy, vertical, ok := p.across(ink, int(x), y, 0, 1, module)
	if !ok {
		return out
	}
	cx, horizontal, ok := p.across(ink, int(x), int(cy), 1, 0, module)
	if !ok {
		return out
	}
	c := corner{cx, cy, (vertical + horizontal) / 2, 1}
	for i := range out {
		o := &out[i]
		if math.Abs(o.x-c.x) < o.module && math.Abs(o.y-c.y) < o.module && math.Abs(o.module-c.module) < max(1, o.module/2) {
			n := float64(o.seen)
			o.x, o.y, o.module = (o.x*n+c.x)/(n+1), (o.y*n+c.y)/(n+1), (o.module*n+c.module)/(n+1)
			o.seen++
			return out
		}
	}
	const most = 400 // a picture of nothing but patterns must not cost their square
	if len(out) == most {
		return out
	}
	return append(out, c)
}

// pattern reports whether five runs are as 1:1:3:1:1, and the size of one part.
func pattern(runs [5]int) (float64, bool) {
	total := 0
	for _, r := range runs {
		if r == 0 {
			return 0, false
		}
		total += r
	}
	module := float64(total) / 7
	if total < 9 {
		return 0, false
	}
	for i, r := range runs {
		want, slack := module, max(module*0.6, 1)
		if i == 2 {
			want, slack = 3*module, module*1.5
		}
		if math.Abs(float64(r)-want) > slack {
			return 0, false
		}
	}
	return module, true
}

// across measures the pattern along a line through (x, y) and gives the coordinate of its
// middle along that line.
func (p *planes) across(ink uint8, x, y, dx, dy int, module float64) (middle, size float64, ok bool) {
	var runs [5]int
	far := int(6 * module)
	// back and forth from the middle: the rest of the middle run, then two more each
	walk := func(sx, sy int, first int, order [3]int) (steps int, ok bool) {
		cx, cy := x+sx*first, y+sy*first
		for i, at := range order {
			want := i != 1
			for cx >= 0 && cy >= 0 && cx < p.w && cy < p.h && (p.pix[cy*p.w+cx] == ink) == want {
				runs[at]++
				if runs[at] > far {
					return 0, false
				}
				cx, cy = cx+sx, cy+sy
				if i == 0 {
					steps++
				}
			}
			if runs[at] == 0 {
				return 0, false
			}
		}
		return steps, true
	}
	back, ok := walk(-dx, -dy, 0, [3]int{2, 1, 0})
	if !ok {
		return 0, 0, false
	}
	forth, ok := walk(dx, dy, 1, [3]int{2, 3, 4})
	if !ok {
		return 0, 0, false
	}
	size, ok = pattern(runs)
	if !ok || size > 2*module || module > 2*size {
		return 0, 0, false
	}
	at := x*dx + y*dy
	return float64(at) + float64(forth-back+1)/2 + 0.5, size, true
}
