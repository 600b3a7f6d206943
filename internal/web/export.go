package web

import (
	"net/http"

	"loam"
)

func (s *Server) exportRoutes() { s.handle("GET /api/rights/export", s.export) }

// export gives an account everything she made and granted as one file, which another
// installation takes in.
func (s *Server) export(w http.ResponseWriter, r *http.Request) {
	c := callerOf(r.Context())
	if !s.slow.allow("export " + c.id()) {
		s.fail(w, r, loam.Fail(loam.Limited, "request.too_often"))
		return
	}
	leave, err := s.place(r.Context(), s.packs)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	defer leave()
	h := w.Header()
	h.Set("Content-Type", "application/zip")
	h.Set("Content-Disposition", `attachment; filename="loam-`+c.account.Handle+`.zip"`)
	if err := s.Archive(r.Context(), w, *c.account); err != nil {
		s.log.WarnContext(r.Context(), "export", "account", c.id(), "error", err)
		panic(http.ErrAbortHandler) // the client must not take half an archive for a whole one
	}
}
