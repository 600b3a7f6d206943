package main

import (
	"fmt"
	"net/http"
	"testing"

	"loam"
	"loam/internal/web"
)

const modelBody = "雨点敲在玻璃上，杯子里的热气慢慢散开。"

// generated asks the model for a draft of a work and waits for it.
func (c *client) generated(work string) web.GenerationView {
	c.h.t.Helper()
	var g web.GenerationView
	c.must("POST", "/api/works/"+work+"/generations", nil, &g, "Idempotency-Key", loam.NewSecret())
	return c.ended(g.ID)
}

// TestPastedModelText: a model's words stay a model's when they come back as a new idea or
// as an answer, and clear nothing afterwards.
func TestPastedModelText(t *testing.T) {
	t.Parallel()
	h := newHouse(t, withModel(newEngine(t, wellBehaved)))
	ann := h.person("ann")
	ann.generated(ann.begin("周末去湖边的咖啡馆，人均35，靠窗").ID)

	s := ann.begin(modelBody)
	if s.TextAI != loam.IsAI || s.Share.Model == 0 {
		t.Errorf("as an idea: ai %s, share %+v", s.TextAI, s.Share)
	}
	ann.must("PUT", "/api/works/"+s.ID+"/draft", map[string]any{"revision": s.Revision, "title": "雨天", "body": "我在窗边。"}, &s)
	ann.must("PUT", "/api/works/"+s.ID+"/draft", map[string]any{"revision": s.Revision, "body": "我在窗边。" + modelBody}, &s)
	if s.TextAI != loam.IsAI {
		t.Errorf("an edit that repeats the idea: ai %s, %+v", s.TextAI, s.Draft.Body)
	}
	ann.must("PUT", "/api/works/"+s.ID+"/draft", map[string]any{"revision": s.Revision, "body": "我在窗边。"}, &s)
	v := ann.submit(s, nil)
	for _, a := range v.Content.Assets {
		if a.AI != loam.IsAI {
			t.Errorf("%s shows the idea's words: ai %s, pages %+v", a.Field, a.AI, v.Content.Pages)
		}
	}

	for name, edited := range map[string]bool{"an answer": false, "an answer to an edited body": true} {
		s = ann.begin("周末去湖边的咖啡馆，人均35，靠窗")
		if s.TextAI != loam.NotAI {
			t.Fatalf("her own idea: ai %s", s.TextAI)
		}
		if edited {
			ann.must("PUT", "/api/works/"+s.ID+"/draft", map[string]any{"revision": s.Revision, "body": "靠窗坐了一下午。"}, &s)
		}
		ann.must("POST", "/api/works/"+s.ID+"/arrange", map[string]any{
			"revision": s.Revision, "kind": s.Draft.Kind, "attempt": 0,
			"answers": []loam.Answer{{Slot: s.Proposals.Asks[0].Slot, Text: modelBody}},
		}, &s)
		if s.TextAI != loam.IsAI || s.Share.Model == 0 {
			t.Errorf("%s: ai %s, share %+v", name, s.TextAI, s.Share)
		}
		ann.must("PUT", "/api/works/"+s.ID+"/draft", map[string]any{"revision": s.Revision, "body": "靠窗。"}, &s)
		ann.must("PUT", "/api/works/"+s.ID+"/draft", map[string]any{"revision": s.Revision, "body": modelBody}, &s)
		if s.TextAI != loam.IsAI {
			t.Errorf("%s, brought back by an edit: ai %s", name, s.TextAI)
		}
	}
}

// TestEchoedIdea: what she wrote before a model repeated it is hers, in her idea, her
// answers and her edits.
func TestEchoedIdea(t *testing.T) {
	t.Parallel()
	const hers = "周末去湖边的咖啡馆，人均35，靠窗"
	h := newHouse(t, withModel(newEngine(t, func(w http.ResponseWriter, _ *http.Request) {
		chunk(w, "正文:\n"+hers+"，真是难忘的一个下午。\n")
		fmt.Fprint(w, "data: [DONE]\n\n")
	})))
	ann := h.person("ann")
	s := ann.begin(hers)
	ann.generated(s.ID)
	ann.must("PUT", "/api/works/"+s.ID+"/draft", map[string]any{"revision": s.Revision, "title": "湖边", "body": "好。"}, &s)
	ann.must("PUT", "/api/works/"+s.ID+"/draft", map[string]any{"revision": s.Revision, "body": hers + "，下次还来"}, &s)
	ann.must("POST", "/api/works/"+s.ID+"/arrange", map[string]any{
		"revision": s.Revision, "kind": s.Draft.Kind, "attempt": 1, "answers": []loam.Answer{{Slot: s.Proposals.Asks[0].Slot, Text: "周末去湖边的咖啡馆，等了十分钟"}},
	}, &s)
	if s.TextAI != loam.NotAI {
		t.Errorf("her own words: ai %s, %+v", s.TextAI, s.Draft.Body)
	}
}
