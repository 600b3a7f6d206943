package integrity

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"image"
	"image/png"
	"strings"
	"testing"

	"github.com/emmansun/gmsm/sm2"
	"github.com/emmansun/gmsm/sm3"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"loam"
	"loam/internal/media"
)

func mark() loam.Mark {
	const code = "001191000000000000000K1000"
	return loam.Mark{Label: "1", ContentProducer: code + "0", ProduceID: "id-1", ContentPropagator: code + "1", PropagateID: "id-2"}
}

// sealed has the field of a writer filled in.
func sealed(m loam.Mark, p Part, field string) loam.Mark {
	if p == Propagator {
		m.ReservedCode2 = field
	} else {
		m.ReservedCode1 = field
	}
	return m
}

// securityDataOf is the guide's form of a signature; key is left out if it is empty.
func securityDataOf(sig, key string) string {
	s := `{"SecurityData":{"Type":"TC260PG","PubSD":[{"Type":"DS","AlgID":"` + algSM2 + `","TBSData":{"Type":"Md"},"KeyID":"k1","Signature":"` + sig + `"}`
	if key != "" {
		s += `,{"Type":"PubKey","AlgID":"` + algSM2 + `","KeyValue":"` + key + `"}`
	}
	return s + `],"Bindings":[]}}`
}

