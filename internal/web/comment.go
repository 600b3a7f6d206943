package web

import (
	"context"
	"net/http"
	"strings"
	"time"

	"loam"
)

// Top is the comment that begins this one's thread.
func (c CommentView) Top() string {
	if c.Parent != "" {
		return c.Parent
	}
	return c.Work
}

// CommentView is a comment as its readers see it, or its writer one that is not out.
type CommentView struct {
	Work    string        `json:"work"`
	Version string        `json:"version"`
	Parent  string        `json:"parent"`
	Name    string        `json:"name"`
	Handle  string        `json:"handle"`
	Text    string        `json:"text"`
	At      int64         `json:"at"`
	AI      loam.AIState  `json:"ai"`
	Notice  string        `json:"notice"`
	Creator bool          `json:"creator"` // by the note's own creator
	Own     bool          `json:"own"`     // by the caller
	Folded  bool          `json:"folded"`  // shown when asked for
	State   loam.State    `json:"state"`
	Reason  string        `json:"reason"`     // why it is not out, "" where it is
	Plead   bool          `json:"can_appeal"` // it may be appealed
	Answers int           `json:"answers"`
	First   []CommentView `json:"first"` // the first answers
}

// DiscussionView is one page of the comments of a note.
type DiscussionView struct {
	Count    int           `json:"count"`
	Open     bool          `json:"open"`
	Comments []CommentView `json:"comments"`
	Mine     []CommentView `json:"mine"` // the caller's own that are not out
	Next     string        `json:"next"`
}

// talkView is the discussion on a note's page. Key makes a form's comment one, however often
// it is sent.
type talkView struct {
	DiscussionView
	Work   string
	Title  string
	Own    bool // the reader wrote the note
	Signed bool
	Key    string
	Thread *CommentView // on a thread's own page
	To     CommentView  // whom its form answers
}

func (s *Server) commentView(ctx context.Context, note loam.Release, c loam.Comment) CommentView {
	me := callerOf(ctx)
	return CommentView{
		Work: c.Work, Version: c.Version, Parent: c.Parent, Name: c.Author.Name, Handle: c.Author.Handle, Text: c.Text, At: c.At,
		AI: c.AI, Notice: notice(me.lang, c.AI), Creator: c.Author.ID == note.Version.Owner, Own: c.Author.ID == me.id(),
		Folded: c.Reach == loam.LimitReach && c.Author.ID != me.id(), State: c.State, Answers: c.Answers, First: []CommentView{},
	}
}

func (s *Server) commentViews(ctx context.Context, note loam.Release, list []loam.Comment) []CommentView {
	out := make([]CommentView, 0, len(list))
	for _, c := range list {
		out = append(out, s.commentView(ctx, note, c))
	}
	return out
}

func (s *Server) discussion(ctx context.Context, note loam.Release, from loam.Place) (DiscussionView, error) {
	out := DiscussionView{Comments: []CommentView{}, Mine: []CommentView{}}
	d, err := s.Square.Discuss(ctx, callerOf(ctx).id(), note.Version.Work, from)
	if err != nil {
		return out, err
	}
	out.Count, out.Open, out.Next = d.Count, d.Open, writePlace(d.Next)
	for _, t := range d.Threads {
		v := s.commentView(ctx, note, t.Comment)
		v.First = s.commentViews(ctx, note, t.First)
		out.Comments = append(out.Comments, v)
	}
	for _, c := range d.Mine {
		v := s.commentView(ctx, note, c)
		if v.Reason, v.Plead, err = s.why(ctx, c.Version); err != nil {
			return out, err
		}
		out.Mine = append(out.Mine, v)
	}
	return out, nil
}

// thread is one comment with its answers from a place on.
func (s *Server) thread(ctx context.Context, note loam.Release, comment string, from loam.Place) (CommentView, string, error) {
	if !loam.IsID(comment) {
		return CommentView{}, "", loam.Fail(loam.NotFound, "comment.not_found")
	}
	t, next, err := s.Square.Thread(ctx, note.Version.Work, comment, from)
	if err != nil {
		return CommentView{}, "", err
	}
	v := s.commentView(ctx, note, t.Comment)
	v.First = s.commentViews(ctx, note, t.First)
	return v, writePlace(next), nil
}

