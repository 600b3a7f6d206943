package takeout

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"

	"loam"
	"loam/internal/media"
)

// maxDirectory bounds what is read to list an archive's parts: a directory of MaxParts takes less.
const maxDirectory = 12 << 20

// Archive is a file that was opened and whose parts are what its manifest says, as far as names
// and lengths go.
type Archive struct {
	Manifest Manifest
	parts    map[string]*zip.File
}

// damaged is an archive nobody wrote, or that was changed.
func damaged(err error) error { return loam.Fail(loam.Invalid, "import.damaged").Because(err) }

type fault string

func (f fault) Error() string { return "takeout: " + string(f) }

// listing is a file while its directory is read, of which only so much is.
type listing struct {
	io.ReaderAt
	left int
}

func (l *listing) ReadAt(p []byte, at int64) (int, error) {
	if l.left -= len(p); l.left < 0 {
		return 0, fault("a directory of too many parts")
	}
	return l.ReaderAt.ReadAt(p, at)
}

// Open lists an archive: Invalid, "import.damaged" if it is none. Its parts are not read yet.
func Open(r io.ReaderAt, size int64) (*Archive, error) {
	l := &listing{r, maxDirectory}
	z, err := zip.NewReader(l, size)
	if err != nil {
		return nil, damaged(err)
	}
	if len(z.File) > MaxParts+1 {
		return nil, damaged(fault("too many parts"))
	}
	l.left = int(^uint(0) >> 1) // from here on each part has a length
	a := &Archive{parts: make(map[string]*zip.File, len(z.File))}
	left := uint64(size)
	for _, f := range z.File {
		switch {
		case f.Method != zip.Store || f.CompressedSize64 != f.UncompressedSize64:
			return nil, damaged(fault("a part is packed"))
		case f.UncompressedSize64 > left: // parts that share their bytes
			return nil, damaged(fault("parts longer than the file"))
		case !isPart(f.Name) || a.parts[f.Name] != nil:
			return nil, damaged(fault("a part of no known name, or twice"))
		}
		left -= f.UncompressedSize64
		a.parts[f.Name] = f
	}
	if err := a.manifest(); err != nil {
		return nil, err
	}
	return a, nil
}

func isPart(name string) bool {
	if slices.Contains([]string{worksPart, assetsPart, leavesPart, shieldsPart, manifestPart}, name) {
		return true
	}
	hash, blob := strings.CutPrefix(name, blobPart)
	if !blob {
		hash, blob = strings.CutPrefix(name, evidencePart)
	}
	return blob && isHash(hash)
}

func (a *Archive) manifest() error {
	f := a.parts[manifestPart]
	if f == nil || f.UncompressedSize64 > maxDirectory*2 {
		return damaged(fault("no manifest"))
	}
	r, err := f.Open()
	if err != nil {
		return damaged(err)
	}
	defer r.Close()
	d := json.NewDecoder(r)
	d.DisallowUnknownFields()
	if err := d.Decode(&a.Manifest); err != nil {
		return damaged(err)
	}
	if a.Manifest.Version < 1 || a.Manifest.Version > version {
		return loam.Fail(loam.Invalid, "import.version", a.Manifest.Version)
	}
	named := map[string]bool{}
	for _, e := range a.Manifest.Files {
		f := a.parts[e.Name]
		if f == nil || named[e.Name] || e.Name == manifestPart || uint64(e.Size) != f.UncompressedSize64 || !isHash(e.SHA256) {
			return damaged(fault("a part is not what the manifest says"))
		}
		if i := strings.IndexByte(e.Name, '/'); i >= 0 && e.Name[i+1:] != e.SHA256 {
			return damaged(fault("a blob of another name"))
		}
		named[e.Name] = true
	}
	if len(named) != len(a.parts)-1 {
		return damaged(fault("parts beside the manifest"))
	}
	for _, name := range []string{worksPart, assetsPart, leavesPart, shieldsPart} {
		if a.parts[name] == nil && (name != shieldsPart || a.Manifest.Version >= 2) {
			return damaged(fault("a part is missing"))
		}
	}
	return nil
}

// Blobs is where bytes are put.
type Blobs interface {
	Put(data []byte) (hash string, err error)
}

// Target takes an archive in, whole or not at all.
type Target interface {
	Arrive(ctx context.Context, a loam.Arrival) (loam.Account, error)
}

// Import reads every part, compares it with its hash, and hands all of it to an empty
// installation. password is as it is to be stored.
func (a *Archive) Import(ctx context.Context, blobs Blobs, to Target, password string) (loam.Account, error) {
	m := a.Manifest
	in := loam.Arrival{Account: loam.Account{Handle: m.Handle, NoAI: m.NoAI}, Password: password}
	for _, e := range m.Files {
		if err := ctx.Err(); err != nil {
			return loam.Account{}, err
		}
		b, hash, err := a.take(e, blobs)
		if err != nil {
			return loam.Account{}, err
		}
		in.Blobs = append(in.Blobs, b...)
		in.Evidence = append(in.Evidence, hash...)
	}
	var err error
	if in.Assets, err = linesOf[loam.ArchivedAsset](a, assetsPart, isAsset); err != nil {
		return loam.Account{}, err
	}
	if in.Leaves, err = linesOf[loam.ArchivedLeaf](a, leavesPart, nil); err != nil {
		return loam.Account{}, err
	}
	if in.Protections, err = a.protections(); err != nil {
		return loam.Account{}, err
	}
	in.Works = func(f func(loam.ArchivedWork) error) error {
		return eachLine(a, worksPart, func(w loam.ArchivedWork) error {
			if err := isWork(w); err != nil {
				return err
			}
			return f(w)
		})
	}
	return to.Arrive(ctx, in)
}

