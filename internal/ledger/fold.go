package ledger

import "slices"

// Signature is what is known of the bundle behind a leaf that claims a signature.
type Signature uint8

// The zero value stands for a bundle that is not at hand, as after an erasure: the leaf then
// counts as logged.
const (
	Unchecked Signature = iota
	Good
	Forged
)

// Outcome is what the fold made of a leaf.
type Outcome uint8

// The outcomes.
const (
	Applied  Outcome = iota
	Repeated         // its id was seen before: ignored
	Foreign          // an act on what another account owns: ignored
	Unknown          // on a work or dispute nobody registered: ignored
	Unsigned         // its signature is not by a key active there: what it would open stays shut
	Late             // its index is not beyond those applied before: ignored
)

// Outcomes lists every outcome.
func Outcomes() []Outcome { return []Outcome{Applied, Repeated, Foreign, Unknown, Unsigned, Late} }

// String is the outcome's name.
func (o Outcome) String() string {
	return name(int(o), "applied", "repeated", "foreign", "unknown", "unsigned", "late")
}

// Apply adds the leaf at an index, with what is known of its signature. It is total: a leaf it
// cannot use changes nothing, and one that closes something counts however badly it is signed.
func (s *State) Apply(index int64, l *Leaf, sig Signature) Outcome {
	if index < s.size {
		return Late
	}
	s.size = index + 1
	before := len(s.seen)
	if s.seen[l.ID] = struct{}{}; len(s.seen) == before {
		return Repeated
	}
	sound := s.sound(l, sig)
	switch l.Kind {
	case Work:
		return s.register(index, l, sound)
	case Grant, Revoke:
		return s.decideFor(index, l, sound, sig)
	case Protect:
		return s.protect(index, l, sound)
	case Key:
		return s.key(l, sound)
	case Dispute:
		return s.contest(index, l, sound)
	case Ruling:
		return s.rule(index, l, sound)
	case Erase:
		return s.erase(index, l, sound)
	case Snapshot, Corpus, Model, Retire, Usage, Payout:
		return Applied // what was made of works changes nothing about them
	}
	return Unknown
}

// sound reports whether the leaf claims no signature, or one by a key that is active now and
// whose bundle is not known to be forged.
func (s *State) sound(l *Leaf, sig Signature) bool {
	if l.Sig == (Hash{}) && l.Signer == (Hash{}) {
		return true
	}
	account, ok := s.accounts[l.Account]
	return ok && sig != Forged && l.Sig != Hash{} && slices.Contains(s.keys[account], l.Signer)
}

// outcome is that of a leaf that took effect as far as its signature allows.
func outcome(sound bool) Outcome {
	if !sound {
		return Unsigned
	}
	return Applied
}

func (s *State) accountOf(id ID) uint32 {
	i, ok := s.accounts[id]
	if !ok {
		i = uint32(len(s.account))
		s.accounts[id] = i
		s.account = append(s.account, accountState{id: id})
	}
	return i
}

// collectionOf gives 0 for the zero id: no collection.
func (s *State) collectionOf(account uint32, id ID) uint32 {
	if id == (ID{}) {
		return 0
	}
	key := collectionID{account, id}
	i, ok := s.collections[key]
	if !ok {
		i = uint32(len(s.collection))
		s.collections[key] = i
		s.collection = append(s.collection, row{})
	}
	return i
}

// register makes a work known, or moves its owner's own into another collection.
func (s *State) register(index int64, l *Leaf, sound bool) Outcome {
	if !sound {
		return Unsigned
	}
	if l.Account == (ID{}) || l.Work == (ID{}) {
		return Foreign
	}
	owner := s.accountOf(l.Account)
	i, ok := s.works[l.Work]
	if !ok {
		s.works[l.Work] = uint32(len(s.work))
		s.work = append(s.work, workState{id: l.Work, owner: owner, collection: s.collectionOf(owner, l.Collection), first: index})
		return Applied
	}
	if s.work[i].owner != owner {
		return Foreign
	}
	s.work[i].collection = s.collectionOf(owner, l.Collection)
	return Applied
}

// own finds a work an account acts on.
func (s *State) own(l *Leaf) (*workState, Outcome) {
	i, ok := s.works[l.Work]
	if !ok {
		return nil, Unknown
	}
	if w := &s.work[i]; s.account[w.owner].id == l.Account {
		return w, Applied
	}
	return nil, Foreign
}

// decideFor writes a grant or revoke into the row of the leaf's level. A grant that is badly
// signed or without valid terms decides too: it is the latest word, and the word is no.
func (s *State) decideFor(index int64, l *Leaf, sound bool, sig Signature) Outcome {
	target, got := s.rowOf(l)
	if target == nil {
		return got
	}
	a := act{index: index, reason: Revoked, evidence: l.Evidence(sig)}
	if l.Kind == Grant {
		a.from, a.until = l.From, l.Until
		a.price, a.attribution = l.Terms.Price, l.Terms.Attribution
		a.card = s.cardOf(l.Terms.RateCard)
		a.reason = Granted
		switch {
		case !sound:
			a.reason = BadSignature
		case l.Terms.Price != Free && (l.Terms.Price != Paid || a.card == 0):
			a.reason = NoTerms
		}
	}
	s.acts = append(s.acts, a)
	m := maskOf(l.Uses)
	for i := range target {
		if m&(1<<i) != 0 {
			target[i] = uint32(len(s.acts) - 1)
		}
	}
	return outcome(sound)
}

