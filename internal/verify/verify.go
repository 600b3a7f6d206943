// Package verify is the auditor's program: one pass over a copied log that recomputes
// everything and takes nothing from the operator but the log's key.
//
// It stands apart, with merkle and ledger as its only parts, so that a person can read all of
// what she trusts. It answers with figures or with the first check that was violated; it never
// repairs, skips or guesses.
package verify

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"loam"
	"loam/internal/ledger"
	"loam/internal/merkle"
)

// Violation is the first check that failed, and where.
type Violation struct {
	Check Check
	Where string
	Err   error
}

// Error is the check's name first.
func (v *Violation) Error() string {
	s := string(v.Check)
	if v.Where != "" {
		s += ": " + v.Where
	}
	if v.Err != nil {
		s += ": " + v.Err.Error()
	}
	return s
}

// Unwrap gives the cause.
func (v *Violation) Unwrap() error { return v.Err }

// Log is what is to be verified, and against what.
type Log struct {
	Files     merkle.Files
	Key       note.Verifier
	Witnesses []note.Verifier
	Quorum    int           // how many of the witnesses must have signed
	Old       [][]byte      // checkpoints kept from earlier
	Receipts  [][]byte      // of whoever handed them in
	Extracts  [][]byte      // of manifests of corpora, as ledger.Extract in JSON; of whoever handed them in
	Corpora   []ledger.Hash // roots of manifests that must be there, each of a corpus of the log

	// Bundles reads signature bundles by the leaf's id in hexadecimal; nil if none are at hand.
	// One that is empty was erased, one that does not exist was too or is withheld; those in receipts go before them, if there is a Party.
	// Party and Origins are whom they were made for.
	Bundles merkle.Files
	Party   string
	Origins []string
}

// Report is what a verified log holds.
type Report struct {
	Origin    string               `json:"origin"`
	Size      int64                `json:"size"`
	Root      string               `json:"root"`
	Witnesses []merkle.Cosignature `json:"witnesses"`
	Old       int                  `json:"old_checkpoints"`
	Receipts  int                  `json:"receipts"`
	Leaves    map[string]int64     `json:"leaves"`   // by kind
	Outcomes  map[string]int64     `json:"outcomes"` // what the fold made of them
	Grants    map[string]int64     `json:"grants"`   // by level of evidence, L0 to L3
	Bundles   int64                `json:"bundles"`  // verified
	Missing   int64                `json:"bundles_missing"`
	Snapshots int64                `json:"snapshots"` // whose roots were recomputed
	Notices   ledger.NoticeFigures `json:"notices"`

	Corpora    int64 `json:"corpora"` // whose manifests lie beside the log: every record was granted
	Records    int64 `json:"corpora_records"`
	NoManifest int64 `json:"corpora_without_manifest"`
	Stale      int64 `json:"corpora_records_stale"` // closed between the snapshot and the corpus, too late to have settled
	Extracts   int   `json:"extracts"`
	Held       int   `json:"extracts_in"`     // works that extracts prove to be in a corpus
	NotHeld    int   `json:"extracts_not_in"` // and not to be in one
}

// MaxLag is how many leaves may stand between the state a snapshot speaks of and the snapshot.
// The fold runs that far behind the walk, so that one pass is enough.
const MaxLag = 4096

// Run verifies a log. The error is a *Violation.
func Run(l Log) (Report, error) {
	r := run{
		Log: l, repeated: map[ledger.ID][]byte{}, state: ledger.NewState(), roots: map[int64][]ledger.Hash{}, named: map[ledger.ID]bool{},
		snapshots: map[int64]moment{}, built: map[int64][]corpus{}, corpora: map[int64]bool{}, models: map[ledger.ID]bool{}, handed: map[ledger.ID][]byte{},
		report: Report{Leaves: map[string]int64{}, Outcomes: map[string]int64{}, Grants: map[string]int64{}},
	}
	if err := r.all(); err != nil {
		return Report{}, err
	}
	r.report.Notices = r.notices.Figures()
	return r.report, nil
}

