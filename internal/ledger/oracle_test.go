package ledger

import (
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"loam"
)

// event is a leaf as it stands in a history: its index is its place.
type event struct {
	leaf Leaf
	sig  Signature
}

// history answers every question by reading all of itself, from the words of the rule. It
// keeps nothing between questions and shares nothing with State but types and Covers.
type history []event

// counted says whether the leaf at an index is read at all: not if its id came before.
func (h history) counted(i int) bool {
	for _, e := range h[:i] {
		if e.leaf.ID == h[i].leaf.ID {
			return false
		}
	}
	return true
}

// active says whether a key may sign for an account just before an index.
func (h history) active(account ID, key Hash, before int) bool {
	on := false
	for i := range before {
		l := h[i].leaf
		if l.Kind != Key || l.Account != account || !h.counted(i) {
			continue
		}
		switch {
		case l.Lift:
			on = on && l.Key != key
		case !h.soundAt(i):
		case l.Recovery != Hash{}:
			on = l.Key == key
		case l.Sig != Hash{} || !h.hadKey(account, i):
			on = on || l.Key == key
		}
	}
	return on
}

// hadKey says whether an account ever got a key before an index.
func (h history) hadKey(account ID, before int) bool {
	for i := range before {
		l := h[i].leaf
		if l.Kind == Key && l.Account == account && !l.Lift && h.counted(i) && h.soundAt(i) {
			return true // the first sound one always counts
		}
	}
	return false
}

func (h history) soundAt(i int) bool {
	l := h[i].leaf
	if l.Sig == (Hash{}) && l.Signer == (Hash{}) {
		return true
	}
	return l.Sig != Hash{} && h[i].sig != Forged && h.active(l.Account, l.Signer, i)
}

// owner is who registered a work first, and collection where its owner put it last.
func (h history) owner(work ID, before int) (owner, collection ID, ok bool) {
	for i := range before {
		l := h[i].leaf
		if l.Kind != Work || l.Work != work || l.Account == (ID{}) || work == (ID{}) || !h.counted(i) || !h.soundAt(i) {
			continue
		}
		if !ok {
			owner, ok = l.Account, true
		}
		if l.Account == owner {
			collection = l.Collection
		}
	}
	return owner, collection, ok
}

// mine says whether the act at an index may concern what it names.
func (h history) mine(i int) bool {
	l := h[i].leaf
	if !h.counted(i) || l.Account == (ID{}) {
		return false
	}
	if l.Work == (ID{}) {
		return true
	}
	owner, _, ok := h.owner(l.Work, i)
	return ok && owner == l.Account
}

// ask is the rule.
func (h history) ask(account, collection, work ID, use loam.Use, t int64, witnessed int64) Decision {
	if !slices.Contains(loam.Uses(), use) {
		return Decision{Reason: UnknownUse}
	}
	if work != (ID{}) {
		owner, in, ok := h.owner(work, len(h))
		if !ok {
			return Decision{Reason: UnknownWork}
		}
		if account != (ID{}) && account != owner {
			return Decision{Reason: NotHers}
		}
		account, collection = owner, in
	}
	if d, ok := h.denied(account, work, use); ok {
		return d
	}
	// Most specific level first, within it the latest word.
	for _, level := range []Level{WorkLevel, CollectionLevel, AccountLevel} {
		for i := len(h) - 1; i >= 0; i-- {
			l := h[i].leaf
			at := AccountLevel
			if l.Work != (ID{}) {
				at = WorkLevel
			} else if l.Collection != (ID{}) {
				at = CollectionLevel
			}
			if l.Kind != Grant && l.Kind != Revoke || at != level || !h.mine(i) || !slices.Contains(l.Uses, use) || l.Account != account ||
				at == WorkLevel && l.Work != work || at == CollectionLevel && l.Collection != collection {
				continue
			}
			return h.word(i, level, t, witnessed)
		}
	}
	return Decision{Reason: Undecided}
}

