package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"loam/internal/c2pa"
	"loam/internal/label"
	"loam/internal/media"
)

// inspectCmd says what a file's AI labels say, however dirty they are.
type inspectCmd struct {
	JSON  bool     `help:"One JSON object a file, as whenever the output is not a terminal."`
	Trust []string `help:"Certificates (PEM) whose signers count as trusted; may be given more than once." type:"existingfile" placeholder:"FILE"`
	Key   []string `help:"Public key of a label's seal, in hexadecimal, that counts as known; may be given more than once." placeholder:"HEX"`
	Data  string   `help:"Data folder of an installation whose own authority and key count as trusted." type:"existingdir" placeholder:"DIR"`
	Files []string `arg:"" help:"Pictures, videos, sound, documents, texts; of a folder every file; - is standard input."`
}

// inspected is what one file says of its making.
type inspected struct {
	label.Report
	File string `json:"file"`
}

// known is whom the caller trusts: nobody unless she says.
func (c *inspectCmd) known() (label.Known, error) {
	k := label.Known{Now: time.Now(), Keys: c.Key}
	for _, key := range c.Key {
		if b, err := hex.DecodeString(key); err != nil || len(b) < ed25519.PublicKeySize {
			return k, fmt.Errorf("%w: --key %q is not a public key in hexadecimal", errUse, key)
		}
	}
	var roots []*x509.Certificate
	for _, name := range c.Trust {
		b, err := os.ReadFile(name)
		if err != nil {
			return k, err
		}
		chain, err := c2pa.DecodeChain(b)
		if err != nil {
			return k, fmt.Errorf("%w: --trust %s holds no certificates in PEM", errUse, name)
		}
		roots = append(roots, chain...)
	}
	if c.Data != "" {
		own, key, err := installed(c.Data)
		if err != nil {
			return k, err
		}
		roots, k.Keys = append(roots, own...), append(k.Keys, key...)
	}
	if len(roots) > 0 {
		k.Trust = c2pa.NewTrust(roots...)
	}
	return k, nil
}

// installed is what an installation is known by, as its data folder holds it: the root of its
// authority, where it has one of its own, and the key of its seals. Nothing is made.
func installed(data string) (roots []*x509.Certificate, keys []string, err error) {
	dir := filepath.Join(data, "keys")
	root, err := os.ReadFile(filepath.Join(dir, labelRoot))
	if err == nil {
		roots, err = c2pa.DecodeChain(root)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, nil, fmt.Errorf("--data: %s: %w", labelRoot, err)
	}
	secret, err := os.ReadFile(filepath.Join(dir, keyFile))
	if err == nil {
		var seal ed25519.PrivateKey
		if seal, err = secretOf(strings.TrimSpace(string(secret))); err == nil {
			keys = (&signer{seal: seal}).pinned()
		}
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, nil, fmt.Errorf("--data: %s: %w", keyFile, err)
	}
	if roots == nil && keys == nil {
		return nil, nil, fmt.Errorf("%w: --data %s holds no keys of an installation", errUse, data)
	}
	return roots, keys, nil
}

// Run prints the marks; a readable file without any is state none, and no failure. Of a
// folder every file is told. Each that cannot be read is told too, and counted at the end.
func (c *inspectCmd) Run(a *app) error {
	k, err := c.known()
	if err != nil {
		return err
	}
	if len(c.Files) == 1 && !isFolder(c.Files[0]) {
		return c.one(a, c.Files[0], k)
	}
	asked, failed := 0, 0
	missed := func(err error) { failed++; a.missed(err) }
	one := func(path string) error {
		asked++
		err := c.one(a, path, k)
		if err != nil && a.ctx.Err() == nil {
			missed(err)
		}
		return a.ctx.Err()
	}
	for _, name := range c.Files {
		walk := one
		if isFolder(name) {
			walk = func(dir string) error { return walkFiles(dir, one, func(err error) { asked++; missed(err) }) }
		}
		if err := walk(name); err != nil {
			return err
		}
	}
	if failed > 0 {
		return fmt.Errorf("%d of %d files could not be read", failed, asked)
	}
	return nil
}

