package store

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"slices"
	"time"

	"loam"
	"loam/internal/ledger"
)

// LogSnapshot logs the root of the ledger's state after so many leaves, and gives the leaf's id.
func (db *DB) LogSnapshot(ctx context.Context, size int64, root ledger.Hash) (id string, err error) {
	err = db.write(ctx, func(t *tx) (err error) {
		id, err = t.log(ctx, "", "", ledger.Leaf{Kind: ledger.Snapshot, Actor: ledger.Platform, Size: size, Hash: root}, "")
		return err
	})
	return id, err
}

// OwnLeaf is a leaf the installation itself wrote and its index in the log, -1 until it is there.
func (db *DB) OwnLeaf(ctx context.Context, id string) (ledger.Leaf, int64, error) {
	l, err := scanLogged(db.read().row(ctx, `SELECT n, id, leaf, signature, place FROM leaves WHERE owner = '' AND id = ?`, id))
	return l.leaf, l.place, missing(err, "receipt.not_found")
}

// SignedLeaves are the ids of leaves whose signatures by their creators' keys are known to be good.
func (db *DB) SignedLeaves(ctx context.Context) ([]string, error) {
	return all(ctx, db.read(), scanString, `SELECT id FROM leaves WHERE signature = ?`, int64(ledger.Good))
}

// TrainingNotes lists public notes that may be used for something at a moment, by the ledger's
// names for them, after one. It goes by the names (CROSS JOIN): SQLite would go through all releases
// for each page.
func (db *DB) TrainingNotes(ctx context.Context, use loam.Use, at int64, after string, limit int) ([]loam.TrainingNote, error) {
	return all(ctx, db.read(), func(s scanner) (n loam.TrainingNote, err error) {
		var v loam.Version
		v, err = scanVersion(alongside{s, []any{&n.Named, &n.Creator}})
		n.Work, n.Version, n.Content, n.Labels = v.Work, v.ID, v.Content, v.Labels
		return n, err
	}, `SELECT `+of("v", versionColumns)+`, p.name, a.name FROM pseudonyms p CROSS JOIN releases r JOIN permits u ON u.work = r.work AND u.name = ?`+holds+`
		JOIN versions v ON v.id = r.version JOIN accounts a ON a.id = r.owner
		WHERE r.work = p.id AND p.noun = 'work' AND p.name > ? AND r.form = '' AND r.removed_at = 0 AND r.audience = 'public' ORDER BY p.name LIMIT ?`, string(use), at, at, after, limit)
}

// abandoned is when a build that was not heard of again is taken for one that died.
const abandoned = 24 * time.Hour

// BeginCorpus gives the id of a corpus to be built, and forgets what builds that died left.
func (db *DB) BeginCorpus(ctx context.Context) (id string, err error) {
	var name ledger.ID
	if _, err := rand.Read(name[:]); err != nil {
		return "", err
	}
	died, err := all(ctx, db.read(), scanString, `SELECT id FROM builds WHERE begun < ? AND id NOT IN (SELECT leaf FROM corpora)`, db.clock.Now()-abandoned.Milliseconds())
	for _, id := range died {
		err = errors.Join(err, db.AbandonCorpus(ctx, id))
	}
	if err != nil {
		return "", err
	}
	return name.String(), db.write(ctx, func(t *tx) error {
		_, err := t.exec(ctx, `INSERT INTO builds (id, begun) VALUES (?, ?)`, name.String(), t.now)
		return err
	})
}

// AddToCorpus puts works into a corpus that is being built.
func (db *DB) AddToCorpus(ctx context.Context, id string, records []loam.TrainingRecord) error {
	rows := make([][]any, len(records))
	for i, r := range records {
		rows[i] = []any{id, r.Work, r.Version, r.Salt}
	}
	return db.write(ctx, func(t *tx) error { return t.insert(ctx, `corpus_works (corpus, work, version, salt)`, rows) })
}

// takenBack are works of a corpus whose version is not public any more or not to be used so: it
// takes the use and the time twice.
const takenBack = ` NOT EXISTS (SELECT 1 FROM releases r JOIN permits u ON u.work = r.work AND u.name = ?` + holds + `
	WHERE r.version = k.version AND r.work = k.work AND r.removed_at = 0 AND r.audience = 'public')`

