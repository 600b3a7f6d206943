package store

import (
	"context"
	"database/sql"
)

// prepared is a transaction that has each query text prepared once, for work that says the same a
// few hundred times: with SQLite a third of such work is preparing.
type prepared struct {
	*sql.Tx
	statements map[string]*sql.Stmt
}

// repeated is the transaction for work of n alike parts.
func (t *tx) repeated(n int) *tx {
	if n == 1 {
		return t
	}
	again := *t
	again.q = prepared{t.raw, map[string]*sql.Stmt{}}
	return &again
}

// statement prepares a query; it is closed with the transaction.
func (p prepared) statement(ctx context.Context, query string) (*sql.Stmt, error) {
	if s, ok := p.statements[query]; ok {
		return s, nil
	}
	s, err := p.PrepareContext(ctx, query)
	if err == nil {
		p.statements[query] = s
	}
	return s, err
}

// ExecContext runs a prepared statement.
func (p prepared) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	s, err := p.statement(ctx, query) //nolint:sqlclosecheck // the transaction closes it
	if err != nil {
		return nil, err
	}
	return s.ExecContext(ctx, args...)
}

// QueryContext runs a prepared query.
func (p prepared) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	s, err := p.statement(ctx, query) //nolint:sqlclosecheck // the transaction closes it
	if err != nil {
		return nil, err
	}
	return s.QueryContext(ctx, args...)
}

// QueryRowContext runs a prepared query for one row. What keeps it from being prepared it says by
// running it unprepared.
func (p prepared) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	s, err := p.statement(ctx, query) //nolint:sqlclosecheck // the transaction closes it
	if err != nil {
		return p.Tx.QueryRowContext(ctx, query, args...)
	}
	return s.QueryRowContext(ctx, args...)
}