func (h history) word(i int, level Level, t, witnessed int64) Decision {
	l := h[i].leaf
	d := Decision{Level: level, Index: int64(i)}
	switch {
	case l.Sig != Hash{} && h[i].sig == Good:
		d.Evidence = Signed
	case l.Actor == Platform:
		d.Evidence = Asserted
	case int64(i) < witnessed:
		d.Evidence = Witnessed
	default:
		d.Evidence = Logged
	}
	if l.Kind == Revoke {
		d.Reason = Revoked
		return d
	}
	d.From, d.Until, d.Terms = l.From, l.Until, l.Terms
	free := l.Terms.Price == Free
	paid := l.Terms.Price == Paid && l.Terms.RateCard != Hash{}
	switch {
	case !h.soundAt(i):
		d.Reason = BadSignature
	case !free && !paid:
		d.Reason = NoTerms
	case t < l.From:
		d.Reason = NotYet
	case l.Until > 0 && l.Until <= t:
		d.Reason = Expired
	default:
		d.Reason, d.Allow = Granted, true
	}
	return d
}

// denied looks for what no grant can override.
func (h history) denied(account, work ID, use loam.Use) (Decision, bool) {
	for _, of := range []struct {
		level Level
		id    ID
	}{{WorkLevel, work}, {AccountLevel, ID{}}} {
		for i, e := range h {
			if e.leaf.Kind == Erase && e.leaf.Account == account && e.leaf.Work == of.id && (of.level == AccountLevel || work != ID{}) && h.mine(i) {
				return Decision{Reason: Erased, Level: of.level, Index: int64(i)}, true
			}
		}
	}
	for i, e := range h {
		if e.leaf.Kind != Dispute || e.leaf.Work != work || work == (ID{}) || !h.counted(i) {
			continue
		}
		if _, _, known := h.owner(work, i); !known || !slices.Contains(e.leaf.Uses, use) {
			continue
		}
		denies, at, reason := true, i, Contested
		for j := i + 1; j < len(h); j++ {
			r := h[j].leaf
			if r.Kind != Ruling || r.Ref != e.leaf.ID || !h.counted(j) {
				continue
			}
			mayFree := h.soundAt(j) && (r.Actor == Panel || r.Actor == Platform)
			switch {
			case r.Result == Dismissed && mayFree:
				denies, at, reason = false, j, Ruled
			case r.Result == Upheld:
				names := len(r.Uses) == 0 || slices.Contains(r.Uses, use)
				denies, at, reason = names || denies && !mayFree, j, Ruled
			}
		}
		if denies {
			return Decision{Reason: reason, Level: WorkLevel, Index: int64(at)}, true
		}
	}
	for what := Minor; what <= Brand; what++ {
		if !what.Covers(use) {
			continue
		}
		for _, level := range []Level{WorkLevel, AccountLevel} {
			last := -1
			for i, e := range h {
				l := e.leaf
				if l.Kind != Protect || l.What != what || l.Account != account || !h.mine(i) ||
					level == WorkLevel && (l.Work != work || work == ID{}) || level == AccountLevel && l.Work != (ID{}) {
					continue
				}
				if !l.Lift {
					last = i
				} else if h.soundAt(i) {
					last = -1
				}
			}
			if last >= 0 {
				return Decision{Reason: Protected, What: what, Level: level, Index: int64(last)}, true
			}
		}
	}
	return Decision{}, false
}

// draw gives numbers below n: rapid's, which shrink, or a seeded generator's, which is fast.
type draw func(n int) int

func id(kind byte, n int) ID { return ID{kind, byte(n), byte(n >> 8)} }

func hash(kind byte, n int) Hash { return Hash{kind, byte(n)} }

