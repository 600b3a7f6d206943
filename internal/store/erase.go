package store

import (
	"context"
	"strings"

	"loam"
	"loam/internal/ledger"
)

// Erasure is what EraseAccount ended, beside what has no number: keys, drafts, persona, templates.
type Erasure struct {
	Account     string `json:"account"`     // its id, which is what is left of its name
	Works       int    `json:"works"`       // notes, comments and the profile
	Protections int    `json:"protections"` // taken back
	Passkeys    int    `json:"passkeys"`    // retired
	Signatures  int    `json:"signatures"`  // whose bundles were destroyed
}

// EraseAccount deletes what there is of an account upon its holder's request (PIPL Art. 47), by its
// handle or its id. Her works are deleted as DeleteWork does, her protections withdrawn with what was
// taken of her body, her passkeys retired, her signatures, persona, templates and drafts destroyed; the
// ledger says that she is gone, and nothing is left to open what its leaves commit to. What the law has
// kept (the log of labels, Labelling Measures Art. 9; cases and notices; the ledger's leaves) stands
// under the id. It goes by steps, the handle last: one broken off is taken up by doing it again, and of
// an account that is erased it does nothing. The last administrator is a Conflict, "account.last_admin".
func (db *DB) EraseAccount(ctx context.Context, handle string) (out Erasure, err error) {
	a, err := db.SetDisabled(ctx, handle, true)
	if err != nil {
		return out, err
	}
	out.Account = a.ID
	works, err := all(ctx, db.read(), scanString, `SELECT id FROM works WHERE owner = ? AND deleted = 0 ORDER BY id`, a.ID)
	if err != nil {
		return out, err
	}
	for _, work := range works {
		if err := db.DeleteWork(ctx, a.ID, work); err != nil {
			return out, err
		}
		out.Works++
	}
	protections, err := db.Protections(ctx, a.ID)
	if err != nil {
		return out, err
	}
	for _, p := range protections {
		if p.State == loam.ProtectionWithdrawn {
			continue
		}
		if err := db.WithdrawProtection(ctx, a.ID, p.ID); err != nil {
			return out, err
		}
		out.Protections++
	}
	keys, err := db.Passkeys(ctx, a.ID)
	if err != nil {
		return out, err
	}
	for _, k := range keys {
		if k.State != loam.PasskeyActive {
			continue
		}
		if err := db.RetirePasskey(ctx, a.ID, k.ID); err != nil {
			return out, err
		}
		out.Passkeys++
	}
	if out.Signatures, err = db.EraseBundles(ctx, a.ID); err != nil {
		return out, err
	}
	return out, db.write(ctx, func(t *tx) error {
		if err := t.eraseFromLedger(ctx, a.ID); err != nil {
			return err
		}
		return t.empty(ctx, a.ID)
	})
}

// eraseFromLedger says in the log that an account it knows is gone, once, and destroys what opens the
// commitments of its leaves.
func (t *tx) eraseFromLedger(ctx context.Context, account string) error {
	leaves, err := t.leavesOf(ctx, account, "")
	if err != nil || len(leaves) == 0 {
		return err
	}
	gone := false
	for i := range leaves {
		gone = gone || leaves[i].leaf.Kind == ledger.Erase && leaves[i].leaf.Work == ledger.ID{}
	}
	if !gone {
		if _, err := t.log(ctx, account, "", ledger.Leaf{Kind: ledger.Erase, Actor: ledger.Creator}, ""); err != nil {
			return err
		}
	}
	if _, err := t.exec(ctx, `UPDATE leaves SET salt = '' WHERE owner = ?`, account); err != nil {
		return err
	}
	return t.permit(ctx, account, "")
}

