package verify_test

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/sumdb/note"

	"loam"
	"loam/internal/ledger"
	"loam/internal/merkle"
	"loam/internal/merkle/merkletest"
	"loam/internal/verify"
)

// book writes a log whose snapshots are right.
type book struct {
	*merkletest.Log
	state  *ledger.State
	n      int64
	leaves [][]byte
}

func newBook(t testing.TB, origin string) *book {
	t.Helper()
	return &book{Log: merkletest.New(t, origin, 1), state: ledger.NewState()}
}

func id(kind byte, n int64) ledger.ID { return ledger.ID{kind, byte(n), byte(n >> 8), byte(n >> 16)} }

// add appends a leaf and gives its index.
func (b *book) add(t testing.TB, l ledger.Leaf) int64 {
	t.Helper()
	l.V = 1
	if l.At == 0 {
		l.At = at
	}
	if l.ID == (ledger.ID{}) {
		l.ID = id('l', b.n)
	}
	raw, err := l.Encode()
	if err != nil {
		t.Fatal(err)
	}
	b.Append(t, raw)
	b.leaves = append(b.leaves, raw)
	b.state.Apply(b.n, &l, ledger.Unchecked)
	b.n++
	return b.n - 1
}

// snapshot appends the root of the state as it is now.
func (b *book) snapshot(t testing.TB) int64 {
	t.Helper()
	root, err := b.state.Root()
	if err != nil {
		t.Fatal(err)
	}
	return b.add(t, ledger.Leaf{Kind: ledger.Snapshot, Size: b.n, Hash: root})
}

func text() []loam.Use { return []loam.Use{loam.UseTrainText} }

func work(n int64) ledger.Leaf {
	return ledger.Leaf{Kind: ledger.Work, Account: id('a', n%7), Work: id('w', n), Hash: ledger.Hash{1}, Actor: ledger.Creator}
}

func grant(n int64) ledger.Leaf {
	return ledger.Leaf{
		Kind: ledger.Grant, Account: id('a', n%7), Work: id('w', n), Uses: text(), Terms: ledger.Terms{Price: ledger.Free}, Actor: ledger.Creator,
	}
}

func revoke(n int64) ledger.Leaf {
	return ledger.Leaf{Kind: ledger.Revoke, Account: id('a', n%7), Work: id('w', n), Uses: text(), Actor: ledger.Creator}
}

// history writes works, a grant for every third and, where revoked says so, a revoke for every
// ninth.
func history(t testing.TB, b *book, works int64, revoked func(n int64) bool) {
	t.Helper()
	for n := range works {
		b.add(t, work(n))
		if n%3 == 0 {
			b.add(t, grant(n))
		}
		if n%9 == 0 && revoked(n) {
			b.add(t, revoke(n))
		}
	}
}

func always(int64) bool { return true }

// honest is a log with everything in it.
func honest(t testing.TB, works int64) *book {
	t.Helper()
	b := newBook(t, "loam/test")
	history(t, b, works, always)
	s := b.snapshot(t)
	c := b.add(t, corpus(s, s))
	b.add(t, ledger.Leaf{Kind: ledger.Model, Refs: []int64{c}, ID: id('m', 1)})
	b.add(t, ledger.Leaf{Kind: ledger.Retire, Ref: id('m', 1)})
	b.Publish(t)
	return b
}

func corpus(snapshot, size int64) ledger.Leaf {
	return ledger.Leaf{
		Kind: ledger.Corpus, Refs: []int64{snapshot}, Size: size, Hash: ledger.Hash{3}, Uses: text(), Policy: ledger.Hash{1}, Code: ledger.Hash{1},
	}
}

func check(t testing.TB, b *book, change func(*verify.Log)) (verify.Report, verify.Check) {
	t.Helper()
	l := verify.Log{Files: b.Read, Key: b.Verifier(t)}
	if change != nil {
		change(&l)
	}
	r, err := verify.Run(l)
	if err == nil {
		return r, ""
	}
	v, ok := errors.AsType[*verify.Violation](err)
	if !ok || !strings.HasPrefix(err.Error(), string(v.Check)) {
		t.Fatalf("%v is no violation", err)
	}
	return r, v.Check
}

