package web

import (
	"context"
	"strings"
	"unicode/utf8"

	"loam"
)

// Earlier is a draft as it once was.
type Earlier struct {
	Revision int64      `json:"revision"`
	Title    string     `json:"title"`
	Body     string     `json:"body"`
	Draft    loam.Draft `json:"draft"`
}

// editsPage is how many lines of a history one answer holds.
const editsPage = 100

func (s *Server) historyRoutes() {
	type list struct {
		Ref
		Before int64 `query:"before" minimum:"0" doc:"Only edits before this revision"`
	}
	op(s, "GET", "/api/works/{id}/edits", "list-edits", "What became of a draft, newest first", func(ctx context.Context, in *list) (*body[[]loam.Edit], error) {
		return answer(s.Library.Edits(ctx, callerOf(ctx).id(), in.ID, in.Before, editsPage))
	})
	type one struct {
		Ref
		Revision int64 `path:"revision" minimum:"1"`
	}
	op(s, "GET", "/api/works/{id}/edits/{revision}", "get-edit", "A draft as it was at a revision", func(ctx context.Context, in *one) (*body[Earlier], error) {
		d, err := s.Library.Earlier(ctx, callerOf(ctx).id(), in.ID, in.Revision)
		return answer(Earlier{Revision: in.Revision, Title: loam.Plain(d.Title), Body: loam.Plain(d.Body), Draft: d}, err)
	})
	type restore struct {
		Ref
		Body struct {
			Revision int64 `json:"revision" doc:"The revision the draft is at now"`
			From     int64 `json:"from" minimum:"1" doc:"The revision to bring back"`
		}
	}
	op(s, "POST", "/api/works/{id}/restore", "restore-edit", "Bring a draft back as it was; what it replaces stays in the history", func(ctx context.Context, in *restore) (*body[Sheet], error) {
		sh, err := s.Studio.Restore(ctx, callerOf(ctx).id(), in.ID, in.Body.Revision, in.Body.From)
		return s.sheetAnswer(ctx, sh, err)
	})
}

// templateName bounds a template's name in characters.
const templateName = 40

func (s *Server) templateRoutes() {
	op(s, "GET", "/api/templates", "list-templates", "One's own templates, newest first", func(ctx context.Context, _ *struct{}) (*body[[]loam.Template], error) {
		return answer(s.Library.Templates(ctx, callerOf(ctx).id()))
	})
	type save struct {
		Body struct {
			Name  string `json:"name" minLength:"1" maxLength:"400" doc:"The same name replaces the template of that name"`
			Work  string `json:"work" maxLength:"64" doc:"The note to take the shape of"`
			Pages bool   `json:"pages" doc:"Keep the words of its pages, without her photos"`
		}
	}
	op(s, "POST", "/api/templates", "save-template", "Keep the shape of a note to begin others with", func(ctx context.Context, in *save) (*body[loam.Template], error) {
		name := strings.Join(strings.Fields(strings.ToValidUTF8(in.Body.Name, "")), " ")
		if name == "" {
			return nil, loam.Fail(loam.Invalid, "template.name")
		}
		if utf8.RuneCountInString(name) > templateName {
			return nil, loam.Fail(loam.TooLarge, "template.name_long", templateName)
		}
		me := callerOf(ctx).id()
		shape, err := s.Studio.Shape(ctx, me, in.Body.Work, in.Body.Pages)
		if err != nil {
			return nil, err
		}
		return answer(s.Library.SaveTemplate(ctx, me, loam.Template{Name: name, Shape: shape}))
	})
	op(s, "DELETE", "/api/templates/{id}", "delete-template", "Drop a template", func(ctx context.Context, in *Ref) (*struct{}, error) {
		return nil, s.Library.DeleteTemplate(ctx, callerOf(ctx).id(), in.ID)
	})
}
