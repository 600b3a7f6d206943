package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"

	"loam"
)

// keepWaivers is how long an application for files without a visible label, and what was
// handed out on it, is kept: six months are the law's least (Labelling Measures Art. 9),
// and no more is kept of a person than is needed (PIPL Art. 19).
const keepWaivers = 200 * 24 * 60 * 60 * 1000

const exhibitColumns = `id, owner, version, name, digest, size, type, picture, facts, at`

// maxExhibits is how many files a creator may hand in for one Version.
const maxExhibits = 12

func scanExhibit(s scanner) (loam.Exhibit, error) {
	var e loam.Exhibit
	var facts string
	err := s.Scan(&e.ID, &e.Owner, &e.Version, &e.Name, &e.Digest, &e.Size, &e.Type, &e.Picture, &facts, &e.At)
	e.Shown = e.Picture != ""
	if err == nil {
		err = json.Unmarshal([]byte(facts), &e.Facts)
	}
	return e, err
}

// AddExhibit records a file handed in as evidence for one's own Version. The bytes of its
// picture, if there is one, lie in the blob store already.
func (db *DB) AddExhibit(ctx context.Context, e loam.Exhibit, picture loam.Asset) (loam.Exhibit, error) {
	facts, err := json.Marshal(e.Facts)
	if err != nil {
		return e, err
	}
	err = db.write(ctx, func(t *tx) error {
		v, err := t.version(ctx, e.Version)
		if err != nil {
			return err
		}
		if v.Owner != e.Owner {
			return loam.Fail(loam.NotFound, "version.not_found")
		}
		var n int
		if err := t.row(ctx, `SELECT count(*) FROM exhibits WHERE version = ?`, e.Version).Scan(&n); err != nil {
			return err
		}
		if n >= maxExhibits {
			return loam.Fail(loam.Conflict, "exhibit.many", maxExhibits)
		}
		if picture.Hash != "" {
			if err := t.blob(ctx, picture.Hash, picture.Type, picture.Size); err != nil {
				return err
			}
		}
		e.ID, e.At, e.Picture, e.Shown = t.id(), t.now, picture.Hash, picture.Hash != ""
		_, err = t.exec(ctx, `INSERT INTO exhibits (`+exhibitColumns+`) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			e.ID, e.Owner, e.Version, e.Name, e.Digest, e.Size, e.Type, e.Picture, string(facts), e.At)
		return err
	})
	return e, err
}

// RemoveExhibit takes a file of one's own back that no appeal was sent with; one that was is part of
// its case: Conflict, "exhibit.sent".
func (db *DB) RemoveExhibit(ctx context.Context, owner, version, id string) error {
	return db.write(ctx, func(t *tx) error {
		appeals, err := all(ctx, t.querier, scanLabelAppeal, `SELECT `+labelAppealColumns+` FROM label_appeals WHERE version = ?`, version)
		if err != nil {
			return err
		}
		for _, a := range appeals {
			if slices.ContainsFunc(a.Exhibits, func(e loam.Exhibit) bool { return e.ID == id }) {
				return loam.Fail(loam.Conflict, "exhibit.sent")
			}
		}
		n, err := t.exec(ctx, `DELETE FROM exhibits WHERE id = ? AND version = ? AND owner = ?`, id, version, owner)
		if err == nil && n == 0 {
			err = loam.Fail(loam.NotFound, "exhibit.not_found")
		}
		return err
	})
}

// Exhibits lists what was handed in for a Version, oldest first.
func (db *DB) Exhibits(ctx context.Context, version string) ([]loam.Exhibit, error) {
	return all(ctx, db.read(), scanExhibit, `SELECT `+exhibitColumns+` FROM exhibits WHERE version = ? ORDER BY id`, version)
}

const labelAppealColumns = `id, version, field, source, was, text, exhibits, at, outcome`

// scanLabelAppeal reads an appeal; its exhibits are ids only.
func scanLabelAppeal(s scanner) (loam.LabelAppeal, error) {
	a := loam.LabelAppeal{Exhibits: []loam.Exhibit{}}
	var exhibits string
	err := s.Scan(&a.ID, &a.Version, &a.Field, &a.Source, &a.Was, &a.Text, &exhibits, &a.At, &a.Outcome)
	if err != nil {
		return a, err
	}
	var ids []string
	err = json.Unmarshal([]byte(exhibits), &ids)
	for _, id := range ids {
		a.Exhibits = append(a.Exhibits, loam.Exhibit{ID: id})
	}
	return a, err
}

// LabelAppeals lists the appeals of a Version's labels with what was handed in for each.
func (db *DB) LabelAppeals(ctx context.Context, version string) ([]loam.LabelAppeal, error) {
	list, err := all(ctx, db.read(), scanLabelAppeal, `SELECT `+labelAppealColumns+` FROM label_appeals WHERE version = ? ORDER BY id`, version)
	if err != nil || len(list) == 0 {
		return list, err
	}
	shown, err := db.Exhibits(ctx, version)
	if err != nil {
		return nil, err
	}
	for i := range list {
		named := list[i].Exhibits
		list[i].Exhibits = slices.DeleteFunc(slices.Clone(shown), func(e loam.Exhibit) bool {
			return !slices.ContainsFunc(named, func(n loam.Exhibit) bool { return n.ID == e.ID })
		})
	}
	return list, nil
}

// FileLabelAppeal challenges the state of one label of one's own labelled Version, once for
// the same bytes; somebody who has not ruled on the Version decides. A state that only her
// own declaration gives needs no appeal: Conflict, "label.appeal_own".
func (db *DB) FileLabelAppeal(ctx context.Context, owner string, a loam.LabelAppeal) (loam.LabelAppeal, error) {
	ids := []string{}
	for _, e := range a.Exhibits {
		ids = append(ids, e.ID)
	}
	exhibits, err := json.Marshal(ids)
	if err != nil {
		return a, err
	}
	err = db.write(ctx, func(t *tx) error {
		v, err := t.version(ctx, a.Version)
		if err != nil {
			return err
		}
		if v.Owner != owner {
			return loam.Fail(loam.NotFound, "version.not_found")
		}
		i := slices.IndexFunc(v.Labels, func(l loam.Label) bool { return l.Field == a.Field })
		if !v.Labelled || i < 0 || v.Labels[i].State == loam.NotAI {
			return loam.Fail(loam.Conflict, "label.appeal_nothing")
		}
		a.Source, a.Was = v.Labels[i].Source, v.Labels[i].State
		if err := t.mayAppealLabel(ctx, owner, v, a, ids); err != nil {
			return err
		}
		a.ID, a.At, a.Outcome = t.id(), t.now, ""
		_, err = t.exec(ctx, `INSERT INTO label_appeals (id, version, owner, field, source, was, text, exhibits, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			a.ID, a.Version, owner, a.Field, a.Source, string(a.Was), a.Text, string(exhibits), a.At)
		if duplicate(err) {
			return loam.Fail(loam.Conflict, "label.appeal_twice")
		}
		if err != nil {
			return err
		}
		err = t.openCase(ctx, v, loam.CaseLabel, a.ID, loam.Quality)
		if duplicate(err) {
			return loam.Fail(loam.Conflict, "label.appeal_open")
		}
		return err
	})
	return a, err
}

// mayAppealLabel refuses what was decided before on the same bytes in no weaker a state, what only her own word
// makes AI, and evidence that is not there.
func (t *tx) mayAppealLabel(ctx context.Context, owner string, v loam.Version, a loam.LabelAppeal, exhibits []string) error {
	if a.Was == loam.MayAI && v.Content.Declaration.AI && !v.Content.Declaration.Locked {
		return loam.Fail(loam.Conflict, "label.appeal_own")
	}
	before, err := all(ctx, t.querier, scanString, `SELECT was FROM label_appeals WHERE owner = ? AND source = ?`, owner, a.Source)
	if err != nil {
		return err
	}
	for _, was := range before {
		if a.Was.Stronger(loam.AIState(was)) == loam.AIState(was) {
			return loam.Fail(loam.Conflict, "label.appeal_twice")
		}
	}
	var n int
	for _, id := range exhibits {
		if err := t.row(ctx, `SELECT count(*) FROM exhibits WHERE id = ? AND version = ?`, id, v.ID).Scan(&n); err != nil {
			return err
		}
		if n == 0 {
			return loam.Fail(loam.NotFound, "exhibit.not_found")
		}
	}
	return nil
}

// ruleLabel lets a ruling on a label take effect: granted, exactly these bytes, and the
// photos that a drawn page of them shows, have no AI state any more where their owner uses
// them; the Version stays as it was confirmed.
func (t *tx) ruleLabel(ctx context.Context, c loam.Case, d loam.Decision) error {
	if _, err := t.exec(ctx, `UPDATE cases SET closed_at = ? WHERE id = ? AND closed_at = 0`, t.now, c.ID); err != nil {
		return err
	}
	outcome := "overturned"
	if d.Ruling == loam.RuleRemove {
		outcome = "upheld"
	}
	n, err := t.exec(ctx, `UPDATE label_appeals SET outcome = ?, decided_at = ? WHERE id = ? AND outcome = ''`, outcome, t.now, c.Appeal)
	if err != nil || n == 0 {
		return err
	}
	var owner, source, field string
	if err := t.row(ctx, `SELECT owner, source, field FROM label_appeals WHERE id = ?`, c.Appeal).Scan(&owner, &source, &field); err != nil {
		return err
	}
	if outcome == "overturned" {
		v, err := t.version(ctx, c.Version)
		if err != nil {
			return err
		}
		lowered := []string{source}
		for _, a := range v.Content.Assets {
			if a.Field == field {
				lowered = append(lowered, a.Shows...) // the photos of a drawn page would raise it again
			}
		}
		for _, bytes := range lowered {
			_, err := t.exec(ctx, `INSERT INTO label_rulings (owner, source, state, appeal, at) VALUES (?, ?, ?, ?, ?)
				ON CONFLICT (owner, source) DO UPDATE SET state = excluded.state, appeal = excluded.appeal, at = excluded.at`,
				owner, bytes, string(loam.NotAI), c.Appeal, t.now)
			if err != nil {
				return err
			}
		}
	}
	return t.event(ctx, owner, "version", d.Version)
}

// LabelRuling is what a reviewer ruled for bytes of an account, by their SHA-256, and whether one
// did.
func (db *DB) LabelRuling(ctx context.Context, owner, source string) (loam.LabelRuling, bool, error) {
	var r loam.LabelRuling
	err := db.read().row(ctx, `SELECT r.state, a.was FROM label_rulings r JOIN label_appeals a ON a.id = r.appeal
		WHERE r.owner = ? AND r.source = ?`, owner, source).Scan(&r.State, &r.Was)
	if errors.Is(err, sql.ErrNoRows) {
		return r, false, nil
	}
	return r, err == nil, err
}

// CreateWaiver records an application for the files of one's own Version without visible
// labels.
func (db *DB) CreateWaiver(ctx context.Context, w loam.Waiver) (loam.Waiver, error) {
	err := db.write(ctx, func(t *tx) error {
		v, err := t.version(ctx, w.Version)
		if err != nil {
			return err
		}
		if v.Owner != w.Owner {
			return loam.Fail(loam.NotFound, "version.not_found")
		}
		w.ID, w.At, w.KeepUntil, w.Deliveries = t.id(), t.now, t.now+keepWaivers, []loam.Delivery{}
		_, err = t.exec(ctx, `INSERT INTO waivers (`+waiverColumns+`) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			w.ID, w.Owner, w.Handle, w.Identity, w.Version, w.Recipient, w.Purpose, w.Agreement, w.At, w.KeepUntil)
		return err
	})
	return w, err
}

// Deliver records that a file goes out under a waiver of its owner, before it does; the
// record of the whole application is kept on from now.
func (db *DB) Deliver(ctx context.Context, waiver string, d loam.Delivery) error {
	return db.write(ctx, func(t *tx) error {
		n, err := t.exec(ctx, `UPDATE waivers SET keep_until = ? WHERE id = ?`, t.now+keepWaivers, waiver)
		if err != nil {
			return err
		}
		if n == 0 {
			return loam.Fail(loam.NotFound, "waiver.not_found")
		}
		_, err = t.exec(ctx, `INSERT INTO deliveries (id, waiver, field, produce_id, digest, channel, at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
			t.id(), waiver, d.Field, d.ProduceID, d.Digest, d.Channel, t.now)
		return err
	})
}

// Delivered reports whether a file of a Version, by its SHA-256, was handed out without its
// visible label and is still on record.
func (db *DB) Delivered(ctx context.Context, version, digest string) (bool, error) {
	var n int
	err := db.read().row(ctx, `SELECT count(*) FROM deliveries d JOIN waivers w ON w.id = d.waiver WHERE w.version = ? AND d.digest = ?`, version, digest).Scan(&n)
	return n > 0, err
}

const waiverColumns = `id, owner, handle, identity, version, recipient, purpose, agreement, at, keep_until`

func scanWaiver(s scanner) (loam.Waiver, error) {
	w := loam.Waiver{Deliveries: []loam.Delivery{}}
	err := s.Scan(&w.ID, &w.Owner, &w.Handle, &w.Identity, &w.Version, &w.Recipient, &w.Purpose, &w.Agreement, &w.At, &w.KeepUntil)
	return w, err
}

// Waiver reads an application of its owner's.
func (db *DB) Waiver(ctx context.Context, owner, id string) (loam.Waiver, error) {
	w, err := scanWaiver(db.read().row(ctx, `SELECT `+waiverColumns+` FROM waivers WHERE id = ? AND owner = ?`, id, owner))
	return w, missing(err, "waiver.not_found")
}

// Waivers lists the newest applications with what was handed out on each, for operators and
// auditors.
func (db *DB) Waivers(ctx context.Context, limit int) ([]loam.Waiver, error) {
	list, err := all(ctx, db.read(), scanWaiver, `SELECT `+waiverColumns+` FROM waivers ORDER BY at DESC, id DESC LIMIT ?`, limit)
	if err != nil {
		return nil, err
	}
	for i := range list {
		list[i].Deliveries, err = all(ctx, db.read(), func(s scanner) (d loam.Delivery, err error) {
			return d, s.Scan(&d.ID, &d.Field, &d.ProduceID, &d.Digest, &d.Channel, &d.At)
		}, `SELECT id, field, produce_id, digest, channel, at FROM deliveries WHERE waiver = ? ORDER BY id`, list[i].ID)
		if err != nil {
			return nil, err
		}
	}
	return list, nil
}

// SweepWaivers forgets applications whose time is over.
func (db *DB) SweepWaivers(ctx context.Context) error {
	return db.write(ctx, func(t *tx) error {
		_, err := t.exec(ctx, `DELETE FROM deliveries WHERE waiver IN (SELECT id FROM waivers WHERE keep_until < ?)`, t.now)
		if err == nil {
			_, err = t.exec(ctx, `DELETE FROM waivers WHERE keep_until < ?`, t.now)
		}
		return err
	})
}
