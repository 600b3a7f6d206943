package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestCorpusElsewhere: who builds a set from the folder a demo was started with is told where the
// demo's works are.
func TestCorpusElsewhere(t *testing.T) {
	t.Parallel()
	data, out := t.TempDir(), filepath.Join(t.TempDir(), "set")
	build := func() string {
		t.Helper()
		code, _, errs := loamRun(t, "corpus", "build", "--data", data, "--use", "train.text", "--name", "一批笔记", "-o", out)
		if code != 1 || strings.Contains(errs, "not_found:") {
			t.Errorf("a ledger without a grant: %d %s", code, errs)
		}
		return errs
	}
	demo := filepath.Join(data, demoFolder)
	if errs := build(); strings.Contains(errs, demo) {
		t.Errorf("without a demo: %s", errs)
	}
	if err := os.MkdirAll(demo, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(demo, "loam.db"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if errs := build(); !strings.Contains(errs, demo) {
		t.Errorf("beside a demo: %s", errs)
	}
}
