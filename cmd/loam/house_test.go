package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"loam"
	"loam/internal/web"
)

// house is an installation of its own behind a real listener, for tests.
type house struct {
	*node
	t   testing.TB
	url string
}

// password is that of every account a test makes; its hash is made once.
const password = "correct horse battery"

var passwordHash = web.HashPassword(password)

// newHouse starts an installation on SQLite in a temporary folder, or on the database the
// config names.
func newHouse(t testing.TB, change func(*config)) *house {
	t.Helper()
	c := config{place: place{Data: t.TempDir()}, Addr: "127.0.0.1:0", LabelArranged: "none", Proxies: []string{"127.0.0.0/8"}}
	if change != nil {
		change(&c)
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	n, err := openNode(ctx, c, time.Now, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if err := n.begin(ctx); err != nil {
		t.Fatal(err)
	}
	s := httptest.NewUnstartedServer(n.server)
	s.Config.BaseContext = nil
	s.Start()
	t.Cleanup(func() {
		cancel()
		s.CloseClientConnections()
		s.Close()
		if err := n.close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return &house{node: n, t: t, url: s.URL}
}

// withProducer gives a config a producer that may stand in tests' labels: a name, since test
// codes are refused outside a demo.
func withProducer(c *config) { c.LabelProducer = "loam-test-producer" }

var addresses atomic.Int64

// client is one browser or program: its cookies, its key, its own address.
type client struct {
	h       *house
	http    *http.Client
	key     string
	address string
	account loam.Account
}

// visitor is somebody without an account.
func (h *house) visitor() *client {
	h.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		h.t.Fatal(err)
	}
	n := addresses.Add(1)
	return &client{h: h, http: &http.Client{Jar: jar, Timeout: 60 * time.Second}, address: fmt.Sprintf("10.%d.%d.%d", n>>16&255, n>>8&255, n&255)}
}

// person is somebody with the roles, signed in.
func (h *house) person(handle string, roles ...loam.Role) *client {
	h.t.Helper()
	if len(roles) == 0 {
		roles = []loam.Role{loam.Creator}
	}
	a, err := h.db.CreateAccount(h.t.Context(), loam.Account{Handle: handle, Name: handle, Roles: roles}, passwordHash)
	if err != nil {
		h.t.Fatal(err)
	}
	c := h.visitor()
	c.account = a
	c.must("POST", "/api/session", map[string]string{"handle": handle, "password": password}, nil)
	return c
}

// answer is a response, read whole.
type answer struct {
	status int
	header http.Header
	body   []byte
}

func (a answer) code() string {
	var p struct{ Code string }
	if json.Unmarshal(a.body, &p) != nil {
		return ""
	}
	return p.Code
}

// do sends one request; body is JSON, an io.Reader or nil.
func (c *client) do(method, path string, body any, header ...string) answer {
	c.h.t.Helper()
	a, err := c.send(method, path, body, header...)
	if err != nil {
		c.h.t.Fatalf("%s %s: %v", method, path, err)
	}
	return a
}

// send is do for a server that may die meanwhile.
func (c *client) send(method, path string, body any, header ...string) (answer, error) {
	var r io.Reader
	kind := ""
	switch b := body.(type) {
	case nil:
	case io.Reader:
		r = b
	default:
		raw, err := json.Marshal(body)
		if err != nil {
			return answer{}, err
		}
		r, kind = bytes.NewReader(raw), "application/json"
	}
	req, err := http.NewRequestWithContext(c.h.t.Context(), method, c.h.url+path, r)
	if err != nil {
		return answer{}, err
	}
	req.Header.Set("X-Forwarded-For", c.address)
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	if c.key != "" {
		req.Header.Set("Authorization", "Bearer "+c.key)
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := c.http.Do(req)
	if err != nil {
		return answer{}, err
	}
	defer res.Body.Close()
	out, err := io.ReadAll(res.Body)
	return answer{res.StatusCode, res.Header, out}, err
}

// must sends a request that has to succeed and reads its JSON.
func (c *client) must(method, path string, body, into any, header ...string) answer {
	c.h.t.Helper()
	a := c.do(method, path, body, header...)
	if a.status >= 300 {
		c.h.t.Fatalf("%s %s: got %d %s", method, path, a.status, a.body)
	}
	if into != nil {
		if err := json.Unmarshal(a.body, into); err != nil {
			c.h.t.Fatalf("%s %s: %v in %.200s", method, path, err, a.body)
		}
	}
	return a
}

// refused sends a request that has to fail with a status and code.
func (c *client) refused(status int, code, method, path string, body any, header ...string) {
	c.h.t.Helper()
	a := c.do(method, path, body, header...)
	if a.status != status || a.code() != code {
		c.h.t.Errorf("%s %s: got %d %q (%.200s), want %d %q", method, path, a.status, a.code(), a.body, status, code)
	}
}

// begin makes a work of an idea.
func (c *client) begin(idea string) web.Sheet {
	c.h.t.Helper()
	var s web.Sheet
	c.must("POST", "/api/works", map[string]any{"idea": idea}, &s, "Idempotency-Key", loam.NewSecret())
	return s
}

// answer arranges a work again with an answer to a question.
func (c *client) answer(s web.Sheet, slot, text string) web.Sheet {
	c.h.t.Helper()
	answers := append(slices.Clone(s.Draft.Answers), loam.Answer{Slot: slot, Text: text})
	c.must("POST", "/api/works/"+s.ID+"/arrange", map[string]any{"revision": s.Revision, "answers": answers}, &s)
	return s
}

// submit sends a work on its way as its sheet stands, with the usual choices and, as the
// confirm sheet has it, what she answered to who paid.
func (c *client) submit(s web.Sheet, change func(*loam.Choice)) web.VersionView {
	c.h.t.Helper()
	choice := loam.Choice{Revision: s.Revision, Uses: map[loam.Use]bool{loam.UseIndex: true, loam.UseRecommend: true}, Audience: loam.Public}
	if who := s.Proposals.Sponsorship; who != nil {
		choice.Sponsorship = *who
	}
	if change != nil {
		change(&choice)
	}
	var v web.VersionView
	c.must("POST", "/api/works/"+s.ID+"/submit", choice, &v)
	return v
}

// until asks for a version again until it is as wanted.
func (c *client) until(id, what string, ok func(web.VersionView) bool) web.VersionView {
	c.h.t.Helper()
	var v web.VersionView
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); {
		v = web.VersionView{}
		c.must("GET", "/api/versions/"+id, nil, &v)
		if ok(v) {
			return v
		}
		pause(c.h.t.Context(), 20*time.Millisecond)
	}
	c.h.t.Fatalf("version %s is not %s: state %s, labelled %v, confirmed %d", id, what, v.State, v.Labelled, v.ConfirmedAt)
	return v
}

func settled(v web.VersionView) bool  { return v.State != loam.Submitted && v.Labelled }
func released(v web.VersionView) bool { return v.State == loam.Released }

// publish brings an idea all the way to its readers.
func (c *client) publish(idea string, change func(*loam.Choice)) web.VersionView {
	c.h.t.Helper()
	return c.confirm(c.submit(c.begin(idea), change))
}

// confirm lets a version out to its readers.
func (c *client) confirm(v web.VersionView) web.VersionView {
	c.h.t.Helper()
	v = c.until(v.ID, "settled", settled)
	c.must("POST", "/api/versions/"+v.ID+"/confirm", map[string]string{"release_hash": v.ReleaseHash}, &v)
	return c.until(v.ID, "released", released)
}

func (a answer) has(t testing.TB, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if !strings.Contains(string(a.body), p) {
			t.Errorf("answer lacks %q:\n%.2000s", p, a.body)
		}
	}
}
