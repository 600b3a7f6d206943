package web

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"

	"loam"
	"loam/internal/moderation"
)

// maxModeration bounds a request to a moderation route, in bytes: pictures come in base64.
const maxModeration = 16 << 20

// foreign are routes that speak another service's protocol: their errors, and where their
// clients put the key, are that service's.
var foreign = map[string]bool{
	"POST /v1/moderations":            true,
	"POST /{$}":                       true,
	"POST /v1alpha1/comments:analyze": true,
}

// keyOf is the API key of a request: a bearer token; on a foreign route also the key id a
// cloud client signs with (its signature proves nothing more and is not looked at), or the
// key in the address.
func keyOf(r *http.Request) (string, bool) {
	header := r.Header.Get("Authorization")
	if key, ok := strings.CutPrefix(header, "Bearer "); ok {
		return key, true
	}
	m, _ := r.Context().Value(matchKey{}).(match)
	if !foreign[m.pattern] {
		return "", false
	}
	for _, scheme := range []string{"ACS3-HMAC-SHA256", "TC3-HMAC-SHA256"} {
		if rest, ok := strings.CutPrefix(header, scheme); ok {
			_, rest, _ = strings.Cut(rest, "Credential=")
			key, _, _ := strings.Cut(rest, ",")
			key, _, _ = strings.Cut(key, "/")
			return strings.TrimSpace(key), true
		}
	}
	for _, name := range []string{"key", "AccessKeyId"} {
		if key := r.URL.Query().Get(name); key != "" {
			return key, true
		}
	}
	return "", false
}

func (s *Server) moderationRoutes() {
	s.handleForeign("POST /v1/moderations", s.openAI, openAIError)
	s.handleForeign("POST /v1alpha1/comments:analyze", s.perspective, perspectiveError)
	s.handleForeign("POST /{$}", s.cloud, s.cloudError)
	type batched struct {
		Body struct {
			Texts []struct {
				ID   string `json:"id,omitempty" maxLength:"200"`
				Text string `json:"text" maxLength:"1000000"`
			} `json:"texts" minItems:"1" maxItems:"1000"`
		}
	}
	op(s, "POST", "/api/screen/batch", "screen-texts", "Screen up to a thousand texts, each by itself", func(ctx context.Context, in *batched) (*body[[]loam.Verdict], error) {
		ids, items := make([]string, len(in.Body.Texts)), make([]moderation.Item, len(in.Body.Texts))
		for i, t := range in.Body.Texts {
			ids[i], items[i] = t.ID, moderation.Item{Text: t.Text}
		}
		return answer(s.judgeAll(ctx, ids, items))
	})
}

// foreignFunc answers in a foreign shape; an error is shaped by the route's second function.
type foreignFunc func(r *http.Request, body []byte) (any, error)

// handleForeign registers a route behind the table whose refusals are foreign too.
func (s *Server) handleForeign(route string, answer foreignFunc, refuse func(r *http.Request, err error) (int, any)) {
	mustHaveEntry(route)
	s.mux.HandleFunc(route, func(w http.ResponseWriter, r *http.Request) {
		c := callerOf(r.Context())
		err := c.trouble
		if err == nil {
			err = s.admit(route, c)
		}
		var out any
		if err == nil {
			var body []byte
			if body, err = io.ReadAll(http.MaxBytesReader(w, r.Body, maxModeration)); err != nil {
				var large *http.MaxBytesError
				if err = loam.Fail(loam.Invalid, "request.json").Because(err); errors.As(err, &large) {
					err = loam.Fail(loam.TooLarge, "moderation.text", maxModeration)
				}
			} else {
				out, err = answer(r, body)
			}
		}
		status := http.StatusOK
		if err != nil {
			s.note(r.Context(), err)
			status, out = refuse(r, err)
		}
		var b bytes.Buffer
		enc := json.NewEncoder(&b)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(out); err != nil {
			s.fail(w, r, err)
			return
		}
		if status == http.StatusTooManyRequests {
			w.Header().Set("Retry-After", "10")
		}
		w.Header().Set("Content-Type", "application/json") // exactly so: Tencent's client compares it
		w.Header().Set("Cache-Control", "no-store")
		w.WriteHeader(status)
		_, _ = w.Write(b.Bytes()) // the client is gone; nothing to do
	})
}

