package main

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"loam"
	"loam/internal/c2pa"
	"loam/internal/store"
)

// TestLabelKeys: the first start makes an authority, later starts have the same one, the leaf
// is renewed before it ends, and lost keys are an error, never others.
func TestLabelKeys(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)
	clock := func() time.Time { return now }
	c := config{place: place{Data: t.TempDir()}}
	db, err := store.Open(t.Context(), store.Config{Dir: c.Data, Clock: clock})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	open := func() (*labelKeys, c2pa.Signer) {
		t.Helper()
		k, err := openLabelKeys(t.Context(), db, c, clock)
		if err != nil {
			t.Fatal(err)
		}
		s, err := k.signer()
		if err != nil {
			t.Fatal(err)
		}
		return k, s
	}
	k, first := open()
	for _, name := range []string{labelRoot, labelRootKey, labelLeaf, labelLeafKey} {
		info, err := os.Stat(filepath.Join(c.Data, "keys", name))
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v %v", name, info, err)
		}
	}
	if err := c2pa.CheckPair(first.Chain, first.Key, now); err != nil {
		t.Error(err)
	}
	if _, again := open(); !again.Chain[0].Equal(first.Chain[0]) || !again.Chain[1].Equal(first.Chain[1]) {
		t.Error("another start has other keys")
	}
	now = first.Chain[0].NotAfter.Add(-c2pa.RenewBefore + time.Hour)
	renewed, err := k.signer()
	if err != nil || renewed.Chain[0].Equal(first.Chain[0]) || !renewed.Chain[1].Equal(first.Chain[1]) || c2pa.Due(renewed.Chain[0], now) {
		t.Errorf("a leaf that is due: %v", err)
	}
	if _, after := open(); !after.Chain[0].Equal(renewed.Chain[0]) {
		t.Error("the renewed leaf was not kept")
	}
	signed, err := c2pa.Sign(bytes.NewReader([]byte("RIFF\x0c\x00\x00\x00WEBPVP8L\x00\x00\x00\x00")), c2pa.Claim{Generator: c2pa.Agent{Name: "loam"}}, first)
	if err != nil {
		t.Fatal(err)
	}
	if r, err := c2pa.Inspect(signed, k.trust, first.Now); err != nil || r.State != c2pa.Trusted {
		t.Errorf("%+v %v", r, err)
	}
	if err := os.Remove(filepath.Join(c.Data, "keys", labelRootKey)); err != nil {
		t.Fatal(err)
	}
	if _, err := openLabelKeys(t.Context(), db, c, clock); loam.KindOf(err) != loam.Unavailable || loam.CodeOf(err) != "key.missing" {
		t.Errorf("a lost key: %v", err)
	}
	var none *labelKeys
	if _, err := none.signer(); loam.CodeOf(err) != "key.missing" {
		t.Errorf("no keys: %v", err)
	}
}

// TestOperatorsCertificate: a pair that is right is used, one that is wrong stops the start
// with a sentence that says what is wrong, and doctor never shows the key.
func TestOperatorsCertificate(t *testing.T) {
	t.Parallel()
	now := time.Now()
	a, err := c2pa.NewAuthority(rand.Reader, now, "Operator")
	if err != nil {
		t.Fatal(err)
	}
	leaf, key, err := a.Leaf(rand.Reader, now)
	if err != nil {
		t.Fatal(err)
	}
	old, oldKey, err := a.Leaf(rand.Reader, now.AddDate(-3, 0, 0))
	if err != nil {
		t.Fatal(err)
	}
	other, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	write := func(name string, b []byte) string {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
			t.Fatal(err)
		}
		return filepath.Join(dir, name)
	}
	keyFile := func(name string, key crypto.Signer) string {
		t.Helper()
		b, err := c2pa.EncodeKey(key)
		if err != nil {
			t.Fatal(err)
		}
		return write(name, b)
	}
	goodKey := keyFile("good.key", key)
	good := write("good.pem", c2pa.EncodeChain(leaf, a.Root))
	for _, tt := range []struct{ name, cert, key, says string }{
		{"right", good, goodKey, ""},
		{"none", "", "", ""},
		{"only one", good, "", "go together"},
		{"another key", good, keyFile("other.key", other), "the key is not that of the first certificate"},
		{"over", write("old.pem", c2pa.EncodeChain(old, a.Root)), keyFile("old.key", oldKey), "the certificate is over"},
		{"out of order", write("order.pem", c2pa.EncodeChain(leaf, leaf)), goodKey, "not in order"},
		{"an authority's", write("ca.pem", c2pa.EncodeChain(a.Root)), keyFile("ca.key", a.Key), "authority"},
		{"swapped", goodKey, good, "not a chain of certificates"},
		{"no key", good, good, "not a private key"},
		{"no file", filepath.Join(dir, "none"), goodKey, "no such file"},
	} {
		c := config{place: place{Data: t.TempDir()}, Addr: "127.0.0.1:0", LabelCert: tt.cert, LabelKey: tt.key}
		err := c.check()
		if (err == nil) != (tt.says == "") || err != nil && !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
	c := config{LabelCert: good, LabelKey: goodKey}
	k, err := openLabelKeys(t.Context(), nil, c, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	if s, err := k.signer(); err != nil || !s.Chain[0].Equal(leaf) {
		t.Errorf("%v", err)
	}
	for _, attr := range c.redacted() {
		if attr.Key == "label_key" && attr.Value.String() != "(set)" {
			t.Errorf("doctor shows %s", attr)
		}
	}
}
