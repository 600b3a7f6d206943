package store

import (
	"context"
	"strings"

	"loam"
)

// of puts a table's alias before each of its columns.
func of(alias, columns string) string {
	return alias + "." + strings.ReplaceAll(columns, ", ", ", "+alias+".")
}

// alongside scans more columns after those another scan asks for.
type alongside struct {
	scanner
	more []any
}

// Scan reads a row.
func (a alongside) Scan(dest ...any) error { return a.scanner.Scan(append(dest, a.more...)...) }

// released reads a release with its author, without what the work allows: a list asks that
// in its condition.
const releasedFrom = ` FROM releases r JOIN versions v ON v.id = r.version JOIN accounts a ON a.id = r.owner `

func releasedColumns() string {
	return of("v", versionColumns) + ", " + of("a", accountColumns) + ", r.released_at"
}

func scanReleased(s scanner) (loam.Release, error) {
	var r loam.Release
	var roles string
	a := &r.Author
	var err error
	r.Version, err = scanVersion(alongside{s, append(accountFields(a, &roles), &r.ReleasedAt)})
	a.Roles = splitRoles(roles)
	return r, err
}

// before is the condition of what follows a place in a list that runs from new to old; its
// first half is what an index can seek by.
const before = ` AND r.released_at <= ? AND (r.released_at < ? OR r.version < ?) `

func beforeArgs(p loam.Place) []any {
	if p.At <= 0 {
		p = loam.Place{At: 1 << 62}
	}
	return []any{p.At, p.At, p.Version}
}

// Feed lists public notes that may be recommended, newest first, from a place on: those a
// model made a part of, or the others.
func (db *DB) Feed(ctx context.Context, made bool, from loam.Place, limit int) ([]loam.Release, error) {
	now := db.clock.Now()
	args := append([]any{now, now, made}, beforeArgs(from)...)
	return all(ctx, db.read(), scanReleased, `SELECT `+releasedColumns()+releasedFrom+`JOIN permits u ON u.work = r.work AND u.name = 'recommend'`+holds+`
		WHERE r.form = '' AND r.removed_at = 0 AND r.audience = 'public' AND r.reach = 'allow' AND r.made = ?`+before+
		`ORDER BY r.released_at DESC, r.version DESC LIMIT ?`, append(args, limit)...)
}

// ByCreator lists an account's public notes, newest first, from a place on: those she lets
// be found, or for herself every one.
func (db *DB) ByCreator(ctx context.Context, owner string, herself bool, from loam.Place, limit int) ([]loam.Release, error) {
	args := append([]any{owner}, beforeArgs(from)...)
	return all(ctx, db.read(), scanReleased, `SELECT `+releasedColumns()+releasedFrom+
		`WHERE r.owner = ? AND r.form = '' AND r.removed_at = 0 AND r.audience = 'public'`+before+
		`AND (? = 1 OR EXISTS (SELECT 1 FROM permits u WHERE u.work = r.work AND u.name = 'index'`+holds+`))
		ORDER BY r.released_at DESC, r.version DESC LIMIT ?`, append(args, herself, db.clock.Now(), db.clock.Now(), limit)...)
}

// ByTopic lists public notes of a folded topic that may be found, newest first.
func (db *DB) ByTopic(ctx context.Context, topic string, from loam.Place, limit int) ([]loam.Release, error) {
	now := db.clock.Now()
	args := append(append([]any{now, now, topic}, beforeArgs(from)[0]), beforeArgs(from)...)
	return all(ctx, db.read(), scanReleased, `SELECT `+releasedColumns()+` FROM topics t CROSS JOIN releases r
		JOIN permits u ON u.work = r.work AND u.name = 'index'`+holds+`JOIN versions v ON v.id = r.version JOIN accounts a ON a.id = r.owner
		WHERE t.topic = ? AND t.at <= ? AND r.work = t.work AND r.removed_at = 0 AND r.audience = 'public'`+before+`ORDER BY t.at DESC, r.version DESC LIMIT ?`, append(args, limit)...)
}

// related is how many notes of each topic a related note is looked for in.
const relatedOf = 100

// Related lists public notes that share a topic with a work and may be recommended: those
// that share most first.
func (db *DB) Related(ctx context.Context, work string, limit int) ([]loam.Release, error) {
	q := db.read()
	topics, err := all(ctx, q, scanString, `SELECT topic FROM topics WHERE work = ? ORDER BY topic LIMIT 10`, work)
	if err != nil || len(topics) == 0 {
		return nil, err
	}
	var near strings.Builder
	var args []any
	for i, t := range topics {
		if i > 0 {
			near.WriteString(" UNION ALL ")
		}
		near.WriteString(`SELECT work FROM (SELECT work FROM topics WHERE topic = ? ORDER BY at DESC LIMIT ?) AS t`)
		args = append(args, t, relatedOf)
	}
	return all(ctx, q, scanReleased, `SELECT `+releasedColumns()+releasedFrom+
		`JOIN (SELECT work, count(*) AS shared FROM (`+near.String()+`) AS n GROUP BY work) AS s ON s.work = r.work
		JOIN permits u ON u.work = r.work AND u.name = 'recommend'`+holds+`
		WHERE r.removed_at = 0 AND r.audience = 'public' AND r.reach = 'allow' AND r.work <> ?
		ORDER BY s.shared DESC, r.released_at DESC, r.version DESC LIMIT ?`, append(args, db.clock.Now(), db.clock.Now(), work, limit)...)
}
