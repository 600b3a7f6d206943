package c2pa

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"io"
	"math/big"
	"time"

	_ "crypto/sha256" // of the signatures below
	_ "crypto/sha512"

	"github.com/fxamacker/cbor/v2"

	"loam"
)

// Signature algorithms of COSE (RFC 9053) that C2PA 2.2, 13.2 allows.
const (
	algES256 = -7
	algEdDSA = -8
	algES384 = -35
	algES512 = -36
	algPS256 = -37
	algPS384 = -38
	algPS512 = -39
)

// maxRSA bounds RSA keys in bytes: checking costs the square of it.
const maxRSA = 1024

// hashOf is the digest of an algorithm; Ed25519 signs the message itself.
func hashOf(alg int64) (crypto.Hash, bool) {
	switch alg {
	case algES256, algPS256:
		return crypto.SHA256, true
	case algES384, algPS384:
		return crypto.SHA384, true
	case algES512, algPS512:
		return crypto.SHA512, true
	case algEdDSA:
		return 0, true
	}
	return 0, false
}

// algOf is the algorithm that fits a key, and how long its signatures are.
func algOf(key crypto.PublicKey) (alg int64, size int, err error) {
	switch k := key.(type) {
	case *ecdsa.PublicKey:
		switch k.Curve {
		case elliptic.P256():
			return algES256, 64, nil
		case elliptic.P384():
			return algES384, 96, nil
		case elliptic.P521():
			return algES512, 132, nil
		}
	case ed25519.PublicKey:
		return algEdDSA, ed25519.SignatureSize, nil
	case *rsa.PublicKey:
		if k.Size() >= 256 && k.Size() <= maxRSA {
			return algPS256, k.Size(), nil
		}
	}
	return 0, 0, loam.Fail(loam.Invalid, "manifest.key")
}

// headerForm is the protected header: the algorithm and the certificates (RFC 9360).
type headerForm struct {
	Alg   int64           `cbor:"1,keyasint"`
	Chain cbor.RawMessage `cbor:"33,keyasint,omitempty"`
}

// looseForm is the header that is not signed. Older manifests have their certificates there.
type looseForm struct {
	Chain cbor.RawMessage `cbor:"33,keyasint,omitempty"`
	Named cbor.RawMessage `cbor:"x5chain,omitempty"`
	Time  cbor.RawMessage `cbor:"sigTst,omitempty"`
	Time2 cbor.RawMessage `cbor:"sigTst2,omitempty"`
}

// coseForm is COSE_Sign1 (RFC 9052, 4.2) with its payload elsewhere.
type coseForm struct {
	_         struct{} `cbor:",toarray"`
	Protected []byte
	Loose     cbor.RawMessage
	Payload   []byte
	Signature []byte
}

// toBeSigned is Sig_structure of RFC 9052, 4.4.
type toBeSigned struct {
	_         struct{} `cbor:",toarray"`
	Context   string
	Protected []byte
	External  []byte
	Payload   []byte
}

const tagSign1 = 18

// protected is the protected header of a signer: a single certificate stands bare.
func (m modes) protected(alg int64, chain []*x509.Certificate) ([]byte, error) {
	var certs [][]byte
	for i, c := range chain {
		if i == 0 || string(c.RawIssuer) != string(c.RawSubject) {
			certs = append(certs, c.Raw)
		}
	}
	var v any = certs
	if len(certs) == 1 {
		v = certs[0]
	}
	raw, err := m.enc.Marshal(v)
	if err != nil {
		return nil, err
	}
	return m.enc.Marshal(headerForm{alg, raw})
}

// sealed is a COSE_Sign1 over a claim.
func (m modes) sealed(protected, signature []byte) ([]byte, error) {
	return m.enc.Marshal(cbor.Tag{Number: tagSign1, Content: coseForm{Protected: protected, Loose: cbor.RawMessage{0xa0}, Signature: signature}})
}

// signClaim signs a claim's bytes.
func (m modes) signClaim(s Signer, alg int64, protected, claim []byte) ([]byte, error) {
	msg, err := m.enc.Marshal(toBeSigned{Context: "Signature1", Protected: protected, External: []byte{}, Payload: claim})
	if err != nil {
		return nil, err
	}
	h, _ := hashOf(alg)
	switch alg {
	case algEdDSA:
		return s.Key.Sign(s.Rand, msg, crypto.Hash(0))
	case algPS256, algPS384, algPS512:
		return s.Key.Sign(s.Rand, sum(h, msg), &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash, Hash: h})
	}
	der, err := s.Key.Sign(s.Rand, sum(h, msg), h)
	if err != nil {
		return nil, err
	}
	return rawECDSA(der, s.Key.Public())
}

