package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// stream opens an event stream of a client's; the answer's body is open where it is 200.
func (c *client) stream(ctx context.Context) *http.Response {
	c.h.t.Helper()
	req, err := http.NewRequestWithContext(ctx, "GET", c.h.url+"/api/events", nil)
	if err != nil {
		c.h.t.Fatal(err)
	}
	req.Header.Set("X-Forwarded-For", c.address)
	res, err := c.http.Do(req)
	if err != nil {
		c.h.t.Fatal(err)
	}
	c.h.t.Cleanup(func() { _ = res.Body.Close() })
	return res
}

// TestManyStreams: an account keeps so many event streams open and no more, one that ends
// makes room, and nobody else's are in the way.
func TestManyStreams(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	ann, bo := h.person("ann"), h.person("bo")
	first, leave := context.WithCancel(t.Context())
	defer leave()
	ctx := first
	n := 0
	for ; n < 100; n++ {
		res := ann.stream(ctx)
		if res.StatusCode == http.StatusTooManyRequests {
			break
		}
		ctx = t.Context() // the first can be left alone
	}
	if n < 6 || n == 100 { // fewer than the windows of one evening would be too few
		t.Fatalf("one account has %d streams", n)
	}
	if res := bo.stream(t.Context()); res.StatusCode != http.StatusOK {
		t.Errorf("somebody else's stream: %d", res.StatusCode)
	}
	leave()
	for end := time.Now().Add(10 * time.Second); ; pause(t.Context(), 50*time.Millisecond) {
		if ann.stream(t.Context()).StatusCode == http.StatusOK {
			return
		}
		if time.Now().After(end) {
			t.Fatal("a stream that was left still takes its place")
		}
	}
}

// TestStreamOfDisabled: the open stream of an account that is disabled ends at its next beat.
func TestStreamOfDisabled(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	ann := h.person("ann")
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	res := ann.stream(ctx)
	if _, err := h.db.SetDisabled(t.Context(), "ann", true); err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, res.Body); err != nil {
		t.Errorf("the stream goes on: %v", err)
	}
}

// TestTooLargeIsSaid: a client that sends the whole of a body that is too large before it
// reads can read why it was refused.
func TestTooLargeIsSaid(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	u, err := url.Parse(h.url)
	if err != nil {
		t.Fatal(err)
	}
	const size = 24 << 20
	for path, kind := range map[string]string{"/api/ideas": "application/json", "/api/covers": "application/json", "/p/x/report": "application/x-www-form-urlencoded"} {
		conn, err := net.Dial("tcp", u.Host)
		if err != nil {
			t.Fatal(err)
		}
		_ = conn.SetDeadline(time.Now().Add(time.Minute))
		fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: %s\r\nX-Forwarded-For: 10.9.9.9\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n", path, u.Host, kind, size)
		if _, err := io.Copy(conn, strings.NewReader(`{"style": "`+strings.Repeat("x", size-11))); err != nil {
			t.Errorf("%s: the connection broke while sending: %v", path, err)
		}
		res, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Errorf("%s: no answer: %v", path, err)
		} else if res.StatusCode != http.StatusRequestEntityTooLarge {
			t.Errorf("%s: got %s", path, res.Status)
		}
		_ = conn.Close()
	}
}
