package web

import (
	"context"
	"net/http"

	"loam"
)

// CaseView is a case on the reviewer's desk: the version, what machines saw, what readers
// said, the author's record and what the creator will read.
type CaseView struct {
	loam.Case
	Content  loam.Content  `json:"content"`
	AI       loam.AIState  `json:"ai"`
	State    loam.State    `json:"state"`
	Pictures []PictureView `json:"pictures"`
	Sound    *SoundView    `json:"sound,omitempty"`
	Verdict  loam.Verdict  `json:"verdict"`
	// Named unlike the fields of Case: a name that shadows one would hide it from the schema.
	Told    []loam.Report `json:"report_list"`
	Appeals *loam.Appeal  `json:"appeal_text,omitempty"`
	Author  Author        `json:"author"`
	Note    *NoteContext  `json:"note,omitempty"` // what a comment stands under
	Policy  []PolicyLine  `json:"policy_lines"`   // the rules that fired, in the caller's language

	Precedents []loam.Precedent `json:"precedents"`
	// Label is the appeal a case of that kind is about, and the label it challenges.
	Label  *LabelView `json:"label,omitempty"`
	Copies []NearCopy `json:"copies"`
	// Sightings are the protections found in it, with what who holds them said.
	Sightings []loam.Sighting `json:"sightings"`
	// Notice is the claim a case of that kind is about, Barred the suspension.
	Notice *NoticeCase      `json:"notice,omitempty"`
	Barred *loam.Suspension `json:"barred,omitempty"`
}

// NearCopy is what readers see of another's work that a detector found this one alike to.
type NearCopy struct {
	Work     string        `json:"work"`
	Title    string        `json:"title"`
	Handle   string        `json:"handle"`
	Body     string        `json:"body"`
	Score    float64       `json:"score"`
	Field    string        `json:"field"` // of the case: "" for its text, or a picture
	Pictures []PictureView `json:"pictures"`
	Released int64         `json:"released_at"`
}

// precedentsShown is how many earlier rulings a case shows.
const precedentsShown = 5

// copies are the works the verdict's copy findings name, each once, while readers see them.
func (s *Server) copies(ctx context.Context, v loam.Verdict) ([]NearCopy, error) {
	out := []NearCopy{}
	seen := map[string]bool{}
	for _, f := range v.Findings {
		work := f.Facts["work"]
		if f.Risk != loam.Copy || work == "" || seen[work] {
			continue
		}
		seen[work] = true
		rel, err := s.Square.Note(ctx, callerOf(ctx).id(), work)
		if k := loam.KindOf(err); err != nil && (k == loam.Gone || k == loam.NotFound) {
			continue // taken away since
		}
		if err != nil {
			return out, err
		}
		c := rel.Version.Content
		n := NearCopy{Work: work, Title: c.Title, Handle: rel.Author.Handle, Body: c.Body, Score: f.Score, Field: f.Field, Pictures: []PictureView{}, Released: rel.ReleasedAt}
		for i, a := range c.Assets {
			if f.Field == "" || a.Field == f.Facts["picture"] {
				n.Pictures = append(n.Pictures, PictureView{URL: "/p/" + work + "/" + itoa(i+1) + "/small", Width: a.Width, Height: a.Height, Alt: a.Alt})
			}
		}
		out = append(out, n)
	}
	return out, nil
}

// Author is what a reviewer may know of the creator: her record, no more.
type Author struct {
	Handle   string `json:"handle"`
	Since    int64  `json:"since"`
	Released int    `json:"released"`
	Refused  int    `json:"refused"`
}

// NoteContext is the note a comment stands under, and the comment it answers.
type NoteContext struct {
	Work   string `json:"work"`
	Title  string `json:"title"`
	Body   string `json:"body"`
	Author string `json:"author"` // handle
	Parent string `json:"parent"` // words of the comment it answers, "" if none is there
}

// noteContext is what a reviewer reads beside a comment, nil where its note is gone.
func (s *Server) noteContext(ctx context.Context, c loam.Content) (*NoteContext, error) {
	if c.Form != loam.FormComment {
		return nil, nil
	}
	n := &NoteContext{Work: c.On}
	r, err := s.Square.Store.ByWork(ctx, c.On)
	if err == nil {
		n.Title, n.Body, n.Author = r.Version.Content.Title, r.Version.Content.Body, r.Author.Handle
	}
	if err == nil && c.Parent != "" {
		var p loam.Comment
		if p, err = s.Square.Store.Comment(ctx, c.Parent); err == nil {
			n.Parent = p.Text
		}
	}
	if k := loam.KindOf(err); err != nil && k != loam.NotFound && k != loam.Gone {
		return nil, err
	}
	return n, nil
}

// PolicyLine is one rule of the policy in words.
type PolicyLine struct {
	Rule   string      `json:"rule"`
	Action loam.Action `json:"action"`
	Text   string      `json:"text"`
}

