package store

import (
	"context"
	"errors"
	"strings"

	"loam"
	"loam/internal/text"
)

// index makes a public note findable by its words and topics, in the transaction of its
// release. Whether its creator lets it be found is asked by every search, not here.
func (t *tx) index(ctx context.Context, v loam.Version) error {
	if err := t.unindex(ctx, v.Work); err != nil {
		return err
	}
	c := v.Content
	if c.Audience == loam.Public {
		if err := t.insertTerms(ctx, v.Work, text.Terms(c.Title, c.Tags, c.Body)); err != nil {
			return err
		}
		for _, tag := range c.Tags {
			if topic := text.Topic(tag); topic != "" {
				if _, err := t.exec(ctx, `INSERT INTO topics (topic, work, at) SELECT CAST(? AS TEXT), work, released_at FROM releases WHERE version = ? ON CONFLICT DO NOTHING`, topic, v.ID); err != nil {
					return err
				}
			}
		}
	}
	_, err := t.exec(ctx, `UPDATE releases SET indexed = ? WHERE version = ?`, text.TermRules, v.ID)
	return err
}

func (t *tx) unindex(ctx context.Context, work string) error {
	_, err := t.exec(ctx, `DELETE FROM search_terms WHERE work = ?`, work)
	if err == nil {
		_, err = t.exec(ctx, `DELETE FROM topics WHERE work = ?`, work)
	}
	return err
}

// insertTerms writes a hundred rows a statement.
func (t *tx) insertTerms(ctx context.Context, work string, terms []text.Term) error {
	const rows = 100
	for len(terms) > 0 {
		n := min(rows, len(terms))
		args := make([]any, 0, 3*n)
		for _, term := range terms[:n] {
			args = append(args, term.Text, work, term.Weight)
		}
		_, err := t.exec(ctx, `INSERT INTO search_terms (term, work, weight) VALUES (?, ?, ?)`+strings.Repeat(", (?, ?, ?)", n-1), args...)
		if err != nil {
			return err
		}
		terms = terms[n:]
	}
	return nil
}

// Reindex cuts terms for up to limit notes that have none by today's rules: those of an
// older build. It gives how many.
func (db *DB) Reindex(ctx context.Context, limit int) (int, error) {
	n := 0
	err := db.write(ctx, func(t *tx) error {
		list, err := all(ctx, t.querier, scanVersion, `SELECT `+of("v", versionColumns)+` FROM versions v JOIN releases r ON r.version = v.id
			WHERE r.indexed < ? AND r.form = '' AND r.removed_at = 0 AND r.audience = 'public' LIMIT ?`, text.TermRules, limit)
		if err != nil {
			return err
		}
		n = len(list)
		for _, v := range list {
			if err := t.index(ctx, v); err != nil {
				return err
			}
		}
		return nil
	})
	return n, err
}

// mostSought is how many notes of the rarest word of a search are looked at: those in which
// it weighs most, newest first.
const mostSought = 1000

// Search gives the public notes that have every sought word and may be found, by the sum of
// the words' weights, then newest first.
func (db *DB) Search(ctx context.Context, words []loam.Sought, offset, limit int) ([]loam.Release, error) {
	q := db.read()
	first, err := rarest(ctx, q, words)
	if err != nil || first < 0 {
		return nil, err
	}
	from, args := candidates(words[first])
	score, scoreArgs := strings.Builder{}, []any{}
	where, whereArgs := strings.Builder{}, []any{}
	for i, w := range words {
		if i == first {
			continue
		}
		cond, a := having("s.", w)
		score.WriteString(` + coalesce((SELECT max(s.weight) FROM search_terms s WHERE s.work = c.work AND ` + cond + `), 0)`)
		scoreArgs = append(scoreArgs, a...)
		where.WriteString(` AND EXISTS (SELECT 1 FROM search_terms s WHERE s.work = c.work AND ` + cond + `)`)
		whereArgs = append(whereArgs, a...)
	}
	found := `SELECT r.version AS version, c.weight` + score.String() + ` AS score, r.released_at AS released_at FROM (` + from + `) AS c
		JOIN releases r ON r.work = c.work AND r.removed_at = 0 AND r.audience = 'public'
		JOIN uses u ON u.work = c.work AND u.name = 'index' AND u.allowed = 1
		WHERE 1 = 1` + where.String() + ` ORDER BY score DESC, released_at DESC, version DESC LIMIT ? OFFSET ?`
	all1 := append(append(append(scoreArgs, args...), whereArgs...), limit, offset)
	return all(ctx, q, scanReleased, `SELECT `+releasedColumns()+` FROM (`+found+`) AS f JOIN releases r ON r.version = f.version
		JOIN versions v ON v.id = r.version JOIN accounts a ON a.id = r.owner ORDER BY f.score DESC, f.released_at DESC, f.version DESC`, all1...)
}

// rarest is the word with the fewest notes, -1 if one has none at all.
func rarest(ctx context.Context, q querier, words []loam.Sought) (int, error) {
	best, least := -1, 1<<62
	for i, w := range words {
		cond, args := having("", w)
		var n int
		err := q.row(ctx, `SELECT count(*) FROM (SELECT 1 AS one FROM search_terms WHERE `+cond+` LIMIT ?) AS s`, append(args, 2*mostSought)...).Scan(&n)
		if err != nil || n == 0 {
			return -1, err
		}
		if n < least {
			best, least = i, n
		}
	}
	return best, nil
}

// having is the condition of a term that is one of the word's.
func having(alias string, w loam.Sought) (string, []any) {
	var parts []string
	var args []any
	for _, t := range w.Terms {
		parts, args = append(parts, alias+"term = ?"), append(args, t)
	}
	for _, p := range w.Prefixes {
		parts, args = append(parts, "("+alias+"term >= ? AND "+alias+"term < ?)"), append(args, p, p+"\U0010FFFF")
	}
	return "(" + strings.Join(parts, " OR ") + ")", args
}

// candidates are the works of one word with the word's weight in them, of each of its terms
// those in which it weighs most.
func candidates(w loam.Sought) (string, []any) {
	var parts []string
	var args []any
	for _, t := range w.Terms {
		parts = append(parts, `SELECT work, weight FROM (SELECT work, weight FROM search_terms WHERE term = ? ORDER BY weight DESC, work DESC LIMIT ?) AS t`)
		args = append(args, t, mostSought)
	}
	for _, p := range w.Prefixes {
		parts = append(parts, `SELECT work, weight FROM (SELECT work, weight FROM search_terms WHERE term >= ? AND term < ? ORDER BY term LIMIT ?) AS t`)
		args = append(args, p, p+"\U0010FFFF", mostSought)
	}
	return `SELECT work, max(weight) AS weight FROM (` + strings.Join(parts, " UNION ALL ") + `) AS w GROUP BY work`, args
}

// TopicsLike lists folded topics of public notes that begin with a text, most used first.
func (db *DB) TopicsLike(ctx context.Context, prefix string, limit int) ([]string, error) {
	if prefix == "" {
		return nil, errors.New("topics like nothing")
	}
	return all(ctx, db.read(), scanString, `SELECT topic FROM topics WHERE topic >= ? AND topic < ? GROUP BY topic ORDER BY count(*) DESC, topic LIMIT ?`,
		prefix, prefix+"\U0010FFFF", limit)
}
