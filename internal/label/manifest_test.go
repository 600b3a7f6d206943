package label

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/hex"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

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
	signer := signerAt(t, now)
	pub, seal, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
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
		trusted := SignedTrusted // by the manifest, which covers the file and the label in it
		if want.action == "" {
			trusted = SignedKnown
		}
		if m := ours[media.KindImplicit]; m.Signature != trusted || stranger[media.KindImplicit].Signature != SignedValid {
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

// TestMining: what her note allows is constrained to what she allows where terms are read, and
// nothing is allowed where there is no such place.
func TestMining(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC)
	signer := signerAt(t, now)
	const terms = "https://loam.example/p/w1/terms"
	for _, tt := range []struct {
		name    string
		uses    []loam.Use
		terms   string
		allowed []string
	}{
		{"nothing", nil, terms, nil},
		{"answers", []loam.Use{loam.UseRetrieve, loam.UseTrainText, loam.UseIndex}, terms, []string{c2pa.UseInference}},
		{"training on pictures", []loam.Use{loam.UseTrainImage}, terms, []string{c2pa.UseTraining, c2pa.UseGenerative}},
		{"no address", []loam.Use{loam.UseRetrieve, loam.UseTrainImage}, "", nil},
	} {
		s, l := setup(t, loam.IsAI, loam.IsAI, loam.MayAI)
		s.version.Content.Uses = map[loam.Use]bool{}
		for _, u := range tt.uses {
			s.version.Content.Uses[u] = true
		}
		l.Signer, l.Terms = func() (c2pa.Signer, error) { return signer, nil }, func(string) string { return tt.terms }
		if err := l.Apply(t.Context(), "v1"); err != nil {
			t.Fatal(err)
		}
		b, err := s.Read(s.labels[1].Result)
		if err != nil {
			t.Fatal(err)
		}
		r, err := c2pa.Inspect(bytes.NewReader(b), signer.Trust, now)
		if err != nil || r.State != c2pa.Trusted {
			t.Fatal(r.State, err)
		}
		for _, u := range c2pa.Uses() {
			want := c2pa.Use{Use: c2pa.NotAllowed}
			if slices.Contains(tt.allowed, u) {
				want = c2pa.Use{Use: c2pa.Constrained, Constraints: "only while allowed at " + terms}
			}
			if got := r.Active().Training[u]; got != want {
				t.Errorf("%s: %s is %+v, want %+v", tt.name, u, got, want)
			}
		}
	}
}

