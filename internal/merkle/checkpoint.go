package merkle

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"loam"
)

const maxCheckpoint = 32 << 10

// Checkpoint is a signed statement of what a log holds.
type Checkpoint struct {
	Origin      string
	Tree        tlog.Tree
	Cosignature []Cosignature // of the witnesses that were asked for, in the order they stand in
}

// Cosignature is a witness's word that this was the largest tree it knew at a time (Unix
// seconds).
type Cosignature struct {
	Name string `json:"name"`
	Time int64  `json:"time"`
}

// OpenCheckpoint reads a checkpoint (c2sp.org/tlog-checkpoint) that the log's key signed. The
// key's name must be the origin. A signature by one of the witnesses that does not verify is
// an error; one that is absent is not, and neither is one by a stranger.
func OpenCheckpoint(text []byte, log note.Verifier, witnesses ...note.Verifier) (Checkpoint, error) {
	if len(text) > maxCheckpoint {
		return Checkpoint{}, badCheckpoint(errors.New("too long"))
	}
	n, err := note.Open(text, note.VerifierList(append([]note.Verifier{log}, witnesses...)...))
	if err != nil {
		return Checkpoint{}, badCheckpoint(err)
	}
	var c Checkpoint
	signed := false
	for _, s := range n.Sigs {
		if s.Name == log.Name() && s.Hash == log.KeyHash() {
			signed = true
			continue
		}
		raw, err := base64.StdEncoding.DecodeString(s.Base64)
		if err != nil || len(raw) < 12 {
			return Checkpoint{}, badCheckpoint(errors.New("a cosignature without its time"))
		}
		c.Cosignature = append(c.Cosignature, Cosignature{s.Name, int64(binary.BigEndian.Uint64(raw[4:]) & math.MaxInt64)})
	}
	if !signed {
		return Checkpoint{}, badCheckpoint(errors.New("not signed by the log"))
	}
	if c.Origin, c.Tree, err = parseTree(n.Text); err != nil {
		return Checkpoint{}, badCheckpoint(err)
	}
	if c.Origin != log.Name() {
		return Checkpoint{}, badCheckpoint(fmt.Errorf("origin %q", c.Origin))
	}
	return c, nil
}

func badCheckpoint(err error) error {
	return loam.Fail(loam.Invalid, "log.checkpoint").Because(err)
}

// parseTree reads the three lines that every checkpoint has; further lines are for others.
func parseTree(text string) (string, tlog.Tree, error) {
	lines := strings.SplitN(text, "\n", 4)
	if len(lines) < 4 || lines[0] == "" {
		return "", tlog.Tree{}, errors.New("fewer than three lines")
	}
	n, err := parseIndex(lines[1])
	if err != nil {
		return "", tlog.Tree{}, err
	}
	h, err := parseHash(lines[2])
	return lines[0], tlog.Tree{N: n, Hash: h}, err
}

// parseIndex reads a decimal without leading zeroes, up to MaxSize.
func parseIndex(s string) (int64, error) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 0 || n > MaxSize || s != strconv.FormatInt(n, 10) {
		return 0, fmt.Errorf("%.30q is no index", s)
	}
	return n, nil
}

func parseHash(s string) (Hash, error) {
	var h Hash
	raw, err := base64.StdEncoding.Strict().DecodeString(s)
	if err != nil || len(raw) != len(h) || base64.StdEncoding.EncodeToString(raw) != s {
		return h, fmt.Errorf("%.50q is no hash", s)
	}
	copy(h[:], raw)
	return h, nil
}

// witness verifies cosignature/v1 (c2sp.org/tlog-cosignature), the Ed25519 form.
type witness struct {
	name string
	hash uint32
	key  ed25519.PublicKey
}

// algCosignature is the type byte of Ed25519 cosignature keys in key ids and vkeys.
const algCosignature = 0x04

// NewWitness reads a verifier key "name+hash+base64(0x04 ‖ Ed25519 key)" for OpenCheckpoint.
func NewWitness(vkey string) (note.Verifier, error) {
	name, rest, _ := strings.Cut(vkey, "+")
	id, b64, _ := strings.Cut(rest, "+")
	raw, err := base64.StdEncoding.DecodeString(b64)
	if err != nil || len(raw) != 1+ed25519.PublicKeySize || raw[0] != algCosignature || name == "" || strings.ContainsAny(name, " \n") {
		return nil, loam.Fail(loam.Invalid, "log.key", vkey)
	}
	sum := sha256.Sum256([]byte(name + "\n" + string(raw)))
	if id != hex.EncodeToString(sum[:4]) {
		return nil, loam.Fail(loam.Invalid, "log.key", vkey)
	}
	return witness{name, binary.BigEndian.Uint32(sum[:]), raw[1:]}, nil
}

// NewWitnesses reads the keys of witnesses as NewWitness does. One given twice is Invalid,
// "log.key_twice": it would count as two, and OpenCheckpoint could tell neither's signature.
func NewWitnesses(vkeys ...string) ([]note.Verifier, error) {
	var out []note.Verifier
	for _, vkey := range vkeys {
		v, err := NewWitness(vkey)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(out, func(o note.Verifier) bool { return o.Name() == v.Name() && o.KeyHash() == v.KeyHash() }) {
			return nil, loam.Fail(loam.Invalid, "log.key_twice", v.Name()).Because(errors.New("the same key is given twice"))
		}
		out = append(out, v)
	}
	return out, nil
}

func (w witness) Name() string    { return w.name }
func (w witness) KeyHash() uint32 { return w.hash }

func (w witness) Verify(msg, sig []byte) bool {
	if len(sig) != 8+ed25519.SignatureSize {
		return false
	}
	time := binary.BigEndian.Uint64(sig)
	if time > math.MaxInt64 {
		return false
	}
	signed := fmt.Appendf(nil, "cosignature/v1\ntime %d\n%s", time, msg)
	return ed25519.Verify(w.key, signed, sig[8:])
}
