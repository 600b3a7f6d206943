package web

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"loam"
)

// statuses is the one map from error kinds to HTTP.
var statuses = map[loam.Kind]int{
	loam.Internal:    http.StatusInternalServerError,
	loam.Invalid:     http.StatusUnprocessableEntity,
	loam.SignedOut:   http.StatusUnauthorized,
	loam.Denied:      http.StatusForbidden,
	loam.NotFound:    http.StatusNotFound,
	loam.Conflict:    http.StatusConflict,
	loam.Gone:        http.StatusGone,
	loam.TooLarge:    http.StatusRequestEntityTooLarge,
	loam.TooSlow:     http.StatusRequestTimeout,
	loam.Limited:     http.StatusTooManyRequests,
	loam.Unavailable: http.StatusServiceUnavailable,
}

// Problem is an RFC 9457 problem document. Code names the sentence, Detail is it in the
// caller's language.
type Problem struct {
	Type   string   `json:"type" example:"about:blank"`
	Title  string   `json:"title"`
	Status int      `json:"status"`
	Detail string   `json:"detail"`
	Code   string   `json:"code"`
	Args   []string `json:"args"`
}

// Error implements error.
func (p *Problem) Error() string { return p.Code + ": " + p.Detail }

// GetStatus implements huma.StatusError.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType implements huma's content-type choice for errors.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// GetHeaders implements huma.HeadersError: who came too often, or when nothing was free, reads
// when to come again.
func (p *Problem) GetHeaders() http.Header {
	h := http.Header{}
	if p.Status == http.StatusTooManyRequests || p.Status == http.StatusServiceUnavailable {
		h.Set("Retry-After", "10")
	}
	return h
}

// problem makes the document for an error in a language. The cause of anything that is
// not a person's to know stays in the log.
func problem(lang string, err error) *Problem {
	if p, ok := errors.AsType[*Problem](err); ok {
		return p
	}
	kind, code := loam.KindOf(err), loam.CodeOf(err)
	if kind == loam.Internal {
		code = "internal"
	}
	p := &Problem{Type: "about:blank", Status: statuses[kind], Title: http.StatusText(statuses[kind]), Code: code, Args: []string{}}
	if e, ok := errors.AsType[*loam.Error](err); ok && kind != loam.Internal {
		p.Args = append(p.Args, e.Args...)
	}
	p.Detail = sentence(lang, code, p.Args...)
	return p
}

// fail answers with an error.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	s.note(r.Context(), err)
	writeProblem(w, problem(langOf(r), err))
}

func writeProblem(w http.ResponseWriter, p *Problem) {
	maps.Copy(w.Header(), p.GetHeaders())
	w.Header().Set("Content-Type", "application/problem+json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // the client is gone; nothing to do
}

// note logs what is ours to mend.
func (s *Server) note(ctx context.Context, err error) {
	switch loam.KindOf(err) {
	case loam.Internal, loam.Unavailable:
		s.log.ErrorContext(ctx, "request failed", slog.Any("error", err))
	default:
	}
}

// maxFields bounds how many fields a refusal names.
const maxFields = 8

// humaProblem shapes huma's own refusals (a body that is not JSON, a field out of bounds):
// our sentence and the names of the fields, never what was sent in them.
func humaProblem(lang string, status int, errs []error) *Problem {
	p := &Problem{Type: "about:blank", Status: status, Title: http.StatusText(status), Code: "request.invalid", Args: []string{}}
	switch {
	case status == http.StatusRequestEntityTooLarge:
		p.Code = "request.too_large"
	case status >= http.StatusInternalServerError:
		p.Code = "internal"
	}
	p.Detail = sentence(lang, p.Code)
	if p.Code != "request.invalid" {
		return p
	}
	for _, e := range errs {
		d, ok := e.(huma.ErrorDetailer)
		if !ok {
			continue
		}
		name := strings.TrimPrefix(d.ErrorDetail().Location, "body.")
		if fieldName.MatchString(name) && !slices.Contains(p.Args, name) && len(p.Args) < maxFields {
			p.Args = append(p.Args, name)
		}
	}
	if len(p.Args) > 0 {
		p.Detail = sentence(lang, "request.fields", strings.Join(p.Args, ", "))
	}
	return p
}

// fieldName is what a place in a request looks like; a key somebody made up may not.
var fieldName = regexp.MustCompile(`^[A-Za-z0-9_.\[\]-]{1,64}$`)

// large are the operations whose body may have maxModeration bytes; others have a MiB.
var large = map[string]bool{"POST /api/screen/batch": true}

// op registers one JSON operation behind the authorisation table.
func op[I, O any](s *Server, method, path, id, summary string, h func(context.Context, *I) (*O, error)) {
	route := method + " " + path
	mustHaveEntry(route)
	o := huma.Operation{OperationID: id, Method: method, Path: path, Summary: summary, Tags: []string{strings.Split(path, "/")[2]}, MaxBodyBytes: 1 << 20}
	if large[route] {
		o.MaxBodyBytes = maxModeration
	}
	if method == http.MethodDelete || strings.HasPrefix(id, "void-") {
		o.DefaultStatus = http.StatusNoContent
	}
	if table[route]&anyone == 0 {
		o.Security = []map[string][]string{{"session": {}}, {"key": {}}}
	}
	o.Middlewares = huma.Middlewares{func(c huma.Context, next func(huma.Context)) {
		// Before the body is read: who may not call learns nothing of what a call takes.
		caller := callerOf(c.Context())
		if err := s.admit(route, caller); err != nil {
			p := problem(caller.lang, err)
			for k := range p.GetHeaders() {
				c.SetHeader(k, p.GetHeaders().Get(k))
			}
			c.SetHeader("Content-Type", "application/problem+json")
			c.SetStatus(p.Status)
			_ = json.NewEncoder(c.BodyWriter()).Encode(p) // the client is gone; nothing to do
			return
		}
		next(c)
	}}
	huma.Register(s.api, o, func(ctx context.Context, in *I) (*O, error) {
		out, err := h(ctx, in)
		if err != nil {
			s.note(ctx, err)
			return nil, problem(callerOf(ctx).lang, err)
		}
		return out, nil
	})
}

// body wraps an answer's JSON for huma.
type body[T any] struct{ Body T }

func answer[T any](v T, err error) (*body[T], error) {
	if err != nil {
		return nil, err
	}
	return &body[T]{v}, nil
}

func atoi(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return -1
	}
	return n
}
