package photo

import (
	"image"
	"math"
)

// field is one number for each pixel.
type field struct {
	w, h int
	v    []float32
}

func newField(w, h int) field { return field{w, h, make([]float32, w*h)} }

// light is the lightness of a picture, 0 to 1.
func (p picture) light() field {
	w, h := p.size()
	f := newField(w, h)
	for i := range f.v {
		q := p.Pix[4*i : 4*i+3 : 4*i+3]
		f.v[i] = (0.299*float32(q[0]) + 0.587*float32(q[1]) + 0.114*float32(q[2])) / 255
	}
	return f
}

// half is a field at half its size.
func (f field) half() field {
	w, h := max(f.w/2, 1), max(f.h/2, 1)
	out := newField(w, h)
	for y := range h {
		a := f.v[min(2*y, f.h-1)*f.w:]
		b := f.v[min(2*y+1, f.h-1)*f.w:]
		for x := range w {
			l, r := 2*x, min(2*x+1, f.w-1)
			out.v[y*w+x] = (a[l] + a[r] + b[l] + b[r]) / 4
		}
	}
	return out
}

// rows gives a row of the field blown up to w×h, interpolated: called for y from 0 up.
func (f field) rows(w, h int) func(y int) []float32 {
	out := make([]float32, w)
	left, part := make([]int32, w), make([]float32, w)
	for x := range w {
		s := clamp((float32(x)+0.5)*float32(f.w)/float32(w)-0.5, float32(f.w-1))
		l := min(int(s), max(f.w-2, 0))
		left[x], part[x] = int32(l), s-float32(l)
	}
	return func(y int) []float32 {
		s := clamp((float32(y)+0.5)*float32(f.h)/float32(h)-0.5, float32(f.h-1))
		t := min(int(s), max(f.h-2, 0))
		k := s - float32(t)
		a, b := f.v[t*f.w:][:f.w], f.v[min(t+1, f.h-1)*f.w:][:f.w]
		for x := range out {
			l := left[x]
			r := min(l+1, int32(f.w-1))
			u := a[l] + (b[l]-a[l])*k
			v := a[r] + (b[r]-a[r])*k
			out[x] = u + (v-u)*part[x]
		}
		return out
	}
}

// blur is three passes of a moving mean: near enough to a bell of width r.
func (f field) blur(r int) field {
	out := field{f.w, f.h, append([]float32(nil), f.v...)}
	if r < 1 {
		return out
	}
	spare := make([]float32, len(f.v))
	for range 3 {
		boxRows(out.v, spare, f.w, f.h, r)
		boxColumns(spare, out.v, f.w, f.h, r)
	}
	return out
}

// box is one pass of a moving mean over (2r+1)².
func (f field) box(r int) field {
	out, spare := newField(f.w, f.h), make([]float32, len(f.v))
	boxRows(f.v, spare, f.w, f.h, r)
	boxColumns(spare, out.v, f.w, f.h, r)
	return out
}

func boxRows(from, to []float32, w, h, r int) {
	r = min(r, w-1)
	k := 1 / float32(2*r+1)
	for y := range h {
		a, b := from[y*w:][:w], to[y*w:][:w]
		sum := a[0] * float32(r+1)
		for x := 1; x <= r; x++ {
			sum += a[x]
		}
		for x := range w {
			b[x] = sum * k
			sum += a[min(x+r+1, w-1)] - a[max(x-r, 0)]
		}
	}
}

func boxColumns(from, to []float32, w, h, r int) {
	r = min(r, h-1)
	k := 1 / float32(2*r+1)
	sum := make([]float32, w)
	for x := range w {
		sum[x] = from[x] * float32(r+1)
	}
	for y := 1; y <= r; y++ {
		for x, v := range from[y*w:][:w] {
			sum[x] += v
		}
	}
	for y := range h {
		in, out := from[min(y+r+1, h-1)*w:][:w], from[max(y-r, 0)*w:][:w]
		b := to[y*w:][:w]
		for x := range b {
			b[x] = sum[x] * k
			sum[x] += in[x] - out[x]
		}
	}
}

// stretch spreads what lies between two shares of all values over 0 to 1.
func (f field) stretch(low, high float64) field {
	var hist [256]int
	for _, v := range f.v {
		hist[octet(v*255)]++
	}
	find := func(share float64) float32 {
		n, stop := 0, int(share*float64(len(f.v)))
		for i, k := range hist {
			if n += k; n > stop {
				return float32(i) / 255
			}
		}
		return 1
	}
	lo, hi := find(low), find(high)
	if hi-lo < 0.08 { // a picture of one tone stays one
		mid := (lo + hi) / 2
		lo, hi = mid-0.5, mid+0.5
	}
	out := newField(f.w, f.h)
	for i, v := range f.v {
		out.v[i] = clamp((v-lo)/(hi-lo), 1)
	}
	return out
}

// even replaces each value by the share of values below it.
func (f field) even() {
	lo, hi := f.v[0], f.v[0]
	for _, v := range f.v {
		lo, hi = min(lo, v), max(hi, v)
	}
	const n = 1024
	k := float32(n-1) / max(hi-lo, 1e-9)
	var hist [n]int
	for _, v := range f.v {
		hist[int((v-lo)*k)]++
	}
	var rank [n]float32
	sum := 0
	for i, c := range hist {
		rank[i] = (float32(sum) + float32(c)/2) / float32(len(f.v))
		sum += c
	}
	for i, v := range f.v {
		f.v[i] = rank[int((v-lo)*k)]
	}
}

