package web

import (
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestSpec keeps the OpenAPI file: a change of the API is seen in review, and the app's
// types are generated from it.
func TestSpec(t *testing.T) {
	got, err := New(Config{Clock: time.Now}).Spec()
	if err != nil {
		t.Fatal(err)
	}
	const file = "testdata/openapi.yaml"
	if os.Getenv("LOAM_TEST_UPDATE") != "" {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), string(got)); d != "" {
		t.Errorf("%s is not what the routes say (make golden, then npm run types): -want +got\n%s", file, d)
	}
}
