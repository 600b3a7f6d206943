package web

import (
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"slices"
	"strconv"

	"loam"
	"loam/internal/media"
)

// maxUpload bounds a request body: one picture of 40 MB and its form.
const maxUpload = 41 << 20

// Draw draws one page of a carousel, as PNG or, where it shows photos, as JPEG; a photo
// page without a design is never drawn but shown as it is.
type Draw interface {
	Page(ctx context.Context, d loam.Drawing) ([]byte, error)
	// Print is a small JPEG of an uploaded picture in a photo style.
	Print(ctx context.Context, a loam.Asset, p loam.Print) ([]byte, error)
	Styles() []Style
}

// Style is a cover style by name.
type Style struct {
	Name string `json:"name"`
	Zh   string `json:"zh"`
	En   string `json:"en"`
}

func (s *Server) pictureRoutes() {
	op(s, "GET", "/api/styles", "list-styles", "The cover styles", func(context.Context, *struct{}) (*body[[]Style], error) {
		return &body[[]Style]{s.Draw.Styles()}, nil
	})
	s.handle("POST /api/works/{id}/pictures", s.upload(upload{part: "picture", form: "picture.form", large: "picture.too_large", is: isPicture}))
	s.handle("GET /api/works/{id}/pages/{n}", s.previewPage)
	s.handle("POST /api/works/{id}/preview", s.previewDraft)
	s.handle("GET /api/assets/{id}", s.assetPicture)
	s.handle("GET /api/assets/{id}/prints/{print}", s.assetPrint)
	s.handle("POST /api/covers", s.tryCover)
}

// upload is one kind of file that is taken into a work: the multipart field it comes in, the codes of
// a form without it and of one that is too long, and why bytes are none of the kind.
type upload struct {
	part, form, large string
	is                func(data []byte) error
}

func isPicture(data []byte) error {
	_, err := media.Sniff(data)
	return err
}

// upload takes one file of a kind into a work.
func (s *Server) upload(u upload) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		me := callerOf(r.Context()).id()
		if _, err := s.Studio.Store.Work(r.Context(), me, r.PathValue("id")); err != nil {
			s.fail(w, r, err)
			return
		}
		a, err := s.uploaded(r, me, u)
		if err != nil {
			s.fail(w, r, err)
			return
		}
		writeJSON(w, http.StatusCreated, a)
	}
}

func (s *Server) uploaded(r *http.Request, owner string, u upload) (loam.Asset, error) {
	broken := func(err error) error { return tooLarge(err, u.large, loam.Fail(loam.Invalid, u.form).Because(err)) }
	form, err := r.MultipartReader()
	if err != nil {
		return loam.Asset{}, loam.Fail(loam.Invalid, u.form).Because(err)
	}
	for {
		part, err := form.NextPart()
		if err != nil {
			return loam.Asset{}, broken(err)
		}
		if part.FormName() != u.part {
			continue
		}
		spool, err := spooled(part)
		if err != nil {
			return loam.Asset{}, broken(err)
		}
		return s.takeIn(r.Context(), owner, spool, u)
	}
}

// spooled reads an upload into a file that has no name any more: however slowly a client
// sends, it takes no memory and no place of others.
func spooled(part io.Reader) (*os.File, error) {
	f, err := os.CreateTemp("", "loam-upload-*")
	if err != nil {
		return nil, err
	}
	_, err = io.Copy(f, part)
	if err = errors.Join(os.Remove(f.Name()), err); err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// takeIn hands a spooled file to intake; few lie in memory at once.
func (s *Server) takeIn(ctx context.Context, owner string, spool *os.File, u upload) (loam.Asset, error) {
	data, leave, err := s.spooledBytes(ctx, spool)
	if err != nil {
		return loam.Asset{}, err
	}
	defer leave()
	if err := u.is(data); err != nil {
		return loam.Asset{}, err
	}
	return s.Intake.Accept(ctx, owner, data)
}

// spooledBytes takes a spooled file into memory when there is a place for it; leave gives
// the place back.
func (s *Server) spooledBytes(ctx context.Context, spool *os.File) (data []byte, leave func(), err error) {
	defer spool.Close()
	select {
	case s.uploads <- struct{}{}:
		leave = func() { <-s.uploads }
	case <-ctx.Done():
		return nil, nil, ctx.Err()
	}
	if data, err = io.ReadAll(spool); err != nil {
		leave()
	}
	return data, leave, err
}

// tooLarge is err by its code where it says that a body was cut off at its bound.
func tooLarge(err error, code string, otherwise error) error {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return loam.Fail(loam.TooLarge, code).Because(err)
	}
	return otherwise
}

