package web

import (
	"context"
	"io"
	"net/http"
	"time"

	"loam"
)

func (s *Server) exportRoutes() { s.handle("GET /api/rights/export", s.export) }

// export gives an account everything she made and granted as one file, which another
// installation takes in. An account has one under way at a time.
func (s *Server) export(w http.ResponseWriter, r *http.Request) {
	c := callerOf(r.Context())
	if !s.slow.allow("export " + c.id()) {
		s.fail(w, r, loam.Fail(loam.Limited, "request.too_often"))
		return
	}
	leave, err := s.seat(r.Context(), s.exporters, s.exports, "export.running", "export.busy")
	if err != nil {
		s.fail(w, r, err)
		return
	}
	defer leave()
	h := w.Header()
	h.Set("Content-Type", "application/zip")
	h.Set("Content-Disposition", `attachment; filename="loam-`+c.account.Handle+`.zip"`)
	if err := s.moving(w, func(w io.Writer) error { return s.Archive(r.Context(), w, *c.account) }); err != nil {
		s.log.WarnContext(r.Context(), "export", "account", c.id(), "error", err)
		panic(http.ErrAbortHandler) // the client must not take half an archive for a whole one
	}
}

// seat takes the one place a caller has among those from which archives are sent. running is the Conflict
// of who has hers, busy the Unavailable of who waited in vain.
func (s *Server) seat(ctx context.Context, each *seats, places chan struct{}, running, busy string) (leave func(), err error) {
	who := callerOf(ctx).id()
	if !each.take(who) {
		return nil, loam.Fail(loam.Conflict, running)
	}
	left, err := s.place(ctx, places, busy)
	if err != nil {
		each.leave(who)
		return nil, err
	}
	return func() {
		left()
		each.leave(who)
	}, nil
}

// moving sends what write writes for as long as its reader takes some of it within the stall time:
// one who reads slowly gets it all, one who does not read leaves her place.
func (s *Server) moving(w http.ResponseWriter, write func(w io.Writer) error) error {
	control := http.NewResponseController(w)
	until := func(t time.Time) { _ = control.SetWriteDeadline(t) } // without support nothing is lost but this
	if err := write(movingWriter{w, func() { until(s.Clock().Add(s.stall)) }}); err != nil {
		return err
	}
	if err := control.Flush(); err != nil {
		return err
	}
	until(time.Time{}) // net/http keeps it for the connection's next answer
	return nil
}

// movingPiece is how much a reader must take within the stall time, in bytes.
const movingPiece = 16 << 10

type movingWriter struct {
	io.Writer
	next func()
}

func (m movingWriter) Write(p []byte) (n int, err error) {
	for len(p) > 0 && err == nil {
		m.next()
		var k int
		k, err = m.Writer.Write(p[:min(len(p), movingPiece)])
		n, p = n+k, p[k:]
	}
	return n, err
}
