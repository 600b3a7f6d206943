package store

import (
	"context"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"

	"loam"
	"loam/internal/ledger"
)

// claim is a Claim with what only the store needs of it.
type claim struct {
	loam.Claim
	version, frozen, hidden, removed string
	dueAt                            int64
}

const claimSelect = `SELECT k.id, k.notice, n.violated, k.work, v.content, k.owner, k.version, k.state, k.reason, k.question, k.frozen, k.hidden, k.removed,
	k.at, k.first_at, k.decided_at, k.countered_at, k.answered_at, k.due_at, k.ended_at
	FROM claims k JOIN notices n ON n.id = k.notice JOIN versions v ON v.id = k.version `

func scanClaim(s scanner) (claim, error) {
	var k claim
	var content string
	err := s.Scan(&k.ID, &k.Notice, &k.Right, &k.Work, &content, &k.Owner, &k.version, &k.State, &k.Reason, &k.Question, &k.frozen, &k.hidden, &k.removed,
		&k.At, &k.FirstAt, &k.DecidedAt, &k.CounteredAt, &k.AnsweredAt, &k.dueAt, &k.EndedAt)
	if err != nil {
		return k, err
	}
	if k.State == loam.ClaimUpheld {
		k.RestoreAt = k.dueAt
	}
	k.Title, err = titleOf(content)
	return k, err
}

// claims reads claims with what was said on each, oldest first.
func (q querier) claims(ctx context.Context, where string, args ...any) ([]loam.Claim, error) {
	return q.pleaded(ctx, where+` ORDER BY k.at, k.id`, args...)
}

// pleaded reads claims with what was said on each, in the order the condition ends with.
func (q querier) pleaded(ctx context.Context, where string, args ...any) ([]loam.Claim, error) {
	list, err := all(ctx, q, scanClaim, claimSelect+`WHERE `+where, args...)
	if err != nil {
		return nil, err
	}
	out := make([]loam.Claim, len(list))
	for i, k := range list {
		k.Pleadings, err = all(ctx, q, func(s scanner) (loam.Pleading, error) {
			var w loam.Pleading
			var links string
			if err := s.Scan(&w.Side, &w.Text, &links, &w.At); err != nil {
				return w, err
			}
			return w, json.Unmarshal([]byte(links), &w.Links)
		}, `SELECT side, text, links, at FROM pleadings WHERE claim = ? ORDER BY at, id`, k.ID)
		if err != nil {
			return nil, err
		}
		out[i] = k.Claim
	}
	return out, nil
}

func (q querier) claim(ctx context.Context, id string) (claim, error) {
	k, err := scanClaim(q.row(ctx, claimSelect+`WHERE k.id = ?`, id))
	return k, missing(err, "claim.not_found")
}

// dispute logs that uses of a claim's work are contested, by an account or "" for nobody with one,
// and brings the permits up to it. What was never registered has no uses to freeze. The salt of its
// commitment stays with the notice: the leaf is among the owner's, who is not to learn the contact.
func (t *tx) dispute(ctx context.Context, k claim, by string, body ledger.Hash, uses []loam.Use) (id string, err error) {
	var registered int
	err = t.row(ctx, `SELECT count(*) FROM leaves WHERE owner = ? AND work = ? AND kind = 'work'`, k.Owner, k.Work).Scan(&registered)
	if err != nil || registered == 0 {
		return "", err
	}
	l := ledger.Leaf{Kind: ledger.Dispute, Actor: ledger.Platform, Uses: ledger.SortUses(uses...), Body: body}
	if by != "" {
		l.Actor = ledger.Creator
		if l.Account, err = t.pseudonym(ctx, nounAccount, by); err != nil {
			return "", err
		}
	}
	if id, err = t.log(ctx, k.Owner, k.Work, l, ""); err != nil {
		return "", err
	}
	return id, t.permit(ctx, k.Owner, k.Work)
}

// ruleDisputes logs a ruling on both disputes of a claim and brings the permits up to it.
func (t *tx) ruleDisputes(ctx context.Context, k claim, by ledger.Actor, result ledger.Result) error {
	for _, dispute := range []string{k.frozen, k.hidden} {
		if dispute == "" {
			continue
		}
		var ref ledger.ID
		if _, err := hex.Decode(ref[:], []byte(dispute)); err != nil {
			return err
		}
		if _, err := t.log(ctx, k.Owner, k.Work, ledger.Leaf{Kind: ledger.Ruling, Actor: by, Ref: ref, Result: result}, ""); err != nil {
			return err
		}
	}
	return t.permit(ctx, k.Owner, k.Work)
}

// hide contests that readers come upon a claim's work, once.
func (t *tx) hide(ctx context.Context, k *claim) error {
	if k.hidden != "" || k.frozen == "" {
		return nil
	}
	first, err := t.leaf(ctx, k.frozen)
	if err != nil {
		return err
	}
	if k.hidden, err = t.dispute(ctx, *k, "", first.Body, loam.FoundUses()); err != nil {
		return err
	}
	_, err = t.exec(ctx, `UPDATE claims SET hidden = ? WHERE id = ?`, k.hidden, k.ID)
	return err
}

