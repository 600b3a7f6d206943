package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"loam"
	"loam/internal/corpus"
	"loam/internal/ledger"
)

// TestCorpus: a training set holds exactly the works whose creators allow it, each creator reads
// where hers were used and takes away what proves it, and a stranger finds it so in a copy of the
// log with the key alone.
func TestCorpus(t *testing.T) {
	t.Parallel()
	h := newHouse(t, withProducer)
	ann, bob, cat := h.person("ann", loam.Creator), h.person("bob", loam.Creator), h.person("cat", loam.Creator)
	allow := func(who *client, allowed bool, works ...string) []string {
		t.Helper()
		var leaves []string
		who.must("PUT", "/api/rights", map[string]any{"works": append([]string{}, works...), "uses": []string{"train.text"}, "allowed": allowed, "attribution": allowed}, &leaves)
		return leaves
	}
	open := ann.publish("湖边的两支防晒，一支清爽一支滋润", nil).Version
	ann.publish("周末的咖啡馆，拿铁好喝，停车难", nil)
	allow(ann, true, open.Work)
	his := bob.publish("阳台上的薄荷，三天浇一次水", nil).Version
	allow(bob, true)
	cat.publish("楼下的面馆，牛肉面很香", nil)
	for _, leaf := range allow(ann, true, open.Work) { // what is allowed counts once it is in the log
		ann.receipt(leaf)
	}

	dir := t.TempDir()
	build := func(name string) (string, corpus.Card) {
		t.Helper()
		out := filepath.Join(dir, name)
		code, said, errs := loamRun(t, "corpus", "build", "--data", h.node.config.Data, "--use", "train.text", "--name", name, "-o", out, "--json")
		var card corpus.Card
		if err := json.Unmarshal([]byte(said), &card); code != 0 || err != nil {
			t.Fatalf("build %s: exit %d, %v, %s%s", name, code, err, said, errs)
		}
		return out, card
	}
	first, card := build("first")
	texts, err := os.ReadFile(filepath.Join(first, corpusTexts))
	if err != nil {
		t.Fatal(err)
	}
	if card.Corpus.Records != 2 || strings.Count(string(texts), "\n") != 2 || !bytes.Contains(texts, []byte(open.Content.Title)) || !bytes.Contains(texts, []byte(his.Content.Title)) {
		t.Errorf("it holds %d works: %s", card.Corpus.Records, texts)
	}
	if !bytes.Contains(texts, []byte(`"credit":"ann"`)) || card.Evidence["L1"] == 0 {
		t.Errorf("who is to be named and by what evidence: %s, %v", texts, card.Evidence)
	}

	var list []loam.Corpus
	ann.must("GET", "/api/rights/corpora", nil, &list)
	if len(list) != 1 || list[0].Yours != 1 || list[0].Records != 2 || list[0].Place != card.Corpus.Place || list[0].Name != "first" {
		t.Fatalf("she reads %+v", list)
	}
	var taken []loam.TakenWork
	ann.must("GET", "/api/rights/corpora/"+list[0].ID+"/works", nil, &taken)
	if len(taken) != 1 || taken[0].Work != open.Work || !taken[0].Allowed {
		t.Errorf("hers in it are %+v", taken)
	}
	cat.must("GET", "/api/rights/corpora", nil, &list)
	if list[0].Yours != 0 {
		t.Errorf("who allowed nothing has %d in it", list[0].Yours)
	}
	cat.refused(404, "corpus.not_found", "GET", "/api/rights/corpora/"+strings.Repeat("0", 32)+"/extract", nil)

	revocation := ann.receipt(allow(ann, false, open.Work)[0])
	second, later := build("second")
	if later.Corpus.Records != 1 {
		t.Errorf("after she took it back it holds %d works", later.Corpus.Records)
	}
	ann.must("GET", "/api/rights/corpora/"+card.Corpus.ID+"/works", nil, &taken)
	if len(taken) != 1 || taken[0].Allowed {
		t.Errorf("what was built before still holds it, allowed then: %+v", taken)
	}

	mirror := filepath.Join(dir, "mirror")
	if code, out, errs := loamRun(t, "ledger", "mirror", "--key", card.Key, h.url+"/log", mirror, "--json"); code != 0 || !strings.Contains(out, `"manifests":2,"manifests_missing":0`) {
		t.Fatalf("mirror: exit %d, %s%s", code, out, errs)
	}
	extract := func(who *client, id, name string) string {
		t.Helper()
		a := who.must("GET", "/api/rights/corpora/"+id+"/extract", nil, nil)
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, a.body, 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	hers, none, cats := extract(ann, card.Corpus.ID, "hers"), extract(ann, later.Corpus.ID, "none"), extract(cat, card.Corpus.ID, "cats")
	for _, c := range []struct {
		file     string
		held, no int
	}{{hers, 1, 1}, {none, 0, 2}, {cats, 0, 1}} {
		code, out, errs := loamRun(t, "ledger", "verify", "--key", card.Key, "--extract", c.file, "--json", mirror)
		if want := fmt.Sprintf(`"extracts_in": %d,`, c.held); code != 0 || !strings.Contains(out, want) || !strings.Contains(out, fmt.Sprintf(`"extracts_not_in": %d`, c.no)) ||
			!strings.Contains(out, `"corpora": 2,`) || !strings.Contains(out, `"corpora_records": 3,`) {
			t.Errorf("%s: exit %d, %s%s", c.file, code, out, errs)
		}
	}
	receipt := filepath.Join(dir, "revocation")
	work := filepath.Join(dir, "work")
	if err := os.WriteFile(receipt, revocation, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(work, ann.receipt(ann.registration(open.Work)), 0o600); err != nil {
		t.Fatal(err)
	}
	code, out, errs := loamRun(t, "ledger", "prove", "--fraud", "--key", card.Key, "--receipt", receipt, "--work-receipt", work, "--corpus", fmt.Sprint(card.Corpus.Place), "--record", hers, mirror)
	if code != 1 || !strings.HasPrefix(out, ledger.TooLate.String()) {
		t.Errorf("a set built before is no fraud: exit %d, %s%s", code, out, errs)
	}
	if code, _, errs := loamRun(t, "ledger", "prove", "--fraud", "--key", card.Key, "--receipt", receipt, "--work-receipt", work, "--corpus", fmt.Sprint(later.Corpus.Place), "--record", none, mirror); code != 1 || !strings.Contains(errs, "none") {
		t.Errorf("nor one without it: exit %d, %s", code, errs)
	}

	for _, set := range []string{first, second} {
		if code, out, errs := loamRun(t, "corpus", "verify", set, "--key", card.Key, mirror); code != 0 || !strings.Contains(out, "OK ") {
			t.Errorf("%s: exit %d, %s%s", set, code, out, errs)
		}
	}
	if err := os.WriteFile(filepath.Join(first, corpusTexts), bytes.Replace(texts, []byte("防晒"), []byte("防嗮"), 1), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, _, errs := loamRun(t, "corpus", "verify", first); code != 1 || !strings.Contains(errs, "manifest") {
		t.Errorf("a changed text: exit %d, %s", code, errs)
	}
}

// registration is the leaf by which a work of one's own is known to the ledger.
func (c *client) registration(work string) string {
	c.h.t.Helper()
	var acts []loam.RightsAct
	c.must("GET", "/api/rights/acts", nil, &acts)
	for _, a := range acts {
		if a.Kind == "work" && a.Work == work {
			return a.ID
		}
	}
	c.h.t.Fatalf("%s is not registered", work)
	return ""
}

// TestCorpusAlone: where no server runs the command writes the ledger itself; a model stands there
// with what it was trained on until it is withdrawn; a backup carries it all.
func TestCorpusAlone(t *testing.T) {
	t.Parallel()
	h := newHouse(t, withProducer)
	ann := h.person("ann", loam.Creator)
	ann.publish("湖边的两支防晒，一支清爽一支滋润", nil)
	var leaves []string
	ann.must("PUT", "/api/rights", map[string]any{"works": []string{}, "uses": []string{"train.text", "train.image"}, "allowed": true}, &leaves)
	ann.receipt(leaves[0])
	dir := t.TempDir()
	does := func(args ...string) string {
		t.Helper()
		code, out, errs := loamRun(t, args...)
		if code != 0 {
			t.Fatalf("%v: exit %d, %s%s", args, code, out, errs)
		}
		return out
	}
	moved := func(from, name string) string {
		t.Helper()
		file, to := filepath.Join(dir, name+".loam"), filepath.Join(dir, name)
		does("backup", "--data", from, file)
		does("restore", "--data", to, file)
		return to
	}
	data := moved(h.node.config.Data, "moved")
	does("corpus", "build", "--data", data, "--use", "train.image", "--name", "pictures", "-o", filepath.Join(dir, "set"))
	pictures, err := os.ReadDir(filepath.Join(dir, "set", corpusPictures))
	if err != nil || len(pictures) == 0 {
		t.Errorf("%d pictures, %v", len(pictures), err)
	}
	id, _, _ := strings.Cut(does("corpus", "list", "--data", data), "\t")
	model, _, _ := strings.Cut(does("corpus", "model", "--data", data, "--name", "a model", id, id), "\t")
	if out := does("corpus", "list", "--data", data); !strings.Contains(out, model) || !strings.Contains(out, "in use") {
		t.Errorf("listed: %s", out)
	}
	for range 2 { // twice is once
		does("corpus", "retire", "--data", data, model)
	}
	again := moved(data, "again")
	if out := does("corpus", "list", "--data", again); !strings.Contains(out, "retired") {
		t.Errorf("after a backup: %s", out)
	}
	key := h.node.signer.key
	out := does("corpus", "verify", filepath.Join(dir, "set"), "--key", key, "--json", filepath.Join(again, ledgerFolder))
	if !strings.Contains(out, `"corpora": 1`) || !strings.Contains(out, `"retire": 1`) || !strings.Contains(out, `"model": 1`) {
		t.Errorf("a stranger finds %s", out)
	}
	for _, bad := range [][]string{
		{"corpus", "build", "--data", data, "--use", "style", "--name", "x", "-o", filepath.Join(dir, "bad")},
		{"corpus", "build", "--data", data, "--use", "train.text", "--name", " x", "-o", filepath.Join(dir, "bad")},
		{"corpus", "model", "--data", data, "--name", "x", strings.Repeat("0", 32)},
		{"corpus", "retire", "--data", data, strings.Repeat("0", 32)},
	} {
		if code, out, errs := loamRun(t, bad...); code != 1 || errs == "" {
			t.Errorf("%v: exit %d, %s%s", bad, code, out, errs)
		}
	}
	if left, err := filepath.Glob(filepath.Join(dir, "bad*")); err != nil || left != nil {
		t.Errorf("left behind: %v, %v", left, err)
	}
}
