package store

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"

	"loam"
	"loam/internal/ledger"
)

// TopicProtection is what an account, and every node, hears when a protection or sighting changed.
const TopicProtection = "protection"

const protectionSelect = `SELECT p.id, p.owner, a.handle, p.kind, p.name, p.aliases, p.text, p.subject, p.consenter, p.guardian, p.agreement, p.compare,
	p.state, p.reason, p.leaf, p.at, p.decided_at, p.withdrawn_at FROM protections p JOIN accounts a ON a.id = p.owner `

func scanProtection(s scanner) (loam.Protection, error) {
	var p loam.Protection
	var aliases string
	err := s.Scan(&p.ID, &p.Owner, &p.Handle, &p.Kind, &p.Name, &aliases, &p.Text, &p.Subject, &p.By, &p.Guardian, &p.Agreement, &p.Compare,
		&p.State, &p.Reason, &p.Leaf, &p.At, &p.DecidedAt, &p.WithdrawnAt)
	if err == nil {
		err = json.Unmarshal([]byte(aliases), &p.Aliases)
	}
	return p, err
}

const proofColumns = `id, owner, holder, name, digest, size, type, picture, pdq, sound, biometric, facts, at`

func scanProof(s scanner) (loam.Proof, error) {
	var p loam.Proof
	var facts, biometric string
	err := s.Scan(&p.ID, &p.Owner, &p.Holder, &p.Name, &p.Digest, &p.Size, &p.Type, &p.Picture, &p.PDQ, &p.Sound, &biometric, &facts, &p.At)
	p.Shown, p.Heard = p.Picture != "", p.Sound != ""
	if err == nil {
		err = json.Unmarshal([]byte(facts), &p.Facts)
	}
	if err == nil && biometric != "" {
		var b loam.Biometric
		err = json.Unmarshal([]byte(biometric), &b)
		p.Take(&b)
	}
	return p, err
}

func (q querier) proofs(ctx context.Context, where string, args ...any) ([]loam.Proof, error) {
	return all(ctx, q, scanProof, `SELECT `+proofColumns+` FROM proofs WHERE `+where+` ORDER BY id`, args...)
}

// protections reads protections with their proofs, oldest first.
func (q querier) protections(ctx context.Context, where string, args ...any) ([]loam.Protection, error) {
	list, err := all(ctx, q, scanProtection, protectionSelect+`WHERE `+where+` ORDER BY p.at, p.id`, args...)
	for i := range list {
		if err == nil {
			list[i].Proofs, err = q.proofs(ctx, `protection = ?`, list[i].ID)
		}
	}
	return list, err
}

