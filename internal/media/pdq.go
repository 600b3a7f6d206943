package media

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"image"
	"image/color"
	"math"
	"math/bits"
	"slices"
	"strconv"
	"strings"

	"loam"
)

// Hash is the 256 bits of PDQ. Bit 16·v+u tells whether the picture's cosine term of
// vertical frequency v+1 and horizontal frequency u+1 lies above the median of its terms.
type Hash [4]uint64

const (
	// HashBits is the largest Distance; two unlike pictures differ in about half of them.
	HashBits = 256
	// HashNear is the largest Distance of two hashes of one picture (PDQ, "Matching").
	HashNear = 31
	// leastQuality is the least Quality worth comparing: plainer pictures, such as words on
	// one colour, are alike without anybody copying (PDQ, "Quality metric").
	leastQuality = 50
)

// PDQ is what Meta's PDQ tells of a picture (ThreatExchange, "The TMK+PDQF video-hashing
// algorithm and the PDQ image-hashing algorithm", 2019): its hash, that of its mirror image
// and how much there is to see in it, 0 to 100.
type PDQ struct {
	Hash, Mirrored Hash
	Quality        int
}

// Plain reports that there is too little in a picture to compare it.
func (p PDQ) Plain() bool { return p.Quality < leastQuality }

// Distance counts the differing bits, 0 to HashBits.
func (h Hash) Distance(g Hash) int {
	return bits.OnesCount64(h[0]^g[0]) + bits.OnesCount64(h[1]^g[1]) + bits.OnesCount64(h[2]^g[2]) + bits.OnesCount64(h[3]^g[3])
}

// String is 64 hex digits, the highest frequencies first, as other tools write a PDQ hash.
func (h Hash) String() string {
	var b [32]byte
	for i, w := range h {
		binary.BigEndian.PutUint64(b[24-8*i:], w)
	}
	return hex.EncodeToString(b[:])
}

// ParseHash reads what String gives; anything else is Invalid, "hash.form".
func ParseHash(s string) (Hash, error) {
	b, err := hex.DecodeString(s)
	if err != nil || len(b) != 32 {
		return Hash{}, loam.Fail(loam.Invalid, "hash.form").Because(err)
	}
	var h Hash
	for i := range h {
		h[i] = binary.BigEndian.Uint64(b[24-8*i:])
	}
	return h, nil
}

// String is the hash, the mirrored hash and the quality, between dots: what is stored of a
// picture.
func (p PDQ) String() string { return fmt.Sprintf("%s.%s.%d", p.Hash, p.Mirrored, p.Quality) }

// ParsePDQ reads what String gives; anything else is Invalid, "hash.form".
func ParsePDQ(s string) (PDQ, error) {
	parts := strings.Split(s, ".")
	if len(parts) != 3 {
		return PDQ{}, loam.Fail(loam.Invalid, "hash.form")
	}
	var p PDQ
	var err error
	if p.Hash, err = ParseHash(parts[0]); err != nil {
		return PDQ{}, err
	}
	if p.Mirrored, err = ParseHash(parts[1]); err != nil {
		return PDQ{}, err
	}
	if p.Quality, err = strconv.Atoi(parts[2]); err != nil || p.Quality < 0 || p.Quality > 100 {
		return PDQ{}, loam.Fail(loam.Invalid, "hash.form").Because(err)
	}
	return p, nil
}

const (
	blocks    = 64 // a side of the picture the terms are taken of
	terms     = 16 // frequencies a side, without the mean
	leastSide = 5  // pixels; less has no hash
)

// PDQOf hashes an upright picture; what is clear in it counts as white. One with a side
// under 5 pixels has quality 0.
func PDQOf(img image.Image) PDQ {
	if b := img.Bounds(); b.Dx() < leastSide || b.Dy() < leastSide {
		return PDQ{}
	}
	small := shrunk(img)
	c := cosines(&small)
	p := PDQ{Hash: above(&c), Quality: gradients(&small)}
	for v := range c {
		for u := 0; u < terms; u += 2 { // odd frequencies change sign in the mirror
			c[v][u] = -c[v][u]
		}
	}
	p.Mirrored = above(&c)
	return p
}

// tap is one of the 64 samples along an axis: weights of the pixels from first on.
type tap struct {
	first   int
	weights []float64
}

// tent gives the samples along an axis of n pixels. PDQ runs a box filter twice and keeps
// every (n/64)th pixel; boxes are linear, so both passes and the choice are one sum each.
func tent(n int) [blocks]tap {
	window := (n + 2*blocks - 1) / (2 * blocks)
	right := (window+2)/2 - 1
	left := window - 1 - right
	var out [blocks]tap
	for i := range out {
		at := int((float64(i) + 0.5) * float64(n) / blocks)
		from, to := max(at-left, 0), min(at+right, n-1)
		t := tap{first: max(from-left, 0)}
		t.weights = make([]float64, min(to+right, n-1)-t.first+1)
		for mid := from; mid <= to; mid++ {
			lo, hi := max(mid-left, 0), min(mid+right, n-1)
			w := 1 / float64((to-from+1)*(hi-lo+1))
			for k := lo; k <= hi; k++ {
				t.weights[k-t.first] += w
			}
		}
		out[i] = t
	}
	return out
}

