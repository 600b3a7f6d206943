package store

import (
	"context"
	"database/sql"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"math"
	"slices"
	"strings"

	"loam"
	"loam/internal/ledger"
)

// consent is the fold of an account's leaves: with all of them what holds, without those that
// shield and freeze what she herself chose last.
type consent struct {
	account       ledger.ID
	holds, chosen *ledger.State
	leaves        map[int64]logged
}

// consentOf folds an account's leaves, those about one work or about all of them.
func (q querier) consentOf(ctx context.Context, owner, work string) (consent, error) {
	leaves, err := q.leavesOf(ctx, owner, work)
	if err != nil {
		return consent{}, err
	}
	account, err := q.pseudonymOf(ctx, nounAccount, owner)
	return fold(account, leaves), err
}

// fold folds leaves of an account in their order.
func fold(account ledger.ID, leaves []logged) consent {
	c := consent{account, ledger.NewState(), ledger.NewState(), make(map[int64]logged, len(leaves))}
	for i := range leaves {
		l := &leaves[i]
		c.leaves[l.n] = *l
		c.add(l.n, &l.leaf, l.signature)
	}
	return c
}

// add folds the leaf at an index.
func (c consent) add(n int64, l *ledger.Leaf, sig ledger.Signature) ledger.Outcome {
	switch l.Kind {
	case ledger.Protect, ledger.Dispute, ledger.Ruling:
	default:
		c.chosen.Apply(n, l, sig)
	}
	return c.holds.Apply(n, l, sig)
}

// permissions answers for every use, in the order of loam.Uses.
func (c consent) permissions(work ledger.ID, now int64) []loam.Permission {
	out := make([]loam.Permission, 0, len(loam.Uses()))
	for _, u := range loam.Uses() {
		out = append(out, c.permission(work, u, now))
	}
	return out
}

// permission answers for one use of a work, by its name in the ledger; with the zero name for
// works without a word of their own.
func (c consent) permission(work ledger.ID, u loam.Use, now int64) loam.Permission {
	d, chosen := c.holds.Decide(c.account, ledger.ID{}, work, u, now), c.chosen.Decide(c.account, ledger.ID{}, work, u, now)
	p := loam.Permission{
		Use: u, Allowed: d.Allow, Chosen: chosen.Reason == ledger.Granted || chosen.Reason == ledger.NotYet, Set: d.Level != ledger.NoLevel,
		Reason: d.Reason.String(), Level: d.Level.String(), Evidence: d.Evidence.String(),
		From: chosen.From, Until: chosen.Until, Attribution: chosen.Terms.Attribution,
	}
	if d.Reason == ledger.Protected {
		p.What = d.What.String()
	}
	if l, ok := c.leaves[d.Index]; ok && p.Set {
		p.Leaf, p.At, p.Place = l.id, l.leaf.At, l.place
	}
	return p
}

// choose logs an answer for uses of a work, or of the account's works (work ""), by whose word it
// is, and brings the permits up to it.
func (t *tx) choose(ctx context.Context, owner, work string, by ledger.Actor, c loam.UseChoice) error {
	held, works, err := t.foldOf(ctx, owner, work)
	if err != nil {
		return err
	}
	if _, err := t.logChoice(ctx, held, owner, work, by, c); err != nil {
		return err
	}
	return t.permitBy(ctx, held, owner, work, works)
}

// answer is what an answer for some uses says in the ledger, which is the one way into it: whoever says
// it, and wherever it comes from, its times are held against UseChoice.Validate here.
func answer(by ledger.Actor, c loam.UseChoice) (ledger.Leaf, error) {
	l := ledger.Leaf{Kind: ledger.Revoke, Actor: by, Uses: ledger.SortUses(c.Uses...)}
	if c.Allowed {
		l.Kind, l.From, l.Until, l.Terms = ledger.Grant, c.From, c.Until, ledger.Terms{Price: ledger.Free, Attribution: c.Attribution}
	}
	return l, c.Validate()
}

// logChoice logs an answer and folds it.
func (t *tx) logChoice(ctx context.Context, held consent, owner, work string, by ledger.Actor, c loam.UseChoice) (id string, err error) {
	l, err := answer(by, c)
	if err != nil {
		return "", err
	}
	return t.logHeld(ctx, held, owner, work, l)
}

// logHeld logs a leaf and folds it.
func (t *tx) logHeld(ctx context.Context, held consent, owner, work string, l ledger.Leaf) (id string, err error) {
	if err := t.name(ctx, owner, work, &l); err != nil {
		return "", err
	}
	if err := t.write(ctx, owner, work, l, "", ledger.Unchecked); err != nil {
		return "", err
	}
	held.add(held.holds.Size(), &l, ledger.Unchecked)
	return l.ID.String(), nil
}

