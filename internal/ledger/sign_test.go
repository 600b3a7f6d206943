package ledger

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"testing"

	"loam"
)

const (
	party  = "loam.example"
	origin = "https://loam.example"
)

// passkey is an authenticator and the browser before it.
type passkey struct {
	key  crypto.Signer
	cose []byte
}

func p256(t testing.TB) passkey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := key.PublicKey.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return passkey{key, slices.Concat([]byte(coseP256), raw[1:33], []byte(coseP256Y), raw[33:])}
}

func ed(t testing.TB) passkey {
	t.Helper()
	public, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return passkey{key, append([]byte(coseEd25519), public...)}
}

// assertion is what a browser sends; tests change it before it is signed.
type assertion struct {
	kind, challenge, origin, rest string
	party                         string
	flags                         byte
}

// sign makes the bundle over a leaf and puts its commitment into it.
func (p passkey) sign(t testing.TB, l *Leaf, change func(*assertion)) Bundle {
	t.Helper()
	c, err := l.Challenge()
	if err != nil {
		t.Fatal(err)
	}
	a := assertion{"webauthn.get", base64.RawURLEncoding.EncodeToString(c[:]), origin, `,"crossOrigin":false`, party, flagPresent | flagVerified}
	if change != nil {
		change(&a)
	}
	rp := sha256.Sum256([]byte(a.party))
	b := Bundle{
		Salt: [32]byte{1, 2, 3}, Key: p.cose,
		AuthData: append(rp[:], a.flags, 0, 0, 0, 7),
		Client:   fmt.Appendf(nil, `{"type":%q,"challenge":%q,"origin":%q%s}`, a.kind, a.challenge, a.origin, a.rest),
	}
	client := sha256.Sum256(b.Client)
	msg := slices.Concat(b.AuthData, client[:])
	if _, ok := p.key.(ed25519.PrivateKey); ok {
		b.Signature, err = p.key.Sign(rand.Reader, msg, crypto.Hash(0))
	} else {
		sum := sha256.Sum256(msg)
		b.Signature, err = p.key.Sign(rand.Reader, sum[:], crypto.SHA256)
	}
	if err != nil {
		t.Fatal(err)
	}
	if l.Sig, err = b.Commitment(); err != nil {
		t.Fatal(err)
	}
	l.Signer = KeyHash(b.Key)
	return b
}

func TestVerifyBundle(t *testing.T) {
	t.Parallel()
	for name, key := range map[string]passkey{"P-256": p256(t), "Ed25519": ed(t)} {
		l := fit()[Grant]
		b := key.sign(t, &l, nil)
		verified, err := VerifyBundle(&l, &b, party, []string{"https://other.example", origin})
		if err != nil || !verified {
			t.Errorf("%s: verified %t, %v", name, verified, err)
		}
		b = key.sign(t, &l, func(a *assertion) { a.flags, a.rest = flagPresent, "" })
		if verified, err = VerifyBundle(&l, &b, party, []string{origin}); err != nil || verified {
			t.Errorf("%s without user verification: verified %t, %v", name, verified, err)
		}
		raw, err := b.Encode()
		if err != nil {
			t.Fatal(err)
		}
		again, err := DecodeBundle(raw)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := VerifyBundle(&l, &again, party, []string{origin}); err != nil {
			t.Errorf("%s read back: %v", name, err)
		}
	}
}

