package merkle_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"

	"loam"
	"loam/internal/merkle"
	"loam/internal/merkle/merkletest"
)

// logOf is a published log of n small entries.
func logOf(t testing.TB, n int) *merkletest.Log {
	t.Helper()
	l := merkletest.New(t, "loam/test", 1)
	for i := range n {
		l.Append(t, entry(i))
	}
	l.Publish(t)
	return l
}

func entry(i int) []byte { return bytes.Repeat([]byte{byte(i), byte(i >> 8)}, i%5) }

func TestTilePath(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		level int
		n     int64
		w     int
		want  string
	}{
		{0, 0, 256, "tile/0/000"},
		{0, 273, 112, "tile/0/273.p/112"},
		{2, 1234067, 256, "tile/2/x001/x234/067"},
		{-1, 1000, 1, "tile/entries/x001/000.p/1"},
		{63, 999, 255, "tile/63/999.p/255"},
	} {
		if got := merkle.TilePath(c.level, c.n, c.w); got != c.want {
			t.Errorf("tile %d/%d w %d: got %s, want %s", c.level, c.n, c.w, got, c.want)
		}
	}
}

// TestTilesOfSpecification holds the example of c2sp.org/tlog-tiles: a tree of 70,000.
func TestTilesOfSpecification(t *testing.T) {
	t.Parallel()
	l := logOf(t, 70000)
	count := map[string]int{}
	for path := range l.Files {
		count[strings.Join(strings.Split(path, "/")[:min(2, strings.Count(path, "/")+1)], "/")]++
	}
	want := map[string]int{"checkpoint": 1, "tile/0": 274, "tile/1": 2, "tile/2": 1, "tile/entries": 274}
	if d := cmp.Diff(want, count); d != "" {
		t.Error(d)
	}
	for _, path := range []string{"tile/0/273.p/112", "tile/1/001.p/17", "tile/2/000.p/1"} {
		if l.Files[path] == nil {
			t.Errorf("no %s", path)
		}
	}
}

func TestWalkRecomputesEveryPrefix(t *testing.T) {
	t.Parallel()
	const n = 1100
	l := logOf(t, n)
	root, err := merkle.Files(l.Read).Walk(n, func(i int64, e []byte, prefix func() merkle.Hash) error {
		if !bytes.Equal(e, entry(int(i))) {
			t.Fatalf("entry %d is %x", i, e)
		}
		if got, want := prefix(), l.Tree(t, i).Hash; got != want {
			t.Fatalf("the root of %d entries is %s, want %s", i, got, want)
		}
		return nil
	})
	if err != nil || root != l.Tree(t, n).Hash {
		t.Fatalf("got %s, %v", root, err)
	}
	stop := errors.New("stop")
	if _, err := merkle.Files(l.Read).Walk(n, func(int64, []byte, func() merkle.Hash) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("the visitor's error became %v", err)
	}
	if _, err := merkle.Files(l.Read).Walk(-1, nil); loam.CodeOf(err) != "log.index" {
		t.Errorf("a negative size: %v", err)
	}
}

// TestWalkSeesEveryFile changes, shortens, lengthens and removes each file of a log in turn.
func TestWalkSeesEveryFile(t *testing.T) {
	t.Parallel()
	const n = 70000
	l := logOf(t, n)
	rnd := rand.New(rand.NewPCG(1, 2))
	walk := func() error {
		_, err := merkle.Files(l.Read).Walk(n, func(int64, []byte, func() merkle.Hash) error { return nil })
		return err
	}
	paths := slices.DeleteFunc(slices.Sorted(maps.Keys(l.Files)), func(p string) bool {
		// Every file of the upper levels, one in thirty of the lower ones.
		return p == "checkpoint" || (strings.HasPrefix(p, "tile/0") || strings.HasPrefix(p, "tile/e")) && rnd.IntN(30) > 0
	})
	for i, p := range paths {
		good := l.Files[p]
		for what, bad := range map[string][]byte{
			"changed": flipped(good, rnd), "shorter": good[:len(good)-1], "longer": append(slices.Clone(good), 0), "missing": nil,
		} {
			if i%4 != 0 && what != "changed" {
				continue
			}
			if l.Files[p] = bad; bad == nil {
				delete(l.Files, p)
			}
			if err := walk(); loam.KindOf(err) != loam.Invalid {
				t.Errorf("%s %s: %v", p, what, err)
			}
		}
		l.Files[p] = good
	}
	if err := walk(); err != nil {
		t.Error(err)
	}
}