// shrunk is the luminance (BT.601, 0 to 255) of a picture at 64×64.
func shrunk(img image.Image) [blocks][blocks]float64 {
	b := img.Bounds()
	across, down := tent(b.Dx()), tent(b.Dy())
	luma := lumas(img)
	row := make([]float64, b.Dx())
	var out [blocks][blocks]float64
	first := 0
	for y := range b.Dy() {
		for first < blocks && down[first].first+len(down[first].weights) <= y {
			first++
		}
		if first == blocks {
			break
		}
		if down[first].first > y {
			continue
		}
		luma(y, row)
		var narrow [blocks]float64
		for i := range across {
			t := &across[i]
			for k, v := range row[t.first : t.first+len(t.weights)] {
				narrow[i] += t.weights[k] * v
			}
		}
		for j := first; j < blocks && down[j].first <= y; j++ {
			if k := y - down[j].first; k < len(down[j].weights) {
				for i, v := range narrow {
					out[j][i] += down[j].weights[k] * v
				}
			}
		}
	}
	return out
}

func luma(r, g, b uint8) float64 { return 0.299*float64(r) + 0.587*float64(g) + 0.114*float64(b) }

// lumas gives a function that reads a row's luminance, y counted from the top.
func lumas(img image.Image) func(y int, row []float64) {
	b := img.Bounds()
	switch m := img.(type) {
	case *image.YCbCr: // JFIF's Y is the same sum
		return func(y int, row []float64) {
			for x, v := range m.Y[m.YOffset(b.Min.X, b.Min.Y+y):][:len(row)] {
				row[x] = float64(v)
			}
		}
	case *image.Gray:
		return func(y int, row []float64) {
			for x, v := range m.Pix[m.PixOffset(b.Min.X, b.Min.Y+y):][:len(row)] {
				row[x] = float64(v)
			}
		}
	case *image.RGBA:
		return func(y int, row []float64) {
			pix := m.Pix[m.PixOffset(b.Min.X, b.Min.Y+y):][:4*len(row)]
			for x := range row {
				p := pix[4*x : 4*x+4 : 4*x+4]
				row[x] = luma(p[0], p[1], p[2]) + float64(255-p[3])
			}
		}
	default:
		return func(y int, row []float64) {
			for x := range row {
				p := color.RGBAModel.Convert(img.At(b.Min.X+x, b.Min.Y+y)).(color.RGBA)
				row[x] = luma(p.R, p.G, p.B) + float64(255-p.A)
			}
		}
	}
}

// cosines are the terms of frequencies 1 to 16 of a cosine transform, vertical first.
func cosines(a *[blocks][blocks]float64) [terms][terms]float64 {
	var d [terms][blocks]float64
	for k := range d {
		for x := range d[k] {
			d[k][x] = math.Cos(math.Pi / (2 * blocks) * float64((k+1)*(2*x+1)))
		}
	}
	var rows [blocks][terms]float64
	for y := range a {
		for u := range terms {
			for x, v := range a[y] {
				rows[y][u] += d[u][x] * v
			}
		}
	}
	var out [terms][terms]float64
	for v := range out {
		for y := range rows {
			for u, t := range rows[y] {
				out[v][u] += d[v][y] * t
			}
		}
	}
	return out
}

// above tells which terms lie above the lower median: half of them.
func above(c *[terms][terms]float64) Hash {
	sorted := make([]float64, 0, HashBits)
	for v := range c {
		sorted = append(sorted, c[v][:]...)
	}
	slices.Sort(sorted)
	median := sorted[HashBits/2-1]
	var h Hash
	for v := range c {
		for u, t := range c[v] {
			if t > median {
				h[v/4] |= 1 << (v%4*terms + u)
			}
		}
	}
	return h
}

// gradients is PDQ's quality: steps between neighbours in whole hundredths of the range, so
// that many slight ones count for nothing, over 90.
func gradients(a *[blocks][blocks]float64) int {
	sum := 0
	step := func(p, q float64) {
		d := int((p - q) * 100 / 255)
		sum += max(d, -d)
	}
	for y := range a {
		for x := range a[y] {
			if y > 0 {
				step(a[y-1][x], a[y][x])
			}
			if x > 0 {
				step(a[y][x-1], a[y][x])
			}
		}
	}
	return min(sum/90, 100)
}
