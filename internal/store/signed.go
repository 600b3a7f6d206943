package store

import (
	"context"
	"database/sql"
	"encoding/base64"
	"errors"
	"slices"
	"time"

	"loam"
	"loam/internal/ledger"
)

const (
	// signWithin is how long a prepared act waits for its signature.
	signWithin = 10 * time.Minute
	// expiredFor is how long one that waited in vain is told apart from one there never was.
	expiredFor = 24 * time.Hour
)

// prepare keeps a leaf for its account to sign.
func (t *tx) prepare(ctx context.Context, owner, work string, l ledger.Leaf) (*loam.PreparedAct, error) {
	if _, err := t.exec(ctx, `DELETE FROM preparations WHERE expires < ?`, t.now-expiredFor.Milliseconds()); err != nil {
		return nil, err
	}
	if err := t.name(ctx, owner, work, &l); err != nil {
		return nil, err
	}
	l.At = t.now
	if err := l.Validate(); err != nil {
		return nil, err
	}
	raw, err := l.Encode()
	if err != nil {
		return nil, err
	}
	act := loam.PreparedAct{Leaf: l.ID.String(), Owner: owner, Raw: raw, Expires: t.now + signWithin.Milliseconds()}
	_, err = t.exec(ctx, `INSERT INTO preparations (leaf, owner, work, raw, expires, newest) VALUES (?, ?, ?, ?, ?, (SELECT coalesce(max(n), 0) FROM leaves WHERE owner = ?))`,
		act.Leaf, owner, work, base64.StdEncoding.EncodeToString(raw), act.Expires, owner)
	return &act, err
}

// PrepareChoice makes the leaf of an answer for uses of one work of an account, or of all with
// work "", for a passkey of hers to sign. Conflict, "passkey.none", without one that is active, and
// "rights.unreleased" for a work that was never released.
func (db *DB) PrepareChoice(ctx context.Context, owner, work string, c loam.UseChoice) (act *loam.PreparedAct, err error) {
	l, err := answer(ledger.Creator, c)
	if err != nil {
		return nil, err
	}
	err = db.write(ctx, func(t *tx) error {
		active, _, err := t.keyring(ctx, owner)
		if err != nil {
			return err
		}
		if len(active) == 0 {
			return loam.Fail(loam.Conflict, "passkey.none")
		}
		if work != "" {
			if _, err := t.releasedHash(ctx, owner, work); err != nil {
				return err
			}
		}
		act, err = t.prepare(ctx, owner, work, l)
		return err
	})
	return act, err
}

// preparation is a prepared act with the work it is about.
type preparation struct {
	loam.PreparedAct
	work   string
	newest int64 // her newest leaf when it was prepared
}

// preparation finds an act of an account that waits for its signature. One that was signed is
// Conflict, "passkey.used"; one that waited too long Gone, "passkey.expired".
func (q querier) preparation(ctx context.Context, owner, leaf string, now int64) (preparation, error) {
	p := preparation{PreparedAct: loam.PreparedAct{Leaf: leaf, Owner: owner}}
	var raw string
	there := false
	err := q.row(ctx, `SELECT p.work, p.raw, p.expires, p.newest, p.work = '' OR w.id IS NOT NULL FROM preparations p
		LEFT JOIN works w ON w.id = p.work AND w.owner = p.owner AND w.deleted = 0 WHERE p.leaf = ? AND p.owner = ?`, leaf, owner).Scan(&p.work, &raw, &p.Expires, &p.newest, &there)
	if errors.Is(err, sql.ErrNoRows) {
		var n int
		if err := q.row(ctx, `SELECT count(*) FROM leaves WHERE id = ? AND owner = ?`, leaf, owner).Scan(&n); err != nil {
			return p, err
		}
		if n > 0 {
			return p, loam.Fail(loam.Conflict, "passkey.used")
		}
		return p, loam.Fail(loam.NotFound, "passkey.unprepared")
	}
	if err != nil {
		return p, err
	}
	if p.Expires <= now {
		return p, loam.Fail(loam.Gone, "passkey.expired")
	}
	if !there {
		return p, loam.Fail(loam.NotFound, "work.not_found")
	}
	p.Raw, err = base64.StdEncoding.DecodeString(raw)
	return p, err
}

// Prepared finds an act of an account that waits for its signature; the errors are those of
// SignActs.
func (db *DB) Prepared(ctx context.Context, owner, leaf string) (loam.PreparedAct, error) {
	p, err := db.read().preparation(ctx, owner, leaf, db.clock.Now())
	return p.PreparedAct, err
}

// SignActs writes signed acts, all or none, each in place of the prepared one. The caller verified
// the signatures; that each is by a key which counts at this moment is judged here: if not it is
// Conflict, "passkey.retired", and a yes she took back since it was prepared, "passkey.overtaken". An
// act that was signed before is Conflict, "passkey.used"; one that
// waited too long Gone, "passkey.expired"; one that is not the prepared act Invalid.
func (db *DB) SignActs(ctx context.Context, acts []loam.SignedAct) error {
	return db.write(ctx, func(t *tx) error {
		t = t.repeated(len(acts))
		for i := range acts {
			if err := t.sign(ctx, &acts[i]); err != nil {
				return err
			}
		}
		return nil
	})
}

