package main

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"loam"
	"loam/internal/audit"
	"loam/internal/verify"
)

// TestLedgerBackup backs a running house up while choices are made: the restored ledger verifies
// before anything is accepted, the receipts given until then still hold, everything the database
// knows comes into the log, and it goes on.
func TestLedgerBackup(t *testing.T) {
	t.Parallel()
	h := newHouse(t, withProducer)
	ann := h.person("ann")
	work := ann.publish("湖边的两支防晒", nil).Version.Work
	uses := loam.Uses()
	choose := func(c *client, i int) string {
		t.Helper()
		var leaves []string
		c.must("PUT", "/api/rights", map[string]any{"works": []string{work}, "uses": []loam.Use{uses[i%len(uses)]}, "allowed": i%2 == 0}, &leaves)
		return leaves[0]
	}
	var receipts [][]byte
	var leaves []string
	for i := range 20 {
		leaves = append(leaves, choose(ann, i))
	}
	for _, leaf := range leaves {
		receipts = append(receipts, ann.receipt(leaf))
	}
	ctx, stop := context.WithCancel(t.Context())
	var load sync.WaitGroup
	load.Go(func() {
		for i := 0; ctx.Err() == nil; i++ {
			choose(ann, i)
		}
	})
	file, into := filepath.Join(t.TempDir(), "loam.backup"), t.TempDir()
	code, _, errs := loamRun(t, "backup", "--data", h.config.Data, file)
	stop()
	load.Wait()
	if code != 0 {
		t.Fatal(errs)
	}
	if code, _, errs := loamRun(t, "restore", "--data", into, file); code != 0 {
		t.Fatal(errs)
	}
	if exists(filepath.Join(into, ledgerFolder, ".state")) {
		t.Error("a moving file was copied")
	}
	verified := func() verify.Report {
		t.Helper()
		key, err := note.NewVerifier(h.node.signer.key)
		if err != nil {
			t.Fatal(err)
		}
		files, err := audit.Open(filepath.Join(into, ledgerFolder))
		if err != nil {
			t.Fatal(err)
		}
		r, err := verify.Run(verify.Log{Files: files, Key: key, Receipts: receipts})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	before := verified().Size
	again := newHouse(t, func(c *config) { withProducer(c); c.Data = into })
	back := again.visitor()
	back.must("POST", "/api/session", map[string]string{"handle": "ann", "password": password}, nil)
	for i := range 5 {
		receipts = append(receipts, back.receipt(choose(back, i)))
	}
	after := verified()
	acts, err := again.node.db.RightsActs(t.Context(), ann.account.ID, 0, 1_000_000)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range acts { // every act she sees is in the log
		if a.Place < 0 || a.Place >= after.Size {
			t.Errorf("leaf %s is at %d of %d", a.ID, a.Place, after.Size)
		}
	}
	known := int64(len(acts))
	if before < 20 || after.Size != known || after.Outcomes["applied"] != known {
		t.Errorf("the ledger had %d leaves; now it has %d, %v, the database %d", before, after.Size, after.Outcomes, known)
	}
}

// TestLedgerRestoreRefused: a log that does not verify is not accepted, and one that is in place
// is never replaced by another.
func TestLedgerRestoreRefused(t *testing.T) {
	t.Parallel()
	h := newHouse(t, withProducer)
	ann := h.person("ann")
	ann.publish("湖边的两支防晒", nil)
	waitUntil(t, func() bool { n, err := h.node.ledger.Size(); return err == nil && n >= 2 })
	file := filepath.Join(t.TempDir(), "loam.backup")
	if code, _, errs := loamRun(t, "backup", "--data", h.config.Data, file); code != 0 {
		t.Fatal(errs)
	}
	into := t.TempDir()
	if err := os.MkdirAll(filepath.Join(into, ledgerFolder), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(into, ledgerFolder, "checkpoint"), []byte("another"), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, _, _ := loamRun(t, "restore", "--data", into, file); code != 1 {
		t.Errorf("over another log: exit %d", code)
	}
	if raw, err := os.ReadFile(filepath.Join(into, ledgerFolder, "checkpoint")); err != nil || string(raw) != "another" {
		t.Errorf("the other log is %q now, %v", raw, err)
	}
	gone := t.TempDir()
	if err := os.Rename(filepath.Join(h.config.Data, ledgerFolder), filepath.Join(gone, "x")); err != nil {
		t.Fatal(err)
	}
	if code, _, _ := loamRun(t, "backup", "--data", h.config.Data, filepath.Join(gone, "none")); code != 1 {
		t.Errorf("without the log: exit %d", code)
	}
	if err := os.Rename(filepath.Join(gone, "x"), filepath.Join(h.config.Data, ledgerFolder)); err != nil {
		t.Fatal(err)
	}
	aside := filepath.Join(gone, "aside")
	if err := os.CopyFS(aside, os.DirFS(filepath.Join(h.config.Data, ledgerFolder))); err != nil {
		t.Fatal(err)
	}
	bundles, err := filepath.Glob(filepath.Join(aside, "tile", "entries", "000.p", "*"))
	if err != nil || len(bundles) == 0 {
		t.Fatal(bundles, err)
	}
	for _, b := range bundles {
		if err := os.Truncate(b, 3); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := acceptLedger(aside, filepath.Join(gone, "place"), h.node.signer.key); loam.CodeOf(err) != "restore.damaged" || exists(filepath.Join(gone, "place")) {
		t.Errorf("a log that does not verify: %v", err)
	}
}

func waitUntil(t *testing.T, ok func() bool) {
	t.Helper()
	for range 200 {
		if ok() {
			return
		}
		pause(t.Context(), 50*time.Millisecond)
	}
	t.Fatal("it did not come to pass")
}
