package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"loam"
)

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// TestMendedStaff: a community gets its second reviewer at the command line, beside the
// running server; roles and disabling count from the next request.
func TestMendedStaff(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	h.person("root", loam.Creator, loam.Admin)
	ann := h.person("ann")
	data := h.config.Data
	if a := ann.do("GET", "/api/review/queue", nil); a.status != 403 {
		t.Fatalf("a creator sees the queue: %d", a.status)
	}
	code, out, errs := loamRun(t, "account", "role", "--data", data, "--account", "ann", "reviewer,creator", "--json")
	if code != 0 || !strings.Contains(out, `"roles":["creator","reviewer"]`) {
		t.Fatalf("role: %d %s %s", code, out, errs)
	}
	if a := ann.do("GET", "/api/review/queue", nil); a.status != 200 {
		t.Fatalf("a reviewer does not see the queue: %d", a.status)
	}
	if code, _, errs := loamRun(t, "account", "role", "--data", data, "--account", "ann", "boss"); code != 1 || !strings.Contains(errs, "boss") {
		t.Errorf("an unknown role: %d %s", code, errs)
	}
	for _, args := range [][]string{{"role", "--account", "root", "creator"}, {"disable", "--account", "root"}} {
		args = append([]string{"account"}, append(args, "--data", data)...)
		if code, _, errs := loamRun(t, args...); code != 1 || !strings.Contains(errs, "last administrator") {
			t.Errorf("%v: %d %s", args, code, errs)
		}
	}
	if code, out, _ := loamRun(t, "account", "disable", "--data", data, "--account", "ann"); code != 0 || !strings.Contains(out, "disabled") {
		t.Errorf("disable: %d %s", code, out)
	}
	if a := ann.do("GET", "/api/review/queue", nil); a.status != 401 {
		t.Errorf("a disabled account: %d", a.status)
	}
	if code, out, _ := loamRun(t, "account", "enable", "--data", data, "--account", "ann", "--json"); code != 0 || !strings.Contains(out, `"disabled":false`) {
		t.Errorf("enable: %d %s", code, out)
	}
	if code, out, _ := loamRun(t, "account", "list", "--data", data); code != 0 || strings.Count(out, "\n") != 2 {
		t.Errorf("list: %d %s", code, out)
	}
}

// TestMendedKeys: a key is listed by its id and revoked.
func TestMendedKeys(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	h.person("ann")
	data := h.config.Data
	if code, out, _ := loamRun(t, "key", "new", "--data", data, "--account", "ann", "--name", "bot"); code != 0 || !strings.HasPrefix(out, "loam_") {
		t.Fatalf("new: %d %s", code, out)
	}
	_, out, _ := loamRun(t, "key", "list", "--data", data, "--account", "ann")
	id, rest, _ := strings.Cut(out, "\t")
	if !strings.Contains(rest, "in use") || strings.Contains(out, "loam_") {
		t.Fatalf("list: %s", out)
	}
	if code, _, errs := loamRun(t, "key", "revoke", "--data", data, id); code != 0 {
		t.Fatalf("revoke: %s", errs)
	}
	if code, _, _ := loamRun(t, "key", "revoke", "--data", data, id); code != 1 {
		t.Error("a key is revoked twice")
	}
	if _, out, _ := loamRun(t, "key", "list", "--data", data, "--json"); !strings.Contains(out, `"revoked":true`) {
		t.Errorf("list: %s", out)
	}
}

// TestMendedDemoDatabase: people without passwords never enter a database that is named.
func TestMendedDemoDatabase(t *testing.T) {
	t.Parallel()
	c := config{place: place{DB: "postgres://loam@localhost/loam"}, Addr: "127.0.0.1:0", Demo: true}
	if err := c.check(); err == nil || !strings.Contains(err.Error(), "--db") {
		t.Errorf("--demo with --db: %v", err)
	}
}

