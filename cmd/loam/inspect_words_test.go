package main

import (
	"path/filepath"
	"strings"
	"testing"

	"loam"
	"loam/internal/label"
)

// TestDescribedSignature: a name that a stranger's certificate carries is not told as who signed.
func TestDescribedSignature(t *testing.T) {
	t.Parallel()
	for worth, want := range map[string]string{
		label.SignedValid: `valid, by who names itself "Camera Ltd"; nobody here vouches`, label.SignedExpired: "has ended",
		label.SignedKnown:   `known, by "Camera Ltd": it covers the words of the label, not the file`,
		label.SignedInvalid: "invalid", label.SignedTrusted: `trusted, by "Camera Ltd"`,
	} {
		got := described("a.jpg", label.Report{State: loam.IsAI, Marks: []label.MarkReport{{Kind: label.KindManifest, Signature: worth, Signer: "Camera Ltd"}}})
		if !strings.Contains(got, want) {
			t.Errorf("%s is told as %q", worth, got)
		}
	}
}

// TestInspectEmpty: a file without a byte is told to be that, and not to be a text without a mark,
// by whatever way it comes.
func TestInspectEmpty(t *testing.T) {
	t.Parallel()
	dir := filesIn(t, map[string]string{"a.png": "", "b.md": ""})
	for _, name := range []string{filepath.Join(dir, "a.png"), filepath.Join(dir, "b.md"), "-"} {
		code, out, told := typed(t, "inspect", name)
		if code != 1 || out != "" || strings.Count(told, name+": The file is empty") != 1 {
			t.Errorf("%s: %d %q %q", name, code, out, told)
		}
	}
	if code, out, told := typed(t, "inspect", dir); code != 1 || out != "" || strings.Count(told, "The file is empty") != 2 || !strings.Contains(told, "2 of 2 files") {
		t.Errorf("a folder: %d %q %q", code, out, told)
	}
}