func (s *Server) caseView(ctx context.Context, c loam.Case) (CaseView, error) {
	v, err := s.Library.Version(ctx, c.Version)
	if err == nil && v.Owner == callerOf(ctx).id() {
		err = loam.Fail(loam.Denied, "review.own_work") // nor what readers said of it
	}
	if err != nil {
		return CaseView{}, err
	}
	out := CaseView{Case: c, Content: v.Content, AI: v.Content.AI(), State: v.State, Pictures: []PictureView{}, Policy: []PolicyLine{}, Sound: soundView(callerOf(ctx).lang, v.Content, "/api/review/cases/"+c.ID+"/sound")}
	for i, a := range v.Content.Assets {
		out.Pictures = append(out.Pictures, PictureView{URL: "/api/review/cases/" + c.ID + "/pictures/" + itoa(i+1), Width: a.Width, Height: a.Height, Alt: a.Alt})
	}
	if out.Verdict, err = s.Library.Verdict(ctx, v.ID); err != nil && loam.KindOf(err) != loam.NotFound {
		return out, err
	}
	for _, hit := range out.Verdict.Rules {
		out.Policy = append(out.Policy, PolicyLine{Rule: hit.Rule, Action: hit.Action, Text: s.Screen.Sentence(hit.Rule, callerOf(ctx).lang)})
	}
	if out.Told, err = s.Library.Reports(ctx, v.ID); err != nil {
		return out, err
	}
	a, err := s.Library.Appeal(ctx, v.ID)
	if err == nil {
		out.Appeals = &a
	} else if loam.KindOf(err) != loam.NotFound {
		return out, err
	}
	if out.Label, err = s.labelCase(ctx, c, v); err != nil {
		return out, err
	}
	if out.Notice, err = s.noticeCase(ctx, c, v); err != nil {
		return out, err
	}
	if out.Barred, err = s.suspensionCase(ctx, c); err != nil {
		return out, err
	}
	if out.Note, err = s.noteContext(ctx, v.Content); err != nil {
		return out, err
	}
	if out.Precedents, err = s.Library.Precedents(ctx, v, c.Risk, precedentsShown); err != nil {
		return out, err
	}
	if out.Sightings, err = s.Protections.SightingsIn(ctx, v.ID); err != nil {
		return out, err
	}
	if out.Copies, err = s.copies(ctx, out.Verdict); err != nil {
		return out, err
	}
	author, err := s.Accounts.Account(ctx, v.Owner)
	if err != nil {
		return out, err
	}
	out.Author = Author{Handle: author.Handle, Since: author.Created}
	out.Author.Released, out.Author.Refused, err = s.Library.History(ctx, v.Owner)
	return out, err
}

func (s *Server) caseAnswer(ctx context.Context, c loam.Case, err error) (*body[CaseView], error) {
	if err != nil {
		return nil, err
	}
	return answer(s.caseView(ctx, c))
}

// DecisionView is a ruling, and the sentence its creator will read when it takes effect.
type DecisionView struct {
	loam.Decision
	Statement string `json:"statement"`
}

