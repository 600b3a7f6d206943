package loam_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"loam"
)

// TestGlossary: every word of the root package stands in docs/glossary.md, so that code,
// API and pages have one place to agree on.
func TestGlossary(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("docs/glossary.md")
	if err != nil {
		t.Fatal(err)
	}
	var words []string
	for _, list := range []any{
		loam.Roles(), loam.States(), loam.Steps(), loam.Risks(), loam.Actions(), loam.Rulings(), loam.Uses(), loam.Kinds(),
		loam.AIStates(), loam.NoteKinds(), loam.PageKinds(), loam.Layouts(), loam.Prints(), loam.Forms(), loam.ViewSources(),
		[]loam.CaseKind{loam.CaseScreen, loam.CaseReport, loam.CaseAppeal},
		[]loam.Tier{loam.TierBlock, loam.TierReview, loam.TierSignal},
		[]loam.Origin{loam.ByPerson, loam.ByArranged, loam.ByModel},
		[]loam.Audience{loam.Public, loam.Unlisted, loam.OnlyMe},
		[]loam.Sponsorship{loam.OwnMoney, loam.Gifted, loam.Sponsored},
		[]loam.GenerationState{loam.Calling, loam.Done, loam.Broken, loam.Stopped, loam.Unknown, loam.Withheld},
	} {
		words = append(words, strings.Fields(strings.Trim(fmt.Sprint(list), "[]"))...)
	}
	for _, w := range words {
		if !strings.Contains(string(raw), "`"+w+"`") {
			t.Errorf("docs/glossary.md does not say what %q is", w)
		}
	}
}

// TestPagesWhole: nobody reads both halves of a merge that was not finished.
func TestPagesWhole(t *testing.T) {
	t.Parallel()
	pages, err := filepath.Glob("docs/*/*.md")
	for _, pattern := range []string{"*.md", "docs/*.md"} {
		more, e := filepath.Glob(pattern)
		pages, err = append(pages, more...), errors.Join(err, e)
	}
	if err != nil || len(pages) < 30 {
		t.Fatalf("%d pages, %v", len(pages), err)
	}
	for _, page := range pages {
		raw, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(raw)) {
			if strings.HasPrefix(line, "<<<<<<< ") || strings.HasPrefix(line, ">>>>>>> ") {
				t.Errorf("%s holds %q", page, line)
			}
		}
	}
}
