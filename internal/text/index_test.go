package text

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"math/rand/v2"
	"slices"
	"testing"

	"loam"
)

func saved(tb testing.TB, phrases []Phrase) []byte {
	tb.Helper()
	var b bytes.Buffer
	if err := Compile(phrases).Disguises().Save(&b); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

var indexed = []Phrase{
	{Text: "代开发票"}, {Text: "微信"}, {Text: "加微信"}, {Text: "株式会社好"}, {Text: "女装搭配", Allow: true}, {Text: "装搭"}, {Text: "张三丰"}, {Text: "\u200b"}, {Text: "死"},
}

// A compiled list finds what the list itself finds, plainly and in disguise.
func TestIndexIsTheSame(t *testing.T) {
	t.Parallel()
	a, d, err := Load(saved(t, indexed))
	if err != nil {
		t.Fatal(err)
	}
	fresh := Compile(indexed)
	freshly := fresh.Disguises()
	pieces := []string{"代開", "发票", "微", "信", "加", "㍿", "好", "女装", "搭配", "弓长", "三丰", "死", "dkfp", " ", "x", "wei xin", "\xff", "dai kai fa piao", "票发开代"}
	r := rand.New(rand.NewPCG(5, 6))
	hits := 0
	for range 4000 {
		s := ""
		for range 1 + r.IntN(6) {
			s += pieces[r.IntN(len(pieces))]
		}
		want, wanted := slices.Collect(fresh.All(s)), slices.Collect(freshly.Find(s))
		if got := slices.Collect(a.All(s)); !slices.Equal(got, want) {
			t.Fatalf("%q: %v, want %v", s, got, want)
		}
		if got := slices.Collect(d.Find(s)); !slices.Equal(got, wanted) {
			t.Fatalf("%q in disguise: %v, want %v", s, got, wanted)
		}
		hits += len(want) + len(wanted)
	}
	if hits < 2000 {
		t.Errorf("only %d hits: the texts say nothing", hits)
	}
	if !a.Empty(7) || a.Depth() != fresh.Depth() {
		t.Error("what the list is like differs")
	}
	if again := saved(t, indexed); !bytes.Equal(again, saved(t, indexed)) {
		t.Error("two compilations differ")
	}
}

func TestIndexOfNothing(t *testing.T) {
	t.Parallel()
	a, d, err := Load(saved(t, nil))
	if err != nil {
		t.Fatal(err)
	}
	for range a.All("什么都没有") {
		t.Error("a hit")
	}
	for range d.Find("什么都没有") {
		t.Error("a hit")
	}
}

func TestLoadRefuses(t *testing.T) {
	t.Parallel()
	good := saved(t, indexed)
	change := func(at int) []byte { b := slices.Clone(good); b[at]++; return b }
	for name, b := range map[string][]byte{
		"nothing": nil, "magic": change(0), "tables": change(20), "sum": change(50), "damaged": change(len(good) - 9),
		"cut": good[:len(good)-8], "longer": append(slices.Clone(good), make([]byte, 8)...),
	} {
		if _, _, err := Load(b); loam.KindOf(err) != loam.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, _, err := Load(append([]byte{0}, good...)[1:]); err != nil {
		t.Errorf("an odd address: %v", err)
	}
}

// A phrase that claims to be longer than any way through the states would have a scan ask
// for as much memory.
func TestLoadRefusesLength(t *testing.T) {
	t.Parallel()
	d := Compile(indexed).Disguises()
	d.words.lengths[7] = 1 << 30 // of the one that folds to nothing, which no state leads to
	var b bytes.Buffer
	if err := d.Save(&b); err != nil {
		t.Fatal(err)
	}
	if _, _, err := Load(b.Bytes()); loam.KindOf(err) != loam.Invalid {
		t.Errorf("loaded, %v", err)
	}
}

// resum makes the checksum right again.
func resum(b []byte) []byte {
	if len(b) >= indexHead {
		print := tablesPrint()
		copy(b, indexMagic)
		copy(b[len(indexMagic):], print[:])
		binary.LittleEndian.PutUint64(b[indexHead-8:], uint64(crc32.Checksum(b[indexHead:], crc32.MakeTable(crc32.Castagnoli))))
	}
	return b
}

// FuzzLoad: whatever the bytes, Load refuses them or gives something that can be searched
// with; a thousand bytes changed on purpose are tried beside.
func FuzzLoad(f *testing.F) {
	good := saved(f, indexed)
	f.Add(3, uint32(7), 40)
	f.Add(500_000, uint32(1<<31), 0)
	f.Fuzz(func(t *testing.T, at int, value uint32, cut int) {
		b := slices.Clone(good)
		if cut > 0 && cut < len(b) {
			b = b[:len(b)-cut]
		}
		if at < 0 || len(b) < indexHead+8 {
			return
		}
		at = indexHead + at%(len(b)-indexHead-4)
		binary.LittleEndian.PutUint32(b[at:], value)
		a, d, err := Load(resum(b))
		if err != nil {
			return
		}
		s := "加微信，死，代開發票㍿好 弓长三丰dkfp 女装搭配 weixin票发开代"
		for m := range a.All(s) {
			_ = a.Layers(s, m)
		}
		for range d.Find(s) {
		}
		sc := a.Scan()
		sc.Write(s, func(Match) {})
		_ = sc.Settled()
		sc.Close(func(Match) {})
	})
}

// manyPhrases are n phrases of two to seven characters.
func manyPhrases(n int) []Phrase {
	rnd := rand.New(rand.NewPCG(1, 2))
	out := make([]Phrase, n)
	for i := range out {
		r := make([]rune, 2+rnd.IntN(6))
		for j := range r {
			r[j] = 0x4E00 + rune(rnd.ExpFloat64()*600)%5000
		}
		out[i].Text = string(r)
	}
	return out
}

// BenchmarkLoad compiles lists and loads the compiled form.
func BenchmarkLoad(b *testing.B) {
	for name, n := range map[string]int{"65000": 65_000, "million": 1_000_000} {
		phrases := manyPhrases(n)
		var compiled []byte
		b.Run("compile/"+name, func(b *testing.B) {
			for b.Loop() {
				compiled = saved(b, phrases)
			}
		})
		b.Run("load/"+name, func(b *testing.B) {
			if compiled == nil {
				compiled = saved(b, phrases)
			}
			for b.Loop() {
				if _, _, err := Load(compiled); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(len(compiled))/1e6, "MB")
		})
	}
}

// What is found in disguise is never an allowed phrase: whoever asks has no entry for one.
func TestLoadRefusesAllowedInDisguise(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*Disguises){
		"initials": func(d *Disguises) { d.initials.phrases[0] = 4 },
		"shuffled": func(d *Disguises) { d.bags.sums.phrases[0] = 4 },
	} {
		d := Compile(indexed).Disguises()
		change(d)
		var b bytes.Buffer
		if err := d.Save(&b); err != nil {
			t.Fatal(err)
		}
		if _, _, err := Load(b.Bytes()); loam.KindOf(err) != loam.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}
