package screen

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"loam"
	"loam/internal/policy"
)

// docs/risks.md names every risk, and both of its tables say the same.
func TestRisksDocument(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("../../docs/risks.md")
	if err != nil {
		t.Fatal(err)
	}
	forth, back, _ := strings.Cut(string(raw), "Read the other way")
	code, clause := regexp.MustCompile("`[a-z]+`"), regexp.MustCompile(`A[1-5]\.[1-9]`)
	there, here := map[string]bool{}, map[string]bool{}
	for _, line := range regexp.MustCompile("(?m)^\\| `.*$").FindAllString(forth, -1) {
		for _, c := range clause.FindAllString(line, -1) {
			there[strings.Trim(code.FindString(line), "`")+" "+c] = true
		}
	}
	clauses := map[string]bool{}
	for _, line := range regexp.MustCompile(`(?m)^\| A[1-5].*$`).FindAllString(back, -1) {
		c := clause.FindString(line)
		clauses[c] = true
		for _, r := range code.FindAllString(line, -1) {
			here[strings.Trim(r, "`")+" "+c] = true
		}
	}
	if a, b := fmt.Sprint(there), fmt.Sprint(here); a != b {
		t.Errorf("the tables differ:\n%s\n%s", a, b)
	}
	if len(clauses) != 31 {
		t.Errorf("%d risks of the standard, want 31", len(clauses))
	}
	for _, r := range loam.Risks() {
		if !strings.Contains(forth, "| `"+string(r)+"` |") {
			t.Errorf("%s is not in the table", r)
		}
	}
}

// The example in docs/screen.md is a policy that can be read.
func TestScreenDocument(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("../../docs/screen.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(raw), "```yaml\n")
	example, _, ok := strings.Cut(rest, "```")
	if !ok {
		t.Fatal("no example")
	}
	if _, err := policy.Parse(example); err != nil {
		t.Error(err)
	}
}
