package media

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func randomHash(r *rand.Rand) Hash { return Hash{r.Uint64(), r.Uint64(), r.Uint64(), r.Uint64()} }

// flipped is a hash that differs from another in n bits.
func flipped(r *rand.Rand, h Hash, n int) Hash {
	for _, bit := range r.Perm(HashBits)[:n] {
		h[bit/64] ^= 1 << (bit % 64)
	}
	return h
}

// TestIndexFindsAllNear compares with looking at every hash in turn: random ones and ones
// planted at and around the farthest distance, before and after Tidy, and added later.
func TestIndexFindsAllNear(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 6))
		sought := []Hash{randomHash(r), randomHash(r), randomHash(r)}
		some := func(n int) []Hash {
			var out []Hash
			for i := range n {
				h := randomHash(r)
				if i%3 == 0 {
					h = flipped(r, sought[r.IntN(len(sought))], r.IntN(HashNear+4))
				}
				out = append(out, h)
			}
			return out
		}
		all := some(rapid.IntRange(0, 600).Draw(t, "first"))
		var x Index
		x.Add(all...)
		check := func(when string, untidy int) {
			var want []Match
			for of, s := range sought {
				for _, h := range all {
					if d := h.Distance(s); d <= HashNear {
						want = append(want, Match{of, h, d})
					}
				}
			}
			slices.SortFunc(want, func(a, b Match) int {
				return cmp.Or(cmp.Compare(a.Distance, b.Distance), cmp.Compare(a.Of, b.Of), compare(a.Hash, b.Hash))
			})
			if diff := gocmp.Diff(slices.Compact(want), x.Search(sought...)); diff != "" {
				t.Fatalf("%s, of %d: %s", when, len(all), diff)
			}
			if x.Has(randomHash(r)) || len(all) > 0 && !x.Has(all[r.IntN(len(all))]) {
				t.Fatalf("%s: Has is wrong", when)
			}
			if x.Untidy() != untidy {
				t.Fatalf("%s: %d untidy, want %d", when, x.Untidy(), untidy)
			}
		}
		check("untidy", len(all))
		x.Add(all...)
		x.Tidy()
		check("tidy", 0)
		more := some(rapid.IntRange(0, 50).Draw(t, "more"))
		all = append(all, more...)
		x.Add(more...)
		check("with more", len(more))
	})
}

// BenchmarkPDQSearch searches for a picture and its mirror image among as many, with a
// thousand that are not listed yet.
func BenchmarkPDQSearch(b *testing.B) {
	for _, n := range []int{100_000, 1_000_000, 10_000_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			r := rand.New(rand.NewPCG(1, 2))
			var x Index
			for range n {
				x.Add(randomHash(r))
			}
			x.Tidy()
			for range 1000 {
				x.Add(randomHash(r))
			}
			for b.Loop() {
				x.Search(randomHash(r), randomHash(r))
			}
			b.ReportMetric(b.Elapsed().Seconds()*1000/float64(b.N), "ms/search")
		})
	}
}