func TestHonestLog(t *testing.T) {
	t.Parallel()
	b := honest(t, 900)
	w := merkletest.NewWitness("w.example", 1764201600)
	witness, err := merkle.NewWitness(w.Key)
	if err != nil {
		t.Fatal(err)
	}
	b.Files["checkpoint"] = w.Cosign(t, b.Log, b.Files["checkpoint"])
	got, v := check(t, b, func(l *verify.Log) {
		l.Witnesses, l.Quorum = []note.Verifier{witness}, 1
		l.Old = [][]byte{b.Checkpoint(t, 256), b.Checkpoint(t, 1), b.Checkpoint(t, b.n)}
		l.Receipts = [][]byte{b.Receipt(t, 700, 900).Text(), b.Receipt(t, 3, b.n).Text()}
	})
	if v != "" {
		t.Fatal(v)
	}
	want := verify.Report{
		Origin: "loam/test", Size: b.n, Root: b.Tree(t, b.n).Hash.String(), Old: 3, Receipts: 2, Snapshots: 1, NoManifest: 1,
		Witnesses: []merkle.Cosignature{{Name: "w.example", Time: 1764201600}},
		Leaves:    map[string]int64{"work": 900, "grant": 300, "revoke": 100, "snapshot": 1, "corpus": 1, "model": 1, "retire": 1},
		Outcomes:  map[string]int64{"applied": b.n},
		Grants:    map[string]int64{"L2": 300},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	empty := newBook(t, "loam/test")
	empty.Publish(t)
	if r, v := check(t, empty, nil); v != "" || r.Size != 0 {
		t.Errorf("an empty log: %v, %v", r, v)
	}
}

// TestCheats plays each cheat once, with the log's own key.
func TestCheats(t *testing.T) {
	t.Parallel()
	good := honest(t, 300)
	w := merkletest.NewWitness("w.example", 1)
	witness, err := merkle.NewWitness(w.Key)
	if err != nil {
		t.Fatal(err)
	}
	old := good.Checkpoint(t, 200)
	revocation := good.Receipt(t, 2, good.n).Text() // of work 0
	if l, err := ledger.Decode(good.Receipt(t, 2, good.n).Entry); err != nil || l.Kind != ledger.Revoke {
		t.Fatalf("leaf 2 is %v, %v", l.Kind, err)
	}
	remade := func(make func(*book)) *book {
		b := newBook(t, "loam/test")
		make(b)
		b.Publish(t)
		return b
	}
	for name, c := range map[string]struct {
		log    *book
		change func(*verify.Log)
		want   verify.Check
	}{
		"a back-dated grant": {remade(func(b *book) {
			b.add(t, work(0))
			b.add(t, grant(1000))
			history(t, b, 300, always)
		}), func(l *verify.Log) { l.Old = [][]byte{old} }, verify.Consistent},
		"a dropped revoke": {
			remade(func(b *book) { history(t, b, 400, func(n int64) bool { return n != 0 }) }),
			func(l *verify.Log) { l.Receipts = [][]byte{revocation} }, verify.ReceiptKept,
		},
		"a dropped revoke, as many leaves": {remade(func(b *book) {
			history(t, b, 300, func(n int64) bool { return n != 0 })
			for b.n < good.n {
				b.add(t, work(1000+b.n))
			}
		}), func(l *verify.Log) { l.Receipts = [][]byte{revocation} }, verify.ReceiptKept},
		"a dropped revoke, its log cut": {
			remade(func(b *book) { history(t, b, 100, func(n int64) bool { return n != 0 }) }),
			func(l *verify.Log) { l.Receipts = [][]byte{revocation} }, verify.ReceiptRolledBack,
		},
		"a split view": {good, func(l *verify.Log) {
			tree := good.Tree(t, good.n)
			tree.Hash[0] ^= 1
			l.Old = [][]byte{good.Sign(t, tree)}
		}, verify.SplitView},
		"a rolled-back log": {remade(func(b *book) { history(t, b, 20, always) }), func(l *verify.Log) { l.Old = [][]byte{old} }, verify.RolledBack},
		"a forged receipt": {good, func(l *verify.Log) {
			p := good.Receipt(t, 2, good.n)
			p.Entry = good.Receipt(t, 1, good.n).Entry
			l.Receipts = [][]byte{p.Text()}
		}, verify.ReceiptProof},
		"a receipt without a leaf": {good, func(l *verify.Log) {
			p := good.Receipt(t, 2, good.n)
			p.Entry = nil
			l.Receipts = [][]byte{p.Text()}
		}, verify.ReceiptForm},
		"no receipt": {good, func(l *verify.Log) { l.Receipts = [][]byte{[]byte("receipt")} }, verify.ReceiptForm},
		"a receipt of another log": {good, func(l *verify.Log) {
			other := newBook(t, "loam/other")
			history(t, other, 300, always)
			l.Receipts = [][]byte{other.Receipt(t, 2, other.n).Text()}
		}, verify.ReceiptSigned},
		"another log's checkpoint": {good, func(l *verify.Log) {
			l.Old = [][]byte{merkletest.New(t, "loam/other", 1).Sign(t, good.Tree(t, 200))}
		}, verify.OldSigned},
		"another key":   {good, func(l *verify.Log) { l.Key = merkletest.New(t, "loam/test", 2).Verifier(t) }, verify.CheckpointSigned},
		"no witness":    {good, func(l *verify.Log) { l.Witnesses, l.Quorum = []note.Verifier{witness}, 1 }, verify.Quorum},
		"no checkpoint": {good, func(l *verify.Log) { l.Files = func(string) ([]byte, error) { return nil, fs.ErrNotExist } }, verify.CheckpointMissing},
		"a root that is not the entries'": {remade(func(b *book) { history(t, b, 50, always) }), func(l *verify.Log) {
			files := l.Files
			l.Files = func(path string) ([]byte, error) {
				if path == "checkpoint" {
					b := newBook(t, "loam/test")
					history(t, b, 49, always)
					b.add(t, work(999))
					tree := b.Tree(t, b.n)
					head, _ := files("checkpoint")
					c, err := merkle.OpenCheckpoint(head, b.Verifier(t))
					tree.N = c.Tree.N
					return b.Sign(t, tree), err
				}
				return files(path)
			}
		}, verify.Root},
		"no leaf":     {remade(func(b *book) { b.Append(t, []byte("grant")) }), nil, verify.LeafForm},
		"half a leaf": {remade(func(b *book) { b.add(t, ledger.Leaf{Kind: ledger.Grant}) }), nil, verify.LeafFit},
		"a revocation under another's id": {remade(func(b *book) {
			b.add(t, work(1))
			yes := grant(1)
			yes.ID = id('x', 1)
			b.add(t, yes)
			no := revoke(1)
			no.ID = yes.ID
			b.add(t, no)
		}), nil, verify.LeafID},
		"a work under a straw account": {remade(func(b *book) {
			straw := work(1)
			straw.Account = id('s', 1)
			b.add(t, straw)
			b.add(t, work(1))
		}), nil, verify.WorkOwner},
		"a registration that is void": {remade(func(b *book) {
			void := work(1)
			void.Sig, void.Signer = ledger.Hash{1}, ledger.Hash{2}
			b.add(t, void)
		}), nil, verify.WorkOwner},
		"a leaf written twice": {remade(func(b *book) {
			l := work(1)
			l.ID = id('x', 1)
			b.add(t, l)
			b.add(t, l)
		}), nil, ""},
		"a false snapshot": {remade(func(b *book) {
			history(t, b, 9, always)
			b.add(t, ledger.Leaf{Kind: ledger.Snapshot, Size: 5, Hash: ledger.Hash{1}})
		}), nil, verify.SnapshotRoot},
		"a snapshot of the future": {remade(func(b *book) {
			b.add(t, work(0))
			b.add(t, ledger.Leaf{Kind: ledger.Snapshot, Size: 2, Hash: ledger.Hash{1}})
		}), nil, verify.SnapshotSize},
		"a corpus of no snapshot": {remade(func(b *book) { b.add(t, corpus(0, 1)) }), nil, verify.CorpusSnapshot},
		"a corpus of another size": {remade(func(b *book) {
			b.add(t, work(1))
			s := b.snapshot(t)
			b.add(t, corpus(s, s+1))
		}), nil, verify.CorpusSnapshot},
		"a model of no corpus": {remade(func(b *book) {
			b.add(t, work(1))
			b.add(t, ledger.Leaf{Kind: ledger.Model, Refs: []int64{b.snapshot(t)}})
		}), nil, verify.ModelCorpus},
		"a withdrawal of no model": {remade(func(b *book) { b.add(t, ledger.Leaf{Kind: ledger.Retire, Ref: id('m', 1)}) }), nil, verify.RetiredModel},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if r, got := check(t, c.log, c.change); got != c.want || (got == "") != (r.Size != 0) {
				t.Errorf("got %q, want %q", got, c.want)
			}
			if c.want != "" && c.want.Says() == "" {
				t.Errorf("%s has no sentence", c.want)
			}
		})
	}
}

