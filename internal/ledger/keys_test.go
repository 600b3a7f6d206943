package ledger

import (
	"bytes"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestUsableKey(t *testing.T) {
	t.Parallel()
	a, b := p256(t).cose, ed(t).cose
	other := bytes.Clone(a)
	other[20]++ // no point of the curve
	for name, c := range map[string]struct {
		cose []byte
		want bool
	}{
		"P-256": {a, true}, "Ed25519": {b, true}, "nothing": {nil, false}, "cut": {a[:len(a)-1], false}, "longer": {append(bytes.Clone(b), 0), false},
		"no point": {other, false},
	} {
		if got := UsableKey(c.cose); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// TestKeys walks one account's keys: the first needs nobody, the next an active one, after the
// last is retired a recovery, which retires all that were.
func TestKeys(t *testing.T) {
	t.Parallel()
	s := NewState()
	account, a, b, c := ID{1}, Hash{1}, Hash{2}, Hash{3}
	if _, had := s.Keys(account); had {
		t.Error("a key before any act")
	}
	n := byte(0)
	step := func(want Outcome, active []Hash, l Leaf) {
		t.Helper()
		n++
		l.V, l.Kind, l.ID, l.At, l.Account = 1, Key, ID{9, n}, 1, account
		if got := s.Apply(s.Size(), &l, Unchecked); got != want {
			t.Errorf("step %d: %s", n, got)
		}
		if got, had := s.Keys(account); !had || !slices.Equal(got, active) {
			t.Errorf("step %d: active %v", n, got)
		}
	}
	signed := Hash{8}
	step(Applied, []Hash{a}, Leaf{Key: a})
	step(Unsigned, []Hash{a}, Leaf{Key: b})
	step(Unsigned, []Hash{a}, Leaf{Key: b, Sig: signed, Signer: b})
	step(Applied, []Hash{a, b}, Leaf{Key: b, Sig: signed, Signer: a})
	step(Applied, []Hash{b}, Leaf{Key: a, Lift: true})
	step(Unsigned, []Hash{b}, Leaf{Key: a, Sig: signed, Signer: a})
	step(Applied, nil, Leaf{Key: b, Lift: true})
	step(Unsigned, nil, Leaf{Key: c})
	step(Applied, []Hash{c}, Leaf{Key: c, Recovery: Hash{7}})
	step(Applied, []Hash{a}, Leaf{Key: a, Recovery: Hash{7}})
}

func FuzzSplitExtra(f *testing.F) {
	l := fit()[Grant]
	b := p256(f).sign(f, &l, nil)
	entry, err := l.Encode()
	if err != nil {
		f.Fatal(err)
	}
	bundle, err := b.Encode()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(entry)
	f.Add(slices.Concat(entry, bundle))
	f.Add(slices.Concat(entry, entry))
	f.Fuzz(func(t *testing.T, extra []byte) {
		l, entry, bundle, err := SplitExtra(extra)
		if err != nil {
			return
		}
		if !bytes.Equal(slices.Concat(entry, bundle), extra) {
			t.Fatalf("%x was split into %x and %x", extra, entry, bundle)
		}
		if again, err := Decode(entry); err != nil || !cmp.Equal(l, again) {
			t.Fatalf("%+v, %+v, %v", l, again, err)
		}
		if _, err := DecodeBundle(bundle); bundle != nil && err != nil {
			t.Fatal(err)
		}
	})
	if _, got, with, err := SplitExtra(slices.Concat(entry, bundle)); err != nil || !cmp.Equal(got, entry) || !cmp.Equal(with, bundle) {
		f.Errorf("split into %x, %x, %v", got, with, err)
	}
}
