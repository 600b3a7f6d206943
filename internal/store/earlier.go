package store

import (
	"context"

	"loam"
	"loam/internal/ledger"
)

// ownedWork is a work and whose it is.
type ownedWork struct{ owner, work string }

func (db *DB) ownedWorks(ctx context.Context, query string) ([]ownedWork, error) {
	return all(ctx, db.read(), func(s scanner) (w ownedWork, err error) { return w, s.Scan(&w.owner, &w.work) }, query)
}

// LogEarlierUses makes leaves of the choices that were made before there was a ledger, as the
// platform's word for them: of notes, as nothing is ever allowed of a comment or a profile.
func (db *DB) LogEarlierUses(ctx context.Context) error {
	list, err := db.ownedWorks(ctx, `SELECT DISTINCT w.owner, w.id FROM earlier_uses u JOIN works w ON w.id = u.work WHERE w.deleted = 0
			AND NOT EXISTS (SELECT 1 FROM releases r WHERE r.work = w.id AND r.form <> '')`)
	if err != nil {
		return err
	}
	for _, e := range list {
		err := db.write(ctx, func(t *tx) error {
			for _, allowed := range []bool{true, false} {
				uses, err := all(ctx, t.querier, scanString, `SELECT name FROM earlier_uses WHERE work = ? AND allowed = ? AND (allowed = 1 OR name IN ('index','recommend'))`, e.work, allowed)
				if err != nil {
					return err
				}
				if len(uses) == 0 {
					continue
				}
				c := loam.UseChoice{Allowed: allowed}
				for _, u := range uses {
					c.Uses = append(c.Uses, loam.Use(u))
				}
				err = t.registerOwn(ctx, e.owner, e.work)
				if loam.CodeOf(err) == "rights.unreleased" {
					continue // a draft's choices become leaves at its release
				}
				if err == nil {
					err = t.choose(ctx, e.owner, e.work, ledger.Platform, c)
				}
				if err != nil {
					return err
				}
			}
			_, err := t.exec(ctx, `DELETE FROM earlier_uses WHERE work = ?`, e.work)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// erasedSetting says that EraseDeleted has been done.
const erasedSetting = "ledger.deleted_erased"

// EraseDeleted erases in the ledger the notes it knows that were deleted before a deletion said so
// there: once, since then none is.
func (db *DB) EraseDeleted(ctx context.Context) error {
	if done, err := db.Setting(ctx, erasedSetting); err != nil || done != "" {
		return err
	}
	list, err := db.ownedWorks(ctx, `SELECT w.owner, w.id FROM works w JOIN leaves l ON l.owner = w.owner AND l.work = w.id AND l.kind = 'work'
			WHERE w.deleted > 0 AND NOT EXISTS (SELECT 1 FROM leaves e WHERE e.owner = w.owner AND e.work = w.id AND e.kind = 'erase') GROUP BY w.owner, w.id`)
	if err != nil {
		return err
	}
	for _, w := range list {
		if err := db.write(ctx, func(t *tx) error { return t.eraseWork(ctx, w.owner, w.work) }); err != nil {
			return err
		}
	}
	return db.SetSetting(ctx, erasedSetting, "yes")
}
