package main

import (
	"testing"

	"loam/internal/demo"
	"loam/internal/studio"
	"loam/internal/text"
)

// mostBuiltAlike is how many other bodies the most ordinary of them is built as, and how many
// have a structure at all. Five of sixteen bands are what the detector asks for.
func mostBuiltAlike(bodies []string) (most, structured int) {
	var all [][]uint64
	for _, b := range bodies {
		if s := text.Structure(studio.Own(b)); s != nil {
			all = append(all, s)
		}
	}
	for i, a := range all {
		alike := 0
		for k, b := range all {
			shared := 0
			for j := range a {
				if a[j] == b[j] {
					shared++
				}
			}
			if k != i && shared >= 5 {
				alike++
			}
		}
		most = max(most, alike)
	}
	return most, len(all)
}

// TestArrangedNotesAreNoFlood: what the offline writer makes of 200 people's ideas, and what
// the demo's people wrote, is built alike in no three notes.
func TestArrangedNotesAreNoFlood(t *testing.T) {
	t.Parallel()
	content, err := demo.Load()
	if err != nil {
		t.Fatal(err)
	}
	var arranged, written []string
	for i := 0; len(arranged) < 200; i++ {
		n := content.Notes[i%len(content.Notes)]
		idea := n.Idea + "\n" + n.Body // a few words have no structure
		made, err := studio.Arrange(studio.Input{Idea: idea, Answers: n.Answers})
		if err != nil {
			t.Fatal(err)
		}
		arranged = append(arranged, made.Body)
	}
	for _, n := range content.Notes {
		written = append(written, n.Body)
	}
	for name, bodies := range map[string][]string{"arranged": arranged, "the demo's": written} {
		most, structured := mostBuiltAlike(bodies)
		t.Logf("%s: %d of %d have a structure; the most ordinary is built as %d others", name, structured, len(bodies), most)
		if most >= 3 || structured < 50 {
			t.Errorf("%s: one of %d is built as %d others", name, structured, most)
		}
	}
}
