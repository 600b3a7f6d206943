package integrity

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"encoding/json"
	"math/big"
	"strings"

	"github.com/emmansun/gmsm/sm2"
	"github.com/emmansun/gmsm/sm3"
)

// algSM2 is SM3withSM2 (GB/T 33560); userID is the default one of GB/T 32918.2, which the guide
// uses.
const (
	algSM2 = "1.2.156.10197.1.501"
	userID = "1234567812345678"
)

// securityData is the JSON of TC260-PG-202511A, as far as it is judged.
type securityData struct {
	SecurityData struct {
		Type  string
		PubSD []struct{ Type, AlgID, KeyID, Signature, KeyValue string }
	}
}

func checkSecurityData(field string, msg []byte, pinned []string) Integrity {
	i := Integrity{Form: SecurityData, Result: Unread}
	var data securityData
	if json.Unmarshal([]byte(field), &data) != nil {
		// written once more into a string, its quotes were escaped twice
		if json.Unmarshal([]byte(strings.ReplaceAll(field, `\"`, `"`)), &data) != nil {
			return i
		}
	}
	var sig []byte
	var keys []point
	for _, part := range data.SecurityData.PubSD {
		if part.AlgID != algSM2 {
			continue
		}
		switch part.Type {
		case "DS":
			sig, _ = hex.DecodeString(part.Signature) // empty if it is not hexadecimal, which no key verifies
			i.Result = Bad
		case "PubKey":
			if k, ok := sm2Key(part.KeyValue); ok {
				keys = append(keys, k)
			}
		}
	}
	if i.Result != Bad {
		return i
	}
	return judgeSM2(i, sig, msg, keys, pinned)
}

// judgeSM2 tries the key in the field, or if there is none those the reader knows.
func judgeSM2(i Integrity, sig, msg []byte, keys []point, pinned []string) Integrity {
	if len(keys) == 0 {
		i.Result = Unread
		for _, p := range pinned {
			if k, ok := sm2Key(p); ok && verifySM2(k, msg, sig) {
				return Integrity{SecurityData, Trusted, k.hex}
			}
		}
		return i
	}
	i.Key = keys[0].hex
	if len(keys) == 1 && verifySM2(keys[0], msg, sig) {
		i.Result = worth(i.Key, pinned)
	}
	return i
}

// point is a public key, and how it is written uncompressed in hexadecimal.
type point struct {
	*ecdsa.PublicKey
	hex string
}

// sm2Key reads a public key in hexadecimal: an uncompressed point, with or without its first
// byte; ok is false if it is none.
func sm2Key(s string) (p point, ok bool) {
	b, err := hex.DecodeString(s)
	if err != nil {
		return point{}, false
	}
	if len(b) == 64 {
		b = append([]byte{4}, b...)
	}
	k, err := sm2.NewPublicKey(b)
	return point{k, hex.EncodeToString(b)}, err == nil
}

// verifySM2 checks a signature in ASN.1, or of two numbers side by side.
func verifySM2(k point, msg, sig []byte) bool {
	if len(sig) == 64 {
		return sm2.VerifyWithSM2(k.PublicKey, []byte(userID), msg, new(big.Int).SetBytes(sig[:32]), new(big.Int).SetBytes(sig[32:]))
	}
	return len(sig) > 0 && sm2.VerifyASN1WithSM2(k.PublicKey, []byte(userID), msg, sig)
}

// isDigest reports whether a number of bytes is that of a digest: MD5, SHA-1, SHA-256 or SM3,
// SHA-384, SHA-512.
func isDigest(n int) bool { return n == 16 || n == 20 || n == 32 || n == 48 || n == 64 }

// checkDigest compares a digest with those of what would be signed. Another one may be of the
// content, or of anything else.
func checkDigest(sum, msg []byte) Integrity {
	short, long, chinese := sha256.Sum256(msg), sha512.Sum512(msg), sm3.Sum(msg)
	for _, s := range [][]byte{short[:], long[:], chinese[:]} {
		if bytes.Equal(s, sum) {
			return Integrity{Form: Digest, Result: SelfConsistent}
		}
	}
	return Integrity{Form: Digest, Result: Unread}
}
