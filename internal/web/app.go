package web

import (
	"bytes"
	"compress/gzip"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"

	"loam"
)

// app serves the embedded app: hashed files for ever, the page itself anew each time.
func (s *Server) app(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(path.Clean(r.URL.Path), "/app/")
	if strings.HasPrefix(name, "assets/") {
		s.appFile(w, r, name)
		return
	}
	page, err := fs.ReadFile(s.App, "index.html")
	if err != nil {
		s.fail(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-cache")
	_, _ = w.Write(page) // the client is gone; nothing to do
}

// appFile sends a hashed file, compressed where the client takes it: a phone on a slow line
// waits for bytes.
func (s *Server) appFile(w http.ResponseWriter, r *http.Request, name string) {
	raw, err := fs.ReadFile(s.App, name)
	if err != nil {
		s.failPage(w, r, loam.Fail(loam.NotFound, "page.not_found"))
		return
	}
	h := w.Header()
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("Content-Type", mime.TypeByExtension(path.Ext(name)))
	h.Set("Vary", "Accept-Encoding")
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		if zipped, err := s.zipped.of(name, raw); err == nil && len(zipped) < len(raw) {
			h.Set("Content-Encoding", "gzip")
			raw = zipped
		}
	}
	h.Set("Content-Length", strconv.Itoa(len(raw)))
	_, _ = w.Write(raw) // the client is gone; nothing to do
}

// zippedFiles keeps embedded files compressed, each once.
type zippedFiles struct{ files sync.Map }

func (z *zippedFiles) of(name string, raw []byte) ([]byte, error) {
	once, _ := z.files.LoadOrStore(name, sync.OnceValues(func() ([]byte, error) {
		var out bytes.Buffer
		w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
		if err != nil {
			return nil, err
		}
		if _, err := w.Write(raw); err != nil {
			return nil, err
		}
		err = w.Close()
		return out.Bytes(), err
	}))
	return once.(func() ([]byte, error))()
}
