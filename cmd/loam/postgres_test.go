package main

import (
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"loam"
	"loam/internal/community"
	"loam/internal/web"
)

// onBoth runs a test in an installation on SQLite and in one on PostgreSQL.
func onBoth(t *testing.T, test func(t *testing.T, change func(*config))) {
	t.Helper()
	t.Run("SQLite", func(t *testing.T) {
		t.Parallel()
		test(t, nil)
	})
	t.Run("PostgreSQL", func(t *testing.T) {
		t.Parallel()
		test(t, onPostgres(t))
	})
}

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

// TestPostgresCommunity reads and talks on PostgreSQL, several at once, and asks for what no
// text column can hold.
func TestPostgresCommunity(t *testing.T) {
	t.Parallel()
	h := newHouse(t, onPostgres(t))
	ann := h.person("ann")
	v := ann.publish("周末去杭州西湖边的咖啡馆，人均35，靠窗，拿铁好喝，停车难", nil)
	var all sync.WaitGroup
	for i := range 4 {
		c := h.person(fmt.Sprint("reader", i))
		all.Go(func() {
			for k := range 3 {
				a, err := c.send("POST", "/api/works/"+v.Work+"/comments", map[string]string{"text": fmt.Sprint("第", i, "个人的第", k, "句")}, "Idempotency-Key", fmt.Sprint("k", k))
				if err != nil || a.status != 200 {
					t.Errorf("comment: %d %s %v", a.status, a.body, err)
				}
			}
			if a, err := c.send("PUT", "/api/works/"+v.Work+"/reactions/like", map[string]bool{"on": true}); err != nil || a.status != 200 {
				t.Errorf("like: %d %v", a.status, err)
			}
			if a, err := c.send("PUT", "/api/account", map[string]any{"name": fmt.Sprint("读者", i), "bio": "", "no_ai": false}); err != nil || a.status != 200 {
				t.Errorf("rename: %d %v", a.status, err)
			}
			_, _ = c.send("GET", "/p/"+v.Work, nil, "User-Agent", browser)
		})
	}
	all.Wait()
	for end := time.Now().Add(20 * time.Second); h.visitor().comments(v.Work).Count != 12 && time.Now().Before(end); {
		pause(t.Context(), 50*time.Millisecond)
	}
	if d := h.visitor().comments(v.Work); d.Count != 12 || d.Next == "" {
		t.Errorf("discussion: %d, next %q", d.Count, d.Next)
	}
	h.visitor().must("GET", "/p/"+v.Work, nil, nil).has(t, "读者3", "句")
	h.visitor().must("GET", "/search?q=kafei", nil, nil).has(t, "/p/"+v.Work)
	h.visitor().must("GET", "/u/ann", nil, nil).has(t, "/p/"+v.Work)
	var f community.NoteFigures
	ann.must("GET", "/api/figures", nil, &f)
	if len(f.Notes) != 1 || f.Notes[0].Comments != 12 || f.Notes[0].Likes != 4 || f.Notes[0].Views != 4 {
		t.Errorf("figures: %+v", f.Notes)
	}
	h.visitor().must("GET", "/transparency", nil, nil)
	for _, bad := range []string{"%00", "a%00b", "%ff%fe", "%ED%A0%80"} {
		for _, path := range []string{
			"/search?q=", "/api/search?q=", "/t/", "/api/topics/", "/u/", "/api/creators/", "/p/", "/p/" + v.Work + "/comments?thread=",
			"/api/works/" + v.Work + "/comments?thread=", "/p/" + v.Work + "/comments?cursor=",
		} {
			if a := ann.do("GET", path+bad, nil); a.status >= 500 {
				t.Errorf("GET %s%s: %d %.200s", path, bad, a.status, a.body)
			}
		}
		for _, fields := range []string{"key=" + bad + "&text=a", "key=k&text=" + bad, "key=k&text=a&parent=" + bad} {
			if a := ann.do("POST", "/p/"+v.Work+"/comments", strings.NewReader(fields), "Content-Type", formType); a.status >= 500 {
				t.Errorf("%s: %d %.200s", fields, a.status, a.body)
			}
		}
	}
}
