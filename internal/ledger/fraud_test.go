package ledger_test

import (
	"bytes"
	"slices"
	"testing"

	"loam"
	. "loam/internal/ledger"
	"loam/internal/merkle"
	"loam/internal/merkle/merkletest"
)

// scene is a log in which a corpus may have used what was revoked.
type scene struct {
	log    *merkletest.Log
	n      int64
	leaves []Leaf
}

func (s *scene) add(t *testing.T, l Leaf) int64 {
	t.Helper()
	l.V = 1
	if l.At == 0 {
		l.At = 1
	}
	if l.ID == (ID{}) {
		l.ID = ID{byte(s.n + 1)}
	}
	raw, err := l.Encode()
	if err != nil {
		t.Fatal(err)
	}
	s.log.Append(t, raw)
	s.leaves = append(s.leaves, l)
	s.n++
	return s.n - 1
}

func TestFraud(t *testing.T) {
	t.Parallel()
	her, other, work := ID{1}, ID{2}, ID{3}
	text, both := []loam.Use{loam.UseTrainText}, []loam.Use{loam.UseTrainImage, loam.UseTrainText}
	type plan struct {
		early      ID   // who registered the work before
		unknown    bool // the revocation comes before the registration
		account    ID   // who revokes
		level      ID   // the revoked work
		uses       []loam.Use
		after      bool // the revocation comes after the snapshot
		regrant    []loam.Use
		repeat     bool  // the revocation has the registration's id
		deciding   int64 // of the record
		cites      int64 // added to the record's snapshot
		inManifest ID
		answer     string
		want       Verdict
	}
	honest := plan{account: her, level: work, uses: text, deciding: 1, inManifest: work}
	with := func(change func(*plan)) plan { p := honest; change(&p); return p }
	for name, p := range map[string]plan{
		"revoked before":       honest,
		"one of several":       with(func(p *plan) { p.uses = []loam.Use{loam.UseStyle, loam.UseTrainText} }),
		"by another":           with(func(p *plan) { p.account, p.want = other, NotARevoke }),
		"of the account":       with(func(p *plan) { p.level, p.want = ID{}, NotConclusive }),
		"of another work":      with(func(p *plan) { p.inManifest, p.want = ID{9}, NotTheWork }),
		"other uses":           with(func(p *plan) { p.uses, p.want = []loam.Use{loam.UseStyle}, NotCovered }),
		"after the snapshot":   with(func(p *plan) { p.after, p.want = true, TooLate }),
		"another state":        with(func(p *plan) { p.cites = 1 }),
		"a leaf of the future": with(func(p *plan) { p.deciding = 1 << 40 }),
		"the snapshot, cited":  with(func(p *plan) { p.deciding = 3 }),
		"regranted, shown":     with(func(p *plan) { p.regrant, p.answer, p.want = text, "regrant", Regranted }),
		"regranted, cited":     with(func(p *plan) { p.regrant, p.deciding, p.want = text, 3, RegrantClaimed }),
		"regranted in part": with(func(p *plan) {
			p.uses, p.regrant, p.deciding, p.answer, p.want = both, text, 3, "regrant", RegrantClaimed
		}),
		"others regranted":     with(func(p *plan) { p.regrant, p.deciding, p.answer = []loam.Use{loam.UseStyle}, 3, "regrant" }),
		"another leaf shown":   with(func(p *plan) { p.regrant, p.deciding, p.answer, p.want = text, 3, "grant", RegrantClaimed }),
		"regranted other uses": with(func(p *plan) { p.regrant, p.answer = []loam.Use{loam.UseStyle}, "regrant" }),
		"the old grant, shown": with(func(p *plan) { p.answer = "grant" }),
		"an older claim":       with(func(p *plan) { p.early, p.answer, p.want = other, "early", NotTheOwner }),
		"her own older claim":  with(func(p *plan) { p.early, p.answer = her, "early" }),
		"registered later":     with(func(p *plan) { p.unknown, p.want = true, NotConclusive }),
		"a repeated id":        with(func(p *plan) { p.repeat, p.answer = true, "registration" }),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := &scene{log: merkletest.New(t, "loam/test", 1)}
			at := map[string]int64{}
			if p.early != (ID{}) {
				at["early"] = s.add(t, Leaf{Kind: Work, Account: p.early, Work: work, Hash: Hash{1}})
			}
			if p.unknown {
				at["revoke"] = s.add(t, Leaf{Kind: Revoke, Account: p.account, Work: p.level, Uses: p.uses})
			}
			at["registration"] = s.add(t, Leaf{Kind: Work, Account: her, Work: work, Hash: Hash{1}})
			at["grant"] = s.add(t, Leaf{Kind: Grant, Account: her, Work: work, Uses: text, Terms: Terms{Price: Free}})
			revoke := Leaf{Kind: Revoke, Account: p.account, Work: p.level, Uses: p.uses}
			if p.repeat {
				revoke.ID = s.leaves[at["registration"]].ID
			}
			if !p.after && !p.unknown {
				at["revoke"] = s.add(t, revoke)
			}
			if p.regrant != nil {
				at["regrant"] = s.add(t, Leaf{Kind: Grant, Account: her, Work: work, Uses: p.regrant, Terms: Terms{Price: Free}})
			}
			size := s.n
			if p.after {
				at["revoke"] = s.add(t, revoke)
			}
			record, err := (&Record{Work: p.inManifest, Content: Hash{1}, State: size + p.cites, Deciding: p.deciding}).Encode()
			if err != nil {
				t.Fatal(err)
			}
			key := RecordKey(p.inManifest)
			manifest, err := merkle.NewSorted([]merkle.Key{key}, func(int) []byte { return record })
			if err != nil {
				t.Fatal(err)
			}
			place, _ := manifest.Prove(key)
			snapshot := s.add(t, Leaf{Kind: Snapshot, Size: size, Hash: Hash{5}})
			at["corpus"] = s.add(t, Leaf{Kind: Corpus, Refs: []int64{snapshot}, Size: size, Uses: both, Hash: manifest.Root(), Policy: Hash{1}, Code: Hash{1}})
			receipt := func(what string) merkle.Proof {
				parsed, err := merkle.ParseProof(s.log.Receipt(t, at[what], s.n).Text())
				if err != nil {
					t.Fatal(err)
				}
				return parsed
			}
			f := Fraud{Work: receipt("registration"), Revoke: receipt("revoke"), Corpus: receipt("corpus"), Record: record, Place: place}
			if p.answer != "" {
				answer := receipt(p.answer)
				f.Answer = &answer
			}
			if got, err := CheckFraud(f, s.log.Verifier(t)); err != nil || got != p.want {
				t.Errorf("got %s, %v, want %s", got, err, p.want)
			}
			if _, err := CheckFraud(f, merkletest.New(t, "loam/test", 2).Verifier(t)); loam.CodeOf(err) != "log.checkpoint" {
				t.Errorf("with another log's key: %v", err)
			}
			f.Revoke.Index++
			if _, err := CheckFraud(f, s.log.Verifier(t)); loam.CodeOf(err) != "log.proof" {
				t.Errorf("with a forged receipt: %v", err)
			}
			f.Revoke.Entry = nil
			if _, err := CheckFraud(f, s.log.Verifier(t)); loam.CodeOf(err) != "log.proof" {
				t.Errorf("with an empty receipt: %v", err)
			}
		})
	}
}