// eraseWork says in the log that a work it knows is gone: a no to every use, whose receipt convicts a
// training set that holds the work later, and an erasure, which nothing said later overrules. The salts of
// what was logged of it are destroyed: its proofs hold, and nobody can tell any more what they are of.
func (t *tx) eraseWork(ctx context.Context, owner, work string) error {
	held, works, err := t.foldOf(ctx, owner, work)
	if err != nil || len(works) == 0 {
		return err
	}
	if _, err := t.logChoice(ctx, held, owner, work, ledger.Creator, loam.UseChoice{Uses: loam.Uses()}); err != nil {
		return err
	}
	if _, err := t.logHeld(ctx, held, owner, work, ledger.Leaf{Kind: ledger.Erase, Actor: ledger.Creator}); err != nil {
		return err
	}
	if _, err := t.exec(ctx, `UPDATE leaves SET salt = '' WHERE owner = ? AND work = ?`, owner, work); err != nil {
		return err
	}
	return t.permitBy(ctx, held, owner, work, works)
}

// shield logs a protection of an account's works, or its end.
func (t *tx) shield(ctx context.Context, owner string, what ledger.Protection, lift bool) error {
	l := ledger.Leaf{Kind: ledger.Protect, Actor: ledger.Creator, What: what, Lift: lift}
	if _, err := t.log(ctx, owner, "", l, ""); err != nil {
		return err
	}
	return t.permit(ctx, owner, "")
}

// allow lets what a Version allows hold from its release on. Whether a note may be found and
// recommended is always her own word; a no to anything else is logged where it takes something
// back, so that an answer for all her works is not overruled by a word she never said.
func (t *tx) allow(ctx context.Context, v loam.Version) error {
	if v.Content.Form != "" {
		return nil // a comment or a profile: nothing is ever allowed of it
	}
	if err := t.register(ctx, v.Owner, v.Work, v.Hash); err != nil {
		return err
	}
	if err := t.keepCopies(ctx, v); err != nil {
		return err
	}
	held, works, err := t.foldOf(ctx, v.Owner, v.Work)
	if err != nil {
		return err
	}
	name, err := t.workName(ctx, v.Work)
	if err != nil {
		return err
	}
	var yes, no []loam.Use
	for _, p := range held.permissions(name, t.now) {
		asked := p.Use == loam.UseIndex || p.Use == loam.UseRecommend
		switch allowed := v.Content.Uses[p.Use]; {
		case allowed && !(p.Chosen && p.Level == ledger.WorkLevel.String()):
			yes = append(yes, p.Use)
		case !allowed && (p.Chosen || asked && !p.Set):
			no = append(no, p.Use)
		}
	}
	for _, c := range []loam.UseChoice{{Uses: yes, Allowed: true}, {Uses: no}} {
		if len(c.Uses) > 0 {
			if _, err := t.logChoice(ctx, held, v.Owner, v.Work, ledger.Creator, c); err != nil {
				return err
			}
		}
	}
	return t.permitBy(ctx, held, v.Owner, v.Work, works)
}

// usesOf answers for every use of a work, in the order of loam.Uses.
func (q querier) usesOf(ctx context.Context, owner, work string, now int64) ([]loam.Permission, error) {
	c, err := q.consentOf(ctx, owner, work)
	if err != nil {
		return nil, err
	}
	return q.usesIn(ctx, c, work, now)
}

// usesIn answers from her leaves, which were folded before.
func (q querier) usesIn(ctx context.Context, c consent, work string, now int64) ([]loam.Permission, error) {
	name, err := q.workName(ctx, work)
	if err != nil {
		return nil, err
	}
	limits, err := q.limits(ctx, work, now)
	list := c.permissions(name, now)
	follow(list, limits, now)
	return list, err
}

// workName is what the ledger calls a work, or a name nobody has for one that was never released:
// nothing was decided of it, and its account's word is not about it.
func (q querier) workName(ctx context.Context, work string) (ledger.ID, error) {
	name, err := q.pseudonymOf(ctx, nounWork, work)
	if name == (ledger.ID{}) {
		name[0] = 1
	}
	return name, err
}

