package web

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"loam"
)

// broken is a store whose database does not answer.
type broken struct{ Accounts }

func (broken) AccountByKey(context.Context, string) (loam.Account, error) {
	return loam.Account{}, errors.New("disk I/O error")
}

// TestKeyWithoutDatabase: a key that could not be looked up is not an unknown one.
func TestKeyWithoutDatabase(t *testing.T) {
	t.Parallel()
	s := New(Config{Clock: time.Now, Accounts: broken{}, Log: slog.New(slog.DiscardHandler)})
	r := httptest.NewRequest(http.MethodGet, "http://localhost/api/session", nil)
	r.Header.Set("Authorization", "Bearer loam_something")
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	var p Problem
	if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || w.Code != http.StatusServiceUnavailable || p.Code != "database.unavailable" {
		t.Errorf("got %d %s, want 503", w.Code, w.Body)
	}
}

// TestHousehold: the addresses of one IPv6 network count as one caller.
func TestHousehold(t *testing.T) {
	t.Parallel()
	s := New(Config{Clock: time.Now})
	of := func(remote string) string { return s.addressOf(&http.Request{RemoteAddr: remote}) }
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"[2001:db8:1:2::1]:80", "[2001:db8:1:2:ffff::9]:81", true},
		{"[2001:db8:1:2::1]:80", "[2001:db8:1:3::1]:80", false},
		{"192.0.2.1:80", "192.0.2.2:80", false},
		{"192.0.2.1:80", "[::ffff:192.0.2.1]:80", true},
	} {
		if (of(c.a) == of(c.b)) != c.same {
			t.Errorf("%s is %s, %s is %s; want the same: %v", c.a, of(c.a), c.b, of(c.b), c.same)
		}
	}
}
