package web

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"loam/internal/label"
)

// TestPace: a body has its grace, then must have come at the rate on the whole, and has no more
// than the most there is.
func TestPace(t *testing.T) {
	t.Parallel()
	p := pace{grace: 30 * time.Second, most: 10 * time.Minute, rate: 64 << 10}
	at := time.Date(2026, 11, 27, 9, 0, 0, 0, time.UTC)
	for came, want := range map[int64]time.Duration{0: 30 * time.Second, 1: 30*time.Second + 15258*time.Nanosecond, 64 << 10: 31 * time.Second, 1 << 20: 46 * time.Second, maxInspect: 10 * time.Minute} {
		if got := p.due(at, came).Sub(at); got != want {
			t.Errorf("of %d bytes the next is due after %v, want %v", came, got, want)
		}
	}
	for length, want := range map[int64]int64{0: 64 << 10, 1 << 20: 64 << 10, 35 << 20: 64 << 10, maxInspect: maxInspect / 570, -1: maxInspect / 570} {
		got := p.of(length)
		if got.rate != want || got.due(at, max(0, length)).Sub(at) > p.most || got.grace != p.grace {
			t.Errorf("of %d bytes: %+v, want %d a second", length, got, want)
		}
	}
	var due []time.Duration
	r := &paced{Reader: io.LimitReader(zeros{}, 3*64<<10), pace: p, since: at, until: func(u time.Time) { due = append(due, u.Sub(at)) }}
	if n, err := io.CopyBuffer(struct{ io.Writer }{io.Discard}, r, make([]byte, 64<<10)); n != 3*64<<10 || err != nil {
		t.Fatal(n, err)
	}
	if d := cmp.Diff([]time.Duration{31 * time.Second, 32 * time.Second, 33 * time.Second}, due); d != "" {
		t.Errorf("-want +got\n%s", d)
	}
}

type zeros struct{}

func (zeros) Read(b []byte) (int, error) { return len(b), nil }

// TestInspectSlowly: whoever sends more slowly than the pace is told so and sent away, as the body
// and as a form, and the place is another's.
func TestInspectSlowly(t *testing.T) {
	t.Parallel()
	s := New(Config{
		Clock: time.Now, Log: slog.New(slog.DiscardHandler), Known: func() label.Known { return label.Known{} },
		Proxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")},
	})
	s.pace, s.arrivals = pace{grace: 200 * time.Millisecond, most: time.Minute, rate: 64 << 10}, make(chan struct{}, 1)
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	host := strings.TrimPrefix(server.URL, "http://")
	for i, begun := range []string{
		"POST /api/inspect HTTP/1.1\r\nContent-Type: text/plain\r\n%s\r\n\r\n# a",
		"POST /api/inspect HTTP/1.1\r\nContent-Type: multipart/form-data; boundary=x\r\n%s\r\n\r\n--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.md\"\r\n\r\n# a",
		"POST /verify HTTP/1.1\r\nContent-Type: multipart/form-data; boundary=x\r\n%s\r\n\r\n--x\r\nContent-Dis",
	} {
		conn, err := net.Dial("tcp", host)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { conn.Close() })
		_ = conn.SetDeadline(time.Now().Add(20 * time.Second))
		fmt.Fprintf(conn, begun, fmt.Sprintf("Host: %s\r\nX-Forwarded-For: 10.78.0.%d\r\nContent-Length: 100000", host, i))
		in := bufio.NewReader(conn)
		res, err := http.ReadResponse(in, nil)
		if err != nil {
			t.Fatal(err)
		}
		said, err := io.ReadAll(res.Body)
		if err != nil || res.StatusCode != http.StatusRequestTimeout || !strings.Contains(string(said), sentence("zh", "inspect.too_slow")) {
			t.Errorf("slowly %d: %d %.2000s %v", i, res.StatusCode, said, err)
		}
		if _, err := in.ReadByte(); !errors.Is(err, io.EOF) {
			t.Errorf("slowly %d: the connection stays open: %v", i, err)
		}
		ok, err := http.Post(server.URL+"/api/inspect", "text/plain", strings.NewReader("# a\n"))
		if err != nil {
			t.Fatal(err)
		}
		ok.Body.Close()
		if ok.StatusCode != http.StatusOK {
			t.Errorf("another after %d: got %d", i, ok.StatusCode)
		}
	}
}

