package merkle

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"loam"
)

// Proof shows offline that an entry is in a log (c2sp.org/tlog-proof). With the entry itself
// as its extra data it is a receipt that needs nothing besides the log's key.
type Proof struct {
	Entry      []byte // the extra data; nil if the proof carries none
	Index      int64
	Hashes     tlog.RecordProof
	Checkpoint []byte // the signed note, verbatim
}

const (
	proofHead = "c2sp.org/tlog-proof@v1\n"
	maxHashes = 48 // of a tree of MaxSize
	maxProof  = len(proofHead) + (MaxEntry+2)/3*4 + maxHashes*45 + maxCheckpoint + 64
)

// Text is the proof as a file, conventionally named .tlog-proof.
func (p Proof) Text() []byte {
	var b bytes.Buffer
	b.WriteString(proofHead)
	if p.Entry != nil {
		fmt.Fprintf(&b, "extra %s\n", base64.StdEncoding.EncodeToString(p.Entry))
	}
	fmt.Fprintf(&b, "index %d\n", p.Index)
	for _, h := range p.Hashes {
		fmt.Fprintf(&b, "%s\n", h)
	}
	b.WriteString("\n")
	b.Write(p.Checkpoint)
	return b.Bytes()
}

// ParseProof reads what Text writes. It accepts one text per proof and judges nothing.
func ParseProof(text []byte) (Proof, error) {
	p, err := parseProof(text)
	if err != nil {
		return Proof{}, loam.Fail(loam.Invalid, "log.proof").Because(err)
	}
	return p, nil
}

func parseProof(text []byte) (Proof, error) {
	var p Proof
	if len(text) > maxProof {
		return p, errors.New("too long")
	}
	rest, ok := strings.CutPrefix(string(text), proofHead)
	if !ok {
		return p, errors.New("no tlog-proof@v1")
	}
	line, rest, _ := strings.Cut(rest, "\n")
	if extra, ok := strings.CutPrefix(line, "extra "); ok {
		var err error
		if p.Entry, err = base64.StdEncoding.Strict().DecodeString(extra); err != nil || base64.StdEncoding.EncodeToString(p.Entry) != extra {
			return p, errors.New("the extra line is not base64")
		}
		if len(p.Entry) > MaxEntry {
			return p, errors.New("the entry is too long")
		}
		line, rest, _ = strings.Cut(rest, "\n")
	}
	index, ok := strings.CutPrefix(line, "index ")
	if !ok {
		return p, errors.New("no index")
	}
	var err error
	if p.Index, err = parseIndex(index); err != nil {
		return p, err
	}
	for {
		line, after, ok := strings.Cut(rest, "\n")
		rest = after
		if !ok || len(p.Hashes) > maxHashes {
			return p, errors.New("no end of the hashes")
		}
		if line == "" {
			break
		}
		h, err := parseHash(line)
		if err != nil {
			return p, err
		}
		p.Hashes = append(p.Hashes, h)
	}
	p.Checkpoint = []byte(rest)
	return p, nil
}

// Verify checks that the log signed a tree with the entry at the proof's index, and returns
// that tree. The entry is the argument, not the proof's own.
func (p Proof) Verify(entry []byte, log note.Verifier, witnesses ...note.Verifier) (Checkpoint, error) {
	c, err := OpenCheckpoint(p.Checkpoint, log, witnesses...)
	if err != nil {
		return c, err
	}
	if err := tlog.CheckRecord(p.Hashes, c.Tree.N, c.Tree.Hash, p.Index, recordHash(entry)); err != nil {
		return c, loam.Fail(loam.Invalid, "log.proof").Because(err)
	}
	return c, nil
}