// someLeaf makes any leaf of few accounts, collections, works, keys and moments, so that they
// meet; n is its place.
func someLeaf(d draw, n int) event {
	l := Leaf{V: 1, ID: id('l', n), At: int64(d(100)), Account: id('a', 1+d(3))}
	if n > 0 && d(20) == 0 {
		l.ID = id('l', d(n)) // a repeated id
	}
	l.Kind = []Kind{Work, Work, Grant, Grant, Grant, Grant, Revoke, Revoke, Protect, Key, Key, Dispute, Dispute, Ruling, Ruling, Erase}[d(16)]
	if l.Kind == Erase && d(3) > 0 {
		l.Kind = Grant
	}
	level := d(5)
	if level < 3 || l.Kind == Work || l.Kind == Dispute {
		l.Work = id('w', 1+d(4))
	} else if level == 3 {
		l.Collection = id('c', 1+d(2))
	}
	var uses []loam.Use
	for range 1 + d(4) {
		uses = append(uses, loam.Uses()[d(12)])
	}
	if d(12) == 0 {
		uses = append(uses, "telepathy")
	}
	l.Actor = Actor(d(4))
	sig := Unchecked
	if d(3) == 0 {
		l.Sig, l.Signer = hash('s', n+1), hash('k', d(4))
		sig = Signature(d(3))
	}
	switch l.Kind {
	case Work:
		l.Collection = id('c', d(3))
		if d(3) == 0 {
			l.Collection = ID{}
		}
	case Grant:
		l.Uses = SortUses(uses...)
		l.From = int64(d(3) * 10)
		if d(2) == 0 {
			l.Until = l.From + int64(10+d(30))
		}
		l.Terms = Terms{Price: Price(1 + d(2)), Attribution: d(2) == 0}
		if d(3) > 0 && l.Terms.Price == Paid {
			l.Terms.RateCard = hash('r', 1+d(2))
		}
		if d(30) == 0 {
			l.Terms.Price = 0
		}
	case Revoke, Dispute:
		l.Uses = SortUses(uses...)
		if l.Kind == Dispute && d(2) == 0 {
			l.Account = ID{}
		}
	case Protect:
		l.What, l.Lift, l.Collection = Protection(1+d(7)), d(3) == 0, ID{}
	case Key:
		l.Key, l.Lift, l.Work, l.Collection = hash('k', d(4)), d(5) == 0, ID{}, ID{}
		if !l.Lift && d(4) == 0 {
			l.Recovery = hash('y', 1)
		}
	case Ruling:
		l.Ref, l.Result, l.Work, l.Collection = id('l', d(n+1)), Result(1+d(2)), ID{}, ID{}
		if d(3) == 0 && l.Result == Upheld {
			l.Uses = SortUses(uses...)
		}
		if d(2) == 0 {
			l.Actor = Panel
		}
	case Erase:
		l.Collection = ID{}
	}
	return event{l, sig}
}

// compare folds a history leaf by leaf and asks both: a few questions after each leaf, and
// everything at one place where the process might have died and started anew.
func compare(d draw) string {
	n := 3 + d(22)
	witnessed := int64(d(n))
	cut := d(n)
	var h history
	s := NewState()
	s.Witness(witnessed)
	for i := range n {
		e := someLeaf(d, i)
		h = append(h, e)
		s.Apply(int64(i), &e.leaf, e.sig)
		if i == cut {
			s = NewState()
			s.Witness(witnessed)
			for j := range h {
				s.Apply(int64(j), &h[j].leaf, h[j].sig)
			}
		}
		for range 2 {
			if diff := question(d, h, s, witnessed); diff != "" {
				return diff
			}
		}
	}
	for range 6 {
		if diff := question(d, h, s, witnessed); diff != "" {
			return diff
		}
	}
	return ""
}

func question(d draw, h history, s *State, witnessed int64) string {
	var account, collection, work ID
	if d(3) == 0 {
		account = id('a', 1+d(3))
	}
	if d(6) > 0 {
		work = id('w', 1+d(4))
	} else {
		account, collection = id('a', 1+d(3)), id('c', d(3))
		if d(2) == 0 {
			collection = ID{}
		}
	}
	use := loam.Use("telepathy")
	if i := d(30); i > 0 {
		use = loam.Uses()[i%12]
	}
	t := int64(d(60))
	want, got := h.ask(account, collection, work, use, t, witnessed), s.Decide(account, collection, work, use, t)
	if want != got {
		return fmt.Sprintf("%v %v %v %s at %d\n%s\n%+v", account, collection, work, use, t, cmp.Diff(want, got), h)
	}
	return ""
}

