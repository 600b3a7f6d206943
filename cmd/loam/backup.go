package main

import (
	"archive/tar"
	"bufio"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"loam"
	"loam/internal/store"
)

// The files of a backup, in their order: what it is, the database, every blob the
// database names, the rights ledger's log, the keys, and at the end the hash of each.
const (
	backupHead   = "loam-backup.json"
	backupRows   = "database.jsonl"
	backupBlobs  = "blobs/"
	backupLedger = "ledger/"
	backupKeys   = "keys/"
	backupSums   = "SHA256SUMS"
)

type backupInfo struct {
	Format  int   `json:"format"`
	Created int64 `json:"created"`
}

type backupCmd struct {
	place
	File string `arg:"" help:"Where to write the archive." type:"path"`
	JSON bool   `help:"One JSON object."`
}

// backupDone is what backup and restore print.
type backupDone struct {
	File   string `json:"file"`
	Rows   int    `json:"rows"`
	Blobs  int    `json:"blobs"`
	Leaves int64  `json:"leaves"`
	Bytes  int64  `json:"bytes"`
}

// Run writes the archive beside a running server or without one, reads it back whole, and
// only then gives it its name.
func (c *backupCmd) Run(a *app) (err error) {
	db, blobs, err := c.open(a.ctx, time.Now)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if _, err := os.Stat(c.File); err == nil {
		return fmt.Errorf("backup: %s is there already; give another name", c.File)
	}
	aside := c.File + ".part"
	done, err := writeBackup(a.ctx, aside, c.Data, db, blobs)
	if err == nil {
		_, err = readBackup(aside, func(string, io.Reader) error { return nil })
	}
	if err != nil {
		return errors.Join(fmt.Errorf("backup: %w", err), os.Remove(aside))
	}
	if err := os.Rename(aside, c.File); err != nil {
		return err
	}
	done.File = c.File
	return done.print(a, c.JSON, "Wrote")
}

func (d backupDone) print(a *app, asJSON bool, verb string) error {
	if asJSON {
		return json.NewEncoder(a.out).Encode(d)
	}
	_, err := fmt.Fprintf(a.out, "%s %s: %d rows, %d files, %d leaves of the ledger, %d bytes, verified.\n", verb, d.File, d.Rows, d.Blobs, d.Leaves, d.Bytes)
	return err
}

// archive writes a tar.gz and remembers each file's hash.
type archive struct {
	tar  *tar.Writer
	sums strings.Builder
}