// why is the statement of reasons for a version that is not out, and whether it can be
// appealed now.
func (s *Server) why(ctx context.Context, version string) (string, bool, error) {
	v, err := s.Library.Version(ctx, version)
	if err != nil {
		return "", false, err
	}
	lang := callerOf(ctx).lang
	if v.State == loam.Submitted || v.State == loam.Cleared {
		return sentence(lang, "comment.checking"), false, nil
	}
	st, err := s.Library.Statement(ctx, v)
	if err != nil {
		return "", false, err
	}
	if st.Appeal != nil && st.Appeal.Outcome == "" {
		return sentence(lang, "comment.appealed"), false, nil
	}
	plead := st.AppealBy > s.Clock.Now()
	switch v.State {
	case loam.Held, loam.Refused, loam.Removed:
		return sentence(lang, "words."+string(v.State), sentence(lang, "risk."+st.Reason)), plead, nil
	default:
		return reason(lang, st), plead, nil
	}
}

func (s *Server) talkOf(ctx context.Context, note loam.Release, from loam.Place) (talkView, error) {
	me := callerOf(ctx)
	t := talkView{
		Work: note.Version.Work, Title: note.Version.Content.Title, Own: me.id() == note.Version.Owner, Signed: me.human,
		Key: loam.NewSecret(),
	}
	var err error
	t.DiscussionView, err = s.discussion(ctx, note, from)
	return t, err
}

// comment takes exactly these words of the caller's down the line: frozen, labelled, and
// confirmed by her sending them.
func (s *Server) comment(ctx context.Context, key, note, parent, words string) (loam.Version, error) {
	c := callerOf(ctx)
	if !s.talk.allow("comment "+c.id()) || !s.crowd.allow(note) {
		return loam.Version{}, loam.Fail(loam.Limited, "comment.too_often")
	}
	if key == "" || len(key) > 100 || strings.ContainsFunc(key, func(r rune) bool { return r < '!' || r > '~' }) {
		return loam.Version{}, loam.Fail(loam.Invalid, "comment.key_missing")
	}
	if parent != "" && !loam.IsID(parent) {
		return loam.Version{}, loam.Fail(loam.NotFound, "comment.not_found")
	}
	v, err := s.Intake.Comment(ctx, c.id(), key, note, parent, words)
	return s.utter(ctx, v, err)
}

// rename takes a display name and bio down the line. The account is called so when the
// version is released, and nothing that was confirmed before changes by it.
func (s *Server) rename(ctx context.Context, name, bio string) error {
	c := callerOf(ctx)
	if !s.talk.allow("profile " + c.id()) {
		return loam.Fail(loam.Limited, "request.too_often")
	}
	v, err := s.Intake.Profile(ctx, c.id(), name, bio)
	_, err = s.utter(ctx, v, err)
	return err
}

// named gives a new account the name its person asked for, as far as that is at once
// possible; what stands against it she reads on her account's page.
func (s *Server) named(ctx context.Context, a loam.Account, name string) loam.Account {
	if name == a.Name {
		return a
	}
	ctx = context.WithValue(ctx, callerKey{}, caller{account: &a, human: true, lang: callerOf(ctx).lang, address: callerOf(ctx).address})
	if err := s.rename(ctx, name, ""); err != nil {
		s.note(ctx, err)
		return a
	}
	if now, err := s.Accounts.Account(ctx, a.ID); err == nil {
		a = now
	}
	return a
}

const (
	settleTime = 700 * time.Millisecond
	settleStep = 15 * time.Millisecond
)

