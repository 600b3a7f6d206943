package main

import (
	"database/sql"
	"net/url"
	"os"
	"testing"
	"time"

	"loam"
	"loam/internal/web"
)

// onPostgres gives a config a database of its own on the server LOAM_TEST_POSTGRES names.
func onPostgres(t testing.TB) func(*config) {
	t.Helper()
	server := os.Getenv("LOAM_TEST_POSTGRES")
	if server == "" {
		t.Skip("LOAM_TEST_POSTGRES names no server; make test starts one")
	}
	admin, err := sql.Open("pgx", server)
	if err != nil {
		t.Fatal(err)
	}
	name := "loam_house_" + loam.NewID(time.Now())
	if _, err := admin.ExecContext(t.Context(), `CREATE DATABASE `+name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := admin.Exec(`DROP DATABASE ` + name + ` WITH (FORCE)`); err != nil {
			t.Error(err)
		}
		_ = admin.Close()
	})
	u, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	u.Path = "/" + name
	return func(c *config) { c.DB = u.String() }
}

// TestPostgresLine is the line on PostgreSQL: jobs by its queue and listener, a report, a
// removal, an appeal, and a second server beside the first that reads the same notes.
func TestPostgresLine(t *testing.T) {
	t.Parallel()
	place := onPostgres(t)
	h := newHouse(t, place)
	ann := h.person("ann")
	rita, rosa := h.person("rita", loam.Reviewer), h.person("rosa", loam.Reviewer)
	v := ann.publish("入手了一个二手书架，99元，用了三个月，很稳，就是有点重", nil)
	h.visitor().must("POST", "/api/works/"+v.Work+"/reports", map[string]string{"risk": "fraud", "text": "价格不对"}, nil)
	c := rita.take(0)
	rita.must("POST", "/api/review/cases/"+c.ID+"/decision", ruling(c, loam.RuleRemove, "fraud"), nil)
	ann.until(v.ID, "removed", func(v web.VersionView) bool { return v.State == loam.Removed })
	ann.must("POST", "/api/versions/"+v.ID+"/appeal", map[string]string{"text": "有发票"}, nil)
	c = rosa.take(0)
	rosa.must("POST", "/api/review/cases/"+c.ID+"/decision", ruling(c, loam.RuleAllow, "ok"), nil)
	ann.until(v.ID, "restored", released)

	second := newHouse(t, func(c *config) { place(c); c.Data = h.config.Data })
	second.visitor().must("GET", "/p/"+v.Work, nil, nil)
	second.visitor().must("GET", "/p/"+v.Work+"/1", nil, nil)
}
