package store

import (
	"context"
	"errors"
	"strconv"
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
	q, now := db.read(), db.clock.Now()
	first, err := rarest(ctx, q, words)
	if err != nil || first < 0 {
		return nil, err
	}
	var join, weight, more, where, sum clause
	from := candidates(words[first])
	for i, w := range words {
		if i == first {
			continue
		}
		name := "s" + strconv.Itoa(i)
		if len(w.Terms) == 1 && len(w.Prefixes) == 0 { // one look by key tells that it is there and what it weighs
			join.add(` CROSS JOIN search_terms ` + name) // cross: SQLite then keeps the order
			where.add(` AND `+name+`.work = c.work AND `+name+`.term = ?`, w.Terms[0])
			weight.add(` + ` + name + `.weight`)
			continue
		}
		cond := having("s.", w)
		more.add(`, (SELECT max(s.weight) FROM search_terms s WHERE s.work = c.work AND `+cond.sql+`) AS `+name, cond.args...)
		sum.add(` + ` + name)
	}
	// Materialized: what a word weighs is looked up once, then missed (null) or added.
	var query clause
	query.add(`WITH m AS MATERIALIZED (SELECT c.work AS work, c.weight`+weight.sql+` AS weight`+more.sql, more.args...)
	query.add(` FROM (`+from.sql+`) AS c`+join.sql+` WHERE 1 = 1`, from.args...)
	query.add(where.sql+`) SELECT `+releasedColumns()+` FROM (SELECT r.version AS version, m.weight`+sum.sql+` AS score, r.released_at AS released_at
		FROM m JOIN releases r ON r.work = m.work AND r.removed_at = 0 AND r.audience = 'public'
		JOIN permits u ON u.work = m.work AND u.name = 'index'`+holds+`
		WHERE m.weight`+sum.sql+` IS NOT NULL ORDER BY score DESC, released_at DESC, version DESC LIMIT ? OFFSET ?) AS f
		JOIN releases r ON r.version = f.version JOIN versions v ON v.id = r.version JOIN accounts a ON a.id = r.owner
		ORDER BY f.score DESC, f.released_at DESC, f.version DESC`, append(where.args, now, now, limit, offset)...)
	return all(ctx, q, scanReleased, query.sql, query.args...)
}

// clause is a piece of SQL with its arguments.
type clause struct {
	sql  string
	args []any
}

func (c *clause) add(sql string, args ...any) {
	c.sql += sql
	c.args = append(c.args, args...)
}

// rarest is the word with the fewest notes, -1 if one has none at all.
func rarest(ctx context.Context, q querier, words []loam.Sought) (int, error) {
	best, least := -1, 1<<62
	for i, w := range words {
		cond := having("", w)
		var n int
		err := q.row(ctx, `SELECT count(*) FROM (SELECT 1 AS one FROM search_terms WHERE `+cond.sql+` LIMIT ?) AS s`, append(cond.args, 2*mostSought)...).Scan(&n)
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
func having(alias string, w loam.Sought) clause {
	var c clause
	or := "("
	for _, t := range w.Terms {
		c.add(or+alias+"term = ?", t)
		or = " OR "
	}
	for _, p := range w.Prefixes {
		c.add(or+"("+alias+"term >= ? AND "+alias+"term < ?)", p, p+"\U0010FFFF")
		or = " OR "
	}
	c.sql += ")"
	return c
}

// candidates are the works of one word with the word's weight in them: of each of its terms
// those in which it weighs most.
func candidates(w loam.Sought) clause {
	var c clause
	c.add(`SELECT work, max(weight) AS weight FROM (`)
	union := ""
	for _, t := range w.Terms {
		c.add(union+`SELECT work, weight FROM (SELECT work, weight FROM search_terms WHERE term = ? ORDER BY weight DESC, work DESC LIMIT ?) AS t`, t, mostSought)
		union = " UNION ALL "
	}
	for _, p := range w.Prefixes {
		c.add(union+`SELECT work, weight FROM (SELECT work, weight FROM search_terms WHERE term >= ? AND term < ? ORDER BY term LIMIT ?) AS t`, p, p+"\U0010FFFF", mostSought)
		union = " UNION ALL "
	}
	c.add(`) AS w GROUP BY work`)
	return c
}

// TopicsLike lists folded topics of public notes that may be found, those that begin with a text,
// most used first.
func (db *DB) TopicsLike(ctx context.Context, prefix string, limit int) ([]string, error) {
	if prefix == "" {
		return nil, errors.New("topics like nothing")
	}
	return all(ctx, db.read(), scanString, `SELECT t.topic FROM topics t JOIN permits u ON u.work = t.work AND u.name = 'index'`+holds+`
		WHERE t.topic >= ? AND t.topic < ? GROUP BY t.topic ORDER BY count(*) DESC, t.topic LIMIT ?`,
		db.clock.Now(), db.clock.Now(), prefix, prefix+"\U0010FFFF", limit)
}
