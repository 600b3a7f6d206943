package web

import (
	"context"
	"fmt"
	"net/http"

	"loam"
	"loam/internal/publish"
)

// Intake freezes drafts and takes pictures and sounds in.
type Intake interface {
	Accept(ctx context.Context, owner string, data []byte) (loam.Asset, error)
	Show(ctx context.Context, data []byte) (loam.Asset, error)
	Submit(ctx context.Context, owner, work string, c loam.Choice) (loam.Version, error)
	Comment(ctx context.Context, owner, key, note, parent, words string) (loam.Version, error)
	Profile(ctx context.Context, owner, name, bio string) (loam.Version, error)
	TextAI(d loam.Draft, declared bool) loam.AIState
}

// VersionView is a version for its owner: everything the confirm sheet shows.
type VersionView struct {
	loam.Version
	Pictures  []PictureView `json:"pictures"`
	Sound     *SoundView    `json:"sound,omitempty"`
	LabelText string        `json:"label_text"` // what readers read beside the note; "" if nothing
	Notice    string        `json:"notice"`
	// TextNotice is what the words alone take along when they are copied, in Chinese as in the pack;
	// "" if nothing.
	TextNotice string          `json:"text_notice"`
	AI         loam.AIState    `json:"ai"`
	Needs      []string        `json:"needs"` // what is still missing: screen, label, review, confirm
	Statement  *loam.Statement `json:"statement,omitempty"`
	Reason     string          `json:"reason"` // the statement of reasons as a sentence
	Shown      []UseView       `json:"uses_now"`
	Marked     []LabelView     `json:"marked"` // the parts that carry an AI label
	// Agreement is the version of the terms on which files leave without a visible label.
	Agreement string `json:"agreement"`
}

// UseView is a use as it holds now. Allowed is what everybody may do; Overruled says that the
// creator's own choice is a yes that something denies all the same.
type UseView struct {
	loam.Permission
	Overruled bool `json:"overruled"`
}

// usesNow is what holds of a creator's choices, by the one rule for it.
func usesNow(uses []loam.Permission, released bool) []UseView {
	out := []UseView{}
	for _, p := range uses {
		u := UseView{Permission: p, Overruled: p.Chosen && p.What != ""}
		u.Allowed = loam.Permit(p.Use, p, released)
		out = append(out, u)
	}
	return out
}

// PictureView is where a version's picture is fetched.
type PictureView struct {
	URL    string `json:"url"`
	Width  int    `json:"width"`
	Height int    `json:"height"`
	Alt    string `json:"alt"`
}

func (s *Server) view(ctx context.Context, v loam.Version) (VersionView, error) {
	lang := callerOf(ctx).lang
	out := VersionView{Version: v, Agreement: loam.WaiverAgreement, Pictures: []PictureView{}, AI: v.Content.AI(), Needs: needs(v), Sound: soundView(lang, v.Content, "/api/versions/"+v.ID+"/sound")}
	for i, a := range v.Content.Assets {
		out.Pictures = append(out.Pictures, PictureView{URL: fmt.Sprintf("/api/versions/%s/pictures/%d", v.ID, i+1), Width: a.Width, Height: a.Height, Alt: a.Alt})
	}
	var err error
	if out.Marked, err = s.labelViews(ctx, v); err != nil {
		return out, err
	}
	out.Notice = notice(lang, out.AI)
	out.LabelText = out.Notice
	out.TextNotice = Notice(v.Content.TextAI)
	uses, err := s.Library.Uses(ctx, v.Work)
	if err != nil {
		return out, err
	}
	out.Shown = usesNow(uses, v.State == loam.Released)
	switch v.State {
	case loam.Refused, loam.Removed, loam.Held, loam.Failed:
	default:
		if v.Reach != loam.LimitReach {
			return out, nil
		}
	}
	st, err := s.Library.Statement(ctx, v)
	if err != nil {
		return out, err
	}
	out.Statement, out.Reason = &st, reason(lang, st)
	return out, nil
}

// reason composes the statement of reasons in a language from its data.
func reason(lang string, st loam.Statement) string {
	if st.Claim != "" {
		return sentence(lang, "statement.claimed", sentence(lang, "risk."+st.Reason))
	}
	if st.By == "person" && st.Reach == loam.LimitReach && (st.Outcome == loam.Cleared || st.Outcome == loam.Released) {
		return sentence(lang, "statement.limited.person", sentence(lang, "risk."+st.Reason))
	}
	return sentence(lang, "statement."+string(st.Outcome)+"."+st.By, sentence(lang, "risk."+st.Reason))
}

func notice(lang string, ai loam.AIState) string {
	if ai == loam.NotAI || ai == "" {
		return ""
	}
	return sentence(lang, "notice."+string(ai))
}

// Notice is the words beside a note of a state, in Chinese: what a confirmation binds.
func Notice(ai loam.AIState) string { return notice("zh", ai) }

