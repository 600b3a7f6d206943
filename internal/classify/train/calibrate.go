package main

import (
	"math"

	"loam/internal/classify"
)

// scored is a value a head gave to a text it was not trained on.
type scored struct {
	value  float64
	harm   bool
	weight float64
}

// platt fits slope and offset of a logistic to values by Newton's method with backtracking
// (Lin, Lin, Weng, "A Note on Platt's Probabilistic Outputs for Support Vector Machines",
// 2007), with its smoothed targets.
func platt(values []scored) (slope, offset float64) {
	var harm, fine float64
	for _, v := range values {
		if v.harm {
			harm += v.weight
		} else {
			fine += v.weight
		}
	}
	yes, no := (harm+1)/(harm+2), 1/(fine+2)
	offset = classify.Log((harm + 1) / (fine + 1))
	best := loss(values, slope, offset, yes, no)
	for range 100 {
		var g [2]float64
		h := [3]float64{1e-12, 0, 1e-12}
		for _, v := range values {
			target := no
			if v.harm {
				target = yes
			}
			p := classify.Logistic(float64(slope*v.value) + offset)
			d1, d2 := float64(v.weight*(p-target)), float64(v.weight*float64(p*(1-p)))
			g[0] += float64(d1 * v.value)
			g[1] += d1
			h[0] += float64(d2 * float64(v.value*v.value))
			h[1] += float64(d2 * v.value)
			h[2] += d2
		}
		if math.Abs(g[0]) < 1e-9 && math.Abs(g[1]) < 1e-9 {
			break
		}
		det := float64(h[0]*h[2]) - float64(h[1]*h[1])
		ds := -(float64(h[2]*g[0]) - float64(h[1]*g[1])) / det
		do := -(float64(h[0]*g[1]) - float64(h[1]*g[0])) / det
		step := 1.0
		for ; step > 1e-10; step /= 2 {
			s, o := slope+float64(step*ds), offset+float64(step*do)
			if l := loss(values, s, o, yes, no); l < best {
				slope, offset, best = s, o, l
				break
			}
		}
		if step <= 1e-10 {
			break
		}
	}
	return slope, offset
}

// loss is the cross-entropy against the smoothed targets.
func loss(values []scored, slope, offset, yes, no float64) float64 {
	sum := 0.0
	for _, v := range values {
		target := no
		if v.harm {
			target = yes
		}
		f := float64(slope*v.value) + offset
		// -t·log p - (1-t)·log(1-p), written so that neither overflows
		l := classify.Log(1+classify.Exp(-math.Abs(f))) + math.Max(f, 0) - float64(target*f)
		sum += float64(v.weight * l)
	}
	return sum
}
