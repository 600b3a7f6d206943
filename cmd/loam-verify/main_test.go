package main

import (
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestDependencies: whoever reads the verifier has to read these packages and no others.
func TestDependencies(t *testing.T) {
	t.Parallel()
	out, err := exec.Command("go", "list", "-deps", "-f", "{{if not .Standard}}{{.ImportPath}}{{end}}", ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	got := strings.Fields(string(out))
	slices.Sort(got)
	want := []string{
		"golang.org/x/mod/sumdb/note", "golang.org/x/mod/sumdb/tlog",
		"loam", "loam/cmd/loam-verify", "loam/internal/audit", "loam/internal/ledger", "loam/internal/merkle", "loam/internal/verify",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}
