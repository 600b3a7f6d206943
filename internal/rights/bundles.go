package rights

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"loam"
	"loam/internal/ledger"
	"loam/internal/merkle"
)

// some is how many bundles are read or forgotten at once.
const some = 1000

// bundleFile is where the bundle of a leaf lies beside a log.
func bundleFile(dir, leaf string) string {
	return filepath.Join(dir, filepath.FromSlash(ledger.Signatures), leaf)
}

// putBundle lays a bundle beside the log. The outbox has it too, so it need not be on the disk at
// once: what a crash loses Settle lays there again.
func putBundle(dir, leaf string, data []byte) error {
	path := bundleFile(dir, leaf)
	err := os.WriteFile(path+".part", data, 0o644)
	if errors.Is(err, fs.ErrNotExist) {
		if err = os.MkdirAll(filepath.Dir(path), 0o755); err == nil {
			err = os.WriteFile(path+".part", data, 0o644)
		}
	}
	if err != nil {
		return err
	}
	return os.Rename(path+".part", path)
}

// dropErased empties the files of bundles that were erased since: an empty one says that it was, and
// a missing one only that it is not there.
func (a *Appender) dropErased(ctx context.Context) error {
	for {
		gone, err := a.outbox.ErasedBundles(ctx, some)
		if err != nil || len(gone) == 0 {
			return err
		}
		for _, leaf := range gone {
			if err := putBundle(a.dir, leaf, nil); err != nil {
				return err
			}
		}
		if err := a.outbox.ForgetBundles(ctx, gone); err != nil {
			return err
		}
	}
}

// layBundles lays beside the log what is missing there or cut off, as after a restore or a crash.
func (a *Appender) layBundles(ctx context.Context) error {
	for after := ""; ; {
		list, err := a.outbox.PlacedBundles(ctx, after, some)
		if err != nil || len(list) == 0 {
			return err
		}
		for _, b := range list {
			info, err := os.Stat(bundleFile(a.dir, b.Leaf))
			if err == nil && info.Size() == int64(len(b.Bundle)) {
				continue
			}
			if err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
			if err := putBundle(a.dir, b.Leaf, b.Bundle); err != nil {
				return err
			}
		}
		after = list[len(list)-1].Leaf
	}
}

// fetchBundles brings the bundles of signed leaves, given with what each commits to, that a copy
// lacks, and gives how many the log says it erased, and of how many it says nothing.
func fetchBundles(ctx context.Context, from merkle.Files, dir string, signed map[string]ledger.Hash) (erased, missing int64, err error) {
	var gone, lost atomic.Int64
	g, running := errgroup.WithContext(ctx)
	g.SetLimit(fetches)
	for leaf, sig := range signed {
		if running.Err() != nil {
			break
		}
		if info, err := os.Stat(bundleFile(dir, leaf)); err == nil && info.Size() > 0 {
			continue
		}
		g.Go(func() error {
			data, err := from(ledger.Signatures + leaf)
			if errors.Is(err, fs.ErrNotExist) {
				lost.Add(1)
				return nil
			}
			if err == nil && len(data) == 0 {
				gone.Add(1)
				return putFile(bundleFile(dir, leaf), nil)
			}
			if err != nil {
				return err
			}
			b, err := ledger.DecodeBundle(data)
			var commitment ledger.Hash
			if err == nil {
				commitment, err = b.Commitment()
			}
			if err != nil || commitment != sig {
				return loam.Fail(loam.Invalid, "mirror.signature", leaf).Because(err)
			}
			return putFile(bundleFile(dir, leaf), data)
		})
	}
	err = cmp.Or(g.Wait(), ctx.Err())
	return gone.Load(), lost.Load(), err
}

// Bundles are the signature bundles an outbox holds.
type Bundles interface {
	// PlacedBundles lists those of leaves in the log, by the leaf's id, after one.
	PlacedBundles(ctx context.Context, after string, limit int) ([]loam.SignedAct, error)
	// ErasedBundles lists leaves whose bundles were erased and may still lie beside the log.
	ErasedBundles(ctx context.Context, limit int) ([]string, error)
	// ForgetBundles records that they do not.
	ForgetBundles(ctx context.Context, leaves []string) error
}
