package web

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"

	"loam"
	"loam/internal/ledger"
)

// Used is where the works of a creator were used.
type Used interface {
	// Corpora lists every training set, newest first, with how many works of an account are in each.
	Corpora(ctx context.Context, owner string) ([]loam.Corpus, error)
	// Corpus is one of them.
	Corpus(ctx context.Context, owner, id string) (loam.Corpus, error)
	// Taken lists the works of an account in one, by the ledger's names for them, after one.
	Taken(ctx context.Context, owner, corpus, after string, limit int) ([]loam.TakenWork, error)
	// NamedWorks are the ledger's names for the works of an account that it knows.
	NamedWorks(ctx context.Context, owner string) ([]ledger.ID, error)
}

func (s *Server) usedRoutes() {
	op(s, "GET", "/api/rights/corpora", "list-corpora", "Every training set built here, newest first, how many of one's own works are in each, and what was trained on it", func(ctx context.Context, _ *struct{}) (*body[[]loam.Corpus], error) {
		return answer(s.Used.Corpora(ctx, callerOf(ctx).id()))
	})
	type taken struct {
		ID    string `path:"id" maxLength:"32"`
		After string `query:"after" maxLength:"32" doc:"The ledger's name for the last work of the page before"`
	}
	op(s, "GET", "/api/rights/corpora/{id}/works", "list-taken", "One's own works in a training set", func(ctx context.Context, in *taken) (*body[[]loam.TakenWork], error) {
		owner := callerOf(ctx).id()
		if _, err := s.Used.Corpus(ctx, owner, in.ID); err != nil {
			return nil, err
		}
		return answer(s.Used.Taken(ctx, owner, in.ID, in.After, rightsPage))
	})
	s.handle("GET /api/rights/corpora/{id}/extract", s.extract)
}

// extract gives the proof, for every work of one's own that the ledger knows, that it is in a
// training set or that it is not: a file to keep, which holds with the log's key alone.
func (s *Server) extract(w http.ResponseWriter, r *http.Request) {
	id := callerOf(r.Context()).id()
	if !s.slow.allow("extract " + id) {
		s.fail(w, r, loam.Fail(loam.Limited, "request.too_often"))
		return
	}
	leave, err := s.place(r.Context(), s.exports, "export.busy")
	if err != nil {
		s.fail(w, r, err)
		return
	}
	e, at, err := s.extractOf(r.Context(), id, r.PathValue("id"))
	leave()
	var raw []byte
	if err == nil {
		raw, err = json.MarshalIndent(e, "", " ")
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Content-Disposition", fmt.Sprintf(`attachment; filename="loam-%d.extract.json"`, at))
	h.Set("Cache-Control", "private, no-store")
	_, _ = w.Write(append(raw, '\n'))
}

func (s *Server) extractOf(ctx context.Context, owner, id string) (e ledger.Extract, at int64, err error) {
	c, err := s.Used.Corpus(ctx, owner, id)
	if err != nil {
		return e, 0, err
	}
	if s.Ledger == nil {
		return e, 0, loam.Fail(loam.Unavailable, "key.missing")
	}
	receipt, err := s.Ledger.Receipt(c.Place)
	if err != nil {
		return e, 0, err
	}
	var root ledger.Hash
	if _, err := hex.Decode(root[:], []byte(c.Root)); err != nil {
		return e, 0, err
	}
	manifest, err := s.Ledger.File(ledger.ManifestPath(root))
	if loam.KindOf(err) == loam.NotFound {
		err = loam.Fail(loam.Unavailable, "corpus.no_manifest").Because(err)
	}
	if err != nil {
		return e, 0, err
	}
	works, err := s.Used.NamedWorks(ctx, owner)
	if err != nil {
		return e, 0, err
	}
	e, err = ledger.NewExtract(receipt, manifest, works)
	return e, c.Place, err
}
