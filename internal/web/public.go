package web

import (
	"bytes"
	"context"
	"embed"
	"encoding/base32"
	"fmt"
	"html/template"
	"io/fs"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"loam"
	"loam/internal/community"
	"loam/internal/rights"
)

//go:embed pages
var pages embed.FS

// NoteCard is a note in the feed.
type NoteCard struct {
	Work       string       `json:"work"`
	Title      string       `json:"title"`
	Author     string       `json:"author"`
	Handle     string       `json:"handle"`
	AI         loam.AIState `json:"ai"`
	Notice     string       `json:"notice"`
	TextNotice string       `json:"-"` // of its words alone
	Cover      PictureView  `json:"cover"`
	Sound      int64        `json:"sound,omitempty" doc:"How long its sound is (ms); 0 for none"`
	ReleasedAt int64        `json:"released_at"`
}

// Feed is one page of the feed and where the next begins; Next is "" at the end.
type Feed struct {
	Notes []NoteCard `json:"notes"`
	Next  string     `json:"next"`
}

// Site is what a page must know of the installation.
type Site struct {
	Demo     bool      `json:"demo"`
	Producer bool      `json:"producer"` // labels can be written
	Staffed  bool      `json:"staffed"`  // an administrator exists
	Key      string    `json:"key"`      // verifies what this installation signed; "" if it signs nothing
	Model    ModelView `json:"model"`
	Lang     string    `json:"lang"`
	// Witnesses are asked to cosign the rights ledger.
	Witnesses []rights.Witness `json:"witnesses"`
}

func card(lang string, r loam.Release) NoteCard {
	c := r.Version.Content
	n := NoteCard{Work: r.Version.Work, Title: c.Title, Author: r.Author.Name, Handle: r.Author.Handle, AI: c.AI(), Notice: notice(lang, c.AI()), TextNotice: notice(lang, c.TextAI), ReleasedAt: r.ReleasedAt}
	if c.Sound != nil {
		n.Sound = c.Sound.Millis
	}
	if len(c.Assets) > 0 {
		a := c.Assets[0]
		n.Cover = PictureView{URL: "/p/" + n.Work + "/1/small", Width: a.Width, Height: a.Height, Alt: a.Alt}
	}
	return n
}

func cards(lang string, list []loam.Release) []NoteCard {
	out := make([]NoteCard, 0, len(list))
	for _, r := range list {
		out = append(out, card(lang, r))
	}
	return out
}

func (s *Server) feed(ctx context.Context, lang, cursor string) (Feed, error) {
	places, err := readPlaces(cursor, 2)
	if err != nil {
		return Feed{}, err
	}
	list, next, err := s.Square.Feed(ctx, community.Cursor{Human: places[0], Made: places[1]})
	if err != nil {
		return Feed{}, err
	}
	f := Feed{Notes: cards(lang, list)}
	if next != nil {
		f.Next = writePlaces(next.Human, next.Made)
	}
	return f, nil
}

var cursorText = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

// writePlaces is a cursor: where one or several lists go on.
func writePlaces(places ...loam.Place) string {
	var raw []byte
	for _, p := range places {
		raw = fmt.Appendf(raw, "%d %s,", p.At, p.Version)
	}
	return cursorText.EncodeToString(raw)
}

// readPlaces reads a cursor of n places; an empty one is the beginning of each.
func readPlaces(cursor string, n int) ([]loam.Place, error) {
	out := make([]loam.Place, n)
	if cursor == "" {
		return out, nil
	}
	raw, err := cursorText.DecodeString(cursor)
	parts := strings.Split(string(raw), ",")
	if err != nil || len(parts) != n+1 || parts[n] != "" {
		return nil, loam.Fail(loam.Invalid, "feed.cursor")
	}
	for i := range out {
		at, version, ok := strings.Cut(parts[i], " ")
		ms, err := strconv.ParseInt(at, 10, 64)
		if err != nil || !ok || ms < 0 || version != "" && !loam.IsID(version) {
			return nil, loam.Fail(loam.Invalid, "feed.cursor")
		}
		out[i] = loam.Place{At: ms, Version: version}
	}
	return out, nil
}

