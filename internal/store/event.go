package store

import (
	"context"

	"loam"
)

// Events lists the events of the audiences since a moment, oldest first. Ids do not
// follow commit order, so a reader asks again for the last five seconds and drops ids it
// has seen.
func (db *DB) Events(ctx context.Context, account string, isStaff bool, since int64) ([]loam.Event, error) {
	second := account
	if isStaff {
		second = staff
	}
	return all(ctx, db.read(), func(s scanner) (e loam.Event, err error) {
		return e, s.Scan(&e.ID, &e.Topic, &e.Ref, &e.At)
	}, `SELECT id, topic, ref, at FROM events WHERE at >= ? AND (audience = ? OR audience = ?) ORDER BY at, id LIMIT 500`, since, account, second)
}

// SweepEvents deletes events older than a moment.
func (db *DB) SweepEvents(ctx context.Context, before int64) error {
	return db.write(ctx, func(t *tx) error {
		_, err := t.exec(ctx, `DELETE FROM events WHERE at < ?`, before)
		return err
	})
}

// Feedback records a creator's answer to 这次用得顺吗.
func (db *DB) Feedback(ctx context.Context, work, account, answer string) error {
	return db.write(ctx, func(t *tx) error {
		_, err := t.exec(ctx, `INSERT INTO feedback (work, account, answer, at) VALUES (?, ?, ?, ?)
			ON CONFLICT (work, account) DO UPDATE SET answer = excluded.answer, at = excluded.at`, work, account, answer, t.now)
		return err
	})
}

// Figures counts what stands on the operator's page.
func (db *DB) Figures(ctx context.Context) (loam.Figures, error) {
	f := loam.Figures{At: db.clock.Now()}
	q := db.read()
	for _, c := range []struct {
		to    *int64
		query string
	}{
		{&f.Accounts, `SELECT count(*) FROM accounts`},
		{&f.NoAI, `SELECT count(*) FROM accounts WHERE no_ai = 1`},
		{&f.Works, `SELECT count(*) FROM works WHERE deleted = 0 AND form = ''`},
		{&f.Released, `SELECT count(*) FROM releases WHERE removed_at = 0 AND form = ''`},
		{&f.OpenCases, `SELECT count(*) FROM cases WHERE closed_at = 0`},
		{&f.Decisions, `SELECT count(*) FROM decisions WHERE applied = 1`},
		{&f.Reports, `SELECT count(*) FROM reports`},
		{&f.Calls, `SELECT count(*) FROM generations`},
		{&f.Cost, `SELECT CAST(coalesce(sum(cost), 0) AS BIGINT) FROM generations`},
	} {
		if err := q.row(ctx, c.query).Scan(c.to); err != nil {
			return f, err
		}
	}
	for _, c := range []struct {
		to    *map[string]int64
		query string
	}{
		{&f.States, `SELECT v.state, count(*) FROM versions v JOIN works w ON w.id = v.work WHERE w.deleted = 0 AND w.form = ''
			AND v.number = (SELECT max(number) FROM versions WHERE work = v.work) GROUP BY v.state`},
		{&f.Verdicts, `SELECT action, count(*) FROM verdicts GROUP BY action`},
		{&f.Appeals, `SELECT CASE WHEN outcome = '' THEN 'open' ELSE outcome END, count(*) FROM appeals GROUP BY outcome`},
		{&f.Feedback, `SELECT answer, count(*) FROM feedback GROUP BY answer`},
		{&f.Labels, `SELECT v.ai, count(*) FROM releases r JOIN versions v ON v.id = r.version WHERE r.removed_at = 0 AND r.form = '' GROUP BY v.ai`},
	} {
		m, err := counts(ctx, q, c.query)
		if err != nil {
			return f, err
		}
		*c.to = m
	}
	return f, nil
}

func counts(ctx context.Context, q querier, query string) (map[string]int64, error) {
	type pair struct {
		k string
		n int64
	}
	pairs, err := all(ctx, q, func(s scanner) (p pair, err error) { return p, s.Scan(&p.k, &p.n) }, query)
	m := map[string]int64{}
	for _, p := range pairs {
		m[p.k] = p.n
	}
	return m, err
}
