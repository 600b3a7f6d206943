package web

import (
	"net/http"
	"net/url"
	"path"
	"strings"

	"loam"
)

// maxNotice bounds a notice's form, in bytes.
const maxNotice = 128 << 10

func (s *Server) noticePages() {
	s.handle("GET /notice", func(w http.ResponseWriter, r *http.Request) {
		s.noticeForm(w, r, http.StatusOK, url.Values{"works": {r.URL.Query().Get("work")}}, "")
	})
	s.handle("POST /notice", s.noticeSent)
	s.handle("GET /notice/{number}", s.noticePage)
	s.handle("POST /notice/{number}/claims/{claim}", s.noticeAct(func(r *http.Request) error {
		return s.answerNotice(r.Context(), r.PathValue("number"), r.PathValue("claim"), PleadingForm{r.PostForm.Get("text"), strings.Fields(r.PostForm.Get("links"))})
	}))
	s.handle("POST /notice/{number}/withdraw", s.noticeAct(func(r *http.Request) error {
		return s.withdrawNotice(r.Context(), r.PathValue("number"))
	}))
}

// noticeData is the form with what was typed, and what was wrong with it.
type noticeData struct {
	Typed     url.Values
	Problem   string
	Rights    []loam.Right
	Standings []loam.Standing
}

// Get is what was typed into a field.
func (d noticeData) Get(field string) string { return d.Typed.Get(field) }

func (s *Server) noticeForm(w http.ResponseWriter, r *http.Request, status int, typed url.Values, problem string) {
	s.render(w, r, status, "notice.html", view{Title: sentence(langOf(r), "notice.title"), Spent: problem != "", Data: noticeData{typed, problem, loam.Rights(), loam.Standings()}})
}

func (s *Server) noticeSent(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxNotice)
	if err := r.ParseForm(); err != nil {
		s.failPage(w, r, tooLarge(err, "request.too_large", loam.Fail(loam.Invalid, "request.invalid").Because(err)))
		return
	}
	f := r.PostForm
	n, err := s.fileNotice(r.Context(), NoticeForm{
		Right: loam.Right(f.Get("right")), Works: strings.Fields(f.Get("works")), Name: f.Get("name"), Contact: f.Get("contact"),
		Standing: loam.Standing(f.Get("standing")), Text: f.Get("text"), Links: strings.Fields(f.Get("links")), Truthful: f.Get("truthful") == "yes",
	})
	if err != nil {
		s.note(r.Context(), err)
		p := problem(langOf(r), err)
		s.noticeForm(w, r, p.Status, f, p.Detail)
		return
	}
	http.Redirect(w, r, "/notice/"+n.Number, http.StatusSeeOther)
}

// noticeStatus is a notice with its clock.
type noticeStatus struct {
	NoticeView
	Running bool // there is something left to take back
}

// Answers reports whether somebody waits for the claimant's word on a claim.
func (noticeStatus) Answers(k loam.Claim) bool {
	return !k.State.Over() && (k.Question != "" || k.CounteredAt > k.AnsweredAt)
}

func (s *Server) noticePage(w http.ResponseWriter, r *http.Request) {
	n, err := s.noticed(r.Context(), r.PathValue("number"))
	if err != nil {
		s.failPage(w, r, err)
		return
	}
	d := noticeStatus{NoticeView: noticeView(r.PathValue("number"), n)}
	for _, k := range n.Claims {
		d.Running = d.Running || !k.State.Over()
	}
	s.render(w, r, http.StatusOK, "noticed.html", view{Title: sentence(langOf(r), "notice.number"), Data: d})
}

// noticeAct does what a form of a notice's page asks and goes back to it; what could not be done
// gives back the words that were written.
func (s *Server) noticeAct(do func(r *http.Request) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, maxNotice)
		err := r.ParseForm()
		if err != nil {
			err = tooLarge(err, "request.too_large", loam.Fail(loam.Invalid, "request.invalid").Because(err))
		} else {
			err = do(r)
		}
		back := "/notice/" + url.PathEscape(r.PathValue("number"))
		if err == nil {
			http.Redirect(w, r, back, http.StatusSeeOther)
			return
		}
		s.note(r.Context(), err)
		p := problem(langOf(r), err)
		s.render(w, r, p.Status, "kept.html", view{Title: p.Detail, Spent: true, Data: kept{p.Detail, r.PostForm.Get("text"), back}})
	}
}

// logged is a request's path for the log: a receipt number is a key, and keys are not logged, also
// where no route matches the path they stand in.
func logged(asked string) string {
	clean := strings.ToLower(path.Clean("/" + asked))
	for _, prefix := range []string{"/notice/", "/api/notices/"} {
		if strings.HasPrefix(clean, prefix) {
			return prefix + "{number}"
		}
	}
	return asked
}
