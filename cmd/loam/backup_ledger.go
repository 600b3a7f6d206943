package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"loam"
	"loam/internal/audit"
	"loam/internal/ledger"
	"loam/internal/merkle"
	"loam/internal/verify"
)

// ledger writes the public files of the log as one checkpoint has them, and verifies them. The
// checkpoint is read after the database was dumped, so that it stands for every receipt that was
// given until then; a leaf the dump knows and the checkpoint does not yet is appended again after
// a restore. What the appender keeps besides is made anew from the checkpoint.
func (w *archive) ledger(dir string, n named) (int64, error) {
	files, err := audit.Open(dir)
	var text []byte
	if err == nil {
		text, err = files("checkpoint")
	}
	if errors.Is(err, fs.ErrNotExist) {
		if n.logs {
			return 0, loam.Fail(loam.Unavailable, "backup.no_ledger", dir)
		}
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	key, err := note.NewVerifier(n.key)
	if err != nil {
		return 0, loam.Fail(loam.Unavailable, "key.missing").Because(err)
	}
	c, err := merkle.OpenCheckpoint(text, key)
	if err != nil {
		return 0, err
	}
	for t := range merkle.TilesOf(c.Tree.N) {
		data, err := files.Read(t)
		if err != nil {
			return 0, err
		}
		if err := w.bytes(backupLedger+t.Path(), data); err != nil {
			return 0, err
		}
	}
	kept := map[string]bool{}
	_, err = verify.Run(verify.Log{Key: key, Files: func(path string) ([]byte, error) {
		if path == "checkpoint" { // the server signs newer ones meanwhile
			return text, nil
		}
		data, err := files(path)
		if err == nil && strings.HasPrefix(path, ledger.Manifests) && !kept[path] {
			kept[path] = true
			err = w.bytes(backupLedger+path, data)
		}
		return data, err
	}})
	return c.Tree.N, errors.Join(err, w.bytes(backupLedger+"checkpoint", text))
}

// restoreLeaves writes one file of the log aside.
func restoreLeaves(dir, name string, r io.Reader) error {
	path := filepath.FromSlash(name)
	if !filepath.IsLocal(path) {
		return loam.Fail(loam.Invalid, "restore.damaged")
	}
	b, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, path)), 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, path), b, 0o644)
}

// acceptLedger verifies a log that was restored aside and puts it in place, and gives its size. A
// log that is there already is never replaced by another.
func acceptLedger(aside, dir, vkey string) (int64, error) {
	files, err := audit.Open(aside)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil // of before there was a ledger
	}
	if err != nil {
		return 0, err
	}
	key, err := note.NewVerifier(vkey)
	if err != nil {
		return 0, loam.Fail(loam.Invalid, "restore.damaged").Because(err)
	}
	report, err := verify.Run(verify.Log{Files: files, Key: key})
	if err != nil {
		return 0, loam.Fail(loam.Invalid, "restore.damaged").Because(err)
	}
	there, err := os.ReadFile(filepath.Join(dir, "checkpoint"))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if err := os.Rename(aside, dir); err != nil {
			return 0, fmt.Errorf("the ledger's place: %w", err)
		}
		return report.Size, nil
	case err != nil:
		return 0, err
	}
	if same, err := files("checkpoint"); err != nil || !bytes.Equal(there, same) {
		return 0, errors.Join(loam.Fail(loam.Conflict, "restore.not_empty"), err)
	}
	return report.Size, os.RemoveAll(aside) // an earlier restore came this far
}
