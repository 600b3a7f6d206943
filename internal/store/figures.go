package store

import (
	"context"
	"slices"

	"loam"
)

// React sets or takes back an account's reaction to a note readers see. Doing it twice is
// doing it once.
func (db *DB) React(ctx context.Context, account, work string, kind loam.Reaction, on bool) error {
	return db.write(ctx, func(t *tx) error {
		var n int
		if err := t.row(ctx, `SELECT count(*) FROM releases WHERE work = ? AND form = '' AND removed_at = 0`, work).Scan(&n); err != nil {
			return err
		}
		if n == 0 {
			return loam.Fail(loam.NotFound, "note.not_found")
		}
		query := `INSERT INTO reactions (work, account, kind, at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`
		args := []any{work, account, string(kind), t.now}
		if !on {
			query, args = `DELETE FROM reactions WHERE work = ? AND account = ? AND kind = ?`, args[:3]
		}
		_, err := t.exec(ctx, query, args...)
		return err
	})
}

// Reactions counts the reactions to a note, and lists those of an account ("" for nobody).
func (db *DB) Reactions(ctx context.Context, account, work string) (counts map[loam.Reaction]int64, own []loam.Reaction, err error) {
	counts = map[loam.Reaction]int64{}
	q := db.read()
	type pair struct {
		kind loam.Reaction
		n    int64
		mine int64
	}
	pairs, err := all(ctx, q, func(s scanner) (p pair, err error) { return p, s.Scan(&p.kind, &p.n, &p.mine) },
		`SELECT kind, count(*), max(CASE WHEN account = ? THEN 1 ELSE 0 END) FROM reactions WHERE work = ? GROUP BY kind ORDER BY kind`, account, work)
	for _, p := range pairs {
		counts[p.kind] = p.n
		if p.mine == 1 && account != "" {
			own = append(own, p.kind)
		}
	}
	return counts, own, err
}