// AddProof records a file for a protection that is yet to be asked for. The bytes of its picture,
// if there is one, lie in the blob store already.
func (db *DB) AddProof(ctx context.Context, p loam.Proof, picture loam.Asset) (loam.Proof, error) {
	facts, err := json.Marshal(p.Facts)
	if err != nil {
		return p, err
	}
	biometric, err := biometricText(p.Biometric)
	if err != nil {
		return p, err
	}
	err = db.write(ctx, func(t *tx) error {
		var n int
		if err := t.row(ctx, `SELECT count(*) FROM proofs WHERE owner = ? AND protection = ''`, p.Owner).Scan(&n); err != nil {
			return err
		}
		if n >= loam.ProtectionExhibits {
			return loam.Fail(loam.Conflict, "exhibit.many", loam.ProtectionExhibits)
		}
		if picture.Hash != "" {
			if err := t.blob(ctx, picture.Hash, picture.Type, picture.Size); err != nil {
				return err
			}
		}
		p.ID, p.At, p.Picture, p.PDQ, p.Shown, p.Heard = t.id(), t.now, picture.Hash, picture.PHash, picture.Hash != "", p.Sound != ""
		_, err = t.exec(ctx, `INSERT INTO proofs (`+proofColumns+`) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			p.ID, p.Owner, p.Holder, p.Name, p.Digest, p.Size, p.Type, p.Picture, p.PDQ, p.Sound, biometric, string(facts), p.At)
		return err
	})
	return p, err
}

// RemoveProof takes a file back that no protection was asked for with.
func (db *DB) RemoveProof(ctx context.Context, owner, id string) error {
	return db.write(ctx, func(t *tx) error {
		n, err := t.dropProofs(ctx, `owner = ? AND id = ? AND protection = ''`, owner, id)
		if err == nil && n == 0 {
			err = loam.Fail(loam.NotFound, "exhibit.not_found")
		}
		return err
	})
}

// dropProofs deletes proofs, and their pictures where nothing else shows them.
func (t *tx) dropProofs(ctx context.Context, where string, args ...any) (int64, error) {
	pictures, err := all(ctx, t.querier, scanString, `SELECT DISTINCT picture FROM proofs WHERE picture <> '' AND `+where, args...)
	if err != nil {
		return 0, err
	}
	n, err := t.exec(ctx, `DELETE FROM proofs WHERE `+where, args...)
	for _, hash := range pictures {
		if err == nil {
			err = t.dropBlob(ctx, hash)
		}
	}
	return n, err
}

// dropBlob lets the sweep take the file of bytes that nothing shows any more.
func (t *tx) dropBlob(ctx context.Context, hash string) error {
	_, err := t.exec(ctx, `DELETE FROM blobs WHERE hash = ? AND NOT EXISTS (SELECT 1 FROM assets a WHERE a.hash = blobs.hash OR a.credentials = blobs.hash)
		AND NOT EXISTS (SELECT 1 FROM exhibits e WHERE e.picture = blobs.hash) AND NOT EXISTS (SELECT 1 FROM proofs o WHERE o.picture = blobs.hash)`, hash)
	return err
}

// Proofs lists the files an account handed in and asked for nothing with yet, oldest first.
func (db *DB) Proofs(ctx context.Context, owner string) ([]loam.Proof, error) {
	return db.read().proofs(ctx, `owner = ? AND protection = ''`, owner)
}

// Protections lists an account's protections, oldest first.
func (db *DB) Protections(ctx context.Context, owner string) ([]loam.Protection, error) {
	return db.read().protections(ctx, `p.owner = ?`, owner)
}

// AskedProtections lists what waits for a reviewer, oldest first; not her own.
func (db *DB) AskedProtections(ctx context.Context, reviewer string, limit int) ([]loam.Protection, error) {
	return db.read().protections(ctx, `p.id IN (SELECT id FROM protections WHERE state = 'asked' AND owner <> ? ORDER BY at, id LIMIT ?)`, reviewer, limit)
}

// Protection reads one; its owner does not matter.
func (db *DB) Protection(ctx context.Context, id string) (loam.Protection, error) {
	q := db.read()
	list, err := q.protections(ctx, `p.id = ?`, id)
	if err == nil && len(list) == 0 {
		return loam.Protection{}, loam.Fail(loam.NotFound, "protection.not_found")
	}
	if err != nil {
		return loam.Protection{}, err
	}
	return list[0], nil
}

// AskProtection asks for a protection, with files handed in for it (their ids and holders); a reviewer
// decides.
func (db *DB) AskProtection(ctx context.Context, p loam.Protection) (loam.Protection, error) {
	aliases, err := json.Marshal(p.Aliases)
	if err != nil {
		return p, err
	}
	salt, err := newSalt()
	if err != nil {
		return p, err
	}
	var kept []loam.Proof
	err = db.write(ctx, func(t *tx) error {
		var n int
		if err := t.row(ctx, `SELECT count(*) FROM protections WHERE owner = ? AND state IN ('asked','registered')`, p.Owner).Scan(&n); err != nil {
			return err
		}
		if n >= loam.OpenProtections {
			return loam.Fail(loam.Limited, "protection.many", loam.OpenProtections)
		}
		p.ID, p.At, p.State = t.id(), t.now, loam.ProtectionAsked
		_, err := t.exec(ctx, `INSERT INTO protections (id, owner, kind, name, aliases, text, subject, consenter, guardian, agreement, compare, salt, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			p.ID, p.Owner, string(p.Kind), p.Name, string(aliases), p.Text, p.Subject, string(p.By), p.Guardian, p.Agreement, p.Compare, salt, p.At)
		if err != nil {
			return err
		}
		for _, proof := range p.Proofs {
			n, err := t.exec(ctx, `UPDATE proofs SET protection = ?, holder = ? WHERE id = ? AND owner = ? AND protection = ''`, p.ID, proof.Holder, proof.ID, p.Owner)
			if err != nil {
				return err
			}
			if n == 0 {
				return loam.Fail(loam.NotFound, "exhibit.not_found")
			}
		}
		if kept, err = t.keepBiometrics(ctx, p); err != nil {
			return err
		}
		return t.event(ctx, staff, "queue", p.ID)
	})
	if err == nil {
		p.Proofs = kept // the transaction may run again, with the files that were asked with
	}
	return p, err
}

// newSalt is a salt as rows hold it, in hexadecimal.
func newSalt() (string, error) {
	var salt [32]byte
	_, err := rand.Read(salt[:])
	return hex.EncodeToString(salt[:]), err
}

// DecideProtection lets a reviewer's decision take effect at once. One's own is Denied; what
// another decided or the holder took back meanwhile is a Conflict.
func (db *DB) DecideProtection(ctx context.Context, reviewer, id string, step loam.ProtectionStep, reason string) (loam.Protection, error) {
	err := db.write(ctx, func(t *tx) error {
		p, err := scanProtection(t.row(ctx, protectionSelect+`WHERE p.id = ?`, id))
		if err != nil {
			return missing(err, "protection.not_found")
		}
		if p.Owner == reviewer {
			return loam.Fail(loam.Denied, "review.own_work")
		}
		if !loam.DecidesProtection(step, reason) {
			return loam.Fail(loam.Invalid, "reason.unknown", reason)
		}
		to, err := t.stepProtection(ctx, p, step)
		if err != nil {
			return err
		}
		if _, err := t.exec(ctx, `UPDATE protections SET reason = ?, decided_by = ?, decided_at = ? WHERE id = ?`, reason, reviewer, t.now, id); err != nil {
			return err
		}
		if to == loam.ProtectionRegistered {
			err = t.protect(ctx, p)
		} else {
			err = t.stopComparing(ctx, id)
		}
		if err != nil {
			return err
		}
		return t.protectionChanged(ctx, p.Owner, id)
	})
	if err != nil {
		return loam.Protection{}, err
	}
	return db.Protection(ctx, id)
}

// emptied is what a withdrawal leaves of a protection's row.
const emptied = `, name = '', aliases = '[]', text = '', subject = '', guardian = '', compare = '', salt = ''`

// stepProtection moves a protection, unless somebody else did; withdrawn, it is emptied.
func (t *tx) stepProtection(ctx context.Context, p loam.Protection, step loam.ProtectionStep) (loam.ProtectionState, error) {
	to, err := p.State.Next(step)
	if err != nil {
		return "", err
	}
	also := ""
	if to == loam.ProtectionWithdrawn {
		also = emptied
	}
	n, err := t.exec(ctx, `UPDATE protections SET state = ?`+also+` WHERE id = ? AND state = ?`, string(to), p.ID, string(p.State))
	if err == nil && n == 0 {
		err = loam.Fail(loam.Conflict, "protection.step", step, p.State)
	}
	return to, err
}

// protectionChanged tells who holds a protection, who reviews, and every node's matcher.
func (t *tx) protectionChanged(ctx context.Context, owner, id string) error {
	if err := t.event(ctx, owner, TopicProtection, id); err != nil {
		return err
	}
	if err := t.event(ctx, staff, "queue", id); err != nil {
		return err
	}
	return t.event(ctx, staff, TopicProtection, id)
}

// shielded is what the ledger calls a kind.
func shielded(k loam.ProtectionKind) ledger.Protection {
	return map[loam.ProtectionKind]ledger.Protection{
		loam.ProtectVoice: ledger.Voice, loam.ProtectLikeness: ledger.Likeness, loam.ProtectStyle: ledger.Style,
		loam.ProtectCharacter: ledger.Character, loam.ProtectBrand: ledger.Brand,
	}[k]
}

// protect logs a registered protection: its leaf commits to what is protected and whose it is. A
// child's shields every work of the account as a minor's.
func (t *tx) protect(ctx context.Context, p loam.Protection) error {
	var text string
	if err := t.row(ctx, `SELECT salt FROM protections WHERE id = ?`, p.ID).Scan(&text); err != nil {
		return err
	}
	var salt [32]byte
	if _, err := hex.Decode(salt[:], []byte(text)); err != nil {
		return err
	}
	said, err := json.Marshal([]any{p.Kind, p.Name, p.Aliases, p.Text, p.Subject, p.By, p.Guardian, p.Agreement})
	if err != nil {
		return err
	}
	l := ledger.Leaf{Kind: ledger.Protect, Actor: ledger.Creator, What: shielded(p.Kind), Body: ledger.Commit(salt, said)}
	if p.By == loam.ByGuardian {
		l.Actor = ledger.Guardian
	}
	leaf, err := t.log(ctx, p.Owner, "", l, text)
	if err != nil {
		return err
	}
	if p.By == loam.ByGuardian {
		if _, err := t.log(ctx, p.Owner, "", ledger.Leaf{Kind: ledger.Protect, Actor: ledger.Guardian, What: ledger.Minor}, ""); err != nil {
			return err
		}
	}
	if _, err := t.exec(ctx, `UPDATE protections SET leaf = ? WHERE id = ?`, leaf, p.ID); err != nil {
		return err
	}
	return t.permit(ctx, p.Owner, "")
}

// WithdrawProtection takes a protection of one's own back, and with it everything that was
// derived from it: names, hashes of pictures, proofs, sightings and the salt of its leaf. What it
// shields is open to her own word again, unless another protection of the kind stands.
func (db *DB) WithdrawProtection(ctx context.Context, owner, id string) error {
	return db.write(ctx, func(t *tx) error {
		p, err := scanProtection(t.row(ctx, protectionSelect+`WHERE p.id = ? AND p.owner = ?`, id, owner))
		if err != nil {
			return missing(err, "protection.not_found")
		}
		if _, err := t.stepProtection(ctx, p, loam.ProtectionWithdraw); err != nil {
			return err
		}
		if err := t.forgetProtection(ctx, p); err != nil {
			return err
		}
		if err := t.unprotect(ctx, p); err != nil {
			return err
		}
		return t.protectionChanged(ctx, owner, id)
	})
}

// forgetProtection deletes what else a protection was made of, and was found by.
func (t *tx) forgetProtection(ctx context.Context, p loam.Protection) error {
	if _, err := t.exec(ctx, `UPDATE protections SET withdrawn_at = ? WHERE id = ?`, t.now, p.ID); err != nil {
		return err
	}
	if _, err := t.exec(ctx, `UPDATE leaves SET salt = '' WHERE owner = ? AND id = ?`, p.Owner, p.Leaf); err != nil {
		return err
	}
	if err := t.forgetBodies(ctx, p.ID); err != nil {
		return err
	}
	if _, err := t.exec(ctx, `DELETE FROM sightings WHERE protection = ?`, p.ID); err != nil {
		return err
	}
	_, err := t.dropProofs(ctx, `protection = ?`, p.ID)
	return err
}

// unprotect lifts in the ledger what no other registered protection of the account shields. One
// that nobody here registered shields too if it came with an archive; then one that waits keeps it.
func (t *tx) unprotect(ctx context.Context, p loam.Protection) error {
	actor := ledger.Creator
	if p.By == loam.ByGuardian {
		actor = ledger.Guardian
	}
	waiting := loam.ProtectionRegistered
	if p.State != loam.ProtectionRegistered {
		waiting = loam.ProtectionAsked
	}
	leaves, err := t.leavesOf(ctx, p.Owner, "")
	if err != nil {
		return err
	}
	lift := func(what ledger.Protection, others string, arg any) error {
		var n int
		err := t.row(ctx, `SELECT count(*) FROM protections WHERE owner = ? AND state IN ('registered', ?) AND `+others, p.Owner, string(waiting), arg).Scan(&n)
		if err != nil || n > 0 || !shields(leaves, what) {
			return err
		}
		_, err = t.log(ctx, p.Owner, "", ledger.Leaf{Kind: ledger.Protect, Actor: actor, What: what, Lift: true}, "")
		return err
	}
	if err := lift(shielded(p.Kind), `kind = ?`, string(p.Kind)); err != nil {
		return err
	}
	if p.By == loam.ByGuardian {
		if err := lift(ledger.Minor, `consenter = ?`, string(loam.ByGuardian)); err != nil {
			return err
		}
	}
	return t.permit(ctx, p.Owner, "")
}

// shields reports whether an account's leaves leave it protected so.
func shields(leaves []logged, what ledger.Protection) (on bool) {
	for i := range leaves {
		if l := &leaves[i].leaf; l.Kind == ledger.Protect && l.Work == (ledger.ID{}) && l.What == what {
			on = !l.Lift
		}
	}
	return on
}

// Registered lists what registered protections are recognised by.
func (db *DB) Registered(ctx context.Context) ([]loam.Registered, error) {
	list, err := db.read().protections(ctx, `p.state = 'registered'`)
	out := make([]loam.Registered, 0, len(list))
	for _, p := range list {
		r := loam.Registered{ID: p.ID, Owner: p.Owner, Kind: p.Kind, Names: append([]string{p.Name}, p.Aliases...)}
		for _, proof := range p.Proofs {
			if proof.PDQ != "" {
				r.PDQs = append(r.PDQs, proof.PDQ)
			}
			if proof.Sound != "" {
				r.Sounds = append(r.Sounds, proof.Sound)
			}
			if proof.Biometric != nil {
				r.Biometrics = append(r.Biometrics, *proof.Biometric)
			}
		}
		out = append(out, r)
	}
	return out, err
}

// AccountAllows decides whether an account lets anybody use all her works so, now, with the rule
// the verifier replays the log by.
func (db *DB) AccountAllows(ctx context.Context, owner string, u loam.Use) (bool, error) {
	c, err := db.read().consentOf(ctx, owner, "")
	return err == nil && c.permission(ledger.ID{}, u, db.clock.Now()).Allowed, err
}
