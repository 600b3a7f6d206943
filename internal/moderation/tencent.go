package moderation

import (
	"encoding/base64"
	"encoding/json"
	"unicode/utf8"

	"loam"
)

// TencentRequest is the part of action TextModeration, version 2020-12-29, that Loam reads.
type TencentRequest struct {
	Content string // base64 of UTF-8, at most 10,000 characters
	BizType string
	DataID  string `json:"DataId"`
	Type    string // TEXT; TEXT_AIGC asks whether a model wrote it, which Loam does not guess
}

const tencentMost = 10_000

// ReadTencent reads a body.
func ReadTencent(body []byte) (TencentRequest, Item, error) {
	var in TencentRequest
	if err := json.Unmarshal(body, &in); err != nil {
		return in, Item{}, badInput("the body is not a JSON object")
	}
	if in.Type != "" && in.Type != "TEXT" {
		return in, Item{}, loam.Fail(loam.Invalid, "moderation.service", in.Type)
	}
	raw, err := base64.StdEncoding.DecodeString(in.Content)
	if err != nil || len(raw) == 0 || !utf8.Valid(raw) {
		return in, Item{}, badInput("Content is not base64 of a text in UTF-8")
	}
	if utf8.RuneCount(raw) > tencentMost {
		return in, Item{}, loam.Fail(loam.TooLarge, "moderation.text", tencentMost)
	}
	return in, Item{Text: string(raw)}, nil
}

// Tencent is the answer of TextModeration; an error has Error alone.
type Tencent struct {
	Response TencentResponse `json:"Response"`
}

// TencentError is an error as their clients read it.
type TencentError struct {
	Code    string `json:"Code"`
	Message string `json:"Message"`
}

// TencentResponse says what was found. Score is 0 to 100; positions are half open, in code
// points.
type TencentResponse struct {
	Error         *TencentError   `json:"Error,omitempty"`
	BizType       string          `json:"BizType,omitempty"`
	DataID        string          `json:"DataId,omitempty"`
	Suggestion    string          `json:"Suggestion,omitempty"` // Pass, Review, Block
	Label         string          `json:"Label,omitempty"`
	SubLabel      string          `json:"SubLabel,omitempty"`
	Score         int             `json:"Score"`
	Keywords      []string        `json:"Keywords,omitempty"`
	DetailResults []TencentDetail `json:"DetailResults,omitempty"`
	RiskDetails   []struct{}      `json:"RiskDetails,omitempty"`
	RequestID     string          `json:"RequestId"`
}

// TencentDetail is one label. LibType 2 is a list of the caller's own, 0 a detector.
type TencentDetail struct {
	Label      string       `json:"Label"`
	SubLabel   string       `json:"SubLabel,omitempty"`
	Suggestion string       `json:"Suggestion"`
	Score      int          `json:"Score"`
	Keywords   []string     `json:"Keywords,omitempty"`
	LibType    int          `json:"LibType"`
	LibName    string       `json:"LibName,omitempty"`
	HitInfos   []TencentHit `json:"HitInfos,omitempty"`
}

// TencentHit is a phrase with its places.
type TencentHit struct {
	Type      string         `json:"Type"`
	Keyword   string         `json:"Keyword"`
	LibName   string         `json:"LibName"`
	Positions []TencentPlace `json:"Positions"`
}

// TencentPlace is half open.
type TencentPlace struct {
	Start int `json:"Start"`
	End   int `json:"End"`
}

func suggestion(a loam.Action) string {
	switch a {
	case loam.Block:
		return "Block"
	case loam.Review:
		return "Review"
	case loam.Allow, loam.LimitReach:
	}
	return "Pass"
}

// NewTencent answers for a Verdict on a text.
func NewTencent(id string, in TencentRequest, text string, v loam.Verdict) Tencent {
	r := TencentResponse{RequestID: id, BizType: in.BizType, DataID: in.DataID, Suggestion: suggestion(v.Action), Label: "Normal"}
	at := pointer{text: text}
	for _, w := range weigh(v) {
		if w.acted == loam.Allow {
			continue
		}
		d := TencentDetail{
			Label: named(w.risk).tencent, SubLabel: string(w.risk), Suggestion: suggestion(w.acted), Score: int(percent(w.score) + 0.5), Keywords: w.phrases,
		}
		for _, f := range w.found {
			if f.Detector != "phrases" || f.End <= f.Start {
				continue
			}
			d.LibType, d.LibName = 2, "loam"
			from, to := at.span(f.Start, f.End)
			d.HitInfos = append(d.HitInfos, TencentHit{Type: "Keyword", Keyword: f.Text, LibName: "loam", Positions: []TencentPlace{{from, to}}})
		}
		r.DetailResults = append(r.DetailResults, d)
		r.Keywords = append(r.Keywords, d.Keywords...)
	}
	if len(r.DetailResults) > 0 {
		r.Label, r.SubLabel, r.Score = r.DetailResults[0].Label, r.DetailResults[0].SubLabel, r.DetailResults[0].Score
	}
	return Tencent{r}
}
