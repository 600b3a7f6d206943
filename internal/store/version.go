package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"maps"
	"slices"

	"loam"
)

const versionColumns = `id, work, owner, number, revision, hash, content, state, reach, labelled, labels, release_hash, confirmed_by, confirmed_at, submitted_at, updated_at`

func scanVersion(s scanner) (loam.Version, error) {
	var v loam.Version
	var content, labels string
	err := s.Scan(&v.ID, &v.Work, &v.Owner, &v.Number, &v.Revision, &v.Hash, &content, &v.State, &v.Reach, &v.Labelled, &labels,
		&v.ReleaseHash, &v.ConfirmedBy, &v.ConfirmedAt, &v.SubmittedAt, &v.UpdatedAt)
	if err != nil {
		return v, err
	}
	return v, errors.Join(json.Unmarshal([]byte(content), &v.Content), json.Unmarshal([]byte(labels), &v.Labels))
}

// Version reads one version, whoever asks; the caller decides who may.
func (db *DB) Version(ctx context.Context, id string) (loam.Version, error) {
	v, err := scanVersion(db.read().row(ctx, `SELECT `+versionColumns+` FROM versions WHERE id = ?`, id))
	return v, missing(err, "version.not_found")
}

// Submit freezes a Version of the draft revision the person saw, replaces what came
// before it on the line, and sends it to screening and labelling. Submitting the same
// revision again gives the Version that exists.
func (db *DB) Submit(ctx context.Context, s loam.Submission) (loam.Version, error) {
	var v loam.Version
	err := db.write(ctx, func(t *tx) error {
		var revision int64
		err := t.row(ctx, `SELECT revision FROM drafts WHERE work IN (SELECT id FROM works WHERE id = ? AND owner = ? AND deleted = 0 AND form = '')`,
			s.Content.Work, s.Owner).Scan(&revision)
		if err != nil {
			return missing(err, "work.not_found")
		}
		if revision != s.Revision {
			return loam.Fail(loam.Conflict, "draft.changed")
		}
		v, err = t.submitted(ctx, s)
		if err == nil || loam.KindOf(err) != loam.NotFound {
			return err
		}
		v, err = t.freeze(ctx, s)
		return err
	})
	return v, err
}

// submitted finds the Version an earlier submit of the same revision made, if its
// choices were the same and it still stands.
func (t *tx) submitted(ctx context.Context, s loam.Submission) (loam.Version, error) {
	v, err := scanVersion(t.row(ctx, `SELECT `+versionColumns+` FROM versions WHERE work = ? AND revision = ? AND state <> 'withdrawn'
		ORDER BY number DESC LIMIT 1`, s.Content.Work, s.Revision))
	if err != nil {
		return v, missing(err, "version.not_found")
	}
	s.Content.Number = v.Number
	if hash, err := loam.VersionHash(s.Content); err != nil || hash != v.Hash {
		return v, errors.Join(err, loam.Fail(loam.NotFound, "version.not_found"))
	}
	return v, nil
}

