package store_test

import (
	"os"
	"testing"
	"time"

	"loam"
	"loam/internal/store"
)

func TestProbe(t *testing.T) {
	t.Parallel()
	places := map[string]store.Config{"SQLite": {Dir: t.TempDir(), Clock: time.Now}}
	if server := os.Getenv("LOAM_TEST_POSTGRES"); server != "" {
		places["PostgreSQL"] = store.Config{URL: freshDatabase(t, server), Clock: loam.Clock(time.Now)}
	}
	for name, c := range places {
		for range 2 { // the first look makes nothing
			if s, err := store.Probe(t.Context(), c); err != nil || s.At != 0 || s.Build == 0 {
				t.Fatalf("%s, empty: %+v, %v", name, s, err)
			}
		}
		db := open(t, c)
		if s, err := store.Probe(t.Context(), c); err != nil || s.At != s.Build {
			t.Errorf("%s, migrated: %+v, %v", name, s, err)
		}
		if _, err := db.Pool().Exec(`UPDATE goose_db_version SET version_id = 9000 WHERE version_id = (SELECT max(version_id) FROM goose_db_version)`); err != nil {
			t.Fatal(err)
		}
		if _, err := store.Probe(t.Context(), c); err == nil {
			t.Errorf("%s: a schema of a newer build is not named", name)
		}
	}
	if _, err := store.Probe(t.Context(), store.Config{URL: "postgres://loam@127.0.0.1:1/loam?connect_timeout=2"}); err == nil {
		t.Error("a server that is not there is no fault")
	}
}
