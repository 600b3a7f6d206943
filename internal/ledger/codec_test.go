package ledger

import (
	"bytes"
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"github.com/fxamacker/cbor/v2"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"loam"
	"loam/internal/merkle"
)

// full has every field set.
func full() Leaf {
	l := Leaf{
		V: 1, Kind: Corpus, ID: id('l', 1), At: 1764201600000, Account: id('a', 1), Collection: id('c', 1), Work: id('w', 1),
		Uses: []loam.Use{"index", "train.text", "未来"}, From: 23, Until: 24, Terms: Terms{Price: Paid, RateCard: hash('r', 1), Attribution: true},
		Body: hash('b', 1), Actor: Panel, Sig: hash('s', 1), Signer: hash('k', 1), Key: hash('k', 2), Hash: hash('h', 1), Size: 255,
		Refs: []int64{0, 256, 65535, 65536, 1 << 32, math.MaxInt64}, Ref: id('l', 2), What: Brand, Lift: true, Result: Dismissed,
		Policy: hash('p', 1), Code: hash('q', 1), Period: "2026-11", Pool: 1 << 40, Total: 65536, Recovery: hash('y', 1),
	}
	return l
}

func encoded(t testing.TB, l Leaf) []byte {
	t.Helper()
	raw, err := l.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// TestFullIsFull keeps full complete, and every field in the codec.
func TestFullIsFull(t *testing.T) {
	t.Parallel()
	l := full()
	v := reflect.ValueOf(l)
	for i := range v.NumField() {
		if v.Field(i).IsZero() {
			t.Errorf("%s is not set", v.Type().Field(i).Name)
		}
	}
	got, err := Decode(encoded(t, l))
	if err != nil || cmp.Diff(l, got) != "" {
		t.Errorf("%v\n%s", err, cmp.Diff(l, got))
	}
	if got, err := Decode(encoded(t, Leaf{})); err != nil || cmp.Diff(Leaf{}, got) != "" {
		t.Errorf("empty: %v, %v", got, err)
	}
}

func TestLeafComesBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := func(n int) int { return rapid.IntRange(0, n-1).Draw(t, "") }
		l := someLeaf(d, d(300)).leaf
		raw, err := l.Encode()
		if err != nil {
			t.Fatal(err)
		}
		got, err := Decode(raw)
		if err != nil || cmp.Diff(l, got) != "" {
			t.Fatalf("%v\n%s", err, cmp.Diff(l, got))
		}
	})
}

