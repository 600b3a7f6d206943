package web

import (
	"context"

	"loam"
	"loam/internal/studio"
)

// Library is what the app reads of an account's works.
type Library interface {
	Works(ctx context.Context, owner string, before int64, limit int) ([]loam.Work, error)
	DeleteWork(ctx context.Context, owner, work string) error
	Version(ctx context.Context, id string) (loam.Version, error)
	Verdict(ctx context.Context, version string) (loam.Verdict, error)
	Statement(ctx context.Context, v loam.Version) (loam.Statement, error)
	Uses(ctx context.Context, work string) ([]loam.Permission, error)
	Case(ctx context.Context, id string) (loam.Case, error)
	Reports(ctx context.Context, version string) ([]loam.Report, error)
	Appeal(ctx context.Context, version string) (loam.Appeal, error)
	History(ctx context.Context, account string) (released, refused int, err error)
	Generation(ctx context.Context, account, id string) (loam.Generation, error)
	Generations(ctx context.Context, account, work string, limit int) ([]loam.Generation, error)
	Asset(ctx context.Context, owner, id string) (loam.Asset, error)
	Events(ctx context.Context, account string, isStaff bool, since int64) ([]loam.Event, error)
	Edits(ctx context.Context, owner, work string, before int64, limit int) ([]loam.Edit, error)
	Precedents(ctx context.Context, v loam.Version, risk loam.Risk, limit int) ([]loam.Precedent, error)
	ReviewDay(ctx context.Context, reviewer string) (loam.ReviewDay, error)
	Earlier(ctx context.Context, owner, work string, revision int64) (loam.Draft, error)
	CreationLog(ctx context.Context, owner, work string) (loam.CreationLog, error)
	Templates(ctx context.Context, owner string) ([]loam.Template, error)
	SaveTemplate(ctx context.Context, owner string, m loam.Template) (loam.Template, error)
	DeleteTemplate(ctx context.Context, owner, id string) error
}

// Counter is a live count against the platform's limit.
type Counter struct {
	Count int `json:"count"`
	Max   int `json:"max"`
}

// Counters are the counts of a draft by the platform's own rule.
type Counters struct {
	Title Counter `json:"title"`
	Body  Counter `json:"body"`
	Tags  Counter `json:"tags"`
	Pages Counter `json:"pages"`
}

// Sheet is a work on the studio table, as the app sees it.
type Sheet struct {
	ID        string          `json:"id"`
	Revision  int64           `json:"revision"`
	Draft     loam.Draft      `json:"draft"`
	Title     string          `json:"title"`
	Body      string          `json:"body"`
	Counters  Counters        `json:"counters"`
	Proposals studio.Arranged `json:"proposals"`
	Checks    []studio.Check  `json:"checks"`
	Share     loam.Share      `json:"share"`
	Percent   [3]int          `json:"percent" doc:"The share in whole percent, together 100: of her, the rules, a model"`
	Marks     []studio.Merit  `json:"marks"`   // what the title has and lacks
	Undo      bool            `json:"undo"`    // there is a rewrite or new part to take back
	TextAI    loam.AIState    `json:"text_ai"` // is: the declaration is locked on
	Created   int64           `json:"created"`
	Updated   int64           `json:"updated"`
	Latest    *VersionLine    `json:"latest,omitempty"`
	Live      string          `json:"live"`
}

// VersionLine is a version in a list.
type VersionLine struct {
	ID        string     `json:"id"`
	Number    int        `json:"number"`
	Revision  int64      `json:"revision"` // of the draft it was frozen from
	State     loam.State `json:"state"`
	Confirmed bool       `json:"confirmed"`
	Scheduled int64      `json:"scheduled"` // when it goes out; 0 for at once
	UpdatedAt int64      `json:"updated_at"`
}

// WorkLine is a work in the list of notes.
type WorkLine struct {
	ID      string       `json:"id"`
	Title   string       `json:"title"`
	Kind    string       `json:"kind"`
	Updated int64        `json:"updated"`
	Live    string       `json:"live"`
	Latest  *VersionLine `json:"latest,omitempty"`
}