// TestEveryFile changes one byte in every file of a log, cuts every file, and takes each away.
func TestEveryFile(t *testing.T) {
	t.Parallel()
	b := newBook(t, "loam/test")
	for n := range int64(3000) {
		b.add(t, work(n))
	}
	b.Publish(t)
	r := rand.New(rand.NewPCG(3, 3))
	for _, path := range slices.Sorted(maps.Keys(b.Files)) {
		for _, how := range []string{"changed", "cut", "missing"} {
			_, got := check(t, b, func(l *verify.Log) {
				l.Files = func(p string) ([]byte, error) {
					data, err := b.Read(p)
					switch {
					case p != path:
					case how == "cut":
						return data[:r.IntN(len(data))], err
					case how == "missing":
						return nil, fs.ErrNotExist
					default:
						data = bytes.Clone(data)
						data[r.IntN(len(data))] ^= 1 << r.IntN(8)
					}
					return data, err
				}
			})
			want := []verify.Check{verify.Tiles}
			switch {
			case path == "checkpoint":
				want = []verify.Check{verify.CheckpointSigned, verify.CheckpointMissing}
			case strings.Contains(path, "entries"):
				// A changed byte of an entry shows as a leaf of no form or in the tile above it.
				want = []verify.Check{verify.Entries, verify.LeafForm, verify.LeafFit, verify.Tiles}
			}
			if !slices.Contains(want, got) {
				t.Errorf("%s %s: %q", path, how, got)
			}
		}
	}
	if _, got := check(t, b, nil); got != "" {
		t.Errorf("the log itself: %q", got)
	}
}

