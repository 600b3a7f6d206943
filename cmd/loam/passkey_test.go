package main

import (
	"archive/zip"
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/fxamacker/cbor/v2"
	"golang.org/x/mod/sumdb/note"

	"loam"
	"loam/internal/ledger"
	"loam/internal/merkle"
	"loam/internal/rights"
	"loam/internal/verify"
	"loam/internal/web"
)

// passkey is an authenticator with one key, and the browser before it (WebAuthn).
type passkey struct {
	t      testing.TB
	id     string
	key    crypto.Signer
	cose   []byte
	party  string
	origin string
}

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// newPasskey makes a key of ES256, or of EdDSA.
func newPasskey(t testing.TB, origin string, edwards bool) *passkey {
	t.Helper()
	id := make([]byte, 16)
	if _, err := rand.Read(id); err != nil {
		t.Fatal(err)
	}
	p := &passkey{t: t, id: b64(id), party: "localhost", origin: origin}
	var fields map[int]any
	if edwards {
		public, key, err := ed25519.GenerateKey(rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		p.key, fields = key, map[int]any{1: 1, 3: -8, -1: 6, -2: []byte(public)}
	} else {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		point, err := key.PublicKey.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		p.key, fields = key, map[int]any{1: 2, 3: -7, -1: 1, -2: point[1:33], -3: point[33:]}
	}
	mode, err := cbor.CTAP2EncOptions().EncMode()
	if err == nil {
		p.cose, err = mode.Marshal(fields)
	}
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func (p *passkey) client(kind, challenge string) []byte {
	return fmt.Appendf(nil, `{"type":%q,"challenge":%q,"origin":%q,"crossOrigin":false}`, kind, challenge, p.origin)
}

// attest answers a registration.
func (p *passkey) attest(r rights.NewPasskey) rights.Attestation {
	p.t.Helper()
	party := sha256.Sum256([]byte(p.party))
	id, err := base64.RawURLEncoding.DecodeString(p.id)
	if err != nil {
		p.t.Fatal(err)
	}
	data := append(party[:], 0x45, 0, 0, 0, 0) // present, verified, a key is attached
	data = append(data, make([]byte, 16)...)
	data = binary.BigEndian.AppendUint16(data, uint16(len(id)))
	data = slices.Concat(data, id, p.cose)
	object, err := cbor.Marshal(map[string]any{"fmt": "none", "attStmt": map[string]any{}, "authData": data})
	if err != nil {
		p.t.Fatal(err)
	}
	return rights.Attestation{Credential: p.id, Client: b64(p.client("webauthn.create", r.Challenge)), Attestation: b64(object)}
}

// assert answers an act to be signed.
func (p *passkey) assert(challenge string) rights.Assertion {
	p.t.Helper()
	party := sha256.Sum256([]byte(p.party))
	data, client := append(party[:], 5, 0, 0, 0, 1), p.client("webauthn.get", challenge)
	sum := sha256.Sum256(client)
	msg, opts := slices.Concat(data, sum[:]), crypto.Hash(0)
	if _, ok := p.key.(*ecdsa.PrivateKey); ok {
		digest := sha256.Sum256(msg)
		msg, opts = digest[:], crypto.SHA256
	}
	sig, err := p.key.Sign(rand.Reader, msg, opts)
	if err != nil {
		p.t.Fatal(err)
	}
	return rights.Assertion{Credential: p.id, AuthData: b64(data), Client: b64(client), Signature: b64(sig)}
}

// register adds a passkey to an account, whose earlier one signs for it where there is one.
func (c *client) register(p, earlier *passkey, again bool) web.AddedPasskey {
	c.h.t.Helper()
	var r rights.NewPasskey
	c.must("POST", "/api/passkeys/registration", nil, &r)
	a := p.attest(r)
	var out web.AddedPasskey
	c.must("POST", "/api/passkeys", map[string]any{
		"credential": a.Credential, "client_data": a.Client, "attestation": a.Attestation, "name": "手机", "recover": again,
	}, &out)
	if out.Act != nil && earlier != nil {
		c.must("PUT", "/api/rights/acts/"+out.Act.Leaf, earlier.assert(out.Act.Challenge), nil)
	}
	return out
}

func (c *client) prepare(work string, allowed bool, uses ...string) web.ActToSign {
	c.h.t.Helper()
	var act web.ActToSign
	c.must("POST", "/api/rights/acts", map[string]any{"work": work, "uses": uses, "allowed": allowed}, &act)
	return act
}

func (c *client) signs(p *passkey, act web.ActToSign) {
	c.h.t.Helper()
	c.must("PUT", "/api/rights/acts/"+act.Leaf, p.assert(act.Challenge), nil)
}

func (c *client) states() string {
	c.h.t.Helper()
	var list []loam.Passkey
	c.must("GET", "/api/passkeys", nil, &list)
	var out []string
	for _, k := range list {
		out = append(out, string(k.State))
	}
	return strings.Join(out, " ")
}

// nameHouse starts a house under a name, as passkeys need.
func nameHouse(t testing.TB) *house {
	h := newHouse(t, withProducer)
	h.url = strings.Replace(h.url, "127.0.0.1", "localhost", 1)
	return h
}

// exportedSignatures counts the leaves in her export whose signature verifies for a party at an
// origin.
func (c *client) exportedSignatures(party, origin string) (n int) {
	c.h.t.Helper()
	file := c.must("GET", "/api/rights/export", nil, nil).body
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		c.h.t.Fatal(err)
	}
	leaves, err := z.Open("leaves.jsonl")
	if err != nil {
		c.h.t.Fatal(err)
	}
	defer leaves.Close()
	for d := json.NewDecoder(leaves); d.More(); {
		var l loam.ArchivedLeaf
		if err := d.Decode(&l); err != nil {
			c.h.t.Fatal(err)
		}
		if l.Bundle == nil {
			continue
		}
		leaf, err := ledger.Decode(l.Leaf)
		if err != nil {
			c.h.t.Fatal(err)
		}
		bundle, err := ledger.DecodeBundle(l.Bundle)
		if err != nil {
			c.h.t.Fatal(err)
		}
		if _, err := ledger.VerifyBundle(&leaf, &bundle, party, []string{origin}); err != nil {
			c.h.t.Error(err)
		}
		n++
	}
	return n
}

// TestPasskeys: acts signed by keys of both kinds are L3 for her and for a stranger with a copy of
// the log; a key is added by an older one, retired, and recovered by two of the staff; what an
// older one signed stands all the while.
func TestPasskeys(t *testing.T) {
	t.Parallel()
	h := nameHouse(t)
	ann := h.person("ann", loam.Creator)
	work := ann.publish("湖边的两支防晒", nil).Version.Work
	first, second, third := newPasskey(t, h.url, false), newPasskey(t, h.url, true), newPasskey(t, h.url, false)
	ann.refused(409, "passkey.none", "POST", "/api/rights/acts", map[string]any{"work": work, "uses": []string{"style"}, "allowed": true})
	if got := ann.register(first, nil, false); got.Passkey.State != loam.PasskeyActive || got.Act != nil {
		t.Fatalf("the first: %+v", got)
	}
	act := ann.prepare(work, true, "style")
	ann.signs(first, act)
	if p := ann.permission(work, loam.UseStyle); !p.Allowed || p.Evidence != "L3" {
		t.Errorf("signed: %+v", p)
	}
	if got := ann.register(second, first, false); got.Passkey.State != loam.PasskeyWaiting {
		t.Fatalf("the second: %+v", got)
	}
	ann.signs(second, ann.prepare("", true, "retrieve"))
	ann.signs(second, ann.prepare(work, false, "voice"))
	for u, want := range map[loam.Use]bool{loam.UseRetrieve: true, loam.UseVoice: false} {
		if p := ann.permission(work, u); p.Allowed != want || p.Evidence != "L3" {
			t.Errorf("%s: %+v", u, p)
		}
	}
	var list []loam.Passkey
	ann.must("GET", "/api/passkeys", nil, &list)
	for _, k := range list {
		ann.must("DELETE", "/api/passkeys/"+k.ID, nil, nil)
	}
	if got := ann.states(); got != "retired retired" {
		t.Errorf("her keys are %s", got)
	}
	if p := ann.permission(work, loam.UseStyle); !p.Allowed || p.Evidence != "L3" {
		t.Errorf("signed by a key since retired: %+v", p)
	}
	ann.must("PUT", "/api/rights", map[string]any{"works": []string{work}, "uses": []string{"style"}, "allowed": false}, nil)
	if p := ann.permission(work, loam.UseStyle); p.Allowed || p.Evidence != "L1" {
		t.Errorf("taken back with no key left: %+v", p)
	}
	added := ann.register(third, nil, false)
	if added.Passkey.State != loam.PasskeyRecovering {
		t.Fatalf("with no key left: %+v", added)
	}
	vouch := "/api/operate/recoveries/" + added.Passkey.ID + "/vouchers"
	said := map[string]string{"statement": "视频通话，核对了后台资料"}
	rita, rosa := h.person("rita", loam.Operator), h.person("rosa", loam.Operator)
	ann.refused(403, "role.needed", "POST", vouch, said)
	rita.refused(422, "recovery.statement", "POST", vouch, map[string]string{"statement": " "})
	rita.must("POST", vouch, said, nil)
	rita.refused(409, "recovery.twice", "POST", vouch, said)
	if got := ann.states(); got != "retired retired recovering" {
		t.Errorf("after one word: %s", got)
	}
	rosa.must("POST", vouch, said, nil)
	rosa.refused(404, "recovery.not_found", "POST", vouch, said)
	if got := ann.states(); got != "retired retired active" {
		t.Errorf("after two: %s", got)
	}
	last := ann.prepare(work, true, "train.text")
	ann.signs(third, last)
	receipts := [][]byte{ann.receipt(act.Leaf), ann.receipt(last.Leaf)}
	if got := ann.exportedSignatures("localhost", h.url); got != 5 {
		t.Errorf("%d signatures that verify go along with everything of hers", got)
	}

	key, err := note.NewVerifier(h.node.signer.key)
	if err != nil {
		t.Fatal(err)
	}
	copied := t.TempDir()
	files := merkle.Files(func(path string) ([]byte, error) { return os.ReadFile(filepath.Join(copied, filepath.FromSlash(path))) })
	m, err := rights.Mirror(t.Context(), h.node.ledger.File, copied, key, func(int, int) {})
	if err != nil || m.Signatures != 5 || m.Missing != 0 {
		t.Errorf("mirrored: %+v, %v", m, err)
	}
	whole := verify.Log{Key: key, Files: files, Receipts: receipts, Party: "localhost", Origins: []string{h.url}}
	alone := whole
	whole.Bundles = func(id string) ([]byte, error) { return files(ledger.Signatures + id) }
	report, err := verify.Run(whole)
	if err != nil || report.Bundles != 5 || report.Missing != 0 || report.Grants["L3"] != 3 || report.Outcomes["unsigned"] != 0 {
		t.Errorf("a stranger finds %+v, %v", report, err)
	}
	if report, err = verify.Run(alone); err != nil || report.Bundles != 2 || report.Grants["L3"] != 2 {
		t.Errorf("by receipts alone: %+v, %v", report, err)
	}
	whole.Origins = []string{"https://elsewhere.example"}
	if _, err = verify.Run(whole); err == nil {
		t.Error("signatures made elsewhere pass")
	}

	ann.must("DELETE", "/api/rights/signatures", nil, nil)
	if p := ann.permission(work, loam.UseTrainText); !p.Allowed || p.Evidence != "L1" {
		t.Errorf("with its signature erased: %+v", p)
	}
	gone := func() bool {
		b, err := h.node.ledger.File(ledger.Signatures + last.Leaf)
		return err == nil && len(b) == 0
	}
	for end := time.Now().Add(20 * time.Second); !gone(); pause(t.Context(), 20*time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the erased signature still lies beside the log")
		}
	}
	if p, err := merkle.ParseProof(ann.receipt(last.Leaf)); err != nil || len(p.Entry) >= len(receipts[1]) {
		t.Errorf("its receipt: %v", err)
	} else if _, _, bundle, err := ledger.SplitExtra(p.Entry); err != nil || bundle != nil {
		t.Errorf("its receipt shows %x, %v", bundle, err)
	}
}