// take checks one part and stores it if it is a blob, or her leaves, which stay as evidence.
func (a *Archive) take(e Entry, blobs Blobs) (stored []loam.ArchivedBlob, evidence []string, err error) {
	blob, old := strings.HasPrefix(e.Name, blobPart), strings.HasPrefix(e.Name, evidencePart)
	if !blob && !old && e.Name != leavesPart {
		return nil, nil, a.verify(e)
	}
	most := int64(MaxBlob)
	if !blob {
		most = 16 * MaxBlob
	}
	if e.Size > most {
		return nil, nil, damaged(fault("a part that is too long"))
	}
	r, err := a.parts[e.Name].Open()
	if err != nil {
		return nil, nil, damaged(err)
	}
	data, err := io.ReadAll(r)
	if err = errors.Join(err, r.Close()); err != nil {
		return nil, nil, damaged(err)
	}
	if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != e.SHA256 {
		return nil, nil, damaged(fault("a part was changed"))
	}
	typ := EvidenceType
	if blob {
		if typ = e.Type; !isBlob(data, typ) {
			return nil, nil, damaged(fault("a blob of another type"))
		}
	} else {
		evidence = append(evidence, e.SHA256)
	}
	if _, err := blobs.Put(data); err != nil {
		return nil, nil, err
	}
	return []loam.ArchivedBlob{{Hash: e.SHA256, Type: typ, Size: e.Size}}, evidence, nil
}

// isBlob reports whether bytes are of one of the types that a work names: what a page serves it
// as must be what it is.
func isBlob(data []byte, typ string) bool {
	switch typ {
	case string(media.PNG), string(media.JPEG):
		h, err := media.Head(data)
		return err == nil && string(h.Type) == typ
	case string(media.Markdown):
		return media.IsText(data)
	case string(media.MP3), string(media.M4A), string(media.WAV), string(media.FLAC), string(media.OGG):
		t, err := media.SniffSound(data)
		return err == nil && string(t) == typ
	case "application/cbor":
		return true // opened by the verifier of Content Credentials alone
	}
	return false
}

// verify compares a part with its hash.
func (a *Archive) verify(e Entry) error {
	r, err := a.parts[e.Name].Open()
	if err != nil {
		return damaged(err)
	}
	sum := sha256.New()
	_, err = io.Copy(sum, r)
	if err = errors.Join(err, r.Close()); err != nil {
		return damaged(err)
	}
	if hex.EncodeToString(sum.Sum(nil)) != e.SHA256 {
		return damaged(fault("a part was changed"))
	}
	return nil
}

func isAsset(x loam.ArchivedAsset) error {
	if !loam.IsID(x.ID) || !isHash(x.Hash) || x.Credentials != "" && !isHash(x.Credentials) || !slices.Contains(loam.AIStates(), x.AI) {
		return damaged(fault("an asset of no form"))
	}
	return nil
}

// isWork holds a work to what this installation would have made: names, and the hash of every
// version.
func isWork(w loam.ArchivedWork) error {
	if !loam.IsID(w.ID) || !slices.Contains(loam.Forms(), w.Form) || w.On != "" && !loam.IsID(w.On) || len(w.Key) > 200 ||
		!count(w.Revision) || !count(w.Created) || !count(w.Updated) {
		return damaged(fault("a work of no form"))
	}
	if w.Draft != nil && slices.ContainsFunc(w.Draft.Pages, func(p loam.Page) bool { return !count(int64(p.Number)) }) {
		return damaged(fault("a page of no number"))
	}
	for i, v := range w.Versions {
		if !count(int64(v.Number)) || !count(v.Revision) || !count(v.ConfirmedAt) || !count(v.SubmittedAt) || !count(v.UpdatedAt) || !count(v.Content.Scheduled) {
			return damaged(fault("a version of no form"))
		}
		hash, err := loam.VersionHash(v.Content)
		if err != nil || hash != v.Hash || !loam.IsID(v.ID) || v.Work != w.ID || v.Content.Work != w.ID || v.Content.Form != w.Form || v.Number != v.Content.Number ||
			i > 0 && v.Number <= w.Versions[i-1].Number || v.ReleaseHash != "" && !isHash(v.ReleaseHash) {
			return damaged(errors.Join(err, fault("a version that is not what its hash says")))
		}
		for _, h := range BlobsOf(v) {
			if !isHash(h) {
				return damaged(fault("a version that names no bytes"))
			}
		}
	}
	return nil
}

// count reports whether a number counts something, or is a time in milliseconds: to which one can be added
// in every database.
func count(n int64) bool { return n >= 0 && n < 1<<53 }

func linesOf[T any](a *Archive, name string, check func(T) error) ([]T, error) {
	out := []T{}
	err := eachLine(a, name, func(v T) error {
		if check != nil {
			if err := check(v); err != nil {
				return err
			}
		}
		out = append(out, v)
		return nil
	})
	return out, err
}

// eachLine reads a part of JSON Lines. What f says is an error as it is.
func eachLine[T any](a *Archive, name string, f func(T) error) error {
	r, err := a.parts[name].Open()
	if err != nil {
		return damaged(err)
	}
	defer r.Close()
	s := bufio.NewScanner(r)
	s.Buffer(nil, maxLine+1)
	for n := 0; s.Scan(); n++ {
		var v T
		d := json.NewDecoder(bytes.NewReader(s.Bytes()))
		d.DisallowUnknownFields()
		if err := d.Decode(&v); err != nil || n >= maxLines || bytes.Contains(s.Bytes(), []byte(`\u0000`)) { // no text here holds one, nor does PostgreSQL
			return damaged(errors.Join(err, fault("a line of no form")))
		}
		if err := f(v); err != nil {
			return err
		}
	}
	if err := s.Err(); err != nil {
		return damaged(err)
	}
	return nil
}
