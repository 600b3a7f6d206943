package store

import (
	"context"

	"loam"
)

// soundOf is the hash of a version's sound, "" for none and for no version.
func (t *tx) soundOf(ctx context.Context, version string) (string, error) {
	if version == "" {
		return "", nil
	}
	v, err := t.version(ctx, version)
	if err != nil || v.Content.Sound == nil {
		return "", err
	}
	return v.Content.Sound.Hash, nil
}

// DeniedSounds lists the sounds that upheld claims removed, oldest claim first.
func (db *DB) DeniedSounds(ctx context.Context) ([]loam.DeniedSound, error) {
	return all(ctx, db.read(), func(s scanner) (d loam.DeniedSound, err error) {
		return d, s.Scan(&d.Version, &d.Work, &d.Hash, &d.Denied, &d.Print)
	}, `SELECT k.removed, k.work, k.sound, n.violated, coalesce((SELECT max(a.print) FROM assets a WHERE a.hash = k.sound), '') FROM claims k JOIN notices n ON n.id = k.notice WHERE k.state = 'upheld' AND k.sound <> '' ORDER BY k.id`)
}
