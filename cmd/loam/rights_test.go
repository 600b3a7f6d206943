package main

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"golang.org/x/mod/sumdb/note"

	"loam"
	"loam/internal/ledger"
	"loam/internal/merkle"
	"loam/internal/verify"
)

// TestRights: what a creator allows and takes back holds at once, each act gets a receipt that
// the log's key alone verifies, and a stranger who copied the log finds it whole; another's acts
// and works stay hers.
func TestRights(t *testing.T) {
	t.Parallel()
	h := newHouse(t, withProducer)
	ann, bob := h.person("ann", loam.Creator), h.person("bob", loam.Creator)
	work := ann.publish("湖边的两支防晒", nil).Version.Work
	var leaves []string
	choose := func(allowed bool, uses ...string) {
		t.Helper()
		var got []string
		ann.must("PUT", "/api/rights", map[string]any{"works": []string{work}, "uses": uses, "allowed": allowed}, &got)
		leaves = append(leaves, got...)
	}
	style := func() loam.Permission {
		t.Helper()
		var table loam.RightsTable
		ann.must("GET", "/api/rights", nil, &table)
		if table.Count != 1 || len(table.Works) != 1 || table.Works[0].Work != work {
			t.Fatalf("her works are %+v", table)
		}
		for i, u := range loam.Uses() {
			if u == loam.UseStyle {
				return table.Works[0].Uses[i]
			}
		}
		return loam.Permission{}
	}
	if p := style(); p.Allowed || p.Reason != "undecided" {
		t.Errorf("before any word: %+v", p)
	}
	choose(true, "style", "train.text")
	if p := style(); !p.Allowed || p.Reason != "granted" || p.Level != "work" || p.Leaf != leaves[0] {
		t.Errorf("granted: %+v", p)
	}
	choose(false, "style")
	if p := style(); p.Allowed || p.Reason != "revoked" {
		t.Errorf("revoked: %+v", p)
	}
	ann.must("PUT", "/api/rights", map[string]any{"works": []string{}, "uses": []string{"style", "retrieve"}, "allowed": true}, nil)
	if p := style(); p.Allowed {
		t.Errorf("her word for all works overrules that for this one: %+v", p)
	}
	ann.must("PUT", "/api/rights", map[string]any{"works": []string{work}, "uses": []string{"voice"}, "allowed": true, "until": int64(4e12), "attribution": true}, nil)
	ann.must("PUT", "/api/account", map[string]any{"name": "ann", "bio": "", "no_ai": true}, nil)
	var table loam.RightsTable
	ann.must("GET", "/api/rights", nil, &table)
	if p := table.Works[0].Uses[slices.Index(loam.Uses(), loam.UseVoice)]; p.Allowed || !p.Chosen || p.What != "no_ai" || p.Until != 4e12 || !p.Attribution {
		t.Errorf("overruled, her own word is %+v", p)
	}
	ann.must("PUT", "/api/account", map[string]any{"name": "ann", "bio": "", "no_ai": false}, nil)
	var acts, older []loam.RightsAct
	ann.must("GET", "/api/rights/acts", nil, &acts)
	ann.must("GET", fmt.Sprintf("/api/rights/acts?before=%d", acts[2].N), nil, &older)
	if !cmp.Equal(acts[3:], older, cmpopts.IgnoreFields(loam.RightsAct{}, "Place")) {
		t.Errorf("after the third act come %+v, want %+v", older, acts[3:])
	}
	bob.refused(404, "work.not_found", "PUT", "/api/rights", map[string]any{"works": []string{work}, "uses": []string{"style"}, "allowed": true})
	bob.refused(404, "receipt.not_found", "GET", "/api/rights/receipts/"+leaves[0], nil)
	ann.refused(422, "rights.times", "PUT", "/api/rights", map[string]any{"works": []string{work}, "uses": []string{"style"}, "allowed": true, "from": 5, "until": 5})
	for _, bound := range []string{"from", "until"} { // beyond all calendars
		ann.refused(422, "request.invalid", "PUT", "/api/rights", map[string]any{"works": []string{work}, "uses": []string{"style"}, "allowed": true, bound: int64(1) << 62})
	}
	ann.refused(422, "use.unknown", "PUT", "/api/rights", map[string]any{"works": []string{work}, "uses": []string{"everything"}, "allowed": true})

	key, err := note.NewVerifier(h.node.signer.key)
	if err != nil {
		t.Fatal(err)
	}
	receipts := [][]byte{}
	for _, leaf := range leaves {
		a := ann.receipt(leaf)
		p, err := merkle.ParseProof(a)
		if err != nil {
			t.Fatal(err)
		}
		l, err := ledger.Decode(p.Entry)
		if err != nil || l.ID.String() != leaf {
			t.Errorf("the receipt of %s holds %s, %v", leaf, l.ID, err)
		}
		if _, err := p.Verify(p.Entry, key); err != nil {
			t.Error(err)
		}
		receipts = append(receipts, a)
	}
	copied := t.TempDir()
	if err := os.CopyFS(copied, os.DirFS(h.node.ledgerDir())); err != nil {
		t.Fatal(err)
	}
	report, err := verify.Run(verify.Log{Key: key, Receipts: receipts, Files: func(path string) ([]byte, error) {
		return os.ReadFile(filepath.Join(copied, filepath.FromSlash(path)))
	}})
	if err != nil || report.Receipts != 2 || report.Leaves["work"] != 1 || report.Leaves["revoke"] != 1 || report.Outcomes["applied"] != report.Size {
		t.Errorf("a stranger finds %+v, %v", report, err)
	}

	visitor := h.visitor()
	checkpoint := visitor.do("GET", "/log/checkpoint", nil)
	if _, err := merkle.OpenCheckpoint(checkpoint.body, key); checkpoint.status != http.StatusOK || err != nil {
		t.Errorf("the checkpoint: %d, %v", checkpoint.status, err)
	}
	tile := visitor.do("GET", "/log/"+merkle.TilePath(-1, 0, int(report.Size)), nil)
	if entries, err := merkle.ParseBundle(tile.body, int(report.Size)); err != nil || len(entries) != int(report.Size) {
		t.Errorf("the entries: %d, %v", tile.status, err)
	}
	for _, path := range []string{"/log/.state/treeState", "/log/%2e%2e/keys/installation.key", "/log/tile/0/000.p/255"} {
		if a := visitor.do("GET", path, nil); a.status != http.StatusNotFound {
			t.Errorf("%s: %d", path, a.status)
		}
	}
}