// writePlace is the cursor of one list, "" at its end.
func writePlace(p *loam.Place) string {
	if p == nil {
		return ""
	}
	return writePlaces(*p)
}

func readPlace(cursor string) (loam.Place, error) {
	places, err := readPlaces(cursor, 1)
	if err != nil {
		return loam.Place{}, err
	}
	return places[0], nil
}

func (s *Server) publicRoutes() {
	type page struct {
		Cursor string `query:"cursor" maxLength:"200"`
	}
	op(s, "GET", "/api/feed", "feed", "The public feed, newest first", func(ctx context.Context, in *page) (*body[Feed], error) {
		return answer(s.feed(ctx, callerOf(ctx).lang, in.Cursor))
	})
	op(s, "GET", "/api/site", "site", "What a page must know of this installation", func(ctx context.Context, _ *struct{}) (*body[Site], error) {
		staffed, err := s.Accounts.Staffed(ctx)
		return answer(Site{Demo: s.Demo, Producer: s.Producer, Staffed: staffed, Key: s.Key, Model: ModelView{Name: s.Model.Connected().Name}, Lang: callerOf(ctx).lang, Witnesses: append([]rights.Witness{}, s.Witnesses...)}, err)
	})
	type report struct {
		Ref
		Body struct {
			Risk    loam.Risk `json:"risk"`
			Text    string    `json:"text,omitempty" maxLength:"4000"`
			Contact string    `json:"contact,omitempty" maxLength:"800"`
		}
	}
	type receipt struct {
		Receipt string `json:"receipt"`
	}
	op(s, "POST", "/api/works/{id}/reports", "report", "Report a note; no account needed", func(ctx context.Context, in *report) (*body[receipt], error) {
		r, err := s.report(ctx, loam.Report{Work: in.ID, Risk: in.Body.Risk, Text: in.Body.Text, Contact: in.Body.Contact})
		return answer(receipt{r.ID}, err)
	})
	static := http.FileServerFS(must(fs.Sub(pages, "pages/static")))
	s.handle("GET /static/", func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/static/tokens.css" {
			w.Header().Set("Content-Type", "text/css; charset=utf-8")
			_, _ = w.Write([]byte(s.Tokens)) // the client is gone; nothing to do
			return
		}
		if strings.HasSuffix(r.URL.Path, "/") {
			s.failPage(w, r, loam.Fail(loam.NotFound, "page.not_found")) // no listing
			return
		}
		http.StripPrefix("/static/", static).ServeHTTP(w, r)
	})
	s.handle("GET /{$}", s.feedPage)
	s.handle("GET /p/{work}", s.notePage)
	s.handle("GET /p/{work}/{n}", s.notePicture)
	s.handle("GET /p/{work}/{n}/small", s.noteThumbnail)
	s.handle("GET /p/{work}/text", s.noteText)
	s.handle("GET /p/{work}/report", s.reportPage)
	s.handle("POST /p/{work}/report", s.reportForm)
	s.handle("POST /p/{work}/takedown", s.takedownForm)
	s.handle("GET /app/", s.app)
	s.handle("POST /app/{$}", s.appWithIdea)
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err) // a broken embedded file, found by every test
	}
	return v
}

func (s *Server) report(ctx context.Context, r loam.Report) (loam.Report, error) {
	if !s.slow.allow("report " + callerOf(ctx).address) {
		return r, loam.Fail(loam.Limited, "request.too_often")
	}
	if _, err := s.Square.Note(ctx, callerOf(ctx).id(), r.Work); err != nil {
		return r, err
	}
	return s.Square.Report(ctx, r)
}

