package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"loam"
)

// PutLabels records the labels that were written and read back, and with them the release
// hash a confirmation binds. A repeated job changes nothing once labels are there.
func (db *DB) PutLabels(ctx context.Context, version string, labels []loam.Label, releaseHash string, blobs []loam.Asset) error {
	doc, err := json.Marshal(labels)
	if err != nil {
		return err
	}
	return db.write(ctx, func(t *tx) error {
		v, err := t.version(ctx, version)
		if err != nil {
			return err
		}
		if v.Labelled || v.State == loam.Withdrawn {
			return nil
		}
		for _, b := range blobs {
			if err := t.blob(ctx, b.Hash, b.Type, b.Size); err != nil {
				return err
			}
		}
		_, err = t.exec(ctx, `UPDATE versions SET labelled = 1, labels = ?, release_hash = ?, updated_at = ? WHERE id = ? AND labelled = 0`,
			string(doc), releaseHash, t.now, version)
		if err != nil {
			return err
		}
		if err := t.event(ctx, v.Owner, "version", v.ID); err != nil {
			return err
		}
		return t.releaseIfOpen(ctx, version)
	})
}

// Confirm records that the owner confirmed exactly the bytes behind releaseHash. Another
// hash is a Conflict: what she saw is not what would go out. Confirming twice is once.
func (db *DB) Confirm(ctx context.Context, owner, version, releaseHash string) (loam.Version, error) {
	var v loam.Version
	err := db.write(ctx, func(t *tx) error {
		var err error
		if v, err = t.version(ctx, version); err != nil {
			return err
		}
		switch {
		case v.Owner != owner:
			return loam.Fail(loam.NotFound, "version.not_found")
		case !v.Labelled:
			return loam.Fail(loam.Conflict, "confirm.not_ready")
		case v.ReleaseHash != releaseHash:
			return loam.Fail(loam.Conflict, "confirm.changed")
		case v.ConfirmedAt > 0:
			return nil
		case v.Content.Scheduled > 0 && v.Due(t.now):
			return loam.Fail(loam.Conflict, "schedule.passed") // she would confirm another moment than she read
		case v.State != loam.Cleared && v.State != loam.Held && v.State != loam.Submitted:
			return loam.Fail(loam.Conflict, "confirm.state", v.State)
		}
		_, err = t.exec(ctx, `UPDATE versions SET confirmed_by = ?, confirmed_at = ?, updated_at = ? WHERE id = ? AND release_hash = ? AND confirmed_at = 0`,
			owner, t.now, t.now, version, releaseHash)
		if err != nil {
			return err
		}
		if v.Content.Form != loam.FormNote && v.State == loam.Submitted {
			if err := t.job(ctx, JobScreen, version, 0); err != nil {
				return err
			}
		}
		if err := t.releaseIfOpen(ctx, version); err != nil {
			return err
		}
		v, err = t.version(ctx, version)
		return err
	})
	return v, err
}

