package moderation

import (
	"encoding/json"
	"strings"

	"loam"
)

// Aliyun's text moderation, version 2022-03-02: action TextModerationPlus with a Service and
// ServiceParameters, a JSON object as text.

// ReadAliyun reads the two parameters. Services other than those for text are Invalid,
// "moderation.service".
func ReadAliyun(service, parameters string) (item Item, dataID string, err error) {
	if strings.Contains(service, "image") || strings.Contains(service, "video") || strings.Contains(service, "audio") || service == "" {
		return Item{}, "", loam.Fail(loam.Invalid, "moderation.service", service)
	}
	var in struct {
		Content string `json:"content"`
		DataID  string `json:"dataId"`
	}
	if json.Unmarshal([]byte(parameters), &in) != nil || in.Content == "" {
		return Item{}, "", badInput("ServiceParameters is not a JSON object with content")
	}
	_, _, err = checkItems([]Item{{Text: in.Content}}, false)
	return Item{Text: in.Content}, in.DataID, err
}

// Aliyun is the answer of TextModerationPlus.
type Aliyun struct {
	RequestID string      `json:"RequestId"`
	Code      int         `json:"Code"`
	Message   string      `json:"Message"`
	Data      *AliyunData `json:"Data,omitempty"`
}

// AliyunData is what was found. Score and Confidence are 0 to 100.
type AliyunData struct {
	DataID    string         `json:"DataId,omitempty"`
	RiskLevel string         `json:"RiskLevel"` // high, medium, low, none
	Score     float64        `json:"Score"`
	Result    []AliyunResult `json:"Result"`
	Advice    []AliyunAdvice `json:"Advice"`
}

// AliyunResult is one label.
type AliyunResult struct {
	Label       string      `json:"Label"`
	Description string      `json:"Description,omitempty"`
	Confidence  float64     `json:"Confidence"`
	RiskWords   string      `json:"RiskWords,omitempty"`
	CustomHit   []AliyunHit `json:"CustomizedHit,omitempty"`
}

// AliyunHit are phrases of an installation's own list.
type AliyunHit struct {
	LibName  string `json:"LibName"`
	KeyWords string `json:"KeyWords"`
}

// AliyunAdvice is empty here: Loam proposes no answers.
type AliyunAdvice struct{}

// aliyunCustom is the label of what Aliyun has no word for.
const aliyunCustom = "customized"

// NewAliyun answers for a Verdict.
func NewAliyun(id, dataID string, v loam.Verdict) Aliyun {
	levels := map[loam.Action]string{loam.Allow: "none", loam.LimitReach: "low", loam.Review: "medium", loam.Block: "high"}
	d := &AliyunData{DataID: dataID, RiskLevel: levels[v.Action], Result: []AliyunResult{}, Advice: []AliyunAdvice{}}
	for _, w := range weigh(v) {
		if w.acted == loam.Allow {
			continue
		}
		r := AliyunResult{Label: named(w.risk).aliyun, Description: string(w.risk), Confidence: percent(w.score), RiskWords: strings.Join(w.phrases, ",")}
		if r.Label == "" {
			r.Label = aliyunCustom
		}
		if len(w.phrases) > 0 {
			r.CustomHit = []AliyunHit{{LibName: "loam", KeyWords: r.RiskWords}}
		}
		d.Score = max(d.Score, r.Confidence)
		d.Result = append(d.Result, r)
	}
	if len(d.Result) == 0 {
		d.Result = append(d.Result, AliyunResult{Label: "nonLabel"})
	}
	return Aliyun{RequestID: id, Code: 200, Message: "OK", Data: d}
}

// percent is a probability on their scale, with two decimals.
func percent(score float64) float64 { return float64(int(score*10000+0.5)) / 100 }
