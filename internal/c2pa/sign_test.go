package c2pa

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"math/big"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"loam"
	"loam/internal/media"
)

// TestSign: each container carries a manifest, and what one reads back is what was claimed.
func TestSign(t *testing.T) {
	t.Parallel()
	s := setup(t)
	claim := generated()
	claim.InstanceID = "xmp:iid:1"
	claim.Then = []Action{{Action: ActionPublished, Agent: Agent{"loam", "1"}}}
	claim.TrainingMining = map[string]Use{UseTraining: {Use: Constrained, Constraints: "ask"}}
	for name, file := range files(t) {
		r := inspect(t, sign(t, file, claim, s.Signer), s.Trust)
		if r.State != Trusted {
			t.Errorf("%s: %+v", name, r)
			continue
		}
		want := Manifest{
			Label: r.Active().Label, Title: "note", InstanceID: "xmp:iid:1", Generator: Agent{"loam", "1"}, Signer: "Test", Issuer: "Test",
			Actions:    []Action{{ActionCreated, SourceGenerated, Agent{"model", "2"}}, {ActionPublished, "", Agent{"loam", "1"}}},
			Training:   map[string]Use{UseTraining: {Constrained, "ask"}, UseInference: {Use: NotAllowed}, UseGenerative: {Use: NotAllowed}, UseMining: {Use: NotAllowed}},
			Disclosure: claim.AI, Ingredients: []Ingredient{},
		}
		if d := cmp.Diff(want, *r.Active()); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}

// TestParents: a manifest is kept when another comes, and named as its parent; the file
// around it stays.
func TestParents(t *testing.T) {
	t.Parallel()
	s := setup(t)
	for name, file := range files(t) {
		b := sign(t, file, generated(), s.Signer)
		first := inspect(t, b, s.Trust).Manifests[0].Label
		b = sign(t, b, Claim{Generator: Agent{"loam", "2"}, Title: "again"}, s.Signer)
		b = sign(t, b, generated(), s.Signer) // created is not true of a file that has a past
		r := inspect(t, b, s.Trust)
		if r.State != Trusted || len(r.Manifests) != 3 {
			t.Fatalf("%s: %+v", name, r)
		}
		got := r.Manifests[0]
		if d := cmp.Diff([]Ingredient{{"parentOf", "again", r.Manifests[1].Label}}, got.Ingredients); d != "" || got.Actions[0].Action != ActionOpened {
			t.Errorf("%s: %s %+v", name, d, got.Actions)
		}
		if r.Manifests[2].Label != first {
			t.Errorf("%s: the oldest is %s, not %s", name, r.Manifests[2].Label, first)
		}
		if bare := without(t, b); name != "mp4" && !bytes.Equal(bare, without(t, sign(t, file, generated(), s.Signer))) {
			t.Errorf("%s: more than the manifest changed", name)
		}
	}
}

// without is a file without its manifest, and without WebP's length of the file.
func without(t *testing.T, b []byte) []byte {
	t.Helper()
	m, err := media.Manifest(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	b = bytes.Clone(b)
	for _, s := range slices.Backward(m.Spans) {
		b = slices.Delete(b, int(s.From), int(s.To))
	}
	if m.Type == media.WebP {
		clear(b[4:8])
	}
	return b
}

// TestOpened: a file that was not made here has itself, as it was, as its parent.
func TestOpened(t *testing.T) {
	t.Parallel()
	s := setup(t)
	r := inspect(t, sign(t, webpOf(40), Claim{Generator: Agent{Name: "loam"}}, s.Signer), s.Trust)
	if r.State != Trusted || r.Active().Actions[0].Action != ActionOpened || !r.Has(codeNoProvenance) {
		t.Errorf("%+v", r)
	}
}

// TestAlgorithms: every key that C2PA allows signs and is read.
func TestAlgorithms(t *testing.T) {
	t.Parallel()
	for name, key := range keys(t) {
		s := signerOf(t, key, day)
		r := inspect(t, sign(t, webpOf(40), generated(), s.Signer), s.Trust)
		if r.State != Trusted {
			t.Errorf("%s: %+v", name, r)
		}
	}
}

// keys are one of each kind.
func keys(t *testing.T) map[string]crypto.Signer {
	t.Helper()
	out := map[string]crypto.Signer{}
	for name, c := range map[string]elliptic.Curve{"ES256": elliptic.P256(), "ES384": elliptic.P384(), "ES512": elliptic.P521()} {
		k, err := ecdsa.GenerateKey(c, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		out[name] = k
	}
	_, ed, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	rs, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	out["EdDSA"], out["PS256"] = ed, rs
	return out
}

// signerOf has a certificate for a key from an authority of its own.
func signerOf(t *testing.T, key crypto.Signer, now time.Time) bundle {
	t.Helper()
	a, err := NewAuthority(rand.Reader, now, "Test")
	if err != nil {
		t.Fatal(err)
	}
	return bundle{Signer{
		Chain: []*x509.Certificate{leafOf(t, a, key, now, func(*x509.Certificate) {})}, Key: key, Rand: rand.Reader, Now: now, Trust: NewTrust(a.Root),
	}, a.Root}
}

// leafOf issues a right certificate but for what change does to it.
func leafOf(t *testing.T, a *Authority, key crypto.Signer, now time.Time, change func(*x509.Certificate)) *x509.Certificate {
	t.Helper()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(5), Subject: subject("Test", "Test"), NotBefore: now.Add(-time.Hour), NotAfter: now.AddDate(1, 0, 0),
		BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature, UnknownExtKeyUsage: []asn1.ObjectIdentifier{ekuC2PA},
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageEmailProtection},
	}
	change(template)
	c, err := issue(rand.Reader, template, a.Root, key.Public(), a.Key)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestSignRefuses(t *testing.T) {
	t.Parallel()
	s := setup(t)
	small, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	weak := s.Signer
	weak.Key = small
	two := pngOf(t, picture(4, 4))
	two = sign(t, two, generated(), s.Signer)
	chunk := two[33 : bytes.Index(two, []byte("IDAT"))-4]
	two = slices.Insert(two, 33, chunk...)
	for _, tt := range []struct {
		name, code string
		file       []byte
		claim      Claim
		s          Signer
	}{
		{"text", "manifest.container", []byte("words"), generated(), s.Signer},
		{"nobody generates", "manifest.claim", webpOf(4), Claim{Created: true, SourceType: SourceGenerated}, s.Signer},
		{"X1: created without a source type", "manifest.claim", webpOf(4), Claim{Generator: Agent{Name: "a"}, Created: true}, s.Signer},
		{"X2: created twice", "manifest.claim", webpOf(4), Claim{Generator: Agent{Name: "a"}, Then: []Action{{Action: ActionCreated}}}, s.Signer},
		{"a use nobody knows", "manifest.claim", webpOf(4), Claim{Generator: Agent{Name: "a"}, TrainingMining: map[string]Use{"x": {Use: Allowed}}}, s.Signer},
		{"a word nobody knows", "manifest.claim", webpOf(4), Claim{Generator: Agent{Name: "a"}, TrainingMining: map[string]Use{UseMining: {Use: "maybe"}}}, s.Signer},
		{"a short key", "manifest.key", webpOf(4), generated(), weak},
		{"two stores", "media.broken", two, generated(), s.Signer},
		{"a JPEG that ends in its head", "media.broken", jpegOf(t, picture(4, 4))[:30], generated(), s.Signer},
	} {
		_, err := Sign(bytes.NewReader(tt.file), tt.claim, tt.s)
		var e *loam.Error
		if !errors.As(err, &e) || e.Code != tt.code || e.Kind != loam.Invalid {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}

// TestAnyByteCounts: no byte outside the manifest can change unseen, and none inside it can
// make the manifest say something else.
func TestAnyByteCounts(t *testing.T) {
	t.Parallel()
	s := setup(t)
	for name, file := range files(t) {
		b := sign(t, sign(t, file, generated(), s.Signer), generated(), s.Signer)
		was := inspect(t, b, s.Trust)
		m, err := media.Manifest(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		skip := 0
		if name == "mp4" { // ftyp and free boxes are free to change
			skip = int(m.Spans[0].To) + 16
		}
		rapid.Check(t, func(r *rapid.T) {
			at := rapid.IntRange(0, len(b)-1).Draw(r, "at")
			changed := bytes.Clone(b)
			changed[at] ^= byte(rapid.IntRange(1, 255).Draw(r, "by"))
			got, err := Inspect(bytes.NewReader(changed), s.Trust, day)
			if err != nil || got.State == Invalid || got.State == None {
				return
			}
			inside := int64(at) >= m.Spans[0].From && int64(at) < m.Spans[len(m.Spans)-1].To
			if !inside && at >= skip {
				r.Fatalf("%s: a change at %d is not seen", name, at)
			}
			if d := cmp.Diff(was.Manifests, got.Manifests); d != "" {
				r.Fatalf("%s: a change at %d: %s", name, at, d)
			}
		})
	}
}
