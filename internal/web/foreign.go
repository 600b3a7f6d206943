package web

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"loam"
	"loam/internal/terms"
)

// ForeignTerms is a document in which somebody, she herself elsewhere or a platform, says what may
// be done with works of hers.
type ForeignTerms struct {
	Source terms.Source `json:"source" enum:"robots,rsl,content_usage,content_signal,cawg,tdmrep"`
	Text   string       `json:"text" maxLength:"524288" doc:"The document, or the value of the field; CAWG as JSON"`
	At     string       `json:"at,omitempty" maxLength:"2048" doc:"The address of the page it speaks of, for robots.txt, RSL and TDMRep"`
	Works  []string     `json:"works" maxItems:"500" doc:"Works it is about; empty: all, also those to come"`
	Apply  bool         `json:"apply,omitempty" doc:"Write it; else only what it would do is told"`
}

// TermsImport is what foreign terms come to.
type TermsImport struct {
	Denied []loam.Use     `json:"denied"` // the uses they say no to
	Asked  []loam.Use     `json:"asked"`  // those they say yes to: a yes from elsewhere opens nothing
	Takes  []loam.Closing `json:"takes"`  // what of her word that takes back
	Unread []string       `json:"unread"` // documents they name and that were not read, which makes them a no to everything
	Done   bool           `json:"done"`
}

// maxForeign bounds a document that is handed in, in bytes.
const maxForeign = 512 << 10

func (s *Server) foreignRoutes() {
	type foreign struct{ Body ForeignTerms }
	op(s, "POST", "/api/rights/terms/import", "import-terms", "Take over what foreign terms deny: AIPREF, Content-Signal, robots.txt, RSL, TDMRep or CAWG. Nothing is ever opened by it", func(ctx context.Context, in *foreign) (*body[TermsImport], error) {
		return answer(s.importTerms(ctx, in.Body))
	})
}

func (s *Server) importTerms(ctx context.Context, f ForeignTerms) (TermsImport, error) {
	out := TermsImport{Denied: []loam.Use{}, Asked: []loam.Use{}, Takes: []loam.Closing{}, Unread: []string{}, Done: f.Apply}
	c := callerOf(ctx)
	switch {
	case !slices.Contains(terms.Sources(), f.Source):
		return out, loam.Fail(loam.Invalid, "terms.source")
	case strings.TrimSpace(f.Text) == "":
		return out, loam.Fail(loam.Invalid, "terms.empty")
	case len(f.Text) > maxForeign:
		return out, loam.Fail(loam.TooLarge, "terms.long", maxForeign>>10)
	case f.Source.Located() && !isPage(f.At):
		return out, loam.Fail(loam.Invalid, "terms.at")
	case !s.slow.allow("terms " + c.id()):
		return out, loam.Fail(loam.Limited, "request.too_often")
	}
	said, unread := terms.Read(f.Source, []byte(f.Text), f.At, terms.Media(), "")
	out.Unread = append(out.Unread, unread...)
	for _, u := range loam.Uses() {
		switch said[u].Answer {
		case terms.Deny:
			out.Denied = append(out.Denied, u)
		case terms.Allow:
			out.Asked = append(out.Asked, u)
		case terms.Unknown:
		}
	}
	if len(out.Denied) == 0 {
		out.Done = false
		return out, nil
	}
	var err error
	out.Takes, err = s.Rights.CloseUses(ctx, c.id(), f.Works, out.Denied, f.Apply)
	return out, err
}

// isPage reports whether an address is one of a page.
func isPage(at string) bool {
	u, err := url.Parse(strings.TrimSpace(at))
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}
