package ledger

import (
	"bytes"
	"errors"
	"fmt"
	"slices"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"loam"
	"loam/internal/merkle"
)

// Record is a corpus's line about one work, as its manifest's tree holds it.
type Record struct {
	Work     ID
	Content  Hash  // of what was taken
	State    int64 // size of the snapshot the record cites
	Deciding int64 // index of the grant it relies on
	Body     Hash  // over everything else the manifest says
}

func (r *Record) fields(c *codec) {
	c.fixed(1, r.Work[:])
	c.fixed(2, r.Content[:])
	c.number(3, &r.State)
	c.number(4, &r.Deciding)
	c.fixed(5, r.Body[:])
}

// Encode writes the record in the form of leaves.
func (r *Record) Encode() ([]byte, error) {
	c := writer()
	r.fields(&c)
	return c.written()
}

// DecodeRecord reads what Encode wrote and nothing else.
func DecodeRecord(data []byte) (Record, error) {
	var r Record
	c := reader(data)
	r.fields(&c)
	return r, c.read()
}

// RecordKey places a work in the tree of a manifest.
func RecordKey(work ID) merkle.Key { return StateKey(work, "") }

// Fraud is the case that a no was ignored: everything needed to judge it, offline, with the log's
// key alone.
type Fraud struct {
	Work   merkle.Proof  // receipt of the work's registration by whoever said no
	Revoke merkle.Proof  // receipt of her no: a revocation, a protection, or an erasure
	Corpus merkle.Proof  // receipt of the corpus leaf
	Record []byte        // the manifest's record of the work
	Place  merkle.Place  // where the record stands in the manifest
	Answer *merkle.Proof // what is shown against it: receipt of an older claim, of a later grant, or of the same revocation at an earlier place
}

// Verdict is what a case comes to.
type Verdict uint8

// The verdicts. Only Proven is against the operator.
const (
	Proven         Verdict = iota
	NotARevoke             // no no of the work's registered owner to this work, or to all of hers
	NotTheWork             // the record is about another work or not in that manifest
	NotCovered             // the corpus was built for uses the revocation leaves open
	TooLate                // the revocation came after the snapshot, and had not settled when the corpus was logged
	Regranted              // a grant stands between revocation and snapshot
	RegrantClaimed         // the record cites a later leaf: look at it, or ask the operator for its receipt
	NotTheOwner            // the work was another's before
	NotConclusive          // her no is wider than a revocation of this very work, or her receipt is of a later registration: only the log says what holds
)

// String is the verdict's name.
func (v Verdict) String() string {
	return name(int(v), "proven", "not_a_revoke", "not_the_work", "not_covered", "too_late", "regranted", "regrant_claimed",
		"not_the_owner", "not_conclusive")
}

// CheckFraud judges a case by its receipts alone. A receipt that does not hold is an error; a case
// that holds together but proves nothing has the verdict that says why. Only a revocation at the
// work's own level is conclusive: nothing but a later grant at that level can override it.
func CheckFraud(f Fraud, log note.Verifier) (Verdict, error) {
	c, v, err := f.open(log)
	if err != nil || v != Proven {
		return v, err
	}
	var answer receipt // of no kind where nothing is shown
	if f.Answer != nil {
		if answer, err = openReceipt(*f.Answer, log); err != nil {
			return 0, err
		}
	}
	// The corpus's own leaf fixes the state, whatever the record says of it; that cites no leaf beyond.
	cites := func(after int64) bool { return c.record.Deciding > after && c.record.Deciding < c.corpus.leaf.Size }
	claimed := cites(c.revoke.index)
	regranted := c.regrants(answer)
	switch {
	case answer.leaf.Kind == Work && answer.leaf.Work == c.work.leaf.Work && answer.leaf.Account != c.work.leaf.Account &&
		answer.index < c.work.index:
		return NotTheOwner, nil
	case c.unregistered || c.revoke.leaf.Kind != Revoke || c.revoke.leaf.Work == ID{}:
		return NotConclusive, nil
	case regranted == c.contested:
		return Regranted, nil
	case answer.index < c.revoke.index && bytes.Equal(answer.entry, c.revoke.entry):
		claimed = cites(answer.index) // of a leaf that was written twice the first counts
	case f.Answer != nil && answer.index == c.record.Deciding && regranted == 0 &&
		(answer.leaf.Kind != Grant || maskOf(answer.leaf.Uses)&maskOf(c.corpus.leaf.Uses)&^c.contested == 0):
		claimed = false // the leaf it cites grants none of this, nor another use of the corpus it could be cited for
	}
	if claimed {
		return RegrantClaimed, nil
	}
	return Proven, nil
}

