package store

import (
	"context"
	"strconv"
	"strings"

	"loam"
)

// keepTraits stores what later notes are compared with, in place of what there was.
func (t *tx) keepTraits(ctx context.Context, v loam.Version, l loam.Traits) error {
	for _, table := range []string{"sketches", "picture_hashes", "passages", "structures"} {
		if _, err := t.exec(ctx, `DELETE FROM `+table+` WHERE version = ?`, v.ID); err != nil {
			return err
		}
	}
	if _, err := t.exec(ctx, `UPDATE versions SET traits = ? WHERE id = ?`, l.Rules, v.ID); err != nil {
		return err
	}
	var sketches, pictures, structures [][]any
	for i, b := range l.Bands {
		sketches = append(sketches, []any{v.ID, i, int64(b)})
	}
	for field, h := range l.Pictures {
		pictures = append(pictures, []any{v.ID, field, h, t.now})
	}
	if v.SubmittedAt >= t.now-structureDays {
		for i, b := range l.Structure {
			structures = append(structures, []any{v.ID, v.Owner, i, int64(b), v.SubmittedAt})
		}
	}
	for _, into := range []struct {
		columns string
		rows    [][]any
	}{
		{`sketches (version, band, value)`, sketches},
		{`picture_hashes (version, field, phash, at)`, pictures},
		{`structures (version, owner, band, value, at)`, structures},
	} {
		if err := t.insert(ctx, into.columns, into.rows); err != nil {
			return err
		}
	}
	return t.keepPassages(ctx, v.ID, l.Passages)
}

// mostShared is how many versions may have one passage: more is a common phrase, which finds
// nobody's work and would make every search for it slow.
const mostShared = 64

func (t *tx) keepPassages(ctx context.Context, version string, passages []uint64) error {
	const most = 100
	for len(passages) > 0 {
		n := min(most, len(passages))
		args := []any{version}
		for _, p := range passages[:n] {
			args = append(args, int64(p))
		}
		_, err := t.exec(ctx, `INSERT INTO passages (version, value) SELECT CAST(? AS TEXT), c.column1 FROM (VALUES (CAST(? AS BIGINT))`+
			strings.Repeat(", (CAST(? AS BIGINT))", n-1)+`) AS c WHERE (SELECT count(*) FROM (SELECT 1 FROM passages p WHERE p.value = c.column1 LIMIT ?) AS d) < ?`,
			append(args, mostShared, mostShared)...)
		if err != nil {
			return err
		}
		passages = passages[n:]
	}
	return nil
}

