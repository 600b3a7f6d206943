package web

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"loam"
	"loam/internal/label"
)

// TestEveryCodeHasASentence reads the sources for error codes and for the codes made at
// run time: each needs a sentence in both languages, and no sentence is left over in one.
func TestEveryCodeHasASentence(t *testing.T) {
	t.Parallel()
	need := map[string]string{}
	fail := regexp.MustCompile(`(?:loam\.)?Fail\((?:loam\.)?[A-Z]\w+, "([a-z_.]+)"`)
	code := regexp.MustCompile(`"((?:generation|model)\.[a-z_]+)"`)
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "node_modules" || d.Name() == ".git" || d.Name() == ".cache") {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		src, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, m := range fail.FindAllSubmatch(src, -1) {
			need[string(m[1])] = path
		}
		if strings.Contains(path, "gateway") {
			for _, m := range code.FindAllSubmatch(src, -1) {
				need[string(m[1])] = path
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range loam.Risks() {
		need["risk."+string(r)] = "screen.go"
	}
	for _, u := range loam.Uses() {
		need["use."+string(u)] = "use.go"
	}
	for _, s := range []loam.State{loam.Held, loam.Refused, loam.Removed, loam.Failed, loam.Cleared, loam.Released} {
		need["statement."+string(s)+".machine"], need["statement."+string(s)+".person"] = "version.go", "version.go"
	}
	for _, f := range label.Faults() {
		need["fault."+label.Fault{Code: f}.Group()] = "check.go"
	}
	for _, lang := range []string{"zh", "en"} {
		for c, where := range need {
			if _, ok := sentences()[lang][c]; !ok {
				t.Errorf("%s: no %s sentence for %q", where, lang, c)
			}
		}
		for c := range sentences()[lang] {
			if _, ok := sentences()[map[string]string{"zh": "en", "en": "zh"}[lang]][c]; !ok {
				t.Errorf("%q has a sentence in %s only", c, lang)
			}
		}
	}
}

// TestGenerationSentences: what went wrong with a model call is kept as a code alone, so
// its sentence has no blanks to fill.
func TestGenerationSentences(t *testing.T) {
	t.Parallel()
	for lang, list := range sentences() {
		for code, s := range list {
			if (strings.HasPrefix(code, "model.") || strings.HasPrefix(code, "generation.")) && strings.Contains(s, "{") {
				t.Errorf("%s: %q has a blank: %q", lang, code, s)
			}
		}
	}
}