// ReplayFraud judges a case by the whole log: whether what the corpus had to heed (Leaf.Binds) grants
// what she revoked, as the verifier asks it. A log that does not read or lead to its checkpoint, or has
// another leaf where a receipt says one stands, is an error: it takes nothing from what the receipts
// prove.
func ReplayFraud(f Fraud, files merkle.Files, head merkle.Checkpoint, log note.Verifier) (Verdict, error) {
	c, v, err := f.open(log)
	if err != nil || v != Proven && v != TooLate {
		return v, err
	}
	corpus, first := &c.corpus.leaf, int64(-1)
	moment, now, before, left := corpus.At, int64(0), int64(0), 3
	state, registered := NewState(), !c.unregistered
	err = Replay(files, head.Tree, func(index int64, entry []byte, l *Leaf) error {
		for _, r := range []*receipt{&c.work, &c.revoke, &c.corpus} {
			if index == r.index {
				if !bytes.Equal(entry, r.entry) {
					return loam.Fail(loam.Invalid, "log.proof").Because(errors.New("the log has another leaf where a receipt says one stands"))
				}
				left--
			}
		}
		if slices.Contains(corpus.Refs, index) && l.Kind == Snapshot && l.Size == corpus.Size {
			moment = l.At
		}
		if bytes.Equal(entry, c.revoke.entry) {
			owner, _ := state.Owner(c.work.leaf.Work)
			counts := c.revoke.leaf.Work == ID{} || owner == c.work.leaf.Account
			if first < 0 && (counts || index == c.revoke.index) { // of a leaf that was written twice the first counts
				first, before = index, now
			}
			registered = registered || counts && index == c.revoke.index // her receipt is of the same, written again
		}
		if index < c.revoke.index { // who owns the work is asked up to there
			state.Apply(index, l, Unchecked)
		}
		if index <= c.corpus.index {
			now = max(now, l.At)
		}
		return nil
	})
	if err == nil && left != 0 {
		err = loam.Fail(loam.Invalid, "log.proof").Because(errors.New("the log is shorter than the receipts say"))
	}
	if err != nil {
		return 0, err
	}
	if !registered {
		return NotARevoke, nil
	}
	if !c.revoke.leaf.Binds(first, corpus, c.corpus.index, before, now) {
		return TooLate, nil
	}
	// What had settled lacks a newer yes, so a no counts that holds there and still where the corpus stands.
	full, settled := NewState(), NewHeeded(corpus, c.corpus.index, now)
	denies := func(state *State, at int64) (yes bool) {
		for _, u := range loam.Uses() {
			yes = yes || c.contested&maskOf([]loam.Use{u}) != 0 && !state.Decide(ID{}, ID{}, c.work.leaf.Work, u, at).Allow
		}
		return yes
	}
	atSnapshot, atCorpus := false, false
	err = Replay(files, head.Tree, func(index int64, entry []byte, l *Leaf) error {
		if index == corpus.Size {
			atSnapshot = denies(full, moment)
		}
		if index == c.corpus.index {
			atCorpus = denies(full, corpus.At)
		}
		if index == first { // an id belongs to one leaf: nothing that was logged under hers before makes her no void
			delete(full.seen, l.ID)
			delete(settled.seen, l.ID)
		}
		settled.Next(index, l)
		full.Apply(index, l, Unchecked)
		return nil
	})
	switch {
	case err != nil:
		return 0, err
	case settled.Decide(c.revoke.leaf.Account, ID{}, c.work.leaf.Work, loam.UseIndex, moment).Reason == NotHers:
		return NotTheOwner, nil
	case atSnapshot, atCorpus && denies(settled.State, settled.Moment(moment)):
		return Proven, nil
	}
	return Regranted, nil
}

