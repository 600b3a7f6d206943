package c2pa

import (
	"crypto/sha256"
	"crypto/x509"
	"sync"
	"time"
)

// Trust is whom a reader trusts: the roots of the authorities whose signers it knows. It
// remembers chains that led to one, so that many files of one signer cost one check of it. It
// is safe for concurrent use. A nil Trust trusts nobody.
type Trust struct {
	roots *x509.CertPool
	mu    sync.Mutex
	good  map[[sha256.Size]byte]vouched
}

// vouched is a chain that leads to a root, and the time in which it does.
type vouched struct {
	chain    []*x509.Certificate
	from, to time.Time
}

// maxVouched bounds what is remembered; one signer has one chain.
const maxVouched = 256

// NewTrust trusts these roots.
func NewTrust(roots ...*x509.Certificate) *Trust {
	t := &Trust{roots: x509.NewCertPool(), good: map[[sha256.Size]byte]vouched{}}
	for _, r := range roots {
		t.roots.AddCert(r)
	}
	return t
}

// known is a chain, by its encoding, that was found good and is at this time.
func (t *Trust) known(raw []byte, now time.Time) []*x509.Certificate {
	if t == nil || len(raw) == 0 {
		return nil
	}
	t.mu.Lock()
	v, ok := t.good[sha256.Sum256(raw)]
	t.mu.Unlock()
	if !ok || now.Before(v.from) || now.After(v.to) {
		return nil
	}
	return v.chain
}

// vouch checks whether a chain leads to a root, and remembers it under its encoding.
func (t *Trust) vouch(raw []byte, chain []*x509.Certificate, now time.Time) bool {
	if t == nil {
		return false
	}
	between := x509.NewCertPool()
	for _, c := range chain[1:] {
		between.AddCert(c)
	}
	paths, err := chain[0].Verify(x509.VerifyOptions{
		Roots: t.roots, Intermediates: between, CurrentTime: now, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny},
	})
	if err != nil || len(paths) == 0 {
		return false
	}
	v := vouched{chain: chain, from: chain[0].NotBefore, to: chain[0].NotAfter}
	for _, c := range paths[0] {
		if c.NotBefore.After(v.from) {
			v.from = c.NotBefore
		}
		if c.NotAfter.Before(v.to) {
			v.to = c.NotAfter
		}
	}
	t.mu.Lock()
	if len(t.good) >= maxVouched {
		clear(t.good)
	}
	t.good[sha256.Sum256(raw)] = v
	t.mu.Unlock()
	return true
}