// utter takes words that were just frozen the rest of the way: labels them, confirms them
// for the person whose request brought them, and waits a moment for screening, so that she
// mostly sees them stand.
func (s *Server) utter(ctx context.Context, v loam.Version, err error) (loam.Version, error) {
	if err != nil {
		return v, err
	}
	if v.ConfirmedAt == 0 {
		if err := s.Label(ctx, v.ID); err != nil {
			return v, err
		}
		if v, err = s.Library.Version(ctx, v.ID); err != nil {
			return v, err
		}
		if v, err = s.confirm(ctx, v.ID, v.ReleaseHash); err != nil {
			return v, err
		}
	}
	tick := time.NewTicker(settleStep)
	defer tick.Stop()
	for end := s.Clock().Add(settleTime); v.State == loam.Submitted && s.Clock().Before(end); {
		select {
		case <-ctx.Done():
			return v, nil // it is confirmed: the line goes on without her
		case <-tick.C:
		}
		if v, err = s.Library.Version(ctx, v.ID); err != nil {
			return v, err
		}
	}
	return v, nil
}

// ProfileView is what an account is called, and what of it is still on its way.
type ProfileView struct {
	Name      string     `json:"name"`
	Bio       string     `json:"bio"`
	Wanted    string     `json:"wanted_name"` // of the newest version, if it is not out; "" if none is on its way
	WantedBio string     `json:"wanted_bio"`
	Version   string     `json:"version"`
	State     loam.State `json:"state"`
	Reason    string     `json:"reason"`
	Plead     bool       `json:"can_appeal"`
}

func (s *Server) profile(ctx context.Context) (ProfileView, error) {
	a := callerOf(ctx).account
	out := ProfileView{Name: a.Name, Bio: a.Bio}
	v, err := s.Accounts.Profile(ctx, a.ID)
	if loam.KindOf(err) == loam.NotFound {
		return out, nil
	}
	if err != nil || v.State == loam.Released {
		return out, err
	}
	out.Wanted, out.WantedBio, out.Version, out.State = v.Content.Title, v.Content.Body, v.ID, v.State
	out.Reason, out.Plead, err = s.why(ctx, v.ID)
	return out, err
}

func (s *Server) commentRoutes() {
	op(s, "GET", "/api/profile", "get-profile", "What one is called, and what of it is still on its way", func(ctx context.Context, _ *struct{}) (*body[ProfileView], error) {
		return answer(s.profile(ctx))
	})
	type list struct {
		Ref
		Thread string `query:"thread" maxLength:"64"`
		Cursor string `query:"cursor" maxLength:"200"`
	}
	op(s, "GET", "/api/works/{id}/comments", "list-comments", "The comments of a note, newest first, or the answers to one, oldest first", func(ctx context.Context, in *list) (*body[DiscussionView], error) {
		from, err := readPlace(in.Cursor)
		if err != nil {
			return nil, err
		}
		note, err := s.discussed(ctx, in.ID)
		if err != nil {
			return nil, err
		}
		if in.Thread == "" {
			return answer(s.discussion(ctx, note, from))
		}
		t, next, err := s.thread(ctx, note, in.Thread, from)
		return answer(DiscussionView{Count: t.Answers, Open: true, Comments: t.First, Mine: []CommentView{}, Next: next}, err)
	})
	type write struct {
		Ref
		Key  string `header:"Idempotency-Key" maxLength:"100" doc:"One per comment: the same key again is the same comment"`
		Body struct {
			Text   string `json:"text" maxLength:"8000"`
			Parent string `json:"parent,omitempty" maxLength:"64" doc:"The comment it answers"`
		}
	}
	op(s, "POST", "/api/works/{id}/comments", "comment", "Say exactly these words under a note", func(ctx context.Context, in *write) (*body[CommentView], error) {
		note, err := s.discussed(ctx, in.ID)
		if err != nil {
			return nil, err
		}
		v, err := s.comment(ctx, in.Key, in.ID, in.Body.Parent, in.Body.Text)
		if err != nil {
			return nil, err
		}
		out := s.commentView(ctx, note, loam.Comment{
			Work: v.Work, Version: v.ID, On: in.ID, Parent: v.Content.Parent, Author: *callerOf(ctx).account, Text: v.Content.Body,
			AI: v.Content.AI(), State: v.State, Reach: v.Reach, At: v.SubmittedAt,
		})
		if v.State != loam.Released {
			out.Reason, out.Plead, err = s.why(ctx, v.ID)
		}
		return answer(out, err)
	})
	type open struct {
		Ref
		Body struct {
			Open bool `json:"open"`
		}
	}
	op(s, "PUT", "/api/works/{id}/comments", "void-open-comments", "Open or close one's own note for comments", func(ctx context.Context, in *open) (*struct{}, error) {
		return nil, s.Square.SetOpen(ctx, callerOf(ctx).id(), in.ID, in.Body.Open)
	})
	s.handle("GET /p/{work}/comments", s.commentsPage)
	s.handle("POST /p/{work}/comments", s.form(func(r *http.Request) error {
		if _, err := s.discussed(r.Context(), r.PathValue("work")); err != nil {
			return err
		}
		_, err := s.comment(r.Context(), r.PostForm.Get("key"), r.PathValue("work"), r.PostForm.Get("parent"), r.PostForm.Get("text"))
		return err
	}))
	s.handle("POST /p/{work}/comments/open", s.form(func(r *http.Request) error {
		return s.Square.SetOpen(r.Context(), callerOf(r.Context()).id(), r.PathValue("work"), r.PostForm.Get("open") == "yes")
	}))
	s.handle("POST /p/{work}/comments/{version}/take", s.form(func(r *http.Request) error {
		return s.Publish.Withdraw(r.Context(), callerOf(r.Context()).id(), r.PathValue("version"))
	}))
	s.handle("POST /p/{work}/comments/{version}/plead", s.form(func(r *http.Request) error {
		_, err := s.Review.Appeal(r.Context(), callerOf(r.Context()).id(), r.PathValue("version"), r.PostForm.Get("text"))
		return err
	}))
}

