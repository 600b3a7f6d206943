package main

import (
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