// insert writes rows into a table, a hundred a statement.
func (t *tx) insert(ctx context.Context, columns string, rows [][]any) error {
	const most = 100
	for len(rows) > 0 {
		n := min(most, len(rows))
		one := "(?" + strings.Repeat(", ?", len(rows[0])-1) + ")"
		var args []any
		for _, r := range rows[:n] {
			args = append(args, r...)
		}
		_, err := t.exec(ctx, `INSERT INTO `+columns+` VALUES `+one+strings.Repeat(", "+one, n-1), args...)
		if err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}

// Untaken gives up to limit released versions whose traits were taken by older rules than
// these, oldest first, after one of them ("" for the first).
func (db *DB) Untaken(ctx context.Context, rules int64, after string, limit int) ([]loam.Version, error) {
	return all(ctx, db.read(), scanVersion, `SELECT `+versionColumns+` FROM versions
		WHERE state = 'released' AND traits < ? AND id > ? ORDER BY id LIMIT ?`, rules, after, limit)
}

// PutTraits records traits that were taken later than at screening.
func (db *DB) PutTraits(ctx context.Context, version string, l loam.Traits) error {
	return db.write(ctx, func(t *tx) error {
		v, err := t.version(ctx, version)
		if err != nil {
			return err
		}
		return t.keepTraits(ctx, v, l)
	})
}

// NearTexts gives the released versions of other owners that share a band with a sketch:
// candidates for a near copy, at most limit, those that share most first.
func (db *DB) NearTexts(ctx context.Context, owner string, bands []uint64, limit int) ([]loam.Version, error) {
	if len(bands) == 0 {
		return nil, nil
	}
	where, args := banded(bands)
	return all(ctx, db.read(), scanVersion, `SELECT `+of("v", versionColumns)+` FROM (SELECT s.version AS version, count(*) AS n FROM sketches s
		WHERE `+where+` GROUP BY s.version ORDER BY n DESC, s.version DESC LIMIT ?) AS c JOIN versions v ON v.id = c.version
		WHERE v.state = 'released' AND v.owner <> ? ORDER BY c.n DESC, v.id DESC`, append(args, limit, owner)...)
}

// banded asks for rows s of any of the bands.
func banded(bands []uint64) (where string, args []any) {
	for i, b := range bands {
		args = append(args, i, int64(b))
	}
	return "(" + strings.TrimPrefix(strings.Repeat(" OR (s.band = ? AND s.value = ?)", len(bands)), " OR ") + ")", args
}

// SharedPassages gives the released versions of other owners that have at least two of these
// passages: candidates for an excerpt, at most limit, those that have most first.
func (db *DB) SharedPassages(ctx context.Context, owner string, passages []uint64, limit int) ([]loam.Version, error) {
	if len(passages) < 2 {
		return nil, nil
	}
	args := make([]any, 0, len(passages)+2)
	for _, p := range passages {
		args = append(args, int64(p))
	}
	return all(ctx, db.read(), scanVersion, `SELECT `+of("v", versionColumns)+` FROM (SELECT p.version AS version, count(*) AS n FROM passages p
		WHERE p.value IN (?`+strings.Repeat(", ?", len(passages)-1)+`) GROUP BY p.version HAVING count(*) >= 2 ORDER BY n DESC, p.version LIMIT ?) AS c
		JOIN versions v ON v.id = c.version WHERE v.state = 'released' AND v.owner <> ? ORDER BY c.n DESC, v.id`, append(args, limit, owner)...)
}

// structureDays is how long structures are kept, in milliseconds: a flood is told from the
// notes of one day.
const structureDays = 2 * 24 * 60 * 60 * 1000

// mostAlike is how many notes of one band are looked at, newest first.
const mostAlike = 256

// SameStructure gives the versions of other owners, screened since a moment whatever became
// of them, that share at least so many of the bands of a structure.
func (db *DB) SameStructure(ctx context.Context, owner string, bands []uint64, since int64, least int) ([]loam.Alike, error) {
	if len(bands) == 0 {
		return nil, nil
	}
	var each clause
	for i, b := range bands {
		if i > 0 {
			each.add(` UNION ALL `)
		}
		each.add(`SELECT version, owner, at FROM (SELECT version, owner, at FROM structures WHERE band = ? AND value = ? AND at >= ? AND owner <> ?
			ORDER BY at DESC LIMIT ?) AS b`+strconv.Itoa(i), i, int64(b), since, owner, mostAlike)
	}
	return all(ctx, db.read(), func(s scanner) (a loam.Alike, err error) {
		return a, s.Scan(&a.Version, &a.Owner, &a.At, &a.Bands)
	}, `SELECT version, owner, at, count(*) FROM (`+each.sql+`) AS c GROUP BY version, owner, at HAVING count(*) >= ? ORDER BY at DESC, version`,
		append(each.args, least)...)
}

// SweepStructures forgets structures too old to tell a flood.
func (db *DB) SweepStructures(ctx context.Context) error {
	return db.write(ctx, func(t *tx) error {
		_, err := t.exec(ctx, `DELETE FROM structures WHERE at < ?`, t.now-structureDays)
		return err
	})
}

// EachPicture gives the hash of every picture screened at or after a moment, whatever became
// of its note, with its moment, in their order.
func (db *DB) EachPicture(ctx context.Context, since int64, f func(hash string, at int64) error) error {
	q := db.read()
	rows, err := q.q.QueryContext(ctx, q.bind(`SELECT phash, at FROM picture_hashes WHERE at >= ? ORDER BY at`), since)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var hash string
		var at int64
		if err := rows.Scan(&hash, &at); err != nil {
			return err
		}
		if err := f(hash, at); err != nil {
			return err
		}
	}
	return rows.Err()
}

// PicturesOf gives the pictures of others that readers see and that have one of these
// hashes, oldest first.
func (db *DB) PicturesOf(ctx context.Context, owner string, hashes []string, limit int) ([]loam.PictureHash, error) {
	if len(hashes) == 0 {
		return nil, nil
	}
	args := make([]any, 0, len(hashes)+2)
	for _, h := range hashes {
		args = append(args, h)
	}
	return all(ctx, db.read(), func(s scanner) (p loam.PictureHash, err error) {
		return p, s.Scan(&p.Version, &p.Work, &p.Owner, &p.Field, &p.Hash)
	}, `SELECT h.version, v.work, v.owner, h.field, h.phash FROM picture_hashes h JOIN versions v ON v.id = h.version
		WHERE h.phash IN (?`+strings.Repeat(", ?", len(hashes)-1)+`) AND v.state = 'released' AND v.owner <> ? ORDER BY h.version LIMIT ?`,
		append(args, owner, limit)...)
}
