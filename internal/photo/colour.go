package photo

import (
	"image"
	"slices"
)

// palette finds n colours that a picture is made of, dark to light: k-means on every few
// pixels, from seeds at even shares of the lightness.
func palette(img *image.RGBA, n int) []rgb {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	gap := max(w/96, 1)
	var sample []rgb
	for y := gap / 2; y < h; y += gap {
		for x := gap / 2; x < w; x += gap {
			sample = append(sample, at(img.Pix[4*(y*w+x):]))
		}
	}
	if len(sample) == 0 {
		sample = append(sample, at(img.Pix))
	}
	sorted := slices.Clone(sample)
	byLight := func(a, b rgb) int {
		switch d := a.luma() - b.luma(); {
		case d < 0:
			return -1
		case d > 0:
			return 1
		}
		return 0
	}
	slices.SortFunc(sorted, byLight)
	out := make([]rgb, n)
	for i := range out {
		out[i] = sorted[(2*i+1)*len(sorted)/(2*n)]
	}
	// The seed farthest from all others takes in what lightness alone does not tell apart.
	for i := 1; i < n; i += 2 {
		far, least := sorted[0], float32(-1)
		for k := 0; k < len(sorted); k += 7 {
			d := float32(1e12)
			for _, c := range out {
				d = min(d, apart(c, sorted[k]))
			}
			if d > least {
				far, least = sorted[k], d
			}
		}
		out[i] = far
	}
	for range 10 {
		sums, counts := make([]rgb, n), make([]float32, n)
		for _, c := range sample {
			k := nearest(out, c)
			sums[k] = rgb{sums[k][0] + c[0], sums[k][1] + c[1], sums[k][2] + c[2]}
			counts[k]++
		}
		for k := range out {
			if counts[k] > 0 {
				out[k] = sums[k].scale(1 / counts[k])
			}
		}
	}
	slices.SortFunc(out, byLight)
	return out
}

// apart is the squared distance of two colours, weighed about as the eye does.
func apart(a, b rgb) float32 {
	r, g, l := a[0]-b[0], a[1]-b[1], a[2]-b[2]
	return 2*r*r + 4*g*g + 3*l*l
}

func nearest(colours []rgb, c rgb) int {
	best, least := 0, float32(1e12)
	for i, k := range colours {
		if d := apart(k, c); d < least {
			best, least = i, d
		}
	}
	return best
}

// labels gives each pixel the number of its nearest colour, looked up by five bits a channel.
func labels(img *image.RGBA, colours []rgb) []uint8 {
	var table [1 << 15]uint8
	for i := range table {
		c := rgb{float32(i>>10)*8 + 4, float32(i>>5&31)*8 + 4, float32(i&31)*8 + 4}
		table[i] = uint8(nearest(colours, c))
	}
	out := make([]uint8, len(img.Pix)/4)
	for i := range out {
		q := img.Pix[4*i : 4*i+3 : 4*i+3]
		out[i] = table[int(q[0]>>3)<<10|int(q[1]>>3)<<5|int(q[2]>>3)]
	}
	return out
}

// majority smooths the borders of n labels: each place takes the label that covers most of
// what lies within about r around it.
func majority(of []uint8, w, h, n, r int) []uint8 {
	hw, hh := max(w/2, 1), max(h/2, 1)
	out, best := make([]uint8, w*h), newField(w, h)
	for k := range n {
		f := newField(hw, hh)
		for y := range hh {
			from := of[min(2*y, h-1)*w:]
			for x := range hw {
				if from[min(2*x, w-1)] == uint8(k) {
					f.v[y*hw+x] = 1
				}
			}
		}
		row := f.box(max(r/2, 1)).box(max(r/3, 1)).rows(w, h)
		for y := range h {
			to, most := out[y*w:][:w], best.v[y*w:][:w]
			for x, v := range row(y) {
				if v > most[x] {
					most[x], to[x] = v, uint8(k)
				}
			}
		}
	}
	return out
}
