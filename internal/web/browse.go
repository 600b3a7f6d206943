package web

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"loam"
	"loam/internal/community"
	"loam/internal/text"
)

// PieceView is a stretch of a text; Hit says that it is what was searched for.
type PieceView struct {
	Text string `json:"text"`
	Hit  bool   `json:"hit"`
}

// HitView is a note that was found.
type HitView struct {
	NoteCard
	Marked  []PieceView `json:"marked"`  // the title, cut where the words stand
	Snippet []PieceView `json:"snippet"` // of the body
	Tags    []string    `json:"tags"`    // those that hold a sought word
}

// SearchView is one page of a search. Next is the offset of the following one, 0 at the end.
type SearchView struct {
	Query  string    `json:"query"`
	Hits   []HitView `json:"hits"`
	Next   int       `json:"next"`
	Topics []string  `json:"topics"` // to look at instead, where nothing was found
}

// CreatorView is what the community reads of a creator.
type CreatorView struct {
	Handle  string       `json:"handle"`
	Name    string       `json:"name"`
	Bio     string       `json:"bio"`
	Since   int64        `json:"since"`
	Profile string       `json:"profile"` // the work of her name and bio, to be reported by; "" if she wrote none
	AI      loam.AIState `json:"ai"`      // of her name and bio
	Notice  string       `json:"notice"`
	Notes   []NoteCard   `json:"notes"`
	Next    string       `json:"next"`
}

// TopicView is a topic's notes.
type TopicView struct {
	Topic string     `json:"topic"`
	Notes []NoteCard `json:"notes"`
	Next  string     `json:"next"`
}

func pieces(list []text.Piece) []PieceView {
	out := make([]PieceView, 0, len(list))
	for _, p := range list {
		out = append(out, PieceView{Text: p.Text, Hit: p.Hit})
	}
	return out
}

func (s *Server) search(ctx context.Context, query string, offset int) (SearchView, error) {
	c := callerOf(ctx)
	out := SearchView{Query: strings.TrimSpace(query), Hits: []HitView{}, Topics: []string{}}
	if !s.look.allow(c.address) {
		return out, loam.Fail(loam.Limited, "request.too_often")
	}
	f, err := s.Square.Search(ctx, query, offset)
	if err != nil {
		return out, err
	}
	out.Next, out.Topics = f.Next, append(out.Topics, f.Topics...)
	for _, h := range f.Hits {
		out.Hits = append(out.Hits, HitView{NoteCard: card(c.lang, h.Release), Marked: pieces(h.Title), Snippet: pieces(h.Snippet), Tags: h.Tags})
	}
	return out, nil
}

func (s *Server) creator(ctx context.Context, handle, cursor string) (CreatorView, error) {
	from, err := readPlace(cursor)
	if err != nil {
		return CreatorView{}, err
	}
	if loam.CheckHandle(handle) != nil {
		return CreatorView{}, loam.Fail(loam.NotFound, "account.not_found")
	}
	a, _, err := s.Accounts.AccountByHandle(ctx, handle)
	if err == nil && a.Disabled {
		err = loam.Fail(loam.NotFound, "account.not_found")
	}
	if err != nil {
		return CreatorView{}, err
	}
	out := CreatorView{Handle: a.Handle, Name: a.Name, Bio: a.Bio, Since: a.Created}
	if err := s.profiled(ctx, a.ID, &out); err != nil {
		return out, err
	}
	list, next, err := s.Square.Creator(ctx, callerOf(ctx).id(), a.ID, from)
	out.Notes, out.Next = cards(callerOf(ctx).lang, list), writePlace(next)
	return out, err
}

// profiled adds what readers see of a creator's profile: the released version, also while a
// newer one is on its way.
func (s *Server) profiled(ctx context.Context, account string, out *CreatorView) error {
	c := callerOf(ctx)
	out.AI = loam.NotAI
	v, err := s.Accounts.Profile(ctx, account)
	if err == nil {
		var rel loam.Release
		if rel, err = s.Square.Note(ctx, c.id(), v.Work); err == nil {
			out.Profile, out.AI = v.Work, rel.Version.Content.AI()
			out.Notice = notice(c.lang, out.AI)
		}
	}
	if k := loam.KindOf(err); err != nil && k != loam.NotFound && k != loam.Gone {
		return err
	}
	return nil
}

func (s *Server) topic(ctx context.Context, topic, cursor string) (TopicView, error) {
	out := TopicView{Topic: text.Topic(topic)}
	from, err := readPlace(cursor)
	if err != nil {
		return out, err
	}
	list, next, err := s.Square.Topic(ctx, topic, from)
	out.Notes, out.Next = cards(callerOf(ctx).lang, list), writePlace(next)
	return out, err
}

func (s *Server) related(ctx context.Context, work string) ([]NoteCard, error) {
	list, err := s.Square.Related(ctx, work)
	return cards(callerOf(ctx).lang, list), err
}