// view is what every public page is filled with.
type view struct {
	Lang   string
	Demo   bool
	Title  string
	Asked  url.Values // the address's query
	Query  string     // what is searched for
	Caller loam.Account
	// Spent: the page cannot be had again under its address, so no link in the head leads to it in
	// the other language; the page says itself what to do.
	Spent bool
	Data  any
}

// T is a sentence of the page's language.
func (v view) T(code string, args ...string) string { return sentence(v.Lang, code, args...) }

// OtherT is a sentence of the other language, for who would rather read that.
func (v view) OtherT(code string) string { return sentence(v.Other(), code) }

// Other is the language one can switch to.
func (v view) Other() string {
	if v.Lang == "zh" {
		return "en"
	}
	return "zh"
}

// Switch is the way to this very page in the other language.
func (v view) Switch() string {
	q := maps.Clone(v.Asked)
	q.Set("lang", v.Other())
	return "?" + q.Encode()
}

// Topic is the address of a tag's page, whatever the tag is made of.
func (view) Topic(tag string) string {
	if tag == "." || tag == ".." { // no address ends so
		return "/search?q=" + tag
	}
	return "/t/" + url.PathEscape(tag)
}

// Examples are the ideas to try, as their sentences are called.
func (view) Examples() []string { return examples }

// Kinds are the kinds of note there are.
func (view) Kinds() []loam.NoteKind { return loam.NoteKinds() }

// With is the same page with other data, for a part of it.
func (v view) With(data any) view {
	v.Data = data
	return v
}

// about is a comment on its page.
type about struct {
	Talk    talkView
	Comment CommentView
}

// About joins a comment with the page it stands on.
func (view) About(t talkView, c CommentView) any { return about{t, c} }

// longComment is how many characters of a comment a list shows; the rest on its thread's page.
const longComment = 280

// IsCut reports whether a comment's words are cut where it stands.
func (view) IsCut(words string, t talkView) bool {
	return t.Thread == nil && utf8.RuneCountInString(words) > longComment
}

// Cut is a comment's words as a list shows them.
func (v view) Cut(words string, t talkView) string {
	if !v.IsCut(words, t) {
		return words
	}
	return string([]rune(words)[:longComment]) + "…"
}

// Moment is a time in Shanghai to the minute.
func (v view) Moment(ms int64) string {
	return time.UnixMilli(ms).In(loam.Shanghai).Format("2006-01-02 15:04")
}

// Number is a figure with its unit.
func (v view) Number(value float64, unit string) string {
	return sentence(v.Lang, "unit."+unit, strconv.FormatFloat(value, 'f', -1, 64))
}

// Length is how long a sound is, as a player shows it.
func (view) Length(millis int64) string { return clock(millis) }

// Date is a day in Shanghai.
func (v view) Date(ms int64) string { return loam.Day(ms) }

// Clock is a machine-readable time.
func (v view) Clock(ms int64) string { return time.UnixMilli(ms).UTC().Format(time.RFC3339) }

// parsePages reads the public pages, each with the frame and the parts they share.
func parsePages() map[string]*template.Template {
	out := map[string]*template.Template{}
	for _, file := range must(fs.Glob(pages, "pages/*.html")) {
		name := strings.TrimPrefix(file, "pages/")
		if name != "layout.html" && name != "parts.html" {
			out[name] = must(template.ParseFS(pages, "pages/layout.html", "pages/parts.html", file))
		}
	}
	return out
}

