package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"loam"
	"loam/internal/ledger"
	"loam/internal/merkle"
	"loam/internal/merkle/merkletest"
)

// TestLedgerCommands: a stranger verifies and mirrors a running house's log, makes a receipt from
// the copy, and reads every leaf; a changed copy and a bad question have their exit codes.
func TestLedgerCommands(t *testing.T) {
	t.Parallel()
	h := newHouse(t, withProducer)
	ann := h.person("ann")
	work := ann.publish("湖边的两支防晒", nil).Version.Work
	var leaves []string
	ann.must("PUT", "/api/rights", map[string]any{"works": []string{work}, "uses": []string{"style", "retrieve"}, "allowed": true}, &leaves)
	kept := filepath.Join(t.TempDir(), "kept.tlog-proof")
	if err := os.WriteFile(kept, ann.receipt(leaves[0]), 0o600); err != nil {
		t.Fatal(err)
	}
	key, url, dir := h.node.signer.key, h.url+"/log", filepath.Join(t.TempDir(), "copy")
	ok := func(says string, args ...string) string {
		t.Helper()
		code, out, errs := loamRun(t, append([]string{"ledger"}, args...)...)
		if code != 0 || !strings.Contains(out, says) {
			t.Errorf("%v: exit %d, want %q in\n%s%s", args, code, says, out, errs)
		}
		return out
	}
	ok("OK loam/", "verify", "--key", key, "--receipt", kept, url)
	ok("all verified", "mirror", "--key", key, url, dir)
	var m struct{ Size, Before, Fetched int64 }
	if err := json.Unmarshal([]byte(ok("", "mirror", "--json", "--key", key, url, dir)), &m); err != nil || m.Size == 0 || m.Before != m.Size || m.Fetched != 0 {
		t.Errorf("mirrored again: %+v, %v", m, err)
	}
	ok("receipts kept 1", "verify", "--key", key, "--receipt", kept, dir)
	for _, from := range [][]string{{"--key", key, dir}, {"--key", key, url}, {"--data", h.config.Data}} {
		raw := ok("tlog-proof", append([]string{"prove", "--leaf", leaves[0]}, from...)...)
		p, err := merkle.ParseProof([]byte(raw))
		if err != nil {
			t.Fatal(err)
		}
		l, err := ledger.Decode(p.Entry)
		if err != nil || l.ID.String() != leaves[0] {
			t.Errorf("a receipt for %s, %v", l.ID, err)
		}
		lines := strings.Split(strings.TrimSpace(ok(leaves[0], append([]string{"export"}, from...)...)), "\n")
		var e exported
		if err := json.Unmarshal([]byte(lines[p.Index]), &e); err != nil || int64(len(lines)) != m.Size || e.Kind != "grant" || e.Price != "free" || len(e.Uses) != 2 {
			t.Errorf("%d lines, %+v, %v", len(lines), e, err)
		}
	}
	ok("tlog-proof", "prove", "--leaf", "0", "--key", key, dir)

	bundle := filepath.Join(dir, merkle.TilePath(-1, 0, int(m.Size)))
	raw, err := os.ReadFile(bundle)
	if err != nil {
		t.Fatal(err)
	}
	raw[len(raw)-1] ^= 1
	if err := os.WriteFile(bundle, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		code int
		args []string
	}{
		{1, []string{"verify", "--key", key, dir}},
		{2, []string{"verify", dir}},
		{0, []string{"verify", "--help"}},
		{1, []string{"export", "--key", key, dir}},
		{1, []string{"mirror", "--key", key, filepath.Join(t.TempDir()), dir}},
		{2, []string{"mirror", "--key", "x", url, dir}},
		{2, []string{"prove", "--leaf", "0", dir}},
		{2, []string{"prove", "--key", key, dir}},
		{2, []string{"prove", "--fraud", "--key", key, dir}},
		{1, []string{"prove", "--leaf", "999999", "--key", key, url}},
		{1, []string{"prove", "--leaf", strings.Repeat("0", 32), "--key", key, url}},
	} {
		if code, out, errs := loamRun(t, append([]string{"ledger"}, c.args...)...); code != c.code {
			t.Errorf("%v: exit %d, want %d\n%s%s", c.args, code, c.code, out, errs)
		}
	}
}

// TestLedgerDoctor: the doctor says how far the log is, and that it is gone.
func TestLedgerDoctor(t *testing.T) {
	t.Parallel()
	h := newHouse(t, withProducer)
	ann := h.person("ann")
	ann.publish("湖边的两支防晒", nil)
	line := func() checkup {
		return (&doctorCmd{config: h.config}).ledgerCheckup(t.Context(), time.Now())
	}
	waitUntil(t, func() bool {
		k := line()
		return k.Level == "ok" && strings.HasPrefix(k.Detail, "2 leaves, 0 waiting, checkpoint ")
	})
	if k := (&doctorCmd{config: config{place: place{Data: t.TempDir()}}}).ledgerCheckup(t.Context(), time.Now()); k.Level != "ok" || k.Detail != "nothing logged yet, 0 leaves waiting" {
		t.Errorf("before the first start: %+v", k)
	}
	checkpoint := filepath.Join(h.config.Data, ledgerFolder, "checkpoint")
	if err := os.WriteFile(checkpoint, []byte("another"), 0o600); err != nil {
		t.Fatal(err)
	}
	if k := line(); k.Level != "optional" || k.Fix == "" {
		t.Errorf("with a damaged checkpoint: %+v", k)
	}
	if err := os.Remove(checkpoint); err != nil {
		t.Fatal(err)
	}
	if k := line(); k.Level != "optional" || !strings.Contains(k.Detail, "no log") {
		t.Errorf("without the log: %+v", k)
	}
}

