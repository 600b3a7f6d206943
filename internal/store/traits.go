package store

import (
	"context"
	"slices"
	"strings"

	"loam"
)

// keepTraits stores what later notes are compared with.
func (t *tx) keepTraits(ctx context.Context, v loam.Version, l loam.Traits) error {
	if _, err := t.exec(ctx, `UPDATE versions SET traits = ? WHERE id = ?`, l.Rules, v.ID); err != nil {
		return err
	}
	var sketches, pictures, passages, structures [][]any
	for i, b := range l.Bands {
		sketches = append(sketches, []any{v.ID, i, int64(b)})
	}
	for field, h := range l.Pictures {
		pictures = append(pictures, []any{v.ID, field, h, t.now})
	}
	for _, p := range l.Passages {
		passages = append(passages, []any{v.ID, int64(p)})
	}
	if v.SubmittedAt >= t.now-structureDays {
		for _, b := range l.Structure {
			structures = append(structures, []any{v.ID, int64(b), v.Owner, v.SubmittedAt})
		}
	}
	for _, into := range []struct {
		columns string
		rows    [][]any
	}{
		{`sketches (version, band, value)`, sketches},
		{`picture_hashes (version, field, phash, at)`, pictures},
		{`passages (version, value)`, passages},
		{`structures (version, value, owner, at)`, structures},
	} {
		if err := t.insert(ctx, into.columns, into.rows); err != nil {
			return err
		}
	}
	return nil
}

// mostShared is how many versions that readers see may have one passage: more is a common
// phrase, which finds nobody's work and would make every search for it slow. Others do not
// count, or refused copies would take the place of the work they were taken from.
const mostShared = 64

// room leaves out of a version's traits what has enough holders already. It reads before the
// transaction that keeps them: within, on PostgreSQL, all that are recorded at once would
// push each other out. A few holders more do no harm.
func (db *DB) room(ctx context.Context, version string, traits loam.Traits) (loam.Traits, error) {
	full := func(values []uint64, holders string, args ...any) ([]uint64, error) {
		var out []uint64
		for chunk := range slices.Chunk(values, 100) {
			taken, err := all(ctx, db.read(), func(s scanner) (v int64, err error) { return v, s.Scan(&v) },
				`SELECT c.column1 FROM `+listed(len(chunk))+` WHERE `+holders, append(integers(chunk), args...)...)
			if err != nil {
				return nil, err
			}
			for _, v := range chunk {
				if !slices.Contains(taken, int64(v)) {
					out = append(out, v)
				}
			}
		}
		return out, nil
	}
	var err error
	traits.Passages, err = full(traits.Passages, `(SELECT count(*) FROM (SELECT 1 FROM passages p
		JOIN versions v ON v.id = p.version AND v.state = 'released' WHERE p.value = c.column1 LIMIT ?) AS d) >= ?`, mostShared, mostShared)
	if err != nil {
		return traits, err
	}
	traits.Structure, err = full(traits.Structure, `(SELECT count(*) FROM (SELECT 1 FROM structures s WHERE s.value = c.column1 LIMIT ?) AS d) >= ?
		OR (SELECT count(*) FROM structures s JOIN versions v ON v.id = ? AND v.owner = s.owner WHERE s.value = c.column1) >= ?`, mostAlike, mostAlike, version, mostOwn)
	return traits, err
}

// structureDays is how long structures are kept, in milliseconds: a flood is told from the
// notes of one day.
const structureDays = 2 * 24 * 60 * 60 * 1000

// A flood is told from its first notes: of one band so many are kept, and so many of one
// account, so that nobody can fill the place of others.
const (
	mostAlike = 256
	mostOwn   = 4
)

// listed is a table c of n integers, in column1.
func listed(n int) string {
	return `(VALUES (CAST(? AS BIGINT))` + strings.Repeat(", (CAST(? AS BIGINT))", n-1) + `) AS c`
}

func integers(values []uint64) []any {
	out := make([]any, len(values))
	for i, v := range values {
		out[i] = int64(v)
	}
	return out
}

// among is a list of n values to be among.
func among(n int) string { return `(?` + strings.Repeat(", ?", n-1) + `)` }

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