// discussed is a note the caller may see and talk about; comments and profiles are none.
func (s *Server) discussed(ctx context.Context, work string) (loam.Release, error) {
	note, err := s.Square.Note(ctx, callerOf(ctx).id(), work)
	if err == nil && note.Version.Content.Form != loam.FormNote {
		err = loam.Fail(loam.NotFound, "note.not_found")
	}
	return note, err
}

// form does what a script-free form of a note's page asks and goes back to its comments.
func (s *Server) form(do func(r *http.Request) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, 64<<10)
		err := r.ParseForm()
		if err != nil {
			err = tooLarge(err, "request.too_large", loam.Fail(loam.Invalid, "request.invalid").Because(err))
		} else {
			err = do(r)
		}
		if err != nil {
			s.failForm(w, r, err)
			return
		}
		to := "/p/" + r.PathValue("work")
		if thread := r.PostForm.Get("thread"); loam.IsID(thread) {
			to += "/comments?thread=" + thread
		}
		http.Redirect(w, r, to+"#comments", http.StatusSeeOther)
	}
}

// failForm says what went wrong, and gives back the words that were written.
func (s *Server) failForm(w http.ResponseWriter, r *http.Request, err error) {
	s.note(r.Context(), err)
	p := problem(langOf(r), err)
	for k, v := range p.GetHeaders() {
		w.Header()[k] = v
	}
	back := "/p/" + r.PathValue("work")
	s.render(w, r, p.Status, "kept.html", view{Title: p.Detail, Data: kept{p.Detail, r.PostForm.Get("text"), back}})
}

// kept is a form that did not go through: why, what was written, and the way back.
type kept struct{ Detail, Text, Back string }

func (s *Server) commentsPage(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	from, err := readPlace(q.Get("cursor"))
	var note loam.Release
	if err == nil {
		note, err = s.discussed(r.Context(), r.PathValue("work"))
	}
	var t talkView
	if err == nil {
		t, err = s.talkOf(r.Context(), note, from)
	}
	if id := q.Get("thread"); err == nil && id != "" {
		var one CommentView
		if one, t.Next, err = s.thread(r.Context(), note, id, from); err == nil {
			t.Thread, t.To = &one, one
			for _, a := range one.First {
				if a.Work == q.Get("to") {
					t.To = a
				}
			}
		}
	}
	if err != nil {
		s.failPage(w, r, err)
		return
	}
	w.Header().Set("X-Robots-Tag", "noindex")
	s.render(w, r, http.StatusOK, "comments.html", view{Title: t.Title, Data: t})
}
