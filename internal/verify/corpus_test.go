package verify_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"loam/internal/ledger"
	"loam/internal/merkle/merkletest"
	"loam/internal/verify"
)

// built appends a corpus of those works from a snapshot of now, as its builder does; change is
// what a cheat does to the records.
func built(t testing.TB, b *book, works []int64, change func([]ledger.Record) []ledger.Record) (leaf int64, manifest []byte) {
	t.Helper()
	size := b.n
	var records []ledger.Record
	for _, n := range works {
		d := b.state.Decide(ledger.ID{}, ledger.ID{}, id('w', n), text()[0], at)
		records = append(records, ledger.Record{Work: id('w', n), Content: ledger.Hash{byte(n), 1}, State: size, Deciding: d.Index, Body: ledger.Hash{2}})
	}
	if change != nil {
		records = change(records)
	}
	manifest, root, err := ledger.WriteManifest(records)
	if err != nil {
		t.Fatal(err)
	}
	c := corpus(b.snapshot(t), size)
	c.Hash = root
	return b.add(t, c), manifest
}

const at = 1764201600000

// beside lays a manifest where the leaf says.
func (b *book) beside(root ledger.Hash, manifest []byte) {
	b.Files[ledger.ManifestPath(root)] = manifest
}

func rootOf(t testing.TB, manifest []byte) ledger.Hash {
	t.Helper()
	root, err := ledger.ReadManifest(manifest, func(*ledger.Record, []byte) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	return root
}

// granted are the works of a history that may be trained on: a grant for every third, taken back
// for every ninth.
func granted(works int64) (list []int64) {
	for n := range works {
		if n%3 == 0 && n%9 != 0 {
			list = append(list, n)
		}
	}
	return list
}

// TestCorpora: every record of a corpus was granted when it was built, or the check says which
// was not, whatever the operator signed.
func TestCorpora(t *testing.T) {
	t.Parallel()
	const works = 200
	good := granted(works)
	slip := func(m []byte) []byte { // the last work was granted too, but is not what was logged
		last := good[len(good)-1]
		b := newBook(t, "loam/test")
		history(t, b, works, always)
		records, _, err := ledger.WriteManifest([]ledger.Record{{
			Work: id('w', last), Content: ledger.Hash{1}, State: b.n, Body: ledger.Hash{2},
			Deciding: b.state.Decide(ledger.ID{}, ledger.ID{}, id('w', last), text()[0], at).Index,
		}})
		if err != nil {
			t.Fatal(err)
		}
		return append(m, records...)
	}
	for name, c := range map[string]struct {
		works  []int64
		change func([]ledger.Record) []ledger.Record
		after  func([]byte) []byte // done to the manifest once its root was logged
		want   verify.Check
	}{
		"honest":               {good, nil, nil, ""},
		"nobody":               {nil, nil, nil, ""},
		"never granted":        {append([]int64{1}, good...), sorted, nil, verify.RecordGranted},
		"revoked":              {append([]int64{9}, good...), sorted, nil, verify.RecordGranted},
		"unknown work":         {append([]int64{works + 1}, good...), sorted, nil, verify.RecordGranted},
		"another grant cited":  {good, func(r []ledger.Record) []ledger.Record { r[1].Deciding++; return r }, nil, verify.RecordGranted},
		"another state cited":  {good, func(r []ledger.Record) []ledger.Record { r[0].State--; return r }, nil, verify.RecordState},
		"slipped in later":     {good[:len(good)-1], nil, slip, verify.Manifest},
		"content swapped":      {good, nil, func(m []byte) []byte { m[40] ^= 1; return m }, verify.Manifest},
		"dropped later":        {good, nil, func(m []byte) []byte { return m[2+int(m[1]):] }, verify.Manifest},
		"cut off":              {good, nil, func(m []byte) []byte { return m[:len(m)-1] }, verify.Manifest},
		"something behind it":  {good, nil, func(m []byte) []byte { return append(m, 0) }, verify.Manifest},
		"a record given twice": {good, nil, func(m []byte) []byte { return append(m, m[:2+int(m[1])]...) }, verify.Manifest},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBook(t, "loam/test")
			history(t, b, works, always)
			_, manifest := built(t, b, c.works, c.change)
			root := rootOf(t, manifest)
			b.add(t, revoke(good[0])) // what is taken back later stays in what was built before
			b.Publish(t)
			if c.after != nil {
				manifest = c.after(manifest)
			}
			b.beside(root, manifest)
			r, got := check(t, b, nil)
			if got != c.want {
				t.Errorf("violated %q, want %q", got, c.want)
			}
			if got == "" && (r.Corpora != 1 || r.Records != int64(len(c.works)) || r.NoManifest != 0) {
				t.Errorf("%d corpora of %d records, %d without", r.Corpora, r.Records, r.NoManifest)
			}
		})
	}
}

