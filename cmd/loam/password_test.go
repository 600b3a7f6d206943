package main

import (
	"strings"
	"testing"

	"loam/internal/web"
)

// TestPassword: a password is changed by who knows the old one, every other session is over
// then, and whoever runs the machine gives a new one to who forgot hers.
func TestPassword(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	ann, elsewhere := h.person("ann"), h.visitor()
	elsewhere.must("POST", "/api/session", map[string]string{"handle": "ann", "password": password}, nil)
	ann.refused(422, "password.wrong", "PUT", "/api/account/password", map[string]string{"current": "not this one", "password": "a much better one"})
	ann.refused(422, "password.length", "PUT", "/api/account/password", map[string]string{"current": password, "password": "short"})
	signedIn := func(c *client) bool {
		var me web.Me
		c.must("GET", "/api/session", nil, &me)
		return me.SignedIn
	}
	if !signedIn(ann) || !signedIn(elsewhere) {
		t.Fatal("a refused change ends a session")
	}
	ann.must("PUT", "/api/account/password", map[string]string{"current": password, "password": "a much better one"}, nil)
	if !signedIn(ann) || signedIn(elsewhere) {
		t.Errorf("after the change: here %v, elsewhere %v", signedIn(ann), signedIn(elsewhere))
	}
	elsewhere.refused(401, "session.wrong", "POST", "/api/session", map[string]string{"handle": "ann", "password": password})
	elsewhere.must("POST", "/api/session", map[string]string{"handle": "ann", "password": "a much better one"}, nil)

	var out strings.Builder
	cmd := accountPasswordCmd{place: place{Data: h.config.Data}, Account: "Ann"}
	if err := cmd.Run(&app{ctx: t.Context(), out: &out}); err != nil {
		t.Fatal(err)
	}
	if signedIn(ann) {
		t.Error("a session outlives a reset")
	}
	ann.must("POST", "/api/session", map[string]string{"handle": "ann", "password": strings.TrimSpace(out.String())}, nil)
}