// maxFound bounds the findings of one request: what is found costs more to keep and to send
// than the text it was found in.
const maxFound = 20_000

// judgeAll screens the items of one request, each by itself. What does not fit, the number of
// texts, of findings, or what a member may ask for, is refused before it is begun or where
// it shows; nothing is answered by halves.
func (s *Server) judgeAll(ctx context.Context, ids []string, items []moderation.Item) ([]loam.Verdict, error) {
	c := callerOf(ctx)
	staff := c.account != nil && (c.account.Has(loam.Operator) || c.account.Has(loam.Admin))
	if !staff {
		cost := 0
		for _, it := range items {
			cost += 1 + (len(it.Text)+len(it.Picture))/memberBytes
		}
		if !s.quick.allowN("screen "+c.id(), cost) {
			return nil, loam.Fail(loam.Limited, "request.too_often")
		}
		if !s.screeners.take(c.id()) {
			return nil, loam.Fail(loam.Limited, "request.too_often")
		}
		defer s.screeners.leave(c.id())
	}
	out, found := make([]loam.Verdict, 0, len(items)), 0
	for i, it := range items {
		v, err := s.judge(ctx, ids[i], it)
		if err != nil {
			return nil, err
		}
		if found += len(v.Findings); found > maxFound {
			return nil, loam.Fail(loam.TooLarge, "moderation.findings", maxFound)
		}
		if !staff {
			for i := range v.Findings {
				v.Findings[i] = v.Findings[i].Told()
			}
		}
		out = append(out, v)
	}
	return out, nil
}

// memberBytes is how many bytes of a member's text count as one request of hers.
const memberBytes = 20_000

// judgeOne is judgeAll for one.
func (s *Server) judgeOne(ctx context.Context, id string, it moderation.Item) (loam.Verdict, error) {
	v, err := s.judgeAll(ctx, []string{id}, []moderation.Item{it})
	if err != nil {
		return loam.Verdict{}, err
	}
	return v[0], nil
}

// judge screens one thing in one of the places there are.
func (s *Server) judge(ctx context.Context, id string, it moderation.Item) (loam.Verdict, error) {
	select {
	case s.screens <- struct{}{}:
	case <-ctx.Done():
		return loam.Verdict{}, ctx.Err()
	}
	defer func() { <-s.screens }()
	return s.Screen.Judge(ctx, id, it.Text, it.Picture), nil
}

func (s *Server) openAI(r *http.Request, body []byte) (any, error) {
	items, joined, err := moderation.ReadOpenAI(body)
	if err != nil {
		return nil, err
	}
	verdicts, err := s.judgeAll(r.Context(), make([]string, len(items)), items)
	if err != nil {
		return nil, err
	}
	pictures := make([]bool, len(items))
	for i, it := range items {
		pictures[i] = it.Picture != nil
		if joined && i > 0 {
			verdicts[0], pictures[0] = moderation.Join(verdicts[0], verdicts[i]), pictures[0] || pictures[i]
		}
	}
	if joined {
		verdicts, pictures = verdicts[:1], pictures[:1]
	}
	return moderation.NewOpenAI(loam.NewID(s.Clock()), "loam-"+s.Screen.Policy().Hash[:12], verdicts, pictures), nil
}

func openAIError(r *http.Request, err error) (int, any) {
	p := problem(langOf(r), err)
	return p.Status, moderation.NewOpenAIError(p.Status, p.Code, p.Detail)
}