// needs lists what stands between a version and its readers, in the order of the line.
func needs(v loam.Version) []string {
	out := []string{}
	switch v.State {
	case loam.Submitted:
		out = append(out, "screen")
	case loam.Held:
		out = append(out, "review")
	case loam.Cleared:
	default:
		return out
	}
	if !v.Labelled {
		out = append(out, "label")
	}
	if v.ConfirmedAt == 0 {
		out = append(out, "confirm")
	}
	return out
}

// own reads a version of the caller; another's does not exist for her.
func (s *Server) own(ctx context.Context, id string) (loam.Version, error) {
	v, err := s.Library.Version(ctx, id)
	if err == nil && v.Owner != callerOf(ctx).id() {
		err = loam.Fail(loam.NotFound, "version.not_found")
	}
	return v, err
}

func (s *Server) versionAnswer(ctx context.Context, v loam.Version, err error) (*body[VersionView], error) {
	if err != nil {
		return nil, err
	}
	return answer(s.view(ctx, v))
}

// confirm takes the confirmation of the person who sends this request, and of nobody else,
// to the door of publishing: the exact bytes behind a release hash.
func (s *Server) confirm(ctx context.Context, version, releaseHash string) (loam.Version, error) {
	c := callerOf(ctx)
	if !c.human {
		return loam.Version{}, loam.Fail(loam.Denied, "session.person")
	}
	return s.Publish.Release(ctx, publish.Present(c.id()), version, releaseHash)
}

func (s *Server) versionRoutes() {
	type submit struct {
		Ref
		Body loam.Choice
	}
	op(s, "POST", "/api/works/{id}/submit", "submit", "Freeze the draft as a version and send it on its way", func(ctx context.Context, in *submit) (*body[VersionView], error) {
		v, err := s.Intake.Submit(ctx, callerOf(ctx).id(), in.ID, in.Body)
		return s.versionAnswer(ctx, v, err)
	})
	op(s, "GET", "/api/versions/{id}", "get-version", "One's own version and what it still needs", func(ctx context.Context, in *Ref) (*body[VersionView], error) {
		v, err := s.own(ctx, in.ID)
		return s.versionAnswer(ctx, v, err)
	})
	type confirm struct {
		Ref
		Body struct {
			ReleaseHash string `json:"release_hash" maxLength:"64" doc:"The release hash of exactly what was shown"`
		}
	}
	op(s, "POST", "/api/versions/{id}/confirm", "confirm", "Confirm exactly the bytes that go out", func(ctx context.Context, in *confirm) (*body[VersionView], error) {
		v, err := s.confirm(ctx, in.ID, in.Body.ReleaseHash)
		return s.versionAnswer(ctx, v, err)
	})
	op(s, "POST", "/api/versions/{id}/withdraw", "void-withdraw", "Take a version back", func(ctx context.Context, in *Ref) (*struct{}, error) {
		return nil, s.Publish.Withdraw(ctx, callerOf(ctx).id(), in.ID)
	})
	type appeal struct {
		Ref
		Body struct {
			Text string `json:"text" maxLength:"4000"`
		}
	}
	op(s, "POST", "/api/versions/{id}/appeal", "appeal", "Challenge a refusal or removal; somebody else decides", func(ctx context.Context, in *appeal) (*body[loam.Appeal], error) {
		return answer(s.Review.Appeal(ctx, callerOf(ctx).id(), in.ID, in.Body.Text))
	})
	type use struct {
		Ref
		Use  string `path:"use" maxLength:"40"`
		Body struct {
			Allowed bool `json:"allowed"`
		}
	}
	op(s, "PUT", "/api/works/{id}/uses/{use}", "put-use", "Allow or deny one use of a work", func(ctx context.Context, in *use) (*body[[]UseView], error) {
		c := callerOf(ctx)
		if err := s.Publish.Allow(ctx, c.id(), in.ID, loam.Use(in.Use), in.Body.Allowed); err != nil {
			return nil, err
		}
		w, err := s.Studio.Store.Work(ctx, c.id(), in.ID)
		if err != nil {
			return nil, err
		}
		uses, err := s.Library.Uses(ctx, in.ID)
		return answer(usesNow(uses, w.Live != ""), err)
	})
	type feedback struct {
		Ref
		Body struct {
			Answer string `json:"answer" enum:"smooth,soso,rough"`
		}
	}
	op(s, "PUT", "/api/works/{id}/feedback", "void-feedback", "How publishing felt: 这次用得顺吗", func(ctx context.Context, in *feedback) (*struct{}, error) {
		return nil, s.Square.Feedback(ctx, in.ID, callerOf(ctx).id(), in.Body.Answer)
	})
	s.handle("GET /api/versions/{id}/pictures/{n}", func(w http.ResponseWriter, r *http.Request) {
		v, err := s.own(r.Context(), r.PathValue("id"))
		if err != nil {
			s.fail(w, r, err)
			return
		}
		s.versionPicture(w, r, v)
	})
}