type run struct {
	Log
	report Report
	tree   tlog.Tree
	past   []past // what the log must begin with, by size
	state  *ledger.State

	queue     []ledger.Leaf           // walked, not yet folded
	roots     map[int64][]ledger.Hash // of the state, claimed by snapshots, by size
	named     map[ledger.ID]bool      // snapshots walked
	repeated  map[ledger.ID][]byte    // ids that came again, with their first leaf once it is asked for
	snapshots map[int64]moment        // by index
	built     map[int64][]corpus      // whose manifests are at hand, by the size of their state
	corpora   map[int64]bool          // by index
	models    map[ledger.ID]bool
	handed    map[ledger.ID][]byte // bundles in receipts, by the leaf's id
	notices   ledger.NoticeTally
	newest    int64 // time of the leaves folded
}

// moment is what a snapshot fixes: how many leaves stand below, and the time at which grants that
// begin or end are asked for.
type moment struct{ size, at int64 }

// past is a tree that was signed before.
type past struct {
	size  int64
	root  merkle.Hash
	check Check
	where string
}

func (r *run) all() error {
	raw, err := r.Files("checkpoint")
	if err != nil {
		return &Violation{CheckpointMissing, "", err}
	}
	head, err := merkle.OpenCheckpoint(raw, r.Key, r.Witnesses...)
	if err != nil {
		return &Violation{CheckpointSigned, "", err}
	}
	signed := len(head.Cosignature)
	if signed < r.Quorum {
		return &Violation{Quorum, fmt.Sprintf("%d of %d", signed, r.Quorum), nil}
	}
	if signed > 0 && signed >= r.Quorum {
		r.state.Witness(head.Tree.N)
	}
	r.tree = head.Tree
	r.report.Origin, r.report.Size, r.report.Root = head.Origin, head.Tree.N, head.Tree.Hash.String()
	r.report.Witnesses = head.Cosignature
	if err := r.openOld(head); err != nil {
		return err
	}
	if err := r.openReceipts(head); err != nil {
		return err
	}
	if err := r.extracts(head); err != nil {
		return err
	}
	slices.SortStableFunc(r.past, func(a, b past) int { return int(a.size - b.size) })
	root, err := r.Files.Walk(head.Tree.N, r.visit)
	if err != nil {
		return walked(err)
	}
	if err := r.begins(head.Tree.N, func() merkle.Hash { return root }); err != nil {
		return err
	}
	if root != head.Tree.Hash {
		return &Violation{Root, root.String(), nil}
	}
	if err := r.fold(0); err != nil {
		return err
	}
	if err := r.alike(); err != nil {
		return err
	}
	if err := r.asked(); err != nil || len(r.built) == 0 {
		return err
	}
	return r.granted()
}

// walked tells the two things a log's files can do wrong from what visit found.
func walked(err error) error {
	if _, ok := errors.AsType[*Violation](err); ok {
		return err
	}
	if loam.CodeOf(err) == "log.entries" {
		return &Violation{Entries, "", err}
	}
	return &Violation{Tiles, "", err}
}

func (r *run) openOld(head merkle.Checkpoint) error {
	for i, raw := range r.Old {
		where := fmt.Sprintf("old checkpoint %d", i+1)
		c, err := merkle.OpenCheckpoint(raw, r.Key)
		switch {
		case err != nil:
			return &Violation{OldSigned, where, err}
		case c.Tree.N > head.Tree.N:
			return &Violation{RolledBack, fmt.Sprintf("%s: %d entries, now %d", where, c.Tree.N, head.Tree.N), nil}
		case c.Tree.N == head.Tree.N && c.Tree.Hash != head.Tree.Hash:
			return &Violation{SplitView, fmt.Sprintf("%s: %d entries", where, c.Tree.N), nil}
		}
		r.past = append(r.past, past{c.Tree.N, c.Tree.Hash, Consistent, where})
		r.report.Old++
	}
	return nil
}