// Choose records an account's answer for uses of her works, all or none; no works stands for
// every work without a word of its own. It gives the ids of the leaves that say it, one for each
// work. A work that is not hers is NotFound, one that was never released a Conflict, and what
// UseChoice.Validate refuses Invalid.
func (db *DB) Choose(ctx context.Context, owner string, works []string, c loam.UseChoice) ([]string, error) {
	var list []string
	for _, work := range works {
		if !slices.Contains(list, work) {
			list = append(list, work)
		}
	}
	var out []string
	err := db.write(ctx, func(t *tx) (err error) {
		for _, work := range list {
			if err := t.registerOwn(ctx, owner, work); err != nil {
				return err
			}
		}
		of := "" // where there are several, her leaves are folded once for all of them
		if len(list) == 1 {
			of = list[0]
		}
		held, works, err := t.foldOf(ctx, owner, of)
		if err != nil {
			return err
		}
		said := list
		if len(said) == 0 {
			said = []string{""}
		}
		out = make([]string, len(said))
		for i, work := range said {
			if out[i], err = t.logChoice(ctx, held, owner, work, ledger.Creator, c); err != nil {
				return err
			}
		}
		return t.permitBy(ctx, held, owner, of, works)
	})
	return out, err
}

// registerOwn makes a work known to the ledger that is the account's own and was released: what
// stands there first is held to be earlier.
func (t *tx) registerOwn(ctx context.Context, owner, work string) error {
	live, err := t.releasedHash(ctx, owner, work)
	if err != nil {
		return err
	}
	return t.register(ctx, owner, work, live)
}

// releasedHash is the hash of what was released last of an account's own note: NotFound if it is not
// hers or no note, of which nothing is ever allowed, Conflict, "rights.unreleased", if nothing was.
func (t *tx) releasedHash(ctx context.Context, owner, work string) (string, error) {
	var live string
	err := t.row(ctx, `SELECT coalesce((SELECT v.hash FROM releases r JOIN versions v ON v.id = r.version WHERE r.work = w.id ORDER BY r.released_at DESC LIMIT 1), '')
		FROM works w WHERE w.id = ? AND w.owner = ? AND w.deleted = 0 AND NOT EXISTS (SELECT 1 FROM releases r WHERE r.work = w.id AND r.form <> '')`, work, owner).Scan(&live)
	if err != nil {
		return "", missing(err, "work.not_found")
	}
	if live == "" {
		return "", loam.Fail(loam.Conflict, "rights.unreleased")
	}
	return live, nil
}

// RightsWorks is a page of an account's released works with what may be done with each; find
// narrows it to titles that contain it.
func (db *DB) RightsWorks(ctx context.Context, owner, find string, before loam.Place, limit int) (out loam.RightsTable, next *loam.Place, err error) {
	q, now := db.read(), db.clock.Now()
	c, err := q.consentOf(ctx, owner, "")
	if err != nil {
		return out, nil, err
	}
	out.Account, out.Works = c.permissions(ledger.ID{}, now), []loam.RightsWork{}
	if err := q.row(ctx, `SELECT no_ai FROM accounts WHERE id = ?`, owner).Scan(&out.NoAI); err != nil {
		return out, nil, missing(err, "account.not_found")
	}
	type entry struct {
		loam.RightsWork
		name    ledger.ID
		version string
	}
	list, err := all(ctx, q, func(s scanner) (e entry, err error) {
		var doc, name string
		if err = s.Scan(&e.Work, &e.version, &e.Released, &doc, &name); err != nil {
			return e, err
		}
		var content struct{ Title string }
		if err = json.Unmarshal([]byte(doc), &content); err == nil {
			e.Title = content.Title
			_, err = hex.Decode(e.name[:], []byte(name))
		}
		return e, err
	}, `SELECT r.work, r.version, r.released_at, v.content, p.name FROM releases r JOIN versions v ON v.id = r.version JOIN pseudonyms p ON p.noun = 'work' AND p.id = r.work
		WHERE r.owner = ? AND r.form = '' AND r.removed_at = 0 ORDER BY r.released_at DESC, r.version DESC`, owner)
	if err != nil {
		return out, nil, err
	}
	copied, err := q.copied(ctx, owner)
	if err != nil {
		return out, nil, err
	}
	more := false
	for _, e := range list {
		out.Count++
		e.Uses = c.permissions(e.name, now)
		if copied[e.Work] {
			limits, err := q.limits(ctx, e.Work, now)
			if err != nil {
				return out, nil, err
			}
			follow(e.Uses, limits, now)
		}
		if slices.ContainsFunc(e.Uses, func(p loam.Permission) bool { return p.Allowed && p.Use.NeedsAI() }) {
			out.Open++
		}
		after := before.At <= 0 || e.Released < before.At || e.Released == before.At && e.version < before.Version
		switch {
		case !after || !strings.Contains(strings.ToLower(e.Title), strings.ToLower(find)):
		case len(out.Works) < limit:
			out.Works = append(out.Works, e.RightsWork)
			next = &loam.Place{At: e.Released, Version: e.version}
		default:
			more = true
		}
	}
	if !more {
		next = nil
	}
	return out, next, nil
}

