package main

import (
	"math"
	"slices"

	"loam"
	"loam/internal/classify"
)

// recipes are the two kinds of heads: COLD's label has 25,726 comments, the other risks a
// few dozen sentences each.
var (
	manyLabels = recipe{Cost: 0.5, Balance: 0, Smoothing: 4, Base: 0.25, Rounds: 10}
	fewLabels  = recipe{Cost: 0.1, Balance: 0.1, Smoothing: 16, Base: 2, Rounds: 10}
)

// assumed is the share of harmful texts that the probabilities of the few-label heads stand
// for; that of COLD's head is COLD's own.
const assumed = 0.01

func recipeOf(risk loam.Risk) recipe {
	if risk == loam.Discrimination {
		return manyLabels
	}
	return fewLabels
}

// taught reports whether a head learns from an example, and as what. COLD's offensive
// comments teach the head of its label only: which other risks they are nobody has said.
func taught(e example, risk loam.Risk) (harm, ok bool) {
	switch {
	case slices.Contains(e.harm, risk):
		return true, true
	case e.cold && len(e.harm) > 0, slices.Contains(e.unsure, risk):
		return false, false
	}
	return false, true
}

// windowOf is how many runes a head looks at together: COLD's comments have 48 on average and
// seldom more than 140; our own sentences seldom more than 48.
func windowOf(risk loam.Risk) int {
	if risk == loam.Discrimination {
		return 140
	}
	return 48
}

func samplesOf(examples []example, risk loam.Risk, without func(example) bool) []sample {
	var out []sample
	for _, e := range examples {
		if harm, ok := taught(e, risk); ok && !without(e) {
			out = append(out, sample{e.vector, harm})
		}
	}
	return out
}

// The two ways to hold out: a whole group, and single lines of it.
func byGroup(e example) int { return e.fold }
func byLine(e example) int  { return e.mixed }

// heldOut gives each example the value of a head that saw nothing of its fold, by example.
func heldOut(examples []example, risk loam.Risk, foldOf func(example) int) []float64 {
	out := make([]float64, len(examples))
	for fold := range folds {
		l := recipeOf(risk).train(samplesOf(examples, risk, func(e example) bool { return foldOf(e) == fold }))
		for i, e := range examples {
			if foldOf(e) == fold {
				out[i] = l.value(e.vector)
			}
		}
	}
	return out
}

// calibrated fits a head's probabilities to what it says of texts it has not seen.
func calibrated(examples []example, risk loam.Risk, values []float64) (slope, offset float64) {
	var s []scored
	n := [2]float64{}
	for i, e := range examples {
		harm, ok := taught(e, risk)
		if !ok || risk == loam.Discrimination && !e.cold {
			continue
		}
		s = append(s, scored{values[i], harm, 1})
		if harm {
			n[1]++
		} else {
			n[0]++
		}
	}
	if risk != loam.Discrimination {
		for i := range s {
			if !s[i].harm {
				s[i].weight = n[1] / n[0] * (1 - assumed) / assumed
			}
		}
	}
	return platt(s)
}

// quantised writes weights as bytes: the largest becomes 127.
func quantised(l linear) (weights []int8, scale float64) {
	most := 0.0
	for _, w := range l.weights {
		most = math.Max(most, math.Abs(w))
	}
	scale = most / 127
	weights = make([]int8, len(l.weights))
	for b, w := range l.weights {
		if scale > 0 {
			weights[b] = int8(math.Round(w / scale))
		}
	}
	return weights, scale
}

// trained is a head with what cross-validation says of it.
type trained struct {
	head    classify.Head
	weights []int8
	values  []float64 // by example, of a head that has not seen its group
	mixed   []float64 // by example, of a head that has not seen its line; nil for COLD's label
}

// likelihood is the calibrated probability of a value.
func (t trained) likelihood(value float64) float64 {
	return classify.Logistic(float64(t.head.Slope*value) + t.head.Offset)
}

func trainHead(examples []example, risk loam.Risk) trained {
	values := heldOut(examples, risk, byGroup)
	var mixed []float64
	if risk != loam.Discrimination {
		mixed = heldOut(examples, risk, byLine)
	}
	slope, offset := calibrated(examples, risk, values)
	l := recipeOf(risk).train(samplesOf(examples, risk, func(example) bool { return false }))
	weights, scale := quantised(l)
	return trained{classify.Head{Risk: risk, Window: windowOf(risk), Scale: scale, Bias: l.bias, Slope: slope, Offset: offset}, weights, values, mixed}
}