// hers are the rows that are an account's alone: nothing that is kept rests on them.
var hers = []string{
	`DELETE FROM api_keys WHERE account = ?`,
	`DELETE FROM preparations WHERE owner = ?`,
	`DELETE FROM vouchers WHERE passkey IN (SELECT id FROM passkeys WHERE owner = ?)`,
	`DELETE FROM passkeys WHERE owner = ?`,
	`DELETE FROM personas WHERE account = ?`,
	`DELETE FROM templates WHERE owner = ?`,
	`DELETE FROM edits WHERE work IN (SELECT id FROM works WHERE owner = ?)`,
	`DELETE FROM drafts WHERE work IN (SELECT id FROM works WHERE owner = ?)`,
	`DELETE FROM reactions WHERE account = ?`,
	`DELETE FROM feedback WHERE account = ?`,
	`DELETE FROM events WHERE audience = ?`,
	// What a model was asked and answered; that it was, and what it cost, stays in the books.
	`UPDATE generations SET input = '', output = '', text = '', error = '', prompt = '', params = '{}' WHERE account = ?`,
	// A profile is her name and what she said of herself; one that a case is about is its evidence.
	`UPDATE versions SET content = '{}' WHERE work IN (SELECT id FROM works WHERE owner = ? AND form = 'profile')
		AND NOT EXISTS (SELECT 1 FROM cases c WHERE c.version = versions.id)`,
	`UPDATE accounts SET handle = id, name = '', bio = '', password = '', roles = '' WHERE id = ?`,
}

// empty deletes what is an account's alone, and empties its own row; sessions from before are over.
func (t *tx) empty(ctx context.Context, account string) error {
	if _, err := t.dropProofs(ctx, `owner = ? AND protection = ''`, account); err != nil {
		return err
	}
	if err := t.dropUnused(ctx, account); err != nil {
		return err
	}
	if err := t.dropEvidence(ctx, account); err != nil {
		return err
	}
	if _, err := t.exec(ctx, `UPDATE accounts SET password_at = ? WHERE id = ? AND handle <> id`, t.now, account); err != nil {
		return err
	}
	for _, query := range hers {
		if _, err := t.exec(ctx, query, account); err != nil {
			return err
		}
	}
	return nil
}

// dropUnused deletes the pictures and sounds of an account that stand in nothing it ever submitted.
// Bytes that were here before she brought them are somebody's, as a note's that she had downloaded.
func (t *tx) dropUnused(ctx context.Context, account string) error {
	contents, err := all(ctx, t.querier, scanString, `SELECT content FROM versions WHERE owner = ?`, account)
	if err != nil {
		return err
	}
	said := map[string]bool{}
	for _, c := range contents {
		for word := range strings.SplitSeq(c, `"`) {
			said[word] = true
		}
	}
	type asset struct {
		id, hash, credentials string
		first                 bool
	}
	list, err := all(ctx, t.querier, func(s scanner) (a asset, err error) { return a, s.Scan(&a.id, &a.hash, &a.credentials, &a.first) },
		`SELECT a.id, a.hash, a.credentials, b.at >= a.at FROM assets a JOIN blobs b ON b.hash = a.hash WHERE a.owner = ?`, account)
	if err != nil {
		return err
	}
	for _, a := range list {
		if said[a.id] {
			continue
		}
		if _, err := t.exec(ctx, `DELETE FROM assets WHERE id = ?`, a.id); err != nil {
			return err
		}
		drop := []string{a.credentials}
		if a.first {
			drop = append(drop, a.hash)
		}
		for _, hash := range drop {
			if err := t.dropBlob(ctx, hash); err != nil {
				return err
			}
		}
	}
	return nil
}

// dropEvidence deletes the leaves an account brought along from earlier installations: their salts
// lie beside them.
func (t *tx) dropEvidence(ctx context.Context, account string) error {
	list, err := all(ctx, t.querier, scanString, `SELECT value FROM settings WHERE name = ?`, evidenceSetting(account))
	if err != nil {
		return err
	}
	for _, hashes := range list {
		for _, hash := range strings.Fields(hashes) {
			if err := t.dropBlob(ctx, hash); err != nil {
				return err
			}
		}
	}
	_, err = t.exec(ctx, `DELETE FROM settings WHERE name = ?`, evidenceSetting(account))
	return err
}
