package store

import (
	"context"
	"encoding/json"
	"slices"

	"loam"
)

// biometricText is a Biometric as its column holds it, "" for none.
func biometricText(m *loam.Biometric) (string, error) {
	if m == nil {
		return "", nil
	}
	text, err := json.Marshal(m)
	return string(text), err
}

// keepBiometrics gives the files a protection was asked for with. What was taken of faces and voices
// is deleted unless she agreed to be compared by just that; agreeing with none of it is Invalid,
// "protection.compare".
func (t *tx) keepBiometrics(ctx context.Context, p loam.Protection) ([]loam.Proof, error) {
	list, err := t.proofs(ctx, `protection = ?`, p.ID)
	kept := 0
	for i := range list {
		if err != nil {
			return nil, err
		}
		if list[i].Compared == "" {
			continue
		}
		if p.Compare != "" && list[i].Compared == p.Kind.ComparedBy() {
			kept++
			continue
		}
		list[i].Take(nil)
		_, err = t.exec(ctx, `UPDATE proofs SET biometric = '' WHERE id = ?`, list[i].ID)
	}
	if err == nil && p.Compare != "" && kept == 0 {
		err = loam.Fail(loam.Invalid, "protection.compare")
	}
	return list, err
}

// StopComparing takes the consent to be compared by face or voice back: what was taken of them is
// deleted, and what was found by them (PIPL Art. 15, 47). The protection stands, by its names,
// pictures and recordings.
func (db *DB) StopComparing(ctx context.Context, owner, id string) error {
	return db.write(ctx, func(t *tx) error {
		var compares string
		err := t.row(ctx, `SELECT compare FROM protections WHERE id = ? AND owner = ?`, id, owner).Scan(&compares)
		if err != nil {
			return missing(err, "protection.not_found")
		}
		if compares == "" {
			return loam.Fail(loam.Conflict, "protection.not_compared")
		}
		if err := t.stopComparing(ctx, id); err != nil {
			return err
		}
		return t.protectionChanged(ctx, owner, id)
	})
}

func (t *tx) stopComparing(ctx context.Context, id string) error {
	for _, q := range []string{
		`UPDATE protections SET compare = '' WHERE id = ?`,
		`UPDATE proofs SET biometric = '' WHERE protection = ?`,
	} {
		if _, err := t.exec(ctx, q, id); err != nil {
			return err
		}
	}
	return t.forgetBodies(ctx, id)
}

// forgetBodies deletes what was found by the face or voice of a protection, in verdicts and
// sightings. What was found by something else, her answer to it and what a verdict decided stand.
func (t *tx) forgetBodies(ctx context.Context, id string) error {
	type text struct{ id, text string }
	scan := func(s scanner) (x text, err error) { return x, s.Scan(&x.id, &x.text) }
	docs, err := all(ctx, t.querier, scan, `SELECT id, doc FROM verdicts WHERE version IN (SELECT version FROM sightings WHERE protection = ?)`, id)
	if err != nil {
		return err
	}
	for _, d := range docs {
		var v loam.Verdict
		if err := json.Unmarshal([]byte(d.text), &v); err != nil {
			return err
		}
		kept := without(v, func(f loam.Finding) bool { return loam.Bodily(f.Facts["by"]) && f.Facts["protection"] == id })
		if len(kept.Findings) == len(v.Findings) {
			continue
		}
		doc, err := json.Marshal(kept)
		if err != nil {
			return err
		}
		if _, err := t.exec(ctx, `UPDATE verdicts SET doc = ? WHERE id = ?`, string(doc), d.id); err != nil {
			return err
		}
	}
	seen, err := all(ctx, t.querier, scan, `SELECT id, found FROM sightings WHERE protection = ?`, id)
	if err != nil {
		return err
	}
	for _, s := range seen {
		was, err := parseWays(s.text)
		if err != nil {
			return err
		}
		kept := slices.DeleteFunc(slices.Clone(was), func(w way) bool { return loam.Bodily(w.By) })
		switch {
		case len(kept) == len(was):
			continue
		case len(kept) == 0:
			_, err = t.exec(ctx, `DELETE FROM sightings WHERE id = ?`, s.id)
		default:
			err = t.setWays(ctx, s.id, kept)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// stillAgreed leaves out of a verdict what was found by the face or voice of somebody who agrees to
// be compared no longer: she may have said so while it was looked for.
func (t *tx) stillAgreed(ctx context.Context, v loam.Verdict) (loam.Verdict, error) {
	agrees := map[string]bool{}
	for _, f := range v.Findings {
		id := f.Facts["protection"]
		if _, known := agrees[id]; known || !loam.Bodily(f.Facts["by"]) {
			continue
		}
		var n int
		if err := t.row(ctx, `SELECT count(*) FROM protections WHERE id = ? AND state = 'registered' AND compare <> ''`, id).Scan(&n); err != nil {
			return v, err
		}
		agrees[id] = n > 0
	}
	return without(v, func(f loam.Finding) bool { return loam.Bodily(f.Facts["by"]) && !agrees[f.Facts["protection"]] }), nil
}

// without is a verdict without some of its findings. What it decided, and by which rules, stands.
func without(v loam.Verdict, gone func(loam.Finding) bool) loam.Verdict {
	at := make([]int, len(v.Findings)) // where each is now, -1 for what is gone
	kept := []loam.Finding{}
	for i, f := range v.Findings {
		if at[i] = -1; !gone(f) {
			at[i], kept = len(kept), append(kept, f)
		}
	}
	v.Findings, v.Rules = kept, slices.Clone(v.Rules)
	for i := range v.Rules {
		on := []int{}
		for _, k := range v.Rules[i].Findings {
			if at[k] >= 0 {
				on = append(on, at[k])
			}
		}
		v.Rules[i].Findings = on
	}
	return v
}

// SweepBiometrics deletes what was taken of faces and voices in files that no protection was asked
// for with within a day.
func (db *DB) SweepBiometrics(ctx context.Context) error {
	const day = 24 * 60 * 60 * 1000
	return db.write(ctx, func(t *tx) error {
		_, err := t.exec(ctx, `UPDATE proofs SET biometric = '' WHERE protection = '' AND biometric <> '' AND at < ?`, t.now-day)
		return err
	})
}
