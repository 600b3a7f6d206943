package media

import (
	"bytes"
	"strings"
	"testing"

	"loam"
)

// TestTooLarge: a text beyond what is held is told as that, not as an unknown kind.
func TestTooLarge(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		in   string
		code string
	}{
		"words":   {strings.Repeat("湖边", MaxBytes/6+1000), "file.too_large"},
		"a page":  {"<!doctype html>" + strings.Repeat("a", MaxBytes), "file.too_large"},
		"nothing": {strings.Repeat("\x00", MaxBytes+1), "file.type"},
	} {
		if _, _, err := Marks(bytes.NewReader([]byte(tt.in))); loam.CodeOf(err) != tt.code {
			t.Errorf("%s: %v", name, err)
		}
	}
}
