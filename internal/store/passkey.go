package store

import (
	"context"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"errors"
	"slices"

	"loam"
	"loam/internal/ledger"
)

// maxPasskeys bounds how many passkeys an account has, retired ones among them.
const maxPasskeys = 50

// passkey is a passkey as the database holds it.
type passkey struct {
	loam.Passkey
	cose   []byte
	leaf   string
	logged bool // the leaf that adds it was written
}

// passkeysOf are an account's, oldest first.
func (q querier) passkeysOf(ctx context.Context, owner string) ([]passkey, error) {
	return all(ctx, q, func(s scanner) (k passkey, err error) {
		var cose string
		if err = s.Scan(&k.ID, &k.Name, &k.Credential, &cose, &k.leaf, &k.At, &k.logged, &k.Vouched); err == nil {
			k.cose, err = base64.StdEncoding.DecodeString(cose)
		}
		return k, err
	}, `SELECT k.id, k.name, k.credential, k.cose, k.leaf, k.at, (SELECT count(*) FROM leaves l WHERE l.id = k.leaf) > 0,
		(SELECT count(*) FROM vouchers v WHERE v.passkey = k.id) FROM passkeys k WHERE k.owner = ? ORDER BY k.at, k.id`, owner)
}

// keyring folds an account's leaves about keys: which count depends on no others.
func (q querier) keyring(ctx context.Context, owner string) (active []ledger.Hash, had bool, err error) {
	leaves, err := all(ctx, q, scanLogged, `SELECT n, id, leaf, signature, place FROM leaves WHERE owner = ? AND kind = 'key' ORDER BY n`, owner)
	if err != nil {
		return nil, false, err
	}
	state, account := ledger.NewState(), ledger.ID{}
	for i := range leaves {
		l := &leaves[i]
		account = l.leaf.Account
		state.Apply(l.n, &l.leaf, l.signature)
	}
	active, had = state.Keys(account)
	return active, had, nil
}

// Passkeys lists an account's passkeys that are or were in the ledger, and the one that waits for
// a recovery, oldest first.
func (db *DB) Passkeys(ctx context.Context, owner string) ([]loam.Passkey, error) {
	q := db.read()
	active, _, err := q.keyring(ctx, owner)
	if err != nil {
		return nil, err
	}
	list, err := q.passkeysOf(ctx, owner)
	out := []loam.Passkey{}
	for _, k := range list {
		switch {
		case k.leaf == "":
			k.State = loam.PasskeyRecovering
		case !k.logged:
			continue // its signature never came
		case slices.Contains(active, ledger.KeyHash(k.cose)):
			k.State = loam.PasskeyActive
		default:
			k.State = loam.PasskeyRetired
		}
		out = append(out, k.Passkey)
	}
	return out, err
}

// PasskeyCOSE is the public key of an account's passkey, by what its authenticator calls it;
// another's is NotFound.
func (db *DB) PasskeyCOSE(ctx context.Context, owner, credential string) ([]byte, error) {
	var text string
	err := db.read().row(ctx, `SELECT cose FROM passkeys WHERE owner = ? AND credential = ?`, owner, credential).Scan(&text)
	if err != nil {
		return nil, missing(err, "passkey.unknown")
	}
	return base64.StdEncoding.DecodeString(text)
}