// previewPage draws page n (from 0) of a draft as it will look.
func (s *Server) previewPage(w http.ResponseWriter, r *http.Request) {
	me := callerOf(r.Context()).id()
	if !s.quick.allow("draw " + me) {
		s.fail(w, r, loam.Fail(loam.Limited, "request.too_often"))
		return
	}
	work, err := s.Studio.Store.Work(r.Context(), me, r.PathValue("id"))
	if err != nil {
		s.fail(w, r, err)
		return
	}
	n := atoi(r.PathValue("n"))
	if n < 0 || n >= len(work.Draft.Pages) {
		s.fail(w, r, loam.Fail(loam.NotFound, "page.not_found"))
		return
	}
	d := loam.Drawing{Style: r.URL.Query().Get("style"), Brand: work.Draft.Brand, Page: work.Draft.Pages[n], Index: n, Total: len(work.Draft.Pages)}
	if d.Style == "" { // else a sample of another style, for the chooser
		d.Style = work.Draft.Style
	}
	s.drawing(w, r, d, r.URL.Query().Get("small") != "")
}

// drawn draws a page when there is room for one more in memory, or gives the context's
// error. Visitors wait for each other first: whoever is signed in does not wait behind them.
func (s *Server) drawn(ctx context.Context, d loam.Drawing) ([]byte, error) {
	rooms := []chan struct{}{s.drawings}
	if callerOf(ctx).account == nil {
		rooms = []chan struct{}{s.sketches, s.drawings}
	}
	for _, room := range rooms {
		select {
		case room <- struct{}{}:
			defer func() { <-room }()
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	return s.Draw.Page(ctx, d)
}

// drawing answers with a page of one's own as it will look.
func (s *Server) drawing(w http.ResponseWriter, r *http.Request, d loam.Drawing, small bool) {
	for _, id := range d.Page.Assets() {
		a, err := s.Library.Asset(r.Context(), callerOf(r.Context()).id(), id)
		if err != nil {
			s.fail(w, r, err)
			return
		}
		d.Photos = append(d.Photos, a)
	}
	var data []byte
	var err error
	if d.Page.Drawn() {
		data, err = s.drawn(r.Context(), d)
	} else {
		data, err = s.Blobs.Read(d.Photos[0].Hash)
	}
	if err == nil && small {
		data, err = media.Thumbnail(data, sampleEdge)
	}
	s.sniffed(w, r, data, err)
}

// sniffed sends a picture by the type its bytes are.
func (s *Server) sniffed(w http.ResponseWriter, r *http.Request, data []byte, err error) {
	var typ media.Type
	if err == nil {
		typ, err = media.Sniff(data)
	}
	s.picture(w, r, data, string(typ), err)
}

// preview is a page that is not saved yet.
type preview struct {
	Style string      `json:"style"`
	Brand *loam.Brand `json:"brand"`
	Page  loam.Page   `json:"page"`
	Index int         `json:"index"`
	Total int         `json:"total"`
}

// maxPreview bounds an unsaved page; the words of one are cut long before.
const maxPreview = 256 << 10

// previewDraft draws a page as it is being typed; nothing is kept.
func (s *Server) previewDraft(w http.ResponseWriter, r *http.Request) {
	me := callerOf(r.Context()).id()
	if !s.quick.allow("draw " + me) {
		s.fail(w, r, loam.Fail(loam.Limited, "request.too_often"))
		return
	}
	if _, err := s.Studio.Store.Work(r.Context(), me, r.PathValue("id")); err != nil {
		s.fail(w, r, err)
		return
	}
	var in preview
	r.Body = http.MaxBytesReader(w, r.Body, maxPreview)
	err := readJSON(r, &in)
	if err == nil {
		err = in.Page.Check()
	}
	if err == nil && in.Brand != nil {
		err = in.Brand.Check()
	}
	if err == nil && (in.Index < 0 || in.Index >= 100 || in.Total < 0 || in.Total > 100) {
		err = loam.Fail(loam.Invalid, "page.not_found")
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	s.drawing(w, r, loam.Drawing{Style: in.Style, Brand: in.Brand, Page: in.Page, Index: in.Index, Total: in.Total}, r.URL.Query().Get("small") != "")
}

// assetPrint shows one's own picture in a photo style, small.
func (s *Server) assetPrint(w http.ResponseWriter, r *http.Request) {
	me := callerOf(r.Context()).id()
	if !s.quick.allow("draw " + me) {
		s.fail(w, r, loam.Fail(loam.Limited, "request.too_often"))
		return
	}
	a, err := s.Library.Asset(r.Context(), me, r.PathValue("id"))
	if err != nil {
		s.fail(w, r, err)
		return
	}
	p := loam.Print(r.PathValue("print"))
	if !slices.Contains(loam.Prints(), p) {
		s.fail(w, r, loam.Fail(loam.NotFound, "page.print", ""))
		return
	}
	if unchanged(w, r, a.Hash+"."+string(p)) {
		return
	}
	data, err := s.Draw.Print(r.Context(), a, p)
	s.sniffed(w, r, data, err)
}

// sampleEdge is the longer side of a small preview in pixels.
const sampleEdge = 320

// tryCover draws one page in a style for anybody: what the first page shows before signing in.
func (s *Server) tryCover(w http.ResponseWriter, r *http.Request) {
	if !s.quick.allow("draw " + callerOf(r.Context()).address) {
		s.fail(w, r, loam.Fail(loam.Limited, "request.too_often"))
		return
	}
	var in struct {
		Style string      `json:"style"`
		Pages []loam.Page `json:"pages"`
		N     int         `json:"n"`
	}
	r.Body = http.MaxBytesReader(w, r.Body, 256<<10)
	if err := readJSON(r, &in); err != nil {
		s.fail(w, r, err)
		return
	}
	if in.N < 0 || in.N >= len(in.Pages) || len(in.Pages) > 40 || len(in.Pages[in.N].Assets()) > 0 {
		s.fail(w, r, loam.Fail(loam.Invalid, "page.not_found"))
		return
	}
	if err := in.Pages[in.N].Check(); err != nil {
		s.fail(w, r, err)
		return
	}
	data, err := s.drawn(r.Context(), loam.Drawing{Style: in.Style, Page: in.Pages[in.N], Index: in.N, Total: len(in.Pages)})
	s.sniffed(w, r, data, err)
}

// assetPicture shows a person her own upload, a picture whole or small, or plays it to her.
func (s *Server) assetPicture(w http.ResponseWriter, r *http.Request) {
	a, err := s.Library.Asset(r.Context(), callerOf(r.Context()).id(), r.PathValue("id"))
	if err != nil {
		s.fail(w, r, err)
		return
	}
	if a.Audio() {
		s.sound(w, r, a.Hash, a.Type)
		return
	}
	small := r.URL.Query().Get("small") != ""
	tag := a.Hash
	if small {
		tag += ".small"
	}
	if unchanged(w, r, tag) {
		return
	}
	var data []byte
	if small {
		data, err = s.Thumbnail(r.Context(), a.Hash, ThumbEdge)
	} else {
		data, err = s.Blobs.Read(a.Hash)
	}
	s.sniffed(w, r, data, err)
}

// versionPicture answers with picture n (from 1) of a version: labelled once it is, and
// as frozen before.
func (s *Server) versionPicture(w http.ResponseWriter, r *http.Request, v loam.Version) {
	a, hash, err := versionBlob(v, atoi(r.PathValue("n")))
	if err != nil {
		s.fail(w, r, err)
		return
	}
	if unchanged(w, r, hash) {
		return
	}
	data, err := s.Blobs.Read(hash)
	s.picture(w, r, data, a.Type, err)
}

// versionBlob finds the bytes of picture n of a version.
func versionBlob(v loam.Version, n int) (loam.AssetRef, string, error) {
	if n < 1 || n > len(v.Content.Assets) {
		return loam.AssetRef{}, "", loam.Fail(loam.NotFound, "page.not_found")
	}
	a := v.Content.Assets[n-1]
	for _, l := range v.Labels {
		if l.Field == a.Field {
			return a, l.Result, nil
		}
	}
	return a, a.Hash, nil
}

// unchanged answers 304 where the client has these bytes already; else it names them.
func unchanged(w http.ResponseWriter, r *http.Request, tag string) bool {
	w.Header().Set("ETag", strconv.Quote(tag))
	if r.Header.Get("If-None-Match") != strconv.Quote(tag) {
		return false
	}
	w.WriteHeader(http.StatusNotModified)
	return true
}

// picture sends user bytes: only as a picture, never sniffed, sandboxed.
func (s *Server) picture(w http.ResponseWriter, r *http.Request, data []byte, typ string, err error) {
	if err != nil {
		w.Header().Del("ETag")
		s.fail(w, r, err)
		return
	}
	switch typ {
	case "image/png", "image/jpeg", "image/webp", "image/gif":
	default:
		s.fail(w, r, loam.Fail(loam.Internal, "picture.type"))
		return
	}
	h := w.Header()
	h.Set("Content-Type", typ)
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	h.Set("Cache-Control", "private, no-cache") // asked anew each time: a takedown works at once
	h.Set("Content-Length", strconv.Itoa(len(data)))
	_, _ = w.Write(data) // the client is gone; nothing to do
}