func versionLine(v *loam.Version) *VersionLine {
	if v == nil {
		return nil
	}
	return &VersionLine{ID: v.ID, Number: v.Number, Revision: v.Revision, State: v.State, Confirmed: v.ConfirmedAt > 0, Scheduled: v.Content.Scheduled, UpdatedAt: v.UpdatedAt}
}

func (s *Server) sheet(lang string, sh studio.Sheet) Sheet {
	speak(lang, &sh.Arranged, sh.Checks)
	w, d := sh.Work, sh.Work.Draft
	title, body := loam.Plain(d.Title), loam.Plain(d.Body)
	undo := d.Before != nil
	d.Before = nil
	return Sheet{
		Undo: undo, Marks: sh.Marks,
		ID: w.ID, Revision: w.Revision, Draft: d, Title: title, Body: body, Counters: s.counters(title, body, d.Tags, d.Pages),
		Proposals: sh.Arranged, Checks: sh.Checks, Share: sh.Share, Percent: sh.Share.Percent(), TextAI: s.Intake.TextAI(d, false),
		Created: w.Created, Updated: w.Updated, Latest: versionLine(w.Latest), Live: w.Live,
	}
}

func (s *Server) sheetAnswer(ctx context.Context, sh studio.Sheet, err error) (*body[Sheet], error) {
	if err != nil {
		return nil, err
	}
	return &body[Sheet]{s.sheet(callerOf(ctx).lang, sh)}, nil
}

// idea is what a person writes first.
type idea struct {
	Idea    string        `json:"idea" maxLength:"200000"`
	Kind    loam.NoteKind `json:"kind,omitempty"`
	Answers []loam.Answer `json:"answers,omitempty" maxItems:"20"`
	Attempt int           `json:"attempt,omitempty" minimum:"0" maximum:"1000"`
	Choices loam.Choices  `json:"choices,omitempty"`
}

func (i idea) input() studio.Input {
	return studio.Input{Idea: i.Idea, Kind: i.Kind, Answers: i.Answers, Attempt: i.Attempt, Choices: i.Choices}
}

// Tried is a draft that was arranged for nobody and not kept.
type Tried struct {
	Title     string          `json:"title"`
	Counters  Counters        `json:"counters"`
	Proposals studio.Arranged `json:"proposals"`
}

// Ref is the id in a path; exported, since huma reads promoted fields of exported types only.
type Ref struct {
	ID string `path:"id" maxLength:"64"`
}

