// Package store keeps every noun of Loam in SQL, and bytes in files by their hash.
//
// It stands apart so that transactions have one owner: a stage calls one method with its
// result, and the method writes the record, moves the state by a conditional UPDATE,
// writes the event and hands the next step to the job queue, all in one transaction or
// not at all. Inside a transaction there is no network, file, decoding or second call.
//
// One text per query serves SQLite and PostgreSQL: `?` is rebound, types are TEXT and
// BIGINT. SQLite has one write connection and a pool of readers; PostgreSQL runs
// SERIALIZABLE and repeats a transaction up to three times when it lost a race.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	_ "github.com/jackc/pgx/v5/stdlib" // the pgx driver for database/sql
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"loam"
)

// Job is the next step of the line, enqueued in the transaction that makes it due.
type Job struct {
	Kind string // one of the kinds below
	Ref  string // the id the job is about
	At   int64  // not before; 0 for at once
}

// The kinds of Job.
const (
	JobScreen = "screen" // Ref: version
	JobLabel  = "label"  // Ref: version
	JobDecide = "decide" // Ref: decision
	JobGoOut  = "go_out" // Ref: a scheduled version
)

// Enqueue inserts a job inside a transaction: it exists only if the data does.
type Enqueue func(ctx context.Context, tx *sql.Tx, job Job) error

// Config says where the data is. Either URL (postgres://…) or Dir (a folder that exists,
// for SQLite) is set.
type Config struct {
	URL   string
	Dir   string
	Clock loam.Clock
}

// DB is the database. Its methods are safe for concurrent use.
type DB struct {
	w, r    *sql.DB
	pg      bool
	clock   loam.Clock
	enqueue Enqueue
	rules   loam.NoticeRules
	again   chan struct{} // whose transaction lost a race runs it again alone
}

// Open connects and migrates. The caller sets the job queue with SetEnqueue before any
// method that enqueues.
func Open(ctx context.Context, c Config) (*DB, error) {
	db := &DB{clock: c.Clock, pg: c.URL != "", rules: loam.DefaultNoticeRules(), again: make(chan struct{}, 1)}
	var err error
	if db.pg {
		err = db.openPostgres(c.URL)
	} else {
		err = db.openSQLite(filepath.Join(c.Dir, "loam.db"))
	}
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	if err := db.migrate(ctx); err != nil {
		return nil, fmt.Errorf("migrate database: %w", errors.Join(err, db.Close()))
	}
	return db, nil
}

func (db *DB) openPostgres(u string) error {
	pool, err := sql.Open("pgx", u)
	if err != nil {
		return err
	}
	pool.SetMaxOpenConns(16)
	pool.SetMaxIdleConns(16)
	pool.SetConnMaxLifetime(time.Hour)
	db.w, db.r = pool, pool
	return nil
}

// openSQLite opens one write connection, whose transactions begin IMMEDIATE and are on
// disk when they return (synchronous=FULL), and a pool of read connections. What is deleted is
// overwritten (secure_delete): numbers of a face or voice are longer than a page, and FAST would
// leave those pages as they were. It costs a write-heavy database less than runs differ.
func (db *DB) openSQLite(path string) error {
	pragmas := url.Values{"_pragma": {"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)", "secure_delete(ON)", "temp_store(MEMORY)"}, "_txlock": {"immediate"}}
	w, err := sql.Open("sqlite", "file:"+path+"?"+pragmas.Encode())
	if err != nil {
		return err
	}
	w.SetMaxOpenConns(1)
	w.SetMaxIdleConns(1)
	w.SetConnMaxLifetime(0)
	if err := w.Ping(); err != nil { // makes the file before a reader looks for it
		return errors.Join(err, w.Close())
	}
	reads := url.Values{"_pragma": {"busy_timeout(10000)", "query_only(1)", "temp_store(MEMORY)"}}
	r, err := sql.Open("sqlite", "file:"+path+"?"+reads.Encode())
	if err != nil {
		return errors.Join(err, w.Close())
	}
	r.SetMaxOpenConns(4)
	r.SetMaxIdleConns(4)
	db.w, db.r = w, r
	return nil
}

// SetEnqueue joins the job queue.
func (db *DB) SetEnqueue(e Enqueue) { db.enqueue = e }

// Pool is the write pool, for the job queue that shares the database.
func (db *DB) Pool() *sql.DB { return db.w }

// Postgres reports whether the database is PostgreSQL.
func (db *DB) Postgres() bool { return db.pg }

// Ping reports whether the database answers.
func (db *DB) Ping(ctx context.Context) error { return db.r.PingContext(ctx) }

// Close closes both pools.
func (db *DB) Close() error {
	if db.r == db.w {
		return db.w.Close()
	}
	return errors.Join(db.r.Close(), db.w.Close())
}

// querier is a transaction or pool that rebinds `?`.
type querier struct {
	q interface {
		ExecContext(context.Context, string, ...any) (sql.Result, error)
		QueryContext(context.Context, string, ...any) (*sql.Rows, error)
		QueryRowContext(context.Context, string, ...any) *sql.Row
	}
	pg bool
}

// tx is a running write transaction; now is its one moment.
type tx struct {
	querier
	raw *sql.Tx
	now int64
	db  *DB
}