// openReceipts takes from each receipt the tree it was given for: if the log still begins with
// that tree, the receipt's leaf stands where the receipt says.
func (r *run) openReceipts(head merkle.Checkpoint) error {
	for i, raw := range r.Receipts {
		if _, err := r.receipt(head, fmt.Sprintf("receipt %d", i+1), raw); err != nil {
			return err
		}
		r.report.Receipts++
	}
	return nil
}

// receipt gives the leaf of a receipt, and keeps its tree to hold the log to.
func (r *run) receipt(head merkle.Checkpoint, where string, raw []byte) (ledger.Leaf, error) {
	p, err := merkle.ParseProof(raw)
	if err == nil && p.Entry == nil {
		err = errors.New("it has no leaf")
	}
	if err != nil {
		return ledger.Leaf{}, &Violation{ReceiptForm, where, err}
	}
	entry, l, err := r.extra(p.Entry)
	if err != nil {
		return l, &Violation{ReceiptForm, where, err}
	}
	c, err := p.Verify(entry, r.Key)
	switch {
	case loam.CodeOf(err) == "log.checkpoint":
		return l, &Violation{ReceiptSigned, where, err}
	case err != nil:
		return l, &Violation{ReceiptProof, where, err}
	case c.Tree.N > head.Tree.N:
		return l, &Violation{ReceiptRolledBack, fmt.Sprintf("%s: %d entries, now %d", where, c.Tree.N, head.Tree.N), nil}
	}
	r.past = append(r.past, past{c.Tree.N, c.Tree.Hash, ReceiptKept, where})
	return l, nil
}

// extra gives a receipt's leaf, and keeps the bundle that came with it. One the leaf does not commit
// to is the work of whoever handed it in.
func (r *run) extra(extra []byte) ([]byte, ledger.Leaf, error) {
	l, entry, bundle, err := ledger.SplitExtra(extra)
	if err != nil || bundle == nil || r.Party == "" {
		return entry, l, err
	}
	var committed ledger.Hash
	b, err := ledger.DecodeBundle(bundle)
	if err == nil {
		committed, err = b.Commitment()
	}
	if err == nil && committed != l.Sig {
		err = errors.New("the leaf commits to another bundle")
	}
	r.handed[l.ID] = bundle
	return entry, l, err
}

// begins holds every tree of that size that was signed before against the log.
func (r *run) begins(size int64, root func() merkle.Hash) error {
	for len(r.past) > 0 && r.past[0].size == size {
		if p := r.past[0]; p.root != root() {
			return &Violation{p.check, fmt.Sprintf("%s: the first %d entries are others now", p.where, p.size), nil}
		}
		r.past = r.past[1:]
	}
	return nil
}

// visit reads one leaf of the walk.
func (r *run) visit(index int64, entry []byte, prefix func() merkle.Hash) error {
	if err := r.begins(index, prefix); err != nil {
		return err
	}
	l, err := ledger.Decode(entry)
	if err != nil {
		return &Violation{LeafForm, at(index), err}
	}
	if err := l.Validate(); err != nil {
		return &Violation{LeafFit, at(index), err}
	}
	r.report.Leaves[l.Kind.String()]++
	if l.Kind == ledger.Snapshot && !r.named[l.ID] {
		if l.Size > index || index-l.Size > MaxLag {
			return &Violation{SnapshotSize, at(index), nil}
		}
		r.named[l.ID] = true
		r.roots[l.Size] = append(r.roots[l.Size], l.Hash)
	}
	r.queue = append(r.queue, l)
	if len(r.queue) < 2*MaxLag {
		return nil
	}
	return r.fold(MaxLag)
}

// fold applies the queue but for the last keep leaves, of whose states snapshots may yet speak.
func (r *run) fold(keep int) error {
	last := len(r.queue) - keep
	for i := range r.queue[:last] {
		if err := r.apply(&r.queue[i]); err != nil {
			return err
		}
	}
	r.queue = append(r.queue[:0], r.queue[last:]...)
	return nil
}