// PutTraits records traits that were taken later than at screening, in place of what there
// was.
func (db *DB) PutTraits(ctx context.Context, version string, l loam.Traits) error {
	l, err := db.room(ctx, version, l)
	if err != nil {
		return err
	}
	return db.write(ctx, func(t *tx) error {
		v, err := t.version(ctx, version)
		if err != nil {
			return err
		}
		for _, table := range []string{"sketches", "picture_hashes", "passages", "structures"} {
			if _, err := t.exec(ctx, `DELETE FROM `+table+` WHERE version = ?`, v.ID); err != nil {
				return err
			}
		}
		return t.keepTraits(ctx, v, l)
	})
}

// seen selects, of the versions a query gives with how much n they share, those of other
// owners than one that readers see, at most a limit: those that share most, and by id. Only
// of these the contents are read.
func seen(sharing, byID string) string {
	return `SELECT ` + of("v", versionColumns) + ` FROM (SELECT c.version AS version, c.n AS n FROM (` + sharing + `) AS c
		JOIN versions o ON o.id = c.version WHERE o.state = 'released' AND o.owner <> ? ORDER BY c.n DESC, c.version ` + byID + ` LIMIT ?) AS m
		JOIN versions v ON v.id = m.version ORDER BY m.n DESC, v.id ` + byID
}

// NearTexts gives the released versions of other owners that share a band with a sketch:
// candidates for a near copy, at most limit, those that share most first.
func (db *DB) NearTexts(ctx context.Context, owner string, bands []uint64, limit int) ([]loam.Version, error) {
	if len(bands) == 0 {
		return nil, nil
	}
	return all(ctx, db.read(), scanVersion, seen(`SELECT s.version AS version, count(*) AS n FROM sketches s
		WHERE s.value IN `+among(len(bands))+` GROUP BY s.version`, `DESC`), append(integers(bands), owner, limit)...)
}

// SharedPassages gives the released versions of other owners that have at least two of these
// passages: candidates for an excerpt, at most limit, those that have most first.
func (db *DB) SharedPassages(ctx context.Context, owner string, passages []uint64, limit int) ([]loam.Version, error) {
	if len(passages) < 2 {
		return nil, nil
	}
	return all(ctx, db.read(), scanVersion, seen(`SELECT p.version AS version, count(*) AS n FROM passages p
		WHERE p.value IN `+among(len(passages))+` GROUP BY p.version HAVING count(*) >= 2`, `ASC`), append(integers(passages), owner, limit)...)
}

// SameStructure gives the versions of other owners, screened since a moment whatever became
// of them, that share at least so many of the bands of a structure.
func (db *DB) SameStructure(ctx context.Context, owner string, bands []uint64, since int64, least int) ([]loam.Alike, error) {
	if len(bands) == 0 {
		return nil, nil
	}
	return all(ctx, db.read(), func(s scanner) (a loam.Alike, err error) {
		return a, s.Scan(&a.Version, &a.Owner, &a.At, &a.Bands)
	}, `SELECT version, owner, at, count(*) FROM structures WHERE value IN `+among(len(bands))+` AND at >= ? AND owner <> ?
		GROUP BY version, owner, at HAVING count(*) >= ? ORDER BY at DESC, version`, append(integers(bands), since, owner, least)...)
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

// PicturesOf gives the pictures of others that readers see, and of anybody that an upheld claim
// removed, that have one of these hashes, oldest first.
func (db *DB) PicturesOf(ctx context.Context, owner string, hashes []string, limit int) ([]loam.PictureHash, error) {
	if len(hashes) == 0 {
		return nil, nil
	}
	args := make([]any, 0, len(hashes)+2)
	for _, h := range hashes {
		args = append(args, h)
	}
	return all(ctx, db.read(), func(s scanner) (p loam.PictureHash, err error) {
		return p, s.Scan(&p.Version, &p.Work, &p.Owner, &p.Field, &p.Hash, &p.Denied)
	}, `SELECT version, work, owner, field, phash, denied FROM (SELECT h.version, v.work, v.owner, h.field, h.phash, v.state,
			coalesce((SELECT n.violated FROM claims k JOIN notices n ON n.id = k.notice WHERE k.removed = v.id AND k.state = 'upheld' ORDER BY k.id LIMIT 1), '') AS denied
		FROM picture_hashes h JOIN versions v ON v.id = h.version WHERE h.phash IN `+among(len(hashes))+`) AS p
		WHERE denied <> '' OR state = 'released' AND owner <> ? ORDER BY version LIMIT ?`,
		append(args, owner, limit)...)
}
