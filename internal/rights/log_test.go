package rights

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"path/filepath"
	"sync"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"loam"
	"loam/internal/ledger"
	"loam/internal/merkle"
)

// box is an outbox in memory; lose makes it forget, once, where leaves were placed, as a crash
// between the two writes does.
type box struct {
	mu      sync.Mutex
	waiting []loam.WaitingLeaf
	placed  []loam.WaitingLeaf
	lose    bool
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

// TestLog: what waits comes into the log in its order, again after a crash lost where it went;
// each leaf's receipt verifies with the log's key alone, and the log goes on after a restart.
func TestLog(t *testing.T) {
	t.Parallel()
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
	dir := filepath.Join(t.TempDir(), "ledger")
	log, o := &Log{Dir: dir, Verifier: verifier}, &box{}
	if _, err := log.Receipt(0); loam.CodeOf(err) != "receipt.soon" {
		t.Errorf("of an empty log: %v", err)
	}
	for round := range 3 {
		a, err := Append(dir, signer, o, slog.New(slog.DiscardHandler))
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