func writeBackup(ctx context.Context, file, data string, db *store.DB, blobs *store.Blobs) (d backupDone, err error) {
	f, err := os.OpenFile(file, os.O_CREATE|os.O_TRUNC|os.O_RDWR, 0o600)
	if err != nil {
		return d, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	zip, err := gzip.NewWriterLevel(f, gzip.BestSpeed)
	if err != nil {
		return d, err
	}
	w := &archive{tar: tar.NewWriter(zip)}
	head, err := json.Marshal(backupInfo{Format: 1, Created: time.Now().UnixMilli()})
	if err != nil {
		return d, err
	}
	if err := w.bytes(backupHead, head); err != nil {
		return d, err
	}
	named, err := w.rows(ctx, db, &d, file)
	if err != nil {
		return d, err
	}
	for _, h := range named.blobs {
		b, err := blobs.Read(h)
		if err != nil {
			return d, fmt.Errorf("blob %s: %w", h, err)
		}
		if err := w.bytes(backupBlobs+h, b); err != nil {
			return d, err
		}
		d.Blobs++
	}
	if d.Leaves, err = w.ledger(filepath.Join(data, ledgerFolder), named); err != nil {
		return d, err
	}
	if err := w.folder(filepath.Join(data, "keys"), backupKeys); err != nil {
		return d, err
	}
	if err := w.bytes(backupSums, []byte(w.sums.String())); err != nil {
		return d, err
	}
	if err := errors.Join(w.tar.Close(), zip.Close(), f.Sync()); err != nil {
		return d, err
	}
	info, err := f.Stat()
	if err == nil {
		d.Bytes = info.Size()
	}
	return d, err
}

// rows dumps the database by way of a file, since a tar entry begins with its length, and
// gives what it names.
func (w *archive) rows(ctx context.Context, db *store.DB, d *backupDone, near string) (n named, err error) {
	spool, err := os.Create(near + ".rows")
	if err != nil {
		return n, err
	}
	defer func() { err = errors.Join(err, spool.Close(), os.Remove(spool.Name())) }()
	out := bufio.NewWriter(spool)
	if d.Rows, err = db.Dump(ctx, out); err != nil {
		return n, err
	}
	if err := out.Flush(); err != nil {
		return n, err
	}
	if _, err := spool.Seek(0, io.SeekStart); err != nil {
		return n, err
	}
	if n, err = namedIn(spool); err != nil {
		return n, err
	}
	size, err := spool.Seek(0, io.SeekEnd)
	if err != nil {
		return n, err
	}
	if _, err := spool.Seek(0, io.SeekStart); err != nil {
		return n, err
	}
	return n, w.entry(backupRows, size, spool)
}

// named is what a dump says of things that lie outside the database.
type named struct {
	blobs []string
	key   string // verifies the ledger's checkpoints
	logs  bool   // a leaf is in the log
}

// namedIn reads a dump for what it names.
func namedIn(dump io.Reader) (n named, err error) {
	d := json.NewDecoder(bufio.NewReader(dump))
	for {
		var line struct {
			T string
			V json.RawMessage
		}
		err := d.Decode(&line)
		if errors.Is(err, io.EOF) {
			return n, nil
		}
		if err == nil {
			err = n.read(line.T, line.V)
		}
		if err != nil {
			return n, err
		}
	}
}

func (n *named) read(table string, raw json.RawMessage) error {
	var v struct {
		Hash, Name, Value string
		Place             int64
	}
	switch table {
	case "blobs", "leaves", "settings":
	default:
		return nil
	}
	if err := json.Unmarshal(raw, &v); err != nil {
		return err
	}
	switch {
	case table == "blobs":
		n.blobs = append(n.blobs, v.Hash)
	case table == "leaves" && v.Place >= 0:
		n.logs = true
	case table == "settings" && v.Name == keySetting:
		n.key = v.Value
	}
	return nil
}

func (w *archive) bytes(name string, b []byte) error {
	return w.entry(name, int64(len(b)), strings.NewReader(string(b)))
}

func (w *archive) entry(name string, size int64, r io.Reader) error {
	if err := w.tar.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: size, Format: tar.FormatPAX}); err != nil {
		return err
	}
	sum := sha256.New()
	if _, err := io.Copy(io.MultiWriter(w.tar, sum), r); err != nil {
		return err
	}
	fmt.Fprintf(&w.sums, "%s  %s\n", hex.EncodeToString(sum.Sum(nil)), name)
	return nil
}

// folder writes the files of a folder that may be missing.
func (w *archive) folder(dir, under string) error {
	files, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	for _, f := range files {
		if !f.Type().IsRegular() {
			continue
		}
		b, err := os.ReadFile(filepath.Join(dir, f.Name()))
		if err != nil {
			return err
		}
		if err := w.bytes(under+f.Name(), b); err != nil {
			return err
		}
	}
	return err
}

