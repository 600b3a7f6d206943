package moderation

import (
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"

	"loam"
)

// PerspectiveRequest is what Loam reads of comments:analyze.
type PerspectiveRequest struct {
	Comment struct {
		Text string `json:"text"`
		Type string `json:"type"`
	} `json:"comment"`
	Requested map[string]struct {
		ScoreType string  `json:"scoreType"`
		Threshold float64 `json:"scoreThreshold"`
	} `json:"requestedAttributes"`
	Languages   []string `json:"languages"`
	Spans       bool     `json:"spanAnnotations"`
	ClientToken string   `json:"clientToken"`
}

// PerspectiveAttributes are those Loam can judge. Others are refused, not answered with zero.
func PerspectiveAttributes() []string {
	var out []string
	for _, n := range table() {
		for _, a := range n.perspective {
			if !slices.Contains(out, a) {
				out = append(out, a)
			}
		}
	}
	slices.Sort(out)
	return out
}

// attribute is a name without the version it may carry.
func attribute(name string) string { name, _, _ = strings.Cut(name, "@"); return name }

// ReadPerspective reads a body.
func ReadPerspective(body []byte) (PerspectiveRequest, error) {
	var in PerspectiveRequest
	if err := json.Unmarshal(body, &in); err != nil {
		return in, badInput("the body is not a JSON object of comments:analyze")
	}
	switch {
	case strings.TrimSpace(in.Comment.Text) == "":
		return in, badInput("comment.text is empty")
	case len(in.Comment.Text) > MaxText:
		return in, loam.Fail(loam.TooLarge, "moderation.text", MaxText)
	case in.Comment.Type != "" && in.Comment.Type != "PLAIN_TEXT":
		return in, badInput("comment.type is not PLAIN_TEXT")
	case len(in.Requested) == 0:
		return in, badInput("requestedAttributes is empty")
	}
	for name, r := range in.Requested {
		if !slices.Contains(PerspectiveAttributes(), attribute(name)) {
			return in, loam.Fail(loam.Invalid, "moderation.attribute", name, strings.Join(PerspectiveAttributes(), ", "))
		}
		if r.ScoreType != "" && r.ScoreType != "PROBABILITY" {
			return in, badInput("scoreType is not PROBABILITY")
		}
	}
	for _, l := range in.Languages {
		if tag, _, _ := strings.Cut(l, "-"); tag != "zh" && tag != "en" {
			return in, badInput("languages: only zh and en are judged, not " + l)
		}
	}
	return in, nil
}

// Perspective is the answer of comments:analyze.
type Perspective struct {
	Scores      map[string]PerspectiveScores `json:"attributeScores"`
	Languages   []string                     `json:"languages"`
	Detected    []string                     `json:"detectedLanguages"`
	ClientToken string                       `json:"clientToken,omitempty"`
}

// PerspectiveScores is one attribute's.
type PerspectiveScores struct {
	Summary PerspectiveScore  `json:"summaryScore"`
	Spans   []PerspectiveSpan `json:"spanScores,omitempty"`
}

// PerspectiveScore is a probability.
type PerspectiveScore struct {
	Value float64 `json:"value"`
	Type  string  `json:"type"`
}

// PerspectiveSpan is half open, in code points.
type PerspectiveSpan struct {
	Begin int              `json:"begin"`
	End   int              `json:"end"`
	Score PerspectiveScore `json:"score"`
}

// NewPerspective answers for a Verdict on the request's comment. Scores are what the
// classifier holds likely of each risk, beside what detectors found.
func NewPerspective(in PerspectiveRequest, v loam.Verdict, scores map[loam.Risk]float64) Perspective {
	text := in.Comment.Text
	out := Perspective{Scores: map[string]PerspectiveScores{}, Languages: in.Languages, Detected: []string{language(text)}, ClientToken: in.ClientToken}
	if len(out.Languages) == 0 {
		out.Languages = out.Detected
	}
	for name, r := range in.Requested {
		at := pointer{text: text}
		s := PerspectiveScores{Summary: PerspectiveScore{Type: "PROBABILITY"}}
		for _, n := range table() {
			if !slices.Contains(n.perspective, attribute(name)) {
				continue
			}
			s.Summary.Value = max(s.Summary.Value, scores[n.risk])
			for _, f := range v.Findings {
				if f.Risk != n.risk {
					continue
				}
				s.Summary.Value = max(s.Summary.Value, f.Score)
				if in.Spans && f.End > f.Start {
					from, to := at.span(f.Start, f.End)
					s.Spans = append(s.Spans, PerspectiveSpan{from, to, PerspectiveScore{f.Score, "PROBABILITY"}})
				}
			}
		}
		if in.Spans && len(s.Spans) == 0 {
			s.Spans = []PerspectiveSpan{{0, utf8.RuneCountInString(text), s.Summary}}
		}
		if s.Summary.Value >= r.Threshold {
			out.Scores[name] = s
		}
	}
	return out
}

// language is zh for a text with any Han character, else en: the two that are judged.
func language(s string) string {
	for _, r := range s {
		if r >= 0x4E00 && r <= 0x9FFF {
			return "zh"
		}
	}
	return "en"
}

// PerspectiveError is an error as their clients read it.
type PerspectiveError struct {
	Error struct {
		Code    int    `json:"code"`
		Message string `json:"message"`
		Status  string `json:"status"`
	} `json:"error"`
}

// NewPerspectiveError wraps a sentence.
func NewPerspectiveError(status int, sentence string) PerspectiveError {
	var e PerspectiveError
	e.Error.Code, e.Error.Message, e.Error.Status = status, sentence, "INVALID_ARGUMENT"
	switch {
	case status == 401:
		e.Error.Status = "UNAUTHENTICATED"
	case status == 403:
		e.Error.Status = "PERMISSION_DENIED"
	case status == 429:
		e.Error.Status = "RESOURCE_EXHAUSTED"
	case status >= 500:
		e.Error.Status = "UNAVAILABLE"
	}
	return e
}
