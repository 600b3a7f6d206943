package rights

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync/atomic"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
	"golang.org/x/sync/errgroup"

	"loam"
	"loam/internal/ledger"
	"loam/internal/merkle"
)

// Mirrored is what a mirror holds and what this run brought.
type Mirrored struct {
	Origin  string `json:"origin"`
	Size    int64  `json:"size"`
	Root    string `json:"root"`
	Before  int64  `json:"before"` // its size until now
	Fetched int64  `json:"fetched"`
	// Signatures are the bundles of signed leaves the copy has; Erased are those the log says it
	// erased before they were copied; Missing are those it neither has nor says so of.
	Signatures int64 `json:"signatures"`
	Erased     int64 `json:"signatures_erased"`
	Missing    int64 `json:"signatures_missing"`
	// Manifests are those of corpora the copy has; NoManifest counts the corpora whose manifest
	// neither it nor the log has.
	Manifests  int64 `json:"manifests"`
	NoManifest int64 `json:"manifests_missing"`
}

// fetches is how many files of a log are asked for at once.
const fetches = 8

// Mirror brings the copy of a log in a folder up to the log. The copy's own checkpoint is what
// the log is held to: one that is smaller, or does not begin with it, is refused with Conflict,
// "mirror.rolled_back", "mirror.split_view" or "mirror.diverged", and changes nothing. What was
// fetched before an interruption is kept; the checkpoint is written last, when every file of its
// tree lies on the disk and leads to its root, and with them the signature bundles the log has: one
// its leaf does not commit to is refused with Invalid, "mirror.signature", as is a corpus's manifest
// that does not lead to its root, "mirror.manifest". A bundle the copy has is
// kept when the log erases it. progress is told how many of how many files are there.
func Mirror(ctx context.Context, from merkle.Files, dir string, key note.Verifier, progress func(done, of int)) (Mirrored, error) {
	copied := folder(dir)
	text, err := from("checkpoint")
	if err != nil {
		return Mirrored{}, err
	}
	head, err := merkle.OpenCheckpoint(text, key)
	if err != nil {
		return Mirrored{}, err
	}
	old, err := grown(from, copied, key, head.Tree)
	if err != nil {
		return Mirrored{}, err
	}
	done := Mirrored{Origin: head.Origin, Size: head.Tree.N, Root: head.Tree.Hash.String(), Before: old.N}
	if done.Fetched, err = fetch(ctx, from, dir, head.Tree.N, progress); err != nil {
		return Mirrored{}, err
	}
	signed, built := map[string]ledger.Hash{}, map[ledger.Hash]bool{}
	root, err := copied.Walk(head.Tree.N, func(_ int64, entry []byte, _ func() merkle.Hash) error {
		l, err := ledger.Decode(entry)
		switch { // what is no leaf is the verifier's to say
		case err != nil:
		case l.Sig != (ledger.Hash{}):
			signed[l.ID.String()] = l.Sig
		case l.Kind == ledger.Corpus:
			built[l.Hash] = true
		}
		return ctx.Err()
	})
	if err == nil && root != head.Tree.Hash {
		err = loam.Fail(loam.Invalid, "mirror.root")
	}
	if err != nil {
		if ctx.Err() == nil {
			err = errors.Join(err, forget(dir, old.N, head.Tree.N))
		}
		return Mirrored{}, err
	}
	if done.Erased, done.Missing, err = fetchBundles(ctx, from, dir, signed); err != nil {
		return Mirrored{}, err
	}
	done.Signatures = int64(len(signed)) - done.Erased - done.Missing
	if done.NoManifest, err = fetchManifests(ctx, from, dir, built); err != nil {
		return Mirrored{}, err
	}
	done.Manifests = int64(len(built)) - done.NoManifest
	return done, putFile(filepath.Join(dir, "checkpoint"), text)
}

// folder reads a log's files below a folder.
func folder(dir string) merkle.Files {
	return func(path string) ([]byte, error) { return os.ReadFile(filepath.Join(dir, filepath.FromSlash(path))) }
}

