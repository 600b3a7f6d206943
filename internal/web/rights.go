package web

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"loam"
	"loam/internal/ledger"
	"loam/internal/merkle"
)

// Rights is what a creator decides about the uses of her works, and what proves it.
type Rights interface {
	// Choose answers for uses of her works, of all without a word of their own if works is empty,
	// and gives the ids of the leaves it wrote.
	Choose(ctx context.Context, owner string, works []string, c loam.UseChoice) ([]string, error)
	// CloseUses takes over a no from elsewhere, or with write false tells what that would take back.
	CloseUses(ctx context.Context, owner string, works []string, uses []loam.Use, write bool) ([]loam.Closing, error)
	RightsWorks(ctx context.Context, owner, find string, before loam.Place, limit int) (loam.RightsTable, *loam.Place, error)
	RightsActs(ctx context.Context, owner string, before int64, limit int) ([]loam.RightsAct, error)
	// OpenWorks lists the newest public notes that may be found and allow a machine more than that.
	OpenWorks(ctx context.Context, limit int) ([]loam.Release, error)
	LeafPlace(ctx context.Context, owner, id string) (int64, error)
	Signing
}

// Ledger is the log as anybody may read it.
type Ledger interface {
	File(path string) ([]byte, error)
	Receipt(place int64) (merkle.Proof, error)
	// Witnessed is how many leaves stand under a newest checkpoint that as many witnesses signed as
	// are asked for, else 0, and who of them did not.
	Witnessed() (size int64, absent []string, err error)
}

// rightsPage is how many works, or acts, a page of them has.
const rightsPage = 50

// maxChosen bounds for how many works one request answers: it is one transaction.
const maxChosen = 500

func (s *Server) rightsRoutes() {
	s.exportRoutes()
	s.usedRoutes()
	s.handle("GET /log/{path...}", s.logFile)
	s.passkeyRoutes()
	s.foreignRoutes()
	type works struct {
		Find string `query:"q" maxLength:"100"`
		Next string `query:"next" maxLength:"80" doc:"Where the page before ended"`
	}
	op(s, "GET", "/api/rights", "list-rights", "One's own works and what may be done with each, newest first", func(ctx context.Context, in *works) (*body[loam.RightsTable], error) {
		from, err := readPlaces(in.Next, 1)
		if err != nil {
			return nil, err
		}
		table, next, err := s.Rights.RightsWorks(ctx, callerOf(ctx).id(), strings.TrimSpace(in.Find), from[0], rightsPage)
		table.Next = writePlace(next)
		if err == nil {
			err = s.witness(&table)
		}
		return answer(table, err)
	})
	type choose struct {
		Body struct {
			Works []string `json:"works" maxItems:"500" doc:"Empty: every work without a word of its own"`
			UseAnswer
		}
	}
	op(s, "PUT", "/api/rights", "choose-rights", "Allow or deny uses of works, all or none of them; gives the ids of the leaves it wrote", func(ctx context.Context, in *choose) (*body[[]string], error) {
		c, err := in.Body.choice()
		if err != nil {
			return nil, err
		}
		if len(in.Body.Works) > maxChosen {
			return nil, loam.Fail(loam.TooLarge, "rights.many", maxChosen)
		}
		return answer(s.Rights.Choose(ctx, callerOf(ctx).id(), in.Body.Works, c))
	})
	type acts struct {
		Before int64 `query:"before" minimum:"0" doc:"The number of the last act of the page before"`
	}
	op(s, "GET", "/api/rights/acts", "list-rights-acts", "One's own leaves in the ledger, newest first", func(ctx context.Context, in *acts) (*body[[]loam.RightsAct], error) {
		return answer(s.Rights.RightsActs(ctx, callerOf(ctx).id(), in.Before, rightsPage))
	})
	s.handle("GET /api/rights/receipts/{leaf}", s.receipt)
}

// witness tells, of what is logged, what witnesses signed.
func (s *Server) witness(table *loam.RightsTable) error {
	if s.Ledger == nil || len(s.Witnesses) == 0 {
		return nil
	}
	size, _, err := s.Ledger.Witnessed()
	if loam.KindOf(err) == loam.Unavailable {
		return nil // no checkpoint yet
	}
	see := func(list []loam.Permission) {
		for i := range list {
			if p := &list[i]; p.Evidence == ledger.Logged.String() && p.Place >= 0 && p.Place < size {
				p.Evidence = ledger.Witnessed.String()
			}
		}
	}
	see(table.Account)
	for _, w := range table.Works {
		see(w.Uses)
	}
	return err
}

// unwitnessed is a line for whoever watches the server, "" while nobody is missed.
func (s *Server) unwitnessed() string {
	if s.Ledger == nil || len(s.Witnesses) == 0 {
		return ""
	}
	_, absent, err := s.Ledger.Witnessed()
	if err != nil || len(absent) == 0 {
		return ""
	}
	return "\nthe ledger's checkpoint is not witnessed by " + strings.Join(absent, ", ")
}

// receipt gives the proof that a leaf of one's own is in the log, as a file to keep
// (c2sp.org/tlog-proof, with the leaf in its extra line, and the signature of a signed one).
func (s *Server) receipt(w http.ResponseWriter, r *http.Request) {
	p, err := s.receiptOf(r.Context(), r.PathValue("leaf"))
	if err != nil {
		s.fail(w, r, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/plain; charset=utf-8")
	h.Set("Content-Disposition", fmt.Sprintf(`attachment; filename="loam-%d.tlog-proof"`, p.Index))
	h.Set("Cache-Control", "private, no-store")
	_, _ = w.Write(p.Text())
}

func (s *Server) receiptOf(ctx context.Context, leaf string) (p merkle.Proof, err error) {
	owner := callerOf(ctx).id()
	place, err := s.Rights.LeafPlace(ctx, owner, leaf)
	if err != nil {
		return p, err
	}
	if s.Ledger == nil {
		return p, loam.Fail(loam.Unavailable, "key.missing")
	}
	if p, err = s.Ledger.Receipt(place); err != nil {
		return p, err
	}
	bundle, err := s.Rights.LeafBundle(ctx, owner, leaf)
	if err != nil {
		return p, err
	}
	return ledger.WithBundle(p, bundle)
}

// logFile serves the log to whoever asks, as it lies on the disk (c2sp.org/tlog-tiles). A full
// tile never changes.
func (s *Server) logFile(w http.ResponseWriter, r *http.Request) {
	path := r.PathValue("path")
	if s.Ledger == nil {
		s.fail(w, r, loam.Fail(loam.NotFound, "page.not_found"))
		return
	}
	b, err := s.Ledger.File(path)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	h := w.Header()
	h.Set("Access-Control-Allow-Origin", "*") // public, and of use to a verifier in a page of its own
	h.Set("Content-Type", "application/octet-stream")
	switch {
	case path == "checkpoint":
		h.Set("Content-Type", "text/plain; charset=utf-8")
		h.Set("Cache-Control", "no-cache")
	case strings.Contains(path, ".p/") || strings.HasPrefix(path, ledger.Signatures): // those may be erased
		h.Set("Cache-Control", "no-cache")
	default:
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	_, _ = w.Write(b)
}