// ErrOtherLog is why a log that leads to another root is not replayed.
var ErrOtherLog = errors.New("the log is not the one of its checkpoint")

// Replay walks all leaves of a log and holds it to the root of its tree, each time anew: whoever serves
// it may answer twice differently. Another is Invalid, "log.proof", by ErrOtherLog.
func Replay(files merkle.Files, tree tlog.Tree, visit func(index int64, entry []byte, l *Leaf) error) error {
	root, err := files.Walk(tree.N, func(index int64, entry []byte, _ func() merkle.Hash) error {
		l, err := Decode(entry)
		if err == nil {
			err = visit(index, entry, &l)
		}
		return err
	})
	if err == nil && root != tree.Hash {
		err = loam.Fail(loam.Invalid, "log.proof").Because(fmt.Errorf("%w: it leads to %s", ErrOtherLog, root))
	}
	return err
}

// opened is a case whose receipts hold.
type opened struct {
	work, revoke, corpus receipt
	record               Record
	contested            mask // the uses the corpus was built for and her no closed
	unregistered         bool // by its receipt the work was registered after her no to it
}

// receipt is a leaf and where the log has it.
type receipt struct {
	leaf  Leaf
	index int64
	entry []byte
}

// open verifies the receipts of a case and sees whether they are about one thing, which is Proven so
// far.
func (f Fraud) open(log note.Verifier) (c opened, v Verdict, err error) {
	if c.work, err = openReceipt(f.Work, log); err != nil {
		return c, 0, err
	}
	if c.revoke, err = openReceipt(f.Revoke, log); err != nil {
		return c, 0, err
	}
	if c.corpus, err = openReceipt(f.Corpus, log); err != nil {
		return c, 0, err
	}
	if c.record, err = DecodeRecord(f.Record); err != nil {
		return c, 0, err
	}
	work, revoke, corpus := &c.work.leaf, &c.revoke.leaf, &c.corpus.leaf
	closed := revoke.closes()
	c.contested = closed & maskOf(corpus.Uses)
	c.unregistered = revoke.Work != ID{} && c.work.index >= c.revoke.index
	switch {
	case work.Kind != Work || closed == 0 || work.Account != revoke.Account ||
		revoke.Work != ID{} && revoke.Work != work.Work:
		v = NotARevoke
	case corpus.Kind != Corpus || c.record.Work != work.Work || !f.Place.Verify(corpus.Hash, RecordKey(c.record.Work), f.Record):
		v = NotTheWork
	case c.contested == 0:
		v = NotCovered
	case c.revoke.index >= corpus.Size:
		v = TooLate
	}
	return c, v, nil
}

// closes gives the uses a leaf says no to.
func (l *Leaf) closes() mask {
	switch {
	case l.Kind == Revoke:
		return maskOf(l.Uses)
	case l.Kind == Erase:
		return maskOf(loam.Uses())
	case l.Kind == Protect && !l.Lift:
		return maskOf(slices.DeleteFunc(loam.Uses(), func(u loam.Use) bool { return !l.What.Covers(u) }))
	}
	return 0
}

// regrants gives the contested uses that a leaf opens again, as far as it can be told without the
// log: when a grant ends is asked at the snapshot's moment, which no receipt here has.
func (c *opened) regrants(a receipt) mask {
	if a.leaf.Kind != Grant || a.leaf.Work != c.revoke.leaf.Work || a.leaf.Account != c.revoke.leaf.Account ||
		a.index <= c.revoke.index || a.index >= c.corpus.leaf.Size || a.leaf.From > c.corpus.leaf.At || a.leaf.Validate() != nil {
		return 0
	}
	return c.contested & maskOf(a.leaf.Uses)
}

// openReceipt verifies a receipt and reads its leaf.
func openReceipt(p merkle.Proof, log note.Verifier) (r receipt, err error) {
	if p.Entry == nil {
		return r, loam.Fail(loam.Invalid, "log.proof").Because(errors.New("a receipt without its leaf"))
	}
	r.index = p.Index
	if r.leaf, r.entry, _, err = SplitExtra(p.Entry); err != nil {
		return r, err
	}
	_, err = p.Verify(r.entry, log)
	return r, err
}