// ruleClaim lets a ruling on a claim take effect. A claim that is over by now stays as it is.
func (t *tx) ruleClaim(ctx context.Context, c loam.Case, d loam.Decision) error {
	k, err := t.claim(ctx, c.Appeal)
	if err != nil {
		return err
	}
	step, ok := loam.ClaimStepOf(d.Ruling, d.Reason)
	if !ok || !k.State.Allows(step) {
		return nil // withdrawn or restored meanwhile
	}
	if _, err := t.exec(ctx, `UPDATE claims SET reason = ?, first_at = CASE first_at WHEN 0 THEN ? ELSE first_at END WHERE id = ?`, d.Reason, t.now, k.ID); err != nil {
		return err
	}
	switch step {
	case loam.ClaimAsk:
		err = t.ask(ctx, k, d.Reason)
	case loam.ClaimPause:
		if err = t.hide(ctx, &k); err == nil {
			_, err = t.exec(ctx, `UPDATE claims SET state = 'paused', due_at = ? WHERE id = ?`, t.now+t.db.rules.Wait, k.ID)
		}
	case loam.ClaimUphold:
		err = t.uphold(ctx, k, d)
	default:
		return t.endClaim(ctx, k, step, ledger.Panel)
	}
	if err != nil {
		return err
	}
	// What was said after the reviewer made up her mind is looked at once more.
	return t.tell(ctx, k, max(k.CounteredAt, k.AnsweredAt) >= d.At)
}

// ask puts a question to the claimant. An undecided claim comes back to the queue if she lets the
// time pass; the clock of an upheld one goes on.
func (t *tx) ask(ctx context.Context, k claim, question string) error {
	due := k.dueAt
	if k.State.Undecided() {
		due = t.now + t.db.rules.Wait
	}
	_, err := t.exec(ctx, `UPDATE claims SET question = ?, due_at = ? WHERE id = ?`, question, due, k.ID)
	return err
}

// uphold decides for the claimant: the work leaves its readers, its uses stay denied.
func (t *tx) uphold(ctx context.Context, k claim, d loam.Decision) error {
	if err := t.hide(ctx, &k); err != nil {
		return err
	}
	if err := t.ruleDisputes(ctx, k, ledger.Panel, ledger.Upheld); err != nil {
		return err
	}
	removed, err := t.takeDown(ctx, k.Work)
	if err != nil {
		return err
	}
	due, decided := k.dueAt, k.DecidedAt
	if k.State.Undecided() {
		due, decided = 0, t.now
		if k.CounteredAt > k.AnsweredAt {
			due = t.now + t.db.rules.Wait
		}
	}
	if removed == "" {
		removed = k.removed
	}
	sound, err := t.soundOf(ctx, removed)
	if err != nil {
		return err
	}
	_, err = t.exec(ctx, `UPDATE claims SET state = 'upheld', decided_at = ?, question = '', removed = ?, sound = ?, due_at = ? WHERE id = ?`, decided, removed, sound, due, k.ID)
	if err != nil {
		return err
	}
	if d.Phrase != "" {
		_, err := t.exec(ctx, `INSERT INTO phrases (id, text, risk, tier, source, added_by, at) VALUES (?, ?, ?, 'review', ?, ?, ?) ON CONFLICT (text, risk) DO NOTHING`,
			t.id(), d.Phrase, string(k.Right.Risk()), phraseSource(k.ID), d.Reviewer, t.now)
		if err != nil {
			return err
		}
		if err := t.event(ctx, staff, "phrases", ""); err != nil {
			return err
		}
	}
	if !k.State.Undecided() {
		return nil // confirmed after the counter-notice: it counted before
	}
	return t.barRepeater(ctx, k.Owner)
}

// takeDown removes what readers see of a work and what is on its way, and gives the version they
// saw, "" if they saw nothing.
func (t *tx) takeDown(ctx context.Context, work string) (version string, err error) {
	err = t.row(ctx, `SELECT version FROM releases WHERE work = ? AND removed_at = 0`, work).Scan(&version)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", err
	}
	if version != "" {
		if err := t.step(ctx, version, loam.Remove); err != nil {
			return "", err
		}
		if err := t.takeOut(ctx, version); err != nil {
			return "", err
		}
	}
	return version, t.withdrawUnreleased(ctx, work, "'submitted','held','cleared'")
}

// endClaim ends a claim in the uploader's favour: its disputes are dismissed, and what an upheld
// one took comes back.
func (t *tx) endClaim(ctx context.Context, k claim, step loam.ClaimStep, by ledger.Actor) error {
	to, err := k.State.Next(step)
	if err != nil {
		return err
	}
	decided := k.DecidedAt
	if by == ledger.Panel {
		decided = t.now
	}
	_, err = t.exec(ctx, `UPDATE claims SET state = ?, decided_at = ?, ended_at = ?, due_at = 0, question = '' WHERE id = ?`, string(to), decided, t.now, k.ID)
	if err != nil {
		return err
	}
	if _, err := t.exec(ctx, `UPDATE cases SET closed_at = ? WHERE appeal = ? AND about = ? AND closed_at = 0`, t.now, k.ID, noticed); err != nil {
		return err
	}
	_, err = t.exec(ctx, `UPDATE decisions SET undone = 1 WHERE undone = 0 AND applied = 0 AND case_id IN (SELECT id FROM cases WHERE appeal = ? AND about = ?)`, k.ID, noticed)
	if err != nil {
		return err // a ruling under way is overtaken
	}
	if err := t.ruleDisputes(ctx, k, by, ledger.Dismissed); err != nil {
		return err
	}
	if k.State == loam.ClaimUpheld {
		if err := t.takeBack(ctx, k); err != nil {
			return err
		}
	}
	if err := t.forgetAddresses(ctx, k.Notice); err != nil {
		return err
	}
	return t.tell(ctx, k, false)
}