func flipped(b []byte, rnd *rand.Rand) []byte {
	b = slices.Clone(b)
	b[rnd.IntN(len(b))] ^= 1 << rnd.IntN(8)
	return b
}

// TestGrownLog reads a size whose partial tiles were deleted since.
func TestGrownLog(t *testing.T) {
	t.Parallel()
	l := logOf(t, 600)
	files := merkle.Files(l.Read)
	root, err := files.Walk(300, func(int64, []byte, func() merkle.Hash) error { return nil })
	if loam.CodeOf(err) != "log.tile" {
		// Level 1 of 300 entries has one hash; the log of 600 keeps two, still partial.
		t.Errorf("got %s, %v", root, err)
	}
	l = logOf(t, 65536)
	files = l.Read
	if root, err = files.Walk(300, func(int64, []byte, func() merkle.Hash) error { return nil }); err != nil || root != l.Tree(t, 300).Hash {
		t.Errorf("got %s, %v", root, err)
	}
	if got, err := files.Entry(300, 299); err != nil || !bytes.Equal(got, entry(299)) {
		t.Errorf("entry 299: %x, %v", got, err)
	}
}

func TestProofs(t *testing.T) {
	t.Parallel()
	const size = 70000
	l := logOf(t, size)
	files, tree := merkle.Files(l.Read), l.Tree(t, size)
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.Int64Range(1, size).Draw(rt, "size")
		i := rapid.Int64Range(0, size-1).Draw(rt, "index")
		growth, err := files.ProveGrowth(tree, n)
		if err != nil {
			rt.Fatal(err)
		}
		if err := tlog.CheckTree(growth, size, tree.Hash, n, l.Tree(t, n).Hash); err != nil {
			rt.Fatal(err)
		}
		p, err := files.ProveEntry(tree, i)
		if err != nil {
			rt.Fatal(err)
		}
		if err := tlog.CheckRecord(p, size, tree.Hash, i, tlog.RecordHash(entry(int(i)))); err != nil {
			rt.Fatal(err)
		}
	})
	for _, i := range []int64{-1, size} {
		if _, err := files.ProveEntry(tree, i); loam.CodeOf(err) != "log.index" {
			t.Errorf("entry %d: %v", i, err)
		}
		if _, err := files.Entry(size, i); loam.CodeOf(err) != "log.index" {
			t.Errorf("entry %d: %v", i, err)
		}
	}
	for _, n := range []int64{0, size + 1} {
		if _, err := files.ProveGrowth(tree, n); loam.CodeOf(err) != "log.index" {
			t.Errorf("growth from %d: %v", n, err)
		}
	}
	l.Files["tile/0/010"][7] ^= 1
	if _, err := files.ProveEntry(tree, 2600); err == nil {
		t.Error("a proof was built from a wrong tile")
	}
}

