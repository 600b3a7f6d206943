// Package rights keeps the rights ledger: it puts the leaves that acts wrote into the log, and
// gives the receipts that prove they are there.
//
// It stands apart because its promise is to strangers: a leaf that was acknowledged is in the
// log once and in order, whatever crashes in between, and a receipt is only given when the
// checkpoint it rests on lies on the disk.
package rights

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"sync"
	"time"

	"github.com/transparency-dev/tessera"
	"github.com/transparency-dev/tessera/storage/posix"
	"golang.org/x/mod/sumdb/note"
	"k8s.io/klog/v2"

	"loam"
	"loam/internal/ledger"
	"loam/internal/merkle"
)

// Interval is how often a checkpoint is signed while leaves come in: a revocation's receipt
// rests on one, and one second was promised.
const Interval = 200 * time.Millisecond

// batch is how many leaves Tessera writes at once, and taken how many are on their way to it: the
// outbox is told of one batch while the next is written.
const (
	batch = 2048
	taken = 4 * batch
)

// Outbox holds the leaves that acts wrote and the log does not have yet.
type Outbox interface {
	// WaitingLeaves lists the oldest, those of one account in their order.
	WaitingLeaves(ctx context.Context, limit int) ([]loam.WaitingLeaf, error)
	// PlaceLeaves records where they are in the log.
	PlaceLeaves(ctx context.Context, placed []loam.WaitingLeaf) error
	// ReopenLeaves lets those wait again that were placed at or after an index, and gives how many
	// that were and the first index after those placed before it.
	ReopenLeaves(ctx context.Context, from int64) (again int, next int64, err error)
	// FindLeaves places those that wait, by their ids, and gives how many that were.
	FindLeaves(ctx context.Context, places map[string]int64) (int, error)
	Bundles
}

// Appender puts leaves into the log. An installation has one at a time.
type Appender struct {
	dir      string
	files    merkle.Files
	outbox   Outbox
	size     func(context.Context) (uint64, error)
	add      tessera.AddFn
	shutdown func(context.Context) error
	stop     context.CancelFunc
}

// report tells the log's library where to tell what it sees: it keeps that in variables of its
// package, so once.
var report sync.Once

// Append opens the log in a folder for appending, or begins one. The signer's name is the log's
// origin; the verifier is of the same key. A folder that holds the public files alone, as a
// restored backup or a mirror does, goes on from its checkpoint. Checkpoints are shown to the
// witnesses first, if there are any.
func Append(dir string, signer note.Signer, key note.Verifier, o Outbox, w *Witnesses, log *slog.Logger) (*Appender, error) {
	report.Do(func() { klog.SetSlogLogger(log) })
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	if err := resume(dir, key); err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancel(context.Background()) // the log outlives every request
	driver, err := posix.New(ctx, posix.Config{Path: dir, HTTPClient: &http.Client{Transport: w.transport()}})
	if err != nil {
		stop()
		return nil, err
	}
	opts := tessera.NewAppendOptions().WithCheckpointSigner(signer).WithCheckpointInterval(Interval).
		WithBatching(batch, 5*time.Millisecond).WithPushback(2 * taken)
	appender, shutdown, reader, err := tessera.NewAppender(ctx, driver, w.options(opts))
	if err != nil {
		stop()
		return nil, err
	}
	return &Appender{dir: dir, files: folder(dir), outbox: o, size: reader.IntegratedSize, add: appender.Add, shutdown: shutdown, stop: stop}, nil
}

