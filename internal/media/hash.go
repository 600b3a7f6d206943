package media

import (
	"encoding/binary"
	"encoding/hex"
	"image"
	"math"
	"math/bits"
	"slices"

	xdraw "golang.org/x/image/draw"

	"loam"
)

// Hash is a perceptual hash: two 64-bit views of the grey picture, by neighbouring
// differences (dHash) and by low frequencies (pHash). Near pictures have near hashes.
type Hash struct{ D, P uint64 }

// HashBits is the largest Distance.
const HashBits = 128

// HashOf hashes an upright picture.
func HashOf(img image.Image) Hash {
	return Hash{differences(grey(img, 9, 8)), frequencies(grey(img, 32, 32))}
}

// Distance counts the differing bits, 0 to HashBits; up to about 16 two pictures are
// copies of one.
func (h Hash) Distance(g Hash) int {
	return bits.OnesCount64(h.D^g.D) + bits.OnesCount64(h.P^g.P)
}

// String is 32 hex digits, the difference half first.
func (h Hash) String() string {
	var b [16]byte
	binary.BigEndian.PutUint64(b[:8], h.D)
	binary.BigEndian.PutUint64(b[8:], h.P)
	return hex.EncodeToString(b[:])
}

// ParseHash reads what String gives; anything else is Invalid, "hash.form".
func ParseHash(s string) (Hash, error) {
	b, err := hex.DecodeString(s)
	if err != nil || len(b) != 16 {
		return Hash{}, loam.Fail(loam.Invalid, "hash.form").Because(err)
	}
	return Hash{binary.BigEndian.Uint64(b[:8]), binary.BigEndian.Uint64(b[8:])}, nil
}

func grey(img image.Image, w, h int) *image.Gray {
	g := image.NewGray(image.Rect(0, 0, w, h))
	xdraw.BiLinear.Scale(g, g.Bounds(), img, img.Bounds(), xdraw.Src, nil)
	return g
}

func differences(g *image.Gray) uint64 {
	var h uint64
	for y := range 8 {
		for x := range 8 {
			h <<= 1
			if g.GrayAt(x, y).Y > g.GrayAt(x+1, y).Y {
				h |= 1
			}
		}
	}
	return h
}

// frequencies takes the 8×8 lowest terms of a 32×32 cosine transform, without the mean,
// against their median.
func frequencies(g *image.Gray) uint64 {
	const n = 32
	var cos [9][n]float64
	for k := range cos {
		for x := range n {
			cos[k][x] = math.Cos(math.Pi / n * (float64(x) + 0.5) * float64(k))
		}
	}
	var rows [n][9]float64
	for y := range n {
		for k := range 9 {
			for x := range n {
				rows[y][k] += float64(g.GrayAt(x, y).Y) * cos[k][x]
			}
		}
	}
	var terms [64]float64
	for v := range 8 {
		for u := range 8 {
			for y := range n {
				terms[v*8+u] += rows[y][u+1] * cos[v+1][y]
			}
		}
	}
	sorted := terms
	slices.Sort(sorted[:])
	median := (sorted[31] + sorted[32]) / 2
	var h uint64
	for _, t := range terms {
		h <<= 1
		if t > median {
			h |= 1
		}
	}
	return h
}