// TakeBack takes out of a corpus that is being built what was taken back since, and gives the
// ledger's names for it.
func (db *DB) TakeBack(ctx context.Context, id string, use loam.Use) (gone []string, err error) {
	err = db.write(ctx, func(t *tx) (err error) {
		gone, err = all(ctx, t.querier, scanString, `SELECT p.name FROM corpus_works k JOIN pseudonyms p ON p.noun = 'work' AND p.id = k.work WHERE k.corpus = ? AND`+takenBack,
			id, string(use), t.now, t.now)
		if err != nil || len(gone) == 0 {
			return err
		}
		_, err = t.exec(ctx, `DELETE FROM corpus_works AS k WHERE k.corpus = ? AND`+takenBack, id, string(use), t.now, t.now)
		return err
	})
	return gone, err
}

// AbandonCorpus forgets a corpus that was not logged.
func (db *DB) AbandonCorpus(ctx context.Context, id string) error {
	return db.write(ctx, func(t *tx) error {
		_, err := t.exec(ctx, `DELETE FROM corpus_works WHERE corpus = ? AND corpus NOT IN (SELECT leaf FROM corpora)`, id)
		if err == nil {
			_, err = t.exec(ctx, `DELETE FROM builds WHERE id = ? AND id NOT IN (SELECT leaf FROM corpora)`, id)
		}
		return err
	})
}

