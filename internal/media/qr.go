package media

import (
	"cmp"
	"image"
	"math"
	"slices"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode/decoder"
	"github.com/makiuchi-d/gozxing/qrcode/detector"
)

// Code is a QR code in a picture: what it says and where it stands, in pixels.
type Code struct {
	Text  string
	Place image.Rectangle
}

const (
	codeEdge = 1600 // pixels: larger pictures are looked at smaller
	// Bounds of the work on one picture: places that look like the corner of a code, threes of
	// them that are tried, and codes that are read.
	mostCorners = 40
	mostTries   = 12
	mostCodes   = 8
)

// Codes reads the QR codes of a picture (ISO/IEC 18004), dark on light or light on dark,
// turned as they may be. Its work is bounded by the picture's size. A code needs about two
// pixels a module, and modules of at most a fortieth of the picture.
func Codes(img image.Image) []Code {
	g, scale := greyed(img, codeEdge)
	var out []Code
	for range 2 { // at half the size once more: what is large or speckled is read better there
		p := g.planes()
		for _, ink := range []uint8{dark, light} {
			out = p.read(out, ink, scale)
		}
		if min(g.w, g.h) < 200 {
			break
		}
		g, scale = g.half(), scale*2
	}
	return out
}

// grey is a picture's luminance.
type grey struct {
	w, h int
	pix  []uint8
}

// greyed gives the luminance at a whole fraction of the size, at most edge a side, and the
// fraction's divisor.
func greyed(img image.Image, edge int) (grey, int) {
	b := img.Bounds()
	k := max((max(b.Dx(), b.Dy())+edge-1)/edge, 1)
	g := grey{w: b.Dx() / k, h: b.Dy() / k}
	g.pix = make([]uint8, g.w*g.h)
	if m, ok := img.(*image.YCbCr); ok && k == 1 {
		for y := range g.h {
			copy(g.pix[y*g.w:][:g.w], m.Y[m.YOffset(b.Min.X, b.Min.Y+y):])
		}
		return g, k
	}
	luma, row, sums := lumas(img), make([]float64, b.Dx()), make([]float64, g.w)
	for y := range g.h {
		clear(sums)
		for dy := range k {
			luma(y*k+dy, row)
			for x := range sums {
				for _, v := range row[x*k : x*k+k] {
					sums[x] += v
				}
			}
		}
		out := g.pix[y*g.w:][:g.w]
		for x, s := range sums {
			out[x] = uint8(s / float64(k*k))
		}
	}
	return g, k
}

func (g grey) half() grey {
	out := grey{w: g.w / 2, h: g.h / 2}
	out.pix = make([]uint8, out.w*out.h)
	for y := range out.h {
		a, b := g.pix[2*y*g.w:][:g.w], g.pix[(2*y+1)*g.w:][:g.w]
		for x := range out.w {
			out.pix[y*out.w+x] = uint8((int(a[2*x]) + int(a[2*x+1]) + int(b[2*x]) + int(b[2*x+1]) + 2) / 4)
		}
	}
	return out
}

// planes tell of every pixel whether it is dark or light against its surroundings.
type planes struct {
	grey
	bits map[uint8]*gozxing.BitMatrix
}

const (
	dark  = 1
	light = 2

	tile    = 8  // pixels a side; the surroundings are 15 tiles a side
	around  = 7  // tiles
	visible = 10 // steps of 256 a pixel must differ by
)

func (g grey) planes() *planes {
	tw, th := (g.w+tile-1)/tile, (g.h+tile-1)/tile
	sums := make([]int32, (tw+1)*(th+1)) // of tile means, over all tiles above and to the left
	for ty := range th {
		line := int32(0)
		for tx := range tw {
			sum, n := 0, 0
			for y := ty * tile; y < min(ty*tile+tile, g.h); y++ {
				for _, v := range g.pix[y*g.w+tx*tile : y*g.w+min(tx*tile+tile, g.w)] {
					sum += int(v)
				}
				n += min(tile, g.w-tx*tile)
			}
			line += int32(sum * 16 / max(n, 1))
			sums[(ty+1)*(tw+1)+tx+1] = sums[ty*(tw+1)+tx+1] + line
		}
	}
	p := &planes{grey: grey{g.w, g.h, make([]uint8, len(g.pix))}, bits: map[uint8]*gozxing.BitMatrix{}}
	for ty := range th {
		top, bottom := max(ty-around, 0)*(tw+1), min(ty+around+1, th)*(tw+1)
		for tx := range tw {
			left, right := max(tx-around, 0), min(tx+around+1, tw)
			n := int32((bottom - top) / (tw + 1) * (right - left) * 16)
			mean := int((sums[bottom+right] - sums[bottom+left] - sums[top+right] + sums[top+left]) / n)
			for y := ty * tile; y < min(ty*tile+tile, g.h); y++ {
				from, to := y*g.w+tx*tile, y*g.w+min(tx*tile+tile, g.w)
				out := p.pix[from:to]
				for i, v := range g.pix[from:to] {
					switch d := int(v) - mean; {
					case d < -visible:
						out[i] = dark
					case d > visible:
						out[i] = light
					}
				}
			}
		}
	}
	return p
}

