// Package takeout is the file in which a creator takes everything along: what she made, the
// bytes of it, and her leaves in the ledger with what proves them.
//
// It stands apart because a file that anybody may have written goes into an installation by
// it: nothing in it is a path, nothing is packed, all of it is bounded by the file's own size,
// and every part is compared with its hash before it is believed.
package takeout

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"hash"
	"io"
	"slices"
	"strings"

	"loam"
)

// The parts of an archive beside the blobs, which are named by their hash. The manifest is its
// last one.
const (
	worksPart    = "works.jsonl"
	assetsPart   = "assets.jsonl"
	leavesPart   = "leaves.jsonl"
	shieldsPart  = "protections.jsonl" // since version 2
	manifestPart = "manifest.json"
	blobPart     = "blobs/"
	evidencePart = "evidence/" // leaves.jsonl of earlier installations, by its hash
)

// EvidenceType is the type of a blob that holds leaves of an earlier installation.
const EvidenceType = "application/vnd.loam.leaves"

// version is that of the archive's form; those before it are read too.
const version = 2

// Limits of one archive; MaxBlob is that of a picture.
const (
	MaxParts = 60_000
	MaxBlob  = 40 << 20
	maxLine  = 8 << 20
	maxLines = 100_000
)

// Manifest is what an archive says of itself: whose it is, from where, and the SHA-256 of every
// other part.
type Manifest struct {
	Version    int     `json:"version"`
	At         int64   `json:"at"`
	Handle     string  `json:"handle"`
	NoAI       bool    `json:"no_ai"`
	Checkpoint string  `json:"checkpoint"` // of the log at that time, signed; "" where there is none
	Files      []Entry `json:"files"`
}

// Entry is one part of an archive.
type Entry struct {
	Name   string `json:"name"`
	SHA256 string `json:"sha256"`
	Size   int64  `json:"size"`
	Type   string `json:"type"`
}

// Store is what an archive is made of.
type Store interface {
	EachArchived(ctx context.Context, owner string, f func(loam.ArchivedWork) error) error
	ArchivedAssets(ctx context.Context, owner string) ([]loam.ArchivedAsset, error)
	ArchivedLeaves(ctx context.Context, owner string) ([]loam.ArchivedLeaf, error)
	ArchivedProtections(ctx context.Context, owner string) ([]loam.ArchivedProtection, error)
	ArchivedBlob(ctx context.Context, hash string) (loam.ArchivedBlob, error)
	Evidence(ctx context.Context, owner string) ([]string, error)
}

// Source is where the archive of an account is taken from. Receipt gives the proof that the leaf
// at an index is in the log, as a text.
type Source struct {
	Store      Store
	Read       func(hash string) ([]byte, error) // of the blob store
	Receipt    func(index int64) (string, error)
	Checkpoint string
	Now        int64
}

// writer writes the parts and lists them.
type writer struct {
	z     *zip.Writer
	files []Entry
	blobs map[string]bool
}

// Write writes an account's archive, one blob in memory at a time. An error in the middle leaves
// a file without its manifest, which nobody takes.
func (s *Source) Write(ctx context.Context, out io.Writer, a loam.Account) error {
	w := &writer{z: zip.NewWriter(out), blobs: map[string]bool{}}
	var hashes []string
	err := w.lines(worksPart, func(put func(any) error) error {
		return s.Store.EachArchived(ctx, a.ID, func(work loam.ArchivedWork) error {
			for _, v := range work.Versions {
				hashes = append(hashes, BlobsOf(v)...)
			}
			return put(work)
		})
	})
	if err != nil {
		return err
	}
	assets, err := s.Store.ArchivedAssets(ctx, a.ID)
	if err != nil {
		return err
	}
	for _, x := range assets {
		hashes = append(hashes, x.Hash, x.Credentials)
	}
	if err := w.lines(assetsPart, each(assets)); err != nil {
		return err
	}
	if err := s.leaves(ctx, w, a.ID); err != nil {
		return err
	}
	protections, err := s.Store.ArchivedProtections(ctx, a.ID)
	if err != nil {
		return err
	}
	for _, p := range protections {
		for _, f := range p.Files {
			hashes = append(hashes, f.Picture)
		}
	}
	if err := w.lines(shieldsPart, each(protections)); err != nil {
		return err
	}
	for _, hash := range hashes {
		if err := s.blob(ctx, w, blobPart, hash); err != nil {
			return err
		}
	}
	kept, err := s.Store.Evidence(ctx, a.ID)
	if err != nil {
		return err
	}
	for _, hash := range kept {
		if err := s.blob(ctx, w, evidencePart, hash); err != nil {
			return err
		}
	}
	return w.close(Manifest{Version: version, At: s.Now, Handle: a.Handle, NoAI: a.NoAI, Checkpoint: s.Checkpoint})
}