// TestPasskeyRefused: whatever is wrong with a signature, its own sentence says so and nothing is
// written.
func TestPasskeyRefused(t *testing.T) {
	t.Parallel()
	h := nameHouse(t)
	ann, bob := h.person("ann", loam.Creator), h.person("bob", loam.Creator)
	work, other := ann.publish("湖边的两支防晒", nil).Version.Work, ann.publish("糖炒栗子25元", nil).Version.Work
	hers, his := newPasskey(t, h.url, false), newPasskey(t, h.url, false)
	ann.register(hers, nil, false)
	bob.register(his, nil, false)
	before := h.leaves(ann)
	act := ann.prepare(work, true, "style")
	path := "/api/rights/acts/" + act.Leaf
	with := func(change func(*passkey)) rights.Assertion {
		p := *hers
		change(&p)
		return p.assert(act.Challenge)
	}
	forged := hers.assert(act.Challenge)
	forged.Signature = his.assert(act.Challenge).Signature
	present := hers.assert(act.Challenge)
	present.AuthData = b64(append(make([]byte, 32), 5, 0, 0, 0, 1))
	ann.refused(422, "passkey.signature", "PUT", path, forged)
	ann.refused(422, "passkey.signature", "PUT", path, present)
	ann.refused(422, "passkey.signature", "PUT", path, rights.Assertion{Credential: hers.id, AuthData: "%", Client: "%", Signature: "%"})
	ann.refused(422, "passkey.signature", "PUT", path, rights.Assertion{Credential: hers.id})
	ann.refused(404, "passkey.unknown", "PUT", path, his.assert(act.Challenge))
	ann.refused(422, "passkey.origin", "PUT", path, with(func(p *passkey) { p.origin = "https://evil.example" }))
	ann.refused(422, "passkey.signature", "PUT", path, with(func(p *passkey) { p.party = "evil.example" }))
	ann.refused(422, "passkey.other_act", "PUT", path, hers.assert(ann.prepare(other, true, "style").Challenge))
	bob.refused(404, "passkey.unprepared", "PUT", path, his.assert(act.Challenge))
	ann.refused(404, "passkey.unprepared", "PUT", "/api/rights/acts/"+strings.Repeat("0", 32), hers.assert(act.Challenge))
	bob.refused(404, "work.not_found", "POST", "/api/rights/acts", map[string]any{"work": work, "uses": []string{"style"}, "allowed": true})
	if got := h.leaves(ann); got != before {
		t.Errorf("%d leaves were written by what was refused", got-before)
	}
	ann.signs(hers, act)
	ann.refused(409, "passkey.used", "PUT", path, hers.assert(act.Challenge))

	late := ann.prepare(work, true, "voice")
	if _, err := h.db.Pool().ExecContext(t.Context(), `UPDATE preparations SET expires = 1 WHERE leaf = '`+late.Leaf+`'`); err != nil {
		t.Fatal(err)
	}
	ann.refused(410, "passkey.expired", "PUT", "/api/rights/acts/"+late.Leaf, hers.assert(late.Challenge))
	act = ann.prepare(work, true, "voice")
	var list []loam.Passkey
	ann.must("GET", "/api/passkeys", nil, &list)
	bob.refused(404, "passkey.unknown", "DELETE", "/api/passkeys/"+list[0].ID, nil)
	ann.must("DELETE", "/api/passkeys/"+list[0].ID, nil, nil)
	before = h.leaves(ann)
	ann.refused(409, "passkey.retired", "PUT", "/api/rights/acts/"+act.Leaf, hers.assert(act.Challenge))
	if got := h.leaves(ann); got != before {
		t.Error("an act signed by a retired key was written")
	}
	if p := ann.permission(work, loam.UseVoice); p.Allowed || p.Set {
		t.Errorf("by a retired key: %+v", p)
	}
}

