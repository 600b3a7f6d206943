package c2pa

import (
	"bytes"
	"testing"

	"loam"
)

// FuzzInspect: no file makes the reader fail in any way but by its words.
func FuzzInspect(f *testing.F) {
	s := setup(f)
	for _, file := range files(f) {
		f.Add(sign(f, file, generated(), s.Signer))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := Inspect(bytes.NewReader(b), s.Trust, day)
		if err != nil && loam.KindOf(err) != loam.Invalid && loam.KindOf(err) != loam.TooLarge {
			t.Fatal(err)
		}
		if r.State == Trusted && !r.Has(codeSignatureRight) {
			t.Fatalf("%+v", r)
		}
	})
}

// FuzzStore: the same for stores in a sound file, which no checksum shields.
func FuzzStore(f *testing.F) {
	s := setup(f)
	once := sign(f, webpOf(40), generated(), s.Signer)
	f.Add(storeOf(f, once))
	f.Add(storeOf(f, sign(f, once, Claim{Generator: Agent{Name: "loam"}}, s.Signer)))
	f.Fuzz(func(t *testing.T, store []byte) {
		if len(store) == 0 {
			return
		}
		if r := judge(t, store); r.State == None || r.State == Trusted {
			t.Fatalf("%+v", r)
		}
	})
}