// BlobsOf are the hashes of the bytes a version is about: its pictures and sound before
// labelling, and what readers got.
func BlobsOf(v loam.Version) []string {
	var out []string
	for _, a := range v.Content.Assets {
		out = append(out, a.Hash)
	}
	if s := v.Content.Sound; s != nil {
		out = append(out, s.Hash)
	}
	for _, l := range v.Labels {
		out = append(out, l.Source, l.Result)
	}
	return out
}

func (s *Source) leaves(ctx context.Context, w *writer, owner string) error {
	leaves, err := s.Store.ArchivedLeaves(ctx, owner)
	if err != nil {
		return err
	}
	return w.lines(leavesPart, func(put func(any) error) error {
		for _, l := range leaves {
			if l.Place >= 0 && s.Receipt != nil {
				if l.Receipt, err = s.Receipt(l.Place); err != nil {
					return err
				}
			}
			if err := put(l); err != nil {
				return err
			}
		}
		return nil
	})
}

// blob puts bytes in once. A label's source that was words, and was never stored, is left out.
func (s *Source) blob(ctx context.Context, w *writer, part, hash string) error {
	if hash == "" || w.blobs[hash] {
		return nil
	}
	w.blobs[hash] = true
	b, err := s.Store.ArchivedBlob(ctx, hash)
	if loam.KindOf(err) == loam.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	data, err := s.Read(hash)
	if err != nil {
		return err
	}
	p, err := w.part(part+hash, b.Type)
	if err != nil {
		return err
	}
	if _, err := p.Write(data); err != nil {
		return err
	}
	return p.end()
}

// part is one part that is being written.
type part struct {
	io.Writer
	w   *writer
	e   Entry
	sum hash.Hash
}

func (w *writer) part(name, typ string) (*part, error) {
	if len(w.files) >= MaxParts {
		return nil, loam.Fail(loam.TooLarge, "export.too_large", MaxParts)
	}
	// Stored, not packed: pictures are packed already, and whoever takes it in unpacks nothing.
	out, err := w.z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
	return &part{out, w, Entry{Name: name, Type: typ}, sha256.New()}, err
}

func (p *part) Write(b []byte) (int, error) {
	n, err := p.Writer.Write(b)
	p.sum.Write(b[:n])
	p.e.Size += int64(n)
	return n, err
}

func (p *part) end() error {
	p.e.SHA256 = hex.EncodeToString(p.sum.Sum(nil))
	p.w.files = append(p.w.files, p.e)
	return nil
}

// lines writes a part of JSON Lines.
func (w *writer) lines(name string, f func(put func(any) error) error) error {
	p, err := w.part(name, "application/jsonl")
	if err != nil {
		return err
	}
	n := 0
	err = f(func(v any) error {
		b, err := json.Marshal(v)
		if err != nil {
			return err
		}
		if n++; n > maxLines || len(b) > maxLine {
			return loam.Fail(loam.TooLarge, "export.too_large", maxLines)
		}
		_, err = p.Write(append(b, '\n'))
		return err
	})
	if err != nil {
		return err
	}
	return p.end()
}

func each[T any](list []T) func(put func(any) error) error {
	return func(put func(any) error) error {
		for _, v := range list {
			if err := put(v); err != nil {
				return err
			}
		}
		return nil
	}
}

func (w *writer) close(m Manifest) error {
	m.Files = slices.Clone(w.files)
	out, err := w.z.CreateHeader(&zip.FileHeader{Name: manifestPart, Method: zip.Store})
	if err != nil {
		return err
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetIndent("", " ")
	if err := e.Encode(m); err != nil {
		return err
	}
	if _, err := out.Write(b.Bytes()); err != nil {
		return err
	}
	return w.z.Close()
}

// isHash reports whether s is a SHA-256 digest as blobs are named by.
func isHash(s string) bool { return len(s) == 64 && strings.Trim(s, "0123456789abcdef") == "" }
