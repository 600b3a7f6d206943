package store

import (
	"context"
	"database/sql"
	"errors"

	"loam"
)

const (
	// leaseMillis is how long a reviewer holds a case; renewed by opening it again.
	leaseMillis = 10 * 60 * 1000
	// undoMillis is how long a decision can be undone before it takes effect.
	undoMillis = 5 * 1000
	// appealWindow is how long a creator may appeal: 15 days from the statement of reasons.
	appealWindow = 15 * 24 * 60 * 60 * 1000
	// skipMillis is how long a skipped case stays away from who skipped it.
	skipMillis = 60 * 60 * 1000
)

const caseKind = `CASE about WHEN '' THEN kind ELSE about END`

const caseColumns = `id, ` + caseKind + `, version, work, appeal, risk, priority, reports, opened_at, leased_by, lease_until, token, escalated, closed_at`

func scanCase(s scanner) (loam.Case, error) {
	var c loam.Case
	err := s.Scan(&c.ID, &c.Kind, &c.Version, &c.Work, &c.Appeal, &c.Risk, &c.Priority, &c.Reports, &c.OpenedAt, &c.LeasedBy,
		&c.LeaseUntil, &c.Token, &c.Escalated, &c.ClosedAt)
	return c, err
}

// openCase puts a Version into the review queue; it has at most one open case, one more about its
// labels or its creator's suspension, and one for each claim.
func (t *tx) openCase(ctx context.Context, v loam.Version, kind loam.CaseKind, appeal string, risk loam.Risk) error {
	about := ""
	rank := priority(kind, risk)
	switch kind {
	case loam.CaseLabel, loam.CaseNotice, loam.CaseBarred:
		kind, about = loam.CaseAppeal, string(kind)
	case loam.CaseScreen, loam.CaseReport, loam.CaseAppeal:
	}
	_, err := t.exec(ctx, `INSERT INTO cases (id, kind, about, version, work, owner, appeal, risk, priority, opened_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		t.id(), string(kind), about, v.ID, v.Work, v.Owner, appeal, string(risk), rank, t.now)
	if err != nil {
		return err
	}
	return t.event(ctx, staff, "queue", v.ID)
}

// priority orders the queue, higher first: what can hurt people before what can annoy
// them, and an appeal before a first look of the same risk.
func priority(kind loam.CaseKind, risk loam.Risk) int64 {
	p := int64(20)
	switch risk {
	case loam.Minors, loam.Terror, loam.Violence:
		p = 90
	case loam.Porn, loam.Drugs, loam.Fraud, loam.Privacy, loam.Politics:
		p = 70
	case loam.Gambling, loam.Discrimination, loam.Abuse, loam.Rumor, loam.Likeness, loam.IP:
		p = 50
	case loam.Advertising, loam.Diversion, loam.Copy, loam.Quality, loam.Limits, loam.Injection:
		p = 30
	}
	if kind != loam.CaseScreen && kind != loam.CaseReport {
		p += 5
	}
	return p
}

// closeCase ends the open case of a Version that needs no decision any more; an appeal of
// its label stays open, which is about bytes that may come again.
func (t *tx) closeCase(ctx context.Context, version string) error {
	_, err := t.exec(ctx, `UPDATE cases SET closed_at = ? WHERE version = ? AND about = '' AND closed_at = 0`, t.now, version)
	return err
}

// caseFor is the open case of a Version, opened if there is none.
func (t *tx) caseFor(ctx context.Context, v loam.Version, kind loam.CaseKind, risk loam.Risk) (loam.Case, error) {
	const find = `SELECT ` + caseColumns + ` FROM cases WHERE version = ? AND about = '' AND closed_at = 0`
	c, err := scanCase(t.row(ctx, find, v.ID))
	if !errors.Is(err, sql.ErrNoRows) {
		return c, err
	}
	if err := t.openCase(ctx, v, kind, "", risk); err != nil {
		return c, err
	}
	return scanCase(t.row(ctx, find, v.ID))
}

// open is the condition of a case a reviewer may take now: free or her own, not her own
// work or notice, nor what rests on it, not her own earlier decision on the Version, or the claim where it is about one,
// nor on any claim a suspension rests on, not skipped by her within the hour. Its arguments are those of openArgs.
const open = `closed_at = 0 AND (lease_until < ? OR leased_by = ?) AND owner <> ?
	AND NOT EXISTS (SELECT 1 FROM decisions d JOIN cases e ON e.id = d.case_id WHERE d.version = cases.version AND d.reviewer = ? AND d.undone = 0
		AND (cases.about <> 'notice' OR e.appeal = cases.appeal AND d.ruling <> 'limit'))
	AND NOT EXISTS (SELECT 1 FROM suspensions s JOIN cases e ON e.about = 'notice' AND s.claims LIKE '%"' || e.appeal || '"%' JOIN decisions d ON d.case_id = e.id
		WHERE cases.about = 'barred' AND s.id = cases.appeal AND e.owner = cases.owner AND d.reviewer = ? AND d.undone = 0 AND d.ruling <> 'limit')
	AND NOT EXISTS (SELECT 1 FROM claims k ` + sentBy + ` WHERE k.id = cases.appeal AND a.id = ?)
	AND NOT EXISTS (SELECT 1 FROM suspensions s JOIN claims k ON k.owner = cases.owner AND s.claims LIKE '%"' || k.id || '"%' ` + sentBy + `
		WHERE cases.about = 'barred' AND s.id = cases.appeal AND a.id = ?)
	AND NOT EXISTS (SELECT 1 FROM case_skips s WHERE s.case_id = cases.id AND s.reviewer = ? AND s.at > ?)`

func openArgs(now int64, reviewer string) []any {
	return []any{now, reviewer, reviewer, reviewer, reviewer, reviewer, reviewer, reviewer, now - skipMillis}
}

// queueRank is a case's place in the queue, higher first, at a moment. Age lifts every case by one
// point an hour, so that none starves.
const queueRank = `priority + (? - opened_at) / 3600000`

// Queue lists the open cases a reviewer may take or sees others hold, gravest first. No kind has
// more than half of the places while others wait: anybody can send notices.
func (db *DB) Queue(ctx context.Context, reviewer string, limit int) ([]loam.Case, error) {
	now := db.clock.Now()
	args := append([]any{now, now}, openArgs(now, reviewer)...)
	return all(ctx, db.read(), scanCase, `SELECT `+caseColumns+` FROM cases WHERE id IN (SELECT id FROM
		(SELECT id, opened_at, `+queueRank+` AS rank, row_number() OVER (PARTITION BY `+caseKind+` ORDER BY `+queueRank+` DESC, opened_at, id) AS seat
			FROM cases WHERE `+open+`) AS listed
		ORDER BY CASE WHEN seat <= ? THEN 0 ELSE 1 END, rank DESC, opened_at, id LIMIT ?) ORDER BY `+queueRank+` DESC, opened_at, id`,
		append(args, (limit+1)/2, limit, now)...)
}

// Lease takes a case for ten minutes, or renews one's own lease. A case another holds,
// one's own work and one's own earlier decision are refused. The token grows with every
// new lease: a decision with an older one is too late.
func (db *DB) Lease(ctx context.Context, reviewer, id string) (loam.Case, error) {
	var c loam.Case
	err := db.write(ctx, func(t *tx) error {
		args := []any{reviewer, t.now, reviewer, t.now, t.now, reviewer, t.now + leaseMillis, id}
		n, err := t.exec(ctx, `UPDATE cases SET token = CASE WHEN leased_by = ? AND lease_until >= ? THEN token ELSE token + 1 END,
			leased_at = CASE WHEN leased_by = ? AND lease_until >= ? THEN leased_at ELSE ? END, leased_by = ?, lease_until = ?
			WHERE id = ? AND `+open, append(args, openArgs(t.now, reviewer)...)...)
		if err != nil {
			return err
		}
		c, err = scanCase(t.row(ctx, `SELECT `+caseColumns+` FROM cases WHERE id = ?`, id))
		switch {
		case err != nil:
			return missing(err, "case.not_found")
		case n == 1:
			return nil
		case c.ClosedAt > 0:
			return loam.Fail(loam.Conflict, "case.closed")
		case c.LeaseUntil >= t.now && c.LeasedBy != reviewer:
			return loam.Fail(loam.Conflict, "case.leased")
		default:
			return t.whyNot(ctx, reviewer, id)
		}
	})
	return c, err
}

// whyNot says why a free case is not for this reviewer.
func (t *tx) whyNot(ctx context.Context, reviewer, id string) error {
	var skipped int
	err := t.row(ctx, `SELECT count(*) FROM case_skips WHERE case_id = ? AND reviewer = ? AND at > ?`, id, reviewer, t.now-skipMillis).Scan(&skipped)
	if err != nil {
		return err
	}
	if skipped > 0 {
		return loam.Fail(loam.Conflict, "case.skipped")
	}
	return loam.Fail(loam.Denied, "review.own_work")
}

// skip keeps a case from a reviewer for an hour.
func (t *tx) skip(ctx context.Context, reviewer, id string) error {
	_, err := t.exec(ctx, `INSERT INTO case_skips (case_id, reviewer, at) VALUES (?, ?, ?)
		ON CONFLICT (case_id, reviewer) DO UPDATE SET at = excluded.at`, id, reviewer, t.now)
	return err
}

// Skip gives a case back and keeps it from this reviewer for an hour; nobody is blamed.
func (db *DB) Skip(ctx context.Context, reviewer, id string) error {
	return db.write(ctx, func(t *tx) error {
		var n int
		if err := t.row(ctx, `SELECT count(*) FROM cases WHERE id = ? AND closed_at = 0`, id).Scan(&n); err != nil {
			return err
		}
		if n == 0 {
			return loam.Fail(loam.NotFound, "case.not_found")
		}
		if _, err := t.exec(ctx, `UPDATE cases SET leased_by = '', lease_until = 0 WHERE id = ? AND leased_by = ?`, id, reviewer); err != nil {
			return err
		}
		return t.skip(ctx, reviewer, id)
	})
}

// Escalate gives a case back at the top of the queue, for a colleague.
func (db *DB) Escalate(ctx context.Context, reviewer, id string, token int64) error {
	return db.write(ctx, func(t *tx) error {
		n, err := t.exec(ctx, `UPDATE cases SET leased_by = '', lease_until = 0, escalated = 1, priority = priority + 100
			WHERE id = ? AND closed_at = 0 AND leased_by = ? AND token = ? AND lease_until >= ?`, id, reviewer, token, t.now)
		if err != nil {
			return err
		}
		if n == 0 {
			return loam.Fail(loam.Conflict, "case.lease_lost")
		}
		if err := t.skip(ctx, reviewer, id); err != nil {
			return err
		}
		return t.event(ctx, staff, "queue", id)
	})
}

// Case reads one case.
func (db *DB) Case(ctx context.Context, id string) (loam.Case, error) {
	c, err := scanCase(db.read().row(ctx, `SELECT `+caseColumns+` FROM cases WHERE id = ?`, id))
	return c, missing(err, "case.not_found")
}

const decisionColumns = `id, case_id, version, ruling, reason, note, reviewer, at, effective, undone, applied, seconds, phrase`

func scanDecision(s scanner) (loam.Decision, error) {
	var d loam.Decision
	err := s.Scan(&d.ID, &d.Case, &d.Version, &d.Ruling, &d.Reason, &d.Note, &d.Reviewer, &d.At, &d.Effective, &d.Undone, &d.Applied, &d.Seconds, &d.Phrase)
	return d, err
}

// Decide records a reviewer's ruling under her lease and closes the case. It takes effect
// five seconds later unless undone.
func (db *DB) Decide(ctx context.Context, d loam.Decision, token int64) (loam.Decision, error) {
	err := db.write(ctx, func(t *tx) error {
		var leasedAt int64
		var owner, about, appeal string
		err := t.row(ctx, `SELECT version, leased_at, owner, about, appeal FROM cases WHERE id = ?`, d.Case).Scan(&d.Version, &leasedAt, &owner, &about, &appeal)
		if err != nil {
			return missing(err, "case.not_found")
		}
		if owner == d.Reviewer {
			return loam.Fail(loam.Denied, "review.own_work")
		}
		if err := t.fits(ctx, d, about, appeal); err != nil {
			return err
		}
		n, err := t.exec(ctx, `UPDATE cases SET closed_at = ? WHERE id = ? AND closed_at = 0 AND leased_by = ? AND token = ? AND lease_until >= ?`,
			t.now, d.Case, d.Reviewer, token, t.now)
		if err != nil {
			return err
		}
		if n == 0 {
			return loam.Fail(loam.Conflict, "case.lease_lost")
		}
		d.ID, d.At, d.Effective, d.Seconds = t.id(), t.now, t.now+undoMillis, (t.now-leasedAt)/1000
		if err := t.insertDecision(ctx, d); err != nil {
			return err
		}
		return t.job(ctx, JobDecide, d.ID, d.Effective)
	})
	return d, err
}

// fits refuses a ruling that its case does not know.
func (t *tx) fits(ctx context.Context, d loam.Decision, about, appeal string) error {
	switch {
	case about == noticed:
		return t.fitsClaim(ctx, d, appeal)
	case about != "" && d.Ruling == loam.RuleLimit: // a label, or a suspension, stands or falls
		return loam.Fail(loam.Invalid, "ruling.unknown", d.Ruling)
	case d.Phrase != "":
		return loam.Fail(loam.Invalid, "claim.phrase")
	}
	return nil
}

func (t *tx) insertDecision(ctx context.Context, d loam.Decision) error {
	_, err := t.exec(ctx, `INSERT INTO decisions (id, about, case_id, version, ruling, reason, note, reviewer, at, effective, seconds, phrase)
		VALUES (?, (SELECT about FROM cases WHERE id = ?), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		d.ID, d.Case, d.Case, d.Version, string(d.Ruling), d.Reason, d.Note, d.Reviewer, d.At, d.Effective, d.Seconds, d.Phrase)
	return err
}

// Undo takes a decision back before it takes effect, and gives its maker the case again.
func (db *DB) Undo(ctx context.Context, reviewer, id string) (loam.Case, error) {
	var c loam.Case
	err := db.write(ctx, func(t *tx) error {
		n, err := t.exec(ctx, `UPDATE decisions SET undone = 1 WHERE id = ? AND reviewer = ? AND applied = 0 AND undone = 0`, id, reviewer)
		if err != nil {
			return err
		}
		if n == 0 {
			return loam.Fail(loam.Conflict, "decision.in_effect")
		}
		_, err = t.exec(ctx, `UPDATE cases SET closed_at = 0, leased_by = ?, leased_at = ?, lease_until = ?, token = token + 1
			WHERE id = (SELECT case_id FROM decisions WHERE id = ?)`, reviewer, t.now, t.now+leaseMillis, id)
		if err != nil {
			return err
		}
		c, err = scanCase(t.row(ctx, `SELECT `+caseColumns+` FROM cases WHERE id = (SELECT case_id FROM decisions WHERE id = ?)`, id))
		return err
	})
	return c, err
}

// Apply lets a decision take effect once its five seconds have passed; the decide job
// calls it. An undone or applied decision is left alone.
func (db *DB) Apply(ctx context.Context, id string) error {
	return db.write(ctx, func(t *tx) error {
		d, err := scanDecision(t.row(ctx, `SELECT `+decisionColumns+` FROM decisions WHERE id = ?`, id))
		if err != nil {
			return missing(err, "decision.not_found")
		}
		if d.Undone || d.Applied {
			return nil
		}
		return t.apply(ctx, d)
	})
}

// apply moves the Version as its decision says. A Version its creator withdrew meanwhile
// stays withdrawn.
func (t *tx) apply(ctx context.Context, d loam.Decision) error {
	if _, err := t.exec(ctx, `UPDATE decisions SET applied = 1 WHERE id = ?`, d.ID); err != nil {
		return err
	}
	c, err := scanCase(t.row(ctx, `SELECT `+caseColumns+` FROM cases WHERE id = ?`, d.Case))
	if err != nil {
		return err
	}
	switch c.Kind {
	case loam.CaseLabel:
		return t.ruleLabel(ctx, c, d)
	case loam.CaseNotice:
		return t.ruleClaim(ctx, c, d)
	case loam.CaseBarred:
		return t.ruleSuspension(ctx, c, d)
	case loam.CaseScreen, loam.CaseReport, loam.CaseAppeal:
	}
	if err := t.closeCase(ctx, d.Version); err != nil {
		return err
	}
	v, err := t.version(ctx, d.Version)
	if err != nil || v.State == loam.Withdrawn {
		return err
	}
	if err := t.rule(ctx, v, c, d); err != nil {
		return err
	}
	if err := t.event(ctx, v.Owner, "version", v.ID); err != nil {
		return err
	}
	return t.releaseIfOpen(ctx, v.ID)
}

func (t *tx) rule(ctx context.Context, v loam.Version, c loam.Case, d loam.Decision) error {
	if c.Kind == loam.CaseAppeal {
		return t.ruleAppeal(ctx, v, c, d)
	}
	reach := loam.Allow
	step := loam.Pass
	switch {
	case d.Ruling == loam.RuleRemove && v.State == loam.Released:
		step = loam.Remove
	case d.Ruling == loam.RuleRemove:
		step = loam.Refuse
	case d.Ruling == loam.RuleLimit:
		step, reach = loam.Limit, loam.LimitReach
	}
	if !v.State.Allows(step) {
		return nil // what happened meanwhile, such as a takedown, has settled it
	}
	if err := t.step(ctx, v.ID, step); err != nil {
		return err
	}
	if step == loam.Remove {
		if err := t.takeOut(ctx, v.ID); err != nil {
			return err
		}
		// Versions on their way were cleared before anybody ruled against the work.
		return t.withdrawUnreleased(ctx, v.Work, "'submitted','held','cleared'")
	}
	return t.setReach(ctx, v.ID, reach)
}

func (t *tx) ruleAppeal(ctx context.Context, v loam.Version, c loam.Case, d loam.Decision) error {
	outcome := "overturned"
	if d.Ruling == loam.RuleRemove {
		outcome = "upheld"
	}
	if _, err := t.exec(ctx, `UPDATE appeals SET outcome = ? WHERE id = ?`, outcome, c.Appeal); err != nil || outcome == "upheld" {
		return err
	}
	reach := loam.Allow
	if d.Ruling == loam.RuleLimit {
		reach = loam.LimitReach
	}
	return t.restore(ctx, v, reach)
}

// restore brings back a Version that was refused or removed, unless it moved on meanwhile.
func (t *tx) restore(ctx context.Context, v loam.Version, reach loam.Action) error {
	removed := v.State == loam.Removed
	if removed {
		// A newer version that its creator confirmed stays; the old one was right, and is replaced.
		var live int
		if err := t.row(ctx, `SELECT count(*) FROM releases WHERE work = ? AND removed_at = 0`, v.Work).Scan(&live); err != nil {
			return err
		}
		if live > 0 {
			return t.step(ctx, v.ID, loam.Withdraw)
		}
	}
	if !v.State.Allows(loam.Restore) {
		return nil // restored or withdrawn meanwhile
	}
	if err := t.step(ctx, v.ID, loam.Restore); err != nil {
		return err
	}
	if removed {
		if _, err := t.exec(ctx, `UPDATE releases SET removed_at = 0 WHERE version = ?`, v.ID); err != nil {
			return err
		}
		if err := t.appear(ctx, v); err != nil {
			return err
		}
	}
	return t.setReach(ctx, v.ID, reach)
}

// Overdue lists decisions that should have taken effect before now and have not: a lost
// job is found here.
func (db *DB) Overdue(ctx context.Context) ([]string, error) {
	return all(ctx, db.read(), scanString, `SELECT id FROM decisions WHERE undone = 0 AND applied = 0 AND effective < ? ORDER BY id LIMIT 100`, db.clock.Now()-60_000)
}

// Appeal reads the appeal against a refusal or removal of a Version.
func (db *DB) Appeal(ctx context.Context, version string) (loam.Appeal, error) {
	var a loam.Appeal
	err := db.read().row(ctx, `SELECT id, version, text, at, outcome FROM appeals WHERE version = ?`, version).Scan(&a.ID, &a.Version, &a.Text, &a.At, &a.Outcome)
	return a, missing(err, "appeal.not_found")
}

// FileAppeal challenges a refusal or removal, once, within the window; a different
// reviewer will decide.
func (db *DB) FileAppeal(ctx context.Context, owner, version, text string) (loam.Appeal, error) {
	var a loam.Appeal
	err := db.write(ctx, func(t *tx) error {
		v, err := t.version(ctx, version)
		if err != nil {
			return err
		}
		if v.Owner != owner {
			return loam.Fail(loam.NotFound, "version.not_found")
		}
		if v.State != loam.Refused && v.State != loam.Removed {
			return loam.Fail(loam.Conflict, "appeal.nothing")
		}
		held, err := t.heldBy(ctx, v.ID)
		if err != nil {
			return err
		}
		if held.ID != "" {
			return loam.Fail(loam.Conflict, "appeal.notice")
		}
		if t.now > v.UpdatedAt+appealWindow {
			return loam.Fail(loam.Gone, "appeal.late")
		}
		a = loam.Appeal{ID: t.id(), Version: version, Text: text, At: t.now}
		_, err = t.exec(ctx, `INSERT INTO appeals (id, version, text, at) VALUES (?, ?, ?, ?)`, a.ID, a.Version, a.Text, a.At)
		if duplicate(err) {
			return loam.Fail(loam.Conflict, "appeal.twice")
		}
		if err != nil {
			return err
		}
		var risk string
		err = t.row(ctx, `SELECT risk FROM cases WHERE version = ? AND about = '' ORDER BY opened_at DESC LIMIT 1`, version).Scan(&risk)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		if err := t.closeCase(ctx, v.ID); err != nil {
			return err
		}
		return t.openCase(ctx, v, loam.CaseAppeal, a.ID, loam.Risk(risk))
	})
	return a, err
}

// FileReport records a reader's report. It joins the open case of the Version; a Version
// that people cleared attaches repeat reports silently until it changes.
func (db *DB) FileReport(ctx context.Context, r loam.Report) (loam.Report, error) {
	err := db.write(ctx, func(t *tx) error {
		err := t.row(ctx, `SELECT version FROM releases WHERE work = ? AND removed_at = 0`, r.Work).Scan(&r.Version)
		if err != nil {
			return missing(err, "note.not_found")
		}
		r.ID, r.At = t.id(), t.now
		_, err = t.exec(ctx, `INSERT INTO reports (id, work, version, risk, text, contact, at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
			r.ID, r.Work, r.Version, string(r.Risk), r.Text, r.Contact, r.At)
		if err != nil {
			return err
		}
		var cleared int
		err = t.row(ctx, `SELECT count(*) FROM decisions d JOIN cases c ON c.id = d.case_id WHERE d.version = ? AND c.kind <> 'screen' AND c.about = '' AND d.ruling <> 'remove' AND d.undone = 0`, r.Version).Scan(&cleared)
		if err != nil || cleared > 0 {
			return err
		}
		v, err := t.version(ctx, r.Version)
		if err != nil {
			return err
		}
		c, err := t.reported(ctx, v, r.Risk)
		if err != nil {
			return err
		}
		_, err = t.exec(ctx, `UPDATE cases SET reports = reports + 1, priority = priority + 1 WHERE id = ?`, c.ID)
		return err
	})
	return r, err
}

// reported is the case a report joins: that of a ruling which can still be undone, else
// the open one, opened if there is none.
func (t *tx) reported(ctx context.Context, v loam.Version, risk loam.Risk) (loam.Case, error) {
	c, err := scanCase(t.row(ctx, `SELECT `+caseColumns+` FROM cases WHERE id IN
		(SELECT case_id FROM decisions WHERE version = ? AND about = '' AND undone = 0 AND applied = 0)`, v.ID))
	if !errors.Is(err, sql.ErrNoRows) {
		return c, err
	}
	return t.caseFor(ctx, v, loam.CaseReport, risk)
}

// Reports lists what readers said of a Version, newest first.
func (db *DB) Reports(ctx context.Context, version string) ([]loam.Report, error) {
	return all(ctx, db.read(), func(s scanner) (r loam.Report, err error) {
		return r, s.Scan(&r.ID, &r.Work, &r.Version, &r.Risk, &r.Text, &r.Contact, &r.At)
	}, `SELECT id, work, version, risk, text, contact, at FROM reports WHERE version = ? ORDER BY at DESC LIMIT 100`, version)
}

// History counts how an account's versions ended so far: notes released, anything refused
// or removed.
func (db *DB) History(ctx context.Context, account string) (released, refused int, err error) {
	q := db.read()
	err = q.row(ctx, `SELECT count(*) FROM releases WHERE owner = ? AND form = ''`, account).Scan(&released)
	if err == nil {
		err = q.row(ctx, `SELECT count(*) FROM versions WHERE owner = ? AND state IN ('refused','removed')`, account).Scan(&refused)
	}
	return released, refused, err
}
