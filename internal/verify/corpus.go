package verify

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"loam"
	"loam/internal/ledger"
	"loam/internal/merkle"
)

// corpus is a corpus leaf whose manifest is at hand.
type corpus struct {
	index int64
	leaf  ledger.Leaf
	of    moment
	now   int64 // the newest time the log had then, whatever the leaf says
}

// manifest sees whether what a corpus is made of lies beside the log. It is read again where it is
// held against the state: all manifests together may be larger than memory.
func (r *run) manifest(index int64, l *ledger.Leaf, of moment) error {
	_, err := r.Files(ledger.ManifestPath(l.Hash))
	if errors.Is(err, fs.ErrNotExist) {
		r.report.NoManifest++
		return nil
	}
	if err != nil {
		return &Violation{Manifest, at(index), err}
	}
	r.built[l.Size] = append(r.built[l.Size], corpus{index, *l, of, r.newest})
	return nil
}

// asked looks for the corpora that have to be there.
func (r *run) asked() error {
	there := map[ledger.Hash]bool{}
	for _, list := range r.built {
		for i := range list {
			there[list[i].leaf.Hash] = true
		}
	}
	for _, root := range r.Corpora {
		if !there[root] {
			return &Violation{CorpusLogged, hex.EncodeToString(root[:]), nil}
		}
	}
	return nil
}

// granted walks the log once more, as far as corpora speak of it, and holds each record against
// the state its corpus was built from: what a snapshot's root binds is too much to keep until the
// corpus comes. There it is asked once more.
func (r *run) granted() error {
	last, logged := int64(0), map[int64]corpus{}
	for _, list := range r.built {
		for _, c := range list {
			last, logged[c.index] = max(last, c.index), c
		}
	}
	state := ledger.NewState()
	return r.again(func(index int64, _ []byte, l *ledger.Leaf) error {
		if index > last {
			return nil
		}
		if err := r.hold(state, index); err != nil {
			return err
		}
		if c, there := logged[index]; there {
			if err := r.stale(state, &c); err != nil {
				return err
			}
		}
		state.Apply(index, l, ledger.Unchecked)
		return nil
	})
}

// stale counts the records whose use was not granted any more when the corpus was logged, and refuses
// those that had settled by then: a snapshot does not age, and whoever keeps an old one can build from
// it after a no.
func (r *run) stale(state *ledger.State, c *corpus) error {
	list, err := r.closed(state, c, c.leaf.At)
	r.report.Stale += int64(len(list))
	if err != nil || len(list) == 0 {
		return err
	}
	settled := ledger.NewHeeded(&c.leaf, c.index, c.now)
	err = r.again(func(index int64, _ []byte, l *ledger.Leaf) error {
		settled.Next(index, l)
		return nil
	})
	var before []ledger.ID
	if err == nil {
		before, err = r.closed(settled.State, c, settled.Moment(c.of.at))
	}
	for _, work := range before {
		if slices.Contains(list, work) { // what had settled lacks a newer yes
			return &Violation{RecordHeeded, fmt.Sprintf("%s, work %s", at(c.index), work), nil}
		}
	}
	return err
}

// closed are the works of a corpus that a state does not grant at a time.
func (r *run) closed(state *ledger.State, c *corpus, now int64) (list []ledger.ID, err error) {
	data, err := r.Files(ledger.ManifestPath(c.leaf.Hash))
	var root ledger.Hash
	if err == nil {
		root, err = ledger.ReadManifest(data, func(rec *ledger.Record, _ []byte) error {
			if slices.ContainsFunc(c.leaf.Uses, func(u loam.Use) bool {
				return !state.Decide(ledger.ID{}, ledger.ID{}, rec.Work, u, now).Allow
			}) {
				list = append(list, rec.Work)
			}
			return nil
		})
	}
	if err == nil && root != c.leaf.Hash {
		err = errors.New("its records lead to " + hex.EncodeToString(root[:]))
	}
	if err != nil {
		err = &Violation{Manifest, at(c.index), err}
	}
	return list, err
}

// hold checks the manifests of the corpora of a state.
func (r *run) hold(state *ledger.State, size int64) error {
	for _, c := range r.built[size] {
		var root ledger.Hash
		data, err := r.Files(ledger.ManifestPath(c.leaf.Hash))
		if err == nil {
			root, err = ledger.ReadManifest(data, func(rec *ledger.Record, _ []byte) error {
				return r.allowed(state, &c, rec)
			})
		}
		if _, ok := errors.AsType[*Violation](err); ok {
			return err
		}
		if err == nil && root != c.leaf.Hash {
			err = errors.New("its records lead to " + hex.EncodeToString(root[:]))
		}
		if err != nil {
			return &Violation{Manifest, at(c.index), err}
		}
		r.report.Corpora++
	}
	return nil
}

// allowed holds one record against the state: every use the corpus was built for was granted at
// the snapshot's moment, and the record cites the newest of those grants.
func (r *run) allowed(state *ledger.State, c *corpus, rec *ledger.Record) error {
	where := fmt.Sprintf("%s, work %s", at(c.index), rec.Work)
	if rec.State != c.leaf.Size {
		return &Violation{RecordState, where, nil}
	}
	deciding := int64(-1)
	for _, u := range c.leaf.Uses {
		d := state.Decide(ledger.ID{}, ledger.ID{}, rec.Work, u, c.of.at)
		if !d.Allow {
			return &Violation{RecordGranted, where, fmt.Errorf("%s: %s", u, d.Reason)}
		}
		deciding = max(deciding, d.Index)
	}
	if rec.Deciding != deciding {
		return &Violation{RecordGranted, where, fmt.Errorf("it cites leaf %d, the grant is leaf %d", rec.Deciding, deciding)}
	}
	r.report.Records++
	return nil
}

// extracts holds what was handed in of manifests against the log.
func (r *run) extracts(head merkle.Checkpoint) error {
	for i, raw := range r.Extracts {
		where := fmt.Sprintf("extract %d", i+1)
		var e ledger.Extract
		err := json.Unmarshal(raw, &e)
		if err == nil && e.Corpus == "" {
			err = errors.New("it has no corpus")
		}
		if err != nil {
			return &Violation{ExtractForm, where, err}
		}
		l, err := r.receipt(head, where, []byte(e.Corpus))
		if err != nil {
			return err
		}
		if l.Kind != ledger.Corpus {
			return &Violation{ExtractForm, where, loam.Fail(loam.Invalid, "corpus.not_one")}
		}
		r.report.Extracts++
		told := map[string]bool{}
		for j := range e.Works {
			in, err := e.Works[j].Check(l.Hash)
			if err != nil {
				return &Violation{ExtractProof, where, err}
			}
			name := strings.ToLower(e.Works[j].Work) // hexadecimal, as Check found
			if told[name] {
				return &Violation{ExtractForm, where, fmt.Errorf("work %s stands in it twice", name)}
			}
			told[name] = true
			if in {
				r.report.Held++
			} else {
				r.report.NotHeld++
			}
		}
	}
	return nil
}
