package ledger

import (
	"errors"
	"slices"

	"loam"
)

// Sets of fields, by the keys of Leaf.fields.
const (
	fAccount     uint64 = 1 << 5
	fCollection  uint64 = 1 << 6
	fWork        uint64 = 1 << 7
	fUses        uint64 = 1 << 8
	fFrom        uint64 = 1 << 9
	fUntil       uint64 = 1 << 10
	fPrice       uint64 = 1 << 11
	fRateCard    uint64 = 1 << 12
	fAttribution uint64 = 1 << 13
	fKey         uint64 = 1 << 18
	fHash        uint64 = 1 << 19
	fSize        uint64 = 1 << 20
	fRefs        uint64 = 1 << 21
	fRef         uint64 = 1 << 22
	fWhat        uint64 = 1 << 23
	fLift        uint64 = 1 << 24
	fResult      uint64 = 1 << 25
	fPolicy      uint64 = 1 << 26
	fCode        uint64 = 1 << 27
	fPeriod      uint64 = 1 << 28
	fPool        uint64 = 1 << 29
	fTotal       uint64 = 1 << 30
	fRecovery    uint64 = 1 << 31

	fEvery uint64 = 1<<1 | 1<<2 | 1<<3 | 1<<4 // v, kind, id, at
	fAny   uint64 = 1<<14 | 1<<15 | 1<<16 | 1<<17
)

// form gives which fields a kind needs besides fEvery and which it may have besides fAny.
func (k Kind) form() (need, may uint64) {
	switch k {
	case Work:
		return fAccount | fWork | fHash, fCollection
	case Grant:
		return fAccount | fUses | fPrice, fCollection | fWork | fFrom | fUntil | fRateCard | fAttribution
	case Revoke:
		return fAccount | fUses, fCollection | fWork
	case Protect:
		return fAccount | fWhat, fWork | fLift
	case Key:
		return fAccount | fKey, fLift | fRecovery
	case Snapshot:
		return fHash | fSize, 0
	case Corpus:
		return fRefs | fHash | fSize | fUses | fPolicy | fCode, 0
	case Model:
		return fRefs, fUses | fHash
	case Retire:
		return fRef, 0
	case Usage:
		return fHash | fSize, 0
	case Payout:
		return fPeriod | fHash, fPool | fTotal
	case Dispute:
		return fWork | fUses, fAccount
	case Ruling:
		return fRef | fResult, fUses
	case Erase:
		return fAccount, fWork
	}
	return 0, 0
}

// Validate reports what keeps the leaf from being appended: a field its kind needs or forbids,
// or fields that contradict each other. That it stands at its place in the log, and whose work
// it is, the fold and the verifier judge.
func (l *Leaf) Validate() error {
	c := writer()
	l.fields(&c)
	need, may := l.Kind.form()
	need |= fEvery
	err := c.err
	switch {
	case err != nil:
	case l.Kind == 0:
		err = errors.New("no kind")
	case c.seen&need != need:
		err = errors.New("a field is missing")
	case c.seen&^(need|may|fAny) != 0:
		err = errors.New("a field does not belong")
	case (l.Sig == Hash{}) != (l.Signer == Hash{}):
		err = errors.New("a signature without its key, or a key without its signature")
	case l.Kind != Work && l.Collection != ID{} && l.Work != ID{}:
		err = errors.New("two levels at once")
	case l.Until != 0 && l.Until <= l.From:
		err = errors.New("it ends before it begins")
	case (l.Terms.Price == Paid) != (l.Terms.RateCard != Hash{}):
		err = errors.New("a rate card belongs to a paid grant")
	case l.Kind == Corpus && len(l.Refs) != 1:
		err = errors.New("a corpus has one snapshot")
	case l.Kind == Key && l.Lift && l.Recovery != Hash{}:
		err = errors.New("a key is retired or recovered")
	case l.Kind == Ruling && l.Result == Dismissed && len(l.Uses) > 0:
		err = errors.New("a dismissal is whole")
	}
	if err != nil {
		return loam.Fail(loam.Invalid, "ledger.unfit", l.Kind).Because(err)
	}
	return nil
}

// SortUses brings uses into the order a leaf needs, each once.
func SortUses(uses ...loam.Use) []loam.Use {
	uses = slices.Clone(uses)
	slices.Sort(uses)
	return slices.Compact(uses)
}