func TestDecideEqualsOracle(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		diff := compare(func(n int) int { return rapid.IntRange(0, n-1).Draw(t, "") })
		if diff != "" {
			t.Fatal(diff)
		}
	})
}

// TestManyHistories runs 20,000 random histories, a million in the long tests.
func TestManyHistories(t *testing.T) {
	t.Parallel()
	count := 20_000
	if os.Getenv("LOAM_TEST_SOAK") != "" {
		count = 1_000_000
	}
	var wg sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for w := range workers {
		wg.Go(func() {
			for seed := w; seed < count; seed += workers {
				r := rand.New(rand.NewPCG(uint64(seed), 6))
				if diff := compare(r.IntN); diff != "" {
					t.Errorf("history %d: %s", seed, diff)
					return
				}
			}
		})
	}
	wg.Wait()
}

// TestHistoriesMeet: the random histories reach every reason, level and kind of evidence, so
// that agreement on them means something.
func TestHistoriesMeet(t *testing.T) {
	t.Parallel()
	reasons, outcomes := map[Reason]int{}, map[Outcome]int{}
	for seed := range uint64(4000) {
		r := rand.New(rand.NewPCG(seed, 7))
		s := NewState()
		for i := range 25 {
			e := someLeaf(r.IntN, i)
			outcomes[s.Apply(int64(i), &e.leaf, e.sig)]++
		}
		for range 20 {
			reasons[s.Decide(ID{}, ID{}, id('w', 1+r.IntN(5)), loam.Uses()[r.IntN(12)], int64(r.IntN(60))).Reason]++
		}
		reasons[s.Decide(id('a', 1), ID{}, id('w', 1), loam.UseIndex, 5).Reason]++
		reasons[s.Decide(ID{}, ID{}, id('w', 1), "telepathy", 5).Reason]++
	}
	for _, r := range Reasons() {
		if reasons[r] < 20 {
			t.Errorf("%s came up %d times", r, reasons[r])
		}
	}
	for _, o := range Outcomes() {
		if o != Late && outcomes[o] < 20 {
			t.Errorf("%s came up %d times", o, outcomes[o])
		}
	}
}

// TestEveryUseHasItsPlace: a use that is added to the root package needs a slot here, and a
// name that fits the key of a state's tree.
func TestEveryUseHasItsPlace(t *testing.T) {
	t.Parallel()
	taken := map[int]loam.Use{}
	for _, u := range loam.Uses() {
		i := slot(u)
		if i < 0 || i >= uses || taken[i] != "" || len(u) > 16 {
			t.Errorf("%s has the place %d beside %q", u, i, taken[i])
		}
		taken[i] = u
	}
	if len(taken) != uses {
		t.Errorf("%d places for %d uses", uses, len(taken))
	}
}

// TestLateLeaf: what comes out of order changes nothing.
func TestLateLeaf(t *testing.T) {
	t.Parallel()
	s := NewState()
	w, g := fit()[Work], fit()[Revoke]
	if got := s.Apply(5, &w, Unchecked); got != Applied || s.Size() != 6 {
		t.Fatalf("%s, size %d", got, s.Size())
	}
	if got := s.Apply(5, &g, Unchecked); got != Late || s.Size() != 6 {
		t.Errorf("%s, size %d", got, s.Size())
	}
	if d := s.Decide(ID{}, ID{}, w.Work, loam.UseTrainText, 0); d.Reason != Undecided {
		t.Errorf("a late leaf decided: %+v", d)
	}
	if owner, ok := s.Owner(w.Work); !ok || owner != w.Account {
		t.Errorf("the owner is %s", owner)
	}
	if _, ok := s.Owner(ID{9}); ok {
		t.Error("a work nobody registered has an owner")
	}
}