// PutCorpus logs a corpus whose works were added before, under the id it was begun with. Has any of
// them been taken back, or its use, it is Conflict, "corpus.changed", and nothing is logged.
func (db *DB) PutCorpus(ctx context.Context, c loam.Corpus, l ledger.Leaf) (loam.Corpus, error) {
	name, err := hex.DecodeString(c.ID)
	if err != nil || len(name) != len(l.ID) {
		return c, loam.Fail(loam.Invalid, "corpus.not_found").Because(err)
	}
	err = db.write(ctx, func(t *tx) (err error) {
		l.V, l.ID, l.Kind, l.Actor = 1, ledger.ID(name), ledger.Corpus, ledger.Platform
		var changed int
		err = t.row(ctx, `SELECT count(*), coalesce(sum(CASE WHEN`+takenBack+` THEN 1 ELSE 0 END), 0) FROM corpus_works k WHERE k.corpus = ?`,
			string(c.Use), t.now, t.now, c.ID).Scan(&c.Records, &changed)
		if err == nil && (changed > 0 || c.Records == 0) {
			err = loam.Fail(loam.Conflict, "corpus.changed")
		}
		if err == nil {
			err = t.write(ctx, "", "", l, "", ledger.Unchecked)
		}
		if err != nil {
			return err
		}
		c.Place = -1
		_, err = t.exec(ctx, `INSERT INTO corpora (leaf, name, for_use, size, records, root, at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
			c.ID, c.Name, string(c.Use), c.Size, c.Records, c.Root, c.At)
		return err
	})
	return c, err
}

// Corpora lists every corpus, newest first, with how many works of an account are in each.
func (db *DB) Corpora(ctx context.Context, owner string) ([]loam.Corpus, error) {
	return db.read().corpora(ctx, owner, "")
}

// Corpus is one of them; NotFound, "corpus.not_found".
func (db *DB) Corpus(ctx context.Context, owner, id string) (loam.Corpus, error) {
	list, err := db.read().corpora(ctx, owner, id)
	if err == nil && len(list) == 0 {
		err = loam.Fail(loam.NotFound, "corpus.not_found")
	}
	if err != nil {
		return loam.Corpus{}, err
	}
	return list[0], nil
}

func (q querier) corpora(ctx context.Context, owner, id string) ([]loam.Corpus, error) {
	list, err := all(ctx, q, func(s scanner) (c loam.Corpus, err error) {
		return c, s.Scan(&c.ID, &c.Name, &c.Use, &c.Size, &c.Records, &c.Root, &c.At, &c.Place, &c.Yours)
	}, `SELECT c.leaf, c.name, c.for_use, c.size, c.records, c.root, c.at, l.place,
		(SELECT count(*) FROM works w CROSS JOIN corpus_works k WHERE w.owner = ? AND k.corpus = c.leaf AND k.work = w.id)
		FROM corpora c JOIN leaves l ON l.id = c.leaf WHERE ? IN ('', c.leaf) ORDER BY c.at DESC, c.leaf DESC`, owner, id)
	if err != nil {
		return nil, err
	}
	trained, err := all(ctx, q, func(s scanner) (m trainedOn, err error) {
		return m, s.Scan(&m.corpus, &m.ID, &m.Name, &m.At, &m.Retired)
	}, `SELECT k.corpus, m.leaf, m.name, m.at, m.retired_at FROM model_corpora k JOIN models m ON m.leaf = k.model WHERE ? IN ('', k.corpus) ORDER BY m.at, m.leaf`, id)
	models := map[string][]loam.Model{}
	for _, m := range trained {
		models[m.corpus] = append(models[m.corpus], m.Model)
	}
	for i := range list {
		if list[i].Models = models[list[i].ID]; list[i].Models == nil {
			list[i].Models = []loam.Model{}
		}
	}
	return list, err
}

// trainedOn is a model with one corpus of it.
type trainedOn struct {
	corpus string
	loam.Model
}

// Taken lists the works of an account in a corpus, by the ledger's names for them, after one.
func (db *DB) Taken(ctx context.Context, owner, corpus, after string, limit int) ([]loam.TakenWork, error) {
	now := db.clock.Now()
	return all(ctx, db.read(), func(s scanner) (w loam.TakenWork, err error) {
		var v loam.Version
		v, err = scanVersion(alongside{s, []any{&w.Named, &w.Salt, &w.Allowed}})
		w.Work, w.Version, w.Title = v.Work, v.ID, v.Content.Title
		return w, err
	}, `SELECT `+of("v", versionColumns)+`, p.name, k.salt, EXISTS (SELECT 1 FROM permits u WHERE u.work = k.work AND u.name = c.for_use`+holds+`)
		FROM works w CROSS JOIN corpus_works k JOIN corpora c ON c.leaf = k.corpus JOIN versions v ON v.id = k.version
		JOIN pseudonyms p ON p.noun = 'work' AND p.id = k.work WHERE k.work = w.id AND k.corpus = ? AND w.owner = ? AND p.name > ? ORDER BY p.name LIMIT ?`, now, now, corpus, owner, after, limit)
}

// NamedWorks are the ledger's names for the works of an account that it knows, by name.
func (db *DB) NamedWorks(ctx context.Context, owner string) ([]ledger.ID, error) {
	list, err := all(ctx, db.read(), scanString, `SELECT p.name FROM pseudonyms p JOIN works w ON w.id = p.id WHERE p.noun = 'work' AND w.owner = ? ORDER BY p.name`, owner)
	out := make([]ledger.ID, 0, len(list))
	for _, name := range list {
		var id ledger.ID
		if _, err := hex.Decode(id[:], []byte(name)); err != nil {
			return nil, err
		}
		out = append(out, id)
	}
	return out, err
}

// LogModel logs that a model was trained on corpora, by their ids. One that is not in the log yet
// is Conflict, "corpus.soon".
func (db *DB) LogModel(ctx context.Context, name string, corpora []string) (m loam.Model, err error) {
	err = db.write(ctx, func(t *tx) error {
		l := ledger.Leaf{Kind: ledger.Model, Actor: ledger.Platform}
		for _, id := range corpora {
			var place int64
			err := t.row(ctx, `SELECT l.place FROM corpora c JOIN leaves l ON l.id = c.leaf WHERE c.leaf = ?`, id).Scan(&place)
			if err := missing(err, "corpus.not_found"); err != nil {
				return err
			}
			if place < 0 {
				return loam.Fail(loam.Conflict, "corpus.soon")
			}
			l.Refs = append(l.Refs, place)
		}
		slices.Sort(l.Refs)
		l.Refs = slices.Compact(l.Refs)
		m.Name = name
		if m.ID, err = t.log(ctx, "", "", l, ""); err != nil {
			return err
		}
		m.At = t.now
		if _, err := t.exec(ctx, `INSERT INTO models (leaf, name, at) VALUES (?, ?, ?)`, m.ID, name, t.now); err != nil {
			return err
		}
		for _, id := range corpora {
			if _, err := t.exec(ctx, `INSERT INTO model_corpora (model, corpus) VALUES (?, ?) ON CONFLICT DO NOTHING`, m.ID, id); err != nil {
				return err
			}
		}
		return nil
	})
	return m, err
}

// RetireModel logs that a model is used no longer, and gives the leaf that says so. Twice is once.
func (db *DB) RetireModel(ctx context.Context, id string) (m loam.Model, leaf string, err error) {
	err = db.write(ctx, func(t *tx) error {
		err := t.row(ctx, `SELECT leaf, name, at, retired, retired_at FROM models WHERE leaf = ?`, id).Scan(&m.ID, &m.Name, &m.At, &leaf, &m.Retired)
		if err := missing(err, "model.not_logged"); err != nil || m.Retired > 0 {
			return err
		}
		l, err := t.leaf(ctx, id)
		if err != nil {
			return err
		}
		if leaf, err = t.log(ctx, "", "", ledger.Leaf{Kind: ledger.Retire, Actor: ledger.Platform, Ref: l.ID}, ""); err != nil {
			return err
		}
		m.Retired = t.now
		_, err = t.exec(ctx, `UPDATE models SET retired = ?, retired_at = ? WHERE leaf = ?`, leaf, t.now, id)
		return err
	})
	return m, leaf, err
}
