package moderation

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"

	"loam"
)

// Item is one thing to judge: a text, or the bytes of a picture.
type Item struct {
	Text    string
	Picture []byte
}

// Bounds of a request. The services' own are lower; what is longer belongs into a batch.
const (
	MaxItems = 1000
	MaxText  = 1_000_000 // bytes of one text
)

// OpenAICategories are the categories of omni-moderation.
func OpenAICategories() []string {
	return []string{
		"harassment", "harassment/threatening", "hate", "hate/threatening", "illicit", "illicit/violent", "self-harm",
		"self-harm/intent", "self-harm/instructions", "sexual", "sexual/minors", "violence", "violence/graphic",
	}
}

// ReadOpenAI reads the body of POST /v1/moderations: input is a text, a list of texts, or a
// list of parts of type text and image_url. Parts are one input and share a result; so Joined
// says. Pictures come as data: addresses; others are refused, as nothing is fetched for a
// stranger. Errors are Invalid, "moderation.input" with what is wrong.
func ReadOpenAI(body []byte) (items []Item, joined bool, err error) {
	var in struct {
		Model string          `json:"model"`
		Input json.RawMessage `json:"input"`
	}
	if err := json.Unmarshal(body, &in); err != nil {
		return nil, false, badInput("the body is not a JSON object")
	}
	var one string
	if json.Unmarshal(in.Input, &one) == nil && len(in.Input) > 0 && in.Input[0] == '"' {
		return checkItems([]Item{{Text: one}}, false)
	}
	var many []json.RawMessage
	if json.Unmarshal(in.Input, &many) != nil || len(many) == 0 {
		return nil, false, badInput("input is not a text, a list of texts or a list of parts")
	}
	if many[0][0] == '"' {
		for _, raw := range many {
			var s string
			if json.Unmarshal(raw, &s) != nil {
				return nil, false, badInput("input mixes texts with something else")
			}
			items = append(items, Item{Text: s})
		}
		return checkItems(items, false)
	}
	for _, raw := range many {
		it, err := openAIPart(raw)
		if err != nil {
			return nil, false, err
		}
		items = append(items, it)
	}
	return checkItems(items, true)
}

func openAIPart(raw json.RawMessage) (Item, error) {
	var part struct {
		Type  string `json:"type"`
		Text  string `json:"text"`
		Image struct {
			URL string `json:"url"`
		} `json:"image_url"`
	}
	if json.Unmarshal(raw, &part) != nil {
		return Item{}, badInput("a part is not an object")
	}
	switch part.Type {
	case "text":
		return Item{Text: part.Text}, nil
	case "image_url":
		_, data, ok := strings.Cut(part.Image.URL, ";base64,")
		if !ok || !strings.HasPrefix(part.Image.URL, "data:image/") {
			return Item{}, badInput("image_url is not a data: address; Loam fetches nothing, send the picture itself")
		}
		picture, err := base64.StdEncoding.DecodeString(data)
		if err != nil || len(picture) == 0 {
			return Item{}, badInput("image_url does not hold base64")
		}
		return Item{Picture: picture}, nil
	}
	return Item{}, badInput(fmt.Sprintf("a part is of type %q; it is text or image_url", part.Type))
}

func checkItems(items []Item, joined bool) ([]Item, bool, error) {
	if len(items) > MaxItems {
		return nil, false, loam.Fail(loam.TooLarge, "moderation.items", MaxItems)
	}
	for _, it := range items {
		if len(it.Text) > MaxText {
			return nil, false, loam.Fail(loam.TooLarge, "moderation.text", MaxText)
		}
	}
	return items, joined, nil
}

func badInput(why string) error { return loam.Fail(loam.Invalid, "moderation.input", why) }

// OpenAI is the answer of POST /v1/moderations.
type OpenAI struct {
	ID      string         `json:"id"`
	Model   string         `json:"model"`
	Results []OpenAIResult `json:"results"`
}

// OpenAIResult judges one input. Flagged is review or block, also for a risk that has no
// category; then all categories are false.
type OpenAIResult struct {
	Flagged    bool                `json:"flagged"`
	Categories map[string]bool     `json:"categories"`
	Scores     map[string]float64  `json:"category_scores"`
	Inputs     map[string][]string `json:"category_applied_input_types"`
	Loam       loam.Verdict        `json:"loam"` // the whole Verdict, which a client that does not know it ignores
}

// NewOpenAI answers for Verdicts in the order of the inputs; picture says which of them had
// one.
func NewOpenAI(id, model string, verdicts []loam.Verdict, picture []bool) OpenAI {
	out := OpenAI{ID: "modr-" + id, Model: model, Results: []OpenAIResult{}}
	for i, v := range verdicts {
		out.Results = append(out.Results, openAIResult(v, picture[i]))
	}
	return out
}

// seesPictures are the categories that pictures count for.
func seesPictures(category string) bool {
	return strings.HasPrefix(category, "self-harm") || category == "sexual" || strings.HasPrefix(category, "violence")
}

func openAIResult(v loam.Verdict, picture bool) OpenAIResult {
	r := OpenAIResult{Flagged: flagged(v.Action), Categories: map[string]bool{}, Scores: map[string]float64{}, Inputs: map[string][]string{}, Loam: v}
	for _, c := range OpenAICategories() {
		r.Categories[c], r.Scores[c] = false, 0
		if r.Inputs[c] = []string{"text"}; picture && seesPictures(c) {
			r.Inputs[c] = []string{"text", "image"}
		}
	}
	for _, w := range weigh(v) {
		for _, c := range named(w.risk).openai {
			r.Scores[c] = max(r.Scores[c], w.score)
			r.Categories[c] = r.Categories[c] || flagged(w.acted)
		}
	}
	return r
}

// OpenAIError is an error as OpenAI's clients read it.
type OpenAIError struct {
	Error struct {
		Message string  `json:"message"`
		Type    string  `json:"type"`
		Param   *string `json:"param"`
		Code    string  `json:"code"`
	} `json:"error"`
}

// NewOpenAIError wraps a sentence and Loam's own code; status is the HTTP status.
func NewOpenAIError(status int, code, sentence string) OpenAIError {
	var e OpenAIError
	e.Error.Message, e.Error.Code = sentence, code
	kinds := map[int]string{401: "authentication_error", 403: "permission_error", 429: "rate_limit_error"}
	e.Error.Type = "invalid_request_error"
	if k, ok := kinds[status]; ok {
		e.Error.Type = k
	} else if status >= 500 {
		e.Error.Type = "server_error"
	}
	return e
}
