package rights

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"testing"

	"loam"
	"loam/internal/ledger"
)

const (
	party  = "loam.example"
	origin = "https://loam.example"
)

func TestNewParty(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]Party{
		"https://loam.example":      {party, "Loam 沃土", origin},
		"https://loam.example:8443": {party, "Loam 沃土", "https://loam.example:8443"},
		"http://localhost:8600":     {"localhost", "Loam 沃土", "http://localhost:8600"},
		"http://127.0.0.1:8600":     {},
		"https://[::1]:8600":        {},
		"x":                         {},
		":":                         {},
	} {
		got, err := NewParty(address)
		if got != want || (want == Party{}) != (loam.CodeOf(err) == "passkey.address") {
			t.Errorf("%s: %+v, %v", address, got, err)
		}
	}
}

// prepared is an act that waits for its signature, what is to be signed, and the key.
func prepared(t testing.TB) (loam.PreparedAct, string, *ecdsa.PrivateKey, []byte) {
	t.Helper()
	l := ledger.Leaf{V: 1, Kind: ledger.Grant, ID: ledger.ID{1}, At: 1, Account: ledger.ID{2}, Work: ledger.ID{3}, Actor: ledger.Creator, Uses: []loam.Use{loam.UseStyle}, Terms: ledger.Terms{Price: ledger.Free}}
	raw, err := l.Encode()
	if err != nil {
		t.Fatal(err)
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	point, err := key.PublicKey.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	cose := slices.Concat([]byte("\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20"), point[1:33], []byte("\x22\x58\x20"), point[33:])
	act := loam.PreparedAct{Leaf: l.ID.String(), Owner: "ann", Raw: raw}
	challenge, err := Challenge(&act)
	if err != nil {
		t.Fatal(err)
	}
	return act, challenge, key, cose
}

// asserted is what a browser at the origin sends.
func asserted(t testing.TB, key *ecdsa.PrivateKey, challenge string) Assertion {
	t.Helper()
	rp := sha256.Sum256([]byte(party))
	data, client := append(rp[:], 5, 0, 0, 0, 1), fmt.Appendf(nil, `{"type":"webauthn.get","challenge":%q,"origin":%q}`, challenge, origin)
	sum := sha256.Sum256(client)
	digest := sha256.Sum256(slices.Concat(data, sum[:]))
	sig, err := ecdsa.SignASN1(rand.Reader, key, digest[:])
	if err != nil {
		t.Fatal(err)
	}
	b64 := base64.RawURLEncoding.EncodeToString
	return Assertion{Credential: "c", AuthData: b64(data), Client: b64(client), Signature: b64(sig)}
}

// FuzzSign: no assertion but the true one signs an act, and what was refused is told by a code.
func FuzzSign(f *testing.F) {
	act, challenge, key, cose := prepared(f)
	a := asserted(f, key, challenge)
	f.Add(a.AuthData, a.Client, a.Signature)
	f.Add("", "e30", "")
	p := Party{party, "", origin}
	f.Fuzz(func(t *testing.T, data, client, signature string) {
		got, err := p.Sign(act, cose, Assertion{AuthData: data, Client: client, Signature: signature})
		if err != nil {
			if loam.KindOf(err) != loam.Invalid {
				t.Fatalf("%v", err)
			}
			return
		}
		b, err := ledger.DecodeBundle(got.Bundle)
		if err != nil || base64.RawURLEncoding.EncodeToString(b.Client) != client {
			t.Fatalf("%x signs %q, %v", got.Bundle, client, err)
		}
		l, err := ledger.Decode(got.Raw)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := ledger.VerifyBundle(&l, &b, party, []string{origin}); err != nil {
			t.Fatal(err)
		}
	})
}

// FuzzFinish: whatever a browser answers to a registration, it is a key that can be checked or an
// error of its own code.
func FuzzFinish(f *testing.F) {
	p := Party{party, "Loam", origin}
	_, kept, err := p.Begin("ann", "ann", nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Add("YQ", "e30", "oA")
	f.Add("YQ", base64.RawURLEncoding.EncodeToString([]byte(`{"type":"webauthn.create","origin":"https://loam.example"}`)), "o2NmbXRkbm9uZWdhdHRTdG10oGhhdXRoRGF0YUA")
	f.Fuzz(func(t *testing.T, id, client, attestation string) {
		cose, err := p.Finish("ann", kept, Attestation{id, client, attestation})
		if err == nil && !ledger.UsableKey(cose) || err != nil && loam.KindOf(err) != loam.Invalid {
			t.Fatalf("%x, %v", cose, err)
		}
	})
}

// TestBundlesBesideLog: a signed leaf's bundle lies beside the log before a checkpoint covers the
// leaf, is laid there again after it was lost or cut off, and goes when it is erased; a mirror
// brings it, keeps it, and refuses one the leaf does not commit to.
func TestBundlesBesideLog(t *testing.T) {
	t.Parallel()
	signer, key := newKey(t)
	dir, o := t.TempDir(), &box{}
	act, challenge, private, cose := prepared(t)
	signed, err := Party{party, "", origin}.Sign(act, cose, asserted(t, private, challenge))
	if err != nil {
		t.Fatal(err)
	}
	o.put(t, 3)
	o.waiting = append(o.waiting, loam.WaitingLeaf{Owner: "ann", N: 3, ID: signed.Leaf, Leaf: signed.Raw, Bundle: signed.Bundle})
	appended := func(check func()) {
		t.Helper()
		a, err := Append(dir, signer, key, o, nil, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := a.Settle(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := a.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		check()
		if err := a.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	lies := func(want []byte) func() {
		return func() {
			t.Helper()
			got, err := os.ReadFile(bundleFile(dir, signed.Leaf))
			if !bytes.Equal(got, want) || (err == nil) != (want != nil) {
				t.Errorf("beside the log lies %x, %v", got, err)
			}
		}
	}
	appended(lies(signed.Bundle))
	if err := os.WriteFile(bundleFile(dir, signed.Leaf), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	appended(lies(signed.Bundle))
	files, copied := folder(dir), t.TempDir()
	if m, err := Mirror(t.Context(), files, copied, key, func(int, int) {}); err != nil || m.Signatures != 1 || m.Missing != 0 || m.Erased != 0 {
		t.Errorf("mirrored: %+v, %v", m, err)
	}
	o.erased = []string{signed.Leaf}
	appended(lies([]byte{}))
	if len(o.erased) > 0 {
		t.Error("the outbox was not told that it is gone")
	}
	for where, want := range map[string]int64{copied: 0, t.TempDir(): 1} {
		if m, err := Mirror(t.Context(), files, where, key, func(int, int) {}); err != nil || m.Erased != want || m.Missing != 0 || m.Signatures != 1-want {
			t.Errorf("after it was erased: %+v, %v", m, err)
		}
	}
	if err := os.Remove(bundleFile(dir, signed.Leaf)); err != nil {
		t.Fatal(err)
	}
	if m, err := Mirror(t.Context(), files, t.TempDir(), key, func(int, int) {}); err != nil || m.Missing != 1 || m.Erased != 0 {
		t.Errorf("withheld: %+v, %v", m, err)
	}
	other := signed.Bundle
	b, err := ledger.DecodeBundle(other)
	if err != nil {
		t.Fatal(err)
	}
	b.Salt[0]++
	if other, err = b.Encode(); err != nil {
		t.Fatal(err)
	}
	for _, bad := range [][]byte{other, []byte("x")} {
		if err := putBundle(dir, signed.Leaf, bad); err != nil {
			t.Fatal(err)
		}
		if _, err := Mirror(t.Context(), files, t.TempDir(), key, func(int, int) {}); loam.CodeOf(err) != "mirror.signature" {
			t.Errorf("another's bundle: %v", err)
		}
	}
}