func isFolder(name string) bool {
	info, err := os.Stat(name)
	return name != "-" && err == nil && info.IsDir()
}

func (c *inspectCmd) one(a *app, name string, k label.Known) error {
	src, done, err := a.source(name)
	if err != nil {
		return err
	}
	defer done()
	report, err := label.Check(a.ctx, src, k)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if c.JSON || !a.terminal() {
		return a.json(inspected{report, name})
	}
	_, err = fmt.Fprint(a.out, described(name, report))
	return err
}

// described is a report for a person at a terminal.
func described(name string, r label.Report) string {
	var w strings.Builder
	fmt.Fprintf(&w, "%s: %s", oneLine(name), r.State)
	if len(r.Marks) == 0 {
		w.WriteString(" (no mark found: nobody marked it, or the mark was lost; it says nothing of who made it)")
	}
	fmt.Fprintln(&w)
	for _, m := range r.Marks {
		fmt.Fprintf(&w, "  %s %s at %s", m.Kind, m.State, m.Place)
		if m.Producer != "" {
			fmt.Fprintf(&w, ", producer %q, content %q", m.Producer, m.ContentID)
		}
		if m.Says != "" {
			fmt.Fprintf(&w, ", %q", m.Says)
		}
		if m.Signature != "" {
			fmt.Fprintf(&w, ", signature %s", worth(m))
		}
		fmt.Fprintln(&w)
		for _, d := range m.Defects {
			fmt.Fprintf(&w, "    %s: %s (%s)\n", d.Level, d.Code, d.Clause)
		}
	}
	if r.Cut != nil {
		fmt.Fprintf(&w, "  the file could not be followed to its end: %s\n", r.Cut.Code)
	}
	return w.String()
}

// worth is what a signature is worth to a person who may take its signer's name for proof.
func worth(m label.MarkReport) string {
	switch m.Signature {
	case label.SignedTrusted, label.SignedInvalid:
		return fmt.Sprintf("%s, by %q", m.Signature, m.Signer)
	case label.SignedKnown:
		return fmt.Sprintf("%s, by %q: it covers the words of the label, not the file", m.Signature, m.Signer)
	case label.SignedExpired:
		return fmt.Sprintf("by a certificate that has ended, which names %q", m.Signer)
	}
	return fmt.Sprintf("valid, by who names itself %q; nobody here vouches for that", m.Signer)
}

// source opens a file of any length, or takes in standard input of at most what fits in
// memory; done closes it.
func (a *app) source(name string) (src media.Source, done func(), err error) {
	if name == "-" {
		b, err := a.read(name, media.MaxBytes)
		return bytes.NewReader(b), func() {}, err
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, nil, err
	}
	info, err := file.Stat()
	if err == nil && !info.Mode().IsRegular() {
		defer file.Close()
		b, err := readAll(file, name, media.MaxBytes) // a pipe, which cannot be read at any place, nor opened again
		return bytes.NewReader(b), func() {}, err
	}
	if err != nil {
		file.Close()
		return nil, nil, err
	}
	return fileSource{file, info.Size()}, func() { file.Close() }, nil
}

// fileSource is an open file of a known length.
type fileSource struct {
	*os.File
	size int64
}

// Size is the file's length in bytes when it was opened.
func (f fileSource) Size() int64 { return f.size }

// walkFiles calls f for every file below a folder, hidden ones left out; missed is told what is
// neither a file nor a folder. A link to a file is the file, one to a folder is not followed but
// for the root. A folder without any file is bad use.
func walkFiles(dir string, f func(path string) error, missed func(error)) error {
	found := 0
	err := filepath.WalkDir(dir+string(filepath.Separator), func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case filepath.Clean(path) != filepath.Clean(dir) && strings.HasPrefix(d.Name(), "."):
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		case d.IsDir():
			return nil
		}
		found++
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
			return f(path)
		}
		missed(fmt.Errorf("%s: no file", path))
		return nil
	})
	if err == nil && found == 0 {
		err = fmt.Errorf("%w: %s holds no files", errUse, dir)
	}
	return err
}
