package ledger

import (
	"encoding/binary"
	"math/rand/v2"
	"runtime"
	"testing"

	"loam"
)

// million is a log of n works and n/5 acts on them, encoded.
func million(b testing.TB, n int) [][]byte {
	b.Helper()
	r := rand.New(rand.NewPCG(1, 1))
	random := func(kind byte, i int) ID {
		var id ID
		binary.BigEndian.PutUint64(id[:], uint64(i)*0x9e3779b97f4a7c15)
		id[8], id[9] = kind, 1
		return id
	}
	var out [][]byte
	for i := range n + n/5 {
		l := Leaf{V: 1, ID: random('l', i), At: 1764201600000, Actor: Creator, Body: Hash{1, byte(i)}}
		w := i
		switch {
		case i < n:
			l.Kind, l.Hash = Work, Hash{2, byte(i)}
		case i%2 == 0:
			w = r.IntN(n)
			l.Kind, l.Uses, l.Terms = Grant, SortUses(loam.UseTrainText, loam.UseRetrieve), Terms{Price: Free}
		default:
			w = r.IntN(n)
			l.Kind, l.Uses = Revoke, SortUses(loam.UseTrainText)
		}
		l.Account, l.Work = random('a', w/20), random('w', w)
		raw, err := l.Encode()
		if err != nil {
			b.Fatal(err)
		}
		out = append(out, raw)
	}
	return out
}

func replay(b testing.TB, log [][]byte) *State {
	b.Helper()
	s := NewState()
	for i, raw := range log {
		l, err := Decode(raw)
		if err != nil {
			b.Fatal(err)
		}
		if got := s.Apply(int64(i), &l, Unchecked); got != Applied {
			b.Fatalf("leaf %d: %s", i, got)
		}
	}
	return s
}

func heap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// BenchmarkReplay is 1.2 million leaves over a million works: decoded and folded.
func BenchmarkReplay(b *testing.B) {
	log := million(b, 1_000_000)
	before := heap()
	var s *State
	for b.Loop() {
		s = replay(b, log)
	}
	b.ReportMetric(float64(heap()-before)/(1<<20), "MB")
	runtime.KeepAlive(s)
	runtime.KeepAlive(log)
}

// BenchmarkRoot is the root of that state.
func BenchmarkRoot(b *testing.B) {
	s := replay(b, million(b, 1_000_000))
	for b.Loop() {
		if _, err := s.Root(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkDecide asks about random works of a million.
func BenchmarkDecide(b *testing.B) {
	s := replay(b, million(b, 1_000_000))
	r := rand.New(rand.NewPCG(2, 2))
	var ask [4096]ID
	for i := range ask {
		ask[i] = s.work[r.IntN(len(s.work))].id
	}
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		s.Decide(ID{}, ID{}, ask[i%len(ask)], loam.UseTrainText, 5)
		i += 7
	}
}

// TestDecideAllocatesNothing is not parallel: AllocsPerRun counts for the whole process.
func TestDecideAllocatesNothing(t *testing.T) {
	s := replay(t, million(t, 100))
	w, u := s.work[3].id, loam.UseTrainText
	if n := testing.AllocsPerRun(100, func() { s.Decide(ID{}, ID{}, w, u, 5) }); n != 0 {
		t.Errorf("a decision allocates %v times", n)
	}
}

func BenchmarkDecode(b *testing.B) {
	raw := million(b, 10)[11]
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Decode(raw); err != nil {
			b.Fatal(err)
		}
	}
}