func (q querier) exec(ctx context.Context, query string, args ...any) (int64, error) {
	res, err := q.q.ExecContext(ctx, q.bind(query), plain(args)...)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

func (q querier) row(ctx context.Context, query string, args ...any) *sql.Row {
	return q.q.QueryRowContext(ctx, q.bind(query), plain(args)...)
}

func (q querier) bind(query string) string {
	if q.pg {
		return rebind(query)
	}
	return query
}

// rebind turns `?` into $1, $2 …; no query text holds a literal question mark.
func rebind(query string) string {
	var b strings.Builder
	b.Grow(len(query) + 16)
	n := 0
	for i := 0; i < len(query); i++ {
		if query[i] != '?' {
			b.WriteByte(query[i])
			continue
		}
		n++
		b.WriteByte('$')
		b.WriteString(strconv.Itoa(n))
	}
	return b.String()
}

// plain turns truth values into 0 and 1 and named strings into string, which both drivers take.
func plain(args []any) []any {
	for i, a := range args {
		switch a := a.(type) {
		case bool:
			if a {
				args[i] = int64(1)
			} else {
				args[i] = int64(0)
			}
		case loam.State:
			args[i] = string(a)
		case loam.Action:
			args[i] = string(a)
		}
	}
	return args
}

// all reads every row of a query with scan.
func all[T any](ctx context.Context, q querier, scan func(scanner) (T, error), query string, args ...any) ([]T, error) {
	rows, err := q.q.QueryContext(ctx, q.bind(query), plain(args)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := []T{}
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, rows.Err()
}

type scanner interface{ Scan(dest ...any) error }

func (db *DB) read() querier { return querier{db.r, db.pg} }

// mostAgain is how often a transaction that lost a race is run again.
const mostAgain = 10

// write runs f in one transaction. On PostgreSQL a transaction that lost a race
// (SQLSTATE 40001, 40P01) is run again, one after the other, each after a pause of its own
// length: those that met once would meet again. One that lost every time is Unavailable. f must
// not keep state.
func (db *DB) write(ctx context.Context, f func(*tx) error) error {
	err := db.once(ctx, f)
	if !lostRace(err) {
		return err
	}
	select {
	case db.again <- struct{}{}:
		defer func() { <-db.again }()
	case <-ctx.Done():
		return ctx.Err()
	}
	for attempt := 1; attempt <= mostAgain; attempt++ {
		if err = db.once(ctx, f); !lostRace(err) {
			return err
		}
		select {
		case <-time.After(rand.N(time.Duration(attempt*attempt) * time.Millisecond)):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return loam.Fail(loam.Unavailable, "database.unavailable").Because(err)
}

func (db *DB) once(ctx context.Context, f func(*tx) error) (err error) {
	var opts *sql.TxOptions
	if db.pg {
		opts = &sql.TxOptions{Isolation: sql.LevelSerializable}
	}
	raw, err := db.w.BeginTx(ctx, opts)
	if err != nil {
		return loam.Fail(loam.Unavailable, "database.unavailable").Because(err)
	}
	defer func() {
		if err != nil {
			_ = raw.Rollback() // the first error says more
		}
	}()
	t := &tx{querier: querier{raw, db.pg}, raw: raw, now: db.clock.Now(), db: db}
	if err := t.mayAct(ctx); err != nil {
		return err
	}
	if err := f(t); err != nil {
		return err
	}
	return raw.Commit()
}

// mayAct refuses who acts (loam.Acting) once her account is disabled or erased: SignedOut,
// "session.needed". On PostgreSQL what one account writes waits for what else it writes, and so does what
// disables it, so that nothing of hers is written afterwards.
func (t *tx) mayAct(ctx context.Context) error {
	who := loam.Actor(ctx)
	if who == "" {
		return nil
	}
	query := `SELECT disabled FROM accounts WHERE id = ?`
	if t.pg {
		query += ` FOR NO KEY UPDATE`
	}
	var disabled bool
	err := t.row(ctx, query, who).Scan(&disabled)
	if err == nil && disabled || errors.Is(err, sql.ErrNoRows) {
		return loam.Fail(loam.SignedOut, "session.needed")
	}
	return err
}

func lostRace(err error) bool {
	pg, ok := errors.AsType[*pgconn.PgError](err)
	return ok && (pg.Code == "40001" || pg.Code == "40P01")
}

// duplicate reports whether err is a violated uniqueness constraint.
func duplicate(err error) bool {
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		return pg.Code == "23505"
	}
	if lite, ok := errors.AsType[*sqlite.Error](err); ok {
		return lite.Code() == sqlite3.SQLITE_CONSTRAINT_UNIQUE || lite.Code() == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY
	}
	return false
}

// refersToNothing reports whether err is a row that names one that is not there.
func refersToNothing(err error) bool {
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		return pg.Code == "23503"
	}
	lite, ok := errors.AsType[*sqlite.Error](err)
	return ok && lite.Code() == sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY
}

// missing turns sql.ErrNoRows into NotFound with the code.
func missing(err error, code string) error {
	if errors.Is(err, sql.ErrNoRows) {
		return loam.Fail(loam.NotFound, code)
	}
	return err
}

// id makes an id of the transaction's moment.
func (t *tx) id() string { return loam.NewID(time.UnixMilli(t.now)) }

// job hands the next step to the queue inside this transaction.
func (t *tx) job(ctx context.Context, kind, ref string, at int64) error {
	return t.db.enqueue(ctx, t.raw, Job{Kind: kind, Ref: ref, At: at})
}

// event tells an audience (an account, or "staff") that ref changed, without its content.
func (t *tx) event(ctx context.Context, audience, topic, ref string) error {
	_, err := t.exec(ctx, `INSERT INTO events (id, audience, topic, ref, at) VALUES (?, ?, ?, ?, ?)`,
		t.id(), audience, topic, ref, t.now)
	return err
}
