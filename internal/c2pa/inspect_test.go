package c2pa

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"encoding/asn1"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"loam"
	"loam/internal/media"
)

// forged signs what Sign would not: spoil changes the draft, its parts between being laid out
// and signed.
func forged(t *testing.T, s Signer, c Claim, spoil func(*draft)) []byte {
	t.Helper()
	src := bytes.NewReader(webpOf(40))
	held, err := media.Manifest(src)
	if err != nil {
		t.Fatal(err)
	}
	m, err := newModes()
	if err != nil {
		t.Fatal(err)
	}
	d := &draft{modes: m, claim: c, signer: s, held: held}
	if err := d.begin(src); err != nil {
		t.Fatal(err)
	}
	if spoil != nil {
		spoil(d)
	}
	e, err := d.finish()
	if err != nil {
		t.Fatal(err)
	}
	b, err := e.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// swap replaces text of the layout by text as long.
func swap(old, fresh string) func(*draft) {
	return func(d *draft) { d.w.b = bytes.Replace(d.w.b, []byte(old), []byte(fresh), 1) }
}

// TestSaidWrong: what a signer says wrongly, or not at all, is named by its code (X1, X2).
func TestSaidWrong(t *testing.T) {
	t.Parallel()
	s := setup(t)
	opened := Claim{Generator: Agent{Name: "loam"}, AI: &Disclosure{ModelName: "m"}} // its 1st and 4th link are as long
	for _, tt := range []struct {
		name, code string
		claim      Claim
		spoil      func(*draft)
	}{
		{"X1: created without a source type", codeActionMalformed, Claim{Created: true}, nil},
		{"X2: created twice", codeActionMalformed, Claim{Created: true, SourceType: SourceGenerated, Then: []Action{{ActionCreated, SourceGenerated, Agent{}}}}, nil},
		{"opened after created", codeActionMalformed, Claim{Created: true, SourceType: SourceGenerated, Then: []Action{{Action: ActionOpened}}}, nil},
		{"an assertion was changed", codeAssertionWrong, generated(), swap("notAllowed", "notAllewed")},
		{"a link leads nowhere", codeAssertionMissing, generated(), func(d *draft) { d.links[0].URL = strings.Replace(d.links[0].URL, "v2", "v9", 1) }},
		{"a link leads out", codeAssertionOutside, generated(), func(d *draft) { d.links[0].URL = strings.Replace(d.links[0].URL, "self#jumbf=", "https://abc", 1) }},
		{"a link twice", codeClaimMalformed, opened, func(d *draft) { d.links[3] = d.links[0] }},
		{"an assertion nobody links", codeUndeclared, opened, func(d *draft) { d.links[3] = d.links[0] }},
		{"no binding", codeBindingMissing, generated(), func(d *draft) {
			swap(labelHash, "c2pa.hush.data")(d)
			d.links[3].URL = assertionURL("c2pa.hush.data")
		}},
		{"a claim that is no CBOR", codeClaimCBOR, generated(), func(d *draft) { d.w.b[d.claimed.from-4] = 'x' }},
	} {
		b := forged(t, s.Signer, tt.claim, tt.spoil)
		if r := inspect(t, b, s.Trust); r.State != Invalid || !r.Has(tt.code) {
			t.Errorf("%s: %s %+v", tt.name, r.State, r.Results)
		}
	}
}

// TestLabelAfterwards: a GB label written after signing is seen (X3); one before it is not
// touched, and is found beside the manifest's own evidence (X4).
func TestLabelAfterwards(t *testing.T) {
	t.Parallel()
	s := setup(t)
	for name, file := range map[string][]byte{"jpeg": jpegOf(t, picture(16, 12)), "png": pngOf(t, picture(16, 12)), "mp4": mp4Of()} {
		signed := sign(t, file, generated(), s.Signer)
		late, err := media.Write(signed, gbLabel())
		if err != nil {
			t.Fatal(name, err)
		}
		if r := inspect(t, late, s.Trust); r.State != Invalid || !r.Has(codeDataWrong) && !r.Has(codeBMFFWrong) {
			t.Errorf("%s, X3: %+v", name, r.Results)
		}
		if found, err := media.Read(signed); name != "mp4" && (err != nil || len(found) != 1 || found[0].Kind != media.KindSource || media.State(found) != loam.IsAI) {
			t.Errorf("%s, X4: %+v %v", name, found, err)
		}
		early, err := media.Write(file, gbLabel())
		if err != nil {
			t.Fatal(name, err)
		}
		both := sign(t, early, generated(), s.Signer)
		found, err := media.Read(both)
		if r := inspect(t, both, s.Trust); r.State != Trusted || err != nil || !strict(found) {
			t.Errorf("%s: %s %+v %v", name, r.State, found, err)
		}
	}
}

// TestMay: silence is no permission (X5), and both spellings of the condition are read (X6).
func TestMay(t *testing.T) {
	t.Parallel()
	m, err := newModes()
	if err != nil {
		t.Fatal(err)
	}
	in := &inspection{modes: m}
	for _, tt := range []struct {
		entries map[string]any
		want    Use
	}{
		{nil, Use{Use: NotAllowed}},
		{map[string]any{UseMining: map[string]string{"use": Allowed}}, Use{Use: NotAllowed}},
		{map[string]any{UseTraining: map[string]string{"use": "perhaps"}}, Use{Use: NotAllowed}},
		{map[string]any{UseTraining: map[string]string{"use": Allowed}}, Use{Use: Allowed}},
		{map[string]any{"c2pa.ai_training": map[string]string{"use": Allowed}}, Use{Use: Allowed}},
		{map[string]any{UseTraining: map[string]string{"use": Constrained, "constraints_info": "ask"}}, Use{Constrained, "ask"}},
		{map[string]any{UseTraining: map[string]string{"use": Constrained, "constraint_info": "ask"}}, Use{Constrained, "ask"}},
	} {
		b, err := m.enc.Marshal(map[string]any{"entries": tt.entries})
		if err != nil {
			t.Fatal(err)
		}
		x := &manifest{}
		if err := in.readTraining(x, b); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(tt.want, x.said.May(UseTraining)); d != "" {
			t.Errorf("%v: %s", tt.entries, d)
		}
	}
	if got := (&Manifest{}).May(UseTraining); got.Use != NotAllowed {
		t.Errorf("no assertion: %+v", got)
	}
}

// TestCredentials: whose signature it is decides between valid, trusted and neither.
func TestCredentials(t *testing.T) {
	t.Parallel()
	s := setup(t)
	made, err := NewAuthority(s.Rand, day, "Other")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, code string
		state      State
		change     func(*x509.Certificate)
	}{
		{"right", codeTrusted, Trusted, func(*x509.Certificate) {}},
		{"expired", codeCredentialOver, Invalid, func(c *x509.Certificate) { c.NotAfter = day.AddDate(0, 0, -1) }},
		{"not yet", codeOutsideValidity, Invalid, func(c *x509.Certificate) { c.NotBefore = day.AddDate(0, 0, 1) }},
		{"an authority", codeCredentialWrong, Invalid, func(c *x509.Certificate) { c.IsCA = true }},
		{"for servers", codeCredentialWrong, Invalid, func(c *x509.Certificate) {
			c.UnknownExtKeyUsage, c.ExtKeyUsage = nil, []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
		}},
		{"for documents", codeTrusted, Trusted, func(c *x509.Certificate) {
			c.UnknownExtKeyUsage, c.ExtKeyUsage = []asn1.ObjectIdentifier{ekuDocument}, nil
		}},
		{"for anything", codeCredentialWrong, Invalid, func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageAny} }},
		{"not for signatures", codeCredentialWrong, Invalid, func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageKeyEncipherment }},
	} {
		leaf := leafOf(t, made, s.Key, day, tt.change)
		b := sign(t, webpOf(40), generated(), Signer{Chain: []*x509.Certificate{leaf}, Key: s.Key, Rand: s.Rand, Now: day})
		r := inspect(t, b, NewTrust(made.Root))
		if r.State != tt.state || !r.Has(tt.code) {
			t.Errorf("%s: %s %+v", tt.name, r.State, r.Results)
		}
		for who, trust := range map[string]*Trust{"nobody": nil, "another": s.Trust} {
			if r := inspect(t, b, trust); tt.state == Trusted && (r.State != Valid || !r.Has(CodeUntrusted)) {
				t.Errorf("%s, trusting %s: %s", tt.name, who, r.State)
			}
		}
	}
}

