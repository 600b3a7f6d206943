package web

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"loam"
)

// exporting is a server whose accounts export size bytes; ended gets the account of each export
// that was given up.
func exporting(t *testing.T, size int64, change func(*Server)) (host string, ended <-chan string) {
	t.Helper()
	given := make(chan string, 10)
	s := New(Config{Clock: time.Now, Log: slog.New(slog.DiscardHandler), Archive: func(_ context.Context, w io.Writer, a loam.Account) error {
		_, err := io.CopyN(struct{ io.Writer }{w}, zeros{}, size)
		if err != nil {
			given <- a.ID
		}
		return err
	}})
	change(s)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := strings.TrimPrefix(r.URL.Path, "/")
		s.export(w, r.WithContext(context.WithValue(r.Context(), callerKey{}, caller{account: &loam.Account{ID: id, Handle: id}, lang: "zh"})))
	}))
	t.Cleanup(server.Close)
	t.Cleanup(server.CloseClientConnections)
	return strings.TrimPrefix(server.URL, "http://"), given
}

// asks begins an export and reads the answer's head, and no more of it.
func asks(t *testing.T, host, account string) *http.Response {
	t.Helper()
	conn, err := net.Dial("tcp", host)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(time.Minute))
	fmt.Fprintf(conn, "GET /%s HTTP/1.1\r\nHost: %s\r\n\r\n", account, host)
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	return res
}

func wantProblem(t *testing.T, res *http.Response, status int, code string) {
	t.Helper()
	said, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != status || !strings.Contains(string(said), `"code":"`+code+`"`) {
		t.Errorf("answered %d %s %v, want %d %s", res.StatusCode, said, err, status, code)
	}
}

// TestExportBusy: who does not read her export keeps a second of hers from beginning and has one of
// two places; a third account is told so, and not that files are being checked.
func TestExportBusy(t *testing.T) {
	t.Parallel()
	host, _ := exporting(t, 1<<30, func(s *Server) { s.patience = 50 * time.Millisecond })
	if res := asks(t, host, "ann"); res.StatusCode != http.StatusOK {
		t.Fatal(res.Status)
	}
	wantProblem(t, asks(t, host, "ann"), http.StatusConflict, "export.running")
	if res := asks(t, host, "bo"); res.StatusCode != http.StatusOK {
		t.Fatal(res.Status)
	}
	wantProblem(t, asks(t, host, "cy"), http.StatusServiceUnavailable, "export.busy")
}

// TestExportStalls: who takes nothing of her export loses it after the stall time, and her place is
// another's.
func TestExportStalls(t *testing.T) {
	t.Parallel()
	host, ended := exporting(t, 1<<30, func(s *Server) { s.stall, s.exports = 100*time.Millisecond, make(chan struct{}, 1) })
	for _, account := range []string{"ann", "bo"} {
		if res := asks(t, host, account); res.StatusCode != http.StatusOK {
			t.Fatal(res.Status)
		}
		select {
		case who := <-ended:
			if who != account {
				t.Errorf("%s lost the export of %s", who, account)
			}
		case <-time.After(30 * time.Second):
			t.Fatalf("the export of %s goes on", account)
		}
	}
}

// TestExportWhole: who reads gets all of it, and may begin again.
func TestExportWhole(t *testing.T) {
	t.Parallel()
	const size = 8 << 20
	host, _ := exporting(t, size, func(s *Server) { s.stall = 30 * time.Second })
	for range 2 {
		res := asks(t, host, "ann")
		if n, err := io.Copy(io.Discard, res.Body); n != size || err != nil {
			t.Errorf("she got %d bytes, %v", n, err)
		}
	}
}
