package web

import (
	"encoding/json"
	"net/http"
	"strings"

	"loam"
	"loam/internal/terms"
)

// mostOpen bounds how many works robots.txt and tdmrep.json name: those that allow more than to be
// found. Of the rest they say no to that, and nothing of search.
const mostOpen = 1000

func (s *Server) termsRoutes() {
	s.handle("GET /robots.txt", s.robots)
	s.handle("GET /.well-known/tdmrep.json", s.tdmrep)
	s.handle("GET /p/{work}/license.xml", func(w http.ResponseWriter, r *http.Request) {
		rel, err := s.readable(w, r)
		if err != nil {
			s.fail(w, r, err)
			return
		}
		w.Header().Set("Content-Type", terms.RSLType+"; charset=utf-8")
		work := s.termsOf(r, rel)
		_, _ = w.Write(work.RSL())
	})
	s.handle("GET /p/{work}/terms", s.termsPage)
}

// base is the address readers know this installation by, without a slash at its end.
func (s *Server) base(r *http.Request) string { return s.baseOf(r.Host) }

func (s *Server) baseOf(host string) string {
	if s.Public != "" {
		return strings.TrimSuffix(s.Public, "/")
	}
	return "http://" + host // loopback: other hosts are refused before
}

// termsOf is what a note's page says of its terms to machines.
func (s *Server) termsOf(r *http.Request, rel loam.Release) terms.Work {
	page := s.base(r) + "/p/" + rel.Version.Work
	w := terms.Work{URL: page, Owner: rel.Author.Name, Licence: page + "/terms", Media: []terms.Medium{terms.Text}, Permissions: rel.Uses}
	if len(rel.Version.Content.Assets) > 0 {
		w.Media = append(w.Media, terms.Image)
	}
	if rel.Version.Content.Sound != nil {
		w.Media = append(w.Media, terms.Audio)
	}
	for _, p := range rel.Uses {
		if p.Attribution {
			w.Attribution = append(w.Attribution, p.Use)
		}
	}
	return w
}

// sayTerms puts a note's terms beside everything that is read of it: AIPREF, TDMRep, and where
// its RSL licence is.
func (s *Server) sayTerms(w http.ResponseWriter, r *http.Request, rel loam.Release) {
	work, h := s.termsOf(r, rel), w.Header()
	h.Set("Content-Usage", work.ContentUsage())
	reservation, policy := work.TDMHeader()
	h.Set("tdm-reservation", reservation)
	if policy != "" {
		h.Set("tdm-policy", policy)
	}
	h.Add("Link", "<"+work.URL+`/license.xml>; rel="license"; type="`+terms.RSLType+`"`)
}

// open are the newest works that allow machines more than to be found.
func (s *Server) open(r *http.Request) ([]terms.Work, error) {
	if !s.look.allow(callerOf(r.Context()).address) { // costs as a search does
		return nil, loam.Fail(loam.Limited, "request.too_often")
	}
	list, err := s.Rights.OpenWorks(r.Context(), mostOpen)
	if err != nil {
		return nil, err
	}
	works := []terms.Work{}
	for _, rel := range list {
		works = append(works, s.termsOf(r, rel))
	}
	return works, nil
}

// robots serves robots.txt. Notes that are not to be found are not in it, or it would tell where
// they are: their pages say so themselves.
func (s *Server) robots(w http.ResponseWriter, r *http.Request) {
	works, err := s.open(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write(terms.RobotsOfSome(works))
}

func (s *Server) tdmrep(w http.ResponseWriter, r *http.Request) {
	works, err := s.open(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(terms.TDMRep(works, ""))
}

// termsData is a note's terms for readers and lawyers.
type termsData struct {
	Release loam.Release
	Work    string
	Line    string
	Uses    []UseView
	Said    []vocabulary
}

// vocabulary is what one of them says of the note, word for word.
type vocabulary struct{ Name, Text string }

func (s *Server) termsPage(w http.ResponseWriter, r *http.Request) {
	rel, err := s.readable(w, r)
	if err != nil {
		s.failPage(w, r, err)
		return
	}
	lang, work := langOf(r), s.termsOf(r, rel)
	reservation, policy := work.TDMHeader()
	if policy != "" {
		policy = "\ntdm-policy: " + policy
	}
	cawg, err := json.MarshalIndent(map[string]any{"entries": work.CAWG()}, "", "  ")
	if err != nil {
		s.failPage(w, r, err)
		return
	}
	d := termsData{
		Release: rel, Work: rel.Version.Work, Uses: usesNow(rel.Uses, true),
		Line: work.Line(func(code string, args ...string) string { return sentence(lang, code, args...) }),
		Said: []vocabulary{
			{"AIPREF", "Content-Usage: " + work.ContentUsage()},
			{"Content-Signal", "Content-Signal: " + work.ContentSignal()},
			{"TDMRep", "tdm-reservation: " + reservation + policy},
			{"RSL 1.0", string(work.RSL())},
			{"CAWG 1.1", string(cawg)},
		},
	}
	s.render(w, r, http.StatusOK, "terms.html", view{Title: sentence(lang, "terms.title", rel.Version.Content.Title), Data: d})
}
