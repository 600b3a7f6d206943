package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"loam"
)

// local are the addresses where the usual local engines listen: Ollama, llama.cpp and
// LM Studio, vLLM.
var local = []string{"http://127.0.0.1:11434/v1", "http://127.0.0.1:8080/v1", "http://127.0.0.1:1234/v1", "http://127.0.0.1:8000/v1"}

// Find lists models of local engines that answer. They are offered, not used: nothing is
// sent to one before an operator accepts it.
func (g *Gateway) Find(ctx context.Context) []Model {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	found := make([][]Model, len(local))
	var wg sync.WaitGroup
	for i, at := range local {
		wg.Go(func() { found[i] = g.list(ctx, at) })
	}
	wg.Wait()
	var out []Model
	for _, f := range found {
		out = append(out, f...)
	}
	return out
}

// models asks a model's server for its models.
func (g *Gateway) models(ctx context.Context, m Model) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimRight(m.URL, "/")+"/models", nil)
	if err != nil {
		return nil, err
	}
	if m.Key != "" {
		req.Header.Set("Authorization", "Bearer "+m.Key)
	}
	return g.Client.Do(req)
}

// Answers asks a model's server for its models and reports why there was no answer.
func (g *Gateway) Answers(ctx context.Context, m Model) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	res, err := g.models(ctx, m)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode == http.StatusUnauthorized || res.StatusCode == http.StatusForbidden || res.StatusCode >= http.StatusInternalServerError {
		return fmt.Errorf("%s answers %s", m.URL, res.Status)
	}
	return nil // a server that does not list its models may still have one
}

// list asks an engine for its models; an engine that is not there has none.
func (g *Gateway) list(ctx context.Context, at string) []Model {
	res, err := g.models(ctx, Model{URL: at})
	if err != nil {
		return nil // nobody listens there, which is the usual case
	}
	defer res.Body.Close()
	var answer struct {
		Data []struct {
			ID string `json:"id"`
		} `json:"data"`
	}
	if res.StatusCode != http.StatusOK || json.NewDecoder(io.LimitReader(res.Body, 1<<20)).Decode(&answer) != nil {
		return nil
	}
	var out []Model
	for _, d := range answer.Data {
		if d.ID != "" && len(out) < 50 {
			out = append(out, Model{URL: at, Name: d.ID})
		}
	}
	return out
}

// TryConnected makes one small real call to the model in use.
func (g *Gateway) TryConnected(ctx context.Context) (string, error) {
	m := g.current()
	if m.URL == "" {
		return "", loam.Fail(loam.Conflict, "model.none")
	}
	return g.Try(ctx, m)
}

// Judge asks a guard model about a text, which is all of the prompt: no rules of Loam's stand
// beside it that it could speak against. Nothing is kept.
func (g *Gateway) Judge(ctx context.Context, m Model, text string) (string, error) {
	var answer strings.Builder
	_, err := g.stream(ctx, m, Prompt{User: text, MaxTokens: 100, Temperature: "0"}, func(s string) error {
		if answer.Len() > 4000 {
			return loam.Fail(loam.Unavailable, "model.garbage")
		}
		answer.WriteString(s)
		return nil
	})
	return answer.String(), err
}

// Try makes one small real call to a model, as the test button does, and gives what it
// said.
func (g *Gateway) Try(ctx context.Context, m Model) (string, error) {
	gate := &sentences{scan: g.Scan, keep: func(string) error { return nil }}
	_, err := g.stream(ctx, m, Prompt{System: "用一句不超过二十个字的中文回答。", User: "用一句话介绍刚出炉的面包。", MaxTokens: 200}, gate.write)
	if refused, ok := errors.AsType[*url.Error](err); ok { // nobody there, or not by that name
		return "", loam.Fail(loam.Unavailable, "engine.no_answer", m.URL, refused.Err).Because(err)
	}
	if err != nil {
		return gate.passed(), err
	}
	err = gate.end()
	return gate.passed(), err
}
