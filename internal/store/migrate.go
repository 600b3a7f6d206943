package store

import (
	"context"
	"embed"
	"io/fs"
	"strings"
	"testing/fstest"

	"github.com/pressly/goose/v3"
)

//go:embed migrations/*.sql
var migrations embed.FS

// migrate brings the schema forward; there is no way back. On PostgreSQL text compares
// by bytes (COLLATE "C"), as SQLite does, so that both order ids alike.
func (db *DB) migrate(ctx context.Context) error {
	dialect, files := goose.DialectSQLite3, fs.FS(migrations)
	if db.pg {
		dialect = goose.DialectPostgres
		var err error
		if files, err = collated(migrations); err != nil {
			return err
		}
	}
	sub, err := fs.Sub(files, "migrations")
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(dialect, db.w, sub)
	if err != nil {
		return err
	}
	_, err = p.Up(ctx)
	return err
}

func collated(in embed.FS) (fs.FS, error) {
	out := fstest.MapFS{}
	names, err := fs.Glob(in, "migrations/*.sql")
	if err != nil {
		return nil, err
	}
	for _, n := range names {
		b, err := in.ReadFile(n)
		if err != nil {
			return nil, err
		}
		out[n] = &fstest.MapFile{Data: []byte(strings.ReplaceAll(string(b), " TEXT ", ` TEXT COLLATE "C" `))}
	}
	return out, nil
}
