package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"

	"loam"
	"loam/internal/media"
	"loam/internal/rights"
	"loam/internal/store"
	"loam/internal/takeout"
	"loam/internal/web"
)

var (
	_ takeout.Store  = (*store.DB)(nil)
	_ takeout.Target = (*store.DB)(nil)
)

// archiveOf writes an account's archive; log is nil where nothing can be signed.
func archiveOf(ctx context.Context, db *store.DB, blobs *store.Blobs, log *rights.Log, now int64, w io.Writer, account loam.Account) error {
	s := takeout.Source{Store: db, Read: blobs.Read, Now: now}
	if log != nil {
		checkpoint, err := log.File("checkpoint")
		if err != nil && loam.KindOf(err) != loam.NotFound {
			return err
		}
		s.Checkpoint = string(checkpoint)
		s.Receipt = func(index int64) (string, error) {
			p, err := log.Receipt(index)
			if loam.KindOf(err) == loam.Unavailable {
				return "", nil // no checkpoint covers it yet
			}
			if err != nil {
				return "", err
			}
			return string(p.Text()), nil
		}
	}
	return s.Write(ctx, w, account)
}

type accountExportCmd struct {
	place
	Account string `arg:"" help:"The account's handle."`
	Out     string `short:"o" help:"Where to write." required:"" type:"path" placeholder:"FILE.zip"`
}

// written makes of what writes an io.WriterTo.
type written func(w io.Writer) error

func (f written) WriteTo(w io.Writer) (int64, error) {
	c := byteCount{w: w}
	err := f(&c)
	return c.n, err
}

// byteCount counts what is written.
type byteCount struct {
	w io.Writer
	n int64
}

func (c *byteCount) Write(b []byte) (int, error) {
	n, err := c.w.Write(b)
	c.n += int64(n)
	return n, err
}

// Run writes everything the account made and granted; a server may run beside.
func (c *accountExportCmd) Run(a *app) (err error) {
	db, blobs, err := c.open(a.ctx, time.Now)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	account, _, err := db.AccountByHandle(a.ctx, strings.ToLower(c.Account))
	if err != nil {
		return c.elsewhere(err)
	}
	key, err := db.Setting(a.ctx, keySetting)
	if err != nil {
		return err
	}
	var log *rights.Log
	if key != "" {
		v, err := note.NewVerifier(key)
		if err != nil {
			return err
		}
		log = &rights.Log{Dir: filepath.Join(c.Data, ledgerFolder), Verifier: v}
	}
	return a.put(c.Out, written(func(w io.Writer) error {
		return archiveOf(a.ctx, db, blobs, log, time.Now().UnixMilli(), w, account)
	}), func(src media.Source) error {
		_, err := takeout.Open(src, src.Size())
		return err
	})
}

type accountImportCmd struct {
	place
	File string `arg:"" help:"An archive, as loam account export writes it." type:"existingfile"`
}

// Run takes an archive into an empty installation and prints the new account's password once.
func (c *accountImportCmd) Run(a *app) (err error) {
	file, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	in, err := takeout.Open(file, info.Size())
	if err != nil {
		return err
	}
	if err := loam.CheckHandle(in.Manifest.Handle); err != nil {
		return err
	}
	if c.DB == "" {
		if err := os.MkdirAll(c.Data, 0o700); err != nil {
			return err
		}
	}
	db, blobs, err := c.open(a.ctx, time.Now)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	password := loam.NewSecret()
	account, err := in.Import(a.ctx, blobs, db, web.HashPassword(password))
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(a.out, "%s\t%s\n", account.Handle, password)
	return err
}
