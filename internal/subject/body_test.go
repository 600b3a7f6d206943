package subject

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"loam"
)

// somebody is a vector of length one.
func somebody(t *rapid.T, name string) []float32 {
	v := rapid.SliceOfN(rapid.Float64Range(-1, 1), 16, 16).Draw(t, name)
	length := 0.0
	for _, x := range v {
		length += x * x
	}
	out := make([]float32, len(v))
	for i, x := range v {
		out[i] = float32(x / math.Max(math.Sqrt(length), 1e-9))
	}
	return out
}

// TestPersons: who is compared is found by what is near to hers, by what she agreed to alone, and by
// the model that took it.
func TestPersons(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom([]loam.BiometricKind{loam.BiometricFace, loam.BiometricVoice}).Draw(t, "kind")
		hers, other := somebody(t, "hers"), somebody(t, "other")
		m := New([]loam.Registered{
			{ID: "1", Names: []string{"林晚"}, Biometrics: []loam.Biometric{{Kind: kind, Model: "m", Vectors: [][]float32{hers}}}},
			{ID: "2", Names: []string{"陆知遥"}},
		})
		square, dot, length := 0.0, 0.0, 0.0
		for i := range hers {
			x, y := float64(hers[i]), float64(other[i])
			square, dot, length = square+(x-y)*(x-y), dot+x*y, length+x*x
		}
		want, limit := math.Sqrt(square), faceNear
		if kind == loam.BiometricVoice {
			want, limit = 1-dot, voiceNear
		}
		got := m.Persons(loam.Biometric{Kind: kind, Model: "m", Vectors: [][]float32{other}})
		if math.Abs(want-limit) > 1e-3 && (len(got) == 1) != (want < limit) {
			t.Fatalf("%v is %v from hers, found %+v", kind, want, got)
		}
		if len(got) > 0 && (got[0].Of.ID != "1" || math.Abs(got[0].Distance-want) > 1e-3) {
			t.Fatalf("found %+v at %v", got, want)
		}
		self := loam.Biometric{Kind: kind, Model: "m", Vectors: [][]float32{hers}}
		if length > 0.5 && len(m.Persons(self)) != 1 {
			t.Fatal("she is not found by her own")
		}
		for _, unlike := range []loam.Biometric{
			{Kind: kind, Model: "n", Vectors: [][]float32{hers}},
			{Kind: "gait", Model: "m", Vectors: [][]float32{hers}},
			{Kind: kind, Model: "m", Vectors: [][]float32{hers[1:]}},
			{Kind: kind, Model: "m"},
			{Kind: kind, Model: "m", Vectors: [][]float32{slices.Repeat([]float32{float32(math.NaN())}, 16)}},
			{Kind: loam.BiometricVoice, Model: "m", Vectors: [][]float32{make([]float32, 16)}},
		} {
			if found := m.Persons(unlike); len(found) > 0 {
				t.Fatalf("%+v is like %+v", unlike, found)
			}
		}
		if !m.Compares(kind, "m") || m.Compares(kind, "n") || m.Others("m", "k") != 0 || m.Others("n") != 1 {
			t.Fatal("what is compared")
		}
	})
}

// TestSays: words that a machine made it are found in whatever text of a note they stand.
func TestSays(t *testing.T) {
	t.Parallel()
	m := New(nil)
	for text, want := range map[string]string{"昨天和她吃饭": "", "一键换脸，效果绝了": "换脸", "this is a deepfake": "deepfake"} {
		if got := m.Says([]Field{{Name: "title", Text: "你好"}, {Name: "body", Text: text}}); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

// TestOneVoice: a stretch of somebody else is noticed wherever it stands, among those that are kept or
// not; those of one person are hers, in any order.
func TestOneVoice(t *testing.T) {
	t.Parallel()
	at := func(degrees float64) []float32 {
		sin, cos := math.Sincos(degrees * math.Pi / 180)
		return []float32{float32(cos), float32(sin)}
	}
	for _, tt := range []struct {
		name            string
		kept, stretches [][]float32
		want            bool
	}{
		{"one stretch", [][]float32{at(0)}, [][]float32{at(0)}, true},
		{"hers", [][]float32{at(0), at(20), at(10)}, [][]float32{at(0), at(20), at(10), at(45)}, true}, // 0.88 is the cosine of 28.4 degrees
		{"another among the kept", [][]float32{at(0), at(20), at(40)}, [][]float32{at(0), at(20), at(40)}, false},
		{"another beside them", [][]float32{at(0), at(20), at(10)}, [][]float32{at(0), at(20), at(10), at(60)}, false},
		{"no number", [][]float32{at(0), at(math.NaN())}, [][]float32{at(0), at(math.NaN())}, false},
	} {
		if got := OneVoice(tt.kept, tt.stretches); got != tt.want {
			t.Errorf("%s: %v", tt.name, got)
		}
		slices.Reverse(tt.kept)
		slices.Reverse(tt.stretches)
		if got := OneVoice(tt.kept, tt.stretches); got != tt.want {
			t.Errorf("%s, from behind: %v", tt.name, got)
		}
	}
}