func sorted(r []ledger.Record) []ledger.Record {
	for i := 1; i < len(r); i++ {
		for j := i; j > 0 && string(r[j].Work[:]) < string(r[j-1].Work[:]); j-- {
			r[j], r[j-1] = r[j-1], r[j]
		}
	}
	return r
}

// TestStale: what is built from a snapshot of before her no is told, however old the snapshot is.
func TestStale(t *testing.T) {
	t.Parallel()
	b, works, c, manifest := setFrom(t)
	root := c.Hash
	b.add(t, c)
	b.add(t, revoke(works[0]))
	b.add(t, c)
	b.add(t, revoke(works[1]))
	b.Publish(t)
	b.beside(root, manifest)
	if r, got := check(t, b, nil); got != "" || r.Corpora != 2 || r.Stale != 1 {
		t.Errorf("violated %q, %d corpora, %d stale records", got, r.Corpora, r.Stale)
	}
	// A no that is older has to be heeded, and neither another no beside the corpus nor a corpus that
	// is dated back changes that.
	c.At = at + ledger.Settling - 1
	b.add(t, c)
	b.Publish(t)
	b.beside(root, manifest)
	if r, got := check(t, b, nil); got != "" || r.Corpora != 3 || r.Stale != 3 {
		t.Errorf("within its time: violated %q, %d corpora, %d stale records", got, r.Corpora, r.Stale)
	}
	fresh := revoke(works[0])
	fresh.At = at + ledger.Settling
	b.add(t, fresh)
	for _, dated := range []int64{at + ledger.Settling, at} {
		cheat := *b
		cheat.Log = merkletest.New(t, "loam/test", 1)
		for i := range b.leaves {
			cheat.Append(t, b.leaves[i])
		}
		c.At = dated
		cheat.add(t, c)
		cheat.Publish(t)
		cheat.beside(root, manifest)
		if _, got := check(t, &cheat, nil); got != verify.RecordHeeded {
			t.Errorf("dated %d: violated %q", dated, got)
		}
	}
}

// setFrom is a log with a corpus leaf that is not written yet, of all that may be trained on.
func setFrom(t testing.TB) (b *book, works []int64, c ledger.Leaf, manifest []byte) {
	t.Helper()
	b = newBook(t, "loam/test")
	history(t, b, 30, always)
	size, records := b.n, []ledger.Record(nil)
	works = granted(30)
	for _, n := range works {
		d := b.state.Decide(ledger.ID{}, ledger.ID{}, id('w', n), text()[0], at)
		records = append(records, ledger.Record{Work: id('w', n), Content: ledger.Hash{1}, State: size, Deciding: d.Index, Body: ledger.Hash{2}})
	}
	manifest, root, err := ledger.WriteManifest(records)
	if err != nil {
		t.Fatal(err)
	}
	c = corpus(b.snapshot(t), size)
	c.Hash = root
	return b, works, c, manifest
}

func dated(l ledger.Leaf, at int64) ledger.Leaf { l.At = at; return l }

// TestOpenedAgain: what was closed and opened again while a set was built for hours is no fraud, whatever
// else was closed in the last hour.
func TestOpenedAgain(t *testing.T) {
	t.Parallel()
	b, works, c, manifest := setFrom(t)
	b.add(t, dated(revoke(works[0]), at+10))
	b.add(t, dated(grant(works[0]), at+20))
	b.add(t, dated(revoke(works[1]), at+30))
	b.add(t, dated(c, at+15+ledger.Settling))
	b.Publish(t)
	b.beside(c.Hash, manifest)
	if r, got := check(t, b, nil); got != "" || r.Corpora != 1 || r.Stale != 1 {
		t.Errorf("violated %q, %d corpora, %d stale records", got, r.Corpora, r.Stale)
	}
}

// TestServedTwice: whoever serves another log to the second reading is found out.
func TestServedTwice(t *testing.T) {
	t.Parallel()
	b, works, c, manifest := setFrom(t)
	fake := newBook(t, "loam/test")
	history(t, fake, 30, always)
	fake.snapshot(t)
	for _, l := range []ledger.Leaf{dated(revoke(works[0]), at), dated(revoke(1), at+2*ledger.Settling), dated(c, at+2*ledger.Settling)} {
		b.add(t, l)
		if l.Work == id('w', works[0]) {
			l.Work = id('w', 1) // a no that says nothing
		}
		fake.add(t, l)
	}
	b.Publish(t)
	fake.Publish(t)
	b.beside(c.Hash, manifest)
	if _, got := check(t, b, nil); got != verify.RecordHeeded {
		t.Fatalf("read truly: violated %q", got)
	}
	read := map[string]int{}
	_, got := check(t, b, func(l *verify.Log) {
		l.Files = func(path string) ([]byte, error) {
			if read[path]++; read[path] > 1 && strings.HasPrefix(path, "tile/") {
				return fake.Read(path)
			}
			return b.Read(path)
		}
	})
	if got != verify.Root {
		t.Errorf("served twice: violated %q", got)
	}
}

