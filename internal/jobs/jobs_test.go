package jobs

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	_ "modernc.org/sqlite" // the driver of the tests' database

	"loam"
)

func openQueue(t *testing.T, workers map[string]Worker) (*Queue, *sql.DB) {
	t.Helper()
	pool, err := sql.Open("sqlite", "file:"+filepath.Join(t.TempDir(), "jobs.db")+"?_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_txlock=immediate")
	if err != nil {
		t.Fatal(err)
	}
	pool.SetMaxOpenConns(1)
	q, err := Open(t.Context(), Config{Pool: pool, Workers: workers, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	if err := q.Start(context.WithoutCancel(t.Context())); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := q.Stop(context.Background()); err != nil {
			t.Error(err)
		}
		if err := pool.Close(); err != nil {
			t.Error(err)
		}
	})
	return q, pool
}

// enqueue inserts a step in a transaction of its own, and commits it or not.
func enqueue(t *testing.T, q *Queue, pool *sql.DB, step, ref string, commit bool) {
	t.Helper()
	tx, err := pool.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := q.Enqueue(t.Context(), tx, step, ref, 0); err != nil {
		t.Fatal(err)
	}
	if commit {
		err = tx.Commit()
	} else {
		err = tx.Rollback()
	}
	if err != nil {
		t.Fatal(err)
	}
}

func wait(t *testing.T, what string, ready <-chan string) string {
	t.Helper()
	select {
	case v := <-ready:
		return v
	case <-time.After(30 * time.Second):
		t.Fatal("waited in vain for " + what)
		return ""
	}
}

// TestOnlyIfCommitted: a step exists only if the data does.
func TestOnlyIfCommitted(t *testing.T) {
	t.Parallel()
	done := make(chan string, 10)
	q, pool := openQueue(t, map[string]Worker{"screen": {Timeout: time.Second, Work: func(_ context.Context, ref string) error {
		done <- ref
		return nil
	}}})
	enqueue(t, q, pool, "screen", "lost", false)
	enqueue(t, q, pool, "screen", "kept", true)
	if got := wait(t, "the step", done); got != "kept" {
		t.Errorf("worked %q", got)
	}
}

// TestRetryThenDead: an error that may pass is tried again; one that cannot is dead at once,
// told to its stage, kept with its reason, and can be worked again by hand.
func TestRetryThenDead(t *testing.T) {
	t.Parallel()
	done, dead := make(chan string, 10), make(chan string, 10)
	var tries atomic.Int32
	q, pool := openQueue(t, map[string]Worker{
		"screen": {Timeout: time.Second, Work: func(context.Context, string) error {
			if tries.Add(1) == 1 {
				return errors.New("the disk is busy")
			}
			done <- "again"
			return nil
		}},
		"label": {
			Timeout: time.Second,
			Work: func(context.Context, string) error {
				if tries.Load() < 100 {
					return loam.Fail(loam.Invalid, "label.state", "x")
				}
				done <- "by hand"
				return nil
			},
			Dead: func(_ context.Context, ref string) error {
				dead <- ref
				return nil
			},
		},
	})
	enqueue(t, q, pool, "screen", "v1", true)
	wait(t, "the second try", done)
	enqueue(t, q, pool, "label", "v2", true)
	if ref := wait(t, "the end", dead); ref != "v2" {
		t.Errorf("dead: %q", ref)
	}
	var list []loam.DeadJob
	for end := time.Now().Add(20 * time.Second); len(list) == 0 && time.Now().Before(end); {
		var err error
		if list, err = q.DeadJobs(t.Context(), 10); err != nil {
			t.Fatal(err)
		}
	}
	if len(list) != 1 || list[0].Ref != "v2" || list[0].Step != "label" || list[0].Reason == "" {
		t.Fatalf("dead jobs: %+v", list)
	}
	tries.Store(100)
	if _, err := q.Retry(t.Context(), list[0].ID); err != nil {
		t.Fatal(err)
	}
	wait(t, "the try by hand", done)
	if _, err := q.Retry(t.Context(), 1<<40); loam.KindOf(err) != loam.NotFound {
		t.Errorf("retry of nothing: %v", err)
	}
}

// TestPanicIsAnError: a panic counts as a failed try and stops nobody else.
func TestPanicIsAnError(t *testing.T) {
	t.Parallel()
	done := make(chan string, 10)
	var tries atomic.Int32
	q, pool := openQueue(t, map[string]Worker{"screen": {Timeout: time.Second, Work: func(_ context.Context, ref string) error {
		if tries.Add(1) == 1 {
			panic("a broken detector")
		}
		done <- ref
		return nil
	}}})
	enqueue(t, q, pool, "screen", "v", true)
	wait(t, "the try after the panic", done)
}