// TestLag: a snapshot may stand some thousand leaves after the state it speaks of, and a
// repeated leaf is no second snapshot.
func TestLag(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		late int64
		want verify.Check
	}{{0, ""}, {4000, ""}, {5000, verify.SnapshotSize}} {
		b := newBook(t, "loam/test")
		history(t, b, 3000, always)
		root, err := b.state.Root()
		if err != nil {
			t.Fatal(err)
		}
		snapshot := ledger.Leaf{Kind: ledger.Snapshot, Size: b.n, Hash: root, ID: id('s', 1)}
		for n := range c.late {
			b.add(t, work(10000+n))
		}
		b.add(t, snapshot)
		for n := range int64(9000) {
			b.add(t, work(20000+n))
		}
		b.add(t, snapshot)
		b.Publish(t)
		if r, got := check(t, b, nil); got != c.want || got == "" && (r.Snapshots != 1 || r.Outcomes["repeated"] != 1) {
			t.Errorf("%d leaves late: %q, %+v", c.late, got, r)
		}
	}
}

// TestRepeatedIsIgnored: a leaf that was written again says nothing, and nothing can be built on it.
func TestRepeatedIsIgnored(t *testing.T) {
	t.Parallel()
	b := newBook(t, "loam/test")
	b.add(t, work(0))
	s := b.snapshot(t)
	built := corpus(s, s)
	built.ID = id('c', 0)
	b.add(t, built)
	at := b.add(t, built)
	b.Publish(t)
	if r, got := check(t, b, nil); got != "" || r.Outcomes["repeated"] != 1 || r.NoManifest != 1 {
		t.Errorf("%q, %+v", got, r)
	}
	b.add(t, ledger.Leaf{Kind: ledger.Model, Refs: []int64{at}})
	b.Publish(t)
	if _, got := check(t, b, nil); got != verify.ModelCorpus {
		t.Errorf("a model of an ignored corpus: %q", got)
	}
}