// TestLedgerFraud: two receipts, the log and a manifest's record make the case that a
// revocation was ignored; the same with a corpus built before the revocation does not.
func TestLedgerFraud(t *testing.T) {
	t.Parallel()
	l := merkletest.New(t, "loam/test", 1)
	dir := t.TempDir()
	n := byte(0)
	add := func(leaf ledger.Leaf) {
		t.Helper()
		n++
		leaf.V, leaf.At = 1, 1
		if leaf.ID == (ledger.ID{}) {
			leaf.ID = ledger.ID{n}
		}
		raw, err := leaf.Encode()
		if err != nil {
			t.Fatal(err)
		}
		l.Append(t, raw)
	}
	her, work, uses := ledger.ID{1}, ledger.ID{3}, []loam.Use{loam.UseTrainText}
	add(ledger.Leaf{Kind: ledger.Work, Account: her, Work: work, Hash: ledger.Hash{1}})
	add(ledger.Leaf{Kind: ledger.Grant, Actor: ledger.Creator, Account: her, Work: work, Uses: uses, Terms: ledger.Terms{Price: ledger.Free}})
	record := func(size, deciding int64) (ledger.Hash, string) {
		t.Helper()
		r := ledger.Record{Work: work, Content: ledger.Hash{2}, State: size, Deciding: deciding, Body: ledger.Hash{3}}
		raw, err := r.Encode()
		if err != nil {
			t.Fatal(err)
		}
		tree, err := merkle.NewSorted([]merkle.Key{ledger.RecordKey(work)}, func(int) []byte { return raw })
		if err != nil {
			t.Fatal(err)
		}
		place, _ := tree.Prove(ledger.RecordKey(work))
		text, err := json.Marshal(ledger.Extract{Works: []ledger.Standing{{Work: work.String(), Record: raw, Place: place.Append(nil)}}})
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(t.TempDir(), "record.json")
		if err := os.WriteFile(file, text, 0o600); err != nil {
			t.Fatal(err)
		}
		return tree.Root(), file
	}
	corpus := func(size, deciding int64) string {
		t.Helper()
		root, file := record(size, deciding)
		add(ledger.Leaf{Kind: ledger.Snapshot, Size: size, Hash: ledger.Hash{4}})
		add(ledger.Leaf{Kind: ledger.Corpus, Size: size, Refs: []int64{int64(n) - 1}, Uses: uses, Hash: root, Policy: ledger.Hash{5}, Code: ledger.Hash{6}})
		return file
	}
	before := corpus(2, 1) // leaves 2 and 3
	no := ledger.Leaf{ID: ledger.ID{0xff}, Kind: ledger.Revoke, Actor: ledger.Creator, Account: her, Work: work, Uses: uses}
	add(no)
	after := corpus(5, 1) // leaves 5 and 6
	add(ledger.Leaf{Kind: ledger.Grant, Actor: ledger.Creator, Account: her, Work: work, Uses: uses, Terms: ledger.Terms{Price: ledger.Free}})
	add(no)               // written again, as after a crash: the first counts
	again := corpus(9, 7) // leaves 9 and 10
	l.Publish(t)
	l.Files["work"], l.Files["revoke"], l.Files["repeated"] = l.Receipt(t, 0, 1).Text(), l.Receipt(t, 4, 5).Text(), l.Receipt(t, 8, 9).Text()
	for path, data := range l.Files {
		full := filepath.Join(dir, filepath.FromSlash(path))
		if err := os.MkdirAll(filepath.Dir(full), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		revoke, corpus, record string
		code                   int
		verdict                string
	}{
		{"revoke", "6", after, 0, "proven"},
		{"revoke", "3", before, 1, "too_late"},
		{"revoke", "3", after, 1, "not_the_work"},
		{"revoke", "10", again, 1, "regranted"},
		{"repeated", "10", again, 1, "regranted"},
	} {
		code, out, errs := loamRun(t, "ledger", "prove", "--fraud", "--json", "--key", l.Key, "--receipt", filepath.Join(dir, c.revoke), "--work-receipt", filepath.Join(dir, "work"),
			"--corpus", c.corpus, "--record", c.record, dir)
		var got struct {
			Proven  bool
			Verdict string
		}
		if err := json.Unmarshal([]byte(out), &got); err != nil || code != c.code || got.Verdict != c.verdict || got.Proven != (code == 0) {
			t.Errorf("corpus %s: exit %d, %s%s", c.corpus, code, out, errs)
		}
	}
	// An operator who damages his log takes nothing from what the receipts prove.
	bundle := filepath.Join(dir, merkle.TilePath(-1, 0, int(n)))
	raw, err := os.ReadFile(bundle)
	if err != nil {
		t.Fatal(err)
	}
	raw[10] ^= 1
	if err := os.WriteFile(bundle, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	for corpus, c := range map[string]struct {
		record, says string
		code         int
	}{"6": {after, "proven: ", 0}, "10": {again, "regrant_claimed: ", 1}} {
		code, out, errs := loamRun(t, "ledger", "prove", "--fraud", "--key", l.Key, "--receipt", filepath.Join(dir, "revoke"), "--work-receipt", filepath.Join(dir, "work"),
			"--corpus", corpus, "--record", c.record, dir)
		if code != c.code || !strings.HasPrefix(out, c.says) || errs == "" {
			t.Errorf("a damaged log, corpus %s: exit %d, %s%s", corpus, code, out, errs)
		}
	}
}
