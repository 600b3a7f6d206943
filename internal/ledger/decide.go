package ledger

import (
	"bytes"
	"slices"

	"loam"
	"loam/internal/merkle"
)

// Reason is why a decision is as it is. The list is closed: pages have a sentence for each.
type Reason uint8

// The reasons. Only Granted allows.
const (
	Undecided    Reason = iota // nobody ever said yes
	Granted                    //
	Revoked                    //
	NotYet                     // the grant begins later
	Expired                    // the grant has ended; a wider one does not replace it
	NoTerms                    // the grant costs, and no rate card says what
	BadSignature               // the grant claims a signature by a key that was not active, or that is forged
	Protected                  // Decision.What says by what
	Contested                  // a dispute is open
	Ruled                      // a dispute was upheld
	Erased                     //
	UnknownWork                // nobody registered it
	UnknownUse                 //
	NotHers                    // the work is not of the account asked about
)

// Reasons lists every reason.
func Reasons() []Reason {
	return []Reason{
		Undecided, Granted, Revoked, NotYet, Expired, NoTerms, BadSignature, Protected, Contested, Ruled, Erased,
		UnknownWork, UnknownUse, NotHers,
	}
}

// String is the reason's name.
func (r Reason) String() string {
	return name(int(r), "undecided", "granted", "revoked", "not_yet", "expired", "no_terms", "bad_signature", "protected",
		"contested", "ruled", "erased", "unknown_work", "unknown_use", "not_hers")
}

// Level is where the deciding leaf stands.
type Level uint8

// The levels, from the widest to the most specific.
const (
	NoLevel Level = iota
	AccountLevel
	CollectionLevel
	WorkLevel
)

// String is the level's name.
func (l Level) String() string { return name(int(l), "none", "account", "collection", "work") }

// Evidence is how much a grant proves, L0 to L3.
type Evidence uint8

// The levels of evidence.
const (
	Asserted  Evidence = iota // L0: the platform says so
	Logged                    // L1: dropping or reordering it would be seen
	Witnessed                 // L2: others signed a checkpoint above it
	Signed                    // L3: by the creator's own key; nobody else can make it
)

// String is L0 to L3.
func (e Evidence) String() string { return name(int(e), "L0", "L1", "L2", "L3") }

// Decision is the answer to one question. Index is the deciding leaf's and means nothing where
// Level is NoLevel. From, Until and Terms are those of a grant.
type Decision struct {
	Allow       bool
	Reason      Reason
	What        Protection
	Level       Level
	Evidence    Evidence
	Index       int64
	From, Until int64
	Terms       Terms
}

// Decide answers whether a work may be used so at time t (Unix milliseconds). A zero account
// stands for whoever owns the work. With a zero work it answers for what the account, or its
// collection, decided for works without a word of their own; a work's own collection is the
// one it was registered in, whatever is asked. It allocates nothing.
func (s *State) Decide(account, collection, work ID, use loam.Use, t int64) Decision {
	u := slot(use)
	if u < 0 {
		return Decision{Reason: UnknownUse}
	}
	var d Decision
	if work != (ID{}) {
		i, ok := s.works[work]
		if !ok {
			return Decision{Reason: UnknownWork}
		}
		w := &s.work[i]
		if account != (ID{}) && s.account[w.owner].id != account {
			return Decision{Reason: NotHers}
		}
		d = s.standing(w, &s.account[w.owner], &s.collection[w.collection], u)
	} else {
		i, ok := s.accounts[account]
		if !ok {
			return Decision{Reason: Undecided}
		}
		d = s.standing(nil, &s.account[i], &s.collection[s.collections[collectionID{i, collection}]], u)
	}
	if d.Reason == Granted {
		switch {
		case t < d.From:
			d.Reason = NotYet
		case d.Until != 0 && t >= d.Until:
			d.Reason = Expired
		default:
			d.Allow = true
		}
	}
	return d
}

// standing is the decision but for the time: Granted means that From and Until remain to be
// asked. It is what a snapshot's root is made of.
func (s *State) standing(w *workState, a *accountState, c *row, u int) Decision {
	var ofWork uint32
	if w != nil {
		ofWork = w.guard
	}
	if ofWork|a.guard != 0 {
		if d, ok := s.guarded(&s.guards[ofWork], &s.guards[a.guard], 1<<u); ok {
			return d
		}
	}
	if w != nil && w.row[u] != 0 {
		return s.decided(w.row[u], WorkLevel)
	}
	if c[u] != 0 {
		return s.decided(c[u], CollectionLevel)
	}
	if a.row[u] != 0 {
		return s.decided(a.row[u], AccountLevel)
	}
	return Decision{Reason: Undecided}
}