// releaseIfOpen releases a Version if all three gates are open; every method that can
// open the last one calls it in its own transaction.
func (t *tx) releaseIfOpen(ctx context.Context, version string) error {
	v, err := t.version(ctx, version)
	if err != nil {
		return err
	}
	if !v.Gate().Open() {
		return nil
	}
	if !v.Due(t.now) {
		return t.job(ctx, JobGoOut, v.ID, v.Content.Scheduled)
	}
	until, err := t.barredUntil(ctx, v.Owner)
	if err != nil {
		return err
	}
	if until > 0 {
		return t.job(ctx, JobGoOut, v.ID, until)
	}
	var verdict, decision string
	err = t.row(ctx, `SELECT id FROM verdicts WHERE version = ? AND action IN ('allow','limit') ORDER BY at DESC LIMIT 1`, version).Scan(&verdict)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	err = t.row(ctx, `SELECT id FROM decisions WHERE version = ? AND about = '' AND ruling IN ('allow','limit') AND applied = 1 ORDER BY effective DESC LIMIT 1`, version).Scan(&decision)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	if err := t.replaceLive(ctx, v.Work); err != nil {
		return err
	}
	if err := t.step(ctx, version, loam.Publish); err != nil {
		return err
	}
	_, err = t.exec(ctx, `INSERT INTO releases (version, work, owner, release_hash, verdict, decision, confirmed_by, confirmed_at, audience, reach, released_at, form, on_work, parent, made)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, v.ID, v.Work, v.Owner, v.ReleaseHash, verdict, decision, v.ConfirmedBy, v.ConfirmedAt,
		string(v.Content.Audience), v.Reach, t.now, string(v.Content.Form), v.Content.On, v.Content.Parent, madeByModel(v.Content))
	if err != nil {
		return err
	}
	// What she allows holds from now on: she confirmed it with the rest, and not before.
	if err := t.allow(ctx, v); err != nil {
		return err
	}
	if err := t.appear(ctx, v); err != nil {
		return err
	}
	return t.event(ctx, v.Owner, "version", v.ID)
}

// GoOut releases a scheduled Version whose moment has come. One that was taken back, edited
// or held meanwhile stays where it is.
func (db *DB) GoOut(ctx context.Context, version string) error {
	return db.write(ctx, func(t *tx) error { return t.releaseIfOpen(ctx, version) })
}

// madeByModel reports whether a content counts as model-made in the feed's share.
func madeByModel(c loam.Content) bool { return c.AI() == loam.IsAI || c.AI() == loam.MayAI }

// takeOut ends the release of a Version, if it has one, and what hangs on it.
func (t *tx) takeOut(ctx context.Context, version string) error {
	n, err := t.exec(ctx, `UPDATE releases SET removed_at = ? WHERE version = ? AND removed_at = 0`, t.now, version)
	if err != nil || n == 0 {
		return err
	}
	v, err := t.version(ctx, version)
	if err != nil {
		return err
	}
	return t.vanish(ctx, v)
}

// appear does what a release means beside its row: a note can be found by its words, a
// profile is what its owner is called.
func (t *tx) appear(ctx context.Context, v loam.Version) error {
	c := v.Content
	switch c.Form {
	case loam.FormProfile:
		_, err := t.exec(ctx, `UPDATE accounts SET name = ?, bio = ? WHERE id = ?`, c.Title, c.Body, v.Owner)
		return err
	case loam.FormNote:
		return t.index(ctx, v)
	default:
		return nil
	}
}

// vanish undoes appear. Who has no profile any more is called by her handle.
func (t *tx) vanish(ctx context.Context, v loam.Version) error {
	switch v.Content.Form {
	case loam.FormProfile:
		_, err := t.exec(ctx, `UPDATE accounts SET name = handle, bio = '' WHERE id = ?`, v.Owner)
		return err
	case loam.FormNote:
		return t.unindex(ctx, v.Work)
	default:
		return nil
	}
}

// replaceLive withdraws the release a new Version of the same work replaces.
func (t *tx) replaceLive(ctx context.Context, work string) error {
	ids, err := all(ctx, t.querier, scanString, `SELECT id FROM versions WHERE work = ? AND state = 'released'`, work)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if err := t.step(ctx, id, loam.Withdraw); err != nil {
			return err
		}
		if err := t.closeCase(ctx, id); err != nil {
			return err
		}
		if err := t.takeOut(ctx, id); err != nil {
			return err
		}
	}
	return nil
}

// ByWork reads what readers see of a work. A work that was released and taken away is
// Gone; one that never was is NotFound.
func (db *DB) ByWork(ctx context.Context, work string) (loam.Release, error) {
	var r loam.Release
	var version string
	q := db.read()
	err := q.row(ctx, `SELECT version, released_at, removed_at FROM releases WHERE work = ? ORDER BY removed_at = 0 DESC, released_at DESC LIMIT 1`, work).
		Scan(&version, &r.ReleasedAt, &r.RemovedAt)
	if err != nil {
		return r, missing(err, "note.not_found")
	}
	if r.RemovedAt > 0 {
		return r, loam.Fail(loam.Gone, "note.gone")
	}
	return r, db.fill(ctx, q, &r, version)
}

func (db *DB) fill(ctx context.Context, q querier, r *loam.Release, version string) error {
	var err error
	if r.Version, err = scanVersion(q.row(ctx, `SELECT `+versionColumns+` FROM versions WHERE id = ?`, version)); err != nil {
		return err
	}
	if r.Author, err = scanAccount(q.row(ctx, `SELECT `+accountColumns+` FROM accounts WHERE id = ?`, r.Version.Owner)); err != nil {
		return err
	}
	r.Uses, err = db.Uses(ctx, r.Version.Work)
	return err
}

// Takedown removes a released Version at once, by an operator's act, with its reason.
func (db *DB) Takedown(ctx context.Context, operator, work, reason, note string) error {
	return db.write(ctx, func(t *tx) error {
		var version string
		err := t.row(ctx, `SELECT version FROM releases WHERE work = ? AND removed_at = 0`, work).Scan(&version)
		if err != nil {
			return missing(err, "note.not_found")
		}
		v, err := t.version(ctx, version)
		if err != nil {
			return err
		}
		if v.Owner == operator {
			return loam.Fail(loam.Denied, "review.own_work")
		}
		if _, err := t.exec(ctx, `UPDATE decisions SET undone = 1 WHERE version = ? AND about = '' AND undone = 0 AND applied = 0`, v.ID); err != nil {
			return err // a ruling under way is overtaken
		}
		c, err := t.caseFor(ctx, v, loam.CaseReport, loam.Risk(reason))
		if err != nil {
			return err
		}
		d := loam.Decision{ID: t.id(), Case: c.ID, Version: v.ID, Ruling: loam.RuleRemove, Reason: reason, Note: note, Reviewer: operator, At: t.now, Effective: t.now}
		if err := t.insertDecision(ctx, d); err != nil {
			return err
		}
		return t.apply(ctx, d)
	})
}
