package ledger

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"slices"
	"strings"

	"loam"
	"loam/internal/merkle"
)

// Signatures is the folder of a log in which the bundle of each signed leaf lies under the leaf's
// id in hexadecimal, until it is erased.
const Signatures = "signatures/"

// Keys are the keys of an account that are active now, in the order they came. Had reports whether
// it ever had one: a further key then needs the signature of an active one, or a recovery.
func (s *State) Keys(account ID) (active []Hash, had bool) {
	i, ok := s.accounts[account]
	if !ok {
		return nil, false
	}
	active, had = s.keys[i]
	return slices.Clone(active), had
}

// UsableKey reports whether signatures by a key can be checked: it is given in COSE form as CTAP2
// writes it, EC2 P-256 or OKP Ed25519.
func UsableKey(cose []byte) bool {
	ed, ec := parseKey(cose)
	return ed != nil || ec != nil
}

// parseKey gives one of the two keys there are, or none.
func parseKey(cose []byte) (ed25519.PublicKey, *ecdsa.PublicKey) {
	if x, ok := strings.CutPrefix(string(cose), coseEd25519); ok && len(x) == ed25519.PublicKeySize {
		return ed25519.PublicKey(x), nil
	}
	rest, ok := strings.CutPrefix(string(cose), coseP256)
	if !ok || len(rest) != 32+len(coseP256Y)+32 || rest[32:35] != coseP256Y {
		return nil, nil
	}
	public, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), []byte("\x04"+rest[:32]+rest[35:]))
	if err != nil {
		return nil, nil
	}
	return nil, public
}

// SplitExtra reads what stands in the extra line of a receipt: a leaf, and behind the leaf of a
// signed act the bundle of its signature (a CBOR sequence, RFC 8742); bundle is nil without one.
func SplitExtra(extra []byte) (l Leaf, entry, bundle []byte, err error) {
	c := reader(extra)
	l.fields(&c)
	rest := c.buf
	c.buf = nil
	if err := c.read(); err != nil {
		return Leaf{}, nil, nil, err
	}
	if len(rest) == 0 {
		return l, extra, nil, nil
	}
	if _, err := DecodeBundle(rest); err != nil {
		return Leaf{}, nil, nil, err
	}
	return l, extra[:len(extra)-len(rest)], rest, nil
}

// WithBundle is a receipt that shows its leaf's signature too.
func WithBundle(p merkle.Proof, bundle []byte) (merkle.Proof, error) {
	if len(p.Entry)+len(bundle) > merkle.MaxEntry {
		return p, loam.Fail(loam.Invalid, "ledger.leaf")
	}
	p.Entry = slices.Concat(p.Entry, bundle)
	return p, nil
}
