package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Schema says how far a database is and how far this build brings it; At is 0 where
// nothing was migrated yet.
type Schema struct{ At, Build int64 }

// Probe connects and reads the schema's version. It makes no file, migrates nothing and
// writes nothing, so it may look at the database of a running server.
func Probe(ctx context.Context, c Config) (s Schema, err error) {
	if s.Build, err = newest(); err != nil {
		return s, err
	}
	pool, err := glance(c)
	if err != nil || pool == nil {
		return s, err
	}
	defer func() { err = errors.Join(err, pool.Close()) }()
	find := `SELECT count(*) FROM sqlite_master WHERE name = 'goose_db_version'`
	if c.URL != "" {
		find = `SELECT count(*) FROM pg_catalog.pg_class WHERE oid = to_regclass('goose_db_version')`
	}
	var tables int
	if err := pool.QueryRowContext(ctx, find).Scan(&tables); err != nil || tables == 0 {
		return s, err
	}
	err = pool.QueryRowContext(ctx, `SELECT coalesce(max(version_id), 0) FROM goose_db_version WHERE is_applied`).Scan(&s.At)
	if err == nil && s.At > s.Build {
		err = fmt.Errorf("its schema %d is of a newer loam; this one knows %d", s.At, s.Build)
	}
	return s, err
}

// LedgerState is what a database says of the rights ledger.
type LedgerState struct {
	Key     string // verifies its checkpoints, "" before the first start
	Waiting int64  // leaves that are not in the log yet
	Logged  int64  // leaves that are
}

// ProbeLedger reads it in the way of Probe; all is zero where nothing is there yet.
func ProbeLedger(ctx context.Context, c Config) (s LedgerState, err error) {
	schema, err := Probe(ctx, c)
	if err != nil || schema.At < schema.Build {
		return s, err
	}
	pool, err := glance(c)
	if err != nil || pool == nil {
		return s, err
	}
	defer func() { err = errors.Join(err, pool.Close()) }()
	err = pool.QueryRowContext(ctx, `SELECT coalesce((SELECT value FROM settings WHERE name = 'installation.key'), ''),
		(SELECT count(*) FROM leaves WHERE place < 0), (SELECT count(*) FROM leaves WHERE place >= 0)`).Scan(&s.Key, &s.Waiting, &s.Logged)
	return s, err
}

// ProbeBiometrics counts the files of which a face or voice is kept, in the way of Probe.
func ProbeBiometrics(ctx context.Context, c Config) (faces, voices int64, err error) {
	schema, err := Probe(ctx, c)
	if err != nil || schema.At < schema.Build {
		return 0, 0, err
	}
	pool, err := glance(c)
	if err != nil || pool == nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, pool.Close()) }()
	err = pool.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM proofs WHERE biometric LIKE '{"kind":"face"%'),
		(SELECT count(*) FROM proofs WHERE biometric LIKE '{"kind":"voice"%')`).Scan(&faces, &voices)
	return faces, voices, err
}

// glance opens a database for reading only; nil where SQLite has no file yet.
func glance(c Config) (*sql.DB, error) {
	if c.URL != "" {
		return sql.Open("pgx", c.URL)
	}
	path := filepath.Join(c.Dir, "loam.db")
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil, nil //nolint:nilnil // no file is no fault
	}
	how := url.Values{"mode": {"ro"}, "_pragma": {"busy_timeout(2000)", "query_only(1)"}}
	if _, err := os.Stat(path + "-wal"); errors.Is(err, fs.ErrNotExist) {
		how.Set("immutable", "1") // nobody has it open; else reading would make that file
	}
	return sql.Open("sqlite", "file:"+path+"?"+how.Encode())
}

// newest is the version of this build's last migration.
func newest() (int64, error) {
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil || len(names) == 0 {
		return 0, errors.Join(err, errors.New("no migrations"))
	}
	number, _, _ := strings.Cut(filepath.Base(names[len(names)-1]), "_")
	return strconv.ParseInt(number, 10, 64)
}
