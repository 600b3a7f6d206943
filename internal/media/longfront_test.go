package media

import (
	"slices"
	"strings"
	"testing"

	"loam"
)

// TestLongFrontMatter: a label in front matter that is too long to be read is told of, and none
// is written above it; what only begins with a rule is text.
func TestLongFrontMatter(t *testing.T) {
	t.Parallel()
	long := "note: " + strings.Repeat("a", maxFront) + "\n"
	for name, in := range map[string]string{
		"label first": "---\nAIGC:\n  Label: \"1\"\n" + long + "---\n正文\n",
		"label last":  "\ufeff---\r\n" + long + "AIGC:\n  Label: \"1\"\n---\n正文\n",
		"JSON":        "---\nAIGC: '" + strictJSON + "'\n" + long + "...\n正文\n",
	} {
		found, err := Read([]byte(in))
		if err != nil || len(found) != 1 || found[0].Place != "text.front_matter" || !slices.Contains(codes(found[0]), "too_long") {
			t.Errorf("%s: %+v, %v", name, found, err)
		}
		if _, err := Write([]byte(in), strictMark()); loam.CodeOf(err) != "label.front_matter" {
			t.Errorf("%s: written: %v", name, err)
		}
	}
	for name, in := range map[string]string{
		"a rule":           "---\n" + strings.Repeat("正文\n", maxFront),
		"another's fields": "---\n" + long + "---\n正文\n",
	} {
		if found, err := Read([]byte(in)); err != nil || len(found) > 0 {
			t.Errorf("%s: %+v, %v", name, found, err)
		}
	}
}
