package main

import (
	"slices"
	"testing"
)

// TestArrangedOnRecord: every value label.arranged has had is kept with its moment; a start
// with the same one writes nothing.
func TestArrangedOnRecord(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	for _, v := range []string{"none", "none", "is", "is", "none"} {
		h.config.LabelArranged = v
		if err := h.recordArranged(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	list, err := h.arrangedRecord(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range list {
		if e.From == 0 {
			t.Errorf("%+v has no moment", e)
		}
		got = append(got, e.Value)
	}
	if got = slices.DeleteFunc(got, func(s string) bool { return s == "" }); !slices.Equal(got, []string{"none", "is", "none"}) {
		t.Errorf("on record: %v", got)
	}
}