func TestVerifyBundleRefuses(t *testing.T) {
	t.Parallel()
	key, other := p256(t), p256(t)
	for name, change := range map[string]func(*assertion){
		"a registration":    func(a *assertion) { a.kind = "webauthn.create" },
		"another challenge": func(a *assertion) { a.challenge = base64.RawURLEncoding.EncodeToString(make([]byte, 32)) },
		"another encoding":  func(a *assertion) { a.challenge = strings.ToUpper(a.challenge) },
		"another origin":    func(a *assertion) { a.origin = "https://evil.example" },
		"a framed page":     func(a *assertion) { a.rest = `,"crossOrigin":true` },
		"another case":      func(a *assertion) { a.kind = "x"; a.rest = `,"Type":"webauthn.get"` },
		"no JSON":           func(a *assertion) { a.rest = "," },
		"a number":          func(a *assertion) { a.rest = `,"origin":7` },
		"another party":     func(a *assertion) { a.party = "evil.example" },
		"nobody present":    func(a *assertion) { a.flags = flagVerified },
	} {
		l := fit()[Grant]
		b := key.sign(t, &l, change)
		if _, err := VerifyBundle(&l, &b, party, []string{origin}); loam.CodeOf(err) != "ledger.signature" {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, forge := range map[string]func(*Leaf, *Bundle){
		"another leaf":      func(l *Leaf, _ *Bundle) { l.Until++ },
		"another id":        func(l *Leaf, _ *Bundle) { l.ID[9]++ },
		"another salt":      func(_ *Leaf, b *Bundle) { b.Salt[0]++ },
		"a bundle swapped":  func(l *Leaf, b *Bundle) { *b = other.sign(t, l, nil); l.Signer = KeyHash(key.cose) },
		"another signature": func(l *Leaf, b *Bundle) { b.Signature[9]++; l.Sig, _ = b.Commitment() },
		"no signature":      func(l *Leaf, b *Bundle) { b.Signature = nil; l.Sig, _ = b.Commitment() },
		"another key": func(l *Leaf, b *Bundle) {
			b.Key = other.cose
			l.Sig, _ = b.Commitment()
			l.Signer = KeyHash(b.Key)
		},
		"no point of the curve": func(l *Leaf, b *Bundle) {
			b.Key = bytes.Clone(b.Key)
			b.Key[20]++
			l.Sig, _ = b.Commitment()
			l.Signer = KeyHash(b.Key)
		},
		"short data": func(l *Leaf, b *Bundle) { b.AuthData = b.AuthData[:36]; l.Sig, _ = b.Commitment() },
		"no data":    func(l *Leaf, b *Bundle) { *b = Bundle{}; l.Sig, _ = b.Commitment() },
	} {
		l := fit()[Grant]
		b := key.sign(t, &l, nil)
		forge(&l, &b)
		if _, err := VerifyBundle(&l, &b, party, []string{origin}); loam.CodeOf(err) != "ledger.signature" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestCommitHides: the same fields under two salts share nothing.
func TestCommitHides(t *testing.T) {
	t.Parallel()
	a, b := Commit([32]byte{1}, []byte("x")), Commit([32]byte{2}, []byte("x"))
	if a == b || a != Commit([32]byte{1}, []byte("x")) || a == Commit([32]byte{1}, []byte("y")) {
		t.Error("a commitment does not depend on salt and fields alone")
	}
}

func FuzzBundle(f *testing.F) {
	key := p256(f)
	l := fit()[Grant]
	b := key.sign(f, &l, nil)
	raw, err := b.Encode()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(raw)
	f.Add([]byte("\xa1\x04\x41{"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		b, err := DecodeBundle(raw)
		if err != nil {
			return
		}
		again, err := b.Encode()
		if err != nil || !bytes.Equal(again, raw) {
			t.Fatalf("%x became %x, %v", raw, again, err)
		}
		// As a forger would: another leaf, which commits to whatever she has.
		forged := fit()[Grant]
		forged.Until++
		if forged.Sig, err = b.Commitment(); err != nil {
			t.Fatal(err)
		}
		forged.Signer = KeyHash(b.Key)
		if _, err := VerifyBundle(&forged, &b, party, []string{origin}); err == nil {
			t.Fatalf("%x is a bundle", raw)
		}
	})
}

// BenchmarkVerifyBundle is one core: benchmarks run one goroutine.
func BenchmarkVerifyBundle(b *testing.B) {
	for name, key := range map[string]passkey{"P-256": p256(b), "Ed25519": ed(b)} {
		l := fit()[Grant]
		bundle := key.sign(b, &l, nil)
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := VerifyBundle(&l, &bundle, party, []string{origin}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "verifies/s")
		})
	}
}
