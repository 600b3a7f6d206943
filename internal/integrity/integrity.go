// Package integrity reads, judges and writes what ReservedCode1 and ReservedCode2 of a label
// may hold: its writer's signature over who made what (TC260-PG-202511A).
//
// It stands apart because a signature in a file proves nothing about who made it unless the
// reader knew the key before: the answer says which of the two it is. It does not tie a label
// to a picture; a label that was moved to another file still has a right signature.
package integrity

import (
	"crypto"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/hex"
	"slices"
	"strings"

	"loam"
)

// Form is how a field says it.
type Form string

// The forms that are known.
const (
	None         Form = "none"
	SecurityData Form = "security_data" // TC260-PG-202511A, SM3withSM2
	Digest       Form = "digest"        // GB 45438-2025, F.4: a digest in hexadecimal
	Loam         Form = "loam"          // Ed25519, written by Seal
	Foreign      Form = "foreign"       // something else
)

// Result is what a field is worth.
type Result string

// The results, best first.
const (
	Trusted        Result = "trusted"         // signed with a key that the reader knew
	SelfConsistent Result = "self_consistent" // signed, or digested, by anybody
	Unread         Result = "unread"          // nothing here can judge it
	Bad            Result = "bad"             // not what was signed
)

// Integrity is a judgement of one field. Key is the public key in hexadecimal, "" if it is
// not known.
type Integrity struct {
	Form   Form   `json:"form"`
	Result Result `json:"result"`
	Key    string `json:"key,omitempty"`
}

// Part is one of the two writers of a label.
type Part int

// The producer signs in ReservedCode1, the propagator in ReservedCode2.
const (
	Producer Part = iota
	Propagator
)

// sealed is what a seal signs: the message, and before it, of the propagator, what the
// producer wrote, or its seal would say of any producer's label that it was passed on.
func (p Part) sealed(m loam.Mark) []byte {
	msg := p.message(m)
	if p == Propagator {
		msg = append(append(Producer.message(m), `,"ReservedCode1":"`+m.ReservedCode1+`",`...), msg...)
	}
	return msg
}

// message is what is signed: the guide's App. A.1 for the producer, and the same of the
// propagator's two keys.
func (p Part) message(m loam.Mark) []byte {
	name, who, number, id := "ContentProducer", m.ContentProducer, "ProduceID", m.ProduceID
	if p == Propagator {
		name, who, number, id = "ContentPropagator", m.ContentPropagator, "PropagateID", m.PropagateID
	}
	return []byte(`"Label":"` + m.Label + `","` + name + `":"` + who + `","` + number + `":"` + id + `"`)
}

func (p Part) field(m loam.Mark) string {
	if p == Propagator {
		return m.ReservedCode2
	}
	return m.ReservedCode1
}

// sealPrefix begins a seal; behind it stand the public key and the signature in base64url.
const sealPrefix = "loam1."

// Seal gives what a label's writer puts into its field: the same for the same label and key,
// in the field's charset. It is Invalid, "label.seal", for a key that is not Ed25519.
func Seal(m loam.Mark, p Part, key crypto.Signer) (string, error) {
	pub, ok := key.Public().(ed25519.PublicKey)
	if !ok {
		return "", loam.Fail(loam.Invalid, "label.seal")
	}
	sig, err := key.Sign(nil, p.sealed(m), crypto.Hash(0))
	if err != nil {
		return "", err
	}
	return sealPrefix + base64.RawURLEncoding.EncodeToString(pub) + "." + base64.RawURLEncoding.EncodeToString(sig), nil
}

// Check judges a field of a label. Pinned are the public keys, in hexadecimal, that the
// reader knows to be this writer's.
func Check(m loam.Mark, p Part, pinned ...string) Integrity {
	field := strings.TrimSpace(p.field(m))
	msg := p.message(m)
	switch {
	case field == "":
		return Integrity{Form: None, Result: Unread}
	case strings.HasPrefix(field, sealPrefix):
		return checkSeal(field, p.sealed(m), pinned)
	case strings.Contains(field, "SecurityData"):
		return checkSecurityData(field, msg, pinned)
	}
	if sum, err := hex.DecodeString(field); err == nil && isDigest(len(sum)) {
		return checkDigest(sum, msg)
	}
	return Integrity{Form: Foreign, Result: Unread}
}

func checkSeal(field string, msg []byte, pinned []string) Integrity {
	i := Integrity{Form: Loam, Result: Bad}
	a, b, _ := strings.Cut(strings.TrimPrefix(field, sealPrefix), ".")
	exact := base64.RawURLEncoding.Strict() // one spelling of a seal, no other
	pub, err := exact.DecodeString(a)
	if err != nil || len(pub) != ed25519.PublicKeySize {
		return i
	}
	i.Key = hex.EncodeToString(pub)
	sig, err := exact.DecodeString(b)
	if err != nil || !ed25519.Verify(pub, msg, sig) {
		return i
	}
	i.Result = worth(i.Key, pinned)
	return i
}

// worth tells a key that was known before from any other.
func worth(key string, pinned []string) Result {
	if slices.ContainsFunc(pinned, func(p string) bool { return strings.EqualFold(p, key) }) {
		return Trusted
	}
	return SelfConsistent
}
