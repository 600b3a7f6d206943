// Package jobs runs the chain of stages: a step enqueued in the transaction that made it
// due is worked at least once, retried with back-off, and kept with its reason when it is
// dead.
//
// It stands apart so that the queue (River, in the same database) is known to nobody
// else: a stage is a function of an id. Workers must be idempotent; that is what the
// conditional UPDATEs of the store are for.
package jobs

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
	"github.com/riverqueue/river/rivertype"

	"loam"
)

// Worker works one step; ref is what the step is about. An error is retried; a panic is
// caught and counts as one.
type Worker struct {
	Work    func(ctx context.Context, ref string) error
	Dead    func(ctx context.Context, ref string) error // after the last attempt; may be nil
	Timeout time.Duration
}

// Periodic is work done at every interval, and once at start.
type Periodic struct {
	Name  string
	Every time.Duration
	Work  func(ctx context.Context) error
}

// Config is what a queue needs. Pool is the store's write pool; Listen, only with
// PostgreSQL, wakes workers at once instead of by polling.
type Config struct {
	Pool     *sql.DB
	Postgres bool
	Listen   *pgxpool.Pool
	Workers  map[string]Worker
	Periodic []Periodic
	Log      *slog.Logger
}

const (
	maxAttempts = 6
	concurrency = 4
)

// Queue is the running queue.
type Queue struct {
	client  *river.Client[*sql.Tx]
	workers map[string]Worker
	log     *slog.Logger
}

// args is every job: what kind of step, about what.
type args struct {
	Step string `json:"step" river:"unique"`
	Ref  string `json:"ref" river:"unique"`
}

// Kind implements river.JobArgs.
func (args) Kind() string { return "step" }

// Open migrates the queue's tables and readies the client; Start runs it.
func Open(ctx context.Context, c Config) (*Queue, error) {
	q := &Queue{workers: c.Workers, log: c.Log}
	driver := driverFor(c)
	migrator, err := rivermigrate.New(driver, &rivermigrate.Config{Logger: Quiet(c.Log)})
	if err != nil {
		return nil, fmt.Errorf("open jobs: %w", err)
	}
	if _, err := migrator.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return nil, fmt.Errorf("migrate jobs: %w", err)
	}
	workers := river.NewWorkers()
	river.AddWorker(workers, &stepWorker{q: q})
	tick := &tickWorker{work: map[string]func(context.Context) error{}}
	river.AddWorker(workers, tick)
	var periodic []*river.PeriodicJob
	for _, p := range c.Periodic {
		tick.work[p.Name] = p.Work
		name := p.Name
		periodic = append(periodic, river.NewPeriodicJob(river.PeriodicInterval(p.Every), func() (river.JobArgs, *river.InsertOpts) {
			return tickArgs{Name: name}, &river.InsertOpts{MaxAttempts: 1}
		}, &river.PeriodicJobOpts{RunOnStart: true}))
	}
	poll := 50 * time.Millisecond // SQLite cannot notify
	if c.Listen != nil {
		poll = time.Second
	}
	q.client, err = river.NewClient(driver, &river.Config{
		Queues:                      map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: concurrency}},
		Workers:                     workers,
		PeriodicJobs:                periodic,
		FetchCooldown:               10 * time.Millisecond,
		FetchPollInterval:           poll,
		JobTimeout:                  time.Minute,
		RescueStuckJobsAfter:        90 * time.Second,
		MaxAttempts:                 maxAttempts,
		RetryPolicy:                 backOff{},
		DiscardedJobRetentionPeriod: 90 * 24 * time.Hour,
		CompletedJobRetentionPeriod: time.Hour,
		Logger:                      Quiet(c.Log),
	})
	if err != nil {
		return nil, fmt.Errorf("open jobs: %w", err)
	}
	return q, nil
}

func driverFor(c Config) riverdriver.Driver[*sql.Tx] {
	switch {
	case !c.Postgres:
		return riversqlite.New(c.Pool)
	case c.Listen != nil:
		return riverdatabasesql.NewWithPgxListener(c.Pool, c.Listen)
	default:
		return riverdatabasesql.New(c.Pool)
	}
}

// Quiet keeps a library's notices below warnings out of the log: one canonical line a job is ours.
func Quiet(log *slog.Logger) *slog.Logger { return slog.New(warnOnly{log.Handler()}) }

type warnOnly struct{ slog.Handler }

func (w warnOnly) Enabled(ctx context.Context, l slog.Level) bool {
	return l >= slog.LevelWarn && w.Handler.Enabled(ctx, l)
}

// Start begins working jobs. Jobs a crash left running are freed first where this process
// owns the database alone (SQLite).
func (q *Queue) Start(ctx context.Context) error { return q.client.Start(ctx) }

// Stop waits for running jobs until ctx ends, then cancels them.
func (q *Queue) Stop(ctx context.Context) error {
	if err := q.client.Stop(ctx); err != nil {
		return q.client.StopAndCancel(context.WithoutCancel(ctx))
	}
	return nil
}

// Free makes jobs that a crash left running available at once. Only for a database this
// process owns alone; call it before Start.
func Free(ctx context.Context, pool *sql.DB) error {
	_, err := pool.ExecContext(ctx, `UPDATE river_job SET state = 'available' WHERE state = 'running'`)
	return err
}