func TestEncodeRefuses(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*Leaf){
		"version":    func(l *Leaf) { l.V = 2 },
		"kind":       func(l *Leaf) { l.Kind = 15 },
		"negative":   func(l *Leaf) { l.At = -1 },
		"order":      func(l *Leaf) { l.Uses = []loam.Use{"b", "a"} },
		"twice":      func(l *Leaf) { l.Uses = []loam.Use{"a", "a"} },
		"no text":    func(l *Leaf) { l.Uses = []loam.Use{""} },
		"long use":   func(l *Leaf) { l.Uses = []loam.Use{loam.Use(strings.Repeat("x", 33))} },
		"no UTF-8":   func(l *Leaf) { l.Period = "\xff" },
		"refs":       func(l *Leaf) { l.Refs = []int64{2, 2} },
		"minus ref":  func(l *Leaf) { l.Refs = []int64{-2} },
		"many refs":  func(l *Leaf) { l.Refs = make([]int64, maxList+1) },
		"protection": func(l *Leaf) { l.What = Brand + 1 },
	} {
		l := full()
		change(&l)
		if _, err := l.Encode(); loam.CodeOf(err) != "ledger.leaf" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestDecodeRefuses(t *testing.T) {
	t.Parallel()
	good := encoded(t, Leaf{V: 1, Kind: Grant, At: 300})
	if !bytes.Equal(good, []byte("\xa3\x01\x01\x02\x02\x04\x19\x01\x2c")) {
		t.Fatalf("%x", good)
	}
	for name, bad := range map[string]string{
		"nothing":             "",
		"trailing":            string(good) + "\x00",
		"cut off":             string(good[:len(good)-1]),
		"another order":       "\xa2\x02\x02\x01\x01",
		"twice":               "\xa2\x01\x01\x01\x01",
		"unknown key":         "\xa1\x18\x63\x01",
		"zero key":            "\xa1\x00\x01",
		"negative key":        "\xa1\x20\x01",
		"text key":            "\xa1\x61\x31\x01",
		"long key":            "\xa1\x18\x01\x01",
		"long number":         "\xa1\x04\x18\x05",
		"longer number":       "\xa1\x04\x19\x00\xff",
		"longest number":      "\xa1\x04\x1b\x00\x00\x00\x00\xff\xff\xff\xff",
		"too large":           "\xa1\x04\x1b\x80\x00\x00\x00\x00\x00\x00\x00",
		"written zero":        "\xa1\x04\x00",
		"written no":          "\xa1\x0d\xf4",
		"null":                "\xa1\x0d\xf6",
		"indefinite map":      "\xbf\x01\x01\xff",
		"indefinite list":     "\xa1\x08\x9f\x61\x61\xff",
		"indefinite text":     "\xa1\x18\x1c\x7f\x61\x61\xff",
		"long map head":       "\xb8\x01\x01\x01",
		"more than there are": "\xa2\x01\x01",
		"fewer":               "\xa1\x01\x01\x02\x02",
		"short id":            "\xa1\x03\x4f" + strings.Repeat("x", 15),
		"long id":             "\xa1\x03\x51" + strings.Repeat("x", 17),
		"text id":             "\xa1\x03\x70" + strings.Repeat("x", 16),
		"empty list":          "\xa1\x08\x80",
		"list of numbers":     "\xa1\x08\x81\x01",
		"list beyond the end": "\xa1\x15\x99\x0f\xff\x01\x02\x03",
		"bad UTF-8":           "\xa1\x08\x81\x61\xff",
		"uses out of order":   "\xa1\x08\x82\x61b\x61a",
		"tag":                 "\xc1\xa1\x01\x01",
		"float":               "\xa1\x04\xf9\x3c\x00",
		"version 2":           "\xa1\x01\x02",
		"kind 15":             "\xa1\x02\x0f",
		"an array":            "\x80",
		"too long":            "\xa1\x01\x01" + strings.Repeat("\x00", merkle.MaxEntry),
	} {
		if l, err := Decode([]byte(bad)); loam.CodeOf(err) != "ledger.leaf" {
			t.Errorf("%s: %+v, %v", name, l, err)
		}
	}
	if l, err := Decode(encoded(t, Leaf{Uses: []loam.Use{"telepathy"}})); err != nil || l.Uses[0] != "telepathy" {
		t.Errorf("an unknown use is not kept: %v, %v", l.Uses, err)
	}
}

// FuzzDecode: what our decoder takes, another implementation in its strictest mode reads as
// the same map and writes as the same bytes, and so do we.
func FuzzDecode(f *testing.F) {
	reader, err := cbor.DecOptions{
		DupMapKey: cbor.DupMapKeyEnforcedAPF, IndefLength: cbor.IndefLengthForbidden, TagsMd: cbor.TagsForbidden,
	}.DecMode()
	if err != nil {
		f.Fatal(err)
	}
	writer, err := cbor.CoreDetEncOptions().EncMode()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(encoded(f, full()))
	f.Add(encoded(f, Leaf{V: 1, Kind: Grant, ID: id('l', 1), At: 1, Account: id('a', 1), Uses: []loam.Use{"style"}, Terms: Terms{Price: Free}}))
	f.Add([]byte("\xa1\x04\x1b\x00\x00\x00\x00\xff\xff\xff\xff"))
	f.Add([]byte("\xa1\x15\x99\x0f\xff\x01\x02\x03"))
	f.Fuzz(func(t *testing.T, data []byte) {
		l, err := Decode(data)
		if err != nil {
			return
		}
		again, err := l.Encode()
		if err != nil || !bytes.Equal(again, data) {
			t.Fatalf("%x became %x, %v", data, again, err)
		}
		var theirs map[uint64]any
		if err := reader.Unmarshal(data, &theirs); err != nil {
			t.Fatalf("%x: %v", data, err)
		}
		if again, err = writer.Marshal(theirs); err != nil || !bytes.Equal(again, data) {
			t.Fatalf("%x became %x with the library, %v", data, again, err)
		}
		if at, ok := theirs[4].(uint64); ok != (l.At != 0) || ok && int64(at) != l.At {
			t.Fatalf("at: %v and %d", theirs[4], l.At)
		}
		if work, ok := theirs[7].([]byte); ok != (l.Work != ID{}) || ok && ID(work) != l.Work {
			t.Fatalf("work: %v and %s", theirs[7], l.Work)
		}
		list, _ := theirs[8].([]any)
		if len(list) != len(l.Uses) {
			t.Fatalf("uses: %v and %v", list, l.Uses)
		}
		for i := range list {
			if list[i] != string(l.Uses[i]) {
				t.Fatalf("uses: %v and %v", list, l.Uses)
			}
		}
		_ = l.Validate() // must not panic
		NewState().Apply(0, &l, Good)
	})
}

// TestRandomBytes gives the decoder mutations of good leaves, in every ordinary run.
func TestRandomBytes(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 1))
	l := full()
	good := encoded(t, l)
	taken := 0
	for range 100_000 {
		bad := bytes.Clone(good)
		for range 1 + r.IntN(2) {
			bad[r.IntN(len(bad))] = byte(r.IntN(256))
		}
		got, err := Decode(bad)
		if err != nil {
			continue
		}
		taken++
		if again := encoded(t, got); !bytes.Equal(again, bad) {
			t.Fatalf("%x became %x", bad, again)
		}
	}
	if taken < 1000 {
		t.Errorf("only %d mutations were leaves", taken)
	}
}

