package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"loam"
	"loam/internal/ledger"
)

// noticed is what a case about a claim says it is about.
const noticed = "notice"

// underWay are the states in which a claim waits for a decision, as SQL writes them.
var underWay = claimsThat(loam.ClaimState.Undecided)

// over are the states in which nothing can happen to a claim any more, as SQL writes them.
var over = claimsThat(loam.ClaimState.Over)

// claimsThat are the states of claims of which something holds, as SQL writes them.
func claimsThat(holds func(loam.ClaimState) bool) string {
	var list []string
	for _, s := range loam.ClaimStates() {
		if holds(s) {
			list = append(list, "'"+string(s)+"'")
		}
	}
	return "(" + strings.Join(list, ",") + ")"
}

// FileNotice records a notice about works that readers see, forwards it to their creators, opens
// a case and a dispute for each, all at once. number is the SHA-256 of its receipt number, in
// hexadecimal. A work nobody sees is NotFound, "notice.work"; one's own, and a notice that is there
// already, a Conflict, and so is what was dismissed less than loam.NoticeAgain days ago, "notice.decided". More
// claims under way than loam.OpenClaims from one address or account are Limited.
func (db *DB) FileNotice(ctx context.Context, n loam.Notice, works []string, number string) (loam.Notice, error) {
	links, err := json.Marshal(n.Links)
	if err != nil {
		return n, err
	}
	said, err := json.Marshal([]any{n.Right, n.Name, n.Contact, n.Standing, n.Text, n.Links, slices.Sorted(slices.Values(works))})
	if err != nil {
		return n, err
	}
	salt, body, err := committed(said)
	if err != nil {
		return n, err
	}
	err = db.write(ctx, func(t *tx) error {
		n.ID, n.At, n.Claims = t.id(), t.now, nil
		if err := t.mayNotice(ctx, n, len(works)); err != nil {
			return err
		}
		_, err := t.exec(ctx, `INSERT INTO notices (id, number, digest, violated, name, contact, standing, text, links, account, address, salt, at)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, n.ID, number, fingerprint(string(said)), string(n.Right), n.Name, n.Contact,
			string(n.Standing), n.Text, string(links), n.Account, n.Address, salt, n.At)
		if duplicate(err) {
			return loam.Fail(loam.Conflict, "notice.twice")
		}
		if err != nil {
			return err
		}
		for _, work := range works {
			if err := t.contest(ctx, n, work, body); err != nil {
				return err
			}
		}
		n.Claims, err = t.claims(ctx, `k.notice = ?`, n.ID)
		return err
	})
	return n, err
}

func fingerprint(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

// mayNotice refuses a notice of who has too many claims under way, or took as many back within a day: each
// freezes, and stands in the ledger. A contact bounds nothing: anybody can write another's.
func (t *tx) mayNotice(ctx context.Context, n loam.Notice, works int) error {
	for _, by := range sender(n) {
		var open int
		err := t.row(ctx, `SELECT count(*) FROM claims k JOIN notices n ON n.id = k.notice WHERE n.`+by.column+` = ? AND (k.state IN `+underWay+` OR `+withdrawnSince+`)`,
			by.value, t.now-loam.DayMillis).Scan(&open)
		if err != nil {
			return err
		}
		if open+works > loam.OpenClaims {
			return loam.Fail(loam.Limited, "notice.many", loam.OpenClaims, open)
		}
	}
	return nil
}

// undecided refuses a claim that a reviewer dismissed a short while ago.
func (t *tx) undecided(ctx context.Context, n loam.Notice, work string) error {
	for _, by := range sender(n) {
		var dismissed int
		err := t.row(ctx, `SELECT count(*) FROM claims k JOIN notices n ON n.id = k.notice WHERE n.`+by.column+` = ?
			AND k.work = ? AND n.violated = ? AND `+dismissedSince, by.value, work, string(n.Right), t.now-loam.NoticeAgain*loam.DayMillis).Scan(&dismissed)
		if err != nil {
			return err
		}
		if dismissed > 0 {
			return loam.Fail(loam.Conflict, "notice.decided", loam.NoticeAgain)
		}
	}
	return nil
}

// withdrawnSince is the condition of a claim that was taken back after a moment.
const withdrawnSince = `k.state = 'withdrawn' AND k.ended_at > ?`

// dismissedSince is the condition of a claim that a reviewer decided for the uploader after a
// moment.
const dismissedSince = `k.state IN ('dismissed','restored') AND k.ended_at = k.decided_at AND k.ended_at > ?`

// senderColumn is a column of notices by which one sender's are found.
type senderColumn struct{ column, value string }

// sender is by what a notice's sender is known again.
func sender(n loam.Notice) []senderColumn {
	return slices.DeleteFunc([]senderColumn{{"address", n.Address}, {"account", n.Account}}, func(c senderColumn) bool { return c.value == "" })
}

// sentBy joins the claims k of SQL with the accounts a that sent their notice: signed in. A name, a contact
// or a network address proves nothing: people share them, and anybody can write a reviewer's to keep her
// from a case.
const sentBy = `JOIN notices n ON n.id = k.notice JOIN accounts a ON a.id = n.account`

// SentNotice reports whether an account sent the notice of a claim, signed in.
func (db *DB) SentNotice(ctx context.Context, account, claim string) (bool, error) {
	return db.read().sentNotice(ctx, account, claim)
}

func (q querier) sentNotice(ctx context.Context, account, claim string) (bool, error) {
	var n int
	err := q.row(ctx, `SELECT count(*) FROM claims k `+sentBy+` WHERE k.id = ? AND a.id = ?`, claim, account).Scan(&n)
	return n > 0, err
}

// forgetAddresses forgets the network addresses of notices of which no claim is under way or was withdrawn
// within a day (mayNotice), none was dismissed so lately that the same would be refused, and none that was
// upheld was decided as lately or is before a reviewer again: it may be dismissed yet. Of one notice, or of
// all for "".
func (t *tx) forgetAddresses(ctx context.Context, notice string) error {
	c := t.now - loam.NoticeAgain*loam.DayMillis
	day := t.now - loam.DayMillis
	_, err := t.exec(ctx, `UPDATE notices SET address = '' WHERE address <> '' AND (? = '' OR id = ?)
		AND NOT EXISTS (SELECT 1 FROM claims k WHERE k.notice = notices.id AND (k.state IN `+underWay+` OR `+dismissedSince+` OR `+withdrawnSince+`
			OR k.state = 'upheld' AND (k.decided_at > ? OR EXISTS (SELECT 1 FROM cases c WHERE c.appeal = k.id AND `+beforeReviewer+`))))`,
		notice, notice, c, day, c)
	return err
}

// beforeReviewer is the condition of a case about a claim that waits for a reviewer, or whose ruling can
// still be undone.
const beforeReviewer = `c.about = '` + noticed + `' AND (c.closed_at = 0
	OR EXISTS (SELECT 1 FROM decisions d WHERE d.case_id = c.id AND d.undone = 0 AND d.applied = 0))`

// forgetClaimants forgets how to reach who sent a notice, the time of the rules after the last
// that happened to its claims; what it says stays. Its digest goes along, by which a contact could
// be guessed.
func (t *tx) forgetClaimants(ctx context.Context) error {
	c := t.now - t.db.rules.Keep
	_, err := t.exec(ctx, `UPDATE notices SET contact = '', address = '', digest = id WHERE contact <> '' AND at <= ?
		AND NOT EXISTS (SELECT 1 FROM claims k WHERE k.notice = notices.id AND (k.state IN `+underWay+` OR k.due_at > 0
			OR k.decided_at > ? OR k.countered_at > ? OR k.answered_at > ? OR k.ended_at > ?))`, c, c, c, c, c)
	return err
}

// contest opens the claim of a notice on one work.
func (t *tx) contest(ctx context.Context, n loam.Notice, work string, body ledger.Hash) error {
	k := claim{Claim: loam.Claim{ID: t.id(), Notice: n.ID, Right: n.Right, Work: work}}
	err := t.row(ctx, `SELECT r.version, r.owner FROM releases r JOIN works w ON w.id = r.work AND w.deleted = 0
		WHERE r.work = ? AND r.removed_at = 0 AND r.audience <> 'me'`, work).Scan(&k.version, &k.Owner)
	if errors.Is(err, sql.ErrNoRows) {
		return loam.Fail(loam.NotFound, "notice.work", work)
	}
	if err != nil {
		return err
	}
	if k.Owner == n.Account {
		return loam.Fail(loam.Conflict, "notice.own", work)
	}
	if err := t.undecided(ctx, n, work); err != nil {
		return err
	}
	if k.frozen, err = t.dispute(ctx, k, n.Account, body, loam.FrozenUses()); err != nil {
		return err
	}
	_, err = t.exec(ctx, `INSERT INTO claims (id, notice, work, owner, version, frozen, at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		k.ID, k.Notice, k.Work, k.Owner, k.version, k.frozen, t.now)
	if duplicate(err) {
		return loam.Fail(loam.Invalid, "notice.work_twice", work)
	}
	if err != nil {
		return err
	}
	return t.tell(ctx, k, true)
}

// tell lets the creator know that something happened to a claim, and opens a case for it if a
// reviewer is to look, none is open, and no ruling is there that can still be undone.
func (t *tx) tell(ctx context.Context, k claim, look bool) error {
	if err := t.event(ctx, k.Owner, "notice", k.ID); err != nil || !look {
		return err
	}
	var open int
	err := t.row(ctx, `SELECT count(*) FROM cases c WHERE c.appeal = ? AND `+beforeReviewer, k.ID).Scan(&open)
	if err != nil || open > 0 {
		return err
	}
	v, err := t.version(ctx, k.version)
	if err != nil {
		return err
	}
	return t.openCase(ctx, v, loam.CaseNotice, k.ID, k.Right.Risk())
}

// Notice reads a notice by the SHA-256 of its receipt number.
func (db *DB) Notice(ctx context.Context, number string) (loam.Notice, error) {
	return db.notice(ctx, `number = ?`, number)
}

// NoticeOf reads the notice a claim belongs to.
func (db *DB) NoticeOf(ctx context.Context, claim string) (loam.Notice, error) {
	return db.notice(ctx, `id = (SELECT notice FROM claims WHERE id = ?)`, claim)
}

func (db *DB) notice(ctx context.Context, where string, arg any) (loam.Notice, error) {
	var n loam.Notice
	var links string
	q := db.read()
	err := q.row(ctx, `SELECT id, violated, name, contact, standing, text, links, account, address, at, withdrawn_at FROM notices WHERE `+where, arg).
		Scan(&n.ID, &n.Right, &n.Name, &n.Contact, &n.Standing, &n.Text, &links, &n.Account, &n.Address, &n.At, &n.WithdrawnAt)
	if err != nil {
		return n, missing(err, "notice.not_found")
	}
	if err := json.Unmarshal([]byte(links), &n.Links); err != nil {
		return n, err
	}
	n.Claims, err = q.claims(ctx, `k.notice = ?`, n.ID)
	return n, err
}

// Against lists the claims on an account's works, those that wait for her counter-notice before the
// others, the newest of each first, after one if its id is not "". The claims of one notice are of one
// moment. One that is countered between two pages may be listed twice, none is passed over.
func (db *DB) Against(ctx context.Context, owner string, after loam.ClaimPlace, limit int) ([]loam.Claim, error) {
	waited := 0
	if after.Waited {
		waited = 1
	}
	return db.read().pleaded(ctx, `k.owner = ? AND (? = '' OR (`+waitsForHer+`, k.at, k.id) < (SELECT CAST(? AS INTEGER), b.at, b.id FROM claims b WHERE b.id = ? AND b.owner = ?))
		ORDER BY `+waitsForHer+` DESC, k.at DESC, k.id DESC LIMIT ?`, owner, after.ID, waited, after.ID, owner, limit)
}

// waitsForHer is 1 for a claim its uploader may still counter (Claim.Waits), as SQL writes it.
var waitsForHer = `CASE WHEN k.countered_at = 0 AND k.state NOT IN ` + over + ` THEN 1 ELSE 0 END`

// Answer is what a claimant says to a question or a counter-notice of a claim of her notice. It
// stops the clock of the restoration (E-Commerce Law Art. 43) and lets a reviewer look again.
func (db *DB) Answer(ctx context.Context, number, claim string, said loam.Pleading) error {
	return db.write(ctx, func(t *tx) error {
		k, err := t.claim(ctx, claim)
		if err != nil {
			return err
		}
		var of int
		if err := t.row(ctx, `SELECT count(*) FROM notices WHERE id = ? AND number = ?`, k.Notice, number).Scan(&of); err != nil {
			return err
		}
		switch {
		case of == 0:
			return loam.Fail(loam.NotFound, "notice.not_found")
		case k.State.Over():
			return loam.Fail(loam.Conflict, "claim.over")
		case k.Question == "" && k.AnsweredAt >= k.CounteredAt:
			return loam.Fail(loam.Conflict, "claim.nothing_asked")
		}
		if _, err := t.exec(ctx, `UPDATE claims SET answered_at = ?, question = '', due_at = 0 WHERE id = ?`, max(t.now, k.CounteredAt), k.ID); err != nil {
			return err
		}
		return t.say(ctx, k, loam.Claimant, said)
	})
}

// Counter is the uploader's counter-notice, once a claim (E-Commerce Law Art. 43). Where the work
// is taken down already the clock of its restoration starts.
func (db *DB) Counter(ctx context.Context, owner, claim string, said loam.Pleading) error {
	return db.write(ctx, func(t *tx) error {
		k, err := t.claim(ctx, claim)
		switch {
		case err != nil:
			return err
		case k.Owner != owner:
			return loam.Fail(loam.NotFound, "claim.not_found")
		case k.State.Over():
			return loam.Fail(loam.Conflict, "claim.over")
		}
		at := max(t.now, k.AnsweredAt+1) // an answer of the same moment is none to it
		n, err := t.exec(ctx, `UPDATE claims SET countered_at = ?, due_at = ? WHERE id = ? AND countered_at = 0`, at, k.wait(t), k.ID)
		if err != nil {
			return err
		}
		if n == 0 {
			return loam.Fail(loam.Conflict, "claim.countered")
		}
		return t.say(ctx, k, loam.Uploader, said)
	})
}

// wait is until when an upheld claim's counter-notice waits for its answer; one that is not
// decided has no such clock.
func (k claim) wait(t *tx) int64 {
	if k.State != loam.ClaimUpheld {
		return 0
	}
	return t.now + t.db.rules.Wait
}

func (t *tx) say(ctx context.Context, k claim, side loam.Side, said loam.Pleading) error {
	links, err := json.Marshal(said.Links)
	if err != nil {
		return err
	}
	_, err = t.exec(ctx, `INSERT INTO pleadings (id, claim, side, text, links, at) VALUES (?, ?, ?, ?, ?, ?)`,
		t.id(), k.ID, string(side), strings.TrimSpace(said.Text), string(links), t.now)
	if err != nil {
		return err
	}
	// Who has the case before her has not read this: she decides once she opened it again.
	if _, err := t.exec(ctx, `UPDATE cases SET token = token + 1 WHERE appeal = ? AND closed_at = 0`, k.ID); err != nil {
		return err
	}
	return t.tell(ctx, k, true)
}

// WithdrawNotice takes a notice back: what is contested is free again, what was taken down comes
// back. One that has nothing left to take back is a Conflict.
func (db *DB) WithdrawNotice(ctx context.Context, number string) error {
	return db.write(ctx, func(t *tx) error {
		var id string
		if err := t.row(ctx, `SELECT id FROM notices WHERE number = ?`, number).Scan(&id); err != nil {
			return missing(err, "notice.not_found")
		}
		list, err := all(ctx, t.querier, scanClaim, claimSelect+`WHERE k.notice = ? AND k.state NOT IN `+over+` ORDER BY k.id`, id)
		if err != nil {
			return err
		}
		if len(list) == 0 {
			return loam.Fail(loam.Conflict, "claim.over")
		}
		if _, err := t.exec(ctx, `UPDATE notices SET withdrawn_at = ? WHERE id = ?`, t.now, id); err != nil {
			return err
		}
		for _, k := range list {
			if err := t.endClaim(ctx, k, loam.ClaimRetract, ledger.Platform); err != nil {
				return err
			}
		}
		return nil
	})
}
