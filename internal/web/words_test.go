package web

import (
	"strings"
	"testing"

	"loam"
)

// TestWords: what is kept of a form can be kept by either database.
func TestWords(t *testing.T) {
	t.Parallel()
	if got, err := words(" 印刷\x00厂\xff\n ", "waiver.recipient"); err != nil || got != "印刷厂" {
		t.Errorf("got %q, %v", got, err)
	}
	for _, bad := range []string{"", " \x00 ", strings.Repeat("湖", maxWords+1)} {
		if _, err := words(bad, "waiver.recipient"); loam.CodeOf(err) != "waiver.recipient" {
			t.Errorf("%d bytes: %v", len(bad), err)
		}
	}
}
