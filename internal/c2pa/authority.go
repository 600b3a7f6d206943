package c2pa

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"io"
	"math/big"
	"time"

	"loam"
)

// How long certificates of an authority are good for, and when a leaf is due for renewal.
const (
	authorityYears = 20
	leafYears      = 2
	RenewBefore    = 30 * 24 * time.Hour
)

// Authority is a small certificate authority of one installation. Who trusts its root trusts
// what the installation signs.
type Authority struct {
	Root *x509.Certificate
	Key  crypto.Signer
}

// NewAuthority makes an authority on P-256. Name is the installation's, which readers show as
// the signer's organization.
func NewAuthority(rand io.Reader, now time.Time, name string) (*Authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand)
	if err != nil {
		return nil, err
	}
	serial, err := newSerial(rand)
	if err != nil {
		return nil, err
	}
	root := &x509.Certificate{
		SerialNumber: serial, Subject: subject(name, name+" content authority"),
		NotBefore: now.Add(-time.Hour), NotAfter: now.AddDate(authorityYears, 0, 0),
		IsCA: true, BasicConstraintsValid: true, MaxPathLenZero: true,
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}
	cert, err := issue(rand, root, root, key.Public(), key)
	if err != nil {
		return nil, err
	}
	return &Authority{cert, key}, nil
}

// Leaf makes a key and the certificate that signs content with it (C2PA 2.2, 14.5.1).
func (a *Authority) Leaf(rand io.Reader, now time.Time) (*x509.Certificate, crypto.Signer, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand)
	if err != nil {
		return nil, nil, err
	}
	serial, err := newSerial(rand)
	if err != nil {
		return nil, nil, err
	}
	name := "Loam"
	if len(a.Root.Subject.Organization) > 0 {
		name = a.Root.Subject.Organization[0]
	}
	end := now.AddDate(leafYears, 0, 0)
	if end.After(a.Root.NotAfter) {
		end = a.Root.NotAfter
	}
	cert, err := issue(rand, &x509.Certificate{
		SerialNumber: serial, Subject: subject(name, name), NotBefore: now.Add(-time.Hour), NotAfter: end,
		BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageEmailProtection}, UnknownExtKeyUsage: []asn1.ObjectIdentifier{ekuC2PA},
	}, a.Root, key.Public(), a.Key)
	return cert, key, err
}

// Due reports whether a certificate is to be renewed.
func Due(leaf *x509.Certificate, now time.Time) bool {
	return now.Add(RenewBefore).After(leaf.NotAfter)
}

func subject(organization, name string) pkix.Name {
	return pkix.Name{Organization: []string{organization}, CommonName: name}
}

// newSerial gives 126 random bits, never none (RFC 5280, 4.1.2.2).
func newSerial(rand io.Reader) (*big.Int, error) {
	b := make([]byte, 16)
	if _, err := io.ReadFull(rand, b); err != nil {
		return nil, err
	}
	b[0] = b[0]&0x3f | 0x40
	return new(big.Int).SetBytes(b), nil
}

func issue(rand io.Reader, template, parent *x509.Certificate, key crypto.PublicKey, signer crypto.Signer) (*x509.Certificate, error) {
	der, err := x509.CreateCertificate(rand, template, parent, key, signer)
	if err != nil {
		return nil, err
	}
	return x509.ParseCertificate(der)
}

// EncodeChain writes certificates as PEM.
func EncodeChain(chain ...*x509.Certificate) []byte {
	var out []byte
	for _, c := range chain {
		out = append(out, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})...)
	}
	return out
}

// DecodeChain reads certificates from PEM: Invalid, "label.cert" if there is none, or
// something else.
func DecodeChain(b []byte) ([]*x509.Certificate, error) {
	var out []*x509.Certificate
	for {
		block, rest := pem.Decode(b)
		if block == nil {
			break
		}
		c, err := x509.ParseCertificate(block.Bytes)
		if err != nil || block.Type != "CERTIFICATE" {
			return nil, loam.Fail(loam.Invalid, "label.cert").Because(err)
		}
		out, b = append(out, c), rest
	}
	if len(out) == 0 {
		return nil, loam.Fail(loam.Invalid, "label.cert")
	}
	return out, nil
}

// EncodeKey writes a private key as PEM (PKCS #8).
func EncodeKey(key crypto.Signer) ([]byte, error) {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), nil
}

// DecodeKey reads a private key from PEM, as PKCS #8, SEC 1 or PKCS #1: Invalid, "label.key"
// if it is none.
func DecodeKey(b []byte) (crypto.Signer, error) {
	for {
		block, rest := pem.Decode(b)
		if block == nil {
			return nil, loam.Fail(loam.Invalid, "label.key")
		}
		b = rest
		if block.Type == "EC PARAMETERS" { // openssl writes them before the key
			continue
		}
		if k, err := x509.ParsePKCS8PrivateKey(block.Bytes); err == nil {
			if s, ok := k.(crypto.Signer); ok {
				return s, nil
			}
		}
		if k, err := x509.ParseECPrivateKey(block.Bytes); err == nil {
			return k, nil
		}
		if k, err := x509.ParsePKCS1PrivateKey(block.Bytes); err == nil {
			return k, nil
		}
		return nil, loam.Fail(loam.Invalid, "label.key")
	}
}

// CheckPair says why a chain and a key cannot sign content at a time: Invalid, "label.pair",
// with the reason as its cause.
func CheckPair(chain []*x509.Certificate, key crypto.Signer, now time.Time) error {
	if why := pairFault(chain, key, now); why != "" {
		return loam.Fail(loam.Invalid, "label.pair").Because(errMalformed(why))
	}
	return nil
}

func pairFault(chain []*x509.Certificate, key crypto.Signer, now time.Time) string {
	if len(chain) == 0 {
		return "no certificate"
	}
	leaf := chain[0]
	pub, ok := leaf.PublicKey.(interface{ Equal(x crypto.PublicKey) bool })
	switch {
	case !ok || !pub.Equal(key.Public()):
		return "the key is not that of the first certificate"
	case now.Before(leaf.NotBefore):
		return "the certificate is not good yet"
	case now.After(leaf.NotAfter):
		return "the certificate is over"
	}
	for i, c := range chain[1:] {
		if chain[i].CheckSignatureFrom(c) != nil {
			return "the certificates are not in order, each signed by the next"
		}
	}
	return CheckLeaf(leaf)
}
