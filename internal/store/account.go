package store

import (
	"context"
	"strings"

	"loam"
	"loam/internal/ledger"
)

const accountColumns = `id, handle, name, bio, roles, no_ai, disabled, demo, created, password_at`

// accountFields is where accountColumns are read to; the roles come as one text.
func accountFields(a *loam.Account, roles *string) []any {
	return []any{&a.ID, &a.Handle, &a.Name, &a.Bio, roles, &a.NoAI, &a.Disabled, &a.Demo, &a.Created, &a.PasswordAt}
}

func scanAccount(s scanner) (loam.Account, error) {
	var a loam.Account
	var roles string
	err := s.Scan(accountFields(&a, &roles)...)
	a.Roles = splitRoles(roles)
	return a, err
}

func splitRoles(s string) []loam.Role {
	out := []loam.Role{}
	for _, r := range strings.Fields(s) {
		out = append(out, loam.Role(r))
	}
	return out
}

func joinRoles(roles []loam.Role) string {
	parts := make([]string, len(roles))
	for i, r := range roles {
		parts[i] = string(r)
	}
	return strings.Join(parts, " ")
}

// CreateAccount stores a new account; a handle that is taken is a Conflict.
func (db *DB) CreateAccount(ctx context.Context, a loam.Account, password string) (loam.Account, error) {
	err := db.write(ctx, func(t *tx) error {
		var err error
		a, err = t.createAccount(ctx, a, password)
		return err
	})
	return a, err
}