func (s *Server) render(w http.ResponseWriter, r *http.Request, status int, name string, v view) {
	var out bytes.Buffer
	v.Lang, v.Demo, v.Asked = langOf(r), s.Demo, r.URL.Query()
	if a := callerOf(r.Context()).account; a != nil {
		v.Caller = *a
	}
	if err := s.views[name].ExecuteTemplate(&out, "layout.html", v); err != nil {
		s.fail(w, r, err)
		return
	}
	if l := v.Asked.Get("lang"); l == "zh" || l == "en" {
		http.SetCookie(w, &http.Cookie{Name: "lang", Value: l, Path: "/", MaxAge: 365 * 24 * 3600, SameSite: http.SameSiteLaxMode})
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Vary", "Accept-Language, Cookie")
	w.Header().Set("Cache-Control", "private, no-cache") // her own page may show more than others see
	w.WriteHeader(status)
	_, _ = w.Write(out.Bytes()) // the client is gone; nothing to do
}

// failPage answers a public page with an error a person can read.
func (s *Server) failPage(w http.ResponseWriter, r *http.Request, err error) {
	s.note(r.Context(), err)
	p := problem(langOf(r), err)
	maps.Copy(w.Header(), p.GetHeaders())
	s.render(w, r, p.Status, "sorry.html", view{Title: p.Detail, Data: p})
}

var examples = []string{"a", "b", "c"}

// feedData is what the public feed shows: notes, and above them the box for an idea.
type feedData struct {
	Feed
	Model string // "" if none is connected
}

func (s *Server) feedPage(w http.ResponseWriter, r *http.Request) {
	f, err := s.feed(r.Context(), langOf(r), r.URL.Query().Get("cursor"))
	if err != nil {
		s.failPage(w, r, err)
		return
	}
	s.render(w, r, http.StatusOK, "feed.html", view{Data: feedData{f, s.Model.Connected().Name}})
}

// takedownForm removes a note at once, for an operator who reads it; its creator gets a
// statement of reasons and can appeal.
func (s *Server) takedownForm(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 64<<10)
	if err := r.ParseForm(); err != nil {
		s.failPage(w, r, tooLarge(err, "request.too_large", loam.Fail(loam.Invalid, "reason.needed").Because(err)))
		return
	}
	err := s.Publish.Takedown(r.Context(), callerOf(r.Context()).id(), r.PathValue("work"), loam.Risk(r.PostForm.Get("risk")), r.PostForm.Get("note"))
	if err != nil {
		s.failPage(w, r, err)
		return
	}
	http.Redirect(w, r, "/p/"+r.PathValue("work"), http.StatusSeeOther)
}

// reported is what the report page of a note, a comment or a profile shows.
type reported struct {
	Work, Name, Text, Back string
	Risks                  []loam.Risk
	Staff                  bool // the reader may take it down
}

// reportPage is the form to report a comment or a profile by; a note's page has its own.
func (s *Server) reportPage(w http.ResponseWriter, r *http.Request) {
	rel, err := s.readable(w, r)
	if err != nil {
		s.failPage(w, r, err)
		return
	}
	c := rel.Version.Content
	d := reported{Work: rel.Version.Work, Name: rel.Author.Name, Text: c.Body, Back: "/p/" + rel.Version.Work, Risks: noteRisks()}
	d.Staff = allow("POST /p/{work}/takedown", callerOf(r.Context())) == nil && callerOf(r.Context()).id() != rel.Version.Owner
	switch c.Form {
	case loam.FormComment:
		d.Back = "/p/" + c.On + "#comments"
	case loam.FormProfile:
		d.Back = "/u/" + rel.Author.Handle
	case loam.FormNote:
		d.Text = c.Title
	}
	s.render(w, r, http.StatusOK, "report.html", view{Title: sentence(langOf(r), "report.short"), Data: d})
}

func (s *Server) reportForm(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 64<<10)
	if err := r.ParseForm(); err != nil {
		s.failPage(w, r, tooLarge(err, "request.too_large", loam.Fail(loam.Invalid, "report.reason").Because(err)))
		return
	}
	rep, err := s.report(r.Context(), loam.Report{Work: r.PathValue("work"), Risk: loam.Risk(r.PostForm.Get("risk")), Text: r.PostForm.Get("text"), Contact: r.PostForm.Get("contact")})
	if err != nil {
		s.failPage(w, r, err)
		return
	}
	s.render(w, r, http.StatusOK, "reported.html", view{Title: rep.ID, Data: rep})
}
