package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"golang.org/x/mod/sumdb/note"

	"loam"
	"loam/internal/audit"
	"loam/internal/merkle"
	"loam/internal/rights"
)

type ledgerCmd struct {
	Verify ledgerVerifyCmd `cmd:"" passthrough:"" help:"Check a log; the options are those of loam-verify, which is the same program."`
	Mirror ledgerMirrorCmd `cmd:"" help:"Copy a log, or bring a copy up to it; a log that took something back is refused."`
	Prove  ledgerProveCmd  `cmd:"" help:"A receipt for a leaf; with --fraud, the case that a revocation was ignored."`
	Export ledgerExportCmd `cmd:"" help:"Every leaf as JSON Lines."`
}

type ledgerVerifyCmd struct {
	Args []string `arg:"" optional:"" help:"--key VKEY [options] DIR|URL; --help lists them."`
}

// Run is the stand-alone verifier.
func (c *ledgerVerifyCmd) Run(a *app) error {
	if status := audit.Verify("loam ledger verify", c.Args, a.out, a.err); status != 0 {
		return answered(status)
	}
	return nil
}

// logPlace says which log: a folder or address with its key, or an installation's own.
type logPlace struct {
	place
	Key   string `help:"The log's verifier key, name+hash+base64; an installation knows its own." placeholder:"VKEY"`
	Where string `arg:"" optional:"" name:"dir-or-url" help:"A folder or an address; the installation's own log if not given."`
}

// open gives the log's files, its key and its checkpoint, opened.
func (c *logPlace) open(a *app) (files merkle.Files, key note.Verifier, text []byte, head merkle.Checkpoint, err error) {
	where, vkey := c.Where, c.Key
	if where == "" {
		where = filepath.Join(c.Data, ledgerFolder)
		if vkey == "" {
			if vkey, err = c.ownKey(a); err != nil {
				return nil, nil, nil, head, err
			}
		}
	}
	if vkey == "" {
		return nil, nil, nil, head, fmt.Errorf("%w: give the log's --key", errUse)
	}
	if key, err = note.NewVerifier(vkey); err != nil {
		return nil, nil, nil, head, fmt.Errorf("%w: --key: %w", errUse, err)
	}
	if files, err = audit.Open(where); err != nil {
		return nil, nil, nil, head, err
	}
	if text, err = files("checkpoint"); err != nil {
		return nil, nil, nil, head, fmt.Errorf("%s: %w", where, err)
	}
	head, err = merkle.OpenCheckpoint(text, key)
	return files, key, text, head, err
}

// ownKey is the verifier key of the installation.
func (c *logPlace) ownKey(a *app) (key string, err error) {
	db, _, err := c.place.open(a.ctx, time.Now)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	key, err = db.Setting(a.ctx, keySetting)
	if err == nil && key == "" {
		err = loam.Fail(loam.Unavailable, "key.missing")
	}
	return key, err
}

type ledgerMirrorCmd struct {
	Key  string `help:"The log's verifier key, name+hash+base64." required:"" placeholder:"VKEY"`
	URL  string `arg:"" name:"url" help:"The log's address, or a folder."`
	Dir  string `arg:"" help:"Where the copy is." type:"path"`
	JSON bool   `help:"One JSON object."`
}

// Run copies; what it refuses it explains, and changes nothing then.
func (c *ledgerMirrorCmd) Run(a *app) error {
	key, err := note.NewVerifier(c.Key)
	if err != nil {
		return fmt.Errorf("%w: --key: %w", errUse, err)
	}
	files, err := audit.Open(c.URL)
	if err != nil {
		return err
	}
	var b *bar
	m, err := rights.Mirror(a.ctx, files, c.Dir, key, func(done, of int) {
		if b == nil {
			b = newBar(a, of)
		}
		b.show(done)
	})
	if b != nil {
		b.clear()
	}
	if err != nil {
		return err
	}
	if c.JSON {
		return a.json(m)
	}
	_, err = fmt.Fprintf(a.out, "%s: %d leaves, %d new, root %s; %d files fetched, all verified; %d signatures, %d erased, %d missing.\n", m.Origin, m.Size, m.Size-m.Before, m.Root, m.Fetched, m.Signatures, m.Erased, m.Missing)
	return err
}
