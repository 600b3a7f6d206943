package store

import (
	"context"
	"time"

	"loam"
)

// Precedents lists rulings in force on other works for the same risk: those whose texts
// share most with the version's first, then the newest.
func (db *DB) Precedents(ctx context.Context, v loam.Version, risk loam.Risk, limit int) ([]loam.Precedent, error) {
	return all(ctx, db.read(), func(s scanner) (p loam.Precedent, err error) {
		var content string
		if err := s.Scan(&p.Case, &content, &p.Ruling, &p.Reason, &p.At, &p.Outcome, &p.Alike); err != nil {
			return p, err
		}
		p.Title, err = titleOf(content)
		return p, err
	}, `SELECT p.id, v.content, p.ruling, p.reason, p.effective, coalesce(a.outcome, ''),
			(SELECT count(*) FROM sketches x JOIN sketches y ON y.version = ? AND y.band = x.band AND y.value = x.value WHERE x.version = p.version) AS alike
		FROM (SELECT c.id, d.version, d.ruling, d.reason, d.effective FROM decisions d JOIN cases c ON c.id = d.case_id
			WHERE c.risk = ? AND c.about = '' AND c.work <> ? AND d.applied = 1 AND d.undone = 0 ORDER BY d.effective DESC LIMIT 200) p
		JOIN versions v ON v.id = p.version LEFT JOIN appeals a ON a.version = p.version
		ORDER BY alike DESC, p.effective DESC LIMIT ?`, v.ID, string(risk), v.Work, limit)
}

// pauseMillis without a ruling is a rest.
const pauseMillis = 5 * 60 * 1000

// ReviewDay sums up a reviewer's legal day so far.
func (db *DB) ReviewDay(ctx context.Context, reviewer string) (loam.ReviewDay, error) {
	now := db.clock.Now()
	day := time.UnixMilli(now).In(loam.Shanghai)
	midnight := time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, loam.Shanghai).UnixMilli()
	type ruling struct{ at, seconds int64 }
	list, err := all(ctx, db.read(), func(s scanner) (r ruling, err error) { return r, s.Scan(&r.at, &r.seconds) },
		`SELECT at, seconds FROM decisions WHERE reviewer = ? AND at >= ? ORDER BY at DESC LIMIT 5000`, reviewer, midnight)
	d := loam.ReviewDay{}
	end, resting := now, false
	for _, r := range list {
		d.Decided++
		d.Seconds += r.seconds
		if resting = resting || end-r.at >= pauseMillis; !resting {
			end = r.at - r.seconds*1000
			d.Since = end
		}
	}
	return d, err
}
