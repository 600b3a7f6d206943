package main

import (
	"math"
	"slices"

	"loam/internal/classify"
)

// vector is a text as features: buckets in order, and how often each occurs by the norm.
type vector struct {
	buckets []uint32
	values  []float64
}

func newVector(s string) vector {
	all := classify.Features(s)
	norm := classify.Norm(len(all))
	slices.Sort(all)
	var v vector
	for i := 0; i < len(all); {
		n := i
		for n < len(all) && all[n] == all[i] {
			n++
		}
		v.buckets = append(v.buckets, all[i])
		v.values = append(v.values, float64(n-i)/norm)
		i = n
	}
	return v
}

// sample is an example as one head sees it.
type sample struct {
	vector
	harm bool
}

// recipe is what training was tuned to, by cross-validation on COLD's train split and the
// examples; the figures are in the data card.
type recipe struct {
	Cost      float64 `json:"cost"`      // of a mistake, against the size of the weights
	Balance   float64 `json:"balance"`   // the most all harmful samples weigh together, by the others
	Smoothing float64 `json:"smoothing"` // occurrences added to each bucket's counts
	Base      float64 `json:"base"`      // of a bucket's scale; the rest is its log-count ratio
	Rounds    int     `json:"rounds"`    // passes over the samples
}

// linear is a trained head before it is written in bytes.
type linear struct {
	weights []float64
	bias    float64
}

func (l linear) value(v vector) float64 {
	sum := l.bias
	for i, b := range v.buckets {
		sum += float64(l.weights[b] * v.values[i])
	}
	return sum
}

// train learns one head: a linear support vector machine with squared hinge loss, by dual
// coordinate descent (Hsieh et al., "A Dual Coordinate Descent Method for Large-scale Linear
// SVM", 2008), over features scaled by their log-count ratio (Wang, Manning, "Baselines and
// Bigrams", 2012). The scale goes into the weights, so that reading needs none.
func (r recipe) train(samples []sample) linear {
	scale := r.scales(samples)
	costs := r.costs(samples)
	l := linear{weights: make([]float64, classify.Buckets)}
	alpha, diagonal := make([]float64, len(samples)), make([]float64, len(samples))
	scaled := make([][]float64, len(samples))
	order := make([]int, len(samples))
	for i, s := range samples {
		order[i] = i
		scaled[i] = make([]float64, len(s.values))
		q := 1.0
		for k, b := range s.buckets {
			x := float64(s.values[k] * scale[b])
			scaled[i][k] = x
			q += float64(x * x)
		}
		diagonal[i] = q + 0.5/costs[i]
	}
	random := uint64(1)
	for range r.Rounds {
		for i := len(order) - 1; i > 0; i-- {
			random = random*6364136223846793005 + 1442695040888963407
			j := int(random >> 33 % uint64(i+1))
			order[i], order[j] = order[j], order[i]
		}
		for _, i := range order {
			l.step(samples[i], scaled[i], &alpha[i], diagonal[i], 0.5/costs[i])
		}
	}
	for b := range l.weights {
		l.weights[b] *= scale[b]
	}
	return l
}

// step moves one sample's dual variable to where it is best, the others as they are.
func (l *linear) step(s sample, x []float64, alpha *float64, diagonal, ridge float64) {
	y := -1.0
	if s.harm {
		y = 1
	}
	sum := l.bias
	for k, b := range s.buckets {
		sum += float64(l.weights[b] * x[k])
	}
	gradient := float64(y*sum) - 1 + float64(*alpha*ridge)
	next := math.Max(*alpha-gradient/diagonal, 0)
	move := float64((next - *alpha) * y)
	if move == 0 {
		return
	}
	*alpha = next
	for k, b := range s.buckets {
		l.weights[b] += float64(move * x[k])
	}
	l.bias += move
}

// costs are a mistake's by sample: where harmful ones are few, each costs more.
func (r recipe) costs(samples []sample) []float64 {
	harm := 0
	for _, s := range samples {
		if s.harm {
			harm++
		}
	}
	more := math.Max(1, float64(r.Balance*float64(len(samples)-harm))/float64(max(harm, 1)))
	out := make([]float64, len(samples))
	for i, s := range samples {
		if out[i] = r.Cost; s.harm {
			out[i] = float64(r.Cost * more)
		}
	}
	return out
}

// scales are, by bucket, Base and how far its share among the harmful is from that among
// the others. What is added to the counts is divided as the classes are, so that a bucket
// nobody has seen says nothing.
func (r recipe) scales(samples []sample) []float64 {
	count := [2][]float64{make([]float64, classify.Buckets), make([]float64, classify.Buckets)}
	var total [2]float64
	for _, s := range samples {
		class := 0
		if s.harm {
			class = 1
		}
		for _, b := range s.buckets {
			count[class][b]++
			total[class]++
		}
	}
	all := total[0] + total[1]
	var added, whole [2]float64
	for c := range added {
		added[c] = float64(r.Smoothing*total[c]) / all
		whole[c] = math.Max(total[c], 1)
	}
	out := make([]float64, classify.Buckets)
	for b := range out {
		share := [2]float64{(count[0][b] + added[0]) / whole[0], (count[1][b] + added[1]) / whole[1]}
		out[b] = r.Base + math.Abs(classify.Log(share[1]/share[0]))
	}
	return out
}
