package store

import (
	"context"
	"strings"

	"loam"
)

// Key is an API key as its owner may see it: never the key, nor its hash.
type Key struct {
	ID      string `json:"id"`
	Account string `json:"account"` // the handle
	Name    string `json:"name"`
	Created int64  `json:"created"`
	Revoked bool   `json:"revoked"`
}

// Accounts lists every account by handle.
func (db *DB) Accounts(ctx context.Context) ([]loam.Account, error) {
	return all(ctx, db.read(), scanAccount, `SELECT `+accountColumns+` FROM accounts ORDER BY handle`)
}

// SetRoles gives an account exactly these roles. The last administrator who can sign in
// keeps hers: a Conflict.
func (db *DB) SetRoles(ctx context.Context, handle string, roles []loam.Role) (loam.Account, error) {
	return db.restaff(ctx, handle, func(a *loam.Account) { a.Roles = roles })
}

// SetDisabled keeps an account from signing in and from using its keys, or lets it again.
// The last administrator who can sign in is not disabled: a Conflict.
func (db *DB) SetDisabled(ctx context.Context, handle string, disabled bool) (loam.Account, error) {
	return db.restaff(ctx, handle, func(a *loam.Account) { a.Disabled = disabled })
}

// restaff changes what an account may do, and leaves at least one administrator.
func (db *DB) restaff(ctx context.Context, handle string, change func(*loam.Account)) (loam.Account, error) {
	var a loam.Account
	err := db.write(ctx, func(t *tx) error {
		var err error
		if a, err = scanAccount(t.row(ctx, `SELECT `+accountColumns+` FROM accounts WHERE handle = ?`, handle)); err != nil {
			return missing(err, "account.not_found")
		}
		was, disabled := administers(a), a.Disabled
		change(&a)
		if was && !administers(a) {
			var others int
			if err := t.row(ctx, `SELECT count(*) FROM accounts WHERE roles LIKE '%admin%' AND disabled = 0 AND id <> ?`, a.ID).Scan(&others); err != nil {
				return err
			}
			if others == 0 {
				return loam.Fail(loam.Conflict, "account.last_admin")
			}
		}
		if a.Disabled && !disabled {
			// Nothing of hers goes out while she may not sign in, nor by itself once she may again:
			// she confirms it anew.
			_, err := t.exec(ctx, `UPDATE versions SET confirmed_by = '', confirmed_at = 0 WHERE owner = ? AND confirmed_at > 0
				AND state IN ('submitted','held','cleared','refused','failed')`, a.ID)
			if err != nil {
				return err
			}
		}
		_, err = t.exec(ctx, `UPDATE accounts SET roles = ?, disabled = ? WHERE id = ?`, joinRoles(a.Roles), a.Disabled, a.ID)
		return err
	})
	return a, err
}

func administers(a loam.Account) bool { return a.Has(loam.Admin) && !a.Disabled }

// Keys lists the API keys, revoked ones too; "" for those of every account.
func (db *DB) Keys(ctx context.Context, handle string) ([]Key, error) {
	return all(ctx, db.read(), func(s scanner) (Key, error) {
		var k Key
		err := s.Scan(&k.ID, &k.Account, &k.Name, &k.Created, &k.Revoked)
		return k, err
	}, `SELECT k.id, a.handle, k.name, k.created, k.revoked FROM api_keys k JOIN accounts a ON a.id = k.account
		WHERE a.handle = ? OR ? = '' ORDER BY k.id`, handle, handle)
}

// RevokeKey ends an API key at once and for good.
func (db *DB) RevokeKey(ctx context.Context, id string) error {
	return db.write(ctx, func(t *tx) error {
		n, err := t.exec(ctx, `UPDATE api_keys SET revoked = 1 WHERE id = ? AND revoked = 0`, strings.TrimSpace(id))
		if err == nil && n == 0 {
			err = loam.Fail(loam.NotFound, "key.not_found")
		}
		return err
	})
}

// Release gives a case back that its reviewer leased and left undecided; she may take it
// again. What somebody else holds stays as it is.
func (db *DB) Release(ctx context.Context, reviewer, id string) error {
	return db.write(ctx, func(t *tx) error {
		_, err := t.exec(ctx, `UPDATE cases SET leased_by = '', lease_until = 0 WHERE id = ? AND leased_by = ? AND closed_at = 0`, id, reviewer)
		return err
	})
}
