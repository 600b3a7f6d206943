package c2pa

import (
	"bytes"
	"maps"
	"slices"
	"strings"
	"testing"

	"loam/internal/media"
	"loam/internal/media/mediatest"
)

// greedyStores are stores made of whatever takes the reader most for their bytes.
func greedyStores(tb testing.TB) map[string][]byte {
	tb.Helper()
	m, err := newModes()
	if err != nil {
		tb.Fatal(err)
	}
	store := func(fill func(w *writer)) []byte {
		var w writer
		at := w.super(typeStore, labelStore)
		fill(&w)
		w.close(at)
		return w.b
	}
	one := func(label string, claim []byte, fill func(w *writer)) []byte {
		return store(func(w *writer) {
			manifest := w.super(typeManifest, label)
			assertions := w.super(typeAssertions, labelAssertions)
			fill(w)
			w.close(assertions)
			w.cbor(typeClaim, labelClaim, claim)
			w.close(manifest)
		})
	}
	encoded := func(v any) []byte {
		b, err := m.enc.Marshal(v)
		if err != nil {
			tb.Fatal(err)
		}
		return b
	}
	long := strings.Repeat("m", 1000)
	links := make([]map[string]any, 1000)
	for i := range links {
		links[i] = map[string]any{"url": "self#jumbf=c2pa.assertions/a", "hash": []byte{1}}
	}
	claim := encoded(map[string]any{"created_assertions": links})
	nothing := func(*writer) {}
	many := func(n int, label string, content []byte) func(*writer) {
		return func(w *writer) {
			for range n {
				w.cbor(typeCBOR, label, content)
			}
		}
	}
	actions := encoded(map[string]any{"actions": slices.Repeat([]map[string]any{{"action": "c2pa.edited"}}, 1000)})
	return map[string][]byte{
		"small boxes": one("m", claim, func(w *writer) {
			for range maxBoxes - 100 {
				w.close(w.super(typeCBOR, ""))
			}
		}),
		"manifests": store(func(w *writer) {
			for range maxBoxes - 100 {
				w.close(w.super(typeManifest, ""))
			}
		}),
		"manifests with names": store(func(w *writer) {
			for i := range maxBoxes - 100 {
				w.close(w.super(typeManifest, string(rune('一'+i))))
			}
		}),
		"manifests with claims": store(func(w *writer) {
			for i := range maxBoxes/3 - 100 {
				at := w.super(typeManifest, string(rune('一'+i)))
				w.cbor(typeClaim, labelClaim, encoded(map[string]any{"dc:title": "a"}))
				w.close(at)
			}
		}),
		"boxes of a long name":    one(long, claim, many(9000, "a", []byte{0xa0})),
		"links":                   one("m", claim, many(9000, "a", []byte{0xa0})),
		"lists of actions":        one("m", claim, many(200, labelActions, actions)),
		"a long title":            one("m", encoded(map[string]any{"dc:title": strings.Repeat("a", 3<<20)}), nothing),
		"a claim of small maps":   one("m", encoded(map[string]any{"claim_generator_info": slices.Repeat([]map[string]any{{}}, 1000)}), nothing),
		"an action of much":       one("m", claim, many(1, labelActions, encoded(map[string]any{"actions": []map[string]any{{"action": "c2pa.edited", "parameters": map[string]any{"x": bytes.Repeat([]byte{1}, 3<<20)}}}}))),
		"content of no form":      one("m", claim, many(9000, "a", []byte{0xff})),
		"training and mining":     one("m", claim, many(9000, labelTraining, encoded(map[string]any{"entries": map[string]any{"a": map[string]any{"use": "allowed"}}}))),
		"disclosures of no sense": one("m", claim, many(9000, labelDisclosure, encoded(map[string]any{"modelName": "a"}))),
	}
}

// TestLiveGrowth: of a store that is made to take more memory than it has bytes, no more is in use at
// once than four times those of its file and mediatest.Beside; kept as an origin no more either.
//
//nolint:paralleltest // it counts what the whole process takes
func TestLiveGrowth(t *testing.T) {
	held, err := media.Manifest(bytes.NewReader(webpOf(40)))
	if err != nil {
		t.Fatal(err)
	}
	stores := greedyStores(t)
	for _, name := range slices.Sorted(maps.Keys(stores)) {
		e, _, err := held.Put(stores[name])
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		b, err := e.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		for how, read := range map[string]func() error{
			"inspected": func() error { _, err := Inspect(bytes.NewReader(b), nil, day); return err },
			"kept":      func() error { _, err := Keep(bytes.NewReader(b), nil, day); return err },
		} {
			took := mediatest.Peak(len(b), func() { err = read() })
			if took > 4*int64(len(b))+mediatest.Beside {
				t.Errorf("%s, %s: %d bytes took %d, %.1f times as much (%v)", name, how, len(b), took, float64(took)/float64(len(b)), err)
			}
			if testing.Verbose() {
				t.Logf("%-24s %s: %8d bytes, %9d in use, %.1f times (%v)", name, how, len(b), took, float64(took)/float64(len(b)), err)
			}
		}
	}
}
