package loam_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"loam"
)

// line is the table of steps as the design draws it, written a second time by hand: a row a
// state, a column a step, a dot where the step is refused.
const line = `
          pass     limit    hold refuse  publish  remove  restore  give_up retry     withdraw
submitted cleared  cleared  held refused .        .       .        failed  .         withdrawn
held      cleared  cleared  .    refused .        .       .        .       .         withdrawn
cleared   .        .        .    refused released .       .        failed  .         withdrawn
released  released released .    .       .        removed .        .       .         withdrawn
refused   .        .        .    .       .        .       cleared  .       .         withdrawn
removed   .        .        .    .       .        .       released .       .         withdrawn
failed    .        .        .    .       .        .       .        .       submitted withdrawn
withdrawn .        .        .    .       .        .       .        .       .         .
`

func TestEveryStepFromEveryState(t *testing.T) {
	t.Parallel()
	rows := strings.Split(strings.TrimSpace(line), "\n")
	steps := strings.Fields(rows[0])
	if len(steps) != len(loam.Steps()) || len(rows)-1 != len(loam.States()) {
		t.Fatalf("the table has %d states and %d steps, the package %d and %d",
			len(rows)-1, len(steps), len(loam.States()), len(loam.Steps()))
	}
	for _, row := range rows[1:] {
		cells := strings.Fields(row)
		from := loam.State(cells[0])
		if !slices.Contains(loam.States(), from) {
			t.Errorf("%s is in the table and not in States", from)
		}
		for i, cell := range cells[1:] {
			step := loam.Step(steps[i])
			if !slices.Contains(loam.Steps(), step) {
				t.Errorf("%s is in the table and not in Steps", step)
			}
			got, err := from.Next(step)
			switch {
			case cell == "." && (err == nil || got != ""):
				t.Errorf("%s from %s: got %q, want it refused", step, from, got)
			case cell == "." && (loam.KindOf(err) != loam.Conflict || loam.CodeOf(err) != "step.not_allowed"):
				t.Errorf("%s from %s: got error %v, want conflict step.not_allowed", step, from, err)
			case cell != "." && (err != nil || got != loam.State(cell)):
				t.Errorf("%s from %s: got %q, %v, want %s", step, from, got, err, cell)
			}
		}
	}
}

func TestUnknownStatesAndStepsLeadNowhere(t *testing.T) {
	t.Parallel()
	for _, s := range append(loam.States(), "", "Released", "draft") {
		for _, step := range []loam.Step{"", "Publish", "release", "allow"} {
			if got, err := s.Next(step); loam.KindOf(err) != loam.Conflict {
				t.Errorf("%q from %q: got %q, %v, want a conflict", step, s, got, err)
			}
		}
	}
	for _, step := range loam.Steps() {
		if got, err := loam.State("").Next(step); loam.KindOf(err) != loam.Conflict {
			t.Errorf("%s from no state: got %q, %v, want a conflict", step, got, err)
		}
	}
}

// TestGateOpensOnlyForAll walks all eight facts in every state.
func TestGateOpensOnlyForAll(t *testing.T) {
	t.Parallel()
	for _, s := range loam.States() {
		for _, labelled := range []bool{false, true} {
			for _, confirmed := range []bool{false, true} {
				g := loam.Gate{State: s, Labelled: labelled, Confirmed: confirmed}
				if want := s == loam.Cleared && labelled && confirmed; g.Open() != want {
					t.Errorf("%+v: open is %t, want %t", g, g.Open(), want)
				}
			}
		}
	}
}

// TestNothingIsReleasedAroundTheGate walks the line at random, as stages, reviewers,
// operators and the creator might in any order, publishing only through the gate, and
// holds that what readers see was cleared, labelled and confirmed.
func TestNothingIsReleasedAroundTheGate(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		state := loam.Submitted
		var labelled, confirmed, cleared bool
		moves := rapid.SliceOfN(rapid.SampledFrom(append(loam.Steps(), "label", "confirm")), 1, 40).Draw(t, "moves")
		for _, move := range moves {
			if move == "label" {
				labelled = labelled || state != loam.Withdrawn
				continue
			}
			if move == "confirm" { // there is nothing to confirm before the labelled bytes exist
				confirmed = confirmed || labelled && state != loam.Withdrawn
				continue
			}
			if move == loam.Publish && !(loam.Gate{State: state, Labelled: labelled, Confirmed: confirmed}).Open() {
				continue
			}
			next, err := state.Next(move)
			if err != nil {
				continue
			}
			if state == loam.Withdrawn {
				t.Fatalf("%s led on from withdrawn to %s", move, next)
			}
			state = next
			if state == loam.Cleared {
				cleared = true
			}
			if state == loam.Released && !(labelled && confirmed && cleared) {
				t.Fatalf("released by %v with labelled=%t confirmed=%t cleared=%t", moves, labelled, confirmed, cleared)
			}
		}
	})
}

// TestOnlyThreeWaysToReaders names every step that ends in released: through the gate, a
// changed reach while out, and a won appeal of what had been out.
func TestOnlyThreeWaysToReaders(t *testing.T) {
	t.Parallel()
	var got []string
	for _, s := range loam.States() {
		for _, step := range loam.Steps() {
			if to, err := s.Next(step); err == nil && to == loam.Released {
				got = append(got, string(s)+" "+string(step))
			}
		}
	}
	want := []string{"cleared publish", "released pass", "released limit", "removed restore"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestVersionGate(t *testing.T) {
	t.Parallel()
	v := loam.Version{State: loam.Cleared, Labelled: true}
	if v.Gate().Open() {
		t.Error("open without a confirmation")
	}
	v.ConfirmedAt = 1
	if !v.Gate().Open() {
		t.Error("closed though cleared, labelled and confirmed")
	}
}
