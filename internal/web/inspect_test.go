package web

import (
	"bufio"
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