// AddViews adds counts of views. Works that are gone are left out.
func (db *DB) AddViews(ctx context.Context, list []loam.Views) error {
	return db.write(ctx, func(t *tx) error {
		for _, v := range list {
			_, err := t.exec(ctx, `INSERT INTO note_views (work, day, source, count) SELECT ?, ?, ?, ? WHERE EXISTS (SELECT 1 FROM works WHERE id = ?)
				ON CONFLICT (work, day, source) DO UPDATE SET count = note_views.count + excluded.count`, v.Work, v.Day, string(v.Source), v.Count, v.Work)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// ViewsSince lists the views of an account's notes from a legal day on, or of one of them.
func (db *DB) ViewsSince(ctx context.Context, owner, work, day string) ([]loam.Views, error) {
	return all(ctx, db.read(), func(s scanner) (v loam.Views, err error) {
		return v, s.Scan(&v.Work, &v.Day, &v.Source, &v.Count)
	}, `SELECT v.work, v.day, v.source, v.count FROM works w JOIN note_views v ON v.work = w.id
		WHERE w.owner = ? AND v.day >= ? AND (v.work = ? OR ? = '') ORDER BY v.day, v.work, v.source`, owner, day, work, work)
}

// Tallies lists what an account's notes that readers see met with, newest first.
func (db *DB) Tallies(ctx context.Context, owner string, limit int) ([]loam.Tally, error) {
	q := db.read()
	out, err := all(ctx, q, func(s scanner) (loam.Tally, error) {
		n := loam.Tally{Sources: map[loam.ViewSource]int64{}}
		v, err := scanVersion(alongside{s, []any{&n.ReleasedAt, &n.Likes, &n.Collects, &n.Comments}})
		n.Work, n.Title = v.Work, v.Content.Title
		return n, err
	}, `SELECT `+of("v", versionColumns)+`, r.released_at,
			(SELECT count(*) FROM reactions x WHERE x.work = r.work AND x.kind = 'like'),
			(SELECT count(*) FROM reactions x WHERE x.work = r.work AND x.kind = 'collect'),
			(SELECT count(*) FROM releases x WHERE x.on_work = r.work AND x.removed_at = 0)
		FROM releases r JOIN versions v ON v.id = r.version
		WHERE r.owner = ? AND r.form = '' AND r.removed_at = 0 ORDER BY r.released_at DESC, r.version DESC LIMIT ?`, owner, limit)
	if err != nil {
		return nil, err
	}
	views, err := all(ctx, q, func(s scanner) (v loam.Views, err error) { return v, s.Scan(&v.Work, &v.Source, &v.Count) },
		`SELECT v.work, v.source, CAST(sum(v.count) AS BIGINT) FROM works w JOIN note_views v ON v.work = w.id WHERE w.owner = ? GROUP BY v.work, v.source`, owner)
	if err != nil {
		return nil, err
	}
	at := map[string]int{}
	for i := range out {
		at[out[i].Work] = i
	}
	for _, v := range views {
		if i, ok := at[v.Work]; ok {
			out[i].Views += v.Count
			out[i].Sources[v.Source] += v.Count
		}
	}
	return out, nil
}

// Exposure counts the views of notes from a legal day on: all, and those of notes no model
// made a part of.
func (db *DB) Exposure(ctx context.Context, day string) (total, human int64, err error) {
	err = db.read().row(ctx, `SELECT CAST(coalesce(sum(n.count), 0) AS BIGINT), CAST(coalesce(sum(CASE WHEN v.ai IN ('is','may') THEN 0 ELSE n.count END), 0) AS BIGINT)
		FROM note_views n JOIN versions v ON v.id = (SELECT r.version FROM releases r WHERE r.work = n.work ORDER BY r.removed_at = 0 DESC, r.released_at DESC LIMIT 1)
		WHERE n.day >= ?`, day).Scan(&total, &human)
	return total, human, err
}

// RecentTitles lists the titles of the newest public notes, at most limit.
func (db *DB) RecentTitles(ctx context.Context, limit int) ([]string, error) {
	list, err := all(ctx, db.read(), scanReleased, `SELECT `+releasedColumns()+releasedFrom+
		`WHERE r.form = '' AND r.removed_at = 0 AND r.audience = 'public' AND r.reach = 'allow' ORDER BY r.released_at DESC, r.version DESC LIMIT ?`, limit)
	out := make([]string, len(list))
	for i, r := range list {
		out[i] = r.Version.Content.Title
	}
	return out, err
}

// FirstReleases gives when each of the accounts first had a note before readers.
func (db *DB) FirstReleases(ctx context.Context, accounts []string) (map[string]int64, error) {
	out := map[string]int64{}
	q := db.read()
	for _, id := range accounts {
		var at int64
		if err := q.row(ctx, `SELECT coalesce(min(released_at), 0) FROM releases WHERE owner = ? AND form = ''`, id).Scan(&at); err != nil {
			return nil, err
		}
		out[id] = at
	}
	return out, nil
}

// Record counts the reports, decisions and appeals since a moment, and how long they took.
// Medians are taken of the newest 10,000 of each.
func (db *DB) Record(ctx context.Context, since int64) (loam.Record, error) {
	var r loam.Record
	q := db.read()
	err := q.row(ctx, `SELECT (SELECT count(*) FROM reports WHERE at >= ?),
		(SELECT count(*) FROM decisions WHERE applied = 1 AND at >= ?),
		(SELECT count(*) FROM decisions WHERE applied = 1 AND about = '' AND ruling = 'remove' AND at >= ?),
		(SELECT count(*) FROM appeals WHERE outcome <> '' AND at >= ?),
		(SELECT count(*) FROM appeals WHERE outcome = 'upheld' AND at >= ?)`, since, since, since, since, since).
		Scan(&r.Reports, &r.Decisions, &r.Removed, &r.Appeals, &r.Upheld)
	if err != nil {
		return r, err
	}
	for _, m := range []struct {
		to    *int64
		query string
	}{
		{&r.ReportMinutes, `SELECT d.at - x.at FROM reports x JOIN decisions d ON d.version = x.version AND d.about = '' AND d.applied = 1
			WHERE x.at >= ? AND d.at = (SELECT min(e.at) FROM decisions e WHERE e.version = x.version AND e.about = '' AND e.applied = 1 AND e.at >= x.at) ORDER BY x.at DESC LIMIT 10000`},
		{&r.DecisionMinutes, `SELECT d.at - c.opened_at FROM decisions d JOIN cases c ON c.id = d.case_id WHERE d.at >= ? AND d.applied = 1 ORDER BY d.at DESC LIMIT 10000`},
		{&r.AppealMinutes, `SELECT d.at - a.at FROM appeals a JOIN cases c ON c.appeal = a.id JOIN decisions d ON d.case_id = c.id AND d.applied = 1
			WHERE a.at >= ? AND a.outcome <> '' ORDER BY a.at DESC LIMIT 10000`},
	} {
		list, err := all(ctx, q, func(s scanner) (n int64, err error) { return n, s.Scan(&n) }, m.query, since)
		if err != nil {
			return r, err
		}
		*m.to = -1
		if len(list) > 0 {
			slices.Sort(list)
			*m.to = list[len(list)/2] / 60_000
		}
	}
	return r, nil
}