// AddPasskey keeps a passkey that was registered. An account's first is in the ledger at once; a
// further one is once the prepared act is signed by one that is active; where none is, or its
// owner says so, once two of the staff vouched for her.
func (db *DB) AddPasskey(ctx context.Context, owner string, k loam.NewPasskey) (out loam.Passkey, act *loam.PreparedAct, err error) {
	err = db.write(ctx, func(t *tx) error {
		act = nil
		out = loam.Passkey{ID: t.id(), Name: k.Name, Credential: k.Credential, At: t.now}
		if err := t.clearPasskeys(ctx, owner); err != nil {
			return err
		}
		active, had, err := t.keyring(ctx, owner)
		if err != nil {
			return err
		}
		leaf, id := ledger.Leaf{Kind: ledger.Key, Actor: ledger.Creator, Key: ledger.KeyHash(k.COSE)}, ""
		switch {
		case !had:
			out.State = loam.PasskeyActive
			id, err = t.log(ctx, owner, "", leaf, "")
		case len(active) > 0 && !k.Recover:
			out.State = loam.PasskeyWaiting
			act, err = t.prepare(ctx, owner, "", leaf)
			if err == nil {
				id = act.Leaf
			}
		default:
			out.State = loam.PasskeyRecovering
			err = t.dropRecovery(ctx, owner)
		}
		if err != nil {
			return err
		}
		_, err = t.exec(ctx, `INSERT INTO passkeys (id, owner, name, credential, cose, leaf, at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
			out.ID, owner, k.Name, k.Credential, base64.StdEncoding.EncodeToString(k.COSE), id, t.now)
		if duplicate(err) {
			return loam.Fail(loam.Conflict, "passkey.known")
		}
		return err
	})
	return out, act, err
}

// clearPasskeys forgets passkeys whose signature never came, and refuses one too many.
func (t *tx) clearPasskeys(ctx context.Context, owner string) error {
	_, err := t.exec(ctx, `DELETE FROM passkeys WHERE owner = ? AND leaf <> '' AND leaf NOT IN (SELECT id FROM leaves WHERE owner = ?)
		AND leaf NOT IN (SELECT leaf FROM preparations WHERE owner = ? AND expires > ?)`, owner, owner, owner, t.now)
	if err != nil {
		return err
	}
	var n int
	if err := t.row(ctx, `SELECT count(*) FROM passkeys WHERE owner = ?`, owner).Scan(&n); err != nil {
		return err
	}
	if n >= maxPasskeys {
		return loam.Fail(loam.Conflict, "passkey.many")
	}
	return nil
}

// dropRecovery takes back an account's wish for a recovery.
func (t *tx) dropRecovery(ctx context.Context, owner string) error {
	_, err := t.exec(ctx, `DELETE FROM vouchers WHERE passkey IN (SELECT id FROM passkeys WHERE owner = ? AND leaf = '')`, owner)
	if err == nil {
		_, err = t.exec(ctx, `DELETE FROM passkeys WHERE owner = ? AND leaf = ''`, owner)
	}
	return err
}

// RetirePasskey ends what a passkey of an account counts for; what it signed before stands. It
// asks for no signature, and takes a recovery back. Retiring twice is once.
func (db *DB) RetirePasskey(ctx context.Context, owner, id string) error {
	return db.write(ctx, func(t *tx) error {
		list, err := t.passkeysOf(ctx, owner)
		if err != nil {
			return err
		}
		at := slices.IndexFunc(list, func(k passkey) bool { return k.ID == id && (k.logged || k.leaf == "") })
		if at < 0 {
			return loam.Fail(loam.NotFound, "passkey.unknown")
		}
		if list[at].leaf == "" {
			return t.dropRecovery(ctx, owner)
		}
		key := ledger.KeyHash(list[at].cose)
		active, _, err := t.keyring(ctx, owner)
		if err != nil || !slices.Contains(active, key) {
			return err
		}
		leaf, err := t.log(ctx, owner, "", ledger.Leaf{Kind: ledger.Key, Actor: ledger.Creator, Key: key, Lift: true}, "")
		if err != nil {
			return err
		}
		_, err = t.exec(ctx, `UPDATE passkeys SET retired = ? WHERE id = ?`, leaf, id)
		return err
	})
}

// Recoveries lists who waits for the staff to vouch, oldest first.
func (db *DB) Recoveries(ctx context.Context) ([]loam.Recovery, error) {
	q := db.read()
	list, err := all(ctx, q, func(s scanner) (r loam.Recovery, err error) { return r, s.Scan(&r.Passkey, &r.Handle, &r.Name, &r.At) },
		`SELECT k.id, a.handle, k.name, k.at FROM passkeys k JOIN accounts a ON a.id = k.owner WHERE k.leaf = '' ORDER BY k.at, k.id LIMIT 200`)
	if err != nil {
		return nil, err
	}
	for i := range list {
		list[i].Vouched, err = all(ctx, q, scanString, `SELECT a.handle FROM vouchers v JOIN accounts a ON a.id = v.staff WHERE v.passkey = ? ORDER BY v.at`, list[i].Passkey)
		if err != nil {
			return nil, err
		}
	}
	return list, nil
}

// Vouch records how one of the staff made sure that a recovery is its account's own wish. The
// second one's word puts the passkey into the ledger, with a commitment to both statements, and
// retires every earlier one. Nobody vouches for herself, or twice.
func (db *DB) Vouch(ctx context.Context, staff, id, statement string) error {
	return db.write(ctx, func(t *tx) error {
		var owner, cose string
		if err := t.row(ctx, `SELECT owner, cose FROM passkeys WHERE id = ? AND leaf = ''`, id).Scan(&owner, &cose); err != nil {
			return missing(err, "recovery.not_found")
		}
		if owner == staff {
			return loam.Fail(loam.Denied, "recovery.own")
		}
		_, err := t.exec(ctx, `INSERT INTO vouchers (passkey, staff, statement, at) VALUES (?, ?, ?, ?)`, id, staff, statement, t.now)
		if duplicate(err) {
			return loam.Fail(loam.Conflict, "recovery.twice")
		}
		if err != nil {
			return err
		}
		return t.recover(ctx, owner, id, cose)
	})
}

// recover writes the leaf of a recovery that two vouched for.
func (t *tx) recover(ctx context.Context, owner, id, cose string) error {
	statements, err := all(ctx, t.querier, func(s scanner) (v [2]string, err error) { return v, s.Scan(&v[0], &v[1]) },
		`SELECT staff, statement FROM vouchers WHERE passkey = ? ORDER BY at, staff`, id)
	if err != nil || len(statements) < 2 {
		return err
	}
	public, err := base64.StdEncoding.DecodeString(cose)
	if err != nil {
		return err
	}
	said, err := json.Marshal(statements)
	if err != nil {
		return err
	}
	salt, commitment, err := committed(said)
	if err != nil {
		return err
	}
	leaf, err := t.log(ctx, owner, "", ledger.Leaf{Kind: ledger.Key, Actor: ledger.Platform, Key: ledger.KeyHash(public), Recovery: commitment}, salt)
	if err != nil {
		return err
	}
	_, err = t.exec(ctx, `UPDATE passkeys SET leaf = ? WHERE id = ? AND leaf = ''`, leaf, id)
	return err
}

// LeafBundle is the signature bundle behind a leaf of an account, nil if it has none or it was
// erased.
func (db *DB) LeafBundle(ctx context.Context, owner, leaf string) ([]byte, error) {
	var text string
	err := db.read().row(ctx, `SELECT bundle FROM bundles WHERE owner = ? AND leaf = ?`, owner, leaf).Scan(&text)
	if errors.Is(err, sql.ErrNoRows) || err == nil && text == "" {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return base64.StdEncoding.DecodeString(text)
}
