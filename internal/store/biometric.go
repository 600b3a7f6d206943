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
		list[i].Biometric, list[i].Compared = nil, ""
		_, err = t.exec(ctx, `UPDATE proofs SET biometric = '' WHERE id = ?`, list[i].ID)
	}
	if err == nil && p.Compare != "" && kept == 0 {
		err = loam.Fail(loam.Invalid, "protection.compare")
	}
	return list, err
}

// StopComparing takes the consent to be compared by face or voice back: what was taken of them is
// deleted, and where nothing else saw them. The protection stands, by its names, pictures and recordings.
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
	if err := t.unname(ctx, id, func(f *loam.Finding) bool { return f.Bodily() }); err != nil {
		return err
	}
	for _, q := range []string{
		`UPDATE protections SET compare = '' WHERE id = ?`,
		`UPDATE proofs SET biometric = '' WHERE protection = ?`,
		`DELETE FROM sightings WHERE protection = ? AND found_by IN ('face','voice')`,
		`UPDATE sightings SET bodies = '[]' WHERE protection = ?`,
	} {
		if _, err := t.exec(ctx, q, id); err != nil {
			return err
		}
	}
	return nil
}

// unname takes a protection out of those findings of stored verdicts in which it was seen. What they
// decided stands.
func (t *tx) unname(ctx context.Context, protection string, which func(*loam.Finding) bool) error {
	type stored struct{ id, doc string }
	list, err := all(ctx, t.querier, func(s scanner) (v stored, err error) { return v, s.Scan(&v.id, &v.doc) },
		`SELECT v.id, v.doc FROM verdicts v JOIN sightings s ON s.version = v.version WHERE s.protection = ?`, protection)
	if err != nil {
		return err
	}
	for _, s := range list {
		var v loam.Verdict
		if err := json.Unmarshal([]byte(s.doc), &v); err != nil {
			return err
		}
		for i := range v.Findings {
			if f := &v.Findings[i]; f.Facts["protection"] == protection && which(f) {
				*f = f.Unnamed()
			}
		}
		doc, err := json.Marshal(v)
		if err == nil {
			_, err = t.exec(ctx, `UPDATE verdicts SET doc = ? WHERE id = ?`, string(doc), s.id)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// nameless are findings without whose face or voice it is where that is compared no longer.
func (t *tx) nameless(ctx context.Context, findings []loam.Finding) ([]loam.Finding, error) {
	findings = slices.Clone(findings)
	for i := range findings {
		if !findings[i].Bodily() {
			continue
		}
		var compared int
		err := t.row(ctx, `SELECT count(*) FROM protections WHERE id = ? AND compare <> '' AND state = 'registered'`, findings[i].Facts["protection"]).Scan(&compared)
		if err != nil {
			return nil, err
		}
		if compared == 0 {
			findings[i] = findings[i].Unnamed()
		}
	}
	return findings, nil
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