// matrix is one plane as the decoder wants it.
func (p *planes) matrix(ink uint8) (*gozxing.BitMatrix, error) {
	if m := p.bits[ink]; m != nil {
		return m, nil
	}
	m, err := gozxing.NewBitMatrix(p.w, p.h)
	if err != nil {
		return nil, err
	}
	for i, v := range p.pix {
		if v == ink {
			m.Set(i%p.w, i/p.w)
		}
	}
	p.bits[ink] = m
	return m, nil
}

// read reads the codes of one ink that are not among out already.
func (p *planes) read(out []Code, ink uint8, scale int) []Code {
	corners := p.corners(ink)
	used := map[int]bool{}
	for _, t := range threes(corners) {
		if len(out) == mostCodes || used[t.top] || used[t.right] || used[t.left] {
			continue
		}
		words, ok := p.decode(ink, corners[t.left], corners[t.top], corners[t.right])
		if !ok {
			continue
		}
		used[t.top], used[t.right], used[t.left] = true, true, true
		c := Code{words, t.place(corners, scale)}
		if !slices.ContainsFunc(out, func(d Code) bool { return d.Text == c.Text && d.Place.Overlaps(c.Place) }) {
			out = append(out, c)
		}
	}
	return out
}

func (p *planes) decode(ink uint8, left, top, right corner) (string, bool) {
	m, err := p.matrix(ink)
	if err != nil {
		return "", false
	}
	of := func(c corner) *detector.FinderPattern { return detector.NewFinderPattern1(c.x, c.y, c.module) }
	l, t, r := of(left), of(top), of(right)
	sampled, err := detector.NewDetector(m).ProcessFinderPatternInfo(detector.NewFinderPatternInfo(l, t, r))
	if err == nil {
		if words, ok := words(sampled.GetBits()); ok {
			return words, true
		}
	}
	// The library may have counted the modules wrongly: the corners tell about how many.
	dx, dy := right.x-top.x, right.y-top.y
	leg := math.Hypot(dx, dy)
	upright := top.module * max(math.Abs(dx), math.Abs(dy)) / leg // a turned pattern is wider along a row
	about := 4*int(math.Round((leg/upright+6)/4)) + 1
	for _, modules := range []int{about, about + 4, about - 4} {
		if modules < 21 || modules > 177 {
			continue
		}
		bits, err := detector.Detector_sampleGrid(m, detector.Detector_createTransform(t, r, l, nil, modules), modules)
		if err != nil { // it reaches beyond the picture
			continue
		}
		if words, ok := words(bits); ok {
			return words, true
		}
	}
	return "", false
}

func words(bits *gozxing.BitMatrix) (string, bool) {
	result, err := decoder.NewDecoder().DecodeWithoutHint(bits)
	if err != nil { // three corners without a code between them
		return "", false
	}
	return result.GetText(), true
}

// three is the corners of what may be a code, by their place in the list.
type three struct {
	left, top, right int // bottom left, top left, top right
	off              float64
}

func (t three) place(c []corner, scale int) image.Rectangle {
	x := []float64{c[t.left].x, c[t.top].x, c[t.right].x}
	y := []float64{c[t.left].y, c[t.top].y, c[t.right].y}
	x, y = append(x, x[0]+x[2]-x[1]), append(y, y[0]+y[2]-y[1])
	rim := 3.5 * c[t.top].module
	k := float64(scale)
	return image.Rect(int(k*(slices.Min(x)-rim)), int(k*(slices.Min(y)-rim)), int(k*(slices.Max(x)+rim)), int(k*(slices.Max(y)+rim)))
}

// threes are corners of one size at a right angle, the straightest first.
func threes(c []corner) []three {
	var out []three
	for top := range c {
		for a := range c {
			for b := a + 1; b < len(c); b++ {
				if a == top || b == top {
					continue
				}
				if t, ok := angle(c, top, a, b); ok {
					out = append(out, t)
				}
			}
		}
	}
	slices.SortStableFunc(out, func(a, b three) int { return cmp.Compare(a.off, b.off) })
	return out[:min(len(out), mostTries)]
}

func angle(c []corner, top, a, b int) (three, bool) {
	ax, ay, bx, by := c[a].x-c[top].x, c[a].y-c[top].y, c[b].x-c[top].x, c[b].y-c[top].y
	la, lb := math.Hypot(ax, ay), math.Hypot(bx, by)
	small := min(c[top].module, c[a].module, c[b].module)
	large := max(c[top].module, c[a].module, c[b].module)
	modules := (la + lb) / (2 * c[top].module)
	if large > 1.6*small || la > 1.5*lb || lb > 1.5*la || modules < 10 || modules > 220 {
		return three{}, false
	}
	cos, turn := (ax*bx+ay*by)/(la*lb), ax*by-ay*bx
	if math.Abs(cos) > 0.35 {
		return three{}, false
	}
	t := three{left: b, top: top, right: a, off: math.Abs(cos) + math.Abs(math.Log(la/lb)) + math.Log(large/small)}
	if turn < 0 {
		t.left, t.right = a, b
	}
	return t, true
}