func (t *tx) createAccount(ctx context.Context, a loam.Account, password string) (loam.Account, error) {
	a.ID, a.Created = t.id(), t.now
	_, err := t.exec(ctx, `INSERT INTO accounts (id, handle, name, bio, password, roles, no_ai, demo, created) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		a.ID, a.Handle, a.Name, a.Bio, password, joinRoles(a.Roles), a.NoAI, a.Demo, a.Created)
	if duplicate(err) {
		return a, loam.Fail(loam.Conflict, "handle.taken")
	}
	if err == nil && a.NoAI {
		err = t.shield(ctx, a.ID, ledger.NoAI, false)
	}
	return a, err
}

// SetPassword gives an account another password, stored as it is hashed; its sessions are
// over.
func (db *DB) SetPassword(ctx context.Context, id, password string) error {
	return db.write(ctx, func(t *tx) error {
		n, err := t.exec(ctx, `UPDATE accounts SET password = ?, password_at = ? WHERE id = ? AND demo = 0`, password, t.now, id)
		if err == nil && n == 0 {
			err = loam.Fail(loam.NotFound, "account.not_found")
		}
		return err
	})
}

// Account reads one account.
func (db *DB) Account(ctx context.Context, id string) (loam.Account, error) {
	a, err := scanAccount(db.read().row(ctx, `SELECT `+accountColumns+` FROM accounts WHERE id = ?`, id))
	return a, missing(err, "account.not_found")
}

// AccountByHandle reads one account and its password hash.
func (db *DB) AccountByHandle(ctx context.Context, handle string) (loam.Account, string, error) {
	var password string
	q := db.read()
	a, err := scanAccount(q.row(ctx, `SELECT `+accountColumns+` FROM accounts WHERE handle = ?`, handle))
	if err == nil {
		err = q.row(ctx, `SELECT password FROM accounts WHERE id = ?`, a.ID).Scan(&password)
	}
	return a, password, missing(err, "account.not_found")
}

// SetNoAI turns the switch 「不要对我的内容用 AI」. What others read of an account, her name
// and bio, changes by the release of a profile alone.
func (db *DB) SetNoAI(ctx context.Context, id string, noAI bool) error {
	return db.write(ctx, func(t *tx) error {
		n, err := t.exec(ctx, `UPDATE accounts SET no_ai = ? WHERE id = ? AND no_ai <> ?`, noAI, id, noAI)
		if err != nil {
			return err
		}
		if n == 0 { // as it was, or nobody
			return missing(t.row(ctx, `SELECT 1 FROM accounts WHERE id = ?`, id).Scan(&n), "account.not_found")
		}
		return t.shield(ctx, id, ledger.NoAI, !noAI)
	})
}

// Staffed reports whether an administrator exists: until then the one-time link is made.
func (db *DB) Staffed(ctx context.Context) (bool, error) {
	var n int
	err := db.read().row(ctx, `SELECT count(*) FROM accounts WHERE roles LIKE '%admin%'`).Scan(&n)
	return n > 0, err
}

// CreateInvite stores the hash of a one-time link, good for a day; it spends the links for
// the same roles that were made before.
func (db *DB) CreateInvite(ctx context.Context, tokenHash string, roles []loam.Role) error {
	return db.write(ctx, func(t *tx) error {
		if _, err := t.exec(ctx, `UPDATE invites SET used = ? WHERE used = 0 AND roles = ?`, t.now, joinRoles(roles)); err != nil {
			return err
		}
		_, err := t.exec(ctx, `INSERT INTO invites (token, roles, expires) VALUES (?, ?, ?)`,
			tokenHash, joinRoles(roles), t.now+24*60*60*1000)
		return err
	})
}

// UseInvite makes the account a one-time link promises, and spends the link. A link to the
// first administrator is Gone once there is one.
func (db *DB) UseInvite(ctx context.Context, tokenHash string, a loam.Account, password string) (loam.Account, error) {
	err := db.write(ctx, func(t *tx) error {
		n, err := t.exec(ctx, `UPDATE invites SET used = ? WHERE token = ? AND used = 0 AND expires > ?`, t.now, tokenHash, t.now)
		if err != nil {
			return err
		}
		if n == 0 {
			return loam.Fail(loam.Gone, "invite.spent")
		}
		var roles string
		if err := t.row(ctx, `SELECT roles FROM invites WHERE token = ?`, tokenHash).Scan(&roles); err != nil {
			return err
		}
		a.Roles = splitRoles(roles)
		var admins int
		if err := t.row(ctx, `SELECT count(*) FROM accounts WHERE roles LIKE '%admin%'`).Scan(&admins); err != nil {
			return err
		}
		if a.Has(loam.Admin) && admins > 0 {
			return loam.Fail(loam.Gone, "invite.spent")
		}
		a, err = t.createAccount(ctx, a, password)
		return err
	})
	return a, err
}

// CreateKey stores the hash of an API key of an account.
func (db *DB) CreateKey(ctx context.Context, account, hash, name string) error {
	return db.write(ctx, func(t *tx) error {
		_, err := t.exec(ctx, `INSERT INTO api_keys (id, account, hash, name, created) VALUES (?, ?, ?, ?, ?)`,
			t.id(), account, hash, name, t.now)
		return err
	})
}

// AccountByKey finds whose API key has this hash.
func (db *DB) AccountByKey(ctx context.Context, hash string) (loam.Account, error) {
	a, err := scanAccount(db.read().row(ctx, `SELECT `+accountColumns+` FROM accounts WHERE id =
		(SELECT account FROM api_keys WHERE hash = ? AND revoked = 0)`, hash))
	return a, missing(err, "key.unknown")
}

// Setting reads a value of the installation, "" if it was never set.
func (db *DB) Setting(ctx context.Context, name string) (string, error) {
	var v string
	err := db.read().row(ctx, `SELECT value FROM settings WHERE name = ?`, name).Scan(&v)
	if loam.KindOf(missing(err, "setting")) == loam.NotFound {
		return "", nil
	}
	return v, err
}

// SetSetting stores a value of the installation.
func (db *DB) SetSetting(ctx context.Context, name, value string) error {
	return db.write(ctx, func(t *tx) error {
		_, err := t.exec(ctx, `INSERT INTO settings (name, value, at) VALUES (?, ?, ?)
			ON CONFLICT (name) DO UPDATE SET value = excluded.value, at = excluded.at`, name, value, t.now)
		return err
	})
}
