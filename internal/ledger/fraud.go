package ledger

import (
	"errors"

	"golang.org/x/mod/sumdb/note"

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

// Fraud is the case that a revocation was ignored: everything needed to judge it, offline,
// with the log's key alone.
type Fraud struct {
	Work   merkle.Proof  // receipt of the work's registration by whoever revoked
	Revoke merkle.Proof  // receipt of her revocation
	Corpus merkle.Proof  // receipt of the corpus leaf
	Record []byte        // the manifest's record of the work
	Place  merkle.Place  // where the record stands in the manifest
	Answer *merkle.Proof // what is shown against it, the leaf the record cites: receipt of an older claim or a later grant
}

// Verdict is what a case comes to.
type Verdict uint8

// The verdicts. Only Proven is against the operator.
const (
	Proven         Verdict = iota
	NotARevoke             // no revoke of this very work by its registered owner
	NotTheWork             // the record is about another work or not in that manifest
	NotCovered             // the corpus was built for uses the revocation leaves open
	TooLate                // the revocation came after the snapshot
	Regranted              // the operator shows a grant between revocation and snapshot
	RegrantClaimed         // the record cites a later leaf: look at it, or ask the operator for its receipt
	NotTheOwner            // the operator shows that the work was another's before
)

// String is the verdict's name.
func (v Verdict) String() string {
	return name(int(v), "proven", "not_a_revoke", "not_the_work", "not_covered", "too_late", "regranted", "regrant_claimed",
		"not_the_owner")
}

// CheckFraud judges a case. A receipt that does not hold is an error; a case that holds
// together but proves nothing has the verdict that says why. Only a revocation at the work's
// own level is conclusive: nothing but a later grant at that level can override it.
func CheckFraud(f Fraud, log note.Verifier) (Verdict, error) {
	work, _, err := opened(f.Work, log)
	if err != nil {
		return 0, err
	}
	revoke, at, err := opened(f.Revoke, log)
	if err != nil {
		return 0, err
	}
	corpus, _, err := opened(f.Corpus, log)
	if err != nil {
		return 0, err
	}
	record, err := DecodeRecord(f.Record)
	if err != nil {
		return 0, err
	}
	contested := maskOf(revoke.Uses) & maskOf(corpus.Uses)
	switch {
	case work.Kind != Work || revoke.Kind != Revoke || revoke.Work == ID{} || work.Work != revoke.Work ||
		work.Account != revoke.Account || f.Work.Index >= at:
		return NotARevoke, nil
	case corpus.Kind != Corpus || record.Work != revoke.Work || !f.Place.Verify(corpus.Hash, RecordKey(record.Work), f.Record):
		return NotTheWork, nil
	case contested == 0:
		return NotCovered, nil
	case at >= corpus.Size:
		return TooLate, nil
	}
	// The corpus's own leaf fixes the state, whatever the record says of it; that cites no leaf beyond.
	claimed := record.Deciding > at && record.Deciding < corpus.Size
	if f.Answer != nil {
		answer, index, err := opened(*f.Answer, log)
		if err != nil {
			return 0, err
		}
		regrants := answer.Kind == Grant && answer.Work == revoke.Work && answer.Account == revoke.Account && index > at && index < corpus.Size
		switch {
		case answer.Kind == Work && answer.Work == work.Work && answer.Account != work.Account && index < f.Work.Index:
			return NotTheOwner, nil
		case answer.ID == revoke.ID && index < at:
			return NotARevoke, nil // the revocation repeats an id, so the fold never saw it
		case regrants && contested&^maskOf(answer.Uses) == 0:
			return Regranted, nil
		case index == record.Deciding && (!regrants || contested&maskOf(answer.Uses) == 0):
			claimed = false // the leaf it cites grants none of this
		}
	}
	if claimed {
		return RegrantClaimed, nil
	}
	return Proven, nil
}

// opened verifies a receipt and reads its leaf.
func opened(p merkle.Proof, log note.Verifier) (Leaf, int64, error) {
	if p.Entry == nil {
		return Leaf{}, 0, loam.Fail(loam.Invalid, "log.proof").Because(errors.New("a receipt without its leaf"))
	}
	entry, _, err := SplitExtra(p.Entry)
	if err != nil {
		return Leaf{}, 0, err
	}
	if _, err := p.Verify(entry, log); err != nil {
		return Leaf{}, 0, err
	}
	l, err := Decode(entry)
	return l, p.Index, err
}
