package classify

import "math"

const (
	ln2High = 6.93147180369123816490e-01 // the leading 33 bits of ln 2, so that k*ln2High is exact
	ln2Low  = 1.90821492927058770002e-10
)

// Exp is e to the x within a few units in the last place, the same bits everywhere; x is
// taken as between -700 and 700.
func Exp(x float64) float64 {
	x = min(max(x, -700), 700)
	k := math.Round(x / math.Ln2)
	r := x - float64(k*ln2High)
	r -= float64(k * ln2Low)
	sum := 1.0
	for n := 18.0; n >= 1; n-- {
		sum = 1 + float64(float64(r*sum)/n)
	}
	return math.Ldexp(sum, int(k))
}

// Log is the natural logarithm of a positive x within a few units in the last place, the
// same bits everywhere.
func Log(x float64) float64 {
	m, e := math.Frexp(x)
	if m < math.Sqrt2/2 {
		m, e = m*2, e-1
	}
	s := (m - 1) / (m + 1)
	s2 := float64(s * s)
	sum := 0.0
	for n := 23.0; n >= 1; n -= 2 {
		sum = float64(sum*s2) + 1/n
	}
	k := float64(e)
	return float64(k*ln2High) + (float64(2*float64(s*sum)) + float64(k*ln2Low))
}

// Logistic is 1/(1+e^-x).
func Logistic(x float64) float64 { return 1 / (1 + Exp(-x)) }
