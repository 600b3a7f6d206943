package rights

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"loam"
	"loam/internal/merkle"
	"loam/internal/merkle/merkletest"
)

func grow(t *testing.T, l *merkletest.Log, n int, what string) {
	t.Helper()
	for i := range n {
		l.Append(t, fmt.Appendf(nil, "%s %d", what, i))
	}
	l.Publish(t)
}

func mirror(t *testing.T, l *merkletest.Log, from merkle.Files, dir string) (Mirrored, error) {
	t.Helper()
	key, err := note.NewVerifier(l.Key)
	if err != nil {
		t.Fatal(err)
	}
	return Mirror(t.Context(), from, dir, key, func(int, int) {})
}

// TestMirror: a copy follows a log as it grows, goes on after an interruption, and fetches no
// full tile twice; a log that shrank, was changed or shows another tree is refused and changes
// nothing.
func TestMirror(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "copy")
	l := merkletest.New(t, "loam/test", 1)
	grow(t, l, 300, "a")
	read, left := l.Read, 3
	broken := func(path string) ([]byte, error) {
		if left--; left < 0 {
			return nil, errors.New("the line is cut")
		}
		return read(path)
	}
	if _, err := mirror(t, l, broken, dir); err == nil || copied(dir, "checkpoint") {
		t.Fatalf("an interrupted copy: %v", err)
	}
	m, err := mirror(t, l, l.Read, dir)
	if err != nil || m.Size != 300 || m.Before != 0 {
		t.Fatalf("the first copy: %+v, %v", m, err)
	}
	held := maps.Clone(l.Files)
	grow(t, l, 400, "b")
	if m, err = mirror(t, l, l.Read, dir); err != nil || m.Size != 700 || m.Before != 300 || m.Fetched != 5 {
		t.Fatalf("the second copy: %+v, %v", m, err)
	}
	if m, err = mirror(t, l, l.Read, dir); err != nil || m.Fetched != 0 {
		t.Errorf("nothing new: %+v, %v", m, err)
	}
	other := merkletest.New(t, "loam/test", 1)
	grow(t, other, 700, "other")
	diverged := merkletest.New(t, "loam/test", 1)
	grow(t, diverged, 900, "other")
	for code, files := range map[string]map[string][]byte{"mirror.rolled_back": held, "mirror.split_view": other.Files, "mirror.diverged": diverged.Files} {
		cheat := merkletest.Log{Key: l.Key, Files: files}
		if _, err := mirror(t, &cheat, cheat.Read, dir); loam.CodeOf(err) != code {
			t.Errorf("%s: %v", code, err)
		}
	}
	if m, err = mirror(t, l, l.Read, dir); err != nil || m.Before != 700 || m.Fetched != 0 {
		t.Errorf("after the cheats: %+v, %v", m, err)
	}
}

// TestMirrorForgets: a changed file is refused with everything that came with it, and does not
// stand in the way of the true one.
func TestMirrorForgets(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	l := merkletest.New(t, "loam/test", 1)
	grow(t, l, 600, "a")
	bad := merkletest.Log{Key: l.Key, Files: maps.Clone(l.Files)}
	path := merkle.TilePath(-1, 1, 256)
	bad.Files[path] = append([]byte{}, bad.Files[path]...)
	bad.Files[path][5] ^= 1
	if _, err := mirror(t, &bad, bad.Read, dir); err == nil || copied(dir, "checkpoint") || copied(dir, path) {
		t.Errorf("a changed entry: %v", err)
	}
	if m, err := mirror(t, l, l.Read, dir); err != nil || m.Size != 600 {
		t.Errorf("the true log: %+v, %v", m, err)
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	key, err := note.NewVerifier(l.Key)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Mirror(ctx, l.Read, t.TempDir(), key, func(int, int) {}); !errors.Is(err, context.Canceled) {
		t.Errorf("stopped: %v", err)
	}
}

func copied(dir, path string) bool {
	_, err := os.Stat(filepath.Join(dir, filepath.FromSlash(path)))
	return err == nil
}