func (t *tx) sign(ctx context.Context, act *loam.SignedAct) error {
	p, err := t.preparation(ctx, act.Owner, act.Leaf, t.now)
	if err != nil {
		return err
	}
	l, err := ledger.Decode(act.Raw)
	if err != nil {
		return err
	}
	bare := l
	bare.Sig, bare.Signer = ledger.Hash{}, ledger.Hash{}
	if raw, err := bare.Encode(); err != nil || string(raw) != string(p.Raw) {
		return errors.Join(loam.Fail(loam.Invalid, "passkey.other_act"), err)
	}
	leaves, err := t.leavesOf(ctx, act.Owner, p.work)
	if err != nil {
		return err
	}
	if p.work != "" && !slices.ContainsFunc(leaves, func(g logged) bool { return g.leaf.Kind == ledger.Work }) {
		if err := t.registerOwn(ctx, act.Owner, p.work); err != nil {
			return err
		}
		if leaves, err = t.leavesOf(ctx, act.Owner, p.work); err != nil {
			return err
		}
	}
	if l.Kind == ledger.Grant && slices.ContainsFunc(leaves, func(g logged) bool { return g.n > p.newest && overtakes(&g.leaf, &l) }) {
		return loam.Fail(loam.Conflict, "passkey.overtaken")
	}
	c := fold(l.Account, leaves)
	if c.add(c.holds.Size(), &l, ledger.Good) != ledger.Applied {
		return loam.Fail(loam.Conflict, "passkey.retired")
	}
	if err := t.write(ctx, act.Owner, p.work, l, "", ledger.Good); err != nil {
		return err
	}
	if _, err := t.exec(ctx, `INSERT INTO bundles (leaf, owner, bundle) VALUES (?, ?, ?)`, act.Leaf, act.Owner, base64.StdEncoding.EncodeToString(act.Bundle)); err != nil {
		return err
	}
	if _, err := t.exec(ctx, `DELETE FROM preparations WHERE leaf = ?`, act.Leaf); err != nil {
		return err
	}
	switch {
	case l.Kind == ledger.Key:
		return nil
	case p.work == "":
		return t.permit(ctx, act.Owner, "")
	}
	return t.permitBy(ctx, c, act.Owner, p.work, []named{{p.work, l.Work}})
}

// overtakes reports whether a leaf that was logged since a grant was prepared says otherwise about its
// uses: a no to this work or to all, or a yes on other terms, which may be narrower. The signature is older than
// that, though it comes later.
func overtakes(l, grant *ledger.Leaf) bool {
	no := l.Kind == ledger.Revoke && (l.Work == grant.Work || l.Work == ledger.ID{})
	other := l.Kind == ledger.Grant && l.Work == grant.Work && (l.From != grant.From || l.Until != grant.Until || l.Terms != grant.Terms)
	return (no || other) &&
		slices.ContainsFunc(l.Uses, func(u loam.Use) bool { return slices.Contains(grant.Uses, u) })
}

// EraseBundles destroys the signature bundles of an account, and gives how many: its leaves and
// what they say stand, and count as logged from now on.
func (db *DB) EraseBundles(ctx context.Context, owner string) (n int, err error) {
	err = db.write(ctx, func(t *tx) error {
		_, err := t.exec(ctx, `UPDATE leaves SET signature = ? WHERE owner = ? AND signature = ?`, int64(ledger.Unchecked), owner, int64(ledger.Good))
		if err != nil {
			return err
		}
		erased, err := t.exec(ctx, `UPDATE bundles SET bundle = '' WHERE owner = ? AND bundle <> ''`, owner)
		n = int(erased)
		return err
	})
	return n, err
}

// ErasedBundles lists leaves whose bundles were erased here and may still lie beside the log.
func (db *DB) ErasedBundles(ctx context.Context, limit int) ([]string, error) {
	return all(ctx, db.read(), scanString, `SELECT leaf FROM bundles WHERE bundle = '' LIMIT ?`, limit)
}

// ForgetBundles records that erased bundles lie nowhere any more.
func (db *DB) ForgetBundles(ctx context.Context, leaves []string) error {
	return db.write(ctx, func(t *tx) error {
		for _, leaf := range leaves {
			if _, err := t.exec(ctx, `DELETE FROM bundles WHERE leaf = ? AND bundle = ''`, leaf); err != nil {
				return err
			}
		}
		return nil
	})
}

// PlacedBundles lists the bundles of leaves that are in the log, by the leaf's id, after one.
func (db *DB) PlacedBundles(ctx context.Context, after string, limit int) ([]loam.SignedAct, error) {
	return all(ctx, db.read(), func(s scanner) (b loam.SignedAct, err error) {
		var text string
		if err = s.Scan(&b.Leaf, &b.Owner, &text); err == nil {
			b.Bundle, err = base64.StdEncoding.DecodeString(text)
		}
		return b, err
	}, `SELECT b.leaf, b.owner, b.bundle FROM bundles b JOIN leaves l ON l.id = b.leaf WHERE b.leaf > ? AND b.bundle <> '' AND l.place >= 0 ORDER BY b.leaf LIMIT ?`, after, limit)
}
