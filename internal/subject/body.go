package subject

import (
	"cmp"
	"math"
	"slices"

	"loam"
)

// Who is in a picture or speaks in a sound is told by the distance of two Biometrics of one model:
// of faces the Euclidean one, of voices one less their cosine. What is farther than these is
// somebody else; how often either is wrong stands in docs/detectors.
const (
	faceNear  = 0.40
	voiceNear = 0.12
)

// Person is somebody who agreed to be compared and was found.
type Person struct {
	Of       loam.Registered
	Distance float64
}

// Compares reports whether anybody agreed to be compared so, by this model.
func (m *Matcher) Compares(kind loam.BiometricKind, model string) bool {
	return slices.ContainsFunc(m.entries, func(e loam.Registered) bool {
		return slices.ContainsFunc(e.Biometrics, func(b loam.Biometric) bool { return b.Kind == kind && b.Model == model })
	})
}

// Others is how many Biometrics another model than these took: they are compared with nothing.
func (m *Matcher) Others(models ...string) (n int) {
	for _, e := range m.entries {
		for _, b := range e.Biometrics {
			if !slices.Contains(models, b.Model) {
				n++
			}
		}
	}
	return n
}

// Persons gives those who agreed to be compared and are near to a Biometric, each once, the nearest
// first. Biometrics of other kinds, models and lengths are like nobody's.
func (m *Matcher) Persons(of loam.Biometric) []Person {
	var out []Person
	for _, e := range m.entries {
		best := math.Inf(1)
		for _, b := range e.Biometrics {
			best = min(best, distance(of, b))
		}
		if best <= near(of.Kind) {
			out = append(out, Person{e, best})
		}
	}
	slices.SortFunc(out, func(a, b Person) int {
		return cmp.Or(cmp.Compare(a.Distance, b.Distance), cmp.Compare(a.Of.ID, b.Of.ID))
	})
	return out
}

func near(kind loam.BiometricKind) float64 {
	if kind == loam.BiometricVoice {
		return voiceNear
	}
	return faceNear
}

// distance is that of the two vectors nearest to each other, infinite for what cannot be compared.
func distance(a, b loam.Biometric) float64 {
	best := math.Inf(1)
	if a.Kind != b.Kind || a.Model != b.Model {
		return best
	}
	for _, v := range a.Vectors {
		for _, w := range b.Vectors {
			best = min(best, between(a.Kind, v, w))
		}
	}
	return best
}

func between(kind loam.BiometricKind, v, w []float32) float64 {
	if len(v) != len(w) || len(v) == 0 {
		return math.Inf(1)
	}
	var square, dot, la, lb float64
	for i := range v {
		x, y := float64(v[i]), float64(w[i])
		square += (x - y) * (x - y)
		dot, la, lb = dot+x*y, la+x*x, lb+y*y
	}
	d := math.Sqrt(square)
	if kind == loam.BiometricVoice {
		d = 1 - dot/math.Sqrt(la*lb)
	}
	if math.IsNaN(d) {
		return math.Inf(1)
	}
	return d
}

// OneVoice reports whether one person speaks in all stretches of a recording, as far as those that
// are kept tell: each of these is near to each other, and every stretch to one of them, as near as
// one person is found by (docs/detectors/voices.md).
func OneVoice(kept, stretches [][]float32) bool {
	near := func(v, w []float32) bool { return between(loam.BiometricVoice, v, w) <= voiceNear }
	for i, v := range kept {
		if slices.ContainsFunc(kept[:i], func(w []float32) bool { return !near(v, w) }) {
			return false
		}
	}
	for _, v := range stretches {
		if !slices.ContainsFunc(kept, func(w []float32) bool { return near(v, w) }) {
			return false
		}
	}
	return true
}
