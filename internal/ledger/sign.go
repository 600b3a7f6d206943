package ledger

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"slices"

	"loam"
)

// Commit hides fields behind a random salt: whoever holds both can show what was meant, and
// once the salt is destroyed nobody can.
func Commit(salt [32]byte, fields []byte) Hash {
	h := sha256.New()
	h.Write([]byte("loam.commit.v1\n"))
	h.Write(salt[:])
	h.Write(fields)
	return Hash(h.Sum(nil))
}

// Challenge is what a creator's passkey signs: the leaf without its signature.
func (l *Leaf) Challenge() (Hash, error) {
	bare := *l
	bare.Sig, bare.Signer = Hash{}, Hash{}
	raw, err := bare.Encode()
	if err != nil {
		return Hash{}, err
	}
	return sha256.Sum256(append([]byte("loam.challenge.v1\n"), raw...)), nil
}

// KeyHash names a public key, given in COSE form, in the ledger.
func KeyHash(cose []byte) Hash {
	return sha256.Sum256(append([]byte("loam.key.v1\n"), cose...))
}

// Bundle is the proof behind a signed leaf: a WebAuthn assertion and the key to check it with.
// It is kept beside the log; the leaf holds its commitment. Erasure deletes it.
type Bundle struct {
	Salt      [32]byte
	Key       []byte // COSE: EC2 P-256 or OKP Ed25519, as authenticators write it (CTAP2 canonical)
	AuthData  []byte // authenticator data (WebAuthn §6.1)
	Client    []byte // clientDataJSON
	Signature []byte
}

func (b *Bundle) fields(c *codec) {
	c.fixed(1, b.Salt[:])
	c.signed(b)
}

// signed are the fields the commitment covers.
func (c *codec) signed(b *Bundle) {
	c.bytes(2, &b.Key)
	c.bytes(3, &b.AuthData)
	c.bytes(4, &b.Client)
	c.bytes(5, &b.Signature)
}

// Encode writes the bundle in the form of leaves.
func (b *Bundle) Encode() ([]byte, error) {
	c := writer()
	b.fields(&c)
	return c.written()
}

// DecodeBundle reads what Encode wrote and nothing else.
func DecodeBundle(data []byte) (Bundle, error) {
	var b Bundle
	c := reader(data)
	b.fields(&c)
	if err := c.read(); err != nil {
		return Bundle{}, err
	}
	return b, nil
}

// Commitment is what the leaf's Sig must be.
func (b *Bundle) Commitment() (Hash, error) {
	c := writer()
	c.signed(b)
	raw, err := c.written()
	if err != nil {
		return Hash{}, err
	}
	return Commit(b.Salt, raw), nil
}

// VerifyBundle checks that the leaf commits to the bundle and that the bundle is a WebAuthn
// assertion (§7.2) over exactly this leaf, made in the presence of a person, for a relying
// party and at one of the origins. It returns whether the authenticator also verified who the
// person was. Whether the key was active at that time is the fold's to judge.
func VerifyBundle(l *Leaf, b *Bundle, rpID string, origins []string) (bool, error) {
	verified, err := verify(l, b, rpID, origins)
	if err != nil {
		return false, loam.Fail(loam.Invalid, "ledger.signature").Because(err)
	}
	return verified, nil
}

// What a person can be told apart from a signature that is simply wrong.
var (
	ErrChallenge = errors.New("another challenge") // it signs another leaf than this
	ErrOrigin    = errors.New("another origin")    // it was made in another site's page
)

// Flags of the authenticator data.
const (
	flagPresent  = 1 << 0
	flagVerified = 1 << 2
)

func verify(l *Leaf, b *Bundle, rpID string, origins []string) (bool, error) {
	commitment, err := b.Commitment()
	if err != nil {
		return false, err
	}
	challenge, err := l.Challenge()
	if err != nil {
		return false, err
	}
	if commitment != l.Sig || KeyHash(b.Key) != l.Signer {
		return false, errors.New("the leaf commits to another bundle")
	}
	if err := checkClient(b.Client, challenge, origins); err != nil {
		return false, err
	}
	party := sha256.Sum256([]byte(rpID))
	if len(b.AuthData) < 37 || !bytes.Equal(b.AuthData[:32], party[:]) {
		return false, errors.New("made for another relying party")
	}
	if b.AuthData[32]&flagPresent == 0 {
		return false, errors.New("nobody was present")
	}
	client := sha256.Sum256(b.Client)
	if !checkSignature(b.Key, slices.Concat(b.AuthData, client[:]), b.Signature) {
		return false, errors.New("the signature does not verify")
	}
	return b.AuthData[32]&flagVerified != 0, nil
}

// checkClient reads the collected client data (§5.8.1) through a map, whose keys match by case
// as JSON's do.
func checkClient(raw []byte, challenge Hash, origins []string) error {
	var data map[string]json.RawMessage
	if err := json.Unmarshal(raw, &data); err != nil {
		return err
	}
	var kind, signed, origin string
	for key, p := range map[string]*string{"type": &kind, "challenge": &signed, "origin": &origin} {
		if err := json.Unmarshal(data[key], p); err != nil {
			return err
		}
	}
	switch {
	case kind != "webauthn.get":
		return errors.New("not an assertion")
	case signed != base64.RawURLEncoding.EncodeToString(challenge[:]):
		return ErrChallenge
	case !slices.Contains(origins, origin):
		return ErrOrigin
	case data["crossOrigin"] != nil && string(data["crossOrigin"]) != "false":
		return errors.New("made inside another site's page")
	}
	return nil
}

// COSE keys in the only form CTAP2 allows (RFC 9052 §7, RFC 9053 §7): what is not x and y is
// fixed.
const (
	coseP256    = "\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20" // kty EC2, alg ES256, crv P-256, x
	coseP256Y   = "\x22\x58\x20"
	coseEd25519 = "\xa4\x01\x01\x03\x27\x20\x06\x21\x58\x20" // kty OKP, alg EdDSA, crv Ed25519, x
)

func checkSignature(key, msg, sig []byte) bool {
	ed, ec := parseKey(key)
	if ed != nil {
		return ed25519.Verify(ed, msg, sig)
	}
	sum := sha256.Sum256(msg)
	return ec != nil && ecdsa.VerifyASN1(ec, sum[:], sig)
}
