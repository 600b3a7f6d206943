package media

import (
	"bytes"
	"errors"
	"io"
)

// Bounds of what a window reads at once, and of the reads that go through it.
const (
	windowLeast = 512
	windowMost  = 64 << 10
	windowSmall = 4 << 10
)

// window is a source whose small reads near each other cost one: a walk through parts of a
// few bytes each would ask the disk for every one. Reads far apart stay small. It is not to
// be read from two places at once, and not to stand in an Edit, which outlives it.
type window struct {
	Source
	at int64
	b  []byte
	n  int // bytes the next read takes in
}

// windowed is a source through a window; what lies in memory needs none.
func windowed(src Source) Source {
	switch src.(type) {
	case *bytes.Reader, *window:
		return src
	}
	return &window{Source: src, n: windowLeast}
}

// ReadAt reads the source (io.ReaderAt).
func (w *window) ReadAt(p []byte, at int64) (int, error) {
	if len(p) > windowSmall || at < 0 {
		return w.Source.ReadAt(p, at)
	}
	end := w.at + int64(len(w.b))
	if at < w.at || at+int64(len(p)) > end {
		if at >= w.at && at <= end+int64(len(w.b)) {
			w.n = min(2*w.n, windowMost)
		} else {
			w.n = windowLeast
		}
		if err := w.fill(at, max(w.n, len(p))); err != nil {
			return 0, err
		}
	}
	n := copy(p, w.b[at-w.at:])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

func (w *window) fill(at int64, n int) error {
	if cap(w.b) < n {
		w.b = make([]byte, n)
	}
	m, err := w.Source.ReadAt(w.b[:n], at)
	w.at, w.b = at, w.b[:m]
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// partsOf bounds a walk through a source's parts by its size: a file whose parts are smaller
// than least bytes on the whole was not written to be shown.
func partsOf(src Source, least int64) int {
	const few, most = 1 << 16, 1 << 22
	return int(min(most, few+src.Size()/least))
}
