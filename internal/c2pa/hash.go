package c2pa

import (
	"bytes"
	"cmp"
	"crypto"
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"strings"

	_ "crypto/sha512" // two of the three digests that C2PA 2.2, 13.1 allows

	"loam/internal/media"
)

// digest is a hash algorithm by its C2PA name; the empty name is the default one.
func digest(name string) (crypto.Hash, bool) {
	switch name {
	case "", "sha256":
		return crypto.SHA256, true
	case "sha384":
		return crypto.SHA384, true
	case "sha512":
		return crypto.SHA512, true
	}
	return 0, false
}

func sum(h crypto.Hash, b []byte) []byte {
	if h == crypto.SHA256 {
		s := sha256.Sum256(b)
		return s[:]
	}
	d := h.New()
	d.Write(b)
	return d.Sum(nil)
}

// errExclusion is an exclusion that cannot be one: outside the file, or across another.
const errExclusion = errMalformed("exclusion outside the file")

// hashAround is the digest of a file without some stretches of it, in any order.
func hashAround(h crypto.Hash, src media.Source, without []media.Span) ([]byte, error) {
	without = slices.Clone(without)
	slices.SortFunc(without, func(a, b media.Span) int { return cmp.Compare(a.From, b.From) })
	d := h.New()
	var at int64
	for _, x := range without {
		if x.From < at || x.To < x.From || x.To > src.Size() {
			return nil, errExclusion
		}
		if err := media.CopyRange(d, src, at, x.From); err != nil {
			return nil, err
		}
		at = x.To
	}
	if err := media.CopyRange(d, src, at, src.Size()); err != nil {
		return nil, err
	}
	return d.Sum(nil), nil
}

// hashBoxes is the digest of a file of ISO boxes without the excluded ones. From version 2
// on, the place of each top-level box that is not wholly excluded goes into it before the
// box (C2PA 2.2, 18.6.2).
func hashBoxes(h crypto.Hash, src media.Source, exclude []boxExclusion, places bool) ([]byte, error) {
	var without []media.Span
	var marks []int64
	err := media.Boxes(src, holders(exclude), func(b media.Box) error {
		whole := false
		for _, x := range exclude {
			if x.Path != b.Path {
				continue
			}
			out, all, err := x.of(src, b)
			if err != nil {
				return err
			}
			without, whole = append(without, out...), whole || all
		}
		if places && b.Top && !whole {
			marks = append(marks, b.From)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return hashMarked(h, src, union(without), marks)
}

// holders are the types of the boxes that exclusions lead through.
func holders(exclude []boxExclusion) []string {
	var out []string
	for _, x := range exclude {
		parts := strings.Split(strings.TrimPrefix(x.Path, "/"), "/")
		out = append(out, parts[:min(len(parts), maxDepth)-1]...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// union joins stretches that touch or overlap, in order.
func union(spans []media.Span) []media.Span {
	slices.SortFunc(spans, func(a, b media.Span) int { return cmp.Compare(a.From, b.From) })
	var out []media.Span
	for _, s := range spans {
		if i := len(out) - 1; i >= 0 && s.From <= out[i].To {
			out[i].To = max(out[i].To, s.To)
		} else {
			out = append(out, s)
		}
	}
	return out
}

// hashMarked hashes what is left of a file, each mark's place before the byte at it.
func hashMarked(h crypto.Hash, src media.Source, without []media.Span, marks []int64) ([]byte, error) {
	d := h.New()
	var at int64
	upTo := func(to int64) error {
		for len(marks) > 0 && marks[0] < to {
			if err := media.CopyRange(d, src, at, marks[0]); err != nil {
				return err
			}
			at = max(at, marks[0])
			var place [8]byte
			binary.BigEndian.PutUint64(place[:], uint64(marks[0]))
			d.Write(place[:])
			marks = marks[1:]
		}
		from := at
		at = max(at, to)
		return media.CopyRange(d, src, from, to)
	}
	for _, x := range without {
		if err := upTo(x.From); err != nil {
			return nil, err
		}
		at = x.To
	}
	if err := upTo(src.Size()); err != nil {
		return nil, err
	}
	return d.Sum(nil), nil
}

// of is what an exclusion takes out of a box it names, and whether that is all of it.
func (x *boxExclusion) of(src media.Source, b media.Box) ([]media.Span, bool, error) {
	size := b.To - b.From
	if x.Length != nil && *x.Length != size || x.Version != nil && *x.Version != int64(b.Version[0]) || !x.flagged(b) {
		return nil, false, nil
	}
	for _, d := range x.Data {
		if d.Offset < 0 || d.Offset > size-int64(len(d.Value)) {
			return nil, false, nil
		}
		there := make([]byte, len(d.Value))
		if n, err := src.ReadAt(there, b.From+d.Offset); n < len(there) {
			return nil, false, err
		}
		if !bytes.Equal(there, d.Value) {
			return nil, false, nil
		}
	}
	if x.Subset == nil {
		return []media.Span{b.Span}, true, nil
	}
	var out []media.Span
	for _, p := range x.Subset {
		if p.Offset < 0 || p.Length < 0 {
			return nil, false, errExclusion
		}
		if p.Offset > size {
			continue
		}
		length := min(p.Length, size-p.Offset)
		if p.Length == 0 {
			length = size - p.Offset
		}
		out = append(out, media.Span{From: b.From + p.Offset, To: b.From + p.Offset + length})
	}
	return out, false, nil
}

// flagged reports whether a box has the flags an exclusion asks for: exactly, or at most.
func (x *boxExclusion) flagged(b media.Box) bool {
	if len(x.Flags) < 3 {
		return true
	}
	for i, want := range x.Flags[:3] {
		has := b.Version[1+i]
		if has != want && (x.Exact == nil || *x.Exact) || has|want != want {
			return false
		}
	}
	return true
}
