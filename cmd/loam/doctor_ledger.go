package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"

	"loam/internal/merkle"
	"loam/internal/store"
)

// late is how long leaves may wait for the log before the doctor asks why.
const late = time.Minute

// ledgerCheckup says how far the rights ledger is. It reads the checkpoint and the database, not
// the log: that is `loam ledger verify`.
func (c *doctorCmd) ledgerCheckup(ctx context.Context, now time.Time) checkup {
	k := checkup{Name: "ledger", Level: "ok"}
	dir := filepath.Join(c.folder(), ledgerFolder)
	wrong := func(detail, fix string) checkup {
		return checkup{k.Name, "optional", detail, fix}
	}
	s, err := store.ProbeLedger(ctx, store.Config{URL: c.DB, Dir: c.folder()})
	if err != nil {
		return wrong(err.Error(), "check --db, and that the server runs")
	}
	text, err := os.ReadFile(filepath.Join(dir, "checkpoint"))
	if errors.Is(err, fs.ErrNotExist) {
		if s.Logged > 0 {
			return wrong(fmt.Sprintf("%d leaves were logged, but there is no log in %s", s.Logged, dir), "run this where the ledger is kept, or restore that folder from a backup or a mirror before the next start")
		}
		k.Detail = fmt.Sprintf("nothing logged yet, %d leaves waiting", s.Waiting)
		return k
	}
	if err != nil {
		return wrong(err.Error(), "let this user read "+dir)
	}
	const restore = "restore the folder from a backup or a mirror; loam ledger verify says what is wrong with it"
	key, err := note.NewVerifier(s.Key)
	if err != nil {
		return wrong("the installation's key is not known", restore)
	}
	head, err := merkle.OpenCheckpoint(text, key)
	if err != nil {
		return wrong(err.Error(), restore)
	}
	info, err := os.Stat(filepath.Join(dir, "checkpoint"))
	if err != nil {
		return wrong(err.Error(), restore)
	}
	age := now.Sub(info.ModTime())
	k.Detail = fmt.Sprintf("%d leaves, %d waiting, checkpoint %s old", head.Tree.N, s.Waiting, age.Round(time.Second))
	if s.Waiting > 0 && age > late {
		return wrong(k.Detail, "start the server; if it runs, look for \"rights ledger\" in its log")
	}
	w, err := c.witnesses()
	if w == nil || err != nil {
		return k // that the policy cannot be read stops the server, which says so
	}
	by, enough, err := w.Signed(text, key)
	if err != nil {
		return wrong(err.Error(), "look at LOAM_WITNESSES: a witness signed with another key than it names")
	}
	k.Detail += fmt.Sprintf(", witnessed by %d of %d", len(by), len(w.List))
	if !enough {
		return wrong(k.Detail, "ask whoever runs "+strings.Join(w.Absent(by), ", ")+"; receipts are given without their signature")
	}
	return k
}
