package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"loam"
	"loam/internal/audit"
	"loam/internal/ledger"
	"loam/internal/merkle"
	"loam/internal/verify"
)

// chooser is a creator as she knows it: the leaves that were acknowledged, in their order, and
// the receipts she was given.
type chooser struct {
	*client
	work     string
	leaves   []string
	receipts [][]byte
}

// TestKillLedger makes choices while the server is killed again and again: what was acknowledged
// is in the log afterwards, each account's in its order and once, the log verifies, and so does
// every receipt that was given.
func TestKillLedger(t *testing.T) {
	t.Parallel()
	kills := 10
	if os.Getenv("LOAM_TEST_SOAK") != "" {
		kills = 1000
	}
	dir := t.TempDir()
	h := &house{t: t}
	people := make([]*chooser, 3)
	random := rand.New(rand.NewPCG(6, 1))
	var key string
	for round := range kills + 1 {
		server := startChild(t, "--data", dir)
		h.url = server.url
		if round == 0 {
			for i := range people {
				people[i] = &chooser{client: h.visitor()}
				people[i].must("POST", "/api/accounts", map[string]string{"handle": fmt.Sprintf("person%d", i), "name": "人", "password": password}, nil)
				people[i].work = people[i].publish(words(fmt.Sprint("ledger", i)), nil).Version.Work
			}
			key = verifierKey(t, people[0].client)
		}
		if round == kills {
			for _, p := range people {
				p.receipts = append(p.receipts, p.receipt(p.leaves[len(p.leaves)-1]))
			}
			if err := server.stop(); err != nil {
				t.Errorf("a graceful stop: %v", err)
			}
			break
		}
		var wg sync.WaitGroup
		for _, p := range people {
			wg.Go(p.chooseUntilDead)
		}
		pause(t.Context(), time.Duration(30+random.IntN(500))*time.Millisecond)
		server.kill()
		wg.Wait()
	}
	everythingLogged(t, filepath.Join(dir, ledgerFolder), key, people)
}

// chooseUntilDead answers for her work and for all of them in turn, and asks for receipts on the
// way, until the server is gone.
func (c *chooser) chooseUntilDead() {
	uses := loam.Uses()
	for i := len(c.leaves); ; i++ {
		works := []string{c.work}
		if i%3 == 0 {
			works = []string{}
		}
		var got []string
		if c.ask("PUT", "/api/rights", map[string]any{"works": works, "uses": []loam.Use{uses[i%len(uses)]}, "allowed": i%2 == 0}, &got) != nil {
			return
		}
		c.leaves = append(c.leaves, got...)
		if i%4 > 0 {
			continue
		}
		a, err := c.send("GET", "/api/rights/receipts/"+c.leaves[max(0, len(c.leaves)-20)], nil)
		if err != nil {
			return
		}
		if a.status == 200 {
			c.receipts = append(c.receipts, a.body)
		}
	}
}

func everythingLogged(t *testing.T, dir, vkey string, people []*chooser) {
	t.Helper()
	key, err := note.NewVerifier(vkey)
	if err != nil {
		t.Fatal(err)
	}
	files, err := audit.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	text, err := files("checkpoint")
	if err != nil {
		t.Fatal(err)
	}
	head, err := merkle.OpenCheckpoint(text, key)
	if err != nil {
		t.Fatal(err)
	}
	at := map[string]int64{}
	if _, err := files.Walk(head.Tree.N, func(index int64, entry []byte, _ func() merkle.Hash) error {
		l, err := ledger.Decode(entry)
		if first, twice := at[l.ID.String()]; twice {
			t.Errorf("leaf %s stands at %d and at %d", l.ID, first, index)
		}
		at[l.ID.String()] = index
		return err
	}); err != nil {
		t.Fatal(err)
	}
	log := verify.Log{Files: files, Key: key}
	leaves := 0
	for _, p := range people {
		last := int64(-1)
		for _, leaf := range p.leaves {
			place, found := at[leaf]
			if !found || place <= last {
				t.Errorf("acknowledged leaf %s: in the log %t, at %d after %d", leaf, found, place, last)
			}
			last = place
		}
		leaves += len(p.leaves)
		log.Receipts = append(log.Receipts, p.receipts...)
	}
	report, err := verify.Run(log)
	if err != nil || report.Receipts != len(log.Receipts) || leaves == 0 || len(log.Receipts) <= len(people) {
		t.Errorf("%d leaves and %d receipts: %+v, %v", leaves, len(log.Receipts), report, err)
	}
	t.Logf("%d leaves acknowledged, %d in the log, %d receipts", leaves, report.Size, report.Receipts)
}

// verifierKey is the key an installation shows to everybody.
func verifierKey(t *testing.T, c *client) string {
	t.Helper()
	var site struct{ Key string }
	c.must("GET", "/api/site", nil, &site)
	return site.Key
}