// fit gives one valid leaf of each kind.
func fit() map[Kind]Leaf {
	of := func(k Kind, l Leaf) Leaf {
		l.V, l.Kind, l.ID, l.At = 1, k, id('l', int(k)), 1764201600000
		return l
	}
	a, w := id('a', 1), id('w', 1)
	list := []loam.Use{loam.UseTrainText}
	return map[Kind]Leaf{
		Work:     of(Work, Leaf{Account: a, Work: w, Collection: id('c', 1), Hash: hash('h', 1), Actor: Creator}),
		Grant:    of(Grant, Leaf{Account: a, Work: w, Uses: list, Terms: Terms{Price: Paid, RateCard: hash('r', 1)}, Until: 9, Actor: Creator}),
		Revoke:   of(Revoke, Leaf{Account: a, Work: w, Uses: list, Actor: Creator}),
		Protect:  of(Protect, Leaf{Account: a, What: Voice}),
		Key:      of(Key, Leaf{Account: a, Key: hash('k', 1)}),
		Snapshot: of(Snapshot, Leaf{Hash: hash('h', 1), Size: 5}),
		Corpus:   of(Corpus, Leaf{Refs: []int64{5}, Hash: hash('m', 1), Size: 5, Uses: list, Policy: hash('p', 1), Code: hash('q', 1)}),
		Model:    of(Model, Leaf{Refs: []int64{6}}),
		Retire:   of(Retire, Leaf{Ref: id('l', 1)}),
		Usage:    of(Usage, Leaf{Hash: hash('h', 1), Size: 1}),
		Payout:   of(Payout, Leaf{Period: "2026-11", Hash: hash('h', 1), Pool: 9, Total: 9}),
		Dispute:  of(Dispute, Leaf{Work: w, Uses: list}),
		Ruling:   of(Ruling, Leaf{Ref: id('l', 1), Result: Upheld, Actor: Panel}),
		Erase:    of(Erase, Leaf{Account: a, Work: w}),
	}
}