// guarded is the first part of the rule: erasure, disputes, protections, in this order, those
// of the work before those of its account.
func (s *State) guarded(w, a *guard, use mask) (Decision, bool) {
	if w.erased != 0 {
		return Decision{Reason: Erased, Level: WorkLevel, Index: w.erased - 1}, true
	}
	if a.erased != 0 {
		return Decision{Reason: Erased, Level: AccountLevel, Index: a.erased - 1}, true
	}
	for i := range w.disputes {
		switch d := &w.disputes[i]; {
		case d.denied&use == 0:
		case d.ruled == 0:
			return Decision{Reason: Contested, Level: WorkLevel, Index: d.opened - 1}, true
		default:
			return Decision{Reason: Ruled, Level: WorkLevel, Index: d.ruled - 1}, true
		}
	}
	for p := Minor; p <= Brand; p++ {
		switch {
		case s.covers[p]&use == 0:
		case w.protected[p] != 0:
			return Decision{Reason: Protected, What: p, Level: WorkLevel, Index: w.protected[p] - 1}, true
		case a.protected[p] != 0:
			return Decision{Reason: Protected, What: p, Level: AccountLevel, Index: a.protected[p] - 1}, true
		}
	}
	return Decision{}, false
}

func (s *State) decided(ref uint32, level Level) Decision {
	a := &s.acts[ref]
	d := Decision{
		Reason: a.reason, Level: level, Evidence: a.evidence, Index: a.index, From: a.from, Until: a.until,
		Terms: Terms{Price: a.price, Attribution: a.attribution},
	}
	if a.card != 0 {
		d.Terms.RateCard = s.card[a.card-1]
	}
	if d.Evidence == Logged && a.index < s.witnessed {
		d.Evidence = Witnessed
	}
	return d
}

// StateKey places a work's use in the tree of a state.
func StateKey(work ID, use loam.Use) merkle.Key {
	var k merkle.Key
	copy(k[:16], work[:])
	copy(k[16:], use)
	return k
}

// Leaf is the decision as a state's tree holds it: what the log alone determines, so neither
// the time nor the evidence, which changes when a bundle is erased.
func (d Decision) Leaf() []byte {
	var c codec
	return d.appendLeaf(&c)
}

func (d *Decision) appendLeaf(c *codec) []byte {
	*c = codec{writing: true, buf: c.buf[:0]}
	c.code(1, (*uint8)(&d.Reason), uint8(NotHers))
	c.code(2, (*uint8)(&d.What), uint8(Brand))
	c.code(3, (*uint8)(&d.Level), uint8(WorkLevel))
	c.number(4, &d.Index)
	c.number(5, &d.From)
	c.number(6, &d.Until)
	c.code(7, (*uint8)(&d.Terms.Price), uint8(Paid))
	c.fixed(8, d.Terms.RateCard[:])
	c.flag(9, &d.Terms.Attribution)
	return c.buf
}

// each goes through everything that is decided, by work and use, in the order of StateKey.
func (s *State) each(visit func(k merkle.Key, d *Decision) error) error {
	type entry struct {
		id ID
		at uint32
	}
	order := make([]entry, len(s.work))
	for i := range s.work {
		order[i] = entry{s.work[i].id, uint32(i)}
	}
	slices.SortFunc(order, func(a, b entry) int { return bytes.Compare(a.id[:], b.id[:]) })
	list := loam.Uses()
	slices.Sort(list)
	for _, e := range order {
		w := &s.work[e.at]
		for _, u := range list {
			d := s.standing(w, &s.account[w.owner], &s.collection[w.collection], slot(u))
			if d.Level == NoLevel {
				continue
			}
			if err := visit(StateKey(e.id, u), &d); err != nil {
				return err
			}
		}
	}
	return nil
}

// Root is the root of the state's tree, for snapshot leaves. It sorts every work: take it
// rarely.
func (s *State) Root() (Hash, error) {
	sum := merkle.NewSummer()
	var c codec
	err := s.each(func(k merkle.Key, d *Decision) error { return sum.Add(k, d.appendLeaf(&c)) })
	return sum.Root(), err
}

// Tree is the whole tree, to prove single decisions or their absence from.
func (s *State) Tree() (*merkle.Sorted, error) {
	var keys []merkle.Key
	var leaves [][]byte
	err := s.each(func(k merkle.Key, d *Decision) error {
		keys, leaves = append(keys, k), append(leaves, d.Leaf())
		return nil
	})
	if err != nil {
		return nil, err
	}
	return merkle.NewSorted(keys, func(i int) []byte { return leaves[i] })
}
