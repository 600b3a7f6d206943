// Command ledger times the rights ledger's appender beside bare Tessera, and beside the
// doubleentry crate where it was built: the same leaves, made
// beforehand, onto the same disk in turn, so that what slows the machine slows both alike. A
// time ends when every leaf lies under a signed checkpoint on the disk. It prints each pair and
// the medians.
//
// Bare Tessera has the appender's own settings and as many leaves in flight; a window that slides
// instead of whole bursts was slower, since batches then go out by age before they are full. The
// appender takes its leaves from an outbox in memory and writes their places back.
package main

import (
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"github.com/transparency-dev/tessera"
	"github.com/transparency-dev/tessera/storage/posix"
	"golang.org/x/mod/sumdb/note"
	"k8s.io/klog/v2"

	"loam"
	"loam/internal/ledger"
	"loam/internal/rights"
)

func main() {
	n := flag.Int("n", 1_000_000, "leaves")
	rounds := flag.Int("rounds", 3, "pairs in turn")
	dir := flag.String("dir", os.TempDir(), "folder on the disk to measure")
	flag.Parse()
	klog.LogToStderr(false)
	klog.SetOutput(discard{})
	if err := compare(*n, *rounds, *dir); err != nil {
		fmt.Fprintln(os.Stderr, "ledger:", err)
		os.Exit(1)
	}
}

type discard struct{}

func (discard) Write(b []byte) (int, error) { return len(b), nil }

func compare(n, rounds int, dir string) error {
	secret, vkey, err := note.GenerateKey(rand.Reader, "loam/bench")
	if err != nil {
		return err
	}
	signer, err := note.NewSigner(secret)
	if err != nil {
		return err
	}
	key, err := note.NewVerifier(vkey)
	if err != nil {
		return err
	}
	leaves, err := leaves(n)
	if err != nil {
		return err
	}
	var ours, bare, ratios []float64
	for round := range rounds {
		rate := func(append func(string) error) (float64, error) {
			place, err := os.MkdirTemp(dir, "loam-bench-*")
			if err != nil {
				return 0, err
			}
			begun := time.Now()
			err = append(filepath.Join(place, "ledger"))
			took := time.Since(begun)
			return float64(n) / took.Seconds(), errors.Join(err, os.RemoveAll(place))
		}
		appender := func(dir string) error { return throughAppender(dir, signer, key, &outbox{leaves: leaves}) }
		plain := func(dir string) error { return bareTessera(dir, signer, leaves) }
		var a, b float64
		if round%2 == 0 {
			a, err = rate(appender)
		}
		if err == nil {
			b, err = rate(plain)
		}
		if err == nil && round%2 == 1 {
			a, err = rate(appender)
		}
		if err != nil {
			return err
		}
		ours, bare, ratios = append(ours, a), append(bare, b), append(ratios, a/b)
		fmt.Printf("round %d: rights.Appender %.0f leaves/s, bare Tessera %.0f leaves/s, ratio %.2f\n", round+1, a, b, a/b)
	}
	if err := doubleEntry(n, dir); err != nil {
		return err
	}
	fmt.Printf("median of %d rounds of %d leaves, written %d at once: rights.Appender %.0f leaves/s, bare Tessera %.0f leaves/s, ratio %.2f\n",
		rounds, n, batch, median(ours), median(bare), median(ratios))
	return nil
}

