package rights

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net"
	"net/url"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/protocol/webauthncose"
	"github.com/go-webauthn/webauthn/webauthn"

	"loam"
	"loam/internal/ledger"
)

// Party is whom passkeys are made for (WebAuthn §4, relying party): a site by its address.
type Party struct {
	ID     string `json:"id"`   // its host, which passkeys are bound to
	Name   string `json:"name"` // what authenticators show
	Origin string `json:"origin"`
}

// NewParty is the party of a site at an address. Conflict, "passkey.address", where browsers
// know no passkeys: at an IP address (§5.1.3 step 8).
func NewParty(address string) (Party, error) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || net.ParseIP(u.Hostname()) != nil {
		return Party{}, loam.Fail(loam.Conflict, "passkey.address")
	}
	return Party{ID: u.Hostname(), Name: "Loam 沃土", Origin: u.Scheme + "://" + u.Host}, nil
}

// NewPasskey is what a browser needs to make a passkey. Challenge, user and credentials are in
// base64url.
type NewPasskey struct {
	Party     Party    `json:"party"`
	Challenge string   `json:"challenge"`
	User      string   `json:"user"`   // a name for authenticators alone
	Handle    string   `json:"handle"` // what the authenticator shows of her
	Known     []string `json:"known"`  // credentials of passkeys she has: an authenticator has one of hers
}

// Attestation is what a browser answers to a registration, each field in base64url.
type Attestation struct {
	Credential  string `json:"credential" maxLength:"1400"`
	Client      string `json:"client_data" maxLength:"8000"`
	Attestation string `json:"attestation" maxLength:"40000"`
}

// Assertion is what a browser answers to a prepared act, each field in base64url.
type Assertion struct {
	Credential string `json:"credential" maxLength:"1400"`
	AuthData   string `json:"authenticator_data" maxLength:"8000"`
	Client     string `json:"client_data" maxLength:"8000"`
	Signature  string `json:"signature" maxLength:"2000"`
}

// user is an account as the ceremony knows it.
type user struct{ id, handle string }

func (u user) WebAuthnID() []byte                         { return []byte(u.id) }
func (u user) WebAuthnName() string                       { return u.handle }
func (u user) WebAuthnDisplayName() string                { return u.handle }
func (u user) WebAuthnCredentials() []webauthn.Credential { return nil }

func (p Party) ceremony() (*webauthn.WebAuthn, error) {
	return webauthn.New(&webauthn.Config{
		RPID: p.ID, RPDisplayName: p.Name, RPOrigins: []string{p.Origin}, AttestationPreference: protocol.PreferNoAttestation,
		AuthenticatorSelection: protocol.AuthenticatorSelection{UserVerification: protocol.VerificationPreferred, ResidentKey: protocol.ResidentKeyRequirementPreferred},
		Timeouts:               webauthn.TimeoutsConfig{Registration: webauthn.TimeoutConfig{Enforce: true}},
	})
}

// Begin begins the registration of a passkey (§7.1) for an account with the credentials of those it
// has. What is kept for Finish must come from nobody else and serve once.
func (p Party) Begin(account, handle string, known []string) (r NewPasskey, kept []byte, err error) {
	w, err := p.ceremony()
	if err != nil {
		return r, nil, err
	}
	u := user{account, handle}
	options, session, err := w.BeginRegistration(u, webauthn.WithCredentialParameters([]protocol.CredentialParameter{
		{Type: protocol.PublicKeyCredentialType, Algorithm: webauthncose.AlgES256}, {Type: protocol.PublicKeyCredentialType, Algorithm: webauthncose.AlgEdDSA},
	}))
	if err != nil {
		return r, nil, err
	}
	kept, err = json.Marshal(session)
	return NewPasskey{p, options.Response.Challenge.String(), base64.RawURLEncoding.EncodeToString(u.WebAuthnID()), handle, known}, kept, err
}

// Finish ends a registration and gives the public key in COSE form. Invalid, "passkey.registration",
// unless it is an answer to what Begin began, for this account; "passkey.algorithm" for a key the
// ledger cannot check.
func (p Party) Finish(account string, kept []byte, a Attestation) ([]byte, error) {
	w, err := p.ceremony()
	if err != nil {
		return nil, err
	}
	cose, err := finish(w, account, kept, a)
	if err != nil {
		return nil, loam.Fail(loam.Invalid, "passkey.registration").Because(err)
	}
	if !ledger.UsableKey(cose) {
		return nil, loam.Fail(loam.Invalid, "passkey.algorithm")
	}
	return cose, nil
}

func finish(w *webauthn.WebAuthn, account string, kept []byte, a Attestation) ([]byte, error) {
	var session webauthn.SessionData
	if err := json.Unmarshal(kept, &session); err != nil {
		return nil, err
	}
	answer, err := json.Marshal(map[string]any{
		"id": a.Credential, "rawId": a.Credential, "type": "public-key",
		"response": map[string]string{"clientDataJSON": a.Client, "attestationObject": a.Attestation},
	})
	if err != nil {
		return nil, err
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes(answer)
	if err != nil {
		return nil, err
	}
	c, err := w.CreateCredential(user{id: account}, session, parsed)
	if err != nil {
		return nil, err
	}
	return c.PublicKey, nil
}

// Challenge is what a passkey has to sign for a prepared act, in base64url.
func Challenge(act *loam.PreparedAct) (string, error) {
	l, err := ledger.Decode(act.Raw)
	if err != nil {
		return "", err
	}
	c, err := l.Challenge()
	return base64.RawURLEncoding.EncodeToString(c[:]), err
}

// Sign joins a prepared act and an assertion by a key, given in COSE form, into a signed act.
// Invalid: "passkey.other_act" where another act was signed, "passkey.origin" where it was made in
// another site's page, "passkey.signature" where the signature does not hold.
func (p Party) Sign(act loam.PreparedAct, cose []byte, a Assertion) (loam.SignedAct, error) {
	signed := loam.SignedAct{Leaf: act.Leaf, Owner: act.Owner}
	l, err := ledger.Decode(act.Raw)
	if err != nil {
		return signed, err
	}
	b := ledger.Bundle{Key: cose}
	for to, text := range map[*[]byte]string{&b.AuthData: a.AuthData, &b.Client: a.Client, &b.Signature: a.Signature} {
		if *to, err = base64.RawURLEncoding.DecodeString(text); err != nil {
			return signed, loam.Fail(loam.Invalid, "passkey.signature").Because(err)
		}
	}
	if _, err := rand.Read(b.Salt[:]); err != nil {
		return signed, err
	}
	if l.Sig, err = b.Commitment(); err != nil {
		return signed, err
	}
	l.Signer = ledger.KeyHash(cose)
	_, err = ledger.VerifyBundle(&l, &b, p.ID, []string{p.Origin})
	switch {
	case errors.Is(err, ledger.ErrChallenge):
		return signed, loam.Fail(loam.Invalid, "passkey.other_act").Because(err)
	case errors.Is(err, ledger.ErrOrigin):
		return signed, loam.Fail(loam.Invalid, "passkey.origin").Because(err)
	case err != nil:
		return signed, loam.Fail(loam.Invalid, "passkey.signature").Because(err)
	}
	if signed.Raw, err = l.Encode(); err != nil {
		return signed, err
	}
	signed.Bundle, err = b.Encode()
	return signed, err
}