// readBackup hands over each file of an archive and checks them all against the sums at
// its end: an archive that is cut, changed or not one of ours is Invalid, "restore.damaged".
func readBackup(file string, each func(name string, r io.Reader) error) (d backupDone, err error) {
	damaged := func(why string, err error) error {
		return loam.Fail(loam.Invalid, "restore.damaged").Because(errors.Join(errors.New(why), err))
	}
	f, err := os.Open(file)
	if err != nil {
		return d, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	zip, err := gzip.NewReader(bufio.NewReaderSize(f, 1<<20))
	if err != nil {
		return d, damaged("not a backup", err)
	}
	in := tar.NewReader(zip)
	var sums strings.Builder
	for first := true; ; first = false {
		h, err := in.Next()
		if err != nil {
			return d, damaged("cut off", err)
		}
		if first && h.Name != backupHead {
			return d, damaged("not a backup", nil)
		}
		if h.Name == backupSums {
			want, err := io.ReadAll(io.LimitReader(in, 1<<30))
			if err != nil || string(want) != sums.String() {
				return d, damaged("a hash differs", err)
			}
			return d, nil
		}
		sum := sha256.New()
		tee := io.TeeReader(in, sum)
		if err := each(h.Name, tee); err != nil {
			return d, err
		}
		if _, err := io.Copy(io.Discard, tee); err != nil {
			return d, damaged("cut off", err)
		}
		if strings.HasPrefix(h.Name, backupBlobs) {
			d.Blobs++
		}
		fmt.Fprintf(&sums, "%s  %s\n", sumOf(sum), h.Name)
	}
}

func sumOf(h hash.Hash) string { return hex.EncodeToString(h.Sum(nil)) }

type restoreCmd struct {
	place
	File string `arg:"" help:"The archive." type:"existingfile"`
	JSON bool   `help:"One JSON object."`
}

// Run verifies the whole archive first, then fills an empty place from it.
func (c *restoreCmd) Run(a *app) (err error) {
	if _, err := readBackup(c.File, func(string, io.Reader) error { return nil }); err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return err
	}
	if c.DB == "" {
		lock, err := lockFolder(c.Data)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, lock.Close()) }()
	}
	db, blobs, err := c.open(a.ctx, time.Now)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	empty, err := db.Empty(a.ctx)
	if err == nil && !empty {
		err = loam.Fail(loam.Conflict, "restore.not_empty")
	}
	if err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	// Files first: a database that is not empty any more is what says that all is there.
	aside := filepath.Join(c.Data, ledgerFolder+".part")
	if err := os.RemoveAll(aside); err != nil {
		return err
	}
	var n named
	done, err := readBackup(c.File, func(name string, r io.Reader) error {
		switch {
		case strings.HasPrefix(name, backupBlobs):
			return restoreBlob(blobs, strings.TrimPrefix(name, backupBlobs), r)
		case strings.HasPrefix(name, backupKeys):
			return restoreKey(filepath.Join(c.Data, "keys"), strings.TrimPrefix(name, backupKeys), r)
		case strings.HasPrefix(name, backupLedger):
			return restoreLeaves(aside, strings.TrimPrefix(name, backupLedger), r)
		case name == backupRows:
			var err error
			n, err = namedIn(r)
			return err
		}
		return nil
	})
	leaves := int64(0)
	if err == nil {
		leaves, err = acceptLedger(aside, filepath.Join(c.Data, ledgerFolder), n.key)
	}
	if err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	rows := 0
	_, err = readBackup(c.File, func(name string, r io.Reader) (err error) {
		if name == backupRows {
			rows, err = db.Load(a.ctx, r)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	done.File, done.Rows, done.Leaves = c.File, rows, leaves
	if info, err := os.Stat(c.File); err == nil {
		done.Bytes = info.Size()
	}
	return done.print(a, c.JSON, "Restored")
}

func restoreBlob(blobs *store.Blobs, want string, r io.Reader) error {
	b, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	got, err := blobs.Put(b)
	if err == nil && got != want {
		err = loam.Fail(loam.Invalid, "restore.damaged")
	}
	return err
}

func restoreKey(dir, name string, r io.Reader) error {
	if name != filepath.Base(name) {
		return loam.Fail(loam.Invalid, "restore.damaged")
	}
	b, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, name), b, 0o600)
}