func (s *Server) reviewRoutes() {
	op(s, "GET", "/api/review/queue", "review-queue", "Cases one may take, gravest first", func(ctx context.Context, _ *struct{}) (*body[[]loam.Case], error) {
		return answer(s.Review.Queue(ctx, callerOf(ctx).id()))
	})
	op(s, "GET", "/api/review/day", "review-day", "What one has looked at today", func(ctx context.Context, _ *struct{}) (*body[loam.ReviewDay], error) {
		return answer(s.Library.ReviewDay(ctx, callerOf(ctx).id()))
	})
	op(s, "POST", "/api/review/cases/{id}/lease", "lease-case", "Take a case for ten minutes", func(ctx context.Context, in *Ref) (*body[CaseView], error) {
		c, err := s.Review.Take(ctx, callerOf(ctx).id(), in.ID)
		return s.caseAnswer(ctx, c, err)
	})
	op(s, "GET", "/api/review/cases/{id}", "get-case", "A case without taking it", func(ctx context.Context, in *Ref) (*body[CaseView], error) {
		c, err := s.Library.Case(ctx, in.ID)
		return s.caseAnswer(ctx, c, err)
	})
	type decide struct {
		Ref
		Body struct {
			Token  int64       `json:"token"`
			Ruling loam.Ruling `json:"ruling" enum:"allow,limit,remove"`
			Reason string      `json:"reason" maxLength:"40"`
			Note   string      `json:"note,omitempty" maxLength:"8000"`
			Phrase string      `json:"phrase,omitempty" maxLength:"200" doc:"Of an upheld claim: joins the standing list while it stands"`
		}
	}
	op(s, "POST", "/api/review/cases/{id}/decision", "decide-case", "Rule on a leased case; it can be undone for five seconds", func(ctx context.Context, in *decide) (*body[DecisionView], error) {
		c := callerOf(ctx)
		of, err := s.Library.Case(ctx, in.ID)
		if err != nil {
			return nil, err
		}
		v, err := s.Library.Version(ctx, of.Version)
		if err != nil {
			return nil, err
		}
		d, err := s.Review.Decide(ctx, loam.Decision{Case: in.ID, Ruling: in.Body.Ruling, Reason: in.Body.Reason, Note: in.Body.Note, Phrase: in.Body.Phrase, Reviewer: c.id()}, in.Body.Token)
		return answer(DecisionView{Decision: d, Statement: ruled(c.lang, of, v.State, d)}, err)
	})
	op(s, "POST", "/api/review/cases/{id}/skip", "void-skip-case", "Give a case back, without blame", func(ctx context.Context, in *Ref) (*struct{}, error) {
		return nil, s.Review.Skip(ctx, callerOf(ctx).id(), in.ID)
	})
	op(s, "POST", "/api/review/cases/{id}/release", "void-release-case", "End one's lease on a case left undecided", func(ctx context.Context, in *Ref) (*struct{}, error) {
		return nil, s.Review.Release(ctx, callerOf(ctx).id(), in.ID)
	})
	type escalate struct {
		Ref
		Body struct {
			Token int64 `json:"token"`
		}
	}
	op(s, "POST", "/api/review/cases/{id}/escalate", "void-escalate-case", "Pass a case to a colleague", func(ctx context.Context, in *escalate) (*struct{}, error) {
		return nil, s.Review.Escalate(ctx, callerOf(ctx).id(), in.ID, in.Body.Token)
	})
	op(s, "POST", "/api/review/decisions/{id}/undo", "undo-decision", "Take a ruling back within five seconds", func(ctx context.Context, in *Ref) (*body[CaseView], error) {
		c, err := s.Review.Undo(ctx, callerOf(ctx).id(), in.ID)
		return s.caseAnswer(ctx, c, err)
	})
	type takedown struct {
		Ref
		Body struct {
			Reason loam.Risk `json:"reason"`
			Note   string    `json:"note,omitempty" maxLength:"8000"`
		}
	}
	op(s, "POST", "/api/works/{id}/takedown", "void-takedown", "Remove a note at once; its creator can appeal", func(ctx context.Context, in *takedown) (*struct{}, error) {
		return nil, s.Publish.Takedown(ctx, callerOf(ctx).id(), in.ID, in.Body.Reason, in.Body.Note)
	})
	s.handle("GET /api/review/cases/{id}/pictures/{n}", func(w http.ResponseWriter, r *http.Request) {
		v, err := s.reviewed(r.Context(), r.PathValue("id"))
		if err != nil {
			s.fail(w, r, err)
			return
		}
		s.versionPicture(w, r, v)
	})
}

// reviewed is the version a case is about, for who may judge it.
func (s *Server) reviewed(ctx context.Context, id string) (loam.Version, error) {
	c, err := s.Library.Case(ctx, id)
	if err != nil {
		return loam.Version{}, err
	}
	v, err := s.Library.Version(ctx, c.Version)
	if err == nil && v.Owner == callerOf(ctx).id() {
		err = loam.Fail(loam.Denied, "review.own_work")
	}
	return v, err
}

// ruled is the sentence a creator reads once a ruling on a version takes effect: what the
// ruling makes of the version's state, as the store will apply it.
func ruled(lang string, c loam.Case, state loam.State, d loam.Decision) string {
	step, reach := loam.Pass, loam.Allow
	switch {
	case c.Kind == loam.CaseNotice:
		return ruledClaim(lang, d)
	case c.Kind == loam.CaseBarred && d.Ruling == loam.RuleRemove:
		return sentence(lang, "statement.barred.upheld")
	case c.Kind == loam.CaseBarred:
		return sentence(lang, "statement.barred.overturned")
	case c.Kind == loam.CaseLabel && d.Ruling == loam.RuleRemove:
		return sentence(lang, "statement.label.upheld")
	case c.Kind == loam.CaseLabel:
		return sentence(lang, "statement.label.overturned")
	case c.Kind == loam.CaseAppeal && d.Ruling == loam.RuleRemove:
		step = "" // upheld: it stays as it is
	case c.Kind == loam.CaseAppeal:
		step = loam.Restore
	case d.Ruling == loam.RuleRemove && state == loam.Released:
		step = loam.Remove
	case d.Ruling == loam.RuleRemove:
		step = loam.Refuse
	case d.Ruling == loam.RuleLimit:
		step = loam.Limit
	}
	if d.Ruling == loam.RuleLimit {
		reach = loam.LimitReach
	}
	if to, err := state.Next(step); err == nil {
		state = to
	}
	if d.Ruling == loam.RuleAllow {
		state = loam.Cleared // nothing is held against it, wherever it stands
	}
	return reason(lang, loam.Statement{Outcome: state, Reach: reach, By: "person", Reason: d.Reason})
}