func (s *State) rowOf(l *Leaf) (*row, Outcome) {
	switch {
	case l.Account == ID{}:
		return nil, Foreign
	case l.Work != ID{}:
		w, got := s.own(l)
		if w == nil {
			return nil, got
		}
		return &w.row, Applied
	case l.Collection != ID{}:
		return &s.collection[s.collectionOf(s.accountOf(l.Account), l.Collection)], Applied
	}
	return &s.account[s.accountOf(l.Account)].row, Applied
}

// Evidence is what the leaf alone proves, with what is known of its signature; witnesses add
// to what is logged.
func (l *Leaf) Evidence(sig Signature) Evidence {
	switch {
	case l.Sig != Hash{} && sig == Good:
		return Signed
	case l.Actor == Platform:
		return Asserted
	}
	return Logged
}

// cardOf numbers rate cards from 1, in the order they come.
func (s *State) cardOf(h Hash) uint32 {
	if h == (Hash{}) {
		return 0
	}
	i, ok := s.cards[h]
	if !ok {
		s.card = append(s.card, h)
		i = uint32(len(s.card))
		s.cards[h] = i
	}
	return i
}

// guardOf finds or makes the guard of what a leaf names: its work, else its account.
func (s *State) guardOf(l *Leaf) (*guard, Outcome) {
	if l.Account == (ID{}) {
		return nil, Foreign
	}
	if l.Work != (ID{}) {
		w, got := s.own(l)
		if w == nil {
			return nil, got
		}
		return s.guardAt(&w.guard), Applied
	}
	return s.guardAt(&s.account[s.accountOf(l.Account)].guard), Applied
}

func (s *State) guardAt(ref *uint32) *guard {
	if *ref == 0 {
		*ref = uint32(len(s.guards))
		s.guards = append(s.guards, guard{})
	}
	return &s.guards[*ref]
}

func (s *State) protect(index int64, l *Leaf, sound bool) Outcome {
	if l.What < Minor || l.What > Brand {
		return Unknown
	}
	g, got := s.guardOf(l)
	switch {
	case g == nil:
		return got
	case !l.Lift:
		g.protected[l.What] = index + 1
	case sound:
		g.protected[l.What] = 0
	}
	return outcome(sound)
}

// key adds, recovers or retires a key. The first key of an account needs no other; later ones
// need an active key's signature, or the two parties who vouch for a recovery, which retires
// every earlier key. Retiring always counts.
func (s *State) key(l *Leaf, sound bool) Outcome {
	if l.Account == (ID{}) {
		return Foreign
	}
	account := s.accountOf(l.Account)
	list, had := s.keys[account]
	switch {
	case l.Lift:
		if had {
			s.keys[account] = slices.DeleteFunc(list, func(h Hash) bool { return h == l.Key })
		}
		return outcome(sound)
	case !sound:
		return Unsigned
	case l.Recovery != Hash{}:
		s.keys[account] = []Hash{l.Key}
	case !had || l.Sig != Hash{}:
		if !slices.Contains(list, l.Key) {
			s.keys[account] = append(list, l.Key)
		}
	default:
		return Unsigned
	}
	return Applied
}

// contest freezes uses of a work. Anybody may contest; who is right a ruling says.
func (s *State) contest(index int64, l *Leaf, sound bool) Outcome {
	i, ok := s.works[l.Work]
	if !ok {
		return Unknown
	}
	g := s.guardAt(&s.work[i].guard)
	m := maskOf(l.Uses)
	s.disputes[l.ID] = disputeRef{i, len(g.disputes)}
	g.disputes = append(g.disputes, dispute{opened: index + 1, asked: m, denied: m})
	return outcome(sound)
}

// rule decides a dispute, again if need be. Upheld, its uses (or those the ruling names) stay
// denied; the rest, or all if it is dismissed, are free of it. What a ruling would free stays
// frozen if it is badly signed or no panel's.
func (s *State) rule(index int64, l *Leaf, sound bool) Outcome {
	ref, ok := s.disputes[l.Ref]
	if !ok || l.Result != Upheld && l.Result != Dismissed {
		return Unknown
	}
	sound = sound && (l.Actor == Panel || l.Actor == Platform)
	d := &s.guards[s.work[ref.work].guard].disputes[ref.n]
	var denied mask
	if l.Result == Upheld {
		denied = d.asked
		if len(l.Uses) > 0 {
			denied &= maskOf(l.Uses)
		}
	}
	if !sound {
		denied |= d.denied
	}
	if sound || l.Result == Upheld {
		d.ruled, d.denied = index+1, denied
	}
	return outcome(sound)
}

func (s *State) erase(index int64, l *Leaf, sound bool) Outcome {
	g, got := s.guardOf(l)
	if g == nil {
		return got
	}
	if g.erased == 0 {
		g.erased = index + 1
	}
	return outcome(sound)
}