// TestInspectLeft: of a file whose sender left no report is made, and that is no failure of ours.
func TestInspectLeft(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"/api/inspect", "/verify"} {
		ctx, leave := context.WithCancel(t.Context())
		var log bytes.Buffer
		s := New(Config{
			Clock: time.Now, Log: slog.New(slog.NewTextHandler(&log, nil)),
			Known: func() label.Known { leave(); return label.Known{} }, // asked for just before the file is read
		})
		w := httptest.NewRecorder()
		s.ServeHTTP(w, httptest.NewRequestWithContext(ctx, http.MethodPost, "http://127.0.0.1"+path, strings.NewReader("# a\n")))
		if w.Body.Len() > 0 || strings.Contains(log.String(), "ERROR") {
			t.Errorf("%s: answered %d %.200s, logged %s", path, w.Code, w.Body, log.String())
		}
	}
}

// TestInspectBusy: eight addresses that keep every place shut nobody else out: who waits is told
// in time to come again, as a program and as a reader, and has a place once their pace is over.
func TestInspectBusy(t *testing.T) {
	t.Parallel()
	busy := occupied(t, pace{grace: time.Hour, most: 2 * time.Hour, rate: 1}, 50*time.Millisecond)
	for path, want := range map[string]string{"/api/inspect": `"code":"inspect.busy"`, "/verify": sentence("zh", "inspect.busy")} {
		res, err := http.Post(busy+path, "text/plain", strings.NewReader("# a\n"))
		if err != nil {
			t.Fatal(err)
		}
		said, err := io.ReadAll(res.Body)
		res.Body.Close()
		if err != nil || res.StatusCode != http.StatusServiceUnavailable || res.Header.Get("Retry-After") != "10" || !strings.Contains(string(said), want) {
			t.Errorf("%s: %d %v %.2000s, %v", path, res.StatusCode, res.Header, said, err)
		}
	}
	// One who sends a file slowly is told before it is all there, however short it is, and one
	// whose file is too long before any of it is.
	for i, c := range []struct {
		rest   string
		status int
	}{
		{"Content-Length: 1000000\r\n\r\n# a long file", http.StatusServiceUnavailable},
		{"Content-Length: 1000\r\n\r\n#", http.StatusServiceUnavailable},
		{"Content-Length: 600000000\r\n\r\n#", http.StatusRequestEntityTooLarge},
	} {
		conn := begin(t, busy, fmt.Sprintf("10.79.1.%d", i), c.rest)
		if res, err := http.ReadResponse(bufio.NewReader(conn), nil); err != nil || res.StatusCode != c.status || !res.Close {
			t.Errorf("%q: %+v, %v", c.rest, res, err)
		}
	}
	freed := occupied(t, pace{grace: 200 * time.Millisecond, most: time.Minute, rate: 64 << 10}, time.Minute)
	res, err := http.Post(freed+"/api/inspect", "text/plain", strings.NewReader("# a\n"))
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusOK {
		t.Errorf("once their pace is over: %d", res.StatusCode)
	}
}

// occupied is a server whose places for files are all held by eight addresses that send nothing.
func occupied(t *testing.T, p pace, patience time.Duration) (url string) {
	t.Helper()
	s := New(Config{
		Clock: time.Now, Log: slog.New(slog.DiscardHandler), Known: func() label.Known { return label.Known{} },
		Proxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")},
	})
	s.pace, s.patience = p, patience
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	for i := range cap(s.arrivals) {
		in := bufio.NewReader(begin(t, server.URL, fmt.Sprintf("10.79.0.%d", i/2), "Content-Length: 500000000\r\nExpect: 100-continue\r\n\r\n"))
		// It is told to go on when its body is first read, which is in its place.
		if line, err := in.ReadString('\n'); err != nil || !strings.HasPrefix(line, "HTTP/1.1 100 ") {
			t.Fatalf("connection %d: %q, %v", i, line, err)
		}
	}
	return server.URL
}

// begin is a connection that asks for a file to be checked and sends no more than the rest of
// its header and what follows there.
func begin(t *testing.T, url, address, rest string) net.Conn {
	t.Helper()
	host := strings.TrimPrefix(url, "http://")
	conn, err := net.Dial("tcp", host)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(20 * time.Second))
	fmt.Fprintf(conn, "POST /api/inspect HTTP/1.1\r\nHost: %s\r\nX-Forwarded-For: %s\r\nContent-Type: text/plain\r\n%s", host, address, rest)
	return conn
}
