package main

import (
	"encoding/json"
	"os"
	"testing"

	"loam"
)

// TestDemoExamples: whoever tries an example of the first page in the demo sees it published,
// not held for a likeness to what the demo's people wrote.
func TestDemoExamples(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("../../internal/ui/src/words.json")
	if err != nil {
		t.Fatal(err)
	}
	var words map[string][2]string
	if err := json.Unmarshal(raw, &words); err != nil {
		t.Fatal(err)
	}
	h := newHouse(t, func(c *config) { c.Demo = true })
	c := h.visitor()
	c.must("POST", "/api/demo-session", map[string]string{"handle": "demo"}, nil)
	for _, key := range []string{"first.a", "first.b", "first.c"} {
		for _, idea := range words[key] {
			v := c.submit(c.begin(idea), func(ch *loam.Choice) { ch.Sponsorship = loam.OwnMoney })
			v = c.until(v.ID, "settled", settled)
			c.must("POST", "/api/versions/"+v.ID+"/confirm", map[string]string{"release_hash": v.ReleaseHash}, &v)
			if v.State != loam.Released {
				t.Errorf("%s: %s, %s", idea, v.State, v.Reason)
			}
		}
	}
}