func TestCheckpoint(t *testing.T) {
	t.Parallel()
	l := logOf(t, 10)
	other := merkletest.New(t, "loam/other", 1)
	sameName := merkletest.New(t, "loam/test", 2)
	w1, w2 := merkletest.NewWitness("w.example/1", 1679315147), merkletest.NewWitness("w.example/2", 5)
	v1, v2 := must(merkle.NewWitness(w1.Key)), must(merkle.NewWitness(w2.Key))
	text := l.Checkpoint(t, 10)
	both := w2.Cosign(t, l, w1.Cosign(t, l, text))
	got, err := merkle.OpenCheckpoint(both, l.Verifier(t), v1, v2)
	want := merkle.Checkpoint{Origin: "loam/test", Tree: l.Tree(t, 10), Cosignature: []merkle.Cosignature{{"w.example/1", 1679315147}, {"w.example/2", 5}}}
	if err != nil || cmp.Diff(want, got) != "" {
		t.Errorf("%v\n%s", err, cmp.Diff(want, got))
	}
	if got, err := merkle.OpenCheckpoint(both, l.Verifier(t), v2); err != nil || len(got.Cosignature) != 1 {
		t.Errorf("one witness asked for: %v, %v", got, err)
	}
	if got, err := merkle.OpenCheckpoint(text, l.Verifier(t), v1); err != nil || len(got.Cosignature) != 0 {
		t.Errorf("no witness signed: %v, %v", got, err)
	}
	for name, bad := range map[string]string{
		"empty":            "",
		"another log":      string(other.Sign(t, l.Tree(t, 10))),
		"another key":      string(sameName.Sign(t, l.Tree(t, 10))),
		"changed":          strings.Replace(string(text), "\n10\n", "\n11\n", 1),
		"changed witness":  strings.Replace(string(both), "w.example/1 ", "w.example/1 A", 1),
		"only a witness":   string(onlyWitness(t, l, w1, text)),
		"stolen cosigning": strings.Replace(string(both), "\n10\n", "\n11\n", 1),
		"too long":         string(text) + strings.Repeat("x", 40000),
	} {
		if _, err := merkle.OpenCheckpoint([]byte(bad), l.Verifier(t), v1, v2); loam.CodeOf(err) != "log.checkpoint" {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, bad := range []string{"", "x", "w+00000000+AAAA", strings.Replace(w1.Key, "w.example", "w.exampl", 1), l.Key} {
		if _, err := merkle.NewWitness(bad); loam.CodeOf(err) != "log.key" {
			t.Errorf("%q is taken for a witness's key: %v", bad, err)
		}
	}
}

// TestCheckpointBody signs bodies no log should write.
func TestCheckpointBody(t *testing.T) {
	t.Parallel()
	skey, vkey, err := note.GenerateKey(rand.NewChaCha8([32]byte{1}), "a")
	if err != nil {
		t.Fatal(err)
	}
	signer, verifier := must(note.NewSigner(skey)), must(note.NewVerifier(vkey))
	const root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="
	for text, ok := range map[string]bool{
		"a\n0\n" + root + "\n":                    true,
		"a\n7\n" + root + "\nmore\n":              true,
		"a\n07\n" + root + "\n":                   false,
		"a\n-7\n" + root + "\n":                   false,
		"a\n+7\n" + root + "\n":                   false,
		"a\n281474976710657\n" + root + "\n":      false,
		"b\n7\n" + root + "\n":                    false,
		"\n7\n" + root + "\n":                     false,
		"a\n7\n" + root[:20] + "\n":               false,
		"a\n7\n" + root[:42] + "J=\n":             false,
		"a\n7\n":                                  false,
		"a\n99999999999999999999\n" + root + "\n": false,
	} {
		raw, err := note.Sign(&note.Note{Text: text}, signer)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := merkle.OpenCheckpoint(raw, verifier); (err == nil) != ok {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func onlyWitness(t *testing.T, l *merkletest.Log, w *merkletest.Witness, text []byte) []byte {
	t.Helper()
	n, err := note.Open(text, note.VerifierList(l.Verifier(t)))
	if err != nil {
		t.Fatal(err)
	}
	return must(note.Sign(&note.Note{Text: n.Text}, w))
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func TestReceipt(t *testing.T) {
	t.Parallel()
	l := logOf(t, 1000)
	for _, c := range [][2]int64{{0, 1}, {0, 1000}, {999, 1000}, {255, 256}, {512, 513}, {300, 777}} {
		text := l.Receipt(t, c[0], c[1]).Text()
		p, err := merkle.ParseProof(text)
		if err != nil {
			t.Fatal(err)
		}
		if again := p.Text(); !bytes.Equal(text, again) {
			t.Errorf("%s became %s", text, again)
		}
		if got, err := p.Verify(p.Entry, l.Verifier(t)); err != nil || got.Tree != l.Tree(t, c[1]) {
			t.Errorf("%v: %v, %v", c, got, err)
		}
		for name, forged := range map[string]merkle.Proof{
			"index":      {Index: p.Index + 1, Hashes: p.Hashes, Checkpoint: p.Checkpoint},
			"beyond":     {Index: c[1], Hashes: p.Hashes, Checkpoint: p.Checkpoint},
			"hashes":     {Index: p.Index, Hashes: append(slices.Clone(p.Hashes), merkle.Hash{}), Checkpoint: p.Checkpoint},
			"checkpoint": {Index: p.Index, Hashes: p.Hashes, Checkpoint: bytes.ToUpper(p.Checkpoint)},
		} {
			if _, err := forged.Verify(p.Entry, l.Verifier(t)); loam.KindOf(err) != loam.Invalid {
				t.Errorf("%v forged %s: %v", c, name, err)
			}
		}
		if _, err := p.Verify([]byte("other"), l.Verifier(t)); loam.CodeOf(err) != "log.proof" {
			t.Errorf("another entry: %v", err)
		}
	}
}

func TestBadProofs(t *testing.T) {
	t.Parallel()
	good := string(logOf(t, 5).Receipt(t, 1, 5).Text())
	for name, bad := range map[string]string{
		"head":    strings.Replace(good, "@v1", "@v2", 1),
		"extra":   strings.Replace(good, "extra ", "extra *", 1),
		"padding": strings.Replace(good, "=\n", "\n", 1),
		"index":   strings.Replace(good, "index 1", "index 01", 1),
		"none":    strings.Replace(good, "index 1\n", "", 1),
		"hash":    strings.Replace(good, "\n\n", "\nAA\n\n", 1),
		"end":     good[:80],
		"deep":    strings.Replace(good, "\n\n", strings.Repeat("\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", 50)+"\n\n", 1),
		"long":    good + strings.Repeat("x", 1<<20),
	} {
		if _, err := merkle.ParseProof([]byte(bad)); loam.CodeOf(err) != "log.proof" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// key places a number between the ends.
func key(i uint64) merkle.Key {
	var k merkle.Key
	binary.BigEndian.PutUint64(k[:], i+1)
	return k
}

func TestSortedTree(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		numbers := rapid.SliceOfNDistinct(rapid.Uint64Range(0, 200), 0, 60, rapid.ID[uint64]).Draw(t, "keys")
		slices.Sort(numbers)
		keys := make([]merkle.Key, len(numbers))
		sum := merkle.NewSummer()
		value := func(i int) []byte { return fmt.Append(nil, "value ", numbers[i]) }
		for i, n := range numbers {
			keys[i] = key(n)
			if err := sum.Add(keys[i], value(i)); err != nil {
				t.Fatal(err)
			}
		}
		tree, err := merkle.NewSorted(keys, value)
		if err != nil {
			t.Fatal(err)
		}
		root := tree.Root()
		if got := sum.Root(); got != root {
			t.Fatalf("two ways to the root of %d: %s, %s", len(keys), got, root)
		}
		for n := range uint64(202) {
			k := key(n)
			_, there := slices.BinarySearch(numbers, n)
			p, ok := tree.Prove(k)
			if ok != there || ok && !p.Verify(root, k, fmt.Append(nil, "value ", n)) {
				t.Fatalf("key %d: proof %v", n, ok)
			}
			a, ok := tree.ProveAbsence(k)
			if ok == there || ok && !a.Verify(root, k) {
				t.Fatalf("key %d: absence %v", n, ok)
			}
			if !there {
				continue
			}
			again, err := merkle.ParsePlace(p.Append(nil))
			if err != nil || cmp.Diff(p, again) != "" {
				t.Fatalf("%v\n%s", err, cmp.Diff(p, again))
			}
			if p.Verify(root, k, []byte("another")) || p.Verify(root, key(n+1), fmt.Append(nil, "value ", n)) || p.Verify(merkle.Hash{}, k, fmt.Append(nil, "value ", n)) {
				t.Fatalf("key %d: a false leaf is proven", n)
			}
			for _, forged := range []merkle.Place{
				{Index: p.Index + 1, Size: p.Size, Path: p.Path},
				{Index: p.Index, Size: p.Size + 1, Path: p.Path},
				{Index: p.Index, Size: p.Size, Path: p.Path[:len(p.Path)-1]},
				{Index: -1, Size: p.Size, Path: p.Path},
				{Index: p.Index, Size: p.Size, Path: append(slices.Clone(p.Path), merkle.Hash{})},
			} {
				if forged.Verify(root, k, fmt.Append(nil, "value ", n)) {
					t.Fatalf("key %d is proven at %v", n, forged)
				}
			}
		}
	})
}

// TestFalseAbsence: a present key cannot be denied with leaves that are not adjacent.
func TestFalseAbsence(t *testing.T) {
	t.Parallel()
	keys := []merkle.Key{key(1), key(2), key(3), key(4)}
	tree := must(merkle.NewSorted(keys, func(int) []byte { return nil }))
	before, _ := tree.ProveAbsence(key(0)) // ends at 1
	after, _ := tree.ProveAbsence(key(9))  // begins at 4
	wide := merkle.Absence{Left: before.Right, Right: after.Left}
	if wide.Verify(tree.Root(), key(2)) {
		t.Error("2 is denied by 1 and 4")
	}
	wide.Right.Place.Index = wide.Left.Place.Index + 1
	if wide.Verify(tree.Root(), key(2)) {
		t.Error("2 is denied by 4 at a false place")
	}
}

func TestUnsortedIsRefused(t *testing.T) {
	t.Parallel()
	all := merkle.Key(bytes.Repeat([]byte{0xff}, 32))
	for name, keys := range map[string][]merkle.Key{
		"twice": {key(1), key(1)}, "falling": {key(2), key(1)}, "low end": {{}}, "high end": {key(1), all},
	} {
		if _, err := merkle.NewSorted(keys, func(int) []byte { return nil }); loam.CodeOf(err) != "log.unsorted" {
			t.Errorf("%s: %v", name, err)
		}
		sum, err := merkle.NewSummer(), error(nil)
		for _, k := range keys {
			err = errors.Join(err, sum.Add(k, nil))
		}
		if loam.CodeOf(err) != "log.unsorted" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestTreesDoNotMix: no node of a sorted tree is a node of a log.
func TestTreesDoNotMix(t *testing.T) {
	t.Parallel()
	tree := must(merkle.NewSorted([]merkle.Key{key(1)}, func(int) []byte { return []byte("v") }))
	h := sha256.Sum256([]byte("v"))
	k := key(1)
	if tree.Root() == tlog.RecordHash(append(k[:], h[:]...)) {
		t.Error("a sorted tree's root is a record's hash")
	}
}

func FuzzParseProof(f *testing.F) {
	l := logOf(f, 300)
	f.Add(l.Receipt(f, 7, 300).Text())
	f.Add(l.Receipt(f, 0, 1).Text())
	f.Add([]byte("c2sp.org/tlog-proof@v1\nindex 0\n\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		p, err := merkle.ParseProof(text)
		if err != nil {
			return
		}
		if again := p.Text(); !bytes.Equal(text, again) {
			t.Errorf("%q became %q", text, again)
		}
		if _, err := p.Verify(p.Entry, l.Verifier(t)); err == nil && p.Index >= 300 {
			t.Errorf("proven beyond the log: %q", text)
		}
	})
}

func FuzzParseBundle(f *testing.F) {
	f.Add(logOf(f, 5).Files["tile/entries/000.p/5"], 5)
	f.Add([]byte{0, 0}, 1)
	f.Add([]byte{0, 9, 1}, 1)
	f.Fuzz(func(t *testing.T, data []byte, w int) {
		list, err := merkle.ParseBundle(data, w)
		if err != nil {
			return
		}
		var again []byte
		for _, e := range list {
			again = append(binary.BigEndian.AppendUint16(again, uint16(len(e))), e...)
		}
		if len(list) != w || !bytes.Equal(again, data) {
			t.Errorf("%x became %x", data, again)
		}
	})
}

func FuzzOpenCheckpoint(f *testing.F) {
	l := logOf(f, 5)
	w := merkletest.NewWitness("w", 9)
	v := must(merkle.NewWitness(w.Key))
	f.Add(l.Checkpoint(f, 5))
	f.Add(w.Cosign(f, l, l.Checkpoint(f, 3)))
	f.Fuzz(func(t *testing.T, text []byte) {
		if c, err := merkle.OpenCheckpoint(text, l.Verifier(t), v); err == nil && (c.Origin != "loam/test" || c.Tree.N > 5) {
			t.Errorf("%q gave %v", text, c)
		}
	})
}

func FuzzParsePlace(f *testing.F) {
	tree := must(merkle.NewSorted([]merkle.Key{key(1), key(2)}, func(int) []byte { return nil }))
	p, _ := tree.Prove(key(1))
	f.Add(p.Append(nil))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if p, err := merkle.ParsePlace(raw); err == nil && !bytes.Equal(p.Append(nil), raw) {
			t.Errorf("%x became %x", raw, p.Append(nil))
		}
	})
}

func BenchmarkSortedMillion(b *testing.B) {
	keys := make([]merkle.Key, 1e6)
	for i := range keys {
		keys[i] = key(uint64(i))
	}
	value := make([]byte, 80)
	for b.Loop() {
		tree := must(merkle.NewSorted(keys, func(int) []byte { return value }))
		if p, _ := tree.Prove(keys[500]); len(p.Append(nil)) > 700 {
			b.Fatalf("a proof of %d bytes", len(p.Append(nil)))
		}
	}
}

func BenchmarkSummerMillion(b *testing.B) {
	value := make([]byte, 80)
	for b.Loop() {
		s := merkle.NewSummer()
		for i := range uint64(1e6) {
			if err := s.Add(key(i), value); err != nil {
				b.Fatal(err)
			}
		}
		s.Root()
	}
}

func BenchmarkPlaceVerify(b *testing.B) {
	keys := make([]merkle.Key, 1e6)
	for i := range keys {
		keys[i] = key(uint64(i))
	}
	tree := must(merkle.NewSorted(keys, func(int) []byte { return nil }))
	root := tree.Root()
	p, _ := tree.Prove(keys[123456])
	b.ReportMetric(float64(len(p.Append(nil))), "bytes")
	for b.Loop() {
		if !p.Verify(root, keys[123456], nil) {
			b.Fatal("not proven")
		}
	}
}

// BenchmarkReceiptVerify is all of it: the checkpoint's signature and the path of a log of
// 70,000 entries.
func BenchmarkReceiptVerify(b *testing.B) {
	l := logOf(b, 70000)
	p, v := l.Receipt(b, 1234, 70000), l.Verifier(b)
	b.Run("whole", func(b *testing.B) {
		for b.Loop() {
			if _, err := p.Verify(p.Entry, v); err != nil {
				b.Fatal(err)
			}
		}
	})
	tree, h := l.Tree(b, 70000), tlog.RecordHash(p.Entry)
	b.Run("path", func(b *testing.B) {
		for b.Loop() {
			if err := tlog.CheckRecord(p.Hashes, tree.N, tree.Hash, p.Index, h); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// TestTilesOf: a tree's files are those x/mod names, and each is read exactly, also where the
// log has grown and keeps only wider ones.
func TestTilesOf(t *testing.T) {
	t.Parallel()
	l := merkletest.New(t, "loam/test", 1)
	for i := range 70_000 {
		l.Append(t, []byte{byte(i), byte(i >> 8), byte(i >> 16)})
	}
	l.Publish(t)
	for _, size := range []int64{0, 1, 255, 256, 257, 65_535, 65_536, 65_792, 70_000} {
		want := 0
		for _, tile := range tlog.NewTiles(8, 0, size) {
			want++
			if tile.L == 0 {
				want++
			}
		}
		got := 0
		for tile := range merkle.TilesOf(size) {
			got++
			path := tile.Path()
			data, err := merkle.Files(l.Read).Read(tile)
			if size == 70_000 && (err != nil || !bytes.Equal(data, l.Files[path])) {
				t.Errorf("%s: %v", path, err)
			}
			if whole := l.Files[merkle.TilePath(tile.Level, tile.N, 256)]; whole != nil && (err != nil || !bytes.HasPrefix(whole, data)) {
				t.Errorf("%s of a log that has grown: %v", path, err)
			}
		}
		if got != want {
			t.Errorf("a tree of %d has %d files, want %d", size, got, want)
		}
	}
}