// rawECDSA turns a signature from ASN.1 into the two numbers side by side (RFC 9053, 2.1).
func rawECDSA(der []byte, key crypto.PublicKey) ([]byte, error) {
	var n struct{ R, S *big.Int }
	if rest, err := asn1.Unmarshal(der, &n); err != nil || len(rest) > 0 {
		return nil, loam.Fail(loam.Internal, "manifest.key").Because(err)
	}
	_, size, err := algOf(key)
	if err != nil {
		return nil, err
	}
	out := make([]byte, size)
	n.R.FillBytes(out[:size/2])
	n.S.FillBytes(out[size/2:])
	return out, nil
}

// signature is a COSE_Sign1 that was read.
type signature struct {
	coseForm
	alg      int64
	rawChain []byte
	certs    []*x509.Certificate
	vouched  bool // the chain was found good before
	stamped  bool // with a time stamp, which is not read
}

// readSignature reads a claim signature; certs is empty if none can be read.
func (m modes) readSignature(b []byte, trust *Trust, now time.Time) (*signature, error) {
	s := &signature{}
	var tag cbor.RawTag
	if err := m.dec.Unmarshal(b, &tag); err == nil {
		if tag.Number != tagSign1 {
			return nil, errMalformed("not COSE_Sign1")
		}
		b = tag.Content
	}
	if err := m.dec.Unmarshal(b, &s.coseForm); err != nil {
		return nil, err
	}
	var head headerForm
	if err := m.dec.Unmarshal(s.Protected, &head); err != nil {
		return nil, err
	}
	s.alg = head.Alg
	var loose looseForm
	if err := m.dec.Unmarshal(s.Loose, &loose); err != nil {
		return nil, err
	}
	s.stamped = loose.Time != nil || loose.Time2 != nil
	for _, raw := range []cbor.RawMessage{head.Chain, loose.Chain, loose.Named} {
		if len(raw) > 0 {
			s.rawChain = raw
			break
		}
	}
	if s.certs = trust.known(s.rawChain, now); s.certs != nil {
		s.vouched = true
	} else if len(s.rawChain) > 0 {
		s.certs = m.chain(s.rawChain)
	}
	return s, nil
}

// maxChain bounds the certificates of a signature.
const maxChain = 8

func (m modes) chain(raw cbor.RawMessage) []*x509.Certificate {
	var one []byte
	var list [][]byte
	if m.dec.Unmarshal(raw, &one) == nil {
		list = [][]byte{one}
	} else if m.dec.Unmarshal(raw, &list) != nil || len(list) > maxChain {
		return nil
	}
	var out []*x509.Certificate
	for _, der := range list {
		c, err := x509.ParseCertificate(der)
		if err != nil {
			return nil
		}
		if k, ok := c.PublicKey.(*rsa.PublicKey); ok && k.Size() > maxRSA {
			return nil
		}
		out = append(out, c)
	}
	return out
}

// verify checks the signature over a claim with the key of its first certificate.
func (m modes) verify(s *signature, claim []byte) (bool, error) {
	if s.Payload != nil && string(s.Payload) != string(claim) {
		return false, nil
	}
	msg, err := m.enc.Marshal(toBeSigned{Context: "Signature1", Protected: s.Protected, External: []byte{}, Payload: claim})
	if err != nil {
		return false, err
	}
	h, ok := hashOf(s.alg)
	if !ok {
		return false, nil
	}
	switch k := s.certs[0].PublicKey.(type) {
	case *ecdsa.PublicKey:
		half := len(s.Signature) / 2
		if s.alg != algES256 && s.alg != algES384 && s.alg != algES512 || half == 0 || len(s.Signature)%2 != 0 || half > 66 {
			return false, nil
		}
		return ecdsa.Verify(k, sum(h, msg), new(big.Int).SetBytes(s.Signature[:half]), new(big.Int).SetBytes(s.Signature[half:])), nil
	case ed25519.PublicKey:
		return s.alg == algEdDSA && ed25519.Verify(k, msg, s.Signature), nil
	case *rsa.PublicKey:
		pss := s.alg == algPS256 || s.alg == algPS384 || s.alg == algPS512
		return pss && rsa.VerifyPSS(k, h, sum(h, msg), s.Signature, &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthAuto, Hash: h}) == nil, nil
	}
	return false, nil
}

// unique gives a random UUID (RFC 9562, 5.4).
func unique(rand io.Reader) (string, error) {
	var b [16]byte
	if _, err := io.ReadFull(rand, b[:]); err != nil {
		return "", err
	}
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	const digits = "0123456789abcdef"
	out := make([]byte, 0, 36)
	for i, c := range b {
		if i == 4 || i == 6 || i == 8 || i == 10 {
			out = append(out, '-')
		}
		out = append(out, digits[c>>4], digits[c&15])
	}
	return string(out), nil
}