// Uses lists a work's answer for every use, in the order of loam.Uses.
func (db *DB) Uses(ctx context.Context, work string) ([]loam.Permission, error) {
	q := db.read()
	var owner string
	err := q.row(ctx, `SELECT owner FROM works WHERE id = ?`, work).Scan(&owner)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, err
	}
	return q.usesOf(ctx, owner, work, db.clock.Now())
}

// May decides whether a work may be used so, now: the only door to any use. It folds the
// leaves the work's owner logged, with the rule the verifier replays the log by, and never waits
// for the log; unknown is no.
func (db *DB) May(ctx context.Context, work string, u loam.Use) (bool, error) {
	q := db.read()
	var owner string
	err := q.row(ctx, `SELECT w.owner FROM works w JOIN releases r ON r.work = w.id AND r.removed_at = 0
		WHERE w.id = ? AND w.deleted = 0`, work).Scan(&owner)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	list, err := q.usesOf(ctx, owner, work, db.clock.Now())
	i := slices.IndexFunc(list, func(p loam.Permission) bool { return p.Use == u })
	return err == nil && i >= 0 && loam.Permit(u, list[i], true), err
}

// OpenWorks lists the newest public notes that may be found and allow a machine to answer from
// them or to train on them, with what each allows.
func (db *DB) OpenWorks(ctx context.Context, limit int) ([]loam.Release, error) {
	now := db.clock.Now()
	list, err := all(ctx, db.read(), scanReleased, `SELECT `+releasedColumns()+releasedFrom+`JOIN permits u ON u.work = r.work AND u.name = 'index'`+holds+`
		WHERE r.form = '' AND r.removed_at = 0 AND r.audience = 'public' AND r.reach = 'allow'
		AND EXISTS (SELECT 1 FROM permits m WHERE m.work = r.work AND m.name NOT IN ('index','recommend'))
		ORDER BY r.released_at DESC, r.version DESC LIMIT ?`, now, now, limit)
	if err != nil {
		return nil, err
	}
	q, folded := db.read(), map[string]consent{} // an account's leaves are read once for all her works
	for i, r := range list {
		owner := r.Version.Owner
		if _, there := folded[owner]; !there {
			if folded[owner], err = q.consentOf(ctx, owner, ""); err != nil {
				return nil, err
			}
		}
		if list[i].Uses, err = q.usesIn(ctx, folded[owner], r.Version.Work, now); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// RightsActs lists an account's leaves before the n-th, newest first; before 0 is from the
// newest.
func (db *DB) RightsActs(ctx context.Context, owner string, before int64, limit int) ([]loam.RightsAct, error) {
	if before <= 0 {
		before = math.MaxInt64
	}
	return all(ctx, db.read(), func(s scanner) (loam.RightsAct, error) {
		var a loam.RightsAct
		var doc, text string
		var signature int64
		var key string
		if err := s.Scan(&a.ID, &a.N, &a.Kind, &a.Work, &doc, &text, &a.Place, &signature, &key); err != nil {
			return a, err
		}
		a.Signed = ledger.Signature(signature) == ledger.Good
		var c struct{ Title string }
		if err := json.Unmarshal([]byte(doc), &c); err != nil {
			return a, err
		}
		a.Title = c.Title
		raw, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			return a, err
		}
		l, err := ledger.Decode(raw)
		a.Uses, a.From, a.Until, a.Lift, a.At = append([]loam.Use{}, l.Uses...), l.From, l.Until, l.Lift, l.At
		switch l.Kind {
		case ledger.Protect:
			a.What = l.What.String()
		case ledger.Key:
			a.What = key
		default:
		}
		return a, err
	}, `SELECT l.id, l.n, l.kind, l.work, coalesce((SELECT v.content FROM releases r JOIN versions v ON v.id = r.version WHERE r.work = l.work ORDER BY r.released_at DESC LIMIT 1), '{}'), l.leaf, l.place,
		l.signature, coalesce((SELECT k.name FROM passkeys k WHERE k.leaf = l.id OR k.retired = l.id LIMIT 1), '')
		FROM leaves l WHERE l.owner = ? AND l.n < ? ORDER BY l.n DESC LIMIT ?`, owner, before, limit)
}
