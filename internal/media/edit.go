package media

import (
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

// copyBuffer is how much of a source is read at a time: larger ones gain nothing.
const copyBuffer = 256 << 10

// WriteTo writes the changed file (io.WriterTo).
func (e *Edit) WriteTo(w io.Writer) (int64, error) {
	var done int64
	var buf []byte
	for _, s := range e.pieces {
		if s.lit != nil {
			n, err := w.Write(s.lit)
			if done += int64(n); err != nil {
				return done, err
			}
			continue
		}
		if n := min(s.n, copyBuffer); int64(len(buf)) < n {
			buf = make([]byte, n)
		}
		n, err := s.copy(w, buf)
		if done += n; err != nil {
			return done, err
		}
	}
	return done, nil
}

// copy writes a kept stretch through a buffer.
func (s *piece) copy(w io.Writer, buf []byte) (int64, error) {
	var done int64
	for done < s.n {
		part := buf[:min(int64(len(buf)), s.n-done)]
		n, err := s.from.ReadAt(part, s.off+done)
		if n < len(part) {
			if err == nil || errors.Is(err, io.EOF) {
				err = io.ErrUnexpectedEOF
			}
			return done, err
		}
		m, err := w.Write(part)
		if done += int64(m); err != nil {
			return done, err
		}
	}
	return done, nil
}

// Bytes is the changed file in memory.
func (e *Edit) Bytes() ([]byte, error) {
	out := make([]byte, e.size)
	if _, err := e.ReadAt(out, 0); err != nil && e.size > 0 {
		return nil, err
	}
	return out, nil
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