// TestReplayFraud: the log answers what receipts leave open, for an honest operator and against a
// dishonest one.
func TestReplayFraud(t *testing.T) {
	t.Parallel()
	her, other, work := ID{1}, ID{2}, ID{3}
	text, image := []loam.Use{loam.UseTrainText}, []loam.Use{loam.UseTrainImage}
	both := SortUses(loam.UseTrainText, loam.UseTrainImage)
	registered := Leaf{Kind: Work, Account: her, Work: work, Hash: Hash{1}}
	yes := func(uses []loam.Use, change ...func(*Leaf)) Leaf {
		l := Leaf{Kind: Grant, Account: her, Work: work, Uses: uses, Terms: Terms{Price: Free}}
		for _, c := range change {
			c(&l)
		}
		return l
	}
	no := func(uses []loam.Use) Leaf { return Leaf{Kind: Revoke, Account: her, Work: work, Uses: uses} }
	all := Leaf{Kind: Revoke, Account: her, Uses: text}
	dated := func(l Leaf, at int64) Leaf { l.At = at; return l }
	named := func(l Leaf, id byte) Leaf { l.ID = ID{0xff, id}; return l }
	for name, c := range map[string]struct {
		leaves   []Leaf // those behind one of no kind come after the snapshot
		work     int64
		revoke   int64
		uses     []loam.Use // of the corpus
		deciding int64
		answer   int64 // 0 for none
		receipts Verdict
		log      Verdict
		at       int64 // of the corpus; 0 for when all else is
	}{
		"revoked": {[]Leaf{registered, yes(text), no(text)}, 0, 2, text, 1, 0, Proven, Proven, 0},
		"two uses, each granted again": {
			[]Leaf{registered, yes(both), no(text), yes(text), yes(image)}, 0, 2, both, 4, 4, RegrantClaimed, Regranted, 0,
		},
		"two uses, one granted again": {
			[]Leaf{registered, yes(both), no(text), yes(image)}, 0, 2, both, 3, 3, RegrantClaimed, Proven, 0,
		},
		"another use granted, one asked for": {[]Leaf{registered, yes(both), no(text), yes(image)}, 0, 2, text, 3, 3, Proven, Proven, 0},
		"written twice, nothing between": {
			[]Leaf{registered, yes(text), named(no(text), 1), named(no(text), 1)}, 0, 3, text, 1, 2, Proven, Proven, 0,
		},
		"written twice, a grant between": {
			[]Leaf{registered, named(no(text), 1), yes(text), named(no(text), 1)}, 0, 3, text, 2, 1, RegrantClaimed, Regranted, 0,
		},
		"under another leaf's id": {[]Leaf{registered, named(yes(text), 1), named(no(text), 1)}, 0, 2, text, 1, 1, Proven, Proven, 0},
		"an old grant written again": {
			[]Leaf{registered, named(yes(text), 1), no(text), named(yes(text), 1)}, 0, 2, text, 3, 3, Regranted, Proven, 0,
		},
		"a grant that had ended":      {[]Leaf{registered, no(text), yes(text, func(l *Leaf) { l.Until = 1 })}, 0, 1, text, 2, 2, Regranted, Proven, 0},
		"a grant that had not begun":  {[]Leaf{registered, no(text), yes(text, func(l *Leaf) { l.From = 2 })}, 0, 1, text, 2, 2, Proven, Proven, 0},
		"a grant without its card":    {[]Leaf{registered, no(text), yes(text, func(l *Leaf) { l.Terms.Price = Paid })}, 0, 1, text, 2, 2, Proven, Proven, 0},
		"a grant nobody's key signed": {[]Leaf{registered, no(text), yes(text, func(l *Leaf) { l.Sig, l.Signer = Hash{1}, Hash{2} })}, 0, 1, text, 2, 2, Regranted, Proven, 0},
		"another's work": {
			[]Leaf{{Kind: Work, Account: other, Work: work, Hash: Hash{1}}, registered, no(text)}, 1, 2, text, 0, 0, Proven, NotTheOwner, 0,
		},
		"a wider yes after it":                {[]Leaf{registered, no(text), {Kind: Grant, Account: her, Uses: text, Terms: Terms{Price: Free}}}, 0, 1, text, 2, 0, RegrantClaimed, Proven, 0},
		"for all her works":                   {[]Leaf{registered, all}, 0, 1, text, 0, 0, NotConclusive, Proven, 0},
		"for all her works, before this one":  {[]Leaf{all, registered}, 1, 0, text, 1, 0, NotConclusive, Proven, 0},
		"for all her works, this one granted": {[]Leaf{registered, all, yes(text)}, 0, 1, text, 2, 2, NotConclusive, Regranted, 0},
		"a protection": {
			[]Leaf{registered, yes(text), {Kind: Protect, Account: her, What: NoAI}}, 0, 2, text, 1, 0, NotConclusive, Proven, 0,
		},
		"a protection that ended": {
			[]Leaf{registered, yes(text), {Kind: Protect, Account: her, What: NoAI}, {Kind: Protect, Account: her, What: NoAI, Lift: true}},
			0, 2, text, 1, 0, NotConclusive, Regranted, 0,
		},
		"the end of a protection": {
			[]Leaf{registered, {Kind: Protect, Account: her, What: NoAI, Lift: true}}, 0, 1, text, 1, 0, NotARevoke, NotARevoke, 0,
		},
		"an erasure": {[]Leaf{registered, yes(text), {Kind: Erase, Account: her, Work: work}}, 0, 2, text, 1, 0, NotConclusive, Proven, 0},
		"another's for all works": {
			[]Leaf{registered, yes(text), {Kind: Revoke, Account: other, Uses: text}}, 0, 2, text, 1, 0, NotARevoke, NotARevoke, 0,
		},
		"an old snapshot":              {[]Leaf{registered, yes(text), {}, no(text)}, 0, 3, text, 1, 0, TooLate, Proven, 1 + Settling},
		"an old snapshot, just before": {[]Leaf{registered, yes(text), {}, no(text)}, 0, 3, text, 1, 0, TooLate, TooLate, Settling},
		"an old snapshot, dated back": {
			[]Leaf{registered, yes(text), {}, no(text), {Kind: Revoke, At: 1 + Settling, Account: other, Uses: text}}, 0, 3, text, 1, 0, TooLate, Proven, 0,
		},
		"closed and opened while a set was built for hours": {
			[]Leaf{registered, yes(text), {}, dated(no(text), 10), dated(yes(text), 20)}, 0, 3, text, 1, 0, TooLate, Regranted, 15 + Settling,
		},
		"protected and not any more while a set was built": {
			[]Leaf{registered, yes(text), {}, dated(Leaf{Kind: Protect, Account: her, What: NoAI}, 10), dated(Leaf{Kind: Protect, Account: her, What: NoAI, Lift: true}, 20)},
			0, 3, text, 1, 0, TooLate, Regranted, 15 + Settling,
		},
		"signed by a key newer than the signature was asked for": {
			[]Leaf{registered, yes(text), {}, no(text), dated(Leaf{Kind: Key, Account: her, Key: Hash{2}}, 10), dated(yes(text, func(l *Leaf) { l.Sig, l.Signer = Hash{1}, Hash{2} }), 5)},
			0, 3, text, 1, 0, TooLate, Regranted, 7 + Settling,
		},
		"written twice, before the snapshot and after": {
			[]Leaf{registered, yes(text), named(no(text), 1), {}, named(no(text), 1)}, 0, 4, text, 1, 0, TooLate, Proven, 0,
		},
		"a no dated ahead": {[]Leaf{registered, yes(text), {}, dated(no(text), 1000*Settling)}, 0, 3, text, 1, 0, TooLate, Proven, 900 * Settling},
		"a clock that was wrong": {
			[]Leaf{registered, no(text), yes(text, func(l *Leaf) { l.Until = 2 * Settling }), {Kind: Revoke, At: 5 * Settling, Account: other, Uses: text}},
			0, 1, text, 2, 0, RegrantClaimed, Regranted, 2,
		},
		"registered again after it":        {[]Leaf{registered, yes(text), no(text), registered}, 3, 2, text, 1, 0, NotConclusive, Proven, 0},
		"registered after it alone":        {[]Leaf{no(text), registered}, 1, 0, text, 1, 0, NotConclusive, NotARevoke, 0},
		"registered again, once another's": {[]Leaf{{Kind: Work, Account: other, Work: work, Hash: Hash{1}}, no(text), registered}, 2, 1, text, 1, 0, NotConclusive, NotARevoke, 0},
		"an old snapshot, granted again":   {[]Leaf{registered, yes(text), {}, no(text), yes(text)}, 0, 3, text, 1, 0, TooLate, Regranted, 1 + Settling},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := &scene{log: merkletest.New(t, "loam/test", 1)}
			before, later := c.leaves, []Leaf(nil)
			if i := slices.IndexFunc(before, func(l Leaf) bool { return l.Kind == 0 }); i >= 0 {
				before, later = before[:i], before[i+1:]
			}
			for _, l := range before {
				s.add(t, l)
			}
			size := s.n
			record, err := (&Record{Work: work, Content: Hash{1}, State: size, Deciding: c.deciding}).Encode()
			if err != nil {
				t.Fatal(err)
			}
			key := RecordKey(work)
			manifest, err := merkle.NewSorted([]merkle.Key{key}, func(int) []byte { return record })
			if err != nil {
				t.Fatal(err)
			}
			place, _ := manifest.Prove(key)
			snapshot := s.add(t, Leaf{Kind: Snapshot, Size: size, Hash: Hash{5}})
			for _, l := range later {
				s.add(t, l)
			}
			corpus := s.add(t, Leaf{
				Kind: Corpus, At: c.at, Refs: []int64{snapshot}, Size: size, Uses: c.uses, Hash: manifest.Root(), Policy: Hash{1}, Code: Hash{1},
			})
			s.log.Publish(t)
			receipt := func(index int64) merkle.Proof {
				p, err := merkle.ParseProof(s.log.Receipt(t, index, s.n).Text())
				if err != nil {
					t.Fatal(err)
				}
				return p
			}
			f := Fraud{Work: receipt(c.work), Revoke: receipt(c.revoke), Corpus: receipt(corpus), Record: record, Place: place}
			if c.answer != 0 {
				answer := receipt(c.answer)
				f.Answer = &answer
			}
			verifier := s.log.Verifier(t)
			if got, err := CheckFraud(f, verifier); err != nil || got != c.receipts {
				t.Errorf("by the receipts: %s, %v, want %s", got, err, c.receipts)
			}
			head, err := merkle.OpenCheckpoint(s.log.Files["checkpoint"], verifier)
			if err != nil {
				t.Fatal(err)
			}
			files := merkle.Files(s.log.Read)
			if got, err := ReplayFraud(f, files, head, verifier); err != nil || got != c.log {
				t.Errorf("by the log: %s, %v, want %s", got, err, c.log)
			}
			if c.receipts == NotARevoke {
				return // whatever the log has
			}
			bundle := s.log.Files[merkle.TilePath(-1, 0, int(s.n))]
			bundle[len(bundle)-1] ^= 1
			if _, err := ReplayFraud(f, files, head, verifier); err == nil {
				t.Error("a changed log was replayed")
			}
			bundle[len(bundle)-1] ^= 1
			// Whoever answers the second reading differently is not believed.
			reads, path := 0, merkle.TilePath(-1, 0, int(s.n))
			if _, err := ReplayFraud(f, func(p string) ([]byte, error) {
				data, err := s.log.Read(p)
				if p == path {
					if reads++; reads > 1 {
						data = bytes.Clone(data)
						data[len(data)-1] ^= 1
					}
				}
				return data, err
			}, head, verifier); err == nil && reads > 1 {
				t.Error("a log that changed between two readings was believed")
			}
			head.Tree.N = corpus
			if _, err := ReplayFraud(f, files, head, verifier); err == nil {
				t.Error("a log that ends before the corpus was replayed")
			}
		})
	}
}

