package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"loam"
)

// barred is what a case about a suspension says it is about.
const barred = "barred"

// SetNoticeRules sets the clocks and numbers of notices.
func (db *DB) SetNoticeRules(r loam.NoticeRules) { db.rules = r }

// strikes are the upheld claims of the time that makes a repeat infringer, and of how many notices
// they are.
func (t *tx) strikes(ctx context.Context, account string) (claims []string, notices int, err error) {
	list, err := all(ctx, t.querier, scanClaim, claimSelect+`WHERE k.owner = ? AND k.state = 'upheld' AND k.decided_at > ? ORDER BY k.decided_at, k.id`, account, t.now-t.db.rules.Within)
	of := map[string]bool{}
	for _, k := range list {
		claims = append(claims, k.ID)
		of[k.Notice] = true
	}
	return claims, len(of), err
}

// barRepeater keeps a repeat infringer from publishing for the set time, from her last upheld
// notice on. An extension rests on something new: it can be challenged whatever became of an
// earlier challenge.
func (t *tx) barRepeater(ctx context.Context, account string) error {
	claims, notices, err := t.strikes(ctx, account)
	if err != nil || notices < t.db.rules.Repeat {
		return err
	}
	if _, err := t.exec(ctx, `UPDATE suspensions SET lifted_at = until WHERE account = ? AND lifted_at = 0 AND until <= ?`, account, t.now); err != nil {
		return err
	}
	if err := t.dropChallenge(ctx, account); err != nil {
		return err
	}
	doc, err := json.Marshal(claims)
	if err != nil {
		return err
	}
	_, err = t.exec(ctx, `INSERT INTO suspensions (id, account, claims, at, until) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (account) WHERE lifted_at = 0 DO UPDATE SET claims = excluded.claims, until = excluded.until, appeal = '', appealed_at = 0, outcome = ''`,
		t.id(), account, string(doc), t.now, t.now+t.db.rules.Pause)
	if err != nil {
		return err
	}
	return t.event(ctx, account, "notice", "")
}

// dropChallenge ends what is under way about an account's running suspension: a ruling on it would
// be about less than it rests on now.
func (t *tx) dropChallenge(ctx context.Context, account string) error {
	const challenges = `about = '` + barred + `' AND appeal IN (SELECT id FROM suspensions WHERE account = ? AND lifted_at = 0)`
	if _, err := t.exec(ctx, `UPDATE cases SET closed_at = ? WHERE closed_at = 0 AND `+challenges, t.now, account); err != nil {
		return err
	}
	_, err := t.exec(ctx, `UPDATE decisions SET undone = 1 WHERE undone = 0 AND applied = 0 AND case_id IN (SELECT id FROM cases WHERE `+challenges+`)`, account)
	return err
}

// unbar lifts a suspension that no longer has enough to rest on.
func (t *tx) unbar(ctx context.Context, account string) error {
	var id, doc string
	err := t.row(ctx, `SELECT id, claims FROM suspensions WHERE account = ? AND lifted_at = 0 AND until > ?`, account, t.now).Scan(&id, &doc)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	rests := []string{}
	if err := json.Unmarshal([]byte(doc), &rests); err != nil {
		return err
	}
	of := map[string]bool{}
	for _, c := range rests {
		k, err := t.claim(ctx, c)
		if err != nil {
			return err
		}
		if k.State == loam.ClaimUpheld {
			of[k.Notice] = true
		}
	}
	if len(of) >= t.db.rules.Repeat {
		return nil
	}
	return t.lift(ctx, id, account)
}

// lift ends a suspension and lets out what only waited for its end.
func (t *tx) lift(ctx context.Context, id, account string) error {
	n, err := t.exec(ctx, `UPDATE suspensions SET lifted_at = ? WHERE id = ? AND lifted_at = 0`, t.now, id)
	if err != nil || n == 0 {
		return err
	}
	if _, err := t.exec(ctx, `UPDATE cases SET closed_at = ? WHERE appeal = ? AND about = ? AND closed_at = 0`, t.now, id, barred); err != nil {
		return err
	}
	waiting, err := all(ctx, t.querier, scanString, `SELECT id FROM versions WHERE owner = ? AND state = 'cleared' AND confirmed_at > 0 ORDER BY id`, account)
	for _, v := range waiting {
		err = errors.Join(err, t.releaseIfOpen(ctx, v))
	}
	if err != nil {
		return err
	}
	return t.event(ctx, account, "notice", "")
}