// grown gives the tree the copy has, once the log has proven that it begins with it.
func grown(from, copied merkle.Files, key note.Verifier, tree tlog.Tree) (tlog.Tree, error) {
	text, err := copied("checkpoint")
	if errors.Is(err, fs.ErrNotExist) {
		return tlog.Tree{}, nil
	}
	if err != nil {
		return tlog.Tree{}, err
	}
	have, err := merkle.OpenCheckpoint(text, key)
	old := have.Tree
	switch {
	case err != nil:
		return old, err
	case tree.N < old.N:
		return old, loam.Fail(loam.Conflict, "mirror.rolled_back", old.N, tree.N)
	case tree.N == old.N && tree.Hash != old.Hash:
		return old, loam.Fail(loam.Conflict, "mirror.split_view", old.N)
	case tree.N == old.N || old.N == 0:
		return old, nil
	}
	proof, err := from.ProveGrowth(tree, old.N)
	if err != nil {
		return old, err
	}
	if err := tlog.CheckTree(proof, tree.N, tree.Hash, old.N, old.Hash); err != nil {
		return old, loam.Fail(loam.Conflict, "mirror.diverged", old.N, tree.N).Because(err)
	}
	return old, nil
}

// fetch brings the files of a tree that the copy lacks.
func fetch(ctx context.Context, from merkle.Files, dir string, size int64, progress func(done, of int)) (int64, error) {
	of := 0
	for range merkle.TilesOf(size) {
		of++
	}
	var fetched, done atomic.Int64
	g, running := errgroup.WithContext(ctx)
	g.SetLimit(fetches)
	for t := range merkle.TilesOf(size) {
		if running.Err() != nil {
			break
		}
		if _, err := os.Stat(filepath.Join(dir, filepath.FromSlash(t.Path()))); err == nil {
			done.Add(1)
			continue
		}
		g.Go(func() error {
			data, err := from.Read(t)
			if err != nil {
				return err
			}
			if err := putFile(filepath.Join(dir, filepath.FromSlash(t.Path())), data); err != nil {
				return err
			}
			fetched.Add(1)
			progress(int(done.Add(1)), of)
			return nil
		})
	}
	err := cmp.Or(g.Wait(), ctx.Err())
	return fetched.Load(), err
}

// forget removes what was fetched for a tree that did not hold: the next run asks for it again.
func forget(dir string, old, size int64) error {
	kept := map[string]bool{}
	for t := range merkle.TilesOf(old) {
		kept[t.Path()] = true
	}
	var err error
	for t := range merkle.TilesOf(size) {
		if path := t.Path(); !kept[path] {
			if e := os.Remove(filepath.Join(dir, filepath.FromSlash(path))); !errors.Is(e, fs.ErrNotExist) {
				err = errors.Join(err, e)
			}
		}
	}
	return err
}

// putFile writes a file that is whole or not there, on the disk when it returns.
func putFile(path string, data []byte) error {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, ".part-*")
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	err = errors.Join(err, f.Chmod(0o644), f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// fetchManifests brings the manifests of corpora, given by their roots, that a copy lacks, and gives
// how many there are none of.
func fetchManifests(ctx context.Context, from merkle.Files, dir string, built map[ledger.Hash]bool) (missing int64, err error) {
	for root := range built {
		path := ledger.ManifestPath(root)
		to := filepath.Join(dir, filepath.FromSlash(path))
		if _, err := os.Stat(to); err == nil {
			continue
		}
		if ctx.Err() != nil {
			return missing, ctx.Err()
		}
		data, err := from(path)
		if errors.Is(err, fs.ErrNotExist) {
			missing++
			continue
		}
		if err != nil {
			return missing, err
		}
		got, err := ledger.ReadManifest(data, func(*ledger.Record, []byte) error { return nil })
		if err != nil || got != root {
			return missing, loam.Fail(loam.Invalid, "mirror.manifest", path).Because(err)
		}
		if err := putFile(to, data); err != nil {
			return missing, err
		}
	}
	return missing, nil
}
