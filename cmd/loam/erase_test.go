package main

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"strings"
	"testing"
	"time"

	"loam"
	"loam/internal/store"
)

// TestAccountErase: an account is erased at the command line beside a running server: her sessions and
// keys end, her pages are gone, the log says so and holds; it is not done by accident, and twice is once.
func TestAccountErase(t *testing.T) {
	t.Parallel()
	onBoth(t, accountErased)
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

// TestErasedWritesNothing: a request that was let in before its account was erased, and ends after it,
// writes nothing.
func TestErasedWritesNothing(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, change func(*config)) {
		h := newHouse(t, change)
		h.person("root")
		ann, bo := h.person("ann"), h.person("bo")
		work := bo.publish("周末的咖啡馆", nil).Version.Work
		slow := map[string]struct{ method, path, body string }{
			"her profile": {"PUT", "/api/account", `{"name":"真名实姓","bio":"我回来了","no_ai":false}`},
			"a comment":   {"POST", "/api/works/" + work + "/comments", `{"text":"真名实姓说的话"}`},
			"a note":      {"POST", "/api/works", `{"idea":"湖边的两支防晒"}`},
			"a grant":     {"PUT", "/api/rights", `{"works":[],"uses":["style"],"allowed":true}`},
		}
		ends := map[string]func() answer{}
		for name, s := range slow {
			ends[name] = ann.begins(s.method, s.path, s.body)
		}
		if _, err := h.db.EraseAccount(t.Context(), "ann"); err != nil {
			t.Fatal(err)
		}
		for name, end := range ends {
			if a := end(); a.status != http.StatusUnauthorized {
				t.Errorf("%s: %d %s", name, a.status, a.body)
			}
		}
		a, err := h.db.Account(t.Context(), ann.account.ID)
		if err != nil || a.Name != "" || a.Bio != "" {
			t.Errorf("she is %+v, %v", a, err)
		}
		if list, err := h.db.Works(t.Context(), ann.account.ID, 0, 9); err != nil || len(list) > 0 {
			t.Errorf("she has %+v, %v", list, err)
		}
		if b := h.visitor().must("GET", "/api/works/"+work+"/comments", nil, nil).body; strings.Contains(string(b), "真名实姓") {
			t.Errorf("readers read %s", b)
		}
	})
}

// begins sends a request but for its body, and gives what sends that: the server has let it in and waits.
func (c *client) begins(method, path, body string) (end func() answer) {
	c.h.t.Helper()
	r, w := io.Pipe()
	in := make(chan struct{})
	req, err := http.NewRequestWithContext(httptrace.WithClientTrace(c.h.t.Context(), &httptrace.ClientTrace{Got100Continue: func() { close(in) }}), method, c.h.url+path, r)
	if err != nil {
		c.h.t.Fatal(err)
	}
	req.ContentLength = int64(len(body))
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Expect", "100-continue")
	req.Header.Set("Idempotency-Key", loam.NewSecret())
	req.Header.Set("X-Forwarded-For", c.address)
	got := make(chan answer, 1)
	go func() {
		var a answer
		res, err := c.http.Do(req)
		if err == nil {
			a.status, a.header = res.StatusCode, res.Header
			a.body, err = io.ReadAll(res.Body)
			err = errors.Join(err, res.Body.Close())
		}
		if err != nil {
			a.body = []byte(err.Error())
		}
		got <- a
	}()
	select {
	case <-in:
	case a := <-got:
		c.h.t.Fatalf("%s %s before its body: %d %s", method, path, a.status, a.body)
	}
	return func() answer {
		go func() {
			_, err := io.WriteString(w, body)
			_ = w.CloseWithError(err)
		}()
		return <-got
	}
}