func (s *Server) studioRoutes() {
	op(s, "POST", "/api/ideas", "try-idea", "Arrange an idea without keeping it; no account needed", func(ctx context.Context, in *body[idea]) (*body[Tried], error) {
		if !s.quick.allow("idea " + callerOf(ctx).address) {
			return nil, loam.Fail(loam.Limited, "request.too_often")
		}
		a, err := s.Studio.Try(in.Body.input())
		if err != nil {
			return nil, err
		}
		speak(callerOf(ctx).lang, &a, nil)
		t := Tried{Proposals: a}
		if len(a.Titles) > 0 {
			t.Title = a.Titles[0].Text
		}
		t.Counters = s.counters(t.Title, a.Body, nil, a.Pages)
		t.Counters.Tags.Count = len(a.Tags)
		return &body[Tried]{t}, nil
	})
	type begin struct {
		Key  string `header:"Idempotency-Key" minLength:"8" maxLength:"64" doc:"Chosen by the client; the same key gives the same work"`
		Body idea
	}
	op(s, "POST", "/api/works", "begin-work", "Begin a work from an idea", func(ctx context.Context, in *begin) (*body[Sheet], error) {
		key := in.Key
		if key == "" {
			key = loam.NewSecret()
		}
		sh, err := s.Studio.Begin(ctx, callerOf(ctx).id(), key, in.Body.input())
		return s.sheetAnswer(ctx, sh, err)
	})
	type list struct {
		Before int64 `query:"before" minimum:"0" doc:"Only works changed before this moment (ms)"`
	}
	op(s, "GET", "/api/works", "list-works", "One's own works, newest first", func(ctx context.Context, in *list) (*body[[]WorkLine], error) {
		works, err := s.Library.Works(ctx, callerOf(ctx).id(), in.Before, 50)
		lines := []WorkLine{}
		for _, w := range works {
			lines = append(lines, WorkLine{ID: w.ID, Title: loam.Plain(w.Draft.Title), Kind: string(w.Draft.Kind), Updated: w.Updated, Live: w.Live, Latest: versionLine(w.Latest)})
		}
		return answer(lines, err)
	})
	op(s, "GET", "/api/works/{id}", "get-work", "A work on the studio table", func(ctx context.Context, in *Ref) (*body[Sheet], error) {
		sh, err := s.Studio.Open(ctx, callerOf(ctx).id(), in.ID)
		return s.sheetAnswer(ctx, sh, err)
	})
	op(s, "DELETE", "/api/works/{id}", "delete-work", "Delete a work; readers no longer see it", func(ctx context.Context, in *Ref) (*struct{}, error) {
		return nil, s.Library.DeleteWork(ctx, callerOf(ctx).id(), in.ID)
	})
	type edit struct {
		Ref
		Body struct {
			Revision int64           `json:"revision" doc:"The revision the edit was made on"`
			Title    *string         `json:"title,omitempty" maxLength:"2000"`
			Body     *string         `json:"body,omitempty" maxLength:"60000"`
			Tags     *[]string       `json:"tags,omitempty" maxItems:"100"`
			Pages    *[]loam.Page    `json:"pages,omitempty" maxItems:"100"`
			Style    *string         `json:"style,omitempty"`
			Brand    *loam.Brand     `json:"brand,omitempty" doc:"Her colour and sign; an empty one takes it off"`
			Pictures *[]loam.Picture `json:"pictures,omitempty" maxItems:"80"`
			Sound    *loam.Sound     `json:"sound,omitempty" doc:"The recording in the note; an empty one takes it off"`
		}
	}
	op(s, "PUT", "/api/works/{id}/draft", "save-draft", "Save an edit; origins are computed here", func(ctx context.Context, in *edit) (*body[Sheet], error) {
		b := in.Body
		sh, err := s.Studio.Save(ctx, callerOf(ctx).id(), in.ID, studio.Edit{
			Revision: b.Revision, Title: b.Title, Body: b.Body, Tags: b.Tags, Pages: b.Pages, Style: b.Style, Brand: b.Brand, Pictures: b.Pictures, Sound: b.Sound,
		})
		return s.sheetAnswer(ctx, sh, err)
	})
	type turn struct {
		Ref
		Body struct {
			Revision int64         `json:"revision"`
			Kind     loam.NoteKind `json:"kind,omitempty"`
			Answers  []loam.Answer `json:"answers,omitempty" maxItems:"20"`
			Attempt  int           `json:"attempt,omitempty" minimum:"0" maximum:"1000"`
			Choices  *loam.Choices `json:"choices,omitempty" doc:"Kept if not given"`
			Part     string        `json:"part,omitempty" enum:"title,body,tags,pages" doc:"Ask for this part again and keep the others; nothing else is read then"`
		}
	}
	op(s, "POST", "/api/works/{id}/arrange", "arrange", "Arrange again: another kind, answers, choices, another attempt, or one part by itself", func(ctx context.Context, in *turn) (*body[Sheet], error) {
		b := in.Body
		sh, err := s.Studio.Rearrange(ctx, callerOf(ctx).id(), in.ID, studio.Turn{Revision: b.Revision, Kind: b.Kind, Answers: b.Answers, Attempt: b.Attempt, Choices: b.Choices, Part: b.Part})
		return s.sheetAnswer(ctx, sh, err)
	})
	type again struct {
		Ref
		N    int `path:"n" minimum:"0" maximum:"100"`
		Body struct {
			Revision int64 `json:"revision"`
			FromBody bool  `json:"from_body,omitempty" doc:"Take the page's words from the text as it reads now; else the same words get another layout"`
		}
	}
	op(s, "POST", "/api/works/{id}/pages/{n}/redraw", "redraw-page", "Lay one page out anew, the others as they are", func(ctx context.Context, in *again) (*body[Sheet], error) {
		sh, err := s.Studio.Redraw(ctx, callerOf(ctx).id(), in.ID, studio.Again{Revision: in.Body.Revision, Page: in.N, FromBody: in.Body.FromBody})
		return s.sheetAnswer(ctx, sh, err)
	})
	type mend struct {
		Ref
		Body struct {
			Revision int64 `json:"revision"`
		}
	}
	op(s, "GET", "/api/works/{id}/mend", "mending", "What bringing everything within the limits would change", func(ctx context.Context, in *Ref) (*body[studio.Mended], error) {
		return answer(s.Studio.Mending(ctx, callerOf(ctx).id(), in.ID))
	})
	op(s, "POST", "/api/works/{id}/mend", "mend", "Bring everything within the platform's limits", func(ctx context.Context, in *mend) (*body[Sheet], error) {
		sh, err := s.Studio.Mend(ctx, callerOf(ctx).id(), in.ID, in.Body.Revision)
		return s.sheetAnswer(ctx, sh, err)
	})
	s.rewriteRoutes()
}

