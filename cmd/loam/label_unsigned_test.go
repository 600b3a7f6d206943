package main

import (
	"crypto/rand"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"loam/internal/c2pa"
)

// TestLabelUnsigned: a container without Content Credentials cannot be signed: one file is refused,
// one in a folder is labelled without them, and told.
func TestLabelUnsigned(t *testing.T) {
	t.Parallel()
	keys := t.TempDir()
	cert, key := signingPair(t, keys)
	dir := filesIn(t, map[string]string{"a.md": "# a\n", "b.md": "# b\n"})
	to := filepath.Join(t.TempDir(), "out")
	line := func(in, out string) []string {
		return []string{"label", "--state", "is", "--producer", "lab", "--cert", cert, "--key", key, in, "-o", out}
	}
	code, _, told := typed(t, line(filepath.Join(dir, "a.md"), to)...)
	if _, err := os.Stat(to); code != 1 || !strings.Contains(told, "Content Credentials") || err == nil {
		t.Errorf("one file: %d %q %v", code, told, err)
	}
	code, _, told = typed(t, line(dir, to)...)
	if code != 0 || strings.Count(told, "Content Credentials") != 2 || !strings.Contains(told, "a.md") {
		t.Errorf("a folder: %d %q", code, told)
	}
	for _, name := range []string{"a.md", "b.md"} {
		if b, err := os.ReadFile(filepath.Join(to, name)); err != nil || !strings.Contains(string(b), "AIGC") {
			t.Errorf("%s: %q, %v", name, b, err)
		}
	}
}

// signingPair is a certificate chain and its key in files of a folder.
func signingPair(t *testing.T, dir string) (cert, key string) {
	t.Helper()
	now := time.Now()
	a, err := c2pa.NewAuthority(rand.Reader, now, "Operator")
	if err != nil {
		t.Fatal(err)
	}
	leaf, signer, err := a.Leaf(rand.Reader, now)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := c2pa.EncodeKey(signer)
	if err != nil {
		t.Fatal(err)
	}
	cert, key = filepath.Join(dir, "chain.pem"), filepath.Join(dir, "key.pem")
	for name, b := range map[string][]byte{cert: c2pa.EncodeChain(leaf, a.Root), key: secret} {
		if err := os.WriteFile(name, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return cert, key
}
