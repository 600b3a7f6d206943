package store

import (
	"bufio"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"loam"
)

// tables lists every table of Loam's own, so that a row comes after what it refers to. The
// queue's tables are left out: Requeue finds what has to go on.
func tables() []string {
	return []string{
		"accounts", "invites", "sessions", "api_keys", "settings", "works", "drafts", "edits", "templates", "blobs", "assets", "generations",
		"versions", "verdicts", "notices", "claims", "pleadings", "suspensions", "cases", "case_skips", "decisions", "appeals", "exhibits", "label_appeals", "label_rulings", "waivers", "deliveries", "reports", "releases", "earlier_uses", "pseudonyms", "leaves", "bundles", "passkeys", "vouchers", "preparations", "permits", "corpora", "builds", "corpus_works", "models", "model_corpora", "copies", "protections", "proofs", "sightings", "phrases",
		"sketches", "picture_hashes", "passages", "structures", "feedback", "events", "personas", "search_terms", "topics", "reactions", "note_views",
	}
}

// row is one line of a dump: a table's name and its values by column, text or integer.
type row struct {
	Table  string         `json:"t"`
	Values map[string]any `json:"v"`
}

// Dump writes every row as JSON Lines, from one moment of the database, while others go on
// writing. It is the same for both databases, so a dump of one can be loaded into the other.
func (db *DB) Dump(ctx context.Context, w io.Writer) (rows int, err error) {
	opts := &sql.TxOptions{ReadOnly: true}
	if db.pg {
		opts.Isolation = sql.LevelRepeatableRead
	}
	raw, err := db.r.BeginTx(ctx, opts)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, raw.Rollback()) }()
	out := json.NewEncoder(w)
	for _, name := range tables() {
		n, err := dumpTable(ctx, raw, name, out)
		if err != nil {
			return rows, fmt.Errorf("dump %s: %w", name, err)
		}
		rows += n
	}
	return rows, nil
}

func dumpTable(ctx context.Context, raw *sql.Tx, name string, out *json.Encoder) (n int, err error) {
	rows, err := raw.QueryContext(ctx, `SELECT * FROM `+name)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return 0, err
	}
	values, into := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		into[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return n, err
		}
		r := row{name, make(map[string]any, len(columns))}
		for i, c := range columns {
			if b, ok := values[i].([]byte); ok {
				values[i] = string(b)
			}
			r.Values[c] = values[i]
		}
		if err := out.Encode(r); err != nil {
			return n, err
		}
		n++
	}
	return n, rows.Err()
}

// Load reads a dump into an empty database, in one transaction. A database that has
// accounts already is a Conflict, "restore.not_empty".
func (db *DB) Load(ctx context.Context, r io.Reader) (rows int, err error) {
	known := map[string]bool{}
	for _, t := range tables() {
		known[t] = true
	}
	// Once, not write: what was read of r cannot be read again.
	err = db.once(ctx, func(t *tx) error {
		var n int
		if err := t.row(ctx, `SELECT count(*) FROM accounts`).Scan(&n); err != nil {
			return err
		}
		if n > 0 {
			return loam.Fail(loam.Conflict, "restore.not_empty")
		}
		d := json.NewDecoder(bufio.NewReaderSize(r, 1<<20))
		d.UseNumber()
		for {
			var line row
			err := d.Decode(&line)
			if errors.Is(err, io.EOF) {
				return nil
			}
			if err != nil {
				return loam.Fail(loam.Invalid, "restore.damaged").Because(err)
			}
			if !known[line.Table] {
				return loam.Fail(loam.Invalid, "restore.damaged").Because(fmt.Errorf("unknown table %q", line.Table))
			}
			if err := t.insertRow(ctx, line); err != nil {
				return fmt.Errorf("restore %s: %w", line.Table, err)
			}
			rows++
		}
	})
	return rows, err
}

func (t *tx) insertRow(ctx context.Context, r row) error {
	var columns, marks []string
	var args []any
	for c, v := range r.Values {
		if strings.Trim(c, "abcdefghijklmnopqrstuvwxyz_") != "" {
			return loam.Fail(loam.Invalid, "restore.damaged")
		}
		if n, ok := v.(json.Number); ok {
			i, err := n.Int64()
			if err != nil {
				return loam.Fail(loam.Invalid, "restore.damaged").Because(err)
			}
			v = i
		}
		columns, marks, args = append(columns, c), append(marks, "?"), append(args, v)
	}
	_, err := t.exec(ctx, `INSERT INTO `+r.Table+` (`+strings.Join(columns, ", ")+`) VALUES (`+strings.Join(marks, ", ")+`)`, args...)
	return err
}

// Requeue starts the stages anew of versions that have waited for one since before a
// moment, and releases those that were due by then, scheduled or barred: their jobs were lost, as
// after a restore. A stage that runs twice changes nothing. It gives how many.
func (db *DB) Requeue(ctx context.Context, before int64) (int, error) {
	n := 0
	err := db.write(ctx, func(t *tx) error {
		ids, err := all(ctx, t.querier, scanString, `SELECT id FROM versions WHERE updated_at < ? AND
			(state = 'submitted' OR (labelled = 0 AND state IN ('held','cleared'))) ORDER BY id LIMIT 100`, before)
		if err != nil {
			return err
		}
		due, err := all(ctx, t.querier, scanString, `SELECT id FROM versions WHERE state = 'cleared' AND confirmed_at > 0
			AND (scheduled > 0 AND scheduled < ? OR EXISTS (SELECT 1 FROM suspensions s WHERE s.account = versions.owner AND s.lifted_at = 0 AND s.until < ?))
			AND NOT EXISTS (SELECT 1 FROM suspensions s WHERE s.account = versions.owner AND s.lifted_at = 0 AND s.until > ?)
			ORDER BY id LIMIT 100`, before, before, t.now)
		if err != nil {
			return err
		}
		for _, id := range due {
			if err := t.releaseIfOpen(ctx, id); err != nil {
				return err
			}
		}
		n = len(ids) + len(due)
		for _, id := range ids {
			if _, err := t.exec(ctx, `UPDATE versions SET updated_at = ? WHERE id = ?`, t.now, id); err != nil {
				return err
			}
			if err := errors.Join(t.job(ctx, JobScreen, id, 0), t.job(ctx, JobLabel, id, 0)); err != nil {
				return err
			}
		}
		return nil
	})
	return n, err
}

// Empty reports whether nobody has an account yet: only then may a dump be loaded.
func (db *DB) Empty(ctx context.Context) (bool, error) {
	var n int
	err := db.read().row(ctx, `SELECT count(*) FROM accounts`).Scan(&n)
	return n == 0, err
}