// TestRegistrationRefused: an answer to no registration, to another's or from another site, and
// a key nobody could check, are told apart and kept nowhere.
func TestRegistrationRefused(t *testing.T) {
	t.Parallel()
	h := nameHouse(t)
	ann := h.person("ann", loam.Creator)
	add := func(p *passkey, change func(*rights.NewPasskey), name string) (a map[string]any) {
		var r rights.NewPasskey
		ann.must("POST", "/api/passkeys/registration", nil, &r)
		if change != nil {
			change(&r)
		}
		at := p.attest(r)
		return map[string]any{"credential": at.Credential, "client_data": at.Client, "attestation": at.Attestation, "name": name}
	}
	good := newPasskey(t, h.url, false)
	elsewhere := *good
	elsewhere.origin = "https://evil.example"
	crooked := *good
	crooked.cose = bytes.Clone(good.cose)
	crooked.cose[len(crooked.cose)-1] ^= 1 // no point of the curve
	ann.refused(422, "passkey.registration", "POST", "/api/passkeys", map[string]any{"credential": "x", "client_data": "", "attestation": "", "name": "a"})
	ann.refused(422, "passkey.registration", "POST", "/api/passkeys", add(&elsewhere, nil, "a"))
	ann.refused(422, "passkey.registration", "POST", "/api/passkeys", add(good, func(r *rights.NewPasskey) { r.Challenge = b64(make([]byte, 32)) }, "a"))
	ann.refused(422, "passkey.algorithm", "POST", "/api/passkeys", add(&crooked, nil, "a"))
	ann.refused(422, "passkey.name", "POST", "/api/passkeys", add(good, nil, " "))
	body := add(good, nil, "手机")
	ann.must("POST", "/api/passkeys", body, nil)
	ann.refused(422, "passkey.registration", "POST", "/api/passkeys", body)
	if got := ann.states(); got != "active" {
		t.Errorf("her keys are %q", got)
	}
	bob := h.person("bob", loam.Creator)
	var r rights.NewPasskey
	bob.must("POST", "/api/passkeys/registration", nil, &r)
	a := good.attest(r)
	bob.refused(409, "passkey.known", "POST", "/api/passkeys", map[string]any{"credential": a.Credential, "client_data": a.Client, "attestation": a.Attestation, "name": "b"})
	h.url = strings.Replace(h.url, "localhost", "127.0.0.1", 1)
	ann.http.Jar = nil
	cy := h.person("cy", loam.Creator)
	cy.refused(409, "passkey.address", "POST", "/api/passkeys/registration", nil)
}

// leaves counts those of an account.
func (h *house) leaves(c *client) int {
	h.t.Helper()
	var n int
	if err := h.db.Pool().QueryRowContext(h.t.Context(), `SELECT count(*) FROM leaves WHERE owner = '`+c.account.ID+`'`).Scan(&n); err != nil {
		h.t.Fatal(err)
	}
	return n
}

// TestOwnMachine: the address a server prints on one's own machine is one at which browsers make
// passkeys, which they never do at the address of an IP.
func TestOwnMachine(t *testing.T) {
	t.Parallel()
	c := startChild(t, "--data", t.TempDir(), "--addr", "localhost:0")
	t.Cleanup(c.kill)
	if !strings.HasPrefix(c.url, "http://localhost:") {
		t.Errorf("it says it is at %s", c.url)
	}
	if res, err := http.Get(c.url + "/healthz"); err != nil || res.Body.Close() != nil || res.StatusCode != http.StatusOK {
		t.Errorf("there it answers %v, %v", res, err)
	}
}
