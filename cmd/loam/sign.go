package main

import (
	"cmp"
	"context"
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"

	"loam"
	"loam/internal/store"
)

// signer signs in the name of the installation: C2SP signed notes under the name
// loam/<installation id>, fixed at first start.
type signer struct {
	note.Signer
	key  string             // verifies what was signed
	seal ed25519.PrivateKey // the same key, as labels are sealed with it
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
	seal, err := secretOf(secret)
	if err != nil {
		return nil, err
	}
	return &signer{s, known, seal}, nil
}

// secretOf is the Ed25519 key in a note's secret (golang.org/x/mod/sumdb/note: behind
// PRIVATE+KEY+name+hash+ stand the algorithm and the seed, in base64, which has + as well).
func secretOf(secret string) (ed25519.PrivateKey, error) {
	fields := strings.SplitN(secret, "+", 5)
	raw, err := base64.StdEncoding.DecodeString(fields[len(fields)-1])
	if err != nil || len(raw) != 1+ed25519.SeedSize {
		return nil, loam.Fail(loam.Unavailable, "key.missing").Because(err)
	}
	return ed25519.NewKeyFromSeed(raw[1:]), nil
}

// sealer is the key that labels are sealed with, nil where nothing is signed.
func (s *signer) sealer() crypto.Signer {
	if s == nil {
		return nil
	}
	return s.seal
}

// pinned are the keys, in hexadecimal, that this installation's seals are known by.
func (s *signer) pinned() []string {
	if s == nil {
		return nil
	}
	return []string{hex.EncodeToString(s.seal[ed25519.SeedSize:])} // the public half (RFC 8032)
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
	Read bool   `help:"Print lines a person can read instead of the log's own JSON."`
	File string `arg:"" help:"The creation log; - for standard input."`
}

// Run prints the log if the key's installation signed exactly these bytes.
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
	if c.Read {
		return tellLog(a.out, n.Text)
	}
	_, err = fmt.Fprint(a.out, n.Text)
	return err
}

// tellLog says what happened to a draft, a line an act and in their order: when, what did it,
// what changed, and whose words it then had. Text of the log is quoted, so that nothing in it
// can act on a terminal.
func tellLog(w io.Writer, raw string) error {
	var l loam.CreationLog
	if err := json.Unmarshal([]byte(raw), &l); err != nil {
		return loam.Fail(loam.Invalid, "creation.unreadable").Because(err)
	}
	at := func(ms int64) string { return time.UnixMilli(ms).UTC().Format(time.DateTime) }
	type line struct {
		at   int64
		text string
	}
	var lines []line
	for _, e := range l.Edits {
		p := e.Share.Percent()
		lines = append(lines, line{e.At, fmt.Sprintf("draft %d\t%q\t%q\tperson %d %%, rules %d %%, model %d %%", e.Revision, e.Act, strings.Join(e.Fields, ", "), p[0], p[1], p[2])})
	}
	for _, g := range l.Generations {
		lines = append(lines, line{g.Started, fmt.Sprintf("model call %q\t%q of %q\t%q\t%d tokens\tprompt %.12q… answer %.12q…", g.ID, g.Purpose, g.Model, g.State, g.Tokens, g.Input, g.Output)})
	}
	for _, v := range l.Versions {
		lines = append(lines, line{v.SubmittedAt, fmt.Sprintf("version %d\t%q\tof draft %d\tcontent %.12q…", v.Number, v.State, v.Revision, v.Hash)})
		if v.ConfirmedAt > 0 {
			lines = append(lines, line{v.ConfirmedAt, fmt.Sprintf("version %d\tconfirmed by its creator\trelease %.12q…", v.Number, v.ReleaseHash)})
		}
	}
	slices.SortStableFunc(lines, func(a, b line) int { return cmp.Compare(a.at, b.at) })
	if _, err := fmt.Fprintf(w, "%q by @%q, written down %s (UTC)\n", loam.Plain(l.Draft.Title), l.Creator, at(l.Made)); err != nil {
		return err
	}
	for _, x := range lines {
		if _, err := fmt.Fprintf(w, "%s\t%s\n", at(x.at), x.text); err != nil {
			return err
		}
	}
	return nil
}

// maxLog bounds a creation log read from a file, in bytes.
const maxLog = 256 << 20
