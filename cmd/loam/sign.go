package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"loam"
	"loam/internal/store"
)

// signer signs in the name of the installation: C2SP signed notes under the name
// loam/<installation id>, fixed at first start.
type signer struct {
	note.Signer
	key string // verifies what was signed
}

// keyFile holds the secret key; keySetting is its verifier key, in the database.
const (
	keyFile    = "installation.key"
	keySetting = "installation.key"
)

// openSigner reads the installation's key. The very first start makes one; a later start
// without it is an error: another key would not be the one that people hold.
func openSigner(ctx context.Context, db *store.DB, data string) (*signer, error) {
	file := filepath.Join(data, "keys", keyFile)
	raw, err := os.ReadFile(file)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	known, err := db.Setting(ctx, keySetting)
	if err != nil {
		return nil, err
	}
	secret := strings.TrimSpace(string(raw))
	if secret == "" {
		if known != "" {
			return nil, loam.Fail(loam.Unavailable, "key.missing")
		}
		if secret, known, err = note.GenerateKey(rand.Reader, "loam/"+loam.NewSecret()[:16]); err != nil {
			return nil, err
		}
		if err := keep(file, []byte(secret+"\n")); err != nil {
			return nil, fmt.Errorf("keep key: %w", err)
		}
		if err := db.SetSetting(ctx, keySetting, known); err != nil {
			return nil, err
		}
	}
	s, err := note.NewSigner(secret)
	if err != nil {
		return nil, loam.Fail(loam.Unavailable, "key.missing").Because(err)
	}
	v, err := note.NewVerifier(known)
	if err != nil || v.Name() != s.Name() || v.KeyHash() != s.KeyHash() {
		return nil, loam.Fail(loam.Unavailable, "key.missing").Because(err)
	}
	return &signer{s, known}, nil
}

// verifier is the key that checks signatures, "" where nothing is signed.
func (s *signer) verifier() string {
	if s == nil {
		return ""
	}
	return s.key
}

// sign signs a text; without a key it says what to do.
func (s *signer) sign(text string) ([]byte, error) {
	if s == nil {
		return nil, loam.Fail(loam.Conflict, "key.missing")
	}
	return note.Sign(&note.Note{Text: text}, s)
}

type creationCmd struct {
	Verify creationVerifyCmd `cmd:"" help:"Check the signature of a creation log and print what it says."`
}

type creationVerifyCmd struct {
	Key  string `help:"The installation's verifier key, as /api/site and doctor show it." required:""`
	File string `arg:"" help:"The creation log; - for standard input."`
}

// Run prints the log's JSON if the key's installation signed exactly these bytes.
func (c *creationVerifyCmd) Run(a *app) error {
	raw, err := a.read(c.File, maxLog)
	if err != nil {
		return err
	}
	v, err := note.NewVerifier(c.Key)
	if err != nil {
		return loam.Fail(loam.Invalid, "key.unreadable").Because(err)
	}
	n, err := note.Open(raw, note.VerifierList(v))
	if err != nil {
		return loam.Fail(loam.Invalid, "creation.not_signed", v.Name()).Because(err)
	}
	_, err = fmt.Fprint(a.out, n.Text)
	return err
}

// maxLog bounds a creation log read from a file, in bytes.
const maxLog = 256 << 20