// takeBack undoes what an upheld claim did: the removal, the phrase, its count against her.
func (t *tx) takeBack(ctx context.Context, k claim) error {
	err := t.takePhrases(ctx, k)
	if err == nil {
		err = t.putBack(ctx, k)
	}
	if err != nil {
		return err
	}
	return t.unbar(ctx, k.Owner)
}

// putBack lets readers see again what a claim took from them, unless another upheld claim or a
// ruling of another kind keeps it away.
func (t *tx) putBack(ctx context.Context, k claim) error {
	if k.removed == "" {
		return nil
	}
	sound, err := t.soundOf(ctx, k.removed)
	if err != nil {
		return err
	}
	n, err := t.exec(ctx, `UPDATE claims SET sound = CASE removed WHEN '' THEN ? ELSE sound END, removed = CASE removed WHEN '' THEN ? ELSE removed END
		WHERE work = ? AND state = 'upheld'`, sound, k.removed, k.Work)
	if err != nil || n > 0 {
		return err
	}
	v, err := t.version(ctx, k.removed)
	if err != nil || v.State != loam.Removed {
		return err
	}
	var against int
	err = t.row(ctx, `SELECT count(*) FROM decisions d WHERE d.version = ? AND d.about = '' AND d.applied = 1 AND d.ruling = 'remove'
		AND NOT EXISTS (SELECT 1 FROM appeals a WHERE a.version = d.version AND a.outcome = 'overturned')`, v.ID).Scan(&against)
	if err != nil || against > 0 {
		return err
	}
	if err := t.restore(ctx, v, v.Reach); err != nil {
		return err
	}
	return t.event(ctx, v.Owner, "version", v.ID)
}

// SweepNotices does what the clocks of claims say: restores works whose counter-notice was not
// answered, brings undecided claims back to the queue, and forgets how to reach claimants in time.
func (db *DB) SweepNotices(ctx context.Context) error {
	err := db.write(ctx, func(t *tx) error { return errors.Join(t.forgetAddresses(ctx, ""), t.forgetClaimants(ctx)) })
	if err != nil {
		return err
	}
	due, err := all(ctx, db.read(), scanString, `SELECT id FROM claims WHERE due_at > 0 AND due_at <= ? ORDER BY due_at LIMIT 100`, db.clock.Now())
	if err != nil {
		return err
	}
	for _, id := range due {
		err = errors.Join(err, db.write(ctx, func(t *tx) error { // one that fails holds up no other
			k, err := t.claim(ctx, id)
			if err != nil || k.dueAt == 0 || k.dueAt > t.now {
				return err
			}
			if k.State == loam.ClaimUpheld {
				return t.endClaim(ctx, k, loam.ClaimLapse, ledger.Platform)
			}
			if _, err := t.exec(ctx, `UPDATE claims SET due_at = 0 WHERE id = ?`, k.ID); err != nil {
				return err
			}
			return t.tell(ctx, k, k.State.Undecided())
		}))
	}
	return err
}

// fitsClaim reports what keeps a reviewer from this ruling on a claim.
func (t *tx) fitsClaim(ctx context.Context, d loam.Decision, id string) error {
	k, err := t.claim(ctx, id)
	if err != nil {
		return err
	}
	hers, err := t.sentNotice(ctx, d.Reviewer, k.ID)
	if err != nil {
		return err
	}
	if hers {
		return loam.Fail(loam.Denied, "review.own_work")
	}
	step, ok := loam.ClaimStepOf(d.Ruling, d.Reason)
	if !ok {
		return loam.Fail(loam.Invalid, "reason.unknown", d.Reason)
	}
	if d.Phrase != "" && step != loam.ClaimUphold {
		return loam.Fail(loam.Invalid, "claim.phrase")
	}
	if step == loam.ClaimPause && k.frozen == "" { // it would be called paused, and readers would find it
		return loam.Fail(loam.Invalid, "claim.no_pause")
	}
	_, err = k.State.Next(step)
	return err
}

// heldBy is the upheld claim a version was removed by, "" if it was not.
func (q querier) heldBy(ctx context.Context, version string) (k claim, err error) {
	k, err = scanClaim(q.row(ctx, claimSelect+`WHERE k.removed = ? AND k.state = 'upheld' ORDER BY k.decided_at DESC LIMIT 1`, version))
	if errors.Is(err, sql.ErrNoRows) {
		return claim{}, nil
	}
	return k, err
}