func (t *tx) freeze(ctx context.Context, s loam.Submission) (loam.Version, error) {
	if err := t.mayPublish(ctx, s.Owner); err != nil {
		return loam.Version{}, err
	}
	v := loam.Version{Work: s.Content.Work, Owner: s.Owner, Content: s.Content, Revision: s.Revision, State: loam.Submitted, Reach: loam.Allow, SubmittedAt: t.now, UpdatedAt: t.now}
	if err := t.withdrawUnreleased(ctx, v.Work, "'submitted','held','cleared','refused','failed'"); err != nil {
		return v, err
	}
	if err := t.row(ctx, `SELECT coalesce(max(number), 0) + 1 FROM versions WHERE work = ?`, v.Work).Scan(&v.Number); err != nil {
		return v, err
	}
	v.ID, v.Content.Number, v.Labels = t.id(), v.Number, []loam.Label{}
	var err error
	if v.Hash, err = loam.VersionHash(v.Content); err != nil {
		return v, err
	}
	content, err := json.Marshal(v.Content)
	if err != nil {
		return v, err
	}
	for _, b := range s.Blobs {
		if err := t.blob(ctx, b.Hash, b.Type, b.Size); err != nil {
			return v, err
		}
	}
	_, err = t.exec(ctx, `INSERT INTO versions (id, work, owner, number, revision, hash, content, ai, state, scheduled, submitted_at, updated_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, v.ID, v.Work, v.Owner, v.Number, s.Revision, v.Hash, string(content), string(v.Content.AI()), v.State,
		v.Content.Scheduled, t.now, t.now)
	if err != nil {
		return v, err
	}
	if v.Content.Form == loam.FormNote { // a text is labelled at once, and screened when it is confirmed
		for _, kind := range []string{JobScreen, JobLabel} {
			if err := t.job(ctx, kind, v.ID, 0); err != nil {
				return v, err
			}
		}
	}
	return v, t.event(ctx, v.Owner, "version", v.ID)
}

// withdrawUnreleased takes back versions in the states, a list as SQL writes it: those an
// edit replaces, or a removal strands. What readers already see stays.
func (t *tx) withdrawUnreleased(ctx context.Context, work, states string) error {
	ids, err := all(ctx, t.querier, scanString, `SELECT id FROM versions WHERE work = ? AND state IN (`+states+`)`, work)
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
	}
	return nil
}

func scanString(s scanner) (string, error) {
	var v string
	return v, s.Scan(&v)
}

// step moves a Version by the table of steps: a conditional UPDATE, so that of two who
// move it from the same state only one does.
func (t *tx) step(ctx context.Context, version string, step loam.Step) error {
	var from loam.State
	if err := t.row(ctx, `SELECT state FROM versions WHERE id = ?`, version).Scan(&from); err != nil {
		return missing(err, "version.not_found")
	}
	to, err := from.Next(step)
	if err != nil {
		return err
	}
	n, err := t.exec(ctx, `UPDATE versions SET state = ?, updated_at = ? WHERE id = ? AND state = ?`, to, t.now, version, from)
	if err == nil && n == 0 {
		err = loam.Fail(loam.Conflict, "version.changed")
	}
	return err
}

// PutVerdict records what screening found and moves the Version accordingly. A Version
// that has moved on meanwhile (withdrawn, or screened by a repeated job) is left alone.
func (db *DB) PutVerdict(ctx context.Context, version string, verdict loam.Verdict, traits loam.Traits) error {
	traits, err := db.room(ctx, version, traits)
	if err != nil {
		return err
	}
	return db.write(ctx, func(t *tx) error {
		v, err := t.version(ctx, version)
		if err != nil {
			return err
		}
		if v.State != loam.Submitted {
			return nil
		}
		verdict, err := t.stillAgreed(ctx, verdict)
		if err != nil {
			return err
		}
		verdict.ID, verdict.At = t.id(), t.now
		doc, err := json.Marshal(verdict)
		if err != nil {
			return err
		}
		_, err = t.exec(ctx, `INSERT INTO verdicts (id, version, action, policy, doc, at) VALUES (?, ?, ?, ?, ?, ?)`,
			verdict.ID, version, verdict.Action, verdict.Policy, string(doc), t.now)
		if err != nil {
			return err
		}
		if err := t.keepTraits(ctx, v, traits); err != nil {
			return err
		}
		if _, err := t.sight(ctx, v, verdict.Findings); err != nil {
			return err
		}
		return t.judge(ctx, v, verdict)
	})
}

func (t *tx) judge(ctx context.Context, v loam.Version, verdict loam.Verdict) error {
	steps := map[loam.Action]loam.Step{loam.Allow: loam.Pass, loam.LimitReach: loam.Limit, loam.Review: loam.Hold, loam.Block: loam.Refuse}
	step, ok := steps[verdict.Action]
	if !ok {
		step = loam.Hold // an action nobody knows is a person's to judge
	}
	risk := gravest(verdict)
	if step == loam.Pass || step == loam.Limit {
		against, err := t.ruledAgainst(ctx, v.Work)
		if err != nil {
			return err
		}
		if against == "" {
			against, err = t.claimedAgainst(ctx, v.Work)
		}
		if err != nil {
			return err
		}
		if against != "" { // what a person stopped comes back by a person
			step, risk = loam.Hold, against
		}
	}
	if err := t.step(ctx, v.ID, step); err != nil {
		return err
	}
	if step == loam.Limit {
		if err := t.setReach(ctx, v.ID, loam.LimitReach); err != nil {
			return err
		}
	}
	if step == loam.Hold {
		if err := t.openCase(ctx, v, loam.CaseScreen, "", risk); err != nil {
			return err
		}
	}
	if err := t.event(ctx, v.Owner, "version", v.ID); err != nil {
		return err
	}
	return t.releaseIfOpen(ctx, v.ID)
}

// ruledAgainst is the reason for which a person last removed or limited a version of the
// work, "" if the last ruling let it be.
func (t *tx) ruledAgainst(ctx context.Context, work string) (loam.Risk, error) {
	var ruling loam.Ruling
	var reason loam.Risk
	err := t.row(ctx, `SELECT d.ruling, d.reason FROM decisions d JOIN versions v ON v.id = d.version
		WHERE v.work = ? AND d.about = '' AND d.applied = 1 AND d.undone = 0 ORDER BY d.effective DESC, d.id DESC LIMIT 1`, work).Scan(&ruling, &reason)
	if errors.Is(err, sql.ErrNoRows) || err == nil && ruling == loam.RuleAllow {
		return "", nil
	}
	return reason, err
}

// claimedAgainst is what an upheld claim on the work is filed under, "" if there is none.
func (t *tx) claimedAgainst(ctx context.Context, work string) (loam.Risk, error) {
	var right loam.Right
	err := t.row(ctx, `SELECT n.violated FROM claims k JOIN notices n ON n.id = k.notice WHERE k.work = ? AND k.state = 'upheld' ORDER BY k.decided_at DESC LIMIT 1`, work).Scan(&right)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return right.Risk(), err
}

func gravest(v loam.Verdict) loam.Risk {
	best, risk := -1, loam.Quality
	for _, r := range v.Rules {
		if s := r.Action.Severity(); s > best {
			best, risk = s, loam.Risk(r.Reason)
		}
	}
	return risk
}

func (t *tx) setReach(ctx context.Context, version string, reach loam.Action) error {
	if _, err := t.exec(ctx, `UPDATE versions SET reach = ? WHERE id = ?`, reach, version); err != nil {
		return err
	}
	_, err := t.exec(ctx, `UPDATE releases SET reach = ? WHERE version = ?`, reach, version)
	return err
}

func (t *tx) version(ctx context.Context, id string) (loam.Version, error) {
	v, err := scanVersion(t.row(ctx, `SELECT `+versionColumns+` FROM versions WHERE id = ?`, id))
	return v, missing(err, "version.not_found")
}

// Verdict reads the newest verdict on a version.
func (db *DB) Verdict(ctx context.Context, version string) (loam.Verdict, error) {
	var doc string
	var v loam.Verdict
	err := db.read().row(ctx, `SELECT doc FROM verdicts WHERE version = ? ORDER BY at DESC, id DESC LIMIT 1`, version).Scan(&doc)
	if err != nil {
		return v, missing(err, "verdict.not_found")
	}
	return v, json.Unmarshal([]byte(doc), &v)
}

// GiveUp marks a Version whose job is dead as failed, for an operator to retry.
func (db *DB) GiveUp(ctx context.Context, version string) error {
	return db.write(ctx, func(t *tx) error {
		v, err := t.version(ctx, version)
		if err != nil {
			return err
		}
		if !v.State.Allows(loam.GiveUp) {
			return nil // it moved on without this job
		}
		if err := t.step(ctx, version, loam.GiveUp); err != nil {
			return err
		}
		return errors.Join(t.event(ctx, v.Owner, "version", version), t.event(ctx, staff, "job", version))
	})
}

// Retry starts a failed Version's stages again.
func (db *DB) Retry(ctx context.Context, version string) error {
	return db.write(ctx, func(t *tx) error {
		if err := t.step(ctx, version, loam.Retry); err != nil {
			return err
		}
		return errors.Join(t.job(ctx, JobScreen, version, 0), t.job(ctx, JobLabel, version, 0))
	})
}

// Withdraw takes back a Version that is its owner's: readers no longer see it.
func (db *DB) Withdraw(ctx context.Context, owner, version string) error {
	return db.write(ctx, func(t *tx) error {
		v, err := t.version(ctx, version)
		if err != nil {
			return err
		}
		if v.Owner != owner {
			return loam.Fail(loam.NotFound, "version.not_found")
		}
		return t.withdrawAll(ctx, v.Work, version)
	})
}

// withdrawAll withdraws one version of a work, or all if version is "".
func (t *tx) withdrawAll(ctx context.Context, work, version string) error {
	ids, err := all(ctx, t.querier, scanString, `SELECT id FROM versions WHERE work = ? AND state <> 'withdrawn' AND (id = ? OR ? = '')`, work, version, version)
	if err != nil {
		return err
	}
	if len(ids) == 0 && version != "" {
		return loam.Fail(loam.Conflict, "step.not_allowed", loam.Withdraw, loam.Withdrawn)
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

// staff is the audience of events every staff member may see.
const staff = "staff"

// Statement gathers the statement of reasons for a Version, for its author: of what was found, only
// what the decision rests on, and of a protection not whose it is.
func (db *DB) Statement(ctx context.Context, v loam.Version) (loam.Statement, error) {
	s := loam.Statement{Version: v.ID, Outcome: v.State, Reach: v.Reach, Findings: []loam.Finding{}}
	verdict, err := db.Verdict(ctx, v.ID)
	if err != nil && loam.KindOf(err) != loam.NotFound {
		return s, err
	}
	s.By, s.Policy, s.At = "machine", verdict.Policy, verdict.At
	rests := map[int]bool{}
	for _, r := range verdict.Rules {
		if r.Action != verdict.Action {
			continue
		}
		s.Reason, s.Rule = r.Reason, r.Rule
		for _, i := range r.Findings {
			rests[i] = true
		}
	}
	d, err := db.decision(ctx, v.ID)
	if err != nil {
		return s, err
	}
	if d.ID != "" {
		s.By, s.Reason, s.At, s.Rule = "person", d.Reason, d.Effective, ""
	}
	for i, f := range verdict.Findings {
		if d.ID == "" && rests[i] || d.ID != "" && string(f.Risk) == d.Reason {
			f = f.Told()
			// Nor how many.
			if !loam.Bodily(f.Facts["by"]) || !slices.ContainsFunc(s.Findings, func(o loam.Finding) bool { return o.Field == f.Field && maps.Equal(o.Facts, f.Facts) }) {
				s.Findings = append(s.Findings, f)
			}
		}
	}
	if v.State == loam.Refused || v.State == loam.Removed {
		s.AppealBy = s.At + appealWindow
	}
	held, err := db.read().heldBy(ctx, v.ID)
	if err != nil {
		return s, err
	}
	if held.ID != "" && v.State == loam.Removed {
		s.By, s.Reason, s.Rule, s.At, s.AppealBy = "person", string(held.Right.Risk()), "", held.DecidedAt, 0
		s.Findings, s.Claim = []loam.Finding{}, held.ID
		return s, nil
	}
	a, err := db.Appeal(ctx, v.ID)
	if err == nil {
		s.Appeal, s.AppealBy = &a, 0
	} else if loam.KindOf(err) != loam.NotFound {
		return s, err
	}
	return s, nil
}

func (db *DB) decision(ctx context.Context, version string) (loam.Decision, error) {
	d, err := scanDecision(db.read().row(ctx, `SELECT `+decisionColumns+` FROM decisions WHERE version = ? AND about = '' AND applied = 1 ORDER BY effective DESC LIMIT 1`, version))
	if errors.Is(err, sql.ErrNoRows) {
		return loam.Decision{}, nil
	}
	return d, err
}

// titleOf reads the title of stored content.
func titleOf(content string) (string, error) {
	var c struct{ Title string }
	err := json.Unmarshal([]byte(content), &c)
	return c.Title, err
}