// TestWrongClock: a leaf that was dated far ahead once makes no honest corpus a fraud.
func TestWrongClock(t *testing.T) {
	t.Parallel()
	b := newBook(t, "loam/test")
	history(t, b, 3, always)
	ends := grant(1)
	ends.Until = at + 1000
	b.add(t, ends)
	ahead := revoke(2)
	ahead.At = at + 100*ledger.Settling
	b.add(t, ahead)
	_, manifest := built(t, b, []int64{1}, nil)
	b.Publish(t)
	b.beside(rootOf(t, manifest), manifest)
	if r, got := check(t, b, nil); got != "" || r.Corpora != 1 || r.Stale != 0 {
		t.Errorf("violated %q, %d corpora, %d stale records", got, r.Corpora, r.Stale)
	}
}

// TestNoManifest: a corpus whose manifest is not at hand is told, not passed over.
func TestNoManifest(t *testing.T) {
	t.Parallel()
	if r, got := check(t, honest(t, 50), nil); got != "" || r.NoManifest != 1 || r.Corpora != 0 {
		t.Errorf("violated %q, %d without a manifest, %d with", got, r.NoManifest, r.Corpora)
	}
}

// TestExtracts: what a manifest says about a work is proven with the log's key alone, and no
// changed byte is believed.
func TestExtracts(t *testing.T) {
	t.Parallel()
	const works = 100
	b := newBook(t, "loam/test")
	history(t, b, works, always)
	leaf, manifest := built(t, b, granted(works), nil)
	b.Publish(t)
	size := b.n
	receipt := b.Receipt(t, leaf, size)
	e, err := ledger.NewExtract(receipt, manifest, []ledger.ID{id('w', 3), id('w', 9), id('w', 0), id('w', 99), {0xff, 1}, {0, 1}})
	if err != nil {
		t.Fatal(err)
	}
	encode := func(e ledger.Extract) []byte {
		t.Helper()
		raw, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}
	raw := encode(e)
	try := func(raw []byte) (verify.Report, verify.Check) {
		return check(t, b, func(l *verify.Log) { l.Extracts = [][]byte{raw} })
	}
	if r, got := try(raw); got != "" || r.Extracts != 1 || r.Held != 1 || r.NotHeld != 5 {
		t.Fatalf("violated %q, %d extracts: %d held, %d not", got, r.Extracts, r.Held, r.NotHeld)
	}
	for name, change := range map[string]func(e *ledger.Extract){
		"a record for another work":  func(e *ledger.Extract) { e.Works[0].Work = e.Works[1].Work },
		"a gap for a work that's in": func(e *ledger.Extract) { e.Works[1].Work = e.Works[0].Work },
		"a wider gap":                func(e *ledger.Extract) { e.Works[2].Gap.Right = e.Works[3].Gap.Right },
		"no proof at all":            func(e *ledger.Extract) { e.Works[1].Gap = nil },
		"a name too long":            func(e *ledger.Extract) { e.Works[1].Work += "00" },
		"a key too short":            func(e *ledger.Extract) { e.Works[1].Gap.Left.Key = nil },
		"a changed record":           func(e *ledger.Extract) { e.Works[0].Record[5] ^= 1 },
		"both":                       func(e *ledger.Extract) { e.Works[1].Record = e.Works[0].Record },
	} {
		var changed ledger.Extract
		if err := json.Unmarshal(raw, &changed); err != nil {
			t.Fatal(err)
		}
		change(&changed)
		if _, got := try(encode(changed)); got != verify.ExtractProof {
			t.Errorf("%s: violated %q", name, got)
		}
	}
	for _, work := range []string{e.Works[0].Work, strings.ToUpper(e.Works[0].Work)} {
		twice := e
		twice.Works = append(slices.Clone(e.Works), e.Works[0])
		twice.Works[len(e.Works)].Work = work
		if _, got := try(encode(twice)); got != verify.ExtractForm {
			t.Errorf("with a work twice: violated %q", got)
		}
	}
	spoken := e
	spoken.Works = []ledger.Standing{{Work: "\nOK loam/test: 9 leaves"}}
	if _, err := verify.Run(verify.Log{Files: b.Read, Key: b.Verifier(t), Extracts: [][]byte{encode(spoken)}}); err == nil || strings.Contains(err.Error(), "\n") {
		t.Errorf("a name that speaks to a terminal: %v", err)
	}
	other := e
	other.Corpus = string(b.Receipt(t, 0, size).Text())
	if _, got := try(encode(other)); got != verify.ExtractForm {
		t.Errorf("of a leaf that is no corpus: violated %q", got)
	}
	if _, got := try([]byte("{}")); got != verify.ExtractForm {
		t.Errorf("an empty one: violated %q", got)
	}
}
