package label

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/hex"
	"testing"
	"time"

	"loam"
	"loam/internal/c2pa"
	"loam/internal/media"
)

// TestApplyCredentials: a page made here with a model's words and a photo that came in
// labelled carry, beside the label and its seal, Content Credentials a stranger can judge;
// bytes changed afterwards are seen by all of them.
func TestApplyCredentials(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC)
	authority, err := c2pa.NewAuthority(rand.Reader, now, "test")
	if err != nil {
		t.Fatal(err)
	}
	leaf, key, err := authority.Leaf(rand.Reader, now)
	if err != nil {
		t.Fatal(err)
	}
	pub, seal, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	signer := c2pa.Signer{Chain: []*x509.Certificate{leaf, authority.Root}, Key: key, Rand: rand.Reader, Now: now, Trust: c2pa.NewTrust(authority.Root)}
	s, l := setup(t, loam.IsAI, loam.IsAI, loam.MayAI)
	l.Seal, l.Signer = seal, func() (c2pa.Signer, error) { return signer, nil }
	if err := l.Apply(t.Context(), "v1"); err != nil {
		t.Fatal(err)
	}
	us := Known{Trust: signer.Trust, Keys: []string{hex.EncodeToString(pub)}, Now: now}
	for i, want := range []struct {
		field, action, source string
	}{{"text", "", ""}, {"picture.1", c2pa.ActionCreated, c2pa.SourceComposite}, {"picture.2", c2pa.ActionOpened, ""}} {
		b, err := s.Read(s.labels[i].Result)
		if err != nil {
			t.Fatal(err)
		}
		ours, stranger := reportOf(t, b, us), reportOf(t, b, Known{Now: now})
		if m := ours[media.KindImplicit]; m.Signature != SignedTrusted || stranger[media.KindImplicit].Signature != SignedValid {
			t.Errorf("%s: the seal is %q to us, %q to a stranger", want.field, m.Signature, stranger[media.KindImplicit].Signature)
		}
		if want.action == "" {
			continue
		}
		if ours[KindManifest].Signature != SignedTrusted || stranger[KindManifest].Signature != SignedValid {
			t.Errorf("%s: the manifest is %q to us, %q to a stranger", want.field, ours[KindManifest].Signature, stranger[KindManifest].Signature)
		}
		r, err := c2pa.Inspect(bytes.NewReader(b), nil, now)
		if err != nil {
			t.Fatal(err)
		}
		first := r.Active().Actions[0]
		if first.Action != want.action || first.SourceType != want.source {
			t.Errorf("%s: it begins with %+v", want.field, first)
		}
		for _, u := range c2pa.Uses() {
			if got := r.Active().Training[u].Use; got != c2pa.NotAllowed {
				t.Errorf("%s: %s is %q", want.field, u, got)
			}
		}
		spoilt := bytes.Clone(b)
		spoilt[len(spoilt)-40] ^= 1
		if got := reportOf(t, spoilt, us)[KindManifest].Signature; got != SignedInvalid {
			t.Errorf("%s: a changed picture is %q", want.field, got)
		}
		forged, err := media.Write(b, s.labels[3-i].Mark)
		if err != nil {
			t.Fatal(err)
		}
		if m := reportOf(t, forged, us)[KindManifest]; m.Signature != SignedInvalid || len(m.Defects) == 0 || (m.State == loam.IsAI) != (want.source != "") {
			t.Errorf("%s: under another label the manifest is %+v", want.field, m)
		}
	}
}

func reportOf(t *testing.T, b []byte, k Known) map[string]MarkReport {
	t.Helper()
	r, err := Check(bytes.NewReader(b), k)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]MarkReport{}
	for _, m := range r.Marks {
		out[m.Kind] = m
	}
	return out
}