// barredUntil is when an account may publish again, 0 if it may.
func (t *tx) barredUntil(ctx context.Context, account string) (until int64, err error) {
	err = t.row(ctx, `SELECT coalesce(max(until), 0) FROM suspensions WHERE account = ? AND lifted_at = 0 AND until > ?`, account, t.now).Scan(&until)
	return until, err
}

// mayPublish refuses who is suspended.
func (t *tx) mayPublish(ctx context.Context, account string) error {
	until, err := t.barredUntil(ctx, account)
	if err == nil && until > 0 {
		err = loam.Fail(loam.Denied, "account.barred", loam.Day(until))
	}
	return err
}

// Suspensions lists an account's suspensions, newest first, with the claims they rest on.
func (db *DB) Suspensions(ctx context.Context, account string) ([]loam.Suspension, error) {
	return db.suspensions(ctx, `account = ?`, account)
}

func (db *DB) suspensions(ctx context.Context, where string, arg any) ([]loam.Suspension, error) {
	type row struct {
		loam.Suspension
		doc string
	}
	q := db.read()
	list, err := all(ctx, q, func(s scanner) (r row, err error) {
		return r, s.Scan(&r.ID, &r.doc, &r.At, &r.Until, &r.LiftedAt, &r.Appeal, &r.AppealedAt, &r.Outcome)
	}, `SELECT id, claims, at, until, lifted_at, appeal, appealed_at, outcome FROM suspensions WHERE `+where+` ORDER BY at DESC, id DESC LIMIT 20`, arg)
	if err != nil {
		return nil, err
	}
	out := make([]loam.Suspension, len(list))
	for i, r := range list {
		ids := []any{}
		if err := json.Unmarshal([]byte(r.doc), &ids); err != nil {
			return nil, err
		}
		if r.Claims, err = q.claims(ctx, `k.id IN `+among(len(ids)), ids...); err != nil {
			return nil, err
		}
		out[i] = r.Suspension
	}
	return out, nil
}

// Suspension reads one suspension.
func (db *DB) Suspension(ctx context.Context, id string) (loam.Suspension, error) {
	list, err := db.suspensions(ctx, `id = ?`, id)
	if err == nil && len(list) == 0 {
		err = loam.Fail(loam.NotFound, "suspension.not_found")
	}
	if err != nil {
		return loam.Suspension{}, err
	}
	return list[0], nil
}

// AppealSuspension challenges one's own suspension, once, while it runs. Somebody rules who
// decided on none of the claims it rests on.
func (db *DB) AppealSuspension(ctx context.Context, account, id, text string) error {
	return db.write(ctx, func(t *tx) error {
		var doc string
		err := t.row(ctx, `SELECT claims FROM suspensions WHERE id = ? AND account = ?`, id, account).Scan(&doc)
		if err != nil {
			return missing(err, "suspension.not_found")
		}
		n, err := t.exec(ctx, `UPDATE suspensions SET appeal = ?, appealed_at = ? WHERE id = ? AND appeal = '' AND lifted_at = 0 AND until > ?`, text, t.now, id, t.now)
		if err != nil {
			return err
		}
		if n == 0 {
			return loam.Fail(loam.Conflict, "suspension.appealed")
		}
		ids := []string{}
		if err := json.Unmarshal([]byte(doc), &ids); err != nil {
			return err
		}
		k, err := t.claim(ctx, ids[len(ids)-1])
		if err != nil {
			return err
		}
		v, err := t.version(ctx, k.version)
		if err != nil {
			return err
		}
		return t.openCase(ctx, v, loam.CaseBarred, id, k.Right.Risk())
	})
}

// ruleSuspension lets a ruling on a suspension's appeal take effect.
func (t *tx) ruleSuspension(ctx context.Context, c loam.Case, d loam.Decision) error {
	outcome := "overturned"
	if d.Ruling == loam.RuleRemove {
		outcome = "upheld"
	}
	n, err := t.exec(ctx, `UPDATE suspensions SET outcome = ? WHERE id = ? AND outcome = ''`, outcome, c.Appeal)
	if err != nil || n == 0 {
		return err
	}
	var account string
	if err := t.row(ctx, `SELECT account FROM suspensions WHERE id = ?`, c.Appeal).Scan(&account); err != nil {
		return err
	}
	if outcome == "overturned" {
		return t.lift(ctx, c.Appeal, account)
	}
	return t.event(ctx, account, "notice", "")
}
