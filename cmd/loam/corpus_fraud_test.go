package main

import (
	"context"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"loam"
	"loam/internal/corpus"
	"loam/internal/ledger"
	"loam/internal/merkle"
	"loam/internal/store"
)

// slipping is an operator who says yes for a creator who said no: what his database is asked for
// and what it keeps is honest, what he signs is not.
type slipping struct {
	*store.DB
	work  ledger.ID
	cites int64 // the grant she took back
	node  *node
}

// PutCorpus adds her work to the manifest that was built, and logs the root of that.
func (s *slipping) PutCorpus(ctx context.Context, c loam.Corpus, l ledger.Leaf) (loam.Corpus, error) {
	honest, err := s.node.ledger.File(ledger.ManifestPath(l.Hash))
	if err != nil {
		return c, err
	}
	var records []ledger.Record
	hers := ledger.Record{Work: s.work, Content: ledger.Hash{1}, State: l.Size, Deciding: s.cites, Body: ledger.Hash{2}}
	_, err = ledger.ReadManifest(honest, func(r *ledger.Record, _ []byte) error {
		if hers.State > 0 && string(r.Work[:]) > string(hers.Work[:]) {
			records, hers.State = append(records, hers), 0
		}
		records = append(records, *r)
		return nil
	})
	if hers.State > 0 {
		records = append(records, hers)
	}
	if err != nil {
		return c, err
	}
	manifest, root, err := ledger.WriteManifest(records)
	if err != nil {
		return c, err
	}
	c.Root, l.Hash = hex.EncodeToString(root[:]), root
	if err := s.node.ledger.KeepManifest(root, manifest); err != nil {
		return c, err
	}
	return s.DB.PutCorpus(ctx, c, l)
}

// TestDishonestCorpus: an operator who builds with a work that was taken back is convicted by what
// he published himself: by her extract, by the manifest alone if he gives none, and by whoever
// verifies a copy.
func TestDishonestCorpus(t *testing.T) {
	t.Parallel()
	h := newHouse(t, withProducer)
	ann, bob := h.person("ann", loam.Creator), h.person("bob", loam.Creator)
	allow := func(who *client, allowed bool, works ...string) []byte {
		t.Helper()
		var leaves []string
		who.must("PUT", "/api/rights", map[string]any{"works": works, "uses": []string{"train.text"}, "allowed": allowed}, &leaves)
		return who.receipt(leaves[0])
	}
	hers, his := ann.publish("湖边的两支防晒，一支清爽一支滋润", nil).Version, bob.publish("阳台上的薄荷，三天浇一次水", nil).Version
	allow(bob, true, his.Work)
	grant, err := merkle.ParseProof(allow(ann, true, hers.Work))
	if err != nil {
		t.Fatal(err)
	}
	granted, _, _, err := ledger.SplitExtra(grant.Entry)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	kept := func(name string, data []byte) string {
		t.Helper()
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	work, revocation := kept("work", ann.receipt(ann.registration(hers.Work))), kept("revocation", allow(ann, false, hers.Work))

	texts, err := os.Create(filepath.Join(dir, "texts"))
	if err != nil {
		t.Fatal(err)
	}
	defer texts.Close()
	n := h.node
	builder := corpus.Builder{
		Store: &slipping{DB: n.db, node: n, work: granted.Work, cites: grant.Index},
		Log:   n.ledger.File, Key: n.ledger.Verifier, Keep: n.ledger.KeepManifest, Code: ledger.Hash{1}, Patience: ledgerPatience(),
	}
	card, err := builder.Build(t.Context(), "a set", loam.UseTrainText, texts)
	if err != nil {
		t.Fatal(err)
	}
	key, place := n.signer.key, fmt.Sprint(card.Corpus.Place)
	mirror := filepath.Join(dir, "mirror")
	if code, out, errs := loamRun(t, "ledger", "mirror", "--key", key, h.url+"/log", mirror); code != 0 {
		t.Fatalf("mirror: exit %d, %s%s", code, out, errs)
	}
	extract := kept("extract", ann.must("GET", "/api/rights/corpora/"+card.Corpus.ID+"/extract", nil, nil).body)
	for _, more := range [][]string{{"--record", extract}, nil} {
		args := append([]string{"ledger", "prove", "--fraud", "--key", key, "--receipt", revocation, "--work-receipt", work, "--corpus", place}, more...)
		if code, out, errs := loamRun(t, append(args, mirror)...); code != 0 || !strings.HasPrefix(out, ledger.Proven.String()) {
			t.Errorf("with %v: exit %d, %s%s", more, code, out, errs)
		}
	}
	// What she gets of one whose record claims a grant that came later is the same: the leaf it cites is none.
	builder.Store = &slipping{DB: n.db, node: n, work: granted.Work, cites: card.Corpus.Place}
	if card, err = builder.Build(t.Context(), "another", loam.UseTrainText, texts); err != nil {
		t.Fatal(err)
	}
	if code, out, errs := loamRun(t, "ledger", "prove", "--fraud", "--key", key, "--receipt", revocation, "--work-receipt", work, "--corpus", fmt.Sprint(card.Corpus.Place),
		h.url+"/log"); code != 0 || !strings.HasPrefix(out, ledger.Proven.String()) {
		t.Errorf("citing a corpus: exit %d, %s%s", code, out, errs)
	}
	if code, out, errs := loamRun(t, "ledger", "prove", "--fraud", "--key", key, "--receipt", revocation, "--work-receipt", work, "--corpus", "0", mirror); code != 1 || strings.Contains(errs, "manifest") {
		t.Errorf("of a leaf that is no corpus: exit %d, %s%s", code, out, errs)
	}
	if code, out, errs := loamRun(t, "ledger", "verify", "--key", key, mirror); code != 1 || !strings.Contains(out, "record.granted: leaf "+place+", work "+granted.Work.String()) {
		t.Errorf("verify: exit %d, %s%s", code, out, errs)
	}
}