// TestMendedDoctor: doctor finds what would stop a start, and makes nothing.
func TestMendedDoctor(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	policy := filepath.Join(dir, "policy.yaml")
	if err := os.WriteFile(policy, []byte("nonsense: ["), 0o600); err != nil {
		t.Fatal(err)
	}
	for flag, value := range map[string]string{"--policy": policy, "--trusted-proxies": "10.0.0.0/99"} {
		if code, out, _ := loamRun(t, "doctor", "--data", filepath.Join(dir, "none"), flag, value); code != 1 || !strings.Contains(out, "missing   config") {
			t.Errorf("doctor %s: %d %s", flag, code, out)
		}
	}
	if code, out, _ := loamRun(t, "doctor", "--data", filepath.Join(dir, "none")); code != 0 || !strings.Contains(out, "nothing in it yet") {
		t.Errorf("doctor on nothing: %d %s", code, out)
	}
	if exists(filepath.Join(dir, "none")) {
		t.Error("doctor made the data folder")
	}

	data := filepath.Join(dir, "old")
	if err := os.MkdirAll(data, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(data, "loam.db"), nil, 0o600); err != nil { // an SQLite without tables
		t.Fatal(err)
	}
	if code, out, _ := loamRun(t, "doctor", "--data", data); code != 0 || !strings.Contains(out, "nothing in it yet") {
		t.Errorf("doctor on an empty database: %d %s", code, out)
	}
	if code, _, errs := loamRun(t, "account", "list", "--data", data); code != 0 { // migrates
		t.Fatal(errs)
	}
	before := listing(t, data)
	if code, out, _ := loamRun(t, "doctor", "--data", data); code != 0 || !strings.Contains(out, "SQLite, schema ") {
		t.Errorf("doctor on a database: %d %s", code, out)
	}
	if after := listing(t, data); after != before {
		t.Errorf("doctor left %s, before it was %s", after, before)
	}
	h := newHouse(t, nil)
	if code, out, _ := loamRun(t, "doctor", "--data", h.config.Data); code != 0 || !strings.Contains(out, "SQLite, schema ") {
		t.Errorf("doctor beside a server: %d %s", code, out)
	}
}

// TestMendedBrowsing: a reviewer who passes through the queue holds nothing; she holds what
// she acts on, until she leaves it undecided.
func TestMendedBrowsing(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	ann := h.person("ann")
	for _, words := range []string{"周末去湖边的咖啡馆，人均35，靠窗，拿铁好喝，停车难", "下班买了糖炒栗子，25元一袋，很甜"} {
		v := ann.publish(words, nil)
		h.visitor().must("POST", "/api/works/"+v.Work+"/reports", map[string]string{"risk": "fraud"}, nil)
	}
	h.person("rita", loam.Reviewer)
	bo, err := h.db.CreateAccount(t.Context(), loam.Account{Handle: "bo", Name: "bo", Roles: []loam.Role{loam.Reviewer}}, passwordHash)
	if err != nil {
		t.Fatal(err)
	}
	held := func() (n int) {
		cases, err := h.db.Queue(t.Context(), bo.ID, 10) // what rita holds is not in it
		if err != nil {
			t.Fatal(err)
		}
		return 2 - len(cases)
	}
	until := func(what string, n int) {
		t.Helper()
		for end := time.Now().Add(20 * time.Second); held() != n; pause(t.Context(), 50*time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("%s: %d cases held, want %d", what, held(), n)
			}
		}
	}
	rita := openPage(t, h.url, 1280, 900)
	rita.signIn("rita")
	rita.open("/app/review")
	rita.wait("the case", `document.querySelector("article h1")`)
	title := eval[string](rita, `document.querySelector("article h1").innerText`)
	rita.press("j")
	rita.wait("the next case", `document.querySelector("article h1") && document.querySelector("article h1").innerText !== `+quote(title))
	rita.press("k")
	rita.sees(title)
	if n := held(); n != 0 {
		t.Errorf("passing through the queue holds %d cases", n)
	}
	rita.press("1")
	until("a reason", 1)
	rita.wait("the time left", `document.querySelector("[role=timer]")`)
	rita.press("j")
	until("two seconds on the next", 1)
	rita.press("k")
	rita.press("1")
	rita.press("r")
	rita.wait("the ruling", `document.querySelector("#undo")`)
	rita.press("z")
	rita.sees(title)
	rita.quiet()
}

func listing(t *testing.T, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	names := []string{}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return strings.Join(names, " ")
}
