package store_test

import (
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"loam"
	"loam/internal/store"
	"loam/internal/store/storetest"
)

func TestSQLite(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t testing.TB, clock loam.Clock) *store.DB {
		return open(t, store.Config{Dir: t.TempDir(), Clock: clock})
	})
}

// TestPostgres runs where LOAM_TEST_POSTGRES names a server; make test starts one.
func TestPostgres(t *testing.T) {
	t.Parallel()
	server := os.Getenv("LOAM_TEST_POSTGRES")
	if server == "" {
		t.Skip("LOAM_TEST_POSTGRES names no server; make test starts one")
	}
	storetest.Run(t, func(t testing.TB, clock loam.Clock) *store.DB {
		return open(t, store.Config{URL: freshDatabase(t, server), Clock: clock})
	})
}

func open(t testing.TB, c store.Config) *store.DB {
	t.Helper()
	db, err := store.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

// freshDatabase makes an empty database on the server and drops it afterwards.
func freshDatabase(t testing.TB, server string) string {
	t.Helper()
	admin, err := sql.Open("pgx", server)
	if err != nil {
		t.Fatal(err)
	}
	name := "loam_" + strings.ToLower(loam.NewID(time.Now()))
	if _, err := admin.Exec(`CREATE DATABASE ` + name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_, err := admin.Exec(fmt.Sprintf(`DROP DATABASE %s WITH (FORCE)`, name))
		if err != nil {
			t.Error(err)
		}
		_ = admin.Close()
	})
	u, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	u.Path = "/" + name
	return u.String()
}
