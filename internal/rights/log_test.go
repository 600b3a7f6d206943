package rights

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"loam"
	"loam/internal/ledger"
	"loam/internal/merkle"
	"loam/internal/verify"
)

// box is an outbox in memory; lose makes it forget, once, where leaves were placed, as a crash
// between the two writes does.
type box struct {
	mu      sync.Mutex
	waiting []loam.WaitingLeaf
	placed  []loam.WaitingLeaf
	lose    bool
	erased  []string // leaves whose bundles are
}

func (b *box) WaitingLeaves(_ context.Context, limit int) ([]loam.WaitingLeaf, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]loam.WaitingLeaf{}, b.waiting[:min(limit, len(b.waiting))]...), nil
}

func (b *box) PlaceLeaves(_ context.Context, placed []loam.WaitingLeaf) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.lose {
		b.lose = false
		return errors.New("the database is gone")
	}
	b.placed, b.waiting = append(b.placed, placed...), b.waiting[len(placed):]
	return nil
}

func (b *box) ReopenLeaves(_ context.Context, from int64) (int, int64, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	i, next := slices.IndexFunc(b.placed, func(l loam.WaitingLeaf) bool { return l.Place >= from }), int64(0)
	if i < 0 {
		i = len(b.placed)
	}
	again := len(b.placed) - i
	b.waiting, b.placed = append(slices.Clone(b.placed[i:]), b.waiting...), b.placed[:i]
	if i > 0 {
		next = b.placed[i-1].Place + 1
	}
	return again, next, nil
}

func (b *box) FindLeaves(_ context.Context, places map[string]int64) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	before := len(b.waiting)
	b.waiting = slices.DeleteFunc(b.waiting, func(w loam.WaitingLeaf) bool {
		l, err := ledger.Decode(w.Leaf)
		place, found := places[l.ID.String()]
		if err != nil || !found {
			return false
		}
		w.Place = place
		b.placed = append(b.placed, w)
		return true
	})
	return before - len(b.waiting), nil
}

func (b *box) PlacedBundles(_ context.Context, after string, limit int) ([]loam.SignedAct, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	var out []loam.SignedAct
	for _, l := range b.placed {
		if l.Bundle != nil && l.ID > after && !slices.Contains(b.erased, l.ID) {
			out = append(out, loam.SignedAct{Leaf: l.ID, Bundle: l.Bundle})
		}
	}
	slices.SortFunc(out, func(a, b loam.SignedAct) int { return strings.Compare(a.Leaf, b.Leaf) })
	return out[:min(limit, len(out))], nil
}

func (b *box) ErasedBundles(_ context.Context, limit int) ([]string, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.erased[:min(limit, len(b.erased))]), nil
}

func (b *box) ForgetBundles(_ context.Context, leaves []string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, leaf := range leaves {
		i := slices.IndexFunc(b.placed, func(l loam.WaitingLeaf) bool { return l.ID == leaf })
		b.placed[i].Bundle = nil
	}
	b.erased = slices.DeleteFunc(b.erased, func(leaf string) bool { return slices.Contains(leaves, leaf) })
	return nil
}

func (b *box) put(t *testing.T, n int) {
	t.Helper()
	for range n {
		l := ledger.Leaf{V: 1, Kind: ledger.Protect, At: 1, What: ledger.NoAI, Actor: ledger.Creator}
		if _, err := rand.Read(l.ID[:]); err != nil {
			t.Fatal(err)
		}
		l.Account[0] = 1
		raw, err := l.Encode()
		if err != nil {
			t.Fatal(err)
		}
		b.waiting = append(b.waiting, loam.WaitingLeaf{Owner: "ann", N: int64(len(b.waiting)), Leaf: raw})
	}
}

func newKey(t testing.TB) (note.Signer, note.Verifier) {
	t.Helper()
	secret, key, err := note.GenerateKey(rand.Reader, "loam/test")
	if err != nil {
		t.Fatal(err)
	}
	signer, err := note.NewSigner(secret)
	if err != nil {
		t.Fatal(err)
	}
	verifier, err := note.NewVerifier(key)
	if err != nil {
		t.Fatal(err)
	}
	return signer, verifier
}

