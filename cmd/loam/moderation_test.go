package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"loam"
	"loam/internal/web"
)

// program is a client with a key of an account of the role.
func (h *house) program(handle string, role loam.Role) *client {
	h.t.Helper()
	key := "loam_" + loam.NewSecret()
	if err := h.db.CreateKey(h.t.Context(), h.person(handle, role).account.ID, web.Digest(key), "test"); err != nil {
		h.t.Fatal(err)
	}
	c := h.visitor()
	c.key = key
	return c
}

// TestModerationClients asks through the services' own clients.
func TestModerationClients(t *testing.T) {
	t.Parallel()
	python, err := filepath.Abs("../../.cache/sdk/bin/python")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(python); err != nil {
		t.Skip("scripts/tools.sh has not installed the clients")
	}
	h := newHouse(t, nil)
	c := h.program("ops", loam.Operator)
	cmd := exec.CommandContext(t.Context(), python, "testdata/sdk/moderations.py", h.url, c.key)
	cmd.Env = append(os.Environ(), "NO_PROXY=*", "no_proxy=*", "HTTP_PROXY=", "HTTPS_PROXY=", "http_proxy=", "https_proxy=")
	var problems strings.Builder
	cmd.Stderr = &problems
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, problems.String())
	}
	var got map[string]map[string]any
	if err := json.Unmarshal(out, &got); err != nil {
		t.Fatal(err)
	}
	want := map[string]map[string]any{
		"openai": {
			"one": []any{true}, "many": []any{false, true}, "parts": []any{true}, "categories": 13.0, "model": true, "wrong key": 401.0, "far picture": "moderation.input",
		},
		"aliyun": {
			"code": 200.0, "level": "high", "data id": "d1", "words": "沃土測試违禁词", "label": "customized", "none": "none", "none label": "nonLabel",
			"wrong key": "InvalidAccessKeyId.NotFound",
		},
		"tencent": {
			"suggestion": "Block", "keywords": []any{"沃土測試违禁词"}, "place": []any{3.0, 10.0}, "data id": "d1", "none": []any{"Pass", "Normal"},
			"wrong key": "AuthFailure.SecretIdNotFound",
		},
		"perspective": {
			"attributes": []any{"INSULT@6", "TOXICITY"}, "languages": []any{"zh"}, "probability": true, "unknown": 400.0, "wrong key": 401.0,
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestModerationRefuses: what cannot be read is refused in the caller's own protocol, with what
// is wrong; nothing is fetched, nothing passes for judged.
func TestModerationRefuses(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	c := h.program("ops", loam.Operator)
	content := func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
	for name, a := range map[string]struct {
		path   string
		body   any
		header []string
		status int
		says   string
	}{
		"no input":            {"/v1/moderations", map[string]any{}, nil, 422, `"code":"moderation.input"`},
		"a number":            {"/v1/moderations", map[string]any{"input": 7}, nil, 422, `"code":"moderation.input"`},
		"mixed":               {"/v1/moderations", map[string]any{"input": []any{"a", 1}}, nil, 422, `"code":"moderation.input"`},
		"a list of nothing":   {"/v1/moderations", map[string]any{"input": []any{}}, nil, 422, `"code":"moderation.input"`},
		"a strange part":      {"/v1/moderations", map[string]any{"input": []any{map[string]string{"type": "audio"}}}, nil, 422, `audio`},
		"no base64":           {"/v1/moderations", map[string]any{"input": []any{map[string]any{"type": "image_url", "image_url": map[string]string{"url": "data:image/png;base64,!"}}}}, nil, 422, `base64`},
		"too many":            {"/v1/moderations", map[string]any{"input": make1001()}, nil, 413, `"code":"moderation.items"`},
		"no action":           {"/", map[string]any{}, nil, 404, `"Code":"InvalidAction.NotFound"`},
		"another action":      {"/", map[string]any{}, []string{"X-TC-Action", "ImageModeration"}, 200, `"Code":"InvalidAction"`},
		"no base64 content":   {"/", map[string]any{"Content": "!"}, []string{"X-TC-Action", "TextModeration"}, 200, `"Code":"InvalidParameter"`},
		"written by a model?": {"/", map[string]any{"Content": content("好"), "Type": "TEXT_AIGC"}, []string{"X-TC-Action", "TextModeration"}, 200, `"Code":"InvalidParameter"`},
		"too long":            {"/", map[string]any{"Content": content(strings.Repeat("长", 10_001))}, []string{"X-TC-Action", "TextModeration"}, 200, `ErrTextContentLen`},
		"no parameters":       {"/?Service=comment_detection_pro", map[string]any{}, []string{"x-acs-action", "TextModerationPlus"}, 400, `"Code":"InvalidParameter"`},
		"a picture service":   {"/?Service=baselineCheck_image&ServiceParameters=%7B%22content%22%3A%22a%22%7D", map[string]any{}, []string{"x-acs-action", "TextModerationPlus"}, 400, `"Code":"InvalidParameter"`},
		"empty comment":       {"/v1alpha1/comments:analyze", map[string]any{"comment": map[string]string{"text": " "}, "requestedAttributes": map[string]any{"TOXICITY": map[string]any{}}}, nil, 400, `"INVALID_ARGUMENT"`},
		"no attribute":        {"/v1alpha1/comments:analyze", map[string]any{"comment": map[string]string{"text": "好"}}, nil, 400, `"INVALID_ARGUMENT"`},
		"another language":    {"/v1alpha1/comments:analyze", map[string]any{"comment": map[string]string{"text": "bon"}, "languages": []string{"fr"}, "requestedAttributes": map[string]any{"TOXICITY": map[string]any{}}}, nil, 400, `fr`},
	} {
		got := c.do("POST", a.path, a.body, a.header...)
		if got.status != a.status || !strings.Contains(string(got.body), a.says) {
			t.Errorf("%s: got %d %s, want %d and %s", name, got.status, got.body, a.status, a.says)
		}
	}
	v := h.visitor()
	for path, says := range map[string]string{"/v1/moderations": `"authentication_error"`, "/v1alpha1/comments:analyze": `"UNAUTHENTICATED"`, "/": `"InvalidAccessKeyId.NotFound"`} {
		if got := v.do("POST", path, map[string]string{"input": "好"}); got.status != http.StatusUnauthorized || !strings.Contains(string(got.body), says) {
			t.Errorf("%s without a key: got %d %s", path, got.status, got.body)
		}
	}
	if got := v.do("POST", "/", map[string]string{}, "X-TC-Action", "TextModeration"); got.status != 200 || !strings.Contains(string(got.body), "AuthFailure") {
		t.Errorf("Tencent's without a key: got %d %s", got.status, got.body)
	}
	// A key in the address serves where another protocol puts it there, and nowhere else.
	if got := v.do("POST", "/api/screen?key="+c.key, map[string]string{"text": "好"}); got.status != http.StatusUnauthorized {
		t.Errorf("a key in the address: got %d", got.status)
	}
}

func make1001() []string { return strings.Split(strings.Repeat("a ", 1000)+"a", " ") }

// TestScreenBatch: a thousand texts in one request, each judged by itself, in order.
func TestScreenBatch(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	c := h.program("ops", loam.Operator)
	texts := make([]map[string]string, 1000)
	for i := range texts {
		texts[i] = map[string]string{"id": fmt.Sprint(i), "text": "周末去湖边"}
	}
	texts[500]["text"] = "沃土测试违禁词"
	var got []loam.Verdict
	c.must("POST", "/api/screen/batch", map[string]any{"texts": texts}, &got)
	if len(got) != 1000 {
		t.Fatalf("%d verdicts", len(got))
	}
	for i, v := range got {
		want := loam.Allow
		if i == 500 {
			want = loam.Block
		}
		if v.ID != fmt.Sprint(i) || v.Action != want {
			t.Errorf("%d: %s, %s", i, v.ID, v.Action)
		}
	}
}

// TestGuardModel: a configured guard model is asked about what is screened, at its cost; what
// it holds unsafe goes to people.
func TestGuardModel(t *testing.T) {
	t.Parallel()
	e := newEngine(t, func(w http.ResponseWriter, _ *http.Request) {
		chunk(w, "Safety: Unsafe\n")
		chunk(w, "Categories: Violent")
		fmt.Fprint(w, "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n")
	})
	h := newHouse(t, func(c *config) { c.GuardURL, c.GuardName, c.GuardCost = e.URL+"/v1", "Qwen3Guard-Gen-0.6B", 25 })
	c := h.program("ops", loam.Operator)
	var v loam.Verdict
	c.must("POST", "/api/screen", map[string]string{"text": "随便写一句"}, &v)
	if v.Action != loam.Review || len(v.Findings) != 1 || v.Findings[0].Version != "Qwen3Guard-Gen-0.6B" || v.Cost != 25 || e.calls.Load() != 1 {
		t.Errorf("%d calls, %+v", e.calls.Load(), v)
	}
	e.Close()
	c.must("POST", "/api/screen", map[string]string{"text": "随便写一句"}, &v)
	if v.Action != loam.Review || len(v.Missing) != 1 || v.Missing[0] != "guard" {
		t.Errorf("the guard is gone: %+v", v)
	}
	var all []web.DetectorView
	c.must("GET", "/api/operate/detectors", nil, &all)
	for _, d := range all {
		if d.Name == "guard" && (d.Looks != 2 || d.Failed != 1 || d.Cost != 25 || d.Health != "failing" || d.Trouble == "") {
			t.Errorf("the operator sees %+v", d)
		}
		if d.Name == "phrases" && (d.Looks != 2 || d.Health != "ok" || d.Version == "") {
			t.Errorf("the operator sees %+v", d)
		}
	}
	if len(all) < 8 {
		t.Errorf("only %d detectors", len(all))
	}
}

// TestScreenBounds: what is found in one request is bounded, and what a member asks for beyond
// her measure is refused before anything is done.
func TestScreenBounds(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	ops, member := h.program("ops", loam.Operator), h.program("ann", loam.Creator)
	texts := func(n int, text string) map[string]any {
		list := make([]map[string]string, n)
		for i := range list {
			list[i] = map[string]string{"text": text}
		}
		return map[string]any{"texts": list}
	}
	ops.refused(413, "moderation.findings", "POST", "/api/screen/batch", texts(30, strings.Repeat("加微信abc12345 ", 900)))
	member.refused(429, "request.too_often", "POST", "/api/screen/batch", texts(151, "好"))
	var got []loam.Verdict
	member.must("POST", "/api/screen/batch", texts(140, "好"), &got)
	if len(got) != 140 {
		t.Errorf("%d verdicts", len(got))
	}
	member.refused(429, "request.too_often", "POST", "/api/screen", map[string]string{"text": strings.Repeat("好", 300_000)})
	ops.must("POST", "/api/screen", map[string]string{"text": strings.Repeat("好", 300_000)}, nil)
}
