package store

import (
	"context"
	"strings"

	"loam"
)

// keepSketch stores what a later text or picture is compared with.
func (t *tx) keepSketch(ctx context.Context, version string, bands []uint64, phashes map[string]string) error {
	for i, b := range bands {
		_, err := t.exec(ctx, `INSERT INTO sketches (version, band, value) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`, version, i, int64(b))
		if err != nil {
			return err
		}
	}
	for field, h := range phashes {
		_, err := t.exec(ctx, `INSERT INTO picture_hashes (version, field, phash) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`, version, field, h)
		if err != nil {
			return err
		}
	}
	return nil
}

// NearTexts gives the released versions of other owners that share a band with a sketch:
// candidates for a near copy, at most limit.
func (db *DB) NearTexts(ctx context.Context, owner string, bands []uint64, limit int) ([]loam.Version, error) {
	if len(bands) == 0 {
		return nil, nil
	}
	var where strings.Builder
	args := []any{owner}
	for i, b := range bands {
		if i > 0 {
			where.WriteString(" OR ")
		}
		where.WriteString("(s.band = ? AND s.value = ?)")
		args = append(args, i, int64(b))
	}
	args = append(args, limit)
	return all(ctx, db.read(), scanVersion, `SELECT `+versionColumns+` FROM versions WHERE state = 'released' AND owner <> ? AND id IN (
		SELECT s.version FROM sketches s WHERE `+where.String()+`) ORDER BY id DESC LIMIT ?`, args...)
}

// PictureHashes lists the perceptual hashes of the pictures of others that readers see,
// newest first.
func (db *DB) PictureHashes(ctx context.Context, owner string, limit int) ([]loam.PictureHash, error) {
	return all(ctx, db.read(), func(s scanner) (p loam.PictureHash, err error) {
		return p, s.Scan(&p.Version, &p.Work, &p.Owner, &p.Field, &p.Hash)
	}, `SELECT h.version, v.work, v.owner, h.field, h.phash FROM picture_hashes h JOIN versions v ON v.id = h.version
		WHERE v.state = 'released' AND v.owner <> ? ORDER BY h.version DESC LIMIT ?`, owner, limit)
}