// receipt waits until a receipt can be given, as a page does.
func (c *client) receipt(leaf string) []byte {
	c.h.t.Helper()
	for range 100 {
		a := c.do("GET", "/api/rights/receipts/"+leaf, nil)
		if a.status == http.StatusOK {
			return a.body
		}
		if a.status != http.StatusServiceUnavailable {
			c.h.t.Fatalf("receipt: %d %s", a.status, a.body)
		}
		pause(c.h.t.Context(), 50*time.Millisecond)
	}
	c.h.t.Fatal("no receipt")
	return nil
}

// TestLedgerGone: a log that is not where it was is not begun anew; choices hold, and the leaves
// come in once it is back.
func TestLedgerGone(t *testing.T) {
	t.Parallel()
	h := newHouse(t, withProducer)
	ann := h.person("ann", loam.Creator)
	work := ann.publish("湖边的两支防晒", nil).Version.Work
	var leaves []string
	ann.must("PUT", "/api/rights", map[string]any{"works": []string{work}, "uses": []string{"style"}, "allowed": true}, &leaves)
	ann.receipt(leaves[0])
	dir := h.node.ledgerDir()
	if err := os.Rename(dir, dir+".away"); err != nil {
		t.Fatal(err)
	}
	if err := h.node.logThere(t.Context()); loam.CodeOf(err) != "ledger.gone" {
		t.Errorf("without its log: %v", err)
	}
	if err := h.node.appendLeaves(t.Context(), "test"); loam.CodeOf(err) != "ledger.gone" {
		t.Errorf("appending: %v", err)
	}
	if err := os.Rename(dir+".away", dir); err != nil {
		t.Fatal(err)
	}
	if err := h.node.logThere(t.Context()); err != nil {
		t.Errorf("with its log back: %v", err)
	}
}
