package store

import "context"

// Backdate lets a demo note have happened earlier: its work, versions and release get the
// moment, and its owner was there by then. Only the demo community uses it.
func (db *DB) Backdate(ctx context.Context, work string, at int64) error {
	return db.write(ctx, func(t *tx) error {
		if _, err := t.exec(ctx, `UPDATE topics SET at = ? WHERE work = ?`, at, work); err != nil {
			return err
		}
		if _, err := t.exec(ctx, `UPDATE accounts SET created = ? WHERE created > ? AND id = (SELECT owner FROM works WHERE id = ?)`, at, at, work); err != nil {
			return err
		}
		for _, q := range []string{
			`UPDATE works SET created = ?, updated = ? WHERE id = ?`,
			`UPDATE versions SET submitted_at = ?, updated_at = ? WHERE work = ?`,
		} {
			if _, err := t.exec(ctx, q, at, at, work); err != nil {
				return err
			}
		}
		if _, err := t.exec(ctx, `UPDATE drafts SET updated = ? WHERE work = ?`, at, work); err != nil {
			return err
		}
		if _, err := t.exec(ctx, `UPDATE cases SET opened_at = ? WHERE work = ?`, at, work); err != nil {
			return err
		}
		_, err := t.exec(ctx, `UPDATE releases SET released_at = ? WHERE work = ?`, at, work)
		return err
	})
}

// BackdateDecision lets the last decision on a demo note have been made earlier, after its
// case waited and its reviewer looked at it for so long; its reports came when the case was
// opened. Only the demo community uses it.
func (db *DB) BackdateDecision(ctx context.Context, work string, at, waited, seconds int64) error {
	return db.write(ctx, func(t *tx) error {
		for _, q := range []struct {
			text string
			args []any
		}{
			{`UPDATE reports SET at = ? WHERE work = ?`, []any{at - waited, work}},
			{`UPDATE cases SET opened_at = ?, leased_at = ?, closed_at = ? WHERE work = ? AND closed_at > 0`, []any{at - waited, at - seconds*1000, at, work}},
			{`UPDATE decisions SET at = ?, effective = ?, seconds = ? WHERE version IN (SELECT id FROM versions WHERE work = ?)`, []any{at, at, seconds, work}},
			{`UPDATE releases SET removed_at = ? WHERE work = ? AND removed_at > 0`, []any{at, work}},
		} {
			if _, err := t.exec(ctx, q.text, q.args...); err != nil {
				return err
			}
		}
		return nil
	})
}

// WorkByKey finds a work by the key it was made with. Only the demo community uses it.
func (db *DB) WorkByKey(ctx context.Context, owner, key string) (string, error) {
	var id string
	err := db.read().row(ctx, `SELECT id FROM works WHERE owner = ? AND key = ?`, owner, key).Scan(&id)
	return id, missing(err, "work.not_found")
}