// resume writes the state Tessera keeps besides the public files (storage/posix: the size and
// root it integrated) where it is missing and a checkpoint says it. Without it Tessera would begin
// the log anew over the old one.
func resume(dir string, key note.Verifier) error {
	state := filepath.Join(dir, ".state", "treeState")
	if _, err := os.Stat(state); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	text, err := os.ReadFile(filepath.Join(dir, "checkpoint"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	c, err := merkle.OpenCheckpoint(text, key)
	if err != nil {
		return err
	}
	raw, err := json.Marshal(struct {
		Size int64  `json:"size"`
		Root []byte `json:"root"`
	}{c.Tree.N, c.Tree.Hash[:]})
	if err != nil {
		return err
	}
	return putFile(state, raw)
}

// Settle brings the outbox and the log together before the first leaf is appended: what the
// outbox takes for placed and the log lacks, as after a restore, waits again; what waits and the
// log has, as after a crash between the two, gets its place and is not appended twice, since
// only the first of two is what the fold sees and what a receipt should name.
func (a *Appender) Settle(ctx context.Context) (again, found int, err error) {
	n, err := a.size(ctx)
	if err != nil {
		return 0, 0, err
	}
	size := int64(n)
	again, next, err := a.outbox.ReopenLeaves(ctx, size)
	if err != nil {
		return 0, 0, err
	}
	for b := next / bundle; b*bundle < size; b++ {
		t := merkle.Tile{Level: -1, N: b, Width: int(min(bundle, size-b*bundle))}
		raw, err := a.files.Read(t)
		if err != nil {
			return again, found, err
		}
		list, err := merkle.ParseBundle(raw, t.Width)
		if err != nil {
			return again, found, err
		}
		places := map[string]int64{}
		for i, entry := range list {
			l, err := ledger.Decode(entry)
			if err != nil {
				return again, found, err
			}
			index, id := b*bundle+int64(i), l.ID.String()
			if _, twice := places[id]; index >= next && !twice {
				places[id] = index
			}
		}
		more, err := a.outbox.FindLeaves(ctx, places)
		found += more
		if err != nil {
			return again, found, err
		}
	}
	return again, found, a.layBundles(ctx)
}

// bundle is how many leaves lie in one file of a log (c2sp.org/tlog-tiles).
const bundle = 256

// nowhere refuses every request: the log asks nobody.
type nowhere struct{}

func (nowhere) RoundTrip(*http.Request) (*http.Response, error) {
	return nil, errors.New("the log makes no requests")
}

// Close waits until what was appended stands under a checkpoint.
func (a *Appender) Close(ctx context.Context) error {
	defer a.stop()
	return a.shutdown(ctx)
}

// Drain moves what waits in the outbox into the log, and gives how many leaves that was; they
// are on the disk then. After an error the appender is to be closed, and Settle called on the next
// one: what was appended and not told to the outbox would be appended once more. (The fold ignores
// a leaf it has seen.)
func (a *Appender) Drain(ctx context.Context) (int, error) {
	n := 0
	if err := a.dropErased(ctx); err != nil {
		return n, err
	}
	for {
		waiting, err := a.outbox.WaitingLeaves(ctx, taken)
		if err != nil || len(waiting) == 0 {
			return n, err
		}
		futures := make([]tessera.IndexFuture, len(waiting))
		for i, w := range waiting {
			if w.Bundle != nil { // before its leaf: whoever sees that finds it
				if err := putBundle(a.dir, w.ID, w.Bundle); err != nil {
					return n, err
				}
			}
			futures[i] = a.add(ctx, tessera.NewEntry(w.Leaf))
		}
		for len(waiting) > 0 {
			some := min(batch, len(waiting))
			for i, f := range futures[:some] {
				index, err := f()
				if err != nil {
					return n, loam.Fail(loam.Unavailable, "ledger.append").Because(err)
				}
				waiting[i].Place = int64(index.Index)
			}
			if err := a.outbox.PlaceLeaves(ctx, waiting[:some]); err != nil {
				return n, err
			}
			n, waiting, futures = n+some, waiting[some:], futures[some:]
		}
	}
}

// Log is the ledger's log in a folder, as anybody may read it (c2sp.org/tlog-tiles).
type Log struct {
	Dir       string
	Verifier  note.Verifier
	Witnesses *Witnesses // nil for none
}

// public are the files of the log that anybody may read (c2sp.org/tlog-tiles), and beside it the
// signatures and the manifests of corpora.
var public = regexp.MustCompile(`^(?:checkpoint|signatures/[0-9a-f]{32}|corpora/[0-9a-f]{64}|tile/(?:entries|[0-5])/(?:x[0-9]{3}/){0,5}[0-9]{3}(?:\.p/[0-9]{1,3})?)$`)

// File reads one of the log's public files: the checkpoint, a tile or a bundle of entries.
// What is not there is NotFound, "page.not_found".
func (l *Log) File(path string) ([]byte, error) {
	if !public.MatchString(path) {
		return nil, loam.Fail(loam.NotFound, "page.not_found")
	}
	b, err := os.ReadFile(filepath.Join(l.Dir, filepath.FromSlash(path)))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, loam.Fail(loam.NotFound, "page.not_found")
	}
	return b, err
}

// KeepManifest lays the manifest of a corpus beside the log, before its leaf: whoever sees that
// finds it.
func (l *Log) KeepManifest(root ledger.Hash, data []byte) error {
	return putFile(filepath.Join(l.Dir, filepath.FromSlash(ledger.ManifestPath(root))), data)
}

// Receipt proves that a leaf stands at a place under the newest checkpoint on the disk, and
// carries the leaf. Unavailable, "receipt.soon", until one covers it.
func (l *Log) Receipt(place int64) (merkle.Proof, error) {
	checkpoint, c, err := l.checkpoint()
	if err != nil {
		return merkle.Proof{}, err
	}
	if place < 0 || place >= c.Tree.N {
		return merkle.Proof{}, loam.Fail(loam.Unavailable, "receipt.soon")
	}
	files := merkle.Files(l.File)
	entry, err := files.Entry(c.Tree.N, place)
	if err != nil {
		return merkle.Proof{}, err
	}
	hashes, err := files.ProveEntry(c.Tree, place)
	if err != nil {
		return merkle.Proof{}, err
	}
	p := merkle.Proof{Entry: entry, Index: place, Hashes: hashes, Checkpoint: checkpoint}
	_, err = p.Verify(entry, l.Verifier)
	return p, err
}

// Witnessed is how many leaves stand under the newest checkpoint if as many witnesses signed it as
// the policy asks for, else 0; and the names of those of them that did not sign it.
func (l *Log) Witnessed() (size int64, absent []string, err error) {
	if l.Witnesses == nil {
		return 0, nil, nil
	}
	text, c, err := l.checkpoint()
	if err != nil {
		return 0, nil, err
	}
	by, enough, err := l.Witnesses.Signed(text, l.Verifier)
	if enough {
		size = c.Tree.N
	}
	return size, l.Witnesses.Absent(by), err
}

// Size is how many leaves stand under the newest checkpoint.
func (l *Log) Size() (int64, error) {
	_, c, err := l.checkpoint()
	return c.Tree.N, err
}

func (l *Log) checkpoint() ([]byte, merkle.Checkpoint, error) {
	text, err := l.File("checkpoint")
	if loam.KindOf(err) == loam.NotFound {
		return nil, merkle.Checkpoint{}, loam.Fail(loam.Unavailable, "receipt.soon").Because(err)
	}
	if err != nil {
		return nil, merkle.Checkpoint{}, err
	}
	c, err := merkle.OpenCheckpoint(text, l.Verifier)
	return text, c, err
}
