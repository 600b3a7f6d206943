package loam_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"loam"
)

// TestClaimSteps walks every state with every step: what leads where, and that nothing leads out
// of an end.
func TestClaimSteps(t *testing.T) {
	t.Parallel()
	want := map[string]loam.ClaimState{
		"open ask": "open", "open pause": "paused", "open uphold": "upheld", "open dismiss": "dismissed", "open retract": "withdrawn",
		"paused ask": "paused", "paused pause": "paused", "paused uphold": "upheld", "paused dismiss": "dismissed", "paused retract": "withdrawn",
		"upheld ask": "upheld", "upheld uphold": "upheld", "upheld dismiss": "restored", "upheld retract": "withdrawn", "upheld lapse": "restored",
	}
	for _, s := range loam.ClaimStates() {
		for _, step := range loam.ClaimSteps() {
			got, err := s.Next(step)
			expected := want[string(s)+" "+string(step)]
			if got != expected || (err == nil) != (expected != "") || err != nil && loam.KindOf(err) != loam.Conflict {
				t.Errorf("%s, %s: got %q, %v, want %q", s, step, got, err, expected)
			}
			if err == nil && s.Over() {
				t.Errorf("%s is over, and leads to %s", s, got)
			}
		}
		if s.Undecided() && s.Over() {
			t.Errorf("%s is undecided and over", s)
		}
	}
}

// TestClaimsEndOnce: by any steps, who was decided for stays so, but for what was taken down.
func TestClaimsEndOnce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s, was := loam.ClaimOpen, []loam.ClaimState{}
		for _, step := range rapid.SliceOf(rapid.SampledFrom(loam.ClaimSteps())).Draw(t, "steps") {
			if to, err := s.Next(step); err == nil {
				was, s = append(was, s), to
			}
		}
		if s == loam.ClaimRestored && !slices.Contains(was, loam.ClaimUpheld) || s == loam.ClaimDismissed && slices.Contains(was, loam.ClaimUpheld) {
			t.Fatalf("%v leads to %s", was, s)
		}
	})
}

// TestClaimReasons: a reason belongs to one ruling, and says which step it is.
func TestClaimReasons(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, r := range loam.Rulings() {
		for _, reason := range loam.ClaimReasons(r) {
			if _, ok := loam.ClaimStepOf(r, reason); !ok || seen[reason] {
				t.Errorf("%s by %s: step known %v, given twice %v", r, reason, ok, seen[reason])
			}
			seen[reason] = true
		}
		if step, ok := loam.ClaimStepOf(r, "fraud"); ok {
			t.Errorf("%s by a risk is %s", r, step)
		}
	}
	uses := append(loam.FrozenUses(), loam.FoundUses()...)
	slices.Sort(uses)
	all := loam.Uses()
	slices.Sort(all)
	if !slices.Equal(uses, all) {
		t.Errorf("frozen and found are %v", uses)
	}
}
