package gateway

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"loam"
)

// maxLine bounds one line of an event stream, in bytes.
const maxLine = 1 << 20

type message struct {
	Role    string `json:"role"`
	Content string `json:"content"`
}

type chatRequest struct {
	Model     string    `json:"model"`
	Messages  []message `json:"messages"`
	Stream    bool      `json:"stream"`
	MaxTokens int       `json:"max_tokens"`
	// Temperature is a number as text, so that what is sent is what is kept.
	Temperature json.Number `json:"temperature,omitempty"`
	Options     struct {
		Usage bool `json:"include_usage"`
	} `json:"stream_options"`
}

type chatChunk struct {
	Choices []struct {
		Delta struct {
			Content string `json:"content"`
		} `json:"delta"`
		Finish *string `json:"finish_reason"`
	} `json:"choices"`
	Usage *struct {
		Total int64 `json:"total_tokens"`
	} `json:"usage"`
	Error json.RawMessage `json:"error"`
}

// stream makes one chat completion and hands each piece of text to write. It gives the
// tokens the server counted, 0 if it did not say.
func (g *Gateway) stream(ctx context.Context, m Model, p Prompt, write func(string) error) (int64, error) {
	body := chatRequest{Model: m.Name, Stream: true, MaxTokens: p.most(), Temperature: json.Number(p.Temperature), Messages: []message{{"system", p.System}, {"user", p.User}}}
	body.Options.Usage = true
	raw, err := json.Marshal(body)
	if err != nil {
		return 0, err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, strings.TrimRight(m.URL, "/")+"/chat/completions", bytes.NewReader(raw))
	if err != nil {
		return 0, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "text/event-stream")
	if m.Key != "" {
		req.Header.Set("Authorization", "Bearer "+m.Key)
	}
	quiet := time.AfterFunc(g.Quiet, func() { cancel(loam.Fail(loam.Unavailable, "model.quiet")) })
	defer quiet.Stop()
	res, err := g.Client.Do(req)
	if err != nil {
		return 0, cause(ctx, err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return 0, refusal(res)
	}
	tokens, err := read(res.Body, func() { quiet.Reset(g.Quiet) }, write)
	return tokens, cause(ctx, err)
}

// cause prefers why the call was cancelled over the read error that followed.
func cause(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	if c := context.Cause(ctx); c != nil && !errors.Is(c, context.Canceled) {
		return c
	}
	return err
}

func refusal(res *http.Response) error {
	detail, _ := io.ReadAll(io.LimitReader(res.Body, 2000)) // only for the log
	err := fmt.Errorf("model answered %s: %q", res.Status, detail)
	switch res.StatusCode {
	case http.StatusTooManyRequests:
		return loam.Fail(loam.Limited, "model.limited", res.Header.Get("Retry-After")).Because(err)
	case http.StatusUnauthorized, http.StatusForbidden:
		return loam.Fail(loam.Unavailable, "model.key").Because(err)
	case http.StatusNotFound:
		return loam.Fail(loam.Unavailable, "model.not_found").Because(err)
	default:
		return loam.Fail(loam.Unavailable, "model.refused", res.StatusCode).Because(err)
	}
}

// read reads an event stream until [DONE] or a finish reason. A stream that ends without
// either was cut; one whose lines are not chunks is garbage. Comments and blank lines are
// skipped.
func read(r io.Reader, alive func(), write func(string) error) (tokens int64, err error) {
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 0, 4096), maxLine)
	finished := false
	for lines.Scan() {
		alive()
		data, ok := strings.CutPrefix(lines.Text(), "data:")
		if !ok {
			continue
		}
		data = strings.TrimSpace(data)
		if data == "[DONE]" {
			return tokens, nil
		}
		var c chatChunk
		if err := json.Unmarshal([]byte(data), &c); err != nil {
			return tokens, loam.Fail(loam.Unavailable, "model.garbage").Because(err)
		}
		if len(c.Error) > 0 && string(c.Error) != "null" {
			return tokens, loam.Fail(loam.Unavailable, "model.failed").Because(fmt.Errorf("model error %q", c.Error))
		}
		if c.Usage != nil {
			tokens = max(0, c.Usage.Total) // less than nothing is not said: it would give money back
		}
		if len(c.Choices) == 0 {
			continue
		}
		if s := c.Choices[0].Delta.Content; s != "" {
			if !utf8.ValidString(s) {
				s = strings.ToValidUTF8(s, "�")
			}
			if err := write(s); err != nil {
				return tokens, err
			}
		}
		finished = finished || c.Choices[0].Finish != nil
	}
	if errors.Is(lines.Err(), bufio.ErrTooLong) {
		return tokens, loam.Fail(loam.Unavailable, "model.garbage").Because(lines.Err())
	}
	if !finished {
		return tokens, loam.Fail(loam.Unavailable, "model.cut").Because(lines.Err())
	}
	return tokens, nil
}