// TestSettle: after a crash between log and outbox nothing is appended twice; a copy of the
// public files alone goes on from its checkpoint, takes in again what it lacks, and an old receipt
// still holds; with its hidden state gone a log is not begun anew.
func TestSettle(t *testing.T) {
	t.Parallel()
	signer, key := newKey(t)
	dir, o := filepath.Join(t.TempDir(), "ledger"), &box{}
	// run appends what waits and gives what Settle did and how many leaves were appended.
	run := func(dir string) (again, found, drained int) {
		t.Helper()
		a, err := Append(dir, signer, key, o, nil, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		if again, found, err = a.Settle(t.Context()); err != nil {
			t.Fatal(err)
		}
		lost := o.lose
		if drained, err = a.Drain(t.Context()); (err != nil) != lost {
			t.Fatal(err)
		}
		if err := a.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
		return again, found, drained
	}
	o.put(t, 300)
	o.lose = true
	if run(dir); len(o.waiting) != 300 {
		t.Fatalf("%d leaves wait after the crash", len(o.waiting))
	}
	if again, found, drained := run(dir); again != 0 || found != 300 || drained != 0 || o.placed[299].Place != 299 {
		t.Fatalf("after the crash %d wait again, %d were found, %d appended", again, found, drained)
	}
	copied := t.TempDir()
	if _, err := Mirror(t.Context(), folder(dir), copied, key, func(int, int) {}); err != nil {
		t.Fatal(err)
	}
	receipt, err := (&Log{Dir: copied, Verifier: key}).Receipt(150)
	if err != nil {
		t.Fatal(err)
	}
	o.put(t, 300)
	if _, _, drained := run(dir); drained != 300 {
		t.Fatalf("%d leaves went on", drained)
	}
	if err := os.RemoveAll(filepath.Join(dir, ".state")); err != nil {
		t.Fatal(err)
	}
	if again, found, drained := run(dir); again+found+drained != 0 {
		t.Fatalf("without its state %d wait again, %d were found, %d appended", again, found, drained)
	}
	if again, found, drained := run(copied); again != 300 || found != 0 || drained != 300 {
		t.Fatalf("from the copy %d wait again, %d were found, %d appended", again, found, drained)
	}
	report, err := verify.Run(verify.Log{Files: folder(copied), Key: key, Receipts: [][]byte{receipt.Text()}})
	if err != nil || report.Size != 600 || report.Outcomes["applied"] != 600 || report.Receipts != 1 {
		t.Errorf("the copy that went on: %+v, %v", report, err)
	}
	for i, l := range o.placed {
		if l.Place != int64(i) {
			t.Fatalf("leaf %d is at %d", i, l.Place)
		}
	}
}

// TestLog: what waits comes into the log in its order, again after a crash lost where it went;
// each leaf's receipt verifies with the log's key alone, and the log goes on after a restart.
func TestLog(t *testing.T) {
	t.Parallel()
	signer, verifier := newKey(t)
	dir := filepath.Join(t.TempDir(), "ledger")
	log, o := &Log{Dir: dir, Verifier: verifier}, &box{}
	if _, err := log.Receipt(0); loam.CodeOf(err) != "receipt.soon" {
		t.Errorf("of an empty log: %v", err)
	}
	for round := range 3 {
		a, err := Append(dir, signer, verifier, o, nil, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		o.put(t, 300)
		want := append([]loam.WaitingLeaf{}, o.waiting...)
		o.lose = round == 1
		n, err := a.Drain(t.Context())
		if (err != nil) != (round == 1) || round != 1 && n != 300 {
			t.Fatalf("round %d: %d leaves, %v", round, n, err)
		}
		if round == 1 {
			if n, err = a.Drain(t.Context()); err != nil || n != 300 {
				t.Fatalf("again: %d leaves, %v", n, err)
			}
		}
		if err := a.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
		placed := o.placed[len(o.placed)-300:]
		for i := range placed {
			if !bytes.Equal(placed[i].Leaf, want[i].Leaf) || i > 0 && placed[i].Place != placed[i-1].Place+1 {
				t.Fatalf("round %d: leaf %d is at %d", round, i, placed[i].Place)
			}
		}
		for _, i := range []int{0, 150, 299} {
			p, err := log.Receipt(placed[i].Place)
			if err != nil {
				t.Fatal(err)
			}
			parsed, err := merkle.ParseProof(p.Text())
			if err != nil {
				t.Fatal(err)
			}
			if _, err := parsed.Verify(want[i].Leaf, verifier); err != nil {
				t.Errorf("round %d: the receipt of leaf %d: %v", round, i, err)
			}
		}
	}
	if size, err := log.Size(); err != nil || size != 1200 {
		t.Errorf("the log has %d leaves, %v", size, err)
	}
	for _, path := range []string{"", ".state/treeState", "../installation.key", "tile/0/../../x", "tile/9/000", "checkpoint/"} {
		if _, err := log.File(path); loam.KindOf(err) != loam.NotFound {
			t.Errorf("%q is served: %v", path, err)
		}
	}
}