func TestValidate(t *testing.T) {
	t.Parallel()
	good := fit()
	for _, k := range Kinds() {
		l, ok := good[k]
		if err := l.Validate(); !ok || err != nil {
			t.Errorf("%s: %v", k, err)
		}
		// Every field that is set is needed or may stand; every other one may not, but for the four any leaf may have.
		need, may := k.form()
		all := full()
		for key := range uint64(32) {
			if key == 0 || key >= 14 && key <= 17 || (need|may|fEvery)&(1<<key) != 0 {
				continue
			}
			with := l
			graft(&with, &all, key)
			if err := with.Validate(); loam.CodeOf(err) != "ledger.unfit" {
				t.Errorf("%s with key %d: %v", k, key, err)
			}
		}
		for key := range uint64(32) {
			if (need|fEvery)&(1<<key) == 0 {
				continue
			}
			without := l
			graft(&without, &Leaf{}, key)
			if err := without.Validate(); loam.CodeOf(err) != "ledger.unfit" {
				t.Errorf("%s without key %d: %v", k, key, err)
			}
		}
	}
	for name, change := range map[string]func(map[Kind]Leaf) Leaf{
		"sig without key":    func(m map[Kind]Leaf) Leaf { l := m[Grant]; l.Sig = hash('s', 1); return l },
		"two levels":         func(m map[Kind]Leaf) Leaf { l := m[Grant]; l.Collection = id('c', 1); return l },
		"ends first":         func(m map[Kind]Leaf) Leaf { l := m[Grant]; l.From = 9; return l },
		"paid without card":  func(m map[Kind]Leaf) Leaf { l := m[Grant]; l.Terms.RateCard = Hash{}; return l },
		"free with card":     func(m map[Kind]Leaf) Leaf { l := m[Grant]; l.Terms.Price = Free; return l },
		"two snapshots":      func(m map[Kind]Leaf) Leaf { l := m[Corpus]; l.Refs = []int64{1, 2}; return l },
		"retired, recovered": func(m map[Kind]Leaf) Leaf { l := m[Key]; l.Lift, l.Recovery = true, hash('y', 1); return l },
		"half a dismissal": func(m map[Kind]Leaf) Leaf {
			l := m[Ruling]
			l.Result, l.Uses = Dismissed, []loam.Use{loam.UseStyle}
			return l
		},
		"no kind":     func(m map[Kind]Leaf) Leaf { l := m[Grant]; l.Kind = 0; return l },
		"a bad field": func(m map[Kind]Leaf) Leaf { l := m[Grant]; l.At = -1; return l },
	} {
		l := change(fit())
		if err := l.Validate(); loam.CodeOf(err) != "ledger.unfit" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// graft copies one field, by key, from another leaf.
func graft(to, from *Leaf, key uint64) {
	switch key {
	case 1:
		to.V = from.V
	case 2:
		to.Kind = from.Kind
	case 3:
		to.ID = from.ID
	case 4:
		to.At = from.At
	case 5:
		to.Account = from.Account
	case 6:
		to.Collection = from.Collection
	case 7:
		to.Work = from.Work
	case 8:
		to.Uses = from.Uses
	case 9:
		to.From = from.From
	case 10:
		to.Until = from.Until
	case 11:
		to.Terms.Price = from.Terms.Price
	case 12:
		to.Terms.RateCard = from.Terms.RateCard
	case 13:
		to.Terms.Attribution = from.Terms.Attribution
	case 18:
		to.Key = from.Key
	case 19:
		to.Hash = from.Hash
	case 20:
		to.Size = from.Size
	case 21:
		to.Refs = from.Refs
	case 22:
		to.Ref = from.Ref
	case 23:
		to.What = from.What
	case 24:
		to.Lift = from.Lift
	case 25:
		to.Result = from.Result
	case 26:
		to.Policy = from.Policy
	case 27:
		to.Code = from.Code
	case 28:
		to.Period = from.Period
	case 29:
		to.Pool = from.Pool
	case 30:
		to.Total = from.Total
	case 31:
		to.Recovery = from.Recovery
	}
}
