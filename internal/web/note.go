package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"loam"
	"loam/internal/label"
)

// noteData is what the note page shows.
type noteData struct {
	loam.Release
	Work   string
	AI     loam.AIState
	Notice string
	// TextNotice is that of the words alone, which a copy of them takes along; "" if none.
	TextNotice string
	Parts      []string // which parts the notice is about
	Pictures   []PictureView
	Sound      *SoundView
	Body       []string
	Total      int
	Percent    [3]int // person, arranged, model
	Risks      []loam.Risk
	Own        bool
	Staff      bool // the reader may take the note down
	NoIndex    bool
	Uses       []UseView
	Overrule   bool   // her switch denies a use she chose to allow
	Licence    string // what the creator allows, in one line
	Mark       string // the text's label as JSON, "" if it has none
	React      []reactionView
	Related    []NoteCard
	Talk       talkView
}

func (s *Server) notePage(w http.ResponseWriter, r *http.Request) {
	me := callerOf(r.Context()).id()
	rel, err := s.readable(w, r)
	if err != nil {
		s.failPage(w, r, err)
		return
	}
	if s.elsewhere(w, r, rel) {
		return
	}
	lang, c := langOf(r), rel.Version.Content
	d := noteData{
		Release: rel, Work: rel.Version.Work, AI: c.AI(), Notice: notice(lang, c.AI()), TextNotice: notice(lang, c.TextAI), Parts: marked(lang, c), Body: strings.Split(c.Body, "\n"),
		Total: c.Share.Person + c.Share.Arranged + c.Share.Model, Own: me == rel.Version.Owner,
		Staff: allow("POST /p/{work}/takedown", callerOf(r.Context())) == nil && me != rel.Version.Owner,
		Risks: noteRisks(),
	}
	d.Uses, d.NoIndex = usesNow(rel.Uses, true), !indexed(rel)
	d.Overrule = slices.ContainsFunc(d.Uses, func(u UseView) bool { return u.Overruled })
	d.Licence = licence(lang, d.Uses)
	d.Mark, err = markOf(rel.Version)
	if err != nil {
		s.failPage(w, r, err)
		return
	}
	for i, a := range c.Assets {
		d.Pictures = append(d.Pictures, PictureView{URL: fmt.Sprintf("/p/%s/%d", d.Work, i+1), Width: a.Width, Height: a.Height, Alt: a.Alt})
	}
	d.Sound = soundView(lang, c, "/p/"+d.Work+"/sound")
	if d.Total > 0 {
		d.Percent = c.Share.Percent()
	}
	if d.React, err = s.reactions(r.Context(), d.Work); err == nil {
		d.Related, err = s.related(r.Context(), d.Work)
	}
	if err == nil {
		d.Talk, err = s.talkOf(r.Context(), rel, loam.Place{})
	}
	if err != nil {
		s.failPage(w, r, err)
		return
	}
	s.seen(r, rel)
	s.render(w, r, http.StatusOK, "note.html", view{Title: c.Title, Data: d})
}

// marked says which parts of a note its notice is about, and what is said of those that carry
// a weaker label than the note.
func marked(lang string, c loam.Content) []string {
	parts := map[loam.AIState][]string{}
	if c.TextAI != "" {
		parts[c.TextAI] = append(parts[c.TextAI], sentence(lang, "note.part.words"))
	}
	for i, a := range c.Assets {
		name := sentence(lang, "note.part.picture", strconv.Itoa(i+1))
		if len(c.Assets) == 1 {
			name = sentence(lang, "note.part.only")
		}
		parts[a.AI] = append(parts[a.AI], name)
	}
	if c.Sound != nil {
		parts[c.Sound.AI] = append(parts[c.Sound.AI], sentence(lang, "note.part.sound"))
	}
	var out []string
	for _, ai := range []loam.AIState{loam.IsAI, loam.MayAI, loam.SuspectedAI} {
		switch names := strings.Join(parts[ai], sentence(lang, "note.and")); {
		case names == "":
		case ai == c.AI():
			out = append(out, sentence(lang, "note.parts", names))
		default:
			out = append(out, sentence(lang, "note.parts_other", notice(lang, ai), names))
		}
	}
	return out
}

// readable is the note of a page's address, if the caller may see it. What is not to be
// found by a search says so in its header, pictures, sound and words as well.
func (s *Server) readable(w http.ResponseWriter, r *http.Request) (loam.Release, error) {
	rel, err := s.Square.Note(r.Context(), callerOf(r.Context()).id(), r.PathValue("work"))
	if err == nil && !indexed(rel) {
		w.Header().Set("X-Robots-Tag", "noindex")
	}
	if err == nil {
		s.sayTerms(w, r, rel)
	}
	return rel, err
}

// indexed reports whether search engines may list a note: it is public, and its creator
// allows it.
func indexed(rel loam.Release) bool {
	return rel.Version.Content.Audience == loam.Public && slices.ContainsFunc(rel.Uses, func(p loam.Permission) bool {
		return loam.Permit(loam.UseIndex, p, true)
	})
}

// licence is what a creator allows, in one line; what is not named is not allowed.
func licence(lang string, uses []UseView) string {
	names := []string{}
	for _, u := range uses {
		if u.Allowed {
			names = append(names, sentence(lang, "use."+string(u.Use)))
		}
	}
	if len(names) == 0 {
		return sentence(lang, "note.nothing")
	}
	return sentence(lang, "note.only", strings.Join(names, sentence(lang, "note.and")))
}

// markOf is the implicit label of a note's words for the page's metadata.
func markOf(v loam.Version) (string, error) {
	for _, l := range v.Labels {
		if l.Field == label.TextField && l.State != loam.NotAI {
			raw, err := json.Marshal(l.Mark)
			return string(raw), err
		}
	}
	return "", nil
}

func (s *Server) notePicture(w http.ResponseWriter, r *http.Request) {
	rel, err := s.readable(w, r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	s.versionPicture(w, r, rel.Version)
}

// ThumbEdge is the longer side of a feed picture in pixels: a column is at most 240 wide,
// drawn at twice that.
const ThumbEdge = 640

// noteThumbnail is a picture of a note small enough for the feed, with its AI mark.
func (s *Server) noteThumbnail(w http.ResponseWriter, r *http.Request) {
	rel, err := s.readable(w, r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	_, hash, err := versionBlob(rel.Version, atoi(r.PathValue("n")))
	if err != nil {
		s.fail(w, r, err)
		return
	}
	if unchanged(w, r, "small."+hash) {
		return
	}
	data, err := s.Thumbnail(r.Context(), hash, ThumbEdge)
	s.picture(w, r, data, "image/jpeg", err)
}

// noteText is a note's words as the labelled file a reader can take away.
func (s *Server) noteText(w http.ResponseWriter, r *http.Request) {
	rel, err := s.readable(w, r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	for _, l := range rel.Version.Labels {
		if l.Field != label.TextField {
			continue
		}
		data, err := s.Blobs.Read(l.Result)
		if err != nil {
			s.fail(w, r, err)
			return
		}
		h := w.Header()
		h.Set("Content-Type", "text/markdown; charset=utf-8")
		h.Set("Content-Disposition", "attachment; filename=\""+rel.Version.Work+".md\"")
		h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
		h.Set("Cache-Control", "private, no-cache")
		_, _ = w.Write(data) // the client is gone; nothing to do
		return
	}
	s.fail(w, r, loam.Fail(loam.NotFound, "page.not_found"))
}
