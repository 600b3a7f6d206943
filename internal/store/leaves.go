package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/base64"
	"encoding/hex"
	"errors"

	"loam"
	"loam/internal/ledger"
)

// Of a name in the ledger.
const (
	nounAccount = "account"
	nounWork    = "work"
)

// pseudonym is what the ledger calls an account or a work, made when it is first named there.
func (t *tx) pseudonym(ctx context.Context, noun, id string) (ledger.ID, error) {
	name, err := t.pseudonymOf(ctx, noun, id)
	if err != nil || name != (ledger.ID{}) {
		return name, err
	}
	if _, err := rand.Read(name[:]); err != nil {
		return name, err
	}
	_, err = t.exec(ctx, `INSERT INTO pseudonyms (noun, id, name) VALUES (?, ?, ?)`, noun, id, name.String())
	return name, err
}

// pseudonymOf is the zero name for what the ledger never named.
func (q querier) pseudonymOf(ctx context.Context, noun, id string) (ledger.ID, error) {
	var out ledger.ID
	var text string
	err := q.row(ctx, `SELECT name FROM pseudonyms WHERE noun = ? AND id = ?`, noun, id).Scan(&text)
	if errors.Is(err, sql.ErrNoRows) {
		return out, nil
	}
	if err == nil {
		_, err = hex.Decode(out[:], []byte(text))
	}
	return out, err
}

// logged is a leaf as the database holds it.
type logged struct {
	n         int64
	id        string
	leaf      ledger.Leaf
	signature ledger.Signature
	place     int64
}

func scanLogged(s scanner) (logged, error) {
	var l logged
	var text string
	var signature int64
	if err := s.Scan(&l.n, &l.id, &text, &signature, &l.place); err != nil {
		return l, err
	}
	l.signature = ledger.Signature(signature)
	raw, err := base64.StdEncoding.DecodeString(text)
	if err == nil {
		l.leaf, err = ledger.Decode(raw)
	}
	return l, err
}

// leavesOf are an account's leaves in their order: those about herself and about one work, or
// about all of them.
func (q querier) leavesOf(ctx context.Context, owner, work string) ([]logged, error) {
	const columns = `SELECT n, id, leaf, signature, place FROM leaves WHERE owner = ?`
	if work == "" {
		return all(ctx, q, scanLogged, columns+` ORDER BY n`, owner)
	}
	return all(ctx, q, scanLogged, columns+` AND work IN ('', ?) ORDER BY n`, owner, work)
}

// log writes the next leaf of an account, or of the installation itself (owner ""), into the act's
// transaction. The caller fills in what
// it says; names, id, time and order are given here.
func (t *tx) log(ctx context.Context, owner, work string, l ledger.Leaf, salt string) (id string, err error) {
	if err := t.name(ctx, owner, work, &l); err != nil {
		return "", err
	}
	return l.ID.String(), t.write(ctx, owner, work, l, salt, ledger.Unchecked)
}

// name gives a leaf its id and what the ledger calls its account and work.
func (t *tx) name(ctx context.Context, owner, work string, l *ledger.Leaf) (err error) {
	l.V = 1
	if owner != "" && l.Kind != ledger.Dispute && l.Kind != ledger.Ruling { // those are not the owner's acts
		if l.Account, err = t.pseudonym(ctx, nounAccount, owner); err != nil {
			return err
		}
	}
	if work != "" && l.Kind != ledger.Ruling { // its dispute names the work
		if l.Work, err = t.pseudonym(ctx, nounWork, work); err != nil {
			return err
		}
	}
	_, err = rand.Read(l.ID[:])
	return err
}

