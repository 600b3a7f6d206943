package store

import (
	"context"
	"database/sql"
	"errors"

	"loam"
	"loam/internal/ledger"
)

// NoticeRecord counts the notices against an account: those under way and those upheld.
func (db *DB) NoticeRecord(ctx context.Context, account string) (open, upheld int, err error) {
	q := db.read()
	err = q.row(ctx, `SELECT count(DISTINCT notice) FROM claims WHERE owner = ? AND state IN `+underWay, account).Scan(&open)
	if err == nil {
		err = q.row(ctx, `SELECT count(DISTINCT notice) FROM claims WHERE owner = ? AND state = 'upheld'`, account).Scan(&upheld)
	}
	return open, upheld, err
}

// NoticeFigures are the public figures of notices by the leaves that are in the log: what a
// stranger computes of its copy.
func (db *DB) NoticeFigures(ctx context.Context) (ledger.NoticeFigures, error) {
	var tally ledger.NoticeTally
	list, err := all(ctx, db.read(), scanLogged, `SELECT n, id, leaf, signature, place FROM leaves WHERE kind IN ('dispute','ruling') AND place >= 0 ORDER BY place`)
	for i := range list {
		tally.Add(&list[i].leaf)
	}
	return tally.Figures(), err
}

// Registrations are where a work stands in the ledger, and the works of others that are like it
// and stand there longer: those most like it first, then the oldest.
func (db *DB) Registrations(ctx context.Context, work, version string, limit int) (own loam.Registration, older []loam.Registration, err error) {
	const columns = `SELECT l.work, v.content, a.handle, l.at, l.place, c.alike FROM `
	const there = ` JOIN versions v ON v.id = c.version JOIN leaves l ON l.work = v.work AND l.kind = 'work' JOIN accounts a ON a.id = l.owner WHERE `
	read := func(s scanner) (r loam.Registration, err error) {
		var content string
		if err = s.Scan(&r.Work, &content, &r.Handle, &r.At, &r.Place, &r.Alike); err == nil {
			r.Title, err = titleOf(content)
		}
		return r, err
	}
	q := db.read()
	own, err = read(q.row(ctx, columns+`(SELECT id AS version, 0 AS alike FROM versions WHERE id = ?) AS c`+there+`l.work = ?`, version, work))
	if errors.Is(err, sql.ErrNoRows) {
		return loam.Registration{}, []loam.Registration{}, nil // a comment or a profile
	}
	if err != nil {
		return own, nil, err
	}
	older, err = all(ctx, q, read, columns+`(SELECT version, CAST(sum(n) AS BIGINT) AS alike FROM (
			SELECT y.version AS version, count(*) AS n FROM sketches x JOIN sketches y ON y.value = x.value AND y.version <> x.version WHERE x.version = ? GROUP BY y.version
			UNION ALL SELECT y.version, count(*) FROM picture_hashes x JOIN picture_hashes y ON y.phash = x.phash AND y.version <> x.version WHERE x.version = ? GROUP BY y.version
		) AS s GROUP BY version) AS c`+there+`l.work <> ? AND l.at < ? ORDER BY c.alike DESC, l.at LIMIT ?`, version, version, work, own.At, limit)
	return own, older, err
}