func (s *Server) perspective(r *http.Request, body []byte) (any, error) {
	in, err := moderation.ReadPerspective(body)
	if err != nil {
		return nil, err
	}
	v, err := s.judgeOne(r.Context(), "", moderation.Item{Text: in.Comment.Text})
	if err != nil {
		return nil, err
	}
	return moderation.NewPerspective(in, v, s.Screen.Likely(in.Comment.Text)), nil
}

func perspectiveError(r *http.Request, err error) (int, any) {
	p := problem(langOf(r), err)
	if p.Status == http.StatusUnprocessableEntity {
		p.Status = http.StatusBadRequest // their clients know no 422
	}
	return p.Status, moderation.NewPerspectiveError(p.Status, p.Detail)
}

// cloud serves the cloud services whose clients name the action in a header and post to /.
func (s *Server) cloud(r *http.Request, body []byte) (any, error) {
	action, tencent := cloudAction(r, body)
	switch action {
	case "TextModeration":
		if !tencent {
			break
		}
		in, it, err := moderation.ReadTencent(body)
		if err != nil {
			return nil, err
		}
		v, err := s.judgeOne(r.Context(), in.DataID, it)
		return moderation.NewTencent(loam.NewID(s.Clock()), in, it.Text, v), err
	case "TextModerationPlus":
		if tencent {
			break
		}
		form := formOf(r, body)
		it, id, err := moderation.ReadAliyun(form("Service"), form("ServiceParameters"))
		if err != nil {
			return nil, err
		}
		v, err := s.judgeOne(r.Context(), id, it)
		return moderation.NewAliyun(loam.NewID(s.Clock()), id, v), err
	}
	if action == "" {
		return nil, loam.Fail(loam.NotFound, "moderation.no_action")
	}
	return nil, loam.Fail(loam.NotFound, "moderation.action", action)
}

// cloudAction is the action a cloud client asks for, and whether it is Tencent's.
func cloudAction(r *http.Request, body []byte) (action string, tencent bool) {
	if a := r.Header.Get("X-TC-Action"); a != "" {
		return a, true
	}
	if a := r.Header.Get("x-acs-action"); a != "" {
		return a, false
	}
	return formOf(r, body)("Action"), false
}

// formOf reads a parameter of the address or else of a posted form.
func formOf(r *http.Request, body []byte) func(string) string {
	form, _ := url.ParseQuery(string(body)) // a body that is no form has no parameters
	return func(name string) string {
		if v := r.URL.Query().Get(name); v != "" {
			return v
		}
		return form.Get(name)
	}
}

// cloudError shapes an error for whichever client asked: Tencent's reads it out of a 200.
func (s *Server) cloudError(r *http.Request, err error) (int, any) {
	p := problem(langOf(r), err)
	id := loam.NewID(s.Clock())
	if _, tencent := cloudAction(r, nil); tencent {
		codes := map[int]string{401: "AuthFailure.SecretIdNotFound", 403: "UnauthorizedOperation", 404: "InvalidAction", 429: "RequestLimitExceeded", 413: "InvalidParameterValue.ErrTextContentLen", 422: "InvalidParameter"}
		code, ok := codes[p.Status]
		if !ok {
			code = "InternalError"
		}
		return http.StatusOK, moderation.Tencent{Response: moderation.TencentResponse{RequestID: id, Error: &moderation.TencentError{Code: code, Message: p.Detail}}}
	}
	codes := map[int]string{401: "InvalidAccessKeyId.NotFound", 403: "Forbidden", 404: "InvalidAction.NotFound", 429: "Throttling.User", 413: "InvalidParameter", 422: "InvalidParameter"}
	code, ok := codes[p.Status]
	if !ok {
		code = "InternalError"
	}
	if p.Status == http.StatusUnprocessableEntity || p.Status == http.StatusRequestEntityTooLarge {
		p.Status = http.StatusBadRequest // their clients know neither
	}
	return p.Status, map[string]string{"Code": code, "Message": p.Detail, "RequestId": id}
}
