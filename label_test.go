package loam_test

import (
	"strings"
	"testing"

	"loam"
)

// TestExhibitName: a file's own name is one line in the direction it was written in, with nothing in it
// that cannot be seen, and no longer than one reads.
func TestExhibitName(t *testing.T) {
	t.Parallel()
	for sent, want := range map[string]string{
		"原图.jpg": "原图.jpg", "../../原图.jpg": "原图.jpg", `C:\照片\原图.jpg`: "原图.jpg", "": "", "/": "", "..": "..", "雨夜 🌧.wav": "雨夜 🌧.wav",
		"合同\u202efdp.exe": "合同fdp.exe", "\u2066a\u2069\u200e.txt": "a.txt", "a\x00\n\x1b[31m\x7f\u0085.txt": "a[31m.txt",
		"a\u2028b\u2029c": "abc", "\u200b\u00ad\ufeff": "", "\xffa": "a", " a.txt ": "a.txt", "a/\u202e": "",
		strings.Repeat("长", 101): strings.Repeat("长", 100),
	} {
		if got := loam.ExhibitName(sent); got != want {
			t.Errorf("%q is called %q, want %q", sent, got, want)
		}
	}
}
