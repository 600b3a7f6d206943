package media

import (
	"bytes"
	"cmp"
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
	n := 0
	for i := e.piece(at); i < len(e.pieces) && n < len(p); i++ {
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
	c := counter{w: w}
	err := CopyRange(&c, e, 0, e.size)
	return c.n, err
}

type counter struct {
	w io.Writer
	n int64
}

func (c *counter) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.n += int64(n)
	return n, err
}

// copyBuffer is how much of a source is read at once that does not lie in memory.
const copyBuffer = 256 << 10

// CopyRange writes the bytes of a source from from up to to, none if that lies before. What
// lies in memory is not copied on the way.
func CopyRange(w io.Writer, src Source, from, to int64) error {
	var buf []byte
	return copyRange(w, src, from, to, &buf)
}

func copyRange(w io.Writer, src Source, from, to int64, buf *[]byte) error {
	if to <= from {
		return nil
	}
	switch src := src.(type) {
	case *Edit:
		return src.copyRange(w, from, to, buf)
	case *bytes.Reader:
		if from < 0 || to > src.Size() {
			return io.ErrUnexpectedEOF
		}
		r := *src // a place of its own
		if _, err := r.Seek(from, io.SeekStart); err != nil {
			return err
		}
		_, err := r.WriteTo(&head{w, to - from})
		return err
	}
	if n := min(copyBuffer, to-from); int64(len(*buf)) < n {
		*buf = make([]byte, n)
	}
	for from < to {
		n, err := src.ReadAt((*buf)[:min(to-from, int64(len(*buf)))], from)
		if _, err := w.Write((*buf)[:n]); err != nil {
			return err
		}
		if from += int64(n); from < to && err != nil {
			if errors.Is(err, io.EOF) {
				err = io.ErrUnexpectedEOF
			}
			return err
		}
	}
	return nil
}

func (e *Edit) copyRange(w io.Writer, from, to int64, buf *[]byte) error {
	if from < 0 || to > e.size {
		return io.ErrUnexpectedEOF
	}
	for i := e.piece(from); i < len(e.pieces) && from < to; i++ {
		s := &e.pieces[i]
		skip, n := from-s.at, min(to, s.at+s.n)-from
		var err error
		if s.lit != nil {
			_, err = w.Write(s.lit[skip : skip+n])
		} else {
			err = copyRange(w, s.from, s.off+skip, s.off+skip+n, buf)
		}
		if err != nil {
			return err
		}
		from += n
	}
	return nil
}

// head takes the first n bytes of one write and says that it took all.
type head struct {
	w io.Writer
	n int64
}

func (h *head) Write(p []byte) (int, error) {
	_, err := h.w.Write(p[:min(int64(len(p)), h.n)])
	return len(p), err
}

// piece is the index of the piece that the byte at a place lies in.
func (e *Edit) piece(at int64) int {
	i, found := slices.BinarySearchFunc(e.pieces, at, func(s piece, at int64) int { return cmp.Compare(s.at, at) })
	if !found {
		i--
	}
	return i
}

// Bytes is the changed file in memory.
func (e *Edit) Bytes() ([]byte, error) {
	return read(e, 0, e.size)
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
