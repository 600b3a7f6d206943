package store

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"loam"
)

// Blobs keeps bytes in files named by their SHA-256, in 256 folders. A file appears whole
// or not at all: written aside, synced, renamed.
type Blobs struct{ dir string }

// OpenBlobs makes the folder if it is not there.
func OpenBlobs(dir string) (*Blobs, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("open blobs: %w", err)
	}
	return &Blobs{dir}, nil
}

func (b *Blobs) path(hash string) string { return filepath.Join(b.dir, hash[:2], hash) }

// Put stores bytes and gives their hash. They are pending until a transaction records
// them; bytes nobody recorded are swept after a day.
func (b *Blobs) Put(data []byte) (string, error) {
	sum := sha256.Sum256(data)
	hash := hex.EncodeToString(sum[:])
	to := b.path(hash)
	if _, err := os.Stat(to); err == nil {
		// Touched, so that the sweep does not take it between here and the transaction.
		now := time.Now() //nolint:forbidigo // the file system's clock, which the sweep reads
		return hash, os.Chtimes(to, now, now)
	}
	if err := b.write(to, data); err != nil {
		return "", loam.Fail(loam.Unavailable, "blob.unavailable").Because(err)
	}
	return hash, nil
}

func (b *Blobs) write(to string, data []byte) (err error) {
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return err
	}
	aside := fmt.Sprintf("%s.%x.tmp", to, rand.Text())
	f, err := os.OpenFile(aside, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(aside) // the first error says more
		}
	}()
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	if err = os.Rename(aside, to); err != nil {
		return err
	}
	return syncDir(filepath.Dir(to))
}

// syncDir makes a rename survive a power cut.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// Has reports why a blob cannot be read, nil if its file lies there.
func (b *Blobs) Has(hash string) error {
	if len(hash) != 64 {
		return loam.Fail(loam.NotFound, "blob.not_found")
	}
	_, err := os.Stat(b.path(hash))
	if errors.Is(err, fs.ErrNotExist) {
		return loam.Fail(loam.NotFound, "blob.not_found")
	}
	return err
}

// Read reads bytes by hash and checks them: bytes that no longer match are an error, never
// an answer.
func (b *Blobs) Read(hash string) ([]byte, error) {
	if len(hash) != 64 {
		return nil, loam.Fail(loam.NotFound, "blob.not_found")
	}
	data, err := os.ReadFile(b.path(hash))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, loam.Fail(loam.NotFound, "blob.not_found").Because(err)
	}
	if err != nil {
		return nil, loam.Fail(loam.Unavailable, "blob.unavailable").Because(err)
	}
	if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != hash {
		return nil, loam.Fail(loam.Internal, "blob.damaged", hash)
	}
	return data, nil
}

// Each calls f with every whole blob's hash, for a backup.
func (b *Blobs) Each(f func(hash, path string, modified time.Time) error) error {
	return filepath.WalkDir(b.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || len(d.Name()) != 64 {
			return err
		}
		info, err := d.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil // swept meanwhile
		}
		if err != nil {
			return err
		}
		return f(d.Name(), path, info.ModTime())
	})
}

// Sweep removes blobs older than a moment that no transaction recorded, and half-written
// files. It gives how many.
func (b *Blobs) Sweep(ctx context.Context, db *DB, before time.Time) (int, error) {
	n := 0
	err := b.Each(func(hash, path string, modified time.Time) error {
		if modified.After(before) {
			return nil
		}
		live, err := db.Blobs(ctx, hash)
		if err != nil || live {
			return err
		}
		n++
		return os.Remove(path)
	})
	if err != nil {
		return n, err
	}
	stale, err := filepath.Glob(filepath.Join(b.dir, "??", "*.tmp"))
	for _, path := range stale {
		if info, e := os.Stat(path); e == nil && info.ModTime().Before(before) {
			n++
			err = errors.Join(err, os.Remove(path))
		}
	}
	return n, err
}
