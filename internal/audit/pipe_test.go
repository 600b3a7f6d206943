//go:build unix

package audit

import (
	"path/filepath"
	"syscall"
	"testing"
)

// TestPipe: a copy whose file is a pipe is refused, not waited for.
func TestPipe(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := syscall.Mkfifo(filepath.Join(dir, "checkpoint"), 0o600); err != nil {
		t.Fatal(err)
	}
	files, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if b, err := files("checkpoint"); err == nil {
		t.Errorf("it was read: %q", b)
	}
}