// flow is the direction along the forms of a picture at each place, of length 1.
type flow struct {
	w, h int
	x, y []float32
}

// flowOf follows edges; where there are none it turns towards the lean, in degrees, and by
// up to turn degrees to both sides of it, differently from place to place.
func flowOf(f field, r int, lean, turn float64) flow {
	xx, yy, xy := newField(f.w, f.h), newField(f.w, f.h), newField(f.w, f.h)
	for y := range f.h {
		up, down := f.v[max(y-1, 0)*f.w:][:f.w], f.v[min(y+1, f.h-1)*f.w:][:f.w]
		row := f.v[y*f.w:][:f.w]
		for x := range f.w {
			gx := row[min(x+1, f.w-1)] - row[max(x-1, 0)]
			gy := down[x] - up[x]
			i := y*f.w + x
			xx.v[i], yy.v[i], xy.v[i] = gx*gx, gy*gy, gx*gy
		}
	}
	xx, yy, xy = xx.blur(r), yy.blur(r), xy.blur(r)
	const faint = 2e-4 // how strong an edge across the lean is added
	sway := clouds(f.w, f.h, max(f.w/7, 1), 91)
	out := flow{f.w, f.h, xx.v, yy.v}
	for i := range xx.v {
		sin, cos := math.Sincos((lean + 90 + turn*(2*float64(sway.v[i])-1)) * math.Pi / 180)
		a, b, c := xx.v[i]+float32(cos*cos)*faint, yy.v[i]+float32(sin*sin)*faint, xy.v[i]+float32(sin*cos)*faint
		// The eigenvector of the smaller eigenvalue runs along the edge.
		d := float32(math.Sqrt(float64((a-b)*(a-b) + 4*c*c)))
		vx, vy := a-b-d, 2*c
		if a > b { // of its two equal forms the one that does not vanish
			vx, vy = 2*c, b-a-d
		}
		n := float32(math.Sqrt(float64(vx*vx + vy*vy)))
		if n < 1e-12 {
			vx, vy, n = float32(-sin), float32(cos), 1
		}
		out.x[i], out.y[i] = vx/n, vy/n
	}
	return out
}

// along is the mean of a field over steps pixels of a flow to both sides of each place.
func (fl flow) along(f field, steps int) field {
	out := newField(f.w, f.h)
	for y := range f.h {
		for x := range f.w {
			i := y*f.w + x
			sum, n := f.v[i], float32(1)
			for _, side := range [2]float32{1, -1} {
				px, py := float32(x)+0.5, float32(y)+0.5
				dx, dy := fl.x[i]*side, fl.y[i]*side
				for range steps {
					px, py = px+dx, py+dy
					if px < 0 || py < 0 || px >= float32(f.w) || py >= float32(f.h) {
						break
					}
					k := int(py)*f.w + int(px)
					sum += f.v[k]
					n++
					nx, ny := fl.x[k], fl.y[k]
					if nx*dx+ny*dy < 0 { // a direction has two senses: keep to the one it came with
						nx, ny = -nx, -ny
					}
					dx, dy = nx, ny
				}
			}
			out.v[i] = sum / n
		}
	}
	return out
}

// speckle is even noise.
func speckle(w, h int, seed uint32) field {
	f := newField(w, h)
	for y := range h {
		for x := range w {
			f.v[y*w+x] = grain(x, y, seed)
		}
	}
	return f
}

// clouds is soft noise of 0 to 1 with features of about cell pixels.
func clouds(w, h, cell int, seed uint32) field {
	cell = max(cell, 1)
	f := speckle(w/cell+3, h/cell+3, seed)
	out := newField(w, h)
	row := f.rows(w, h)
	for y := range h {
		copy(out.v[y*w:], row(y))
	}
	return out
}

// oilSmooth is a generalised Kuwahara filter: each place takes the mean of those of eight
// windows around it that are most of one colour, so areas become flat and edges stay.
func (p picture) oilSmooth(r int) *image.RGBA {
	w, h := p.size()
	type spot struct{ r, g, b, s float32 }
	means := make([]spot, w*h)
	light := p.light()
	squares := newField(w, h)
	for i, v := range light.v {
		squares.v[i] = v * v
	}
	for c := range 3 {
		f := newField(w, h)
		for i := range f.v {
			f.v[i] = float32(p.Pix[4*i+c])
		}
		f = f.box(r)
		for i, v := range f.v {
			switch c {
			case 0:
				means[i].r = v
			case 1:
				means[i].g = v
			default:
				means[i].b = v
			}
		}
	}
	light, squares = light.box(r), squares.box(r)
	for i, m := range light.v {
		v := max(squares.v[i]-m*m, 0)
		q := v*4000 + 1
		means[i].s = 1 / (q * q * q) // the calmer window by far outweighs the others
	}
	out := p.blank()
	d, e := r, r*7/10
	offsets := [8][2]int{{-d, 0}, {d, 0}, {0, -d}, {0, d}, {-e, -e}, {e, -e}, {-e, e}, {e, e}}
	for y := range h {
		for x := range w {
			var sr, sg, sb, sw float32
			for _, o := range offsets {
				k := &means[max(0, min(h-1, y+o[1]))*w+max(0, min(w-1, x+o[0]))]
				sr, sg, sb, sw = sr+k.r*k.s, sg+k.g*k.s, sb+k.b*k.s, sw+k.s
			}
			q := out.Pix[4*(y*w+x):]
			q[0], q[1], q[2] = octet(sr/sw), octet(sg/sw), octet(sb/sw)
		}
	}
	return out
}