// doubleEntry times the crate with a tenth of the leaves, since it is that much slower: over
// SQLite, which keeps books beside its log, and in memory, which keeps nothing.
func doubleEntry(n int, dir string) error {
	const program = ".cache/rivals/doubleentry"
	if _, err := os.Stat(program); err != nil {
		fmt.Println("doubleentry is skipped: it was not built")
		return nil
	}
	place, err := os.MkdirTemp(dir, "loam-bench-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(place)
	out, err := exec.Command(program, strconv.Itoa(n/10), strconv.Itoa(batch), place).CombinedOutput()
	if err != nil {
		return fmt.Errorf("%w: %s", err, out)
	}
	var disk, memory float64
	if _, err := fmt.Sscan(string(out), &disk, &memory); err != nil {
		return err
	}
	fmt.Printf("doubleentry 0.8.0, %d entries of two postings: over SQLite %.0f entries/s, in memory %.0f entries/s\n", n/10, disk, memory)
	return nil
}

func median(list []float64) float64 { slices.Sort(list); return list[len(list)/2] }

// leaves are the platform's word that works may be indexed, one leaf a work.
func leaves(n int) ([]loam.WaitingLeaf, error) {
	out := make([]loam.WaitingLeaf, n)
	for i := range out {
		l := ledger.Leaf{V: 1, Kind: ledger.Grant, At: 1, Actor: ledger.Platform, Uses: []loam.Use{loam.UseIndex}, Terms: ledger.Terms{Price: ledger.Free}}
		l.Account[0] = 1
		for _, id := range [][]byte{l.ID[:], l.Work[:]} {
			if _, err := rand.Read(id); err != nil {
				return nil, err
			}
		}
		raw, err := l.Encode()
		if err != nil {
			return nil, err
		}
		out[i] = loam.WaitingLeaf{Owner: "ann", N: int64(i), Leaf: raw}
	}
	return out, nil
}

// outbox holds leaves in memory.
type outbox struct {
	leaves []loam.WaitingLeaf
	placed int
}

func (o *outbox) WaitingLeaves(_ context.Context, limit int) ([]loam.WaitingLeaf, error) {
	rest := o.leaves[o.placed:]
	return slices.Clone(rest[:min(len(rest), limit)]), nil
}

func (o *outbox) PlaceLeaves(_ context.Context, placed []loam.WaitingLeaf) error {
	for i, l := range placed {
		if l.Place != int64(o.placed+i) {
			return fmt.Errorf("leaf %d is at %d", o.placed+i, l.Place)
		}
	}
	o.placed += len(placed)
	return nil
}

func (o *outbox) ReopenLeaves(context.Context, int64) (int, int64, error) { return 0, 0, nil }

func (o *outbox) FindLeaves(context.Context, map[string]int64) (int, error) { return 0, nil }

func (o *outbox) PlacedBundles(context.Context, string, int) ([]loam.SignedAct, error) {
	return nil, nil
}

func (o *outbox) ErasedBundles(context.Context, int) ([]string, error) { return nil, nil }

func (o *outbox) ForgetBundles(context.Context, []string) error { return nil }

func throughAppender(dir string, signer note.Signer, key note.Verifier, o *outbox) error {
	ctx := context.Background()
	a, err := rights.Append(dir, signer, key, o, nil, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	if _, _, err := a.Settle(ctx); err != nil {
		return err
	}
	n, err := a.Drain(ctx)
	if err == nil && n != len(o.leaves) {
		err = fmt.Errorf("%d of %d leaves appended", n, len(o.leaves))
	}
	return errors.Join(err, a.Close(ctx))
}

// As rights.Append sets Tessera up.
const (
	batch    = 2048
	inFlight = 4 * batch
)

func bareTessera(dir string, signer note.Signer, leaves []loam.WaitingLeaf) error {
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	driver, err := posix.New(ctx, posix.Config{Path: dir, HTTPClient: &http.Client{}})
	if err != nil {
		return err
	}
	opts := tessera.NewAppendOptions().WithCheckpointSigner(signer).WithCheckpointInterval(rights.Interval).
		WithBatching(batch, 5*time.Millisecond).WithPushback(2 * inFlight)
	appender, shutdown, _, err := tessera.NewAppender(ctx, driver, opts)
	if err != nil {
		return err
	}
	for some := range slices.Chunk(leaves, inFlight) {
		futures := make([]tessera.IndexFuture, len(some))
		for i, l := range some {
			futures[i] = appender.Add(ctx, tessera.NewEntry(l.Leaf))
		}
		for _, f := range futures {
			if _, err := f(); err != nil {
				return err
			}
		}
	}
	return shutdown(ctx)
}
