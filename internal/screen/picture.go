package screen

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"

	"loam"
)

// Picture is a photo of what is screened: a note's, or a file of its own. Its bytes are read
// when somebody looks, not before.
type Picture struct {
	Field string // picture.1, picture.1.2; "" for a picture screened alone
	Hash  string // SHA-256 of its bytes, hex
	read  func(ctx context.Context, hash string) ([]byte, error)
}

// NewPicture is a picture screened alone.
func NewPicture(data []byte) *Picture {
	sum := sha256.Sum256(data)
	return &Picture{Hash: hex.EncodeToString(sum[:]), read: func(context.Context, string) ([]byte, error) { return data, nil }}
}

// Bytes reads the picture's file.
func (p *Picture) Bytes(ctx context.Context) ([]byte, error) {
	if p.read == nil {
		return nil, errors.New("pictures cannot be read here")
	}
	return p.read(ctx, p.Hash)
}

func (s *Screener) pictures(refs []loam.AssetRef) []*Picture {
	out := make([]*Picture, len(refs))
	for i, a := range refs {
		out[i] = &Picture{Field: a.Field, Hash: a.Hash, read: s.config.Bytes}
	}
	return out
}

// reading lets a Reader be counted and timed as a detector is.
type reading struct {
	Reader
	fields []Field
}

// Detect reads; it finds nothing itself.
func (r *reading) Detect(ctx context.Context, in Input) (_ []loam.Finding, err error) {
	r.fields, err = r.Read(ctx, in)
	return nil, err
}
