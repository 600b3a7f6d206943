package media

import (
	"bytes"
	"errors"
	"io"
	"testing"

	"pgregory.net/rapid"
)

// TestEdit: an edit, and an edit of an edit, reads and writes as the bytes it stands for.
func TestEdit(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		src := rapid.SliceOfN(rapid.Byte(), 0, 60).Draw(t, "source")
		inner, want := drawEdit(t, bytes.NewReader(src), src)
		outer, want := drawEdit(t, inner, want)
		got, err := outer.Bytes()
		if err != nil || !bytes.Equal(got, want) || outer.Size() != int64(len(want)) {
			t.Fatalf("written: %q, %v, want %q", got, err, want)
		}
		at := rapid.IntRange(0, len(want)+2).Draw(t, "at")
		part := make([]byte, rapid.IntRange(0, 40).Draw(t, "n"))
		n, err := outer.ReadAt(part, int64(at))
		end := min(at+len(part), len(want))
		if at > len(want) {
			at, end = 0, 0
		}
		if !bytes.Equal(part[:n], want[at:end]) || err != nil && !errors.Is(err, io.EOF) || err == nil && n < len(part) {
			t.Fatalf("read %q at %d: %v, want %q", part[:n], at, err, want[at:end])
		}
	})
}

func drawEdit(t *rapid.T, src Source, b []byte) (*Edit, []byte) {
	e := new(Edit)
	var want []byte
	for range rapid.IntRange(0, 6).Draw(t, "pieces") {
		if rapid.Bool().Draw(t, "kept") {
			from := rapid.IntRange(0, len(b)).Draw(t, "from")
			to := rapid.IntRange(from, len(b)).Draw(t, "to")
			e.keep(src, int64(from), int64(to))
			want = append(want, b[from:to]...)
			continue
		}
		lit := rapid.SliceOfN(rapid.Byte(), 0, 20).Draw(t, "new")
		e.add(lit)
		want = append(want, lit...)
	}
	return e, want
}