// TestOrigin: what a stranger's manifest claims of a file that ours was made from is told, but
// not as ours, whose signature says only what we did.
func TestOrigin(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC)
	us, stranger, agent := signerAt(t, now), signerAt(t, now), c2pa.Agent{Name: "Stranger"}
	o := options(loam.IsAI)
	o.Manifest = &Manifest{Signer: stranger, Claim: c2pa.Claim{Generator: agent, Created: true, SourceType: c2pa.SourceGenerated, Agent: agent}}
	came, _, err := File(jpegOf(t, colours(40, 40)), o)
	if err != nil {
		t.Fatal(err)
	}
	came[len(came)-40] ^= 1
	kept, err := c2pa.Keep(bytes.NewReader(came), us.Trust, now)
	if err != nil || kept == nil {
		t.Fatal(kept, err)
	}
	o.Manifest = &Manifest{Signer: us, Claim: c2pa.Claim{Generator: c2pa.Agent{Name: "Us"}, Origin: kept, Then: []c2pa.Action{{Action: c2pa.ActionPublished}}}}
	b, _, err := File(jpegOf(t, colours(40, 40)), o)
	if err != nil {
		t.Fatal(err)
	}
	r, err := Check(t.Context(), bytes.NewReader(b), Known{Trust: us.Trust, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	type said struct {
		Producer, Place, Says, Signature string
		State                            loam.AIState
	}
	var got []said
	for _, m := range r.Marks {
		if m.Kind == KindManifest {
			got = append(got, said{m.Producer, m.Place, m.Says, m.Signature, m.State})
		}
	}
	want := []said{{"Us", "c2pa", "", SignedTrusted, loam.NotAI}, {"Stranger", "c2pa.ingredient", "trainedAlgorithmicMedia", "", loam.IsAI}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// signerAt is an authority's signer, which trusts it.
func signerAt(t *testing.T, now time.Time) c2pa.Signer {
	t.Helper()
	authority, err := c2pa.NewAuthority(rand.Reader, now, "test")
	if err != nil {
		t.Fatal(err)
	}
	leaf, key, err := authority.Leaf(rand.Reader, now)
	if err != nil {
		t.Fatal(err)
	}
	return c2pa.Signer{Chain: []*x509.Certificate{leaf, authority.Root}, Key: key, Rand: rand.Reader, Now: now, Trust: c2pa.NewTrust(authority.Root)}
}

func reportOf(t *testing.T, b []byte, k Known) map[string]MarkReport {
	t.Helper()
	r, err := Check(t.Context(), bytes.NewReader(b), k)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]MarkReport{}
	for _, m := range r.Marks {
		out[m.Kind] = m
	}
	return out
}

// TestSeals: a seal speaks for the label it was made for and no other; a state that a
// propagator raised lawfully leaves the producer's right; a certificate that has ended is no
// forgery.
func TestSeals(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC)
	pub, seal, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	us := Known{Keys: []string{hex.EncodeToString(pub)}, Now: now}
	o := options(loam.SuspectedAI)
	o.Seal, o.ContentID = seal, "first"
	first, _, err := File(pngOf(t, colours(40, 40)), o)
	if err != nil {
		t.Fatal(err)
	}
	o.State, o.ContentID = loam.MayAI, "second"
	raised, mark, err := File(first, o)
	if err != nil || mark.Label != "2" || mark.ProduceID != "first" {
		t.Fatal(mark, err)
	}
	for _, c := range []struct {
		name, want string
		change     func(*loam.Mark)
	}{
		{"raised", SignedKnown, func(*loam.Mark) {}},
		{"another producer's", SignedInvalid, func(m *loam.Mark) {
			m.ContentProducer, m.ProduceID, m.ReservedCode1 = "Somebody.Else", "stolen", ""
		}},
		{"the producer's seal left out", SignedInvalid, func(m *loam.Mark) { m.ReservedCode1 = "" }},
		{"raised again by nobody", SignedInvalid, func(m *loam.Mark) { m.Label = "1" }},
		{"raised, and the propagator's seal left out", SignedInvalid, func(m *loam.Mark) { m.ReservedCode2 = "" }},
		{"lowered", SignedInvalid, func(m *loam.Mark) { m.Label = "3" }},
	} {
		m := mark
		c.change(&m)
		b, err := media.Write(raised, m)
		if err != nil {
			t.Fatal(err)
		}
		if got := reportOf(t, b, us)[media.KindImplicit].Signature; got != c.want {
			t.Errorf("%s: %q, not %q", c.name, got, c.want)
		}
	}
}

// TestEnded: Content Credentials whose certificate has ended are not called forged, and are
// once a byte was changed; which check failed is told.
func TestEnded(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC)
	signer := signerAt(t, now)
	agent := c2pa.Agent{Name: "test"}
	o := options(loam.IsAI)
	o.Manifest = &Manifest{
		Signer: signer,
		Claim:  c2pa.Claim{Generator: agent, Created: true, SourceType: c2pa.SourceGenerated, Agent: agent},
	}
	b, _, err := File(jpegOf(t, colours(40, 40)), o)
	if err != nil {
		t.Fatal(err)
	}
	leaf, trust := signer.Chain[0], signer.Trust
	later := Known{Trust: trust, Now: leaf.NotAfter.Add(time.Hour)}
	spoilt := func(at int) []byte {
		c := bytes.Clone(b)
		c[at] ^= 1
		return c
	}
	scan, instance := len(b)-8, bytes.Index(b, []byte("instanceID"))+len("instanceID")+4
	for _, tt := range []struct {
		name, signature string
		file            []byte
		known           Known
		groups          []FaultGroup
	}{
		{"ended", SignedExpired, b, later, []FaultGroup{{"manifest.validity", "error", manifestClause, []string{"claimSignature.outsideValidity", "signingCredential.expired"}}}},
		{"not begun", SignedInvalid, b, Known{Trust: trust, Now: leaf.NotBefore.Add(-time.Hour)}, []FaultGroup{{"manifest.validity", "error", manifestClause, []string{"claimSignature.outsideValidity"}}}},
		{"ended and changed", SignedInvalid, spoilt(scan), later, []FaultGroup{
			{"manifest.validity", "error", manifestClause, []string{"claimSignature.outsideValidity", "signingCredential.expired"}},
			{"manifest.content", "error", manifestClause, []string{"assertion.dataHash.mismatch"}},
		}},
		{"changed", SignedInvalid, spoilt(scan), Known{Trust: trust, Now: now}, []FaultGroup{{"manifest.content", "error", manifestClause, []string{"assertion.dataHash.mismatch"}}}},
		{"another claim", SignedInvalid, spoilt(instance), Known{Trust: trust, Now: now}, []FaultGroup{{"manifest.signature", "error", manifestClause, []string{"claimSignature.mismatch"}}}},
		{"whole", SignedTrusted, b, Known{Trust: trust, Now: now}, []FaultGroup{}},
	} {
		m := reportOf(t, tt.file, tt.known)[KindManifest]
		if m.Signature != tt.signature {
			t.Errorf("%s: %q, want %q", tt.name, m.Signature, tt.signature)
		}
		if d := cmp.Diff(tt.groups, m.Grouped()); d != "" {
			t.Errorf("%s: -want +got\n%s", tt.name, d)
		}
	}
}

