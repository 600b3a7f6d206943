package main

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/sync/errgroup"

	"loam"
	"loam/internal/rights"
	"loam/internal/store"
)

// BenchmarkSignedGrants signs grants of 64 creators for 512 works with ES256 beforehand, and times
// the server's part: every signature verified, every act written as SignActs writes it, in
// transactions of one act and of 256, with its permits; then all of them through the appender until
// their places are in the database and a checkpoint on the disk covers them.
func BenchmarkSignedGrants(b *testing.B) {
	const people, works = 64, 8
	for _, c := range []struct{ batch, rounds int }{{1, 2}, {256, 16}} {
		b.Run(fmt.Sprintf("%d-a-transaction", c.batch), func(b *testing.B) {
			for b.Loop() {
				dir := b.TempDir()
				db, err := store.Open(b.Context(), store.Config{Dir: dir, Clock: time.Now})
				if err != nil {
					b.Fatal(err)
				}
				db.SetEnqueue(func(context.Context, *sql.Tx, store.Job) error { return nil }) // no stage runs here
				party, err := rights.NewParty("http://localhost")
				if err != nil {
					b.Fatal(err)
				}
				var acts []asked
				for i := range people {
					acts = append(acts, asking(b, db, party, i, works, c.rounds)...)
				}
				begun := time.Now()
				writeSigned(b, db, party, acts, c.batch)
				b.ReportMetric(float64(len(acts))/time.Since(begun).Seconds(), "signed/s")
				begun = time.Now()
				n := appendAll(b, db, dir)
				b.ReportMetric(float64(n)/time.Since(begun).Seconds(), "appended/s")
				if err := db.Close(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// asked is a prepared act with what its creator's browser answered.
type asked struct {
	act    loam.PreparedAct
	cose   []byte
	answer rights.Assertion
}

// asking makes a creator with a passkey and works, and her answers for them.
func asking(b *testing.B, db *store.DB, party rights.Party, i, works, rounds int) (out []asked) {
	b.Helper()
	ctx := b.Context()
	a, err := db.CreateAccount(ctx, loam.Account{Handle: fmt.Sprintf("ann%d", i), Name: "ann", Roles: []loam.Role{loam.Creator}}, passwordHash)
	if err != nil {
		b.Fatal(err)
	}
	key := newPasskey(b, party.Origin, false)
	if _, _, err := db.AddPasskey(ctx, a.ID, loam.NewPasskey{Name: "a", Credential: key.id, COSE: key.cose}); err != nil {
		b.Fatal(err)
	}
	for w := range works {
		work := shown(b, db, a.ID, fmt.Sprint(w))
		for round := range rounds {
			act, err := db.PrepareChoice(ctx, a.ID, work, loam.UseChoice{Uses: []loam.Use{loam.Uses()[round%len(loam.Uses())]}, Allowed: true})
			if err != nil {
				b.Fatal(err)
			}
			challenge, err := rights.Challenge(act)
			if err != nil {
				b.Fatal(err)
			}
			out = append(out, asked{*act, key.cose, key.assert(challenge)})
		}
	}
	return out
}

// shown is a work of an account that readers see.
func shown(b *testing.B, db *store.DB, owner, key string) (work string) {
	b.Helper()
	ctx := b.Context()
	work, err := db.CreateWork(ctx, owner, key, loam.Draft{Kind: loam.KindDaily, Idea: "湖边"})
	if err != nil {
		b.Fatal(err)
	}
	v, err := db.Submit(ctx, loam.Submission{Owner: owner, Revision: 1, Content: loam.Content{
		Work: work, Kind: loam.KindDaily, Title: "湖边", Body: work, TextAI: loam.NotAI, Audience: loam.Public,
	}})
	if err == nil {
		err = db.PutVerdict(ctx, v.ID, loam.Verdict{Action: loam.Allow}, loam.Traits{})
	}
	if err == nil {
		err = db.PutLabels(ctx, v.ID, nil, "hash", nil)
	}
	if err == nil {
		_, err = db.Confirm(ctx, owner, v.ID, "hash")
	}
	if err != nil {
		b.Fatal(err)
	}
	return work
}

// writeSigned verifies one batch while the one before is written.
func writeSigned(b *testing.B, db *store.DB, party rights.Party, acts []asked, batch int) {
	b.Helper()
	verified := make(chan []loam.SignedAct, 2)
	g, ctx := errgroup.WithContext(b.Context())
	g.Go(func() error {
		defer close(verified)
		for ; len(acts) > 0; acts = acts[min(batch, len(acts)):] {
			var out []loam.SignedAct
			for _, a := range acts[:min(batch, len(acts))] {
				signed, err := party.Sign(a.act, a.cose, a.answer)
				if err != nil {
					return err
				}
				out = append(out, signed)
			}
			select {
			case verified <- out:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	})
	g.Go(func() error {
		for some := range verified {
			if err := db.SignActs(ctx, some); err != nil {
				return err
			}
		}
		return nil
	})
	if err := g.Wait(); err != nil {
		b.Fatal(err)
	}
}

// appendAll puts every leaf that waits into a log of its own, and gives how many were signed.
func appendAll(b *testing.B, db *store.DB, dir string) int {
	b.Helper()
	secret, vkey, err := note.GenerateKey(rand.Reader, "loam/bench")
	if err != nil {
		b.Fatal(err)
	}
	signer, err := note.NewSigner(secret)
	if err != nil {
		b.Fatal(err)
	}
	key, err := note.NewVerifier(vkey)
	if err != nil {
		b.Fatal(err)
	}
	a, err := rights.Append(dir+"/"+ledgerFolder, signer, key, db, nil, slog.New(slog.DiscardHandler))
	if err != nil {
		b.Fatal(err)
	}
	if _, err := a.Drain(b.Context()); err != nil {
		b.Fatal(err)
	}
	if err := a.Close(b.Context()); err != nil {
		b.Fatal(err)
	}
	log := rights.Log{Dir: dir + "/" + ledgerFolder, Verifier: key}
	size, err := log.Size()
	if err != nil {
		b.Fatal(err)
	}
	bundles, err := db.PlacedBundles(b.Context(), "", 1<<20)
	if err != nil || len(bundles) == 0 || size < int64(len(bundles)) {
		b.Fatalf("%d leaves, %d signed, %v", size, len(bundles), err)
	}
	return len(bundles)
}
