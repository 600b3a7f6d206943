package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestDraftByModel asks a model that answers in pieces, and models that misbehave.
func TestDraftByModel(t *testing.T) {
	t.Parallel()
	const answer = "标题：湖边咖啡\n标题：靠窗看湖\n正文：\n人均35元。\n靠窗能看湖。\n标签：咖啡 #湖边"
	stream := func(w http.ResponseWriter, text string) {
		w.Header().Set("Content-Type", "text/event-stream")
		for _, piece := range strings.SplitAfter(text, "") {
			b, _ := json.Marshal(piece)
			fmt.Fprintf(w, "data: {\"choices\":[{\"delta\":{\"content\":%s}}]}\n\n", b)
		}
	}
	for name, c := range map[string]struct {
		model func(http.ResponseWriter)
		code  int
		out   string
		err   string
	}{
		"answers": {func(w http.ResponseWriter) {
			stream(w, answer)
			io.WriteString(w, "data: [DONE]\n\n")
		}, 0, `{"titles":["湖边咖啡","靠窗看湖"],"body":"人均35元。\n靠窗能看湖。","tags":["咖啡","湖边"],"asks":[],"kind":"*","writer":"m1"}`, ""},
		"closes midway":  {func(w http.ResponseWriter) { stream(w, answer) }, 1, "", "this much came:\n标题：湖边咖啡"},
		"has enough":     {func(w http.ResponseWriter) { w.WriteHeader(http.StatusTooManyRequests) }, 1, "", "loam: "},
		"speaks garbage": {func(w http.ResponseWriter) { io.WriteString(w, "data: {{{\n\n") }, 1, "", "loam: "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			asked := 0
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				asked++
				body, _ := io.ReadAll(r.Body)
				if got := r.Header.Get("Authorization"); got != "Bearer secret" {
					t.Errorf("authorization: got %q", got)
				}
				if !strings.Contains(string(body), "靠窗的咖啡馆") || !strings.Contains(string(body), `"m1"`) {
					t.Errorf("the idea or the model's name is missing in %s", body)
				}
				c.model(w)
			}))
			defer server.Close()
			env := map[string]string{"LOAM_MODEL_URL": server.URL + "/v1", "LOAM_MODEL_KEY": "secret"}
			var out, errs bytes.Buffer
			a := &app{ctx: context.Background(), in: strings.NewReader(""), out: &out, err: &errs, getenv: func(k string) string { return env[k] }}
			if code := run(a, []string{"draft", "--idea", "靠窗的咖啡馆", "--writer", "m1"}); code != c.code {
				t.Errorf("exit code %d, want %d; %s", code, c.code, errs.String())
			}
			if want, _, _ := strings.Cut(c.out, "*"); !strings.HasPrefix(out.String(), want) || c.out == "" && out.Len() > 0 {
				t.Errorf("got  %s\nwant %s", out.String(), c.out)
			}
			if !strings.Contains(errs.String(), c.err) || strings.Contains(errs.String(), "secret") {
				t.Errorf("standard error: got %q, want %q in it and no key", errs.String(), c.err)
			}
			if asked != 1 {
				t.Errorf("the model was asked %d times, want once", asked)
			}
		})
	}
}
