package main

import (
	"context"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/mod/sumdb/note"

	"loam"
	"loam/internal/jobs"
	"loam/internal/outbound"
	"loam/internal/rights"
)

const (
	// ledgerPause is between two looks into the outbox; with the checkpoint's interval it is how
	// long a leaf waits for its receipt.
	ledgerPause = 50 * time.Millisecond
	ledgerLease = "ledger"
	// leaseTime is how long nobody else appends after a node's last word, and leaseRenew how often
	// it says it.
	leaseTime  = 15 * time.Second
	leaseRenew = 5 * time.Second
)

// ledgerFolder is the log's folder in the data folder.
const ledgerFolder = "ledger"

// ledgerDir is where an installation's log lies.
func (n *node) ledgerDir() string { return filepath.Join(n.config.Data, ledgerFolder) }

// openLedger is the log as everybody reads it, nil where nothing can be signed.
func (n *node) openLedger() (*rights.Log, error) {
	if n.signer == nil {
		return nil, nil
	}
	v, err := note.NewVerifier(n.signer.key)
	if err != nil {
		return nil, err
	}
	w, err := n.config.witnesses()
	if w != nil {
		w.Transport, w.Clock = outbound.Operator().Transport, n.clock
	}
	return &rights.Log{Dir: n.ledgerDir(), Verifier: v, Witnesses: w}, err
}

// witnesses are who cosigns the ledger's checkpoints, nil for nobody.
func (c *config) witnesses() (*rights.Witnesses, error) {
	if c.Witnesses == "" {
		return nil, nil
	}
	policy, err := os.ReadFile(c.Witnesses)
	if err != nil {
		return nil, err
	}
	return rights.ParseWitnesses(policy)
}

// keepLedger appends what acts wrote, as long as this node may: on PostgreSQL one of several
// does, by a lease; with SQLite the lock on the data folder is enough, and a start after a crash
// does not wait for the lease of before.
func (n *node) keepLedger(ctx context.Context) {
	holder := loam.NewSecret()
	for ctx.Err() == nil {
		if n.mayAppend(ctx, holder) {
			if err := n.appendLeaves(ctx, holder); err != nil && ctx.Err() == nil {
				n.log.WarnContext(ctx, "rights ledger", "error", err)
			}
		}
		pause(ctx, leaseRenew)
	}
	if n.db.Postgres() { // the next node need not wait
		if _, err := n.db.Hold(context.WithoutCancel(ctx), ledgerLease, holder, 0); err != nil {
			n.log.WarnContext(ctx, "rights ledger", "error", err)
		}
	}
}

func (n *node) mayAppend(ctx context.Context, holder string) bool {
	if !n.db.Postgres() {
		return true
	}
	held, err := n.db.Hold(ctx, ledgerLease, holder, leaseTime.Milliseconds())
	if err != nil && ctx.Err() == nil {
		n.log.WarnContext(ctx, "rights ledger", "error", err)
	}
	return err == nil && held
}

// appendLeaves appends until the lease is lost or something fails.
func (n *node) appendLeaves(ctx context.Context, holder string) error {
	if err := n.logThere(ctx); err != nil {
		return err
	}
	a, err := rights.Append(n.ledgerDir(), n.signer, n.ledger.Verifier, n.db, n.ledger.Witnesses, jobs.Quiet(n.log))
	if err != nil {
		return err
	}
	defer func() {
		end, cancel := context.WithTimeout(context.WithoutCancel(ctx), leaseTime)
		defer cancel()
		if err := a.Close(end); err != nil {
			n.log.WarnContext(ctx, "rights ledger", "error", err)
		}
	}()
	again, found, err := a.Settle(ctx)
	if err != nil {
		return err
	}
	if again+found > 0 {
		n.log.WarnContext(ctx, "rights ledger and database brought together", "appended_again", again, "found", found)
	}
	for renewed := time.Now(); ctx.Err() == nil; pause(ctx, ledgerPause) {
		if time.Since(renewed) > leaseRenew {
			if !n.mayAppend(ctx, holder) {
				return nil
			}
			renewed = time.Now()
		}
		if _, err := a.Drain(ctx); err != nil {
			return err
		}
	}
	return nil
}

// logThere refuses to begin a log anew where there was one: a folder that is not mounted would
// otherwise become a second log under the same name, against which every receipt is a proof.
func (n *node) logThere(ctx context.Context) error {
	_, err := n.ledger.File("checkpoint")
	if loam.KindOf(err) != loam.NotFound {
		return err
	}
	placed, err := n.db.LeavesPlaced(ctx)
	if err == nil && placed > 0 {
		err = loam.Fail(loam.Unavailable, "ledger.gone", n.ledgerDir())
	}
	return err
}

// pause waits, or less if the context ends.
func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}