func (s *Server) browseRoutes() {
	type find struct {
		Q      string `query:"q" maxLength:"400"`
		Offset int    `query:"offset" minimum:"0" maximum:"1000"`
	}
	op(s, "GET", "/api/search", "search", "Find public notes by their words, as written or as read", func(ctx context.Context, in *find) (*body[SearchView], error) {
		return answer(s.search(ctx, in.Q, in.Offset))
	})
	type creator struct {
		Handle string `path:"handle" maxLength:"64"`
		Cursor string `query:"cursor" maxLength:"200"`
	}
	op(s, "GET", "/api/creators/{handle}", "creator", "A creator and her public notes", func(ctx context.Context, in *creator) (*body[CreatorView], error) {
		return answer(s.creator(ctx, in.Handle, in.Cursor))
	})
	type topic struct {
		Topic  string `path:"topic" maxLength:"200"`
		Cursor string `query:"cursor" maxLength:"200"`
	}
	op(s, "GET", "/api/topics/{topic}", "topic", "The public notes of a topic, newest first", func(ctx context.Context, in *topic) (*body[TopicView], error) {
		return answer(s.topic(ctx, in.Topic, in.Cursor))
	})
	op(s, "GET", "/api/works/{id}/related", "related", "A few notes that share topics with one", func(ctx context.Context, in *Ref) (*body[[]NoteCard], error) {
		if _, err := s.Square.Note(ctx, callerOf(ctx).id(), in.ID); err != nil {
			return nil, err
		}
		return answer(s.related(ctx, in.ID))
	})
	s.handle("GET /search", func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		v, err := s.search(r.Context(), q.Get("q"), max(0, atoi(q.Get("offset"))))
		if err != nil {
			s.failPage(w, r, err)
			return
		}
		w.Header().Set("X-Robots-Tag", "noindex")
		s.render(w, r, http.StatusOK, "search.html", view{Title: sentence(langOf(r), "search.title"), Query: v.Query, Data: v})
	})
	s.handle("GET /u/{handle}", func(w http.ResponseWriter, r *http.Request) {
		v, err := s.creator(r.Context(), r.PathValue("handle"), r.URL.Query().Get("cursor"))
		if err != nil {
			s.failPage(w, r, err)
			return
		}
		s.render(w, r, http.StatusOK, "creator.html", view{Title: v.Name, Data: v})
	})
	s.handle("GET /t/{topic}", func(w http.ResponseWriter, r *http.Request) {
		v, err := s.topic(r.Context(), r.PathValue("topic"), r.URL.Query().Get("cursor"))
		if err == nil && v.Topic == "" {
			err = loam.Fail(loam.NotFound, "page.not_found")
		}
		if err != nil {
			s.failPage(w, r, err)
			return
		}
		s.render(w, r, http.StatusOK, "topic.html", view{Title: "#" + v.Topic, Data: v})
	})
}

// elsewhere sends a reader on to where a comment or a profile is read, and reports whether
// it did: neither has a page of its own.
func (s *Server) elsewhere(w http.ResponseWriter, r *http.Request, rel loam.Release) bool {
	to := ""
	switch rel.Version.Content.Form {
	case loam.FormComment:
		to = "/p/" + rel.Version.Content.On + "#c-" + rel.Version.Work
	case loam.FormProfile:
		to = "/u/" + rel.Author.Handle
	default:
		return false
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return true
}

// seen counts an opened note, by where its reader came from.
func (s *Server) seen(r *http.Request, rel loam.Release) {
	if r.Method != http.MethodGet || strings.Contains(r.Header.Get("Sec-Purpose")+r.Header.Get("Purpose"), "prefetch") {
		return
	}
	c := callerOf(r.Context())
	s.Square.Views.See(community.Visit{
		Work: rel.Version.Work, Address: c.address, Agent: r.UserAgent(), Source: s.sourceOf(r), Owner: c.id() == rel.Version.Owner,
	})
}

// sourceOf is the list a reader came from, by the page that linked here; only pages of this
// server say so.
func (s *Server) sourceOf(r *http.Request) loam.ViewSource {
	from, err := url.Parse(r.Referer())
	if err != nil || from.Host != r.Host || from.Host == "" {
		return loam.FromLink
	}
	switch {
	case from.Path == "/":
		return loam.FromFeed
	case from.Path == "/search":
		return loam.FromSearch
	case strings.HasPrefix(from.Path, "/u/"):
		return loam.FromCreator
	case strings.HasPrefix(from.Path, "/t/"), strings.HasPrefix(from.Path, "/p/"):
		return loam.FromTopic // related notes are found by topic
	}
	return loam.FromLink
}

// noteRisks are the reasons a reader may give, in the order the form shows them.
func noteRisks() []loam.Risk {
	return []loam.Risk{
		loam.Fraud, loam.Advertising, loam.Diversion, loam.Rumor, loam.Abuse, loam.Porn, loam.Privacy, loam.Likeness, loam.IP,
		loam.Minors, loam.Copy, loam.Quality,
	}
}