// TestStateTree: every decision of a state can be proven from its root, and what nobody
// decided can be proven absent.
func TestStateTree(t *testing.T) {
	t.Parallel()
	s := NewState()
	for i, l := range []Leaf{
		{Kind: Work, ID: ID{1}, Account: ID{1}, Work: ID{9}},
		{Kind: Work, ID: ID{2}, Account: ID{1}, Work: ID{3}},
		{Kind: Grant, ID: ID{3}, Account: ID{1}, Work: ID{9}, Uses: []loam.Use{loam.UseIndex, loam.UseStyle}, Terms: Terms{Price: Free}, Until: 50},
		{Kind: Grant, ID: ID{4}, Account: ID{1}, Uses: []loam.Use{loam.UseRecommend}, Terms: Terms{Price: Paid, RateCard: Hash{7}}},
		{Kind: Protect, ID: ID{5}, Account: ID{1}, What: Style},
	} {
		if got := s.Apply(int64(i), &l, Unchecked); got != Applied {
			t.Fatalf("leaf %d: %s", i, got)
		}
	}
	root, err := s.Root()
	if err != nil {
		t.Fatal(err)
	}
	tree, err := s.Tree()
	if err != nil || tree.Root() != root {
		t.Fatalf("two ways to a root: %s, %s, %v", tree.Root(), root, err)
	}
	decided := 0
	for _, w := range []ID{{9}, {3}} {
		for _, u := range loam.Uses() {
			d := s.Decide(ID{}, ID{}, w, u, 100)
			if d.Reason == Expired {
				d.Reason = Granted // the tree holds the grant, whatever the time
			}
			key := StateKey(w, u)
			if d.Level == NoLevel {
				if a, ok := tree.ProveAbsence(key); !ok || !a.Verify(root, key) {
					t.Errorf("%s of %s cannot be proven absent", u, w)
				}
				continue
			}
			decided++
			if p, ok := tree.Prove(key); !ok || !p.Verify(root, key, d.Leaf()) {
				t.Errorf("%s of %s cannot be proven: %+v", u, w, d)
			}
		}
	}
	if decided != 5 {
		t.Errorf("%d decisions, want 5", decided)
	}
	// A bundle that was erased changes the evidence, never the root.
	if s.Witness(100); s.Decide(ID{}, ID{}, ID{9}, loam.UseIndex, 0).Evidence != Asserted {
		t.Error("what the platform says was witnessed into more")
	}
	if again, err := s.Root(); err != nil || again != root {
		t.Errorf("witnesses changed the root: %v", err)
	}
}
