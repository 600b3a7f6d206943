package screen

import (
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"loam"
)

// Three findings are shown, and none of the works is lost.
func TestNearest(t *testing.T) {
	t.Parallel()
	var list []loam.Finding
	for i := range 6 {
		list = append(list, loam.Finding{Score: float64(i), Facts: map[string]string{"work": "w" + strconv.Itoa(i%5)}})
	}
	got := nearest(list)
	want := []loam.Finding{
		{Score: 5, Facts: map[string]string{"work": "w0"}},
		{Score: 4, Facts: map[string]string{"work": "w4"}},
		{Score: 3, Facts: map[string]string{"work": "w3", "others": "w2 w1 w0"}},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if few := nearest(list[:2]); len(few) != 2 || few[1].Facts["others"] != "" {
		t.Errorf("of two: %+v", few)
	}
}
