package main

import (
	"net/url"
	"os"
	"os/exec"
	"strings"
	"testing"

	"loam"
)

// TestAPI has schemathesis walk the OpenAPI file as everybody: whatever it sends, there is
// no server error and no answer the file does not describe.
func TestAPI(t *testing.T) {
	t.Parallel()
	tool := os.Getenv("LOAM_TEST_SCHEMATHESIS")
	if tool == "" {
		t.Skip("LOAM_TEST_SCHEMATHESIS names no schemathesis; make test installs one")
	}
	h := newHouse(t, withProducer)
	ann := h.person("ann")
	v := ann.publish("周末去湖边的咖啡馆，人均35，靠窗，拿铁好喝，停车难", nil)
	h.visitor().must("POST", "/api/works/"+v.Work+"/reports", map[string]string{"risk": "fraud"}, nil)
	examples := "12"
	if os.Getenv("LOAM_TEST_SOAK") != "" {
		examples = "200"
	}
	args := []string{
		"run", h.url + "/api/openapi.yaml", "--checks", "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,response_headers_conformance",
		"--phases", "examples,coverage,fuzzing", "--max-examples", examples, "--seed", "1", "--no-color", "--warnings", "off", "--suppress-health-check", "all",
		"--exclude-operation-id", "sign-out", "--output-truncate", "true", "--continue-on-failure",
	}
	walk := func(name string, header ...string) {
		cmd := exec.CommandContext(t.Context(), tool, append(append([]string{}, args...), header...)...)
		cmd.Dir = t.TempDir()
		cmd.Env = append(os.Environ(), "NO_PROXY=*", "no_proxy=*")
		out, err := cmd.CombinedOutput()
		if err != nil {
			text := string(out)
			t.Errorf("schemathesis as %s: %v\n%s", name, err, text[:min(len(text), 20_000)])
		}
	}
	walk("a visitor", "-H", "X-Forwarded-For: 10.99.0.1")
	for i, r := range loam.Roles() {
		p := h.person("api-"+string(r), r)
		p.begin("接口测试用的一篇，写了两行")
		cookie := ""
		home, err := url.Parse(h.url)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range p.http.Jar.Cookies(home) {
			cookie += c.Name + "=" + c.Value + "; "
		}
		walk(string(r), "-H", "X-Forwarded-For: 10.99.1."+strings.Repeat("1", i+1), "-H", "Cookie: "+strings.TrimSuffix(cookie, "; "))
	}
}
