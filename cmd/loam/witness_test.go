package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	f_note "github.com/transparency-dev/formats/note"
	"github.com/transparency-dev/witness/persistence/inmemory"
	"github.com/transparency-dev/witness/witness"
	"golang.org/x/mod/sumdb/note"

	"loam"
	"loam/internal/verify"
	"loam/internal/web"
)

// TestWitnessed: with a witness, an act is L2 for its creator and for whoever verifies her receipt;
// while the witness is away acts go on at L1 with their receipts, and the server and the doctor say
// who is missing.
func TestWitnessed(t *testing.T) {
	t.Parallel()
	secret, plain, err := note.GenerateKey(rand.Reader, "w.example")
	if err != nil {
		t.Fatal(err)
	}
	key, err := f_note.VKeyToCosignatureV1(plain)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := f_note.NewSignerForCosignatureV1(secret)
	if err != nil {
		t.Fatal(err)
	}
	var log atomic.Pointer[note.Verifier]
	w, err := witness.New(t.Context(), witness.Opts{
		Persistence: inmemory.New(), Signers: []note.Signer{signer},
		VerifierForLog: func(context.Context, string) (note.Verifier, bool, error) {
			if v := log.Load(); v != nil {
				return *v, true, nil
			}
			return nil, false, nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	var away atomic.Bool
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if away.Load() {
			rw.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		witness.NewHTTPHandler(w).AddCheckpoint(rw, r)
	}))
	defer server.Close()
	policy := filepath.Join(t.TempDir(), "policy")
	if err := os.WriteFile(policy, fmt.Appendf(nil, "witness w %s %s\nquorum w\n", key, server.URL), 0o644); err != nil {
		t.Fatal(err)
	}
	h := newHouse(t, func(c *config) { withProducer(c); c.Witnesses = policy })
	log.Store(&h.node.ledger.Verifier)
	ann := h.person("ann", loam.Creator)
	work := ann.publish("湖边的两支防晒", nil).Version.Work
	choose := func(allowed bool) (leaf string) {
		t.Helper()
		var leaves []string
		ann.must("PUT", "/api/rights", map[string]any{"works": []string{work}, "uses": []string{"style"}, "allowed": allowed}, &leaves)
		return leaves[0]
	}
	seen := func(leaf, evidence string) {
		t.Helper()
		ann.receipt(leaf)
		for end := time.Now().Add(20 * time.Second); ; pause(t.Context(), 20*time.Millisecond) {
			if p := ann.permission(work, loam.UseStyle); p.Evidence == evidence && p.Leaf == leaf {
				return
			} else if time.Now().After(end) {
				t.Fatalf("it is %+v, want %s", p, evidence)
			}
		}
	}
	first := choose(true)
	seen(first, "L2")
	var site web.Site
	ann.must("GET", "/api/site", nil, &site)
	if len(site.Witnesses) != 1 || site.Witnesses[0].Key != key {
		t.Errorf("the site names %+v", site.Witnesses)
	}
	if got := string(ann.do("GET", "/readyz", nil).body); got != "ready\n" {
		t.Errorf("readyz says %q", got)
	}
	witnessed := ann.receipt(first)

	away.Store(true)
	seen(choose(false), "L1")
	if got := string(ann.do("GET", "/readyz", nil).body); !strings.HasPrefix(got, "ready\n") || !strings.Contains(got, "w.example") {
		t.Errorf("readyz says %q", got)
	}
	doctor := doctorCmd{config: h.node.config}
	if k := doctor.ledgerCheckup(t.Context(), time.Now()); k.Level != "optional" || !strings.Contains(k.Detail, "witnessed by 0 of 1") || !strings.Contains(k.Fix, "w.example") {
		t.Errorf("the doctor says %+v", k)
	}
	names, _, err := h.node.ledger.Witnesses.Signed(witnessed[strings.Index(string(witnessed), "\n\n")+2:], h.node.ledger.Verifier)
	if err != nil || len(names) != 1 {
		t.Errorf("her receipt is witnessed by %+v, %v", names, err)
	}
	if _, err := verify.Run(verify.Log{Key: h.node.ledger.Verifier, Files: h.node.ledger.File, Receipts: [][]byte{witnessed}}); err != nil {
		t.Errorf("and kept: %v", err)
	}
}

// TestWitnessPolicy: a policy that cannot be read stops the server before it serves.
func TestWitnessPolicy(t *testing.T) {
	t.Parallel()
	bad := filepath.Join(t.TempDir(), "policy")
	if err := os.WriteFile(bad, []byte("quorum none\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{bad, bad + ".gone"} {
		c := config{place: place{Data: t.TempDir()}, Addr: "localhost:0", Witnesses: path}
		if err := c.check(); err == nil || !strings.Contains(err.Error(), "--witnesses") {
			t.Errorf("%s: %v", path, err)
		}
	}
}
