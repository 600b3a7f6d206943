package main

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"loam"
)

// TestNoticeLog: a receipt number is in no line of the log, whatever path it stands in.
func TestNoticeLog(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	n, err := openNode(t.Context(), config{place: place{Data: t.TempDir()}, LabelArranged: "none"}, time.Now, slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	if err != nil {
		t.Fatal(err)
	}
	number := loam.NewSecret()
	for _, c := range []struct{ method, path string }{
		{"GET", "/notice/" + number},
		{"GET", "/notice/" + number + "/"},
		{"GET", "/notice/" + number + "/foo"},
		{"GET", "/notice/" + number + "/withdraw"},
		{"POST", "/notice/" + number},
		{"POST", "/notice/" + number + "/withdraw"},
		{"GET", "/notice/" + number + "/claims/x"},
		{"GET", "//notice/" + number},
		{"GET", "/u/../notice/" + number},
		{"GET", "/Notice/" + number},
		{"GET", "/notice%2F" + number},
		{"GET", "/api/notices/" + number},
		{"PUT", "/api/notices/" + number},
		{"DELETE", "/api/notices/" + number},
		{"GET", "/api/notices/" + number + "/foo"},
		{"PATCH", "/api/notices/" + number + "/claims/x"},
		{"GET", "/api/notices/" + number + "/"},
	} {
		log.Reset()
		r := httptest.NewRequestWithContext(t.Context(), c.method, c.path, http.NoBody)
		r.Host = "localhost"
		r.Header.Set("Referer", "http://localhost/notice/"+number)
		n.server.ServeHTTP(httptest.NewRecorder(), r)
		if !strings.Contains(log.String(), `"msg":"request"`) {
			t.Errorf("%s %s is not logged", c.method, c.path)
		}
		if strings.Contains(log.String(), number) {
			t.Errorf("%s %s: %s", c.method, c.path, log.String())
		}
	}
	log.Reset()
	r := httptest.NewRequestWithContext(t.Context(), "GET", "/p/nowhere", http.NoBody)
	r.Host = "localhost"
	n.server.ServeHTTP(httptest.NewRecorder(), r)
	if !strings.Contains(log.String(), `"path":"/p/nowhere"`) {
		t.Errorf("another page is logged as %s", log.String())
	}
	if err := n.close(t.Context()); err != nil {
		t.Error(err)
	}
}