func sm2Sealed(t testing.TB, m loam.Mark) (sig, key string) {
	t.Helper()
	k, err := sm2.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	b, err := k.SignWithSM2(rand.Reader, []byte(userID), Producer.message(m))
	if err != nil {
		t.Fatal(err)
	}
	pub, err := sm2.PublicKeyToECDH(&k.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	return hex.EncodeToString(b), hex.EncodeToString(pub.Bytes())
}

// TestStandardExample: the signature of GB/T 32918.5-2017, A.2, is right.
func TestStandardExample(t *testing.T) {
	t.Parallel()
	key, ok := sm2Key("09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13")
	sig, err := hex.DecodeString("F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA")
	if err != nil || !ok {
		t.Fatal(key, err)
	}
	if !verifySM2(key, []byte("message digest"), sig) {
		t.Error("the standard's own example does not verify")
	}
	if verifySM2(key, []byte("message digesu"), sig) {
		t.Error("another message verifies")
	}
}

// TestCheckSM2: S1, a right signature is trusted with a pinned key only; S2, a changed label,
// producer or number is bad.
func TestCheckSM2(t *testing.T) {
	t.Parallel()
	m := mark()
	sig, key := sm2Sealed(t, m)
	otherSig, other := sm2Sealed(t, m)
	change := func(f func(*loam.Mark)) loam.Mark {
		x := sealed(m, Producer, securityDataOf(sig, key))
		f(&x)
		return x
	}
	good := sealed(m, Producer, securityDataOf(sig, key))
	for _, tt := range []struct {
		name   string
		m      loam.Mark
		pinned []string
		want   Integrity
	}{
		{"S1 pinned", good, []string{other, key}, Integrity{SecurityData, Trusted, key}},
		{"S1 pinned, without the first byte and in capitals", good, []string{strings.ToUpper(key)}, Integrity{SecurityData, Trusted, key}},
		{"S1 not pinned", good, nil, Integrity{SecurityData, SelfConsistent, key}},
		{"S1 another pinned", good, []string{other}, Integrity{SecurityData, SelfConsistent, key}},
		{"S2 label", change(func(x *loam.Mark) { x.Label = "2" }), []string{key}, Integrity{SecurityData, Bad, key}},
		{"S2 producer", change(func(x *loam.Mark) { x.ContentProducer += "1" }), []string{key}, Integrity{SecurityData, Bad, key}},
		{"S2 number", change(func(x *loam.Mark) { x.ProduceID += "1" }), []string{key}, Integrity{SecurityData, Bad, key}},
		{"propagator is not signed", change(func(x *loam.Mark) { x.PropagateID += "1" }), []string{key}, Integrity{SecurityData, Trusted, key}},
		{"another's signature", sealed(m, Producer, securityDataOf(otherSig, key)), []string{key}, Integrity{SecurityData, Bad, key}},
		{"no key in it, known", sealed(m, Producer, securityDataOf(sig, "")), []string{other, key}, Integrity{SecurityData, Trusted, key}},
		{"no key in it, not known", sealed(m, Producer, securityDataOf(sig, "")), []string{other, "zz"}, Integrity{SecurityData, Unread, ""}},
		{"no signature", sealed(m, Producer, securityDataOf("", key)), nil, Integrity{SecurityData, Bad, key}},
		{"another algorithm", sealed(m, Producer, strings.ReplaceAll(securityDataOf(sig, key), ".501", ".502")), nil, Integrity{SecurityData, Unread, ""}},
		{"cut off", sealed(m, Producer, securityDataOf(sig, key)[:80]), nil, Integrity{SecurityData, Unread, ""}},
		{"quotes escaped twice", sealed(m, Producer, strings.ReplaceAll(securityDataOf(sig, key), `"`, `\"`)), nil, Integrity{SecurityData, SelfConsistent, key}},
	} {
		if d := cmp.Diff(tt.want, Check(tt.m, Producer, tt.pinned...)); d != "" {
			t.Errorf("%s: %s", tt.name, d)
		}
	}
}

func TestCheckDigest(t *testing.T) {
	t.Parallel()
	m := mark()
	two, three := sha256.Sum256(Producer.message(m)), sm3.Sum(Producer.message(m))
	for _, tt := range []struct {
		field string
		want  Integrity
	}{
		{"", Integrity{Form: None, Result: Unread}},
		{hex.EncodeToString(two[:]), Integrity{Form: Digest, Result: SelfConsistent}},
		{strings.ToUpper(hex.EncodeToString(three[:])), Integrity{Form: Digest, Result: SelfConsistent}},
		{strings.Repeat("ab", 32), Integrity{Form: Digest, Result: Unread}},
		{strings.Repeat("ab", 31), Integrity{Form: Foreign, Result: Unread}},
		{"v1:whatever", Integrity{Form: Foreign, Result: Unread}},
		{"loam1.", Integrity{Form: Loam, Result: Bad}},
		{"loam1.AAAA.BBBB", Integrity{Form: Loam, Result: Bad}},
	} {
		if d := cmp.Diff(tt.want, Check(sealed(m, Producer, tt.field), Producer)); d != "" {
			t.Errorf("%q: %s", tt.field, d)
		}
	}
}

// TestSeal: what is sealed is trusted by who knows the key, the same each time, and bad once
// anything of it changes; the two writers' seals are not exchangeable.
func TestSeal(t *testing.T) {
	t.Parallel()
	pub, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	known := hex.EncodeToString(pub)
	for _, p := range []Part{Producer, Propagator} {
		rapid.Check(t, func(r *rapid.T) {
			text := rapid.StringOfN(rapid.RuneFrom([]rune(`!#AZaz09[]~-.`)), 1, 30, -1)
			m := loam.Mark{
				Label: rapid.SampledFrom([]string{"1", "2", "3"}).Draw(r, "label"), ContentProducer: text.Draw(r, "producer"), ProduceID: text.Draw(r, "id"),
				ContentPropagator: text.Draw(r, "propagator"), PropagateID: text.Draw(r, "media id"),
			}
			s, err := Seal(m, p, key)
			if err != nil || !media.IsID(s) {
				r.Fatalf("%q %v", s, err)
			}
			if again, err := Seal(m, p, key); err != nil || again != s {
				r.Fatalf("%q, then %q %v", s, again, err)
			}
			if got := Check(sealed(m, p, s), p, known); got != (Integrity{Loam, Trusted, known}) {
				r.Fatalf("%+v", got)
			}
			if got := Check(sealed(m, p, s), p); got.Result != SelfConsistent {
				r.Fatalf("not pinned: %+v", got)
			}
			if got := Check(sealed(m, 1-p, s), 1-p, known); got.Result != Bad {
				r.Fatalf("as the other's: %+v", got)
			}
			changed := []byte(s)
			at := rapid.IntRange(len(sealPrefix), len(s)-1).Draw(r, "at")
			changed[at] = "AB"[rapid.IntRange(0, 1).Draw(r, "letter")]
			if got := Check(sealed(m, p, string(changed)), p, known); got.Result != Bad && string(changed) != s {
				r.Fatalf("changed at %d: %+v", at, got)
			}
		})
	}
	ec, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Seal(mark(), Producer, ec); loam.CodeOf(err) != "label.seal" {
		t.Errorf("another kind of key: %v", err)
	}
}

// TestSurvivesFiles: S4, the quotes of the guide's form survive JSON and XMP.
func TestSurvivesFiles(t *testing.T) {
	t.Parallel()
	m := mark()
	sig, key := sm2Sealed(t, m)
	m.ReservedCode1 = securityDataOf(sig, key)
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 4, 4))); err != nil {
		t.Fatal(err)
	}
	for name, file := range map[string][]byte{"png": b.Bytes(), "text": []byte("words\n")} {
		out, err := media.Write(file, m)
		if err != nil {
			t.Fatal(name, err)
		}
		found, err := media.Read(out)
		if err != nil || len(found) != 1 || !found[0].Strict() {
			t.Fatalf("%s: %+v %v", name, found, err)
		}
		if got := Check(found[0].Mark, Producer, key); got != (Integrity{SecurityData, Trusted, key}) {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// FuzzCheck: no field is trusted without a pinned key.
func FuzzCheck(f *testing.F) {
	m := mark()
	sig, key := sm2Sealed(f, m)
	f.Add(securityDataOf(sig, key))
	f.Add(strings.Repeat("ab", 32))
	f.Add("loam1.AAAA.BBBB")
	f.Fuzz(func(t *testing.T, field string) {
		for _, p := range []Part{Producer, Propagator} {
			if got := Check(sealed(m, p, field), p); got.Result == Trusted {
				t.Fatalf("%+v", got)
			}
		}
	})
}