// TestCame: a photo whose own file said of what source it is, and brought Content Credentials,
// goes out with the same source type and names those credentials as its origin; where the
// operator says so, no producer is named that nobody knows.
func TestCame(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC)
	signer := signerAt(t, now)
	camera := c2pa.Agent{Name: "Their Editor"}
	e, err := c2pa.Sign(bytes.NewReader(jpegOf(t, colours(200, 100))), c2pa.Claim{Generator: camera, Agent: camera, Created: true, SourceType: c2pa.SourceEnhanced}, signer)
	if err != nil {
		t.Fatal(err)
	}
	kept, err := c2pa.Keep(e, signer.Trust, now)
	if err != nil || kept == nil {
		t.Fatal(err)
	}
	pub, seal, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for _, unnamed := range []bool{false, true} {
		s, l := setup(t, loam.NotAI, loam.NotAI, loam.IsAI)
		l.Seal, l.Signer, l.Unnamed = seal, func() (c2pa.Signer, error) { return signer, nil }, unnamed
		s.asset = loam.Asset{ID: "a", Signs: []loam.Sign{{Kind: media.KindSource, State: loam.IsAI, Says: "algorithmicallyEnhanced"}}}
		if s.asset.Credentials, err = s.Put(kept); err != nil {
			t.Fatal(err)
		}
		if err := l.Apply(t.Context(), "v1"); err != nil {
			t.Fatal(err)
		}
		b := s.bytes[s.labels[2].Result]
		said := reportOf(t, b, Known{Trust: signer.Trust, Now: now, Keys: []string{hex.EncodeToString(pub)}})
		if m := said[media.KindSource]; m.Says != "algorithmicallyEnhanced" || m.Place != "jpeg.xmp" {
			t.Errorf("the source type is %+v", m)
		}
		m := said[media.KindImplicit]
		if want := map[bool]string{false: testProducer, true: ""}[unnamed]; m.Producer != want || m.Propagator == "" || m.Signature != SignedTrusted || len(m.Defects) != 0 {
			t.Errorf("unnamed %v: the label is %+v", unnamed, m)
		}
		r, err := c2pa.Inspect(bytes.NewReader(b), signer.Trust, now)
		if err != nil || r.State != c2pa.Trusted || len(r.Manifests) != 2 || r.Active().Ingredients[0].Manifest != r.Manifests[1].Label || r.Manifests[1].Generator != camera {
			t.Errorf("the credentials are %+v, %v", r, err)
		}
		again, mark, err := File(b, Options{State: loam.IsAI, Producer: testProducer, ContentID: "next"})
		if err != nil || mark.ContentProducer != m.Producer || len(again) == 0 {
			t.Errorf("labelled again by another: %+v, %v", mark, err)
		}
	}
}