// write makes a named leaf the next of an account. One that was prepared earlier keeps its time.
func (t *tx) write(ctx context.Context, owner, work string, l ledger.Leaf, salt string, signature ledger.Signature) error {
	var n, last int64
	err := t.row(ctx, `SELECT n, at FROM leaves WHERE owner = ? ORDER BY n DESC LIMIT 1`, owner).Scan(&n, &last)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	at := max(t.now, last) // the appender goes by the time, and may not see her later leaf first
	if l.At == 0 {
		l.At = at
	}
	if err := l.Validate(); err != nil {
		return err
	}
	raw, err := l.Encode()
	if err != nil {
		return err
	}
	_, err = t.exec(ctx, `INSERT INTO leaves (owner, n, id, work, kind, leaf, signature, salt, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		owner, n+1, l.ID.String(), work, l.Kind.String(), base64.StdEncoding.EncodeToString(raw), int64(signature), salt, at)
	return err
}

// leaf reads a leaf by its id.
func (t *tx) leaf(ctx context.Context, id string) (ledger.Leaf, error) {
	l, err := scanLogged(t.row(ctx, `SELECT n, id, leaf, signature, place FROM leaves WHERE id = ?`, id))
	return l.leaf, missing(err, "receipt.not_found")
}

// register makes a work known to the ledger: once, with a commitment to its content at that
// time. The order of these leaves is the priority between copies.
func (t *tx) register(ctx context.Context, owner, work, versionHash string) error {
	var n int
	err := t.row(ctx, `SELECT count(*) FROM leaves WHERE owner = ? AND work = ? AND kind = 'work'`, owner, work).Scan(&n)
	if err != nil || n > 0 {
		return err
	}
	salt, hash, err := committed([]byte(versionHash))
	if err != nil {
		return err
	}
	_, err = t.log(ctx, owner, work, ledger.Leaf{Kind: ledger.Work, Actor: ledger.Platform, Hash: hash}, salt)
	return err
}

// committed commits to what is not for the ledger's readers; salt is hexadecimal.
func committed(said []byte) (salt string, h ledger.Hash, err error) {
	var s [32]byte
	if _, err := rand.Read(s[:]); err != nil {
		return "", h, err
	}
	return hex.EncodeToString(s[:]), ledger.Commit(s, said), nil
}

// WaitingLeaves lists the oldest leaves that are not in the log, those of one account in their
// order.
func (db *DB) WaitingLeaves(ctx context.Context, limit int) ([]loam.WaitingLeaf, error) {
	return all(ctx, db.read(), func(s scanner) (l loam.WaitingLeaf, err error) {
		var text, bundle string
		if err = s.Scan(&l.Owner, &l.N, &l.ID, &text, &bundle); err == nil {
			l.Leaf, err = base64.StdEncoding.DecodeString(text)
		}
		if err == nil && bundle != "" {
			l.Bundle, err = base64.StdEncoding.DecodeString(bundle)
		}
		return l, err
	}, `SELECT l.owner, l.n, l.id, l.leaf, coalesce(b.bundle, '') FROM leaves l LEFT JOIN bundles b ON b.leaf = l.id
		WHERE l.place < 0 ORDER BY l.at, l.owner, l.n LIMIT ?`, limit)
}

// PlaceLeaves records where leaves are in the log.
func (db *DB) PlaceLeaves(ctx context.Context, placed []loam.WaitingLeaf) error {
	return db.write(ctx, func(t *tx) error {
		for _, l := range placed {
			if _, err := t.exec(ctx, `UPDATE leaves SET place = ? WHERE owner = ? AND n = ? AND place < 0`, l.Place, l.Owner, l.N); err != nil {
				return err
			}
		}
		return nil
	})
}

// ReopenLeaves lets the leaves wait again that were placed at or after an index: the log is
// shorter than that. It gives how many they were and the first index after those before it.
func (db *DB) ReopenLeaves(ctx context.Context, from int64) (again int, next int64, err error) {
	err = db.write(ctx, func(t *tx) error {
		n, err := t.exec(ctx, `UPDATE leaves SET place = -1 WHERE place >= ?`, from)
		if err != nil {
			return err
		}
		again = int(n)
		return t.row(ctx, `SELECT coalesce(max(place), -1) + 1 FROM leaves`).Scan(&next)
	})
	return again, next, err
}

// LeavesPlaced is how many leaves are in the log as far as the database knows.
func (db *DB) LeavesPlaced(ctx context.Context) (n int, err error) {
	err = db.read().row(ctx, `SELECT count(*) FROM leaves WHERE place >= 0`).Scan(&n)
	return n, err
}

// FindLeaves places the leaves that wait among these ids, and gives how many they were.
func (db *DB) FindLeaves(ctx context.Context, places map[string]int64) (found int, err error) {
	err = db.write(ctx, func(t *tx) error {
		found = 0
		for id, place := range places {
			n, err := t.exec(ctx, `UPDATE leaves SET place = ? WHERE id = ? AND place < 0`, place, id)
			if err != nil {
				return err
			}
			found += int(n)
		}
		return nil
	})
	return found, err
}

// LeafPlace is where a leaf of an account is in the log, -1 while it is not; another's is
// NotFound.
func (db *DB) LeafPlace(ctx context.Context, owner, id string) (int64, error) {
	var place int64
	err := db.read().row(ctx, `SELECT place FROM leaves WHERE owner = ? AND id = ?`, owner, id).Scan(&place)
	return place, missing(err, "receipt.not_found")
}

// Hold takes or renews the sole right to something for a time, in milliseconds, and reports
// whether the holder has it.
func (db *DB) Hold(ctx context.Context, name, holder string, ttl int64) (bool, error) {
	held := false
	err := db.write(ctx, func(t *tx) error {
		n, err := t.exec(ctx, `INSERT INTO leases (name, holder, until) VALUES (?, ?, ?)
			ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until WHERE leases.holder = excluded.holder OR leases.until < ?`,
			name, holder, t.now+ttl, t.now)
		held = n > 0
		return err
	})
	return held, err
}

// LedgerName is what the ledger calls a work, the zero name if it never named it.
func (db *DB) LedgerName(ctx context.Context, work string) (ledger.ID, error) {
	return db.read().pseudonymOf(ctx, nounWork, work)
}