// TestTrustForgets: a chain that was good is not when its time is over.
func TestTrustForgets(t *testing.T) {
	t.Parallel()
	s := setup(t)
	b := sign(t, webpOf(40), generated(), s.Signer)
	for range 2 {
		if r := inspect(t, b, s.Trust); r.State != Trusted {
			t.Errorf("%+v", r)
		}
	}
	if r, err := Inspect(bytes.NewReader(b), s.Trust, day.AddDate(3, 0, 0)); err != nil || r.State != Invalid || !r.Has(codeCredentialOver) {
		t.Errorf("%+v %v", r, err)
	}
}

// TestNone: no manifest is no error, and no evidence either.
func TestNone(t *testing.T) {
	t.Parallel()
	for name, file := range files(t) {
		if r := inspect(t, file, nil); r.State != None || len(r.Results) != 0 || r.Active() != nil {
			t.Errorf("%s: %+v", name, r)
		}
	}
}

// TestHostileStores: what no tool writes is refused with a result, not followed.
func TestHostileStores(t *testing.T) {
	t.Parallel()
	s := setup(t)
	good := storeOf(t, sign(t, sign(t, webpOf(40), generated(), s.Signer), generated(), s.Signer))
	deep := func(n int) []byte {
		var w writer
		var open []int
		for range n {
			open = append(open, w.super(typeStore, "x"))
		}
		for _, at := range slices.Backward(open) {
			w.close(at)
		}
		return w.b
	}
	var many writer
	at := many.super(typeStore, labelStore)
	for range maxBoxes + 1 {
		many.close(many.open("free"))
	}
	many.close(at)
	for name, store := range map[string][]byte{
		"deep":             deep(100_000),
		"many":             many.b,
		"cut off":          good[:len(good)-9],
		"of 4 GB":          slices.Concat([]byte{0xff, 0xff, 0xff, 0xff}, good[4:]),
		"of 2^63":          slices.Concat([]byte{0, 0, 0, 1}, good[4:8], []byte{0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, good[8:]),
		"something else":   slices.Concat(good[:16], []byte("xxxx"), good[20:]),
		"followed by more": append(bytes.Clone(good), 0),
		"empty":            deep(1),
		"its own parent":   bytes.ReplaceAll(good, []byte(labels(t, good)[0]), []byte(labels(t, good)[1])),
	} {
		if r := judge(t, store); r.State != Invalid || len(r.Results) == 0 {
			t.Errorf("%s: %+v", name, r)
		}
	}
}

// TestBounds: a store of many small things costs no more than is kept of it.
func TestBounds(t *testing.T) {
	t.Parallel()
	m, err := newModes()
	if err != nil {
		t.Fatal(err)
	}
	links := bytes.Repeat([]byte{0xa0}, 1000) // each an empty link
	claim := slices.Concat([]byte("\xa1\x72created_assertions\x99\x03\xe8"), links)
	var w writer
	store := w.super(typeStore, labelStore)
	for i := range 30 {
		manifest := w.super(typeManifest, strings.Repeat("m", i+1))
		assertions := w.super(typeAssertions, labelAssertions)
		for range 300 * (i / 29) * 20 {
			w.close(w.super(typeCBOR, "a"))
		}
		w.close(assertions)
		w.cbor(typeClaim, labelClaim, claim)
		w.close(manifest)
	}
	w.close(store)
	parsed, err := parseStore(w.b)
	if err != nil {
		t.Fatal(err)
	}
	in := &inspection{modes: m, src: bytes.NewReader(w.b), held: &media.ManifestStore{}, now: day, store: parsed}
	if err := in.run(); err != nil {
		t.Fatal(err)
	}
	kept := 0
	for _, m := range in.all {
		kept += len(m.claim.Created)
	}
	if kept > maxElements || in.elements <= maxElements || len(in.found) > maxResults+1 || in.state() != Invalid {
		t.Errorf("%d links of %d, %d results, %s", kept, in.elements, len(in.found), in.state())
	}
}

func storeOf(t testing.TB, b []byte) []byte {
	t.Helper()
	m, err := media.Manifest(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return m.Bytes
}

func labels(t *testing.T, store []byte) []string {
	t.Helper()
	s, err := parseStore(store)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, b := range s.boxes {
		out = append(out, b.label)
	}
	return out
}

// judge inspects a small file with this store in it.
func judge(t testing.TB, store []byte) Report {
	t.Helper()
	m, err := media.Manifest(bytes.NewReader(webpOf(40)))
	if err != nil {
		t.Fatal(err)
	}
	e, _, err := m.Put(store)
	if err != nil {
		t.Fatal(err)
	}
	r, err := Inspect(e, nil, day)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestBoxExclusions(t *testing.T) {
	t.Parallel()
	file := mp4Of()
	number := func(n int64) *int64 { return &n }
	no := false
	all, err := hashBoxes(crypto.SHA256, bytes.NewReader(file), nil, false)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name string
		x    boxExclusion
		same bool // as without it
	}{
		{"a box", boxExclusion{Path: "/free"}, false},
		{"a box in a box", boxExclusion{Path: "/moov/mvhd"}, false},
		{"no box", boxExclusion{Path: "/mvhd"}, true},
		{"its length", boxExclusion{Path: "/free", Length: number(16)}, false},
		{"another length", boxExclusion{Path: "/free", Length: number(17)}, true},
		{"its version", boxExclusion{Path: "/moov/mvhd", Version: number(0)}, false},
		{"another version", boxExclusion{Path: "/moov/mvhd", Version: number(1)}, true},
		{"its flags", boxExclusion{Path: "/moov/mvhd", Flags: []byte{0, 0, 0}}, false},
		{"other flags", boxExclusion{Path: "/moov/mvhd", Flags: []byte{0, 0, 1}}, true},
		{"at most these flags", boxExclusion{Path: "/moov/mvhd", Flags: []byte{0, 0, 1}, Exact: &no}, false},
		{"its data", boxExclusion{Path: "/mdat", Data: []boxData{{8, []byte{7, 7}}}}, false},
		{"other data", boxExclusion{Path: "/mdat", Data: []boxData{{8, []byte{7, 8}}}}, true},
		{"data behind it", boxExclusion{Path: "/free", Data: []boxData{{15, []byte{0, 0}}}}, true},
		{"a part", boxExclusion{Path: "/mdat", Subset: []boxPart{{20, 10}}}, false},
		{"a part to its end", boxExclusion{Path: "/mdat", Subset: []boxPart{{20, 0}}}, false},
		{"a part behind it", boxExclusion{Path: "/free", Subset: []boxPart{{20, 10}}}, true},
	} {
		got, err := hashBoxes(crypto.SHA256, bytes.NewReader(file), []boxExclusion{tt.x}, false)
		if err != nil || bytes.Equal(got, all) != tt.same {
			t.Errorf("%s: same %t, %v", tt.name, bytes.Equal(got, all), err)
		}
	}
	if _, err := hashBoxes(crypto.SHA256, bytes.NewReader(file), []boxExclusion{{Path: "/mdat", Subset: []boxPart{{-1, 3}}}}, false); err == nil {
		t.Error("a part before its box")
	}
	if got := strings.Join(holders([]boxExclusion{{Path: "/moov/trak/tkhd"}, {Path: "/uuid"}, {Path: ""}}), " "); got != "moov trak" {
		t.Errorf("holders: %s", got)
	}
}
