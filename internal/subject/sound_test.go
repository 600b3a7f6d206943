package subject

import (
	"encoding/binary"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func noise(seed uint64, n int) Print {
	r := rand.New(rand.NewPCG(seed, 3))
	p := make(Print, n)
	for i := range p {
		p[i] = r.Uint32()
	}
	return p
}

// TestAlike: a cut of ten seconds and more is found where it stands, with a bit in eight wrong, and
// other noise is not.
func TestAlike(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		seed := rapid.Uint64().Draw(t, "seed")
		p := noise(seed, 400)
		from := rapid.IntRange(0, 300).Draw(t, "from")
		cut := slices.Clone(p[from : from+100])
		for i := range cut {
			if i%4 != 0 { // a word in four stays whole: those vote
				cut[i] ^= 1<<(i%32) | 1<<((i*7)%32) | 1<<((i*13)%32) | 1<<((i*19)%32)
			}
		}
		lead := noise(seed+1, 50)
		a, ok := append(slices.Clone(lead), cut...).Alike(p)
		if !ok || a.At < 50-alikeWords || a.Errors > 0.15 {
			t.Fatalf("not found: %+v", a)
		}
		if a, ok := noise(seed+2, 300).Alike(p[:200]); ok {
			t.Fatalf("noise is alike: %+v", a)
		}
	})
}

func FuzzPrint(f *testing.F) {
	f.Add([]byte("0123456789abcdef"), "AAAA")
	f.Add([]byte{}, "")
	f.Add([]byte("0"), "\r")
	f.Fuzz(func(t *testing.T, raw []byte, text string) {
		p := Print{}
		for i := 0; i+4 <= min(len(raw), 4000); i += 4 {
			p = append(p, binary.BigEndian.Uint32(raw[i:]))
		}
		back, err := ParsePrint(p.String())
		if err != nil || !slices.Equal(back, p) {
			t.Fatalf("%v comes back as %v, %v", p, back, err)
		}
		q, err := ParsePrint(text)
		if err == nil && q.String() != text {
			t.Fatalf("%q is written as %q", text, q)
		}
		a, ok := p.Alike(q)
		b, ok2 := p.Alike(q)
		if a != b || ok != ok2 || a.Errors < 0 || a.Errors > 1 || a.At < 0 || ok && a.At+alikeWords > len(p) {
			t.Fatalf("got %+v %v, then %+v %v", a, ok, b, ok2)
		}
	})
}
