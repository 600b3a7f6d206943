package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"loam"
)

// evidenceSetting holds the hashes of what an account brought along as evidence, with blanks
// between.
func evidenceSetting(account string) string { return "evidence." + account }

// EachArchived calls f for every work an account made and did not delete, oldest first.
func (db *DB) EachArchived(ctx context.Context, owner string, f func(loam.ArchivedWork) error) error {
	ids, err := all(ctx, db.read(), scanString, `SELECT id FROM works WHERE owner = ? AND deleted = 0 ORDER BY created, id`, owner)
	if err != nil {
		return err
	}
	for _, id := range ids {
		w, err := db.archived(ctx, id)
		if err != nil {
			return err
		}
		if err := f(w); err != nil {
			return err
		}
	}
	return nil
}

func (db *DB) archived(ctx context.Context, id string) (loam.ArchivedWork, error) {
	var w loam.ArchivedWork
	var draft string
	q := db.read()
	err := q.row(ctx, `SELECT w.id, w.key, w.form, w.on_work, w.created, w.updated, coalesce(d.revision, 0), coalesce(d.doc, 'null')
		FROM works w LEFT JOIN drafts d ON d.work = w.id WHERE w.id = ?`, id).
		Scan(&w.ID, &w.Key, &w.Form, &w.On, &w.Created, &w.Updated, &w.Revision, &draft)
	if err == nil {
		err = json.Unmarshal([]byte(draft), &w.Draft)
	}
	if err != nil {
		return w, err
	}
	w.Versions, err = all(ctx, q, scanVersion, `SELECT `+versionColumns+` FROM versions WHERE work = ? ORDER BY number`, id)
	return w, err
}

// ArchivedAssets lists an account's uploads, oldest first.
func (db *DB) ArchivedAssets(ctx context.Context, owner string) ([]loam.ArchivedAsset, error) {
	return all(ctx, db.read(), func(s scanner) (loam.ArchivedAsset, error) {
		a, err := scanAsset(s)
		return loam.ArchivedAsset{Asset: a, Credentials: a.Credentials}, err
	}, `SELECT `+assetColumns+` FROM assets WHERE owner = ? ORDER BY at, id`, owner)
}

// ArchivedLeaves lists an account's leaves in their order, without receipts.
func (db *DB) ArchivedLeaves(ctx context.Context, owner string) ([]loam.ArchivedLeaf, error) {
	return all(ctx, db.read(), func(s scanner) (l loam.ArchivedLeaf, err error) {
		var leaf, bundle string
		if err = s.Scan(&l.N, &l.ID, &l.Work, &leaf, &l.Salt, &l.At, &l.Place, &bundle); err == nil {
			l.Leaf, err = unbase64(leaf)
		}
		if err == nil && bundle != "" {
			l.Bundle, err = unbase64(bundle)
		}
		return l, err
	}, `SELECT l.n, l.id, l.work, l.leaf, l.salt, l.at, l.place, coalesce(b.bundle, '') FROM leaves l LEFT JOIN bundles b ON b.leaf = l.id WHERE l.owner = ? ORDER BY l.n`, owner)
}

// ArchivedProtections lists an account's protections, oldest first, with what their files are compared
// by; of one that was withdrawn nothing is left but that there was one.
func (db *DB) ArchivedProtections(ctx context.Context, owner string) ([]loam.ArchivedProtection, error) {
	list, err := db.read().protections(ctx, `p.owner = ?`, owner)
	out := make([]loam.ArchivedProtection, 0, len(list))
	for _, p := range list {
		a := loam.ArchivedProtection{Protection: p, Files: []loam.ArchivedProof{}}
		for _, f := range p.Proofs {
			a.Files = append(a.Files, loam.ArchivedProof{Proof: f, Picture: f.Picture, PDQ: f.PDQ, Sound: f.Sound})
		}
		a.Proofs = nil
		out = append(out, a)
	}
	return out, err
}

// Evidence lists the hashes of the blobs with an account's leaves of earlier installations.
func (db *DB) Evidence(ctx context.Context, owner string) ([]string, error) {
	list, err := db.Setting(ctx, evidenceSetting(owner))
	return strings.Fields(list), err
}

// ArchivedBlob is what is known of live bytes, NotFound of others.
func (db *DB) ArchivedBlob(ctx context.Context, hash string) (loam.ArchivedBlob, error) {
	b := loam.ArchivedBlob{Hash: hash}
	err := db.read().row(ctx, `SELECT type, size FROM blobs WHERE hash = ?`, hash).Scan(&b.Type, &b.Size)
	return b, missing(err, "blob.not_found")
}

// Arrive takes an archive into a database without accounts, else a Conflict,
// "import.not_empty". Its versions are what they were, hash by hash, and are withdrawn: here
// nobody screened them and she confirmed nothing. Its protections wait for a reviewer of this
// installation. Its leaves stay evidence; what they left open
// is logged anew as the platform's word, and what they closed stays shut.
func (db *DB) Arrive(ctx context.Context, a loam.Arrival) (loam.Account, error) {
	var account loam.Account
	err := db.write(ctx, func(t *tx) error {
		var n int
		if err := t.row(ctx, `SELECT count(*) FROM accounts`).Scan(&n); err != nil {
			return err
		}
		if n > 0 {
			return loam.Fail(loam.Conflict, "import.not_empty")
		}
		var err error
		account, err = t.arrive(ctx, a)
		return err
	})
	return account, err
}

