package main

import (
	"cmp"
	"math"
	"slices"
)

// auc is the chance that a harmful text is given a higher value than another, ties halved.
func auc(values []scored) float64 {
	v := slices.Clone(values)
	slices.SortStableFunc(v, func(a, b scored) int { return cmp.Compare(a.value, b.value) })
	var rank, harm float64
	for i := 0; i < len(v); {
		j, yes := i, 0.0
		for ; j < len(v) && v[j].value == v[i].value; j++ {
			if v[j].harm {
				yes++
			}
		}
		rank += float64(yes * (float64(i+j+1) / 2))
		harm += yes
		i = j
	}
	return (rank - harm*(harm+1)/2) / float64(harm*(float64(len(v))-harm))
}

// macroF1 is the mean of both classes' F1, harmful from a value on.
func macroF1(values []scored, from float64) float64 {
	var tp, fp, fn, tn float64
	for _, v := range values {
		switch {
		case v.harm && v.value >= from:
			tp++
		case v.harm:
			fn++
		case v.value >= from:
			fp++
		default:
			tn++
		}
	}
	return (2*tp/(2*tp+fp+fn) + 2*tn/(2*tn+fp+fn)) / 2
}

// calibrationError is the expected calibration error over ten bins of equal width (Naeini
// et al., 2015); values are probabilities.
func calibrationError(values []scored) float64 {
	var n, sum, yes [10]float64
	for _, v := range values {
		b := min(int(v.value*10), 9)
		n[b]++
		sum[b] += v.value
		if v.harm {
			yes[b]++
		}
	}
	e := 0.0
	for b := range n {
		e += math.Abs(sum[b] - yes[b])
	}
	return e / float64(len(values))
}

// share is a part of a whole with its 95 % interval (Wilson, 1927).
type share struct {
	Of   int     `json:"of"`
	Is   float64 `json:"is"`
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

func newShare(k, n int) share {
	if n == 0 {
		return share{}
	}
	const z, z2 = 1.959964, 3.841459
	p, m := float64(k)/float64(n), float64(n)
	mid := (p + z2/(2*m)) / (1 + z2/m)
	half := z / (1 + z2/m) * math.Sqrt(float64(p*(1-p))/m+z2/(4*m*m))
	return share{n, places(p), places(math.Max(mid-half, 0)), places(math.Min(mid+half, 1))}
}

// from is the share of values that reach a level.
func from(values []scored, harm bool, level float64) share {
	k, n := 0, 0
	for _, v := range values {
		if v.harm == harm {
			n++
			if v.value >= level {
				k++
			}
		}
	}
	return newShare(k, n)
}

// places keeps four decimals.
func places(x float64) float64 { return math.Round(x*10000) / 10000 }

// bootstrap is the 95 % interval of a figure over samples drawn with replacement (Efron,
// 1979).
func bootstrap(values []scored, figure func([]scored) float64) (low, high float64) {
	const draws = 400
	random := uint64(1)
	drawn := make([]scored, len(values))
	figures := make([]float64, draws)
	for i := range figures {
		for j := range drawn {
			random = random*6364136223846793005 + 1442695040888963407
			drawn[j] = values[random>>33%uint64(len(values))]
		}
		figures[i] = figure(drawn)
	}
	slices.Sort(figures)
	return figures[draws/40], figures[draws-1-draws/40]
}