// TestBundles: a bundle that is gone lowers the evidence, one that is wrong ends the audit.
func TestBundles(t *testing.T) {
	t.Parallel()
	b := newBook(t, "loam/test")
	b.add(t, work(0))
	b.add(t, ledger.Leaf{Kind: ledger.Key, Account: id('a', 0), Key: ledger.Hash{9}})
	signed := grant(0)
	signed.Sig, signed.Signer = ledger.Hash{8}, ledger.Hash{9}
	b.add(t, signed)
	unknown := grant(0)
	unknown.Sig, unknown.Signer = ledger.Hash{8}, ledger.Hash{7}
	b.add(t, unknown)
	b.Publish(t)
	for name, none := range map[string]func(name string) ([]byte, error){
		"missing": func(name string) ([]byte, error) { return nil, fmt.Errorf("%s: %w", name, fs.ErrNotExist) },
		"erased":  func(string) ([]byte, error) { return []byte{}, nil },
	} {
		r, got := check(t, b, func(l *verify.Log) { l.Bundles = none })
		if got != "" || r.Missing != 2 || r.Grants["L1"] != 1 || r.Outcomes["unsigned"] != 1 {
			t.Errorf("%s: %q, %+v", name, got, r)
		}
	}
	for name, bundle := range map[string]string{"no bundle": "x", "an empty bundle": "\xa0", "another's": "\xa1\x04\x41{"} {
		_, got := check(t, b, func(l *verify.Log) {
			l.Bundles = func(string) ([]byte, error) { return []byte(bundle), nil }
		})
		if got != verify.BundleSigned {
			t.Errorf("%s: %q", name, got)
		}
	}
	if _, got := check(t, b, func(l *verify.Log) {
		l.Bundles = func(string) ([]byte, error) { return nil, errors.New("disk") }
	}); got != verify.BundleSigned {
		t.Errorf("an unreadable bundle: %q", got)
	}
}

// TestForgedBundle: a bundle that whoever hands in a receipt put behind its leaf says nothing against
// the log, whose leaf commits to another.
func TestForgedBundle(t *testing.T) {
	t.Parallel()
	b := newBook(t, "loam/test")
	b.add(t, work(0))
	b.add(t, ledger.Leaf{Kind: ledger.Key, Account: id('a', 0), Key: ledger.Hash{9}})
	signed := grant(0)
	signed.Sig, signed.Signer = ledger.Hash{8}, ledger.Hash{9}
	at := b.add(t, signed)
	b.Publish(t)
	bundle, err := (&ledger.Bundle{Salt: [32]byte{1}, Key: []byte("k")}).Encode()
	if err != nil {
		t.Fatal(err)
	}
	p, err := ledger.WithBundle(b.Receipt(t, at, b.n), bundle)
	if err != nil {
		t.Fatal(err)
	}
	if _, got := check(t, b, func(l *verify.Log) { l.Party, l.Receipts = "loam.example", [][]byte{p.Text()} }); got != verify.ReceiptForm {
		t.Errorf("violated %q", got)
	}
}

// BenchmarkVerifyMillion is a whole audit of a million leaves: every tile, every leaf, the
// fold, and one snapshot's root.
func BenchmarkVerifyMillion(bench *testing.B) {
	b := newBook(bench, "loam/test")
	history(bench, b, 690_000, always)
	b.snapshot(bench)
	b.Publish(bench)
	bench.ReportMetric(float64(b.n), "leaves")
	for bench.Loop() {
		if r, got := check(bench, b, nil); got != "" || r.Size < 990_000 {
			bench.Fatal(got, r.Size)
		}
	}
}
