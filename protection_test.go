package loam_test

import (
	"testing"

	"loam"
)

// TestProtectionSteps walks every state with every step: what leads where, and that nothing leads
// out of what was withdrawn.
func TestProtectionSteps(t *testing.T) {
	t.Parallel()
	want := map[string]loam.ProtectionState{
		"asked register": "registered", "asked refuse": "refused", "asked withdraw": "withdrawn",
		"registered withdraw": "withdrawn", "refused withdraw": "withdrawn",
	}
	for _, s := range loam.ProtectionStates() {
		for _, step := range loam.ProtectionSteps() {
			got, err := s.Next(step)
			expected := want[string(s)+" "+string(step)]
			if got != expected || (err == nil) != (expected != "") || err != nil && loam.KindOf(err) != loam.Conflict {
				t.Errorf("%s, %s: got %q, %v, want %q", s, step, got, err, expected)
			}
		}
	}
	for _, step := range loam.ProtectionSteps() {
		for _, reason := range loam.ProtectionReasons(step) {
			for _, other := range loam.ProtectionSteps() {
				if loam.DecidesProtection(other, reason) != (other == step) {
					t.Errorf("%s is a reason to %s", reason, other)
				}
			}
		}
	}
	for _, k := range loam.ProtectionKinds() {
		if len(k.Uses()) == 0 {
			t.Errorf("%s is opened by nothing", k)
		}
	}
}