// revise names a rewrite of a stretch of a field.
type revise struct {
	Field      string `json:"field" enum:"title,body"`
	Start      int    `json:"start,omitempty" minimum:"0" maximum:"1000000" doc:"Bytes of UTF-8"`
	End        int    `json:"end,omitempty" minimum:"0" maximum:"1000000" doc:"0: to the end"`
	Op         string `json:"op,omitempty" enum:"shorten,conclusion,split,list,join,tidy,emoji,limits,worn" doc:"A rewrite that needs no model"`
	Generation string `json:"generation,omitempty" maxLength:"64" doc:"Or a model's answer"`
}

func (r revise) of(hunks *[]int) studio.Revise {
	v := studio.Revise{Stretch: studio.Stretch{Field: r.Field, Start: r.Start, End: r.End}, Op: r.Op, Generation: r.Generation}
	if hunks != nil {
		v.Hunks = append([]int{}, *hunks...)
	}
	return v
}

func (s *Server) rewriteRoutes() {
	type propose struct {
		Ref
		Body revise
	}
	op(s, "POST", "/api/works/{id}/rewrites", "propose-rewrite", "Work a rewrite out as a difference; nothing changes", func(ctx context.Context, in *propose) (*body[studio.Rewriting], error) {
		return answer(s.Studio.Propose(ctx, callerOf(ctx).id(), in.ID, in.Body.of(nil)))
	})
	type adopt struct {
		Ref
		Body struct {
			Revision int64  `json:"revision"`
			Rewrite  revise `json:"rewrite"`
			Hunks    *[]int `json:"hunks,omitempty" maxItems:"5000" doc:"The numbers of the changes to take; all if not given"`
		}
	}
	op(s, "PUT", "/api/works/{id}/rewrites", "adopt-rewrite", "Put the chosen changes of a rewrite into the draft", func(ctx context.Context, in *adopt) (*body[Sheet], error) {
		sh, err := s.Studio.Adopt(ctx, callerOf(ctx).id(), in.ID, in.Body.Revision, in.Body.Rewrite.of(in.Body.Hunks))
		return s.sheetAnswer(ctx, sh, err)
	})
	type undo struct {
		Ref
		Body struct {
			Revision int64 `json:"revision"`
		}
	}
	op(s, "POST", "/api/works/{id}/undo", "undo", "Take the last rewrite or new part back", func(ctx context.Context, in *undo) (*body[Sheet], error) {
		sh, err := s.Studio.Undo(ctx, callerOf(ctx).id(), in.ID, in.Body.Revision)
		return s.sheetAnswer(ctx, sh, err)
	})
	op(s, "GET", "/api/persona", "get-persona", "How one writes, learned from one's own notes that allow it", func(ctx context.Context, _ *struct{}) (*body[studio.PersonaView], error) {
		return answer(s.Studio.Persona(ctx, callerOf(ctx).id()))
	})
	type habits struct{ Body loam.PersonaEdits }
	op(s, "PUT", "/api/persona", "save-persona", "Switch the persona on or off, and set its values by hand", func(ctx context.Context, in *habits) (*body[studio.PersonaView], error) {
		return answer(s.Studio.SavePersona(ctx, callerOf(ctx).id(), in.Body))
	})
	op(s, "DELETE", "/api/persona", "delete-persona", "Forget what was set; the persona is off again", func(ctx context.Context, _ *struct{}) (*struct{}, error) {
		return nil, s.Studio.Store.DeletePersona(ctx, callerOf(ctx).id())
	})
}
