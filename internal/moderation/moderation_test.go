package moderation

import (
	"encoding/base64"
	"encoding/json"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"loam"
)

// Every risk has its row, and every word of a row exists at the service.
func TestTable(t *testing.T) {
	t.Parallel()
	var risks []loam.Risk
	for _, n := range table() {
		risks = append(risks, n.risk)
		for _, c := range n.openai {
			if !slices.Contains(OpenAICategories(), c) {
				t.Errorf("%s: OpenAI has no category %q", n.risk, c)
			}
		}
	}
	if diff := cmp.Diff(loam.Risks(), risks); diff != "" {
		t.Errorf("(-risks +table):\n%s", diff)
	}
}

var fraud = loam.Verdict{
	Action: loam.Review,
	Findings: []loam.Finding{
		{Risk: loam.Fraud, Detector: "phrases", Start: 3, End: 9, Text: "发票", Score: 0.7},
		{Risk: loam.Abuse, Detector: "classifier", Score: 0.6},
		{Risk: loam.Privacy, Detector: "contacts", Score: 0.9},
	},
	Rules: []loam.RuleHit{{Rule: "r", Action: loam.Review, Reason: "fraud", Findings: []int{0}}, {Rule: "l", Action: loam.LimitReach, Reason: "privacy", Findings: []int{2}}},
}

func TestAnswers(t *testing.T) {
	t.Parallel()
	o := NewOpenAI("1", "m", []loam.Verdict{fraud}, []bool{true}).Results[0]
	if !o.Flagged || !o.Categories["illicit"] || o.Scores["illicit"] != 0.7 || o.Categories["harassment"] || o.Scores["harassment"] != 0.6 ||
		len(o.Categories) != 13 || len(o.Inputs["sexual"]) != 2 || len(o.Inputs["hate"]) != 1 {
		t.Errorf("OpenAI: %+v", o)
	}
	a := NewAliyun("1", "d", fraud).Data
	if a.RiskLevel != "medium" || len(a.Result) != 2 || a.Result[0].Label != "contraband_act" || a.Result[0].RiskWords != "发票" || a.Result[1].Label != aliyunCustom || a.Score != 90 {
		t.Errorf("Aliyun: %+v", a)
	}
	r := NewTencent("1", TencentRequest{}, "代发票", fraud).Response
	if r.Suggestion != "Review" || r.Label != "Illegal" || r.Score != 70 || len(r.DetailResults) != 2 || r.DetailResults[1].Suggestion != "Pass" ||
		r.DetailResults[0].HitInfos[0].Positions[0] != (TencentPlace{1, 3}) {
		t.Errorf("Tencent: %+v", r)
	}
	in, err := ReadPerspective([]byte(`{"comment":{"text":"代发票"},"requestedAttributes":{"INSULT":{},"TOXICITY@1":{"scoreThreshold":0.9},"THREAT":{}},"spanAnnotations":true}`))
	if err != nil {
		t.Fatal(err)
	}
	p := NewPerspective(in, fraud, map[loam.Risk]float64{loam.Abuse: 0.65, loam.Violence: 0.2})
	if p.Scores["INSULT"].Summary.Value != 0.65 || p.Scores["THREAT"].Summary.Value != 0.2 || len(p.Scores) != 2 || p.Languages[0] != "zh" ||
		p.Scores["INSULT"].Spans[0] != (PerspectiveSpan{0, 3, PerspectiveScore{0.65, "PROBABILITY"}}) {
		t.Errorf("Perspective: %+v", p)
	}
}

// Parts of one input are judged as one: the strongest action, and every rule keeps its findings.
func TestJoin(t *testing.T) {
	t.Parallel()
	both := Join(loam.Verdict{Action: loam.Block, Findings: []loam.Finding{{Risk: loam.Porn}}, Missing: []string{"b"}, Cost: 1}, fraud)
	if both.Action != loam.Block || len(both.Findings) != 4 || both.Rules[0].Findings[0] != 1 || both.Rules[1].Findings[0] != 3 || both.Cost != 1 {
		t.Errorf("%+v", both)
	}
	if fraud.Rules[0].Findings[0] != 0 {
		t.Error("the joined verdict was changed")
	}
}

// FuzzRead: whatever the body, it is read or refused as what the caller can mend.
func FuzzRead(f *testing.F) {
	for _, s := range []string{
		`{"input":"a"}`, `{"input":["a","b"]}`, `{"input":[{"type":"text","text":"a"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}]}`,
		`{"Content":"5Luj","Type":"TEXT"}`, `{"comment":{"text":"a"},"requestedAttributes":{"TOXICITY":{"scoreThreshold":0.5}}}`, `{"input":[null]}`, `[`, `{"input":[[]]}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		check := func(err error) bool {
			if err != nil && loam.KindOf(err) != loam.Invalid && loam.KindOf(err) != loam.TooLarge {
				t.Errorf("%q: %v", body, err)
			}
			return err == nil
		}
		items, joined, err := ReadOpenAI(body)
		if check(err) && len(items) == 0 && !joined {
			t.Errorf("%q: nothing to judge", body)
		}
		_, _, err = ReadTencent(body)
		check(err)
		in, err := ReadPerspective(body)
		if check(err) {
			_ = NewPerspective(in, loam.Verdict{}, nil)
		}
		_, _, err = ReadAliyun("comment_detection", string(body))
		check(err)
		_, item, err := ReadTencent([]byte(`{"Content":"` + base64.StdEncoding.EncodeToString(body) + `"}`))
		if check(err) && item.Text != string(body) {
			t.Errorf("%q became %q", body, item.Text)
		}
		quoted, _ := json.Marshal(string(body))
		if items, _, err := ReadOpenAI([]byte(`{"input":` + string(quoted) + `}`)); check(err) && len(items) != 1 {
			t.Errorf("%q: %d items", body, len(items))
		}
	})
}
