package web

import (
	"flag"
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite golden files")

// TestSpec keeps the OpenAPI file: a change of the API is seen in review, and the app's
// types are generated from it.
func TestSpec(t *testing.T) {
	got, err := New(Config{Clock: time.Now}).Spec()
	if err != nil {
		t.Fatal(err)
	}
	const file = "testdata/openapi.yaml"
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), string(got)); d != "" {
		t.Errorf("%s is not what the routes say (run go test ./internal/web -run TestSpec -update, then npm run types): -want +got\n%s", file, d)
	}
}