// Enqueue inserts a step inside a transaction, to be worked at (ms since 1970) or at once.
func (q *Queue) Enqueue(ctx context.Context, tx *sql.Tx, step, ref string, at int64) error {
	if _, ok := q.workers[step]; !ok {
		return fmt.Errorf("enqueue: no worker for step %q", step)
	}
	opts := &river.InsertOpts{}
	if at > 0 {
		opts.ScheduledAt = time.UnixMilli(at)
	}
	_, err := q.client.InsertTx(ctx, tx, args{Step: step, Ref: ref}, opts)
	return err
}

type stepWorker struct {
	river.WorkerDefaults[args]
	q *Queue
}

// Timeout is the step's own limit.
func (w *stepWorker) Timeout(job *river.Job[args]) time.Duration {
	return w.q.workers[job.Args.Step].Timeout
}

// Work runs one attempt and, when the last one failed, tells the stage that its step is dead.
func (w *stepWorker) Work(ctx context.Context, job *river.Job[args]) (err error) {
	started := time.Now() //nolint:forbidigo // only for the log line
	worker, ok := w.q.workers[job.Args.Step]
	if !ok {
		return river.JobCancel(fmt.Errorf("no worker for step %q", job.Args.Step))
	}
	err = safely(func() error { return worker.Work(ctx, job.Args.Ref) })
	log := w.q.log.With("step", job.Args.Step, "ref", job.Args.Ref, "attempt", job.Attempt, "ms", time.Since(started).Milliseconds()) //nolint:forbidigo // as above
	if err == nil {
		log.InfoContext(ctx, "job")
		return nil
	}
	log.WarnContext(ctx, "job", "error", err)
	if job.Attempt < job.MaxAttempts && !hopeless(err) {
		return err
	}
	if worker.Dead != nil {
		if dead := worker.Dead(context.WithoutCancel(ctx), job.Args.Ref); dead != nil {
			return errors.Join(err, dead)
		}
	}
	if hopeless(err) {
		return river.JobCancel(err)
	}
	return err
}

// hopeless errors do not get better by trying again.
func hopeless(err error) bool {
	switch loam.KindOf(err) {
	case loam.Invalid, loam.NotFound, loam.Conflict, loam.Gone, loam.Denied, loam.TooLarge:
		return true
	default:
		return false
	}
}

func safely(f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return f()
}

type tickArgs struct {
	Name string `json:"name"`
}

// Kind implements river.JobArgs.
func (tickArgs) Kind() string { return "tick" }

type tickWorker struct {
	river.WorkerDefaults[tickArgs]
	work map[string]func(context.Context) error
}

// Work does one round of periodic work.
func (w *tickWorker) Work(ctx context.Context, job *river.Job[tickArgs]) error {
	if f, ok := w.work[job.Args.Name]; ok {
		return safely(func() error { return f(ctx) })
	}
	return nil
}

// backOff waits 1 s, 4 s, 16 s, 64 s, 256 s, each with a tenth of jitter.
type backOff struct{}

// NextRetry implements river.ClientRetryPolicy.
func (backOff) NextRetry(job *rivertype.JobRow) time.Time {
	wait := time.Second << (2 * min(len(job.Errors), 4))
	return time.Now().Add(wait + time.Duration(rand.Int64N(int64(wait)/10+1))) //nolint:forbidigo // the queue's own schedule
}

// DeadJobs lists steps that gave up, newest first, at most limit.
func (q *Queue) DeadJobs(ctx context.Context, limit int) ([]loam.DeadJob, error) {
	res, err := q.client.JobList(ctx, river.NewJobListParams().Kinds("step").
		States(rivertype.JobStateDiscarded, rivertype.JobStateCancelled).OrderBy(river.JobListOrderByID, river.SortOrderDesc).First(limit))
	if err != nil {
		return nil, err
	}
	out := []loam.DeadJob{}
	for _, j := range res.Jobs {
		d := loam.DeadJob{ID: j.ID, Tries: j.Attempt}
		var a args
		if err := unmarshal(j.EncodedArgs, &a); err != nil {
			return nil, err
		}
		d.Step, d.Ref = a.Step, a.Ref
		if n := len(j.Errors); n > 0 {
			d.Reason, d.At = j.Errors[n-1].Error, j.Errors[n-1].At.UnixMilli()
		}
		out = append(out, d)
	}
	return out, nil
}

// Waiting counts steps by state, for the operator's page.
func (q *Queue) Waiting(ctx context.Context) (map[string]int, error) {
	out := map[string]int{}
	for _, s := range []rivertype.JobState{rivertype.JobStateAvailable, rivertype.JobStateRunning, rivertype.JobStateRetryable, rivertype.JobStateScheduled} {
		res, err := q.client.JobList(ctx, river.NewJobListParams().Kinds("step").States(s).First(1000))
		if err != nil {
			return nil, err
		}
		out[string(s)] = len(res.Jobs)
	}
	return out, nil
}

// Retry works a dead step again at once.
func (q *Queue) Retry(ctx context.Context, id int64) (loam.DeadJob, error) {
	j, err := q.client.JobRetry(ctx, id)
	if errors.Is(err, rivertype.ErrNotFound) {
		return loam.DeadJob{}, loam.Fail(loam.NotFound, "job.not_found")
	}
	if err != nil {
		return loam.DeadJob{}, err
	}
	var a args
	if err := unmarshal(j.EncodedArgs, &a); err != nil {
		return loam.DeadJob{}, err
	}
	return loam.DeadJob{ID: j.ID, Step: a.Step, Ref: a.Ref, Tries: j.Attempt}, nil
}

func unmarshal(b []byte, v any) error {
	if err := json.Unmarshal(b, v); err != nil {
		return fmt.Errorf("read job: %w", err)
	}
	return nil
}
