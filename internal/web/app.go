package web

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"html"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"slices"
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
	s.appPage(w, r, "no-cache", "")
}

// appPage sends the app's page, with something before the place where the app draws itself.
func (s *Server) appPage(w http.ResponseWriter, r *http.Request, cache, before string) {
	page, err := fs.ReadFile(s.App, "index.html")
	if err != nil {
		s.fail(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", cache)
	root := []byte(`<div id="root">`)
	_, _ = w.Write(bytes.Replace(page, root, append([]byte(before), root...), 1)) // the client is gone; nothing to do
}

// maxIdeaForm bounds the form of the box on the feed in bytes: much more than the studio
// takes, so that it is the studio that says what is too long, with the text in its box.
const maxIdeaForm = 4 << 20

// appWithIdea answers the box on the feed with the app and what was written there, which the
// app arranges at once. An address could not carry a long text, and would be kept in logs.
func (s *Server) appWithIdea(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxIdeaForm)
	if err := r.ParseForm(); err != nil {
		s.failPage(w, r, tooLarge(err, "request.too_large", loam.Fail(loam.Invalid, "request.invalid").Because(err)))
		return
	}
	idea, kind := r.PostForm.Get("idea"), loam.NoteKind(r.PostForm.Get("kind"))
	if e := r.PostForm.Get("example"); slices.Contains(examples, e) {
		idea = sentence(langOf(r), "idea.example."+e)
	}
	if !slices.Contains(loam.NoteKinds(), kind) {
		kind = ""
	}
	idea = strings.ReplaceAll(strings.ToValidUTF8(idea, ""), "\r\n", "\n") // forms send lines so
	s.appPage(w, r, "no-store", fmt.Sprintf(`<template id="given" data-kind="%s">%s</template>`, kind, html.EscapeString(idea)))
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
