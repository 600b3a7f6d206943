package main

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"loam/internal/store"
)

// TestAccountErase: an account is erased at the command line beside a running server: her sessions and
// keys end, her pages are gone, the log says so and holds; it is not done by accident, and twice is once.
func TestAccountErase(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(testing.TB) func(*config){
		"SQLite":     func(testing.TB) func(*config) { return nil },
		"PostgreSQL": onPostgres,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			accountErased(t, change(t))
		})
	}
}

func accountErased(t *testing.T, change func(*config)) {
	h := newHouse(t, func(c *config) {
		withProducer(c)
		if change != nil {
			change(c)
		}
	})
	h.person("root")
	ann, bo := h.person("ann"), h.person("bo")
	work, other := ann.publish("湖边的两支防晒", nil).Version.Work, bo.publish("周末的咖啡馆", nil).Version.Work
	var leaves []string
	ann.must("PUT", "/api/rights", map[string]any{"works": []string{work}, "uses": []string{"style", "retrieve"}, "allowed": true}, &leaves)
	ann.receipt(leaves[0])
	at := []string{"--data", h.config.Data}
	if h.config.DB != "" {
		at = append(at, "--db", h.config.DB)
	}
	run := func(code int, says string, args ...string) string {
		t.Helper()
		got, out, errs := loamRun(t, append(append([]string{"account", "erase"}, args...), at...)...)
		if got != code || !strings.Contains(out+errs, says) {
			t.Errorf("%v: exit %d, want %d with %q:\n%s%s", args, got, code, says, out, errs)
		}
		return out
	}
	run(2, "give --yes", "ann")
	run(1, "", "nobody", "--yes")
	ann.must("GET", "/api/session", nil, nil)
	h.visitor().must("GET", "/p/"+work, nil, nil)

	said := strings.Fields(run(0, "erased: 1 works deleted, 0 protections withdrawn", "Ann", "--yes"))
	id := said[len(said)-1]
	if a := ann.do("GET", "/api/rights", nil); a.status != 401 {
		t.Errorf("her session: %d", a.status)
	}
	for _, path := range []string{"/p/" + work, "/u/ann"} {
		if a := h.visitor().do("GET", path, nil); a.status != 404 && a.status != 410 {
			t.Errorf("%s: %d", path, a.status)
		}
	}
	h.visitor().must("GET", "/p/"+other, nil, nil)
	run(1, "", "ann", "--yes") // the name is nobody's

	erased := func() (accounts, works int) {
		t.Helper()
		code, out, errs := loamRun(t, "ledger", "export", "--key", h.node.signer.key, h.url+"/log")
		if code != 0 {
			t.Fatalf("export: %d %s", code, errs)
		}
		for line := range strings.Lines(out) {
			var e exported
			if err := json.Unmarshal([]byte(line), &e); err != nil {
				t.Fatal(err)
			}
			switch {
			case e.Kind == "erase" && e.Work == "":
				accounts++
			case e.Kind == "erase":
				works++
			}
		}
		return accounts, works
	}
	accounts, works := erased()
	for range 100 { // the checkpoint is behind the database for a moment
		if accounts > 0 {
			break
		}
		pause(t.Context(), 50*time.Millisecond)
		accounts, works = erased()
	}
	if accounts != 1 || works != 1 {
		t.Errorf("the log erases %d accounts and %d works", accounts, works)
	}
	if code, out, errs := loamRun(t, "ledger", "verify", "--key", h.node.signer.key, h.url+"/log"); code != 0 {
		t.Errorf("the log: %d %s%s", code, out, errs)
	}
	var again store.Erasure
	if err := json.Unmarshal([]byte(run(0, id, id, "--yes", "--json")), &again); err != nil || again != (store.Erasure{Account: id}) {
		t.Errorf("erased again: %+v, %v", again, err)
	}
}