func (r *run) apply(l *ledger.Leaf) error {
	index := r.state.Size()
	if claimed := r.roots[index]; len(claimed) > 0 {
		root, err := r.state.Root()
		if err == nil && slices.ContainsFunc(claimed, func(h ledger.Hash) bool { return h != root }) {
			err = fmt.Errorf("it is %s", root)
		}
		if err != nil {
			return &Violation{SnapshotRoot, fmt.Sprintf("of %d leaves", index), err}
		}
		r.report.Snapshots += int64(len(claimed))
		delete(r.roots, index)
	}
	r.newest = max(r.newest, l.At)
	sig, err := r.signature(index, l)
	if err != nil {
		return err
	}
	got := r.state.Apply(index, l, sig)
	r.report.Outcomes[got.String()]++
	if got == ledger.Repeated {
		r.repeated[l.ID] = nil
		return nil
	}
	if got != ledger.Applied && l.Kind == ledger.Work {
		return &Violation{WorkOwner, at(index), nil}
	}
	if got == ledger.Applied {
		r.notices.Add(l)
	}
	if l.Kind == ledger.Grant && got == ledger.Applied {
		e := l.Evidence(sig)
		if e == ledger.Logged && len(r.report.Witnesses) > 0 {
			e = ledger.Witnessed
		}
		r.report.Grants[e.String()]++
	}
	return r.cites(index, l)
}

func (r *run) signature(index int64, l *ledger.Leaf) (ledger.Signature, error) {
	raw, handed := r.handed[l.ID]
	if l.Sig == (ledger.Hash{}) || !handed && r.Bundles == nil {
		return ledger.Unchecked, nil
	}
	var err error
	if !handed {
		raw, err = r.Bundles(l.ID.String())
	}
	if errors.Is(err, fs.ErrNotExist) || !handed && err == nil && len(raw) == 0 {
		r.report.Missing++
		return ledger.Unchecked, nil
	}
	var b ledger.Bundle
	if err == nil {
		b, err = ledger.DecodeBundle(raw)
	}
	if err == nil {
		_, err = ledger.VerifyBundle(l, &b, r.Party, r.Origins)
	}
	if err != nil {
		return ledger.Forged, &Violation{BundleSigned, at(index), err}
	}
	r.report.Bundles++
	return ledger.Good, nil
}

// alike walks the log once more, if ids came again in it: a leaf may stand twice, as after a crash, but
// another under its id was given out for nothing.
func (r *run) alike() error {
	if len(r.repeated) == 0 {
		return nil
	}
	return r.again(func(index int64, entry []byte, l *ledger.Leaf) error {
		first, there := r.repeated[l.ID]
		switch {
		case !there:
		case first == nil:
			r.repeated[l.ID] = bytes.Clone(entry)
		case !bytes.Equal(first, entry):
			return &Violation{LeafID, at(index), nil}
		}
		return nil
	})
}

// again walks all of the log once more.
func (r *run) again(visit func(index int64, entry []byte, l *ledger.Leaf) error) error {
	err := ledger.Replay(r.Files, r.tree, visit)
	if err == nil {
		return nil
	}
	if errors.Is(err, ledger.ErrOtherLog) {
		return &Violation{Root, "read again", err}
	}
	return walked(err)
}

// cites checks that what was built names what it was built from.
func (r *run) cites(index int64, l *ledger.Leaf) error {
	switch l.Kind {
	case ledger.Snapshot:
		r.snapshots[index] = moment{l.Size, l.At}
	case ledger.Corpus:
		of, ok := r.snapshots[l.Refs[0]]
		if !ok || of.size != l.Size {
			return &Violation{CorpusSnapshot, at(index), nil}
		}
		r.corpora[index] = true
		return r.manifest(index, l, of)
	case ledger.Model:
		for _, ref := range l.Refs {
			if !r.corpora[ref] {
				return &Violation{ModelCorpus, at(index), nil}
			}
		}
		r.models[l.ID] = true
	case ledger.Retire:
		if !r.models[l.Ref] {
			return &Violation{RetiredModel, at(index), nil}
		}
	default:
	}
	return nil
}

func at(index int64) string { return fmt.Sprintf("leaf %d", index) }
