package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"

	"loam"
	"loam/internal/corpus"
	"loam/internal/ledger"
	"loam/internal/store"
)

// meddled is a store whose works are taken back at the two worst moments.
type meddled struct {
	*store.DB
	looked, put func() // once each, before it looks for what was taken back and before it logs
}

func (m *meddled) TakeBack(ctx context.Context, id string, use loam.Use) ([]string, error) {
	if f := m.looked; f != nil {
		m.looked = nil
		f()
	}
	return m.DB.TakeBack(ctx, id, use)
}

func (m *meddled) PutCorpus(ctx context.Context, c loam.Corpus, l ledger.Leaf) (loam.Corpus, error) {
	if f := m.put; f != nil {
		m.put = nil
		f()
	}
	return m.DB.PutCorpus(ctx, c, l)
}

// TestCorpusMeanwhile: what is taken back while a training set is built is not in it, neither in its
// manifest nor among its texts, and does not keep the rest from being built.
func TestCorpusMeanwhile(t *testing.T) {
	t.Parallel()
	h := newHouse(t, withProducer)
	ann := h.person("ann", loam.Creator)
	var works []string
	for _, title := range []string{"湖边的两支防晒，一支清爽一支滋润", "周末的咖啡馆，拿铁好喝，停车难", "阳台上的薄荷，三天浇一次水", "楼下的面馆，牛肉面很香"} {
		works = append(works, ann.publish(title, nil).Version.Work)
	}
	var leaves []string
	allow := func(allowed bool, works ...string) {
		t.Helper()
		ann.must("PUT", "/api/rights", map[string]any{"works": works, "uses": []string{"train.text"}, "allowed": allowed}, &leaves)
	}
	allow(true, works...)
	for _, l := range leaves {
		ann.receipt(l)
	}
	dir := t.TempDir()
	texts, err := os.Create(filepath.Join(dir, corpusTexts))
	if err != nil {
		t.Fatal(err)
	}
	defer texts.Close()
	n := h.node
	var manifest []byte
	build := func(s corpus.Store) (corpus.Card, error) {
		return (&corpus.Builder{
			Store: s, Log: n.ledger.File, Key: n.ledger.Verifier, Code: ledger.Hash{1}, Patience: ledgerPatience(),
			Keep: func(root ledger.Hash, m []byte) error { manifest = m; return n.ledger.KeepManifest(root, m) },
		}).Build(t.Context(), "a set", loam.UseTrainText, texts)
	}
	card, err := build(&meddled{n.db, func() { allow(false, works[0]) }, func() { allow(false, works[2]) }})
	if err != nil {
		t.Fatal(err)
	}
	lines, err := os.ReadFile(texts.Name())
	if err != nil {
		t.Fatal(err)
	}
	root, held, err := corpus.Compare(manifest, bytes.NewReader(lines))
	if err != nil || held != 2 || card.Corpus.Records != 2 || ledger.ManifestPath(root) != ledger.Manifests+card.Corpus.Root {
		t.Errorf("the set holds %d works, its card says %+v, %v", held, card.Corpus, err)
	}
	for _, gone := range []string{"防晒", "薄荷"} {
		if bytes.Contains(lines, []byte(gone)) {
			t.Errorf("%s is among its texts: %s", gone, lines)
		}
	}
	var taken []loam.TakenWork
	ann.must("GET", "/api/rights/corpora/"+card.Corpus.ID+"/works", nil, &taken)
	if len(taken) != 2 {
		t.Errorf("she reads %+v", taken)
	}
	_, err = build(&meddled{n.db, func() { allow(false, works[1], works[3]) }, nil})
	if loam.CodeOf(err) != "corpus.empty" {
		t.Errorf("nothing is left: %v", err)
	}
}