func (t *tx) arrive(ctx context.Context, a loam.Arrival) (loam.Account, error) {
	account, err := t.createAccount(ctx, loam.Account{Handle: a.Account.Handle, Name: a.Account.Handle, Roles: []loam.Role{loam.Creator}}, a.Password)
	if err != nil {
		return account, err
	}
	if account.NoAI = a.Account.NoAI; account.NoAI {
		if _, err := t.exec(ctx, `UPDATE accounts SET no_ai = 1 WHERE id = ?`, account.ID); err != nil {
			return account, err
		}
	}
	for _, b := range a.Blobs {
		if err := t.blob(ctx, b.Hash, b.Type, b.Size); err != nil {
			return account, err
		}
	}
	for _, x := range a.Assets {
		x.Asset.Owner, x.Asset.Credentials = account.ID, x.Credentials
		if err := t.insertAsset(ctx, x.Asset); err != nil {
			return account, fmt.Errorf("asset %q: %w", x.ID, arrivalFault(err))
		}
	}
	released := map[string][]string{} // hashes of the versions of each work
	err = a.Works(func(w loam.ArchivedWork) error {
		for _, v := range w.Versions {
			released[w.ID] = append(released[w.ID], v.Hash)
		}
		return t.arriveWork(ctx, account.ID, w)
	})
	if err != nil {
		return account, err
	}
	if len(a.Evidence) > 0 {
		_, err := t.exec(ctx, `INSERT INTO settings (name, value, at) VALUES (?, ?, ?)`, evidenceSetting(account.ID), strings.Join(a.Evidence, " "), t.now)
		if err != nil {
			return account, err
		}
	}
	if err := t.arriveProtections(ctx, account.ID, a.Protections); err != nil {
		return account, err
	}
	return account, t.arriveRights(ctx, account, a.Leaves, released)
}

// arriveWork stores a work with its draft and versions.
func (t *tx) arriveWork(ctx context.Context, owner string, w loam.ArchivedWork) error {
	_, err := t.exec(ctx, `INSERT INTO works (id, owner, key, form, on_work, created, updated) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		w.ID, owner, w.Key, string(w.Form), w.On, w.Created, w.Updated)
	if err != nil {
		return arrivalFault(err)
	}
	if w.Draft != nil {
		doc, err := json.Marshal(w.Draft)
		if err != nil {
			return err
		}
		if _, err := t.exec(ctx, `INSERT INTO drafts (work, revision, doc, updated) VALUES (?, ?, ?, ?)`, w.ID, max(1, w.Revision), string(doc), w.Updated); err != nil {
			return err
		}
	}
	for _, v := range w.Versions {
		content, err := json.Marshal(v.Content)
		if err != nil {
			return err
		}
		labels, err := json.Marshal(append([]loam.Label{}, v.Labels...))
		if err != nil {
			return err
		}
		_, err = t.exec(ctx, `INSERT INTO versions (id, work, owner, number, revision, hash, content, ai, state, labelled, labels, release_hash, scheduled, submitted_at, updated_at)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, v.ID, w.ID, owner, v.Number, v.Revision, v.Hash, string(content), string(v.Content.AI()), loam.Withdrawn,
			v.Labelled, string(labels), v.ReleaseHash, v.Content.Scheduled, v.SubmittedAt, v.UpdatedAt)
		if err != nil {
			return arrivalFault(err)
		}
	}
	return nil
}

// arriveProtections asks anew for protections that came with an archive: nobody here has looked at
// what proves them, so until somebody does nothing is compared with them.
func (t *tx) arriveProtections(ctx context.Context, owner string, list []loam.ArchivedProtection) error {
	for _, p := range list {
		aliases, err := json.Marshal(append([]string{}, p.Aliases...))
		if err != nil {
			return err
		}
		salt, err := newSalt()
		if err != nil {
			return err
		}
		_, err = t.exec(ctx, `INSERT INTO protections (id, owner, kind, name, aliases, text, subject, consenter, guardian, agreement, salt, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			p.ID, owner, string(p.Kind), p.Name, string(aliases), p.Text, p.Subject, string(p.By), p.Guardian, p.Agreement, salt, t.now)
		if err != nil {
			return arrivalFault(err)
		}
		for _, f := range p.Files {
			if f.Facts == nil {
				f.Facts = map[string]string{}
			}
			facts, err := json.Marshal(f.Facts)
			if err != nil {
				return err
			}
			_, err = t.exec(ctx, `INSERT INTO proofs (`+proofColumns+`, protection) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', ?, ?, ?)`,
				f.ID, owner, f.Holder, loam.ExhibitName(f.Name), f.Digest, f.Size, f.Type, f.Picture, f.PDQ, f.Sound, string(facts), t.now, p.ID)
			if err != nil {
				return arrivalFault(err)
			}
		}
		if err := t.event(ctx, staff, "queue", p.ID); err != nil {
			return err
		}
	}
	return nil
}

// arrivalFault tells an archive that names one thing twice, or what is not there, from a database that
// fails.
func arrivalFault(err error) error {
	if duplicate(err) || refersToNothing(err) {
		return errors.Join(loam.Fail(loam.Invalid, "import.damaged"), err)
	}
	return err
}
