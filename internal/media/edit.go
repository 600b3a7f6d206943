package media

import (
	"bytes"
	"errors"
	"io"
	"slices"
)

// Source is a file of known length that can be read at any place: bytes in memory
// (bytes.Reader), a part of a file (io.SectionReader), or an Edit of either.
type Source interface {
	io.ReaderAt
	Size() int64
}

// Edit is a changed file that was not written yet: stretches of its source and new bytes
// between them. It is itself a Source, so that one edit can stand on another and a file of
// any length is written once. Planning one holds what is new in memory, never what is kept.
type Edit struct {
	pieces []piece
	size   int64
}

// piece is n bytes of an Edit, at its place: literal ones, or those of a source.
type piece struct {
	at, n int64
	lit   []byte
	from  Source
	off   int64
}

// add appends new bytes. The Edit keeps b.
func (e *Edit) add(b []byte) {
	if len(b) > 0 {
		e.pieces = append(e.pieces, piece{at: e.size, n: int64(len(b)), lit: b})
		e.size += int64(len(b))
	}
}

// keep appends the bytes of src from from up to to.
func (e *Edit) keep(src Source, from, to int64) {
	if to <= from {
		return
	}
	if i := len(e.pieces) - 1; i >= 0 && e.pieces[i].from == src && e.pieces[i].off+e.pieces[i].n == from {
		e.pieces[i].n += to - from
	} else {
		e.pieces = append(e.pieces, piece{at: e.size, n: to - from, from: src, off: from})
	}
	e.size += to - from
}

// Size is the length of the changed file in bytes.
func (e *Edit) Size() int64 { return e.size }

// ReadAt reads the changed file (io.ReaderAt).
func (e *Edit) ReadAt(p []byte, at int64) (int, error) {
	if at < 0 || at >= e.size {
		return 0, io.EOF
	}
	i, found := slices.BinarySearchFunc(e.pieces, at, func(s piece, at int64) int { return int(max(-1, min(1, s.at-at))) })
	if !found {
		i--
	}
	n := 0
	for ; i < len(e.pieces) && n < len(p); i++ {
		s := &e.pieces[i]
		skip := at + int64(n) - s.at
		part := p[n:min(int64(len(p)), int64(n)+s.n-skip)]
		if s.lit != nil {
			n += copy(part, s.lit[skip:])
			continue
		}
		m, err := s.from.ReadAt(part, s.off+skip)
		n += m
		if m < len(part) {
			if err == nil || errors.Is(err, io.EOF) {
				err = io.ErrUnexpectedEOF
			}
			return n, err
		}
	}
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// WriteTo writes the changed file (io.WriterTo).
func (e *Edit) WriteTo(w io.Writer) (int64, error) {
	var done int64
	for _, s := range e.pieces {
		var n int64
		var err error
		if s.lit != nil {
			n, err = io.Copy(w, bytes.NewReader(s.lit))
		} else {
			n, err = io.CopyN(w, io.NewSectionReader(s.from, s.off, s.n), s.n)
		}
		if done += n; err != nil {
			return done, err
		}
	}
	return done, nil
}

// Bytes is the changed file in memory.
func (e *Edit) Bytes() ([]byte, error) {
	var out bytes.Buffer
	out.Grow(int(e.size))
	if _, err := e.WriteTo(&out); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// read reads n bytes at a place; a source that ends before them is io.ErrUnexpectedEOF.
func read(src Source, at, n int64) ([]byte, error) {
	if at < 0 || n < 0 || n > src.Size()-at {
		return nil, io.ErrUnexpectedEOF
	}
	b := make([]byte, n)
	if _, err := src.ReadAt(b, at); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	return b, nil
}
