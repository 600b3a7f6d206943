package label

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

// TestCorpora: every fuzz target of what reads labels has inputs that once taught it something, each
// small; they are cases of every test run.
func TestCorpora(t *testing.T) {
	t.Parallel()
	target := regexp.MustCompile(`(?m)^func (Fuzz\w+)\(`)
	targets := 0
	for _, dir := range []string{".", "../media", "../c2pa", "../integrity"} {
		files, err := filepath.Glob(filepath.Join(dir, "*_test.go"))
		if err != nil || len(files) == 0 {
			t.Fatal(dir, err)
		}
		for _, name := range files {
			b, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range target.FindAllSubmatch(b, -1) {
				targets++
				inputs, err := filepath.Glob(filepath.Join(dir, "testdata", "fuzz", string(m[1]), "*"))
				if err != nil || len(inputs) == 0 {
					t.Errorf("%s: %s has no corpus", name, m[1])
				}
				for _, in := range inputs {
					if info, err := os.Stat(in); err != nil || info.Size() > 64<<10 {
						t.Errorf("%s: %v, %v", in, info, err)
					}
				}
			}
		}
	}
	if targets < 30 {
		t.Errorf("only %d targets", targets)
	}
}
